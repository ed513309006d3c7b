//! Joins runs of equal letters that continue each other after small gaps.

use crate::page::edit::Span;

/// Letters between two runs of a chain: how far a regenerated copy strays from its original. Chosen by eye.
const LONGEST_GAP: usize = 24;
/// By how much the two sides of a gap may differ in length.
const GAP_SLACK: usize = 8;
/// Places of one seed that are paired; text that recurs more often is a formula. Chosen by eye.
pub(super) const MOST_PLACES: usize = 8;

/// A run of letters at `here` that recurs at `there`, later on; a chain of such runs once they are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub here: Span,
    pub there: Span,
}

/// Matches in a row with small gaps between them.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub runs: Vec<Match>,
}

impl Chain {
    pub(super) fn here(&self) -> Span {
        self.runs[0].here.start..self.runs[self.runs.len() - 1].here.end
    }

    pub(super) fn there(&self) -> Span {
        self.runs[0].there.start..self.runs[self.runs.len() - 1].there.end
    }
}

/// Joins matches that continue after a small gap on both sides into one chain.
pub(super) fn chain(mut matches: Vec<Match>) -> Vec<Chain> {
    matches.sort_by_key(|m| (m.there.start, m.here.start));
    let mut chains: Vec<Chain> = Vec::new();
    for next in matches {
        let goes_on = |chain: &Chain| {
            let last = &chain.runs[chain.runs.len() - 1];
            let (Some(here), Some(there)) = (
                next.here.start.checked_sub(last.here.end),
                next.there.start.checked_sub(last.there.end),
            ) else {
                return false;
            };
            here <= LONGEST_GAP && there <= LONGEST_GAP && here.abs_diff(there) <= GAP_SLACK
        };
        // only chains that end shortly before can continue; they are among the last
        match chains
            .iter_mut()
            .rev()
            .take(4 * MOST_PLACES)
            .find(|c| goes_on(c))
        {
            Some(chain) => chain.runs.push(next),
            None => chains.push(Chain { runs: vec![next] }),
        }
    }
    chains
}
