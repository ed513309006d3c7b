//! Counts the symbols of a run, page by page.
//!
//! The counts are of a sample of blocks (`sample`), at most `MOST_SYMBOLS`.

use super::grams::{ORDER, pack, sorted};
use super::model::Model;
use super::sample::{Blocks, Sample, level};
use super::symbols::{END, HEADLINE_END, START, Symbol, symbols};
use super::words::{self, WordCounts};
use crate::page::{Block, Kind, Page};
use crate::text::sentence::ends_sentence;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// At most this many symbols are counted. 10 million are 30 MB of Chinese; more text of the same kind adds little.
const MOST_SYMBOLS: usize = 10_000_000;

/// The symbols of a page's blocks, from which its n-grams are made, and its words.
#[derive(Debug, Clone, Default)]
pub struct Grams {
    symbols: Blocks<Symbol>,
    words: words::Pairs,
}

impl Grams {
    pub fn of(page: &Page) -> Self {
        let mut grams = Grams::default();
        let mut begins = true; // the first text of a page begins a paragraph
        for block in &page.blocks {
            let headline = block.kind == Kind::Headline;
            let counts = headline || block.is_running_text();
            if !counts || block.damaged {
                continue;
            }
            let text = page.reading(block.span.clone()).text;
            let opens = !headline && counts_as_beginning(block, begins);
            if !headline {
                grams.words.add(&text, opens);
            }
            if opens {
                grams.symbols.items.push(START);
            }
            let start = grams.symbols.items.len();
            grams.symbols.items.extend(symbols(text.chars()));
            let level = level_of(&grams.symbols.items[start..]);
            if headline {
                grams.symbols.items.push(HEADLINE_END);
            } else {
                begins = ends_sentence(&text) && !block.closed_tail;
                if begins {
                    grams.symbols.items.push(END);
                }
            }
            grams.symbols.end(level);
        }
        grams
    }
}

/// Whether a block is counted as the beginning of a paragraph: the text before it has ended its sentence.
pub(crate) fn counts_as_beginning(block: &Block, before_ended: bool) -> bool {
    before_ended && !block.closed_head || block.indented
}

fn level_of(symbols: &[Symbol]) -> u8 {
    let bytes: Vec<[u8; 2]> = symbols.iter().map(|s| s.to_le_bytes()).collect();
    level(xxh3_128(bytes.as_flattened()) as u64)
}

/// The first bytes of counts. The last character changes with the format.
const MAGIC: [u8; 16] = *b"jiaokan counts 2";

/// How often symbols and words came, over a sample of the run. Counts can be made in parts and merged.
#[derive(Debug)]
pub struct Counts {
    grams: Sample,
    words: WordCounts,
}

impl Default for Counts {
    fn default() -> Self {
        Counts {
            grams: Sample::of_at_most(MOST_SYMBOLS),
            words: WordCounts::default(),
        }
    }
}

impl Counts {
    #[cfg(test)]
    pub(super) fn of_at_most(symbols: usize) -> Self {
        Counts {
            grams: Sample::of_at_most(symbols),
            ..Counts::default()
        }
    }

    /// Adds a page.
    pub fn add(&mut self, grams: &Grams) {
        self.words.add(&grams.words);
        for (level, symbols) in grams.symbols.iter() {
            let four = |at: usize| pack(&symbols[at..symbols.len().min(at + ORDER)]);
            self.grams.add(level, (0..symbols.len()).map(four));
        }
        self.grams.forget();
    }

    /// Adds what was counted elsewhere, in whatever order.
    pub fn merge(&mut self, other: Counts) {
        self.grams.merge(other.grams);
        self.words.merge(other.words);
    }

    /// The counts as bytes: the format, the hash of the settings (`Settings::hash`), the counts of symbols, those of words,
    /// a checksum.
    pub fn to_bytes(&self, settings: u64) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&settings.to_le_bytes());
        self.grams.push_bytes(&mut bytes);
        self.words.push_bytes(&mut bytes);
        let check = xxh3_64(&bytes);
        bytes.extend_from_slice(&check.to_le_bytes());
        bytes
    }

    /// The counts that the bytes hold. `None` if they are damaged, or were counted with other settings or by another version.
    pub fn from_bytes(bytes: &[u8], settings: u64) -> Option<Self> {
        let (bytes, check) = bytes.split_last_chunk::<8>()?;
        let rest = bytes.strip_prefix(&MAGIC)?;
        let mut rest = rest.strip_prefix(&settings.to_le_bytes())?;
        if *check != xxh3_64(bytes).to_le_bytes() {
            return None;
        }
        let counts = Counts {
            grams: Sample::take_bytes(&mut rest, MOST_SYMBOLS)?,
            words: WordCounts::take_bytes(&mut rest)?,
        };
        rest.is_empty().then_some(counts)
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.grams.bytes() + self.words.bytes()
    }

    /// The model of what was counted.
    pub fn model(self) -> Model {
        Model::of(&sorted(self.grams.into_levels()), self.words.words())
    }
}
