//! Judges which tails and heads of a page are two halves of one sentence, in two looks, whatever their script.
//!
//! The first look weighs each pair by itself. The second knows what the first made of all pairs: whether the page is in
//! order, which halves are taken, and where the columns lie whose halves stand far apart. What is known of a pair is
//! for its script to say: [`Seams`].

use super::junction::Junction;
use crate::logistic::{Features, Logistic};
use crate::page::Kind;
use std::collections::HashMap;

/// A text of a page that could be half of a sentence at one of its ends, with what `Own` adds for its script.
pub struct Half<Own> {
    /// The blocks of the page that it begins and ends with.
    pub first_block: usize,
    pub last_block: usize,
    pub is_tail: bool,
    pub is_head: bool,
    /// As much of its end, and of its beginning, as its script looks at.
    pub last: String,
    pub first: String,
    pub marks: OpenMarks,
    pub like_headline: bool,
    pub ends_clause: bool,
    pub is_item: bool,
    /// What stands between it and the text before.
    pub before: Between,
    pub own: Own,
}

/// What stands between two texts: nothing, captions and the like, or a headline too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Between {
    #[default]
    Nothing,
    Captions,
    Headline,
}

impl Between {
    /// The same with a block that is not running text.
    pub fn and(self, kind: Kind) -> Self {
        self.max(match kind {
            Kind::Headline => Between::Headline,
            _ => Between::Captions,
        })
    }
}

/// Quotation marks and brackets that a text leaves open at its end, and those it closes without having opened them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenMarks {
    pub opens: u32,
    pub closes: u32,
}

impl OpenMarks {
    /// Of the marks of a text in their order, true for one that opens.
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

    /// Whether another text closes what this one leaves open.
    pub fn are_closed_by(self, other: OpenMarks) -> bool {
        self.opens > 0 && other.closes > 0
    }

    /// Whether only one of the two has a mark that lacks its other half.
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
    /// How well the two go together by themselves: by this a pair leads over others of its halves.
    pub fit: f32,
}

/// The seams of a page in one script.
pub trait Seams {
    /// What a half says in this script.
    type Own;
    /// What is known of a pair.
    type Features: Features;
    /// A far half is looked for among this many texts on either side.
    const REACH: usize;

    /// The texts of the page, in their order.
    fn halves(&self) -> &[Half<Self::Own>];

    /// A tail and a head, by their places among the halves, with what they say by themselves; none if they are not worth
    /// looking at.
    fn pair(&self, tail: usize, head: usize) -> Option<Pair<Self::Features>>;

    /// Adds what the first look knows of other pairs. A lead is by the fit of each pair.
    fn compare(pairs: &mut [Pair<Self::Features>], leads: &[Lead]);

    /// Adds what the second look knows, given the probability of each pair by the first.
    fn look_again(pairs: &mut [Pair<Self::Features>], first: &[f32]);

    /// The models of the two looks, as they ship.
    fn shipped() -> &'static Looks<Self::Features>;

    /// The probability of a pair by the model of the second look.
    fn probability(model: &Logistic<Self::Features>, features: &Self::Features) -> f32 {
        model.probability(features)
    }
}

/// The models of the two looks at a page. In the first, what only the second look knows weighs nothing.
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

/// Adds the features of the second look, which are made of what a first look by this model says.
pub fn look_again<S: Seams>(pairs: &mut [Pair<S::Features>], first: &Logistic<S::Features>) {
    let said: Vec<f32> = pairs
        .iter()
        .map(|pair| first.probability(&pair.features))
        .collect();
    S::look_again(pairs, &said);
}

/// Pairs as junctions, by a model of the second look.
pub fn judged<S: Seams>(
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

/// By how much a pair leads over the best other one of its tail, and of its head; infinite where there is no other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    pub over_heads: f32,
    pub over_tails: f32,
}

/// The lead of each pair by its score.
pub fn leads<F>(pairs: &[Pair<F>], scores: &[f32]) -> Vec<Lead> {
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

    /// By how much one of the scores leads over the best of the others.
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
