//! The same paragraph or the same document, letter for letter.

use super::{Duplicate, Method, Options, Paragraph, SHORTEST_PARAGRAPH, Settle, Twin, Verdict, is_item, text_before};
use crate::chars::{ends_sentence, never_begins};
use crate::config::Level;
use crate::edit::{Cause, Evidence, Place};
use crate::page::Page;
use crate::shingle::{Letter, Stream, hash, is_running_text};
use std::collections::HashMap;

pub(super) const METHOD: Method = Method {
    name: "exact",
    about: "The same document, or the same whole paragraph: of 60 letters or more in another document, of 30 in its own, of \
            12 right behind its copy. The first stays.",
    source: "XXH3, 128 bits, over folded letters (Y. Collet, github.com/Cyan4973/xxHash)",
    in_page,
    in_run,
};

/// Letters of a paragraph that is dropped as a copy of another of its own page.
const SHORTEST_IN_PAGE: usize = 30;
/// Letters of a paragraph that is dropped right behind itself: a recogniser's loop.
const SHORTEST_LOOP: usize = 12;

/// The hash of a whole document's letters, whatever their blocks; 0 if it has none.
pub(super) fn whole(letters: &[Letter]) -> u128 {
    if letters.is_empty() { 0 } else { hash(letters) }
}

/// The paragraphs of a page that may be looked for elsewhere: whole sentences, and long enough to be no formula.
pub(super) fn paragraphs(page: &Page, stream: &Stream) -> Vec<Paragraph> {
    (0..page.blocks.len())
        .filter(|at| stream.blocks[*at].len() >= SHORTEST_PARAGRAPH && is_whole(page, *at))
        .map(|at| Paragraph { hash: hash(&stream.letters[stream.blocks[at].clone()]), block: at as u32 })
        .collect()
}

/// Whether a block begins and ends with its sentences, and is no item of a list.
fn is_whole(page: &Page, at: usize) -> bool {
    let text = page.reading(page.blocks[at].span.clone()).text;
    let begins = !text.starts_with(never_begins)
        && text_before(&page.blocks, at).is_none_or(|before| {
            let before = page.reading(page.blocks[before].span.clone()).text;
            // what a colon or nothing at all ends may still be a heading
            ends_sentence(&before)
                || !before.ends_with(|c| crate::chars::is_clause_mark(c) && c != '：' && c != ':')
                    && before.chars().count() < 40
        });
    begins && ends_sentence(&text) && !is_item(&text)
}

fn in_page(page: &mut Page, options: &Options) {
    if options.paragraphs == Level::Off {
        return;
    }
    let stream = Stream::of(page, |b| is_running_text(b) && !b.dropped);
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
            if again || letters.len() >= SHORTEST_IN_PAGE && is_whole(page, at) && is_whole(page, original) {
                let of = &page.blocks[original].span;
                let of = Place { id: page.id.clone(), at: [of.start, of.end] };
                let evidence = Evidence { of: Some(of), ..Evidence::default() };
                match options.paragraphs {
                    Level::Drop => page.drop_block(&Cause::verified(METHOD.name, evidence), at),
                    _ => page.remark(Cause::suspected(METHOD.name, evidence), page.blocks[at].span.clone()),
                }
            }
        } else {
            first.insert(own, at);
        }
    }
}

fn in_run(settle: &mut Settle, options: &Options, verdicts: &mut [Verdict]) {
    let by_rank = &settle.by_rank;
    if options.duplicates != Level::Off {
        let mut documents: HashMap<u128, usize> = HashMap::new();
        for page in by_rank.iter().copied().filter(|page| settle.prints[*page].whole != 0) {
            let original = *documents.entry(settle.prints[page].whole).or_insert(page);
            if original != page {
                let of = settle.ids[original].clone();
                verdicts[page].duplicate = Some(Duplicate { cluster: of.clone(), of, similarity: 1.0, exact: true });
            }
        }
    }
    let mut seen: Vec<(u128, u32, u32)> = by_rank
        .iter()
        // a copy goes whole, or stays whole if it is only to be marked
        .filter(|page| !verdicts[**page].is_exact_copy())
        .flat_map(|page| settle.prints[*page].paragraphs.iter().map(|p| (p.hash, settle.ranks[*page], p.block)))
        .collect();
    seen.sort_unstable();
    for copies in seen.chunk_by(|a, b| a.0 == b.0).filter(|copies| copies.len() > 1) {
        let (_, rank, block) = copies[0];
        let original = by_rank[rank as usize];
        for (_, other, copy) in copies.iter().filter(|(_, other, _)| *other != rank) {
            let twin = Twin { id: settle.ids[original].clone(), at: [block as usize, block as usize + 1] };
            verdicts[by_rank[*other as usize]].paragraphs.push((*copy, twin));
        }
    }
}
