//! Questions about single characters that several stages ask.

use std::sync::LazyLock;

/// A Han ideograph: unified (with its extensions) or compatibility, and 〇.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2FA1F}' | '\u{30000}'..='\u{323AF}' | '〇')
}

/// Kana and hangul: scripts that, like Han, are set full width and without spaces around punctuation.
pub(crate) fn is_kana_or_hangul(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{AC00}'..='\u{D7AF}')
}

/// A character of text set full width: Han, kana, hangul.
pub(crate) fn is_wide(c: char) -> bool {
    is_han(c) || is_kana_or_hangul(c)
}

/// A letter or digit of any script: `char::is_alphanumeric`, which is slow on Chinese text, looked up in a table.
pub(crate) fn is_letter(c: char) -> bool {
    LETTERS
        .get(c as usize)
        .copied()
        .unwrap_or_else(|| c.is_alphanumeric())
}

/// Whether each character of the basic plane is a letter or digit.
static LETTERS: LazyLock<Box<[bool]>> = LazyLock::new(|| {
    (0..0x10000)
        .map(|n| char::from_u32(n).is_some_and(char::is_alphanumeric))
        .collect()
});

/// Punctuation set full width, such as 。，「《 and the curly quotes as Chinese uses them.
pub(crate) fn is_wide_mark(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301B}'
        | '，' | '：' | '；' | '！' | '？' | '（' | '）' | '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '～')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_unicode() {
        assert!(('\0'..=char::MAX).all(|c| is_letter(c) == c.is_alphanumeric()));
    }
}
