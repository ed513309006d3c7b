//! Chinese words and how common they are, and whether a division between two texts falls inside one.
//!
//! The words are those of up to four characters in the dictionary of jieba, as `make words-chinese` writes them.

use super::hash::Mixed;
use super::letters::{Letter, fold};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

/// Characters of the longest word.
const LONGEST: usize = 4;

/// The characters looked at on each side of a division: a word that crosses it, and one beside that.
const WINDOW: usize = 6;

static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::of(include_str!("../../data/tables/chinese.tsv")));

/// By how much likelier two texts that follow each other are if a word may cross the division between them, as the
/// logarithm of a ratio; 0 if no word does. Both readings are the most probable cut into words, whose probabilities are
/// taken to be independent (a unigram model, as jieba's).
pub(crate) fn word_across(before: &str, after: &str) -> f32 {
    let mut letters: Vec<Letter> = before.chars().rev().map_while(han).take(WINDOW).collect();
    letters.reverse();
    let division = letters.len();
    letters.extend(after.chars().map_while(han).take(WINDOW));
    if division == 0 || division == letters.len() {
        return 0.0;
    }
    let divided = WORDS.best_cut(&letters[..division]) + WORDS.best_cut(&letters[division..]);
    WORDS.best_cut(&letters) - divided
}

/// The folded letter of a Han character.
fn han(c: char) -> Option<Letter> {
    fold(c).filter(|_| super::chars::is_han(c))
}

struct Words {
    /// The logarithm of the probability of each word.
    log_probability: HashMap<u64, f32, BuildHasherDefault<Mixed>>,
    /// Of a character that is no word of the dictionary.
    unknown: f32,
}

impl Words {
    fn of(table: &str) -> Self {
        let mut counts: HashMap<u64, u32, BuildHasherDefault<Mixed>> = HashMap::default();
        let mut all = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (word, count) = line
                .split_once('\t')
                .expect("data/tables/chinese.tsv: a tab");
            let count: u32 = count.parse().expect("data/tables/chinese.tsv: a number");
            let letters: Vec<Letter> = word.chars().filter_map(fold).collect();
            *counts.entry(key(&letters)).or_default() += count;
            all += count;
        }
        let all = (all as f32).ln();
        Words {
            log_probability: counts
                .into_iter()
                .map(|(word, count)| (word, (count as f32).ln() - all))
                .collect(),
            unknown: -all,
        }
    }

    /// The logarithm of the probability of the likeliest cut of some letters into words.
    fn best_cut(&self, letters: &[Letter]) -> f32 {
        let mut best = vec![0.0];
        for end in 1..=letters.len() {
            let begins = end.saturating_sub(LONGEST)..end;
            let cuts = begins.filter_map(|begin| {
                let word = self
                    .log_probability
                    .get(&key(&letters[begin..end]))
                    .copied();
                let word = word.or((end - begin == 1).then_some(self.unknown));
                Some(best[begin] + word?)
            });
            best.push(cuts.fold(f32::NEG_INFINITY, f32::max));
        }
        best[letters.len()]
    }
}

/// A word as a number.
fn key(letters: &[Letter]) -> u64 {
    letters
        .iter()
        .fold(0, |key, letter| key << 16 | u64::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_inside_a_word_is_known_in_any_script() {
        for (before, after) in [
            ("他取出一根擀面", "杖，"),
            ("這個詞的意", "思是"),
            ("記", "者說"),
        ] {
            assert!(word_across(before, after) > 4.0, "{before}|{after}");
        }
    }

    #[test]
    fn a_division_between_words_is_none() {
        for (before, after) in [
            ("他取出一根擀面", "了，好半天"),
            ("今天", "他们"),
            ("第5", "章"),
            ("the", "词"),
            ("", ""),
        ] {
            assert!(word_across(before, after) < 1.0, "{before}|{after}");
        }
    }
}
