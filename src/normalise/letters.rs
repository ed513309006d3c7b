//! Puts right English words in which a recogniser misread a letter or two: tlie, cbarges, bro1ught.
//!
//! A word that is neither listed nor common in the run came through a noisy channel (Kernighan, Church and Gale 1990): each
//! listed word that one misreading makes of it is weighed by how common that misreading is, how common the word is in the
//! run and in English, and how well it fits between its neighbours. A logistic model then says whether the best of them
//! stood there, rather than a name, a foreign word, or a word that nobody knows.

use super::{Repair, Target};
use crate::edit::{Cause, Edit, Evidence, Span};
use crate::english::{Rank, WORTH, rank, spelling};
use crate::lexicon::Lexicon;
use crate::page::{Kind, Page};
use crate::words::{START, Word, Words, is_latin, word};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

pub(super) const REPAIR: Repair = Repair {
    name: RULE,
    about: "In English text a word that nothing knows becomes the one word that a recogniser takes for it, where it is \
            common, fits its neighbours, and no other comes near it.",
    examples: &[
        (
            "He was bro1ught before the court and tbe charge was read.",
            "He was brought before the court and the charge was read.",
        ),
        (
            "There were a number of cbarges against the prisoner.",
            "There were a number of charges against the prisoner.",
        ),
        // names, dialect, abbreviations, other languages
        (
            "Mr. Laken and Mr. Aird of Loddon spoke in the evening.",
            "Mr. Laken and Mr. Aird of Loddon spoke in the evening.",
        ),
        ("The horsekeeper was paid 3s. 6d. on the 6th inst.", "The horsekeeper was paid 3s. 6d. on the 6th inst."),
        (
            "Il y avait des bateaux dans le port, et la mer était calme.",
            "Il y avait des bateaux dans le port, et la mer était calme.",
        ),
        ("渡口 tbe 在东岸。", "渡口 tbe 在东岸。"),
    ],
    mend,
};
const RULE: &str = "misread";

/// A word that may have been misread, and the likeliest of those that may have stood there.
pub struct Misread {
    pub span: Span,
    pub seen: String,
    pub with: String,
    pub features: [f32; FEATURES.len()],
    least: f32,
}

/// What is known of a misread word, in the order of `WEIGHTS`.
pub const FEATURES: [&str; 16] = [
    "one",
    "misreading is common",
    "meant is common",
    "meant fits its neighbours",
    "neighbours fit without it",
    "lead over the next",
    "letters",
    "capital",
    "seen came often",
    "meant came often",
    "short",
    "a letter too many",
    "a letter too few",
    "unlike letters",
    "digit or mark",
    "seen is spelt like English",
];

/// Fitted by `make weights-letters` on overproof's training pages (Sydney Morning Herald, 1842 to 1954), as one run and as runs
/// of thirty, and on their right texts.
pub const WEIGHTS: [f32; FEATURES.len()] = [
    9.263, 1.785, 0.367, 0.086, -0.137, 0.214, 0.458, -0.782, 0.012, 0.261, -1.420, -2.122, 1.217, 3.814, -0.403,
    -0.524,
];

/// The probability from which a word is put right.
pub const APPLY_FROM: f32 = 0.80;
/// The same of one with a capital, which may be a name, and of one in capitals.
const APPLY_TO_NAME_FROM: f32 = 0.97;
const APPLY_TO_CAPITALS_FROM: f32 = 0.90;

fn mend(page: &mut Page, lexicon: &Lexicon, _: Target) {
    if page.laid_out {
        return;
    }
    let reading = page.reading(0..page.text().len());
    let words = &lexicon.words;
    let mut repairs = Vec::new();
    let mut found = misread(&reading.text, words);
    found.retain(Misread::is_sure);
    // tho is the where havo is have
    let confused: HashSet<(char, char)> =
        found.iter().filter(|m| !m.is_doubtful()).filter_map(Misread::confused).collect();
    found.retain(|m| !m.is_doubtful() || m.confused().is_some_and(|pair| confused.contains(&pair)));
    for misread in found {
        let edit = reading.trace(Edit::new(misread.span.clone(), misread.with.as_str()));
        let block = page.blocks.partition_point(|block| block.span.end <= edit.span.start);
        let is_prose = |kind| !matches!(kind, Kind::Code | Kind::Table);
        if page.blocks.get(block).is_some_and(|b| !b.dropped && is_prose(b.kind) && b.span.end >= edit.span.end) {
            let [seen, with] = [&misread.seen, &misread.with].map(|text| words.count(word(text)));
            let note = format!("came in the run, times: {} {seen}, {} {with}", misread.seen, misread.with);
            repairs.push((
                edit,
                Evidence { probability: Some(misread.probability()), note: Some(note), ..Evidence::default() },
            ));
        }
    }
    for (edit, evidence) in repairs {
        page.edit(&Cause::verified(RULE, evidence), vec![edit]);
    }
}

impl Misread {
    fn probability(&self) -> f32 {
        probability(&self.features, &WEIGHTS)
    }

    fn is_doubtful(&self) -> bool {
        DOUBTFUL.contains(&self.seen.as_str())
    }

    /// The letter that was misread and the one that was meant, if it is only one.
    fn confused(&self) -> Option<(char, char)> {
        let mut different = self.seen.chars().zip(self.with.chars()).filter(|(seen, meant)| seen != meant);
        let one = different.next()?;
        (self.seen.len() == self.with.len() && different.next().is_none()).then_some(one)
    }

    fn is_sure(&self) -> bool {
        self.probability() >= self.least
    }
}

/// The logistic model.
pub fn probability(features: &[f32; FEATURES.len()], weights: &[f32; FEATURES.len()]) -> f32 {
    let sum: f32 = features.iter().zip(weights).map(|(f, w)| f * w).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The words of a text that may have been misread, if it is English.
pub fn misread(text: &str, words: &Words) -> Vec<Misread> {
    // other scripts cost this look
    if text.bytes().filter(u8::is_ascii_alphabetic).count() * 2 < text.len() {
        return Vec::new();
    }
    let tokens = tokens(text);
    if !is_english(&tokens) {
        return Vec::new();
    }
    let unknown = (0..tokens.len()).filter(|at| !tokens[*at].known);
    let unknown = unknown.filter(|at| is_english(&tokens[at.saturating_sub(4)..tokens.len().min(at + 5)]));
    unknown.filter_map(|at| misread_at(text, &tokens, at, words)).collect()
}

/// A word, or what may be one: letters, digits, and single marks between them.
struct Token {
    span: Span,
    known: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let is_part = |c: char| c.is_ascii_alphanumeric() || is_latin(c);
        let is_inner = start.is_some() && is_stray(c) && next.is_some_and(is_part);
        if is_part(c) && start.is_none() {
            start = Some(at);
        }
        if let Some(start) = start.take_if(|_| !is_part(c) && !is_inner) {
            tokens.push(Token { span: start..at, known: is_known(&text[start..at]) });
        }
    }
    if let Some(start) = start {
        tokens.push(Token { span: start..text.len(), known: is_known(&text[start..]) });
    }
    tokens
}

/// Marks that dirt and broken letters leave inside a word.
fn is_stray(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '^' | '*' | '~' | '«' | '»' | '•' | '■' | '\\' | '|' | ';' | ':' | '!' | '}' | '{' | '[' | ']'
    ) || matches!(c, '<' | '>' | '°' | '¡' | '_' | '\u{fffd}')
}

/// A word in small letters, its apostrophes straight.
fn small(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase().replace('’', "'"))
}

fn is_known(seen: &str) -> bool {
    let is_apt = |rank| rank != Rank::Name || seen.starts_with(char::is_uppercase);
    FOREIGN.contains(&seen) || !DOUBTFUL.contains(&seen) && rank(&small(seen)).is_some_and(is_apt)
}

/// Words of other languages that stand in English phrases and names: en route, et al.
const FOREIGN: [&str; 14] = ["al", "au", "de", "der", "du", "en", "et", "la", "le", "les", "un", "une", "van", "von"];

/// Words that are listed, but hardly ever written, where the commonest words are often misread for them.
const DOUBTFUL: [&str; 7] = ["tho", "ho", "bo", "ono", "ot", "moro", "hud"];

/// Whether half the words are known as English.
fn is_english(tokens: &[Token]) -> bool {
    tokens.iter().filter(|t| t.known).count() * 2 >= tokens.len()
}

fn misread_at(text: &str, tokens: &[Token], at: usize, words: &Words) -> Option<Misread> {
    let span = tokens[at].span.clone();
    let seen = &text[span.clone()];
    let small = small(seen);
    if !is_word(seen, &small)
        || !stands_alone(text, &span)
        || is_part_of_word(text, tokens, at)
        || is_made_of_words(&small)
    {
        return None;
    }
    let is_upper = !seen.bytes().any(|b| b.is_ascii_lowercase());
    let is_capital = !is_upper && seen.bytes().any(|b| b.is_ascii_uppercase());
    let neighbours = neighbours(text, tokens, at);
    let mut meant: Vec<(f32, Meant)> = meant(&small, is_upper || is_capital)
        .into_iter()
        .map(|mut meant| {
            meant.common = likelihood(&meant.word, words);
            meant.fit = neighbours.fit(word(&meant.word), words);
            (meant.channel + meant.common + meant.fit, meant)
        })
        .collect();
    meant.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.word.cmp(&b.1.word)));
    let (score, best) = meant.first()?;
    let split = two_words(&small, words).map_or(f32::MIN, |(score, _)| score);
    let next = meant.get(1).map_or(f32::MIN, |(score, _)| *score).max(split);
    let [came, meant_came] = [&*small, &best.word].map(|text| words.count(word(text)));
    let is_everyday = rank(&best.word).is_some_and(|rank| rank <= Rank::Everyday);
    if came >= SPELLS_SO && meant_came < RARER_BY * came && !is_everyday {
        return None;
    }
    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    let often = |came: u32| ((1 + came) as f32).ln();
    let (letters, left) = (small.chars().count(), best.word.len());
    let is_plain = small.bytes().all(|b| b.is_ascii_lowercase());
    let features = [
        1.0,
        best.channel,
        best.common,
        best.fit,
        neighbours.fit_without(words),
        (score - next).clamp(-3.0, 8.0),
        letters.min(12) as f32,
        is(is_capital),
        often(came),
        often(meant_came),
        is(letters <= 3),
        is(is_plain && left < letters),
        is(left > letters),
        is(left == letters && best.channel <= UNLIKE),
        is(!is_plain),
        spelling(&small),
    ];
    let least = match (is_capital, is_upper) {
        (true, _) => APPLY_TO_NAME_FROM,
        (_, true) => APPLY_TO_CAPITALS_FROM,
        _ => APPLY_FROM,
    };
    Some(Misread { with: in_case_of(seen, &best.word), seen: seen.to_string(), span, features, least })
}

/// A run that has a word so many times, and the word it is mistaken for not so many times as often, spells it so: serjeant.
const SPELLS_SO: u32 = 3;
const RARER_BY: u32 = 30;

/// Whether it can be an English word with something misread, by its letters alone.
fn is_word(seen: &str, small: &str) -> bool {
    let letters = small.bytes().filter(u8::is_ascii_lowercase).count();
    let digits = small.bytes().filter(u8::is_ascii_digit).count();
    let has_capital = seen.bytes().any(|b| b.is_ascii_uppercase());
    let is_foreign = small.chars().any(|c| is_latin(c) && !c.is_ascii());
    // D'Arcy, Jenkin's, l'eau
    let is_apostrophised =
        small.ends_with("'s") || small.chars().nth(1) == Some('\'') || has_capital && small.contains('\'');
    let is_numeral = small.bytes().all(|b| b"ivxlcdm".contains(&b)) && (has_capital || !small.contains(['d', 'm']));
    // 6in, 1st, 3ard; but 1n and 0f are read for in and of
    let begins_in_digit = small.starts_with(|c: char| c.is_ascii_digit())
        && !(small.starts_with(['0', '1']) && (letters > 2 || ["1n", "0f", "0n", "0r"].contains(&small)));
    letters + digits >= 2
        && letters > digits
        && seen.len() <= LONGEST
        && !is_foreign
        && !is_apostrophised
        && !is_numeral
        && !begins_in_digit
}

/// Bytes of the longest word that is looked at.
const LONGEST: usize = 24;

/// Whether spaces or the marks of prose stand around it, and it is no abbreviation.
fn stands_alone(text: &str, span: &Span) -> bool {
    let (before, behind) = (&text[..span.start], &text[span.end..]);
    let mut left = before.chars().rev();
    let opens = match left.next() {
        None | Some('"' | '“' | '(' | '[' | '—') => true,
        Some('-') => left.next().is_none_or(|c| !c.is_alphanumeric()),
        Some(c) => c.is_whitespace(),
    };
    let mut right = behind.chars();
    let closes = match right.next() {
        None | Some(',' | '!' | '?' | '"' | '”' | ')' | ']' | '—') => true,
        // or a letter that was broken: fo: is for
        Some(';' | ':') => span.len() > 3,
        // what a sentence may end in: no abbreviation, and the sentence does not go on
        Some('.') => span.len() > 4 && !right.as_str().trim_start().starts_with(char::is_lowercase),
        Some(c) => c.is_whitespace(),
    };
    opens && closes
}

/// Whether it is a piece of a word: a line or a blot broke it before it (fur. ther, Wor khouse, re- mand) or behind it.
/// Where a line ends, an unknown word on the other side may be the rest of it, misread.
fn is_part_of_word(text: &str, tokens: &[Token], at: usize) -> bool {
    let span = &tokens[at].span;
    let before = text[..span.start].trim_end();
    let broken = before.len() < span.start
        && before.strip_suffix(['-', '.', '¬', '\u{ad}']).is_some_and(|rest| rest.ends_with(char::is_alphanumeric))
        && text[span.clone()].starts_with(char::is_lowercase);
    let makes_word = |first: usize| {
        tokens.get(first..first + 2).is_some_and(|pair| match &text[pair[0].span.end..pair[1].span.start] {
            " " => is_known(&format!("{}{}", &text[pair[0].span.clone()], &text[pair[1].span.clone()])),
            "\n" => !pair[0].known && !pair[1].known,
            _ => false,
        })
    };
    broken || at > 0 && makes_word(at - 1) || makes_word(at)
}

/// Whether it is made of listed words, none of them short: horsekeeper, biter, unroofed.
fn is_made_of_words(small: &str) -> bool {
    const SHORTEST: usize = 4;
    const BEGINNINGS: [&str; 8] = ["un", "re", "dis", "non", "mis", "out", "over", "under"];
    const ENDINGS: [&str; 14] =
        ["s", "es", "d", "ed", "r", "er", "rs", "ers", "ing", "ly", "ness", "less", "ish", "able"];
    let is_listed = |part: &str| part.len() >= SHORTEST && rank(part).is_some_and(|rank| rank != Rank::Name);
    let is_stem = |part: &str| is_listed(part) || is_listed(&format!("{part}e"));
    small.is_ascii()
        && ((1..small.len()).any(|at| is_listed(&small[..at]) && is_listed(&small[at..]))
            || BEGINNINGS.iter().any(|beginning| small.strip_prefix(beginning).is_some_and(is_listed))
            || ENDINGS.iter().any(|ending| small.strip_suffix(ending).is_some_and(is_stem)))
}

/// The words on both sides; none beyond a mark that parts.
struct Neighbours {
    left: Option<Word>,
    right: Option<Word>,
}

fn neighbours(text: &str, tokens: &[Token], at: usize) -> Neighbours {
    let word_of = |at: usize| word(&small(&text[tokens[at].span.clone()]));
    let between = |left: usize| &text[tokens[left].span.end..tokens[left + 1].span.start];
    let is_open = |gap: &str| gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '"' | '“' | '”'));
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
        let fit = self.left.zip(self.right).map_or(0.0, |(left, right)| words.fit(left, right, 0));
        fit.clamp(-3.0, 4.0)
    }
}

/// The natural logarithm of how likely a word is, by the run and by what is known of English.
fn likelihood(small: &str, words: &Words) -> f32 {
    let listed = rank(small).map_or(0.0, Rank::share);
    let total = words.total() as f32 / 3.0;
    ((words.count(word(small)) as f32 + WORTH * listed) / (total + WORTH) + 1e-12).ln()
}

/// The best two words that it makes where a space was lost, by where the second begins, and how likely that is.
fn two_words(small: &str, words: &Words) -> Option<(f32, usize)> {
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
    splits.map(|at| (score(at), at)).max_by(|a, b| a.0.total_cmp(&b.0))
}

/// A word that may have stood there.
struct Meant {
    word: String,
    /// The natural logarithm of how likely it is misread like this.
    channel: f32,
    common: f32,
    fit: f32,
}

/// The listed words that one misreading makes of what is seen.
fn meant(small: &str, may_be_name: bool) -> Vec<Meant> {
    let chars: Vec<char> = small.chars().collect();
    let mut meant: HashMap<String, f32> = HashMap::new();
    let mut word = String::with_capacity(small.len() + 4);
    let mut consider = |range: Span, with: &str, channel: f32| {
        word.clear();
        word.extend(&chars[..range.start]);
        word.push_str(with);
        word.extend(&chars[range.end..]);
        let is_apt = match rank(&word) {
            Some(Rank::Grammar(_)) => word.len() > 1,
            Some(Rank::Name) => word.len() > 2 && may_be_name,
            Some(_) => word.len() > 2,
            None => false,
        };
        if is_apt && !DOUBTFUL.contains(&word.as_str()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'') {
            let best = meant.entry(word.clone()).or_insert(channel);
            *best = best.max(channel);
        }
    };
    let mut letter = [0; 4];
    for at in 0..=chars.len() {
        for length in 1..=LONGEST_CONFUSION.min(chars.len() - at) {
            let seen: String = chars[at..at + length].iter().collect();
            let confused = CONFUSIONS.get(seen.as_str()).into_iter().flatten();
            confused.for_each(|(with, channel)| consider(at..at + length, with, *channel));
        }
        let is_letter = chars.get(at).is_some_and(|c| c.is_ascii_lowercase());
        let is_edge_digit = chars.get(at).is_some_and(char::is_ascii_digit) && (at == 0 || at + 1 == chars.len());
        if at < chars.len() && !is_edge_digit {
            consider(at..at + 1, "", if is_letter { TOO_MANY } else { STRAY });
        }
        for other in 'a'..='z' {
            let other_text = &*other.encode_utf8(&mut letter);
            if at < chars.len() {
                consider(at..at + 1, other_text, if is_letter { UNLIKE } else { BROKEN });
            }
            let is_double = chars.get(at) == Some(&other) || at > 0 && chars[at - 1] == other;
            consider(at..at, other_text, if is_double { DOUBLE } else { TOO_FEW });
        }
    }
    let listed = meant.into_iter().filter(|(word, _)| word != small);
    listed.map(|(word, channel)| Meant { word, channel, common: 0.0, fit: 0.0 }).collect()
}

/// Natural logarithms of how likely a misreading is where it can happen: dirt inside a word, dirt or a broken letter read
/// for a letter, one of two equal letters lost, a letter too many, one too few, letters that are not alike.
const STRAY: f32 = -3.5;
const BROKEN: f32 = -5.5;
const DOUBLE: f32 = -5.5;
const TOO_MANY: f32 = -6.0;
const TOO_FEW: f32 = -7.5;
const UNLIKE: f32 = -8.5;

/// The same of letters that are alike, as they are seen and as they were meant. Learnt by looking at the commonest differences
/// of overproof's training pages; such lists are as old as the trade (Kukich 1992; Tong and Evans 1996).
const ALIKE: [(f32, &str); 3] = [
    (-4.5, "o>e"),
    (
        -5.0,
        "b>h e>c c>e a>u u>a n>u u>n o>c a>s i>r h>b v>y i>l l>i rn>m m>rn 1>l 1>i l>t t>f f>t j>y e>o o>a a>o li>h tl>th \
         il>h ni>m in>m m>in m>ni cl>d d>cl ri>n n>ri ii>n ii>u nt>m rri>m iii>m vv>w w>vv ol>d fi>h lh>th tb>th ti>h \
         lr>h ll>h sn>m rr>n ir>n",
    ),
    (
        -5.5,
        "s>a e>s s>e o>s n>a a>n n>m m>n r>n t>r b>t l>h h>l l>d l>f l>k l>r r>t i>t t>l i>h g>y y>g e>a a>e f>s s>f 0>o 5>s \
         8>a 3>e 3>b 6>b 9>g 1>t 7>t 4>a c>o o>d oo>ee lio>he bo>he mi>an mi>in mi>nd ou>en ic>re co>ee ti>d yv>w av>w \
         tv>w uo>ne nu>ma im>he uo>no il>d lt>h lu>in iu>in hi>in ln>in",
    ),
];
const LONGEST_CONFUSION: usize = 3;

static CONFUSIONS: LazyLock<HashMap<&str, Vec<(&str, f32)>>> = LazyLock::new(|| {
    let mut confusions: HashMap<&str, Vec<(&str, f32)>> = HashMap::new();
    for (channel, pairs) in ALIKE {
        for (seen, meant) in pairs.split_whitespace().filter_map(|pair| pair.split_once('>')) {
            confusions.entry(seen).or_default().push((meant, channel));
        }
    }
    confusions
});

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

    #[test]
    fn case_follows_what_was_seen() {
        let cases = [("EDWARn", "EDWARD"), ("WVe", "We"), ("Tbe", "The"), ("tbe", "the"), ("T3E", "THE")];
        for (seen, right) in cases {
            assert_eq!(in_case_of(seen, &right.to_lowercase()), right);
        }
    }

    #[test]
    fn words_are_found_with_dirt_inside() {
        let text = "t~he 'bro1ught' (viz.) wero";
        let seen: Vec<&str> = tokens(text).into_iter().map(|token| &text[token.span]).collect();
        assert_eq!(seen, ["t~he", "bro1ught", "viz", "wero"]);
    }
}
