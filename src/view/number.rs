//! How are the numbers of an axis written? All with the same decimals, thousands apart.

use crate::wording;

/// A value with a fixed number of decimals and gaps between thousands: "1 200", "0.05".
pub fn format_fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    // Beyond 64 bits nobody counts digits.
    let whole = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), wording::count);
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    format!("{sign}{whole}{rest}")
}

/// Decimals that tell multiples of `step` apart.
pub(super) fn decimals_of(step: f64) -> usize {
    let mut scaled = step.abs();
    for decimals in 0..12 {
        if (scaled - scaled.round()).abs() < 1e-6 * scaled {
            return decimals;
        }
        scaled *= 10.0;
    }
    12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_and_zero_has_no_sign() {
        assert_eq!(format_fixed(1200.0, 0), "1 200");
        assert_eq!(format_fixed(-0.04, 1), "0.0");
        assert_eq!(format_fixed(-1234.56, 1), "-1 234.6");
        assert_eq!(format_fixed(1e30, 0).len(), 31);
    }

    #[test]
    fn steps_know_their_decimals() {
        for (step, decimals) in [(100.0, 0), (2.0, 0), (0.5, 1), (0.25, 2), (0.001, 3)] {
            assert_eq!(decimals_of(step), decimals, "{step}");
        }
    }
}
