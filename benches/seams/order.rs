//! How far the blocks of pages come out in the order in which they are to be read, and as the articles they were.

use crate::pages::{Over, lexicons, paged};
use generate::{self, Article, Broken, Layout, Random};
use jiaokan::bench::page::Page;
use jiaokan::bench::rejoin::rejoin;
use jiaokan::settings::{self, Split};
use std::collections::{HashMap, HashSet};

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
pub(crate) fn reading_order(random: &mut Random, articles: &[Article], rest: &[Page]) {
    let made: Vec<(&str, Vec<(Broken, Page)>)> = LAYOUTS
        .iter()
        .map(|(name, layout, count)| {
            (
                *name,
                (0..*count)
                    .map(|_| one_page(random, articles, *layout))
                    .collect(),
            )
        })
        .collect();
    let all: Vec<(Broken, Page)> = made
        .iter()
        .flat_map(|(_, pages)| pages.iter())
        .map(copied)
        .collect();
    let lexicon = &lexicons(&all, rest, Over::Pages(usize::MAX))[0];
    for (name, pages) in made {
        let (mut sums, mut captions, mut articles) = ([0; 6], 0, [0; 3]);
        for (broken, mut page) in pages {
            let came: Vec<usize> = (0..page.blocks.len()).collect();
            captions += broken.captions.len();
            let before = in_order(&broken, &came);
            let mut whole = page.clone();
            rejoin(
                &mut whole,
                lexicon,
                &settings::Rejoining {
                    split: Split::Articles,
                    ..settings::Rejoining::default()
                },
            );
            let split = articles_of(&broken, &whole);
            (0..3).for_each(|at| articles[at] += split[at]);
            rejoin(&mut page, lexicon, &settings::Rejoining::default());
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
    (
        Broken {
            blocks: broken.blocks.clone(),
            ..Broken::default()
        },
        page.clone(),
    )
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
    let article: HashMap<usize, usize> = broken
        .order
        .iter()
        .enumerate()
        .flat_map(|(a, blocks)| blocks.iter().map(move |b| (*b, a)))
        .collect();
    let texts: Vec<usize> = order
        .iter()
        .copied()
        .filter(|at| article.contains_key(at))
        .collect();
    let follows: HashSet<(usize, usize)> = texts.windows(2).map(|two| (two[0], two[1])).collect();
    let wanted: Vec<(usize, usize)> = broken
        .order
        .iter()
        .flat_map(|a| a.windows(2))
        .map(|t| (t[0], t[1]))
        .collect();
    let astray = broken.captions.iter().filter(|(caption, own)| {
        let place = order.iter().position(|at| at == caption).unwrap_or(0);
        let text = order[..place].iter().rev().find_map(|at| article.get(at));
        text.is_some_and(|text| text != own)
    });
    [
        wanted.len(),
        wanted.iter().filter(|two| follows.contains(two)).count(),
        astray.count(),
    ]
}

/// The articles of a split page, those that hold text of several, and the true ones of which several hold text.
fn articles_of(broken: &Broken, page: &Page) -> [usize; 3] {
    let own: HashMap<usize, usize> = broken
        .order
        .iter()
        .enumerate()
        .flat_map(|(a, blocks)| blocks.iter().map(move |b| (*b, a)))
        .collect();
    let mut record = 0;
    let mut held: HashSet<(usize, usize)> = HashSet::new();
    for block in order_of(page) {
        let start = page.blocks[block].span.start;
        record = page
            .articles
            .iter()
            .position(|article| article.start == start)
            .unwrap_or(record);
        held.extend(own.get(&block).map(|article| (record, *article)));
    }
    let several = |of: &dyn Fn(&(usize, usize)) -> usize| {
        let mut counts = HashMap::new();
        held.iter()
            .for_each(|pair| *counts.entry(of(pair)).or_insert(0) += 1);
        counts.values().filter(|count| **count > 1).count()
    };
    [
        page.articles.len(),
        several(&|pair| pair.0),
        several(&|pair| pair.1),
    ]
}

fn one_page(random: &mut Random, articles: &[Article], layout: Layout) -> (Broken, Page) {
    let chosen: Vec<Article> = (0..random.within(3..6))
        .map(|_| random.pick(articles).clone())
        .collect();
    let loses = random.chance(20);
    paged(generate::page(random, &chosen, layout, loses))
}
