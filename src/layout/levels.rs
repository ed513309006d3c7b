//! What stands at each height of a page: text, and white between it.

use super::frame::{Extent, Frame};
use super::measures::quantile;
use super::piece::{Piece, Usual};

// In heights of a line, chosen by eye.
/// Lines that are no farther apart than this count as one.
const DOWN: f64 = 0.75;
/// The narrowest gutter.
pub(super) const NARROWEST: f64 = 0.5;
/// White between words that is no wider may be chance, and a gutter is hardly wider.
pub(super) const WIDEST: f64 = 2.5;
/// The narrowest column: cells of tables and numbers of pages are narrower.
pub(super) const NARROWEST_COLUMN: f64 = 5.0;

/// What stands at one height of the page.
pub(super) struct Level {
    pub y: f64,
    /// From left to right, touching nowhere.
    pub text: Vec<(f64, f64)>,
    /// Lines in large type.
    pub large: Vec<(f64, f64)>,
    /// White between the words of one line.
    spaces: Vec<Space>,
}

/// White between two words of one line. A mark that stands in it was perhaps read there, and parts it in two.
struct Space {
    left: f64,
    right: f64,
    /// The widest of its parts.
    widest: f64,
}

/// What a level says of a place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Said {
    Nothing,
    /// White with text on either side, from here to there. One end of white that may hold a column is endless.
    White(f64, f64),
    Text,
    /// A headline.
    Large,
}

/// The heights at which lines stand, and what stands there.
pub(super) fn levels(pieces: &[Piece], usual: Usual, frame: Frame) -> Vec<Level> {
    let mut middles: Vec<f64> = pieces.iter().map(|piece| piece.at.middle()).collect();
    middles.sort_by(f64::total_cmp);
    let mut levels: Vec<Level> = Vec::new();
    for y in middles {
        if levels
            .last()
            .is_none_or(|last| y - last.y > usual.height * DOWN)
        {
            levels.push(Level {
                y,
                text: Vec::new(),
                large: Vec::new(),
                spaces: Vec::new(),
            });
        }
    }
    for piece in pieces {
        let inset = piece.at.height() * 0.15;
        let [first, last] = [piece.at.top + inset, piece.at.bottom - inset]
            .map(|y| levels.partition_point(|level| level.y < y));
        for level in levels.get_mut(first..last).unwrap_or_default() {
            if piece.is_large {
                level.large.push((piece.at.left, piece.at.right));
            }
            // recognisers draw boxes of lines wider than the lines
            let loose = if piece.line.words.is_empty() {
                usual.height * 0.4
            } else {
                0.0
            };
            level.spaces.extend(spaces(piece, frame));
            let words = piece.words(frame).filter(|(text, _)| !is_mark(text));
            level.text.extend(
                words
                    .map(|(_, at)| (at.left + loose, at.right - loose))
                    .filter(|(l, r)| l < r),
            );
        }
    }
    for level in &mut levels {
        level.text = merged(std::mem::take(&mut level.text));
    }
    levels.retain(|level| !level.text.is_empty());
    levels
}

/// The white between the words of a line.
fn spaces(piece: &Piece, frame: Frame) -> Vec<Space> {
    let mut words: Vec<(bool, Extent)> = piece
        .words(frame)
        .map(|(text, at)| (is_mark(text), at))
        .collect();
    words.sort_by(|a, b| a.1.left.total_cmp(&b.1.left));
    let mut spaces = Vec::new();
    let mut open: Option<Space> = None;
    for two in words.windows(2) {
        let [(after_mark, before), (before_mark, after)] = two else {
            continue;
        };
        let (left, right) = (before.right, after.left);
        let space = match open.take().filter(|_| *after_mark) {
            Some(space) => Space {
                right,
                widest: space.widest.max(right - left),
                ..space
            },
            None => Space {
                left,
                right,
                widest: right - left,
            },
        };
        if *before_mark {
            open = Some(space);
        } else {
            spaces.push(space);
        }
    }
    spaces
}

/// Where any of some stretches lies, from left to right.
fn merged(mut stretches: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::with_capacity(stretches.len());
    for (left, right) in stretches {
        match merged.last_mut() {
            Some(last) if left <= last.1 => last.1 = last.1.max(right),
            _ => merged.push((left, right)),
        }
    }
    merged
}

/// Whether a word has no letters: it may have been read from a rule, or from nothing.
pub(super) fn is_mark(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

impl Level {
    /// What stands at a place: white, if it is as wide as a gutter and not as wide as a column.
    pub(super) fn says(&self, x: f64, height: f64) -> Said {
        let (least, most) = (height * NARROWEST, height * NARROWEST_COLUMN);
        if self
            .large
            .iter()
            .any(|(left, right)| *left < x && x < *right)
        {
            return Said::Large;
        }
        let after = self.text.partition_point(|(_, right)| *right <= x);
        match (
            after.checked_sub(1).map(|at| self.text[at]),
            self.text.get(after),
        ) {
            (_, Some((left, _))) if *left < x => Said::Text,
            (Some((_, white)), Some((end, _))) if end - white > most => {
                // there may be a picture in it, or lines that were not read: it is a gutter at its ends
                let reach = height * WIDEST;
                match () {
                    _ if x - white < reach => Said::White(white, f64::INFINITY),
                    _ if end - x < reach => Said::White(f64::NEG_INFINITY, *end),
                    _ => Said::Nothing,
                }
            }
            (Some((_, white)), Some((end, _))) if end - white >= least => Said::White(white, *end),
            (Some(_), Some(_)) => Said::Text,
            _ => Said::Nothing,
        }
    }

    /// Whether the white at a place is more than a space between words: wider than those of its own line, which are alike
    /// where a line is justified, or between two lines. Of the only space of a line nobody knows.
    pub(super) fn stands_out(&self, (left, right): (f64, f64)) -> Option<bool> {
        /// Spaces of one justified line differ by the shapes of letters and by how boxes are drawn. Chosen by eye.
        const WIDER: f64 = 1.5;
        let middle = (left + right) / 2.0;
        let is_here = |space: &&Space| space.left <= middle && middle <= space.right;
        let Some(here) = self.spaces.iter().find(is_here) else {
            return Some(true);
        };
        let others = self.spaces.iter().filter(|space| !is_here(space));
        let mut others: Vec<f64> = others.map(|space| space.widest).collect();
        (!others.is_empty()).then(|| here.widest > quantile(&mut others, 0.5) * WIDER)
    }

    /// What stands here between two columns: white, if it fills such a share of the place.
    pub(super) fn says_of(&self, left: f64, right: f64, share: f64, height: f64) -> Said {
        let shared = |from: f64, to: f64| to.min(right) - from.max(left);
        if self.large.iter().any(|(from, to)| shared(*from, *to) > 0.0) {
            return Said::Large;
        }
        let (Some(first), Some(last)) = (self.text.first(), self.text.last()) else {
            return Said::Nothing;
        };
        if last.1 <= right || left <= first.0 {
            return Said::Nothing;
        }
        let mut whites = self.text.windows(2).map(|two| (two[0].1, two[1].0));
        let is_white = |(from, to): (f64, f64)| shared(from, to) > (right - left) * share;
        match whites.find(|white| is_white(*white)) {
            Some((from, to))
                if to - from > height * NARROWEST_COLUMN
                    && (from - left).abs().min((to - right).abs()) > height =>
            {
                Said::Nothing
            }
            Some((from, to)) => Said::White(from, to),
            None => Said::Text,
        }
    }
}
