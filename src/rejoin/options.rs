//! How boldly halves are joined, and what a record of the output holds.

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
