//! How much of one text stands in another: the exact measure that candidates must pass.

use crate::shingle::{Letter, shingles};
use std::collections::HashMap;

/// Letters in a row by which a place in the other text is found again.
const ANCHOR: usize = 6;
/// Letters that must agree behind a difference, for the two texts to go on together.
const AGREE: usize = 3;
/// Letters that a difference may have on either side.
const LONGEST_DIFFERENCE: usize = 6;

/// For each of two texts the share of its letters that stand in the other in runs: each run goes on over small
/// differences (a wrong letter, one too many, one too few), and begins where `ANCHOR` letters agree. Runs may stand in
/// any order; a letter counts once. From 0 to 1; 0 for texts without letters.
///
/// A greedy alignment between anchors, as genome aligners extend their seeds (MUMmer: Delcher et al., Nucleic Acids
/// Research 1999); its cost grows with the sum of the two lengths.
pub fn overlap(a: &[Letter], b: &[Letter]) -> [f64; 2] {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let matched = Anchors::of(long).matched(short) as f64;
    [a, b].map(|text| matched / text.len().max(1) as f64)
}

/// A text, and where each of its shingles stands first.
pub struct Anchors<'t> {
    text: &'t [Letter],
    first: HashMap<u64, u32, std::hash::BuildHasherDefault<crate::lexicon::Mixed>>,
}

impl<'t> Anchors<'t> {
    pub fn of(text: &'t [Letter]) -> Self {
        let mut first = HashMap::with_capacity_and_hasher(text.len(), Default::default());
        for (hash, at) in shingles(text, ANCHOR).zip(0..) {
            first.entry(hash).or_insert(at);
        }
        Anchors { text, first }
    }

    /// How many letters of the other text stand here in runs.
    pub fn matched(&self, other: &[Letter]) -> usize {
        let hashes: Vec<u64> = shingles(other, ANCHOR).collect();
        let (mut at, mut matched) = (0, 0);
        while at < hashes.len() {
            let Some(here) = self.first.get(&hashes[at]) else {
                at += 1;
                continue;
            };
            let (letters, equal) = run(&self.text[*here as usize..], &other[at..]);
            matched += equal;
            at += letters.max(1);
        }
        matched
    }
}

/// Goes along two texts from where they agree: how many letters of the other text the run takes, and how many of them
/// are equal.
fn run(text: &[Letter], other: &[Letter]) -> (usize, usize) {
    let (mut i, mut j, mut equal) = (0, 0, 0);
    loop {
        let same = text[i..].iter().zip(&other[j..]).take_while(|(a, b)| a == b).count();
        (i, j, equal) = (i + same, j + same, equal + same);
        match behind_difference(&text[i..], &other[j..]) {
            Some((left, right)) => (i, j) = (i + left, j + right),
            None => return (j, equal),
        }
    }
}

/// The smallest difference behind which both texts agree again, in letters of each.
fn behind_difference(text: &[Letter], other: &[Letter]) -> Option<(usize, usize)> {
    let agree = |left: usize, right: usize| {
        let (a, b) = (text.get(left..left + AGREE)?, other.get(right..right + AGREE)?);
        (a == b).then_some((left, right))
    };
    (1..=2 * LONGEST_DIFFERENCE).find_map(|size| {
        // a wrong letter is likelier than one too many
        let middle = size / 2;
        (0..=middle).find_map(|off| {
            let (few, many) = (middle - off, size - (middle - off));
            let small = many <= LONGEST_DIFFERENCE;
            small.then(|| agree(few, many).or_else(|| agree(many, few))).flatten()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(range: std::ops::Range<u16>) -> Vec<Letter> {
        range.map(|n| n.wrapping_mul(7919) | 1).collect()
    }

    #[test]
    fn differences_cost_their_letters_and_no_more() {
        let whole = text(0..200);
        let mut other = whole.clone();
        other[50] = 2; // wrong
        other.remove(90); // too few
        other.insert(130, 4); // too many
        assert_eq!(overlap(&whole, &other), [0.99; 2]);
    }

    #[test]
    fn parts_may_stand_in_another_order() {
        assert_eq!(overlap(&text(0..200), &[text(100..200), text(0..100)].concat()), [1.0; 2]);
    }

    #[test]
    fn a_part_stands_whole_in_the_text_it_was_taken_from() {
        assert_eq!(overlap(&text(0..300), &text(20..80)), [0.2, 1.0]);
        assert_eq!(overlap(&text(0..300), &text(400..460)), [0.0; 2]);
        let [_, half] = overlap(&text(0..300), &[text(20..80), text(400..460)].concat());
        assert!((half - 0.5).abs() < 0.05, "{half}");
    }

    #[test]
    fn short_and_empty_texts_are_data_too() {
        assert_eq!(overlap(&[], &[]), [0.0; 2]);
        assert_eq!(overlap(&text(0..9), &[]), [0.0; 2]);
        assert_eq!(overlap(&text(0..3), &text(0..3)), [0.0; 2]);
    }
}
