//! A line with the columns that its characters take, and the gaps in it.

use crate::page::{Block, Kind};
use crate::text::chars::{is_han, is_wide, is_wide_mark};
use std::ops::Range;

/// A line of a page.
pub(super) struct Line<'t> {
    pub text: &'t str,
    /// The byte of the page at which it begins.
    pub start: usize,
    /// Whether it is text, and no table or code.
    pub is_free: bool,
    /// The byte of the line at which each character begins, and the columns before it; then the line's end.
    pub places: Vec<(usize, usize)>,
    pub gaps: Vec<Gap>,
}

/// A place at which a gutter may have been: characters of the line.
pub(super) struct Gap {
    pub chars: Range<usize>,
    pub spaces: usize,
    /// Whether a mark stands in it that a gutter or a rule may have been read as.
    pub has_mark: bool,
}

impl<'t> Line<'t> {
    pub(super) fn of(page: &'t str, block: &Block) -> Self {
        let text = &page[block.span.clone()];
        let is_free = block.kind == Kind::Body && !text.contains('\n');
        let mut line = Line {
            text,
            start: block.span.start,
            is_free,
            places: Vec::new(),
            gaps: Vec::new(),
        };
        if is_free {
            line.measure();
        }
        line
    }

    fn measure(&mut self) {
        let mut columns = 0;
        for (at, c) in self.text.char_indices() {
            self.places.push((at, columns));
            columns += 1 + usize::from(is_wide(c) || is_wide_mark(c));
        }
        self.places.push((self.text.len(), columns));
        self.gaps = gaps(self.text);
    }

    /// Columns.
    pub(super) fn width(&self) -> usize {
        self.column(self.places.len().saturating_sub(1))
    }

    /// The columns before a character.
    pub(super) fn column(&self, char: usize) -> usize {
        self.places.get(char).map_or(0, |(_, column)| *column)
    }

    /// How far a gap is from a column.
    pub(super) fn distance(&self, gap: &Gap, column: f32) -> f32 {
        let start = self.column(gap.chars.start) as f32;
        let end = self.column(gap.chars.end) as f32;
        (start - column).max(column - end).max(0.0)
    }
}

/// Whether two characters of Chinese text have a space between them.
pub(super) fn has_gap(line: &str) -> bool {
    line.match_indices(' ').any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at..].trim_start_matches(' ').chars().next();
        let is_chinese = |c: char| is_han(c) || is_wide_mark(c);
        before.is_some_and(is_chinese) && after.is_some_and(is_chinese)
    })
}

/// What a recogniser reads a gutter or a rule as.
pub(super) fn is_stray(c: char) -> bool {
    matches!(
        c,
        '”' | '“'
            | '"'
            | '’'
            | '‘'
            | '\''
            | '|'
            | '｜'
            | '丨'
            | '`'
            | '~'
            | '^'
            | '_'
            | '*'
            | '°'
            | '·'
            | '¦'
    )
}

/// The gaps of a line: spaces, marks that may be strays, and a stop or comma that stands by itself among them.
fn gaps(text: &str) -> Vec<Gap> {
    let chars: Vec<char> = text.chars().collect();
    let is_space = |at: usize| chars.get(at).is_some_and(|c| c.is_whitespace());
    let stray = |at: usize| chars.get(at).copied().is_some_and(is_stray);
    let mark = |at: usize| matches!(chars.get(at), Some('。' | '，' | '、' | '.' | ',' | '-'));
    let is_lost_mark = |at: usize| {
        let end = (at..).find(|at| !mark(*at)).unwrap_or(at);
        mark(at) && at > 0 && (is_space(at - 1) || mark(at - 1)) && (is_space(end) || stray(end))
    };
    let mut gaps = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !is_space(at) && !stray(at) {
            at += 1;
            continue;
        }
        let start = at;
        while is_space(at) || stray(at) || is_lost_mark(at) {
            at += 1;
        }
        let spaces = (start..at).filter(|at| is_space(*at)).count();
        let before_han = chars.get(at).copied().is_some_and(is_han);
        if start > 0 && at < chars.len() && (spaces > 0 || at - start <= 2 && before_han) {
            gaps.push(Gap {
                chars: start..at,
                spaces,
                has_mark: (start..at).any(stray),
            });
        }
    }
    gaps
}
