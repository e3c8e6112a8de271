//! Header values as numbers, of scattered traces or of many: for strips, tables and maps.

use std::ops::Range;

use super::{BrowseError, TraceSource};

/// Neighbours that lie no further apart are read in one go.
const GAP: u64 = 64;

/// Values of column `name` of `traces`, in their order; NaN where one is missing.
///
/// # Errors
/// `NoSuchHeader`; when they cannot be read.
pub fn numbers_of(
    source: &dyn TraceSource,
    name: &str,
    traces: &[u64],
) -> Result<Vec<f64>, BrowseError> {
    let mut order: Vec<usize> = (0..traces.len()).collect();
    let trace = |i: usize| traces.get(i).copied().unwrap_or(u64::MAX);
    order.sort_unstable_by_key(|&i| trace(i));
    let mut values = vec![f64::NAN; traces.len()];
    let mut read = Vec::new();
    let mut next = 0;
    while let Some(&begin) = order.get(next) {
        let first = trace(begin);
        let mut last = first;
        let mut end = next;
        while let Some(&i) = order.get(end)
            && trace(i) <= last.saturating_add(GAP)
        {
            last = trace(i);
            end += 1;
        }
        read.clear();
        source.read_numbers(name, first..last.saturating_add(1), &mut read)?;
        for &i in order.get(next..end).unwrap_or_default() {
            let at = usize::try_from(trace(i) - first).unwrap_or(usize::MAX);
            if let (Some(place), Some(value)) = (values.get_mut(i), read.get(at)) {
                *place = *value;
            }
        }
        next = end;
    }
    Ok(values)
}

/// `range` in parts of so many traces.
pub(super) fn parts(range: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let size = size.max(1);
    let Range { start, end } = range;
    (0..end.saturating_sub(start).div_ceil(size)).map(move |i| {
        let first = start + i * size;
        first..end.min(first + size)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    #[test]
    fn scattered_traces_get_their_own_values_in_their_order() {
        let source = FakeSource::new(1000, 4).with_header("cdp", (0..1000).map(|i| i * 3));
        let values = numbers_of(&source, "cdp", &[900, 2, 3, 1, 999, 500]).unwrap();
        assert_eq!(values, [2700.0, 6.0, 9.0, 3.0, 2997.0, 1500.0]);
        assert!(numbers_of(&source, "cdp", &[]).unwrap().is_empty());
        assert!(numbers_of(&source, "no_such", &[1]).is_err());
    }
}
