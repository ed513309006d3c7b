//! The same paragraph with differences. Sketches of shingles find candidates; each is verified over all its letters.

use super::candidates::{Candidate, Holder, candidate_blocks};
use super::exact::SHORTEST_PARAGRAPH;
use super::likeness::similarity;
use super::settle::{Findings, Shared};
use super::{Method, Options, Prints, Settle};
use crate::Error;
use crate::page::cause::CauseId;
use crate::page::edit::Span;
use crate::repeats::Level;
use crate::settle::sorted::Unsorted;
use crate::shingle::shingles;
use rayon::prelude::*;
use std::cmp::Reverse;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Near,
    source: "FracMinHash (Irber et al., bioRxiv 2022) over character shingles; verified by edit distance (Levenshtein 1966)",
    in_page: |_, _| {},
    in_run,
};

/// Similarity from which a paragraph is a near copy.
pub const PARAGRAPH_FROM: f64 = 0.8;
/// Letters of a paragraph's shingle.
const PARAGRAPH_SHINGLE: usize = 9;
/// One of so many is kept.
const PARAGRAPH_SCALE: u64 = 8;
/// The share of the kept shingles that two paragraphs must have in common to be looked at.
const PARAGRAPH_CANDIDATE: f64 = 0.1;
/// Kept shingles that two paragraphs must share: with 2 % of wrong letters one of 60 keeps five of its six, as a rule.
const FEWEST_SHARED: usize = 2;
/// Candidates of a paragraph that are verified, those first that share most.
const MOST_CANDIDATES: usize = 4;

/// Candidates that are verified at a time.
const BATCH: usize = 4096;

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    if options.near_paragraphs == Level::Off {
        return Ok(());
    }
    let mut holders = Unsorted::new(settle.room.shared_by(2));
    settle.scan(paragraph_sketches, |found| holders.extend(&found))?;
    let mut batch: Vec<Candidate> = Vec::new();
    let mut rejected = 0;
    let mut pairs = Unsorted::new(settle.room.shared_by(4));
    let mut verify_batch = |batch: &mut Vec<Candidate>| {
        let verified: Vec<Result<Verified, Error>> = batch
            .par_chunk_by(|a, b| (a.rank, a.block) == (b.rank, b.block))
            .map(|candidates| verify_paragraph(settle, candidates, options))
            .collect();
        for found in verified {
            let found = found?;
            rejected += found.rejected;
            pairs.extend(&found.pairs)?;
            if let Some((shared, block, likeness)) = found.nearest {
                findings.paragraph(settle, &shared, block, likeness)?;
            }
        }
        batch.clear();
        Ok(())
    };
    candidate_blocks(settle, holders)?.groups(
        |a, b| (a.rank, a.block) == (b.rank, b.block),
        |candidates| {
            batch.extend_from_slice(candidates);
            if batch.len() >= BATCH {
                verify_batch(&mut batch)
            } else {
                Ok(())
            }
        },
    )?;
    verify_batch(&mut batch)?;
    settle.rejected.paragraphs += rejected;
    settle.near_blocks = Some(pairs);
    Ok(())
}

fn paragraph_sketches(rank: u32, prints: &Prints) -> Vec<Holder> {
    let mut holders = Vec::new();
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
            holders.extend(hashes.drain(..).map(|hash| Holder {
                hash,
                rank,
                block: block as u32,
            }));
        }
    }
    holders
}

/// What came of a paragraph's candidates: the nearest that passed, with its block and the likeness.
#[derive(Default)]
struct Verified {
    nearest: Option<(Shared, u32, f64)>,
    /// All that passed, both ways.
    pairs: Vec<Candidate>,
    rejected: u64,
}

fn verify_paragraph(
    settle: &Settle,
    candidates: &[Candidate],
    options: &Options,
) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    let Candidate { rank, block, .. } = candidates[0];
    let mut counts: Vec<(usize, &Candidate)> = candidates
        .chunk_by(|a, b| a == b)
        .map(|same| (same.len(), &same[0]))
        .filter(|(count, _)| *count >= FEWEST_SHARED)
        .collect();
    if counts.is_empty() {
        return Ok(verified);
    }
    counts.sort_by_key(|(count, candidate)| (Reverse(*count), candidate.other, candidate.there));
    let span = settle.letters_of(rank, block)?;
    let letters = settle.letters(rank, span.clone())?;
    let expected = (span.len() - PARAGRAPH_SHINGLE) as f64 / PARAGRAPH_SCALE as f64;
    let mut nearest: Option<(u32, Span, f64)> = None;
    for (count, candidate) in counts.into_iter().take(MOST_CANDIDATES) {
        if (count as f64) < PARAGRAPH_CANDIDATE * expected {
            break;
        }
        let there = settle.letters_of(candidate.other, candidate.there)?;
        let [few, many] = [span.len().min(there.len()), span.len().max(there.len())];
        let mut likeness = 0.0;
        if few as f64 >= options.paragraph_from * many as f64 {
            let other = settle.letters(candidate.other, there.clone())?;
            likeness = if letters == other {
                1.0
            } else {
                similarity(&letters, &other)
            };
        }
        if likeness < options.paragraph_from {
            verified.rejected += 1;
            continue;
        }
        let Candidate {
            other,
            there: block_there,
            ..
        } = *candidate;
        verified.pairs.extend([
            *candidate,
            Candidate {
                rank: other,
                block: block_there,
                other: rank,
                there: block,
            },
        ]);
        if nearest.as_ref().is_none_or(|nearest| likeness > nearest.2) {
            nearest = Some((candidate.other, there, likeness));
        }
    }
    // copies to the letter are the business of another method
    if let Some((other, there, likeness)) = nearest.filter(|nearest| nearest.2 < 1.0) {
        let shared = Shared::of(settle, (rank, &span), (other, &there))?;
        verified.nearest = Some((shared, block, likeness));
    }
    Ok(verified)
}
