//! Measures how many MB of text a second each stage takes, and the whole.
//!
//!     cargo bench --bench throughput [-- --quick] [-- NAME]
//!
//! Stages run on one thread, the whole as `jiaokan clean` does, from a JSONL file to an output folder on all
//! processors. Text is generated and the same every time. A line goes to out/bench.jsonl, and each figure is shown with
//! its change against the last one there of the same machine. Run as a test, all is done once, on a few pages.

mod line;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, SamplingMode, Throughput};
use generate::{Layout, Random};
use jiaokan::Prints;
use jiaokan::bench::normalise::normalise;
use jiaokan::bench::page::Page;
use jiaokan::bench::read::{self, Item};
use jiaokan::bench::rejoin::rejoin;
use jiaokan::bench::repeats;
use jiaokan::bench::segment::segment;
use jiaokan::bench::settle;
use jiaokan::bench::write::record;
use jiaokan::run::{self, Means};
use jiaokan::{Counts, Grams, Lexicon};
use jiaokan::{Metadata, Settings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const LINES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out/bench.jsonl");
/// Where criterion leaves its estimates, for it does not return them.
const ESTIMATES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/throughput");

/// In the order in which they act.
const STAGES: [&str; 9] = [
    "read",
    "segment",
    "normalise",
    "shingle",
    "lexicon",
    "repeats",
    "rejoin",
    "write",
    "whole",
];

fn main() {
    let asked = |option: &str| std::env::args().any(|a| a == option);
    let is_test = !asked("--bench") || asked("--test");
    let texts = texts(if is_test { 20_000 } else { 2_000_000 });

    // what an earlier run left must not be taken for a figure of this one
    let _ = fs::remove_dir_all(ESTIMATES);
    let mut criterion = Criterion::default()
        .output_directory(Path::new(ESTIMATES))
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(if asked("--quick") { 1 } else { 4 }))
        .configure_from_args();
    measure(&mut criterion, &texts);

    let figure = |stage: &&str| {
        Some((
            stage.to_string(),
            mb_per_second(stage, bytes(&texts))?.into(),
        ))
    };
    let figures: Map<String, Value> = STAGES.iter().filter_map(figure).collect();
    if !figures.is_empty() {
        tell(&Line {
            commit: line::commit(),
            machine: line::machine(),
            quick: asked("--quick"),
            mb_per_second: figures,
        });
    }
}

/// A line of out/bench.jsonl.
#[derive(Serialize, Deserialize)]
struct Line {
    commit: String,
    machine: String,
    quick: bool,
    /// By stage.
    mb_per_second: Map<String, Value>,
}

/// Gives each stage all pages at once, as the stage before left them.
fn measure(criterion: &mut Criterion, texts: &[String]) {
    let config = Settings::default();
    let folder = tempfile::tempdir().expect("nothing goes to disk");
    let paths = [input(folder.path(), texts)];
    let out = folder.path().join("out");

    let came: Vec<Page> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Page::new(id(at), text.as_str()))
        .collect();
    let segmented = cut(came.clone());
    let repaired = repair(segmented.clone(), &config);
    let prints = print(&repaired, &config);
    let lexicon = count(&repaired);
    let single = drop_repeats(repaired.clone(), prints.clone(), &lexicon, &config);
    let joined = join(single.clone(), &lexicon, &config);

    let mut group = criterion.benchmark_group("throughput");
    group
        .sampling_mode(SamplingMode::Flat)
        .throughput(Throughput::BytesDecimal(bytes(texts)));
    stage(&mut group, "read", &[], |_| open(&paths, &out, &config));
    stage(&mut group, "segment", &came, cut);
    stage(&mut group, "normalise", &segmented, |pages| {
        repair(pages, &config)
    });
    stage(&mut group, "shingle", &repaired, |pages| {
        (print(&pages, &config), pages)
    });
    stage(&mut group, "lexicon", &repaired, |pages| {
        (count(&pages), pages)
    });
    stage(&mut group, "repeats", &repaired, |pages| {
        drop_repeats(pages, prints.clone(), &lexicon, &config)
    });
    stage(&mut group, "rejoin", &single, |pages| {
        join(pages, &lexicon, &config)
    });
    stage(&mut group, "write", &joined, |pages| (write(&pages), pages));
    stage(&mut group, "whole", &[], |_| {
        run::clean(
            &paths,
            &out,
            &config,
            &Means::default(),
            &(),
            &AtomicBool::new(false),
        )
        .expect("generated pages can be cleaned")
    });
}

/// The time to copy the pages, and to drop what comes back, is not counted.
fn stage<T>(
    group: &mut BenchmarkGroup<WallTime>,
    name: &str,
    pages: &[Page],
    mut work: impl FnMut(Vec<Page>) -> T,
) {
    group.bench_function(name, |b| {
        b.iter_batched(|| pages.to_vec(), &mut work, BatchSize::PerIteration)
    });
}

fn open(paths: &[PathBuf], out: &Path, config: &Settings) -> Vec<Item> {
    let files = read::files(paths, out).expect("the file was just written");
    files
        .iter()
        .flat_map(|file| read::open(file, &config.read))
        .map(|(_, item)| item)
        .collect()
}

fn cut(mut pages: Vec<Page>) -> Vec<Page> {
    pages.iter_mut().for_each(segment);
    pages
}

fn repair(mut pages: Vec<Page>, config: &Settings) -> Vec<Page> {
    pages
        .iter_mut()
        .for_each(|page| normalise(page, config.script));
    pages
}

fn print(pages: &[Page], config: &Settings) -> Vec<Prints> {
    pages
        .iter()
        .map(|page| Prints::of(page, &config.repeats))
        .collect()
}

fn count(pages: &[Page]) -> Lexicon {
    let mut counts = Counts::default();
    pages.iter().for_each(|page| counts.add(&Grams::of(page)));
    counts.lexicon()
}

fn drop_repeats(
    mut pages: Vec<Page>,
    prints: Vec<Prints>,
    lexicon: &Lexicon,
    config: &Settings,
) -> Vec<Page> {
    let prints: Vec<(String, Prints)> = pages
        .iter()
        .map(|page| page.id.clone())
        .zip(prints)
        .collect();
    let verdicts =
        settle::settle(&prints, &config.repeats, Lexicon::shipped()).expect("nothing goes to disk");
    pages
        .iter_mut()
        .zip(&verdicts)
        .for_each(|(page, verdict)| repeats::apply(page, verdict, &config.repeats, lexicon));
    pages
}

fn join(mut pages: Vec<Page>, lexicon: &Lexicon, config: &Settings) -> Vec<Page> {
    for page in &mut pages {
        rejoin(page, lexicon, &config.rejoin);
    }
    pages
}

/// The lines of changes.jsonl and clean.jsonl.
fn write(pages: &[Page]) -> Vec<String> {
    let json = |page: &Page| {
        let clean = record::clean(page, "", &Metadata::new());
        (
            serde_json::to_string(&record::changes(page)),
            serde_json::to_string(&clean),
        )
    };
    pages
        .iter()
        .map(json)
        .flat_map(|(changes, clean)| [changes, clean])
        .collect::<Result<_, _>>()
        .expect("plain data")
}

/// Newspaper pages with something to do for every stage and most rules.
fn texts(bytes: usize) -> Vec<String> {
    let mut random = Random(1937);
    let mut texts = Vec::new();
    let mut left = bytes;
    while left > 0 {
        let text = text(&mut random, texts.len());
        left = left.saturating_sub(text.len());
        texts.push(text);
    }
    texts
}

fn text(random: &mut Random, number: usize) -> String {
    let layout = *random.pick(&[
        Layout::Whole,
        Layout::Plain,
        Layout::Band,
        Layout::Shuffled,
        Layout::Interleaved,
    ]);
    let count = random.within(3..6);
    let articles = generate::articles(random, count);
    let mut blocks = generate::page(random, &articles, layout, false).blocks;
    if random.chance(20) {
        let copy = random.pick(&blocks).clone();
        blocks.push(copy);
    }
    if random.chance(50) {
        blocks.insert(
            0,
            format!(
                "临浦日报\n\n2025年{}月{}日",
                number / 28 % 12 + 1,
                number % 28 + 1
            ),
        );
        blocks.push("（下转第3版）".into());
    }
    let mut text = blocks.join("\n\n");
    for (right, wrong) in DEFECTS {
        if random.chance(15) {
            text = text.replace(right, wrong);
        }
    }
    text
}

/// What a page has instead, everywhere, if it has the defect.
const DEFECTS: [(&str, &str); 6] = [
    ("，", ","),
    ("馆", "館(guǎn)"),
    ("渔", "漁(yú)"),
    ("月", "⽉"),
    ("的", "的\u{200b}"),
    ("。", "。 "),
];

fn id(number: usize) -> String {
    format!("page-{number:05}")
}

fn input(folder: &Path, texts: &[String]) -> PathBuf {
    let path = folder.join("pages.jsonl");
    let record = |(at, text)| format!("{}\n", serde_json::json!({ "id": id(at), "text": text }));
    fs::write(
        &path,
        texts.iter().enumerate().map(record).collect::<String>(),
    )
    .expect("a folder for temporary files can be written to");
    path
}

fn bytes(texts: &[String]) -> u64 {
    texts.iter().map(|text| text.len() as u64).sum()
}

/// The median of what criterion measured; nothing if it did not.
fn mb_per_second(stage: &str, bytes: u64) -> Option<f64> {
    let json =
        fs::read_to_string(format!("{ESTIMATES}/throughput/{stage}/new/estimates.json")).ok()?;
    let estimates: Value = serde_json::from_str(&json).expect("criterion writes JSON");
    let nanoseconds = estimates["median"]["point_estimate"]
        .as_f64()
        .expect("criterion estimates the median");
    Some((bytes as f64 * 1e3 / nanoseconds * 100.0).round() / 100.0)
}

/// Prints the figures with their change, and adds them to out/bench.jsonl.
fn tell(line: &Line) {
    let lines = fs::read_to_string(LINES).unwrap_or_default();
    let mut last = Map::new();
    for earlier in lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok())
    {
        if (&earlier.machine, earlier.quick) == (&line.machine, line.quick) {
            last.extend(earlier.mb_per_second);
        }
    }
    println!(
        "MB of text a second; stages on one thread, the whole on all of {}",
        line.machine
    );
    for (stage, figure) in &line.mb_per_second {
        let (now, before) = (
            figure.as_f64().unwrap_or(f64::NAN),
            last.get(stage).and_then(Value::as_f64),
        );
        let change = before
            .map(|before| format!("{:+8.1} %", (now / before - 1.0) * 100.0))
            .unwrap_or_default();
        println!("  {stage:10} {now:9.2}{change}");
    }
    line::append(LINES, line);
}
