//! What a run did and what it took, as it stands in report.json.

pub(crate) mod card;
mod clock;
mod counts;
pub(crate) mod html;
pub(crate) mod samples;

pub(crate) use clock::{Clock, Spent, Stage};
pub(crate) use counts::{Changes, Read, Tally, Written};

use crate::settle::Rejected;
use samples::{Clusters, Samples, Sources};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::Instant;

#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub version: &'static str,
    /// The settings of the run.
    pub options: Value,
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
    pub stages: BTreeMap<&'static str, Spent>,
}

impl Report {
    /// Says how long a pass took that began then.
    pub fn passed(&mut self, pass: &'static str, began: Instant) {
        self.took.passes.insert(pass, began.elapsed().as_secs_f64());
    }
}

impl AddAssign<Tally> for Report {
    fn add_assign(&mut self, tally: Tally) {
        self.read += tally.read;
        self.written += tally.written;
        counts::add_by_rule(&mut self.changes, tally.changes);
        counts::add_by_rule(&mut self.remarks, tally.remarks);
    }
}
