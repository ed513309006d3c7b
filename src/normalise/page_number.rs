//! Drops page numbers that stand on lines of their own.

use super::running_head::is_after_form_feed;
use super::scraps::is_wrapper;
use super::sorts::SHORT;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::page::{Kind, Page, nature};
use crate::text::chars::is_letter;
use crate::text::lines::is_item;
use crate::text::sentence::{ends_sentence, is_clause_mark};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::PageNumber,
    examples: &[
        (
            "灯塔在长堤一侧，渡轮每夜\n\n第 3 页 共 12 页\n\n九点开航。",
            "灯塔在长堤一侧，渡轮每夜\n\n九点开航。",
        ),
        (
            "灯塔在长堤一侧重新点亮，守塔人说这一天他等了很久很久。\n\n— 12 —",
            "灯塔在长堤一侧重新点亮，守塔人说这一天他等了很久很久。",
        ),
        (
            "The lighthouse on the pier is lit again, the keeper says.\n\nPage 3 of 12",
            "The lighthouse on the pier is lit again, the keeper says.",
        ),
        ("渡轮开航的年份是：\n\n1987", "渡轮开航的年份是：\n\n1987"),
        ("第一题的答案：\n\n12", "第一题的答案：\n\n12"),
        (
            "1\n\n那年冬天，灯塔重新点亮。\n\n2\n\n第二年渡轮开航。\n\n3\n\n守塔人走了。",
            "1\n\n那年冬天，灯塔重新点亮。\n\n2\n\n第二年渡轮开航。\n\n3\n\n守塔人走了。",
        ),
    ],
    grade: Grade::Verified,
    wants: SHORT,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.noise.page_numbers.contains(&context.block) {
        vec![Edit::delete(0..text.len())]
    } else {
        Vec::new()
    }
}

/// How a line says that it numbers a page.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wording {
    /// 第 3 页 共 12 页, Page 3 of 12
    WithCount,
    /// — 3 —, 第 3 页, Page 3, 3/12
    Marked,
    Bare,
}

/// The blocks that only number a page.
pub(super) fn of(page: &Page) -> Vec<usize> {
    let numbers = Numbers::of(page);
    let ones = numbers.found.iter().filter(|found| numbers.is_one(found));
    ones.map(|found| numbers.blocks[found.at]).collect()
}

/// The lines of a page that may number it.
struct Numbers<'p> {
    page: &'p Page,
    /// The blocks that hold text.
    blocks: Vec<usize>,
    found: Vec<NumberLine>,
}

struct NumberLine {
    /// Its place among the blocks that hold text.
    at: usize,
    wording: Wording,
    number: u32,
}

impl<'p> Numbers<'p> {
    fn of(page: &'p Page) -> Self {
        let is_wrapper = |at: usize| is_wrapper(&page.text()[page.blocks[at].span.clone()]);
        let blocks = (0..page.blocks.len())
            .filter(|at| !page.blocks[*at].dropped && !is_wrapper(*at))
            .collect();
        let mut numbers = Numbers {
            page,
            blocks,
            found: Vec::new(),
        };
        let found = |at: usize| {
            let block = &page.blocks[numbers.blocks[at]];
            let is_short = block.kind != Kind::Code && block.span.len() <= SHORT_LINE;
            let (wording, number) = is_short.then(|| number(numbers.text(at)))??;
            Some(NumberLine {
                at,
                wording,
                number,
            })
        };
        numbers.found = (0..numbers.blocks.len()).filter_map(found).collect();
        numbers
    }

    fn text(&self, at: usize) -> &'p str {
        &self.page.text()[self.page.blocks[self.blocks[at]].span.clone()]
    }

    fn is_one(&self, found: &NumberLine) -> bool {
        let at = found.at;
        // it may number a poem, or a part of one
        if at
            .checked_sub(1)
            .is_some_and(|before| self.is_verse(before))
            || self.is_verse(at + 1)
        {
            return false;
        }
        let is_last = at + 1 == self.blocks.len();
        let ends_page = || is_last && ends_page(self.page, &self.blocks[..at], found.wording);
        self.counts_pages_at_form_feeds(found)
            || match found.wording {
                Wording::WithCount => true,
                Wording::Marked => {
                    (at == 0 || ends_page()) && self.blocks.len() > 1 || self.is_in_row(found)
                }
                Wording::Bare => ends_page() || self.is_in_row(found),
            }
    }

    fn is_verse(&self, at: usize) -> bool {
        let nature = |block: &usize| self.page.nature.blocks.get(*block);
        let nature = self.blocks.get(at).and_then(nature);
        nature.is_some_and(|nature| nature.form == nature::Form::Verse)
    }

    /// Whether the number stands before or after a form feed, and the number before or after it at another.
    fn counts_pages_at_form_feeds(&self, found: &NumberLine) -> bool {
        let is_beside = |other: &&NumberLine| {
            other.wording == found.wording && other.number.abs_diff(found.number) == 1
        };
        let mut beside = self.found.iter().filter(is_beside);
        self.is_at_form_feed(found.at) && beside.any(|other| self.is_at_form_feed(other.at))
    }

    fn is_at_form_feed(&self, at: usize) -> bool {
        let next = self.blocks.get(at + 1);
        next.is_none() && self.page.text().contains('\u{c}')
            || is_after_form_feed(self.page, self.blocks[at])
            || next.is_some_and(|next| is_after_form_feed(self.page, *next))
    }

    /// Whether numbers of this wording count on through the text, with pages between them, and cut sentences as only the
    /// end of a page does. Sections are numbered too, but stand between sentences.
    fn is_in_row(&self, found: &NumberLine) -> bool {
        let at = |step: i64| self.at_step(found, step).map(|other| other.at);
        let row: Vec<usize> = [-2, -1, 1, 2].into_iter().filter_map(at).collect();
        let cuts = row.iter().chain([&found.at]).filter(|at| self.cuts(**at));
        row.len() >= 2 && cuts.count() * 3 > row.len()
    }

    /// The number that is this much higher, and at least as many pages further on; or lower, and before.
    fn at_step(&self, found: &NumberLine, step: i64) -> Option<&NumberLine> {
        const PAGE: usize = 600; // bytes
        let start = |found: &NumberLine| self.page.blocks[self.blocks[found.at]].span.start;
        let is_at_step = |other: &&NumberLine| {
            other.wording == found.wording
                && (other.at > found.at) == (step > 0)
                && i64::from(other.number) == i64::from(found.number) + step
                && start(other).abs_diff(start(found)) > PAGE * step.unsigned_abs() as usize
        };
        self.found.iter().find(is_at_step)
    }

    /// Whether the text before a number goes on after it.
    fn cuts(&self, at: usize) -> bool {
        at > 0
            && at + 1 < self.blocks.len()
            && self.text(at - 1).len() > SHORT_LINE
            && !ends_sentence(self.text(at - 1))
            && !self.text(at - 1).ends_with([':', '：'])
    }
}

/// Bytes of the longest line that numbers a page.
const SHORT_LINE: usize = 48;

fn number(text: &str) -> Option<(Wording, u32)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let lower = text.to_lowercase();
    let text: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some((n, of)) = number_and_count(&text) {
        return (n <= of).then_some((Wording::WithCount, n));
    }
    if let Some(n) = digits(&text) {
        return Some((Wording::Bare, n));
    }
    Some((Wording::Marked, marked(&text)?))
}

/// 第3页共12页 第3页/共12页 共12页第3页 page3of12
fn number_and_count(text: &str) -> Option<(u32, u32)> {
    let text = text
        .replace('頁', "页")
        .replace(['/', '，', ',', '(', ')', '（', '）'], "");
    let in_english = || text.strip_prefix("page")?.split_once("of");
    let in_chinese = || {
        text.strip_prefix('第')?
            .strip_suffix('页')?
            .split_once("页共")
    };
    let (n, of) = in_english().or_else(in_chinese)?;
    Some((digits(n)?, digits(of)?))
}

/// —3— page3 第3页 3/12
fn marked(text: &str) -> Option<u32> {
    const DASHES: [char; 10] = ['—', '–', '-', '－', '─', '·', '•', '~', '～', '―'];
    let between_dashes = || digits(text.strip_prefix(DASHES)?.strip_suffix(DASHES)?);
    let between_long_dashes = || digits(text.strip_prefix("——")?.strip_suffix("——")?);
    let page = || {
        let in_chinese = || text.strip_prefix("第")?.strip_suffix(['页', '頁']);
        digits(text.strip_prefix("page").or_else(in_chinese)?)
    };
    let of = || {
        let (n, of) = text.split_once('/')?;
        let (n, of) = (digits(n)?, digits(of)?);
        // up to 12 it may be a month
        (n <= of && of > 12).then_some(n)
    };
    between_dashes()
        .or_else(between_long_dashes)
        .or_else(page)
        .or_else(of)
}

fn digits(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && !text.starts_with('0');
    is_number.then(|| text.parse().ok())?
}

/// Whether the text before reads as if a page ended after it: with a sentence of some length or a table. Before a number
/// that shows by nothing what it is, it must be a page of text, and the number no year.
fn ends_page(page: &Page, before: &[usize], wording: Wording) -> bool {
    const LETTERS: usize = 120;
    let Some(last) = before.last().map(|at| &page.blocks[*at]) else {
        return false;
    };
    let text = &page.text()[last.span.clone()];
    if wording != Wording::Bare {
        return text.len() > SHORT_LINE || before.len() > 1;
    }
    let letters = |text: &str| text.chars().filter(|c| is_letter(*c)).count();
    let whole = last.kind == Kind::Table
        || letters(text) >= 15 && !text.ends_with(is_clause_mark) && !is_item(text);
    let texts = before
        .iter()
        .map(|at| &page.text()[page.blocks[*at].span.clone()]);
    let all: usize = texts.map(letters).sum();
    let is_year = |n: u32| (1700..=2100).contains(&n);
    let own = page.blocks.get(before.last().map_or(0, |at| at + 1));
    let number = own.and_then(|own| page.text()[own.span.clone()].parse().ok());
    let number = number.unwrap_or(0);
    whole && all >= LETTERS && !is_year(number) && number > 1
}
