//! Documents that are consecutive pages of one book: their numbers, and the running heads beside these.

use super::{FEWEST_PAGES, Recurring};
use crate::repeats::method::{Candidate, Context, Corpus, Holder, Key, Pair, Unreadable};
use crate::repeats::strict::Sign;
use crate::repeats::verdict::Finding;
use crate::repeats::{BlockPrint, Prints, blocks, strict};
use std::ops::RangeInclusive;

/// Pages before and after one whose heads are compared with its own.
const AROUND: u32 = 8;
/// A head stands on every page, or on those of one side.
const APART: u32 = 2;
/// Numbers in a row that are those of pages although no head recurs beside them: of answers to tasks and of chapters three
/// may follow each other. Chosen by eye.
const LONG: u32 = 8;
/// Signs of a head, at least, and of a line at the foot: amen ends many a page.
const SHORTEST: [usize; 2] = [2, 5];
/// Stand in for a block's number in a pair: the number of a page stands before the text, or after it.
const EDGES: [u32; 2] = [u32::MAX, u32::MAX - 1];

pub(super) fn is_of_pages(pair: &Pair) -> bool {
    EDGES.contains(&pair.at)
}

/// The numbers at the edges of a document that has text besides; `at` is the number.
pub(super) fn keys(prints: &Prints) -> Vec<Key> {
    let filled = filled(&prints.blocks, prints.letters.len());
    if filled.len() < 2 {
        return Vec::new();
    }
    let ends = [filled.first(), filled.last()].into_iter().flatten();
    ends.zip(1u64..)
        .filter_map(|(block, edge)| {
            let number = number(prints, *block)?;
            Some(Key {
                hash: edge << 32,
                at: number,
            })
        })
        .collect()
}

/// The number of a page that a block is.
fn number(prints: &Prints, block: usize) -> Option<u32> {
    let digit = |letter: &u16| char::from_u32(u32::from(*letter)).and_then(|c| c.to_digit(10));
    prints.blocks[block].is_page_number().then_some(())?;
    prints
        .block(block)
        .iter()
        .try_fold(0u32, |number, letter| Some(number * 10 + digit(letter)?))
}

/// Each document of a row whose numbers rise as their ranks do, with the first and the last of the row.
pub(super) fn pairs(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    let edge = if holders[0].hash >> 32 == 1 { 0 } else { 1 };
    let goes_on =
        |a: &Holder, b: &Holder| b.rank > a.rank && b.at.checked_sub(a.at) == Some(b.rank - a.rank);
    for row in holders.chunk_by(goes_on) {
        if row.len() >= FEWEST_PAGES {
            row.iter().for_each(|page| {
                take(Pair {
                    rank: page.rank,
                    at: EDGES[edge],
                    other: row[0].rank,
                    there: row[row.len() - 1].rank,
                })
            });
        }
    }
}

/// The number of a page, and its head and foot if they are those of pages before it.
pub(super) fn verify(
    candidates: &[Candidate],
    context: &Context,
) -> Result<Vec<Finding>, Unreadable> {
    let mut found = Vec::new();
    for Candidate { pair, .. } in candidates {
        let (rank, first, last) = (pair.rank, pair.other, pair.there);
        let around = first.max(rank.saturating_sub(AROUND))..=last.min(rank.saturating_add(AROUND));
        let pages: Vec<Edges> = around
            .filter(|page| !context.corpus.is_copy(*page))
            .map(|page| Edges::of(page, context.corpus))
            .collect::<Result<_, _>>()?;
        let Some(own) = pages.iter().find(|page| page.rank == rank) else {
            continue;
        };
        let has_heads = pages.iter().any(|page| page.recurs(0, &pages));
        let is_after = pair.at == EDGES[1];
        if has_heads || last - first >= LONG && (is_after || is_torn(first..=last, context)) {
            let number = if is_after { own.last } else { own.first };
            found.push(Recurring::anywhere(number, rank));
            found.extend(heads(own, &pages, context)?);
        }
    }
    Ok(found)
}

/// The edge lines of a page that recur and stand on a page before it.
fn heads(own: &Edges, pages: &[Edges], context: &Context) -> Result<Vec<Finding>, Unreadable> {
    let mut found = Vec::new();
    for (edge, line) in own.lines.iter().enumerate() {
        let is_before = |page: &&Edges| page.rank < own.rank && own.has_same(edge, page);
        let before = pages.iter().rfind(is_before);
        let there = before.and_then(|page| Some((page.rank, page.lines[edge].as_ref()?.block)));
        if let (Some(line), Some((other, block)), true) = (line, there, own.recurs(edge, pages)) {
            let span = context.corpus.block(other, block)?;
            let there = context.corpus.came(other, &[span])?[0];
            found.push(Recurring::like(line.block, there, [own.rank, other]));
        }
    }
    Ok(found)
}

/// Whether a third of some documents end inside a sentence, as pages do and chapters do not.
fn is_torn(ranks: RangeInclusive<u32>, context: &Context) -> bool {
    let all = ranks.clone().count();
    let torn = ranks.filter(|rank| context.corpus.facts(*rank).is_whole == 0);
    3 * torn.count() >= all
}

/// The first and the last block of a document with letters, and its first and last line that are no numbers.
struct Edges {
    rank: u32,
    first: u32,
    last: u32,
    lines: [Option<Line>; 2],
}

struct Line {
    block: u32,
    signs: Vec<Sign>,
}

impl Edges {
    fn of(rank: u32, corpus: &dyn Corpus) -> Result<Self, Unreadable> {
        let prints = corpus.blocks(rank)?;
        let filled = filled(&prints, corpus.facts(rank).letters as usize);
        let text: Vec<usize> = filled
            .iter()
            .copied()
            .filter(|block| !prints[*block].is_page_number())
            .collect();
        let line = |edge: usize| -> Result<Option<Line>, Unreadable> {
            let block = if edge == 0 { text.first() } else { text.last() };
            let Some(block) =
                block.filter(|block| text.len() > 1 && prints[**block].is_plain_line())
            else {
                return Ok(None);
            };
            let signs = corpus.signs_of(rank, *block as u32)?;
            let is_long = signs.len() >= SHORTEST[edge];
            Ok(is_long.then_some(Line {
                block: *block as u32,
                signs,
            }))
        };
        Ok(Edges {
            rank,
            first: filled.first().map_or(0, |block| *block as u32),
            last: filled.last().map_or(0, |block| *block as u32),
            lines: [line(0)?, line(1)?],
        })
    }

    fn has_same(&self, edge: usize, other: &Edges) -> bool {
        match (&self.lines[edge], &other.lines[edge]) {
            (Some(own), Some(other)) => strict::is_same(&own.signs, &other.signs),
            _ => false,
        }
    }

    /// Whether an edge line stands on three pages that follow each other, or that are pages of one side.
    fn recurs(&self, edge: usize, pages: &[Edges]) -> bool {
        let same: Vec<u32> = pages
            .iter()
            .filter(|page| self.has_same(edge, page))
            .map(|page| page.rank)
            .collect();
        same.windows(FEWEST_PAGES).any(|row| {
            row.contains(&self.rank) && row.windows(2).all(|two| two[1] - two[0] <= APART)
        })
    }
}

/// The blocks of a page that have letters.
fn filled(prints: &[BlockPrint], letters: usize) -> Vec<usize> {
    (0..prints.len())
        .filter(|block| !blocks::letters_of(prints, *block, letters).is_empty())
        .collect()
}
