//! Whether two texts of a page are about the same things: the cosine of their bigrams; the fewer texts of the page have
//! a bigram, the more it weighs (tf-idf, Salton 1975).

use crate::lexicon::{Symbol, symbols};
use crate::text::chars::is_han;
use crate::text::hash::Mixed;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

/// Texts on a half's own side, the half among them, that count as its article; chosen by eye.
const NEIGHBOURS: usize = 3;

/// The topics of the texts of a page; nothing for a page without open ends.
#[derive(Default)]
pub(super) struct Topics {
    texts: Vec<Terms>,
    /// The texts that come right after a headline.
    begins: Vec<bool>,
    /// For each text, the bigrams of it and of those before it, and of it and those after it, up to a headline;
    /// computed when needed.
    before: Vec<OnceCell<Terms>>,
    after: Vec<OnceCell<Terms>>,
}

/// Bigrams with their weights, rising.
#[derive(Default)]
struct Terms {
    weights: Vec<(u64, f32)>,
    norm: f32,
}

impl Topics {
    /// From texts in order, each with whether a headline comes right before it.
    pub(super) fn of<'a>(texts: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let (texts, begins): (Vec<Vec<u64>>, Vec<bool>) =
            texts.map(|(text, begins)| (bigrams(text), begins)).unzip();
        let mut texts_with: HashMap<u64, u32, BuildHasherDefault<Mixed>> = HashMap::default();
        for bigram in texts.iter().flatten() {
            *texts_with.entry(*bigram).or_default() += 1;
        }
        let weight = |bigram: &u64| {
            let with = texts_with[bigram];
            (with > 1).then(|| (*bigram, (texts.len() as f32 / with as f32).ln()))
        };
        let terms = |own: &Vec<u64>| Terms::of(own.iter().filter_map(weight).collect());
        let texts: Vec<Terms> = texts.iter().map(terms).collect();
        let cells = || texts.iter().map(|_| OnceCell::new()).collect();
        Topics {
            before: cells(),
            after: cells(),
            begins,
            texts,
        }
    }

    /// How alike the text leading up to one text's end is to the text following another's beginning, from 0 to 1.
    pub(super) fn likeness(&self, tail: usize, head: usize) -> f32 {
        if tail.max(head) >= self.texts.len() {
            return 0.0;
        }
        let (left, right) = (self.up_to(tail), self.down_from(head));
        if left.end > right.start && right.end > left.start {
            return self.of_two(tail, head);
        }
        let before = self.before[tail].get_or_init(|| self.together(left));
        before.cosine(self.after[head].get_or_init(|| self.together(right)))
    }

    fn up_to(&self, text: usize) -> Range<usize> {
        let farthest = text.saturating_sub(NEIGHBOURS - 1);
        (farthest..=text)
            .rev()
            .find(|t| self.begins[*t])
            .unwrap_or(farthest)..text + 1
    }

    fn down_from(&self, text: usize) -> Range<usize> {
        let farthest = self.texts.len().min(text + NEIGHBOURS);
        text..(text + 1..farthest)
            .find(|t| self.begins[*t])
            .unwrap_or(farthest)
    }

    fn together(&self, texts: Range<usize>) -> Terms {
        Terms::of(
            self.texts[texts]
                .iter()
                .flat_map(|text| text.weights.iter().copied())
                .collect(),
        )
    }

    /// How alike two texts are by themselves.
    pub(super) fn of_two(&self, text: usize, other: usize) -> f32 {
        self.texts
            .get(text)
            .zip(self.texts.get(other))
            .map_or(0.0, |(text, other)| text.cosine(other))
    }
}

impl Terms {
    fn of(mut weights: Vec<(u64, f32)>) -> Self {
        weights.sort_unstable_by_key(|(bigram, _)| *bigram);
        weights.dedup_by_key(|(bigram, _)| *bigram);
        let norm = weights
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f32>()
            .sqrt();
        Terms { weights, norm }
    }

    fn cosine(&self, other: &Terms) -> f32 {
        let mut others = other.weights.iter().peekable();
        let mut shared = 0.0;
        for (bigram, weight) in &self.weights {
            while others.next_if(|(other, _)| other < bigram).is_some() {}
            shared += others
                .next_if(|(other, _)| other == bigram)
                .map_or(0.0, |(_, other)| weight * other);
        }
        shared / (self.norm * other.norm).max(f32::MIN_POSITIVE)
    }
}

/// The bigrams of letters of a text, each once, rising.
fn bigrams(text: &str) -> Vec<u64> {
    let is_letter = |symbol: &Symbol| {
        char::from_u32((*symbol).into()).is_some_and(|c| is_han(c) || c.is_alphabetic())
    };
    let text: Vec<Symbol> = symbols(text.chars()).collect();
    let letters = text.windows(2).filter(|two| two.iter().all(is_letter));
    let mut bigrams: Vec<u64> = letters
        .map(|two| u64::from(two[0]) << 16 | u64::from(two[1]))
        .collect();
    bigrams.sort_unstable();
    bigrams.dedup();
    bigrams
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_article_are_alike() {
        let texts = [
            ("渡轮公司昨天宣布，夜航线路恢复开放。", true),
            ("夜航的渡轮每二十分钟一班，线路不变。", false),
            ("图书馆的借书柜台搬到了二楼。", true),
            ("读者说，借书柜台离阅览室更近了，图书馆也安静。", false),
        ];
        let topics = Topics::of(texts.into_iter());
        assert!(topics.likeness(0, 1) > 0.2, "{}", topics.likeness(0, 1));
        assert!(topics.likeness(0, 1) > topics.likeness(0, 3) + 0.2);
        assert!(topics.likeness(2, 3) > topics.likeness(1, 2) + 0.2);
    }
}
