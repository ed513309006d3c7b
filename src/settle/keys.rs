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
    let mut merged = Merged::of(shelves, method)?;
    let mut group: Vec<Holder> = Vec::new();
    while let Some((shelf, key)) = merged.next()? {
        if group.first().is_some_and(|first| first.hash != key.hash) {
            hand_on(&mut group, &mut work)?;
        }
        let rank = ranks.rank(shelf, key.rank);
        if !is_copy[rank as usize] {
            group.push(Holder { rank, ..key });
        }
    }
    hand_on(&mut group, &mut work)
}

/// The keys of all shelves in one order: by hash, those of one hash by shelf.
struct Merged<'s> {
    keys: Vec<Keys<'s>>,
    /// The next key of each shelf.
    next: Vec<Option<Holder>>,
    /// The shelves that have more, by the hash of their next key.
    heads: BinaryHeap<Reverse<(u64, usize)>>,
}

impl<'s> Merged<'s> {
    fn of(shelves: &'s [Shelf], method: &str) -> Result<Self, Error> {
        let some = READ / size_of::<Holder>() / shelves.len().max(1);
        let some = some.clamp(LEAST, MOST);
        let keys = shelves.iter().map(|shelf| shelf.keys(method, some));
        let mut keys: Vec<Keys> = keys.collect::<Result<_, _>>()?;
        let next: Vec<Option<Holder>> =
            keys.iter_mut().map(Keys::next).collect::<Result<_, _>>()?;
        let heads = next.iter().enumerate();
        let heads = heads.filter_map(|(shelf, key)| Some(Reverse((key.as_ref()?.hash, shelf))));
        let heads = heads.collect();
        Ok(Merged { keys, next, heads })
    }

    /// The next key, and its shelf.
    fn next(&mut self) -> Result<Option<(usize, Holder)>, Error> {
        let Some(mut head) = self.heads.peek_mut() else {
            return Ok(None);
        };
        let Reverse((hash, shelf)) = *head;
        let following = self.keys[shelf].next()?;
        match following {
            // the head stays: all keys of a shelf with one hash come together
            Some(following) if following.hash == hash => {}
            Some(following) => *head = Reverse((following.hash, shelf)),
            None => drop(PeekMut::pop(head)),
        }
        let key = std::mem::replace(&mut self.next[shelf], following);
        Ok(key.map(|key| (shelf, key)))
    }
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
