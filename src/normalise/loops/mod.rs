//! Drops what a recogniser's decoder repeated: one instance of the phrase, line or table row stays.

mod lines;
mod periods;
mod seen;

pub(super) use lines::drop_lines;
pub(super) use seen::Seen;

use super::sorts::LOOP;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Grade, Span};
use crate::page::nature::Form;
use crate::page::{Kind, Page};
use crate::text::chars::{ends_sentence, is_letter, is_wide};
use periods::{Run, runs};
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

// ---- what is one loop

/// How often in a row a unit must stand to be a loop, and to be suspected of it. The numbers below were chosen by eye;
/// `tests/noise.rs` plants loops and holds that they go, and that nothing else does.
#[derive(Clone, Copy)]
struct Least {
    loops: usize,
    suspected: usize,
}

impl Least {
    fn grade(self, times: usize) -> Option<Grade> {
        if times >= self.loops {
            Some(Grade::Verified)
        } else {
            (times >= self.suspected).then_some(Grade::Suspected)
        }
    }
}

const fn least(loops: usize, suspected: usize) -> Option<Least> {
    Some(Least { loops, suspected })
}

/// Words that bind others and are never drawn out: nobody says them five times.
const PARTICLES: &str = "的了是在和与與及为為于於以而或由对對将將被把其这這那等";

/// By what is in the unit. Numbers alone are data, marks alone are leaders, rules or emphasis, a few letters with a mark
/// between them are a list of answers, a chant, a roll call.
fn least_times(unit: &str) -> Option<Least> {
    let letters = letters(unit);
    if letters == 0 {
        let is_stop = unit.chars().count() == 1 && "。，、；：".contains(unit);
        return is_stop.then(|| least(6, 5)).flatten();
    }
    if !unit.chars().any(is_wide) {
        return least_times_of_words(unit, letters);
    }
    let bare = unit.chars().all(is_letter);
    let called = unit.contains(['！', '!', '？', '?', '～', '~']);
    let binds = unit.chars().any(|c| PARTICLES.contains(c));
    match letters {
        1 if bare && binds => least(5, 4),
        1 if bare && unit.starts_with(is_interjection) => None,
        1 if bare => least(20, 10),
        2 if bare => least(16, 10),
        3..=4 if bare && binds && !unit.contains(['我', '你', '他', '她', '天', '真', '好']) => {
            least(4, 3)
        }
        3..=4 if bare => least(12, 6),
        1..=4 => least(60, 30),
        _ if called => least(16, 8),
        5..=9 if bare => least(6, 4),
        5..=9 => least(8, 5),
        _ => least(4, 3),
    }
}

/// How many letters a text has; numbers do not count.
fn letters(text: &str) -> usize {
    let letters = text.chars().filter(|c| is_letter(*c) && !c.is_numeric());
    letters.count()
}

/// Of a unit without wide characters. One without spaces is a code: hex digits, bases, base64.
fn least_times_of_words(unit: &str, letters: usize) -> Option<Least> {
    const BOUND: [&str; 18] = [
        "the", "of", "to", "and", "a", "in", "is", "that", "for", "it", "as", "was", "with", "be",
        "by", "on", "at", "or",
    ];
    if unit.contains('\\') {
        return least(6, 5); // \hline \hline
    }
    let spaces = unit.matches(char::is_whitespace).count();
    let is_of_words = |c: char| c.is_alphabetic() || " ,.;'-’".contains(c);
    if !unit.is_ascii() && spaces == 0 || !unit.chars().all(is_of_words) {
        return None;
    }
    match spaces {
        0 => None,
        1 if BOUND.contains(&&*word_of(unit)) => least(4, 3),
        1 => least(20, 10),
        2 => least(12, 6),
        _ if letters >= 12 => least(5, 4),
        _ => least(12, 6),
    }
}

/// The word of a unit of one word. A run begins anywhere in it: he t|he t|he t
fn word_of(unit: &str) -> String {
    let around = unit.repeat(2);
    around.split(' ').nth(1).unwrap_or_default().to_lowercase()
}

/// 哈, 呀, 咚: a character with the radical 口 is a sound, and a sound may be drawn out.
fn is_interjection(c: char) -> bool {
    ('\u{53e3}'..='\u{56d6}').contains(&c) || "啊哈呵滴嘀轰轟砰隆吱嘎汪喵嗒".contains(c)
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
        let letters = || unit.chars().filter(|c| is_wide(*c)).count();
        let least = match kind {
            // rows alone, and those that say something
            Kind::Table if (unit.contains('\n') || unit.contains("<tr")) && letters() >= 4 => {
                least(10, 6)?
            }
            Kind::Table => return None,
            _ => least_times(unit)?,
        };
        Some(Loop {
            grade: least.grade(run.times())?,
            again: self.again(run),
        })
    }

    /// The same text with a number that grows by one: anything else that numbers say is data.
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
            grade: least.grade(run.times())?,
            again: self.again(run),
        })
    }

    /// All units but the first; at the end of the block the broken one too, unless it ends a sentence, since a run may begin
    /// with the mark before its first unit.
    fn again(&self, run: &Run) -> Span {
        let whole = run.start + run.times() * run.period;
        let breaks_off = run.end == self.keys.len() && !ends_sentence(self.text);
        let end = if breaks_off { run.end } else { whole };
        self.starts[run.start + run.period]..self.starts[end]
    }
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
