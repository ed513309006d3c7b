//! Settles a run: goes over the prints of all its documents with every method, and gives each document its verdict.
//!
//! What needs the whole run, disk or threads is here; how two texts are compared is in the methods (`crate::repeats`).
//! For each method of the table, in order:
//!
//! ```text
//! keys of all shelves, merged  ─▶ groups by hash ─▶ pairs ─▶ sorted, counted: candidates
//! candidates of a document     ─▶ verified, many documents at a time ─▶ findings, kin, edges
//! edges                        ─▶ decided: which documents go as a whole and take no further part
//! ```

mod keys;
mod prints;
mod ranks;
pub(crate) mod sorted;
mod store;
mod verdicts;

pub use crate::repeats::method::Rejected;
pub(crate) use prints::{PrintsFile, Shelf, Stamp, Surveyed, files_below};
pub use sorted::Room;
pub(crate) use verdicts::{Verdicts, VerdictsFile};

use crate::Error;
use crate::page::edit::Span;
use crate::repeats::differences::Likely;
use crate::repeats::method::{
    Candidate, Context, Corpus, Decide, Held, Holder, Pair, Unreadable, Verified,
};
use crate::repeats::prints::Facts;
use crate::repeats::strict::Sign;
use crate::repeats::verdict::Finding;
use crate::repeats::{BlockPrint, Edge, Keep, METHODS, Method, Options, Prints, Verdict};
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};
use ranks::Ranks;
use rayon::prelude::*;
use sorted::{Indexed, Sorted, Unsorted};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The file beside the output that lists the comparisons of documents.
pub(crate) const PAIRS: &str = "pairs.jsonl";

/// Candidates that are verified at a time.
const BATCH: usize = 1 << 12;
/// Collections of entries that exist at the same time, each with its share of the room: findings, kin, pairs, shared
/// keys, candidates.
const COLLECTIONS: usize = 5;

/// The prints of a run, in files of prints.
pub(crate) struct Shelves {
    shelves: Vec<Shelf>,
    ranks: Ranks,
    /// By rank: whether it is a copy, exact or near. A copy takes no further part: it goes as a whole, or stays as a
    /// whole if copies are only marked.
    is_copy: Vec<bool>,
    /// The ranks of exact copies, each with the rank of its original.
    copies: Vec<[u32; 2]>,
    /// How many documents hold each key of the present method.
    held: Option<Indexed<Held>>,
    room: Room,
    pub rejected: Rejected,
}

/// A finding with the shelf of its document and the place there, which give the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Filed {
    document: [u32; 2],
    finding: Finding,
}

/// What the methods have found so far.
struct Results {
    findings: Unsorted<Filed>,
    kin: Unsorted<Holder>,
}

/// Sorted pairs, and the keys that they share.
struct Paired {
    pairs: Sorted<Pair>,
    /// Empty unless the method needs the sizes of groups.
    shared: Sorted<Holder>,
}

impl Shelves {
    /// Ranks the documents of all shelves. The first `own` shelves are of this run, the others of earlier runs, whose
    /// documents always stay.
    pub(crate) fn new(shelves: Vec<Shelf>, own: usize, options: &Options, room: Room) -> Self {
        let ranks = Ranks::of(&shelves, own, options);
        Shelves {
            is_copy: vec![false; ranks.len()],
            shelves,
            ranks,
            copies: Vec::new(),
            held: None,
            room,
            rejected: Rejected::default(),
        }
    }

    /// The prints, in the order in which they were given.
    pub(crate) fn all(&self) -> &[Shelf] {
        &self.shelves
    }

    /// Bytes that are held for all documents, without the overhead of allocation.
    pub(crate) fn bytes(&self) -> usize {
        // two ranks and a flag
        let held = |d: &Surveyed| size_of::<Surveyed>() + d.id.len() + 13;
        self.shelves
            .iter()
            .flat_map(|shelf| &shelf.documents)
            .map(held)
            .sum()
    }

    /// Runs all methods over all documents, and hands on each document's verdict, shelf by shelf in the order of
    /// reading. Documents without findings are left out. Ends early when `stop` is set.
    pub(crate) fn verdicts(
        &mut self,
        options: &Options,
        likely: &dyn Likely,
        stop: &AtomicBool,
        mut take: impl FnMut(usize, Verdict) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut results = Results {
            findings: Unsorted::new(self.room.shared_by(COLLECTIONS)),
            kin: Unsorted::new(self.room.shared_by(COLLECTIONS)),
        };
        for method in METHODS.iter().filter(|method| (method.is_on)(options)) {
            self.go_over(method, options, likely, stop, &mut results)?;
        }
        results.findings.sorted()?.groups(
            |a, b| a.document == b.document,
            |found| {
                look_at(stop)?;
                let [shelf, at] = found[0].document;
                let findings: Vec<Finding> = found.iter().map(|filed| filed.finding).collect();
                take(
                    shelf as usize,
                    Verdict::of(at, &findings, |rank| self.id(rank)),
                )
            },
        )
    }

    /// Runs one method.
    fn go_over(
        &mut self,
        method: &Method,
        options: &Options,
        likely: &dyn Likely,
        stop: &AtomicBool,
        results: &mut Results,
    ) -> Result<(), Error> {
        if method.needs.decide.is_some() {
            self.find_copies(options)?;
        }
        let kin = method.needs.kin.then(|| {
            let room = self.room.shared_by(COLLECTIONS);
            std::mem::replace(&mut results.kin, Unsorted::new(room))
        });
        let Paired { pairs, shared } = self.pairs(method, kin, stop)?;
        let candidates = self.candidates(method, &pairs)?;
        drop(pairs);
        if method.needs.group_sizes {
            self.held = Some(self.group_sizes(&candidates, &shared)?);
        }
        drop(shared);
        let edges = self.verify(method, &candidates, options, likely, stop, results)?;
        self.held = None;
        match method.needs.decide {
            Some(decide) => self.decide(decide, &edges, options, likely, results),
            None => Ok(()),
        }
    }

    /// Finds the exact copies, which from here on take no part.
    fn find_copies(&mut self, options: &Options) -> Result<(), Error> {
        let mut wholes = Unsorted::new(self.room.shared_by(COLLECTIONS));
        for rank in 0..self.ranks.len() as u32 {
            let [high, low] = self.document(rank).whole;
            if [high, low] != [0, 0] {
                wholes.push([high, low, u64::from(rank)])?;
            }
        }
        let mut copies = Vec::new();
        wholes.sorted()?.groups(
            |a, b| a[..2] == b[..2],
            |same| {
                let ranks = || same.iter().map(|entry| entry[2] as u32);
                let worth =
                    |rank: u32| (!self.is_known(rank), self.flaws(rank, options.keep), rank);
                let stays = ranks().min_by_key(|rank| worth(*rank));
                let stays = stays.expect("a group has members");
                let others = ranks().filter(|rank| *rank != stays);
                copies.extend(others.map(|copy| [copy, stays]));
                Ok(())
            },
        )?;
        self.copies.extend(copies);
        for [copy, _] in &self.copies {
            self.is_copy[*copy as usize] = true;
        }
        Ok(())
    }

    /// The pairs of documents that share a key, and the shared keys if the method needs the sizes of groups.
    fn pairs(
        &self,
        method: &Method,
        kin: Option<Unsorted<Holder>>,
        stop: &AtomicBool,
    ) -> Result<Paired, Error> {
        let mut pairs = Unsorted::new(self.room.shared_by(COLLECTIONS));
        let mut shared = Unsorted::new(self.room.shared_by(COLLECTIONS));
        let work = |holders: &[Holder]| {
            look_at(stop)?;
            let mut done = Ok(());
            (method.pairs)(holders, &mut |pair| {
                if done.is_ok() {
                    done = pairs.push(pair);
                }
            });
            done?;
            if method.needs.group_sizes {
                shared.extend(holders)?;
            }
            Ok(())
        };
        let (name, is_copy) = (method.cause.name(), &self.is_copy);
        match kin {
            Some(kin) => kin.sorted()?.groups(|a, b| a.hash == b.hash, work)?,
            None => keys::for_each_group(&self.shelves, &self.ranks, is_copy, name, work)?,
        }
        Ok(Paired {
            pairs: pairs.sorted()?,
            shared: shared.sorted()?,
        })
    }

    /// The pairs that share enough keys, with how many they share.
    fn candidates(
        &self,
        method: &Method,
        pairs: &Sorted<Pair>,
    ) -> Result<Sorted<Candidate>, Error> {
        let mut candidates = Unsorted::new(self.room.shared_by(COLLECTIONS));
        pairs.groups(
            |a, b| a == b,
            |same| {
                let candidate = Candidate {
                    pair: same[0],
                    shared: same.len() as u32,
                };
                let is_enough = method
                    .needs
                    .enough
                    .is_none_or(|enough| enough(candidate, self));
                if is_enough {
                    candidates.push(candidate)
                } else {
                    Ok(())
                }
            },
        )?;
        candidates.sorted()
    }

    /// For documents with candidates: how many documents hold each of their shared keys.
    fn group_sizes(
        &self,
        candidates: &Sorted<Candidate>,
        shared: &Sorted<Holder>,
    ) -> Result<Indexed<Held>, Error> {
        let mut has_candidates = vec![false; self.ranks.len()];
        candidates.each(|Candidate { pair, .. }| {
            has_candidates[pair.rank as usize] = true;
            has_candidates[pair.other as usize] = true;
            Ok(())
        })?;
        let mut held = Unsorted::new(self.room.shared_by(COLLECTIONS));
        shared.groups(
            |a, b| a.hash == b.hash,
            |same| {
                let holders = same.len() as u32;
                same.iter()
                    .filter(|holder| has_candidates[holder.rank as usize])
                    .try_for_each(|Holder { hash, rank, .. }| {
                        held.push(Held {
                            hash: *hash,
                            rank: *rank,
                            holders,
                        })
                    })
            },
        )?;
        let held = held.sorted()?;
        held.indexed(self.ranks.len(), |held| held.rank as usize)
    }

    /// Verifies the candidates of each document, and returns the documents that are alike.
    fn verify(
        &mut self,
        method: &Method,
        candidates: &Sorted<Candidate>,
        options: &Options,
        likely: &dyn Likely,
        stop: &AtomicBool,
        results: &mut Results,
    ) -> Result<Vec<Edge>, Error> {
        let mut pass = Verifying {
            method,
            options,
            likely,
            gone: HashSet::new(),
            edges: Vec::new(),
            lines: match self.room.folder() {
                Some(folder) if method.needs.decide.is_some() => Some(PairsFile::create(folder)?),
                _ => None,
            },
            rejected: Rejected::default(),
        };
        let mut batch: Vec<Candidate> = Vec::new();
        let is_same = |a: &Candidate, b: &Candidate| a.pair.rank == b.pair.rank;
        candidates.groups(is_same, |document| {
            batch.extend_from_slice(document);
            if batch.len() >= BATCH || method.needs.order {
                look_at(stop)?;
                pass.batch(self, &batch, results)?;
                batch.clear();
            }
            Ok(())
        })?;
        pass.batch(self, &batch, results)?;
        pass.lines.map_or(Ok(()), PairsFile::finish)?;
        self.rejected += pass.rejected;
        Ok(pass.edges)
    }

    /// Decides which documents go as a whole.
    fn decide(
        &mut self,
        decide: Decide,
        edges: &[Edge],
        options: &Options,
        likely: &dyn Likely,
        results: &mut Results,
    ) -> Result<(), Error> {
        let context = Context {
            options,
            corpus: self,
            likely,
            gone: &HashSet::new(),
        };
        for lot in decide(&self.copies, edges, &context) {
            if lot.is_copy {
                self.is_copy[lot.rank as usize] = true;
            }
            self.file(lot.into(), results)?;
        }
        Ok(())
    }

    /// Keeps a finding, unless its document belongs to an earlier run.
    fn file(&self, finding: Finding, results: &mut Results) -> Result<(), Error> {
        if self.ranks.is_known(finding.rank) {
            return Ok(());
        }
        results.findings.push(Filed {
            document: self.ranks.place(finding.rank),
            finding,
        })
    }

    /// How flawed a document is, if the rule asks for that: of exact copies the one with fewer flaws stays.
    fn flaws(&self, rank: u32, keep: Keep) -> u32 {
        match keep {
            Keep::First | Keep::Newest => 0,
            Keep::Longest | Keep::Whole => {
                let facts = self.facts(rank);
                2 * facts.flaws + u32::from(facts.is_whole == 0)
            }
        }
    }

    fn document(&self, rank: u32) -> &Surveyed {
        let [shelf, at] = self.ranks.place(rank);
        &self.shelves[shelf as usize].documents[at as usize]
    }

    fn id(&self, rank: u32) -> &str {
        &self.document(rank).id
    }

    fn shelf(&self, rank: u32) -> (&Shelf, usize) {
        let [shelf, at] = self.ranks.place(rank);
        (&self.shelves[shelf as usize], at as usize)
    }
}

/// Verifies the candidates of a method.
struct Verifying<'m> {
    method: &'m Method,
    options: &'m Options,
    likely: &'m dyn Likely,
    gone: HashSet<[u32; 2]>,
    edges: Vec<Edge>,
    lines: Option<PairsFile>,
    rejected: Rejected,
}

impl Verifying<'_> {
    /// Verifies the candidates of some documents in parallel, and takes the results in order.
    fn batch(
        &mut self,
        shelves: &Shelves,
        batch: &[Candidate],
        results: &mut Results,
    ) -> Result<(), Error> {
        let context = Context {
            options: self.options,
            corpus: shelves,
            likely: self.likely,
            gone: &self.gone,
        };
        let verified: Vec<Result<Verified, Unreadable>> = batch
            .par_chunk_by(|a, b| a.pair.rank == b.pair.rank)
            .map(|candidates| (self.method.verify)(candidates, &context))
            .collect();
        for verified in verified {
            self.take(shelves, verified?, results)?;
        }
        Ok(())
    }

    /// Takes what was found out about a document.
    fn take(
        &mut self,
        shelves: &Shelves,
        verified: Verified,
        results: &mut Results,
    ) -> Result<(), Error> {
        for finding in verified.findings {
            shelves.file(finding, results)?;
        }
        results.kin.extend(&verified.kin)?;
        self.gone.extend(verified.gone);
        self.rejected += verified.rejected;
        for edge in verified.edges {
            if let Some(lines) = &mut self.lines {
                lines.write(&edge.line(edge.ranks.map(|rank| shelves.id(rank))))?;
            }
            self.edges.extend(Some(edge).filter(|edge| edge.is_alike));
        }
        Ok(())
    }
}

/// The file of comparisons, if there is a folder for it.
struct PairsFile {
    path: PathBuf,
    file: BufWriter<File>,
}

impl PairsFile {
    fn create(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(PAIRS);
        match File::create(&path) {
            Ok(file) => Ok(PairsFile {
                file: BufWriter::new(file),
                path,
            }),
            Err(e) => Err(Error::Output(path, e)),
        }
    }

    fn write(&mut self, line: &str) -> Result<(), Error> {
        self.file
            .write_all(line.as_bytes())
            .map_err(|e| Error::Output(self.path.clone(), e))
    }

    fn finish(mut self) -> Result<(), Error> {
        self.file.flush().map_err(|e| Error::Output(self.path, e))
    }
}

fn look_at(stop: &AtomicBool) -> Result<(), Error> {
    match stop.load(Ordering::Relaxed) {
        true => Err(Error::Interrupted),
        false => Ok(()),
    }
}

impl Corpus for Shelves {
    fn documents(&self) -> usize {
        self.ranks.len() - self.copies.len()
    }

    fn facts(&self, rank: u32) -> &Facts {
        self.document(rank)
    }

    fn is_known(&self, rank: u32) -> bool {
        self.ranks.is_known(rank)
    }

    fn is_copy(&self, rank: u32) -> bool {
        self.is_copy[rank as usize]
    }

    fn letters(&self, rank: u32, letters: Span) -> Result<Vec<Letter>, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.letters(at, letters)?)
    }

    fn block(&self, rank: u32, block: u32) -> Result<Span, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.block(at, block as usize)?)
    }

    fn blocks(&self, rank: u32) -> Result<Vec<BlockPrint>, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.blocks(at)?)
    }

    fn sketch(&self, rank: u32) -> Result<Vec<u64>, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.sketch(at)?)
    }

    fn signs_of(&self, rank: u32, block: u32) -> Result<Vec<Sign>, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.signs_of(at, block as usize)?)
    }

    fn signs(&self, rank: u32) -> Result<Vec<Sign>, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.signs(at)?)
    }

    fn came(&self, rank: u32, letters: &[Span]) -> Result<Vec<[u32; 2]>, Unreadable> {
        let (shelf, at) = self.shelf(rank);
        Ok(shelf.came(at, letters)?)
    }

    fn held(&self, rank: u32) -> Result<Cow<'_, [Held]>, Unreadable> {
        match &self.held {
            Some(held) => Ok(held.get(rank as usize)?),
            None => Ok(Cow::Borrowed(&[])),
        }
    }
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Unreadable(Box::new(error))
    }
}

impl From<Unreadable> for Error {
    fn from(Unreadable(error): Unreadable) -> Self {
        *error
            .downcast()
            .expect("what settle could not read it says by its own error")
    }
}

/// Settles prints in memory: one verdict for each document, in order. Nothing is written to disk.
pub fn settle(
    prints: &[(String, Prints)],
    options: &Options,
    likely: &dyn Likely,
) -> Result<Vec<Verdict>, Error> {
    let mut file = PrintsFile::in_memory(0)?;
    prints
        .iter()
        .try_for_each(|(id, prints)| file.add(id, prints))?;
    let mut verdicts: Vec<Verdict> = (0..prints.len() as u32).map(Verdict::nothing).collect();
    let mut shelves = Shelves::new(vec![file.finish(None)?], 1, options, Room::in_memory());
    shelves.verdicts(options, likely, &AtomicBool::new(false), |_, verdict| {
        let document = verdict.document as usize;
        verdicts[document] = verdict;
        Ok(())
    })?;
    Ok(verdicts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Counts, Lexicon};
    use crate::page::cause::CauseId;
    use crate::page::{Block, Kind, Page};
    use crate::repeats::{self, Level};

    fn page(id: &str, headline: &str, body: &str) -> Page {
        let mut page = Page::new(id, format!("{headline}\n\n{body}"));
        let block = |span, kind| Block {
            span,
            kind,
            gap: 1,
            ..Block::default()
        };
        page.blocks = vec![
            block(0..headline.len(), Kind::Headline),
            block(headline.len() + 2..page.text().len(), Kind::Body),
        ];
        page
    }

    fn pages() -> Vec<Page> {
        let long = "灯塔在傍晚重新点亮，守塔人说这一天他等了很久，他把当天的风向和潮水都记在本子里，\
                    一直写到天色全黑，第二天清早又登上塔顶，把玻璃擦得透亮，才下来吃早饭。";
        vec![
            page("a", "灯塔重新点亮", "渡轮全天开出班船三十一班。"),
            page("b", "灯塔重新点亮", long),
            page(
                "c",
                "潮水",
                &format!("昨天傍晚。{long}今天早晨，渡轮停开。"),
            ),
            page("d", "潮水", long),
        ]
    }

    fn prints(pages: &[Page], options: &Options) -> Vec<(String, Prints)> {
        let prints = |page: &Page| (page.id.clone(), Prints::of(page, options));
        pages.iter().map(prints).collect()
    }

    /// docs/extending.md shows its source, and this test that it runs through the loops of all methods.
    #[test]
    fn the_example_of_a_method_acts_in_all_three_passes() {
        let options = Options {
            duplicates: Level::Off,
            ..Options::default()
        };
        let lexicon = Counts::default().lexicon();
        let mut pages = pages();
        let verdicts = settle(&prints(&pages, &options), &options, Lexicon::shipped()).unwrap();
        let remarked = |page: &mut Page, verdict: &Verdict| {
            repeats::apply(page, verdict, &options, &lexicon);
            let remarks = page.remarks().iter();
            let of = remarks.filter(|remark| remark.cause.rule == CauseId::Example);
            of.map(|remark| remark.cause.evidence.of.clone().unwrap().id)
                .collect::<Vec<_>>()
        };
        let said: Vec<Vec<String>> = pages
            .iter_mut()
            .zip(&verdicts)
            .map(|(page, verdict)| remarked(page, verdict))
            .collect();
        assert_eq!(
            said,
            [vec![], vec!["a".to_string()], vec![], vec!["c".to_string()]]
        );
    }

    /// The verdicts on some pages, settled from files on disk in this much memory.
    fn on_disk(folder: &Path, memory: usize, options: &Options) -> Vec<Verdict> {
        let room = Room::new(folder, memory);
        let mut shelves = Vec::new();
        let pages = pages();
        for (shard, pages) in pages.chunks(3).enumerate() {
            let path = folder.join(format!("{shard}.prints"));
            let mut file = PrintsFile::create(&path, 5, Stamp::default(), &room).unwrap();
            for (id, prints) in prints(pages, options) {
                file.add_bytes(&prints.to_bytes(&id, 5)).unwrap();
            }
            file.finish(None).unwrap();
            shelves.push(Shelf::open(&path, 5).unwrap());
        }
        let mut verdicts = Vec::new();
        let take = |shelf: usize, verdict: Verdict| {
            let document = 3 * shelf as u32 + verdict.document;
            verdicts.push(Verdict {
                document,
                ..verdict
            });
            Ok(())
        };
        Shelves::new(shelves, 2, options, room)
            .verdicts(options, Lexicon::shipped(), &AtomicBool::new(false), take)
            .unwrap();
        verdicts
    }

    #[test]
    fn settling_in_memory_and_from_shards_on_disk_is_the_same() {
        let options = Options::default();
        let mut expected =
            settle(&prints(&pages(), &options), &options, Lexicon::shipped()).unwrap();
        expected.retain(|verdict| *verdict != Verdict::nothing(verdict.document));
        assert!(expected.len() >= 2);
        for memory in [1, 1 << 20, usize::MAX] {
            let folder = tempfile::tempdir().unwrap();
            assert_eq!(on_disk(folder.path(), memory, &options), expected);
            assert!(folder.path().join(PAIRS).exists());
        }
    }

    #[test]
    fn a_run_that_is_stopped_ends_where_it_is() {
        let options = Options::default();
        let mut file = PrintsFile::in_memory(0).unwrap();
        for (id, prints) in prints(&pages(), &options) {
            file.add(&id, &prints).unwrap();
        }
        let shelves = vec![file.finish(None).unwrap()];
        let stopped = Shelves::new(shelves, 1, &options, Room::in_memory()).verdicts(
            &options,
            Lexicon::shipped(),
            &AtomicBool::new(true),
            |_, _| Ok(()),
        );
        assert!(matches!(stopped, Err(Error::Interrupted)));
    }

    /// Whichever byte is wrong: the file is refused, by name and with what to do, or the byte is not needed.
    #[test]
    fn damaged_prints_are_refused_or_change_nothing() {
        let options = Options::default();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.prints");
        let room = Room::new(folder.path(), 1 << 20);
        let mut file = PrintsFile::create(&path, 5, Stamp::default(), &room).unwrap();
        for (id, prints) in prints(&pages(), &options) {
            file.add(&id, &prints).unwrap();
        }
        file.finish(Some(&Default::default())).unwrap();
        let verdicts = || {
            let shelf = Shelf::open(&path, 5)?;
            shelf.counts()?;
            let mut verdicts = Vec::new();
            Shelves::new(vec![shelf], 1, &options, room.clone()).verdicts(
                &options,
                Lexicon::shipped(),
                &AtomicBool::new(false),
                |_, verdict| {
                    verdicts.push(verdict);
                    Ok(())
                },
            )?;
            Ok::<_, Error>(verdicts)
        };
        let whole = std::fs::read(&path).unwrap();
        let expected = verdicts().unwrap();
        let mut refused = 0;
        for at in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            std::fs::write(&path, &damaged).unwrap();
            match verdicts() {
                Ok(verdicts) => assert_eq!(verdicts, expected, "byte {at}"),
                Err(error) => {
                    let said = error.to_string();
                    assert!(
                        said.contains("x.prints") && said.contains("survey again"),
                        "{said}"
                    );
                    refused += 1;
                }
            }
        }
        assert!(refused * 7 > whole.len() / 2);
        for end in [0, 10, whole.len() / 2, whole.len() - 1] {
            std::fs::write(&path, &whole[..end]).unwrap();
            assert!(verdicts().is_err());
        }
    }
}
