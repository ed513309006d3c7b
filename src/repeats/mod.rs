//! What stands there twice, and which copy stays: a table of methods.
//!
//! A method may look inside a page (`in_page`), and may look over the prints of the whole run (`in_run`). What it
//! finds in the run comes back to each page as a `Verdict`.

mod exact;
mod furniture;
mod near;
mod spliced;

use crate::config::Level;
use crate::edit::{Cause, Evidence, Place, Span};
use crate::page::{Block, Kind, Page};
use crate::shingle::{Print, Stream, winnow};
use serde::{Deserialize, Serialize};

/// In the order in which they act inside a page: a proved copy first, so that what it leaves decides the rest.
pub const METHODS: [Method; 4] = [spliced::METHOD, exact::METHOD, near::METHOD, furniture::METHOD];

pub struct Method {
    pub name: &'static str,
    pub about: &'static str,
    /// Where the method comes from.
    pub source: &'static str,
    in_page: fn(&mut Page, &Options),
    /// Takes from the prints what only this method needs: they are many.
    in_run: fn(&mut Settle, &Options, &mut [Verdict]),
}

/// What becomes of repeats, level by level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub duplicates: Level,
    pub paragraphs: Level,
    pub furniture: Level,
    pub passages: Level,
}

impl Default for Options {
    fn default() -> Self {
        Options { duplicates: Level::Drop, paragraphs: Level::Drop, furniture: Level::Drop, passages: Level::Mark }
    }
}

/// Letters that a paragraph needs to be dropped as a copy of another document's: shorter ones are formulas, notes, the
/// wording of a statute.
const SHORTEST_PARAGRAPH: usize = 60;
/// A passage that two documents share is found if it has this many letters.
pub const SHORTEST_PASSAGE: usize = 50;
/// Letters of a shingle that is printed for the run. With the window it makes up `SHORTEST_PASSAGE`; what shares one
/// print is told of, so passages from this length on may be.
pub const SHINGLE: usize = 32;
const WINDOW: usize = SHORTEST_PASSAGE - SHINGLE + 1;

/// What settle needs to know of a page: hashes and places, never text.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    pub letters: usize,
    /// The hash of all letters of the page.
    whole: u128,
    paragraphs: Vec<Paragraph>,
    passages: Vec<Print>,
    edges: Vec<Paragraph>,
    sketch: near::Sketch,
}

/// A block by the hash of its letters.
#[derive(Debug, Clone, Copy)]
struct Paragraph {
    hash: u128,
    block: u32,
}

impl Prints {
    pub fn of(page: &Page, options: &Options) -> Self {
        let stream = Stream::of(page, crate::shingle::is_running_text);
        let whole = Stream::of(page, |b| b.kind != Kind::Masthead).letters;
        let is_off = |level: Level| level == Level::Off;
        Prints {
            letters: stream.letters.len(),
            whole: exact::whole(&whole),
            paragraphs: if is_off(options.paragraphs) { Vec::new() } else { exact::paragraphs(page, &stream) },
            passages: if is_off(options.passages) || stream.letters.len() < SHINGLE {
                Vec::new()
            } else {
                winnow(&stream.letters, SHINGLE, WINDOW)
            },
            edges: if is_off(options.furniture) { Vec::new() } else { furniture::edges(page) },
            sketch: if is_off(options.duplicates) { near::Sketch::default() } else { near::Sketch::of(&whole) },
        }
    }
}

/// The prints of the run, page by page. Pages are known by their place in the order of reading.
#[derive(Debug, Default)]
pub struct Settle {
    ids: Vec<String>,
    prints: Vec<Prints>,
    /// Each page's place in the order of ids: where two copies are equally good, the lower stays.
    ranks: Vec<u32>,
    /// The pages in that order.
    by_rank: Vec<usize>,
}

/// What the run says about one page.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The document that this one is a copy of.
    pub duplicate: Option<Duplicate>,
    paragraphs: Vec<(u32, Twin)>,
    furniture: Vec<u32>,
    passages: Vec<(Span, Twin)>,
}

/// What a document is a copy of, to the letter or nearly.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// The first document of the cluster, by which it is known.
    pub cluster: String,
    pub of: String,
    pub similarity: f64,
    /// To the letter: only such a copy is dropped.
    pub exact: bool,
}

/// The other copy: its document, and the letters or the block there.
#[derive(Debug, Clone)]
struct Twin {
    id: String,
    at: [usize; 2],
}

impl Verdict {
    fn is_exact_copy(&self) -> bool {
        self.duplicate.as_ref().is_some_and(|copy| copy.exact)
    }

    /// Whether the document leaves the output as a copy.
    pub fn drops_document(&self, options: &Options) -> bool {
        options.duplicates == Level::Drop && self.is_exact_copy()
    }
}

impl Settle {
    pub fn add(&mut self, id: String, prints: Prints) {
        self.ids.push(id);
        self.prints.push(prints);
    }

    /// Bytes that the prints hold, allocations not counted.
    pub fn bytes(&self) -> usize {
        use std::mem::size_of;
        self.prints
            .iter()
            .zip(&self.ids)
            .map(|(p, id)| {
                size_of::<Prints>()
                    + id.len()
                    + (p.paragraphs.len() + p.edges.len()) * size_of::<Paragraph>()
                    + p.passages.len() * size_of::<Print>()
                    + p.sketch.bytes()
            })
            .sum()
    }

    /// A verdict for each page, in the order in which they were added.
    pub fn verdicts(mut self, options: &Options) -> Vec<Verdict> {
        self.by_rank = (0..self.ids.len()).collect();
        // equal ids fall back on the order of reading, which goes by path and line
        self.by_rank.sort_by(|a, b| self.ids[*a].cmp(&self.ids[*b]).then(a.cmp(b)));
        self.ranks = vec![0; self.by_rank.len()];
        for (rank, page) in self.by_rank.iter().enumerate() {
            self.ranks[*page] = rank as u32;
        }
        let mut verdicts = vec![Verdict::default(); self.ids.len()];
        // documents first: a copy's paragraphs are nobody's originals
        for method in [&exact::METHOD, &near::METHOD, &furniture::METHOD, &spliced::METHOD] {
            (method.in_run)(&mut self, options, &mut verdicts);
        }
        verdicts
    }
}

/// Takes repeats out of a page: what its own text proves, and what the run says.
pub fn apply(page: &mut Page, verdict: &Verdict, options: &Options) {
    // first, while the page's letters are counted as they were in the run
    spliced::passages(page, verdict, options);
    // a page that says what its paragraphs are has been looked through
    if !page.laid_out {
        METHODS.iter().for_each(|method| (method.in_page)(page, options));
    }
    let place = |twin: &Twin| Evidence { of: Some(Place { id: twin.id.clone(), at: twin.at }), ..Evidence::default() };
    for (block, twin) in &verdict.paragraphs {
        let block = *block as usize;
        if !page.blocks[block].dropped {
            let rule = exact::METHOD.name;
            match options.paragraphs {
                Level::Drop => page.drop_block(&Cause::verified(rule, place(twin)), block),
                _ => page.remark(Cause::suspected(rule, place(twin)), page.blocks[block].span.clone()),
            }
        }
    }
    for block in verdict.furniture.iter().map(|b| *b as usize).filter(|b| !page.blocks[*b].dropped).collect::<Vec<_>>()
    {
        let evidence = Evidence { note: Some("recurs in this place on other pages".into()), ..Evidence::default() };
        match options.furniture {
            Level::Drop => page.drop_block(&Cause::verified(furniture::METHOD.name, evidence), block),
            _ => page.remark(Cause::suspected(furniture::METHOD.name, evidence), page.blocks[block].span.clone()),
        }
    }
}

/// Whether a block is one of the counted items that lists and laws repeat for good reason: （三）, 二、, 4. but not 4.5.
pub(crate) fn is_item(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(']);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(c));
    let mut behind = number.chars();
    let mark = behind.next().is_some_and(|c| matches!(c, '）' | ')' | '、' | '.' | '．'));
    number.len() < text.len() && mark && !behind.next().is_some_and(|c| c.is_ascii_digit())
        || text.starts_with('第') && number_of_article(text)
}

/// 第十二条, 第3款
fn number_of_article(text: &str) -> bool {
    let rest = text.trim_start_matches('第').trim_start();
    let rest =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ' || "一二三四五六七八九十百零〇".contains(c));
    rest.starts_with(['条', '條', '款', '章', '节', '節', '项', '項'])
}

/// The next block before `at` that is still in the text and of running text.
fn text_before(blocks: &[Block], at: usize) -> Option<usize> {
    (0..at).rev().find(|b| crate::shingle::is_running_text(&blocks[*b]) && !blocks[*b].dropped)
}
