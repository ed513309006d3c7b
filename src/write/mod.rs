//! What a run leaves: clean text, every change to it, and what it takes to write the sources again.

mod diff;
pub mod attributes;
pub mod explain;
pub mod files;
pub mod record;
pub mod undo;

pub use files::Output;
