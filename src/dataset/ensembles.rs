//! What stands in ensembles.parquet?

/// A run of consecutive traces with equal keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ensemble {
    /// From 0, in file order.
    pub ensemble_id: u64,
    /// First trace.
    pub start_trace: u64,
    /// Last trace, inclusive.
    pub end_trace: u64,
    /// One value a key.
    pub keys: Vec<i64>,
}

impl Ensemble {
    /// Number of traces.
    pub fn n_traces(&self) -> u64 {
        self.end_trace - self.start_trace + 1
    }
}
