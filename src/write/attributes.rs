//! Attributes that speak of spans of a document's text, as those of dolma and olmOCR do, rewritten for its clean text.

use crate::page::Page;
use crate::page::edit::Span;
use crate::page::metadata::Metadata;
use serde_json::value::{RawValue, to_raw_value};

/// What a text of the page became: where each of its characters is in the clean text, and where those came from.
pub(crate) struct Offsets {
    /// In the order of the text as it came.
    pieces: Vec<Piece>,
    /// Characters of the clean text.
    length: usize,
    /// Where each character of the text as it came begins, and where the last ends.
    starts: Vec<usize>,
}

/// A piece of the clean text that came from one place.
struct Piece {
    /// Bytes of the text as it came.
    came: Span,
    /// Characters of the clean text.
    now: Span,
    /// It reads as it came; else it stands whole for what it replaces.
    is_same: bool,
}

impl Offsets {
    /// Of the clean text that spans of the page, in this order, are; it may have been cut short to that many characters.
    pub(crate) fn of(page: &Page, order: &[Span], length: usize) -> Self {
        let text = page.text();
        let mut pieces = Vec::new();
        let mut now = 0;
        let mut put = |came: Span, with: Option<&str>| {
            let count = with.unwrap_or(&text[came.clone()]).chars().count();
            let end = (now + count).min(length);
            if now < end {
                pieces.push(Piece {
                    came,
                    now: now..end,
                    is_same: with.is_none(),
                });
            }
            now = end;
        };
        for span in order {
            let mut at = span.start;
            for change in page.changes_within(span) {
                put(at..change.span.start, None);
                put(change.span.clone(), Some(&change.with));
                at = change.span.end;
            }
            put(at..span.end, None);
        }
        pieces.sort_by_key(|piece| (piece.came.start, piece.came.end));
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Offsets {
            pieces,
            length,
            starts: ends.collect(),
        }
    }

    /// Where the characters of a span of the text as it came are now, in order; nothing, if none is left.
    fn places(&self, text: &str, span: Span) -> Vec<Span> {
        let byte = |character: usize| self.starts[character.min(self.starts.len() - 1)];
        let came = byte(span.start)..byte(span.end);
        let first = self
            .pieces
            .partition_point(|piece| piece.came.end < came.start);
        let mut places: Vec<Span> = self.pieces[first..]
            .iter()
            .take_while(|piece| piece.came.start < came.end)
            .filter_map(|piece| piece.place(text, &came))
            .collect();
        places.sort_by_key(|place| place.start);
        merged(places)
    }

    /// The attributes with their spans in the clean text: lists of [start, end, what], counted in characters. A span whose
    /// text was moved apart is several; one of which nothing is left is empty, where its text would stand. All else stays.
    pub(crate) fn rewritten(&self, text: &str, attributes: &RawValue) -> Box<RawValue> {
        let Ok(fields) = serde_json::from_str::<Metadata>(attributes.get()) else {
            return attributes.to_owned();
        };
        let mut rewritten = Metadata::new();
        for (name, value) in fields {
            let spans: Vec<(usize, usize, &RawValue)> =
                serde_json::from_str(value.get()).unwrap_or_default();
            let are_spans = !spans.is_empty() && spans.iter().all(|(start, end, _)| start <= end);
            let value = if are_spans {
                self.of_attribute(text, &spans)
            } else {
                value
            };
            rewritten.push(name, value);
        }
        to_raw_value(&rewritten).expect("its values are JSON")
    }

    /// Of spans [start, end, what], in characters.
    fn of_attribute(&self, text: &str, spans: &[(usize, usize, &RawValue)]) -> Box<RawValue> {
        let mut rewritten: Vec<(Span, &RawValue)> = Vec::new();
        let mut last_end = 0;
        for (start, end, what) in spans {
            let mut places = self.places(text, *start..*end);
            if places.is_empty() {
                let at = last_end.min(self.length);
                places.push(at..at);
            }
            last_end = places.last().map_or(last_end, |place| place.end);
            rewritten.extend(places.into_iter().map(|place| (place, *what)));
        }
        rewritten.sort_by_key(|(place, _)| (place.start, place.end));
        let spans: Vec<_> = rewritten
            .into_iter()
            .map(|(place, what)| (place.start, place.end, what))
            .collect();
        to_raw_value(&spans).expect("its values are JSON")
    }
}

impl Piece {
    /// Where what it has of that span of the text as it came is in the clean text.
    fn place(&self, text: &str, came: &Span) -> Option<Span> {
        if !self.is_same {
            return came.contains(&self.came.start).then(|| self.now.clone());
        }
        let shared = self.came.start.max(came.start)..self.came.end.min(came.end);
        if shared.is_empty() {
            return None;
        }
        let count = |span: Span| text[span].chars().count();
        let start = self.now.start + count(self.came.start..shared.start);
        let end = (start + count(shared)).min(self.now.end);
        (start < end).then_some(start..end)
    }
}

/// Places in order, those that touch as one.
fn merged(places: Vec<Span>) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::new();
    for place in places {
        match merged.last_mut() {
            Some(last) if last.end == place.start => last.end = place.end,
            _ => merged.push(place),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::edit::{Cause, Edit};
    use serde_json::{Value, json};

    /// Two pages of a text, of which a piece each went, and what their spans are then.
    fn rewritten(order: Option<Vec<Span>>, edits: Vec<Edit>) -> (String, Value) {
        let mut page = Page::new("p", "甲乙丙\n丁戊己\n");
        page.edit(&Cause::certain(crate::page::cause::CauseId::Width), edits);
        order.into_iter().for_each(|order| page.reorder(order));
        let clean = page.clean();
        let offsets = Offsets::of(&page, &page.order(), clean.chars().count());
        let attributes =
            json!({"pages": [[0, 4, 1], [4, 8, 2]], "language": ["zh", null], "odd": [[1, 2]]});
        let rewritten = offsets.rewritten(page.text(), &to_raw_value(&attributes).unwrap());
        let rewritten: Value = serde_json::from_str(rewritten.get()).unwrap();
        assert_eq!(
            (&rewritten["language"], &rewritten["odd"]),
            (&attributes["language"], &attributes["odd"])
        );
        (clean, rewritten["pages"].clone())
    }

    #[test]
    fn spans_say_where_their_text_is_now() {
        assert_eq!(rewritten(None, vec![]).1, json!([[0, 4, 1], [4, 8, 2]]));
        // 乙 goes, 己 becomes two
        let (clean, spans) = rewritten(None, vec![Edit::delete(3..6), Edit::new(16..19, "庚辛")]);
        assert_eq!(
            (clean.as_str(), spans),
            ("甲丙\n丁戊庚辛\n", json!([[0, 3, 1], [3, 8, 2]]))
        );
        // a break between the pages goes with what stood at it
        let (clean, spans) = rewritten(None, vec![Edit::new(6..13, "：")]);
        assert_eq!(
            (clean.as_str(), spans),
            ("甲乙：戊己\n", json!([[0, 3, 1], [3, 6, 2]]))
        );
    }

    #[test]
    fn what_was_moved_apart_has_several_spans() {
        // 丙 and its line break go to the end
        let (clean, spans) = rewritten(Some(vec![0..6, 10..20, 6..10]), vec![]);
        assert_eq!(
            (clean.as_str(), spans),
            ("甲乙丁戊己\n丙\n", json!([[0, 2, 1], [2, 6, 2], [6, 8, 1]]))
        );
    }

    #[test]
    fn what_is_gone_has_an_empty_span() {
        let (_, spans) = rewritten(None, vec![Edit::delete(10..20)]);
        assert_eq!(spans, json!([[0, 4, 1], [4, 4, 2]]));
        let (_, spans) = rewritten(None, vec![Edit::delete(0..10)]);
        assert_eq!(spans, json!([[0, 0, 1], [0, 4, 2]]));
    }
}
