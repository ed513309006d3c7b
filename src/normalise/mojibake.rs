//! Reads text again that was once read in the wrong encoding: 中国 that has become ä¸­å›½, ÖÐ¹ú or 笢弊.
//!
//! A run of such characters is encoded as it was wrongly read and decoded as it should have been, both strictly, so that
//! the way back gives the same bytes. It must then be likelier text: what is common in Chinese, or letters for a pair that
//! no word holds. Bytes that were lost on the way (锟斤拷) are reported, and stay.

use super::sorts::{CYRILLIC, LATIN, RARE};
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Grade};
use crate::page::{Block, Page};
use crate::text::chars::{is_han, is_wide_mark};
use crate::text::han::{is_common, is_frequent};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use std::borrow::Cow;
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Mojibake,
    examples: &[
        ("港口ä¸\u{ad}å›½", "港口中国"),
        ("ÖÐ¹ú¸Û¿Ú", "中国港口"),
        ("涓\u{e15e}浗娓\u{e21a}彛", "中国港口"),
        ("笢弊誠諳腔鎢芛踏毞羲溫", "中国港口的码头今天开放"),
        ("le dÃ©part de lâ€™Ã©tÃ©", "le départ de l’été"),
        ("le dÃƒÂ©part", "le départ"),
        (
            "РќР°Рґ РіР°РІР°РЅСЊСЋ Рё СЂРµРєРѕР№ СѓС‚СЂРѕ",
            "Над гаванью и рекой утро",
        ),
        ("NowoĹ›Ä‡: latarnia gaĹ›nie", "Nowość: latarnia gaśnie"),
        (
            "la journée a été créée à Noël, où l’œuvre…",
            "la journée a été créée à Noël, où l’œuvre…",
        ),
        (
            "À ÉVORA, AS MÃES E OS IRMÃOS",
            "À ÉVORA, AS MÃES E OS IRMÃOS",
        ),
        (
            "Ô\u{a0}! qu'avec tous ces soins",
            "Ô\u{a0}! qu'avec tous ces soins",
        ),
        ("Größe, Übung, Maß; ÀÁÂÃÄÅ", "Größe, Übung, Maß; ÀÁÂÃÄÅ"),
        ("Trường đại học ở Đà Nẵng", "Trường đại học ở Đà Nẵng"),
        (
            "«П… П… Почему?» — М… да, С» и Р…",
            "«П… П… Почему?» — М… да, С» и Р…",
        ),
        (
            "ORĂŞEL, CĂŞTI, PĂŞUNE, MĂŞTI",
            "ORĂŞEL, CĂŞTI, PĂŞUNE, MĂŞTI",
        ),
        (
            "魑魅魍魉，饕餮貔貅，崆峒涓涓",
            "魑魅魍魉，饕餮貔貅，崆峒涓涓",
        ),
        ("依照××××公司章程第××条", "依照××××公司章程第××条"),
        ("读成锟斤拷的字", "读成锟斤拷的字"),
    ],
    grade: Grade::Verified,
    wants: LATIN | CYRILLIC | RARE,
    find,
};

/// A way in which text is misread: what it was taken for, and what it was.
struct Misreading {
    taken_for: &'static Encoding,
    was: &'static Encoding,
    /// Whether a character can be part of a run.
    fits: fn(char) -> bool,
    /// Whether the run is so odd that it may have been misread: asked first, for reading it again takes long.
    is_odd: fn(&str) -> bool,
    /// Whether the text is likelier than the run it was made of.
    is_better: fn(&str, &str) -> bool,
    /// Whether what was found in a block proves that it was misread.
    is_proved: fn(&str, &[Edit]) -> bool,
}

const MISREADINGS: [Misreading; 8] = [
    Misreading {
        taken_for: WINDOWS_1252,
        was: UTF_8,
        fits: is_western,
        is_odd: |_| true,
        is_better: |read, _| is_word_part(read),
        is_proved: |_, _| true,
    },
    Misreading {
        taken_for: WINDOWS_1252,
        was: GBK,
        fits: is_western,
        is_odd: is_no_alphabet,
        is_better: is_plain_chinese,
        is_proved: |_, _| true,
    },
    Misreading {
        taken_for: WINDOWS_1252,
        was: BIG5,
        fits: is_western,
        is_odd: is_no_alphabet,
        is_better: is_plain_chinese,
        is_proved: |_, _| true,
    },
    Misreading {
        taken_for: GB18030,
        was: UTF_8,
        fits: is_eastern,
        is_odd: |run| share(run, is_common) < 0.5,
        is_better: |read, _| is_common_chinese(read),
        is_proved: |_, _| true,
    },
    Misreading {
        taken_for: BIG5,
        was: GBK,
        fits: is_eastern,
        is_odd: |run| share(run, is_frequent) < 0.1,
        is_better: |read, _| is_frequent_chinese(read),
        is_proved: |_, _| true,
    },
    Misreading {
        taken_for: GB18030,
        was: BIG5,
        fits: is_eastern,
        is_odd: |run| share(run, is_frequent) < 0.1,
        is_better: |read, _| is_frequent_chinese(read),
        is_proved: |_, _| true,
    },
    Misreading {
        taken_for: WINDOWS_1251,
        was: UTF_8,
        fits: |c| is_of(&CYRILLIC_PAGE, c),
        is_odd: |_| true,
        is_better: |read, _| is_of_words(read),
        is_proved: several_in_words,
    },
    Misreading {
        taken_for: WINDOWS_1250,
        was: UTF_8,
        fits: |c| is_of(&CENTRAL_PAGE, c),
        is_odd: |_| true,
        is_better: |read, _| is_of_words(read),
        is_proved: several_in_words,
    },
];

fn find(text: &str, _: &Context) -> Vec<Edit> {
    for Misreading {
        taken_for,
        was,
        fits,
        is_odd,
        is_better,
        is_proved,
    } in &MISREADINGS
    {
        let edits: Vec<Edit> = runs(text, *fits)
            .filter(|(_, run)| run.chars().nth(1).is_some() && is_odd(run))
            .filter_map(|(at, run)| {
                let read = reread(run, taken_for, was)?;
                is_better(&read, run).then(|| Edit::new(at..at + run.len(), read.into_owned()))
            })
            .collect();
        if !edits.is_empty() && is_proved(text, &edits) {
            return edits;
        }
    }
    Vec::new()
}

/// The longest runs of fitting characters, with their places.
fn runs(text: &str, fits: fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let place = move |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    text.split(move |c| !fits(c))
        .filter(|run| !run.is_empty())
        .map(move |run| (place(run), run))
}

/// The run as it should have been read; `None` where a byte of it was lost.
fn reread(
    run: &str,
    taken_for: &'static Encoding,
    was: &'static Encoding,
) -> Option<Cow<'static, str>> {
    let bytes = encoded(run, taken_for)?;
    let read = was
        .decode_without_bom_handling_and_without_replacement(&bytes)?
        .into_owned();
    (encoded(&read, was)? == bytes).then_some(Cow::Owned(read))
}

fn encoded<'t>(text: &'t str, encoding: &'static Encoding) -> Option<Cow<'t, [u8]>> {
    // the standard writes 80 for € where GB 18030 has a pair, and reads 80 as €
    let (bytes, _, is_lossy) = encoding.encode(text);
    (!is_lossy).then_some(bytes)
}

/// What Windows-1251 and Windows-1250 make of the bytes from 80 on, sorted.
static CYRILLIC_PAGE: LazyLock<Vec<char>> = LazyLock::new(|| upper_half(WINDOWS_1251));
static CENTRAL_PAGE: LazyLock<Vec<char>> = LazyLock::new(|| upper_half(WINDOWS_1250));

fn upper_half(encoding: &'static Encoding) -> Vec<char> {
    let bytes: Vec<u8> = (0x80..=0xFF).collect();
    let mut chars: Vec<char> = encoding.decode(&bytes).0.chars().collect();
    chars.sort_unstable();
    chars
}

fn is_of(page: &[char], c: char) -> bool {
    !c.is_ascii() && page.binary_search(&c).is_ok()
}

/// What Windows-1252 makes of the bytes from 80 on.
fn is_western(c: char) -> bool {
    matches!(
        c,
        '\u{80}'
            ..='\u{ff}'
                | 'Œ'
                | 'œ'
                | 'Š'
                | 'š'
                | 'Ž'
                | 'ž'
                | 'Ÿ'
                | 'ƒ'
                | 'ˆ'
                | '˜'
                | '–'
                | '—'
                | '‘'
                | '’'
                | '‚'
                | '“'
                | '”'
                | '„'
                | '†'
                | '‡'
                | '•'
                | '…'
                | '‰'
                | '‹'
                | '›'
                | '€'
                | '™'
    )
}

/// What an encoding of Chinese makes of such bytes.
fn is_eastern(c: char) -> bool {
    is_han(c)
        || is_wide_mark(c)
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '€' | '\u{3041}'..='\u{30ff}')
}

/// Whether the text is letters and marks of a kind. UTF-8 is strict enough that no more has to be asked.
fn is_word_part(read: &str) -> bool {
    let is_sound = |c: char| c.is_alphanumeric() || is_western(c) || is_wide_mark(c) || is_han(c);
    // one letter of Greek, Cyrillic or Hebrew alone is none: Ô and a no-break space are French
    let is_alone = |c: char| matches!(c, '\u{250}'..='\u{7ff}') && read.chars().nth(1).is_none();
    read.chars()
        .all(|c| is_sound(c) && !c.is_control() && !is_alone(c))
}

/// Whether the text is letters, and the marks that stand beside them.
fn is_of_words(read: &str) -> bool {
    let is_mark = |c: char| is_western(c) && !c.is_control();
    let is_combining = |c: char| matches!(c, '\u{300}'..='\u{36f}');
    read.chars()
        .all(|c| (c.is_alphanumeric() || is_mark(c)) && !is_combining(c))
}

/// Whether several characters were found, and one of them where no word has it: beside another one, or where a capital
/// follows a small letter. A letter and a mark may meet by chance (`П…`, `ORĂŞEL`), but not so.
fn several_in_words(text: &str, edits: &[Edit]) -> bool {
    /// Characters: two may be a stammer.
    const FEWEST: usize = 3;
    let chars = |edit: &Edit| edit.with.chars().count();
    let is_inside = |edit: &Edit| {
        let before = text[..edit.span.start].chars().next_back();
        before.is_some_and(|c| c.is_ascii_lowercase())
    };
    edits.iter().map(chars).sum::<usize>() >= FEWEST
        && edits.iter().any(|edit| chars(edit) > 1 || is_inside(edit))
}

/// Whether the run is no list of letters, nor signs that stand for something, as ×××× does for a name.
fn is_no_alphabet(run: &str) -> bool {
    let is_alphabet = run
        .chars()
        .zip(run.chars().skip(1))
        .all(|(a, b)| a < b && a as u32 + 1 >= b as u32);
    !is_alphabet && run.chars().filter(|c| c.is_alphabetic()).count() * 2 >= run.chars().count()
}

/// Whether the text is Chinese throughout, of common characters, and the run too odd for a word.
fn is_plain_chinese(read: &str, run: &str) -> bool {
    let count = read.chars().count();
    let is_word = run.chars().all(char::is_alphabetic) && count < 4;
    count >= 2
        && !is_word
        && !is_one_repeated(read)
        && read.chars().all(|c| is_common(c) || is_wide_mark(c))
}

fn is_one_repeated(text: &str) -> bool {
    text.chars().zip(text.chars().skip(1)).all(|(a, b)| a == b)
}

/// Whether the text is of common characters. That UTF-8 comes of an odd run says the rest.
fn is_common_chinese(read: &str) -> bool {
    read.chars().filter(|c| is_han(*c)).count() >= 2
        && !is_one_repeated(read)
        && share(read, is_common) > 0.95
}

/// Whether the text reads like Chinese. Between GBK and Big5 the way back is nearly always open.
fn is_frequent_chinese(read: &str) -> bool {
    let is_long = read.chars().filter(|c| is_han(*c)).count() >= 4;
    is_long && share(read, is_common) > 0.95 && share(read, is_frequent) > 0.4
}

/// The share of a text's letters that are such.
fn share(text: &str, is_such: impl Fn(char) -> bool) -> f32 {
    let letters = text.chars().filter(|c| !is_wide_mark(*c)).count().max(1);
    text.chars().filter(|c| is_such(*c)).count() as f32 / letters as f32
}

/// Remarks on what bytes became that are lost: U+FFFD, and 锟斤拷, which is U+FFFD taken for GBK.
pub(super) fn remark_on_lost(page: &mut Page, block: usize) {
    let Block { span, .. } = page.blocks[block].clone();
    let text = &page.text()[span.clone()];
    let is_lost = |c: char| matches!(c, '\u{fffd}' | '锟' | '斤' | '拷');
    let lost: Vec<_> = runs(text, is_lost)
        .filter(|(_, run)| run.contains('\u{fffd}') || run.contains("锟斤拷"))
        .map(|(at, run)| span.start + at..span.start + at + run.len())
        .collect();
    for span in lost {
        let evidence = Evidence {
            note: Some("characters were lost before".into()),
            ..Evidence::default()
        };
        page.remark(Cause::suspected(CauseId::Unreadable, evidence), span);
    }
}
