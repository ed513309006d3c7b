//! The second look at a page of Latin script: how likely the first look finds the page's other pairs, above all those
//! that run alongside a pair, from the tail before to the head before and from the tail after to the head after.
//! Columns that were read out of order keep an order among themselves.

use super::features::Features;
use crate::logistic::logit;
use crate::rejoin::judge::{Pair, leads};
use std::collections::{BTreeMap, HashMap};

/// Adds to each pair what the first look says of the others.
pub(super) fn look_again(pairs: &mut [Pair<Features>], first: &[f32]) {
    let page = Overview::of(pairs, first);
    let grid = Grid::of(pairs, first);
    let leads = leads(pairs, first);
    for ((pair, own), lead) in pairs.iter_mut().zip(first).zip(leads) {
        let is_far = pair.features.is_far();
        let (tail, head) = grid.place(pair.tail, pair.head);
        let beside =
            grid.above(tail, head, 1).unwrap_or(0.0) + grid.below(tail, head, 1).unwrap_or(0.0);
        let alongside = grid.evidence_alongside(tail, head);
        let features = &mut pair.features;
        features.alongside = beside;
        // a pair without a rival leads by all it has
        let [over_heads, over_tails] = [lead.over_heads, lead.over_tails]
            .map(|lead| if lead.is_finite() { lead } else { *own });
        features.first_look_lead = over_heads.min(over_tails);
        if is_far {
            features.alongside_far = beside;
            features.reads_on_far = page.near_sum / (page.near_count + 1.0);
            features.far_halves_far = page.other_far(pair.tail);
            features.neighbours_fit_far = bounded(page.near_evidence);
            features.alongside_fit_far = bounded(alongside);
        } else {
            features.reads_on_next = (page.near_sum - own) / page.near_count.max(1.0);
            features.neighbours_fit_next = bounded(page.near_evidence - evidence(*own));
            features.alongside_fit_next = bounded(alongside);
        }
    }
}

/// The evidence for and against in natural logarithms, as if all pairs were independent.
fn evidence(probability: f32) -> f32 {
    const MOST: f32 = 3.0;
    logit(probability).clamp(-MOST, MOST)
}

/// The evidence of several pairs together, damped so that many pairs do not outweigh everything else.
fn bounded(sum: f32) -> f32 {
    (sum / 4.0).clamp(-3.0, 3.0)
}

/// The results of the first look for all pairs of a page.
struct Overview {
    /// For neighbours: their probabilities, their number, and their evidence.
    near_sum: f32,
    near_count: f32,
    near_evidence: f32,
    /// For each tail the probability of its best far head, and the sum of these.
    best_far: BTreeMap<usize, f32>,
    far_sum: f32,
}

impl Overview {
    fn of(pairs: &[Pair<Features>], first: &[f32]) -> Self {
        let mut near: Vec<f32> = Vec::new();
        let mut best_far: BTreeMap<usize, f32> = BTreeMap::new();
        for (pair, probability) in pairs.iter().zip(first) {
            if pair.features.is_far() {
                let best = best_far.entry(pair.tail).or_default();
                *best = best.max(*probability);
            } else {
                near.push(*probability);
            }
        }
        Overview {
            near_sum: near.iter().sum(),
            near_count: near.len() as f32,
            near_evidence: near.iter().map(|probability| evidence(*probability)).sum(),
            far_sum: best_far.values().sum(),
            best_far,
        }
    }

    /// The mean probability of the best far heads of the other tails.
    fn other_far(&self, tail: usize) -> f32 {
        (self.far_sum - self.best_far[&tail]) / (self.best_far.len() as f32).max(1.0)
    }
}

/// The probabilities of the first look, by the places of the tail and of the head on the page.
struct Grid {
    tails: Vec<usize>,
    heads: Vec<usize>,
    first: HashMap<(usize, usize), f32>,
}

impl Grid {
    fn of(pairs: &[Pair<Features>], first: &[f32]) -> Self {
        let sorted = |half: fn(&Pair<Features>) -> usize| {
            let mut places: Vec<usize> = pairs.iter().map(half).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let mut grid = Grid {
            tails: sorted(|pair| pair.tail),
            heads: sorted(|pair| pair.head),
            first: HashMap::new(),
        };
        grid.first = pairs
            .iter()
            .zip(first)
            .map(|(pair, probability)| (grid.place(pair.tail, pair.head), *probability))
            .collect();
        grid
    }

    fn place(&self, tail: usize, head: usize) -> (usize, usize) {
        let before = |places: &[usize], block: usize| places.partition_point(|at| *at < block);
        (before(&self.tails, tail), before(&self.heads, head))
    }

    /// The probability of the pair that runs alongside, `n` halves earlier.
    fn above(&self, tail: usize, head: usize, n: usize) -> Option<f32> {
        let place = (tail.checked_sub(n)?, head.checked_sub(n)?);
        self.first.get(&place).copied()
    }

    /// The same, `n` halves later.
    fn below(&self, tail: usize, head: usize, n: usize) -> Option<f32> {
        self.first.get(&(tail + n, head + n)).copied()
    }

    /// The evidence of the pairs that run alongside.
    fn evidence_alongside(&self, tail: usize, head: usize) -> f32 {
        /// Pairs that are asked on either side; chosen by eye.
        const ALONG: usize = 5;
        let both = |n| [self.above(tail, head, n), self.below(tail, head, n)];
        (1..=ALONG).flat_map(both).flatten().map(evidence).sum()
    }
}
