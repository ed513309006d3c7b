//! Drops characters that show nothing: control characters, byte order marks, zero-width spaces, soft hyphens.

use super::sorts::INVISIBLE;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::chars::is_wide;
use crate::text::latin::is_latin;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Invisible,
    examples: &[
        ("江边\u{200b}的灯\u{feff}塔", "江边的灯塔"),
        ("渡轮\u{7}开航", "渡轮开航"),
        ("co\u{ad}operate", "cooperate"),
        // joiners are letters' business in scripts that join: Persian, Hindi, emoji
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("👩\u{200d}🔬", "👩\u{200d}🔬"),
        ("a\tb", "a\tb"),
    ],
    grade: Grade::Certain,
    wants: INVISIBLE,
    find,
};

fn find(text: &str, _: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next().unwrap_or('\0');
        let drop = match c {
            '\t' | '\n' => false,
            // at a line's end it says that the word goes on: `rejoin` takes it out
            '\u{ad}' if after == '\0' && is_latin(before) => false,
            '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{ad}'
            | '\u{200b}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}' => true,
            '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => is_wide(before) || is_wide(after),
            _ => false,
        };
        if drop {
            edits.push(Edit::delete(at..at + c.len_utf8()));
        } else {
            before = c;
        }
    }
    edits
}
