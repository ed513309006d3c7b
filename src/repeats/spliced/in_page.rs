//! Finds a passage that occurs twice on one page.

use super::chain::{Chain, MOST_PLACES, Match, chain};
use super::cut::{Copied, cut, snapped};
use super::{METHOD, SHORTEST_PASSAGE};
use crate::page::edit::{Cause, Evidence, Place, Span};
use crate::page::{Block, Kind, Page};
use crate::repeats::Level;
use crate::shingle::{Stream, winnow};
use crate::text::letters::Letter;
use crate::text::lines::is_item;
use crate::text::sentence::is_clause_mark;
use std::collections::{HashMap, HashSet};

/// A shared run inside a page is found if it has this many letters; chosen by eye.
const SHORTEST: usize = 30;
const SEED: usize = 16;

/// Drops the passages that are proved to be copies, and reports the others.
pub(super) fn apply(page: &mut Page, level: Level) {
    if level == Level::Off {
        return;
    }
    let stream = Stream::of(page, Block::is_running_text);
    let matches = matches(&stream.letters);
    if matches.is_empty() {
        return;
    }
    let mut chains: Vec<Chain> = chain(matches.clone());
    // the longest first: parts of it follow its result
    chains.sort_by_key(|c| {
        (
            std::cmp::Reverse(c.there().len()),
            c.there().start,
            c.here().start,
        )
    });
    let mut copied = Copied::none(&stream);
    for chain in &chains {
        if level == Level::Mark || !breaks_alike(page, &stream, chain) {
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

/// Letters that are compared for each letter of a page, at most, to find where matches begin and end; chosen by eye.
const MOST_COMPARED: usize = 16;

/// All maximal runs of at least `SHORTEST` letters that occur twice, found by seeds.
fn matches(letters: &[Letter]) -> Vec<Match> {
    if letters.len() < 2 * SHORTEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut reached: HashMap<usize, usize> = HashMap::new(); // by distance of the copies: how far a match went
    let mut compared = 0;
    for (here, there) in seeds(letters) {
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

/// Places with the same seed, each with some of those before it. Near places come first: in text that repeats itself without
/// end all places are alike, and those suffice.
fn seeds(letters: &[Letter]) -> Vec<(usize, usize)> {
    let mut seeds = winnow(letters, SEED, SHORTEST - SEED + 1);
    seeds.sort_unstable();
    let nearest = |j: usize| {
        let first = (j > MOST_PLACES).then_some(0);
        (j.saturating_sub(MOST_PLACES)..j).chain(first)
    };
    let mut pairs = Vec::new();
    for same in seeds.chunk_by(|a, b| a.hash == b.hash) {
        let at = |n: usize| same[n].at as usize;
        pairs.extend((1..same.len()).flat_map(|j| nearest(j).map(move |i| (at(i), at(j)))));
    }
    pairs.sort_unstable_by_key(|(here, there)| (there - here, *here));
    pairs
}

/// Whether both copies pass from one block to the next at the same letter, in the middle of a sentence. Lines close to
/// each other do not count as blocks: the same words wrap at the same letter.
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
/// shares the words of its headline and of the rest of its paragraphs.
fn is_more_at_home(page: &Page, stream: &Stream, a: &Span, b: &Span) -> bool {
    /// By how much the later copy must fit better; chosen by eye.
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

/// Pairs of letters of the headline above a passage and of the rest of its blocks.
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

/// Extends a proved copy to the end of its block if that text also occurs elsewhere except for a few words: a
/// recogniser that has begun to copy patches together what it copies. The text before the copy belongs to the block.
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

fn place_of(stream: &Stream, letters: &Span) -> [usize; 2] {
    let span = stream.span(letters);
    [span.start, span.end]
}

/// Reports for the repeats that nothing proves where their other copy is.
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
