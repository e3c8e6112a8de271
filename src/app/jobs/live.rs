//! The picture of an import while its blocks arrive: a canvas of bounded size that workers fill.
//!
//! ```text
//! traces   0 ………………………………………………………… n_traces      every `step`-th trace is one column
//! canvas   | | | | | | | | | | | | | | |           each row the strongest of a few samples
//! ```
//! It holds at most [`MOST_COLUMNS`] × [`MOST_ROWS`] values, whatever the size of the file.

use std::sync::{Arc, Mutex, PoisonError};

use crate::browse::Gather;
use crate::dataset::VerticalAxis;
use crate::import::{Arrived, ImportPlan};

/// Columns at most: about as many as a wide screen has.
const MOST_COLUMNS: u64 = 1200;
/// Rows at most.
const MOST_ROWS: usize = 800;

/// What has arrived so far.
#[derive(Debug)]
pub(crate) struct Live {
    first_trace: u64,
    n_traces: u64,
    n_samples: usize,
    /// Traces from one column to the next.
    step: u64,
    /// Samples of one row.
    per_row: usize,
    axis: VerticalAxis,
    canvas: Mutex<Canvas>,
}

#[derive(Debug)]
struct Canvas {
    /// Shape: `[columns, rows]`; zero where nothing has arrived yet.
    values: Vec<f32>,
    /// Counts the blocks.
    version: u64,
    /// Bytes are only kept once the first block is there.
    n_arrived: u64,
}

impl Live {
    /// An empty canvas.
    pub(crate) fn new(plan: &ImportPlan) -> Self {
        let spec = plan.spec();
        Self::of(
            plan.traces().start,
            spec.n_traces,
            spec.n_samples as usize,
            spec.axis.clone(),
        )
    }

    fn of(first_trace: u64, n_traces: u64, n_samples: usize, axis: VerticalAxis) -> Self {
        Self {
            first_trace,
            n_traces,
            n_samples,
            step: n_traces.div_ceil(MOST_COLUMNS).max(1),
            per_row: n_samples.div_ceil(MOST_ROWS).max(1),
            axis,
            canvas: Mutex::new(Canvas {
                values: Vec::new(),
                version: 0,
                n_arrived: 0,
            }),
        }
    }

    fn n_columns(&self) -> usize {
        usize::try_from(self.n_traces.div_ceil(self.step)).unwrap_or(0)
    }

    fn n_rows(&self) -> usize {
        self.n_samples.div_ceil(self.per_row)
    }

    /// Draws a block; called by workers, in any order.
    pub(super) fn take(&self, block: &Arrived) {
        if self.n_samples == 0 {
            return;
        }
        let n_traces = (block.samples.len() / self.n_samples) as u64;
        let mut trace = block.first_trace.next_multiple_of(self.step);
        let mut columns = Vec::new();
        let mut samples = Vec::with_capacity(self.n_samples);
        while trace < block.first_trace + n_traces {
            let start =
                usize::try_from(trace - block.first_trace).unwrap_or(usize::MAX) * self.n_samples;
            samples.clear();
            block
                .samples
                .extend_f32(start..start + self.n_samples, &mut samples);
            let column = usize::try_from(trace / self.step).unwrap_or(usize::MAX);
            columns.push((column, strongest(&samples, self.per_row)));
            trace += self.step;
        }
        let n_rows = self.n_rows();
        let mut canvas = self.canvas.lock().unwrap_or_else(PoisonError::into_inner);
        if canvas.values.is_empty() {
            canvas.values = vec![0.0; self.n_columns() * n_rows];
        }
        for (column, rows) in columns {
            let at = column * n_rows;
            if let Some(place) = canvas.values.get_mut(at..at + n_rows) {
                place.copy_from_slice(&rows);
            }
        }
        canvas.version += 1;
        canvas.n_arrived += n_traces;
    }

    /// How many blocks and traces have arrived.
    pub(crate) fn arrived(&self) -> (u64, u64) {
        let canvas = self.canvas.lock().unwrap_or_else(PoisonError::into_inner);
        (canvas.version, canvas.n_arrived)
    }

    /// The canvas as something that can be shown; `None` before the first block.
    pub(crate) fn gather(&self) -> Option<Gather> {
        let values = {
            let canvas = self.canvas.lock().unwrap_or_else(PoisonError::into_inner);
            canvas.values.clone()
        };
        if values.is_empty() {
            return None;
        }
        let columns = self.n_columns() as u64;
        Some(Gather {
            start_offsets: None,
            key: Vec::new(),
            trace_indices: (0..columns)
                .map(|i| self.first_trace + i * self.step)
                .collect(),
            n_samples: self.n_rows(),
            samples: values,
            headers: Vec::new(),
            axis: VerticalAxis {
                interval: self.axis.interval * self.per_row as f64,
                ..self.axis.clone()
            },
        })
    }

    /// "every 12th trace" where not all are drawn.
    pub(crate) fn step(&self) -> u64 {
        self.step
    }
}

/// Shared, because the worker threads and the page both hold it.
pub(crate) fn shared(plan: &ImportPlan) -> Arc<Live> {
    Arc::new(Live::new(plan))
}

/// Of each few samples the one that lies farthest from zero, so that no event disappears.
fn strongest(samples: &[f32], per_row: usize) -> Vec<f32> {
    samples
        .chunks(per_row)
        .map(|few| {
            few.iter()
                .copied()
                .filter(|v| v.is_finite())
                .fold(
                    0.0_f32,
                    |best, v| {
                        if v.abs() > best.abs() { v } else { best }
                    },
                )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::dataset::VerticalDomain;
    use crate::samples::Samples;

    fn axis() -> VerticalAxis {
        VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: 0.0,
            interval: 4.0,
        }
    }

    #[test]
    fn blocks_in_any_order_give_the_same_small_picture() {
        let live = Live::of(0, 3000, 1600, axis());
        assert!(live.gather().is_none());
        let block = |first_trace: u64| {
            let samples: Vec<f32> = (0..1500_u64 * 1600)
                .map(|i| (first_trace + i / 1600) as f32 * if i % 2 == 0 { 1.0 } else { -0.5 })
                .collect();
            Arrived {
                first_trace,
                samples: Arc::new(Samples::Float32(samples)),
                lengths: None,
            }
        };
        live.take(&block(1500));
        live.take(&block(0));
        let gather = live.gather().unwrap();
        assert_eq!((gather.n_traces(), gather.n_samples), (1000, 800));
        assert!((gather.axis.interval - 8.0).abs() < 1e-9);
        assert_eq!(gather.trace_indices.get(7), Some(&21));
        assert_eq!(gather.trace(7), vec![21.0_f32; 800]);
        assert_eq!(gather.trace(999), vec![2997.0_f32; 800]);
        assert_eq!(live.arrived(), (2, 3000));
    }

    #[test]
    fn the_strongest_of_a_few_samples_keeps_its_sign() {
        assert_eq!(
            strongest(&[1.0, -3.0, 2.0, f32::NAN, 0.5], 3),
            vec![-3.0, 0.5]
        );
    }
}
