//! Drops the pinyin that a font substitution left in brackets after a traditional character.

use super::sorts::BRACKET;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade, Span};
use crate::text::chars::is_han;
use crate::text::han::is_traditional;
use memchr::memmem;
use pinyin::ToPinyinMulti;
use std::collections::{HashMap, HashSet};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Gloss,
    examples: &[
        (
            "信息通信業(yè)指出科技創(chuàng)新實現(xiàn)突破",
            "信息通信業指出科技創新實現突破",
        ),
        ("經(jing)濟發(fa)展，網(wang)絡暢通", "經濟發展，網絡暢通"),
        (
            "信息通信業 (yè)指出科技創 (chuàng)新實現 (xiàn)突破",
            "信息通信業指出科技創新實現突破",
        ),
        (
            "產(chǎn)業(yè)發(fā)展，網(wǎng)絡數(shù)據，電話(huà)：六三二",
            "產業發展，網絡數據，電話：六三二",
        ),
        (
            "產（chǎn）業（yè）發（fā）展，網（wǎng）絡數（shù）據（jù），經（jīng）濟實現（xiàn）突破",
            "產業發展，網絡數據，經濟實現突破",
        ),
        ("將（qiāng）：請求。", "將（qiāng）：請求。"),
        (
            "他住在投金濑（lài），又往鄘（yōng）去",
            "他住在投金濑（lài），又往鄘（yōng）去",
        ),
        ("人工智能(AI)與數據(data)", "人工智能（AI）與數據（data）"),
    ],
    grade: Grade::Verified,
    wants: BRACKET,
    find,
};

/// Which of a page's readings in brackets are glosses, found once a page.
#[derive(Default)]
pub(crate) struct Glossed {
    characters: HashMap<char, Times>,
    sorts: Vec<GlossSort>,
}

#[derive(Default, Clone, Copy)]
struct Times {
    seen: usize,
    glossed: usize,
}

/// What a reading in brackets looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GlossSort {
    /// Half-width brackets after a traditional character: nearly always left by a substitution.
    Plain,
    /// Brackets before a colon, as in a dictionary or before a telephone number.
    Explained,
    /// Full-width brackets after a traditional character: an author's, or the substitution's after a cleaner.
    Wide,
    /// On a character that no conversion to traditional script could have made.
    Note,
}

/// From this many characters on, full-width glosses that stand on traditional characters alone are not the author's.
const FEWEST_WIDE: usize = 8;
/// From this many plain glosses on, a few that stand before a colon are glosses too.
const FEWEST_PLAIN: usize = 5;

impl Glossed {
    /// What distinguishes a substitution from an author's notes: it glosses traditional characters and no others, every
    /// time they come, or nearly.
    pub(crate) fn of(text: &str) -> Self {
        let glosses: Vec<Gloss> = glosses(text).collect();
        let mut page = Glossed {
            sorts: sorts_of_substitution(&glosses),
            ..Glossed::default()
        };
        page.count(text, &glosses);
        page
    }

    /// Counts how often each character is glossed, and how often it comes.
    fn count(&mut self, text: &str, glosses: &[Gloss]) {
        for gloss in glosses.iter().filter(|g| self.sorts.contains(&g.sort)) {
            self.characters.entry(gloss.character).or_default().glossed += 1;
        }
        if self.any() {
            for c in text.chars() {
                if let Some(counts) = self.characters.get_mut(&c) {
                    counts.seen += 1;
                }
            }
        }
    }

    /// Whether the page carries glosses.
    pub(super) fn any(&self) -> bool {
        !self.characters.is_empty()
    }

    fn holds(&self, gloss: &Gloss) -> bool {
        let consistent = self
            .characters
            .get(&gloss.character)
            .is_some_and(|c| c.glossed * 2 > c.seen);
        consistent && self.sorts.contains(&gloss.sort)
    }
}

/// The characters that are glossed on a page wherever they come, each with its gloss.
pub(super) fn keys(text: &str) -> HashMap<char, String> {
    let page = Glossed::of(text);
    glosses(text)
        .filter(|gloss| gloss.sort != GlossSort::Wide && page.holds(gloss))
        .map(|gloss| (gloss.character, text[gloss.reading].to_string()))
        .collect()
}

struct Gloss {
    character: char,
    sort: GlossSort,
    /// What stands between the brackets.
    reading: Span,
    /// The bracket, its marks and a space before it included.
    span: Span,
}

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.glossed.any() {
        return Vec::new();
    }
    glosses(text)
        .filter(|gloss| context.glossed.holds(gloss))
        .map(|gloss| Edit::delete(gloss.span))
        .collect()
}

/// The sorts of glosses that a substitution left, if there was one.
fn sorts_of_substitution(glosses: &[Gloss]) -> Vec<GlossSort> {
    let count = |sort: GlossSort| glosses.iter().filter(|gloss| gloss.sort == sort).count();
    let [plain, explained, wide, notes] = [
        GlossSort::Plain,
        GlossSort::Explained,
        GlossSort::Wide,
        GlossSort::Note,
    ]
    .map(count);
    let characters = glosses.iter().filter(|g| g.sort != GlossSort::Note);
    let kinds: HashSet<char> = characters.map(|g| g.character).collect();
    if wide > 0 && kinds.len() >= FEWEST_WIDE && (explained + notes) * 10 <= plain + wide {
        return vec![GlossSort::Plain, GlossSort::Explained, GlossSort::Wide];
    }
    if plain <= explained + wide + notes {
        return Vec::new();
    }
    match plain >= FEWEST_PLAIN && explained * 4 <= plain {
        true => vec![GlossSort::Plain, GlossSort::Explained],
        false => vec![GlossSort::Plain],
    }
}

/// The brackets that hold a reading of the character before them, first the half-width ones.
fn glosses(text: &str) -> impl Iterator<Item = Gloss> {
    // one search for each is far faster than one for both; and a character's bytes are not alike, as `str` takes them to be
    let found =
        |open: &'static str| memmem::find_iter(text.as_bytes(), open).map(move |at| (at, open));
    found("(")
        .chain(found("（"))
        .filter_map(|(at, open)| gloss_at(text, at, open))
}

/// The gloss in the bracket that opens there, if it is one.
fn gloss_at(text: &str, at: usize, open: &str) -> Option<Gloss> {
    let inside = &text[at + open.len()..];
    // most brackets hold something else, which is seen at once
    let length = Some(inside)
        .filter(|inside| inside.starts_with(is_latin_or_space))?
        .find([')', '）'])
        .filter(|length| (1..=LONGEST_READING).contains(length))?;
    let before = text[..at].strip_suffix(' ').unwrap_or(&text[..at]);
    let character = before.chars().next_back().filter(|c| is_han(*c))?;
    let reading = at + open.len()..at + open.len() + length;
    let end = reading.end + inside[length..].chars().next()?.len_utf8();
    let sort = match open {
        _ if !is_traditional(character) => GlossSort::Note,
        _ if text[end..].trim_start().starts_with([':', '：']) => GlossSort::Explained,
        "（" => GlossSort::Wide,
        _ => GlossSort::Plain,
    };
    is_reading(character, &text[reading.clone()]).then_some(Gloss {
        character,
        sort,
        reading,
        span: before.len()..end,
    })
}

fn is_latin_or_space(c: char) -> bool {
    c < '\u{250}' && c.is_alphabetic() || matches!(c, 'ɑ' | ' ')
}

/// zhuāng, in bytes, and a space or two: no syllable is longer.
const LONGEST_READING: usize = 9;

pub(super) fn is_reading(character: char, letters: &str) -> bool {
    let letters: String = letters
        .chars()
        .filter(|c| *c != ' ')
        .map(plain_vowel)
        .collect::<String>()
        .to_lowercase();
    character.to_pinyin_multi().is_some_and(|readings| {
        readings.into_iter().any(|r| {
            letters == r.with_tone()
                || letters == r.plain()
                || letters == r.plain().replace('ü', "v")
        })
    })
}

/// Some fonts set ɑ for a.
fn plain_vowel(c: char) -> char {
    if c == 'ɑ' { 'a' } else { c }
}
