//! A character 4-gram model, smoothed by interpolated Kneser-Ney with three discounts an order (Chen and Goodman 1998),
//! as the sorted lists that are counted and kept in files.

use super::grams::{ORDER, sorted};
use super::symbols::START;
use super::varint::{push_number, take_number};
use crate::lexicon::words::Words;
use xxhash_rust::xxh3::xxh3_64;

/// The first bytes of a file of a lexicon. The last character changes with the format.
const MAGIC: [u8; 16] = *b"jiaokan lexicon3";

/// With more symbols than this, 4-grams that came once are forgotten: three in four, and little is lost with them.
const FORGET_ABOVE: usize = 1_000_000;

/// The n-grams of a text that are kept, by order, each list sorted.
#[derive(Debug, Default)]
pub struct Model {
    /// How many symbols were counted.
    pub(super) symbols: u64,
    /// What is taken off a value of 1, of 2, and of more, by order, and given to n-grams that were not seen.
    pub(super) discounts: [[f32; 3]; ORDER],
    pub(super) entries: [Vec<Entry>; ORDER],
    /// The Latin words.
    pub(super) words: Words,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    /// The symbols, packed.
    pub gram: u64,
    /// How often it came, if it is of the highest order or begins a paragraph; otherwise how many different symbols
    /// came before it, which is the better estimate where nothing longer was seen.
    pub value: u32,
    /// The sum of the values of all n-grams that continue it by one symbol, those forgotten among them.
    pub total: u32,
}

impl Model {
    /// The model of a text's sorted 4-grams and of its words.
    pub(super) fn of(grams: &[u64], words: Words) -> Self {
        let mut model = Model {
            symbols: grams.len() as u64,
            words,
            ..Model::default()
        };
        for order in (1..=ORDER).rev() {
            let mut entries = distinct(grams, order);
            if let Some(longer) = model.entries.get(order) {
                count_what_came_before(&mut entries, longer);
                sum_what_follows(&mut entries, order, longer);
            }
            model.discounts[order - 1] = discounts(&entries);
            model.entries[order - 1] = entries;
        }
        if grams.len() > FORGET_ABOVE {
            model.entries[ORDER - 1].retain(|e| e.value > 1);
        }
        model
    }

    /// The n-grams after which something came, and how much of their totals the discounts leave to the n-grams that are
    /// kept.
    pub(super) fn contexts(&self) -> impl Iterator<Item = (&Entry, f32)> {
        (1..ORDER).flat_map(move |order| {
            let same =
                move |a: &Entry, b: &Entry| beginning(a.gram, order) == beginning(b.gram, order);
            let mut longer = self.entries[order].chunk_by(same).peekable();
            self.entries[order - 1]
                .iter()
                .filter(|e| e.total > 0)
                .map(move |entry| {
                    let follow = longer
                        .next_if(|follow| beginning(follow[0].gram, order) == entry.gram)
                        .unwrap_or(&[]);
                    (
                        entry,
                        follow
                            .iter()
                            .map(|e| e.value as f32 - self.discount(order + 1, e.value))
                            .sum(),
                    )
                })
        })
    }

    pub(super) fn discount(&self, order: usize, value: u32) -> f32 {
        self.discounts[order - 1][value.min(3) as usize - 1].min(value as f32)
    }

    /// The model as bytes (`Parts::to_bytes`).
    pub fn to_bytes(&self) -> Vec<u8> {
        Parts {
            symbols: self.symbols,
            discounts: &self.discounts,
            entries: &self.entries,
            words: &self.words,
        }
        .to_bytes()
    }

    /// The model that the bytes hold.
    ///
    /// # Errors
    /// If they are not a lexicon of this version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        if !bytes.starts_with(&MAGIC) {
            return Err(Malformed::Version);
        }
        Model::checked(bytes).ok_or(Malformed::Damaged)
    }

    fn checked(bytes: &[u8]) -> Option<Self> {
        let (bytes, check) = bytes.split_last_chunk::<8>()?;
        let mut bytes = bytes
            .strip_prefix(&MAGIC)
            .filter(|_| u64::from_le_bytes(*check) == xxh3_64(bytes))?;
        let mut model = Model {
            symbols: take_number(&mut bytes)?,
            ..Model::default()
        };
        for discount in model.discounts.iter_mut().flatten() {
            let (number, rest) = bytes.split_first_chunk::<4>()?;
            *discount = f32::from_le_bytes(*number);
            bytes = rest;
        }
        for (order, entries) in model.entries.iter_mut().enumerate() {
            *entries = take_entries(&mut bytes, order)?;
        }
        model.words = take_words(&mut bytes)?;
        bytes.is_empty().then_some(model)
    }
}

/// The n-grams of an order, which counts from 0, as `push_entries` wrote them.
fn take_entries(bytes: &mut &[u8], order: usize) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut last = 0u64;
    for _ in 0..take_number(bytes)? {
        last = last.checked_add(take_number(bytes)?)?;
        let value = take_number(bytes)?.try_into().ok();
        let value = value.filter(|value| *value > 0)?;
        let total = match order + 1 < ORDER {
            true => take_number(bytes)?.try_into().ok()?,
            false => 0,
        };
        entries.push(Entry {
            gram: last << (16 * (ORDER - order - 1)),
            value,
            total,
        });
    }
    Some(entries)
}

fn push_entries(bytes: &mut Vec<u8>, order: usize, entries: &[Entry]) {
    push_number(bytes, entries.len() as u64);
    let mut last = 0;
    for entry in entries {
        let gram = entry.gram >> (16 * (ORDER - order - 1));
        push_number(bytes, gram - last);
        push_number(bytes, entry.value.into());
        if order + 1 < ORDER {
            push_number(bytes, entry.total.into());
        }
        last = gram;
    }
}

fn take_words(bytes: &mut &[u8]) -> Option<Words> {
    let total = take_number(bytes)?;
    let mut words = Vec::new();
    for _ in 0..take_number(bytes)? {
        let (pair, rest) = bytes.split_first_chunk::<8>()?;
        *bytes = rest;
        words.push((
            u64::from_le_bytes(*pair),
            take_number(bytes)?.try_into().ok()?,
        ));
    }
    Some(Words::from_entries(total, words.into_iter()))
}

/// All that is kept of a model.
pub(super) struct Parts<'m> {
    pub symbols: u64,
    pub discounts: &'m [[f32; 3]; ORDER],
    pub entries: &'m [Vec<Entry>; ORDER],
    pub words: &'m Words,
}

impl Parts<'_> {
    /// The format; the number of symbols and the discounts; for each order its number of n-grams, then the n-grams, rising,
    /// each as its distance from the one before, its value and its total (LEB128); the words in the same way; a checksum.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        push_number(&mut bytes, self.symbols);
        self.discounts
            .iter()
            .flatten()
            .for_each(|d| bytes.extend_from_slice(&d.to_le_bytes()));
        for (order, entries) in self.entries.iter().enumerate() {
            push_entries(&mut bytes, order, entries);
        }
        let words = self.words.entries();
        push_number(&mut bytes, self.words.total());
        push_number(&mut bytes, words.len() as u64);
        for (pair, count) in words {
            bytes.extend_from_slice(&pair.to_le_bytes());
            push_number(&mut bytes, count.into());
        }
        let check = xxh3_64(&bytes);
        bytes.extend_from_slice(&check.to_le_bytes());
        bytes
    }
}

/// Why bytes are not a lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    #[error("no lexicon of this version of jiaokan; make a new one")]
    Version,
    #[error("the lexicon is damaged; make a new one")]
    Damaged,
}

/// The first symbols of an n-gram.
pub(super) fn beginning(gram: u64, symbols: usize) -> u64 {
    gram & u64::MAX << (16 * (ORDER - symbols))
}

/// Every n-gram of an order with its count, in one pass over sorted n-grams.
fn distinct(grams: &[u64], order: usize) -> Vec<Entry> {
    let last_symbol = 0xFFFF << (16 * (ORDER - order));
    let mut entries: Vec<Entry> = Vec::new();
    for gram in grams
        .iter()
        .filter(|gram| *gram & last_symbol != 0)
        .map(|gram| beginning(*gram, order))
    {
        match entries.last_mut().filter(|e| e.gram == gram) {
            Some(entry) => entry.value += 1,
            None => entries.push(Entry {
                gram,
                value: 1,
                total: 0,
            }),
        }
    }
    entries
}

/// Replaces counts by numbers of different symbols before, except for n-grams that begin a paragraph, before which
/// there is nothing.
fn count_what_came_before(entries: &mut [Entry], longer: &[Entry]) {
    let ends = sorted(vec![longer.iter().map(|e| e.gram << 16).collect()]);
    let mut ends = ends.chunk_by(|a, b| a == b).peekable();
    for entry in entries
        .iter_mut()
        .filter(|e| e.gram >> (16 * (ORDER - 1)) != u64::from(START))
    {
        while ends.next_if(|same| same[0] < entry.gram).is_some() {}
        entry.value = ends
            .next_if(|same| same[0] == entry.gram)
            .map_or(1, |same| same.len() as u32);
    }
}

/// Sums for each n-gram the values of those that continue it by one symbol.
fn sum_what_follows(entries: &mut [Entry], order: usize, longer: &[Entry]) {
    let mut longer = longer
        .chunk_by(|a, b| beginning(a.gram, order) == beginning(b.gram, order))
        .peekable();
    for entry in entries {
        let follow = longer.next_if(|same| beginning(same[0].gram, order) == entry.gram);
        entry.total = follow.map_or(0, |same| same.iter().map(|e| e.value).sum());
    }
}

/// The discounts that maximise leave-one-out likelihood, estimated from how many n-grams have the values 1 to 4 (Chen
/// and Goodman 1998); .75 if there are too few to estimate from.
fn discounts(entries: &[Entry]) -> [f32; 3] {
    let mut having = [0f32; 5];
    entries
        .iter()
        .filter(|e| e.value <= 4)
        .for_each(|e| having[e.value as usize] += 1.0);
    if having[1..].iter().any(|n| *n < 20.0) {
        return [0.75; 3];
    }
    let rate = having[1] / (having[1] + 2.0 * having[2]);
    [1, 2, 3].map(|value| {
        let discount = value as f32 - (value + 1) as f32 * rate * having[value + 1] / having[value];
        discount.clamp(0.1, value as f32 - 0.1)
    })
}
