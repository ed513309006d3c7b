//! Finds the lines of a hard-wrapped page that belong to one paragraph: each line is a block of its own, and all are about
//! as long as the column is wide.
//!
//! A line goes on in the next if the next one's first word had no more room on it. Verse, lists, addresses, tables and
//! code are told by their lines' ends and beginnings; where paragraphs show nowhere, a full line that ends a sentence
//! may be the end of one, and stays.

use super::junction::Junction;
use crate::page::{Block, Kind, Page};
use crate::text::chars::{ends_sentence, is_clause_mark, is_opener, is_wide};
use crate::text::latin::{ends_in_hyphen, is_latin};
use crate::text::lines::is_item;
use std::collections::HashSet;

/// The lines of a page that go on in the next.
#[derive(Debug, Default)]
pub struct Lines {
    junctions: Vec<Junction>,
    tails: HashSet<usize>,
}

/// A line as the rules look at it.
struct Line {
    block: usize,
    width: usize,
    /// White space before it.
    indent: usize,
    /// Characters up to the first space; of full-width text the first character and the mark behind it.
    first_word: usize,
    words: usize,
    wide: bool,
    small: bool,
    ends: bool,
    clause: bool,
    hyphen: bool,
    /// An item, a row of a table, a line of code, a headline in capitals.
    apart: bool,
    item: bool,
}

/// Lines one under another without an empty one between them.
type Run = Vec<Line>;

impl Lines {
    pub fn of(page: &Page) -> Self {
        let mut lines = Lines::default();
        // nearly all pages leave here: their lines are paragraphs
        if page.laid_out || page.blocks.windows(2).filter(|two| two[1].gap == 0).count() < 2 {
            return lines;
        }
        let runs = runs(page);
        for wide in [false, true] {
            let of_script: Vec<&Run> = runs
                .iter()
                .filter(|run| (run.iter().filter(|l| l.wide).count() * 2 > run.len()) == wide)
                .collect();
            if let Some(column) = Column::of(&of_script, wide) {
                of_script.iter().for_each(|run| lines.join(run, &column));
            }
        }
        lines.tails = lines.junctions.iter().map(|j| j.tail).collect();
        lines
    }

    /// The junctions of the lines, and those of the candidates whose halves the lines leave free.
    pub fn with(&self, candidates: Vec<Junction>) -> Vec<Junction> {
        let heads: HashSet<usize> = self.junctions.iter().map(|j| j.head).collect();
        let free = candidates
            .into_iter()
            .filter(|c| !self.tails.contains(&c.tail) && !heads.contains(&c.head));
        self.junctions.iter().copied().chain(free).collect()
    }

    /// Whether any lines of the page go on in the next.
    pub fn is_wrapped(&self) -> bool {
        !self.junctions.is_empty()
    }

    /// The blocks that stay, each paragraph's lines together.
    pub fn paragraphs(&self, page: &Page) -> Vec<Vec<usize>> {
        let mut paragraphs: Vec<Vec<usize>> = Vec::new();
        let mut goes_on = false;
        for at in (0..page.blocks.len()).filter(|at| !page.blocks[*at].dropped) {
            match paragraphs.last_mut() {
                Some(paragraph) if goes_on => paragraph.push(at),
                _ => paragraphs.push(vec![at]),
            }
            goes_on = self.tails.contains(&at);
        }
        paragraphs
    }

    fn join(&mut self, run: &Run, column: &Column) {
        for (at, two) in run.windows(2).enumerate() {
            let full = column.full_at(run, at);
            if let Some(probability) = column.goes_on(&two[0], &two[1], full) {
                self.junctions.push(Junction {
                    tail: two[0].block,
                    head: two[1].block,
                    probability,
                });
            }
        }
    }
}

fn runs(page: &Page) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last = None;
    for (at, block) in page.blocks.iter().enumerate() {
        if block.kind != Kind::Body || block.dropped {
            continue;
        }
        let line = Line::new(page, at, block);
        match runs.last_mut() {
            Some(run) if last == at.checked_sub(1) && block.gap == 0 => run.push(line),
            _ => runs.push(vec![line]),
        }
        last = Some(at);
    }
    runs.retain(|run| run.len() > 1);
    runs
}

impl Line {
    fn new(page: &Page, at: usize, block: &Block) -> Self {
        let text = page.reading(block.span.clone()).text;
        let before = &page.text()[..block.span.start];
        let space = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        let wide = text.chars().filter(|c| is_wide(*c)).count() * 3 > text.chars().count();
        let first_word = if wide {
            1 + usize::from(
                text.chars()
                    .nth(1)
                    .is_some_and(crate::text::chars::never_begins),
            )
        } else {
            text.split_whitespace()
                .next()
                .map_or(0, |word| word.chars().count())
        };
        let item = is_item(&text);
        Line {
            block: at,
            width: text.chars().count(),
            indent: space.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum(),
            first_word,
            words: text.split_whitespace().count(),
            wide,
            small: text
                .trim_start_matches(is_opener)
                .starts_with(char::is_lowercase),
            ends: ends_sentence(&text),
            clause: text.ends_with(is_clause_mark),
            hyphen: ends_in_hyphen(&text),
            apart: item
                || text.contains("   ")
                || text.contains('\t')
                || text.ends_with(['{', '}', '=', '\\'])
                || text.ends_with(';') && text.contains(['(', '='])
                || text.starts_with(['#', '|', '/', '$', '>', '{', '}', '<'])
                || text.chars().any(is_latin) && !text.chars().any(char::is_lowercase),
            item,
        }
    }
}

/// How the text of a page is set.
struct Column {
    wide: bool,
    /// The width that one line in ten passes.
    full: usize,
    /// Whether paragraphs show by their indents or by empty lines.
    is_marked: bool,
}

/// So many lines must be seen to be filled.
const FEWEST_LINES: usize = 4;
/// Lines on either side that tell how wide the column is.
const AROUND: usize = 12;

impl Column {
    /// None, if these runs are no wrapped prose.
    fn of(runs: &[&Run], wide: bool) -> Option<Self> {
        let (narrowest, words) = if wide { (10, 0) } else { (20, 3) };
        let mut column = Column {
            wide,
            full: 0,
            is_marked: false,
        };
        let inner = || runs.iter().flat_map(|run| run[..run.len() - 1].iter());
        column.full = tenth(inner().map(|l| l.width).collect());
        let count = inner().count();
        if count < FEWEST_LINES
            || column.full < narrowest
            || inner().map(|l| l.words).sum::<usize>() < words * count
        {
            return None;
        }
        let (mut open, mut filled, mut small, mut clauses, mut apart) = (0, 0, 0, 0, 0);
        let mut indents = 0;
        for run in runs {
            for (at, two) in run.windows(2).enumerate() {
                let (line, next) = (&two[0], &two[1]);
                apart += usize::from(line.apart);
                indents += usize::from(next.indent >= line.indent + 2);
                if line.ends || next.indent >= line.indent + 2 || line.apart || next.apart {
                    continue;
                }
                open += 1;
                clauses += usize::from(line.clause);
                if column.is_filled(line, next, column.full_at(run, at)) {
                    filled += 1;
                    small += usize::from(next.small);
                }
            }
        }
        let ended = inner().filter(|l| l.ends).count();
        // verse ends its lines where its clauses end, and begins them with capitals
        let is_prose = if wide {
            filled * 10 >= open * 7 && (clauses + ended) * 10 <= count * 4
        } else {
            filled * 10 >= open * 6 && small * 2 >= filled
        };
        column.is_marked =
            indents * 40 >= count && indents > 0 || runs.len() >= 3 && count < runs.len() * 15;
        (open >= FEWEST_LINES - 1 && is_prose && apart * 3 <= count).then_some(column)
    }

    /// How wide the column is around a line, as far as its run tells: columns of a page may differ.
    fn full_at(&self, run: &Run, at: usize) -> usize {
        /// Lines that tell.
        const ENOUGH: usize = 5;
        if run.len() < ENOUGH {
            return self.full;
        }
        let around = &run[at.saturating_sub(AROUND)..run.len().min(at + AROUND)];
        tenth(around.iter().map(|l| l.width).collect())
    }

    /// Whether the next line's first word had no more room on a line. Print sets letters of different widths, so that
    /// some characters more or less do not count.
    fn is_filled(&self, line: &Line, next: &Line, full: usize) -> bool {
        if self.wide {
            line.width + next.first_word > full
        } else {
            (line.indent.min(4) + line.width + 1 + next.first_word) * 100 > full * 92
        }
    }

    /// How likely a line goes on in the next; none if it does not.
    fn goes_on(&self, line: &Line, next: &Line, full: usize) -> Option<f32> {
        if next.item || line.apart || next.apart || next.indent >= line.indent + 2 {
            return None;
        }
        if line.hyphen && next.small {
            return Some(0.99);
        }
        match (self.is_filled(line, next, full), line.ends) {
            (true, false) => Some(if next.small || self.wide { 0.99 } else { 0.95 }),
            (true, true) if self.is_marked || next.small => Some(0.95),
            (false, false) if next.small && line.width * 4 >= full * 3 => Some(0.90),
            _ => None,
        }
    }
}

/// The number that one in ten passes.
fn tenth(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers.get(numbers.len() * 9 / 10).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;

    /// The paragraphs of a page, its lines joined with a stroke.
    fn paragraphs(text: &str) -> Vec<String> {
        let mut page = Page::new("p", text);
        segment(&mut page);
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
