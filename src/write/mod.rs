//! What a run leaves: clean text, every change to it, and what it takes to write the sources again.

pub mod explain;
pub mod files;
pub mod html;
pub mod record;
pub mod samples;
pub mod undo;

pub use files::Output;
