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
        let Arranged {
            regions: arranged,
            strays,
        } = layout::arrange(self.regions, self.trust);
        let body = layout::usual_thickness(&arranged);
        let mut text = String::new();
        let (mut layout, mut regions, mut running) = (Vec::new(), Vec::new(), Vec::new());
        let mut initial = String::new();
        for mut region in arranged.into_iter().filter(|region| !region.is_blank()) {
            let kind = match Role::of(&region.label) {
                Role::Text(kind) => {
                    kind.or_else(|| region.is_set_large(body).then_some(Kind::Headline))
                }
                Role::Initial => {
                    region
                        .lines
                        .iter()
                        .for_each(|line| initial.push_str(line.text.trim()));
                    continue;
                }
                Role::Running => {
                    running.push(json!(
                        layout::paragraphs(&region, Some(Kind::Headline)).join(" ")
                    ));
                    continue;
                }
            };
            if let Some(first) = region.lines.first_mut() {
                first.put_before(&std::mem::take(&mut initial));
            }
            let blocks = layout::paragraphs(&region, kind);
            let lines = blocks
                .iter()
                .map(|block| block.lines().count())
                .sum::<usize>();
            for block in &blocks {
                text.push_str(if text.is_empty() { "" } else { "\n\n" });
                text.push_str(block);
            }
            layout.extend(std::iter::repeat_n(json!(kind), lines));
            regions.push(about_region(&region, lines));
        }
        if !initial.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "\n\n" });
            text.push_str(&initial);
            layout.push(Value::Null);
        }
        let mut about = self.about;
        let is_known = layout.iter().any(|kind| !kind.is_null());
        let lists = [
            ("running", running, true),
            (
                "strays",
                strays.into_iter().map(Value::from).collect(),
                true,
            ),
            (REGIONS, regions, true),
            (LAYOUT, layout, is_known),
        ];
        for (key, list, is_kept) in lists {
            if is_kept && !list.is_empty() {
                about.insert(key.into(), list.into());
            }
        }
        (text, about)
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
