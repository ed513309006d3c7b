//! Cuts text into blocks: a line each; tables and fenced code stay whole.

use crate::page::edit::Span;
use crate::page::{Block, Kind};
use crate::text::lines::opens_wrapper;

/// The lines that hold more than white space; tables and fenced code are kept whole.
pub(crate) fn lines(text: &str) -> Vec<Block> {
    let mut cutter = Cutter {
        text,
        blocks: Vec::new(),
        gap: 0,
        fence: None,
        table_end: 0,
        wrapper: Wrapper::of(text),
    };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        cutter.take(line, start);
        start += line.len();
    }
    cutter.blocks
}

struct Cutter<'t> {
    text: &'t str,
    blocks: Vec<Block>,
    /// Empty lines since the last block.
    gap: usize,
    /// What closes the fence that is open.
    fence: Option<&'static str>,
    /// A byte inside the closing tag of the last HTML table.
    table_end: usize,
    wrapper: Wrapper,
}

impl Cutter<'_> {
    fn take(&mut self, line: &str, start: usize) {
        let body = line.trim_matches(is_space);
        let lead = line.len() - line.trim_start_matches(is_space).len();
        let span = start + lead..start + lead + body.len();
        if body.is_empty() {
            self.gap += usize::from(self.fence.is_none());
        } else if self.goes_on(body, span.start) {
            let last = self.blocks.last_mut();
            last.expect("what goes on has begun").span.end = span.end;
        } else {
            self.begin(body, span, line[..lead].contains('\u{3000}'));
        }
    }

    /// Whether the line belongs to the last block: to its fence, its HTML table, or to a table as one more row.
    fn goes_on(&mut self, body: &str, start: usize) -> bool {
        if let Some(mark) = self.fence {
            if body.starts_with(mark) {
                self.fence = None;
                self.wrapper.fences = self.wrapper.fences.saturating_sub(1);
            }
            return true;
        }
        let is_under_table = || {
            self.gap == 0
                && self
                    .blocks
                    .last()
                    .is_some_and(|block| block.kind == Kind::Table)
        };
        start < self.table_end || is_row(body) && is_under_table()
    }

    fn begin(&mut self, body: &str, span: Span, indented: bool) {
        let mut block = Block {
            gap: std::mem::take(&mut self.gap),
            indented,
            ..Block::default()
        };
        if is_table_tag(body)
            && let Some(length) = self.text[span.start..].find("</table>")
        {
            self.table_end = span.start + length + 1;
            block.kind = Kind::Table;
            block.indented = false;
        } else {
            self.fence = FENCES
                .into_iter()
                .find(|mark| body.starts_with(mark))
                .filter(|_| !self.wrapper.holds(body));
            block.kind = if self.fence.is_some() || is_comment(body) {
                Kind::Code
            } else if is_row(body) {
                Kind::Table
            } else {
                Kind::Body
            };
        }
        block.span = span;
        self.blocks.push(block);
    }
}

const FENCES: [&str; 2] = ["```", "~~~"];

/// Fences around a whole page, which recognisers write when they are asked for Markdown: they hold text, not code.
#[derive(Default)]
struct Wrapper {
    wraps: bool,
    is_open: bool,
    /// Fences that are still to come.
    fences: usize,
}

impl Wrapper {
    /// A page is wrapped if its first line says so.
    fn of(text: &str) -> Self {
        let head = text
            .trim_start_matches(is_space)
            .lines()
            .next()
            .unwrap_or_default()
            .trim_end();
        if !opens_wrapper(head) {
            return Wrapper::default();
        }
        let fences = text
            .lines()
            .filter(|line| line.trim_matches(is_space).starts_with("```"))
            .count();
        Wrapper {
            wraps: true,
            is_open: false,
            fences,
        }
    }

    /// Whether a line that looks like a fence is the wrapper's. It ends where the fences after it come in pairs.
    fn holds(&mut self, line: &str) -> bool {
        if !self.wraps || !line.starts_with("```") {
            return false;
        }
        self.fences = self.fences.saturating_sub(1);
        let is_end = self.is_open && line == "```" && self.fences.is_multiple_of(2);
        self.is_open = !is_end && (self.is_open || opens_wrapper(line));
        is_end || opens_wrapper(line)
    }
}

/// A comment of HTML. Placeholders of converters, for a picture or the end of a page, do not count: a sentence may go on
/// after them.
fn is_comment(line: &str) -> bool {
    const PLACES: [&str; 6] = ["image", "picture", "figure", "formula", "page", "slide"];
    let said = line
        .strip_prefix("<!--")
        .map(|said| said.trim_start().to_lowercase());
    let is_place = |said: &str| PLACES.iter().any(|place| said.starts_with(place));
    said.is_some_and(|said| !line.contains("-->") || line.ends_with("-->") && !is_place(&said))
}

/// A row of a Markdown table, or of one drawn with characters.
fn is_row(line: &str) -> bool {
    line.starts_with('|') && line.len() > 1 || line.starts_with(is_box_drawing)
}

fn is_table_tag(line: &str) -> bool {
    line.strip_prefix("<table")
        .is_some_and(|rest| rest.starts_with(['>', ' ']))
}

/// │ ┌ ├: a table drawn with characters.
fn is_box_drawing(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{257f}') && c != '─' && c != '━'
}

/// White space around a line, and the byte order mark, which stands at the head of the first.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}
