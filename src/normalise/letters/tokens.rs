//! Cuts a text into words as they were recognised, and says which of them may be English words with something misread.

use crate::page::edit::Span;
use crate::text::english::{Rank, rank};
use crate::text::latin::is_latin;
use std::borrow::Cow;

/// A word, or what may be one: letters, digits, and single marks between them.
pub(super) struct Token {
    pub span: Span,
    pub known: bool,
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let is_part = |c: char| c.is_ascii_alphanumeric() || is_latin(c);
        let is_inner = start.is_some() && is_stray(c) && next.is_some_and(is_part);
        if is_part(c) && start.is_none() {
            start = Some(at);
        }
        if let Some(start) = start.take_if(|_| !is_part(c) && !is_inner) {
            tokens.push(Token {
                span: start..at,
                known: is_known(&text[start..at]),
            });
        }
    }
    if let Some(start) = start {
        tokens.push(Token {
            span: start..text.len(),
            known: is_known(&text[start..]),
        });
    }
    tokens
}

/// Marks that dirt and broken letters leave inside a word.
fn is_stray(c: char) -> bool {
    matches!(
        c,
        '\'' | '’'
            | '^'
            | '*'
            | '~'
            | '«'
            | '»'
            | '•'
            | '■'
            | '\\'
            | '|'
            | ';'
            | ':'
            | '!'
            | '}'
            | '{'
            | '['
            | ']'
    ) || matches!(c, '<' | '>' | '°' | '¡' | '_' | '\u{fffd}')
}

/// A word in small letters, its apostrophes straight.
pub(super) fn small(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase().replace('’', "'"))
}

fn is_known(seen: &str) -> bool {
    let is_apt = |rank| rank != Rank::Name || seen.starts_with(char::is_uppercase);
    FOREIGN.contains(&seen) || !DOUBTFUL.contains(&seen) && rank(&small(seen)).is_some_and(is_apt)
}

/// Words of other languages, and abbreviations without their points, that stand in English text: en route, et al, vs.
const FOREIGN: [&str; 24] = [
    "al", "au", "de", "der", "du", "en", "et", "la", "le", "les", "un", "une", "van", "von", "cf",
    "eg", "etc", "ie", "inst", "pp", "qv", "ult", "viz", "vs",
];

/// Words that are listed, but hardly ever written, and those of other languages, where the commonest words are often
/// misread for them.
pub(super) const DOUBTFUL: [&str; 36] = [
    "tho", "ho", "bo", "ono", "ot", "moro", "hud", "und", "das", "dem", "ein", "ist", "mit",
    "nach", "nicht", "auch", "como", "las", "los", "por", "que", "para", "che", "di", "il", "dans",
    "pour", "sur", "avec", "est", "qui", "het", "een", "voor", "och", "som",
];

/// Whether half the words are known as English.
pub(super) fn is_english(tokens: &[Token]) -> bool {
    tokens.iter().filter(|t| t.known).count() * 2 >= tokens.len()
}

/// Whether it can be an English word with something misread, by its letters alone.
pub(super) fn is_word(seen: &str, small: &str) -> bool {
    let letters = small.bytes().filter(u8::is_ascii_lowercase).count();
    let digits = small.bytes().filter(u8::is_ascii_digit).count();
    let has_capital = seen.bytes().any(|b| b.is_ascii_uppercase());
    let is_foreign = small.chars().any(|c| is_latin(c) && !c.is_ascii());
    // D'Arcy, Jenkin's, l'eau
    let is_apostrophised = small.ends_with("'s")
        || small.chars().nth(1) == Some('\'')
        || has_capital && small.contains('\'');
    let is_numeral = small.bytes().all(|b| b"ivxlcdm".contains(&b))
        && (has_capital || !small.contains(['d', 'm']));
    // a word with the number of a note
    let has_note = is_known(seen.trim_end_matches(|c: char| c.is_ascii_digit())) && digits > 0;
    letters + digits >= 2
        && letters > digits
        && !has_note
        && seen.len() <= LONGEST
        && !is_foreign
        && !is_apostrophised
        && !is_numeral
        && !begins_in_number(small, letters)
}

/// 6in, 1st, 3ard; but 1n and 0f are read for in and of.
fn begins_in_number(word: &str, letters: usize) -> bool {
    let may_be_letter = || {
        word.starts_with(['0', '1']) && (letters > 2 || ["1n", "0f", "0n", "0r"].contains(&word))
    };
    word.starts_with(|c: char| c.is_ascii_digit()) && !may_be_letter()
}

/// Whether an apostrophe stands in it for what is not spoken: look'd, speak'st, ta'en, o'er, hear't, e'en, goin'.
pub(super) fn is_elided(small: &str) -> bool {
    const TAILS: [&str; 19] = [
        "d", "st", "t", "n", "en", "er", "re", "ll", "ve", "m", "s", "em", "im", "rt", "ry",
        "ring", "nt", "th", "tis",
    ];
    const HEADS: [&str; 12] = [
        "o", "e", "y", "th", "t", "ne", "ta", "ma", "gi", "ha", "de", "ow",
    ];
    small.split_once('\'').is_some_and(|(head, tail)| {
        tail.is_empty() || TAILS.contains(&tail) || HEADS.contains(&head)
    })
}

/// Bytes of the longest word that is looked at.
const LONGEST: usize = 24;

/// Whether spaces or the marks of prose stand around it, and it is no abbreviation.
pub(super) fn stands_alone(text: &str, span: &Span) -> bool {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let mut left = before.chars().rev();
    let opens = match left.next() {
        None | Some('"' | '“' | '(' | '[' | '—') => true,
        Some('-') => left.next().is_none_or(|c| !c.is_alphanumeric()),
        Some(c) => c.is_whitespace(),
    };
    let mut right = after.chars();
    let closes = match right.next() {
        None | Some(',' | '!' | '?' | '"' | '”' | ')' | ']' | '—') => true,
        // or a letter that was broken: fo: is for
        Some(';' | ':') => span.len() > 3,
        // what a sentence may end in: no abbreviation, and the sentence does not go on
        Some('.') => span.len() > 4 && !right.as_str().trim_start().starts_with(char::is_lowercase),
        Some(c) => c.is_whitespace(),
    };
    opens && closes
}

/// Whether it is a piece of a word: a line or a blot broke it before it (fur. ther, Wor khouse, re- mand) or after it.
/// Where a line ends, an unknown word on the other side may be the rest of it, misread.
pub(super) fn is_part_of_word(text: &str, tokens: &[Token], at: usize) -> bool {
    let span = &tokens[at].span;
    let before = text[..span.start].trim_end();
    let broken = before.len() < span.start
        && before
            .strip_suffix(['-', '.', '¬', '\u{ad}'])
            .is_some_and(|rest| rest.ends_with(char::is_alphanumeric))
        && text[span.clone()].starts_with(char::is_lowercase);
    let makes_word = |first: usize| {
        tokens.get(first..first + 2).is_some_and(|pair| {
            match &text[pair[0].span.end..pair[1].span.start] {
                " " => is_known(&format!(
                    "{}{}",
                    &text[pair[0].span.clone()],
                    &text[pair[1].span.clone()]
                )),
                "\n" => !pair[0].known && !pair[1].known,
                _ => false,
            }
        })
    };
    broken || at > 0 && makes_word(at - 1) || makes_word(at)
}

/// Whether it is made of listed words, none of them short: horsekeeper, biter, unroofed.
pub(super) fn is_made_of_words(small: &str) -> bool {
    const SHORTEST: usize = 4;
    const BEGINNINGS: [&str; 8] = ["un", "re", "dis", "non", "mis", "out", "over", "under"];
    const ENDINGS: [&str; 14] = [
        "s", "es", "d", "ed", "r", "er", "rs", "ers", "ing", "ly", "ness", "less", "ish", "able",
    ];
    let is_listed =
        |part: &str| part.len() >= SHORTEST && rank(part).is_some_and(|rank| rank != Rank::Name);
    let is_stem = |part: &str| is_listed(part) || is_listed(&format!("{part}e"));
    small.is_ascii()
        && ((1..small.len()).any(|at| is_listed(&small[..at]) && is_listed(&small[at..]))
            || BEGINNINGS
                .iter()
                .any(|beginning| small.strip_prefix(beginning).is_some_and(is_listed))
            || ENDINGS
                .iter()
                .any(|ending| small.strip_suffix(ending).is_some_and(is_stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_dirt_inside() {
        let text = "t~he 'bro1ught' (viz.) wero";
        let seen: Vec<&str> = tokens(text)
            .into_iter()
            .map(|token| &text[token.span])
            .collect();
        assert_eq!(seen, ["t~he", "bro1ught", "viz", "wero"]);
    }
}
