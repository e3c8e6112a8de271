//! Which bytes of the file lie between traces and belong to none? (segy/gaps.parquet, segy/gaps.bin)
//!
//! Quarantined damage. The table says where each gap was, `gaps.bin` holds their bytes one behind
//! the other; a gap may be longer than memory. A file without gaps has neither.

use std::sync::Arc;

use arrow::array::{ArrayRef, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt64Type};
use arrow::record_batch::RecordBatch;

use super::row_groups::{TablePlace, TableState, TableWriter};
use super::rows::numbers;
use super::table::TableShape;
use super::{DatasetError, PartWriter};

/// The table's columns.
pub(super) const COLUMNS: [&str; 4] = ["position", "n_bytes", "before_trace", "offset_in_gaps_bin"];

/// Bytes between two traces of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptGap {
    /// In the source.
    pub position: u64,
    /// Length.
    pub n_bytes: u64,
    /// Row in the dataset of the trace behind it.
    pub before_trace: u64,
    /// Where its bytes begin in segy/gaps.bin.
    pub offset_in_part: u64,
}

/// Writes segy/gaps.parquet and segy/gaps.bin.
#[derive(Debug)]
pub struct GapWriter {
    table: TableWriter,
    schema: SchemaRef,
    bytes: PartWriter,
    /// Of all gaps begun.
    due_bytes: u64,
    kept_bytes: u64,
}

impl GapWriter {
    /// Gaps are written anew each time, also by an import that goes on.
    pub(super) fn new(place: TablePlace, bytes: PartWriter) -> Result<Self, DatasetError> {
        let schema: SchemaRef = Arc::new(Schema::new(
            COLUMNS
                .map(|name| Field::new(name, DataType::UInt64, false))
                .to_vec(),
        ));
        let shape = TableShape::unbounded();
        Ok(Self {
            table: TableWriter::new(place, Arc::clone(&schema), shape, TableState::default())?,
            schema,
            bytes,
            due_bytes: 0,
            kept_bytes: 0,
        })
    }

    /// Begins the next gap, in the file's order; its bytes follow by [`Self::append`].
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn begin(
        &mut self,
        position: u64,
        n_bytes: u64,
        before_trace: u64,
    ) -> Result<(), DatasetError> {
        let row = [position, n_bytes, before_trace, self.due_bytes];
        let columns = row.map(|n| Arc::new(UInt64Array::from(vec![n])) as ArrayRef);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.to_vec());
        self.table
            .write(&batch.map_err(|source| DatasetError::Layout {
                problem: format!("the gaps do not fit their table: {source}"),
            })?)?;
        self.due_bytes += n_bytes;
        Ok(())
    }

    /// Appends bytes of the gap begun last.
    ///
    /// # Errors
    /// I/O.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DatasetError> {
        self.kept_bytes += bytes.len() as u64;
        self.bytes.append(bytes)
    }

    /// Writes the footer; gives the number of gaps and of their bytes.
    ///
    /// # Errors
    /// `Incomplete` when a gap was not given all its bytes; I/O; `Parquet`.
    pub fn finish(self) -> Result<(u64, u64), DatasetError> {
        if self.kept_bytes != self.due_bytes {
            return Err(DatasetError::Incomplete {
                what: "bytes of gaps",
                expected: self.due_bytes,
                found: self.kept_bytes,
            });
        }
        let n_gaps = self.table.n_rows();
        self.table.finish()?;
        Ok((n_gaps, self.bytes.finish()?))
    }
}

/// The rows of a batch.
pub(super) fn gaps_of(batch: &RecordBatch) -> Result<Vec<KeptGap>, String> {
    let [positions, n_bytes, before, offsets] =
        COLUMNS.map(|name| numbers::<UInt64Type>(batch, name));
    let rows = positions?.iter().zip(n_bytes?).zip(before?).zip(offsets?);
    Ok(rows
        .map(
            |(((&position, &n_bytes), &before_trace), &offset_in_part)| KeptGap {
                position,
                n_bytes,
                before_trace,
                offset_in_part,
            },
        )
        .collect())
}
