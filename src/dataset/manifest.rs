//! What does manifest.json say?
//!
//! Written last and read first. Unknown keys are ignored; a newer format version is refused.

use serde::{Deserialize, Serialize};

use super::{Checksums, Codec};
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
    /// `None` where all traces start at the same time (and in datasets of older programs).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delays: Option<DelayFacts>,
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
    /// Of every file that holds no checksums itself; none in datasets of older programs.
    #[serde(default, skip_serializing_if = "Checksums::is_empty")]
    pub checksums: Checksums,
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
    /// "segy", or "su": Seismic Unix, traces without file headers.
    #[serde(default = "segy_container")]
    pub container: String,
    /// "big", "little" or "pair-swapped".
    pub byte_order: String,
    /// Of the binary file header, where it is not that of the traces: "big" or "little".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_header_byte_order: Option<String>,
    /// As used, which may differ from the header's.
    pub format_code: i16,
    /// µs; `None` where none is usable.
    pub sample_interval_micros: Option<f64>,
    /// "ebcdic" or "ascii".
    pub text_encoding: String,
    /// The file is: `file_header_bytes` bytes, then the traces, then `trailer_bytes` bytes.
    pub file_header_bytes: u64,
    /// Of those, what lies in front of the textual file header.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tape_label_bytes: u64,
    /// `None` where all traces have the same length and lie side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<GeometryFacts>,
    /// Behind the last whole trace.
    pub trailer_bytes: u64,
    /// Behind each standard trace header; of the trace with the most, where their number varies.
    pub n_additional_trace_headers: u32,
    /// Sample words kept in segy/exceptions.parquet.
    pub n_exceptions: u64,
    /// How words of the trace headers were made coordinates and start times; `None` in datasets of
    /// older programs, which applied each trace's coordinate scalar and no scalar of times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<ScalingFacts>,
    /// Each fact's evidence, by the fact's name.
    pub decided_by: serde_json::Map<String, serde_json::Value>,
}

/// How words of the trace headers were made coordinates and start times. The words themselves stand
/// in headers.parquet as they are in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScalingFacts {
    /// By which all coordinates were multiplied, or divided where negative; `None`: each trace's own scalar.
    #[serde(default)]
    pub coordinate_scalar: Option<i32>,
    /// By which the delay recording time was multiplied, or divided where negative; `None`: each
    /// trace's own scalar.
    #[serde(default)]
    pub time_scalar: Option<i32>,
    /// When all traces start, whatever their headers say; `None`: each at its own time.
    #[serde(default)]
    pub delay_millis: Option<f64>,
}

fn segy_container() -> String {
    "segy".to_owned()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// How traces lie in a file where they differ in length, or where other bytes lie between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeometryFacts {
    /// From the first trace's header to the last trace's end, gaps between them included.
    pub traces_bytes: u64,
    /// Samples of the shortest trace here.
    pub shortest_n_samples: u32,
    /// Samples of the longest trace here; of the whole file, it is the array's width.
    pub longest_n_samples: u32,
    /// Traces shorter than the array's rows, whose rows end in padding: NaN for floats, else 0.
    /// Their lengths stand in headers.parquet, column `n_samples_in_file`.
    pub n_padded_traces: u64,
    /// Rows of segy/gaps.parquet.
    pub n_gaps: u64,
    /// Bytes of segy/gaps.bin.
    pub gap_bytes: u64,
    /// Traces with fewer additional headers than `n_additional_trace_headers`, whose
    /// `raw_header_extensions` end in zeros that the file does not have. Their real numbers stand in
    /// headers.parquet, column `n_header_extensions_in_file`. (Not there: none.)
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_traces_with_fewer_extensions: u64,
}

impl GeometryFacts {
    /// The column of headers.parquet that holds the real length of each trace.
    pub const LENGTH_COLUMN: &'static str = "n_samples_in_file";

    /// The column of headers.parquet that holds how many additional headers each trace has.
    pub const EXTENSIONS_COLUMN: &'static str = "n_header_extensions_in_file";

    /// Whether `raw_header_extensions` of some rows end in zeros that the file does not have; then
    /// there is that column.
    pub fn extensions_vary(&self) -> bool {
        self.n_traces_with_fewer_extensions > 0
    }

    /// Whether some rows of the array end in padding; then there is that column.
    pub fn has_padding(&self) -> bool {
        self.n_padded_traces > 0
    }
}

/// Traces start at different times: the axis is that of the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelayFacts {
    /// The column of headers.parquet that holds each trace's delay, in milliseconds.
    pub column: String,
    /// The smallest delay, rounded down.
    pub min_millis: i64,
    /// The largest delay, rounded up.
    pub max_millis: i64,
}

impl DelayFacts {
    /// The column of headers.parquet that holds the delay times its scalar, in milliseconds, where
    /// that is not the delay recording time as written.
    pub const SCALED_COLUMN: &'static str = "delay_recording_time_scaled";
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
