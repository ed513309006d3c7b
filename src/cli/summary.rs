//! What a run did, for a person.

use jiaokan::normalise::{REPAIRS, RULES};
use jiaokan::repeats::{self, METHODS};
use jiaokan::report::Report;
use std::path::Path;

pub fn summary(report: &Report, out: &Path, verbose: bool) -> String {
    let Report { read, written, took, changes, remarks, memory, .. } = report;
    let places = |rule: &str| changes.get(rule).map_or(0, |c| c.places);
    let rules = RULES.iter().map(|rule| rule.name).chain(REPAIRS.iter().map(|repair| repair.name));
    let repairs: u64 = rules.chain([repeats::CONSENSUS]).map(places).sum();
    let are_passages = |name: &&str| ![repeats::DUPLICATE, repeats::CONSENSUS].contains(name);
    let repeats: u64 = METHODS.iter().map(|method| method.name).filter(are_passages).map(places).sum();
    let articles = if written.articles > 0 { format!(" in {} articles", written.articles) } else { String::new() };
    let mut text = format!(
        "read     {} documents, {:.1} MB, from {} files{}\n\
         kept     {} documents{articles}, {:.1} MB; {} dropped as copies\n\
         dropped  {repeats} repeated passages\n\
         repaired {repairs} places\n\
         joined   {} halves; {} stay open\n\
         took     {:.1} s, {:.1} MB/s\n\
         look at  {}\n",
        read.documents,
        read.bytes as f64 / 1e6,
        read.files,
        if read.refused > 0 { format!("; {} refused, see rejected.jsonl", read.refused) } else { String::new() },
        written.documents,
        written.bytes as f64 / 1e6,
        written.copies_dropped,
        written.junctions,
        remarks.get("open").unwrap_or(&0),
        took.wall_seconds,
        read.bytes as f64 / 1e6 / took.wall_seconds.max(1e-9),
        out.join("clean.jsonl").display(),
    );
    if verbose {
        for (stage, took) in &took.stages {
            text +=
                &format!("  {stage:10} {:8.2} CPU seconds, {:.4} a MB\n", took.cpu_seconds, took.cpu_seconds_per_mb);
        }
        text += &format!(
            "  memory     prints {:.1} MB, counts {:.1} MB, lexicon {:.1} MB\n",
            memory.prints as f64 / 1e6,
            memory.counts as f64 / 1e6,
            memory.lexicon as f64 / 1e6
        );
    }
    text
}
