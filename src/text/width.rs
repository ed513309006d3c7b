//! Which characters are set full width, what their half-width forms are, and where words are set with a space between.

use super::chars::{is_han, is_wide_mark};
use super::script::Script;
use super::sentence::never_begins;

/// Distance from the letters and digits of ASCII to their full-width forms.
const OFFSET: u32 = '０' as u32 - '0' as u32;

/// The half-width form of a full-width letter or digit: Ａ, ０.
pub(crate) fn half_width_letter(c: char) -> Option<char> {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
        .then(|| char::from_u32(c as u32 - OFFSET))
        .flatten()
}

/// The half-width form of a full-width mark, as Latin text has it: ，（。
pub(crate) fn half_width_mark(c: char) -> Option<char> {
    Some(match c {
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '？' => '?',
        '！' => '!',
        '（' => '(',
        '）' => ')',
        '。' => '.',
        _ => return None,
    })
}

/// The full-width form of a mark that has only one meaning in Chinese. A point has two, and brackets come in pairs.
pub(crate) fn full_width_mark(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        _ => return None,
    })
}

/// Han, kana and the marks and letters that are as wide. Hangul has spaces between its words, and curly quotes may be those
/// of Latin text.
fn is_full_width(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3001}'..='\u{30FF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}')
}

/// Whether a text is set full width: more than a third of its characters are Chinese or Japanese.
pub(crate) fn is_set_full_width<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let (mut full, mut all) = (0, 0);
    for c in words.flat_map(str::chars) {
        full += usize::from(is_full_width(c));
        all += 1;
    }
    full * 3 > all
}

/// Whether a space belongs between two words or lines that a recogniser saw apart. In Chinese and Japanese recognisers see
/// spaces where print has none; Thai, Lao, Khmer and Burmese have none between words either.
///
/// `full_width` says whether the text around is set full width.
pub(crate) fn needs_space(left: &str, right: &str, full_width: bool) -> bool {
    let (Some(last), Some(first)) = (left.chars().next_back(), right.chars().next()) else {
        return false;
    };
    let are_unspaced = is_full_width(last) && is_full_width(first) || are_unspaced(left, right);
    if last.is_whitespace() || first.is_whitespace() || are_unspaced {
        return false;
    }
    let is_full = |c: char| is_full_width(c) || is_wide_mark(c);
    let is_number = last.is_ascii_digit() && first.is_ascii_digit();
    !full_width || !is_full(last) && !is_full(first) && !is_number && !never_begins(first)
}

/// Whether letters meet that are of scripts without spaces between words, Chinese and Japanese aside: Thai, Lao, Khmer,
/// Burmese, Tibetan. A space follows their stops.
pub(crate) fn are_unspaced(left: &str, right: &str) -> bool {
    let is_stop = |c: char| matches!(c, '\u{F0D}'..='\u{F14}' | '\u{104A}'..='\u{104F}' | '\u{17D4}'..='\u{17DA}');
    let is_unspaced = |c: char| {
        let script = Script::of(c);
        script.is_without_spaces() && !matches!(script, Script::Han | Script::Kana) && !is_stop(c)
    };
    left.ends_with(is_unspaced) && right.starts_with(is_unspaced)
}

/// Whether white space between two texts only comes from breaking the lines of a file: one of its sides is full width.
pub(crate) fn is_beside_full_width(left: &str, right: &str) -> bool {
    left.ends_with(is_full_width) || right.starts_with(is_full_width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_without_spaces_get_none_between_words() {
        for (left, right) in [
            ("เรือ", "ประมง"),
            ("ເຮືອ", "ໃຫຍ່"),
            ("ទូក", "ធំ"),
            ("လှေ", "ကြီး"),
            ("渔", "船"),
        ] {
            assert!(!needs_space(left, right, false), "{left}|{right}");
        }
        for (left, right) in [
            ("boat", "yard"),
            ("เรือ", "Limpool"),
            ("ទូក។", "ធំ"),
            ("лодка", "и"),
        ] {
            assert!(needs_space(left, right, false), "{left}|{right}");
        }
    }
}
