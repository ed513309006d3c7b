//! The lines of a page that belong to one paragraph: those that a column's edge or the end of a page broke. The page's
//! nature says which lines these are.

use super::junction::Junction;
use crate::page::Page;
use crate::page::nature::Form;
use std::collections::{HashMap, HashSet};

/// The lines of a page that go on in the next.
#[derive(Debug, Default)]
pub struct Lines {
    junctions: Vec<Junction>,
    head_of: HashMap<usize, usize>,
}

impl Lines {
    pub fn of(page: &Page) -> Self {
        let mut lines = Lines::default();
        if page.laid_out || page.nature.is_listing {
            return lines;
        }
        for two in page
            .regions
            .iter()
            .flat_map(|region| &region.paragraphs)
            .flat_map(|p| p.windows(2))
        {
            lines.add(two[0], two[1]);
        }
        for (tail, nature) in page.nature.blocks.iter().enumerate() {
            if !nature.goes_on || page.blocks[tail].dropped {
                continue;
            }
            if let Some(head) = line_after(page, tail) {
                lines.add(tail, head);
            }
        }
        lines
    }

    fn add(&mut self, tail: usize, head: usize) {
        /// No other pair competes with two lines of a paragraph.
        const SURE: f32 = 0.99;
        self.junctions.push(Junction {
            tail,
            head,
            probability: SURE,
        });
        self.head_of.insert(tail, head);
    }

    /// The junctions of the lines, and those of the candidates whose halves the lines leave free.
    pub fn with(&self, candidates: Vec<Junction>) -> Vec<Junction> {
        let heads: HashSet<usize> = self.head_of.values().copied().collect();
        let free = candidates
            .into_iter()
            .filter(|c| !self.head_of.contains_key(&c.tail) && !heads.contains(&c.head));
        self.junctions.iter().copied().chain(free).collect()
    }

    /// Whether any lines of the page go on in the next.
    pub fn is_wrapped(&self) -> bool {
        !self.junctions.is_empty()
    }

    /// The blocks that stay, each paragraph's lines together.
    pub fn paragraphs(&self, page: &Page) -> Vec<Vec<usize>> {
        let heads: HashSet<usize> = self.head_of.values().copied().collect();
        let next = |at: &usize| self.head_of.get(at).copied();
        (0..page.blocks.len())
            .filter(|at| !page.blocks[*at].dropped && !heads.contains(at))
            .map(|first| std::iter::successors(Some(first), next).collect())
            .collect()
    }
}

/// The block that a line goes on in, past the heads and numbers of pages; none if it has left the text, or says the same
/// again: a refrain.
fn line_after(page: &Page, tail: usize) -> Option<usize> {
    let text = |block: usize| &page.text()[page.blocks[block].span.clone()];
    (tail + 1..page.blocks.len())
        .find(|at| page.form(*at) != Form::Furniture)
        .filter(|head| !page.blocks[*head].dropped && text(*head) != text(tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nature::nature;
    use crate::segment::segment;

    /// The paragraphs of a page, its lines joined with a stroke.
    fn paragraphs(text: &str) -> Vec<String> {
        let mut page = Page::new("p", text);
        segment(&mut page);
        page.nature = nature(&page);
        let lines = Lines::of(&page);
        let text = |at: &usize| page.text()[page.blocks[*at].span.clone()].to_string();
        lines
            .paragraphs(&page)
            .iter()
            .map(|p| p.iter().map(text).collect::<Vec<_>>().join("|"))
            .collect()
    }

    #[test]
    fn wrapped_lines_make_paragraphs_up_to_a_short_line() {
        let page = "The keeper of the north light wrote\ndown the weather every hour, and on\nslow afternoons he read aloud from\nhis book to anyone who came by.\nThe book is now kept in the village\nhall, where nobody has read it since\nthe winter of the long storm, when\nthe hall was full.";
        assert_eq!(paragraphs(page).len(), 2);
    }

    #[test]
    fn verse_lists_and_addresses_stay_line_by_line() {
        for page in [
            "The boats go out upon the tide,\nThe nets are dry, the sky is wide,\nAnd he that has no boat to row\nMay sit and watch the others go\nUntil the evening brings them home\nAcross the darkening miles of foam",
            "apples and pears\nrope, tar\nlamp oil\ntwo sacks of flour\na new bell\nsoap\nsalt for the winter",
            "The Harbour Office\nNorth Quay 7\nLimpool\nTo the Keeper of the Light\nRock Island\nBy the evening boat",
            "摇啊摇，摇过九道湾\n月亮落在船板上\n阿妈在灯下补网\n一针长，一针短\n摇啊摇，摇过九道湾\n风里听见鼓声响",
        ] {
            assert_eq!(paragraphs(page).len(), page.lines().count(), "{page}");
        }
    }

    #[test]
    fn an_indent_begins_a_paragraph() {
        let page = "  The keeper of the north light wrote\ndown the weather every hour, and on\nslow afternoons he read aloud to us.\n  The book is now kept in the village\nhall, where nobody has read it since\nthe winter of the long storm, when\nthe hall was full of cold wet people";
        let found = paragraphs(page);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
