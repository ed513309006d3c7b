//! Fits the weights of the seam model on pages broken on purpose, and says how well its probabilities are calibrated.
//!
//!     cargo bench --bench seams -- --from DOCS.jsonl [--before YYYYMMDD] [--seed N] [--order]
//!
//! DOCS.jsonl holds records with `title`, `text` (a paragraph a line) and, for `--before`, `date`. Pages are made of one
//! part of them; the lexicon is counted over the rest and the pages, over the pages alone, and over each page alone, so
//! that one set of weights serves all three. Logistic regression by Newton's method, with a little ridge. With `--order`
//! it fits nothing, and says how far the blocks of other pages come out in the order in which they are to be read.

#[path = "../tests/generate.rs"]
mod generate;

use generate::{Article, Broken, Layout, Random};
use jiaokan::lexicon::{Counting, Grams, Lexicon};
use jiaokan::page::Page;
use jiaokan::rejoin::seam::{FEATURES, FIRST_WEIGHTS, Halves, Pair, WEIGHTS, add_order, probability};
use jiaokan::rejoin::{self, Junction, Split, assign, rejoin};
use jiaokan::segment::segment;
use std::collections::HashSet;

const N: usize = FEATURES.len();

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1));
    let Some(from) = option("--from") else {
        println!("seams: nothing to do without --from DOCS.jsonl");
        return;
    };
    let before = option("--before").map_or("99999999", |s| s.as_str());
    let seed = option("--seed").map_or(1, |s| s.parse().expect("--seed takes a number"));
    let (for_pages, for_lexicon) = read(from, before);
    println!("{} articles for pages, {} for the lexicon", for_pages.len(), for_lexicon.len());

    let mut random = Random(seed);
    if args.iter().any(|a| a == "--order") {
        let others: Vec<Page> = for_lexicon.iter().map(|a| segmented(&a.paragraphs.join("\n"))).collect();
        return reading_order(&mut random, &for_pages, &others);
    }
    let train = pages(&mut random, &for_pages[..for_pages.len() * 2 / 3], 600);
    let test = pages(&mut random, &for_pages[for_pages.len() * 2 / 3..], 200);
    let others: Vec<Page> = for_lexicon.iter().map(|a| segmented(&a.paragraphs.join("\n"))).collect();
    let first = fit(&all_samples(&train, &others, None));
    let samples = all_samples(&train, &others, Some(&first));
    println!("{} pairs, {} of them joined", samples.len(), samples.iter().filter(|s| s.joined).count());
    let fitted = Model { weights: fit(&samples), first };
    for (name, weights) in [("WEIGHTS", fitted.weights), ("FIRST_WEIGHTS", fitted.first)] {
        println!("\npub const {name}: [f32; FEATURES.len()] = [");
        for (weight, feature) in weights.iter().zip(FEATURES) {
            println!("    {weight:.3}, // {feature}");
        }
        println!("];");
    }
    for (name, model) in [("fitted", fitted), ("in the source", Model { weights: WEIGHTS, first: FIRST_WEIGHTS })] {
        println!("\nweights {name}");
        for (lexicon, of) in [("the rest and the pages", 2), ("the pages alone", 1), ("each page alone", 0)] {
            let scored = scored(&test, &others, of, &model);
            println!("  lexicon over {lexicon}");
            for threshold in [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97] {
                report(&scored, threshold);
            }
            if of == 2 {
                reliability(&scored);
            }
        }
    }
}

const LAYOUTS: [(&str, Layout, usize); 5] = [
    ("whole", Layout::Whole, 100),
    ("plain", Layout::Plain, 200),
    ("band", Layout::Band, 200),
    ("shuffled", Layout::Shuffled, 200),
    ("interleaved", Layout::Interleaved, 200),
];

/// For each layout: pieces of text that their true next follows, as they came and as they come out; captions that stand
/// behind text of another article; and of the articles of split pages, those that hold text of two, and those of which
/// the text stands in two.
fn reading_order(random: &mut Random, articles: &[Article], others: &[Page]) {
    let made: Vec<(&str, Vec<(Broken, Page)>)> = LAYOUTS
        .iter()
        .map(|(name, layout, count)| (*name, (0..*count).map(|_| one_page(random, articles, *layout)).collect()))
        .collect();
    let all: Vec<(Broken, Page)> = made.iter().flat_map(|(_, pages)| pages.iter()).map(copied).collect();
    let lexicon = &lexicons(&all, others, 2)[0];
    for (name, pages) in made {
        let (mut sums, mut captions, mut articles) = ([0; 6], 0, [0; 3]);
        for (broken, mut page) in pages {
            let came: Vec<usize> = (0..page.blocks.len()).collect();
            captions += broken.captions.len();
            let before = in_order(&broken, &came);
            let mut whole = page.clone();
            rejoin(&mut whole, lexicon, &rejoin::Options { split: Split::Articles, ..rejoin::Options::default() });
            let split = articles_of(&broken, &whole);
            (0..3).for_each(|at| articles[at] += split[at]);
            rejoin(&mut page, lexicon, &rejoin::Options::default());
            let after = in_order(&broken, &order_of(&page));
            (0..3).for_each(|at| sums[at] += before[at]);
            (0..3).for_each(|at| sums[3 + at] += after[at]);
        }
        let pieces: usize = sums[0];
        let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
        println!(
            "{name:12} {pieces} pieces: next is right {:.3} as it came, {:.3} as it comes out; of {captions} captions astray {} and {}",
            share(sums[1], pieces),
            share(sums[4], pieces),
            sums[2],
            sums[5]
        );
        println!(
            "{:12} {} records of articles: {} mixed, {} articles of which the text stands in several",
            "", articles[0], articles[1], articles[2]
        );
    }
}

fn copied((broken, page): &(Broken, Page)) -> (Broken, Page) {
    (Broken { blocks: broken.blocks.clone(), ..Broken::default() }, page.clone())
}

/// The blocks that stay, in the order of the clean text.
fn order_of(page: &Page) -> Vec<usize> {
    let order = page.order();
    let place = |start: usize| order.iter().position(|span| span.contains(&start));
    let mut blocks: Vec<(usize, usize)> = (0..page.blocks.len())
        .filter(|at| !page.blocks[*at].dropped)
        .filter_map(|at| Some((place(page.blocks[at].span.start)?, at)))
        .collect();
    blocks.sort_unstable();
    blocks.into_iter().map(|(_, at)| at).collect()
}

/// Of an order of blocks: pieces that have a next one, those that it follows, captions behind another article's text.
fn in_order(broken: &Broken, order: &[usize]) -> [usize; 3] {
    let article: std::collections::HashMap<usize, usize> =
        broken.order.iter().enumerate().flat_map(|(a, blocks)| blocks.iter().map(move |b| (*b, a))).collect();
    let texts: Vec<usize> = order.iter().copied().filter(|at| article.contains_key(at)).collect();
    let follows: HashSet<(usize, usize)> = texts.windows(2).map(|two| (two[0], two[1])).collect();
    let wanted: Vec<(usize, usize)> = broken.order.iter().flat_map(|a| a.windows(2)).map(|t| (t[0], t[1])).collect();
    let astray = broken.captions.iter().filter(|(caption, own)| {
        let place = order.iter().position(|at| at == caption).unwrap_or(0);
        let text = order[..place].iter().rev().find_map(|at| article.get(at));
        text.is_some_and(|text| text != own)
    });
    [wanted.len(), wanted.iter().filter(|two| follows.contains(two)).count(), astray.count()]
}

/// The articles of a split page, those that hold text of several, and the true ones of which several hold text.
fn articles_of(broken: &Broken, page: &Page) -> [usize; 3] {
    let own: std::collections::HashMap<usize, usize> =
        broken.order.iter().enumerate().flat_map(|(a, blocks)| blocks.iter().map(move |b| (*b, a))).collect();
    let mut record = 0;
    let mut held: HashSet<(usize, usize)> = HashSet::new();
    for block in order_of(page) {
        let start = page.blocks[block].span.start;
        record = page.articles.iter().position(|article| article.start == start).unwrap_or(record);
        held.extend(own.get(&block).map(|article| (record, *article)));
    }
    let several = |of: &dyn Fn(&(usize, usize)) -> usize| {
        let mut counts = std::collections::HashMap::new();
        held.iter().for_each(|pair| *counts.entry(of(pair)).or_insert(0) += 1);
        counts.values().filter(|count| **count > 1).count()
    };
    [page.articles.len(), several(&|pair| pair.0), several(&|pair| pair.1)]
}

fn one_page(random: &mut Random, articles: &[Article], layout: Layout) -> (Broken, Page) {
    let chosen: Vec<Article> = (0..random.within(3..6)).map(|_| random.pick(articles).clone()).collect();
    let loses = random.chance(20);
    let broken = generate::page(random, &chosen, layout, loses);
    let page = segmented(&broken.text());
    (broken, page)
}

struct Model {
    weights: [f32; N],
    /// For the first look, which tells how far a page is in order.
    first: [f32; N],
}

/// Articles for pages and for the lexicon, apart by date or number.
fn read(from: &str, before: &str) -> (Vec<Article>, Vec<Article>) {
    let text = std::fs::read_to_string(from).unwrap_or_else(|e| panic!("{from}: {e}"));
    let (mut for_pages, mut for_lexicon) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let record: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{from} line {}: {e}", number + 1));
        let field = |name: &str| record[name].as_str().unwrap_or_default();
        if !field("date").is_empty() && field("date") >= before {
            continue;
        }
        let paragraphs: Vec<String> = field("text").lines().map(str::to_string).filter(|p| !p.is_empty()).collect();
        let article = Article { headline: field("title").to_string(), paragraphs };
        if number % 8 == 0 && article.paragraphs.len() > 2 {
            for_pages.push(article)
        } else {
            for_lexicon.push(article)
        }
    }
    (for_pages, for_lexicon)
}

fn pages(random: &mut Random, articles: &[Article], count: usize) -> Vec<(Broken, Page)> {
    (0..count)
        .map(|_| {
            let layout = match random.within(0..100) {
                0..15 => Layout::Whole,
                15..50 => Layout::Plain,
                50..70 => Layout::Band,
                70..90 => Layout::Shuffled,
                _ => Layout::Interleaved,
            };
            let chosen: Vec<Article> = (0..random.within(3..6)).map(|_| random.pick(articles).clone()).collect();
            let loses = random.chance(35);
            let broken = generate::page(random, &chosen, layout, loses);
            let page = segmented(&broken.text());
            assert_eq!(page.blocks.len(), broken.blocks.len(), "a block of the generator is a block of the page");
            (broken, page)
        })
        .collect()
}

fn segmented(text: &str) -> Page {
    let mut page = Page::new("page", text);
    segment(&mut page);
    page
}

struct Sample {
    features: [f32; N],
    joined: bool,
}

/// The lexicon for a page: over everything, over the pages, or over the page alone.
fn lexicons(pages: &[(Broken, Page)], others: &[Page], of: usize) -> Vec<Lexicon> {
    let count = |pages: &mut dyn Iterator<Item = &Page>| {
        let mut counting = Counting::default();
        pages.for_each(|page| counting.add(&Grams::of(page)));
        counting.lexicon()
    };
    match of {
        0 => pages.iter().map(|(_, page)| count(&mut std::iter::once(page))).collect(),
        1 => vec![count(&mut pages.iter().map(|(_, page)| page))],
        _ => vec![count(&mut pages.iter().map(|(_, page)| page).chain(others))],
    }
}

/// Every pair of every page, with each lexicon; with `first`, told how far its page is in order.
fn all_samples(pages: &[(Broken, Page)], others: &[Page], first: Option<&[f32; N]>) -> Vec<Sample> {
    let mut samples = Vec::new();
    for of in [2, 1, 0] {
        let lexicons = lexicons(pages, others, of);
        for (at, (broken, page)) in pages.iter().enumerate() {
            let lexicon = &lexicons[at.min(lexicons.len() - 1)];
            let joins: HashSet<(usize, usize)> = broken.joins.iter().copied().collect();
            let mut pairs = Halves::of(page, lexicon).pairs(lexicon);
            if let Some(first) = first {
                add_order(&mut pairs, first);
            }
            samples.extend(
                pairs.into_iter().map(|p| Sample { features: p.features, joined: joins.contains(&(p.tail, p.head)) }),
            );
        }
    }
    samples
}

/// Newton's method on the log-likelihood of a logistic model.
fn fit(samples: &[Sample]) -> [f32; N] {
    const RIDGE: f64 = 0.5;
    let mut weights = [0.0f64; N];
    for _ in 0..30 {
        let mut gradient = [0.0f64; N];
        let mut curvature = vec![[0.0f64; N]; N];
        for sample in samples {
            let x: [f64; N] = sample.features.map(f64::from);
            let sum: f64 = x.iter().zip(&weights).map(|(a, b)| a * b).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(sample.joined)) - p;
            for i in 0..N {
                gradient[i] += error * x[i];
                for j in 0..N {
                    curvature[i][j] += p * (1.0 - p) * x[i] * x[j];
                }
            }
        }
        for i in 0..N {
            gradient[i] -= RIDGE * weights[i];
            curvature[i][i] += RIDGE;
        }
        let step = solve(curvature, gradient);
        for i in 0..N {
            weights[i] += step[i];
        }
    }
    weights.map(|w| w as f32)
}

/// Solves a system of linear equations by elimination with pivots.
fn solve(mut a: Vec<[f64; N]>, mut b: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let pivot = (column..N).max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs())).unwrap_or(column);
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (done, rest) = a.split_at_mut(column + 1);
        let pivot = &done[column];
        for (at, row) in rest.iter_mut().enumerate() {
            let factor = row[column] / pivot[column];
            row.iter_mut().zip(pivot).skip(column).for_each(|(value, above)| *value -= factor * above);
            b[column + 1 + at] -= factor * b[column];
        }
    }
    for column in (0..N).rev() {
        b[column] = (b[column] - (column + 1..N).map(|k| a[column][k] * b[k]).sum::<f64>()) / a[column][column];
    }
    b
}

struct Scored<'a> {
    broken: &'a Broken,
    blocks: usize,
    candidates: Vec<Junction>,
}

fn scored<'a>(pages: &'a [(Broken, Page)], others: &[Page], of: usize, model: &Model) -> Vec<Scored<'a>> {
    let lexicons = lexicons(pages, others, of);
    pages
        .iter()
        .enumerate()
        .map(|(at, (broken, page))| {
            let lexicon = &lexicons[at.min(lexicons.len() - 1)];
            let mut pairs = Halves::of(page, lexicon).pairs(lexicon);
            add_order(&mut pairs, &model.first);
            let junction = |p: &Pair| Junction {
                tail: p.tail,
                head: p.head,
                probability: probability(&p.features, &model.weights),
            };
            Scored { broken, blocks: page.blocks.len(), candidates: pairs.iter().map(junction).collect() }
        })
        .collect()
}

fn report(scored: &[Scored], threshold: f32) {
    let (mut right, mut made, mut gold, mut near, mut near_gold, mut whole, mut whole_made) = (0, 0, 0, 0, 0, 0, 0);
    for page in scored {
        let joins: HashSet<(usize, usize)> = page.broken.joins.iter().copied().collect();
        let junctions = assign(page.candidates.clone(), threshold);
        right += junctions.iter().filter(|j| joins.contains(&(j.tail, j.head))).count();
        near += junctions.iter().filter(|j| j.head == j.tail + 1 && joins.contains(&(j.tail, j.head))).count();
        made += junctions.len();
        gold += joins.len();
        near_gold += joins.iter().filter(|(tail, head)| *head == tail + 1).count();
        if joins.is_empty() {
            whole += page.blocks;
            whole_made += junctions.len();
        }
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    println!(
        "    at {threshold:.2}: precision {:.3}, recall {:.3} (adjacent {:.3}, others {:.3}); {:.2} joins per 1,000 blocks of whole pages",
        share(right, made),
        share(right, gold),
        share(near, near_gold),
        share(right - near, gold - near_gold),
        1000.0 * share(whole_made, whole)
    );
}

/// How often junctions of a probability are true.
fn reliability(scored: &[Scored]) {
    let mut bins = [(0usize, 0usize, 0.0f64); 10];
    for page in scored {
        let joins: HashSet<(usize, usize)> = page.broken.joins.iter().copied().collect();
        for junction in assign(page.candidates.clone(), 0.05) {
            let bin = &mut bins[((junction.probability * 10.0) as usize).min(9)];
            bin.0 += 1;
            bin.1 += usize::from(joins.contains(&(junction.tail, junction.head)));
            bin.2 += f64::from(junction.probability);
        }
    }
    println!("    probability said, true, junctions");
    for (all, true_ones, sum) in bins.iter().filter(|b| b.0 > 0) {
        println!("      {:.2}  {:.2}  {all}", sum / *all as f64, *true_ones as f64 / *all as f64);
    }
}
