//! Which Han characters a reader, or a recogniser, may take for one another.

use super::chars::is_han;
use std::sync::LazyLock;

/// From this likeness on, in percent, two characters are alike to every reader. Chosen by eye on the pairs of the table.
const ALIKE: u8 = 90;

/// Whether a recogniser may take one for the other: they are not two spellings of a word, and are alike beyond doubt.
pub(crate) fn look_alike(one: char, other: char) -> bool {
    let is_like = |(c, likeness): &(char, u8)| *c == other && *likeness >= ALIKE;
    !is_spelling(one, other) && lookalikes(one).iter().any(is_like)
}

/// Whether these are two ways to write one word: the author's choice, not a recogniser's error.
pub(crate) fn is_spelling(one: char, other: char) -> bool {
    ["帐账", "帳賬", "拚拼", "籍藉", "祗祇", "象像", "糢模"]
        .iter()
        .any(|pair| pair.contains(one) && pair.contains(other))
}

/// The characters that look like this one, and how alike they are, in percent.
pub(crate) fn lookalikes(c: char) -> &'static [(char, u8)] {
    if !is_han(c) {
        return &[];
    }
    (c as usize)
        .checked_sub(FIRST)
        .and_then(|at| TABLE.get(at))
        .map_or(&[], Vec::as_slice)
}

/// Every character that has lookalikes, with them.
pub(crate) fn all() -> impl Iterator<Item = (char, &'static [(char, u8)])> {
    let characters = (FIRST..FIRST + TABLE.len()).filter_map(|n| char::from_u32(n as u32));
    characters
        .map(|c| (c, lookalikes(c)))
        .filter(|(_, others)| !others.is_empty())
}

/// The first character of the table: the unified ideographs begin here, and their block has this many.
const FIRST: usize = 0x4e00;
const BLOCK: usize = 0x5200;

/// The lookalikes of each character from `FIRST` on, as `make lookalikes` draws and compares them.
static TABLE: LazyLock<Vec<Vec<(char, u8)>>> = LazyLock::new(|| {
    let mut table = vec![Vec::new(); BLOCK];
    for line in include_str!("../../data/tables/lookalikes.tsv").lines() {
        let mut chars = line.chars();
        let pair = [chars.next(), chars.next()].map(|c| c.expect("a pair of characters a line"));
        let likeness = chars.as_str().parse().expect("and how alike they are");
        for [one, other] in [pair, [pair[1], pair[0]]] {
            table[one as usize - FIRST].push((other, likeness));
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_pairs_that_every_proofreader_knows() {
        for pair in [
            "已己", "于干", "千干", "未末", "日曰", "选迭", "清请", "土士", "人入", "間問", "綱網",
            "晝書", "戍戌",
        ] {
            let pair: Vec<char> = pair.chars().collect();
            for (one, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                let has = lookalikes(one).iter().any(|(c, _)| *c == other);
                assert!(has, "{one} {other}");
            }
        }
    }
}
