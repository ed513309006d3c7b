//! How far two stretches of a page speak of the same: rare pairs of characters that both have.

use crate::chars::is_letter;
use crate::page::Page;
use std::collections::{HashMap, HashSet};

/// The pairs of characters of a page's blocks, each weighed by how few blocks have it.
pub(super) struct Topics {
    pairs: Vec<HashSet<(char, char)>>,
    weights: HashMap<(char, char), f32>,
}

impl Topics {
    pub(super) fn of(page: &Page) -> Self {
        let pairs = |at: usize| {
            let letters = |c: &char| is_letter(*c) && !c.is_ascii_digit();
            let text: Vec<char> = page.reading(page.blocks[at].span.clone()).text.chars().filter(letters).collect();
            text.windows(2).map(|two| (two[0], two[1])).collect::<HashSet<_>>()
        };
        let live = |at: &usize| !page.blocks[*at].dropped;
        let pairs: Vec<HashSet<(char, char)>> =
            (0..page.blocks.len()).map(|at| if live(&at) { pairs(at) } else { HashSet::new() }).collect();
        let mut holders: HashMap<(char, char), f32> = HashMap::new();
        pairs.iter().flatten().for_each(|pair| *holders.entry(*pair).or_default() += 1.0);
        let all = pairs.iter().filter(|p| !p.is_empty()).count() as f32;
        let weights = holders.into_iter().map(|(pair, count)| (pair, (all / count).ln())).collect();
        Topics { pairs, weights }
    }

    /// The weight of what two groups of blocks share, against what they have (a cosine: 0 to 1).
    pub(super) fn likeness(&self, one: &[usize], other: &[usize]) -> f32 {
        let [one, other] = [one, other].map(|blocks| {
            let mut pairs: Vec<(char, char)> = blocks.iter().flat_map(|at| &self.pairs[*at]).copied().collect();
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        });
        let weight =
            |pairs: &mut dyn Iterator<Item = &(char, char)>| pairs.map(|p| self.weights[p].powi(2)).sum::<f32>();
        let shared = weight(&mut one.iter().filter(|pair| other.binary_search(pair).is_ok()));
        let all = (weight(&mut one.iter()) * weight(&mut other.iter())).sqrt();
        if all > 0.0 { shared / all } else { 0.0 }
    }

    /// Whether a block has so few characters that it says nothing of its topic.
    pub(super) fn is_short(&self, block: usize) -> bool {
        /// Pairs of characters: a headline has fewer.
        const TELLING: usize = 40;
        self.pairs[block].len() < TELLING
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;

    #[test]
    fn blocks_of_one_matter_are_more_alike() {
        let mut page = Page::new(
            "p",
            "渡轮码头今起试行夜间装卸，货船不必等到天亮。\n茶园里的早茶已经开采，茶农说今年雨水足。\n夜间装卸要用灯，码头添了十盏，货船靠岸很快。",
        );
        segment(&mut page);
        let topics = Topics::of(&page);
        assert!(topics.likeness(&[0], &[2]) > topics.likeness(&[0], &[1]));
        assert!(topics.likeness(&[0], &[2]) <= 1.0);
    }
}
