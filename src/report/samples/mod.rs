//! What a report shows of a run: examples of what each rule did, pages before and after, members of the largest clusters.
//!
//! What is shown is chosen by hashes: of all that there is of a kind, the few with the smallest. So it depends neither on
//! the order in which documents come nor on how many threads there are, and no more is held than is shown.

mod clusters;
mod examples;
mod pages;
mod sources;

pub(crate) use clusters::Clusters;
pub(crate) use examples::{Example, ExampleKind};
pub(crate) use pages::Shown;
pub(crate) use sources::{Share, Sources};

use crate::page::Page;
use crate::page::edit::Evidence;
use crate::repeats::Verdict;
use crate::write::record::Changed;
use clusters::Member;
use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Examples of what a rule did with one grade; and of what it only saw, which is for a person to judge.
const MOST_EXAMPLES: usize = 6;
const MOST_REMARKS: usize = 8;
/// Pages for each rule.
const MOST_PAGES: usize = 3;
/// Bytes of examples, of pages and of texts of clusters that a report takes up, as they stand in report.html.
const MOST_BYTES: usize = 1_200_000;

/// What a report shows of a run.
#[derive(Debug, Default)]
pub struct Samples {
    examples: BTreeMap<ExampleKind, Few<Example>>,
    /// By rule.
    pages: BTreeMap<String, Few<Arc<Shown>>>,
    /// By cluster.
    members: BTreeMap<String, Few<Member>>,
}

/// What one document offers to be shown.
#[derive(Debug, Default)]
pub struct Offer {
    examples: Vec<(ExampleKind, u64, Example)>,
    pages: Vec<(String, u64, Arc<Shown>)>,
    member: Option<(String, u64, Member)>,
}

impl Offer {
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty() && self.pages.is_empty() && self.member.is_none()
    }
}

impl Samples {
    /// What of a document would be shown if it were the last.
    pub fn offer(
        &self,
        page: &Page,
        records: &[Changed],
        verdict: &Verdict,
        clusters: &Clusters,
        kept: bool,
    ) -> Offer {
        let document = xxh3_64_with_seed(page.id.as_bytes(), xxh3_64(page.text().as_bytes()));
        let member = verdict.duplicate.as_ref().and_then(|duplicate| {
            let key = clusters.key(&page.id, duplicate, key("member", document))?;
            let members = self.members.get(&duplicate.cluster);
            let is_admitted = members.is_none_or(|few| few.admits(key));
            let member = || Member::of(page, duplicate, clusters.size(&duplicate.cluster));
            is_admitted.then(|| (duplicate.cluster.clone(), key, member()))
        });
        Offer {
            examples: self.examples_of(page, records, document),
            // of a document that left as a whole there is nothing else to see
            pages: match kept {
                true => self.pages_of(page, records, document),
                false => Vec::new(),
            },
            member,
        }
    }

    fn examples_of(
        &self,
        page: &Page,
        records: &[Changed],
        document: u64,
    ) -> Vec<(ExampleKind, u64, Example)> {
        let mut kinds: BTreeMap<ExampleKind, Vec<&Changed>> = BTreeMap::new();
        for record in records {
            kinds
                .entry(ExampleKind::of(record))
                .or_default()
                .push(record);
        }
        let mut offered = Vec::new();
        for (kind, records) in kinds {
            let key = key(&format!("{kind:?}"), document);
            let few = self.examples.get(&kind);
            let is_admitted = |key: &u64| few.is_none_or(|few| few.admits(*key));
            // the first place of any document comes before the second of another
            let keys = (0..most_of(&kind)).map(|turn| (turn.min(7) as u64) << 61 | key >> 3);
            let keys: Vec<u64> = keys.take_while(is_admitted).collect();
            let examples = Example::some_of(page, &records, key, keys.len());
            let keyed = examples.into_iter().zip(keys);
            offered.extend(keyed.map(|(example, key)| (kind.clone(), key, example)));
        }
        offered
    }

    /// The page as it is shown for each rule that acted on it.
    fn pages_of(
        &self,
        page: &Page,
        records: &[Changed],
        document: u64,
    ) -> Vec<(String, u64, Arc<Shown>)> {
        let applied = records.iter().filter(|record| record.applied);
        let rules: HashSet<&str> = applied.map(|record| record.rule.as_str()).collect();
        let key = |rule: &str| pages::longer_last(page, key(rule, document));
        let admits = |rule: &str, key| self.pages.get(rule).is_none_or(|few| few.admits(key));
        let keyed = rules.into_iter().map(|rule| (rule, key(rule)));
        let mut wanted = keyed.filter(|(rule, key)| admits(rule, *key)).peekable();
        if wanted.peek().is_none() {
            return Vec::new();
        }
        let shown = Arc::new(Shown::of(page, document));
        wanted
            .map(|(rule, key)| (rule.to_string(), key, shown.clone()))
            .collect()
    }

    /// Takes what a document offers, as far as it is shown.
    pub fn take(&mut self, offer: Offer) {
        for (kind, key, example) in offer.examples {
            let most = most_of(&kind);
            self.examples
                .entry(kind)
                .or_insert_with(|| Few::new(most))
                .add(key, example);
        }
        for (rule, key, page) in offer.pages {
            self.pages
                .entry(rule)
                .or_insert_with(|| Few::new(MOST_PAGES))
                .add(key, page);
        }
        if let Some((cluster, key, member)) = offer.member {
            self.members
                .entry(cluster)
                .or_insert_with(|| Few::new(clusters::MOST_MEMBERS))
                .add(key, member);
        }
    }

    /// The first of each kind, then the second of each, as long as there is room; in the order of their kinds.
    fn examples(&self) -> Vec<String> {
        let mut chosen = within(
            MOST_BYTES,
            in_turn(self.examples.values().map(|few| few.kept.values())),
        );
        chosen.sort_by(|(a, _), (b, _)| {
            (&a.rule, a.grade as u8, &a.id).cmp(&(&b.rule, b.grade as u8, &b.id))
        });
        chosen.into_iter().map(|(_, json)| json).collect()
    }

    fn pages(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let pages = in_turn(self.pages.values().map(|few| few.kept.values())).into_iter();
        let mut chosen = within(
            MOST_BYTES,
            pages
                .filter(|page| seen.insert(page.document))
                .map(Arc::as_ref)
                .collect(),
        );
        chosen.sort_by(|(a, _), (b, _)| (&a.id, a.document).cmp(&(&b.id, b.document)));
        chosen.into_iter().map(|(_, json)| json).collect()
    }

    fn members(&self) -> Vec<String> {
        within(
            MOST_BYTES,
            in_turn(self.members.values().map(|few| few.kept.values())),
        )
        .into_iter()
        .map(|m| m.1)
        .collect()
    }
}

/// By what a document is chosen for something: of all that are offered those with the smallest keys are shown.
fn key(of: &str, document: u64) -> u64 {
    xxh3_64_with_seed(of.as_bytes(), document)
}

fn most_of(kind: &ExampleKind) -> usize {
    if kind.applied {
        MOST_EXAMPLES
    } else {
        MOST_REMARKS
    }
}

/// A line each, so that the rest of report.json stays readable.
impl Serialize for Samples {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        for (name, lines) in [
            ("examples", self.examples()),
            ("pages", self.pages()),
            ("members", self.members()),
        ] {
            let list = if lines.is_empty() {
                "[]".into()
            } else {
                format!("[\n{}\n]", lines.join(",\n"))
            };
            map.serialize_entry(
                name,
                &RawValue::from_string(list).map_err(S::Error::custom)?,
            )?;
        }
        map.end()
    }
}

/// The first of each list, then the second of each, and so on.
fn in_turn<'a, T: 'a>(lists: impl Iterator<Item = impl Iterator<Item = &'a T>>) -> Vec<&'a T> {
    let mut turns: Vec<(usize, usize, &T)> = Vec::new();
    for (list, items) in lists.enumerate() {
        turns.extend(items.enumerate().map(|(turn, item)| (turn, list, item)));
    }
    turns.sort_by_key(|(turn, list, _)| (*turn, *list));
    turns.into_iter().map(|(_, _, item)| item).collect()
}

/// Those that together take at most that many bytes in report.html, each with its JSON.
fn within<T: Serialize>(most: usize, items: Vec<&T>) -> Vec<(&T, String)> {
    let mut bytes = 0;
    let with_json = items.into_iter().map(|item| {
        (
            item,
            serde_json::to_string(item).expect("samples are plain data"),
        )
    });
    with_json
        .filter(|(_, json)| {
            let length = super::html::embedded_length(json) + 2;
            let fits = bytes + length <= most;
            bytes += if fits { length } else { 0 };
            fits
        })
        .collect()
}

/// Of all items that are added those with the smallest keys.
#[derive(Debug)]
struct Few<T> {
    most: usize,
    kept: BTreeMap<u64, T>,
}

impl<T> Few<T> {
    fn new(most: usize) -> Self {
        Few {
            most,
            kept: BTreeMap::new(),
        }
    }

    /// Whether an item with that key would be kept, as things stand.
    fn admits(&self, key: u64) -> bool {
        let last = self
            .kept
            .last_key_value()
            .map_or(u64::MAX, |(last, _)| *last);
        self.kept.len() < self.most || key < last
    }

    fn add(&mut self, key: u64, item: T) {
        self.kept.insert(key, item);
        if self.kept.len() > self.most {
            self.kept.pop_last();
        }
    }
}

/// A text of at most that many characters; of a longer one the two ends, and how much is missing between them.
fn shortened(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_string();
    }
    let head: String = text.chars().take(most * 2 / 3).collect();
    let tail: String = text.chars().skip(length - most / 3).collect();
    format!(
        "{head} […{} characters…] {tail}",
        length - most * 2 / 3 - most / 3
    )
}

/// An id or a path as it is shown.
fn short_name(name: &str) -> String {
    shortened(name, 160)
}

/// Evidence as it is shown.
fn short_evidence(evidence: &Evidence) -> Evidence {
    let mut evidence = evidence.clone();
    evidence.note = evidence.note.map(|note| shortened(&note, 240));
    evidence.of = evidence.of.map(|of| crate::page::edit::Place {
        id: short_name(&of.id),
        at: of.at,
    });
    evidence
}

#[cfg(test)]
mod tests;
