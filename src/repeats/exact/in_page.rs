//! Finds the same paragraph twice on one page.

use super::METHOD;
use crate::page::Page;
use crate::page::edit::{Cause, Evidence, Place, Span};
use crate::page::nature::Form;
use crate::repeats::Level;
use crate::repeats::blocks::{has_articles, is_whole};
use crate::shingle::{Stream, hash};
use crate::text::letters::weight;
use crate::text::sentence::is_quote;
use crate::text::sentence::{is_closer, is_opener};
use std::collections::HashMap;

/// A paragraph needs this much text to be dropped as a copy of another on its own page, if layout broke that page: an
/// extraction reads boxes twice. In letters of Chinese; those of an alphabet say less (`weight`).
const SHORTEST_IN_PAGE: usize = 30;
/// The same on other pages: people repeat themselves, but hardly in so many words. Chosen by eye: a clause that two
/// articles share has forty to sixty, a prayer up to ninety.
const SHORTEST_ELSEWHERE: usize = 100;

/// Drops or marks the paragraphs of a page that it has before.
pub(super) fn drop_copies(page: &mut Page, level: Level) {
    if level == Level::Off || has_articles(page) {
        return;
    }
    let stream = Stream::of(page, |b| b.is_running_text() && !b.dropped);
    for places in recurring(page, &stream) {
        let goes = |again: &usize| match page.nature.breaks.broken {
            true => true,
            false => places.len() == 2 && is_read_twice(page, &stream, places[0], *again),
        };
        let again: Vec<usize> = places[1..].iter().copied().filter(goes).collect();
        for at in again {
            let evidence = evidence(page, places[0]);
            match level {
                Level::Drop => page.drop_block(&Cause::verified(METHOD.cause, evidence), at),
                _ => page.remark(
                    Cause::suspected(METHOD.cause, evidence),
                    page.blocks[at].span.clone(),
                ),
            }
        }
    }
}

/// The whole paragraphs of running prose that stand on the page more than once, each with all its places.
fn recurring(page: &Page, stream: &Stream) -> Vec<Vec<usize>> {
    let shortest = match page.nature.breaks.broken {
        true => SHORTEST_IN_PAGE,
        false => SHORTEST_ELSEWHERE,
    };
    let mut places: HashMap<u128, Vec<usize>> = HashMap::new();
    for at in 0..page.blocks.len() {
        let letters = &stream.letters[stream.blocks[at].clone()];
        if letters.len() >= shortest && page.nature.form(at) == Form::Prose {
            places.entry(hash(letters)).or_default().push(at);
        }
    }
    let mut found: Vec<Vec<usize>> = places.into_values().filter(|all| all.len() > 1).collect();
    found.retain_mut(|all| {
        all.retain(|at| is_whole(page, *at) && weight(&text(page, *at)) >= shortest);
        all.len() > 1
    });
    found.sort_unstable();
    found
}

/// Whether nothing but running prose stands between two copies of a paragraph. Under another heading, question or item it
/// is meant again: an answer, a clause, a response.
fn is_read_twice(page: &Page, stream: &Stream, first: usize, again: usize) -> bool {
    let is_prose = |at: usize| {
        page.blocks[at].dropped
            || stream.blocks[at].len() >= SHORTEST_IN_PAGE
                && page.nature.form(at) == Form::Prose
                && is_whole(page, at)
    };
    let text = text(page, first);
    !is_labelled(&text) && !text.starts_with(is_quote) && (first + 1..again).all(is_prose)
}

/// Whether a paragraph is a field of a form: 【解析】…, 答案：…, Answer: …
fn is_labelled(text: &str) -> bool {
    /// Characters of a label.
    const LONGEST_LABEL: usize = 12;
    let head: Vec<char> = text.chars().take(LONGEST_LABEL).collect();
    let behind = head.iter().position(|c| matches!(c, '：' | ':' | '】'));
    behind.is_some_and(|end| {
        let is_of_a_label =
            |c: &char| c.is_alphanumeric() || *c == ' ' || is_opener(*c) || is_closer(*c);
        head[..end].iter().all(is_of_a_label)
    })
}

fn text(page: &Page, block: usize) -> String {
    page.reading(page.blocks[block].span.clone())
        .text
        .to_string()
}

fn evidence(page: &Page, original: usize) -> Evidence {
    let Span { start, end } = page.blocks[original].span.clone();
    let of = Place {
        id: page.id.clone(),
        at: [start, end],
    };
    Evidence {
        of: Some(of),
        ..Evidence::default()
    }
}
