//! A region of a page: lines that a format keeps together, and what it calls them.

use super::line::Line;
use super::place::Rect;
use crate::page::Kind;
use crate::text::chars::is_letter;
use crate::text::sentence::ends_sentence;

#[derive(Default, Clone)]
pub(crate) struct Region {
    pub id: String,
    /// The ids of what it lies in, from the inside out.
    pub within: Vec<String>,
    /// What the format calls it.
    pub label: String,
    pub place: Option<Rect>,
    pub lines: Vec<Line>,
    /// Whether all its lines are one paragraph.
    pub is_paragraph: bool,
}

/// What becomes of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Role {
    Text(Option<Kind>),
    /// Not part of the text: a running head, a page number.
    Running,
    /// The first letter of the region after it.
    Initial,
}

/// What formats call regions, in small letters without hyphens and spaces.
const ROLES: [(&str, Role); 32] = [
    ("heading", Role::Text(Some(Kind::Headline))),
    ("headline", Role::Text(Some(Kind::Headline))),
    ("subheadline", Role::Text(Some(Kind::Headline))),
    ("subheading", Role::Text(Some(Kind::Headline))),
    ("title", Role::Text(Some(Kind::Headline))),
    ("author", Role::Text(Some(Kind::Byline))),
    ("byline", Role::Text(Some(Kind::Byline))),
    ("dateline", Role::Text(Some(Kind::Dateline))),
    ("caption", Role::Text(Some(Kind::Caption))),
    ("marginalia", Role::Text(Some(Kind::Caption))),
    ("margin", Role::Text(Some(Kind::Caption))),
    ("credit", Role::Text(Some(Kind::Credit))),
    ("tocentry", Role::Text(Some(Kind::List))),
    ("list", Role::Text(Some(Kind::List))),
    ("listitem", Role::Text(Some(Kind::List))),
    ("table", Role::Text(Some(Kind::Table))),
    ("tableregion", Role::Text(Some(Kind::Table))),
    ("masthead", Role::Text(Some(Kind::Masthead))),
    ("header", Role::Running),
    ("pageheader", Role::Running),
    ("runninghead", Role::Running),
    ("runningheader", Role::Running),
    ("runningtitle", Role::Running),
    ("footer", Role::Running),
    ("pagefooter", Role::Running),
    ("pagenumber", Role::Running),
    ("pageno", Role::Running),
    ("signaturemark", Role::Running),
    ("catchword", Role::Running),
    ("topmargin", Role::Running),
    ("bottommargin", Role::Running),
    ("dropcapital", Role::Initial),
];

impl Role {
    pub(crate) fn of(label: &str) -> Self {
        let name: String = label
            .chars()
            .filter(|c| !"-_ ".contains(*c))
            .flat_map(char::to_lowercase)
            .collect();
        ROLES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(Role::Text(None), |(_, role)| *role)
    }
}

/// Whether a format's label of a region says what the region is.
pub(crate) fn is_known_label(label: &str) -> bool {
    Role::of(label) != Role::Text(None)
}

impl Region {
    pub(crate) fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.text.trim().is_empty())
    }

    /// Whether its size makes it a headline: a few lines, all far thicker than the usual ones, that neither end a sentence
    /// nor name the paper.
    pub(crate) fn is_set_large(&self, usual: f64) -> bool {
        /// Headlines in the size of the text are recognised later, by what they say; slightly thicker lines are leads.
        /// Chosen by eye.
        const THICKER: f64 = 1.5;
        const MOST_LINES: usize = 4;
        let mut lines = self
            .lines
            .iter()
            .filter(|line| !line.text.trim().is_empty());
        let text = self
            .lines
            .last()
            .map(|line| line.text.trim())
            .unwrap_or_default();
        let letters = self
            .lines
            .iter()
            .flat_map(|line| line.text.chars())
            .filter(|c| is_letter(*c))
            .count();
        usual > 0.0
            && self.lines.len() <= MOST_LINES
            && letters > 3
            && lines.all(|line| {
                line.thickness()
                    .is_some_and(|thickness| thickness > usual * THICKER)
            })
            && !ends_sentence(text)
            && !text.ends_with(['报', '報', '刊'])
    }
}

/// The usual thickness of lines: half of the letters are in thinner ones. 0 if no places are given.
pub(crate) fn usual_thickness(regions: &[Region]) -> f64 {
    usual(regions, Line::thickness)
}

/// The usual length of lines: half of the letters are in shorter ones. 0 if no places are given.
pub(crate) fn usual_length(regions: &[Region]) -> f64 {
    usual(regions, |line| {
        let [_, _, width, height] = line.place?;
        Some(width.max(height))
    })
}

/// The measure of lines that half of the letters are in smaller ones than; 0 if none is given.
fn usual(regions: &[Region], measure: impl Fn(&Line) -> Option<f64>) -> f64 {
    let lines = regions.iter().flat_map(|region| &region.lines);
    let mut sizes: Vec<(f64, usize)> = lines
        .filter_map(|line| Some((measure(line)?, line.text.chars().count())))
        .collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, letters)| letters).sum::<usize>() / 2;
    let mut letters = 0;
    let middle = sizes.iter().find(|(_, more)| {
        letters += more;
        letters > half
    });
    middle.map_or(0.0, |(size, _)| *size)
}
