//! Asks the lexicon which of two readings is text, and applies the readings of copies that it confirms.

use super::forms::{Character, Forms};
use super::{Disputed, FEWEST_MISREAD, METHOD, Row, Votes};
use crate::lexicon::{Copies, LeftOut, Lexicon, Symbol, symbols};
use crate::page::edit::{Cause, Edit, Evidence, Grade, Span};
use crate::page::{Kind, Page};
use crate::repeats::Verdict;
use crate::text::letters::fold;
use crate::text::lookalikes::look_alike;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// How much likelier (natural logarithm) the lexicon must find the reading of a clear majority of copies, if one copy
/// is proved to have errors of its own; if two are, the lexicon can only veto.
const LIKELIER: f32 = 2.0;
const NOT_LIKELIER: f32 = -2.0;
/// From which on what stands there is well-known text, and how much likelier the copies' reading must be than that.
const WELL_KNOWN: f32 = 3.0;
const KNOWN_LIKELIER: f32 = 4.0;
/// Up to which it is no text at all; and by how much the other reading is likelier where one is a misreading.
const GARBLED: f32 = -4.0;
const CLEARLY: f32 = 6.0;
/// How much likelier a copy's reading must be to be reported, where it is one against one.
const MUCH_LIKELIER: f32 = 8.0;
/// The share of disputed letters that are misreadings from which copies are recognitions, and below which they are
/// versions; and how many must be disputed for that.
const MISREAD: f32 = 0.4;
const MISREAD_IN_VERSIONS: f32 = 0.25;
const FEWEST_OF_VERSIONS: usize = 3;
/// Bytes within which disputed letters are near each other.
const NEAR: usize = 24;
/// A letter more in a text costs about as much, on average.
const OF_A_LETTER: f32 = 4.0;
/// How much likelier one of two places must be for a letter that is lost beside a mark.
const IN_PLACE: f32 = 1.0;
/// Letters before and after a disputed one that are looked at.
const AROUND: usize = 8;
/// Symbols after it whose probability depends on it.
const BEHIND: usize = 3;

/// Puts into a page what its copies read and the lexicon confirms.
pub(super) fn apply(page: &mut Page, verdict: &Verdict, lexicon: &Lexicon) {
    let found = verdict.found::<Row>();
    let disputed: Vec<Disputed> = found
        .map(|(row, other)| row.disputed(other.unwrap_or_default()))
        .collect();
    if disputed.is_empty() {
        return;
    }
    let forms = Forms::of(page);
    let mut judged: Vec<Judged> = Vec::new();
    let mut rest = &disputed[..];
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
    /// People wrote both: both readings are text.
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
    /// How likely the text is with its own reading and with that of the copies: above 0 if likelier than text usually
    /// is.
    own: f32,
    copies: f32,
    /// Whether it is a typical error of a recogniser: one character for its look-alike, or a character twice.
    is_slip: bool,
    /// Whether it is one letter for another, with no other disputed letter near: people reword more than that.
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

    /// How certain it is that the copies are right; `None` if there is nothing to say.
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

/// A disputed letter in a block: the character (or, where one is lost, the one after it) and what the copies have
/// there, in the form that the page uses.
struct Proposal<'v> {
    at: usize,
    with: Option<char>,
    disputed: &'v Disputed,
}

/// Asks the lexicon about the disputed letters in a block.
fn judge<'v>(
    page: &Page,
    span: Span,
    all: &'v [Disputed],
    forms: &Forms,
    lexicon: &Lexicon,
) -> Vec<Judged<'v>> {
    let reading = page.reading(span);
    let character = |(at, c): (usize, char)| Character {
        c,
        at,
        came: reading.origin(at)..reading.origin(at + c.len_utf8()),
    };
    let characters: Vec<Character> = reading.text.char_indices().map(character).collect();
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
        let (proposal, likely) = likeliest(places, |proposal| {
            likelihoods(&characters, &clear, proposal, lexicon)
        })?;
        if proposal.only_drops_an_accent(&characters) {
            return None;
        }
        let edit = reading.trace(proposal.edit(&characters));
        Some(proposal.judged(likely, &characters, all, edit))
    };
    proposals.iter().filter_map(judged).collect()
}

/// The place in which the copies' reading gains most, if no other comes near, with how likely the text is there as it is
/// and as the copies have it.
fn likeliest<'p, 'v>(
    places: &'p [Proposal<'v>],
    likely: impl Fn(&Proposal<'v>) -> [f32; 2],
) -> Option<(&'p Proposal<'v>, [f32; 2])> {
    let gain = |[own, copies]: [f32; 2]| copies - own;
    let mut likely: Vec<_> = places.iter().map(|place| (place, likely(place))).collect();
    likely.sort_by(|a, b| gain(b.1).total_cmp(&gain(a.1)));
    let (first, second) = (likely.first()?, likely.get(1));
    let is_doubtful = second.is_some_and(|second| gain(second.1) > gain(first.1) - IN_PLACE);
    (!is_doubtful).then_some(*first)
}

impl<'v> Proposal<'v> {
    fn edit(&self, characters: &[Character]) -> Edit {
        let Character { c, at, .. } = characters[self.at];
        let end = match self.disputed.reads {
            Some(_) => at + c.len_utf8(),
            None => at,
        };
        Edit::new(at..end, self.with.map(String::from).unwrap_or_default())
    }

    /// Whether it only takes the accent off a letter. Recognisers lose more accents than they add: où is not ou because
    /// most copies have lost it.
    fn only_drops_an_accent(&self, characters: &[Character]) -> bool {
        let mut parts = characters[self.at].c.nfd();
        self.disputed.reads.is_some() && parts.next() == self.with && parts.next().is_some()
    }

    /// What the lexicon says of it, among `all` disputed letters of the block.
    fn judged(
        &self,
        [own, copies]: [f32; 2],
        characters: &[Character],
        all: &[Disputed],
        edit: Edit,
    ) -> Judged<'v> {
        let disputed = self.disputed;
        let is_slip = match (disputed.reads, self.with) {
            (Some(_), Some(with)) => look_alike(characters[self.at].c, with),
            (Some(_), None) => self
                .at
                .checked_sub(1)
                .is_some_and(|before| characters[before].c == characters[self.at].c),
            (None, _) => false,
        };
        let near = |other: &&Disputed| (disputed.came[0].abs_diff(other.came[0]) as usize) < NEAR;
        let is_exchange = disputed.reads.is_some() && self.with.is_some();
        Judged {
            disputed,
            own,
            copies,
            is_slip,
            is_lone: is_exchange && all.iter().filter(near).count() == 1,
            edit,
        }
    }
}

/// At most this many marks may surround a lost letter.
const MOST_MARKS: usize = 2;

/// Where in a block a disputed letter is, if it is still there, and what to put in, if its form is known; for a letter
/// lost beside marks, each place where it may have been.
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

/// How likely the lexicon finds the text as it is, and as the copies have it, with all other clear readings applied.
fn likelihoods(
    characters: &[Character],
    clear: &Clear,
    proposal: &Proposal,
    lexicon: &Lexicon,
) -> [f32; 2] {
    let text = |is_made: bool| around(characters, clear, proposal, is_made);
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
            lexicon.log_probability_without(LeftOut::Copies(copies), &text[..at], text[at])
                + OF_A_LETTER
        };
        (head..end).map(log_probability).sum()
    };
    [score(&own, for_own), score(&theirs, copies)]
}

/// The text around a proposal with all other clear readings applied, and with its own if `is_made`.
fn around(
    characters: &[Character],
    clear: &Clear,
    proposal: &Proposal,
    is_made: bool,
) -> Vec<Symbol> {
    let put = |at: usize, replaces: bool| {
        if at == proposal.at && replaces == proposal.disputed.reads.is_some() {
            return is_made.then_some(proposal);
        }
        let other = clear.get(&(at, replaces)).copied();
        other.filter(|other| !std::ptr::eq(other.disputed, proposal.disputed))
    };
    let mut chars = Vec::with_capacity(2 * AROUND + 2);
    let first = proposal.at.saturating_sub(AROUND);
    let last = (proposal.at + AROUND + 1).min(characters.len());
    for (at, character) in (first..).zip(&characters[first..last]) {
        chars.extend(put(at, false).and_then(|added| added.with));
        match put(at, true) {
            Some(other) => chars.extend(other.with),
            None => chars.push(character.c),
        }
    }
    symbols(chars.into_iter()).collect()
}
