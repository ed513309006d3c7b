//! Pages of Han script broken on purpose, and the lexicons that are asked about them.

use generate::{Article, Broken, Layout, Random};
use jiaokan::bench::nature::nature;
use jiaokan::bench::page::Page;
use jiaokan::bench::segment::segment;
use jiaokan::{Counts, Grams, Lexicon};
use serde_json::Value;
use std::collections::HashSet;

/// Pages to fit on and pages to measure on, made of different articles, and the text that only the lexicon is counted
/// over.
pub(crate) struct Corpus {
    pub train: Vec<(Broken, Page)>,
    pub test: Vec<(Broken, Page)>,
    pub rest: Vec<Page>,
}

impl Corpus {
    /// Of the articles in a file that are older than a date; the same seed makes the same pages.
    pub(crate) fn read(from: &str, before: &str, seed: u64) -> Self {
        let (for_pages, rest) = read(from, before);
        let (for_training, for_tests) = for_pages.split_at(for_pages.len() * 2 / 3);
        let mut random = Random(seed);
        Corpus {
            train: broken(&mut random, for_training, 600),
            test: broken(&mut random, for_tests, 200),
            rest,
        }
    }
}

/// What a lexicon is counted over: each page alone, or all pages and that many bytes of other text.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Over {
    Page,
    Pages(usize),
}

impl std::fmt::Display for Over {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Over::Page => write!(f, "each page alone"),
            Over::Pages(0) => write!(f, "all pages"),
            Over::Pages(usize::MAX) => write!(f, "all pages and all other text"),
            Over::Pages(bytes) => write!(f, "all pages and {} MB of other text", bytes / 1_000_000),
        }
    }
}

pub(crate) fn records(path: &str) -> impl Iterator<Item = Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{path}: {e}")))
        .collect();
    lines.into_iter()
}

/// Articles for pages, and pages for the lexicon alone.
pub(crate) fn read(from: &str, before: &str) -> (Vec<Article>, Vec<Page>) {
    let (mut for_pages, mut rest) = (Vec::new(), Vec::new());
    for (number, record) in records(from).enumerate() {
        let field = |name: &str| record[name].as_str().unwrap_or_default();
        if !field("date").is_empty() && field("date") >= before {
            continue;
        }
        let paragraphs: Vec<String> = field("text")
            .lines()
            .map(str::to_string)
            .filter(|p| !p.is_empty())
            .collect();
        let article = Article {
            headline: field("title").to_string(),
            paragraphs,
        };
        if number % 4 == 0 && article.paragraphs.len() > 2 {
            for_pages.push(article)
        } else {
            rest.push(segmented(&format!(
                "## {}\n\n{}",
                article.headline,
                article.paragraphs.join("\n")
            )))
        }
    }
    println!(
        "{} articles for pages, {} for the lexicon",
        for_pages.len(),
        rest.len()
    );
    (for_pages, rest)
}

/// As many pages as asked for, or as the articles suffice for: none stands on two, or the lexicon over the pages would
/// know how its halves go on.
fn broken(random: &mut Random, articles: &[Article], count: usize) -> Vec<(Broken, Page)> {
    let mut articles = articles.to_vec();
    random.shuffle(&mut articles);
    let page = |_| {
        let layout = match random.within(0..100) {
            0..15 => Layout::Whole,
            15..50 => Layout::Plain,
            50..70 => Layout::Band,
            70..90 => Layout::Shuffled,
            _ => Layout::Interleaved,
        };
        let chosen = articles.split_off(articles.len().checked_sub(random.within(3..6))?);
        let loses = random.chance(35);
        Some(paged(generate::page(random, &chosen, layout, loses)))
    };
    (0..count).map_while(page).collect()
}

/// A page that somebody else broke.
pub(crate) fn given(record: Value) -> (Broken, Page) {
    let blocks = serde_json::from_value(record["blocks"].clone()).expect("blocks are texts");
    let place = |join: &Value, at: usize| join[at].as_u64().expect("a join names blocks") as usize;
    let joins = record["joins"].as_array().expect("a page has joins");
    paged(Broken {
        blocks,
        joins: joins.iter().map(|j| (place(j, 0), place(j, 1))).collect(),
        ..Broken::default()
    })
}

pub(crate) fn paged(broken: Broken) -> (Broken, Page) {
    let page = segmented(&broken.text());
    assert_eq!(
        page.blocks.len(),
        broken.blocks.len(),
        "a block as it was made is a block of the page"
    );
    (broken, page)
}

/// A page that is known to be broken: where it does not show, nothing would be joined.
pub(crate) fn segmented(text: &str) -> Page {
    let mut page = Page::new("page", text);
    segment(&mut page);
    page.nature = nature(&page);
    page.nature.breaks.broken = true;
    page
}

/// A lexicon for each page, or one for all.
pub(crate) fn lexicons(pages: &[(Broken, Page)], rest: &[Page], over: Over) -> Vec<Lexicon> {
    let count = |pages: &mut dyn Iterator<Item = &Page>| {
        let mut counts = Counts::default();
        pages.for_each(|page| counts.add(&Grams::of(page)));
        counts.lexicon()
    };
    match over {
        Over::Page => pages
            .iter()
            .map(|(_, page)| count(&mut std::iter::once(page)))
            .collect(),
        Over::Pages(mut bytes) => {
            let more = rest.iter().take_while(|page| {
                let fits = bytes >= page.text().len();
                bytes = bytes.saturating_sub(page.text().len());
                fits
            });
            vec![count(&mut pages.iter().map(|(_, page)| page).chain(more))]
        }
    }
}

/// The halves that are one sentence: tail and head.
pub(crate) fn joins(broken: &Broken) -> HashSet<(usize, usize)> {
    broken.joins.iter().copied().collect()
}
