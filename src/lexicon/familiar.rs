//! What is often seen, for quick look-ups.

use super::ngrams::Ngrams;
use super::symbols::Symbol;

/// Times that three symbols in a row must have been seen to be neither chance nor an error; chosen by eye.
pub(crate) const OFTEN: u32 = 8;

/// The n-grams of three symbols that are often seen, in so little memory that a look-up costs next to nothing. Of
/// n-grams that share a slot only the last is kept; 16 bits of its hash identify it.
#[derive(Debug)]
pub struct Familiar {
    slots: Box<[u16]>,
}

impl Familiar {
    const SLOTS: usize = 1 << 20;

    pub(super) fn of<'a>(ngrams: impl Iterator<Item = &'a Ngrams>) -> Self {
        let mut slots = vec![0; Familiar::SLOTS].into_boxed_slice();
        for (gram, context) in ngrams.flat_map(|n| &n.contexts.slots) {
            let is_three = gram & 0xFFFF == 0 && gram >> 16 & 0xFFFF != 0;
            if is_three && context.total >= OFTEN as f32 {
                let (slot, mark) = Familiar::place(*gram);
                slots[slot] = mark;
            }
        }
        Familiar { slots }
    }

    /// Whether three symbols in a row are.
    #[inline]
    pub fn holds(&self, first: Symbol, second: Symbol, third: Symbol) -> bool {
        let (slot, mark) = Familiar::place(
            u64::from(first) << 48 | u64::from(second) << 32 | u64::from(third) << 16,
        );
        self.slots[slot] == mark
    }

    /// The slot of an n-gram, and the bits that identify it there, which are not 0.
    fn place(gram: u64) -> (usize, u16) {
        let mixed = (gram >> 16).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (
            (mixed >> (64 - Familiar::SLOTS.ilog2())) as usize,
            (mixed >> 28) as u16 | 1,
        )
    }
}
