//! Fits the weights of `normalise/letters.rs` on pages with their right text, and says how many repairs come out right.
//!
//!     cargo bench --bench letters -- --from PAIRS.jsonl [--test OTHERS.jsonl] [--show]
//!     cargo bench --bench letters -- --words FOLDER
//!
//! PAIRS.jsonl holds records with `text` as it was recognised and `gold`. They are a run together, and runs of thirty; the
//! right texts are runs too, in which nothing is to be repaired. --words makes `data/tables/english.txt` of the lists
//! in FOLDER (Debian's package scowl has them in /usr/share/dict/scowl).

mod logistic;

use jiaokan::lexicon::words::Words;
use jiaokan::lexicon::{Counting, Grams};
use jiaokan::normalise::letters::{APPLY_FROM, FEATURES, Misread, WEIGHTS, misread, probability};
use jiaokan::page::Page;
use jiaokan::segment::segment;
use jiaokan::text::english::{ENDINGS, inflect};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|at| args.get(at + 1))
    };
    if let Some(folder) = option("--words") {
        std::fs::write("data/tables/english.txt", list(folder))
            .expect("data/tables can be written");
    }
    let Some(from) = option("--from") else { return };
    let show = args.iter().any(|a| a == "--show");
    let train = read(from);
    let mut samples = Vec::new();
    for run in runs(&train) {
        samples.extend(
            run.iter()
                .map(|sample| (sample.misread.features, sample.right)),
        );
    }
    let fitted = logistic::fit(&samples);
    println!("letters.rs WEIGHTS, of {} samples", samples.len());
    FEATURES
        .iter()
        .zip(fitted)
        .for_each(|(name, weight)| println!("    {weight:8.3}  {name}"));
    println!("{fitted:.3?}");
    let test = option("--test").map_or(train, |path| read(path));
    for (name, weights) in [("fitted", &fitted), ("in the source", &WEIGHTS)] {
        println!("{name}");
        for (run, samples) in ["all", "the first thirty", "all, right texts"].iter().zip([
            samples_of(&test),
            samples_of(&test[..test.len().min(30)]),
            samples_of(&cleaned(&test)),
        ]) {
            for from in [0.5, 0.7, APPLY_FROM, 0.85, 0.9, 0.95] {
                measure(
                    run,
                    &samples,
                    weights,
                    from,
                    show && from == APPLY_FROM && name == "fitted",
                );
            }
        }
    }
}

struct Pair {
    text: String,
    gold: String,
}

struct Sample {
    misread: Misread,
    right: bool,
    /// What stands around it.
    around: String,
}

fn read(path: &str) -> Vec<Pair> {
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

fn cleaned(pairs: &[Pair]) -> Vec<Pair> {
    pairs
        .iter()
        .map(|pair| Pair {
            text: pair.gold.clone(),
            gold: pair.gold.clone(),
        })
        .collect()
}

/// All pairs as one run, as runs of thirty, and the right texts as runs of thirty.
fn runs(pairs: &[Pair]) -> Vec<Vec<Sample>> {
    let right = cleaned(pairs);
    std::iter::once(pairs)
        .chain(pairs.chunks(30))
        .chain(right.chunks(30))
        .map(samples_of)
        .collect()
}

/// What may be misread in a run, each with whether the repair is right.
fn samples_of(pairs: &[Pair]) -> Vec<Sample> {
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
    let mut counting = Counting::default();
    for pair in pairs {
        let mut page = Page::new("page", pair.text.as_str());
        segment(&mut page);
        counting.add(&Grams::of(&page));
    }
    counting.lexicon().words
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

fn measure(run: &str, samples: &[Sample], weights: &[f32; FEATURES.len()], from: f32, show: bool) {
    let made: Vec<&Sample> = samples
        .iter()
        .filter(|s| probability(&s.misread.features, weights) >= from)
        .collect();
    let right = made.iter().filter(|s| s.right).count();
    println!(
        "    {run}: from {from:.2}: {} repairs, {right} right, of {}",
        made.len(),
        samples.len()
    );
    if show {
        for sample in made.iter().filter(|s| !s.right) {
            println!(
                "        {} -> {}: {}",
                sample.misread.seen, sample.misread.with, sample.around
            );
        }
    }
}

/// The list of words of `english.rs`: by rank, each word once, at its commonest.
fn list(folder: &str) -> String {
    const SECTIONS: [(&str, &[&str], &[u32]); 5] = [
        ("everyday", &["words", "contractions"], &[10]),
        ("common", &["words", "contractions"], &[20]),
        ("usual", &["words", "contractions"], &[35]),
        ("rare", &["words", "contractions"], &[40, 50]),
        (
            "names",
            &["upper", "proper-names", "abbreviations"],
            &[10, 20, 35, 40, 50],
        ),
    ];
    const REGIONS: [&str; 7] = [
        "english",
        "american",
        "british",
        "british_z",
        "british_variant_1",
        "variant_1",
        "variant_2",
    ];
    let mut listed: HashMap<String, usize> = HashMap::new();
    for (section, (_, kinds, sizes)) in SECTIONS.iter().enumerate() {
        for (region, kind, size) in REGIONS.iter().flat_map(|r| {
            kinds
                .iter()
                .flat_map(move |k| sizes.iter().map(move |s| (r, k, s)))
        }) {
            let Ok(bytes) = std::fs::read(format!("{folder}/{region}-{kind}.{size}")) else {
                continue;
            };
            // the lists are in Latin-1; words with accents are left out
            for line in bytes.split(|b| *b == b'\n').filter(|line| line.is_ascii()) {
                let word = String::from_utf8_lossy(line).trim().to_lowercase();
                let is_word = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'')
                    && !word.ends_with("'s");
                if is_word && (word.len() > 1 || ["a", "i", "o"].contains(&word.as_str())) {
                    listed.entry(word).or_insert(section);
                }
            }
        }
    }
    let mut sections: Vec<BTreeMap<&str, String>> = vec![BTreeMap::new(); SECTIONS.len()];
    let mut stems: Vec<&str> = listed.keys().map(String::as_str).collect();
    stems.sort_by_key(|word| (word.len(), *word));
    let mut implied = std::collections::HashSet::new();
    for stem in stems {
        if implied.contains(stem) {
            continue;
        }
        let section = listed[stem];
        let mut endings = String::new();
        for ending in ENDINGS.iter().filter(|_| stem.len() > 2) {
            let word = inflect(stem, *ending).filter(|word| listed.get(word) == Some(&section));
            if word.is_some_and(|word| implied.insert(word)) {
                endings.push(*ending);
            }
        }
        sections[section].insert(stem, endings);
    }
    let mut text = HEADER.to_string();
    for ((name, ..), words) in SECTIONS.iter().zip(sections) {
        writeln!(text, "= {name}").expect("a string takes any text");
        let mut last = "";
        for (word, endings) in words {
            let shared = last
                .bytes()
                .zip(word.bytes())
                .take_while(|(a, b)| a == b)
                .count()
                .min(35);
            let digit = char::from_digit(shared as u32, 36).expect("35 at most");
            writeln!(text, "{digit}{}{endings}", &word[shared..]).expect("a string takes any text");
            last = word;
        }
    }
    text
}

const HEADER: &str = "\
# English words by how common they are, made by `make words` of SCOWL, the Spell Checker Oriented Word Lists, 2020.12.07,
# sizes 10 to 50, American and British with variants; src/english.rs says how a line is read. Copyright 2000-2020 by Kevin
# Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the associated scripts, the output
# created from the scripts, and its documentation for any purpose is hereby granted without fee, provided that the above
# copyright notice appears in all copies and that both that copyright notice and this permission notice appear in
# supporting documentation. Kevin Atkinson makes no representations about the suitability of this array for any purpose.
# It is provided \"as is\" without express or implied warranty. The notices of its sources: english.copyright.
";
