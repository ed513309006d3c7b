//! What a run leaves: clean text, every change to it, and what it takes to write the sources again.

pub mod attributes;
mod diff;
mod encode;
pub mod explain;
pub mod files;
#[cfg(feature = "parquet")]
mod parquet;
pub mod record;
pub mod records;
pub mod signed;
pub mod undo;

pub use files::Output;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    pub format: Format,
    /// No file of clean records is larger, in bytes before compression, unless by a single record.
    pub shard_size: Option<u64>,
    /// Clean records stand in the folders and files in which the input stood.
    pub keep_folders: bool,
    /// A README.md that says what the folder holds, as dataset hubs expect.
    pub card: bool,
    /// The licence that the card names.
    pub license: Option<String>,
}

/// What clean records are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
pub enum Format {
    /// JSON Lines
    #[default]
    #[value(name = "jsonl")]
    #[serde(rename = "jsonl")]
    Lines,
    /// JSON Lines, compressed
    #[value(name = "jsonl.gz")]
    #[serde(rename = "jsonl.gz")]
    Gzip,
    /// JSON Lines, compressed better and faster
    #[value(name = "jsonl.zst")]
    #[serde(rename = "jsonl.zst")]
    Zstd,
    /// A table with columns id, text, source, and metadata as a string of JSON
    #[cfg(feature = "parquet")]
    #[value(name = "parquet")]
    #[serde(rename = "parquet")]
    Parquet,
}

impl Format {
    /// What the names of clean records end in.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Lines => "jsonl",
            Format::Gzip => "jsonl.gz",
            Format::Zstd => "jsonl.zst",
            #[cfg(feature = "parquet")]
            Format::Parquet => "parquet",
        }
    }

    /// What the names of changes and sources end in: they are lines whatever the records are.
    pub fn lines_ending(self) -> &'static str {
        match self {
            #[cfg(feature = "parquet")]
            Format::Parquet => Format::Zstd.ending(),
            _ => self.ending(),
        }
    }
}
