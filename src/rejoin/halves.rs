//! What each text of a page says about its two ends: whether it could be half of a sentence, and how it looks there.

use super::latin::NEAR;
use super::topic::Topics;
use crate::lexicon::{END, HEADLINE_END, Lexicon, START, Symbol, counts_as_beginning, symbols};
use crate::page::{Kind, Page};
use crate::text::chars::{ends_sentence, is_clause_mark};
use crate::text::lines::is_item;
use crate::text::lines::{begins_with_day, is_newsline};

/// Symbols of a head that the tail still tells something about, and of a tail that tell something of the head.
const SEAM: usize = 3;
/// Characters: what is shorter and has hardly a mark in it reads like a headline.
const HEADLINE: usize = 25;
/// Characters: the first line of a paragraph is no shorter in the narrowest column, so that what is shorter and reads
/// like a headline is one.
const NARROWEST: usize = 8;

/// The blocks of running text of a page, in their order.
pub struct Halves {
    pub(super) halves: Vec<Half>,
    pub(super) topics: Topics,
}

pub(super) struct Half {
    pub block: usize,
    pub is_tail: bool,
    pub is_head: bool,
    pub tail: Vec<Symbol>,
    pub head: Vec<Symbol>,
    /// log P(symbol | the head before it), for each symbol of a head.
    pub by_itself: Vec<f32>,
    /// The last and the first characters, by which the script of a seam is told.
    pub last: String,
    pub first: String,
    /// Quotation marks and brackets left open, and closed without having been opened.
    pub opens: i32,
    pub closes: i32,
    pub like_headline: bool,
    pub ends_clause: bool,
    pub announces: bool,
    pub is_item: bool,
    /// −log P(end | tail); log P(head) − log P(head | beginning).
    pub no_end: f32,
    pub no_beginning: f32,
    /// −log P(end of a headline | tail), if it is like one.
    pub no_headline: f32,
    /// What stands between it and the text before.
    pub before: Between,
    pub under_headline: bool,
    pub over_byline: bool,
}

/// What stands between two texts: nothing, captions and the like, or a headline too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Between {
    Nothing,
    Captions,
    Headline,
}

impl Halves {
    pub fn of(page: &Page, lexicon: &Lexicon) -> Self {
        let mut halves = Vec::new();
        if page.laid_out {
            return Halves {
                halves,
                topics: Topics::default(),
            };
        }
        let wrapped = is_hard_wrapped(page);
        let mut before_ended = true;
        let mut before = Between::Nothing;
        let mut under_headline = false;
        let mut behind_code = false;
        for (at, block) in page
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, b)| !b.dropped || b.kind == Kind::Code)
        {
            if !block.is_running_text() {
                // no sentence goes on behind a listing or a comment
                if block.kind == Kind::Code {
                    behind_code = true;
                    halves
                        .last_mut()
                        .into_iter()
                        .for_each(|half: &mut Half| half.is_tail = false);
                }
                under_headline = matches!(block.kind, Kind::Headline | Kind::Byline);
                before = before.max(if block.kind == Kind::Headline {
                    Between::Headline
                } else {
                    Between::Captions
                });
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
            let closed_behind =
                !wrapped && page.blocks.get(at + 1).is_some_and(|next| next.gap == 0);
            let closed_before = !wrapped && at > 0 && block.gap == 0;
            let is_item = is_item(&text);
            let dated = begins_with_day(&text);
            let opens_anew =
                block.indented || is_newsline(&text) || is_item || dated || behind_code;
            let is_head =
                !opens_anew && !block.closed_head && block.kind == Kind::Body && !closed_before;
            let ends_clause = text.ends_with(is_clause_mark);
            let short = text.chars().nth(HEADLINE).is_none();
            let like_headline =
                short && !ends && !ends_clause && text.matches(is_clause_mark).count() <= 1;
            let headline =
                like_headline && !wrapped && (dated || text.chars().nth(NARROWEST).is_none());
            // a note in brackets, such as when a law came into force, is whole
            let note = text.starts_with(['（', '(']) && text.ends_with(['）', ')']);
            let open = !ends && !block.closed_tail && !closed_behind;
            // what it announces, a quotation or the items of a list, are paragraphs of their own
            let announces = text.ends_with(['：', ':', '—']);
            let is_tail = open && !headline && !note && !announces && block.kind == Kind::Body;
            let (opens, closes) = if is_tail || is_head {
                open_quotes(&text)
            } else {
                (0, 0)
            };
            let (mut by_itself, mut no_beginning) = (Vec::new(), 0.0);
            if is_head || is_tail && like_headline {
                by_itself = log_probabilities(&[], &head, lexicon);
                no_beginning = how_unlike_a_beginning(&head, &by_itself, lexicon, counted);
            }
            let behind = page.blocks[at + 1..].iter().find(|b| !b.dropped);
            halves.push(Half {
                block: at,
                is_tail,
                is_head,
                no_end: if is_tail {
                    -lexicon.log_probability(&tail, END)
                } else {
                    0.0
                },
                no_beginning,
                no_headline: if like_headline {
                    -lexicon.log_probability(&tail, HEADLINE_END)
                } else {
                    0.0
                },
                tail,
                head,
                by_itself,
                last: text[text
                    .char_indices()
                    .nth_back(NEAR - 1)
                    .map_or(0, |(at, _)| at)..]
                    .into(),
                first: text.chars().take(NEAR).collect(),
                opens,
                closes,
                like_headline,
                ends_clause,
                announces,
                is_item,
                before,
                under_headline,
                over_byline: behind.is_some_and(|b| b.kind == Kind::Byline),
            });
            before = Between::Nothing;
            under_headline = false;
            behind_code = false;
        }
        // the items of a list end in semicolons, and so does the line above a list's second item
        let ends_item = |half: &Half| half.last.ends_with(['；', ';']);
        let in_list: Vec<bool> = (0..halves.len())
            .map(|at| {
                let (last, next) = (at.checked_sub(1).map(|at| &halves[at]), halves.get(at + 1));
                let among = last.is_some_and(|half| ends_item(half) || half.announces)
                    || next.is_some_and(ends_item);
                halves[at].is_item || next.is_some_and(|half: &Half| half.is_item) || among
            })
            .collect();
        halves
            .iter_mut()
            .zip(in_list)
            .for_each(|(half, in_list)| half.is_tail &= !(in_list && ends_item(half)));
        let topics = if halves.iter().any(|half| half.is_tail) {
            topics(page, &halves)
        } else {
            Topics::default()
        };
        Halves { halves, topics }
    }

    /// The blocks that end in the middle of a sentence, as far as their last characters tell.
    pub fn tails(&self) -> impl Iterator<Item = usize> {
        self.halves
            .iter()
            .filter(|h| h.is_tail && !h.like_headline)
            .map(|h| h.block)
    }
}

fn topics(page: &Page, halves: &[Half]) -> Topics {
    let texts: Vec<_> = halves
        .iter()
        .map(|h| page.reading(page.blocks[h.block].span.clone()).text)
        .collect();
    Topics::of(
        texts
            .iter()
            .zip(halves)
            .map(|(text, half)| (text.as_ref(), half.before == Between::Headline)),
    )
}

/// Whether the page was given as bare lines of one width: nearly every line that another follows is about as long as
/// the longest.
fn is_hard_wrapped(page: &Page) -> bool {
    const FEWEST_LINES: usize = 6;
    let inner = page
        .blocks
        .windows(2)
        .filter(|two| two[1].gap == 0 && two[0].is_running_text() && two[1].is_running_text());
    let mut widths: Vec<usize> = inner
        .map(|two| page.text()[two[0].span.clone()].chars().count())
        .collect();
    widths.sort_unstable();
    let Some(full) = widths.get(widths.len() * 9 / 10) else {
        return false;
    };
    let filled = widths.iter().filter(|w| **w * 10 >= full * 9).count();
    widths.len() >= FEWEST_LINES && *full >= 6 && filled * 10 >= widths.len() * 6
}

/// How much likelier the head is in the middle of text than at a beginning. A head that was itself counted as one is
/// not held against itself.
fn how_unlike_a_beginning(
    head: &[Symbol],
    by_itself: &[f32],
    lexicon: &Lexicon,
    counted: bool,
) -> f32 {
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
pub(super) fn log_probabilities(
    context: &[Symbol],
    symbols: &[Symbol],
    lexicon: &Lexicon,
) -> Vec<f32> {
    let all = [context, symbols].concat();
    (context.len()..all.len())
        .map(|at| lexicon.log_probability(&all[..at], all[at]))
        .collect()
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
