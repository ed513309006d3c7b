//! The records of the output files, as they are written and as `undo` and `explain` read them back.

use super::attributes::Offsets;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Change, Evidence, Grade, Move, Span, Undo};
use crate::page::hints::KINDS;
use crate::page::metadata::{Metadata, Text};
use crate::page::{Article, Page};
use crate::read::Origin;
use crate::text::lines::{Jump, jump};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A line of clean.jsonl: a document as dolma has it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Clean {
    pub id: String,
    pub text: String,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    pub metadata: Metadata,
    /// Spans in it are those of this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Box<RawValue>>,
}

/// A line of changes.jsonl: a change, at every place of a document where it was made for the same cause, a move, or
/// (`applied` false) something seen and left alone. Places are bytes of the text as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    pub id: String,
    pub rule: String,
    pub grade: Grade,
    pub at: Vec<[usize; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Of a move: the byte after which the span comes in the clean text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<usize>,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub applied: bool,
    /// Rules whose own changes this one took up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    #[serde(flatten)]
    pub evidence: Evidence,
}

fn yes() -> bool {
    true
}

fn is_yes(yes: &bool) -> bool {
    *yes
}

/// A line of sources.jsonl: a document, or bytes between documents, in the order of their files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The file, below the folder that was cleaned.
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether clean.jsonl holds the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<bool>,
    /// Its lines in changes.jsonl.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<usize>,
    /// The records of clean.jsonl that together are the document, if it was split into articles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<usize>,
    /// What is left of a document without text, which is why clean.jsonl does not hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<String>,
    /// The file was refused as a whole and is not given back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    #[serde(flatten)]
    pub origin: Origin,
}

/// A line of clusters.jsonl.
#[derive(Debug, Serialize, Deserialize)]
pub struct Clustered {
    pub id: String,
    /// Where the ids of the run repeat: the file, and the line of the document in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    pub cluster: String,
    pub keep: bool,
    pub similarity: f64,
}

/// A value as a line of JSON.
pub fn line(value: &impl Serialize) -> String {
    let mut line =
        serde_json::to_string(value).expect("records hold only strings, numbers and lists of them");
    line.push('\n');
    line
}

impl Clean {
    /// The record as a line of JSON: what `line` gives, in half the time.
    pub fn line(&self) -> String {
        let Clean {
            id,
            text,
            source,
            added,
            created,
            metadata,
            attributes,
        } = self;
        // an escape every sixteen bytes is more than most texts have
        let mut line =
            String::with_capacity(text.len() + text.len() / 16 + id.len() + source.len() + 256);
        for (name, value) in [
            ("{\"id\":", id),
            (",\"text\":", text),
            (",\"source\":", source),
        ] {
            line.push_str(name);
            push_string(&mut line, value);
        }
        for (name, value) in [(",\"added\":", added), (",\"created\":", created)] {
            value.iter().for_each(|value| {
                line.push_str(name);
                push_string(&mut line, value);
            });
        }
        line.push_str(",\"metadata\":");
        line.push_str(&serde_json::to_string(metadata).expect("its values are JSON"));
        if let Some(attributes) = attributes {
            line.push_str(",\"attributes\":");
            line.push_str(attributes.get());
        }
        line.push_str("}\n");
        line
    }
}

/// Adds a string as JSON writes it, as serde_json does.
fn push_string(line: &mut String, text: &str) {
    line.push('"');
    let mut rest = text;
    loop {
        let (run, after) = rest.split_at(unescaped(rest.as_bytes()));
        line.push_str(run);
        let Some(escaped) = after.chars().next() else {
            break;
        };
        match escaped {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '\u{8}' => line.push_str("\\b"),
            '\u{c}' => line.push_str("\\f"),
            control => line.push_str(&format!("\\u{:04x}", control as u32)),
        }
        rest = &after[1..];
    }
    line.push('"');
}

/// How many bytes come before the first that JSON escapes.
fn unescaped(bytes: &[u8]) -> usize {
    /// Bytes that the compiler looks at together.
    const CHUNK: usize = 32;
    let is_escaped = |byte: &u8| (*byte < b' ') | (*byte == b'"') | (*byte == b'\\');
    let has_escaped = |chunk: &&[u8]| chunk.iter().fold(false, |has, byte| has | is_escaped(byte));
    let start = bytes
        .chunks_exact(CHUNK)
        .take_while(|chunk| !has_escaped(chunk))
        .count()
        * CHUNK;
    start
        + bytes[start..]
            .iter()
            .position(is_escaped)
            .unwrap_or(bytes.len() - start)
}

/// The record of a page, or those of its articles. `beside` holds the fields beside the metadata of the input's record.
pub fn clean(page: &Page, source: &str, beside: &Metadata) -> Vec<Clean> {
    if page.articles.is_empty() {
        let whole = Part {
            id: page.id.clone(),
            text: page.clean(),
            order: page.order().into_owned(),
            about: page.metadata.clone(),
        };
        return vec![whole.record(page, source, beside)];
    }
    let texts = page.clean_articles();
    debug_assert_eq!(texts.len(), page.articles.len());
    let parts = texts
        .into_iter()
        .zip(page.orders_of_articles())
        .zip(&page.articles)
        .enumerate()
        .map(|(at, ((text, order), article))| Part {
            id: article_id(&page.id, at + 1),
            text,
            order,
            about: about_article(page, article),
        });
    parts
        .map(|part| part.record(page, source, beside))
        .collect()
}

/// What becomes one record: a page, or an article of it.
struct Part {
    id: String,
    text: String,
    /// The spans of the page that the text is made of.
    order: Vec<Span>,
    about: Metadata,
}

impl Part {
    fn record(mut self, page: &Page, source: &str, beside: &Metadata) -> Clean {
        self.say_where_it_goes_on(page);
        let string = |name: &str| Text::of(beside.raw(name)?.get());
        let attributes = beside.raw("attributes").map(|attributes| {
            Offsets::of(page, &self.order, self.text.chars().count())
                .rewritten(page.text(), attributes)
        });
        Clean {
            id: self.id,
            text: self.text,
            source: source.into(),
            added: string("added"),
            created: string("created"),
            metadata: self.about,
            attributes,
        }
    }

    /// Puts the pages that its jump notes name into the metadata: `continues` for 下转第3版, `continued_from` for 上接第1版.
    fn say_where_it_goes_on(&mut self, page: &Page) {
        let is_within = |change: &&Change| {
            let Span { start, end } = change.span;
            change.cause.rule == CauseId::Jump
                && self
                    .order
                    .iter()
                    .any(|own| own.start <= start && end <= own.end)
        };
        let jumps = page.changes().iter().filter(is_within);
        let jumps: Vec<Jump> = jumps
            .filter_map(|change| jump(page.text()[change.span.clone()].trim()))
            .collect();
        let to = jumps.iter().filter_map(|jump| match jump {
            Jump::To(page) => Some(*page),
            Jump::From(_) => None,
        });
        let from = jumps.iter().filter_map(|jump| match jump {
            Jump::From(page) => Some(*page),
            Jump::To(_) => None,
        });
        for (field, pages) in [
            ("continues", to.collect::<Vec<_>>()),
            ("continued_from", from.collect()),
        ] {
            if !pages.is_empty() {
                self.about.claim(field, pages);
            }
        }
    }
}

/// The metadata of an article: those of its page, and its own.
fn about_article(page: &Page, article: &Article) -> Metadata {
    let mut about = page.metadata.clone();
    for (name, value) in &article.about {
        if name == KINDS {
            // those of the page say nothing of an article
            about.insert(name, value);
        } else {
            about.claim(name, value);
        }
    }
    about
}

/// The id of the record of an article: of its page, and its number there.
pub(crate) fn article_id(page: &str, number: usize) -> String {
    format!("{page}#{number}")
}

/// The records of a page's changes, moves and remarks.
pub fn changes(page: &Page) -> Vec<Changed> {
    let mut records = replacements(page);
    let moved = Cause {
        rule: CauseId::Rejoin,
        grade: Grade::Verified,
        evidence: Evidence::default(),
    };
    for Move { span, follows } in page.moves() {
        records.push(Changed {
            follows: Some(follows),
            ..Changed::of(page, &moved, &span)
        });
    }
    for remark in page.remarks() {
        records.push(Changed {
            applied: false,
            ..Changed::of(page, &remark.cause, &remark.span)
        });
    }
    records
}

/// What was replaced or dropped. The same change without evidence is recorded once, with all its places.
fn replacements(page: &Page) -> Vec<Changed> {
    let mut records: Vec<Changed> = Vec::new();
    let mut first: HashMap<(CauseId, &str, &str), usize> = HashMap::new();
    for Change {
        span,
        with,
        cause,
        also,
    } in page.changes()
    {
        let before = &page.text()[span.clone()];
        let plain = also.is_empty() && cause.evidence == Evidence::default();
        if plain {
            match first.entry((cause.rule, before, with)) {
                Entry::Occupied(same) => {
                    records[*same.get()].at.push([span.start, span.end]);
                    continue;
                }
                Entry::Vacant(place) => place.insert(records.len()),
            };
        }
        records.push(Changed {
            before: Some(before.into()),
            after: Some(with.to_string()),
            also: also.iter().map(|rule| rule.to_string()).collect(),
            ..Changed::of(page, cause, span)
        });
    }
    records
}

impl Changed {
    fn of(page: &Page, cause: &Cause, span: &Span) -> Self {
        Changed {
            id: page.id.clone(),
            rule: cause.rule.name().into(),
            grade: cause.grade,
            at: vec![[span.start, span.end]],
            before: None,
            after: None,
            follows: None,
            applied: true,
            also: Vec::new(),
            evidence: cause.evidence.clone(),
        }
    }
}

/// What `undo` needs of a document's records: changes and moves.
pub(crate) fn undoing(records: &[Changed]) -> (Vec<Undo>, Vec<Move>) {
    let applied = || records.iter().filter(|r| r.applied);
    let changes = applied()
        .filter(|r| r.follows.is_none())
        .flat_map(|r| {
            r.at.iter().map(|[start, end]| Undo {
                span: *start..*end,
                before: r.before.clone().unwrap_or_default(),
                after: r.after.clone().unwrap_or_default(),
            })
        })
        .collect();
    let moves = applied()
        .filter_map(|r| {
            Some(Move {
                span: r.at.first()?[0]..r.at.first()?[1],
                follows: r.follows?,
            })
        })
        .collect();
    (changes, moves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::to_raw_value;

    #[test]
    fn a_line_is_what_serde_json_writes() {
        let every: String = (0..300).filter_map(char::from_u32).collect();
        let long = "江水涨了。".repeat(9);
        for text in [
            "",
            "\"",
            "灯塔\n",
            &every,
            &format!("{long}\\{long}\u{1}{every}{long}\u{10ffff}"),
        ] {
            let mut metadata = Metadata::new();
            metadata.insert(text, text);
            let [id, source] = [text, text].map(String::from);
            for beside in [None, Some(text.to_string())] {
                let (added, created, attributes) = (
                    beside.clone(),
                    beside.clone(),
                    beside.map(|text| to_raw_value(&text).unwrap()),
                );
                let (id, text, source, metadata) =
                    (id.clone(), text.into(), source.clone(), metadata.clone());
                let record = Clean {
                    id,
                    text,
                    source,
                    added,
                    created,
                    metadata,
                    attributes,
                };
                assert_eq!(record.line(), line(&record));
            }
        }
    }
}
