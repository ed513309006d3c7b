//! Drops what a recogniser's decoder said over and over: one instance of the phrase, line or table row stays.

use super::sorts::LOOP;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Grade, Span};
use crate::page::{Kind, Page};
use crate::text::chars::{ends_sentence, is_han, is_letter, is_wide};
use crate::text::lines::is_item;
use std::collections::{BTreeMap, HashMap};

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
    loops(text, context.kind)
        .into_iter()
        .filter(|l| l.grade == Grade::Verified)
        .map(|l| Edit::delete(l.again))
        .collect()
}

/// Says where something may be a loop and may not.
pub(super) fn remark_on(page: &mut Page, block: usize) {
    let reading = page.reading(page.blocks[block].span.clone());
    let found = loops(&reading.text, page.blocks[block].kind);
    let suspected = found.into_iter().filter(|l| l.grade == Grade::Suspected);
    let edits: Vec<Edit> = suspected
        .map(|l| reading.trace(Edit::delete(l.again)))
        .collect();
    page.edit(&Cause::suspected(RULE.cause, Evidence::default()), edits);
}

/// A stretch that says again what stands before it.
struct Loop {
    again: Span,
    grade: Grade,
}

/// The loops of a block; no two overlap.
fn loops(text: &str, kind: Kind) -> Vec<Loop> {
    let exact = Tokens::of(text, false);
    let mut found: Vec<Loop> = runs(&exact.keys)
        .iter()
        .filter_map(|run| exact.judge(run, kind))
        .collect();
    if kind != Kind::Table && text.bytes().any(|b| b.is_ascii_digit()) {
        let counted = Tokens::of(text, true);
        found.extend(
            runs(&counted.keys)
                .iter()
                .filter_map(|run| counted.judge_counter(run)),
        );
    }
    // what is surer first, then what takes more along
    found.sort_by_key(|l| {
        (
            l.grade == Grade::Suspected,
            std::cmp::Reverse(l.again.len()),
            l.again.start,
        )
    });
    let mut apart: BTreeMap<usize, Loop> = BTreeMap::new();
    for one in found {
        // of those before its end the last reaches furthest, for no two overlap
        let last = apart.range(..one.again.end).next_back();
        if last.is_none_or(|(_, other)| other.again.end <= one.again.start) {
            apart.insert(one.again.start, one);
        }
    }
    apart.into_values().collect()
}

// ---- what is one loop

/// How often in a row a unit must stand to be a loop, and to be suspected of it.
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
    let letters = unit
        .chars()
        .filter(|c| is_letter(*c) && !c.is_numeric())
        .count();
    let bare = unit.chars().all(is_letter);
    if letters == 0 {
        let is_stop = unit.chars().count() == 1 && "。，、；：".contains(unit);
        return if is_stop { least(6, 5) } else { None };
    }
    if !unit.chars().any(is_wide) {
        return least_times_of_words(unit, letters);
    }
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
    if !unit.is_ascii() && spaces == 0
        || unit
            .chars()
            .any(|c| !c.is_alphabetic() && c != ' ' && !",.;'-’".contains(c))
    {
        return None;
    }
    // a run begins anywhere in its words: he t|he t|he t
    let around = unit.repeat(2);
    match spaces {
        0 => None,
        1 => {
            let word = around.split(' ').nth(1).unwrap_or_default().to_lowercase();
            if BOUND.contains(&&*word) {
                least(4, 3)
            } else {
                least(20, 10)
            }
        }
        2 => least(12, 6),
        _ if letters >= 12 => least(5, 4),
        _ => least(12, 6),
    }
}

/// 哈, 呀, 咚: what is written with a mouth is a sound, and a sound may be drawn out.
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
        let units: Vec<Span> = (0..run.times())
            .map(|n| run.start + n * run.period)
            .map(|s| s..s + run.period)
            .collect();
        let unit = self.slice(units[0].clone());
        let numbers: Vec<Vec<&str>> = units
            .iter()
            .map(|u| numbers(self.slice(u.clone())))
            .collect();
        let is_date = unit.contains([
            '年', '月', '日', '时', '時', '点', '點', '%', '％', '万', '億', '亿', '元',
        ]);
        if is_date || !counts_up(&numbers) {
            return None;
        }
        let least = match unit
            .chars()
            .filter(|c| is_letter(*c) && !c.is_numeric())
            .count()
        {
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

    /// All units but the first; at the end of the block the broken one too, unless it ends a sentence: a run may begin
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

// ---- lines over and over

/// Drops lines that stand in a row over and over, alone or several in turn, with or without a counter in them.
pub(super) fn drop_lines(page: &mut Page) {
    let lines: Vec<usize> = (0..page.blocks.len())
        .filter(|at| {
            let block = &page.blocks[*at];
            !block.dropped
                && !matches!(
                    block.kind,
                    Kind::Code | Kind::Table | Kind::Masthead | Kind::Jump
                )
        })
        .collect();
    let text = |at: usize| &page.text()[page.blocks[lines[at]].span.clone()];
    let ends: Vec<u64> = (0..lines.len()).map(|at| end(text(at))).collect();
    // nearly every page ends here
    if !(1..=MOST_LINES).any(|period| recurs(&ends, period)) {
        return;
    }
    let keys: Vec<u64> = (0..lines.len())
        .map(|at| without_numbers(text(at)))
        .collect();
    let mut edits: [Vec<usize>; 2] = Default::default();
    for run in runs(&keys).iter().filter(|run| run.period <= MOST_LINES) {
        let unit = |n: usize| run.start + n * run.period..run.start + (n + 1) * run.period;
        let said: Vec<String> = (0..run.times())
            .map(|n| unit(n).map(text).collect::<Vec<_>>().join("\n"))
            .collect();
        let letters = said[0]
            .chars()
            .filter(|c| is_letter(*c) && !c.is_numeric())
            .count();
        let is_same = said.iter().all(|s| *s == said[0]);
        let counts = || {
            counts_up(&said.iter().map(|s| numbers(s)).collect::<Vec<_>>()) || counts_in_han(&said)
        };
        let least = match letters {
            _ if said[0].contains(['！', '!']) => least(24, 12),
            0..=3 => None,
            4..=7 if is_same => least(24, 12),
            4..=7 => least(40, 20),
            8..=15 => least(10, 5),
            _ => least(6, 4),
        };
        let Some(grade) = least
            .filter(|_| is_same || counts())
            .and_then(|l| l.grade(run.times()))
        else {
            continue;
        };
        let whole = run.start + run.times() * run.period;
        // the last line of all may be broken off
        let broken = run.end == lines.len()
            || run.end + 1 == lines.len() && {
                let begins = without_number(text(run.start + (run.end - run.start) % run.period));
                let last = without_number(text(run.end));
                last.len() >= 6 && begins.starts_with(last)
            };
        let again = run.start + run.period..if broken { lines.len() } else { whole };
        edits[usize::from(grade == Grade::Suspected)].extend(again);
    }
    let [mut again, suspected] = edits;
    again.sort_unstable();
    again.dedup();
    let suspected: Vec<Edit> = suspected
        .into_iter()
        .filter(|at| again.binary_search(at).is_err())
        .map(|at| Edit::delete(page.blocks[lines[at]].span.clone()))
        .collect();
    page.edit(
        &Cause::suspected(RULE.cause, Evidence::default()),
        suspected,
    );
    again.into_iter().for_each(|at| {
        page.drop_block(&Cause::verified(RULE.cause, Evidence::default()), lines[at])
    });
}

/// Lines that come in turn.
const MOST_LINES: usize = 8;

/// The last bytes of a line, all digits alike.
fn end(text: &str) -> u64 {
    text.bytes().rev().take(8).fold(0, |key, b| {
        key << 8 | u64::from(if b.is_ascii_digit() { b'0' } else { b })
    })
}

/// Whether four units of this many lines seem to stand in a row.
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

/// A hash of a line whose numbers are all alike, and so is the number of an item.
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
    let mut behind = rest.chars();
    behind.next();
    behind.as_str()
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

// ---- periods

/// A stretch in which each key is that `period` before it, but for the first ones.
struct Run {
    start: usize,
    period: usize,
    end: usize,
}

impl Run {
    fn times(&self) -> usize {
        (self.end - self.start) / self.period
    }
}

/// No decoder seen repeats more.
const LONGEST_PERIOD: usize = 1024;

/// The runs of three periods and more, in O(n log n): in a run, a window no shorter than the period stands last exactly
/// a period before. So windows of 1, 2, 4, 8 … keys find the periods up to their length. (Repetitions that occur only
/// twice, for which Main and Lorentz 1984 need more, do not matter here.)
fn runs(keys: &[u64]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut width = 1;
    while width / 2 * 3 < keys.len() && width <= LONGEST_PERIOD {
        runs_of(keys, width, &mut found);
        width *= 2;
    }
    found.retain(|run| {
        run.times() >= 3
            && (run.start + run.period..run.end).all(|at| keys[at] == keys[at - run.period])
    });
    found
}

/// The runs with a period of more than half the width up to it.
fn runs_of(keys: &[u64], width: usize, found: &mut Vec<Run>) {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    if keys.len() < width {
        return;
    }
    let leaves = (0..width).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = keys[..width].iter().fold(0u64, |hash, key| {
        hash.wrapping_mul(BASE).wrapping_add(mixed(*key))
    });
    let mut last: HashMap<u64, usize> = HashMap::with_capacity(keys.len());
    let mut run: Option<Run> = None;
    for at in 0..=keys.len() - width {
        if at > 0 {
            let (old, new) = (mixed(keys[at - 1]), mixed(keys[at + width - 1]));
            hash = hash
                .wrapping_mul(BASE)
                .wrapping_add(new)
                .wrapping_sub(old.wrapping_mul(leaves));
        }
        let Some(before) = last.insert(hash, at) else {
            continue;
        };
        let period = at - before;
        if period > width || period * 2 <= width {
            continue;
        }
        match &mut run {
            Some(run) if run.period == period && run.end + 1 == at + width => run.end += 1,
            _ => found.extend(run.replace(Run {
                start: before,
                period,
                end: at + width,
            })),
        }
    }
    found.extend(run);
}

fn mixed(key: u64) -> u64 {
    let key = (key ^ (key >> 31)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    key ^ (key >> 29)
}

// ---- the look that every block gets

/// Where each eight bytes of a page were last seen: made once a page, so that blocks need not clear it.
#[derive(Default)]
pub(super) struct Seen(Vec<u32>);

/// So many stay in the fastest cache. What is forgotten on the way is seen once more with the next period.
const MOST_BITS: u32 = 12;

impl Seen {
    pub(super) fn of(page: &Page) -> Self {
        let bits = (usize::BITS - (page.text().len() / 4).leading_zeros()).clamp(4, MOST_BITS);
        Seen(vec![0; 1 << bits])
    }

    /// Whether a part of the page's text may hold a loop: eight bytes stand again, at the same distance all the way over
    /// twice that distance. Clean text hardly ever does, so that the search above is for few.
    pub(super) fn may_loop(&mut self, page: &str, span: &Span) -> bool {
        /// Bytes of the shortest loop less the window and a period.
        const SHORTEST: usize = 9;
        let bytes = &page.as_bytes()[..span.end];
        let window = |at: usize| {
            bytes[at..]
                .first_chunk()
                .map(|window| u64::from_le_bytes(*window))
        };
        let shift = 64 - self.0.len().trailing_zeros();
        let (mut distance, mut alike) = (usize::MAX, 0);
        for (at, c) in page[span.clone()].char_indices() {
            let at = span.start + at;
            let Some(here) = window(at) else { break };
            if at - span.start >= distance && window(at - distance) == Some(here) {
                alike += c.len_utf8();
                if alike >= SHORTEST && alike >= distance * 2 {
                    return true;
                }
            } else {
                let slot = (here.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize;
                let before = std::mem::replace(&mut self.0[slot], at as u32) as usize;
                if before >= span.start && before < at && window(before) == Some(here) {
                    (distance, alike) = (at - before, c.len_utf8());
                }
            }
        }
        false
    }
}
