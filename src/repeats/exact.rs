//! The same paragraph or the same document, letter for letter.

use super::settle::{Findings, Shared};
use super::{Method, Options, Prints, Settle, text_before};
use crate::Error;
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Evidence, Place};
use crate::repeats::Level;
use crate::settle::sorted::Unsorted;
use crate::shingle::{Stream, hash};
use crate::text::chars::{ends_sentence, never_begins};
use crate::text::letters::Letter;
use crate::text::lines::is_item;
use bytemuck::{Pod, Zeroable};
use std::collections::HashMap;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Exact,
    source: "XXH3, 128 bits, over folded letters (Y. Collet, github.com/Cyan4973/xxHash)",
    in_page,
    in_run,
};

/// Letters that a paragraph needs to be dropped as a copy of another document's: shorter ones are formulas, notes, the
/// wording of a statute.
pub(super) const SHORTEST_PARAGRAPH: usize = 60;
/// Letters of a paragraph that is dropped as a copy of another of its own page.
const SHORTEST_IN_PAGE: usize = 30;
/// Letters of a paragraph that is dropped right behind itself: a recogniser's loop.
const SHORTEST_LOOP: usize = 12;

/// The hash of a whole document's letters, whatever their blocks; 0 if it has none.
pub(super) fn whole(letters: &[Letter]) -> u128 {
    if letters.is_empty() { 0 } else { hash(letters) }
}

/// Whether a block begins and ends with its sentences, and is no item of a list.
pub(super) fn is_whole(page: &Page, at: usize) -> bool {
    let text = page.reading(page.blocks[at].span.clone()).text;
    let begins = !text.starts_with(never_begins)
        && text_before(&page.blocks, at).is_none_or(|before| {
            let before = page.reading(page.blocks[before].span.clone()).text;
            // what a colon or nothing at all ends may still be a heading
            ends_sentence(&before)
                || !before
                    .ends_with(|c| crate::text::chars::is_clause_mark(c) && c != '：' && c != ':')
                    && before.chars().count() < 40
        });
    begins && ends_sentence(&text) && !is_item(&text)
}

fn in_page(page: &mut Page, options: &Options) {
    if options.paragraphs == Level::Off {
        return;
    }
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
        let own = hash(letters);
        let again = last == Some(own) && !is_item(&page.reading(page.blocks[at].span.clone()).text);
        last = Some(own);
        if let Some(original) = first.get(&own).copied() {
            if again
                || letters.len() >= SHORTEST_IN_PAGE
                    && is_whole(page, at)
                    && is_whole(page, original)
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
                match options.paragraphs {
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

/// A whole paragraph by the hash of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Paragraph {
    hash: [u64; 2],
    rank: u32,
    block: u32,
    letters: [u32; 2],
}

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    if options.paragraphs == Level::Off {
        return Ok(());
    }
    let mut paragraphs = Unsorted::new(settle.room.shared_by(2));
    settle.scan(whole_paragraphs, |found| paragraphs.extend(&found))?;
    paragraphs
        .without_single(|paragraph| paragraph.hash[1])
        .sorted()?
        .groups(
            |a, b| a.hash == b.hash,
            |copies| {
                let span = |p: &Paragraph| p.letters[0] as usize..p.letters[1] as usize;
                let first = &copies[0];
                copies
                    .iter()
                    .filter(|copy| copy.rank != first.rank)
                    .try_for_each(|copy| {
                        let shared = Shared::of(
                            settle,
                            (copy.rank, &span(copy)),
                            (first.rank, &span(first)),
                        )?;
                        findings.paragraph(settle, &shared, copy.block, 1.0)
                    })
            },
        )
}

fn whole_paragraphs(rank: u32, prints: &Prints) -> Vec<Paragraph> {
    let print = |block: usize| {
        let hash = hash(prints.block(block));
        let letters = prints.letters_of(block);
        Paragraph {
            hash: [(hash >> 64) as u64, hash as u64],
            rank,
            block: block as u32,
            letters: [letters.start as u32, letters.end as u32],
        }
    };
    (0..prints.blocks.len())
        .filter(|block| prints.blocks[*block].is_whole_paragraph())
        .map(print)
        .collect()
}
