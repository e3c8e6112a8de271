//! Where along a line does one gather end and the next begin?

use std::ops::Range;

use super::{BrowseError, TraceSource, read_key};

/// The traces of a stretch whose key differs from that of the trace before; never its first.
///
/// # Errors
/// As [`read_key`].
pub fn key_changes(
    source: &dyn TraceSource,
    keys: &[String],
    traces: &Range<u64>,
) -> Result<Vec<u64>, BrowseError> {
    let mut changes = Vec::new();
    let mut values = Vec::new();
    for key in keys {
        values.clear();
        read_key(source, key, traces.clone(), &mut values)?;
        let other = values.windows(2).enumerate();
        let other = other.filter(|(_, pair)| pair.first() != pair.last());
        changes.extend(other.map(|(i, _)| traces.start + i as u64 + 1));
    }
    changes.sort_unstable();
    changes.dedup();
    Ok(changes)
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
        let of = |keys: &[&str], traces: Range<u64>| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            key_changes(&source, &keys, &traces).unwrap()
        };
        assert_eq!(of(&["shot"], 0..8), [3]);
        assert_eq!(of(&["shot", "line"], 0..8), [3, 5]);
        assert_eq!(
            of(&["shot", "line"], 3..8),
            [5],
            "the first is compared with nothing"
        );
        assert_eq!(of(&["bin(shot, 10)"], 0..8), [0_u64; 0]);
        assert!(of(&[], 0..8).is_empty() && of(&["shot"], 4..4).is_empty());
        assert!(key_changes(&source, &["none".to_owned()], &(0..8)).is_err());
    }
}
