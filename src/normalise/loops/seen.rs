//! The quick look that every block gets: whether anything in it may be a loop.

use crate::page::Page;
use crate::page::edit::Span;

/// Where each eight bytes of a page were last seen. One for the page, so that it need not be cleared for every block.
#[derive(Default)]
pub(in crate::normalise) struct Seen(Vec<u32>);

/// Slots: as many as stay in the fastest cache. What one overwrites is seen again with the next period.
const MOST_BITS: u32 = 12;

impl Seen {
    pub(in crate::normalise) fn of(page: &Page) -> Self {
        let bits = (usize::BITS - (page.text().len() / 4).leading_zeros()).clamp(4, MOST_BITS);
        Seen(vec![0; 1 << bits])
    }

    /// Whether a part of the page's text may hold a loop: eight bytes recur, at the same distance all the way over
    /// twice that distance. Clean text hardly ever does, so few blocks are searched for periods.
    pub(in crate::normalise) fn may_loop(&mut self, page: &str, span: &Span) -> bool {
        /// Bytes of the shortest loop less the window and a period.
        const SHORTEST: usize = 9;
        let bytes = &page.as_bytes()[..span.end];
        let window = |at: usize| Some(u64::from_le_bytes(*bytes[at..].first_chunk()?));
        let (mut distance, mut alike) = (usize::MAX, 0);
        for (at, c) in page[span.clone()].char_indices() {
            let at = span.start + at;
            let Some(here) = window(at) else { break };
            if at - span.start >= distance && window(at - distance) == Some(here) {
                alike += c.len_utf8();
                if alike >= SHORTEST && alike >= distance * 2 {
                    return true;
                }
            } else {
                let before = self.replace(here, at);
                if before >= span.start && before < at && window(before) == Some(here) {
                    (distance, alike) = (at - before, c.len_utf8());
                }
            }
        }
        false
    }

    /// Puts down where a window was seen, and returns where it was the last time: there, if no other has its slot.
    #[inline]
    fn replace(&mut self, window: u64, at: usize) -> usize {
        let shift = 64 - self.0.len().trailing_zeros();
        let slot = window.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift;
        std::mem::replace(&mut self.0[slot as usize], at as u32) as usize
    }
}
