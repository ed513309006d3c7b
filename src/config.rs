//! What a run can be told, each stage's options in one place.

use crate::normalise::Target;
use crate::{rejoin, repeats};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Everything that changes the output of a run. How fast it goes, and what it shows, is no part of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The script of the output.
    pub script: Target,
    pub repeats: repeats::Options,
    pub rejoin: rejoin::Options,
    pub read: crate::read::Options,
}

/// What becomes of a kind of repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It leaves the text.
    Drop,
    /// It stays, and is told of in changes.jsonl.
    Mark,
    /// It is not looked for.
    Off,
}
