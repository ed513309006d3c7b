//! Gives Chinese text its full-width punctuation back, where half-width marks stand next to Han characters.

use super::{Context, MARK, Rule};
use crate::chars::{is_closer, is_opener, is_wide, is_wide_mark};
use crate::edit::{Edit, Grade};
use crate::page::Kind;

pub(super) const RULE: Rule = Rule {
    name: "width",
    about: "Half-width , ; : ? ! ( ) next to wide characters become full width; Latin text, numbers and URLs keep theirs.",
    examples: &[
        ("渡轮开航,旅客增多;码头(东岸)扩建:明年竣工!", "渡轮开航，旅客增多；码头（东岸）扩建：明年竣工！"),
        ("人工智能(AI)进港口", "人工智能（AI）进港口"),
        ("见 http://example.cn/a?b=1,2 一页", "见 http://example.cn/a?b=1,2 一页"),
        ("9:30开船,票价1,200元;14:00:看潮", "9:30开船，票价1,200元；14:00：看潮"),
        ("x=f(a,b) 的值", "x=f(a,b) 的值"),
        ("报告?!笆四五规", "报告?!笆四五规"),
        ("He said (yes), then left.", "He said (yes), then left."),
    ],
    grade: Grade::Verified,
    wants: MARK,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.kind == Kind::Table {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut open: Vec<(usize, bool)> = Vec::new(); // where half-width brackets opened, and whether next to wide text
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_ascii_punctuation()) {
        let before = text[..at].chars().next_back();
        let after = text[at + 1..].chars().next();
        match c {
            '(' => open.push((at, before.is_none_or(is_wide_text) || after.is_some_and(is_wide_text))),
            ')' => {
                let Some((from, opens_wide)) = open.pop() else { continue };
                let holds_wide = text[from + 1..at].chars().any(is_wide);
                let closes_wide = after.is_none_or(is_wide_text) || after.is_some_and(is_half_width_mark);
                if (holds_wide || opens_wide && closes_wide && before_is_wide(text, from)) && !in_url(text, from) {
                    edits.push(Edit::new(from..from + 1, "（"));
                    edits.push(Edit::new(at..at + 1, "）"));
                }
            }
            _ => {
                if let Some(wide) = widened(c).filter(|_| is_wide_mark_place(text, at, before, after)) {
                    edits.push(Edit::new(at..at + 1, wide));
                }
            }
        }
    }
    edits.sort_by_key(|e| e.span.start);
    edits
}

fn widened(c: char) -> Option<&'static str> {
    Some(match c {
        ',' => "，",
        ';' => "；",
        ':' => "：",
        '?' => "？",
        '!' => "！",
        _ => return None,
    })
}

/// Whether the mark at `at` ends a clause of Chinese: wide text before it, or behind it in a sentence of wide text.
fn is_wide_mark_place(text: &str, at: usize, before: Option<char>, after: Option<char>) -> bool {
    let mark = text.as_bytes()[at];
    let Some(before) = before else { return false };
    // a damaged byte leaves a ? in front of another mark; it is not a question
    let after_mark = after.is_some_and(|c| is_half_width_mark(c) || is_wide_mark(c) && !is_closer(c) && !is_opener(c));
    if matches!(mark, b'?' | b'!') && after_mark || before == '?' {
        return false;
    }
    let wide_before = is_wide(before) || is_wide_mark(before) || before == ')' && closes_wide(text, at);
    let wide_after = after.is_none_or(|c| is_wide(c) || is_opener(c) && is_wide_mark(c));
    let narrow_before = before.is_ascii_alphanumeric() || before == '%';
    (wide_before || narrow_before && wide_after && after.is_some()) && !in_url(text, at)
}

/// Whether the half-width bracket that ends right before `at` closes one that holds or follows wide text.
fn closes_wide(text: &str, at: usize) -> bool {
    text[..at].rfind('(').is_some_and(|from| text[from..at].chars().any(is_wide) || before_is_wide(text, from))
}

fn before_is_wide(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(is_wide_text)
}

fn is_wide_text(c: char) -> bool {
    is_wide(c) || is_wide_mark(c)
}

fn is_half_width_mark(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '?' | '!' | ')')
}

/// Whether a byte lies in a run without spaces or wide characters that looks like an address.
fn in_url(text: &str, at: usize) -> bool {
    let start = text[..at]
        .rfind(|c: char| c.is_whitespace() || !c.is_ascii())
        .map_or(0, |p| p + text[p..].chars().next().map_or(1, char::len_utf8));
    let run = &text[start..at];
    let scheme = text[at..].starts_with("://");
    scheme || run.contains("://") || run.starts_with("www.") || run.contains('@')
}
