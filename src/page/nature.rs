//! What a page is and what each of its blocks is, as `nature` judged it: what may happen to text of this kind follows.

use crate::text::choice::choices;
use crate::text::language::Language;
use crate::text::sentence::Ending;
use std::collections::BTreeMap;

/// What a page is, and each of its blocks.
#[derive(Debug, Clone, Default)]
pub struct Nature {
    /// One of each block of the page.
    pub blocks: Vec<BlockNature>,
    pub breaks: Breaks,
    /// How its lines were wrapped, if they were.
    pub wrapped: Option<Wrap>,
    /// The language of most of its letters.
    pub language: Language,
    /// Whether most of its blocks are code: the rest are its comments.
    pub is_listing: bool,
    /// Whether any of its blocks is code: then the white space before its lines says something.
    pub has_code: bool,
    /// Whether marks of Markdown mean what Markdown says.
    pub markdown: bool,
}

/// How the lines of a page were wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrap {
    /// The width of most of its lines, in columns.
    pub width: usize,
    /// Lines that go on in the next.
    pub lines: usize,
}

/// What a block is.
#[derive(Debug, Clone, Copy)]
pub struct BlockNature {
    pub form: Form,
    /// What it was judged by, for `jiaokan explain`.
    pub why: &'static str,
    pub language: Language,
    pub ending: Ending,
    /// Whether it goes on in the next block that is no furniture: a column's edge, or a page's end, broke it.
    pub goes_on: bool,
    /// Whether it is a line of wrapped text.
    pub wrapped: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    #[default]
    Prose,
    Verse,
    Dialogue,
    List,
    Table,
    Code,
    Formula,
    /// CSV, logs, JSON, subtitles.
    Data,
    Heading,
    /// Mastheads, bylines, captions, rules, page numbers.
    Furniture,
}

choices! {
    /// What pages are taken for, whatever they look like.
    pub enum TakenFor: Auto {
        Auto = "auto": "What each page shows that it is";
        Prose = "prose": "Running text";
        Verse = "verse": "Verse: a line stays a line";
        Code = "code": "Programs, logs and data: only their characters are repaired";
        Newspaper = "newspaper": "Pages whose columns may have broken every sentence";
    }
}

impl Nature {
    /// Makes the page what it is to be taken for. Headings and furniture stay what they are.
    pub fn take_for(&mut self, taken_for: TakenFor) {
        let form = match taken_for {
            TakenFor::Auto => return,
            TakenFor::Newspaper => {
                self.breaks.broken = true;
                return;
            }
            TakenFor::Prose => Form::Prose,
            TakenFor::Verse => Form::Verse,
            TakenFor::Code => Form::Code,
        };
        let is_text = |block: &&mut BlockNature| {
            form == Form::Code || !matches!(block.form, Form::Heading | Form::Furniture)
        };
        for block in self.blocks.iter_mut().filter(is_text) {
            block.form = form;
            block.why = "--as";
            block.goes_on &= form == Form::Prose;
            block.wrapped &= form == Form::Prose;
        }
        if form.keeps_lines() {
            self.breaks.broken = false;
            self.wrapped = None;
        }
        self.is_listing = form == Form::Code;
        self.has_code = form == Form::Code;
        self.markdown &= form != Form::Code;
    }

    /// What the page is, in words: its language, whether layout broke or wrapped it, and how many blocks of each form it
    /// has, with what they were judged by.
    pub fn says(&self) -> String {
        let language = match self.language.code {
            "" => "of no language that is known",
            code => code,
        };
        let broken = match self.breaks.broken {
            true => "broken by layout",
            false => "not broken by layout",
        };
        let wrapped = self.wrapped.map(|wrap| {
            let Wrap { width, lines } = wrap;
            format!("; lines wrapped at {width} columns: {lines}")
        });
        let mut forms: BTreeMap<(Form, &str), usize> = BTreeMap::new();
        for block in &self.blocks {
            *forms.entry((block.form, block.why)).or_default() += 1;
        }
        let forms: Vec<String> = (forms.into_iter())
            .map(|((form, why), blocks)| format!("{} {blocks} ({why})", form.name()))
            .collect();
        format!(
            "{language}; {broken} ({}){}\n{}",
            self.breaks.says(),
            wrapped.unwrap_or_default(),
            forms.join(", ")
        )
    }

    /// What a block is; prose, where nobody has said.
    pub fn form(&self, block: usize) -> Form {
        self.blocks
            .get(block)
            .map_or(Form::Prose, |block| block.form)
    }

    /// The language of a block; none, where nobody has said.
    pub fn language_of(&self, block: usize) -> Language {
        self.blocks
            .get(block)
            .map(|block| block.language)
            .unwrap_or_default()
    }
}

impl Form {
    pub fn name(self) -> &'static str {
        match self {
            Form::Prose => "prose",
            Form::Verse => "verse",
            Form::Dialogue => "dialogue",
            Form::List => "list",
            Form::Table => "table",
            Form::Code => "code",
            Form::Formula => "formula",
            Form::Data => "data",
            Form::Heading => "heading",
            Form::Furniture => "furniture",
        }
    }

    /// Whether it is no text to read: tables, code, formulas, data.
    pub fn is_data(self) -> bool {
        matches!(self, Form::Table | Form::Code | Form::Formula | Form::Data)
    }

    /// Whether a line break in it is the writer's own.
    pub fn keeps_lines(self) -> bool {
        !matches!(self, Form::Prose | Form::List)
    }
}

/// What a page shows of having been broken.
#[derive(Debug, Clone, Default)]
pub struct Breaks {
    /// Whether halves may be looked for on it at all.
    pub broken: bool,
    /// What speaks for it, each with how often it was seen.
    pub signs: Vec<(Sign, usize)>,
    /// Texts of running prose, and those of them that end open.
    pub texts: usize,
    pub open: usize,
    /// The blocks that end open where running text or a caption follows: what speaks for a break.
    pub tails: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A masthead stands at its head.
    Masthead,
    /// 下转第3版: it goes on elsewhere.
    JumpNote,
    /// A format that says where its blocks stood on the page: ALTO, PAGE XML, hOCR, MinerU and other layout tools.
    Regions,
    /// A byline, a dateline or a credit.
    Newspaper,
    /// A text begins with a mark that nothing begins with, or in the middle of a word.
    TornHead,
    /// A text ends with a hyphen and another begins with a small letter.
    CutWord,
    /// A text ends in 4. and another begins with digits.
    CutNumber,
    /// A quotation is open at a text's end, and another closes one that it has not opened.
    CutQuotation,
    /// A caption stands behind a text that ends open.
    CaptionBetween,
    /// Long texts end open, among others that do not.
    OpenAmongClosed,
}

impl Sign {
    pub fn says(self) -> &'static str {
        match self {
            Sign::Masthead => "a masthead",
            Sign::JumpNote => "a jump note",
            Sign::Regions => "regions of a scanned page",
            Sign::Newspaper => "bylines, datelines or credits",
            Sign::TornHead => "texts that begin in mid-sentence",
            Sign::CutWord => "words cut at a hyphen",
            Sign::CutNumber => "numbers cut in two",
            Sign::CutQuotation => "quotations cut in two",
            Sign::CaptionBetween => "captions in mid-sentence",
            Sign::OpenAmongClosed => "open ends among closed ones",
        }
    }
}

impl Breaks {
    pub fn says(&self) -> String {
        let all: Vec<&str> = self.signs.iter().map(|(e, _)| e.says()).collect();
        let seen = if all.is_empty() {
            "no sign of a break".to_string()
        } else {
            all.join(", ")
        };
        format!("{seen}; {} of {} texts end open", self.open, self.texts)
    }

    pub fn seen(&self, what: Sign) -> usize {
        self.signs
            .iter()
            .find(|(e, _)| *e == what)
            .map_or(0, |(_, n)| *n)
    }
}
