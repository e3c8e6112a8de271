//! Which traces are written, how many, and where does each go?
//!
//! ```text
//! headers ─filter─► chosen rows ─► count, bytes                        (one pass over a few columns)
//!                               └─► (keys, trace) ─sort─► place in the new file ─sort by trace─► Places
//! ```
//! Traces are read in the order of the dataset, each chunk once, and written to their places: sorting
//! costs writes here and there, but never reads a chunk twice. Memory is bounded by the sorters.

use std::ops::Range;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use arrow::record_batch::RecordBatch;

use super::plan::FormPlan;
use super::sort::{MEMORY_BYTES, Sorted, Sorter};
use crate::dataset::{Dataset, GeometryFacts};
use crate::export::ExportError;
use crate::job::{JobContext, Stop};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;

/// Rows looked at together: a row group of headers.parquet.
const ROWS_AT_ONCE: u64 = 65_536;

/// What one pass over the headers found.
pub(super) struct Choice {
    /// Traces that are written.
    pub(super) n_traces: u64,
    /// Bytes of them in the new file.
    pub(super) bytes: u64,
    /// With fewer samples or additional headers than others may have, as written.
    pub(super) n_short: u64,
    /// Where each chosen trace goes, in the order of the dataset; `None` where that is the order.
    pub(super) places: Option<Places>,
}

/// Places of chosen traces, in the order of the dataset.
pub(super) struct Places {
    sorted: Sorted,
}

impl Places {
    /// The position of the next chosen trace behind the new file's headers, and its number from 0.
    pub(super) fn next(&mut self, output: &Path) -> Result<(u64, u64), ExportError> {
        let record = self.sorted.next().map_err(spilling(output))?;
        match record.as_deref() {
            Some(&[_, position, number]) => Ok((position, number)),
            _ => Err(ExportError::NotExportable {
                problem: "fewer traces were sorted than chosen".to_owned(),
            }),
        }
    }
}

/// Looks through the headers of all traces that may be chosen.
pub(super) fn choose(
    dataset: &Dataset,
    plan: &FormPlan,
    output: &Path,
    context: &JobContext,
) -> Result<Choice, Stop<ExportError>> {
    let traces = plan.traces();
    if plan.columns().is_empty() {
        let n_traces = traces.end - traces.start;
        let bytes = n_traces.saturating_mul(plan.trace_bytes(plan.n_samples()));
        return Ok(Choice {
            n_traces,
            bytes,
            n_short: 0,
            places: None,
        });
    }
    let mut found = Choice {
        n_traces: 0,
        bytes: 0,
        n_short: 0,
        places: None,
    };
    let n_keys = plan.keys().len();
    let spill = |name: &str| spill_path(output, name);
    // Keys, then the trace (so that equal keys keep their order), then its bytes.
    let mut by_keys = (n_keys > 0).then(|| Sorter::new(n_keys + 2, &spill("keys"), MEMORY_BYTES));
    for rows in plan.traces_in_steps(ROWS_AT_ONCE) {
        context.check_cancelled()?;
        let columns = Columns::read(dataset, plan, rows.clone()).map_err(Stop::Failed)?;
        for row in columns.chosen(plan).map_err(Stop::Failed)? {
            let n_samples = columns.n_samples(row, plan);
            let n_missing = plan.n_additional - columns.n_additional(row, plan);
            let missing_bytes = u64::from(n_missing) * TRACE_HEADER_BYTES as u64;
            let bytes = plan.trace_bytes(n_samples).saturating_sub(missing_bytes);
            found.n_traces += 1;
            found.bytes = found.bytes.saturating_add(bytes);
            found.n_short += u64::from(n_samples < plan.n_samples() || n_missing > 0);
            if let Some(sorter) = &mut by_keys {
                let mut record = columns.keys(row, n_keys);
                record.extend([rows.start + row as u64, bytes]);
                sorter
                    .push(&record)
                    .map_err(spilling(output))
                    .map_err(Stop::Failed)?;
            }
        }
    }
    found.places = by_keys
        .map(|sorter| places(sorter, &spill("places"), output, context))
        .transpose()?;
    Ok(found)
}

/// From traces in the order of their keys to places in the order of the traces.
fn places(
    by_keys: Sorter,
    spill: &Path,
    output: &Path,
    context: &JobContext,
) -> Result<Places, Stop<ExportError>> {
    let failed = |error| Stop::Failed(spilling(output)(error));
    let mut in_order = by_keys.finish().map_err(failed)?;
    let mut by_trace = Sorter::new(3, spill, MEMORY_BYTES);
    let (mut position, mut number) = (0, 0);
    while let Some(record) = in_order.next().map_err(failed)? {
        if number % ROWS_AT_ONCE == 0 {
            context.check_cancelled()?;
        }
        let [.., trace, bytes] = record.as_slice() else {
            continue;
        };
        by_trace.push(&[*trace, position, number]).map_err(failed)?;
        position += bytes;
        number += 1;
    }
    drop(in_order);
    let sorted = by_trace.finish().map_err(failed)?;
    Ok(Places { sorted })
}

/// The columns of a few rows that decide which traces are chosen, and where they go.
pub(super) struct Columns {
    batch: RecordBatch,
    n_rows: usize,
    /// Numbers that sort as the columns do.
    keys: Vec<Vec<u64>>,
    lengths: Option<Vec<u64>>,
    n_extensions: Option<Vec<u64>>,
}

impl Columns {
    /// Reads what the plan needs of these rows.
    pub(super) fn read(
        dataset: &Dataset,
        plan: &FormPlan,
        rows: Range<u64>,
    ) -> Result<Self, ExportError> {
        let n_rows = usize::try_from(rows.end - rows.start).unwrap_or(usize::MAX);
        let names: Vec<&str> = plan.columns().iter().map(String::as_str).collect();
        let batch = dataset.read_headers(&names, rows)?;
        let keys = plan
            .keys()
            .iter()
            .map(|key| sort_numbers(&batch, key))
            .collect::<Result<_, _>>()?;
        let counts = |name| {
            let is_there = batch.column_by_name(name).is_some();
            is_there.then(|| sort_numbers(&batch, name)).transpose()
        };
        let lengths = counts(GeometryFacts::LENGTH_COLUMN)?;
        let n_extensions = counts(GeometryFacts::EXTENSIONS_COLUMN)?;
        Ok(Self {
            batch,
            n_rows,
            keys,
            lengths,
            n_extensions,
        })
    }

    /// The rows that the condition chooses.
    pub(super) fn chosen(&self, plan: &FormPlan) -> Result<Vec<usize>, ExportError> {
        let Some(filter) = plan.filter() else {
            return Ok((0..self.n_rows).collect());
        };
        let chosen = filter
            .evaluate(&self.batch)
            .map_err(|error| ExportError::FormUnfit {
                problem: error.to_string(),
            })?;
        let rows = (0..chosen.len()).filter(|&row| chosen.value(row));
        Ok(rows.collect())
    }

    /// Samples of this trace that are written.
    pub(super) fn n_samples(&self, row: usize, plan: &FormPlan) -> u32 {
        let own = self.lengths.as_ref().and_then(|lengths| lengths.get(row));
        plan.n_samples_of(own.copied())
    }

    /// Additional headers of this trace that are written.
    fn n_additional(&self, row: usize, plan: &FormPlan) -> u32 {
        let own = self.n_extensions.as_ref().and_then(|all| all.get(row));
        plan.n_additional_of(own.copied())
    }

    fn keys(&self, row: usize, n_keys: usize) -> Vec<u64> {
        let mut record = Vec::with_capacity(n_keys + 2);
        let keys = self.keys.iter().filter_map(|key| key.get(row));
        record.extend(keys);
        record
    }
}

/// The column as numbers that sort as its values do; a trace without a value comes last.
fn sort_numbers(batch: &RecordBatch, name: &str) -> Result<Vec<u64>, ExportError> {
    const TOP: u64 = 1 << 63;
    let unfit = |problem: String| ExportError::FormUnfit { problem };
    let column = batch
        .column_by_name(name)
        .ok_or_else(|| unfit(format!("the column {name} was not read")))?;
    let cast_to =
        |to: DataType| cast(column, &to).map_err(|error| unfit(format!("column {name}: {error}")));
    let kind = column.data_type();
    if kind.is_floating() {
        let floats = cast_to(DataType::Float64)?;
        let number = |value: f64| {
            let bits = value.to_bits();
            if bits & TOP == 0 { bits | TOP } else { !bits }
        };
        let floats = floats.as_primitive::<Float64Type>();
        return Ok(floats.iter().map(|v| v.map_or(u64::MAX, number)).collect());
    }
    if kind.is_unsigned_integer() {
        let whole = cast_to(DataType::UInt64)?;
        let whole = whole.as_primitive::<UInt64Type>();
        return Ok(whole.iter().map(|v| v.unwrap_or(u64::MAX)).collect());
    }
    if kind.is_signed_integer() {
        let whole = cast_to(DataType::Int64)?;
        let whole = whole.as_primitive::<Int64Type>();
        let number = |value: i64| value.cast_unsigned() ^ TOP;
        return Ok(whole.iter().map(|v| v.map_or(u64::MAX, number)).collect());
    }
    Err(unfit(format!(
        "traces cannot be sorted by {name}, which holds no numbers; choose another column"
    )))
}

/// Where sorting puts what memory does not hold: beside the output, for it needs the room anyway.
fn spill_path(output: &Path, name: &str) -> std::path::PathBuf {
    let mut file_name = output.file_name().unwrap_or_default().to_owned();
    file_name.push(format!(".partial-{name}"));
    output.with_file_name(file_name)
}

fn spilling(output: &Path) -> impl Fn(std::io::Error) -> ExportError {
    let path = spill_path(output, "keys");
    move |error| ExportError::writing("sort the traces", &path, 0)(error)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray, UInt64Array};

    use super::*;

    #[test]
    fn numbers_sort_as_the_values_do() {
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "whole",
                Arc::new(Int32Array::from(vec![Some(5), None, Some(-3), Some(0)])),
            ),
            (
                "float",
                Arc::new(Float64Array::from(vec![-1.5, f64::INFINITY, -0.5, 2.0])),
            ),
            ("index", Arc::new(UInt64Array::from(vec![3, 2, 1, 0]))),
            ("text", Arc::new(StringArray::from(vec!["a"; 4]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let order = |name: &str| {
            let numbers = sort_numbers(&batch, name).unwrap();
            let mut rows: Vec<usize> = (0..4).collect();
            rows.sort_by_key(|&row| numbers[row]);
            rows
        };
        assert_eq!(order("whole"), [2, 3, 0, 1]);
        assert_eq!(order("float"), [0, 2, 3, 1]);
        assert_eq!(order("index"), [3, 2, 1, 0]);
        let error = sort_numbers(&batch, "text").unwrap_err().to_string();
        assert!(error.contains("holds no numbers"), "{error}");
    }
}
