//! Lines that repeat in a row, alone or several in turn.

use super::periods::{Run, runs};
use super::piece::{is_called, letters, may_go_on};
use super::{RULE, counts_up, numbers};
use crate::page::edit::{Cause, Edit, Evidence};
use crate::page::nature::Form;
use crate::page::{Block, Kind, Page};
use crate::text::chars::is_han;
use crate::text::letters::weight;
use crate::text::lines::is_item;
use crate::text::sentence::{Ending, ending, is_quote};
use crate::text::sentence::{ends_sentence, is_clause_mark, is_opener};
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
    let [again, suspected] = repeated(&texts, &Around::of(page, &lines));
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
fn repeated(texts: &[&str], around: &Around) -> [Vec<usize>; 2] {
    let keys: Vec<u64> = texts.iter().map(|text| without_numbers(text)).collect();
    let (mut again, mut suspected) = (Vec::new(), Vec::new());
    for run in runs(&keys).iter().filter(|run| run.period <= MOST_LINES) {
        let units: Vec<String> = texts[run.start..]
            .chunks(run.period)
            .take(run.times())
            .map(|unit| unit.join("\n"))
            .collect();
        let is_same = units.iter().all(|unit| *unit == units[0]);
        if !may_be_a_loop(&units, is_same) {
            continue;
        }
        if is_broken_off(run, texts) && units.len() >= 4 && may_break_off(&units[0], run, around)
            || is_same && are_paragraphs_of_a_loop(run, texts, around)
        {
            again.extend(after_the_first(run, texts));
        } else {
            suspected.extend(after_the_first(run, texts));
        }
    }
    again.sort_unstable();
    again.dedup();
    [again, suspected]
}

/// Whether units in a row are worth a remark: the fewer letters they have, the more of them it takes. Those that differ
/// have to count.
fn may_be_a_loop(units: &[String], is_same: bool) -> bool {
    let counts = || {
        let numbers: Vec<Vec<&str>> = units.iter().map(|unit| numbers(unit)).collect();
        counts_up(&numbers) || counts_in_han(units)
    };
    let least = match letters(&units[0]) {
        _ if is_called(&units[0]) => 12,
        0..=3 => return false,
        4..=7 if is_same => 12,
        4..=7 => 20,
        8..=15 => 5,
        _ => 4,
    };
    units.len() >= least && (is_same || counts())
}

/// What stands on the page besides its lines.
struct Around {
    /// Of each line, whether it is a paragraph of running prose: whole sentences, of more than one clause.
    is_prose: Vec<bool>,
    /// Of each line, whether it is verse or a speech.
    is_verse: Vec<bool>,
    /// Whether an extraction left its marks on the page.
    is_broken: bool,
}

impl Around {
    fn of(page: &Page, lines: &[usize]) -> Self {
        let is_prose = |at: &usize| {
            let block = &page.blocks[*at];
            block.is_running_text() && is_paragraph(&page.text()[block.span.clone()])
        };
        let is_verse = |at: &usize| matches!(page.nature.form(*at), Form::Verse | Form::Dialogue);
        Around {
            is_prose: lines.iter().map(is_prose).collect(),
            is_verse: lines.iter().map(is_verse).collect(),
            is_broken: page.nature.breaks.broken || !page.nature.breaks.signs.is_empty(),
        }
    }

    /// Whether the page is prose but for a run: then it is no song, no play and no book of prayers.
    fn is_of_prose(&self, run: &Run) -> bool {
        let outside = || (0..self.is_prose.len()).filter(|at| !(run.start..run.end).contains(at));
        outside().filter(|at| self.is_prose[*at]).count() >= 2
            && !outside().any(|at| self.is_verse[at])
    }
}

/// Whether a unit that is cut off may be a loop's: a song that fades away may break off as well.
fn may_break_off(unit: &str, run: &Run, around: &Around) -> bool {
    let is_song = around.is_verse[run.start] && !around.is_of_prose(run);
    !is_called(unit) && weight(unit) >= 8 && !is_song
}

/// Whether equal paragraphs in a row are a decoder's. People repeat lines, prayers and calls; what they write in prose, in
/// clauses and full sentences, they do not write five times, and end the page with it.
fn are_paragraphs_of_a_loop(run: &Run, texts: &[&str], around: &Around) -> bool {
    let unit = &texts[run.start..run.start + run.period];
    let is_announced = run.start > 0 && ending(texts[run.start - 1]) == Ending::Colon;
    let is_prose = unit
        .iter()
        .all(|text| is_paragraph(text) && !is_called(text));
    if !is_prose || run.times() >= BEYOND_REASON {
        return is_prose;
    }
    if is_announced || !around.is_of_prose(run) {
        return false;
    }
    let is_signed = unit.iter().any(|text| is_signed(text));
    run.times()
        >= match run.end == texts.len() {
            true if around.is_broken || is_signed => 5,
            true => 10,
            false => 16,
        }
}

/// Whether a signature such as （方砚） stands behind the last sentence: an article is signed once.
fn is_signed(text: &str) -> bool {
    let unsigned = text.trim_end().strip_suffix(['）', ')']);
    let parts = unsigned.and_then(|text| text.rsplit_once(['（', '(']));
    parts.is_some_and(|(body, name)| {
        (2..=8).contains(&name.chars().count())
            && name.chars().all(|c| c.is_alphabetic() || c == ' ')
            && ends_sentence(body)
    })
}

/// Sentences of more than one clause, that nobody is quoted with.
fn is_paragraph(text: &str) -> bool {
    weight(text) >= 20
        && ends_sentence(text)
        && text
            .trim_end()
            .trim_end_matches(is_clause_mark)
            .contains(is_clause_mark)
        && !text.starts_with(|c| is_quote(c) || is_opener(c))
}

/// Whether the line behind the last whole one is its beginning, and breaks off in the middle of a clause.
fn is_broken_off(run: &Run, texts: &[&str]) -> bool {
    let Some(last) = texts.get(run.end).map(|text| without_number(text)) else {
        return false;
    };
    let whole = without_number(texts[run.start + (run.end - run.start) % run.period]);
    last.len() >= 6 && whole.starts_with(last) && may_go_on(whole, last.len())
}

/// The lines of all units but the first. The last line of all may be broken off.
fn after_the_first(run: &Run, texts: &[&str]) -> Range<usize> {
    let end = if is_broken_off(run, texts) {
        run.end + 1
    } else if run.end == texts.len() {
        run.end
    } else {
        run.start + run.times() * run.period
    };
    run.start + run.period..end
}

/// Nobody writes out a paragraph so often: a rosary has 150 beads.
const BEYOND_REASON: usize = 200;

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
