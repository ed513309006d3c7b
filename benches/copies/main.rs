//! Plants copies of documents and of paragraphs in clean text, cleans it, and says how many were found, what else went,
//! and what that took.
//!
//!     cargo bench --bench copies -- [--from DOCS.jsonl]... [--mb N] [--flags "--passages drop"] [--bin PATH]
//!                                   [--keep DIR] [--quick]
//!
//! DOCS.jsonl holds records with `id` and `text`; without any, text is generated, the same every time. `--mb` takes so
//! much of it, `--flags` are for `jiaokan clean`, `--bin` is another jiaokan than this one. `--keep` leaves input.jsonl,
//! planted.jsonl (a `plant::Copy` a line) and the output of the run in a folder. A line of figures goes to
//! out/copies.jsonl. Run as a test, all is done on very little text.

#[path = "../cpu.rs"]
mod cpu;
#[path = "../line.rs"]
mod line;

mod disguise;
mod plant;
mod run;
mod score;
mod truth;

use generate::Random;
use plant::Planted;
use run::Took;
use score::{Score, Tallies, Tally};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

const LINES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out/copies.jsonl");
const SEED: u64 = 1937;

fn main() {
    let asked = Asked(std::env::args().collect());
    let is_test = !asked.has("--bench") || asked.has("--test");
    let mb = match asked.all("--mb").next() {
        Some(mb) => mb.parse().expect("--mb takes a number"),
        None if is_test => 0.1,
        None if asked.has("--quick") => 1.0,
        None if asked.has("--from") => f64::INFINITY,
        None => 20.0,
    };
    let mut random = Random(SEED);
    let from: Vec<&str> = asked.all("--from").collect();
    let texts = if from.is_empty() {
        generated(&mut random, mb)
    } else {
        read(&mut random, &from, mb)
    };
    let planted = plant::plant(&mut random, texts);

    let temporary = tempfile::tempdir().expect("there is a folder for temporary files");
    let folder = asked
        .all("--keep")
        .next()
        .map_or(temporary.path().to_path_buf(), PathBuf::from);
    let input = write(&folder, &planted);
    let bin = asked
        .all("--bin")
        .next()
        .unwrap_or(env!("CARGO_BIN_EXE_jiaokan"));
    let flags: Vec<&str> = asked
        .all("--flags")
        .flat_map(str::split_whitespace)
        .collect();
    let took = run::clean(bin, &flags, &input, &folder.join("out"));
    let score = score::score(&planted.documents, &planted.copies, &folder.join("out"));

    let mb = fs::metadata(&input)
        .expect("the input was just written")
        .len() as f64
        / 1e6;
    tell(&planted, &score, mb, &took);
    if is_test {
        let exact = &score.documents["exact"];
        assert_eq!(
            exact.dropped, exact.planted,
            "a copy to the letter is always found"
        );
    } else {
        let (commit, machine) = (line::commit(), line::machine());
        let flags = flags.join(" ");
        let from = from.into_iter().map(str::to_string).collect();
        line::append(
            LINES,
            &Line {
                commit,
                machine,
                from,
                flags,
                mb,
                mb_per_cpu_second: mb / took.cpu_seconds,
                took,
                score,
            },
        );
    }
}

/// The arguments of the command line.
struct Asked(Vec<String>);

impl Asked {
    fn has(&self, option: &str) -> bool {
        self.0.iter().any(|arg| arg == option)
    }

    /// What follows an option, each time it is given.
    fn all<'a>(&'a self, option: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .windows(2)
            .filter(move |pair| pair[0] == option)
            .map(|pair| pair[1].as_str())
    }
}

/// A line of out/copies.jsonl.
#[derive(Serialize)]
struct Line {
    commit: String,
    machine: String,
    from: Vec<String>,
    flags: String,
    /// Of input.jsonl.
    mb: f64,
    mb_per_cpu_second: f64,
    #[serde(flatten)]
    took: Took,
    #[serde(flatten)]
    score: Score,
}

/// The names and texts of the records of some files, in no order, up to so many MB of text.
fn read(random: &mut Random, from: &[&str], mb: f64) -> Vec<(String, String)> {
    #[derive(Deserialize)]
    struct Record {
        id: String,
        text: String,
    }
    let mut texts = Vec::new();
    for path in from {
        let lines = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
        for (number, line) in lines.lines().enumerate() {
            let record: Record = serde_json::from_str(line)
                .unwrap_or_else(|e| panic!("{path} line {}: {e}", number + 1));
            texts.push((record.id, record.text));
        }
    }
    random.shuffle(&mut texts);
    let mut left = mb * 1e6;
    texts.retain(|(_, text)| {
        let fits = left > 0.0;
        left -= text.len() as f64;
        fits
    });
    texts
}

/// So many MB of articles.
fn generated(random: &mut Random, mb: f64) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut left = mb * 1e6;
    while left > 0.0 {
        let article = generate::articles(random, 1).remove(0);
        let text = in_other_words(random, &article.paragraphs.join("\n"));
        left -= text.len() as f64;
        texts.push((format!("article-{:05}", texts.len()), text));
    }
    texts
}

/// The text with one character put for another throughout. Stock sentences make all documents copies of one another;
/// so they make none.
fn in_other_words(random: &mut Random, text: &str) -> String {
    const FIRST: u32 = 0x4E00;
    const CHARACTERS: usize = 3000;
    let mut others: HashMap<char, char> = HashMap::new();
    let mut other = |c: char| {
        let new = || {
            char::from_u32(FIRST + random.within(0..CHARACTERS) as u32).expect("a Han character")
        };
        *others.entry(c).or_insert_with(new)
    };
    text.chars()
        .map(|c| {
            if ('\u{4e00}'..='\u{9fff}').contains(&c) {
                other(c)
            } else {
                c
            }
        })
        .collect()
}

/// Writes input.jsonl, whose path it returns, and planted.jsonl.
fn write(folder: &Path, planted: &Planted) -> PathBuf {
    fs::create_dir_all(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let input = folder.join("input.jsonl");
    write_lines(&input, &planted.documents);
    write_lines(&folder.join("planted.jsonl"), &planted.copies);
    input
}

fn write_lines(path: &Path, records: &[impl Serialize]) {
    let line = |record| serde_json::to_string(record).expect("plain data") + "\n";
    let lines: String = records.iter().map(line).collect();
    fs::write(path, lines).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

/// Prints the figures.
fn tell(planted: &Planted, score: &Score, mb: f64, took: &Took) {
    println!("{} documents, {mb:.1} MB", planted.documents.len());
    let documents = disguise::DISGUISES.map(|disguise| disguise.name);
    tell_tallies("documents", &documents, &score.documents);
    let share = score.wrong as f64 / score.removed.max(1) as f64;
    println!(
        "  {} documents removed, {} of them wrongly ({:.2} %); {} planted pairs lost",
        score.removed,
        score.wrong,
        100.0 * share,
        score.lost
    );
    tell_tallies("paragraphs", &plant::PASSAGES, &score.paragraphs);
    println!(
        "{:.1} MB a CPU second; {:.1} CPU seconds, {:.1} s, {:.0} MB at the peak",
        mb / took.cpu_seconds,
        took.cpu_seconds,
        took.wall_seconds,
        took.peak_mb
    );
}

fn tell_tallies(level: &str, kinds: &[&str], tallies: &Tallies) {
    println!("\n  {level:12} planted  dropped  or marked");
    let row = |kind: &str, tally: &Tally| {
        let share = |found: usize| found as f64 / tally.planted.max(1) as f64;
        let (dropped, found) = (share(tally.dropped), share(tally.dropped + tally.marked));
        println!(
            "    {kind:10} {:7}  {dropped:7.3}  {found:9.3}",
            tally.planted
        );
    };
    for kind in kinds {
        tallies
            .get(kind)
            .into_iter()
            .for_each(|tally| row(kind, tally));
    }
    let sum = |of: fn(&Tally) -> usize| tallies.values().map(of).sum();
    row(
        "all",
        &Tally {
            planted: sum(|t| t.planted),
            dropped: sum(|t| t.dropped),
            marked: sum(|t| t.marked),
        },
    );
}
