//! What stands in headers.parquet, and how is it written?
//!
//! One row a trace, in file order. Int32/Int16 columns, `DELTA_BINARY_PACKED`, dictionary off,
//! zstd 1 where it helps, row groups with statistics (measured: half the time and 40 % of the size of the
//! library's defaults); their number is bounded (`table`).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;

use super::row_groups::{TablePlace, TableState, TableWriter};
use super::table::TableShape;
use super::{DatasetError, DatasetSpec};

/// The type of a header column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say all")]
pub enum HeaderType {
    Int8,
    Uint8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Int64,
    Uint64,
    Float32,
    Float64,
    Text,
    /// Opaque bytes of a fixed length.
    Bytes(u32),
}

impl HeaderType {
    /// The Arrow type of the column.
    pub fn arrow_type(self) -> DataType {
        match self {
            Self::Int8 => DataType::Int8,
            Self::Uint8 => DataType::UInt8,
            Self::Int16 => DataType::Int16,
            Self::Uint16 => DataType::UInt16,
            Self::Int32 => DataType::Int32,
            Self::Uint32 => DataType::UInt32,
            Self::Int64 => DataType::Int64,
            Self::Uint64 => DataType::UInt64,
            Self::Float32 => DataType::Float32,
            Self::Float64 => DataType::Float64,
            Self::Text => DataType::Utf8,
            Self::Bytes(length) => {
                DataType::FixedSizeBinary(i32::try_from(length).unwrap_or(i32::MAX))
            }
        }
    }
}

/// One column of headers.parquet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderColumn {
    /// Snake case.
    pub name: String,
    /// Of the values.
    pub kind: HeaderType,
    /// Arrow field metadata: `segy_byte`, `segy_type`, `segyio`, `su`, `unit`.
    pub metadata: Vec<(String, String)>,
}

impl HeaderColumn {
    /// The Arrow schema of these columns; every column but `trace_index` and `file_offset` may be null.
    pub fn schema(columns: &[Self]) -> SchemaRef {
        let fields: Vec<Field> = columns.iter().map(Self::field).collect();
        Arc::new(Schema::new(fields))
    }

    fn field(&self) -> Field {
        let always_there = matches!(self.name.as_str(), "trace_index" | "file_offset");
        let metadata: HashMap<String, String> = self.metadata.iter().cloned().collect();
        Field::new(&self.name, self.kind.arrow_type(), !always_there).with_metadata(metadata)
    }
}

/// Writes headers.parquet in file order.
#[derive(Debug)]
pub struct HeaderWriter {
    table: TableWriter,
    n_traces: u64,
    finished_rows: Arc<AtomicU64>,
}

impl HeaderWriter {
    pub(super) fn new(
        place: TablePlace,
        spec: &DatasetSpec,
        state: TableState,
        finished_rows: Arc<AtomicU64>,
    ) -> Result<Self, DatasetError> {
        let schema = HeaderColumn::schema(&spec.columns);
        let shape = TableShape::of_traces(spec.n_traces, spec.trace_bytes());
        Ok(Self {
            table: TableWriter::new(place, schema, shape, state)?,
            n_traces: spec.n_traces,
            finished_rows,
        })
    }

    /// Bytes of memory that a row group's bookkeeping takes at most, of a table of so many traces and
    /// columns.
    pub fn group_bytes(n_traces: u64, trace_bytes: u64, n_columns: u64) -> u64 {
        TableShape::of_traces(n_traces, trace_bytes).group_memory_bytes(n_columns)
    }

    /// Appends rows. The batch's schema is `HeaderColumn::schema(&spec.columns)`.
    ///
    /// # Errors
    /// I/O; `Parquet`, also for another schema.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), DatasetError> {
        self.table.write(batch)
    }

    /// Whether a row group was just ended: there a checkpoint can be made.
    pub fn is_between_groups(&self) -> bool {
        self.table.is_between_groups()
    }

    pub(super) fn table(&mut self) -> &mut TableWriter {
        &mut self.table
    }

    /// Joins the groups; gives the bytes of the file. It is synced when the dataset is finished.
    ///
    /// # Errors
    /// I/O; `Parquet`; `Incomplete` when there are not as many rows as traces.
    pub fn finish(self) -> Result<u64, DatasetError> {
        let found = self.table.n_rows();
        if found != self.n_traces {
            return Err(DatasetError::Incomplete {
                what: "rows of trace headers",
                expected: self.n_traces,
                found,
            });
        }
        let bytes = self.table.finish()?;
        self.finished_rows.store(found, Ordering::Release);
        Ok(bytes)
    }
}
