//! The same paragraph, letter for letter, in another document or in its own.

mod in_page;

use super::method::{Candidate, Context, Holder, Key, Needs, Pair, Unreadable, Verified};
use super::paragraph::{self, Copied, Same};
use super::strict;
use super::verdict::{Found, Verdict, millionths};
use super::{Level, Method, Options, Prints};
use crate::lexicon::Lexicon;
use crate::page::Page;
use crate::page::cause::CauseId;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Exact,
    source: "XXH3 over the signs that count (Y. Collet, github.com/Cyan4973/xxHash), then the signs themselves",
    is_on: |options| options.paragraphs != Level::Off,
    keys,
    pairs: with_the_first,
    verify,
    apply,
    needs: Needs::NOTHING,
};

/// The whole paragraphs of a page.
fn keys(prints: &Prints) -> Vec<Key> {
    (0..prints.blocks.len())
        .filter(|block| prints.blocks[*block].is_whole_paragraph())
        .map(|block| Key {
            hash: strict::whole(&prints.signs(block), "") as u64,
            at: block as u32,
        })
        .collect()
}

fn with_the_first(holders: &[Holder], take: &mut dyn FnMut(Pair)) {
    let first = &holders[0];
    holders
        .iter()
        .filter(|holder| holder.rank != first.rank)
        .for_each(|holder| take(Pair::of(holder, first)));
}

fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let corpus = context.corpus;
    let mut verified = Verified::default();
    for Candidate { pair, .. } in candidates {
        let letters = corpus.block(pair.rank, pair.at)?;
        let others = corpus.block(pair.other, pair.there)?;
        // equal hashes of 64 bits are equal letters, but for one pair in a world of them
        if !strict::is_same(
            &corpus.signs_of(pair.rank, pair.at)?,
            &corpus.signs_of(pair.other, pair.there)?,
        ) {
            continue;
        }
        let same = Same(Copied {
            block: pair.at,
            came: corpus.came(pair.rank, &[letters])?[0],
            there: corpus.came(pair.other, &[others])?[0],
            likeness_millionths: millionths(1.0),
            is_copy: 1,
        });
        verified.findings.push(same.finding(pair.rank, pair.other));
    }
    Ok(verified)
}

fn apply(page: &mut Page, verdict: &Verdict, options: &Options, _: &Lexicon) {
    // a page that says what its paragraphs are has been looked through
    if !page.laid_out {
        in_page::drop_copies(page, options.paragraphs);
    }
    paragraph::apply::<Same>(page, verdict, options.paragraphs);
}
