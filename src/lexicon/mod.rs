//! What the corpus itself says about which characters follow which: a character 4-gram model counted over the run.

mod counting;
pub mod varint;
pub mod words;
mod model;
mod sample;

pub use counting::{Counting, Grams, counts_as_beginning};
pub use model::{Malformed, Model};

use crate::lexicon::words::Words;
use crate::text::letters::{Letter, fold};
use std::sync::{LazyLock, OnceLock};

/// A character as the model sees it: a folded letter, a digit as 0, a mark. Never 0.
pub type Symbol = u16;

/// Stands before the first character of a paragraph, and behind the last of one that ends a sentence.
pub const START: Symbol = 1;
pub const END: Symbol = 2;
/// Stands behind the last character of a headline.
pub const HEADLINE_END: Symbol = 3;
const SPACE: Symbol = b' ' as Symbol;

/// The symbol of each character of the basic plane; 0 for none.
static SYMBOLS: LazyLock<Box<[Symbol]>> = LazyLock::new(|| {
    (0..0x10000)
        .map(|n| char::from_u32(n).and_then(make_symbol).unwrap_or(0))
        .collect()
});

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
            Some(letter) if char::from_u32(letter.into()).is_some_and(|c| c.is_ascii_digit()) => {
                Some(digit)
            }
            Some(letter) => Some(letter.max(HEADLINE_END + 1)),
            None if c.is_whitespace() || c.is_control() => None,
            None => Letter::try_from(c as u32)
                .ok()
                .filter(|s| *s > HEADLINE_END),
        },
    }
}

/// The symbols of characters in a row, forwards or backwards. A number counts as one digit; white space counts between
/// characters that are not wide, once.
pub fn symbols(mut chars: impl Iterator<Item = char>) -> impl Iterator<Item = Symbol> {
    const DIGIT: Symbol = b'0' as Symbol;
    let (mut last, mut held) = (Symbol::MAX, None);
    std::iter::from_fn(move || {
        if held.is_some() {
            return held.take();
        }
        let mut spaced = false;
        let next = loop {
            match symbol(chars.next()?) {
                Some(DIGIT) if last == DIGIT && !spaced => {}
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

/// Up to `ORDER` symbols in one word, the first in its highest bits.
fn pack(symbols: &[Symbol]) -> u64 {
    (0..ORDER).fold(0, |word, at| {
        word << 16 | u64::from(symbols.get(at).copied().unwrap_or(0))
    })
}

/// Symbols of an n-gram at most: three of context and the one that follows.
const ORDER: usize = 4;

/// Which symbol comes after which: what the run says, and below it what other text says.
#[derive(Debug, Default)]
pub struct Lexicon {
    own: Ngrams,
    prior: Option<&'static Ngrams>,
    /// Made when it is first asked.
    familiar: OnceLock<Familiar>,
    /// The Latin words.
    pub words: Words,
}

impl From<Model> for Lexicon {
    fn from(model: Model) -> Self {
        let prior = (model.symbols < ENOUGH as u64).then(|| &*PRIOR);
        Lexicon {
            own: Ngrams::from(&model),
            prior,
            familiar: OnceLock::new(),
            words: model.words,
        }
    }
}

/// The model that ships with the program, for runs too small to teach: the n-grams that tell most of broadcast news
/// (2022 to 2026) and encyclopedia, as `make prior` counts them.
static PRIOR: LazyLock<Ngrams> = LazyLock::new(|| {
    let bytes = include_bytes!("../../data/tables/prior.lexicon");
    Ngrams::from(&Model::from_bytes(bytes).expect("make prior wrote the file, and tests read it"))
});

/// The least natural logarithm of a probability.
const LEAST: f32 = -20.0;

/// A run of more symbols teaches better than other text does.
const ENOUGH: usize = 3_000_000;

impl Lexicon {
    /// The lexicon that ships with jiaokan, for text that comes without a run.
    pub fn shipped() -> &'static Lexicon {
        static SHIPPED: LazyLock<Lexicon> = LazyLock::new(|| Counting::default().lexicon());
        &SHIPPED
    }

    /// How many symbols of the run it was counted over.
    pub fn symbols(&self) -> usize {
        self.own.symbols
    }

    /// Bytes that the tables hold.
    pub fn bytes(&self) -> usize {
        self.own.values.bytes() + self.own.contexts.bytes() + self.words.bytes()
    }

    /// The natural logarithm of the probability of a symbol after a context, of which the last three count.
    pub fn log_probability(&self, context: &[Symbol], symbol: Symbol) -> f32 {
        self.log_probability_without(Without::Nothing, context, symbol)
    }

    /// The same, as if something of the run had not been counted.
    pub fn log_probability_without(
        &self,
        without: Without,
        context: &[Symbol],
        symbol: Symbol,
    ) -> f32 {
        let once = |yes: bool| u32::from(yes);
        match without {
            Without::Nothing => self.probability(context, symbol, |_| 0).ln(),
            Without::ThisText { before } => self
                .probability(context, symbol, |known| once(known.len() >= before))
                .ln(),
            Without::ThisBeginning => self
                .probability(context, symbol, |known| once(known[0] == START))
                .ln(),
            Without::Copies(copies) => {
                let context = &context[context.len().saturating_sub(ORDER - 1)..];
                let gone = self.gone_with(copies, context, symbol);
                // what the copies alone had may be left without any probability
                self.probability_without(context, symbol, |known| gone[known.len()])
                    .ln()
                    .max(LEAST)
            }
        }
    }

    /// How often three symbols in a row were seen in the run, and how often in the text of the prior.
    pub fn count(&self, three: [Symbol; 3]) -> [u32; 2] {
        let count = |ngrams: &Ngrams| {
            ngrams
                .contexts
                .get(pack(&three))
                .map_or(0, |context| context.total as u32)
        };
        [count(&self.own), self.prior.map_or(0, count)]
    }

    /// What is often seen.
    pub fn familiar(&self) -> &Familiar {
        self.familiar
            .get_or_init(|| Familiar::of(std::iter::once(&self.own).chain(self.prior)))
    }

    /// By the length of the context: what goes with copies of a passage off the count of the symbol after it, and off all
    /// that followed it.
    fn gone_with(&self, copies: Copies, context: &[Symbol], symbol: Symbol) -> [(u32, u32); ORDER] {
        // of shorter n-grams it was counted what came before them: that goes with the last that had it
        let mut without = [(0, 0); ORDER];
        let is_longest = context.len() + 1 == ORDER;
        let mut gone = if is_longest {
            copies.gram
        } else {
            copies.gram.min(1)
        };
        for start in 0..context.len() {
            let order = context.len() - start + 1;
            let total = if order == ORDER { copies.context } else { gone };
            without[order - 1] = (gone, total);
            let gram = pack(&context[start..]) | u64::from(symbol) << (16 * (ORDER - order));
            gone = u32::from(gone > 0 && self.own.values.get(gram).unwrap_or(0) <= gone);
        }
        without
    }

    /// The natural logarithm of how much likelier a symbol is before these three than anywhere: far below 0 where they
    /// were seen often and always behind others, as 十届 is behind 二. One time that they were seen, on the page itself,
    /// does not count.
    pub fn log_lift_before(&self, symbol: Symbol, behind: &[Symbol]) -> f32 {
        let Some([first, second, third]) = behind.first_chunk().copied() else {
            return 0.0;
        };
        let behind = pack(&[first, second, third]);
        let (mut seen, mut total, mut kinds) = (0.0, -1.0, 1.0f32);
        for ngrams in std::iter::once(&self.own).chain(self.prior) {
            let Some(context) = ngrams.contexts.get(behind) else {
                continue;
            };
            seen += ngrams
                .values
                .get(pack(&[symbol, first, second, third]))
                .unwrap_or(0) as f32;
            total += context.total;
            kinds = kinds.max(ngrams.values.get(behind).unwrap_or(1) as f32);
        }
        if total <= 0.0 {
            return 0.0;
        }
        let discount = self.own.discounts[ORDER - 1][0];
        let never = (discount * kinds / total).min(1.0);
        ((seen - discount).max(0.0) / total / self.probability(&[], symbol, |_| 0) + never).ln()
    }

    /// `without` says how often, of the times that a context was seen, it does not count.
    fn probability(
        &self,
        context: &[Symbol],
        symbol: Symbol,
        without: impl Fn(&[Symbol]) -> u32,
    ) -> f32 {
        self.probability_without(context, symbol, |known| (without(known), without(known)))
    }

    /// `without` says of a context what is taken off the count of the symbol behind it, and off all that followed it. The
    /// prior counts as so many symbols more after a context that it knows (maximum a posteriori adaptation, Bacchiani and
    /// Roark 2003).
    fn probability_without(
        &self,
        context: &[Symbol],
        symbol: Symbol,
        without: impl Fn(&[Symbol]) -> (u32, u32),
    ) -> f32 {
        /// Of 1, 4, 16, 32 and 64 what joins best on pages alone and does no harm to runs of a hundred.
        const WEIGHT: f32 = 32.0;
        const WEIGHT_ALONE: f32 = 10_000.0;
        let mix = |own: f32, seen: f32, prior: f32, weight: f32| {
            (own * seen + prior * weight) / (seen + weight)
        };
        let context = &context[context.len().saturating_sub(ORDER - 1)..];
        let mut probability = self.own.alone(symbol);
        let mut prior = 0.0;
        if let Some(below) = self.prior {
            prior = below.alone(symbol);
            probability = mix(probability, self.own.total, prior, WEIGHT_ALONE);
        }
        for start in (0..context.len()).rev() {
            let known = &context[start..];
            let below = self
                .prior
                .and_then(|p| p.after(known, symbol, prior, (0, 0)))
                .map(|(p, _)| p);
            prior = below.unwrap_or(prior);
            probability = match (
                self.own.after(known, symbol, probability, without(known)),
                below,
            ) {
                (Some((own, seen)), Some(below)) => mix(own, seen, below, WEIGHT),
                (Some((own, _)), None) => own,
                (None, Some(below)) => below,
                (None, None) => break,
            };
        }
        probability
    }
}

/// What is left out where the lexicon is asked about text that was itself counted.
#[derive(Debug, Clone, Copy)]
pub enum Without {
    Nothing,
    /// One text that the symbol is part of, with at least this many symbols before it.
    ThisText {
        before: usize,
    },
    /// The beginning of one paragraph, which goes like this.
    ThisBeginning,
    /// Copies of a passage, so that they do not vote twice.
    Copies(Copies),
}

/// Copies of a passage that were counted: those that have an n-gram, and those that have all of it but its last symbol.
#[derive(Debug, Clone, Copy, Default)]
pub struct Copies {
    pub gram: u32,
    pub context: u32,
}

/// A model laid out to be asked.
#[derive(Debug, Default)]
struct Ngrams {
    /// By n-gram its value; by context what is needed of all that followed it.
    values: Table<u32>,
    contexts: Table<Context>,
    discounts: [[f32; 3]; ORDER],
    /// The probability of a symbol never seen.
    unseen: f32,
    total: f32,
    symbols: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Context {
    /// The sum of the values of what follows.
    total: f32,
    /// The part of it that the discounts took off, to be given to what never followed.
    left: f32,
}

impl From<&Model> for Ngrams {
    fn from(model: &Model) -> Self {
        /// As many symbols as Chinese print has, about.
        const ALPHABET: f32 = 8000.0;
        let mut values = Table::with_capacity(model.entries.iter().map(Vec::len).sum());
        model
            .entries
            .iter()
            .flatten()
            .for_each(|e| values.insert(e.gram, e.value));
        let mut contexts = Table::with_capacity(model.contexts().count());
        for (entry, kept) in model.contexts() {
            contexts.insert(
                entry.gram,
                Context {
                    total: entry.total as f32,
                    left: entry.total as f32 - kept,
                },
            );
        }
        let total: f32 = model.entries[0].iter().map(|e| e.value as f32).sum();
        let left: f32 = model.entries[0]
            .iter()
            .map(|e| model.discount(1, e.value))
            .sum();
        Ngrams {
            values,
            contexts,
            discounts: model.discounts,
            unseen: (left + 0.5) / (total + 0.5) / ALPHABET,
            total: total.max(1.0),
            symbols: model.symbols as usize,
        }
    }
}

impl Ngrams {
    /// The probability of a symbol after nothing known.
    fn alone(&self, symbol: Symbol) -> f32 {
        self.unseen + self.discounted(1, self.values.get(pack(&[symbol])).unwrap_or(0)) / self.total
    }

    /// The probability of a symbol after a context, given its probability after a shorter one, and how much was seen
    /// after the context; none where nothing was.
    fn after(
        &self,
        context: &[Symbol],
        symbol: Symbol,
        shorter: f32,
        without: (u32, u32),
    ) -> Option<(f32, f32)> {
        let (without, without_total) = without;
        let order = context.len() + 1;
        let before = pack(context);
        let Context { total, left } = self.contexts.get(before)?;
        let value = self
            .values
            .get(before | u64::from(symbol) << (16 * (ORDER - order)))
            .unwrap_or(0);
        let total = total - without_total as f32;
        if total <= 0.0 {
            return None;
        }
        let goes = without > 0 && value <= without;
        let left = left
            - if goes {
                self.discounts[order - 1][value.clamp(1, 3) as usize - 1]
            } else {
                0.0
            };
        let seen = self.discounted(order, value.saturating_sub(without));
        Some(((seen + left.max(0.0) * shorter) / total, total))
    }

    /// How much likelier a text becomes by knowing an n-gram: how often it came, times the logarithm of how much likelier
    /// its last symbol is with its first one known.
    fn worth(&self, entry: &model::Entry, order: usize) -> f32 {
        let symbols = [48, 32, 16, 0].map(|shift| (entry.gram >> shift) as Symbol);
        let (context, last) = (&symbols[..order - 1], symbols[order - 1]);
        let probability = |context: &[Symbol]| {
            (0..context.len())
                .rev()
                .fold(self.alone(last), |shorter, start| {
                    self.after(&context[start..], last, shorter, (0, 0))
                        .map_or(shorter, |(probability, _)| probability)
                })
        };
        entry.value as f32
            * (probability(context) / probability(&context[1..]))
                .ln()
                .abs()
    }

    fn discounted(&self, order: usize, value: u32) -> f32 {
        if value == 0 {
            0.0
        } else {
            value as f32 - self.discounts[order - 1][value.min(3) as usize - 1]
        }
    }
}

/// Times that three symbols in a row must have been seen to be no chance and no error.
pub const OFTEN: u32 = 8;

/// The n-grams of three symbols that are often seen, in so little memory that to ask for one costs next to nothing: of
/// those that would have one slot, the last has it, and is known there by 16 bits.
#[derive(Debug)]
pub struct Familiar {
    slots: Box<[u16]>,
}

impl Familiar {
    const SLOTS: usize = 1 << 20;

    fn of<'a>(ngrams: impl Iterator<Item = &'a Ngrams>) -> Self {
        let mut slots = vec![0; Familiar::SLOTS].into_boxed_slice();
        for (gram, context) in ngrams.flat_map(|n| &n.contexts.slots) {
            let is_three = gram & 0xFFFF == 0 && gram >> 16 & 0xFFFF != 0;
            if is_three && context.total >= OFTEN as f32 {
                let (slot, mark) = Familiar::place(*gram);
                slots[slot] = mark;
            }
        }
        Familiar { slots }
    }

    /// Whether three symbols in a row are.
    #[inline]
    pub fn holds(&self, first: Symbol, second: Symbol, third: Symbol) -> bool {
        let (slot, mark) = Familiar::place(
            u64::from(first) << 48 | u64::from(second) << 32 | u64::from(third) << 16,
        );
        self.slots[slot] == mark
    }

    /// The slot of an n-gram, and what it is known by there, which is not 0.
    fn place(gram: u64) -> (usize, u16) {
        let mixed = (gram >> 16).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (
            (mixed >> (64 - Familiar::SLOTS.ilog2())) as usize,
            (mixed >> 28) as u16 | 1,
        )
    }
}

/// Numbers by n-gram, in one piece of memory: open addressing with linear probing.
#[derive(Debug)]
struct Table<V> {
    /// An n-gram of 0 is an empty slot.
    slots: Vec<(u64, V)>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { slots: Vec::new() }
    }
}

impl<V: Copy + Default> Table<V> {
    /// One slot more than `entries` at least: where none is empty, the search for what is missing has no end.
    fn with_capacity(entries: usize) -> Self {
        Table {
            slots: vec![(0, V::default()); (entries * 5 / 4 + 1).next_power_of_two()],
        }
    }

    fn bytes(&self) -> usize {
        self.slots.len() * size_of::<(u64, V)>()
    }

    /// Where an n-gram stands, or would.
    fn place(&self, gram: u64) -> usize {
        let mixed = (gram ^ gram >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (mixed ^ mixed >> 29) as usize & (self.slots.len() - 1);
        while self.slots[at].0 != gram && self.slots[at].0 != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    fn insert(&mut self, gram: u64, value: V) {
        let at = self.place(gram);
        self.slots[at] = (gram, value);
    }

    fn get(&self, gram: u64) -> Option<V> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = &self.slots[self.place(gram)];
        (slot.0 == gram).then_some(slot.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;
    use crate::segment::segment;

    #[test]
    fn a_table_of_any_size_says_what_it_does_not_hold() {
        for entries in 0..40 {
            let mut table = Table::with_capacity(entries);
            (1..=entries as u64).for_each(|gram| table.insert(gram, gram));
            assert!((1..=entries as u64).all(|gram| table.get(gram) == Some(gram)));
            assert_eq!(table.get(u64::MAX), None);
        }
    }

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
        assert!(
            lexicon.log_probability(&[lamp], tower)
                > lexicon.log_probability(&[river], tower) + 1.0
        );
        assert!(
            lexicon.log_probability(&[START], lamp)
                > lexicon.log_probability(&[START], tower) + 1.0
        );
        assert!(
            lexicon.log_probability(&[], tower)
                > lexicon.log_probability(&[], symbol('鲸').unwrap())
        );
    }

    #[test]
    fn what_was_never_seen_gets_the_discount_and_no_more() {
        let lexicon = Lexicon {
            prior: None,
            ..lexicon(&["灯塔点亮了灯塔。\n灯塔在江边。", "江边的灯塔很高。"])
        };
        let context = [symbol('灯').unwrap()];
        let seen: f32 = "灯塔点亮了在江边的很高。"
            .chars()
            .map(|c| lexicon.probability(&context, symbol(c).unwrap(), |_| 0))
            .sum();
        assert!((0.8..1.0).contains(&seen), "{seen}");
    }

    #[test]
    fn the_sample_depends_on_no_order() {
        let texts: Vec<String> = (0..200)
            .map(|n| format!("第{n}号灯塔在{}江边的第{n}里。", "长".repeat(n % 7)))
            .collect();
        let grams: Vec<Grams> = texts
            .iter()
            .map(|t| {
                let mut page = Page::new("p", t.as_str());
                segment(&mut page);
                Grams::of(&page)
            })
            .collect();
        let count = |grams: &mut dyn Iterator<Item = &Grams>| {
            let mut counting = Counting::of_at_most(1000);
            grams.for_each(|g| counting.add(g));
            let lexicon = counting.lexicon();
            (
                lexicon.symbols(),
                lexicon.own.values.slots.iter().filter(|s| s.0 != 0).count(),
            )
        };
        let forward = count(&mut grams.iter());
        assert_eq!(forward, count(&mut grams.iter().rev()));
        assert!(forward.0 <= 1000 && forward.0 > 0);
    }
}
