//! Takes columns apart that a recogniser read across: lines of one region that all have a wide white at the same place.
//! Tesseract does so with Chinese, where white stands between sentences too.

use super::line::{Line, WideGap};
use super::place::{Rect, around};
use super::region::{Region, is_known_label};
use std::cmp::Reverse;
use std::ops::Range;

/// So many lines with white at one place are no chance.
const FEWEST: usize = 3;
/// A page has not so many.
const MOST_WHITES: usize = 4096;
/// Places of gutters that are looked at; the likeliest is the first.
const MOST_GUTTERS: usize = 16;
/// Of a column, in heights of its lines: what is narrower may be that of a table.
const NARROWEST: f64 = 7.0;
/// Of a column's width: lines of text fill it, cells do not.
const FILLED: f64 = 0.8;

/// The regions of a page, those that go over several columns cut into those of each, one column behind another.
pub(crate) fn apart(mut regions: Vec<Region>) -> Vec<Region> {
    let Some((run, gutter)) = find(&regions) else {
        return regions;
    };
    let below = split_off(&mut regions, run.end);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for mut region in split_off(&mut regions, run.start) {
        let lines = std::mem::take(&mut region.lines);
        let (before, behind): (Vec<_>, Vec<_>) =
            lines.into_iter().map(|line| cut(line, gutter)).unzip();
        left.extend(part(&region, before.into_iter().flatten().collect()));
        right.extend(part(&region, behind.into_iter().flatten().collect()));
    }
    regions.extend(left);
    regions.extend(apart(right));
    regions.extend(apart(below));
    regions
}

/// A line of a page: the region it is in, and which of its lines it is.
type At = (usize, usize);

/// Some lines of a region, as a region.
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

/// Takes off the regions behind a place, which may stand within one.
fn split_off(regions: &mut Vec<Region>, (at, line): At) -> Vec<Region> {
    let mut behind = regions.split_off(at);
    if line > 0
        && let Some(first) = behind.first_mut()
    {
        let lines = first.lines.split_off(line);
        let rest = part(first, lines);
        let before = std::mem::take(&mut first.lines);
        regions.extend(part(first, before));
        behind.splice(..1, rest);
    }
    behind
}

/// The lines that stand on both sides of a gutter, and where that is.
fn find(regions: &[Region]) -> Option<(Range<At>, f64)> {
    let lines = || {
        regions
            .iter()
            .filter(|region| !is_known_label(&region.label))
            .flat_map(|region| &region.lines)
    };
    let whites: Vec<&WideGap> = lines().flat_map(|line| &line.gaps).collect();
    if !(FEWEST..MOST_WHITES).contains(&whites.len()) {
        return None;
    }
    let ends = [
        |white: &&WideGap| white.left,
        |white: &&WideGap| white.right,
    ]
    .map(|end| {
        let mut ends: Vec<f64> = whites.iter().map(end).collect();
        ends.sort_by(f64::total_cmp);
        ends
    });
    let before = |ends: &[f64], at: f64| ends.partition_point(|end| *end < at);
    let across = |at: f64| before(&ends[0], at) - before(&ends[1], at);
    let mut gutters: Vec<f64> = whites
        .iter()
        .map(|white| (white.left + white.right) / 2.0)
        .collect();
    gutters.retain(|at| across(*at) >= FEWEST);
    gutters.sort_by_cached_key(|at| Reverse(across(*at)));
    gutters.dedup();
    gutters
        .into_iter()
        .take(MOST_GUTTERS)
        .find_map(|gutter| Some((run(regions, gutter)?, gutter)))
}

/// The first lines one behind another that a gutter goes through and that are columns on either side of it.
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
    let has_white = |line: &Line| white(line, gutter).is_some();
    let is_beside = |region: &Region, line: &Line| {
        !is_known_label(&region.label) && (has_white(line) || side(line, gutter).is_some())
    };
    let is_whole = |region: &Region| region.lines.iter().all(|line| is_beside(region, line));
    for mut run in all.split(|(_, region, line)| !is_beside(region, line)) {
        // the first lines and the last may be those of a paragraph that goes across
        let is_of_it =
            |(_, region, line): &(At, &Region, &Line)| has_white(line) || is_whole(region);
        while let Some((_, rest)) = run.split_first().filter(|(first, _)| !is_of_it(first)) {
            run = rest;
        }
        while let Some((_, rest)) = run.split_last().filter(|(last, _)| !is_of_it(last)) {
            run = rest;
        }
        let lines = || run.iter().map(|(_, _, line)| *line);
        if lines().filter(|line| has_white(line)).count() >= FEWEST && are_columns(lines(), gutter)
        {
            let (first, last) = (run.first()?.0, run.last()?.0);
            return Some(first..(last.0, last.1 + 1));
        }
    }
    None
}

/// Which lines are rows of a table: a few one under another have white at one place.
pub(super) fn rows(lines: &[&Line]) -> Vec<bool> {
    let mut are_rows = vec![false; lines.len()];
    for (at, rows) in lines.windows(FEWEST).enumerate() {
        let mut middles = rows[0]
            .gaps
            .iter()
            .take(MOST_GUTTERS)
            .map(|white| (white.left + white.right) / 2.0);
        if middles.any(|middle| rows.iter().all(|line| white(line, middle).is_some())) {
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

fn white(line: &Line, gutter: f64) -> Option<WideGap> {
    line.gaps
        .iter()
        .copied()
        .find(|white| white.left < gutter && gutter < white.right)
}

/// On which side of a gutter a line stands: whether on the right one; nothing, if it goes across.
fn side(line: &Line, gutter: f64) -> Option<bool> {
    let [left, _, width, _] = line.place?;
    let (is_right, is_left) = (left >= gutter, left + width <= gutter);
    (is_right || is_left).then_some(is_right)
}

/// The parts of a line before and behind a gutter.
fn cut(line: Line, gutter: f64) -> (Option<Line>, Option<Line>) {
    let Some(WideGap { at, left, right }) = white(&line, gutter) else {
        return if side(&line, gutter) == Some(true) {
            (None, Some(line))
        } else {
            (Some(line), None)
        };
    };
    let (before, behind) = line.text.split_at(at);
    let whites = |is_behind: bool| {
        line.gaps
            .iter()
            .copied()
            .filter(move |white| (white.at > at) == is_behind)
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
        gaps: whites(false).filter(|white| white.at < at).collect(),
        ..Line::default()
    };
    let second = Line {
        id: line.id.clone(),
        text: behind.to_string(),
        place: place(right, start + width),
        broken: line
            .broken
            .clone()
            .and_then(|(start, whole)| Some((start.checked_sub(at)?, whole))),
        gaps: whites(true)
            .map(|white| WideGap {
                at: white.at - at,
                ..white
            })
            .collect(),
        ..Line::default()
    };
    (Some(first), Some(second))
}
