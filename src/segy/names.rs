//! Which trace header word does a user mean by a name?
//!
//! Users come from many programs: our own names, segyio's, Seismic Unix's and the words that
//! people say are all accepted, whatever the case and with `-`, blanks or `_` alike.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::FieldSpec;
use super::fields_trace::TRACE_FIELDS;

/// Words that people use, and our name for each.
#[rustfmt::skip]
const ALIASES: &[(&str, &str)] = &[
    ("tracl", "trace_seq_num_line"), ("trace_sequence", "trace_seq_num_line"),
    ("trace_number_in_line", "trace_seq_num_line"), ("trace_in_file", "trace_seq_num_reel"),
    ("ffid", "orig_field_record_num"), ("field_record", "orig_field_record_num"),
    ("field_record_number", "orig_field_record_num"), ("record", "orig_field_record_num"),
    ("shot", "orig_field_record_num"), ("shot_record", "orig_field_record_num"),
    ("shot_number", "orig_field_record_num"), ("file", "orig_field_record_num"),
    ("channel", "trace_num_orig_record"), ("chan", "trace_num_orig_record"),
    ("channel_number", "trace_num_orig_record"), ("trace_number", "trace_num_orig_record"),
    ("sp", "energy_source_point_num"), ("source", "energy_source_point_num"),
    ("source_point", "energy_source_point_num"), ("source_number", "energy_source_point_num"),
    ("energy_source_point", "energy_source_point_num"), ("vp", "energy_source_point_num"),
    ("energy_source_point_number", "energy_source_point_num"),
    ("cmp", "ensemble_num"), ("ensemble", "ensemble_num"), ("ensemble_number", "ensemble_num"),
    ("cdp_number", "ensemble_num"), ("ens", "ensemble_num"),
    ("trace_in_ensemble", "trace_num_ensemble"), ("trace_number_in_ensemble", "trace_num_ensemble"),
    ("trace_id", "trace_id_code"), ("trace_type", "trace_id_code"),
    ("fold", "horizontally_stacked_traces"),
    ("source_receiver_distance", "source_to_receiver_distance"), ("off", "source_to_receiver_distance"),
    ("source_elevation", "source_surface_elevation"), ("receiver_elevation", "receiver_group_elevation"),
    ("source_depth", "source_depth_below_surface"), ("water_depth", "source_water_depth"),
    ("elevation_scalar", "elevation_depth_scalar"), ("coordinate_scaler", "coordinate_scalar"),
    ("source_x", "source_coord_x"), ("source_y", "source_coord_y"), ("shot_x", "source_coord_x"),
    ("shot_y", "source_coord_y"), ("group_x", "group_coord_x"), ("group_y", "group_coord_y"),
    ("receiver_x", "group_coord_x"), ("receiver_y", "group_coord_y"), ("rx", "group_coord_x"),
    ("ry", "group_coord_y"), ("rec_x", "group_coord_x"), ("rec_y", "group_coord_y"),
    ("delay", "delay_recording_time"), ("delay_time", "delay_recording_time"),
    ("lag_a", "lag_time_a"), ("lag_b", "lag_time_b"),
    ("n_samples", "samples_per_trace"), ("samples", "samples_per_trace"),
    ("interval", "sample_interval"), ("sample_rate", "sample_interval"),
    ("year", "year_recorded"), ("day", "day_of_year"), ("hour", "hour_of_day"),
    ("minute", "minute_of_hour"), ("second", "second_of_minute"),
    ("cdpx", "cdp_x"), ("cdpy", "cdp_y"), ("x", "cdp_x"), ("y", "cdp_y"),
    ("ensemble_x", "cdp_x"), ("ensemble_y", "cdp_y"), ("cmp_x", "cdp_x"), ("cmp_y", "cdp_y"),
    ("il", "inline"), ("iline", "inline"), ("in_line", "inline"), ("inline_number", "inline"),
    ("inline_3d", "inline"), ("xl", "crossline"), ("xline", "crossline"), ("cross_line", "crossline"),
    ("crossline_number", "crossline"), ("crossline_3d", "crossline"),
    ("shotpoint", "shot_point"), ("shot_point_number", "shot_point"),
    ("header_name", "trace_header_name"),
];

/// The word that a user means by `name`: our own name, segyio's, Seismic Unix's or a common alias
/// (ffid, shot, channel, cdp, offset, il, xl …), whatever the case.
pub fn find_trace_field(name: &str) -> Option<&'static FieldSpec> {
    // A scan asks hundreds of times: to simplify all names each time cost more than the scan.
    static FIELDS: LazyLock<HashMap<String, &'static FieldSpec>> = LazyLock::new(fields_by_name);
    FIELDS.get(&simplified(name)).copied()
}

/// By simplified name: our own before the aliases, these before what other programs say.
fn fields_by_name() -> HashMap<String, &'static FieldSpec> {
    let by_own_name = |own: &str| TRACE_FIELDS.iter().find(|field| field.name == own);
    let own = TRACE_FIELDS.iter().map(|field| (field.name, field));
    let aliases = ALIASES
        .iter()
        .filter_map(|(alias, own)| Some((*alias, by_own_name(own)?)));
    let others = TRACE_FIELDS
        .iter()
        .flat_map(|field| [(field.su, field), (field.segyio, field)]);
    let mut fields = HashMap::new();
    for (name, field) in own.chain(aliases).chain(others) {
        if !name.is_empty() {
            fields.entry(simplified(name)).or_insert(field);
        }
    }
    fields
}

/// Our own names of the (at most three) words nearest to a misspelt `name`, nearest first.
///
/// For "did you mean …?"; empty where nothing is near.
pub fn suggest_trace_fields(name: &str) -> Vec<&'static str> {
    let wanted = simplified(name);
    let mut near: Vec<(usize, &'static str)> = known_names()
        .filter_map(|(known, own)| {
            let known = simplified(known);
            let distance = if known.contains(&wanted) && wanted.len() >= 3 {
                1
            } else {
                edit_distance(&wanted, &known)
            };
            (distance <= known.len().max(wanted.len()) / 3).then_some((distance, own))
        })
        .collect();
    near.sort_by_key(|&(distance, _)| distance);
    let mut names: Vec<&'static str> = Vec::new();
    for (_, own) in near {
        if !names.contains(&own) {
            names.push(own);
        }
    }
    names.truncate(3);
    names
}

/// Every accepted name with our own name for the word.
fn known_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_fields = TRACE_FIELDS.iter().flat_map(|field| {
        [field.name, field.su, field.segyio]
            .into_iter()
            .filter(|known| !known.is_empty())
            .map(|known| (known, field.name))
    });
    of_fields.chain(ALIASES.iter().copied())
}

/// Lower case, letters and digits only.
fn simplified(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Letters to insert, remove or replace to make `b` of `a` (Levenshtein).
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut previous_row = i;
        let mut last = i + 1;
        if let Some(first) = row.first_mut() {
            *first = last;
        }
        for (cell, &to) in row.iter_mut().skip(1).zip(&b) {
            let replaced = previous_row + usize::from(from != to);
            previous_row = *cell;
            last = replaced.min(*cell + 1).min(last + 1);
            *cell = last;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_users_say_are_found() {
        for (name, byte) in [
            ("ffid", 9),
            ("FLDR", 9),
            ("field_record", 9),
            ("FieldRecord", 9),
            ("shot", 9),
            ("sp", 17),
            ("ep", 17),
            ("channel", 13),
            ("Chan", 13),
            ("tracf", 13),
            ("cdp", 21),
            ("CMP", 21),
            ("offset", 37),
            ("il", 189),
            ("iline", 189),
            ("In-Line", 189),
            ("INLINE_3D", 189),
            ("xl", 193),
            ("xline", 193),
            ("cross line", 193),
            ("sx", 73),
            ("sy", 77),
            ("gx", 81),
            ("gy", 85),
            ("delay", 109),
            ("delrt", 109),
            ("ns", 115),
            ("dt", 117),
            ("shot_point", 197),
            ("cdp_x", 181),
        ] {
            assert_eq!(find_trace_field(name).map(|f| f.byte), Some(byte), "{name}");
        }
        assert_eq!(find_trace_field(""), None);
        assert_eq!(find_trace_field("no such word"), None);
    }

    #[test]
    fn every_own_name_and_every_alias_leads_to_its_word() {
        for field in TRACE_FIELDS {
            assert_eq!(find_trace_field(field.name), Some(field));
        }
        for (alias, own) in ALIASES {
            let found = find_trace_field(alias).map(|f| f.name);
            assert_eq!(found, Some(*own), "{alias}");
        }
        for field in TRACE_FIELDS.iter().filter(|field| !field.su.is_empty()) {
            assert_eq!(find_trace_field(field.su), Some(field), "{}", field.su);
        }
    }

    #[test]
    fn misspelt_names_are_answered_with_near_ones() {
        assert_eq!(suggest_trace_fields("inlne").first(), Some(&"inline"));
        assert_eq!(suggest_trace_fields("crosline").first(), Some(&"crossline"));
        assert!(
            suggest_trace_fields("coord")
                .iter()
                .any(|n| n.contains("coord"))
        );
        assert!(suggest_trace_fields("qqqqqqqq").is_empty());
    }
}
