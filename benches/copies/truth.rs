//! Which documents are truly alike: by all their shingles, not by sketches of them.

use crate::plant::Document;
use jiaokan::bench::shingle::shingles;
use jiaokan::bench::text::letters::{Letter, fold};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Letters of a shingle.
const SHINGLE: usize = 5;
/// From this Jaccard index of their shingles, or this containment of the smaller in the greater, two are alike.
const JACCARD: f64 = 0.5;
const CONTAINMENT: f64 = 0.8;
/// One shingle in so many is looked up to find who may be like a document.
const SAMPLED: u64 = 16;
/// Documents that share most of the sampled shingles, and are compared by all.
const CANDIDATES: usize = 50;

pub(crate) struct Truth<'a> {
    texts: HashMap<&'a str, &'a str>,
    /// Who holds a sampled shingle.
    holders: HashMap<u64, Vec<&'a str>>,
}

impl<'a> Truth<'a> {
    pub(crate) fn of(documents: &'a [Document]) -> Self {
        let mut holders: HashMap<u64, Vec<&str>> = HashMap::new();
        for document in documents {
            for shingle in sample(&shingles_of(&document.text)) {
                holders.entry(shingle).or_default().push(&document.id);
            }
        }
        Truth {
            texts: documents
                .iter()
                .map(|d| (d.id.as_str(), d.text.as_str()))
                .collect(),
            holders,
        }
    }

    pub(crate) fn are_alike(&self, id: &str, other: &str) -> bool {
        alike(
            &shingles_of(self.texts[id]),
            &shingles_of(self.texts[other]),
        )
    }

    /// Whether any other document, of those that are wanted, is like this one.
    pub(crate) fn has_like(&self, id: &str, wanted: impl Fn(&str) -> bool) -> bool {
        let own = shingles_of(self.texts[id]);
        let mut shared: HashMap<&str, usize> = HashMap::new();
        for shingle in sample(&own) {
            for holder in self.holders[&shingle]
                .iter()
                .filter(|holder| **holder != id && wanted(holder))
            {
                *shared.entry(holder).or_default() += 1;
            }
        }
        let mut candidates: Vec<(&str, usize)> = shared.into_iter().collect();
        candidates.sort_unstable_by_key(|(id, shared)| (Reverse(*shared), *id));
        candidates
            .iter()
            .take(CANDIDATES)
            .any(|(other, _)| alike(&own, &shingles_of(self.texts[other])))
    }
}

/// The hashes of a text's shingles, rising, each once.
fn shingles_of(text: &str) -> Vec<u64> {
    let letters: Vec<Letter> = text.chars().filter_map(fold).collect();
    let mut hashes: Vec<u64> = shingles(&letters, SHINGLE).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn sample(shingles: &[u64]) -> impl Iterator<Item = u64> {
    shingles
        .iter()
        .copied()
        .take_while(|hash| *hash < u64::MAX / SAMPLED)
}

fn alike(a: &[u64], b: &[u64]) -> bool {
    let shared = a
        .iter()
        .filter(|hash| b.binary_search(hash).is_ok())
        .count() as f64;
    let jaccard = shared / ((a.len() + b.len()) as f64 - shared);
    jaccard >= JACCARD || shared >= CONTAINMENT * a.len().min(b.len()).max(1) as f64
}
