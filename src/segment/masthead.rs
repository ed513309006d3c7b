//! The masthead of a newspaper page: which lines are one, and what they say.

use super::kinds::{LONGEST, Line};
use crate::text::lines::{date, number, weekday};
use crate::text::sentence::ends_sentence;
use serde_json::{Map, Value, json};
use std::ops::Range;

/// What one line of a masthead states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Date,
    Weekday,
    Pages,
    Issue,
    Imprint,
    Url,
}

/// The lines at the top of the page that are its masthead: marks of several sorts, close together, with names and
/// slogans between them.
pub(super) fn of(lines: &[Line]) -> Range<usize> {
    /// No masthead seen so far has more lines.
    const DEEPEST: usize = 40;
    /// Unmarked lines that a masthead may hold in a row: a name, its translation, a slogan.
    const UNMARKED: usize = 3;
    let marks: Vec<(usize, Mark)> = lines
        .iter()
        .take(DEEPEST)
        .enumerate()
        .filter_map(|(at, l)| Some((at, mark(l)?)))
        .collect();
    let Some(&(first, _)) = marks.first().filter(|(at, _)| *at <= UNMARKED) else {
        return 0..0;
    };
    let mut kinds = Vec::new();
    let mut last = first;
    let is_filler = |line: &Line| line.is_short() && !ends_sentence(line.plain);
    for (at, mark) in marks {
        if at - last > UNMARKED + 1 || !lines[last..at].iter().all(is_filler) {
            break;
        }
        last = at;
        if !kinds.contains(&mark) {
            kinds.push(mark);
        }
    }
    let is_one =
        kinds.len() >= 3 && (kinds.contains(&Mark::Imprint) || kinds.contains(&Mark::Issue));
    let begin = if lines[..first].iter().all(is_name) {
        0
    } else {
        first
    };
    if is_one { begin..last + 1 } else { 0..0 }
}

/// 某某日报, THE DAILY NEWS: what may stand above the first mark.
fn is_name(line: &Line) -> bool {
    line.letters <= LONGEST.name
        && (line.plain.ends_with(['报', '報', '刊'])
            || line
                .plain
                .chars()
                .all(|c| !c.is_lowercase() && c.is_ascii()))
}

/// What lines of an imprint begin with.
const IMPRINT: [&str; 24] = [
    "主管",
    "主办",
    "主辦",
    "承办",
    "出版",
    "国内统一",
    "國內統一",
    "邮发代号",
    "郵發代號",
    "社址",
    "地址",
    "电话",
    "電話",
    "定价",
    "零售",
    "发行",
    "發行人",
    "责任编辑",
    "責任編輯",
    "责编",
    "总编辑",
    "印刷",
    "ISSN",
    "CN ",
];

fn mark(line: &Line) -> Option<Mark> {
    let text = line.plain;
    if !line.is_short() || ends_sentence(text) && !text.starts_with("http") {
        return None;
    }
    if date(text).is_some_and(|(_, rest)| rest.trim().is_empty() || weekday(rest.trim())) {
        Some(Mark::Date)
    } else if weekday(text) {
        Some(Mark::Weekday)
    } else if is_address(text) {
        Some(Mark::Url)
    } else if text.ends_with('版')
        && ["今日", "本期", "共"]
            .iter()
            .any(|lead| text.starts_with(lead))
    {
        Some(Mark::Pages)
    } else if issue(text).is_some() {
        Some(Mark::Issue)
    } else if IMPRINT.iter().any(|lead| text.starts_with(lead))
        || text.ends_with("出版")
        || text.ends_with("出版物")
    {
        Some(Mark::Imprint)
    } else {
        None
    }
}

/// 第14期(总第4704期), 总第88期: the issue's number in the year and over all.
fn issue(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let numbered = |lead: &str| {
        let rest = &text[text.find(lead)? + lead.len()..];
        number(rest.trim_start())
            .filter(|(_, rest)| rest.trim_start().starts_with(['期', '号', '號']))
            .map(|(n, _)| n)
    };
    let total = numbered("总第").or_else(|| numbered("總第"));
    let of_year = if text.starts_with('第') {
        numbered("第")
    } else {
        None
    };
    (of_year.is_some() || total.is_some()).then_some((of_year, total))
}

/// What the lines of a masthead say, field by field, and the lines themselves.
pub(super) fn read(lines: &[&str]) -> Option<Value> {
    if lines.is_empty() {
        return None;
    }
    let mut about = Map::new();
    for line in lines {
        if let Some(((year, month, day), _)) = date(line) {
            about.insert(
                "date".into(),
                json!(format!("{year:04}-{month:02}-{day:02}")),
            );
        } else if let Some((of_year, total)) = issue(line) {
            about.extend(of_year.map(|n| ("issue".into(), json!(n))));
            about.extend(total.map(|n| ("issue_total".into(), json!(n))));
        } else if let Some((field, value)) = labelled(line).or_else(|| unlabelled(line)) {
            about.entry(field).or_insert(value);
        }
    }
    about.insert("lines".into(), json!(lines));
    Some(Value::Object(about))
}

/// What a line says of one of the fields that are kept: 主办：某某日报社.
fn labelled(line: &str) -> Option<(&'static str, Value)> {
    let (label, value) = line.split_once(['：', ':'])?;
    let field = match label {
        "主办" | "主辦" => "sponsor",
        "主管" => "authority",
        "邮发代号" | "郵發代號" => "postal_code",
        "出版" => "publisher",
        _ if label.starts_with("http") => return None,
        _ if label.contains("统一") || label.contains("統一") => "serial_number",
        _ => return None,
    };
    Some((field, json!(value.trim())))
}

/// What a line without a label is by its shape: 某某日报, THE DAILY NEWS, 某某报社出版, 今日8版, the address of its site.
fn unlabelled(line: &str) -> Option<(&'static str, Value)> {
    if is_address(line) {
        return Some(("website", json!(line)));
    }
    if let Some(count) = pages(line) {
        return Some(("pages", json!(count)));
    }
    if let Some(publisher) = line.strip_suffix("出版") {
        return Some(("publisher", json!(publisher)));
    }
    let is_latin = line.is_ascii() && line.bytes().any(|b| b.is_ascii_uppercase());
    let field = match () {
        () if line.ends_with(['报', '報', '刊']) => "name",
        () if is_latin && !line.contains(|c: char| c.is_lowercase() || c.is_ascii_digit()) => {
            "name_latin"
        }
        () => return None,
    };
    Some((field, json!(line)))
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "www."]
        .iter()
        .any(|lead| text.starts_with(lead))
}

/// How many pages the issue has: 今日8版, 本期16版, 共4版.
fn pages(text: &str) -> Option<u32> {
    let lead = ["今日", "本期", "共"];
    let count = lead.iter().find_map(|lead| text.strip_prefix(lead))?;
    let count = count.trim_start_matches('共').strip_suffix('版')?.trim();
    number(count)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(n, _)| n)
}
