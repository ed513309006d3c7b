//! Clusters of copies: how many there are, how large, how alike, and the texts of the largest.

use super::short_name;
use crate::page::Page;
use crate::repeats::{Duplicate, Verdict};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use xxhash_rust::xxh3::xxh3_64;

/// Clusters of which texts are shown, members of each, and characters of each text.
const MOST_CLUSTERS: usize = 12;
pub(super) const MOST_MEMBERS: usize = 4;
const MOST_CHARACTERS: usize = 3000;
/// The bars of the plot of similarity, from 0 to 1.
const BARS: usize = 20;

/// The clusters of a run. What is held grows with their number, by some 20 bytes each.
#[derive(Debug, Default)]
pub struct Clusters {
    /// By the hash of the cluster's id: how many documents of it were seen.
    sizes: HashMap<u64, u32>,
    /// Of documents that are like another, which stays.
    similarity: [u64; BARS],
    largest: Vec<u64>,
}

/// A document of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    pub cluster: String,
    /// How many documents the cluster has.
    pub size: u32,
    pub id: String,
    pub keep: bool,
    pub similarity: f64,
    pub characters: usize,
    /// As it came; the beginning, if it is long.
    pub text: String,
}

impl Clusters {
    /// Counts the document of a verdict.
    pub fn count(&mut self, verdict: &Verdict) {
        let Some(duplicate) = &verdict.duplicate else { return };
        *self.sizes.entry(xxh3_64(duplicate.cluster.as_bytes())).or_default() += 1;
        if duplicate.of.is_some() {
            let bar = (duplicate.similarity * BARS as f64) as usize;
            self.similarity[bar.min(BARS - 1)] += 1;
        }
    }

    /// Says that all documents have been counted: the texts of the largest clusters are to be shown.
    pub fn choose(&mut self) {
        let mut largest: Vec<(Reverse<u32>, u64)> =
            self.sizes.iter().map(|(hash, size)| (Reverse(*size), *hash)).collect();
        if largest.len() > MOST_CLUSTERS {
            largest.select_nth_unstable(MOST_CLUSTERS);
            largest.truncate(MOST_CLUSTERS);
        }
        self.largest = largest.into_iter().map(|(_, hash)| hash).collect();
    }

    pub(super) fn are_texts_shown(&self, cluster: &str) -> bool {
        !self.largest.is_empty() && self.largest.contains(&xxh3_64(cluster.as_bytes()))
    }

    /// How many documents a cluster has.
    pub(super) fn size(&self, cluster: &str) -> u32 {
        self.sizes.get(&xxh3_64(cluster.as_bytes())).copied().unwrap_or(0)
    }
}

/// How many clusters, of how many documents, and how many there are of each size.
impl Serialize for Clusters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
        self.sizes.values().for_each(|size| *sizes.entry(size.next_power_of_two()).or_default() += 1);
        // up to a power of two, from what is above the one before
        let sizes: Vec<(u32, u32, u64)> = sizes.into_iter().map(|(most, n)| (most / 2 + 1, most, n)).collect();
        let mut clusters = serializer.serialize_struct("Clusters", 4)?;
        clusters.serialize_field("clusters", &self.sizes.len())?;
        clusters.serialize_field("documents", &self.sizes.values().map(|size| u64::from(*size)).sum::<u64>())?;
        clusters.serialize_field("sizes", &sizes)?;
        clusters.serialize_field("similarity", &self.similarity[..])?;
        clusters.end()
    }
}

impl Member {
    pub(super) fn of(page: &Page, duplicate: &Duplicate, size: u32) -> Member {
        let characters = page.text().chars().count();
        Member {
            cluster: short_name(&duplicate.cluster),
            size,
            id: short_name(&page.id),
            keep: !duplicate.is_copy,
            similarity: duplicate.similarity,
            characters,
            text: page.text().chars().take(MOST_CHARACTERS).collect(),
        }
    }
}

/// A key by which documents that stay come before those that go.
pub(super) fn staying_first(duplicate: &Duplicate, key: u64) -> u64 {
    key >> 2 | u64::from(duplicate.is_copy) << 63 | u64::from(duplicate.of.is_some()) << 62
}
