//! Keys of gathers as words: on the screen, as typed, and the header rows that suit them.

use std::ops::Range;

use crate::app::{names, numbers};
use crate::browse::GatherIndex;

/// "CDP 1500 · Offset 3"; for panels "Traces from 1 201".
pub(super) fn entry_label(index: &GatherIndex, key: &[i64]) -> String {
    if index.keys.is_empty() {
        let first = key.first().copied().unwrap_or(0).saturating_add(1);
        return format!("Traces from {}", numbers::signed(first));
    }
    let named: Vec<(String, i64)> = index
        .keys
        .iter()
        .cloned()
        .zip(key.iter().copied())
        .collect();
    names::key_label(&named)
}

/// "1500" or "1500, 3".
pub(super) fn key_from_text(text: &str) -> Option<Vec<i64>> {
    let parts: Result<Vec<i64>, _> = text
        .split([',', ';', '/'])
        .map(|part| {
            part.trim()
                .replace([' ', '\u{a0}'], "")
                .replace('−', "-")
                .parse::<i64>()
        })
        .collect();
    parts.ok().filter(|key| !key.is_empty())
}

/// Traces counted from 0, of "1500" or "1500-2400" (or "1500..2400") counted from 1, both included.
pub(super) fn range_from_text(text: &str) -> Option<Range<u64>> {
    let text = text
        .replace([' ', '\u{a0}'], "")
        .replace("..", "-")
        .replace('–', "-");
    let (first, last) = text.split_once('-').unwrap_or((&text, &text));
    let (first, last) = (first.parse::<u64>().ok()?, last.parse::<u64>().ok()?);
    (first > 0 && last >= first).then(|| first - 1..last)
}

/// The key and one word that tells the traces of a gather apart.
pub(super) fn default_rows(names: &[String], keys: &[String]) -> Vec<String> {
    let has = |name: &str| names.iter().any(|n| n == name);
    let mut rows: Vec<String> = keys.iter().filter(|k| has(k)).take(1).cloned().collect();
    if rows.is_empty() && has("orig_field_record_num") {
        rows.push("orig_field_record_num".to_owned());
    }
    let across = keys.first().and_then(|key| names::across(key));
    let usual = [
        "source_to_receiver_distance",
        "trace_num_orig_record",
        "trace_num_ensemble",
        "ensemble_num",
    ];
    if let Some(second) = across.into_iter().chain(usual).find(|name| has(name)) {
        rows.push(second.to_owned());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_keys_are_whole_numbers() {
        assert_eq!(key_from_text("1500"), Some(vec![1500]));
        assert_eq!(key_from_text(" 25 051, −3"), Some(vec![25051, -3]));
        assert_eq!(key_from_text("abc"), None);
        assert_eq!(key_from_text(""), None);
    }

    #[test]
    fn typed_traces_count_from_one_and_ranges_include_their_end() {
        assert_eq!(range_from_text("1"), Some(0..1));
        assert_eq!(range_from_text("1 500 - 2 400"), Some(1499..2400));
        assert_eq!(range_from_text("5..5"), Some(4..5));
        for wrong in ["0", "9-3", "x", "", "-4"] {
            assert_eq!(range_from_text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn header_rows_start_with_the_key_and_the_offset() {
        let all: Vec<String> = ["ensemble_num", "source_to_receiver_distance"]
            .map(str::to_owned)
            .to_vec();
        let rows = default_rows(&all, &["ensemble_num".to_owned()]);
        assert_eq!(rows, ["ensemble_num", "source_to_receiver_distance"]);
    }
}
