//! Takes copied letters out of a page, cut where sentences or clauses end, never inside a word.

use super::METHOD;
use crate::page::Page;
use crate::page::edit::{Cause, Edit, Evidence, Place, Span};
use crate::shingle::Stream;
use crate::text::chars::{is_wide, is_wide_mark};
use crate::text::sentence::{is_clause_mark, is_full_stop, is_opener};

/// How far a cut may move to reach the end of a sentence; chosen by eye.
const SNAP: usize = 24;

/// Which letters of a stream are a copy, and of what.
pub(super) struct Copied {
    /// For each letter, the number of its original in `originals`.
    pub of: Vec<Option<usize>>,
    originals: Vec<Place>,
    /// Whether a stop stays for the sentence that a passage was cut out of; else it goes with the passage.
    keeps_stops: bool,
}

/// What stands between a letter and the one before it: where a text may be cut, the later the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    /// Nothing that divides words.
    Inside,
    Word,
    Clause,
    Sentence,
}

impl Copied {
    pub(super) fn none(stream: &Stream) -> Self {
        Copied {
            of: vec![None; stream.letters.len()],
            originals: Vec::new(),
            keeps_stops: false,
        }
    }

    pub(super) fn keeping_stops(self) -> Self {
        Copied {
            keeps_stops: true,
            ..self
        }
    }

    pub(super) fn set(&mut self, letters: Span, original: Place) {
        self.of[letters].fill(Some(self.originals.len()));
        self.originals.push(original);
    }

    /// How many letters of the span are a copy.
    pub(super) fn letters(&self, span: &Span) -> usize {
        self.of[span.clone()].iter().flatten().count()
    }
}

/// The passage with its ends moved inward to the ends of sentences, if those are near, and out of words. A seam after a
/// comma stays where it is: the clause before it is complete, and the first clause of the copy belongs to the copy.
pub(super) fn snapped(page: &Page, stream: &Stream, span: Span) -> Span {
    let seam = |at: usize| seam_before(page, stream, at);
    let is_inside_a_word =
        |at: usize| seam(at) == Seam::Inside && !is_in_wide_text(page, stream, at);
    let reach = if seam(span.start) == Seam::Clause {
        1
    } else {
        SNAP
    };
    let start = (span.start..span.end)
        .take(reach)
        .find(|at| seam(*at) == Seam::Sentence)
        .or_else(|| (span.start..span.end).find(|at| !is_inside_a_word(*at)))
        .unwrap_or(span.end);
    let ends = || (start..=span.end).rev();
    let end = ends()
        .take(SNAP)
        .find(|at| seam(*at) == Seam::Sentence)
        .or_else(|| ends().find(|at| !is_inside_a_word(*at)))
        .unwrap_or(start);
    start..end.max(start)
}

/// The passage with its ends moved inward to where a sentence or a clause ends near by, else to the next words; in text
/// without spaces to the next clause, however far. Empty if there is no such place.
pub(super) fn between_clauses(page: &Page, stream: &Stream, span: Span) -> Span {
    let is_seam = |at: &usize, least: Seam| seam_before(page, stream, *at) >= least;
    let places = || span.start..=span.end;
    let mut near = places().take(SNAP);
    let start = near
        .find(|at| is_seam(at, Seam::Clause))
        .or_else(|| places().find(|at| is_seam(at, Seam::Word)));
    let mut near = places().rev().take(SNAP);
    let end = near
        .find(|at| is_seam(at, Seam::Clause))
        .or_else(|| places().rev().find(|at| is_seam(at, Seam::Word)));
    let start = start.unwrap_or(span.end);
    start..end.unwrap_or(start).max(start)
}

fn seam_before(page: &Page, stream: &Stream, letter: usize) -> Seam {
    if letter == stream.letters.len() || stream.blocks[stream.block_of(letter)].start == letter {
        return Seam::Sentence;
    }
    let between = stream.came(letter - 1).end..stream.came(letter).start;
    let gap = page.reading(between).text;
    // 3.5, 1,250, don't, example.org, exam-|ple
    let is_narrow = !gap.contains(|c: char| c.is_whitespace() || is_wide_mark(c) && c != '’')
        && !is_in_wide_text(page, stream, letter);
    let is_hyphen = gap.starts_with(['-', '\u{ad}', '\u{2010}']) && gap.ends_with(['\n', '\r']);
    if is_narrow || is_hyphen {
        Seam::Inside
    } else if gap.contains(is_full_stop) {
        Seam::Sentence
    } else if gap.contains(is_clause_mark) {
        Seam::Clause
    } else if gap.contains(char::is_whitespace) && !is_in_wide_text(page, stream, letter) {
        Seam::Word
    } else {
        Seam::Inside
    }
}

/// Whether one of the two letters around a place is of a script without spaces between words.
fn is_in_wide_text(page: &Page, stream: &Stream, letter: usize) -> bool {
    let is_hangul = |c: char| matches!(c, '\u{AC00}'..='\u{D7AF}');
    let is_wide_letter = |letter: usize| {
        let came = page.text()[stream.came(letter)].chars().next();
        came.is_some_and(|c| is_wide(c) && !is_hangul(c))
    };
    letter > 0 && is_wide_letter(letter - 1)
        || letter < stream.letters.len() && is_wide_letter(letter)
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
                let span = if copied.keeps_stops && leaves_a_sentence(page, stream, &span) {
                    stream.came(span.start - 1).end..stream.came(span.end - 1).end
                } else {
                    with_marks(page, stream, block, span)
                };
                page.edit(&cause, vec![Edit::delete(span)]);
            }
        }
    }
}

/// Whether a passage begins inside a sentence and ends with it, so that its stop has to end what is left.
fn leaves_a_sentence(page: &Page, stream: &Stream, letters: &Span) -> bool {
    let seam = |at: usize| seam_before(page, stream, at);
    let opens = || {
        let before = stream.came(letters.start - 1).end..stream.came(letters.start).start;
        page.text()[before].contains(is_opener)
    };
    seam(letters.start) < Seam::Sentence && seam(letters.end) == Seam::Sentence && !opens()
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
