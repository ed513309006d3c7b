//! What each paragraph of Latin script shows at its two ends: whether it could be half of a sentence, and its words
//! there.

use super::script::{begins_latin, ends_latin};
use crate::lexicon::words::{Word, Words, class, word};
use crate::page::{Block, Kind, Page};
use crate::rejoin::judge::{Between, Half, OpenMarks};
use crate::rejoin::lines::Lines;
use crate::rejoin::may_be_half;
use crate::text::latin::{ends_in_hyphen, first_word, is_hyphen, is_latin, last_word};
use crate::text::lines::is_item;
use crate::text::sentence::{ends_sentence, is_clause_mark, is_closer, is_opener};
use std::borrow::Cow;

/// The features of a half in Latin script.
pub struct Own {
    pub last_word: Word,
    pub first_word: Word,
    /// The classes of the last two words, and of the first two.
    pub last_classes: [Word; 2],
    pub first_classes: [Word; 2],
    /// How often its beginning was counted as the beginning of a sentence; these counts are left out.
    pub counted: u32,
    /// It begins with a small letter.
    pub small: bool,
    pub hyphen: bool,
    /// The longer words of the column before its end, and after its beginning.
    pub around_tail: RareWords,
    pub around_head: RareWords,
}

/// Longer words, sorted by hash, each with how much rarer it is in the run than common words.
pub(super) type RareWords = Vec<(Word, f32)>;

/// The paragraphs of Latin script, in the order of the page.
pub(super) fn halves(page: &Page, lines: &Lines, words: &Words) -> Vec<Half<Own>> {
    let mut halves: Vec<Half<Own>> = Vec::new();
    // nearly all pages in other scripts return here
    if !may_hold_halves(page) {
        return halves;
    }
    let paragraphs = lines.paragraphs(page);
    let rare = paragraphs.iter();
    let rare: Vec<RareWords> = rare.map(|p| rare_words(page, p, words)).collect();
    // a paragraph alone says little: its neighbours in the column show what it is about
    let around = |from: usize, to: usize| rising(rare[from..rare.len().min(to + 1)].concat());
    let mut before = Between::Nothing;
    let mut before_ended = true;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let block = &page.blocks[paragraph[0]];
        if !block.is_running_text() {
            before = before.and(block.kind);
            continue;
        }
        let paragraph = Paragraph::of(page, paragraph);
        let counted = u32::from(std::mem::replace(&mut before_ended, paragraph.ends));
        if let Some(whole) = paragraph.is_whole() {
            before = before.max(whole);
            continue;
        }
        let around = [around(at.saturating_sub(2), at), around(at, at + 2)];
        halves.push(Half {
            before: std::mem::take(&mut before),
            ..paragraph.half(lines.is_wrapped(), counted, around)
        });
    }
    close_items(&mut halves);
    halves
}

/// Whether there are ends and beginnings in Latin script on a page that layout broke.
fn may_hold_halves(page: &Page) -> bool {
    let text = |block: &Block| &page.text()[block.span.clone()];
    !page.laid_out
        && page.regions.is_empty()
        && page.nature.breaks.broken
        && page.blocks.iter().any(|block| ends_latin(text(block)))
        && page.blocks.iter().any(|block| begins_latin(text(block)))
}

/// A paragraph or a part of one, whose lines are already joined.
struct Paragraph<'p> {
    page: &'p Page,
    blocks: &'p [usize],
    /// The first line, the last line, and the whole text.
    first: Cow<'p, str>,
    last: Cow<'p, str>,
    text: String,
    ends: bool,
    small: bool,
    like_headline: bool,
}

impl<'p> Paragraph<'p> {
    fn of(page: &'p Page, blocks: &'p [usize]) -> Self {
        let line = |at: usize| page.reading(page.blocks[at].span.clone()).text;
        let (first, last) = (line(blocks[0]), line(blocks[blocks.len() - 1]));
        let text = match blocks {
            [_] => first.to_string(),
            _ => {
                let lines: Vec<_> = blocks.iter().map(|at| line(*at)).collect();
                lines.join(" ")
            }
        };
        let ends = ends_sentence(&last);
        let small = text
            .trim_start_matches(is_opener)
            .starts_with(char::is_lowercase);
        Paragraph {
            page,
            blocks,
            like_headline: !ends && !small && is_like_headline(&text),
            first,
            last,
            text,
            ends,
            small,
        }
    }

    /// Whether it is complete in itself, and if so what it is between two halves: a caption or a short paragraph, or a
    /// headline.
    fn is_whole(&self) -> Option<Between> {
        /// Characters, chosen by eye: a complete text of at most this length between two halves may be a caption.
        const CAPTION: usize = 140;
        let is_short = || self.text.chars().nth(CAPTION).is_none();
        match self.ends {
            _ if self.small => None,
            true => is_short().then_some(Between::Captions),
            false => {
                (self.like_headline && is_in_capitals(&self.text)).then_some(Between::Headline)
            }
        }
    }

    fn half(
        self,
        is_page_wrapped: bool,
        counted: u32,
        [around_tail, around_head]: [RareWords; 2],
    ) -> Half<Own> {
        let is_wrapped = self.blocks.len() > 1 || is_page_wrapped;
        let is_item = is_item(&self.text);
        let is_separator = |c: char| !is_latin(c) && !matches!(c, '\'' | '’');
        let [last, before] = two_classes(self.last.rsplit(is_separator));
        let last_word = last_word(self.last.trim_end_matches(|c: char| !is_latin(c)));
        let first_word = first_word(self.first.trim_start_matches(|c: char| !is_latin(c)));
        Half {
            first_block: self.blocks[0],
            last_block: self.blocks[self.blocks.len() - 1],
            is_tail: self.is_tail(is_wrapped),
            is_head: !is_item && self.is_head(is_wrapped),
            marks: OpenMarks::of(marks(&self.text)),
            like_headline: self.like_headline,
            ends_clause: self.last.ends_with(is_clause_mark),
            is_item,
            before: Between::Nothing,
            own: Own {
                last_word: word(last_word),
                first_word: word(first_word),
                last_classes: [before, last],
                first_classes: two_classes(self.first.split(is_separator)),
                counted,
                small: self.small,
                hyphen: ends_in_hyphen(&self.last),
                around_tail,
                around_head,
            },
            last: self.last.into_owned(),
            first: self.first.into_owned(),
        }
    }

    fn is_tail(&self, is_wrapped: bool) -> bool {
        let at = self.blocks[self.blocks.len() - 1];
        let (block, next) = (&self.page.blocks[at], self.page.blocks.get(at + 1));
        let is_close = next.is_some_and(|next| next.gap == 0);
        // what follows may begin with a small letter without being a half: an item, a name in code
        let announces = self.last.ends_with([':', '—']);
        let is_open = block.kind == Kind::Body && !block.closed_tail;
        ends_latin(&self.last)
            && !self.ends
            && !announces
            && is_open
            && may_be_half(self.page, at)
            && (!is_close || is_wrapped || ends_in_hyphen(&self.last))
    }

    fn is_head(&self, is_wrapped: bool) -> bool {
        let block = &self.page.blocks[self.blocks[0]];
        let is_close = self.blocks[0] > 0 && block.gap == 0;
        begins_latin(&self.first)
            && !block.closed_head
            && block.kind == Kind::Body
            && may_be_half(self.page, self.blocks[0])
            && (!is_close || is_wrapped || self.small)
    }
}

/// The items of a list end in semicolons, and so does the line above a list's second item: none of these is a tail.
fn close_items(halves: &mut [Half<Own>]) {
    for at in 0..halves.len() {
        let is_in_list = halves[at].is_item || halves.get(at + 1).is_some_and(|next| next.is_item);
        halves[at].is_tail &= !(is_in_list && halves[at].last.ends_with(';'));
    }
}

/// The classes of the first two words among these; 0 for one that is missing.
fn two_classes<'t>(found: impl Iterator<Item = &'t str>) -> [Word; 2] {
    let mut classes = found.filter(|word| !word.is_empty()).map(class);
    [(); 2].map(|()| classes.next().unwrap_or(0))
}

/// Short, without the mark of a clause, and not half of a broken word.
fn is_like_headline(text: &str) -> bool {
    /// Characters, chosen by eye: a shorter text that does not end like a sentence may be a headline.
    const HEADLINE: usize = 70;
    text.chars().nth(HEADLINE).is_none() && !text.contains([',', ';']) && !text.ends_with(is_hyphen)
}

/// Whether most of its longer words begin with capitals, as in headlines and bylines.
fn is_in_capitals(text: &str) -> bool {
    let is_long = |word: &&str| word.chars().filter(|c| is_latin(*c)).count() > 3;
    let words = || text.split_whitespace().filter(is_long);
    let begins_with_capital = |word: &&str| {
        word.trim_start_matches(|c| is_opener(c) || c == '"')
            .starts_with(char::is_uppercase)
    };
    let (capitals, long) = (words().filter(begins_with_capital).count(), words().count());
    long > 0 && capitals * 10 >= long * 8
}

/// The words of a paragraph that are long enough to carry meaning.
fn rare_words(page: &Page, paragraph: &[usize], words: &Words) -> RareWords {
    /// Letters: and, the, that, from say nothing about the topic of a text.
    const LONG: usize = 5;
    /// The negative logarithm of the share of words that say nothing either; chosen by eye.
    const COMMON: f32 = 5.0;
    let mut rare = Vec::new();
    for block in paragraph.iter().map(|at| &page.blocks[*at]) {
        if !block.is_running_text() {
            continue;
        }
        let text = page.reading(block.span.clone()).text;
        for found in text
            .split(|c| !is_latin(c))
            .filter(|found| found.len() >= LONG)
        {
            let hash = word(found);
            let share = (words.count(hash) + 1) as f32 / (words.total() + 1) as f32;
            rare.push((hash, (-share.ln() - COMMON).max(0.0)));
        }
    }
    rising(rare)
}

fn rising(mut words: RareWords) -> RareWords {
    words.sort_unstable_by_key(|(word, _)| *word);
    words.dedup_by_key(|(word, _)| *word);
    words
}

/// How much two texts have in common: the rarity of the words in both.
pub(super) fn in_common(one: &RareWords, other: &RareWords) -> f32 {
    let mut others = other.iter().peekable();
    let mut sum = 0.0;
    for (word, rare) in one {
        while others.next_if(|(other, _)| other < word).is_some() {}
        if others.peek().is_some_and(|(other, _)| other == word) {
            sum += rare;
        }
    }
    sum
}

/// The quotation marks and brackets in order, true for an opening one. A straight mark opens or closes a word.
fn marks(text: &str) -> impl Iterator<Item = bool> {
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        let next = chars.peek().copied().unwrap_or(' ');
        let last = std::mem::replace(&mut before, c);
        Some(match c {
            '“' | '(' | '[' => Some(true),
            '”' | ')' | ']' => Some(false),
            '"' if next.is_alphanumeric() => {
                (!last.is_alphanumeric() && !is_closer(last) && !last.is_ascii_punctuation())
                    .then_some(true)
            }
            '"' => Some(false),
            _ => None,
        })
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_counted_straight_and_curly() {
        let open = |text| {
            let OpenMarks { opens, closes } = OpenMarks::of(marks(text));
            (opens, closes)
        };
        assert_eq!(open("he said, \"the boat"), (1, 0));
        assert_eq!(open("has gone,\" and (then)"), (0, 1));
        assert_eq!(open("“a” \"b\" (c"), (1, 0));
    }

    #[test]
    fn texts_have_in_common_what_is_rare() {
        let one = rising(vec![(7, 2.0), (3, 1.0), (7, 2.0)]);
        assert_eq!(in_common(&one, &vec![(3, 1.0), (9, 4.0)]), 1.0);
        assert_eq!(in_common(&one, &one), 3.0);
    }
}
