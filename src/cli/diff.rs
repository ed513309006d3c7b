//! How one text became another, in pieces a reader can follow: words of Latin letters, single characters of all else.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// A piece that stayed, or what went and what came in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Stayed(&'t str),
    Changed { gone: &'t str, came: &'t str },
}

/// The pieces of a change, in order. Texts that have little in common are one.
pub(super) fn pieces<'t>(gone: &'t str, came: &'t str) -> Vec<Piece<'t>> {
    /// The share of both that must have stayed for a reader to be helped by seeing it.
    const ALIKE: f32 = 0.5;
    let (before, after) = (tokens(gone), tokens(came));
    let ops = capture_diff_slices(Algorithm::Patience, &before, &after);
    let stayed: usize = ops.iter().map(stayed).sum();
    let likeness = 2.0 * stayed as f32 / ((before.len() + after.len()).max(1) as f32);
    if likeness < ALIKE {
        return vec![Piece::Changed { gone, came }];
    }
    let (spans_before, spans_after) = (spans(&before), spans(&after));
    let piece = |op: &DiffOp| {
        let gone = &gone[covered(&spans_before, op.old_range())];
        let came = &came[covered(&spans_after, op.new_range())];
        match op {
            DiffOp::Equal { .. } => Piece::Stayed(gone),
            _ => Piece::Changed { gone, came },
        }
    };
    ops.iter().map(piece).collect()
}

/// How many tokens an operation leaves as they are.
fn stayed(op: &DiffOp) -> usize {
    match op {
        DiffOp::Equal { len, .. } => *len,
        _ => 0,
    }
}

/// Whether a letter makes a word with those beside it.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || ('\u{c0}'..='\u{24f}').contains(&c) && c.is_alphabetic()
        || matches!(c, '\'' | '’')
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match is_of_word(first) {
            true => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        tokens.push(&rest[..end]);
        rest = &rest[end..];
    }
    tokens
}

/// The span of each token; a last, empty one comes after the text.
fn spans(tokens: &[&str]) -> Vec<Range<usize>> {
    let mut end = 0;
    let span = |token: &&str| {
        let start = end;
        end += token.len();
        start..end
    };
    let mut spans: Vec<Range<usize>> = tokens.iter().map(span).collect();
    spans.push(end..end);
    spans
}

fn covered(spans: &[Range<usize>], tokens: Range<usize>) -> Range<usize> {
    spans[tokens.start].start..spans[tokens.end].start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misread_character_is_shown_alone() {
        let pieces = pieces("守塔人毎天擦灯", "守塔人每天擦灯");
        let wanted = [
            Piece::Stayed("守塔人"),
            Piece::Changed {
                gone: "毎",
                came: "每",
            },
            Piece::Stayed("天擦灯"),
        ];
        assert_eq!(pieces, wanted);
    }

    #[test]
    fn a_misread_word_is_shown_whole() {
        let pieces = pieces("the keeper of tbe light", "the keeper of the light");
        let wanted = [
            Piece::Stayed("the keeper of "),
            Piece::Changed {
                gone: "tbe",
                came: "the",
            },
            Piece::Stayed(" light"),
        ];
        assert_eq!(pieces, wanted);
    }

    #[test]
    fn texts_with_little_in_common_are_shown_whole() {
        assert_eq!(
            pieces("灯塔", "渡口"),
            [Piece::Changed {
                gone: "灯塔",
                came: "渡口"
            }]
        );
        assert_eq!(
            pieces("灯塔", ""),
            [Piece::Changed {
                gone: "灯塔",
                came: ""
            }]
        );
    }

    #[test]
    fn pieces_are_all_of_both_texts() {
        let (gone, came) = ("第一版 Tne Times 号外(hào)", "第1版 The Times，号外");
        let pieces = pieces(gone, came);
        let all = |side: fn(&Piece) -> String| pieces.iter().map(side).collect::<String>();
        let before = |piece: &Piece| match piece {
            Piece::Stayed(text) => text.to_string(),
            Piece::Changed { gone, .. } => gone.to_string(),
        };
        let after = |piece: &Piece| match piece {
            Piece::Stayed(text) => text.to_string(),
            Piece::Changed { came, .. } => came.to_string(),
        };
        assert_eq!((all(before).as_str(), all(after).as_str()), (gone, came));
    }
}
