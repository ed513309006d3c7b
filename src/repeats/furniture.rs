//! What recurs on the pages of a paper and is no part of its articles: names and slogans beside the masthead, running
//! heads, prices, adverts with small changes.

use super::candidates::{Candidate, Holder, candidate_blocks};
use super::likeness::{overlap, similarity};
use super::settle::Findings;
use super::{Method, Options, Prints, Settle};
use crate::Error;
use crate::page::Kind;
use crate::page::cause::CauseId;
use crate::page::edit::Span;
use crate::repeats::Level;
use crate::settle::sorted::Unsorted;
use crate::shingle::{hash, shingles};
use crate::text::chars::{ends_sentence, is_clause_mark};
use crate::text::letters::Letter;
use crate::text::lines::is_item;
use bytemuck::{Pod, Zeroable};
use std::cmp::Reverse;
use std::collections::HashSet;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Furniture,
    source: "recurrence, as running heads are found in books (Lin, DRR 2003); min-wise sketches of character shingles (Broder \
             1997), verified by edit distance (Levenshtein 1966)",
    in_page: |_, _| {},
    in_run,
};

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    if options.furniture == Level::Off {
        return Ok(());
    }
    beside_mastheads(settle, findings)?;
    scraps(settle, findings)
}

// ---- beside mastheads

/// Pages on which a block must recur.
const FEWEST_PAGES: usize = 3;
/// Blocks on either side of a masthead that are looked at.
const REACH: usize = 2;
/// Letters: what is longer is text.
const LONGEST: usize = 24;

/// A short block at a masthead, by the hash of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Edge {
    hash: u64,
    rank: u32,
    /// Blocks from the masthead outward.
    distance: u32,
    block: u32,
    unused: u32,
}

fn beside_mastheads(settle: &Settle, findings: &mut Findings) -> Result<(), Error> {
    let mut all = Unsorted::new(settle.room.shared_by(2));
    settle.scan(edges, |found| all.extend(&found))?;
    let mut recurring = Unsorted::new(settle.room.shared_by(2));
    all.sorted()?.groups(
        |a, b| a.hash == b.hash,
        |same| match same.len() {
            FEWEST_PAGES.. => same
                .iter()
                .try_for_each(|edge| recurring.push([edge.rank, edge.distance, edge.block])),
            _ => Ok(()),
        },
    )?;
    recurring.sorted()?.groups(
        |a, b| a[0] == b[0],
        |page| {
            // from the masthead outward, as long as block after block recurs
            let recurs = page
                .iter()
                .zip(1..)
                .take_while(|(edge, distance)| edge[1] == *distance);
            recurs
                .map(|(edge, _)| edge)
                .try_for_each(|[rank, _, block]| findings.furniture(settle, (*rank, *block), None))
        },
    )
}

/// The short blocks that touch a page's masthead.
fn edges(rank: u32, prints: &Prints) -> Vec<Edge> {
    let Some(last) = prints
        .blocks
        .iter()
        .rposition(|block| block.is(Kind::Masthead))
    else {
        return Vec::new();
    };
    let is_text = |block: usize| {
        prints.blocks[block].is(Kind::Body) || prints.blocks[block].is(Kind::Headline)
    };
    let edge = |block: usize| Edge {
        hash: hash(prints.block(block)) as u64,
        rank,
        distance: (block - last) as u32,
        block: block as u32,
        unused: 0,
    };
    (last + 1..prints.blocks.len())
        .take(REACH)
        .filter(|block| is_text(*block) && (1..=LONGEST).contains(&prints.block(*block).len()))
        .map(edge)
        .collect()
}

// ---- scraps

/// Blocks of a page of scraps; a third of them at least are scraps.
const FEWEST_BLOCKS: usize = 8;
/// Scraps of a page that recur, at least: one that does is a headline that was written twice.
const FEWEST_RECURRING: usize = 4;
/// Letters of a scrap. What is shorter is a word; what is longer goes as a paragraph.
const SCRAP: std::ops::RangeInclusive<usize> = 8..=600;
/// Letters of its shingles, and how many of them, those with the lowest hashes, are its sketch.
const SHINGLE: usize = 3;
const SKETCH: usize = 16;
/// Scraps with most shingles in common that are verified.
const MOST_CANDIDATES: usize = 4;
/// Similarity from which a scrap is the same again. An advert changes its prices.
const SAME: f64 = 0.7;
/// The share of its letters that stand in a longer one, from which it is a part of that.
const PART: f64 = 0.85;

/// Whether a text is no sentence, and neither half of one, an item of a list nor a byline.
pub(super) fn is_scrap(text: &str) -> bool {
    let bare = text
        .trim_end()
        .trim_end_matches(crate::text::chars::is_closer);
    let is_byline = bare.ends_with([
        '译', '譯', '著', '作', '撰', '述', '文', '摄', '攝', '编', '編', '辑', '輯',
    ]) && bare.chars().count() <= 16;
    !ends_sentence(text) && !bare.ends_with(is_clause_mark) && !is_item(text) && !is_byline
}

fn scraps(settle: &Settle, findings: &mut Findings) -> Result<(), Error> {
    let mut holders = Unsorted::new(settle.room.shared_by(2));
    // by page and block: scraps that head text of their own
    let mut heads: HashSet<(u32, u32)> = HashSet::new();
    settle.scan(scraps_of, |(found, heading)| {
        heads.extend(heading);
        holders.extend(&found)
    })?;
    let mut gone: HashSet<(u32, u32)> = HashSet::new();
    candidate_blocks(settle, holders)?.groups(
        |a, b| a.rank == b.rank,
        |page| {
            let mut recurring = Vec::new();
            for candidates in page.chunk_by(|a, b| a.block == b.block) {
                // what goes must be like one that stays
                if let Some((other, span)) = same_before(settle, candidates, &gone)? {
                    recurring.push((candidates[0].block, other, span));
                }
            }
            if recurring.len() < FEWEST_RECURRING {
                return Ok(());
            }
            let rank = page[0].rank;
            for (block, other, span) in recurring
                .into_iter()
                .filter(|found| !heads.contains(&(rank, found.0)))
            {
                gone.insert((rank, block));
                findings.furniture(settle, (rank, block), Some((other, &span)))?;
            }
            Ok(())
        },
    )
}

/// The sketches of a page's scraps, and those of them that head text of their own; of other pages nothing.
fn scraps_of(rank: u32, prints: &Prints) -> (Vec<Holder>, Vec<(u32, u32)>) {
    let filled: Vec<usize> = (0..prints.blocks.len())
        .filter(|block| !prints.block(*block).is_empty())
        .collect();
    let is_scrap = |block: usize| prints.blocks[block].is_scrap();
    let scraps = filled.iter().filter(|block| is_scrap(**block)).count();
    if filled.len() < FEWEST_BLOCKS || 3 * scraps < filled.len() {
        return Default::default();
    }
    let (mut holders, mut heading) = (Vec::new(), Vec::new());
    for (at, block) in filled
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, block)| is_scrap(*block))
    {
        let letters = prints.block(block);
        if !SCRAP.contains(&letters.len()) {
            continue;
        }
        let is_text = |next: &usize| {
            prints.blocks[*next].holds_sentences() && prints.block(*next).len() >= LONGEST
        };
        if letters.len() <= LONGEST && filled.get(at + 1).is_some_and(is_text) {
            heading.push((rank, block as u32));
        }
        let mut hashes: Vec<u64> = shingles(letters, SHINGLE).collect();
        hashes.sort_unstable();
        hashes.dedup();
        holders.extend(hashes.into_iter().take(SKETCH).map(|hash| Holder {
            hash,
            rank,
            block: block as u32,
        }));
    }
    (holders, heading)
}

/// The earlier scrap that a scrap is the same as, if it stays itself: its document and its letters there.
fn same_before(
    settle: &Settle,
    candidates: &[Candidate],
    gone: &HashSet<(u32, u32)>,
) -> Result<Option<(u32, Span)>, Error> {
    let staying = candidates
        .chunk_by(|a, b| a == b)
        .filter(|same| !gone.contains(&(same[0].other, same[0].there)));
    let mut counts: Vec<(Reverse<usize>, &Candidate)> = staying
        .map(|same| (Reverse(same.len()), &same[0]))
        .collect();
    counts.sort();
    let letters = settle.letters(
        candidates[0].rank,
        settle.letters_of(candidates[0].rank, candidates[0].block)?,
    )?;
    for (_, Candidate { other, there, .. }) in counts.into_iter().take(MOST_CANDIDATES) {
        let span = settle.letters_of(*other, *there)?;
        if is_same(&letters, &settle.letters(*other, span.clone())?) {
            return Ok(Some((*other, span)));
        }
    }
    Ok(None)
}

/// Whether a scrap is the same as an earlier one, or a part of it: an extraction cuts one advert in two, and another time
/// does not.
fn is_same(letters: &[Letter], earlier: &[Letter]) -> bool {
    let [few, many] = [
        letters.len().min(earlier.len()),
        letters.len().max(earlier.len()),
    ];
    few as f64 >= SAME * many as f64 && similarity(letters, earlier) >= SAME
        || letters.len() < earlier.len()
            && overlap(letters, earlier).letters as f64 >= PART * few as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advert_is_the_same_with_another_price_and_in_part() {
        let letters = |text: &str| {
            text.chars()
                .filter_map(crate::text::letters::fold)
                .collect::<Vec<_>>()
        };
        let advert = letters("灯塔牌火柴一擦就着每盒二角各处杂货店均有出售");
        assert!(is_same(
            &letters("灯塔牌火柴一擦就着每盒三角五分各处杂货店均有出售"),
            &advert
        ));
        assert!(is_same(&letters("每盒二角各处杂货店均有出售"), &advert));
        assert!(!is_same(&advert, &letters("每盒二角各处杂货店均有出售")));
        assert!(!is_same(&letters("灯塔牌肥皂洗衣不伤手每块一角"), &advert));
    }

    #[test]
    fn a_scrap_is_no_sentence_no_half_of_one_and_no_byline() {
        for scrap in [
            "灯塔牌火柴",
            "电话四三二一",
            "本店今日起大减价",
            "（每盒二角）",
        ] {
            assert!(is_scrap(scrap), "{scrap}");
        }
        for other in [
            "灯亮了。",
            "他说，",
            "（三）按时点灯",
            "第十二条 点灯",
            "沈渡译",
            "（乔一鸣作）",
        ] {
            assert!(!is_scrap(other), "{other}");
        }
    }
}
