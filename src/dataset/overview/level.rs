//! How does one level grow, row by row? A chunk fills, and rows wait to become one of the next level.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::reduce::reduce_rows;
use super::shards::ShardFiles;
use super::{OverviewLevel, OverviewWriter};
use crate::dataset::{ChunkEncoder, DatasetError};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LevelState {
    rows_written: u64,
    /// Values of the chunk begun, and of the rows that wait: of smallest and of largest each.
    n_chunk: usize,
    n_group: usize,
    /// Lengths of the chunks of the shards that are not full yet.
    min_lengths: Vec<u32>,
    max_lengths: Vec<u32>,
}

/// One level: the chunk that fills, and the rows that wait to become one row of the next level.
#[derive(Debug)]
pub(super) struct LevelWriter {
    rows: u64,
    pub(super) columns: usize,
    chunk_rows: usize,
    rows_written: u64,
    min_chunk: Vec<f32>,
    max_chunk: Vec<f32>,
    min_group: Vec<f32>,
    max_group: Vec<f32>,
    min_shards: ShardFiles,
    max_shards: ShardFiles,
    /// One chunk's bytes for disk.
    encoded: Vec<u8>,
}

impl LevelWriter {
    pub(super) fn new(folder: &Path, level: &OverviewLevel) -> Result<Self, DatasetError> {
        let too_large = |_| DatasetError::Layout {
            problem: "an overview chunk does not fit into memory".to_owned(),
        };
        let n_chunks = level.rows.div_ceil(level.chunk_rows);
        let shards = |which: &str| ShardFiles::new(folder.join(which).join("c"), n_chunks);
        Ok(Self {
            rows: level.rows,
            columns: usize::try_from(level.columns).map_err(too_large)?,
            chunk_rows: usize::try_from(level.chunk_rows).map_err(too_large)?,
            rows_written: 0,
            min_chunk: Vec::new(),
            max_chunk: Vec::new(),
            min_group: Vec::new(),
            max_group: Vec::new(),
            min_shards: shards("min"),
            max_shards: shards("max"),
            encoded: Vec::new(),
        })
    }

    pub(super) fn floats(&self) -> [&[f32]; 4] {
        [
            &self.min_chunk,
            &self.max_chunk,
            &self.min_group,
            &self.max_group,
        ]
    }

    pub(super) fn state(&self) -> LevelState {
        LevelState {
            rows_written: self.rows_written,
            n_chunk: self.min_chunk.len(),
            n_group: self.min_group.len(),
            min_lengths: self.min_shards.lengths().to_vec(),
            max_lengths: self.max_shards.lengths().to_vec(),
        }
    }

    /// Takes back what [`Self::state`] and [`Self::floats`] gave; gives the values behind it.
    pub(super) fn restore<'f>(&mut self, state: &LevelState, floats: &'f [f32]) -> &'f [f32] {
        self.rows_written = state.rows_written;
        let chunks_written = state.rows_written / self.chunk_rows as u64;
        self.min_shards.restore(chunks_written, &state.min_lengths);
        self.max_shards.restore(chunks_written, &state.max_lengths);
        let mut rest = floats;
        for (values, n) in [
            (&mut self.min_chunk, state.n_chunk),
            (&mut self.max_chunk, state.n_chunk),
            (&mut self.min_group, state.n_group),
            (&mut self.max_group, state.n_group),
        ] {
            let (taken, behind) = rest.split_at(n.min(rest.len()));
            values.extend_from_slice(taken);
            rest = behind;
        }
        rest
    }

    /// Appends a row; gives the bytes that were written, if a chunk became full.
    pub(super) fn push(
        &mut self,
        min: &[f32],
        max: &[f32],
        encoder: &mut ChunkEncoder,
        total_written: &AtomicU64,
    ) -> Result<u64, DatasetError> {
        if self.rows_written == self.rows {
            return Err(self.incomplete(self.rows + 1));
        }
        self.min_chunk.extend_from_slice(min);
        self.max_chunk.extend_from_slice(max);
        self.min_group.extend_from_slice(min);
        self.max_group.extend_from_slice(max);
        self.rows_written += 1;
        if self.min_chunk.len() == self.chunk_rows * self.columns {
            self.write_chunk(encoder, total_written)
        } else {
            Ok(0)
        }
    }

    /// The next level's row, once there are enough rows for it.
    pub(super) fn full_group(&mut self) -> Option<(Vec<f32>, Vec<f32>)> {
        if self.min_group.len() == OverviewWriter::TRACE_FACTOR * self.columns {
            self.last_group()
        } else {
            None
        }
    }

    /// The next level's row of however many rows there are.
    pub(super) fn last_group(&mut self) -> Option<(Vec<f32>, Vec<f32>)> {
        if self.min_group.is_empty() {
            return None;
        }
        let (mut min, mut max) = (Vec::new(), Vec::new());
        reduce_rows(
            &self.min_group,
            &self.max_group,
            self.columns,
            &mut min,
            &mut max,
        );
        self.min_group.clear();
        self.max_group.clear();
        Some((min, max))
    }

    /// Writes the last chunk, padded with NaN.
    pub(super) fn finish(
        &mut self,
        encoder: &mut ChunkEncoder,
        total_written: &AtomicU64,
    ) -> Result<u64, DatasetError> {
        if self.rows_written != self.rows {
            return Err(self.incomplete(self.rows_written));
        }
        if self.min_chunk.is_empty() {
            return Ok(0);
        }
        self.min_chunk
            .resize(self.chunk_rows * self.columns, f32::NAN);
        self.max_chunk
            .resize(self.chunk_rows * self.columns, f32::NAN);
        self.write_chunk(encoder, total_written)
    }

    fn incomplete(&self, found: u64) -> DatasetError {
        DatasetError::Incomplete {
            what: "rows of the overview",
            expected: self.rows,
            found,
        }
    }

    fn write_chunk(
        &mut self,
        encoder: &mut ChunkEncoder,
        total_written: &AtomicU64,
    ) -> Result<u64, DatasetError> {
        let mut bytes = 0;
        for (shards, chunk) in [
            (&mut self.min_shards, &mut self.min_chunk),
            (&mut self.max_shards, &mut self.max_chunk),
        ] {
            self.encoded.clear();
            let encoded = encoder
                .append(bytemuck::cast_slice(chunk), &mut self.encoded)
                .and_then(|_| shards.push(&self.encoded));
            let written = total_written.load(Ordering::Relaxed);
            bytes += encoded.map_err(|source| {
                DatasetError::io("write the overview", &shards.path(), written, source)
            })?;
            chunk.clear();
        }
        Ok(bytes)
    }

    /// The files that were written since this was asked last.
    pub(super) fn take_unsynced(&mut self) -> impl Iterator<Item = PathBuf> {
        let files = self.min_shards.take_unsynced();
        files.into_iter().chain(self.max_shards.take_unsynced())
    }
}
