//! How are header columns called on the screen? Short words for the common ones.

/// Column names with the words that geophysicists use for them.
const SHORT: &[(&str, &str)] = &[
    ("trace_seq_num_line", "Trace in line"),
    ("trace_seq_num_reel", "Trace in file"),
    ("orig_field_record_num", "FFID"),
    ("trace_num_orig_record", "Channel"),
    ("energy_source_point_num", "Source point"),
    ("ensemble_num", "CDP"),
    ("trace_num_ensemble", "CDP trace"),
    ("trace_id_code", "Trace type"),
    ("source_to_receiver_distance", "Offset"),
    ("coordinate_scalar", "Coord. scalar"),
    ("elevation_depth_scalar", "Elev. scalar"),
    ("source_coord_x", "Source X"),
    ("source_coord_y", "Source Y"),
    ("group_coord_x", "Group X"),
    ("group_coord_y", "Group Y"),
    ("delay_recording_time", "Delay"),
    ("samples_per_trace", "Samples"),
    ("sample_interval", "Interval"),
    ("cdp_x", "CDP X"),
    ("cdp_y", "CDP Y"),
    ("inline", "Inline"),
    ("crossline", "Crossline"),
    ("shot_point", "Shot point"),
];

/// "FFID" for `orig_field_record_num`; "Gap size" for `gap_size`.
pub(crate) fn label(column: &str) -> String {
    if column.contains(|c: char| !c.is_alphanumeric() && c != '_') {
        return computed_label(column);
    }
    SHORT
        .iter()
        .find(|(name, _)| *name == column)
        .map_or_else(|| spaced(column), |(_, label)| (*label).to_owned())
}

/// "Offset in bins of 100" for `bin(source_to_receiver_distance, 100)`; other computed keys as they
/// were typed.
fn computed_label(key: &str) -> String {
    bin_of(key).map_or_else(
        || key.to_owned(),
        |(column, width)| format!("{} in bins of {width}", label(column)),
    )
}

/// Column and width of a key that is a bin and nothing else.
fn bin_of(key: &str) -> Option<(&str, &str)> {
    let inside = key.strip_prefix("bin(")?.strip_suffix(')')?;
    let (column, width) = inside.split_once(',')?;
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let (column, width) = (column.trim(), width.trim());
    (plain(column) && plain(width)).then_some((column, width))
}

fn spaced(column: &str) -> String {
    let text = column.replace('_', " ");
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// The word that tells the traces of one inline apart is the crossline, and the other way round.
pub(crate) fn across(key: &str) -> Option<&'static str> {
    match key {
        "inline" => Some("crossline"),
        "crossline" => Some("inline"),
        _ => None,
    }
}

/// Columns that are shown first in mappings and inspectors, in this order.
pub(crate) const COMMON: &[&str] = &[
    "orig_field_record_num",
    "trace_num_orig_record",
    "energy_source_point_num",
    "ensemble_num",
    "trace_num_ensemble",
    "source_to_receiver_distance",
    "inline",
    "crossline",
    "shot_point",
    "source_coord_x",
    "source_coord_y",
    "group_coord_x",
    "group_coord_y",
    "cdp_x",
    "cdp_y",
    "coordinate_scalar",
    "delay_recording_time",
    "trace_id_code",
];

/// A key of one or several columns with its values: "FFID 1042 · Channel 3".
pub(crate) fn key_label(key: &[(String, i64)]) -> String {
    key.iter()
        .map(|(name, value)| one_key_label(name, *value))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// "CDP 1500"; "Offset 100…199" for a bin; "cdp / 2 = 750" for other computed keys.
fn one_key_label(name: &str, value: i64) -> String {
    if let Some((column, width)) = bin_of(name) {
        let last = width
            .parse::<i64>()
            .ok()
            .filter(|width| *width > 0)
            .and_then(|width| value.checked_add(width - 1));
        return match last {
            Some(last) => format!("{} {value}…{last}", label(column)),
            None => format!("{} from {value}", label(column)),
        };
    }
    let computed = name.contains(|c: char| !c.is_alphanumeric() && c != '_');
    let sign = if computed { " =" } else { "" };
    format!("{}{sign} {value}", label(name))
}

/// With a capital at its head.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_columns_have_short_names_and_others_are_spelt_out() {
        assert_eq!(label("ensemble_num"), "CDP");
        assert_eq!(label("source_uphole_time"), "Source uphole time");
        assert_eq!(
            label("bin(source_to_receiver_distance, 100)"),
            "Offset in bins of 100"
        );
        assert_eq!(label("cdp / 2"), "cdp / 2");
        let bins = "bin(source_to_receiver_distance, 100)".to_owned();
        assert_eq!(key_label(&[(bins, -100)]), "Offset -100…-1");
        assert_eq!(key_label(&[("cdp / 2".to_owned(), 7)]), "cdp / 2 = 7");
        for name in COMMON {
            assert!(!label(name).contains('_'));
        }
    }
}
