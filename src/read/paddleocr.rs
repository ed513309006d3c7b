//! PaddleOCR: the blocks of a page as PP-StructureV3 and PaddleOCR-VL find them, or the lines that plain recognition reads.

use super::fields::{self, list, string};
use super::input::Input;
use super::tool_page::{
    self, ASIDES, FOOTERS, FOOTNOTES, HEADERS, IMAGES, PAGE_NUMBERS, PICTURE_TEXTS, ToolPage,
};
use super::{Format, Items, Options, Tool};
use crate::page::Kind;
use serde_json::Value;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "paddleocr",
    about: "PaddleOCR's results, also of PP-StructureV3 and PaddleOCR-VL, alone or as their services answer",
    loses: Some(
        "boxes, scores, pictures and what the stages before saw; heads, feet and footnotes go to metadata",
    ),
    endings: &["json"],
    tools: &[Tool {
        says: &["_res.json"],
        also: &[(".md", None)],
    }],
    begins: |head| {
        NAMES
            .iter()
            .chain(RESULTS)
            .any(|name| fields::has_names(head, &[name]))
    },
    read,
};

/// Names that only a result has.
const NAMES: &[&str] = &["parsing_res_list", "rec_texts", "dt_polys", "prunedResult"];

/// Names of lists of pages in a service's answer.
const RESULTS: &[&str] = &["layoutParsingResults", "ocrResults"];

fn read(input: Input, _: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let value = fields::value(input)?;
    let answer = if value["result"].is_object() {
        &value["result"]
    } else {
        &value
    };
    let pages = match RESULTS.iter().find_map(|name| answer[*name].as_array()) {
        Some(pages) => pages.as_slice(),
        None => value
            .as_array()
            .map_or(std::slice::from_ref(&value), Vec::as_slice),
    };
    let is_alone = pages.len() == 1;
    let pages = pages.iter().zip(1..).map(|(page, at)| {
        let page = ["prunedResult", "res"]
            .iter()
            .fold(page, |page, name| page.get(*name).unwrap_or(page));
        read_page(page, at, is_alone).map_err(|error| format!("page {at}: {error}"))
    });
    Ok(tool_page::items(&name, pages.collect()))
}

/// Reads the result of a page. Several in one file are numbered by their order; one alone says which page of its PDF it is.
fn read_page(result: &Value, at: u64, is_alone: bool) -> Result<ToolPage, String> {
    let number = result["page_index"]
        .as_u64()
        .filter(|_| is_alone)
        .map_or(at, |index| index.saturating_add(1));
    let mut page = ToolPage::new(number);
    for name in ["input_path", "page_count", "width", "height"] {
        if let Some(value) = result.get(name).filter(|value| !value.is_null()) {
            page.metadata.insert(name.into(), value.clone());
        }
    }
    let blocks = list(result, "parsing_res_list")?;
    // blocks are in reading order; block_order leaves out what is not part of the text
    for (block, at) in blocks.iter().zip(1..) {
        place(&mut page, block).map_err(|error| format!("block {at}: {error}"))?;
    }
    if result.get("parsing_res_list").is_none() {
        let ocr = if result["overall_ocr_res"].is_object() {
            &result["overall_ocr_res"]
        } else {
            result
        };
        if !ocr["rec_texts"].is_array() {
            return Err(
                "neither \"parsing_res_list\" nor \"rec_texts\", which hold what was read".into(),
            );
        }
        let lines = list(ocr, "rec_texts")?.iter().zip(1..);
        let lines = lines.map(|(line, at)| {
            line.as_str()
                .ok_or_else(|| format!("line {at} of \"rec_texts\" is no string"))
        });
        page.text(None, &lines.collect::<Result<Vec<_>, _>>()?.join("\n"));
    }
    Ok(page)
}

fn place(page: &mut ToolPage, block: &Value) -> Result<(), String> {
    let label = string(block, "block_label")?;
    if label.is_empty() {
        return Err("no \"block_label\"".into());
    }
    let text = without_centring(string(block, "block_content")?);
    if let Some(path) = image(text) {
        // also of a table or formula that was not recognised
        page.aside(IMAGES, path);
        return Ok(());
    }
    match label {
        "doc_title" => page.headline(1, &on_one_line(text)),
        "paragraph_title" | "title" | "section_title" => {
            page.headline(level(text).unwrap_or(2), &on_one_line(text));
        }
        "algorithm" | "code" => page.code("", text),
        "figure_title" | "chart_title" | "table_title" | "vision_footnote" => {
            page.text(Kind::Caption, text)
        }
        "table" => page.table(text),
        "formula" | "display_formula" | "inline_formula" => page.formula(text),
        "header" | "header_image" => page.aside(HEADERS, text),
        "footer" | "footer_image" => page.aside(FOOTERS, text),
        "number" => page.aside(PAGE_NUMBERS, text),
        "footnote" => page.aside(FOOTNOTES, text),
        "aside_text" => page.aside(ASIDES, text),
        "image" | "figure" | "chart" | "seal" => page.aside(PICTURE_TEXTS, text),
        _ => page.text(None, text),
    }
    Ok(())
}

/// The path of a picture that stands for a block: `<img src="imgs/1.jpg" alt="Image" />`, `![](imgs/1.jpg)`.
fn image(text: &str) -> Option<&str> {
    let of_html = || {
        text.strip_prefix("<img")?
            .strip_suffix('>')?
            .split_once("src=\"")?
            .1
            .split('"')
            .next()
    };
    let of_markdown = || {
        text.strip_prefix("![")?
            .split_once("](")?
            .1
            .strip_suffix(')')
    };
    of_html()
        .or_else(of_markdown)
        .filter(|path| !path.contains(['<', '\n']))
}

/// A title on one line: until the tool makes Markdown of it, it has the lines of the page.
fn on_one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The level of a title that comes with Markdown's marks.
fn level(title: &str) -> Option<u64> {
    let marks = title.len() - title.trim_start_matches('#').len();
    (marks > 0).then_some(marks as u64)
}

/// What is inside the `<div>` with which the tool centres a caption, a table or a picture.
fn without_centring(text: &str) -> &str {
    let text = text.trim();
    let inside = text
        .strip_prefix("<div style=\"text-align: center;\">")
        .and_then(|text| text.strip_suffix("</div>"));
    inside.map_or(text, str::trim)
}
