//! MinerU: the blocks of a document in reading order, a document a page.

use super::input::Input;
use super::layout::{
    self, ASIDES, FOOTERS, FOOTNOTES, HEADERS, IMAGES, PAGE_NUMBERS, PICTURE_TEXTS, Sheet, list,
    string,
};
use super::{Format, Items, Options, docvortex, json};
use crate::page::Kind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "mineru",
    about: "MinerU's content_list.json (also _v2), middle.json and structured_content.json, a document a page",
    loses: Some(
        "boxes, scores and pictures; paths of pictures, heads, feet and footnotes go to metadata",
    ),
    endings: &["json"],
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
            && (layout::has_names(head, &["pdf_info"]) || docvortex::begins(head));
    };
    match inside.trim_ascii_start().first() {
        Some(b'[') => layout::has_names(inside, &["type", "content"]),
        // what has an id is a record of its own
        Some(b'{') => {
            layout::has_names(inside, &["type", "page_idx"]) && !layout::has_names(inside, &["id"])
        }
        _ => false,
    }
}

fn read(input: Input, _: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let pages = match json::value(input)? {
        Value::Array(blocks) if blocks.iter().all(Value::is_array) => {
            let pages = blocks.iter().zip(1..);
            pages
                .map(|(blocks, number)| {
                    sheet(number, blocks.as_array().into_iter().flatten(), place)
                })
                .collect()
        }
        Value::Array(blocks) => pages_of_list(&blocks),
        document if document["pages"].is_array() => {
            docvortex::pages(&document).map_err(io::Error::other)?
        }
        middle => pages_of_middle(&middle).map_err(io::Error::other)?,
    };
    Ok(layout::items(&name, pages))
}

/// A page of blocks. The error says which block is wrong.
pub(super) fn sheet<'a>(
    number: u64,
    blocks: impl Iterator<Item = &'a Value>,
    place: fn(&mut Sheet, &Value) -> Result<(), String>,
) -> Result<Sheet, String> {
    let mut sheet = Sheet::new(number);
    for (block, at) in blocks.zip(1..) {
        place(&mut sheet, block).map_err(|error| format!("page {number}, block {at}: {error}"))?;
    }
    Ok(sheet)
}

fn pages_of_list(blocks: &[Value]) -> Vec<Result<Sheet, String>> {
    let mut pages: BTreeMap<u64, Vec<&Value>> = BTreeMap::new();
    let mut last = 0;
    for block in blocks {
        last = block["page_idx"].as_u64().unwrap_or(last);
        pages.entry(last).or_default().push(block);
    }
    pages
        .into_iter()
        .map(|(index, blocks)| sheet(index.saturating_add(1), blocks.into_iter(), place))
        .collect()
}

/// What goes to the metadata, by the type of its block: in content lists of the first and of the second version.
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

pub(super) fn around(sort: &str) -> Option<&'static str> {
    AROUND
        .iter()
        .find(|(name, _)| *name == sort)
        .map(|(_, key)| *key)
}

/// Puts a block of a content list on its page. In the second version its fields stand in `content`.
fn place(sheet: &mut Sheet, block: &Value) -> Result<(), String> {
    if !block.is_object() {
        return Err("not an object".into());
    }
    let sort = string(block, "type")?;
    let fields = if block["content"].is_object() {
        &block["content"]
    } else {
        block
    };
    let all = |names: &[&str]| {
        names
            .iter()
            .map(|name| texts(fields, name))
            .collect::<Result<Vec<_>, _>>()
    };
    let lines = |names: &[&str]| Ok::<String, String>(all(names)?.concat().join("\n"));
    if let Some(key) = around(sort) {
        sheet.aside(key, &lines(&["text", &format!("{sort}_content")])?);
        return Ok(());
    }
    match sort {
        "" => return Err("no \"type\"".into()),
        "image" | "chart" | "table" => {
            for path in [
                &fields["img_path"],
                &fields[format!("{sort}_path")],
                &fields["image_source"]["path"],
            ] {
                sheet.aside(IMAGES, path.as_str().unwrap_or_default());
            }
            let caption = lines(&["img_caption", &format!("{sort}_caption")])?;
            if sort == "table" {
                sheet.text(Kind::Caption, &caption);
                sheet.table(&lines(&["table_body", "html"])?);
            } else {
                sheet.aside(PICTURE_TEXTS, &lines(&["text", "content"])?);
                sheet.text(Kind::Caption, &caption);
            }
            sheet.text(
                Kind::Caption,
                &lines(&["img_footnote", &format!("{sort}_footnote")])?,
            );
        }
        "code" | "algorithm" => {
            sheet.text(
                Kind::Caption,
                &lines(&["code_caption", "algorithm_caption"])?,
            );
            let language = all(&["code_language", "guess_lang"])?.concat().concat();
            sheet.code(
                &language,
                &lines(&["code_body", "code_content", "algorithm_content"])?,
            );
            sheet.text(
                Kind::Caption,
                &lines(&["code_footnote", "algorithm_footnote"])?,
            );
        }
        "list" | "index" => sheet.text(Kind::List, &lines(&["text", "list_items"])?),
        "equation" | "equation_interline" | "interline_equation" => {
            sheet.formula(&lines(&["text", "math_content"])?)
        }
        _ => {
            let level = fields["text_level"].as_u64().or(fields["level"].as_u64());
            let content = format!("{sort}_content");
            let content = if fields[&content].is_null() {
                "paragraph_content"
            } else {
                &content
            };
            let text = lines(&["text", content])?;
            match level.unwrap_or(u64::from(sort == "title")) {
                0 => sheet.text(None, &text),
                level => sheet.headline(level, &text),
            }
        }
    }
    Ok(())
}

/// The texts of a field: a string, a list of strings, or the pieces of one text as objects with their content.
fn texts(fields: &Value, name: &str) -> Result<Vec<String>, String> {
    let wrong = |value: &Value| format!("{name:?} is {}, not text", layout::sort_of(value));
    match &fields[name] {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(items) if name != "list_items" && items.iter().any(Value::is_object) => {
            Ok(vec![
                piece(&fields[name]).ok_or_else(|| wrong(&fields[name]))?,
            ])
        }
        Value::Array(items) => items
            .iter()
            .map(|item| piece(item).ok_or_else(|| wrong(item)))
            .collect(),
        other => piece(other)
            .map(|text| vec![text])
            .ok_or_else(|| wrong(other)),
    }
}

/// A piece of a text, with all that it is made of.
pub(super) fn piece(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(pieces) => Some(layout::joined(
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

// ---- middle.json

fn pages_of_middle(middle: &Value) -> Result<Vec<Result<Sheet, String>>, String> {
    let pages = middle["pdf_info"]
        .as_array()
        .ok_or("\"pdf_info\" is no list of pages")?;
    let sheets = pages.iter().zip(0..).map(|(page, at)| {
        let number = page["page_idx"].as_u64().unwrap_or(at).saturating_add(1);
        let blocks = ["para_blocks", "preproc_blocks"].map(|name| list(page, name));
        let [paragraphs, raw] =
            blocks.map(|blocks| blocks.map_err(|error| format!("page {number}: {error}")));
        let (paragraphs, raw) = (paragraphs?, raw?);
        let blocks = if paragraphs.is_empty() {
            raw
        } else {
            paragraphs
        };
        let discarded =
            list(page, "discarded_blocks").map_err(|error| format!("page {number}: {error}"))?;
        sheet(number, blocks.iter().chain(discarded), place_middle)
    });
    Ok(sheets.collect())
}

/// Puts a block of middle.json on its page: its text stands in the spans of its lines, or of those of the blocks in it.
fn place_middle(sheet: &mut Sheet, block: &Value) -> Result<(), String> {
    let sort = string(block, "type")?;
    if !block.is_object() {
        return Err("not an object".into());
    }
    let inside = list(block, "blocks")?;
    if !inside.is_empty() && !matches!(sort, "list" | "index") {
        // a picture's text, then what is said of it
        let (said, shown): (Vec<&Value>, Vec<&Value>) = inside
            .iter()
            .partition(|block| string(block, "type").is_ok_and(|sort| !sort.ends_with("_body")));
        let (above, below) = if sort == "table" {
            (said, shown)
        } else {
            (shown, said)
        };
        return above
            .into_iter()
            .chain(below)
            .try_for_each(|block| place_middle(sheet, block));
    }
    let text = text_of_block(block)?;
    match sort {
        _ if around(sort).is_some() => sheet.aside(around(sort).unwrap_or(ASIDES), &text),
        "title" => sheet.headline(block["level"].as_u64().unwrap_or(1), &text),
        "list" | "index" => {
            let items = inside
                .iter()
                .map(text_of_block)
                .collect::<Result<Vec<_>, _>>()?;
            sheet.text(Kind::List, &format!("{text}\n{}", items.join("\n")));
        }
        "table_body" => sheet.table(&text),
        "image_body" | "chart_body" => sheet.aside(PICTURE_TEXTS, &text),
        "code_body" | "algorithm_body" => sheet.code("", &text),
        "interline_equation" => sheet.formula(&text),
        _ if sort.ends_with("_caption") || sort.ends_with("_footnote") => {
            sheet.text(Kind::Caption, &text)
        }
        _ => sheet.text(None, &text),
    }
    for span in list(block, "lines")?
        .iter()
        .flat_map(|line| line["spans"].as_array().into_iter().flatten())
    {
        sheet.aside(
            IMAGES,
            span["image_path"]
                .as_str()
                .or(span["img_path"].as_str())
                .unwrap_or_default(),
        );
    }
    Ok(())
}

fn text_of_block(block: &Value) -> Result<String, String> {
    let is_listed = matches!(
        string(block, "type")?,
        "list" | "index" | "code_body" | "algorithm_body"
    );
    let mut lines = Vec::new();
    for line in list(block, "lines")? {
        let spans = list(line, "spans")?.iter().map(|span| {
            let text = if span["html"].is_string() {
                string(span, "html")?
            } else {
                string(span, "content")?
            };
            let is_formula = span["type"] == "inline_equation";
            Ok::<_, String>(if is_formula {
                format!("${text}$")
            } else {
                text.to_string()
            })
        });
        lines.push(layout::joined(spans.collect::<Result<Vec<_>, _>>()?));
    }
    Ok(if is_listed {
        lines.join("\n")
    } else {
        layout::joined(lines)
    })
}
