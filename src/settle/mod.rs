//! Settles a run: all that is about the whole of it and touches disk or threads.

pub mod sorted;

pub use crate::repeats::prints::{PrintsFile, Shelf, Stamp, files_below};
pub use crate::repeats::settle::{Rejected, Settle, settle};
pub use crate::repeats::verdicts::{Verdicts, VerdictsFile};
pub use sorted::Room;
