//! Makes the list of English words of SCOWL's lists.

use jiaokan::bench::text::english::{ENDINGS, inflect};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// The list as `text/english.rs` reads it: by rank, each word once, at its commonest.
pub(crate) fn list(folder: &str) -> String {
    const SECTIONS: [(&str, &[&str], &[u32]); 5] = [
        ("everyday", &["words", "contractions"], &[10]),
        ("common", &["words", "contractions"], &[20]),
        ("usual", &["words", "contractions"], &[35]),
        ("rare", &["words", "contractions"], &[40, 50]),
        (
            "names",
            &["upper", "proper-names", "abbreviations"],
            &[10, 20, 35, 40, 50],
        ),
    ];
    const REGIONS: [&str; 7] = [
        "english",
        "american",
        "british",
        "british_z",
        "british_variant_1",
        "variant_1",
        "variant_2",
    ];
    let mut listed: HashMap<String, usize> = HashMap::new();
    for (section, (_, kinds, sizes)) in SECTIONS.iter().enumerate() {
        for (region, kind, size) in REGIONS.iter().flat_map(|r| {
            kinds
                .iter()
                .flat_map(move |k| sizes.iter().map(move |s| (r, k, s)))
        }) {
            let Ok(bytes) = std::fs::read(format!("{folder}/{region}-{kind}.{size}")) else {
                continue;
            };
            // the lists are in Latin-1; words with accents are left out
            for line in bytes.split(|b| *b == b'\n').filter(|line| line.is_ascii()) {
                let word = String::from_utf8_lossy(line).trim().to_lowercase();
                let is_word = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'')
                    && !word.ends_with("'s");
                if is_word && (word.len() > 1 || ["a", "i", "o"].contains(&word.as_str())) {
                    listed.entry(word).or_insert(section);
                }
            }
        }
    }
    let mut sections: Vec<BTreeMap<&str, String>> = vec![BTreeMap::new(); SECTIONS.len()];
    let mut stems: Vec<&str> = listed.keys().map(String::as_str).collect();
    stems.sort_by_key(|word| (word.len(), *word));
    let mut implied = std::collections::HashSet::new();
    for stem in stems {
        if implied.contains(stem) {
            continue;
        }
        let section = listed[stem];
        let mut endings = String::new();
        for ending in ENDINGS.iter().filter(|_| stem.len() > 2) {
            let word = inflect(stem, *ending).filter(|word| listed.get(word) == Some(&section));
            if word.is_some_and(|word| implied.insert(word)) {
                endings.push(*ending);
            }
        }
        sections[section].insert(stem, endings);
    }
    let mut text = HEADER.to_string();
    for ((name, ..), words) in SECTIONS.iter().zip(sections) {
        writeln!(text, "= {name}").expect("a string takes any text");
        let mut last = "";
        for (word, endings) in words {
            let shared = last
                .bytes()
                .zip(word.bytes())
                .take_while(|(a, b)| a == b)
                .count()
                .min(35);
            let digit = char::from_digit(shared as u32, 36).expect("35 at most");
            writeln!(text, "{digit}{}{endings}", &word[shared..]).expect("a string takes any text");
            last = word;
        }
    }
    text
}

const HEADER: &str = "\
# English words by how common they are, made by `make words` of SCOWL, the Spell Checker Oriented Word Lists, 2020.12.07,
# sizes 10 to 50, American and British with variants; src/english.rs says how a line is read. Copyright 2000-2020 by Kevin
# Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the associated scripts, the output
# created from the scripts, and its documentation for any purpose is hereby granted without fee, provided that the above
# copyright notice appears in all copies and that both that copyright notice and this permission notice appear in
# supporting documentation. Kevin Atkinson makes no representations about the suitability of this array for any purpose.
# It is provided \"as is\" without express or implied warranty. The notices of its sources: english.copyright.
";
