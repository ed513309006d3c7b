//! The right reading where copies of a passage differ: the copies vote, and the lexicon judges.
//!
//! The copies of a document or paragraph are laid along it letter by letter. Where they differ in single letters, as
//! recognitions of one print do, `settle` counts who reads what; `finish` asks the lexicon, counted as if the copies
//! were not there, which of the two readings is text, and puts in what wins both. What people change from one version to
//! the next (words, numbers, clauses) is no misreading: it is not voted on, and where the lexicon finds both readings to be
//! text all over, the copies are versions and nothing is put in (`Kin`).

use super::align::Alignment;
use super::candidates::{Candidate, FEW_HOLDERS};
use super::likeness::is_numeral;
use super::settle::{Findings, Verdict};
use super::{Method, Options, Settle};
use crate::Error;
use crate::lexicon::{Copies, Lexicon, Symbol, Without, symbols};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Grade, Place, Span};
use crate::page::{Kind, Page};
use crate::repeats::Level;
use crate::settle::sorted::{Sorted, Unsorted};
use crate::text::chars::{is_han, is_letter};
use crate::text::han::{Script, is_common, is_traditional};
use crate::text::letters::{Letter, fold};
use crate::text::lookalikes::look_alike;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Consensus,
    source: "alignment and vote (ROVER: Fiscus, ASRU 1997; of recognitions: Lopresti and Zhou, 1997), judged by an n-gram model",
    in_page: |_, _| {},
    in_run,
};

/// Copies that vote, at most.
const MOST_VOTERS: usize = 8;
/// So many differences of a copy must be of a letter for each that is of two, which may be another word; and for each
/// that is larger or between numbers.
const SINGLE_FOR_A_DOUBLE: usize = 2;
const SINGLE_FOR_A_LARGE: usize = 4;
/// The share of its letters in which a copy may differ.
const MOST_DIFFERENT: f64 = 0.25;
/// The share of the shorter text that must go along with the other.
const LEAST_ALIGNED: f64 = 0.4;
/// Differences that a copy shares with others, for each of its own: with more it has its errors from where the others
/// have theirs, or is the same version as they.
const SHARED_FOR_AN_OWN: usize = 8;
/// Disputed letters in a row: more are another word.
const MOST_IN_A_ROW: usize = 2;

/// Readings of one copy alone that are told, so that the lexicon may say whether they are errors.
const MOST_ALONE: usize = 6;

/// Copies worked on at a time.
const BATCH: usize = 256;

/// A disputed letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Disputed {
    /// The letter in bytes of the text as it came, or where one is lost.
    pub came: [u32; 2],
    /// What stands there and what stands in copies, each a letter; none where there is none.
    pub reads: Option<Letter>,
    pub copies: Option<Letter>,
    pub votes: Votes,
    /// A copy that has it.
    pub of: Place,
}

/// Who reads what: this text and copies like it; the copies; others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Votes {
    pub own: u8,
    pub copies: u8,
    pub others: u8,
    /// How many of the copies are proved to have errors of their own, and so do not have this from each other.
    pub independent: u8,
}

impl Votes {
    /// Whether more witnesses that do not depend on one another are for the copies' reading than for this one.
    fn is_clear(&self) -> bool {
        let dependent = u8::from(self.independent < self.copies);
        self.independent + dependent > self.own + self.others
    }

    pub fn pack(self) -> u32 {
        u32::from_le_bytes([self.own, self.copies, self.others, self.independent])
    }

    pub fn unpack(packed: u32) -> Self {
        let [own, copies, others, independent] = packed.to_le_bytes();
        Votes {
            own,
            copies,
            others,
            independent,
        }
    }
}

/// A disputed letter, as settle finds it.
#[derive(Debug, Clone)]
pub(super) struct Vote {
    /// The letter, or the one before which one is lost.
    pub at: usize,
    pub reads: Option<Letter>,
    pub copies: Option<Letter>,
    pub votes: Votes,
    /// A copy that has the other reading, and its letters there: those on both sides, where there is none.
    of: (u32, Span),
}

/// A passage whose copies are known, by letters of its document.
struct Passage {
    rank: u32,
    letters: Span,
    copies: Vec<(u32, Span)>,
}

fn in_run(settle: &mut Settle, options: &Options, findings: &mut Findings) -> Result<(), Error> {
    let mut corrected = BTreeSet::new();
    if options.knows_places() {
        let passages = documents(settle, options);
        corrected.extend(passages.iter().map(|passage| passage.rank));
        vote_in_batches(settle, passages, findings)?;
    }
    let Some(blocks) = settle.near_blocks.take() else {
        return Ok(());
    };
    let mut passages = Vec::new();
    with_siblings(settle, blocks)?.groups(
        |a, b| (a.rank, a.block) == (b.rank, b.block),
        |pairs| {
            let Candidate { rank, block, .. } = pairs[0];
            if corrected.contains(&rank) {
                return Ok(());
            }
            let copies = pairs
                .chunk_by(|a, b| a == b)
                .map(|same| same[0])
                .take(MOST_VOTERS);
            let copies =
                copies.map(|pair| Ok((pair.other, settle.letters_of(pair.other, pair.there)?)));
            let copies = copies.collect::<Result<_, Error>>()?;
            passages.push(Passage {
                rank,
                letters: settle.letters_of(rank, block)?,
                copies,
            });
            if passages.len() < BATCH {
                return Ok(());
            }
            vote_in_batches(settle, std::mem::take(&mut passages), findings)
        },
    )?;
    vote_in_batches(settle, passages, findings)
}

/// The documents that stay, each with those that are recognitions of the same: first those that were held against it,
/// then those that were held against these.
fn documents(settle: &Settle, options: &Options) -> Vec<Passage> {
    let mut beside: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for [a, b] in &settle.misread {
        beside.entry(*a).or_default().insert(*b);
        beside.entry(*b).or_default().insert(*a);
    }
    let whole = |rank: u32| (rank, 0..settle.document(rank).letters as usize);
    let passage = |(rank, direct): (&u32, &BTreeSet<u32>)| {
        let mut copies: Vec<u32> = direct.iter().copied().take(MOST_VOTERS).collect();
        // no more than are wanted: among copies of one document, all are beside it
        for other in direct.iter().flat_map(|other| &beside[other]) {
            if copies.len() == MOST_VOTERS {
                break;
            }
            if other != rank && !copies.contains(other) {
                copies.push(*other);
            }
        }
        let (rank, letters) = whole(*rank);
        Passage {
            rank,
            letters,
            copies: copies.into_iter().map(whole).collect(),
        }
    };
    let stays = |rank: u32| options.duplicates != Level::Drop || !settle.is_copy(rank);
    beside
        .iter()
        .filter(|(rank, _)| stays(**rank))
        .map(passage)
        .collect()
}

/// Pairs of near paragraphs, and those that the copies of one paragraph make with each other: where each has errors of its
/// own, two copies may share too few shingles to find each other.
fn with_siblings(settle: &Settle, pairs: Unsorted<Candidate>) -> Result<Sorted<Candidate>, Error> {
    let pairs = pairs.sorted()?;
    let mut all = Unsorted::new(settle.room.shared_by(4));
    pairs.groups(
        |a, b| (a.rank, a.block) == (b.rank, b.block),
        |copies| {
            all.extend(copies)?;
            // one that many share finds voters enough by itself
            for one in copies.iter().take(FEW_HOLDERS) {
                for two in copies
                    .iter()
                    .take(FEW_HOLDERS)
                    .filter(|two| two.other != one.other)
                {
                    all.push(Candidate {
                        rank: one.other,
                        block: one.there,
                        other: two.other,
                        there: two.there,
                    })?;
                }
            }
            Ok(())
        },
    )?;
    all.sorted()
}

fn vote_in_batches(
    settle: &Settle,
    passages: Vec<Passage>,
    findings: &mut Findings,
) -> Result<(), Error> {
    for batch in passages.chunks(BATCH) {
        let voted: Vec<Vec<Vote>> = batch
            .par_iter()
            .map(|passage| vote(settle, passage))
            .collect::<Result<_, _>>()?;
        for (passage, votes) in batch.iter().zip(voted) {
            for Vote {
                at,
                reads,
                copies,
                votes,
                of,
            } in votes
            {
                let at = passage.letters.start + at;
                let [start, end] = match reads {
                    Some(_) => settle.came(passage.rank, &(at..at + 1))?,
                    // between this letter and the one before
                    None => {
                        let [[_, before], [behind, _]] = [at - 1, at]
                            .map(|at| settle.came(passage.rank, &(at..at + 1)))
                            .map(|came| came.unwrap_or_default());
                        [before, behind]
                    }
                };
                let there = settle.came(of.0, &of.1)?;
                findings.disputed(
                    settle,
                    passage.rank,
                    [start, end],
                    [reads, copies],
                    votes,
                    (of.0, there),
                )?;
            }
        }
    }
    Ok(())
}

/// Lays the copies along a passage and counts who reads what, where most of those that say something read otherwise.
fn vote(settle: &Settle, passage: &Passage) -> Result<Vec<Vote>, Error> {
    let own = settle.letters(passage.rank, passage.letters.clone())?;
    let mut voters = Vec::new();
    for (rank, letters) in &passage.copies {
        let text = settle.letters(*rank, letters.clone())?;
        let alignment = Alignment::of(&own, &text);
        let Alignment {
            single,
            double,
            large,
            aligned,
            ..
        } = alignment;
        let shorter = own.len().min(text.len()) as f64;
        let is_misread = SINGLE_FOR_A_DOUBLE * double + SINGLE_FOR_A_LARGE * large <= single
            && (single + double + large) as f64 <= MOST_DIFFERENT * aligned as f64
            && aligned as f64 >= LEAST_ALIGNED * shorter;
        if is_misread {
            voters.push(Voter {
                rank: *rank,
                start: letters.start,
                text,
                alignment,
                alone: 0,
                shared: 0,
            });
        }
    }
    Ok(disputed(&own, &mut voters))
}

/// A copy that votes.
struct Voter {
    rank: u32,
    /// The first of its letters, in its document.
    start: usize,
    text: Vec<Letter>,
    alignment: Alignment,
    /// Differences that it has alone, and with others.
    alone: usize,
    shared: usize,
}

/// What stands in a place, if a letter at most does.
type Reads = Option<Letter>;
/// What a copy has there, and where in it; none if it has nothing to say.
type Reading = Option<(Reads, Span)>;

impl Voter {
    fn reads(&self, there: Span) -> Option<Reads> {
        (there.len() <= 1).then(|| {
            self.text
                .get(there)
                .and_then(|letters| letters.first().copied())
        })
    }

    /// What stands in the place of a letter of the passage.
    fn at(&self, letter: usize) -> Option<(Reads, Span)> {
        let there = self.alignment.at(letter)?;
        Some((self.reads(there.clone())?, there))
    }

    /// What stands between it and the one before.
    fn before(&self, letter: usize) -> Option<(Reads, Span)> {
        let there = self.alignment.added_before(letter)?;
        Some((self.reads(there.clone())?, there))
    }

    fn is_independent(&self) -> bool {
        self.alone > 0 && self.alone * SHARED_FOR_AN_OWN >= self.shared
    }
}

/// The letters of a passage on which no majority of the copies agrees with it; if there are any, also some on which one
/// copy alone does not.
fn disputed(own: &[Letter], voters: &mut [Voter]) -> Vec<Vote> {
    let mut places: Vec<(usize, Reads, Vec<Reading>)> = Vec::new();
    for (at, letter) in own.iter().enumerate() {
        let mut look = |reads: Reads, read: &dyn Fn(&Voter) -> Option<(Reads, Span)>| {
            let readings: Vec<_> = voters.iter().map(read).collect();
            if !readings
                .iter()
                .flatten()
                .any(|(theirs, _)| *theirs != reads)
            {
                return;
            }
            for (voter, reading) in readings.iter().enumerate() {
                let Some((theirs, _)) = reading.as_ref().filter(|(theirs, _)| *theirs != reads)
                else {
                    continue;
                };
                let same = readings
                    .iter()
                    .flatten()
                    .filter(|(other, _)| other == theirs)
                    .count();
                *(if same == 1 {
                    &mut voters[voter].alone
                } else {
                    &mut voters[voter].shared
                }) += 1;
            }
            places.push((at, reads, readings));
        };
        look(None, &|voter| voter.before(at));
        look(Some(*letter), &|voter| voter.at(at));
    }
    let said = places
        .into_iter()
        .filter_map(|(at, reads, readings)| said(own, at, reads, &readings, voters));
    let (votes, alone): (Vec<Vote>, Vec<Vote>) =
        said.partition(|vote| vote.votes.copies >= vote.votes.own);
    // a word that most copies have instead of another is no misreading
    let in_a_row = |a: &Vote, b: &Vote| b.at - a.at <= 1;
    let mut votes: Vec<Vote> = votes
        .chunk_by(in_a_row)
        .filter(|row| row.len() <= MOST_IN_A_ROW)
        .flatten()
        .cloned()
        .collect();
    // a few on which it is one against one say nothing
    let says_something =
        votes.len() >= FEWEST_MISREAD || votes.iter().any(|vote| vote.votes.is_clear());
    if !says_something {
        return Vec::new();
    }
    votes.extend(alone.into_iter().take(MOST_ALONE));
    votes.sort_by_key(|vote| (vote.at, vote.reads.is_some()));
    votes
}

/// What most of the copies that do not read what stands there read instead, if they are as many as those that do; or what
/// one of them has alone.
fn said(
    own: &[Letter],
    at: usize,
    reads: Reads,
    readings: &[Reading],
    voters: &[Voter],
) -> Option<Vote> {
    let mut counts: Vec<(Reads, usize, usize)> = Vec::new(); // of each reading its votes, and the first that has it
    let each = || {
        readings
            .iter()
            .enumerate()
            .filter_map(|(voter, reading)| Some((voter, reading.as_ref()?)))
    };
    for (voter, (theirs, _)) in each() {
        match counts.iter_mut().find(|(known, ..)| known == theirs) {
            Some((_, count, _)) => *count += 1,
            None => counts.push((*theirs, 1, voter)),
        }
    }
    let like_own = counts
        .iter()
        .find(|(theirs, ..)| *theirs == reads)
        .map_or(0, |(_, count, _)| *count);
    counts.retain(|(theirs, ..)| *theirs != reads);
    counts.sort_by_key(|(_, count, voter)| (std::cmp::Reverse(*count), *voter));
    let (theirs, count, first) = *counts.first()?;
    let others: usize = counts[1..].iter().map(|(_, count, _)| count).sum();
    let is_alone = count == 1 && like_own > 0;
    if count < 1 + like_own && !is_alone
        || counts.get(1).is_some_and(|(_, second, _)| *second == count)
    {
        return None;
    }
    let independent = each()
        .filter(|(voter, (read, _))| *read == theirs && voters[*voter].is_independent())
        .count();
    let votes = Votes {
        own: 1 + like_own as u8,
        copies: count as u8,
        others: others as u8,
        independent: independent as u8,
    };
    if is_number(own, at, [reads, theirs], &votes) {
        return None;
    }
    let Voter {
        rank, start, text, ..
    } = &voters[first];
    let (_, there) = readings[first].clone()?;
    let there = if there.is_empty() {
        there.start.saturating_sub(1)..(there.end + 1).min(text.len())
    } else {
        there
    };
    Some(Vote {
        at,
        reads,
        copies: theirs,
        votes,
        of: (*rank, start + there.start..start + there.end),
    })
}

/// Whether it is a matter of numbers: versions and reports differ in them.
fn is_number(own: &[Letter], at: usize, readings: [Reads; 2], votes: &Votes) -> bool {
    let numbers = readings.map(|reads| reads.is_some_and(is_numeral));
    let beside = [
        at.checked_sub(1),
        Some(at + usize::from(readings[0].is_some())),
    ];
    let in_number = || {
        beside
            .into_iter()
            .flatten()
            .any(|at| own.get(at).is_some_and(|letter| is_numeral(*letter)))
    };
    // one that became some letter, or was one, is a misreading
    let may_be_misread =
        readings.iter().all(Option::is_some) && numbers != [true; 2] && votes.is_clear();
    numbers != [false; 2] && (!may_be_misread || in_number())
}

// ---- a page

/// How much likelier (natural logarithm) the lexicon must find the reading of copies that are clearly more, if one of them
/// is proved to have errors of its own; if two are, it may only object.
const LIKELIER: f32 = 2.0;
const NOT_LIKELIER: f32 = -2.0;
/// From which on what stands there is well-known text, and how much likelier the copies' reading must be than that.
const WELL_KNOWN: f32 = 3.0;
const KNOWN_LIKELIER: f32 = 4.0;
/// Up to which it is no text at all; and by how much the other reading is likelier where one is a misreading.
const GARBLED: f32 = -4.0;
const CLEARLY: f32 = 6.0;
/// How much likelier a copy's reading must be to be told of, where it is one against one.
const MUCH_LIKELIER: f32 = 8.0;
/// The share of disputed letters that are misreadings from which copies are recognitions, and below which they are
/// versions; and so many must be, or be disputed.
const MISREAD: f32 = 0.4;
const FEWEST_MISREAD: usize = 3;
const MISREAD_IN_VERSIONS: f32 = 0.25;
const FEWEST_OF_VERSIONS: usize = 3;
/// Bytes within which disputed letters are near each other.
const NEAR: usize = 24;
/// A letter more in a text costs about as much, on average.
const OF_A_LETTER: f32 = 4.0;
/// How much likelier one of two places must be for a letter that is lost beside a mark.
const IN_PLACE: f32 = 1.0;
/// Letters before and behind a disputed one that are looked at.
const AROUND: usize = 8;
/// Symbols behind it in whose probability it has a part.
const BEHIND: usize = 3;

/// Puts into a page what its copies read and the lexicon confirms.
pub(crate) fn apply(page: &mut Page, verdict: &Verdict, lexicon: &Lexicon) {
    if verdict.disputed.is_empty() {
        return;
    }
    let forms = Forms::of(page);
    let mut judged: Vec<Judged> = Vec::new();
    let mut rest = &verdict.disputed[..];
    for block in page
        .blocks
        .iter()
        .filter(|block| !block.dropped && block.kind != Kind::Code)
    {
        let start = rest.partition_point(|disputed| (disputed.came[0] as usize) < block.span.start);
        let end = rest.partition_point(|disputed| (disputed.came[1] as usize) <= block.span.end);
        if start < end {
            judged.extend(judge(
                page,
                block.span.clone(),
                &rest[start..end],
                &forms,
                lexicon,
            ));
        }
        rest = &rest[end.max(start)..];
    }
    let kin = Kin::of(&judged);
    let mut free = 0;
    for judged in judged {
        let Some(grade) = judged.grade(kin) else {
            continue;
        };
        if grade == Grade::Suspected || judged.edit.span.start >= free {
            free = if grade == Grade::Suspected {
                free
            } else {
                judged.edit.span.end
            };
            page.edit(
                &Cause {
                    rule: METHOD.cause,
                    grade,
                    evidence: judged.evidence(),
                },
                vec![judged.edit],
            );
        }
    }
}

/// What copies of a passage are to each other.
#[derive(Clone, Copy, PartialEq)]
enum Kin {
    /// They differ as recognitions of one print do.
    Recognitions,
    /// People wrote them: both readings are text.
    Versions,
    Unknown,
}

impl Kin {
    fn of(judged: &[Judged]) -> Self {
        let misread = judged.iter().filter(|judged| judged.is_misread()).count();
        let share = misread as f32 / judged.len() as f32;
        if misread >= FEWEST_MISREAD && share >= MISREAD {
            Kin::Recognitions
        } else if judged.len() >= FEWEST_OF_VERSIONS && share < MISREAD_IN_VERSIONS {
            Kin::Versions
        } else {
            Kin::Unknown
        }
    }
}

/// What the lexicon says of a disputed letter.
struct Judged<'v> {
    disputed: &'v Disputed,
    /// How likely the text is with what stands there and with what the copies have: above 0 if likelier than text
    /// commonly is.
    own: f32,
    copies: f32,
    /// Whether it is what recognisers do: one character for its look-alike, or a character twice.
    is_slip: bool,
    /// Whether it is one letter for another with no other disputed one near: people reword more than that.
    is_lone: bool,
    edit: Edit,
}

impl Judged<'_> {
    fn gain(&self) -> f32 {
        self.copies - self.own
    }

    fn is_misread(&self) -> bool {
        self.own.min(self.copies) <= GARBLED && self.gain().abs() >= CLEARLY
    }

    /// How sure it is that the copies are right; none if there is nothing to say.
    fn grade(&self, kin: Kin) -> Option<Grade> {
        let Votes {
            own,
            copies,
            independent,
            ..
        } = self.disputed.votes;
        let is_known = self.own > WELL_KNOWN;
        if !self.disputed.votes.is_clear() {
            let is_garbled = self.gain() >= MUCH_LIKELIER && self.own <= GARBLED;
            let is_sure = kin == Kin::Recognitions && self.gain() >= CLEARLY && !is_known;
            return match own > copies {
                true => None,
                false if is_sure => Some(Grade::Verified),
                false => is_garbled.then_some(Grade::Suspected),
            };
        }
        let least = match kin {
            Kin::Recognitions if is_known => KNOWN_LIKELIER,
            Kin::Recognitions if independent == 1 => LIKELIER,
            Kin::Recognitions => NOT_LIKELIER,
            Kin::Unknown if independent > 1 && !is_known => NOT_LIKELIER,
            Kin::Unknown if independent == 1 && !is_known && self.is_slip => LIKELIER,
            Kin::Unknown if independent == 1 && self.own <= GARBLED && self.is_lone => CLEARLY,
            Kin::Unknown | Kin::Versions => f32::INFINITY,
        };
        Some(if self.gain() >= least {
            Grade::Verified
        } else {
            Grade::Suspected
        })
    }

    fn evidence(&self) -> Evidence {
        let Votes {
            own,
            copies,
            others,
            ..
        } = self.disputed.votes;
        let others = if others > 0 {
            format!(", otherwise in {others}")
        } else {
            String::new()
        };
        let note = format!(
            "so in {copies}, as here in {own}{others}; likelier by e^{:.1}",
            self.gain()
        );
        Evidence {
            of: Some(self.disputed.of.clone()),
            note: Some(note),
            probability: None,
        }
    }
}

/// A character of a reading, and what it was.
struct Character {
    c: char,
    at: usize,
    came: Span,
}

/// A disputed letter in a block: the character (or, where one is lost, the one before which it was) and what the copies
/// have there, in the form that the page has it.
struct Proposal<'v> {
    at: usize,
    with: Option<char>,
    disputed: &'v Disputed,
}

/// Asks the lexicon of the disputed letters in a block.
fn judge<'v>(
    page: &Page,
    span: Span,
    all: &'v [Disputed],
    forms: &Forms,
    lexicon: &Lexicon,
) -> Vec<Judged<'v>> {
    let reading = page.reading(span);
    let characters: Vec<Character> = reading
        .text
        .char_indices()
        .map(|(at, c)| Character {
            c,
            at,
            came: reading.origin(at)..reading.origin(at + c.len_utf8()),
        })
        .collect();
    let proposals: Vec<Vec<Proposal>> = all
        .iter()
        .map(|disputed| propose(&characters, disputed, forms))
        .collect();
    let clear: Clear = proposals
        .iter()
        .filter_map(|places| places.first())
        .filter(|proposal| proposal.disputed.votes.is_clear())
        .map(|proposal| ((proposal.at, proposal.disputed.reads.is_some()), proposal))
        .collect();
    let judged = |places: &Vec<Proposal<'v>>| {
        let likely = |proposal| {
            (
                proposal,
                likelihoods(&characters, &clear, proposal, lexicon),
            )
        };
        let mut likely: Vec<(&Proposal, [f32; 2])> = places.iter().map(likely).collect();
        likely.sort_by(|a, b| (b.1[1] - b.1[0]).total_cmp(&(a.1[1] - a.1[0])));
        let (
            Proposal {
                at: place,
                with,
                disputed,
            },
            [own, copies],
        ) = likely.first()?;
        let gain = |[own, copies]: [f32; 2]| copies - own;
        if likely
            .get(1)
            .is_some_and(|second| gain(second.1) > copies - own - IN_PLACE)
        {
            return None;
        }
        let Character { c, at, .. } = characters[*place];
        let end = if disputed.reads.is_some() {
            at + c.len_utf8()
        } else {
            at
        };
        let edit = reading.trace(Edit::new(
            at..end,
            with.map(String::from).unwrap_or_default(),
        ));
        let is_slip = match (disputed.reads, with) {
            (Some(_), Some(with)) => look_alike(c, *with),
            (Some(_), None) => place
                .checked_sub(1)
                .is_some_and(|before| characters[before].c == c),
            (None, _) => false,
        };
        let near = |other: &&Disputed| (disputed.came[0].abs_diff(other.came[0]) as usize) < NEAR;
        let is_lone =
            disputed.reads.is_some() && with.is_some() && all.iter().filter(near).count() == 1;
        Some(Judged {
            disputed,
            own: *own,
            copies: *copies,
            is_slip,
            is_lone,
            edit,
        })
    };
    proposals.iter().filter_map(judged).collect()
}

/// Marks between which a lost letter may have stood, at most.
const MOST_MARKS: usize = 2;

/// Where in a block a disputed letter is, if it still stands there, and what is to be put in, if its form is known; of a
/// letter that is lost beside marks, each place where it may have been.
fn propose<'v>(
    characters: &[Character],
    disputed: &'v Disputed,
    forms: &Forms,
) -> Vec<Proposal<'v>> {
    let [start, end] = disputed.came.map(|at| at as usize);
    let at = characters.partition_point(|character| character.came.start < start);
    let places = match disputed.reads {
        Some(letter) => {
            let stands = |c: &Character| c.came == (start..end) && fold(c.c) == Some(letter);
            at..at + usize::from(characters.get(at).is_some_and(stands))
        }
        None => {
            let behind = characters.partition_point(|character| character.came.start < end);
            let before = at
                .checked_sub(1)
                .is_some_and(|before| characters[before].came.end == start);
            let is_behind = characters
                .get(behind)
                .is_some_and(|character| character.came.start == end);
            let is_close =
                behind - at <= MOST_MARKS && characters[at..behind].iter().all(|c| c.c != '\n');
            if before && is_behind && is_close {
                at..behind + 1
            } else {
                at..at
            }
        }
    };
    let proposal = |at: usize| {
        let with = match disputed.copies {
            Some(letter) => Some(forms.form(letter, characters, at, disputed.reads.is_some())?),
            None => None,
        };
        Some(Proposal { at, with, disputed })
    };
    places.filter_map(proposal).collect()
}

/// What most copies clearly have, by the character, and whether it replaces that or goes before it.
type Clear<'p, 'v> = HashMap<(usize, bool), &'p Proposal<'v>>;

/// How likely the lexicon finds the text as it stands, and as the copies have it, among what else is clear.
fn likelihoods(
    characters: &[Character],
    clear: &Clear,
    proposal: &Proposal,
    lexicon: &Lexicon,
) -> [f32; 2] {
    let text = |is_made: bool| -> Vec<Symbol> {
        let mut chars = Vec::with_capacity(2 * AROUND + 2);
        let around =
            proposal.at.saturating_sub(AROUND)..(proposal.at + AROUND + 1).min(characters.len());
        for at in around {
            let put = |replaces: bool| {
                let is_own = at == proposal.at && replaces == proposal.disputed.reads.is_some();
                let other = clear
                    .get(&(at, replaces))
                    .filter(|p| !std::ptr::eq(p.disputed, proposal.disputed));
                if is_own {
                    is_made.then_some(proposal)
                } else {
                    other.copied()
                }
            };
            chars.extend(put(false).and_then(|added| added.with));
            match put(true) {
                Some(other) => chars.extend(other.with),
                None => chars.push(characters[at].c),
            }
        }
        symbols(chars.into_iter()).collect()
    };
    let [own, theirs] = [text(false), text(true)];
    let head = own.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let tail = own[head..]
        .iter()
        .rev()
        .zip(theirs[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let Votes {
        own: for_own,
        copies,
        others,
        ..
    } = proposal.disputed.votes;
    let all = u32::from(for_own + copies + others);
    let score = |text: &[Symbol], votes: u8| -> f32 {
        let end = text.len() - tail + tail.min(BEHIND);
        let log_probability = |at: usize| {
            let context = if at == head { all } else { u32::from(votes) };
            let copies = Copies {
                gram: u32::from(votes),
                context,
            };
            lexicon.log_probability_without(Without::Copies(copies), &text[..at], text[at])
                + OF_A_LETTER
        };
        (head..end).map(log_probability).sum()
    };
    [score(&own, for_own), score(&theirs, copies)]
}

/// The characters that a page has for letters: comparison does not know script, case and width, but the text has them.
struct Forms {
    /// None for those that it has in several forms.
    on_page: HashMap<Letter, Option<char>>,
    script: Script,
}

impl Forms {
    fn of(page: &Page) -> Self {
        let text = page.reading(0..page.text().len()).text;
        let mut on_page: HashMap<Letter, Option<char>> = HashMap::new();
        for c in text.chars() {
            if let Some(letter) = fold(c) {
                let form = on_page.entry(letter).or_insert(Some(c));
                *form = form.filter(|known| *known == c);
            }
        }
        Forms {
            on_page,
            script: Script::of(&text),
        }
    }

    /// The form in which a letter is to stand in the place of a character, or before it.
    fn form(
        &self,
        letter: Letter,
        characters: &[Character],
        at: usize,
        replaces: bool,
    ) -> Option<char> {
        let c = char::from_u32(letter.into())?;
        if c.is_ascii_alphabetic() {
            return in_case(c, characters, at, replaces);
        }
        let forms = FORMS[usize::from(letter)];
        match self.on_page.get(&letter) {
            // 着 and 著 are two characters of one script, and one letter
            _ if self.script != Script::Traditional && forms.simplified > 1 => None,
            Some(form) => *form,
            None if forms.all == 1 => Some(c),
            None => {
                (self.script == Script::Simplified && !is_traditional(c) && is_han(c)).then_some(c)
            }
        }
    }
}

/// A Latin letter in the case of its word; none at the beginning of one, if what stands there has no case.
fn in_case(c: char, characters: &[Character], at: usize, replaces: bool) -> Option<char> {
    let char_at = |at: Option<usize>| Some(characters.get(at?)?.c).filter(|c| is_letter(*c));
    let before = char_at(at.checked_sub(1));
    let behind = char_at(Some(at + usize::from(replaces)));
    let upper = Some(c.to_ascii_uppercase());
    let is = |c: Option<char>, has: fn(&char) -> bool| c.as_ref().is_some_and(has);
    match before {
        Some(before) if before.is_ascii_lowercase() => Some(c),
        Some(before) if before.is_ascii_uppercase() && is(behind, char::is_ascii_lowercase) => {
            Some(c)
        }
        Some(before) if before.is_ascii_uppercase() && is(behind, char::is_ascii_uppercase) => {
            upper
        }
        Some(_) => None,
        None if replaces && characters[at].c.is_ascii_lowercase() => Some(c),
        None if replaces && characters[at].c.is_ascii_uppercase() => upper,
        None => None,
    }
}

/// How many characters there are for a letter; of a Han one, without radicals, marks and those that are there for
/// compatibility.
#[derive(Clone, Copy, Default)]
struct Many {
    all: u8,
    /// Common ones that simplified text has.
    simplified: u8,
}

static FORMS: LazyLock<Vec<Many>> = LazyLock::new(|| {
    let mut forms = vec![Many::default(); 1 << 16];
    for c in ('\0'..='\u{FFFF}').filter(|c| !matches!(c, '\u{F900}'..='\u{FFEF}')) {
        if let Some(letter) = fold(c)
            .filter(|letter| is_han(c) || !char::from_u32((*letter).into()).is_some_and(is_han))
        {
            let Many { all, simplified } = &mut forms[usize::from(letter)];
            *all = all.saturating_add(1);
            *simplified += u8::from(is_han(c) && is_common(c) && !is_traditional(c));
        }
    }
    forms
});

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<Letter> {
        text.chars().filter_map(fold).collect()
    }

    /// Where, what stands there, what the copies have, and the votes for each.
    type Told = (usize, Option<char>, Option<char>, [u8; 2]);

    fn votes(own: &str, copies: &[&str]) -> Vec<Told> {
        let own = letters(own);
        let voter = |(rank, copy): (u32, &&str)| {
            let text = letters(copy);
            let alignment = Alignment::of(&own, &text);
            Voter {
                rank,
                start: 0,
                text,
                alignment,
                alone: 0,
                shared: 0,
            }
        };
        let mut voters: Vec<Voter> = (0..).zip(copies).map(voter).collect();
        let character = |reads: Reads| reads.and_then(|letter| char::from_u32(letter.into()));
        disputed(&own, &mut voters)
            .into_iter()
            .map(|v| {
                (
                    v.at,
                    character(v.reads),
                    character(v.copies),
                    [v.votes.own, v.votes.copies],
                )
            })
            .collect()
    }

    const RIGHT: &str =
        "守塔人每天傍晚都要登上塔顶把灯擦亮，再把当天的风向和潮水记在本子里，一直写到天色全黑";

    #[test]
    fn of_three_copies_two_are_right() {
        let own = RIGHT
            .replace("傍晚", "傍脱")
            .replace("潮水记", "潮记")
            .replace("本子里", "本子子里");
        let one = RIGHT.replace("擦亮", "檫亮");
        let two = RIGHT.replace("全黑", "金黑");
        let found = [
            (6, Some('脱'), Some('晚'), [1, 2]),
            (15, Some('擦'), Some('檫'), [2, 1]), // what one has alone is told, not wanted
            (26, None, Some('水'), [1, 2]),
            (30, Some('子'), None, [1, 2]),
            (38, Some('全'), Some('金'), [2, 1]),
        ];
        assert_eq!(votes(&own, &[&one, &two]), found);
        // what one of the copies has wrong is outvoted by the other and this one
        assert!(votes(RIGHT, &[&one, &two]).is_empty());
    }

    #[test]
    fn numbers_and_other_words_are_not_voted_on() {
        for (word, other) in [
            ("当天", "3日"),
            ("一直", "二直"),
            ("守塔人", "老渔民"),
            ("本子里", "本子"),
        ] {
            let copy = RIGHT.replace(word, other);
            assert!(votes(RIGHT, &[&copy]).is_empty(), "{other}");
        }
        let [own, copy] = ["3", "8"].map(|digit| RIGHT.replace("当天", digit));
        assert!(votes(&own, &[&copy, &copy, &copy]).is_empty());
    }

    #[test]
    fn copies_without_errors_of_their_own_are_one_witness() {
        let votes = |copies, independent| Votes {
            own: 1,
            copies,
            others: 0,
            independent,
        };
        assert!(!votes(1, 1).is_clear() && !votes(3, 0).is_clear());
        assert!(votes(2, 1).is_clear() && votes(2, 2).is_clear());
        assert_eq!(Votes::unpack(votes(2, 1).pack()), votes(2, 1));
    }

    #[test]
    fn a_letter_is_put_in_as_its_page_writes_it() {
        let form = |page: &str, letter: char| {
            let page = Page::new("p", page);
            Forms::of(&page).form(fold(letter).unwrap(), &[], 0, false)
        };
        assert_eq!(form("經濟發展", '经'), Some('經'));
        assert_eq!(form("经济发展", '经'), Some('经'));
        assert_eq!(form("经济發展，經過", '经'), None);
        assert_eq!(form("经济发展", '记'), Some('记'));
        assert_eq!(form("經濟發展", '记'), None);
        assert_eq!(form("經濟發展", '人'), Some('人'));
        assert_eq!(form("著名的灯塔发出光", '着'), None);
        assert_eq!(form("隨著燈塔發出光", '着'), Some('著'));
    }
}
