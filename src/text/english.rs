//! What is known of English words without a run: which there are, how common they are, and which letters follow which.
//!
//! The words are those of SCOWL (Spell Checker Oriented Word Lists, Kevin Atkinson), sizes 10 to 50, as `make words`
//! writes them; a smaller size has commoner words.

use crate::text::hash::Mixed;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

/// How common a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// One of the hundred or so words that make half of any text, by its place among them.
    Grammar(u8),
    /// Of SCOWL's sizes 10, 20, 35, and 40 to 50.
    Everyday,
    Common,
    Usual,
    Rare,
    /// Written with a capital: a name, a month, an abbreviation.
    Name,
}

/// The commonest words of English, roughly in the order in which any count has them.
const GRAMMAR: &str = "the of and to in a that was he it is for his with as by had be at on not which were from this \
    have been an they who are or but their her she i would there when one him we all no said so has if them will out \
    up other into some than its only any time more two could man did my what our then after upon very before about \
    such made do your you me being under these most those should may over now also first where great having here off \
    down while every how must through between same well like long day house take much many against given place found";

/// The list counts as much as a text of this many words of English. Chosen by eye.
pub(crate) const WORTH: f32 = 20_000.0;

impl Rank {
    /// The share of all words that such a word has.
    pub(crate) fn share(self) -> f32 {
        match self {
            // Zipf's law
            Rank::Grammar(place) => 0.06 / (1.0 + f32::from(place)).powf(0.9),
            Rank::Everyday => 1e-4,
            Rank::Common => 1.4e-5,
            Rank::Usual | Rank::Name => 1.8e-6,
            Rank::Rare => 3e-7,
        }
    }
}

struct English {
    ranks: HashMap<u64, Rank, BuildHasherDefault<Mixed>>,
    /// The natural logarithm of the probability of a letter after two others, in a word.
    letters: Vec<f32>,
    /// Whether any listed word has the letter after the two others.
    is_seen: Vec<bool>,
}

static ENGLISH: LazyLock<English> =
    LazyLock::new(|| English::of(include_str!("../../data/tables/english.txt")));

/// The rank of a word in small letters, with or without a possessive s; `None` if it is not listed.
pub(crate) fn rank(word: &str) -> Option<Rank> {
    let ranks = &ENGLISH.ranks;
    let found = |word: &str| ranks.get(&xxh3_64(word.as_bytes())).copied();
    found(word).or_else(|| found(word.strip_suffix("'s")?))
}

/// Whether it is a rarer word, an old one or another spelling of SCOWL's larger sizes: uncommon, but no misreading.
pub(crate) fn is_rare_or_variant(word: &str) -> bool {
    static VARIANTS: LazyLock<HashSet<u64, BuildHasherDefault<Mixed>>> = LazyLock::new(|| {
        words(include_str!("../../data/tables/variants.txt"))
            .map(|(word, _)| xxh3_64(word.as_bytes()))
            .collect()
    });
    let holds = |word: &str| VARIANTS.contains(&xxh3_64(word.as_bytes()));
    holds(word) || word.strip_suffix("'s").is_some_and(holds)
}

/// How English a word looks: the mean natural logarithm of the probability of each letter after the two before it.
pub(crate) fn spelling(word: &str) -> f32 {
    let (mut sum, mut count) = (0.0, 0);
    for triple in triples(word) {
        sum += ENGLISH.letters[triple];
        count += 1;
    }
    sum / count.max(1) as f32
}

/// Whether a word in small letters has three in a row, or two at its end, that no listed word has.
pub(crate) fn is_impossible(word: &str) -> bool {
    triples(word).any(|triple| !ENGLISH.is_seen[triple])
}

/// The letters, one sign for the end of a word, and one for everything else.
const SIGNS: usize = 28;

/// Each letter of a word, and its end, with the two before it.
fn triples(word: &str) -> impl Iterator<Item = usize> {
    const END: usize = 0;
    let sign = |b: u8| {
        if b.is_ascii_lowercase() {
            usize::from(b - b'a') + 1
        } else {
            SIGNS - 1
        }
    };
    let mut before = END;
    word.bytes()
        .map(sign)
        .chain(std::iter::once(END))
        .map(move |next| {
            let triple = before * SIGNS + next;
            before = triple % (SIGNS * SIGNS);
            triple
        })
}

impl English {
    fn of(list: &str) -> Self {
        let mut counts = vec![0u32; SIGNS * SIGNS * SIGNS];
        let mut ranks = HashMap::default();
        for (word, rank) in words(list) {
            if rank != Rank::Name {
                triples(&word).for_each(|triple| counts[triple] += 1);
            }
            ranks.entry(xxh3_64(word.as_bytes())).or_insert(rank);
        }
        for (place, word) in GRAMMAR.split_whitespace().enumerate() {
            ranks.insert(xxh3_64(word.as_bytes()), Rank::Grammar(place as u8));
        }
        let letters = counts.chunks(SIGNS).flat_map(log_shares);
        English {
            ranks,
            letters: letters.collect(),
            is_seen: counts.iter().map(|count| *count > 0).collect(),
        }
    }
}

/// The logarithms of the shares of counts, none of which is taken for 0.
fn log_shares(counts: &[u32]) -> impl Iterator<Item = f32> {
    let total: u32 = counts.iter().sum();
    let log_share = move |n: &u32| ((*n as f32 + 0.1) / (total as f32 + 3.0)).ln();
    counts.iter().map(log_share)
}

/// The words of a list, the commonest first. A line has the number of letters that it shares with the line before (a digit
/// of base 36), the rest of the word, and in capitals the endings that the word is listed with.
fn words(list: &str) -> impl Iterator<Item = (String, Rank)> {
    let (mut rank, mut last) = (Rank::Everyday, String::new());
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(move |line| {
            if let Some(section) = line.strip_prefix("= ") {
                rank = rank_of(section);
                last.clear();
                return Vec::new();
            }
            let (shared, rest, endings) = parts(line);
            last.truncate(shared);
            last.push_str(rest);
            let inflected = endings
                .chars()
                .filter_map(|ending| inflect(&last, ending))
                .map(|word| (word, rank));
            std::iter::once((last.clone(), rank))
                .chain(inflected)
                .collect()
        })
}

/// How many letters a line shares with the word before, the rest of its word, and the endings.
fn parts(line: &str) -> (usize, &str, &str) {
    let shared = line.chars().next().and_then(|c| c.to_digit(36));
    let rest = line.get(1..).unwrap_or_default();
    let endings = rest.find(|c: char| c.is_ascii_uppercase());
    let (rest, endings) = rest.split_at(endings.unwrap_or(rest.len()));
    (shared.unwrap_or(0) as usize, rest, endings)
}

/// The rank of the words in a section of the list.
fn rank_of(section: &str) -> Rank {
    match section {
        "everyday" => Rank::Everyday,
        "common" => Rank::Common,
        "usual" => Rank::Usual,
        "rare" => Rank::Rare,
        _ => Rank::Name,
    }
}

/// The endings in a list; `inflect` says what each makes of a word.
pub const ENDINGS: [char; 4] = ['S', 'D', 'G', 'L'];

/// A word with an ending: boats, rowed, rowing, slowly; closed and closing from close.
pub fn inflect(word: &str, ending: char) -> Option<String> {
    let stem = word.strip_suffix('e').unwrap_or(word);
    match ending {
        'S' => Some(format!("{word}s")),
        'D' => Some(format!("{stem}ed")),
        'G' => Some(format!("{stem}ing")),
        'L' => Some(format!("{word}ly")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_listed_with_their_endings() {
        assert_eq!(rank("the"), Some(Rank::Grammar(0)));
        assert!(
            [
                "harbour",
                "harbours",
                "harbour's",
                "rowed",
                "closing",
                "slowly"
            ]
            .iter()
            .all(|w| rank(w).is_some())
        );
        assert!(
            ["tbe", "wliich", "harhour"]
                .iter()
                .all(|w| rank(w).is_none())
        );
        assert_eq!(rank("london"), Some(Rank::Name));
    }

    #[test]
    fn a_list_is_read_as_it_is_written() {
        let list = "# of\n= everyday\n0rowSDG\n3boat\n= names\n0rowan\n";
        let words: Vec<String> = words(list).map(|(word, _)| word).collect();
        assert_eq!(
            words,
            ["row", "rows", "rowed", "rowing", "rowboat", "rowan"]
        );
    }

    #[test]
    fn words_are_better_spelt_than_misreadings() {
        assert!(
            spelling("carriage") > spelling("carrlage")
                && spelling("carrlage") > spelling("cxrrlqge")
        );
    }
}
