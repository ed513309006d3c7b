//! Single changes and remarks, each with the text around it.

use super::{short_evidence, short_name, shortened};
use crate::page::Page;
use crate::page::edit::{Evidence, Grade};
use crate::write::record::Changed;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Characters that are shown before and after a place, and of the place itself.
const AROUND: usize = 60;
const MOST_CHARACTERS: usize = 240;

/// What examples are kept apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExampleKind {
    pub rule: String,
    pub grade: u8,
    pub applied: bool,
    pub moved: bool,
}

impl ExampleKind {
    pub(crate) fn of(record: &Changed) -> Self {
        let Changed {
            rule,
            grade,
            applied,
            follows,
            ..
        } = record;
        ExampleKind {
            rule: rule.clone(),
            grade: *grade as u8,
            applied: *applied,
            moved: follows.is_some(),
        }
    }
}

/// A change, a move or a remark at one place, with the text as it came around it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Example {
    pub id: String,
    pub rule: String,
    pub grade: Grade,
    pub applied: bool,
    /// In bytes of the text as it came.
    pub at: [usize; 2],
    pub around: [String; 2],
    pub before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Of a move: the end of what it follows now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// What stands at the place that the evidence names, if that is on the same page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub there: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    #[serde(flatten)]
    pub evidence: Evidence,
}

impl Example {
    /// So many of the places of the records, by their hashes.
    pub(super) fn some_of(
        page: &Page,
        records: &[&Changed],
        seed: u64,
        most: usize,
    ) -> Vec<Example> {
        if most == 0 {
            return Vec::new();
        }
        let places = records
            .iter()
            .flat_map(|record| record.at.iter().map(move |at| (*at, *record)));
        let hash = |at: &[usize; 2]| xxh3_64_with_seed(&at[0].to_le_bytes(), seed);
        let mut places: Vec<([usize; 2], &Changed)> = places.collect();
        places.sort_by_cached_key(|(at, _)| (hash(at), *at));
        places
            .into_iter()
            .take(most)
            .map(|(at, record)| Example::of(page, record, at))
            .collect()
    }

    fn of(page: &Page, record: &Changed, at: [usize; 2]) -> Example {
        let text = page.text();
        let short = |text: &str| shortened(text, MOST_CHARACTERS);
        let place = record.evidence.of.as_ref();
        let place = place.filter(|of| of.id == page.id && of.at[1] > 0);
        let there = place.and_then(|of| text.get(of.at[0]..of.at[1]));
        Example {
            id: short_name(&page.id),
            rule: record.rule.clone(),
            grade: record.grade,
            applied: record.applied,
            at,
            around: [ending(text, at[0]), beginning(text, at[1])],
            before: short(&text[at[0]..at[1]]),
            after: record.after.as_deref().map(short),
            follows: record.follows.map(|byte| ending(text, byte)),
            there: there.map(short),
            also: record.also.clone(),
            evidence: short_evidence(&record.evidence),
        }
    }
}

/// The last characters before a byte.
fn ending(text: &str, byte: usize) -> String {
    let head = &text[..byte];
    let start = head
        .char_indices()
        .rev()
        .nth(AROUND - 1)
        .map_or(0, |(at, _)| at);
    head[start..].to_string()
}

/// The first characters after a byte.
fn beginning(text: &str, byte: usize) -> String {
    text[byte..].chars().take(AROUND).collect()
}
