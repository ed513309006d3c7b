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
            Event::Open(element) if element.name() == "Page" => {
                open = PageSoFar {
                    scan: scan(&element)?,
                    ..PageSoFar::default()
                }
            }
            Event::Open(element) => open.take(&element)?,
            Event::Text(text) => {
                if let Some((_, reading)) = open.reading.as_mut().filter(|_| open.is_unicode) {
                    reading.push_str(&text);
                }
            }
            Event::Close(tag) => match local(&tag) {
                "Page" => scans.push(std::mem::take(&mut open).ended()),
                name => open.close(name),
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

/// Whether elements of that name are groups of the reading order.
fn is_group(name: &str) -> bool {
    matches!(
        name.strip_suffix("Indexed").unwrap_or(name),
        "OrderedGroup" | "UnorderedGroup"
    )
}

impl PageSoFar {
    /// An element that begins.
    fn take(&mut self, element: &Element) -> Result<(), BrokenXml> {
        match element.name() {
            "RegionRef" | "RegionRefIndexed" => self.refer(element)?,
            "TextLine" => self.begin(element, NodeLevel::Line)?,
            "Word" => self.begin(element, NodeLevel::Word)?,
            "Glyph" => self.begin(element, NodeLevel::Letter)?,
            "Coords" => self.outline(&element.text("points")?),
            "Point" => self.outline(&format!("{},{}", element.text("x")?, element.text("y")?)),
            "TextEquiv" => {
                let index = integer(&element.text("index")?);
                self.reading = Some((index.unwrap_or(0), String::new()));
            }
            "Unicode" => self.is_unicode = true,
            name if is_group(name) => self.begin_group(element, name.starts_with("Ordered"))?,
            name if name.ends_with("Region") => self.begin(element, NodeLevel::Region)?,
            _ => {}
        }
        Ok(())
    }

    /// An element that ends.
    fn close(&mut self, name: &str) {
        match name {
            "Unicode" => self.is_unicode = false,
            "TextEquiv" => self.end_reading(),
            "TextLine" | "Word" | "Glyph" => self.end(),
            name if is_group(name) => self.end_group(),
            name if name.ends_with("Region") => self.end(),
            _ => {}
        }
    }

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
        let mut region = Region {
            id: id.unwrap_or_default().into_owned(),
            ..Region::default()
        };
        if level == NodeLevel::Region {
            let label = label.as_deref();
            let label = label.or_else(|| said(custom, "structure", "type"));
            region.label = self.label(element.name(), label.unwrap_or_default());
            let ids = self.regions_around().map(|region| region.id.clone());
            region.within = ids.collect();
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

    /// The regions that are open, the innermost first.
    fn regions_around(&self) -> impl Iterator<Item = &Region> {
        let nodes = self.nodes.iter().rev();
        nodes
            .filter(|node| node.level == NodeLevel::Region)
            .map(|node| &node.region)
    }

    /// What a region is, by the name of its element and what it says of itself, or by the regions around it.
    fn label(&self, name: &str, own: &str) -> String {
        let of_around = || {
            self.regions_around()
                .map(|region| region.label.clone())
                .find(|label| !label.is_empty())
        };
        match own {
            "" if name != "TextRegion" => name.to_string(),
            "" => of_around().unwrap_or_default(),
            // a cell of a table is a paragraph too
            "paragraph" => of_around()
                .filter(|label| is_known_label(label))
                .unwrap_or_else(|| own.to_string()),
            own => own.to_string(),
        }
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
        let said = node.text.take().map(|(_, text)| text);
        let said = said.filter(|text| !text.trim().is_empty());
        if node.level == NodeLevel::Region {
            self.end_region(node, said.as_deref());
            return;
        }
        let text = said.unwrap_or_else(|| {
            let gap = match node.level {
                NodeLevel::Line => Gap::Space,
                _ => Gap::None,
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

    /// Its own text counts only if its lines have none.
    fn end_region(&mut self, node: Node, said: Option<&str>) {
        let mut region = node.region;
        if region.lines.iter().all(|line| line.text.is_empty()) {
            let line = |text: &str| Line {
                text: text.to_string(),
                ..Line::default()
            };
            let lines = said.unwrap_or_default().lines();
            region.lines = lines.map(line).collect();
        }
        self.regions.push((node.at, node.place_in_order, region));
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
