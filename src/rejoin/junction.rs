//! A junction: what the whole folder works towards.

/// Two blocks, by their places on the page, that are two halves of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Junction {
    pub tail: usize,
    pub head: usize,
    pub probability: f32,
}
