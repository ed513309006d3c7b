//! MinerU: the blocks of pages in reading order; each page is a document.

mod list;
mod middle;
mod v4;

use super::input::Input;
use super::tool_page::{
    self, ASIDES, FOOTERS, FOOTNOTES, HEADERS, PAGE_NUMBERS, PICTURE_TEXTS, ToolPage,
};
use super::{Format, Items, Options, Tool, fields};
use crate::text::latin::joined;
use serde_json::Value;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "mineru",
    about: "MinerU's content_list.json (also _v2), middle.json and structured_content.json, a document a page",
    loses: Some(
        "boxes, scores and pictures; paths of pictures, heads, feet and footnotes go to metadata",
    ),
    endings: &["json"],
    tools: &[
        Tool {
            says: &[
                "_content_list.json",
                "_content_list_v2.json",
                "_middle.json",
                ".middle.json",
                ".structured_content.json",
            ],
            also: &[(".md", None), ("_model.json", None)],
        },
        // from version 4 on, in a folder for each document
        Tool {
            says: &["middle_json.json", "structured_content.json"],
            also: &[("markdown.md", None), ("model_output.json", None)],
        },
        Tool {
            says: &[],
            also: &[(".md", None), ("_model.json", None)],
        },
        Tool {
            says: &[],
            also: &[("markdown.md", None), ("model_output.json", None)],
        },
    ],
    begins,
    read,
};

fn begins(head: &[u8]) -> bool {
    let head = head
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(head)
        .trim_ascii_start();
    let Some(inside) = head.strip_prefix(b"[") else {
        return head.starts_with(b"{")
            && (fields::has_names(head, &["pdf_info"]) || v4::begins(head));
    };
    match inside.trim_ascii_start().first() {
        Some(b'[') => fields::has_names(inside, &["type", "content"]),
        // what has an id is somebody's record, not MinerU's block
        Some(b'{') => {
            fields::has_names(inside, &["type", "page_idx"]) && !fields::has_names(inside, &["id"])
        }
        _ => false,
    }
}

fn read(input: Input, _: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let pages = match fields::value(input)? {
        Value::Array(blocks) if blocks.iter().all(Value::is_array) => {
            let pages = blocks.iter().zip(1..);
            pages
                .map(|(blocks, number)| {
                    read_page(number, blocks.as_array().into_iter().flatten(), list::place)
                })
                .collect()
        }
        Value::Array(blocks) => list::pages(&blocks),
        document if document["pages"].is_array() => {
            v4::pages(&document).map_err(io::Error::other)?
        }
        middle => middle::pages(&middle).map_err(io::Error::other)?,
    };
    Ok(tool_page::items(&name, pages))
}

/// Reads a page of blocks. The error says which block is wrong.
fn read_page<'a>(
    number: u64,
    blocks: impl Iterator<Item = &'a Value>,
    place: fn(&mut ToolPage, &Value) -> Result<(), String>,
) -> Result<ToolPage, String> {
    let mut page = ToolPage::new(number);
    for (block, at) in blocks.zip(1..) {
        place(&mut page, block).map_err(|error| format!("page {number}, block {at}: {error}"))?;
    }
    Ok(page)
}

/// Types of blocks that go to the metadata, and under which name: in content lists of both versions.
const AROUND: [(&str, &str); 10] = [
    ("header", HEADERS),
    ("page_header", HEADERS),
    ("footer", FOOTERS),
    ("page_footer", FOOTERS),
    ("page_number", PAGE_NUMBERS),
    ("aside_text", ASIDES),
    ("page_aside_text", ASIDES),
    ("discarded", ASIDES),
    ("page_footnote", FOOTNOTES),
    ("seal", PICTURE_TEXTS),
];

fn around(sort: &str) -> Option<&'static str> {
    AROUND
        .iter()
        .find(|(name, _)| *name == sort)
        .map(|(_, key)| *key)
}

/// The text of a piece, with the pieces that it is made of.
fn piece(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(pieces) => Some(joined(
            pieces.iter().map(piece).collect::<Option<Vec<_>>>()?,
        )),
        Value::Object(fields) => {
            let content = ["content", "item_content", "text"]
                .iter()
                .find_map(|name| fields.get(*name));
            let text = piece(content.unwrap_or(&Value::from("")))?;
            let is_formula = fields
                .get("type")
                .is_some_and(|sort| sort == "equation_inline");
            Some(if is_formula {
                format!("${text}$")
            } else {
                text
            })
        }
        _ => None,
    }
}
