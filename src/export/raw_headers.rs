//! Which headers had the traces of a block, as bytes, and how many samples?

use std::ops::Range;

use arrow::array::{Array, AsArray, FixedSizeBinaryArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use arrow::record_batch::RecordBatch;

use super::ExportError;
use crate::dataset::{Dataset, GeometryFacts};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;

/// The raw headers of a block.
pub(super) struct RawHeaders {
    headers: FixedSizeBinaryArray,
    extensions: Option<FixedSizeBinaryArray>,
    /// Additional headers of each trace, where their number varies.
    n_extensions: Option<UInt32Array>,
    /// Where traces vary in length.
    lengths: Option<UInt32Array>,
}

impl RawHeaders {
    pub(super) fn read(
        dataset: &Dataset,
        traces: Range<u64>,
        headers_bytes: usize,
    ) -> Result<Self, ExportError> {
        let geometry = dataset.manifest().segy.geometry;
        let has_lengths = geometry.is_some_and(|geometry| geometry.has_padding());
        let has_counts = geometry.is_some_and(|geometry| geometry.extensions_vary());
        let has_extensions = headers_bytes > TRACE_HEADER_BYTES;
        let mut names = vec!["raw_header"];
        names.extend(has_extensions.then_some("raw_header_extensions"));
        names.extend(has_counts.then_some(GeometryFacts::EXTENSIONS_COLUMN));
        names.extend(has_lengths.then_some(GeometryFacts::LENGTH_COLUMN));
        let n_traces = traces.end - traces.start;
        let batch = dataset.read_headers(&names, traces)?;
        let headers = fixed_bytes(&batch, "raw_header", TRACE_HEADER_BYTES, n_traces)?;
        let extensions = has_extensions
            .then(|| {
                let width = headers_bytes - TRACE_HEADER_BYTES;
                fixed_bytes(&batch, "raw_header_extensions", width, n_traces)
            })
            .transpose()?;
        let counts = |name, vary: &str| counts(&batch, name, vary, n_traces);
        let lengths = has_lengths
            .then(|| counts(GeometryFacts::LENGTH_COLUMN, "length"))
            .transpose()?;
        let n_extensions = has_counts
            .then(|| counts(GeometryFacts::EXTENSIONS_COLUMN, "header extensions"))
            .transpose()?;
        let most = (headers_bytes / TRACE_HEADER_BYTES).saturating_sub(1);
        let is_too_many = |n: &u32| *n as usize > most;
        if let Some(n) = n_extensions
            .as_ref()
            .and_then(|all| all.values().iter().find(|n| is_too_many(n)))
        {
            return Err(ExportError::NotExportable {
                problem: format!(
                    "a trace would have {n} header extensions, and no trace has more than {most}"
                ),
            });
        }
        Ok(Self {
            headers,
            extensions,
            n_extensions,
            lengths,
        })
    }

    /// Headers in the place of those that are lost: `blank` has 240 bytes a trace; additional
    /// headers are zeros.
    pub(super) fn of_blank(
        blank: &[u8],
        headers_bytes: usize,
        n_traces: usize,
    ) -> Result<Self, ExportError> {
        /// So many additional headers no file has.
        const MOST_BYTES: usize = 64 << 20;
        let width = headers_bytes - TRACE_HEADER_BYTES;
        let extensions_bytes = width.checked_mul(n_traces).filter(|&n| n <= MOST_BYTES);
        let column = |width: usize, bytes: &[u8]| {
            let values = bytes.chunks_exact(width.max(1)).map(Some);
            let width = i32::try_from(width).unwrap_or(i32::MAX);
            FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, width).map_err(|error| {
                ExportError::NotExportable {
                    problem: error.to_string(),
                }
            })
        };
        let Some(extensions_bytes) = extensions_bytes else {
            return Err(ExportError::NotExportable {
                problem: format!("{headers_bytes} bytes of headers a trace"),
            });
        };
        let extensions = (width > 0)
            .then(|| column(width, &vec![0; extensions_bytes]))
            .transpose()?;
        Ok(Self {
            headers: column(TRACE_HEADER_BYTES, blank)?,
            extensions,
            n_extensions: None,
            lengths: None,
        })
    }

    /// Appends the headers of trace `i`, which exists.
    pub(super) fn append(&self, i: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.headers.value(i));
        if let Some(extensions) = &self.extensions {
            let filled_up = extensions.value(i);
            let counts = self.n_extensions.as_ref();
            let n_bytes = counts
                .and_then(|counts| counts.values().get(i))
                .map_or(filled_up.len(), |&n| n as usize * TRACE_HEADER_BYTES);
            out.extend_from_slice(filled_up.get(..n_bytes).unwrap_or(filled_up));
        }
    }

    /// Samples of trace `i`: of the array where nothing else was recorded.
    pub(super) fn n_samples(&self, i: usize, of_array: usize) -> usize {
        self.lengths
            .as_ref()
            .and_then(|lengths| lengths.values().get(i))
            .map_or(of_array, |&n| n as usize)
    }
}

/// A column that says of each trace how many it has, as traces vary in that.
fn counts(
    batch: &RecordBatch,
    name: &str,
    vary: &str,
    n_traces: u64,
) -> Result<UInt32Array, ExportError> {
    let column = batch
        .column_by_name(name)
        .and_then(|column| column.as_primitive_opt::<UInt32Type>())
        .ok_or_else(|| ExportError::NotExportable {
            problem: format!("traces vary in {vary}, and headers.parquet has no column {name}"),
        })?;
    no_nulls("counts of samples or extensions", column, n_traces)?;
    Ok(column.clone())
}

/// A column of so many values of so many bytes, none of them null.
fn fixed_bytes(
    batch: &RecordBatch,
    name: &str,
    width: usize,
    n_traces: u64,
) -> Result<FixedSizeBinaryArray, ExportError> {
    let column = batch
        .column_by_name(name)
        .and_then(|column| column.as_fixed_size_binary_opt())
        .filter(|column| usize::try_from(column.value_length()) == Ok(width))
        .ok_or_else(|| ExportError::NotExportable {
            problem: format!("headers.parquet has no column {name} of {width} bytes"),
        })?;
    no_nulls("rows of trace headers", column, n_traces)?;
    Ok(column.clone())
}

fn no_nulls(what: &'static str, column: &dyn Array, expected: u64) -> Result<(), ExportError> {
    let found = (column.len() - column.null_count()) as u64;
    if found == expected {
        return Ok(());
    }
    Err(ExportError::PartDiffers {
        what,
        expected,
        found,
    })
}
