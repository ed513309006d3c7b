//! Makes the list of English words of SCOWL's lists, and the table of Chinese words of jieba's dictionary.

use jiaokan::bench::text::chars::is_han;
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

/// The table as `text/chinese.rs` reads it: words of Han characters in jieba's `dict.txt`, by their bytes, with their counts.
pub(crate) fn chinese(dictionary: &str) -> String {
    /// A word of several characters that was counted less often than this is left out: half of the list.
    const LEAST: u32 = 5;
    /// Characters of the longest word.
    const LONGEST: usize = 4;
    let lines = std::fs::read_to_string(dictionary).unwrap_or_else(|e| panic!("{dictionary}: {e}"));
    let mut words = BTreeMap::new();
    for line in lines.lines() {
        let mut fields = line.split(' ');
        let word = fields.next().expect("a line has a word");
        let count = fields.next().and_then(|count| count.parse().ok());
        let count: u32 = count.unwrap_or_else(|| panic!("{dictionary}: no count: {line}"));
        let length = word.chars().count();
        let is_common = length == 1 || count >= LEAST;
        if word.chars().all(is_han) && length <= LONGEST && is_common {
            words.insert(word, count);
        }
    }
    let mut text = CHINESE_HEADER.to_string();
    for (word, count) in words {
        writeln!(text, "{word}\t{count}").expect("a string takes any text");
    }
    text
}

const CHINESE_HEADER: &str = "\
# Chinese words of up to four characters and how often they were counted, made by `make words-chinese` of the dictionary
# of jieba 0.42.1 (https://github.com/fxsjy/jieba), which has the MIT licence: Copyright (c) 2013 Sun Junyi. Permission is
# hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
# \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify,
# merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
# furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be
# included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF
# ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
# PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
# LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
# THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";
