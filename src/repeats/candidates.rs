//! Who shares shingles with whom, at a cost that grows with the text and not with how often it stands there.

use super::Settle;
use crate::Error;
use crate::settle::sorted::{Sorted, Unsorted};
use bytemuck::{Pod, Zeroable};

/// Holders of a shingle up to which each is held against each; beyond, against the first and the one before.
pub(super) const FEW_HOLDERS: usize = 4;

/// A shingle and who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Holder {
    pub hash: u64,
    pub rank: u32,
    pub block: u32,
}

/// The pairs of holders that are worth a look, the earlier first, as often as they share a shingle: each with each of a
/// few; of many each with the first and with the one before it, a star and a chain instead of a clique.
pub(super) fn pairs(holders: &[Holder]) -> impl Iterator<Item = (&Holder, &Holder)> {
    (1..holders.len()).flat_map(move |at| {
        let few = holders.len() <= FEW_HOLDERS;
        let others = if few { 0..at } else { at - 1..at };
        (!few && at > 1)
            .then_some(0)
            .into_iter()
            .chain(others)
            .map(move |other| (&holders[other], &holders[at]))
    })
}

/// A paragraph, and one before it that shares a shingle with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Candidate {
    pub rank: u32,
    pub block: u32,
    pub other: u32,
    pub there: u32,
}

/// Pairs of blocks of different documents that share shingles, as often as they do.
pub(super) fn candidate_blocks(
    settle: &Settle,
    holders: Unsorted<Holder>,
) -> Result<Sorted<Candidate>, Error> {
    let mut shared = Unsorted::new(settle.room.shared_by(2));
    holders
        .without_single(|holder| holder.hash)
        .sorted()?
        .groups(
            |a, b| a.hash == b.hash,
            |same| {
                pairs(same)
                    .filter(|(first, second)| first.rank != second.rank)
                    .try_for_each(|(first, second)| {
                        shared.push(Candidate {
                            rank: second.rank,
                            block: second.block,
                            other: first.rank,
                            there: first.block,
                        })
                    })
            },
        )?;
    shared.sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_holders_each_meets_the_first_and_the_one_before() {
        let holders = |count: u32| {
            (0..count)
                .map(|rank| Holder {
                    hash: 1,
                    rank,
                    block: 0,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(pairs(&holders(4)).count(), 6);
        let many: Vec<[u32; 2]> = pairs(&holders(1000))
            .map(|(a, b)| [a.rank, b.rank])
            .collect();
        assert_eq!(many.len(), 1 + 2 * 998);
        assert!(
            many.contains(&[0, 999]) && many.contains(&[998, 999]) && !many.contains(&[500, 999])
        );
    }
}
