//! How well a tail and a head fit: what the lexicon, open quotation marks, the topics and the page say of a seam, and
//! how likely that makes it that they are one sentence.
//!
//! A page is looked at twice. The first look weighs each pair by itself. The second knows what the first was sure of:
//! whether the page is in order, which halves are taken, and where the columns lie whose halves stand far apart.

pub use super::halves::Halves;
pub use super::weights::{FIRST_WEIGHTS, WEIGHTS};

use super::Junction;
use super::assign::{assign, logit};
use super::halves::{Between, Half, log_probabilities};
use crate::lexicon::Lexicon;
use crate::text::chars::{is_closer, is_opener};
use std::collections::HashMap;

/// What is known of a pair. The first look knows the first `FIRST` of them.
pub const FEATURES: [&str; 37] = [
    "one",
    "size",
    "adjacent",
    "across captions",
    "across a headline",
    "far ahead",
    "distance",
    "quotes close",
    "quotes clash",
    "tail like a headline",
    "tail like a headline is no beginning",
    "tail like a headline is no end of one",
    "tail like a headline of what follows",
    "tail before a byline",
    "head like a headline",
    "head under a headline",
    "fit",
    "head is known behind others",
    "tail is no end",
    "head is no beginning",
    "next after a clause",
    "number over the seam",
    "lead over other heads",
    "lead over other tails",
    "likeness",
    "likeness from afar",
    "lead in likeness",
    "lead in likeness from afar",
    "text before is open",
    "best other head",
    "best other tail",
    "next in order",
    "far in order",
    "like sure ones from afar",
    "tail is taken",
    "head is taken",
    "runs end and begin here",
];
pub const FIRST: usize = 29;

/// Places of features that others are made of.
const NEXT: [usize; 3] = [2, 3, 4];
const FIT: usize = 16;
const NO_END: usize = 18;
const NO_BEGINNING: usize = 19;
const LEADS: usize = 22;
const LIKENESS: usize = 24;

/// A far half is looked for among this many texts on either side.
const REACH: usize = 100;
/// A far pair is looked at if the head is not much less likely here than at a beginning: of those below, one in fifty
/// of the true ones, two thirds of the others (600 pages broken on purpose).
const LEAST_FIT: f32 = -2.0;

/// A tail and a head that could be one sentence, with the features of their seam.
pub struct Pair {
    pub tail: usize,
    pub head: usize,
    pub features: [f32; FEATURES.len()],
}

/// The pairs as junctions with their probabilities.
pub(super) fn candidates(halves: &Halves, lexicon: &Lexicon) -> Vec<Junction> {
    let mut pairs = pairs(halves, lexicon);
    look_again(&mut pairs, &FIRST_WEIGHTS);
    let junction = |p: &Pair| Junction {
        tail: p.tail,
        head: p.head,
        probability: probability(&p.features, &WEIGHTS),
    };
    pairs.iter().map(junction).collect()
}

/// The logistic model over as many features as there are weights.
pub fn probability(features: &[f32], weights: &[f32]) -> f32 {
    let sum: f32 = features.iter().zip(weights).map(|(f, w)| f * w).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The pairs worth looking at, with the features of the first look.
pub fn pairs(page: &Halves, lexicon: &Lexicon) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, tail) in page.halves.iter().enumerate().filter(|(_, h)| h.is_tail) {
        let near = at.saturating_sub(REACH)..page.halves.len().min(at + REACH + 1);
        for other in near.filter(|other| *other != at && page.halves[*other].is_head) {
            let head = &page.halves[other];
            if super::latin::is_seam(&tail.last, &head.first) {
                continue;
            }
            // items of a list, of which each is whole: the seam itself says nothing
            let are_items = tail.last.ends_with(is_closer) && head.first.starts_with(is_opener);
            if are_items && other != at + 1 {
                continue;
            }
            let fit = fit(tail, head, lexicon);
            let closes = tail.opens > 0 && head.closes > 0;
            if other == at + 1 || closes || fit + head.no_beginning > LEAST_FIT {
                let mut features = features(page, at, other);
                features[1] = size(lexicon);
                features[FIT] = fit;
                features[FIT + 1] = known_behind_others(tail, head, lexicon);
                pairs.push(Pair {
                    tail: tail.block,
                    head: head.block,
                    features,
                });
            }
        }
    }
    let whole_fit = |p: &Pair| p.features[FIT] + p.features[NO_END] + p.features[NO_BEGINNING];
    let by_fit = leads(&pairs, whole_fit);
    let by_likeness = leads(&pairs, |p| p.features[LIKENESS]);
    for ((pair, fit), likeness) in pairs.iter_mut().zip(by_fit).zip(by_likeness) {
        /// Beyond this a lead says no more.
        const FAR_AHEAD: f32 = 4.0;
        pair.features[LEADS] = fit.over_heads.clamp(-FAR_AHEAD, FAR_AHEAD);
        pair.features[LEADS + 1] = fit.over_tails.clamp(-FAR_AHEAD, FAR_AHEAD);
        let lead = if likeness.over_heads.is_finite() {
            likeness.over_heads
        } else {
            0.0
        };
        pair.features[LIKENESS + 2] = lead;
        pair.features[LIKENESS + 3] = if is_far(pair) { lead } else { 0.0 };
    }
    pairs
}

/// How far the counts of the run can be trusted: 0 for nothing, 1 for ten million symbols.
fn size(lexicon: &Lexicon) -> f32 {
    ((lexicon.symbols() + 1) as f32).log10() / 7.0
}

fn is_far(pair: &Pair) -> bool {
    NEXT.iter().all(|at| pair.features[*at] == 0.0)
}

/// What a pair says by itself; `pairs` adds what the lexicon and other pairs say.
fn features(page: &Halves, at: usize, other: usize) -> [f32; FEATURES.len()] {
    let (tail, head) = (&page.halves[at], &page.halves[other]);
    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    let next = other == at + 1;
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '%' | '％');
    let likeness = page.topics.likeness(at, other);
    let first = [
        1.0,
        0.0,
        is(next && head.before == Between::Nothing),
        is(next && head.before == Between::Captions),
        is(next && head.before == Between::Headline),
        is(other > at + 1),
        if next {
            0.0
        } else {
            (other.abs_diff(at) as f32).ln()
        },
        is(tail.opens > 0 && head.closes > 0),
        is((tail.opens > 0) != (head.closes > 0)),
        is(tail.like_headline),
        if tail.like_headline {
            tail.no_beginning.clamp(-6.0, 6.0)
        } else {
            0.0
        },
        tail.no_headline,
        if tail.like_headline {
            page.topics.of_two(at, at + 1)
        } else {
            0.0
        },
        is(tail.over_byline),
        is(head.like_headline),
        is(head.under_headline),
        0.0,
        0.0,
        tail.no_end,
        head.no_beginning,
        is(next && tail.ends_clause),
        is(tail.last.ends_with(number) && head.first.starts_with(number)),
        0.0,
        0.0,
        likeness,
        if next { 0.0 } else { likeness },
        0.0,
        0.0,
        is(!next && other > 0 && page.halves[other - 1].is_tail),
    ];
    let mut features = [0.0; FEATURES.len()];
    features[..FIRST].copy_from_slice(&first);
    features
}

/// How much likelier the head is after this tail than after nothing known: the pointwise mutual information.
fn fit(tail: &Half, head: &Half, lexicon: &Lexicon) -> f32 {
    let after_tail = log_probabilities(&tail.tail, &head.head, lexicon);
    after_tail
        .iter()
        .zip(&head.by_itself)
        .map(|(after, by_itself)| after - by_itself)
        .sum()
}

/// How far the lexicon has seen the head often, and always behind others: 0 for heads like most.
fn known_behind_others(tail: &Half, head: &Half, lexicon: &Lexicon) -> f32 {
    /// Of true pairs one in a hundred is below it, of false neighbours a third.
    const SELDOM: f32 = -3.0;
    tail.tail.last().map_or(0.0, |last| {
        (SELDOM - lexicon.log_lift_before(*last, &head.head)).max(0.0)
    })
}

/// By how much a pair leads over the best other one of its tail, and of its head.
struct Lead {
    over_heads: f32,
    over_tails: f32,
}

fn leads(pairs: &[Pair], score: impl Fn(&Pair) -> f32) -> Vec<Lead> {
    /// Best and second best.
    type Two = (f32, f32);
    fn add(best: &mut HashMap<usize, Two>, half: usize, score: f32) {
        let two = best
            .entry(half)
            .or_insert((f32::NEG_INFINITY, f32::NEG_INFINITY));
        *two = if score > two.0 {
            (score, two.0)
        } else {
            (two.0, two.1.max(score))
        };
    }
    let (mut by_tail, mut by_head) = (HashMap::new(), HashMap::new());
    for pair in pairs {
        add(&mut by_tail, pair.tail, score(pair));
        add(&mut by_head, pair.head, score(pair));
    }
    let lead =
        |score: f32, (first, second): Two| score - if score == first { second } else { first };
    let of = |pair: &Pair| Lead {
        over_heads: lead(score(pair), by_tail[&pair.tail]),
        over_tails: lead(score(pair), by_head[&pair.head]),
    };
    pairs.iter().map(of).collect()
}

/// Adds the features of the second look, which are made of what a first look with these weights says.
pub fn look_again(pairs: &mut [Pair], first_weights: &[f32; FIRST]) {
    /// What is likelier is taken for sure.
    const SURE: f32 = 0.8;
    /// Logits beyond it say no more.
    const MOST: f32 = 4.0;
    /// The best of the others as it mostly is, where there are none: a page of two halves says little.
    const NONE: f32 = -2.0;
    let first = |p: &Pair| Junction {
        tail: p.tail,
        head: p.head,
        probability: probability(&p.features[..FIRST], first_weights),
    };
    let logits: Vec<f32> = pairs.iter().map(|p| logit(first(p).probability)).collect();
    let leads = leads(pairs, |p| logit(first(p).probability));
    let sure = assign(pairs.iter().map(first).collect(), SURE);
    let head_of: HashMap<usize, usize> = sure.iter().map(|j| (j.tail, j.head)).collect();
    let tail_of: HashMap<usize, usize> = sure.iter().map(|j| (j.head, j.tail)).collect();
    let is_sure = |p: &Pair| head_of.get(&p.tail) == Some(&p.head);
    let far: Vec<(usize, usize)> = pairs
        .iter()
        .filter(|p| is_far(p) && is_sure(p))
        .map(|p| (p.tail, p.head))
        .collect();
    let (far_ones, near_ones) = (far.len() as f32, (sure.len() - far.len()) as f32);
    let trust = (near_ones - far_ones) / (near_ones + far_ones + 2.0);
    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    for ((pair, logit), lead) in pairs.iter_mut().zip(logits).zip(leads) {
        let (tail, head) = (pair.tail, pair.head);
        let is_far = is_far(pair);
        let other = |lead: f32| {
            if lead.is_finite() {
                (logit - lead).clamp(-MOST, MOST)
            } else {
                NONE
            }
        };
        pair.features[FIRST..].copy_from_slice(&[
            other(lead.over_heads),
            other(lead.over_tails),
            if is_far { 0.0 } else { trust },
            if is_far { trust } else { 0.0 },
            if is_far {
                keeps_order(&far, tail, head)
            } else {
                0.0
            },
            is(head_of.get(&tail).is_some_and(|other| *other != head)),
            is(tail_of.get(&head).is_some_and(|other| *other != tail)),
            is(is_far && head > 0 && head_of.contains_key(&(head - 1)))
                + is(is_far && tail_of.contains_key(&(tail + 1))),
        ]);
    }
}

/// Whether a far pair stands to the sure ones of its direction as columns do that were read one after the other: who
/// has the earlier tail has the earlier head. From −1 to 1.
fn keeps_order(sure: &[(usize, usize)], tail: usize, head: usize) -> f32 {
    let others = sure
        .iter()
        .filter(|(t, h)| (h > t) == (head > tail) && (*t, *h) != (tail, head));
    let (mut kept, mut all) = (0, 0);
    for (other_tail, other_head) in others {
        all += 1;
        kept += i32::from(
            (*other_tail < tail) == (*other_head < head)
                && *other_tail != tail
                && *other_head != head,
        );
    }
    (2 * kept - all) as f32 / (all + 1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_stand_where_they_are_said_to() {
        let names = [
            NEXT[0],
            NEXT[2],
            FIT,
            NO_END,
            NO_BEGINNING,
            LEADS,
            LIKENESS,
            FIRST,
        ]
        .map(|at| FEATURES[at]);
        let said = [
            "adjacent",
            "across a headline",
            "fit",
            "tail is no end",
            "head is no beginning",
            "lead over other heads",
            "likeness",
            "best other head",
        ];
        assert_eq!(names, said);
    }

    #[test]
    fn columns_read_one_after_the_other_keep_their_order() {
        let sure = [(2, 12), (5, 15), (14, 4)];
        assert!(keeps_order(&sure, 8, 18) > 0.5);
        assert!(keeps_order(&sure, 8, 13) < 0.1);
        assert_eq!(keeps_order(&[], 8, 18), 0.0);
    }
}
