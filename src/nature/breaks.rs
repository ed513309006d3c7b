//! Whether a page shows that layout broke it: texts that end in the middle of a sentence among others that do not, and
//! what only layout leaves.
//!
//! How much is enough was set by trial on half 0 of the pages of benches/nature.rs.

use super::chars::{Ascii, closes_bracket, opens_bracket};
use super::line::{Begins, Line};
use super::marker::Style;
use crate::page::Kind;
use crate::page::nature::{BlockNature, Breaks, Form, Sign};
use crate::text::sentence::{Ending, is_clause_mark, is_closer, is_quote};

/// Blocks on either side of a text that tell what it stands beside.
const BESIDE: usize = 4;

/// Says what the page shows.
pub(super) fn breaks(lines: &[Line], blocks: &[BlockNature], is_laid_out: bool) -> Breaks {
    let texts = Texts::of(lines, blocks);
    let mut breaks = Breaks {
        tails: texts.tails.clone(),
        open: texts.tails.len(),
        ..Breaks::default()
    };
    breaks.texts = texts.count(|at| texts.is_long(at));
    breaks.signs = texts.signs();
    if is_laid_out {
        breaks.signs.insert(0, (Sign::Regions, 1));
    }
    let newspaper = [
        Sign::Regions,
        Sign::Masthead,
        Sign::JumpNote,
        Sign::Newspaper,
    ];
    let printed = newspaper.iter().any(|what| breaks.seen(*what) > 0);
    let is_open = breaks.seen(Sign::OpenAmongClosed) > 0;
    let ends_cut = |at: &usize| texts.lines[*at].is_cut();
    let is_torn = breaks.seen(Sign::CutWord) > 0 || is_laid_out && texts.tails.iter().any(ends_cut);
    breaks.broken = printed && (is_open || is_torn) || is_open && is_cut(&breaks, &texts);
    breaks
}

/// Whether a page that is no newspaper's shows it: by texts of several clauses that end open, or by what is cut.
fn is_cut(breaks: &Breaks, texts: &Texts) -> bool {
    let cuts = [
        Sign::CutWord,
        Sign::CutNumber,
        Sign::CutQuotation,
        Sign::TornHead,
        Sign::CaptionBetween,
    ];
    let cuts: usize = cuts.iter().map(|what| breaks.seen(*what)).sum();
    let running = breaks
        .tails
        .iter()
        .filter(|at| texts.lines[**at].inner_marks >= 2)
        .count();
    // in a worked solution a line ends where a step does
    let steps = texts.count(|at| texts.lines[at].text.contains('$')) * 6 > texts.all.len();
    let few_of_many = running + cuts >= 2 && running * 25 >= breaks.texts;
    let many_of_few = breaks.open >= 3 && breaks.open * 5 >= breaks.texts;
    !steps && running > 0 && (few_of_many || many_of_few)
}
/// The running prose of a page that no column's edge broke.
struct Texts<'a> {
    lines: &'a [Line<'a>],
    blocks: &'a [BlockNature],
    all: Vec<usize>,
    tails: Vec<usize>,
}

impl<'a> Texts<'a> {
    fn of(lines: &'a [Line], blocks: &'a [BlockNature]) -> Self {
        let is_prose = |at: &usize| {
            blocks[*at].form == Form::Prose && !blocks[*at].wrapped && is_text(&lines[*at])
        };
        let mut texts = Texts {
            lines,
            blocks,
            all: (0..lines.len()).filter(is_prose).collect(),
            tails: Vec::new(),
        };
        texts.tails = texts
            .all
            .iter()
            .copied()
            .filter(|at| texts.is_tail(*at))
            .collect();
        texts
    }

    fn count(&self, is: impl Fn(usize) -> bool) -> usize {
        self.all.iter().filter(|at| is(**at)).count()
    }

    fn count_tails(&self, is: impl Fn(usize) -> bool) -> usize {
        self.tails.iter().filter(|at| is(**at)).count()
    }

    fn is_long(&self, at: usize) -> bool {
        let line = &self.lines[at];
        line.is_long() || line.inner_marks > 0 && line.letters >= 8
    }

    fn is_tail(&self, at: usize) -> bool {
        let line = &self.lines[at];
        matches!(line.ending, Ending::Open | Ending::Clause)
            && !is_whole_without_stop(line.text)
            && self.lines.get(at + 1).is_none_or(|next| next.gap > 0)
            && self.is_long(at)
            && self.stands_before_text(at)
            && line.marker.is_none_or(|m| m.style == Style::Article)
    }

    /// What a formula, a list or a listing continues ends open for that reason.
    fn stands_before_text(&self, at: usize) -> bool {
        let mut behind = (at + 1..self.lines.len()).take(BESIDE);
        behind
            .find(|next| self.blocks[*next].form != Form::Furniture)
            .is_none_or(|next| {
                let line = &self.lines[next];
                let goes_on = !line.begins_item() && line.indent <= self.lines[at].indent;
                self.blocks[next].form == Form::Prose && goes_on
                    || self.blocks[next].form == Form::Heading
            })
    }

    fn is_torn(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let mut before = (0..at).rev().take(BESIDE);
        let before = before.find(|before| self.blocks[*before].form != Form::Furniture);
        let is_torn = line.begins == Begins::Torn || line.begins == Begins::Small && line.is_long();
        let after_text =
            |n: usize| self.blocks[n].form == Form::Prose && self.lines[n].ending != Ending::Colon;
        line.gap > 0 && is_torn && before.is_some_and(after_text)
    }

    fn signs(&self) -> Vec<(Sign, usize)> {
        let lines = self.lines;
        let of_kind = |kinds: &[Kind]| lines.iter().filter(|l| kinds.contains(&l.kind)).count();
        let open = self.tails.len();
        // heads are looked at only where a tail asks for one
        let least = |tails: usize, heads: &dyn Fn(usize) -> bool| match tails {
            0 => 0,
            _ => tails.min(self.count(heads)),
        };
        let is_torn = |at: usize| self.is_torn(at);
        let hyphens = self.count_tails(|at| lines[at].is_cut());
        let numbers = self.count_tails(|at| ends_in_number_and_point(lines[at].text));
        let opens = self.count_tails(|at| balance(&lines[at]) > 0);
        let is_caption = |next: &Line| matches!(next.kind, Kind::Caption | Kind::Credit);
        let captions = self.count_tails(|at| lines.get(at + 1).is_some_and(is_caption));
        let closed = self.count(|at| lines[at].ending == Ending::Sentence);
        // a masthead is several lines; a page most of whose texts end open is of another nature
        let all = [
            (Sign::Masthead, of_kind(&[Kind::Masthead]).saturating_sub(1)),
            (Sign::JumpNote, of_kind(&[Kind::Jump])),
            (
                Sign::Newspaper,
                of_kind(&[Kind::Byline, Kind::Dateline, Kind::Credit]),
            ),
            (Sign::TornHead, least(open, &is_torn)),
            (Sign::CutWord, least(hyphens, &is_torn)),
            (
                Sign::CutNumber,
                least(numbers, &|at| lines[at].begins == Begins::Digit),
            ),
            (
                Sign::CutQuotation,
                least(opens, &|at| balance(&lines[at]) < 0),
            ),
            (Sign::CaptionBetween, captions),
            (Sign::OpenAmongClosed, if open <= closed { open } else { 0 }),
        ];
        all.into_iter().filter(|(_, n)| *n > 0).collect()
    }
}

/// Whether its end says something.
fn is_text(line: &Line) -> bool {
    line.script.marks_sentence_ends() && line.letters > 0 && !is_markup(line)
}

/// A picture, a tag, a link or a label on a line of its own.
pub(super) fn is_markup(line: &Line) -> bool {
    line.text.starts_with(['<', '|', ':', '{'])
        || line.text.starts_with("![")
        || line.text.ends_with(['>', '|', '`'])
        || line.ascii.has_any(const { Ascii::of(")/") }) && ends_in_link(line.text)
}

/// （2004年修正）, …；, …谢谢啦～: whole, though without a stop.
fn is_whole_without_stop(text: &str) -> bool {
    let is_note = text.starts_with(['（', '(']) && text.ends_with(['）', ')']);
    let is_sign =
        |c: char| !c.is_alphanumeric() && !is_clause_mark(c) && !is_closer(c) && !is_quote(c);
    let ends_in_sign =
        text.ends_with(is_sign) && !text.ends_with(['%', '％', '-', '—', '.', '．', '℃']);
    is_note || text.ends_with(['；', ';']) || ends_in_sign
}

/// …](https://example.org/a) with marks of emphasis or of an item behind it.
fn ends_in_link(text: &str) -> bool {
    let text = text.trim_end_matches(['_', '*', ' ', '.']);
    text.ends_with(')') && text.rfind("](").is_some_and(|at| !text[at..].contains(' '))
        || text
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.contains("://"))
}

fn ends_in_number_and_point(text: &str) -> bool {
    text.strip_suffix(['.', '．', '·'])
        .is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit()))
}

/// Quotation marks and brackets that a text leaves open, less those that it closes without having opened them.
fn balance(line: &Line) -> i32 {
    if !line.brackets {
        return 0;
    }
    let (mut opens, mut closes) = (0, 0);
    for c in line.text.chars() {
        if opens_bracket(c) {
            opens += 1;
        } else if closes_bracket(c) && opens > 0 {
            opens -= 1;
        } else if closes_bracket(c) {
            closes += 1;
        }
    }
    if closes > 0 { -closes } else { opens }
}
