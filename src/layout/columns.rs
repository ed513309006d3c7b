//! Separates columns that a recogniser read across: lines of one region that all have a wide gap at the same place.
//! Tesseract reads Chinese like this, where there are gaps between sentences too.

use super::line::{Line, WideGap};
use super::place::{Rect, around};
use super::region::{Region, is_known_label};
use std::cmp::Reverse;
use std::ops::Range;

/// This many lines with a gap at one place are not a coincidence. Chosen by eye.
const FEWEST: usize = 3;
/// No page has this many.
const MOST_GAPS: usize = 4096;
/// Places of gutters that are tried, the likeliest first.
const MOST_GUTTERS: usize = 16;
/// Width of a column, in heights of its lines: a narrower one may belong to a table. Chosen by eye.
const NARROWEST: f64 = 7.0;
/// Share of a column's width that lines of text fill and cells do not. Chosen by eye.
const FILLED: f64 = 0.8;

/// The regions of a page; those that run across several columns are cut, and the columns follow one another.
pub(crate) fn apart(mut regions: Vec<Region>) -> Vec<Region> {
    let Some((run, gutter)) = find(&regions) else {
        return regions;
    };
    let below = split_off(&mut regions, run.end);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for mut region in split_off(&mut regions, run.start) {
        let lines = std::mem::take(&mut region.lines);
        let (before, after): (Vec<_>, Vec<_>) =
            lines.into_iter().map(|line| cut(line, gutter)).unzip();
        left.extend(part(&region, before.into_iter().flatten().collect()));
        right.extend(part(&region, after.into_iter().flatten().collect()));
    }
    regions.extend(left);
    regions.extend(apart(right));
    regions.extend(apart(below));
    regions
}

/// A line of a page: the region it is in, and which of its lines it is.
type At = (usize, usize);

/// Some lines of a region, as a region of their own.
fn part(region: &Region, lines: Vec<Line>) -> Option<Region> {
    let place = lines.iter().filter_map(|line| line.place).reduce(around);
    let [id, label] = [&region.id, &region.label].map(String::clone);
    (!lines.is_empty()).then(|| Region {
        id,
        label,
        within: region.within.clone(),
        place,
        lines,
    })
}

/// Takes off the regions from a line on, which may be in the middle of one.
fn split_off(regions: &mut Vec<Region>, (at, line): At) -> Vec<Region> {
    let mut after = regions.split_off(at);
    if line > 0
        && let Some(first) = after.first_mut()
    {
        let lines = first.lines.split_off(line);
        let rest = part(first, lines);
        let before = std::mem::take(&mut first.lines);
        regions.extend(part(first, before));
        after.splice(..1, rest);
    }
    after
}

/// The lines on both sides of a gutter, and where the gutter is.
fn find(regions: &[Region]) -> Option<(Range<At>, f64)> {
    let lines = || {
        regions
            .iter()
            .filter(|region| !is_known_label(&region.label))
            .flat_map(|region| &region.lines)
    };
    let gaps: Vec<&WideGap> = lines().flat_map(|line| &line.gaps).collect();
    if !(FEWEST..MOST_GAPS).contains(&gaps.len()) {
        return None;
    }
    let ends = [|gap: &&WideGap| gap.left, |gap: &&WideGap| gap.right].map(|end| {
        let mut ends: Vec<f64> = gaps.iter().map(end).collect();
        ends.sort_by(f64::total_cmp);
        ends
    });
    let before = |ends: &[f64], at: f64| ends.partition_point(|end| *end < at);
    let across = |at: f64| before(&ends[0], at) - before(&ends[1], at);
    let mut gutters: Vec<f64> = gaps
        .iter()
        .map(|gap| (gap.left + gap.right) / 2.0)
        .collect();
    gutters.retain(|at| across(*at) >= FEWEST);
    gutters.sort_by_cached_key(|at| Reverse(across(*at)));
    gutters.dedup();
    gutters
        .into_iter()
        .take(MOST_GUTTERS)
        .find_map(|gutter| Some((run(regions, gutter)?, gutter)))
}

/// The first lines in a row that a gutter runs through and that are columns on either side of it.
fn run(regions: &[Region], gutter: f64) -> Option<Range<At>> {
    let all: Vec<(At, &Region, &Line)> = regions
        .iter()
        .enumerate()
        .flat_map(|(at, region)| {
            region
                .lines
                .iter()
                .enumerate()
                .map(move |(line, l)| ((at, line), region, l))
        })
        .collect();
    let has_gap = |line: &Line| gap_at(line, gutter).is_some();
    let is_beside = |region: &Region, line: &Line| {
        !is_known_label(&region.label) && (has_gap(line) || side(line, gutter).is_some())
    };
    let is_whole = |region: &Region| region.lines.iter().all(|line| is_beside(region, line));
    for mut run in all.split(|(_, region, line)| !is_beside(region, line)) {
        // the first and the last lines may belong to a paragraph that runs across both
        let is_of_it = |(_, region, line): &(At, &Region, &Line)| has_gap(line) || is_whole(region);
        while let Some((_, rest)) = run.split_first().filter(|(first, _)| !is_of_it(first)) {
            run = rest;
        }
        while let Some((_, rest)) = run.split_last().filter(|(last, _)| !is_of_it(last)) {
            run = rest;
        }
        let lines = || run.iter().map(|(_, _, line)| *line);
        if lines().filter(|line| has_gap(line)).count() >= FEWEST && are_columns(lines(), gutter) {
            let (first, last) = (run.first()?.0, run.last()?.0);
            return Some(first..(last.0, last.1 + 1));
        }
    }
    None
}

/// Which lines are rows of a table: a few in a row have a gap at one place.
pub(super) fn rows(lines: &[&Line]) -> Vec<bool> {
    let mut are_rows = vec![false; lines.len()];
    for (at, rows) in lines.windows(FEWEST).enumerate() {
        let mut middles = rows[0]
            .gaps
            .iter()
            .take(MOST_GUTTERS)
            .map(|gap| (gap.left + gap.right) / 2.0);
        if middles.any(|middle| rows.iter().all(|line| gap_at(line, middle).is_some())) {
            are_rows[at..at + FEWEST].fill(true);
        }
    }
    are_rows
}

/// Whether both sides of a gutter are as wide as columns, and their lines fill them.
fn are_columns<'l>(lines: impl Iterator<Item = &'l Line>, gutter: f64) -> bool {
    let sides: (Vec<_>, Vec<_>) = lines.map(|line| cut(line.clone(), gutter)).unzip();
    [sides.0, sides.1].into_iter().all(|side| {
        let places: Vec<Rect> = side
            .into_iter()
            .flatten()
            .filter_map(|line| line.place)
            .collect();
        let Some([left, _, width, _]) = places.iter().copied().reduce(around) else {
            return false;
        };
        let mut heights: Vec<f64> = places.iter().map(|place| place[3]).collect();
        heights.sort_by(f64::total_cmp);
        let is_filled = |place: &&Rect| place[0] + place[2] - left > width * FILLED;
        width > heights[heights.len() / 2] * NARROWEST
            && places.iter().filter(is_filled).count() * 2 >= places.len()
    })
}

fn gap_at(line: &Line, gutter: f64) -> Option<WideGap> {
    line.gaps
        .iter()
        .copied()
        .find(|gap| gap.left < gutter && gutter < gap.right)
}

/// Whether a line is on the right of a gutter, or on its left; nothing if it runs across.
fn side(line: &Line, gutter: f64) -> Option<bool> {
    let [left, _, width, _] = line.place?;
    let (is_right, is_left) = (left >= gutter, left + width <= gutter);
    (is_right || is_left).then_some(is_right)
}

/// The parts of a line before and after a gutter.
fn cut(line: Line, gutter: f64) -> (Option<Line>, Option<Line>) {
    let Some(WideGap { at, left, right }) = gap_at(&line, gutter) else {
        return if side(&line, gutter) == Some(true) {
            (None, Some(line))
        } else {
            (Some(line), None)
        };
    };
    let (before, after) = line.text.split_at(at);
    let gaps_where = |is_after: bool| {
        line.gaps
            .iter()
            .copied()
            .filter(move |gap| (gap.at > at) == is_after)
    };
    let place = |from: f64, to: f64| {
        line.place
            .map(|[_, top, _, height]| [from, top, to - from, height])
    };
    let [start, _, width, _] = line.place.unwrap_or_default();
    let first = Line {
        id: line.id.clone(),
        text: before.trim_end().to_string(),
        place: place(start, left),
        rest: line.rest,
        gaps: gaps_where(false).filter(|gap| gap.at < at).collect(),
        ..Line::default()
    };
    let second = Line {
        id: line.id.clone(),
        text: after.to_string(),
        place: place(right, start + width),
        broken: line
            .broken
            .clone()
            .and_then(|(start, whole)| Some((start.checked_sub(at)?, whole))),
        gaps: gaps_where(true)
            .map(|gap| WideGap {
                at: gap.at - at,
                ..gap
            })
            .collect(),
        ..Line::default()
    };
    (Some(first), Some(second))
}
