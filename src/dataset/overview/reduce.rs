//! How do rows of samples become one row of cells? The smallest and the largest of 16 × 4.
//!
//! Pure. A plain way that skips NaN is the oracle of a fast one for rows of finite numbers.

use super::OverviewWriter;
use crate::simd::compiled_twice;

/// Appends the smallest of `low` and the largest of `high` of every cell of 16 rows × 4 columns.
pub(super) fn reduce_rows(
    low: &[f32],
    high: &[f32],
    columns: usize,
    min: &mut Vec<f32>,
    max: &mut Vec<f32>,
) {
    if columns == 0 {
        return;
    }
    let out_columns = columns.div_ceil(OverviewWriter::SAMPLE_FACTOR);
    let group = OverviewWriter::TRACE_FACTOR * columns;
    let mut low_row = vec![0.0; columns];
    let mut high_row = vec![0.0; columns];
    min.reserve(low.len().div_ceil(group) * out_columns);
    max.reserve(high.len().div_ceil(group) * out_columns);
    for (low_group, high_group) in low.chunks(group).zip(high.chunks(group)) {
        fold_rows(low_group, high_group, &mut low_row, &mut high_row);
        if low_row.iter().chain(&high_row).all(|x| x.is_finite()) {
            cells_of_numbers(&low_row, min, |a, b| if b < a { b } else { a });
            cells_of_numbers(&high_row, max, |a, b| if b > a { b } else { a });
        } else {
            reduce_group(low_group, &mut low_row, f32::min, min);
            reduce_group(high_group, &mut high_row, f32::max, max);
        }
    }
}

compiled_twice! {
    /// Folds rows into one of the smallest and one of the largest values, column by column. NaN is
    /// skipped; a column without a finite number stays infinite.
    fn fold_rows(low: &[f32], high: &[f32], low_row: &mut [f32], high_row: &mut [f32]) =
        |low: &[f32], high: &[f32], low_row: &mut [f32], high_row: &mut [f32]| {
            let columns = low_row.len();
            low_row.fill(f32::INFINITY);
            high_row.fill(f32::NEG_INFINITY);
            for (low, high) in low.chunks(columns).zip(high.chunks(columns)) {
                for (cell, &value) in low_row.iter_mut().zip(low) {
                    *cell = if value < *cell { value } else { *cell };
                }
                for (cell, &value) in high_row.iter_mut().zip(high) {
                    *cell = if value > *cell { value } else { *cell };
                }
            }
        }
}

/// Appends the cells of a row of finite numbers.
fn cells_of_numbers(row: &[f32], cells: &mut Vec<f32>, choose: impl Fn(f32, f32) -> f32 + Copy) {
    let (whole, rest) = row.as_chunks::<{ OverviewWriter::SAMPLE_FACTOR }>();
    cells.extend(
        whole
            .iter()
            .map(|&[a, b, c, d]| choose(choose(a, b), choose(c, d))),
    );
    cells.extend(rest.iter().copied().reduce(choose));
}

/// Appends the cells of a group of rows in which not all is finite: the plain way, and the oracle of
/// the one above. `f32::min` and `f32::max` skip NaN: cells start as NaN and stay so without a number.
fn reduce_group(
    group: &[f32],
    row: &mut [f32],
    fold: impl Fn(f32, f32) -> f32 + Copy,
    cells: &mut Vec<f32>,
) {
    row.fill(f32::NAN);
    for values in group.chunks(row.len()) {
        for (cell, &value) in row.iter_mut().zip(values) {
            *cell = fold(*cell, value);
        }
    }
    let of_row = row.chunks(OverviewWriter::SAMPLE_FACTOR);
    cells.extend(of_row.map(|cell| cell.iter().copied().fold(f32::NAN, fold)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fast_and_plain_reduction_agree(
            values in proptest::collection::vec(-1000_i16..1000, 1..4000),
            columns in 1_usize..70,
        ) {
            let values: Vec<f32> = values.iter().map(|&x| f32::from(x)).collect();
            let values = values.get(..values.len() / columns * columns).unwrap_or_default();
            let (min, max) = OverviewWriter::reduce(values, columns);
            let (mut plain_min, mut plain_max) = (Vec::new(), Vec::new());
            let mut row = vec![0.0; columns];
            for group in values.chunks(OverviewWriter::TRACE_FACTOR * columns) {
                reduce_group(group, &mut row, f32::min, &mut plain_min);
                reduce_group(group, &mut row, f32::max, &mut plain_max);
            }
            prop_assert_eq!((min, max), (plain_min, plain_max));
        }
    }

    #[test]
    fn a_cell_without_a_number_is_nan_and_infinities_count() {
        let values = [
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NEG_INFINITY,
            1.0,
            2.0,
            3.0,
        ];
        let (min, max) = OverviewWriter::reduce(&values, 8);
        assert!(min[0].is_nan() && max[0].is_nan());
        assert_eq!(
            (min[1].to_bits(), max[1].to_bits()),
            (f32::NEG_INFINITY.to_bits(), 3.0_f32.to_bits())
        );
    }
}
