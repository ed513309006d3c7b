//! A page as layout tools write it: blocks of known kinds in reading order, and separately what surrounds the text.

use super::{Document, Item, Items, Refused};
use crate::page::Kind;
use crate::page::hints::LAYOUT;
use crate::segment;
use crate::text::lines;
use serde_json::{Map, Value, json};
use std::iter::repeat_n;

// names in the metadata for what is not part of the text
pub(super) const HEADERS: &str = "headers";
pub(super) const FOOTERS: &str = "footers";
pub(super) const PAGE_NUMBERS: &str = "page_numbers";
pub(super) const FOOTNOTES: &str = "footnotes";
/// Text in the margins; what a tool left out without saying why.
pub(super) const ASIDES: &str = "asides";
/// Text inside pictures.
pub(super) const PICTURE_TEXTS: &str = "picture_texts";
/// Paths of pictures that were cut out.
pub(super) const IMAGES: &str = "images";

/// A page of a file that a layout tool wrote.
#[derive(Default)]
pub(super) struct ToolPage {
    /// Its number in the file, from 1.
    pub number: u64,
    pub metadata: Map<String, Value>,
    text: String,
    kinds: Vec<Option<Kind>>,
}

impl ToolPage {
    pub(super) fn new(number: u64) -> Self {
        ToolPage {
            number,
            ..ToolPage::default()
        }
    }

    /// Adds text: blocks of that kind, or with `None` of whatever kind they look like.
    pub(super) fn text(&mut self, kind: impl Into<Option<Kind>>, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text += "\n\n";
        }
        self.text += text;
        self.kinds
            .extend(repeat_n(kind.into(), segment::lines(text).len()));
    }

    /// Adds a headline with the marks that Markdown gives its level.
    pub(super) fn headline(&mut self, level: u64, text: &str) {
        let marks = "#".repeat(level.clamp(1, 6) as usize);
        let lines = text.lines().map(|line| match line.trim() {
            marked if marked.starts_with('#') => lines::without_mark(marked).0,
            line => line,
        });
        let lines: Vec<String> = lines
            .filter(|line| !line.is_empty())
            .map(|line| format!("{marks} {line}"))
            .collect();
        self.text(Kind::Headline, &lines.join("\n"));
    }

    /// Adds a table, in HTML or in Markdown, without the document that a tool wrapped around it.
    pub(super) fn table(&mut self, table: &str) {
        let mut table = table.trim();
        for (open, close) in [("<html>", "</html>"), ("<body>", "</body>")] {
            let inside = table
                .strip_prefix(open)
                .map(|rest| rest.strip_suffix(close).unwrap_or(rest));
            table = inside.map_or(table, str::trim);
        }
        self.text(Kind::Table, table);
    }

    /// Adds code in a fence.
    pub(super) fn code(&mut self, language: &str, code: &str) {
        let code = code.trim_matches('\n');
        if code.trim().is_empty() {
            return;
        }
        let fence = if code.contains("```") { "~~~" } else { "```" };
        let opening = format!("{fence}{language}");
        let opening = if lines::opens_wrapper(&opening) || language.contains('\n') {
            fence
        } else {
            &opening
        };
        self.text(Kind::Code, &format!("{opening}\n{code}\n{fence}"));
    }

    /// Adds a formula on a line of its own.
    pub(super) fn formula(&mut self, formula: &str) {
        let formula = formula.trim();
        if formula.starts_with('$') || formula.starts_with("\\[") || formula.is_empty() {
            self.text(None, formula);
        } else {
            self.text(None, &format!("$$ {formula} $$"));
        }
    }

    /// Keeps in the metadata what is not part of the text. Of pictures only the paths are kept.
    pub(super) fn aside(&mut self, key: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() || key == IMAGES && text.starts_with("data:") {
            return;
        }
        match self.metadata.get_mut(key) {
            Some(Value::Array(texts)) => texts.push(text.into()),
            _ => drop(self.metadata.insert(key.into(), json!([text]))),
        }
    }

    fn document(mut self, name: &str, is_alone: bool) -> Document {
        let id = if is_alone {
            name.to_string()
        } else {
            format!("{name}#page-{}", self.number)
        };
        self.metadata.insert("page".into(), self.number.into());
        // if one text opens a fence and another closes it, the blocks are not the ones that were counted: say nothing
        let fits = self.kinds.len() == segment::lines(&self.text).len();
        if fits && self.kinds.iter().any(Option::is_some) {
            self.metadata.insert(LAYOUT.into(), json!(self.kinds));
        }
        Document::converted(id, self.text, name.into(), self.metadata)
    }
}

/// The documents of a file's pages; the only page of a file has the file's name. A page that is not as the tool writes it
/// is refused.
pub(super) fn items(name: &str, pages: Vec<Result<ToolPage, String>>) -> Items {
    let (name, is_alone) = (name.to_string(), pages.len() == 1);
    Box::new(pages.into_iter().map(move |page| match page {
        Ok(page) => Item::Document(Box::new(page.document(&name, is_alone))),
        Err(error) => Item::Refused(Refused::file(&name, error)),
    }))
}
