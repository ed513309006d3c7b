//! The direction in which a page is written, and its places turned so that reading goes from left to right and then down.

use super::line::Line;
use super::place::Rect;

/// How the lines of a page run and follow one another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Frame {
    /// Lines from left to right, columns too.
    Horizontal,
    /// Lines from right to left, columns too: Arabic, Hebrew.
    RightToLeft,
    /// Lines from the top down, one after another from right to left: Chinese and Japanese. What is a column in a
    /// horizontal page is a row of lines here, and the rows follow one another from the top down.
    Vertical,
}

/// Where something lies on a page that is turned to be read from left to right and from the top down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Frame {
    /// The direction of most letters of some lines.
    pub(super) fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let (mut all, mut vertical, mut from_right) = (0, 0, 0);
        for line in lines {
            let Some([_, _, width, height]) = line.place else {
                continue;
            };
            let letters = line.text.chars().filter(|c| !c.is_whitespace()).count();
            all += letters;
            if height > width * 1.5 && letters > 2 {
                vertical += letters;
            } else if line.text.chars().any(is_right_to_left) {
                from_right += letters;
            }
        }
        match () {
            _ if vertical * 2 > all => Frame::Vertical,
            _ if from_right * 2 > all => Frame::RightToLeft,
            _ => Frame::Horizontal,
        }
    }

    pub(super) fn turned(self, [left, top, width, height]: Rect) -> Extent {
        let (right, bottom) = (left + width, top + height);
        let [left, top, right, bottom] = match self {
            Frame::Horizontal => [left, top, right, bottom],
            Frame::RightToLeft => [-right, top, -left, bottom],
            Frame::Vertical => [top, -right, bottom, -left],
        };
        Extent {
            left,
            top,
            right,
            bottom,
        }
    }

    /// The place of an extent on the page as it is.
    pub(super) fn back(self, extent: Extent) -> Rect {
        let Extent {
            left,
            top,
            right,
            bottom,
        } = extent;
        match self {
            Frame::Horizontal => [left, top, right - left, bottom - top],
            Frame::RightToLeft => [-right, top, right - left, bottom - top],
            Frame::Vertical => [-bottom, left, bottom - top, right - left],
        }
    }
}

impl Extent {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn middle(&self) -> f64 {
        (self.top + self.bottom) / 2.0
    }

    /// How far two extents share a height.
    pub(super) fn beside(&self, other: &Extent) -> f64 {
        self.bottom.min(other.bottom) - self.top.max(other.top)
    }

    pub(super) fn around(&self, other: &Extent) -> Extent {
        Extent {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A letter of Hebrew or Arabic.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{5D0}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}
