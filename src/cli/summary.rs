//! What a run did, for a person: what was read, kept, dropped, joined and repaired, what is left, and where to look.

use crate::page::cause::{CauseId, Class};
use crate::report::{Changes, Report};
use crate::write::files::PAGE;
use anstyle::{AnsiColor, Effects, Style};
use std::collections::BTreeMap;
use std::path::Path;

const LABEL: Style = Style::new().effects(Effects::BOLD);
const WARNING: Style = Style::new()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)))
    .effects(Effects::BOLD);

/// How many rules are named, those that did most; the others are counted together.
const NAMED: usize = 5;

/// Coloured; what is not printed to a terminal must be stripped of its colours.
pub(super) fn summary(report: &Report, out: &Path, verbose: bool) -> String {
    let text = input(report, out) + &work(report) + &look_at(report, out);
    if verbose {
        text + &stages(report)
    } else {
        text
    }
}

fn line(style: Style, label: &str, what: String) -> String {
    format!("{style}{label:8}{style:#} {what}\n")
}

/// What was read, refused and left out.
fn input(report: &Report, out: &Path) -> String {
    let read = &report.read;
    let documents = |number: usize| count(number as u64, "document", "documents");
    let files = |number: usize| count(number as u64, "file", "files");
    let size = megabytes(read.bytes);
    let what = format!(
        "{}, {size}, from {}",
        documents(read.documents),
        files(read.files)
    );
    let mut text = line(LABEL, "read", what);
    if read.refused > 0 {
        let refused = documents(read.refused);
        let rejected = out.join("rejected.jsonl");
        let what = format!("{refused}: {} says which and why", rejected.display());
        text += &line(WARNING, "refused", what);
    }
    if read.other_renderings > 0 {
        let others = files(read.other_renderings);
        let what = format!("{others} that a tool wrote of the same documents");
        text += &line(LABEL, "left out", what);
    }
    if read.repeated_ids > 0 {
        let documents = documents(read.repeated_ids);
        let what = format!(
            "{documents} share an id with another: clusters.jsonl says with each its source and line"
        );
        text += &line(WARNING, "ids", what);
    }
    if read.earlier_output > 0 {
        let files = files(read.earlier_output);
        let what = format!("{files} that an earlier run wrote; name one to clean it");
        text += &line(LABEL, "left out", what);
    }
    text
}

/// What was kept, dropped, joined and repaired, and what was left.
fn work(report: &Report) -> String {
    let open = report.remarks.get(CauseId::Open.name()).unwrap_or(&0);
    let joined = count(report.written.junctions as u64, "half", "halves");
    let joined = format!("{joined}; {} stay open", number(*open));
    let mut text = line(LABEL, "kept", kept(report))
        + &line(LABEL, "dropped", dropped(report))
        + &line(LABEL, "joined", joined)
        + &line(LABEL, "repaired", repaired(&report.changes));
    if let Some(left) = left(&report.remarks) {
        let what = format!("{left}: reported in changes.jsonl (\"applied\":false)");
        text += &line(LABEL, "left", what);
    }
    text
}

fn look_at(report: &Report, out: &Path) -> String {
    let took = &report.took;
    let speed = megabytes((report.read.bytes as f64 / took.wall_seconds.max(1e-9)) as u64);
    let clean = out.join(report.files.first().map_or("", String::as_str));
    let explain = format!("jiaokan explain {} ID", out.display());
    line(
        LABEL,
        "took",
        format!("{:.1} s, {speed} a second", took.wall_seconds),
    ) + &line(LABEL, "look at", clean.display().to_string())
        + &line(LABEL, "", out.join(PAGE).display().to_string())
        + &line(LABEL, "", explain)
}

fn kept(report: &Report) -> String {
    let Report { read, written, .. } = report;
    let articles = match written.articles {
        0 => String::new(),
        articles => format!(" in {}", count(articles as u64, "article", "articles")),
    };
    let share = 100.0 * written.bytes as f64 / read.bytes.max(1) as f64;
    let documents = count(written.documents as u64, "document", "documents");
    format!(
        "{documents}{articles}, {} ({share:.1} % of the text)",
        megabytes(written.bytes)
    )
}

/// Copies of documents, then passages by what found them, mastheads among them.
fn dropped(report: &Report) -> String {
    let copies = report.written.copies_dropped as u64;
    let copies = (copies > 0).then(|| count(copies, "document as a copy", "documents as copies"));
    let passages = dropped_passages(&report.changes);
    let empty = report.written.empty as u64;
    let empty =
        (empty > 0).then(|| count(empty, "document without text", "documents without text"));
    let all: Vec<String> = copies.into_iter().chain(empty).chain(passages).collect();
    match all.is_empty() {
        true => "nothing".into(),
        false => all.join("; "),
    }
}

/// How many passages were dropped, by what, and how much text they are.
fn dropped_passages(changes: &BTreeMap<String, Changes>) -> Option<String> {
    let is_cause = |name: &str| is_repeat(name) || name == CauseId::Masthead.name();
    let drops = || changes.iter().filter(|(name, _)| is_cause(name));
    let (places, by) = tally(drops().map(|(name, counts)| (name.as_str(), counts.places)))?;
    let bytes: u64 = drops()
        .map(|(_, counts)| counts.bytes_before.saturating_sub(counts.bytes_after))
        .sum();
    let passages = count(places, "passage", "passages");
    Some(format!("{passages} ({by}), {}", megabytes(bytes)))
}

/// Whether it drops passages, not whole documents.
fn is_repeat(name: &str) -> bool {
    name != CauseId::Duplicate.name() && is_of(name, Class::Repeat)
}

fn is_of(name: &str, class: Class) -> bool {
    CauseId::named(name).is_some_and(|cause| cause.class() == class)
}

fn repaired(changes: &BTreeMap<String, Changes>) -> String {
    let repairs = changes
        .iter()
        .filter(|(name, _)| is_of(name, Class::Repair));
    match tally(repairs.map(|(name, changes)| (name.as_str(), changes.places))) {
        Some((places, by)) => format!("{}: {by}", count(places, "place", "places")),
        None => "nothing".into(),
    }
}

/// Remarks, except halves left open.
fn left(remarks: &BTreeMap<String, u64>) -> Option<String> {
    let others = remarks
        .iter()
        .filter(|(name, _)| *name != CauseId::Open.name())
        .map(|(name, places)| (name.as_str(), *places));
    tally(others)
        .map(|(places, by)| format!("{} as suspected ({by})", count(places, "place", "places")))
}

/// How many in all, and how many by each, the most first.
fn tally<'n>(places: impl Iterator<Item = (&'n str, u64)>) -> Option<(u64, String)> {
    let mut by: Vec<(&str, u64)> = places.filter(|(_, places)| *places > 0).collect();
    by.sort_by_key(|(name, places)| (std::cmp::Reverse(*places), *name));
    let sum = |by: &[(&str, u64)]| by.iter().map(|(_, places)| places).sum::<u64>();
    let (most, rest) = by.split_at(by.len().min(NAMED));
    let named = |(name, places): &(&str, u64)| format!("{} {name}", number(*places));
    let mut named: Vec<String> = most.iter().map(named).collect();
    if !rest.is_empty() {
        let rules = count(rest.len() as u64, "other rule", "other rules");
        named.push(format!("{} by {rules}", number(sum(rest))));
    }
    (!by.is_empty()).then(|| (sum(&by), named.join(", ")))
}

fn stages(report: &Report) -> String {
    let stage = |(stage, took): (&&str, &crate::report::Spent)| {
        format!(
            "  {stage:10} {:8.2} CPU seconds, {:.4} a MB\n",
            took.cpu_seconds, took.cpu_seconds_per_mb
        )
    };
    let memory = &report.memory;
    let [prints, counts, lexicon] =
        [memory.prints, memory.counts, memory.lexicon].map(|bytes| megabytes(bytes as u64));
    let stages: String = report.took.stages.iter().map(stage).collect();
    format!("{stages}  memory     prints {prints}, counts {counts}, lexicon {lexicon}\n")
}

// ---- numbers

fn count(number_of: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        number(number_of),
        if number_of == 1 { one } else { many }
    )
}

/// With a comma before each three digits.
fn number(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
