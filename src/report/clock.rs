//! What the processors spend on each stage of a run.

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The stages of a run whose time is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Read,
    Segment,
    Normalise,
    Shingle,
    Lexicon,
    Repeats,
    Rejoin,
    Write,
}

impl Stage {
    const ALL: [Stage; 8] = [
        Stage::Read,
        Stage::Segment,
        Stage::Normalise,
        Stage::Shingle,
        Stage::Lexicon,
        Stage::Repeats,
        Stage::Rejoin,
        Stage::Write,
    ];

    /// Its name in report.json.
    fn name(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Segment => "segment",
            Stage::Normalise => "normalise",
            Stage::Shingle => "shingle",
            Stage::Lexicon => "lexicon",
            Stage::Repeats => "repeats",
            Stage::Rejoin => "rejoin",
            Stage::Write => "write",
        }
    }
}

/// What the processors spent on a stage, all threads added up.
#[derive(Debug, Default, Serialize)]
pub struct Spent {
    pub cpu_seconds: f64,
    pub cpu_seconds_per_mb: f64,
}

/// Adds up the processors' time that each stage takes, over all threads.
#[derive(Debug, Default)]
pub(crate) struct Clock([AtomicU64; Stage::ALL.len()]);

impl Clock {
    /// Work of a stage that stays on the thread it begins on.
    pub(crate) fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        self.measured(stage, Worker::Thread, work)
    }

    /// Work of a stage that may call on all threads, while no other stage is at work.
    pub(crate) fn time_alone<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        self.measured(stage, Worker::Process, work)
    }

    fn measured<T>(&self, stage: Stage, worker: Worker, work: impl FnOnce() -> T) -> T {
        let start = worker.cpu_time();
        let done = work();
        let took = worker.cpu_time().saturating_sub(start);
        self.0[stage as usize].fetch_add(took.as_nanos() as u64, Ordering::Relaxed);
        done
    }

    /// What each stage took so far, by its name, of a run that read so many bytes of text.
    pub(crate) fn stages(&self, bytes: u64) -> BTreeMap<&'static str, Spent> {
        let spent = |stage: Stage| {
            let nanos = self.0[stage as usize].load(Ordering::Relaxed);
            let cpu_seconds = Duration::from_nanos(nanos).as_secs_f64();
            Spent {
                cpu_seconds,
                cpu_seconds_per_mb: cpu_seconds / (bytes.max(1) as f64 / 1e6),
            }
        };
        Stage::ALL
            .into_iter()
            .map(|stage| (stage.name(), spent(stage)))
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
        use std::{sync::LazyLock, time::Instant};
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGAN.elapsed()
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
        clock.time(Stage::Read, || {
            std::thread::sleep(Duration::from_millis(200))
        });
        clock.time(Stage::Write, || work(Duration::from_millis(50)));
        let stages = clock.stages(1_000_000);
        assert!(stages["read"].cpu_seconds < 0.1, "{stages:?}");
        assert!(stages["write"].cpu_seconds >= 0.05, "{stages:?}");
    }

    #[test]
    fn a_stage_alone_takes_what_all_its_threads_work() {
        let clock = Clock::default();
        clock.time_alone(Stage::Repeats, || {
            let threads = [(); 2].map(|()| std::thread::spawn(|| work(Duration::from_millis(50))));
            threads
                .into_iter()
                .for_each(|thread| thread.join().expect("it only counts"));
        });
        assert!(clock.stages(1_000_000)["repeats"].cpu_seconds >= 0.1);
    }
}
