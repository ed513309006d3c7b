//! Drops the second of two 的 where no word could need both.

use super::sorts::PARTICLE;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Doubled,
    examples: &[
        ("以摆渡为生的的人家。（下转第3版）", "以摆渡为生的人家。"),
        // elsewhere it may be the author's own slip
        ("以摆渡为生的的人家。", "以摆渡为生的的人家。"),
        ("这一目的的实现", "这一目的的实现"),
        ("的的确确", "的的确确"),
        ("人人天天谢谢", "人人天天谢谢"),
    ],
    grade: Grade::Verified,
    wants: PARTICLE,
    find,
};

/// Characters that make a word with the first 的: 目的 标的 中的 众矢之的 打的 有的 是的 别的.
const ENDS_WORD: &str = "目标標中之打有是别別鹄鵠似的";
/// Characters that make a word with the second: 的确 的士 的的喀喀 的哥 的黎波里.
const BEGINS_WORD: &str = "确確士喀哥卢盧黎款的";

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.newspaper {
        return Vec::new();
    }
    const LENGTH: usize = '的'.len_utf8();
    text.match_indices("的的")
        .filter(|(at, pair)| {
            let before = text[..*at].chars().next_back();
            let after = text[at + pair.len()..].chars().next();
            before.is_some_and(|c| c.is_alphanumeric() && !ENDS_WORD.contains(c))
                && after.is_some_and(|c| c.is_alphanumeric() && !BEGINS_WORD.contains(c))
        })
        .map(|(at, _)| Edit::delete(at + LENGTH..at + 2 * LENGTH))
        .collect()
}
