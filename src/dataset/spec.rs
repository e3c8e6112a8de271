//! What will be written: shapes, codec and schema, decided before the first byte.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{HeaderColumn, VerticalAxis};
use crate::samples::NumberType;

/// How chunks are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// Blosc, zstd level 3, shuffle, one block a chunk.
    #[default]
    Balanced,
    /// Blosc, zstd level 1, shuffle, one block a chunk.
    Fast,
    /// Blosc, zstd level 9, shuffle, one block a chunk.
    Small,
}

/// Everything that the writer has to know. Invariant: made by a plan, which has checked it.
#[derive(Clone, Debug)]
pub struct DatasetSpec {
    /// The dataset's final folder.
    pub path: PathBuf,
    /// Replace an existing dataset (only at the final rename).
    pub overwrite: bool,
    /// Shape `[n_traces, n_samples]`.
    pub n_traces: u64,
    /// Samples per trace.
    pub n_samples: u32,
    /// Of the amplitudes.
    pub number_type: NumberType,
    /// Traces in an inner chunk; a chunk holds all samples of its traces. At least 1.
    pub chunk_traces: u32,
    /// Inner chunks in a shard (a file). At least 1.
    pub chunks_per_shard: u32,
    /// Of inner chunks.
    pub codec: Codec,
    /// The vertical axis.
    pub axis: VerticalAxis,
    /// Columns of headers.parquet, in order.
    pub columns: Vec<HeaderColumn>,
    /// Names of the ensemble keys: columns of headers.parquet.
    pub ensemble_keys: Vec<String>,
}

impl DatasetSpec {
    /// Inner chunks in all; the last may be partly padding.
    pub fn n_chunks(&self) -> u64 {
        self.n_traces.div_ceil(u64::from(self.chunk_traces))
    }

    /// Samples of one inner chunk.
    pub fn chunk_len(&self) -> usize {
        self.chunk_traces as usize * self.n_samples as usize
    }
}
