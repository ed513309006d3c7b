//! docling: a document's texts, tables and pictures, in the order in which its body refers to them.

use super::fields::{self, list, string};
use super::input::Input;
use super::tool_page::{self, ASIDES, FOOTERS, FOOTNOTES, HEADERS, PICTURE_TEXTS, ToolPage};
use super::{Format, Items, Options, Tool};
use crate::page::Kind;
use crate::text::latin::joined;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "docling",
    about: "docling's JSON, a document a page; one without pages, as of a web page, is one",
    loses: Some(
        "boxes, pictures, links, styles, forms and merged cells; heads, feet and footnotes go to metadata",
    ),
    endings: &["json"],
    tools: &[Tool {
        says: &[".json"],
        also: &[(".md", None), (".html", None), (".txt", None)],
    }],
    begins: |head| fields::has_names(head, &["schema_name"]) && contains(head, b"DoclingDocument"),
    read,
};

fn contains(head: &[u8], name: &[u8]) -> bool {
    head.windows(name.len()).any(|bytes| bytes == name)
}

fn read(input: Input, _: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let document = fields::value(input)?;
    let mut walk = Walk::new(&document).map_err(io::Error::other)?;
    for root in ["body", "furniture"] {
        walk.children(&document[root], false);
    }
    // captions of what is not in the body
    for caption in std::mem::take(&mut walk.captions) {
        walk.reference(caption, false);
    }
    Ok(tool_page::items(&name, walk.pages.into_values().collect()))
}

struct Walk<'d> {
    document: &'d Value,
    /// What was placed already, by its address: nothing is placed twice, and a circle ends.
    seen: HashSet<*const Value>,
    /// Texts that wait for their picture or table.
    captions: BTreeSet<&'d str>,
    pages: BTreeMap<u64, Result<ToolPage, String>>,
    /// The page of the last block.
    page: u64,
    depth: usize,
}

impl<'d> Walk<'d> {
    fn new(document: &'d Value) -> Result<Self, String> {
        let mut pages = BTreeMap::new();
        for number in document["pages"]
            .as_object()
            .into_iter()
            .flat_map(|pages| pages.keys())
        {
            let number = number
                .parse()
                .map_err(|_| format!("a page of \"pages\" is called {number:?}, not a number"))?;
            pages.insert(number, Ok(ToolPage::new(number)));
        }
        let page = pages.keys().next().copied().unwrap_or(1);
        let mut captions = BTreeSet::new();
        for owner in list(document, "pictures")?
            .iter()
            .chain(list(document, "tables")?)
        {
            captions.extend(
                owner["captions"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(target),
            );
        }
        list(document, "texts")?;
        if !document["body"].is_object() {
            return Err("no \"body\", which says in what order the texts stand".into());
        }
        Ok(Walk {
            document,
            seen: HashSet::new(),
            captions,
            pages,
            page,
            depth: 0,
        })
    }

    fn children(&mut self, parent: &'d Value, in_picture: bool) {
        parent["children"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(target)
            .for_each(|path| {
                if !self.captions.contains(path) {
                    self.reference(path, in_picture);
                }
            });
    }

    /// Places what a reference leads to, and what that holds.
    fn reference(&mut self, path: &str, in_picture: bool) {
        let Some(item) = self.item(path) else {
            return self.refuse(format!("there is no {path}"));
        };
        if !self.seen.insert(std::ptr::from_ref(item)) {
            return;
        }
        if self.depth == MOST_DEPTH {
            return self.refuse(format!("{path} is nested more than {MOST_DEPTH} deep"));
        }
        self.page = item["prov"][0]["page_no"].as_u64().unwrap_or(self.page);
        if let Err(error) = self.place(item, in_picture) {
            self.refuse(format!("{path}: {error}"));
        }
        self.depth += 1;
        self.children(item, in_picture || path.starts_with("#/pictures/"));
        self.depth -= 1;
    }

    fn refuse(&mut self, error: String) {
        let page = self.page;
        self.pages
            .insert(page, Err(format!("page {page}: {error}")));
    }

    fn place(&mut self, item: &'d Value, in_picture: bool) -> Result<(), String> {
        let label = string(item, "label")?;
        let captions: Vec<&'d str> = list(item, "captions")?.iter().filter_map(target).collect();
        let is_table = item["data"].is_object() && item["data"]["grid"].is_array();
        if is_table {
            self.captioned(&captions);
        }
        let number = self.page;
        let (text, label, item) = match label {
            "inline" => self.inline(item)?,
            label => (string(item, "text")?.to_string(), label, item),
        };
        let page = self.pages.entry(number);
        let Ok(page) = page.or_insert_with(|| Ok(ToolPage::new(number))) else {
            return Ok(());
        };
        if is_table {
            page.table(&rows(&item["data"]["grid"])?);
        } else {
            put(page, label, item, &text, in_picture);
            self.captioned(&captions);
        }
        Ok(())
    }

    /// The text of a paragraph in pieces. Its kind is that of its owner, a text item whose own text is empty.
    fn inline(&mut self, group: &'d Value) -> Result<(String, &'d str, &'d Value), String> {
        let mut pieces = Vec::new();
        for path in list(group, "children")?.iter().filter_map(target) {
            let piece = self
                .item(path)
                .ok_or_else(|| format!("there is no {path}"))?;
            if self.seen.insert(std::ptr::from_ref(piece)) {
                let text = string(piece, "text")?;
                pieces.push(if piece["label"] == "formula" {
                    format!("${text}$")
                } else {
                    text.to_string()
                });
            }
        }
        let owner = target(&group["parent"])
            .and_then(|path| self.item(path))
            .filter(|owner| owner["text"] == "");
        let owner = owner.unwrap_or(group);
        let label = if owner["text"] == "" {
            string(owner, "label")?
        } else {
            "text"
        };
        Ok((joined(pieces), label, owner))
    }

    fn item(&self, path: &str) -> Option<&'d Value> {
        self.document.pointer(path.strip_prefix('#')?)
    }

    /// Places captions beside what they belong to.
    fn captioned(&mut self, captions: &[&'d str]) {
        for caption in captions {
            self.captions.remove(caption);
            self.reference(caption, false);
        }
    }
}

/// Puts the text of an item on its page, as its label says.
fn put(page: &mut ToolPage, label: &str, item: &Value, text: &str, in_picture: bool) {
    match label {
        "page_header" => page.aside(HEADERS, text),
        "page_footer" => page.aside(FOOTERS, text),
        "footnote" => page.aside(FOOTNOTES, text),
        _ if item["content_layer"] == "furniture" => page.aside(HEADERS, text),
        // a watermark, a speaker's notes, text that is not shown
        _ if !matches!(item["content_layer"].as_str(), None | Some("body")) => {
            page.aside(ASIDES, text)
        }
        "caption" => page.text(Kind::Caption, text),
        _ if in_picture => page.aside(PICTURE_TEXTS, text),
        "title" => page.headline(1, text),
        "section_header" => {
            page.headline(item["level"].as_u64().unwrap_or(1).saturating_add(1), text)
        }
        "list_item" => page.text(Kind::List, &numbered(item, text)),
        "code" => {
            let language = item["code_language"].as_str();
            let language = language.filter(|language| *language != "unknown");
            page.code(language.unwrap_or_default(), text);
        }
        "formula" => page.formula(text),
        _ => page.text(None, text),
    }
}

/// An item of a list with its number, which docling takes off the text.
fn numbered(item: &Value, text: &str) -> String {
    let number = item["marker"]
        .as_str()
        .map(str::trim)
        .filter(|_| item["enumerated"] == true);
    match number.filter(|number| !number.is_empty() && !text.trim_start().starts_with(number)) {
        Some(number) => format!("{number} {text}"),
        None => text.to_string(),
    }
}

/// Most groups inside groups; deeper nesting is damage.
const MOST_DEPTH: usize = 100;

/// What a reference leads to, as #/texts/3.
fn target(reference: &Value) -> Option<&str> {
    reference["$ref"].as_str().or(reference["cref"].as_str())
}

/// A table's rows in Markdown; a cell that spans several stands in each.
fn rows(grid: &Value) -> Result<String, String> {
    let mut lines = Vec::new();
    for row in grid.as_array().into_iter().flatten() {
        let cells = row
            .as_array()
            .ok_or("a row of the \"grid\" is not a list")?;
        let texts = cells.iter().map(|cell| {
            Ok(string(cell, "text")?
                .replace('|', "\\|")
                .replace(['\r', '\n'], " "))
        });
        let texts = texts.collect::<Result<Vec<_>, String>>()?;
        lines.push(format!("| {} |", texts.join(" | ")));
        let is_head = lines.len() == 1 && cells.iter().any(|cell| cell["column_header"] == true);
        if is_head {
            lines.push(format!("|{}", " --- |".repeat(cells.len())));
        }
    }
    Ok(lines.join("\n"))
}
