//! English pages broken on purpose: what is joined is right, and all of it can be undone.

use crate::run::{Desk, id_of, text_of};
use generate::english::{self, English, Lines};
use generate::{Layout, Random};

const LAYOUTS: [Layout; 5] = [
    Layout::Whole,
    Layout::Plain,
    Layout::Band,
    Layout::Shuffled,
    Layout::Interleaved,
];
const LINES: [Lines; 4] = [Lines::Together, Lines::Indented, Lines::Spaced, Lines::Bare];

#[test]
fn english_pages_come_back_undone_and_have_nothing_left_to_do() {
    let desk = Desk::with(&[]);
    pages(3, 20)
        .iter()
        .enumerate()
        .for_each(|(at, page)| desk.put(&format!("in/{at:02}.txt"), page.text()));
    // stock sentences recur: that is not what this is about
    let flags =
        "--duplicates mark --paragraphs off --near-paragraphs off --passages off --furniture off";
    assert_eq!(desk.run(&format!("clean in --out out {flags}")).status, 0);
    desk.run("undo out --to back");
    for name in desk.files("in") {
        assert!(
            desk.bytes(&format!("back/{name}")) == desk.bytes(&format!("in/{name}")),
            "{name} came back changed"
        );
    }
    desk.run(&format!("clean out/clean.jsonl --out again {flags}"));
    for (first, again) in desk
        .records("out/clean.jsonl")
        .iter()
        .zip(desk.records("again/clean.jsonl"))
    {
        assert_eq!(
            text_of(first),
            text_of(&again),
            "{} changed again",
            id_of(first)
        );
    }
}

#[test]
fn lines_of_one_column_are_joined_and_hyphens_that_break_words_go() {
    let mut random = Random(5);
    let articles = english::articles(&mut random, 2);
    let page = english::page(&mut random, &articles, Layout::Whole, Lines::Spaced, false);
    let desk = Desk::with(&[("page.txt", page.text().as_bytes())]);
    assert_eq!(desk.run("clean in --out out").status, 0);
    let records = desk.records("out/clean.jsonl");
    let text = text_of(&records[0]);
    let paragraphs = articles.iter().flat_map(|a| &a.paragraphs);
    let (whole, all) = paragraphs.fold((0, 0), |(whole, all), p| {
        (whole + usize::from(text.contains(p)), all + 1)
    });
    assert!(
        whole * 10 >= all * 7,
        "{whole} of {all} paragraphs are whole:\n{text}"
    );
}

fn pages(seed: u64, count: usize) -> Vec<English> {
    let mut random = Random(seed);
    (0..count)
        .map(|at| {
            let articles = english::articles(&mut random, 3);
            let loses = random.chance(30);
            english::page(
                &mut random,
                &articles,
                LAYOUTS[at % 5],
                LINES[at % 4],
                loses,
            )
        })
        .collect()
}
