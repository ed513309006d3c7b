//! What ends a sentence, in each script: its full stops, and what may stand behind them.

use super::chars::is_wide;
use super::script::{Script, members};
use std::sync::LazyLock;

/// How a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a mark that ends a sentence; what closes a quotation or bracket behind it is looked through.
    Sentence,
    /// With a colon: something is announced.
    Colon,
    /// With a mark that divides clauses.
    Clause,
    /// With a letter, a digit or any other sign.
    Open,
}

impl Ending {
    pub fn of(text: &str) -> Self {
        ending(text)
    }
}

/// Whether the text ends a sentence, closing quotes and brackets and a signature such as （耀文） looked through.
pub(crate) fn ends_sentence(text: &str) -> bool {
    ending(text) == Ending::Sentence
}

pub(crate) fn ending(text: &str) -> Ending {
    let text = without_signature(text.trim_end());
    let bare = without_closers(text);
    let Some(last) = bare.chars().next_back() else {
        return Ending::Open;
    };
    let before = &bare[..bare.len() - last.len_utf8()];
    match last {
        '.' | '．' | '․' => after_point(before),
        ';' if Script::of_last(before) == Script::Greek => Ending::Sentence,
        ':' if Script::of_last(before) == Script::Armenian => Ending::Sentence,
        ':' | '፡' if before.ends_with(last) && Script::of_last(before) == Script::Ethiopic => {
            Ending::Sentence
        }
        // a danda as keyboards without one have it
        '|' if is_indic(Script::of_last(before)) => Ending::Sentence,
        ':' | '：' | '﹕' | '︰' | '፥' | '៖' => Ending::Colon,
        _ if is_full_stop(last) => Ending::Sentence,
        _ if is_clause_mark(last) => Ending::Clause,
        _ => Ending::Open,
    }
}

/// What a point ends: in Chinese a number that is cut in two (增长4.|5%), or that counts an item; else a sentence.
fn after_point(before: &str) -> Ending {
    let digits = before.trim_end_matches(|c: char| c.is_numeric());
    if digits.len() < before.len() && (digits.is_empty() || before.chars().any(is_wide)) {
        return Ending::Open;
    }
    Ending::Sentence
}

fn is_indic(script: Script) -> bool {
    matches!(script, Script::Devanagari | Script::Bengali | Script::Indic)
}

/// The text before the quotes, brackets, spaces and marks of emphasis at its end, and a footnote's number behind a stop.
pub(crate) fn without_closers(text: &str) -> &str {
    let bare = text.trim_end_matches(is_behind_a_stop);
    if text.len() == bare.len() && !text.ends_with(is_note_mark) {
        return text;
    }
    // …said so.[12]  …said so.¹²
    let open = bare.trim_end_matches(|c: char| is_note_mark(c) || c.is_ascii_digit());
    let is_note = bare.len() > open.len()
        && (text[bare.len()..].starts_with(']') && open.ends_with('[')
            || bare[open.len()..].chars().all(is_note_mark));
    let noted = open
        .trim_end_matches('[')
        .trim_end_matches(is_behind_a_stop);
    if is_note && noted.ends_with(is_full_stop) {
        noted
    } else {
        bare
    }
}

/// The text behind the quotes, brackets and marks of emphasis at its head.
pub(crate) fn without_openers(text: &str) -> &str {
    text.trim_start_matches(|c| {
        is_opener(c) || is_quote(c) || matches!(c, '*' | '_') || c.is_whitespace()
    })
}

/// What may stand between a full stop and the end of a line. German closes »…«, „…“ with what opens elsewhere; French
/// sets a no-break space before ».
fn is_behind_a_stop(c: char) -> bool {
    matches!(
        c,
        '_' | '*' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    ) || c.is_whitespace()
        || is_closer(c)
        || is_quote(c)
}

/// ¹²³ ⁴ ①
fn is_note_mark(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰'..='⁹' | '†' | '‡' | '\u{2460}'..='\u{2473}')
}

/// The text before a short bracket at its very end, if what stands before it ends a sentence.
fn without_signature(text: &str) -> &str {
    /// （记者 欧阳明华 司马光） is about the longest that newspapers print.
    const LONGEST_SIGNATURE: usize = 16;
    if !text.ends_with(['）', ')']) {
        return text;
    }
    match text.rfind(['（', '(']) {
        Some(at) if text[at..].chars().count() <= LONGEST_SIGNATURE => {
            let body = text[..at].trim_end();
            if without_closers(body).ends_with(is_full_stop) {
                body
            } else {
                text
            }
        }
        _ => text,
    }
}

const STOP: u8 = 1;
const CLAUSE: u8 = 2;
const OPENS: u8 = 4;
const CLOSES: u8 = 8;
const QUOTE: u8 = 16;

/// Ends a sentence: Unicode's Sentence_Terminal, ellipses, the shad of Tibetan, the Greek question mark, the sof pasuq of
/// Hebrew and the khomut of Thai. A point does, though not everywhere (`ending`).
pub(crate) fn is_full_stop(c: char) -> bool {
    class(c) & STOP != 0
}

/// Separates clauses inside a sentence: what follows it belongs to the same sentence.
pub(crate) fn is_clause_mark(c: char) -> bool {
    class(c) & CLAUSE != 0
}

/// Opens a quotation or bracket: looked through when asking how a block begins.
pub(crate) fn is_opener(c: char) -> bool {
    class(c) & OPENS != 0
}

/// Closes a quotation or bracket: looked through when asking how a block ends.
pub(crate) fn is_closer(c: char) -> bool {
    class(c) & CLOSES != 0
}

/// A quotation mark of any direction.
pub(crate) fn is_quote(c: char) -> bool {
    class(c) & QUOTE != 0
}

/// Cannot stand at the head of a line or paragraph of its own (a line breaker never puts it there).
pub(crate) fn never_begins(c: char) -> bool {
    let class = class(c);
    class & CLAUSE != 0
        || class & CLOSES != 0 && class & QUOTE == 0
        || class & CLOSES != 0 && matches!(c, '”' | '’' | '」' | '』')
        || matches!(
            c,
            '。' | '！' | '？' | '%' | '％' | '।' | '॥' | '۔' | '؟' | '።' | '։' | '။' | '។'
        )
}

fn class(c: char) -> u8 {
    match c {
        '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' => 0,
        _ => CLASSES
            .get(c as usize)
            .copied()
            .unwrap_or_else(|| beyond(c)),
    }
}

/// Full stops beyond the basic plane, of scripts such as Chakma or Brahmi.
fn beyond(c: char) -> u8 {
    match FAR_STOPS.binary_search_by(|range| range.end().cmp(&c)) {
        Ok(_) => STOP,
        Err(at) => FAR_STOPS
            .get(at)
            .filter(|r| r.contains(&c))
            .map_or(0, |_| STOP),
    }
}

static FAR_STOPS: LazyLock<Vec<std::ops::RangeInclusive<char>>> = LazyLock::new(|| {
    members("sb=sterm")
        .into_iter()
        .filter(|r| *r.start() > '\u{FFFF}')
        .collect()
});

/// What each character of the basic plane is.
static CLASSES: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    let mut classes = vec![0u8; 0x10000];
    let mut mark = |chars: &mut dyn Iterator<Item = char>, bit: u8| {
        for c in chars {
            if let Some(class) = classes.get_mut(c as usize) {
                *class |= bit;
            }
        }
    };
    for (property, bit) in [
        ("sb=sterm", STOP),
        ("gc=Ps", OPENS),
        ("gc=Pi", OPENS | QUOTE),
        ("gc=Pe", CLOSES),
        ("gc=Pf", CLOSES | QUOTE),
    ] {
        mark(&mut members(property).into_iter().flatten(), bit);
    }
    mark(
        &mut ".．…‥⋯\u{37e}\u{5c3}\u{f0d}\u{f0e}\u{f0f}\u{f10}\u{f11}\u{f14}\u{e5a}\u{e5b}".chars(),
        STOP,
    );
    mark(&mut "，、；：,;:﹐﹑﹔﹕､،؛፣፤፥፦՝᠂᠄၊៖·".chars(), CLAUSE);
    mark(&mut "\"'＂＇".chars(), CLOSES | QUOTE);
    mark(&mut "„‚「」『』｢｣〝〞〟".chars(), QUOTE);
    // divides clauses in Burmese; Unicode has it with the stops
    classes['၊' as usize] = CLAUSE;
    // 安东尼·达罗: the middle dot joins names, but for Greek, where U+0387 is its clause mark
    classes['·' as usize] = 0;
    classes['\u{387}' as usize] = CLAUSE;
    classes.into()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_in_every_script() {
        for text in [
            // Chinese, Japanese, Korean
            "他说：“好。”",
            "记者到场。 ",
            "回应了意见。（文澜）",
            "「行こう。」",
            "はい｡",
            "학교에 갔다.",
            "走吧！",
            "好吗？）",
            "好……",
            "是吗⁉",
            // Latin script
            "It grew by 4.",
            "„Ja.“",
            "»So bleib du lieber daheim!«",
            "Il est parti. »",
            "Quoi !\u{a0}»",
            "C'est fini\u{202f}!",
            "_(He goes out.)_",
            "_Exit._",
            "said so.”",
            "said so.'",
            "dijo.»",
            "¿Quién?",
            "as he wrote.[12]",
            "as he wrote.¹²",
            "**So it was.**",
            "(See below.)",
            "no more…",
            // Cyrillic, Greek, Armenian, Georgian
            "Он ушёл.",
            "«Куда?»",
            "Πού πας;",
            "Πού πας\u{37e}",
            "Նավահանգիստը բացվեց։",
            "Նավահանգիստը բացվեց:",
            "ნავსადგური.",
            // Arabic, Urdu, Hebrew
            "أين الميناء؟",
            "افتتح الميناء.",
            "بندرگاہ کھل گئی۔",
            "הנמל נפתח.",
            "הַנָּמֵל׃",
            // India and its neighbours
            "बंदरगाह खुल गया।",
            "बंदरगाह खुल गया ।",
            "बंदरगाह खुल गया |",
            "गतः॥",
            "বন্দর খুলেছে।",
            "துறைமுகம் திறந்தது.",
            // Ethiopia, Burma, Cambodia, Tibet, Mongolia
            "ወደቡ ተከፈተ።",
            "ወደቡ ተከፈተ፧",
            "ወደቡ ተከፈተ፡፡",
            "ဆိပ်ကမ်းဖွင့်သည်။",
            "កំពង់ផែបានបើក។",
            "ចប់៕",
            "གྲུ་ཁ་ཕྱེ་སོང་།",
            "ཕྱེ་སོང་༎",
            "ᠨᠡᠭᠡᠭᠳᠡᠪᠡ᠃",
            // beyond the basic plane: Chakma
            "𑄌𑄋𑄴𑄟𑅁",
        ] {
            assert_eq!(ending(text), Ending::Sentence, "{text}");
        }
    }

    #[test]
    fn clauses_and_open_ends_end_none() {
        for (text, how) in [
            ("引进人工智能（AI）", Ending::Open),
            ("各单位认真办", Ending::Open),
            ("出口增长，", Ending::Clause),
            ("出口增长4.", Ending::Open),
            ("12.", Ending::Open),
            ("名单如下：", Ending::Colon),
            ("他说：“", Ending::Colon),
            ("the boys'", Ending::Open),
            ("and he said,", Ending::Clause),
            ("so;", Ending::Clause),
            ("a note [12]", Ending::Open),
            ("x²", Ending::Open),
            ("وقال،", Ending::Clause),
            ("ወደቡ፣", Ending::Clause),
            ("ဆိပ်ကမ်း၊", Ending::Clause),
            ("ท่าเรือเปิดแล้ว", Ending::Open),
            ("see https://example.org/a.html)", Ending::Open),
            ("安东尼·", Ending::Open),
            ("", Ending::Open),
        ] {
            assert_eq!(ending(text), how, "{text}");
        }
        assert!(!Script::most("ท่าเรือเปิดแล้ว").marks_sentence_ends());
        assert!(Script::most("港口开放").marks_sentence_ends());
    }
}
