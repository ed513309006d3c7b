//! Cuts a page into blocks, a line each, and says what kind each is.
//!
//! Kinds go by the line itself and its neighbours; nothing here knows a language model. A short line that only its
//! meaning could tell from a headline stays `Body`: whether it is half a sentence is for `rejoin` to judge.

use crate::page::{Block, Kind, Page};
use crate::text::chars::{ends_sentence, is_clause_mark, is_han, is_letter};
use crate::text::lines::{
    self, SECTION_LABELS, date, is_jump, is_newsline, jump_span, number, opens_wrapper, weekday,
    without_mark,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::ops::Range;

/// The key of `metadata` under which clean records say what kind each of their paragraphs is. A record that has it is
/// taken at its word: its paragraphs are paragraphs, and nothing in them is half of something.
pub const KINDS: &str = "kinds";

/// The key of `metadata` under which a reader says what kind its format gives each block, by name; null, or a name that is
/// none of ours, where it does not say. Unlike `KINDS` it says nothing of where paragraphs end: blocks may be halves. A
/// list of another length than the blocks says nothing at all, and stays.
pub const LAYOUT: &str = "layout";

/// Lines of this many letters or fewer can be a headline, a byline, a part of a masthead.
const SHORT: usize = 40;

/// Cuts the page into blocks and moves what its masthead says into the metadata.
pub fn segment(page: &mut Page) {
    let mut blocks = lines(page.text());
    let told = told_kinds(page, blocks.len());
    match &told {
        Some(kinds) => blocks
            .iter_mut()
            .zip(kinds)
            .for_each(|(block, kind)| block.kind = *kind),
        None => {
            let layout = take_layout(page, blocks.len());
            let lines: Vec<Line> = blocks
                .iter()
                .map(|b| Line::new(&page.text()[b.span.clone()]))
                .collect();
            // its neighbours are judged by what a block was said to be
            lay(&mut blocks, &layout);
            classify(&mut blocks, &lines);
            lay(&mut blocks, &layout);
            let masthead: Vec<&str> = (0..blocks.len())
                .filter(|at| blocks[*at].kind == Kind::Masthead)
                .map(|at| lines[at].plain)
                .collect();
            if let Some(about) = read_masthead(&masthead) {
                page.metadata.insert("masthead".into(), about);
            }
        }
    }
    page.blocks = blocks;
    page.laid_out = told.is_some();
}

fn told_kinds(page: &Page, blocks: usize) -> Option<Vec<Kind>> {
    let kinds: Vec<Kind> = serde_json::from_value(page.metadata.get(KINDS)?.clone()).ok()?;
    (kinds.len() == blocks).then_some(kinds)
}

/// What the reader said of each block, taken out of the metadata; nothing, if it does not fit.
fn take_layout(page: &mut Page, blocks: usize) -> Vec<Option<Kind>> {
    let fits = |layout: &&Value| layout.as_array().is_some_and(|names| names.len() == blocks);
    let Some(Value::Array(names)) = page.metadata.get(LAYOUT).filter(fits) else {
        return Vec::new();
    };
    let kinds = names
        .iter()
        .map(|name| Kind::deserialize(name).ok())
        .collect();
    page.metadata.shift_remove(LAYOUT);
    kinds
}

fn lay(blocks: &mut [Block], layout: &[Option<Kind>]) {
    for (block, kind) in blocks.iter_mut().zip(layout) {
        block.kind = kind.unwrap_or(block.kind);
    }
}

/// The lines that hold more than white space; tables and fenced code are kept whole.
pub(crate) fn lines(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut gap = 0;
    let mut fence: Option<&str> = None;
    let mut wrapper = Wrapper::of(text);
    let mut table_end = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_matches(is_space);
        let lead = line.len() - line.trim_start_matches(is_space).len();
        let span = start + lead..start + lead + body.len();
        start += line.len();
        if body.is_empty() {
            gap += usize::from(fence.is_none());
            continue;
        }
        let joins_last = |kind| gap == 0 && blocks.last().is_some_and(|b| b.kind == kind);
        if let Some(mark) = fence {
            let code = blocks
                .last_mut()
                .expect("a fence opens with a block of its own");
            code.span.end = span.end;
            if body.starts_with(mark) {
                fence = None;
                wrapper.fences = wrapper.fences.saturating_sub(1);
            }
            continue;
        }
        if span.start < table_end {
            blocks
                .last_mut()
                .expect("a table opens with a block of its own")
                .span
                .end = span.end;
            continue;
        }
        if is_table_tag(body)
            && let Some(length) = text[span.start..].find("</table>")
        {
            table_end = span.start + length + 1;
            blocks.push(Block {
                span,
                kind: Kind::Table,
                gap,
                ..Block::default()
            });
            gap = 0;
            continue;
        }
        let is_row = body.starts_with('|') && body.len() > 1 || body.starts_with(is_box_drawing);
        if is_row && joins_last(Kind::Table) {
            blocks.last_mut().expect("joins_last saw it").span.end = span.end;
            continue;
        }
        fence = FENCES
            .into_iter()
            .find(|mark| body.starts_with(mark))
            .filter(|_| !wrapper.holds(body));
        let kind = if fence.is_some() || is_comment(body) {
            Kind::Code
        } else if is_row {
            Kind::Table
        } else {
            Kind::Body
        };
        let indented = line[..lead].contains('\u{3000}');
        blocks.push(Block {
            span,
            kind,
            gap,
            indented,
            ..Block::default()
        });
        gap = 0;
    }
    blocks
}

const FENCES: [&str; 2] = ["```", "~~~"];

/// Fences around a whole page, which recognisers put there that were asked for Markdown: they hold text, not code.
#[derive(Default)]
struct Wrapper {
    wraps: bool,
    is_open: bool,
    /// Fences that are still to come.
    fences: usize,
}

impl Wrapper {
    /// A page is wrapped if its first line says so.
    fn of(text: &str) -> Self {
        let head = text
            .trim_start_matches(is_space)
            .lines()
            .next()
            .unwrap_or_default()
            .trim_end();
        if !opens_wrapper(head) {
            return Wrapper::default();
        }
        let fences = text
            .lines()
            .filter(|line| line.trim_matches(is_space).starts_with("```"))
            .count();
        Wrapper {
            wraps: true,
            is_open: false,
            fences,
        }
    }

    /// Whether a line that looks like a fence is the wrapper's. It ends where the fences behind it come in pairs.
    fn holds(&mut self, line: &str) -> bool {
        if !self.wraps || !line.starts_with("```") {
            return false;
        }
        self.fences = self.fences.saturating_sub(1);
        let is_end = self.is_open && line == "```" && self.fences.is_multiple_of(2);
        self.is_open = !is_end && (self.is_open || opens_wrapper(line));
        is_end || opens_wrapper(line)
    }
}

/// A comment of HTML. Those with which converters mark the place of a picture or the end of a page are none: a sentence
/// may go on behind them.
fn is_comment(line: &str) -> bool {
    const PLACES: [&str; 6] = ["image", "picture", "figure", "formula", "page", "slide"];
    let said = line
        .strip_prefix("<!--")
        .map(|said| said.trim_start().to_lowercase());
    let is_place = |said: &str| PLACES.iter().any(|place| said.starts_with(place));
    said.is_some_and(|said| !line.contains("-->") || line.ends_with("-->") && !is_place(&said))
}

fn is_table_tag(line: &str) -> bool {
    line.strip_prefix("<table")
        .is_some_and(|rest| rest.starts_with(['>', ' ']))
}

/// │ ┌ ├: a table drawn with characters.
fn is_box_drawing(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{257f}') && c != '─' && c != '━'
}

/// White space around a line, and the byte order mark, which stands at the head of the first.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// A line as the rules look at it.
struct Line<'a> {
    /// Without Markdown's marks around it.
    plain: &'a str,
    mark: Option<Kind>,
    /// Up to `MANY`.
    letters: usize,
}

/// More letters than any question here is about.
const MANY: usize = 161;

impl<'a> Line<'a> {
    fn new(raw: &'a str) -> Self {
        let (plain, mark) = without_mark(raw);
        let mark = mark.map(|mark| match mark {
            lines::LineMark::Heading => Kind::Headline,
            lines::LineMark::Item => Kind::List,
        });
        let bold = plain
            .strip_prefix("**")
            .and_then(|p| p.strip_suffix("**"))
            .filter(|p| !p.contains("**"));
        let mark = mark.or(bold
            .filter(|p| !ends_sentence(p) && p.chars().count() <= SHORT)
            .map(|_| Kind::Headline));
        let plain = bold.unwrap_or(plain).trim_start_matches("**");
        Line {
            plain,
            mark,
            letters: plain.chars().filter(|c| is_letter(*c)).take(MANY).count(),
        }
    }

    fn is_short(&self) -> bool {
        self.letters <= SHORT
    }
}

fn classify(blocks: &mut [Block], lines: &[Line]) {
    for (block, line) in blocks.iter_mut().zip(lines) {
        if block.kind == Kind::Body {
            block.kind = line.mark.unwrap_or_else(|| alone(line));
        }
        if let Some(jump) = jump_span(line.plain) {
            block.closed_head = jump.start == 0;
            block.closed_tail = jump.start > 0;
        }
    }
    // a jump line of its own closes the text it stands at
    for at in (0..blocks.len())
        .filter(|at| blocks[*at].kind == Kind::Jump)
        .collect::<Vec<_>>()
    {
        if lines[at].plain.contains("接") {
            blocks
                .iter_mut()
                .skip(at)
                .find(|b| b.kind == Kind::Body)
                .into_iter()
                .for_each(|b| b.closed_head = true);
        } else {
            blocks
                .iter_mut()
                .take(at)
                .rfind(|b| b.kind == Kind::Body)
                .into_iter()
                .for_each(|b| b.closed_tail = true);
        }
    }
    for at in masthead(lines) {
        blocks[at].kind = Kind::Masthead;
    }
    for at in 0..blocks.len() {
        if blocks[at].kind == Kind::Body && is_caption(blocks, lines, at) {
            blocks[at].kind = Kind::Caption;
        }
    }
    // backwards, so that a headline above a headline is seen to be one
    for at in (0..blocks.len()).rev() {
        if blocks[at].kind == Kind::Body && is_headline(blocks, lines, at) {
            blocks[at].kind = Kind::Headline;
        }
    }
}

/// The kind of a line that shows by itself.
fn alone(line: &Line) -> Kind {
    let text = line.plain;
    if is_jump(text) {
        Kind::Jump
    } else if is_credit(line) {
        Kind::Credit
    } else if is_byline(line) {
        Kind::Byline
    } else if is_dateline(line) {
        Kind::Dateline
    } else if SECTION_LABELS.contains(&text) {
        Kind::Headline
    } else {
        Kind::Body
    }
}

/// 新华社记者 某某摄, 某某、某某摄, 某某 供图
fn is_credit(line: &Line) -> bool {
    if line.letters > 24 {
        return false;
    }
    let text = line
        .plain
        .trim_start_matches(['（', '('])
        .trim_end_matches(['）', ')']);
    ["摄", "攝", "供图", "供圖", "摄影", "攝影", "制图", "製圖"]
        .iter()
        .any(|end| text.ends_with(end))
        && !text.contains(['，', '。', ',', '；'])
}

/// 本报记者 某某 实习记者 某某, By JOHN SMITH
fn is_byline(line: &Line) -> bool {
    const LEADS: [&str; 12] = [
        "本报记者",
        "本報記者",
        "记者",
        "記者",
        "本报通讯员",
        "通讯员",
        "实习记者",
        "新华社记者",
        "本刊记者",
        "特约记者",
        "文/",
        "文／",
    ];
    if !line.is_short() {
        return false;
    }
    if let Some(names) = line
        .plain
        .strip_prefix("By ")
        .or_else(|| line.plain.strip_prefix("BY "))
    {
        return are_names(names);
    }
    let text = line.plain.trim_start_matches(['（', '(', '□', '■']);
    let names = LEADS.iter().find_map(|lead| text.strip_prefix(lead));
    names.is_some_and(|names| {
        names.starts_with([' ', '\u{3000}', '：', ':', '/']) || names.is_empty()
    }) && !text.contains(['，', '。', ',', '；', '、'])
        && !text.contains("报道")
}

/// JOHN SMITH, Ann Lee and Jo Ray: two words at least, each with a capital.
fn are_names(text: &str) -> bool {
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || ".-'’,".contains(c))
    };
    let mut words = text
        .split(' ')
        .filter(|word| !matches!(*word, "and" | "AND" | "&"));
    text.split(' ').count() > 1 && words.all(is_name) && !text.ends_with('.')
}

/// 新华社北京3月4日电, 本报临浦5月6日讯
fn is_dateline(line: &Line) -> bool {
    if line.letters > 24 {
        return false;
    }
    let text = line
        .plain
        .split(['（', '('])
        .next()
        .unwrap_or_default()
        .trim_end();
    is_newsline(text)
        && (text.ends_with('电')
            || text.ends_with('電')
            || text.ends_with('讯')
            || text.ends_with('訊'))
}

/// A line that a picture left: says 图为, or stands with a credit behind it, or alone in the gap of the picture.
fn is_caption(blocks: &[Block], lines: &[Line], at: usize) -> bool {
    const LEADS: [&str; 11] = [
        "图为", "圖為", "图：", "图说", "上图", "下图", "左图", "右图", "图片", "图一", "圖：",
    ];
    /// More empty lines than a paragraph break has.
    const PICTURE_GAP: usize = 3;
    let line = &lines[at];
    let follows_picture = at > 0 && blocks[at].gap >= PICTURE_GAP;
    let credited = blocks
        .get(at + 1)
        .is_some_and(|next| next.kind == Kind::Credit);
    let sentences = || line.plain.matches(['。', '！', '？']).count();
    LEADS.iter().any(|lead| line.plain.starts_with(lead))
        || credited && (line.letters <= 60 || follows_picture && line.letters <= 160)
        || follows_picture && line.is_short() && sentences() == 1 && ends_sentence(line.plain)
}

/// A short line that ends no sentence and has the place of a headline: over a byline, a news line or a headline; or
/// that ends in a quoted word, as headlines do and broken sentences rarely.
fn is_headline(blocks: &[Block], lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    let text = line.plain;
    let closes = || text.ends_with(is_clause_mark) || ends_sentence(text);
    let is_byline_s = || {
        blocks
            .get(at + 1)
            .is_some_and(|next| next.kind == Kind::Byline)
    };
    // in Latin letters only a byline shows it: verse has short lines too
    if !line.is_short()
        || line.letters == 0
        || closes()
        || !text.chars().any(is_han) && !is_byline_s()
    {
        return false;
    }
    let over = blocks.get(at + 1).is_some_and(|next| match next.kind {
        Kind::Byline | Kind::Dateline => true,
        Kind::Headline => !text.contains('，'),
        Kind::Body => is_newsline(lines[at + 1].plain),
        _ => false,
    });
    let under_label = at > 0 && SECTION_LABELS.contains(&lines[at - 1].plain);
    let after_whole = at == 0
        || ends_sentence(lines[at - 1].plain)
        || blocks[at - 1].kind != Kind::Body
        // perhaps a headline too
        || lines[at - 1].is_short() && !lines[at - 1].plain.contains(is_clause_mark);
    let before_whole = lines
        .get(at + 1)
        .is_none_or(|next| next.letters > SHORT || ends_sentence(next.plain));
    let quoted = text.ends_with('”') && text.matches('“').count() == text.matches('”').count();
    under_label
        || over && after_whole
        || quoted && after_whole && before_whole && !text.contains(['，', '了'])
}

// ---- mastheads

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
fn masthead(lines: &[Line]) -> Range<usize> {
    /// No masthead seen has more lines.
    const DEEPEST: usize = 40;
    /// Unmarked lines in a row that a masthead can hold: a name, its translation, a slogan.
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
    for (at, mark) in marks {
        if at - last > UNMARKED + 1
            || lines[last..at]
                .iter()
                .any(|l| !l.is_short() || ends_sentence(l.plain))
        {
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
    line.letters <= 24
        && (line.plain.ends_with(['报', '報', '刊'])
            || line
                .plain
                .chars()
                .all(|c| !c.is_lowercase() && c.is_ascii()))
}

fn mark(line: &Line) -> Option<Mark> {
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
    let text = line.plain;
    if !line.is_short() || ends_sentence(text) && !text.starts_with("http") {
        return None;
    }
    if date(text).is_some_and(|(_, rest)| rest.trim().is_empty() || weekday(rest.trim())) {
        Some(Mark::Date)
    } else if weekday(text) {
        Some(Mark::Weekday)
    } else if text.starts_with("http://")
        || text.starts_with("https://")
        || text.starts_with("www.")
    {
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
fn read_masthead(lines: &[&str]) -> Option<Value> {
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
        } else if let Some((field, value)) = line
            .split_once(['：', ':'])
            .filter(|(f, _)| !f.starts_with("http"))
        {
            let field = match field {
                "主办" | "主辦" => "sponsor",
                "主管" => "authority",
                "邮发代号" | "郵發代號" => "postal_code",
                field if field.contains("统一") || field.contains("統一") => "serial_number",
                _ => continue,
            };
            about.insert(field.into(), json!(value.trim()));
        }
    }
    about.insert("lines".into(), json!(lines));
    Some(Value::Object(about))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        let mut page = Page::new("p", text);
        segment(&mut page);
        page.blocks.iter().map(|b| b.kind).collect()
    }

    #[test]
    fn a_masthead_needs_several_sorts_of_marks() {
        use Kind::*;
        let page = "临浦日报\n\n主办：临浦日报社\n\n邮发代号：9-99\n\n2025年5月6日\n\n星期二\n\n码头今起试行夜间装卸\n\n本报讯 五月五日夜。";
        assert_eq!(
            kinds(page),
            [
                Masthead, Masthead, Masthead, Masthead, Masthead, Headline, Body
            ]
        );
        let report = "工作报告\n2025年5月6日\n各位代表：\n现在报告如下。";
        assert_eq!(kinds(report), [Body, Body, Body, Body]);
    }

    #[test]
    fn captions_credits_and_jump_lines_are_told_from_text() {
        use Kind::*;
        let page = "长堤一侧的灯塔重新点亮，守塔人说这一天他等了很\n\n\n\n夜色中的灯塔。\n\n本报记者 林渡摄\n\n久。（下转第3版）\n\n（上接第1版）";
        assert_eq!(kinds(page), [Body, Caption, Credit, Body, Jump]);
    }

    #[test]
    fn what_a_reader_says_of_a_block_goes_over_what_it_looks_like() {
        use Kind::*;
        let text = "灯会今夜开场\n\n守塔人说这一天他等了很\n\n本报记者 林渡\n\n久。";
        let segmented = |layout: Value| {
            let mut page = Page::new("p", text);
            page.metadata.insert(LAYOUT.into(), layout);
            segment(&mut page);
            assert!(!page.laid_out);
            let kinds: Vec<Kind> = page.blocks.iter().map(|b| b.kind).collect();
            (kinds, page.metadata.contains_key(LAYOUT))
        };
        let guessed = [Headline, Headline, Byline, Body];
        assert_eq!(
            segmented(json!(["headline", null, "caption", "floating"])),
            ([Headline, Body, Caption, Body].into(), false)
        );
        assert_eq!(
            segmented(json!([null, "headline", "body", null])).0,
            [Headline, Headline, Body, Body]
        );
        assert_eq!(segmented(json!(["headline"])), (guessed.into(), true));
        assert_eq!(segmented(json!("portrait")), (guessed.into(), true));
    }

    #[test]
    fn a_table_and_a_fence_stay_whole() {
        use Kind::*;
        assert_eq!(
            kinds("| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n\ny\n```\n尾"),
            [Table, Code, Body]
        );
    }

    #[test]
    fn half_a_sentence_is_no_headline() {
        use Kind::*;
        assert_eq!(
            kinds("渡轮公司说，今年已运送旅客三十万人次。\n\n临浦的码头建成了最大、技术最先"),
            [Body, Body]
        );
        assert_eq!(
            kinds(
                "渡轮公司说，今年已运送旅客三十万人次。\n\n点亮老城的“长明灯”\n\n灯会自元宵起，连开十五夜，城中居民都来看灯，最远的从上游三百里外赶来。"
            ),
            [Body, Headline, Body]
        );
    }
}
