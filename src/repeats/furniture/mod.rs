//! Finds what recurs on the pages of a paper and does not belong to its articles: names and slogans beside the
//! masthead, running heads, prices, adverts with small changes.

mod mastheads;
mod scraps;

use super::candidates::pairs_of_documents;
use super::method::{Candidate, Context, Holder, Key, Needs, Pair, Unreadable, Verified};
use super::verdict::{Finding, Found, Verdict};
use super::{Level, Method, Options, Prints};
use crate::lexicon::Lexicon;
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Evidence, Place};
use bytemuck::{Pod, Zeroable};

pub(super) const METHOD: Method = Method {
    cause: CauseId::Furniture,
    source: "recurrence, as running heads are found in books (Lin, DRR 2003); min-wise sketches of character shingles (Broder \
             1997), verified by edit distance (Levenshtein 1966)",
    is_on: |options| options.furniture != Level::Off,
    keys,
    pairs,
    verify,
    apply,
    needs: Needs {
        order: true,
        ..Needs::NOTHING
    },
};

/// A heading or slogan has at most this many letters; a longer text is not furniture. Chosen by eye.
const LONGEST: usize = 24;
/// The bit of a key's hash that marks a block beside a masthead, as opposed to a scrap.
const BESIDE: u64 = 1;

fn keys(prints: &Prints) -> Vec<Key> {
    let mut keys = mastheads::keys(prints);
    keys.iter_mut().for_each(|key| key.hash |= BESIDE);
    keys.extend(scraps::keys(prints).into_iter().map(|key| Key {
        hash: key.hash & !BESIDE,
        ..key
    }));
    keys
}

fn pairs(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    if holders[0].hash & BESIDE != 0 {
        mastheads::pairs(holders, take);
    } else {
        pairs_of_documents(holders, take);
    }
}

fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let (beside, scraps): (Vec<Candidate>, Vec<Candidate>) = candidates
        .iter()
        .partition(|candidate| candidate.pair.other == candidate.pair.rank);
    let mut verified = Verified {
        findings: mastheads::verify(&beside, context)?,
        ..Verified::default()
    };
    for (block, finding) in scraps::verify(&scraps, context)? {
        verified.gone.push([finding.rank, block]);
        verified.findings.push(finding);
    }
    Ok(verified)
}

/// A block that recurs on other pages.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Recurring {
    block: u32,
    /// Whether no other page in particular has the same block: 1 or 0.
    is_anywhere: u32,
    /// Its place in the first page that has it, in bytes of that text as it came.
    there: [u32; 2],
}

impl Found for Recurring {
    const METHOD: CauseId = METHOD.cause;
}

impl Recurring {
    /// A block that is like one of another page.
    fn like(block: u32, there: [u32; 2], [rank, other]: [u32; 2]) -> Finding {
        let found = Recurring {
            block,
            is_anywhere: 0,
            there,
        };
        found.finding(rank, other)
    }

    /// A block that recurs beside mastheads.
    fn anywhere(block: u32, rank: u32) -> Finding {
        let found = Recurring {
            block,
            is_anywhere: 1,
            there: [0, 0],
        };
        found.finding(rank, rank)
    }
}

fn apply(page: &mut Page, verdict: &Verdict, options: &Options, _: &Lexicon) {
    for (found, other) in verdict.found::<Recurring>() {
        let block = found.block as usize;
        if page.blocks[block].dropped {
            continue;
        }
        let evidence = Evidence {
            of: other.map(|id| Place {
                id: id.into(),
                at: found.there.map(|at| at as usize),
            }),
            note: Some("recurs on other pages".into()),
            ..Evidence::default()
        };
        match options.furniture {
            Level::Drop => page.drop_block(&Cause::verified(METHOD.cause, evidence), block),
            _ => page.remark(
                Cause::suspected(METHOD.cause, evidence),
                page.blocks[block].span.clone(),
            ),
        }
    }
}
