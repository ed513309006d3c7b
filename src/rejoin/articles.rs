//! Cuts a laid-out page into articles, and reads their heads.
//!
//! A headline alone proves nothing: it may be above a part of an article. A headline with a byline, a kicker or a news
//! line, or one after the signature or the jump note of another text, begins an article. Doubtful text belongs to the
//! article before it.

use crate::page::{Block, Kind, Page};
use crate::text::chars::{is_han, is_letter};
use crate::text::lines::{SECTION_LABELS, is_newsline, jump_span};
use crate::text::sentence::{ends_sentence, is_clause_mark};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::ops::Range;

/// The paragraphs of one article, by their places in the reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArticleSpan {
    pub paragraphs: Range<usize>,
    /// How many of them are its head: headlines, bylines, a dateline.
    pub head: usize,
    /// Whether more than its place on the page shows that it begins here, and that it is an article.
    pub is_sure: bool,
    /// The level of its headline in Markdown; 0 if it has none.
    level: usize,
}

impl ArticleSpan {
    /// Of the paragraphs from the beginning of the page up to one.
    fn without_head(end: usize) -> Self {
        ArticleSpan {
            paragraphs: 0..end,
            head: 0,
            is_sure: false,
            level: 0,
        }
    }
}

/// A page as it is to be read: paragraphs of one block or of several joined ones.
pub(super) struct Laid<'p> {
    pub page: &'p Page,
    pub paragraphs: &'p [Vec<usize>],
    /// Blocks of boxes that are inside another text.
    pub boxed: &'p HashSet<usize>,
}

impl Laid<'_> {
    fn block(&self, paragraph: usize) -> &Block {
        &self.page.blocks[self.paragraphs[paragraph][0]]
    }

    /// Its last block as it came.
    fn came(&self, paragraph: usize) -> &str {
        let last = self.paragraphs[paragraph]
            .last()
            .expect("a paragraph has a block");
        &self.page.text()[self.page.blocks[*last].span.clone()]
    }

    fn text(&self, paragraph: usize) -> String {
        let last = |at: &usize| self.page.reading(self.page.blocks[*at].span.clone()).text;
        self.paragraphs[paragraph].iter().map(last).collect()
    }

    pub(super) fn is_boxed(&self, paragraph: usize) -> bool {
        self.boxed.contains(&self.paragraphs[paragraph][0])
    }

    /// A caption or credit.
    pub(super) fn is_caption(&self, paragraph: usize) -> bool {
        matches!(self.block(paragraph).kind, Kind::Caption | Kind::Credit)
    }

    fn is_head(&self, paragraph: usize) -> bool {
        let joined = self.paragraphs[paragraph].len() > 1;
        !joined
            && !self.is_boxed(paragraph)
            && matches!(
                self.block(paragraph).kind,
                Kind::Headline | Kind::Byline | Kind::Dateline
            )
    }

    fn is(&self, paragraph: usize, kind: Kind) -> bool {
        self.block(paragraph).kind == kind
    }

    fn is_aside(&self, paragraph: usize) -> bool {
        self.is_caption(paragraph) || self.is_boxed(paragraph)
    }

    /// Whether the paragraph shows that its article ends with it: by a signature or a jump note.
    fn closes(&self, paragraph: usize) -> bool {
        let last = self.paragraphs[paragraph]
            .last()
            .expect("a paragraph has a block");
        self.page.blocks[*last].closed_tail || is_signed(&self.text(paragraph))
    }

    /// Whether it begins like the first paragraph of a piece of news.
    fn opens_news(&self, paragraph: usize) -> bool {
        let first = self.paragraphs[paragraph][0];
        self.block(paragraph).kind == Kind::Dateline
            || opens_news(&self.page.reading(self.page.blocks[first].span.clone()).text)
    }

    /// The Markdown level of a headline in the text as it came: the number of its #, and more for one that is merely
    /// bold.
    fn level(&self, paragraph: usize) -> usize {
        const BOLD: usize = 7;
        let came = &self.page.text()[self.block(paragraph).span.clone()];
        let hashes = came.len() - came.trim_start_matches('#').len();
        if came.starts_with("**") { BOLD } else { hashes }
    }
}

/// Cuts the page. Together the articles hold all paragraphs.
pub(super) fn cut(laid: &Laid) -> Vec<ArticleSpan> {
    let groups = groups(laid);
    let sure: Vec<bool> = groups.iter().map(|group| begins(laid, group)).collect();
    let level = level_of_articles(laid, &groups, &sure);
    let mut articles: Vec<ArticleSpan> = Vec::new();
    for (group, is_sure) in groups.into_iter().zip(sure) {
        let by_level = level.is_some_and(|level| (1..=level).contains(&least_level(laid, &group)));
        if !is_sure && !by_level && group.start > 0 {
            continue;
        }
        match articles.last_mut() {
            Some(last) => last.paragraphs.end = group.start,
            None if group.start > 0 => articles.push(ArticleSpan::without_head(group.start)),
            None => {}
        }
        articles.push(ArticleSpan {
            head: group.len(),
            is_sure: is_sure && !holds_two(laid, &group),
            level: least_level(laid, &group),
            paragraphs: group.start..0,
        });
    }
    let end = laid.paragraphs.len();
    match articles.last_mut() {
        Some(last) => last.paragraphs.end = end,
        None if end > 0 => articles.push(ArticleSpan::without_head(end)),
        None => {}
    }
    articles
}

/// Headlines and bylines that come together, with text under them. A byline above the first headline belongs to the
/// text before.
fn groups(laid: &Laid) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < laid.paragraphs.len() {
        let mut end = at;
        if is_over_new_text(laid, at) {
            end += 1;
        }
        while end < laid.paragraphs.len()
            && (laid.is_head(end) || end > at && is_within_head(laid, end))
        {
            end += 1;
        }
        let headline = |p: &usize| laid.is(*p, Kind::Headline) || laid.is(*p, Kind::Body);
        let first = (at..end).find(|p| !laid.is(*p, Kind::Byline));
        let group = first
            .map(|first| first..end)
            .filter(|g| g.end < laid.paragraphs.len() && g.clone().any(|p| headline(&p)));
        groups.extend(group);
        at = end.max(at + 1);
    }
    groups
}

/// A line that could be a headline, after the signature or the jump note of the text before.
fn is_over_new_text(laid: &Laid, paragraph: usize) -> bool {
    let above = (0..paragraph).rev().find(|p| !laid.is_aside(*p));
    let is_line =
        |p: usize| laid.is(p, Kind::Body) && laid.paragraphs[p].len() == 1 && !laid.is_boxed(p);
    let text = |p: usize| laid.text(p);
    let ended = |p: usize| {
        is_signed(&text(p)) || jump_span(laid.came(p)).is_some_and(|span| span.start > 0)
    };
    let has_text = |p: usize| laid.is(p + 1, Kind::Body) && ends_sentence(&text(p + 1));
    is_line(paragraph)
        && paragraph + 1 < laid.paragraphs.len()
        && above.is_some_and(ended)
        && is_headline_like(&text(paragraph))
        && !text(paragraph).ends_with(is_clause_mark)
        && has_text(paragraph)
}

/// A line between a headline and a byline whose words alone would not show that it is part of the head.
fn is_within_head(laid: &Laid, paragraph: usize) -> bool {
    let text = || laid.text(paragraph);
    let under = paragraph + 1 < laid.paragraphs.len() && laid.is(paragraph + 1, Kind::Byline);
    let is_line = laid.is(paragraph, Kind::Body) && laid.paragraphs[paragraph].len() == 1;
    is_line
        && !laid.is_boxed(paragraph)
        && (under || text().starts_with("——"))
        && is_headline_like(&text())
}

/// Whether the group begins an article.
fn begins(laid: &Laid, group: &Range<usize>) -> bool {
    let has = |kind: Kind| group.clone().any(|p| laid.is(p, kind));
    let labelled = || {
        group
            .clone()
            .any(|p| SECTION_LABELS.contains(&laid.text(p).trim()))
    };
    let under = (group.end..laid.paragraphs.len()).find(|p| !laid.is_aside(*p));
    let above = (0..group.start).rev().find(|p| !laid.is_aside(*p));
    has(Kind::Byline)
        || has(Kind::Dateline)
        || labelled()
        || under.is_some_and(|p| laid.opens_news(p))
        || above.is_some_and(|p| laid.closes(p) || laid.is(p, Kind::Byline))
}

/// Whether the group seems to be the heads of two articles, whose text then comes under both.
fn holds_two(laid: &Laid, group: &Range<usize>) -> bool {
    let is = |kind: Kind| move |p: &usize| laid.is(*p, kind);
    let byline = group.clone().find(is(Kind::Byline)).unwrap_or(group.end);
    let labelled = |p: &usize| SECTION_LABELS.contains(&laid.text(*p).trim());
    let mut levels: Vec<usize> = group
        .clone()
        .filter(is(Kind::Headline))
        .filter(|p| !labelled(p))
        .map(|p| laid.level(p))
        .collect();
    levels.retain(|level| *level > 0);
    levels.sort_unstable();
    (byline..group.end).any(|p| laid.is(p, Kind::Headline))
        || levels.windows(2).any(|two| two[0] == two[1])
}

fn least_level(laid: &Laid, group: &Range<usize>) -> usize {
    group
        .clone()
        .filter(|p| laid.is(*p, Kind::Headline))
        .map(|p| laid.level(p))
        .min()
        .unwrap_or(0)
}

/// The Markdown level of every article whose head shows that it is one, if there are several and other headlines have
/// marks too.
fn level_of_articles(laid: &Laid, groups: &[Range<usize>], sure: &[bool]) -> Option<usize> {
    let levels: Vec<usize> = groups
        .iter()
        .zip(sure)
        .filter(|(_, sure)| **sure)
        .map(|(group, _)| least_level(laid, group))
        .collect();
    let level = *levels.first()?;
    (levels.len() > 1 && (1..=6).contains(&level) && levels.iter().all(|l| *l == level))
        .then_some(level)
}

/// The last paragraph of the article at which another one might begin. Nothing is moved across it.
pub(super) fn last_doubt(laid: &Laid, article: &ArticleSpan) -> Option<usize> {
    let body = article.paragraphs.clone().skip(article.head);
    let texts: Vec<usize> = body.filter(|p| !laid.is_aside(*p)).collect();
    (0..texts.len()).rev().find_map(|at| {
        let (here, before) = (texts[at], at.checked_sub(1).map(|b| texts[b]));
        let is_closed = before.is_some_and(|p| laid.closes(p));
        (is_closed || may_begin(laid, article, here, before)).then_some(here)
    })
}

/// Whether a paragraph of an article, after another one of it, may begin the next article.
fn may_begin(laid: &Laid, article: &ArticleSpan, here: usize, before: Option<usize>) -> bool {
    let is_part_s =
        |p: usize| laid.is(p, Kind::Headline) && article.level > 0 && laid.level(p) > article.level;
    match laid.block(here).kind {
        Kind::Headline => !is_part_s(here),
        Kind::Byline | Kind::Dateline => true,
        Kind::Body => {
            let alone = laid.paragraphs[here].len() == 1 && !before.is_some_and(is_part_s);
            alone && is_headline_like(&laid.text(here)) || before.is_some() && laid.opens_news(here)
        }
        _ => false,
    }
}

/// A line that could be a headline although nothing shows it.
fn is_headline_like(text: &str) -> bool {
    /// Letters. Headlines that say two things are longer, and have a space between them.
    const LONGEST: usize = 40;
    !ends_sentence(text) && text.chars().filter(|c| is_letter(*c)).count() <= LONGEST
}

/// Whether a name in brackets comes after its last sentence: （耀文）, （记者 林渡）, （完）.
fn is_signed(text: &str) -> bool {
    /// Characters. （记者 欧阳明华 司马光） is about the longest that newspapers print.
    const LONGEST: usize = 14;
    let inside = text
        .trim_end()
        .strip_suffix(['）', ')'])
        .and_then(|text| text.rsplit_once(['（', '(']));
    inside.is_some_and(|(body, name)| {
        let count = name.chars().count();
        let is_name = (1..=4).contains(&count) && name.chars().all(is_han);
        let is_byline = ["记者", "記者", "本报记者", "通讯员"]
            .iter()
            .any(|lead| name.starts_with(lead));
        let is_sound = ["掌声", "掌聲", "鼓掌", "笑", "笑声"].contains(&name);
        ends_sentence(body) && (is_name && !is_sound || is_byline && count <= LONGEST)
    })
}

/// 本报讯, 新华社北京3月4日电; LONDON, May 5 (Reuters) —.
fn opens_news(text: &str) -> bool {
    /// Bytes before the dash of a dateline in Latin letters.
    const LONGEST: usize = 60;
    let place = |text: &str| {
        let word = text
            .split(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or_default();
        word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase())
    };
    let dash = || {
        ["—", "–", " -- ", " - "]
            .iter()
            .filter_map(|dash| text.find(dash))
            .min()
    };
    is_newsline(text) || place(text) && dash().is_some_and(|at| at <= LONGEST)
}

/// What the head of an article says, field by field, and the dateline that begins its text.
pub(super) fn about(laid: &Laid, article: &ArticleSpan) -> Map<String, Value> {
    let body = article.paragraphs.start + article.head;
    let mut fields = fields_of_head(laid, article.paragraphs.start..body);
    if !fields.iter().any(|(name, _)| *name == "dateline") {
        let first = (body..article.paragraphs.end).find(|p| !laid.is_aside(*p));
        let dateline = first.and_then(|p| dateline_of(&laid.text(p)).map(String::from));
        fields.extend(dateline.map(|text| ("dateline", text)));
    }
    fields
        .into_iter()
        .map(|(name, text)| (name.to_string(), Value::from(text)))
        .collect()
}

/// The fields of a head; one that comes several times has several lines.
fn fields_of_head(laid: &Laid, head: Range<usize>) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    let mut has_headline = false;
    for paragraph in head {
        let text = laid.text(paragraph).trim().to_string();
        let field = match laid.block(paragraph).kind {
            Kind::Byline => "byline",
            Kind::Dateline => "dateline",
            _ if SECTION_LABELS.contains(&text.as_str()) => "kicker",
            _ if has_headline => "subhead",
            _ => "headline",
        };
        has_headline |= field == "headline";
        match fields.iter_mut().find(|(name, _)| *name == field) {
            Some((_, lines)) => *lines = format!("{lines}\n{text}"),
            None => fields.push((field, text)),
        }
    }
    fields
}

/// 本报讯, 新华社北京3月4日电: a dateline at the beginning of a paragraph, with the space after it.
fn dateline_of(text: &str) -> Option<&str> {
    /// 新华社阿拉木图十二月二十四日专电 is about the longest.
    const LONGEST: usize = 24;
    let lead = text.split([' ', '\u{3000}']).next()?;
    let ends = lead.ends_with(['讯', '訊', '电', '電']);
    (is_newsline(lead) && ends && lead.chars().count() <= LONGEST && lead.len() < text.len())
        .then_some(lead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;

    /// The first paragraphs of the articles of a page.
    fn firsts(text: &str) -> Vec<usize> {
        let mut page = Page::new("p", text);
        segment(&mut page);
        let paragraphs: Vec<Vec<usize>> = (0..page.blocks.len()).map(|at| vec![at]).collect();
        let laid = Laid {
            page: &page,
            paragraphs: &paragraphs,
            boxed: &HashSet::new(),
        };
        cut(&laid)
            .into_iter()
            .map(|article| article.paragraphs.start)
            .collect()
    }

    #[test]
    fn a_headline_alone_begins_no_article() {
        assert_eq!(
            firsts("# 灯塔\n灯亮了。\n## 守塔人\n他等了很久。\n## 灯油\n油是新的。"),
            [0]
        );
    }

    #[test]
    fn a_byline_a_kicker_and_a_news_line_begin_one() {
        assert_eq!(
            firsts(
                "## 灯塔\n本报记者 林渡\n灯亮了。\n## 渡口\n本报讯 船来了。\n社论\n灯与船\n都是好事。"
            ),
            [0, 3, 5]
        );
    }

    #[test]
    fn a_signature_and_a_jump_note_end_one() {
        assert_eq!(
            firsts(
                "## 灯塔\n灯亮了。（林渡）\n## 渡口\n船来了。（下转第2版）\n## 茶山\n茶香。（热烈掌声）"
            ),
            [0, 2, 4]
        );
        assert_eq!(firsts("## 灯塔\n灯亮了。（掌声）\n## 渡口\n船来了。"), [0]);
    }

    #[test]
    fn headlines_of_the_level_of_all_articles_begin_one_too() {
        let page =
            "# 灯塔\n本报讯 灯亮了。\n## 油灯\n油是新的。\n# 渡口\n本报讯 船来了。\n# 茶山\n茶香。";
        assert_eq!(firsts(page), [0, 4, 6]);
    }

    #[test]
    fn a_byline_after_a_text_is_its_own() {
        assert_eq!(
            firsts("## 灯塔\n灯亮了。\n本报记者 林渡\n## 渡口\n船来了。"),
            [0, 3]
        );
    }

    #[test]
    fn datelines_in_latin_letters_open_news() {
        assert!(opens_news("LONDON, May 5 (Reuters) — The tide came in."));
        assert!(!opens_news("The tide — a high one — came in."));
        assert!(!opens_news("OK — said the keeper."));
    }
}
