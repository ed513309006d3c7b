//! Writes full-width letters and digits half width. Marks stay: NFKC would turn ， and ： into ASCII.

use super::sorts::FULL_WIDTH;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::width::half_width_letter;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Narrow,
    examples: &[
        ("５Ｇ网络：已建２０２４座！", "5G网络：已建2024座！"),
        (
            "增长３．５％，达１，２００，０００元",
            "增长3.5％，达1,200,000元",
        ),
        (
            "第１，２，３号码头；见１．总则",
            "第1，2，3号码头；见1．总则",
        ),
        ("ＡＩ（人工智能），ＧＤＰ", "AI（人工智能），GDP"),
        ("１  ２    式中Ｖ＝──", "１  ２    式中Ｖ＝──"),
        ("（一）；：！？～＋－＝％", "（一）；：！？～＋－＝％"),
        (
            "第２条　この港は、明治３年に開かれた。",
            "第２条　この港は、明治３年に開かれた。",
        ),
    ],
    grade: Grade::Certain,
    wants: FULL_WIDTH,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if is_aligned(text) || !context.is_set_full_width(text) || context.is_japanese() {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = Vec::new();
    for (at, c) in text.char_indices() {
        let narrow = match c {
            '．' if is_digit(text[..at].chars().next_back())
                && is_digit(text[at + c.len_utf8()..].chars().next()) =>
            {
                '.'
            }
            '，' if groups_digits(&text[..at], &text[at + c.len_utf8()..]) => ',',
            _ => match half_width_letter(c) {
                Some(narrow) => narrow,
                None => continue,
            },
        };
        match edits.last_mut() {
            Some(last) if last.span.end == at => {
                last.span.end += c.len_utf8();
                last.with.push(narrow);
            }
            _ => edits.push(Edit::new(at..at + c.len_utf8(), narrow)),
        }
    }
    edits
}

/// Whether the characters of a line are set under those of the next, as in a formula: their width is part of it.
fn is_aligned(text: &str) -> bool {
    text.trim().contains("  ") || text.contains('─')
}

/// A full-width digit.
fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_numeric() && half_width_letter(c).is_some())
}

/// Whether a comma stands between the digits of one number: up to three before it, and groups of three after it.
fn groups_digits(before: &str, behind: &str) -> bool {
    let count =
        |chars: &mut dyn Iterator<Item = char>| chars.take_while(|c| is_digit(Some(*c))).count();
    (1..=3).contains(&count(&mut before.chars().rev())) && count(&mut behind.chars()) == 3
}
