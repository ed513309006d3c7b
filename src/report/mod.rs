//! What a run did and what it took, as it stands in report.json.

pub mod card;
pub mod html;
pub mod samples;

use crate::config::Config;
use crate::settle::Rejected;
use card::Scripts;
use samples::{Clusters, Samples, Sources};
use serde::{Deserialize, Serialize};
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
    /// The files or folders that the documents came from.
    pub sources: Sources,
    pub clusters: Clusters,
    /// What report.html shows of the documents.
    pub samples: Samples,
}

#[derive(Debug, Default, Serialize, Deserialize)]
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

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Written {
    pub documents: usize,
    /// Records of which each is an article, if the pages were split.
    pub articles: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub junctions: usize,
    pub copies_dropped: usize,
    /// What the records are written in, counted for the card.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub scripts: Option<Scripts>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
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

/// Seconds: of the wall for the run and its passes; for the stages those that the processors worked for them, all threads
/// added up.
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

/// Adds up the processors' time that each stage takes, over all threads.
#[derive(Default)]
pub struct Clock([AtomicU64; STAGES.len()]);

const STAGES: [&str; 8] = [
    "read",
    "segment",
    "normalise",
    "shingle",
    "lexicon",
    "repeats",
    "rejoin",
    "write",
];

impl Clock {
    /// Work of a stage that stays on the thread it begins on.
    pub fn time<T>(&self, stage: &str, work: impl FnOnce() -> T) -> T {
        self.measured(stage, Worker::Thread, work)
    }

    /// Work of a stage that may call on all threads, while no other stage is at work.
    pub fn time_alone<T>(&self, stage: &str, work: impl FnOnce() -> T) -> T {
        self.measured(stage, Worker::Process, work)
    }

    fn measured<T>(&self, stage: &str, worker: Worker, work: impl FnOnce() -> T) -> T {
        let start = worker.cpu_time();
        let done = work();
        let took = worker.cpu_time().saturating_sub(start);
        let at = STAGES
            .iter()
            .position(|s| *s == stage)
            .expect("a stage that STAGES names");
        self.0[at].fetch_add(took.as_nanos() as u64, Ordering::Relaxed);
        done
    }

    pub fn stages(&self, bytes: u64) -> BTreeMap<&'static str, Stage> {
        let stage = |nanos: &AtomicU64| {
            let cpu_seconds = Duration::from_nanos(nanos.load(Ordering::Relaxed)).as_secs_f64();
            Stage {
                cpu_seconds,
                cpu_seconds_per_mb: cpu_seconds / (bytes.max(1) as f64 / 1e6),
            }
        };
        STAGES
            .iter()
            .copied()
            .zip(self.0.iter().map(stage))
            .collect()
    }
}

/// Whose processor time is read.
#[derive(Clone, Copy)]
enum Worker {
    Thread,
    Process,
}

impl Worker {
    /// How long the processors have worked for it so far.
    #[cfg(unix)]
    fn cpu_time(self) -> Duration {
        use rustix::time::{ClockId, clock_gettime};
        let clock = match self {
            Worker::Thread => ClockId::ThreadCPUTime,
            Worker::Process => ClockId::ProcessCPUTime,
        };
        let time = clock_gettime(clock);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }

    /// Where the system does not say: how long the program has run.
    #[cfg(not(unix))]
    fn cpu_time(self) -> Duration {
        static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
        BEGAN.elapsed()
    }
}

impl Report {
    /// Says how long a pass took that began then.
    pub fn passed(&mut self, pass: &'static str, began: Instant) {
        self.took.passes.insert(pass, began.elapsed().as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(lasting: Duration) {
        let began = Worker::Thread.cpu_time();
        while Worker::Thread.cpu_time() - began < lasting {}
    }

    #[test]
    fn a_stage_takes_what_its_thread_works_and_not_what_it_waits() {
        let clock = Clock::default();
        clock.time("read", || std::thread::sleep(Duration::from_millis(200)));
        clock.time("write", || work(Duration::from_millis(50)));
        let stages = clock.stages(1_000_000);
        assert!(stages["read"].cpu_seconds < 0.1, "{stages:?}");
        assert!(stages["write"].cpu_seconds >= 0.05, "{stages:?}");
    }

    #[test]
    fn a_stage_alone_takes_what_all_its_threads_work() {
        let clock = Clock::default();
        clock.time_alone("repeats", || {
            let threads = [(); 2].map(|()| std::thread::spawn(|| work(Duration::from_millis(50))));
            threads
                .into_iter()
                .for_each(|thread| thread.join().expect("it only counts"));
        });
        assert!(clock.stages(1_000_000)["repeats"].cpu_seconds >= 0.1);
    }
}
