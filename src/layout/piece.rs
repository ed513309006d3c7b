//! A piece of a page: a line, or the part of one that stands in one column, with its place on the turned page.

use super::frame::{Extent, Frame};
use super::line::Line;
use super::measures::middle;
use super::region::Region;
use crate::text::chars::{is_wide, is_wide_mark};

#[derive(Clone)]
pub(super) struct Piece {
    pub line: Line,
    pub at: Extent,
    /// Which line of the page it comes from, in the order of its format.
    pub from: usize,
    /// Whether it is set in larger type than the text.
    pub is_large: bool,
    /// What the format calls the region it is in.
    pub label: String,
    /// A region that the format knows better than its lines do: a table, a list.
    pub block: Option<Box<Region>>,
}

/// What is usual on a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    /// Height of a line.
    pub height: f64,
    /// Length of a line for each width of a Han character.
    pub advance: f64,
}

impl Piece {
    pub(super) fn new(line: Line, frame: Frame, from: usize) -> Option<Self> {
        let mut at = frame.turned(line.place?);
        // one letter misread as a tall mark makes the box of its line tall
        let (mut tops, mut bottoms): (Vec<f64>, Vec<f64>) = line
            .words
            .iter()
            .map(|word| frame.turned(word.place))
            .map(|word| (word.top, word.bottom))
            .unzip();
        if tops.len() > 2 {
            at.top = at.top.max(middle(&mut tops));
            at.bottom = at.bottom.min(middle(&mut bottoms)).max(at.top + 1.0);
        }
        Some(Piece {
            line,
            at,
            from,
            is_large: false,
            label: String::new(),
            block: None,
        })
    }

    /// A region as a piece.
    pub(super) fn of_block(region: &Region, frame: Frame, from: usize) -> Option<Self> {
        let line = Line {
            place: region.place,
            ..Line::default()
        };
        Some(Piece {
            is_large: true,
            label: region.label.clone(),
            block: Some(Box::new(region.clone())),
            ..Piece::new(line, frame, from)?
        })
    }

    /// The places of its words from left to right; of a line without words its own.
    pub(super) fn words(&self, frame: Frame) -> impl Iterator<Item = (&str, Extent)> {
        let ends = self.line.words.iter().skip(1).map(|word| word.at);
        let ends = ends.chain([self.line.text.len()]);
        let words = self.line.words.iter().zip(ends);
        let words = words.map(move |(word, end)| {
            (
                self.line.text.get(word.at..end).unwrap_or_default(),
                frame.turned(word.place),
            )
        });
        let whole = (self.line.words.is_empty()).then_some((self.line.text.as_str(), self.at));
        words.chain(whole)
    }

    /// Its length for each width of a Han character, without white that is wider than a letter.
    fn advance(&self, frame: Frame) -> f64 {
        let places: Vec<Extent> = self.words(frame).map(|(_, at)| at).collect();
        let white = places.windows(2).map(|two| two[1].left - two[0].right);
        let wide: f64 = white.filter(|white| *white > self.at.height()).sum();
        (self.at.width() - wide).max(1.0) / advance(&self.line.text).max(0.5)
    }
}

/// The length of a text in widths of a Han character, its letters set in the proportions of a usual font. Chosen by eye.
pub(super) fn advance(text: &str) -> f64 {
    text.chars().map(advance_of).sum()
}

pub(super) fn advance_of(c: char) -> f64 {
    match c {
        _ if is_wide(c) || is_wide_mark(c) => 1.0,
        'A'..='Z' => 0.66,
        ' ' | 'i' | 'j' | 'l' | 'f' | 't' | 'r' => 0.3,
        _ if c.is_alphanumeric() => 0.5,
        _ => 0.3,
    }
}

impl Usual {
    /// What most letters of the page are set in.
    pub(super) fn of(pieces: &[Piece], frame: Frame) -> Self {
        let weighted = |measure: &dyn Fn(&Piece) -> f64| {
            let mut sizes: Vec<(f64, usize)> = pieces
                .iter()
                .map(|piece| (measure(piece), piece.line.text.chars().count()))
                .collect();
            sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
            let half = sizes.iter().map(|(_, letters)| letters).sum::<usize>() / 2;
            let mut letters = 0;
            let found = sizes.iter().find(|(_, more)| {
                letters += more;
                letters > half
            });
            found.map_or(1.0, |(size, _)| size.max(1.0))
        };
        Usual {
            height: weighted(&|piece| piece.at.height()),
            advance: weighted(&|piece| piece.advance(frame)),
        }
    }

    /// Whether a line is set larger than most: it is higher, and longer for its letters. Chosen by eye, as are the sizes
    /// of headlines.
    pub(super) fn is_large(&self, piece: &Piece, frame: Frame) -> bool {
        let higher = piece.at.height() / self.height;
        let longer = piece.advance(frame) / self.advance;
        let letters = advance(&piece.line.text);
        letters > 1.0 && higher > 1.25 && longer > if letters < 4.0 { 1.5 } else { 1.15 }
    }

    /// Whether a line is set smaller, as captions are. Only lines of a few letters tell, and only where all are as wide.
    pub(super) fn is_small(&self, piece: &Piece) -> bool {
        let wide = piece.line.text.chars().filter(|c| is_wide(*c)).count();
        wide >= 4 && piece.at.width() / advance(&piece.line.text) < self.advance * 0.92
    }
}
