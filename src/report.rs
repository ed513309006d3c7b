//! What a run did and what it took, as it stands in report.json.

use crate::config::Config;
use crate::repeats::Rejected;
use crate::write::card::Scripts;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub version: &'static str,
    pub options: Config,
    pub read: Read,
    pub written: Written,
    /// By rule: in how many places it changed the text, and by how many bytes.
    pub changes: BTreeMap<String, Changes>,
    /// By rule: how often something was seen and left alone.
    pub remarks: BTreeMap<String, u64>,
    /// Candidates for near copies that did not pass.
    pub rejected: Rejected,
    pub memory: Memory,
    pub took: Took,
    /// All files of the folder but this one: those of the clean records first, in the order of these.
    pub files: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
pub struct Read {
    pub files: usize,
    pub documents: usize,
    pub refused: usize,
    /// Files that a tool wrote of a document beside the one that was read.
    pub other_renderings: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub letters: u64,
}

#[derive(Debug, Default, Serialize)]
pub struct Written {
    pub documents: usize,
    /// Records of which each is an article, if the pages were split.
    pub articles: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub junctions: usize,
    pub copies_dropped: usize,
    /// What the records are written in, counted for the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scripts: Option<Scripts>,
}

#[derive(Debug, Default, Serialize)]
pub struct Changes {
    pub places: u64,
    pub bytes_before: u64,
    pub bytes_after: u64,
}

/// Bytes held between the passes, allocations not counted.
#[derive(Debug, Default, Serialize)]
pub struct Memory {
    pub prints: usize,
    pub counts: usize,
    pub lexicon: usize,
}

/// Seconds: of the wall for the run and its passes; for the stages those of all threads added up, which are CPU seconds as
/// long as no other program wants the processors.
#[derive(Debug, Default, Serialize)]
pub struct Took {
    pub wall_seconds: f64,
    pub passes: BTreeMap<&'static str, f64>,
    pub stages: BTreeMap<&'static str, Stage>,
}

#[derive(Debug, Default, Serialize)]
pub struct Stage {
    pub cpu_seconds: f64,
    pub cpu_seconds_per_mb: f64,
}

/// Adds up what each stage takes, over all threads.
#[derive(Default)]
pub struct Clock([AtomicU64; STAGES.len()]);

const STAGES: [&str; 8] = ["read", "segment", "normalise", "shingle", "lexicon", "repeats", "rejoin", "write"];

impl Clock {
    pub fn time<T>(&self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        let at = STAGES.iter().position(|s| *s == stage).expect("a stage that STAGES names");
        self.0[at].fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
        done
    }

    pub fn stages(&self, bytes: u64) -> BTreeMap<&'static str, Stage> {
        let stage = |nanos: &AtomicU64| {
            let cpu_seconds = Duration::from_nanos(nanos.load(Ordering::Relaxed)).as_secs_f64();
            Stage { cpu_seconds, cpu_seconds_per_mb: cpu_seconds / (bytes.max(1) as f64 / 1e6) }
        };
        STAGES.iter().copied().zip(self.0.iter().map(stage)).collect()
    }
}

impl Report {
    /// Says how long a pass took that began then.
    pub fn passed(&mut self, pass: &'static str, began: Instant) {
        self.took.passes.insert(pass, began.elapsed().as_secs_f64());
    }
}
