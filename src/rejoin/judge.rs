//! Judges which tails and heads of a page are halves of one sentence, in two looks, for any script.
//!
//! The first look weighs each pair by itself. The second uses the results of the first for all pairs: whether the page
//! is in order, which halves are taken, and where columns lie whose halves are far apart. The features of a pair depend
//! on its script: [`Seams`].

use super::junction::Junction;
use crate::logistic::{Features, Logistic};
use crate::page::Kind;
use std::collections::HashMap;

/// A text of a page that could be half of a sentence at either end. `Own` holds what its script adds.
pub struct Half<Own> {
    /// The blocks of the page that it begins and ends with.
    pub first_block: usize,
    pub last_block: usize,
    pub is_tail: bool,
    pub is_head: bool,
    /// The parts of its end and of its beginning that its script looks at.
    pub last: String,
    pub first: String,
    pub marks: OpenMarks,
    pub like_headline: bool,
    pub ends_clause: bool,
    pub is_item: bool,
    /// What comes between it and the text before.
    pub before: Between,
    pub own: Own,
}

/// What comes between two texts: nothing, captions and the like, or a headline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Between {
    #[default]
    Nothing,
    Captions,
    Headline,
}

impl Between {
    /// The larger of this and what a block that is not running text adds.
    pub fn and(self, kind: Kind) -> Self {
        self.max(match kind {
            Kind::Headline => Between::Headline,
            _ => Between::Captions,
        })
    }
}

/// The marks of quotations and brackets that a text opens and does not close, and those that it closes without having
/// opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenMarks {
    pub opens: u32,
    pub closes: u32,
}

impl OpenMarks {
    /// From the marks of a text in order; true for an opening mark.
    pub fn of(marks: impl Iterator<Item = bool>) -> Self {
        marks.fold(OpenMarks::default(), |mut open, opens| {
            match (opens, open.opens) {
                (true, _) => open.opens += 1,
                (false, 0) => open.closes += 1,
                (false, _) => open.opens -= 1,
            }
            open
        })
    }

    /// Whether another text closes a mark that this one leaves open.
    pub fn are_closed_by(self, other: OpenMarks) -> bool {
        self.opens > 0 && other.closes > 0
    }

    /// Whether exactly one of the two has an unmatched mark.
    pub fn clash_with(self, other: OpenMarks) -> bool {
        (self.opens > 0) != (other.closes > 0)
    }
}

/// A tail and a head that could be one sentence, with the features of their seam.
pub struct Pair<F> {
    /// The block that the tail ends with, and the one that the head begins with.
    pub tail: usize,
    pub head: usize,
    pub features: F,
    /// How well the two fit by themselves. Leads over rival pairs are measured in it.
    pub fit: f32,
}

/// The seams of a page in one script.
pub trait Seams {
    /// The data of a half that only this script has.
    type Own;
    /// The features of a pair.
    type Features: Features;
    /// Far halves are paired if they are at most this many texts apart.
    const REACH: usize;

    /// The texts of the page, in order.
    fn halves(&self) -> &[Half<Self::Own>];

    /// A tail and a head, given by their places among the halves, with the features of the pair alone. `None` if the
    /// pair is not worth looking at.
    fn pair(&self, tail: usize, head: usize) -> Option<Pair<Self::Features>>;

    /// Adds the features of the first look that depend on other pairs. Leads are measured in `fit`.
    fn compare(pairs: &mut [Pair<Self::Features>], leads: &[Lead]);

    /// Adds the features of the second look. `first` holds the probability of each pair by the first.
    fn look_again(pairs: &mut [Pair<Self::Features>], first: &[f32]);

    /// The models of the two looks, as they ship.
    fn shipped() -> &'static Looks<Self::Features>;

    /// The probability of a pair by the model of the second look.
    fn probability(model: &Logistic<Self::Features>, features: &Self::Features) -> f32 {
        model.probability(features)
    }
}

/// The models of the two looks at a page. In the first, features of the second look have no weight.
#[derive(Debug, Clone, Copy)]
pub struct Looks<F> {
    pub first: Logistic<F>,
    pub second: Logistic<F>,
}

/// The pairs of a page as junctions with their probabilities.
pub fn candidates<S: Seams>(seams: &S) -> Vec<Junction> {
    let mut pairs = pairs(seams);
    look_again::<S>(&mut pairs, &S::shipped().first);
    judged::<S>(&pairs, &S::shipped().second)
}

/// The pairs worth looking at, with the features of the first look.
pub fn pairs<S: Seams>(seams: &S) -> Vec<Pair<S::Features>> {
    let halves = seams.halves();
    let mut pairs = Vec::new();
    for tail in (0..halves.len()).filter(|at| halves[*at].is_tail) {
        let near = tail.saturating_sub(S::REACH)..halves.len().min(tail + S::REACH + 1);
        let heads = near.filter(|head| *head != tail && halves[*head].is_head);
        pairs.extend(heads.filter_map(|head| seams.pair(tail, head)));
    }
    let fits: Vec<f32> = pairs.iter().map(|pair| pair.fit).collect();
    let leads = leads(&pairs, &fits);
    S::compare(&mut pairs, &leads);
    pairs
}

/// Adds the features of the second look, computed from the probabilities that this model gives in the first.
pub fn look_again<S: Seams>(pairs: &mut [Pair<S::Features>], first: &Logistic<S::Features>) {
    let said: Vec<f32> = pairs
        .iter()
        .map(|pair| first.probability(&pair.features))
        .collect();
    S::look_again(pairs, &said);
}

/// Pairs as junctions, by a model of the second look.
pub(crate) fn judged<S: Seams>(
    pairs: &[Pair<S::Features>],
    second: &Logistic<S::Features>,
) -> Vec<Junction> {
    pairs
        .iter()
        .map(|pair| Junction {
            tail: pair.tail,
            head: pair.head,
            probability: S::probability(second, &pair.features),
        })
        .collect()
}

/// By how much a pair leads over the best other pair of its tail, and of its head; infinite if there is no other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    pub over_heads: f32,
    pub over_tails: f32,
}

/// The lead of each pair by its score.
pub(crate) fn leads<F>(pairs: &[Pair<F>], scores: &[f32]) -> Vec<Lead> {
    let (mut by_tail, mut by_head) = (HashMap::new(), HashMap::new());
    for (pair, score) in pairs.iter().zip(scores) {
        by_tail
            .entry(pair.tail)
            .or_insert(BestTwo::NONE)
            .add(*score);
        by_head
            .entry(pair.head)
            .or_insert(BestTwo::NONE)
            .add(*score);
    }
    let scored = pairs.iter().zip(scores);
    scored
        .map(|(pair, score)| Lead {
            over_heads: by_tail[&pair.tail].lead(*score),
            over_tails: by_head[&pair.head].lead(*score),
        })
        .collect()
}

/// The best and the second best score.
#[derive(Clone, Copy)]
struct BestTwo(f32, f32);

impl BestTwo {
    const NONE: BestTwo = BestTwo(f32::NEG_INFINITY, f32::NEG_INFINITY);

    fn add(&mut self, score: f32) {
        *self = if score > self.0 {
            BestTwo(score, self.0)
        } else {
            BestTwo(self.0, self.1.max(score))
        };
    }

    /// By how much a score leads over the best of the others.
    fn lead(self, score: f32) -> f32 {
        score - if score == self.0 { self.1 } else { self.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_leads_over_the_best_other_of_its_halves() {
        let pair = |(tail, head)| Pair {
            tail,
            head,
            features: (),
            fit: 0.0,
        };
        let leads = leads(&[(1, 2), (1, 4), (3, 4)].map(pair), &[3.0, 1.0, 2.0]);
        assert_eq!((leads[0].over_heads, leads[1].over_heads), (2.0, -2.0));
        assert_eq!((leads[1].over_tails, leads[2].over_tails), (-1.0, 1.0));
        assert_eq!(leads[0].over_tails, f32::INFINITY);
    }

    #[test]
    fn marks_are_open_until_they_are_closed() {
        let open = OpenMarks::of([false, true, false, true].into_iter());
        assert_eq!(
            open,
            OpenMarks {
                opens: 1,
                closes: 1
            }
        );
    }
}
