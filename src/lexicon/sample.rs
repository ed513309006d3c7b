//! A sample of the blocks of a run, chosen by their hashes. So neither the order of the input nor the number of threads
//! changes it, and a run of gigabytes is counted in a fixed amount of memory.

use super::varint::{push_number, take_number};

/// The level of a block is drawn from its hash; when memory is full, the lowest level is forgotten. So the highest
/// level must be almost empty: .85 to the 100th is one block in ten million.
const LEVELS: usize = 100;
/// Of the blocks of a level and all above it, the share that is above it.
const RARER: f64 = 0.85;

/// The level of a block, by the hash of its content.
pub(super) fn level(hash: u64) -> u8 {
    let share = hash as f64 / u64::MAX as f64;
    (share.max(f64::MIN_POSITIVE).ln() / RARER.ln()).min(LEVELS as f64 - 1.0) as u8
}

/// The content of the blocks of a page, one after another, each with its level.
#[derive(Debug, Clone)]
pub(super) struct Blocks<T> {
    pub items: Vec<T>,
    /// The level of each block, and where its content ends.
    ends: Vec<(u8, usize)>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks {
            items: Vec::new(),
            ends: Vec::new(),
        }
    }
}

impl<T> Blocks<T> {
    /// Ends a block after the last item.
    pub(super) fn end(&mut self, level: u8) {
        self.ends.push((level, self.items.len()));
    }

    /// The level of each block, and its content.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &[T])> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end));
        starts
            .zip(&self.ends)
            .map(|(start, (level, end))| (usize::from(*level), &self.items[start..*end]))
    }
}

/// What was counted, by level. When there is no room for more, the lowest level is forgotten.
#[derive(Debug)]
pub(super) struct Sample {
    levels: Vec<Vec<u64>>,
    /// The levels below it are forgotten.
    lowest: usize,
    count: usize,
    most: usize,
}

impl Sample {
    pub(super) fn of_at_most(most: usize) -> Self {
        Sample {
            levels: vec![Vec::new(); LEVELS],
            lowest: 0,
            count: 0,
            most,
        }
    }

    /// Adds the content of a block.
    pub(super) fn add(&mut self, level: usize, items: impl ExactSizeIterator<Item = u64>) {
        if level >= self.lowest {
            self.count += items.len();
            self.levels[level].extend(items);
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn merge(&mut self, other: Sample) {
        while self.lowest < other.lowest {
            self.forget_lowest();
        }
        for (level, items) in other.levels.into_iter().enumerate() {
            self.add(level, items.into_iter());
        }
        self.forget();
    }

    /// Forgets levels until the rest fits.
    pub(super) fn forget(&mut self) {
        while self.count > self.most && self.lowest + 1 < LEVELS {
            self.forget_lowest();
        }
    }

    fn forget_lowest(&mut self) {
        self.count -= std::mem::take(&mut self.levels[self.lowest]).len();
        self.lowest += 1;
    }

    pub(super) fn bytes(&self) -> usize {
        self.levels.iter().map(|l| l.capacity() * 8).sum()
    }

    pub(super) fn into_levels(self) -> Vec<Vec<u64>> {
        self.levels
    }

    /// Writes the lowest level; then for each level its number of items and the items, rising, each as its distance
    /// from the one before in groups of seven bits (LEB128).
    pub(super) fn push_bytes(&self, bytes: &mut Vec<u8>) {
        push_number(bytes, self.lowest as u64);
        for items in &self.levels {
            let mut items = items.clone();
            items.sort_unstable();
            push_number(bytes, items.len() as u64);
            let mut last = 0;
            for item in items {
                push_number(bytes, item - last);
                last = item;
            }
        }
    }

    /// Reads a sample off the front of the bytes; `None` if there is none.
    pub(super) fn take_bytes(bytes: &mut &[u8], most: usize) -> Option<Self> {
        let mut sample = Sample::of_at_most(most);
        sample.lowest = take_number(bytes)? as usize;
        for level in &mut sample.levels {
            let count = take_number(bytes)?;
            let mut last = 0u64;
            for _ in 0..count {
                last = last.checked_add(take_number(bytes)?)?;
                level.push(last);
            }
            sample.count += level.len();
        }
        (sample.lowest < LEVELS).then_some(sample)
    }
}
