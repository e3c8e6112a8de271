//! What can be browsed: anything that lends traces and header values by trace index.

use std::ops::Range;

use super::{BrowseError, FileHeaders};
use crate::dataset::{AmplitudeStatistics, OverviewLevel, VerticalAxis};

/// What a viewer has to know before the first trace.
#[derive(Clone, Debug)]
pub struct SourceFactsForView {
    /// For the title: the file's or folder's name.
    pub name: String,
    /// In file order.
    pub n_traces: u64,
    /// Per trace.
    pub n_samples: u32,
    /// Vertical.
    pub axis: VerticalAxis,
    /// Over the whole dataset, or of a sample of traces for a file that is not imported.
    pub amplitude: Option<AmplitudeStatistics>,
    /// Names of integer headers, in order.
    pub header_names: Vec<String>,
    /// The keys chosen at import or suggested by the scan.
    pub default_keys: Vec<String>,
}

/// A run of consecutive traces with equal keys: one value a key, and the traces.
pub type KeyRun = (Vec<i64>, Range<u64>);

/// Lends traces and header values. Never called from frame code.
pub trait TraceSource: Send + Sync {
    /// What a viewer has to know before the first trace.
    fn facts(&self) -> &SourceFactsForView;

    /// Appends the samples of `traces` to `out` as `f32`. Shape: `[traces.len(), n_samples]`; traces
    /// that are shorter end in
    /// [`super::PADDING`].
    ///
    /// # Errors
    /// When they cannot be read.
    fn read_traces(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError>;

    /// Appends the values of header `name` of `traces` to `out`; a missing value is `None`.
    ///
    /// # Errors
    /// `NoSuchHeader`; when they cannot be read.
    fn read_header(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<Option<i64>>,
    ) -> Result<(), BrowseError>;

    /// Names of all columns of numbers: the integer headers, then those with fractions.
    fn number_names(&self) -> Vec<String> {
        self.facts().header_names.clone()
    }

    /// Appends the values of column `name` of `traces` to `out`; a missing value is NaN.
    ///
    /// # Errors
    /// `NoSuchHeader`; when they cannot be read.
    fn read_numbers(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<f64>,
    ) -> Result<(), BrowseError> {
        numbers_of_header(self, name, traces, out)
    }

    /// Whether one header of all traces can be read without reading everything else.
    fn reads_headers_quickly(&self) -> bool {
        false
    }

    /// The textual and the binary file headers.
    ///
    /// # Errors
    /// When they cannot be read.
    fn file_headers(&self) -> Result<FileHeaders, BrowseError> {
        Ok(FileHeaders::default())
    }

    /// All integer headers of one trace, by name, in order.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_all_headers(&self, trace_index: u64)
    -> Result<Vec<(String, Option<i64>)>, BrowseError>;

    /// The column (see [`Self::read_numbers`]) that says in milliseconds when each trace starts;
    /// `None` where all of them are known to start at the same time, or where the axis is not in
    /// milliseconds.
    fn delay_header(&self) -> Option<&str> {
        None
    }

    /// The scalar of all coordinates, where it is not that of each trace's own header.
    fn coordinate_scalar(&self) -> Option<i32> {
        None
    }

    /// What was found to be damaged so far and is left out, as a sentence for the user; `None` where
    /// nothing was. Never waits: the window asks in every frame.
    fn damage(&self) -> Option<String> {
        None
    }

    /// Whether some traces are shorter than others, so that cells of stored levels without a number
    /// are no samples rather than samples that are not numbers.
    fn pads_short_traces(&self) -> bool {
        false
    }

    /// Runs of equal values of `keys` in file order, if they are stored already (as for the keys of the import).
    ///
    /// # Errors
    /// When they cannot be read.
    fn stored_runs(&self, keys: &[String]) -> Result<Option<Vec<KeyRun>>, BrowseError>;

    /// Traces between two wanted runs that are cheaper read along than skipped: most of a chunk of
    /// a dataset is decoded anyway.
    fn worthwhile_gap_traces(&self) -> u64 {
        0
    }

    /// Reduced levels for pictures from afar that are stored already, the finest first.
    fn overview_levels(&self) -> Vec<OverviewLevel> {
        Vec::new()
    }

    /// Smallest and largest values of rows of a stored level. Shape of both: `[rows.len(), columns]`.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read_overview(
        &self,
        _level: &OverviewLevel,
        _rows: Range<u64>,
    ) -> Result<(Vec<f32>, Vec<f32>), BrowseError> {
        Ok((Vec::new(), Vec::new()))
    }
}

/// What [`TraceSource::read_numbers`] gives of a column of whole numbers.
pub(super) fn numbers_of_header<S: TraceSource + ?Sized>(
    source: &S,
    name: &str,
    traces: Range<u64>,
    out: &mut Vec<f64>,
) -> Result<(), BrowseError> {
    let mut values = Vec::new();
    source.read_header(name, traces, &mut values)?;
    out.extend(values.into_iter().map(|v| v.map_or(f64::NAN, |v| v as f64)));
    Ok(())
}
