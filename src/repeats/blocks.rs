//! What settle knows of the blocks of a page: where the letters of each begin, and what each is.

use super::site;
use crate::page::edit::Span;
use crate::page::nature::Form;
use crate::page::{Block, Kind, Page};
use crate::shingle::Stream;
use crate::text::letters::weight;
use crate::text::lines::{is_item, label_and_number};
use crate::text::sentence::{ends_sentence, is_clause_mark, is_closer, is_full_stop, never_begins};
use bytemuck::{Pod, Zeroable};

/// A paragraph needs this much text to be dropped as a copy of another document's: shorter ones are formulas, notes, the
/// wording of a statute. In letters of Chinese; those of an alphabet say less (`weight`). Chosen by eye.
pub(super) const SHORTEST_PARAGRAPH: usize = 60;

/// A block of a page: where its letters begin (they end where those of the next block begin), and what it is.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub struct BlockPrint {
    start: u32,
    kind: u8,
    /// The bits below.
    is: u8,
    unused: [u8; 2],
    /// Where its side list ends (`strict::side_of_block`); it begins where that of the block before ends.
    side: u32,
}

impl BlockPrint {
    const WHOLE_PARAGRAPH: u8 = 1;
    const SCRAP: u8 = 2;
    const SENTENCES: u8 = 4;
    const ADDRESS: u8 = 8;
    const ADDRESS_AT_END: u8 = 16;
    const PAGE_NUMBER: u8 = 32;
    const LINE: u8 = 64;

    /// Where its side list ends, in bytes.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// The first of its letters.
    pub fn start(&self) -> u32 {
        self.start
    }

    pub fn is(&self, kind: Kind) -> bool {
        self.kind == kind as u8
    }

    /// Running text, which is searched for passages.
    pub fn is_running_text(&self) -> bool {
        self.is(Kind::Body) || self.is(Kind::Dateline)
    }

    /// Begins and ends with its sentences, is too long to be a formula, and is not an item of a list.
    pub fn is_whole_paragraph(&self) -> bool {
        self.is & Self::WHOLE_PARAGRAPH != 0
    }

    /// Text that is not a sentence, an item of a list or a byline: headings, adverts, text at the edges of pages.
    pub fn is_scrap(&self) -> bool {
        self.is & Self::SCRAP != 0
    }

    /// Contains the end of a sentence.
    pub fn holds_sentences(&self) -> bool {
        self.is & Self::SENTENCES != 0
    }

    /// A line of running text that names a site of the web.
    pub fn names_a_site(&self) -> bool {
        self.is & Self::ADDRESS != 0
    }

    /// Longer text whose last sentence names a site of the web.
    pub fn ends_naming_a_site(&self) -> bool {
        self.is & Self::ADDRESS_AT_END != 0
    }

    /// Digits alone.
    pub fn is_page_number(&self) -> bool {
        self.is & Self::PAGE_NUMBER != 0
    }

    /// A line that may be a running head: no sentence, no verse, no item of a list, no data, no heading of Markdown.
    pub fn is_plain_line(&self) -> bool {
        self.is & Self::LINE != 0
    }
}

/// The letters of a block, in a document of `letters` letters.
pub(super) fn letters_of(blocks: &[BlockPrint], block: usize, letters: usize) -> Span {
    let end = blocks
        .get(block + 1)
        .map_or(letters, |next| next.start as usize);
    blocks[block].start as usize..end
}

/// The side list of a block, in bytes of its document's list.
pub(super) fn side_of(blocks: &[BlockPrint], block: usize) -> Span {
    let start = block.checked_sub(1).map_or(0, |before| blocks[before].side);
    start as usize..blocks[block].side as usize
}

/// Whether a page is a law or the like: it repeats clauses in several articles, and each of them counts.
pub(super) fn has_articles(page: &Page) -> bool {
    let mut labels: Vec<(&str, &str)> = Vec::new();
    let mut articles = 0;
    for block in &page.blocks {
        let text = &page.text()[block.span.clone()];
        articles += usize::from(text.starts_with('第') && is_item(text));
        labels.extend(label_and_number(text));
    }
    labels.sort_unstable();
    articles > 1
        || labels
            .windows(2)
            .any(|two| two[0].0 == two[1].0 && two[0].1 != two[1].1)
}

/// What each block of a page is.
pub(super) fn of(page: &Page, stream: &Stream, sides: &[u32]) -> Vec<BlockPrint> {
    let has_articles = has_articles(page);
    let print = |(at, letters): (usize, &Span)| {
        let block = &page.blocks[at];
        let form = page.nature.form(at);
        let is_text = block.is_running_text();
        let mut is = 0;
        if is_text
            && form == Form::Prose
            && !has_articles
            && letters.len() >= SHORTEST_PARAGRAPH
            && is_whole(page, at)
            && weight(&page.reading(block.span.clone()).text) >= SHORTEST_PARAGRAPH
        {
            is |= BlockPrint::WHOLE_PARAGRAPH;
        }
        if !letters.is_empty()
            && (is_text || block.kind == Kind::Headline || block.kind == Kind::Caption)
        {
            let text = page.reading(block.span.clone()).text;
            // lines close after each other are lines of one text; a page that came with its blocks named says itself
            // what is a heading
            let stands_alone = !page.laid_out
                && (at == 0 || block.gap > 0)
                && page.blocks.get(at + 1).is_none_or(|next| next.gap > 0);
            // headings of a Markdown page introduce different text on every page
            let may_recur = !page.nature.markdown && !form.is_data();
            is |= if stands_alone && may_recur && is_scrap(&text) {
                BlockPrint::SCRAP
            } else {
                0
            };
            is |= if text.contains(is_full_stop) {
                BlockPrint::SENTENCES
            } else {
                0
            };
        }
        is |= site_and_page(page, at, letters.len());
        BlockPrint {
            start: letters.start as u32,
            kind: block.kind as u8,
            is,
            unused: [0; 2],
            side: sides[at],
        }
    };
    stream.blocks.iter().enumerate().map(print).collect()
}

/// Letters of a line that names a site, and of a running head, at most; chosen by eye.
const LONGEST_LINE: usize = 100;
const LONGEST_HEAD: usize = 40;

/// What a block says of its site or of its place in a book, as bits.
fn site_and_page(page: &Page, at: usize, letters: usize) -> u8 {
    let (block, form) = (&page.blocks[at], page.nature.form(at));
    let is_line = block.is_running_text() || block.kind == Kind::Headline;
    if letters == 0 || !is_line || form.is_data() || page.laid_out {
        return 0;
    }
    let text = page.reading(block.span.clone()).text;
    if is_page_number(&text) {
        return BlockPrint::PAGE_NUMBER;
    }
    if page.nature.markdown || form == Form::List || is_item(&text) {
        return 0;
    }
    let mut is = 0;
    if letters <= LONGEST_HEAD && form != Form::Verse && !text.contains(is_full_stop) {
        is |= BlockPrint::LINE;
    }
    match site::sentence(&text) {
        Some(sentence) if !is_of_a_licence(page, at) => {
            if letters <= LONGEST_LINE {
                is |= BlockPrint::ADDRESS;
            } else if sentence.start > 0 && sentence.end == text.len() {
                is |= BlockPrint::ADDRESS_AT_END;
            }
        }
        _ => {}
    }
    is
}

/// Whether a block is the number of a page: 12, - 12 -, 〔12〕.
fn is_page_number(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '–' | '—' | '·' | '[' | ']' | '〔' | '〕')
    });
    (1..=4).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a block, or a line next to it, speaks of rights: a licence names its site, and has to stay.
fn is_of_a_licence(page: &Page, at: usize) -> bool {
    const RIGHTS: [&str; 8] = [
        "licen",
        "copyright",
        "(c)",
        "©",
        "版权",
        "版權",
        "许可",
        "許可",
    ];
    let speaks = |block: &Block| {
        let text = page.text()[block.span.clone()].to_lowercase();
        RIGHTS.iter().any(|word| text.contains(word))
    };
    let first = (0..=at)
        .rev()
        .find(|at| page.blocks[*at].gap > 0)
        .unwrap_or(0);
    let after = page.blocks[at + 1..].iter().take_while(|b| b.gap == 0);
    page.blocks[first..=at].iter().chain(after).any(speaks)
}

/// Whether a block begins and ends with its sentences, and is not an item of a list.
pub(super) fn is_whole(page: &Page, at: usize) -> bool {
    let text = page.reading(page.blocks[at].span.clone()).text;
    let begins = !text.starts_with(never_begins)
        && text_before(&page.blocks, at).is_none_or(|before| {
            let before = page.reading(page.blocks[before].span.clone()).text;
            // a text that ends in a colon or without a mark may be a heading
            ends_sentence(&before)
                || !before.ends_with(|c| is_clause_mark(c) && c != '：' && c != ':')
                    && before.chars().count() < 40
        });
    begins && ends_sentence(&text) && !is_item(&text)
}

/// The last block before `at` that is still in the text and is running text.
fn text_before(blocks: &[Block], at: usize) -> Option<usize> {
    (0..at)
        .rev()
        .find(|b| blocks[*b].is_running_text() && !blocks[*b].dropped)
}

/// Whether a text is neither a sentence, half of one, an item of a list nor a byline.
pub(super) fn is_scrap(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(is_closer);
    let is_byline = bare.ends_with([
        '译', '譯', '著', '作', '撰', '述', '文', '摄', '攝', '编', '編', '辑', '輯',
    ]) && bare.chars().count() <= 16;
    !ends_sentence(text) && !bare.ends_with(is_clause_mark) && !is_item(text) && !is_byline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrap_is_no_sentence_no_half_of_one_and_no_byline() {
        for scrap in [
            "灯塔牌火柴",
            "电话四三二一",
            "本店今日起大减价",
            "（每盒二角）",
        ] {
            assert!(is_scrap(scrap), "{scrap}");
        }
        for other in [
            "灯亮了。",
            "他说，",
            "（三）按时点灯",
            "第十二条 点灯",
            "沈渡译",
            "（乔一鸣作）",
        ] {
            assert!(!is_scrap(other), "{other}");
        }
    }
}
