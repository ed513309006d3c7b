//! How alike two texts are, over all their letters: the measures that candidates must pass.

use crate::shingle::shingles;
use crate::text::hash::Mixed;
use crate::text::letters::Letter;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Letters in a row that identify a place in the other text; chosen by eye.
pub(super) const ANCHOR: usize = 6;
/// This many letters must agree after a difference for the two texts to continue together; chosen by eye.
const AGREE: usize = 3;
/// A difference may have this many letters on either side; chosen by eye.
const LONGEST_DIFFERENCE: usize = 6;

/// What two texts have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Overlap {
    /// Letters that both have, in runs that continue over small differences.
    pub letters: usize,
    /// Shingles of `ANCHOR` letters of the shorter text that the longer one has.
    pub shingles: usize,
    /// Differences inside the runs, and how many of them are larger than a letter or between numbers. A recogniser
    /// takes one letter for another; people write other words, and daily reports other numbers.
    pub differences: usize,
    pub large_differences: usize,
}

/// Aligns the shorter of two texts with the longer one. Each run continues over small differences (a wrong letter, an
/// added one, a lost one), and begins where `ANCHOR` letters agree. Runs may come in any order; a letter counts once.
///
/// A greedy alignment between anchors, as genome aligners extend their seeds (MUMmer: Delcher et al., Nucleic Acids
/// Research 1999); its cost grows with the sum of the two lengths.
pub(super) fn overlap(a: &[Letter], b: &[Letter]) -> Overlap {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let first = first_places(long);
    let hashes: Vec<u64> = shingles(short, ANCHOR).collect();
    let places: Vec<Option<u32>> = hashes.iter().map(|hash| first.get(hash).copied()).collect();
    let mut overlap = Overlap {
        shingles: places.iter().flatten().count(),
        ..Overlap::default()
    };
    let mut at = 0;
    while at < places.len() {
        at += match places[at] {
            Some(there) => run(&long[there as usize..], &short[at..], &mut overlap).max(1),
            None => 1,
        };
    }
    overlap
}

/// The first place of each shingle of a text.
fn first_places(text: &[Letter]) -> HashMap<u64, u32, BuildHasherDefault<Mixed>> {
    let mut first = HashMap::with_capacity_and_hasher(text.len(), Default::default());
    for (hash, at) in shingles(text, ANCHOR).zip(0..) {
        first.entry(hash).or_insert(at);
    }
    first
}

/// Walks along two texts from a place where they agree; returns how many letters of the other text the run takes.
fn run(text: &[Letter], other: &[Letter], overlap: &mut Overlap) -> usize {
    let (mut i, mut j) = (0, 0);
    loop {
        let same = text[i..]
            .iter()
            .zip(&other[j..])
            .take_while(|(a, b)| a == b)
            .count();
        (i, j) = (i + same, j + same);
        overlap.letters += same;
        let Some((left, right)) = behind_difference(&text[i..], &other[j..]) else {
            return j;
        };
        (i, j) = (i + left, j + right);
        overlap.differences += 1;
        // another number; a numeral that became a letter is a misreading
        let is_number =
            (left, right) == (1, 1) && is_numeral(text[i - 1]) && is_numeral(other[j - 1]);
        overlap.large_differences += usize::from(left.max(right) > 1 || is_number);
    }
}

pub(super) fn is_numeral(letter: Letter) -> bool {
    char::from_u32(letter.into())
        .is_some_and(|c| c.is_ascii_digit() || "〇零一二三四五六七八九十百千万亿两".contains(c))
}

/// The smallest difference after which both texts agree again, in letters of each.
fn behind_difference(text: &[Letter], other: &[Letter]) -> Option<(usize, usize)> {
    let agree = |left: usize, right: usize| {
        let (a, b) = (
            text.get(left..left + AGREE)?,
            other.get(right..right + AGREE)?,
        );
        (a == b).then_some((left, right))
    };
    (1..=2 * LONGEST_DIFFERENCE).find_map(|size| {
        // a wrong letter is likelier than an added one
        let middle = size / 2;
        (0..=middle).find_map(|off| {
            let (few, many) = (middle - off, size - (middle - off));
            let small = many <= LONGEST_DIFFERENCE;
            small
                .then(|| agree(few, many).or_else(|| agree(many, few)))
                .flatten()
        })
    })
}

/// Up to this many letters two texts are compared by edit distance; chosen by eye.
const SHORT: usize = 150;

/// How alike two blocks are, from 0 to 1: by their edit distance (Levenshtein 1966) if they are short, otherwise by the
/// letters that both have.
pub(super) fn similarity(a: &[Letter], b: &[Letter]) -> f64 {
    let longer = a.len().max(b.len());
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (a[..a.len() - tail].to_vec(), b[..b.len() - tail].to_vec());
    if longer <= SHORT {
        1.0 - strsim::generic_levenshtein(&a, &b) as f64 / longer as f64
    } else {
        (head + tail + overlap(&a, &b).letters) as f64 / longer as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(range: std::ops::Range<u16>) -> Vec<Letter> {
        range.map(|n| n.wrapping_mul(7919) | 1).collect()
    }

    fn letters(a: &[Letter], b: &[Letter]) -> usize {
        overlap(a, b).letters
    }

    #[test]
    fn differences_cost_their_letters_and_no_more() {
        let whole = text(0..200);
        let mut other = whole.clone();
        other[50] = 2; // wrong
        other.remove(90); // too few
        other.insert(130, 4); // too many
        other.splice(160..163, [6, 8]); // other words
        let Overlap {
            letters,
            differences,
            large_differences,
            ..
        } = overlap(&whole, &other);
        assert_eq!([letters, differences, large_differences], [195, 4, 1]);
    }

    #[test]
    fn parts_may_stand_in_another_order() {
        assert_eq!(
            letters(&text(0..200), &[text(100..200), text(0..100)].concat()),
            200
        );
    }

    #[test]
    fn a_part_stands_whole_in_the_text_it_was_taken_from() {
        assert_eq!(letters(&text(0..300), &text(20..80)), 60);
        assert_eq!(letters(&text(0..300), &text(400..460)), 0);
        assert_eq!(
            letters(&text(0..300), &[text(20..80), text(400..460)].concat()),
            60
        );
    }

    #[test]
    fn short_and_empty_texts_are_data_too() {
        assert_eq!(overlap(&[], &[]), Overlap::default());
        assert_eq!(overlap(&text(0..9), &[]), Overlap::default());
        assert_eq!(overlap(&text(0..3), &text(0..3)), Overlap::default());
    }

    #[test]
    fn blocks_are_alike_by_the_letters_they_share() {
        let letters: Vec<Letter> = (1..=100).collect();
        let mut other = letters.clone();
        other[40] = 900;
        other.remove(70);
        assert!((similarity(&letters, &other) - 0.98).abs() < 1e-9);
        let long: Vec<Letter> = (1..=2000).collect();
        assert!((similarity(&long, &long[..1000]) - 0.5).abs() < 1e-9);
    }
}
