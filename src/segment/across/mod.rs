//! Takes apart lines that a recogniser read straight across the columns of a page, where a text without boxes shows it.
//!
//! The sign is a gap, of spaces or of a mark that a gutter was read as, at the same place in line after line (`grid`).
//! Lines are cut there (`cut`), and what is cut off goes on below it (`flow`). Tables and verse in two halves have such
//! gaps too: lines are taken apart only if they are prose, and if more words run on from a piece to the one below it
//! than to the one beside it.

mod cut;
mod flow;
mod grid;
mod line;

use crate::page::edit::Span;
use crate::page::{Block, Kind, Region};
use crate::text::sentence::{ends_sentence, is_clause_mark};
use grid::Grid;
use line::Line;

/// Lines of a region, at the least: fewer have gaps in one place by chance.
const FEWEST: usize = 5;

/// Replaces the blocks that were read across columns by their pieces, and says how these follow each other.
pub(super) fn take_apart(text: &str, blocks: &mut Vec<Block>) -> Vec<Region> {
    if !may_be_read_across(text, blocks) {
        return Vec::new();
    }
    let lines: Vec<Line> = blocks.iter().map(|block| Line::of(text, block)).collect();
    let all: Vec<&Line> = lines.iter().filter(|line| line.is_free).collect();
    let whole = Grid::of(&all);
    let mut taken = Vec::new();
    let mut regions = Vec::new();
    let mut at = 0;
    for run in runs(&lines, whole.as_ref()) {
        let of_run: Vec<&Line> = lines[run.clone()].iter().collect();
        let found = Grid::best(&of_run, whole.as_ref()).and_then(|grid| flow::of(&of_run, &grid));
        let Some(flow) = found.filter(|flow| flow.is_prose()) else {
            continue;
        };
        taken.extend_from_slice(&blocks[at..run.start]);
        let region = flow.region(taken.len());
        taken.extend(flow.pieces().into_iter().map(|span| Block {
            span,
            ..Block::default()
        }));
        taken[region.blocks.start].gap = blocks[run.start].gap;
        regions.push(region);
        at = run.end;
    }
    taken.extend_from_slice(&blocks[at..]);
    if !regions.is_empty() {
        *blocks = taken;
    }
    regions
}

/// Whether it is worth a closer look: several lines have a space between two characters of Chinese text.
fn may_be_read_across(text: &str, blocks: &[Block]) -> bool {
    /// Bytes: two columns of the narrowest print.
    const SHORTEST: usize = 60;
    let has_gap = |block: &&Block| {
        let line = &text[block.span.clone()];
        block.kind == Kind::Body && line.len() >= SHORTEST && line::has_gap(line)
    };
    let long = |block: &&Block| block.span.len() >= SHORTEST;
    let gaps = blocks.iter().filter(has_gap).count();
    gaps >= FEWEST && gaps * 2 >= blocks.iter().filter(long).count()
}

/// Neighbouring lines between headings: a heading is short, and ends no sentence.
fn runs(lines: &[Line], whole: Option<&Grid>) -> Vec<Span> {
    /// Columns, if the page has no grid; chosen by eye. A heading takes less than a column's width.
    const LONGEST_HEADING: usize = 26;
    const OF_A_COLUMN: f32 = 0.75;
    let longest = whole.map_or(LONGEST_HEADING, |grid| (grid.pitch * OF_A_COLUMN) as usize);
    let divides = |line: &Line| {
        let is_open = !ends_sentence(line.text) && !line.text.ends_with(is_clause_mark);
        !line.is_free || line.width() <= longest && is_open
    };
    let mut runs: Vec<Span> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match runs.last_mut() {
            _ if divides(line) => {}
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests;
