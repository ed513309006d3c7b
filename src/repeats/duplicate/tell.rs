//! Says of each document that is like others which cluster it belongs to, and whether it goes.

use crate::repeats::method::{Context, Corpus};
use crate::repeats::verdict::Lot;
use crate::repeats::{Edge, Keep};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// The lots of all that are like others: first of copies to the letter, each given with its original, then of those that
/// edges join.
pub(super) fn tell(copies: &[[u32; 2]], alike: &[Edge], context: &Context) -> Vec<Lot> {
    let mut neighbours: HashMap<u32, Vec<(usize, &Edge)>> = HashMap::new();
    for alike in alike {
        neighbours
            .entry(alike.ranks[0])
            .or_default()
            .push((0, alike));
        neighbours
            .entry(alike.ranks[1])
            .or_default()
            .push((1, alike));
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
        // what stands in an earlier run stays, whatever comes
        ranks.sort_by_cached_key(|rank| {
            (
                !context.corpus.is_known(*rank),
                is_part(rank),
                precedence(*rank, context.options.keep, context.corpus),
            )
        });
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
            let goes = goes && !context.corpus.is_known(rank);
            told.insert(rank, (cluster, of, share, goes));
        }
    }
    let mut lots = Vec::new();
    // a copy to the letter shares the lot of its original
    for [copy, original] in copies {
        let (cluster, of, likeness, goes) = *told
            .entry(*original)
            .or_insert((*original, *original, 1.0, false));
        let (of, likeness) = if goes {
            (of, likeness)
        } else {
            (*original, 1.0)
        };
        lots.push(Lot {
            rank: *copy,
            cluster,
            of,
            likeness,
            is_copy: true,
        });
    }
    let lot = |(rank, (cluster, of, likeness, is_copy))| Lot {
        rank,
        cluster,
        of,
        likeness,
        is_copy,
    };
    lots.extend(told.into_iter().map(lot));
    lots.sort_unstable_by_key(|lot| lot.rank);
    lots
}

/// Which of the documents of a cluster stays: the one with the lowest precedence.
fn precedence(rank: u32, keep: Keep, corpus: &dyn Corpus) -> (bool, Reverse<u32>, u32, u32) {
    /// A quarter more letters: clearly longer. Chosen by eye.
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
}
