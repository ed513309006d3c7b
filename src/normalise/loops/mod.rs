//! Drops what a recogniser's decoder repeated: one instance of the phrase, line or table row stays.

mod lines;
mod periods;
mod piece;
mod seen;

pub(super) use lines::drop_lines;
pub(super) use seen::Seen;

use super::sorts::LOOP;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Grade, Span};
use crate::page::nature::Form;
use crate::page::{Kind, Page};
use crate::text::chars::{is_letter, is_wide};
use crate::text::sentence::{ends_sentence, is_opener};
use periods::{Run, runs};
use piece::{Torn, is_a_piece, least, least_times, letters, may_go_on};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Loop,
    examples: &[
        (
            "渡口加强安全的工作的工作的工作的工作的工作，旅客放心。",
            "渡口加强安全的工作，旅客放心。",
        ),
        ("灯塔重新点亮。。。。。。。。", "灯塔重新点亮。"),
        ("守塔人的的的的的的灯", "守塔人的灯"),
        (
            "旅客们在码头上等候渡轮，旅客们在码头上等候渡轮，旅客们在码头上等候渡轮，旅客们在码头上等候渡轮，旅客们在码",
            "旅客们在码头上等候渡轮，",
        ),
        (
            "He came to the the the the the river.",
            "He came to the river.",
        ),
        (
            "他笑了，哈哈哈哈哈哈哈哈，加油！加油！加油！加油！",
            "他笑了，哈哈哈哈哈哈哈哈，加油！加油！加油！加油！",
        ),
        (
            "第一章　渡口................12",
            "第一章　渡口................12",
        ),
        ("0 0 0 0 0 0 0 0 0 0", "0 0 0 0 0 0 0 0 0 0"),
        ("ATATATATATATATATATATAT", "ATATATATATATATATATATAT"),
        (
            "表决：赞成 赞成 赞成 赞成 赞成 赞成 反对",
            "表决：赞成 赞成 赞成 赞成 赞成 赞成 反对",
        ),
        (
            "1月客运12万人次，2月客运12万人次，3月客运15万人次",
            "1月客运12万人次，2月客运12万人次，3月客运15万人次",
        ),
        ("摇啊摇，摇啊摇，摇到外婆桥", "摇啊摇，摇啊摇，摇到外婆桥"),
        (
            "一盏灯照着江水一盏灯照着江水一盏灯照着江水一盏灯照着江水一盏灯照着江水一盏灯照着江水",
            "一盏灯照着江水一盏灯照着江水一盏灯照着江水一盏灯照着江水一盏灯照着江水一盏灯照着江水",
        ),
        (
            "外面喊：下雨了下雨了下雨了下雨了下雨了，快收衣服。",
            "外面喊：下雨了下雨了下雨了下雨了下雨了，快收衣服。",
        ),
    ],
    grade: Grade::Verified,
    wants: LOOP,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.is_program() {
        return Vec::new();
    }
    loops(text, context.kind)
        .into_iter()
        .filter(|l| l.grade == Grade::Verified)
        .map(|l| Edit::delete(l.again))
        .collect()
}

/// Reports what may or may not be a loop.
pub(super) fn remark_on(page: &mut Page, block: usize) {
    let nature = page.nature.blocks.get(block);
    if nature.is_some_and(|nature| matches!(nature.form, Form::Code | Form::Data)) {
        return;
    }
    let reading = page.reading(page.blocks[block].span.clone());
    let found = loops(&reading.text, page.blocks[block].kind);
    let suspected = found.into_iter().filter(|l| l.grade == Grade::Suspected);
    let edits: Vec<Edit> = suspected
        .map(|l| reading.trace(Edit::delete(l.again)))
        .collect();
    page.edit(&Cause::suspected(RULE.cause, Evidence::default()), edits);
}

/// A stretch that repeats what stands before it.
struct Loop {
    again: Span,
    grade: Grade,
}

/// The loops of a block; no two overlap.
fn loops(text: &str, kind: Kind) -> Vec<Loop> {
    let exact = Tokens::of(text, false);
    let exact_runs = runs(&exact.keys);
    let mut found: Vec<Loop> = exact_runs
        .iter()
        .filter_map(|run| exact.judge(run, kind))
        .collect();
    if kind != Kind::Table && text.bytes().any(|b| b.is_ascii_digit()) {
        let counted = Tokens::of(text, true);
        let counted_runs = runs(&counted.keys);
        let counting = counted_runs.iter();
        found.extend(counting.filter_map(|run| counted.judge_counter(run)));
    }
    apart(found)
}

/// The loops of which no two overlap: those that are surer first, then those that are longer.
fn apart(mut found: Vec<Loop>) -> Vec<Loop> {
    found.sort_by_key(|l| {
        let is_suspected = l.grade == Grade::Suspected;
        (is_suspected, Reverse(l.again.len()), l.again.start)
    });
    let mut apart: BTreeMap<usize, Loop> = BTreeMap::new();
    for one in found {
        // no two overlap, so of those before its end the last reaches furthest
        let last = apart.range(..one.again.end).next_back();
        if last.is_none_or(|(_, other)| other.again.end <= one.again.start) {
            apart.insert(one.again.start, one);
        }
    }
    apart.into_values().collect()
}

/// Characters as the search for periods sees them, each with where it begins.
struct Tokens<'a> {
    text: &'a str,
    keys: Vec<u64>,
    /// One more than keys: the last is the length of the text.
    starts: Vec<usize>,
}

impl<'a> Tokens<'a> {
    /// With `counted`, digits in a row are one token, and all are alike.
    fn of(text: &'a str, counted: bool) -> Self {
        let (mut keys, mut starts) = (
            Vec::with_capacity(text.len() / 2),
            Vec::with_capacity(text.len() / 2),
        );
        let mut in_number = false;
        for (at, c) in text.char_indices() {
            let is_number = counted && c.is_ascii_digit();
            if !is_number || !in_number {
                keys.push(if is_number { '0' } else { c } as u64);
                starts.push(at);
            }
            in_number = is_number;
        }
        starts.push(text.len());
        Tokens { text, keys, starts }
    }

    /// The text of some tokens.
    fn slice(&self, tokens: Span) -> &'a str {
        &self.text[self.starts[tokens.start]..self.starts[tokens.end]]
    }

    fn judge(&self, run: &Run, kind: Kind) -> Option<Loop> {
        let unit = self.slice(run.start..run.start + run.period);
        let wide = || unit.chars().filter(|c| is_wide(*c)).count();
        let torn = self.torn(run);
        let (least, is_proved) = match kind {
            // equal rows are data, unless the last breaks off
            Kind::Table if (unit.contains('\n') || unit.contains("<tr")) && wide() >= 4 => {
                (least(10, 6)?, torn.is_broken_off)
            }
            Kind::Table => return None,
            _ => (least_times(unit)?, is_a_piece(unit, &torn)),
        };
        Some(Loop {
            grade: least.grade(run.times(), is_proved)?,
            again: self.again(run),
        })
    }

    /// The same text with a number that grows by one, if it breaks off: anything else that numbers say is data.
    fn judge_counter(&self, run: &Run) -> Option<Loop> {
        let starts = (0..run.times()).map(|n| run.start + n * run.period);
        let units: Vec<&str> = starts.map(|s| self.slice(s..s + run.period)).collect();
        let numbers: Vec<Vec<&str>> = units.iter().map(|unit| numbers(unit)).collect();
        let is_date = units[0].contains([
            '年', '月', '日', '时', '時', '点', '點', '%', '％', '万', '億', '亿', '元',
        ]);
        if is_date || !counts_up(&numbers) {
            return None;
        }
        let least = match letters(units[0]) {
            0..=2 => return None,
            3..=5 => least(24, 12)?,
            6..=11 => least(10, 6)?,
            _ => least(6, 4)?,
        };
        Some(Loop {
            grade: least.grade(run.times(), self.torn(run).is_broken_off)?,
            again: self.again(run),
        })
    }

    /// Where a run stops in the middle of a clause.
    fn torn(&self, run: &Run) -> Torn {
        let unit = self.slice(run.start..run.start + run.period);
        let rest = (run.end - run.start) % run.period;
        let broken = self.starts[run.start + rest] - self.starts[run.start];
        let goes_on = |at: usize| may_go_on(self.text, self.starts[at]);
        Torn {
            head: goes_on(run.start),
            tail: goes_on(run.end),
            is_broken_off: run.end == self.keys.len()
                && !ends_sentence(self.text)
                && may_go_on(unit, broken),
        }
    }

    /// All units but the first; at the end of the block the broken one too, unless it ends a sentence, since a run may begin
    /// with the mark before its first unit. Where the last is broken, the mark that ends the first unit stays.
    fn again(&self, run: &Run) -> Span {
        let whole = run.start + run.times() * run.period;
        let breaks_off = run.end == self.keys.len() && !ends_sentence(self.text);
        let end = if breaks_off { run.end } else { whole };
        let again = self.starts[run.start + run.period]..self.starts[end];
        let closed = if breaks_off {
            closes(&self.text[again.clone()])
        } else {
            0
        };
        again.start + closed..again.end
    }
}

/// The bytes at the head of a text that end what stands before it: marks, or the border of a row.
fn closes(text: &str) -> usize {
    let marks = text.find(is_letter).unwrap_or(0);
    let ends_here = |c: char| c == '\n' || is_opener(c);
    text[..marks].find(ends_here).unwrap_or(marks)
}

fn numbers(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect()
}

/// Whether one number of each unit grows by one from unit to unit, and the others are the same in all.
fn counts_up(units: &[Vec<&str>]) -> bool {
    let Some((first, others)) = units.split_first() else {
        return false;
    };
    let number = |unit: &Vec<&str>, at: usize| unit.get(at).and_then(|n| n.parse::<usize>().ok());
    let rises = |at: usize| {
        let from = number(first, at);
        others
            .iter()
            .zip(1..)
            .all(|(unit, more)| from.is_some_and(|from| number(unit, at) == Some(from + more)))
    };
    let is_same = |at: usize| others.iter().all(|unit| unit.get(at) == first.get(at));
    let rising = (0..first.len())
        .filter(|at| !is_same(*at))
        .collect::<Vec<_>>();
    matches!(rising[..], [at] if rises(at))
}
