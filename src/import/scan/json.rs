//! How does `scan --json` say what a scan found? (DESIGN, section 4)

use serde_json::{Value, json};

use super::{Scan, ScanDepth};
use crate::import::ImportWarning;
use crate::segy::{Layout, TextEncoding};

pub(super) fn scan_json(scan: &Scan) -> Value {
    let layout = &scan.layout;
    json!({
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
        "abs_percentiles": {
            "p50": scan.abs_percentiles[0],
            "p90": scan.abs_percentiles[1],
            "p99": scan.abs_percentiles[2],
            "max": scan.abs_percentiles[3],
        },
        "warnings": scan.warnings.iter().map(ImportWarning::stored).collect::<Vec<_>>(),
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
