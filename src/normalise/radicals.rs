//! Puts the ideograph in the place of a radical that a font or a conversion left: ⽔ (U+2F54) is 水 to a reader.

use super::sorts::RADICAL;
use super::{Context, Rule};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Radicals,
    examples: &[
        ("江⽔上涨，⼭路不通", "江水上涨，山路不通"),
        ("⻓江航道", "长江航道"),
        ("部首⽔、⽕各有归属", "部首⽔、⽕各有归属"),
        ("⺡是三点水旁", "⺡是三点水旁"),
        ("部首表\n\n⼭\n\n⽔", "部首表\n\n⼭\n\n⽔"),
    ],
    grade: Grade::Certain,
    wants: RADICAL,
    find,
};

/// Unicode's EquivalentUnifiedIdeograph, which NFKC has only for the Kangxi half.
static IDEOGRAPHS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    include_str!("../../data/tables/radicals.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(radical, ideograph)| {
            Some((radical.chars().next()?, ideograph.chars().next()?))
        })
        .collect()
});

fn find(text: &str, context: &Context) -> Vec<Edit> {
    // a text about radicals means the radicals
    if context.about_characters == Some(true) || text.contains('旁') {
        return Vec::new();
    }
    text.char_indices()
        .filter_map(|(at, c)| {
            IDEOGRAPHS
                .get(&c)
                .map(|ideograph| Edit::new(at..at + c.len_utf8(), *ideograph))
        })
        .collect()
}
