//! Holds documents against each other: their sketches, and where those are like enough all their letters.

use crate::repeats::candidates::FEW_HOLDERS;
use crate::repeats::likeness::{ANCHOR, overlap, same_numbers};
use crate::repeats::method::{
    Candidate, Context, Corpus, Held, Holder, Rejected, Unreadable, Verified, WHOLE,
};
use crate::repeats::{Edge, Options};
use crate::text::letters::Letter;

/// Weighted containment from which two documents share a cluster. Clusters of the regulations: F1 .948 at .55 with
/// precision .988.
pub const CLUSTER_FROM: f64 = 0.55;
/// The part of it from which they are compared over all their letters: of 2,479 planted copies, 10 % of wrong letters in
/// some, the least had .42.
const LOOK: f64 = 0.7;
/// Overlap below which they do not, however much rare shingles have in common.
const LEAST_OVERLAP: f64 = 0.3;
/// The share of a document's shingles that stand in the one that stays, from which it goes as a copy; or of its letters,
/// if most differences are single letters, as of a recogniser. On the planted copies (benches/copies) that tells a
/// reading with 10 % of wrong letters (overlap .80 to .95) from news written by one formula (as high as .95).
pub const DUPLICATE_FROM: f64 = 0.8;
/// Or else so much of what is its own: of the shingles that few documents hold. What it has besides, many have.
const OWN_FROM: f64 = 0.9;
const LEAST_OWN_SHARE: f64 = 0.4;
/// Own shingles below which a share of them says little.
const FEWEST_OWN: usize = 8;
/// Letters below which another number makes another document.
const SHORT: usize = 100;
/// What is smaller than this, measured by the document that stays, is a part and no copy: its paragraphs may go.
const SMALLEST_COPY: f64 = 0.4;
/// Documents that are thought to be there besides those of the run: in a run of two, what both hold still weighs.
const FEW: usize = 10;

/// Holds a document against those that share enough of its sketch.
pub(super) fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let corpus = context.corpus;
    let first = candidates[0].pair.rank;
    let documents = (corpus.documents() + FEW) as f64;
    let held = whole_sketch(corpus, first)?;
    let mut letters = None;
    let mut verified = Verified::default();
    for candidate in candidates {
        let second = candidate.pair.other;
        let bound = corpus.facts(first).bound.min(corpus.facts(second).bound);
        let shared = compare(&held, &whole_sketch(corpus, second)?, bound, documents);
        let mut is_alike = false;
        if shared.weighted >= LOOK * context.options.cluster_from {
            let letters = match &mut letters {
                Some(letters) => letters,
                letters => letters.insert(corpus.all_letters(first)?),
            };
            let others = corpus.all_letters(second)?;
            let (edge, is_misread) =
                compared([first, second], letters, &others, &shared, context.options);
            verified.edges.push(edge);
            is_alike = edge.is_alike;
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

/// The whole sketch of a document, with how many hold each hash. What is not among the shared hashes it holds alone.
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

/// What two sketches say.
#[derive(Default)]
struct Shared {
    /// How much of the smaller document's shingles the other holds, each weighing the more the fewer hold it.
    weighted: f64,
    /// For each, the share of its own shingles (those that few hold) that the other holds.
    own: [f64; 2],
}

/// Holds the sketches of two documents against each other, as far as both are complete.
fn compare(a: &[Held], b: &[Held], bound: u64, documents: f64) -> Shared {
    let weight = |held: &Held| (documents / f64::from(held.holders)).ln();
    let is_own = |held: &Held| held.holders as usize <= FEW_HOLDERS;
    let below = |held: &[Held]| held.partition_point(|h| h.hash < bound);
    let (a, b) = (&a[..below(a)], &b[..below(b)]);
    let mut others = b.iter().peekable();
    let (mut shared, mut shared_own) = (0.0, 0);
    for held in a {
        while others.next_if(|other| other.hash < held.hash).is_some() {}
        if others.peek().is_some_and(|other| other.hash == held.hash) {
            shared += weight(held);
            shared_own += usize::from(is_own(held));
        }
    }
    if shared == 0.0 {
        return Shared::default();
    }
    let whole = |held: &[Held]| held.iter().map(weight).sum::<f64>();
    let own = |held: &[Held]| {
        shared_own as f64 / held.iter().filter(|h| is_own(h)).count().max(FEWEST_OWN) as f64
    };
    Shared {
        weighted: shared / whole(a).min(whole(b)),
        own: [own(a), own(b)],
    }
}

/// Holds two documents against each other, letter by letter. Says besides whether they differ as recognitions of one text do.
fn compared(
    ranks: [u32; 2],
    a: &[Letter],
    b: &[Letter],
    shared: &Shared,
    options: &Options,
) -> (Edge, bool) {
    let lengths = [a.len(), b.len()];
    let overlap = overlap(a, b);
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let shares = lengths.map(|length| share(overlap.letters, length));
    let are_small = 5 * overlap.large_differences <= 2 * overlap.differences;
    let is_noise = are_small
        && shares
            .iter()
            .all(|share| *share >= options.duplicate_from - 0.1);
    let says_other = lengths[0].min(lengths[1]) < SHORT && !same_numbers(a, b);
    let is_copy = [0, 1].map(|which| {
        let contained = share(
            overlap.shingles,
            (lengths[which] + 1).saturating_sub(ANCHOR),
        );
        let holds_it = contained >= options.duplicate_from
            || shares[which] >= options.duplicate_from && is_noise
            || shares[which] >= LEAST_OWN_SHARE && shared.own[which] >= OWN_FROM;
        holds_it && !says_other && share(lengths[which], lengths[1 - which]) >= SMALLEST_COPY
    });
    let is_misread = are_small && overlap.differences > 0 && !says_other && is_copy != [false; 2];
    let is_alike = shared.weighted >= options.cluster_from
        && shares[0].max(shares[1]) >= LEAST_OVERLAP
        || is_copy != [false; 2];
    let edge = Edge {
        ranks,
        weighted: shared.weighted,
        shares,
        is_copy,
        is_alike,
    };
    (edge, is_misread)
}
