//! Which sample words does decoding and encoding again not give back? (segy/exceptions.parquet)
//!
//! IBM words that are not normalised, out of `f32`'s range, or signed zeros. Without them an export
//! would not be the source byte for byte. No file is left when there is none.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;

use super::DatasetError;
use super::row_groups::{TablePlace, TableState, TableWriter};
use super::table::TableShape;

/// A sample word that decoding and encoding again does not give back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SampleException {
    /// From 0.
    pub trace_index: u64,
    /// From 0.
    pub sample_index: u32,
    /// The word as a number, most significant byte first whatever the file's byte order.
    pub word: u32,
}

/// Writes segy/exceptions.parquet.
#[derive(Debug)]
pub struct ExceptionWriter {
    path: PathBuf,
    table: TableWriter,
    schema: SchemaRef,
}

impl ExceptionWriter {
    pub(super) fn new(place: TablePlace, state: TableState) -> Result<Self, DatasetError> {
        let schema: SchemaRef = Arc::new(Schema::new(vec![
            Field::new("trace_index", DataType::UInt64, false),
            Field::new("sample_index", DataType::UInt32, false),
            Field::new("word", DataType::UInt32, false),
        ]));
        Ok(Self {
            path: place.path.clone(),
            table: TableWriter::new(place, Arc::clone(&schema), TableShape::unbounded(), state)?,
            schema,
        })
    }

    /// Appends exceptions, ordered by trace and sample.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn write(&mut self, exceptions: &[SampleException]) -> Result<(), DatasetError> {
        for some in exceptions.chunks(super::table::BATCH_ROWS) {
            let traces = UInt64Array::from_iter_values(some.iter().map(|e| e.trace_index));
            let samples = UInt32Array::from_iter_values(some.iter().map(|e| e.sample_index));
            let words = UInt32Array::from_iter_values(some.iter().map(|e| e.word));
            let columns: Vec<ArrayRef> = vec![Arc::new(traces), Arc::new(samples), Arc::new(words)];
            let batch =
                RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|source| {
                    DatasetError::Layout {
                        problem: format!("the exceptions do not fit their table: {source}"),
                    }
                })?;
            self.table.write(&batch)?;
        }
        Ok(())
    }

    pub(super) fn table(&mut self) -> &mut TableWriter {
        &mut self.table
    }

    /// Writes the footer; gives their number. No file is left when there was none.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn finish(self) -> Result<u64, DatasetError> {
        let n_rows = self.table.n_rows();
        self.table.finish()?;
        if n_rows == 0 {
            fs::remove_file(&self.path).map_err(DatasetError::reading(
                "remove the empty exceptions",
                &self.path,
            ))?;
        }
        Ok(n_rows)
    }
}
