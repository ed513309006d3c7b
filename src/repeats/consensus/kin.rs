//! Which copies vote on a document or a paragraph: those that it was compared with, and those that these were compared
//! with.

use super::MOST_VOTERS;
use crate::repeats::candidates::FEW_HOLDERS;
use crate::repeats::method::{Holder, Pair, WHOLE};

/// From all that are alike to one document or paragraph: who votes on it. As these may share too few keys to find each
/// other, also which of them vote on each other.
pub(super) fn pairs(alike: &[Holder], take: &mut dyn FnMut(Pair)) {
    let [rank, at] = alike[0].of_kin();
    for holder in alike {
        take(Pair {
            rank,
            at,
            other: holder.rank,
            there: holder.at,
        });
    }
    if at == WHOLE {
        documents(rank, alike, take);
    } else {
        siblings(alike, take);
    }
}

/// The copies of one document, each voting on each, through the document (`there`): `voters` takes direct voters first.
/// No more than needed: of those found through one document, each needs itself, those that it has already, and then as
/// many as vote.
fn documents(middle: u32, alike: &[Holder], take: &mut dyn FnMut(Pair)) {
    for one in alike {
        for other in alike.iter().take(2 * MOST_VOTERS + 1) {
            if other.rank != one.rank {
                take(Pair {
                    rank: one.rank,
                    at: WHOLE,
                    other: other.rank,
                    there: middle,
                });
            }
        }
    }
}

/// The copies of one paragraph, each voting on each. A paragraph that many share finds enough voters by itself.
fn siblings(alike: &[Holder], take: &mut dyn FnMut(Pair)) {
    let few = &alike[..alike.len().min(FEW_HOLDERS)];
    for one in few {
        for two in few.iter().filter(|two| two.rank != one.rank) {
            take(Pair::of(one, two));
        }
    }
}

/// The copies that vote on a document: those that it was compared with, then those that these were, in order of rank.
pub(super) fn voters(pairs: impl Iterator<Item = Pair>) -> Vec<u32> {
    let (mut direct, mut over): (Vec<Pair>, Vec<Pair>) =
        pairs.partition(|pair| pair.there == WHOLE);
    direct.sort_unstable_by_key(|pair| pair.other);
    over.sort_unstable_by_key(|pair| (pair.there, pair.other));
    let mut voters: Vec<u32> = direct.iter().map(|pair| pair.other).collect();
    voters.truncate(MOST_VOTERS);
    for pair in over {
        if voters.len() == MOST_VOTERS {
            break;
        }
        if !voters.contains(&pair.other) {
            voters.push(pair.other);
        }
    }
    voters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_s_own_copies_vote_before_theirs_and_no_more_than_are_wanted() {
        // 0 is alike to all, and they to nobody else
        let alike: Vec<Holder> = (1..100)
            .map(|rank| Holder::kin(0, WHOLE, rank, WHOLE))
            .collect();
        let mut all = Vec::new();
        pairs(&alike, &mut |pair| all.push(pair));
        for one in 1..100 {
            pairs(&[Holder::kin(one, WHOLE, 0, WHOLE)], &mut |pair| {
                all.push(pair)
            });
        }
        let of = |rank: u32| voters(all.iter().copied().filter(move |pair| pair.rank == rank));
        assert_eq!(of(0), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(of(3), [0, 1, 2, 4, 5, 6, 7, 8]);
        assert_eq!(of(50), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(all.len() < 100 * 20);
    }
}
