//! English pages broken on purpose, and the words that are asked about them.

use generate::english::{self, English, Hyphen, Lines as Style};
use generate::{Article, Layout, Random};
use jiaokan::bench::lexicon::words::Words;
use jiaokan::bench::nature::nature;
use jiaokan::bench::page::Page;
use jiaokan::bench::segment::segment;
use jiaokan::{Counts, Grams};

/// Pages that are one run, and other pages of the run that are only counted.
pub(crate) struct World {
    pub pages: Vec<Broken>,
    pub others: Vec<Page>,
}

/// Each world has half of the articles on pages, none twice: what is on a page stands nowhere else.
pub(crate) fn worlds(random: &mut Random, articles: &[Article], count: usize) -> Vec<World> {
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

/// A page as it was made, as it is read, and how it was broken.
pub(crate) type Broken = (English, Page, Layout);

/// Articles of records with `title` and `text`, or of a document's paragraphs in a row, with `doc` and `gold`.
pub(crate) fn read(from: &str) -> Vec<Article> {
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
        let broken = english::page(random, &chosen, layout, style, loses);
        let page = segmented(&broken.text());
        // a line may happen to look like a row or an item: such a page is left out
        if page.blocks.len() == broken.blocks.len() {
            pages.push((broken, page, layout));
        }
    }
    pages
}

pub(crate) fn segmented(text: &str) -> Page {
    let mut page = Page::new("page", text);
    segment(&mut page);
    page.nature = nature(&page);
    page.nature.breaks.broken = true;
    page
}

/// What the words of a page are counted over: everything, its run's pages, or the page alone.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Over {
    Everything,
    Pages,
    Page,
}

/// Every page with its words.
pub(crate) fn for_each_page(worlds: &[World], over: Over, mut see: impl FnMut(&Broken, &Words)) {
    let count = |pages: &mut dyn Iterator<Item = &Page>| {
        let mut counts = Counts::default();
        pages.for_each(|page| counts.add(&Grams::of(page)));
        counts.lexicon().words
    };
    for World { pages, others } in worlds {
        let of_run = pages.iter().map(|(_, page, _)| page);
        let all = match over {
            Over::Page => None,
            Over::Pages => Some(count(&mut of_run.into_iter())),
            Over::Everything => Some(count(&mut of_run.chain(others))),
        };
        for broken in pages {
            match &all {
                Some(words) => see(broken, words),
                None => see(broken, &count(&mut std::iter::once(&broken.1))),
            }
        }
    }
}

/// The hyphens between two lines of a page: (tail, head), their texts, and the truth.
pub(crate) fn hyphens(
    broken: &English,
) -> impl Iterator<Item = ((usize, usize), &str, &str, Hyphen)> {
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
