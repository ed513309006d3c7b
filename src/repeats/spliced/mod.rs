//! Finds a passage that recurs inside other text, across block boundaries, by its keys, and extends it to the letter.
//!
//! Inside a page a copy is dropped only if it is proved: both copies break at the same letter in the middle of a
//! sentence, which two printed articles would not do and a recogniser's copy does. Formulas that journalists repeat,
//! and quotations, have no such break. Between documents passages are marked.

mod chain;
mod cut;
mod in_page;
mod in_run;

use super::method::Needs;
use super::{Level, Method, Options, Verdict};
use crate::lexicon::Lexicon;
use crate::page::Page;
use crate::page::cause::CauseId;

pub(super) const METHOD: Method = Method {
    cause: CauseId::Spliced,
    source: "winnowing (Schleimer, Wilkerson, Aiken, SIGMOD 2003), seeds extended and chained",
    is_on: |options| options.passages != Level::Off,
    keys: in_run::keys,
    pairs: in_run::pairs,
    verify: in_run::verify,
    apply,
    needs: Needs::NOTHING,
};

/// A passage that two documents share is found if it has this many letters.
const SHORTEST_PASSAGE: usize = 50;

fn apply(page: &mut Page, verdict: &Verdict, options: &Options, _: &Lexicon) {
    // first, while the page's letters are counted as they were in the run
    in_run::apply(page, verdict, options.passages);
    // a page that came with its blocks named was laid out with care; one that layout did not break was read only once
    if !page.laid_out && page.nature.breaks.broken {
        in_page::apply(page, options.paragraphs);
    }
}
