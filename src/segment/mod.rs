//! Cuts a page into blocks, a line each, and says what kind each is.
//!
//! Kinds follow from the line itself and its neighbours; nothing here knows a language model. A short line that only its
//! meaning could tell from a headline stays `Body`: whether it is half a sentence is for `rejoin` to judge.

mod across;
mod blocks;
mod kinds;
mod masthead;

pub(crate) use blocks::lines;

use crate::page::cause::CauseId;
use crate::page::hints::LAYOUT;
use crate::page::{Block, Kind, Page};
use kinds::{Line, classify};

/// Cuts the page into blocks and copies what its masthead says into the metadata.
pub fn segment(page: &mut Page) {
    let mut blocks = lines(page.text());
    let given = page.hints.kinds.take();
    match given.filter(|kinds| kinds.len() == blocks.len()) {
        Some(kinds) => {
            page.laid_out = true;
            for (block, kind) in blocks.iter_mut().zip(kinds) {
                block.kind = kind;
            }
        }
        None => {
            if page.hints.layout.is_none() && !page.without.holds(CauseId::Gutter) {
                page.regions = across::take_apart(page.text(), &mut blocks);
            }
            find_kinds(page, &mut blocks);
            for region in &page.regions {
                let pieces = &mut blocks[region.blocks.clone()];
                pieces.iter_mut().for_each(|piece| piece.kind = Kind::Body);
            }
        }
    }
    page.blocks = blocks;
}

/// What the reader did not say of a block, its line and its neighbours show.
fn find_kinds(page: &mut Page, blocks: &mut [Block]) {
    let layout = take_layout(page, blocks.len());
    let lines: Vec<Line> = blocks
        .iter()
        .map(|block| Line::new(&page.text()[block.span.clone()]))
        .collect();
    // the neighbours of a block are judged by what it was said to be
    lay(blocks, &layout);
    classify(blocks, &lines, masthead::of(&lines));
    lay(blocks, &layout);
    let of_masthead: Vec<&str> = blocks
        .iter()
        .zip(&lines)
        .filter(|(block, _)| block.kind == Kind::Masthead)
        .map(|(_, line)| line.plain)
        .collect();
    if let Some(about) = masthead::read(&of_masthead) {
        page.metadata.claim("masthead", about);
    }
}

/// What the reader said of each block; nothing, if it does not fit. What fits leaves the metadata, where the kinds that are
/// found take its place.
fn take_layout(page: &mut Page, blocks: usize) -> Vec<Option<Kind>> {
    let given = page.hints.layout.clone();
    let Some(layout) = given.filter(|layout| layout.len() == blocks) else {
        return Vec::new();
    };
    page.metadata.remove(LAYOUT);
    layout
}

fn lay(blocks: &mut [Block], layout: &[Option<Kind>]) {
    for (block, kind) in blocks.iter_mut().zip(layout) {
        block.kind = kind.unwrap_or(block.kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::hints::Hints;
    use crate::page::metadata::Metadata;
    use serde_json::{Value, json};

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
    fn captions_credits_and_jump_lines_are_recognised() {
        use Kind::*;
        let page = "长堤一侧的灯塔重新点亮，守塔人说这一天他等了很\n\n\n\n夜色中的灯塔。\n\n本报记者 林渡摄\n\n久。（下转第3版）\n\n（上接第1版）";
        assert_eq!(kinds(page), [Body, Caption, Credit, Body, Jump]);
    }

    #[test]
    fn what_a_reader_says_of_a_block_overrides_what_it_looks_like() {
        use Kind::*;
        let text = "灯会今夜开场\n\n守塔人说这一天他等了很\n\n本报记者 林渡\n\n久。";
        let segmented = |layout: Value| {
            let mut page = Page::new("p", text);
            page.metadata.insert(LAYOUT, layout);
            page.hints = Hints::of(&page.metadata, &Metadata::new());
            segment(&mut page);
            assert!(!page.laid_out);
            let kinds: Vec<Kind> = page.blocks.iter().map(|b| b.kind).collect();
            (kinds, page.metadata.contains_key(LAYOUT))
        };
        let guessed = [Headline, Headline, Byline, Body];
        assert_eq!(
            segmented(json!(["headline", null, "caption", null])),
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
    fn half_a_sentence_is_not_a_headline() {
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
