//! The program: its options and where they come from, what it starts, and what it prints.

// what it does
mod program;
// what it is told
mod args;
mod settings;
mod inbox;
// what it says
mod bar;
mod summary;
mod advice;
mod diff;
mod explain;
mod rules;
mod in_force;
mod depfile;

pub use program::main;
