//! How well a tail and a head fit in Han script, by the lexicon, open quotation marks, topics and the page. Scripts
//! that are neither Han nor Latin are judged in the same way.

mod halves;

use super::assign::assign;
use super::judge::{Between, Half, Lead, Looks, Pair, Seams, leads};
use super::junction::Junction;
use super::latin::script::is_seam;
use super::topic::Topics;
use crate::lexicon::Lexicon;
use crate::logistic::{Logistic, features, logit};
use crate::page::Page;
use crate::text::chinese::word_across;
use crate::text::script::{Letters, Script};
use crate::text::sentence::{is_closer, is_opener};
use halves::{Own, log_probabilities};
use std::collections::HashMap;
use std::sync::LazyLock;

features! {
    /// The features of a pair. *next* means that the head follows its tail directly, *far* any other pair.
    pub struct Features {
        one,
        /// How far the counts of the run can be trusted: 0 for not at all, 1 for ten million symbols.
        size,
        adjacent,
        across_captions,
        across_headline,
        far_ahead,
        /// The natural logarithm of the distance of a far head in texts.
        distance,
        quotes_close,
        quotes_clash,
        tail_like_headline,
        headline_no_beginning,
        headline_no_end,
        headline_of_next,
        tail_before_byline,
        head_like_headline,
        head_under_headline,
        fit,
        known_after_others,
        no_end,
        no_beginning,
        next_after_clause,
        number_across,
        /// How surely the seam divides a word, and the same for far heads.
        word_across,
        word_across_far,
        fit_over_heads,
        fit_over_tails,
        likeness,
        likeness_far,
        likeness_lead,
        likeness_lead_far,
        open_text_before,
        // from here on, features of the second look
        best_other_head,
        best_other_tail,
        in_order_next,
        in_order_far,
        in_column_order,
        tail_taken,
        head_taken,
        runs_meet,
    }
}

/// Fitted by `make weights` on pages of broadcast news broken on purpose, never on pages that are measured.
static LOOKS: LazyLock<Looks<Features>> = LazyLock::new(|| Looks {
    first: Logistic::shipped(include_str!("../../../data/weights/seams-han-first.tsv")),
    second: Logistic::shipped(include_str!("../../../data/weights/seams-han.tsv")),
});

impl Features {
    fn is_far(&self) -> bool {
        self.adjacent == 0.0 && self.across_captions == 0.0 && self.across_headline == 0.0
    }
}

/// The texts of a page, and what the lexicon says of their seams.
pub struct HanSeams<'l> {
    halves: Vec<Half<Own>>,
    topics: Topics,
    lexicon: &'l Lexicon,
    size: f32,
}

impl<'l> HanSeams<'l> {
    pub fn of(page: &Page, lexicon: &'l Lexicon) -> Self {
        let halves = halves::halves(page, lexicon);
        let topics = if halves.iter().any(|half| half.is_tail) {
            halves::topics(page, &halves)
        } else {
            Topics::default()
        };
        HanSeams {
            halves,
            topics,
            lexicon,
            size: ((lexicon.symbols() + 1) as f32).log10() / 7.0,
        }
    }

    /// The blocks that end in the middle of a sentence, judging by their last characters.
    pub fn tails(&self) -> impl Iterator<Item = usize> {
        let tails = self.halves.iter().filter(|h| h.is_tail && !h.like_headline);
        tails.map(|half| half.last_block)
    }

    /// The features of a pair alone.
    fn features(&self, at: usize, other: usize, fit: f32) -> Features {
        /// A larger logarithm says no more; chosen by eye.
        const SURE_WORD: f32 = 10.0;
        let (tail, head) = (&self.halves[at], &self.halves[other]);
        let next = other == at + 1;
        let next_across = |between| f32::from(next && head.before == between);
        let if_far = |value: f32| if next { 0.0 } else { value };
        let if_headline = |value: f32| if tail.like_headline { value } else { 0.0 };
        let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '%' | '％');
        let number_across =
            tail.last.ends_with(is_of_number) && head.first.starts_with(is_of_number);
        let likeness = self.topics.likeness(at, other);
        let word_across = word_across(&tail.last, &head.first).min(SURE_WORD);
        Features {
            one: 1.0,
            size: self.size,
            adjacent: next_across(Between::Nothing),
            across_captions: next_across(Between::Captions),
            across_headline: next_across(Between::Headline),
            far_ahead: f32::from(other > at + 1),
            distance: if_far((other.abs_diff(at) as f32).ln()),
            quotes_close: f32::from(tail.marks.are_closed_by(head.marks)),
            quotes_clash: f32::from(tail.marks.clash_with(head.marks)),
            tail_like_headline: f32::from(tail.like_headline),
            headline_no_beginning: if_headline(tail.own.no_beginning.clamp(-6.0, 6.0)),
            headline_no_end: tail.own.no_headline,
            headline_of_next: if_headline(self.topics.of_two(at, at + 1)),
            tail_before_byline: f32::from(tail.own.over_byline),
            head_like_headline: f32::from(head.like_headline),
            head_under_headline: f32::from(head.own.under_headline),
            fit,
            known_after_others: known_after_others(tail, head, self.lexicon),
            no_end: tail.own.no_end,
            no_beginning: head.own.no_beginning,
            next_after_clause: f32::from(next && tail.ends_clause),
            number_across: f32::from(number_across),
            word_across,
            word_across_far: if_far(word_across),
            likeness,
            likeness_far: if_far(likeness),
            open_text_before: f32::from(!next && other > 0 && self.halves[other - 1].is_tail),
            ..Features::default()
        }
    }
}

impl Seams for HanSeams<'_> {
    type Own = Own;
    type Features = Features;
    const REACH: usize = 100;

    fn halves(&self) -> &[Half<Own>] {
        &self.halves
    }

    fn pair(&self, at: usize, other: usize) -> Option<Pair<Features>> {
        /// A far pair is considered if its head is not much less likely here than at a beginning: below this lie one in
        /// fifty of the true pairs and two thirds of the others (600 pages broken on purpose).
        const LEAST_FIT: f32 = -2.0;
        let (tail, head) = (&self.halves[at], &self.halves[other]);
        let next = other == at + 1;
        if is_seam(&tail.last, &head.first) || !may_meet(tail, head, next) {
            return None;
        }
        // the items of a list are complete: the seam itself says nothing
        if !next && tail.last.ends_with(is_closer) && head.first.starts_with(is_opener) {
            return None;
        }
        let fit = fit(tail, head, self.lexicon);
        let closes = tail.marks.are_closed_by(head.marks);
        if !next && !closes && fit + head.own.no_beginning <= LEAST_FIT {
            return None;
        }
        Some(Pair {
            tail: tail.last_block,
            head: head.first_block,
            features: self.features(at, other, fit),
            fit: fit + tail.own.no_end + head.own.no_beginning,
        })
    }

    fn compare(pairs: &mut [Pair<Features>], by_fit: &[Lead]) {
        /// A larger lead says no more; chosen by eye.
        const FAR_AHEAD: f32 = 4.0;
        let likeness: Vec<f32> = pairs.iter().map(|pair| pair.features.likeness).collect();
        let by_likeness = leads(pairs, &likeness);
        for ((pair, fit), likeness) in pairs.iter_mut().zip(by_fit).zip(by_likeness) {
            let features = &mut pair.features;
            features.fit_over_heads = fit.over_heads.clamp(-FAR_AHEAD, FAR_AHEAD);
            features.fit_over_tails = fit.over_tails.clamp(-FAR_AHEAD, FAR_AHEAD);
            if likeness.over_heads.is_finite() {
                features.likeness_lead = likeness.over_heads;
            }
            if features.is_far() {
                features.likeness_lead_far = features.likeness_lead;
            }
        }
    }

    fn look_again(pairs: &mut [Pair<Features>], first: &[f32]) {
        let logits: Vec<f32> = first.iter().map(|first| logit(*first)).collect();
        let sure = Sure::of(pairs, first);
        let trust = sure.trust();
        let others = best_others(pairs, &logits);
        for (pair, (best_other_head, best_other_tail)) in pairs.iter_mut().zip(others) {
            let is_far = pair.features.is_far();
            let (tail, head) = (pair.tail, pair.head);
            pair.features = Features {
                best_other_head,
                best_other_tail,
                tail_taken: f32::from(sure.head_of.get(&tail).is_some_and(|other| *other != head)),
                head_taken: f32::from(sure.tail_of.get(&head).is_some_and(|other| *other != tail)),
                ..pair.features
            };
            if is_far {
                pair.features.in_order_far = trust;
                pair.features.in_column_order = keeps_order(&sure.far, tail, head);
                pair.features.runs_meet = sure.runs_meet(tail, head);
            } else {
                pair.features.in_order_next = trust;
            }
        }
    }

    fn shipped() -> &'static Looks<Features> {
        &LOOKS
    }
}

/// Whether a tail and a head may be halves at all. The weights were fitted on Chinese. In other scripts only texts that
/// follow each other meet, with no headline between them, and where there are capitals the second begins without one.
fn may_meet(tail: &Half<Own>, head: &Half<Own>, next: bool) -> bool {
    let mut letters = Letters::of(&tail.last);
    letters.add(&Letters::of(&head.first));
    let script = letters.script();
    if matches!(script, Script::Han | Script::Common) {
        return true;
    }
    next && head.before != Between::Headline
        && !(script.has_capitals() && head.first.starts_with(char::is_uppercase))
}

/// How much likelier the head is after this tail than with nothing before it: the pointwise mutual information.
fn fit(tail: &Half<Own>, head: &Half<Own>, lexicon: &Lexicon) -> f32 {
    let after_tail = log_probabilities(&tail.own.tail, &head.own.head, lexicon);
    let differences = after_tail.iter().zip(&head.own.by_itself);
    differences
        .map(|(after, by_itself)| after - by_itself)
        .sum()
}

/// How far the lexicon knows this head as one that occurs often and always after others: 0 for most heads.
fn known_after_others(tail: &Half<Own>, head: &Half<Own>, lexicon: &Lexicon) -> f32 {
    /// One in a hundred of the true pairs is below it, and a third of the false neighbours.
    const SELDOM: f32 = -3.0;
    tail.own.tail.last().map_or(0.0, |last| {
        (SELDOM - lexicon.log_lift_before(*last, &head.own.head)).max(0.0)
    })
}

/// For each pair the logits of the best other head of its tail, and of the best other tail of its head.
fn best_others(pairs: &[Pair<Features>], logits: &[f32]) -> Vec<(f32, f32)> {
    /// Larger logits say no more; chosen by eye.
    const MOST: f32 = 4.0;
    /// The usual value for the best of the others, used where there are none: a page of two halves says little.
    const NONE: f32 = -2.0;
    let other = |logit: f32, lead: f32| match lead.is_finite() {
        true => (logit - lead).clamp(-MOST, MOST),
        false => NONE,
    };
    let others = logits.iter().zip(leads(pairs, logits));
    others
        .map(|(logit, lead)| {
            (
                other(*logit, lead.over_heads),
                other(*logit, lead.over_tails),
            )
        })
        .collect()
}

/// The junctions that are certain after the first look.
struct Sure {
    head_of: HashMap<usize, usize>,
    tail_of: HashMap<usize, usize>,
    /// The far ones, in the order of the pairs.
    far: Vec<(usize, usize)>,
}

impl Sure {
    fn of(pairs: &[Pair<Features>], first: &[f32]) -> Self {
        /// A higher probability counts as certain; chosen by eye.
        const LEAST: f32 = 0.8;
        let junctions = pairs.iter().zip(first).map(|(pair, probability)| Junction {
            tail: pair.tail,
            head: pair.head,
            probability: *probability,
        });
        let sure = assign(junctions.collect(), LEAST);
        let head_of: HashMap<usize, usize> = sure.iter().map(|j| (j.tail, j.head)).collect();
        let far = pairs
            .iter()
            .filter(|pair| pair.features.is_far() && head_of.get(&pair.tail) == Some(&pair.head))
            .map(|pair| (pair.tail, pair.head))
            .collect();
        Sure {
            tail_of: sure.iter().map(|j| (j.head, j.tail)).collect(),
            head_of,
            far,
        }
    }

    /// How far the page is in reading order, from −1 to 1: whether certain junctions are between neighbours.
    fn trust(&self) -> f32 {
        let far = self.far.len() as f32;
        let near = self.head_of.len() as f32 - far;
        (near - far) / (near + far + 2.0)
    }

    /// Whether a far junction leaves where a run of text ends and arrives where one begins: 0 to 2.
    fn runs_meet(&self, tail: usize, head: usize) -> f32 {
        f32::from(head > 0 && self.head_of.contains_key(&(head - 1)))
            + f32::from(self.tail_of.contains_key(&(tail + 1)))
    }
}

/// Whether a far pair agrees with the certain far ones of its direction, as columns do that were read one after the
/// other: the earlier tail has the earlier head. From −1 to 1.
fn keeps_order(sure: &[(usize, usize)], tail: usize, head: usize) -> f32 {
    let others = sure
        .iter()
        .filter(|(t, h)| (h > t) == (head > tail) && (*t, *h) != (tail, head));
    let (mut kept, mut all) = (0, 0);
    for (other_tail, other_head) in others {
        all += 1;
        kept += i32::from(
            (*other_tail < tail) == (*other_head < head)
                && *other_tail != tail
                && *other_head != head,
        );
    }
    (2 * kept - all) as f32 / (all + 1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_read_one_after_the_other_keep_their_order() {
        let sure = [(2, 12), (5, 15), (14, 4)];
        assert!(keeps_order(&sure, 8, 18) > 0.5);
        assert!(keeps_order(&sure, 8, 13) < 0.1);
        assert_eq!(keeps_order(&[], 8, 18), 0.0);
    }

    #[test]
    fn the_models_that_ship_can_be_read() {
        assert_eq!(LOOKS.first.weights.runs_meet, 0.0);
        assert!(LOOKS.second.weights.adjacent > 0.0);
    }
}
