//! How does a zoomed-out view find every event without reading every sample? Reduced levels.
//!
//! ```text
//! level 1: a cell stands for 16 traces × 4 samples, level 2 for 256 × 16, …
//! ```
//! Every cell keeps the smallest and the largest sample that it stands for, so that no event
//! disappears. Level 1 is made by the workers ([`OverviewWriter::reduce`]); coarser levels are made
//! here from the finer one, a row at a time: memory is one chunk buffer per level and array.

mod level;
mod reduce;
mod shards;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use level::{LevelState, LevelWriter};
use reduce::reduce_rows;
pub(super) use shards::CHUNKS_PER_SHARD;

use super::{ArrayFacts, ChunkEncoder, Codec, DatasetError, DatasetSpec};
use crate::samples::NumberType;

/// Coarser levels are made until one has at most so many rows …
const ENOUGH_ROWS: u64 = 2048;
/// … but never more levels than this.
const MAX_LEVELS: u32 = 5;
/// Aimed at for one chunk: zstd's tables want more than 256 KiB, latency less than 1 MiB.
const CHUNK_BYTES: u64 = 512 << 10;

/// Shape of one level: `[rows, columns]`, and of its chunks: `[chunk_rows, columns]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewLevel {
    /// From 1, the finest.
    pub level: u32,
    /// Cells along the traces.
    pub rows: u64,
    /// Cells along the samples.
    pub columns: u64,
    /// Traces that a cell stands for (fewer in the last row).
    pub trace_factor: u64,
    /// Samples that a cell stands for (fewer in the last column).
    pub sample_factor: u64,
    /// Rows of a chunk.
    pub chunk_rows: u64,
}

impl OverviewLevel {
    /// The levels of an array of this shape; none where there are no samples.
    pub fn all(n_traces: u64, n_samples: u32) -> Vec<Self> {
        let mut levels = Vec::new();
        let (mut rows, mut columns) = (n_traces, u64::from(n_samples));
        let (mut trace_factor, mut sample_factor) = (1u64, 1u64);
        if rows == 0 || columns == 0 {
            return levels;
        }
        for level in 1..=MAX_LEVELS {
            rows = rows.div_ceil(OverviewWriter::TRACE_FACTOR as u64);
            columns = columns.div_ceil(OverviewWriter::SAMPLE_FACTOR as u64);
            trace_factor *= OverviewWriter::TRACE_FACTOR as u64;
            sample_factor *= OverviewWriter::SAMPLE_FACTOR as u64;
            levels.push(Self {
                level,
                rows,
                columns,
                trace_factor,
                sample_factor,
                chunk_rows: chunk_rows(rows, columns),
            });
            if rows <= ENOUGH_ROWS {
                break;
            }
        }
        levels
    }

    /// Its arrays, as those of amplitudes are described; `None` where no such chunk fits into memory.
    pub(super) fn array_facts(&self) -> Option<ArrayFacts> {
        Some(ArrayFacts {
            n_traces: self.rows,
            n_samples: u32::try_from(self.columns).ok()?,
            number_type: NumberType::Float32,
            chunk_traces: u32::try_from(self.chunk_rows).ok()?,
            chunks_per_shard: u32::try_from(CHUNKS_PER_SHARD).ok()?,
            n_chunks: self.rows.div_ceil(self.chunk_rows),
            codec: Codec::default(),
            n_overview_levels: 0,
            stored_bytes: 0,
        })
    }
}

/// A power of two near [`CHUNK_BYTES`], and no more than the level needs.
fn chunk_rows(rows: u64, columns: u64) -> u64 {
    let fitting = (CHUNK_BYTES / (columns * 4)).max(1);
    let power = 1u64 << fitting.ilog2();
    power.min(rows.next_power_of_two())
}

/// Writes the overview levels from level-1 rows in file order; coarser levels are made on the way.
#[derive(Debug)]
pub struct OverviewWriter {
    levels: Vec<LevelWriter>,
    encoder: ChunkEncoder,
    total_written: Arc<AtomicU64>,
    finished_levels: Arc<AtomicU32>,
}

impl OverviewWriter {
    /// Traces that one row of level 1 stands for.
    pub const TRACE_FACTOR: usize = 16;
    /// Samples that one column of level 1 stands for.
    pub const SAMPLE_FACTOR: usize = 4;

    /// Begins the levels, or goes on where `earlier` says.
    pub(super) fn new(
        folder: &std::path::Path,
        spec: &DatasetSpec,
        earlier: Option<(&OverviewState, &[f32])>,
        total_written: Arc<AtomicU64>,
        finished_levels: Arc<AtomicU32>,
    ) -> Result<Self, DatasetError> {
        let mut levels = OverviewLevel::all(spec.n_traces, spec.n_samples)
            .into_iter()
            .map(|level| LevelWriter::new(&folder.join(level.level.to_string()), &level))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some((state, mut floats)) = earlier {
            for (level, state) in levels.iter_mut().zip(&state.levels) {
                floats = level.restore(state, floats);
            }
        }
        let encoder = ChunkEncoder::new(NumberType::Float32, spec.codec)
            .map_err(DatasetError::reading("start the codec", folder))?;
        Ok(Self {
            levels,
            encoder,
            total_written,
            finished_levels,
        })
    }

    /// Reduces `samples` (shape `[n, n_samples]`, as `f32`) to level-1 rows, smallest and largest
    /// values apart: pure, for workers. NaN is skipped; a cell without a number is NaN.
    ///
    /// Shape of both: `[n / 16, n_samples / 4]`, rounded up. The samples must begin at a trace
    /// number that 16 divides, and end at one, or at the array's end.
    pub fn reduce(samples: &[f32], n_samples: usize) -> (Vec<f32>, Vec<f32>) {
        let mut min = Vec::new();
        let mut max = Vec::new();
        reduce_rows(samples, samples, n_samples, &mut min, &mut max);
        (min, max)
    }

    /// [`Self::reduce`], appended to rows that are there.
    pub fn reduce_onto(samples: &[f32], n_samples: usize, min: &mut Vec<f32>, max: &mut Vec<f32>) {
        reduce_rows(samples, samples, n_samples, min, max);
    }

    /// Reduces rows of one level to rows of the next coarser one, as [`Self::reduce`] does samples.
    pub fn reduce_again(min: &[f32], max: &[f32], columns: usize) -> (Vec<f32>, Vec<f32>) {
        let (mut coarse_min, mut coarse_max) = (Vec::new(), Vec::new());
        reduce_rows(min, max, columns, &mut coarse_min, &mut coarse_max);
        (coarse_min, coarse_max)
    }

    /// Appends level-1 rows in file order, as [`Self::reduce`] gave them.
    ///
    /// # Errors
    /// I/O; `Layout` where these are not whole rows, or more rows than the level has.
    pub fn write(&mut self, min: &[f32], max: &[f32]) -> Result<(), DatasetError> {
        self.write_level(0, min, max)
    }

    /// Flushes all levels; gives their number.
    ///
    /// # Errors
    /// I/O; `Incomplete` when rows are missing, as after blocks that did not begin at a multiple of
    /// 16 traces.
    pub fn finish(mut self) -> Result<u32, DatasetError> {
        for position in 0..self.levels.len() {
            let Some(level) = self.levels.get_mut(position) else {
                break;
            };
            if let Some((min, max)) = level.last_group() {
                self.write_level(position + 1, &min, &max)?;
            }
            let Some(level) = self.levels.get_mut(position) else {
                break;
            };
            let written = level.finish(&mut self.encoder, &self.total_written)?;
            self.total_written.fetch_add(written, Ordering::Relaxed);
        }
        let count = u32::try_from(self.levels.len()).unwrap_or(MAX_LEVELS);
        self.finished_levels.store(count, Ordering::Release);
        Ok(count)
    }

    /// Where the levels stand.
    pub(super) fn state(&self) -> OverviewState {
        OverviewState {
            levels: self.levels.iter().map(LevelWriter::state).collect(),
        }
    }

    /// The values that fill the chunks begun.
    pub(super) fn floats(&self) -> impl Iterator<Item = &[f32]> {
        self.levels.iter().flat_map(LevelWriter::floats)
    }

    /// The files that were written since this was asked last.
    pub(super) fn take_unsynced(&mut self) -> Vec<PathBuf> {
        let levels = self.levels.iter_mut();
        levels.flat_map(LevelWriter::take_unsynced).collect()
    }

    fn write_level(
        &mut self,
        position: usize,
        min: &[f32],
        max: &[f32],
    ) -> Result<(), DatasetError> {
        let Some(level) = self.levels.get_mut(position) else {
            return Ok(());
        };
        let columns = level.columns;
        if min.len() != max.len() || !min.len().is_multiple_of(columns) {
            return Err(DatasetError::Layout {
                problem: format!(
                    "overview rows of {} and {} values were given for {columns} columns",
                    min.len(),
                    max.len()
                ),
            });
        }
        for (min_row, max_row) in min.chunks_exact(columns).zip(max.chunks_exact(columns)) {
            let Some(level) = self.levels.get_mut(position) else {
                break;
            };
            let written = level.push(min_row, max_row, &mut self.encoder, &self.total_written)?;
            self.total_written.fetch_add(written, Ordering::Relaxed);
            if let Some((coarse_min, coarse_max)) = level.full_group() {
                self.write_level(position + 1, &coarse_min, &coarse_max)?;
            }
        }
        Ok(())
    }
}

/// Where the overview stands between two blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct OverviewState {
    levels: Vec<LevelState>,
}
