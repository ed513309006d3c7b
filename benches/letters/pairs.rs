//! Texts as they were recognised with their right texts, and which repairs bring one nearer to the other.

use jiaokan::bench::lexicon::words::Words;
use jiaokan::bench::normalise::letters::{Misread, misread};
use jiaokan::bench::page::Page;
use jiaokan::bench::segment::segment;
use jiaokan::{Counts, Grams};

pub(crate) struct Pair {
    pub text: String,
    pub gold: String,
}

pub(crate) struct Sample {
    pub misread: Misread,
    pub right: bool,
    /// What stands around it.
    pub around: String,
}

pub(crate) fn read(path: &str) -> Vec<Pair> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            let record: serde_json::Value = serde_json::from_str(line)
                .unwrap_or_else(|e| panic!("{path} line {}: {e}", number + 1));
            let field = |name: &str| record[name].as_str().unwrap_or_default().to_string();
            Pair {
                text: field("text"),
                gold: field("gold"),
            }
        })
        .collect()
}

pub(crate) fn cleaned(pairs: &[Pair]) -> Vec<Pair> {
    pairs
        .iter()
        .map(|pair| Pair {
            text: pair.gold.clone(),
            gold: pair.gold.clone(),
        })
        .collect()
}

/// All pairs as one run, as runs of thirty, and the right texts as runs of thirty.
pub(crate) fn runs(pairs: &[Pair]) -> Vec<Vec<Sample>> {
    let right = cleaned(pairs);
    std::iter::once(pairs)
        .chain(pairs.chunks(30))
        .chain(right.chunks(30))
        .map(samples_of)
        .collect()
}

/// What may be misread in a run, each with whether the repair is right.
pub(crate) fn samples_of(pairs: &[Pair]) -> Vec<Sample> {
    let words = words(pairs);
    let mut samples = Vec::new();
    for Pair { text, gold } in pairs {
        let gold = letters(gold);
        for misread in misread(text, &words) {
            const AROUND: usize = 25;
            let start = text[..misread.span.start]
                .char_indices()
                .rev()
                .nth(AROUND)
                .map_or(0, |(at, _)| at);
            let end = text[misread.span.end..]
                .char_indices()
                .nth(AROUND)
                .map_or(text.len(), |(at, _)| misread.span.end + at);
            let before = letters(&text[start..end]);
            let after = letters(&format!(
                "{}{}{}",
                &text[start..misread.span.start],
                misread.with,
                &text[misread.span.end..end]
            ));
            let right = distance(&after, &gold) < distance(&before, &gold);
            if before == after {
                // dirt alone: no letter says whether it was right
                continue;
            }
            let around = text[start..end].replace('\n', " ");
            samples.push(Sample {
                misread,
                right,
                around,
            });
        }
    }
    samples
}

fn words(pairs: &[Pair]) -> Words {
    let mut counts = Counts::default();
    for pair in pairs {
        let mut page = Page::new("page", pair.text.as_str());
        segment(&mut page);
        counts.add(&Grams::of(&page));
    }
    counts.lexicon().words
}

fn letters(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The least edit distance between a piece and any passage of a text (Sellers 1980).
fn distance(piece: &[char], text: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=piece.len()).collect();
    let mut least = piece.len();
    for c in text {
        let mut diagonal = std::mem::replace(&mut row[0], 0);
        for (at, p) in piece.iter().enumerate() {
            let best = (diagonal + usize::from(p != c))
                .min(row[at] + 1)
                .min(row[at + 1] + 1);
            diagonal = std::mem::replace(&mut row[at + 1], best);
        }
        least = least.min(row[piece.len()]);
    }
    least
}
