//! Plants errors in copies of passages, each copy its own, cleans them, and says how many of the errors that stayed in
//! the text are gone, and what was changed that was right.
//!
//!     cargo bench --bench consensus -- [--from DOCS.jsonl] [--passages N] [--bin PATH] [--keep DIR] [--seed N]
//!
//! DOCS.jsonl holds records with `id` and `text`; without it, text is generated, the same every time. For 2 to 5 copies,
//! 1, 2, 3 and 5 % of errors, whole documents and single paragraphs in different documents, N passages (25) are copied.
//! Of the errors 60 % read a letter as another (as one that looks like it, where the table has one), 20 % lose it, 20 %
//! double it or put another behind it. A line of figures goes to out/consensus.jsonl. Run as a test, all is done on very
//! little text. `--keep` leaves input.jsonl, right.jsonl (the same without errors) and the output of the run in a folder.

mod line;

use generate::{Random, articles};
use jiaokan::bench::text::letters::fold;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, ops::Range};

const LINES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out/consensus.jsonl");
const COPIES: Range<usize> = 2..6;
const PERCENT: [usize; 4] = [1, 2, 3, 5];
const LEVELS: [&str; 2] = ["document", "paragraph"];
/// Letters of a passage.
const DOCUMENT: Range<usize> = 300..2000;
const PARAGRAPH: Range<usize> = 80..500;

/// Letters that recognisers take for one another.
const ALIKE: [&str; 24] = [
    "己已巳",
    "未末",
    "于干千",
    "日曰目",
    "人入八",
    "大太犬",
    "土士",
    "王玉主",
    "天夭",
    "午牛",
    "刀力",
    "兔免",
    "洒酒",
    "拔拨",
    "治冶",
    "贷货",
    "析折",
    "侯候",
    "徒徙",
    "幻幼",
    "今令",
    "往住佳",
    "问间",
    "乌鸟",
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let asked = |name: &str| {
        arguments
            .iter()
            .position(|a| a == name)
            .and_then(|at| arguments.get(at + 1))
    };
    let is_test = !arguments.iter().any(|a| a == "--bench");
    let number = |name: &str| asked(name).map(|n| n.parse::<usize>().expect("a number"));
    let passages = number("--passages").unwrap_or(if is_test { 1 } else { 25 });
    let mut random = Random(number("--seed").unwrap_or(1987) as u64);
    let mut texts = Texts::of(asked("--from"), &mut random);

    let mut planted: Vec<Planted> = Vec::new();
    for level in LEVELS {
        for copies in COPIES {
            for percent in PERCENT {
                for _ in 0..passages {
                    plant(
                        &mut random,
                        &mut texts,
                        (level, copies, percent),
                        &mut planted,
                    );
                }
            }
        }
    }
    let temporary = tempfile::tempdir().expect("there is a folder for temporary files");
    let folder = asked("--keep").map_or(temporary.path().to_path_buf(), PathBuf::from);
    let bin = asked("--bin").map_or(env!("CARGO_BIN_EXE_jiaokan"), String::as_str);
    clean(bin, &planted, &folder);
    let scores = score(&planted, &folder.join("out"));
    print!("{}", table(&scores));
    if is_test {
        assert!(
            scores.iter().all(|score| score.invented == 0),
            "what is put in stands in a copy"
        );
    } else {
        let from = asked("--from").cloned().unwrap_or_default();
        line::append(
            LINES,
            &Line {
                commit: line::commit(),
                machine: line::machine(),
                from,
                passages,
                scores,
            },
        );
    }
}

#[derive(Serialize)]
struct Line {
    commit: String,
    machine: String,
    from: String,
    passages: usize,
    scores: Vec<Score>,
}

/// Text to take passages from, each once.
struct Texts {
    documents: Vec<String>,
    paragraphs: Vec<String>,
}

impl Texts {
    fn of(from: Option<&String>, random: &mut Random) -> Self {
        let mut documents: Vec<String> = match from {
            None => articles(random, 6000)
                .into_iter()
                .map(|article| article.paragraphs.join("\n\n"))
                .collect(),
            Some(path) => {
                let lines = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
                let text = |line: &str| {
                    serde_json::from_str::<Value>(line).ok()?["text"]
                        .as_str()
                        .map(str::to_string)
                };
                lines.lines().filter_map(text).collect()
            }
        };
        random.shuffle(&mut documents);
        let split = documents.split_off(documents.len() / 2);
        let paragraphs = split
            .iter()
            .flat_map(|text| text.split('\n'))
            .map(str::trim);
        let is_long = |text: &&str| PARAGRAPH.contains(&letters(text));
        let mut paragraphs: Vec<String> = paragraphs.filter(is_long).map(str::to_string).collect();
        // another order, so that neighbours do not speak of the same
        random.shuffle(&mut paragraphs);
        documents.retain(|text| DOCUMENT.contains(&letters(text)));
        Texts {
            documents,
            paragraphs,
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter_map(fold).count()
}

/// A copy with its errors.
struct Planted {
    id: String,
    kind: (&'static str, usize, usize),
    /// As it was right, and as it is.
    right: String,
    text: String,
    errors: usize,
    letters: usize,
    /// Bytes of the text, and those of the right one that they are.
    same: Vec<[usize; 2]>,
}

fn plant(
    random: &mut Random,
    texts: &mut Texts,
    kind: (&'static str, usize, usize),
    planted: &mut Vec<Planted>,
) {
    let (level, copies, percent) = kind;
    let mut next = |from: &str| {
        let texts = if from == "document" {
            &mut texts.documents
        } else {
            &mut texts.paragraphs
        };
        texts
            .pop()
            .expect("there is text enough: name fewer --passages")
    };
    let passage = next(level);
    for copy in 0..copies {
        let id = format!("{:06}-{level}-{copies}-{percent}-{copy}", planted.len());
        let noisy = Noisy::of(random, &passage, percent);
        let (mut before, mut behind) = (String::new(), String::new());
        if level == "paragraph" {
            (0..2).for_each(|_| before = before.clone() + &next(level) + "\n\n");
            (0..2).for_each(|_| behind = behind.clone() + "\n\n" + &next(level));
        }
        let around = |text: &str| format!("{before}{text}{behind}");
        let same = noisy
            .same
            .iter()
            .map(|place| place.map(|at| at + before.len()))
            .collect();
        planted.push(Planted {
            id,
            kind,
            right: around(&passage),
            text: around(&noisy.text),
            errors: noisy.errors,
            letters: letters(&passage),
            same,
        });
    }
}

#[derive(Default)]
struct Noisy {
    text: String,
    errors: usize,
    same: Vec<[usize; 2]>,
}

impl Noisy {
    fn of(random: &mut Random, right: &str, percent: usize) -> Self {
        let all: Vec<char> = right.chars().filter(|c| fold(*c).is_some()).collect();
        let mut noisy = Noisy::default();
        for (at, c) in right.char_indices() {
            if fold(c).is_none() || !random.chance(percent) {
                noisy.same.push([noisy.text.len(), at]);
                noisy.text.push(c);
                continue;
            }
            noisy.errors += 1;
            match random.within(0..10) {
                0..6 => noisy.text.push(misread(random, c, &all)),
                6..8 => {}
                8 => noisy.text.extend([c, c]),
                _ => noisy.text.extend([c, *random.pick(&all)]),
            }
        }
        noisy.same.push([noisy.text.len(), right.len()]);
        noisy
    }
}

/// Another letter: one that looks like it, or any of the text.
fn misread(random: &mut Random, c: char, all: &[char]) -> char {
    let alike: Vec<char> = ALIKE
        .iter()
        .filter(|set| set.contains(c))
        .flat_map(|set| set.chars())
        .collect();
    let from = if alike.is_empty() { all } else { &alike };
    (0..100)
        .map(|_| *random.pick(from))
        .find(|other| fold(*other) != fold(c))
        .unwrap_or('口')
}

fn clean(bin: &str, planted: &[Planted], folder: &Path) {
    fs::create_dir_all(folder).expect("the folder can be made");
    let input = folder.join("input.jsonl");
    let write = |path: &Path, text: &dyn Fn(&Planted) -> String| {
        let lines = planted
            .iter()
            .map(|planted| json!({"id": planted.id, "text": text(planted)}).to_string() + "\n");
        fs::write(path, lines.collect::<String>()).expect("the folder can be written to");
    };
    write(&input, &|planted| planted.text.clone());
    write(&folder.join("right.jsonl"), &|planted| {
        planted.right.clone()
    });
    let mut command = Command::new(bin);
    command
        .arg("clean")
        .arg(&input)
        .arg("--out")
        .arg(folder.join("out"))
        .arg("--quiet");
    assert!(command.status().expect("the program runs").success());
}

/// What became of the errors of one kind of copies.
#[derive(Debug, Default, Serialize)]
struct Score {
    level: &'static str,
    copies: usize,
    percent: usize,
    /// Copies that stay, with their letters and errors.
    texts: usize,
    letters: usize,
    errors: usize,
    /// Changes that made the text better, and by how many errors; changes of one error into another; changes for the
    /// worse, and by how many; such as put in what does not stand where they say it does.
    right: usize,
    removed: isize,
    neutral: usize,
    wrong: usize,
    added: isize,
    invented: usize,
    suspected: usize,
}

fn score(planted: &[Planted], out: &Path) -> Vec<Score> {
    let records = |name: &str| -> Vec<Value> {
        let text = fs::read_to_string(out.join(name)).expect("the run wrote it");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("it writes JSON"))
            .collect()
    };
    let known: HashMap<&str, &Planted> = planted
        .iter()
        .map(|planted| (planted.id.as_str(), planted))
        .collect();
    let mut scores: BTreeMap<(&str, usize, usize), Score> = BTreeMap::new();
    let mut kept: HashMap<String, usize> = HashMap::new();
    for record in records("clean.jsonl") {
        let id = record["id"]
            .as_str()
            .expect("records have one")
            .split('#')
            .next()
            .expect("a first part");
        *kept.entry(id.to_string()).or_default() += 1;
    }
    for planted in planted
        .iter()
        .filter(|planted| kept.contains_key(&planted.id))
    {
        let (level, copies, percent) = planted.kind;
        let score = scores.entry(planted.kind).or_insert(Score {
            level,
            copies,
            percent,
            ..Score::default()
        });
        score.texts += 1;
        score.letters += planted.letters;
        score.errors += planted.errors;
    }
    for change in records("changes.jsonl")
        .iter()
        .filter(|change| change["rule"] == "consensus")
    {
        let planted = known[change["id"].as_str().expect("changes name their page")];
        let score = scores
            .get_mut(&planted.kind)
            .expect("only what stays is changed");
        if change["applied"] == false {
            score.suspected += 1;
            continue;
        }
        let [start, end] = [0, 1].map(|n| change["at"][0][n].as_u64().expect("a place") as usize);
        let after = change["after"].as_str().expect("a text");
        match planted.gain(start..end, after) {
            gain if gain > 0 => {
                (score.right, score.removed) = (score.right + 1, score.removed + gain)
            }
            0 => score.neutral += 1,
            loss => (score.wrong, score.added) = (score.wrong + 1, score.added - loss),
        }
        let of = known[change["of"]["id"].as_str().expect("consensus names a copy")];
        let [start, end] =
            [0, 1].map(|n| change["of"]["at"][n].as_u64().expect("a place") as usize);
        score.invented += usize::from(after.chars().any(|c| !of.text[start..end].contains(c)));
    }
    scores.into_values().collect()
}

impl Planted {
    /// By how many letters a change brings the text nearer to the right one.
    fn gain(&self, span: Range<usize>, with: &str) -> isize {
        const AROUND: usize = 36;
        let low = self
            .same
            .partition_point(|[at, _]| at + AROUND < span.start)
            .saturating_sub(1);
        let high = self
            .same
            .partition_point(|[at, _]| *at < span.end + AROUND)
            .min(self.same.len() - 1);
        let ([start, right_start], [end, right_end]) = (self.same[low], self.same[high]);
        // outside the copied passage nothing is wrong
        if span.start < start || end < span.end {
            return -1;
        }
        let right = &self.right[right_start..right_end];
        let changed = format!(
            "{}{with}{}",
            &self.text[start..span.start],
            &self.text[span.end..end]
        );
        distance(&self.text[start..end], right) - distance(&changed, right)
    }
}

fn distance(a: &str, b: &str) -> isize {
    let [a, b] = [a, b].map(|text| {
        text.chars()
            .filter(|c| fold(*c).is_some())
            .collect::<Vec<char>>()
    });
    strsim::generic_levenshtein(&a, &b) as isize
}

fn table(scores: &[Score]) -> String {
    let mut table = String::from(
        "level      copies  %   texts  errors  removed  share   right neutral wrong  spoilt/1000  invented suspected\n",
    );
    for score in scores {
        let net = score.removed - score.added;
        let share = net as f64 / score.errors.max(1) as f64;
        let spoilt = 1000.0 * score.added as f64
            / (score.letters - score.errors.min(score.letters)).max(1) as f64;
        let Score {
            level,
            copies,
            percent,
            texts,
            errors,
            right,
            neutral,
            wrong,
            invented,
            suspected,
            ..
        } = score;
        writeln!(
            table,
            "{level:9} {copies:6} {percent:3} {texts:7} {errors:7} {net:8} {share:7.3} {right:6} {neutral:6} {wrong:6} {spoilt:10.3} \
             {invented:8} {suspected:8}"
        )
        .expect("a string takes all");
    }
    table
}
