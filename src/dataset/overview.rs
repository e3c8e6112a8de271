//! How does a zoomed-out view find every event without reading every sample? Reduced levels.
//!
//! ```text
//! level 1: a cell stands for 16 traces × 4 samples, level 2 for 256 × 16, …
//! ```
//! Every cell keeps the smallest and the largest sample that it stands for, so that no event
//! disappears. Level 1 is made by the workers ([`OverviewWriter::reduce`]); coarser levels are made
//! here from the finer one, a row at a time: memory is one chunk buffer per level and array.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::{ChunkEncoder, DatasetError, DatasetSpec};
use crate::samples::NumberType;
use crate::simd::compiled_twice;

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
            .map(|level| LevelWriter::new(folder.join(level.level.to_string()), &level))
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
        levels
            .flat_map(|level| std::mem::take(&mut level.unsynced))
            .collect()
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

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct LevelState {
    rows_written: u64,
    /// Values of the chunk begun, and of the rows that wait: of smallest and of largest each.
    n_chunk: usize,
    n_group: usize,
}

/// One level: the chunk that fills, and the rows that wait to become one row of the next level.
#[derive(Debug)]
struct LevelWriter {
    folder: PathBuf,
    rows: u64,
    columns: usize,
    chunk_rows: usize,
    rows_written: u64,
    min_chunk: Vec<f32>,
    max_chunk: Vec<f32>,
    min_group: Vec<f32>,
    max_group: Vec<f32>,
    /// Files that no checkpoint has synced yet.
    unsynced: Vec<PathBuf>,
}

impl LevelWriter {
    fn new(folder: PathBuf, level: &OverviewLevel) -> Result<Self, DatasetError> {
        let too_large = |_| DatasetError::Layout {
            problem: "an overview chunk does not fit into memory".to_owned(),
        };
        Ok(Self {
            folder,
            rows: level.rows,
            columns: usize::try_from(level.columns).map_err(too_large)?,
            chunk_rows: usize::try_from(level.chunk_rows).map_err(too_large)?,
            rows_written: 0,
            min_chunk: Vec::new(),
            max_chunk: Vec::new(),
            min_group: Vec::new(),
            max_group: Vec::new(),
            unsynced: Vec::new(),
        })
    }

    fn floats(&self) -> [&[f32]; 4] {
        [
            &self.min_chunk,
            &self.max_chunk,
            &self.min_group,
            &self.max_group,
        ]
    }

    fn state(&self) -> LevelState {
        LevelState {
            rows_written: self.rows_written,
            n_chunk: self.min_chunk.len(),
            n_group: self.min_group.len(),
        }
    }

    /// Takes back what [`Self::state`] and [`Self::floats`] gave; gives the values behind it.
    fn restore<'f>(&mut self, state: &LevelState, floats: &'f [f32]) -> &'f [f32] {
        self.rows_written = state.rows_written;
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
    fn push(
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
    fn full_group(&mut self) -> Option<(Vec<f32>, Vec<f32>)> {
        if self.min_group.len() == OverviewWriter::TRACE_FACTOR * self.columns {
            self.last_group()
        } else {
            None
        }
    }

    /// The next level's row of however many rows there are.
    fn last_group(&mut self) -> Option<(Vec<f32>, Vec<f32>)> {
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
    fn finish(
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
        let number = (self.rows_written - 1) / self.chunk_rows as u64;
        let mut bytes = 0;
        for (which, chunk) in [("min", &mut self.min_chunk), ("max", &mut self.max_chunk)] {
            let folder = self.folder.join(which).join("c").join(number.to_string());
            let path = folder.join("0");
            let encoded = encoder
                .encode(bytemuck::cast_slice(chunk))
                .and_then(|encoded| {
                    fs::create_dir_all(&folder)?;
                    fs::write(&path, encoded)?;
                    Ok(encoded.len() as u64)
                });
            let written = total_written.load(Ordering::Relaxed);
            bytes += encoded
                .map_err(|source| DatasetError::io("write the overview", &path, written, source))?;
            self.unsynced.push(path);
            chunk.clear();
        }
        Ok(bytes)
    }
}

/// Appends the smallest of `low` and the largest of `high` of every cell of 16 rows × 4 columns.
fn reduce_rows(low: &[f32], high: &[f32], columns: usize, min: &mut Vec<f32>, max: &mut Vec<f32>) {
    if columns == 0 {
        return;
    }
    let out_columns = columns.div_ceil(OverviewWriter::SAMPLE_FACTOR);
    let group = OverviewWriter::TRACE_FACTOR * columns;
    let mut low_row = vec![0.0; columns];
    let mut high_row = vec![0.0; columns];
    min.reserve(low.len().div_ceil(group) * out_columns);
    max.reserve(high.len().div_ceil(group) * out_columns);
    for (low_group, high_group) in low.chunks(group).zip(high.chunks(group)) {
        fold_rows(low_group, high_group, &mut low_row, &mut high_row);
        if low_row.iter().chain(&high_row).all(|x| x.is_finite()) {
            cells_of_numbers(&low_row, min, |a, b| if b < a { b } else { a });
            cells_of_numbers(&high_row, max, |a, b| if b > a { b } else { a });
        } else {
            reduce_group(low_group, &mut low_row, f32::min, min);
            reduce_group(high_group, &mut high_row, f32::max, max);
        }
    }
}

compiled_twice! {
    /// Folds rows into one of the smallest and one of the largest values, column by column. NaN is
    /// skipped; a column without a finite number stays infinite.
    fn fold_rows(low: &[f32], high: &[f32], low_row: &mut [f32], high_row: &mut [f32]) =
        |low: &[f32], high: &[f32], low_row: &mut [f32], high_row: &mut [f32]| {
            let columns = low_row.len();
            low_row.fill(f32::INFINITY);
            high_row.fill(f32::NEG_INFINITY);
            for (low, high) in low.chunks(columns).zip(high.chunks(columns)) {
                for (cell, &value) in low_row.iter_mut().zip(low) {
                    *cell = if value < *cell { value } else { *cell };
                }
                for (cell, &value) in high_row.iter_mut().zip(high) {
                    *cell = if value > *cell { value } else { *cell };
                }
            }
        }
}

/// Appends the cells of a row of finite numbers.
fn cells_of_numbers(row: &[f32], cells: &mut Vec<f32>, choose: impl Fn(f32, f32) -> f32 + Copy) {
    let (whole, rest) = row.as_chunks::<{ OverviewWriter::SAMPLE_FACTOR }>();
    cells.extend(
        whole
            .iter()
            .map(|&[a, b, c, d]| choose(choose(a, b), choose(c, d))),
    );
    cells.extend(rest.iter().copied().reduce(choose));
}

/// Appends the cells of a group of rows in which not all is finite: the plain way, and the oracle of
/// the one above. `f32::min` and `f32::max` skip NaN: cells start as NaN and stay so without a number.
fn reduce_group(
    group: &[f32],
    row: &mut [f32],
    fold: impl Fn(f32, f32) -> f32 + Copy,
    cells: &mut Vec<f32>,
) {
    row.fill(f32::NAN);
    for values in group.chunks(row.len()) {
        for (cell, &value) in row.iter_mut().zip(values) {
            *cell = fold(*cell, value);
        }
    }
    let of_row = row.chunks(OverviewWriter::SAMPLE_FACTOR);
    cells.extend(of_row.map(|cell| cell.iter().copied().fold(f32::NAN, fold)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fast_and_plain_reduction_agree(
            values in proptest::collection::vec(-1000_i16..1000, 1..4000),
            columns in 1_usize..70,
        ) {
            let values: Vec<f32> = values.iter().map(|&x| f32::from(x)).collect();
            let values = values.get(..values.len() / columns * columns).unwrap_or_default();
            let (min, max) = OverviewWriter::reduce(values, columns);
            let (mut plain_min, mut plain_max) = (Vec::new(), Vec::new());
            let mut row = vec![0.0; columns];
            for group in values.chunks(OverviewWriter::TRACE_FACTOR * columns) {
                reduce_group(group, &mut row, f32::min, &mut plain_min);
                reduce_group(group, &mut row, f32::max, &mut plain_max);
            }
            prop_assert_eq!((min, max), (plain_min, plain_max));
        }
    }

    #[test]
    fn a_cell_without_a_number_is_nan_and_infinities_count() {
        let values = [
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NEG_INFINITY,
            1.0,
            2.0,
            3.0,
        ];
        let (min, max) = OverviewWriter::reduce(&values, 8);
        assert!(min[0].is_nan() && max[0].is_nan());
        assert_eq!(
            (min[1].to_bits(), max[1].to_bits()),
            (f32::NEG_INFINITY.to_bits(), 3.0_f32.to_bits())
        );
    }
}
