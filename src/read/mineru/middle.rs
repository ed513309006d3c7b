//! MinerU's middle.json before version 4: paragraphs of lines of spans.

use super::{around, read_page};
use crate::page::Kind;
use crate::read::fields::{list, string};
use crate::read::tool_page::{ASIDES, IMAGES, PICTURE_TEXTS, ToolPage};
use crate::text::latin::joined;
use serde_json::Value;

pub(super) fn pages(middle: &Value) -> Result<Vec<Result<ToolPage, String>>, String> {
    let pages = middle["pdf_info"]
        .as_array()
        .ok_or("\"pdf_info\" is no list of pages")?;
    let read = pages.iter().zip(0..).map(|(page, at)| {
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
        read_page(number, blocks.iter().chain(discarded), place)
    });
    Ok(read.collect())
}

/// Puts a block of middle.json on its page. Its text is in the spans of its lines, or of the lines of blocks inside it.
fn place(page: &mut ToolPage, block: &Value) -> Result<(), String> {
    let sort = string(block, "type")?;
    if !block.is_object() {
        return Err("not an object".into());
    }
    let inside = list(block, "blocks")?;
    if !inside.is_empty() && !matches!(sort, "list" | "index") {
        return place_parts(page, sort, inside);
    }
    let text = text_of_block(block)?;
    match sort {
        _ if around(sort).is_some() => page.aside(around(sort).unwrap_or(ASIDES), &text),
        "title" => page.headline(block["level"].as_u64().unwrap_or(1), &text),
        "list" | "index" => {
            let items = inside
                .iter()
                .map(text_of_block)
                .collect::<Result<Vec<_>, _>>()?;
            page.text(Kind::List, &format!("{text}\n{}", items.join("\n")));
        }
        "table_body" => page.table(&text),
        "image_body" | "chart_body" => page.aside(PICTURE_TEXTS, &text),
        "code_body" | "algorithm_body" => page.code("", &text),
        "interline_equation" => page.formula(&text),
        _ if sort.ends_with("_caption") || sort.ends_with("_footnote") => {
            page.text(Kind::Caption, &text)
        }
        _ => page.text(None, &text),
    }
    let lines = list(block, "lines")?.iter();
    for span in lines.flat_map(|line| line["spans"].as_array().into_iter().flatten()) {
        let path = span["image_path"].as_str().or(span["img_path"].as_str());
        page.aside(IMAGES, path.unwrap_or_default());
    }
    Ok(())
}

/// Puts a picture's text on its page, then its captions and footnotes; those of a table come first.
fn place_parts(page: &mut ToolPage, sort: &str, parts: &[Value]) -> Result<(), String> {
    let (said, shown): (Vec<&Value>, Vec<&Value>) = parts
        .iter()
        .partition(|block| string(block, "type").is_ok_and(|sort| !sort.ends_with("_body")));
    let (above, below) = match sort {
        "table" => (said, shown),
        _ => (shown, said),
    };
    above
        .into_iter()
        .chain(below)
        .try_for_each(|block| place(page, block))
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
        lines.push(joined(spans.collect::<Result<Vec<_>, _>>()?));
    }
    Ok(if is_listed {
        lines.join("\n")
    } else {
        joined(lines)
    })
}
