//! Where the writer of a region ended its lines, and where only the column's edge did: the next line's first word would
//! have had room on the line, or not.

use super::frame::{Extent, Frame};
use super::line::Line;
use super::measures::middle;
use super::piece::advance;
use crate::text::chars::is_wide;
use crate::text::latin::ends_in_hyphen;
use crate::text::sentence::{Ending, ending, without_openers};
use crate::text::width::is_set_full_width;
use std::ops::Range;

/// How the lines of a region end. Nothing is known of lines without places, nor of those side by side.
#[derive(Default)]
pub(super) struct Ends {
    lines: Vec<End>,
    /// Which lines that another follows are the writer's own: of verse, an address, a list.
    own: Vec<bool>,
    /// From one line to the next.
    pitch: f64,
    height: f64,
    /// Whether most of them begin anew.
    begin_anew: bool,
}

/// How a line ends that another follows.
#[derive(Debug, Clone, Copy)]
struct End {
    /// What is left of the line behind the room that the next line's first word would have taken; 0 or less if there was none.
    room: f64,
    /// How far the next line is below it.
    down: f64,
    /// Whether lines beside it end at the same place: a picture stands there.
    is_even: bool,
    /// Whether it ends where several lines do, at the edge of a justified column.
    is_full: bool,
    is_hyphenated: bool,
    ending: Ending,
    /// Whether the next begins with a capital, a number or a mark, or with a small letter; of other letters nobody knows.
    anew: Option<bool>,
}

// In heights of a line, chosen by eye.
/// A space between words.
const SPACE: f64 = 0.5;
/// Lines that end at one place differ by less.
const EVEN: f64 = 0.35;
/// A full line of Chinese may be a character short, so that a mark stays with what is before it.
const EVEN_WIDE: f64 = 1.2;

/// Lines that end at the edge of a justified column; of verse fewer do. Chosen by eye.
const FULL: usize = 3;

impl Ends {
    /// Of the lines of a region; `usual` is how long lines of the page are, 0 if nobody knows.
    pub(super) fn of(lines: &[&Line], usual: f64) -> Self {
        let frame = Frame::of(lines.iter().copied());
        let places = lines.iter().map(|line| Some(frame.turned(line.place?)));
        let Some(places) = places.collect::<Option<Vec<Extent>>>() else {
            return Ends::default();
        };
        let height = middle(&mut places.iter().map(Extent::height).collect::<Vec<f64>>());
        let are_beside = |two: &[Extent]| two[0].beside(&two[1]) > height / 2.0;
        if places.len() < 2 || places.windows(2).any(are_beside) {
            return Ends::default();
        }
        let edge = edge(&places, height);
        let even = even(&places, height);
        let even_wide = match is_set_full_width(lines.iter().map(|line| line.text.as_str())) {
            true => EVEN_WIDE,
            false => EVEN,
        };
        let is_at_edge = |place: &Extent| (edge - place.right).abs() < height * even_wide;
        let is_justified = places.iter().filter(|place| is_at_edge(place)).count() >= FULL;
        let end = |at: usize| End {
            room: edge
                - places[at].right
                - first_word(lines[at + 1], places[at + 1], frame, height),
            down: places[at + 1].middle() - places[at].middle(),
            is_even: even[at],
            is_full: is_justified && is_at_edge(&places[at]),
            is_hyphenated: ends_in_hyphen(lines[at].text.trim_end()),
            ending: ending(&lines[at].text),
            anew: begins_anew(&lines[at + 1].text),
        };
        let mut ends = Ends {
            lines: (0..places.len() - 1).map(end).collect(),
            height,
            ..Ends::default()
        };
        ends.pitch = middle(&mut ends.lines.iter().map(|end| end.down).collect::<Vec<f64>>());
        let anew = ends
            .lines
            .iter()
            .filter(|end| end.anew == Some(true))
            .count();
        ends.begin_anew = anew * 2 >= ends.lines.len();
        let longest = places.iter().map(Extent::width).fold(0.0, f64::max);
        ends.own = ends.own(longest / usual);
        ends
    }

    /// `longest` is the length of the longest line in those of a usual one of the page.
    fn own(&self, longest: f64) -> Vec<bool> {
        /// In lengths of a usual line, chosen by eye.
        const SHORT: f64 = 0.6;
        /// Lines of prose that all end in marks by chance: one region in 300, and one in 10,000.
        const FEW: usize = 3;
        const MANY: usize = 5;
        let all = |is: &dyn Fn(&End) -> bool| self.lines.iter().all(is);
        let is_cut = |end: &End| end.is_hyphenated && end.room <= 0.0;
        let count = self.lines.len();
        let are_marked = all(&|end| end.ending != Ending::Open);
        let are_anew = all(&|end| end.anew == Some(true)) && (count > 1 || are_marked);
        let has_own = self.lines.iter().any(End::is_surely_own);
        let are_short = longest < SHORT && (are_anew || has_own || are_marked && count >= FEW);
        if (are_short || are_marked && count >= MANY) && !self.lines.iter().any(is_cut) {
            return vec![true; count];
        }
        let mut own = vec![false; count];
        for run in self.runs() {
            own[run].fill(true);
        }
        own
    }

    /// Lines in a row most of which look like the writer's own.
    fn runs(&self) -> Vec<Range<usize>> {
        /// Twenty times as likely as not.
        const ENOUGH: f64 = 3.0;
        /// What ends a run.
        const AGAINST: f64 = 3.0;
        /// Lines that another follows: a single one ends a paragraph.
        const FEWEST: usize = 2;
        let mut runs: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            let (mut score, mut best, mut end) = (0.0, 0.0, at);
            for (next, line) in self.lines.iter().enumerate().skip(at) {
                score += line.likely_own();
                if score > best {
                    (best, end) = (score, next + 1);
                }
                if score < 0.0 || score < best - AGAINST {
                    break;
                }
            }
            if best < ENOUGH {
                at += 1;
                continue;
            }
            // a line or two more at the end of the region
            let rest = self.lines[end..].iter().map(End::likely_own).sum::<f64>();
            let run = at..if rest > -AGAINST {
                self.lines.len()
            } else {
                end
            };
            let surely = self.lines[run.clone()]
                .iter()
                .filter(|end| end.is_surely_own());
            if run.len() >= FEWEST && surely.count() * 6 >= run.len() {
                runs.push(run.clone());
            }
            at = run.end;
        }
        runs
    }

    /// Whether a line of running text ends a paragraph: there was room, or there is white under it, and the next begins anew;
    /// or half of the line is left and no picture stands there.
    pub(super) fn ends_paragraph(&self, at: usize, length: f64) -> bool {
        let Some(end) = self.lines.get(at).filter(|end| !end.is_hyphenated) else {
            return false;
        };
        let ends = end.ending == Ending::Sentence;
        let is_over_white = end.down - self.pitch > self.height * 0.5;
        let begins_anew = end.anew == Some(true);
        is_over_white && (ends || begins_anew)
            || end.room > 0.0 && (ends || !end.is_even && (begins_anew || end.room > length / 2.0))
    }

    /// Whether a line that another follows stands among the writer's own.
    pub(super) fn is_among_own(&self, at: usize) -> bool {
        self.own.get(at) == Some(&true)
    }

    /// Whether it is one of them. If it was too long for its column, it goes on in the next.
    pub(super) fn is_own(&self, at: usize) -> bool {
        let is_turned_over = |end: &End| {
            let is_open = end.room <= 0.0 && end.ending == Ending::Open;
            self.begin_anew && is_open && end.anew == Some(false)
        };
        self.is_among_own(at) && !is_turned_over(&self.lines[at])
    }

    /// Whether white stands under a line, as between stanzas.
    pub(super) fn ends_stanza(&self, at: usize) -> bool {
        /// In distances of lines. Chosen by eye.
        const WIDER: f64 = 1.4;
        let end = self.lines.get(at);
        end.is_some_and(|end| end.down > self.pitch * WIDER)
    }
}

impl End {
    /// Whether the line's end is the writer's whatever stands around it: there was room, and no sentence ends.
    fn is_surely_own(&self) -> bool {
        self.room > 0.0 && self.ending != Ending::Sentence && !self.is_even && !self.is_hyphenated
    }

    /// How much likelier the writer ended the line than a column's edge did, as a natural logarithm. Of prose, lines have
    /// room only where a paragraph ends, a seventh end in a mark, an eighth of the next ones begin with a capital; of verse
    /// and lists half or more. Estimated on pages set for it.
    fn likely_own(&self) -> f64 {
        if self.room <= 0.0 && (self.is_hyphenated || self.is_full) {
            return -4.0;
        }
        let mark = if self.ending == Ending::Open {
            -0.8
        } else {
            1.4
        };
        let head = match self.anew {
            Some(true) => 1.1,
            Some(false) => -0.8,
            None => 0.0,
        };
        match self.room > 0.0 && !self.is_even {
            true if self.ending != Ending::Sentence => 3.5 + mark + head,
            true => 0.4 + mark + head,
            // nouns of German have capitals
            false => -0.8 + mark + head / 2.0,
        }
    }
}

/// Which lines end at the place of those beside them, short of the edge: those beside a picture do.
fn even(places: &[Extent], height: f64) -> Vec<bool> {
    /// Lines in a row: of verse, a few do. Chosen by eye.
    const FEWEST: usize = 4;
    let are_even = |one: &Extent, other: &Extent| (one.right - other.right).abs() < height * EVEN;
    let runs = places.chunk_by(are_even);
    runs.flat_map(|run| std::iter::repeat_n(run.len() >= FEWEST, run.len()))
        .collect()
}

/// Where the column ends: where most lines do, if they are justified; else as far as the longest one goes, unless it goes far
/// beyond all others, as one beside which something was read from the margin does.
fn edge(places: &[Extent], height: f64) -> f64 {
    /// In heights of a line. Chosen by eye.
    const FAR: f64 = 8.0;
    /// Share of lines that end at one place in a justified column, and not in verse. Chosen by eye.
    const JUSTIFIED: f64 = 0.4;
    const BEYOND: f64 = 0.1;
    const FEWEST: usize = 4;
    let mut ends: Vec<f64> = places.iter().map(|place| place.right).collect();
    ends.sort_by(f64::total_cmp);
    let share = |is: &dyn Fn(f64) -> bool| {
        ends.iter().filter(|end| is(**end)).count() as f64 / ends.len() as f64
    };
    let near = |edge: f64| share(&|end| (edge - end).abs() < height * EVEN);
    let most = ends
        .iter()
        .copied()
        .max_by(|a, b| near(*a).total_cmp(&near(*b)));
    if let Some(most) = most.filter(|_| ends.len() >= FEWEST)
        && near(most) >= JUSTIFIED
        && share(&|end| end > most + height * EVEN) <= BEYOND
    {
        return most;
    }
    match ends.as_slice() {
        [.., _, _, second, last] if last - second > height * FAR => *second,
        [.., last] => *last,
        [] => 0.0,
    }
}

/// The length of what cannot be divided at the head of a line, with the space before it: its first word, or a character of
/// full-width text.
fn first_word(line: &Line, place: Extent, frame: Frame, height: f64) -> f64 {
    let text = line.text.trim_start();
    if text.starts_with(is_wide) {
        // the mark after it stays with it
        return place.width() / advance(text).max(1.0) * 2.5;
    }
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_first_box = line
        .words
        .get(1)
        .is_some_and(|second| second.at >= word.len());
    let width = match line.words.first() {
        Some(first) if is_first_box => frame.turned(first.place).width(),
        _ => place.width() * advance(word) / advance(text).max(0.1),
    };
    width + height * SPACE
}

/// Whether a line begins as a sentence or a verse does, where its first letter tells.
fn begins_anew(text: &str) -> Option<bool> {
    let first = without_openers(text.trim_start()).chars().next()?;
    match first {
        _ if first.is_uppercase() || first.is_numeric() => Some(true),
        _ if first.is_lowercase() => Some(false),
        _ if first.is_alphabetic() => None,
        _ => Some(true),
    }
}
