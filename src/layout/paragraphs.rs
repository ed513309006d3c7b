//! The paragraphs of a region: which of its lines continue the one before.

use super::ends::Ends;
use super::line::Line;
use super::place::Rect;
use super::region::Region;
use super::rows::rows;
use crate::page::Kind;
use crate::text::chars::is_letter;
use crate::text::latin::{ends_in_hyphen, is_hyphen, is_hyphenated, repeats_hyphen};
use crate::text::sentence::ends_sentence;
use crate::text::width::{is_set_full_width, needs_space};

/// The lines of a region, joined as far as they surely belong to one paragraph; those that their writer ended stay lines.
/// `usual` is how long lines of the page are.
pub(crate) fn paragraphs(region: &Region, kind: Option<Kind>, usual: f64) -> Vec<String> {
    let lines: Vec<&Line> = region
        .lines
        .iter()
        .filter(|line| !line.text.trim().is_empty())
        .collect();
    let betweens = match region.is_paragraph {
        true => vec![Between::Nothing; lines.len().saturating_sub(1)],
        false => betweens(&lines, kind, usual),
    };
    let mut paragraphs: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let between = at.checked_sub(1).map(|last| (lines[last], betweens[last]));
        match (between, paragraphs.last_mut()) {
            (Some((last, Between::Nothing)), Some(paragraph)) => join(paragraph, last, line, kind),
            (Some((_, Between::Lines)), Some(paragraph)) => {
                paragraph.push('\n');
                paragraph.push_str(line.text.trim());
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
        // the word continues in another region, and the hyphen is not part of it
        paragraph.pop();
        paragraph.push('\u{AD}');
    }
    paragraphs
}

/// What stands behind each line of a region that another follows.
fn betweens(lines: &[&Line], kind: Option<Kind>, usual: f64) -> Vec<Between> {
    let edges = Edges::of(lines);
    let rows = rows(lines);
    let ends = match kind {
        Some(Kind::Headline) => Ends::default(),
        _ => Ends::of(lines, usual),
    };
    let between = |at: usize| match at {
        _ if rows[at] || rows[at + 1] => Between::Paragraphs,
        _ if ends.is_own(at) && ends.ends_stanza(at) => Between::Paragraphs,
        _ if ends.is_own(at) => Between::Lines,
        _ if edges.begins(lines[at], lines[at + 1], kind) => Between::Paragraphs,
        _ if ends.ends_paragraph(at, edges.end - edges.start) => Between::Paragraphs,
        _ => Between::Nothing,
    };
    let mut betweens: Vec<Between> = (1..lines.len()).map(|at| between(at - 1)).collect();
    // a paragraph stands beside the writer's own lines, not among them
    for at in 1..betweens.len() {
        match [betweens[at - 1], betweens[at]] {
            [Between::Nothing, Between::Lines] if !ends.is_among_own(at - 1) => {
                betweens[at] = Between::Paragraphs
            }
            [Between::Lines, Between::Nothing] if !ends.is_among_own(at) => {
                betweens[at - 1] = Between::Paragraphs
            }
            _ => {}
        }
    }
    betweens
}

/// What stands between two lines of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Between {
    /// They belong to one paragraph.
    Nothing,
    /// They are the writer's own.
    Lines,
    Paragraphs,
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
    let text = match repeats_hyphen(paragraph, text) {
        true => text.trim_start_matches(is_hyphen),
        false => text,
    };
    let is_of_word = text.len() < line.text.trim().len();
    let wide = is_set_full_width([last.text.as_str(), text].into_iter());
    let hyphen = paragraph.chars().next_back().filter(|c| is_hyphen(*c));
    if is_of_word {
        // perdera-|-se: the hyphen stands there already
    } else if let Some(hyphen) =
        hyphen.filter(|_| ends_in_hyphen(paragraph) && text.starts_with(is_hyphenated))
    {
        let is_small = text.starts_with(char::is_lowercase);
        if matches!(hyphen, '\u{AD}' | '¬') || is_small && kind.is_some() {
            paragraph.pop();
        } else if is_small {
            // the words of the run decide whether it goes
            paragraph.push('\n');
        }
    } else if needs_space(paragraph, text, wide)
        || kind == Some(Kind::Headline) && is_between_letters(paragraph, text)
    {
        // headlines are broken where a mark could be
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
    /// Median height of a line, or width of a vertical one.
    thickness: f64,
}

impl Edges {
    fn of(lines: &[&Line]) -> Self {
        let places: Vec<Rect> = lines.iter().filter_map(|line| line.place).collect();
        if places.len() < lines.len() || lines.len() < 2 {
            return Edges::default();
        }
        let tall =
            |(line, place): (&&Line, &Rect)| place[3] > place[2] && line.text.chars().count() > 2;
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

    fn thick(&self, place: &Rect) -> f64 {
        if self.is_vertical { place[2] } else { place[3] }
    }

    fn span(&self, place: &Rect) -> (f64, f64) {
        let along = usize::from(self.is_vertical);
        (place[along], place[along] + place[along + 2])
    }

    /// Whether a line begins a paragraph: it is indented and the last one ends short or ends a sentence; or the last one does
    /// both, or is indented and ends short; or the two hardly overlap. Lines of a headline belong together unless their sizes
    /// differ. The shares and ratios are chosen by eye.
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
            // they stand side by side: a byline in the middle of the page, and a column under one end of it
            return true;
        }
        let is_indented = start - self.start > self.thickness * 0.8
            && start - self.span(&over).0 > self.thickness * 0.5;
        let ends = ends_sentence(&last.text);
        let is_short = self.end - end > (self.end - self.start) / 4.0;
        // a line that is indented and ends short is a paragraph of its own
        let is_one = self.span(&over).0 - self.start > self.thickness * 0.8
            && is_short
            && !ends_in_hyphen(&last.text);
        is_indented && (ends || is_short) || ends && is_short || is_one
    }
}
