//! Takes copied letters out of a page, cut where sentences end.

use super::METHOD;
use crate::page::Page;
use crate::page::edit::{Cause, Edit, Evidence, Place, Span};
use crate::shingle::Stream;
use crate::text::chars::{is_clause_mark, is_full_stop, is_opener};

/// How far a cut may move to reach the end of a sentence; chosen by eye.
const SNAP: usize = 24;

/// Which letters of a stream are a copy, and of what.
pub(super) struct Copied {
    /// For each letter, the number of its original in `originals`.
    pub of: Vec<Option<usize>>,
    originals: Vec<Place>,
}

impl Copied {
    pub fn none(stream: &Stream) -> Self {
        Copied {
            of: vec![None; stream.letters.len()],
            originals: Vec::new(),
        }
    }

    pub fn set(&mut self, letters: Span, original: Place) {
        self.of[letters].fill(Some(self.originals.len()));
        self.originals.push(original);
    }

    /// How many letters of the span are a copy.
    pub fn letters(&self, span: &Span) -> usize {
        self.of[span.clone()].iter().flatten().count()
    }
}

/// The passage with its ends moved inward to the ends of sentences, if those are near. A seam after a comma stays where
/// it is: the clause before it is complete, and the first clause of the copy belongs to the copy.
pub(super) fn snapped(page: &Page, stream: &Stream, span: Span) -> Span {
    let begins = |at: usize| sentence_ends_before(page, stream, at);
    let after_comma = span.start > 0 && {
        let between = stream.came(span.start - 1).end..stream.came(span.start).start;
        page.reading(between).text.contains(is_clause_mark)
    };
    let near = span.start
        ..span
            .end
            .min(span.start + if after_comma { 1 } else { SNAP });
    let start = near
        .into_iter()
        .find(|at| begins(*at))
        .unwrap_or(span.start);
    let end = (start + 1..=span.end)
        .rev()
        .take(SNAP)
        .find(|at| *at == stream.letters.len() || begins(*at))
        .unwrap_or(span.end);
    start..end
}

/// Whether a sentence or a block ends right before a letter.
fn sentence_ends_before(page: &Page, stream: &Stream, letter: usize) -> bool {
    let block = stream.block_of(letter);
    if stream.blocks[block].start == letter {
        return true;
    }
    let between = stream.came(letter - 1).end..stream.came(letter).start;
    page.reading(between).text.contains(is_full_stop)
}

/// Takes the copied letters out, with the marks that belong to them, block by block.
pub(super) fn cut(page: &mut Page, stream: &Stream, copied: &Copied) {
    for (block, letters) in stream.blocks.iter().enumerate() {
        let mut at = letters.start;
        for run in copied.of[letters.clone()].chunk_by(|a, b| a == b) {
            let span = at..at + run.len();
            at = span.end;
            let Some(original) = run[0] else { continue };
            let evidence = Evidence {
                of: Some(copied.originals[original].clone()),
                ..Evidence::default()
            };
            let cause = Cause::verified(METHOD.cause, evidence);
            if span == *letters {
                page.drop_block(&cause, block);
            } else {
                page.blocks[block].closed_head |= span.start == letters.start;
                page.blocks[block].closed_tail |= span.end == letters.end;
                let span = with_marks(page, stream, block, span);
                page.edit(&cause, vec![Edit::delete(span)]);
            }
        }
    }
}

/// The text of some letters of a block, with the opening marks before them and the marks after them.
fn with_marks(page: &Page, stream: &Stream, block: usize, letters: Span) -> Span {
    let whole = &stream.blocks[block];
    let opens = |from: usize, to: usize| {
        let gap = &page.text()[from..to];
        from + gap.trim_end_matches(is_opener).len()
    };
    let start = if letters.start == whole.start {
        page.blocks[block].span.start
    } else {
        opens(
            stream.came(letters.start - 1).end,
            stream.came(letters.start).start,
        )
    };
    let end = if letters.end == whole.end {
        page.blocks[block].span.end
    } else {
        opens(
            stream.came(letters.end - 1).end,
            stream.came(letters.end).start,
        )
    };
    start..end.max(start)
}
