//! What stands there twice, and which copy stays: a table of methods.
//!
//! A method may look inside a page (`in_page`), and may look over the prints of the whole run (`in_run`). What it
//! finds in the run comes back to each page as a `Verdict`.

mod align;
mod candidates;
mod consensus;
mod duplicate;
mod exact;
mod furniture;
mod likeness;
mod near;
pub mod prints;
pub(crate) mod settle;
mod spliced;
pub(crate) mod verdicts;

use crate::page::cause::CauseId;
pub(crate) use consensus::apply as correct;
pub use duplicate::PAIRS;
pub use prints::Prints;
pub use settle::{Duplicate, Settle, Verdict};

use crate::page::edit::{Cause, Evidence};
use crate::page::{Block, Page};
use crate::text::choice::choices;
use serde::{Deserialize, Serialize};
use settle::Findings;

/// In the order in which they act inside a page: a proved copy first, so that what it leaves decides the rest.
pub const METHODS: [Method; 6] = [
    duplicate::METHOD,
    spliced::METHOD,
    exact::METHOD,
    near::METHOD,
    furniture::METHOD,
    consensus::METHOD,
];

pub struct Method {
    pub cause: CauseId,
    /// Where the method comes from.
    pub source: &'static str,
    in_page: fn(&mut Page, &Options),
    in_run: fn(&mut Settle, &Options, &mut Findings) -> Result<(), crate::Error>,
}

/// What becomes of repeats, level by level, and which copy stays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Options {
    pub duplicates: Level,
    pub paragraphs: Level,
    /// Paragraphs that stand elsewhere with differences.
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
    /// Whether the run knows where its letters came from: if it looks for anything but whole documents.
    fn knows_places(&self) -> bool {
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
    /// Which of several copies stays. Where none is better by the rule, the one with the smallest id does.
    pub enum Keep: Whole {
        First = "first": "The one with the smallest id";
        Longest = "longest": "The one with the most letters";
        Newest = "newest": "The one whose metadata give the latest date";
        Whole = "whole": "Of documents the one that ends its last sentence, then the clearly longer; of paragraphs the first";
    }
}

/// A passage that two documents share is found if it has this many letters.
pub const SHORTEST_PASSAGE: usize = 50;

/// Takes repeats out of a page: what its own text proves, and what the run says.
pub fn apply(page: &mut Page, verdict: &Verdict, options: &Options) {
    // first, while the page's letters are counted as they were in the run
    spliced::passages(page, verdict, options);
    // a page that says what its paragraphs are has been looked through
    if !page.laid_out {
        for method in &METHODS {
            if !page.without.holds(method.cause) {
                (method.in_page)(page, options);
            }
        }
    }
    for copied in &verdict.paragraphs {
        let block = copied.at[0] as usize;
        let (rule, level) = if copied.likeness < 1.0 {
            (near::METHOD.cause, options.near_paragraphs)
        } else {
            (exact::METHOD.cause, options.paragraphs)
        };
        if page.blocks[block].dropped || level == Level::Off {
            continue;
        }
        let note = (copied.likeness < 1.0).then(|| format!("similarity {:.3}", copied.likeness));
        let evidence = Evidence {
            of: Some(copied.of.clone()),
            note,
            ..Evidence::default()
        };
        match level {
            Level::Drop => page.drop_block(&Cause::verified(rule, evidence), block),
            _ => page.remark(
                Cause::suspected(rule, evidence),
                page.blocks[block].span.clone(),
            ),
        }
    }
    for found in &verdict.furniture {
        let block = found.block as usize;
        if page.blocks[block].dropped {
            continue;
        }
        let note = Some("recurs on other pages".into());
        let evidence = Evidence {
            of: found.of.clone(),
            note,
            ..Evidence::default()
        };
        match options.furniture {
            Level::Drop => {
                page.drop_block(&Cause::verified(furniture::METHOD.cause, evidence), block)
            }
            _ => page.remark(
                Cause::suspected(furniture::METHOD.cause, evidence),
                page.blocks[block].span.clone(),
            ),
        }
    }
}

/// The next block before `at` that is still in the text and of running text.
fn text_before(blocks: &[Block], at: usize) -> Option<usize> {
    (0..at)
        .rev()
        .find(|b| blocks[*b].is_running_text() && !blocks[*b].dropped)
}

choices! {
    /// What becomes of a kind of repeat.
    pub enum Level: Drop {
        Drop = "drop": "It leaves the text";
        Mark = "mark": "It stays, and is reported in changes.jsonl";
        Off = "off": "It is not looked for";
    }
}
