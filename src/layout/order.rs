//! What follows what on a page: headlines across columns, then the columns under them, one after another.
//!
//! The page is cut like an XY-tree (Nagy and Seth, "Hierarchical representation of optically scanned documents", 1984),
//! but not at any white: down at what stands alone across the columns, and across only at gutters that many lines show.

use super::gutters::Gutter;
use super::piece::{Piece, Usual};

/// Lines that follow one another down the page.
pub(super) struct Column {
    pub pieces: Vec<Piece>,
    /// Whether it stands over or between columns, and no text goes on past it.
    pub is_head: bool,
}

/// The columns of a page in reading order, and how many lines stand where headlines and gutters alone do not say it.
pub(super) fn columns(
    pieces: Vec<Piece>,
    gutters: &[Gutter],
    usual: Usual,
) -> (Vec<Column>, usize) {
    let mut columns = Vec::new();
    let mut order = Order {
        gutters,
        usual,
        unsure: 0,
    };
    order.put(pieces, &mut columns);
    (columns, order.unsure)
}

struct Order<'g> {
    gutters: &'g [Gutter],
    usual: Usual,
    unsure: usize,
}

impl<'g> Order<'g> {
    fn put(&mut self, mut pieces: Vec<Piece>, columns: &mut Vec<Column>) {
        pieces.sort_by(|a, b| a.at.top.total_cmp(&b.at.top));
        let gutters = self.gutters_of(&pieces);
        if gutters.is_empty() {
            columns.extend((!pieces.is_empty()).then_some(Column {
                pieces,
                is_head: false,
            }));
            return;
        }
        let heads = self.heads(&pieces, &gutters);
        if heads.contains(&true) {
            self.cut_down(pieces, heads, columns);
            return;
        }
        let open: Vec<&Gutter> = gutters
            .iter()
            .copied()
            .filter(|gutter| !pieces.iter().any(|piece| self.crosses(piece, gutter)))
            .collect();
        let open = if open.is_empty() {
            self.nearly_open(&pieces, &gutters)
        } else {
            open
        };
        if !open.is_empty() {
            for part in across(pieces, &open) {
                self.put(part, columns);
            }
            return;
        }
        self.unsure += pieces.len();
        match widest_white(&pieces) {
            Some(at) => {
                let under = pieces.split_off(at);
                self.put(pieces, columns);
                self.put(under, columns);
            }
            None => columns.push(Column {
                pieces,
                is_head: true,
            }),
        }
    }

    /// The gutters that run beside some of these lines, with text on both sides.
    fn gutters_of(&self, pieces: &[Piece]) -> Vec<&'g Gutter> {
        let stands = |gutter: &Gutter, is_before: bool| {
            pieces.iter().any(|piece| {
                let middle = (piece.at.left + piece.at.right) / 2.0;
                (middle < center(gutter)) == is_before && gutter.at.beside(&piece.at) > 0.0
            })
        };
        let gutters = self.gutters.iter();
        gutters
            .filter(|gutter| stands(gutter, true) && stands(gutter, false))
            .collect()
    }

    fn crosses(&self, piece: &Piece, gutter: &Gutter) -> bool {
        let reach = self.usual.height * 0.2;
        piece.at.left < gutter.at.left - reach && piece.at.right > gutter.at.right + reach
    }

    /// Which lines stand alone over the whole width, and are set large or run across a gutter beside them.
    fn heads(&self, pieces: &[Piece], gutters: &[&Gutter]) -> Vec<bool> {
        let mut heads = vec![false; pieces.len()];
        let reach = self.usual.height * 4.0;
        for row in rows(pieces) {
            let crosses = |piece: &Piece| {
                gutters.iter().any(|gutter| {
                    let is_near = gutter.at.top - reach < piece.at.bottom
                        && piece.at.top < gutter.at.bottom + reach;
                    is_near && self.crosses(piece, gutter)
                })
            };
            let is_apart = |gutter: &&Gutter| {
                let side = |piece: &Piece| piece.at.left > center(gutter);
                let sides = pieces[row.clone()]
                    .iter()
                    .filter(|piece| side(piece))
                    .count();
                sides > 0 && sides < row.len() && gutter.at.beside(&pieces[row.start].at) > 0.0
            };
            let is_head = match &pieces[row.clone()] {
                [alone] => alone.is_large || crosses(alone),
                several => {
                    several.iter().all(|piece| piece.is_large)
                        && (is_one_line(several) || !gutters.iter().any(is_apart))
                }
            };
            heads[row].fill(is_head);
        }
        heads
    }

    /// Cuts at the top of every head; what follows it reads on to the next.
    fn cut_down(&mut self, pieces: Vec<Piece>, heads: Vec<bool>, columns: &mut Vec<Column>) {
        let mut run: Vec<Piece> = Vec::new();
        let mut is_head = false;
        for (piece, head) in pieces.into_iter().zip(heads) {
            if head != is_head {
                self.end_run(std::mem::take(&mut run), is_head, columns);
                is_head = head;
            }
            run.push(piece);
        }
        self.end_run(run, is_head, columns);
    }

    fn end_run(&mut self, run: Vec<Piece>, is_head: bool, columns: &mut Vec<Column>) {
        if is_head {
            columns.push(Column {
                pieces: run,
                is_head,
            });
        } else {
            self.put(run, columns);
        }
    }

    /// Gutters that hardly any line crosses: a recogniser's noise, since all else that crosses them was a head.
    fn nearly_open(&self, pieces: &[Piece], gutters: &[&'g Gutter]) -> Vec<&'g Gutter> {
        /// Chosen by eye.
        const FEW: f64 = 0.05;
        let crossed = |gutter: &Gutter| {
            pieces
                .iter()
                .filter(|piece| self.crosses(piece, gutter))
                .count()
        };
        let most = (pieces.len() as f64 * FEW) as usize;
        let gutters = gutters.iter().copied();
        gutters.filter(|gutter| crossed(gutter) <= most).collect()
    }
}

/// Whether pieces in a row stand no farther apart than the words of one headline.
fn is_one_line(row: &[Piece]) -> bool {
    /// In heights of the headline. Chosen by eye.
    const APART: f64 = 0.8;
    let mut row: Vec<_> = row.iter().map(|piece| piece.at).collect();
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    row.windows(2)
        .all(|two| two[1].left - two[0].right < two[0].height().min(two[1].height()) * APART)
}

fn center(gutter: &Gutter) -> f64 {
    (gutter.at.left + gutter.at.right) / 2.0
}

/// The lines of each column between some gutters.
fn across(pieces: Vec<Piece>, gutters: &[&Gutter]) -> Vec<Vec<Piece>> {
    let mut places: Vec<f64> = gutters.iter().map(|gutter| center(gutter)).collect();
    places.sort_by(f64::total_cmp);
    let mut parts = vec![Vec::new(); places.len() + 1];
    for piece in pieces {
        let middle = (piece.at.left + piece.at.right) / 2.0;
        parts[places.partition_point(|place| *place <= middle)].push(piece);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Lines that share a height, directly or over others; they are sorted by their tops.
pub(super) fn rows(pieces: &[Piece]) -> Vec<std::ops::Range<usize>> {
    /// Boxes of lines overlap a little. Chosen by eye.
    const SLACK: f64 = 0.3;
    let mut rows: Vec<std::ops::Range<usize>> = Vec::new();
    let mut bottom = f64::MIN;
    for (at, piece) in pieces.iter().enumerate() {
        match rows.last_mut() {
            Some(row) if piece.at.top < bottom - piece.at.height() * SLACK => row.end = at + 1,
            _ => rows.push(at..at + 1),
        }
        let starts = rows.last().is_some_and(|row| row.start == at);
        bottom = if starts {
            piece.at.bottom
        } else {
            bottom.max(piece.at.bottom)
        };
    }
    rows
}

/// Before which of the lines, sorted by their tops, the widest white runs across all of them.
fn widest_white(pieces: &[Piece]) -> Option<usize> {
    let rows = rows(pieces);
    let bottom = |row: &std::ops::Range<usize>| {
        pieces[row.clone()]
            .iter()
            .map(|piece| piece.at.bottom)
            .fold(f64::MIN, f64::max)
    };
    let white = |two: &[std::ops::Range<usize>]| pieces[two[1].start].at.top - bottom(&two[0]);
    rows.windows(2)
        .max_by(|a, b| white(a).total_cmp(&white(b)))
        .map(|two| two[1].start)
}
