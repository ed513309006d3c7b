//! Gives text in Latin script its half-width marks back, where a recogniser for Chinese wrote its own.

use super::sorts::WIDE_MARK;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::chars::is_wide;
use crate::text::width::half_width_mark;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Western,
    examples: &[
        (
            "The ferry（built 1902）left，late。Why？",
            "The ferry (built 1902) left, late. Why?",
        ),
        (
            "At 9：30 some 1，200 came；the rest stayed！",
            "At 9:30 some 1,200 came; the rest stayed!",
        ),
        ("渡轮开航，AI，IT；完。", "渡轮开航，AI，IT；完。"),
        ("The word 渡轮，of the ferry", "The word 渡轮，of the ferry"),
    ],
    grade: Grade::Verified,
    wants: WIDE_MARK,
    find,
};

/// What a mark becomes: half width, with the spaces that its full width made up for.
fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.latin || context.is_data() || text.contains(is_wide) {
        return Vec::new();
    }
    text.char_indices()
        .filter_map(|(at, c)| Some(half_width(text, at, c, half_width_mark(c)?)))
        .collect()
}

fn half_width(text: &str, at: usize, c: char, mark: char) -> Edit {
    let end = at + c.len_utf8();
    let (before, after) = (text[..at].chars().next_back(), text[end..].chars().next());
    let is = |c: Option<char>, such: fn(char) -> bool| c.is_some_and(such);
    let in_number = is(before, |c| c.is_ascii_digit()) && is(after, |c| c.is_ascii_digit());
    let opens = mark == '(' && is(before, char::is_alphanumeric);
    let goes_on = mark != '(' && !in_number && is(after, char::is_alphanumeric);
    let [lead, trail] = [opens, goes_on].map(|space| if space { " " } else { "" });
    Edit::new(at..end, format!("{lead}{mark}{trail}"))
}
