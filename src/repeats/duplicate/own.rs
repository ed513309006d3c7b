//! Whether a document that another contains is a copy by what is its own, or only by what many documents share.

use crate::repeats::method::Held;
use crate::repeats::strict::Sign;
use crate::text::chars::is_wide;

/// A document that is smaller than this, relative to the one that stays, is a part and not a copy: its paragraphs may
/// go.
pub(super) const SMALLEST_COPY: f64 = 0.4;
/// From this many documents on, what they share is boilerplate. Copies that a corpus has by chance are fewer; chosen by
/// eye.
const COMMON: u32 = 8;
/// A document needs so much of its own to go as a part of another, in letters of Chinese: shorter ones are answers, names,
/// formulas that others may say as well. As for paragraphs (`blocks::SHORTEST_PARAGRAPH`).
const SHORTEST: f64 = 60.0;
/// Text that nearly as many documents have as the rest of a page belongs to that page, read so many times; of variants of
/// a form each has fewer. Chosen by eye.
const NEARLY_ALL: f64 = 0.6;

/// A document with its sketch.
#[derive(Clone, Copy)]
pub(super) struct Side<'d> {
    pub signs: &'d [Sign],
    /// Its sketch below the bound that both documents have, rising, and how many documents hold each hash.
    pub held: &'d [Held],
}

/// Whether a document that another contains has enough of its own there, so that it adds nothing to the other. What many
/// share is set aside on both sides.
pub(super) fn stands_in(part: Side, whole: Side) -> bool {
    let common: Vec<u32> = holders(part.held, |held| held.holders >= COMMON);
    let text = weight(part.signs);
    let more = holders(whole.held, |held| {
        part.held
            .binary_search_by_key(&held.hash, |own| own.hash)
            .is_err()
    });
    if text < SHORTEST {
        return false;
    }
    let is_one_page = middle(&more) >= NEARLY_ALL * middle(&common);
    if !common.is_empty() && is_one_page {
        return true;
    }
    let share = |some: usize, all: &[Held]| some as f64 / all.len().max(1) as f64;
    let own = text * (1.0 - share(common.len(), part.held));
    let others = weight(whole.signs) * share(more.len(), whole.held);
    own >= SHORTEST && own >= SMALLEST_COPY * (own + others)
}

/// How many documents hold each of some hashes, rising.
fn holders(held: &[Held], is_meant: impl Fn(&Held) -> bool) -> Vec<u32> {
    let mut holders: Vec<u32> = (held.iter().filter(|held| is_meant(held)))
        .map(|held| held.holders)
        .collect();
    holders.sort_unstable();
    holders
}

fn middle(rising: &[u32]) -> f64 {
    rising.get(rising.len() / 2).copied().map_or(0.0, f64::from)
}

/// How much a text says: its letters, of which an alphabet takes two or three where Chinese takes one.
fn weight(signs: &[Sign]) -> f64 {
    let of = |sign: &Sign| match sign.char() {
        Some(c) if is_wide(c) => 1.0,
        _ => 0.4,
    };
    signs.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repeats::strict::signs;

    /// The first `common` hashes are held by a hundred documents, the others by `others`.
    fn sketch(from: u64, hashes: u64, common: u64, others: u32) -> Vec<Held> {
        let held = |hash| Held {
            hash,
            rank: 0,
            holders: if hash < common { 100 } else { others },
        };
        (from..from + hashes).map(held).collect()
    }

    #[test]
    fn an_answer_under_a_signature_is_no_part_of_a_longer_one() {
        let (part, whole) = (signs(&"灯".repeat(110)), signs(&"灯".repeat(130)));
        let stands_in = |part_of: Vec<Held>, whole_of: Vec<Held>| {
            let part = Side {
                signs: &part,
                held: &part_of,
            };
            let whole = Side {
                signs: &whole,
                held: &whole_of,
            };
            stands_in(part, whole)
        };
        // a hundred letters of a signature, ten of an answer, and twenty more
        assert!(!stands_in(sketch(0, 110, 100, 1), sketch(0, 130, 100, 1)));
        // the same text without a signature
        assert!(stands_in(sketch(0, 110, 0, 1), sketch(0, 130, 0, 1)));
        // a page read a hundred times, and once cut
        assert!(stands_in(sketch(0, 110, 110, 1), sketch(0, 130, 110, 90)));
    }
}
