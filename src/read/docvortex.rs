//! MinerU from version 4 on: pages of blocks, with their spans (`docvortex.middle`) or in Markdown (structured content).

use super::layout::{self, IMAGES, PICTURE_TEXTS, Sheet, list, string};
use super::mineru::{around, piece, sheet};
use crate::page::Kind;
use serde_json::Value;

pub(super) fn begins(head: &[u8]) -> bool {
    let has = |name: &str| layout::has_names(head, &[name]);
    has("pages") && has("page_idx") && (has("blocks") || has("file_suffix"))
}

pub(super) fn pages(document: &Value) -> Result<Vec<Result<Sheet, String>>, String> {
    let pages = list(document, "pages")?.iter().zip(0..);
    let sheets = pages.map(|(page, at)| {
        let number = page["page_idx"].as_u64().unwrap_or(at).saturating_add(1);
        let blocks = list(page, "blocks").map_err(|error| format!("page {number}: {error}"))?;
        sheet(number, blocks.iter(), place)
    });
    Ok(sheets.collect())
}

fn place(sheet: &mut Sheet, block: &Value) -> Result<(), String> {
    if !block.is_object() {
        return Err("not an object".into());
    }
    let sort = string(block, "type")?;
    let level = |usual: u64| block["level"].as_u64().unwrap_or(usual);
    match sort {
        "" => return Err("no \"type\"".into()),
        "image" | "chart" | "table" | "code" => return place_shown(sheet, block, sort),
        "list" | "index" => {
            sheet.text(Kind::List, &items(block)?.join("\n"));
            return Ok(());
        }
        _ => {}
    }
    let text = text(block)?;
    match sort {
        "doc_title" => sheet.headline(level(1), &text),
        "paragraph_title" => sheet.headline(level(2), &text),
        "ref_text" => sheet.text(Kind::List, &text),
        "equation" => {
            sheet.formula(&text);
            place_image(sheet, block);
        }
        _ => match around(sort) {
            Some(key) => sheet.aside(key, &text),
            None => sheet.text(None, &text),
        },
    }
    Ok(())
}

/// A picture, a chart, a table or code, with what is said of it: blocks in the block, or, in structured content, its fields.
fn place_shown(sheet: &mut Sheet, block: &Value, sort: &str) -> Result<(), String> {
    let inside = block["content"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let said = |field: &str, ending: &str| {
        let of_field = list(block, field)?.iter();
        let of_block = inside.iter().filter(|child| {
            child["type"]
                .as_str()
                .is_some_and(|sort| sort.ends_with(ending))
        });
        let texts = of_field
            .chain(of_block)
            .map(text)
            .collect::<Result<Vec<_>, _>>()?;
        Ok::<_, String>(texts.join("\n"))
    };
    let body = inside.iter().find(|child| {
        child["type"]
            .as_str()
            .is_some_and(|sort| sort.ends_with("_body"))
    });
    let body = if inside.is_empty() { Some(block) } else { body };
    let shown = body.map(text).transpose()?.unwrap_or_default();
    let captions = said("captions", "_caption")?;
    match sort {
        "table" => {
            sheet.text(Kind::Caption, &captions);
            sheet.table(&shown);
        }
        "code" => {
            sheet.text(Kind::Caption, &captions);
            match shown.starts_with("```") {
                true => sheet.text(Kind::Code, &shown),
                false => sheet.code(string(block, "guess_lang")?, &shown),
            }
        }
        _ => {
            sheet.aside(PICTURE_TEXTS, &shown);
            sheet.text(Kind::Caption, &captions);
        }
    }
    place_image(sheet, body.unwrap_or(block));
    sheet.text(Kind::Caption, &said("footnotes", "_footnote")?);
    Ok(())
}

fn place_image(sheet: &mut Sheet, block: &Value) {
    for field in ["image_path", "image_url", "image_source"] {
        sheet.aside(IMAGES, block[field].as_str().unwrap_or_default());
    }
}

/// The items of a list, those of lists in it among them.
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
            layout::sort_of(&block["content"])
        )
    };
    if block["content"].is_null() {
        Ok(String::new())
    } else {
        piece(&block["content"]).ok_or_else(wrong)
    }
}
