//! How a page changes: edits over spans of the text as it came, each with its cause, and how they are undone.

use super::cause::CauseId;
use compact_str::{CompactString, ToCompactString};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// A range of bytes. Unless something else is said: of the text as it came.
pub type Span = Range<usize>;

/// One replacement (`with` empty: a deletion) of a span of some text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    /// Mostly a character or two, and there are millions of them: short text is held in place.
    pub with: CompactString,
}

impl Edit {
    pub fn new(span: Span, with: impl ToCompactString) -> Self {
        Edit {
            span,
            with: with.to_compact_string(),
        }
    }

    pub fn delete(span: Span) -> Self {
        Edit {
            span,
            with: CompactString::default(),
        }
    }
}

/// How sure a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Follows from the text itself.
    Certain,
    /// A check could have refuted it and did not.
    Verified,
    /// Reported, and not applied.
    Suspected,
}

/// Why a page was changed: the cause, how sure it was, and on what evidence.
#[derive(Debug, Clone)]
pub struct Cause {
    pub rule: CauseId,
    pub grade: Grade,
    pub evidence: Evidence,
}

/// What a change goes by, beyond the text that it replaces.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The copy that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Place>,
    /// The probability of a junction, by the seam model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A passage: the document it stands in, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub id: String,
    pub at: [usize; 2],
}

impl Cause {
    pub fn certain(rule: CauseId) -> Self {
        Cause {
            rule,
            grade: Grade::Certain,
            evidence: Evidence::default(),
        }
    }

    pub fn verified(rule: CauseId, evidence: Evidence) -> Self {
        Cause {
            rule,
            grade: Grade::Verified,
            evidence,
        }
    }

    pub fn suspected(rule: CauseId, evidence: Evidence) -> Self {
        Cause {
            rule,
            grade: Grade::Suspected,
            evidence,
        }
    }
}

/// An edit that was made, with its cause. `also` names the rules whose own changes it took up and carried on.
#[derive(Debug, Clone)]
pub struct Change {
    pub span: Span,
    pub with: CompactString,
    /// One for all changes that were made together: a converted page has a change every few characters.
    pub cause: Arc<Cause>,
    pub also: Vec<CauseId>,
}

/// A span that stands elsewhere in the clean text: right after the byte `follows` of the text as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub span: Span,
    pub follows: usize,
}

/// Takes edits up into changes that are sorted and disjoint; an earlier change that an edit covers is carried on by it.
///
/// An edit may touch or cover an earlier change but not cut through one: `Reading::trace` widens edits so that they
/// never do. Of two edits that overlap after that, the first is made; a rule finds the other again when it looks again.
pub(crate) fn take_up(changes: &mut Vec<Change>, cause: &Cause, edits: Vec<Edit>) {
    let cause = Arc::new(cause.clone());
    let edits = edits.into_iter().map(|edit| (edit, cause.clone()));
    take_up_each(changes, edits.collect());
}

/// The same for edits that each have a cause of their own.
pub(crate) fn take_up_each(changes: &mut Vec<Change>, edits: Vec<(Edit, Arc<Cause>)>) {
    let edits = without_overlaps(edits);
    let (Some((first, _)), Some((last, _))) = (edits.first(), edits.last()) else {
        return;
    };
    let low = changes.partition_point(|c| c.span.end < first.span.start);
    if low == changes.len() {
        let change = |(Edit { span, with }, cause)| Change {
            span,
            with,
            cause,
            also: Vec::new(),
        };
        changes.extend(edits.into_iter().map(change));
        return;
    }
    let high = low + changes[low..].partition_point(|c| c.span.start <= last.span.end);
    let earlier: Vec<Change> = changes.splice(low..high, std::iter::empty()).collect();
    changes.splice(low..low, merged(earlier, edits));
}

/// In their order; of those that overlap, the first.
fn without_overlaps(mut edits: Vec<(Edit, Arc<Cause>)>) -> Vec<(Edit, Arc<Cause>)> {
    edits.sort_by_key(|(e, _)| (e.span.start, e.span.end));
    let mut made = 0;
    edits.retain(|(e, _)| {
        let is_free = e.span.start >= made;
        made = if is_free { e.span.end } else { made };
        is_free
    });
    edits
}

/// The changes that edits make, and the earlier ones that none of them covers.
fn merged(earlier: Vec<Change>, edits: Vec<(Edit, Arc<Cause>)>) -> Vec<Change> {
    let mut merged = Vec::with_capacity(edits.len() + earlier.len());
    let mut earlier = earlier.into_iter().peekable();
    for (edit, cause) in edits {
        let (start, end) = (edit.span.start, edit.span.end);
        let mut also = Vec::new();
        while let Some(change) = earlier.next_if(|c| c.span.start < end || c.span.end <= start) {
            if change.span.end <= start || change.span.start >= end {
                merged.push(change);
                continue;
            }
            debug_assert!(start <= change.span.start && change.span.end <= end);
            if !edit.with.is_empty() {
                also.extend(change.also);
                also.push(change.cause.rule);
            }
        }
        also.dedup();
        merged.push(Change {
            span: edit.span,
            with: edit.with,
            cause,
            also,
        });
    }
    merged.extend(earlier);
    merged
}

/// The moves that make `order` (spans that together are the whole text, in the order of the clean text) out of the
/// text's own order: all spans but a longest rising subsequence (Schensted 1961).
pub(crate) fn moves(order: &[Span]) -> Vec<Move> {
    let mut runs: Vec<Span> = Vec::new();
    for span in order.iter().filter(|s| !s.is_empty()) {
        match runs.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => runs.push(span.clone()),
        }
    }
    let stays = longest_rising(&runs.iter().map(|r| r.start).collect::<Vec<_>>());
    let follows = |at: usize| if at == 0 { 0 } else { runs[at - 1].end };
    (0..runs.len())
        .filter(|at| !stays[*at])
        .map(|at| Move {
            span: runs[at].clone(),
            follows: follows(at),
        })
        .collect()
}

/// Which of the numbers belong to a longest rising subsequence of them.
pub(crate) fn longest_rising(numbers: &[usize]) -> Vec<bool> {
    let mut ends: Vec<usize> = Vec::new(); // ends[n]: where the lowest-ending rising run of n + 1 numbers ends
    let mut before = vec![usize::MAX; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        if length > 0 {
            before[at] = ends[length - 1];
        }
        if length == ends.len() {
            ends.push(at)
        } else {
            ends[length] = at
        }
    }
    let mut stays = vec![false; numbers.len()];
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while at != usize::MAX {
        stays[at] = true;
        at = before[at];
    }
    stays
}

/// The spans of a text of `length` bytes in the order of its clean text, from the moves alone.
fn order_of(length: usize, moves: &[Move]) -> Vec<Span> {
    let starts: BTreeMap<usize, &Move> = moves.iter().map(|m| (m.span.start, m)).collect();
    let is_moved = |at: usize| {
        let before = starts.range(..=at).next_back();
        before.is_some_and(|(_, m)| at < m.span.end)
    };
    let chains = Chains::of(moves);
    let bounds = bounds(length, moves);
    let mut order = Vec::new();
    chains.follow(0, &mut order);
    for (start, end) in bounds.iter().zip(bounds.iter().skip(1)) {
        if !is_moved(*start) {
            order.push(*start..*end);
            chains.follow(*end, &mut order);
        }
    }
    order
}

/// Where spans of the text may begin and end.
fn bounds(length: usize, moves: &[Move]) -> BTreeSet<usize> {
    let edges = |m: &Move| [m.span.start, m.span.end, m.follows];
    let bounds = moves.iter().flat_map(edges).chain([0, length]);
    bounds.filter(|bound| *bound <= length).collect()
}

/// Moves by what they follow.
struct Chains<'m> {
    follows: BTreeMap<usize, &'m Move>,
    /// How many moves there are.
    moves: usize,
}

impl<'m> Chains<'m> {
    fn of(moves: &'m [Move]) -> Self {
        Chains {
            follows: moves.iter().map(|m| (m.follows, m)).collect(),
            moves: moves.len(),
        }
    }

    /// Puts what follows a byte, and what follows that, and so on.
    fn follow(&self, mut end: usize, order: &mut Vec<Span>) {
        // no more steps than moves: a damaged record must not make this run for ever
        for _ in 0..self.moves {
            let Some(next) = self.follows.get(&end) else {
                return;
            };
            order.push(next.span.clone());
            end = next.span.end;
        }
    }
}

/// The changes (spans sorted by start and end) that fall to one range of the order. An insertion between two ranges
/// falls to the one that ends there.
pub(crate) fn within<'a, C>(changes: &'a [C], span: impl Fn(&C) -> &Span, range: &Span) -> &'a [C] {
    let low = changes.partition_point(|c| {
        let at = span(c);
        at.start < range.start || (at.is_empty() && at.start == range.start && at.start > 0)
    });
    let high = changes[low..].partition_point(|c| {
        let at = span(c);
        at.start < range.end || (at.is_empty() && at.start == range.end)
    });
    &changes[low..low + high]
}

/// A change as `undo` needs it: where in the text as it came, what was there, and what is there now.
#[derive(Debug, Clone)]
pub struct Undo {
    pub span: Span,
    pub before: String,
    pub after: String,
}

/// The text as it came, from the clean text and its changes. `None` where they do not fit one another.
pub fn undo(clean: &str, changes: &[Undo], moves: &[Move]) -> Option<String> {
    let length = length_as_it_came(clean, changes)?;
    let mut changes: Vec<&Undo> = changes.iter().collect();
    changes.sort_by_key(|c| (c.span.start, c.span.end));

    let mut source = Restored {
        pieces: Vec::new(),
        rest: clean,
    };
    for range in order_of(length, moves) {
        let mut at = range.start;
        for change in within(&changes, |c| &c.span, &range) {
            source.keep(at..change.span.start)?;
            source.put_back(change)?;
            at = change.span.end;
        }
        source.keep(at..range.end)?;
    }
    source.whole(length)
}

fn length_as_it_came(clean: &str, changes: &[Undo]) -> Option<usize> {
    let removed: usize = changes.iter().map(|c| c.before.len()).sum();
    let added: usize = changes.iter().map(|c| c.after.len()).sum();
    (clean.len() + removed).checked_sub(added)
}

/// The text as it came, as it is put together again.
struct Restored<'t> {
    /// By where they begin.
    pieces: Vec<(usize, &'t str)>,
    /// The clean text that is still to be read.
    rest: &'t str,
}

impl<'t> Restored<'t> {
    /// Text that stayed.
    fn keep(&mut self, span: Span) -> Option<()> {
        let kept = self.rest.get(..span.end.checked_sub(span.start)?)?;
        self.pieces.push((span.start, kept));
        self.rest = &self.rest[kept.len()..];
        Some(())
    }

    /// Text that was changed.
    fn put_back(&mut self, change: &'t Undo) -> Option<()> {
        self.rest = self.rest.strip_prefix(change.after.as_str())?;
        if change.before.len() != change.span.len() {
            return None;
        }
        self.pieces.push((change.span.start, &change.before));
        Some(())
    }

    /// All of it, if it is as long as it was.
    fn whole(mut self, length: usize) -> Option<String> {
        self.pieces.retain(|(_, piece)| !piece.is_empty());
        self.pieces.sort_by_key(|(at, _)| *at);
        let source: String = self.pieces.into_iter().map(|(_, piece)| piece).collect();
        (self.rest.is_empty() && source.len() == length).then_some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(span: Span, with: &str) -> Edit {
        Edit::new(span, with)
    }

    #[test]
    fn a_later_edit_carries_on_the_change_it_covers() {
        let mut changes = Vec::new();
        take_up(
            &mut changes,
            &Cause::certain(CauseId::Nfc),
            vec![change(2..3, "x"), change(8..9, "y")],
        );
        take_up(
            &mut changes,
            &Cause::certain(CauseId::Width),
            vec![change(1..4, "z"), change(5..6, "w")],
        );
        let spans: Vec<_> = changes
            .iter()
            .map(|c| (c.span.clone(), c.with.as_str(), c.also.as_slice()))
            .collect();
        assert_eq!(
            spans,
            [
                (1..4, "z", &[CauseId::Nfc][..]),
                (5..6, "w", &[]),
                (8..9, "y", &[])
            ]
        );
    }

    #[test]
    fn of_edits_that_overlap_the_first_is_made() {
        let mut changes = Vec::new();
        take_up(
            &mut changes,
            &Cause::certain(CauseId::Width),
            vec![change(2..6, "x"), change(4..8, "y"), change(8..9, "z")],
        );
        let spans: Vec<_> = changes.iter().map(|c| c.span.clone()).collect();
        assert_eq!(spans, [2..6, 8..9]);
    }

    #[test]
    fn moves_rebuild_the_order_they_were_made_from() {
        let order = [0..3, 7..9, 3..5, 9..12, 5..7];
        let moves = moves(&order);
        let rebuilt = order_of(12, &moves);
        let flat = |spans: &[Span]| spans.iter().flat_map(|s| s.clone()).collect::<Vec<_>>();
        assert_eq!(flat(&rebuilt), flat(&order));
        assert!(moves.len() <= 2);
    }
}
