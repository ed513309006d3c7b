//! The weights of the seam model, in the order of `FEATURES`, as `make weights` fits and writes them.

use super::seam::{FEATURES, FIRST};

pub const FIRST_WEIGHTS: [f32; FIRST] = [
    -0.485, // one
    0.386,  // size
    3.493,  // adjacent
    3.052,  // across captions
    4.239,  // across a headline
    0.356,  // far ahead
    -0.400, // distance
    3.726,  // quotes close
    -4.036, // quotes clash
    -5.984, // tail like a headline
    -0.087, // tail like a headline is no beginning
    0.580,  // tail like a headline is no end of one
    -4.741, // tail like a headline of what follows
    -3.208, // tail before a byline
    -3.002, // head like a headline
    -1.316, // head under a headline
    0.375,  // fit
    -0.258, // tail is no end
    0.339,  // head is no beginning
    0.824,  // next after a clause
    6.654,  // number over the seam
    0.272,  // lead over other heads
    0.182,  // lead over other tails
    2.448,  // likeness
    2.911,  // likeness from afar
    -1.378, // lead in likeness
    2.427,  // lead in likeness from afar
    0.724,  // text before is open
];

pub const WEIGHTS: [f32; FEATURES.len()] = [
    -3.303, // one
    0.405,  // size
    3.070,  // adjacent
    3.056,  // across captions
    4.170,  // across a headline
    0.345,  // far ahead
    -0.612, // distance
    4.947,  // quotes close
    -3.825, // quotes clash
    -7.627, // tail like a headline
    -0.145, // tail like a headline is no beginning
    0.714,  // tail like a headline is no end of one
    -4.398, // tail like a headline of what follows
    -3.948, // tail before a byline
    -3.667, // head like a headline
    -0.906, // head under a headline
    0.530,  // fit
    -0.183, // tail is no end
    0.587,  // head is no beginning
    0.875,  // next after a clause
    6.438,  // number over the seam
    0.149,  // lead over other heads
    0.031,  // lead over other tails
    2.289,  // likeness
    3.498,  // likeness from afar
    -1.493, // lead in likeness
    2.159,  // lead in likeness from afar
    1.433,  // text before is open
    -0.170, // best other head
    -0.298, // best other tail
    2.249,  // next in order
    -0.306, // far in order
    1.632,  // like sure ones from afar
    -2.019, // tail is taken
    -2.104, // head is taken
    0.321,  // runs end and begin here
];
