//! The order of the documents of a run: an earlier document stays when a later one is its copy.

use super::prints::{Shelf, Surveyed};
use crate::repeats::{Keep, Options};
use rayon::prelude::*;

/// The ranks of the documents of a run.
pub(super) struct Ranks {
    /// By rank: the shelf of the document and its place there.
    places: Vec<[u32; 2]>,
    /// For each shelf, the rank of each of its documents.
    of: Vec<Vec<u32>>,
    /// How many documents belong to earlier runs. They come first, whatever the rule.
    known: u32,
}

impl Ranks {
    /// Ranks the documents of all shelves. The first `own` shelves are of this run, the others of earlier runs, whose
    /// documents always stay.
    pub(super) fn of(shelves: &[Shelf], own: usize, options: &Options) -> Self {
        let mut places: Vec<[u32; 2]> = (0..)
            .zip(shelves)
            .flat_map(|(shelf, s)| (0..s.documents.len() as u32).map(move |at| [shelf, at]))
            .collect();
        places.par_sort_by(|a, b| {
            let is_new = |place: &[u32; 2]| (place[0] as usize) < own;
            let document = |place: &[u32; 2]| {
                let [shelf, at] = place.map(|number| number as usize);
                &shelves[shelf].documents[at]
            };
            let (left, right) = (document(a), document(b));
            // equal ids keep the order of reading, which is by path and line
            is_new(a)
                .cmp(&is_new(b))
                .then(worth(right, options.keep).cmp(&worth(left, options.keep)))
                .then_with(|| left.id.cmp(&right.id))
                .then(a.cmp(b))
        });
        let mut of: Vec<Vec<u32>> = shelves.iter().map(|s| vec![0; s.documents.len()]).collect();
        for (rank, [shelf, at]) in (0..).zip(&places) {
            of[*shelf as usize][*at as usize] = rank;
        }
        let earlier = shelves[own..].iter();
        let known = earlier.map(|shelf| shelf.documents.len() as u32).sum();
        Ranks { places, of, known }
    }

    /// How many documents there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The shelf of a document and its place there.
    pub(super) fn place(&self, rank: u32) -> [u32; 2] {
        self.places[rank as usize]
    }

    /// The rank of a document, by its shelf and its place there.
    pub(super) fn rank(&self, shelf: usize, at: u32) -> u32 {
        self.of[shelf][at as usize]
    }

    /// Whether a document is of an earlier run.
    pub(super) fn is_known(&self, rank: u32) -> bool {
        rank < self.known
    }
}

/// Which of several copies should rather stay, by the rule: the more, the rather.
fn worth(document: &Surveyed, keep: Keep) -> u64 {
    match keep {
        Keep::First | Keep::Whole => 0,
        Keep::Longest => u64::from(document.letters),
        Keep::Newest => document.date,
    }
}
