//! PaddleOCR: the blocks of a page as PP-StructureV3 and PaddleOCR-VL find them, or the lines that plain recognition reads.

use super::fields::{self, list, string};
use super::input::Input;
use super::tool_page::{
    self, ASIDES, FOOTERS, FOOTNOTES, HEADERS, IMAGES, PAGE_NUMBERS, PICTURE_TEXTS, ToolPage,
};
use super::{Format, Items, Options, Tool};
use crate::layout::{self, Arranged, Line, Rect, Region, Trust, widened};
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
        let ocr = match &result["overall_ocr_res"] {
            ocr if ocr.is_object() => ocr,
            _ => result,
        };
        lay_out(&mut page, &texts(ocr)?, &boxes(ocr));
    }
    Ok(page)
}

/// What was read, line by line.
fn texts(ocr: &Value) -> Result<Vec<&str>, String> {
    if !ocr["rec_texts"].is_array() {
        return Err(
            "neither \"parsing_res_list\" nor \"rec_texts\", which hold what was read".into(),
        );
    }
    let lines = list(ocr, "rec_texts")?.iter().zip(1..);
    lines
        .map(|(line, at)| {
            let text = line.as_str();
            text.ok_or_else(|| format!("line {at} of \"rec_texts\" is no string"))
        })
        .collect()
}

/// Adds lines: as the paragraphs and columns that their places show, else in the order in which they were found.
fn lay_out(page: &mut ToolPage, texts: &[&str], places: &[Option<Rect>]) {
    if places.len() != texts.len() {
        page.text(None, &texts.join("\n"));
        return;
    }
    let lines = texts.iter().zip(places).map(|(text, place)| Line {
        text: text.to_string(),
        place: *place,
        ..Line::default()
    });
    let region = Region {
        lines: lines.collect(),
        ..Region::default()
    };
    let Arranged { regions, strays } = layout::arrange(vec![region], Trust::None);
    if !strays.is_empty() {
        page.metadata.insert("strays".into(), strays.into());
    }
    let usual = layout::usual_thickness(&regions);
    for region in &regions {
        let kind = region.is_set_large(usual).then_some(Kind::Headline);
        match region.is_paragraph {
            true => page.text(kind, &layout::paragraphs(region, kind, 0.0).join("\n")),
            false => page.text(None, &texts.join("\n")),
        }
    }
}

/// The boxes of a result's lines; of older ones, what is around their outlines.
fn boxes(ocr: &Value) -> Vec<Option<Rect>> {
    let boxes = ocr["rec_boxes"].as_array();
    if let Some(boxes) = boxes.filter(|boxes| !boxes.is_empty()) {
        return boxes.iter().map(of_sides).collect();
    }
    let outlines = ["rec_polys", "dt_polys"]
        .iter()
        .filter_map(|name| ocr[*name].as_array());
    let outlines = outlines.max_by_key(|outlines| outlines.len());
    outlines.into_iter().flatten().map(around_outline).collect()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

/// The box of [left, top, right, bottom].
fn of_sides(sides: &Value) -> Option<Rect> {
    let [left, top, right, bottom] = [0, 1, 2, 3].map(|side| number(&sides[side]));
    let (left, top) = (left?, top?);
    Some([left, top, right? - left, bottom? - top])
}

/// The box around the points of an outline.
fn around_outline(outline: &Value) -> Option<Rect> {
    let points = outline.as_array()?.iter();
    let mut points = points.map(|point| Some((number(&point[0])?, number(&point[1])?)));
    let (left, top) = points.next()??;
    points.try_fold([left, top, 0.0, 0.0], |place, point| {
        let (x, y) = point?;
        Some(widened(place, x, y))
    })
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
