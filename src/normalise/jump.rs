//! Takes jump notes such as （下转第3版） off the text they follow; lines of their own leave because of their kind.

use super::sorts::BRACKET;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::lines::jump_span;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Jump,
    examples: &[
        ("灯塔重新点亮。（下转第3版）", "灯塔重新点亮。"),
        ("(上接第一版)守塔人说", "守塔人说"),
        ("列车下转第3站台（换乘站）", "列车下转第3站台（换乘站）"),
        ("他翻到第3版（副刊）。", "他翻到第3版（副刊）。"),
    ],
    grade: Grade::Certain,
    wants: BRACKET,
    find,
};

fn find(text: &str, _: &Context) -> Vec<Edit> {
    jump_span(text).map(Edit::delete).into_iter().collect()
}
