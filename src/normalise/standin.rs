//! Writes the dashes, ellipses and quotation marks of Chinese where an ASCII keyboard or a recogniser put stand-ins.

use super::sorts::{DOUBLE, STANDIN};
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::chars::{is_han, is_wide, is_wide_mark};
use crate::text::sentence::{is_closer, is_opener};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Standin,
    examples: &[
        ("渡轮--江上的老船--开航了", "渡轮——江上的老船——开航了"),
        ("他想了想...没有开口。。。", "他想了想……没有开口……"),
        (
            "他说\"明天开船\"，又说:\"早点来。\"",
            "他说“明天开船”，又说：“早点来。”",
        ),
        (
            "他說「開船」，又說\"早點來\"",
            "他說「開船」，又說「早點來」",
        ),
        ("5\"的屏幕，15\"的电视", "5\"的屏幕，15\"的电视"),
        ("只有一个\"的行", "只有一个\"的行"),
        (
            "<a href=\"码头.html\">码头</a>与<b id=\"船\">船</b>",
            "<a href=\"码头.html\">码头</a>与<b id=\"船\">船</b>",
        ),
        ("目录......12", "目录......12"),
        (
            "He said \"go\"... and left -- at once.",
            "He said \"go\"... and left -- at once.",
        ),
        ("2020--2024年，--help", "2020--2024年，--help"),
        ("愛--無", "愛--無"),
        (
            "伊慢慢仔行--過-去，停--落-來。",
            "伊慢慢仔行--過-去，停--落-來。",
        ),
    ],
    grade: Grade::Verified,
    wants: STANDIN | DOUBLE,
    find,
};

/// What stands in for what: marks of a kind, and how many of them.
const STANDINS: [(char, &[usize], &str); 5] = [
    ('-', &[2], "——"),
    ('－', &[2], "——"),
    ('.', &[3, 6], "……"),
    ('。', &[3, 6], "……"),
    ('·', &[3, 6], "……"),
];

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.is_set_full_width(text) || !text.contains(is_wide) {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = runs(text)
        .filter_map(|(at, run)| written_out(text, at, run))
        .collect();
    edits.extend(quotations(text, context.quotes).into_iter().flatten());
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// The runs of the same mark that may stand in for another, with their places.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let begins = at + text[at..].find(|c| STANDINS.iter().any(|(mark, ..)| *mark == c))?;
            let mark = text[begins..].chars().next()?;
            let length = text[begins..]
                .find(|c| c != mark)
                .unwrap_or(text.len() - begins);
            at = begins + length;
            if length > mark.len_utf8() {
                return Some((begins, &text[begins..at]));
            }
        }
    })
}

fn written_out(text: &str, at: usize, run: &str) -> Option<Edit> {
    let (mark, counts, with) = STANDINS.iter().find(|(mark, ..)| run.starts_with(*mark))?;
    let before = text[..at].chars().next_back()?;
    let after = text[at + run.len()..].chars().next();
    let in_chinese = |c: char| is_wide(c) || is_wide_mark(c) || is_closer(c) || is_opener(c);
    // an ellipsis may be the last thing in a paragraph
    let fits = in_chinese(before) && after.map_or(*with == "……", in_chinese);
    let counted = counts.contains(&(run.len() / mark.len_utf8()));
    let is_dash = *mark != '-' || is_a_dash(text, run);
    (fits && counted && is_dash).then(|| Edit::new(at..at + run.len(), *with))
}

/// Whether two hyphens are a dash: a pair of them sets something off, or a sentence holds them. In Taiwanese two hyphens
/// go before a neutral syllable, in words of which others have one.
fn is_a_dash(text: &str, run: &str) -> bool {
    let joins = |(at, mark): (usize, &str)| {
        text[..at].ends_with(is_han) && text[at + mark.len()..].starts_with(is_han)
    };
    let is_sentence = text.contains(['，', '。', '！', '？', '；', ',']);
    (is_sentence || text.matches(run).count() > 1)
        && !text.contains('\t')
        && !text.match_indices('-').any(joins)
}

/// Pairs of straight quotation marks, if all of the block's are such.
fn quotations(text: &str, (open, close): (char, char)) -> Vec<[Edit; 2]> {
    let marks: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    let pairs = marks.chunks(2).map(|pair| {
        let [from, to] = *pair.first_chunk()?;
        is_quotation(text, from, to).then(|| {
            [
                Edit::new(from..from + 1, open),
                Edit::new(to..to + 1, close),
            ]
        })
    });
    pairs.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Whether two marks stand around a quotation in Chinese text.
fn is_quotation(text: &str, from: usize, to: usize) -> bool {
    let (before, inside, after) = (&text[..from], &text[from + 1..to], &text[to + 1..]);
    let in_chinese =
        |c: Option<char>| c.is_none_or(|c| is_wide(c) || is_wide_mark(c) || ",;:?!() ".contains(c));
    let fits = in_chinese(before.chars().next_back()) && in_chinese(after.chars().next());
    let tight = !inside.is_empty()
        && !inside.starts_with(char::is_whitespace)
        && !inside.ends_with(char::is_whitespace);
    // a quotation in English may explain a word of it in Chinese
    let letters = inside.trim_matches(|c: char| !c.is_alphanumeric());
    fits && tight && (letters.starts_with(is_wide) || letters.ends_with(is_wide))
}
