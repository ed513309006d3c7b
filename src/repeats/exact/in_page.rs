//! Finds the same paragraph twice on one page.

use super::METHOD;
use crate::page::Page;
use crate::page::edit::{Cause, Evidence, Place};
use crate::page::nature::Form;
use crate::repeats::Level;
use crate::repeats::blocks::{has_articles, is_whole};
use crate::shingle::{Stream, hash};
use crate::text::lines::is_item;
use std::collections::HashMap;

/// A paragraph needs this many letters to be dropped as a copy of another on its own page, if layout broke that page:
/// an extraction reads boxes twice.
const SHORTEST_IN_PAGE: usize = 30;
/// The same on other pages: people repeat themselves, but hardly in so many letters. Chosen by eye: a clause that two
/// articles share has forty to sixty.
const SHORTEST_ELSEWHERE: usize = 100;
/// The same for a paragraph that comes directly after its original: a recogniser's loop.
const SHORTEST_LOOP: usize = 12;

/// Drops or marks the paragraphs of a page that it has before.
pub(super) fn drop_copies(page: &mut Page, level: Level) {
    if level == Level::Off {
        return;
    }
    if has_articles(page) {
        return;
    }
    let shortest = match page.nature.breaks.broken {
        true => SHORTEST_IN_PAGE,
        false => SHORTEST_ELSEWHERE,
    };
    let stream = Stream::of(page, |b| b.is_running_text() && !b.dropped);
    let mut first: HashMap<u128, usize> = HashMap::new();
    let mut last: Option<u128> = None;
    for at in 0..page.blocks.len() {
        let letters = &stream.letters[stream.blocks[at].clone()];
        if letters.len() < SHORTEST_LOOP {
            if !letters.is_empty() {
                last = None;
            }
            continue;
        }
        if page.nature.form(at) != Form::Prose {
            last = None;
            continue;
        }
        let own = hash(letters);
        let again = last == Some(own) && !is_item(&page.reading(page.blocks[at].span.clone()).text);
        last = Some(own);
        if let Some(original) = first.get(&own).copied() {
            if again || letters.len() >= shortest && is_whole(page, at) && is_whole(page, original)
            {
                let of = &page.blocks[original].span;
                let of = Place {
                    id: page.id.clone(),
                    at: [of.start, of.end],
                };
                let evidence = Evidence {
                    of: Some(of),
                    ..Evidence::default()
                };
                match level {
                    Level::Drop => page.drop_block(&Cause::verified(METHOD.cause, evidence), at),
                    _ => page.remark(
                        Cause::suspected(METHOD.cause, evidence),
                        page.blocks[at].span.clone(),
                    ),
                }
            }
        } else {
            first.insert(own, at);
        }
    }
}
