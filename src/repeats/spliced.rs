//! A passage that stands again inside other text, across block boundaries, found by prints and extended to the letter.
//!
//! Inside a page a copy is dropped only where it is proved: both copies break at the same letter in the middle of a
//! sentence, which two printed articles would not do and a recogniser's copy does. Formulas that journalists repeat,
//! and quotations, have no such break. Between documents passages are marked.

use super::settle::{Findings, Settle, Shared, Verdict};
use super::{Method, Options, Prints, SHORTEST_PASSAGE};
use crate::Error;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Place, Span};
use crate::page::{Block, Kind, Page};
use crate::repeats::Level;
use crate::settle::sorted::Unsorted;
use crate::shingle::{Stream, winnow};
use crate::text::chars::{is_clause_mark, is_full_stop, is_opener};
use crate::text::letters::Letter;
use crate::text::lines::is_item;
use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

pub(super) const METHOD: Method = Method {
    cause: CauseId::Spliced,
    source: "winnowing (Schleimer, Wilkerson, Aiken, SIGMOD 2003), seeds extended and chained",
    in_page,
    in_run,
};

/// Inside a page a shared run of this many letters is found.
const SHORTEST: usize = 30;
const SEED: usize = 16;
/// Places of one seed that are paired with one another; what stands there more often is a formula.
const MOST_PLACES: usize = 8;
/// Letters between two runs of a chain: as far as a regenerated copy strays from its original.
const LONGEST_GAP: usize = 24;
/// By how much the two sides of a gap may differ in length.
const GAP_SLACK: usize = 8;
/// How far a cut may move to fall on the end of a sentence.
const SNAP: usize = 24;

/// A run of letters that stands at `here` and again at `there`, later on; with others, if chained.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    here: Span,
    there: Span,
}

/// Matches in a row with small gaps between them.
#[derive(Debug, Clone)]
struct Chain {
    runs: Vec<Match>,
}

impl Chain {
    fn here(&self) -> Span {
        self.runs[0].here.start..self.runs[self.runs.len() - 1].here.end
    }

    fn there(&self) -> Span {
        self.runs[0].there.start..self.runs[self.runs.len() - 1].there.end
    }
}

fn in_page(page: &mut Page, options: &Options) {
    if options.paragraphs == Level::Off {
        return;
    }
    let stream = Stream::of(page, Block::is_running_text);
    let matches = matches(&stream.letters);
    if matches.is_empty() {
        return;
    }
    let mut chains: Vec<Chain> = chain(matches.clone());
    // the longest first: what it settles, its parts follow
    chains.sort_by_key(|c| {
        (
            std::cmp::Reverse(c.there().len()),
            c.there().start,
            c.here().start,
        )
    });
    let mut copied = Copied::none(&stream);
    for chain in &chains {
        if options.paragraphs == Level::Mark || !breaks_alike(page, &stream, chain) {
            continue;
        }
        let is_gone = |span: &Span| copied.letters(span) * 2 > span.len();
        if is_gone(&chain.here()) || is_gone(&chain.there()) {
            continue;
        }
        let (goes, stays) = if is_more_at_home(page, &stream, &chain.there(), &chain.here()) {
            (chain.here(), chain.there())
        } else {
            (chain.there(), chain.here())
        };
        let goes = snapped(page, &stream, goes);
        let stays = Place {
            id: page.id.clone(),
            at: place_of(&stream, &stays),
        };
        copied.set(goes, stays);
    }
    drop_rests(&stream, &matches, &mut copied);
    cut(page, &stream, &copied);
    remark(page, &stream, &chains, &copied);
}

/// Which letters of a stream are a copy, and of what.
struct Copied {
    /// For each letter, the number of its original in `originals`.
    of: Vec<Option<usize>>,
    originals: Vec<Place>,
}

impl Copied {
    fn none(stream: &Stream) -> Self {
        Copied {
            of: vec![None; stream.letters.len()],
            originals: Vec::new(),
        }
    }

    fn set(&mut self, letters: Span, original: Place) {
        self.of[letters].fill(Some(self.originals.len()));
        self.originals.push(original);
    }

    /// How many letters of the span are a copy.
    fn letters(&self, span: &Span) -> usize {
        self.of[span.clone()].iter().flatten().count()
    }
}

/// For each letter of a page, so many are compared at most to find where matches begin and end.
const MOST_COMPARED: usize = 16;

/// All maximal runs of at least `SHORTEST` letters that stand twice, by seeds.
fn matches(letters: &[Letter]) -> Vec<Match> {
    if letters.len() < 2 * SHORTEST {
        return Vec::new();
    }
    let mut seeds = winnow(letters, SEED, SHORTEST - SEED + 1);
    seeds.sort_unstable();
    let mut found = Vec::new();
    let mut reached: HashMap<usize, usize> = HashMap::new(); // by distance of the copies: how far a match went
    let mut pairs: Vec<(usize, usize)> = seeds
        .chunk_by(|a, b| a.hash == b.hash)
        .flat_map(|same| {
            let nearest = move |j: usize| {
                (j.saturating_sub(MOST_PLACES)..j).chain((j > MOST_PLACES).then_some(0))
            };
            (1..same.len()).flat_map(move |j| {
                nearest(j).map(move |i| (same[i].at as usize, same[j].at as usize))
            })
        })
        .collect();
    // the near first: in text that repeats itself without end all places are alike, and those suffice
    pairs.sort_unstable_by_key(|(here, there)| (there - here, *here));
    let mut compared = 0;
    for (here, there) in pairs {
        let distance = there - here;
        if reached.get(&distance).is_some_and(|end| here < *end) {
            continue;
        }
        if compared > MOST_COMPARED * letters.len() {
            break;
        }
        let same = |(a, b): &(usize, usize)| letters[*a] == letters[*b];
        let back = (0..here)
            .rev()
            .zip((0..there).rev())
            .take(distance)
            .take_while(same)
            .count();
        let (start, other) = (here - back, there - back);
        let length = (start..)
            .zip(other..letters.len())
            .take(distance)
            .take_while(same)
            .count();
        if length >= SHORTEST {
            found.push(Match {
                here: start..start + length,
                there: other..other + length,
            });
        }
        reached.insert(distance, start + length.max(1));
        compared += back + length;
    }
    found.sort_unstable_by_key(|found| (found.here.start, found.there.start));
    found
}

/// Puts matches that go on, after a small gap on both sides, into one chain.
fn chain(mut matches: Vec<Match>) -> Vec<Chain> {
    matches.sort_by_key(|m| (m.there.start, m.here.start));
    let mut chains: Vec<Chain> = Vec::new();
    for next in matches {
        let goes_on = |chain: &Chain| {
            let last = &chain.runs[chain.runs.len() - 1];
            let (Some(here), Some(there)) = (
                next.here.start.checked_sub(last.here.end),
                next.there.start.checked_sub(last.there.end),
            ) else {
                return false;
            };
            here <= LONGEST_GAP && there <= LONGEST_GAP && here.abs_diff(there) <= GAP_SLACK
        };
        // only chains that end close before can go on; they are among the last
        match chains
            .iter_mut()
            .rev()
            .take(4 * MOST_PLACES)
            .find(|c| goes_on(c))
        {
            Some(chain) => chain.runs.push(next),
            None => chains.push(Chain { runs: vec![next] }),
        }
    }
    chains
}

/// Whether both copies go over from one block to the next at the same letter, in the middle of a sentence. Lines that
/// stand close are no such blocks: the same words wrap at the same letter.
fn breaks_alike(page: &Page, stream: &Stream, chain: &Chain) -> bool {
    let is_break = |letter: usize| {
        let (before, after) = (stream.block_of(letter - 1), stream.block_of(letter));
        let read = |block: usize| page.reading(page.blocks[block].span.clone()).text;
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '，' | ',' | '、');
        let before = read(before);
        page.blocks[after].gap > 0
            && before.contains(is_clause_mark)
            && before.ends_with(goes_on)
            && !is_item(&read(after))
    };
    let begins = |letter: usize| {
        stream
            .blocks
            .get(stream.block_of(letter))
            .is_some_and(|block| block.start == letter)
    };
    chain.runs.iter().any(|run| {
        let behind = stream.block_of(run.here.start) + 1;
        let blocks = stream.blocks.get(behind..).unwrap_or_default();
        let starts = blocks
            .iter()
            .filter(|block| !block.is_empty())
            .map(|block| block.start);
        let both = |here: usize| [here, run.there.start + here - run.here.start];
        let mut both_begin = starts
            .take_while(|start| *start < run.here.end)
            .map(both)
            .filter(|[_, there]| begins(*there));
        both_begin.any(|at| at.into_iter().all(is_break))
    })
}

/// Whether a passage fits its surroundings at `a` clearly better than at `b`: it begins and ends where blocks do, or
/// its words are those of its headline and of the rest of its paragraphs.
fn is_more_at_home(page: &Page, stream: &Stream, a: &Span, b: &Span) -> bool {
    /// By how much the later copy must be the better one.
    const CLEARLY: f64 = 1.25;
    let (whole_a, whole_b) = (whole_edges(stream, a), whole_edges(stream, b));
    if whole_a != whole_b {
        return whole_a > whole_b;
    }
    let passage: HashSet<[Letter; 2]> = pairs(&stream.letters[a.clone()]).collect();
    let share = |span: &Span| {
        let around = surroundings(page, stream, span);
        let known = around.iter().filter(|pair| passage.contains(*pair)).count();
        known as f64 / around.len().max(1) as f64
    };
    share(a) > CLEARLY * share(b)
}

/// How many of a passage's two ends fall on the ends of blocks.
fn whole_edges(stream: &Stream, span: &Span) -> usize {
    let (first, last) = (stream.block_of(span.start), stream.block_of(span.end - 1));
    usize::from(stream.blocks[first].start == span.start)
        + usize::from(stream.blocks[last].end == span.end)
}

/// Pairs of letters of the headline above a passage and of those parts of its blocks that are not in it.
fn surroundings(page: &Page, stream: &Stream, span: &Span) -> HashSet<[Letter; 2]> {
    let (first, last) = (stream.block_of(span.start), stream.block_of(span.end - 1));
    let mut around: HashSet<[Letter; 2]> =
        pairs(&stream.letters[stream.blocks[first].start..span.start]).collect();
    around.extend(pairs(&stream.letters[span.end..stream.blocks[last].end]));
    let headline = (0..first)
        .rev()
        .find(|at| page.blocks[*at].kind == Kind::Headline);
    if let Some(at) = headline {
        let text = page.reading(page.blocks[at].span.clone()).text;
        let letters: Vec<Letter> = text
            .chars()
            .filter_map(crate::text::letters::fold)
            .collect();
        around.extend(pairs(&letters));
    }
    around
}

fn pairs(letters: &[Letter]) -> impl Iterator<Item = [Letter; 2]> {
    letters.windows(2).map(|w| [w[0], w[1]])
}

/// The passage with its ends moved inward to the ends of sentences, where those are near. A seam behind a comma is left
/// where it is: there the clause before it is whole, and the copy's first clause is the copy's.
fn snapped(page: &Page, stream: &Stream, span: Span) -> Span {
    let begins = |at: usize| sentence_ends_before(page, stream, at);
    let after_comma = span.start > 0 && {
        let between = stream.came(span.start - 1).end..stream.came(span.start).start;
        page.reading(between).text.contains(is_clause_mark)
    };
    let near = span.start
        ..span
            .end
            .min(span.start + if after_comma { 1 } else { SNAP });
    let start = near
        .into_iter()
        .find(|at| begins(*at))
        .unwrap_or(span.start);
    let end = (start + 1..=span.end)
        .rev()
        .take(SNAP)
        .find(|at| *at == stream.letters.len() || begins(*at))
        .unwrap_or(span.end);
    start..end
}

/// Whether a sentence or a block ends right before a letter.
fn sentence_ends_before(page: &Page, stream: &Stream, letter: usize) -> bool {
    let block = stream.block_of(letter);
    if stream.blocks[block].start == letter {
        return true;
    }
    let between = stream.came(letter - 1).end..stream.came(letter).start;
    page.reading(between).text.contains(is_full_stop)
}

/// What stands behind a proved copy to the end of its block goes too, where it stands elsewhere but for a few words: a
/// recogniser that has begun to copy patches together what it copies. What stands before the copy is the block's own.
fn drop_rests(stream: &Stream, matches: &[Match], copied: &mut Copied) {
    let mut elsewhere = vec![false; stream.letters.len()];
    for run in matches {
        elsewhere[run.here.clone()].fill(true);
        elsewhere[run.there.clone()].fill(true);
    }
    for block in stream.blocks.iter().filter(|b| !b.is_empty()) {
        let Some(first) = block.clone().find(|at| copied.of[*at].is_some()) else {
            continue;
        };
        let rest = first..block.end;
        let own = rest
            .clone()
            .filter(|at| copied.of[*at].is_none() && !elsewhere[*at])
            .count();
        if copied.letters(&rest) * 2 > rest.len() && own * 10 <= rest.len() {
            let of = copied.of[first];
            copied.of[rest].fill(of);
        }
    }
}

/// Takes the copied letters out, with the marks that belong to them, block by block.
fn cut(page: &mut Page, stream: &Stream, copied: &Copied) {
    for (block, letters) in stream.blocks.iter().enumerate() {
        let mut at = letters.start;
        for run in copied.of[letters.clone()].chunk_by(|a, b| a == b) {
            let span = at..at + run.len();
            at = span.end;
            let Some(original) = run[0] else { continue };
            let evidence = Evidence {
                of: Some(copied.originals[original].clone()),
                ..Evidence::default()
            };
            let cause = Cause::verified(METHOD.cause, evidence);
            if span == *letters {
                page.drop_block(&cause, block);
            } else {
                page.blocks[block].closed_head |= span.start == letters.start;
                page.blocks[block].closed_tail |= span.end == letters.end;
                let span = with_marks(page, stream, block, span);
                page.edit(&cause, vec![Edit::delete(span)]);
            }
        }
    }
}

/// The text of some letters of a block: openers before them and marks behind them belong to them.
fn with_marks(page: &Page, stream: &Stream, block: usize, letters: Span) -> Span {
    let whole = &stream.blocks[block];
    let opens = |from: usize, to: usize| {
        let gap = &page.text()[from..to];
        from + gap.trim_end_matches(is_opener).len()
    };
    let start = if letters.start == whole.start {
        page.blocks[block].span.start
    } else {
        opens(
            stream.came(letters.start - 1).end,
            stream.came(letters.start).start,
        )
    };
    let end = if letters.end == whole.end {
        page.blocks[block].span.end
    } else {
        opens(
            stream.came(letters.end - 1).end,
            stream.came(letters.end).start,
        )
    };
    start..end.max(start)
}

fn place_of(stream: &Stream, letters: &Span) -> [usize; 2] {
    let span = stream.span(letters);
    [span.start, span.end]
}

/// Says of the repeats that nothing proves where their other copy is.
fn remark(page: &mut Page, stream: &Stream, chains: &[Chain], copied: &Copied) {
    for chain in chains
        .iter()
        .filter(|c| c.there().len() >= SHORTEST_PASSAGE)
    {
        let (here, there) = (chain.here(), chain.there());
        if copied.letters(&here) == 0 && copied.letters(&there) == 0 {
            let of = Place {
                id: page.id.clone(),
                at: place_of(stream, &here),
            };
            let span = stream.span(&there);
            page.remark(
                Cause::suspected(
                    METHOD.cause,
                    Evidence {
                        of: Some(of),
                        ..Evidence::default()
                    },
                ),
                span,
            );
        }
    }
}

// ---- between documents

/// Letters of a shingle that is printed for the run.
const SHINGLE: usize = 32;
/// With it a shared run of `SHORTEST_PASSAGE` letters has a print in common.
const WINDOW: usize = SHORTEST_PASSAGE - SHINGLE + 1;
/// Documents with hits that are gone through at a time.
const BATCH: usize = 1 << 16;

/// A print, and the letter of the document at which its shingle begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Placed {
    hash: u64,
    rank: u32,
    at: u32,
}

/// A shingle that stands in a document and in another before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Hit {
    rank: u32,
    other: u32,
    at: u32,
    there: u32,
}

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    if options.passages == Level::Off {
        return Ok(());
    }
    let mut prints = Unsorted::new(settle.room.shared_by(2));
    settle.scan(placed, |found| prints.extend(&found))?;
    let mut hits = Unsorted::new(settle.room.shared_by(2));
    prints.without_single(|print| print.hash).sorted()?.groups(
        |a, b| a.hash == b.hash,
        |same| {
            // a star and a chain, not a clique: each copy is held against the first and against the one before it, so
            // that boilerplate costs no more than its length
            let (first, mut before) = (same[0], same[0]);
            for pair in same.windows(2) {
                let [last, next] = [pair[0], pair[1]];
                before = if last.rank == next.rank { before } else { last };
                let hit = |other: Placed| Hit {
                    rank: next.rank,
                    other: other.rank,
                    at: next.at,
                    there: other.at,
                };
                if next.rank != first.rank {
                    hits.push(hit(first))?;
                    if before.rank != first.rank {
                        hits.push(hit(before))?;
                    }
                }
            }
            Ok(())
        },
    )?;
    let mut rejected = 0;
    let mut batch: Vec<Hit> = Vec::new();
    let mut extend_batch = |batch: &mut Vec<Hit>| {
        let passages: Vec<Result<(Vec<Shared>, u64), Error>> = batch
            .par_chunk_by(|a, b| a.rank == b.rank)
            .map(|hits| passages_of(settle, hits))
            .collect();
        for found in passages {
            let (passages, refused) = found?;
            rejected += refused;
            passages
                .iter()
                .try_for_each(|passage| findings.passage(settle, passage))?;
        }
        batch.clear();
        Ok(())
    };
    hits.sorted()?.groups(
        |a, b| a.rank == b.rank,
        |same| {
            batch.extend_from_slice(same);
            if batch.len() >= BATCH {
                extend_batch(&mut batch)
            } else {
                Ok(())
            }
        },
    )?;
    extend_batch(&mut batch)?;
    settle.rejected.passages += rejected;
    Ok(())
}

/// The prints of a document's running text.
fn placed(rank: u32, prints: &Prints) -> Vec<Placed> {
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
        .map(|print| Placed {
            hash: print.hash,
            rank,
            at: print.at,
        })
        .collect()
}

/// What a document shares with those before it, and how many shared prints came to nothing.
fn passages_of(settle: &Settle, hits: &[Hit]) -> Result<(Vec<Shared>, u64), Error> {
    let rank = hits[0].rank;
    let letters = settle.all_letters(rank)?;
    let mut chains: Vec<(u32, Chain)> = Vec::new();
    for hits in hits.chunk_by(|a, b| a.other == b.other) {
        let other = hits[0].other;
        let theirs = settle.all_letters(other)?;
        chains.extend(
            chain(extended(&letters, &theirs, hits))
                .into_iter()
                .map(|chain| (other, chain)),
        );
    }
    let found = chains.len();
    chains.retain(|(_, chain)| chain.there().len() >= SHORTEST_PASSAGE);
    let rejected = (found - chains.len()) as u64;
    // the longest first: of what stands in several documents it is enough to know one
    chains
        .sort_by_key(|(other, chain)| (Reverse(chain.there().len()), chain.there().start, *other));
    let mut told = vec![false; letters.len()];
    chains.retain(|(_, chain)| {
        let known = told[chain.there()].iter().filter(|told| **told).count();
        told[chain.there()].fill(true);
        chain.there().len() - known >= SHORTEST_PASSAGE / 2
    });
    let shared = chains
        .iter()
        .map(|(other, chain)| Shared::of(settle, (rank, &chain.there()), (*other, &chain.here())));
    Ok((shared.collect::<Result<_, _>>()?, rejected))
}

/// The maximal runs of equal letters around the hits; `here` is in the other document, `there` in this one.
fn extended(letters: &[Letter], theirs: &[Letter], hits: &[Hit]) -> Vec<Match> {
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

/// Marks, or drops if asked, the passages of a page that stand in other documents.
pub(super) fn passages(page: &mut Page, verdict: &Verdict, options: &Options) {
    if verdict.passages.is_empty() {
        return;
    }
    if options.passages == Level::Mark {
        for copied in &verdict.passages {
            let evidence = Evidence {
                of: Some(copied.of.clone()),
                ..Evidence::default()
            };
            page.remark(
                Cause::suspected(METHOD.cause, evidence),
                copied.came[0] as usize..copied.came[1] as usize,
            );
        }
        return;
    }
    // the letters as they were counted in the run, but only running text is cut
    let stream = Stream::of(page, |block| block.kind != Kind::Masthead);
    let mut copied = Copied::none(&stream);
    for passage in &verdict.passages {
        copied.set(
            snapped(
                page,
                &stream,
                passage.at[0] as usize..passage.at[1] as usize,
            ),
            passage.of.clone(),
        );
    }
    for (block, letters) in stream.blocks.iter().enumerate() {
        if !page.blocks[block].is_running_text() {
            copied.of[letters.clone()].fill(None);
        }
    }
    cut(page, &stream, &copied);
}
