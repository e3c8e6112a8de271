//! In which unit does a header count? (r2.0 §7.1, table 3)

/// Lengths whose unit is the survey's.
const LENGTHS: &[&str] = &["elevation", "depth", "distance"];

/// "ms" for `delay_recording_time`; `length` is the survey's unit. Empty where there is none.
pub(crate) fn unit(column: &str, length: Option<&'static str>) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| column.contains(word));
    let length = length.unwrap_or("");
    if has(&["scalar", "_unit", "type", "code", "samples"]) {
        ""
    } else if column == "sample_interval" {
        "µs"
    } else if has(&["sweep_freq", "_freq", "frequency"]) {
        "Hz"
    } else if has(&["slope"]) {
        "dB/oct"
    } else if has(&["velocity"]) {
        if length == "ft" { "ft/s" } else { "m/s" }
    } else if has(&[
        "delay",
        "mute",
        "uphole",
        "static",
        "lag_time",
        "taper",
        "sweep_length",
    ]) {
        "ms"
    } else if has(&["gain_const", "gain_initial"]) {
        "dB"
    } else if has(LENGTHS) || is_scaled_coordinate(column) {
        length
    } else {
        ""
    }
}

/// Coordinates with their scalar applied; those as they stand in the header have no unit of their own.
fn is_scaled_coordinate(column: &str) -> bool {
    matches!(
        column,
        "source_x" | "source_y" | "group_x" | "group_y" | "cdp_x_scaled" | "cdp_y_scaled"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segy::fields_trace::TRACE_FIELDS;

    #[test]
    fn times_lengths_and_numbers_are_told_apart() {
        for (column, expected) in [
            ("delay_recording_time", "ms"),
            ("sample_interval", "µs"),
            ("source_to_receiver_distance", "m"),
            ("source_depth_below_surface", "m"),
            ("elevation_depth_scalar", ""),
            ("weathering_velocity", "m/s"),
            ("ensemble_num", ""),
            ("samples_per_trace", ""),
            ("source_coord_x", ""),
            ("group_x", "m"),
        ] {
            assert_eq!(unit(column, Some("m")), expected, "{column}");
        }
        assert_eq!(unit("source_water_depth", None), "");
    }

    #[test]
    fn every_word_of_the_standard_with_a_time_has_milliseconds() {
        let times = TRACE_FIELDS
            .iter()
            .filter(|field| unit(field.name, None) == "ms");
        assert!(times.count() > 8);
    }
}
