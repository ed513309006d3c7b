//! What kind a line is, by itself and by its neighbours.

use crate::page::{Block, Kind};
use crate::text::chars::{is_han, is_letter};
use crate::text::lines::{self, SECTION_LABELS, is_jump, is_newsline, jump_span, without_mark};
use crate::text::sentence::{ends_sentence, is_clause_mark};
use std::ops::Range;

/// How many letters a line of a kind has at most. Chosen by eye, on newspaper pages.
pub(super) struct Longest {
    /// A headline, a byline, a line of a masthead.
    pub(super) short: usize,
    /// 新华社记者 某某摄
    pub(super) credit: usize,
    /// 新华社北京3月4日电
    pub(super) dateline: usize,
    /// The name of a newspaper.
    pub(super) name: usize,
    /// A caption that a credit follows, and one that also follows the gap of a picture.
    pub(super) credited_caption: usize,
    pub(super) caption_after_picture: usize,
}

pub(super) const LONGEST: Longest = Longest {
    short: 40,
    credit: 24,
    dateline: 24,
    name: 24,
    credited_caption: 60,
    caption_after_picture: 160,
};

/// A line as the rules look at it.
pub(super) struct Line<'a> {
    /// Without Markdown's marks around it.
    pub(super) plain: &'a str,
    mark: Option<Kind>,
    /// Up to one more than `LONGEST` asks about.
    pub(super) letters: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
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
            .filter(|p| !ends_sentence(p) && p.chars().count() <= LONGEST.short)
            .map(|_| Kind::Headline));
        let plain = bold.unwrap_or(plain).trim_start_matches("**");
        Line {
            plain,
            mark,
            letters: plain
                .chars()
                .filter(|c| is_letter(*c))
                .take(LONGEST.caption_after_picture + 1)
                .count(),
        }
    }

    pub(super) fn is_short(&self) -> bool {
        self.letters <= LONGEST.short
    }
}

/// Says what kind each block is; which lines are the masthead is known.
pub(super) fn classify(blocks: &mut [Block], lines: &[Line], masthead: Range<usize>) {
    for (block, line) in blocks.iter_mut().zip(lines) {
        if block.kind == Kind::Body {
            block.kind = line.mark.unwrap_or_else(|| alone(line));
        }
        if let Some(jump) = jump_span(line.plain) {
            block.closed_head = jump.start == 0;
            block.closed_tail = jump.start > 0;
        }
    }
    close_at_jumps(blocks, lines);
    for at in masthead {
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

/// A jump line of its own closes the text that it stands at: 接 the text after it, else the text before it.
fn close_at_jumps(blocks: &mut [Block], lines: &[Line]) {
    for at in 0..blocks.len() {
        if blocks[at].kind != Kind::Jump {
            continue;
        }
        let is_body = |block: &&mut Block| block.kind == Kind::Body;
        if lines[at].plain.contains("接") {
            if let Some(after) = blocks[at..].iter_mut().find(is_body) {
                after.closed_head = true;
            }
        } else if let Some(before) = blocks[..at].iter_mut().rev().find(is_body) {
            before.closed_tail = true;
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
    if line.letters > LONGEST.credit {
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
    if line.letters > LONGEST.dateline {
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

/// A line that a picture left: it says 图为, or a credit follows it, or it stands alone in the gap of the picture.
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
        || credited
            && (line.letters <= LONGEST.credited_caption
                || follows_picture && line.letters <= LONGEST.caption_after_picture)
        || follows_picture && line.is_short() && sentences() == 1 && ends_sentence(line.plain)
}

/// A short line that does not end a sentence and stands where a headline does, over a byline, a news line or a headline;
/// or that ends in a quoted word, as headlines do and broken sentences rarely.
fn is_headline(blocks: &[Block], lines: &[Line], at: usize) -> bool {
    let text = lines[at].plain;
    if !may_be_headline(&lines[at], blocks.get(at + 1)) {
        return false;
    }
    let is_over_one = blocks.get(at + 1).is_some_and(|next| match next.kind {
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
        .is_none_or(|next| next.letters > LONGEST.short || ends_sentence(next.plain));
    let quoted = text.ends_with('”') && text.matches('“').count() == text.matches('”').count();
    under_label
        || is_over_one && after_whole
        || quoted && after_whole && before_whole && !text.contains(['，', '了'])
}

/// Whether a line is as short as a headline and ends as one. In Latin letters only a byline below it shows one: verse has
/// short lines too.
fn may_be_headline(line: &Line, next: Option<&Block>) -> bool {
    let text = line.plain;
    line.is_short()
        && line.letters > 0
        && !text.ends_with(is_clause_mark)
        && !ends_sentence(text)
        && (text.chars().any(is_han) || next.is_some_and(|next| next.kind == Kind::Byline))
}
