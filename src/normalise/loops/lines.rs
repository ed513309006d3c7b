//! Lines that repeat in a row, alone or several in turn.

use super::periods::{Run, runs};
use super::{RULE, counts_up, least, numbers};
use crate::page::edit::{Cause, Edit, Evidence, Grade};
use crate::page::nature::Form;
use crate::page::{Block, Kind, Page};
use crate::text::chars::{is_han, is_letter};
use crate::text::lines::is_item;
use std::ops::Range;

/// Drops lines that repeat in a row, alone or several in turn, with or without a counter in them.
pub(in crate::normalise) fn drop_lines(page: &mut Page) {
    let lines: Vec<usize> = (0..page.blocks.len())
        .filter(|at| may_repeat(&page.blocks[*at]) && !holds_rows(page, *at))
        .collect();
    let texts: Vec<&str> = lines
        .iter()
        .map(|at| &page.text()[page.blocks[*at].span.clone()])
        .collect();
    let ends: Vec<u64> = texts.iter().map(|text| end(text)).collect();
    // nearly every page ends here
    if !(1..=MOST_LINES).any(|period| recurs(&ends, period)) {
        return;
    }
    let [again, suspected] = repeated(&texts);
    let span = |at: usize| page.blocks[lines[at]].span.clone();
    let suspected = suspected.into_iter();
    let suspected: Vec<Edit> = suspected
        .filter(|at| again.binary_search(at).is_err())
        .map(|at| Edit::delete(span(at)))
        .collect();
    let cause = Cause::suspected(RULE.cause, Evidence::default());
    page.edit(&cause, suspected);
    for at in again {
        page.drop_block(&Cause::verified(RULE.cause, Evidence::default()), lines[at]);
    }
}

/// Whether its lines are rows, statements or records, of which equal ones are data.
fn holds_rows(page: &Page, block: usize) -> bool {
    let nature = page.nature.blocks.get(block);
    nature.is_some_and(|nature| matches!(nature.form, Form::Table | Form::Code | Form::Data))
}

fn may_repeat(block: &Block) -> bool {
    let is_another_rule_s = matches!(
        block.kind,
        Kind::Code | Kind::Table | Kind::Masthead | Kind::Jump
    );
    !block.dropped && !is_another_rule_s
}

/// Which lines repeat others, in order, and which may.
fn repeated(texts: &[&str]) -> [Vec<usize>; 2] {
    let keys: Vec<u64> = texts.iter().map(|text| without_numbers(text)).collect();
    let (mut again, mut suspected) = (Vec::new(), Vec::new());
    for run in runs(&keys).iter().filter(|run| run.period <= MOST_LINES) {
        let units: Vec<String> = texts[run.start..]
            .chunks(run.period)
            .take(run.times())
            .map(|unit| unit.join("\n"))
            .collect();
        match grade(&units) {
            Some(Grade::Suspected) => suspected.extend(after_the_first(run, texts)),
            Some(_) => again.extend(after_the_first(run, texts)),
            None => {}
        }
    }
    again.sort_unstable();
    again.dedup();
    [again, suspected]
}

/// How sure it is that units in a row are a loop: the fewer letters they have, the more of them it takes.
fn grade(units: &[String]) -> Option<Grade> {
    let letters = units[0]
        .chars()
        .filter(|c| is_letter(*c) && !c.is_numeric())
        .count();
    let is_same = units.iter().all(|unit| *unit == units[0]);
    let least = match letters {
        _ if units[0].contains(['！', '!']) => least(24, 12),
        0..=3 => None,
        4..=7 if is_same => least(24, 12),
        4..=7 => least(40, 20),
        8..=15 => least(10, 5),
        _ => least(6, 4),
    }?;
    let counts = || {
        let numbers: Vec<Vec<&str>> = units.iter().map(|unit| numbers(unit)).collect();
        counts_up(&numbers) || counts_in_han(units)
    };
    if is_same || counts() {
        least.grade(units.len())
    } else {
        None
    }
}

/// The lines of all units but the first. The last line of all may be broken off.
fn after_the_first(run: &Run, texts: &[&str]) -> Range<usize> {
    let is_broken_off = || {
        let begins = without_number(texts[run.start + (run.end - run.start) % run.period]);
        let last = without_number(texts[run.end]);
        last.len() >= 6 && begins.starts_with(last)
    };
    let end = if run.end == texts.len() || run.end + 1 == texts.len() && is_broken_off() {
        texts.len()
    } else {
        run.start + run.times() * run.period
    };
    run.start + run.period..end
}

/// Lines of a unit, at most.
const MOST_LINES: usize = 8;

/// The last bytes of a line, all digits alike.
fn end(text: &str) -> u64 {
    text.bytes().rev().take(8).fold(0, |key, b| {
        key << 8 | u64::from(if b.is_ascii_digit() { b'0' } else { b })
    })
}

/// Whether four units of this many lines seem to follow one another.
fn recurs(keys: &[u64], period: usize) -> bool {
    let mut row = 0;
    (period..keys.len()).any(|at| {
        row = if keys[at] == keys[at - period] {
            row + 1
        } else {
            0
        };
        row >= 3 * period
    })
}

/// A hash of a line in which all numbers count as one, and the number of an item as none.
fn without_numbers(text: &str) -> u64 {
    let mut key = 0u64;
    let mut in_number = false;
    for c in without_number(text).chars() {
        let is_number = c.is_ascii_digit();
        if !is_number || !in_number {
            key = (key ^ if is_number { '0' } else { c } as u64)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(29);
        }
        in_number = is_number;
    }
    key
}

/// A line without 第三条, （三）, 三、 or 3. at its head.
fn without_number(text: &str) -> &str {
    if !is_item(text) {
        return text;
    }
    let is_number = |c: char| c.is_ascii_digit() || NUMERALS.contains(c);
    let rest = text.trim_start_matches(|c| is_number(c) || matches!(c, '（' | '(' | '第' | ' '));
    let mut after = rest.chars();
    after.next();
    after.as_str()
}

const NUMERALS: &str = "一二三四五六七八九十百零〇";

/// Whether every unit begins with another number in Chinese.
fn counts_in_han(units: &[String]) -> bool {
    let number = |unit: &String| -> String {
        unit.chars()
            .take_while(|c| !is_han(*c) || NUMERALS.contains(*c) || *c == '第')
            .collect()
    };
    let mut all: Vec<String> = units.iter().map(number).collect();
    let is_number = all.iter().all(|n| n.contains(|c| NUMERALS.contains(c)));
    all.sort_unstable();
    all.dedup();
    is_number && all.len() == units.len()
}
