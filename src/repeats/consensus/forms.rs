//! The forms in which a page writes letters, so that corrections are written like the rest of the page.

use crate::page::Page;
use crate::page::edit::Span;
use crate::text::chars::{is_han, is_letter};
use crate::text::han::{HanScript, is_common, is_traditional};
use crate::text::letters::{Letter, fold};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A character of a reading, and what it was.
pub(super) struct Character {
    pub c: char,
    pub at: usize,
    pub came: Span,
}

/// The characters that a page uses for letters: comparison ignores script, case and width, but the text has them.
pub(super) struct Forms {
    /// `None` for letters that occur in several forms.
    on_page: HashMap<Letter, Option<char>>,
    script: HanScript,
}

impl Forms {
    pub(super) fn of(page: &Page) -> Self {
        let text = page.reading(0..page.text().len()).text;
        let mut on_page: HashMap<Letter, Option<char>> = HashMap::new();
        for c in text.chars() {
            if let Some(letter) = fold(c) {
                let form = on_page.entry(letter).or_insert(Some(c));
                *form = form.filter(|known| *known == c);
            }
        }
        Forms {
            on_page,
            script: HanScript::of(&text),
        }
    }

    /// The form of a letter that replaces a character or goes before it.
    pub(super) fn form(
        &self,
        letter: Letter,
        characters: &[Character],
        at: usize,
        replaces: bool,
    ) -> Option<char> {
        let c = char::from_u32(letter.into())?;
        if c.is_ascii_alphabetic() {
            return in_case(c, characters, at, replaces);
        }
        let forms = FORMS[usize::from(letter)];
        match self.on_page.get(&letter) {
            // 着 and 著 are two characters of one script, and one letter
            _ if self.script != HanScript::Traditional && forms.simplified > 1 => None,
            Some(form) => *form,
            None if forms.all == 1 => Some(c),
            None => (self.script == HanScript::Simplified && !is_traditional(c) && is_han(c))
                .then_some(c),
        }
    }
}

/// A Latin letter in the case of its word; `None` at the beginning of a word if the character there has no case.
fn in_case(c: char, characters: &[Character], at: usize, replaces: bool) -> Option<char> {
    let char_at = |at: Option<usize>| Some(characters.get(at?)?.c).filter(|c| is_letter(*c));
    let before = char_at(at.checked_sub(1));
    let behind = char_at(Some(at + usize::from(replaces)));
    let upper = Some(c.to_ascii_uppercase());
    let is = |c: Option<char>, has: fn(&char) -> bool| c.as_ref().is_some_and(has);
    match before {
        Some(before) if before.is_ascii_lowercase() => Some(c),
        Some(before) if before.is_ascii_uppercase() && is(behind, char::is_ascii_lowercase) => {
            Some(c)
        }
        Some(before) if before.is_ascii_uppercase() && is(behind, char::is_ascii_uppercase) => {
            upper
        }
        Some(_) => None,
        None if replaces && characters[at].c.is_ascii_lowercase() => Some(c),
        None if replaces && characters[at].c.is_ascii_uppercase() => upper,
        None => None,
    }
}

/// How many characters there are for a letter; for a Han letter, without radicals, marks and compatibility ideographs.
/// compatibility.
#[derive(Clone, Copy, Default)]
struct Many {
    all: u8,
    /// The common ones in simplified text.
    simplified: u8,
}

static FORMS: LazyLock<Vec<Many>> = LazyLock::new(|| {
    let mut forms = vec![Many::default(); 1 << 16];
    for c in ('\0'..='\u{FFFF}').filter(|c| !matches!(c, '\u{F900}'..='\u{FFEF}')) {
        if let Some(letter) = fold(c)
            .filter(|letter| is_han(c) || !char::from_u32((*letter).into()).is_some_and(is_han))
        {
            let Many { all, simplified } = &mut forms[usize::from(letter)];
            *all = all.saturating_add(1);
            *simplified += u8::from(is_han(c) && is_common(c) && !is_traditional(c));
        }
    }
    forms
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_put_in_as_its_page_writes_it() {
        let form = |page: &str, letter: char| {
            let page = Page::new("p", page);
            Forms::of(&page).form(fold(letter).unwrap(), &[], 0, false)
        };
        assert_eq!(form("經濟發展", '经'), Some('經'));
        assert_eq!(form("经济发展", '经'), Some('经'));
        assert_eq!(form("经济發展，經過", '经'), None);
        assert_eq!(form("经济发展", '记'), Some('记'));
        assert_eq!(form("經濟發展", '记'), None);
        assert_eq!(form("經濟發展", '人'), Some('人'));
        assert_eq!(form("著名的灯塔发出光", '着'), None);
        assert_eq!(form("隨著燈塔發出光", '着'), Some('著'));
    }
}
