//! Plants loops and noise in generated text and says how much of each sort leaves it again, and that nothing else does.

use crate::run::finished;
use generate::{self, Random};
use jiaokan::Settings;
use jiaokan::settings::{Level, Repeats as Options};
use serde_json::Map;

type Lines = Vec<String>;

/// A sort of noise: puts some into lines of clean text.
struct Sort {
    name: &'static str,
    plant: fn(&mut Random, &mut Lines),
    /// Of a hundred texts, those that must come out as if nothing had been planted.
    least: usize,
}

const SORTS: [Sort; 17] = [
    Sort {
        name: "a phrase over and over",
        plant: phrase,
        // what is whole may be a chant, and stays
        least: 75,
    },
    Sort {
        name: "a phrase over and over, broken off",
        plant: phrase_broken_off,
        least: 98,
    },
    Sort {
        name: "a sentence with a counter",
        plant: counter,
        least: 95,
    },
    Sort {
        name: "two or three characters over and over",
        plant: syllables,
        least: 95,
    },
    Sort {
        name: "a full stop over and over",
        plant: full_stops,
        least: 98,
    },
    Sort {
        name: "a line over and over",
        plant: line,
        least: 98,
    },
    Sort {
        name: "lines in turn",
        plant: lines_in_turn,
        least: 98,
    },
    Sort {
        name: "a row over and over",
        plant: row,
        least: 98,
    },
    Sort {
        name: "tags",
        plant: tags,
        least: 98,
    },
    Sort {
        name: "entities",
        plant: entities,
        least: 98,
    },
    Sort {
        name: "units in formulas",
        plant: formulas,
        least: 98,
    },
    Sort {
        name: "commands around text",
        plant: commands,
        least: 98,
    },
    Sort {
        name: "links to pictures",
        plant: pictures,
        least: 98,
    },
    Sort {
        name: "page numbers",
        plant: page_numbers,
        least: 98,
    },
    Sort {
        name: "symbols",
        plant: symbols,
        least: 98,
    },
    Sort {
        name: "rules of tables",
        plant: rules,
        least: 98,
    },
    Sort {
        name: "fences",
        plant: fences,
        least: 98,
    },
];

#[test]
fn what_is_planted_leaves_and_the_text_stays() {
    const TEXTS: usize = 100;
    let mut short: Vec<String> = Vec::new();
    for (at, sort) in SORTS.iter().enumerate() {
        let mut random = Random(at as u64 * 1000 + 5);
        let (mut clean, mut noisy) = (Vec::new(), Vec::new());
        for text in 0..TEXTS {
            let mut lines: Lines = generate::articles(&mut random, 2)
                .into_iter()
                .flat_map(|a| a.paragraphs)
                .collect();
            lines.extend(HOSTS.map(String::from));
            clean.push((format!("{text:03}"), lines.join("\n\n"), Map::new()));
            (sort.plant)(&mut random, &mut lines);
            noisy.push((format!("{text:03}"), lines.join("\n\n"), Map::new()));
        }
        // stock sentences recur: that is not what this is about
        let off = Level::Off;
        let repeats = Options {
            duplicates: off,
            paragraphs: off,
            near_paragraphs: off,
            furniture: off,
            passages: off,
            ..Options::default()
        };
        let config = Settings {
            repeats,
            ..Settings::default()
        };
        let (clean, noisy) = (finished(clean, &config), finished(noisy, &config));
        let wrong: Vec<_> = clean
            .iter()
            .zip(&noisy)
            .filter(|(clean, noisy)| clean.clean() != noisy.clean())
            .collect();
        println!("{:>3} of {TEXTS}: {}", TEXTS - wrong.len(), sort.name);
        if let Some((clean, noisy)) = wrong.first() {
            println!(
                "    planted {:?}\n    wanted  {:?}\n    got     {:?}",
                noisy.text(),
                clean.clean(),
                noisy.clean()
            );
        }
        if TEXTS - wrong.len() < sort.least {
            short.push(format!("{}: {} of {TEXTS}", sort.name, TEXTS - wrong.len()));
        }
    }
    assert!(short.is_empty(), "{short:?}");
}

/// Lines that some sorts are planted in.
const HOSTS: [&str; 3] = [
    "| 渡口 | 班次 |\n| --- | --- |\n| 渡口东岸码头 | 今日停航 |\n| 渡口西岸码头 | 照常 |",
    "航务所说明了加强安全的工作。附表第1号所列各项与前表相同不再另行说明。",
    "航道全长12km，水温18°C，今年加深5%。",
];
const COUNTED: &str = "附表第1号所列各项与前表相同不再另行说明。";
const ROW: &str = "| 渡口西岸码头 | 照常 |";

/// A place between two characters of a line of text.
fn place(random: &mut Random, lines: &Lines) -> (usize, usize) {
    let line = random.within(0..lines.len() - HOSTS.len());
    let places: Vec<usize> = lines[line]
        .char_indices()
        .map(|(at, _)| at)
        .skip(1)
        .collect();
    (line, *random.pick(&places))
}

/// The characters of a line behind a place, as many as this, if it has them.
fn behind(line: &str, at: usize, count: usize) -> Option<&str> {
    let end = line[at..]
        .char_indices()
        .nth(count)
        .map(|(end, _)| at + end)?;
    Some(&line[at..end])
}

fn insert(lines: &mut Lines, (line, at): (usize, usize), text: &str) {
    lines[line].insert_str(at, text);
}

fn phrase_of(
    random: &mut Random,
    lines: &Lines,
    letters: std::ops::Range<usize>,
) -> ((usize, usize), String) {
    loop {
        let place = place(random, lines);
        let count = random.within(letters.clone());
        if let Some(phrase) = behind(&lines[place.0], place.1, count) {
            return (place, phrase.to_string());
        }
    }
}

fn phrase(random: &mut Random, lines: &mut Lines) {
    let (place, phrase) = phrase_of(random, lines, 12..20);
    let times = random.within(4..30);
    insert(lines, place, &phrase.repeat(times));
}

fn phrase_broken_off(random: &mut Random, lines: &mut Lines) {
    let last = lines.last_mut().expect("it has lines");
    let times = random.within(4..40);
    let broken: String = last.chars().take(random.within(1..8)).collect();
    *last += &(last.repeat(times) + &broken);
}

fn counter(random: &mut Random, lines: &mut Lines) {
    let times = random.within(8..40);
    let said: String = (1..=times)
        .map(|n| COUNTED.replace('1', &n.to_string()))
        .collect();
    replace(
        lines,
        COUNTED,
        &format!("{said}附表第{}号所列各项与前", times + 1),
    );
}

fn syllables(random: &mut Random, lines: &mut Lines) {
    let times = random.within(5..60);
    replace(lines, "的工作", &"的工作".repeat(times));
}

fn replace(lines: &mut Lines, from: &str, to: &str) {
    lines
        .iter_mut()
        .for_each(|line| *line = line.replace(from, to));
}

fn full_stops(random: &mut Random, lines: &mut Lines) {
    let line = random.within(1..lines.len() - HOSTS.len());
    let times = random.within(6..60);
    lines[line] = lines[line].trim_end_matches('。').to_string() + &"。".repeat(times);
}

/// A line over and over, until it is cut off: what is not cut off may be an author's.
fn line(random: &mut Random, lines: &mut Lines) {
    let at = random.within(0..lines.len() - HOSTS.len());
    let line = lines[at].clone();
    lines.insert(at + 1, cut_off(&line));
    for _ in 0..random.within(7..40) {
        lines.insert(at, line.clone());
    }
}

fn lines_in_turn(random: &mut Random, lines: &mut Lines) {
    let at = random.within(0..lines.len() - HOSTS.len() - 1);
    let turn = [lines[at].clone(), lines[at + 1].clone()];
    lines.insert(at + 2, cut_off(&turn[0]));
    for _ in 0..random.within(7..20) {
        lines.splice(at..at, turn.clone());
    }
}

/// The head of a line, up to the middle of its first clause.
fn cut_off(line: &str) -> String {
    let marks = |c: char| !c.is_alphanumeric() && !"“”".contains(c);
    let clause = line.find(marks).map_or(line, |end| &line[..end]);
    clause.chars().take(clause.chars().count() - 1).collect()
}

fn row(random: &mut Random, lines: &mut Lines) {
    let times = random.within(12..60);
    let rows = format!("{ROW}\n").repeat(times);
    replace(lines, ROW, &format!("{rows}| 渡口西"));
}

fn tags(random: &mut Random, lines: &mut Lines) {
    for line in lines.iter_mut().filter(|line| !line.starts_with('|')) {
        *line = match random.within(0..4) {
            0 => format!("<p style=\"text-indent:2em\">{line}</p>"),
            1 => format!("<div class=\"c{}\">{line}<br/></div>", random.within(1..9)),
            2 => line.replacen('，', "，<br>", 1),
            _ => format!("<span style=\"color:red\"><b>{line}</b></span>"),
        };
    }
    lines.insert(0, "<div class=\"page\">".into());
    lines.push("</div>".into());
}

fn entities(random: &mut Random, lines: &mut Lines) {
    for line in lines.iter_mut().filter(|line| !line.starts_with('|')) {
        let space = ["&nbsp;", "&nbsp;&nbsp;"][random.within(0..2)];
        *line = format!(
            "{space}{}",
            line.replace("。", "&#x3002;").replace('水', "&#27700;")
        );
    }
}

fn formulas(_: &mut Random, lines: &mut Lines) {
    let last = lines.len() - 1;
    lines[last] = lines[last]
        .replace("12km", "$12\\mathrm{km}$")
        .replace("18°C", "$18^{\\circ}\\mathrm{C}$")
        .replace("5%", "\\(5\\%\\)");
}

fn commands(random: &mut Random, lines: &mut Lines) {
    for line in lines
        .iter_mut()
        .filter(|line| !line.starts_with('|') && !line.contains('%'))
    {
        let (head, rest) = line.split_once('，').unwrap_or((line, ""));
        let command = ["\\textbf", "\\textit", "\\underline", "\\text"][random.within(0..4)];
        let mark = if rest.is_empty() { "" } else { "，" };
        *line = format!("{command}{{{head}}}{mark}{rest}");
    }
}

fn pictures(random: &mut Random, lines: &mut Lines) {
    for _ in 0..3 {
        let name = format!("{:016x}", random.next());
        let link = match random.within(0..4) {
            0 => format!("![](images/{name}.jpg)"),
            1 => format!("![image](figures/{name}.png)"),
            2 => format!("images/{name}.jpg"),
            _ => "[image]".into(),
        };
        lines.insert(random.within(0..lines.len() + 1), link);
    }
}

fn page_numbers(random: &mut Random, lines: &mut Lines) {
    let n = random.within(2..400);
    let number = match random.within(0..5) {
        0 => format!("— {n} —"),
        1 => format!("第 {n} 页 共 {} 页", n + 7),
        2 => format!("Page {n} of {}", n + 7),
        3 => format!("·{n}·"),
        _ => format!("{n}/{}", n + 20),
    };
    lines.push(number);
}

fn symbols(random: &mut Random, lines: &mut Lines) {
    let stray = ["■□◆▲●", "◆◇■▲", "﹒﹒﹒﹒", ". , ' `", "■ ▲ ● ■ ▲ ●"];
    lines.insert(
        random.within(0..lines.len() + 1),
        random.pick(&stray).to_string(),
    );
}

fn rules(random: &mut Random, lines: &mut Lines) {
    let stray = [
        "| --- | --- |",
        "|:---:|---|---|",
        "┌──┬──┐",
        "+---+---+",
        "└──┴──┘",
    ];
    // beside a table it may belong to it
    lines.insert(
        random.within(0..lines.len() - HOSTS.len()),
        random.pick(&stray).to_string(),
    );
}

fn fences(_: &mut Random, lines: &mut Lines) {
    lines[0].insert_str(0, "```markdown\n");
    *lines.last_mut().expect("it has lines") += "\n```";
}
