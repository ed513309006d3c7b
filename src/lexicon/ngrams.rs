//! A model in hash tables, for look-ups.

use super::grams::{ORDER, pack};
use super::model::{Entry, Model};
use super::symbols::Symbol;

/// A model in hash tables, for look-ups.
#[derive(Debug, Default)]
pub(super) struct Ngrams {
    /// The value of each n-gram; for each context the total of what followed it.
    pub values: Table<u32>,
    pub contexts: Table<Context>,
    pub discounts: [[f32; 3]; ORDER],
    /// The probability of a symbol never seen.
    pub unseen: f32,
    pub total: f32,
    pub symbols: usize,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    /// The sum of the values of what follows.
    pub total: f32,
    /// The part of it that the discounts took off, given to what never followed.
    pub left: f32,
}

impl From<&Model> for Ngrams {
    fn from(model: &Model) -> Self {
        /// About as many symbols as Chinese print has.
        const ALPHABET: f32 = 8000.0;
        let mut values = Table::with_capacity(model.entries.iter().map(Vec::len).sum());
        for entry in model.entries.iter().flatten() {
            values.insert(entry.gram, entry.value);
        }
        let contexts = contexts(model);
        let single = || model.entries[0].iter().map(|entry| entry.value);
        let total: f32 = single().map(|value| value as f32).sum();
        let left: f32 = single().map(|value| model.discount(1, value)).sum();
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

fn contexts(model: &Model) -> Table<Context> {
    let mut contexts = Table::with_capacity(model.contexts().count());
    for (entry, kept) in model.contexts() {
        let total = entry.total as f32;
        let left = total - kept;
        contexts.insert(entry.gram, Context { total, left });
    }
    contexts
}

impl Ngrams {
    /// The n-grams as the model lists them.
    pub(super) fn entries(&self) -> [Vec<Entry>; ORDER] {
        let mut entries: [Vec<Entry>; ORDER] = Default::default();
        for (gram, value) in self.values.slots.iter().filter(|slot| slot.0 != 0) {
            let order = ORDER - gram.trailing_zeros() as usize / 16;
            // no sum of values of one order reaches 2^24, up to which f32 has all whole numbers
            let total = self.contexts.get(*gram).map_or(0, |c| c.total as u32);
            entries[order - 1].push(Entry {
                gram: *gram,
                value: *value,
                total,
            });
        }
        for entries in &mut entries {
            entries.sort_unstable_by_key(|entry| entry.gram);
        }
        entries
    }

    /// The probability of a symbol without any context.
    pub(super) fn alone(&self, symbol: Symbol) -> f32 {
        self.unseen + self.discounted(1, self.values.get(pack(&[symbol])).unwrap_or(0)) / self.total
    }

    /// The probability of a symbol after a context, given its probability after a shorter one, and how often the
    /// context was seen; `None` if it was not.
    pub(super) fn after(
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

    /// How much likelier a text becomes by knowing an n-gram: how often it came, times the logarithm of how much
    /// likelier its last symbol is when its first one is known.
    pub(super) fn worth(&self, entry: &Entry, order: usize) -> f32 {
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

/// Numbers by n-gram, in one piece of memory: open addressing with linear probing.
#[derive(Debug)]
pub(super) struct Table<V> {
    /// An n-gram of 0 is an empty slot.
    pub slots: Vec<(u64, V)>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { slots: Vec::new() }
    }
}

impl<V: Copy + Default> Table<V> {
    /// At least one slot stays empty: otherwise the search for a missing n-gram would not end.
    fn with_capacity(entries: usize) -> Self {
        Table {
            slots: vec![(0, V::default()); (entries * 5 / 4 + 1).next_power_of_two()],
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.len() * size_of::<(u64, V)>()
    }

    /// The slot of an n-gram, or the empty one where it would be.
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

    pub(super) fn get(&self, gram: u64) -> Option<V> {
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

    #[test]
    fn a_table_of_any_size_says_what_it_does_not_hold() {
        for entries in 0..40 {
            let mut table = Table::with_capacity(entries);
            (1..=entries as u64).for_each(|gram| table.insert(gram, gram));
            assert!((1..=entries as u64).all(|gram| table.get(gram) == Some(gram)));
            assert_eq!(table.get(u64::MAX), None);
        }
    }
}
