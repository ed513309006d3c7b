//! Converts between traditional and simplified script, line by line, where a line is not in the wanted one already.

use super::sorts::TARGET;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::choice::choices;
use crate::text::han::Script;
use conversion::Conversion;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Script,
    examples: &[
        (
            "碼頭擴建工程開工，軟體與乾燥設備一併採購",
            "码头扩建工程开工，软体与干燥设备一并采购",
        ),
        ("乾隆年間的燈塔", "乾隆年间的灯塔"),
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
    if context.target == Target::Keep {
        return None;
    }
    // a line without characters of one script only has the script of its page
    let script = Some(Script::of(text))
        .filter(|script| *script != Script::Either)
        .or(context.script)
        .unwrap_or(Script::Either);
    match (context.target, script) {
        (Target::Keep | Target::Traditional, Script::Traditional) => None,
        (Target::Keep | Target::Simplified, Script::Simplified | Script::Either) => None,
        (Target::Simplified, Script::Traditional) => Some(&conversion::T2S),
        (Target::Traditional, _) => Some(&conversion::S2T),
        (Target::Taiwan, Script::Traditional) => Some(&conversion::T2TW),
        (Target::Taiwan, _) => Some(&conversion::S2TW),
        (Target::HongKong, Script::Traditional) => Some(&conversion::T2HK),
        (Target::HongKong, _) => Some(&conversion::S2HK),
    }
}

/// Edits that make `after` of `before`: character by character where none came or went, else what lies between the
/// common head and tail.
fn differences(before: &str, after: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    if before.chars().count() == after.chars().count() {
        for ((at, a), b) in before
            .char_indices()
            .zip(after.chars())
            .filter(|((_, a), b)| a != b)
        {
            match edits.last_mut() {
                Some(last) if last.span.end == at => {
                    last.span.end += a.len_utf8();
                    last.with.push(b);
                }
                _ => edits.push(Edit::new(at..at + a.len_utf8(), b)),
            }
        }
    } else if before != after {
        let head: usize = before
            .chars()
            .zip(after.chars())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        let tail: usize = before[head..]
            .chars()
            .rev()
            .zip(after[head..].chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        edits.push(Edit::new(
            head..before.len() - tail,
            &after[head..after.len() - tail],
        ));
    }
    edits
}

/// OpenCC's dictionaries, as `hanconv` holds them. At each character the longest key that begins there is replaced.
#[cfg(not(feature = "opencc"))]
mod conversion {
    use super::differences;
    use crate::page::edit::Edit;
    use hanconv::{Converters, Dictionary, Trie};
    use std::sync::LazyLock;

    pub(super) static T2S: LazyLock<Conversion> = LazyLock::new(|| {
        Conversion::of(
            Converters::T2S,
            &[Dictionary::TSPhrases, Dictionary::TSCharacters],
        )
    });
    pub(super) static S2T: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(Converters::S2T, &SIMPLIFIED));
    pub(super) static S2TW: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(Converters::S2TW, &SIMPLIFIED));
    pub(super) static S2HK: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(Converters::S2HK, &SIMPLIFIED));
    pub(super) static T2TW: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(Converters::T2TW, &[Dictionary::TWVariants]));
    pub(super) static T2HK: LazyLock<Conversion> =
        LazyLock::new(|| Conversion::of(Converters::T2HK, &[Dictionary::HKVariants]));

    const SIMPLIFIED: [Dictionary; 2] = [Dictionary::STPhrases, Dictionary::STCharacters];

    pub(super) struct Conversion {
        /// What the characters are that a key begins with.
        firsts: Box<[First]>,
        first: &'static Trie<&'static str>,
        /// What is done to the outcome.
        then: Vec<&'static Trie<&'static str>>,
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

    impl Conversion {
        /// The conversion of which these are the first dictionaries.
        fn of(converters: Converters, dictionaries: &[Dictionary]) -> Self {
            let mut firsts = vec![First::Stays; '\u{30000}' as usize];
            for (key, value) in dictionaries.iter().flat_map(|dictionary| dictionary.iter()) {
                let (mut key, mut value) = (key.chars(), value.chars());
                let Some(first) = key.next().and_then(|c| firsts.get_mut(c as usize)) else {
                    continue;
                };
                *first = match (*first, key.next(), value.next(), value.next()) {
                    (First::Stays, None, Some(with), None) => First::Becomes(with),
                    _ => First::Begins,
                };
            }
            let tries = converters.dictionaries();
            Conversion {
                firsts: firsts.into_boxed_slice(),
                first: tries[0],
                then: tries[1..].to_vec(),
            }
        }

        pub(super) fn convert(&self, text: &str) -> String {
            self.then
                .iter()
                .fold(self.first.convert(text), |text, trie| trie.convert(text))
        }

        pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
            if self.then.is_empty() {
                self.of_first(text)
            } else {
                differences(text, &self.convert(text))
            }
        }

        /// What the first dictionaries change.
        fn of_first(&self, text: &str) -> Vec<Edit> {
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
                    Some(First::Begins) => match self.first.r#match(text[at..].chars()) {
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
