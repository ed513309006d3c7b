//! Repairs text whose bytes were damaged: a key replaced in GBK across two characters, a mark cut out of the middle of one.
//!
//! `model.rs` says how the damage comes about, `repair.rs` finds what it was done to. It needs the run's lexicon, so it
//! acts in `finish`, on the text as it came, and the rules act after it once more.

mod model;
mod repair;

use super::{Context, RULES, Target, gloss, mend_block, script};
use crate::lexicon::Lexicon;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence};
use crate::page::{Block, Kind, Page};
use crate::text::chars::{is_wide, is_wide_mark};
use crate::text::han::HanScript;
use repair::GlossKeys;

pub(super) const REPAIR: super::Repair = super::Repair {
    cause: CauseId::Damage,
    examples: &[
        (
            "碼頭正在推進規(guī)?;瘧?,船員(yuán)們都說好。",
            "碼頭正在推進規模化應用，船員們都說好。",
        ),
        ("渡口在哪里？在東岸。", "渡口在哪里？在東岸。"),
    ],
    mend,
    unasked: None,
};

/// Repairs what the lexicon can tell, after which the other rules work on the block again. What it cannot tell becomes a
/// remark.
fn mend(page: &mut Page, lexicon: &Lexicon, target: Target) {
    if !is_damaged(page) {
        return;
    }
    let keys = GlossKeys::of(page.text());
    let mut context = Context::of(page, target);
    // what is put in is too short to tell
    context.script = Some(HanScript::of(page.text()));
    for at in 0..page.blocks.len() {
        let block = &page.blocks[at];
        let is_text = !block.dropped && !matches!(block.kind, Kind::Code | Kind::Table);
        if is_text && may_lie_in(page, block) && mend_damage(page, at, &keys, lexicon, &context) {
            mend_block(page, at, &mut context);
        }
    }
}

/// Whether anything of a block was repaired.
fn mend_damage(
    page: &mut Page,
    block: usize,
    keys: &GlossKeys,
    lexicon: &Lexicon,
    context: &Context,
) -> bool {
    let block = page.blocks[block].span.clone();
    let repairs = repair::repairs(&page.text()[block.clone()], keys, lexicon);
    let mut is_repaired = false;
    for repair::LineRepair { span, with, note } in repairs {
        let span = block.start + span.start..block.start + span.end;
        let evidence = Evidence {
            note,
            ..Evidence::default()
        };
        // the other rules have been at the rest of the line, and may not see any more that this is to be converted
        let with = with.map(|with| script::converted(&with, context));
        match with.and_then(|with| over_other_rules(page, &Edit::new(span.clone(), with))) {
            Some(edit) => {
                page.edit(&Cause::verified(CauseId::Damage, evidence), vec![edit]);
                is_repaired = true;
            }
            // without glosses it was a question
            None if keys.is_empty() => {}
            None => page.remark(Cause::suspected(CauseId::Damage, evidence), span),
        }
    }
    is_repaired
}

/// The edit, so wide that it cuts through no change another rule has made; none if it is more than a rule's.
fn over_other_rules(page: &Page, edit: &Edit) -> Option<Edit> {
    let mut span = edit.span.clone();
    let changes = page.changes();
    let touching = || {
        changes
            .iter()
            .filter(|c| c.span.start < edit.span.end && edit.span.start < c.span.end)
    };
    if touching().any(|change| RULES.iter().all(|rule| rule.cause != change.cause.rule)) {
        return None;
    }
    for change in touching() {
        span = span.start.min(change.span.start)..span.end.max(change.span.end);
    }
    let [head, tail] =
        [span.start..edit.span.start, edit.span.end..span.end].map(|span| &page.text()[span]);
    Some(Edit::new(span, format!("{head}{}{tail}", edit.with)))
}

/// Marks the blocks of a page in which such damage may lie.
pub(crate) fn mark_damaged(page: &mut Page) {
    if !is_damaged(page) {
        return;
    }
    for at in 0..page.blocks.len() {
        page.blocks[at].damaged = may_lie_in(page, &page.blocks[at]);
    }
}

/// Whether a page may hold such damage: it carries glosses, or a `?` stands before a mark, and half characters are lost.
fn is_damaged(page: &Page) -> bool {
    let text = page.text();
    // clean text costs these two searches
    if page.laid_out || !text.contains('?') || !lost(text).any(|_| true) {
        return false;
    }
    gloss::Glossed::of(text).any()
        || lost(text).any(|at| text[at + 1..].starts_with(['！', '，', '；', '：']))
}

/// Whether such damage may lie in a block of a damaged page.
fn may_lie_in(page: &Page, block: &Block) -> bool {
    lost(&page.text()[block.span.clone()]).next().is_some()
}

/// Where a `?` stands that may be half a character: beside what is not Latin, or after a gloss.
fn lost(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('?').map(|(at, _)| at).filter(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + 1..].chars().next();
        let is_chinese = |c: char| is_wide(c) || is_wide_mark(c);
        before.is_some_and(|c| is_chinese(c) || c == ')') || after.is_some_and(is_chinese)
    })
}
