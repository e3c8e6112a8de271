//! A dataset as something to browse.

use std::ops::Range;
use std::path::Path;

use super::{BrowseError, SourceFactsForView, TraceSource};
use crate::dataset::Dataset;

/// A dataset as something to browse.
#[derive(Debug)]
pub struct DatasetSource {
    dataset: Dataset,
    facts: SourceFactsForView,
}

impl DatasetSource {
    /// Opens the dataset at `path`.
    ///
    /// # Errors
    /// As `Dataset::open`.
    pub fn open(path: &Path) -> Result<Self, BrowseError> {
        let _ = path;
        todo!()
    }

    /// The dataset inside.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }
}

impl TraceSource for DatasetSource {
    fn facts(&self) -> &SourceFactsForView {
        &self.facts
    }

    fn read_traces(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError> {
        let _ = (traces, out);
        todo!()
    }

    fn read_header(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<Option<i64>>,
    ) -> Result<(), BrowseError> {
        let _ = (name, traces, out);
        todo!()
    }

    fn read_all_headers(
        &self,
        trace_index: u64,
    ) -> Result<Vec<(String, Option<i64>)>, BrowseError> {
        let _ = trace_index;
        todo!()
    }

    fn stored_runs(
        &self,
        keys: &[String],
    ) -> Result<Option<Vec<(Vec<i64>, Range<u64>)>>, BrowseError> {
        let _ = keys;
        todo!()
    }
}
