//! Holds the conversion of script against OpenCC, on text that is given: how many characters differ, and which, and how
//! much text a CPU second each converts.
//!
//!     cargo bench --features reference --bench conversion -- FILE.jsonl... [--most MB]
//!
//! First the dictionaries as they are, then what `clean --script` makes of the lines, where 着 and 著 are told apart by a
//! rule of its own and a line that is in the wanted script already is left alone.

mod cpu;

use cpu::cpu_seconds;
use jiaokan::bench::normalise::normalise;
use jiaokan::bench::page::Page;
use jiaokan::bench::read;
use jiaokan::bench::segment::segment;
use jiaokan::settings::{self, Target};
use opencc_rust::{DefaultConfig, OpenCC};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Of the differing characters, so many sorts are shown.
const SHOWN: usize = 12;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let most = arguments
        .iter()
        .position(|a| a == "--most")
        .and_then(|at| arguments.get(at + 1)?.parse().ok());
    let paths: Vec<PathBuf> = arguments
        .iter()
        .take_while(|a| *a != "--most")
        .map(PathBuf::from)
        .collect();
    if paths.is_empty() {
        println!("conversion: nothing to do without FILE.jsonl");
        return;
    }
    for path in &paths {
        let text = text(path, most.unwrap_or(f64::INFINITY));
        println!("{}: {:.1} MB", path.display(), text.len() as f64 / 1e6);
        dictionary("t2s", &text, DefaultConfig::T2S, |line| hanconv::t2s(line));
        dictionary("s2t", &text, DefaultConfig::S2T, |line| hanconv::s2t(line));
        dictionary("tw2s", &text, DefaultConfig::TW2S, |line| {
            hanconv::tw2s(line)
        });
        dictionary("s2tw", &text, DefaultConfig::S2TW, |line| {
            hanconv::s2tw(line)
        });
        repaired(&text);
        cleaned("t2s", &text, DefaultConfig::T2S, Target::Simplified);
        cleaned("tw2s", &text, DefaultConfig::TW2S, Target::Simplified);
        cleaned("s2t", &text, DefaultConfig::S2T, Target::Traditional);
        cleaned("s2tw", &text, DefaultConfig::S2TW, Target::Taiwan);
    }
}

/// The texts of a file, a paragraph a line, up to so many MB.
fn text(path: &Path, most: f64) -> String {
    let files =
        read::files(&[path.to_path_buf()], Path::new("/nowhere")).expect("the file is there");
    let mut text = String::new();
    for (_, item) in files
        .iter()
        .flat_map(|file| read::open(file, &settings::Reading::default()))
    {
        if let read::Item::Document(document) = item {
            text += &document.text;
            text.push('\n');
        }
        if text.len() as f64 > most * 1e6 {
            break;
        }
    }
    text
}

fn dictionary(name: &str, text: &str, config: DefaultConfig, convert: fn(&str) -> String) {
    let reference = OpenCC::new(config).expect("OpenCC is installed");
    convert("");
    let (ours, took) = timed(|| text.lines().map(convert).collect::<Vec<_>>());
    let (theirs, took_theirs) = timed(|| {
        text.lines()
            .map(|line| reference.convert(line))
            .collect::<Vec<_>>()
    });
    let mb = text.len() as f64 / 1e6;
    println!(
        "  {name:5} dictionaries: {:.0} MB a CPU second, opencc-rust {:.1}",
        mb / took,
        mb / took_theirs
    );
    compare(&ours, &theirs);
}

/// All rules that act without a target script.
fn repaired(text: &str) {
    // so that the tables are there
    finished(segmented("灯塔"), Target::Keep);
    let pages: Vec<Page> = text.lines().map(segmented).collect();
    let (_, took) = timed(|| {
        pages
            .into_iter()
            .map(|page| finished(page, Target::Keep))
            .collect::<Vec<_>>()
    });
    println!(
        "  clean --script keep: {:.0} MB a CPU second",
        text.len() as f64 / 1e6 / took
    );
}

fn cleaned(name: &str, text: &str, config: DefaultConfig, target: Target) {
    let reference = OpenCC::new(config).expect("OpenCC is installed");
    let pages: Vec<Page> = text.lines().map(segmented).collect();
    let (ours, took) = timed(|| {
        pages
            .into_iter()
            .map(|page| finished(page, target))
            .collect::<Vec<_>>()
    });
    // what other rules change is changed in both
    let theirs: Vec<String> = text
        .lines()
        .map(|line| finished(segmented(&reference.convert(line)), Target::Keep))
        .collect();
    println!(
        "  {name:5} clean --script {target:?}: {:.0} MB a CPU second",
        text.len() as f64 / 1e6 / took
    );
    compare(&ours, &theirs);
}

fn segmented(line: &str) -> Page {
    let mut page = Page::new("line", line);
    segment(&mut page);
    page
}

fn finished(mut page: Page, target: Target) -> String {
    normalise(&mut page, target);
    page.clean()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let began = cpu_seconds(libc::RUSAGE_SELF);
    let made = work();
    (made, cpu_seconds(libc::RUSAGE_SELF) - began)
}

/// Says which characters differ. A line of another length counts as one.
fn compare(ours: &[String], theirs: &[String]) {
    let mut differ: HashMap<String, usize> = HashMap::new();
    for (ours, theirs) in ours.iter().zip(theirs) {
        if ours.chars().count() != theirs.chars().count() {
            *differ.entry("length".into()).or_default() += 1;
            continue;
        }
        for (a, b) in ours.chars().zip(theirs.chars()).filter(|(a, b)| a != b) {
            *differ.entry(format!("{a} for {b}")).or_default() += 1;
        }
    }
    let mut differ: Vec<_> = differ.into_iter().collect();
    differ.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let shown: Vec<String> = differ
        .iter()
        .take(SHOWN)
        .map(|(what, times)| format!("{what} {times}"))
        .collect();
    println!(
        "        {} characters differ: {}",
        differ.iter().map(|(_, times)| times).sum::<usize>(),
        shown.join(", ")
    );
}
