//! What will be done? Immutable, complete, checked before the first byte is written.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{Mapping, PlanError, Scan};
use crate::dataset::{Codec, DatasetSpec};

/// Streaming when the file has more bytes than this …
pub const STREAMING_BYTES: u64 = 500_000_000;
/// … or more traces than this.
pub const STREAMING_TRACES: u64 = 50_000;

/// What the user asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The dataset's folder; `None`: beside the source, its stem + ".shotpoint".
    pub output: Option<PathBuf>,
    /// Replace an existing dataset.
    pub overwrite: bool,
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
}

impl ImportPlan {
    /// Decides everything.
    ///
    /// # Errors
    /// When mapping or options do not fit the file, the output exists or cannot be written, or there is not enough space.
    pub fn new(scan: &Scan, mapping: &Mapping, options: &ImportOptions) -> Result<Self, PlanError> {
        let _ = (scan, mapping, options);
        todo!()
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

    /// Traces of each block but the last.
    pub fn block_traces(&self) -> u64 {
        u64::from(self.chunks_per_block) * u64::from(self.spec.chunk_traces)
    }

    /// The blocks, in order; they partition the traces.
    pub fn blocks(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        let step = self.block_traces();
        let n_blocks = (self.traces.end - self.traces.start).div_ceil(step);
        (0..n_blocks).map(move |i| {
            let start = self.traces.start + i * step;
            start..(start + step).min(self.traces.end)
        })
    }
}
