//! The text of an ordinary HTML page: its paragraphs, headings, lists and tables, without the site's navigation.

use super::hocr::is_hocr;
use super::input::Input;
use super::tags::{Tag, decoded, is_void, tags, value};
use super::{Document, Format, Item, Items, Options};
use crate::page::Kind;
use crate::page::hints::LAYOUT;
use crate::segment;
use crate::text::width::is_beside_full_width;
use serde_json::{Map, Value, json};
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "html",
    about: "HTML: the text of a page, a document a file",
    loses: Some("markup, links, pictures, scripts, navigation, numbers of lists, readings of ruby"),
    endings: &["html", "htm", "xhtml"],
    tools: &[],
    begins: |head| is_html(head) && !is_hocr(head),
    read,
};

/// Whether a file begins as a page of HTML.
pub(crate) fn is_html(head: &[u8]) -> bool {
    let head = head
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(head)
        .trim_ascii_start();
    let begins = |with: &[u8]| {
        head.get(..with.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(with))
    };
    let head_of_xml =
        || super::xml::root(head).is_some_and(|root| root.eq_ignore_ascii_case("html"));
    begins(b"<!doctype html")
        || begins(b"<html")
        || (begins(b"<?xml") || begins(b"<!--")) && head_of_xml()
}

/// Elements that hold no text of the page.
const SKIPPED: [&str; 17] = [
    "script", "style", "nav", "noscript", "template", "svg", "iframe", "object", "select",
    "button", "textarea", "canvas", "audio", "video", "rt", "rp", "dialog",
];

/// Elements inside a line; all others begin and end one.
const INLINE: [&str; 46] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "code", "data", "del",
    "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "img", "input", "area", "map", "base", "link", "meta", "param", "embed",
];

fn read(input: Input, options: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let text = match decoded(input, options)? {
        Ok(text) => text,
        Err(refused) => return Ok(Box::new(std::iter::once(Item::Refused(refused)))),
    };
    let mut page = WebPage::default();
    tags(&text.text, true).for_each(|(tag, _)| page.take(tag));
    let (text, metadata) = page.ended();
    let document = Document::converted(name.clone(), text, name, metadata);
    Ok(Box::new(std::iter::once(Item::Document(Box::new(
        document,
    )))))
}

#[derive(Default)]
struct WebPage {
    about: Map<String, Value>,
    /// Blocks of one line or more, and what kind their lines are.
    blocks: Vec<(String, Option<Kind>)>,
    block: String,
    /// The skipped element that is open, and the elements open inside it.
    skipped: Vec<String>,
    title: Option<String>,
    headings: usize,
    lists: usize,
    captions: usize,
    preformatted: usize,
    tables: Vec<HtmlTable>,
    formula: Option<OpenFormula>,
}

/// A formula that is open: MathML, whose LaTeX annotation is read, or LaTeX itself.
#[derive(Default)]
struct OpenFormula {
    is_block: bool,
    /// Whether elements say how it is set.
    is_marked_up: bool,
    in_latex: bool,
    latex: String,
}

/// A table: rows of cells, or the frame of a page, whose cells hold its blocks.
#[derive(Default)]
struct HtmlTable {
    rows: Vec<Vec<String>>,
    in_cell: bool,
    is_frame: bool,
}

/// White space that stands for a line end of the file.
const WRAP: char = '\r';

impl WebPage {
    fn take(&mut self, tag: Tag) {
        match tag {
            Tag::Open { name, .. } if !self.skipped.is_empty() => {
                if self.skipped.first() == Some(&name) {
                    self.skipped.push(name);
                }
            }
            Tag::Close(name) if !self.skipped.is_empty() => {
                if self.skipped.first() == Some(&name) {
                    self.skipped.pop();
                }
            }
            Tag::Text(_) if !self.skipped.is_empty() => {}
            tag if self.formula.is_some() => self.take_formula(tag),
            Tag::Open {
                name,
                attributes,
                is_closed,
            } => self.open(&name, &attributes, is_closed),
            Tag::Text(text) => self.text(&text),
            Tag::Close(name) => self.close(&name),
        }
    }

    fn take_formula(&mut self, tag: Tag) {
        let Some(formula) = &mut self.formula else {
            return;
        };
        match tag {
            Tag::Open {
                name, attributes, ..
            } => {
                if !std::mem::replace(&mut formula.is_marked_up, true) {
                    formula.latex.clear();
                }
                formula.in_latex = name == "annotation"
                    && value(&attributes, "encoding")
                        .to_lowercase()
                        .contains("tex");
            }
            Tag::Text(text) if formula.in_latex || !formula.is_marked_up => {
                formula.latex.push_str(&text)
            }
            Tag::Close(name) if name == "math" => {
                let formula = self.formula.take().unwrap_or_default();
                match collapsed(&formula.latex).as_str() {
                    "" => {}
                    latex if formula.is_block => self.block.push_str(&format!("\n$$ {latex} $$\n")),
                    latex => self.block.push_str(&format!("${latex}$")),
                }
            }
            Tag::Close(_) => formula.in_latex = false,
            Tag::Text(_) => {}
        }
    }

    fn open(&mut self, name: &str, attributes: &[(String, String)], is_closed: bool) {
        if SKIPPED.contains(&name) || !is_void(name) && is_unseen(attributes) {
            // a script may not close itself
            let is_whole = is_closed && !matches!(name, "script" | "style" | "iframe" | "textarea");
            self.skipped.extend((!is_whole).then(|| name.to_string()));
            return;
        }
        match name {
            "html" if !value(attributes, "lang").is_empty() => {
                self.about
                    .insert("language".into(), json!(value(attributes, "lang")));
            }
            "title" if !is_closed => self.title = Some(String::new()),
            "br" => self.block.push('\n'),
            "math" if !is_closed => {
                self.formula = Some(OpenFormula {
                    is_block: value(attributes, "display") == "block",
                    ..OpenFormula::default()
                });
            }
            "math" => {}
            "td" | "th" => self.begin_cell(),
            "tr" => self.begin_row(),
            "table" => {
                self.frame();
                self.end_block();
                self.tables.push(HtmlTable::default());
            }
            name if INLINE.contains(&name) => {}
            name => self.open_block(name),
        }
    }

    fn open_block(&mut self, name: &str) {
        if self.count(name).is_some() {
            self.frame();
        }
        self.end_block();
        if matches!(name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            // it would be in a heading only if that was not closed
            self.headings = 0;
        }
        if let Some(count) = self.count(name) {
            *count += 1;
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "title" => {
                let title = self
                    .title
                    .take()
                    .map(|title| collapsed(&title))
                    .filter(|title| !title.is_empty());
                title.map(|title| self.about.entry("title").or_insert(json!(title)));
            }
            "td" | "th" => self.end_cell(),
            "table" => self.end_table(),
            "tr" => self.end_cell(),
            name if INLINE.contains(&name) || name == "br" => {}
            name => {
                self.end_block();
                if let Some(count) = self.count(name) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    /// How many elements are open that say what kind their text is.
    fn count(&mut self, name: &str) -> Option<&mut usize> {
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(&mut self.headings),
            "ul" | "ol" | "menu" | "dir" => Some(&mut self.lists),
            "figcaption" | "caption" => Some(&mut self.captions),
            "pre" | "listing" | "xmp" => Some(&mut self.preformatted),
            _ => None,
        }
    }

    fn kind(&self) -> Option<Kind> {
        let kinds = [
            (self.preformatted, Kind::Code),
            (self.headings, Kind::Headline),
            (self.captions, Kind::Caption),
            (self.lists, Kind::List),
        ];
        kinds
            .into_iter()
            .find(|(open, _)| *open > 0)
            .map(|(_, kind)| kind)
    }

    fn text(&mut self, text: &str) {
        if let Some(title) = &mut self.title {
            title.push_str(text);
        } else if self.preformatted > 0 {
            self.block.push_str(text);
        } else {
            // a line end of the file is white space; those of the page come from <br>
            self.block
                .extend(text.chars().map(|c| if c == '\n' { WRAP } else { c }));
        }
    }

    /// Whether the text goes to a cell that may become part of a row.
    fn in_row(&self) -> bool {
        self.tables
            .last()
            .is_some_and(|table| table.in_cell && !table.is_frame)
    }

    /// Ends what has come since the last block. In a cell that is a line.
    fn end_block(&mut self) {
        if self.in_row() {
            return self.block.push('\n');
        }
        let block = std::mem::take(&mut self.block);
        let text = if self.preformatted > 0 {
            fenced(&block)
        } else {
            tidied(&block)
        };
        if !text.is_empty() {
            self.blocks.push((text, self.kind()));
        }
    }

    /// The open table holds blocks, so what it held so far is blocks too.
    fn frame(&mut self) {
        if self.in_row()
            && let Some(table) = self.tables.last_mut()
        {
            table.is_frame = true;
            let cells = std::mem::take(&mut table.rows);
            self.take_cells(cells);
            self.end_block();
        }
    }

    fn take_cells(&mut self, rows: Vec<Vec<String>>) {
        let cells: Vec<String> = rows.into_iter().flatten().collect();
        let lines = cells
            .iter()
            .flat_map(|cell| cell.lines())
            .filter(|line| !line.trim().is_empty());
        self.blocks
            .extend(lines.map(|line| (line.to_string(), None)));
    }

    fn begin_row(&mut self) {
        self.end_cell();
        self.end_block();
        self.tables
            .last_mut()
            .into_iter()
            .for_each(|table| table.rows.push(Vec::new()));
    }

    fn begin_cell(&mut self) {
        self.end_cell();
        self.end_block();
        self.tables
            .last_mut()
            .into_iter()
            .for_each(|table| table.in_cell = true);
    }

    fn end_cell(&mut self) {
        if self.in_row() {
            let cell = tidied(&std::mem::take(&mut self.block));
            if let Some(row) = self
                .tables
                .last_mut()
                .and_then(|table| table.rows.last_mut())
            {
                row.push(cell);
            } else {
                self.take_cells(vec![vec![cell]]);
            }
        } else {
            self.end_block();
        }
        self.tables
            .last_mut()
            .into_iter()
            .for_each(|table| table.in_cell = false);
    }

    fn end_table(&mut self) {
        /// Most letters and lines of a cell of data. Chosen by eye.
        const MOST: (usize, usize) = (300, 3);
        self.end_cell();
        let Some(mut table) = self.tables.pop() else {
            return;
        };
        table
            .rows
            .retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let is_large =
            |cell: &String| cell.lines().count() > MOST.1 || cell.chars().nth(MOST.0).is_some();
        if table.rows.iter().all(|row| row.len() == 1) || table.rows.iter().flatten().any(is_large)
        {
            return self.take_cells(table.rows);
        }
        let rows: Vec<String> = table.rows.iter().map(|cells| in_markdown(cells)).collect();
        if !rows.is_empty() {
            self.blocks.push((rows.join("\n"), Some(Kind::Table)));
        }
    }

    fn ended(mut self) -> (String, Map<String, Value>) {
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end_block();
        let mut layout = Vec::new();
        for (block, kind) in &self.blocks {
            // the rows of a table are one block
            let lines = match kind {
                Some(Kind::Table) => 1,
                Some(Kind::Code) => segment::lines(block).len(),
                _ => block.lines().filter(|l| !l.trim().is_empty()).count(),
            };
            layout.extend(std::iter::repeat_n(json!(kind), lines));
        }
        if layout.iter().any(|kind| !kind.is_null()) {
            self.about.insert(LAYOUT.into(), layout.into());
        }
        let blocks: Vec<String> = self.blocks.into_iter().map(|(block, _)| block).collect();
        (blocks.join("\n\n"), self.about)
    }
}

/// Whether a reader does not see an element.
fn is_unseen(attributes: &[(String, String)]) -> bool {
    // the second is a model's description of a picture, as marker writes it
    let is_hidden = |name: &str| name == "hidden" || name == "data-original-image-id";
    // KaTeX shows a formula a second time
    let mut classes = value(attributes, "class").split_whitespace();
    attributes.iter().any(|(name, _)| is_hidden(name)) || classes.any(|class| class == "katex-html")
}

/// A row of a table.
fn in_markdown(cells: &[String]) -> String {
    let line = |cell: &String| cell.lines().collect::<Vec<_>>().join(" ");
    let cells: Vec<String> = cells.iter().map(line).collect();
    format!("| {} |", cells.join(" | "))
}

/// Lines with all their white space, in a fence, so that they stay as they are; nothing, if they are blank.
fn fenced(block: &str) -> String {
    let block = block.replace(WRAP, "");
    let block = block.trim_end().trim_start_matches('\n');
    if block.trim().is_empty() {
        return String::new();
    }
    let fence = if block.contains("```") { "~~~" } else { "```" };
    format!("{fence}\n{block}\n{fence}")
}

/// Lines with white space as it is shown, without empty lines around them.
fn tidied(block: &str) -> String {
    let lines: Vec<String> = block.split('\n').map(collapsed).collect();
    lines.join("\n").trim_matches('\n').to_string()
}

/// White space of the file is one space, and none where lines of Chinese are broken. What a page sets on purpose stays.
fn collapsed(line: &str) -> String {
    let is_white = |c: char| matches!(c, ' ' | '\t' | '\n' | '\u{c}' | WRAP);
    let mut text = String::with_capacity(line.len());
    let mut rest = line.trim_matches(is_white);
    while let Some(at) = rest.find(is_white) {
        let (word, after) = rest.split_at(at);
        text.push_str(word);
        rest = after.trim_start_matches(is_white);
        let is_wrapped = after[..after.len() - rest.len()].contains([WRAP, '\n']);
        text.push_str(if is_wrapped && is_beside_full_width(&text, rest) {
            ""
        } else {
            " "
        });
    }
    text.push_str(rest);
    text
}
