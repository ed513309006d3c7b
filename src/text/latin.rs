//! Letters of the Latin script; hyphens, and words of the scripts that divide words by them.

use super::script::Script;
use super::spacing::{is_tight, write_spaces};

/// A letter of the Latin script, or a mark over one (Fraktur sets aͤ as two characters).
pub(crate) fn is_latin(c: char) -> bool {
    let is_letter =
        || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic();
    c.is_ascii_alphabetic() || is_letter() || matches!(c, '\u{300}'..='\u{36F}')
}

/// The hyphens that end a line in the middle of a word: of the keyboard, soft, of print, the mark that OCR writes for a
/// hyphen that it thinks only the line break caused, and the double one of Fraktur.
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{AD}' | '\u{2010}' | '¬' | '⸗')
}

/// A letter of a script whose words a hyphen breaks at the end of a line.
pub(crate) fn is_hyphenated(c: char) -> bool {
    use Script::{Armenian, Cyrillic, Georgian, Greek};
    is_latin(c)
        || c.is_alphabetic() && matches!(Script::of(c), Greek | Cyrillic | Armenian | Georgian)
}

/// Whether a text ends in the middle of a word: in a hyphen after a letter.
pub(crate) fn ends_in_hyphen(text: &str) -> bool {
    text.strip_suffix(is_hyphen)
        .is_some_and(|rest| rest.ends_with(is_hyphenated))
}

/// Whether a line begins with the hyphen that the one before it ends with, as Polish and Portuguese print one that belongs
/// to its word: perdera-|-se.
pub(crate) fn repeats_hyphen(left: &str, right: &str) -> bool {
    let rest = right.strip_prefix(['-', '\u{2010}']);
    ends_in_hyphen(left) && rest.is_some_and(|rest| rest.starts_with(char::is_lowercase))
}

/// Whether at least half of a text's bytes are ASCII letters.
pub(crate) fn is_mostly_latin(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_alphabetic).count() * 2 >= text.len()
}

/// Whether nearly all letters of a text are of ASCII: for each Han character there are more than eight, and eleven bytes.
pub(crate) fn is_nearly_all_latin(text: &str) -> bool {
    // the first bytes of U+4000 to U+9FFF: a Han character has one
    let han = text
        .bytes()
        .filter(|byte| matches!(byte, 0xE4..=0xE9))
        .count();
    let letters = || text.bytes().filter(u8::is_ascii_alphabetic).count();
    text.len() > 11 * han && letters() > 8 * han
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// The word that a text begins with: letters, and apostrophes between letters.
pub(crate) fn first_word(text: &str) -> &str {
    let is_inner = |at: usize, c: char| {
        is_hyphenated(c)
            || is_apostrophe(c) && at > 0 && text[at + c.len_utf8()..].starts_with(is_hyphenated)
    };
    &text[..text
        .char_indices()
        .find(|(at, c)| !is_inner(*at, *c))
        .map_or(text.len(), |(at, _)| at)]
}

/// The word that a text ends with.
pub(crate) fn last_word(text: &str) -> &str {
    let is_inner = |at: usize, c: char| {
        is_hyphenated(c)
            || is_apostrophe(c)
                && at + c.len_utf8() < text.len()
                && text[..at].ends_with(is_hyphenated)
    };
    let before = text.char_indices().rev().find(|(at, c)| !is_inner(*at, *c));
    &text[before.map_or(0, |(at, c)| at + c.len_utf8())..]
}

/// Texts one after another: with a space between words of scripts that write them, without a hyphen that breaks a word.
pub(crate) fn joined<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut all = String::new();
    for text in texts {
        let text = text.as_ref();
        if all.is_empty() || text.is_empty() {
            all += text;
            continue;
        }
        if all.ends_with('-') && ends_in_hyphen(&all) && text.starts_with(char::is_lowercase) {
            all.pop();
        } else if is_between_words(&all, text) {
            all.push(' ');
        }
        all += text;
    }
    all
}

fn is_between_words(left: &str, right: &str) -> bool {
    let is_space = |c: char| c.is_whitespace();
    // a mark of its own, which a tool saw apart from its word: closes|!
    let is_mark = !right.is_empty() && right.chars().all(|c| matches!(c, '.' | '!' | '?'));
    !is_mark
        && write_spaces(left, right)
        && !is_tight(left, right)
        && !left.ends_with(is_space)
        && !right.starts_with(is_space)
}
