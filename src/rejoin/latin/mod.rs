//! How well a tail and a head of Latin script fit, by the words of the run, a word across the seam, open quotation
//! marks and the page.

mod columns;
mod features;
mod halves;
pub(super) mod script;

use super::hyphen::Broken;
use super::judge::{Between, Half, Lead, Looks, Pair, Seams};
use super::junction::Junction;
use super::lines::Lines;
use super::options::Boldness;
use crate::lexicon::words::{END, START, Words, both};
use crate::logistic::{Logistic, logistic, logit};
use crate::page::{Block, Kind, Page};
use crate::text::latin::ends_in_hyphen;
use crate::text::sentence::ends_sentence;
pub(crate) use features::Features;
use halves::{Own, in_common};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Fitted by `make weights-english FROM=bln600.jsonl` on newspapers of the nineteenth century, broken on purpose. On
/// 234 pages of other newspapers (`FLAGS="--test overproof.jsonl --beside bln600.jsonl"`; seed 1), in a run of half a
/// million words, with one threshold of .40: precision .960 and recall .417 (read in order: .979 and .637); on each
/// page alone .905 and .319.
static LOOKS: LazyLock<Looks<Features>> = LazyLock::new(|| Looks {
    first: Logistic::shipped(include_str!("../../../data/weights/seams-latin-first.tsv")),
    second: Logistic::shipped(include_str!("../../../data/weights/seams-latin.tsv")),
});

/// A larger lead says no more; a pair without a rival leads by this much. Chosen by eye.
const FAR_AHEAD: f32 = 6.0;

/// The paragraphs of Latin script on a page, and what the words of the run say of their seams.
pub struct LatinSeams<'w> {
    halves: Vec<Half<Own>>,
    words: &'w Words,
    size: f32,
    /// How far the page is in reading order, from −1 to 1.
    trust: f32,
}

impl<'w> LatinSeams<'w> {
    pub fn of(page: &Page, lines: &Lines, words: &'w Words) -> Self {
        let halves = halves::halves(page, lines, words);
        LatinSeams {
            trust: trust(&halves),
            size: ((words.total() + 1) as f32).log10() / 7.0,
            halves,
            words,
        }
    }

    /// Adds where the two are, and what they look like there.
    fn add_places(&self, features: &mut Features, at: usize, other: usize) {
        let (tail, head) = (&self.halves[at], &self.halves[other]);
        let next = other == at + 1;
        let next_across = |between| f32::from(next && head.before == between);
        *features = Features {
            one: 1.0,
            size: self.size,
            adjacent: next_across(Between::Nothing),
            across_captions: next_across(Between::Captions),
            across_headline: next_across(Between::Headline),
            far_ahead: f32::from(other > at + 1),
            small_head: f32::from(head.own.small),
            small_head_next: f32::from(next && head.own.small),
            after_clause: f32::from(tail.ends_clause && head.own.small),
            quotes_close: f32::from(tail.marks.are_closed_by(head.marks)),
            quotes_clash: f32::from(tail.marks.clash_with(head.marks)),
            tail_like_headline: f32::from(tail.like_headline),
            head_like_headline: f32::from(head.like_headline),
            ..*features
        };
        if next {
            features.in_order_next = self.trust;
        } else {
            features.distance = (other.abs_diff(at) as f32).ln() + 0.1;
            features.in_order_far = self.trust;
        }
    }

    /// Adds what the word across the seam says, and whether the head begins with a word at all.
    fn add_broken_word(&self, features: &mut Features, at: usize, other: usize) {
        let (tail, head) = (&self.halves[at], &self.halves[other]);
        let broken = Broken::over(&tail.last, &head.first);
        let known = broken.map_or(0, |broken| broken.known(self.words));
        let hyphen = f32::from(tail.own.hyphen);
        let no_word = f32::from(head.own.small && self.words.count(head.own.first_word) == 0);
        *features = Features {
            hyphen,
            hyphen_known: f32::from(known > 0),
            hyphen_known_often: ((1 + known) as f32).ln(),
            hyphen_unknown_by_size: f32::from(tail.own.hyphen && known == 0) * self.size,
            hyphen_known_far: f32::from(other != at + 1 && known > 0),
            no_word_by_size: no_word * (1.0 - hyphen) * self.size,
            no_word_hyphen: no_word * hyphen,
            ..*features
        };
    }

    /// Adds what the words on both sides say: how well one follows the other, and what the two texts share. `fit` is
    /// that of the two words at the seam.
    fn add_words(&self, features: &mut Features, at: usize, other: usize, fit: f32) {
        let (tail, head) = (&self.halves[at].own, &self.halves[other].own);
        let words = self.words;
        let far = f32::from(other != at + 1);
        let counted = head.counted.min(words.pair(START, head.first_word));
        features.no_beginning = -words.fit(START, head.first_word, counted);
        if !tail.hyphen {
            let fit = fit.clamp(-4.0, 6.0);
            features.fit = fit;
            features.fit_by_size = fit * self.size;
            features.fit_far = far * fit;
            features.no_end = -words.fit(tail.last_word, END, 0);
            let together = words.pair(tail.last_word, head.first_word);
            features.seen_together = f32::from(together > 0);
            self.add_grammar(features, tail, head);
        }
        let shared = (1.0 + in_common(&tail.around_tail, &head.around_head)).ln();
        features.shared_words = shared;
        features.shared_words_far = far * shared;
    }

    /// Adds how well the classes of the words follow each other.
    fn add_grammar(&self, features: &mut Features, tail: &Own, head: &Own) {
        let words = self.words;
        let of_three = |first, second, third| {
            let fit = words.class_fit(both(first, second), third);
            fit.clamp(-3.0, 4.0)
        };
        let [before, last] = tail.last_classes;
        let [first, after] = head.first_classes;
        let grammar = words.class_fit(last, first).clamp(-4.0, 4.0);
        let grammar_of_three = of_three(before, last, first) + of_three(last, first, after);
        features.grammar = grammar;
        features.grammar_by_size = grammar * self.size;
        features.grammar_of_three = grammar_of_three;
        features.grammar_of_three_by_size = grammar_of_three * self.size;
    }
}

impl Seams for LatinSeams<'_> {
    type Own = Own;
    type Features = Features;
    const REACH: usize = 60;

    fn halves(&self) -> &[Half<Own>] {
        &self.halves
    }

    fn pair(&self, at: usize, other: usize) -> Option<Pair<Features>> {
        let (tail, head) = (&self.halves[at], &self.halves[other]);
        // a capital far away, or a headline and the paragraph under it
        if !head.own.small && (other != at + 1 || tail.like_headline) {
            return None;
        }
        let fit = self.words.fit(tail.own.last_word, head.own.first_word, 0);
        let mut features = Features::default();
        self.add_places(&mut features, at, other);
        self.add_broken_word(&mut features, at, other);
        self.add_words(&mut features, at, other, fit);
        let known = match tail.own.hyphen {
            true => features.hyphen_known * 6.0 - 2.0,
            false => fit,
        };
        Some(Pair {
            tail: tail.last_block,
            head: head.first_block,
            fit: known + features.no_end + features.no_beginning,
            features,
        })
    }

    fn compare(pairs: &mut [Pair<Features>], by_fit: &[Lead]) {
        let mut completing: HashMap<usize, u32> = HashMap::new();
        let mut most_shared: HashMap<usize, f32> = HashMap::new();
        for Pair { tail, features, .. } in pairs.iter() {
            *completing.entry(*tail).or_default() += u32::from(features.completes_word());
            let most = most_shared.entry(*tail).or_default();
            *most = most.max(features.shared_words);
        }
        for (Pair { tail, features, .. }, lead) in pairs.iter_mut().zip(by_fit) {
            features.fit_over_heads = lead.over_heads.clamp(-FAR_AHEAD, FAR_AHEAD);
            features.fit_over_tails = lead.over_tails.clamp(-FAR_AHEAD, FAR_AHEAD);
            features.shared_words_lead = features.shared_words - most_shared[tail];
            let elsewhere = completing[tail] > 0 && features.hyphen_known == 0.0;
            features.completed_elsewhere = f32::from(elsewhere);
        }
    }

    fn look_again(pairs: &mut [Pair<Features>], first: &[f32]) {
        columns::look_again(pairs, first);
    }

    fn shipped() -> &'static Looks<Features> {
        &LOOKS
    }

    /// The probability, lowered by doubt, most of all for halves that are far apart, so that 97 in 100 of the junctions
    /// made by default are right. Of the many pairs that the model gives .4, too few are right.
    fn probability(model: &Logistic<Features>, features: &Features) -> f32 {
        const DOUBT: f32 = 1.8;
        const DOUBT_FROM_AFAR: f32 = 3.6;
        /// The log odds of a probability of two in three; chosen by eye.
        const ALL_THERE_IS: f32 = 0.7;
        let is_far = features.is_far();
        // if no other half is left to continue with, nothing can be confused
        let is_alone = features.fit_over_heads.min(features.fit_over_tails) >= FAR_AHEAD;
        let doubt = match is_far {
            true => DOUBT_FROM_AFAR,
            false if is_alone => 0.0,
            false => DOUBT,
        };
        let odds = logit(model.probability(features)) - doubt;
        // nothing else on the page is open, and one continues where the other stops: the pages that the model was
        // fitted on are longer
        let is_all = is_alone && !is_far && features.reads_on_next == 0.0;
        logistic(match is_all && features.small_head_next > 0.0 {
            true => odds.max(ALL_THERE_IS),
            false => odds,
        })
    }
}

/// How far the page is in reading order: whether open tails come right before heads with a small letter.
fn trust(halves: &[Half<Own>]) -> f32 {
    let (mut fits, mut tails) = (0.0, 0.0);
    let open = halves
        .windows(2)
        .filter(|two| two[0].is_tail && !two[0].like_headline);
    for two in open {
        tails += 1.0;
        fits += if two[1].is_head && two[1].own.small {
            1.0
        } else {
            -1.0
        };
    }
    fits / (tails + 2.0)
}

/// The junctions that are likely enough. An article set line by line is full of ends, such as its headings, that a
/// distant sentence could follow: halves that are far apart must be as likely as in other scripts.
pub fn likely(page: &Page, mut junctions: Vec<Junction>, join: Boldness) -> Vec<Junction> {
    /// A reader leaves a line end inside a paragraph only where the words of the run must decide about the hyphen.
    const BROKEN_WORD: f32 = 0.95;
    for junction in junctions
        .iter_mut()
        .filter(|junction| is_broken_word(page, junction))
    {
        junction.probability = junction.probability.max(BROKEN_WORD);
    }
    junctions.retain(|junction| match is_next(page, junction) {
        true => junction.probability >= join.threshold_of_latin(),
        false => junction.probability >= join.threshold() && !begins_anew(page, junction),
    });
    junctions
}

/// Whether nothing stands between two halves but what the format of the page calls captions.
fn is_next(page: &Page, junction: &Junction) -> bool {
    let between = page.blocks.get(junction.tail + 1..junction.head);
    let is_caption = |block: &Block| matches!(block.kind, Kind::Caption | Kind::Credit);
    between.is_some_and(|between| {
        between.is_empty() || page.hints.layout.is_some() && between.iter().all(is_caption)
    })
}

/// Whether a line ends in a hyphen and the next one of the same paragraph begins with a small letter.
fn is_broken_word(page: &Page, junction: &Junction) -> bool {
    let text = |at: usize| page.reading(page.blocks[at].span.clone()).text;
    let is_next = junction.head == junction.tail + 1 && page.blocks[junction.head].gap == 0;
    is_next
        && ends_in_hyphen(&text(junction.tail))
        && text(junction.head).starts_with(char::is_lowercase)
}

/// Whether a capital shows that another paragraph begins with the head: after a heading in capitals, or after the end
/// of a sentence.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_that_ship_can_be_read() {
        assert_eq!(LOOKS.first.weights.alongside_fit_far, 0.0);
        assert!(LOOKS.second.weights.small_head > 0.0);
    }
}
