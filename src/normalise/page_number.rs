//! Drops page numbers that stand on lines of their own.

use super::running_head::is_after_form_feed;
use super::scraps::is_wrapper;
use super::sorts::SHORT;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::page::{Kind, Page, nature};
use crate::text::chars::{ends_sentence, is_clause_mark, is_letter};
use crate::text::lines::is_item;

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
enum Form {
    /// 第 3 页 共 12 页, Page 3 of 12
    Told,
    /// — 3 —, 第 3 页, Page 3, 3/12
    Dressed,
    Bare,
}

/// The blocks that only number a page.
pub(super) fn of(page: &Page) -> Vec<usize> {
    let is_wrapper = |at: usize| is_wrapper(&page.text()[page.blocks[at].span.clone()]);
    let blocks: Vec<usize> = (0..page.blocks.len())
        .filter(|at| !page.blocks[*at].dropped && !is_wrapper(*at))
        .collect();
    let text = |at: usize| &page.text()[page.blocks[blocks[at]].span.clone()];
    let numbers: Vec<(usize, Form, u32)> = (0..blocks.len())
        .filter(|at| {
            page.blocks[blocks[*at]].kind != Kind::Code
                && page.blocks[blocks[*at]].span.len() <= SHORT_LINE
        })
        .filter_map(|at| number(text(at)).map(|(form, n)| (at, form, n)))
        .collect();
    let is_edge = |at: usize| {
        at == 0 || at + 1 == blocks.len() && ends_page(page, &blocks[..at], Form::Dressed)
    };
    let is_one = |found: &usize| {
        let (at, form, _) = numbers[*found];
        // it may number a poem, or a part of one
        let is_verse = |beside: Option<usize>| {
            let block = beside.and_then(|beside| blocks.get(beside));
            block
                .and_then(|block| page.nature.blocks.get(*block))
                .is_some_and(|nature| nature.form == nature::Form::Verse)
        };
        if is_verse(at.checked_sub(1)) || is_verse(Some(at + 1)) {
            return false;
        }
        if counts_pages_at_form_feeds(page, &blocks, &numbers, *found) {
            return true;
        }
        match form {
            Form::Told => true,
            Form::Dressed => {
                is_edge(at) && blocks.len() > 1 || in_row(page, &blocks, &numbers, *found)
            }
            Form::Bare => {
                at + 1 == blocks.len() && ends_page(page, &blocks[..at], form)
                    || in_row(page, &blocks, &numbers, *found)
            }
        }
    };
    (0..numbers.len())
        .filter(is_one)
        .map(|found| blocks[numbers[found].0])
        .collect()
}

/// Bytes of the longest line that numbers a page.
const SHORT_LINE: usize = 48;

fn number(text: &str) -> Option<(Form, u32)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let lower = text.to_lowercase();
    let text: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some((n, of)) = number_and_count(&text) {
        return (n <= of).then_some((Form::Told, n));
    }
    if let Some(n) = digits(&text) {
        return Some((Form::Bare, n));
    }
    Some((Form::Dressed, dressed(&text)?))
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
fn dressed(text: &str) -> Option<u32> {
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
fn ends_page(page: &Page, before: &[usize], form: Form) -> bool {
    const LETTERS: usize = 120;
    let Some(last) = before.last().map(|at| &page.blocks[*at]) else {
        return false;
    };
    let text = &page.text()[last.span.clone()];
    if form != Form::Bare {
        return text.len() > SHORT_LINE || before.len() > 1;
    }
    let letters = |text: &str| text.chars().filter(|c| is_letter(*c)).count();
    let whole = last.kind == Kind::Table
        || letters(text) >= 15 && !text.ends_with(is_clause_mark) && !is_item(text);
    let all: usize = before
        .iter()
        .map(|at| letters(&page.text()[page.blocks[*at].span.clone()]))
        .sum();
    let is_year = |n: u32| (1700..=2100).contains(&n);
    let own = page.blocks.get(before.last().map_or(0, |at| at + 1));
    let number = own
        .and_then(|b| page.text()[b.span.clone()].parse().ok())
        .unwrap_or(0);
    whole && all >= LETTERS && !is_year(number) && number > 1
}

/// Whether the number stands before or after a form feed, and the number before or after it at another.
fn counts_pages_at_form_feeds(
    page: &Page,
    blocks: &[usize],
    numbers: &[(usize, Form, u32)],
    found: usize,
) -> bool {
    let (at, form, n) = numbers[found];
    let is_at_form_feed = |at: usize| {
        let is_last = blocks.get(at + 1).is_none() && page.text().contains('\u{c}');
        is_last
            || is_after_form_feed(page, blocks[at])
            || blocks
                .get(at + 1)
                .is_some_and(|next| is_after_form_feed(page, *next))
    };
    is_at_form_feed(at)
        && numbers
            .iter()
            .any(|(other, f, m)| *f == form && m.abs_diff(n) == 1 && is_at_form_feed(*other))
}

/// Whether numbers of this form count on through the text, with pages between them, and cut sentences as only the end of
/// a page does. Sections are numbered too, but stand between sentences.
fn in_row(page: &Page, blocks: &[usize], numbers: &[(usize, Form, u32)], found: usize) -> bool {
    const PAGE: usize = 600; // bytes
    let (at, form, n) = numbers[found];
    let start = |at: usize| page.blocks[blocks[at]].span.start;
    let follows = |&&(a, f, m): &&(usize, Form, u32), step: u32, behind: bool| {
        f == form
            && (if behind {
                a > at && m == n + step
            } else {
                a < at && m + step == n
            })
            && start(a).abs_diff(start(at)) > PAGE * step as usize
    };
    let has = |step: u32, behind: bool| numbers.iter().find(|one| follows(one, step, behind));
    let row: Vec<usize> = [has(2, false), has(1, false), has(1, true), has(2, true)]
        .into_iter()
        .flatten()
        .map(|one| one.0)
        .collect();
    let cuts = |at: usize| {
        let text = |at: usize| &page.text()[page.blocks[blocks[at]].span.clone()];
        at > 0
            && at + 1 < blocks.len()
            && text(at - 1).len() > SHORT_LINE
            && !ends_sentence(text(at - 1))
            && !text(at - 1).ends_with([':', '：'])
    };
    row.len() >= 2 && row.iter().chain([&at]).filter(|at| cuts(**at)).count() * 3 > row.len()
}
