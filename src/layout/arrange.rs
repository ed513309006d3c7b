//! Puts the lines of a page in reading order by where they stand, if the page shows columns and its own order does not
//! follow them.

use super::cut::{Cut, cut};
use super::flow;
use super::frame::{Extent, Frame};
use super::gutters::gutters;
use super::line::Line;
use super::order::{Column, columns};
use super::piece::{Piece, Usual};
use super::region::{Region, Role};
use crate::page::Kind;

/// How far the order of a page's regions is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Trust {
    /// Somebody put them in order.
    Given,
    /// Whoever made the file has put its blocks in order. Only lines that run across columns say that it saw none.
    #[default]
    Blocks,
    /// A recogniser wrote its blocks down as it came upon them.
    Found,
    /// Lines come as they were found on the page.
    None,
}

/// The regions of a page in reading order, and the marks that were read in the white between them.
pub(crate) struct Arranged {
    pub regions: Vec<Region>,
    pub strays: Vec<String>,
}

/// The regions of a page in reading order. A page whose own order is in doubt comes back as its paragraphs.
pub(crate) fn arrange(regions: Vec<Region>, trust: Trust) -> Arranged {
    arranged(&regions, trust).unwrap_or(Arranged {
        regions,
        strays: Vec::new(),
    })
}

fn arranged(regions: &[Region], trust: Trust) -> Option<Arranged> {
    /// Fewer lines say nothing of columns. Chosen by eye.
    const FEWEST: usize = 6;
    // Shares of lines, chosen by eye. Where so many run across gutters a recogniser saw no columns:
    const MANY: f64 = 0.2;
    // else the page must be simple enough to be sure of its order, and its own order must be another.
    const FEW: f64 = 0.05;
    const MOST: f64 = 0.7;
    let lines = || {
        regions
            .iter()
            .filter(|region| is_free(region))
            .flat_map(|region| &region.lines)
    };
    let are_placed = lines().all(|line| line.place.is_some() || line.text.trim().is_empty());
    if trust == Trust::Given || !are_placed || lines().count() < FEWEST {
        return None;
    }
    let frame = Frame::of(lines());
    let mut pieces = pieces(regions, frame)?;
    let usual = Usual::of(&pieces, frame);
    for piece in pieces.iter_mut().filter(|piece| piece.block.is_none()) {
        piece.is_large = usual.is_large(piece, frame);
    }
    let gutters = gutters(&pieces, usual, frame);
    if gutters.is_empty() && !(trust == Trust::None && flow::is_one_column(&pieces, usual)) {
        return None;
    }
    let mut strays = Vec::new();
    let lines = pieces.len();
    let mut cuts = 0;
    for gutter in &gutters {
        pieces = pieces
            .into_iter()
            .flat_map(|piece| match cut(&piece, gutter, usual, frame) {
                Some(Cut {
                    before,
                    after,
                    strays: marks,
                }) => {
                    strays.extend(Some(marks.trim().to_string()).filter(|marks| !marks.is_empty()));
                    cuts += 1;
                    [before, after]
                }
                None => [Some(piece), None],
            })
            .flatten()
            .collect();
    }
    let (columns, unsure) = columns(pieces, &gutters, usual);
    if trust != Trust::None {
        let share = |some: usize| some as f64 / lines as f64;
        let is_sure = share(unsure) <= FEW && flow::share_filled(&columns, usual) >= MOST;
        let is_in_order = share(cuts) < FEW && is_read_in_order(&columns);
        if share(cuts) < MANY && (trust == Trust::Blocks || !is_sure || is_in_order) {
            return None;
        }
    }
    let mut arranged = flow::paragraphs(columns, usual, frame);
    arranged.extend(regions.iter().filter(|region| is_running(region)).cloned());
    Some(Arranged {
        regions: arranged,
        strays,
    })
}

/// Whether the lines of a region may be put into columns. Recognisers take lines beside a picture for its caption.
fn is_free(region: &Region) -> bool {
    matches!(
        Role::of(&region.label),
        Role::Text(None | Some(Kind::Caption))
    )
}

fn is_running(region: &Region) -> bool {
    Role::of(&region.label) == Role::Running
}

/// The lines of a page and the regions that stay as they are; nothing if it is not known where one of these is.
fn pieces(regions: &[Region], frame: Frame) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut from = 0;
    for region in regions
        .iter()
        .filter(|region| !is_running(region) && !region.is_blank())
    {
        if !is_free(region) {
            pieces.push(Piece::of_block(region, frame, from)?);
            from += 1;
            continue;
        }
        for line in region
            .lines
            .iter()
            .filter(|line| !line.text.trim().is_empty())
        {
            let upright = upright(line, frame, from).into_iter();
            pieces.extend(upright.map(|piece| Piece {
                label: region.label.clone(),
                ..piece
            }));
            from += 1;
        }
    }
    Some(pieces)
}

/// Whether the order of a recogniser follows the columns: each from its top down, and nothing over a headline after it.
/// In which order it reads the columns of an article is for it to say.
fn is_read_in_order(columns: &[Column]) -> bool {
    /// Share of lines that may stand apart from those around them: captions, and what is misread. Chosen by eye.
    const ASIDES: f64 = 0.05;
    let mut after = 0;
    let (mut lines, mut strays) = (0, 0);
    for column in columns {
        let froms: Vec<usize> = column.pieces.iter().map(|piece| piece.from).collect();
        if column.is_head && froms.first().is_some_and(|first| *first < after) {
            return false;
        }
        after = froms.iter().map(|from| from + 1).fold(after, usize::max);
        lines += froms.len();
        strays += froms.windows(2).filter(|two| two[1] != two[0] + 1).count();
    }
    strays as f64 <= lines as f64 * ASIDES
}

/// A line as a piece. Letters that a recogniser read down the edge of a column, one from each of its lines, are a piece
/// each.
fn upright(line: &Line, frame: Frame, from: usize) -> Vec<Piece> {
    let Some(place) = line.place else {
        return Vec::new();
    };
    let Extent {
        left,
        top,
        right,
        bottom,
    } = frame.turned(place);
    let is_across = bottom - top > (right - left) * 1.5 && line.words.len() > 1;
    if !is_across {
        return Piece::new(line.clone(), frame, from).into_iter().collect();
    }
    let ends = line
        .words
        .iter()
        .skip(1)
        .map(|word| word.at)
        .chain([line.text.len()]);
    line.words
        .iter()
        .zip(ends)
        .filter_map(|(word, end)| {
            let text = line.text.get(word.at..end)?.trim().to_string();
            Piece::new(
                Line {
                    text,
                    place: Some(word.place),
                    ..Line::default()
                },
                frame,
                from,
            )
        })
        .collect()
}
