//! What recurs at the edge of many pages beside their mastheads: names, slogans, running heads.

use super::{Method, Options, Paragraph, Settle, Verdict};
use crate::config::Level;
use crate::page::{Kind, Page};
use crate::shingle::{Stream, hash};
use std::collections::HashMap;

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

/// The short blocks that touch a page's masthead.
pub(super) fn edges(page: &Page) -> Vec<Paragraph> {
    let Some(last) = page.blocks.iter().rposition(|b| b.kind == Kind::Masthead) else { return Vec::new() };
    let stream = Stream::of(page, |b| matches!(b.kind, Kind::Body | Kind::Headline));
    (last + 1..page.blocks.len())
        .take(REACH)
        .filter(|at| (1..=LONGEST).contains(&stream.blocks[*at].len()))
        .map(|at| Paragraph { hash: hash(&stream.letters[stream.blocks[at].clone()]), block: at as u32 })
        .collect()
}

fn in_run(settle: &mut Settle, options: &Options, verdicts: &mut [Verdict]) {
    if options.furniture == Level::Off {
        return;
    }
    let mut pages: HashMap<u128, usize> = HashMap::new();
    for edge in settle.prints.iter().flat_map(|p| &p.edges) {
        *pages.entry(edge.hash).or_default() += 1;
    }
    for (prints, verdict) in settle.prints.iter().zip(verdicts) {
        // from the masthead outward, as long as block after block recurs
        let recurs = prints.edges.iter().take_while(|edge| pages[&edge.hash] >= FEWEST_PAGES);
        verdict.furniture.extend(recurs.map(|edge| edge.block));
    }
}
