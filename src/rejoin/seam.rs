//! How well a tail and a head fit: what the lexicon, the dictionary, open quotation marks and the page say of a seam.

use super::Junction;
use crate::chars::{ends_sentence, is_clause_mark, is_opener};
use crate::lexicon::{END, Lexicon, START, Symbol, counts_as_beginning, symbols};
use crate::page::{Kind, Page};
use crate::repeats::is_item;
use crate::segment::{begins_with_date, is_newsline};
use crate::shingle::is_running_text;
use jieba_rs::Jieba;
use std::sync::LazyLock;

/// What is known of a pair, in the order of `WEIGHTS`.
pub const FEATURES: [&str; 32] = [
    "one",
    "size",
    "adjacent",
    "adjacent by size",
    "across captions",
    "across a headline",
    "far ahead",
    "distance",
    "quotes close",
    "quotes clash",
    "tail like a headline",
    "head like a headline",
    "fit",
    "fit by size",
    "misfit next door",
    "tail is no end",
    "head is no beginning",
    "head is no beginning by size",
    "word over the seam",
    "word over the seam by size",
    "next after a clause",
    "number over the seam",
    "word with another head",
    "word with another head by size",
    "word with another tail",
    "word with another tail by size",
    "no other word",
    "no other word by size",
    "next in order",
    "far in order",
    "lead over other heads",
    "lead over other tails",
];

/// Fitted by `make weights FROM=docs.jsonl FLAGS="--before 20260401"` (benches/seams.rs) on broadcast news, 600 pages broken
/// on purpose. On 200 others: precision .974 and recall .885 at the default, .903 and .527 on a page alone.
pub const WEIGHTS: [f32; FEATURES.len()] = [
    -3.484, 1.594, 2.525, -1.064, 2.228, 3.437, 0.717, -0.925, 3.915, -3.994, -2.248, -2.007, 0.349, 0.156, -0.097,
    -0.029, 1.498, -1.015, 4.656, -4.369, 0.486, -1.328, -1.581, 1.150, -0.408, -0.385, 1.506, 0.522, 1.535, -1.633,
    0.107, 0.103,
];

/// Fitted likewise, without what the page's other junctions say: for the first look at a page.
pub const FIRST_WEIGHTS: [f32; FEATURES.len()] = [
    -3.691, 2.165, 3.337, -1.881, 2.326, 3.594, 0.457, -0.941, 4.018, -4.228, -2.212, -1.982, 0.340, 0.171, -0.072,
    -0.028, 1.580, -1.106, 4.503, -4.174, 0.463, -1.503, -1.758, 1.343, -0.584, -0.114, 1.730, 0.265, 0.000, 0.000,
    0.113, 0.115,
];

/// Features that others are made of, by their place: `SIZE` is how far the counts can be trusted, `DISTANCE` is 0 for
/// neighbours alone, `WORDS` is where those begin that tell of words with other halves.
const SIZE: usize = 1;
const DISTANCE: usize = 7;
const QUOTES: usize = 8;
const WORD: usize = 18;
const CLAUSE: usize = 20;
const NUMBER: usize = 21;
const WORDS: usize = 22;
const ORDER: usize = 28;
const LEADS: usize = 30;

/// A far half is looked for among this many blocks of text on either side.
const REACH: usize = 100;
/// Symbols of a head that the tail still tells something about.
const SEAM: usize = 3;
/// Characters on either side of a seam in which a word over it is looked for.
const WORD_REACH: usize = 6;
/// Characters: what is shorter and has hardly a mark in it reads like a headline.
const HEADLINE: usize = 25;
/// How much less likely than in mid-sentence a head must be to begin one, to be looked at from afar.
const FAR_HEAD: f32 = 0.5;

/// The blocks of running text of a page, with what each says about its two ends.
pub struct Halves {
    halves: Vec<Half>,
}

struct Half {
    block: usize,
    is_tail: bool,
    is_head: bool,
    tail: Vec<Symbol>,
    head: Vec<Symbol>,
    /// log P(symbol | the head before it), for each symbol of a head.
    by_itself: Vec<f32>,
    last: String,
    first: String,
    opens: i32,
    closes: i32,
    like_headline: bool,
    ends_clause: bool,
    announces: bool,
    is_item: bool,
    /// −log P(end | tail); log P(head) − log P(head | beginning).
    no_end: f32,
    no_beginning: f32,
    /// What stands between it and the text before: nothing, captions and the like, or a headline too.
    before: Between,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    Nothing,
    Captions,
    Headline,
}

/// A tail and a head that could be one sentence, with the features of their seam.
pub struct Pair {
    pub tail: usize,
    pub head: usize,
    pub features: [f32; FEATURES.len()],
}

impl Halves {
    pub fn of(page: &Page, lexicon: &Lexicon) -> Self {
        let mut halves = Vec::new();
        if page.laid_out {
            return Halves { halves };
        }
        let wrapped = is_hard_wrapped(page);
        let mut before_ended = true;
        let mut before = Between::Nothing;
        let mut under_headline = false;
        for (at, block) in page.blocks.iter().enumerate().filter(|(_, b)| !b.dropped) {
            if !is_running_text(block) {
                under_headline = matches!(block.kind, Kind::Headline | Kind::Byline);
                before = before.max(if block.kind == Kind::Headline { Between::Headline } else { Between::Captions });
                continue;
            }
            let text = page.reading(block.span.clone()).text;
            let head: Vec<Symbol> = symbols(text.chars()).take(SEAM).collect();
            if head.is_empty() {
                continue;
            }
            let mut tail: Vec<Symbol> = symbols(text.chars().rev()).take(SEAM).collect();
            tail.reverse();
            let ends = ends_sentence(&text);
            let counted = counts_as_beginning(block, before_ended);
            before_ended = ends && !block.closed_tail;
            // lines that stand close are paragraphs, as in most plain text, unless they are evenly filled
            let closed_behind = !wrapped && page.blocks.get(at + 1).is_some_and(|next| next.gap == 0);
            let closed_before = !wrapped && at > 0 && block.gap == 0;
            let is_tail = !ends && !block.closed_tail && block.kind == Kind::Body && !closed_behind;
            let is_item = is_item(&text);
            let opens_anew =
                under_headline || block.indented || is_newsline(&text) || is_item || begins_with_date(&text);
            let is_head = !opens_anew && !block.closed_head && block.kind == Kind::Body && !closed_before;
            let (opens, closes) = if is_tail || is_head { open_quotes(&text) } else { (0, 0) };
            let ends_clause = text.ends_with(is_clause_mark);
            let short = text.chars().nth(HEADLINE).is_none();
            let by_itself = if is_head { log_probabilities(&[], &head, lexicon) } else { Vec::new() };
            halves.push(Half {
                block: at,
                is_tail,
                is_head,
                no_end: if is_tail { -lexicon.log_probability(&tail, END) } else { 0.0 },
                no_beginning: if is_head { no_beginning(&head, &by_itself, lexicon, counted) } else { 0.0 },
                tail,
                head,
                by_itself,
                last: last_characters(&text).into(),
                first: first_characters(&text).into(),
                opens,
                closes,
                like_headline: short && !ends && !ends_clause && text.matches(is_clause_mark).count() <= 1,
                ends_clause,
                announces: text.ends_with(['：', ':', '—']),
                is_item,
                before,
            });
            before = Between::Nothing;
            under_headline = false;
        }
        // the items of a list end in semicolons, and so does the line above a list's second item
        for at in 0..halves.len() {
            let half: &Half = &halves[at];
            let in_list = half.is_item || halves.get(at + 1).is_some_and(|next| next.is_item);
            halves[at].is_tail &= !(in_list && half.last.ends_with(['；', ';']));
        }
        Halves { halves }
    }

    /// The blocks that end in the middle of a sentence, as far as their last characters tell.
    pub fn tails(&self) -> impl Iterator<Item = usize> {
        self.halves.iter().filter(|h| h.is_tail && !h.announces && !h.like_headline).map(|h| h.block)
    }

    /// The pairs worth looking at, with their features.
    pub fn pairs(&self, lexicon: &Lexicon) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut fits = Vec::new();
        for (at, tail) in self.halves.iter().enumerate().filter(|(_, h)| h.is_tail) {
            let near = at.saturating_sub(REACH)..self.halves.len().min(at + REACH + 1);
            for other in near.filter(|other| *other != at && self.halves[*other].is_head) {
                let head = &self.halves[other];
                if super::latin::is_seam(&tail.last, &head.first) {
                    continue;
                }
                let next = other == at + 1;
                let worth = next || head.no_beginning > FAR_HEAD || tail.opens > 0 && head.closes > 0;
                if !worth || tail.announces && !head.first.starts_with(is_opener) {
                    continue;
                }
                let fit = fit(tail, head, lexicon);
                fits.push((tail.block, head.block, fit + tail.no_end + head.no_beginning));
                pairs.push(Pair {
                    tail: tail.block,
                    head: head.block,
                    features: features(tail, head, other as i64 - at as i64, fit, lexicon),
                });
            }
        }
        add_leads(&mut pairs, &fits);
        add_words(&mut pairs);
        pairs
    }
}

/// Whether the page was given as bare lines of one width: nearly every line that another follows is about as long as
/// the longest.
fn is_hard_wrapped(page: &Page) -> bool {
    const FEWEST_LINES: usize = 6;
    let inner =
        page.blocks.windows(2).filter(|two| two[1].gap == 0 && is_running_text(&two[0]) && is_running_text(&two[1]));
    let mut widths: Vec<usize> = inner.map(|two| page.text()[two[0].span.clone()].chars().count()).collect();
    widths.sort_unstable();
    let Some(full) = widths.get(widths.len() * 9 / 10) else { return false };
    let filled = widths.iter().filter(|w| **w * 10 >= full * 9).count();
    widths.len() >= FEWEST_LINES && *full >= 6 && filled * 10 >= widths.len() * 6
}

/// The pairs as junctions with their probabilities.
pub(super) fn candidates(halves: &Halves, lexicon: &Lexicon) -> Vec<Junction> {
    let mut pairs = halves.pairs(lexicon);
    add_order(&mut pairs, &FIRST_WEIGHTS);
    junctions(&pairs, &WEIGHTS)
}

fn junctions(pairs: &[Pair], weights: &[f32; FEATURES.len()]) -> Vec<Junction> {
    pairs
        .iter()
        .map(|p| Junction { tail: p.tail, head: p.head, probability: probability(&p.features, weights) })
        .collect()
}

/// Tells each pair how far the page is in reading order, by the junctions that a first look is sure of.
pub fn add_order(pairs: &mut [Pair], first_weights: &[f32; FEATURES.len()]) {
    const SURE: f32 = 0.8;
    let sure = super::assign(junctions(pairs, first_weights), SURE);
    let sure: std::collections::HashSet<(usize, usize)> = sure.iter().map(|j| (j.tail, j.head)).collect();
    let is_far = |pair: &Pair| pair.features[DISTANCE] > 0.0;
    let chosen = || pairs.iter().filter(|p| sure.contains(&(p.tail, p.head)));
    let far = chosen().filter(|p| is_far(p)).count() as f32;
    let next = chosen().count() as f32 - far;
    let trust = (next - far) / (next + far + 2.0);
    for pair in pairs {
        pair.features[ORDER + usize::from(is_far(pair))] = trust;
    }
}

/// The logistic model. On a run too small to teach much, what it says without a word, a number, a quotation or a clause
/// that goes over the seam is doubted.
pub fn probability(features: &[f32; FEATURES.len()], weights: &[f32; FEATURES.len()]) -> f32 {
    /// 20,000 symbols, some five pages. On a page alone (size .5) what the weights call .5 is right too seldom.
    const ENOUGH: f32 = 0.615;
    const DOUBT: f32 = 17.0;
    const MOST_DOUBT: f32 = 1.5;
    let sum: f32 = features.iter().zip(weights).map(|(f, w)| f * w).sum();
    let shows = [QUOTES, WORD, CLAUSE, NUMBER].into_iter().any(|at| features[at] > 0.0);
    let doubt = if shows { 0.0 } else { (DOUBT * (ENOUGH - features[SIZE])).clamp(0.0, MOST_DOUBT) };
    1.0 / (1.0 + (doubt - sum).exp())
}

fn features(tail: &Half, head: &Half, distance: i64, fit: f32, lexicon: &Lexicon) -> [f32; FEATURES.len()] {
    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    let next = distance == 1;
    let far = !next;
    // how much the counts can be trusted: 0 for nothing, 1 for ten million symbols
    let size = ((lexicon.symbols() + 1) as f32).log10() / 7.0;
    let adjacent = is(next && head.before == Between::Nothing);
    let word = is(word_over(&tail.last, &head.first));
    let numbers = |c: char| c.is_ascii_digit() || matches!(c, '.' | '%' | '％');
    [
        1.0,
        size,
        adjacent,
        adjacent * size,
        is(next && head.before == Between::Captions),
        is(next && head.before == Between::Headline),
        is(far && distance > 0),
        if far { (distance.unsigned_abs() as f32).ln() } else { 0.0 },
        is(tail.opens > 0 && head.closes > 0),
        is((tail.opens > 0) != (head.closes > 0)),
        is(tail.like_headline),
        is(head.like_headline),
        fit,
        fit * size,
        adjacent * fit.min(0.0),
        tail.no_end,
        head.no_beginning,
        head.no_beginning * size,
        word,
        word * size,
        is(next && tail.ends_clause),
        is(tail.last.ends_with(numbers) && head.first.starts_with(numbers)),
        // what the other pairs of the page say: add_words, add_order, add_leads
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ]
}

/// Tells each pair whether its halves make words with others: a half cut in mid-word wants the rest of the word.
fn add_words(pairs: &mut [Pair]) {
    use std::collections::HashMap;
    let (mut of_tail, mut of_head): (HashMap<usize, u32>, HashMap<usize, u32>) = Default::default();
    for pair in pairs.iter().filter(|p| p.features[WORD] > 0.0) {
        *of_tail.entry(pair.tail).or_default() += 1;
        *of_head.entry(pair.head).or_default() += 1;
    }
    for pair in pairs {
        let own = u32::from(pair.features[WORD] > 0.0);
        let count = |words: &HashMap<usize, u32>, half| words.get(half).copied().unwrap_or(0) - own;
        let (others_of_tail, others_of_head) = (count(&of_tail, &pair.tail), count(&of_head, &pair.head));
        let said = [
            own == 0 && others_of_tail > 0,
            own == 0 && others_of_head > 0,
            own > 0 && others_of_tail + others_of_head == 0,
        ];
        for (at, yes) in said.into_iter().enumerate().filter(|(_, yes)| *yes) {
            pair.features[WORDS + 2 * at] = f32::from(u8::from(yes));
            pair.features[WORDS + 2 * at + 1] = pair.features[SIZE];
        }
    }
}

/// By how much each pair leads over the next best for its tail, and for its head.
fn add_leads(pairs: &mut [Pair], fits: &[(usize, usize, f32)]) {
    use std::collections::HashMap;
    /// Beyond this a lead says no more.
    const FAR_AHEAD: f32 = 8.0;
    /// Best and second best.
    fn best_two(fits: impl Iterator<Item = (usize, f32)>) -> HashMap<usize, (f32, f32)> {
        let mut best: HashMap<usize, (f32, f32)> = HashMap::new();
        for (half, fit) in fits {
            let two = best.entry(half).or_insert((f32::NEG_INFINITY, f32::NEG_INFINITY));
            *two = if fit > two.0 { (fit, two.0) } else { (two.0, two.1.max(fit)) };
        }
        best
    }
    let by_tail = best_two(fits.iter().map(|f| (f.0, f.2)));
    let by_head = best_two(fits.iter().map(|f| (f.1, f.2)));
    for (pair, (_, _, fit)) in pairs.iter_mut().zip(fits) {
        let lead = |(first, second): (f32, f32)| {
            (fit - if *fit == first { second } else { first }).clamp(-FAR_AHEAD, FAR_AHEAD)
        };
        pair.features[LEADS] = lead(by_tail[&pair.tail]);
        pair.features[LEADS + 1] = lead(by_head[&pair.head]);
    }
}

/// How much likelier the head is after this tail than after nothing known: the pointwise mutual information.
fn fit(tail: &Half, head: &Half, lexicon: &Lexicon) -> f32 {
    let after_tail = log_probabilities(&tail.tail, &head.head, lexicon);
    after_tail.iter().zip(&head.by_itself).map(|(after, by_itself)| after - by_itself).sum()
}

/// How much likelier the head is in the middle of text than at a beginning. A head that was itself counted as one is
/// not held against itself.
fn no_beginning(head: &[Symbol], by_itself: &[f32], lexicon: &Lexicon, counted: bool) -> f32 {
    let mut context = vec![START];
    let mut sum = 0.0;
    for (symbol, by_itself) in head.iter().zip(by_itself) {
        let beginning = if counted {
            lexicon.log_probability_without_one(&context, *symbol)
        } else {
            lexicon.log_probability(&context, *symbol)
        };
        sum += by_itself - beginning;
        context.push(*symbol);
    }
    sum
}

/// The logarithm of the probability of each symbol after a context and the symbols before it.
fn log_probabilities(context: &[Symbol], symbols: &[Symbol], lexicon: &Lexicon) -> Vec<f32> {
    let all = [context, symbols].concat();
    (context.len()..all.len()).map(|at| lexicon.log_probability(&all[..at], all[at])).collect()
}

static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Whether the dictionary's segmentation puts a word over the seam.
fn word_over(last: &str, first: &str) -> bool {
    let window = format!("{last}{first}");
    let mut at = 0;
    DICTIONARY.cut(&window, false).iter().any(|token| {
        let start = at;
        at += token.word.len();
        start < last.len() && at > last.len() && token.word.chars().all(char::is_alphanumeric)
    })
}

fn first_characters(text: &str) -> &str {
    &text[..text.char_indices().nth(WORD_REACH).map_or(text.len(), |(at, _)| at)]
}

fn last_characters(text: &str) -> &str {
    &text[text.char_indices().nth_back(WORD_REACH - 1).map_or(0, |(at, _)| at)..]
}

/// Quotation marks and brackets that a text leaves open at its end, and those it closes without having opened them.
fn open_quotes(text: &str) -> (i32, i32) {
    let (mut opens, mut closes) = (0, 0);
    for c in text.chars() {
        match c {
            '“' | '《' | '（' | '「' | '『' | '【' => opens += 1,
            '”' | '》' | '）' | '」' | '』' | '】' if opens > 0 => opens -= 1,
            '”' | '》' | '）' | '」' | '』' | '】' => closes += 1,
            _ => {}
        }
    }
    (opens, closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_stand_where_they_are_said_to() {
        let names = [SIZE, DISTANCE, QUOTES, WORD, CLAUSE, NUMBER, WORDS, ORDER, LEADS].map(|at| FEATURES[at]);
        let said = [
            "size",
            "distance",
            "quotes close",
            "word over the seam",
            "next after a clause",
            "number over the seam",
            "word with another head",
            "next in order",
            "lead over other heads",
        ];
        assert_eq!(names, said);
    }
}
