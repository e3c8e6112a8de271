//! What does manifest.json say?
//!
//! Written last and read first. Unknown keys are ignored; a newer format version is refused.

use serde::{Deserialize, Serialize};

use super::Codec;
use crate::samples::NumberType;

/// manifest.json.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of the folder.
    pub format_version: u32,
    /// "shotpoint 0.1.0".
    pub program: String,
    /// Always "complete": the file exists only then.
    pub state: String,
    /// RFC 3339, UTC.
    pub created: String,
    /// The file that was imported.
    pub source: SourceFacts,
    /// What the SEG-Y file said and what was decided.
    pub segy: SegyFacts,
    /// Shapes and sizes.
    pub array: ArrayFacts,
    /// The vertical axis.
    pub axis: VerticalAxis,
    /// Keys and runs.
    pub ensembles: EnsembleFacts,
    /// Over all samples; `None` when there is no finite one.
    pub amplitude: Option<AmplitudeStatistics>,
    /// The mapping as the user could save it (`--mapping`).
    pub mapping: serde_json::Value,
    /// Everything odd.
    pub warnings: Vec<StoredWarning>,
    /// How the import went.
    pub timings: Timings,
}

/// The file that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// Without folders.
    pub file_name: String,
    /// Its length.
    pub size_bytes: u64,
    /// Seconds since 1970, where the system tells.
    pub modified_unix_secs: Option<i64>,
    /// Of all bytes taken in, lower-case hex.
    pub sha256: String,
}

impl SourceFacts {
    /// A digest as `sha256` keeps it: lower-case hexadecimal digits.
    pub fn digest_text(digest: &[u8]) -> String {
        use std::fmt::Write as _;
        digest.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _written = write!(text, "{byte:02x}");
            text
        })
    }
}

/// What the SEG-Y file said and what was decided. Enough to write it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegyFacts {
    /// "1.0".
    pub revision: String,
    /// "big" or "little".
    pub byte_order: String,
    /// As used, which may differ from the header's.
    pub format_code: i16,
    /// µs; `None` where none is usable.
    pub sample_interval_micros: Option<f64>,
    /// "ebcdic" or "ascii".
    pub text_encoding: String,
    /// The file is: `file_header_bytes` bytes, then the traces, then `trailer_bytes` bytes.
    pub file_header_bytes: u64,
    /// Behind the last whole trace.
    pub trailer_bytes: u64,
    /// Behind each standard trace header.
    pub n_additional_trace_headers: u32,
    /// Sample words kept in segy/exceptions.parquet.
    pub n_exceptions: u64,
    /// Each fact's evidence, by the fact's name.
    pub decided_by: serde_json::Map<String, serde_json::Value>,
}

/// Shapes and sizes of the amplitude array.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrayFacts {
    /// Rows.
    pub n_traces: u64,
    /// Columns.
    pub n_samples: u32,
    /// Of the amplitudes.
    pub number_type: NumberType,
    /// Traces of an inner chunk.
    pub chunk_traces: u32,
    /// Inner chunks of a shard.
    pub chunks_per_shard: u32,
    /// Inner chunks in all: a missing one would read as zeros, so `verify` counts them.
    pub n_chunks: u64,
    /// Compression.
    pub codec: Codec,
    /// Levels under traces.zarr/overview.
    pub n_overview_levels: u32,
    /// Bytes of the finished folder, without the manifest.
    pub stored_bytes: u64,
}

/// What the vertical axis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VerticalDomain {
    /// Milliseconds.
    Time,
    /// Metres or feet.
    Depth,
    /// Sample numbers, because no interval is known.
    Sample,
}

/// The vertical axis: value of sample `i` = `first + i × interval`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerticalAxis {
    /// What is counted.
    pub domain: VerticalDomain,
    /// "ms", "m", "ft" or "sample".
    pub unit: String,
    /// Value of sample 0: the delay recording time.
    pub first: f64,
    /// Between samples.
    pub interval: f64,
}

/// Which runs of equal keys were found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnsembleFacts {
    /// Column names.
    pub keys: Vec<String>,
    /// Runs of equal keys in file order.
    pub n_ensembles: u64,
    /// Traces of the shortest and the longest run.
    pub min_traces: u64,
    /// See above.
    pub max_traces: u64,
}

/// Over all finite samples; also written as attributes of the array.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AmplitudeStatistics {
    /// Finite samples.
    pub count: u64,
    /// NaN and infinite samples.
    pub n_non_finite: u64,
    /// Exact zeros.
    pub n_zeros: u64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Root mean square.
    pub rms: f64,
    /// Percentiles of |amplitude| (from a histogram of logarithmic bins, within 1 %).
    pub abs_p50: f64,
    /// See above.
    pub abs_p90: f64,
    /// See above.
    pub abs_p95: f64,
    /// See above.
    pub abs_p98: f64,
    /// See above.
    pub abs_p99: f64,
    /// See above.
    pub abs_p999: f64,
}

/// A warning as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredWarning {
    /// Stable name: `trailing_bytes`.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// How often.
    pub count: u64,
    /// Where first, where that is a trace.
    pub first_trace: Option<u64>,
}

/// How the import went.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// "batch" or "streaming".
    pub mode: String,
    /// From plan to rename.
    pub seconds: f64,
    /// Worker threads.
    pub threads: u32,
    /// The memory budget.
    pub memory_mib: u32,
}
