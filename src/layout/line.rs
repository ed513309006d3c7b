//! A line of a page, made of words that stand at places.

use super::measures::middle;
use super::place::Rect;
use crate::text::width::{are_unspaced, is_set_full_width, needs_space};

#[derive(Default, Clone)]
pub(crate) struct Line {
    pub id: String,
    pub text: String,
    pub place: Option<Rect>,
    /// Where the first part of a word that continues on the next line begins, as a byte of the text, and the whole word.
    pub broken: Option<(usize, String)>,
    /// The byte at which the second part of such a word ends.
    pub rest: usize,
    /// From left to right.
    pub gaps: Vec<WideGap>,
    /// The words whose places are known, in the order of the text.
    pub words: Vec<Word>,
}

/// A word of a line: the byte of the text at which it begins, and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Word {
    pub at: usize,
    pub place: Rect,
}

/// What stands between two words of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Gap {
    None,
    /// A space, as the format sees it; print has none there in Chinese and Japanese.
    Space,
    /// White that is wider than a letter, and where it begins and ends: what follows is another word in any script.
    Wide(f64, f64),
}

/// A wide gap in a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WideGap {
    /// The byte of the text at which the word after it begins.
    pub at: usize,
    pub left: f64,
    pub right: f64,
}

impl Gap {
    /// The gap between two words of a line, by their places and by whether the format sees a space there.
    pub(crate) fn between(
        left: Option<Rect>,
        right: Option<Rect>,
        line: Option<Rect>,
        is_spaced: bool,
    ) -> Self {
        /// In heights of the line. Letters of headlines stand apart, but rarely this far. Chosen by eye.
        const WIDE: f64 = 1.5;
        let wide = || {
            let ([before, _, width, _], [after, ..], [_, _, long, high]) = (left?, right?, line?);
            let is_wide = long > high && after - (before + width) > high * WIDE;
            is_wide.then_some(Gap::Wide(before + width, after))
        };
        if is_spaced {
            wide().unwrap_or(Gap::Space)
        } else {
            Gap::None
        }
    }
}

/// How the words of a line are set.
pub(crate) struct Spacing {
    is_full_width: bool,
    /// Whether its words are so long that they must be phrases, which Thai has spaces between.
    has_phrases: bool,
    /// White between two words, and how high these are; the middle of each.
    usual: Option<(f64, f64)>,
}

impl Spacing {
    /// That of words and their places.
    pub(crate) fn of<'w>(words: impl Iterator<Item = (&'w str, Option<Rect>)> + Clone) -> Self {
        /// Letters and the signs over them: words of Thai have four or five, phrases fifteen and more. Chosen by eye.
        const PHRASE: usize = 9;
        let texts = || words.clone().map(|(word, _)| word);
        let places: Option<Vec<Rect>> = words.clone().map(|(_, place)| place).collect();
        let usual = places.filter(|places| places.len() > 1).map(|places| {
            let whites = places.windows(2).map(|two| white(two[0], two[1]));
            let mut heights: Vec<f64> = places.iter().map(|place| place[3]).collect();
            (
                middle(&mut whites.collect::<Vec<f64>>()),
                middle(&mut heights),
            )
        });
        let letters: usize = texts().map(|word| word.chars().count()).sum();
        Spacing {
            is_full_width: is_set_full_width(texts()),
            has_phrases: letters >= texts().count() * PHRASE,
            usual,
        }
    }

    /// Whether a space between two words of a script that has none between words stands between phrases.
    fn is_between_phrases(&self, last: Option<Rect>, next: Option<Rect>) -> bool {
        // In heights of a word, and in white between words. Chosen by eye.
        const LEAST: f64 = 0.2;
        const WIDER: f64 = 2.0;
        let (Some(last), Some(next), Some((usual, height))) = (last, next, self.usual) else {
            return self.has_phrases;
        };
        let white = white(last, next);
        white > height * LEAST && (self.has_phrases || white > usual * WIDER)
    }
}

fn white(before: Rect, after: Rect) -> f64 {
    after[0] - (before[0] + before[2])
}

impl Line {
    /// A line of words, each with the gap before it and its place.
    pub(crate) fn of_words<'w>(
        words: impl Iterator<Item = (&'w str, Gap, Option<Rect>)> + Clone,
    ) -> Self {
        let spacing = Spacing::of(words.clone().map(|(word, _, place)| (word, place)));
        let mut line = Line::default();
        for (word, gap, place) in words {
            line.add(word, gap, place, &spacing);
        }
        line
    }

    /// Adds a word to a line of such spacing.
    pub(crate) fn add(&mut self, word: &str, gap: Gap, place: Option<Rect>, spacing: &Spacing) {
        let is_spaced = match gap {
            Gap::None => false,
            Gap::Space if are_unspaced(&self.text, word) => {
                let last = self.words.last().map(|word| word.place);
                spacing.is_between_phrases(last, place)
            }
            Gap::Space => needs_space(&self.text, word, spacing.is_full_width),
            Gap::Wide(..) => !self.text.is_empty(),
        };
        if is_spaced {
            self.text.push(' ');
        }
        if let Gap::Wide(left, right) = gap {
            self.gaps.push(WideGap {
                at: self.text.len(),
                left,
                right,
            });
        }
        let at = self.text.len();
        self.words.extend(place.map(|place| Word { at, place }));
        self.text.push_str(word);
    }

    /// Its height, or the width of a vertical one.
    pub(super) fn thickness(&self) -> Option<f64> {
        let [_, _, width, height] = self.place?;
        Some(if height > width && self.text.chars().nth(2).is_some() {
            width
        } else {
            height
        })
    }

    pub(crate) fn put_before(&mut self, text: &str) {
        self.text.insert_str(0, text);
        self.words.iter_mut().for_each(|word| word.at += text.len());
        self.rest += if self.rest > 0 { text.len() } else { 0 };
        if let Some((start, _)) = &mut self.broken {
            *start += text.len();
        }
    }
}
