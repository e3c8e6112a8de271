//! How are the keys of millions of gathers kept? In a column a key, four bytes a value while all fit.
//!
//! They are put in order as single numbers, on all processors:
//! ```text
//! (first key − its least) │ (second − its least) │ … │ row     64 bits, or 128
//! ```

use std::cmp::Ordering;

use rayon::prelude::*;

/// Of a row's number.
const ROW_BITS: u32 = u32::BITS;

/// Values of one key: four bytes each until one needs more.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    Narrow(Vec<i32>),
    Wide(Vec<i64>),
}

impl Default for Column {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl Column {
    fn get(&self, row: usize) -> Option<i64> {
        match self {
            Self::Narrow(values) => values.get(row).copied().map(i64::from),
            Self::Wide(values) => values.get(row).copied(),
        }
    }

    fn push(&mut self, value: i64) {
        match self {
            Self::Wide(values) => values.push(value),
            Self::Narrow(values) => {
                if let Ok(value) = i32::try_from(value) {
                    values.push(value);
                } else {
                    let mut wide: Vec<i64> = values.iter().copied().map(i64::from).collect();
                    wide.push(value);
                    *self = Self::Wide(wide);
                }
            }
        }
    }

    fn bytes_each(&self) -> usize {
        match self {
            Self::Narrow(_) => size_of::<i32>(),
            Self::Wide(_) => size_of::<i64>(),
        }
    }

    fn bounds(&self) -> Option<(i64, i64)> {
        match self {
            Self::Narrow(v) => Some((i64::from(*v.iter().min()?), i64::from(*v.iter().max()?))),
            Self::Wide(v) => Some((*v.iter().min()?, *v.iter().max()?)),
        }
    }

    fn shrink_to_fit(&mut self) {
        match self {
            Self::Narrow(values) => values.shrink_to_fit(),
            Self::Wide(values) => values.shrink_to_fit(),
        }
    }

    fn copy_down(&mut self, from: usize, to: usize) {
        match self {
            Self::Narrow(values) => values.copy_within(from..=from, to),
            Self::Wide(values) => values.copy_within(from..=from, to),
        }
    }

    fn truncate(&mut self, n_rows: usize) {
        match self {
            Self::Narrow(values) => values.truncate(n_rows),
            Self::Wide(values) => values.truncate(n_rows),
        }
    }

    fn reorder(&mut self, order: &[u32]) {
        match self {
            Self::Narrow(values) => *values = picked(values, order),
            Self::Wide(values) => *values = picked(values, order),
        }
    }
}

fn picked<T: Copy + Send + Sync>(values: &[T], order: &[u32]) -> Vec<T> {
    let rows = order.par_iter();
    rows.filter_map(|i| values.get(*i as usize).copied())
        .collect()
}

/// Keys, one a row, of one value or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyValues {
    columns: Vec<Column>,
    n_rows: usize,
}

impl KeyValues {
    /// No row yet, of so many values.
    pub(super) fn new(n_keys: usize) -> Self {
        Self {
            columns: vec![Column::default(); n_keys],
            n_rows: 0,
        }
    }

    pub(super) fn n_keys(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn len(&self) -> usize {
        self.n_rows
    }

    /// Adds a row; `key` has a value for each column.
    pub(super) fn push(&mut self, key: &[i64]) {
        for (column, value) in self.columns.iter_mut().zip(key) {
            column.push(*value);
        }
        self.n_rows += 1;
    }

    /// Adds rows, of columns of one length; zero where a value is missing.
    pub(super) fn extend(&mut self, columns: &[Vec<Option<i64>>]) {
        for (column, values) in self.columns.iter_mut().zip(columns) {
            for value in values {
                column.push(value.unwrap_or(0));
            }
        }
        self.n_rows += columns.first().map_or(0, Vec::len);
    }

    /// The value of key `level` in a row.
    pub(super) fn get(&self, row: usize, level: usize) -> Option<i64> {
        self.columns.get(level)?.get(row)
    }

    /// A whole row.
    pub(super) fn row(&self, row: usize) -> Option<Vec<i64>> {
        let values = self.columns.iter().map(|column| column.get(row));
        values.collect()
    }

    /// Whether the row has this key.
    pub(super) fn is(&self, row: usize, key: &[i64]) -> bool {
        let mut values = self.columns.iter().zip(key);
        values.all(|(column, value)| column.get(row) == Some(*value))
    }

    /// Whether two rows are equal.
    pub(super) fn is_same(&self, a: usize, b: usize) -> bool {
        let mut columns = self.columns.iter();
        columns.all(|column| column.get(a) == column.get(b))
    }

    /// Whether the key is greater than that of the last row, or the first.
    pub(super) fn is_behind_last(&self, key: &[i64]) -> bool {
        let Some(last) = self.n_rows.checked_sub(1) else {
            return true;
        };
        let values = self.columns.iter().map(|column| column.get(last));
        values.lt(key.iter().copied().map(Some))
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let levels = self.columns.iter();
        let compared = levels.map(|column| column.get(a).cmp(&column.get(b)));
        compared.fold(Ordering::Equal, Ordering::then)
    }

    /// Whether each row is greater than the one before, by the first key, then the second, and so on.
    pub(super) fn is_sorted(&self) -> bool {
        (1..self.n_rows).all(|row| self.compare(row - 1, row) == Ordering::Less)
    }

    /// The rows in ascending order; equal ones as they stand.
    pub(super) fn order(&self) -> Vec<u32> {
        let bounds: Vec<(i64, i64)> = self.columns.iter().filter_map(Column::bounds).collect();
        let bits =
            |&(least, greatest): &(i64, i64)| u64::BITS - greatest.abs_diff(least).leading_zeros();
        let n_bits: u32 = ROW_BITS + bounds.iter().map(bits).sum::<u32>();
        let pack = |row: u32| {
            let columns = self.columns.iter().zip(&bounds);
            let key = columns.fold(0_u128, |key, (column, bound)| {
                let value = column.get(row as usize).unwrap_or(bound.0);
                key << bits(bound) | u128::from(value.abs_diff(bound.0))
            });
            key << ROW_BITS | u128::from(row)
        };
        let n_rows = u32::try_from(self.n_rows).unwrap_or(u32::MAX);
        let rows = (0..n_rows).into_par_iter();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the key was put above the row"
        )]
        if n_bits <= u64::BITS {
            let mut packed: Vec<u64> = rows.map(|row| pack(row) as u64).collect();
            packed.par_sort_unstable();
            packed.into_par_iter().map(|both| both as u32).collect()
        } else if n_bits <= u128::BITS {
            let mut packed: Vec<u128> = rows.map(pack).collect();
            packed.par_sort_unstable();
            packed.into_par_iter().map(|both| both as u32).collect()
        } else {
            let mut order: Vec<u32> = rows.collect();
            order.par_sort_by(|a, b| self.compare(*a as usize, *b as usize));
            order
        }
    }

    /// Bytes of one row.
    pub(super) fn bytes_each(&self) -> usize {
        self.columns.iter().map(Column::bytes_each).sum()
    }

    /// Keeps these rows, in this order.
    pub(super) fn reorder(&mut self, order: &[u32]) {
        for column in &mut self.columns {
            column.reorder(order);
        }
        self.n_rows = order.len();
    }

    /// Keeps one of rows that follow each other and are equal.
    pub(super) fn remove_repeated(&mut self) {
        let mut n_kept = 0;
        for row in 0..self.n_rows {
            if row > 0 && self.is_same(n_kept - 1, row) {
                continue;
            }
            for column in &mut self.columns {
                column.copy_down(row, n_kept);
            }
            n_kept += 1;
        }
        for column in &mut self.columns {
            column.truncate(n_kept);
        }
        self.n_rows = n_kept;
        self.shrink_to_fit();
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.columns.iter_mut().for_each(Column::shrink_to_fit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_value_beyond_four_bytes_widens_its_column_only() {
        let mut values = KeyValues::new(2);
        assert!(values.is_behind_last(&[i64::MIN, 0]));
        values.push(&[-5, 7]);
        assert_eq!(values.bytes_each(), 8);
        values.push(&[i64::from(i32::MAX) + 1, -7]);
        assert_eq!(values.bytes_each(), 12);
        assert_eq!(values.row(0), Some(vec![-5, 7]));
        assert_eq!(values.row(1), Some(vec![2_147_483_648, -7]));
        assert_eq!(values.row(2), None);
        assert!(values.is(1, &[2_147_483_648, -7]) && !values.is(0, &[-5, 8]));
        assert!(values.is_behind_last(&[2_147_483_648, -6]));
        assert!(!values.is_behind_last(&[2_147_483_648, -7]));
        values.reorder(&[1, 0]);
        assert_eq!((values.len(), values.get(1, 1)), (2, Some(7)));
    }

    proptest! {
        #[test]
        fn rows_of_any_width_come_into_order(
            rows in proptest::collection::btree_set((any::<i64>(), -3_i64..3, any::<i64>()), 1..50),
            shift in 0_u32..64,
            seed in any::<u64>(),
        ) {
            let narrowed = rows.iter().map(|(a, b, c)| vec![a >> shift, *b, c >> shift]);
            let sorted: BTreeSet<Vec<i64>> = narrowed.collect();
            let mut mixed: Vec<&Vec<i64>> = sorted.iter().collect();
            mixed.sort_by_key(|row| row.iter().fold(seed, |hash, value| {
                (hash ^ value.cast_unsigned()).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
            }));
            let mut values = KeyValues::new(3);
            for row in mixed {
                values.push(row);
            }
            let order = values.order();
            values.reorder(&order);
            prop_assert!(values.is_sorted());
            let found: Vec<_> = (0..values.len()).filter_map(|row| values.row(row)).collect();
            prop_assert_eq!(found, sorted.into_iter().collect::<Vec<_>>());
        }
    }
}
