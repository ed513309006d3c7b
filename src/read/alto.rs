//! ALTO, versions 1 to 4: what libraries deliver of newspapers and books. A page is a document, a text block a paragraph.

use super::scan::{Scan, number};
use super::xml::{BrokenXml, Element, Event, Xml, local, read_pages, root};
use super::{Format, Options};
use crate::layout::{Gap, Line, Rect, Region, Spacing, Trust, is_known_label};
use crate::text::latin::is_hyphen;
use serde_json::{Map, json};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub(super) const FORMAT: Format = Format {
    name: "alto",
    about: "ALTO XML, versions 1 to 4: a page a document, its blocks in their reading order",
    loses: Some(
        "pictures and their places, styles, the places of lines and words, confidences, alternatives",
    ),
    endings: &["xml", "alto"],
    tools: &[],
    begins: |head| root(head).is_some_and(|root| root == "alto"),
    read: |input, options: &Options| read_pages(input, options, pages),
};

/// What a file says before its pages.
#[derive(Default)]
struct Preface {
    /// Labels of tags by their ids.
    tags: HashMap<String, String>,
    /// What the reading order names.
    order: Vec<String>,
    image: String,
    unit: String,
    /// Tesseract writes blocks down as it comes upon them.
    is_tesseract: bool,
}

/// What is open on the page that is being read.
#[derive(Default)]
struct OpenPage {
    scan: Scan,
    /// Blocks that hold others, and margins: id and label.
    around: Vec<(String, String)>,
    region: Region,
    line: Line,
    words: Vec<AltoWord>,
    /// Whether there was a space since the last word, and whether there was one on the line.
    spaced: bool,
    any_space: bool,
    /// Which block follows which.
    next: HashMap<String, String>,
}

struct AltoWord {
    text: String,
    spaced: bool,
    place: Option<Rect>,
    part: Option<WordPart>,
}

/// Which part this is of a word divided over two lines; the first comes with the whole word.
enum WordPart {
    First(String),
    Second,
}

fn pages(xml: &mut Xml, scans: &mut Vec<Scan>) -> Result<(), BrokenXml> {
    let mut alto = Alto::default();
    loop {
        match xml.next()? {
            Event::Open(element) => alto.begin(&element)?,
            Event::Text(text) => match alto.field {
                Some(Field::Image) => alto.preface.image.push_str(text.trim()),
                Some(Field::Unit) => alto.preface.unit.push_str(text.trim()),
                Some(Field::Software) => {
                    let name = text.to_lowercase();
                    alto.preface.is_tesseract |= name.contains("tesseract");
                }
                None => {}
            },
            Event::Close(tag) => scans.extend(alto.end(local(&tag))),
            Event::End => return Ok(()),
        }
    }
}

/// What has been read of a file.
#[derive(Default)]
struct Alto {
    preface: Preface,
    /// The field of the preface whose text comes next.
    field: Option<Field>,
    page: OpenPage,
}

#[derive(Clone, Copy)]
enum Field {
    Image,
    Unit,
    Software,
}

impl Alto {
    fn begin(&mut self, element: &Element) -> Result<(), BrokenXml> {
        let Alto {
            preface,
            field,
            page,
        } = self;
        match element.name() {
            "fileName" => *field = Some(Field::Image),
            "MeasurementUnit" => *field = Some(Field::Unit),
            "softwareName" => *field = Some(Field::Software),
            "LayoutTag" | "StructureTag" | "RoleTag" | "OtherTag" => preface.take_tag(element)?,
            "ElementRef" => {
                let named = element.text("REF")?;
                let names = named.split_whitespace().map(str::to_string);
                preface.order.extend(names);
            }
            "Page" => {
                *page = OpenPage {
                    scan: preface.scan(element)?,
                    ..OpenPage::default()
                }
            }
            name @ ("TopMargin" | "BottomMargin") => {
                page.around.push((String::new(), name.to_string()))
            }
            "LeftMargin" | "RightMargin" => page.around.push((String::new(), "margin".into())),
            "ComposedBlock" => page
                .around
                .push((element.text("ID")?, preface.label(element)?)),
            "TextBlock" => page.begin_block(element, preface.label(element)?)?,
            "TextLine" => {
                page.line = Line {
                    id: element.text("ID")?,
                    place: place(element)?,
                    ..Line::default()
                }
            }
            "String" => page.take_word(element)?,
            "SP" => (page.spaced, page.any_space) = (true, true),
            "HYP" => page.take_hyphen(&element.text("CONTENT")?),
            _ => {}
        }
        Ok(())
    }

    /// Ends an element; gives the page that ends with it.
    fn end(&mut self, name: &str) -> Option<Scan> {
        let page = &mut self.page;
        match name {
            "fileName" | "MeasurementUnit" | "softwareName" => self.field = None,
            "TopMargin" | "BottomMargin" | "LeftMargin" | "RightMargin" | "ComposedBlock" => {
                drop(page.around.pop())
            }
            "TextLine" => page.end_line(),
            "TextBlock" => page.scan.regions.push(std::mem::take(&mut page.region)),
            "Page" => {
                let mut page = std::mem::take(page);
                let chained = page.chained();
                let order = match self.preface.order.as_slice() {
                    [] => &chained,
                    named => named,
                };
                page.scan.put_in_order(order);
                return Some(page.scan);
            }
            _ => {}
        }
        None
    }
}

impl Preface {
    fn take_tag(&mut self, element: &Element) -> Result<(), BrokenXml> {
        let [id, label, own] = element.get(["ID", "LABEL", "TYPE"])?;
        // LABEL is free text, and some files have there what belongs to TYPE
        let names = || label.iter().chain(&own);
        let name = names()
            .find(|name| is_known_label(name))
            .or_else(|| names().next());
        let name = name.map(|name| name.to_string()).unwrap_or_default();
        id.map(|id| self.tags.insert(id.into_owned(), name));
        Ok(())
    }

    /// What a block is called: by a tag of its own, else by its type.
    fn label(&self, element: &Element) -> Result<String, BrokenXml> {
        let [tags, own] = element.get(["TAGREFS", "TYPE"])?;
        let mut labels = tags
            .iter()
            .flat_map(|tags| tags.split_whitespace())
            .filter_map(|tag| self.tags.get(tag));
        let label = labels
            .clone()
            .find(|label| is_known_label(label))
            .or_else(|| labels.next())
            .cloned();
        Ok(label
            .or(own.map(|own| own.into_owned()))
            .unwrap_or_default())
    }

    fn scan(&self, element: &Element) -> Result<Scan, BrokenXml> {
        let [width, height, printed, physical] =
            element.get(["WIDTH", "HEIGHT", "PRINTED_IMG_NR", "PHYSICAL_IMG_NR"])?;
        let mut about = Map::new();
        let named = [
            ("image", Some(self.image.as_str())),
            ("page_number", printed.as_deref()),
            ("image_number", physical.as_deref()),
        ];
        for (key, value) in named {
            let value = value.filter(|value| !value.is_empty());
            about.extend(value.map(|value| (key.to_string(), json!(value))));
        }
        let side = |side: Option<Cow<str>>| side?.trim().parse::<f64>().ok();
        if let [Some(width), Some(height)] = [width, height].map(side) {
            about.insert("size".into(), json!([number(width), number(height)]));
        }
        if !matches!(self.unit.as_str(), "" | "pixel") {
            about.insert("unit".into(), json!(self.unit));
        }
        let trust = match self.is_tesseract {
            true => Trust::Found,
            false => Trust::Blocks,
        };
        Ok(Scan {
            about,
            trust,
            ..Scan::default()
        })
    }
}

impl OpenPage {
    fn begin_block(&mut self, element: &Element, own: String) -> Result<(), BrokenXml> {
        let names = element.get(["ID", "IDNEXT"])?;
        let [id, next] = names.map(|name| name.unwrap_or_default().into_owned());
        if !next.is_empty() {
            self.next.insert(id.clone(), next);
        }
        let around = || self.around.iter().rev();
        let mut labels = around().map(|(_, label)| label);
        let label = match is_known_label(&own) {
            true => own,
            false => labels.find(|l| is_known_label(l)).cloned().unwrap_or(own),
        };
        let ids = around().map(|(id, _)| id.clone());
        self.region = Region {
            id,
            within: ids.filter(|id| !id.is_empty()).collect(),
            label,
            place: place(element)?,
            lines: Vec::new(),
            ..Region::default()
        };
        Ok(())
    }

    fn take_word(&mut self, element: &Element) -> Result<(), BrokenXml> {
        let [text, part, whole] = element.get(["CONTENT", "SUBS_TYPE", "SUBS_CONTENT"])?;
        let text = text.unwrap_or_default().into_owned();
        let whole = whole.filter(|whole| !whole.is_empty());
        let part = match (part.as_deref(), whole) {
            (Some("HypPart1"), Some(whole)) => Some(WordPart::First(whole.into_owned())),
            (Some("HypPart2"), Some(_)) => Some(WordPart::Second),
            _ => None,
        };
        self.words.push(AltoWord {
            text,
            spaced: std::mem::take(&mut self.spaced),
            place: place(element)?,
            part,
        });
        Ok(())
    }

    fn take_hyphen(&mut self, mark: &str) {
        if let Some(word) = self
            .words
            .last_mut()
            .filter(|word| !word.text.ends_with(is_hyphen))
        {
            word.text.push_str(if mark.is_empty() { "-" } else { mark });
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        let any_space = std::mem::take(&mut self.any_space);
        self.spaced = false;
        let count = self.words.len();
        let words = self.words.iter();
        let spacing = Spacing::of(words.map(|word| (word.text.as_str(), word.place)));
        let mut last_is_single = false;
        let mut last_place = None;
        for (at, word) in self.words.drain(..).enumerate() {
            // some files have no spaces: then there is one between words, and none between single letters
            let is_single = word.text.chars().nth(1).is_none();
            let spaced = word.spaced || !(any_space || is_single && last_is_single);
            let gap = Gap::between(last_place, word.place, line.place, spaced);
            line.add(&word.text, gap, word.place, &spacing);
            (last_is_single, last_place) = (is_single, word.place);
            match word.part {
                Some(WordPart::First(whole)) if at + 1 == count => {
                    let start = line.text.len() - word.text.len();
                    line.broken = Some((start, with_marks_before(&word.text, whole)));
                }
                Some(WordPart::Second) if at == 0 => {
                    // a mark after the word is not always part of it
                    let whole = word.text.trim_end_matches(|c: char| !c.is_alphanumeric());
                    line.rest = whole.len();
                }
                _ => {}
            }
        }
        self.region.lines.push(line);
    }

    /// The blocks in the order in which each names the next; empty if none does.
    fn chained(&self) -> Vec<String> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        let followers: HashSet<&String> = self.next.values().collect();
        let ids = self.scan.regions.iter().map(|region| &region.id);
        for first in ids.filter(|id| !self.next.is_empty() && !followers.contains(id)) {
            let chain = std::iter::successors(Some(first), |id| self.next.get(*id));
            order.extend(chain.take_while(|id| seen.insert(*id)).cloned());
        }
        order
    }
}

/// The whole word with the marks before its first part. The marks after its last part stay with that part.
fn with_marks_before(part: &str, whole: String) -> String {
    let is_mark = |c: char| !c.is_alphanumeric();
    let marks = &part[..part.len() - part.trim_start_matches(is_mark).len()];
    format!("{marks}{}", whole.trim_matches(is_mark))
}

fn place(element: &Element) -> Result<Option<Rect>, BrokenXml> {
    let places = element.get(["HPOS", "VPOS", "WIDTH", "HEIGHT"])?;
    let places = places.map(|place| {
        place
            .and_then(|place| place.trim().parse::<f64>().ok())
            .filter(|n| n.is_finite())
    });
    Ok(match places {
        [Some(left), Some(top), Some(width), Some(height)] => Some([left, top, width, height]),
        _ => None,
    })
}
