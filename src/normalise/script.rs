//! Converts between traditional and simplified script, line by line, where a line is not in the wanted one already.

use super::sorts::TARGET;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::chars::is_kana_or_hangul;
use crate::text::choice::choices;
use crate::text::han::HanScript;
use conversion::Conversion;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Script,
    examples: &[
        (
            "碼頭擴建工程開工，軟體與乾燥設備一併採購",
            "码头扩建工程开工，软体与干燥设备一并采购",
        ),
        ("乾隆年間的燈塔", "乾隆年间的灯塔"),
        // a phrase of release 1.4.2, which Debian's library has not yet
        #[cfg(not(feature = "opencc"))]
        ("乾安縣的燈塔", "乾安县的灯塔"),
        (
            "東京市の片隅で暗い所で泣いていた。",
            "東京市の片隅で暗い所で泣いていた。",
        ),
        ("大韓民國 憲法에 따르면", "大韓民國 憲法에 따르면"),
        (
            "码头扩建工程开工，乾隆年间的灯塔",
            "码头扩建工程开工，乾隆年间的灯塔",
        ),
    ],
    grade: Grade::Certain,
    wants: TARGET,
    find,
};

choices! {
    /// The script of the output.
    pub enum Target: Keep {
        Keep = "keep": "As it came";
        Simplified = "simplified";
        Traditional = "traditional": "By the standard of OpenCC";
        Taiwan = "taiwan": "As Taiwan writes it";
        HongKong = "hongkong": "As Hong Kong writes it";
    }
}

fn find(text: &str, context: &Context) -> Vec<Edit> {
    conversion(text, context).map_or_else(Vec::new, |conversion| conversion.edits(text))
}

/// A text in the wanted script.
pub(super) fn converted(text: &str, context: &Context) -> String {
    conversion(text, context)
        .map_or_else(|| text.to_string(), |conversion| conversion.convert(text))
}

/// What converts a text to the wanted script; `None` if it is in that script already.
fn conversion(text: &str, context: &Context) -> Option<&'static Conversion> {
    if context.target == Target::Keep || context.is_japanese() || text.contains(is_kana_or_hangul) {
        return None;
    }
    // a line without characters of one script only has the script of its page
    let script = Some(HanScript::of(text))
        .filter(|script| *script != HanScript::Either)
        .or(context.script)
        .unwrap_or(HanScript::Either);
    match (context.target, script) {
        (Target::Keep | Target::Traditional, HanScript::Traditional) => None,
        (Target::Keep | Target::Simplified, HanScript::Simplified | HanScript::Either) => None,
        (Target::Simplified, HanScript::Traditional) => Some(&conversion::T2S),
        (Target::Traditional, _) => Some(&conversion::S2T),
        (Target::Taiwan, HanScript::Traditional) => Some(&conversion::T2TW),
        (Target::Taiwan, _) => Some(&conversion::S2TW),
        (Target::HongKong, HanScript::Traditional) => Some(&conversion::T2HK),
        (Target::HongKong, _) => Some(&conversion::S2HK),
    }
}

/// Edits that make `after` of `before`: character by character where none came or went, else what lies between the
/// common head and tail.
fn differences(before: &str, after: &str) -> Vec<Edit> {
    if before.chars().count() == after.chars().count() {
        return by_character(before, after);
    }
    let same = |(a, b): &(char, char)| a == b;
    let bytes = |(a, _): (char, char)| a.len_utf8();
    let heads = before.chars().zip(after.chars());
    let head: usize = heads.take_while(same).map(bytes).sum();
    let tails = before[head..]
        .chars()
        .rev()
        .zip(after[head..].chars().rev());
    let tail: usize = tails.take_while(same).map(bytes).sum();
    let with = &after[head..after.len() - tail];
    vec![Edit::new(head..before.len() - tail, with)]
}

/// Edits where characters differ, those beside one another as one.
fn by_character(before: &str, after: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let pairs = before.char_indices().zip(after.chars());
    for ((at, a), b) in pairs.filter(|((_, a), b)| a != b) {
        match edits.last_mut() {
            Some(last) if last.span.end == at => {
                last.span.end += a.len_utf8();
                last.with.push(b);
            }
            _ => edits.push(Edit::new(at..at + a.len_utf8(), b)),
        }
    }
    edits
}

/// OpenCC's dictionaries of release 1.4.2: those that `hanconv` holds, and `opencc.tsv` on top. At each character the longest
/// key that begins there is replaced.
#[cfg(not(feature = "opencc"))]
mod conversion {
    use super::differences;
    use crate::lexicon::{Lexicon, symbol};
    use crate::page::edit::Edit;
    use hanconv::{Dictionary, Trie};
    use std::collections::HashMap;
    use std::sync::LazyLock;

    pub(super) static T2S: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(&TRADITIONAL, None));
    pub(super) static S2T: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(&SIMPLIFIED, None));
    pub(super) static S2TW: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(&SIMPLIFIED, Some(&TAIWAN)));
    pub(super) static S2HK: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(&SIMPLIFIED, Some(&HONG_KONG)));
    pub(super) static T2TW: LazyLock<Conversion> = LazyLock::new(|| Conversion::of(&TAIWAN, None));
    pub(super) static T2HK: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(&HONG_KONG, None));

    /// Dictionaries of OpenCC as one.
    struct Phrases {
        trie: Trie<&'static str>,
        /// What the characters are that a key begins with.
        firsts: Box<[First]>,
        /// Whether keys of two and three characters may run into the next word.
        runs_on: bool,
    }

    static SIMPLIFIED: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "simplified to traditional",
            &[Dictionary::STPhrases, Dictionary::STCharacters],
            true,
        )
    });
    static TRADITIONAL: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "traditional to simplified",
            &[Dictionary::TSPhrases, Dictionary::TSCharacters],
            false,
        )
    });
    static TAIWAN: LazyLock<Phrases> =
        LazyLock::new(|| Phrases::of("Taiwan", &[Dictionary::TWVariants], false));
    static HONG_KONG: LazyLock<Phrases> =
        LazyLock::new(|| Phrases::of("Hong Kong", &[Dictionary::HKVariants], false));

    pub(super) struct Conversion {
        first: &'static LazyLock<Phrases>,
        /// What is done to the outcome.
        then: Option<&'static LazyLock<Phrases>>,
    }

    /// What the dictionary has for a character.
    #[derive(Clone, Copy, PartialEq)]
    enum First {
        /// No key begins with it.
        Stays,
        /// It is the only key that begins with it.
        Becomes(char),
        /// Longer keys begin with it.
        Begins,
    }

    /// What a section of `opencc.tsv` has: a key with its value, or one that is gone.
    fn newer(section: &str) -> HashMap<&'static str, Option<&'static str>> {
        include_str!("../../data/tables/opencc.tsv")
            .lines()
            .skip_while(|line| line.strip_prefix("= ") != Some(section))
            .skip(1)
            .take_while(|line| !line.starts_with("= "))
            .map(|line| {
                line.split_once('\t')
                    .map_or((line, None), |(key, value)| (key, Some(value)))
            })
            .collect()
    }

    impl Phrases {
        fn of(section: &str, dictionaries: &[Dictionary], runs_on: bool) -> Self {
            let newer = newer(section);
            let older = dictionaries.iter().flat_map(|dictionary| dictionary.iter());
            let entries: Vec<(&str, &str)> = older
                .filter(|(key, _)| !newer.contains_key(key))
                .chain(
                    newer
                        .iter()
                        .filter_map(|(key, value)| Some((*key, (*value)?))),
                )
                .collect();
            let mut firsts = vec![First::Stays; '\u{30000}' as usize];
            for (key, value) in &entries {
                let (mut key, mut value) = (key.chars(), value.chars());
                let Some(first) = key.next().and_then(|c| firsts.get_mut(c as usize)) else {
                    continue;
                };
                *first = match (*first, key.next(), value.next(), value.next()) {
                    (First::Stays, None, Some(with), None) => First::Becomes(with),
                    _ => First::Begins,
                };
            }
            Phrases {
                trie: entries.into_iter().collect(),
                firsts: firsts.into_boxed_slice(),
                runs_on,
            }
        }

        /// The value of the longest key at the head of a text, and how many characters the key has.
        fn longest(&self, text: &str, most: usize) -> Option<(&'static str, usize)> {
            let (value, length) = self.trie.r#match(text.chars().take(most))?;
            Some((*value, length))
        }

        /// The key that stands at the head of a text: the longest, unless it ends in the first character of another word,
        /// as 了如 does in 了如何 and 被发 in 被发明.
        fn at_head(&self, text: &str) -> Option<(&'static str, usize)> {
            let (mut value, mut length) = self.longest(text, usize::MAX)?;
            while self.runs_on
                && (2..=LONGEST_THAT_RUNS_ON).contains(&length)
                && self.ends_in_another_word(text, value, length)
            {
                (value, length) = self.longest(text, length - 1)?;
            }
            Some((value, length))
        }

        fn ends_in_another_word(&self, text: &str, value: &str, length: usize) -> bool {
            let key: Vec<char> = text.chars().take(length + 1).collect();
            let [.., before, last, next] = key[..] else {
                return false;
            };
            if key.len() <= length {
                return false;
            }
            let from = |at: usize| {
                text.char_indices()
                    .nth(at)
                    .map_or("", |(at, _)| &text[at..])
            };
            let by_itself = |c: char| {
                let own = self.longest(c.encode_utf8(&mut [0; 4]), 1);
                own.map_or_else(|| c.to_string(), |(value, _)| value.to_string())
            };
            let lift = |before: char, c: char| match (symbol(before), symbol(c)) {
                (Some(before), Some(c)) => {
                    let lexicon = Lexicon::shipped();
                    lexicon.log_probability(&[before], c) - lexicon.log_probability(&[], c)
                }
                _ => 0.0,
            };
            let crossing = self
                .longest(from(length - 1), usize::MAX)
                .filter(|(_, length)| *length > 1);
            let own = by_itself(last);
            // the next word leaves the character what it is by itself, and the key does not
            let restores = length == 2
                && !value.ends_with(own.as_str())
                && crossing.is_some_and(|(value, _)| value.starts_with(own.as_str()));
            if restores && lift(last, next) > 0.0 {
                return true;
            }
            let changes = || {
                value
                    != key[..length]
                        .iter()
                        .map(|c| by_itself(*c))
                        .collect::<String>()
            };
            let is_loose = || lift(before, last) < LOOSE && lift(last, next) > BOUND;
            (crossing.is_some() || changes()) && is_loose()
        }

        fn convert(&self, text: &str) -> String {
            let mut converted = String::with_capacity(text.len());
            let mut from = 0;
            for Edit { span, with } in self.edits(text) {
                converted.push_str(&text[from..span.start]);
                converted.push_str(&with);
                from = span.end;
            }
            converted + &text[from..]
        }

        /// What the dictionaries change.
        fn edits(&self, text: &str) -> Vec<Edit> {
            /// Bytes of text that has an edit, about.
            const AN_EDIT: usize = 12;
            let mut edits: Vec<Edit> = Vec::with_capacity(text.len() / AN_EDIT);
            let mut at = 0;
            while let Some(c) = text[at..].chars().next() {
                let end = at + c.len_utf8();
                match self.firsts.get(c as usize) {
                    None | Some(First::Stays) => at = end,
                    Some(First::Becomes(with)) => {
                        if *with != c {
                            push(&mut edits, Edit::new(at..end, *with));
                        }
                        at = end;
                    }
                    Some(First::Begins) => match self.at_head(&text[at..]) {
                        Some((with, length)) => {
                            let end = text[at..]
                                .char_indices()
                                .nth(length)
                                .map_or(text.len(), |(next, _)| at + next);
                            for Edit { span, with } in differences(&text[at..end], with) {
                                push(&mut edits, Edit::new(at + span.start..at + span.end, with));
                            }
                            at = end;
                        }
                        None => at = end,
                    },
                }
            }
            edits
        }
    }

    /// Characters of the longest key that is asked whether it ends in another word: longer ones are sayings.
    const LONGEST_THAT_RUNS_ON: usize = 3;
    /// How much likelier one character makes the next, by its natural logarithm: at most within a key that only seems to be
    /// a word, at least within the word that it runs into. Chosen by eye, and not yet measured with the shipped lexicon.
    const LOOSE: f32 = 2.0;
    const BOUND: f32 = 3.5;

    impl Conversion {
        /// The conversion by the first keys, then by the next.
        fn of(first: &'static LazyLock<Phrases>, then: Option<&'static LazyLock<Phrases>>) -> Self {
            Conversion { first, then }
        }

        pub(super) fn convert(&self, text: &str) -> String {
            let first = self.first.convert(text);
            match self.then {
                Some(then) => then.convert(&first),
                None => first,
            }
        }

        pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
            if self.then.is_none() {
                self.first.edits(text)
            } else {
                differences(text, &self.convert(text))
            }
        }
    }

    /// Adds an edit; of what touches, one is made.
    fn push(edits: &mut Vec<Edit>, edit: Edit) {
        match edits.last_mut() {
            Some(last) if last.span.end == edit.span.start => {
                last.span.end = edit.span.end;
                last.with.push_str(&edit.with);
            }
            _ => edits.push(edit),
        }
    }
    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_key_does_not_run_into_the_next_word() {
            for (simplified, traditional) in [
                (
                    "技术最早被发明于实验室，被发掘",
                    "技術最早被發明於實驗室，被發掘",
                ),
                (
                    "展示了如何参与制造，去干扰信号",
                    "展示了如何參與製造，去干擾信號",
                ),
                (
                    "了如指掌，披头散发，参与制定",
                    "瞭如指掌，披頭散髮，參與制定",
                ),
            ] {
                assert_eq!(S2T.convert(simplified), traditional);
            }
        }

        #[test]
        fn edits_make_of_a_text_what_the_library_does() {
            let text = "乾隆年間的鐘錶與頭髮，裏面著著乾燥瞭望塔爲衆說𠀀abc；头发发现后台里面干燥复杂，理发师发了财。";
            for conversion in [&T2S, &S2T, &S2TW, &S2HK, &T2TW, &T2HK] {
                let mut made = text.to_string();
                conversion
                    .edits(text)
                    .iter()
                    .rev()
                    .for_each(|edit| made.replace_range(edit.span.clone(), &edit.with));
                assert_eq!(made, conversion.convert(text));
                assert_ne!(made, text);
            }
        }
    }
}

/// OpenCC itself, by `opencc-rust`.
#[cfg(feature = "opencc")]
mod conversion {
    use super::differences;
    use crate::page::edit::Edit;
    use opencc_rust::{DefaultConfig, OpenCC};
    use std::sync::LazyLock;

    pub(super) struct Conversion(OpenCC);

    impl Conversion {
        pub(super) fn convert(&self, text: &str) -> String {
            self.0.convert(text)
        }

        pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
            differences(text, &self.convert(text))
        }
    }

    macro_rules! conversions {
        ($($config:ident),*) => {$(
            pub(super) static $config: LazyLock<Conversion> = LazyLock::new(|| {
                let opencc = OpenCC::new(DefaultConfig::$config);
                Conversion(opencc.expect("libopencc was found when this was built; its dictionaries come with it"))
            });
        )*};
    }

    conversions!(T2S, S2T, S2TW, T2TW, S2HK, T2HK);

    #[cfg(test)]
    mod tests {
        #[test]
        fn the_built_in_conversion_is_opencc_s_own() {
            let pages =
                std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data/pages")).unwrap();
            let texts = pages.map(|page| std::fs::read_to_string(page.unwrap().path()).unwrap());
            let phrases = "碼頭擴建，乾隆年間；軟體與乾燥設備一併採購。\n著名作家着力描寫瞭望塔。\n头发发现后台里面干燥复杂";
            for text in texts.chain([phrases.to_string()]) {
                for line in text.lines() {
                    assert_eq!(hanconv::t2s(line), super::T2S.convert(line));
                    assert_eq!(hanconv::s2t(line), super::S2T.convert(line));
                    assert_eq!(hanconv::s2tw(line), super::S2TW.convert(line));
                    assert_eq!(hanconv::s2hk(line), super::S2HK.convert(line));
                }
            }
        }
    }
}
