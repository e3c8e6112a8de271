//! One gather in memory.

use crate::dataset::VerticalAxis;

/// The values of one header along a gather.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderRow {
    /// Column name.
    pub name: String,
    /// One value a trace.
    pub values: Vec<Option<i64>>,
}

/// One gather in memory, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Gather {
    /// Key names and values: `[("cdp", 1500)]`.
    pub key: Vec<(String, i64)>,
    /// Index in the source of each trace.
    pub trace_indices: Vec<u64>,
    /// Per trace.
    pub n_samples: usize,
    /// Shape: `[n_traces, n_samples]`, row-major.
    pub samples: Vec<f32>,
    /// Header values along the top.
    pub headers: Vec<HeaderRow>,
    /// Vertical; of the first trace of the source where traces start at different times.
    pub axis: VerticalAxis,
    /// How much later than the axis each trace starts, in the axis' unit; `None` where all start
    /// with it.
    pub start_offsets: Option<Vec<f32>>,
}

impl Gather {
    /// Number of traces.
    pub fn n_traces(&self) -> usize {
        self.trace_indices.len()
    }

    /// The samples of trace `i`, and [`super::PADDING`] where it is shorter than others; empty past the end.
    pub fn trace(&self, i: usize) -> &[f32] {
        self.samples
            .get(i * self.n_samples..(i + 1) * self.n_samples)
            .unwrap_or_default()
    }

    /// Bytes in memory, for the cache.
    pub fn size_bytes(&self) -> usize {
        self.samples.len() * 4
            + self.trace_indices.len() * 8
            + self.start_offsets.as_ref().map_or(0, Vec::len) * 4
            + self
                .headers
                .iter()
                .map(|h| h.values.len() * 16)
                .sum::<usize>()
    }
}
