//! The weights of the seam model, in the order of `FEATURES`, as `make weights` fits and writes them.

use super::seam::{FEATURES, FIRST};

pub const FIRST_WEIGHTS: [f32; FIRST] = [
    -0.541, // one
    0.064,  // size
    4.364,  // adjacent
    3.456,  // across captions
    4.188,  // across a headline
    0.219,  // far ahead
    -0.339, // distance
    3.267,  // quotes close
    -4.159, // quotes clash
    -2.680, // tail like a headline
    0.002,  // tail like a headline is no beginning
    0.313,  // tail like a headline is no end of one
    -7.021, // tail like a headline of what follows
    -3.056, // tail before a byline
    -2.966, // head like a headline
    -0.061, // head under a headline
    0.395,  // fit
    -2.075, // head is known behind others
    -0.217, // tail is no end
    0.297,  // head is no beginning
    0.233,  // next after a clause
    5.933,  // number over the seam
    0.358,  // lead over other heads
    0.258,  // lead over other tails
    0.722,  // likeness
    3.756,  // likeness from afar
    1.559,  // lead in likeness
    0.450,  // lead in likeness from afar
    0.829,  // text before is open
];

pub const WEIGHTS: [f32; FEATURES.len()] = [
    -4.574, // one
    0.071,  // size
    3.946,  // adjacent
    3.531,  // across captions
    3.726,  // across a headline
    0.220,  // far ahead
    -0.560, // distance
    3.207,  // quotes close
    -2.724, // quotes clash
    -4.222, // tail like a headline
    -0.038, // tail like a headline is no beginning
    0.467,  // tail like a headline is no end of one
    -7.642, // tail like a headline of what follows
    -3.750, // tail before a byline
    -3.590, // head like a headline
    0.171,  // head under a headline
    0.554,  // fit
    -1.925, // head is known behind others
    -0.108, // tail is no end
    0.545,  // head is no beginning
    0.089,  // next after a clause
    6.928,  // number over the seam
    0.124,  // lead over other heads
    0.085,  // lead over other tails
    1.851,  // likeness
    4.043,  // likeness from afar
    -0.112, // lead in likeness
    0.729,  // lead in likeness from afar
    1.409,  // text before is open
    -0.391, // best other head
    -0.312, // best other tail
    2.510,  // next in order
    -0.342, // far in order
    1.809,  // like sure ones from afar
    -1.213, // tail is taken
    -1.938, // head is taken
    0.432,  // runs end and begin here
];
