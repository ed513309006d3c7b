//! Real pages against what a reader made of them: kinds of blocks on the seeds, paragraphs on the sample pages.

use crate::run::{clean, text_of};
use crate::shared;
use jiaokan::Kind;
use jiaokan::bench::page::Page;
use jiaokan::bench::page::edit::Span;
use jiaokan::bench::segment::segment;
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Blocks of the seeds, in percent, whose kind must be the reader's.
const KINDS_FLOOR: usize = 95;
/// Paragraphs of the sample pages, in percent, that must come out as the right text has them.
const PARAGRAPHS_FLOOR: usize = 88;

#[test]
fn the_blocks_of_the_seeds_are_of_the_kinds_a_reader_gave_them() {
    let Some(folder) = shared::folder() else {
        return;
    };
    let (mut all, mut agree) = (0, 0);
    for gold in json_files(&folder.join("accept/gold")) {
        let seed = gold["seed"].as_str().expect("a gold page names its seed");
        let mut page = Page::new(
            seed,
            fs::read_to_string(folder.join("seeds").join(seed)).unwrap(),
        );
        segment(&mut page);
        let blocks = paragraphs(page.text());
        assert_eq!(
            blocks.len(),
            gold["blocks"].as_array().unwrap().len(),
            "{seed}: the gold is of another page"
        );
        for block in &page.blocks {
            let number = blocks.partition_point(|b| b.end <= block.span.start);
            let wanted = &gold["blocks"][number];
            if mixes_kinds(page.text(), &blocks[number], wanted) {
                continue;
            }
            all += 1;
            if named(block.kind) == kind_of(wanted) {
                agree += 1;
            } else {
                let start: String = page.text()[block.span.clone()].chars().take(16).collect();
                println!(
                    "{seed} block {number}: {} for {}: {start}",
                    named(block.kind),
                    kind_of(wanted)
                );
            }
        }
    }
    println!("{agree} of {all} blocks have the reader's kind");
    assert!(agree * 100 >= all * KINDS_FLOOR, "{agree} of {all}");
}

#[test]
fn the_sample_pages_come_out_as_their_right_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pages");
    let pages = files(&folder, |name| !name.ends_with(".right"));
    let borrowed: Vec<(&str, &[u8])> = pages
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let (desk, said) = clean(&borrowed, "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let (mut all, mut right) = (0, 0);
    for ((name, _), record) in pages.iter().zip(desk.records("out/clean.jsonl")) {
        assert_eq!(record["id"], name.as_str());
        let wanted = fs::read_to_string(folder.join(name).with_extension("right")).unwrap();
        let wanted = trimmed(&wanted);
        let missed = missing(&wanted, &trimmed(text_of(&record)));
        let surplus = missing(&trimmed(text_of(&record)), &wanted);
        println!(
            "{name}: {} of {} paragraphs, {} besides",
            wanted.len() - missed.len(),
            wanted.len(),
            surplus.len()
        );
        missed
            .iter()
            .for_each(|paragraph| println!("  - {paragraph}"));
        surplus
            .iter()
            .for_each(|paragraph| println!("  + {paragraph}"));
        all += wanted.len();
        right += wanted.len() - missed.len();
    }
    println!("{right} of {all} paragraphs are right");
    assert!(right * 100 >= all * PARAGRAPHS_FLOOR, "{right} of {all}");
}

fn json_files(folder: &Path) -> Vec<Value> {
    let found = files(folder, |name| name.ends_with(".json"));
    found
        .iter()
        .map(|(name, bytes)| {
            serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("{name}: {e}"))
        })
        .collect()
}

/// The files of a folder whose names are wanted, by name, with their bytes.
fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut files: Vec<_> = names
        .filter(|name| wanted(name))
        .map(|n| (n.clone(), fs::read(folder.join(n)).unwrap()))
        .collect();
    files.sort();
    files
}

/// The blocks of the gold: runs of lines that hold more than white space.
fn paragraphs(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = start..start + line.len();
        start = span.end;
        let holds_text = !line.trim().is_empty();
        match found.last_mut() {
            Some(last) if holds_text && open => last.end = span.end,
            _ if holds_text => found.push(span),
            _ => {}
        }
        open = holds_text;
    }
    found
}

/// Whether a gold block is lines of more than one kind under the name of one.
fn mixes_kinds(text: &str, span: &Span, gold: &Value) -> bool {
    gold["role"] == "body" && text[span.clone()].trim().contains('\n')
}

/// Our name for the kind of a gold block.
fn kind_of(gold: &Value) -> String {
    match gold["role"].as_str().expect("a gold block has a role") {
        "subhead" | "kicker" | "section-label" | "box-headline" => "headline",
        "photo-credit" => "credit",
        "jump-line" => "jump",
        role => role,
    }
    .to_string()
}

fn named(kind: Kind) -> String {
    serde_json::to_value(kind)
        .unwrap()
        .as_str()
        .expect("kinds are plain names")
        .to_string()
}

fn trimmed(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(|paragraph| paragraph.trim().to_string())
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// The paragraphs of one text that the other has not, or not as often.
fn missing(wanted: &[String], found: &[String]) -> Vec<String> {
    let mut left: HashMap<&String, usize> = HashMap::new();
    found
        .iter()
        .for_each(|paragraph| *left.entry(paragraph).or_default() += 1);
    let is_missing = |paragraph: &&String| match left.get_mut(*paragraph) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    let mut is_missing = is_missing;
    wanted.iter().filter(|p| is_missing(p)).cloned().collect()
}
