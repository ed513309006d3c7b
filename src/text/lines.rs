//! What a line is to a reader of newspapers and laws: an item of a list, a jump note, the beginning of a report.

use super::chars::is_han;
use std::ops::Range;

/// Whether a block is one of the numbered items that lists and laws repeat for good reason: （三）, 二、, 4. but not 4.5.
pub(crate) fn is_item(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(']);
    let number = text.trim_start_matches(|c: char| {
        c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(c)
    });
    let mut after = number.chars();
    let mark = after
        .next()
        .filter(|c| matches!(c, '）' | ')' | '、' | '.' | '．'));
    let decimal =
        matches!(mark, Some('.' | '．')) && after.next().is_some_and(|c| c.is_ascii_digit());
    number.len() < text.len() && mark.is_some() && !decimal
        || text.starts_with('第') && number_of_article(text)
}

/// 第十二条, 第3款
fn number_of_article(text: &str) -> bool {
    let rest = text.trim_start_matches('第').trim_start();
    let rest = rest.trim_start_matches(|c: char| {
        c.is_ascii_digit() || c == ' ' || "一二三四五六七八九十百零〇".contains(c)
    });
    rest.starts_with(['条', '條', '款', '章', '节', '節', '项', '項'])
}

/// The label and the number at the head of a numbered text: Article 12, Art. 3, § 4, Статья 5, المادة 6, 제7조.
pub(crate) fn label_and_number(text: &str) -> Option<(&str, &str)> {
    /// Letters of a label: Disposición has eleven.
    const LONGEST: usize = 14;
    /// Digits: four are a year.
    const MOST_DIGITS: usize = 3;
    let text = text.trim_start_matches(['#', '*', ' ']);
    let (label, rest) = match text.strip_prefix('§') {
        Some(rest) => (&text[..'§'.len_utf8()], rest),
        None => text.split_at(text.find(|c: char| !c.is_alphabetic())?),
    };
    let rest = rest.trim_start_matches(['.', ' ', '(', '°', '\u{a0}']);
    let number = &rest[..rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len())];
    let is_label = (1..=LONGEST).contains(&label.chars().count()) && !label.contains(is_han);
    let is_number = (1..=MOST_DIGITS).contains(&number.chars().count());
    (is_label && is_number).then_some((label, number))
}

/// ```` ```markdown ````: the fence that a model puts around its whole answer.
pub(crate) fn opens_wrapper(line: &str) -> bool {
    matches!(line, "```markdown" | "```md" | "```text" | "```plaintext")
}

/// What a mark of Markdown at the head of a line makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineMark {
    /// `#` to `######`
    Heading,
    /// `-`, `*`, `+`, `•`
    Item,
}

/// A Markdown line without its leading mark, and what the mark makes of it.
pub(crate) fn without_mark(line: &str) -> (&str, Option<LineMark>) {
    let hashes = line.len() - line.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
        return (line[hashes..].trim_start(), Some(LineMark::Heading));
    }
    for mark in ["- ", "* ", "+ ", "• "]
        .into_iter()
        .filter(|_| !is_separator(line))
    {
        if let Some(rest) = line.strip_prefix(mark) {
            return (rest.trim_start(), Some(LineMark::Item));
        }
    }
    (line, None)
}

/// * * *, - - -
fn is_separator(line: &str) -> bool {
    line.starts_with(['*', '-'])
        && line.len() > 3
        && line.bytes().all(|b| b == b' ' || b == line.as_bytes()[0])
}

/// What newspapers print above an article to say which section it belongs to.
pub(crate) const SECTION_LABELS: [&str; 12] = [
    "社论",
    "社論",
    "评论",
    "評論",
    "时评",
    "短评",
    "本报评论员",
    "本报评论员文章",
    "要闻",
    "简讯",
    "导读",
    "编者按",
];

/// （下转第3版）, (上接第一版): a line that only says where the text goes on.
pub(crate) fn is_jump(text: &str) -> bool {
    jump(text).is_some()
}

const OPENS_NOTE: [char; 5] = ['（', '(', '【', '▲', '▼'];

const CLOSES_NOTE: [char; 3] = ['）', ')', '】'];

fn bracketed(text: &str) -> Option<&str> {
    text.strip_prefix(OPENS_NOTE)?
        .strip_suffix(CLOSES_NOTE)
        .or_else(|| text.strip_prefix(['▲', '▼']))
}

/// Where a jump note sends the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Jump<'t> {
    /// The article goes on there: the page as it is written, 3 or A1 or 二.
    To(&'t str),
    /// It began there.
    From(&'t str),
}

/// What a jump note in brackets says.
pub(crate) fn jump(text: &str) -> Option<Jump<'_>> {
    jump_in_brackets(bracketed(text)?)
}

/// 下转第3版, 上接A1版, 紧接第二版
fn jump_in_brackets(text: &str) -> Option<Jump<'_>> {
    const LEADS: [(&str, bool); 7] = [
        ("下转", true),
        ("下轉", true),
        ("上接", false),
        ("紧接", false),
        ("緊接", false),
        ("转", true),
        ("轉", true),
    ];
    let lead = |(lead, on): &(&str, bool)| Some((text.strip_prefix(lead)?, *on));
    let (rest, goes_on) = LEADS.iter().find_map(lead)?;
    let rest = rest.trim_start().trim_start_matches('第');
    let page = rest.strip_suffix(['版', '页', '頁'])?;
    let jump = if goes_on {
        Jump::To(page)
    } else {
        Jump::From(page)
    };
    (1..=7).contains(&page.chars().count()).then_some(jump)
}

/// Where a jump note in brackets stands at the head or tail of a longer line.
pub(crate) fn jump_span(text: &str) -> Option<Range<usize>> {
    let is_note = |span: &Range<usize>| is_jump(&text[span.clone()]) && span.len() < text.len();
    let tail = || text.rfind(['（', '(']).map(|at| at..text.len());
    let head = || {
        text.find(['）', ')'])
            .map(|at| 0..at + text[at..].chars().next().map_or(0, char::len_utf8))
    };
    let tail = text
        .ends_with(CLOSES_NOTE)
        .then(tail)
        .flatten()
        .filter(is_note);
    tail.or_else(|| {
        text.starts_with(OPENS_NOTE)
            .then(head)
            .flatten()
            .filter(is_note)
    })
}

/// How a news article's first paragraph begins: 本报讯, 新华社北京3月4日电, 据……报道.
pub(crate) fn is_newsline(text: &str) -> bool {
    const LEADS: [&str; 10] = [
        "本报讯",
        "本報訊",
        "本报",
        "本報",
        "新华社",
        "新華社",
        "中新社",
        "本台",
        "央视网消息",
        "央視網消息",
    ];
    LEADS.iter().any(|lead| text.starts_with(lead))
}

/// Whether a text begins as reports do: 2024年3月5日, or 3月5日 or 三月五日 before a comma or a part of the day.
pub(crate) fn begins_with_day(text: &str) -> bool {
    let day = || {
        const OPENS: [&str; 12] = [
            "，", ",", "上午", "下午", "晚", "凌晨", "清晨", "早", "中午", "傍晚", "深夜", "电",
        ];
        let number = |text| number(text).or_else(|| number_in_han(text));
        let (month, rest) = number(text)?;
        let (day, rest) = number(rest.strip_prefix('月')?)?;
        let rest = rest.strip_prefix('日')?;
        let opens = OPENS.iter().any(|mark| rest.starts_with(mark));
        Some((1..=12).contains(&month) && (1..=31).contains(&day) && opens)
    };
    date(text).is_some() || day().unwrap_or(false)
}

/// Whether a text is a day of the week: 星期五.
pub(crate) fn weekday(text: &str) -> bool {
    text.strip_prefix("星期")
        .is_some_and(|day| day.chars().count() == 1 && "一二三四五六日天".contains(day))
}

/// 2024年3月5日 as (year, month, day), and the text after it.
pub(crate) fn date(text: &str) -> Option<((u32, u32, u32), &str)> {
    let (year, rest) = number(text)?;
    let (month, rest) = number(rest.strip_prefix('年')?)?;
    let (day, rest) = number(rest.strip_prefix('月')?)?;
    let rest = rest.strip_prefix('日')?;
    ((1000..3000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then_some(((year, month, day), rest))
}

/// The number that a text begins with, and the text after it.
pub(crate) fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

/// 五, 十, 十五, 三十一: up to 99, as days are written.
fn number_in_han(text: &str) -> Option<(u32, &str)> {
    let digit = |text: &str| {
        "一二三四五六七八九"
            .chars()
            .zip(1..)
            .find(|(c, _)| text.starts_with(*c))
            .map(|(_, n)| n)
    };
    let first_length = |text: &str| text.chars().next().map_or(0, char::len_utf8);
    let first = digit(text);
    let rest = &text[first.map_or(0, |_| first_length(text))..];
    let Some(rest) = rest.strip_prefix('十') else {
        return Some((first?, rest));
    };
    let last = digit(rest);
    Some((
        first.unwrap_or(1) * 10 + last.unwrap_or(0),
        &rest[last.map_or(0, |_| first_length(rest))..],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_opens_a_report_in_digits_and_in_han() {
        for text in [
            "2024年3月5日",
            "3月15日，码头",
            "三月五日傍晚六时",
            "十二月三十一日上午",
            "十月十日，渡口",
        ] {
            assert!(begins_with_day(text), "{text}");
        }
        for text in [
            "三月五日的报纸",
            "十三月五日，",
            "三月四十日，",
            "五日晚",
            "月五日，",
            "三月，",
            "九月九",
        ] {
            assert!(!begins_with_day(text), "{text}");
        }
    }

    #[test]
    fn articles_are_numbered_in_many_languages() {
        for (text, label) in [
            ("Article 12. The board meets", ("Article", "12")),
            ("## Art. 3", ("Art", "3")),
            ("§ 4 Der Vorstand", ("§", "4")),
            ("Статья 5", ("Статья", "5")),
            ("المادة (٦)", ("المادة", "٦")),
            ("제7조 위원회는", ("제", "7")),
        ] {
            assert_eq!(label_and_number(text), Some(label), "{text}");
        }
        for other in [
            "In 1914 the quay",
            "截至12月",
            "The board",
            "12. The board",
            "§",
        ] {
            assert_eq!(label_and_number(other), None, "{other}");
        }
    }
}
