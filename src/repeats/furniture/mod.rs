//! Finds what recurs on the pages of a paper and does not belong to its articles: names and slogans beside the
//! masthead, running heads, prices, adverts with small changes; the numbers of a book's pages; what a site says of itself.

mod mastheads;
mod pages;
mod scraps;
mod sites;

use super::candidates::pairs_of_documents;
use super::method::{Candidate, Context, Holder, Key, Needs, Pair, Unreadable, Verified};
use super::verdict::{Finding, Found, Verdict};
use super::{Level, Method, Options, Prints};
use crate::lexicon::Lexicon;
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Place};
use crate::text::sentence::is_opener;
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
/// What a key is made of: the low bits of its hash. A pair of a document with itself holds it instead of the other block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Of {
    Scrap,
    BesideMasthead,
    Site,
    EndOfSite,
    PageNumber,
}

const KINDS: [Of; 5] = [
    Of::Scrap,
    Of::BesideMasthead,
    Of::Site,
    Of::EndOfSite,
    Of::PageNumber,
];

impl Of {
    const BITS: u64 = 7;

    fn key(self, key: Key) -> Key {
        Key {
            hash: key.hash & !Self::BITS | self as u64,
            ..key
        }
    }

    fn of_hash(hash: u64) -> Self {
        KINDS[(hash & Self::BITS) as usize % KINDS.len()]
    }

    /// A block that recurs often enough, as a pair with itself: which other page has it does not matter.
    fn alone(self, block: &Holder) -> Pair {
        Pair {
            there: self as u32,
            ..Pair::of(block, block)
        }
    }

    fn is(self, pair: &Pair) -> bool {
        match self {
            Of::PageNumber => pages::is_of_pages(pair),
            Of::Scrap => pair.other != pair.rank && !pages::is_of_pages(pair),
            _ => pair.other == pair.rank && pair.there == self as u32 && !pages::is_of_pages(pair),
        }
    }
}

fn keys(prints: &Prints) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut take = |of: Of, found: Vec<Key>| keys.extend(found.into_iter().map(|key| of.key(key)));
    take(Of::BesideMasthead, mastheads::keys(prints));
    take(Of::Scrap, scraps::keys(prints));
    take(Of::Site, sites::keys(prints));
    take(Of::EndOfSite, sites::keys_of_ends(prints));
    take(Of::PageNumber, pages::keys(prints));
    keys
}

fn pairs(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    match Of::of_hash(holders[0].hash) {
        Of::Scrap => pairs_of_documents(holders, take),
        of @ (Of::BesideMasthead | Of::Site | Of::EndOfSite) => {
            if documents(holders) >= FEWEST_PAGES {
                holders.iter().for_each(|block| take(of.alone(block)));
            }
        }
        Of::PageNumber => pages::pairs(holders, take),
    }
}

/// Pages on which a block must recur.
const FEWEST_PAGES: usize = 3;

fn documents(holders: &[Holder]) -> usize {
    holders.chunk_by(|a, b| a.rank == b.rank).count()
}

fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let all_of = |of: Of| -> Vec<Candidate> {
        let is_of = |candidate: &&Candidate| of.is(&candidate.pair);
        candidates.iter().filter(is_of).copied().collect()
    };
    let mut verified = Verified {
        findings: mastheads::verify(&all_of(Of::BesideMasthead), context)?,
        ..Verified::default()
    };
    for (block, finding) in scraps::verify(&all_of(Of::Scrap), context)? {
        verified.gone.push([finding.rank, block]);
        verified.findings.push(finding);
    }
    let sites = [all_of(Of::Site), all_of(Of::EndOfSite)];
    verified.findings.extend(sites::verify(&sites, context)?);
    let pages = pages::verify(&all_of(Of::PageNumber), context)?;
    verified.findings.extend(pages);
    Ok(verified)
}

/// A block that recurs on other pages.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Recurring {
    block: u32,
    /// Whether no other page in particular has the same block (1), or the same end (2); else 0.
    is_anywhere: u32,
    /// Its place in the first page that has it, in bytes of that text as it came; of an end, its place here.
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

    /// The end of a block, in bytes of the text as it came, that recurs at the ends of others.
    fn end(block: u32, came: [u32; 2], rank: u32) -> Finding {
        let found = Recurring {
            block,
            is_anywhere: 2,
            there: came,
        };
        found.finding(rank, rank)
    }

    /// A block that recurs, or is known for its place.
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
        let span = page.blocks[block].span.clone();
        if found.is_anywhere == 2 {
            let from = page.text()[..found.there[0] as usize].trim_end_matches(is_opener);
            let end = from.len().max(span.start)..span.end;
            match options.furniture {
                Level::Drop => page.edit(
                    &Cause::verified(METHOD.cause, evidence),
                    vec![Edit::delete(end)],
                ),
                _ => page.remark(Cause::suspected(METHOD.cause, evidence), end),
            }
            continue;
        }
        match options.furniture {
            Level::Drop => page.drop_block(&Cause::verified(METHOD.cause, evidence), block),
            _ => page.remark(Cause::suspected(METHOD.cause, evidence), span),
        }
    }
}
