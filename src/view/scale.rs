//! Where do ticks of an axis of numbers stand, and what do they say?

use super::axis::round_step;
use super::number::{decimals_of, format_fixed};

/// Beyond these sizes numbers are written with an exponent.
const PLAIN: std::ops::Range<f64> = 1e-4..1e7;

/// Round values between `low` and `high`, at most about `most` of them, with their labels.
pub fn value_ticks(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let most = most.max(1) as f64;
    let ends = |step: f64| ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    let step = round_step(span / most, false);
    // One number says nothing of a scale: then the next finer step, of a few numbers too.
    let step = match ends(step) {
        (first, last) if last <= first => round_step(span / most / 2.0, false),
        _ => step,
    };
    let (first, last) = ends(step);
    let last = last.min(first + 1000.0);
    let largest = low.abs().max(high.abs());
    std::iter::successors(Some(first), |k| Some(k + 1.0))
        .take_while(|k| *k <= last)
        .map(|k| {
            let value = k * step;
            let label = if PLAIN.contains(&largest) {
                format_fixed(value, decimals_of(step)).replace('-', "−")
            } else if value == 0.0 {
                "0".to_owned()
            } else {
                format!("{value:.1e}").replace('-', "−")
            };
            (value, label)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, most: usize) -> Vec<String> {
        value_ticks(low, high, most)
            .into_iter()
            .map(|t| t.1)
            .collect()
    }

    #[test]
    fn ticks_are_round_and_begin_and_end_inside() {
        assert_eq!(labels(0.0, 125.0, 6), ["0", "50", "100"].map(str::to_owned),);
        assert_eq!(
            labels(-1.0, 1.0, 4),
            ["−1.0", "−0.5", "0.0", "0.5", "1.0"].map(str::to_owned)
        );
        assert_eq!(
            labels(-0.018, 0.018, 3),
            ["−0.01", "0.00", "0.01"].map(str::to_owned)
        );
        assert_eq!(
            labels(-2e9, 2e9, 2),
            ["−2.0e9", "0", "2.0e9"].map(str::to_owned)
        );
    }

    #[test]
    fn an_empty_range_has_no_ticks() {
        assert!(value_ticks(3.0, 3.0, 5).is_empty());
        assert!(value_ticks(f64::NAN, 3.0, 5).is_empty());
        assert!(value_ticks(0.0, f64::INFINITY, 5).is_empty());
    }
}
