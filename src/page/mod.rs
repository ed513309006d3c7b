//! What flows through the stages: a page, its blocks, and the one door by which its text changes.

pub(crate) mod cause;
pub(crate) mod edit;
pub(crate) mod nature;
pub(crate) mod hints;
pub(crate) mod metadata;

use cause::Without;
use edit::{Cause, Change, Edit, Grade, Move, Span};
use hints::Hints;
use metadata::Metadata;
use nature::{Form, Nature};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::ops::Range;

/// A document as it came, cut into blocks, with the changes made to it so far.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub id: String,
    /// What the output's `metadata` will hold: the input's other fields, the masthead, the kinds of the paragraphs.
    pub metadata: Metadata,
    /// What its reader and earlier runs said of it.
    pub hints: Hints,
    /// The text as it came. It is never written to.
    text: String,
    /// In the order of the text, disjoint, without surrounding white space.
    pub blocks: Vec<Block>,
    /// Where its lines were read across columns: blocks that are pieces of lines, and how they follow each other.
    pub regions: Vec<Region>,
    /// Whether its input said what kind each paragraph is. Then no paragraph is half of something.
    pub laid_out: bool,
    /// What it is, and what each block is; of no block as long as nobody judged it.
    pub nature: Nature,
    /// In the order of the clean text, if each is to be a record of its own.
    pub articles: Vec<Article>,
    /// Causes that change nothing here.
    pub without: Without,
    changes: Vec<Change>,
    order: Option<Vec<Span>>,
    remarks: Vec<Remark>,
}

/// A line or paragraph of a page and what kind it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    pub span: Span,
    pub kind: Kind,
    /// Empty lines before it. An extraction that drops a picture leaves some.
    pub gap: usize,
    /// Whether it is set in (two ideographic spaces, in Chinese): the beginning of a paragraph.
    pub indented: bool,
    /// Nothing on this page belongs before it: its beginning is on another page, or was overwritten by a copy.
    pub closed_head: bool,
    /// Nothing on this page belongs after it.
    pub closed_tail: bool,
    /// All of it left the text.
    pub dropped: bool,
    /// Bytes of it may be damaged, so that it teaches nothing about which characters follow which.
    pub damaged: bool,
}

impl Block {
    /// Whether it is running text: what passages are searched in, and what may be half of a sentence.
    pub fn is_running_text(&self) -> bool {
        matches!(self.kind, Kind::Body | Kind::Dateline)
    }
}

/// Blocks that are pieces of lines which were read across columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Region {
    pub blocks: Range<usize>,
    /// The blocks of each paragraph, in reading order.
    pub paragraphs: Vec<Vec<usize>>,
}

/// An article of a page: where its text begins, a byte of the text as it came, and its own metadata.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    pub start: usize,
    pub about: Map<String, Value>,
}

/// What a block is to a reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Masthead,
    Headline,
    Byline,
    Dateline,
    #[default]
    Body,
    List,
    Caption,
    Credit,
    Jump,
    Table,
    Code,
}

/// Something seen and left alone: a suspected repair, a passage that another document shares, a half without a partner.
#[derive(Debug, Clone)]
pub struct Remark {
    pub cause: Cause,
    pub span: Span,
}

impl Page {
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Page {
            id: id.into(),
            text: text.into(),
            ..Page::default()
        }
    }

    /// Whether a block is a piece of a line that was read across columns.
    pub fn is_piece(&self, block: usize) -> bool {
        self.regions
            .iter()
            .any(|region| region.blocks.contains(&block))
    }

    /// The text as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Changes in the order of the text as it came; no two overlap.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(crate) fn changes_within(&self, span: &Span) -> &[Change] {
        edit::within(&self.changes, |c| &c.span, span)
    }

    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The spans of the text as it came (together all of it) in the order of the clean text.
    pub fn order(&self) -> Cow<'_, [Span]> {
        match &self.order {
            Some(order) => Cow::Borrowed(order),
            None => Cow::Owned(std::iter::once(0..self.text.len()).collect()),
        }
    }

    /// Which spans stand elsewhere in the clean text.
    pub fn moves(&self) -> Vec<Move> {
        self.order.as_deref().map(edit::moves).unwrap_or_default()
    }

    /// The one door: replaces spans of the text as it came. Suspected edits are remarked on and not made.
    ///
    /// Nothing comes through it for a cause that is switched off.
    pub fn edit(&mut self, cause: &Cause, edits: Vec<Edit>) {
        if self.without.holds(cause.rule) {
            return;
        }
        if cause.grade == Grade::Suspected {
            self.remarks.extend(edits.into_iter().map(|e| Remark {
                cause: cause.clone(),
                span: e.span,
            }));
        } else {
            edit::take_up(&mut self.changes, cause, edits);
        }
    }

    /// The same for edits that each have a cause of their own, none of them suspected.
    pub fn edit_each(&mut self, mut edits: Vec<(Edit, Cause)>) {
        edits.retain(|(_, cause)| !self.without.holds(cause.rule));
        debug_assert!(
            edits
                .iter()
                .all(|(_, cause)| cause.grade != Grade::Suspected)
        );
        let edits = edits.into_iter().map(|(edit, cause)| (edit, cause.into()));
        edit::take_up_each(&mut self.changes, edits.collect());
    }

    /// Sets the order in which spans of the text (together all of it) stand in the clean text.
    pub fn reorder(&mut self, order: Vec<Span>) {
        debug_assert_eq!(
            order.iter().map(|s| s.len()).sum::<usize>(),
            self.text.len()
        );
        self.order = Some(order);
    }

    /// What a block is; prose, as long as nobody judged it.
    pub fn form(&self, block: usize) -> Form {
        self.nature
            .blocks
            .get(block)
            .map_or(Form::Prose, |nature| nature.form)
    }

    /// Takes a whole block out of the text.
    pub fn drop_block(&mut self, cause: &Cause, block: usize) {
        if self.without.holds(cause.rule) {
            return;
        }
        self.edit(cause, vec![Edit::delete(self.blocks[block].span.clone())]);
        self.blocks[block].dropped = true;
    }

    /// Says something about a span without changing it.
    pub fn remark(&mut self, cause: Cause, span: Span) {
        if !self.without.holds(cause.rule) {
            self.remarks.push(Remark { cause, span });
        }
    }

    /// A span as it reads after the changes so far.
    pub fn reading(&self, span: Span) -> Reading<'_> {
        let changes = self.changes_within(&span);
        let mut reading = Reading {
            text: Cow::Borrowed(""),
            span: span.clone(),
            patches: Vec::new(),
        };
        if changes.is_empty() {
            reading.text = Cow::Borrowed(&self.text[span]);
            return reading;
        }
        let mut text = String::with_capacity(span.len());
        reading.patches.reserve_exact(changes.len());
        let mut at = span.start;
        for change in changes {
            text.push_str(&self.text[at..change.span.start]);
            let start = text.len();
            text.push_str(&change.with);
            reading.patches.push(Patch {
                now: start..text.len(),
                came: change.span.clone(),
            });
            at = change.span.end;
        }
        text.push_str(&self.text[at..span.end]);
        reading.text = Cow::Owned(text);
        reading
    }

    /// The text after all changes and moves.
    pub fn clean(&self) -> String {
        match &self.order {
            None => self.reading(0..self.text.len()).text.into_owned(),
            Some(order) => order
                .iter()
                .map(|span| self.reading(span.clone()).text)
                .collect(),
        }
    }

    /// The spans of each article in the order of its clean text.
    pub(crate) fn orders_of_articles(&self) -> Vec<Vec<Span>> {
        let mut orders: Vec<Vec<Span>> = Vec::new();
        for span in self.order().iter() {
            let begins = self
                .articles
                .get(orders.len())
                .is_some_and(|article| article.start == span.start);
            if begins || orders.is_empty() {
                orders.push(Vec::new());
            }
            orders
                .last_mut()
                .expect("one was pushed")
                .push(span.clone());
        }
        orders
    }

    /// The clean text, article by article: joined with `BETWEEN_ARTICLES`, it is the text of the page.
    pub fn clean_articles(&self) -> Vec<String> {
        let text = |order: Vec<Span>| {
            order
                .into_iter()
                .map(|span| self.reading(span).text)
                .collect()
        };
        let mut texts: Vec<String> = self.orders_of_articles().into_iter().map(text).collect();
        let last = texts.len().saturating_sub(1);
        for text in &mut texts[..last] {
            let length = text
                .strip_suffix(BETWEEN_ARTICLES)
                .expect("a blank line follows a paragraph")
                .len();
            text.truncate(length);
        }
        texts
    }
}

/// What stands between two articles of a page.
pub const BETWEEN_ARTICLES: &str = "\n\n";

/// A span of a page as it reads now, and where each byte of it came from.
#[derive(Debug)]
pub struct Reading<'a> {
    pub text: Cow<'a, str>,
    /// The span of the text as it came.
    pub span: Span,
    patches: Vec<Patch>,
}

/// `now` in the reading stands for `came` in the text as it came.
#[derive(Debug)]
struct Patch {
    now: Span,
    came: Span,
}

impl Reading<'_> {
    /// Whether it reads otherwise than the text as it came.
    pub fn is_changed(&self) -> bool {
        !self.patches.is_empty()
    }

    /// Where a byte of the reading comes from; inside changed text, where that began.
    pub fn origin(&self, at: usize) -> usize {
        let after = self.patches.partition_point(|p| p.now.end <= at);
        match self.patches.get(after) {
            Some(patch) if patch.now.start <= at && !patch.now.is_empty() => patch.came.start,
            _ => self.unchanged(after, at),
        }
    }

    /// An edit of the reading as an edit of the text as it came, widened to take whole what was changed before.
    pub fn trace(&self, edit: Edit) -> Edit {
        let Edit { span, mut with } = edit;
        let low = self.patches.partition_point(|p| p.now.end <= span.start);
        let high = self.patches.partition_point(|p| p.now.start < span.end);
        let mut start = self.unchanged(low, span.start);
        let mut end = self.unchanged(high, span.end);
        if let Some(first) = self.patches[low..high.max(low)].first()
            && first.now.start < span.start
        {
            start = first.came.start;
            with.insert_str(0, &self.text[first.now.start..span.start]);
        }
        if high > low && self.patches[high - 1].now.end > span.end {
            let last = &self.patches[high - 1];
            end = last.came.end;
            with.push_str(&self.text[span.end..last.now.end]);
        }
        Edit {
            span: start..end.max(start),
            with,
        }
    }

    /// Where a byte in unchanged text comes from, after the first `patches` patches.
    fn unchanged(&self, patches: usize, at: usize) -> usize {
        match patches.checked_sub(1).map(|last| &self.patches[last]) {
            Some(last) if at >= last.now.end => last.came.end + (at - last.now.end),
            Some(last) => last.came.start,
            None => self.span.start + at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cause::CauseId;
    use super::*;

    #[test]
    fn an_edit_of_changed_text_lands_in_the_text_as_it_came() {
        let mut page = Page::new("p", "abcdef");
        page.edit(
            &Cause::certain(CauseId::Nfc),
            vec![Edit::new(1..2, "XYZ"), Edit::delete(4..5)],
        );
        let reading = page.reading(0..6);
        assert_eq!(reading.text, "aXYZcdf");
        assert_eq!(
            [
                reading.origin(0),
                reading.origin(2),
                reading.origin(4),
                reading.origin(6)
            ],
            [0, 1, 2, 5]
        );
        assert_eq!(reading.trace(Edit::new(2..3, "!")), Edit::new(1..2, "X!Z"));
        assert_eq!(reading.trace(Edit::new(3..6, "-")), Edit::new(1..4, "XY-"));
        let edit = reading.trace(Edit::new(0..2, ""));
        page.edit(&Cause::certain(CauseId::Width), vec![edit]);
        assert_eq!(page.clean(), "YZcdf");
        assert_eq!(page.changes()[0].also, [CauseId::Nfc]);
    }

    #[test]
    fn the_order_of_spans_is_the_order_of_the_clean_text() {
        let mut page = Page::new("p", "aabbcc");
        page.edit(&Cause::certain(CauseId::Nfc), vec![Edit::new(2..3, "B")]);
        page.reorder(vec![0..2, 4..6, 2..4]);
        assert_eq!(page.clean(), "aaccBb");
    }
}
