//! Holds what a run did against what was planted.

use crate::disguise::is_letter;
use crate::plant::{Copy, Document, Level};
use crate::truth::Truth;
use jiaokan::bench::page::edit::Span;
use jiaokan::bench::write::record::{Changed, Clean, Clustered};
use jiaokan::{CauseId, Class, Place};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The cause by which a whole document is dropped or marked.
const WHOLE: &str = CauseId::Duplicate.name();
/// Share of a planted paragraph's letters that must be covered.
const COVERED: f64 = 0.8;

/// How many copies of a kind were planted, and how many of them were found.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Tally {
    pub planted: usize,
    /// One of the two is gone.
    pub dropped: usize,
    /// Both are there, and said to be copies.
    pub marked: usize,
}

impl Tally {
    fn add(&mut self, found: Found) {
        self.planted += 1;
        self.dropped += usize::from(found == Found::Dropped);
        self.marked += usize::from(found == Found::Marked);
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Found {
    Dropped,
    Marked,
    Not,
}

/// By kind.
pub(crate) type Tallies = BTreeMap<&'static str, Tally>;

#[derive(Debug, Serialize)]
pub(crate) struct Score {
    pub documents: Tallies,
    pub paragraphs: Tallies,
    /// Documents that left the output.
    pub removed: usize,
    /// Of these, such as are no planted copy nor its original, and not like any other document either.
    pub wrong: usize,
    /// Planted pairs of which neither is left, nor anything like them.
    pub lost: usize,
}

/// Scores the output folder of a run over these documents.
pub(crate) fn score(documents: &[Document], copies: &[Copy], out: &Path) -> Score {
    let outcome = Outcome::read(out);
    let texts: HashMap<&str, &str> = documents
        .iter()
        .map(|d| (d.id.as_str(), d.text.as_str()))
        .collect();
    let (mut wholes, mut passages) = (Tallies::new(), Tallies::new());
    for copy in copies {
        let (tallies, found) = match copy.level {
            Level::Document => (&mut wholes, outcome.finds_document(copy)),
            Level::Paragraph => (&mut passages, outcome.finds_paragraph(copy, &texts)),
        };
        tallies.entry(copy.kind).or_default().add(found);
    }
    let truth = Truth::of(documents);
    Score {
        documents: wholes,
        paragraphs: passages,
        removed: documents.iter().filter(|d| !outcome.is_kept(&d.id)).count(),
        wrong: outcome.wrong(documents, copies, &truth),
        lost: outcome.lost(copies, &truth),
    }
}

/// What a run did.
#[derive(Default)]
struct Outcome {
    kept: HashSet<String>,
    /// The cluster of each document that has one.
    clusters: HashMap<String, String>,
    /// For each document that was dropped as a copy, its original.
    originals: HashMap<String, String>,
    /// Spans of each document that left it as repeats.
    dropped: HashMap<String, Vec<Span>>,
    /// Spans of each document that are said to stand elsewhere, or of which something else is said to be a copy.
    named: HashMap<String, Vec<Span>>,
}

impl Outcome {
    fn read(out: &Path) -> Self {
        let mut outcome = Outcome::default();
        for_each(&out.join("clean.jsonl"), |clean: Clean| {
            outcome.kept.insert(clean.id);
        });
        for_each(&out.join("clusters.jsonl"), |clustered: Clustered| {
            outcome.clusters.insert(clustered.id, clustered.cluster);
        });
        for_each(&out.join("changes.jsonl"), |change: Changed| {
            outcome.take(change)
        });
        outcome
    }

    fn take(&mut self, change: Changed) {
        if CauseId::named(&change.rule).is_none_or(|cause| cause.class() != Class::Repeat) {
            return;
        }
        let spans = change.at.iter().map(|[start, end]| *start..*end);
        let places = if change.applied {
            &mut self.dropped
        } else {
            &mut self.named
        };
        places.entry(change.id.clone()).or_default().extend(spans);
        match change.evidence.of {
            Some(of) if change.rule == WHOLE => {
                self.originals.insert(change.id, of.id);
            }
            Some(Place {
                id,
                at: [start, end],
            }) => self.named.entry(id).or_default().push(start..end),
            None => {}
        }
    }

    fn finds_document(&self, copy: &Copy) -> Found {
        let (copy, original) = (&copy.copy.id, &copy.originals[0].id);
        let cluster = |id| self.clusters.get(id);
        if !self.is_kept(copy) || !self.is_kept(original) {
            Found::Dropped
        } else if cluster(copy).is_some() && cluster(copy) == cluster(original) {
            Found::Marked
        } else {
            Found::Not
        }
    }

    /// A copy is found where it stands or where its original does; a splice, in which two originals meet, only where it
    /// stands.
    fn finds_paragraph(&self, copy: &Copy, texts: &HashMap<&str, &str>) -> Found {
        let original = (copy.originals.len() == 1).then(|| &copy.originals[0]);
        let places = || [Some(&copy.copy), original].into_iter().flatten();
        let is_covered = |place: &Place, by: &[&HashMap<String, Vec<Span>>]| {
            let spans: Vec<&Span> = by
                .iter()
                .filter_map(|spans| spans.get(&place.id))
                .flatten()
                .collect();
            covered(texts[place.id.as_str()], place.at, &spans) >= COVERED
        };
        if places().any(|place| is_covered(place, &[&self.dropped])) {
            Found::Dropped
        } else if places().any(|place| is_covered(place, &[&self.dropped, &self.named])) {
            Found::Marked
        } else {
            Found::Not
        }
    }

    fn is_kept(&self, id: &str) -> bool {
        self.kept.contains(id)
    }

    /// How many documents left the output that are not planted and not like another.
    fn wrong(&self, documents: &[Document], copies: &[Copy], truth: &Truth) -> usize {
        let planted: HashSet<&str> = pairs(copies)
            .flat_map(|(copy, original)| [copy, original])
            .collect();
        let is_like = |id: &str| {
            let named = self.originals.get(id);
            named.is_some_and(|named| truth.are_alike(id, named)) || truth.has_like(id, |_| true)
        };
        let ids = documents.iter().map(|d| d.id.as_str());
        ids.filter(|id| !self.is_kept(id) && !planted.contains(id) && !is_like(id))
            .count()
    }

    /// How many planted pairs left the output with all that is like them.
    fn lost(&self, copies: &[Copy], truth: &Truth) -> usize {
        let stays = |id: &str| self.is_kept(id) || truth.has_like(id, |other| self.is_kept(other));
        pairs(copies)
            .filter(|(copy, original)| !stays(copy) && !stays(original))
            .count()
    }
}

/// The ids of planted documents and of their originals.
fn pairs(copies: &[Copy]) -> impl Iterator<Item = (&str, &str)> {
    let documents = copies.iter().filter(|copy| copy.level == Level::Document);
    documents.map(|copy| (copy.copy.id.as_str(), copy.originals[0].id.as_str()))
}

/// The share of a passage's letters that the spans cover.
fn covered(text: &str, [start, end]: [usize; 2], spans: &[&Span]) -> f64 {
    let is_in_span = |at: usize| spans.iter().any(|span| span.contains(&at));
    let letters = text[start..end]
        .char_indices()
        .filter(|(_, c)| is_letter(*c))
        .map(|(at, _)| start + at);
    let (mut all, mut inside) = (0, 0);
    for letter in letters {
        all += 1;
        inside += u32::from(is_in_span(letter));
    }
    f64::from(inside) / f64::from(all.max(1_u32))
}

/// Each record of a file of the output.
fn for_each<T: DeserializeOwned>(path: &Path, mut take: impl FnMut(T)) {
    let file = File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        take(
            serde_json::from_str(&line)
                .unwrap_or_else(|e| panic!("{} line {}: {e}", path.display(), number + 1)),
        );
    }
}
