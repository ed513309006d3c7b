//! Drops characters that show nothing: control characters, byte order marks, zero-width spaces, soft hyphens.

use super::sorts::INVISIBLE;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::chars::is_wide;
use crate::text::latin::is_latin;
use encoding_rs::WINDOWS_1252;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Invisible,
    examples: &[
        ("江边\u{200b}的灯\u{feff}塔", "江边的灯塔"),
        ("渡轮\u{7}开航", "渡轮开航"),
        ("co\u{ad}operate", "cooperate"),
        // joiners are letters' business in scripts that join: Persian, Hindi, emoji
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("👩\u{200d}🔬", "👩\u{200d}🔬"),
        ("a\tb", "a\tb"),
        (
            "Il n\u{92}aura pas d\u{92}autre choix",
            "Il n’aura pas d’autre choix",
        ),
        ("ภาษา\u{200b}ไทย\u{200b}เขียน", "ภาษา\u{200b}ไทย\u{200b}เขียน"),
    ],
    grade: Grade::Certain,
    wants: INVISIBLE,
    find,
};

fn find(text: &str, _: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let span = at..at + c.len_utf8();
        let after = text[span.end..].chars().next().unwrap_or('\0');
        if let Some(meant) = meant(c, before, after) {
            edits.push(Edit::new(span, meant));
            before = meant;
        } else if is_out_of_place(c, before, after) {
            edits.push(Edit::delete(span));
        } else {
            before = c;
        }
    }
    edits
}

/// The character that a control was in Windows-1252, between Latin letters.
fn meant(c: char, before: char, after: char) -> Option<char> {
    let is_control = matches!(c, '\u{80}'..='\u{9f}');
    let is_latin = || is_latin_text(before) || is_latin_text(after);
    (is_control && is_latin()).then(|| windows_1252(c))?
}

/// Whether a character that is not seen says nothing between these two.
fn is_out_of_place(c: char, before: char, after: char) -> bool {
    match c {
        '\t' | '\n' => false,
        // at a line's end it says that the word goes on: `rejoin` takes it out
        '\u{ad}' if after == '\0' && is_latin(before) => false,
        // words end there in Thai, Lao, Burmese and Khmer, and syllables in Tibetan
        '\u{200b}' => !parts_words(before) && !parts_words(after),
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => true,
        '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => is_wide(before) || is_wide(after),
        _ => false,
    }
}

/// The character that windows-1252 has where Latin-1 has a control character: ’ for U+0092.
fn windows_1252(c: char) -> Option<char> {
    let byte = [u8::try_from(u32::from(c)).ok()?];
    let (read, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
    read.chars().next().filter(|read| *read != c)
}

fn is_latin_text(c: char) -> bool {
    is_latin(c) || c.is_ascii_punctuation()
}

/// A letter of a script that is written without spaces, but not full width.
fn parts_words(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{1950}'..='\u{1aaf}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}')
}
