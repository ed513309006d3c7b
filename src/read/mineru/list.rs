//! MinerU's content lists, of the first and of the second version.

use super::{around, piece, read_page};
use crate::page::Kind;
use crate::read::fields::{self, string};
use crate::read::tool_page::{IMAGES, PICTURE_TEXTS, ToolPage};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn pages(blocks: &[Value]) -> Vec<Result<ToolPage, String>> {
    let mut pages: BTreeMap<u64, Vec<&Value>> = BTreeMap::new();
    let mut last = 0;
    for block in blocks {
        last = block["page_idx"].as_u64().unwrap_or(last);
        pages.entry(last).or_default().push(block);
    }
    pages
        .into_iter()
        .map(|(index, blocks)| read_page(index.saturating_add(1), blocks.into_iter(), place))
        .collect()
}

/// Puts a block of a content list on its page. In the second version its fields are in `content`.
pub(super) fn place(page: &mut ToolPage, block: &Value) -> Result<(), String> {
    if !block.is_object() {
        return Err("not an object".into());
    }
    let sort = string(block, "type")?;
    let fields = if block["content"].is_object() {
        &block["content"]
    } else {
        block
    };
    if let Some(key) = around(sort) {
        page.aside(key, &lines(fields, &["text", &format!("{sort}_content")])?);
        return Ok(());
    }
    match sort {
        "" => return Err("no \"type\"".into()),
        "image" | "chart" | "table" => place_picture(page, fields, sort)?,
        "code" | "algorithm" => place_code(page, fields)?,
        "list" | "index" => page.text(Kind::List, &lines(fields, &["text", "list_items"])?),
        "equation" | "equation_interline" | "interline_equation" => {
            page.formula(&lines(fields, &["text", "math_content"])?)
        }
        _ => place_text(page, fields, sort)?,
    }
    Ok(())
}

/// A picture, a chart or a table, with its caption and footnote.
fn place_picture(page: &mut ToolPage, fields: &Value, sort: &str) -> Result<(), String> {
    for path in [
        &fields["img_path"],
        &fields[format!("{sort}_path")],
        &fields["image_source"]["path"],
    ] {
        page.aside(IMAGES, path.as_str().unwrap_or_default());
    }
    let caption = lines(fields, &["img_caption", &format!("{sort}_caption")])?;
    if sort == "table" {
        page.text(Kind::Caption, &caption);
        page.table(&lines(fields, &["table_body", "html"])?);
    } else {
        page.aside(PICTURE_TEXTS, &lines(fields, &["text", "content"])?);
        page.text(Kind::Caption, &caption);
    }
    let footnote = lines(fields, &["img_footnote", &format!("{sort}_footnote")])?;
    page.text(Kind::Caption, &footnote);
    Ok(())
}

fn place_code(page: &mut ToolPage, fields: &Value) -> Result<(), String> {
    let caption = lines(fields, &["code_caption", "algorithm_caption"])?;
    page.text(Kind::Caption, &caption);
    let language = all(fields, &["code_language", "guess_lang"])?.concat();
    let code = ["code_body", "code_content", "algorithm_content"];
    page.code(&language, &lines(fields, &code)?);
    let footnote = lines(fields, &["code_footnote", "algorithm_footnote"])?;
    page.text(Kind::Caption, &footnote);
    Ok(())
}

/// A paragraph, or a title of some level.
fn place_text(page: &mut ToolPage, fields: &Value, sort: &str) -> Result<(), String> {
    let level = fields["text_level"].as_u64().or(fields["level"].as_u64());
    let content = format!("{sort}_content");
    let content = if fields[&content].is_null() {
        "paragraph_content"
    } else {
        &content
    };
    let text = lines(fields, &["text", content])?;
    match level.unwrap_or(u64::from(sort == "title")) {
        0 => page.text(None, &text),
        level => page.headline(level, &text),
    }
    Ok(())
}

/// The texts of several fields, each on a line.
fn lines(fields: &Value, names: &[&str]) -> Result<String, String> {
    Ok(all(fields, names)?.join("\n"))
}

fn all(fields: &Value, names: &[&str]) -> Result<Vec<String>, String> {
    let texts = names.iter().map(|name| texts(fields, name));
    Ok(texts.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The texts of a field: a string, a list of strings, or the pieces of one text as objects with their content.
fn texts(fields: &Value, name: &str) -> Result<Vec<String>, String> {
    let wrong = |value: &Value| format!("{name:?} is {}, not text", fields::sort_of(value));
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
