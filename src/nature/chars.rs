//! What a character is to whoever measures a line, in one lookup; and which characters of ASCII a line has, so that signs
//! which cannot be in it are not searched for.

use crate::text::chars::is_wide;
use crate::text::script::Script;
use crate::text::sentence::{is_clause_mark, is_full_stop, never_begins};
use std::sync::LazyLock;

/// What a character is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    pub script: Script,
    columns: u8,
    is: u8,
}

const SPACE: u8 = 1;
const ALPHABETIC: u8 = 2;
const NUMERIC: u8 = 4;
const MARK: u8 = 8;
const NEVER_BEGINS: u8 = 16;
const BRACKET: u8 = 32;

impl Traits {
    /// The unified ideographs of the basic plane: most of Chinese text, and all alike.
    const HAN: Traits = Traits {
        script: Script::Han,
        columns: 2,
        is: ALPHABETIC,
    };

    fn found(c: char) -> Self {
        let bits = [
            (SPACE, c.is_whitespace()),
            (ALPHABETIC, c.is_alphabetic()),
            (NUMERIC, c.is_numeric()),
            (MARK, is_full_stop(c) || is_clause_mark(c)),
            (NEVER_BEGINS, never_begins(c)),
            (BRACKET, opens_bracket(c) || closes_bracket(c)),
        ];
        Traits {
            script: Script::of(c),
            columns: columns(c) as u8,
            is: bits.iter().filter(|(_, is)| *is).map(|(bit, _)| bit).sum(),
        }
    }

    /// Columns of a terminal that it takes.
    #[inline]
    pub(super) fn columns(self) -> usize {
        self.columns.into()
    }

    #[inline]
    pub(super) fn is_space(self) -> bool {
        self.is & SPACE != 0
    }

    #[inline]
    pub(super) fn is_alphabetic(self) -> bool {
        self.is & ALPHABETIC != 0
    }

    #[inline]
    pub(super) fn is_numeric(self) -> bool {
        self.is & NUMERIC != 0
    }

    /// Whether it ends a clause or a sentence.
    #[inline]
    pub(super) fn is_mark(self) -> bool {
        self.is & MARK != 0
    }

    /// Whether a line breaker never puts it at the head of a line.
    #[inline]
    pub(super) fn never_begins(self) -> bool {
        self.is & NEVER_BEGINS != 0
    }

    /// Whether it is a quotation mark or bracket that may be left open (`breaks::balance`).
    #[inline]
    pub(super) fn is_bracket(self) -> bool {
        self.is & BRACKET != 0
    }
}

pub(super) fn opens_bracket(c: char) -> bool {
    matches!(c, '“' | '《' | '（' | '「' | '『' | '【')
}

pub(super) fn closes_bracket(c: char) -> bool {
    matches!(c, '”' | '》' | '）' | '」' | '』' | '】')
}

/// Columns of a terminal that a character takes.
pub(super) fn columns(c: char) -> usize {
    match c {
        '\t' => 4,
        ' '..='~' | '\u{a0}' => 1,
        '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}' | '—' | '…' | '“' | '”' | '‘' | '’' => {
            2
        }
        '\u{300}'..='\u{36F}' | '\u{200b}'..='\u{200f}' => 0,
        _ if is_wide(c) => 2,
        _ => 1,
    }
}

/// What each character of the basic plane is.
pub(super) struct Table(Box<[Traits]>);

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let found = |n| char::from_u32(n).map_or(Traits::HAN, Traits::found);
    Table((0..0x10000).map(found).collect())
});

impl Table {
    #[inline]
    pub(super) fn of(&self, c: char) -> Traits {
        match c {
            '\u{4E00}'..='\u{9FFF}' => Traits::HAN,
            _ => match self.0.get(c as usize) {
                Some(traits) => *traits,
                None => Traits::found(c),
            },
        }
    }
}

/// Which characters of ASCII a text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ascii(u128);

impl Ascii {
    /// Those of a text; its other characters are passed over.
    pub(super) const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut set, mut at) = (0, 0);
        while at < bytes.len() {
            if bytes[at].is_ascii() {
                set |= 1 << bytes[at];
            }
            at += 1;
        }
        Ascii(set)
    }

    #[inline]
    pub(super) fn add(&mut self, c: char) {
        if c.is_ascii() {
            self.0 |= 1 << c as u32;
        }
    }

    pub(super) const fn has_all(self, others: Ascii) -> bool {
        self.0 & others.0 == others.0
    }

    pub(super) const fn has_any(self, others: Ascii) -> bool {
        self.0 & others.0 != 0
    }
}

/// Characters of ASCII that lines are searched for, and which they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct AsciiSign {
    pub text: &'static str,
    pub ascii: Ascii,
}

impl AsciiSign {
    pub(super) const fn of(text: &'static str) -> Self {
        AsciiSign {
            text,
            ascii: Ascii::of(text),
        }
    }

    pub(super) const fn all<const N: usize>(texts: [&'static str; N]) -> [AsciiSign; N] {
        let mut signs = [AsciiSign::of(""); N];
        let mut at = 0;
        while at < N {
            signs[at] = AsciiSign::of(texts[at]);
            at += 1;
        }
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_of_every_character_what_the_questions_say() {
        for c in '\0'..='\u{2ffff}' {
            let (told, found) = (TABLE.of(c), Traits::found(c));
            assert_eq!(
                (told.script, told.columns, told.is),
                (found.script, found.columns, found.is),
                "{c}"
            );
        }
    }

    #[test]
    fn a_sign_is_searched_for_only_where_its_characters_are() {
        let line = Ascii::of("灯塔 = (a)");
        assert!(line.has_all(Ascii::of("()")) && !line.has_all(Ascii::of("=>")));
        assert!(line.has_any(Ascii::of("=>")) && !line.has_any(Ascii::of("{}")));
    }
}
