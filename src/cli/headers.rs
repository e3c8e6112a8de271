//! `shotpoint headers` and `shotpoint ensembles`.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray, BinaryArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Float32Type, Float64Type, Schema, UInt32Type};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::args::{HeaderArguments, TableFormat};
use super::print;
use super::run::{Failure, run_task};
use crate::browse::{BrowseError, DatasetSource, GatherIndex};
use crate::dataset::{Dataset, Expression, GeometryFacts};

use crate::job::Stop;
use crate::segy::fields_trace::{TRACE_HEADER_BYTES, find_trace_field};
use crate::wording;

/// Additional trace headers as bytes.
const RAW_EXTENSIONS: &str = "raw_header_extensions";

/// What is shown when nothing is chosen, as far as the dataset has it.
const USUAL_COLUMNS: &[&str] = &[
    "trace_index",
    "n_samples_in_file",
    "n_header_extensions_in_file",
    "orig_field_record_num",
    "trace_num_orig_record",
    "energy_source_point_num",
    "ensemble_num",
    "source_to_receiver_distance",
    "inline",
    "crossline",
    "source_x",
    "source_y",
    "group_x",
    "group_y",
];

pub(super) fn headers(given: &HeaderArguments) -> Result<(), Failure> {
    let dataset = Dataset::open(&given.dataset).map_err(Failure::new)?;
    let known = dataset.header_names();
    let selected: Vec<String> = if given.select.is_empty() {
        USUAL_COLUMNS
            .iter()
            .filter(|name| known.iter().any(|other| other == *name))
            .map(|&name| name.to_owned())
            .collect()
    } else {
        given
            .select
            .iter()
            .map(|name| column_name(name, &known))
            .collect()
    };
    let filter = given
        .filter
        .as_deref()
        .map(|text| {
            Expression::parse_meaning(text, &dataset.header_schema(), &|name| {
                Some(column_name(name, &known))
            })
        })
        .transpose()
        .map_err(Failure::new)?;
    let mut needed = selected.clone();
    if let Some(filter) = &filter {
        for name in filter.columns() {
            if !needed.contains(name) {
                needed.push(name.clone());
            }
        }
    }
    let counts = GeometryFacts::EXTENSIONS_COLUMN.to_owned();
    let has_counts = known.contains(&counts);
    if has_counts && needed.iter().any(|name| name == RAW_EXTENSIONS) && !needed.contains(&counts) {
        needed.push(counts);
    }
    let needed: Vec<&str> = needed.iter().map(String::as_str).collect();
    let mut printer = Printer::new(given.format, selected);
    let mut left = if given.limit == 0 {
        u64::MAX
    } else {
        given.limit
    };
    for batch in dataset.scan_headers(&needed).map_err(Failure::new)? {
        let mut batch = without_filling(batch.map_err(Failure::new)?).map_err(Failure::new)?;
        if let Some(filter) = &filter {
            let chosen = filter.evaluate(&batch).map_err(Failure::new)?;
            batch = filter_record_batch(&batch, &chosen).map_err(Failure::new)?;
        }
        let rows = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(batch.num_rows());
        printer.batch(&batch.slice(0, rows))?;
        left -= rows as u64;
        if left == 0 {
            break;
        }
    }
    printer.finish()
}

/// The batch with as many bytes of header extensions as each trace had in the file: the column is
/// filled up with zeros where a trace has fewer than another.
fn without_filling(batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    let counts = batch.column_by_name(GeometryFacts::EXTENSIONS_COLUMN);
    let counts = counts.and_then(|column| column.as_primitive_opt::<UInt32Type>());
    let (Some(counts), Some((at, field))) = (counts, schema.column_with_name(RAW_EXTENSIONS))
    else {
        return Ok(batch);
    };
    let Some(filled_up) = batch.column(at).as_fixed_size_binary_opt() else {
        return Ok(batch);
    };
    let own = (0..batch.num_rows()).map(|row| {
        let (bytes, n) = (filled_up.value(row), counts.value(row) as usize);
        filled_up
            .is_valid(row)
            .then(|| bytes.get(..n * TRACE_HEADER_BYTES).unwrap_or(bytes))
    });
    let own: BinaryArray = own.collect();
    let field = Field::new(field.name(), DataType::Binary, true);
    let mut fields: Vec<_> = schema.fields().iter().cloned().collect();
    let mut columns = batch.columns().to_vec();
    (fields[at], columns[at]) = (Arc::new(field), Arc::new(own));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// The dataset's column for a name that a user types: its own, or an alias of a standard word (ffid, offset …).
fn column_name(name: &str, known: &[String]) -> String {
    if known.iter().any(|other| other == name) {
        return name.to_owned();
    }
    find_trace_field(name).map_or_else(|| name.to_owned(), |field| field.name.to_owned())
}

/// Rows in one of the formats.
struct Printer {
    format: TableFormat,
    columns: Vec<String>,
    /// A table is held back to know its widths; rows of the other formats leave at once.
    rows: Vec<Vec<String>>,
    n_rows: u64,
}

impl Printer {
    fn new(format: TableFormat, columns: Vec<String>) -> Self {
        Self {
            format,
            columns,
            rows: Vec::new(),
            n_rows: 0,
        }
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let columns: Vec<&dyn Array> = self
            .columns
            .iter()
            .filter_map(|name| batch.column_by_name(name))
            .map(AsRef::as_ref)
            .collect();
        let options = FormatOptions::default();
        let formatters = columns
            .iter()
            .map(|column| ArrayFormatter::try_new(*column, &options))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Failure::new)?;
        for row in 0..batch.num_rows() {
            self.n_rows += 1;
            match self.format {
                TableFormat::Json => self.json_row(&columns, &formatters, row)?,
                TableFormat::Csv => {
                    if self.n_rows == 1 {
                        print::line(&self.columns.join(","))?;
                    }
                    let cells: Vec<String> = formatters
                        .iter()
                        .map(|formatter| csv_cell(&formatter.value(row).to_string()))
                        .collect();
                    print::line(&cells.join(","))?;
                }
                TableFormat::Table => self.rows.push(
                    formatters
                        .iter()
                        .map(|formatter| formatter.value(row).to_string())
                        .collect(),
                ),
            }
        }
        Ok(())
    }

    /// One object a line: a stream that other programs can read without holding all of it.
    fn json_row(
        &self,
        columns: &[&dyn Array],
        formatters: &[ArrayFormatter<'_>],
        row: usize,
    ) -> Result<(), Failure> {
        let object: serde_json::Map<String, Value> = self
            .columns
            .iter()
            .zip(columns.iter().zip(formatters))
            .map(|(name, (column, formatter))| (name.clone(), json_value(*column, formatter, row)))
            .collect();
        print::line(&Value::Object(object).to_string())
    }

    fn finish(self) -> Result<(), Failure> {
        if self.format == TableFormat::Table {
            print::table(&self.columns, self.rows.iter().cloned())?;
            print::aside(&wording::things(self.n_rows, "row"));
        }
        Ok(())
    }
}

fn json_value(column: &dyn Array, formatter: &ArrayFormatter<'_>, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    let text = formatter.value(row).to_string();
    if column.data_type().is_integer() {
        return text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<u64>().map(Value::from))
            .unwrap_or(Value::String(text));
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all but floats are text here"
    )]
    match column.data_type() {
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(row)),
        DataType::Float32 => json!(column.as_primitive::<Float32Type>().value(row)),
        _ => Value::String(text),
    }
}

/// A cell of comma-separated values (RFC 4180).
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

pub(super) fn ensembles(path: &Path, by: &[String], json: bool) -> Result<(), Failure> {
    if by.is_empty() {
        stored_ensembles(path, json)
    } else {
        gathers_by(path, by, json)
    }
}

/// The runs that were found while importing.
fn stored_ensembles(path: &Path, json: bool) -> Result<(), Failure> {
    let dataset = Dataset::open(path).map_err(Failure::new)?;
    let keys = &dataset.manifest().ensembles.keys;
    let ensembles = dataset.ensembles().map_err(Failure::new)?;
    if json {
        let rows = ensembles.iter().map(|run| {
            json!({
                "ensemble_id": run.ensemble_id, "start_trace": run.start_trace,
                "end_trace": run.end_trace, "n_traces": run.n_traces(), "keys": run.keys,
            })
        });
        return print::json(&Listed::new(keys, ensembles.len(), rows));
    }
    let mut head = ["ensemble", "first trace", "last trace", "traces"]
        .map(str::to_owned)
        .to_vec();
    head.extend(keys.iter().cloned());
    let rows = ensembles.iter().map(|run| {
        let place = [run.ensemble_id, run.start_trace, run.end_trace];
        let numbers = place.into_iter().chain([run.n_traces()]);
        let numbers = numbers.map(|number| number.to_string());
        numbers
            .chain(run.keys.iter().map(ToString::to_string))
            .collect()
    });
    print::table(&head, rows)
}

/// What is printed as JSON, an ensemble at a time.
#[derive(Serialize)]
struct Listed<'a, I: Iterator<Item = Value> + Clone> {
    keys: &'a [String],
    n_ensembles: usize,
    #[serde(serialize_with = "one_by_one")]
    ensembles: I,
}

impl<'a, I: Iterator<Item = Value> + Clone> Listed<'a, I> {
    fn new(keys: &'a [String], n_ensembles: usize, ensembles: I) -> Self {
        Self {
            keys,
            n_ensembles,
            ensembles,
        }
    }
}

fn one_by_one<I, S>(items: &I, serializer: S) -> Result<S::Ok, S::Error>
where
    I: Iterator<Item = Value> + Clone,
    S: Serializer,
{
    serializer.collect_seq(items.clone())
}

/// All traces grouped by other keys, wherever they lie in the file.
fn gathers_by(path: &Path, by: &[String], json: bool) -> Result<(), Failure> {
    let source = DatasetSource::open(path).map_err(Failure::new)?;
    let known = source.dataset().header_names();
    let keys: Vec<String> = by.iter().map(|name| column_name(name, &known)).collect();
    let names = keys.clone();
    let index = run_task("index", move |context| {
        GatherIndex::build(&source, &names, 1, context)
            .map_err(Stop::Failed)?
            .ok_or(Stop::<BrowseError>::Cancelled)
    })?;
    let gathers = (0..index.len()).filter_map(|position| index.get(position));
    if json {
        let rows = gathers.map(|gather| {
            let runs = gather.runs.iter().map(|run| [run.start, run.end - 1]);
            let runs: Vec<[u64; 2]> = runs.collect();
            json!({ "keys": gather.key, "n_traces": gather.n_traces(), "runs": runs })
        });
        return print::json(&Listed::new(&keys, index.len(), rows));
    }
    let mut head = keys;
    head.extend(["traces", "runs", "first trace"].map(str::to_owned));
    let rows = gathers.map(|gather| {
        let first = gather.runs.first().map_or(0, |run| run.start);
        let about = [gather.n_traces(), gather.runs.len() as u64, first];
        let keys = gather.key.iter().map(ToString::to_string);
        keys.chain(about.map(|number| number.to_string())).collect()
    });
    print::table(&head, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_are_quoted() {
        assert_eq!(csv_cell("12"), "12");
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
    }

    #[test]
    fn an_alias_finds_the_column_unless_the_dataset_has_its_own() {
        let known = vec!["orig_field_record_num".to_owned(), "ffid".to_owned()];
        assert_eq!(column_name("ffid", &known), "ffid");
        assert_eq!(column_name("fldr", &known), "orig_field_record_num");
        assert_eq!(column_name("nonsense", &known), "nonsense");
    }
}
