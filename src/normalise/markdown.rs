//! Takes Markdown's marks off the text; what they said of a line is its kind by then.

use super::sorts::MARKDOWN;
use super::{Context, Rule};
use crate::page::Kind;
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::lines::without_mark;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Markdown,
    examples: &[
        ("## 码头夜航", "码头夜航"),
        ("- 疏浚航道", "疏浚航道"),
        ("**本报讯** 五月五日夜。", "本报讯 五月五日夜。"),
        ("2 * 3 ** 2 = 18", "2 * 3 ** 2 = 18"),
        ("#话题 不是标题", "#话题 不是标题"),
        ("-5℃的清晨", "-5℃的清晨"),
    ],
    grade: Grade::Certain,
    wants: MARKDOWN,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.kind == Kind::Table {
        return Vec::new();
    }
    let rest = without_mark(text).0;
    let lead = text.len() - rest.len();
    let mut edits = Vec::new();
    if lead > 0 {
        edits.push(Edit::delete(0..lead));
    }
    let marks: Vec<usize> = rest.match_indices("**").map(|(at, _)| at + lead).collect();
    for pair in marks.chunks_exact(2) {
        let (open, close) = (pair[0], pair[1]);
        let inside = &text[open + 2..close];
        if !inside.is_empty() && inside.trim() == inside && !inside.starts_with('*') {
            edits.extend([Edit::delete(open..open + 2), Edit::delete(close..close + 2)]);
        }
    }
    edits
}
