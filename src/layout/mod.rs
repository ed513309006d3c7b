//! The geometry of a page: regions of lines, each with its place, and what their places say about columns and paragraphs.
//!
//! The lines of a region are joined here, because the format says that they belong together and where each begins and
//! ends. What it does not say is left to `rejoin`: the two sides of a hyphen stay on lines of their own (the words of the
//! run decide whether the hyphen goes), and so do the halves of a sentence that two regions share.

mod arrange;
mod chance;
mod cut;
mod ends;
mod flow;
mod frame;
mod gutters;
mod levels;
mod line;
mod measures;
mod order;
mod paragraphs;
mod piece;
mod place;
mod region;
mod rows;

pub(crate) use arrange::{Arranged, Trust, arrange};
pub(crate) use line::{Gap, Line, Spacing};
pub(crate) use paragraphs::paragraphs;
pub(crate) use place::{Rect, widened};
pub(crate) use region::{Region, Role, is_known_label, usual_length, usual_thickness};

#[cfg(test)]
use line::Word;
#[cfg(test)]
mod tests;
