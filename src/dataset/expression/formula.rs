//! Which number does a computed column hold for each row?

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array};
use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;

use super::ExpressionError;
use super::evaluate::{as_f64, columns_of, value};
use super::parse::parse_value;
use super::tree::{Number, Value};

/// A number for each row of a table: `floor(offset / 100) * 100`.
///
/// # Examples
/// ```
/// use arrow::datatypes::{DataType, Field, Schema};
/// use shotpoint::dataset::Formula;
///
/// let schema = Schema::new(vec![Field::new("offset", DataType::Int32, true)]);
/// let formula = Formula::parse("floor(offset / 100) * 100", &schema, &|_| None)?;
/// assert!(formula.is_whole());
/// assert!(!Formula::parse("offset / 2", &schema, &|_| None)?.is_whole());
/// # Ok::<(), shotpoint::dataset::ExpressionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    value: Value,
    columns: Vec<String>,
    is_whole: bool,
}

impl Formula {
    /// Parses a number over the numeric columns of `schema`; `meant` gives the column that a name
    /// means which is no column's.
    ///
    /// # Errors
    /// With the position and what was expected there.
    pub fn parse(
        text: &str,
        schema: &Schema,
        meant: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ExpressionError> {
        let (value, columns) = parse_value(text, schema, meant)?;
        let whole: Vec<bool> = columns
            .iter()
            .map(|name| {
                let field = schema.field_with_name(name);
                field.is_ok_and(|field| field.data_type().is_integer())
            })
            .collect();
        let is_whole = value.is_whole(&whole);
        Ok(Self {
            value,
            columns,
            is_whole,
        })
    }

    /// Whether only whole numbers can come out: then the column is `int64`, else `float64`.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The columns that it needs.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// One number a row, `int64` or `float64`; null where a value is missing, or there is no result.
    ///
    /// # Errors
    /// When the batch lacks a column.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<ArrayRef, ExpressionError> {
        let columns = columns_of(batch, &self.columns)?;
        let numbers = (0..batch.num_rows()).map(|row| value(&self.value, &columns, row));
        Ok(if self.is_whole {
            let whole = |number| match number {
                Number::Integer(x) => i64::try_from(x).ok(),
                Number::Float(_) => None,
            };
            Arc::new(
                numbers
                    .map(|number| number.and_then(whole))
                    .collect::<Int64Array>(),
            )
        } else {
            Arc::new(
                numbers
                    .map(|number| number.map(as_f64))
                    .collect::<Float64Array>(),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use arrow::array::{AsArray, Int32Array};
    use arrow::datatypes::{DataType, Field, Float64Type, Int64Type};

    fn batch() -> RecordBatch {
        let fields = ["offset", "x"].map(|name| Field::new(name, DataType::Int32, true));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from(vec![Some(-250), Some(99), None])),
            Arc::new(Int32Array::from(vec![Some(3), Some(0), Some(1)])),
        ];
        RecordBatch::try_new(Arc::new(Schema::new(fields.to_vec())), columns).unwrap()
    }

    fn formula(text: &str) -> Result<Formula, ExpressionError> {
        Formula::parse(text, &batch().schema(), &|_| None)
    }

    #[test]
    fn whole_results_are_integers() {
        let bins = formula("floor(offset / 100) * 100").unwrap();
        let array = bins.evaluate(&batch()).unwrap();
        let found: Vec<Option<i64>> = array.as_primitive::<Int64Type>().iter().collect();
        assert_eq!(found, [Some(-300), Some(0), None]);
        assert!(formula("max(abs(offset), x) % 7").unwrap().is_whole());
    }

    #[test]
    fn fractions_are_floats_and_impossible_results_null() {
        let half = formula("(offset + x) / 2").unwrap();
        let array = half.evaluate(&batch()).unwrap();
        let found: Vec<Option<f64>> = array.as_primitive::<Float64Type>().iter().collect();
        assert_eq!(found, [Some(-123.5), Some(49.5), None]);
        let array = formula("sqrt(offset) / x")
            .unwrap()
            .evaluate(&batch())
            .unwrap();
        let found: Vec<Option<f64>> = array.as_primitive::<Float64Type>().iter().collect();
        assert_eq!(found, [None, None, None]);
        assert!(!formula("hypot(offset, x)").unwrap().is_whole());
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, part) in [
            ("offset > 1", "operator"),
            ("floor(offset", "\")\""),
            ("min(x)", "\",\""),
            ("ofset", "offset"),
            ("", "expected"),
        ] {
            let error = formula(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
