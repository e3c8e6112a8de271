//! What will be written: shapes, codec and schema, decided before the first byte.

use std::path::PathBuf;

use super::{ArrayFacts, Codec, DatasetError, HeaderColumn, VerticalAxis};
use crate::samples::NumberType;

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

/// No inner chunk is larger: a few of them are held at once by every worker, and Blosc's own
/// limit for a block lies at 715 MB.
pub(super) const MAX_CHUNK_BYTES: u64 = 512 << 20;
/// No shard has more inner chunks: its index is held in memory while the shard is open.
pub(super) const MAX_CHUNKS_PER_SHARD: u32 = 1 << 20;

impl DatasetSpec {
    /// Inner chunks in all; the last may be partly padding.
    pub fn n_chunks(&self) -> u64 {
        self.n_traces.div_ceil(u64::from(self.chunk_traces))
    }

    /// Samples of one inner chunk.
    pub fn chunk_len(&self) -> usize {
        self.chunk_traces as usize * self.n_samples as usize
    }

    /// Of the samples of one trace.
    pub(super) fn trace_bytes(&self) -> u64 {
        u64::from(self.n_samples) * self.number_type.size_bytes() as u64
    }

    /// The shapes as the manifest states them.
    pub(super) fn array_facts(&self, n_overview_levels: u32, stored_bytes: u64) -> ArrayFacts {
        ArrayFacts {
            n_traces: self.n_traces,
            n_samples: self.n_samples,
            number_type: self.number_type,
            chunk_traces: self.chunk_traces,
            chunks_per_shard: self.chunks_per_shard,
            n_chunks: self.n_chunks(),
            codec: self.codec,
            n_overview_levels,
            stored_bytes,
        }
    }

    /// Refuses shapes that format 1 cannot hold.
    pub(super) fn check(&self) -> Result<(), DatasetError> {
        check_shape(
            self.n_samples,
            self.number_type,
            self.chunk_traces,
            self.chunks_per_shard,
        )
        .map_err(|problem| DatasetError::Layout { problem })?;
        for key in &self.ensemble_keys {
            if !self.columns.iter().any(|column| column.name == *key) {
                return Err(DatasetError::NoSuchColumn {
                    name: key.clone(),
                    nearest: super::nearest::nearest_names(
                        key,
                        self.columns.iter().map(|column| column.name.as_str()),
                    ),
                });
            }
        }
        Ok(())
    }
}

/// What is wrong with a chunk's shape, as a sentence; the same for specs and for manifests.
pub(super) fn check_shape(
    n_samples: u32,
    number_type: NumberType,
    chunk_traces: u32,
    chunks_per_shard: u32,
) -> Result<(), String> {
    if chunk_traces == 0 || chunks_per_shard == 0 {
        return Err("a chunk needs at least 1 trace, and a shard at least 1 chunk".to_owned());
    }
    if chunks_per_shard > MAX_CHUNKS_PER_SHARD {
        return Err(format!(
            "{chunks_per_shard} chunks in a shard; the limit is {MAX_CHUNKS_PER_SHARD}"
        ));
    }
    let chunk_bytes = u64::from(chunk_traces)
        .saturating_mul(u64::from(n_samples))
        .saturating_mul(number_type.size_bytes() as u64);
    if chunk_bytes > MAX_CHUNK_BYTES {
        return Err(format!(
            "a chunk of {chunk_traces} traces of {n_samples} samples has {chunk_bytes} bytes; the limit is {MAX_CHUNK_BYTES}. Use fewer traces a chunk"
        ));
    }
    Ok(())
}
