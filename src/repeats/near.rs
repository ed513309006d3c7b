//! The same document with differences: versions, reprints, noisy recognitions of one text.
//!
//! Documents are compared by sketches of their shingles. What counts is how much of the smaller one's rare shingles the
//! other holds: on 1,111 regulations in successive versions that told versions from mere kin better (F1 .951) than the
//! Jaccard index (.923) or plain containment (.936) of the same shingles. A sketch only estimates, so such documents are
//! clustered and marked; only a copy to the letter is dropped.

use super::{Duplicate, Method, Options, Settle, Verdict};
use crate::config::Level;
use crate::page::{Kind, Page};
use crate::shingle::{Stream, shingles};
use rayon::prelude::*;
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
const SCALE: u64 = 8;
/// A short document keeps its lowest hashes, up to this many, whatever the scale.
const FEWEST: usize = 256;
/// Rarest shared shingles of a document by which it looks for its like.
const KEYS: usize = 32;
/// A shingle that more documents share is held against the first of them alone.
const MOST_DOCUMENTS: usize = 64;
/// Shared shingles of a sketch below which nothing is said.
const FEWEST_SHARED: usize = 8;
/// Weighted containment from which two documents are near. Clusters of the regulations: F1 .928 at .55 with precision
/// .987; .926 at .40 with precision .910.
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
    pub(super) fn of(page: &Page) -> Self {
        let stream = Stream::of(page, |b| b.kind != Kind::Masthead);
        let mut hashes: Vec<u64> = shingles(&stream.letters, SHINGLE).collect();
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

fn in_run(settle: &Settle, options: &Options, verdicts: &mut [Verdict]) {
    if options.duplicates == Level::Off {
        return;
    }
    // exact copies are settled; one of each stands for all
    let mut pages: Vec<usize> = (0..settle.ids.len()).filter(|p| verdicts[*p].duplicate.is_none()).collect();
    pages.sort_by_key(|page| settle.ranks[*page]);
    let postings = Postings::of(settle, &pages);
    let near: Vec<(usize, usize)> = postings
        .candidates(settle)
        .into_par_iter()
        .filter(|(a, b)| postings.likeness(settle, *a, *b).0 >= NEAR)
        .collect();
    let clusters = clusters(&near);
    for (page, first) in &clusters {
        let of = settle.ids[*first].clone();
        let (_, similarity) = postings.likeness(settle, *first, *page);
        verdicts[*page].duplicate = Some(Duplicate { cluster: of.clone(), of, similarity, exact: false });
    }
    // an exact copy belongs where its original does
    let first: HashMap<&String, &String> =
        clusters.iter().map(|(page, first)| (&settle.ids[*page], &settle.ids[*first])).collect();
    for copy in verdicts.iter_mut().filter_map(|v| v.duplicate.as_mut()).filter(|copy| copy.exact) {
        copy.cluster = first.get(&copy.of).copied().unwrap_or(&copy.of).clone();
    }
}

/// Which documents hold which hash, the rarest information there is about it.
struct Postings {
    /// (hash, rank), sorted.
    entries: Vec<(u64, u32)>,
    /// Documents by rank; only ranks of pages that are compared are set.
    by_rank: BTreeMap<u32, usize>,
}

impl Postings {
    fn of(settle: &Settle, pages: &[usize]) -> Self {
        let mut entries: Vec<(u64, u32)> =
            pages.iter().flat_map(|p| settle.prints[*p].sketch.hashes.iter().map(|h| (*h, settle.ranks[*p]))).collect();
        entries.par_sort_unstable();
        Postings { entries, by_rank: pages.iter().map(|p| (settle.ranks[*p], *p)).collect() }
    }

    fn holders(&self, hash: u64) -> &[(u64, u32)] {
        let low = self.entries.partition_point(|(h, _)| *h < hash);
        let length = self.entries[low..].iter().take_while(|(h, _)| *h == hash).count();
        &self.entries[low..low + length]
    }

    /// Pairs of pages, the one of lower rank first, that share one of either's rarest shared shingles.
    fn candidates(&self, settle: &Settle) -> Vec<(usize, usize)> {
        let pages: Vec<(&u32, &usize)> = self.by_rank.iter().collect();
        let mut pairs: Vec<(u32, u32)> = pages
            .par_iter()
            .flat_map_iter(|(rank, page)| {
                let mut keys: Vec<(usize, u64)> = settle.prints[**page]
                    .sketch
                    .hashes
                    .iter()
                    .map(|hash| (self.holders(*hash).len(), *hash))
                    .filter(|(holders, _)| *holders > 1)
                    .collect();
                keys.sort_unstable();
                keys.truncate(KEYS);
                let others: HashSet<u32> = keys
                    .into_iter()
                    .flat_map(|(holders, hash)| {
                        self.holders(hash)[..if holders > MOST_DOCUMENTS { 1 } else { holders }].iter()
                    })
                    .map(|(_, other)| *other)
                    .collect();
                let rank = **rank;
                others
                    .into_iter()
                    .filter(move |other| *other != rank)
                    .map(move |other| (rank.min(other), rank.max(other)))
            })
            .collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        pairs.into_iter().map(|(a, b)| (self.by_rank[&a], self.by_rank[&b])).collect()
    }

    /// The weighted containment and the Jaccard index of two documents, as their sketches estimate them.
    fn likeness(&self, settle: &Settle, a: usize, b: usize) -> (f64, f64) {
        let (a, b) = (&settle.prints[a].sketch, &settle.prints[b].sketch);
        let bound = a.bound.min(b.bound);
        let below = |s: &Sketch| s.hashes.partition_point(|h| *h < bound);
        let (a, b) = (&a.hashes[..below(a)], &b.hashes[..below(b)]);
        let weight = |hash: &u64| ((self.by_rank.len() + FEW) as f64 / self.holders(*hash).len() as f64).ln();
        let shared: Vec<u64> = a.iter().filter(|h| b.binary_search(h).is_ok()).copied().collect();
        let few = FEWEST_SHARED.min(a.len()).min(b.len());
        if shared.is_empty() || shared.len() < few {
            return (0.0, 0.0);
        }
        let weights = |hashes: &[u64]| hashes.iter().map(weight).sum::<f64>();
        let contained = weights(&shared) / weights(a).min(weights(b));
        (contained, shared.len() as f64 / (a.len() + b.len() - shared.len()) as f64)
    }
}

/// For each page that has its like, but for the first of each cluster: that first. Pages are joined over their pairs
/// (union-find); pairs come with the lower rank first.
fn clusters(pairs: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    let mut parent: BTreeMap<usize, usize> = BTreeMap::new();
    fn root(parent: &mut BTreeMap<usize, usize>, page: usize) -> usize {
        let above = *parent.entry(page).or_insert(page);
        if above == page {
            return page;
        }
        let top = root(parent, above);
        parent.insert(page, top);
        top
    }
    for (first, second) in pairs {
        let (a, b) = (root(&mut parent, *first), root(&mut parent, *second));
        parent.insert(b, a);
    }
    let pages: Vec<usize> = parent.keys().copied().collect();
    pages.into_iter().map(|page| (page, root(&mut parent, page))).filter(|(page, first)| page != first).collect()
}
