//! Finds repeats and decides which copy stays: a table of methods.
//!
//! A method says in survey what of a page is compared (`keys`), in settle which pairs are worth a look (`pairs`) and
//! whether they are alike (`verify`), and in finish what happens to a page (`apply`). Survey, settle and finish go
//! through the table and know no method by name. Nothing here reads, writes or starts threads: what settle needs of
//! disk and threads is in `crate::settle`.

mod align;
mod blocks;
mod candidates;
mod consensus;
#[doc(hidden)]
pub(crate) mod differences;
mod duplicate;
mod edge;
#[cfg(test)]
mod example;
mod exact;
mod furniture;
mod likeness;
pub(crate) mod method;
mod near;
mod paragraph;
pub(crate) mod prints;
mod site;
mod sketch;
mod spliced;
#[doc(hidden)]
pub(crate) mod strict;
pub(crate) mod verdict;

pub(crate) use blocks::BlockPrint;
pub(crate) use edge::Edge;
pub(crate) use method::Method;
pub(crate) use prints::Facts;
pub use prints::Prints;
pub use verdict::{Duplicate, Verdict};

use crate::lexicon::Lexicon;
use crate::page::Page;
use crate::text::choice::choices;
use serde::{Deserialize, Serialize};

/// In the order in which they act, over the run and inside a page: whole documents first, then proved copies, because
/// the rest depends on what these leave; corrections from copies last.
pub const METHODS: &[Method] = &[
    duplicate::METHOD,
    spliced::METHOD,
    exact::METHOD,
    near::METHOD,
    furniture::METHOD,
    consensus::METHOD,
    #[cfg(test)]
    example::METHOD,
];

/// Takes repeats out of a page, by its own text and by the verdict of the run, and puts in corrections from its copies.
pub fn apply(page: &mut Page, verdict: &Verdict, options: &Options, lexicon: &Lexicon) {
    for method in METHODS {
        if page.without.holds(method.cause) {
            continue;
        }
        (method.apply)(page, verdict, options, lexicon);
        if verdict.drops_document(options) {
            return;
        }
    }
}

/// What happens to repeats, level by level, and which copy stays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Options {
    pub duplicates: Level,
    pub paragraphs: Level,
    /// Paragraphs that recur elsewhere with differences.
    pub near_paragraphs: Level,
    pub furniture: Level,
    pub passages: Level,
    pub keep: Keep,
    /// The likeness from which two documents share a cluster, from 0 to 1.
    pub cluster_from: f64,
    /// The likeness from which a document is dropped as a copy of the one that stays.
    pub duplicate_from: f64,
    /// The likeness from which a paragraph is marked as a copy of another document's.
    pub paragraph_from: f64,
    /// Whether copies correct each other.
    pub consensus: bool,
}

impl Options {
    /// Whether the places of letters are kept: if anything but whole documents is compared.
    pub(crate) fn knows_places(&self) -> bool {
        let levels = [
            self.passages,
            self.paragraphs,
            self.near_paragraphs,
            self.furniture,
        ];
        levels.into_iter().any(|level| level != Level::Off)
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            duplicates: Level::Drop,
            paragraphs: Level::Drop,
            near_paragraphs: Level::Mark,
            furniture: Level::Drop,
            passages: Level::Mark,
            keep: Keep::Whole,
            cluster_from: duplicate::CLUSTER_FROM,
            duplicate_from: duplicate::DUPLICATE_FROM,
            paragraph_from: near::PARAGRAPH_FROM,
            consensus: true,
        }
    }
}

choices! {
    /// Which of several copies stays. If the rule does not decide, the one with the smallest id does.
    pub enum Keep: Whole {
        First = "first": "The one with the smallest id";
        Longest = "longest": "The one with the most letters";
        Newest = "newest": "The one whose metadata give the latest date";
        Whole = "whole": "Of documents the one that ends its last sentence, then the clearly longer; of paragraphs the first";
    }
}

choices! {
    /// What happens to a kind of repeat.
    pub enum Level: Drop {
        Drop = "drop": "It leaves the text";
        Mark = "mark": "It stays, and is reported in changes.jsonl";
        Off = "off": "It is not looked for";
    }
}
