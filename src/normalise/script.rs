//! Converts between traditional and simplified script, line by line, where a line is not in the wanted one already.

use super::{Context, Rule, TARGET};
use crate::edit::{Edit, Grade};
use clap::ValueEnum;
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
    Traditional,
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
        let (mut traditional, mut simplified) = (0usize, 0usize);
        for c in text.chars() {
            match TELLING.get(c as usize) {
                Some(Script::Traditional) => traditional += 1,
                Some(Script::Simplified) => simplified += 1,
                _ => {}
            }
        }
        match traditional.cmp(&simplified) {
            std::cmp::Ordering::Greater => Script::Traditional,
            std::cmp::Ordering::Less => Script::Simplified,
            std::cmp::Ordering::Equal => Script::Either,
        }
    }
}

/// Whether only traditional text has the character.
pub(crate) fn is_traditional(c: char) -> bool {
    TELLING.get(c as usize) == Some(&Script::Traditional)
}

/// Whether only simplified text has the character.
pub(crate) fn is_simplified(c: char) -> bool {
    TELLING.get(c as usize) == Some(&Script::Simplified)
}

/// What each character tells of the script: traditional if simplification changes it, simplified if that brings it.
static TELLING: LazyLock<Box<[Script]>> = LazyLock::new(|| {
    let all = || ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{2fa1f}');
    let lines: String = all().flat_map(|c| [c, '\n']).collect();
    let (simplified, traditional) = (to_simplified(&lines), to_traditional(&lines));
    let mut telling = vec![Script::Either; '\u{2fa20}' as usize];
    for (c, (simple, full)) in all().zip(simplified.lines().zip(traditional.lines())) {
        let is_changed = |converted: &str| !converted.starts_with(c);
        telling[c as usize] = match (is_changed(simple), is_changed(full)) {
            (true, false) => Script::Traditional,
            (false, true) => Script::Simplified,
            _ => Script::Either,
        };
    }
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
    let convert: fn(&str) -> String = match context.target {
        Target::Keep => return None,
        Target::Simplified => to_simplified,
        Target::Traditional => to_traditional,
    };
    let is_there = match (Script::of(text), context.target) {
        (Script::Traditional, target) => target == Target::Traditional,
        (Script::Simplified, target) => target == Target::Simplified,
        // nothing in the line tells: it is what its page is
        (Script::Either, target) => (context.script == Script::Traditional) == (target == Target::Traditional),
    };
    (!is_there).then_some(convert)
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

#[cfg(not(feature = "opencc"))]
fn to_simplified(text: &str) -> String {
    hanconv::t2s(text)
}

#[cfg(not(feature = "opencc"))]
fn to_traditional(text: &str) -> String {
    hanconv::s2t(text)
}

#[cfg(feature = "opencc")]
use opencc::{to_simplified, to_traditional};

/// OpenCC itself, by `opencc-rust`.
#[cfg(feature = "opencc")]
mod opencc {
    use opencc_rust::{DefaultConfig, OpenCC};
    use std::sync::LazyLock;

    static TO_SIMPLIFIED: LazyLock<OpenCC> = LazyLock::new(|| open(DefaultConfig::T2S));
    static TO_TRADITIONAL: LazyLock<OpenCC> = LazyLock::new(|| open(DefaultConfig::S2T));

    fn open(config: DefaultConfig) -> OpenCC {
        OpenCC::new(config).expect("libopencc was found when this was built; its dictionaries come with it")
    }

    pub(super) fn to_simplified(text: &str) -> String {
        TO_SIMPLIFIED.convert(text)
    }

    pub(super) fn to_traditional(text: &str) -> String {
        TO_TRADITIONAL.convert(text)
    }

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
                    assert_eq!(hanconv::t2s(line), super::to_simplified(line));
                    assert_eq!(hanconv::s2t(line), super::to_traditional(line));
                }
            }
        }
    }
}
