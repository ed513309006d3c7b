//! A line of a page, made of words that stand at places.

use super::place::Rect;
use crate::text::width::{is_set_full_width, needs_space};

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

impl Line {
    /// A line of words, each with the gap before it and its place.
    pub(crate) fn of_words<'w>(
        words: impl Iterator<Item = (&'w str, Gap, Option<Rect>)> + Clone,
    ) -> Self {
        let full_width = is_set_full_width(words.clone().map(|(word, ..)| word));
        let mut line = Line::default();
        for (word, gap, place) in words {
            line.add(word, gap, place, full_width);
        }
        line
    }

    /// Adds a word to a line that is set full width or not.
    pub(crate) fn add(&mut self, word: &str, gap: Gap, place: Option<Rect>, full_width: bool) {
        let is_spaced = match gap {
            Gap::None => false,
            Gap::Space => needs_space(&self.text, word, full_width),
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
