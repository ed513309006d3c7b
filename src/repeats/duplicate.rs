//! The same document, to the letter or with differences: versions, reprints, noisy recognitions of one text.
//!
//! Sketches of shingles find candidates; each is verified over all letters of the two (`likeness`). What counts besides
//! is how much of the smaller one's rare shingles the other holds: on 1,111 regulations in successive versions that told
//! versions from mere kin better (F1 .951) than the Jaccard index (.923) or plain containment (.936) of the same
//! shingles.

use super::candidates::{FEW_HOLDERS, Holder, pairs};
use super::likeness::{ANCHOR, overlap, same_numbers};
use super::settle::Findings;
use super::{Method, Options, Settle};
use crate::Error;
use crate::page::cause::CauseId;
use crate::repeats::Level;
use crate::settle::sorted::{Indexed, Sorted, Unsorted};
use crate::shingle::shingles;
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};

pub(super) const METHOD: Method = Method {
    cause: CauseId::Duplicate,
    source: "XXH3, 128 bits, over folded letters (Y. Collet, github.com/Cyan4973/xxHash); FracMinHash (Irber et al., bioRxiv \
             2022) over character shingles, weighted by inverse document frequency (Spärck Jones 1972); verified by alignment \
             over all letters",
    in_page: |_, _| {},
    in_run,
};

/// The file beside the output in which the comparisons are told.
pub const PAIRS: &str = "pairs.jsonl";
/// Letters of a document's shingle.
const SHINGLE: usize = 5;
/// One shingle in so many is kept, by its hash.
const SCALE: u64 = 16;
/// A short document keeps its lowest hashes, up to this many, whatever the scale.
const FEWEST: usize = 256;
/// The share of the smaller sketch that two documents must have in common to be looked at.
const CANDIDATE: f64 = 0.1;
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

/// The kept hashes of a document's shingles, rising, and the bound below which they are all there.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    pub hashes: Vec<u64>,
    pub bound: u64,
}

impl Sketch {
    /// The sketch of all letters of a document.
    pub fn of(letters: &[Letter]) -> Self {
        // twice as many as are needed, as a rule; the few texts that repeat themselves too much are gone through again
        let most = u64::MAX / (letters.len() / (2 * FEWEST)).clamp(1, SCALE as usize) as u64;
        let sketch = Sketch::below(letters, most);
        if sketch.hashes.len() < FEWEST && most > u64::MAX / SCALE {
            Sketch::below(letters, u64::MAX)
        } else {
            sketch
        }
    }

    fn below(letters: &[Letter], most: u64) -> Self {
        let mut hashes: Vec<u64> = shingles(letters, SHINGLE)
            .filter(|hash| *hash < most)
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        let scaled = hashes.partition_point(|h| *h < u64::MAX / SCALE);
        let bound = match hashes.get(FEWEST) {
            _ if scaled >= FEWEST => u64::MAX / SCALE,
            Some(next) => *next,
            None => most,
        };
        hashes.truncate(scaled.max(FEWEST));
        Sketch { hashes, bound }
    }
}

/// How often a document's shingle is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct Held {
    hash: u64,
    rank: u32,
    holders: u32,
}

impl Ord for Held {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.rank, self.hash).cmp(&(other.rank, other.hash))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Two documents that were held against each other, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Compared {
    ranks: [u32; 2],
    /// How much of the smaller one's shingles the other holds, each weighing the more the fewer hold it.
    weighted: f64,
    /// For each, the share of its letters that stand in the other.
    shares: [f64; 2],
    /// For each, whether it is so like the other that it may go.
    is_copy: [bool; 2],
    /// Whether they differ as recognitions of one text do.
    is_misread: bool,
}

impl Compared {
    /// The share of the smaller one's letters that stand in the other.
    fn overlap(&self) -> f64 {
        self.shares[0].max(self.shares[1])
    }

    fn is_alike(&self, options: &Options) -> bool {
        self.weighted >= options.cluster_from && self.overlap() >= LEAST_OVERLAP
            || self.is_copy != [false; 2]
    }
}

/// A line of pairs.jsonl: two documents that were held against each other over all their letters, and what came of it.
#[derive(Serialize)]
struct Pair<'d> {
    ids: [&'d str; 2],
    /// For each, the share of its letters that stand in the other.
    shares: [f64; 2],
    weighted: f64,
    verdict: &'static str,
}

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    if options.duplicates == Level::Off {
        return Ok(());
    }
    settle.find_copies()?;
    let mut holders = Unsorted::new(settle.room.shared_by(3));
    settle.scan(
        |rank, prints| {
            prints
                .sketch
                .hashes
                .iter()
                .map(|hash| Holder {
                    hash: *hash,
                    rank,
                    block: 0,
                })
                .collect::<Vec<_>>()
        },
        |found| holders.extend(&found),
    )?;
    let holders = holders.without_single(|holder| holder.hash).sorted()?;
    let mut shared = Unsorted::new(settle.room.shared_by(3));
    holders.groups(
        |a, b| a.hash == b.hash,
        |same| pairs(same).try_for_each(|(first, second)| shared.push([first.rank, second.rank])),
    )?;
    let candidates = candidates(settle, shared.sorted()?)?;
    let sketches = Sketches::of(settle, &holders, &candidates)?;
    drop(holders);
    let mut compared = sketches.verify(settle, &candidates, options)?;
    write_pairs(settle, &compared, options)?;
    compared.retain(|compared| compared.is_alike(options));
    settle.misread = compared
        .iter()
        .filter(|pair| pair.is_misread)
        .map(|pair| pair.ranks)
        .collect();
    settle.rejected.documents += (candidates.len() - compared.len()) as u64;
    tell(settle, options, &compared, findings)
}

/// The hashes that documents with candidates share, with the number of their holders.
struct Sketches {
    held: Indexed<Held>,
    documents: f64,
}

impl Sketches {
    fn of(
        settle: &Settle,
        holders: &Sorted<Holder>,
        candidates: &[[u32; 2]],
    ) -> Result<Self, Error> {
        let mut has_candidates = vec![false; settle.len()];
        candidates
            .iter()
            .flatten()
            .for_each(|rank| has_candidates[*rank as usize] = true);
        let mut held = Unsorted::new(settle.room.shared_by(3));
        holders.groups(
            |a, b| a.hash == b.hash,
            |same| {
                let count = same.len() as u32;
                same.iter()
                    .filter(|holder| has_candidates[holder.rank as usize])
                    .try_for_each(|holder| {
                        held.push(Held {
                            hash: holder.hash,
                            rank: holder.rank,
                            holders: count,
                        })
                    })
            },
        )?;
        let held = held
            .sorted()?
            .indexed(settle.room.folder(), settle.len(), |held| {
                held.rank as usize
            })?;
        Ok(Sketches {
            held,
            documents: (settle.len() - settle.copies.len() + FEW) as f64,
        })
    }

    /// The whole sketch of a document. What is not among the shared hashes it holds alone.
    fn whole(&self, settle: &Settle, rank: u32) -> Result<Vec<Held>, Error> {
        let shared = self.held.get(rank as usize)?;
        let mut shared = shared.iter().copied().peekable();
        let held = |hash| {
            shared.next_if(|held| held.hash == hash).unwrap_or(Held {
                hash,
                rank,
                holders: 1,
            })
        };
        Ok(settle.sketch(rank)?.into_iter().map(held).collect())
    }

    /// Holds the sketches of two documents against each other, as far as both are complete.
    fn compare(&self, a: &[Held], b: &[Held], bound: u64) -> Shared {
        let weight = |held: &Held| (self.documents / f64::from(held.holders)).ln();
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

    /// Holds those of the candidates against each other, over all their letters, whose sketches are like enough.
    fn verify(
        &self,
        settle: &Settle,
        candidates: &[[u32; 2]],
        options: &Options,
    ) -> Result<Vec<Compared>, Error> {
        let verified = candidates
            .par_chunk_by(|a, b| a[0] == b[0])
            .map(|pairs| self.verify_with(settle, pairs, options));
        Ok(verified
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .flatten()
            .collect())
    }

    /// Holds the first document of the pairs against the second of each.
    fn verify_with(
        &self,
        settle: &Settle,
        pairs: &[[u32; 2]],
        options: &Options,
    ) -> Result<Vec<Option<Compared>>, Error> {
        let first = pairs[0][0];
        let held = self.whole(settle, first)?;
        let mut text = None;
        pairs
            .iter()
            .map(|[_, second]| {
                let bound = settle
                    .document(first)
                    .bound
                    .min(settle.document(*second).bound);
                let shared = self.compare(&held, &self.whole(settle, *second)?, bound);
                if shared.weighted < LOOK * options.cluster_from {
                    return Ok(None);
                }
                if text.is_none() {
                    text = Some(settle.all_letters(first)?);
                }
                let text = text.as_deref().expect("read above");
                Ok(Some(compared(
                    [first, *second],
                    text,
                    &settle.all_letters(*second)?,
                    &shared,
                    options,
                )))
            })
            .collect()
    }
}

/// What two sketches say.
#[derive(Default)]
struct Shared {
    /// How much of the smaller document's shingles the other holds, each weighing the more the fewer hold it.
    weighted: f64,
    /// For each, the share of its own shingles (those that few hold) that the other holds.
    own: [f64; 2],
}

/// Holds two documents against each other, letter by letter.
fn compared(
    ranks: [u32; 2],
    a: &[Letter],
    b: &[Letter],
    shared: &Shared,
    options: &Options,
) -> Compared {
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
    Compared {
        ranks,
        weighted: shared.weighted,
        shares,
        is_copy,
        is_misread,
    }
}

/// The pairs of documents that share enough of their sketches.
fn candidates(settle: &Settle, shared: Sorted<[u32; 2]>) -> Result<Vec<[u32; 2]>, Error> {
    // (bound, hashes) by rank, close together: there are many pairs
    let sketches: Vec<(u64, u32)> = (0..settle.len() as u32)
        .map(|rank| (settle.document(rank).bound, settle.document(rank).sketch))
        .collect();
    let mut candidates = Vec::new();
    shared.groups(
        |a, b| a == b,
        |same| {
            let pair = same[0].map(|rank| sketches[rank as usize]);
            let bound = pair[0].0.min(pair[1].0) as f64;
            let smaller = pair.map(|(own, hashes)| f64::from(hashes) * (bound / own as f64));
            if same.len() as f64 >= CANDIDATE * smaller[0].min(smaller[1]) {
                candidates.push(same[0]);
            }
            Ok(())
        },
    )?;
    Ok(candidates)
}

/// Writes what the comparisons showed, also where two documents were found to be different.
fn write_pairs(settle: &Settle, compared: &[Compared], options: &Options) -> Result<(), Error> {
    let path = settle.room.folder().join(PAIRS);
    let error = |e| Error::Output(path.clone(), e);
    let mut file = BufWriter::new(File::create(&path).map_err(error)?);
    let round = |share: f64| (share * 1e4).round() / 1e4;
    for pair in compared {
        let line = Pair {
            ids: pair.ranks.map(|rank| &*settle.document(rank).id),
            shares: pair.shares.map(round),
            weighted: round(pair.weighted),
            verdict: match (pair.is_copy != [false; 2], pair.is_alike(options)) {
                (true, _) => "copy",
                (false, true) => "cluster",
                (false, false) => "apart",
            },
        };
        serde_json::to_writer(&mut file, &line).map_err(|e| error(e.into()))?;
        file.write_all(b"\n").map_err(error)?;
    }
    file.flush().map_err(error)
}

/// Says of each document that is like others which cluster it belongs to, and whether it goes.
fn tell(
    settle: &mut Settle,
    options: &Options,
    alike: &[Compared],
    findings: &mut Findings,
) -> Result<(), Error> {
    let mut neighbours: HashMap<u32, Vec<(usize, Compared)>> = HashMap::new();
    for alike in alike {
        neighbours
            .entry(alike.ranks[0])
            .or_default()
            .push((0, *alike));
        neighbours
            .entry(alike.ranks[1])
            .or_default()
            .push((1, *alike));
    }
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (rank, first) in clusters(alike.iter().map(|alike| alike.ranks)) {
        members
            .entry(first)
            .or_insert_with(|| vec![first])
            .push(rank);
    }
    // of a document that has its like: its cluster, the document that stays, how like that is, whether it goes
    let mut told: HashMap<u32, (u32, u32, f64, bool)> = HashMap::new();
    for (cluster, mut ranks) in members {
        // what is held by one that it does not hold itself comes after it, whatever the rule
        let is_part = |rank: &u32| {
            neighbours[rank]
                .iter()
                .any(|(which, alike)| alike.is_copy[*which] && !alike.is_copy[1 - which])
        };
        ranks.sort_by_cached_key(|rank| (is_part(rank), settle.precedence(*rank, options.keep)));
        for rank in ranks {
            // only what stays can make another go, and only by its own likeness
            let staying = neighbours[&rank]
                .iter()
                .map(|(which, alike)| (alike.ranks[1 - which], *which, alike));
            let nearest = staying
                .filter(|(other, ..)| told.get(other).is_some_and(|told| !told.3))
                .map(|(other, which, alike)| (alike.is_copy[which], alike.shares[which], other))
                .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2)));
            let (goes, share, of) = nearest.unwrap_or((false, 1.0, rank));
            told.insert(rank, (cluster, of, share, goes));
        }
    }
    // a copy to the letter shares the lot of its original
    for [copy, original] in &settle.copies {
        let (cluster, of, overlap, goes) = *told
            .entry(*original)
            .or_insert((*original, *original, 1.0, false));
        let (of, overlap) = if goes {
            (of, overlap)
        } else {
            (*original, 1.0)
        };
        findings.duplicate(settle, *copy, cluster, of, overlap, true)?;
    }
    let mut told: Vec<_> = told.into_iter().collect();
    told.sort_unstable_by_key(|(rank, _)| *rank);
    for (rank, (cluster, of, overlap, goes)) in told {
        if goes {
            settle.set_copy(rank);
        }
        findings.duplicate(settle, rank, cluster, of, overlap, goes)?;
    }
    Ok(())
}

/// For each document that has its like, but for the first of each cluster: that first. Documents are joined over their
/// pairs (union-find), of which the lower comes first.
fn clusters(pairs: impl Iterator<Item = [u32; 2]>) -> BTreeMap<u32, u32> {
    fn root(parent: &mut BTreeMap<u32, u32>, mut at: u32) -> u32 {
        while let Some(above) = parent.get(&at).copied() {
            if let Some(top) = parent.get(&above).copied() {
                parent.insert(at, top);
            }
            at = above;
        }
        at
    }
    let mut parent: BTreeMap<u32, u32> = BTreeMap::new(); // of all but the first of each cluster
    for [first, second] in pairs {
        let (a, b) = (root(&mut parent, first), root(&mut parent, second));
        if a != b {
            parent.insert(a.max(b), a.min(b));
        }
    }
    let members: Vec<u32> = parent.keys().copied().collect();
    members
        .into_iter()
        .map(|at| (at, root(&mut parent, at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_known_by_its_first_document() {
        let clusters = clusters([[3, 5], [1, 5], [7, 8], [2, 8]].into_iter());
        assert_eq!(
            clusters.into_iter().collect::<Vec<_>>(),
            [(3, 1), (5, 1), (7, 2), (8, 2)]
        );
    }

    #[test]
    fn a_sketch_keeps_the_lowest_hashes_and_knows_how_far_it_is_complete() {
        for letters in [100, 3000, 20_000] {
            let text: Vec<Letter> = (0..letters)
                .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 16) as Letter | 1)
                .collect();
            let mut all: Vec<u64> = shingles(&text, SHINGLE).collect();
            all.sort_unstable();
            all.dedup();
            let sketch = Sketch::of(&text);
            assert_eq!(sketch.hashes, all[..sketch.hashes.len()]);
            assert!(sketch.hashes.len() >= FEWEST.min(all.len()));
            assert_eq!(
                sketch.hashes.len(),
                all.partition_point(|hash| *hash < sketch.bound)
            );
        }
    }
}
