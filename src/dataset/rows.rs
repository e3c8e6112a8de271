//! How are rows of a Parquet table read in part?
//!
//! By projection and row selection: only the columns asked for, and of those only the row groups
//! and pages that hold the rows. The footer is read when the dataset is opened, the page index
//! when rows are first read.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::AsArray;
use arrow::compute::concat_batches;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;

use super::DatasetError;
use super::nearest::nearest_names;
use super::table::BATCH_ROWS;

/// A table, opened.
#[derive(Debug)]
pub(super) struct RowReader {
    path: PathBuf,
    action: &'static str,
    footer: ArrowReaderMetadata,
    /// The footer with the offset of every page; read when it is first needed.
    with_pages: OnceLock<ArrowReaderMetadata>,
}

/// The batches of a scan.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, DatasetError>> + Send>;

impl RowReader {
    pub(super) fn open(path: &Path, action: &'static str) -> Result<Self, DatasetError> {
        let failed = |source| DatasetError::parquet(action, path, 0, source);
        let file = File::open(path).map_err(DatasetError::reading(action, path))?;
        let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            action,
            footer,
            with_pages: OnceLock::new(),
        })
    }

    pub(super) fn schema(&self) -> SchemaRef {
        Arc::clone(self.footer.schema())
    }

    /// As the footer says; negative counts read as none.
    pub(super) fn n_rows(&self) -> u64 {
        u64::try_from(self.footer.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// The columns in the order asked for, of `rows`, which lie within the table.
    pub(super) fn read(
        &self,
        columns: &[&str],
        rows: Range<u64>,
    ) -> Result<RecordBatch, DatasetError> {
        let positions = self.positions(columns)?;
        let n_rows = usize::try_from(rows.end - rows.start).unwrap_or(usize::MAX);
        if n_rows == 0 {
            return Ok(RecordBatch::new_empty(self.projected_schema(&positions)));
        }
        let metadata = self.with_pages()?;
        let (groups, skipped) = groups_of(&row_counts(&metadata), &rows);
        let skip = usize::try_from(skipped).unwrap_or(usize::MAX);
        let selection =
            RowSelection::from(vec![RowSelector::skip(skip), RowSelector::select(n_rows)]);
        let reader = self
            .builder(metadata, &positions)?
            .with_row_groups(groups)
            .with_row_selection(selection)
            .with_batch_size(n_rows.min(BATCH_ROWS))
            .build()
            .map_err(|source| self.failed(source))?;
        let batches = reader
            .map(|batch| batch.map_err(|source| self.failed(source.into())))
            .collect::<Result<Vec<_>, _>>()?;
        let schema = batches
            .first()
            .map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
        let whole = concat_batches(&schema, &batches).map_err(|e| self.failed(e.into()))?;
        if whole.num_rows() != n_rows {
            return Err(self.damaged(format!(
                "rows {} to {} hold {} rows",
                rows.start,
                rows.end - 1,
                whole.num_rows()
            )));
        }
        self.reorder(&whole, &positions)
    }

    /// The columns in the order asked for, of all rows, batch by batch.
    pub(super) fn scan(&self, columns: &[&str]) -> Result<Batches, DatasetError> {
        let positions = self.positions(columns)?;
        let reader: ParquetRecordBatchReader = self
            .builder(self.footer.clone(), &positions)?
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|source| self.failed(source))?;
        let order = file_order(&positions);
        let (path, action) = (self.path.clone(), self.action);
        let mut reader = Some(reader);
        Ok(Box::new(std::iter::from_fn(move || {
            let batch = reader.as_mut()?.next()?;
            // The library would give the same error again for ever.
            if batch.is_err() {
                reader = None;
            }
            Some(
                batch
                    .and_then(|batch| batch.project(&order))
                    .map_err(|source| DatasetError::parquet(action, &path, 0, source.into())),
            )
        })))
    }

    pub(super) fn damaged(&self, detail: String) -> DatasetError {
        DatasetError::Damaged {
            what: "the table".to_owned(),
            detail,
            path: self.path.clone(),
        }
    }

    fn builder(
        &self,
        metadata: ArrowReaderMetadata,
        positions: &[usize],
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, DatasetError> {
        let file =
            File::open(&self.path).map_err(DatasetError::reading(self.action, &self.path))?;
        let mask = ProjectionMask::roots(metadata.parquet_schema(), positions.iter().copied());
        Ok(
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                .with_projection(mask),
        )
    }

    /// Where the columns stand in the table.
    fn positions(&self, columns: &[&str]) -> Result<Vec<usize>, DatasetError> {
        let schema = self.footer.schema();
        columns
            .iter()
            .map(|name| {
                let fields = schema.fields();
                let position = fields.iter().position(|field| field.name() == name);
                position.ok_or_else(|| DatasetError::NoSuchColumn {
                    name: (*name).to_owned(),
                    nearest: nearest_names(name, fields.iter().map(|f| f.name().as_str())),
                })
            })
            .collect()
    }

    fn with_pages(&self) -> Result<ArrowReaderMetadata, DatasetError> {
        if let Some(metadata) = self.with_pages.get() {
            return Ok(metadata.clone());
        }
        let file =
            File::open(&self.path).map_err(DatasetError::reading(self.action, &self.path))?;
        let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let metadata =
            ArrowReaderMetadata::load(&file, options).map_err(|source| self.failed(source))?;
        Ok(self.with_pages.get_or_init(|| metadata).clone())
    }

    fn projected_schema(&self, positions: &[usize]) -> SchemaRef {
        let schema = self.footer.schema();
        let fields: Vec<_> = positions
            .iter()
            .filter_map(|&position| schema.fields().get(position).cloned())
            .collect();
        Arc::new(Schema::new(fields))
    }

    fn reorder(
        &self,
        batch: &RecordBatch,
        positions: &[usize],
    ) -> Result<RecordBatch, DatasetError> {
        batch
            .project(&file_order(positions))
            .map_err(|source| self.failed(source.into()))
    }

    fn failed(&self, source: ParquetError) -> DatasetError {
        DatasetError::parquet(self.action, &self.path, 0, source)
    }
}

/// The rows of every row group.
fn row_counts(metadata: &ArrowReaderMetadata) -> Vec<u64> {
    let groups = metadata.metadata().row_groups();
    groups
        .iter()
        .map(|group| u64::try_from(group.num_rows()).unwrap_or(0))
        .collect()
}

/// Which row groups hold `rows`, and how many rows of the first are skipped.
fn groups_of(counts: &[u64], rows: &Range<u64>) -> (Vec<usize>, u64) {
    let mut groups = Vec::new();
    let mut skipped = 0;
    let mut start = 0u64;
    for (position, count) in counts.iter().enumerate() {
        let end = start.saturating_add(*count);
        if start < rows.end && rows.start < end {
            if groups.is_empty() {
                skipped = rows.start - start;
            }
            groups.push(position);
        }
        start = end;
    }
    (groups, skipped)
}

/// The library gives columns in the table's order, each once: where those asked for then stand.
fn file_order(positions: &[usize]) -> Vec<usize> {
    let mut sorted = positions.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    positions
        .iter()
        .map(|position| sorted.partition_point(|other| other < position))
        .collect()
}

/// The values of a column that must be of one type and without nulls.
pub(super) fn numbers<'a, T: ArrowPrimitiveType>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a [T::Native], String> {
    let column = batch
        .column_by_name(name)
        .ok_or_else(|| format!("there is no column {name}"))?;
    let typed = column
        .as_primitive_opt::<T>()
        .filter(|_| column.null_count() == 0)
        .ok_or_else(|| {
            let expected: DataType = T::DATA_TYPE;
            format!("the column {name} is not whole, or not of type {expected}")
        })?;
    Ok(typed.values())
}
