//! What is said of an import: in the manifest for good, and in the report at once.

use std::time::{Instant, SystemTime};

use serde_json::{Value, json};

use super::clock::{rfc3339, unix_secs};
use super::collect::Collected;
use super::opaque::KeptGaps;
use super::{ImportReport, TakenIn};
use crate::dataset::{
    ArrayFacts, Checksums, DelayFacts, FORMAT_VERSION, GeometryFacts, Manifest, ScalingFacts,
    SegyFacts, SourceFacts, Timings, VerticalDomain,
};
use crate::import::scan::key_title;
use crate::import::scan::{decided_by, encoding_name};
use crate::import::warning::combined;
use crate::import::{ImportMode, ImportPlan, ImportWarning};
use crate::segy::{Container, SampleFormat};

/// Everything odd: about the structure, about all traces, and what the scan's look at the words said.
pub(super) fn warnings(plan: &ImportPlan, collected: &Collected) -> Vec<ImportWarning> {
    let scan = &plan.scan;
    let only_by_scan = scan.warnings.iter().filter(|warning| {
        matches!(
            warning,
            ImportWarning::LooksLikeIeee { .. }
                | ImportWarning::LooksLikeIbm { .. }
                | ImportWarning::ImplausibleAmplitudes { .. }
        )
    });
    let keys = plan.mapping.ensemble_keys.iter();
    let constant_keys = keys
        .zip(&collected.runs.ranges)
        .filter(|(_, (min, max))| min == max && plan.spec.n_traces > 1)
        .filter_map(|(name, (value, _))| {
            Some(ImportWarning::KeyConstant {
                title: key_title(name),
                name: name.clone(),
                byte: plan.mapping.column(name)?.byte,
                value: *value,
                traces: plan.spec.n_traces,
            })
        });
    let mut seen = collected.tally.warnings(&scan.layout);
    seen.extend(only_by_scan.cloned());
    seen.extend(constant_keys);
    combined(&scan.layout, seen)
}

/// What the manifest says besides what the plan knows.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    pub(super) collected: &'a Collected,
    pub(super) warnings: &'a [ImportWarning],
    pub(super) sha256: String,
    /// From the first trace to the end of the last, gaps included.
    pub(super) traces_bytes: u64,
    pub(super) gaps: KeptGaps,
    pub(super) trailer_bytes: u64,
    pub(super) started: Instant,
}

/// The manifest of a finished import; the dataset's writer fills in what it knows itself.
pub(super) fn manifest(plan: &ImportPlan, findings: &Findings<'_>) -> Manifest {
    let spec = &plan.spec;
    Manifest {
        format_version: FORMAT_VERSION,
        program: concat!("shotpoint ", env!("CARGO_PKG_VERSION")).to_owned(),
        state: "complete".to_owned(),
        created: rfc3339(unix_secs(SystemTime::now())),
        source: source_facts(plan, findings.sha256.clone()),
        segy: segy_facts(plan, findings),
        array: ArrayFacts {
            n_traces: spec.n_traces,
            n_samples: spec.n_samples,
            number_type: spec.number_type,
            chunk_traces: spec.chunk_traces,
            chunks_per_shard: spec.chunks_per_shard,
            n_chunks: spec.n_chunks(),
            codec: spec.codec,
            n_overview_levels: 0,
            stored_bytes: 0,
        },
        axis: spec.axis.clone(),
        delays: delays(plan, findings.collected),
        ensembles: findings.collected.runs.facts.clone(),
        amplitude: findings.collected.statistics,
        mapping: serde_json::to_value(&plan.mapping).unwrap_or(Value::Null),
        warnings: findings
            .warnings
            .iter()
            .map(ImportWarning::stored)
            .collect(),
        timings: Timings {
            mode: mode_name(plan.mode).to_owned(),
            seconds: findings.started.elapsed().as_secs_f64(),
            threads: plan.threads,
            memory_mib: plan.options.memory_mib,
        },
        // Filled in when all files are there.
        checksums: Checksums::default(),
    }
}

fn source_facts(plan: &ImportPlan, sha256: String) -> SourceFacts {
    let path = &plan.scan.path;
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    SourceFacts {
        file_name: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        size_bytes: plan.scan.layout.file_size_bytes,
        modified_unix_secs: modified.ok().map(unix_secs),
        sha256,
    }
}

/// Where traces start at different times.
fn delays(plan: &ImportPlan, collected: &Collected) -> Option<DelayFacts> {
    let (earliest, latest) = collected.tally.start_millis();
    let is_time = plan.spec.axis.domain == VerticalDomain::Time;
    let is_as_written = plan.scan.layout.scaling().delay_is_as_written();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, and no trace starts so late"
    )]
    let whole = |millis: f64| millis as i64;
    (is_time && earliest < latest).then(|| DelayFacts {
        column: if is_as_written {
            "delay_recording_time"
        } else {
            DelayFacts::SCALED_COLUMN
        }
        .to_owned(),
        min_millis: whole(earliest.floor()),
        max_millis: whole(latest.ceil()),
    })
}

/// Where traces are not all alike and side by side.
fn geometry_facts(plan: &ImportPlan, findings: &Findings<'_>) -> Option<GeometryFacts> {
    let lengths = findings.collected.tally.lengths();
    let facts = GeometryFacts {
        traces_bytes: findings.traces_bytes,
        shortest_n_samples: lengths.shortest(),
        longest_n_samples: lengths.longest(),
        n_padded_traces: lengths.n_padded,
        n_gaps: findings.gaps.n_gaps,
        gap_bytes: findings.gaps.n_bytes,
        n_traces_with_fewer_extensions: findings.collected.tally.n_fewer_extensions(),
    };
    (!plan.scan.layout.geometry.is_uniform()).then_some(facts)
}

fn segy_facts(plan: &ImportPlan, findings: &Findings<'_>) -> SegyFacts {
    let layout = &plan.scan.layout;
    let mut decided = match decided_by(layout) {
        Value::Object(facts) => facts,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            serde_json::Map::new()
        }
    };
    if !plan.is_whole_file() {
        let traces = format!(
            "asked for: traces {}..{} of {}",
            plan.traces.start, plan.traces.end, layout.n_traces
        );
        decided.insert("traces".to_owned(), Value::String(traces));
    }
    SegyFacts {
        revision: layout.revision.value.to_string(),
        container: match layout.container.value {
            Container::SegY => "segy",
            Container::SeismicUnix => "su",
        }
        .to_owned(),
        byte_order: layout.byte_order.value.name().to_owned(),
        file_header_byte_order: layout
            .file_header_byte_order
            .map(|order| order.name().to_owned()),
        format_code: layout.format.value.code(),
        sample_interval_micros: layout.sample_interval_micros.value,
        text_encoding: encoding_name(layout.text_encoding.value).to_owned(),
        file_header_bytes: layout.data_start.value,
        tape_label_bytes: layout.tape_label_bytes,
        geometry: geometry_facts(plan, findings),
        trailer_bytes: findings.trailer_bytes,
        n_additional_trace_headers: layout.n_additional_trace_headers.value,
        n_exceptions: findings.collected.n_exceptions,
        scaling: Some(ScalingFacts {
            coordinate_scalar: layout.coordinate_scalar.value.constant(),
            time_scalar: layout.time_scalar.value.constant(),
            delay_millis: layout.delay_millis.value,
        }),
        decided_by: decided,
    }
}

fn mode_name(mode: ImportMode) -> &'static str {
    match mode {
        ImportMode::Batch => "batch",
        ImportMode::Streaming => "streaming",
    }
}

/// What a finished import is.
pub(super) fn finished(
    plan: &ImportPlan,
    manifest: Manifest,
    bytes_in: u64,
    before: TakenIn,
    started: Instant,
) -> ImportReport {
    ImportReport {
        dataset: plan.spec.path.clone(),
        bytes_in,
        before,
        bytes_out: manifest.array.stored_bytes,
        seconds: started.elapsed().as_secs_f64(),
        manifest,
        warnings: Vec::new(),
    }
}

pub(super) fn report_json(report: &ImportReport) -> Value {
    let manifest = &report.manifest;
    let format = SampleFormat::from_code(manifest.segy.format_code);
    let taken_in = manifest
        .array
        .n_traces
        .saturating_sub(report.before.n_traces);
    let rate = (report.seconds > 0.0).then(|| taken_in as f64 / report.seconds);
    json!({
        "dataset": report.dataset.display().to_string(),
        "mode": manifest.timings.mode,
        "n_traces": manifest.array.n_traces,
        "n_samples": manifest.array.n_samples,
        "sample_format": format.map(SampleFormat::label),
        "n_ensembles": manifest.ensembles.n_ensembles,
        "seconds": report.seconds,
        "traces_per_second": rate,
        "bytes_in": report.bytes_in,
        "bytes_out": report.bytes_out,
        "compression_ratio": report.compression_ratio(),
        "warnings": manifest.warnings,
    })
}
