//! Converts between traditional and simplified script, line by line, where a line is not in the wanted one already.

use super::{Context, Rule, TARGET};
use crate::edit::{Edit, Grade};
use clap::ValueEnum;
use hanconv::RawDictionary;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    name: "script",
    about: "With --script: lines in the other script are converted, word by word, as OpenCC does.",
    examples: &[
        ("碼頭擴建工程開工，軟體與乾燥設備一併採購", "码头扩建工程开工，软体与干燥设备一并采购"),
        ("乾隆年間的燈塔", "乾隆年间的灯塔"),
        ("码头扩建工程开工，乾隆年间的灯塔", "码头扩建工程开工，乾隆年间的灯塔"),
    ],
    grade: Grade::Certain,
    wants: TARGET,
    find,
};

/// The script of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// As it came.
    #[default]
    Keep,
    Simplified,
    /// By the standard of OpenCC
    Traditional,
    /// As Taiwan writes it
    Taiwan,
    /// As Hong Kong writes it
    #[value(name = "hongkong")]
    HongKong,
}

/// The script of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Traditional,
    Simplified,
    /// No character tells.
    Either,
}

impl Script {
    /// The script that most telling characters are in.
    pub fn of(text: &str) -> Self {
        let telling = &**TELLING;
        let balance: isize = text.chars().map(|c| isize::from(telling.get(c as usize).copied().unwrap_or(0))).sum();
        match balance {
            1.. => Script::Traditional,
            0 => Script::Either,
            _ => Script::Simplified,
        }
    }
}

/// Whether only traditional text has the character.
pub(crate) fn is_traditional(c: char) -> bool {
    TELLING.get(c as usize) == Some(&1)
}

/// Whether only simplified text has the character.
pub(crate) fn is_simplified(c: char) -> bool {
    TELLING.get(c as usize) == Some(&-1)
}

/// What each character tells of the script: traditional (1) if simplification changes it, simplified (-1) if no traditional
/// text has it, and else nothing, as 里 and 准 do, which are both.
static TELLING: LazyLock<Box<[i8]>> = LazyLock::new(|| {
    let mut telling = vec![0; '\u{2fa20}' as usize];
    let mut tell = |character: &str, kinds: &[&str], what: i8| {
        let place = character.chars().next().filter(|_| !kinds.contains(&character));
        place.and_then(|c| telling.get_mut(c as usize)).into_iter().for_each(|told| *told += what);
    };
    RawDictionary::TSCharacters.var_iter().for_each(|(character, kinds)| tell(character, &kinds, 1));
    RawDictionary::STCharacters.var_iter().for_each(|(character, kinds)| tell(character, &kinds, -1));
    telling.into_boxed_slice()
});

fn find(text: &str, context: &Context) -> Vec<Edit> {
    converter(text, context).map_or_else(Vec::new, |convert| differences(text, &convert(text)))
}

/// A text in the wanted script.
pub(super) fn converted(text: &str, context: &Context) -> String {
    converter(text, context).map_or_else(|| text.to_string(), |convert| convert(text))
}

/// What converts a text to the wanted script; none if it is in that already.
fn converter(text: &str, context: &Context) -> Option<fn(&str) -> String> {
    if context.target == Target::Keep {
        return None;
    }
    // where nothing in the line tells, it is what its page is
    let script = Some(Script::of(text)).filter(|script| *script != Script::Either).unwrap_or(context.script);
    match (context.target, script) {
        (Target::Keep | Target::Traditional, Script::Traditional) => None,
        (Target::Keep | Target::Simplified, Script::Simplified | Script::Either) => None,
        (Target::Simplified, Script::Traditional) => Some(conversion::t2s),
        (Target::Traditional, _) => Some(conversion::s2t),
        (Target::Taiwan, Script::Traditional) => Some(conversion::t2tw),
        (Target::Taiwan, _) => Some(conversion::s2tw),
        (Target::HongKong, Script::Traditional) => Some(conversion::t2hk),
        (Target::HongKong, _) => Some(conversion::s2hk),
    }
}

/// Edits that make `after` of `before`: character by character where none came or went, else what lies between the
/// common head and tail.
fn differences(before: &str, after: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    if before.chars().count() == after.chars().count() {
        for ((at, a), b) in before.char_indices().zip(after.chars()).filter(|((_, a), b)| a != b) {
            match edits.last_mut() {
                Some(last) if last.span.end == at => {
                    last.span.end += a.len_utf8();
                    last.with.push(b);
                }
                _ => edits.push(Edit::new(at..at + a.len_utf8(), b)),
            }
        }
    } else if before != after {
        let head: usize =
            before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let tail: usize = before[head..]
            .chars()
            .rev()
            .zip(after[head..].chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        edits.push(Edit::new(head..before.len() - tail, &after[head..after.len() - tail]));
    }
    edits
}

/// OpenCC's dictionaries, as `hanconv` holds them.
#[cfg(not(feature = "opencc"))]
mod conversion {
    pub(super) fn t2s(text: &str) -> String {
        hanconv::t2s(text)
    }

    pub(super) fn s2t(text: &str) -> String {
        hanconv::s2t(text)
    }

    pub(super) fn s2tw(text: &str) -> String {
        hanconv::s2tw(text)
    }

    pub(super) fn t2tw(text: &str) -> String {
        hanconv::t2tw(text)
    }

    pub(super) fn s2hk(text: &str) -> String {
        hanconv::s2hk(text)
    }

    pub(super) fn t2hk(text: &str) -> String {
        hanconv::t2hk(text)
    }
}

/// OpenCC itself, by `opencc-rust`.
#[cfg(feature = "opencc")]
mod conversion {
    use opencc_rust::{DefaultConfig, OpenCC};
    use std::sync::LazyLock;

    macro_rules! conversions {
        ($($name:ident: $config:ident),*) => {$(
            pub(super) fn $name(text: &str) -> String {
                static OPENCC: LazyLock<OpenCC> = LazyLock::new(|| {
                    OpenCC::new(DefaultConfig::$config)
                        .expect("libopencc was found when this was built; its dictionaries come with it")
                });
                OPENCC.convert(text)
            }
        )*};
    }

    conversions!(t2s: T2S, s2t: S2T, s2tw: S2TW, t2tw: T2TW, s2hk: S2HK, t2hk: T2HK);

    #[cfg(test)]
    mod tests {
        #[test]
        fn the_built_in_conversion_is_opencc_s_own() {
            let pages = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data/pages")).unwrap();
            let texts = pages.map(|page| std::fs::read_to_string(page.unwrap().path()).unwrap());
            let phrases =
                "碼頭擴建，乾隆年間；軟體與乾燥設備一併採購。\n著名作家着力描寫瞭望塔。\n头发发现后台里面干燥复杂";
            for text in texts.chain([phrases.to_string()]) {
                for line in text.lines() {
                    assert_eq!(hanconv::t2s(line), super::t2s(line));
                    assert_eq!(hanconv::s2t(line), super::s2t(line));
                    assert_eq!(hanconv::s2tw(line), super::s2tw(line));
                    assert_eq!(hanconv::s2hk(line), super::s2hk(line));
                }
            }
        }
    }
}
