//! Finds who shares shingles with whom, at a cost that grows with the text but not with how often it recurs.

use super::method::{Holder, Pair};

/// Up to this many holders of a shingle are all paired; of more, each is paired with the first and with the one before.
/// Chosen by eye.
pub(super) const FEW_HOLDERS: usize = 4;

/// The pairs of holders that are worth a look, the earlier one first, as often as they share a shingle. A few holders
/// are all paired; of many, each is paired with the first and with the one before it: a star and a chain instead of a
/// clique.
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

/// The pairs between two different documents; the later document is looked at.
pub(super) fn pairs_of_documents(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    pairs(holders)
        .filter(|(first, second)| first.rank != second.rank)
        .for_each(|(first, second)| take(Pair::of(second, first)));
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
                    at: 0,
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
