//! Where something lies on a page.

/// Left, top, width, height, in the format's own unit.
pub(crate) type Rect = [f64; 4];

/// The smallest place that holds both.
pub(super) fn around(one: Rect, other: Rect) -> Rect {
    let [left, top] = [0, 1].map(|side| one[side].min(other[side]));
    let [right, bottom] =
        [0, 1].map(|side| (one[side] + one[side + 2]).max(other[side] + other[side + 2]));
    [left, top, right - left, bottom - top]
}

/// The smallest place that holds this one and a point.
pub(crate) fn widened([left, top, width, height]: Rect, x: f64, y: f64) -> Rect {
    let (right, bottom) = ((left + width).max(x), (top + height).max(y));
    let (left, top) = (left.min(x), top.min(y));
    [left, top, right - left, bottom - top]
}
