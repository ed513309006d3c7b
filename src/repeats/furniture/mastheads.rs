//! Finds short blocks beside the masthead that recur: names, slogans, the address of a paper.

use super::{LONGEST, Recurring};
use crate::page::Kind;
use crate::repeats::method::{Candidate, Context, Key, Unreadable};
use crate::repeats::verdict::Finding;
use crate::repeats::{BlockPrint, Prints};
use crate::shingle::hash;

/// Blocks that are looked at on either side of a masthead; chosen by eye.
const REACH: usize = 2;

/// The short blocks next to a page's masthead.
pub(super) fn keys(prints: &Prints) -> Vec<Key> {
    let Some(last) = masthead(&prints.blocks) else {
        return Vec::new();
    };
    let is_text = |block: usize| {
        prints.blocks[block].is(Kind::Body) || prints.blocks[block].is(Kind::Headline)
    };
    (last + 1..prints.blocks.len())
        .take(REACH)
        .filter(|block| is_text(*block) && (1..=LONGEST).contains(&prints.block(*block).len()))
        .map(|block| Key {
            hash: hash(prints.block(block)) as u64,
            at: block as u32,
        })
        .collect()
}

/// The last block of a page's masthead.
fn masthead(blocks: &[BlockPrint]) -> Option<usize> {
    blocks.iter().rposition(|block| block.is(Kind::Masthead))
}

/// Takes blocks from the masthead outward as long as each recurs.
pub(super) fn verify(
    candidates: &[Candidate],
    context: &Context,
) -> Result<Vec<Finding>, Unreadable> {
    let Some(first) = candidates.first() else {
        return Ok(Vec::new());
    };
    let rank = first.pair.rank;
    let last = masthead(&context.corpus.blocks(rank)?).unwrap_or_default() as u32;
    let recurring = candidates
        .iter()
        .zip(last + 1..)
        .take_while(|(candidate, block)| candidate.pair.at == *block);
    Ok(recurring
        .map(|(_, block)| Recurring::anywhere(block, rank))
        .collect())
}
