//! Makes a model smaller.

use super::grams::ORDER;
use super::model::{Entry, Model, beginning};
use super::ngrams::Ngrams;

impl Model {
    /// Forgets n-grams until about `most` are left: those without which the text is hardly less likely (weighted
    /// differences, Seymore and Rosenfeld 1996). The contexts of longer n-grams stay.
    pub fn prune(&mut self, most: usize) {
        let ngrams = Ngrams::from(&*self);
        let mut lists: Vec<Vec<f32>> = (2..=ORDER)
            .map(|order| {
                self.entries[order - 1]
                    .iter()
                    .map(|e| ngrams.worth(e, order))
                    .collect()
            })
            .collect();
        let mut worths = lists.concat();
        let longer = most.saturating_sub(self.entries[0].len());
        if worths.len() <= longer {
            return;
        }
        let least = *worths
            .select_nth_unstable_by(longer, |a, b| b.total_cmp(a))
            .1;
        for order in (2..=ORDER).rev() {
            let mut kept = lists[order - 2].iter().map(|worth| *worth > least);
            self.entries[order - 1].retain(|_| kept.next().expect("a worth for each n-gram"));
            if order > 2 {
                self.keep_contexts(order, &mut lists[order - 3]);
            }
        }
    }

    /// Gives the contexts of the n-grams of an order a worth that keeps them.
    fn keep_contexts(&self, order: usize, worths: &mut [f32]) {
        let context = |entry: &Entry| beginning(entry.gram, order - 1);
        let mut needed = self.entries[order - 1]
            .chunk_by(|a, b| context(a) == context(b))
            .map(|same| context(&same[0]))
            .peekable();
        for (entry, worth) in self.entries[order - 2].iter().zip(worths) {
            if needed.next_if_eq(&entry.gram).is_some() {
                *worth = f32::INFINITY;
            }
        }
    }
}
