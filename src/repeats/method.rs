//! What a method is: what it does in each of the three passes, and the rows that go from one step to the next.
//!
//! ```text
//! survey   keys(prints)                 ─▶ keys
//! settle   keys by hash ─▶ pairs(holders) ─▶ pairs, counted ─▶ verify(candidates of a document) ─▶ findings
//! finish   apply(page, verdict)         ─▶ changes
//! ```
//!
//! Each step is a function of its rows, of the options, and of what a `Corpus` answers. It does no I/O of its own, so the
//! same functions serve one machine, with sorted runs on disk, and an engine, with group-bys and joins.

use super::differences::Likely;
pub(crate) use super::prints::Key;
use super::prints::{Facts, Prints};
use super::strict::Sign;
use super::verdict::{Finding, Lot, Verdict};
use super::{Edge, Options};
use crate::lexicon::Lexicon;
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::Span;
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::AddAssign;

/// One way of finding repeats.
pub struct Method {
    /// Its name and what it does.
    pub cause: CauseId,
    /// Where the method comes from: a paper or a standard.
    pub source: &'static str,
    /// Whether settle has to look for it.
    pub is_on: fn(&Options) -> bool,
    /// Survey: what of a page is compared.
    pub keys: fn(&Prints) -> Vec<Key>,
    /// Settle: the pairs worth a look among all who hold a key, at least two, in order of rank. For many holders a star
    /// and a chain (`candidates::pairs`), never a clique.
    pub pairs: fn(&[Holder], &mut dyn FnMut(Pair)),
    /// Settle: compares the candidates of one document letter by letter.
    pub verify: fn(&[Candidate], &Context) -> Result<Verified, Unreadable>,
    /// Finish: applies what was found of a page, and what its own text proves.
    pub apply: fn(&mut Page, &Verdict, &Options, &Lexicon),
    /// What it needs besides its keys.
    pub needs: Needs,
}

/// What a method needs of the run besides its own keys. Most need nothing.
#[derive(Clone, Copy)]
pub struct Needs {
    /// Its keys do not come from survey: they are what earlier methods found to be alike (`Verified::kin`).
    pub kin: bool,
    /// Only pairs that share enough keys are candidates.
    pub enough: Option<fn(Candidate, &dyn Corpus) -> bool>,
    /// `Corpus::held` says how many documents hold each key.
    pub group_sizes: bool,
    /// Documents are verified one after the other, because what has gone from one must not make another lose the same
    /// text (`Context::gone`).
    pub order: bool,
    /// Decides from all edges which documents go as a whole.
    pub decide: Option<Decide>,
}

impl Needs {
    pub const NOTHING: Needs = Needs {
        kin: false,
        enough: None,
        group_sizes: false,
        order: false,
        decide: None,
    };
}

/// Decides which documents go as a whole: first from the exact copies, each with its original, then from the edges.
pub(crate) type Decide = fn(&[[u32; 2]], &[Edge], &Context) -> Vec<Lot>;

/// A key and a document that holds it. The rank of a document is its place in keep order: an earlier document stays
/// when a later one is its copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub struct Holder {
    pub hash: u64,
    pub rank: u32,
    pub at: u32,
}

impl Holder {
    /// A document (and block) that is alike to another document or a block of it.
    pub fn kin(rank: u32, at: u32, other: u32, there: u32) -> Self {
        Holder {
            hash: u64::from(rank) << 32 | u64::from(at),
            rank: other,
            at: there,
        }
    }

    /// What this is alike to: the document and the block.
    pub fn of_kin(&self) -> [u32; 2] {
        [(self.hash >> 32) as u32, self.hash as u32]
    }
}

/// Stands in for the block if the whole document is meant.
pub(crate) const WHOLE: u32 = u32::MAX;

/// Two documents that hold a key: the one to be judged, and one that it may be like; with the blocks or letters of
/// both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub struct Pair {
    pub rank: u32,
    pub at: u32,
    pub other: u32,
    pub there: u32,
}

impl Pair {
    pub fn of(holder: &Holder, other: &Holder) -> Self {
        Pair {
            rank: holder.rank,
            at: holder.at,
            other: other.rank,
            there: other.at,
        }
    }
}

/// A pair, and how many keys it shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub struct Candidate {
    pub pair: Pair,
    pub shared: u32,
}

/// How many documents hold a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Held {
    pub hash: u64,
    pub rank: u32,
    pub holders: u32,
}

impl Ord for Held {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.rank, self.hash).cmp(&(other.rank, other.hash))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What a step may know besides its rows.
pub struct Context<'r> {
    pub options: &'r Options,
    pub corpus: &'r dyn Corpus,
    /// What the language of the run makes likely.
    pub likely: &'r dyn Likely,
    /// The blocks (by rank and number) that this method has already found to go, if it verifies in order.
    pub gone: &'r HashSet<[u32; 2]>,
}

/// The prints of a run, by rank.
pub trait Corpus: Sync {
    /// How many documents there are; exact copies count once.
    fn documents(&self) -> usize;
    fn facts(&self, rank: u32) -> &Facts;
    /// Whether the document belongs to an earlier run and so always stays.
    fn is_known(&self, rank: u32) -> bool;
    /// Whether the whole document is a copy of one that stays.
    fn is_copy(&self, rank: u32) -> bool;
    fn letters(&self, rank: u32, letters: Span) -> Result<Vec<Letter>, Unreadable>;
    /// The letters of a block.
    fn block(&self, rank: u32, block: u32) -> Result<Span, Unreadable>;
    fn blocks(&self, rank: u32) -> Result<Vec<super::BlockPrint>, Unreadable>;
    /// The hashes of the document's sketch, rising.
    fn sketch(&self, rank: u32) -> Result<Vec<u64>, Unreadable>;
    /// The signs of a block, which are what is compared.
    fn signs_of(&self, rank: u32, block: u32) -> Result<Vec<Sign>, Unreadable>;
    /// The signs of the document.
    fn signs(&self, rank: u32) -> Result<Vec<Sign>, Unreadable>;
    /// Where some letters, at least one each, are in the text as it came, in bytes.
    fn came(&self, rank: u32, letters: &[Span]) -> Result<Vec<[u32; 2]>, Unreadable>;
    /// For a document with candidates: its keys that other documents hold too, rising.
    fn held(&self, rank: u32) -> Result<Cow<'_, [Held]>, Unreadable>;

    fn all_letters(&self, rank: u32) -> Result<Vec<Letter>, Unreadable> {
        self.letters(rank, 0..self.facts(rank).letters as usize)
    }
}

/// Prints could not be read; their keeper knows why.
#[derive(Debug)]
pub struct Unreadable(pub Box<dyn std::error::Error + Send + Sync>);

/// The result for the candidates of a document.
#[derive(Default)]
pub struct Verified {
    pub findings: Vec<Finding>,
    /// What is alike, in both directions: where methods that need `kin` start.
    pub kin: Vec<Holder>,
    /// The blocks (by rank and number) that go, if the method verifies in order.
    pub gone: Vec<[u32; 2]>,
    /// Documents that were compared.
    pub edges: Vec<Edge>,
    pub rejected: Rejected,
}

/// Candidates that turned out to differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rejected {
    pub documents: u64,
    pub paragraphs: u64,
    pub passages: u64,
}

impl AddAssign for Rejected {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.paragraphs += other.paragraphs;
        self.passages += other.passages;
    }
}

/// For methods that only look inside pages, and for those whose keys are kin.
pub(crate) fn no_keys(_: &Prints) -> Vec<Key> {
    Vec::new()
}
