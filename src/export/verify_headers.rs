//! Do the columns of headers.parquet say what the raw headers say?
//!
//! Each column that is a word of the trace header names its byte and type in its metadata, so both
//! readings can be compared, and the traces named where a value was changed in either.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, FixedSizeBinaryArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};

use crate::dataset::{Dataset, DatasetError};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind};

/// The columns that can be compared.
pub(super) struct HeaderCheck {
    columns: Vec<Word>,
    order: ByteOrder,
}

struct Word {
    name: String,
    byte: u16,
    kind: FieldKind,
}

impl HeaderCheck {
    /// `None` where there is nothing to compare.
    pub(super) fn new(dataset: &Dataset) -> Option<Self> {
        let order = ByteOrder::from_name(&dataset.manifest().segy.byte_order)?;
        let schema = dataset.header_schema();
        let raw = schema.field_with_name("raw_header").ok()?;
        if *raw.data_type() != DataType::FixedSizeBinary(240) {
            return None;
        }
        let columns: Vec<Word> = schema
            .fields()
            .iter()
            .filter(|field| field.data_type().is_integer())
            .filter_map(|field| {
                let byte: u16 = field.metadata().get("segy_byte")?.parse().ok()?;
                let kind = field.metadata().get("segy_type")?;
                let kind = serde_json::from_value(serde_json::json!(kind)).ok()?;
                // Words of additional headers lie elsewhere.
                (usize::from(byte) <= TRACE_HEADER_BYTES).then(|| Word {
                    name: field.name().clone(),
                    byte,
                    kind,
                })
            })
            .collect();
        (!columns.is_empty()).then_some(Self { columns, order })
    }

    /// Which columns of `traces` differ from the raw headers, as sentences, and where first.
    pub(super) fn differences(
        &self,
        dataset: &Dataset,
        traces: Range<u64>,
    ) -> Result<Vec<(u64, String)>, DatasetError> {
        let mut names: Vec<&str> = vec!["raw_header"];
        names.extend(self.columns.iter().map(|word| word.name.as_str()));
        let batch = dataset.read_headers(&names, traces.clone())?;
        let Some(raw) = batch.column(0).as_fixed_size_binary_opt() else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for (word, column) in self.columns.iter().zip(batch.columns().iter().skip(1)) {
            if let Some((row, says)) = self.first_difference(word, column, raw) {
                let trace = traces.start + row as u64;
                found.push((
                    trace,
                    format!(
                        "headers.parquet, trace {trace}: the column {} says {says}, and the raw header says otherwise; one of them was changed",
                        word.name
                    ),
                ));
            }
        }
        found.sort();
        Ok(found)
    }

    fn first_difference(
        &self,
        word: &Word,
        column: &ArrayRef,
        raw: &FixedSizeBinaryArray,
    ) -> Option<(usize, String)> {
        let numbers = cast(column, &DataType::Int64).ok()?;
        let numbers = numbers.as_primitive_opt::<Int64Type>()?;
        (0..numbers.len().min(raw.len())).find_map(|row| {
            if raw.is_null(row) || numbers.is_null(row) {
                return None;
            }
            let says = numbers.value(row);
            let read = word.kind.read_i64(raw.value(row), word.byte, self.order)?;
            (read != says).then(|| (row, says.to_string()))
        })
    }
}
