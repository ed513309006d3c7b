//! Drops lines that hold nothing to read: links to pictures, marks without text, rules of tables that are gone.

use super::sorts::{IMAGE, SHORT};
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade, Span};
use crate::page::{Block, Kind, Page};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Scraps,
    examples: &[
        ("![](images/0f3a77.jpg)", ""),
        ("灯塔![图片](images/7.png \"夜\")点亮", "灯塔点亮"),
        ("![图1 长堤一侧的灯塔](images/7.jpg)", "图1 长堤一侧的灯塔"),
        (
            "灯塔点亮。\n\nimages/0f3a77.jpg\n\n[image]\n\n渡轮开航。",
            "灯塔点亮。\n\n渡轮开航。",
        ),
        (
            "灯塔点亮。\n\n##\n\n****\n\n渡轮开航。",
            "灯塔点亮。\n\n渡轮开航。",
        ),
        (
            "灯塔点亮。\n\n| --- | --- |\n\n■□◆▲●\n\n. , ' `\n\n渡轮开航。",
            "灯塔点亮。\n\n渡轮开航。",
        ),
        (
            "```markdown\n## 灯塔\n\n守塔人说 **好**。\n```",
            "灯塔\n\n守塔人说 好。",
        ),
        (
            "灯塔点亮。\n\n* * *\n\n-----\n\n……\n\n★★★☆☆\n\n□□□\n\n~~~",
            "灯塔点亮。\n\n* * *\n\n-----\n\n……\n\n★★★☆☆\n\n□□□\n\n~~~",
        ),
        ("灯塔■□◆▲●点亮，共 3 处■■■", "灯塔点亮，共 3 处■■■"),
        ("的\n了\n>\n#\n****\n，\n是", "的\n了\n>\n#\n****\n，\n是"),
        (
            "| 船 | 价 |\n| --- | --- |\n| 海燕 | 三元 |",
            "| 船 | 价 |\n| --- | --- |\n| 海燕 | 三元 |",
        ),
        (
            "■ 渡轮\n\n他说：\n\n？！\n\n😀\n\n见 images/0f3a77.jpg",
            "■ 渡轮\n\n他说：\n\n？！\n\n😀\n\n见 images/0f3a77.jpg",
        ),
    ],
    grade: Grade::Certain,
    wants: IMAGE | SHORT,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.noise.open || context.noise.lists_signs || context.is_program() {
        Vec::new()
    } else if is_scrap(text, context) {
        vec![Edit::delete(0..text.len())]
    } else if context.kind == Kind::Table {
        Vec::new()
    } else {
        let mut edits = links(text);
        edits.extend(strays(text));
        edits
    }
}

fn is_scrap(text: &str, context: &Context) -> bool {
    if context.kind == Kind::Table || text.starts_with("+-") {
        return context.noise.lone_tables.contains(&context.block) && is_rule(text);
    }
    is_picture(text) || is_wrapper(text) || is_empty_mark(text) || is_symbols(text)
}

/// ```` ```markdown ````: what a recogniser that was asked for Markdown put around its answer. A fence of code is of
/// another kind.
pub(super) fn is_wrapper(text: &str) -> bool {
    text == "```" || crate::text::lines::opens_wrapper(text)
}

/// [image], images/0f3a.jpg: the place of a picture and nothing else.
fn is_picture(text: &str) -> bool {
    const PLACES: [&str; 12] = [
        "[image]",
        "[img]",
        "[picture]",
        "[figure]",
        "[图片]",
        "[圖片]",
        "[图像]",
        "<image>",
        "<img>",
        "<figure>",
        "【图片】",
        "[image omitted]",
    ];
    const ENDINGS: [&str; 7] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg"];
    if !text.starts_with(|c: char| c.is_ascii() || c == '【') {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let is_path = || {
        let name = lower
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
        let is_hash = lower.len() > 20 && lower.bytes().take(16).all(|b| b.is_ascii_hexdigit());
        name && ENDINGS.iter().any(|e| lower.ends_with(e)) && (lower.contains('/') || is_hash)
    };
    PLACES.contains(&&*lower) || is_path()
}

/// A heading, a pair of bold marks, an item without text.
fn is_empty_mark(text: &str) -> bool {
    (1..=6).contains(&text.len()) && text.bytes().all(|b| b == b'#')
        || matches!(text, "****" | "** **" | "__ __" | "- -" | ">" | "> >")
}

/// Symbols of several sorts that neither a writer nor a typesetter puts in a row: specks that were read as marks.
fn is_symbols(text: &str) -> bool {
    const SPECKS: &str = ".,;'`|\\/_~¦¨´¸‚";
    const POINTS: &str = "﹒﹐﹑";
    if !text.starts_with(|c| [SYMBOLS, SPECKS, POINTS].iter().any(|set| set.contains(c))) {
        return false;
    }
    let mut marks: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let length = marks.len();
    let are = |set: &str| marks.iter().all(|c| set.contains(*c));
    let (symbols, specks) = (are(SYMBOLS), are(SPECKS));
    let points = length >= 3 && are(POINTS);
    marks.sort_unstable();
    marks.dedup();
    points
        || symbols && length >= 4 && marks.len() >= 3
        || specks && (3..=12).contains(&length) && marks.len() >= 3
}

const SYMBOLS: &str = "■□◆◇▲△▼▽●○◎◢◣◤◥▇█▌▐▪▫¤§¶†‡";

/// Runs of symbols inside a text: four of three sorts and more.
fn strays(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut rest = 0;
    // nearly all characters are above or below them all
    let is_symbol = |c: char| ('¤'..='◥').contains(&c) && SYMBOLS.contains(c);
    while let Some(start) = text[rest..].find(is_symbol).map(|at| rest + at) {
        let end = text[start..]
            .find(|c| !is_symbol(c))
            .map_or(text.len(), |length| start + length);
        if end - start < text.len() && is_symbols(&text[start..end]) {
            edits.push(Edit::delete(start..end));
        }
        rest = end;
    }
    edits
}

/// A table without cells: | --- | --- |, ┌──┬──┐, +---+---+.
fn is_rule(text: &str) -> bool {
    let is_drawn = |c: char| {
        matches!(c, '\u{2500}'..='\u{257f}' | '|' | '-' | '+' | ':' | '=') || c.is_whitespace()
    };
    text.chars().all(is_drawn) && text.contains(['-', '─', '━', '═'])
}

/// The tables that stand next to no other, of whose rows they might be the rule.
pub(super) fn lone_tables(page: &Page) -> Vec<usize> {
    let is_table = |at: usize| {
        let drawn = |block: &Block| page.text()[block.span.clone()].starts_with("+-");
        page.blocks
            .get(at)
            .is_some_and(|b| b.kind == Kind::Table || drawn(b))
    };
    let tables = (0..page.blocks.len()).filter(|at| is_table(*at));
    tables
        .filter(|at| !is_table(at + 1) && !at.checked_sub(1).is_some_and(is_table))
        .collect()
}

/// Whether the page has signs on lines of their own for what they are, as a list of words that do not count does.
pub(super) fn lists_signs(page: &Page) -> bool {
    const FEWEST: usize = 3;
    let is_sign = |block: &&Block| {
        let text = &page.text()[block.span.clone()];
        let mut chars = text.chars();
        chars
            .next()
            .is_some_and(|c| !c.is_alphanumeric() && (c.is_ascii() || "，。、；：？！".contains(c)))
            && chars.next().is_none()
    };
    page.blocks.iter().filter(is_sign).count() >= FEWEST
}

/// The links to pictures in a text; a caption in one stays.
fn links(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for (at, _) in text.match_indices("![") {
        let Some(Link { span, alt, target }) = link(text, at) else {
            continue;
        };
        let is_name = alt.is_ascii() && !alt.trim().contains(' ')
            || matches!(alt, "图片" | "圖片" | "图像" | "图" | "插图");
        let is_mentioned = text[..at].ends_with('`') || target.is_empty() && !alt.is_empty();
        let is_apart = edits.last().is_none_or(|last| last.span.end <= span.start);
        if !is_mentioned && is_apart {
            edits.push(Edit::new(span, if is_name { "" } else { alt.trim() }));
        }
    }
    edits
}

/// A link to a picture: ![alt](target)
struct Link<'t> {
    span: Span,
    alt: &'t str,
    target: &'t str,
}

/// The link that begins there.
fn link(text: &str, at: usize) -> Option<Link<'_>> {
    let alt = &text[at + 2..];
    let close = alt.find("](")?;
    let (alt, target) = (&alt[..close], &alt[close + 2..]);
    let target = &target[..target.find(')')?];
    let is_link = !alt.contains(['[', '\n']) && !target.contains(['\n', '(']);
    is_link.then(|| Link {
        span: at..at + 2 + alt.len() + 2 + target.len() + 1,
        alt,
        target: target.trim(),
    })
}
