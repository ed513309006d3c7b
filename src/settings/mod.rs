//! The settings: everything that changes what comes out, each stage's options in one place.

use crate::normalise::Repairing;
use crate::normalise::Target;
use crate::page::cause::{CauseId, Without};
use crate::rejoin;
use crate::repeats::Level;
use crate::{read, repeats, write};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Everything that changes the output of a run. How fast it goes, and what it shows, is no part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub repair: Repairing,
    /// The script of the output.
    pub script: Target,
    /// Rules, repairs and methods that are left out: set them by `switch_off`, which sees to the methods' levels.
    pub without: Without,
    pub repeats: repeats::Options,
    pub rejoin: rejoin::Options,
    pub read: read::Options,
    pub write: write::Options,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            repair: Repairing::On,
            script: Target::default(),
            without: Without::default(),
            repeats: repeats::Options::default(),
            rejoin: rejoin::Options::default(),
            read: read::Options::default(),
            write: write::Options::default(),
        }
    }
}

impl Settings {
    /// Leaves these rules, repairs and methods out. A method whose level is its own is not looked for.
    pub fn switch_off(&mut self, without: Without) {
        self.without = without;
        let repeats = &mut self.repeats;
        let levels = [
            (CauseId::Duplicate, &mut repeats.duplicates),
            (CauseId::Near, &mut repeats.near_paragraphs),
            (CauseId::Furniture, &mut repeats.furniture),
        ];
        for (method, level) in levels {
            if without.holds(method) {
                *level = Level::Off;
            }
        }
        repeats.consensus &= !without.holds(CauseId::Consensus);
    }

    /// Whether anything but whole documents is looked at. If not, a page is one block.
    pub fn looks_into_pages(&self) -> bool {
        let levels = [
            self.repeats.paragraphs,
            self.repeats.near_paragraphs,
            self.repeats.furniture,
            self.repeats.passages,
        ];
        self.repair != Repairing::Off
            || self.rejoin.lays_out()
            || levels.iter().any(|level| *level != Level::Off)
    }

    /// A hash of all that the prints of a page depend on.
    pub fn hash(&self) -> u64 {
        let repeats::Options {
            duplicates,
            paragraphs,
            passages,
            furniture,
            near_paragraphs,
            keep,
            ..
        } = &self.repeats;
        let levels = [duplicates, paragraphs, passages, furniture, near_paragraphs]
            .map(|level| *level == Level::Off);
        let depends = (
            &self.read,
            self.repair != Repairing::Off,
            self.looks_into_pages(),
            self.without,
            levels,
            *keep == repeats::Keep::Newest,
            env!("CARGO_PKG_VERSION"),
        );
        xxh3_64(&serde_json::to_vec(&depends).expect("options are plain data"))
    }
}
