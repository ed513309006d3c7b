//! What each text of a page shows at its two ends: whether it could be half of a sentence, and its features there.

use crate::lexicon::{
    END, HEADLINE_END, LeftOut, Lexicon, START, Symbol, counts_as_beginning, symbols,
};
use crate::page::nature::BlockNature;
use crate::page::{Block, Kind, Page};
use crate::rejoin::judge::{Between, Half, OpenMarks};
use crate::rejoin::latin::script::NEAR;
use crate::rejoin::topic::Topics;
use crate::text::lines::{begins_with_day, is_item, is_newsline};
use crate::text::sentence::{ends_sentence, is_clause_mark};
use std::borrow::Cow;

/// How many symbols of a head the tail helps to predict, and how many symbols of a tail are used for that.
const SEAM: usize = 3;

/// The features of a half in Han script.
#[derive(Default)]
pub struct Own {
    pub tail: Vec<Symbol>,
    pub head: Vec<Symbol>,
    /// log P(symbol | the head before it), for each symbol of a head.
    pub by_itself: Vec<f32>,
    /// −log P(end | tail), and log P(head) − log P(head | beginning).
    pub no_end: f32,
    pub no_beginning: f32,
    /// −log P(end of a headline | tail), if it looks like one.
    pub no_headline: f32,
    pub under_headline: bool,
    pub over_byline: bool,
    /// Whether it ends in a colon or a dash: the quotation or list that follows is a paragraph of its own.
    pub announces: bool,
}

/// The context before a text.
#[derive(Default)]
struct Before {
    /// Whether the text before ended its sentence.
    ended: bool,
    between: Between,
    /// Whether a headline or a byline comes directly before.
    under_headline: bool,
    after_code: bool,
}

impl Before {
    /// Before what comes directly after running text.
    fn after_text(ended: bool) -> Self {
        Before {
            ended,
            ..Before::default()
        }
    }

    /// Passes a block that is no running text.
    fn pass(&mut self, kind: Kind) {
        self.after_code |= kind == Kind::Code;
        self.under_headline = matches!(kind, Kind::Headline | Kind::Byline);
        self.between = self.between.and(kind);
    }
}

/// The blocks of running text of a page, in order.
pub(super) fn halves(page: &Page, lexicon: &Lexicon) -> Vec<Half<Own>> {
    let mut halves: Vec<Half<Own>> = Vec::new();
    if page.laid_out || !page.nature.breaks.broken || !page.regions.is_empty() {
        return halves;
    }
    let mut before = Before::after_text(true);
    let is_seen = |block: &Block| !block.dropped || block.kind == Kind::Code;
    let blocks = page.blocks.iter().enumerate();
    for (at, block) in blocks.filter(|(_, block)| is_seen(block)) {
        if !block.is_running_text() {
            // no sentence continues after a listing or a comment
            if block.kind == Kind::Code
                && let Some(half) = halves.last_mut()
            {
                half.is_tail = false;
            }
            before.pass(block.kind);
            continue;
        }
        let text = BlockText::of(page, at);
        if symbols(text.text.chars()).next().is_none() {
            continue;
        }
        halves.push(text.half(&before, lexicon));
        before = Before::after_text(text.ends && !block.closed_tail);
    }
    close_items(&mut halves);
    halves
}

/// A block of running text with what is needed of it more than once.
struct BlockText<'p> {
    page: &'p Page,
    at: usize,
    block: &'p Block,
    text: Cow<'p, str>,
    ends: bool,
    ends_clause: bool,
    dated: bool,
    is_item: bool,
    announces: bool,
    like_headline: bool,
}

impl<'p> BlockText<'p> {
    fn of(page: &'p Page, at: usize) -> Self {
        /// Characters, chosen by eye: a shorter text with hardly a mark in it reads like a headline.
        const HEADLINE: usize = 25;
        let block = &page.blocks[at];
        let text = page.reading(block.span.clone()).text;
        let (ends, ends_clause) = (ends_sentence(&text), text.ends_with(is_clause_mark));
        let is_short = text.chars().nth(HEADLINE).is_none();
        BlockText {
            page,
            at,
            block,
            ends,
            ends_clause,
            dated: begins_with_day(&text),
            is_item: is_item(&text),
            announces: text.ends_with(['：', ':', '—']),
            like_headline: is_short
                && !ends
                && !ends_clause
                && text.matches(is_clause_mark).count() <= 1,
            text,
        }
    }

    fn half(&self, before: &Before, lexicon: &Lexicon) -> Half<Own> {
        let (is_tail, is_head) = (self.is_tail(), self.is_head(before));
        let last = self.text.char_indices().nth_back(NEAR - 1);
        Half {
            first_block: self.at,
            last_block: self.at,
            is_tail,
            is_head,
            last: self.text[last.map_or(0, |(at, _)| at)..].into(),
            first: self.text.chars().take(NEAR).collect(),
            marks: if is_tail || is_head {
                OpenMarks::of(self.text.chars().filter_map(opens))
            } else {
                OpenMarks::default()
            },
            like_headline: self.like_headline,
            ends_clause: self.ends_clause,
            is_item: self.is_item,
            before: before.between,
            own: self.own(is_tail, is_head, before, lexicon),
        }
    }

    fn own(&self, is_tail: bool, is_head: bool, before: &Before, lexicon: &Lexicon) -> Own {
        let head: Vec<Symbol> = symbols(self.text.chars()).take(SEAM).collect();
        let mut tail: Vec<Symbol> = symbols(self.text.chars().rev()).take(SEAM).collect();
        tail.reverse();
        let mut own = Own {
            under_headline: before.under_headline,
            over_byline: self.is_over_byline(),
            announces: self.announces,
            ..Own::default()
        };
        if is_head || is_tail && self.like_headline {
            let counted = counts_as_beginning(self.block, before.ended);
            own.by_itself = log_probabilities(&[], &head, lexicon);
            own.no_beginning = how_unlike_a_beginning(&head, &own.by_itself, lexicon, counted);
        }
        if is_tail {
            own.no_end = -lexicon.log_probability(&tail, END);
        }
        if self.like_headline {
            own.no_headline = -lexicon.log_probability(&tail, HEADLINE_END);
        }
        Own { tail, head, ..own }
    }

    fn is_head(&self, before: &Before) -> bool {
        let block = self.block;
        let opens_anew = block.indented
            || is_newsline(&self.text)
            || self.is_item
            || self.dated
            || before.after_code;
        let is_closed = block.closed_head || self.at > 0 && block.gap == 0;
        !opens_anew && !is_closed && block.kind == Kind::Body && self.may_be_half()
    }

    fn is_tail(&self) -> bool {
        /// Characters, chosen by eye: even in the narrowest column the first line of a paragraph is this long, so that
        /// a shorter text that reads like a headline is one.
        const NARROWEST: usize = 8;
        let is_short = || self.text.chars().nth(NARROWEST).is_none();
        let is_headline = self.like_headline && (self.dated || is_short());
        // a note in brackets, such as when a law came into force, is complete
        let is_note = self.text.starts_with(['（', '(']) && self.text.ends_with(['）', ')']);
        let next = self.page.blocks.get(self.at + 1);
        let is_closed = self.block.closed_tail || next.is_some_and(|next| next.gap == 0);
        let is_open = !self.ends && !is_closed;
        is_open
            && !is_headline
            && !is_note
            && !self.announces
            && self.block.kind == Kind::Body
            && self.may_be_half()
    }

    /// Whether the page's nature allows it to be half of a sentence. Lines that a column's edge broke are joined by
    /// `lines`.
    fn may_be_half(&self) -> bool {
        let is_wrapped = |nature: &BlockNature| nature.wrapped;
        crate::rejoin::may_be_half(self.page, self.at)
            && !self.page.nature.blocks.get(self.at).is_some_and(is_wrapped)
    }

    fn is_over_byline(&self) -> bool {
        let mut after = self.page.blocks[self.at + 1..].iter();
        let next = after.find(|block| !block.dropped);
        next.is_some_and(|block| block.kind == Kind::Byline)
    }
}

/// The items of a list end in semicolons, and so does the line above a list's second item: none of these is a tail.
fn close_items(halves: &mut [Half<Own>]) {
    let ends_item = |half: &Half<Own>| half.last.ends_with(['；', ';']);
    let is_in_list = |at: usize| {
        let last = at.checked_sub(1).map(|at| &halves[at]);
        let next = halves.get(at + 1);
        halves[at].is_item
            || last.is_some_and(|last| ends_item(last) || last.own.announces)
            || next.is_some_and(|next| ends_item(next) || next.is_item)
    };
    let items: Vec<usize> = (0..halves.len())
        .filter(|at| ends_item(&halves[*at]) && is_in_list(*at))
        .collect();
    items.into_iter().for_each(|at| halves[at].is_tail = false);
}

/// The topics of the texts.
pub(super) fn topics(page: &Page, halves: &[Half<Own>]) -> Topics {
    let text = |half: &Half<Own>| page.reading(page.blocks[half.last_block].span.clone()).text;
    let texts: Vec<_> = halves.iter().map(text).collect();
    let begins = halves.iter().map(|half| half.before == Between::Headline);
    Topics::of(texts.iter().map(|text| text.as_ref()).zip(begins))
}

/// How much likelier the head is in the middle of text than at a beginning. If the head itself was counted as a
/// beginning, that count is left out.
fn how_unlike_a_beginning(
    head: &[Symbol],
    by_itself: &[f32],
    lexicon: &Lexicon,
    counted: bool,
) -> f32 {
    let without = match counted {
        true => LeftOut::ThisBeginning,
        false => LeftOut::Nothing,
    };
    let mut context = vec![START];
    let mut sum = 0.0;
    for (symbol, by_itself) in head.iter().zip(by_itself) {
        sum += by_itself - lexicon.log_probability_without(without, &context, *symbol);
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

/// Whether a character opens or closes a quotation or a bracket; `None` if it does neither.
fn opens(c: char) -> Option<bool> {
    match c {
        '“' | '《' | '（' | '「' | '『' | '【' => Some(true),
        '”' | '》' | '）' | '」' | '』' | '】' => Some(false),
        _ => None,
    }
}
