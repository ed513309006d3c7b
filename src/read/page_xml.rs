//! PAGE XML: what Transkribus, OCR-D and Aletheia write. Regions in their reading order, lines with their text.

use super::scan::Scan;
use super::xml::{BrokenXml, Element, Event, Xml, local, read_pages, root};
use super::{Format, Options};
use crate::layout::{Gap, Line, Region, Trust, is_known_label, widened};
use serde_json::{Map, json};

pub(super) const FORMAT: Format = Format {
    name: "page",
    about: "PAGE XML: a page a document, its regions in their reading order",
    loses: Some(
        "regions without text, outlines (boxes stay), styles, confidences, readings but the first",
    ),
    endings: &["xml"],
    tools: &[],
    begins: |head| root(head).is_some_and(|root| root == "PcGts"),
    read: |input, options: &Options| read_pages(input, options, pages),
};

/// What can have text: a region, a line, a word, a letter.
#[derive(Default)]
struct Node {
    level: NodeLevel,
    region: Region,
    /// Its number among the regions of the page, in the order of the file.
    at: usize,
    /// Its place in the reading order, as Transkribus has it.
    place_in_order: Option<i64>,
    /// Its whole text, and the index of that text; the lowest index counts.
    text: Option<(i64, String)>,
    words: Vec<String>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum NodeLevel {
    #[default]
    Region,
    Line,
    Word,
    Letter,
}

/// A group of the reading order that is open: its number in the group around it, and what it holds, by number.
struct Group {
    number: i64,
    is_ordered: bool,
    named: Vec<(i64, Vec<String>)>,
}

#[derive(Default)]
struct PageSoFar {
    scan: Scan,
    nodes: Vec<Node>,
    count: usize,
    /// Regions by their number, and by their place in the order that Transkribus gives.
    regions: Vec<(usize, Option<i64>, Region)>,
    groups: Vec<Group>,
    order: Vec<String>,
    /// The index of the text that is open, and the text.
    reading: Option<(i64, String)>,
    is_unicode: bool,
}

fn pages(xml: &mut Xml, scans: &mut Vec<Scan>) -> Result<(), BrokenXml> {
    let mut open = PageSoFar::default();
    loop {
        match xml.next()? {
            Event::Open(element) => match element.name() {
                "Page" => {
                    open = PageSoFar {
                        scan: scan(&element)?,
                        ..PageSoFar::default()
                    }
                }
                name @ ("OrderedGroup"
                | "OrderedGroupIndexed"
                | "UnorderedGroup"
                | "UnorderedGroupIndexed") => {
                    open.begin_group(&element, name.starts_with("Ordered"))?;
                }
                "RegionRef" | "RegionRefIndexed" => open.refer(&element)?,
                "TextLine" => open.begin(&element, NodeLevel::Line)?,
                "Word" => open.begin(&element, NodeLevel::Word)?,
                "Glyph" => open.begin(&element, NodeLevel::Letter)?,
                "Coords" => open.outline(&element.text("points")?),
                "Point" => open.outline(&format!("{},{}", element.text("x")?, element.text("y")?)),
                "TextEquiv" => {
                    open.reading =
                        Some((integer(&element.text("index")?).unwrap_or(0), String::new()))
                }
                "Unicode" => open.is_unicode = true,
                name if name.ends_with("Region") => open.begin(&element, NodeLevel::Region)?,
                _ => {}
            },
            Event::Text(text) => {
                if let Some((_, reading)) = open.reading.as_mut().filter(|_| open.is_unicode) {
                    reading.push_str(&text);
                }
            }
            Event::Close(tag) => match local(&tag) {
                "Unicode" => open.is_unicode = false,
                "TextEquiv" => open.end_reading(),
                "OrderedGroup"
                | "OrderedGroupIndexed"
                | "UnorderedGroup"
                | "UnorderedGroupIndexed" => open.end_group(),
                "Page" => scans.push(std::mem::take(&mut open).ended()),
                "TextLine" | "Word" | "Glyph" => open.end(),
                name if name.ends_with("Region") => open.end(),
                _ => {}
            },
            Event::End => return Ok(()),
        }
    }
}

fn scan(element: &Element) -> Result<Scan, BrokenXml> {
    let [image, width, height] = element.get(["imageFilename", "imageWidth", "imageHeight"])?;
    let mut about = Map::new();
    about.extend(
        image
            .filter(|image| !image.is_empty())
            .map(|image| ("image".to_string(), json!(image))),
    );
    let size = [width, height].map(|side| side.and_then(|side| integer(&side)));
    if let [Some(width), Some(height)] = size {
        about.insert("size".into(), json!([width, height]));
    }
    Ok(Scan {
        about,
        ..Scan::default()
    })
}

fn integer(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

impl PageSoFar {
    fn begin_group(&mut self, element: &Element, is_ordered: bool) -> Result<(), BrokenXml> {
        let [index, region] = element.get(["index", "regionRef"])?;
        let named = region
            .map(|region| (i64::MIN, vec![region.into_owned()]))
            .into_iter()
            .collect();
        self.groups.push(Group {
            number: index.and_then(|n| integer(&n)).unwrap_or(0),
            is_ordered,
            named,
        });
        Ok(())
    }

    fn refer(&mut self, element: &Element) -> Result<(), BrokenXml> {
        let [index, region] = element.get(["index", "regionRef"])?;
        if let (Some(group), Some(region)) = (self.groups.last_mut(), region) {
            group.named.push((
                index.and_then(|n| integer(&n)).unwrap_or(0),
                vec![region.into_owned()],
            ));
        }
        Ok(())
    }

    fn end_group(&mut self) {
        let Some(mut group) = self.groups.pop() else {
            return;
        };
        if group.is_ordered {
            group.named.sort_by_key(|(number, _)| *number);
        }
        let names = group.named.into_iter().flat_map(|(_, names)| names);
        match self.groups.last_mut() {
            Some(around) => around.named.push((group.number, names.collect())),
            None => self.order.extend(names),
        }
    }

    fn begin(&mut self, element: &Element, level: NodeLevel) -> Result<(), BrokenXml> {
        let [id, label, custom] = element.get(["id", "type", "custom"])?;
        let custom = custom.as_deref().unwrap_or_default();
        let around = || {
            self.nodes
                .iter()
                .rev()
                .filter(|node| node.level == NodeLevel::Region)
        };
        let mut region = Region {
            id: id.unwrap_or_default().into_owned(),
            ..Region::default()
        };
        if level == NodeLevel::Region {
            let label = label
                .as_deref()
                .or_else(|| said(custom, "structure", "type"))
                .unwrap_or_default();
            let name = Some(element.name()).filter(|name| *name != "TextRegion");
            let of_around = || {
                around()
                    .map(|node| node.region.label.clone())
                    .find(|label| !label.is_empty())
            };
            region.label = match label {
                "" => name
                    .map(str::to_string)
                    .or_else(of_around)
                    .unwrap_or_default(),
                // a cell of a table is a paragraph too
                "paragraph" => of_around()
                    .filter(|label| is_known_label(label))
                    .unwrap_or_else(|| label.to_string()),
                label => label.to_string(),
            };
            region.within = around().map(|node| node.region.id.clone()).collect();
        }
        let place_in_order = said(custom, "readingOrder", "index").and_then(integer);
        self.count += 1;
        self.nodes.push(Node {
            level,
            region,
            at: self.count,
            place_in_order,
            ..Node::default()
        });
        Ok(())
    }

    /// Widens the box of the open node to hold points: "x,y x,y".
    fn outline(&mut self, points: &str) {
        let Some(place) = self.nodes.last_mut().map(|node| &mut node.region.place) else {
            return;
        };
        for (x, y) in points
            .split_whitespace()
            .filter_map(|point| point.split_once(','))
        {
            let (Ok(x), Ok(y)) = (x.parse::<f64>(), y.parse::<f64>()) else {
                continue;
            };
            if x.is_finite() && y.is_finite() {
                *place = Some(place.map_or([x, y, 0.0, 0.0], |place| widened(place, x, y)));
            }
        }
    }

    /// Keeps the text that was read unless one of a lower index was kept.
    fn end_reading(&mut self) {
        let Some((index, text)) = self.reading.take() else {
            return;
        };
        if let Some(node) = self.nodes.last_mut()
            && node.text.as_ref().is_none_or(|(lowest, _)| index < *lowest)
        {
            node.text = Some((index, text));
        }
    }

    fn end(&mut self) {
        let Some(mut node) = self.nodes.pop() else {
            return;
        };
        let said = node
            .text
            .take()
            .map(|(_, text)| text)
            .filter(|text| !text.trim().is_empty());
        if node.level == NodeLevel::Region {
            if node.region.lines.iter().all(|line| line.text.is_empty()) {
                let line = |text: &str| Line {
                    text: text.to_string(),
                    ..Line::default()
                };
                node.region.lines = said
                    .iter()
                    .flat_map(|text| text.lines())
                    .map(line)
                    .collect();
            }
            self.regions
                .push((node.at, node.place_in_order, node.region));
            return;
        }
        let text = said.unwrap_or_else(|| {
            let gap = if node.level == NodeLevel::Line {
                Gap::Space
            } else {
                Gap::None
            };
            Line::of_words(node.words.iter().map(|word| (word.as_str(), gap, None))).text
        });
        let Some(around) = self.nodes.last_mut() else {
            return;
        };
        match node.level {
            NodeLevel::Line => {
                // a line break inside a line does not count
                let text = text.trim().replace(['\n', '\r'], " ");
                let Region { id, place, .. } = node.region;
                around.region.lines.push(Line {
                    id,
                    text,
                    place,
                    ..Line::default()
                });
            }
            _ => around.words.push(text),
        }
    }

    fn ended(mut self) -> Scan {
        self.regions.sort_by_key(|(at, ..)| *at);
        if self.order.is_empty() && self.regions.iter().any(|(_, place, _)| place.is_some()) {
            self.regions
                .sort_by_key(|(_, place, _)| place.unwrap_or(i64::MAX));
            self.scan.trust = Trust::Given;
        }
        self.scan.regions = self
            .regions
            .into_iter()
            .map(|(.., region)| region)
            .collect();
        self.scan.put_in_order(&self.order);
        self.scan
    }
}

/// What Transkribus says in `custom`: `readingOrder {index:2;} structure {type:heading;}`.
fn said<'c>(custom: &'c str, group: &str, field: &str) -> Option<&'c str> {
    let inside = custom
        .split_once(group)?
        .1
        .trim_start()
        .strip_prefix('{')?
        .split('}')
        .next()?;
    inside.split(';').find_map(|pair| {
        Some(
            pair.trim()
                .strip_prefix(field)?
                .trim_start()
                .strip_prefix(':')?
                .trim(),
        )
    })
}
