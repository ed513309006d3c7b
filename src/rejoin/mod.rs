//! Puts broken sentences together again: which tail and which head of a page are two halves of one.
//!
//! Lines of a hard-wrapped page make paragraphs first (`lines`). Every tail that does not end a sentence meets every
//! head of the page that could go on with it (`seam`; where both are of Latin script, `latin`); all are assigned
//! together, at most one head to a tail (`assign`); the reading order follows (`order`), hyphens that broke a word go
//! (`hyphen`), and the articles that the page holds are told apart (`articles`).

mod articles;
mod assign;
mod halves;
pub mod hyphen;
pub mod latin;
pub mod lines;
mod order;
pub mod seam;
mod topic;
mod weights;

use crate::page::cause::CauseId;
pub use assign::assign;

use crate::lexicon::Lexicon;
use crate::normalise::mend_seam;
use crate::page::Page;
use crate::page::edit::{Cause, Evidence};
use crate::text::choice::choices;
use serde::{Deserialize, Serialize};

choices! {
    /// How sure a junction must be.
    pub enum Boldness: Balanced {
        Cautious = "cautious";
        Balanced = "balanced";
        Eager = "eager";
        Off = "off": "Nothing is joined";
    }
}

choices! {
    /// What a record of clean.jsonl holds.
    pub enum Split: Page {
        Page = "page": "A page as it came";
        Articles = "articles": "An article of a page, its headline and byline in fields of their own";
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Options {
    pub join: Boldness,
    pub split: Split,
}

impl Options {
    /// Whether pages are laid out at all.
    pub fn lays_out(&self) -> bool {
        self.join != Boldness::Off || self.split == Split::Articles
    }
}

impl Boldness {
    /// The probability below which a junction is left open.
    pub fn threshold(self) -> f32 {
        match self {
            Boldness::Cautious => 0.90,
            Boldness::Balanced => 0.80,
            Boldness::Eager => 0.40,
            Boldness::Off => f32::INFINITY,
        }
    }

    /// The same between halves of Latin script next to each other, where spaces and capitals tell more and the model says
    /// less than it could.
    pub fn threshold_of_latin(self) -> f32 {
        match self {
            Boldness::Cautious => 0.80,
            Boldness::Balanced => 0.40,
            Boldness::Eager => 0.20,
            Boldness::Off => f32::INFINITY,
        }
    }
}

/// Two blocks, by their places on the page, that are two halves of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Junction {
    pub tail: usize,
    pub head: usize,
    pub probability: f32,
}

/// Joins what belongs together, says which halves stay open, and gives every paragraph its place. Returns the
/// junctions that were made.
pub fn rejoin(page: &mut Page, lexicon: &Lexicon, options: &Options) -> Vec<Junction> {
    if options.join == Boldness::Off {
        order::lay_out(page, &[], options.split);
        return Vec::new();
    }
    let halves = seam::Halves::of(page, lexicon);
    let lines = lines::Lines::of(page);
    let (least, least_of_latin) = (options.join.threshold(), options.join.threshold_of_latin());
    let mut candidates = seam::candidates(&halves, lexicon);
    candidates.retain(|j| j.probability >= least);
    candidates.extend(latin::likely(
        page,
        latin::candidates(page, &lines, &lexicon.words),
        options.join,
    ));
    let junctions = assign(lines.with(candidates), least_of_latin.min(least));
    let blocks = page.blocks.clone();
    for tail in halves
        .tails()
        .filter(|tail| !junctions.iter().any(|j| j.tail == *tail))
    {
        let span = blocks[tail].span.clone();
        let note =
            Some("ends in the middle of a sentence; no half here goes on with it".to_string());
        page.remark(
            Cause::suspected(
                CauseId::Open,
                Evidence {
                    note,
                    ..Evidence::default()
                },
            ),
            span.end..span.end,
        );
    }
    for junction in &junctions {
        mend_seam(page, junction.tail, junction.head);
    }
    order::lay_out(page, &junctions, options.split);
    hyphen::mend(page, &junctions, &lexicon.words);
    junctions
}
