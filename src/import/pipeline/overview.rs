//! How do blocks become rows of the overview, when a row's 16 traces may lie in two blocks?
//!
//! Workers reduce what they have; a row that a block only begins waits here until the next block
//! has joined in. Blocks that begin at multiples of 16 traces never meet that case.

use serde::{Deserialize, Serialize};

use crate::dataset::{DatasetError, OverviewWriter};
use crate::samples::Samples;

/// Smallest and largest values, row by row.
type Cells = (Vec<f32>, Vec<f32>);

/// Decoded traces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    /// At least `n_traces` rows of `n_samples`.
    pub(super) samples: &'a Samples,
    pub(super) n_traces: usize,
    pub(super) n_samples: usize,
    /// Where traces vary in length: the samples of each, behind which its row is padding.
    pub(super) lengths: Option<&'a [usize]>,
}

/// The reduced traces of one block.
#[derive(Debug)]
pub(super) struct BlockOverview {
    /// The row that an earlier block began; empty where none did.
    joins: Cells,
    /// Rows that begin here; the last may lack traces.
    rows: Cells,
    /// One behind the last trace's row in the dataset.
    end_row: u64,
}

impl BlockOverview {
    /// Of no traces yet; the first will be the dataset's row `first_row`.
    pub(super) fn beginning_at(first_row: u64) -> Self {
        Self {
            joins: Cells::default(),
            rows: Cells::default(),
            end_row: first_row,
        }
    }

    /// Reduces the traces that follow. `strip` is scratch space.
    pub(super) fn add(&mut self, traces: &Rows<'_>, strip: &mut Vec<f32>) {
        let n_traces = traces.n_traces;
        let factor = OverviewWriter::TRACE_FACTOR;
        let begun = usize::try_from(self.end_row % factor as u64).unwrap_or(0);
        let n_joins = if begun == 0 {
            0
        } else {
            (factor - begun).min(n_traces)
        };
        if n_joins > 0 {
            let mut end = Cells::default();
            reduce_onto(traces, 0..n_joins, strip, &mut end);
            self.join_last(&end);
        }
        reduce_onto(traces, n_joins..n_traces, strip, &mut self.rows);
        self.end_row += n_traces as u64;
    }

    /// Joins cells to the row that was begun last, here or in the block before.
    fn join_last(&mut self, end: &Cells) {
        if self.rows.0.is_empty() {
            join(&mut self.joins.0, &end.0, f32::min);
            join(&mut self.joins.1, &end.1, f32::max);
            return;
        }
        let last = |row: &[f32]| row.len().saturating_sub(end.0.len());
        let (min, max) = (last(&self.rows.0), last(&self.rows.1));
        choose_each(&mut self.rows.0[min..], &end.0, f32::min);
        choose_each(&mut self.rows.1[max..], &end.1, f32::max);
    }
}

/// Reduces a range of traces from its first on, in strips that stay small for every number type.
fn reduce_onto(
    rows: &Rows<'_>,
    traces: std::ops::Range<usize>,
    strip: &mut Vec<f32>,
    (min, max): &mut Cells,
) {
    let n_samples = rows.n_samples;
    // Padding is NaN there, which the overview skips.
    if let Samples::Float32(samples) = rows.samples {
        let samples = &samples[traces.start * n_samples..traces.end * n_samples];
        OverviewWriter::reduce_onto(samples, n_samples, min, max);
        return;
    }
    let mut start = traces.start;
    while start < traces.end {
        let end = (start + OverviewWriter::TRACE_FACTOR).min(traces.end);
        strip.clear();
        rows.samples
            .extend_f32(start * n_samples..end * n_samples, strip);
        let lengths = rows.lengths.and_then(|lengths| lengths.get(start..end));
        for (row, &length) in strip.chunks_mut(n_samples).zip(lengths.unwrap_or_default()) {
            row.get_mut(length..).unwrap_or_default().fill(f32::NAN);
        }
        OverviewWriter::reduce_onto(strip, n_samples, min, max);
        start = end;
    }
}

/// The row that waits between two blocks, bit by bit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RowsState {
    min: Vec<u32>,
    max: Vec<u32>,
}

/// Joins the rows of successive blocks, and writes those that are complete.
#[derive(Debug)]
pub(super) struct OverviewJoiner {
    begun: Cells,
    n_traces: u64,
    cells: usize,
}

impl OverviewJoiner {
    pub(super) fn new(n_traces: u64, n_samples: usize) -> Self {
        Self {
            begun: Cells::default(),
            n_traces,
            cells: n_samples.div_ceil(OverviewWriter::SAMPLE_FACTOR),
        }
    }

    /// Goes on where another joiner stood.
    pub(super) fn restore(&mut self, state: &RowsState) {
        let floats = |bits: &[u32]| bits.iter().map(|&bits| f32::from_bits(bits)).collect();
        self.begun = (floats(&state.min), floats(&state.max));
    }

    pub(super) fn state(&self) -> RowsState {
        let bits = |floats: &[f32]| floats.iter().map(|value| value.to_bits()).collect();
        RowsState {
            min: bits(&self.begun.0),
            max: bits(&self.begun.1),
        }
    }

    /// Takes in the next block; `write` gets whole rows, smallest and largest values.
    pub(super) fn add(
        &mut self,
        block: BlockOverview,
        mut write: impl FnMut(&[f32], &[f32]) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        join(&mut self.begun.0, &block.joins.0, f32::min);
        join(&mut self.begun.1, &block.joins.1, f32::max);
        let ends_whole = block.end_row == self.n_traces
            || block
                .end_row
                .is_multiple_of(OverviewWriter::TRACE_FACTOR as u64);
        let (mut min, mut max) = block.rows;
        if !self.begun.0.is_empty() && (ends_whole || !min.is_empty()) {
            write(&self.begun.0, &self.begun.1)?;
            self.begun = Cells::default();
        }
        if !ends_whole && !min.is_empty() {
            let last = min.len().saturating_sub(self.cells);
            self.begun = (min.split_off(last), max.split_off(last));
        }
        if min.is_empty() {
            return Ok(());
        }
        write(&min, &max)
    }
}

/// A number beats NaN: such a cell held no number yet.
fn join(begun: &mut Vec<f32>, more: &[f32], choose: fn(f32, f32) -> f32) {
    if begun.is_empty() {
        begun.extend_from_slice(more);
    } else {
        choose_each(begun, more, choose);
    }
}

fn choose_each(cells: &mut [f32], others: &[f32], choose: fn(f32, f32) -> f32) {
    for (cell, &other) in cells.iter_mut().zip(others) {
        *cell = choose(*cell, other);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Of blocks of so many traces, each reduced chunk by chunk.
    fn joined(samples: &Samples, n_samples: usize, block: usize, chunk: usize) -> Cells {
        let n_traces = samples.len() / n_samples;
        let mut joiner = OverviewJoiner::new(n_traces as u64, n_samples);
        let mut out = Cells::default();
        let mut start = 0;
        while start < n_traces {
            let end = (start + block).min(n_traces);
            let mut reduced = BlockOverview::beginning_at(start as u64);
            for first in (start..end).step_by(chunk) {
                let n = chunk.min(end - first);
                let mut part = Samples::zeros(samples.number_type(), 0);
                part.resize(n * n_samples);
                let size = samples.number_type().size_bytes() * n_samples;
                part.as_bytes_mut()
                    .copy_from_slice(&samples.as_bytes()[first * size..(first + n) * size]);
                let rows = Rows {
                    samples: &part,
                    n_traces: n,
                    n_samples,
                    lengths: None,
                };
                reduced.add(&rows, &mut Vec::new());
            }
            joiner
                .add(reduced, |min, max| {
                    assert!(min.len().is_multiple_of(n_samples.div_ceil(4)));
                    out.0.extend_from_slice(min);
                    out.1.extend_from_slice(max);
                    Ok(())
                })
                .unwrap();
            start = end;
        }
        out
    }

    #[test]
    fn blocks_do_not_matter() {
        let n_samples = 10;
        for n_traces in [1, 15, 16, 17, 53, 64] {
            let floats: Vec<f32> = (0..n_traces * n_samples)
                .map(|i| {
                    if i % 7 == 0 {
                        f32::NAN
                    } else {
                        ((i * 37) % 101) as f32 - 50.0
                    }
                })
                .collect();
            let bits = |rows: &Cells| -> Vec<u32> {
                rows.0.iter().chain(&rows.1).map(|x| x.to_bits()).collect()
            };
            let whole = OverviewWriter::reduce(&floats, n_samples);
            let samples = Samples::Float32(floats);
            for block in [1, 3, 10, 16, 20, 32, 100] {
                for chunk in [1, 2, 7, 16, 100] {
                    let found = joined(&samples, n_samples, block, chunk);
                    assert_eq!(
                        bits(&found),
                        bits(&whole),
                        "{n_traces} traces in blocks of {block}, chunks of {chunk}"
                    );
                }
            }
        }
    }

    #[test]
    fn integers_are_reduced_like_floats() {
        let integers: Vec<i16> = (0..400_i16).map(|i| (i * 37) % 101 - 50).collect();
        let floats = Samples::Float32(integers.iter().map(|&i| f32::from(i)).collect());
        assert_eq!(
            joined(&Samples::Int16(integers), 8, 20, 8),
            joined(&floats, 8, 20, 8)
        );
    }

    #[test]
    fn padding_is_no_sample_whatever_the_type() {
        let (n_traces, n_samples) = (20, 9);
        let lengths: Vec<usize> = (0..n_traces).map(|trace| trace * 7 % 10).collect();
        let mut floats = Samples::Float32(vec![5.0; n_traces * n_samples]);
        let mut integers = Samples::Int16(vec![5; n_traces * n_samples]);
        for (trace, &length) in lengths.iter().enumerate() {
            let padding = trace * n_samples + length..(trace + 1) * n_samples;
            floats.fill_padding(padding.clone());
            integers.fill_padding(padding);
        }
        let reduced = |samples| {
            let rows = Rows {
                samples,
                n_traces,
                n_samples,
                lengths: Some(&lengths),
            };
            let mut reduced = BlockOverview::beginning_at(3);
            reduced.add(&rows, &mut Vec::new());
            reduced
        };
        let (of_floats, of_integers) = (reduced(&floats), reduced(&integers));
        let bits = |cells: &Cells| -> Vec<u32> { cells.0.iter().map(|x| x.to_bits()).collect() };
        assert_eq!(bits(&of_floats.joins), bits(&of_integers.joins));
        assert_eq!(bits(&of_floats.rows), bits(&of_integers.rows));
        let cells = of_integers.joins.0.iter().chain(&of_integers.rows.0);
        assert!(cells.clone().count() == 6 && cells.copied().all(|x| x.is_nan() || x > 4.0));
    }
}
