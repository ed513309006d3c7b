//! Cuts lines that a recogniser read across a gutter, and takes off the marks that it read there.

use super::frame::{Extent, Frame};
use super::gutters::Gutter;
use super::levels::is_mark;
use super::line::{Line, Word};
use super::piece::{Piece, Usual, advance, advance_of};
use crate::text::sentence::never_begins;

/// What becomes of a line at a gutter.
pub(super) struct Cut {
    pub before: Option<Piece>,
    pub after: Option<Piece>,
    /// Marks that were read where there is only white or a rule.
    pub strays: String,
}

/// Cuts a line at a gutter that it runs across; nothing if it does not, or is no line of the columns.
pub(super) fn cut(piece: &Piece, gutter: &Gutter, usual: Usual, frame: Frame) -> Option<Cut> {
    let reach = usual.height / 2.0;
    let middle = (gutter.at.left + gutter.at.right) / 2.0;
    let is_across = !piece.is_large
        && piece.block.is_none()
        && piece.at.left < gutter.at.left - reach
        && piece.at.right > gutter.at.right + reach
        && (gutter.at.top..gutter.at.bottom).contains(&piece.at.middle());
    if !is_across {
        return None;
    }
    let words: Vec<(&str, Extent)> = piece.words(frame).collect();
    let has_white = {
        let sides = |(_, at): &&(&str, Extent)| (at.left + at.right) / 2.0 < middle;
        let (before, after): (Vec<_>, Vec<_>) = words
            .iter()
            .filter(|(text, _)| !is_mark(text))
            .partition(sides);
        before.iter().all(|(_, at)| at.right < gutter.at.right)
            && after.iter().all(|(_, at)| at.left > gutter.at.left)
    };
    // a line over the whole width of both columns, or the line of neither: a subheading that stands across them
    let is_flush = piece.at.left < gutter.start + usual.height * 3.0
        && piece.at.right > gutter.at.right + usual.height * 2.0;
    if !has_white && !is_flush {
        return None;
    }
    Some(match piece.line.words.len() {
        0 => cut_between_letters(piece, gutter, frame),
        _ => cut_between_words(piece, gutter, usual, frame),
    })
}

/// Cuts a line between those two words that leave the least on the wrong side.
fn cut_between_words(piece: &Piece, gutter: &Gutter, usual: Usual, frame: Frame) -> Cut {
    let middle = (gutter.at.left + gutter.at.right) / 2.0;
    let words: Vec<(&str, Extent)> = piece.words(frame).collect();
    let center = |at: &Extent| (at.left + at.right) / 2.0;
    let wrong_after = |at: &Extent| (middle - center(at)).max(0.0);
    let mut wrong: f64 = words.iter().map(|(_, at)| wrong_after(at)).sum();
    let (mut best, mut at) = (wrong, 0);
    for (number, (_, word)) in words.iter().enumerate() {
        wrong += (center(word) - middle).max(0.0) - wrong_after(word);
        if wrong < best {
            (best, at) = (wrong, number + 1);
        }
    }
    let slack = usual.height * 0.2;
    let is_stray = |(text, at): &(&str, Extent)| {
        is_mark(text) && (gutter.at.left - slack..gutter.at.right + slack).contains(&center(at))
    };
    let end = words[..at]
        .iter()
        .rposition(|word| !is_stray(word))
        .map_or(0, |at| at + 1);
    let start = at
        + words[at..]
            .iter()
            .position(|word| !is_stray(word))
            .unwrap_or(words.len() - at);
    let byte = |number: usize| {
        piece
            .line
            .words
            .get(number)
            .map_or(piece.line.text.len(), |word| word.at)
    };
    let mut strays = piece.line.text[byte(end)..byte(start)].to_string();
    let part = |from: usize, to: usize| {
        let place = words[from..to]
            .iter()
            .map(|(_, at)| *at)
            .reduce(|a, b| a.around(&b));
        part(piece, byte(from)..byte(to), place, frame)
    };
    let mut after = part(start, words.len());
    if let Some(after) = &mut after {
        strays.push_str(&take_marks(after));
    }
    // boxes of words are loose: a line begins and ends where its column does
    let mut before = part(0, end);
    if let Some(before) = &mut before {
        before.at.left = before.at.left.max(piece.at.left);
        before.at.right = before.at.right.min(gutter.at.right);
    }
    if let Some(after) = &mut after {
        after.at.right = after.at.right.min(piece.at.right.max(after.at.left + 1.0));
        after.at.left = after.at.left.max(gutter.at.left);
    }
    Cut {
        before,
        after,
        strays,
    }
}

/// Cuts a line of which only the box is known, where its letters would stand: those of a justified line fill both columns.
fn cut_between_letters(piece: &Piece, gutter: &Gutter, frame: Frame) -> Cut {
    let text = &piece.line.text;
    let (before, after) = (
        gutter.at.left - piece.at.left,
        piece.at.right - gutter.at.right,
    );
    let wanted = advance(text) * before / (before + after);
    let mut so_far = 0.0;
    let mut best = (f64::MAX, text.len());
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        so_far += advance_of(c);
        let next = text[end..].chars().next();
        // between words, or after a mark that was read from the rule
        let is_seam = next.is_none_or(char::is_whitespace)
            || c.is_whitespace()
            || next.is_some_and(|n| !n.is_alphanumeric())
            || !c.is_alphanumeric();
        let is_in_word =
            c.is_ascii_alphanumeric() && next.is_some_and(|n| n.is_ascii_alphanumeric());
        let cost = (so_far - wanted).abs()
            + if is_seam {
                0.0
            } else if is_in_word {
                4.0
            } else {
                0.7
            };
        if cost < best.0 {
            best = (cost, end);
        }
    }
    let at = |left: f64, right: f64| {
        Some(Extent {
            left,
            right,
            ..piece.at
        })
    };
    let first = text[..best.1].trim_end_matches(is_rule);
    let before = part(
        piece,
        0..first.len(),
        at(piece.at.left, gutter.at.left),
        frame,
    );
    let mut after = part(
        piece,
        best.1..text.len(),
        at(gutter.at.right, piece.at.right),
        frame,
    );
    let mut strays = text[first.len()..best.1].to_string();
    strays.push_str(&after.as_mut().map(take_marks).unwrap_or_default());
    Cut {
        before,
        after,
        strays,
    }
}

/// What a rule between two columns is read as.
fn is_rule(c: char) -> bool {
    matches!(c, '|' | '｜' | '¦' | '丨')
}

/// Takes marks off the beginning of a line at which a line never begins.
fn take_marks(piece: &mut Piece) -> String {
    let text = &piece.line.text;
    let rest = text.trim_start_matches(|c: char| never_begins(c) || is_rule(c) || c == ' ');
    if rest.is_empty() || rest.len() == text.len() {
        return String::new();
    }
    let marks = text[..text.len() - rest.len()].to_string();
    piece.line = Line {
        text: rest.to_string(),
        words: piece
            .line
            .words
            .iter()
            .map(|word| Word {
                at: word.at.saturating_sub(marks.len()),
                ..*word
            })
            .collect(),
        broken: None,
        rest: 0,
        gaps: Vec::new(),
        ..piece.line.clone()
    };
    marks
}

/// Some bytes of a line as a line of their own.
fn part(
    piece: &Piece,
    bytes: std::ops::Range<usize>,
    at: Option<Extent>,
    frame: Frame,
) -> Option<Piece> {
    let text = piece.line.text.get(bytes.clone())?;
    let at = at?;
    let at = Extent {
        top: piece.at.top,
        bottom: piece.at.bottom,
        ..at
    };
    let lead = text.len() - text.trim_start().len();
    let from = bytes.start + lead;
    let words = piece
        .line
        .words
        .iter()
        .filter(|word| bytes.contains(&word.at));
    let line = Line {
        id: piece.line.id.clone(),
        text: text.trim().to_string(),
        place: Some(frame.back(at)),
        words: words
            .map(|word| Word {
                at: word.at.saturating_sub(from),
                ..*word
            })
            .collect(),
        rest: if from == 0 { piece.line.rest } else { 0 },
        broken: piece
            .line
            .broken
            .clone()
            .filter(|_| bytes.end == piece.line.text.len())
            .and_then(|(start, whole)| Some((start.checked_sub(from)?, whole))),
        gaps: Vec::new(),
    };
    (!line.text.is_empty()).then(|| Piece {
        line,
        at,
        ..piece.clone()
    })
}
