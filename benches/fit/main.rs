//! Fits the models that ship and makes the tables that they need; what is measured stands in the other benchmarks.
//!
//!     cargo bench --bench fit -- seams    --from DOCS.jsonl [--before YYYYMMDD] [--seed N]
//!     cargo bench --bench fit -- english  --from DOCS.jsonl [--test OTHERS.jsonl] [--seed N]
//!     cargo bench --bench fit -- letters  --from PAIRS.jsonl
//!     cargo bench --bench fit -- prior    --from DOCS.jsonl [--also DOCS.jsonl]... [--most N]
//!     cargo bench --bench fit -- words    --from FOLDER
//!     cargo bench --bench fit -- words-chinese --from DICT.TXT
//!
//! `seams`, `english` and `letters` write to data/weights, on the same pages as the benchmarks of those names, but those
//! that they measure on: `english` fits on all of DOCS where there is `--test`, else on two thirds of it. `prior` writes
//! data/tables/prior.lexicon: N n-grams of the articles that `seams` makes no pages of, and of other texts. `words` makes
//! data/tables/english.txt of the lists in FOLDER (Debian's package scowl has them in /usr/share/dict/scowl),
//! `words-chinese` data/tables/chinese.tsv of the dictionary of jieba (`dict.txt` in its package on PyPI).

#[path = "../english/pages.rs"]
#[allow(dead_code)] // what only the measuring needs
mod english_pages;
#[path = "../letters/pairs.rs"]
#[allow(dead_code)]
mod pairs;
#[path = "../seams/pages.rs"]
#[allow(dead_code)]
mod pages;

mod newton;
mod words;

use generate::Random;
use generate::english::Hyphen;
use jiaokan::bench::logistic::{Features, Logistic};
use jiaokan::bench::rejoin::han::HanSeams;
use jiaokan::bench::rejoin::judge::Looks;
use jiaokan::bench::rejoin::latin::LatinSeams;
use jiaokan::bench::rejoin::lines::Lines;
use jiaokan::bench::rejoin::{hyphen, judge};
use jiaokan::{Counts, Grams};
use std::collections::HashSet;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let options = Options(&args);
    let what = args.get(1).map_or("", String::as_str);
    let (Some(from), true) = (options.one("--from"), !what.starts_with('-')) else {
        println!("fit: nothing to do without a model or table to make and --from");
        return;
    };
    let seed = options.number("--seed", 1);
    match what {
        "seams" => seams(
            from,
            options.one("--before").unwrap_or("99999999"),
            seed as u64,
        ),
        "english" => english(
            from,
            options.one("--test").is_some(),
            &mut Random(seed as u64),
        ),
        "letters" => letters(from),
        "prior" => {
            let also: Vec<&str> = options.all("--also").collect();
            prior(from, &also, options.number("--most", 300_000));
        }
        "words" => write("tables/english.txt", words::list(from)),
        "words-chinese" => write("tables/chinese.tsv", words::chinese(from)),
        other => panic!("fit: {other} is not something to make"),
    }
}

/// What the command line says.
struct Options<'a>(&'a [String]);

impl<'a> Options<'a> {
    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let values = self.0.windows(2).filter(move |two| two[0] == name);
        values.map(|two| two[1].as_str())
    }

    fn one(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    fn number(&self, name: &str, default: usize) -> usize {
        self.one(name).map_or(default, |number| {
            number
                .parse()
                .unwrap_or_else(|_| panic!("{name} takes a number"))
        })
    }
}

fn write(name: &str, text: impl AsRef<[u8]>) {
    let path = format!("{DATA}/{name}");
    std::fs::write(&path, text).unwrap_or_else(|e| panic!("{path}: {e}"));
    println!("wrote {path}");
}

fn write_model(name: &str, model: &Logistic<impl Features>) {
    write(&format!("weights/{name}.tsv"), model.to_tsv());
}

fn write_looks(name: &str, looks: &Looks<impl Features>) {
    write_model(&format!("{name}-first"), &looks.first);
    write_model(name, &looks.second);
}

/// One set of weights for pages with a lexicon over everything, over the pages, and over each page alone.
fn seams(from: &str, before: &str, seed: u64) {
    use pages::{Corpus, Over, joins, lexicons};
    let Corpus { train, rest, .. } = Corpus::read(from, before, seed);
    let mut seen = Vec::new();
    for over in [Over::Pages(usize::MAX), Over::Pages(0), Over::Page] {
        let lexicons = lexicons(&train, &rest, over);
        for (at, (broken, page)) in train.iter().enumerate() {
            let lexicon = &lexicons[at.min(lexicons.len() - 1)];
            let joins = joins(broken);
            let pairs = judge::pairs(&HanSeams::of(page, lexicon));
            let joined = pairs
                .iter()
                .map(|p| joins.contains(&(p.tail, p.head)))
                .collect();
            seen.push((pairs, joined));
        }
    }
    write_looks("seams-han", &newton::fit_looks::<HanSeams>(seen));
}

/// The weights of seams in Latin script, and of hyphens.
fn english(from: &str, is_tested_elsewhere: bool, random: &mut Random) {
    use english_pages::{Over, for_each_page, hyphens, read, worlds};
    let all = read(from);
    let train = match is_tested_elsewhere {
        true => &all[..],
        false => &all[..all.len() * 2 / 3],
    };
    let worlds = worlds(random, train, 8);
    let (mut seen, mut of_hyphens) = (Vec::new(), Vec::new());
    for over in [Over::Everything, Over::Pages, Over::Page] {
        for_each_page(&worlds, over, |(broken, page, _), words| {
            let joins: HashSet<(usize, usize)> =
                broken.joins.iter().chain(&broken.lines).copied().collect();
            let pairs = judge::pairs(&LatinSeams::of(page, &Lines::of(page), words));
            let joined = pairs
                .iter()
                .map(|p| joins.contains(&(p.tail, p.head)))
                .collect();
            seen.push((pairs, joined));
            for (_, tail, head, truth) in hyphens(broken) {
                if let Some(word) = hyphen::Broken::over(tail, head) {
                    of_hyphens.push((word.features(words), truth == Hyphen::Belongs));
                }
            }
        });
    }
    write_looks("seams-latin", &newton::fit_looks::<LatinSeams>(seen));
    let compounds = of_hyphens.iter().filter(|(_, belongs)| *belongs).count();
    println!(
        "{} hyphens, {compounds} of them compounds'",
        of_hyphens.len()
    );
    write_model("hyphens", &newton::fit(&of_hyphens));
}

/// The weights of misread letters, on all pairs as one run, on runs of thirty, and on their right texts.
fn letters(from: &str) {
    let runs = pairs::runs(&pairs::read(from));
    let samples = runs
        .iter()
        .flatten()
        .map(|sample| (sample.misread.features, sample.right));
    let samples: Vec<_> = samples.collect();
    println!("{} samples", samples.len());
    write_model("misread", &newton::fit(&samples));
}

/// The lexicon that ships.
fn prior(from: &str, also: &[&str], most: usize) {
    let (_, rest) = pages::read(from, "99999999");
    let mut counts = Counts::default();
    for page in &rest {
        counts.add(&Grams::of(page));
    }
    for record in also.iter().flat_map(|path| pages::records(path)) {
        let page = pages::segmented(record["text"].as_str().unwrap_or_default());
        counts.add(&Grams::of(&page));
    }
    let mut model = counts.model();
    model.prune(most);
    write("tables/prior.lexicon", model.to_bytes());
}
