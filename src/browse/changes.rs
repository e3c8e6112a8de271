//! Where along a line does one gather end and the next begin, and what is its key?

use std::ops::Range;

use super::{BrowseError, TraceSource, read_key};

/// Neighbouring traces of the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameKey {
    /// The first trace of it; of the first run, the first that was looked at.
    pub first: u64,
    /// A value for each key; `None` where there is none.
    pub key: Vec<Option<i64>>,
}

/// The traces of a stretch in runs of the same key.
///
/// # Errors
/// As [`read_key`].
pub fn same_keys(
    source: &dyn TraceSource,
    keys: &[String],
    traces: &Range<u64>,
) -> Result<Vec<SameKey>, BrowseError> {
    let mut columns = Vec::with_capacity(keys.len());
    for key in keys {
        let mut values = Vec::new();
        read_key(source, key, traces.clone(), &mut values)?;
        columns.push(values);
    }
    let key_of = |place: usize| columns.iter().map(move |c| c.get(place).copied().flatten());
    let mut runs: Vec<SameKey> = Vec::new();
    if columns.is_empty() {
        return Ok(runs);
    }
    for (place, first) in traces.clone().enumerate() {
        let goes_on = runs
            .last()
            .is_some_and(|run| run.key.iter().copied().eq(key_of(place)));
        if !goes_on {
            let key = key_of(place).collect();
            runs.push(SameKey { first, key });
        }
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    #[test]
    fn a_gather_ends_where_any_of_its_keys_changes() {
        let source = FakeSource::new(8, 1)
            .with_header("shot", [1, 1, 1, 2, 2, 2, 2, 2])
            .with_header("line", [7, 7, 7, 7, 7, 8, 8, 8]);
        let runs = |keys: &[&str], traces: Range<u64>| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            same_keys(&source, &keys, &traces).unwrap()
        };
        let of = |keys: &[&str], traces: Range<u64>| {
            let all = runs(keys, traces);
            all.into_iter().map(|run| run.first).collect::<Vec<_>>()
        };
        assert_eq!(of(&["shot"], 0..8), [0, 3]);
        assert_eq!(of(&["shot", "line"], 0..8), [0, 3, 5]);
        assert_eq!(of(&["shot", "line"], 3..8), [3, 5]);
        assert_eq!(of(&["bin(shot, 10)"], 0..8), [0]);
        assert!(of(&[], 0..8).is_empty() && of(&["shot"], 4..4).is_empty());
        assert!(same_keys(&source, &["none".to_owned()], &(0..8)).is_err());
        let last = runs(&["shot", "line"], 0..8).pop().unwrap();
        assert_eq!(last.key, [Some(2), Some(8)]);
    }
}
