//! The white between columns.
//!
//! A gutter is white that many lines have at one place. That lines of one column have white at one place by chance is
//! reckoned with: evidence counts only if chance would hardly make it anywhere on the page (a contrario detection:
//! Desolneux, Moisan and Morel, "Meaningful alignments", 2000). Which lines in a row share it is found as the
//! best-scoring run of them, as Ruzzo and Tompa (1999) and BLAST do.

use super::chance::{Chance, Seen};
use super::frame::{Extent, Frame};
use super::levels::{Level, NARROWEST, NARROWEST_COLUMN, Said, levels};
use super::measures::quantile;
use super::piece::{Piece, Usual};

/// A place without text between two columns, and the lines beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gutter {
    pub at: Extent,
    /// The first and the last line with white here.
    seen: (f64, f64),
    /// Where most lines of the column before it begin, and those of the column after it end.
    pub start: f64,
    end: f64,
}

// In heights of a line, chosen by eye.
/// Steps in which places are tried.
const ACROSS: f64 = 0.25;
/// How much a line of text in the way weighs against one with white, and how much ends a run.
const AGAINST: i32 = 3;
const MOST_AGAINST: i32 = 6;
/// Share of lines that fill a column; cells do not. Chosen by eye.
const FILLED: f64 = 0.4;
/// Fewer lines do not show a column. Chosen by eye.
const FEWEST: usize = 3;

/// The gutters of a page, from left to right.
pub(super) fn gutters(pieces: &[Piece], usual: Usual, frame: Frame) -> Vec<Gutter> {
    let levels = levels(pieces, usual, frame);
    let (left, right) = pieces
        .iter()
        .fold((f64::MAX, f64::MIN), |(left, right), piece| {
            (left.min(piece.at.left), right.max(piece.at.right))
        });
    let step = usual.height * ACROSS;
    // NaN and boxes of other units make no page of more steps than this
    let steps = ((right - left) / step).clamp(0.0, 1e4) as usize;
    let mut runs: Vec<Run> = Vec::new();
    for at in 0..steps {
        find_runs(&levels, left + at as f64 * step, usual.height, &mut runs);
    }
    runs.sort_by_key(|run| std::cmp::Reverse(run.score));
    let chance = Chance::of(&levels, usual.height, steps);
    let mut found: Vec<(Gutter, Seen)> = Vec::new();
    for run in &runs {
        let is_known = |gutter: &Gutter| {
            let (above, under) = (levels[run.first].y, levels[run.last].y);
            let apart = usual.height * 2.0;
            gutter.at.left - apart < run.x
                && run.x < gutter.at.right + apart
                && gutter.at.top <= under
                && above <= gutter.at.bottom
        };
        if !found.iter().any(|(gutter, _)| is_known(gutter)) {
            // the middle of all places with the same run
            let same: Vec<f64> = runs
                .iter()
                .filter(|other| {
                    (other.first, other.last, other.score) == (run.first, run.last, run.score)
                })
                .map(|other| other.x)
                .filter(|x| (x - run.x).abs() < usual.height * 6.0)
                .collect();
            let x = same.iter().sum::<f64>() / same.len() as f64;
            found.extend(gutter(&levels, run, x, usual));
        }
    }
    let mut found = likely(found, &chance);
    found.retain(|gutter| {
        is_seen_along_the_page(gutter, &levels, usual.height)
            && is_wider_than_spaces(gutter, &levels, usual.height)
    });
    found.sort_by(|a, b| a.at.left.total_cmp(&b.at.left));
    // what is no gutter divides the columns on both sides of those beside it: the one with the fewest lines goes first
    loop {
        let columns: Vec<Option<(f64, f64)>> = (0..found.len())
            .map(|at| beside(&levels, &found, at, usual.height))
            .collect();
        let worst = (0..found.len())
            .filter(|at| columns[*at].is_none())
            .min_by(|a, b| found[*a].at.height().total_cmp(&found[*b].at.height()));
        let Some(worst) = worst else {
            for (gutter, column) in found.iter_mut().zip(columns) {
                (gutter.start, gutter.end) = column.expect("all have columns");
            }
            return as_long_as_others(found, usual.height);
        };
        found.remove(worst);
    }
}

/// Gutters of the same columns begin and end at the same lines, even if a recogniser read a letter into one there.
fn as_long_as_others(mut gutters: Vec<Gutter>, height: f64) -> Vec<Gutter> {
    /// Two lines or three, in heights of a line. Chosen by eye.
    const NEAR: f64 = 5.0;
    let all = gutters.clone();
    for gutter in &mut gutters {
        let own = gutter.at;
        for other in all
            .iter()
            .filter(|other| other.at.beside(&own) > height * NEAR)
        {
            let (top, bottom) = other.seen;
            if gutter.at.top - top < height * NEAR {
                gutter.at.top = gutter.at.top.min(top - height / 2.0);
            }
            if bottom - gutter.at.bottom < height * NEAR {
                gutter.at.bottom = gutter.at.bottom.max(bottom + height / 2.0);
            }
        }
    }
    gutters
}

/// Whether enough of all lines over a place have white there. In one column of text a few in a row may, and the others have
/// words there; under columns there may be others.
fn is_seen_along_the_page(gutter: &Gutter, levels: &[Level], height: f64) -> bool {
    /// Chosen by eye.
    const ENOUGH: f64 = 0.35;
    let says = |level: &Level| level.says_of(gutter.at.left, gutter.at.right, 0.6, height);
    let said = |is: fn(&Said) -> bool| levels.iter().map(says).filter(is).count() as f64;
    let white = said(|said| matches!(said, Said::White(..)));
    white >= (white + said(|said| *said == Said::Text)) * ENOUGH
}

/// Whether most lines beside a place are wider apart there than their words are. The words of a justified line stand as far
/// apart at every place of it.
fn is_wider_than_spaces(gutter: &Gutter, levels: &[Level], height: f64) -> bool {
    // Chosen by eye.
    const MOST: f64 = 0.6;
    /// What a line of two words counts, of which nobody knows.
    const UNKNOWN: f64 = 0.5;
    let inside = |level: &&Level| (gutter.at.top..gutter.at.bottom).contains(&level.y);
    let Extent { left, right, .. } = gutter.at;
    let (mut wider, mut all) = (0, 0.0);
    for level in levels.iter().filter(inside) {
        if let Said::White(from, to) = level.says_of(left, right, 0.6, height) {
            let stands_out = level.stands_out((from.max(left), to.min(right)));
            wider += usize::from(stands_out == Some(true));
            all += stands_out.map_or(UNKNOWN, |_| 1.0);
        }
    }
    wider >= FEWEST && wider as f64 >= all * MOST
}

/// The gutters that chance did not make, by what is seen of each above and under headlines that interrupt it.
fn likely(found: Vec<(Gutter, Seen)>, chance: &Chance) -> Vec<Gutter> {
    let width = |gutter: &Gutter| gutter.at.width();
    let along = |one: &Gutter, other: &Gutter| {
        let shared = one.at.right.min(other.at.right) - one.at.left.max(other.at.left);
        shared > width(one).min(width(other)) * 0.7
    };
    let all = found.clone();
    found
        .into_iter()
        .filter(|(gutter, _)| {
            let line = all
                .iter()
                .filter(|(other, _)| along(gutter, other))
                .map(|(_, seen)| *seen);
            let seen = line.fold(Seen { with: 0, of: 0 }, |a, b| Seen {
                with: a.with + b.with,
                of: a.of + b.of,
            });
            chance.is_unlikely(seen, width(gutter))
        })
        .map(|(gutter, _)| gutter)
        .collect()
}

/// Levels in a row, most of which have white at a place.
struct Run {
    x: f64,
    first: usize,
    last: usize,
    score: i32,
}

fn find_runs(levels: &[Level], x: f64, height: f64, runs: &mut Vec<Run>) {
    let mut open: Option<(Run, i32)> = None;
    let mut close = |open: &mut Option<(Run, i32)>| {
        runs.extend(
            open.take()
                .map(|(run, _)| run)
                .filter(|run| run.score >= FEWEST as i32),
        );
    };
    for (at, level) in levels.iter().enumerate() {
        match level.says(x, height) {
            Said::Nothing => {}
            Said::Large => close(&mut open),
            Said::White(..) => {
                let (run, score) = open.get_or_insert((
                    Run {
                        x,
                        first: at,
                        last: at,
                        score: 0,
                    },
                    0,
                ));
                *score += 1;
                if *score > run.score {
                    (run.score, run.last) = (*score, at);
                }
            }
            Said::Text => {
                if let Some((run, score)) = &mut open {
                    *score -= AGAINST;
                    if *score < 0 || *score <= run.score - MOST_AGAINST {
                        close(&mut open);
                    }
                }
            }
        }
    }
    close(&mut open);
}

/// The gutter at a place: where most levels of the run agree that it begins and ends.
fn gutter(levels: &[Level], run: &Run, x: f64, usual: Usual) -> Option<(Gutter, Seen)> {
    let whites = (run.first..=run.last).filter_map(|at| match levels[at].says(x, usual.height) {
        Said::White(left, right) => Some((left, right)),
        _ => None,
    });
    let (mut lefts, mut rights): (Vec<f64>, Vec<f64>) = whites.unzip();
    lefts.retain(|left| left.is_finite());
    rights.retain(|right| right.is_finite());
    if lefts.is_empty() || rights.is_empty() {
        return None;
    }
    let (left, right) = (quantile(&mut lefts, 0.75), quantile(&mut rights, 0.25));
    let width = right - left;
    if width < usual.height * NARROWEST {
        return None;
    }
    let says = |at: usize, share: f64| levels[at].says_of(left, right, share, usual.height);
    let is_white = |said: &Said| matches!(said, Said::White(..));
    let said: Vec<(usize, Said)> = (run.first..=run.last)
        .map(|at| (at, says(at, 0.6)))
        .filter(|(_, said)| *said != Said::Nothing)
        .collect();
    let agreeing: Vec<usize> = said
        .iter()
        .filter(|(_, said)| is_white(said))
        .map(|(at, _)| *at)
        .collect();
    let (first, last) = (*agreeing.first()?, *agreeing.last()?);
    let of = said
        .iter()
        .filter(|(at, _)| (first..=last).contains(at))
        .count();
    let goes_on = |at: usize| says(at, 0.35);
    let top = end_of(levels, first, (0..first).rev(), goes_on, usual.height);
    let bottom = end_of(levels, last, last + 1..levels.len(), goes_on, usual.height);
    let half = usual.height / 2.0;
    let are_white = (top..=bottom).filter(|at| matches!(goes_on(*at), Said::White(..)));
    let seen = are_white.fold((levels[first].y, levels[last].y), |(top, bottom), at| {
        (levels[at].y.min(top), levels[at].y.max(bottom))
    });
    let at = Extent {
        left,
        right,
        top: levels[top].y - half,
        bottom: levels[bottom].y + half,
    };
    Some((
        Gutter {
            at,
            seen,
            start: left,
            end: right,
        },
        Seen {
            with: agreeing.len(),
            of,
        },
    ))
}

/// The last level of a gutter in one direction. It goes on past headlines to the columns under them, and where a picture or
/// the end of a text leaves one side empty; two lines of text across it end it.
fn end_of(
    levels: &[Level],
    from: usize,
    beyond: impl Iterator<Item = usize>,
    says: impl Fn(usize) -> Said,
    height: f64,
) -> usize {
    /// In heights of a line. Chosen by eye.
    const NEAR: f64 = 3.0;
    let (mut end, mut against) = (from, 0);
    for at in beyond {
        match says(at) {
            Said::White(..) => (end, against) = (at, 0),
            Said::Nothing if (levels[at].y - levels[end].y).abs() < height * NEAR => end = at,
            Said::Nothing | Said::Large => {}
            Said::Text => against += 1,
        }
        if against == 2 {
            break;
        }
    }
    end
}

/// Where the columns on both sides of a gutter begin and end, if lines of text fill both. Of a column with a picture in
/// it few lines are seen: then the gutter after it, or before it, tells.
fn beside(levels: &[Level], gutters: &[Gutter], at: usize, height: f64) -> Option<(f64, f64)> {
    let Extent { left, right, .. } = gutters[at].at;
    let beside = |other: &&Gutter| other.at.beside(&gutters[at].at) > height;
    let slack = height / 2.0;
    let before = gutters[..at]
        .iter()
        .rev()
        .find(beside)
        .map(|other| other.at.right);
    let after = gutters[at + 1..]
        .iter()
        .find(beside)
        .map(|other| other.at.left);
    let middle = (left + right) / 2.0;
    let one = Slice::of(
        levels,
        &gutters[at],
        (before.map_or(f64::MIN, |from| from - slack), middle),
    );
    let other = Slice::of(
        levels,
        &gutters[at],
        (middle, after.map_or(f64::MAX, |to| to + slack)),
    );
    let is_known = |slice: &Slice| slice.lines >= FEWEST;
    let start = if is_known(&one) {
        one.column(height)?.0
    } else {
        before?
    };
    let end = if is_known(&other) {
        other.column(height)?.1
    } else {
        after?
    };
    (is_known(&one) || is_known(&other)).then_some((start, end))
}

/// Lines between two places, beside a gutter.
struct Slice {
    left: f64,
    right: f64,
    lines: usize,
    /// How many go over most of its width.
    filled: usize,
}

impl Slice {
    fn of(levels: &[Level], gutter: &Gutter, (from, to): (f64, f64)) -> Self {
        let inside = |level: &&Level| (gutter.at.top..gutter.at.bottom).contains(&level.y);
        let lines = levels.iter().filter(inside).filter_map(|level| {
            let is_in = |(left, right): &&(f64, f64)| from <= *left && *right <= to;
            let first = level.text.iter().find(is_in)?;
            Some((first.0, level.text.iter().rfind(is_in)?.1))
        });
        let lines: Vec<(f64, f64)> = lines.collect();
        let (mut lefts, mut rights): (Vec<f64>, Vec<f64>) = lines.iter().copied().unzip();
        let (left, right) = (quantile(&mut lefts, 0.15), quantile(&mut rights, 0.85));
        let is_full = |(l, r): &&(f64, f64)| r - l > (right - left) * 0.8;
        Slice {
            left,
            right,
            lines: lines.len(),
            filled: lines.iter().filter(is_full).count(),
        }
    }

    /// Where it begins and ends, if it is a column of text.
    fn column(&self, height: f64) -> Option<(f64, f64)> {
        let is_column = self.right - self.left > height * NARROWEST_COLUMN
            && self.filled as f64 >= self.lines as f64 * FILLED;
        is_column.then_some((self.left, self.right))
    }
}
