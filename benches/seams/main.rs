//! Fits the weights of the seam model on pages broken on purpose, and says how many halves it joins, how many of them
//! rightly, and how far its probabilities can be believed.
//!
//!     cargo bench --bench seams -- --from DOCS.jsonl [--before YYYYMMDD] [--seed N] [--fit]
//!                                  [--pages PAGES.jsonl]
//!                                  [--order]
//!                                  [--prior FILE [--also DOCS.jsonl]... [--most N]]
//!
//! DOCS.jsonl holds records with `title`, `text` (a paragraph a line) and, for `--before`, `date`. Pages are made of a
//! fourth of them, each article on one page; the lexicon is counted over the rest. Without more, the weights of the
//! source are scored on pages that `--fit` keeps apart, or on PAGES.jsonl (records with `blocks` and `joins`, a join
//! being tail, head and a kind): with a lexicon over each page alone, over all pages, and over these and more and more
//! of the rest. `--fit` fits weights, writes them to src/rejoin/weights.rs, and scores these. `--prior` writes the
//! lexicon that ships with the program: of the rest and of other texts, N n-grams. `--order` scores the reading order.

// the generator has more to tell than the seams need
#[allow(dead_code)]
#[path = "../../tests/generate.rs"]
mod generate;

mod fit;
mod order;
mod score;

use generate::{Article, Broken, Layout, Random};
use jiaokan::lexicon::{Counting, Grams, Lexicon};
use jiaokan::page::Page;
use jiaokan::rejoin::seam::{FIRST_WEIGHTS, Halves, WEIGHTS, look_again, pairs};
use jiaokan::segment::segment;
use score::Scored;
use serde_json::Value;
use std::collections::HashSet;

const WRITTEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rejoin/weights.rs");

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let all = |name: &'static str| {
        args.windows(2)
            .filter(move |two| two[0] == name)
            .map(|two| two[1].as_str())
    };
    let option = |name| all(name).next();
    let Some(from) = option("--from") else {
        println!("seams: nothing to do without --from DOCS.jsonl");
        return;
    };
    let seed = option("--seed").map_or(1, |s| s.parse().expect("--seed takes a number"));
    let (for_pages, rest) = read(from, option("--before").unwrap_or("99999999"));
    println!(
        "{} articles for pages, {} for the lexicon",
        for_pages.len(),
        rest.len()
    );
    let mut rest: Vec<Page> = rest
        .iter()
        .map(|a| segmented(&format!("## {}\n\n{}", a.headline, a.paragraphs.join("\n"))))
        .collect();

    if let Some(prior) = option("--prior") {
        let text = |record: Value| segmented(record["text"].as_str().unwrap_or_default());
        rest.extend(all("--also").flat_map(records).map(text));
        let most = option("--most").map_or(300_000, |n| n.parse().expect("--most takes a number"));
        return write_prior(prior, &rest, most);
    }
    if args.iter().any(|a| a == "--order") {
        return order::reading_order(&mut Random(seed), &for_pages, &rest);
    }
    let (for_training, for_tests) = for_pages.split_at(for_pages.len() * 2 / 3);
    let mut random = Random(seed);
    let train = broken(&mut random, for_training, 600);
    let test = match option("--pages") {
        Some(path) => records(path).map(given).collect(),
        None => broken(&mut random, for_tests, 200),
    };
    let mut model = Model {
        first: FIRST_WEIGHTS,
        weights: WEIGHTS,
    };
    if args.iter().any(|a| a == "--fit") {
        model = fit::fit(&train, &rest);
        fit::write(WRITTEN, &model);
    }
    for over in [
        Over::Page,
        Over::Pages(0),
        Over::Pages(1_000_000),
        Over::Pages(10_000_000),
        Over::Pages(usize::MAX),
    ] {
        println!("lexicon over {over}");
        let scored = scored(&test, &rest, over, &model);
        score::curve(&scored);
        if over == Over::Pages(usize::MAX) {
            score::reliability(&scored);
        }
    }
}

/// The weights of the two looks at a page.
struct Model {
    first: [f32; jiaokan::rejoin::seam::FIRST],
    weights: [f32; jiaokan::rejoin::seam::FEATURES.len()],
}

/// What a lexicon is counted over: each page alone, or all pages and so many bytes of other text.
#[derive(Clone, Copy, PartialEq)]
enum Over {
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

fn records(path: &str) -> impl Iterator<Item = Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{path}: {e}")))
        .collect();
    lines.into_iter()
}

/// Articles for pages and for the lexicon.
fn read(from: &str, before: &str) -> (Vec<Article>, Vec<Article>) {
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
            rest.push(article)
        }
    }
    (for_pages, rest)
}

fn write_prior(path: &str, texts: &[Page], most: usize) {
    let mut counting = Counting::default();
    texts.iter().for_each(|page| counting.add(&Grams::of(page)));
    let mut model = counting.model();
    model.prune(most);
    model.write(path.as_ref()).unwrap_or_else(|e| panic!("{e}"));
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
fn given(record: Value) -> (Broken, Page) {
    let blocks = serde_json::from_value(record["blocks"].clone()).expect("blocks are texts");
    let place = |join: &Value, at: usize| join[at].as_u64().expect("a join names blocks") as usize;
    let joins = record["joins"].as_array().expect("a page has joins");
    paged(Broken {
        blocks,
        joins: joins.iter().map(|j| (place(j, 0), place(j, 1))).collect(),
        ..Broken::default()
    })
}

fn paged(broken: Broken) -> (Broken, Page) {
    let page = segmented(&broken.text());
    assert_eq!(
        page.blocks.len(),
        broken.blocks.len(),
        "a block as it was made is a block of the page"
    );
    (broken, page)
}

fn segmented(text: &str) -> Page {
    let mut page = Page::new("page", text);
    segment(&mut page);
    page
}

/// A lexicon for each page, or one for all.
fn lexicons(pages: &[(Broken, Page)], rest: &[Page], over: Over) -> Vec<Lexicon> {
    let count = |pages: &mut dyn Iterator<Item = &Page>| {
        let mut counting = Counting::default();
        pages.for_each(|page| counting.add(&Grams::of(page)));
        counting.lexicon()
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

fn scored<'a>(
    pages: &'a [(Broken, Page)],
    rest: &[Page],
    over: Over,
    model: &Model,
) -> Vec<Scored<'a>> {
    let lexicons = lexicons(pages, rest, over);
    let score = |(at, (broken, page)): (usize, &'a (Broken, Page))| {
        let lexicon = &lexicons[at.min(lexicons.len() - 1)];
        let mut pairs = pairs(&Halves::of(page, lexicon), lexicon);
        look_again(&mut pairs, &model.first);
        Scored::new(broken, pairs, &model.weights)
    };
    pages.iter().enumerate().map(score).collect()
}

fn joins(broken: &Broken) -> HashSet<(usize, usize)> {
    broken.joins.iter().copied().collect()
}
