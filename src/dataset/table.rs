//! Which shape and which encodings does a Parquet table have?
//!
//! The three tables of a dataset (headers, ensembles, exceptions) are written alike:
//! `DELTA_BINARY_PACKED` for integers, which leaves nothing to compress (a context of zstd for each of
//! 110 columns takes 16 MB), zstd 1 for all others, dictionary off, row groups of 65,536 rows, pages of
//! 8,192 rows, so that a reader finds a key (by a group's statistics), or a row (by the pages'
//! offsets), without reading the rest.
//!
//! What the footer holds grows with groups and pages, for writer and readers alike: over 110
//! columns, a group takes 0.1 MB and a page 2.6 kB. So pages have no statistics, and of long tables
//! groups and pages grow instead of their number: at most [`MAX_GROUPS`] groups and [`MAX_PAGES`]
//! pages a column. The groups of long traces are smaller, so that an import can begin again at one
//! without reading much of the source twice.

use arrow::datatypes::{DataType, Schema};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// Rows of a row group: what a query on a key reads at least.
const GROUP_ROWS: u64 = 65_536;
/// Row groups of long traces have at least so many rows: fewer compress badly.
const MIN_GROUP_ROWS: u64 = 2_048;
/// Source bytes that a row group stands for, unless it has [`MIN_GROUP_ROWS`].
const GROUP_BYTES: u64 = 256 << 20;
/// More row groups there are not, if the number of rows is known beforehand.
pub(super) const MAX_GROUPS: u64 = 128;
/// Rows of a page: what a reader of one trace's headers decodes at most.
const PAGE_ROWS: u64 = 8_192;
/// More pages a column does not have.
/// (A page that is being filled takes 2.8 kB a row over all columns, and so 23 MB; what the footer holds of
/// 12,288 pages is 32 MB, but only when all else is done.)
const MAX_PAGES: u64 = 12_288;
/// Bytes of a page at most, before compression: 2,048 raw headers. What is filled, what is being
/// compressed and the room for the outcome took 6.5 MB with the library's own 1 MiB; now 2 MB.
const PAGE_BYTES: usize = 480 << 10;
/// Rows that are handed on at once.
pub(super) const BATCH_ROWS: usize = 10_000;

/// Rows of groups and pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TableShape {
    pub(super) group_rows: u64,
    pub(super) page_rows: u64,
}

impl TableShape {
    /// Of a table of one row for each of `n_rows` traces of so many bytes.
    pub(super) fn of_traces(n_rows: u64, trace_bytes: u64) -> Self {
        let by_bytes = (GROUP_BYTES / trace_bytes.max(1)).clamp(MIN_GROUP_ROWS, GROUP_ROWS);
        // A power of two, so that blocks end where groups end.
        let usual = 1 << by_bytes.ilog2();
        let least = n_rows.div_ceil(MAX_GROUPS);
        Self {
            group_rows: least.div_ceil(usual).max(1) * usual,
            page_rows: n_rows.div_ceil(MAX_PAGES).div_ceil(PAGE_ROWS).max(1) * PAGE_ROWS,
        }
    }

    /// What the writer of a group keeps besides pages of [`PAGE_ROWS`] rows: where its pages lie, their
    /// rows and lengths, what such small things among large buffers cost the allocator, and what
    /// larger pages take while they are filled.
    pub(super) fn group_memory_bytes(self, n_columns: u64) -> u64 {
        /// Measured: groups of 96 pages take up to 11 MB more than groups of 8.
        const PAGE_MEMORY_BYTES: u64 = 1200;
        /// Measured: pages of 24,576 rows take 46 MB more than those of 8,192.
        const VALUE_MEMORY_BYTES: u64 = 24;
        let n_pages = self.group_rows.div_ceil(self.page_rows);
        let more_rows = self.page_rows.saturating_sub(PAGE_ROWS);
        n_columns * (n_pages * PAGE_MEMORY_BYTES + more_rows * VALUE_MEMORY_BYTES)
    }

    /// Of a table of nobody knows how many rows, of few columns.
    pub(super) fn unbounded() -> Self {
        Self {
            group_rows: 64 * GROUP_ROWS,
            page_rows: 16 * PAGE_ROWS,
        }
    }

    pub(super) fn properties(self, schema: &Schema) -> Result<WriterProperties, ParquetError> {
        let page_rows = usize::try_from(self.page_rows).unwrap_or(usize::MAX);
        let mut builder = WriterProperties::builder()
            .set_created_by(concat!("shotpoint ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_dictionary_enabled(false)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(None)
            .set_data_page_row_count_limit(page_rows)
            .set_data_page_size_limit(PAGE_BYTES)
            .set_write_batch_size(1024)
            .set_statistics_enabled(EnabledStatistics::Chunk);
        for field in schema.fields() {
            let column = ColumnPath::new(vec![field.name().clone()]);
            if field.data_type().is_integer() {
                builder = builder
                    .set_column_encoding(column.clone(), Encoding::DELTA_BINARY_PACKED)
                    .set_column_compression(column, Compression::UNCOMPRESSED);
            } else {
                builder = builder.set_column_encoding(column.clone(), Encoding::PLAIN);
                if matches!(field.data_type(), DataType::FixedSizeBinary(_)) {
                    // The least and the greatest of opaque bytes tell nobody anything.
                    builder =
                        builder.set_column_statistics_enabled(column, EnabledStatistics::None);
                }
            }
        }
        Ok(builder.build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tables_get_larger_groups_and_pages_instead_of_more() {
        let cases = [
            (0, 65_536, 8_192),
            (65_537, 65_536, 8_192),
            (128 * 65_536, 65_536, 8_192),
            (128 * 65_536 + 1, 131_072, 8_192),
            (25_000_000, 196_608, 8_192),
            (100_000_000, 786_432, 8_192),
            (300_000_000, 2_359_296, 24_576),
        ];
        for (n_rows, group_rows, page_rows) in cases {
            let shape = TableShape::of_traces(n_rows, 240);
            assert_eq!((shape.group_rows, shape.page_rows), (group_rows, page_rows));
        }
    }

    #[test]
    fn groups_of_long_traces_are_smaller() {
        let group_rows = |trace_bytes| TableShape::of_traces(100_000, trace_bytes).group_rows;
        assert_eq!(group_rows(4_000), 65_536);
        assert_eq!(group_rows(24_000), 8_192);
        assert_eq!(group_rows(240_000), 2_048);
    }
}
