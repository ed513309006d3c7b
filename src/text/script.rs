//! Which script a letter is of, and which script a text is in.

use regex_syntax::hir::{Class, HirKind};
use std::sync::LazyLock;

/// The scripts that a rule here asks for; all others are `Other`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Script {
    /// No letter of any script: digits, marks, white space, and marks that combine with any letter.
    #[default]
    Common,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    /// Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala.
    Indic,
    Thai,
    Lao,
    Tibetan,
    Myanmar,
    Georgian,
    Ethiopic,
    Khmer,
    Mongolian,
    Hangul,
    Kana,
    Han,
    Other,
}

use Script::*;

const ALL: [Script; 22] = [
    Common, Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Devanagari, Bengali, Indic, Thai,
    Lao, Tibetan, Myanmar, Georgian, Ethiopic, Khmer, Mongolian, Hangul, Kana, Han, Other,
];

/// The names under which Unicode's Scripts.txt has them.
const NAMES: [(&str, Script); 29] = [
    ("Common", Common),
    ("Inherited", Common),
    ("Latin", Latin),
    ("Greek", Greek),
    ("Cyrillic", Cyrillic),
    ("Armenian", Armenian),
    ("Hebrew", Hebrew),
    ("Arabic", Arabic),
    ("Devanagari", Devanagari),
    ("Bengali", Bengali),
    ("Gurmukhi", Indic),
    ("Gujarati", Indic),
    ("Oriya", Indic),
    ("Tamil", Indic),
    ("Telugu", Indic),
    ("Kannada", Indic),
    ("Malayalam", Indic),
    ("Sinhala", Indic),
    ("Thai", Thai),
    ("Lao", Lao),
    ("Tibetan", Tibetan),
    ("Myanmar", Myanmar),
    ("Georgian", Georgian),
    ("Ethiopic", Ethiopic),
    ("Khmer", Khmer),
    ("Mongolian", Mongolian),
    ("Hangul", Hangul),
    ("Hiragana", Kana),
    ("Katakana", Kana),
];

impl Script {
    pub fn of(c: char) -> Self {
        match c {
            '\0'..='\x7f' if c.is_ascii_alphabetic() => Latin,
            '\0'..='\x7f' => Common,
            '\u{4E00}'..='\u{9FFF}' => Han,
            '\u{20000}'..='\u{323AF}' => Han,
            _ => SCRIPTS.get(c as usize).copied().unwrap_or(Common),
        }
    }

    /// The script of the last letter of a text.
    pub fn of_last(text: &str) -> Self {
        let mut scripts = text.chars().rev().map(Script::of);
        scripts.find(|s| *s != Common).unwrap_or_default()
    }

    /// The script that most letters of a text are of. Han letters among kana or hangul do not make it Chinese.
    pub fn most(text: &str) -> Self {
        Letters::of(text).script()
    }

    /// Whether its capitals begin sentences and names.
    pub fn has_capitals(self) -> bool {
        matches!(self, Latin | Greek | Cyrillic | Armenian)
    }

    /// Whether a sentence's end shows by a mark. Thai and Lao set a space, as they do between clauses.
    pub fn marks_sentence_ends(self) -> bool {
        !matches!(self, Thai | Lao)
    }

    /// Whether words are not divided by spaces.
    pub fn is_without_spaces(self) -> bool {
        matches!(self, Han | Kana | Thai | Lao | Khmer | Myanmar | Tibetan)
    }
}

/// How many letters of each script a text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Letters([u32; ALL.len()]);

impl Letters {
    pub fn of(text: &str) -> Self {
        let mut letters = Letters::default();
        text.chars()
            .for_each(|c| letters.0[Script::of(c) as usize] += 1);
        letters.0[Common as usize] = 0;
        letters
    }

    #[inline]
    pub fn push(&mut self, script: Script) {
        if script != Common {
            self.0[script as usize] += 1;
        }
    }

    pub fn add(&mut self, other: &Letters) {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(sum, n)| *sum += n);
    }

    pub fn count(&self, script: Script) -> u32 {
        self.0[script as usize]
    }

    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    /// The script of a text with these letters.
    pub fn script(&self) -> Script {
        let total = self.total();
        if let Some(only) = [Han, Latin]
            .into_iter()
            .find(|script| total > 0 && self.count(*script) == total)
        {
            return only;
        }
        // a word of Chinese is some two characters, one of Latin script some five
        let weight = |s: Script| {
            self.count(s)
                * if matches!(s, Han | Kana | Hangul) {
                    3
                } else {
                    1
                }
        };
        let wide = self.count(Han) + self.count(Kana) + self.count(Hangul);
        // 漢字 among them are theirs: a tenth is more than Chinese text has of names in kana
        if self.count(Hangul) * 10 > wide && weight(Hangul) * 4 > total {
            return Hangul;
        }
        if self.count(Kana) * 10 > wide && weight(Kana) * 4 > total {
            return Kana;
        }
        let most = ALL
            .into_iter()
            .skip(1)
            .max_by_key(|s| (weight(*s), std::cmp::Reverse(*s as u8)));
        most.filter(|s| self.count(*s) > 0).unwrap_or_default()
    }
}

/// The script of each character of the basic plane (those beyond it are Han, or of scripts that nothing here asks for).
static SCRIPTS: LazyLock<Box<[Script]>> = LazyLock::new(|| {
    let mut scripts = vec![Other; 0x10000];
    scripts[0x4E00..0xA000].fill(Han);
    for (name, script) in NAMES.into_iter().chain([("Han", Han)]) {
        for range in members(&format!("sc={name}")) {
            let end = (*range.end() as usize + 1).min(scripts.len());
            scripts[(*range.start() as usize).min(end)..end].fill(script);
        }
    }
    scripts.into()
});

/// The characters that have a property, by Unicode's tables as regex-syntax carries them.
pub(super) fn members(property: &str) -> Vec<std::ops::RangeInclusive<char>> {
    let hir = regex_syntax::parse(&format!(r"[\p{{{property}}}&&\p{{any}}]"))
        .expect("a property of Unicode");
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().map(|r| r.start()..=r.end()).collect()
        }
        _ => unreachable!("a class of several characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_in_the_script_of_most_letters() {
        for (text, script) in [
            ("码头复航了", Han),
            ("使用React和TypeScript的组件", Han),
            ("東京へ行きました", Kana),
            ("大韓民國 憲法에 따르면", Hangul),
            ("The harbour 港", Latin),
            ("Гавань", Cyrillic),
            ("ግቢው", Ethiopic),
            ("ท่าเรือ", Thai),
            ("१२३ बंदरगाह", Devanagari),
            ("12, 34", Common),
            ("", Common),
        ] {
            assert_eq!(Script::most(text), script, "{text}");
        }
        assert_eq!(Script::of('é'), Latin);
        assert_eq!(Script::of('𠀀'), Han);
        assert_eq!(Script::of('々'), Han);
        assert_eq!(Script::of_last("ναι;"), Greek);
    }
}
