//! How likely white between words is to look like a gutter by chance.

use super::levels::{Level, NARROWEST, WIDEST};

/// Natural logarithm of how often chance may make a gutter on a page: less than once in a thousand.
const RARELY: f64 = -7.0;

/// How many levels along a gutter have white there, of how many.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub with: usize,
    pub of: usize,
}

/// How often white stands between words by chance.
pub(super) struct Chance {
    /// The widths of white between words.
    whites: Vec<f64>,
    /// The length of all lines.
    length: f64,
    /// How many places were tried, from how many lines on.
    tried: f64,
    /// The height of a line.
    height: f64,
}

impl Chance {
    pub(super) fn of(levels: &[Level], height: f64, steps: usize) -> Self {
        let between = |level: &Level| -> Vec<f64> {
            level
                .text
                .windows(2)
                .map(|two| two[1].0 - two[0].1)
                .collect()
        };
        let whites = levels.iter().flat_map(between);
        let length = levels
            .iter()
            .filter_map(|level| Some(level.text.last()?.1 - level.text.first()?.0));
        Chance {
            whites: whites.filter(|white| *white < height * WIDEST).collect(),
            length: length.sum(),
            tried: (steps * levels.len()).max(1) as f64,
            height,
        }
    }

    /// Whether so many of these levels would hardly have white of this width at any place by chance.
    pub(super) fn is_unlikely(&self, Seen { with, of }: Seen, width: f64) -> bool {
        /// On a page with hardly any white some may be a letter that was not read: of the narrowest gutter's width here
        /// and there, and the wider the rarer. Chosen by eye.
        const LEAST: f64 = 0.03;
        let rarest = LEAST * (self.height * NARROWEST / width).min(1.0);
        let least = width * 0.7;
        let white: f64 = self
            .whites
            .iter()
            .filter(|white| **white >= least)
            .map(|white| white - least + width * 0.3)
            .sum();
        let likely = (white / self.length.max(1.0)).clamp(rarest, 0.9);
        let share = with as f64 / of as f64;
        if share <= likely {
            return false;
        }
        // Hoeffding's bound on the tail of a binomial distribution, by Kullback-Leibler divergence
        let against = if share < 1.0 {
            (1.0 - share) * ((1.0 - share) / (1.0 - likely)).ln()
        } else {
            0.0
        };
        let divergence = share * (share / likely).ln() + against;
        self.tried.ln() - of as f64 * divergence < RARELY
    }
}
