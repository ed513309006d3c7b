//! Shows one page with its changes marked: what went, what came, and for what cause.

use super::record::{Changed, article_id};
use super::undo::Documents;
use crate::Error;
use crate::edit::Grade;
use anstyle::{AnsiColor, Effects, Style};
use std::fmt::Write;
use std::path::Path;

const GONE: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))).effects(Effects::STRIKETHROUGH);
const CAME: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const CAUSE: Style = Style::new().effects(Effects::DIMMED);

/// The page of that id (or of the article of that id) as it came, its changes marked in it, and a list of them with their evidence below. Coloured;
/// whoever prints it to no terminal strips the colours, and the brackets remain.
pub fn explain(folder: &Path, id: &str) -> Result<String, Error> {
    /// How like an id must be to be offered instead (normalised Levenshtein).
    const ALIKE: f64 = 0.6;
    let mut documents = Documents::open(folder)?;
    let mut nearest = (ALIKE, None);
    while let Some((source, text)) = documents.next()? {
        let (Some(own), Some(text)) = (source.id, text) else { continue };
        let is_article_s = || source.parts.is_some_and(|parts| (1..=parts).any(|n| article_id(&own, n) == id));
        if own == id || is_article_s() {
            return Ok(marked(&text, &documents.records));
        }
        let alike = strsim::normalized_levenshtein(&own, id);
        if alike > nearest.0 {
            nearest = (alike, Some(own));
        }
    }
    let hint = nearest.1.map(|other| format!("; did you mean {other:?}?")).unwrap_or_default();
    Err(Error::Usage(format!("no document {id:?} in {}{hint}", folder.display())))
}

fn marked(text: &str, records: &[Changed]) -> String {
    let mut places: Vec<([usize; 2], &Changed)> = records
        .iter()
        .filter(|r| r.applied && r.follows.is_none())
        .flat_map(|r| r.at.iter().map(move |at| (*at, r)))
        .collect();
    places.sort_by_key(|(at, _)| *at);
    let mut out = String::new();
    let mut at = 0;
    for ([start, end], record) in places {
        let (Some(kept), Some(gone)) = (text.get(at..start), text.get(start..end)) else { continue };
        out.push_str(kept);
        let came = record.after.as_deref().unwrap_or_default();
        if record.rule == crate::rejoin::RULE {
            let _ = write!(out, "{CAME}{{+⁀+}}{CAME:#}");
        } else if gone.trim().is_empty() && came.trim().is_empty() {
            // white space speaks for itself: it is shown as it came
            out.push_str(gone);
        } else {
            if !gone.is_empty() {
                let _ = write!(out, "{GONE}[-{gone}-]{GONE:#}");
            }
            if !came.is_empty() {
                let _ = write!(out, "{CAME}{{+{came}+}}{CAME:#}");
            }
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out.push_str("\n\n");
    for record in records {
        let _ = writeln!(out, "{}", in_words(record, text));
    }
    out
}

/// A record in a line of words.
fn in_words(record: &Changed, text: &str) -> String {
    let Changed { rule, grade, at, before, after, follows, applied, also, evidence, .. } = record;
    let mut line = format!("{CAUSE}{rule}{CAUSE:#}");
    let grade = match grade {
        Grade::Certain => "certain",
        Grade::Verified => "verified",
        Grade::Suspected => "suspected",
    };
    let places = at.iter().take(3).map(|[start, end]| format!("{start}–{end}")).collect::<Vec<_>>().join(", ");
    let more = if at.len() > 3 { format!(" and {} more places", at.len() - 3) } else { String::new() };
    let _ = write!(line, " ({grade}) bytes {places}{more}");
    let shown = |text: &str| -> String {
        let shown: String = text.chars().take(24).collect::<String>().escape_debug().to_string();
        if text.chars().count() > 24 { format!("“{shown}…”") } else { format!("“{shown}”") }
    };
    match (follows, applied) {
        (Some(byte), _) => {
            let _ = write!(
                line,
                ": {} stands behind byte {byte}",
                shown(text.get(at[0][0]..at[0][1]).unwrap_or_default().trim())
            );
        }
        (None, true) => {
            let _ = write!(
                line,
                ": {} → {}",
                shown(before.as_deref().unwrap_or_default()),
                shown(after.as_deref().unwrap_or_default())
            );
        }
        (None, false) => {
            let _ = write!(line, ", left alone: {}", shown(text.get(at[0][0]..at[0][1]).unwrap_or_default()));
        }
    }
    if let Some(of) = &evidence.of {
        let _ = write!(line, "; also at {} {}–{}", of.id, of.at[0], of.at[1]);
    }
    if let Some(probability) = evidence.probability {
        let _ = write!(line, "; probability {probability:.3}");
    }
    if let Some(note) = &evidence.note {
        let _ = write!(line, "; {note}");
    }
    if !also.is_empty() {
        let _ = write!(line, "; carried on from {}", also.join(", "));
    }
    line
}
