//! What is found of a paragraph that another document also has, exactly or with differences, and what happens to it.

use super::Level;
use super::verdict::{Found, Verdict, from_millionths};
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Evidence, Place};
use bytemuck::{Pod, Zeroable};

/// A paragraph, and where another document has it.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Copied {
    pub block: u32,
    /// In bytes of the text as it came, here and there.
    pub came: [u32; 2],
    pub there: [u32; 2],
    pub likeness_millionths: u32,
    /// Whether only noise and formatting differ (1); otherwise it is reported and stays, whatever the level.
    pub is_copy: u32,
}

/// Drops or marks the paragraphs that a method found to be copies of another document's.
pub(super) fn apply<F: Found + Into<Copied>>(page: &mut Page, verdict: &Verdict, level: Level) {
    for (found, other) in verdict.found::<F>() {
        let copied: Copied = found.into();
        let block = copied.block as usize;
        if page.blocks[block].dropped || level == Level::Off {
            continue;
        }
        let likeness = from_millionths(copied.likeness_millionths);
        let evidence = Evidence {
            of: other.map(|id| Place {
                id: id.into(),
                at: copied.there.map(|at| at as usize),
            }),
            note: (likeness < 1.0).then(|| format!("similarity {likeness:.3}")),
            ..Evidence::default()
        };
        match level {
            Level::Drop if copied.is_copy != 0 => {
                page.drop_block(&Cause::verified(F::METHOD, evidence), block)
            }
            _ => page.remark(
                Cause::suspected(F::METHOD, evidence),
                page.blocks[block].span.clone(),
            ),
        }
    }
}

/// The paragraphs that are known to be copies, in bytes of the text as it came.
pub(super) fn copied(verdict: &Verdict) -> Vec<[u32; 2]> {
    let came = |copied: Copied| copied.came;
    let exact = verdict.found::<Same>().map(|(same, _)| came(same.into()));
    let near = verdict.found::<Near>().map(|(near, _)| came(near.into()));
    exact.chain(near).collect()
}

/// A paragraph that another document has exactly, as `exact` finds it.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(transparent)]
pub(super) struct Same(pub Copied);

/// A paragraph that another document has except for some letters, as `near` finds it.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(transparent)]
pub(super) struct Near(pub Copied);

impl Found for Same {
    const METHOD: CauseId = CauseId::Exact;
}

impl Found for Near {
    const METHOD: CauseId = CauseId::Near;
}

impl From<Same> for Copied {
    fn from(same: Same) -> Self {
        same.0
    }
}

impl From<Near> for Copied {
    fn from(near: Near) -> Self {
        near.0
    }
}
