//! What stands in ensembles.parquet?

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{ArrayRef, Int64Array, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};

use super::row_groups::{TablePlace, TableState, TableWriter};
use super::table::{BATCH_ROWS, TableShape};
use super::{DatasetError, DatasetSpec};

/// The columns before the keys.
pub(super) const FIXED_COLUMNS: [&str; 4] = ["ensemble_id", "start_trace", "end_trace", "n_traces"];

/// A run of consecutive traces with equal keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Where the ensembles stand between two groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EnsembleState {
    table: TableState,
    next_trace: u64,
    next_id: u64,
}

/// Writes ensembles.parquet in file order.
#[derive(Debug)]
pub struct EnsembleWriter {
    table: TableWriter,
    schema: SchemaRef,
    n_keys: usize,
    buffer: Vec<Ensemble>,
    /// Where the next run has to start, and its number: runs cover the traces without gaps.
    next_trace: u64,
    next_id: u64,
    n_traces: u64,
    finished_runs: Arc<AtomicU64>,
}

impl EnsembleWriter {
    pub(super) fn new(
        place: TablePlace,
        spec: &DatasetSpec,
        state: EnsembleState,
        finished_runs: Arc<AtomicU64>,
    ) -> Result<Self, DatasetError> {
        let schema = schema(&spec.ensemble_keys);
        // There are at most as many runs as traces.
        let shape = TableShape::of_traces(spec.n_traces, 0);
        Ok(Self {
            table: TableWriter::new(place, Arc::clone(&schema), shape, state.table)?,
            schema,
            n_keys: spec.ensemble_keys.len(),
            buffer: Vec::new(),
            next_trace: state.next_trace,
            next_id: state.next_id,
            n_traces: spec.n_traces,
            finished_runs,
        })
    }

    /// Appends a run; buffered.
    ///
    /// # Errors
    /// I/O; `Parquet`; `Layout` for a run that does not begin where the last one ended.
    pub fn write(&mut self, ensemble: &Ensemble) -> Result<(), DatasetError> {
        let fits = ensemble.keys.len() == self.n_keys
            && ensemble.ensemble_id == self.next_id
            && ensemble.start_trace == self.next_trace
            && ensemble.end_trace >= ensemble.start_trace
            && ensemble.end_trace < self.n_traces;
        if !fits {
            return Err(DatasetError::Layout {
                problem: format!(
                    "ensemble {} (traces {} to {}, {} keys) was given where ensemble {} from trace {} with {} keys was due",
                    ensemble.ensemble_id,
                    ensemble.start_trace,
                    ensemble.end_trace,
                    ensemble.keys.len(),
                    self.next_id,
                    self.next_trace,
                    self.n_keys
                ),
            });
        }
        self.next_id += 1;
        self.next_trace = ensemble.end_trace + 1;
        self.buffer.push(ensemble.clone());
        if self.buffer.len() >= BATCH_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes the footer; gives the number of runs. The file is synced when the dataset is finished.
    ///
    /// # Errors
    /// I/O; `Parquet`; `Incomplete` when the runs do not reach the last trace.
    pub fn finish(mut self) -> Result<u64, DatasetError> {
        // Without keys there are no runs, and that is whole.
        let whole = self.next_trace == self.n_traces || self.n_keys == 0;
        if !whole {
            return Err(DatasetError::Incomplete {
                what: "traces in ensembles",
                expected: self.n_traces,
                found: self.next_trace,
            });
        }
        self.flush()?;
        self.table.finish()?;
        self.finished_runs.store(self.next_id, Ordering::Release);
        Ok(self.next_id)
    }

    /// Ends the row group that is being written.
    pub(super) fn end_group(&mut self) -> Result<(), DatasetError> {
        self.flush()?;
        self.table.end_group()
    }

    /// Where the table stands; right between groups only.
    pub(super) fn state(&self) -> EnsembleState {
        EnsembleState {
            table: self.table.state(),
            next_trace: self.next_trace,
            next_id: self.next_id,
        }
    }

    pub(super) fn take_unsynced(&mut self) -> Vec<PathBuf> {
        self.table.take_unsynced()
    }

    fn flush(&mut self) -> Result<(), DatasetError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let batch = self.batch()?;
        self.buffer.clear();
        self.table.write(&batch)
    }

    fn batch(&self) -> Result<RecordBatch, DatasetError> {
        let numbers = |value: fn(&Ensemble) -> u64| -> ArrayRef {
            Arc::new(UInt64Array::from_iter_values(self.buffer.iter().map(value)))
        };
        let mut columns = vec![
            numbers(|e| e.ensemble_id),
            numbers(|e| e.start_trace),
            numbers(|e| e.end_trace),
            numbers(Ensemble::n_traces),
        ];
        for key in 0..self.n_keys {
            let values = self.buffer.iter().map(|e| e.keys.get(key).copied());
            columns.push(Arc::new(values.collect::<Int64Array>()));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|source| {
            DatasetError::Layout {
                problem: format!("the ensembles do not fit their table: {source}"),
            }
        })
    }
}

/// The fixed columns, then one a key, named as the key. A key of a fixed column's name (as a
/// mapping might add) would make a table that nobody can read: it gets "key_" in front.
fn schema(keys: &[String]) -> SchemaRef {
    let fixed = FIXED_COLUMNS
        .iter()
        .map(|name| Field::new(*name, DataType::UInt64, false));
    let keys = keys
        .iter()
        .map(|key| Field::new(key_column(key), DataType::Int64, false));
    Arc::new(Schema::new(fixed.chain(keys).collect::<Vec<_>>()))
}

pub(super) fn key_column(key: &str) -> String {
    if FIXED_COLUMNS.contains(&key) {
        format!("key_{key}")
    } else {
        key.to_owned()
    }
}
