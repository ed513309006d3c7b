//! The laws: what holds for every page there is, generated ones and, where they are, the seeds and corpora.

use crate::damage;
use crate::run::{Desk, finished, id_of, text_of, undone};
use crate::shared;
use jiaokan::Settings;
use jiaokan::bench::page::{BETWEEN_ARTICLES, Page};
use jiaokan::bench::text::letters::fold;
use jiaokan::settings::{self, Split, Target};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Bytes taken of each corpus: a build for tests cleans about half a megabyte a second.
const SAMPLE: u64 = 300_000;
/// Bytes taken where the program has to run several times.
const SMALL_SAMPLE: u64 = 60_000;

const OUTPUTS: [&str; 5] = [
    "clean.jsonl",
    "changes.jsonl",
    "clusters.jsonl",
    "sources.jsonl",
    "rejected.jsonl",
];

#[test]
fn undo_gives_every_source_back_byte_for_byte() {
    undo_gives_back(&desk(SAMPLE));
}

#[test]
#[ignore = "for a release build: cargo test --release --test jiaokan -- --ignored"]
fn undo_gives_all_of_the_corpora_back_byte_for_byte() {
    undo_gives_back(&desk(u64::MAX));
}

#[test]
fn undo_gives_converted_sources_back() {
    let desk = desk(SMALL_SAMPLE);
    for script in ["simplified", "traditional"] {
        assert_cleans(&desk, &format!("clean in --out out --script {script}"));
        assert_undoes(&desk);
    }
}

#[test]
fn undo_gives_sources_back_that_were_split_into_articles() {
    let desk = desk(SMALL_SAMPLE);
    for flags in ["", "--join off", "--script simplified --duplicates mark"] {
        assert_cleans(
            &desk,
            &format!("clean in --out out --split articles {flags}"),
        );
        assert!(
            desk.records("out/clean.jsonl")
                .iter()
                .any(|record| record["metadata"]["article"] == 3)
        );
        assert_undoes(&desk);
    }
}

#[test]
fn cleaning_articles_again_changes_nothing() {
    let desk = desk(SAMPLE);
    for again in ["--split articles", "--split page"] {
        cleaning_again_leaves_with(
            &desk,
            "--duplicates mark --split articles",
            &format!("--duplicates mark {again}"),
        );
        let heads = |name: &str| -> Vec<Value> {
            let field = |record: Value| {
                ["page", "article", "headline", "byline"].map(|f| record["metadata"][f].clone())
            };
            desk.records(name)
                .into_iter()
                .map(|record| field(record).into_iter().collect())
                .collect()
        };
        assert_eq!(
            heads("out/clean.jsonl"),
            heads("again/clean.jsonl"),
            "{again}"
        );
    }
}

#[test]
fn articles_hold_the_text_of_their_page() {
    let desk = desk(SMALL_SAMPLE);
    assert_cleans(&desk, "clean in --out whole");
    assert_cleans(&desk, "clean in --out split --split articles");
    let letters = |name: &str| -> Vec<char> {
        let mut letters = Vec::new();
        for record in desk.records(name) {
            let text = text_of(&record);
            letters.extend(text.chars());
            for field in ["kicker", "headline", "subhead", "byline", "dateline"] {
                let says = record["metadata"][field]
                    .as_str()
                    .filter(|_| record["metadata"]["article"].is_u64());
                // a dateline at the head of a paragraph stays there too
                let is_there = |says: &str| {
                    field == "dateline" && text.split('\n').any(|line| line.starts_with(says))
                };
                letters.extend(
                    says.filter(|says| !is_there(says))
                        .unwrap_or_default()
                        .chars(),
                );
            }
        }
        letters.retain(|c| !c.is_whitespace());
        letters.sort_unstable();
        letters
    };
    assert!(letters("whole/clean.jsonl") == letters("split/clean.jsonl"));
}

#[test]
fn cleaning_again_changes_nothing() {
    cleaning_again_leaves(&desk(SAMPLE), "--duplicates mark");
}

#[test]
#[ignore = "for a release build: cargo test --release --test jiaokan -- --ignored"]
fn cleaning_all_of_the_corpora_again_changes_nothing() {
    cleaning_again_leaves(&desk(u64::MAX), "--duplicates mark");
}

#[test]
fn cleaning_converted_text_again_changes_nothing() {
    cleaning_again_leaves(&desk(SMALL_SAMPLE), "--duplicates mark --script simplified");
}

#[test]
fn a_paragraph_broken_in_one_document_is_found_in_another_at_once() {
    let halves = [
        "剃头匠的铺子只有一把椅子、一面镜子，来的都是几十年的老主顾，坐下来谁也不用开口，他就知道该剪几",
        "寸，该修几分，末了还要在肩膀上拍三下，说一声走好。",
    ];
    let whole = format!(
        "{}\n\n隔壁卖烧饼的看在眼里，说这门手艺怕是没有人肯学了。\n",
        halves.concat()
    );
    let broken = format!("{}\n\n今天来的是对门的教书先生。\n", halves.join("\n\n"));
    let desk = Desk::with(&[("a.txt", whole.as_bytes()), ("b.txt", broken.as_bytes())]);
    cleaning_again_leaves(&desk, "");
}

#[test]
fn one_thread_and_many_write_the_same_bytes() {
    let desk = desk(SMALL_SAMPLE);
    assert_cleans(&desk, "clean in --out one --threads 1");
    assert_cleans(&desk, "clean in --out many --threads 4");
    assert_same_outputs(&desk, "one", "many");
}

#[test]
fn the_order_in_which_inputs_are_named_changes_nothing() {
    let desk = desk(SMALL_SAMPLE);
    let names = ["in/generated", "in/seeds", "in/corpora"]
        .into_iter()
        .filter(|name| desk.path(name).is_dir());
    let mut names: Vec<String> = names.map(String::from).collect();
    // a folder's files named one by one, so that there is an order where there are no corpora
    names.extend(damage::pages(7, 12).into_iter().map(|(name, text)| {
        let name = format!("apart/{}", name.replace('/', "-"));
        desk.put(&name, text);
        name
    }));
    assert_cleans(&desk, &format!("clean {} --out forth", names.join(" ")));
    names.reverse();
    assert_cleans(&desk, &format!("clean {} --out back", names.join(" ")));
    assert_same_outputs(&desk, "forth", "back");
}

#[test]
fn every_byte_is_kept_replaced_or_dropped_for_a_cause() {
    for (script, split) in [
        (Target::Keep, Split::Page),
        (Target::Simplified, Split::Page),
        (Target::Keep, Split::Articles),
    ] {
        let rejoin = settings::Rejoining {
            split,
            ..settings::Rejoining::default()
        };
        let config = Settings {
            script,
            rejoin,
            ..Settings::default()
        };
        let pages = finished(pages(&desk(SMALL_SAMPLE)), &config);
        assert!(
            pages
                .iter()
                .any(|page| !page.changes().is_empty() && !page.moves().is_empty())
        );
        for page in &pages {
            accounts_for_every_byte(page);
            assert_eq!(
                undone(page).as_deref(),
                Some(page.text()),
                "{}: undone",
                page.id
            );
            assert_eq!(
                page.clean_articles().join(BETWEEN_ARTICLES),
                page.clean(),
                "{}: its articles",
                page.id
            );
        }
    }
}

#[test]
fn a_change_says_what_stood_at_its_place() {
    let desk = desk(SMALL_SAMPLE);
    assert_cleans(&desk, "clean in --out out");
    let texts: HashMap<String, String> = pages(&desk)
        .into_iter()
        .map(|(id, text, _)| (id, text))
        .collect();
    let changes = desk.records("out/changes.jsonl");
    assert!(!changes.is_empty());
    for change in &changes {
        let text = &texts[id_of(change)];
        assert_ne!(change["rule"], "", "{change}");
        for at in change["at"].as_array().expect("a change has places") {
            let place = at[0].as_u64().unwrap() as usize..at[1].as_u64().unwrap() as usize;
            let stands = text
                .get(place)
                .unwrap_or_else(|| panic!("no such place: {change}"));
            if let Some(before) = change["before"].as_str() {
                assert_eq!(before, stands, "{change}");
            }
        }
    }
}

/// Generated pages, and samples of what lies beside the project.
fn desk(sample: u64) -> Desk {
    let desk = Desk::with(&[]);
    for (name, text) in damage::pages(11, 60) {
        desk.put(&format!("in/generated/{name}"), text);
    }
    shared::put_samples(&desk, sample);
    desk
}

/// The documents of a desk as the program reads them: id, text and the fields beside them.
fn pages(desk: &Desk) -> Vec<(String, String, Map<String, Value>)> {
    let mut pages = Vec::new();
    for name in desk.files("in") {
        if !name.ends_with(".jsonl") {
            pages.push((
                name.clone(),
                String::from_utf8(desk.bytes(&format!("in/{name}"))).unwrap(),
                Map::new(),
            ));
            continue;
        }
        for record in desk.records(&format!("in/{name}")) {
            pages.push((id_of(&record).into(), text_of(&record).into(), Map::new()));
        }
    }
    pages
}

fn assert_cleans(desk: &Desk, words: &str) {
    let said = desk.run(words);
    assert_eq!(said.status, 0, "{words}: {}", said.stderr);
}

fn undo_gives_back(desk: &Desk) {
    assert_cleans(desk, "clean in --out out");
    assert_undoes(desk);
}

fn assert_undoes(desk: &Desk) {
    let said = desk.run("undo out --to back");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(desk.files("back"), desk.files("in"));
    for name in desk.files("in") {
        assert!(
            desk.bytes(&format!("back/{name}")) == desk.bytes(&format!("in/{name}")),
            "{name} came back changed"
        );
    }
}

fn cleaning_again_leaves(desk: &Desk, flags: &str) {
    cleaning_again_leaves_with(desk, flags, flags);
}

fn cleaning_again_leaves_with(desk: &Desk, flags: &str, again: &str) {
    assert_cleans(desk, &format!("clean in --out out {flags}"));
    assert_cleans(desk, &format!("clean out/clean.jsonl --out again {again}"));
    let (first, again) = (
        desk.records("out/clean.jsonl"),
        desk.records("again/clean.jsonl"),
    );
    assert_eq!(
        first.iter().map(id_of).collect::<Vec<_>>(),
        again.iter().map(id_of).collect::<Vec<_>>()
    );
    // a paragraph that a join made whole may now show to be a copy of one elsewhere: no other change is right
    let letters = |text: &str| {
        text.chars()
            .filter_map(fold)
            .map(|l| char::from_u32(l.into()).unwrap_or('?'))
            .collect::<String>()
    };
    let all: String = first
        .iter()
        .map(|record| letters(text_of(record)))
        .collect::<Vec<_>>()
        .join(" ");
    let is_fewer_copies = |first: &str, again: &str| {
        let mut left = again.split("\n\n").peekable();
        let gone: Vec<&str> = first
            .split("\n\n")
            .filter(|p| left.next_if_eq(p).is_none())
            .collect();
        left.next().is_none() && gone.iter().all(|p| all.matches(&letters(p)).count() > 1)
    };
    let changed: Vec<_> = first
        .iter()
        .zip(&again)
        .filter(|(first, again)| {
            text_of(first) != text_of(again) && !is_fewer_copies(text_of(first), text_of(again))
        })
        .collect();
    for (first, again) in changed.iter().take(30) {
        println!(
            "{}:\n{}",
            id_of(first),
            difference(text_of(first), text_of(again))
        );
    }
    assert!(
        changed.is_empty(),
        "{} of {} documents changed again; see above",
        changed.len(),
        first.len()
    );
}

/// Where two texts begin to differ, with some characters around it.
fn difference(first: &str, again: &str) -> String {
    let same = first
        .chars()
        .zip(again.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let window = |text: &str| {
        text.chars()
            .skip(same.saturating_sub(24))
            .take(60)
            .collect::<String>()
    };
    format!("first {:?}\nagain {:?}", window(first), window(again))
}

fn assert_same_outputs(desk: &Desk, one: &str, other: &str) {
    for name in OUTPUTS {
        let same = desk.bytes(&format!("{one}/{name}")) == desk.bytes(&format!("{other}/{name}"));
        assert!(same, "{name} of {one} and of {other} differ");
    }
}

fn accounts_for_every_byte(page: &Page) {
    let mut rebuilt = String::new();
    let mut at = 0;
    for change in page.changes() {
        let span = &change.span;
        assert!(
            at <= span.start && span.start <= span.end,
            "{}: {change:?} overlaps the one before",
            page.id
        );
        assert!(
            page.text().get(span.clone()).is_some(),
            "{}: {change:?} cuts a character",
            page.id
        );
        rebuilt += &page.text()[at..span.end];
        at = span.end;
    }
    rebuilt += &page.text()[at..];
    assert_eq!(rebuilt, page.text());
}
