//! What recurs at the edge of many pages beside their mastheads: names, slogans, running heads.

use super::settle::Findings;
use super::{Method, Options, Prints, Settle};
use crate::Error;
use crate::config::Level;
use crate::page::Kind;
use crate::shingle::hash;
use crate::sorted::Unsorted;
use bytemuck::{Pod, Zeroable};

pub(super) const METHOD: Method = Method {
    name: "furniture",
    about: "A short block that stands at the masthead on three pages or more belongs to the masthead.",
    source: "recurrence in the same place, as running heads are found in books (Lin, DRR 2003)",
    in_page: |_, _| {},
    in_run,
};

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

/// The short blocks that touch a page's masthead.
fn edges(rank: u32, prints: &Prints) -> Vec<Edge> {
    let Some(last) = prints.blocks.iter().rposition(|block| block.is(Kind::Masthead)) else { return Vec::new() };
    let is_text = |block: usize| prints.blocks[block].is(Kind::Body) || prints.blocks[block].is(Kind::Headline);
    (last + 1..prints.blocks.len())
        .take(REACH)
        .filter(|block| is_text(*block) && (1..=LONGEST).contains(&prints.block(*block).len()))
        .map(|block| Edge {
            hash: hash(prints.block(block)) as u64,
            rank,
            distance: (block - last) as u32,
            block: block as u32,
            unused: 0,
        })
        .collect()
}

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    if options.furniture == Level::Off {
        return Ok(());
    }
    let mut edges_of_all = Unsorted::new(settle.room.shared_by(2));
    settle.scan(edges, |found| edges_of_all.extend(&found))?;
    let mut recurring = Unsorted::new(settle.room.shared_by(2));
    edges_of_all.sorted()?.groups(
        |a, b| a.hash == b.hash,
        |same| match same.len() {
            FEWEST_PAGES.. => same.iter().try_for_each(|edge| recurring.push([edge.rank, edge.distance, edge.block])),
            _ => Ok(()),
        },
    )?;
    recurring.sorted()?.groups(
        |a, b| a[0] == b[0],
        |page| {
            // from the masthead outward, as long as block after block recurs
            let recurs = page.iter().zip(1..).take_while(|(edge, distance)| edge[1] == *distance);
            recurs.into_iter().try_for_each(|([rank, _, block], _)| findings.furniture(settle, *rank, *block))
        },
    )
}
