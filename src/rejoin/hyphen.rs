//! Decides what becomes of a hyphen at the end of a line when the line is joined to the next: whether it was put in to
//! break a word, or belongs to it.

use super::Junction;
use crate::lexicon::words::{Words, word};
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence};
use crate::text::latin::{first_word, is_hyphen, is_latin, last_word};
use std::collections::HashSet;
use std::sync::LazyLock;

/// A word over the end of a line: what stands before the hyphen, and behind it on the next line.
pub struct Broken<'t> {
    left: &'t str,
    right: &'t str,
    mark: char,
    /// Whether its own hyphens stand beside the parts: mother-in-|law, man-|of-war.
    chained: bool,
}

/// What is known of a broken word, in the order of `WEIGHTS`.
pub const FEATURES: [&str; 26] = [
    "one",
    "size",
    "joined is a word",
    "joined came often",
    "joined is none by size",
    "compound is a word",
    "compound came often",
    "left is a word",
    "left came often",
    "right is a word",
    "right came often",
    "both are words",
    "both are words by size",
    "both are words, joined is none",
    "left begins compounds",
    "left begins compounds by stock",
    "right ends compounds",
    "right is an ending by stock",
    "chained",
    "line's own hyphen",
    "left is short",
    "no vowel",
    "left is a common word",
    "right is a common word",
    "both are common words",
    "both are common words, joined is none",
];

/// What says that the hyphen belongs to the word. Fitted as those of `latin`. Of 53 compounds on pages of another newspaper 1
/// was destroyed, of 1,383 broken words 25 in 1,000 were left; on each page alone 6 and 56 in 1,000.
pub const WEIGHTS: [f32; FEATURES.len()] = [
    -1.933, -2.032, -2.458, -2.138, -0.433, -0.225, 1.981, 1.509, -0.082, 1.378, 0.088, -0.443,
    -0.824, 0.599, 0.696, 1.004, 1.509, -3.229, 5.077, 0.000, -2.568, 0.000, 1.469, 1.459, 0.208,
    -0.588,
];

/// The hyphen stays if it belongs to the word with at least this probability: for each compound that comes to a line's end
/// some twenty words are broken there, and to destroy a share of the compounds is as bad as to leave that share broken.
const KEEP_FROM: f32 = 0.08;

/// Parts that make compounds and are hardly ever a syllable of another word.
const BEGIN_COMPOUNDS: [&str; 42] = [
    "self", "well", "half", "non", "ex", "all", "cross", "vice", "quasi", "pseudo", "semi", "anti",
    "ill", "so", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "old", "new", "high", "low",
    "long", "short", "north", "south", "mid", "right", "left", "great",
];

/// Endings that are no words.
const ENDINGS: [&str; 66] = [
    "tion", "tions", "tional", "sion", "sions", "cation", "ation", "ations", "ing", "ings", "ting",
    "ning", "ling", "ding", "ring", "sing", "ment", "ments", "mental", "ed", "ted", "ded", "ned",
    "er", "ers", "ter", "ters", "der", "ber", "ly", "ally", "ness", "able", "ible", "bly", "ity",
    "ities", "ous", "ious", "tious", "cious", "ive", "tive", "sive", "ful", "fully", "ence",
    "ences", "ance", "ances", "ent", "ently", "antly", "ate", "ated", "ates", "ating", "ture",
    "tures", "tic", "tical", "cal", "ial", "tial", "cial", "ian",
];

/// Common English words that stand in compounds, and hardly as syllables of longer words.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/tables/compounds.txt")
        .split_whitespace()
        .filter(|w| *w != "#")
        .collect()
});

/// Words before which a hyphen stands for what comes later: pre- and post-war.
const SUSPENDING: [&str; 12] = [
    "and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "nor",
];

impl<'t> Broken<'t> {
    /// The word that goes over the seam of two texts, if the first ends in a hyphen behind a Latin letter and the second
    /// begins with a small one.
    pub fn over(tail: &'t str, head: &'t str) -> Option<Self> {
        let mark = tail.chars().next_back().filter(|c| is_hyphen(*c))?;
        let before = &tail[..tail.len() - mark.len_utf8()];
        let (left, right) = (last_word(before), first_word(head));
        let small = right.starts_with(char::is_lowercase);
        // α2-|integrin
        let whole = !before[..before.len() - left.len()].ends_with(char::is_alphanumeric);
        if left.is_empty() || !small || !whole || is_suspended(tail, head) {
            return None;
        }
        let chained = before[..before.len() - left.len()].ends_with(is_hyphen)
            || head[right.len()..]
                .strip_prefix(is_hyphen)
                .is_some_and(|rest| rest.starts_with(is_latin));
        Some(Broken {
            left,
            right,
            mark,
            chained,
        })
    }

    pub fn joined(&self) -> String {
        format!("{}{}", self.left, self.right)
    }

    fn compound(&self) -> String {
        format!("{}-{}", self.left, self.right)
    }

    /// How often the run has the word, broken and whole.
    pub fn known(&self, words: &Words) -> u32 {
        words.count(word(&self.joined())) + words.count(word(&self.compound()))
    }

    pub fn features(&self, words: &Words) -> [f32; FEATURES.len()] {
        let is = |yes: bool| if yes { 1.0 } else { 0.0 };
        let count = |text: &str| words.count(word(text));
        let often = |count: u32| ((1 + count) as f32).ln();
        let joined = count(&self.joined());
        let compound = count(&self.compound());
        let (left, right) = (count(self.left), count(self.right));
        let begins = count(&format!("{}-", self.left));
        let ends = count(&format!("-{}", self.right));
        let size = ((words.total() + 1) as f32).log10() / 7.0;
        let both = left > 0 && right > 0;
        let small = self.left.to_lowercase();
        let (common_left, common_right) =
            (COMMON.contains(small.as_str()), COMMON.contains(self.right));
        let voiced = |text: &str| {
            text.chars()
                .any(|c| !c.is_ascii() || "aeiouyAEIOUY".contains(c))
        };
        [
            1.0,
            size,
            is(joined > 0),
            often(joined),
            is(joined == 0) * size,
            is(compound > 0),
            often(compound),
            is(left > 0),
            often(left),
            is(right > 0),
            often(right),
            is(both),
            is(both) * size,
            is(both && joined == 0),
            often(begins),
            is(BEGIN_COMPOUNDS.contains(&small.as_str())),
            often(ends),
            is(ENDINGS.contains(&self.right)),
            is(self.chained),
            is(matches!(self.mark, '\u{AD}' | '¬')),
            is(self.left.chars().count() <= 2),
            is(!voiced(self.left) || !voiced(self.right)),
            is(common_left),
            is(common_right),
            is(common_left && common_right),
            is(common_left && common_right && joined == 0),
        ]
    }

    /// Whether the hyphen belongs to the word.
    pub fn keeps(&self, words: &Words) -> bool {
        self.mark != '\u{AD}' && probability(&self.features(words), &WEIGHTS) >= KEEP_FROM
    }
}

/// The logistic model.
pub fn probability(features: &[f32; FEATURES.len()], weights: &[f32; FEATURES.len()]) -> f32 {
    let sum: f32 = features.iter().zip(weights).map(|(f, w)| f * w).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Whether the hyphen stands for the end of a word that comes later, and so keeps its space: pre- |and post-war.
pub(super) fn is_suspended(tail: &str, head: &str) -> bool {
    let right = first_word(head);
    crate::text::latin::ends_in_hyphen(tail)
        && SUSPENDING.contains(&right)
        && head[right.len()..].starts_with(char::is_whitespace)
        // to-|to is none
        && head[right.len()..].split_whitespace().next().is_some_and(|next| next.contains(is_hyphen) || right != "to")
}

/// Takes the hyphens that broke a word out of the seams that were joined.
pub(super) fn mend(page: &mut Page, junctions: &[Junction], words: &Words) {
    for junction in junctions {
        let [tail, head] =
            [junction.tail, junction.head].map(|at| page.reading(page.blocks[at].span.clone()));
        let Some(broken) =
            Broken::over(&tail.text, &head.text).filter(|broken| !broken.keeps(words))
        else {
            continue;
        };
        let came = words.count(word(&broken.joined()));
        let note = match came {
            0 => format!(
                "{} came nowhere else in the run; nothing speaks for a compound",
                broken.joined()
            ),
            _ => format!("{} came in the run, times: {came}", broken.joined()),
        };
        let start = tail.text.len() - broken.mark.len_utf8();
        let edit = tail.trace(Edit::delete(start..tail.text.len()));
        page.edit(
            &Cause::verified(
                CauseId::Hyphen,
                Evidence {
                    note: Some(note),
                    ..Evidence::default()
                },
            ),
            vec![edit],
        );
    }
}
