//! The Latin words of a run: how often each occurs, and which word follows which.
//!
//! Like the counts of characters they are of a sample of blocks (`sample`), at most `MOST_WORDS`.

use super::sample::{Blocks, Sample, level};
use crate::text::hash::Mixed;
use crate::text::latin::{ends_in_hyphen, first_word, is_hyphen};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use xxhash_rust::xxh3::xxh3_64;

/// A word as it is counted: the hash of its lower-case form. Of 200,000 words one in 20,000 shares its hash with
/// another.
pub type Word = u32;

/// No word, or an unknown one.
const NONE: Word = 0;
/// Before the first word of a sentence, and after its last.
pub const START: Word = 1;
pub const END: Word = 2;
const NUMBER: Word = 3;
const FIRST: Word = 4;

/// At most this many pairs are counted: 8 million are 16 MB of English.
const MOST_WORDS: usize = 8_000_000;
/// With more words than this, pairs that came once are forgotten.
const FORGET_ABOVE: usize = 1_000_000;

/// The hash of a word in lower case.
pub fn word(text: &str) -> Word {
    let mut small = [0; 64];
    let hash = if text.is_ascii() && text.len() <= small.len() {
        small[..text.len()].copy_from_slice(text.as_bytes());
        small[..text.len()].make_ascii_lowercase();
        xxh3_64(&small[..text.len()])
    } else {
        xxh3_64(text.to_lowercase().as_bytes())
    };
    (hash as Word).max(FIRST)
}

/// The class of a word: the word itself if it is short, as most words of grammar are; otherwise its ending.
pub fn class(text: &str) -> Word {
    /// Letters: the, which, would.
    const SHORT: usize = 5;
    const ENDING: usize = 3;
    let count = text.chars().count();
    if count <= SHORT {
        return word(text).rotate_left(7).max(FIRST);
    }
    let ending = text
        .char_indices()
        .nth(count - ENDING)
        .map_or(0, |(at, _)| at);
    word(&text[ending..]).rotate_left(13).max(FIRST)
}

/// The class of two classes in a row.
pub fn both(first: Word, second: Word) -> Word {
    (first.wrapping_mul(0x9E37_79B1).rotate_left(5) ^ second.wrapping_mul(0x85EB_CA77)).max(FIRST)
}

/// The words of a page's blocks, in pairs.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// A word and the one after it, the first in the high half.
    pairs: Blocks<u64>,
    /// Whether the last block ended in the middle of a word.
    in_word: bool,
}

impl Pairs {
    /// Adds a block. `begins` says whether it begins a sentence.
    pub fn add(&mut self, text: &str, begins: bool) {
        let in_word = std::mem::replace(&mut self.in_word, ends_in_hyphen(text));
        if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
            return;
        }
        let start = self.pairs.items.len();
        // the rest of a word is not a word
        let rest = if in_word && text.starts_with(char::is_lowercase) {
            first_word(text).len()
        } else {
            0
        };
        self.add_words(&text[rest..], begins);
        if self.pairs.items.len() > start {
            self.pairs.end(level_of(&self.pairs.items[start..]));
        }
    }

    fn add_words(&mut self, text: &str, begins: bool) {
        let mut last = if begins { START } else { NONE };
        let mut classes = [NONE; 2];
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let found = first_word(rest);
            if found.is_empty() {
                rest = &rest[c.len_utf8()..];
                let next = between_words(c, last);
                if next != last {
                    classes = [NONE; 2];
                    self.push(last, next);
                    last = if next == END { START } else { next };
                }
                continue;
            }
            rest = &rest[found.len()..];
            if let Some(after) = rest.strip_prefix(is_hyphen) {
                rest = after;
                let second = first_word(after);
                if second.is_empty() {
                    // the beginning of a word that continues after the end of the line
                    let goes_on = after.is_empty() || after.starts_with(' ');
                    self.push(last, if goes_on { NONE } else { word(found) });
                    last = NONE;
                    classes = [NONE; 2];
                    if goes_on {
                        rest = after.trim_start();
                        rest = &rest[first_word(rest).len()..];
                    }
                    continue;
                }
                self.push_compound(found, second);
            }
            self.push_class(&mut classes, class(found));
            let word = word(found);
            self.push(last, word);
            last = word;
        }
        self.push(last, NONE);
    }

    /// Well-known: counted as one word, and by what its parts do in such words.
    fn push_compound(&mut self, first: &str, second: &str) {
        for part in [
            format!("{first}-{second}"),
            format!("{first}-"),
            format!("-{second}"),
        ] {
            self.push(word(&part), NONE);
        }
    }

    /// Adds the class of the next word after the classes of the last two.
    fn push_class(&mut self, classes: &mut [Word; 2], class: Word) {
        if classes[1] != NONE {
            self.push(classes[1], class);
        }
        if classes[0] != NONE {
            self.push(both(classes[0], classes[1]), class);
        }
        *classes = [classes[1], class];
    }

    fn push(&mut self, first: Word, second: Word) {
        if first != NONE {
            self.pairs
                .items
                .push(u64::from(first) << 32 | u64::from(second));
        }
    }
}

/// What a character between words counts as, after a word or the like.
fn between_words(c: char, last: Word) -> Word {
    match c {
        '0'..='9' => NUMBER,
        '.' | '!' | '?' => END,
        ' ' | '\t' | ',' | '\'' | '"' | '“' | '”' | '‘' | '’' => last,
        _ => NONE,
    }
}

fn level_of(pairs: &[u64]) -> u8 {
    let bytes: Vec<[u8; 8]> = pairs.iter().map(|p| p.to_le_bytes()).collect();
    level(xxh3_64(bytes.as_flattened()))
}

/// Pairs of words as they are counted.
#[derive(Debug)]
pub struct WordCounts {
    pairs: Sample,
}

impl Default for WordCounts {
    fn default() -> Self {
        WordCounts {
            pairs: Sample::of_at_most(MOST_WORDS),
        }
    }
}

impl WordCounts {
    pub fn add(&mut self, pairs: &Pairs) {
        for (level, pairs) in pairs.pairs.iter() {
            self.pairs.add(level, pairs.iter().copied());
        }
        self.pairs.forget();
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: WordCounts) {
        self.pairs.merge(other.pairs);
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.pairs.bytes()
    }

    pub(super) fn push_bytes(&self, bytes: &mut Vec<u8>) {
        self.pairs.push_bytes(bytes);
    }

    pub(super) fn take_bytes(bytes: &mut &[u8]) -> Option<Self> {
        let pairs = Sample::take_bytes(bytes, MOST_WORDS)?;
        Some(WordCounts { pairs })
    }

    /// The words that were counted.
    pub fn words(self) -> Words {
        let mut pairs = self.pairs.into_levels().concat();
        pairs.sort_unstable();
        let forget = u32::from(pairs.len() > FORGET_ABOVE);
        let mut words = Words {
            table: Table::default(),
            total: pairs.len() as u64,
        };
        for same in pairs.chunk_by(|a, b| a == b) {
            if same[0] as Word != NONE && same.len() as u32 > forget {
                words.table.insert(same[0], same.len() as u32);
            }
        }
        for same in pairs.chunk_by(|a, b| a >> 32 == b >> 32) {
            words.table.insert(same[0] >> 32 << 32, same.len() as u32);
        }
        words
    }
}

type Table = HashMap<u64, u32, BuildHasherDefault<Mixed>>;

/// How often each word occurs, and each pair of words.
#[derive(Debug, Default)]
pub struct Words {
    table: Table,
    total: u64,
}

/// The weight of a word's overall frequency, in occurrences of the word before it; chosen by eye.
const PRIOR: f32 = 4.0;

/// Each word is counted in three pairs: with the word after it, as a class with the class after it, and as a class
/// after two classes.
const PAIRS_A_WORD: f32 = 3.0;

impl Words {
    /// How many words were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn bytes(&self) -> usize {
        self.table.capacity() * (size_of::<(u64, u32)>() + 1)
    }

    pub fn count(&self, word: Word) -> u32 {
        self.pair(word, NONE)
    }

    pub fn pair(&self, first: Word, second: Word) -> u32 {
        self.table
            .get(&(u64::from(first) << 32 | u64::from(second)))
            .copied()
            .unwrap_or(0)
    }

    /// The natural logarithm of how much likelier a class is after another class, or after two, than anywhere.
    pub fn class_fit(&self, before: Word, class: Word) -> f32 {
        self.fit(before, class, 0)
    }

    /// The natural logarithm of how much likelier a word is after another than anywhere (the pointwise mutual
    /// information), with `without` taken off the counts of the pair.
    pub fn fit(&self, first: Word, second: Word, without: u32) -> f32 {
        let share = (self.count(second) as f32 + 0.5) / (self.total as f32 / PAIRS_A_WORD + 1.0);
        let together = self.pair(first, second).saturating_sub(without) as f32;
        let first = self.count(first).saturating_sub(without) as f32;
        ((together / share.min(1.0) + PRIOR) / (first + PRIOR)).ln()
    }

    /// The table in order, each entry with its count.
    pub fn entries(&self) -> Vec<(u64, u32)> {
        let mut entries: Vec<(u64, u32)> = self
            .table
            .iter()
            .map(|(pair, count)| (*pair, *count))
            .collect();
        entries.sort_unstable();
        entries
    }

    pub fn from_entries(total: u64, entries: impl Iterator<Item = (u64, u32)>) -> Self {
        Words {
            table: entries.collect(),
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[&str]) -> Words {
        let mut pairs = Pairs::default();
        texts.iter().for_each(|text| pairs.add(text, true));
        let mut counts = WordCounts::default();
        counts.add(&pairs);
        counts.words()
    }

    #[test]
    fn words_are_counted_alone_in_pairs_and_in_compounds() {
        let words = words(&[
            "The well-known pilot knew the harbour's well. The pilot slept.",
            "灯塔 the 灯塔",
        ]);
        assert_eq!(
            ["the", "pilot", "well", "harbour's", "slept"].map(|w| words.count(word(w))),
            [4, 2, 2, 1, 1]
        );
        assert_eq!(
            ["well-known", "well-", "-known"].map(|w| words.count(word(w))),
            [1, 1, 1]
        );
        assert_eq!(words.pair(word("the"), word("pilot")), 1);
        assert_eq!(words.pair(START, word("the")), 2);
        assert_eq!(words.pair(word("slept"), END), 1);
    }

    #[test]
    fn parts_of_broken_words_are_not_counted() {
        let words = words(&[
            "The light went out without an inter-",
            "ruption, and the sub- sequent night was",
        ]);
        for part in ["inter", "ruption", "inter-", "sub", "sequent"] {
            assert_eq!(words.count(word(part)), 0, "{part}");
        }
        assert_eq!(words.count(word("night")), 1);
    }

    #[test]
    fn the_sample_depends_on_no_order_and_survives_its_bytes() {
        let texts: Vec<String> = (0..400)
            .map(|n| {
                format!(
                    "Boat {} of line {n} sailed{}.",
                    "x".repeat(n % 9),
                    " far".repeat(n % 5)
                )
            })
            .collect();
        let pairs = |text: &String| {
            let mut pairs = Pairs::default();
            pairs.add(text, true);
            pairs
        };
        let count = |texts: &mut dyn Iterator<Item = &String>| {
            let mut counts = WordCounts {
                pairs: Sample::of_at_most(1000),
            };
            texts.for_each(|text| counts.add(&pairs(text)));
            counts
        };
        let forth = count(&mut texts.iter());
        let mut bytes = Vec::new();
        forth.push_bytes(&mut bytes);
        let read = WordCounts::take_bytes(&mut &bytes[..])
            .expect("what was written")
            .words();
        let (forth, back) = (forth.words(), count(&mut texts.iter().rev()).words());
        assert_eq!(forth.entries(), back.entries());
        assert_eq!(forth.entries(), read.entries());
        assert!(forth.total() <= 1000 && forth.total() > 0);
    }
}
