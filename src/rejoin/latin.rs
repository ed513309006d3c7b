//! How well a tail and a head of Latin script fit: what the words of the run, a word over the seam, open quotation marks
//! and the page say of them.

use super::assign::logit;
use super::hyphen::{Broken, is_suspended};
use super::lines::Lines;
use super::{Boldness, Junction};
use crate::lexicon::words::{END, START, Words, both, class, word};
use crate::page::{Block, Kind, Page};
use crate::text::chars::{
    ends_sentence, is_clause_mark, is_closer, is_opener, is_wide, never_begins,
};
use crate::text::latin::{ends_in_hyphen, first_word, is_hyphen, is_latin, last_word};
use crate::text::lines::is_item;
use std::collections::HashMap;

/// What is known of a pair, in the order of `WEIGHTS`.
pub const FEATURES: [&str; 49] = [
    "one",
    "size",
    "adjacent",
    "across captions",
    "across a headline",
    "far ahead",
    "distance",
    "small head",
    "next and small head",
    "hyphen",
    "hyphen and a known word",
    "known word came often",
    "hyphen, no known word by size",
    "far hyphen and a known word",
    "head is no word, no hyphen, by size",
    "head is no word, hyphen",
    "after a clause",
    "fit",
    "fit by size",
    "fit from afar",
    "words were seen together",
    "tail is no end",
    "head is no beginning",
    "quotes close",
    "quotes clash",
    "tail like a headline",
    "head like a headline",
    "next in order",
    "far in order",
    "lead over other heads",
    "lead over other tails",
    "hyphen that another head completes",
    "words in common",
    "words in common over other heads",
    "words in common from afar",
    "neighbours run alike",
    "neighbours run alike from afar",
    "lead by the first look",
    "page reads on, next",
    "page reads on, far",
    "page has far halves, far",
    "grammar",
    "grammar by size",
    "grammar of three words",
    "grammar of three words by size",
    "page's neighbours fit, next",
    "page's neighbours fit, far",
    "pairs alongside fit, next",
    "pairs alongside fit, far",
];

/// Fitted by `make weights-english FROM=bln600.jsonl` (benches/english.rs) on newspapers of the nineteenth century, broken on
/// purpose. On 234 pages of others (`FLAGS="--test overproof.jsonl --beside bln600.jsonl"`; seed 1), in a run of half a
/// million words, with one threshold of .40: precision .960 and recall .417 (read in order: .979 and .637); on each page
/// alone .905 and .319.
pub const WEIGHTS: [f32; FEATURES.len()] = [
    -2.335, 0.439, -0.095, -1.010, -0.349, 0.553, -0.449, 0.895, 1.775, 0.572, 1.455, 0.271,
    -1.170, -0.316, -0.215, 0.228, -0.130, -0.326, 0.410, 0.172, 0.049, -0.035, 0.014, 1.459,
    -0.733, 0.020, 0.541, -8.558, 4.440, 0.029, 0.074, -2.558, 0.106, 0.077, 0.019, 0.339, 2.192,
    2.478, 8.787, -5.309, 0.492, 0.326, -0.149, 0.202, -0.103, -0.229, 0.073, 0.526, 0.171,
];

/// Fitted likewise, without what the page's other junctions say: for the first look at a page.
pub const FIRST_WEIGHTS: [f32; FEATURES.len()] = [
    -4.031, 1.919, -1.732, -2.434, -2.152, 0.952, -0.743, 2.527, 0.240, 0.602, 1.953, 0.411,
    -1.316, 0.153, -1.182, 0.495, -0.176, -0.429, 0.653, 0.078, 0.099, -0.056, -0.029, 2.156,
    -1.182, 0.032, 0.948, 5.520, -2.792, 0.109, 0.138, -3.958, 0.043, 0.083, 0.181, 0.000, 0.000,
    0.000, 0.000, 0.000, 0.000, 0.373, -0.102, 0.251, -0.089, 0.000, 0.000, 0.000, 0.000,
];

const FAR: usize = 6;
const SMALL_NEXT: usize = 8;
const HYPHEN: usize = 9;
const KNOWN: usize = 10;
const NO_END: usize = 21;
const NO_BEGINNING: usize = 22;
const LEADS: usize = 29;
const ELSEWHERE: usize = 31;
const SHARED: usize = 32;
const ALIKE: usize = 35;
const READS: usize = 38;
const FITS: usize = 45;

/// Beyond this a lead says no more; so far leads what has no rival.
const FAR_AHEAD: f32 = 6.0;
/// A far half is looked for among this many paragraphs on either side.
const REACH: usize = 60;
/// Characters: what is whole and no longer than this between two halves may be a caption.
const CAPTION: usize = 140;
/// Characters: what is shorter and ends like no sentence may be a headline.
const HEADLINE: usize = 70;

/// A paragraph or a part of one, whose lines are joined already, with what it says about its two ends.
struct Half {
    first_block: usize,
    last_block: usize,
    /// Its place among the paragraphs that are no captions and headlines.
    place: usize,
    is_tail: bool,
    is_head: bool,
    /// The last line and the first.
    last: String,
    first: String,
    last_word: u32,
    first_word: u32,
    /// The classes of the last two words, and of the first two.
    last_classes: [u32; 2],
    first_classes: [u32; 2],
    counted: u32,
    small: bool,
    hyphen: bool,
    opens: i32,
    closes: i32,
    ends_clause: bool,
    tail_like_headline: bool,
    head_like_headline: bool,
    between: Between,
    is_item: bool,
    /// The longer words of the column before its end, and behind its beginning, with how rare they are.
    around_tail: HashMap<u32, f32>,
    around_head: HashMap<u32, f32>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    Nothing,
    Captions,
    Headline,
}

/// A tail and a head that could be one sentence, with the features of their seam.
pub struct Pair {
    pub tail: usize,
    pub head: usize,
    pub features: [f32; FEATURES.len()],
}

/// Whether a text and another behind it are both of Latin script where they meet, so that their seam is judged here.
pub fn is_seam(tail: &str, head: &str) -> bool {
    let around = || tail.chars().rev().take(NEAR).chain(head.chars().take(NEAR));
    around().any(is_latin) && !around().any(is_wide)
}

/// Characters by which the script of a seam is told.
pub(super) const NEAR: usize = 6;

fn ends_latin(text: &str) -> bool {
    are_latin(text.chars().rev().take(NEAR))
}

fn begins_latin(text: &str) -> bool {
    are_latin(text.chars().take(NEAR))
}

fn are_latin(mut chars: impl Iterator<Item = char> + Clone) -> bool {
    chars.clone().any(is_latin) && !chars.any(is_wide)
}

/// What stands between two joined halves of Latin script: a space, unless a hyphen or a dash ends the first, an opening
/// bracket does, or a number goes over the seam.
pub(super) fn glue(tail: &str, head: &str) -> &'static str {
    let number = tail
        .trim_end_matches(['.', ','])
        .ends_with(|c: char| c.is_ascii_digit())
        && head.starts_with(|c: char| c.is_ascii_digit());
    let dash =
        tail.ends_with(|c| is_hyphen(c) || matches!(c, '–' | '—' | '/')) && !tail.ends_with(" -");
    let tight = dash && !is_suspended(tail, head)
        || number
        || tail.ends_with(is_opener)
        || head.starts_with(never_begins);
    if tight { "" } else { " " }
}

/// The pairs as junctions with their probabilities.
pub(super) fn candidates(page: &Page, lines: &Lines, words: &Words) -> Vec<Junction> {
    let junction = |p: &Pair| Junction {
        tail: p.tail,
        head: p.head,
        probability: doubted(&p.features, &WEIGHTS),
    };
    let mut pairs = pairs(page, lines, words);
    add_neighbours(&mut pairs, &FIRST_WEIGHTS);
    pairs.iter().map(junction).collect()
}

/// The junctions that are likely enough. An article set line by line is full of ends, such as those of its headings, that a
/// sentence far off could go on: halves that stand apart must be as likely as in other scripts.
pub fn likely(page: &Page, mut junctions: Vec<Junction>, join: Boldness) -> Vec<Junction> {
    /// A reader leaves a line end in a paragraph only where the run's words are to say whether the hyphen goes.
    const BROKEN_WORD: f32 = 0.95;
    for junction in junctions
        .iter_mut()
        .filter(|junction| is_broken_word(page, junction))
    {
        junction.probability = junction.probability.max(BROKEN_WORD);
    }
    junctions.retain(|junction| match junction.head == junction.tail + 1 {
        true => junction.probability >= join.threshold_of_latin(),
        false => junction.probability >= join.threshold() && !begins_anew(page, junction),
    });
    junctions
}

/// Whether a line ends in a hyphen, and the next one of the same paragraph begins with a small letter.
fn is_broken_word(page: &Page, junction: &Junction) -> bool {
    let text = |at: usize| page.reading(page.blocks[at].span.clone()).text;
    let is_next = junction.head == junction.tail + 1 && page.blocks[junction.head].gap == 0;
    is_next
        && ends_in_hyphen(&text(junction.tail))
        && text(junction.head).starts_with(char::is_lowercase)
}

/// Whether a capital says that another paragraph begins where the head stands: behind a heading in capitals, or behind the
/// end of a sentence.
fn begins_anew(page: &Page, junction: &Junction) -> bool {
    let text = |block: &Block| page.reading(block.span.clone()).text.into_owned();
    if !text(&page.blocks[junction.head]).starts_with(char::is_uppercase) {
        return false;
    }
    let mut before = page.blocks[..junction.head]
        .iter()
        .rev()
        .filter(|block| !block.dropped);
    let is_heading =
        |text: String| text.contains(char::is_uppercase) && !text.contains(char::is_lowercase);
    let between = page
        .blocks
        .get(junction.tail + 1..junction.head)
        .unwrap_or_default();
    before
        .next()
        .is_some_and(|block| ends_sentence(&text(block)))
        || between
            .iter()
            .filter(|block| !block.dropped)
            .any(|block| is_heading(text(block)))
}

/// The logistic model.
pub fn probability(features: &[f32; FEATURES.len()], weights: &[f32; FEATURES.len()]) -> f32 {
    let sum: f32 = features.iter().zip(weights).map(|(f, w)| f * w).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The probability with a doubt, most of all of what stands apart: so that of the junctions made at the default 97 in 100
/// are right. What the model calls .4 of pairs that are many is right too seldom.
pub fn doubted(features: &[f32; FEATURES.len()], weights: &[f32; FEATURES.len()]) -> f32 {
    const DOUBT: f32 = 1.8;
    const DOUBT_FROM_AFAR: f32 = 3.6;
    /// Two times in three.
    const ALL_THERE_IS: f32 = 0.7;
    // where no other half is left to go on with there is nothing to confuse
    let alone = features[LEADS].min(features[LEADS + 1]) >= FAR_AHEAD;
    let doubt = match features[FAR] > 0.0 {
        true => DOUBT_FROM_AFAR,
        false if alone => 0.0,
        false => DOUBT,
    };
    let mut odds = logit(probability(features, weights)) - doubt;
    // nothing else on the page is open, and the one goes on where the other stops: pages that the model was fitted on are
    // longer
    if alone && features[SMALL_NEXT] > 0.0 && features[READS] == 0.0 && features[FAR] == 0.0 {
        odds = odds.max(ALL_THERE_IS);
    }
    1.0 / (1.0 + (-odds).exp())
}

/// The pairs worth looking at, with their features.
pub fn pairs(page: &Page, lines: &Lines, words: &Words) -> Vec<Pair> {
    let halves = halves(page, lines, words);
    let mut pairs = Vec::new();
    let mut fits = Vec::new();
    let trust = trust(&halves);
    for (at, tail) in halves.iter().enumerate().filter(|(_, h)| h.is_tail) {
        let near = at.saturating_sub(REACH)..halves.len().min(at + REACH + 1);
        for head in near
            .filter(|other| *other != at)
            .map(|other| &halves[other])
            .filter(|h| h.is_head)
        {
            let distance = head.place as i64 - tail.place as i64;
            let next = distance == 1 && head.first_block > tail.last_block;
            // a headline and the paragraph under it
            let titled = tail.tail_like_headline && !head.small;
            if titled || !next && !head.small {
                continue;
            }
            let fit = words.fit(tail.last_word, head.first_word, 0);
            let features = features(tail, head, distance, fit, trust, words);
            let known = if features[HYPHEN] > 0.0 {
                features[KNOWN] * 6.0 - 2.0
            } else {
                fit
            };
            fits.push(known + features[NO_END] + features[NO_BEGINNING]);
            pairs.push(Pair {
                tail: tail.last_block,
                head: head.first_block,
                features,
            });
        }
    }
    add_leads(&mut pairs, &fits);
    pairs
}

/// The paragraphs of Latin script, in the order of the page.
fn halves(page: &Page, lines: &Lines, words: &Words) -> Vec<Half> {
    let mut halves: Vec<Half> = Vec::new();
    let texts = || {
        page.blocks
            .iter()
            .map(|block| &page.text()[block.span.clone()])
    };
    // nearly all pages in other scripts leave here
    if page.laid_out || !texts().any(ends_latin) || !texts().any(begins_latin) {
        return halves;
    }
    let mut between = Between::Nothing;
    let mut place = 0;
    let mut before_ended = true;
    let paragraphs = lines.paragraphs(page);
    let rare: Vec<HashMap<u32, f32>> = paragraphs
        .iter()
        .map(|paragraph| rare_words(page, paragraph, words))
        .collect();
    // a paragraph alone says little: its neighbours in the column say what it is about
    let around = |at: usize, to: usize| -> HashMap<u32, f32> {
        rare[at.min(to)..(at.max(to) + 1).min(rare.len())]
            .iter()
            .flatten()
            .map(|(word, rare)| (*word, *rare))
            .collect()
    };
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let (first_block, last_block) = (paragraph[0], paragraph[paragraph.len() - 1]);
        let block = &page.blocks[first_block];
        if !block.is_running_text() {
            between = between.max(if block.kind == Kind::Headline {
                Between::Headline
            } else {
                Between::Captions
            });
            continue;
        }
        let reading = |at: usize| page.reading(page.blocks[at].span.clone()).text;
        let (first, last) = (reading(first_block), reading(last_block));
        let ends = ends_sentence(&last);
        let counted = u32::from(std::mem::replace(&mut before_ended, ends));
        let (latin_head, latin_tail) = (begins_latin(&first), ends_latin(&last));
        let text = if paragraph.len() == 1 {
            first.to_string()
        } else {
            paragraph
                .iter()
                .map(|at| reading(*at))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let long = text.chars().nth(CAPTION).is_some();
        let small = text
            .trim_start_matches(is_opener)
            .starts_with(char::is_lowercase);
        let headline = !ends && !small && is_like_headline(&text);
        if !small && (ends && !long || headline && is_in_capitals(&text)) {
            // a caption, a headline, a short paragraph: whole in itself
            between = between.max(if ends {
                Between::Captions
            } else {
                Between::Headline
            });
            continue;
        }
        let open =
            page.blocks[last_block].kind == Kind::Body && !page.blocks[last_block].closed_tail;
        let close_behind = page
            .blocks
            .get(last_block + 1)
            .is_some_and(|next| next.gap == 0);
        let close_before = first_block > 0 && block.gap == 0;
        let wrapped = paragraph.len() > 1 || lines.is_wrapped();
        let item = is_item(&text);
        // what it announces may begin with a small letter and be no half: an item, a name in code
        let announces = last.ends_with([':', '—']);
        place += 1;
        let (opens, closes) = open_quotes(&text);
        let two =
            |found: &mut dyn Iterator<Item = &str>| [(); 2].map(|()| found.next().map_or(0, class));
        let letters = |c: char| !is_latin(c) && !matches!(c, '\'' | '’');
        let last_classes = two(&mut last.rsplit(letters).filter(|w| !w.is_empty()));
        let first_classes = two(&mut first.split(letters).filter(|w| !w.is_empty()));
        halves.push(Half {
            first_block,
            last_block,
            place,
            is_tail: latin_tail
                && !ends
                && !announces
                && open
                && (!close_behind || wrapped || ends_in_hyphen(&last)),
            is_head: latin_head
                && !block.closed_head
                && block.kind == Kind::Body
                && !item
                && (!close_before || wrapped || small),
            last_word: word(last_word(last.trim_end_matches(|c: char| !is_latin(c)))),
            first_word: word(first_word(first.trim_start_matches(|c: char| !is_latin(c)))),
            last_classes: [last_classes[1], last_classes[0]],
            first_classes,
            counted,
            small,
            hyphen: ends_in_hyphen(&last),
            opens,
            closes,
            ends_clause: last.ends_with(is_clause_mark),
            tail_like_headline: headline,
            head_like_headline: headline,
            between,
            is_item: item,
            around_tail: around(at, at.saturating_sub(2)),
            around_head: around(at, at + 2),
            last: last.into_owned(),
            first: first.into_owned(),
        });
        between = Between::Nothing;
    }
    // the items of a list end in semicolons, and so does the line above a list's second item
    for at in 0..halves.len() {
        let in_list = halves[at].is_item || halves.get(at + 1).is_some_and(|next| next.is_item);
        halves[at].is_tail &= !(in_list && halves[at].last.ends_with(';'));
    }
    halves
}

/// The words of a paragraph that are long enough to have a meaning, with how rare they are in the run.
fn rare_words(page: &Page, paragraph: &[usize], words: &Words) -> HashMap<u32, f32> {
    /// Letters: and, the, that, from say nothing of what a text is about.
    const LONG: usize = 5;
    let mut rare = HashMap::new();
    for block in paragraph
        .iter()
        .map(|at| &page.blocks[*at])
        .filter(|b| b.is_running_text())
    {
        let text = page.reading(block.span.clone()).text;
        for found in text
            .split(|c| !is_latin(c))
            .filter(|found| found.len() >= LONG)
        {
            let hash = word(found);
            let share = (words.count(hash) + 1) as f32 / (words.total() + 1) as f32;
            rare.insert(hash, -share.ln());
        }
    }
    rare
}

/// How much two texts have in common: the rarity of the words in both, beyond that of common ones.
fn in_common(one: &HashMap<u32, f32>, other: &HashMap<u32, f32>) -> f32 {
    const COMMON: f32 = 5.0;
    let (few, many) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    few.iter()
        .filter(|(word, _)| many.contains_key(word))
        .map(|(_, rare)| (rare - COMMON).max(0.0))
        .sum()
}

fn features(
    tail: &Half,
    head: &Half,
    distance: i64,
    fit: f32,
    trust: f32,
    words: &Words,
) -> [f32; FEATURES.len()] {
    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    let next = distance == 1;
    let far = !next;
    // how much the counts can be trusted: 0 for nothing, 1 for ten million words
    let size = ((words.total() + 1) as f32).log10() / 7.0;
    let broken = Broken::over(&tail.last, &head.first);
    let known = broken.as_ref().map_or(0, |broken| broken.known(words));
    let hyphen = is(tail.hyphen);
    let no_word = is(head.small && words.count(head.first_word) == 0);
    let fit = if tail.hyphen {
        0.0
    } else {
        fit.clamp(-4.0, 6.0)
    };
    let no_end = if tail.hyphen {
        0.0
    } else {
        -words.fit(tail.last_word, END, 0)
    };
    let no_beginning = -words.fit(
        START,
        head.first_word,
        head.counted.min(words.pair(START, head.first_word)),
    );
    let [before, last] = tail.last_classes;
    let [first, behind] = head.first_classes;
    let (grammar, of_three) = if tail.hyphen {
        (0.0, 0.0)
    } else {
        let fit =
            |first, second, third| words.class_fit(both(first, second), third).clamp(-3.0, 4.0);
        (
            words.class_fit(last, first).clamp(-4.0, 4.0),
            fit(before, last, first) + fit(last, first, behind),
        )
    };
    let shared = (1.0 + in_common(&tail.around_tail, &head.around_head)).ln();
    [
        1.0,
        size,
        is(next && head.between == Between::Nothing),
        is(next && head.between == Between::Captions),
        is(next && head.between == Between::Headline),
        is(far && distance > 0),
        if far {
            (distance.unsigned_abs().max(1) as f32).ln() + 0.1
        } else {
            0.0
        },
        is(head.small),
        is(next && head.small),
        hyphen,
        is(known > 0),
        ((1 + known) as f32).ln(),
        is(tail.hyphen && known == 0) * size,
        is(far && known > 0),
        no_word * (1.0 - hyphen) * size,
        no_word * hyphen,
        is(tail.ends_clause && head.small),
        fit,
        fit * size,
        is(far) * fit,
        is(!tail.hyphen && words.pair(tail.last_word, head.first_word) > 0),
        no_end,
        no_beginning,
        is(tail.opens > 0 && head.closes > 0),
        is((tail.opens > 0) != (head.closes > 0)),
        is(tail.tail_like_headline),
        is(head.head_like_headline),
        is(next) * trust,
        is(far) * trust,
        // what the other pairs of the page say: add_leads, add_neighbours
        0.0,
        0.0,
        0.0,
        shared,
        0.0,
        is(far) * shared,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        grammar,
        grammar * size,
        of_three,
        of_three * size,
        0.0,
        0.0,
        0.0,
        0.0,
    ]
}

/// How far the page is in reading order: whether open tails stand before small heads.
fn trust(halves: &[Half]) -> f32 {
    let (mut fits, mut tails) = (0.0, 0.0);
    for two in halves
        .windows(2)
        .filter(|two| two[0].is_tail && !two[0].tail_like_headline)
    {
        tails += 1.0;
        fits += if two[1].is_head && two[1].small {
            1.0
        } else {
            -1.0
        };
    }
    fits / (tails + 2.0)
}

/// By how much each pair leads over the next best for its tail, and for its head; and whether another head completes the
/// broken word.
fn add_leads(pairs: &mut [Pair], fits: &[f32]) {
    /// Best and second best.
    fn best_two(fits: impl Iterator<Item = (usize, f32)>) -> HashMap<usize, (f32, f32)> {
        let mut best: HashMap<usize, (f32, f32)> = HashMap::new();
        for (half, fit) in fits {
            let two = best
                .entry(half)
                .or_insert((f32::NEG_INFINITY, f32::NEG_INFINITY));
            *two = if fit > two.0 {
                (fit, two.0)
            } else {
                (two.0, two.1.max(fit))
            };
        }
        best
    }
    let by_tail = best_two(pairs.iter().zip(fits).map(|(p, fit)| (p.tail, *fit)));
    let by_head = best_two(pairs.iter().zip(fits).map(|(p, fit)| (p.head, *fit)));
    let mut completed: HashMap<usize, u32> = HashMap::new();
    for pair in pairs
        .iter()
        .filter(|p| p.features[HYPHEN] > 0.0 && p.features[KNOWN] > 0.0)
    {
        *completed.entry(pair.tail).or_default() += 1;
    }
    let mut most: HashMap<usize, f32> = HashMap::new();
    for pair in pairs.iter() {
        let most = most.entry(pair.tail).or_default();
        *most = most.max(pair.features[SHARED]);
    }
    for (pair, fit) in pairs.iter_mut().zip(fits) {
        pair.features[SHARED + 1] = pair.features[SHARED] - most[&pair.tail];
        let lead = |(first, second): (f32, f32)| {
            (fit - if *fit == first { second } else { first }).clamp(-FAR_AHEAD, FAR_AHEAD)
        };
        pair.features[LEADS] = lead(by_tail[&pair.tail]);
        pair.features[LEADS + 1] = lead(by_head[&pair.head]);
        let others = completed.get(&pair.tail).copied().unwrap_or(0)
            - (pair.features[HYPHEN] * pair.features[KNOWN]) as u32;
        pair.features[ELSEWHERE] = f32::from(u8::from(others > 0 && pair.features[KNOWN] == 0.0));
    }
}

/// Tells each pair how likely the first look finds those that run beside it, from the tail before to the head before and
/// from the tail behind to the head behind: columns that were read out of order keep an order among themselves.
pub fn add_neighbours(pairs: &mut [Pair], first_weights: &[f32; FEATURES.len()]) {
    /// Pairs on either side that run alongside.
    const ALONG: usize = 5;
    const MOST: f32 = 3.0;
    let first: HashMap<(usize, usize), f32> = pairs
        .iter()
        .map(|p| ((p.tail, p.head), probability(&p.features, first_weights)))
        .collect();
    let sorted = |of: fn(&Pair) -> usize| {
        let mut places: Vec<usize> = pairs.iter().map(of).collect();
        places.sort_unstable();
        places.dedup();
        places
    };
    let (tails, heads) = (sorted(|p| p.tail), sorted(|p| p.head));
    let mut best: HashMap<(bool, usize), [f32; 2]> = HashMap::new();
    for ((tail, head), probability) in &first {
        for half in [(false, *tail), (true, *head)] {
            let two = best.entry(half).or_default();
            *two = if *probability > two[0] {
                [*probability, two[0]]
            } else {
                [two[0], two[1].max(*probability)]
            };
        }
    }
    // how the first look finds the page's neighbours, and the best of the others for each tail
    let next = |p: &&mut Pair| p.features[FAR] == 0.0;
    let sure = |p: &Pair| (probability(&p.features, first_weights), p.tail);
    let neighbours: Vec<f32> = pairs.iter_mut().filter(next).map(|p| sure(p).0).collect();
    let mut far: HashMap<usize, f32> = HashMap::new();
    for (probability, tail) in pairs.iter().filter(|p| p.features[FAR] > 0.0).map(sure) {
        let best = far.entry(tail).or_default();
        *best = best.max(probability);
    }
    let (near_sum, near_count): (f32, f32) = (neighbours.iter().sum(), neighbours.len() as f32);
    let far_sum: f32 = far.values().sum();
    // for and against, in natural logarithms, as if each pair spoke for itself
    let says = |probability: f32| logit(probability).clamp(-MOST, MOST);
    let all_say: f32 = neighbours.iter().map(|p| says(*p)).sum();
    for pair in pairs {
        let own = first[&(pair.tail, pair.head)];
        let is_far = pair.features[FAR] > 0.0;
        let others = if is_far {
            near_sum / (near_count + 1.0)
        } else {
            (near_sum - own) / near_count.max(1.0)
        };
        pair.features[READS + usize::from(is_far)] = others;
        if is_far {
            pair.features[READS + 2] = (far_sum - far[&pair.tail]) / (far.len() as f32).max(1.0);
        }
        let (tail, head) = (
            tails.partition_point(|t| *t < pair.tail),
            heads.partition_point(|h| *h < pair.head),
        );
        let beside = |tail: Option<usize>, head: Option<usize>| {
            let place = (tails.get(tail?)?, heads.get(head?)?);
            first.get(&(*place.0, *place.1)).copied()
        };
        let before = beside(tail.checked_sub(1), head.checked_sub(1)).unwrap_or(0.0);
        let behind = beside(Some(tail + 1), Some(head + 1)).unwrap_or(0.0);
        let alike = before + behind;
        let own_says = if is_far { 0.0 } else { says(own) };
        pair.features[FITS + usize::from(is_far)] = ((all_say - own_says) / 4.0).clamp(-3.0, 3.0);
        let alongside = (1..=ALONG).flat_map(|n| {
            [
                beside(tail.checked_sub(n), head.checked_sub(n)),
                beside(Some(tail + n), Some(head + n)),
            ]
        });
        let sum: f32 = alongside.flatten().map(says).sum();
        pair.features[FITS + 2 + usize::from(is_far)] = (sum / 4.0).clamp(-3.0, 3.0);
        pair.features[ALIKE] = alike;
        pair.features[ALIKE + 1] = if pair.features[FAR] > 0.0 { alike } else { 0.0 };
        let own = first[&(pair.tail, pair.head)];
        let others = [(false, pair.tail), (true, pair.head)].map(|half| {
            let [best, second] = best[&half];
            if own == best { second } else { best }
        });
        pair.features[ALIKE + 2] = own - others[0].max(others[1]);
    }
}

/// Short, without a clause mark, and begins with a capital.
fn is_like_headline(text: &str) -> bool {
    text.chars().nth(HEADLINE).is_none() && !text.contains([',', ';']) && !text.ends_with(is_hyphen)
}

/// Whether most of its longer words are written with capitals, as in headlines and bylines.
fn is_in_capitals(text: &str) -> bool {
    let long = || {
        text.split_whitespace()
            .filter(|w| w.chars().filter(|c| is_latin(*c)).count() > 3)
    };
    let capitals = long().filter(|w| {
        w.trim_start_matches(|c| is_opener(c) || c == '"')
            .starts_with(char::is_uppercase)
    });
    let (capitals, long) = (capitals.count(), long().count());
    long > 0 && capitals * 10 >= long * 8
}

/// Quotation marks and brackets that a text leaves open at its end, and those it closes without having opened them.
fn open_quotes(text: &str) -> (i32, i32) {
    let (mut opens, mut closes) = (0, 0);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let opening = match c {
            '“' | '(' | '[' => Some(true),
            '”' | ')' | ']' => Some(false),
            '"' if !before.is_alphanumeric()
                && !is_closer(before)
                && next.is_alphanumeric()
                && !before.is_ascii_punctuation() =>
            {
                Some(true)
            }
            '"' if !next.is_alphanumeric() => Some(false),
            _ => None,
        };
        match opening {
            Some(true) => opens += 1,
            Some(false) if opens > 0 => opens -= 1,
            Some(false) => closes += 1,
            None => {}
        }
        before = c;
    }
    (opens, closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_stand_where_they_are_said_to() {
        let names = [
            FAR,
            SMALL_NEXT,
            HYPHEN,
            KNOWN,
            NO_END,
            NO_BEGINNING,
            LEADS,
            ELSEWHERE,
            SHARED,
            ALIKE,
            READS,
            FITS,
        ]
        .map(|at| FEATURES[at]);
        let said = [
            "distance",
            "next and small head",
            "hyphen",
            "hyphen and a known word",
            "tail is no end",
            "head is no beginning",
            "lead over other heads",
            "hyphen that another head completes",
            "words in common",
            "neighbours run alike",
            "page reads on, next",
            "page's neighbours fit, next",
        ];
        assert_eq!(names, said);
    }

    #[test]
    fn a_seam_is_latin_by_its_letters() {
        assert!(is_seam("tied up at the \"north", "(quay) and on"));
        assert!(!is_seam("灯塔 the", "灯塔"));
        assert!(!is_seam("比去年同期多了13.", "7%"));
    }

    #[test]
    fn quotes_are_counted_straight_and_curly() {
        assert_eq!(open_quotes("he said, \"the boat"), (1, 0));
        assert_eq!(open_quotes("has gone,\" and (then)"), (0, 1));
        assert_eq!(open_quotes("“a” \"b\" (c"), (1, 0));
    }
}
