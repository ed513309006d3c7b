//! What the program says and is told: its options and where they come from, its bar, its summary, its lists.

// what it is told
pub mod args;
pub mod inbox;
// what it says
pub mod bar;
pub mod summary;
pub mod rules;
