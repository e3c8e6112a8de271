//! Which rows does the table of trace headers show, in which order? Chosen by an expression, sorted by a column.
//!
//! ```text
//! headers ─blocks of 65,536 rows─► Expression ─► row numbers (4 bytes each) ─sort─► order
//! ```
//! Memory: 4 bytes a row that is shown; while sorting 8 bytes more. At most [`MOST_CHOSEN`] rows are
//! chosen and [`MOST_SORTED`] sorted; where more would be, an error says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{ArrayRef, Float64Array, Int64Array};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;

use super::numbers::parts;
use super::{BrowseError, TraceSource};
use crate::dataset::{Expression, ExpressionError};
use crate::job::CancelToken;
use crate::segy::fields_trace::find_trace_field;
use crate::wording;

/// Rows read at once.
const BLOCK: u64 = 65_536;
/// Rows that a filter may choose: 128 MiB.
pub const MOST_CHOSEN: u64 = 32 << 20;
/// Rows that are sorted: 192 MiB while it runs.
pub const MOST_SORTED: u64 = 16 << 20;
/// Of a file that is not imported no more traces are filtered or sorted: each means reading a page of it.
pub const MOST_OF_A_FILE: u64 = 1 << 20;

/// What the table shall show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableQuery {
    /// As `headers --where` takes it; empty: all rows.
    pub filter: String,
    /// Column, and whether the largest come first.
    pub sort: Option<(String, bool)>,
}

impl TableQuery {
    /// Whether rows are shown as they stand.
    pub fn is_plain(&self) -> bool {
        self.filter.trim().is_empty() && self.sort.is_none()
    }
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The expression says nothing.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// Headers cannot be read.
    #[error(transparent)]
    Browse(#[from] BrowseError),
    /// Nobody wants it any more.
    #[error("cancelled")]
    Cancelled,
    /// More rows than memory is given for.
    #[error("{} rows are more than the {} that are {what} at once. {remedy}", wording::count(*n_rows), wording::count(*limit))]
    TooMany {
        /// So many there are, or were found so far.
        n_rows: u64,
        /// What is allowed.
        limit: u64,
        /// "sorted" or "chosen".
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
}

/// How far a query has come, in rows.
#[derive(Clone, Debug, Default)]
pub struct TableProgress(Arc<AtomicU64>);

impl TableProgress {
    /// Rows that were read.
    pub fn rows(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Columns and types that expressions know.
fn table_schema(source: &dyn TraceSource) -> Schema {
    let whole = &source.facts().header_names;
    let field = |name: String| {
        let of = if whole.contains(&name) {
            DataType::Int64
        } else {
            DataType::Float64
        };
        Field::new(name, of, true)
    };
    Schema::new(
        source
            .number_names()
            .into_iter()
            .map(field)
            .collect::<Vec<_>>(),
    )
}

/// The expression in `text`, over the columns of a source; other programs' names are understood.
///
/// # Errors
/// What is wrong where.
pub fn parse_filter(source: &dyn TraceSource, text: &str) -> Result<Expression, ExpressionError> {
    let names = source.number_names();
    Expression::parse_meaning(text, &table_schema(source), &|name| {
        let field = find_trace_field(name)?;
        names.iter().find(|known| *known == field.name).cloned()
    })
}

/// Row numbers in the order of the query.
///
/// # Errors
/// See [`TableError`].
pub fn table_order(
    source: &dyn TraceSource,
    query: &TableQuery,
    cancel: &CancelToken,
    progress: &TableProgress,
) -> Result<Vec<u32>, TableError> {
    let n_traces = source.facts().n_traces;
    let looked_at = if source.reads_headers_quickly() {
        n_traces.min(u64::from(u32::MAX))
    } else {
        n_traces.min(MOST_OF_A_FILE)
    };
    let filter = match query.filter.trim() {
        "" => None,
        text => Some(parse_filter(source, text)?),
    };
    let Some((column, descending)) = &query.sort else {
        return chosen(source, filter.as_ref(), looked_at, cancel, progress);
    };
    sorted(
        source,
        filter.as_ref(),
        (column, *descending),
        looked_at,
        cancel,
        progress,
    )
}

fn chosen(
    source: &dyn TraceSource,
    filter: Option<&Expression>,
    n_rows: u64,
    cancel: &CancelToken,
    progress: &TableProgress,
) -> Result<Vec<u32>, TableError> {
    let mut rows = Vec::new();
    each_chosen(source, filter, n_rows, cancel, progress, |first, chosen| {
        rows.extend(chosen.iter().filter_map(|i| u32::try_from(first + i).ok()));
        limit(
            rows.len(),
            MOST_CHOSEN,
            "chosen",
            "Choose fewer with a narrower expression",
        )
    })?;
    Ok(rows)
}

fn limit(n: usize, limit: u64, what: &'static str, remedy: &'static str) -> Result<(), TableError> {
    let n_rows = n as u64;
    if n_rows > limit {
        return Err(TableError::TooMany {
            n_rows,
            limit,
            what,
            remedy,
        });
    }
    Ok(())
}

/// Calls `take` with the first row of each block and the chosen rows within it.
fn each_chosen(
    source: &dyn TraceSource,
    filter: Option<&Expression>,
    n_rows: u64,
    cancel: &CancelToken,
    progress: &TableProgress,
    mut take: impl FnMut(u64, &[u64]) -> Result<(), TableError>,
) -> Result<(), TableError> {
    for part in parts(0..n_rows, BLOCK) {
        if cancel.is_cancelled() {
            return Err(TableError::Cancelled);
        }
        let n = part.end - part.start;
        let rows: Vec<u64> = match filter {
            None => (0..n).collect(),
            Some(filter) => {
                let batch = batch_of(source, filter.columns(), part.clone())?;
                let chosen = filter.evaluate(&batch)?;
                (0..n)
                    .zip(chosen.values())
                    .filter_map(|(i, yes)| yes.then_some(i))
                    .collect()
            }
        };
        take(part.start, &rows)?;
        progress.0.fetch_add(n, Ordering::Relaxed);
    }
    Ok(())
}

fn batch_of(
    source: &dyn TraceSource,
    columns: &[String],
    rows: std::ops::Range<u64>,
) -> Result<RecordBatch, TableError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for name in columns {
        if source.facts().header_names.contains(name) {
            let mut values = Vec::new();
            source.read_header(name, rows.clone(), &mut values)?;
            fields.push(Field::new(name, DataType::Int64, true));
            arrays.push(Arc::new(Int64Array::from(values)));
        } else {
            let mut values = Vec::new();
            source.read_numbers(name, rows.clone(), &mut values)?;
            let values = values.into_iter().map(|v| (!v.is_nan()).then_some(v));
            fields.push(Field::new(name, DataType::Float64, true));
            arrays.push(Arc::new(values.collect::<Float64Array>()));
        }
    }
    let options = arrow::record_batch::RecordBatchOptions::new()
        .with_row_count(usize::try_from(rows.end - rows.start).ok());
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(
        |error| {
            TableError::Expression(ExpressionError {
                position: 1,
                problem: error.to_string(),
            })
        },
    )
}

/// The rows by a column: (value, row) pairs are packed into 64 bits where the values' range allows.
fn sorted(
    source: &dyn TraceSource,
    filter: Option<&Expression>,
    (column, descending): (&str, bool),
    n_rows: u64,
    cancel: &CancelToken,
    progress: &TableProgress,
) -> Result<Vec<u32>, TableError> {
    // As order-preserving bits of an f64: whole numbers of headers up to 2⁵³ are exact.
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut ranks = Ranks::default();
    for pass in [Pass::Range, Pass::Keys] {
        if let Pass::Keys = pass {
            ranks.settle();
        }
        let mut values = Vec::new();
        each_chosen(source, filter, n_rows, cancel, progress, |first, chosen| {
            values.clear();
            source.read_numbers(column, first..(first + BLOCK).min(n_rows), &mut values)?;
            for &i in chosen {
                let value = usize::try_from(i).ok().and_then(|i| values.get(i));
                let value = value.copied().unwrap_or(f64::NAN);
                match pass {
                    Pass::Range => ranks.see(value),
                    Pass::Keys => pairs.push((
                        ranks.key(value, descending),
                        u32::try_from(first + i).unwrap_or(u32::MAX),
                    )),
                }
            }
            let n = if let Pass::Range = pass {
                ranks.n
            } else {
                pairs.len()
            };
            limit(n, MOST_SORTED, "sorted", "Choose fewer with a filter first")
        })?;
    }
    pairs.sort_unstable();
    if cancel.is_cancelled() {
        return Err(TableError::Cancelled);
    }
    Ok(pairs.into_iter().map(|(_, row)| row).collect())
}

#[derive(Clone, Copy)]
enum Pass {
    Range,
    Keys,
}

/// Numbers as 32-bit keys in the same order: exact for whole numbers over a range of 2³², and for
/// others as fine as 32 bits allow.
#[derive(Debug, Default)]
struct Ranks {
    n: usize,
    low: Option<f64>,
    high: f64,
    all_whole: Option<bool>,
    scale: f64,
}

impl Ranks {
    fn see(&mut self, value: f64) {
        self.n += 1;
        if !value.is_finite() {
            return;
        }
        let low = self.low.get_or_insert(value);
        *low = low.min(value);
        self.high = if self.n == 1 || self.all_whole.is_none() {
            value
        } else {
            self.high.max(value)
        };
        let whole = self.all_whole.get_or_insert(true);
        *whole &= value.fract() == 0.0;
    }

    fn settle(&mut self) {
        let most = f64::from(u32::MAX - 1);
        let span = self.high - self.low.unwrap_or(0.0);
        let whole = self.all_whole.unwrap_or(true) && span <= most;
        self.scale = if whole || span <= 0.0 {
            1.0
        } else {
            most / span
        };
    }

    /// Missing values come last, whichever way.
    fn key(&self, value: f64, descending: bool) -> u32 {
        if !value.is_finite() {
            return u32::MAX;
        }
        let away = if descending {
            self.high - value
        } else {
            value - self.low.unwrap_or(0.0)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "scaled into the range; saturates"
        )]
        let key = (away * self.scale).round() as u32;
        key.min(u32::MAX - 1)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    fn source() -> FakeSource {
        let n = 150_000;
        FakeSource::new(n, 2)
            .with_header("ensemble_num", (0..n).map(|i| (i / 60).cast_signed()))
            .with_header(
                "source_to_receiver_distance",
                (0..n).map(|i| (i * 7919 % 10_007).cast_signed() - 5000),
            )
    }

    fn order(query: &TableQuery) -> Result<Vec<u32>, TableError> {
        let progress = TableProgress::default();
        table_order(&source(), query, &CancelToken::default(), &progress)
    }

    fn query(filter: &str, sort: Option<(&str, bool)>) -> TableQuery {
        TableQuery {
            filter: filter.to_owned(),
            sort: sort.map(|(name, down)| (name.to_owned(), down)),
        }
    }

    fn offset(row: u32) -> i64 {
        (u64::from(row) * 7919 % 10_007).cast_signed() - 5000
    }

    #[test]
    fn a_filter_chooses_what_the_oracle_chooses() {
        let text = "cdp between 1100 and 1200 and abs(offset) < 100";
        let found = order(&query(text, None)).unwrap();
        let expected: Vec<u32> = (0..150_000)
            .filter(|row| (1100..=1200).contains(&(row / 60)) && offset(*row).abs() < 100)
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(found, expected);
    }

    #[test]
    fn sorting_is_stable_and_goes_both_ways() {
        let sort = Some(("source_to_receiver_distance", false));
        let up = order(&query("", sort)).unwrap();
        assert_eq!(up.len(), 150_000);
        assert!(
            up.windows(2)
                .all(|w| (offset(w[0]), w[0]) < (offset(w[1]), w[1]))
        );
        let sort = Some(("source_to_receiver_distance", true));
        let down = order(&query("ensemble_num < 100", sort)).unwrap();
        assert_eq!(down.len(), 6000);
        assert!(
            down.windows(2)
                .all(|w| offset(w[0]) > offset(w[1])
                    || (offset(w[0]) == offset(w[1]) && w[0] < w[1]))
        );
    }

    #[test]
    fn a_wrong_expression_says_where_and_a_cancelled_query_stops() {
        let wrong = order(&query("cpd > 3", None)).unwrap_err();
        assert!(matches!(wrong, TableError::Expression(_)), "{wrong}");
        let cancel = CancelToken::default();
        cancel.cancel();
        let progress = TableProgress::default();
        let stopped = table_order(&source(), &query("cdp > 3", None), &cancel, &progress);
        assert!(matches!(stopped, Err(TableError::Cancelled)));
        assert_eq!(progress.rows(), 0);
    }

    #[test]
    fn keys_keep_the_order_of_any_numbers() {
        let values = [-1e9, -2.5, 0.0, 0.25, 3.0, 7e11];
        let mut ranks = Ranks::default();
        for value in values {
            ranks.see(value);
        }
        ranks.settle();
        let keys = values.map(|v| ranks.key(v, false));
        assert!(keys.is_sorted());
        assert!(
            values
                .map(|v| ranks.key(v, true))
                .is_sorted_by(|a, b| a >= b)
        );
        assert_eq!(ranks.key(f64::NAN, true), u32::MAX);
    }
}
