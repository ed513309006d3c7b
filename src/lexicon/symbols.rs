//! Characters as the model sees them.

use crate::text::letters::{Letter, fold};
use std::sync::LazyLock;

/// A character as the model sees it: a folded letter, a digit as 0, a mark. Never 0.
pub(crate) type Symbol = u16;

/// Comes before the first character of a paragraph, and after the last of one that ends a sentence.
pub(crate) const START: Symbol = 1;
pub(crate) const END: Symbol = 2;
/// Comes after the last character of a headline.
pub(crate) const HEADLINE_END: Symbol = 3;
const SPACE: Symbol = b' ' as Symbol;

/// The symbol of each character of the basic plane; 0 if it has none.
static SYMBOLS: LazyLock<Box<[Symbol]>> = LazyLock::new(|| {
    (0..0x10000)
        .map(|n| char::from_u32(n).and_then(make_symbol).unwrap_or(0))
        .collect()
});

/// The symbol of a character; `None` for white space.
pub(crate) fn symbol(c: char) -> Option<Symbol> {
    match SYMBOLS.get(c as usize) {
        Some(symbol) => Some(*symbol).filter(|symbol| *symbol != 0),
        None => make_symbol(c),
    }
}

fn make_symbol(c: char) -> Option<Symbol> {
    let digit = Symbol::from(b'0');
    match c {
        ',' => Some('，' as Symbol),
        ';' => Some('；' as Symbol),
        ':' => Some('：' as Symbol),
        '?' => Some('？' as Symbol),
        '!' => Some('！' as Symbol),
        '(' => Some('（' as Symbol),
        ')' => Some('）' as Symbol),
        _ => match fold(c) {
            Some(letter) if char::from_u32(letter.into()).is_some_and(|c| c.is_ascii_digit()) => {
                Some(digit)
            }
            Some(letter) => Some(letter.max(HEADLINE_END + 1)),
            None if c.is_whitespace() || c.is_control() => None,
            None => Letter::try_from(c as u32)
                .ok()
                .filter(|s| *s > HEADLINE_END),
        },
    }
}

/// The symbols of characters in a row, forwards or backwards. A number counts as one digit. White space counts only
/// between characters that are not wide, and once.
pub(crate) fn symbols(mut chars: impl Iterator<Item = char>) -> impl Iterator<Item = Symbol> {
    const DIGIT: Symbol = b'0' as Symbol;
    let (mut last, mut held) = (Symbol::MAX, None);
    std::iter::from_fn(move || {
        if held.is_some() {
            return held.take();
        }
        let mut spaced = false;
        let next = loop {
            match symbol(chars.next()?) {
                Some(DIGIT) if last == DIGIT && !spaced => {}
                Some(symbol) => break symbol,
                None => spaced = true,
            }
        };
        let space = spaced && next < 0x250 && last < 0x250;
        last = next;
        held = space.then_some(next);
        Some(if space { SPACE } else { next })
    })
}
