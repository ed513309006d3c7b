//! marker: the tree of a document's blocks, or its blocks in a row (chunks), each in HTML; and its Markdown by the page.

use super::fields::{self, list, string};
use super::input::Input;
use super::tool_page::{self, FOOTERS, FOOTNOTES, HEADERS, PICTURE_TEXTS, ToolPage};
use super::{Document, Format, Item, Items, Options, Tool};
use crate::page::Kind;
use crate::text::entity;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "marker",
    about: "marker's JSON and chunks, a document a page",
    loses: Some("boxes, pictures, links and styles; heads, feet and footnotes go to metadata"),
    endings: &["json"],
    tools: &[
        Tool {
            says: &[".json"],
            also: &[(".md", None), (".html", None), META],
        },
        Tool {
            says: &[],
            also: &[(".md", None), META],
        },
        Tool {
            says: &[],
            also: &[(".html", None), META],
        },
    ],
    begins: |head| fields::has_names(head, &["block_type", "html"]),
    read,
};

/// What marker says of a document in a file beside it: its contents, and how each page was read. Users may
/// have files with this ending too.
const META: super::Also = ("_meta.json", Some(is_meta));

fn is_meta(head: &[u8]) -> bool {
    ["table_of_contents", "page_stats"]
        .iter()
        .any(|name| fields::has_names(head, &[name]))
}

fn read(input: Input, _: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let value = fields::value(input)?;
    let blocks = if value["blocks"].is_array() {
        list(&value, "blocks")
    } else {
        list(&value, "children")
    };
    let mut pages: BTreeMap<u64, Result<ToolPage, String>> = BTreeMap::new();
    for (block, at) in blocks.map_err(io::Error::other)?.iter().zip(0..) {
        let is_page = block["block_type"] == "Page";
        let number = number_of(block)
            .unwrap_or(if is_page { at } else { 0 })
            .saturating_add(1);
        let page = pages
            .entry(number)
            .or_insert_with(|| Ok(ToolPage::new(number)));
        if let Ok(good) = page
            && let Err(error) = place(good, block)
        {
            *page = Err(format!("page {number}: {error}"));
        }
    }
    Ok(tool_page::items(&name, pages.into_values().collect()))
}

/// The page of a block, from 0, by its id: /page/3/Text/7. What chunks call `page` is something else: the number of the
/// page's own block among the blocks of the page.
fn number_of(block: &Value) -> Option<u64> {
    let of_id = || {
        block["id"]
            .as_str()?
            .strip_prefix("/page/")?
            .split('/')
            .next()?
            .parse()
            .ok()
    };
    of_id().or(block["page"].as_u64())
}

fn place(page: &mut ToolPage, block: &Value) -> Result<(), String> {
    let sort = string(block, "block_type")?;
    let named = |error: String| format!("{}: {error}", block["id"].as_str().unwrap_or(sort));
    if sort.is_empty() {
        return Err(named("no \"block_type\"".into()));
    }
    let html = string(block, "html").map_err(named)?;
    let children = list(block, "children").map_err(named)?;
    // a group only refers to what it holds; in chunks its HTML is that of its parts, in a row
    let is_group = html.contains("<content-ref");
    let text = plain(html);
    match sort {
        "PictureGroup" | "FigureGroup" if children.is_empty() && !is_group => {
            place_pictures(page, html);
        }
        "TableGroup" if children.is_empty() && !is_group => place_tables(page, html),
        _ => put(page, sort, html, &text),
    }
    // a table's cells stand in its HTML
    let children = children.iter().filter(|_| is_group || text.is_empty());
    // a picture's caption follows it, wherever the page had it
    let is_picture_group = matches!(sort, "FigureGroup" | "PictureGroup");
    let (last, first): (Vec<&Value>, Vec<&Value>) =
        children.partition(|child| is_picture_group && child["block_type"] == "Caption");
    first
        .into_iter()
        .chain(last)
        .try_for_each(|child| place(page, child))
}

/// Puts the text of a block on its page, as its sort says.
fn put(page: &mut ToolPage, sort: &str, html: &str, text: &str) {
    match sort {
        "SectionHeader" => page.headline(level(html), text),
        "Caption" => page.text(Kind::Caption, text),
        "ListItem" | "ListGroup" => page.text(Kind::List, text),
        "Code" => page.code("", text),
        "Equation" => page.formula(text),
        "PageHeader" => page.aside(HEADERS, text),
        "PageFooter" => page.aside(FOOTERS, text),
        "Footnote" => page.aside(FOOTNOTES, text),
        "Picture" | "Figure" | "Diagram" => page.aside(PICTURE_TEXTS, without_id(text)),
        "Table" | "Form" | "TableOfContents" => {
            page.table(if html.contains("<table") { html } else { text })
        }
        _ => page.text(None, text),
    }
}

/// Puts the pictures of a chunk on the page: their descriptions, then their captions.
fn place_pictures(page: &mut ToolPage, html: &str) {
    let mut rest = html;
    let mut captions = String::new();
    while let Some((before, picture)) = cut(rest, "<p", |tag| {
        tag.contains("role=\"img\"") || tag.contains("role='img'")
    }) {
        captions += before;
        let end = picture.find("</p>").unwrap_or(picture.len());
        page.aside(PICTURE_TEXTS, without_id(&plain(&picture[..end])));
        rest = &picture[end..];
    }
    page.text(Kind::Caption, &plain(&(captions + rest)));
}

/// Puts the tables of a chunk on the page, with their captions where they are.
fn place_tables(page: &mut ToolPage, html: &str) {
    let mut rest = html;
    while let Some((before, table)) = cut(rest, "<table", |_| true) {
        page.text(Kind::Caption, &plain(before));
        let end = table
            .find("</table>")
            .map_or(table.len(), |end| end + "</table>".len());
        page.table(&table[..end]);
        rest = &table[end..];
    }
    page.text(Kind::Caption, &plain(rest));
}

/// The HTML before, and from, the first such tag that is wanted.
fn cut<'h>(html: &'h str, tag: &str, is_wanted: fn(&str) -> bool) -> Option<(&'h str, &'h str)> {
    let is_here = |at: &usize| is_wanted(html[*at..].split('>').next().unwrap_or_default());
    let at = html.match_indices(tag).map(|(at, _)| at).find(is_here)?;
    Some(html.split_at(at))
}

/// What a model says of a picture, without the words that say whose it is: `Image /page/0/Picture/5 description: a ship`.
fn without_id(text: &str) -> &str {
    let said = text
        .strip_prefix("Image /page/")
        .and_then(|rest| rest.split_once(" description: "));
    said.filter(|(id, _)| !id.contains(char::is_whitespace))
        .map_or(text, |(_, said)| said)
}

// ---- marker's Markdown

/// How the line that begins a page ends, after the page's number in braces.
const RULE: &str = "}------------------------------------------------";

/// Whether Markdown is cut into pages: it begins with the number of its first.
pub(super) fn begins_page(text: &str) -> bool {
    text.trim_start()
        .lines()
        .next()
        .is_some_and(|line| page_of(line).is_some())
}

fn page_of(line: &str) -> Option<u64> {
    line.strip_prefix('{')?
        .trim_end()
        .strip_suffix(RULE)?
        .parse()
        .ok()
}

/// The pages of such Markdown, and between them the lines that begin them.
pub(super) fn pages(name: &str, text: &str) -> Items {
    let is_alone = text.lines().filter_map(page_of).nth(1).is_none();
    let id = |page: u64| match is_alone {
        true => name.to_string(),
        false => format!("{name}#page-{page}"),
    };
    let document = |page: u64, text: &str| {
        let mut document = Document::new(id(page), text);
        document.source = name.into();
        document.metadata.insert("page", page);
        Item::Document(Box::new(document))
    };
    let mut items = Vec::new();
    let mut page = 0;
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(index) = page_of(line) {
            items.extend((page > 0).then(|| document(page, &text[start..at])));
            let filler_from = if page > 0 { at } else { 0 };
            items.push(Item::Filler(text[filler_from..at + line.len()].into()));
            (page, start) = (index.saturating_add(1), at + line.len());
        }
        at += line.len();
    }
    items.push(document(page, &text[start..]));
    Box::new(items.into_iter())
}

fn level(html: &str) -> u64 {
    let digit = html
        .find("<h")
        .and_then(|at| html[at + 2..].chars().next()?.to_digit(10));
    digit.map_or(2, u64::from)
}

/// Tags after which a line ends.
const ENDS_OF_LINES: [&str; 7] = ["br", "/p", "/li", "/div", "/tr", "/pre", "/blockquote"];

/// The text of a piece of HTML.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text += &rest[..at];
        rest = &rest[at..];
        let length = if rest.starts_with('&') {
            character(rest, &mut text)
        } else {
            tag(rest, &mut text)
        };
        if length == 0 {
            text += &rest[..1];
        }
        rest = &rest[length.max(1)..];
    }
    text += rest;
    let lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Skips a tag; returns its length, 0 if this is not a tag.
fn tag(html: &str, text: &mut String) -> usize {
    let inside = &html[1..];
    let name = inside
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '/')
        .next()
        .unwrap_or_default();
    let name = name.strip_suffix('/').unwrap_or(name).to_ascii_lowercase();
    let Some(end) = html
        .find('>')
        .filter(|_| !name.is_empty() || inside.starts_with('!'))
    else {
        return 0;
    };
    if ENDS_OF_LINES.contains(&name.as_str()) {
        text.push('\n');
    }
    if name == "math"
        && !html[..end].contains("block")
        && let Some((formula, _)) = html[end + 1..].split_once("</math>")
    {
        // its text is LaTeX
        *text += &format!("${}$", plain(formula).trim());
        return end + 1 + formula.len() + "</math>".len();
    }
    end + 1
}

/// Writes the character that an entity such as `&amp;` stands for; returns the entity's length, 0 if this is not one.
fn character(html: &str, text: &mut String) -> usize {
    let end = html.bytes().take(12).position(|b| b == b';');
    let found = end.and_then(|end| Some((end, entity::character(&html[1..end])?)));
    found.map_or(0, |(end, character)| {
        text.push_str(&character);
        end + 1
    })
}
