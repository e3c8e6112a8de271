//! How long are gathers that are longer than a look? A few headers around it tell.
//!
//! From a trace on, steps are doubled until the word differs, then halved: some twenty headers for
//! each end, at any size of the file. A word that changes and comes back within a step is missed;
//! that is why the result is an estimate.

use crate::import::MappedColumn;
use crate::segy::{SegyError, SegyFile};

/// Gathers in the file, by the lengths of those around the traces `at`; `None` where one of them
/// is not to be had.
///
/// A trace picked at random lies in a gather of n traces with a chance of n in all: so that the
/// mean of 1/n is the number of gathers a trace.
pub(super) fn gathers_by_lengths(
    file: &SegyFile,
    column: &MappedColumn,
    at: &[u64],
) -> Result<Option<u64>, SegyError> {
    let n_traces = file.layout().n_traces;
    let mut inverse_lengths = 0.0;
    for &trace_index in at {
        let Some(length) = run_length(n_traces, trace_index, |i| value(file, column, i))? else {
            return Ok(None);
        };
        inverse_lengths += 1.0 / length as f64;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and no more than the number of traces"
    )]
    let n_gathers = (n_traces as f64 * inverse_lengths / (at.len() as f64).max(1.0)).round() as u64;
    Ok(Some(n_gathers.clamp(1, n_traces.max(1))))
}

fn value(file: &SegyFile, column: &MappedColumn, trace: u64) -> Result<Option<i64>, SegyError> {
    let start = file.position_of(trace)?;
    let header = file.read_bytes(start..start + 240)?;
    let order = file.layout().byte_order.value;
    Ok(column.kind.read_i64(&header, column.byte, order))
}

/// Traces around `from` with its value.
fn run_length(
    n_traces: u64,
    from: u64,
    value: impl Fn(u64) -> Result<Option<i64>, SegyError>,
) -> Result<Option<u64>, SegyError> {
    let Some(wanted) = value(from)? else {
        return Ok(None);
    };
    let same = |trace: u64| Ok::<_, SegyError>(value(trace)? == Some(wanted));
    let after = reach(n_traces - 1 - from, |distance| same(from + distance))?;
    let before = reach(from, |distance| same(from - distance))?;
    Ok(Some(before + 1 + after))
}

/// The largest distance up to `limit` that is still the same, as far as steps of doubled and then
/// halved length can tell.
fn reach(limit: u64, same: impl Fn(u64) -> Result<bool, SegyError>) -> Result<u64, SegyError> {
    let (mut good, mut step) = (0, 1);
    let mut bad = loop {
        if good == limit {
            return Ok(limit);
        }
        let next = (good + step).min(limit);
        if !same(next)? {
            break next;
        }
        good = next;
        step *= 2;
    };
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if same(middle)? {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Ok(good)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_run_is_measured_from_any_of_its_traces() {
        let values: Vec<i64> = [3, 1, 700, 2, 1000]
            .iter()
            .zip(0..)
            .flat_map(|(&n, value)| std::iter::repeat_n(value, n))
            .collect();
        let n = values.len() as u64;
        for (trace, &wanted) in values.iter().enumerate() {
            let length = run_length(n, trace as u64, |i| {
                Ok(values.get(usize::try_from(i).unwrap()).copied())
            });
            let expected = values.iter().filter(|&&value| value == wanted).count() as u64;
            assert_eq!(length.unwrap(), Some(expected), "trace {trace}");
        }
    }
}
