//! Decides what becomes of a hyphen at the end of a line when the line is joined to the next: whether it only broke a
//! word or belongs to it.

use super::junction::Junction;
use crate::lexicon::words::{Words, word};
use crate::logistic::{Logistic, features};
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence};
use crate::text::english;
use crate::text::language::Language;
use crate::text::latin::{
    first_word, is_hyphen, is_hyphenated, is_latin, last_word, repeats_hyphen,
};
use crate::text::script::Script;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A word that runs over the end of a line: the part before the hyphen, and the part on the next line.
pub struct Broken<'t> {
    left: &'t str,
    right: &'t str,
    mark: char,
    /// Whether another hyphen comes right before or after the two parts: mother-in-|law, man-|of-war.
    chained: bool,
}

features! {
    /// What is known of a broken word. *often* is the logarithm of a count, *by size* means multiplied by `size`;
    /// *stock* refers to the lists below.
    pub struct Features {
        one,
        /// How far the counts of the run can be trusted: 0 for not at all, 1 for ten million words.
        size,
        /// The run has the word without its hyphen, with it, and each of its parts.
        joined,
        joined_often,
        joined_unknown_by_size,
        compound,
        compound_often,
        left,
        left_often,
        right,
        right_often,
        both,
        both_by_size,
        both_joined_unknown,
        /// How often the run has compounds that begin with the left part, or end with the right one.
        left_begins_compounds,
        /// The part is one of `BEGIN_COMPOUNDS`; of `ENDINGS`.
        left_begins_by_stock,
        right_ends_compounds,
        right_ending_by_stock,
        chained,
        /// The hyphen is one that only breaks words: a soft one, or ¬.
        own_hyphen,
        short_left,
        no_vowel,
        common_left,
        common_right,
        both_common,
        both_common_joined_unknown,
    }
}

/// The probability that the hyphen belongs to the word. Fitted by `make weights-english` on newspapers of the
/// nineteenth century. On pages of another newspaper it destroyed 1 of 53 compounds and left 25 in 1,000 of 1,383
/// broken words; judging each page alone, 6 compounds and 56 in 1,000.
pub static MODEL: LazyLock<Logistic<Features>> =
    LazyLock::new(|| Logistic::shipped(include_str!("../../data/weights/hyphens.tsv")));

/// The hyphen stays if it belongs to the word with at least this probability. For each compound at the end of a line
/// there are some twenty broken words, and destroying a share of the compounds is as bad as leaving the same share of
/// words broken.
const KEEP_FROM: f32 = 0.08;

/// Parts that begin compounds and are hardly ever a syllable of another word.
const BEGIN_COMPOUNDS: [&str; 42] = [
    "self", "well", "half", "non", "ex", "all", "cross", "vice", "quasi", "pseudo", "semi", "anti",
    "ill", "so", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "old", "new", "high", "low",
    "long", "short", "north", "south", "mid", "right", "left", "great",
];

/// Endings that are not words.
const ENDINGS: [&str; 66] = [
    "tion", "tions", "tional", "sion", "sions", "cation", "ation", "ations", "ing", "ings", "ting",
    "ning", "ling", "ding", "ring", "sing", "ment", "ments", "mental", "ed", "ted", "ded", "ned",
    "er", "ers", "ter", "ters", "der", "ber", "ly", "ally", "ness", "able", "ible", "bly", "ity",
    "ities", "ous", "ious", "tious", "cious", "ive", "tive", "sive", "ful", "fully", "ence",
    "ences", "ance", "ances", "ent", "ently", "antly", "ate", "ated", "ates", "ating", "ture",
    "tures", "tic", "tical", "cal", "ial", "tial", "cial", "ian",
];

/// Common English words that occur in compounds and hardly ever as syllables of longer words.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/tables/compounds.txt")
        .split_whitespace()
        .filter(|w| *w != "#")
        .collect()
});

/// What French hangs on by a hyphen, but what is also a syllable of longer words (mer-|ci, ver-|tu).
const FRENCH: [&str; 12] = [
    "je", "il", "elle", "on", "nous", "vous", "ils", "elles", "t", "là", "même", "être",
];

/// What Portuguese hangs on to verbs and is not a syllable of longer words, as -se and -te are.
const PORTUGUESE: [&str; 2] = ["lhe", "lhes"];

/// What Portuguese hangs on too, where the left part ends as a verb does: levantou-|se, but fos-|se.
const PRONOUNS_OF_PORTUGUESE: [&str; 16] = [
    "se", "me", "te", "nos", "vos", "o", "a", "os", "as", "lo", "la", "los", "las", "no", "na",
    "nas",
];
const VERB_ENDINGS: [&str; 12] = [
    "ou", "am", "eu", "iu", "ei", "ava", "ia", "iam", "á", "ê", "í", "foi",
];

/// What Russian hangs on by a hyphen, but what is also a syllable of longer words (ве-|ка).
const RUSSIAN: [&str; 4] = ["то", "либо", "нибудь", "таки"];

/// Words before which a hyphen stands for a part that comes later: pre- and post-war.
const SUSPENDING: [&str; 18] = [
    "and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "nor", "och", "og",
    "eller", "ed", "и", "или",
];

impl<'t> Broken<'t> {
    /// The word that runs across two texts, if the first ends in a letter and a hyphen and the second begins with a small
    /// letter.
    pub fn over(tail: &'t str, head: &'t str) -> Option<Self> {
        let mark = tail.chars().next_back().filter(|c| is_hyphen(*c))?;
        let before = &tail[..tail.len() - mark.len_utf8()];
        let (left, right) = (last_word(before), first_word(head));
        let small = right.starts_with(char::is_lowercase);
        // α2-|integrin
        let whole = !before[..before.len() - left.len()].ends_with(char::is_alphanumeric);
        if left.is_empty() || !small || !whole || is_suspended(tail, head) {
            return None;
        }
        let chained = before[..before.len() - left.len()].ends_with(is_hyphen)
            || head[right.len()..]
                .strip_prefix(is_hyphen)
                .is_some_and(|rest| rest.starts_with(is_hyphenated));
        Some(Broken {
            left,
            right,
            mark,
            chained,
        })
    }

    pub fn joined(&self) -> String {
        format!("{}{}", self.left, self.right)
    }

    fn compound(&self) -> String {
        format!("{}-{}", self.left, self.right)
    }

    /// How often the run has the word, with and without its hyphen.
    pub fn known(&self, words: &Words) -> u32 {
        words.count(word(&self.joined())) + words.count(word(&self.compound()))
    }

    pub fn features(&self, words: &Words) -> Features {
        let size = ((words.total() + 1) as f32).log10() / 7.0;
        let [joined, compound] =
            [self.joined(), self.compound()].map(|text| words.count(word(&text)));
        let [left, right] = [self.left, self.right].map(|part| words.count(word(part)));
        let begins = words.count(word(&format!("{}-", self.left)));
        let ends = words.count(word(&format!("-{}", self.right)));
        let both = left > 0 && right > 0;
        let small = self.left.to_lowercase();
        let is_common = [&small, self.right].map(|part: &str| COMMON.contains(part));
        let both_common = is_common == [true; 2];
        Features {
            one: 1.0,
            size,
            joined: f32::from(joined > 0),
            joined_often: often(joined),
            joined_unknown_by_size: f32::from(joined == 0) * size,
            compound: f32::from(compound > 0),
            compound_often: often(compound),
            left: f32::from(left > 0),
            left_often: often(left),
            right: f32::from(right > 0),
            right_often: often(right),
            both: f32::from(both),
            both_by_size: f32::from(both) * size,
            both_joined_unknown: f32::from(both && joined == 0),
            left_begins_compounds: often(begins),
            left_begins_by_stock: f32::from(self.begins_compound()),
            right_ends_compounds: often(ends),
            right_ending_by_stock: f32::from(ENDINGS.contains(&self.right)),
            chained: f32::from(self.chained),
            own_hyphen: f32::from(matches!(self.mark, '\u{AD}' | '¬')),
            short_left: f32::from(self.left.chars().count() <= 2),
            no_vowel: f32::from(!has_vowel(self.left) || !has_vowel(self.right)),
            common_left: f32::from(is_common[0]),
            common_right: f32::from(is_common[1]),
            both_common: f32::from(both_common),
            both_common_joined_unknown: f32::from(both_common && joined == 0),
        }
    }

    /// What speaks for the word without its hyphen.
    fn evidence(&self, words: &Words) -> Evidence {
        let joined = self.joined();
        let note = match words.count(word(&joined)) {
            0 => format!("{joined} came nowhere else in the run; nothing speaks for a compound"),
            count => format!("{joined} came in the run, times: {count}"),
        };
        Evidence {
            note: Some(note),
            ..Evidence::default()
        }
    }

    /// Whether the hyphen belongs to the word. The model speaks for English; for other languages the run's own words do,
    /// and the pronouns that theirs hang on to a verb.
    pub fn keeps(&self, words: &Words, language: Language) -> bool {
        if self.mark == '\u{AD}' {
            return false;
        }
        let compound = words.count(word(&self.compound()));
        let joined = words.count(word(&self.joined()));
        let is_latin = self.left.ends_with(is_latin);
        if !is_latin || !matches!(language.code, "en" | "") {
            return compound > joined || joined == 0 && (self.chained || self.hangs(language));
        }
        let is_listed = |word: &str| english::rank(&word.to_lowercase()).is_some();
        let is_word = is_listed(&self.joined());
        // ex-|wife: two words, and never one
        if joined == 0 && !is_word && self.begins_compound() && is_listed(self.right) {
            return true;
        }
        // fisher-|men: two words, and one
        let probability = MODEL.probability(&self.features(words));
        probability >= KEEP_FROM && !(is_word && compound == 0)
    }

    fn begins_compound(&self) -> bool {
        BEGIN_COMPOUNDS.contains(&self.left.to_lowercase().as_str())
    }

    /// Whether one part is what the language joins to others by a hyphen: dit-|il, peut-|être, deu-|lhe, кто-|то.
    fn hangs(&self, language: Language) -> bool {
        if Script::of_last(self.left) == Script::Cyrillic {
            return self.hangs_in_russian();
        }
        match language.code {
            "fr" => FRENCH.contains(&self.right),
            "pt" => {
                PORTUGUESE.contains(&self.right)
                    || PRONOUNS_OF_PORTUGUESE.contains(&self.right)
                        && VERB_ENDINGS.iter().any(|end| self.left.ends_with(end))
            }
            _ => false,
        }
    }

    /// кто-|то, кое-|как, по-|русски, во-|первых.
    fn hangs_in_russian(&self) -> bool {
        let left = self.left.to_lowercase();
        let is_adverb = |ends: &[&str]| ends.iter().any(|end| self.right.ends_with(end));
        RUSSIAN.contains(&self.right)
            || matches!(left.as_str(), "кое" | "кой")
            || left == "по" && is_adverb(&["ски", "цки", "ому", "ему", "ьи"])
            || matches!(left.as_str(), "в" | "во") && is_adverb(&["ых", "их"])
    }
}

/// The logarithm of a count, and 0 for none.
fn often(count: u32) -> f32 {
    ((1 + count) as f32).ln()
}

fn has_vowel(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_ascii() || "aeiouyAEIOUY".contains(c))
}

/// Whether the hyphen stands for the end of a word that comes later, and so keeps its space: pre- |and post-war.
pub(super) fn is_suspended(tail: &str, head: &str) -> bool {
    let right = first_word(head);
    crate::text::latin::ends_in_hyphen(tail)
        && SUSPENDING.contains(&right)
        && head[right.len()..].starts_with(char::is_whitespace)
        // but not in to-|to
        && head[right.len()..].split_whitespace().next().is_some_and(|next| next.contains(is_hyphen) || right != "to")
}

/// Deletes the hyphens that broke a word, between the halves that were joined.
pub(super) fn remove(page: &mut Page, junctions: &[Junction], words: &Words) {
    let deleted = |junction: &Junction| {
        let [tail, head] =
            [junction.tail, junction.head].map(|at| page.reading(page.blocks[at].span.clone()));
        let deleted = |length: usize, evidence: Evidence| {
            let end = tail.text.len();
            let edit = tail.trace(Edit::delete(end - length..end));
            Some((edit, Cause::verified(CauseId::Hyphen, evidence)))
        };
        if repeats_hyphen(&tail.text, &head.text) {
            let hyphens = tail.text.len() - tail.text.trim_end_matches(is_hyphen).len();
            let note = Some("the next line begins with the same hyphen".into());
            let evidence = Evidence {
                note,
                ..Evidence::default()
            };
            return deleted(hyphens, evidence);
        }
        let language = page.nature.language_of(junction.tail);
        let broken = Broken::over(&tail.text, &head.text)?;
        if broken.keeps(words, language) {
            return None;
        }
        deleted(broken.mark.len_utf8(), broken.evidence(words))
    };
    let edits = junctions.iter().filter_map(deleted).collect();
    page.edit_each(edits);
}
