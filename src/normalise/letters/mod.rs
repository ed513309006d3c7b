//! Puts right English words in which a recogniser misread a letter or two: tlie, cbarges, bro1ught.
//!
//! A word that is neither listed nor common in the run came through a noisy channel (Kernighan, Church and Gale 1990): each
//! listed word that one misreading makes of it is weighed by how common that misreading is, how common the word is in the
//! run and in English, and how well it fits between its neighbours. A logistic model then says whether the best of them
//! stood there, rather than a name, a foreign word, or a word that nobody knows.

mod channel;
mod tokens;

use super::{Repair, Target};
use crate::lexicon::Lexicon;
use crate::lexicon::words::{START, Word, Words, word};
use crate::logistic::{Logistic, features};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Span};
use crate::page::nature::Form;
use crate::page::{Kind, Page};
use crate::text::english::{Rank, WORTH, is_impossible, is_rare_or_variant, rank, spelling};
use crate::text::latin::is_mostly_latin;
use channel::{Meant, UNLIKE, meant};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use tokens::{
    DOUBTFUL, Token, is_elided, is_english, is_made_of_words, is_part_of_word, is_word, small,
    stands_alone, tokens,
};

pub(super) const REPAIR: Repair = Repair {
    cause: CauseId::Misread,
    examples: &[
        (
            "The boat was bro1ught to the quay and tbe sails were taken down.",
            "The boat was brought to the quay and the sails were taken down.",
        ),
        (
            "All tbe cbarges of the harbour office were paid.",
            "All the charges of the harbour office were paid.",
        ),
        // no word has cb: the page was misread
        (
            "The cbarges of the harbour office were paid.",
            "The charges of the harbour office were paid.",
        ),
        // elisions, old spelling, notes
        (
            "He look'd at tbe cup that I have ta'en, and shewed us o'er tbe bridge1 to the inn.",
            "He look'd at the cup that I have ta'en, and shewed us o'er the bridge1 to the inn.",
        ),
        // names, dialect, abbreviations, other languages
        (
            "Mr. Barlen and Mr. Oird of Loddick sailed in the evening.",
            "Mr. Barlen and Mr. Oird of Loddick sailed in the evening.",
        ),
        (
            "The horsekeeper was paid 3s. 6d. on the 6th inst.",
            "The horsekeeper was paid 3s. 6d. on the 6th inst.",
        ),
        (
            "Il y avait des bateaux dans le port, et la mer était calme.",
            "Il y avait des bateaux dans le port, et la mer était calme.",
        ),
        ("渡口 tbe 在东岸。", "渡口 tbe 在东岸。"),
    ],
    mend,
    unasked: None,
};

/// A word that may have been misread, and the likeliest of those that may have stood there.
pub struct Misread {
    pub span: Span,
    pub seen: String,
    pub with: String,
    pub features: Features,
    least: f32,
}

features! {
    /// What is known of a misread word. *often* is the logarithm of a count.
    pub struct Features {
        one,
        /// The natural logarithms of how likely the misreading is, and the word that was meant.
        channel,
        common,
        /// How well the word that was meant goes with its neighbours, and they with each other.
        fit,
        fit_without,
        /// By how much it leads over the next.
        lead,
        letters,
        capital,
        seen_often,
        meant_often,
        short,
        letter_too_many,
        letter_too_few,
        /// One letter is read as another that it does not look like.
        unlike,
        digit_or_mark,
        spelt_like_english,
    }
}

/// Fitted by `make weights-letters` on overproof's training pages (newspapers of 1843 to 1954), as one run and as runs
/// of thirty, and on their right texts.
pub static MODEL: LazyLock<Logistic<Features>> =
    LazyLock::new(|| Logistic::shipped(include_str!("../../../data/weights/misread.tsv")));

/// The probability from which a word is put right.
pub const APPLY_FROM: f32 = 0.80;
/// The same of one with a capital, which may be a name, and of one in capitals.
const APPLY_TO_NAME_FROM: f32 = 0.97;
const APPLY_TO_CAPITALS_FROM: f32 = 0.90;

fn mend(page: &mut Page, lexicon: &Lexicon, _: Target) {
    // other scripts cost this look
    if page.laid_out || !is_mostly_latin(page.text()) {
        return;
    }
    let words = &lexicon.words;
    let reading = page.reading(0..page.text().len());
    let mut found = found(&reading.text, words);
    found.retain(|found| found.is_sure() && is_in_prose(page, &reading.trace(found.edit()).span));
    // tho is the where havo is have
    let sure = found.iter().filter(|f| !f.is_doubtful());
    let confused: HashSet<(char, char)> = sure.filter_map(Flaw::confused).collect();
    found.retain(|f| !f.is_doubtful() || f.confused().is_some_and(|pair| confused.contains(&pair)));
    if !is_recognised(&reading.text, &found) {
        return;
    }
    let repairs: Vec<(Edit, Evidence)> = found
        .iter()
        .map(|found| (reading.trace(found.edit()), found.evidence(words)))
        .collect();
    for (edit, evidence) in repairs {
        page.edit(&Cause::verified(CauseId::Misread, evidence), vec![edit]);
    }
}

/// Whether a page shows that a recogniser read it: strings that are no words, often. One that English letters cannot make, with a
/// digit or dirt inside, or surely one of the commonest words, counts twice.
fn is_recognised(text: &str, found: &[Flaw]) -> bool {
    /// The probability of a misreading that is sure. Chosen by eye.
    const SURE: f32 = 0.97;
    /// Words among which one string that is no word says that the page was recognised: if there are others, and if it is the only one.
    /// Chosen by eye.
    const WORDS: usize = 200;
    const WORDS_OF_ONE: usize = 100;
    let is_plain = |found: &&Flaw| {
        let Flaw::Misread(Misread { seen, with, .. }) = found else {
            return false;
        };
        let has_dirt = seen.bytes().any(|b| !b.is_ascii_alphabetic() && b != b'\'');
        let is_small = seen.bytes().all(|b| b.is_ascii_lowercase());
        let is_common = matches!(rank(with), Some(Rank::Grammar(_) | Rank::Everyday));
        has_dirt || is_small && (is_impossible(seen) || is_common && found.probability() >= SURE)
    };
    let words = text.split_ascii_whitespace().count();
    let counted = found.len() + found.iter().filter(is_plain).count();
    match found.len() {
        1 => counted == 2 && words <= WORDS_OF_ONE,
        _ => counted >= 2 && counted * WORDS >= words,
    }
}

/// Whether a span lies within a block of English sentences.
fn is_in_prose(page: &Page, span: &Span) -> bool {
    let at = page
        .blocks
        .partition_point(|block| block.span.end <= span.start);
    page.blocks.get(at).is_some_and(|block| {
        !block.dropped
            && !matches!(block.kind, Kind::Code | Kind::Table)
            && page.nature.blocks.get(at).is_none_or(|nature| {
                matches!(
                    nature.form,
                    Form::Prose | Form::List | Form::Heading | Form::Furniture
                ) && matches!(nature.language.code, "en" | "")
            })
            && block.span.start <= span.start
            && span.end <= block.span.end
    })
}

impl Flaw {
    fn is_sure(&self) -> bool {
        match self {
            Flaw::Misread(misread) => misread.probability() >= misread.least,
            Flaw::RunTogether(_) => true,
        }
    }

    fn probability(&self) -> f32 {
        match self {
            Flaw::Misread(misread) => misread.probability(),
            Flaw::RunTogether(_) => 1.0,
        }
    }

    fn is_doubtful(&self) -> bool {
        matches!(self, Flaw::Misread(misread) if DOUBTFUL.contains(&misread.seen.as_str()))
    }

    fn confused(&self) -> Option<(char, char)> {
        match self {
            Flaw::Misread(misread) => misread.confused(),
            Flaw::RunTogether(_) => None,
        }
    }

    fn edit(&self) -> Edit {
        match self {
            Flaw::Misread(misread) => Edit::new(misread.span.clone(), misread.with.as_str()),
            Flaw::RunTogether(at) => Edit::new(*at..*at, " "),
        }
    }

    fn evidence(&self, words: &Words) -> Evidence {
        match self {
            Flaw::Misread(misread) => {
                let [seen, with] =
                    [&misread.seen, &misread.with].map(|text| words.count(word(text)));
                let note = format!(
                    "came in the run, times: {} {seen}, {} {with}",
                    misread.seen, misread.with
                );
                Evidence {
                    probability: Some(misread.probability()),
                    note: Some(note),
                    ..Evidence::default()
                }
            }
            Flaw::RunTogether(_) => {
                let note = "both words are common, and the run has them one behind the other";
                Evidence {
                    note: Some(note.into()),
                    ..Evidence::default()
                }
            }
        }
    }
}

impl Misread {
    fn probability(&self) -> f32 {
        MODEL.probability(&self.features)
    }

    /// The letter that was misread and the one that was meant, if it is only one.
    fn confused(&self) -> Option<(char, char)> {
        let mut different = self
            .seen
            .chars()
            .zip(self.with.chars())
            .filter(|(seen, meant)| seen != meant);
        let one = different.next()?;
        (self.seen.len() == self.with.len() && different.next().is_none()).then_some(one)
    }
}

/// Something in a text that a recogniser got wrong.
enum Flaw {
    Misread(Misread),
    /// Two words without the space between them: where the second begins.
    RunTogether(usize),
}

/// The words of a text that may have been misread, if it is English.
pub fn misread(text: &str, words: &Words) -> Vec<Misread> {
    let of_misread = |found| match found {
        Flaw::Misread(misread) => Some(misread),
        Flaw::RunTogether(_) => None,
    };
    found(text, words)
        .into_iter()
        .filter_map(of_misread)
        .collect()
}

fn found(text: &str, words: &Words) -> Vec<Flaw> {
    let tokens = tokens(text);
    if !is_english(&tokens) {
        return Vec::new();
    }
    let mut spelt: HashMap<String, usize> = HashMap::new();
    for token in tokens.iter().filter(|token| !token.known) {
        let small = small(&text[token.span.clone()]).into_owned();
        *spelt.entry(small).or_default() += 1;
    }
    // a text that spells a word so twice means it, unless it is one of the commonest that recognisers misread alike
    let is_meant = |found: &Flaw| match found {
        Flaw::Misread(misread) => {
            let times = spelt.get(&*small(&misread.seen)).copied();
            times.unwrap_or(0) > 1 && !matches!(rank(&small(&misread.with)), Some(Rank::Grammar(_)))
        }
        Flaw::RunTogether(_) => false,
    };
    let around = |at: usize| &tokens[at.saturating_sub(4)..tokens.len().min(at + 5)];
    (0..tokens.len())
        .filter(|at| !tokens[*at].known && is_english(around(*at)))
        .filter_map(|at| found_at(text, &tokens, at, words))
        .filter(|found| !is_meant(found))
        .collect()
}

/// A listed word that may have stood there, and how likely it is: the sum of how likely the misreading and the word are, and
/// of how well it fits.
struct Scored {
    score: f32,
    common: f32,
    fit: f32,
    meant: Meant,
}

fn found_at(text: &str, tokens: &[Token], at: usize, words: &Words) -> Option<Flaw> {
    let span = tokens[at].span.clone();
    let seen = &text[span.clone()];
    let small = small(seen);
    if !may_be_misread(text, tokens, at, &small) {
        return None;
    }
    let case = Case::of(seen);
    let neighbours = neighbours(text, tokens, at);
    let scored = scored(&small, case, &neighbours, words);
    let best = scored.first();
    let split = two_words(&small, words);
    if let Some(split) = split
        && best.is_none_or(|best| split.score >= best.score + LEAD_OF_TWO)
        && is_run_together(&small, split.at, words)
    {
        return Some(Flaw::RunTogether(span.start + split.at));
    }
    let best = best?;
    if is_spelt_so(&small, &best.meant.word, words) {
        return None;
    }
    // in a sentence a capital begins a name
    let is_common = matches!(rank(&best.meant.word), Some(Rank::Grammar(_)));
    let is_plain = small.bytes().all(|b| b.is_ascii_lowercase());
    if case == Case::Capital && is_plain && neighbours.left != Some(START) && !is_common {
        return None;
    }
    let next = scored.get(1).map_or(f32::MIN, |next| next.score);
    let next = next.max(split.map_or(f32::MIN, |split| split.score));
    Some(Flaw::Misread(Misread {
        features: Features {
            lead: (best.score - next).clamp(-3.0, 8.0),
            capital: f32::from(case == Case::Capital),
            fit_without: neighbours.fit_without(words),
            ..features(&small, best, words)
        },
        with: in_case_of(seen, &best.meant.word),
        seen: seen.to_string(),
        span,
        least: case.least(),
    }))
}

/// Whether a token may be a word of which something was misread, and not one of its own kind.
fn may_be_misread(text: &str, tokens: &[Token], at: usize, small: &str) -> bool {
    let span = &tokens[at].span;
    is_word(&text[span.clone()], small)
        && stands_alone(text, span)
        && !is_part_of_word(text, tokens, at)
        && !is_made_of_words(small)
        && !is_elided(small)
        && !is_rare_or_variant(small)
}

/// How a word is written: small (or mixed with marks), with a capital, or in capitals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Small,
    Capital,
    Upper,
}

impl Case {
    fn of(seen: &str) -> Self {
        if !seen.bytes().any(|b| b.is_ascii_lowercase()) {
            Case::Upper
        } else if seen.bytes().any(|b| b.is_ascii_uppercase()) {
            Case::Capital
        } else {
            Case::Small
        }
    }

    /// The probability from which such a word is corrected.
    fn least(self) -> f32 {
        match self {
            Case::Small => APPLY_FROM,
            Case::Capital => APPLY_TO_NAME_FROM,
            Case::Upper => APPLY_TO_CAPITALS_FROM,
        }
    }
}

/// The listed words that may have stood there, the likeliest first.
fn scored(small: &str, case: Case, neighbours: &Neighbours, words: &Words) -> Vec<Scored> {
    let mut scored: Vec<Scored> = meant(small, case != Case::Small)
        .into_iter()
        .map(|meant| {
            let common = likelihood(&meant.word, words);
            let fit = neighbours.fit(word(&meant.word), words);
            Scored {
                score: meant.channel + common + fit,
                common,
                fit,
                meant,
            }
        })
        .collect();
    scored.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        by_score.then_with(|| a.meant.word.cmp(&b.meant.word))
    });
    scored
}

/// What a word and the one that is taken for it say, whatever stands around them.
fn features(small: &str, best: &Scored, words: &Words) -> Features {
    let meant = &best.meant;
    let [seen_often, meant_often] =
        [small, &meant.word].map(|text| ((1 + words.count(word(text))) as f32).ln());
    let (letters, left) = (small.chars().count(), meant.word.len());
    let is_plain = small.bytes().all(|b| b.is_ascii_lowercase());
    Features {
        one: 1.0,
        channel: meant.channel,
        common: best.common,
        fit: best.fit,
        letters: letters.min(12) as f32,
        seen_often,
        meant_often,
        short: f32::from(letters <= 3),
        letter_too_many: f32::from(is_plain && left < letters),
        letter_too_few: f32::from(left > letters),
        unlike: f32::from(left == letters && meant.channel <= UNLIKE),
        digit_or_mark: f32::from(!is_plain),
        spelt_like_english: spelling(small),
        ..Features::default()
    }
}

/// Whether a spelling is the run's own, like serjeant: seen often enough, and not so much rarer than the word it is taken
/// for, unless that is an everyday one.
fn is_spelt_so(small: &str, meant: &str, words: &Words) -> bool {
    let [came, meant_came] = [small, meant].map(|text| words.count(word(text)));
    let is_everyday = rank(meant).is_some_and(|rank| rank <= Rank::Everyday);
    came >= SPELLS_SO && meant_came < RARER_BY * came && !is_everyday
}

/// A spelling seen this often is the run's own, unless it is this many times rarer than its correction. Chosen by eye.
const SPELLS_SO: u32 = 3;
const RARER_BY: u32 = 30;

/// The words on both sides; none beyond a mark that parts.
struct Neighbours {
    left: Option<Word>,
    right: Option<Word>,
}

fn neighbours(text: &str, tokens: &[Token], at: usize) -> Neighbours {
    let word_of = |at: usize| word(&small(&text[tokens[at].span.clone()]));
    let between = |left: usize| &text[tokens[left].span.end..tokens[left + 1].span.start];
    let is_open = |gap: &str| {
        gap.chars()
            .all(|c| c.is_whitespace() || matches!(c, ',' | '"' | '“' | '”'))
    };
    let left = match at.checked_sub(1) {
        None => Some(START),
        Some(left) if is_open(between(left)) => Some(word_of(left)),
        Some(left) => between(left).contains(['.', '!', '?']).then_some(START),
    };
    let right = (at + 1 < tokens.len() && is_open(between(at))).then(|| word_of(at + 1));
    Neighbours { left, right }
}

impl Neighbours {
    fn fit(&self, word: Word, words: &Words) -> f32 {
        let left = self.left.map_or(0.0, |left| words.fit(left, word, 0));
        let right = self.right.map_or(0.0, |right| words.fit(word, right, 0));
        (left + right).clamp(-6.0, 8.0)
    }

    /// How well they would follow each other: what stands between two that do may be a scrap.
    fn fit_without(&self, words: &Words) -> f32 {
        let fit = self
            .left
            .zip(self.right)
            .map_or(0.0, |(left, right)| words.fit(left, right, 0));
        fit.clamp(-3.0, 4.0)
    }
}

/// The natural logarithm of how likely a word is, by the run and by what is known of English.
fn likelihood(small: &str, words: &Words) -> f32 {
    let listed = rank(small).map_or(0.0, Rank::share);
    let total = words.total() as f32 / 3.0;
    ((words.count(word(small)) as f32 + WORTH * listed) / (total + WORTH) + 1e-12).ln()
}

/// Two words that a space was lost between: where the second begins, and how likely that is.
#[derive(Clone, Copy)]
struct Split {
    at: usize,
    score: f32,
}

/// The best two words that it makes.
fn two_words(small: &str, words: &Words) -> Option<Split> {
    const LOST_SPACE: f32 = -6.5;
    let is_apt = |part: &str| match rank(part) {
        Some(Rank::Grammar(_)) => true,
        Some(rank) => part.len() > 2 && rank != Rank::Name,
        None => false,
    };
    let score = |at: usize| {
        let (left, right) = small.split_at(at);
        let fit = words.fit(word(left), word(right), 0).clamp(-6.0, 8.0);
        LOST_SPACE + likelihood(left, words) + likelihood(right, words) + fit
    };
    let splits = (1..small.len()).filter(|at| small.is_char_boundary(*at));
    let splits = splits.filter(|at| is_apt(&small[..*at]) && is_apt(&small[*at..]));
    splits
        .map(|at| Split {
            at,
            score: score(at),
        })
        .max_by(|a, b| a.score.total_cmp(&b.score))
}

/// By how much two words must be likelier than any one word, to be written apart.
const LEAD_OF_TWO: f32 = 2.0;

/// Whether the run has two common words one after the other, and hardly ever without a space.
fn is_run_together(small: &str, at: usize, words: &Words) -> bool {
    const LEAST: u32 = 5;
    let (left, right) = small.split_at(at);
    let is_common = |part: &str| rank(part).is_some_and(|rank| rank <= Rank::Common);
    let apart = words.pair(word(left), word(right));
    small.bytes().all(|b| b.is_ascii_lowercase())
        // an a at the end may be dirt: froma
        && right.len() > 1
        && is_common(left)
        && is_common(right)
        && apart >= LEAST
        && apart >= RARER_BY * words.count(word(small)).saturating_sub(1)
}

/// A word with capitals where what was seen has them.
fn in_case_of(seen: &str, word: &str) -> String {
    let letters = seen.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = seen.chars().filter(|c| c.is_uppercase()).count();
    // EDWARn, but not WVe
    let is_upper = capitals > 1 && capitals * 2 > letters && (letters > 3 || capitals == letters);
    match seen.chars().next() {
        _ if is_upper => word.to_uppercase(),
        Some(c) if c.is_uppercase() => word[..1].to_uppercase() + &word[1..],
        _ => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Counts, Grams};
    use crate::segment::segment;

    fn segmented(text: &str) -> Page {
        let mut page = Page::new("p", text);
        segment(&mut page);
        page
    }

    /// A text as it is repaired in a run with others.
    fn repaired(text: &str, others: &[String]) -> String {
        let mut counts = Counts::default();
        others
            .iter()
            .map(String::as_str)
            .chain([text])
            .for_each(|text| counts.add(&Grams::of(&segmented(text))));
        let mut page = segmented(text);
        mend(&mut page, &counts.lexicon(), Target::Keep);
        page.clean()
    }

    #[test]
    fn a_run_says_what_stands_apart_and_how_it_spells() {
        let others = ["harbour", "village", "island", "church", "market", "river"].map(|place| {
            format!("The keeper of the {place} met the serjeant, who spoke of the weather.")
        });
        let text = "The serjeant then spoke ofthe storm, and tbe keeper of the lighthouse laughed.";
        let right =
            "The serjeant then spoke of the storm, and the keeper of the lighthouse laughed.";
        assert_eq!(repaired(text, &others), right);
        assert_eq!(
            repaired("The man then spoke ofthe storm.", &[]),
            "The man then spoke ofthe storm."
        );
    }

    #[test]
    fn a_doubtful_word_is_misread_where_others_are() {
        let misread = "The owners sinco the storm havo asked tho keeper of the lighthouse.";
        let right = "The owners since the storm have asked the keeper of the lighthouse.";
        assert_eq!(repaired(misread, &[]), right);
        let informal = "The owners have asked tho, and the keeper of the lighthouse said no.";
        assert_eq!(repaired(informal, &[]), informal);
    }

    #[test]
    fn code_and_other_scripts_stay() {
        for text in ["```\nlet tbe = the;\n```", "渡口 tbe 在东岸。", "tbe"] {
            assert_eq!(repaired(text, &[]), text);
        }
    }

    #[test]
    fn case_follows_what_was_seen() {
        let cases = [
            ("EDWARn", "EDWARD"),
            ("WVe", "We"),
            ("Tbe", "The"),
            ("tbe", "the"),
            ("T3E", "THE"),
        ];
        for (seen, right) in cases {
            assert_eq!(in_case_of(seen, &right.to_lowercase()), right);
        }
    }
}
