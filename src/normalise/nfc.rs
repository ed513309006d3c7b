//! Composes characters (Unicode NFC, UAX #15) and puts unified ideographs for their compatibility doubles.

use super::sorts::COMBINING;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use unicode_normalization::{UnicodeNormalization, is_nfc};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Nfc,
    examples: &[
        ("cafe\u{301} 开张", "café 开张"),
        ("朗讀者\u{f9b5}", "朗讀者例"),
        // NFKC would flatten these
        ("，①㎡～％", "，①㎡～％"),
        (
            "U+F9B5 是\u{f9b5}，U+4F8B 是例",
            "U+F9B5 是\u{f9b5}，U+4F8B 是例",
        ),
    ],
    grade: Grade::Certain,
    wants: COMBINING,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.about_characters == Some(true) {
        return Vec::new();
    }
    // piece by piece, so that a change shows what it changes: a starter and what combines with it
    let mut edits = Vec::new();
    let mut start = 0;
    let mut pieces = text
        .char_indices()
        .skip(1)
        .filter(|(_, c)| !combines(*c))
        .map(|(at, _)| at)
        .chain([text.len()]);
    while start < text.len() {
        let Some(end) = pieces.next() else { break };
        let piece = &text[start..end];
        if !is_nfc(piece) {
            edits.push(Edit::new(start..end, piece.nfc().collect::<String>()));
        }
        start = end;
    }
    edits
}

/// Whether a character can compose with the one before it (conjoining jamo among them).
fn combines(c: char) -> bool {
    unicode_normalization::char::canonical_combining_class(c) != 0
        || matches!(c, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}')
        || unicode_normalization::char::is_combining_mark(c)
}
