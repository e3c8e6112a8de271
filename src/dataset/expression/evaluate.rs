//! What is an expression for a row: true, false, or unknown?

use std::cmp::Ordering;

use arrow::array::{Array, AsArray, Float64Array, Int64Array, UInt64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use arrow::record_batch::RecordBatch;

use super::ExpressionError;
use super::tree::{Comparison, Condition, Function, Number, Operator, Value};

/// A column in one of three types that hold all others.
pub(super) enum Column {
    Signed(Int64Array),
    Unsigned(UInt64Array),
    Float(Float64Array),
}

impl Column {
    fn at(&self, row: usize) -> Option<Number> {
        match self {
            Self::Signed(v) => v
                .is_valid(row)
                .then(|| Number::Integer(i128::from(v.value(row)))),
            Self::Unsigned(v) => v
                .is_valid(row)
                .then(|| Number::Integer(i128::from(v.value(row)))),
            Self::Float(v) => v.is_valid(row).then(|| Number::Float(v.value(row))),
        }
    }
}

pub(super) fn columns_of(
    batch: &RecordBatch,
    names: &[String],
) -> Result<Vec<Column>, ExpressionError> {
    let column = |name: &String| {
        let failed = |problem: String| ExpressionError::new(1, problem);
        let array = batch
            .column_by_name(name)
            .ok_or_else(|| failed(format!("the column {name} was not read")))?;
        let as_type = |to: DataType| cast(array, &to).map_err(|error| failed(error.to_string()));
        Ok(if array.data_type().is_floating() {
            Column::Float(
                as_type(DataType::Float64)?
                    .as_primitive::<Float64Type>()
                    .clone(),
            )
        } else if array.data_type().is_unsigned_integer() {
            Column::Unsigned(
                as_type(DataType::UInt64)?
                    .as_primitive::<UInt64Type>()
                    .clone(),
            )
        } else {
            Column::Signed(
                as_type(DataType::Int64)?
                    .as_primitive::<Int64Type>()
                    .clone(),
            )
        })
    };
    names.iter().map(column).collect()
}

/// As in SQL: unknown and false is false, unknown or true is true, all else unknown stays unknown.
pub(super) fn condition(condition: &Condition, columns: &[Column], row: usize) -> Option<bool> {
    let number = |part: &Value| value(part, columns, row);
    match condition {
        Condition::All(parts) => decide(parts, columns, row, false),
        Condition::Any(parts) => decide(parts, columns, row, true),
        Condition::Not(part) => self::condition(part, columns, row).map(|known| !known),
        Condition::IsNull(part) => Some(number(part).is_none()),
        Condition::Compare(comparison, left, right) => {
            Some(compare(*comparison, number(left)?, number(right)?))
        }
        Condition::Between(middle, low, high) => {
            let middle = number(middle)?;
            let above = compare(Comparison::GreaterOrEqual, middle, number(low)?);
            Some(above && compare(Comparison::LessOrEqual, middle, number(high)?))
        }
        Condition::In(left, list) => {
            let left = number(left)?;
            let mut unknown = false;
            for part in list {
                match number(part) {
                    Some(right) if compare(Comparison::Equal, left, right) => return Some(true),
                    Some(_) => {}
                    None => unknown = true,
                }
            }
            (!unknown).then_some(false)
        }
    }
}

/// The first part that is `decisive` decides; otherwise an unknown part makes all unknown.
fn decide(parts: &[Condition], columns: &[Column], row: usize, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match condition(part, columns, row) {
            Some(known) if known == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!decisive)
}

fn compare(comparison: Comparison, left: Number, right: Number) -> bool {
    let order = match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => Some(left.cmp(&right)),
        (left, right) => as_f64(left).partial_cmp(&as_f64(right)),
    };
    match comparison {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::NotEqual => order != Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

pub(super) fn value(value: &Value, columns: &[Column], row: usize) -> Option<Number> {
    match value {
        Value::Constant(number) => Some(*number),
        Value::Column(column) => columns.get(*column)?.at(row),
        Value::Negative(part) => match self::value(part, columns, row)? {
            Number::Integer(x) => x.checked_neg().map(Number::Integer),
            Number::Float(x) => Some(Number::Float(-x)),
        },
        Value::Call(function, parts) => {
            let mut numbers = [Number::Integer(0); 2];
            for (number, part) in numbers.iter_mut().zip(parts) {
                *number = self::value(part, columns, row)?;
            }
            call(*function, numbers)
        }
        Value::Chain(first, rest) => {
            let mut result = self::value(first, columns, row)?;
            for (operator, part) in rest {
                result = apply(*operator, result, self::value(part, columns, row)?)?;
            }
            Some(result)
        }
    }
}

/// `None` where there is no result: the root of a negative number, or no whole number near.
fn call(function: Function, [a, b]: [Number; 2]) -> Option<Number> {
    match (function, a) {
        (Function::Floor | Function::Ceil | Function::Round, Number::Integer(_)) => Some(a),
        (Function::Floor, Number::Float(x)) => whole(x.floor()),
        (Function::Ceil, Number::Float(x)) => whole(x.ceil()),
        (Function::Round, Number::Float(x)) => whole(x.round()),
        (Function::Abs, Number::Integer(x)) => x.checked_abs().map(Number::Integer),
        (Function::Abs, Number::Float(x)) => Some(Number::Float(x.abs())),
        (Function::Sqrt, _) => {
            let x = as_f64(a);
            (x >= 0.0).then(|| Number::Float(x.sqrt()))
        }
        (Function::Min, _) => Some(if compare(Comparison::Less, b, a) {
            b
        } else {
            a
        }),
        (Function::Max, _) => Some(if compare(Comparison::Greater, b, a) {
            b
        } else {
            a
        }),
        (Function::Hypot, _) => Some(Number::Float(as_f64(a).hypot(as_f64(b)))),
    }
}

/// A whole number as an integer, as far as a column of 64 bits can hold it.
fn whole(x: f64) -> Option<Number> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "compared with the range first"
    )]
    let integer = (x.abs() < 9.2e18).then_some(x as i64)?;
    Some(Number::Integer(i128::from(integer)))
}

/// `None` where there is no result: by zero, or beyond i128.
fn apply(operator: Operator, left: Number, right: Number) -> Option<Number> {
    let (Number::Integer(a), Number::Integer(b)) = (left, right) else {
        return apply_floats(operator, as_f64(left), as_f64(right)).map(Number::Float);
    };
    match operator {
        Operator::Plus => a.checked_add(b).map(Number::Integer),
        Operator::Minus => a.checked_sub(b).map(Number::Integer),
        Operator::Times => a.checked_mul(b).map(Number::Integer),
        Operator::Remainder => a.checked_rem(b).map(Number::Integer),
        Operator::Over => match a.checked_rem(b)? {
            0 => a.checked_div(b).map(Number::Integer),
            _ => apply_floats(operator, a as f64, b as f64).map(Number::Float),
        },
    }
}

fn apply_floats(operator: Operator, a: f64, b: f64) -> Option<f64> {
    match operator {
        Operator::Plus => Some(a + b),
        Operator::Minus => Some(a - b),
        Operator::Times => Some(a * b),
        Operator::Over => (b != 0.0).then_some(a / b),
        Operator::Remainder => (b != 0.0).then_some(a % b),
    }
}

pub(super) fn as_f64(number: Number) -> f64 {
    match number {
        Number::Integer(x) => x as f64,
        Number::Float(x) => x,
    }
}
