//! Finds how many columns lines were read across, and how wide these are.

use super::FEWEST;
use super::line::Line;

/// Columns of equal width, side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    pub columns: usize,
    /// Characters of half width from the beginning of a column to that of the next.
    pub pitch: f32,
    /// How many more of the gutters are gaps than would be by chance.
    score: f32,
}

/// No newspaper page has more columns that a recogniser reads across, and none narrower ones.
const MOST_COLUMNS: usize = 7;
const NARROWEST: f32 = 18.0;
/// The share of gutters that must be gaps, over all and of each gutter, and by how much more than by chance. Set by trial
/// on pages of benches/columns.
const LEAST: f32 = 0.8;
const LEAST_OF_EACH: f32 = 0.6;
const LEAST_OVER_CHANCE: f32 = 0.3;

impl Grid {
    /// The grid with most columns of those that the gaps of the lines agree on.
    pub(super) fn of(lines: &[&Line]) -> Option<Grid> {
        let width = usual_width(lines)? as f32;
        let grids =
            (2..=MOST_COLUMNS).filter_map(|columns| Grid::of_columns(lines, width, columns));
        grids.max_by_key(|grid| grid.columns)
    }

    /// The grid of these lines, or that of the whole page if theirs agree with it too.
    pub(super) fn best(lines: &[&Line], whole: Option<&Grid>) -> Option<Grid> {
        let of_page = whole.copied().filter(|grid| {
            let wide = lines
                .iter()
                .filter(|line| line.width() as f32 > grid.pitch * 1.5);
            wide.count() >= 2
                && Grid::judged(lines, grid.columns, grid.pitch).is_none_or(|fit| fit.rate >= LEAST)
        });
        let own = Grid::of(lines);
        match (own, of_page) {
            (Some(own), Some(page)) if own.columns < page.columns => Some(page),
            (own, page) => own.or(page),
        }
    }

    fn of_columns(lines: &[&Line], width: f32, columns: usize) -> Option<Grid> {
        /// Lines lose characters and gain spaces: a tenth of the width either way, in steps of a fiftieth.
        const STEPS: std::ops::RangeInclusive<i32> = -5..=5;
        let fits = STEPS.filter_map(|step| {
            let pitch = width * (1.0 + step as f32 / 50.0) / columns as f32;
            let fit = Grid::judged(lines, columns, pitch).filter(|_| pitch >= NARROWEST)?;
            let score = fit.rate - fit.by_chance;
            let is_one =
                fit.rate >= LEAST && fit.least >= LEAST_OF_EACH && score >= LEAST_OVER_CHANCE;
            is_one.then_some(Grid {
                columns,
                pitch,
                score,
            })
        });
        fits.max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// How well the gaps of the lines fit a grid; `None` if few lines say anything.
    fn judged(lines: &[&Line], columns: usize, pitch: f32) -> Option<Fit> {
        let mut of_each = vec![(0usize, 0usize); columns - 1];
        let mut by_chance = 0.0;
        for line in lines
            .iter()
            .filter(|line| line.width() as f32 >= pitch * 1.3)
        {
            let width = line.width() as f32;
            for (at, (hits, all)) in of_each.iter_mut().enumerate() {
                let gutter = (at + 1) as f32 * pitch;
                // a line that ends there says nothing
                if gutter > width - 6.0 {
                    continue;
                }
                let slack = slack(at + 1);
                let is_gap = line
                    .gaps
                    .iter()
                    .any(|gap| line.distance(gap, gutter) <= slack);
                *hits += usize::from(is_gap);
                *all += 1;
                let covered = line.gaps.iter().map(|gap| {
                    (line.column(gap.chars.end) - line.column(gap.chars.start)) as f32 + 2.0 * slack
                });
                by_chance += (covered.sum::<f32>() / width).min(1.0);
            }
        }
        let share = |(hits, all): &(usize, usize)| *hits as f32 / (*all).max(1) as f32;
        let all: usize = of_each.iter().map(|(_, all)| all).sum();
        let hits: usize = of_each.iter().map(|(hits, _)| hits).sum();
        (all > FEWEST).then(|| Fit {
            rate: share(&(hits, all)),
            least: of_each.iter().map(share).fold(1.0, f32::min),
            by_chance: by_chance / all as f32,
        })
    }
}

/// How well gaps and gutters meet: over all gutters, at the worst of them, and by chance.
struct Fit {
    rate: f32,
    least: f32,
    by_chance: f32,
}

/// How far a gap may be from the gutter with this number: characters lost before it add up.
fn slack(gutter: usize) -> f32 {
    2.0 + gutter as f32
}

/// The width of a full line: that of the widest but two fifths.
fn usual_width(lines: &[&Line]) -> Option<usize> {
    /// Characters: shorter lines are not read across columns.
    const SHORTEST: usize = 24;
    let long = lines.iter().filter(|line| line.places.len() > SHORTEST);
    let mut widths: Vec<usize> = long.map(|line| line.width()).collect();
    widths.sort_unstable();
    (widths.len() >= FEWEST).then(|| widths[widths.len() * 3 / 5])
}
