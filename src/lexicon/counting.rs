//! Counts the symbols of a run as they come in.
//!
//! The counts are taken of a sample of blocks, chosen by the hash of their letters, so that neither the order of the
//! input nor the number of threads changes them and a run of gigabytes counts no more than `MOST_SYMBOLS`.

use super::model::Model;
use super::varint::{push_number, take_number};
use super::{END, HEADLINE_END, Lexicon, ORDER, START, Symbol, pack, symbols};
use crate::normalise::damage;
use crate::page::{Block, Kind, Page};
use crate::text::chars::ends_sentence;

use crate::lexicon::words;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

/// Symbols counted at most. 10 million are 30 MB of Chinese; from there more text of the same kind adds little.
const MOST_SYMBOLS: usize = 10_000_000;

/// The symbols of a page's blocks, of which its grams are made, by the level of each block: of the blocks of a level
/// and all above it, the levels above it hold `RARER`.
#[derive(Debug, Clone, Default)]
pub struct Grams {
    symbols: Vec<Symbol>,
    /// The level of each block, and where its symbols end.
    blocks: Vec<(u8, usize)>,
    words: words::Pairs,
}

const LEVELS: usize = 100;
const RARER: f64 = 0.85;

impl Grams {
    pub fn of(page: &Page) -> Self {
        let mut grams = Grams::default();
        let mut begins = true; // the first text of a page begins a paragraph
        let is_damaged = damage::is_damaged(page);
        for block in &page.blocks {
            let headline = block.kind == Kind::Headline;
            let counts = headline || block.is_running_text();
            if !counts || is_damaged && damage::may_lie_in(page, block) {
                continue;
            }
            let text = page.reading(block.span.clone()).text;
            let opens = !headline && counts_as_beginning(block, begins);
            if !headline {
                grams.words.add(&text, opens);
            }
            if opens {
                grams.symbols.push(START);
            }
            let start = grams.symbols.len();
            grams.symbols.extend(symbols(text.chars()));
            let level = level(&grams.symbols[start..]);
            if headline {
                grams.symbols.push(HEADLINE_END);
            } else {
                begins = ends_sentence(&text) && !block.closed_tail;
                if begins {
                    grams.symbols.push(END);
                }
            }
            grams.blocks.push((level, grams.symbols.len()));
        }
        grams
    }

    /// The level and the symbols of each block.
    fn blocks(&self) -> impl Iterator<Item = (usize, &[Symbol])> {
        let starts = std::iter::once(0).chain(self.blocks.iter().map(|(_, end)| *end));
        starts
            .zip(&self.blocks)
            .map(|(start, (level, end))| (usize::from(*level), &self.symbols[start..*end]))
    }
}

/// Whether a block is counted as the beginning of a paragraph: what stands before it has ended its sentence.
pub fn counts_as_beginning(block: &Block, before_ended: bool) -> bool {
    before_ended && !block.closed_head || block.indented
}

fn level(symbols: &[Symbol]) -> u8 {
    let bytes: Vec<[u8; 2]> = symbols.iter().map(|s| s.to_le_bytes()).collect();
    let share = xxh3_128(bytes.as_flattened()) as u64 as f64 / u64::MAX as f64;
    (share.max(f64::MIN_POSITIVE).ln() / RARER.ln()).min(LEVELS as f64 - 1.0) as u8
}

/// Counts as they come in.
#[derive(Debug)]
pub struct Counting {
    levels: Vec<Vec<u64>>,
    /// Levels below it are full up and forgotten.
    lowest: usize,
    symbols: usize,
    most: usize,
    words: words::Counting,
}

impl Default for Counting {
    fn default() -> Self {
        let words = words::Counting::default();
        Counting {
            levels: vec![Vec::new(); LEVELS],
            lowest: 0,
            symbols: 0,
            most: MOST_SYMBOLS,
            words,
        }
    }
}

impl Counting {
    #[cfg(test)]
    pub(super) fn of_at_most(symbols: usize) -> Self {
        Counting {
            most: symbols,
            ..Counting::default()
        }
    }

    pub fn add(&mut self, grams: &Grams) {
        self.words.add(&grams.words);
        for (level, symbols) in grams.blocks().filter(|(level, _)| *level >= self.lowest) {
            self.levels[level].extend(
                (0..symbols.len()).map(|at| pack(&symbols[at..symbols.len().min(at + ORDER)])),
            );
            self.symbols += symbols.len();
        }
        self.forget();
    }

    /// Takes up what was counted elsewhere.
    pub fn merge(&mut self, other: Counting) {
        self.words.merge(other.words);
        while self.lowest < other.lowest {
            self.forget_lowest();
        }
        for (level, grams) in other.levels.into_iter().enumerate().skip(self.lowest) {
            self.symbols += grams.len();
            self.levels[level].extend(grams);
        }
        self.forget();
    }

    /// Forgets levels until there is room.
    fn forget(&mut self) {
        while self.symbols > self.most && self.lowest + 1 < LEVELS {
            self.forget_lowest();
        }
    }

    fn forget_lowest(&mut self) {
        self.symbols -= std::mem::take(&mut self.levels[self.lowest]).len();
        self.lowest += 1;
    }

    /// The counts as they are kept in a file: the lowest level; of each level how many grams it has, and these, rising,
    /// each as its distance from the one before in groups of seven bits (LEB128).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        push_number(&mut bytes, self.lowest as u64);
        for grams in &self.levels {
            let mut grams = grams.clone();
            grams.sort_unstable();
            push_number(&mut bytes, grams.len() as u64);
            let mut last = 0;
            for gram in grams {
                push_number(&mut bytes, gram - last);
                last = gram;
            }
        }
        self.words.push_bytes(&mut bytes);
        bytes
    }

    /// The counts that the bytes hold, if they are such.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut counting = Counting {
            lowest: take_number(&mut bytes)? as usize,
            ..Counting::default()
        };
        for level in &mut counting.levels {
            let count = take_number(&mut bytes)?;
            let mut last = 0u64;
            for _ in 0..count {
                last = last.checked_add(take_number(&mut bytes)?)?;
                level.push(last);
            }
            counting.symbols += level.len();
        }
        counting.words = words::Counting::take_bytes(&mut bytes)?;
        (bytes.is_empty() && counting.lowest < LEVELS).then_some(counting)
    }

    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|l| l.capacity() * 8).sum::<usize>() + self.words.bytes()
    }

    /// The model of what was counted.
    pub fn model(self) -> Model {
        Model::of(&sorted(self.levels), self.words.words())
    }

    /// The model, ready to be asked.
    pub fn lexicon(self) -> Lexicon {
        Lexicon::from(self.model())
    }
}

/// All grams in order: put apart by their first symbols, then each part sorted, which is small enough for the cache.
pub(super) fn sorted(levels: Vec<Vec<u64>>) -> Vec<u64> {
    let first = |gram: u64| (gram >> (16 * (ORDER - 1))) as usize;
    let mut places = vec![0; 0x10000];
    levels
        .iter()
        .flatten()
        .for_each(|gram| places[first(*gram)] += 1);
    let mut sum = 0;
    for place in &mut places {
        sum += std::mem::replace(place, sum);
    }
    let mut grams = vec![0; sum];
    for gram in levels.into_iter().flatten() {
        let place = &mut places[first(gram)];
        grams[*place] = gram;
        *place += 1;
    }
    grams
        .par_chunk_by_mut(|a, b| first(*a) == first(*b))
        .for_each(<[u64]>::sort_unstable);
    grams
}
