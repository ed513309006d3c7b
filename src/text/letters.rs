//! The letters that count when texts are compared: only letters and digits, folded for width, case, compatibility and
//! script, with one table lookup for each character.

use super::chars::{is_letter, is_wide};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A folded letter: a character of the basic plane; one beyond it is known by its low bits, in the range of the
/// surrogates, where the basic plane has no characters.
pub type Letter = u16;

/// The folded letter for each character of the basic plane; 0 where it does not count.
pub(crate) static FOLDED: LazyLock<Box<[Letter]>> = LazyLock::new(|| {
    let plain = |c: char| -> char {
        let c = c.nfkc().next().unwrap_or(c);
        c.to_lowercase().next().unwrap_or(c)
    };
    let folded: String = (0..0x10000)
        .map(|n| char::from_u32(n).map_or('\0', plain))
        .flat_map(|c| [c, '\n'])
        .collect();
    let simple = hanconv::t2s(&folded);
    // '\n' folds to itself and so is there twice: splitting by lines would not separate the characters
    let mut table: Vec<Letter> = simple
        .chars()
        .step_by(2)
        .map(|c| if c.is_alphanumeric() { letter(c) } else { 0 })
        .collect();
    table['著' as usize] = letter('着');
    table.into_boxed_slice()
});

fn letter(c: char) -> Letter {
    Letter::try_from(u32::from(c)).unwrap_or(0)
}

/// The letter that a character counts as, if it counts.
pub fn fold(c: char) -> Option<Letter> {
    folded(&FOLDED, c)
}

/// The letter that a table has for a character, if it counts.
#[inline]
pub(crate) fn folded(table: &[Letter], c: char) -> Option<Letter> {
    match table.get(c as usize) {
        Some(0) => None,
        Some(letter) => Some(*letter),
        None => c
            .is_alphanumeric()
            .then_some(0xD800 | (c as u32 & 0x7FF) as Letter),
    }
}

/// How much a text says, in letters of Chinese: an alphabet takes two or three where Chinese takes one.
pub(crate) fn weight(text: &str) -> usize {
    let wide = text.chars().filter(|c| is_wide(*c)).count();
    let all = text.chars().filter(|c| is_letter(*c)).count();
    wide + (all - wide.min(all)) * 2 / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<Letter> {
        text.chars().filter_map(fold).collect()
    }

    #[test]
    fn width_case_script_and_punctuation_do_not_count() {
        assert_eq!(
            letters("經濟，ＡＩ發展①。著力"),
            letters("经济 ai发展1 着力")
        );
        assert_ne!(letters("经济"), letters("经纪"));
        assert!(letters("\n ，。…—").is_empty());
    }
}
