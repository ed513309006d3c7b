//! Whether a space belongs between two pieces of one text: by the scripts that meet, and by the marks.

use super::script::Script;
use super::sentence::{is_opener, is_quote, never_begins};

/// The scripts of the last letter of a text and of the first letter of the next; one that has none is of the other's.
pub(crate) fn scripts_at(left: &str, right: &str) -> [Script; 2] {
    let mut first = right.chars().map(Script::of);
    let right = first.find(|s| *s != Script::Common).unwrap_or_default();
    match (Script::of_last(left), right) {
        (Script::Common, script) | (script, Script::Common) => [script; 2],
        both => both.into(),
    }
}

/// Whether both texts are of scripts that write spaces between words, with no full-width mark where they meet.
pub(crate) fn write_spaces(left: &str, right: &str) -> bool {
    let is_wide = |c: char| matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}');
    let scripts = scripts_at(left, right);
    !scripts.into_iter().any(Script::is_without_spaces)
        && !left.ends_with(is_wide)
        && !right.starts_with(is_wide)
}

/// Whether marks hold two texts together: an opening bracket or quotation mark at the end of the first, or at the head of
/// the second a mark that begins nothing.
pub(crate) fn is_tight(left: &str, right: &str) -> bool {
    ends_in_opener(left) || right.starts_with(never_begins)
}

/// A quotation mark opens only after a space, since “ closes in German; French has a space after «.
fn ends_in_opener(text: &str) -> bool {
    let Some(mark) = text.chars().next_back().filter(|c| is_opener(*c)) else {
        return false;
    };
    let before = text[..text.len() - mark.len_utf8()].chars().next_back();
    !is_quote(mark) || mark != '«' && before.is_none_or(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_goes_where_both_scripts_write_them() {
        for (left, right) in [
            ("в конце.", "Потом"),
            ("été", "à Paris"),
            ("1914", "12 members"),
        ] {
            assert!(write_spaces(left, right), "{left}|{right}");
        }
        for (left, right) in [
            ("灯塔", "点亮"),
            ("使用 Rust。", "Go"),
            ("ท่าเรือ", "เปิด"),
            ("用", "Rust"),
        ] {
            assert!(!write_spaces(left, right), "{left}|{right}");
        }
    }

    #[test]
    fn a_mark_that_opens_holds_what_follows() {
        assert!(is_tight("he said “", "so") && is_tight("the quay (", "rebuilt"));
        for (left, right) in [
            ("„Von wem?“", "Er"),
            ("rivière et «", "sonna"),
            ("!“", "اور"),
        ] {
            assert!(!is_tight(left, right), "{left}|{right}");
        }
    }
}
