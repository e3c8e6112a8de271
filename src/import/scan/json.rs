//! How does `scan --json` say what a scan found? (DESIGN, section 4)

use serde_json::{Value, json};

use super::{Scan, ScanDepth};
use crate::import::ImportWarning;
use crate::segy::{Layout, TextEncoding, TraceIndex};

pub(super) fn scan_json(scan: &Scan) -> Value {
    let layout = &scan.layout;
    let mut found = json!({
        "path": scan.path.display().to_string(),
        "size_bytes": layout.file_size_bytes,
        "revision": layout.revision.value.to_string(),
        "byte_order": layout.byte_order.value,
        "format_code": layout.format.value.code(),
        "format": layout.format.value.label(),
        "n_samples": layout.n_samples.value,
        "interval_us": layout.sample_interval_micros.value,
        "n_traces": layout.n_traces,
        "text_encoding": layout.text_encoding.value,
        "text_line_1": scan.textual_header.lines().first(),
        "n_extended_text_headers": layout.n_extended_text_headers.value,
        "n_additional_trace_headers": layout.n_additional_trace_headers.value,
        "container": layout.container.value,
        "tape_label_bytes": layout.tape_label_bytes,
        "data_start": layout.data_start.value,
        "trace_stride_bytes": layout.trace_stride_bytes,
        "trailer_bytes": layout.file_size_bytes.saturating_sub(layout.trailer_start),
        "trace_lengths_vary": layout.geometry.lengths_vary(),
        "header_extensions_vary": layout.geometry.header_extensions_vary(),
        "gaps": layout.geometry.gaps(),
        "scaling": scaling(layout),
        "decided_by": decided_by(layout),
        "alternatives": alternatives(layout),
        "depth": match scan.depth { ScanDepth::Quick => "quick", ScanDepth::Full => "full" },
        "n_traces_seen": scan.n_traces_seen,
        "n_traces_sampled": scan.n_traces_sampled,
        "roles": scan.roles,
        "maker": scan.maker,
        "suggested_mapping": scan.suggested_mapping,
        "findings": scan.findings,
        "key_candidates": scan.key_candidates,
        "suggested_ensemble_keys": scan.suggested_mapping.ensemble_keys,
        "fields": scan.fields,
        "delay_millis": { "min": scan.delay_millis.0, "max": scan.delay_millis.1 },
        "n_dead_traces": scan.n_dead_traces,
        "n_non_finite": scan.n_non_finite,
        "abs_percentiles": percentiles(scan),
        "warnings": scan.warnings.iter().map(ImportWarning::stored).collect::<Vec<_>>(),
    });
    if let Some(found) = found.as_object_mut() {
        found.insert("trace_n_samples".to_owned(), trace_n_samples(layout));
    }
    found
}

/// Samples of the shortest and of the longest trace.
fn trace_n_samples(layout: &Layout) -> Value {
    let longest = layout.n_samples.value;
    let index = layout.geometry.index();
    let shortest = index.map_or(longest, TraceIndex::shortest_samples);
    json!({ "shortest": shortest, "longest": longest })
}

fn percentiles(scan: &Scan) -> Value {
    let [p50, p90, p99, max] = scan.abs_percentiles;
    json!({ "p50": p50, "p90": p90, "p99": p99, "max": max })
}

/// By what coordinates and start times are scaled: a number, or "header" where each trace says it.
fn scaling(layout: &Layout) -> Value {
    json!({
        "coordinate_scalar": layout.coordinate_scalar.value,
        "delay_millis": layout.delay_millis.value.map_or_else(|| json!("header"), Value::from),
        "time_scalar": layout.time_scalar.value,
    })
}

/// Each fact's evidence, by the fact's name.
pub(in crate::import) fn decided_by(layout: &Layout) -> Value {
    json!({
        "container": layout.container.decided_by,
        "revision": layout.revision.decided_by,
        "byte_order": layout.byte_order.decided_by,
        "format_code": layout.format.decided_by,
        "n_samples": layout.n_samples.decided_by,
        "interval_us": layout.sample_interval_micros.decided_by,
        "text_encoding": layout.text_encoding.decided_by,
        "n_extended_text_headers": layout.n_extended_text_headers.decided_by,
        "data_start": layout.data_start.decided_by,
        "coordinate_scalar": layout.coordinate_scalar.decided_by,
        "delay": layout.delay_millis.decided_by,
        "time_scalar": layout.time_scalar.decided_by,
        "n_additional_trace_headers": layout.n_additional_trace_headers.decided_by,
    })
}

/// What else was thinkable, by the fact's name; only where something was.
fn alternatives(layout: &Layout) -> Value {
    let facts = [
        ("container", &layout.container.alternatives),
        ("revision", &layout.revision.alternatives),
        ("byte_order", &layout.byte_order.alternatives),
        ("format_code", &layout.format.alternatives),
        ("n_samples", &layout.n_samples.alternatives),
        ("interval_us", &layout.sample_interval_micros.alternatives),
        ("data_start", &layout.data_start.alternatives),
        ("time_scalar", &layout.time_scalar.alternatives),
        ("text_encoding", &layout.text_encoding.alternatives),
        (
            "n_extended_text_headers",
            &layout.n_extended_text_headers.alternatives,
        ),
        (
            "n_additional_trace_headers",
            &layout.n_additional_trace_headers.alternatives,
        ),
    ];
    let beaten = facts.into_iter().filter(|(_, beaten)| !beaten.is_empty());
    Value::Object(
        beaten
            .map(|(name, beaten)| (name.to_owned(), json!(beaten)))
            .collect(),
    )
}

/// "ebcdic" or "ascii", as the manifest spells it.
pub(in crate::import) fn encoding_name(encoding: TextEncoding) -> &'static str {
    match encoding {
        TextEncoding::Ebcdic => "ebcdic",
        TextEncoding::Ascii => "ascii",
    }
}
