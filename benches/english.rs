//! Fits the weights of the models for Latin script (`rejoin/latin.rs`, `rejoin/hyphen.rs`) on English pages broken on
//! purpose, and says how many joins and hyphens come out right.
//!
//!     cargo bench --bench english -- --from DOCS.jsonl [--test OTHERS.jsonl [--beside MORE.jsonl]] [--seed N]
//!
//! DOCS.jsonl holds records with `title` and `text` (a paragraph a line), or with `doc` and `gold`: a paragraph each, those of
//! a document in a row. The weights are fitted on pages of DOCS, and measured on pages of OTHERS (else of a third of DOCS
//! that was not fitted on), with the words of MORE in the run. A run has each text but once, as runs
//! have when their copies are out; words are counted over all of it, over its broken pages, and over each page alone.
//! For overproof, `text` is the gold text with the lines of a paragraph joined and ¬ at their ends taken out.
//! Without --from, pages of stock sentences are measured with the weights in the source.

#[path = "../tests/generate.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../tests/generate_english.rs"]
#[allow(dead_code)]
mod generate_english;
mod logistic;

use generate::{Article, Layout, Random};
use generate_english::{English, Hyphen, Lines as Style};
use jiaokan::lexicon::words::Words;
use jiaokan::lexicon::{Counting, Grams};
use jiaokan::page::Page;
use jiaokan::rejoin::lines::Lines;
use jiaokan::rejoin::{Boldness, Junction, assign, hyphen, latin};
use jiaokan::segment::segment;
use std::collections::HashSet;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|at| args.get(at + 1))
    };
    let mut random =
        Random(option("--seed").map_or(1, |s| s.parse().expect("--seed takes a number")));
    let in_source = Models {
        latin: latin::WEIGHTS,
        first: latin::FIRST_WEIGHTS,
        hyphen: hyphen::WEIGHTS,
    };
    let Some(from) = option("--from") else {
        let articles = generate_english::articles(&mut random, 300);
        return measure(
            "in the source, stock sentences",
            &in_source,
            &worlds(&mut random, &articles, 2),
        );
    };
    let all = read(from);
    let (train, test) = match option("--test") {
        Some(path) => (all, read(path)),
        None => {
            let (train, test) = all.split_at(all.len() * 2 / 3);
            (train.to_vec(), test.to_vec())
        }
    };
    let train = worlds(&mut random, &train, 8);
    let first = fit_latin(&train, None);
    let fitted = Models {
        latin: fit_latin(&train, Some(&first)),
        first,
        hyphen: fit_hyphen(&train),
    };
    print("latin.rs WEIGHTS", &latin::FEATURES, &fitted.latin);
    print("latin.rs FIRST_WEIGHTS", &latin::FEATURES, &fitted.first);
    print("hyphen.rs WEIGHTS", &hyphen::FEATURES, &fitted.hyphen);
    let mut test = worlds(&mut random, &test, 8);
    if let Some(beside) = option("--beside") {
        let beside: Vec<Page> = read(beside)
            .iter()
            .map(|a| segmented(&a.paragraphs.join("\n")))
            .collect();
        test.iter_mut()
            .for_each(|world| world.others.extend_from_slice(&beside));
    }
    measure("fitted", &fitted, &test);
    measure("in the source", &in_source, &test);
}

/// Pages that are one run, and other pages of the run that are only counted.
struct World {
    pages: Vec<Broken>,
    others: Vec<Page>,
}

/// Each world has half of the articles on pages, none twice: what is on a page stands nowhere else.
fn worlds(random: &mut Random, articles: &[Article], count: usize) -> Vec<World> {
    let mut articles = articles.to_vec();
    (0..count)
        .map(|_| {
            random.shuffle(&mut articles);
            let (on_pages, rest) = articles.split_at(articles.len() / 2);
            let others = rest
                .iter()
                .map(|a| segmented(&a.paragraphs.join("\n")))
                .collect();
            World {
                pages: pages(random, on_pages),
                others,
            }
        })
        .collect()
}

struct Models {
    latin: [f32; latin::FEATURES.len()],
    /// For the first look.
    first: [f32; latin::FEATURES.len()],
    hyphen: [f32; hyphen::FEATURES.len()],
}

type Broken = (English, Page, Layout);

fn read(from: &str) -> Vec<Article> {
    let text = std::fs::read_to_string(from).unwrap_or_else(|e| panic!("{from}: {e}"));
    let mut articles: Vec<Article> = Vec::new();
    let mut doc = String::new();
    for (number, line) in text.lines().enumerate() {
        let record: serde_json::Value = serde_json::from_str(line)
            .unwrap_or_else(|e| panic!("{from} line {}: {e}", number + 1));
        let field = |name: &str| record[name].as_str().unwrap_or_default();
        let text = if record["gold"].is_string() {
            field("gold")
        } else {
            field("text")
        };
        let is_fit = |p: &str| {
            p.split_whitespace().count() > 4
                && p.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"')
        };
        let paragraphs: Vec<String> = text
            .lines()
            .map(|p| p.replace(" - ", " — "))
            .filter(|p| is_fit(p))
            .collect();
        match articles.last_mut() {
            Some(article) if record["gold"].is_string() && doc == field("doc") => {
                // every other one goes on where the one before ends
                match article.paragraphs.last_mut().filter(|_| number % 2 == 1) {
                    Some(last) => paragraphs
                        .iter()
                        .for_each(|p| *last = format!("{last} {p}")),
                    None => article.paragraphs.extend(paragraphs),
                }
            }
            _ => {
                let title = field("title");
                let headline = if title.is_empty() {
                    text.split_whitespace()
                        .take(5)
                        .collect::<Vec<_>>()
                        .join(" ")
                } else {
                    title.into()
                };
                articles.push(Article {
                    headline,
                    paragraphs,
                });
            }
        }
        doc = field("doc").to_string();
    }
    articles.retain(|a| a.paragraphs.iter().map(String::len).sum::<usize>() > 400);
    articles
}

fn pages(random: &mut Random, mut articles: &[Article]) -> Vec<Broken> {
    let mut pages = Vec::new();
    while !articles.is_empty() {
        let layout = match random.within(0..100) {
            0..10 => Layout::Whole,
            10..50 => Layout::Plain,
            50..70 => Layout::Band,
            70..90 => Layout::Shuffled,
            _ => Layout::Interleaved,
        };
        let style = match random.within(0..100) {
            0..64 => Style::Together,
            64..76 => Style::Indented,
            76..88 => Style::Spaced,
            _ => Style::Bare,
        };
        let (mut chosen, rest) = {
            let (chosen, rest) = articles.split_at(random.within(2..5).min(articles.len()));
            (chosen.to_vec(), rest)
        };
        articles = rest;
        chosen
            .iter_mut()
            .for_each(|article| article.paragraphs.truncate(random.within(4..14)));
        let loses = random.chance(35);
        let broken = generate_english::page(random, &chosen, layout, style, loses);
        let page = segmented(&broken.text());
        // a line may happen to look like a row or an item: such a page is left out
        if page.blocks.len() == broken.blocks.len() {
            pages.push((broken, page, layout));
        }
    }
    pages
}

fn segmented(text: &str) -> Page {
    let mut page = Page::new("page", text);
    segment(&mut page);
    page
}

/// Every page with the words counted over everything, over the pages, or over the page alone.
fn for_each_page(worlds: &[World], of: usize, mut see: impl FnMut(&Broken, &Words)) {
    let count = |pages: &mut dyn Iterator<Item = &Page>| {
        let mut counting = Counting::default();
        pages.for_each(|page| counting.add(&Grams::of(page)));
        counting.lexicon().words
    };
    for World { pages, others } in worlds {
        let all = match of {
            0 => None,
            1 => Some(count(&mut pages.iter().map(|(_, page, _)| page))),
            _ => Some(count(
                &mut pages.iter().map(|(_, page, _)| page).chain(others),
            )),
        };
        for broken in pages {
            match &all {
                Some(words) => see(broken, words),
                None => see(broken, &count(&mut std::iter::once(&broken.1))),
            }
        }
    }
}

type Weights = [f32; latin::FEATURES.len()];

fn fit_latin(worlds: &[World], first: Option<&Weights>) -> Weights {
    let mut samples = Vec::new();
    for of in [2, 1, 0] {
        for_each_page(worlds, of, |(broken, page, _), words| {
            let joins: HashSet<(usize, usize)> =
                broken.joins.iter().chain(&broken.lines).copied().collect();
            let mut pairs = latin::pairs(page, &Lines::of(page), words);
            if let Some(first) = first {
                latin::add_neighbours(&mut pairs, first);
            }
            samples.extend(
                pairs
                    .iter()
                    .map(|p| (p.features, joins.contains(&(p.tail, p.head)))),
            );
        });
    }
    println!(
        "{} pairs, {} of them joined",
        samples.len(),
        samples.iter().filter(|s| s.1).count()
    );
    logistic::fit(&samples)
}

fn fit_hyphen(worlds: &[World]) -> [f32; hyphen::FEATURES.len()] {
    let mut samples = Vec::new();
    for of in [2, 1, 0] {
        for_each_page(worlds, of, |(broken, ..), words| {
            for (_, tail, head, truth) in hyphens(broken) {
                if let Some(word) = hyphen::Broken::over(tail, head) {
                    samples.push((word.features(words), truth == Hyphen::Belongs));
                }
            }
        });
    }
    println!(
        "{} hyphens, {} of them compounds'",
        samples.len(),
        samples.iter().filter(|s| s.1).count()
    );
    logistic::fit(&samples)
}

/// The hyphens between two lines of a page: (tail, head), their texts, and the truth.
fn hyphens(broken: &English) -> impl Iterator<Item = ((usize, usize), &str, &str, Hyphen)> {
    let text = |at: usize| broken.blocks[at].text.trim();
    broken
        .joins
        .iter()
        .chain(&broken.lines)
        .filter_map(move |(tail, head)| {
            Some((
                (*tail, *head),
                text(*tail),
                text(*head),
                broken.blocks[*tail].hyphen?,
            ))
        })
}

fn print(file: &str, features: &[&str], weights: &[f32]) {
    println!("\n{file}\npub const WEIGHTS: [f32; FEATURES.len()] = [");
    for (weight, feature) in weights.iter().zip(features) {
        println!("    {weight:.3}, // {feature}");
    }
    println!("];");
}

fn measure(name: &str, models: &Models, worlds: &[World]) {
    println!(
        "\nweights {name}: {} pages",
        worlds.iter().map(|w| w.pages.len()).sum::<usize>()
    );
    for (of, counted) in [
        (2, "the rest and the pages"),
        (1, "the pages alone"),
        (0, "each page alone"),
    ] {
        println!("  words of {counted}");
        for join in [Boldness::Eager, Boldness::Balanced, Boldness::Cautious] {
            joins(models, worlds, of, join);
        }
        for keep_from in [0.05, 0.08, 0.12, 0.2] {
            hyphen_figures(models, worlds, of, keep_from);
        }
    }
}

fn made(models: &Models, page: &Page, words: &Words, join: Boldness) -> Vec<Junction> {
    let lines = Lines::of(page);
    let mut pairs = latin::pairs(page, &lines, words);
    latin::add_neighbours(&mut pairs, &models.first);
    let junction = |p: &latin::Pair| Junction {
        tail: p.tail,
        head: p.head,
        probability: latin::doubted(&p.features, &models.latin),
    };
    let likely = latin::likely(page, pairs.iter().map(junction).collect(), join);
    assign(lines.with(likely), join.threshold_of_latin())
}

fn share(a: usize, b: usize) -> f64 {
    a as f64 / b.max(1) as f64
}

fn joins(models: &Models, worlds: &[World], of: usize, join: Boldness) {
    let (mut right, mut all, mut gold, mut far, mut far_gold) = (0, 0, 0, 0, 0);
    let (mut lines_right, mut lines_all, mut lines_gold) = (0, 0, 0);
    let (mut left, mut hyphens_gold) = (0, 0);
    for_each_page(worlds, of, |(broken, page, _), words| {
        let joins: HashSet<(usize, usize)> = broken.joins.iter().copied().collect();
        let lines: HashSet<(usize, usize)> = broken.lines.iter().copied().collect();
        let junctions = made(models, page, words, join);
        let done: HashSet<(usize, usize)> = junctions.iter().map(|j| (j.tail, j.head)).collect();
        let is_far = |j: &&(usize, usize)| j.1 != j.0 + 1;
        right += done.intersection(&joins).count();
        far += done.intersection(&joins).filter(is_far).count();
        lines_right += done.intersection(&lines).count();
        // two lines one under the other are the lines' affair
        let is_line = |j: &(usize, usize)| j.1 == j.0 + 1 && !page.blocks[j.1].gap.gt(&0);
        let of_lines = done
            .iter()
            .filter(|j| is_line(j) && !joins.contains(j))
            .count();
        lines_all += of_lines;
        all += done.len() - of_lines;
        gold += joins.len();
        far_gold += joins.iter().filter(is_far).count();
        lines_gold += lines.len();
        for (j, ..) in hyphens(broken).filter(|h| h.3 == Hyphen::Breaks) {
            hyphens_gold += 1;
            left += usize::from(!done.contains(&j));
        }
    });
    let (precision, recall) = (share(right, all), share(right, gold));
    if join == Boldness::Balanced {
        let mut by_layout: Vec<String> = Vec::new();
        for layout in [
            Layout::Whole,
            Layout::Plain,
            Layout::Band,
            Layout::Shuffled,
            Layout::Interleaved,
        ] {
            let (mut right, mut all, mut gold) = (0, 0, 0);
            for_each_page(worlds, of, |(broken, page, own), words| {
                if *own != layout {
                    return;
                }
                let joins: HashSet<(usize, usize)> = broken.joins.iter().copied().collect();
                let junctions = made(models, page, words, join);
                right += junctions
                    .iter()
                    .filter(|j| joins.contains(&(j.tail, j.head)))
                    .count();
                all += junctions
                    .iter()
                    .filter(|j| {
                        j.head != j.tail + 1
                            || page.blocks[j.head].gap > 0
                            || joins.contains(&(j.tail, j.head))
                    })
                    .count();
                gold += joins.len();
            });
            by_layout.push(format!(
                "{layout:?} P {:.3} of {all} R {:.3} of {gold}",
                share(right, all),
                share(right, gold)
            ));
        }
        println!("    by layout: {}", by_layout.join("; "));
    }
    println!(
        "    columns, {join:?}: F1 {:.3}, precision {precision:.3}, recall {recall:.3} (adjacent {:.3}, others {:.3}; {gold} in all); \
         lines: precision {:.4}, recall {:.3} of {lines_gold}; halves of broken words not joined {:.3}",
        2.0 * precision * recall / (precision + recall).max(1e-9),
        share(right - far, gold - far_gold),
        share(far, far_gold),
        share(lines_right, lines_all),
        share(lines_right, lines_gold),
        share(left, hyphens_gold),
    );
}

/// What becomes of the hyphens whose halves are joined, and of all.
fn hyphen_figures(models: &Models, worlds: &[World], of: usize, keep_from: f32) {
    let (mut compounds, mut destroyed, mut breaks, mut left, mut open) = (0, 0, 0, 0, 0);
    for_each_page(worlds, of, |(broken, page, _), words| {
        let done: HashSet<(usize, usize)> = made(models, page, words, Boldness::Balanced)
            .iter()
            .map(|j| (j.tail, j.head))
            .collect();
        for (junction, tail, head, truth) in hyphens(broken) {
            let word = hyphen::Broken::over(tail, head);
            let drops = word.is_some_and(|w| {
                hyphen::probability(&w.features(words), &models.hyphen) < keep_from
            });
            let joined = done.contains(&junction);
            match truth {
                Hyphen::Belongs => {
                    compounds += 1;
                    destroyed += usize::from(joined && drops);
                }
                Hyphen::Breaks => {
                    breaks += 1;
                    left += usize::from(joined && !drops);
                    open += usize::from(!joined);
                }
            }
        }
    });
    println!(
        "    hyphens kept from {keep_from:.2}: compounds destroyed {:.3} of {compounds}, broken words left {:.3} of {breaks} (and {:.3} not joined)",
        share(destroyed, compounds),
        share(left, breaks),
        share(open, breaks),
    );
}
