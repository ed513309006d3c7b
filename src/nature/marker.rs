//! What stands before a line's own text: the number of an item, a bullet, the letter of an option, a dash or the name of
//! one who speaks.

use crate::text::lines::is_item;
use crate::text::sentence::{is_clause_mark, is_full_stop};

/// What a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    pub style: Style,
    /// The number of an item, or a hash of a name.
    pub value: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `-`, `*`, `•`: with the sign itself
    Bullet(char),
    /// 1. 1) (1) 1、 with the mark after the number, and whether a bracket opens it
    Number(char, bool),
    /// 一、 （一）
    Han(char, bool),
    /// A. (A) a)
    Letter(char, bool),
    /// 第十二条, § 5, Article 3
    Article,
    /// — Come in. The line is what somebody says.
    Dash,
    /// HAMLET. First Citizen: 甲：
    Speaker,
    /// `>`: a quotation in a letter or in Markdown
    Quoted,
}

impl Marker {
    pub(crate) fn of(text: &str) -> Option<Self> {
        let marker = |style, value| Some(Marker { style, value });
        if let Some(marker) = Marker::of_sign(text) {
            return Some(marker);
        }
        if text.starts_with('第') && is_item(text) || text.starts_with("Article ") {
            return marker(Style::Article, 0);
        }
        numbered(text).or_else(|| marker(Style::Speaker, speaker(text)?))
    }

    /// The marker that the first character is, if it is a sign.
    fn of_sign(text: &str) -> Option<Self> {
        let first = text.chars().next()?;
        let rest = &text[first.len_utf8()..];
        let (style, value) = match first {
            '-' | '*' | '+' | '•' | '·' | '●' | '○' | '■' | '□' | '◆' | '◇' | '▪' | '►' | '※'
            | '☆' | '★'
                if rest.starts_with([' ', '\u{3000}', '\t'])
                    || first > '\x7f' && !rest.is_empty() =>
            {
                (Style::Bullet(first), 0)
            }
            '—' | '–' | '―' => (Style::Dash, 0),
            '-' if rest.starts_with(char::is_alphabetic) => (Style::Dash, 0),
            '>' if !rest.starts_with('<') => (Style::Quoted, 0),
            '①'..='⑳' => (Style::Number('①', false), first as u64 - '①' as u64 + 1),
            '§' => (Style::Article, 0),
            _ => return None,
        };
        Some(Marker { style, value })
    }

    /// Whether an item with this marker may follow one with the other.
    pub(crate) fn follows(self, other: Marker) -> bool {
        match self.style {
            Style::Bullet(_) | Style::Article => self.style == other.style,
            Style::Dash | Style::Speaker | Style::Quoted => false,
            _ => self.style == other.style && self.value == other.value + 1,
        }
    }
}

/// 1. 2) (3) 四、 （五） A. b)
fn numbered(text: &str) -> Option<Marker> {
    let inner = text
        .strip_prefix(['（', '(', '[', '〔'])
        .map(str::trim_start);
    let opened = inner.is_some();
    let body = inner.unwrap_or(text);
    let number = |is: fn(char) -> bool| body.len() - body.trim_start_matches(is).len();
    let digits = number(|c| c.is_ascii_digit());
    let han = number(|c| "一二三四五六七八九十百〇零壹贰貳叁參肆伍".contains(c));
    let is_letter = digits == 0 && han == 0 && body.starts_with(|c: char| c.is_ascii_alphabetic());
    let (number, rest) = body.split_at(digits.max(han).max(usize::from(is_letter)));
    if number.is_empty() || digits > 4 {
        return None;
    }
    // 四  協助: as regulations of Taiwan set it
    if han > 0 && !opened && rest.starts_with("  ") {
        return Some(Marker {
            style: Style::Han(' ', false),
            value: han_number(number),
        });
    }
    let mark = mark_of_item(rest, opened, is_letter)?;
    Some(match (digits, han) {
        (1.., _) => Marker {
            style: Style::Number(mark, opened),
            value: number.parse().ok()?,
        },
        (_, 1..) => Marker {
            style: Style::Han(mark, opened),
            value: han_number(number),
        },
        _ => Marker {
            style: Style::Letter(mark, opened),
            value: u64::from(number.as_bytes()[0] & 0x1f),
        },
    })
}

/// The mark after the number of an item.
fn mark_of_item(rest: &str, opened: bool, is_letter: bool) -> Option<char> {
    let rest = rest.trim_start_matches(' ');
    let mark = rest.chars().next();
    let mark = mark.filter(|c| matches!(c, '.' | '．' | ')' | '）' | '、' | ']' | '〕'))?;
    let after = &rest[mark.len_utf8()..];
    // not 4.5, not e.g.
    let is_within = after.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_lowercase())
        || is_letter
            && !after.starts_with([' ', '\t', '$', '\u{3000}'])
            && after.starts_with(|c: char| c.is_ascii());
    let is_open = opened && !matches!(mark, ')' | '）' | ']' | '〕');
    (!is_open && (mark != '.' || !is_within)).then_some(mark)
}

fn han_number(text: &str) -> u64 {
    let mut sum = 0;
    let mut digit = 0;
    for c in text.chars() {
        match c {
            '十' => {
                sum += digit.max(1) * 10;
                digit = 0;
            }
            '百' => {
                sum += digit.max(1) * 100;
                digit = 0;
            }
            _ => {
                digit = "〇一二三四五六七八九"
                    .chars()
                    .position(|d| d == c)
                    .unwrap_or(0) as u64
            }
        }
    }
    sum + digit
}

/// `HAMLET:`, `First Citizen:`, `甲：你好。` The name's hash.
fn speaker(text: &str) -> Option<u64> {
    /// Bytes of a name and its mark.
    const LONGEST: usize = 40;
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (at, mark) = text[..end].char_indices().find(|(_, c)| {
        matches!(c, ':' | '：' | '.')
            || is_clause_mark(*c)
            || is_full_stop(*c)
            || matches!(c, '=' | '/' | '<' | '"' | '“' | '`')
    })?;
    let name = &text[..at];
    let is_number = name.chars().all(|c| !c.is_alphabetic());
    (is_name(name, mark) && !is_number).then(|| {
        name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        })
    })
}

/// Whether a name may stand before such a mark.
fn is_name(name: &str, mark: char) -> bool {
    let has_few_words = || (1..=4).contains(&name.split_whitespace().count());
    let is_large = |word: &str| word.starts_with(|c: char| c.is_uppercase() || !c.is_lowercase());
    let is_in_capitals =
        || name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
    match mark {
        ':' => {
            has_few_words()
                && name.split_whitespace().all(is_large)
                && (name.chars()).all(|c| c.is_alphanumeric() || " '’-".contains(c))
        }
        '：' => (1..=6).contains(&name.chars().count()),
        '.' => {
            has_few_words()
                && is_in_capitals()
                && name.chars().filter(|c| c.is_alphabetic()).count() > 2
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_options_and_speakers_show_at_the_head() {
        for (text, style) in [
            ("- a net", Style::Bullet('-')),
            ("• a net", Style::Bullet('•')),
            ("3. a net", Style::Number('.', false)),
            ("(3) a net", Style::Number(')', true)),
            ("（三）渔网", Style::Han('）', true)),
            ("三、渔网", Style::Han('、', false)),
            ("B. 渔网", Style::Letter('.', false)),
            ("第十二条　渡船", Style::Article),
            ("— Войдите.", Style::Dash),
            ("-Войдите.", Style::Dash),
            ("First Keeper:", Style::Speaker),
            ("阿妈：回来吧。", Style::Speaker),
            ("> so he said", Style::Quoted),
        ] {
            assert_eq!(Marker::of(text).map(|m| m.style), Some(style), "{text}");
        }
        for text in [
            "4.5 metres",
            "e.g. a net",
            "The boats: all of them went",
            "他说，好：",
            "一座桥",
        ] {
            assert_eq!(Marker::of(text).map(|m| m.style), None, "{text}");
        }
        assert!(
            Marker::of("（十二）")
                .unwrap()
                .follows(Marker::of("（十一）").unwrap())
        );
    }
}
