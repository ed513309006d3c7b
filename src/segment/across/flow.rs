//! Puts the pieces of lines into their columns, and finds the paragraphs in them.

use super::cut::{Piece, pieces};
use super::grid::Grid;
use super::line::Line;
use crate::page::Region;
use crate::page::edit::Span;
use crate::text::chars::is_letter;
use crate::text::chinese::word_across;
use crate::text::sentence::{ends_sentence, is_clause_mark, is_full_stop};

/// The columns that lines were read across; `None` if hardly any line was.
pub(super) fn of<'t>(lines: &[&Line<'t>], grid: &Grid) -> Option<Flow<'t>> {
    let mut columns: Vec<Vec<Cut>> = (0..grid.columns).map(|_| Vec::new()).collect();
    let mut across = 0;
    for (row, line) in lines.iter().enumerate() {
        let cut = |piece: Piece| {
            let from = piece.span.start - line.start;
            let text = &line.text[from..from + piece.span.len()];
            (
                piece.column,
                Cut {
                    row,
                    span: piece.span,
                    text,
                },
            )
        };
        let mut found: Vec<(usize, Cut)> = pieces(line, grid).into_iter().map(cut).collect();
        across += usize::from(found.len() > 1);
        if let [(column, _)] = &mut found[..]
            && (line.width() as f32) < grid.pitch * 1.25
        {
            *column = open_column(&columns).unwrap_or(*column);
        }
        for (column, piece) in found {
            columns[column].push(piece);
        }
    }
    let is_some = across >= super::FEWEST.min(lines.len()) && across * 2 >= lines.len();
    is_some.then_some(Flow { columns })
}

/// The last column whose text goes on: a line that stands alone is the end of it. A recogniser drops the space before it.
fn open_column(columns: &[Vec<Cut>]) -> Option<usize> {
    let is_open = |column: &&Vec<Cut>| column.last().is_some_and(|last| !ends_sentence(last.text));
    let open = columns.iter().rposition(|column| is_open(&column));
    open.or_else(|| columns.iter().rposition(|column| !column.is_empty()))
}

/// A piece of a line.
struct Cut<'t> {
    row: usize,
    span: Span,
    text: &'t str,
}

impl Cut<'_> {
    fn letters(&self) -> usize {
        self.text.chars().filter(|c| !c.is_whitespace()).count()
    }
}

/// The pieces of a region, column by column.
pub(super) struct Flow<'t> {
    columns: Vec<Vec<Cut<'t>>>,
}

impl Flow<'_> {
    /// Whether they are prose that runs down the columns: it has marks, mostly inside of the pieces, and words that
    /// go on from one piece to the one below it rather than to the one beside it.
    pub(super) fn is_prose(&self) -> bool {
        /// Letters for each mark, at the most, and the share of pieces that may end in one. Prose has a mark for ten letters;
        /// verse in halves and lists of names have theirs at the ends, or none.
        const LETTERS_OF_A_MARK: usize = 40;
        const MOST_ENDS: f32 = 0.5;
        let pieces = || self.columns.iter().flatten();
        let is_mark = |c: char| is_full_stop(c) || is_clause_mark(c);
        let letters: usize = pieces()
            .map(|piece| piece.text.chars().filter(|c| is_letter(*c)).count())
            .sum();
        let marks: usize = pieces()
            .map(|piece| piece.text.chars().filter(|c| is_mark(*c)).count())
            .sum();
        let ends = pieces()
            .filter(|piece| piece.text.ends_with(is_mark))
            .count();
        let count = pieces().count();
        letters >= count * 6
            && marks * LETTERS_OF_A_MARK >= letters
            && ends as f32 <= count as f32 * MOST_ENDS
            && self.runs_down()
    }

    /// Whether more words run on downwards than sideways.
    fn runs_down(&self) -> bool {
        /// How much likelier the one is than the other, as a logarithm: a word of the dictionary is worth about ten.
        const LEAST: f32 = 10.0;
        let down = self.columns.iter().flat_map(|column| column.windows(2));
        let down: f32 = down.map(|two| word_across(two[0].text, two[1].text)).sum();
        let beside = self.columns.windows(2).flat_map(|two| {
            let right = |cut: &Cut| two[1].iter().find(|other| other.row == cut.row);
            two[0]
                .iter()
                .filter_map(move |cut| Some(word_across(cut.text, right(cut)?.text)))
        });
        down >= beside.sum::<f32>() * 1.5 + LEAST
    }

    /// The pieces in the order of the page's text.
    pub(super) fn pieces(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = self
            .columns
            .iter()
            .flatten()
            .map(|cut| cut.span.clone())
            .collect();
        spans.sort_unstable_by_key(|span| span.start);
        spans
    }

    /// The region as blocks of the page, of which the first has this number.
    pub(super) fn region(&self, first: usize) -> Region {
        let pieces = self.pieces();
        let block = |cut: &Cut| first + pieces.partition_point(|span| span.start < cut.span.start);
        let paragraphs = self.paragraphs();
        Region {
            blocks: first..first + pieces.len(),
            paragraphs: paragraphs
                .iter()
                .map(|cuts| cuts.iter().map(|cut| block(cut)).collect())
                .collect(),
        }
    }

    /// The pieces of each paragraph, in reading order. A paragraph may go on in the next column.
    fn paragraphs(&self) -> Vec<Vec<&Cut<'_>>> {
        let mut done: Vec<Vec<&Cut>> = Vec::new();
        let mut open: Vec<&Cut> = Vec::new();
        let mut captions: Vec<Vec<&Cut>> = Vec::new();
        for column in &self.columns {
            let full = full_line(column);
            for (at, cut) in column.iter().enumerate() {
                if is_caption(cut.text) {
                    captions.push(vec![cut]);
                    continue;
                }
                open.push(cut);
                if ends_paragraph(cut, column.get(at + 1), full) {
                    done.push(std::mem::take(&mut open));
                    done.append(&mut captions);
                }
            }
        }
        if !open.is_empty() {
            done.push(open);
        }
        done.append(&mut captions);
        done
    }
}

/// The letters of a full line of a column.
fn full_line(column: &[Cut]) -> usize {
    let mut letters: Vec<usize> = column.iter().map(Cut::letters).collect();
    letters.sort_unstable();
    letters.get(letters.len() * 7 / 10).copied().unwrap_or(0)
}

/// Whether a paragraph ends with a piece: with its sentence, in a short line, before a line that is set in (its indent is
/// lost, so that it is two letters shorter), or at the end of its column.
fn ends_paragraph(cut: &Cut, next: Option<&Cut>, full: usize) -> bool {
    let is_set_in = |next: &Cut| next.letters() + 2 <= full && !ends_sentence(next.text);
    ends_sentence(cut.text) && (cut.letters() + 1 < full || next.is_none_or(is_set_in))
}

/// 图为港口新码头。
fn is_caption(text: &str) -> bool {
    text.starts_with("图为") || text.starts_with("圖為")
}
