//! hOCR: recognised text as HTML, the elements of a page known by their classes. Tesseract and others write it.

use super::input::Input;
use super::scan::{self, Scan, number};
use super::tags::{Tag, decoded, is_void, tags, value};
use super::{Format, Item, Items, Options, Refused};
use crate::layout::{Gap, Line, Rect, Region, Trust};
use serde_json::json;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "hocr",
    about: "hOCR (HTML or XHTML): a page a document",
    loses: Some("pictures and their places, the places of lines and words, confidences, fonts"),
    endings: &["hocr", "html", "htm", "xhtml", "xml"],
    tools: &[],
    begins: is_hocr,
    read,
};

pub(super) fn is_hocr(head: &[u8]) -> bool {
    let says = |words: &[u8]| head.windows(words.len()).any(|window| window == words);
    head.trim_ascii_start().starts_with(b"<")
        && (says(b"ocr_page") || says(b"ocr-capabilities") || says(b"ocr-system"))
        || head.trim_ascii_start().starts_with("\u{feff}<".as_bytes()) && says(b"ocr_page")
}

/// Elements within one another; a page has some ten.
const DEEPEST: usize = 256;

/// What an element is, by its class.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ElementKind {
    Page,
    Region,
    Line,
    Word,
    Other,
}

/// Classes that hold lines where they are blocks, and are lines where they are inline; Tesseract has the second.
const REGIONS: [(&str, &str); 12] = [
    ("ocr_carea", ""),
    ("ocrx_block", ""),
    ("ocr_par", ""),
    ("ocr_caption", "caption"),
    ("ocr_header", "header"),
    ("ocr_footer", "footer"),
    ("ocr_pageno", "page-number"),
    ("ocr_title", "title"),
    ("ocr_author", "author"),
    ("ocr_table", "table"),
    ("ocr_textfloat", "textfloat"),
    ("ocr_float", ""),
];

fn read(input: Input, options: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let text = match decoded(input, options)? {
        Ok(text) => text,
        Err(refused) => return Ok(Box::new(std::iter::once(Item::Refused(refused)))),
    };
    let mut hocr = Hocr::default();
    let broken = hocr.read(&text.text).err().map(|(at, why)| {
        let why = if hocr.scans.is_empty() {
            why
        } else {
            format!("nothing is read behind page {}: {why}", hocr.scans.len())
        };
        Refused {
            byte: text.place(at),
            ..Refused::file(&name, why)
        }
    });
    Ok(scan::items(name, hocr.scans, broken))
}

#[derive(Default)]
struct Hocr {
    scans: Vec<Scan>,
    /// The elements that are open: name, and what it is.
    open: Vec<(String, ElementKind)>,
    scan: Option<Scan>,
    region: Option<Region>,
    /// Whether the label of the region comes from its lines.
    is_of_lines: bool,
    line: Option<Line>,
    /// The words of the line.
    words: Vec<HocrWord>,
    word: Option<(String, Option<Rect>)>,
    /// Tesseract calls the lines of what it takes to be a heading `ocr_header`, and is often wrong.
    is_tesseract: bool,
}

struct HocrWord {
    text: String,
    /// Whether there is white space before it.
    spaced: bool,
    place: Option<Rect>,
}

impl Hocr {
    fn read(&mut self, text: &str) -> Result<(), (usize, String)> {
        let mut end = 0;
        for (tag, at) in tags(text, false) {
            end = at;
            match tag {
                Tag::Open {
                    name,
                    attributes,
                    is_closed,
                } => {
                    if name == "meta" && value(&attributes, "name") == "ocr-system" {
                        let system = value(&attributes, "content").to_lowercase();
                        self.is_tesseract = system.contains("tesseract");
                    }
                    if is_void(&name) || is_closed {
                        continue;
                    }
                    if self.open.len() == DEEPEST {
                        let why = format!(
                            "more than {DEEPEST} elements within one another: this is no page"
                        );
                        return Err((at, why));
                    }
                    let part = self.begin(&name, value(&attributes, "class"), &attributes);
                    self.open.push((name, part));
                }
                Tag::Text(text) => self.take(&text),
                Tag::Close(name) => self.close(&name),
            }
        }
        self.is_whole().map_err(|why| (end, why.into()))
    }

    /// Ends the last open element of a name, and all that are open within it.
    fn close(&mut self, name: &str) {
        let opened = self.open.iter().rposition(|(open, _)| open == name);
        let within = self.open.split_off(opened.unwrap_or(self.open.len()));
        for (_, part) in within.into_iter().rev() {
            self.end(part);
        }
    }

    fn is_whole(&self) -> Result<(), &'static str> {
        match (&self.scan, self.scans.is_empty()) {
            (Some(_), _) => Err("it ends before its page does; if it is cut short, fetch it again"),
            (None, true) => Err("no page (an element of class ocr_page) is in it"),
            (None, false) => Ok(()),
        }
    }

    fn begin(&mut self, name: &str, classes: &str, attributes: &[(String, String)]) -> ElementKind {
        let mut classes = classes.split_ascii_whitespace();
        let class = classes.find(|class| class.starts_with("ocr"));
        let class = class.unwrap_or_default();
        let region = REGIONS.iter().find(|(known, _)| *known == class);
        let title = value(attributes, "title");
        match (class, region) {
            ("ocr_page", _) => {
                self.scan = Some(Scan {
                    trust: match self.is_tesseract {
                        true => Trust::Found,
                        false => Trust::Blocks,
                    },
                    ..page(title)
                });
                ElementKind::Page
            }
            _ if self.scan.is_none() => ElementKind::Other,
            ("ocr_line" | "ocrx_line", _) => {
                self.begin_line("", title);
                ElementKind::Line
            }
            ("ocrx_word" | "ocr_word", _) => {
                self.end_word();
                self.word = Some((String::new(), place(title)));
                ElementKind::Word
            }
            (_, Some((_, "header"))) if name == "span" && self.is_tesseract => {
                self.begin_line("", title);
                ElementKind::Line
            }
            (_, Some((_, label))) if name == "span" => {
                self.begin_line(label, title);
                ElementKind::Line
            }
            (_, Some((_, label))) => {
                self.begin_region(label, title, value(attributes, "id"));
                ElementKind::Region
            }
            (_, None) => ElementKind::Other,
        }
    }

    fn begin_region(&mut self, label: &str, title: &str, id: &str) {
        self.end_region();
        self.region = Some(Region {
            id: id.to_string(),
            label: label.to_string(),
            place: place(title),
            ..Region::default()
        });
    }

    /// A line with another label than the one before begins a region of its own.
    fn begin_line(&mut self, label: &str, title: &str) {
        self.end_line();
        let around = self.region.get_or_insert_default();
        if around.label != label && (self.is_of_lines || !label.is_empty()) {
            let (id, place) = (around.id.clone(), around.place);
            self.end_region();
            self.region = Some(Region {
                id,
                place,
                label: label.to_string(),
                ..Region::default()
            });
            self.is_of_lines = true;
        }
        self.line = Some(Line {
            place: place(title),
            ..Line::default()
        });
    }

    fn take(&mut self, text: &str) {
        if let Some((word, _)) = &mut self.word {
            word.push_str(text);
        } else if self.scan.is_some() && (self.line.is_some() || self.region.is_some()) {
            let begins_spaced = text.starts_with(char::is_whitespace);
            let words = text.split_whitespace().enumerate();
            self.words.extend(words.map(|(at, word)| {
                let spaced = at > 0 || begins_spaced;
                HocrWord {
                    text: word.to_string(),
                    spaced,
                    place: None,
                }
            }));
        }
    }

    fn end(&mut self, part: ElementKind) {
        match part {
            ElementKind::Word => self.end_word(),
            ElementKind::Line => self.end_line(),
            ElementKind::Region => self.end_region(),
            ElementKind::Page => {
                self.end_region();
                self.scans.extend(self.scan.take());
            }
            ElementKind::Other => {}
        }
    }

    fn end_word(&mut self) {
        if let Some((words, place)) = self.word.take() {
            let words = words.split_whitespace().map(|word| HocrWord {
                text: word.to_string(),
                spaced: true,
                place,
            });
            self.words.extend(words);
        }
    }

    fn end_line(&mut self) {
        self.end_word();
        let place = self.line.take().and_then(|line| line.place);
        if !self.words.is_empty() {
            let before = |at: usize| at.checked_sub(1).and_then(|last| self.words[last].place);
            let words = self.words.iter().enumerate().map(|(at, word)| {
                (
                    word.text.as_str(),
                    Gap::between(before(at), word.place, place, word.spaced),
                    word.place,
                )
            });
            let line = Line::of_words(words);
            self.region
                .get_or_insert_default()
                .lines
                .push(Line { place, ..line });
            self.words.clear();
        }
    }

    fn end_region(&mut self) {
        self.end_line();
        self.is_of_lines = false;
        if let (Some(scan), Some(region)) = (&mut self.scan, self.region.take())
            && !region.lines.is_empty()
        {
            scan.regions.push(region);
        }
    }
}

/// What the title of a page says of it: `image "p1.png"; bbox 0 0 2480 3508; ppageno 0`.
fn page(title: &str) -> Scan {
    let mut scan = Scan::default();
    if let Some(image) = field(title, "image") {
        let image = image.trim().trim_matches(['"', '\'']);
        let named = (!image.is_empty()).then(|| ("image".to_string(), json!(image)));
        scan.about.extend(named);
    }
    for (key, name) in [("page_number", "lpageno"), ("image_number", "ppageno")] {
        let number = field(title, name).map(|number| number.trim().trim_matches('"'));
        scan.about
            .extend(number.map(|number| (key.to_string(), json!(number))));
    }
    if let Some([_, _, width, height]) = place(title) {
        scan.about
            .insert("size".into(), json!([number(width), number(height)]));
    }
    scan
}

/// What a title says in a field: `image "p1.png"`
fn field<'t>(title: &'t str, name: &str) -> Option<&'t str> {
    let mut fields = title.split(';').map(str::trim);
    fields.find_map(|field| field.strip_prefix(name)?.strip_prefix(' '))
}

/// `bbox 36 92 580 122`: left, top, right, bottom.
fn place(title: &str) -> Option<Rect> {
    let field = title
        .split(';')
        .find_map(|field| field.trim().strip_prefix("bbox "))?;
    let mut sides = field
        .split_whitespace()
        .map(|side| side.parse::<f64>().ok().filter(|side| side.is_finite()));
    let mut side = || sides.next().flatten();
    let (left, top, right, bottom) = (side()?, side()?, side()?, side()?);
    Some([left, top, right - left, bottom - top])
}
