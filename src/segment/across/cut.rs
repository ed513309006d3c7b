//! Cuts a line at the gutters of a grid.

use super::grid::Grid;
use super::line::{Gap, Line, is_stray};
use crate::page::edit::Span;
use crate::text::chinese::word_across;

/// A piece of a line: the column it belongs to, and its bytes of the page.
pub(super) struct Piece {
    pub column: usize,
    pub span: Span,
}

/// The pieces of a line that was read across several columns.
pub(super) fn pieces(line: &Line, grid: &Grid) -> Vec<Piece> {
    let end = line.places.len() - 1;
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut start, mut column) = (0, 0);
    loop {
        let cut = next_cut(line, start, grid).filter(|_| column + 1 < grid.columns);
        let cut = cut.unwrap_or(end..end);
        if let Some(span) = trimmed(line, start, cut.start) {
            pieces.push(Piece { column, span });
        }
        if cut.start == end {
            return pieces;
        }
        // a recogniser sets fewer spaces than fit into an empty column, but never more
        let place = (line.column(cut.end) as f32 / grid.pitch).round() as usize;
        column = place.clamp(column + 1, grid.columns - 1);
        start = cut.end;
    }
}

/// Where the piece that begins at a character ends: the characters between it and the next.
fn next_cut(line: &Line, start: usize, grid: &Grid) -> Option<Span> {
    /// Characters of the narrowest piece.
    const SHORTEST: usize = 3;
    /// Spaces that no text has inside: an empty line of a column.
    const EMPTY: usize = 4;
    /// Columns: how far a gap may be from the place where it should be, and how much farther one of many spaces.
    const SLACK: f32 = 4.0;
    const SLACK_OF_SPACES: usize = 6;
    let gutter = line.column(start) as f32 + grid.pitch - 1.0;
    let mut gaps = line
        .gaps
        .iter()
        .filter(|gap| gap.chars.start >= start + SHORTEST);
    // the wider a gap and the more a mark in it looks like a gutter, the farther away it may be
    let cost = |gap: &&Gap| {
        let mark = if gap.has_mark { 2.0 } else { 0.0 };
        line.distance(gap, gutter) - 0.8 * gap.spaces.min(6) as f32 - mark
    };
    let is_short =
        |gap: &&Gap| gap.spaces >= EMPTY && (line.column(gap.chars.start) as f32) < gutter;
    let near = |gap: &&Gap| {
        let spaces = if gap.spaces > 1 {
            gap.spaces.min(SLACK_OF_SPACES)
        } else {
            0
        };
        line.distance(gap, gutter) <= SLACK + spaces as f32
    };
    let best = gaps.clone().find(is_short);
    let best = best.or_else(|| {
        gaps.by_ref()
            .filter(near)
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
    });
    match best {
        Some(gap) => Some(without_quotes(line, gap.chars.clone())),
        // letters were read over the gutter
        None => (line.width() as f32 > gutter + grid.pitch * 0.3).then(|| {
            let at = line
                .places
                .partition_point(|(_, before)| (*before as f32) < gutter);
            let at = between_words(line, at);
            at..at
        }),
    }
}

/// The character near this one before which a cut divides no word, if there is one.
fn between_words(line: &Line, at: usize) -> usize {
    /// Characters on either side.
    const NEAR: usize = 2;
    let divided = |at: &usize| {
        let (before, after) = line.text.split_at(line.places[*at].0);
        word_across(before, after)
    };
    let last = line.places.len() - 1;
    let near = at.saturating_sub(NEAR)..=(at + NEAR).min(last);
    let cost = |cut: &usize| divided(cut) + cut.abs_diff(at) as f32;
    near.min_by(|a, b| cost(a).total_cmp(&cost(b)))
        .unwrap_or(at)
}

/// A gap without the quotation marks at its ends that belong to the text: one that closes what is open before it, and one
/// that opens what is closed after it.
fn without_quotes(line: &Line, gap: Span) -> Span {
    /// Characters of a quotation.
    const LONGEST: usize = 16;
    let text = |from: usize, to: usize| &line.text[line.places[from].0..line.places[to].0];
    let (before, inside) = (text(0, gap.start), text(gap.start, gap.end));
    let opened = before
        .rfind('“')
        .filter(|open| !before[*open..].contains('”'));
    let start = gap.start + usize::from(inside.starts_with('”') && opened.is_some());
    let after = text(gap.end, (gap.end + LONGEST).min(line.places.len() - 1));
    let closed = after
        .find(['”', '"'])
        .filter(|close| !after[..*close].contains([' ', '“']));
    let end = gap.end - usize::from(inside.ends_with('“') && closed.is_some());
    start.min(end)..end
}

/// The bytes of the page between two characters of a line, without white space and stray marks at both ends.
fn trimmed(line: &Line, start: usize, end: usize) -> Option<Span> {
    let bytes = line.places[start].0..line.places[end].0;
    let text = &line.text[bytes.clone()];
    let is_edge =
        |c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '¦' | '`' | '~' | '^' | '_');
    let kept = text.trim_matches(is_edge);
    let lead = text.len() - text.trim_start_matches(is_edge).len();
    let from = line.start + bytes.start + lead;
    (!kept.chars().all(is_stray)).then(|| from..from + kept.len())
}
