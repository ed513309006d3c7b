//! Finds a passage that other documents have too.

use super::chain::{Chain, Match, chain};
use super::cut::{Copied, between_clauses, cut};
use super::{METHOD, SHORTEST_PASSAGE};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Evidence, Place, Span};
use crate::page::{Kind, Page};
use crate::repeats::differences::{Contained, Thresholds, judge};
use crate::repeats::method::{Candidate, Context, Holder, Key, Pair, Unreadable, Verified};
use crate::repeats::paragraph;
use crate::repeats::strict::Sign;
use crate::repeats::verdict::{Found, Verdict};
use crate::repeats::{Level, Prints};
use crate::shingle::{Stream, winnow};
use crate::text::letters::{Letter, fold};
use bytemuck::{Pod, Zeroable};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Letters of a shingle whose hash is a key of the run.
const SHINGLE: usize = 32;
/// With it a shared run of `SHORTEST_PASSAGE` letters has at least one key in common.
const WINDOW: usize = SHORTEST_PASSAGE - SHINGLE + 1;

/// Letters of a document that another document has too.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Passage {
    letters: [u32; 2],
    /// In bytes of the text as it came, here and there.
    came: [u32; 2],
    there: [u32; 2],
    /// Whether only noise and formatting differ (1); otherwise it is reported and stays, whatever the level.
    is_copy: u32,
}

impl Found for Passage {
    const METHOD: CauseId = METHOD.cause;
}

/// The keys of a document's running text.
pub(super) fn keys(prints: &Prints) -> Vec<Key> {
    let mut found = winnow(&prints.letters, SHINGLE, WINDOW);
    let mut block = 0;
    found.retain(|print| {
        while prints.letters_of(block).end <= print.at as usize {
            block += 1;
        }
        prints.blocks[block].is_running_text()
    });
    found
        .into_iter()
        .map(|print| Key {
            hash: print.hash,
            at: print.at,
        })
        .collect()
}

/// A star and a chain, not a clique: each copy is compared with the first and with the one before it, so that
/// boilerplate costs no more than its length.
pub(super) fn pairs(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    let (first, mut before) = (&holders[0], &holders[0]);
    for pair in holders.windows(2) {
        let [last, next] = [&pair[0], &pair[1]];
        before = if last.rank == next.rank { before } else { last };
        if next.rank != first.rank {
            take(Pair::of(next, first));
            if before.rank != first.rank {
                take(Pair::of(next, before));
            }
        }
    }
}

/// What a document shares with earlier ones.
pub(super) fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let corpus = context.corpus;
    let mut hits: Vec<Pair> = candidates.iter().map(|candidate| candidate.pair).collect();
    hits.sort_unstable_by_key(|hit| (hit.other, hit.at, hit.there));
    let rank = hits[0].rank;
    let letters = corpus.all_letters(rank)?;
    let mut chains: Vec<(u32, Chain)> = Vec::new();
    for hits in hits.chunk_by(|a, b| a.other == b.other) {
        let other = hits[0].other;
        let theirs = corpus.all_letters(other)?;
        let found = chain(extended(&letters, &theirs, hits));
        chains.extend(found.into_iter().map(|chain| (other, chain)));
    }
    let found = chains.len();
    chains.retain(|(_, chain)| chain.there().len() >= SHORTEST_PASSAGE);
    let mut verified = Verified::default();
    verified.rejected.passages = (found - chains.len()) as u64;
    for (other, chain) in &once_each(chains, letters.len()) {
        let passage = Passage {
            letters: [chain.there().start as u32, chain.there().end as u32],
            came: corpus.came(rank, &[chain.there()])?[0],
            there: corpus.came(*other, &[chain.here()])?[0],
            is_copy: (context.options.passages == Level::Drop
                && is_copy([rank, *other], chain, context)?)
            .into(),
        };
        verified.findings.push(passage.finding(rank, *other));
    }
    Ok(verified)
}

/// Of text that several documents have too, one chain: the longest.
fn once_each(mut chains: Vec<(u32, Chain)>, letters: usize) -> Vec<(u32, Chain)> {
    chains
        .sort_by_key(|(other, chain)| (Reverse(chain.there().len()), chain.there().start, *other));
    let mut is_known = vec![false; letters];
    chains.retain(|(_, chain)| {
        let known = is_known[chain.there()].iter().filter(|known| **known);
        let known = known.count();
        is_known[chain.there()].fill(true);
        chain.there().len() - known >= SHORTEST_PASSAGE / 2
    });
    chains
}

/// Whether the two texts of a passage differ only in noise and formatting.
fn is_copy([rank, other]: [u32; 2], chain: &Chain, context: &Context) -> Result<bool, Unreadable> {
    let (Some(own), Some(others)) = (
        signs(rank, chain.there(), context)?,
        signs(other, chain.here(), context)?,
    ) else {
        return Ok(false);
    };
    let judgement = judge(
        own[..].into(),
        others[..].into(),
        context.likely,
        &Thresholds::default(),
    );
    Ok(judgement.contained == [Contained::Whole; 2])
}

/// The signs of some letters of a document, if the two streams agree on the letters of their blocks.
fn signs(rank: u32, letters: Span, context: &Context) -> Result<Option<Vec<Sign>>, Unreadable> {
    let corpus = context.corpus;
    let mut signs = Vec::with_capacity(letters.len());
    for block in 0..corpus.blocks(rank)?.len() as u32 {
        let span = corpus.block(rank, block)?;
        if span.end <= letters.start || span.start >= letters.end {
            continue;
        }
        let all = corpus.signs_of(rank, block)?;
        let is_letter = |sign: &&Sign| sign.char().and_then(fold).is_some();
        if all.iter().filter(is_letter).count() != span.len() {
            return Ok(None);
        }
        let mut at = span.start;
        for sign in all {
            let is_letter = is_letter(&&sign);
            if letters.contains(&at) && (is_letter || at > letters.start) {
                signs.push(sign);
            }
            at += usize::from(is_letter);
        }
    }
    Ok(Some(signs))
}

/// The maximal runs of equal letters around the hits; `here` is in the other document, `there` in this one.
fn extended(letters: &[Letter], theirs: &[Letter], hits: &[Pair]) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    let mut reached: HashMap<i64, usize> = HashMap::new(); // by distance of the copies: how far a run went
    for hit in hits {
        let (at, there) = (hit.at as usize, hit.there as usize);
        let distance = i64::from(hit.there) - i64::from(hit.at);
        if reached.get(&distance).is_some_and(|end| at < *end) {
            continue;
        }
        let same = |(a, b): &(&Letter, &Letter)| a == b;
        let back = letters[..at]
            .iter()
            .rev()
            .zip(theirs[..there].iter().rev())
            .take_while(same)
            .count();
        let on = letters[at..]
            .iter()
            .zip(&theirs[there..])
            .take_while(same)
            .count();
        if on >= SHINGLE {
            found.push(Match {
                here: there - back..there + on,
                there: at - back..at + on,
            });
        }
        reached.insert(distance, at + on.max(1));
    }
    found
}

/// Marks, or drops if asked and if nothing of theirs is their own, the passages of a page that other documents have, except inside paragraphs that are known
/// to be copies as a whole.
pub(super) fn apply(page: &mut Page, verdict: &Verdict, level: Level) {
    let copied = paragraph::copied(verdict);
    let is_known =
        |[start, end]: [u32; 2]| copied.iter().any(|came| came[0] <= start && end <= came[1]);
    let passages: Vec<(Passage, Place)> = verdict
        .found::<Passage>()
        .filter(|(passage, _)| !is_known(passage.came))
        .map(|(passage, other)| {
            let place = Place {
                id: other.unwrap_or(&page.id).into(),
                at: passage.there.map(|at| at as usize),
            };
            (passage, place)
        })
        .collect();
    if passages.is_empty() {
        return;
    }
    if level == Level::Mark {
        for (passage, of) in passages {
            remark(page, &passage, of);
        }
        return;
    }
    // the letters as they were counted in the run, but only running text is cut
    let stream = Stream::of(page, |block| block.kind != Kind::Masthead);
    let mut copied = Copied::none(&stream).keeping_stops();
    for (passage, of) in passages {
        let [start, end] = passage.letters.map(|at| at as usize);
        let goes = between_clauses(page, &stream, start..end);
        if passage.is_copy != 0 && goes.len() >= SHORTEST_PASSAGE / 2 {
            copied.set(goes, of);
        } else {
            remark(page, &passage, of);
        }
    }
    for (block, letters) in stream.blocks.iter().enumerate() {
        if !page.blocks[block].is_running_text() {
            copied.of[letters.clone()].fill(None);
        }
    }
    cut(page, &stream, &copied);
}

/// Reports a passage that stays.
fn remark(page: &mut Page, passage: &Passage, of: Place) {
    let evidence = Evidence {
        of: Some(of),
        ..Evidence::default()
    };
    let [start, end] = passage.came.map(|at| at as usize);
    page.remark(Cause::suspected(METHOD.cause, evidence), start..end);
}
