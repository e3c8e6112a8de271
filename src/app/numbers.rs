//! How do numbers, times and paths read in the window? [`crate::wording`], and what only a window needs.

use std::path::Path;
use std::time::Duration;

use crate::browse::is_padding;
use crate::wording;

/// "25 051".
pub(crate) fn count(n: u64) -> String {
    wording::count(n)
}

/// [`count`] with a sign where it is negative.
pub(crate) fn signed(n: i64) -> String {
    let sign = if n < 0 { "−" } else { "" };
    format!("{sign}{}", count(n.unsigned_abs()))
}

/// "1 trace", "25 051 traces".
pub(crate) fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// "48.2 GB".
pub(crate) fn bytes(n: u64) -> String {
    wording::bytes(n)
}

/// "5 min 12 s"; "40 ms" where seconds say too little.
pub(crate) fn duration(d: Duration) -> String {
    if d.as_secs_f64() < 0.95 {
        return format!("{:.0} ms", (d.as_secs_f64() * 1000.0).max(1.0));
    }
    wording::duration(d)
}

/// Time left, rounded as far as it can be believed: "about 3 min".
pub(crate) fn about(d: Duration) -> String {
    let secs = d.as_secs_f64();
    if secs < 2.0 {
        "a second".to_owned()
    } else if secs < 10.0 {
        format!("{secs:.0} s")
    } else if secs < 60.0 {
        format!("{:.0} s", (secs / 5.0).round() * 5.0)
    } else if secs < 3600.0 {
        format!("{:.0} min", (secs / 60.0).round().max(1.0))
    } else {
        format!("{:.1} h", secs / 3600.0)
    }
}

/// An amplitude with four significant digits: "−3 127", "1.204e7", "0.0312".
pub(crate) fn amplitude(value: f32) -> String {
    let v = f64::from(value);
    if is_padding(value) {
        return "no sample here".to_owned();
    }
    if value.is_nan() {
        return "not a number".to_owned();
    }
    if value.is_infinite() {
        return if v > 0.0 { "+infinite" } else { "−infinite" }.to_owned();
    }
    if v == 0.0 {
        return "0".to_owned();
    }
    let size = v.abs();
    let text = if (1e-3..1e5).contains(&size) {
        let digits = (3.0 - size.log10().floor()).clamp(0.0, 6.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0..=6"
        )]
        let digits = digits as usize;
        format!("{size:.digits$}")
    } else {
        format!("{size:.3e}")
    };
    format!("{}{text}", if v < 0.0 { "−" } else { "" })
}

/// "1 684.0" or "421", with as many digits as the interval needs.
pub(crate) fn axis_value(value: f64, interval: f64) -> String {
    let digits = usize::from(interval.fract().abs() > 1e-9 || value.fract().abs() > 1e-9);
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let whole = whole
        .parse::<u64>()
        .map_or_else(|_| whole.to_owned(), count);
    let sign = if value < 0.0 { "−" } else { "" };
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

/// The last part of a path, for titles.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// `text` with its middle left out, at most `limit` characters.
pub(crate) fn elide(text: &str, limit: usize) -> String {
    let n = text.chars().count();
    if n <= limit || limit < 5 {
        return text.to_owned();
    }
    let tail = (limit - 1) * 3 / 5;
    let head = limit - 1 - tail;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(n - tail).collect();
    format!("{start}…{end}")
}

/// "just now", "3 hours ago", "12 days ago".
pub(crate) fn ago(then_unix_secs: u64, now_unix_secs: u64) -> String {
    let secs = now_unix_secs.saturating_sub(then_unix_secs);
    let some = |n: u64, one: &str, many: &str| format!("{} ago", plural(n, one, many));
    match secs {
        0..60 => "just now".to_owned(),
        60..3600 => some(secs / 60, "minute", "minutes"),
        3600..86_400 => some(secs / 3600, "hour", "hours"),
        86_400..172_800 => "yesterday".to_owned(),
        _ => some(secs / 86_400, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(duration(Duration::from_millis(40)), "40 ms");
        assert_eq!(duration(Duration::from_secs(312)), "5 min 12 s");
        assert_eq!(about(Duration::from_secs(183)), "3 min");
        assert_eq!(about(Duration::from_secs(23)), "25 s");
    }

    #[test]
    fn amplitudes_keep_four_digits_at_any_size() {
        assert_eq!(amplitude(-3127.4), "−3127");
        assert_eq!(amplitude(0.031_24), "0.03124");
        assert_eq!(amplitude(12_040_000.0), "1.204e7");
        assert_eq!(amplitude(0.0), "0");
        assert_eq!(amplitude(f32::NAN), "not a number");
        assert_eq!(amplitude(crate::browse::PADDING), "no sample here");
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(elide("short.sgy", 20), "short.sgy");
        let long = elide("a_very_long_survey_name_2026_final_v3.sgy", 20);
        assert_eq!(long.chars().count(), 20);
        assert!(long.ends_with("l_v3.sgy"), "{long}");
    }

    #[test]
    fn axis_values_show_decimals_only_where_needed() {
        assert_eq!(axis_value(1684.0, 4.0), "1 684");
        assert_eq!(axis_value(0.5, 0.5), "0.5");
        assert_eq!(axis_value(-120.0, 2.0), "−120");
    }
}
