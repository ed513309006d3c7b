//! Rows of a table: lines in a row that all have a wide gap at the same place.

use super::line::{Line, WideGap};

/// This many lines with a gap at one place are not a coincidence. Chosen by eye.
const FEWEST: usize = 3;
/// Gaps of a line that are looked at.
const MOST_GAPS: usize = 16;

/// Which lines are rows of a table: a few in a row have a gap at one place.
pub(super) fn rows(lines: &[&Line]) -> Vec<bool> {
    let mut are_rows = vec![false; lines.len()];
    for (at, rows) in lines.windows(FEWEST).enumerate() {
        let mut middles = rows[0]
            .gaps
            .iter()
            .take(MOST_GAPS)
            .map(|gap| (gap.left + gap.right) / 2.0);
        if middles.any(|middle| rows.iter().all(|line| gap_at(line, middle).is_some())) {
            are_rows[at..at + FEWEST].fill(true);
        }
    }
    are_rows
}

fn gap_at(line: &Line, gutter: f64) -> Option<WideGap> {
    line.gaps
        .iter()
        .copied()
        .find(|gap| gap.left < gutter && gutter < gap.right)
}
