//! What the program is told and says: its options and where they come from, its bar, its summary, its lists.

// what it is told
pub mod args;
pub mod settings;
pub mod inbox;
// what it says
pub mod bar;
pub mod summary;
pub mod advice;
mod diff;
pub mod explain;
pub mod rules;
pub mod in_force;
pub mod depfile;
