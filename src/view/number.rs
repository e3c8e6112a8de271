//! How is a number written for people? Thousands apart, a true minus, as many digits as it is worth.

/// Between groups of three digits.
const GAP: char = ' ';
/// As in print; the hyphen is too short beside digits.
const MINUS: char = '−';

/// "12 000", "−5", with gaps between thousands.
pub fn format_count(value: i64) -> String {
    grouped(value < 0, &value.unsigned_abs().to_string(), "")
}

/// A value with a fixed number of decimals and gaps between thousands: "1 200", "0.05".
pub fn format_fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    grouped(value < 0.0 && !is_zero, whole, rest)
}

/// An amplitude in three digits: "12 300", "0.0123", "1.23e−8".
pub fn format_amplitude(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN".to_owned()
        } else if value > 0.0 {
            "∞".to_owned()
        } else {
            format!("{MINUS}∞")
        };
    }
    if size == 0.0 {
        return "0".to_owned();
    }
    if (0.001..99_950.0).contains(&size) {
        let decimals = match size {
            s if s >= 99.95 => 0,
            s if s >= 9.995 => 1,
            s if s >= 0.9995 => 2,
            s if s >= 0.09995 => 3,
            s if s >= 0.009995 => 4,
            _ => 5,
        };
        let text = format_fixed(value, decimals);
        return if decimals == 0 {
            text
        } else {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
    }
    format!("{value:.2e}").replace('-', "−")
}

/// Decimals that tell multiples of `step` apart.
pub(super) fn decimals_of(step: f64) -> usize {
    (0..12)
        .find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs()
        })
        .and_then(|decimals| usize::try_from(decimals).ok())
        .unwrap_or(12)
}

fn grouped(negative: bool, digits: &str, rest: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + rest.len() + 4);
    if negative {
        text.push(MINUS);
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(GAP);
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(format_count(999), "999");
        assert_eq!(format_count(-1_234_567), "−1 234 567");
        assert_eq!(format_count(i64::MIN), "−9 223 372 036 854 775 808");
        assert_eq!(format_fixed(1200.0, 0), "1 200");
        assert_eq!(format_fixed(-0.04, 1), "0.0");
        assert_eq!(format_fixed(-1234.56, 1), "−1 234.6");
    }

    #[test]
    fn amplitudes_have_three_digits_at_any_size() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (12_345.0, "12 345"),
            (123_456.0, "1.23e5"),
            (-0.012_34, "−0.0123"),
            (0.5, "0.5"),
            (99.96, "100"),
            (1.234e-8, "1.23e−8"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(format_amplitude(value), text);
        }
    }

    #[test]
    fn steps_know_their_decimals() {
        for (step, decimals) in [(100.0, 0), (2.0, 0), (0.5, 1), (0.25, 2), (0.001, 3)] {
            assert_eq!(decimals_of(step), decimals, "{step}");
        }
    }
}
