//! A corpus in shards, driven by make: the same result as of one run, and nothing done twice.

use crate::run::{Desk, clean};
use generate::{Layout, Random, articles, page};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

const SHARDS: usize = 16;

#[test]
fn shards_give_what_one_run_gives_whatever_memory_it_has() {
    let desk = corpus();
    make(&desk, "");
    for flags in [
        "",
        "--memory 1KB",
        "--memory 1e30",
        "--threads 1",
        "--prints kept",
        "--prints kept",
    ] {
        let said = desk.run(&format!("clean in --out whole {flags}"));
        assert_eq!(said.status, 0, "{}", said.stderr);
        for file in [
            "clean.jsonl",
            "changes.jsonl",
            "clusters.jsonl",
            "sources.jsonl",
        ] {
            let shards: Vec<u8> = names()
                .flat_map(|name| desk.bytes(&format!("out/{name}/{file}")))
                .collect();
            assert!(
                shards == desk.bytes(&format!("whole/{file}")),
                "{file} with {flags:?}"
            );
        }
    }
    assert!(!desk.bytes("whole/clusters.jsonl").is_empty());
    assert!(
        desk.records("whole/changes.jsonl")
            .iter()
            .any(|change| change["rule"] == "consensus")
    );
}

#[test]
fn an_edited_shard_is_done_again_and_no_other() {
    let desk = corpus();
    make(&desk, "");
    desk.put("lexicon", desk.bytes("out/.verdicts/lexicon"));
    make(&desk, "LEXICON=lexicon");
    let before = times(&desk);
    let edited = desk.bytes("in/s05.jsonl");
    let edited = String::from_utf8(edited)
        .unwrap()
        .replacen("。", "，昨天。", 1);
    desk.put("in/s05.jsonl", &edited);
    make(&desk, "LEXICON=lexicon");
    let after = times(&desk);
    let again: Vec<&String> = after
        .keys()
        .filter(|name| after[*name] != before[*name])
        .collect();
    assert_eq!(again, ["s05"]);
    desk.run("clean in --out whole --lexicon lexicon");
    let shards: Vec<u8> = names()
        .flat_map(|name| desk.bytes(&format!("out/{name}/changes.jsonl")))
        .collect();
    assert!(shards == desk.bytes("whole/changes.jsonl"));
}

#[test]
fn what_was_lost_half_way_is_done_again_and_nothing_else() {
    let desk = corpus();
    make(&desk, "");
    let before = times(&desk);
    // as a kill -9 of the finish of one shard leaves it
    fs::remove_file(desk.path("out/s09/report.json")).unwrap();
    fs::write(desk.path("out/s09/.jiaokan-1"), "half a file").unwrap();
    make(&desk, "");
    let after = times(&desk);
    let again: Vec<&String> = after
        .keys()
        .filter(|name| after[*name] != before[*name])
        .collect();
    assert_eq!(again, ["s09"]);
}

#[test]
fn a_shard_that_is_gone_is_settled_no_more() {
    let desk = corpus();
    make(&desk, "");
    fs::remove_file(desk.path("in/s00.jsonl")).unwrap();
    make(&desk, "");
    desk.run("clean in --out whole");
    for file in ["clean.jsonl", "changes.jsonl", "clusters.jsonl"] {
        let shards: Vec<u8> = names()
            .skip(1)
            .flat_map(|name| desk.bytes(&format!("out/{name}/{file}")))
            .collect();
        assert!(shards == desk.bytes(&format!("whole/{file}")), "{file}");
    }
}

#[test]
fn changed_settings_do_all_shards_again_wherever_they_stand() {
    let desk = corpus();
    let mut last: BTreeMap<String, SystemTime> = BTreeMap::new();
    let mut again = |words: &str| {
        make(&desk, words);
        let now = times(&desk);
        let count = now
            .iter()
            .filter(|(name, time)| last.get(name.as_str()) != Some(*time))
            .count();
        last = now;
        count
    };
    assert_eq!(again(""), SHARDS);
    assert_eq!(again(""), 0);
    assert_eq!(
        again("FLAGS=--threads=1"),
        0,
        "it changes nothing in the output"
    );
    assert_eq!(again("FLAGS=--passages=off"), SHARDS);
    assert_eq!(again("FLAGS=--passages=off"), 0);
    desk.put("jiaokan.toml", "passages = \"off\"\n");
    assert_eq!(again(""), 0, "the same stands in the file");
    desk.put("jiaokan.toml", "passages = \"off\"\nkeep = \"longest\"\n");
    assert_eq!(again(""), SHARDS);
    assert_eq!(
        desk.value("out/s00/report.json")["options"]["repeats"]["keep"],
        "longest"
    );
    fs::remove_file(desk.path("jiaokan.toml")).unwrap();
    assert_eq!(again(""), SHARDS);
}

#[test]
fn prints_of_other_settings_and_damaged_ones_are_refused() {
    let desk = corpus();
    desk.run("survey in/s00.jsonl --prints p/s00.prints");
    let said = desk.run("settle p/s00.prints --to v --duplicates off");
    assert_eq!(said.status, 2);
    assert!(
        said.stderr
            .contains("p/s00.prints: prints made with other settings; survey again"),
        "{}",
        said.stderr
    );
    let whole = desk.bytes("p/s00.prints");
    // the beginning of the first record, the end of the directory
    for (name, at) in [("record", 60), ("directory", whole.len() - 40)] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        desk.put(&format!("p/{name}.prints"), &damaged);
    }
    desk.put("p/short.prints", &whole[..whole.len() / 2]);
    desk.put("p/text.prints", "no prints at all");
    for (name, why) in [
        ("record", "the prints are damaged: the record at byte 40"),
        ("directory", "the prints end too early, or are damaged"),
        ("short", "survey again"),
        ("text", "no file of prints"),
    ] {
        let said = desk.run(&format!("settle p/{name}.prints --to v"));
        assert_eq!(said.status, 2, "{name}");
        assert!(
            said.stderr.contains(&format!("p/{name}.prints")) && said.stderr.contains(why),
            "{}",
            said.stderr
        );
    }
    assert!(!desk.path("v/lexicon").exists());
}

#[test]
fn shards_that_would_share_a_file_of_verdicts_are_refused_before_the_run() {
    let desk = corpus();
    desk.run("survey in/s00.jsonl --prints a/x.prints");
    desk.run("survey in/s01.jsonl --prints b/x.prints");
    let said = desk.run("settle a/x.prints b/x.prints --to v");
    assert_eq!(said.status, 2);
    assert!(
        said.stderr
            .contains("a/x.prints and b/x.prints would both have their verdicts in x.verdicts"),
        "{}",
        said.stderr
    );
    let said = desk.run("settle a/x.prints a/x.prints --to v");
    assert!(
        said.status == 2 && said.stderr.contains("a/x.prints: named twice"),
        "{}",
        said.stderr
    );
    assert!(!desk.path("v").exists());
}

#[test]
fn verdicts_on_other_prints_and_by_other_settings_are_refused() {
    let desk = corpus();
    for name in ["s00", "s01"] {
        desk.run(&format!("survey in/{name}.jsonl --prints p/{name}.prints"));
    }
    desk.run("settle p/s00.prints p/s01.prints --to v");
    let finish = |shard: &str, verdicts: &str, flags: &str| {
        desk.run(&format!(
            "finish in/{shard}.jsonl --prints p/{shard}.prints --verdicts v/{verdicts}.verdicts \
             --lexicon v/lexicon --out out {flags}"
        ))
    };
    let said = finish("s00", "s01", "");
    assert!(
        said.status == 2
            && said.stderr.contains(
                "v/s01.verdicts: these are not the verdicts on p/s00.prints; name those that"
            ),
        "{}",
        said.stderr
    );
    let said = finish("s00", "s00", "--duplicates mark");
    assert!(
        said.status == 2
            && said
                .stderr
                .contains("v/s00.verdicts: verdicts made with other settings"),
        "{}",
        said.stderr
    );
    let whole = desk.bytes("v/s00.verdicts");
    desk.put("v/short.verdicts", &whole[..whole.len() - 9]);
    desk.put("v/text.verdicts", "none");
    assert!(finish("s00", "short", "").stderr.contains("settle again"));
    assert!(
        finish("s00", "text", "")
            .stderr
            .contains("v/text.verdicts: no file of verdicts")
    );
    assert_eq!(finish("s00", "s00", "").status, 0);
}

#[test]
fn what_stood_in_an_earlier_run_stays_there() {
    let desk = corpus();
    desk.run("clean in/s00.jsonl --out old --prints kept");
    let renamed = String::from_utf8(desk.bytes("in/s00.jsonl"))
        .unwrap()
        .replace("\"s00-", "\"new-");
    desk.put("new.jsonl", &renamed);
    let said = desk.run("clean new.jsonl --out new --against kept");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(desk.records("new/clean.jsonl").is_empty());
    let copies = desk.records("new/clusters.jsonl");
    assert!(
        !copies.is_empty()
            && copies
                .iter()
                .all(|c| c["cluster"].as_str().unwrap().starts_with("s00-"))
    );
}

/// The law of incremental cleaning: A, then B against the prints of A, gives what A and B together give, but that the text
/// of A stays where it is.
#[test]
fn one_folder_after_the_other_gives_what_both_together_give() {
    for seed in 0..4 {
        let mut random = Random(900 + seed);
        let [first, second] = halves(&mut random);
        let desk = Desk::with(&[]);
        desk.put("a/a.jsonl", first.join(""));
        desk.put("b/b.jsonl", second.join(""));
        desk.put(
            "both/both.jsonl",
            [first.join(""), second.join("")].concat(),
        );
        let flags = "--keep first --repair off --join off";
        for words in [
            format!("clean a --out old --prints kept {flags}"),
            format!("clean b --out new --against kept {flags}"),
            format!("clean both --out together {flags}"),
        ] {
            let said = desk.run(&words);
            assert_eq!(said.status, 0, "{}", said.stderr);
        }
        let paragraphs = |out: &str| -> BTreeMap<String, String> {
            let records = desk.records(&format!("{out}/clean.jsonl"));
            let paragraphs = |record: &serde_json::Value| -> Vec<(String, String)> {
                let text = record["text"].as_str().expect("a text").to_string();
                let id = record["id"].as_str().expect("an id").to_string();
                text.split("\n\n")
                    .map(|text| (text.to_string(), id.clone()))
                    .collect()
            };
            records.iter().flat_map(paragraphs).collect()
        };
        let [old, new, together] = ["old", "new", "together"].map(paragraphs);
        assert!(new.len() > 20, "much of B is its own: {}", new.len());
        for (text, id) in &together {
            assert!(
                old.contains_key(text) || new.contains_key(text),
                "seed {seed}: of {id} together, and lost one after the other: {text}"
            );
        }
        for (text, id) in &new {
            assert!(
                together.contains_key(text),
                "seed {seed}: of {id} one after the other, and gone together: {text}"
            );
        }
    }
}

/// Two sets of documents: the second has copies of the first's, cut, longer, noisy and spliced ones, and its own.
fn halves(random: &mut Random) -> [Vec<String>; 2] {
    const EACH: usize = 24;
    let fresh = |random: &mut Random| -> Vec<String> {
        let long = |text: &String| text.chars().count() > 70;
        let mut paragraphs = || {
            articles(random, 6)
                .into_iter()
                .flat_map(|article| article.paragraphs)
        };
        paragraphs().filter(long).take(4).collect()
    };
    let first: Vec<Vec<String>> = (0..EACH).map(|_| fresh(random)).collect();
    let second: Vec<Vec<String>> = (0..EACH)
        .map(|n| {
            let (own, like) = (fresh(random), first[random.within(0..EACH)].clone());
            match n % 6 {
                0 => like,
                1 => like[..2].to_vec(),
                2 => [like, own].concat(),
                3 => like.iter().map(|text| misread(text, n)).collect(),
                4 => [&own[..2], &like[1..2], &own[2..]].concat(),
                _ => own,
            }
        })
        .collect();
    let line =
        |id: String, text: &[String]| format!("{}\n", json!({"id": id, "text": text.join("\n\n")}));
    let lines = |name: &str, texts: &[Vec<String>]| -> Vec<String> {
        texts
            .iter()
            .enumerate()
            .map(|(n, text)| line(format!("{name}{n:03}"), text))
            .collect()
    };
    [lines("a", &first), lines("b", &second)]
}

#[test]
fn prints_of_this_run_are_no_earlier_ones() {
    let desk = corpus();
    let said =
        desk.run("clean in/s00.jsonl --out out --prints kept/today --against kept/until-yesterday");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(
        said.stderr.contains("no prints of earlier runs yet"),
        "{}",
        said.stderr
    );
    for against in ["kept/today", "kept"] {
        let said = desk.run(&format!(
            "clean in/s01.jsonl --out out --prints kept/today --against {against}"
        ));
        assert_eq!(said.status, 2, "{}", said.stderr);
        assert!(
            said.stderr.contains("prints/until-yesterday"),
            "{}",
            said.stderr
        );
    }
    // a file of the same name in another folder has prints of its own
    desk.put("other/s00.jsonl", desk.bytes("in/s01.jsonl"));
    desk.run("clean other/s00.jsonl --out out --prints kept/today");
    assert_eq!(desk.files("kept/today").len(), 2);
}

#[test]
fn ids_that_repeat_are_told_apart() {
    let page = "江水在夜里涨了两尺，守塔人把船拖上了岸，又在堤上点起了灯，等着天亮。";
    let line = format!("{{\"id\": \"a\", \"text\": \"{page}\"}}\n");
    let (desk, said) = clean(
        &[
            ("one.jsonl", line.as_bytes()),
            ("two.jsonl", line.as_bytes()),
        ],
        "",
    );
    assert!(said.stderr.contains("share an id"), "{}", said.stderr);
    let clusters = desk.records("out/clusters.jsonl");
    let at: Vec<_> = clusters
        .iter()
        .map(|c| (&c["source"], &c["line"]))
        .collect();
    assert_eq!(
        at,
        [
            (&json!("one.jsonl"), &json!(1)),
            (&json!("two.jsonl"), &json!(1))
        ]
    );
}

/// Shards of generated pages; some pages stand in two of them, to the letter or nearly.
fn corpus() -> Desk {
    let desk = Desk::with(&[]);
    let mut random = Random(16);
    let mut page = || {
        let articles = articles(&mut random, 4);
        page(&mut random, &articles, Layout::Plain, false).text()
    };
    let pages: Vec<String> = (0..3 * SHARDS).map(|_| page()).collect();
    for (shard, name) in names().enumerate() {
        let mut lines = String::new();
        for n in 0..6 {
            // the last are pages of other shards, misread; the one before is the first of the next, with a word more
            let text = match n {
                4 | 5 => misread(&pages[(3 * (shard + 4 * n) + 1) % pages.len()], shard + n),
                3 => pages[3 * (shard + 1) % pages.len()].replacen("。", "呢。", 1),
                _ => pages[3 * shard + n].clone(),
            };
            lines += &format!("{}\n", json!({"id": format!("{name}-{n}"), "text": text}));
        }
        desk.put(&format!("in/{name}.jsonl"), lines);
    }
    desk
}

/// One letter in forty is another, not the same in every copy.
fn misread(text: &str, copy: usize) -> String {
    let wrong = |(at, c): (usize, char)| {
        if at % 40 == 2 * copy % 40 && c.is_alphabetic() {
            '鲸'
        } else {
            c
        }
    };
    text.chars().enumerate().map(wrong).collect()
}

fn names() -> impl Iterator<Item = String> {
    (0..SHARDS).map(|shard| format!("s{shard:02}"))
}

fn make(desk: &Desk, words: &str) {
    let makefile = Path::new(env!("CARGO_MANIFEST_DIR")).join("Makefile");
    let mut make = Command::new("make");
    make.arg("-f")
        .arg(makefile)
        .args(["-j2", "shards", "SHARDS=in", "OUT=out"]);
    make.arg(format!("JIAOKAN={}", env!("CARGO_BIN_EXE_jiaokan")))
        .args(words.split_whitespace());
    let said = make
        .current_dir(desk.path(""))
        .env_remove("MAKEFLAGS")
        .output()
        .expect("there is a make");
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
}

/// When each shard was finished.
fn times(desk: &Desk) -> BTreeMap<String, SystemTime> {
    let time = |name: String| {
        let report =
            fs::metadata(desk.path(&format!("out/{name}/report.json"))).expect("it is finished");
        (name, report.modified().expect("the disk knows times"))
    };
    names().map(time).collect()
}
