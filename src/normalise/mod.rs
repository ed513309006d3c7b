//! Repairs that one block and its page decide: a table of rules, in the order in which they act.
//!
//! A rule is a cause of the registry (`page::cause`), examples, and a finder. To add one: an entry there, a file with a
//! `RULE` in it, and two lines here. The examples are its documentation (`jiaokan rules`) and its test.

pub(crate) mod damage;
mod doubled;
mod formulas;
mod gloss;
mod invisible;
mod jump;
pub mod letters;
mod lookalike;
mod loops;
mod markdown;
mod markup;
mod mojibake;
mod narrow;
mod nfc;
mod page_number;
mod radicals;
mod scraps;
mod script;
mod spaced;
mod standin;
mod western;
mod width;
mod zhe;

pub use script::Target;

use crate::lexicon::Lexicon;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Grade};
use crate::page::{Block, Kind, Page};
use crate::text::chars::is_wide;
use crate::text::han::{Script, is_common, is_simplified, is_traditional};
use crate::text::latin::is_nearly_all_latin;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// In the order in which they act: what later rules look at must be mended first.
pub const RULES: [Rule; 20] = [
    mojibake::RULE,
    invisible::RULE,
    radicals::RULE,
    nfc::RULE,
    markup::RULE,
    formulas::RULE,
    scraps::RULE,
    page_number::RULE,
    loops::RULE,
    gloss::RULE,
    markdown::RULE,
    jump::RULE,
    spaced::RULE,
    narrow::RULE,
    standin::RULE,
    width::RULE,
    western::RULE,
    doubled::RULE,
    script::RULE,
    zhe::RULE,
];

/// What more than its page must decide, in the order in which they act: repairs that need the lexicon of the run.
pub const REPAIRS: [Repair; 4] = [
    damage::REPAIR,
    spaced::REPAIR,
    letters::REPAIR,
    lookalike::REPAIR,
];

pub struct Rule {
    pub cause: CauseId,
    /// Text of a page before and after. Equal halves say what must stay.
    pub examples: &'static [(&'static str, &'static str)],
    pub grade: Grade,
    /// The sorts of characters without which the rule has no work in a block.
    pub(crate) wants: u32,
    pub(crate) find: fn(&str, &Context) -> Vec<Edit>,
}

/// A repair that asks the lexicon what stands there. It acts in `finish`, on pages that the rules have been at.
pub struct Repair {
    pub cause: CauseId,
    /// Text of a page before and after, by the lexicon that ships with the program. Equal halves say what must stay.
    pub examples: &'static [(&'static str, &'static str)],
    pub(crate) mend: Mend,
    /// If it is right far more often than wrong, but not always, and so acts in full only if asked for (`--repair eager`):
    /// what it does else on pages of newspapers, which is to mend what is sure and to tell of the rest.
    pub(crate) unasked: Option<Mend>,
}

type Mend = fn(&mut Page, &Lexicon, Target);

impl Repair {
    /// Whether it acts in full only if asked for.
    pub fn is_eager(&self) -> bool {
        self.unasked.is_some()
    }
}

/// What a finder may know beyond its block.
pub struct Context {
    pub kind: Kind,
    pub target: Target,
    /// Whether it is a page of a newspaper as an extraction left it: it has a masthead, jump lines, credits.
    pub newspaper: bool,
    /// What script the page is in, all in all; told where a block first may have something to convert.
    pub script: Option<Script>,
    /// Whether the page is in Latin script.
    pub latin: bool,
    /// The quotation marks of the page.
    pub quotes: (char, char),
    /// Whether the page is one of those that carry pinyin glosses, and on which characters.
    pub(crate) glossed: gloss::Glossed,
    pub(crate) noise: Noise,
    /// The number of the block on its page.
    pub(crate) block: usize,
}

/// What of a page's marks is left over from a converter: nothing, where the page says what its paragraphs are.
#[derive(Default)]
pub(crate) struct Noise {
    open: bool,
    /// Told where a block first has any.
    markup: Option<markup::LeftOver>,
    formulas: Option<bool>,
    lone_tables: Vec<usize>,
    page_numbers: Vec<usize>,
    seen: loops::Seen,
}

/// Applies the rules to every block of the page, in order.
pub fn normalise(page: &mut Page, target: Target) {
    let mut context = Context::of(page, target);
    if context.noise.open {
        loops::drop_lines(page);
    }
    for at in 0..page.blocks.len() {
        // what they say is in the metadata, or of no use to who has not the newspaper in hand
        let leaves = match page.blocks[at].kind {
            Kind::Masthead => Some(CauseId::Masthead),
            Kind::Jump => Some(jump::RULE.cause),
            Kind::Code if context.noise.parts(page, at) => Some(markup::RULE.cause),
            _ => None,
        };
        match leaves.filter(|cause| !page.without.holds(*cause)) {
            Some(cause) => page.drop_block(&Cause::certain(cause), at),
            None if page.blocks[at].dropped => {}
            None => {
                context.block = at;
                let (sorts, is_gone) = mend_block(page, at, &mut context);
                if sorts & LOST != 0 {
                    mojibake::remark_on_lost(page, at);
                }
                if sorts & LOOP != 0 {
                    loops::remark_on(page, at);
                }
                page.blocks[at].dropped = is_gone;
            }
        }
    }
}

/// Makes the repairs that need the lexicon of the run, in order; those that are not always right if asked for.
pub(crate) fn repair(page: &mut Page, lexicon: &Lexicon, target: Target, eager: bool) {
    for Repair {
        cause,
        mend,
        unasked,
        ..
    } in &REPAIRS
    {
        match unasked {
            _ if page.without.holds(*cause) => {}
            Some(unasked) if !eager => {
                if is_newspaper(page) {
                    unasked(page, lexicon, target);
                }
            }
            _ => mend(page, lexicon, target),
        }
    }
}

impl Context {
    fn of(page: &Page, target: Target) -> Self {
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
        }
    }
}

impl Context {
    /// Learns of the page what these sorts ask. Gives `TARGET` where a block with them may have something to convert.
    fn look(&mut self, sorts: u32, page: &Page) -> u32 {
        self.noise.look(sorts, page);
        let is_there = match self.target {
            Target::Keep => true,
            Target::Simplified => sorts & SCRIPTS == SIMPLIFIED,
            Target::Traditional => sorts & SCRIPTS == TRADITIONAL,
            Target::Taiwan | Target::HongKong => false,
        };
        if is_there {
            return 0;
        }
        self.script.get_or_insert_with(|| Script::of(page.text()));
        TARGET
    }
}

impl Noise {
    fn of(page: &Page) -> Self {
        Noise {
            open: true,
            markup: None,
            formulas: None,
            lone_tables: scraps::lone_tables(page),
            page_numbers: page_number::of(page),
            seen: loops::Seen::of(page),
        }
    }

    /// Whether the block is a comment of HTML.
    fn parts(&mut self, page: &Page, block: usize) -> bool {
        let line = &page.text()[page.blocks[block].span.clone()];
        self.look(if line.starts_with('<') { MARKUP } else { 0 }, page);
        self.markup.is_some_and(|markup| markup.parts(line))
    }

    /// Learns of the page what these sorts ask.
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

/// Applies the rules to one block, and says what sorts of characters it saw and whether nothing of it is left.
fn mend_block(page: &mut Page, block: usize, context: &mut Context) -> (u32, bool) {
    let Block { span, kind, .. } = page.blocks[block].clone();
    context.kind = kind;
    if kind == Kind::Code {
        return (0, false);
    }
    let text = &page.text()[span.clone()];
    let looped = if context.noise.open && context.noise.seen.may_loop(page.text(), &span) {
        LOOP
    } else {
        0
    };
    let is_short = text.len() <= SHORT_LINE && !text.starts_with(is_wide)
        || context.noise.page_numbers.contains(&block);
    let short = if is_short { SHORT } else { 0 };
    let mut sorts = sorts(text) | looped | short;
    sorts |= context.look(sorts, page);
    let mut reading = page.reading(span.clone());
    for rule in &RULES {
        if rule.wants & sorts == 0 || page.without.holds(rule.cause) {
            continue;
        }
        // what it mends may show it more work: of marks that touch, each waits for its neighbour
        for _ in 0..MOST_ROUNDS {
            let edits: Vec<Edit> = (rule.find)(&reading.text, context)
                .into_iter()
                .map(|e| reading.trace(e))
                .collect();
            if edits.is_empty() {
                break;
            }
            page.edit(
                &Cause {
                    rule: rule.cause,
                    grade: rule.grade,
                    evidence: Default::default(),
                },
                edits,
            );
            reading = page.reading(span.clone());
            let now = self::sorts(&reading.text) | looped | short;
            let now = now | context.look(now, page);
            sorts |= now;
            if rule.wants & now == 0 {
                break;
            }
        }
    }
    (
        sorts,
        reading.is_changed() && reading.text.trim().is_empty(),
    )
}

/// Bytes of a line that may be a scrap, unless words begin it.
const SHORT_LINE: usize = 120;

/// Times that a rule looks at one block.
const MOST_ROUNDS: usize = 4;

/// Looks once more at the marks of two blocks that are halves of one sentence: a pair of brackets may stand in both.
pub(crate) fn mend_seam(page: &mut Page, tail: usize, head: usize) {
    let rule = &width::RULE;
    let context = Context {
        kind: Kind::Body,
        target: Target::Keep,
        newspaper: false,
        script: None,
        latin: false,
        quotes: CURLY,
        glossed: gloss::Glossed::default(),
        noise: Noise::default(),
        block: tail,
    };
    let [before, behind] = [tail, head].map(|block| page.reading(page.blocks[block].span.clone()));
    let seam = before.text.len();
    let whole = format!("{}{}", before.text, behind.text);
    let edits = (rule.find)(&whole, &context)
        .into_iter()
        .map(|Edit { span, with }| {
            if span.end <= seam {
                before.trace(Edit { span, with })
            } else {
                behind.trace(Edit {
                    span: span.start - seam..span.end - seam,
                    with,
                })
            }
        })
        .collect();
    page.edit(
        &Cause {
            rule: rule.cause,
            grade: rule.grade,
            evidence: Default::default(),
        },
        edits,
    );
}

/// Whether it is a page of a newspaper as an extraction left it: only those have such blocks.
fn is_newspaper(page: &Page) -> bool {
    let is_of_one = |block: &Block| {
        let kind = matches!(
            block.kind,
            Kind::Masthead | Kind::Jump | Kind::Credit | Kind::Byline
        );
        kind || block.closed_head || block.closed_tail
    };
    !page.laid_out && page.blocks.iter().any(is_of_one)
}

/// Sorts of characters, one bit each: the one scan of a block that says which rules have work in it.
const INVISIBLE: u32 = 1;
const RADICAL: u32 = 1 << 1;
const COMBINING: u32 = 1 << 2;
const MARK: u32 = 1 << 3;
const MARKDOWN: u32 = 1 << 4;
const BRACKET: u32 = 1 << 5;
/// What lost characters leave.
const LOST: u32 = 1 << 6;
/// 著.
const ZHU: u32 = 1 << 7;
/// Letters and digits set full width.
const FULL_WIDTH: u32 = 1 << 8;
const SPACE: u32 = 1 << 9;
/// Marks that stand in for others.
const STANDIN: u32 = 1 << 10;
/// Marks that Latin script has half width.
const WIDE_MARK: u32 = 1 << 11;
const MARKUP: u32 = 1 << 12;
const FORMULA: u32 = 1 << 13;
const IMAGE: u32 = 1 << 14;
/// 的; two of them in a row.
const PARTICLE: u32 = 1 << 15;
/// ä, and what stands behind it where it is the first byte of something; two of them in a row.
const LATIN: u32 = 1 << 16;
/// Characters that are not common in Chinese; two of them in a row.
const RARE: u32 = 1 << 17;
/// Marks of which several stand in for others; two of them in a row.
const DOUBLE: u32 = 1 << 18;
/// Those that tell nothing alone.
const PAIRED: u32 = PARTICLE | LATIN | RARE | DOUBLE;
/// Characters that only traditional text has, and such as only simplified text has.
const TRADITIONAL: u32 = 1 << 19;
const SIMPLIFIED: u32 = 1 << 20;
const SCRIPTS: u32 = TRADITIONAL | SIMPLIFIED;
/// Not characters: another script may be asked for; the line may be a scrap or a page number; it may hold a loop.
const TARGET: u32 = 1 << 21;
const SHORT: u32 = 1 << 22;
const LOOP: u32 = 1 << 23;

/// The sorts that stand in a text.
fn sorts(text: &str) -> u32 {
    let Sorts { classes, of_class } = &*SORTS;
    let (mut found, mut last) = (0, 0);
    for c in text.chars() {
        let sort = classes
            .get(c as usize)
            .map_or_else(|| sort(c), |class| of_class[usize::from(*class)]);
        found |= sort & (last | !PAIRED);
        last = sort;
    }
    found
}

/// The sorts of the characters of the basic plane: a byte a character, so that those of a text stay in the fastest cache.
struct Sorts {
    classes: Box<[u8]>,
    of_class: [u32; 256],
}

static SORTS: LazyLock<Sorts> = LazyLock::new(|| {
    let (mut of_class, mut known) = ([0; 256], 1);
    let mut class = |sorts: u32| {
        let class = of_class[..known]
            .iter()
            .position(|other| *other == sorts)
            .unwrap_or(known);
        of_class[class] = sorts;
        known = known.max(class + 1);
        class as u8
    };
    let classes = (0..0x10000)
        .map(|n| class(char::from_u32(n).map_or(0, sort)))
        .collect();
    Sorts { classes, of_class }
});

fn sort(c: char) -> u32 {
    let script = match () {
        () if is_traditional(c) => TRADITIONAL,
        () if is_simplified(c) => SIMPLIFIED,
        () => 0,
    };
    script | by_use(c)
}

/// The sorts of a character but for its script.
fn by_use(c: char) -> u32 {
    match c {
        '的' => PARTICLE,
        '著' => ZHU,
        ',' | ';' | ':' | '?' | '!' => MARK,
        '(' | ')' => MARK | BRACKET,
        '（' | '）' => BRACKET | WIDE_MARK,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => FULL_WIDTH,
        ' ' => SPACE,
        '"' => STANDIN,
        '-' => MARKDOWN | DOUBLE,
        '。' => DOUBLE | WIDE_MARK,
        '.' | '·' | '－' => DOUBLE,
        '，' | '；' | '：' | '？' | '！' => WIDE_MARK,
        '#' | '*' | '+' | '•' => MARKDOWN,
        '<' | '&' => MARKUP,
        '$' | '\\' | '^' => FORMULA,
        '[' | '\u{25a0}'..='\u{25e5}' => IMAGE,
        '\0'..='\x1f' | '\x7f' => INVISIBLE,
        '\u{80}'..='\u{9f}' | '\u{ad}' => INVISIBLE | LATIN,
        '\u{a0}'..='\u{ff}' | '€' | '™' | 'œ' | 'ƒ' | 'ˆ' | '˜' | '‚' | '„' | '†' | '‡' | '‰' => {
            LATIN
        }
        '\u{fffd}' | '锟' => LOST,
        '\u{e000}'..='\u{f8ff}' => RARE,
        '\u{3400}'..='\u{9fff}' if !is_common(c) => RARE,
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}' => INVISIBLE,
        '\u{2e80}'..='\u{2fd5}' => RADICAL,
        '\u{300}'..='\u{36f}'
        | '\u{3099}'
        | '\u{309a}'
        | '\u{f900}'..='\u{faff}'
        | '\u{2f800}'.. => COMBINING,
        '\u{340}'..='\u{1fff}' | '\u{2000}'..='\u{2001}' | '\u{2126}'..='\u{212b}' => COMBINING,
        _ => 0,
    }
}

/// How far the text is repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repairing {
    /// Not at all
    Off,
    /// Where a repair is proved, or the evidence overwhelming
    #[default]
    On,
    /// Also characters that look like the right one, by the corpus: now and then a name or a rare word is spoilt
    Eager,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Counting;
    use crate::segment::segment;

    /// A page of this one text, cleaned by all rules up to and with the named one.
    fn after(rule: &Rule, text: &str) -> String {
        let mut page = Page::new("example", text);
        segment(&mut page);
        let converts = [CauseId::Script, CauseId::Zhe].contains(&rule.cause);
        normalise(
            &mut page,
            if converts {
                Target::Simplified
            } else {
                Target::Keep
            },
        );
        without_gaps(&page.clean())
    }

    /// The text as `rejoin` lays it out: no gaps where lines were dropped.
    fn without_gaps(text: &str) -> String {
        let lines: Vec<&str> = text
            .split("\n\n")
            .filter(|line| !line.trim().is_empty())
            .collect();
        lines.join("\n\n").trim_matches('\n').to_string()
    }

    fn repaired(text: &str) -> String {
        let mut page = Page::new("example", text);
        segment(&mut page);
        normalise(&mut page, Target::Keep);
        repair(
            &mut page,
            &Counting::default().lexicon(),
            Target::Keep,
            true,
        );
        page.clean()
    }

    fn assert_holds(name: CauseId, examples: &[(&str, &str)], after: impl Fn(&str) -> String) {
        assert!(
            examples.iter().any(|(before, after)| before == after),
            "{name}: nothing that must stay"
        );
        assert!(
            examples.iter().any(|(before, after)| before != after),
            "{name}: nothing that must change"
        );
        for (before, want) in examples {
            assert_eq!(&after(before), want, "{name} on {before:?}");
            assert_eq!(&after(want), want, "{name} once more on {want:?}");
        }
    }

    #[test]
    fn every_example_of_every_rule_holds() {
        RULES
            .iter()
            .for_each(|rule| assert_holds(rule.cause, rule.examples, |text| after(rule, text)));
        REPAIRS
            .iter()
            .for_each(|repair| assert_holds(repair.cause, repair.examples, repaired));
    }
}
