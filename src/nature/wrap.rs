//! Whether lines were broken because a column was full, or where their writer ended them.
//!
//! Of prose that is wrapped at a width, no line is longer than it, and on none the next line's first word had room; its
//! lines end in marks no more often than words do. Verse fails one or the other.
//!
//! All shares and thresholds here were set by trial on half 0 of the pages of benches/nature.rs. There, over whole pages,
//! full lines of Latin verse end in marks 3.4 to 7 times as often as words do, those of wrapped prose and of newspapers
//! .2 to 1.9 times.

use super::Judged;
use super::line::{Begins, Line};
use super::marker::Style;
use crate::page::nature::Form;
use crate::text::script::Script;
use crate::text::sentence::Ending;

/// Pairs of lines on either side that tell how the lines here are broken.
const AROUND: usize = 10;
/// Columns of full-width print change their widths beside pictures and headlines.
const AROUND_WIDE: usize = 6;

/// Two lines one under another: what the break between them says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// Nothing stands between them, and neither is of a kind that is never wrapped.
    pub near: bool,
    /// The first ends no sentence, and the second does not begin anew.
    pub open: bool,
    pub wide: bool,
    /// The widths of a column at which it would have been broken here: from, and up to but not with.
    pub from: usize,
    pub to: usize,
    pub marked: bool,
    pub small: bool,
    pub capital: bool,
    pub rhymes: bool,
    pub inner_marks: usize,
    pub places: usize,
    pub width: usize,
    /// Whether its script marks the ends of sentences.
    pub punctuated: bool,
}

/// What the pairs around a line say together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around {
    /// Pairs of lines, and those of them whose first line is open.
    pub pairs: usize,
    pub open: usize,
    /// The width that most open lines were broken at, and how many of them were, of a thousand.
    pub width: usize,
    pub filled: f32,
    /// Lines of that width, open or not, and the share of lines that are longer.
    pub full: usize,
    pub over: f32,
    /// The share of them that have one mark within.
    pub halved: f32,
    /// Marks in these lines, at their ends or within.
    pub full_marks: usize,
    /// How many times more often a line of that width ends in a mark than a word does.
    pub marked: f32,
    /// Marks at the ends of lines and within them.
    pub marks: usize,
    /// Pairs in a script that marks the ends of sentences.
    pub punctuated: usize,
    /// Of the second lines of open pairs, how many begin with a small letter, and with a capital.
    pub small: f32,
    pub capital: f32,
    pub rhymes: f32,
    /// The mean width of a line, in columns.
    pub mean: f32,
}

impl Pair {
    /// A line and the one that it might go on in.
    pub(super) fn of(lines: &[Line], at: usize, next: Option<usize>) -> Self {
        let Some(next) = next.map(|next| &lines[next]) else {
            return Pair::default();
        };
        let line = &lines[at];
        let wide = line.is_wide();
        let begins_anew =
            next.begins_item() || next.indent >= line.indent + 2 && line.ending == Ending::Sentence;
        let from = line.indent + line.width;
        let rhymes = line.sound != 0
            && lines[at + 1..]
                .iter()
                .take(4)
                .any(|other| other.sound == line.sound && !is_same_by_chance(line, other));
        Pair {
            near: !(begins_anew && line.ending == Ending::Sentence),
            open: !matches!(line.ending, Ending::Sentence | Ending::Colon) && !begins_anew,
            wide,
            // a mark may hang over the edge, or the line be one short so that a mark stays with its word
            from: from.saturating_sub(if wide { 1 } else { 0 }),
            to: from + next.first_word + 1,
            marked: line.ends_in_mark(),
            small: next.begins == Begins::Small,
            capital: next.begins == Begins::Capital,
            rhymes,
            inner_marks: line.inner_marks,
            places: line.places,
            width: line.width,
            punctuated: line.script.marks_sentence_ends(),
        }
    }
}

/// Whether two lines end in the same word, as lines of prose may. In scripts without capitals it counts as a rhyme: lines
/// of a ghazal end so, and little else tells them from prose.
fn is_same_by_chance(line: &Line, other: &Line) -> bool {
    line.script.has_capitals() && last_word_same(line, other)
}

fn last_word_same(one: &Line, other: &Line) -> bool {
    fn word(text: &str) -> &str {
        text.trim_end_matches(|c: char| !c.is_alphabetic())
            .rsplit(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or_default()
    }
    if one.is_wide() {
        return false;
    }
    let (one, other) = (word(one.text), word(other.text));
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        one.to_lowercase() == other.to_lowercase()
    }
}

/// What the pairs around each pair of near lines say.
pub(super) fn around(pairs: &[Pair]) -> Vec<Around> {
    let near: Vec<usize> = (0..pairs.len()).filter(|at| pairs[*at].near).collect();
    let mut all = vec![Around::default(); pairs.len()];
    let mut here: Vec<&Pair> = Vec::new();
    let mut steps = Vec::new();
    for (place, &at) in near.iter().enumerate() {
        let within = if pairs[at].wide { AROUND_WIDE } else { AROUND };
        let beside = &near[place.saturating_sub(within)..near.len().min(place + within + 1)];
        // those of the same neighbourhood: no further than three windows of lines
        here.clear();
        here.extend(
            beside
                .iter()
                .filter(|n| n.abs_diff(at) <= 3 * AROUND)
                .map(|n| &pairs[*n])
                .filter(|pair| pair.wide == pairs[at].wide),
        );
        all[at] = Around::of(&here, &mut steps);
    }
    all
}

/// What all pairs of near lines of a page say, those in narrow script and those in wide.
pub(super) fn whole(pairs: &[Pair]) -> [Around; 2] {
    [false, true].map(|wide| {
        let all = pairs.iter().filter(|p| p.near && p.wide == wide);
        Around::of(&all.collect::<Vec<_>>(), &mut Vec::new())
    })
}

impl Around {
    /// `steps` is room that is used again.
    fn of(pairs: &[&Pair], steps: &mut Vec<u64>) -> Self {
        let mut around = Around::default();
        if pairs.is_empty() {
            return around;
        }
        (around.width, around.filled) = best_width(pairs, steps);
        let mut width = 0;
        let (mut small, mut capital, mut rhymes, mut over) = (0, 0, 0, 0);
        // short lines end where their writer ends them, also in prose
        let (mut ends, mut halved, mut inner_marks, mut places) = (0, 0, 0, 0);
        for pair in pairs {
            around.open += usize::from(pair.open);
            around.marks += pair.inner_marks + usize::from(pair.marked);
            around.punctuated += usize::from(pair.punctuated);
            width += pair.width;
            rhymes += usize::from(pair.rhymes);
            small += usize::from(pair.open && pair.small);
            capital += usize::from(pair.open && pair.capital);
            over += usize::from(pair.from > around.width + 1);
            if pair.from <= around.width && around.width < pair.to {
                around.full += 1;
                ends += usize::from(pair.marked);
                halved += usize::from(pair.inner_marks == 1);
                inner_marks += pair.inner_marks;
                places += pair.places;
            }
        }
        let of = |n: usize, all: usize| n as f32 / all.max(1) as f32;
        around.pairs = pairs.len();
        around.full_marks = inner_marks + ends;
        around.halved = of(halved, around.full);
        around.marked = (of(ends, around.full) + 0.02) / (of(inner_marks, places) + 0.02);
        around.over = of(over, around.pairs);
        around.small = of(small, around.open);
        around.capital = of(capital, around.open);
        around.rhymes = of(rhymes, around.pairs);
        around.mean = of(width, around.pairs);
        around
    }
}

impl Around {
    /// How much speaks for verse: lines that end where clauses end, begin with capitals, rhyme, or have no marks at all.
    pub(crate) fn verse(&self, wide: bool) -> f32 {
        let marked = self.marked.ln();
        let ends = (marked - if wide { 1.0 } else { 0.9 }).max(0.0) * 2.0;
        let ends = ends + if self.is_bare() { 2.0 } else { 0.0 };
        if wide {
            // 长太息以掩涕兮，哀民生之多艰: each line has its pause
            let halved = if self.halved > 0.9 && (20..40).contains(&self.width) && self.full >= 6 {
                2.0
            } else {
                0.0
            };
            return ends
                + halved
                + if self.marks * 6 < self.pairs && self.pairs >= 4 {
                    2.0
                } else {
                    0.0
                };
        }
        let capitals = if self.capital > 0.75 && self.open >= 4 {
            3.0
        } else {
            0.0
        };
        let rhymes = if self.rhymes > 0.25 && self.pairs >= 6 {
            2.0
        } else {
            0.0
        };
        let unmarked = if self.marks * 6 < self.pairs && self.pairs >= 6 {
            1.0
        } else {
            0.0
        };
        ends + capitals + rhymes + unmarked
    }

    /// Whether there is not one mark in several lines: prose has some. Thai and Lao hardly have any, and are told by
    /// their width.
    fn is_bare(&self) -> bool {
        /// Columns: lines of verse are shorter, chosen by eye.
        const PROSE: usize = 50;
        self.marks == 0 && self.pairs >= 3 && (self.punctuated > 0 || self.width < PROSE)
    }

    /// Whether the lines end as those of prose do, whatever their widths.
    pub(crate) fn is_like_prose(&self, wide: bool) -> bool {
        self.open >= 3
            && self.verse(wide) < 0.5
            && self.marked < 2.2
            && self.marks * 4 >= self.pairs
    }

    /// Whether a column broke the lines here, though not those of the rest of the page.
    pub(crate) fn is_surely_wrapped(&self, wide: bool) -> bool {
        self.is_wrapped(wide)
            && (wide
                || self.filled >= 0.9
                    && self.open >= 10
                    && self.verse(wide) < 0.1
                    && self.marked < 2.0)
    }

    /// Whether a column broke the lines here.
    pub(crate) fn is_wrapped(&self, wide: bool) -> bool {
        /// Open pairs: of fewer, any two look alike.
        const FEWEST: usize = 3;
        if self.open < FEWEST {
            return false;
        }
        let verse = self.verse(wide);
        if wide {
            // lines of a few characters are verse more often than columns: names and titles have no marks
            if self.width < 20 {
                return self.width >= 10
                    && self.filled >= 0.75
                    && self.full >= 4
                    && self.full_marks * 4 >= self.full
                    && verse < 0.3;
            }
            let even = self.over <= 0.05 && self.full >= 4 && self.filled >= 0.4;
            return (even || self.filled >= 0.75) && verse < 1.5;
        }
        /// Columns: no newspaper's are narrower.
        const NARROWEST: usize = 24;
        self.width >= NARROWEST
            && (self.filled >= 0.8 && verse < 1.5
                || self.filled >= 0.6 && verse < 0.5 && self.small >= 0.5 && self.marked < 2.0)
    }
}

/// The width at which most open pairs would have been broken, and the share of them that would.
fn best_width(pairs: &[&Pair], steps: &mut Vec<u64>) -> (usize, f32) {
    // the width at which a pair begins or (even numbers, so that they come first) ceases to be one that would break
    steps.clear();
    for pair in pairs.iter().filter(|p| p.open) {
        steps.push(pair.from as u64 * 2 + 1);
        steps.push(pair.to as u64 * 2);
    }
    let open = steps.len() / 2;
    steps.sort_unstable();
    let (mut best, mut width, mut now) = (0, 0, 0);
    for step in steps.iter() {
        if step % 2 == 0 {
            now -= 1;
            continue;
        }
        now += 1;
        if now > best {
            (best, width) = (now, (step / 2) as usize);
        }
    }
    let filled = if open == 0 {
        0.0
    } else {
        best as f32 / open as f32
    };
    (width, filled)
}

/// The line that a line might go on in: the next, or the first of the next page.
pub(super) fn next_line(
    lines: &[Line],
    forms: &[Judged],
    free: &[bool],
    at: usize,
) -> Option<usize> {
    if !free[at] {
        return None;
    }
    let is_furniture = |at: usize| matches!(forms[at], Some((Form::Furniture, _)));
    let next = (at + 1..lines.len().min(at + 5)).find(|next| !is_furniture(*next))?;
    let turns = lines[at + 1..=next].iter().any(|line| line.new_page);
    (free[next] && (turns || next == at + 1 && lines[next].gap == 0)).then_some(next)
}

/// Which lines go on in the next.
pub(super) fn goes_on(
    lines: &[Line],
    nexts: &[Option<usize>],
    pairs: &[Pair],
    arounds: &[Around],
    whole: &[Around; 2],
) -> Vec<bool> {
    let mut goes_on = judged_alone(lines, nexts, pairs, arounds, whole);
    if goes_on.contains(&true) && (is_exam(lines) || is_chance(&goes_on, nexts, pairs)) {
        goes_on.fill(false);
    }
    for at in 0..lines.len() {
        let is_cut = pairs[at].near && pairs[at].small && lines[at].is_cut();
        goes_on[at] |= is_cut && nexts[at].is_some();
    }
    goes_on
}

/// Whether so few of the lines that may go on do that nothing broke them: in verse some lines look so by chance.
fn is_chance(goes_on: &[bool], nexts: &[Option<usize>], pairs: &[Pair]) -> bool {
    /// One in so many; chosen by eye: of the lines of a column that are not last in their paragraph most go on.
    const FEWEST: usize = 10;
    let may = |at: &usize| nexts[*at].is_some() && pairs[*at].near && pairs[*at].open;
    let open = (0..goes_on.len()).filter(may).count();
    goes_on.iter().filter(|goes_on| **goes_on).count() * FEWEST < open
}

/// Whether a page is an exam: some of its lines are options, A. to D., each of which stands alone, or say what is the
/// answer and how much it counts.
fn is_exam(lines: &[Line]) -> bool {
    /// The options of two questions, and one line in so many.
    const FEWEST: usize = 6;
    const ONE_IN: usize = 20;
    const LABELS: [&str; 6] = [
        "【答案】",
        "【解析】",
        "【分析】",
        "【解答】",
        "【点评】",
        "【考点】",
    ];
    const FEWEST_LABELLED: usize = 3;
    let is_labelled = |line: &&Line| {
        LABELS.iter().any(|label| line.text.starts_with(label)) || counts_points(line.text)
    };
    if lines
        .iter()
        .filter(is_labelled)
        .nth(FEWEST_LABELLED - 1)
        .is_some()
    {
        return true;
    }
    let is_option = |line: &&Line| {
        line.begins == Begins::Capital
            && line.marker.is_some_and(|marker| {
                matches!(marker.style, Style::Letter(..)) && (1..=5).contains(&marker.value)
            })
    };
    let options = lines.iter().filter(is_option).count();
    options >= FEWEST && options * ONE_IN >= lines.len()
}

/// （12分）, (5 分): what an answer counts.
fn counts_points(text: &str) -> bool {
    text.match_indices('分').any(|(at, _)| {
        let before = text[..at].trim_end();
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit());
        number.len() < before.len()
            && number.trim_end().ends_with(['（', '('])
            && text[at + '分'.len_utf8()..].starts_with(['）', ')', '，', '。'])
    })
}

/// Which lines go on in the next, by what is around each.
fn judged_alone(
    lines: &[Line],
    nexts: &[Option<usize>],
    pairs: &[Pair],
    arounds: &[Around],
    whole: &[Around; 2],
) -> Vec<bool> {
    let is_marked = marks_paragraphs(lines);
    (0..lines.len())
        .map(|at| {
            let (pair, around) = (&pairs[at], &arounds[at]);
            let Some(next) = nexts[at].filter(|_| pair.near) else {
                return false;
            };
            let (line, next) = (&lines[at], &lines[next]);
            if next.begins == Begins::Capital && next.script == Script::Latin && line.han > 0 {
                // English below Chinese
                return false;
            }
            let whole = &whole[usize::from(pair.wide)];
            let page = whole.is_wrapped(pair.wide);
            // columns of several widths have no one width
            let here = if page || whole.is_like_prose(pair.wide) {
                around.is_wrapped(pair.wide)
            } else {
                around.is_surely_wrapped(pair.wide)
            };
            // a short paragraph on a page of wrapped text
            let there = page && around.verse(pair.wide) < 1.5;
            if !(here || there) {
                return false;
            }
            let widths = [around.width, whole.width].map(|width| {
                let slack = if pair.wide { 1 } else { width / 12 };
                // paragraphs may be set wider than most
                (!pair.wide || pair.from <= width + slack) && pair.to + slack > width
            });
            if !(here && widths[0] || there && widths[1]) {
                return false;
            }
            // a full line that ends a sentence may end a paragraph too, unless those begin otherwise
            let same_paragraph =
                (is_marked || pair.small) && !next.begins_item() && next.indent < line.indent + 2;
            pair.open || line.ending == Ending::Sentence && same_paragraph
        })
        .collect()
}

/// Whether paragraphs begin with an indent, or behind an empty line.
fn marks_paragraphs(lines: &[Line]) -> bool {
    let close = lines.windows(2).filter(|two| two[1].gap == 0).count();
    let indented = lines
        .windows(3)
        .filter(|three| {
            three[0].ending != Ending::Open
                && three[1].indent >= three[2].indent + 2
                && three[2].gap == 0
        })
        .count();
    let gaps = lines.len().saturating_sub(close + 1);
    indented > 0 && indented * 40 >= close || gaps >= 2 && gaps * 15 > close
}

/// The number that comes most often; of several the largest.
pub(super) fn most_frequent(numbers: impl Iterator<Item = usize>) -> usize {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    let runs = numbers.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map_or(0, |run| run[0])
}
