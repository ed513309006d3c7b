//! What the corpus itself says about which characters follow which: counts of character 4-grams over the run.
//!
//! The counts are taken of a sample of blocks, chosen by the hash of their letters, so that neither the order of the
//! input nor the number of threads changes them and a run of gigabytes counts no more than `MOST_SYMBOLS`.

use crate::Error;
use crate::chars::ends_sentence;
use crate::normalise::damage;
use crate::page::{Block, Page};
use crate::shingle::{self, Letter, fold};
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::sync::LazyLock;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A character as the model sees it: a folded letter, a digit as 0, a mark. Never 0.
pub type Symbol = u16;

/// Stands before the first character of a paragraph, and behind the last of one that ends a sentence.
pub const START: Symbol = 1;
pub const END: Symbol = 2;
const SPACE: Symbol = b' ' as Symbol;

/// Characters of context and the character that follows, packed into one word.
const ORDER: usize = 4;
/// Symbols counted at most. 10 million are 30 MB of Chinese; from there more text of the same kind adds little.
const MOST_SYMBOLS: usize = 10_000_000;
/// With more symbols than this, 3-grams and 4-grams that came once are forgotten.
const FORGET_ABOVE: usize = 1_000_000;
/// Taken off every count and given to what was not seen (absolute discounting, Ney, Essen and Kneser 1994).
const DISCOUNT: f32 = 0.75;

/// The symbol of each character of the basic plane; 0 for none.
static SYMBOLS: LazyLock<Box<[Symbol]>> =
    LazyLock::new(|| (0..0x10000).map(|n| char::from_u32(n).and_then(make_symbol).unwrap_or(0)).collect());

/// The symbol of a character; none for white space.
pub fn symbol(c: char) -> Option<Symbol> {
    match SYMBOLS.get(c as usize) {
        Some(symbol) => Some(*symbol).filter(|symbol| *symbol != 0),
        None => make_symbol(c),
    }
}

fn make_symbol(c: char) -> Option<Symbol> {
    let digit = Symbol::from(b'0');
    match c {
        ',' => Some('，' as Symbol),
        ';' => Some('；' as Symbol),
        ':' => Some('：' as Symbol),
        '?' => Some('？' as Symbol),
        '!' => Some('！' as Symbol),
        '(' => Some('（' as Symbol),
        ')' => Some('）' as Symbol),
        _ => match fold(c) {
            Some(letter) if char::from_u32(letter.into()).is_some_and(|c| c.is_ascii_digit()) => Some(digit),
            Some(letter) => Some(letter.max(END + 1)),
            None if c.is_whitespace() || c.is_control() => None,
            None => Letter::try_from(c as u32).ok().filter(|s| *s > END),
        },
    }
}

/// The symbols of characters in a row, forwards or backwards. White space counts between characters that are not wide,
/// once.
pub fn symbols(mut chars: impl Iterator<Item = char>) -> impl Iterator<Item = Symbol> {
    let (mut last, mut held) = (Symbol::MAX, None);
    std::iter::from_fn(move || {
        if held.is_some() {
            return held.take();
        }
        let mut spaced = false;
        let next = loop {
            match symbol(chars.next()?) {
                Some(symbol) => break symbol,
                None => spaced = true,
            }
        };
        let space = spaced && next < 0x250 && last < 0x250;
        last = next;
        held = space.then_some(next);
        Some(if space { SPACE } else { next })
    })
}

/// The symbols of a page's blocks, of which its grams are made, by the level of each block: of the blocks of a level
/// and all above it, the levels above it hold `RARER`.
#[derive(Debug, Clone, Default)]
pub struct Grams {
    symbols: Vec<Symbol>,
    /// The level of each block, and where its symbols end.
    blocks: Vec<(u8, usize)>,
}

const LEVELS: usize = 100;
const RARER: f64 = 0.85;

impl Grams {
    pub fn of(page: &Page) -> Self {
        let mut grams = Grams::default();
        let mut begins = true; // the first text of a page begins a paragraph
        let is_damaged = damage::is_damaged(page);
        let is_sound = |b: &&Block| shingle::is_running_text(b) && !(is_damaged && damage::may_lie_in(page, b));
        for block in page.blocks.iter().filter(is_sound) {
            let text = page.reading(block.span.clone()).text;
            if counts_as_beginning(block, begins) {
                grams.symbols.push(START);
            }
            let start = grams.symbols.len();
            grams.symbols.extend(symbols(text.chars()));
            let level = level(&grams.symbols[start..]);
            begins = ends_sentence(&text) && !block.closed_tail;
            if begins {
                grams.symbols.push(END);
            }
            grams.blocks.push((level, grams.symbols.len()));
        }
        grams
    }

    /// The level and the symbols of each block.
    fn blocks(&self) -> impl Iterator<Item = (usize, &[Symbol])> {
        let starts = std::iter::once(0).chain(self.blocks.iter().map(|(_, end)| *end));
        starts.zip(&self.blocks).map(|(start, (level, end))| (usize::from(*level), &self.symbols[start..*end]))
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

/// Up to `ORDER` symbols in one word, the first in its highest bits.
fn pack(symbols: &[Symbol]) -> u64 {
    (0..ORDER).fold(0, |word, at| word << 16 | u64::from(symbols.get(at).copied().unwrap_or(0)))
}

/// Counts as they come in.
#[derive(Debug)]
pub struct Counting {
    levels: Vec<Vec<u64>>,
    /// Levels below it are full up and forgotten.
    lowest: usize,
    symbols: usize,
    most: usize,
}

impl Default for Counting {
    fn default() -> Self {
        Counting { levels: vec![Vec::new(); LEVELS], lowest: 0, symbols: 0, most: MOST_SYMBOLS }
    }
}

impl Counting {
    pub fn add(&mut self, grams: &Grams) {
        for (level, symbols) in grams.blocks().filter(|(level, _)| *level >= self.lowest) {
            self.levels[level].extend((0..symbols.len()).map(|at| pack(&symbols[at..symbols.len().min(at + ORDER)])));
            self.symbols += symbols.len();
        }
        self.forget();
    }

    /// Takes up what was counted elsewhere.
    pub fn merge(&mut self, other: Counting) {
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
        bytes
    }

    /// The counts that the bytes hold, if they are such.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut counting = Counting { lowest: take_number(&mut bytes)? as usize, ..Counting::default() };
        for level in &mut counting.levels {
            let count = take_number(&mut bytes)?;
            let mut last = 0u64;
            for _ in 0..count {
                last = last.checked_add(take_number(&mut bytes)?)?;
                level.push(last);
            }
            counting.symbols += level.len();
        }
        (bytes.is_empty() && counting.lowest < LEVELS).then_some(counting)
    }

    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|l| l.capacity() * 8).sum()
    }

    /// The model of what was counted.
    pub fn lexicon(self) -> Lexicon {
        let grams = sorted(self.levels);
        let forget = if grams.len() > FORGET_ABOVE { 1 } else { 0 };
        let is_kept = |order: usize, count: Count| order < 3 || count.count > forget;
        let mut kept = 0;
        for_each_count(&grams, |order, _, count| kept += usize::from(is_kept(order, count)));
        let mut table = Table::with_capacity_and_hasher(kept, Default::default());
        for_each_count(&grams, |order, gram, count| {
            if is_kept(order, count) {
                table.insert(gram, count);
            }
        });
        Lexicon { table, symbols: grams.len() }
    }
}

/// All grams in order: put apart by their first symbols, then each part sorted, which is small enough for the cache.
fn sorted(levels: Vec<Vec<u64>>) -> Vec<u64> {
    let first = |gram: u64| (gram >> (16 * (ORDER - 1))) as usize;
    let mut places = vec![0; 0x10000];
    levels.iter().flatten().for_each(|gram| places[first(*gram)] += 1);
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
    grams.par_chunk_by_mut(|a, b| first(*a) == first(*b)).for_each(<[u64]>::sort_unstable);
    grams
}

/// Hands on every n-gram with its order and its count, going once over sorted grams: an n-gram is a beginning of a run
/// of grams.
fn for_each_count(grams: &[u64], mut found: impl FnMut(usize, u64, Count)) {
    let mut open = [Count::default(); ORDER]; // of the beginnings of the last gram, by their length
    let mut last = 0;
    for gram in grams.iter().copied().chain([0]) {
        let shared = (gram ^ last).leading_zeros() as usize / 16;
        for order in shared + 1..=ORDER {
            let count = std::mem::take(&mut open[order - 1]);
            if count.count > 0 {
                found(order, last & (u64::MAX << (16 * (ORDER - order))), count);
            }
        }
        let length = ORDER - gram.trailing_zeros() as usize / 16;
        for order in 1..=length {
            let count = &mut open[order - 1];
            count.count += 1;
            count.follows += u32::from(order < length);
            count.kinds += u32::from(order < length && shared <= order);
        }
        last = gram;
    }
}

fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// How often an n-gram came, how often something followed it, and how many different symbols did.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    count: u32,
    follows: u32,
    kinds: u32,
}

type Table = HashMap<u64, Count, BuildHasherDefault<Mixed>>;

/// A hasher for what is a number already: one multiplication spreads it.
#[derive(Default)]
pub struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only whole words are hashed");
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (word ^ word >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 29;
    }
}

/// What a file of a lexicon begins with. The last character changes with the format.
const MAGIC: [u8; 16] = *b"jiaokan lexicon1";

/// A character 4-gram model, smoothed by interpolated absolute discounting.
#[derive(Debug, Default)]
pub struct Lexicon {
    table: Table,
    symbols: usize,
}

impl Lexicon {
    /// Writes the model to a file: what it is, its symbols, its grams in order, and a checksum.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(self.symbols as u64).to_le_bytes());
        let mut entries: Vec<(&u64, &Count)> = self.table.iter().collect();
        entries.sort_unstable_by_key(|(gram, _)| **gram);
        for (gram, Count { count, follows, kinds }) in entries {
            bytes.extend_from_slice(&gram.to_le_bytes());
            [count, follows, kinds].iter().for_each(|n| bytes.extend_from_slice(&n.to_le_bytes()));
        }
        let check = xxh3_64(&bytes);
        bytes.extend_from_slice(&check.to_le_bytes());
        std::fs::write(path, bytes).map_err(|e| Error::Output(path.to_path_buf(), e))
    }

    /// Reads a model that `write` wrote.
    pub fn read(path: &Path) -> Result<Self, Error> {
        const ENTRY: usize = 20;
        let refuse = |why: String| Error::Input(path.display().to_string(), why);
        let bytes = std::fs::read(path).map_err(|e| refuse(e.to_string()))?;
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        let Some((bytes, check)) = bytes.split_last_chunk::<8>().filter(|(bytes, _)| bytes.starts_with(&MAGIC)) else {
            return Err(refuse("no lexicon of this version of jiaokan; make it anew".into()));
        };
        let entries = bytes.get(MAGIC.len() + 8..).unwrap_or_default();
        if word(check) != xxh3_64(bytes) || entries.len() % ENTRY != 0 {
            return Err(refuse("the lexicon is damaged; make it anew".into()));
        }
        let number = |entry: &[u8], at: usize| u32::from_le_bytes(entry[at..at + 4].try_into().expect("four bytes"));
        let entry = |entry: &[u8]| {
            let count = Count { count: number(entry, 8), follows: number(entry, 12), kinds: number(entry, 16) };
            (word(&entry[..8]), count)
        };
        let symbols = word(&bytes[MAGIC.len()..MAGIC.len() + 8]) as usize;
        Ok(Lexicon { table: entries.chunks_exact(ENTRY).map(entry).collect(), symbols })
    }

    /// How many symbols it was counted over.
    pub fn symbols(&self) -> usize {
        self.symbols
    }

    /// Bytes that the table holds.
    pub fn bytes(&self) -> usize {
        self.table.capacity() * (size_of::<(u64, Count)>() + 1)
    }

    /// The natural logarithm of the probability of a symbol after a context, of which the last three count.
    pub fn log_probability(&self, context: &[Symbol], symbol: Symbol) -> f32 {
        self.probability(context, symbol, 0).ln()
    }

    /// The same, as it would be had the beginning of one paragraph, which goes like this, not been counted.
    pub fn log_probability_without_one(&self, context: &[Symbol], symbol: Symbol) -> f32 {
        self.probability(context, symbol, 1).ln()
    }

    /// `without` is taken off the counts of what follows a beginning.
    fn probability(&self, context: &[Symbol], symbol: Symbol, without: u32) -> f32 {
        /// As many symbols as Chinese print has, about.
        const ALPHABET: f32 = 8000.0;
        let context = &context[context.len().saturating_sub(ORDER - 1)..];
        let mut probability = {
            let seen = self.count(&[symbol]).count as f32;
            (seen + 0.5) / (self.symbols as f32 + 0.5 * ALPHABET)
        };
        let mut gram = [0; ORDER];
        for start in (0..context.len()).rev() {
            let known = &context[start..];
            let without = if known[0] == START { without } else { 0 };
            gram[..known.len()].copy_from_slice(known);
            gram[known.len()] = symbol;
            let before = self.count(known);
            let times = self.count(&gram[..known.len() + 1]).count;
            let follows = before.follows.saturating_sub(without) as f32;
            if follows == 0.0 {
                break;
            }
            let kinds = before.kinds - if times == without { without.min(before.kinds) } else { 0 };
            let seen = times.saturating_sub(without) as f32;
            probability = (seen - DISCOUNT).max(0.0) / follows + DISCOUNT * kinds as f32 / follows * probability;
        }
        probability
    }

    fn count(&self, gram: &[Symbol]) -> Count {
        self.table.get(&pack(gram)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;

    fn lexicon(texts: &[&str]) -> Lexicon {
        let mut counting = Counting::default();
        for text in texts {
            let mut page = Page::new("p", *text);
            segment(&mut page);
            counting.add(&Grams::of(&page));
        }
        counting.lexicon()
    }

    #[test]
    fn what_was_seen_is_likelier() {
        let lexicon = lexicon(&["灯塔点亮了灯塔。\n灯塔在江边。", "江边的灯塔很高。"]);
        let [lamp, tower, river] = ['灯', '塔', '江'].map(|c| symbol(c).unwrap());
        assert!(lexicon.log_probability(&[lamp], tower) > lexicon.log_probability(&[river], tower) + 1.0);
        assert!(lexicon.log_probability(&[START], lamp) > lexicon.log_probability(&[START], tower) + 1.0);
        assert!(lexicon.log_probability(&[], tower) > lexicon.log_probability(&[], symbol('鲸').unwrap()));
    }

    #[test]
    fn what_was_never_seen_gets_the_discount_and_no_more() {
        let lexicon = lexicon(&["灯塔点亮了灯塔。\n灯塔在江边。", "江边的灯塔很高。"]);
        let context = [symbol('灯').unwrap()];
        let seen: f32 =
            "灯塔点亮了在江边的很高。".chars().map(|c| lexicon.probability(&context, symbol(c).unwrap(), 0)).sum();
        assert!((0.8..1.0).contains(&seen), "{seen}");
    }

    #[test]
    fn the_sample_depends_on_no_order() {
        let texts: Vec<String> =
            (0..200).map(|n| format!("第{n}号灯塔在{}江边的第{n}里。", "长".repeat(n % 7))).collect();
        let grams: Vec<Grams> = texts
            .iter()
            .map(|t| {
                let mut page = Page::new("p", t.as_str());
                segment(&mut page);
                Grams::of(&page)
            })
            .collect();
        let count = |grams: &mut dyn Iterator<Item = &Grams>| {
            let mut counting = Counting { most: 1000, ..Counting::default() };
            grams.for_each(|g| counting.add(g));
            let lexicon = counting.lexicon();
            (lexicon.symbols, lexicon.table.len())
        };
        let forward = count(&mut grams.iter());
        assert_eq!(forward, count(&mut grams.iter().rev()));
        assert!(forward.0 <= 1000 && forward.0 > 0);
    }
}
