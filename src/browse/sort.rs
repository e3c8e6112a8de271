//! In which order do the traces of a gather stand? As in the file, or by header values.

use std::cmp::Ordering;
use std::ops::Range;

use super::computed::read_key;
use super::{BrowseError, Gather, HeaderRow, TraceSource};

/// By which values the traces of a gather are sorted; several: by the first, then the second, and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// A header column, or a computed key.
    pub key: String,
    /// The largest first.
    pub descending: bool,
}

/// Sorts a gather. Equal traces stay in file order; those that lack a value stand last.
///
/// # Errors
/// As [`read_key`].
pub(super) fn sort_gather(
    source: &dyn TraceSource,
    gather: Gather,
    sort: &[SortBy],
) -> Result<Gather, BrowseError> {
    if sort.is_empty() {
        return Ok(gather);
    }
    let mut columns = Vec::new();
    for by in sort {
        columns.push((values_of(source, &gather, &by.key)?, by.descending));
    }
    let mut order: Vec<usize> = (0..gather.n_traces()).collect();
    order.sort_by(|&a, &b| compare(&columns, a, b));
    Ok(in_order(gather, &order))
}

/// From the gather's own header rows, or read once more.
fn values_of(
    source: &dyn TraceSource,
    gather: &Gather,
    key: &str,
) -> Result<Vec<Option<i64>>, BrowseError> {
    if let Some(row) = gather.headers.iter().find(|row| row.name == key) {
        return Ok(row.values.clone());
    }
    let mut values = Vec::with_capacity(gather.n_traces());
    let mut run: Option<Range<u64>> = None;
    for &trace in &gather.trace_indices {
        match &mut run {
            Some(run) if run.end == trace => run.end += 1,
            _ => {
                if let Some(run) = run.take() {
                    read_key(source, key, run, &mut values)?;
                }
                run = Some(trace..trace + 1);
            }
        }
    }
    if let Some(run) = run {
        read_key(source, key, run, &mut values)?;
    }
    Ok(values)
}

fn compare(columns: &[(Vec<Option<i64>>, bool)], a: usize, b: usize) -> Ordering {
    let value = |values: &[Option<i64>], i: usize| values.get(i).copied().flatten();
    columns
        .iter()
        .map(
            |(values, descending)| match (value(values, a), value(values, b)) {
                (Some(a), Some(b)) if *descending => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            },
        )
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn in_order(gather: Gather, order: &[usize]) -> Gather {
    let mut samples = Vec::with_capacity(gather.samples.len());
    for &i in order {
        samples.extend_from_slice(gather.trace(i));
    }
    let pick = |i: &usize| gather.trace_indices.get(*i).copied();
    let headers = gather.headers.iter().map(|row| HeaderRow {
        name: row.name.clone(),
        values: order
            .iter()
            .map(|&i| row.values.get(i).copied().flatten())
            .collect(),
    });
    let start_offsets = gather.start_offsets.as_ref().map(|offsets| {
        let pick = |i: &usize| offsets.get(*i).copied();
        order.iter().filter_map(pick).collect()
    });
    Gather {
        trace_indices: order.iter().filter_map(pick).collect(),
        start_offsets,
        headers: headers.collect(),
        samples,
        key: gather.key,
        n_samples: gather.n_samples,
        axis: gather.axis,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::load_range;

    fn by(key: &str, descending: bool) -> SortBy {
        SortBy {
            key: key.to_owned(),
            descending,
        }
    }

    #[test]
    fn traces_their_samples_and_their_headers_move_together() {
        let mut source = FakeSource::new(5, 2)
            .with_header("offset", [30, 10, 20, 10, 0])
            .with_header("channel", [1, 2, 3, 4, 5]);
        source.headers[0].1[4] = None;
        let gather = load_range(&source, 0..5, &["channel".to_owned()]).unwrap();
        let sorted = sort_gather(
            &source,
            gather.clone(),
            &[by("offset", false), by("channel", true)],
        )
        .unwrap();
        assert_eq!(sorted.trace_indices, [3, 1, 2, 0, 4]);
        for (i, &trace) in sorted.trace_indices.iter().enumerate() {
            assert_eq!(
                sorted.trace(i),
                [FakeSource::sample(trace, 0), FakeSource::sample(trace, 1)]
            );
        }
        let channels: Vec<i64> = sorted.headers[0].values.iter().copied().flatten().collect();
        assert_eq!(channels, [4, 2, 3, 1, 5]);
        // A value that is missing stands last, whichever way round.
        let sorted = sort_gather(&source, gather.clone(), &[by("abs(offset)", true)]).unwrap();
        assert_eq!(sorted.trace_indices, [0, 2, 1, 3, 4]);
        assert_eq!(
            sort_gather(&source, gather, &[]).unwrap().trace_indices,
            [0, 1, 2, 3, 4]
        );
    }
}
