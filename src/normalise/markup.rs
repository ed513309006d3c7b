//! Takes off what is left of HTML: tags, comments, entities.

use super::sorts::MARKUP;
use super::{Context, Rule};
use crate::page::Kind;
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade, Span};
use crate::text::chars::{is_letter, is_wide};
use crate::text::entity::character;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Markup,
    examples: &[
        ("<div class=\"p\">码头今起<b>夜航</b></div>", "码头今起夜航"),
        (
            "<p style=\"x\">渡轮开航。<br>旅客上船<br/>林渡</p>",
            "渡轮开航。旅客上船 林渡",
        ),
        (
            "<span style=\"a\">滩涂</span>三万km<sup>2</sup>，CO<sub>2</sub>不多",
            "滩涂三万km²，CO₂不多",
        ),
        (
            "渡轮&nbsp;&nbsp;开航&amp;amp;返航&#x3002;",
            "渡轮 开航&返航。",
        ),
        ("<td>渡口</td><td>三元</td>", "渡口 三元"),
        ("<!-- image -->灯塔", "灯塔"),
        (
            "<details>\n<summary>灯塔</summary>\n\n塔高三层。\n</details>",
            "灯塔\n\n塔高三层。",
        ),
        ("<img src=\"images/7.jpg\" alt=\"\">灯塔", "灯塔"),
        ("当 x < y > z 时", "当 x < y > z 时"),
        (
            "模板 vector<b> 与 a<i && i>c",
            "模板 vector<b> 与 a<i && i>c",
        ),
        ("HTML 用 <b>粗体</b> 标签", "HTML 用 <b>粗体</b> 标签"),
        (
            "换行写作 `<br style=\"a\">` 即可",
            "换行写作 `<br style=\"a\">` 即可",
        ),
        ("AT&T; 与 R&D；<姓名>", "AT&T; 与 R&D；<姓名>"),
        // once or twice it may be what the text speaks of
        ("换行处是<br>这样的", "换行处是<br>这样的"),
    ],
    grade: Grade::Verified,
    wants: MARKUP,
    find,
};

/// What of a page's markup is left over from a converter.
#[derive(Clone, Copy, Default)]
pub(super) struct LeftOver {
    tags: bool,
    /// Comments and entities.
    others: bool,
}

impl LeftOver {
    /// Nothing of a page that speaks of markup; of tags, those that show they are no words of the text.
    pub(super) fn of(text: &str) -> Self {
        /// What shows it: four tags, or one that styles, holds text in a pair or has a line of its own.
        const ENOUGH: usize = 4;
        const ABOUT: [&str; 16] = [
            "html",
            "css",
            "xml",
            "javascript",
            "<?php",
            "markup",
            "#include",
            "</code",
            "template<",
            "网页代码",
            "源代码",
            ">标签",
            "> 标签",
            ">元素",
            "> 元素",
            "> tag",
        ];
        let lower = text.to_ascii_lowercase();
        if ABOUT.iter().any(|word| lower.contains(word)) {
            return LeftOver::default();
        }
        let weight = |tag: &Tag| if tag.is_sure(text) { ENOUGH } else { 1 };
        LeftOver {
            tags: tags(text).iter().map(weight).sum::<usize>() >= ENOUGH,
            others: true,
        }
    }

    /// Whether the line is a comment to be dropped that separates the text before it from the text after it.
    pub(super) fn parts(self, line: &str) -> bool {
        self.others && line.starts_with("<!--") && line.ends_with("-->")
    }
}

fn find(text: &str, context: &Context) -> Vec<Edit> {
    let Some(LeftOver {
        tags: has_tags,
        others: true,
    }) = context.noise.markup.filter(|_| context.kind != Kind::Table)
    else {
        return Vec::new();
    };
    // in a program they are strings; what is left of a page of HTML looks like one, but says something
    let mut edits = if context.is_program() && !text.contains(is_wide) && tags(text).is_empty() {
        Vec::new()
    } else {
        entities(text)
    };
    edits.extend(comments(text).into_iter().map(Edit::delete));
    if has_tags {
        edits.extend(without_tags(text));
    }
    edits
}

fn comments(text: &str) -> Vec<Span> {
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("<!--").map(|p| at + p) {
        let Some(close) = text[open..].find("-->").map(|p| open + p + 3) else {
            break;
        };
        comments.push(open..close);
        at = close;
    }
    comments
}

/// What becomes of the tags: raised and lowered numbers are set as such, others go, and leave a space where they broke a
/// line.
fn without_tags(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut tags = tags(text)
        .into_iter()
        .filter(|tag| !is_mentioned(text, &tag.span))
        .peekable();
    while let Some(tag) = tags.next() {
        let raised = tags
            .peek()
            .filter(|end| end.closes && end.name == tag.name && !tag.closes)
            .and_then(|end| {
                let inside = &text[tag.span.end..end.span.start];
                Some((tag.span.start..end.span.end, shifted(inside, tag.name)?))
            });
        if let Some((span, with)) = raised {
            tags.next();
            edits.push(Edit::new(span, with));
            continue;
        }
        // tags that touch are one gap in the text
        let (mut span, mut breaks) = (tag.span, tag.element.sort != TagSort::Inline);
        while let Some(next) = tags.next_if(|next| next.span.start == span.end) {
            span.end = next.span.end;
            breaks |= next.element.sort != TagSort::Inline;
        }
        let parts = breaks
            && text[..span.start].ends_with(parts_from)
            && text[span.end..].starts_with(parts_from);
        edits.push(Edit::new(span, if parts { " " } else { "" }));
    }
    edits
}

/// Whether what ends here would run into what begins after it.
fn parts_from(c: char) -> bool {
    is_letter(c) || matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')')
}

/// Whether it stands between quotation marks: the text speaks of it.
fn is_mentioned(text: &str, span: &Span) -> bool {
    const QUOTES: [char; 7] = ['`', '“', '”', '"', '\'', '「', '」'];
    text[..span.start].ends_with(QUOTES) && text[span.end..].starts_with(QUOTES)
}

// ---- tags

struct Tag<'a> {
    span: Span,
    name: &'a str,
    element: &'static HtmlElement,
    closes: bool,
    /// Whether it opens or closes a pair on its line.
    pairs: bool,
}

impl Tag<'_> {
    /// Whether it alone shows that it is no word of the text.
    fn is_sure(&self, text: &str) -> bool {
        const STYLED: [&str; 7] = [
            " style=", " class=", " href=", " src=", " align=", " width=", " id=",
        ];
        let body = &text[self.span.clone()];
        let has_line = || edges_of_line(text, &self.span) == [true; 2];
        // <u> holds what a pupil is to fill in
        self.pairs && self.name != "u"
            || body.ends_with("/>")
            || self.element.sort != TagSort::Empty && has_line()
            || STYLED.iter().any(|attribute| body.contains(attribute))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum TagSort {
    Inline,
    /// Text before it and after it stand on two lines.
    Break,
    /// The same, and it never holds text.
    Empty,
}

struct HtmlElement {
    names: &'static [&'static str],
    sort: TagSort,
    /// Whether its name is no other word: `<title>` may be what a reader is to fill in, `<i>` a type.
    plain: bool,
}

/// The elements that converters leave (HTML Standard, section 4; those of older versions with them).
const ELEMENTS: [HtmlElement; 5] = [
    HtmlElement {
        names: &["br", "hr", "img", "wbr", "input"],
        sort: TagSort::Empty,
        plain: true,
    },
    HtmlElement {
        names: &[
            "div",
            "td",
            "th",
            "tr",
            "tbody",
            "thead",
            "tfoot",
            "colgroup",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "figcaption",
            "noscript",
            "iframe",
        ],
        sort: TagSort::Break,
        plain: true,
    },
    HtmlElement {
        names: &[
            "p", "table", "section", "article", "header", "footer", "main", "figure", "pre",
            "form", "body", "head", "title", "details", "summary",
        ],
        sort: TagSort::Break,
        plain: false,
    },
    HtmlElement {
        names: &["span", "sup", "sub", "strong", "em", "font", "nobr"],
        sort: TagSort::Inline,
        plain: true,
    },
    HtmlElement {
        names: &[
            "a", "b", "i", "u", "s", "small", "big", "center", "mark", "del", "ins", "tt", "cite",
            "label",
        ],
        sort: TagSort::Inline,
        plain: false,
    },
];

/// The tags of a text: those whose name no other word has, those with attributes, and pairs.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag> = text
        .match_indices('<')
        .filter_map(|(at, _)| tag(text, at))
        .collect();
    pair_up(&mut tags, text);
    let is_one = |tag: &Tag| {
        let body = &text[tag.span.clone()];
        let is_at_edge = || edges_of_line(text, &tag.span) != [false; 2];
        tag.element.plain
            || tag.pairs
            || body.contains('=')
            || tag.element.sort == TagSort::Break && is_at_edge()
    };
    tags.retain(is_one);
    tags
}

/// Finds out which tags open and close a pair on one line.
fn pair_up(tags: &mut [Tag], text: &str) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..tags.len() {
        if !tags[at].closes {
            if tags[at].element.sort != TagSort::Empty {
                open.push(at);
            }
            continue;
        }
        // those it closes over were never closed
        let with = open.iter().rposition(|o| tags[*o].name == tags[at].name);
        let Some(with) = with.filter(|o| open.len() - o < 9) else {
            continue;
        };
        let opened = open[with];
        open.truncate(with);
        let inside = &text[tags[opened].span.end..tags[at].span.start];
        if !inside.contains('\n') {
            tags[opened].pairs = true;
            tags[at].pairs = true;
        }
    }
}

/// Whether a span begins its line, and whether it ends it.
fn edges_of_line(text: &str, span: &Span) -> [bool; 2] {
    let before = text[..span.start].trim_end_matches(' ');
    let after = text[span.end..].trim_start_matches(' ');
    [
        before.is_empty() || before.ends_with('\n'),
        after.is_empty() || after.starts_with('\n'),
    ]
}

fn tag(text: &str, at: usize) -> Option<Tag<'_>> {
    /// Bytes of a tag: attributes may hold a style sheet, but not a page.
    const LONGEST: usize = 400;
    let rest = &text[at + 1..];
    let closes = rest.starts_with('/');
    let named = &rest[usize::from(closes)..];
    let length = named.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &named[..length];
    let is_named = |e: &&HtmlElement| e.names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let element = ELEMENTS.iter().find(is_named)?;
    let attributes = &named[length..];
    let close = attributes.bytes().take(LONGEST).position(|b| b == b'>')?;
    let attributes = attributes[..close].trim_end_matches('/');
    let stands_apart =
        attributes.is_empty() || attributes.starts_with([' ', '\n']) && !attributes.contains('<');
    let is_list =
        attributes.trim().is_empty() || attributes.contains('=') || element.sort == TagSort::Empty;
    let end = at + 1 + usize::from(closes) + length + close + 1;
    (stands_apart && is_list).then_some(Tag {
        span: at..end,
        name,
        element,
        closes,
        pairs: false,
    })
}

/// Digits raised or lowered.
pub(super) fn shifted(digits: &str, how: &str) -> Option<String> {
    let table = match how {
        "sup" => ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"],
        "sub" => ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"],
        _ => return None,
    };
    let of = |c: char| match c {
        '-' | '−' if how == "sup" => Some("⁻"),
        _ => c.to_digit(10).map(|d| table[d as usize]),
    };
    if digits.is_empty() || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    digits.chars().map(of).collect()
}

// ---- entities

fn entities(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for (at, _) in text.match_indices('&') {
        if edits.last().is_some_and(|last| at < last.span.end) {
            continue;
        }
        let Some((length, mut with)) = entity(&text[at..]) else {
            continue;
        };
        if with == " " {
            // two of them are a space; next to wide text no space is wanted
            let last = edits
                .last()
                .filter(|last| last.span.end == at && (last.with == " " || last.with.is_empty()));
            let after = &text[at + length..];
            if last.is_some()
                || after.starts_with([' ', '\u{3000}'])
                || after.is_empty()
                || text[..at].ends_with([' ', '\u{3000}'])
                || at == 0
            {
                with = String::new();
            }
        }
        edits.push(Edit::new(at..at + length, with));
    }
    edits
}

/// &amp;lt; too: escaped twice.
fn entity(text: &str) -> Option<(usize, String)> {
    const LONGEST: usize = 10;
    let mut lead = 1;
    while text[lead..].starts_with("amp;") && lead < 13 {
        lead += 4;
    }
    let name_of = |from: usize| {
        let length = text[from..].bytes().take(LONGEST).position(|b| b == b';')?;
        Some((
            from + length + 1,
            character(text.get(from..from + length)?)?,
        ))
    };
    // the last &amp; of some stands for itself
    name_of(lead).or_else(|| (lead > 1).then(|| (lead, "&".to_string())))
}
