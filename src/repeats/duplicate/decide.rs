//! Decides for each document that is like others which cluster it belongs to, and whether it goes.

use crate::repeats::method::{Context, Corpus};
use crate::repeats::verdict::Lot;
use crate::repeats::{Edge, Keep};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// The lots of all documents that are like others: exact copies, each given with its original, and documents that edges
/// join.
pub(super) fn decide(copies: &[[u32; 2]], alike: &[Edge], context: &Context) -> Vec<Lot> {
    let mut lots = lots(alike, context);
    let mut of_copies = Vec::new();
    for [copy, original] in copies {
        // an exact copy shares the lot of its original
        let lot = *lots
            .entry(*original)
            .or_insert_with(|| stays(*original, *original));
        let to_original = Lot {
            of: *original,
            likeness: 1.0,
            ..lot
        };
        of_copies.push(Lot {
            rank: *copy,
            is_copy: true,
            ..if lot.is_copy { lot } else { to_original }
        });
    }
    of_copies.extend(lots.into_values());
    of_copies.sort_unstable_by_key(|lot| lot.rank);
    of_copies
}

fn stays(rank: u32, cluster: u32) -> Lot {
    Lot {
        rank,
        cluster,
        of: rank,
        likeness: 1.0,
        is_copy: false,
    }
}

/// The lots of the documents that edges join, by rank.
fn lots(alike: &[Edge], context: &Context) -> HashMap<u32, Lot> {
    // which of the two the document is, with the edge
    let mut edges: HashMap<u32, Vec<(usize, &Edge)>> = HashMap::new();
    for edge in alike {
        for (which, rank) in edge.ranks.into_iter().enumerate() {
            edges.entry(rank).or_default().push((which, edge));
        }
    }
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (rank, first) in clusters(alike.iter().map(|edge| edge.ranks)) {
        members
            .entry(first)
            .or_insert_with(|| vec![first])
            .push(rank);
    }
    let mut lots: HashMap<u32, Lot> = HashMap::new();
    for (cluster, mut ranks) in members {
        // a document whose text another has, but not the other way round, gives way to it whatever the rule
        let is_part = |rank: &u32| {
            edges[rank]
                .iter()
                .any(|(which, edge)| edge.is_copy[*which] && !edge.is_copy[1 - which])
        };
        let (corpus, keep) = (context.corpus, context.options.keep);
        // documents of an earlier run always stay
        ranks.sort_by_cached_key(|rank| {
            let is_new = !corpus.is_known(*rank);
            (is_new, is_part(rank), precedence(*rank, keep, corpus))
        });
        for rank in ranks {
            let mut lot = nearest_that_stays(rank, &edges[&rank], &lots);
            lot.is_copy &= !corpus.is_known(rank);
            lots.insert(rank, Lot { cluster, ..lot });
        }
    }
    lots
}

/// The lot of a document, whose edges are given, by the nearest of those that stay. Only such a document can make
/// another go, and only if the other is like it.
fn nearest_that_stays(rank: u32, edges: &[(usize, &Edge)], lots: &HashMap<u32, Lot>) -> Lot {
    edges
        .iter()
        .map(|(which, edge)| Lot {
            of: edge.ranks[1 - which],
            likeness: edge.shares[*which],
            is_copy: edge.is_copy[*which],
            ..stays(rank, rank)
        })
        .filter(|lot| lots.get(&lot.of).is_some_and(|other| !other.is_copy))
        .max_by(|a, b| {
            a.is_copy
                .cmp(&b.is_copy)
                .then(a.likeness.total_cmp(&b.likeness))
                .then(b.of.cmp(&a.of))
        })
        .unwrap_or_else(|| stays(rank, rank))
}

/// Which of the documents of a cluster stays: the one with the lowest precedence.
fn precedence(rank: u32, keep: Keep, corpus: &dyn Corpus) -> (bool, Reverse<u32>, u32, u32) {
    /// A quarter more letters counts as clearly longer; chosen by eye.
    const CLEARLY: f64 = 1.25;
    let facts = corpus.facts(rank);
    let by_rule = keep == Keep::Whole;
    let size = (f64::from(facts.letters.max(1)).ln() / CLEARLY.ln()) as u32;
    (
        by_rule && facts.is_whole == 0,
        Reverse(if by_rule { size } else { 0 }),
        if by_rule { facts.flaws } else { 0 },
        rank,
    )
}

/// Maps each document that is like others, except the first of its cluster, to that first. Documents are joined over
/// their pairs (union-find), the lower one first.
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
}
