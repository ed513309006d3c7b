//! Rejoins broken sentences: finds which tail and which head of a page are two halves of one.
//!
//! Lines of a hard-wrapped page become paragraphs first (`lines`). On a page that layout broke, every tail that does
//! not end a sentence meets every head that could continue it; one judge (`judge`) weighs each pair by what its script
//! knows (`latin`; `han` for all others). All are assigned together, at most one head to a tail (`assign`). Then come
//! the reading order (`order`), the hyphens that broke a word (`hyphen`), and the articles of the page (`articles`).

mod articles;
mod assign;
mod glue;
pub(crate) mod han;
pub mod hyphen;
pub(crate) mod judge;
mod junction;
pub(crate) mod latin;
pub(crate) mod lines;
mod options;
mod order;
mod topic;

pub use assign::assign;
pub use junction::Junction;
pub use options::{Boldness, Options, Split};

use crate::lexicon::Lexicon;
use crate::normalise::mend_seam;
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Evidence};
use crate::page::nature::Form;
use han::HanSeams;
use latin::LatinSeams;
use lines::Lines;

/// Joins what belongs together, reports halves that stay open, and gives every paragraph its place. Returns the
/// junctions that were made.
pub fn rejoin(page: &mut Page, lexicon: &Lexicon, options: &Options) -> Vec<Junction> {
    if options.join == Boldness::Off {
        order::lay_out(page, &[], options.split);
        return Vec::new();
    }
    let seams = HanSeams::of(page, lexicon);
    let junctions = junctions(page, &seams, lexicon, options.join);
    for tail in seams.tails() {
        if junctions.iter().all(|junction| junction.tail != tail) {
            remark_open(page, tail);
        }
    }
    for junction in &junctions {
        mend_seam(page, junction.tail, junction.head);
    }
    order::lay_out(page, &junctions, options.split);
    hyphen::remove(page, &junctions, &lexicon.words);
    junctions
}

/// Which halves belong together.
fn junctions(page: &Page, seams: &HanSeams, lexicon: &Lexicon, join: Boldness) -> Vec<Junction> {
    let lines = Lines::of(page);
    let (least, least_of_latin) = (join.threshold(), join.threshold_of_latin());
    let mut candidates = judge::candidates(seams);
    candidates.retain(|j| j.probability >= least);
    let of_latin = judge::candidates(&LatinSeams::of(page, &lines, &lexicon.words));
    candidates.extend(latin::likely(page, of_latin, join));
    candidates.retain(|junction| !is_walled_off(page, junction) && !is_refrain(page, junction));
    assign(lines.with(candidates), least_of_latin.min(least))
}

/// Whether a block may be half of a sentence: prose whose lines are not broken by a column's edge, in a script that
/// marks where sentences end.
fn may_be_half(page: &Page, block: usize) -> bool {
    page.nature.blocks.get(block).is_some_and(|nature| {
        nature.form == Form::Prose && nature.language.script.marks_sentence_ends()
    })
}

/// Whether two blocks are separated by anything that a column of prose does not flow around.
fn is_walled_off(page: &Page, junction: &Junction) -> bool {
    let (first, last) = (
        junction.tail.min(junction.head),
        junction.tail.max(junction.head),
    );
    (first + 1..last).any(|at| {
        let is_wall = matches!(
            page.form(at),
            Form::Code | Form::Table | Form::Formula | Form::Data | Form::Verse | Form::Dialogue
        );
        is_wall && !page.blocks[at].dropped
    })
}

/// Whether a line follows itself: a refrain, and neither of the two is half of anything.
fn is_refrain(page: &Page, junction: &Junction) -> bool {
    let text = |block: usize| &page.text()[page.blocks[block].span.clone()];
    text(junction.tail) == text(junction.head)
}

/// Remarks that a block ends in the middle of a sentence.
fn remark_open(page: &mut Page, tail: usize) {
    let end = page.blocks[tail].span.end;
    let evidence = Evidence {
        note: Some("ends in the middle of a sentence; no half here goes on with it".into()),
        ..Evidence::default()
    };
    page.remark(Cause::suspected(CauseId::Open, evidence), end..end);
}
