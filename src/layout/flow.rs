//! The paragraphs that run down the columns of a page and on from one column to the next.

use super::frame::Frame;
use super::line::Line;
use super::measures::{middle, quantile};
use super::order::Column;
use super::piece::{Piece, Usual};
use super::place::around;
use super::region::Region;
use crate::text::chars::is_wide;
use crate::text::latin::ends_in_hyphen;
use crate::text::sentence::ends_sentence;
use crate::text::width::{is_set_full_width, needs_space};

/// The paragraphs of columns that follow one another, each a region.
pub(super) fn paragraphs(columns: Vec<Column>, usual: Usual, frame: Frame) -> Vec<Region> {
    let columns: Vec<(Vec<Piece>, bool)> = columns
        .into_iter()
        .map(|column| (rows(column.pieces, usual, frame), column.is_head))
        .collect();
    let mut flow = Flow {
        indents: columns.iter().any(|(rows, _)| has_indents(rows, usual)),
        ..Flow::default()
    };
    for (rows, is_head) in columns {
        if is_head {
            flow.end();
        }
        flow.run_down(rows, usual);
        if is_head {
            flow.end();
        }
    }
    flow.end();
    flow.paragraphs.into_iter().map(region).collect()
}

/// Whether lines are one column of running text: most fill it, and few stand side by side.
pub(super) fn is_one_column(pieces: &[Piece], usual: Usual) -> bool {
    /// Chosen by eye.
    const FEW: usize = 10;
    let mut sorted = pieces.to_vec();
    sorted.sort_by(|a, b| a.at.top.total_cmp(&b.at.top));
    let beside = sorted.len() - super::order::rows(&sorted).len();
    beside * FEW <= sorted.len() && Edges::of(&sorted, usual).is_filled
}

/// The share of lines that stand in columns of running text.
pub(super) fn share_filled(columns: &[Column], usual: Usual) -> f64 {
    let all: usize = columns.iter().map(|column| column.pieces.len()).sum();
    let is_filled = |column: &&Column| Edges::of(&column.pieces, usual).is_filled;
    let filled = columns.iter().filter(is_filled);
    let filled: usize = filled.map(|column| column.pieces.len()).sum();
    filled as f64 / all.max(1) as f64
}

/// Whether paragraphs of a column are indented: a line is, after one that ends a sentence, and before one that is not.
fn has_indents(rows: &[Piece], usual: Usual) -> bool {
    let edges = Edges::of(rows, usual);
    edges.is_filled
        && rows.windows(3).any(|three| {
            ends_sentence(&three[0].line.text)
                && edges.is_indented(&three[1], usual)
                && !edges.is_indented(&three[2], usual)
        })
}

/// The paragraphs so far, and where the last one ended.
#[derive(Default)]
struct Flow {
    /// Whether paragraphs of the page are indented.
    indents: bool,
    paragraphs: Vec<Vec<Piece>>,
    /// Captions that stand between the two halves of the last paragraph, if it goes on.
    captions: Vec<Vec<Piece>>,
    last: Option<(Piece, Edges)>,
}

impl Flow {
    /// Nothing goes on past here.
    fn end(&mut self) {
        self.last = None;
        self.paragraphs.append(&mut self.captions);
    }

    fn run_down(&mut self, rows: Vec<Piece>, usual: Usual) {
        /// A caption at the top of a column has a line or two.
        const LONGEST_CAPTION: usize = 2;
        let edges = Edges::of(&rows, usual);
        let count = rows.len();
        let mut is_top = true;
        for (at, row) in rows.into_iter().enumerate() {
            let is_caption = is_top
                && at < LONGEST_CAPTION
                && (usual.is_small(&row)
                    && (count <= LONGEST_CAPTION || edges.is_short(&row, usual))
                    || at + 1 < count && !row.label.is_empty());
            if is_caption && self.last.is_some() {
                self.captions.push(vec![row]);
                continue;
            }
            let begins = match &self.last {
                None => true,
                Some((last, _)) if !is_top => edges.begins(last, &row, usual),
                Some((last, before)) => {
                    edges.begins_after_column(last, before, &row, usual)
                        || !self.indents && ends_sentence(&last.line.text)
                }
            };
            if begins {
                self.paragraphs.append(&mut self.captions);
                self.paragraphs.push(Vec::new());
            }
            self.last = Some((row.clone(), edges));
            let paragraph = self
                .paragraphs
                .last_mut()
                .expect("the first line begins one");
            paragraph.push(row);
            is_top = false;
        }
    }
}

fn region(pieces: Vec<Piece>) -> Region {
    if let [
        Piece {
            block: Some(region),
            ..
        },
    ] = pieces.as_slice()
    {
        return (**region).clone();
    }
    let label = pieces
        .first()
        .map(|piece| piece.label.clone())
        .unwrap_or_default();
    let label = if pieces.iter().all(|piece| piece.label == label) {
        label
    } else {
        String::new()
    };
    let lines: Vec<Line> = pieces.into_iter().map(|piece| piece.line).collect();
    Region {
        label,
        place: lines.iter().filter_map(|line| line.place).reduce(around),
        lines,
        is_paragraph: true,
        ..Region::default()
    }
}

/// The rows of a column from the top down: pieces of one line that a recogniser read apart are one again.
fn rows(mut pieces: Vec<Piece>, usual: Usual, frame: Frame) -> Vec<Piece> {
    pieces.sort_by(|a, b| a.at.middle().total_cmp(&b.at.middle()));
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        let is_beside = |row: &Vec<Piece>| {
            row.iter().all(|other| {
                let least = other.at.height().min(piece.at.height());
                let apart = piece.at.left.max(other.at.left) - piece.at.right.min(other.at.right);
                other.at.beside(&piece.at) > least * 0.5 && apart > -usual.height
            })
        };
        match rows.last_mut() {
            Some(row) if is_beside(row) => row.push(piece),
            _ => rows.push(vec![piece]),
        }
    }
    rows.into_iter()
        .flat_map(|mut row| {
            row.sort_by(|a, b| a.at.left.total_cmp(&b.at.left));
            let mut joined: Vec<Piece> = Vec::new();
            for piece in row {
                match joined.last_mut() {
                    Some(last) if piece.at.left - last.at.right < usual.height * 3.0 => {
                        join(last, piece, frame)
                    }
                    _ => joined.push(piece),
                }
            }
            joined
        })
        .collect()
}

fn join(left: &mut Piece, right: Piece, frame: Frame) {
    let wide = is_set_full_width([left.line.text.as_str(), &right.line.text].into_iter());
    if needs_space(&left.line.text, &right.line.text, wide) {
        left.line.text.push(' ');
    }
    left.line.text.push_str(&right.line.text);
    left.line.words.clear();
    left.line.broken = None;
    left.at = left.at.around(&right.at);
    left.line.place = Some(frame.back(left.at));
    left.is_large &= right.is_large;
}

/// Where most lines of a column begin and end, and how far they are apart.
#[derive(Clone, Copy)]
struct Edges {
    start: f64,
    end: f64,
    /// From the top of a line to that of the next.
    pitch: f64,
    /// Whether enough lines go from one to the other for running text. Lines of verse and cells do not.
    is_filled: bool,
}

/// Share of a column's lines that fill it. Chosen by eye.
const FILLED: f64 = 0.3;
/// Fewer lines do not tell.
const FEWEST: usize = 4;

// In heights of a line, chosen by eye.
/// Chinese is indented by two characters, and a recogniser that loses the first character of a line makes it look
/// indented by one.
const INDENT_WIDE: f64 = 1.35;
const INDENT: f64 = 0.8;
/// Not more than this is lost by a recogniser or by ragged setting.
const SHORT: f64 = 2.0;

impl Edges {
    fn of(rows: &[Piece], usual: Usual) -> Self {
        let (mut starts, mut ends): (Vec<f64>, Vec<f64>) = rows
            .iter()
            .filter(|row| !row.is_large)
            .map(|row| (row.at.left, row.at.right))
            .unzip();
        let mut pitches: Vec<f64> = rows
            .windows(2)
            .map(|two| two[1].at.middle() - two[0].at.middle())
            .collect();
        let (start, end) = (quantile(&mut starts, 0.25), quantile(&mut ends, 0.8));
        let lines = rows.iter().filter(|row| !row.is_large);
        let full = lines.filter(|row| {
            row.at.left < start + usual.height * 3.0 && row.at.right > end - usual.height
        });
        Edges {
            start,
            end,
            is_filled: starts.len() < FEWEST || full.count() as f64 >= starts.len() as f64 * FILLED,
            pitch: if pitches.is_empty() {
                usual.height * 2.0
            } else {
                middle(&mut pitches)
            },
        }
    }

    fn is_indented(&self, row: &Piece, usual: Usual) -> bool {
        let is_wide = row.line.text.chars().filter(|c| is_wide(*c)).count() * 2
            > row.line.text.chars().count();
        let least = if is_wide { INDENT_WIDE } else { INDENT };
        row.at.left - self.start > usual.height * least
    }

    fn is_short(&self, row: &Piece, usual: Usual) -> bool {
        self.end - row.at.right > usual.height * SHORT
    }

    /// Whether a line begins a paragraph, after another in the same column.
    fn begins(&self, last: &Piece, row: &Piece, usual: Usual) -> bool {
        let white = row.at.middle() - last.at.middle() - self.pitch;
        let ends = ends_sentence(&last.line.text);
        let goes_on = ends_in_hyphen(&last.line.text);
        !self.is_filled
            || last.block.is_some()
            || row.block.is_some()
            || last.label != row.label
            || last.is_large != row.is_large
            || !row.is_large
                && usual.is_small(last) != usual.is_small(row)
                && self.is_short(last, usual)
                && !goes_on
            || white > usual.height * 2.0
            || white > usual.height * 0.5 && (ends || self.is_short(last, usual))
            || self.is_indented(row, usual) && !goes_on
            || self.is_short(last, usual) && ends
    }

    /// Whether the first line of a column begins a paragraph, after the last line of the column before it.
    fn begins_after_column(&self, last: &Piece, before: &Edges, row: &Piece, usual: Usual) -> bool {
        !self.is_filled
            || !before.is_filled
            || last.block.is_some()
            || row.block.is_some()
            || last.label != row.label
            || last.is_large != row.is_large
            || self.is_indented(row, usual)
            || before.is_short(last, usual) && ends_sentence(&last.line.text)
    }
}
