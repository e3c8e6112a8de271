//! Which traces belong to which gather? All traces that share a key, wherever they lie in the file.

use std::ops::Range;

use super::{BrowseError, TraceSource};
use crate::job::JobContext;

/// One gather: its key and where its traces lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatherEntry {
    /// One value a key name.
    pub key: Vec<i64>,
    /// Runs of consecutive traces, in file order.
    pub runs: Vec<Range<u64>>,
}

impl GatherEntry {
    /// Traces in all runs.
    pub fn n_traces(&self) -> u64 {
        self.runs.iter().map(|run| run.end - run.start).sum()
    }
}

/// All gathers of a source by some keys, ordered by key.
#[derive(Clone, Debug)]
pub struct GatherIndex {
    /// Column names; empty: fixed numbers of traces in file order.
    pub keys: Vec<String>,
    gathers: Vec<GatherEntry>,
}

impl GatherIndex {
    /// Builds the index by `keys`. With no keys: consecutive panels of `panel_traces` traces, whose
    /// key is the first trace's index.
    ///
    /// # Errors
    /// `NoSuchHeader`; when headers cannot be read. `Ok(None)` when cancelled.
    pub fn build(
        source: &dyn TraceSource,
        keys: &[String],
        panel_traces: u64,
        context: &JobContext,
    ) -> Result<Option<Self>, BrowseError> {
        let _ = (source, keys, panel_traces, context);
        todo!()
    }

    /// Number of gathers.
    pub fn len(&self) -> usize {
        self.gathers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.gathers.is_empty()
    }

    /// The gather at `position`.
    pub fn get(&self, position: usize) -> Option<&GatherEntry> {
        self.gathers.get(position)
    }

    /// The position of the gather whose key is `key`, or the nearest: `Ok` exact, `Err` nearest.
    /// With fewer values than keys, the first of those that begin so. `None` when empty.
    pub fn find(&self, key: &[i64]) -> Option<Result<usize, usize>> {
        let _ = key;
        todo!()
    }
}
