//! What will be done? Immutable, complete, checked before the first byte is written.

mod place;
mod shape;

use std::ops::Range;
use std::path::{Path, PathBuf};

pub(super) use place::{free_bytes, output_path, parent as place_of};

use serde::{Deserialize, Serialize};

use shape::IndexMemory;

use super::columns::{ColumnSource, FileTraits, columns};
use super::scaled_words::StartTime;
use super::{Mapping, PlanError, Scan};
use crate::dataset::{Codec, DatasetSpec, Formula, VerticalAxis, VerticalDomain};
use crate::segy::{Layout, SegyFile};
use crate::wording;

/// Streaming when the file has more bytes than this …
pub const STREAMING_BYTES: u64 = 500_000_000;
/// … or more traces than this.
pub const STREAMING_TRACES: u64 = 50_000;

/// What the user asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestedMode {
    /// By the thresholds.
    #[default]
    Auto,
    /// All traces in memory.
    Batch,
    /// Constant memory.
    Streaming,
}

/// What will be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// All traces in memory, so that they can be shown as they arrive.
    Batch,
    /// Constant memory.
    Streaming,
}

/// How to import, beside the mapping.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    /// The dataset's folder; `None`: beside the source, its stem + ".shotpoint".
    pub output: Option<PathBuf>,
    /// Replace an existing dataset.
    pub overwrite: bool,
    /// Go on with what an interrupted import of the same file, by the same plan, left behind; begin
    /// where there is nothing. Without it, what was left behind is replaced.
    pub resume: bool,
    /// Batch or streaming.
    pub mode: RequestedMode,
    /// Of the whole process while streaming.
    pub memory_mib: u32,
    /// Worker threads; `None`: as many as there are processors.
    pub threads: Option<u32>,
    /// Compression.
    pub codec: Codec,
    /// Only these traces; the dataset then exports a file of these traces, not the original.
    pub traces: Option<Range<u64>>,
    /// Traces in a chunk instead of the design's choice; for tests.
    pub chunk_traces: Option<u32>,
    /// Chunks in a block instead of the plan's choice; for tests.
    pub chunks_per_block: Option<u32>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            output: None,
            overwrite: false,
            resume: false,
            mode: RequestedMode::Auto,
            memory_mib: 256,
            threads: None,
            codec: Codec::default(),
            traces: None,
            chunk_traces: None,
            chunks_per_block: None,
        }
    }
}

/// Every decision of an import.
#[derive(Clone, Debug)]
pub struct ImportPlan {
    pub(super) scan: Scan,
    pub(super) mapping: Mapping,
    pub(super) options: ImportOptions,
    pub(super) mode: ImportMode,
    pub(super) mode_reason: String,
    pub(super) traces: Range<u64>,
    pub(super) spec: DatasetSpec,
    pub(super) chunks_per_block: u32,
    pub(super) blocks_in_flight: u32,
    pub(super) threads: u32,
    /// What the blocks and the program take at most; without the traces that batch mode keeps.
    pub(super) memory_bytes: u64,
    /// Of `spec.columns`, in their order.
    pub(super) sources: Vec<ColumnSource>,
    /// Computed columns: position in `spec.columns`, and how.
    pub(super) computed: Vec<(usize, Formula)>,
}

impl ImportPlan {
    /// Decides everything.
    ///
    /// # Errors
    /// When mapping or options do not fit the file, the output exists or cannot be written, or there is not enough space.
    pub fn new(scan: &Scan, mapping: &Mapping, options: &ImportOptions) -> Result<Self, PlanError> {
        let mapping = effective_mapping(scan, mapping)?;
        let layout = &scan.layout;
        let traces = trace_range(layout, options.traces.as_ref())?;
        let (mode, mode_reason) = mode(layout, &traces, options.mode);
        check_additional(&mapping, layout)?;
        let formulas = super::computed::formulas(&mapping)?;
        let columns = columns(&mapping, &formulas, &FileTraits::of(layout));
        let shape = shape::Wish {
            format: layout.format.value,
            n_samples: layout.n_samples.value,
            n_traces: traces.end - traces.start,
            stride_bytes: layout.trace_stride_bytes,
            row_bytes: columns.row_bytes(),
            n_columns: columns.sources.len() as u64,
            index: IndexMemory::of(layout),
            memory_mib: (mode == ImportMode::Streaming).then_some(options.memory_mib),
            threads: options.threads.unwrap_or_else(processors).max(1),
            chunk_traces: options.chunk_traces.map(|traces| traces.max(1)),
            chunks_per_block: options.chunks_per_block,
        }
        .shape()
        .map_err(|needed_mib| PlanError::MemoryTooSmall {
            n_samples: layout.n_samples.value,
            needed_mib,
            memory_mib: options.memory_mib,
        })?;
        let output = place::output_path(&scan.path, options.output.as_deref());
        place::check_output(&output, &scan.path, options.overwrite)?;
        let spec = DatasetSpec {
            path: output,
            overwrite: options.overwrite,
            n_traces: traces.end - traces.start,
            n_samples: layout.n_samples.value,
            number_type: layout.format.value.number_type(),
            chunk_traces: shape.chunk_traces,
            chunks_per_shard: shape.chunks_per_shard,
            codec: options.codec,
            axis: vertical_axis(scan, &mapping, traces.start),
            columns: columns.columns,
            ensemble_keys: mapping.ensemble_keys.clone(),
        };
        Ok(Self {
            scan: scan.clone(),
            mapping,
            options: options.clone(),
            mode,
            mode_reason,
            traces,
            spec,
            chunks_per_block: shape.chunks_per_block,
            blocks_in_flight: shape.blocks_in_flight,
            threads: shape.threads,
            memory_bytes: shape.memory_bytes,
            computed: positions(&columns.sources).zip(formulas).collect(),
            sources: columns.sources,
        })
    }

    /// Worker threads.
    pub fn threads(&self) -> u32 {
        self.threads
    }

    /// Bytes of memory that the import takes at most, mapped pages and the program included; in
    /// batch mode without the traces that are kept.
    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }

    /// Bytes of the source that will be taken in; of a part of a file whose traces vary in length,
    /// at most.
    pub fn source_bytes(&self) -> u64 {
        let layout = &self.scan.layout;
        if self.is_whole_file() {
            layout.file_size_bytes
        } else {
            layout.data_start.value + most_bytes_of(layout, &self.traces)
        }
    }

    /// Whether every trace of the file is imported, and so its trailer.
    pub fn is_whole_file(&self) -> bool {
        self.traces == (0..self.scan.layout.n_traces)
    }

    /// Whether traces of the file differ in length, so that rows of the array end in padding.
    pub(super) fn lengths_vary(&self) -> bool {
        self.scan.layout.geometry.lengths_vary()
    }

    /// Batch or streaming.
    pub fn mode(&self) -> ImportMode {
        self.mode
    }

    /// Why: "1.2 GB is over 500 MB".
    pub fn mode_reason(&self) -> &str {
        &self.mode_reason
    }

    /// The dataset's folder.
    pub fn output(&self) -> &Path {
        &self.spec.path
    }

    /// Shapes and schema.
    pub fn spec(&self) -> &DatasetSpec {
        &self.spec
    }

    /// The scan that it was made from.
    pub fn scan(&self) -> &Scan {
        &self.scan
    }

    /// The mapping with the suggestion filled in.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Traces that will be imported.
    pub fn traces(&self) -> Range<u64> {
        self.traces.clone()
    }

    /// Bytes of the dataset if nothing could be compressed.
    pub(super) fn most_bytes(&self) -> u64 {
        let (layout, spec) = (&self.scan.layout, &self.spec);
        let n_samples = u128::from(spec.n_traces) * u128::from(spec.n_samples);
        let samples = n_samples * spec.number_type.size_bytes() as u128;
        let overview = n_samples / 8;
        // Every word as a column, and the raw header once more.
        let headers = u128::from(spec.n_traces) * 560;
        let rest = u128::from(layout.data_start.value)
            + u128::from(layout.file_size_bytes.saturating_sub(layout.trailer_start))
            + layout
                .geometry
                .gaps()
                .iter()
                .map(|gap| u128::from(gap.n_bytes))
                .sum::<u128>()
            + (1 << 20);
        u64::try_from(samples + overview + headers + rest).unwrap_or(u64::MAX)
    }

    /// Traces of each block but the last.
    pub fn block_traces(&self) -> u64 {
        u64::from(self.chunks_per_block) * u64::from(self.spec.chunk_traces)
    }

    /// Number of blocks.
    pub fn n_blocks(&self) -> u64 {
        (self.traces.end - self.traces.start).div_ceil(self.block_traces())
    }

    /// The blocks, in order; they partition the traces.
    pub fn blocks(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        self.blocks_from(0)
    }

    /// The blocks from this one on.
    pub(super) fn blocks_from(&self, first: u64) -> impl Iterator<Item = Range<u64>> + '_ {
        let step = self.block_traces();
        (first..self.n_blocks()).map(move |i| {
            let start = self.traces.start + i * step;
            start..(start + step).min(self.traces.end)
        })
    }
}

/// Where the computed columns stand.
fn positions(sources: &[ColumnSource]) -> impl Iterator<Item = usize> + '_ {
    let computed =
        |(i, source): (usize, &ColumnSource)| matches!(source, ColumnSource::Computed).then_some(i);
    sources.iter().enumerate().filter_map(computed)
}

/// Columns from byte 241 on need additional trace headers.
fn check_additional(mapping: &Mapping, layout: &Layout) -> Result<(), PlanError> {
    let n_additional = layout.n_additional_trace_headers.value;
    for column in &mapping.columns {
        let wanted = column.byte.saturating_sub(1) / 240;
        if u32::from(wanted) > n_additional {
            return Err(PlanError::NoSuchAdditionalHeader {
                name: column.name.clone(),
                byte: column.byte,
                wanted,
                n_additional,
            });
        }
    }
    Ok(())
}

/// The mapping with canonical names, the scan's suggestion where no key was chosen, and the
/// overrides by which the file was scanned.
fn effective_mapping(scan: &Scan, mapping: &Mapping) -> Result<Mapping, PlanError> {
    let mut mapping = mapping.checked()?;
    if mapping.decides_nothing() {
        mapping.columns = scan.suggested_mapping.checked()?.columns;
    }
    if mapping.ensemble_keys.is_empty() {
        mapping.ensemble_keys = scan.suggested_mapping.checked()?.ensemble_keys;
    }
    if mapping.overrides == crate::segy::LayoutOverrides::default() {
        mapping.overrides = scan.overrides.clone();
    }
    if mapping.overrides != scan.overrides {
        return Err(PlanError::ScannedOtherwise);
    }
    Ok(mapping)
}

fn trace_range(layout: &Layout, asked: Option<&Range<u64>>) -> Result<Range<u64>, PlanError> {
    if layout.n_traces == 0 {
        return Err(PlanError::NoTraces {
            data_start: layout.data_start.value,
        });
    }
    if layout.n_samples.value == 0 {
        return Err(PlanError::NoSamples);
    }
    let all = 0..layout.n_traces;
    let range = asked.cloned().unwrap_or_else(|| all.clone());
    if range.is_empty() || range.end > all.end {
        return Err(PlanError::TraceRangeOutside {
            start: range.start,
            end: range.end,
            n_traces: layout.n_traces,
        });
    }
    Ok(range)
}

/// Bytes of these traces in the file: as many as there are where all have the same length, at most
/// so many where they vary.
fn most_bytes_of(layout: &Layout, traces: &Range<u64>) -> u64 {
    let n_traces = traces.end - traces.start;
    let all_longest = n_traces.saturating_mul(layout.trace_stride_bytes);
    let gaps = layout.geometry.gaps().iter().map(|gap| gap.n_bytes);
    all_longest
        .saturating_add(gaps.sum())
        .min(layout.traces_bytes())
}

/// Batch or streaming, and why.
fn mode(layout: &Layout, traces: &Range<u64>, asked: RequestedMode) -> (ImportMode, String) {
    let n_traces = traces.end - traces.start;
    let bytes = if n_traces == layout.n_traces {
        layout.file_size_bytes
    } else {
        most_bytes_of(layout, traces)
    };
    let limit_bytes = wording::bytes(STREAMING_BYTES);
    let limit_traces = wording::count(STREAMING_TRACES);
    match asked {
        RequestedMode::Batch => (ImportMode::Batch, "asked for".to_owned()),
        RequestedMode::Streaming => (ImportMode::Streaming, "asked for".to_owned()),
        RequestedMode::Auto if bytes > STREAMING_BYTES => (
            ImportMode::Streaming,
            format!("{} is over {limit_bytes}", wording::bytes(bytes)),
        ),
        RequestedMode::Auto if n_traces > STREAMING_TRACES => (
            ImportMode::Streaming,
            format!(
                "{} traces are over {limit_traces}",
                wording::count(n_traces)
            ),
        ),
        RequestedMode::Auto => (
            ImportMode::Batch,
            format!(
                "{} and {} are within {limit_bytes} and {limit_traces}",
                wording::bytes(bytes),
                wording::things(n_traces, "trace")
            ),
        ),
    }
}

/// Time in ms, from the first trace's start; the sample's number where no interval is known.
fn vertical_axis(scan: &Scan, mapping: &Mapping, first_trace: u64) -> VerticalAxis {
    match scan.layout.sample_interval_micros.value {
        Some(micros) => VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: start_millis(scan, mapping, first_trace),
            interval: micros / 1000.0,
        },
        None => VerticalAxis {
            domain: VerticalDomain::Sample,
            unit: "sample".to_owned(),
            first: 0.0,
            interval: 1.0,
        },
    }
}

/// When a trace starts; 0 where its header cannot be read.
fn start_millis(scan: &Scan, mapping: &Mapping, trace: u64) -> f64 {
    let scaling = scan.layout.scaling();
    if let Some(millis) = scaling.delay_millis {
        return millis;
    }
    // What the scan saw in the first header need not be read again.
    let seen = |name: &str| {
        let column = mapping.column(name)?;
        let place = (column.byte, column.kind);
        let mut fields = scan.fields.iter();
        fields.find(|field| (field.byte, field.kind) == place)
    };
    if trace == 0
        && let (Some(delay), Some(scalar)) = (seen("delay_recording_time"), seen("times_scalar"))
    {
        return scaling.start_millis(delay.first, scalar.first);
    }
    let order = scan.layout.byte_order.value;
    SegyFile::open(&scan.path, &scan.overrides)
        .ok()
        .filter(|file| trace < file.layout().n_traces)
        .and_then(|file| {
            let window = file.window(trace..trace + 1).ok()?;
            Some(StartTime::of(mapping, &scaling).millis(window.trace(0), order))
        })
        .unwrap_or(0.0)
}

fn processors() -> u32 {
    let n = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u32::try_from(n).unwrap_or(u32::MAX).min(64)
}
