//! Says how many halves of pages broken on purpose are joined, how many of them rightly, and how far the probabilities
//! can be believed.
//!
//!     cargo bench --bench seams -- --from DOCS.jsonl [--before YYYYMMDD] [--seed N] [--pages PAGES.jsonl] [--order]
//!
//! DOCS.jsonl holds records with `title`, `text` (a paragraph a line) and, for `--before`, `date`. Pages are made of a
//! fourth of them, each article on one page; the lexicon is counted over the rest. The weights of `data/weights` are
//! scored on pages that `make weights` keeps apart, or on PAGES.jsonl (records with `blocks` and `joins`, a join being
//! tail, head and a kind): with a lexicon over each page alone, over all pages, and over these and more and more of the
//! rest. `--order` scores the reading order instead.

mod order;
#[allow(dead_code)] // fitting needs the rest
mod pages;
mod score;

use generate::{Broken, Random};
use jiaokan::bench::page::Page;
use jiaokan::bench::rejoin::han::HanSeams;
use jiaokan::bench::rejoin::judge::candidates;
use pages::{Corpus, Over, given, joins, lexicons, read, records};
use score::Scored;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        args.windows(2)
            .find(|two| two[0] == name)
            .map(|two| two[1].as_str())
    };
    let Some(from) = option("--from") else {
        println!("seams: nothing to do without --from DOCS.jsonl");
        return;
    };
    let seed = option("--seed").map_or(1, |s| s.parse().expect("--seed takes a number"));
    let before = option("--before").unwrap_or("99999999");
    if args.iter().any(|a| a == "--order") {
        let (articles, rest) = read(from, before);
        return order::reading_order(&mut Random(seed), &articles, &rest);
    }
    let Corpus { test, rest, .. } = Corpus::read(from, before, seed);
    let test = option("--pages").map_or(test, |path| records(path).map(given).collect());
    for over in [
        Over::Page,
        Over::Pages(0),
        Over::Pages(1_000_000),
        Over::Pages(10_000_000),
        Over::Pages(usize::MAX),
    ] {
        println!("lexicon over {over}");
        let scored = scored(&test, &rest, over);
        score::curve(&scored);
        if over == Over::Pages(usize::MAX) {
            score::reliability(&scored);
        }
    }
}

/// The pages with what the model says of their pairs.
fn scored<'a>(pages: &'a [(Broken, Page)], rest: &[Page], over: Over) -> Vec<Scored<'a>> {
    let lexicons = lexicons(pages, rest, over);
    let score = |(at, (broken, page)): (usize, &'a (Broken, Page))| {
        let lexicon = &lexicons[at.min(lexicons.len() - 1)];
        Scored {
            broken,
            candidates: candidates(&HanSeams::of(page, lexicon)),
        }
    };
    pages.iter().enumerate().map(score).collect()
}
