//! A dataset as something to browse.
//!
//! Header values come in blocks of rows that stay in memory for a while, because neighbouring
//! gathers, and the scattered traces of one gather, lie in the same blocks.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};

use super::error::no_such_header;
use super::{BrowseError, KeyRun, SourceFactsForView, TraceSource};
use crate::dataset::{
    Dataset, DatasetError, GeometryFacts, Manifest, OverviewLevel, VerticalDomain,
};
use crate::samples::Samples;
use crate::segy::fields_trace::find_trace_field;

/// Rows of a block of header values: 256 KiB in memory.
const BLOCK_ROWS: u64 = 16_384;
/// Blocks kept: 16 MiB.
const MOST_BLOCKS: usize = 64;
/// A column that says where a trace lay in the SEG-Y file: nothing to sort or label by.
const NOT_BROWSED: [&str; 1] = ["file_offset"];

/// One block of one header: column, block number, values.
type Block = (usize, u64, Arc<Vec<Option<i64>>>);

/// A dataset as something to browse.
#[derive(Debug)]
pub struct DatasetSource {
    dataset: Dataset,
    facts: SourceFactsForView,
    /// Of the column that says when each trace starts, where that varies.
    delay_header: Option<String>,
    /// Most recently read last.
    blocks: Mutex<VecDeque<Block>>,
}

impl DatasetSource {
    /// Opens the dataset at `path`.
    ///
    /// # Errors
    /// As `Dataset::open`.
    pub fn open(path: &Path) -> Result<Self, BrowseError> {
        let dataset = Dataset::open(path)?;
        let facts = facts_of(&dataset, path);
        Ok(Self {
            delay_header: delay_header(&dataset, &facts),
            dataset,
            facts,
            blocks: Mutex::default(),
        })
    }

    /// The dataset inside.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Whether rows of the array end in padding.
    fn has_padding(&self) -> bool {
        let geometry = self.dataset.manifest().segy.geometry;
        geometry.is_some_and(|geometry| geometry.has_padding())
    }

    /// Marks where the rows of `traces` end in zeros or NaN that are no samples.
    fn pad(&self, traces: Range<u64>, rows: &mut [f32]) -> Result<(), BrowseError> {
        let mut lengths = Vec::new();
        self.read_header(GeometryFacts::LENGTH_COLUMN, traces, &mut lengths)?;
        let n_samples = (self.facts.n_samples as usize).max(1);
        for (row, length) in rows.chunks_mut(n_samples).zip(lengths) {
            let length = length.and_then(|length| usize::try_from(length).ok());
            let padding = length.and_then(|length| row.get_mut(length..));
            padding.unwrap_or_default().fill(super::PADDING);
        }
        Ok(())
    }

    /// Position of the column that the user means by `name`.
    fn column_of(&self, name: &str) -> Result<usize, BrowseError> {
        let names = &self.facts.header_names;
        let position = |wanted: &str| names.iter().position(|known| known == wanted);
        position(name)
            .or_else(|| find_trace_field(name).and_then(|field| position(field.name)))
            .ok_or_else(|| no_such_header(name, names))
    }

    fn read_column(&self, column: usize, traces: Range<u64>) -> Result<ArrayRef, BrowseError> {
        let name = self.facts.header_names[column].as_str();
        let batch = self.dataset.read_headers(&[name], traces)?;
        whole_numbers(batch.column(0), name, &self.dataset)
    }

    /// All values of `column` in block `number`.
    fn block(&self, column: usize, number: u64) -> Result<Arc<Vec<Option<i64>>>, BrowseError> {
        let lock = || self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let mut blocks = lock();
        if let Some(at) = blocks.iter().position(|b| (b.0, b.1) == (column, number))
            && let Some(block) = blocks.remove(at)
        {
            let values = Arc::clone(&block.2);
            blocks.push_back(block);
            return Ok(values);
        }
        drop(blocks);
        let first = number * BLOCK_ROWS;
        let end = self.facts.n_traces.min(first + BLOCK_ROWS);
        let numbers = self.read_column(column, first..end)?;
        let values = Arc::new(numbers.as_primitive::<Int64Type>().iter().collect());
        let mut blocks = lock();
        blocks.push_back((column, number, Arc::clone(&values)));
        if blocks.len() > MOST_BLOCKS {
            blocks.pop_front();
        }
        Ok(values)
    }
}

impl TraceSource for DatasetSource {
    fn facts(&self) -> &SourceFactsForView {
        &self.facts
    }

    fn read_traces(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError> {
        let samples = self.dataset.read_samples(traces.clone())?;
        let first = out.len();
        if out.is_empty()
            && let Samples::Float32(all) = samples
        {
            // Most datasets: no second copy.
            *out = all;
        } else {
            samples.extend_f32(0..samples.len(), out);
        }
        if self.has_padding() {
            self.pad(traces, out.get_mut(first..).unwrap_or_default())?;
        }
        Ok(())
    }

    fn pads_short_traces(&self) -> bool {
        self.has_padding()
    }

    fn delay_header(&self) -> Option<&str> {
        self.delay_header.as_deref()
    }

    fn read_header(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<Option<i64>>,
    ) -> Result<(), BrowseError> {
        let column = self.column_of(name)?;
        if traces.end > self.facts.n_traces || traces.end.saturating_sub(traces.start) > BLOCK_ROWS
        {
            let numbers = self.read_column(column, traces)?;
            out.extend(numbers.as_primitive::<Int64Type>());
            return Ok(());
        }
        let mut next = traces.start;
        while next < traces.end {
            let number = next / BLOCK_ROWS;
            let end = traces.end.min((number + 1) * BLOCK_ROWS);
            let block = self.block(column, number)?;
            let at =
                |trace: u64| usize::try_from(trace - number * BLOCK_ROWS).unwrap_or(usize::MAX);
            out.extend_from_slice(block.get(at(next)..at(end)).unwrap_or_default());
            next = end;
        }
        Ok(())
    }

    fn read_all_headers(
        &self,
        trace_index: u64,
    ) -> Result<Vec<(String, Option<i64>)>, BrowseError> {
        let names = &self.facts.header_names;
        let columns: Vec<&str> = names.iter().map(String::as_str).collect();
        let one = trace_index..trace_index.saturating_add(1);
        let batch = self.dataset.read_headers(&columns, one)?;
        names
            .iter()
            .zip(batch.columns())
            .map(|(name, column)| {
                let numbers = whole_numbers(column, name, &self.dataset)?;
                let value = numbers.as_primitive::<Int64Type>().iter().next().flatten();
                Ok((name.clone(), value))
            })
            .collect()
    }

    fn stored_runs(&self, keys: &[String]) -> Result<Option<Vec<KeyRun>>, BrowseError> {
        let stored = &self.dataset.manifest().ensembles.keys;
        let column = |key: &String| self.column_of(key).ok();
        let places: Option<Vec<usize>> = keys
            .iter()
            .map(|key| {
                let wanted = column(key)?;
                stored
                    .iter()
                    .position(|known| column(known) == Some(wanted))
            })
            .collect();
        let Some(places) = places else {
            return Ok(None);
        };
        let runs = self.dataset.ensembles()?.into_iter().map(|run| {
            let key = places.iter().filter_map(|&i| run.keys.get(i).copied());
            (key.collect(), run.start_trace..run.end_trace + 1)
        });
        Ok(Some(runs.collect()))
    }

    fn worthwhile_gap_traces(&self) -> u64 {
        u64::from(self.dataset.manifest().array.chunk_traces)
    }

    fn overview_levels(&self) -> Vec<OverviewLevel> {
        self.dataset.overview_levels()
    }

    fn read_overview(
        &self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<(Vec<f32>, Vec<f32>), BrowseError> {
        Ok(self.dataset.read_overview(level, rows)?)
    }
}

/// The column of delays, where they vary: older programs said so in a warning only.
fn delay_header(dataset: &Dataset, facts: &SourceFactsForView) -> Option<String> {
    let manifest = dataset.manifest();
    let is_warned_of = || {
        let mut warnings = manifest.warnings.iter();
        warnings.any(|warning| warning.code == "delay_varies")
    };
    let column = match &manifest.delays {
        Some(delays) => Some(delays.column.clone()),
        None => is_warned_of().then(|| "delay_recording_time".to_owned()),
    };
    let is_time = manifest.axis.domain == VerticalDomain::Time;
    column.filter(|column| is_time && facts.header_names.contains(column))
}

fn facts_of(dataset: &Dataset, path: &Path) -> SourceFactsForView {
    let Manifest {
        array,
        axis,
        ensembles,
        amplitude,
        ..
    } = dataset.manifest();
    let schema = dataset.header_schema();
    let header_names = schema
        .fields()
        .iter()
        .filter(|field| field.data_type().is_integer())
        .map(|field| field.name().clone())
        .filter(|name| !NOT_BROWSED.contains(&name.as_str()))
        .collect();
    SourceFactsForView {
        name: path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        ),
        n_traces: array.n_traces,
        n_samples: array.n_samples,
        axis: axis.clone(),
        amplitude: *amplitude,
        header_names,
        default_keys: ensembles.keys.clone(),
    }
}

/// The column as 64-bit numbers; what does not fit is missing.
fn whole_numbers(
    column: &ArrayRef,
    name: &str,
    dataset: &Dataset,
) -> Result<ArrayRef, BrowseError> {
    cast(column, &DataType::Int64).map_err(|error| {
        BrowseError::Dataset(DatasetError::Damaged {
            what: format!("the header {name}"),
            detail: error.to_string(),
            path: dataset.path().to_owned(),
        })
    })
}
