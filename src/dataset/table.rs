//! How is a Parquet table written with flat memory?
//!
//! The three tables of a dataset (headers, ensembles, exceptions) are written alike:
//! `DELTA_BINARY_PACKED` for integers, dictionary off, zstd 1, row groups of 65,536 rows, pages of
//! 8,192 rows, so that a reader finds a key (by a group's statistics), or a row (by the pages'
//! offsets), without reading the rest.
//!
//! What a writer must keep until the footer grows with groups and pages: over 94 columns, page
//! statistics would add 2 MB a million rows, and groups of 65,536 rows another 1 MB. So pages have
//! no statistics, and of very long tables the groups grow instead of their number.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::{DataType, SchemaRef};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::DatasetError;

/// Rows of a row group: what a query on a key reads at least.
const ROW_GROUP_ROWS: u64 = 65_536;
/// More row groups there are not, if the number of rows is known beforehand.
const MAX_ROW_GROUPS: u64 = 128;
/// Rows of a page: what a reader of one trace's headers decodes at most.
const PAGE_ROWS: usize = 8_192;
/// Rows that are handed on at once.
pub(super) const BATCH_ROWS: usize = 10_000;

/// A table being written.
pub(super) struct TableWriter {
    path: PathBuf,
    action: &'static str,
    writer: ArrowWriter<File>,
    n_rows: u64,
    bytes_counted: u64,
    total_written: Arc<AtomicU64>,
}

impl std::fmt::Debug for TableWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableWriter")
            .field("path", &self.path)
            .field("n_rows", &self.n_rows)
            .finish_non_exhaustive()
    }
}

impl TableWriter {
    pub(super) fn create(
        path: &Path,
        action: &'static str,
        schema: SchemaRef,
        expected_rows: u64,
        total_written: Arc<AtomicU64>,
    ) -> Result<Self, DatasetError> {
        let written = total_written.load(Ordering::Relaxed);
        let properties = properties(&schema, expected_rows)
            .map_err(|source| DatasetError::parquet(action, path, written, source))?;
        let file =
            File::create(path).map_err(|source| DatasetError::io(action, path, written, source))?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties))
            .map_err(|source| DatasetError::parquet(action, path, written, source))?;
        Ok(Self {
            path: path.to_owned(),
            action,
            writer,
            n_rows: 0,
            bytes_counted: 0,
            total_written,
        })
    }

    pub(super) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), DatasetError> {
        self.writer
            .write(batch)
            .map_err(|source| self.failed(source))?;
        self.n_rows += batch.num_rows() as u64;
        self.count();
        Ok(())
    }

    /// Writes the footer; gives the file's length.
    pub(super) fn finish(mut self) -> Result<u64, DatasetError> {
        self.writer.finish().map_err(|source| self.failed(source))?;
        self.count();
        Ok(self.bytes_counted)
    }

    fn count(&mut self) {
        let bytes = self.writer.bytes_written() as u64;
        self.total_written
            .fetch_add(bytes - self.bytes_counted, Ordering::Relaxed);
        self.bytes_counted = bytes;
    }

    fn failed(&self, source: ParquetError) -> DatasetError {
        let written = self.total_written.load(Ordering::Relaxed);
        DatasetError::parquet(self.action, &self.path, written, source)
    }
}

/// A multiple of [`ROW_GROUP_ROWS`].
pub(super) fn row_group_rows(expected_rows: u64) -> usize {
    let least = expected_rows.div_ceil(MAX_ROW_GROUPS);
    let rows = least.div_ceil(ROW_GROUP_ROWS).max(1) * ROW_GROUP_ROWS;
    usize::try_from(rows).unwrap_or(usize::MAX)
}

pub(super) fn properties(
    schema: &SchemaRef,
    expected_rows: u64,
) -> Result<WriterProperties, ParquetError> {
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("shotpoint ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_dictionary_enabled(false)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(row_group_rows(expected_rows)))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(1024)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for field in schema.fields() {
        let column = ColumnPath::new(vec![field.name().clone()]);
        if field.data_type().is_integer() {
            builder = builder.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
        } else {
            builder = builder.set_column_encoding(column.clone(), Encoding::PLAIN);
            if matches!(field.data_type(), DataType::FixedSizeBinary(_)) {
                // The least and the greatest of opaque bytes tell nobody anything.
                builder = builder.set_column_statistics_enabled(column, EnabledStatistics::None);
            }
        }
    }
    Ok(builder.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tables_get_larger_groups_instead_of_more() {
        let cases = [
            (0, 65_536),
            (65_537, 65_536),
            (128 * 65_536, 65_536),
            (128 * 65_536 + 1, 131_072),
            (25_000_000, 196_608),
        ];
        for (expected_rows, group_rows) in cases {
            assert_eq!(row_group_rows(expected_rows), group_rows);
        }
    }
}
