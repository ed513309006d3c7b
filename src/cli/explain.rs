//! Shows one page with its changes marked: what went, what came, and for what cause.

use super::diff::{Piece, is_of_word, pieces};
use crate::Error;
use crate::nature::nature;
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::Grade;
use crate::segment::segment;
use crate::write::files::SOURCES;
use crate::write::record::{Changed, article_id};
use crate::write::undo::Documents;
use anstyle::{AnsiColor, Effects, Style};
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

const GONE: Style = Style::new()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)))
    .effects(Effects::STRIKETHROUGH);
const CAME: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const CAUSE: Style = Style::new().effects(Effects::DIMMED);

/// The page of that id (or of the article of that id) as it came, its changes marked in it, and a list of them with their
/// evidence below. Lines further from a change than `context` are folded, if there is one. Coloured; whoever prints it to
/// no terminal strips the colours, and the brackets remain.
pub(super) fn explain(folder: &Path, id: &str, context: Option<usize>) -> Result<String, Error> {
    /// How like an id must be to be offered instead (normalised Levenshtein).
    const ALIKE: f64 = 0.6;
    let mut documents = Documents::open(folder)?;
    let mut nearest = (ALIKE, None);
    while let Some((source, text)) = documents.next()? {
        let (Some(own), Some(text)) = (source.id, text) else {
            continue;
        };
        let mut articles = 1..=source.parts.unwrap_or(0);
        if own == id || articles.any(|number| article_id(&own, number) == id) {
            let changes = marked(&text, &documents.records, context);
            return Ok(format!("{changes}\n{}", nature_in_words(text)));
        }
        let alike = strsim::normalized_levenshtein(&own, id);
        if alike > nearest.0 {
            nearest = (alike, Some(own));
        }
    }
    Err(no_document(folder, id, nearest.1))
}

fn no_document(folder: &Path, id: &str, nearest: Option<String>) -> Error {
    let hint = match nearest {
        Some(other) => format!("did you mean {other:?}?"),
        None => format!("{SOURCES} there lists the ids"),
    };
    let folder = folder.display();
    Error::Usage(format!("no document {id:?} in {folder}; {hint}"))
}

/// What the page is, as its text shows. What a layout tool said of it beside the text is not in an output folder.
fn nature_in_words(text: String) -> String {
    let mut page = Page::new("", text);
    segment(&mut page);
    format!("{CAUSE}the page:{CAUSE:#} {}\n", nature(&page).says())
}

fn marked(text: &str, records: &[Changed], context: Option<usize>) -> String {
    let mut page = Marked::default();
    let mut at = 0;
    for place in places(text, records) {
        page.out.push_str(&text[at..place.span.start]);
        at = place.span.end;
        page.mark(text, &place);
    }
    page.out.push_str(&text[at..]);
    let mut out = match context {
        Some(context) => page.folded(context),
        None => page.out,
    };
    out.push_str("\n\n");
    for record in records {
        let _ = writeln!(out, "{}", in_words(record, text));
    }
    out
}

/// A place of the page where something changed, as wide as it is shown.
struct MarkedPlace<'r> {
    span: Range<usize>,
    /// Where in it exactly, and what came there.
    changes: Vec<(Range<usize>, &'r str)>,
    joins: bool,
    /// The half that follows is elsewhere on the page.
    is_far: bool,
}

/// In their order and disjoint. In Latin script they are whole words, and changes to one word are one place.
fn places<'r>(text: &str, records: &'r [Changed]) -> Vec<MarkedPlace<'r>> {
    // white space and junctions are places of their own
    let stands_alone =
        |place: &MarkedPlace| place.joins || text[place.span.clone()].trim().is_empty();
    let touches = |last: &MarkedPlace, span: &Range<usize>| {
        last.span.end == span.start && !stands_alone(last)
    };
    let mut places: Vec<MarkedPlace> = Vec::new();
    for (at, record) in replaced(text, records) {
        let came = record.after.as_deref().unwrap_or_default();
        let joins = record.rule == CauseId::Rejoin.name();
        let is_blank = text[at.clone()].trim().is_empty() && came.trim().is_empty();
        let span = match joins {
            true => at.clone(),
            false => whole_words(text, at.clone(), came),
        };
        match places.last_mut() {
            Some(last) if last.changes_beyond(at.start) => {}
            Some(last)
                if last.span.end > span.start || touches(last, &span) && !is_blank && !joins =>
            {
                last.span.end = last.span.end.max(span.end);
                last.changes.push((at, came));
            }
            _ => places.push(MarkedPlace {
                is_far: joins && is_far(&at, records),
                span,
                changes: vec![(at, came)],
                joins,
            }),
        }
    }
    places
}

impl MarkedPlace<'_> {
    /// Whether its last change ends after that byte.
    fn changes_beyond(&self, byte: usize) -> bool {
        self.changes.last().is_some_and(|(at, _)| at.end > byte)
    }
}

/// Where the page was changed, in order, and by which record. Moves are not among it.
fn replaced<'r>(text: &str, records: &'r [Changed]) -> Vec<(Range<usize>, &'r Changed)> {
    let mut changes: Vec<(Range<usize>, &Changed)> = records
        .iter()
        .filter(|r| r.applied && r.follows.is_none())
        .flat_map(|r| r.at.iter().map(move |[start, end]| (*start..*end, r)))
        .filter(|(at, _)| text.get(at.clone()).is_some())
        .collect();
    changes.sort_by_key(|(at, _)| (at.start, at.end));
    changes
}

/// Whether the half that follows a junction came from elsewhere on the page.
fn is_far(junction: &Range<usize>, records: &[Changed]) -> bool {
    let (start, end) = (junction.start, junction.end);
    let mut moves = records
        .iter()
        .filter_map(|r| Some((r.follows?, r.at.first()?[0])));
    moves.any(|(follows, from)| (start..=end).contains(&follows) || from == end)
}

/// The span with the rest of the words that it cuts, or that change because it joins them.
fn whole_words(text: &str, span: Range<usize>, came: &str) -> Range<usize> {
    let gone = &text[span.clone()];
    let is_word = |c: Option<char>| c.is_some_and(is_of_word);
    let begins_word = |text: &str| is_word(text.chars().next());
    let ends_word = |text: &str| is_word(text.chars().next_back());
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let (left, right) = (ends_word(before), begins_word(after));
    let joins = came.is_empty() && left && right;
    let cuts_left = left && (joins || begins_word(gone) || begins_word(came));
    let cuts_right = right && (joins || ends_word(gone) || ends_word(came));
    let start = match cuts_left {
        true => before.trim_end_matches(is_of_word).len(),
        false => span.start,
    };
    let end = match cuts_right {
        true => text.len() - after.trim_start_matches(is_of_word).len(),
        false => span.end,
    };
    start..end
}

/// A page with its changes marked, and where in it the marks are.
#[derive(Default)]
struct Marked {
    out: String,
    marks: Vec<Range<usize>>,
}

impl Marked {
    fn mark(&mut self, text: &str, place: &MarkedPlace) {
        let before = &text[place.span.clone()];
        let mut after = String::new();
        let mut at = place.span.start;
        for (span, came) in &place.changes {
            after.push_str(&text[at..span.start]);
            after.push_str(came);
            at = span.end;
        }
        after.push_str(&text[at..place.span.end]);
        let start = self.out.len();
        if place.joins {
            let gap = if place.is_far { before } else { "" };
            let _ = write!(self.out, "{CAME}{{+⁀+}}{CAME:#}{gap}");
        } else if before.trim().is_empty() && after.trim().is_empty() {
            // white space speaks for itself: it is shown as it came
            self.out.push_str(before);
            return;
        } else {
            pieces(before, &after)
                .into_iter()
                .for_each(|piece| self.piece(piece));
        }
        self.marks.push(start..self.out.len());
    }

    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Stayed(text) => self.out.push_str(text),
            Piece::Changed { gone, came } => {
                if !gone.is_empty() {
                    let _ = write!(self.out, "{GONE}[-{gone}-]{GONE:#}");
                }
                if !came.is_empty() {
                    let _ = write!(self.out, "{CAME}{{+{came}+}}{CAME:#}");
                }
            }
        }
    }

    /// The lines at most `context` away from a mark, and how many others are left out.
    fn folded(&self, context: usize) -> String {
        let lines = self.lines();
        let is_near = |at: usize| {
            let around = at.saturating_sub(context)..(at + context + 1).min(lines.len());
            lines[around].iter().any(|(_, is_marked)| *is_marked)
        };
        let mut out = String::new();
        let mut at = 0;
        while at < lines.len() {
            let far = (at..lines.len()).take_while(|line| !is_near(*line)).count();
            match far {
                0 | 1 => out.push_str(lines[at].0),
                far => {
                    let _ = writeln!(out, "{CAUSE}⋯ {far} lines without a change{CAUSE:#}");
                }
            }
            at += far.max(1);
        }
        out
    }

    /// The lines, and whether there is a mark in each.
    fn lines(&self) -> Vec<(&str, bool)> {
        let mut marks = self.marks.iter().peekable();
        let mut at = 0;
        let mut lines = Vec::new();
        for line in self.out.split_inclusive('\n') {
            let end = at + line.len();
            while marks.next_if(|mark| mark.end <= at).is_some() {}
            lines.push((line, marks.peek().is_some_and(|mark| mark.start < end)));
            at = end;
        }
        lines
    }
}

/// The beginning of a text in quotation marks.
fn shown(text: &str) -> String {
    const LETTERS: usize = 24;
    let shown: String = text.chars().take(LETTERS).collect();
    let more = match text.chars().nth(LETTERS) {
        Some(_) => "…",
        None => "",
    };
    format!("“{}{more}”", shown.escape_debug())
}

/// A record in a line of words.
fn in_words(record: &Changed, text: &str) -> String {
    let grade = match record.grade {
        Grade::Certain => "certain",
        Grade::Verified => "verified",
        Grade::Suspected => "suspected",
    };
    let rule = &record.rule;
    let (places, what) = (places_in_words(&record.at), what_happened(record, text));
    let mut line = format!("{CAUSE}{rule}{CAUSE:#} ({grade}) bytes {places}{what}");
    let evidence = &record.evidence;
    if let Some(of) = &evidence.of {
        let _ = write!(line, "; also at {} {}–{}", of.id, of.at[0], of.at[1]);
    }
    if let Some(probability) = evidence.probability {
        let _ = write!(line, "; probability {probability:.3}");
    }
    if let Some(note) = &evidence.note {
        let _ = write!(line, "; {note}");
    }
    if !record.also.is_empty() {
        let _ = write!(line, "; carried on from {}", record.also.join(", "));
    }
    line
}

/// The first places of a record, and how many more there are.
fn places_in_words(at: &[[usize; 2]]) -> String {
    const SHOWN: usize = 3;
    let places: Vec<String> = at
        .iter()
        .take(SHOWN)
        .map(|[start, end]| format!("{start}–{end}"))
        .collect();
    let more = match at.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more places"),
    };
    places.join(", ") + &more
}

/// What a record did: moved a place, replaced it, or left it alone.
fn what_happened(record: &Changed, text: &str) -> String {
    let Changed {
        at,
        before,
        after,
        follows,
        applied,
        ..
    } = record;
    let place = at.first().and_then(|[start, end]| text.get(*start..*end));
    let place = place.unwrap_or_default();
    match (follows, applied) {
        (Some(byte), _) => format!(": {} comes after byte {byte}", shown(place.trim())),
        (None, true) => format!(
            ": {} → {}",
            shown(before.as_deref().unwrap_or_default()),
            shown(after.as_deref().unwrap_or_default())
        ),
        (None, false) => format!(", left alone: {}", shown(place)),
    }
}
