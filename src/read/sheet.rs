//! A page as the formats of layout describe it: regions of lines in reading order, each with its place on the sheet; and
//! the document that is made of it.
//!
//! The lines of a region are joined here, for the format says that they belong together and where each begins and ends.
//! What it does not say is left to `rejoin`: the two sides of a hyphen stay lines of their own (its words tell whether the
//! hyphen goes), and so do the halves of a sentence that two regions share.

use super::columns::{self, White};
use super::{Document, Item, Items, Refused};
use crate::page::Kind;
use crate::segment::LAYOUT;
use crate::text::chars::{ends_sentence, is_letter};
use crate::text::latin::{ends_in_hyphen, is_hyphen, is_latin};
use crate::text::width::{is_set_full_width, needs_space};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Sheet {
    /// What the format says of the page: its image, its number, its size.
    pub about: Map<String, Value>,
    /// In reading order.
    pub regions: Vec<Region>,
}

#[derive(Default, Clone)]
pub(super) struct Region {
    pub id: String,
    /// Those of what it lies in, the next first.
    pub within: Vec<String>,
    /// What the format calls it.
    pub sort: String,
    pub place: Option<Place>,
    pub lines: Vec<Line>,
}

#[derive(Default, Clone)]
pub(super) struct Line {
    pub id: String,
    pub text: String,
    pub place: Option<Place>,
    /// Where the first part of a word that goes on in the next line begins, and the whole word.
    pub broken: Option<(usize, String)>,
    /// Where the second part of such a word ends.
    pub rest: usize,
    /// From left to right.
    pub whites: Vec<White>,
}

/// Left, top, width, height, in the format's own unit.
pub(super) type Place = [f64; 4];

/// What stands between two words of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Gap {
    None,
    /// A space, as the format sees it; in Chinese and Japanese print has none there.
    Space,
    /// White that is wider than a letter, and where it begins and ends: another word stands behind it in any script.
    Wide(f64, f64),
}

impl Gap {
    /// That between two words of a line by their places, where the format sees a space or none.
    pub fn between(
        left: Option<Place>,
        right: Option<Place>,
        line: Option<Place>,
        is_spaced: bool,
    ) -> Self {
        /// In heights of the line. Letters of headlines stand apart, but hardly so far.
        const WIDE: f64 = 1.5;
        let wide = || {
            let ([before, _, width, _], [after, ..], [_, _, long, high]) = (left?, right?, line?);
            let is_wide = long > high && after - (before + width) > high * WIDE;
            is_wide.then_some(Gap::Wide(before + width, after))
        };
        if is_spaced {
            wide().unwrap_or(Gap::Space)
        } else {
            Gap::None
        }
    }
}

/// What becomes of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Text(Option<Kind>),
    /// Not of the text: a running head, a page number.
    Running,
    /// The first letter of the region behind it.
    Initial,
}

/// What formats call regions, in small letters without hyphens.
const ROLES: [(&str, Role); 32] = [
    ("heading", Role::Text(Some(Kind::Headline))),
    ("headline", Role::Text(Some(Kind::Headline))),
    ("subheadline", Role::Text(Some(Kind::Headline))),
    ("subheading", Role::Text(Some(Kind::Headline))),
    ("title", Role::Text(Some(Kind::Headline))),
    ("author", Role::Text(Some(Kind::Byline))),
    ("byline", Role::Text(Some(Kind::Byline))),
    ("dateline", Role::Text(Some(Kind::Dateline))),
    ("caption", Role::Text(Some(Kind::Caption))),
    ("marginalia", Role::Text(Some(Kind::Caption))),
    ("margin", Role::Text(Some(Kind::Caption))),
    ("credit", Role::Text(Some(Kind::Credit))),
    ("tocentry", Role::Text(Some(Kind::List))),
    ("list", Role::Text(Some(Kind::List))),
    ("listitem", Role::Text(Some(Kind::List))),
    ("table", Role::Text(Some(Kind::Table))),
    ("tableregion", Role::Text(Some(Kind::Table))),
    ("masthead", Role::Text(Some(Kind::Masthead))),
    ("header", Role::Running),
    ("pageheader", Role::Running),
    ("runninghead", Role::Running),
    ("runningheader", Role::Running),
    ("runningtitle", Role::Running),
    ("footer", Role::Running),
    ("pagefooter", Role::Running),
    ("pagenumber", Role::Running),
    ("pageno", Role::Running),
    ("signaturemark", Role::Running),
    ("catchword", Role::Running),
    ("topmargin", Role::Running),
    ("bottommargin", Role::Running),
    ("dropcapital", Role::Initial),
];

impl Role {
    fn of(sort: &str) -> Self {
        let name: String = sort
            .chars()
            .filter(|c| !"-_ ".contains(*c))
            .flat_map(char::to_lowercase)
            .collect();
        ROLES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(Role::Text(None), |(_, role)| *role)
    }
}

/// Whether a region that a format calls so says anything of what it is.
pub(super) fn says_something(sort: &str) -> bool {
    Role::of(sort) != Role::Text(None)
}

/// The documents of a file's pages, and what of it was refused.
pub(super) fn items(name: String, sheets: Vec<Sheet>, refused: Option<Refused>) -> Items {
    let is_alone = sheets.len() == 1 && refused.is_none();
    let documents = (1..)
        .zip(sheets)
        .map(move |(number, sheet): (usize, Sheet)| {
            let id = if is_alone {
                name.clone()
            } else {
                format!("{name}#page-{number}")
            };
            let (text, metadata) = sheet.written();
            Item::Document(Box::new(Document::converted(
                id,
                text,
                name.clone(),
                metadata,
            )))
        });
    Box::new(documents.chain(refused.map(Item::Refused)))
}

impl Sheet {
    /// Its text, and what else is known of it.
    fn written(mut self) -> (String, Map<String, Value>) {
        self.regions = columns::apart(self.regions);
        let body = self.usual_thickness();
        let mut text = String::new();
        let (mut layout, mut regions, mut running) = (Vec::new(), Vec::new(), Vec::new());
        let mut initial = String::new();
        for mut region in self.regions.into_iter().filter(|region| !region.is_blank()) {
            let kind = match Role::of(&region.sort) {
                Role::Text(kind) => {
                    kind.or_else(|| region.is_set_large(body).then_some(Kind::Headline))
                }
                Role::Initial => {
                    region
                        .lines
                        .iter()
                        .for_each(|line| initial.push_str(line.text.trim()));
                    continue;
                }
                Role::Running => {
                    running.push(json!(region.paragraphs(Some(Kind::Headline)).join(" ")));
                    continue;
                }
            };
            if let Some(first) = region.lines.first_mut() {
                first.put_before(&std::mem::take(&mut initial));
            }
            let blocks = region.paragraphs(kind);
            let lines = blocks
                .iter()
                .map(|block| block.lines().count())
                .sum::<usize>();
            for block in &blocks {
                text.push_str(if text.is_empty() { "" } else { "\n\n" });
                text.push_str(block);
            }
            layout.extend(std::iter::repeat_n(json!(kind), lines));
            regions.push(region.about(lines));
        }
        if !initial.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "\n\n" });
            text.push_str(&initial);
            layout.push(Value::Null);
        }
        let mut about = self.about;
        let told = layout.iter().any(|kind| !kind.is_null());
        let lists = [
            ("running", running, true),
            ("regions", regions, true),
            (LAYOUT, layout, told),
        ];
        for (key, list, is_kept) in lists {
            if is_kept && !list.is_empty() {
                about.insert(key.into(), list.into());
            }
        }
        (text, about)
    }

    /// How thick lines of text are: half of the letters stand in thinner ones. 0, if no places are given.
    fn usual_thickness(&self) -> f64 {
        let lines = self.regions.iter().flat_map(|region| &region.lines);
        let mut sizes: Vec<(f64, usize)> = lines
            .filter_map(|line| Some((line.thickness()?, line.text.chars().count())))
            .collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = sizes.iter().map(|(_, letters)| letters).sum::<usize>() / 2;
        let mut letters = 0;
        let middle = sizes.iter().find(|(_, more)| {
            letters += more;
            letters > half
        });
        middle.map_or(0.0, |(thickness, _)| *thickness)
    }

    /// Puts the regions in the order in which they, what they lie in, or their lines are named; others come behind.
    pub fn put_in_order(&mut self, names: &[String]) {
        let ranks: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .rev()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        let rank = |region: &Region| {
            let rank = |name: &String| ranks.get(name.as_str()).copied();
            let of_lines = || region.lines.iter().filter_map(|line| rank(&line.id)).min();
            rank(&region.id)
                .or_else(|| region.within.iter().find_map(rank))
                .or_else(of_lines)
                .unwrap_or(usize::MAX)
        };
        self.regions.sort_by_cached_key(rank);
    }
}

impl Region {
    fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.text.trim().is_empty())
    }

    /// Whether it is a headline by its size: a few lines, all far thicker than those of the text, that neither end a sentence
    /// nor name the paper.
    fn is_set_large(&self, usual: f64) -> bool {
        /// Headlines in the text's own size are told by what they say; the next thicker lines are leads.
        const THICKER: f64 = 1.5;
        const MOST_LINES: usize = 4;
        let mut lines = self
            .lines
            .iter()
            .filter(|line| !line.text.trim().is_empty());
        let text = self
            .lines
            .last()
            .map(|line| line.text.trim())
            .unwrap_or_default();
        let letters = self
            .lines
            .iter()
            .flat_map(|line| line.text.chars())
            .filter(|c| is_letter(*c))
            .count();
        usual > 0.0
            && self.lines.len() <= MOST_LINES
            && letters > 3
            && lines.all(|line| {
                line.thickness()
                    .is_some_and(|thickness| thickness > usual * THICKER)
            })
            && !ends_sentence(text)
            && !text.ends_with(['报', '報', '刊'])
    }

    /// What metadata says of it, and how many lines of the text it is, if not one.
    fn about(&self, lines: usize) -> Value {
        let mut about = Map::new();
        let named = [("id", &self.id), ("type", &self.sort)];
        about.extend(
            named
                .into_iter()
                .filter(|(_, name)| !name.is_empty())
                .map(|(key, name)| (key.into(), json!(name))),
        );
        about.extend(
            self.place
                .map(|place| ("bbox".into(), json!(place.map(number)))),
        );
        about.extend((lines > 1).then(|| ("lines".into(), json!(lines))));
        Value::Object(about)
    }

    /// Its lines joined, as far as they are surely of one paragraph.
    fn paragraphs(&self, kind: Option<Kind>) -> Vec<String> {
        let lines: Vec<&Line> = self
            .lines
            .iter()
            .filter(|line| !line.text.trim().is_empty())
            .collect();
        let edges = Edges::of(&lines);
        let rows = columns::rows(&lines);
        let mut paragraphs: Vec<String> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let last = at
                .checked_sub(1)
                .map(|last| lines[last])
                .filter(|_| !rows[at] && !rows[at - 1]);
            match (last, paragraphs.last_mut()) {
                (Some(last), Some(paragraph)) if !edges.begins(last, line, kind) => {
                    join(paragraph, last, line, kind)
                }
                _ => paragraphs.push(line.text.trim_end().to_string()),
            }
        }
        if let (Some(paragraph), Some((start, whole))) = (
            paragraphs.last_mut(),
            lines.last().and_then(|l| l.broken.as_ref()),
        ) && let Some(first) = lines
            .last()
            .and_then(|line| line.text.trim_end().get(*start..)?.strip_suffix('-'))
            && whole
                .strip_prefix(first)
                .is_some_and(|rest| !rest.starts_with(is_hyphen))
        {
            // another region goes on with the word, and the hyphen is not part of it
            paragraph.pop();
            paragraph.push('\u{AD}');
        }
        paragraphs
    }
}

/// A number as short as it can be written.
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

impl Line {
    /// A line of words, each with what stands before it.
    pub fn of_words<'w>(words: impl Iterator<Item = (&'w str, Gap)> + Clone) -> Self {
        let wide = is_set_full_width(words.clone().map(|(word, _)| word));
        let mut line = Line::default();
        for (word, gap) in words {
            line.add(word, gap, wide);
        }
        line
    }

    /// Adds a word to a line that is set full width or not.
    pub fn add(&mut self, word: &str, gap: Gap, wide: bool) {
        let is_spaced = match gap {
            Gap::None => false,
            Gap::Space => needs_space(&self.text, word, wide),
            Gap::Wide(..) => !self.text.is_empty(),
        };
        if is_spaced {
            self.text.push(' ');
        }
        if let Gap::Wide(left, right) = gap {
            self.whites.push(White {
                at: self.text.len(),
                left,
                right,
            });
        }
        self.text.push_str(word);
    }

    /// Its height, or the width of a vertical one.
    fn thickness(&self) -> Option<f64> {
        let [_, _, width, height] = self.place?;
        Some(if height > width && self.text.chars().nth(2).is_some() {
            width
        } else {
            height
        })
    }

    fn put_before(&mut self, text: &str) {
        self.text.insert_str(0, text);
        self.rest += if self.rest > 0 { text.len() } else { 0 };
        if let Some((start, _)) = &mut self.broken {
            *start += text.len();
        }
    }
}

/// Joins the next line to a paragraph that ends with the last one.
fn join(paragraph: &mut String, last: &Line, line: &Line, kind: Option<Kind>) {
    let text = line.text.trim_end();
    if let Some((start, whole)) = &last.broken
        && line.rest > 0
        && let Some(part) = last.text.trim_end().get(*start..)
        && let Some(before) = paragraph.strip_suffix(part).map(str::len)
    {
        paragraph.truncate(before);
        paragraph.push_str(whole);
        paragraph.push_str(text.get(line.rest..).unwrap_or_default());
        return;
    }
    let text = text.trim_start();
    let wide = is_set_full_width([last.text.as_str(), text].into_iter());
    let hyphen = paragraph.chars().next_back().filter(|c| is_hyphen(*c));
    if let Some(hyphen) = hyphen.filter(|_| ends_in_hyphen(paragraph) && text.starts_with(is_latin))
    {
        let is_small = text.starts_with(char::is_lowercase);
        if matches!(hyphen, '\u{AD}' | '¬') || is_small && kind.is_some() {
            paragraph.pop();
        } else if is_small {
            // the words of the run tell whether it goes
            paragraph.push('\n');
        }
    } else if needs_space(paragraph, text, wide)
        || kind == Some(Kind::Headline) && is_between_letters(paragraph, text)
    {
        // headlines are broken where they could have a mark
        paragraph.push(' ');
    }
    paragraph.push_str(text);
}

fn is_between_letters(left: &str, right: &str) -> bool {
    left.ends_with(is_letter) && right.starts_with(is_letter)
}

/// Where the lines of a region begin and end, in the direction of reading.
#[derive(Default)]
struct Edges {
    is_known: bool,
    is_vertical: bool,
    start: f64,
    end: f64,
    /// The height of a line, or width of a vertical one.
    thickness: f64,
}

impl Edges {
    fn of(lines: &[&Line]) -> Self {
        let places: Vec<Place> = lines.iter().filter_map(|line| line.place).collect();
        if places.len() < lines.len() || lines.len() < 2 {
            return Edges::default();
        }
        let tall =
            |(line, place): (&&Line, &Place)| place[3] > place[2] && line.text.chars().count() > 2;
        let is_vertical =
            lines.iter().zip(&places).filter(|pair| tall(*pair)).count() * 2 > lines.len();
        let mut edges = Edges {
            is_known: true,
            is_vertical,
            ..Edges::default()
        };
        let mut thick: Vec<f64> = places.iter().map(|place| edges.thick(place)).collect();
        thick.sort_by(f64::total_cmp);
        edges.thickness = thick[thick.len() / 2];
        let spans = || places.iter().map(|place| edges.span(place));
        let (start, end) = (
            spans()
                .map(|(start, _)| start)
                .fold(f64::INFINITY, f64::min),
            spans()
                .map(|(_, end)| end)
                .fold(f64::NEG_INFINITY, f64::max),
        );
        (edges.start, edges.end) = (start, end);
        edges
    }

    fn thick(&self, place: &Place) -> f64 {
        if self.is_vertical { place[2] } else { place[3] }
    }

    fn span(&self, place: &Place) -> (f64, f64) {
        let along = usize::from(self.is_vertical);
        (place[along], place[along] + place[along + 2])
    }

    /// Whether a line begins a paragraph: it is set in and the last one ends short or with a sentence, or that does both or is
    /// set in and ends short, or the two hardly stand over one another.
    /// A headline's lines are told apart by their size.
    fn begins(&self, last: &Line, line: &Line, kind: Option<Kind>) -> bool {
        if line.text.starts_with('\u{3000}') {
            return true;
        }
        let (Some(over), Some(place), true) = (last.place, line.place, self.is_known) else {
            return false;
        };
        if kind == Some(Kind::Headline) {
            let (one, other) = (self.thick(&over), self.thick(&place));
            return one.max(other) > one.min(other) * 1.4;
        }
        let (start, end) = (self.span(&place).0, self.span(&over).1);
        let shared = end.min(self.span(&place).1) - start.max(self.span(&over).0);
        let shorter = (end - self.span(&over).0).min(self.span(&place).1 - start);
        if shared < shorter / 4.0 && !ends_in_hyphen(&last.text) {
            // they stand beside one another: a byline in the middle of the page, and a column under one end of it
            return true;
        }
        let is_set_in = start - self.start > self.thickness * 0.8
            && start - self.span(&over).0 > self.thickness * 0.5;
        let ends = ends_sentence(&last.text);
        let is_short = self.end - end > (self.end - self.start) / 4.0;
        // a line that is set in and ends short is a paragraph of its own
        let is_one = self.span(&over).0 - self.start > self.thickness * 0.8
            && is_short
            && !ends_in_hyphen(&last.text);
        is_set_in && (ends || is_short) || ends && is_short || is_one
    }
}
