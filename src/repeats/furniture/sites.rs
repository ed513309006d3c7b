//! Lines in which a site names itself, and last sentences of paragraphs: they recur to the letter in other documents of the
//! site.

use super::Recurring;
use crate::page::edit::Span;
use crate::repeats::Prints;
use crate::repeats::blocks::letters_of;
use crate::repeats::method::{Candidate, Context, Key, Unreadable};
use crate::repeats::strict::{Gap, Sign};
use crate::repeats::verdict::Finding;
use crate::text::letters::fold;
use xxhash_rust::xxh3::xxh3_64;

/// A document has this many times the letters of such a line: a record that hardly says more is itself about the site.
/// Chosen by eye.
const DOCUMENT: usize = 5;

pub(super) fn keys(prints: &Prints) -> Vec<Key> {
    let is_line = |block: &usize| prints.blocks[*block].names_a_site();
    let lines = (0..prints.blocks.len()).filter(is_line);
    lines
        .filter(|block| is_small_part(prints.block(*block).len(), prints.letters.len()))
        .map(|block| key(&prints.signs(block), block))
        .collect()
}

pub(super) fn keys_of_ends(prints: &Prints) -> Vec<Key> {
    let ends = (0..prints.blocks.len()).filter(|block| prints.blocks[*block].ends_naming_a_site());
    ends.filter_map(|block| {
        let signs = prints.signs(block);
        let end = last_sentence(&signs)?;
        is_small_part(signs.len() - end, prints.letters.len()).then(|| key(&signs[end..], block))
    })
    .collect()
}

fn is_small_part(letters: usize, all: usize) -> bool {
    letters * DOCUMENT <= all
}

fn key(signs: &[Sign], block: usize) -> Key {
    let codes: Vec<u32> = signs.iter().map(|sign| sign.code()).collect();
    Key {
        hash: xxh3_64(bytemuck::cast_slice(&codes)),
        at: block as u32,
    }
}

/// The first sign of a text's last sentence, if it has more than one.
fn last_sentence(signs: &[Sign]) -> Option<usize> {
    (1..signs.len())
        .rev()
        .find(|at| signs[*at].gap() >= Gap::Sentence)
}

/// What of a document recurs elsewhere: lines, and ends of paragraphs.
pub(super) fn verify(
    [lines, ends]: &[Vec<Candidate>; 2],
    context: &Context,
) -> Result<Vec<Finding>, Unreadable> {
    let corpus = context.corpus;
    let lines = lines.iter().map(|Candidate { pair, .. }| pair);
    let mut found: Vec<Finding> = lines
        .map(|pair| Recurring::anywhere(pair.at, pair.rank))
        .collect();
    for Candidate { pair, .. } in ends {
        let signs = corpus.signs_of(pair.rank, pair.at)?;
        let blocks = corpus.blocks(pair.rank)?;
        let block = letters_of(
            &blocks,
            pair.at as usize,
            corpus.facts(pair.rank).letters as usize,
        );
        let Some(end) = last_sentence(&signs).and_then(|end| letters_from(&signs, end, &block))
        else {
            continue;
        };
        let came = corpus.came(pair.rank, &[end])?[0];
        found.push(Recurring::end(pair.at, came, pair.rank));
    }
    Ok(found)
}

/// The letters of a block from a sign on, if the two streams agree on them.
fn letters_from(signs: &[Sign], from: usize, block: &Span) -> Option<Span> {
    let [before, after] = [&signs[..from], &signs[from..]].map(letters);
    (before + after == block.len() && after > 0).then(|| block.start + before..block.end)
}

fn letters(signs: &[Sign]) -> usize {
    let is_letter = |sign: &&Sign| sign.char().and_then(fold).is_some();
    signs.iter().filter(is_letter).count()
}
