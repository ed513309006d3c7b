//! What a rule may see beyond its block: facts about the page, each decided once.

use super::sorts::{COMBINING, FORMULA, MARKUP, RADICAL, SCRIPTS, SIMPLIFIED, TARGET, TRADITIONAL};
use super::{Target, formulas, gloss, loops, markup, page_number, running_head, scraps};
use crate::page::nature::{BlockNature, Form};
use crate::page::{Block, Kind, Page};
use crate::text::han::HanScript;
use crate::text::latin::is_nearly_all_latin;

/// What a finder may know beyond its block.
pub(crate) struct Context {
    pub(super) kind: Kind,
    pub(super) target: Target,
    /// Whether it is a page of a newspaper as an extraction left it: it has a masthead, jump lines, credits.
    pub(super) newspaper: bool,
    /// What script the page is in, all in all; decided where a block first may have something to convert.
    pub(super) script: Option<HanScript>,
    /// Whether the page is in Latin script.
    pub(super) latin: bool,
    /// The quotation marks of the page.
    pub(super) quotes: (char, char),
    /// Whether the page is one of those that carry pinyin glosses, and on which characters.
    pub(super) glossed: gloss::Glossed,
    pub(super) noise: Noise,
    /// The number of the block on its page.
    pub(super) block: usize,
    /// What the block is, if the page was judged.
    pub(super) nature: Option<BlockNature>,
    /// Whether marks of Markdown mean what Markdown says.
    pub(super) markdown: bool,
    /// Whether the page is Japanese with half-width marks of its own, so that they are no damage.
    pub(super) half_width_japanese: bool,
    /// Whether the page speaks of characters; decided where a block first has any that would be composed or unified.
    pub(super) about_characters: Option<bool>,
}

/// What of a page's marks is left over from a converter: nothing, where the page says what its paragraphs are.
#[derive(Default)]
pub(super) struct Noise {
    pub(super) open: bool,
    /// Decided where a block first has any.
    pub(super) markup: Option<markup::LeftOver>,
    pub(super) formulas: Option<bool>,
    pub(super) lone_tables: Vec<usize>,
    pub(super) lists_signs: bool,
    pub(super) page_numbers: Vec<usize>,
    pub(super) running_heads: Vec<usize>,
    pub(super) seen: loops::Seen,
}

impl Context {
    pub(super) fn of(page: &Page, target: Target) -> Self {
        Context {
            kind: Kind::Body,
            target,
            newspaper: is_newspaper(page),
            script: None,
            latin: is_nearly_all_latin(page.text()),
            quotes: quotes(page.text()),
            glossed: gloss::Glossed::of(page.text()),
            noise: if page.laid_out {
                Noise::default()
            } else {
                Noise::of(page)
            },
            block: 0,
            nature: None,
            markdown: page.nature.markdown,
            half_width_japanese: page.nature.language.code == "ja"
                && !page.text().contains(['（', '！', '？', '，']),
            about_characters: None,
        }
    }

    /// Goes on to a block of the page.
    pub(super) fn enter(&mut self, page: &Page, block: usize) {
        self.block = block;
        self.kind = page.blocks[block].kind;
        self.nature = page.nature.blocks.get(block).copied();
    }

    fn form(&self) -> Form {
        self.nature.map(|nature| nature.form).unwrap_or_default()
    }

    /// Whether the marks of the block are a program's, or part cells and fields.
    pub(super) fn is_data(&self) -> bool {
        self.kind == Kind::Table
            || matches!(
                self.form(),
                Form::Table | Form::Code | Form::Data | Form::Formula
            )
    }

    /// Whether it is code, or what a program wrote.
    pub(super) fn is_program(&self) -> bool {
        matches!(self.form(), Form::Code | Form::Data)
    }

    /// Whether its digits and letters are set as Japanese sets them, full width among kana.
    pub(super) fn is_japanese(&self) -> bool {
        self.nature
            .is_some_and(|nature| nature.language.code == "ja")
    }

    /// Whether the block is set full width, as Chinese is, and Japanese whose own marks show it. Korean has Han
    /// characters too, and half-width marks.
    pub(super) fn is_set_full_width(&self, text: &str) -> bool {
        let code = self.nature.map_or("", |nature| nature.language.code);
        let half_width = code == "ko"
            || text.contains(is_hangul)
            || self.half_width_japanese && matches!(code, "ja" | "");
        !half_width && !self.is_data()
    }

    /// Of no page: for marks alone.
    pub(super) fn of_none() -> Self {
        let mut page = Page::default();
        page.laid_out = true;
        Context::of(&page, Target::Keep)
    }

    /// Decides about the page what these sorts ask. Returns `TARGET` where a block with them may have something to convert.
    pub(super) fn look(&mut self, sorts: u32, page: &Page) -> u32 {
        self.noise.look(sorts, page);
        if sorts & (COMBINING | RADICAL) != 0 {
            self.about_characters
                .get_or_insert_with(|| is_about_characters(page.text()));
        }
        let is_there = match self.target {
            Target::Keep => true,
            Target::Simplified => sorts & SCRIPTS == SIMPLIFIED,
            Target::Traditional => sorts & SCRIPTS == TRADITIONAL,
            Target::Taiwan | Target::HongKong => false,
        };
        if is_there {
            return 0;
        }
        self.script
            .get_or_insert_with(|| HanScript::of(page.text()));
        TARGET
    }
}

impl Noise {
    fn of(page: &Page) -> Self {
        let page_numbers = page_number::of(page);
        Noise {
            open: true,
            markup: None,
            formulas: None,
            lone_tables: scraps::lone_tables(page),
            lists_signs: scraps::lists_signs(page),
            running_heads: running_head::of(page, &page_numbers),
            page_numbers,
            seen: loops::Seen::of(page),
        }
    }

    /// Whether the block is a comment of HTML.
    pub(super) fn parts(&mut self, page: &Page, block: usize) -> bool {
        let line = &page.text()[page.blocks[block].span.clone()];
        self.look(if line.starts_with('<') { MARKUP } else { 0 }, page);
        self.markup.is_some_and(|markup| markup.parts(line))
    }

    /// Decides about the page what these sorts ask.
    fn look(&mut self, sorts: u32, page: &Page) {
        if self.open && sorts & MARKUP != 0 {
            self.markup
                .get_or_insert_with(|| markup::LeftOver::of(page.text()));
        }
        if self.open && sorts & FORMULA != 0 {
            self.formulas
                .get_or_insert_with(|| formulas::is_left_over(page.text()));
        }
    }
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}')
}

/// Whether a text names characters by what they are: then it means those that it has, not their equivalents.
fn is_about_characters(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "部首",
        "偏旁",
        "Unicode",
        "unicode",
        "U+",
        "码位",
        "碼位",
        "兼容汉字",
        "相容漢字",
        "异体字",
        "異體字",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

const CURLY: (char, char) = ('“', '”');

/// The quotation marks that a page uses; asked only where it has straight ones.
fn quotes(text: &str) -> (char, char) {
    let count = |mark: char| text.matches(mark).count();
    if text.contains('"') && count('「') > count('“') {
        ('「', '」')
    } else {
        CURLY
    }
}

/// Whether it is a page of a newspaper as an extraction left it: only those have such blocks.
pub(super) fn is_newspaper(page: &Page) -> bool {
    let is_of_one = |block: &Block| {
        let kind = matches!(
            block.kind,
            Kind::Masthead | Kind::Jump | Kind::Credit | Kind::Byline
        );
        kind || block.closed_head || block.closed_tail
    };
    !page.laid_out && page.blocks.iter().any(is_of_one)
}
