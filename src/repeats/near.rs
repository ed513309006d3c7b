//! Finds the same paragraph with differences: sketches of shingles find candidates, and each is verified over all its
//! letters.

use super::blocks::SHORTEST_PARAGRAPH;
use super::candidates::pairs_of_documents;
use super::differences::{Contained, Thresholds, judge};
use super::likeness::similarity;
use super::method::{Candidate, Context, Holder, Key, Needs, Unreadable, Verified};
use super::paragraph::{self, Copied, Near};
use super::strict::ILLEGIBLE;
use super::verdict::{Finding, Found, millionths};
use super::{Level, Method, Prints};
use crate::page::cause::CauseId;
use crate::page::edit::Span;
use crate::shingle::shingles;
use crate::text::letters::Letter;
use std::cmp::Reverse;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Near,
    source: "FracMinHash (Irber et al., bioRxiv 2022) over character shingles; verified by edit distance (Levenshtein 1966)",
    is_on: |options| options.near_paragraphs != Level::Off,
    keys,
    pairs: pairs_of_documents,
    verify,
    apply: |page, verdict, options, _| {
        paragraph::apply::<Near>(page, verdict, options.near_paragraphs)
    },
    needs: Needs {
        enough: Some(|candidate, _| candidate.shared >= FEWEST_SHARED),
        ..Needs::NOTHING
    },
};

/// Similarity from which a paragraph is a near copy.
pub(super) const PARAGRAPH_FROM: f64 = 0.8;
/// Letters of a paragraph's shingle.
const PARAGRAPH_SHINGLE: usize = 9;
/// One of 8 is kept.
const PARAGRAPH_SCALE: u64 = 8;
/// The share of the kept shingles that two paragraphs must have in common to be looked at.
const PARAGRAPH_CANDIDATE: f64 = 0.1;
/// Kept shingles that two paragraphs must share: with 2 % of wrong letters one of 60 keeps five of its six, as a rule.
const FEWEST_SHARED: u32 = 2;
/// At most this many candidates of a paragraph are verified, those that share most first; chosen by eye.
const MOST_CANDIDATES: usize = 4;

/// The sketches of the paragraphs of a page.
fn keys(prints: &Prints) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut hashes: Vec<u64> = Vec::new();
    for block in (0..prints.blocks.len()).filter(|block| prints.blocks[*block].is_running_text()) {
        let letters = prints.block(block);
        if letters.len() >= SHORTEST_PARAGRAPH {
            hashes.extend(
                shingles(letters, PARAGRAPH_SHINGLE)
                    .filter(|hash| *hash < u64::MAX / PARAGRAPH_SCALE),
            );
            hashes.sort_unstable();
            hashes.dedup();
            keys.extend(hashes.drain(..).map(|hash| Key {
                hash,
                at: block as u32,
            }));
        }
    }
    keys
}

fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let mut verified = Verified::default();
    for paragraph in candidates.chunk_by(|a, b| a.pair.at == b.pair.at) {
        verify_paragraph(paragraph, context, &mut verified)?;
    }
    Ok(verified)
}

/// Compares a paragraph with those that share most of its sketch, and reports the nearest.
fn verify_paragraph(
    candidates: &[Candidate],
    context: &Context,
    verified: &mut Verified,
) -> Result<(), Unreadable> {
    let (corpus, from) = (context.corpus, context.options.paragraph_from);
    let mut candidates = candidates.to_vec();
    candidates.sort_by_key(|candidate| (Reverse(candidate.shared), candidate.pair));
    let [rank, block] = [candidates[0].pair.rank, candidates[0].pair.at];
    let span = corpus.block(rank, block)?;
    let letters = corpus.letters(rank, span.clone())?;
    let expected = (span.len() - PARAGRAPH_SHINGLE) as f64 / PARAGRAPH_SCALE as f64;
    let mut nearest: Option<Nearest> = None;
    for Candidate { pair, shared } in candidates.into_iter().take(MOST_CANDIDATES) {
        if f64::from(shared) < PARAGRAPH_CANDIDATE * expected {
            break;
        }
        let there = corpus.block(pair.other, pair.there)?;
        let likeness = likeness(&letters, (pair.other, &there), context)?;
        if likeness < from {
            verified.rejected.paragraphs += 1;
            continue;
        }
        let own = corpus.signs_of(rank, block)?;
        let others = corpus.signs_of(pair.other, pair.there)?;
        let mut signs = own.iter().chain(&others);
        if !signs.any(|sign| sign.code() == ILLEGIBLE) {
            verified.kin.extend([
                Holder::kin(rank, block, pair.other, pair.there),
                Holder::kin(pair.other, pair.there, rank, block),
            ]);
        }
        if nearest.as_ref().is_none_or(|nearest| likeness > nearest.2) {
            let (own, others) = (own[..].into(), others[..].into());
            let judgement = judge(own, others, context.likely, &Thresholds::default());
            let is_copy = judgement.contained == [Contained::Whole; 2];
            nearest = Some((pair.other, there, likeness, is_copy));
        }
    }
    // exact copies belong to another method
    if let Some(nearest) = nearest.filter(|nearest| nearest.2 < 1.0) {
        let finding = finding((rank, block, span), nearest, context)?;
        verified.findings.push(finding);
    }
    Ok(())
}

/// How alike a paragraph is to one of another document; 0 if their lengths alone are too different.
fn likeness(
    letters: &[Letter],
    (other, there): (u32, &Span),
    context: &Context,
) -> Result<f64, Unreadable> {
    let few = letters.len().min(there.len()) as f64;
    let many = letters.len().max(there.len()) as f64;
    if few < context.options.paragraph_from * many {
        return Ok(0.0);
    }
    let others = context.corpus.letters(other, there.clone())?;
    Ok(match letters == others {
        true => 1.0,
        false => similarity(letters, &others),
    })
}

/// The most similar paragraph: its document, its letters, the likeness, and whether one is a copy of the other.
type Nearest = (u32, Span, f64, bool);

fn finding(
    (rank, block, letters): (u32, u32, Span),
    (other, there, likeness, is_copy): Nearest,
    context: &Context,
) -> Result<Finding, Unreadable> {
    let near = Near(Copied {
        block,
        came: context.corpus.came(rank, &[letters])?[0],
        there: context.corpus.came(other, &[there])?[0],
        likeness_millionths: millionths(likeness),
        is_copy: is_copy.into(),
    });
    Ok(near.finding(rank, other))
}
