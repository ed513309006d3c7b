//! Drops the heads that a book or journal repeats on each of its pages, where form feeds say where the pages end.

use super::sorts::SHORT;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::page::{Block, Page};
use std::collections::{HashMap, HashSet};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::RunningHead,
    examples: &[
        (
            "灯塔月刊\n\n渡轮每夜九点开航，守塔人\n\n3\n\u{c}灯塔月刊\n\n记下每一条船。\n\n4",
            "灯塔月刊\n\n渡轮每夜九点开航，守塔人\n\n记下每一条船。",
        ),
        (
            "The Keeper    3\n\nHe wrote it down.\n\n\u{c}The Keeper    4\n\nThe book is kept.",
            "The Keeper    3\n\nHe wrote it down.\n\nThe book is kept.",
        ),
        (
            "The tide\n\nCome in, come in.\n\n\u{c}The tide\n\nGo out, go out.",
            "The tide\n\nCome in, come in.\n\n\u{c}The tide\n\nGo out, go out.",
        ),
        (
            "Chapter 1\n\nHe wrote it down.\n\n\u{c}Chapter 2\n\nThe book is kept.",
            "Chapter 1\n\nHe wrote it down.\n\n\u{c}Chapter 2\n\nThe book is kept.",
        ),
    ],
    grade: Grade::Verified,
    wants: SHORT,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.noise.running_heads.contains(&context.block) {
        vec![Edit::delete(0..text.len())]
    } else {
        Vec::new()
    }
}

/// The blocks that repeat the head of an earlier page. The first is kept: it says what the text is. What stands over two
/// pages alone may be a title that is meant twice, unless the pages are numbered.
pub(super) fn of(page: &Page, page_numbers: &[usize]) -> Vec<usize> {
    const PAGES: usize = 3;
    let text = |at: usize| &page.text()[page.blocks[at].span.clone()];
    let heads: Vec<usize> = (0..page.blocks.len())
        .filter(|at| *at == 0 || is_after_form_feed(page, *at))
        .filter(|at| text(*at).contains(char::is_alphabetic))
        .collect();
    let pages = counts(heads.iter().map(|at| without_number(text(*at))));
    let mut seen = HashSet::new();
    let is_again = |at: &usize| {
        let head = without_number(text(*at));
        let is_numbered = !page_numbers.is_empty() || head.len() < text(*at).len();
        !seen.insert(head) && (is_numbered || pages[head] >= PAGES)
    };
    heads.into_iter().filter(is_again).collect()
}

/// How often each head comes.
fn counts<'t>(heads: impl Iterator<Item = &'t str>) -> HashMap<&'t str, usize> {
    let mut counts = HashMap::new();
    for head in heads {
        *counts.entry(head).or_default() += 1;
    }
    counts
}

/// The head without the number of its page, which stands apart from it.
fn without_number(text: &str) -> &str {
    let is_digit = |c: char| c.is_ascii_digit();
    let after = text.trim_start_matches(is_digit);
    let before = text.trim_end_matches(is_digit);
    let is_apart = |gap: usize| gap >= 2;
    if before.len() < text.len() && is_apart(before.len() - before.trim_end().len()) {
        before.trim_end()
    } else if after.len() < text.len() && is_apart(after.len() - after.trim_start().len()) {
        after.trim_start()
    } else {
        text
    }
}

/// Whether a form feed stands between the block and the one before it.
pub(super) fn is_after_form_feed(page: &Page, block: usize) -> bool {
    let end = |before: &Block| before.span.end;
    let from = block
        .checked_sub(1)
        .map_or(0, |before| end(&page.blocks[before]));
    page.text()[from..page.blocks[block].span.start].contains('\u{c}')
}
