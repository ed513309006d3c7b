//! Rows of a table: lines in a row that all have a wide gap at the same place.

use super::line::{Line, WideGap};
use super::place::Rect;

/// This many lines with a gap at one place are not a coincidence. Chosen by eye.
const FEWEST: usize = 3;
/// Gaps of a line that are looked at.
const MOST_GAPS: usize = 16;

/// Which lines are rows of a table: a few in a row have a gap at one place.
pub(super) fn rows(lines: &[&Line]) -> Vec<bool> {
    let mut are_rows = vec![false; lines.len()];
    for (at, rows) in lines.windows(FEWEST).enumerate() {
        let gaps = rows[0].gaps.iter().take(MOST_GAPS);
        let mut middles = gaps.map(|gap| (gap.left + gap.right) / 2.0);
        let has_gaps = |middle: f64| rows.iter().all(|line| gap_at(line, middle).is_some());
        // stretched lines of prose have one at the same place by chance, cells all
        let are_cells = if rows.iter().any(|line| is_justified(line)) {
            let count = rows[0].gaps.len();
            count > 0 && rows.iter().all(|line| line.gaps.len() == count) && middles.all(has_gaps)
        } else {
            middles.any(has_gaps)
        };
        if are_cells {
            are_rows[at..at + FEWEST].fill(true);
        }
    }
    are_rows
}

/// Whether the words of a line are as far apart everywhere: it was stretched to fill its column.
fn is_justified(line: &Line) -> bool {
    /// In heights of a line: cells differ by more. Chosen by eye.
    const EVEN: f64 = 0.5;
    let places = line.words.iter().map(|word| word.place);
    let places: Vec<Rect> = places.collect();
    let whites = places
        .windows(2)
        .map(|two| two[1][0] - (two[0][0] + two[0][2]));
    let (least, most) = whites.fold((f64::MAX, f64::MIN), |(least, most), white| {
        (white.min(least), white.max(most))
    });
    let height = line.place.map_or(0.0, |place| place[3]);
    places.len() > 2 && most - least < height * EVEN
}

fn gap_at(line: &Line, gutter: f64) -> Option<WideGap> {
    line.gaps
        .iter()
        .copied()
        .find(|gap| gap.left < gutter && gutter < gap.right)
}
