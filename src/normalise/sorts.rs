//! Sorts of characters, a bit each: one scan of a block says which rules have work in it.

use crate::text::han::{is_common, is_simplified, is_traditional};
use std::sync::LazyLock;

pub(super) const INVISIBLE: u32 = 1;
pub(super) const RADICAL: u32 = 1 << 1;
pub(super) const COMBINING: u32 = 1 << 2;
pub(super) const MARK: u32 = 1 << 3;
pub(super) const MARKDOWN: u32 = 1 << 4;
pub(super) const BRACKET: u32 = 1 << 5;
/// What lost characters leave.
pub(super) const LOST: u32 = 1 << 6;
/// 著.
pub(super) const ZHU: u32 = 1 << 7;
/// Letters and digits set full width.
pub(super) const FULL_WIDTH: u32 = 1 << 8;
pub(super) const SPACE: u32 = 1 << 9;
/// Marks that stand in for others.
pub(super) const STANDIN: u32 = 1 << 10;
/// Marks that Latin script has half width.
pub(super) const WIDE_MARK: u32 = 1 << 11;
pub(super) const MARKUP: u32 = 1 << 12;
pub(super) const FORMULA: u32 = 1 << 13;
pub(super) const IMAGE: u32 = 1 << 14;
/// 的; two of them in a row.
pub(super) const PARTICLE: u32 = 1 << 15;
/// ä, and what follows it where it is the first byte of something; two of them in a row.
pub(super) const LATIN: u32 = 1 << 16;
/// Characters that are not common in Chinese; two of them in a row.
pub(super) const RARE: u32 = 1 << 17;
/// Marks of which several stand in for others; two of them in a row.
pub(super) const DOUBLE: u32 = 1 << 18;
/// Sorts that count only in pairs.
pub(super) const PAIRED: u32 = PARTICLE | LATIN | CYRILLIC | RARE | DOUBLE;
/// Characters that only traditional text has, and those that only simplified text has.
pub(super) const TRADITIONAL: u32 = 1 << 19;
pub(super) const SIMPLIFIED: u32 = 1 << 20;
pub(super) const SCRIPTS: u32 = TRADITIONAL | SIMPLIFIED;
/// Not characters: another script may be asked for; the line may be a scrap or a page number; it may hold a loop.
pub(super) const TARGET: u32 = 1 << 21;
pub(super) const SHORT: u32 = 1 << 22;
pub(super) const LOOP: u32 = 1 << 23;
/// What Cyrillic letters become when their bytes are read one by one: Рё, СЏ; two of them in a row.
pub(super) const CYRILLIC: u32 = 1 << 24;

/// The sorts of the characters of a text.
pub(super) fn sorts(text: &str) -> u32 {
    let Classes { classes, of_class } = &*CLASSES;
    let (mut found, mut last) = (0, 0);
    for c in text.chars() {
        let sort = classes
            .get(c as usize)
            .map_or_else(|| sort(c), |class| of_class[usize::from(*class)]);
        found |= sort & (last | !PAIRED);
        last = sort;
    }
    found
}

/// The sorts of the characters of the basic plane: a byte a character, so that those of a text stay in the fastest cache.
struct Classes {
    classes: Box<[u8]>,
    of_class: [u32; 256],
}

static CLASSES: LazyLock<Classes> = LazyLock::new(|| {
    let (mut of_class, mut known) = ([0; 256], 1);
    let mut class = |sorts: u32| {
        let class = of_class[..known]
            .iter()
            .position(|other| *other == sorts)
            .unwrap_or(known);
        of_class[class] = sorts;
        known = known.max(class + 1);
        class as u8
    };
    let classes = (0..0x10000)
        .map(|n| class(char::from_u32(n).map_or(0, sort)))
        .collect();
    Classes { classes, of_class }
});

fn sort(c: char) -> u32 {
    let script = match () {
        () if is_traditional(c) => TRADITIONAL,
        () if is_simplified(c) => SIMPLIFIED,
        () => 0,
    };
    script | by_use(c)
}

/// The sorts of a character but for its script.
fn by_use(c: char) -> u32 {
    match c {
        '的' => PARTICLE,
        '著' => ZHU,
        ',' | ';' | ':' | '?' | '!' => MARK,
        '(' | ')' => MARK | BRACKET,
        '（' | '）' => BRACKET | WIDE_MARK,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => FULL_WIDTH,
        ' ' => SPACE,
        '"' => STANDIN,
        '-' => MARKDOWN | DOUBLE,
        '。' => DOUBLE | WIDE_MARK,
        '.' | '·' | '－' => DOUBLE,
        '，' | '；' | '：' | '？' | '！' => WIDE_MARK,
        '#' | '*' | '+' | '•' => MARKDOWN,
        '<' | '&' => MARKUP,
        '$' | '\\' | '^' => FORMULA,
        '[' | '\u{25a0}'..='\u{25e5}' => IMAGE,
        '\0'..='\x1f' | '\x7f' => INVISIBLE,
        '\u{80}'..='\u{9f}' | '\u{ad}' => INVISIBLE | LATIN,
        '\u{a0}'..='\u{ff}' | '€' | '™' | 'œ' | 'ƒ' | 'ˆ' | '˜' | '‚' | '„' | '†' | '‡' | '‰' => {
            LATIN
        }
        'Ă' | 'Ĺ' | 'ą' | 'Ą' | 'ł' | 'Ł' | 'ľ' | 'Ľ' | 'ş' | 'Ş' | 'š' | 'Š' | 'ś' | 'Ś' | 'ť'
        | 'Ť' | 'ž' | 'Ž' | 'ź' | 'Ź' | 'ż' | 'Ż' | 'ˇ' | '˘' | '˛' | '˝' => LATIN,
        'Р' | 'С' => CYRILLIC | COMBINING,
        'Ђ'..='Џ' | 'ё'..='џ' | 'Ґ' | 'ґ' | 'Ё' => CYRILLIC | COMBINING,
        '\u{fffd}' | '锟' => LOST,
        '\u{e000}'..='\u{f8ff}' => RARE,
        '\u{3400}'..='\u{9fff}' if !is_common(c) => RARE,
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}' => INVISIBLE,
        '\u{2e80}'..='\u{2fd5}' => RADICAL,
        '\u{300}'..='\u{36f}'
        | '\u{3099}'
        | '\u{309a}'
        | '\u{f900}'..='\u{faff}'
        | '\u{2f800}'.. => COMBINING,
        '\u{340}'..='\u{1fff}' | '\u{2000}'..='\u{2001}' | '\u{2126}'..='\u{212b}' => COMBINING,
        _ => 0,
    }
}
