//! The middle of some measures, and other places in their order.

/// The middle one of some measures; they are sorted.
pub(super) fn middle(measures: &mut [f64]) -> f64 {
    quantile(measures, 0.5)
}

/// The measure that a share of the others lies below; 0 of none. They are sorted.
pub(super) fn quantile(measures: &mut [f64], share: f64) -> f64 {
    measures.sort_by(f64::total_cmp);
    let at = (measures.len().saturating_sub(1) as f64 * share).round() as usize;
    measures.get(at).copied().unwrap_or(0.0)
}
