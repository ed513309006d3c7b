//! A page as a recogniser scanned it: regions of lines in reading order, each with its place; and the document that is
//! made of it.

use super::{Document, Item, Items, Refused};
use crate::layout::{self, Arranged, Region, Role, Trust};
use crate::page::Kind;
use crate::page::hints::{LAYOUT, REGIONS};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Scan {
    /// What the format says of the page: its image, its number, its size.
    pub about: Map<String, Value>,
    /// In reading order.
    pub regions: Vec<Region>,
    /// How far that order is to be believed.
    pub trust: Trust,
}

/// The documents of a file's pages, and what was refused.
pub(super) fn items(name: String, scans: Vec<Scan>, refused: Option<Refused>) -> Items {
    let is_alone = scans.len() == 1 && refused.is_none();
    let documents = (1..).zip(scans).map(move |(number, scan): (usize, Scan)| {
        let id = if is_alone {
            name.clone()
        } else {
            format!("{name}#page-{number}")
        };
        let (text, metadata) = scan.written();
        Item::Document(Box::new(Document::converted(
            id,
            text,
            name.clone(),
            metadata,
        )))
    });
    Box::new(documents.chain(refused.map(Item::Refused)))
}

impl Scan {
    /// Its text, and what else is known of it.
    fn written(self) -> (String, Map<String, Value>) {
        let Arranged { regions, strays } = layout::arrange(self.regions, self.trust);
        let body = layout::usual_thickness(&regions);
        let mut text = RegionText {
            length: layout::usual_length(&regions),
            ..RegionText::default()
        };
        for mut region in regions.into_iter().filter(|region| !region.is_blank()) {
            match Role::of(&region.label) {
                Role::Text(kind) => {
                    let large = || region.is_set_large(body).then_some(Kind::Headline);
                    let kind = kind.or_else(large);
                    text.add(&mut region, kind);
                }
                Role::Initial => {
                    let lines = region.lines.iter();
                    text.initial.extend(lines.map(|line| line.text.trim()));
                }
                Role::Running => {
                    let lines = layout::paragraphs(&region, Some(Kind::Headline), 0.0);
                    text.running.push(json!(lines.join(" ")));
                }
            }
        }
        text.end();
        let mut about = self.about;
        let is_known = text.layout.iter().any(|kind| !kind.is_null());
        let strays = strays.into_iter().map(Value::from).collect();
        let lists = [
            ("running", text.running, true),
            ("strays", strays, true),
            (REGIONS, text.regions, true),
            (LAYOUT, text.layout, is_known),
        ];
        for (key, list, is_kept) in lists {
            if is_kept && !list.is_empty() {
                about.insert(key.into(), list.into());
            }
        }
        (text.text, about)
    }

    /// Puts the regions in the order in which they, what they lie in, or their lines are named; the rest follow.
    pub(super) fn put_in_order(&mut self, names: &[String]) {
        if !names.is_empty() {
            self.trust = Trust::Given;
        }
        let ranks: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .rev()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        let rank = |region: &Region| {
            let rank = |name: &String| ranks.get(name.as_str()).copied();
            let of_lines = || region.lines.iter().filter_map(|line| rank(&line.id)).min();
            rank(&region.id)
                .or_else(|| region.within.iter().find_map(rank))
                .or_else(of_lines)
                .unwrap_or(usize::MAX)
        };
        self.regions.sort_by_cached_key(rank);
    }
}

/// The text of a page as its regions are put one after another, and what is said of it.
#[derive(Default)]
struct RegionText {
    text: String,
    /// The kind of each line.
    layout: Vec<Value>,
    /// Where the lines of each region were.
    regions: Vec<Value>,
    /// Running heads and feet.
    running: Vec<Value>,
    /// An initial that waits for the text that it begins.
    initial: String,
    /// How long lines of the page are.
    length: f64,
}

impl RegionText {
    fn add(&mut self, region: &mut Region, kind: Option<Kind>) {
        if let Some(first) = region.lines.first_mut() {
            first.put_before(&std::mem::take(&mut self.initial));
        }
        let blocks = layout::paragraphs(region, kind, self.length);
        let lines: usize = blocks.iter().map(|block| block.lines().count()).sum();
        blocks.iter().for_each(|block| self.push(block));
        self.layout.extend(std::iter::repeat_n(json!(kind), lines));
        self.regions.push(about_region(region, lines));
    }

    /// An initial that no text follows stands by itself.
    fn end(&mut self) {
        let initial = std::mem::take(&mut self.initial);
        if !initial.is_empty() {
            self.push(&initial);
            self.layout.push(Value::Null);
        }
    }

    fn push(&mut self, block: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(block);
    }
}

/// What metadata says of a region, and how many lines of the text it has, if not one.
fn about_region(region: &Region, lines: usize) -> Value {
    let mut about = Map::new();
    let named = [("id", &region.id), ("type", &region.label)];
    about.extend(
        named
            .into_iter()
            .filter(|(_, name)| !name.is_empty())
            .map(|(key, name)| (key.into(), json!(name))),
    );
    about.extend(
        region
            .place
            .map(|place| ("bbox".into(), json!(place.map(number)))),
    );
    about.extend((lines > 1).then(|| ("lines".into(), json!(lines))));
    Value::Object(about)
}

/// A number as short as it can be written.
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        json!(number as i64)
    } else {
        json!(number)
    }
}
