//! How likely a text is, by the lexicon of the run and the one that ships.

use super::Likely;
use crate::lexicon::{Copies, LeftOut};
use crate::page::edit::Span;
use crate::repeats::strict::{Gap, Sign};

/// The lexicon of the run, and below it the one that ships.
impl Likely for crate::lexicon::Lexicon {
    fn fit(&self, text: &[Sign], at: Span) -> f32 {
        /// The usual negative log probability of a symbol of running text; chosen by eye.
        const COMMON: f32 = 5.0;
        /// Symbols of context, and symbols after the span; chosen by eye.
        const AROUND: usize = 3;
        let comma = crate::lexicon::symbol('，').expect("a comma is a symbol");
        let before = at.start.saturating_sub(AROUND + 1);
        let after = (at.end + AROUND).min(text.len());
        let (mut symbols, mut from) = (Vec::with_capacity(after - before + 4), 0);
        for (place, sign) in text[before..after].iter().enumerate() {
            let place = before + place;
            if place == at.start {
                from = symbols.len();
            }
            if sign.gap() >= Gap::Mark && place > before {
                symbols.push(comma);
            }
            let symbol = sign.char().and_then(crate::lexicon::symbol);
            if let Some(symbol) = symbol.filter(|s| symbols.last() != Some(s) || !sign.is_digit()) {
                symbols.push(symbol);
            }
        }
        if at.start >= after {
            from = symbols.len();
        }
        // the text itself was counted, and so was what comes before the place in the other text
        let log_probability = |at: usize| {
            let without = LeftOut::Copies(Copies {
                gram: 1,
                context: if at == from { 2 } else { 1 },
            });
            self.log_probability_without(without, &symbols[..at], symbols[at])
        };
        (from..symbols.len())
            .map(|at| log_probability(at).max(-16.0) + COMMON)
            .sum()
    }

    fn is_word(&self, word: &str) -> bool {
        /// A word must occur this often in the run, besides the two texts that are compared, to be one.
        const OFTEN: u32 = 8;
        crate::text::english::rank(word).is_some()
            || self.words.count(crate::lexicon::words::word(word)) >= OFTEN
    }

    fn look_alike(&self, one: char, other: char) -> bool {
        crate::text::lookalikes::look_alike(one, other)
    }
}
