//! The keys of a method over the whole run: the sorted keys of each shelf, merged.

use super::prints::{Keys, Shelf};
use super::ranks::Ranks;
use crate::Error;
use crate::repeats::method::Holder;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// Bytes of keys that are read at a time, for all shelves together; each shelf gets a useful minimum and no more than
/// it can use.
const READ: usize = 16 << 20;
const LEAST: usize = 1 << 8;
const MOST: usize = 1 << 12;

/// Calls `work` for each group of two or more documents that hold a key, in order of rank. Copies do not count.
pub(super) fn for_each_group(
    shelves: &[Shelf],
    ranks: &Ranks,
    is_copy: &[bool],
    method: &str,
    mut work: impl FnMut(&[Holder]) -> Result<(), Error>,
) -> Result<(), Error> {
    let some = READ / size_of::<Holder>() / shelves.len().max(1);
    let mut keys: Vec<Keys> = shelves
        .iter()
        .map(|shelf| shelf.keys(method, some.clamp(LEAST, MOST)))
        .collect::<Result<_, _>>()?;
    // by hash; equal hashes by shelf
    let mut heads: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    let mut next: Vec<Option<Holder>> = vec![None; shelves.len()];
    for (shelf, keys) in keys.iter_mut().enumerate() {
        next[shelf] = keys.next()?;
        heads.extend(next[shelf].map(|key| Reverse((key.hash, shelf))));
    }
    let mut group: Vec<Holder> = Vec::new();
    while let Some(mut head) = heads.peek_mut() {
        let Reverse((hash, shelf)) = *head;
        if group.first().is_some_and(|first| first.hash != hash) {
            hand_on(&mut group, &mut work)?;
        }
        // all keys of this shelf with the hash
        while let Some(key) = next[shelf].filter(|key| key.hash == hash) {
            let rank = ranks.rank(shelf, key.rank);
            if !is_copy[rank as usize] {
                group.push(Holder { rank, ..key });
            }
            next[shelf] = keys[shelf].next()?;
        }
        match next[shelf] {
            Some(key) => *head = Reverse((key.hash, shelf)),
            None => drop(PeekMut::pop(head)),
        }
    }
    hand_on(&mut group, &mut work)
}

fn hand_on(
    group: &mut Vec<Holder>,
    work: &mut impl FnMut(&[Holder]) -> Result<(), Error>,
) -> Result<(), Error> {
    if group.len() > 1 {
        group.sort_unstable();
        work(group)?;
    }
    group.clear();
    Ok(())
}
