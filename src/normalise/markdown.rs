//! Takes Markdown's marks off the text; what they said of a line is its kind by then.

use super::sorts::MARKDOWN;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::lines::without_mark;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Markdown,
    examples: &[
        (
            "# 码头夜航\n\n- 疏浚航道\n\n**本报讯** 五月五日夜。",
            "码头夜航\n\n疏浚航道\n\n本报讯 五月五日夜。",
        ),
        // a dash that opens speech, words that were struck out, a note
        (
            "- 船开了吗？\n- 还没有。\n\n云游**年有余，学那**门。\n\n* 此处残缺",
            "- 船开了吗？\n- 还没有。\n\n云游**年有余，学那**门。\n\n* 此处残缺",
        ),
        ("2 * 3 ** 2 = 18", "2 * 3 ** 2 = 18"),
        ("#话题 不是标题", "#话题 不是标题"),
        ("-5℃的清晨", "-5℃的清晨"),
    ],
    grade: Grade::Certain,
    wants: MARKDOWN,
    find,
};

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.markdown || context.is_data() {
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
