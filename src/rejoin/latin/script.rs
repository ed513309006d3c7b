//! Whether two texts are of Latin script where they meet.

use crate::text::chars::is_wide;
use crate::text::latin::is_latin;

/// How many characters at a seam decide its script; chosen by eye.
pub(in crate::rejoin) const NEAR: usize = 6;

/// Whether a text and the one after it are both of Latin script where they meet, so that their seam is judged here.
pub(crate) fn is_seam(tail: &str, head: &str) -> bool {
    are_latin(tail.chars().rev().take(NEAR).chain(head.chars().take(NEAR)))
}

pub(super) fn ends_latin(text: &str) -> bool {
    are_latin(text.chars().rev().take(NEAR))
}

pub(super) fn begins_latin(text: &str) -> bool {
    are_latin(text.chars().take(NEAR))
}

fn are_latin(mut chars: impl Iterator<Item = char> + Clone) -> bool {
    chars.clone().any(is_latin) && !chars.any(is_wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seam_is_latin_by_its_letters() {
        assert!(is_seam("tied up at the \"north", "(quay) and on"));
        assert!(!is_seam("灯塔 the", "灯塔"));
        assert!(!is_seam("比去年同期多了13.", "7%"));
    }
}
