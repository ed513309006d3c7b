//! Finds scraps that recur on pages of scraps: adverts, prices, running heads.

use super::{LONGEST, Recurring};
use crate::page::edit::Span;
use crate::repeats::likeness::{overlap, similarity};
use crate::repeats::method::{Candidate, Context, Key, Unreadable};
use crate::repeats::verdict::Finding;
use crate::repeats::{BlockPrint, Prints, blocks};
use crate::shingle::shingles;
use crate::text::letters::Letter;
use std::cmp::Reverse;

/// A page of scraps has this many blocks, and at least a third of them are scraps; chosen by eye.
const FEWEST_BLOCKS: usize = 8;
/// At least this many scraps of a page must recur: a single one is a headline that was written twice. Chosen by eye.
const FEWEST_RECURRING: usize = 4;
/// Letters of a scrap. A shorter text is a word; a longer one is treated as a paragraph. Chosen by eye.
const SCRAP: std::ops::RangeInclusive<usize> = 8..=600;
/// Letters of its shingles, and how many of these, those with the lowest hashes, are its sketch; chosen by eye.
const SHINGLE: usize = 3;
const SKETCH: usize = 16;
/// At most this many scraps, those with most shingles in common, are verified; chosen by eye.
const MOST_CANDIDATES: usize = 4;
/// Similarity from which a scrap is the same again: an advert changes its prices. Chosen by eye.
const SAME: f64 = 0.7;
/// The share of its letters that a longer one must have for a scrap to be part of that; chosen by eye.
const PART: f64 = 0.85;

/// The sketches of a page's scraps; empty for other pages.
pub(super) fn keys(prints: &Prints) -> Vec<Key> {
    let filled = filled(&prints.blocks, prints.letters.len());
    let is_scrap = |block: &usize| prints.blocks[*block].is_scrap();
    let scraps = filled.iter().filter(|block| is_scrap(block)).count();
    if filled.len() < FEWEST_BLOCKS || 3 * scraps < filled.len() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    for block in filled.into_iter().filter(is_scrap) {
        let letters = prints.block(block);
        if !SCRAP.contains(&letters.len()) {
            continue;
        }
        let mut hashes: Vec<u64> = shingles(letters, SHINGLE).collect();
        hashes.sort_unstable();
        hashes.dedup();
        keys.extend(hashes.into_iter().take(SKETCH).map(|hash| Key {
            hash,
            at: block as u32,
        }));
    }
    keys
}

/// The blocks of a page that have letters.
fn filled(prints: &[BlockPrint], letters: usize) -> Vec<usize> {
    (0..prints.len())
        .filter(|block| !blocks::letters_of(prints, *block, letters).is_empty())
        .collect()
}

/// The scraps of a page that recur from an earlier page, if there are enough of them; each with its block.
pub(super) fn verify(
    candidates: &[Candidate],
    context: &Context,
) -> Result<Vec<(u32, Finding)>, Unreadable> {
    let mut recurring = Vec::new();
    for candidates in candidates.chunk_by(|a, b| a.pair.at == b.pair.at) {
        // a scrap goes only if it is like one that stays
        if let Some((other, span)) = same_before(candidates, context)? {
            recurring.push((candidates[0].pair.at, other, span));
        }
    }
    if recurring.len() < FEWEST_RECURRING {
        return Ok(Vec::new());
    }
    let rank = candidates[0].pair.rank;
    let prints = context.corpus.blocks(rank)?;
    let letters = context.corpus.facts(rank).letters as usize;
    let filled = filled(&prints, letters);
    let is_scrap = |place: usize| prints[filled[place]].is_scrap();
    recurring.retain(|(block, ..)| !heads_text(&prints, *block as usize, letters));
    let are_among = recurring.iter().filter(|(block, ..)| {
        let place = filled.binary_search(&(*block as usize));
        place.is_ok_and(|place| is_among_others(place, filled.len(), is_scrap))
    });
    if are_among.count() < FEWEST_RECURRING {
        return Ok(Vec::new());
    }
    recurring
        .into_iter()
        .map(|(block, other, span)| {
            let there = context.corpus.came(other, &[span])?[0];
            Ok((block, Recurring::like(block, there, [rank, other])))
        })
        .collect()
}

/// Whether a block stands where adverts and running heads do: beside another scrap, or first or last on its page. A heading
/// that every page has, of minutes or a form, stands alone over what differs.
fn is_among_others(place: usize, count: usize, is_scrap: impl Fn(usize) -> bool) -> bool {
    place == 0 || place + 1 == count || is_scrap(place - 1) || is_scrap(place + 1)
}

/// Whether a scrap is the heading of text of its own.
fn heads_text(prints: &[BlockPrint], block: usize, letters: usize) -> bool {
    let length = |block: usize| blocks::letters_of(prints, block, letters).len();
    let next = (block + 1..prints.len()).find(|next| length(*next) > 0);
    length(block) <= LONGEST
        && next.is_some_and(|next| prints[next].holds_sentences() && length(next) >= LONGEST)
}

/// The earlier scrap that a scrap repeats, if that one stays: its document and its letters there.
fn same_before(
    candidates: &[Candidate],
    context: &Context,
) -> Result<Option<(u32, Span)>, Unreadable> {
    let corpus = context.corpus;
    let mut staying: Vec<&Candidate> = candidates
        .iter()
        .filter(|Candidate { pair, .. }| !context.gone.contains(&[pair.other, pair.there]))
        .collect();
    staying.sort_by_key(|candidate| (Reverse(candidate.shared), candidate.pair));
    let [rank, block] = [candidates[0].pair.rank, candidates[0].pair.at];
    let letters = corpus.letters(rank, corpus.block(rank, block)?)?;
    for Candidate { pair, .. } in staying.into_iter().take(MOST_CANDIDATES) {
        let span = corpus.block(pair.other, pair.there)?;
        if is_same(&letters, &corpus.letters(pair.other, span.clone())?) {
            return Ok(Some((pair.other, span)));
        }
    }
    Ok(None)
}

/// Whether two texts differ by their numbers alone, as headings of minutes and chapters do. Recognitions of one advert differ
/// in other letters too, and a running head numbers its page (第五版).
fn differ_by_number(one: &[Letter], other: &[Letter]) -> bool {
    const PAGE: Letter = '版' as Letter;
    const DIGITS: &str = "0123456789〇零一二三四五六七八九十百";
    let is_digit = |letter: &Letter| DIGITS.chars().any(|c| c as Letter == *letter);
    let words = |letters: &[Letter]| -> Vec<Letter> {
        letters
            .iter()
            .copied()
            .filter(|letter| !is_digit(letter))
            .collect()
    };
    one != other && !one.contains(&PAGE) && words(one) == words(other)
}

/// Whether a scrap is the same as an earlier one, or part of it: an extraction sometimes cuts one advert in two and
/// sometimes does not.
fn is_same(letters: &[Letter], earlier: &[Letter]) -> bool {
    if letters.len() <= LONGEST && differ_by_number(letters, earlier) {
        return false;
    }
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
        assert!(!is_same(
            &letters("Minutes No. 12"),
            &letters("Minutes No. 13")
        ));
        assert!(!is_same(
            &letters("会议纪要第十二号议程"),
            &letters("会议纪要第十三号议程")
        ));
    }
}
