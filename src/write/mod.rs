//! What a run leaves: clean text, every change to it, and what it takes to write the sources again.

pub(crate) mod attributes;
mod encode;
pub(crate) mod files;
#[cfg(feature = "parquet")]
mod parquet;
pub(crate) mod record;
pub(crate) mod records;
pub(crate) mod signed;
pub(crate) mod undo;

pub(crate) use files::Output;

use crate::text::choice::{Choice, choices};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    pub format: Format,
    /// No file of clean records is larger, in bytes before compression, unless by a single record.
    pub shard_size: Option<u64>,
    /// Clean records are in folders and files named like those of the input.
    pub keep_folders: bool,
    /// Keep records without text.
    pub keep_empty: bool,
    /// A README.md that says what the folder holds, as dataset hubs expect.
    pub card: bool,
    /// The licence that the card names.
    pub license: Option<String>,
}

choices! {
    /// What clean records are written as.
    pub enum Format: Lines {
        Lines = "jsonl": "JSON Lines";
        Gzip = "jsonl.gz": "JSON Lines, compressed";
        Zstd = "jsonl.zst": "JSON Lines, compressed better and faster";
        #[cfg(feature = "parquet")]
        Parquet = "parquet": "A table with columns id, text, source, and metadata as a string of JSON";
    }
}

impl Format {
    /// What the names of clean records end in.
    pub fn ending(self) -> &'static str {
        self.name()
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
