//! The same document with differences: versions, reprints, noisy recognitions of one text.
//!
//! Documents are compared by sketches of their shingles. What counts is how much of the smaller one's rare shingles the
//! other holds: on 1,111 regulations in successive versions that told versions from mere kin better (F1 .951) than the
//! Jaccard index (.923) or plain containment (.936) of the same shingles. A sketch only estimates, so such documents are
//! clustered and marked; only a copy to the letter is dropped.

use super::{Duplicate, Method, Options, Settle, Verdict};
use crate::config::Level;
use crate::shingle::{Letter, shingles};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) const METHOD: Method = Method {
    name: "near",
    about: "Documents that hold most of one another's rarer shingles of five letters are put in one cluster and marked.",
    source: "FracMinHash (Irber et al., bioRxiv 2022) over character shingles, weighted by inverse document frequency \
             (Spärck Jones 1972)",
    in_page: |_, _| {},
    in_run,
};

const SHINGLE: usize = 5;
/// One shingle in so many is kept, by its hash.
const SCALE: u64 = 16;
/// A short document keeps its lowest hashes, up to this many, whatever the scale.
const FEWEST: usize = 256;
/// Rarest shared shingles of a document by which it looks for its like.
const KEYS: usize = 32;
/// A shingle that more documents share is held against the first of them alone.
const MOST_DOCUMENTS: usize = 64;
/// Shared shingles of a sketch below which nothing is said.
const FEWEST_SHARED: usize = 8;
/// Weighted containment from which two documents are near. Clusters of the regulations: F1 .934 at .55 with precision
/// .988.
const NEAR: f64 = 0.55;
/// Documents that are thought to be there besides those of the run: in a run of two, what both hold still weighs.
const FEW: usize = 10;

/// The kept hashes of a document's shingles, rising, and the bound below which they are all there.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    hashes: Vec<u64>,
    bound: u64,
}

impl Sketch {
    /// The sketch of all letters of a document.
    pub(super) fn of(letters: &[Letter]) -> Self {
        let mut hashes: Vec<u64> = shingles(letters, SHINGLE).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let scaled = hashes.partition_point(|h| *h < u64::MAX / SCALE);
        let bound = match hashes.get(FEWEST) {
            _ if scaled >= FEWEST => u64::MAX / SCALE,
            Some(next) => *next,
            None => u64::MAX,
        };
        hashes.truncate(scaled.max(FEWEST));
        hashes.shrink_to_fit();
        Sketch { hashes, bound }
    }

    pub(super) fn bytes(&self) -> usize {
        self.hashes.len() * size_of::<u64>()
    }
}

fn in_run(settle: &mut Settle, options: &Options, verdicts: &mut [Verdict]) {
    if options.duplicates == Level::Off {
        return;
    }
    // exact copies are settled; one of each stands for all
    let pages: Vec<usize> = settle.by_rank.iter().copied().filter(|p| verdicts[*p].duplicate.is_none()).collect();
    let sketches = Sketches::of(settle, &pages);
    let near: Vec<(usize, usize)> =
        sketches.candidates().into_par_iter().filter(|(a, b)| sketches.likeness(*a, *b).0 >= NEAR).collect();
    let clusters = clusters(&near);
    for (at, first) in &clusters {
        let of = settle.ids[pages[*first]].clone();
        let (_, similarity) = sketches.likeness(*first, *at);
        verdicts[pages[*at]].duplicate = Some(Duplicate { cluster: of.clone(), of, similarity, exact: false });
    }
    // an exact copy belongs where its original does
    let id = |at: &usize| &settle.ids[pages[*at]];
    let first: HashMap<&String, &String> = clusters.iter().map(|(at, first)| (id(at), id(first))).collect();
    for copy in verdicts.iter_mut().filter_map(|v| v.duplicate.as_mut()).filter(|copy| copy.exact) {
        copy.cluster = first.get(&copy.of).copied().unwrap_or(&copy.of).clone();
    }
}

/// The sketches of all documents, in the order of their ids, and who else holds each of their hashes.
struct Sketches {
    sketches: Vec<Sketch>,
    /// (hash, document), sorted: the holders of a hash stand together.
    entries: Vec<(u64, u32)>,
    /// For each document, where in `entries` the holders of each of its hashes stand.
    holders: Vec<Vec<(u32, u32)>>,
}

impl Sketches {
    fn of(settle: &mut Settle, pages: &[usize]) -> Self {
        let sketches: Vec<Sketch> = pages.iter().map(|page| std::mem::take(&mut settle.prints[*page].sketch)).collect();
        let mut entries: Vec<(u64, u32)> = sketches
            .iter()
            .zip(0..)
            .flat_map(|(sketch, at)| sketch.hashes.iter().map(move |hash| (*hash, at)))
            .collect();
        entries.par_sort_unstable();
        let mut holders: Vec<Vec<(u32, u32)>> = sketches.iter().map(|s| Vec::with_capacity(s.hashes.len())).collect();
        let mut start = 0;
        for same in entries.chunk_by(|a, b| a.0 == b.0) {
            let end = start + same.len() as u32;
            same.iter().for_each(|(_, at)| holders[*at as usize].push((start, end)));
            start = end;
        }
        Sketches { sketches, entries, holders }
    }

    /// Pairs of documents, the lower first, that share one of either's rarest shared shingles.
    fn candidates(&self) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> = (0..self.sketches.len())
            .into_par_iter()
            .flat_map_iter(|at| {
                let mut keys: Vec<(u32, u32)> = self.holders[at]
                    .iter()
                    .filter(|(start, end)| end - start > 1)
                    .map(|(start, end)| (end - start, *start))
                    .collect();
                keys.sort_unstable();
                keys.truncate(KEYS);
                let others: HashSet<usize> = keys
                    .into_iter()
                    .map(|(count, start)| {
                        (start as usize, if count as usize > MOST_DOCUMENTS { 1 } else { count as usize })
                    })
                    .flat_map(|(start, count)| &self.entries[start..start + count])
                    .map(|(_, other)| *other as usize)
                    .collect();
                others.into_iter().filter(move |other| *other != at).map(move |other| (at.min(other), at.max(other)))
            })
            .collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The weighted containment and the Jaccard index of two documents, as their sketches estimate them.
    fn likeness(&self, a: usize, b: usize) -> (f64, f64) {
        let bound = self.sketches[a].bound.min(self.sketches[b].bound);
        let below = |at: usize| {
            let hashes = &self.sketches[at].hashes;
            &hashes[..hashes.partition_point(|h| *h < bound)]
        };
        let (left, right) = (below(a), below(b));
        let all = (self.sketches.len() + FEW) as f64;
        let weight = |at: usize, nth: usize| {
            let (start, end) = self.holders[at][nth];
            (all / f64::from(end - start)).ln()
        };
        let whole = |at: usize, hashes: &[u64]| (0..hashes.len()).map(|nth| weight(at, nth)).sum::<f64>();
        let (mut i, mut j, mut shared, mut shared_weight) = (0, 0, 0, 0.0);
        while i < left.len() && j < right.len() {
            match left[i].cmp(&right[j]) {
                Ordering::Less => i += 1,
                Ordering::Greater => j += 1,
                Ordering::Equal => {
                    shared += 1;
                    shared_weight += weight(a, i);
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        if shared == 0 || shared < FEWEST_SHARED.min(left.len()).min(right.len()) {
            return (0.0, 0.0);
        }
        let contained = shared_weight / whole(a, left).min(whole(b, right));
        (contained, f64::from(shared as u32) / (left.len() + right.len() - shared) as f64)
    }
}

/// For each document that has its like, but for the first of each cluster: that first. Documents are joined over their
/// pairs (union-find), of which the lower comes first.
fn clusters(pairs: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    fn root(parent: &mut BTreeMap<usize, usize>, mut at: usize) -> usize {
        while let Some(above) = parent.get(&at).copied() {
            if let Some(top) = parent.get(&above).copied() {
                parent.insert(at, top);
            }
            at = above;
        }
        at
    }
    let mut parent: BTreeMap<usize, usize> = BTreeMap::new(); // of all but the first of each cluster
    for (first, second) in pairs {
        let (a, b) = (root(&mut parent, *first), root(&mut parent, *second));
        if a != b {
            parent.insert(a.max(b), a.min(b));
        }
    }
    let members: Vec<usize> = parent.keys().copied().collect();
    members.into_iter().map(|at| (at, root(&mut parent, at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_known_by_its_first_document() {
        let clusters = clusters(&[(3, 5), (1, 5), (7, 8), (2, 8)]);
        assert_eq!(clusters.into_iter().collect::<Vec<_>>(), [(3, 1), (5, 1), (7, 2), (8, 2)]);
    }
}
