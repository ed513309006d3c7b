//! Repairs that one block and its page decide: a table of rules, in the order in which they act.
//!
//! A rule is a cause of the registry (`page::cause`), examples, and a finder. To add one: an entry there, a file with a
//! `RULE` in it, and two lines here. The examples are its documentation (`jiaokan rules`) and its test.

mod context;
mod damage;
mod doubled;
mod formulas;
mod gloss;
mod invisible;
mod jump;
pub(crate) mod letters;
mod lookalike;
mod loops;
mod markdown;
mod markup;
mod mojibake;
mod narrow;
mod nfc;
mod page_number;
mod radicals;
mod running_head;
mod scraps;
mod script;
mod sorts;
mod spaced;
mod standin;
mod western;
mod width;
mod zhe;

use context::{Context, is_newspaper};
pub(crate) use damage::mark_damaged;
pub use script::Target;
use sorts::{LOOP, LOST, SHORT};

use crate::lexicon::Lexicon;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Grade};
use crate::page::{Block, Kind, Page};
use crate::text::chars::is_wide;
use crate::text::choice::choices;

/// In the order in which they act: what later rules look at must be repaired first.
pub const RULES: &[Rule] = &[
    mojibake::RULE,
    invisible::RULE,
    radicals::RULE,
    nfc::RULE,
    markup::RULE,
    formulas::RULE,
    scraps::RULE,
    page_number::RULE,
    running_head::RULE,
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

/// Repairs that a page alone cannot decide, because they need the lexicon of the run, in the order in which they act.
pub const REPAIRS: &[Repair] = &[
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

impl Rule {
    /// The cause of what it changes.
    fn reason(&self) -> Cause {
        Cause {
            rule: self.cause,
            grade: self.grade,
            evidence: Default::default(),
        }
    }
}

/// A repair that asks the lexicon what the text should be. It acts in `finish`, on pages to which the rules were applied.
pub struct Repair {
    pub cause: CauseId,
    /// Text of a page before and after, by the lexicon that ships with the program. Equal halves say what must stay.
    pub examples: &'static [(&'static str, &'static str)],
    pub(crate) mend: Mend,
    /// What it does unasked, on newspaper pages: repairs what is sure, and reports the rest. It is for repairs that are right
    /// far more often than wrong, but not always, and so act in full only if asked for (`--repair eager`).
    pub(crate) unasked: Option<Mend>,
}

type Mend = fn(&mut Page, &Lexicon, Target);

impl Repair {
    /// Whether it acts in full only if asked for.
    pub fn is_eager(&self) -> bool {
        self.unasked.is_some()
    }
}

/// Applies the rules to every block of the page, in order.
pub fn normalise(page: &mut Page, target: Target) {
    let mut context = Context::of(page, target);
    if context.noise.open {
        loops::drop_lines(page);
    }
    for at in 0..page.blocks.len() {
        // what they say is in the metadata, or of no use without the newspaper in hand
        let leaves = match page.blocks[at].kind {
            Kind::Masthead => Some(CauseId::Masthead),
            Kind::Jump => Some(jump::RULE.cause),
            Kind::Code if context.noise.parts(page, at) => Some(markup::RULE.cause),
            _ => None,
        };
        match leaves.filter(|cause| !page.without.holds(*cause)) {
            Some(cause) => page.drop_block(&Cause::certain(cause), at),
            None if page.blocks[at].dropped => {}
            None => normalise_block(page, at, &mut context),
        }
    }
}

/// Applies the rules to one block, and remarks on what they leave there.
fn normalise_block(page: &mut Page, block: usize, context: &mut Context) {
    context.enter(page, block);
    let (sorts, is_gone) = mend_block(page, block, context);
    if sorts & LOST != 0 {
        mojibake::remark_on_lost(page, block);
    }
    if sorts & LOOP != 0 {
        loops::remark_on(page, block);
    }
    page.blocks[block].dropped = is_gone;
}

/// Makes the repairs that need the lexicon of the run, in order; those that are not always right if asked for.
pub(crate) fn repair(page: &mut Page, lexicon: &Lexicon, target: Target, eager: bool) {
    for Repair {
        cause,
        mend,
        unasked,
        ..
    } in REPAIRS
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

/// Applies the rules to one block, and says what sorts of characters it saw and whether nothing of it is left.
fn mend_block(page: &mut Page, block: usize, context: &mut Context) -> (u32, bool) {
    let Block { span, kind, .. } = page.blocks[block].clone();
    if kind == Kind::Code {
        return (0, false);
    }
    let of_line = sorts_of_line(page, block, context);
    let mut sorts = sorts::sorts(&page.text()[span.clone()]) | of_line;
    sorts |= context.look(sorts, page);
    let mut reading = page.reading(span.clone());
    for rule in RULES {
        if rule.wants & sorts == 0 || page.without.holds(rule.cause) {
            continue;
        }
        // what it repairs may show it more work: of marks that touch, each waits for its neighbour
        for _ in 0..MOST_ROUNDS {
            let edits = (rule.find)(&reading.text, context).into_iter();
            let edits: Vec<Edit> = edits.map(|edit| reading.trace(edit)).collect();
            if edits.is_empty() {
                break;
            }
            page.edit(&rule.reason(), edits);
            reading = page.reading(span.clone());
            let now = sorts::sorts(&reading.text) | of_line;
            let now = now | context.look(now, page);
            sorts |= now;
            if rule.wants & now == 0 {
                break;
            }
        }
    }
    let is_gone = reading.is_changed() && reading.text.trim().is_empty();
    (sorts, is_gone)
}

/// The sorts that are no characters: it may hold a loop; it may be a scrap or the number of a page.
fn sorts_of_line(page: &Page, block: usize, context: &mut Context) -> u32 {
    let span = &page.blocks[block].span;
    let text = &page.text()[span.clone()];
    let noise = &mut context.noise;
    let may_loop = noise.open && noise.seen.may_loop(page.text(), span);
    let is_short = text.len() <= SHORT_LINE && !text.starts_with(is_wide)
        || noise.page_numbers.contains(&block)
        || noise.running_heads.contains(&block);
    (if may_loop { LOOP } else { 0 }) | (if is_short { SHORT } else { 0 })
}

/// Bytes of a line that may be a scrap, unless words begin it.
const SHORT_LINE: usize = 120;

/// Times that a rule looks at one block.
const MOST_ROUNDS: usize = 4;

/// Looks once more at the marks of two blocks that are halves of one sentence: a pair of brackets may be open in one and
/// close in the other.
pub(crate) fn mend_seam(page: &mut Page, tail: usize, head: usize) {
    let rule = &width::RULE;
    let [before, after] = [tail, head].map(|block| page.reading(page.blocks[block].span.clone()));
    let seam = before.text.len();
    let whole = format!("{}{}", before.text, after.text);
    let edits = (rule.find)(&whole, &Context::of_none())
        .into_iter()
        .map(|Edit { span, with }| {
            if span.end <= seam {
                before.trace(Edit { span, with })
            } else {
                after.trace(Edit {
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

choices! {
    /// How far the text is repaired.
    pub enum Repairing: On {
        Off = "off": "Not at all";
        On = "on": "Where a repair is proved, or the evidence overwhelming";
        Eager = "eager": "Also characters that look like the right one, by the corpus: now and then a name or a rare word is spoilt";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Counts;
    use crate::segment::segment;

    /// A page of this one text, cleaned by all rules up to and with the named one.
    fn after(rule: &Rule, text: &str) -> String {
        let mut page = Page::new("example", text);
        segment(&mut page);
        page.nature = crate::nature::nature(&page);
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
        page.nature = crate::nature::nature(&page);
        normalise(&mut page, Target::Keep);
        repair(&mut page, &Counts::default().lexicon(), Target::Keep, true);
        page.clean()
    }

    /// How many examples do not hold.
    fn failures(name: CauseId, examples: &[(&str, &str)], after: impl Fn(&str) -> String) -> usize {
        let mut failed = 0;
        assert!(
            examples.iter().any(|(before, after)| before == after),
            "{name}: nothing that must stay"
        );
        assert!(
            examples.iter().any(|(before, after)| before != after),
            "{name}: nothing that must change"
        );
        // all that fail are shown before the first is held
        for (text, want) in examples
            .iter()
            .flat_map(|(before, want)| [(before, want), (want, want)])
        {
            let came = after(text);
            if came != *want {
                eprintln!("{name} on {text:?}: {came:?}");
                failed += 1;
            }
        }
        failed
    }

    #[test]
    fn every_example_of_every_rule_holds() {
        let of_rules = RULES
            .iter()
            .map(|rule| failures(rule.cause, rule.examples, |text| after(rule, text)));
        let of_repairs = REPAIRS
            .iter()
            .map(|repair| failures(repair.cause, repair.examples, repaired));
        assert_eq!(of_rules.chain(of_repairs).sum::<usize>(), 0);
    }
}
