//! The sketch of a document: its shingles with the lowest hashes, through which similar documents find each other.

use crate::shingle::shingles;
use crate::text::letters::Letter;

/// Letters of a document's shingle.
const SHINGLE: usize = 5;
/// One shingle in 16 is kept, by its hash.
const SCALE: u64 = 16;
/// A short document keeps its lowest hashes, up to this many, whatever the scale.
const FEWEST: usize = 256;

/// The kept hashes of a document's shingles, rising, and the bound below which all are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    pub hashes: Vec<u64>,
    pub bound: u64,
}

impl Sketch {
    /// The sketch of all letters of a document.
    pub(super) fn of(letters: &[Letter]) -> Self {
        // usually twice as many as needed; the few texts that repeat themselves too much are read again
        let most = u64::MAX / (letters.len() / (2 * FEWEST)).clamp(1, SCALE as usize) as u64;
        let sketch = Sketch::below(letters, most);
        if sketch.hashes.len() < FEWEST && most > u64::MAX / SCALE {
            Sketch::below(letters, u64::MAX)
        } else {
            sketch
        }
    }

    fn below(letters: &[Letter], most: u64) -> Self {
        let mut hashes: Vec<u64> = shingles(letters, SHINGLE)
            .filter(|hash| *hash < most)
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        let scaled = hashes.partition_point(|h| *h < u64::MAX / SCALE);
        let bound = match hashes.get(FEWEST) {
            _ if scaled >= FEWEST => u64::MAX / SCALE,
            Some(next) => *next,
            None => most,
        };
        hashes.truncate(scaled.max(FEWEST));
        Sketch { hashes, bound }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sketch_keeps_the_lowest_hashes_and_knows_how_far_it_is_complete() {
        for letters in [100, 3000, 20_000] {
            let text: Vec<Letter> = (0..letters)
                .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 16) as Letter | 1)
                .collect();
            let mut all: Vec<u64> = shingles(&text, SHINGLE).collect();
            all.sort_unstable();
            all.dedup();
            let sketch = Sketch::of(&text);
            assert_eq!(sketch.hashes, all[..sketch.hashes.len()]);
            assert!(sketch.hashes.len() >= FEWEST.min(all.len()));
            assert_eq!(
                sketch.hashes.len(),
                all.partition_point(|hash| *hash < sketch.bound)
            );
        }
    }
}
