//! Finds the right reading where copies of a passage differ: the copies vote, and the lexicon judges.
//!
//! The copies of a document or paragraph are aligned with it letter by letter. Where they differ in single letters, as
//! recognitions of one print do, `settle` counts who reads what (`vote`). `finish` asks the lexicon, counted as if the
//! copies were not there, which of the two readings is text, and applies a reading that wins both (`judge`). Changes
//! from one version to the next (words, numbers, clauses) are not misreadings: they are not voted on, and if the
//! lexicon finds both readings to be text throughout, the copies are versions and nothing is applied (`Kin`).

mod forms;
mod judge;
mod kin;
mod vote;

use super::Method;
use super::method::{Needs, no_keys};
use super::verdict::Found;
use crate::page::cause::CauseId;
use crate::page::edit::Place;
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};

pub(super) const METHOD: Method = Method {
    cause: CauseId::Consensus,
    source: "alignment and vote (ROVER: Fiscus, ASRU 1997; of recognitions: Lopresti and Zhou, 1997), judged by an n-gram model",
    is_on: |options| options.consensus,
    keys: no_keys,
    pairs: kin::pairs,
    verify: vote::verify,
    apply: |page, verdict, _, lexicon| judge::apply(page, verdict, lexicon),
    needs: Needs {
        kin: true,
        ..Needs::NOTHING
    },
};

/// At most this many copies vote; chosen by eye.
const MOST_VOTERS: usize = 8;
/// How many of the disputed letters must be misreadings for copies to count as recognitions; and how many letters must
/// be disputed for a vote of one against one to count.
const FEWEST_MISREAD: usize = 3;

/// What is in a place, if it is at most one letter.
type Reads = Option<Letter>;

/// A disputed letter: copies read it differently.
#[derive(Debug, Clone, PartialEq)]
struct Disputed {
    /// The letter in bytes of the text as it came, or the place where one is lost.
    came: [u32; 2],
    /// What the text and the copies have there, each a letter; `None` for no letter.
    reads: Reads,
    copies: Reads,
    votes: Votes,
    /// A copy that has the other reading.
    of: Place,
}

/// The form in which settle keeps it.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Row {
    came: [u32; 2],
    /// 0 where there is none.
    reads: u32,
    copies: u32,
    there: [u32; 2],
    /// A byte each.
    votes: [u8; 4],
}

impl Found for Row {
    const METHOD: CauseId = METHOD.cause;
}

impl Row {
    fn of(came: [u32; 2], [reads, copies]: [Reads; 2], votes: Votes, there: [u32; 2]) -> Self {
        let Votes {
            own,
            copies: for_copies,
            others,
            independent,
        } = votes;
        Row {
            came,
            reads: reads.unwrap_or(0).into(),
            copies: copies.unwrap_or(0).into(),
            there,
            votes: [own, for_copies, others, independent],
        }
    }

    fn disputed(self, other: &str) -> Disputed {
        let [own, copies, others, independent] = self.votes;
        let letter = |letter: u32| Some(letter as Letter).filter(|letter| *letter != 0);
        Disputed {
            came: self.came,
            reads: letter(self.reads),
            copies: letter(self.copies),
            votes: Votes {
                own,
                copies,
                others,
                independent,
            },
            of: Place {
                id: other.into(),
                at: self.there.map(|at| at as usize),
            },
        }
    }
}

/// Who reads what: this text and copies that agree with it; the other copies; the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Votes {
    own: u8,
    copies: u8,
    others: u8,
    /// How many of the copies are proved to have errors of their own, and so do not have this reading from each other.
    independent: u8,
}

impl Votes {
    /// Whether more independent witnesses support the copies' reading than this one.
    fn is_clear(&self) -> bool {
        let dependent = u8::from(self.independent < self.copies);
        self.independent + dependent > self.own + self.others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn a_disputed_letter_comes_back_from_its_row() {
        let votes = Votes {
            own: 1,
            copies: 3,
            others: 2,
            independent: 1,
        };
        let row = Row::of([3, 6], [Some(7), None], votes, [9, 12]);
        let disputed = row.disputed("other");
        assert_eq!((disputed.reads, disputed.copies), (Some(7), None));
        assert_eq!((disputed.votes, disputed.of.at), (votes, [9, 12]));
    }
}
