//! Drops the pinyin that a font substitution left in brackets after a traditional character.

use super::{BRACKET, Context, Rule, script};
use crate::chars::is_han;
use crate::edit::{Edit, Grade, Span};
use pinyin::ToPinyinMulti;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "gloss",
    about: "Drops a pinyin gloss whose letters are a reading of the character before it, on pages that carry such glosses.",
    examples: &[
        ("信息通信業(yè)指出科技創(chuàng)新實現(xiàn)突破", "信息通信業指出科技創新實現突破"),
        ("經(jing)濟發(fa)展，網(wang)絡暢通", "經濟發展，網絡暢通"),
        ("將（qiāng）：請求。", "將（qiāng）：請求。"),
        ("他住在投金濑（lài），又往鄘（yōng）去", "他住在投金濑（lài），又往鄘（yōng）去"),
        ("人工智能(AI)與數據(data)", "人工智能（AI）與數據（data）"),
    ],
    grade: Grade::Verified,
    wants: BRACKET,
    find,
};

/// On how many of a page's characters glosses stand, found once a page.
#[derive(Default)]
pub(crate) struct Glossed {
    characters: HashMap<char, Counts>,
    glosses: usize,
    notes: usize,
}

#[derive(Default, Clone, Copy)]
struct Counts {
    seen: usize,
    glossed: usize,
}

impl Glossed {
    /// What distinguishes a substitution from an author's note: half-width brackets behind traditional characters, no
    /// colon after it, and every time the character comes, or nearly.
    pub(crate) fn of(text: &str) -> Self {
        let mut page = Glossed::default();
        // other brackets hold notes
        if !text.contains('(') {
            return page;
        }
        for gloss in glosses(text) {
            if is_note(text, &gloss) {
                page.notes += 1;
            } else {
                page.glosses += 1;
                page.characters.entry(gloss.character).or_default().glossed += 1;
            }
        }
        if page.glosses > 0 {
            for c in text.chars() {
                if let Some(counts) = page.characters.get_mut(&c) {
                    counts.seen += 1;
                }
            }
        }
        page
    }

    /// Whether the page carries glosses.
    pub(super) fn any(&self) -> bool {
        self.glosses > self.notes
    }

    fn is_substitution(&self, character: char) -> bool {
        let consistent = self.characters.get(&character).is_some_and(|c| c.glossed * 2 > c.seen);
        consistent && self.any()
    }
}

/// The characters that are glossed on a page wherever they come, each with its gloss.
pub(super) fn keys(text: &str) -> HashMap<char, String> {
    let page = Glossed::of(text);
    glosses(text)
        .filter(|gloss| !is_note(text, gloss) && page.is_substitution(gloss.character))
        .map(|gloss| (gloss.character, text[gloss.span.start + 1..gloss.span.end - 1].to_string()))
        .collect()
}

struct Gloss {
    character: char,
    /// The bracket, its marks included.
    span: Span,
}

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.glossed.glosses == 0 {
        return Vec::new();
    }
    glosses(text)
        .filter(|gloss| !is_note(text, gloss) && context.glossed.is_substitution(gloss.character))
        .map(|gloss| Edit::delete(gloss.span))
        .collect()
}

/// A dictionary's or an editor's note: full-width brackets, an explanation after it, or on a character that no
/// conversion to traditional script could have made.
fn is_note(text: &str, gloss: &Gloss) -> bool {
    let explained = text[gloss.span.end..].trim_start().starts_with([':', '：']);
    text[gloss.span.clone()].starts_with('（') || explained || !script::is_traditional(gloss.character)
}

/// The brackets that hold a reading of the character before them.
fn glosses(text: &str) -> impl Iterator<Item = Gloss> {
    text.match_indices(['(', '（']).filter_map(|(at, open)| {
        let inside = &text[at + open.len()..];
        let length = inside.find([')', '）']).filter(|length| (1..=LONGEST_READING).contains(length))?;
        let character = text[..at].chars().next_back().filter(|c| is_han(*c))?;
        let close = inside[length..].chars().next()?.len_utf8();
        is_reading(character, &inside[..length])
            .then_some(Gloss { character, span: at..at + open.len() + length + close })
    })
}

/// zhuāng, in bytes, and a space or two: no syllable is longer.
const LONGEST_READING: usize = 9;

pub(super) fn is_reading(character: char, letters: &str) -> bool {
    let letters: String = letters.chars().filter(|c| *c != ' ').map(plain_vowel).collect::<String>().to_lowercase();
    character.to_pinyin_multi().is_some_and(|readings| {
        readings
            .into_iter()
            .any(|r| letters == r.with_tone() || letters == r.plain() || letters == r.plain().replace('ü', "v"))
    })
}

/// Some fonts set ɑ for a.
fn plain_vowel(c: char) -> char {
    if c == 'ɑ' { 'a' } else { c }
}
