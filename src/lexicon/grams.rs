//! A few symbols in a row as one number.

use super::symbols::Symbol;

/// Up to `ORDER` symbols in one number, the first in its highest bits.
pub(super) fn pack(symbols: &[Symbol]) -> u64 {
    (0..ORDER).fold(0, |word, at| {
        word << 16 | u64::from(symbols.get(at).copied().unwrap_or(0))
    })
}

/// Most symbols of an n-gram: three of context and the one that follows.
pub(super) const ORDER: usize = 4;

/// All n-grams in order: partitioned by their first symbols, then each part, small enough for the cache, is sorted.
pub(super) fn sorted(levels: Vec<Vec<u64>>) -> Vec<u64> {
    let first = |gram: u64| (gram >> (16 * (ORDER - 1))) as usize;
    let mut places = vec![0; 0x10000];
    levels
        .iter()
        .flatten()
        .for_each(|gram| places[first(*gram)] += 1);
    let mut sum = 0;
    for place in &mut places {
        sum += std::mem::replace(place, sum);
    }
    let mut grams = vec![0; sum];
    for gram in levels.into_iter().flatten() {
        let place = &mut places[first(gram)];
        grams[*place] = gram;
        *place += 1;
    }
    grams
        .chunk_by_mut(|a, b| first(*a) == first(*b))
        .for_each(<[u64]>::sort_unstable);
    grams
}
