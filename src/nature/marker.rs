//! What stands before a line's own text: the number of an item, a bullet, the letter of an option, a dash or the name of
//! one who speaks.

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
    /// 1. 1) (1) 1、 with the mark behind the number, and whether a bracket opens it
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
        let first = text.chars().next()?;
        let rest = &text[first.len_utf8()..];
        match first {
            '-' | '*' | '+' | '•' | '·' | '●' | '○' | '■' | '□' | '◆' | '◇' | '▪' | '►' | '※'
            | '☆' | '★'
                if rest.starts_with([' ', '\u{3000}', '\t'])
                    || first > '\x7f' && !rest.is_empty() =>
            {
                return marker(Style::Bullet(first), 0);
            }
            '—' | '–' | '―' => return marker(Style::Dash, 0),
            '-' if rest.starts_with(char::is_alphabetic) => return marker(Style::Dash, 0),
            '>' if !rest.starts_with('<') => return marker(Style::Quoted, 0),
            '①'..='⑳' => {
                return marker(Style::Number('①', false), first as u64 - '①' as u64 + 1);
            }
            '§' => return marker(Style::Article, 0),
            _ => {}
        }
        if text.starts_with('第') && crate::text::lines::is_item(text)
            || text.starts_with("Article ")
        {
            return marker(Style::Article, 0);
        }
        numbered(text).or_else(|| {
            speaker(text).map(|value| Marker {
                style: Style::Speaker,
                value,
            })
        })
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
    let letter =
        usize::from(digits == 0 && han == 0 && body.starts_with(|c: char| c.is_ascii_alphabetic()));
    let length = digits.max(han).max(letter);
    if length == 0 || digits > 4 {
        return None;
    }
    // 四  協助: as regulations of Taiwan set it
    if han > 0 && !opened && body[han..].starts_with("  ") {
        return Some(Marker {
            style: Style::Han(' ', false),
            value: han_number(&body[..han]),
        });
    }
    let behind = body[length..].trim_start_matches(' ');
    let mark = behind
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '．' | ')' | '）' | '、' | ']' | '〕'))?;
    if opened && !matches!(mark, ')' | '）' | ']' | '〕') {
        return None;
    }
    let after = &behind[mark.len_utf8()..];
    // 4.5 and e.g. are none
    if mark == '.' && after.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_lowercase())
        || letter > 0
            && mark == '.'
            && !after.starts_with([' ', '\t', '$', '\u{3000}'])
            && after.starts_with(|c: char| c.is_ascii())
    {
        return None;
    }
    let style = match (digits, han) {
        (1.., _) => Style::Number(mark, opened),
        (_, 1..) => Style::Han(mark, opened),
        _ => Style::Letter(mark, opened),
    };
    let value = match style {
        Style::Number(..) => body[..digits].parse().ok()?,
        Style::Han(..) => han_number(&body[..han]),
        _ => u64::from(body.as_bytes()[0] & 0x1f),
    };
    Some(Marker { style, value })
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
    let words = name.split_whitespace().count();
    let capitals = || {
        name.split_whitespace()
            .all(|w| w.starts_with(|c: char| c.is_uppercase() || !c.is_lowercase()))
    };
    let all_capitals =
        || name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
    let is_name = match mark {
        ':' => {
            (1..=4).contains(&words)
                && capitals()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || " '’-".contains(c))
        }
        '：' => (1..=6).contains(&name.chars().count()),
        '.' => {
            (1..=4).contains(&words)
                && all_capitals()
                && name.chars().filter(|c| c.is_alphabetic()).count() > 2
        }
        _ => false,
    };
    let is_number = name.chars().all(|c| !c.is_alphabetic());
    (is_name && !is_number).then(|| {
        name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        })
    })
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
