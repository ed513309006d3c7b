//! Defines "equal to the letter": the strict stream of a text, in which every sign that carries meaning counts.
//!
//! White space, punctuation, width, case, script and pinyin glosses do not count. Letters of all planes do, and so do
//! digits with their points and signs, operators, currency, emoji, combining marks, borders of cells, and code exactly
//! as written. Candidates are found by the loose stream (`shingle::Stream`); this one decides.
//!
//! `?` and `!` are not compared: recognisers and formatters lose them as they lose commas. The gap before the next sign
//! marks a question, for judges of short texts. Quotation marks are never compared, nor is case (US and us are the same
//! word), but capitals are kept for judges of names.

use crate::lexicon::varint::{push_number, take_number};
use crate::text::chars::{is_han, is_letter};
use crate::text::letters::{FOLDED, Letter, folded};
use bytemuck::{Pod, Zeroable};
use pinyin::ToPinyinMulti;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_128;

/// A sign that counts: a folded character in the low 21 bits, the gap before it in the three above, and one more bit if
/// it was a capital.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct Sign(u32);

/// The gap between a sign and the one before it; each is larger than those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Gap {
    None,
    Space,
    /// Punctuation inside a sentence.
    Mark,
    Sentence,
    /// The sentence before was a question.
    Question,
    Paragraph,
}

const GAPS: [Gap; 6] = [
    Gap::None,
    Gap::Space,
    Gap::Mark,
    Gap::Sentence,
    Gap::Question,
    Gap::Paragraph,
];
const CODE: u32 = 0x1F_FFFF;
const CAPITAL: u32 = 1 << 24;
/// Between two digits that something separated: `12 3` is not `1 23`.
pub(crate) const APART: u32 = 0x11_0000;
/// A letter that a recogniser could not read: 〓 □ �.
pub(crate) const ILLEGIBLE: u32 = 0x11_0001;
/// An indented line of code; by this many more columns.
const INDENTED: u32 = 0x11_0100;
const DEEPEST: usize = 0xFF;

impl Sign {
    fn new(code: u32, gap: Gap) -> Self {
        Sign(code | (gap as u32) << 21)
    }

    /// The part that is compared.
    #[inline]
    pub fn code(self) -> u32 {
        self.0 & CODE
    }

    #[inline]
    pub fn gap(self) -> Gap {
        GAPS[(self.0 >> 21 & 7) as usize]
    }

    /// Whether it was a capital letter. This is not compared, but a judge may take the word for a name.
    pub fn is_capital(self) -> bool {
        self.0 & CAPITAL != 0
    }

    pub fn char(self) -> Option<char> {
        char::from_u32(self.code())
    }

    pub fn is_digit(self) -> bool {
        matches!(self.code(), 0x30..=0x39)
    }

    pub fn is_letter(self) -> bool {
        self.char().is_some_and(is_letter)
    }

    pub fn is_han(self) -> bool {
        self.char().is_some_and(is_han)
    }
}

impl std::fmt::Debug for Sign {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(
            f,
            "{:?}/{}",
            self.char().unwrap_or('\u{FFFD}'),
            self.0 >> 21
        )
    }
}

/// Whether two streams are equal to the letter.
pub fn is_same(a: &[Sign], b: &[Sign]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.code() == b.code())
}

/// A hash of what is compared. For a text without any letter or digit, a hash of its trimmed bytes.
pub fn key(text: &str) -> u128 {
    let signs = signs(text);
    if signs.iter().any(|sign| sign.is_letter()) {
        let codes: Vec<u32> = signs.iter().map(|sign| sign.code()).collect();
        xxh3_128(bytemuck::cast_slice(&codes))
    } else {
        xxh3_128(text.trim().as_bytes()) ^ 1
    }
}

/// The strict stream of a text.
pub fn signs(text: &str) -> Vec<Sign> {
    let mut reader = Reader::with_capacity(text.len());
    reader.read(text);
    reader.signs
}

/// Reads the strict streams of texts, one after the other.
pub(crate) struct Reader<'t> {
    pub signs: Vec<Sign>,
    /// Where the stream of the present text begins.
    start: usize,
    gap: Gap,
    table: &'t [Letter],
    line: Vec<char>,
}

impl Reader<'_> {
    /// With room for texts of this many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Reader {
            signs: Vec::with_capacity(bytes / 3 + 8),
            start: 0,
            gap: Gap::None,
            table: &FOLDED,
            line: Vec::new(),
        }
    }

    pub(crate) fn read(&mut self, text: &str) {
        let composed: String;
        let is_plain = |c: char| {
            c < '\u{300}' || matches!(c, '\u{3000}'..='\u{3098}' | '\u{309B}'..='\u{FFFF}')
        };
        let text = if text.chars().all(is_plain) || unicode_normalization::is_nfc(text) {
            text
        } else {
            composed = text.nfc().collect();
            &composed
        };
        (self.start, self.gap) = (self.signs.len(), Gap::None);
        let mut line = std::mem::take(&mut self.line);
        let mut fence: Option<&str> = None;
        for text in text.lines() {
            let trimmed = text.trim();
            let marks = ["```", "~~~"]
                .into_iter()
                .find(|mark| trimmed.starts_with(mark));
            match (fence, marks) {
                (Some(open), _)
                    if trimmed.starts_with(open) && trimmed.trim_matches(['`', '~']).is_empty() =>
                {
                    fence = None
                }
                (Some(_), _) => self.code(text),
                (None, Some(mark)) => fence = Some(mark),
                (None, None) => {
                    line.clear();
                    line.extend(trimmed.chars().map(half_width));
                    drop_glosses(&mut line);
                    self.line(&line);
                }
            }
            let ends = if trimmed.is_empty() || self.gap >= Gap::Sentence {
                Gap::Paragraph
            } else {
                Gap::Space
            };
            self.gap = self.gap.max(ends);
        }
        self.line = line;
    }

    fn push(&mut self, code: u32) {
        let sign = Sign::new(code, self.gap);
        if self.gap > Gap::None
            && sign.is_digit()
            && self.signs[self.start..]
                .last()
                .is_some_and(|last| last.is_digit())
        {
            self.signs.push(Sign::new(APART, self.gap));
        }
        self.signs.push(sign);
        self.gap = Gap::None;
    }

    /// A line of code: everything visible counts, and so does its indent.
    fn code(&mut self, text: &str) {
        let text = text.trim_end();
        let inside = text.trim_start();
        if inside.is_empty() {
            return;
        }
        let columns = text[..text.len() - inside.len()]
            .chars()
            .map(|c| if c == '\t' { 4 } else { 1 });
        self.push(INDENTED + columns.sum::<usize>().min(DEEPEST) as u32);
        self.inline(inside.chars());
    }

    fn inline(&mut self, chars: impl Iterator<Item = char>) {
        for c in chars {
            if c.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
            } else {
                self.push(c as u32);
            }
        }
    }

    fn line(&mut self, line: &[char]) {
        let whole = Whole::of(line);
        let mut at = 0;
        while at < line.len() {
            let c = line[at];
            let letter = self.table.get(c as usize).copied().unwrap_or(0);
            if letter != 0 && (c.is_ascii() || is_han(c)) {
                self.push(one_script(letter).into());
                if c.is_ascii_uppercase()
                    && let Some(last) = self.signs.last_mut()
                {
                    last.0 |= CAPITAL;
                }
                at += 1;
                continue;
            }
            if c == '`'
                && let Some(length) = line[at + 1..]
                    .iter()
                    .position(|c| *c == '`')
                    .filter(|length| *length > 0)
            {
                self.inline(line[at + 1..at + 1 + length].iter().copied());
                at += length + 2;
                continue;
            }
            match plain_mark(line, at) {
                Some(gap) => self.gap = self.gap.max(gap),
                None => self.other(line, at, whole),
            }
            at += 1;
        }
    }

    /// A character that is neither ASCII nor Han, or is not a letter.
    fn other(&mut self, line: &[char], at: usize, whole: Whole) {
        let c = line[at];
        if let Some(codes) = (c >= '\u{A0}').then(|| EXPANDED.get(&c)).flatten() {
            codes.iter().for_each(|code| self.push(*code));
        } else if let Some(letter) = folded(self.table, c) {
            self.push(if c as u32 >= 0x1_0000 {
                beyond(c)
            } else {
                letter.into()
            });
        } else if let Some(code) = counted(line, at, whole) {
            self.push(code);
        } else {
            let gap = match c {
                '?' | '？' | '؟' => Gap::Question,
                '。' | '！' | '!' | '…' | '｡' | '।' | '．' => Gap::Sentence,
                '.' if line.get(at + 1).is_none_or(|next| !next.is_alphanumeric()) => Gap::Sentence,
                // 1,250: digits in groups of three
                ',' | '，' if is_grouping(line, at) => Gap::None,
                // don't, well-known, and the soft hyphen
                '\'' | '’' | '-' | '\u{AD}' | '\u{2010}' | '\u{2011}' | '.' => Gap::None,
                '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{2060}' => {
                    Gap::None
                }
                _ if c.is_whitespace() => Gap::Space,
                _ => Gap::Mark,
            };
            self.gap = self.gap.max(gap);
        }
    }
}

/// The gap that a mark makes between two signs if it never counts itself; `other` finds the same, but slowly. Most characters
/// that are not letters are among these.
fn plain_mark(line: &[char], at: usize) -> Option<Gap> {
    match line[at] {
        ' ' => Some(Gap::Space),
        '、' | '；' | '“' | '”' | '《' | '》' | '（' | '）' => Some(Gap::Mark),
        '，' | ',' if !is_grouping(line, at) => Some(Gap::Mark),
        '。' => Some(Gap::Sentence),
        _ => None,
    }
}

/// Characters that become another one only in some words, so that the fold of single characters leaves them.
fn one_script(letter: Letter) -> Letter {
    match char::from_u32(letter.into()) {
        Some('瞭') => '了' as Letter,
        Some('乾') => '干' as Letter,
        Some('藉') => '借' as Letter,
        Some('覆') => '复' as Letter,
        Some('揹') => '背' as Letter,
        Some('徵') => '征' as Letter,
        _ => letter,
    }
}

/// A letter beyond the basic plane: 𝐀 is an a.
fn beyond(c: char) -> u32 {
    let plain = c.nfkc().next().unwrap_or(c);
    plain.to_lowercase().next().unwrap_or(plain) as u32
}

/// What some characters stand for: ㎡ and x² keep their exponent, ⑩ gives both digits, ½ is itself.
static EXPANDED: LazyLock<HashMap<char, Vec<u32>>> = LazyLock::new(|| {
    let mut expanded = HashMap::new();
    for c in ('\u{A0}'..='\u{FFFF}').filter(|c| !is_han(*c)) {
        let plain: Vec<u32> = c
            .nfkc()
            .flat_map(char::to_lowercase)
            .filter(|c| {
                c.is_alphanumeric() || is_combining_mark(*c) || matches!(c, '/' | '%' | '°')
            })
            .map(u32::from)
            .collect();
        let is_number = plain.iter().all(|code| (0x30..=0x39).contains(code));
        match c {
            '\u{BC}'..='\u{BE}' | '\u{2150}'..='\u{215E}' => expanded.insert(c, vec![c as u32]),
            '\u{B2}' | '\u{B3}' | '\u{B9}' | '\u{2070}'..='\u{2079}' if is_number => {
                expanded.insert(c, [&['^' as u32], &plain[..]].concat())
            }
            '\u{3300}'..='\u{33FF}'
                if plain
                    .last()
                    .is_some_and(|code| (0x30..=0x39).contains(code)) =>
            {
                let mut exponent = plain.clone();
                exponent.insert(plain.len() - 1, '^' as u32);
                expanded.insert(c, exponent)
            }
            'ς' => expanded.insert(c, vec!['σ' as u32]),
            _ if plain.len() > 1 && c.is_alphanumeric() || matches!(c, '℃' | '℉') => {
                expanded.insert(c, plain)
            }
            _ => None,
        };
    }
    expanded
});

/// What a line says of the signs in it, as a whole.
#[derive(Clone, Copy)]
struct Whole {
    is_money: bool,
    is_rule: bool,
}

impl Whole {
    fn of(line: &[char]) -> Self {
        Whole {
            is_money: is_money(line),
            is_rule: is_rule(line),
        }
    }
}

/// Whether the dollars of a line are money: each has a digit after it. Dollars of a formula come in pairs.
fn is_money(line: &[char]) -> bool {
    let digit_after = |at: usize| {
        line[at + 1..]
            .iter()
            .find(|c| **c != ' ')
            .is_some_and(char::is_ascii_digit)
    };
    line.iter()
        .enumerate()
        .all(|(at, c)| *c != '$' || digit_after(at))
}

/// Whether a comma groups the digits of one number: three digits after it, and not a fourth.
fn is_grouping(line: &[char], at: usize) -> bool {
    let is_digit = |at: usize| {
        line.get(at)
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, '０'..='９'))
    };
    at > 0 && is_digit(at - 1) && (1..=3).all(|n| is_digit(at + n)) && !is_digit(at + 4)
}

/// The code of a sign that is not a letter and counts where it is.
fn counted(line: &[char], at: usize, whole: Whole) -> Option<u32> {
    let c = line[at];
    let plain = match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0)?,
        '−' | '–' | '—' | '﹣' => '-',
        '∕' | '⁄' => '/',
        '∶' => ':',
        '￥' => '¥',
        '·' | '・' | '٫' => '.',
        _ => c,
    };
    let before = at.checked_sub(1).map(|at| line[at]);
    let after = line.get(at + 1).copied();
    let next_seen = line[at + 1..].iter().copied().find(|c| !c.is_whitespace());
    let last_seen = line[..at]
        .iter()
        .rev()
        .copied()
        .find(|c| !c.is_whitespace());
    let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    let in_word = before.is_some_and(|c| c.is_ascii_alphanumeric())
        && after.is_some_and(|c| c.is_ascii_alphanumeric());
    // x, n or 7: the parts of a formula
    let is_single_after = is_digit(next_seen)
        || next_seen.is_some_and(|c| c.is_ascii_alphabetic() || "([√".contains(c))
            && !line[at + 1..]
                .iter()
                .skip_while(|c| c.is_whitespace())
                .nth(1)
                .is_some_and(char::is_ascii_alphabetic);
    let is_single_before = is_digit(last_seen)
        || last_seen.is_some_and(|c| c.is_ascii_alphabetic() || ")]".contains(c))
            && !line[..at]
                .iter()
                .rev()
                .skip_while(|c| c.is_whitespace())
                .nth(1)
                .is_some_and(char::is_ascii_alphabetic);
    let between_digits = is_digit(before) && is_digit(after);
    let is_in_formula = is_single_before
        && is_single_after
        && before.is_some_and(char::is_whitespace) == after.is_some_and(char::is_whitespace);
    let counts = match plain {
        '.' | ':' => between_digits || in_word && is_in_address(line, at),
        '@' | '_' => in_word,
        '~' => is_digit(next_seen),
        '-' => {
            let has_sign = is_digit(after)
                && before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != ')' && c != '-');
            between_digits
                || has_sign
                || is_in_formula
                || matches!(after, Some('=' | '>'))
                || in_word && is_in_address(line, at)
        }
        '/' => between_digits || is_in_formula,
        '*' => is_in_formula,
        '!' => {
            after == Some('=')
                || after.is_some_and(|c| c.is_ascii_alphabetic() || c == '(')
                    && before.is_none_or(|c| c == ' ' || c == '(' || c == '=')
                || is_digit(before) && next_seen.is_some_and(|c| "+-*/=)^".contains(c))
        }
        '|' => at > 0 && at + 1 < line.len() && !whole.is_rule,
        '#' => before.is_some_and(|c| c.is_ascii_alphabetic()) || is_digit(after),
        '$' => whole.is_money && is_digit(next_seen),
        '+' | '<' | '>' | '=' | '^' | '%' | '°' | '‰' | '±' | '×' | '÷' | '¬' | '§' | '′' | '″' => {
            true
        }
        '〓' | '□' | '\u{FFFD}' => return Some(ILLEGIBLE),
        '¢' | '£' | '¥' | '\u{20A0}'..='\u{20CF}' => true,
        // arrows, operators, and shapes that say up, down, yes, no or how many
        '\u{2190}'..='\u{22EE}'
        | '\u{22F0}'..='\u{22FF}'
        | '\u{27C0}'..='\u{27FF}'
        | '\u{2900}'..='\u{2BFF}' => true,
        '▲' | '△' | '▼' | '▽' | '\u{2600}'..='\u{275A}' | '\u{2761}'..='\u{27BF}' => true,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => false,
        '\u{1F000}'..='\u{1FAFF}' => true,
        _ => c >= '\u{300}' && is_combining_mark(c),
    };
    counts.then_some(plain as u32)
}

/// Whether a mark stands in a mail address or a link, where every sign counts.
fn is_in_address(line: &[char], at: usize) -> bool {
    /// Characters looked at on each side: no host name is longer.
    const REACH: usize = 255;
    let is_of_token = |c: &&char| !c.is_whitespace();
    let before = line[..at].iter().rev().take(REACH).take_while(is_of_token);
    let after = line[at..].iter().take(REACH).take_while(is_of_token);
    let token = &line[at - before.count()..at + after.count()];
    token.contains(&'@') || token.windows(3).any(|three| three == [':', '/', '/'])
}

/// Whether a line is the rule under the head of a Markdown table.
fn is_rule(line: &[char]) -> bool {
    line.iter().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// Normalises the width of letters, digits and operators; marks of Chinese text stay.
fn half_width(c: char) -> char {
    match c {
        '，' | '：' | '；' | '！' | '？' | '（' | '）' => c,
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0)
            .expect("the full-width forms are in the order of ASCII"),
        _ => c,
    }
}

fn drop_glosses(line: &mut Vec<char>) {
    let mut at = 1;
    while at < line.len() {
        if matches!(line[at], '(' | '（') && is_han(line[at - 1]) {
            let length = gloss(line[at - 1], &line[at..]);
            line.drain(at..at + length);
        }
        at += 1;
    }
}

/// How many characters the reading in brackets after a Han character takes, such as (yè) after 业: a reading with tone
/// marks, or one that the character has; 0 if there is none. `f(x)` and 过点(a) are not glosses.
fn gloss(c: char, text: &[char]) -> usize {
    /// zhuang, chuang, shuang
    const LONGEST: usize = 6;
    let is_small = |c: &char| c.is_lowercase() && (c.is_ascii() || matches!(c, 'à'..='ǜ' | 'ɑ'));
    let opens = text.iter().take_while(|c| matches!(c, '(' | '（')).count();
    let length = text[opens..].iter().take_while(|c| is_small(c)).count();
    let closes = text
        .get(opens + length)
        .is_some_and(|c| matches!(c, ')' | '）'));
    if !closes || !(1..=LONGEST).contains(&length) {
        return 0;
    }
    let reading = &text[opens..opens + length];
    let has_tone = reading
        .iter()
        .any(|c| !c.is_ascii() && *c != 'ü' && *c != 'ɑ');
    let is_reading = has_tone || {
        let reading: String = reading.iter().collect();
        c.to_pinyin_multi()
            .is_some_and(|all| all.into_iter().any(|one| one.plain() == reading))
    };
    if is_reading { opens + length + 1 } else { 0 }
}

/// Packs what the strict stream has beyond the loose one into bytes: for each loose letter with something before it,
/// its distance from the last such letter, the gap, and the signs that the loose stream skips. It takes .19 bytes a
/// letter of Chinese news (xwlb), .18 of statutes, .35 of English (bln600). Returns whether the loose stream is that of
/// these signs; if not, the bytes are useless.
fn pack(signs: &[Sign], loose: &[Letter], side: &mut Vec<u8>) -> bool {
    let (mut at, mut last) = (0, 0);
    for sign in signs {
        let letter = sign.char().and_then(crate::text::letters::fold);
        let is_plain = letter.is_some_and(|letter| u32::from(letter) == sign.code());
        if !is_plain || sign.gap() != Gap::None || sign.is_capital() {
            push_number(
                side,
                (at - last) as u64 * 32
                    + u64::from(sign.is_capital()) * 16
                    + u64::from(!is_plain) * 8
                    + sign.gap() as u64,
            );
            if !is_plain {
                push_number(
                    side,
                    u64::from(sign.code()) * 2 + u64::from(letter.is_some()),
                );
            }
            last = at;
        }
        if let Some(letter) = letter {
            if loose.get(at) != Some(&letter) {
                return false;
            }
            at += 1;
        }
    }
    at == loose.len()
}

/// The strict stream again.
pub(crate) fn unpack(letters: &[Letter], mut side: &[u8]) -> Option<Vec<Sign>> {
    let mut signs = Vec::with_capacity(letters.len() + side.len() / 4);
    let plain = |letter: &Letter| Sign::new(u32::from(*letter), Gap::None);
    let mut at = 0;
    let mut from = 0;
    while !side.is_empty() {
        let entry = take_number(&mut side)?;
        let next = at + (entry / 32) as usize;
        // the letter of the entry before is already there
        signs.extend(letters.get(from..next.max(from))?.iter().map(plain));
        at = next;
        let gap = *GAPS.get((entry & 7) as usize)?;
        if entry & 8 == 0 {
            let capital = if entry & 16 == 0 { 0 } else { CAPITAL };
            signs.push(Sign(Sign::new((*letters.get(at)?).into(), gap).0 | capital));
            from = at + 1;
        } else {
            let code = take_number(&mut side)?;
            signs.push(Sign::new((code / 2) as u32 & CODE, gap));
            from = at + (code & 1) as usize;
        }
    }
    signs.extend(letters.get(from..)?.iter().map(plain));
    Some(signs)
}

/// Writes the side list of a block (`pack`), relative to its letters in the loose stream; or the signs themselves if
/// the two streams do not agree on its letters (a gloss that is not a reading, ㎡). Empty if there is nothing to add.
pub(crate) fn side_of_block(signs: &[Sign], loose: &[Letter], sides: &mut Vec<u8>) {
    let start = sides.len();
    sides.push(SIDE);
    if !pack(signs, loose, sides) {
        sides.truncate(start);
        sides.push(SIGNS);
        signs
            .iter()
            .for_each(|sign| push_number(sides, sign.0.into()));
    } else if sides.len() == start + 1 {
        sides.truncate(start);
    }
}

const SIDE: u8 = 0;
const SIGNS: u8 = 1;

/// The signs of a block from its letters and its side list.
pub(crate) fn signs_of_block(loose: &[Letter], side: &[u8]) -> Option<Vec<Sign>> {
    let mut signs = match side.split_first() {
        None => unpack(loose, &[])?,
        Some((&SIDE, side)) => unpack(loose, side)?,
        Some((_, mut rest)) => {
            let mut signs = Vec::with_capacity(loose.len());
            while !rest.is_empty() {
                signs.push(Sign(u32::try_from(take_number(&mut rest)?).ok()?));
            }
            signs
        }
    };
    if let Some(first) = signs.first_mut() {
        *first = Sign(first.0 & !(7 << 21) | (Gap::Paragraph as u32) << 21);
    }
    Some(signs)
}

/// A hash of what is compared in a text of several blocks. For a text without any letter or digit, a hash of its bytes;
/// 0 for an empty one.
pub(crate) fn whole(signs: &[Sign], text: &str) -> u128 {
    if signs.iter().any(|sign| sign.is_letter()) {
        let codes: Vec<u32> = signs.iter().map(|sign| sign.code()).collect();
        return xxh3_128(bytemuck::cast_slice(&codes));
    }
    match text.trim() {
        "" => 0,
        text => xxh3_128(text.as_bytes()) ^ 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        key(a) == key(b)
    }

    #[test]
    fn what_carries_meaning_counts() {
        for (a, b) in [
            ("每次1.5毫克", "每次15毫克"),
            ("-7.5度", "7.5度"),
            ("२.५ किलो", "२५ किलो"),
            ("٢٫٥", "٢٥"),
            ("-٧", "٧"),
            ("ann.holm@example.org", "annholm@example.org"),
            ("https://example.org/a-b", "https://example.org/a_b"),
            ("甲队1:0胜", "甲队10胜"),
            ("2x+3", "2x-3"),
            ("x = 2", "x = -2"),
            ("a<b", "a>b"),
            ("a!=b", "a=b"),
            ("if !ok", "if ok"),
            ("x += 1", "x -= 1"),
            ("$1,250.00", "€1,250.00"),
            ("$125", "125"),
            ("增长5%", "增长5"),
            ("↑5", "↓5"),
            ("很好😊", "很好😡"),
            ("★★★☆☆", "★★★★☆"),
            ("C", "C++"),
            ("C", "C#"),
            ("ข้าวดี", "ข่าวดี"),
            ("ข้าวดี", "ขาวดี"),
            ("पक", "पक्"),
            ("كَتَبَ", "كُتِبَ"),
            ("ma", "mạ"),
            ("𠀀", "𠠀"),
            ("1|23|00", "12|3|00"),
            ("1 23", "12 3"),
            ("10²", "102"),
            ("½", "12"),
            ("过点(a)", "过点(b)"),
            ("⑩", "①"),
            ("```\nfoo(a)\n```", "```\nfoo[a]\n```"),
            ("```\nif a:\n  b\n  c\n```", "```\nif a:\n  b\nc\n```"),
            ("用`a-b`", "用`a_b`"),
            ("......", "……"),
            ("？？？", "！！！"),
        ] {
            assert!(!same(a, b), "{a} is another text than {b}");
        }
    }

    #[test]
    fn form_does_not_count() {
        for (a, b) in [
            ("經濟，ＡＩ發展。", "经济AI发展"),
            ("走吧！", "走吧？"),
            ("1,250元", "1250元"),
            ("１．５", "1.5"),
            ("產業(yè)發（fā）展", "产业发展"),
            ("产业(ye)", "产业"),
            ("Tiếng Việt", "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t"),
            ("don’t", "don't"),
            ("“你好”", "「你好」"),
            ("| a | 1 |", "a | 1"),
            ("**bold** text", "bold text"),
            ("# Title", "Title"),
            ("- item one", "* item one"),
            ("well-\nknown", "well-known"),
            ("US", "us"),
            ("x²", "x^2"),
            ("5－3", "5-3"),
            ("......\n", "......"),
        ] {
            assert!(same(a, b), "{a} is {b}: {:?} {:?}", signs(a), signs(b));
        }
    }

    #[test]
    fn plain_marks_are_what_all_marks_are_asked() {
        for around in ["1x2", "a x b", "，x。", "x", "天x地", "1x234", "(x)"] {
            for mark in " 、；“”《》（），,。".chars() {
                let line: Vec<char> = around.replace('x', &mark.to_string()).chars().collect();
                let places = (0..line.len()).filter(|at| line[*at] == mark);
                for (at, gap) in places.filter_map(|at| Some((at, plain_mark(&line, at)?))) {
                    let mut reader = Reader::with_capacity(0);
                    reader.other(&line, at, Whole::of(&line));
                    assert_eq!((reader.signs.len(), reader.gap), (0, gap), "{line:?} {at}");
                }
            }
        }
    }

    #[test]
    fn the_side_list_gives_the_stream_back() {
        for text in [
            "经济1.5，𠀀𠠀发展？ C++ and 12 3",
            "",
            "++",
            "--a--  b|c",
            "ข้าวดี ข่าวดี 😊👍\n\n再说 $5",
        ] {
            let signs = signs(text);
            let loose: Vec<Letter> = text
                .chars()
                .filter_map(crate::text::letters::fold)
                .collect();
            let mut side = Vec::new();
            assert!(pack(&signs, &loose, &mut side));
            assert_eq!(unpack(&loose, &side).as_deref(), Some(&signs[..]), "{text}");
        }
    }
}
