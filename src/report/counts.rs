//! What a run counts: of each document, of each shard, and of all, added up.

use super::card::Scripts;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// What was counted of one document, or of many.
#[derive(Debug, Default)]
pub struct Tally {
    pub read: Read,
    pub written: Written,
    /// By rule: in how many places it changed the text, and by how many bytes.
    pub changes: BTreeMap<String, Changes>,
    /// By rule: how often something was seen and left alone.
    pub remarks: BTreeMap<String, u64>,
}

/// What came in.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Read {
    pub files: usize,
    pub documents: usize,
    pub refused: usize,
    /// Files that a tool wrote of a document beside the one that was read.
    pub other_renderings: usize,
    /// Files that an earlier run wrote, in folders that were named.
    #[serde(default)]
    pub earlier_output: usize,
    /// Documents whose id another document has, too.
    #[serde(default)]
    pub repeated_ids: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub letters: u64,
}

/// What went out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Written {
    pub documents: usize,
    /// Records of which each is an article, if the pages were split.
    pub articles: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub junctions: usize,
    pub copies_dropped: usize,
    /// Documents without text, of which there is no record.
    #[serde(default)]
    pub empty: usize,
    /// What the records are written in, counted for the card.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub scripts: Option<Scripts>,
}

/// Where a rule changed the text, and how many bytes were there before and after.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Changes {
    pub places: u64,
    pub bytes_before: u64,
    pub bytes_after: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.written += other.written;
        add_by_rule(&mut self.changes, other.changes);
        add_by_rule(&mut self.remarks, other.remarks);
    }
}

/// Adds counts up that are kept by the names of rules.
pub(super) fn add_by_rule<C: AddAssign + Default>(
    all: &mut BTreeMap<String, C>,
    others: BTreeMap<String, C>,
) {
    for (rule, count) in others {
        *all.entry(rule).or_default() += count;
    }
}

impl AddAssign for Read {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.documents += other.documents;
        self.refused += other.refused;
        self.other_renderings += other.other_renderings;
        self.earlier_output += other.earlier_output;
        self.repeated_ids += other.repeated_ids;
        self.bytes += other.bytes;
        self.letters += other.letters;
    }
}

impl AddAssign for Written {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.articles += other.articles;
        self.bytes += other.bytes;
        self.junctions += other.junctions;
        self.copies_dropped += other.copies_dropped;
        self.empty += other.empty;
        if let Some(scripts) = other.scripts {
            *self.scripts.get_or_insert_default() += scripts;
        }
    }
}

impl AddAssign for Changes {
    fn add_assign(&mut self, other: Self) {
        self.places += other.places;
        self.bytes_before += other.bytes_before;
        self.bytes_after += other.bytes_after;
    }
}
