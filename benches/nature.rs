//! Says what the pages of ../shared are taken for: of each kind of clean text the share of blocks of each form, and on how
//! many pages lines are found to be wrapped or layout to have broken text; and of pages that are broken, the same.
//!
//!     cargo bench --bench nature [-- [--half 0|1] [--show KIND [FORM|goes|missed|broken]]]
//!     cargo bench --bench nature -- --file PATH...
//!
//! Thresholds were set on half 0: the pages of which the lowest bit of XXH3("KIND/ID") is 0. Half 1 is for reporting.

use jiaokan::bench::nature::nature;
use jiaokan::bench::page::Page;
use jiaokan::bench::page::nature::{Form, Nature};
use jiaokan::bench::segment::segment;
use jiaokan::bench::text::sentence::Ending;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const FORMS: [(Form, &str); 10] = [
    (Form::Prose, "prose"),
    (Form::Verse, "verse"),
    (Form::Dialogue, "speech"),
    (Form::List, "list"),
    (Form::Table, "table"),
    (Form::Code, "code"),
    (Form::Formula, "formula"),
    (Form::Data, "data"),
    (Form::Heading, "heading"),
    (Form::Furniture, "furnit."),
];

/// A kind of text and its pages.
struct Set {
    name: String,
    pages: Vec<Page>,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .map(|at| args[at + 1..].to_vec())
    };
    if let Some(paths) = option("--file") {
        for path in paths {
            let page = page(
                &path,
                &String::from_utf8_lossy(&fs::read(&path).expect("a file")),
            );
            let nature = nature(&page);
            println!(
                "{path}: {}, markdown {}, {:?}, {}",
                nature.language.code,
                nature.markdown,
                nature.wrapped,
                nature.breaks.says()
            );
            examples(&page, &nature, "broken");
            examples(&page, &nature, "");
        }
        return;
    }
    let half = option("--half").map(|v| v[0].parse::<u64>().expect("--half takes 0 or 1"));
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = if shared.exists() {
        shared
    } else {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
    };
    if !shared.join("corpora").exists() {
        println!("nature: nothing to do without ../shared/corpora");
        return;
    }
    let of_half = |set: &str, id: &str| {
        half.is_none_or(|half| xxh3_64(format!("{set}/{id}").as_bytes()) & 1 == half)
    };
    let sets = clean(&shared)
        .into_iter()
        .map(|s| (s, false))
        .chain(broken(&shared).into_iter().map(|s| (s, true)));
    print!("{:14}{:>6}{:>7}", "", "pages", "blocks");
    FORMS.iter().for_each(|(_, name)| print!("{name:>8}"));
    println!("{:>8}{:>8}{:>8}  language", "goes on", "wrapped", "broken");
    let show = option("--show");
    for (set, is_broken) in sets {
        let pages: Vec<&Page> = set
            .pages
            .iter()
            .filter(|p| is_broken || of_half(&set.name, &p.id))
            .collect();
        let natures: Vec<Nature> = pages.iter().map(|p| nature(p)).collect();
        report(&set.name, &natures);
        if let Some(show) = &show
            && set.name == show[0]
        {
            pages
                .iter()
                .zip(&natures)
                .for_each(|(page, nature)| examples(page, nature, show.get(1).map_or("", |s| s)));
        }
    }
}

fn report(name: &str, natures: &[Nature]) {
    let blocks = || natures.iter().flat_map(|n| &n.blocks);
    let all = blocks().count().max(1);
    print!("{name:14}{:6}{:7}", natures.len(), blocks().count());
    for (form, _) in FORMS {
        let share = blocks().filter(|b| b.form == form).count() as f64 / all as f64;
        if share == 0.0 {
            print!("{:>8}", "")
        } else {
            print!("{:8.3}", share)
        }
    }
    let goes = blocks().filter(|b| b.goes_on).count();
    let pages = |is: &dyn Fn(&Nature) -> bool| natures.iter().filter(|n| is(n)).count();
    let mut codes: Vec<&str> = natures.iter().map(|n| n.language.code).collect();
    codes.sort_unstable();
    let mut languages: Vec<(usize, &str)> = codes
        .chunk_by(|a, b| a == b)
        .map(|same| (same.len(), same[0]))
        .collect();
    languages.sort_unstable_by(|a, b| b.cmp(a));
    let languages: Vec<String> = languages
        .iter()
        .map(|(n, code)| format!("{code} {n}"))
        .collect();
    println!(
        "{goes:8}{:8}{:8}  {}",
        pages(&|n| n.wrapped.is_some()),
        pages(&|n| n.breaks.broken),
        languages.join(", ")
    );
}

fn examples(page: &Page, nature: &Nature, what: &str) {
    if what == "broken" {
        println!(
            "    {} {}: {}",
            page.id,
            nature.breaks.broken,
            nature.breaks.says()
        );
        for at in nature
            .breaks
            .tails
            .iter()
            .filter(|_| nature.breaks.broken)
            .take(3)
        {
            let text = &page.text()[page.blocks[*at].span.clone()];
            let next = page
                .blocks
                .get(at + 1)
                .map_or("", |b| &page.text()[b.span.clone()]);
            let end: Vec<char> = text.chars().rev().take(40).collect();
            println!(
                "        {} | {}",
                end.iter().rev().collect::<String>(),
                next.chars().take(40).collect::<String>()
            );
        }
        return;
    }
    for (at, block) in nature.blocks.iter().enumerate() {
        let name = FORMS
            .iter()
            .find(|(form, _)| *form == block.form)
            .map_or("", |(_, name)| name);
        let missed = what == "missed"
            && matches!(block.ending, Ending::Open | Ending::Clause)
            && !block.goes_on
            && page.blocks.get(at + 1).is_some_and(|next| {
                next.gap == 0
                    && nature.blocks[at + 1].form == Form::Prose
                    && !page.text()[page.blocks[at].span.clone()].starts_with("第 ")
            });
        if missed || name == what || what == "goes" && block.goes_on || what.is_empty() {
            let text: String = page.text()[page.blocks[at].span.clone()]
                .chars()
                .take(90)
                .collect();
            println!(
                "    {name:8}{:40} {} {} {text:?}",
                block.why,
                page.id,
                if block.goes_on { '>' } else { ' ' }
            );
        }
    }
}

fn page(id: &str, text: &str) -> Page {
    let mut page = Page::new(id, text);
    segment(&mut page);
    page
}

fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a record a line"))
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn joined<'a>(list: &'a Value, between: &str) -> String {
    let parts: Vec<&'a str> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    parts.join(between)
}

fn set(name: &str, records: Vec<Value>, text: impl Fn(&Value) -> String) -> Set {
    let id =
        |record: &Value, at: usize| record["id"].as_str().map_or(at.to_string(), str::to_string);
    let pages = records
        .iter()
        .enumerate()
        .map(|(at, record)| page(&id(record, at), &text(record)))
        .collect();
    Set {
        name: name.into(),
        pages,
    }
}

fn text(record: &Value) -> String {
    record["text"].as_str().unwrap_or_default().to_string()
}

/// Text as its writers made it.
fn clean(shared: &Path) -> Vec<Set> {
    let corpora = shared.join("corpora");
    let wild = files(&corpora.join("wild"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"));
    let mut sets: Vec<Set> = wild
        .map(|path| {
            set(
                &path.file_stem().expect("a file").to_string_lossy(),
                records(&path),
                text,
            )
        })
        .collect();
    for name in ["laws_cn", "gov_work_reports", "drcd_trad", "cmrc2018_simp"] {
        let mut some = records(&corpora.join(name).join("docs.jsonl"));
        some.truncate(200);
        sets.push(set(name, some, text));
    }
    sets
}

/// Pages that layout broke or wrapped.
fn broken(shared: &Path) -> Vec<Set> {
    let corpora = shared.join("corpora");
    let folder = |name: &str, folder: &Path| Set {
        name: name.into(),
        pages: files(folder)
            .iter()
            .filter(|path| path.extension().is_some_and(|e| e != "right"))
            .map(|path| {
                page(
                    &path.file_name().expect("a file").to_string_lossy(),
                    &fs::read_to_string(path).expect("text"),
                )
            })
            .collect(),
    };
    let mut moj = records(&corpora.join("moj_versions/docs.jsonl"));
    moj.truncate(200);
    vec![
        folder("SEEDS", &shared.join("seeds")),
        folder(
            "OUR PAGES",
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pages"),
        ),
        set(
            "COLUMNS",
            records(&corpora.join("columns/pages.jsonl")),
            |r| joined(&r["blocks"], "\n\n"),
        ),
        set(
            "COLUMNS bare",
            records(&corpora.join("columns/pages.jsonl")),
            |r| {
                let is_text = |b: &&Value| {
                    !b.as_str().is_none_or(|b| {
                        b.starts_with(['#', '图']) || b.starts_with("本报记者") || b.ends_with('摄')
                    })
                };
                let texts: Vec<Value> = r["blocks"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(is_text)
                    .cloned()
                    .collect();
                joined(&Value::Array(texts), "\n\n")
            },
        ),
        set(
            "JINGBAO",
            records(&corpora.join("jingbao1939/line_join.jsonl")),
            |r| joined(&r["lines"], "\n"),
        ),
        set(
            "OVERPROOF",
            records(&corpora.join("overproof/dev.jsonl")),
            |r| {
                r["ocr_hypothesis"]["transcription_unit"]
                    .as_str()
                    .unwrap_or_default()
                    .to_string()
            },
        ),
        set("MOJ", moj, text),
    ]
}
