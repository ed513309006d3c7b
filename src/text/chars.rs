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

/// Closes a quotation or bracket: ignored when asking how a block ends.
pub(crate) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '"' | '\'' | '）' | ')' | '】' | '》' | '〉' | '」' | '』' | ']' | '〕'
    )
}

/// Opens a quotation or bracket: ignored when asking how a block begins.
pub(crate) fn is_opener(c: char) -> bool {
    matches!(
        c,
        '“' | '‘' | '（' | '(' | '【' | '《' | '〈' | '「' | '『' | '[' | '〔'
    )
}

/// Ends a sentence.
pub(crate) fn is_full_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '.' | '｡')
}

/// Separates clauses inside a sentence: what follows it belongs to the same sentence.
pub(crate) fn is_clause_mark(c: char) -> bool {
    matches!(c, '，' | '、' | '；' | '：' | ',' | ';' | ':')
}

/// Cannot begin a line or paragraph (a line breaker never puts it there).
pub(crate) fn never_begins(c: char) -> bool {
    is_clause_mark(c)
        || matches!(c, '。' | '！' | '？' | '%' | '％')
        || (is_closer(c) && c != '"' && c != '\'')
}

/// Whether the text ends a sentence. Closing quotes and brackets, and a signature such as （耀文）, are ignored.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = without_signature(text.trim_end()).trim_end_matches(is_closer);
    // 增长4.|5%: Chinese ends no sentence with a point
    let point = text.ends_with('.') && text.chars().any(is_wide);
    text.ends_with(is_full_stop) && !point
}

/// The text without a short bracket at its very end, if the text before the bracket ends a sentence.
fn without_signature(text: &str) -> &str {
    /// （记者 欧阳明华 司马光） is about the longest that newspapers print.
    const LONGEST_SIGNATURE: usize = 16;
    if !text.ends_with(['）', ')']) {
        return text;
    }
    match text.rfind(['（', '(']) {
        Some(at) if text[at..].chars().count() <= LONGEST_SIGNATURE => {
            let body = text[..at].trim_end();
            if body.trim_end_matches(is_closer).ends_with(is_full_stop) {
                body
            } else {
                text
            }
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_unicode() {
        assert!(('\0'..=char::MAX).all(|c| is_letter(c) == c.is_alphanumeric()));
    }

    #[test]
    fn closing_quotes_and_signatures_do_not_hide_a_full_stop() {
        assert!(ends_sentence("他说：“好。”"));
        assert!(ends_sentence("记者到场。 "));
        assert!(ends_sentence("回应了意见。（文澜）"));
        assert!(!ends_sentence("引进人工智能（AI）"));
        assert!(!ends_sentence("各单位认真办"));
        assert!(!ends_sentence("出口增长，"));
        assert!(!ends_sentence("出口增长4."));
        assert!(ends_sentence("It grew by 4."));
        assert!(!ends_sentence(""));
    }
}
