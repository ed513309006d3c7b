//! A method as small as one can be, for docs/extending.md: it marks a headline that an earlier document has too.

use super::method::{Candidate, Context, Holder, Key, Needs, Pair, Unreadable, Verified};
use super::verdict::{Found, Verdict};
use super::{Method, Options, Prints};
use crate::lexicon::Lexicon;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Evidence, Place};
use crate::page::{Kind, Page};
use crate::shingle::hash;
use bytemuck::{Pod, Zeroable};

pub(super) const METHOD: Method = Method {
    cause: CauseId::Example,
    source: "none: an example",
    is_on: |_| true,
    keys,
    pairs,
    verify,
    apply,
    needs: Needs::NOTHING,
};

fn keys(prints: &Prints) -> Vec<Key> {
    let headlines = (0..prints.blocks.len()).filter(|at| prints.blocks[*at].is(Kind::Headline));
    headlines
        .map(|at| Key {
            hash: hash(prints.block(at)) as u64,
            at: at as u32,
        })
        .collect()
}

fn pairs(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    let (first, others) = holders.split_first().expect("two at least hold a key");
    let others = others.iter().filter(|other| other.rank != first.rank);
    others.for_each(|other| take(Pair::of(other, first)));
}

fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let mut verified = Verified::default();
    for Candidate { pair, .. } in candidates {
        let here = context.corpus.block(pair.rank, pair.at)?;
        let there = context.corpus.block(pair.other, pair.there)?;
        let letters = context.corpus.letters(pair.rank, here)?;
        if letters == context.corpus.letters(pair.other, there.clone())? {
            let same = Same {
                block: pair.at,
                there: context.corpus.came(pair.other, &[there])?[0],
            };
            verified.findings.push(same.finding(pair.rank, pair.other));
        }
    }
    Ok(verified)
}

/// What the method says of a document, in a type of its own.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Same {
    block: u32,
    there: [u32; 2],
}

impl Found for Same {
    const METHOD: CauseId = METHOD.cause;
}

fn apply(page: &mut Page, verdict: &Verdict, _: &Options, _: &Lexicon) {
    for (same, other) in verdict.found::<Same>() {
        let of = other.map(|id| Place {
            id: id.into(),
            at: same.there.map(|at| at as usize),
        });
        let evidence = Evidence {
            of,
            ..Evidence::default()
        };
        let span = page.blocks[same.block as usize].span.clone();
        page.remark(Cause::suspected(METHOD.cause, evidence), span);
    }
}
