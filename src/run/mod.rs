//! Runs of the three passes over files: over one input (`clean`), over shards (`shards`), or the first alone (`learn`).

mod clean;
mod learn;
mod lexicon;
mod lines;
mod passes;
mod shards;

pub use crate::read::{FORMATS, Format, Refused, is_guarded};
pub use crate::report::Report;
pub use crate::report::html::write_again;
pub use crate::write::undo::{Undone, undo};
pub use clean::clean;
pub use learn::learn;
pub use shards::{Settled, finish_shard, settle_shards, survey_shard};

use crate::Error;
use crate::cleaner::Cleaner;
use crate::read::{self, Item, SourceFile};
use crate::report::Stage;
use crate::report::samples::Sources;
use crate::settings::Settings;
use crate::settle::{Room, Shelf};
use serde_json::json;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of text that are read before the pages among them are worked on together.
const BATCH: usize = 8 << 20;

/// Who watches a run: a progress bar, or nobody.
pub trait Watch: Sync {
    fn begins(&self, _pass: &str, _bytes: u64) {}
    fn advances(&self, _documents: usize, _bytes: u64) {}
    fn refuses(&self, _refused: &Refused) {}
    fn notes(&self, _what: &str) {}
}

/// Nobody watches.
impl Watch for () {}

/// What a run is given besides its input.
#[derive(Debug, Clone)]
pub struct Means {
    /// Bytes that settle may sort in; what is more goes to disk. It changes nothing in the result.
    pub memory: usize,
    /// A folder in which the prints of each input file are kept: what has not changed is not surveyed again.
    pub prints: Option<PathBuf>,
    /// A folder with the prints of earlier runs: their documents stay, and copies of them in this run go.
    pub against: Option<PathBuf>,
    /// A model of which characters follow which, instead of the one that the run teaches.
    pub lexicon: Option<PathBuf>,
}

impl Default for Means {
    fn default() -> Self {
        Means {
            memory: 1 << 30,
            prints: None,
            against: None,
            lexicon: None,
        }
    }
}

/// A run: how documents are cleaned, what it is given, who watches it, and whether it is to stop.
struct Run<'r> {
    cleaner: Cleaner,
    means: &'r Means,
    watch: &'r dyn Watch,
    stop: &'r AtomicBool,
    start: Instant,
    /// Hashes of the ids that several documents have, once they are known.
    repeated_ids: OnceLock<HashSet<u64>>,
}

impl<'r> Run<'r> {
    fn new(
        settings: &Settings,
        means: &'r Means,
        watch: &'r dyn Watch,
        stop: &'r AtomicBool,
    ) -> Result<Self, Error> {
        if let Some(name) = &settings.read.encoding {
            read::encoding_named(name)?;
        }
        Ok(Run {
            cleaner: Cleaner::new(settings.clone()),
            means,
            watch,
            stop,
            start: Instant::now(),
            repeated_ids: OnceLock::new(),
        })
    }

    /// Finds the ids that several documents of the run have. Returns how many documents have one.
    fn find_repeated_ids(&self, shelves: &[Shelf]) -> usize {
        let documents = shelves.iter().flat_map(|shelf| &shelf.documents);
        let mut ids: Vec<u64> = documents
            .map(|document| xxh3_64(document.id.as_bytes()))
            .collect();
        ids.sort_unstable();
        let same = || ids.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        let _ = self.repeated_ids.set(same().map(|same| same[0]).collect());
        same().map(<[u64]>::len).sum()
    }

    /// Whether several documents of the run have that id.
    fn is_id_repeated(&self, id: &str) -> bool {
        let repeated = self.repeated_ids.get();
        repeated.is_some_and(|repeated| repeated.contains(&xxh3_64(id.as_bytes())))
    }

    fn settings(&self) -> &Settings {
        self.cleaner.settings()
    }

    /// Work of a stage that stays on the thread it begins on.
    fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        self.cleaner.clock().time(stage, work)
    }

    /// Where what outgrows the memory is sorted.
    fn room(&self, folder: &Path) -> Room {
        Room::new(folder, self.means.memory)
    }

    fn is_stopped(&self) -> Result<(), Error> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Error::Interrupted),
            false => Ok(()),
        }
    }

    fn begins(&self, pass: &str, files: &[SourceFile]) {
        let bytes = files.iter().map(|file| file.bytes).sum();
        self.watch.begins(pass, bytes);
    }

    /// A report of a run over these files, of which nothing is counted yet.
    fn report(&self, files: &[SourceFile]) -> Report {
        let mut report = Report {
            version: env!("CARGO_PKG_VERSION"),
            options: json!(self.settings()),
            ..Report::default()
        };
        report.read.files = files.len();
        report.read.other_renderings = files.iter().map(|file| file.others).sum();
        report.sources = Sources::of(files.iter().map(|file| file.relative.as_str()));
        report
    }

    /// Reads the files in their order and hands on what they hold, some megabytes at a time; the next are read meanwhile.
    fn for_each_batch(
        &self,
        files: &[SourceFile],
        mut work: impl FnMut(Vec<(Arc<str>, Item)>) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let mut items = files
            .iter()
            .flat_map(|file| read::open(file, &self.settings().read));
        let mut next = || self.time(Stage::Read, || batch(&mut items));
        let mut batch = next();
        while !batch.is_empty() {
            self.is_stopped()?;
            let (done, following) = rayon::join(|| work(batch), &mut next);
            done?;
            batch = following;
        }
        Ok(())
    }
}

/// The next items that together hold as much text as a batch.
fn batch(items: &mut impl Iterator<Item = (Arc<str>, Item)>) -> Vec<(Arc<str>, Item)> {
    /// What an item takes besides its text: many empty ones make a batch, too.
    const BESIDES: usize = 256;
    let mut batch = Vec::new();
    let mut bytes = 0;
    while bytes < BATCH {
        let Some((path, item)) = items.next() else {
            break;
        };
        bytes += BESIDES;
        if let Item::Document(document) = &item {
            bytes += document.text.len();
        }
        batch.push((path, item));
    }
    batch
}
