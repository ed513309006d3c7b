//! The card of a corpus: a README.md that says what the folder holds, its front matter as dataset hubs read it.

use crate::report::Report;
use crate::text::chars::{is_han, is_letter};
use crate::text::han::HanScript;
use crate::write::Options;
use crate::write::signed::signed;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::iter::Sum;
use std::ops::AddAssign;

/// The script of most letters of a record, and the language inferred from it, from nothing else.
const SCRIPTS: [(&str, Option<&str>); 7] = [
    ("Han, simplified", Some("zh")),
    ("Han, traditional", Some("zh")),
    ("Han, either", Some("zh")),
    ("Han and kana", Some("ja")),
    ("Hangul", Some("ko")),
    ("Latin", None),
    ("other or none", None),
];

/// Sizes as dataset hubs put them: fewer records than the number.
const SIZES: [(u64, &str); 10] = [
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (u64::MAX, "100B<n<1T"),
];

/// Records by what they are written in, as `SCRIPTS` names it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scripts(BTreeMap<&'static str, InScript>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct InScript {
    pub records: u64,
    pub letters: u64,
}

impl Scripts {
    /// Of a single record.
    pub fn of(text: &str) -> Self {
        let letters = LetterCounts::of(text);
        let written = InScript {
            records: 1,
            letters: letters.all,
        };
        Scripts(BTreeMap::from([(SCRIPTS[letters.script(text)].0, written)]))
    }
}

/// How many letters a text has of each script; digits do not count.
#[derive(Default)]
struct LetterCounts {
    all: u64,
    han: u64,
    kana: u64,
    hangul: u64,
    latin: u64,
}

impl LetterCounts {
    fn of(text: &str) -> Self {
        let mut letters = LetterCounts::default();
        for c in text
            .chars()
            .filter(|c| is_letter(*c) && !c.is_ascii_digit())
        {
            letters.all += 1;
            match c {
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                    letters.latin += 1
                }
                '\u{3041}'..='\u{30ff}' => letters.kana += 1,
                '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => letters.hangul += 1,
                c => letters.han += u64::from(is_han(c)),
            }
        }
        letters
    }

    /// Which of `SCRIPTS` the text is written in, by the script of most letters.
    fn script(&self, text: &str) -> usize {
        let most = |count: u64| count * 2 > self.all;
        let (han, kana) = (self.han, self.kana);
        match () {
            () if most(self.hangul) => 4,
            () if most(han + kana) && kana * 10 > han + kana => 3,
            () if most(han) => match HanScript::of(text) {
                HanScript::Simplified => 0,
                HanScript::Traditional => 1,
                HanScript::Either => 2,
            },
            () if most(self.latin) => 5,
            () => 6,
        }
    }
}

impl AddAssign for Scripts {
    fn add_assign(&mut self, other: Self) {
        for (script, written) in other.0 {
            let all = self.0.entry(script).or_default();
            all.records += written.records;
            all.letters += written.letters;
        }
    }
}

impl Sum for Scripts {
    fn sum<I: Iterator<Item = Self>>(scripts: I) -> Self {
        scripts.fold(Scripts::default(), |mut all, one| {
            all += one;
            all
        })
    }
}

/// The card of what a run wrote, and as what. There is no time in it: the same run has the same card.
pub(crate) fn card(report: &Report, options: &Options) -> String {
    let mut card = front_matter(report, options);
    card.push_str("\n# Cleaned corpus\n");
    counts(&mut card, report);
    scripts(&mut card, report);
    removed(&mut card, report);
    settings(&mut card, report);
    signed(card)
}

/// YAML; a string of JSON is one of YAML.
fn front_matter(report: &Report, options: &Options) -> String {
    let license = options.license.as_deref().unwrap_or("unknown");
    let mut card = format!("---\nlicense: {}\n", json!(license));
    let languages = languages(report);
    if !languages.is_empty() {
        card.push_str("language:\n");
        languages
            .iter()
            .for_each(|language| card.push_str(&format!("- {language}\n")));
    }
    let records = records(report);
    let size = SIZES
        .iter()
        .find(|(below, _)| records < *below)
        .map_or("n>1T", |(_, size)| size);
    let files = match (options.keep_folders, options.shard_size) {
        (true, _) => "clean/**/*.",
        (false, Some(_)) => "clean-*.",
        (false, None) => "clean.",
    };
    let files = json!(format!("{files}{}", options.format.ending()));
    let _ = write!(
        card,
        "size_categories:\n- {size}\ntask_categories:\n- text-generation\n\
         configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: {files}\n---\n"
    );
    card
}

/// The languages of the scripts that records are written in, as far as a script tells.
fn languages(report: &Report) -> Vec<&'static str> {
    let Some(scripts) = &report.written.scripts else {
        return Vec::new();
    };
    let mut languages: Vec<&str> = SCRIPTS
        .iter()
        .filter(|(name, _)| scripts.0.contains_key(name))
        .filter_map(|(_, language)| *language)
        .collect();
    languages.dedup();
    languages
}

fn records(report: &Report) -> u64 {
    let articles = report.written.articles;
    (if articles > 0 {
        articles
    } else {
        report.written.documents
    }) as u64
}

fn counts(card: &mut String, report: &Report) {
    let (read, written) = (&report.read, &report.written);
    let rows = [
        ("files read", read.files as u64),
        ("documents read", read.documents as u64),
        (
            "documents refused, as they could not be read",
            read.refused as u64,
        ),
        (
            "documents dropped as copies of others",
            written.copies_dropped as u64,
        ),
        ("documents kept", written.documents as u64),
        ("records written", records(report)),
        ("bytes of text read", read.bytes),
        ("bytes of text written", written.bytes),
        ("halves of sentences joined", written.junctions as u64),
    ];
    card.push_str("\n| | |\n|---|--:|\n");
    rows.iter()
        .for_each(|(what, count)| card.push_str(&format!("| {what} | {count} |\n")));
}

fn scripts(card: &mut String, report: &Report) {
    let Some(Scripts(scripts)) = &report.written.scripts else {
        return;
    };
    card.push_str(
        "\n## Scripts\n\nA record is counted by the script that most of its letters are in. No language was detected: the \
         `language` above says no more than that Han without kana was taken for Chinese, with kana for Japanese, Hangul \
         for Korean.\n\n| script | records | letters |\n|---|--:|--:|\n",
    );
    for (name, _) in SCRIPTS {
        if let Some(InScript { records, letters }) = scripts.get(name) {
            let _ = writeln!(card, "| {name} | {records} | {letters} |");
        }
    }
}

fn removed(card: &mut String, report: &Report) {
    card.push_str(
        "\n## Changes by cause\n\nThe share is that of the bytes removed in all bytes read; `+` where a cause added some. \
         Each change stands in the file of changes, with its place and its evidence.\n\n\
         | cause | places | share removed |\n|---|--:|--:|\n",
    );
    for (rule, changes) in &report.changes {
        let removed = changes.bytes_before as f64 - changes.bytes_after as f64;
        let share = removed.abs() / report.read.bytes.max(1) as f64 * 100.0;
        let sign = if removed < 0.0 { "+" } else { "" };
        let _ = writeln!(card, "| {rule} | {} | {sign}{share:.3} % |", changes.places);
    }
}

fn settings(card: &mut String, report: &Report) {
    let settings = serde_json::to_string_pretty(&report.options).expect("options are plain data");
    let _ = write!(
        card,
        "\n## Settings\n\nWritten by jiaokan {}, which can undo all of it (`jiaokan undo`), with these settings:\n\n\
         ```json\n{settings}\n```\n\n",
        report.version
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_counted_by_what_most_of_it_is_in() {
        let records = [
            ("码头扩建工程开工", 0),
            ("碼頭擴建工程開工 by 2025", 1),
            ("山水", 2),
            ("港の工事が始まる", 3),
            ("항구 공사", 4),
            ("The harbour 港", 5),
            ("Гавань", 6),
            ("2025.", 6),
        ];
        for (text, which) in records {
            assert_eq!(
                Scripts::of(text).0.keys().next(),
                Some(&SCRIPTS[which].0),
                "{text}"
            );
        }
    }
}
