//! Letters, hyphens and words of the Latin script.

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

/// Whether a text ends in the middle of a word: in a hyphen after a Latin letter.
pub(crate) fn ends_in_hyphen(text: &str) -> bool {
    text.strip_suffix(is_hyphen)
        .is_some_and(|rest| rest.ends_with(is_latin))
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
        is_latin(c) || is_apostrophe(c) && at > 0 && text[at + c.len_utf8()..].starts_with(is_latin)
    };
    &text[..text
        .char_indices()
        .find(|(at, c)| !is_inner(*at, *c))
        .map_or(text.len(), |(at, _)| at)]
}

/// The word that a text ends with.
pub(crate) fn last_word(text: &str) -> &str {
    let is_inner = |at: usize, c: char| {
        is_latin(c)
            || is_apostrophe(c) && at + c.len_utf8() < text.len() && text[..at].ends_with(is_latin)
    };
    let before = text.char_indices().rev().find(|(at, c)| !is_inner(*at, *c));
    &text[before.map_or(0, |(at, c)| at + c.len_utf8())..]
}

/// Texts one after another: with a space between two words of Latin script, without a hyphen that breaks a word.
pub(crate) fn joined<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut all = String::new();
    for text in texts {
        let text = text.as_ref();
        let (last, first) = (all.chars().next_back(), text.chars().next());
        let (Some(last), Some(first)) = (last, first) else {
            all += text;
            continue;
        };
        let word = all[..all.len() - last.len_utf8()].chars().next_back();
        if last == '-'
            && word.is_some_and(|c| c.is_ascii_alphabetic())
            && first.is_ascii_lowercase()
        {
            all.pop();
        } else if last.is_ascii_graphic()
            && first.is_ascii_graphic()
            && !"([{".contains(last)
            && !")]}.,;:!?".contains(first)
        {
            all.push(' ');
        }
        all += text;
    }
    all
}
