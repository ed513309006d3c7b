//! jiaokan (校勘) cleans text that OCR and layout extraction left: it repairs it, finds what stands there twice, puts
//! broken sentences together again, and writes JSONL in which every change can be explained and undone.
//!
//! ```text
//! read ─▶ segment ─▶ normalise ─▶ shingle ─▶ repeats ─▶ rejoin ─▶ write
//!
//! survey   a page alone     read, segment, normalise, shingle             ─▶ prints, counts
//! settle   the whole run    repeats over prints; the lexicon over counts  ─▶ verdicts
//! finish   a page alone     apply verdicts, rejoin, write                 ─▶ clean text, changes
//! ```

// what all ask
pub mod text;
pub mod logistic;
// what flows, and how it changes
pub mod page;
pub mod lexicon;
// the stages, in their order
pub mod segment;
pub mod nature;
pub mod normalise;
pub mod shingle;
pub mod repeats;
pub mod rejoin;
// the only ones that know files and formats
mod layout;
pub mod read;
pub mod write;
pub mod settle;
pub mod report;
// what drives them
pub mod settings;
mod cleaner;
pub mod run;

pub use cleaner::{Cleaned, Cleaner, Survey};
pub use read::Document;
pub use settings::Settings;

mod error;
pub use error::Error;
