//! A dataset as something to browse.
//!
//! Header values come in blocks of rows that stay in memory for a while, because neighbouring
//! gathers, and the scattered traces of one gather, lie in the same blocks.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};

use super::error::no_such_header;
use super::lost_overview::LostOverview;
use super::source::numbers_of_header;
use super::{BrowseError, KeyRun, SourceFactsForView, TraceSource};
use crate::dataset::{
    Dataset, DatasetError, GeometryFacts, Manifest, OverviewLevel, VerticalDomain,
};
use crate::samples::Samples;
use crate::segy::fields_trace::find_trace_field;
use crate::wording;

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
    /// Columns of numbers with fractions.
    fractions: Vec<String>,
    /// Most recently read last.
    blocks: Mutex<VecDeque<Block>>,
    damage: Damage,
}

impl DatasetSource {
    /// Opens the dataset at `path`.
    ///
    /// # Errors
    /// As `Dataset::open`.
    pub fn open(path: &Path) -> Result<Self, BrowseError> {
        let dataset = Dataset::open(path)?;
        let facts = facts_of(&dataset, path);
        let schema = dataset.header_schema();
        let fractions = schema.fields().iter();
        Ok(Self {
            delay_header: delay_header(&dataset, &facts),
            fractions: fractions
                .filter(|field| field.data_type().is_floating())
                .map(|field| field.name().clone())
                .collect(),
            damage: Damage::seen(dataset.faults_seen()),
            dataset,
            facts,
            blocks: Mutex::default(),
        })
    }

    /// The dataset inside.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Whether rows of the array end in padding, and where is known.
    fn has_padding(&self) -> bool {
        let geometry = self.dataset.manifest().segy.geometry;
        geometry.is_some_and(|geometry| geometry.has_padding())
            && self.column_of(GeometryFacts::LENGTH_COLUMN).is_ok()
    }

    /// Traces chunk by chunk: those of a damaged chunk are NaN, the others are as they are.
    fn read_sound_chunks(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError> {
        let n_samples = self.facts.n_samples as usize;
        let first = out.len();
        let size = u64::from(self.dataset.manifest().array.chunk_traces.max(1));
        let mut start = traces.start;
        while start < traces.end {
            let chunk = start / size;
            let end = traces.end.min((chunk + 1) * size);
            match self.dataset.read_samples(start..end) {
                Ok(samples) => samples.extend_f32(0..samples.len(), out),
                Err(error) if is_damage(&error) => {
                    self.damage.add(chunk, &error);
                    let n_traces = usize::try_from(end - start).unwrap_or(0);
                    out.resize(out.len() + n_traces * n_samples, f32::NAN);
                }
                Err(error) => return Err(error.into()),
            }
            start = end;
        }
        self.pad(traces, out.get_mut(first..).unwrap_or_default())
    }

    /// Marks where the rows of `traces` end in zeros or NaN that are no samples.
    fn pad(&self, traces: Range<u64>, rows: &mut [f32]) -> Result<(), BrowseError> {
        let mut lengths = Vec::new();
        // Where headers or that column are lost, the samples are shown as they lie.
        if !self.has_padding() {
            return Ok(());
        }
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

    /// The values of a header; an error where the table is damaged.
    fn read_header_values(
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
        let samples = match self.dataset.read_samples(traces.clone()) {
            Ok(samples) => samples,
            Err(error) if is_damage(&error) => return self.read_sound_chunks(traces, out),
            Err(error) => return Err(error.into()),
        };
        let first = out.len();
        if out.is_empty()
            && let Samples::Float32(all) = samples
        {
            // Most datasets: no second copy.
            *out = all;
        } else {
            samples.extend_f32(0..samples.len(), out);
        }
        self.pad(traces, out.get_mut(first..).unwrap_or_default())
    }

    fn damage(&self) -> Option<String> {
        self.damage.sentence()
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
        let first = out.len();
        match self.read_header_values(name, traces.clone(), out) {
            Err(BrowseError::Dataset(error)) if is_damage(&error) => {
                self.damage.add(u64::MAX - 2, &error);
                let n_traces = usize::try_from(traces.end.saturating_sub(traces.start));
                out.truncate(first);
                out.resize(first + n_traces.unwrap_or(0), None);
                Ok(())
            }
            end => end,
        }
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

    fn number_names(&self) -> Vec<String> {
        let mut names = self.facts.header_names.clone();
        names.extend(self.fractions.iter().cloned());
        names
    }

    fn read_numbers(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<f64>,
    ) -> Result<(), BrowseError> {
        if !self.fractions.iter().any(|known| known == name) {
            return numbers_of_header(self, name, traces, out);
        }
        let batch = match self.dataset.read_headers(&[name], traces.clone()) {
            Err(error) if is_damage(&error) => {
                self.damage.add(u64::MAX - 2, &error);
                let n_traces = usize::try_from(traces.end.saturating_sub(traces.start));
                out.resize(out.len() + n_traces.unwrap_or(0), f64::NAN);
                return Ok(());
            }
            read => read?,
        };
        let numbers = cast_to(batch.column(0), &DataType::Float64, name, &self.dataset)?;
        let numbers = numbers.as_primitive::<Float64Type>().iter();
        out.extend(numbers.map(|v| v.unwrap_or(f64::NAN)));
        Ok(())
    }

    fn reads_headers_quickly(&self) -> bool {
        true
    }

    fn file_headers(&self) -> Result<super::FileHeaders, BrowseError> {
        Ok(super::FileHeaders::of_dataset(&self.dataset))
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
        let stored = match self.dataset.ensembles() {
            Ok(stored) => stored,
            Err(error) if is_damage(&error) => {
                // The headers say the same, only not as fast.
                self.damage.add(u64::MAX, &error);
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let runs = stored.into_iter().map(|run| {
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
        match self.dataset.read_overview(level, rows.clone()) {
            Err(error) if is_damage(&error) => {
                let read = |traces, out: &mut Vec<f32>| self.read_traces(traces, out);
                let note = |error: &DatasetError| self.damage.add_overview(error);
                LostOverview::new(&self.dataset, &read, &note).read(level, rows)
            }
            read => Ok(read?),
        }
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
    let schema = dataset.header_schema();
    let is_number = |column: &String| {
        facts.header_names.contains(column)
            || (schema.field_with_name(column)).is_ok_and(|field| field.data_type().is_floating())
    };
    column.filter(|column| is_time && is_number(column))
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
    let has_column = |key: &str| schema.field_with_name(key).is_ok();
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
        // A key that headers.parquet lost cannot be gathered by.
        default_keys: if ensembles.keys.iter().all(|key| has_column(key)) {
            ensembles.keys.clone()
        } else {
            Vec::new()
        },
    }
}

/// Whether only a part of the dataset is at fault: then the rest is shown.
pub(super) fn is_damage(error: &DatasetError) -> bool {
    matches!(
        error,
        DatasetError::Damaged { .. } | DatasetError::Parquet { .. } | DatasetError::Io { .. }
    )
}

/// What is left out of the pictures. Only a worker adds; the window reads without waiting.
#[derive(Debug, Default)]
struct Damage {
    /// Chunks that are left out (and `u64::MAX` for a table).
    chunks: Mutex<BTreeSet<u64>>,
    n_chunks: AtomicU64,
    first: OnceLock<String>,
    /// Of the stored overview, which is made again.
    overview: OnceLock<String>,
}

impl Damage {
    fn seen(faults: Vec<String>) -> Self {
        let damage = Self::default();
        if let Some(first) = faults.into_iter().next() {
            damage.n_chunks.store(1, Ordering::Relaxed);
            drop(damage.first.set(first));
        }
        damage
    }

    fn add(&self, chunk: u64, error: &DatasetError) {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        if chunks.insert(chunk) {
            self.first.get_or_init(|| error.to_string());
            self.n_chunks.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn add_overview(&self, error: &DatasetError) {
        self.overview.get_or_init(|| error.to_string());
    }

    fn sentence(&self) -> Option<String> {
        let Some(first) = self.first.get() else {
            let overview = self.overview.get()?;
            return Some(format!(
                "The stored overview is damaged, and pictures from afar are made from what is left: {overview}"
            ));
        };
        Some(match self.n_chunks.load(Ordering::Relaxed) {
            0 | 1 => format!("Damaged and left out: {first}"),
            n => format!(
                "Damaged and left out, with {} more: {first}",
                wording::things(n - 1, "part")
            ),
        })
    }
}

/// The column as 64-bit numbers; what does not fit is missing.
fn whole_numbers(
    column: &ArrayRef,
    name: &str,
    dataset: &Dataset,
) -> Result<ArrayRef, BrowseError> {
    cast_to(column, &DataType::Int64, name, dataset)
}

fn cast_to(
    column: &ArrayRef,
    to: &DataType,
    name: &str,
    dataset: &Dataset,
) -> Result<ArrayRef, BrowseError> {
    cast(column, to).map_err(|error| {
        BrowseError::Dataset(DatasetError::Damaged {
            what: format!("the header {name}"),
            detail: error.to_string(),
            path: dataset.path().to_owned(),
        })
    })
}
