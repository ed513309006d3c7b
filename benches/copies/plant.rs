//! Plants copies of documents and of paragraphs among clean documents, and keeps account of where they stand.

use crate::disguise::{DISGUISES, is_letter, noisy};
use generate::Random;
use jiaokan::Place;
use jiaokan::bench::page::edit::Span;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A copy is planted for one document in so many.
const DOCUMENTS_PER_COPY: usize = 5;
/// A paragraph is planted for one document in so many of those that have no copy.
const DOCUMENTS_PER_PASSAGE: usize = 2;
/// Letters of a document that is copied, or takes a paragraph in.
const SHORTEST_DOCUMENT: usize = 200;
/// Letters of a paragraph that is copied.
const SHORTEST_PARAGRAPH: usize = 100;
/// Letters of each half of a splice.
const SHORTEST_HALF: usize = 50;

/// The kinds of copies of paragraphs: into another document, within the document, with 2 % noise into another, halves
/// of two as one paragraph of a third.
pub(crate) const PASSAGES: [&str; 4] = ["across", "within", "ocr2", "splice"];

/// A document while copies are planted.
#[derive(Debug)]
pub(crate) struct Draft {
    pub id: String,
    pub paragraphs: Vec<Paragraph>,
    /// What stands between paragraphs.
    pub between: &'static str,
}

/// A paragraph, known by its number wherever others are put before it.
#[derive(Debug, Clone)]
pub(crate) struct Paragraph {
    number: usize,
    pub text: String,
}

impl Draft {
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.paragraphs.iter().map(|p| p.text.as_str()).collect();
        texts.join(self.between)
    }
}

/// A record of the input.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub id: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Document,
    Paragraph,
}

/// A line of planted.jsonl: a copy, and what it was copied from (two passages, for a splice). Places are bytes of the
/// texts of the input.
#[derive(Debug, Serialize)]
pub(crate) struct Copy {
    pub level: Level,
    pub kind: &'static str,
    pub copy: Place,
    pub originals: Vec<Place>,
}

/// The documents, in no order, and the copies among them.
pub(crate) struct Planted {
    pub documents: Vec<Document>,
    pub copies: Vec<Copy>,
}

/// Plants copies among documents, given by their names and texts.
pub(crate) fn plant(random: &mut Random, texts: Vec<(String, String)>) -> Planted {
    let mut drafts = drafts(random, texts);
    let mut long: Vec<usize> = (0..drafts.len())
        .filter(|at| letters(&drafts[*at].text()) >= SHORTEST_DOCUMENT)
        .collect();
    random.shuffle(&mut long);
    let count = (drafts.len() / DOCUMENTS_PER_COPY).min(long.len() / 2);
    let (copied, others) = long.split_at(count);

    let sprouts = plant_paragraphs(random, &mut drafts, others);
    let originals: Vec<Document> = drafts
        .iter()
        .map(|d| Document {
            id: d.id.clone(),
            text: d.text(),
        })
        .collect();
    let pairs = plant_documents(random, &drafts, copied);

    let places = places(&drafts);
    let mut copies: Vec<Copy> = sprouts.iter().map(|sprout| sprout.copy(&places)).collect();
    let whole = |document: &Document| Place {
        id: document.id.clone(),
        at: [0, document.text.len()],
    };
    copies.extend(pairs.iter().map(|(kind, original, copy)| Copy {
        level: Level::Document,
        kind,
        copy: whole(copy),
        originals: vec![whole(&originals[*original])],
    }));
    let mut documents = originals;
    documents.extend(pairs.into_iter().map(|(_, _, copy)| copy));
    random.shuffle(&mut documents);
    Planted { documents, copies }
}

fn drafts(random: &mut Random, texts: Vec<(String, String)>) -> Vec<Draft> {
    let mut numbers = 0..;
    texts
        .into_iter()
        .map(|(name, text)| Draft {
            id: id(random, &name),
            between: if text.contains("\n\n") { "\n\n" } else { "\n" },
            paragraphs: text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .zip(&mut numbers)
                .map(|(line, number)| Paragraph {
                    number,
                    text: line.to_string(),
                })
                .collect(),
        })
        .collect()
}

/// An id that sorts anywhere: which of two equal copies has the lower one is chance.
fn id(random: &mut Random, name: &str) -> String {
    format!("{:08x}-{name}", random.next() >> 32)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| is_letter(*c)).count()
}

/// Copies of documents, each with the name of its disguise and its original's place among the drafts.
fn plant_documents(
    random: &mut Random,
    drafts: &[Draft],
    copied: &[usize],
) -> Vec<(&'static str, usize, Document)> {
    let mut pairs = Vec::with_capacity(copied.len());
    for (turn, original) in copied.iter().enumerate() {
        let draft = &drafts[*original];
        let (kind, text) = disguised(random, draft, turn);
        let id = id(random, &format!("{kind}-of-{}", draft.id));
        pairs.push((kind, *original, Document { id, text }));
    }
    pairs
}

/// A copy in the disguise whose turn it is, or the next that can be told from none.
fn disguised(random: &mut Random, draft: &Draft, turn: usize) -> (&'static str, String) {
    let plain = draft.text();
    let turns = DISGUISES.iter().cycle().skip(turn % DISGUISES.len());
    turns
        .map(|disguise| (disguise.name, (disguise.copy)(random, draft)))
        .find(|(kind, text)| *kind == "exact" || *text != plain)
        .expect("the exact copy has its turn")
}

/// A planted paragraph and the parts of paragraphs that it was copied from, by their numbers.
struct Sprout {
    kind: &'static str,
    number: usize,
    originals: Vec<(usize, Span)>,
}

impl Sprout {
    fn copy(&self, places: &HashMap<usize, Place>) -> Copy {
        let original = |(number, part): &(usize, Span)| {
            let Place { id, at: [start, _] } = &places[number];
            Place {
                id: id.clone(),
                at: [start + part.start, start + part.end],
            }
        };
        Copy {
            level: Level::Paragraph,
            kind: self.kind,
            copy: places[&self.number].clone(),
            originals: self.originals.iter().map(original).collect(),
        }
    }
}

/// Plants paragraphs of some drafts in others of them, the kinds by turns.
fn plant_paragraphs(random: &mut Random, drafts: &mut [Draft], among: &[usize]) -> Vec<Sprout> {
    let mut sources: Vec<(usize, Paragraph)> = among
        .iter()
        .flat_map(|at| drafts[*at].paragraphs.iter().map(move |p| (*at, p.clone())))
        .filter(|(_, paragraph)| letters(&paragraph.text) >= SHORTEST_PARAGRAPH)
        .collect();
    random.shuffle(&mut sources);
    let first = drafts.iter().map(|d| d.paragraphs.len()).sum::<usize>();
    let mut sprouts = Vec::new();
    for number in first..first + among.len() / DOCUMENTS_PER_PASSAGE {
        let kind = PASSAGES[number % PASSAGES.len()];
        let Some((home, paragraph)) = sources.pop() else {
            break;
        };
        let whole = (paragraph.number, 0..paragraph.text.len());
        let (text, originals, target) = match kind {
            "splice" => {
                let Some(other) = sources.pop() else { break };
                let (text, originals) = spliced(random, &paragraph, &other.1);
                (text, originals, another(random, among, &[home, other.0]))
            }
            "ocr2" => (
                noisy(random, &paragraph.text, 2),
                vec![whole],
                another(random, among, &[home]),
            ),
            "within" => (paragraph.text, vec![whole], Some(home)),
            _ => (paragraph.text, vec![whole], another(random, among, &[home])),
        };
        let Some(target) = target else { break };
        let paragraphs = &mut drafts[target].paragraphs;
        paragraphs.insert(
            random.within(0..paragraphs.len() + 1),
            Paragraph { number, text },
        );
        sprouts.push(Sprout {
            kind,
            number,
            originals,
        });
    }
    sprouts
}

/// One of the drafts that is none of these, if they are not nearly all.
fn another(random: &mut Random, among: &[usize], these: &[usize]) -> Option<usize> {
    (0..100)
        .map(|_| *random.pick(among))
        .find(|at| !these.contains(at))
}

/// The beginning of one paragraph and the end of another, both cut at any letter, and what they are of their paragraphs.
fn spliced(
    random: &mut Random,
    first: &Paragraph,
    second: &Paragraph,
) -> (String, Vec<(usize, Span)>) {
    let head = 0..cut(random, &first.text);
    let tail = cut(random, &second.text)..second.text.len();
    let text = format!(
        "{}{}",
        &first.text[head.clone()],
        &second.text[tail.clone()]
    );
    (text, vec![(first.number, head), (second.number, tail)])
}

/// The byte of a letter that has enough others on both sides.
fn cut(random: &mut Random, text: &str) -> usize {
    let letters: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| is_letter(*c))
        .map(|(at, _)| at)
        .collect();
    letters[random.within(SHORTEST_HALF..letters.len() - SHORTEST_HALF + 1)]
}

/// Where each paragraph stands, by its number.
fn places(drafts: &[Draft]) -> HashMap<usize, Place> {
    let mut places = HashMap::new();
    for draft in drafts {
        let mut start = 0;
        for Paragraph { number, text } in &draft.paragraphs {
            let end = start + text.len();
            places.insert(
                *number,
                Place {
                    id: draft.id.clone(),
                    at: [start, end],
                },
            );
            start = end + draft.between.len();
        }
    }
    places
}
