//! Goes over the prints of the whole run, and says to each document what was found.

use super::candidates::Candidate;
use super::consensus::{self, Disputed, Votes};
use super::prints::{self, Document, Prints, PrintsFile, Shelf, Stamp};
use super::{Keep, Options, duplicate, exact, furniture, near, spliced};
use crate::Error;
use crate::page::edit::{Place, Span};
use crate::repeats::Level;
use crate::settle::sorted::{Room, Unsorted};
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The prints of the run. A document is known by its rank: its place in the order of what stays before what.
pub struct Settle {
    shelves: Vec<Shelf>,
    /// The shelf and the place on it of each document, by rank.
    by_rank: Vec<(u32, u32)>,
    /// For each shelf, the rank of each of its documents.
    ranks: Vec<Vec<u32>>,
    /// How many of them are of earlier runs: the first, whatever the rule.
    known: u32,
    /// By rank: whether it is a copy, to the letter or nearly. Such a document takes no further part: it goes whole, or
    /// stays whole if it is only to be marked.
    is_copy: Vec<bool>,
    /// The ranks of copies to the letter, each with that of its original.
    pub(super) copies: Vec<[u32; 2]>,
    /// The ranks of documents that are recognitions of the same, by their differences.
    pub(super) misread: Vec<[u32; 2]>,
    /// Paragraphs that are near copies of one another, each pair both ways.
    pub(super) near_blocks: Option<Unsorted<Candidate>>,
    pub(super) room: Room,
    pub rejected: Rejected,
}

/// Candidates that the exact measure refuted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub documents: u64,
    pub paragraphs: u64,
    pub passages: u64,
}

impl Settle {
    /// Brings the documents of all shelves into their order. The first `own` shelves are of this run, the others of
    /// earlier ones: what stands on those stays whatever comes.
    pub fn new(shelves: Vec<Shelf>, own: usize, options: &Options, room: Room) -> Self {
        let mut by_rank: Vec<(u32, u32)> = (0..)
            .zip(&shelves)
            .flat_map(|(shelf, s)| (0..s.documents.len() as u32).map(move |at| (shelf, at)))
            .collect();
        let document = |at: &(u32, u32)| &shelves[at.0 as usize].documents[at.1 as usize];
        let worth = |d: &Document| match options.keep {
            Keep::First | Keep::Whole => 0,
            Keep::Longest => u64::from(d.letters),
            Keep::Newest => d.date,
        };
        // equal ids fall back on the order of reading, which goes by path and line
        by_rank.par_sort_by(|a, b| {
            let is_new = |at: &(u32, u32)| (at.0 as usize) < own;
            let (left, right) = (document(a), document(b));
            let by_worth = worth(right).cmp(&worth(left));
            is_new(a)
                .cmp(&is_new(b))
                .then(by_worth)
                .then_with(|| left.id.cmp(&right.id))
                .then(a.cmp(b))
        });
        let mut ranks: Vec<Vec<u32>> = shelves.iter().map(|s| vec![0; s.documents.len()]).collect();
        for (rank, (shelf, at)) in (0..).zip(&by_rank) {
            ranks[*shelf as usize][*at as usize] = rank;
        }
        let is_copy = vec![false; by_rank.len()];
        let known = shelves[own..]
            .iter()
            .map(|shelf| shelf.documents.len() as u32)
            .sum();
        Settle {
            shelves,
            by_rank,
            ranks,
            known,
            is_copy,
            copies: Vec::new(),
            misread: Vec::new(),
            near_blocks: None,
            room,
            rejected: Rejected::default(),
        }
    }

    /// The prints, in the order in which they were given.
    pub fn shelves(&self) -> &[Shelf] {
        &self.shelves
    }

    /// Bytes that are held for each document, allocations not counted.
    pub fn bytes(&self) -> usize {
        let held = |d: &Document| size_of::<Document>() + d.id.len() + 13;
        self.shelves
            .iter()
            .flat_map(|shelf| &shelf.documents)
            .map(held)
            .sum()
    }

    /// How many documents there are.
    pub(super) fn len(&self) -> usize {
        self.by_rank.len()
    }

    pub(super) fn document(&self, rank: u32) -> &Document {
        let (shelf, at) = self.by_rank[rank as usize];
        &self.shelves[shelf as usize].documents[at as usize]
    }

    pub(super) fn letters(&self, rank: u32, letters: Span) -> Result<Vec<Letter>, Error> {
        let (shelf, at) = self.by_rank[rank as usize];
        self.shelves[shelf as usize].letters(at as usize, letters)
    }

    pub(super) fn all_letters(&self, rank: u32) -> Result<Vec<Letter>, Error> {
        self.letters(rank, 0..self.document(rank).letters as usize)
    }

    /// The hashes of a document's sketch, rising.
    pub(super) fn sketch(&self, rank: u32) -> Result<Vec<u64>, Error> {
        let (shelf, at) = self.by_rank[rank as usize];
        self.shelves[shelf as usize].sketch(at as usize)
    }

    /// The span of some letters in the text of their document as it came.
    pub(super) fn came(&self, rank: u32, letters: &Span) -> Result<[u32; 2], Error> {
        let (shelf, at) = self.by_rank[rank as usize];
        self.shelves[shelf as usize].came(at as usize, letters)
    }

    /// The letters of a block.
    pub(super) fn letters_of(&self, rank: u32, block: u32) -> Result<Span, Error> {
        let (shelf, at) = self.by_rank[rank as usize];
        self.shelves[shelf as usize].letters_of(at as usize, block as usize)
    }

    /// Which of the documents of a cluster stays: the one with the lowest precedence.
    pub(super) fn precedence(&self, rank: u32, keep: Keep) -> (bool, bool, Reverse<u32>, u32) {
        let document = self.document(rank);
        let by_rule = keep == Keep::Whole;
        // longer by a quarter is clearly longer
        let size = (f64::from(document.letters.max(1)).ln() / 1.25f64.ln()) as u32;
        (
            rank >= self.known,
            by_rule && !document.is_whole,
            Reverse(if by_rule { size } else { 0 }),
            rank,
        )
    }

    pub(super) fn is_copy(&self, rank: u32) -> bool {
        self.is_copy[rank as usize]
    }

    pub(super) fn set_copy(&mut self, rank: u32) {
        self.is_copy[rank as usize] = true;
    }

    /// Finds the documents that are copies to the letter: from here on they take no part.
    pub(super) fn find_copies(&mut self) -> Result<(), Error> {
        let mut wholes = Unsorted::new(self.room.clone());
        for rank in 0..self.len() as u32 {
            let whole = self.document(rank).whole;
            if whole != 0 {
                wholes.push([(whole >> 64) as u64, whole as u64, u64::from(rank)])?;
            }
        }
        wholes.sorted()?.groups(
            |a, b| a[..2] == b[..2],
            |same| {
                self.copies.extend(
                    same[1..]
                        .iter()
                        .map(|copy| [copy[2] as u32, same[0][2] as u32]),
                );
                Ok(())
            },
        )?;
        self.copies
            .iter()
            .for_each(|[copy, _]| self.is_copy[*copy as usize] = true);
        Ok(())
    }

    /// Hands the prints of each document that is no copy to `work`, many at a time, and what that makes of them to
    /// `take`, in the order of reading.
    pub(super) fn scan<T: Send>(
        &self,
        work: impl Fn(u32, &Prints) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (shelf, ranks) in self.shelves.iter().zip(&self.ranks) {
            shelf.batches(|first, records| {
                let made: Vec<Option<T>> = records
                    .par_iter()
                    .enumerate()
                    .filter(|(at, _)| !self.is_copy[ranks[first + at] as usize])
                    .map(|(at, record)| {
                        prints::read_record(record).map(|prints| work(ranks[first + at], &prints))
                    })
                    .collect();
                made.into_iter().flatten().try_for_each(&mut take)
            })?;
        }
        Ok(())
    }

    /// Looks over the whole run with all methods, and hands on what was found of each document, shelf by shelf in the
    /// order of reading. Nothing is said of documents of which nothing was found.
    pub fn verdicts(
        &mut self,
        options: &Options,
        mut take: impl FnMut(usize, Verdict) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut findings = Findings(Unsorted::new(self.room.shared_by(4)));
        // documents first: a copy's paragraphs are nobody's originals
        for method in [
            &duplicate::METHOD,
            &exact::METHOD,
            &near::METHOD,
            &furniture::METHOD,
            &spliced::METHOD,
        ] {
            (method.in_run)(self, options, &mut findings)?;
        }
        if options.consensus {
            (consensus::METHOD.in_run)(self, options, &mut findings)?;
        }
        findings.0.sorted()?.groups(
            |a, b| a.document == b.document,
            |found| {
                let (shelf, at) = self.by_rank[found[0].rank as usize];
                take(shelf as usize, Verdict::of(at, found, self))
            },
        )
    }
}

/// Settles prints that are at hand: a verdict for each document, in their order.
pub fn settle(prints: &[(String, Prints)], options: &Options) -> Result<Vec<Verdict>, Error> {
    let folder = tempfile::tempdir().map_err(|e| Error::Output(std::env::temp_dir(), e))?;
    let mut file = PrintsFile::create(&folder.path().join("prints"), 0, Stamp::default())?;
    prints
        .iter()
        .try_for_each(|(id, prints)| file.add(id, prints))?;
    let room = Room::new(folder.path(), 1 << 28);
    let mut verdicts = vec![Verdict::default(); prints.len()];
    Settle::new(vec![file.finish(None)?], 1, options, room).verdicts(options, |_, verdict| {
        let document = verdict.document as usize;
        verdicts[document] = verdict;
        Ok(())
    })?;
    Ok(verdicts)
}

/// What the methods find.
pub(super) struct Findings(Unsorted<Finding>);

/// Something found of a document; of a fixed size, so that it can go to disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Finding {
    /// Shelf and place on it: the order of reading.
    document: [u32; 2],
    kind: u32,
    /// The block, or letters.
    at: [u32; 2],
    /// The bytes of the text as it came.
    came: [u32; 2],
    rank: u32,
    other: u32,
    there: [u32; 2],
    cluster: u32,
    likeness: u32,
}

const DUPLICATE: u32 = 0;
const COPY: u32 = 1;
const PARAGRAPH: u32 = 2;
const NEAR_PARAGRAPH: u32 = 3;
const FURNITURE: u32 = 4;
const PASSAGE: u32 = 5;
const DISPUTED: u32 = 6;

/// A likeness is kept in millionths.
const ONE: f64 = 1e6;

impl Findings {
    fn push(&mut self, settle: &Settle, rank: u32, finding: Finding) -> Result<(), Error> {
        if rank < settle.known {
            return Ok(()); // settled by the run that it is of
        }
        let (shelf, at) = settle.by_rank[rank as usize];
        self.0.push(Finding {
            document: [shelf, at],
            rank,
            ..finding
        })
    }

    /// The document belongs to the cluster that is known by its first, `cluster`. It is like `of`, which stays; itself,
    /// if it stays by the rule. With `is_copy` it is so like it that it goes.
    pub fn duplicate(
        &mut self,
        settle: &Settle,
        rank: u32,
        cluster: u32,
        of: u32,
        likeness: f64,
        is_copy: bool,
    ) -> Result<(), Error> {
        let kind = if is_copy { COPY } else { DUPLICATE };
        let likeness = (likeness * ONE).round() as u32;
        self.push(
            settle,
            rank,
            Finding {
                kind,
                other: of,
                cluster,
                likeness,
                ..Finding::zeroed()
            },
        )
    }

    /// A block is a copy of another document's letters: to the letter, or with a likeness below 1.
    pub fn paragraph(
        &mut self,
        settle: &Settle,
        shared: &Shared,
        block: u32,
        likeness: f64,
    ) -> Result<(), Error> {
        let kind = if likeness < 1.0 {
            NEAR_PARAGRAPH
        } else {
            PARAGRAPH
        };
        let Shared {
            rank,
            came,
            other,
            there,
            ..
        } = *shared;
        let (at, likeness) = ([block, block + 1], (likeness * ONE).round() as u32);
        self.push(
            settle,
            rank,
            Finding {
                kind,
                at,
                came,
                other,
                there,
                likeness,
                ..Finding::zeroed()
            },
        )
    }

    /// A block recurs on other pages; of those the first that has it, with its letters there, if there is one.
    pub fn furniture(
        &mut self,
        settle: &Settle,
        (rank, block): (u32, u32),
        first: Option<(u32, &Span)>,
    ) -> Result<(), Error> {
        let (other, there) = match first {
            Some((other, letters)) => (other, settle.came(other, letters)?),
            None => (rank, [0, 0]),
        };
        self.push(
            settle,
            rank,
            Finding {
                kind: FURNITURE,
                at: [block, block + 1],
                other,
                there,
                ..Finding::zeroed()
            },
        )
    }

    /// Copies read otherwise than a document: a letter or nothing, instead of a letter or nothing.
    pub fn disputed(
        &mut self,
        settle: &Settle,
        rank: u32,
        came: [u32; 2],
        readings: [Option<Letter>; 2],
        votes: Votes,
        (other, there): (u32, [u32; 2]),
    ) -> Result<(), Error> {
        let [reads, copies] = readings.map(|letter| u32::from(letter.unwrap_or(0)));
        let finding = Finding {
            kind: DISPUTED,
            at: came,
            came: [reads, copies],
            ..Finding::zeroed()
        };
        self.push(
            settle,
            rank,
            Finding {
                other,
                there,
                likeness: votes.pack(),
                ..finding
            },
        )
    }

    /// Some letters stand in another document too.
    pub fn passage(&mut self, settle: &Settle, shared: &Shared) -> Result<(), Error> {
        let Shared {
            rank,
            letters,
            came,
            other,
            there,
        } = *shared;
        self.push(
            settle,
            rank,
            Finding {
                kind: PASSAGE,
                at: letters,
                came,
                other,
                there,
                ..Finding::zeroed()
            },
        )
    }
}

/// Letters of a document that stand in another, and where both came from, in bytes of the texts as they came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared {
    rank: u32,
    letters: [u32; 2],
    came: [u32; 2],
    other: u32,
    there: [u32; 2],
}

impl Shared {
    pub fn of(
        settle: &Settle,
        (rank, letters): (u32, &Span),
        (other, there): (u32, &Span),
    ) -> Result<Self, Error> {
        Ok(Shared {
            rank,
            letters: [letters.start as u32, letters.end as u32],
            came: settle.came(rank, letters)?,
            other,
            there: settle.came(other, there)?,
        })
    }
}

/// What the run says about one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The place of the document among those that were read with it.
    pub document: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Duplicate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) paragraphs: Vec<Copied>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) furniture: Vec<Furniture>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) passages: Vec<Copied>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) disputed: Vec<Disputed>,
}

/// The cluster that a document belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The first document of the cluster, by which it is known.
    pub cluster: String,
    /// The document that stays, if it is not this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The share of the smaller one's letters that stand in the other in the same runs.
    pub similarity: f64,
    /// Whether this one is so like it that it goes.
    pub is_copy: bool,
}

/// A block that recurs, and where it stands first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Furniture {
    pub block: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Place>,
}

/// A block, or letters, of a document that stand in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Copied {
    pub at: [u32; 2],
    /// In bytes of the text as it came.
    pub came: [u32; 2],
    pub of: Place,
    pub likeness: f64,
}

impl Verdict {
    fn of(document: u32, found: &[Finding], settle: &Settle) -> Self {
        let mut verdict = Verdict {
            document,
            ..Verdict::default()
        };
        let id = |rank: u32| settle.document(rank).id.to_string();
        for finding in found {
            let likeness = f64::from(finding.likeness) / ONE;
            let copied = || Copied {
                at: finding.at,
                came: finding.came,
                of: Place {
                    id: id(finding.other),
                    at: finding.there.map(|at| at as usize),
                },
                likeness,
            };
            match finding.kind {
                DUPLICATE | COPY => {
                    let of = (finding.other != finding.rank).then(|| id(finding.other));
                    let cluster = id(finding.cluster);
                    verdict.duplicate = Some(Duplicate {
                        cluster,
                        of,
                        similarity: likeness,
                        is_copy: finding.kind == COPY,
                    });
                }
                PARAGRAPH | NEAR_PARAGRAPH => verdict.paragraphs.push(copied()),
                FURNITURE => verdict.furniture.push(Furniture {
                    block: finding.at[0],
                    of: (finding.other != finding.rank).then(|| copied().of),
                }),
                DISPUTED => verdict.disputed.push(Disputed {
                    came: finding.at,
                    reads: Some(finding.came[0] as Letter).filter(|letter| *letter != 0),
                    copies: Some(finding.came[1] as Letter).filter(|letter| *letter != 0),
                    votes: Votes::unpack(finding.likeness),
                    of: copied().of,
                }),
                _ if !verdict.holds(&finding.came) => verdict.passages.push(copied()),
                _ => {}
            }
        }
        verdict
    }

    /// Whether the bytes lie in a paragraph that is known to be a copy.
    fn holds(&self, came: &[u32; 2]) -> bool {
        self.paragraphs
            .iter()
            .any(|copied| copied.came[0] <= came[0] && came[1] <= copied.came[1])
    }

    /// Whether the document leaves the output as a copy.
    pub fn drops_document(&self, options: &Options) -> bool {
        options.duplicates == Level::Drop
            && self
                .duplicate
                .as_ref()
                .is_some_and(|duplicate| duplicate.is_copy)
    }
}
