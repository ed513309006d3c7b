//! Where a row of keys repeats itself, and with what period.

use crate::text::hash::Mixed;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// A stretch in which each key equals the one `period` before it, but for the first ones.
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) period: usize,
    pub(super) end: usize,
}

impl Run {
    pub(super) fn times(&self) -> usize {
        (self.end - self.start) / self.period
    }
}

/// No decoder seen so far repeats more.
const LONGEST_PERIOD: usize = 1024;

/// The runs of three periods and more, in O(n log n): in a run, a window no shorter than the period was last
/// seen exactly a period before. So windows of 1, 2, 4, 8 … keys find the periods up to their length. (Repetitions that occur only
/// twice, for which Main and Lorentz 1984 need more, do not matter here.)
pub(super) fn runs(keys: &[u64]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut width = 1;
    while width / 2 * 3 < keys.len() && width <= LONGEST_PERIOD {
        runs_of(keys, width, &mut found);
        width *= 2;
    }
    found.retain(|run| {
        run.times() >= 3
            && (run.start + run.period..run.end).all(|at| keys[at] == keys[at - run.period])
    });
    found
}

/// The runs with a period of more than half the width up to it.
fn runs_of(keys: &[u64], width: usize, found: &mut Vec<Run>) {
    if keys.len() < width {
        return;
    }
    let mut window = Window::of(&keys[..width]);
    let mut last: HashMap<u64, usize, BuildHasherDefault<Mixed>> =
        HashMap::with_capacity_and_hasher(keys.len(), BuildHasherDefault::default());
    let mut run: Option<Run> = None;
    for at in 0..=keys.len() - width {
        if at > 0 {
            window.roll(keys[at - 1], keys[at + width - 1]);
        }
        let Some(before) = last.insert(window.hash, at) else {
            continue;
        };
        let period = at - before;
        if period > width || period * 2 <= width {
            continue;
        }
        match &mut run {
            Some(run) if run.period == period && run.end + 1 == at + width => run.end += 1,
            _ => found.extend(run.replace(Run {
                start: before,
                period,
                end: at + width,
            })),
        }
    }
    found.extend(run);
}

/// The rolling hash of as many keys in a row as a window has.
struct Window {
    hash: u64,
    /// What the first key counts for.
    leaves: u64,
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Window {
    fn of(keys: &[u64]) -> Self {
        let add = |hash: u64, key: &u64| hash.wrapping_mul(BASE).wrapping_add(mixed(*key));
        Window {
            hash: keys.iter().fold(0, add),
            leaves: keys.iter().fold(1, |power, _| power.wrapping_mul(BASE)),
        }
    }

    /// Moves on by one key.
    fn roll(&mut self, old: u64, new: u64) {
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(mixed(new))
            .wrapping_sub(mixed(old).wrapping_mul(self.leaves));
    }
}

fn mixed(key: u64) -> u64 {
    let key = (key ^ (key >> 31)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    key ^ (key >> 29)
}
