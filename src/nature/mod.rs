//! What a page is: the nature and the language of each of its blocks, whether its lines were wrapped, and whether it shows
//! that layout broke it. Decided once, when it is segmented; whoever would change the text asks here whether that damage
//! can have happened to text of this nature.
//!
//! Judged by shape: how long lines are and why they end, what they begin with, what recurs at the same columns, and which
//! signs they are made of. No decision knows what words mean.

pub(crate) mod breaks;
mod chars;
mod forms;
mod line;
pub(crate) mod marker;
mod structures;
pub(crate) mod wrap;

use crate::page::hints::REGIONS;
use crate::page::nature::{BlockNature, Form, Nature, Wrap};
use crate::page::{Kind, Page};
use crate::text::language::Language;
use crate::text::latin::repeats_hyphen;
use crate::text::script::{Letters, Script};
use line::{Begins, Line};
use marker::Style;
use wrap::{Around, Pair, around, goes_on, most_frequent, next_line, whole};

/// The form of a line and what it was judged by, if that is known yet.
type Judged = Option<(Form, &'static str)>;

/// The nature of a page that was cut into blocks.
pub fn nature(page: &Page) -> Nature {
    let mut letters = LettersByScript::default();
    let line = |block| {
        let (line, of_line) = Line::of(page, block);
        letters.add(line.script, &of_line);
        line
    };
    let mut lines: Vec<Line> = page.blocks.iter().map(line).collect();
    for at in 1..lines.len() {
        if repeats_hyphen(lines[at - 1].text, lines[at].text) && lines[at].gap == 0 {
            (lines[at].marker, lines[at].begins) = (None, Begins::Small);
        }
    }
    let markdown = forms::is_markdown(&lines) || has_headings_of_a_tool(page, &lines);
    let (mut forms, items) = forms::judge(&lines, markdown);
    if page.metadata.contains_key(REGIONS) {
        forms::own_lines(&lines, &items, &mut forms);
    }
    let wrapping = Wrapping::of(&lines, &forms);
    let wrapped = &wrapping.wrapped;
    let (pairs, arounds) = (&wrapping.pairs, &wrapping.arounds);
    forms::verse(&lines, pairs, arounds, wrapped, &items, &mut forms);
    let (language, languages) = languages(&lines, &letters);
    let block = |at: usize| {
        let form = forms[at].filter(|_| !page.is_piece(at));
        let (form, why) = form.unwrap_or(match (items[at], wrapped[at]) {
            _ if page.is_piece(at) => (Form::Prose, "a line that was read across columns"),
            (true, _) => (Form::List, "numbers or bullets in a row"),
            (_, true) => (Form::Prose, "lines that a column's edge broke"),
            _ => (Form::Prose, "running text"),
        });
        BlockNature {
            form,
            why,
            language: languages[at],
            ending: lines[at].ending,
            goes_on: wrapping.goes_on[at] && !page.is_piece(at) && !page.is_piece(at + 1),
            wrapped: wrapped[at],
        }
    };
    let blocks: Vec<BlockNature> = (0..lines.len()).map(block).collect();
    let is_laid_out = page.hints.layout.is_some() || page.metadata.contains_key(REGIONS);
    let count_of_code = blocks.iter().filter(|b| b.form == Form::Code).count();
    Nature {
        breaks: breaks::breaks(&lines, &blocks, is_laid_out),
        wrapped: wrapping.wrap(),
        is_listing: count_of_code * 2 > blocks.len(),
        has_code: count_of_code > 0,
        blocks,
        language,
        markdown,
    }
}

/// Which lines a column broke.
struct Wrapping {
    pairs: Vec<Pair>,
    arounds: Vec<Around>,
    /// Whether each line goes on in the next, and whether it goes on or is gone on with.
    goes_on: Vec<bool>,
    wrapped: Vec<bool>,
}

impl Wrapping {
    fn of(lines: &[Line], forms: &[Judged]) -> Self {
        let free = free(lines, forms);
        let all = || 0..lines.len();
        let next = |at: usize| next_line(lines, forms, &free, at);
        let nexts: Vec<Option<usize>> = all().map(next).collect();
        let pair = |at: usize| Pair::of(lines, at, nexts[at]);
        let pairs: Vec<Pair> = all().map(pair).collect();
        let arounds = around(&pairs);
        let whole = whole(&pairs);
        let goes_on = goes_on(lines, &nexts, &pairs, &arounds, &whole);
        let mut wrapped = goes_on.clone();
        let continued = all().filter(|at| goes_on[*at]);
        for next in continued.filter_map(|at| nexts[at]) {
            wrapped[next] = true;
        }
        Wrapping {
            pairs,
            arounds,
            goes_on,
            wrapped,
        }
    }

    /// The width of the column, if there is one.
    fn wrap(&self) -> Option<Wrap> {
        let lines = self.goes_on.iter().filter(|goes| **goes).count();
        let arounds = self.arounds.iter().zip(&self.goes_on);
        let widths = arounds.filter(|(_, goes)| **goes).map(|(a, _)| a.width);
        (lines >= 2).then(|| Wrap {
            width: most_frequent(widths),
            lines,
        })
    }
}

/// Which lines a column may have broken: items may be wrapped, all else whose form is known is not.
fn free(lines: &[Line], forms: &[Judged]) -> Vec<bool> {
    // 第 3 條 and 12. stand over what they count
    let is_number = |line: &Line| {
        line.letters == 0
            || line.marker.is_some() && line.letters < 2
            || line.marker.is_some_and(|m| m.style == Style::Article) && line.width < 16
    };
    let is_free = |(form, line): (&Judged, &Line)| {
        form.is_none() && !is_number(line) && !breaks::is_markup(line)
    };
    forms.iter().zip(lines).map(is_free).collect()
}

/// The letters of a page: of its lines in each script, in the order in which the scripts come.
#[derive(Default)]
struct LettersByScript(Vec<(Script, Letters)>);

impl LettersByScript {
    fn add(&mut self, script: Script, letters: &Letters) {
        match self.0.iter_mut().find(|(known, _)| *known == script) {
            Some((_, sum)) => sum.add(letters),
            None => self.0.push((script, *letters)),
        }
    }
}

/// Whether a layout tool marked a heading of the page as Markdown does.
fn has_headings_of_a_tool(page: &Page, lines: &[Line]) -> bool {
    let layout = page.hints.layout.iter().flatten();
    layout
        .zip(lines)
        .any(|(kind, line)| *kind == Some(Kind::Headline) && line.text.starts_with('#'))
}

/// The language of the page, and of each block: the page's, where the script is the same.
fn languages(lines: &[Line], letters: &LettersByScript) -> (Language, Vec<Language>) {
    let mut all = Letters::default();
    letters.0.iter().for_each(|(_, letters)| all.add(letters));
    let told = letters.0.iter().map(|(script, letters)| {
        let pieces = lines
            .iter()
            .filter(|l| l.script == *script && l.code < 2)
            .map(|l| l.text);
        (*script, Language::of(letters, pieces))
    });
    let told: Vec<(Script, Language)> = told.collect();
    let in_script = |script: Script| {
        let told = told.iter().find(|(known, _)| *known == script);
        told.map_or_else(Language::default, |(_, language)| *language)
    };
    let page = in_script(all.script());
    let japanese = page.code == "ja";
    let of = |line: &Line| {
        let own = in_script(line.script);
        // a line without kana on a page with them
        if japanese && own.script == Script::Han || own.script == Script::Common {
            page
        } else {
            own
        }
    };
    (page, lines.iter().map(of).collect())
}

#[cfg(test)]
mod tests;
