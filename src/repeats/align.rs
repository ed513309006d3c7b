//! Finds which letter of one text corresponds to which letter of another.

use super::likeness::{ANCHOR, is_numeral};
use crate::page::edit::Span;
use crate::shingle::shingles;
use crate::text::hash::Mixed;
use crate::text::letters::Letter;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Between two anchors at most this many letters on either side are aligned; longer text was rewritten. Chosen by eye.
const LONGEST_GAP: usize = 48;
/// By how much the lengths of the two sides may differ; chosen by eye.
const GAP_SLACK: usize = 6;
/// The share of its letters that may differ; chosen by eye.
const MOST_DIFFERENT: f64 = 0.6;
/// A recogniser's difference has at most this many letters: it takes one letter for another or two, loses or doubles
/// one; people write other words. Chosen by eye.
const SMALL: usize = 2;

/// A text aligned with another.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// For each letter of the text: where its counterpart is in the other, `LOST`, or `UNKNOWN`.
    to: Vec<u32>,
    /// Differences of one letter, of two, and larger ones; another number counts as large.
    pub single: usize,
    pub double: usize,
    pub large: usize,
    /// Letters with a counterpart in the other text.
    pub aligned: usize,
}

/// It has no counterpart.
const LOST: u32 = u32::MAX - 1;
/// Its counterpart is unknown: the texts do not align here.
const UNKNOWN: u32 = u32::MAX;

impl Alignment {
    /// Anchors are runs of `ANCHOR` letters that occur once in each text, as many as are in the same order in both (as
    /// MUMmer chains unique matches: Delcher et al., Nucleic Acids Research 1999). Text between anchors is aligned by
    /// edit distance (Needleman and Wunsch 1970) if it is short. The cost grows with the sum of the two lengths.
    pub(super) fn of(text: &[Letter], other: &[Letter]) -> Self {
        let mut alignment = Alignment {
            to: vec![UNKNOWN; text.len()],
            ..Alignment::default()
        };
        let (mut i, mut j) = (0, 0);
        let mut begun = false;
        for (at, there) in anchors(text, other) {
            if at < i || there < j {
                // inside the run before: it continues on the same diagonal
                if at + j == there + i {
                    alignment.pair(i..at + ANCHOR, j);
                    (i, j) = (at + ANCHOR, there + ANCHOR);
                }
                continue;
            }
            if !alignment.between(text, other, i..at, j..there) && begun {
                alignment.large += 1;
            }
            alignment.pair(at..at + ANCHOR, there);
            (i, j, begun) = (at + ANCHOR, there + ANCHOR, true);
        }
        if begun {
            alignment.between(text, other, i..text.len(), j..other.len());
        }
        alignment.slide(text, other);
        alignment.weigh(text, other);
        alignment
    }

    /// Of doubled letters the second counts as the added one, whatever anchored them, so that copies agree on it.
    fn slide(&mut self, text: &[Letter], other: &[Letter]) {
        for at in 0..text.len() {
            if self.to[at] == LOST && text.get(at + 1) == Some(&text[at]) && self.to[at + 1] < LOST
            {
                self.to.swap(at, at + 1);
            } else if let Some(added) = self.added_before(at).filter(|added| !added.is_empty())
                && self.is_same(text, other, at)
                && other[added.start] == text[at]
            {
                self.to[at] = added.start as u32;
            }
        }
    }

    fn pair(&mut self, letters: Span, there: usize) {
        letters
            .zip(there..)
            .for_each(|(at, there)| self.to[at] = there as u32);
    }

    /// Aligns the text between two anchors. Returns whether the texts align there.
    fn between(&mut self, text: &[Letter], other: &[Letter], here: Span, there: Span) -> bool {
        let (a, b) = (&text[here.clone()], &other[there.clone()]);
        if a.len().max(b.len()) > LONGEST_GAP || a.len().abs_diff(b.len()) > GAP_SLACK {
            return false;
        }
        let costs = costs(a, b, |a, b| a == b);
        let width = b.len() + 1;
        let longer = a.len().max(b.len());
        if longer > SMALL && f64::from(costs[0]) > MOST_DIFFERENT * longer as f64 {
            return false;
        }
        let (mut i, mut j) = (0, 0);
        // letters are matched as early as possible
        while i < a.len() {
            let cost = costs[i * width + j];
            let differs = |i: usize, j: usize| u16::from(a[i] != b[j]);
            if j < b.len() && cost == costs[(i + 1) * width + j + 1] + differs(i, j) {
                self.to[here.start + i] = (there.start + j) as u32;
                (i, j) = (i + 1, j + 1);
            } else if cost == costs[(i + 1) * width + j] + 1 {
                self.to[here.start + i] = LOST;
                i += 1;
            } else {
                j += 1;
            }
        }
        true
    }

    /// Counts the differences, and marks large ones as unknown.
    fn weigh(&mut self, text: &[Letter], other: &[Letter]) {
        let mut run: Option<(usize, usize)> = None; // where it began, and its letters
        for at in 0..=text.len() {
            let added = self.added_before(at).map_or(0, |added| added.len());
            let differs =
                at < text.len() && self.to[at] != UNKNOWN && !self.is_same(text, other, at);
            if added > 0 {
                let (_, letters) = run.get_or_insert((at, 0));
                *letters += added;
            }
            if differs {
                let (_, letters) = run.get_or_insert((at, 0));
                *letters += 1;
            } else if let Some((start, letters)) = run.take() {
                if letters > SMALL {
                    self.large += 1;
                    self.to[start.saturating_sub(1)..(at + 1).min(text.len())].fill(UNKNOWN);
                } else if (start..at).any(|at| {
                    is_numeral(text[at])
                        && other
                            .get(self.to[at] as usize)
                            .is_some_and(|l| is_numeral(*l))
                }) {
                    self.large += 1;
                } else if letters > 1 {
                    self.double += 1;
                } else {
                    self.single += 1;
                }
            }
        }
        self.aligned = self.to.iter().filter(|to| **to < LOST).count();
    }

    fn is_same(&self, text: &[Letter], other: &[Letter], at: usize) -> bool {
        other
            .get(self.to[at] as usize)
            .is_some_and(|letter| *letter == text[at])
    }

    /// The counterpart of a letter: one letter or nothing; `None` if it is unknown.
    pub(super) fn at(&self, letter: usize) -> Option<Span> {
        match self.to[letter] {
            UNKNOWN => None,
            LOST => {
                let before = letter
                    .checked_sub(1)
                    .filter(|before| self.to[*before] < LOST)?;
                let place = self.to[before] as usize + 1;
                Some(place..place)
            }
            there => Some(there as usize..there as usize + 1),
        }
    }

    /// What the other text has between a letter and the one before it.
    pub(super) fn added_before(&self, letter: usize) -> Option<Span> {
        let before = *self.to.get(letter.checked_sub(1)?)?;
        let behind = *self.to.get(letter)?;
        (before < LOST && behind < LOST && before < behind)
            .then_some(before as usize + 1..behind as usize)
    }
}

/// The edit distance of what is left of two texts from each letter or sign on, row by row. In each row first what comes
/// from the row below, letter by letter, then what comes from the right.
pub(super) fn costs<T>(a: &[T], b: &[T], is_same: impl Fn(&T, &T) -> bool) -> Vec<u16> {
    let width = b.len() + 1;
    let mut costs = vec![0u16; (a.len() + 1) * width];
    let mut rows = costs.chunks_exact_mut(width).rev();
    let mut below = rows.next().expect("there is a row more than letters");
    for (cost, left) in below.iter_mut().rev().zip(0..) {
        *cost = left as u16;
    }
    for ((letter, row), left) in a.iter().rev().zip(rows).zip(1..) {
        let downwards = row.iter_mut().zip(b).zip(below[1..].iter().zip(&*below));
        for ((cost, other), (across, down)) in downwards {
            let pair = *across + u16::from(!is_same(letter, other));
            *cost = pair.min(*down + 1);
        }
        row[b.len()] = left as u16;
        let mut right = left as u16;
        for cost in row[..b.len()].iter_mut().rev() {
            right = (*cost).min(right + 1);
            *cost = right;
        }
        below = row;
    }
    costs
}

/// Where runs of `ANCHOR` letters occur once in each text, as many as are in the same order in both.
fn anchors(text: &[Letter], other: &[Letter]) -> Vec<(usize, usize)> {
    let own = single(text);
    let others = single(other);
    let pair = |(hash, at): (u64, usize)| {
        let is_single = own[&hash].is_some();
        Some((
            at,
            others.get(&hash).copied().flatten().filter(|_| is_single)? as usize,
        ))
    };
    let pairs: Vec<(usize, usize)> = shingles(text, ANCHOR).zip(0..).filter_map(pair).collect();
    let there: Vec<usize> = pairs.iter().map(|(_, there)| *there).collect();
    let stays = crate::page::edit::longest_rising(&there);
    pairs
        .into_iter()
        .zip(stays)
        .filter(|(_, stays)| *stays)
        .map(|(pair, _)| pair)
        .collect()
}

/// Where each shingle is, if it occurs once.
fn single(text: &[Letter]) -> HashMap<u64, Option<u32>, BuildHasherDefault<Mixed>> {
    let mut single = HashMap::with_capacity_and_hasher(text.len(), Default::default());
    for (hash, at) in shingles(text, ANCHOR).zip(0..) {
        single
            .entry(hash)
            .and_modify(|place| *place = None)
            .or_insert(Some(at));
    }
    single
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(range: std::ops::Range<u16>) -> Vec<Letter> {
        range.map(|n| n.wrapping_mul(7919) | 1).collect()
    }

    #[test]
    fn wrong_lost_and_added_letters_stand_against_what_is_right() {
        let own = text(0..300);
        let mut other = own.clone();
        other[50] = 2;
        other.remove(90);
        other.insert(130, 4);
        other.insert(200, other[199]);
        let alignment = Alignment::of(&own, &other);
        assert_eq!(
            [alignment.single, alignment.double, alignment.large],
            [4, 0, 0]
        );
        assert_eq!(alignment.at(50), Some(50..51));
        assert_eq!(alignment.at(90), Some(90..90));
        assert_eq!(alignment.added_before(131), Some(130..131));
        assert_eq!(alignment.at(299), Some(300..301));
        let added: usize = (1..300)
            .filter_map(|at| alignment.added_before(at))
            .map(|added| added.len())
            .sum();
        assert_eq!(added, 2);
    }

    #[test]
    fn a_rewritten_clause_has_nothing_to_say() {
        let own = text(0..300);
        let mut other = own.clone();
        other.splice(100..104, [2, 4, 6, 8, 10, 12]);
        let alignment = Alignment::of(&own, &other);
        assert_eq!(
            [alignment.single, alignment.double, alignment.large],
            [0, 0, 1]
        );
        assert!((100..104).all(|at| alignment.at(at).is_none()));
        assert_eq!(alignment.at(106), Some(108..109));
    }

    #[test]
    fn texts_that_have_nothing_in_common_and_empty_ones_are_data_too() {
        for (a, b) in [
            (text(0..100), text(500..600)),
            (text(0..0), text(0..9)),
            (text(0..9), text(0..0)),
        ] {
            assert_eq!(Alignment::of(&a, &b).aligned, 0);
        }
    }

    #[test]
    fn a_text_in_another_order_is_aligned_as_far_as_it_is_in_order() {
        let alignment = Alignment::of(&text(0..200), &[text(100..200), text(0..100)].concat());
        assert_eq!(alignment.aligned, 100);
    }
}
