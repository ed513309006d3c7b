//! What goes between two joined halves: a space where the script writes spaces between words, otherwise nothing.

use super::hyphen::is_suspended;
use crate::page::Page;
use crate::text::chars::is_wide;
use crate::text::latin::is_hyphen;
use crate::text::script::Script;
use crate::text::spacing::{is_tight, scripts_at, write_spaces};

/// What goes between two blocks of a page.
pub(super) fn glue(page: &Page, tail: usize, head: usize) -> &'static str {
    let reading = |at: usize| page.reading(page.blocks[at].span.clone()).text;
    let by = if page.nature.blocks.get(tail).is_some_and(|b| b.goes_on) {
        Break::Line {
            is_filled: is_filled(page),
        }
    } else {
        Break::Column
    };
    between(&reading(tail), &reading(head), by)
}

/// What broke a text in two.
#[derive(Clone, Copy)]
enum Break {
    /// The end of a line. It is at a space, but in Korean where every line is filled to the last letter.
    Line {
        is_filled: bool,
    },
    Column,
}

fn between(tail: &str, head: &str, by: Break) -> &'static str {
    let is_spaced = if scripts_at(tail, head).contains(&Script::Hangul) {
        is_spaced_in_korean(tail, head, by)
    } else {
        write_spaces(tail, head)
    };
    if is_spaced && !touch(tail, head, by) {
        " "
    } else {
        ""
    }
}

/// Whether two texts touch in a script with spaces: after a hyphen or a dash, where marks hold them together, and where a
/// column cuts a number at its point.
fn touch(tail: &str, head: &str, by: Break) -> bool {
    let dash =
        tail.ends_with(|c| is_hyphen(c) || matches!(c, '–' | '—' | '/' | '־')) && !is_set_off(tail);
    let is_digit = |c: char| c.is_ascii_digit();
    let pointed = tail
        .strip_suffix(['.', ','])
        .is_some_and(|before| before.ends_with(is_digit));
    let number = matches!(by, Break::Column) && pointed && head.starts_with(is_digit);
    dash && !is_suspended(tail, head) || number || is_tight(tail, head)
}

/// Whether the dash at its end has a space before it, and so one after it: he came – |and went.
fn is_set_off(text: &str) -> bool {
    let mut last = text.chars().rev().skip(1);
    last.next().is_some_and(char::is_whitespace)
}

/// Korean divides words by spaces, and breaks lines at these or, in justified columns, at any letter.
fn is_spaced_in_korean(tail: &str, head: &str, by: Break) -> bool {
    let ends_clause = tail.ends_with(['.', ',', '?', '!', ';', ':'])
        && !head.starts_with(|c: char| c.is_ascii_digit());
    match by {
        Break::Line { is_filled } => ends_clause || !is_filled,
        Break::Column => ends_clause,
    }
}

/// Whether all lines of the page that go on are of one width, give or take what a letter and a space take.
fn is_filled(page: &Page) -> bool {
    /// Fewer lines may be of one width by chance.
    const LEAST: usize = 4;
    /// Columns.
    const SLACK: usize = 3;
    let columns = |text: &str| {
        text.chars()
            .map(|c| 1 + usize::from(is_wide(c)))
            .sum::<usize>()
    };
    let lines = page.nature.blocks.iter().zip(&page.blocks);
    let widths: Vec<usize> = lines
        .filter(|(nature, block)| nature.goes_on && !block.dropped)
        .map(|(_, block)| columns(&page.text()[block.span.clone()]))
        .collect();
    let (least, most) = (widths.iter().min(), widths.iter().max());
    widths.len() >= LEAST
        && most
            .zip(least)
            .is_some_and(|(most, least)| most - least <= SLACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Break = Break::Line { is_filled: false };

    #[test]
    fn scripts_with_spaces_get_one_after_any_mark() {
        for (tail, head) in [
            ("почтальон", "(тот самый)"),
            ("в конце июля.", "Потом"),
            ("ივლისის“.", "მერე"),
            ("عاليا،", "حتى"),
            ("बढ़", "जाए"),
            ("தண்ணீர்", "உயர்ந்தால்"),
            ("הבית –", "יום"),
            ("the year 1914", "12 members"),
            ("about 3", "1/2 miles"),
            ("en 1913", "4 200 habitants"),
            ("he came –", "and went"),
            ("등대에 불을 켜졌다.", "등대지기의"),
            ("렌즈를", "닦고"),
        ] {
            assert_eq!(between(tail, head, LINE), " ", "{tail}|{head}");
        }
    }

    #[test]
    fn scripts_without_spaces_get_none() {
        for (tail, head) in [
            ("灯塔在傍", "晚点亮"),
            ("使用API。", "Rust是"),
            ("共12", "34页"),
            ("港が開", "いた"),
            ("ท่าเรือ", "เปิดแล้ว"),
            ("ທ່າເຮືອ", "ເປີດແລ້ວ"),
            ("កំពង់ផែ", "បានបើក"),
            ("ဆိပ်ကမ်း", "ဖွင့်သည်"),
        ] {
            assert_eq!(between(tail, head, LINE), "", "{tail}|{head}");
        }
    }

    #[test]
    fn what_touches_stays_together() {
        for (tail, head) in [
            ("costs 4.", "5 per cent"),
            ("the quay (", "rebuilt"),
            ("the north", ", and"),
        ] {
            assert_eq!(between(tail, head, Break::Column), "", "{tail}|{head}");
        }
        assert_eq!(between("well-", "known", LINE), "");
        assert_eq!(between("pre-", "and post-war", LINE), " ");
        let filled = Break::Line { is_filled: true };
        assert_eq!(between("등대지", "기의", filled), "");
        assert_eq!(between("불이 켜졌다.", "등대", filled), " ");
    }
}
