//! The three passes of a run: survey, settle, finish.

mod finish;
mod settle;
mod survey;
