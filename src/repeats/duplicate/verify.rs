//! Compares documents: their sketches, and if those are similar enough all their letters.

use super::own::{SMALLEST_COPY, Side, stands_in};
use crate::repeats::Edge;
use crate::repeats::differences::{Contained, Thresholds, judge};
use crate::repeats::method::{
    Candidate, Context, Corpus, Held, Holder, Rejected, Unreadable, Verified, WHOLE,
};
use crate::repeats::strict::ILLEGIBLE;

/// The plain share of the smaller sketch that the other must have for all letters to be compared: in two readings with
/// 8 % of wrong letters each, .43 of the shingles are intact in both. Shingles that every document of a run has weigh
/// nothing, but the run may be one page read a hundred times.
const LOOK_PLAIN: f64 = 0.25;
/// Weighted containment from which two documents share a cluster. Clusters of the regulations: F1 .948 at .55 with
/// precision .988.
pub(crate) const CLUSTER_FROM: f64 = 0.55;
/// The part of it from which all letters are compared: of 2,479 planted copies, some with 10 % of wrong letters, the
/// lowest had .42.
const LOOK: f64 = 0.7;
/// Below this overlap they do not share a cluster, however many rare shingles they have in common.
const LEAST_OVERLAP: f64 = 0.3;
/// The share of a document's signs that the one that stays must have for it to go as a copy: two readings with 10 % of
/// wrong letters each have some .8 in common. In addition, only noise or formatting may differ (`differences`).
pub(crate) const DUPLICATE_FROM: f64 = 0.75;
/// This many documents are assumed besides those of the run, so that in a run of two what both have still weighs.
const FEW: usize = 10;

/// Compares a document with those that share enough of its sketch.
pub(super) fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let corpus = context.corpus;
    let first = candidates[0].pair.rank;
    let documents = (corpus.documents() + FEW) as f64;
    let held = whole_sketch(corpus, first)?;
    let mut signs = None;
    let mut verified = Verified::default();
    for candidate in candidates {
        let second = candidate.pair.other;
        let bound = corpus.facts(first).bound.min(corpus.facts(second).bound);
        let theirs = whole_sketch(corpus, second)?;
        let sketches = [&held[..], &theirs[..]].map(|held| below(held, bound));
        let shared = compare(sketches, documents);
        let mut is_alike = false;
        if shared.weighted >= LOOK * context.options.cluster_from || shared.plain >= LOOK_PLAIN {
            let signs = match &mut signs {
                Some(signs) => signs,
                signs => signs.insert(corpus.signs(first)?),
            };
            let others = corpus.signs(second)?;
            let sides = [(&signs[..], sketches[0]), (&others[..], sketches[1])];
            let sides = sides.map(|(signs, held)| Side { signs, held });
            let (edge, is_misread) = compared([first, second], sides, &shared, context);
            is_alike = edge.is_alike;
            verified.edges.push(edge);
            if is_alike && is_misread {
                verified.kin.extend([
                    Holder::kin(first, WHOLE, second, WHOLE),
                    Holder::kin(second, WHOLE, first, WHOLE),
                ]);
            }
        }
        verified.rejected += Rejected {
            documents: u64::from(!is_alike),
            ..Rejected::default()
        };
    }
    Ok(verified)
}

/// The whole sketch of a document, with how many documents hold each hash: one, if the hash is not shared.
fn whole_sketch(corpus: &dyn Corpus, rank: u32) -> Result<Vec<Held>, Unreadable> {
    let shared = corpus.held(rank)?;
    let mut shared = shared.iter().copied().peekable();
    let held = |hash| {
        shared.next_if(|held| held.hash == hash).unwrap_or(Held {
            hash,
            rank,
            holders: 1,
        })
    };
    Ok(corpus.sketch(rank)?.into_iter().map(held).collect())
}

/// What two sketches show.
#[derive(Default)]
struct Shared {
    /// How much of the smaller document's shingles the other has; the fewer documents hold a shingle, the more it
    /// weighs.
    weighted: f64,
    /// The same with equal weights.
    plain: f64,
}

/// The part of a sketch below a bound.
fn below(held: &[Held], bound: u64) -> &[Held] {
    &held[..held.partition_point(|h| h.hash < bound)]
}

/// Compares the sketches of two documents, as far as both are complete.
fn compare([a, b]: [&[Held]; 2], documents: f64) -> Shared {
    let weight = |held: &Held| (documents / f64::from(held.holders)).ln();
    let mut others = b.iter().peekable();
    let (mut shared, mut count) = (0.0, 0);
    for held in a {
        while others.next_if(|other| other.hash < held.hash).is_some() {}
        if others.peek().is_some_and(|other| other.hash == held.hash) {
            shared += weight(held);
            count += 1;
        }
    }
    if count == 0 {
        return Shared::default();
    }
    let whole = |held: &[Held]| held.iter().map(weight).sum::<f64>();
    Shared {
        weighted: shared / whole(a).min(whole(b)).max(f64::MIN_POSITIVE),
        plain: f64::from(count) / a.len().min(b.len()) as f64,
    }
}

/// Compares two documents sign by sign. Also returns whether they differ as recognitions of one text do.
fn compared(ranks: [u32; 2], sides: [Side; 2], shared: &Shared, context: &Context) -> (Edge, bool) {
    let [a, b] = sides.map(|side| side.signs);
    let lengths = [a.len(), b.len()];
    let judgement = judge(a.into(), b.into(), context.likely, &Thresholds::default());
    let shares = judgement.shares;
    let is_copy = [0, 1].map(|which| {
        let size = lengths[which] as f64 / lengths[1 - which].max(1) as f64;
        judgement.contained[which].is_copy()
            && shares[which] >= context.options.duplicate_from
            && size >= SMALLEST_COPY
            && (judgement.contained[which] == Contained::Whole
                || stands_in(sides[which], sides[1 - which]))
    });
    let is_illegible = [a, b]
        .iter()
        .any(|text| text.iter().any(|sign| sign.code() == ILLEGIBLE));
    let is_misread = judgement.noise > 0.0 && is_copy == [true; 2] && !is_illegible;
    let is_alike = shared.weighted >= context.options.cluster_from
        && shares[0].max(shares[1]) >= LEAST_OVERLAP
        || is_copy != [false; 2];
    let edge = Edge {
        ranks,
        weighted: shared.weighted,
        shares,
        is_copy,
        is_alike,
        differs: judgement.differs,
    };
    (edge, is_misread)
}
