//! Says how many joins and hyphens of English pages broken on purpose come out right.
//!
//!     cargo bench --bench english -- --from DOCS.jsonl [--test OTHERS.jsonl [--beside MORE.jsonl]] [--seed N]
//!
//! DOCS.jsonl holds records with `title` and `text` (a paragraph a line), or with `doc` and `gold`: a paragraph each, those of
//! a document in a row. The weights of `data/weights`, which `make weights-english` fits on pages of DOCS, are measured on
//! pages of OTHERS (else of the third of DOCS that is not fitted on), with the words of MORE in the run. A run has each
//! text but once, as runs have when their copies are out; words are counted over all of it, over its broken pages, and
//! over each page alone. For overproof, `text` is the gold text with the lines of a paragraph joined and ¬ at their ends
//! taken out. Without --from, pages of stock sentences are measured.

mod pages;

use generate::english::{self, Hyphen};
use generate::{Layout, Random};
use jiaokan::bench::lexicon::words::Words;
use jiaokan::bench::page::Page;
use jiaokan::bench::rejoin::judge::candidates;
use jiaokan::bench::rejoin::latin::{LatinSeams, likely};
use jiaokan::bench::rejoin::lines::Lines;
use jiaokan::bench::rejoin::{Junction, assign, hyphen};
use jiaokan::settings::Boldness;
use pages::{Over, World, for_each_page, hyphens, read, segmented, worlds};
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
    let Some(from) = option("--from") else {
        let articles = english::articles(&mut random, 300);
        return measure(&worlds(&mut random, &articles, 2));
    };
    let all = read(from);
    let (train, test) = match option("--test") {
        Some(path) => (all, read(path)),
        None => {
            let (train, test) = all.split_at(all.len() * 2 / 3);
            (train.to_vec(), test.to_vec())
        }
    };
    // so that the pages are those they were when fitting and measuring were one
    worlds(&mut random, &train, 8);
    let mut test = worlds(&mut random, &test, 8);
    if let Some(beside) = option("--beside") {
        let beside: Vec<Page> = read(beside)
            .iter()
            .map(|a| segmented(&a.paragraphs.join("\n")))
            .collect();
        test.iter_mut()
            .for_each(|world| world.others.extend_from_slice(&beside));
    }
    measure(&test);
}

fn measure(worlds: &[World]) {
    println!(
        "\n{} pages",
        worlds.iter().map(|w| w.pages.len()).sum::<usize>()
    );
    for (over, counted) in [
        (Over::Everything, "the rest and the pages"),
        (Over::Pages, "the pages alone"),
        (Over::Page, "each page alone"),
    ] {
        println!("  words of {counted}");
        for join in [Boldness::Eager, Boldness::Balanced, Boldness::Cautious] {
            joins(worlds, over, join);
        }
        for keep_from in [0.05, 0.08, 0.12, 0.2] {
            hyphen_figures(worlds, over, keep_from);
        }
    }
}

fn made(page: &Page, words: &Words, join: Boldness) -> Vec<Junction> {
    let lines = Lines::of(page);
    let candidates = candidates(&LatinSeams::of(page, &lines, words));
    let likely = likely(page, candidates, join);
    assign(lines.with(likely), join.threshold_of_latin())
}

fn share(a: usize, b: usize) -> f64 {
    a as f64 / b.max(1) as f64
}

fn joins(worlds: &[World], over: Over, join: Boldness) {
    let (mut right, mut all, mut gold, mut far, mut far_gold) = (0, 0, 0, 0, 0);
    let (mut lines_right, mut lines_all, mut lines_gold) = (0, 0, 0);
    let (mut left, mut hyphens_gold) = (0, 0);
    for_each_page(worlds, over, |(broken, page, _), words| {
        let joins: HashSet<(usize, usize)> = broken.joins.iter().copied().collect();
        let lines: HashSet<(usize, usize)> = broken.lines.iter().copied().collect();
        let junctions = made(page, words, join);
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
            for_each_page(worlds, over, |(broken, page, own), words| {
                if *own != layout {
                    return;
                }
                let joins: HashSet<(usize, usize)> = broken.joins.iter().copied().collect();
                let junctions = made(page, words, join);
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
fn hyphen_figures(worlds: &[World], over: Over, keep_from: f32) {
    let (mut compounds, mut destroyed, mut breaks, mut left, mut open) = (0, 0, 0, 0, 0);
    for_each_page(worlds, over, |(broken, page, _), words| {
        let done: HashSet<(usize, usize)> = made(page, words, Boldness::Balanced)
            .iter()
            .map(|j| (j.tail, j.head))
            .collect();
        for (junction, tail, head, truth) in hyphens(broken) {
            let word = hyphen::Broken::over(tail, head);
            let drops =
                word.is_some_and(|w| hyphen::MODEL.probability(&w.features(words)) < keep_from);
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
