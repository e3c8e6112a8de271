//! How are numbers written for people? Sizes, counts, rates and durations, each with its unit.
//!
//! A leaf, used by both shells and by error sentences, so that the same number reads the same
//! everywhere.

use std::time::Duration;

/// A size: "48.2 GB" (decimal units, as disks and file managers count).
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 6] = ["bytes", "kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n} {}", if n == 1 { "byte" } else { "bytes" });
    }
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let decimals = usize::from(value < 99.95);
    format!("{value:.decimals$} {}", UNITS[unit])
}

/// A count with thousands set apart: "22 324 543".
pub fn count(n: u64) -> String {
    group_digits(&n.to_string())
}

/// A signed number with thousands set apart: "-6 000".
pub fn integer(n: i64) -> String {
    let digits = group_digits(&n.unsigned_abs().to_string());
    if n < 0 { format!("-{digits}") } else { digits }
}

fn group_digits(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A number of things: "1 trace", "2 000 traces".
pub fn things(n: u64, singular: &str) -> String {
    if n == 1 {
        format!("1 {singular}")
    } else {
        format!("{} {singular}s", count(n))
    }
}

/// From the least to the most: "96 traces", "1 to 48 traces".
pub fn least_to_most(least: u64, most: u64, singular: &str) -> String {
    if least == most {
        things(most, singular)
    } else {
        format!("{} to {}", count(least), things(most, singular))
    }
}

/// Which trace: "trace index 1 957", counted from 0 as in headers.parquet, `--traces` and the JSON.
pub fn trace(trace_index: u64) -> String {
    format!("trace index {}", count(trace_index))
}

/// An estimated count: two digits of it are believed. "about 1 000".
pub fn about(n: u64) -> String {
    let mut unit = 1_u64;
    while n / unit >= 100 {
        unit *= 10;
    }
    format!("about {}", count((n + unit / 2) / unit * unit))
}

/// A duration: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min".
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let whole = time.as_secs() + u64::from(time.subsec_millis() >= 500);
    match whole {
        0..10 => format!("{seconds:.1} s"),
        10..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// A rate: "92 MB/s".
pub fn rate(bytes_per_second: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are small positive numbers; `as` saturates"
    )]
    let whole = bytes_per_second.max(0.0) as u64;
    format!("{}/s", bytes(whole))
}

/// An amplitude, with as many digits as a reader can use: "-3.127e3", "0.25", "12.5".
pub fn amplitude(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if !value.is_finite() {
        if value.is_nan() {
            "not a number"
        } else {
            "infinite"
        }
        .to_owned()
    } else if (0.01..10_000.0).contains(&size) {
        let decimals = if size >= 1000.0 {
            1
        } else if size >= 10.0 {
            2
        } else {
            4
        };
        let text = format!("{value:.decimals$}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_decimal_until_a_hundred() {
        assert_eq!(
            (bytes(0), bytes(1)),
            ("0 bytes".to_owned(), "1 byte".to_owned())
        );
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(1_000), "1.0 kB");
        assert_eq!(bytes(999_999), "1.0 MB");
        assert_eq!(bytes(48_200_000_000), "48.2 GB");
        assert_eq!(bytes(412_000_000_000), "412 GB");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(count(7), "7");
        assert_eq!(count(22_324_543), "22 324 543");
        assert_eq!(integer(-6000), "-6 000");
        assert_eq!(things(1, "trace"), "1 trace");
        assert_eq!(things(1200, "trace"), "1 200 traces");
        assert_eq!(least_to_most(1, 1, "trace"), "1 trace");
        assert_eq!(least_to_most(1, 48, "trace"), "1 to 48 traces");
        assert_eq!(trace(1957), "trace index 1 957");
        assert_eq!(about(1_004), "about 1 000");
        assert_eq!(about(98), "about 98");
        assert_eq!(about(12_499_999), "about 12 000 000");
    }

    #[test]
    fn durations_use_two_units_at_most() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(12)), "12 s");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
        assert_eq!(duration(Duration::from_mins(125)), "2 h 5 min");
    }

    #[test]
    fn amplitudes_are_short_at_any_size() {
        assert_eq!(amplitude(0.0), "0");
        assert_eq!(amplitude(-3127.45), "-3127.4");
        assert_eq!(amplitude(0.25), "0.25");
        assert_eq!(amplitude(1.5e-8), "1.500e-8");
        assert_eq!(amplitude(f64::NAN), "not a number");
    }
}
