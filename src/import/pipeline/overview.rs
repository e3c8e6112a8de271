//! How do blocks become rows of the overview, when a row's 16 traces may lie in two blocks?
//!
//! Workers reduce what they have; a row that a block only begins waits here until the next block
//! has joined in. Blocks that begin at multiples of 16 traces never meet that case.

use crate::dataset::{DatasetError, OverviewWriter};
use crate::samples::Samples;

/// Smallest and largest values, row by row.
type Rows = (Vec<f32>, Vec<f32>);

/// The reduced traces of one block.
#[derive(Debug, Default)]
pub(super) struct BlockOverview {
    /// The row that an earlier block began; empty where none did.
    joins: Rows,
    /// Rows that begin here; the last may lack traces.
    rows: Rows,
    /// One behind the last trace's row in the dataset.
    end_row: u64,
}

impl BlockOverview {
    /// Reduces the first `n_traces` of `samples`, whose first is the dataset's row `first_row`.
    /// `strip` is scratch space.
    pub(super) fn reduce(
        samples: &Samples,
        first_row: u64,
        n_traces: usize,
        n_samples: usize,
        strip: &mut Vec<f32>,
    ) -> Self {
        let factor = OverviewWriter::TRACE_FACTOR;
        let begun = usize::try_from(first_row % factor as u64).unwrap_or(0);
        let n_joins = if begun == 0 {
            0
        } else {
            (factor - begun).min(n_traces)
        };
        let mut joins = Rows::default();
        let mut rows = Rows::default();
        reduce_into(samples, 0..n_joins, n_samples, strip, &mut joins);
        reduce_into(samples, n_joins..n_traces, n_samples, strip, &mut rows);
        Self {
            joins,
            rows,
            end_row: first_row + n_traces as u64,
        }
    }
}

/// Reduces a range of traces from its first on, in strips that stay small for every number type.
fn reduce_into(
    samples: &Samples,
    traces: std::ops::Range<usize>,
    n_samples: usize,
    strip: &mut Vec<f32>,
    out: &mut Rows,
) {
    if let Samples::Float32(samples) = samples {
        let (min, max) = OverviewWriter::reduce(
            &samples[traces.start * n_samples..traces.end * n_samples],
            n_samples,
        );
        *out = (min, max);
        return;
    }
    let mut start = traces.start;
    while start < traces.end {
        let end = (start + OverviewWriter::TRACE_FACTOR).min(traces.end);
        strip.clear();
        samples.extend_f32(start * n_samples..end * n_samples, strip);
        let (min, max) = OverviewWriter::reduce(strip, n_samples);
        out.0.extend(min);
        out.1.extend(max);
        start = end;
    }
}

/// Joins the rows of successive blocks, and writes those that are complete.
#[derive(Debug)]
pub(super) struct OverviewJoiner {
    begun: Rows,
    n_traces: u64,
    cells: usize,
}

impl OverviewJoiner {
    pub(super) fn new(n_traces: u64, n_samples: usize) -> Self {
        Self {
            begun: Rows::default(),
            n_traces,
            cells: n_samples.div_ceil(OverviewWriter::SAMPLE_FACTOR),
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
            self.begun = Rows::default();
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
        return;
    }
    for (cell, &other) in begun.iter_mut().zip(more) {
        *cell = choose(*cell, other);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn joined(samples: &Samples, n_samples: usize, block: usize) -> Rows {
        let n_traces = samples.len() / n_samples;
        let mut joiner = OverviewJoiner::new(n_traces as u64, n_samples);
        let mut out = Rows::default();
        let mut start = 0;
        while start < n_traces {
            let n = block.min(n_traces - start);
            let mut part = Samples::zeros(samples.number_type(), 0);
            part.resize(n * n_samples);
            let size = samples.number_type().size_bytes() * n_samples;
            part.as_bytes_mut()
                .copy_from_slice(&samples.as_bytes()[start * size..(start + n) * size]);
            let mut strip = Vec::new();
            let reduced = BlockOverview::reduce(&part, start as u64, n, n_samples, &mut strip);
            joiner
                .add(reduced, |min, max| {
                    assert!(min.len().is_multiple_of(n_samples.div_ceil(4)));
                    out.0.extend_from_slice(min);
                    out.1.extend_from_slice(max);
                    Ok(())
                })
                .unwrap();
            start += n;
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
            let bits = |rows: &Rows| -> Vec<u32> {
                rows.0.iter().chain(&rows.1).map(|x| x.to_bits()).collect()
            };
            let whole = OverviewWriter::reduce(&floats, n_samples);
            let samples = Samples::Float32(floats);
            for block in [1, 3, 10, 16, 20, 32, 100] {
                let found = joined(&samples, n_samples, block);
                assert_eq!(
                    bits(&found),
                    bits(&whole),
                    "{n_traces} traces in blocks of {block}"
                );
            }
        }
    }

    #[test]
    fn integers_are_reduced_like_floats() {
        let integers: Vec<i16> = (0..400_i16).map(|i| (i * 37) % 101 - 50).collect();
        let floats = Samples::Float32(integers.iter().map(|&i| f32::from(i)).collect());
        assert_eq!(
            joined(&Samples::Int16(integers), 8, 20),
            joined(&floats, 8, 20)
        );
    }
}
