//! MinerU from version 4 on: pages of blocks, with their spans (`docvortex.middle`) or in Markdown (structured content).

use super::{around, piece, read_page};
use crate::page::Kind;
use crate::read::fields::{self, list, string};
use crate::read::tool_page::{IMAGES, PICTURE_TEXTS, ToolPage};
use serde_json::Value;

pub(super) fn begins(head: &[u8]) -> bool {
    let has = |name: &str| fields::has_names(head, &[name]);
    has("pages") && has("page_idx") && (has("blocks") || has("file_suffix"))
}

pub(super) fn pages(document: &Value) -> Result<Vec<Result<ToolPage, String>>, String> {
    let pages = list(document, "pages")?.iter().zip(0..);
    let read = pages.map(|(page, at)| {
        let number = page["page_idx"].as_u64().unwrap_or(at).saturating_add(1);
        let blocks = list(page, "blocks").map_err(|error| format!("page {number}: {error}"))?;
        read_page(number, blocks.iter(), place)
    });
    Ok(read.collect())
}

fn place(page: &mut ToolPage, block: &Value) -> Result<(), String> {
    if !block.is_object() {
        return Err("not an object".into());
    }
    let sort = string(block, "type")?;
    let level = |usual: u64| block["level"].as_u64().unwrap_or(usual);
    match sort {
        "" => return Err("no \"type\"".into()),
        "image" | "chart" | "table" | "code" => return place_shown(page, block, sort),
        "list" | "index" => {
            page.text(Kind::List, &items(block)?.join("\n"));
            return Ok(());
        }
        _ => {}
    }
    let text = text(block)?;
    match sort {
        "doc_title" => page.headline(level(1), &text),
        "paragraph_title" => page.headline(level(2), &text),
        "ref_text" => page.text(Kind::List, &text),
        "equation" => {
            page.formula(&text);
            place_image(page, block);
        }
        _ => match around(sort) {
            Some(key) => page.aside(key, &text),
            None => page.text(None, &text),
        },
    }
    Ok(())
}

/// A picture, a chart, a table or code, with its captions and footnotes: blocks inside the block, or in structured content
/// its fields.
fn place_shown(page: &mut ToolPage, block: &Value, sort: &str) -> Result<(), String> {
    let inside = block["content"].as_array();
    let inside = inside.map(Vec::as_slice).unwrap_or_default();
    let said = |field: &str, ending: &str| {
        let of_field = list(block, field)?.iter();
        let of_block = inside.iter().filter(|child| is_sort(child, ending));
        let texts = of_field.chain(of_block).map(text);
        let texts = texts.collect::<Result<Vec<_>, _>>()?;
        Ok::<_, String>(texts.join("\n"))
    };
    let body = inside.iter().find(|child| is_sort(child, "_body"));
    let body = if inside.is_empty() { Some(block) } else { body };
    let shown = body.map(text).transpose()?.unwrap_or_default();
    let captions = said("captions", "_caption")?;
    match sort {
        "table" => {
            page.text(Kind::Caption, &captions);
            page.table(&shown);
        }
        "code" => {
            page.text(Kind::Caption, &captions);
            match shown.starts_with("```") {
                true => page.text(Kind::Code, &shown),
                false => page.code(string(block, "guess_lang")?, &shown),
            }
        }
        _ => {
            page.aside(PICTURE_TEXTS, &shown);
            page.text(Kind::Caption, &captions);
        }
    }
    place_image(page, body.unwrap_or(block));
    page.text(Kind::Caption, &said("footnotes", "_footnote")?);
    Ok(())
}

/// Whether the type of a block ends so.
fn is_sort(block: &Value, ending: &str) -> bool {
    let sort = block["type"].as_str();
    sort.is_some_and(|sort| sort.ends_with(ending))
}

fn place_image(page: &mut ToolPage, block: &Value) {
    for field in ["image_path", "image_url", "image_source"] {
        page.aside(IMAGES, block[field].as_str().unwrap_or_default());
    }
}

/// The items of a list, and of the lists inside it.
fn items(block: &Value) -> Result<Vec<String>, String> {
    let Value::Array(inside) = &block["content"] else {
        return Ok(vec![text(block)?]);
    };
    let mut all = Vec::new();
    for child in inside {
        match child["type"] == "list" || child["type"] == "index" {
            true => all.extend(items(child)?),
            false => all.push(text(child)?),
        }
    }
    Ok(all)
}

/// The text of a block: a string, or spans.
fn text(block: &Value) -> Result<String, String> {
    let wrong = || {
        format!(
            "\"content\" is {}, not text",
            fields::sort_of(&block["content"])
        )
    };
    if block["content"].is_null() {
        Ok(String::new())
    } else {
        piece(&block["content"]).ok_or_else(wrong)
    }
}
