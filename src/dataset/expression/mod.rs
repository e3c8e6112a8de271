//! Which rows does `headers --where EXPRESSION` choose?
//!
//! ```text
//! text ─token─► tokens ─parse─► Expression (names resolved, types checked) ─evaluate─► one bool a row
//! ```
//! ```text
//! condition  := and { ("or" | "||") and }            and := not { ("and" | "&&") not }
//! not        := ("not" | "!") not | comparison
//! comparison := sum [ ("=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=") sum
//!                   | ["not"] "between" sum "and" sum | ["not"] "in" "(" sum { "," sum } ")"
//!                   | "is" ["not"] "null" ]
//! sum        := term { ("+" | "-") term }             term := unary { ("*" | "/" | "%") unary }
//! unary      := ("-" | "+") unary | number | column | "(" condition ")" | function "(" sum { "," sum } ")"
//! function   := floor | ceil | round | abs | sqrt | min | max | hypot
//! ```
//! A value that a trace does not have makes the comparison unknown, as in SQL, and unknown rows are
//! not chosen. Integers are exact; `/` gives fractions; dividing by zero is unknown.

mod evaluate;
mod formula;
mod parse;
mod token;
mod tree;

pub use formula::Formula;

use arrow::array::BooleanArray;
use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;

/// Why an expression says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at character {position} of the expression)")]
pub struct ExpressionError {
    /// Of the character, from 1.
    pub position: usize,
    /// With a remedy.
    pub problem: String,
}

impl ExpressionError {
    fn new(position: usize, problem: impl Into<String>) -> Self {
        Self {
            position,
            problem: problem.into(),
        }
    }
}

/// A condition over the columns of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    condition: tree::Condition,
    columns: Vec<String>,
}

impl Expression {
    /// Parses a condition over the numeric columns of `schema`.
    ///
    /// # Errors
    /// With the position, what was expected there, and for unknown names the nearest ones.
    ///
    /// # Examples
    /// ```
    /// use arrow::datatypes::{DataType, Field, Schema};
    /// use shotpoint::dataset::Expression;
    ///
    /// let schema = Schema::new(vec![Field::new("cdp", DataType::Int32, true)]);
    /// let expression = Expression::parse("cdp between 100 and 200 and cdp % 10 = 0", &schema)?;
    /// assert_eq!(expression.columns(), ["cdp"]);
    /// assert!(Expression::parse("cpd > 1", &schema).is_err());
    /// # Ok::<(), shotpoint::dataset::ExpressionError>(())
    /// ```
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, ExpressionError> {
        Self::parse_meaning(text, schema, &|_| None)
    }

    /// [`Self::parse`], where a name that is no column's may mean one: `meant` gives the column's name.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_meaning(
        text: &str,
        schema: &Schema,
        meant: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ExpressionError> {
        let (condition, columns) = parse::parse(text, schema, meant)?;
        Ok(Self { condition, columns })
    }

    /// The columns that it needs, each once, in the order of their first use.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Which rows of `batch` are chosen; never null.
    ///
    /// # Errors
    /// When the batch lacks one of [`Self::columns`], or has it as another type.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<BooleanArray, ExpressionError> {
        let columns = evaluate::columns_of(batch, &self.columns)?;
        let rows = (0..batch.num_rows())
            .map(|row| evaluate::condition(&self.condition, &columns, row) == Some(true));
        Ok(rows.collect::<Vec<bool>>().into())
    }
}

#[cfg(test)]
mod tests;
