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

/// The clusters of a run. What is held grows with their number, by some 40 bytes each.
#[derive(Debug, Default)]
pub struct Clusters {
    /// By the hash of the cluster's id: how many documents of it were seen.
    sizes: HashMap<u64, u32>,
    /// By the hash of the cluster's id, and of one that stays: how many documents are most like that one.
    like: HashMap<[u64; 2], u32>,
    /// Of documents that are like another, which stays.
    similarity: [u64; BARS],
    /// The largest clusters, each with the document in it that most are like.
    largest: HashMap<u64, u64>,
}

/// A document of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Member {
    pub cluster: String,
    /// How many documents the cluster has.
    pub size: u32,
    pub id: String,
    pub keep: bool,
    /// Which document it is like.
    pub like: Option<String>,
    pub similarity: f64,
    pub characters: usize,
    /// As it came; the beginning, if it is long.
    pub text: String,
}

impl Clusters {
    /// Counts the document of a verdict.
    pub fn count(&mut self, verdict: &Verdict) {
        let Some(duplicate) = &verdict.duplicate else {
            return;
        };
        let cluster = hash(&duplicate.cluster);
        *self.sizes.entry(cluster).or_default() += 1;
        if let Some(of) = &duplicate.of {
            *self.like.entry([cluster, hash(of)]).or_default() += 1;
            let bar = (duplicate.similarity * BARS as f64) as usize;
            self.similarity[bar.min(BARS - 1)] += 1;
        }
    }

    /// Says that all documents have been counted: the texts of the largest clusters are to be shown.
    pub fn choose(&mut self) {
        let mut largest: Vec<(Reverse<u32>, u64)> = self
            .sizes
            .iter()
            .map(|(hash, size)| (Reverse(*size), *hash))
            .collect();
        if largest.len() > MOST_CLUSTERS {
            largest.select_nth_unstable(MOST_CLUSTERS);
            largest.truncate(MOST_CLUSTERS);
        }
        self.largest = largest
            .into_iter()
            .map(|(_, cluster)| (cluster, 0))
            .collect();
        self.find_centres();
    }

    /// Finds the document of each of the largest clusters that most are like, and forgets what others are like.
    fn find_centres(&mut self) {
        let mut most: HashMap<u64, (u32, u64)> = HashMap::new();
        let like = std::mem::take(&mut self.like).into_iter();
        for ([cluster, of], n) in
            like.filter(|([cluster, _], _)| self.largest.contains_key(cluster))
        {
            let most = most.entry(cluster).or_default();
            *most = (*most).max((n, of));
        }
        self.largest
            .iter_mut()
            .for_each(|(cluster, of)| *of = most.get(cluster).map_or(0, |most| most.1));
    }

    /// How a document is to be kept among those of its cluster that are shown, if any are: the one that most are like,
    /// then those that go for its sake, with differences first.
    pub(super) fn key(&self, id: &str, duplicate: &Duplicate, key: u64) -> Option<u64> {
        let centre = *self.largest.get(&hash(&duplicate.cluster))?;
        let is_like = duplicate.of.as_ref().is_some_and(|of| hash(of) == centre);
        let tier: u64 = match (is_like, duplicate.is_copy) {
            _ if hash(id) == centre => 0,
            (true, true) if duplicate.similarity < 1.0 => 1,
            (true, true) => 2,
            (true, false) => 3,
            (false, _) => 4,
        };
        Some(tier << 61 | key >> 3)
    }

    /// How many documents a cluster has.
    pub(super) fn size(&self, cluster: &str) -> u32 {
        self.sizes.get(&hash(cluster)).copied().unwrap_or(0)
    }
}

/// How many clusters, of how many documents, and how many there are of each size.
impl Serialize for Clusters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
        self.sizes
            .values()
            .for_each(|size| *sizes.entry(size.next_power_of_two()).or_default() += 1);
        // up to a power of two, from what is above the one before
        let sizes: Vec<(u32, u32, u64)> = sizes
            .into_iter()
            .map(|(most, n)| (most / 2 + 1, most, n))
            .collect();
        let mut clusters = serializer.serialize_struct("Clusters", 4)?;
        clusters.serialize_field("clusters", &self.sizes.len())?;
        clusters.serialize_field(
            "documents",
            &self
                .sizes
                .values()
                .map(|size| u64::from(*size))
                .sum::<u64>(),
        )?;
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
            like: duplicate.of.as_deref().map(short_name),
            similarity: duplicate.similarity,
            characters,
            text: page.text().chars().take(MOST_CHARACTERS).collect(),
        }
    }
}

fn hash(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}
