//! Which header word gathers the traces? Scores with the evidence in words.
//!
//! A key stays equal over neighbouring traces and changes now and then. What never changes gathers
//! nothing; what changes at every trace gathers nothing either.

use super::KeyCandidate;
use super::fields::FieldTally;
use crate::wording;

/// Words that may be keys: name, what people call it, how likely they are when the evidence is equal, and the trace
/// sorting codes that speak for them (r2.0 §5, bytes 3229–3230).
#[rustfmt::skip]
const POSSIBLE_KEYS: [(&str, &str, f64, &[i64]); 7] = [
    ("orig_field_record_num", "field record number", 0.96, &[1, 5]),
    ("inline", "inline number", 0.98, &[4]),
    ("ensemble_num", "ensemble (CDP) number", 0.97, &[2, 8]),
    ("energy_source_point_num", "energy source point number", 0.90, &[5]),
    ("shot_point", "shotpoint number", 0.84, &[]),
    ("crossline", "crossline number", 0.80, &[]),
    ("source_to_receiver_distance", "source-receiver distance (offset)", 0.60, &[7]),
];

/// Below this nothing is suggested.
const USABLE_SCORE: f64 = 0.35;

/// What gathers when nothing else does.
const FALLBACK_KEY: &str = "orig_field_record_num";

/// Whether the word may be a key.
pub(super) fn is_possible(name: &str) -> bool {
    POSSIBLE_KEYS.iter().any(|(key, ..)| *key == name)
}

/// What people call a word that may be a key.
pub(in crate::import) fn title(name: &str) -> &'static str {
    POSSIBLE_KEYS
        .iter()
        .find(|(key, ..)| *key == name)
        .map_or("the key", |(_, title, ..)| *title)
}

/// The words that may be keys, best first.
pub(super) fn candidates(fields: &[FieldTally], trace_sorting_code: i64) -> Vec<KeyCandidate> {
    let mut found: Vec<KeyCandidate> = POSSIBLE_KEYS
        .iter()
        .filter_map(|(name, title, prior, codes)| {
            let field = fields.iter().find(|field| field.column.name == *name)?;
            let (strength, evidence) = judge(field);
            let sorted_so = strength > 0.0 && codes.contains(&trace_sorting_code);
            let bonus = if sorted_so { 0.08 } else { 0.0 };
            Some(KeyCandidate {
                name: field.column.name.clone(),
                title,
                n_gathers_estimated: field.n_gathers,
                byte: field.column.byte,
                kind: field.column.kind,
                score: (strength * prior + bonus).min(1.0),
                evidence: if sorted_so {
                    format!("{evidence}; the trace sorting code is {trace_sorting_code}")
                } else {
                    evidence
                },
            })
        })
        .collect();
    // Stable: equal scores keep the order of the table.
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// The keys to import by, when nobody chooses.
pub(super) fn suggestion(candidates: &[KeyCandidate], fields: &[FieldTally]) -> Vec<String> {
    let Some(best) = candidates.first().filter(|best| best.score >= USABLE_SCORE) else {
        return vec![FALLBACK_KEY.to_owned()];
    };
    // Gathers of a 3-D survey: runs of crosslines within runs of inlines, so one key is not enough.
    if best.name == "inline" || best.name == "crossline" {
        let runs = |name: &str| fields.iter().find(|field| field.column.name == name);
        if let (Some(inline), Some(crossline)) = (runs("inline"), runs("crossline"))
            && groups(inline)
            && groups(crossline)
            && inline.n_runs != crossline.n_runs
        {
            return vec!["inline".to_owned(), "crossline".to_owned()];
        }
    }
    vec![best.name.clone()]
}

/// Whether the word changes, and its runs are of two traces at least.
fn groups(field: &FieldTally) -> bool {
    !field.is_constant()
        && (field.runs_outlast_looks() || field.typical_run().is_some_and(|n| n >= 2))
}

/// How strongly a word groups, between 0 and 1, and why.
fn judge(field: &FieldTally) -> (f64, String) {
    let seen = field.seen();
    if field.n_seen == 0 {
        return (0.0, "no trace was looked at".to_owned());
    }
    if field.is_constant() {
        let traces = wording::things(field.n_seen, "trace");
        let where_seen = match field.n_seen {
            1 if field.saw_all() => "the only trace".to_owned(),
            _ if field.saw_all() => format!("all of {traces}"),
            _ => format!("the {traces} looked at"),
        };
        return (0.0, format!("always {} in {where_seen}", seen.first));
    }
    let order = if field.ascending {
        ", ascending"
    } else if field.descending {
        ", descending"
    } else {
        ""
    };
    if field.runs_outlast_looks() {
        let runs = estimated(field).unwrap_or_else(|| {
            format!(
                "runs of more than {} traces",
                wording::count(field.longest_run)
            )
        });
        let evidence = format!("{runs}{order}, {}…{}", seen.first, last_value(&seen));
        return (if order.is_empty() { 0.7 } else { 0.85 }, evidence);
    }
    let typical = field.typical_run().unwrap_or(1);
    if typical < 2 {
        let values: Vec<String> = field.first_values.iter().map(ToString::to_string).collect();
        let evidence = format!("changes at nearly every trace: {}, …", values.join(", "));
        return (0.1, evidence);
    }
    let regular = is_regular(field, typical);
    let returning = field.n_returns * 10 > field.n_runs;
    let mut strength = 0.6;
    strength += if order.is_empty() { 0.0 } else { 0.2 };
    strength += if regular { 0.12 } else { 0.04 };
    strength += if returning { -0.15 } else { 0.08 };
    // Pairs and triples happen by chance; ensembles are larger.
    strength -= if typical < 4 { 0.08 } else { 0.0 };
    let about = if regular { "" } else { "about " };
    let again = if returning {
        "; values come again later"
    } else {
        ""
    };
    let runs = if field.saw_all() {
        let runs = wording::things(seen.n_runs, "run");
        format!("{runs} of {about}{} traces", wording::count(typical))
    } else {
        let n_gathers = field.n_gathers.map(wording::about);
        let n_gathers = n_gathers.unwrap_or_else(|| "an unknown number of".to_owned());
        format!(
            "{n_gathers} gathers of {about}{} traces",
            wording::count(typical)
        )
    };
    let evidence = format!(
        "{runs}{order}, {}…{}{again}",
        if field.descending { seen.max } else { seen.min },
        last_value(&seen),
    );
    (strength, evidence)
}

/// "about 1 000 gathers of about 1 000 traces", where gathers are longer than a look.
fn estimated(field: &FieldTally) -> Option<String> {
    let n_gathers = field.n_gathers?;
    let each = field.n_traces_in_file.checked_div(n_gathers)?;
    Some(format!(
        "{} gathers of {} traces",
        wording::about(n_gathers),
        wording::about(each)
    ))
}

/// Where a range ends, in the direction in which it runs.
fn last_value(seen: &super::FieldSeen) -> i64 {
    if seen.descending { seen.min } else { seen.max }
}

/// Whether nine of ten whole runs have the typical length.
fn is_regular(field: &FieldTally, typical: u64) -> bool {
    let lengths = &field.whole_run_lengths;
    let same = lengths.iter().filter(|&&length| length == typical).count();
    same * 10 >= lengths.len() * 9
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::import::MappedColumn;
    use crate::segy::{ByteOrder, FieldKind};

    fn field(name: &str, values: impl IntoIterator<Item = i32>) -> FieldTally {
        let mut tally = FieldTally::new(MappedColumn {
            name: name.to_owned(),
            byte: 1,
            kind: FieldKind::I32,
        });
        tally.begin_stretch(true);
        for value in values {
            tally.add(&value.to_be_bytes(), ByteOrder::Big);
        }
        tally.end(true);
        tally.n_traces_in_file = tally.n_seen;
        tally.n_gathers = tally.gathers_by_changes();
        tally
    }

    fn best(fields: &[FieldTally], code: i64) -> Vec<String> {
        suggestion(&candidates(fields, code), fields)
    }

    #[test]
    fn shot_records_are_gathered_by_field_record() {
        let fields = [
            field("orig_field_record_num", (0..720).map(|i| 101 + i / 120)),
            field("ensemble_num", (0..720).map(|i| i / 120 * 2 + i % 120)),
            field("inline", (0..720).map(|_| 0)),
            field(
                "source_to_receiver_distance",
                (0..720).map(|i| i % 120 * 25),
            ),
        ];
        let found = candidates(&fields, 1);
        assert_eq!(found[0].name, "orig_field_record_num");
        assert_eq!(
            found[0].evidence,
            "6 runs of 120 traces, ascending, 101…106; the trace sorting code is 1"
        );
        assert_eq!(best(&fields, 0), ["orig_field_record_num"]);
        let inline = found.iter().find(|key| key.name == "inline").unwrap();
        assert!(inline.score <= 0.0, "{inline:?}");
    }

    #[test]
    fn cdp_gathers_are_gathered_by_ensemble() {
        let fields = [
            field("orig_field_record_num", (0..600).map(|i| 7 + i % 48 * 3)),
            field("ensemble_num", (0..600).map(|i| 1000 + i / 24)),
            field("energy_source_point_num", (0..600).map(|i| 7 + i % 48 * 3)),
        ];
        assert_eq!(best(&fields, 2), ["ensemble_num"]);
        assert_eq!(best(&fields, 0), ["ensemble_num"]);
    }

    #[test]
    fn a_stacked_volume_is_gathered_by_inline() {
        let fields = [
            field("orig_field_record_num", (0..500).map(|i| 10 + i / 50)),
            field("ensemble_num", (0..500).map(|i| i % 50)),
            field("inline", (0..500).map(|i| 10 + i / 50)),
            field("crossline", (0..500).map(|i| 300 + i % 50)),
        ];
        assert_eq!(best(&fields, 4), ["inline"]);
        assert_eq!(best(&fields, 0), ["inline"]);
    }

    #[test]
    fn gathers_of_a_volume_need_both_lines() {
        let fields = [
            field("inline", (0..500).map(|i| 10 + i / 50)),
            field("crossline", (0..500).map(|i| 300 + i % 50 / 5)),
            field("source_to_receiver_distance", (0..500).map(|i| i % 5)),
        ];
        assert_eq!(best(&fields, 0), ["inline", "crossline"]);
    }

    #[test]
    fn when_nothing_gathers_the_field_record_does() {
        let fields = [
            field("orig_field_record_num", (0..500).map(|_| 1)),
            field("ensemble_num", 0..500),
            field("inline", (0..500).map(|_| 0)),
        ];
        assert_eq!(best(&fields, 0), ["orig_field_record_num"]);
        let found = candidates(&fields, 0);
        let cdp = found.iter().find(|key| key.name == "ensemble_num").unwrap();
        assert!(cdp.score < USABLE_SCORE, "{cdp:?}");
        assert!(
            cdp.evidence
                .starts_with("changes at nearly every trace: 0, 1, 2")
        );
    }
}
