//! The letters that count when texts are compared, and hashes of runs of them.
//!
//! Comparison sees letters and digits alone, folded for width, case, compatibility and script: one table lookup a
//! character. Prints are chosen by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003).

use crate::page::edit::Span;
use crate::page::{Block, Page};
use crate::text::chars::is_han;
use crate::text::letters::{FOLDED, Letter, folded};
use xxhash_rust::xxh3::xxh3_128;

/// The letters of a page's blocks in a row, and where each comes from.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub letters: Vec<Letter>,
    /// The first byte of each letter in the text as it came, and its length.
    came: Vec<(u32, u8)>,
    /// The letters of each block of the page; empty for blocks that were not wanted.
    pub blocks: Vec<Span>,
}

impl Stream {
    /// The letters of those blocks of the page that `wanted` picks.
    pub(crate) fn of(page: &Page, wanted: impl Fn(&Block) -> bool) -> Self {
        Stream::read(page, wanted, |came, start, end| {
            came.push((start as u32, (end - start).min(u8::MAX.into()) as u8))
        })
    }

    /// Likewise, for who does not ask where they came from.
    pub(crate) fn without_places(page: &Page, wanted: impl Fn(&Block) -> bool) -> Self {
        Stream::read(page, wanted, |_, _, _| {})
    }

    fn read(
        page: &Page,
        wanted: impl Fn(&Block) -> bool,
        place: impl Fn(&mut Vec<(u32, u8)>, usize, usize),
    ) -> Self {
        let mut stream = Stream::default();
        for block in &page.blocks {
            let start = stream.letters.len();
            if wanted(block) {
                stream.push(page, block, &place);
            }
            stream.blocks.push(start..stream.letters.len());
        }
        stream
    }

    fn push(
        &mut self,
        page: &Page,
        block: &Block,
        place: impl Fn(&mut Vec<(u32, u8)>, usize, usize),
    ) {
        let table = &**FOLDED;
        let reading = page.reading(block.span.clone());
        let changed = reading.is_changed();
        self.letters.reserve(reading.text.len() / 3);
        let (mut behind_gloss, mut after_han) = (0, false);
        for (at, c) in reading.text.char_indices() {
            if at < behind_gloss {
                continue;
            }
            if after_han && matches!(c, '(' | '（') {
                behind_gloss = at + gloss(&reading.text[at..]);
            }
            after_han = is_han(c);
            if let Some(letter) = folded(table, c) {
                let end = at + c.len_utf8();
                let came = if changed {
                    [at, end].map(|at| reading.origin(at))
                } else {
                    [at, end].map(|at| block.span.start + at)
                };
                self.letters.push(letter);
                place(&mut self.came, came[0], came[1]);
            }
        }
    }

    /// The span of a letter in the text as it came.
    pub(crate) fn came(&self, letter: usize) -> Span {
        let (start, length) = self.came[letter];
        start as usize..start as usize + usize::from(length)
    }

    /// The span of some letters, one at least, in the text as it came.
    pub(crate) fn span(&self, letters: &Span) -> Span {
        self.came(letters.start).start..self.came(letters.end - 1).end
    }

    /// The block that holds a letter.
    pub(crate) fn block_of(&self, letter: usize) -> usize {
        self.blocks.partition_point(|b| b.end <= letter)
    }
}

/// The bytes of the reading in brackets that a text begins with, as (yè) behind 业; 0 if it begins with none. Where texts
/// are only compared, it need not be proved to be the reading of that character.
fn gloss(text: &str) -> usize {
    /// zhuang, chuang, shuang
    const LONGEST: usize = 6;
    let inside = text.trim_start_matches(['(', '（']);
    let is_small = |c: char| c.is_lowercase() && (c.is_ascii() || matches!(c, 'à'..='ǜ' | 'ɑ'));
    let reading = inside.trim_start_matches(is_small);
    let length = inside[..inside.len() - reading.len()].chars().count();
    match reading.chars().next() {
        Some(end @ (')' | '）')) if (1..=LONGEST).contains(&length) => {
            text.len() - reading.len() + end.len_utf8()
        }
        _ => 0,
    }
}

/// A 128-bit hash (XXH3) of letters.
pub(crate) fn hash(letters: &[Letter]) -> u128 {
    xxh3_128(bytemuck::cast_slice(letters))
}

/// A print: the hash of a shingle, and the letter at which the shingle begins. Packed, for a run holds many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C, packed(4))]
pub(crate) struct Print {
    pub hash: u64,
    pub at: u32,
}

/// Prints of shingles of `length` letters, one at least from every `window` shingles in a row: two texts that share a
/// run of `length + window - 1` letters share a print of it.
pub(crate) fn winnow(letters: &[Letter], length: usize, window: usize) -> Vec<Print> {
    let hashes: Vec<u64> = shingles(letters, length).collect();
    let mut prints: Vec<Print> = Vec::with_capacity(hashes.len() * 2 / (window + 1) + 1);
    // the lowest hash of the window, the rightmost of equals
    let lowest = |from: usize, to: usize| (from..to).rev().min_by_key(|at| hashes[*at]);
    let mut low = None;
    for end in window.min(hashes.len())..=hashes.len() {
        let start = end.saturating_sub(window);
        let next = match low {
            Some(low) if low >= start && hashes[end - 1] > hashes[low] => Some(low),
            Some(low) if low >= start => Some(end - 1),
            _ => lowest(start, end),
        };
        if next != low {
            low = next;
            prints.extend(low.map(|at| Print {
                hash: hashes[at],
                at: at as u32,
            }));
        }
    }
    prints
}

/// The hashes of all shingles of `length` letters, in order (Rabin and Karp's rolling hash, then mixed).
pub fn shingles(letters: &[Letter], length: usize) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let leaving = (1..length).fold(BASE, |power, _| power.wrapping_mul(BASE));
    let mut rolling = 0u64;
    letters.iter().enumerate().filter_map(move |(at, letter)| {
        rolling = rolling
            .wrapping_add(u64::from(*letter) + 1)
            .wrapping_mul(BASE);
        if at >= length {
            rolling = rolling.wrapping_sub(
                (u64::from(letters[at - length]) + 1)
                    .wrapping_mul(leaving)
                    .wrapping_mul(BASE),
            );
        }
        (at + 1 >= length).then(|| mix(rolling))
    })
}

/// The finisher of SplitMix64 (Steele, Lea and Flood 2014): the low bits of a rolling hash are weak.
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::letters::fold;

    fn letters(text: &str) -> Vec<Letter> {
        text.chars().filter_map(fold).collect()
    }

    #[test]
    fn a_gloss_does_not_count_and_other_brackets_do() {
        let stream = |text: &str| {
            let mut page = Page::new("p", text);
            page.blocks.push(Block {
                span: 0..text.len(),
                ..Block::default()
            });
            Stream::of(&page, |_| true).letters
        };
        assert_eq!(stream("產業(yè)發（fā）展"), letters("产业发展"));
        assert_eq!(stream("产业（上）AI(app)(AI)"), letters("产业上AIappAI"));
        assert_eq!(stream("业(yè"), letters("业yè"));
    }

    #[test]
    fn a_shingle_s_hash_does_not_depend_on_what_stands_before_it() {
        let text = letters("灯塔重新点亮守塔人说这一天他等了很久");
        let whole: Vec<u64> = shingles(&text, 5).collect();
        for at in 0..whole.len() {
            assert_eq!(shingles(&text[at..at + 5], 5).next(), Some(whole[at]));
        }
    }

    #[test]
    fn texts_that_share_a_run_share_a_print() {
        let run: Vec<Letter> = (1000..1030).collect();
        for (before, behind) in [(3, 50), (17, 4), (40, 40)] {
            let mut other: Vec<Letter> = (1..=before).collect();
            other.extend(&run);
            other.extend(5000..5000 + behind);
            let own = winnow(&run, 16, 15);
            assert!(
                winnow(&other, 16, 15)
                    .iter()
                    .any(|p| own.iter().any(|q| q.hash == p.hash))
            );
        }
    }
}
