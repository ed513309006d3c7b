//! Gives Chinese text its full-width punctuation back, where half-width marks stand next to Han characters.

use super::sorts::MARK;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade, Span};
use crate::text::chars::{is_han, is_wide, is_wide_mark};
use crate::text::sentence::{is_closer, is_opener};
use crate::text::width::full_width_mark;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Width,
    examples: &[
        (
            "渡轮开航,旅客增多;码头(东岸)扩建:明年竣工!",
            "渡轮开航，旅客增多；码头（东岸）扩建：明年竣工！",
        ),
        ("人工智能(AI)进港口", "人工智能（AI）进港口"),
        ("渡轮(新造), 开航", "渡轮（新造），开航"),
        ("第七届江鲜节(又名", "第七届江鲜节（又名"),
        (
            "见 http://example.cn/a?b=1,2 一页",
            "见 http://example.cn/a?b=1,2 一页",
        ),
        (
            "9:30开船,票价1,200元;14:00:看潮",
            "9:30开船，票价1,200元；14:00：看潮",
        ),
        ("x=f(a,b) 的值", "x=f(a,b) 的值"),
        ("报告?!笆四五规", "报告?!笆四五规"),
        (
            "江州시는 3일 새 도서관을 열었다(사진), 그리고",
            "江州시는 3일 새 도서관을 열었다(사진), 그리고",
        ),
        (
            "做法见[蒸饭](主食/蒸饭.md)一节,图见下",
            "做法见[蒸饭](主食/蒸饭.md)一节，图见下",
        ),
        (
            "命令`码头(东,西)`与$f(船,岸)$不动",
            "命令`码头(东,西)`与$f(船,岸)$不动",
        ),
        ("He said (yes), then left.", "He said (yes), then left."),
        (
            "The gate reads 北堤, which means dike; 塔: a tower",
            "The gate reads 北堤, which means dike; 塔: a tower",
        ),
    ],
    grade: Grade::Verified,
    wants: MARK,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.is_set_full_width(text) || is_of_words(text) {
        return Vec::new();
    }
    let kept = kept(text);
    let is_kept = |at: usize| kept.iter().any(|span| span.contains(&at));
    let mut edits: Vec<Edit> = Vec::new();
    let mut open: Vec<OpenBracket> = Vec::new();
    let mut before = None; // as it reads after the edits so far
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next();
        let mut reads = c;
        match c {
            '(' | '（' => open.push(OpenBracket {
                at,
                bracket: c,
                is_after_wide: before.is_some_and(is_wide_text),
            }),
            '）' => drop(open.pop()),
            ')' => {
                let wide = match open.pop() {
                    // its other half stands in another column
                    None => before.is_some_and(is_wide) && !is_kept(at),
                    Some(open) if open.bracket == '（' => true,
                    Some(open) => {
                        let is_kept = is_kept(open.at) || is_kept(at);
                        let wide = !is_kept && open.is_wide(text, at, after);
                        edits.extend(wide.then(|| Edit::new(open.at..open.at + 1, "（")));
                        wide
                    }
                };
                if wide {
                    edits.push(Edit::new(at..at + 1, "）"));
                    reads = '）';
                }
            }
            _ => {
                if let Some(wide) = full_width_mark(c)
                    .filter(|_| is_wide_mark_place(text, at, before, after) && !is_kept(at))
                {
                    edits.push(Edit::new(at..at + 1 + space_after(text, at, wide), wide));
                    reads = wide;
                }
            }
        }
        before = Some(reads);
    }
    let left_open = open.iter().filter(|open| open.opens_wide(text));
    let left_open = left_open.filter(|open| !is_kept(open.at));
    edits.extend(left_open.map(|open| Edit::new(open.at..open.at + 1, "（")));
    edits.sort_by_key(|e| e.span.start);
    edits
}

/// Whether a text has more words of other scripts than Han characters and kana: these are quoted there, and the marks are
/// those of its own script.
fn is_of_words(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && !is_wide(c);
    let words = text
        .split(|c| !is_letter(c))
        .filter(|word| !word.is_empty());
    // the quickest to tell: a text that is nearly all Han
    let wide = text.chars().filter(|c| is_wide(*c)).count();
    wide * 2 < text.len() / 3 && words.count() > wide
}

/// An open bracket of either width.
struct OpenBracket {
    at: usize,
    bracket: char,
    is_after_wide: bool,
}

impl OpenBracket {
    /// Whether it and the one that closes it are full-width ones.
    fn is_wide(&self, text: &str, close: usize, after: Option<char>) -> bool {
        is_wide_bracket(&text[self.at + 1..close], self.is_after_wide, after)
            && !in_url(text, self.at)
    }

    /// Whether it is half-width, and wide text stands in it.
    fn opens_wide(&self, text: &str) -> bool {
        self.bracket == '(' && text[self.at + 1..].starts_with(is_wide)
    }
}

/// The space that a half-width mark needed after it, in bytes: its full-width form brings its own.
fn space_after(text: &str, at: usize, wide: char) -> usize {
    let rest = &text[at + 1..];
    let is_one = rest.starts_with(' ') && rest[1..].starts_with(is_han);
    usize::from(is_one && matches!(wide, '，' | '；'))
}

/// What keeps its marks: code between back quotes, formulas, the addresses of links.
fn kept(text: &str) -> Vec<Span> {
    let mut kept: Vec<Span> = ['`', '$']
        .into_iter()
        .flat_map(|mark| {
            let places: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
            let pairs: Vec<Span> = places
                .chunks_exact(2)
                .map(|two| two[0]..two[1] + 1)
                .collect();
            pairs
        })
        .collect();
    kept.extend(text.match_indices("](").map(|(at, _)| {
        let end = text[at + 2..]
            .find(')')
            .map_or(text.len(), |length| at + 3 + length);
        at..end
    }));
    kept
}

/// Whether half-width brackets hold wide text, or stand in it.
fn is_wide_bracket(inside: &str, wide_before: bool, after: Option<char>) -> bool {
    let wide_after =
        after.is_none_or(|c| is_wide_text(c) || full_width_mark(c).is_some() || c == ')');
    inside.chars().any(is_wide) || wide_before && wide_after
}

/// Whether the mark at `at` ends a clause of Chinese: wide text before it, or after it in a sentence of wide text.
fn is_wide_mark_place(text: &str, at: usize, before: Option<char>, after: Option<char>) -> bool {
    let mark = text.as_bytes()[at];
    let Some(before) = before else { return false };
    // a damaged byte leaves a ? in front of another mark; it is not a question
    let before_mark = after.is_some_and(|c| {
        full_width_mark(c).is_some() || is_wide_mark(c) && !is_closer(c) && !is_opener(c)
    });
    if matches!(mark, b'?' | b'!') && before_mark || before == '?' {
        return false;
    }
    let narrow_before = before.is_ascii_alphanumeric() || before == '%';
    let wide_after = after.is_some_and(|c| is_wide(c) || is_opener(c) && is_wide_mark(c));
    (is_wide_text(before) || narrow_before && wide_after)
        && is_near_wide(text, at)
        && !in_url(text, at)
}

/// Whether one of the next letters on either side is wide: marks between words of Latin script are its own, even
/// beside a wide mark.
fn is_near_wide(text: &str, at: usize) -> bool {
    const LETTERS: usize = 10;
    let is_letter = |c: &char| c.is_alphanumeric();
    let before = text[..at].chars().rev().filter(is_letter).take(LETTERS);
    let after = text[at..].chars().filter(is_letter).take(LETTERS);
    before.chain(after).any(is_wide)
}

fn is_wide_text(c: char) -> bool {
    is_wide(c) || is_wide_mark(c)
}

/// Whether a byte lies in a run without spaces or wide characters that looks like an address.
fn in_url(text: &str, at: usize) -> bool {
    let start = text[..at]
        .rfind(|c: char| c.is_whitespace() || !c.is_ascii())
        .map_or(0, |p| {
            p + text[p..].chars().next().map_or(1, char::len_utf8)
        });
    let run = &text[start..at];
    let scheme = text[at..].starts_with("://");
    scheme || run.contains("://") || run.starts_with("www.") || run.contains('@')
}
