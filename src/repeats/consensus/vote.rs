//! Aligns the copies with a document or paragraph, and counts who reads what.

use super::kin::voters;
use super::{FEWEST_MISREAD, MOST_VOTERS, Reads, Row, Votes};
use crate::page::edit::Span;
use crate::repeats::Level;
use crate::repeats::align::Alignment;
use crate::repeats::likeness::is_numeral;
use crate::repeats::method::{Candidate, Context, Corpus, Unreadable, Verified, WHOLE};
use crate::repeats::verdict::{Finding, Found};
use crate::text::letters::Letter;
use std::collections::BTreeMap;

/// A copy needs this many differences of one letter for each difference of two letters, which may be another word; and
/// for each that is larger or between numbers.
const SINGLE_FOR_A_DOUBLE: usize = 2;
const SINGLE_FOR_A_LARGE: usize = 4;
/// The share of its letters in which a copy may differ.
const MOST_DIFFERENT: f64 = 0.25;
/// The share of the shorter text that must align with the other.
const LEAST_ALIGNED: f64 = 0.4;
/// A copy may share this many differences with others for each of its own: with more, it has its errors from the same
/// source, or is the same version.
const SHARED_FOR_AN_OWN: usize = 8;
/// More disputed letters in a row are another word.
const MOST_IN_A_ROW: usize = 2;

/// How many readings of a single copy are kept, so that the lexicon can say whether they are errors.
const MOST_ALONE: usize = 6;

/// A disputed letter of a passage.
#[derive(Debug, Clone)]
struct Vote {
    /// The letter, or the one after a lost letter.
    at: usize,
    reads: Reads,
    copies: Reads,
    votes: Votes,
    /// A copy that has the other reading, and its letters there: those on both sides if it has none.
    of: (u32, Span),
}

/// A passage whose copies are known, by the letters of its document.
struct Passage {
    rank: u32,
    letters: Span,
    copies: Vec<(u32, Span)>,
}

/// Votes on whole documents, or else on their paragraphs.
pub(super) fn verify(candidates: &[Candidate], context: &Context) -> Result<Verified, Unreadable> {
    let mut verified = Verified::default();
    let rank = candidates[0].pair.rank;
    for passage in passages(candidates, context)? {
        let votes = vote(&passage, context.corpus)?;
        verified
            .findings
            .extend(findings(rank, &passage, votes, context.corpus)?);
    }
    Ok(verified)
}

fn passages(candidates: &[Candidate], context: &Context) -> Result<Vec<Passage>, Unreadable> {
    let corpus = context.corpus;
    let rank = candidates[0].pair.rank;
    let whole = |rank: u32| 0..corpus.facts(rank).letters as usize;
    let pairs = || candidates.iter().map(|candidate| candidate.pair);
    let stays = context.options.duplicates != Level::Drop || !corpus.is_copy(rank);
    // the last one is for a whole document, if there is one
    let is_whole = candidates[candidates.len() - 1].pair.at == WHOLE;
    if is_whole && stays && context.options.knows_places() {
        let copies = voters(pairs().filter(|pair| pair.at == WHOLE));
        return Ok(vec![Passage {
            rank,
            letters: whole(rank),
            copies: copies.into_iter().map(|copy| (copy, whole(copy))).collect(),
        }]);
    }
    let paragraphs = candidates.chunk_by(|a, b| a.pair.at == b.pair.at);
    let passage = |candidates: &[Candidate]| {
        let mut copies = Vec::new();
        for Candidate { pair, .. } in candidates.iter().take(MOST_VOTERS) {
            copies.push((pair.other, corpus.block(pair.other, pair.there)?));
        }
        Ok(Passage {
            rank,
            letters: corpus.block(rank, candidates[0].pair.at)?,
            copies,
        })
    };
    paragraphs
        .filter(|copies| copies[0].pair.at != WHOLE)
        .map(passage)
        .collect()
}

/// The votes with the places of the letters in the texts as they came.
fn findings(
    rank: u32,
    passage: &Passage,
    votes: Vec<Vote>,
    corpus: &dyn Corpus,
) -> Result<Vec<Finding>, Unreadable> {
    let start = passage.letters.start;
    let at = |letter: usize| start + letter..start + letter + 1;
    let mut places = Places::default();
    for vote in &votes {
        places.ask(rank, at(vote.at));
        if vote.reads.is_none() {
            places.ask(rank, at(vote.at - 1));
        }
        places.ask(vote.of.0, vote.of.1.clone());
    }
    places.read(corpus)?;
    let finding = |vote: Vote| {
        let own = places.of(rank, at(vote.at));
        let came = match vote.reads {
            Some(_) => own,
            // between this letter and the one before
            None => [places.of(rank, at(vote.at - 1))[1], own[0]],
        };
        let (other, there) = vote.of;
        let there = places.of(other, there);
        Row::of(came, [vote.reads, vote.copies], vote.votes, there).finding(rank, other)
    };
    Ok(votes.into_iter().map(finding).collect())
}

/// Where letters of documents came from: the places of one document are read in one go.
#[derive(Default)]
struct Places(BTreeMap<u32, (Vec<Span>, Vec<[u32; 2]>)>);

impl Places {
    fn ask(&mut self, rank: u32, letters: Span) {
        self.0.entry(rank).or_default().0.push(letters);
    }

    fn read(&mut self, corpus: &dyn Corpus) -> Result<(), Unreadable> {
        for (rank, (spans, came)) in &mut self.0 {
            spans.sort_unstable_by_key(|span| (span.start, span.end));
            spans.dedup();
            *came = corpus.came(*rank, spans)?;
        }
        Ok(())
    }

    /// The place of letters that were requested.
    fn of(&self, rank: u32, letters: Span) -> [u32; 2] {
        let (spans, came) = &self.0[&rank];
        let known = spans
            .binary_search_by_key(&(letters.start, letters.end), |span| (span.start, span.end))
            .expect("it was asked for");
        came[known]
    }
}

/// Aligns the copies with a passage, and counts who reads what, where most of the copies that have an opinion disagree
/// with it.
fn vote(passage: &Passage, corpus: &dyn Corpus) -> Result<Vec<Vote>, Unreadable> {
    let own = corpus.letters(passage.rank, passage.letters.clone())?;
    let mut voters = Vec::new();
    for (rank, letters) in &passage.copies {
        let text = corpus.letters(*rank, letters.clone())?;
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
    /// Differences that only it has, and that it shares with others.
    alone: usize,
    shared: usize,
}

/// What a copy has there, and where in it; `None` if it has no opinion.
type Reading = Option<(Reads, Span)>;

impl Voter {
    fn reads(&self, there: Span) -> Option<Reads> {
        (there.len() <= 1).then(|| {
            self.text
                .get(there)
                .and_then(|letters| letters.first().copied())
        })
    }

    /// What it has in the place of a letter of the passage.
    fn at(&self, letter: usize) -> Option<(Reads, Span)> {
        let there = self.alignment.at(letter)?;
        Some((self.reads(there.clone())?, there))
    }

    /// What it has between it and the letter before.
    fn before(&self, letter: usize) -> Option<(Reads, Span)> {
        let there = self.alignment.added_before(letter)?;
        Some((self.reads(there.clone())?, there))
    }

    fn is_independent(&self) -> bool {
        self.alone > 0 && self.alone * SHARED_FOR_AN_OWN >= self.shared
    }
}

/// The letters of a passage on which no majority of the copies agrees with it; if there are any, also some on which
/// only one copy disagrees.
fn disputed(own: &[Letter], voters: &mut [Voter]) -> Vec<Vote> {
    let mut places: Vec<(usize, Reads, Vec<Reading>)> = Vec::new();
    for (at, letter) in own.iter().enumerate() {
        let mut look = |reads: Reads, read: &dyn Fn(&Voter) -> Option<(Reads, Span)>| {
            let readings: Vec<Reading> = voters.iter().map(read).collect();
            let mut known = readings.iter().flatten();
            if known.any(|(theirs, _)| *theirs != reads) {
                count_errors(voters, reads, &readings);
                places.push((at, reads, readings));
            }
        };
        look(None, &|voter| voter.before(at));
        look(Some(*letter), &|voter| voter.at(at));
    }
    let votes = places
        .into_iter()
        .filter_map(|(at, reads, readings)| vote_at(own, at, reads, &readings, voters));
    let (votes, alone): (Vec<Vote>, Vec<Vote>) =
        votes.partition(|vote| vote.votes.copies >= vote.votes.own);
    // a word that most copies replace by another is not a misreading
    let in_a_row = |a: &Vote, b: &Vote| b.at - a.at <= 1;
    let mut votes: Vec<Vote> = votes
        .chunk_by(in_a_row)
        .filter(|row| row.len() <= MOST_IN_A_ROW)
        .flatten()
        .cloned()
        .collect();
    // a few letters with one against one say nothing
    let says_something =
        votes.len() >= FEWEST_MISREAD || votes.iter().any(|vote| vote.votes.is_clear());
    if !says_something {
        return Vec::new();
    }
    votes.extend(alone.into_iter().take(MOST_ALONE));
    votes.sort_by_key(|vote| (vote.at, vote.reads.is_some()));
    votes
}

/// Counts for each copy that disagrees with the passage in a place whether it is alone in that.
fn count_errors(voters: &mut [Voter], reads: Reads, readings: &[Reading]) {
    for (voter, reading) in voters.iter_mut().zip(readings) {
        let Some((theirs, _)) = reading.as_ref().filter(|(theirs, _)| *theirs != reads) else {
            continue;
        };
        let known = readings.iter().flatten();
        match known.filter(|(other, _)| other == theirs).count() {
            1 => voter.alone += 1,
            _ => voter.shared += 1,
        }
    }
}

/// What most of the disagreeing copies read, if they are as many as those that agree; or what a single one reads.
fn vote_at(
    own: &[Letter],
    at: usize,
    reads: Reads,
    readings: &[Reading],
    voters: &[Voter],
) -> Option<Vote> {
    let each = || {
        let each = readings.iter().enumerate();
        each.filter_map(|(voter, reading)| Some((voter, reading.as_ref()?)))
    };
    let mut counts = counted(each().map(|(voter, (theirs, _))| (voter, *theirs)));
    let same = counts.iter().find(|(theirs, ..)| *theirs == reads);
    let like_own = same.map_or(0, |(_, count, _)| *count);
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

/// How often each reading occurs, with the first voter that has it.
fn counted(readings: impl Iterator<Item = (usize, Reads)>) -> Vec<(Reads, usize, usize)> {
    let mut counts: Vec<(Reads, usize, usize)> = Vec::new();
    for (voter, theirs) in readings {
        match counts.iter_mut().find(|(known, ..)| *known == theirs) {
            Some((_, count, _)) => *count += 1,
            None => counts.push((theirs, 1, voter)),
        }
    }
    counts
}

/// Whether it concerns numbers: versions and reports differ in them.
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
    // a digit read as a letter, or a letter read as a digit, is a misreading
    let may_be_misread =
        readings.iter().all(Option::is_some) && numbers != [true; 2] && votes.is_clear();
    numbers != [false; 2] && (!may_be_misread || in_number())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::letters::fold;

    fn letters(text: &str) -> Vec<Letter> {
        text.chars().filter_map(fold).collect()
    }

    /// Where, what the text has, what the copies have, and the votes for each.
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
}
