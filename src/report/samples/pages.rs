//! Whole pages, before and after, in pieces: what stayed, what changed and why, what was only seen.

use super::{short_evidence, short_name, shortened};
use crate::page::cause::CauseId;
use crate::page::edit::{self, Change, Evidence, Grade, Span};
use crate::page::{Page, Remark};
use serde::Serialize;
use std::collections::HashMap;

/// Bytes of a page that are shown, and what a mark in it counts for beside its text.
const MOST_BYTES: usize = 30_000;
const MARK: usize = 12;

/// A page before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Shown {
    /// A hash by which the page is known.
    #[serde(skip)]
    pub document: u64,
    pub id: String,
    /// Of the text as it came.
    pub bytes: usize,
    /// Whether only the beginning is shown.
    pub cut: bool,
    pub causes: Vec<Why>,
    /// The text as it came, one stretch after another.
    pub stretches: Vec<Stretch>,
    /// The stretches in the order of the clean text.
    pub order: Vec<usize>,
}

/// Why a page was changed at a place, or what was seen there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Why {
    pub rule: String,
    pub grade: Grade,
    pub applied: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    #[serde(flatten)]
    pub evidence: Evidence,
    /// What a remark is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// Text that stays together in the clean text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Stretch {
    /// Whether it stands elsewhere there.
    pub moved: bool,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Piece {
    Kept(String),
    /// For which of the causes; before; after.
    Changed(usize, String, String),
    /// Something seen from here on.
    Remark(usize),
}

/// A key by which pages that would be cut come after those that are shown whole.
pub(super) fn longer_last(page: &Page, key: u64) -> u64 {
    let is_long = page.text().len() + MARK * page.changes().len() > MOST_BYTES / 2;
    key >> 1 | u64::from(is_long) << 63
}

impl Shown {
    pub(super) fn of(page: &Page, document: u64) -> Shown {
        let mut shown = Shown {
            document,
            id: short_name(&page.id),
            bytes: page.text().len(),
            cut: false,
            causes: Vec::new(),
            stretches: Vec::new(),
            order: Vec::new(),
        };
        let order = in_runs(&page.order());
        let mut by_place: Vec<usize> = (0..order.len()).collect();
        by_place.sort_by_key(|at| order[*at].start);
        let moves = page.moves();
        let mut writer = Writer::new(page);
        for span in by_place.iter().map(|at| &order[*at]) {
            if writer.room == 0 {
                shown.cut = true;
                break;
            }
            let moved = moves.iter().any(|m| m.span.contains(&span.start));
            let (pieces, whole) = writer.pieces(span, &mut shown.causes);
            shown.cut |= !whole;
            shown.stretches.push(Stretch { moved, pieces });
        }
        shown.order = (0..shown.stretches.len()).collect();
        shown.order.sort_by_key(|stretch| by_place[*stretch]);
        shown
    }
}

/// Spans that follow one another in the text made one.
fn in_runs(order: &[Span]) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for span in order.iter().filter(|span| !span.is_empty()) {
        match runs.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => runs.push(span.clone()),
        }
    }
    runs
}

/// A page's remarks, the last first.
fn remarks(page: &Page) -> Vec<&Remark> {
    let mut remarks: Vec<&Remark> = page.remarks().iter().collect();
    remarks.sort_by_key(|remark| std::cmp::Reverse((remark.span.start, remark.span.end)));
    remarks
}

/// Writes the stretches of a page as far as there is room.
struct Writer<'p> {
    page: &'p Page,
    /// Where each cause stands that several changes have: by its rule, if there is no more to it, else by itself.
    causes: HashMap<(CauseId, *const edit::Cause, Vec<CauseId>), usize>,
    remarks: Vec<&'p Remark>,
    room: usize,
}

impl<'p> Writer<'p> {
    fn new(page: &'p Page) -> Self {
        Writer {
            page,
            causes: HashMap::new(),
            remarks: remarks(page),
            room: MOST_BYTES,
        }
    }

    /// The pieces of a stretch, and whether they are all.
    fn pieces(&mut self, span: &Span, causes: &mut Vec<Why>) -> (Vec<Piece>, bool) {
        let page = self.page;
        let mut pieces = Vec::new();
        let mut at = span.start;
        for change in edit::within(page.changes(), |c| &c.span, span) {
            self.kept(at..change.span.start, &mut pieces, causes);
            let before = &page.text()[change.span.clone()];
            let bytes = before.len() + change.with.len() + MARK;
            if self.room < bytes {
                self.room = 0;
                return (pieces, false);
            }
            self.room -= bytes;
            self.remarks_until(change.span.end, &mut pieces, causes);
            pieces.push(Piece::Changed(
                self.cause(change, causes),
                before.into(),
                change.with.to_string(),
            ));
            at = change.span.end;
        }
        let whole = self.kept(at..span.end, &mut pieces, causes);
        (pieces, whole)
    }

    /// Text that stayed, as much as there is room for, with the remarks in it.
    fn kept(&mut self, span: Span, pieces: &mut Vec<Piece>, causes: &mut Vec<Why>) -> bool {
        let text = self.page.text();
        let mut at = span.start;
        while at < span.end && self.room > 0 {
            self.remarks_until(at + 1, pieces, causes);
            let next = self
                .remarks
                .last()
                .map_or(span.end, |remark| remark.span.start.clamp(at, span.end));
            let end = (at..=next.min(at + self.room))
                .rev()
                .find(|end| text.is_char_boundary(*end))
                .unwrap_or(at);
            if end > at {
                pieces.push(Piece::Kept(text[at..end].into()));
            }
            self.room = if end < next {
                0
            } else {
                self.room - (end - at)
            };
            at = end;
        }
        if at == span.end {
            self.remarks_until(at + 1, pieces, causes);
        }
        at == span.end
    }

    /// Remarks that begin before a byte.
    fn remarks_until(&mut self, byte: usize, pieces: &mut Vec<Piece>, causes: &mut Vec<Why>) {
        while let Some(remark) = self.remarks.pop_if(|remark| remark.span.start < byte) {
            let about = shortened(
                self.page
                    .text()
                    .get(remark.span.clone())
                    .unwrap_or_default(),
                120,
            );
            let why = why(
                &remark.cause,
                false,
                &[],
                Some(about).filter(|about| !about.is_empty()),
            );
            self.room = self.room.saturating_sub(MARK);
            pieces.push(Piece::Remark(causes.len()));
            causes.push(why);
        }
    }

    fn cause(&mut self, change: &Change, causes: &mut Vec<Why>) -> usize {
        let cause = &change.cause;
        let own = if cause.evidence == Evidence::default() {
            std::ptr::null()
        } else {
            std::sync::Arc::as_ptr(cause)
        };
        let key = (cause.rule, own, change.also.clone());
        *self.causes.entry(key).or_insert_with(|| {
            causes.push(why(&change.cause, true, &change.also, None));
            causes.len() - 1
        })
    }
}

fn why(cause: &edit::Cause, applied: bool, also: &[CauseId], about: Option<String>) -> Why {
    Why {
        rule: cause.rule.name().into(),
        grade: cause.grade,
        applied,
        also: also.iter().map(|rule| rule.to_string()).collect(),
        evidence: short_evidence(&cause.evidence),
        about,
    }
}
