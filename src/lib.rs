//! jiaokan (校勘) cleans text that OCR and layout extraction left: it repairs it, finds duplicates, rejoins broken
//! sentences, and writes JSONL in which every change can be explained and undone.
//!
//! ```text
//! read ─▶ segment ─▶ normalise ─▶ shingle ─▶ repeats ─▶ rejoin ─▶ write
//!
//! survey   a page alone     read, segment, normalise, shingle             ─▶ prints, counts
//! settle   the whole run    repeats over prints; the lexicon over counts  ─▶ verdicts
//! finish   a page alone     apply verdicts, rejoin, write                 ─▶ clean text, changes
//! ```
//!
//! [`Cleaner::clean_alone`] cleans one document by itself. A corpus goes through the three passes: [`Cleaner::survey`] for
//! each document, [`Settle`] once, [`Cleaner::finish`] for each document. What goes from one pass to the next also travels
//! as bytes. [`run`] does all of it over files, as the program does.
//!
//! The library starts no threads of its own: it works in the rayon pool that it is called in.

// what all ask
mod text;
mod logistic;
// what flows, and how it changes
mod page;
mod lexicon;
// the stages, in their order
mod segment;
mod nature;
mod normalise;
mod shingle;
mod repeats;
mod rejoin;
// the only ones that know files and formats
mod layout;
mod read;
mod write;
mod settle;
mod report;
// what drives them
pub mod settings;
mod cleaner;
mod corpus;
pub mod run;
// what people call
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod bench;

mod error;

// a document
pub use page::Kind;
pub use page::hints::Hints;
pub use page::metadata::Metadata;
pub use read::Document;
// the three passes
pub use cleaner::{Cleaned, Cleaner, Refusal, Survey};
pub use corpus::Settle;
pub use error::Error;
pub use lexicon::{Counts, Grams, Lexicon, Malformed};
pub use repeats::{Duplicate, Prints, Verdict};
pub use settings::Settings;
pub use settle::{Rejected, Room};
// what became of it
pub use page::cause::{CAUSES, CauseId, CauseInfo, Class};
pub use page::edit::{Evidence, Grade, Place};
pub use write::record::{Changed, Clean};
