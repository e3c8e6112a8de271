//! Which traces belong to which gather? All traces that share a key, wherever they lie in the file.

use std::collections::HashMap;
use std::ops::Range;

use super::computed::read_key;
use super::{BrowseError, TraceSource};
use crate::job::{JobContext, Phase};

/// Header values read at once while building: the importer's row group, some megabytes.
const BATCH_TRACES: u64 = 65_536;
/// Runs of traces in an index at most: 16 bytes each, 256 MiB, twice that while it grows.
const MOST_PIECES: u64 = 16 << 20;
/// A gather costs as much as so many runs.
const PIECES_OF_A_GATHER: u64 = 8;
/// Name of the key of panels, which have none of their own.
pub const PANEL_KEY: &str = "trace_index";

/// One gather: its key and where its traces lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatherEntry {
    /// One value a key name.
    pub key: Vec<i64>,
    /// Runs of consecutive traces, in file order.
    pub runs: Vec<Range<u64>>,
}

impl GatherEntry {
    /// Traces in all runs.
    pub fn n_traces(&self) -> u64 {
        self.runs.iter().map(|run| run.end - run.start).sum()
    }
}

/// All gathers of a source by some keys, ordered by key.
#[derive(Clone, Debug)]
pub struct GatherIndex {
    /// Column names; empty: fixed numbers of traces in file order.
    pub keys: Vec<String>,
    gathers: Vec<GatherEntry>,
    n_traces_without_key: u64,
}

impl GatherIndex {
    /// Builds the index by `keys`. With no keys: consecutive panels of `panel_traces` traces, whose
    /// key is the first trace's index. Traces that lack a key belong to no gather.
    ///
    /// # Errors
    /// `NoSuchHeader`; when headers cannot be read. `Ok(None)` when cancelled.
    pub fn build(
        source: &dyn TraceSource,
        keys: &[String],
        panel_traces: u64,
        context: &JobContext,
    ) -> Result<Option<Self>, BrowseError> {
        let n_traces = source.facts().n_traces;
        context.progress.enter(Phase::Scanning);
        context.progress.set_total(n_traces, 0);
        if keys.is_empty() {
            return Ok(Some(Self::of_panels(n_traces, panel_traces)));
        }
        let mut grouping = Grouping::default();
        if let Some(runs) = source.stored_runs(keys)? {
            for (key, traces) in runs {
                grouping.add(&key, traces);
            }
            return Ok(Some(grouping.finish(keys)));
        }
        let mut columns = vec![Vec::new(); keys.len()];
        let mut first = 0;
        while first < n_traces {
            if context.check_cancelled().is_err() {
                return Ok(None);
            }
            let batch = first..n_traces.min(first.saturating_add(BATCH_TRACES));
            for (name, column) in keys.iter().zip(&mut columns) {
                column.clear();
                read_key(source, name, batch.clone(), column)?;
            }
            grouping.add_batch(batch.clone(), &columns);
            grouping.check_size()?;
            context.progress.add(batch.end - batch.start, 0);
            first = batch.end;
        }
        Ok(Some(grouping.finish(keys)))
    }

    /// Panels of `panel_traces` traces (at least one) in file order.
    pub fn of_panels(n_traces: u64, panel_traces: u64) -> Self {
        let size = panel_traces.max(1);
        let gathers = (0..n_traces.div_ceil(size))
            .map(|i| {
                let first = i * size;
                let run = first..n_traces.min(first.saturating_add(size));
                GatherEntry {
                    key: vec![i64::try_from(first).unwrap_or(i64::MAX)],
                    runs: Vec::from([run]),
                }
            })
            .collect();
        Self {
            keys: Vec::new(),
            gathers,
            n_traces_without_key: 0,
        }
    }

    /// Number of gathers.
    pub fn len(&self) -> usize {
        self.gathers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.gathers.is_empty()
    }

    /// The gather at `position`.
    pub fn get(&self, position: usize) -> Option<&GatherEntry> {
        self.gathers.get(position)
    }

    /// All gathers, by key.
    pub fn gathers(&self) -> &[GatherEntry] {
        &self.gathers
    }

    /// Traces that no gather shows, because a key is missing in their headers.
    pub fn n_traces_without_key(&self) -> u64 {
        self.n_traces_without_key
    }

    /// Names and values of the key at `position`, for titles.
    pub fn named_key(&self, position: usize) -> Vec<(String, i64)> {
        let Some(entry) = self.get(position) else {
            return Vec::new();
        };
        let values = entry.key.iter().copied();
        if self.keys.is_empty() {
            return values.map(|v| (PANEL_KEY.to_owned(), v)).collect();
        }
        self.keys.iter().cloned().zip(values).collect()
    }

    /// The position of the gather that holds the trace; looks through all.
    pub fn find_trace(&self, trace_index: u64) -> Option<usize> {
        self.gathers
            .iter()
            .position(|gather| gather.runs.iter().any(|run| run.contains(&trace_index)))
    }

    /// The position of the gather whose key is `key`, or the nearest: `Ok` exact, `Err` nearest.
    /// With fewer values than keys, the first of those that begin so. `None` when empty.
    ///
    /// Nearest is nearest in the first key, then among those in the second, and so on; of two
    /// equally near the lower.
    pub fn find(&self, key: &[i64]) -> Option<Result<usize, usize>> {
        if self.gathers.is_empty() {
            return None;
        }
        let mut found = 0..self.gathers.len();
        let mut exact = true;
        let n_keys = self.gathers.first().map_or(0, |g| g.key.len());
        for (level, &wanted) in key.iter().take(n_keys).enumerate() {
            let value = nearest_value(&self.gathers[found.clone()], level, wanted);
            exact &= value == wanted;
            let among = &self.gathers[found.clone()];
            let start = among.partition_point(|g| g.key[level] < value);
            let end = among.partition_point(|g| g.key[level] <= value);
            found = found.start + start..found.start + end;
        }
        Some(if exact && key.len() <= n_keys {
            Ok(found.start)
        } else {
            Err(found.start)
        })
    }
}

/// The value of key `level` nearest to `wanted`. `gathers` is not empty and ordered by that key.
fn nearest_value(gathers: &[GatherEntry], level: usize, wanted: i64) -> i64 {
    let behind = gathers.partition_point(|g| g.key[level] < wanted);
    let above = gathers.get(behind).map(|g| g.key[level]);
    let below = behind.checked_sub(1).map(|i| gathers[i].key[level]);
    match (below, above) {
        (Some(below), Some(above)) if wanted.abs_diff(below) <= above.abs_diff(wanted) => below,
        (_, Some(above)) => above,
        (Some(below), None) => below,
        (None, None) => wanted,
    }
}

/// Runs being collected into gathers.
#[derive(Default)]
struct Grouping {
    gathers: Vec<GatherEntry>,
    position_by_key: HashMap<Vec<i64>, usize>,
    /// Where the last run went: most traces follow their neighbour.
    last: Option<usize>,
    /// Which gather came after each one when it was left last: in regular files it comes again.
    next: Vec<usize>,
    n_traces_without_key: u64,
    n_runs: u64,
}

impl Grouping {
    /// Adds one batch of header values, one column a key.
    fn add_batch(&mut self, traces: Range<u64>, columns: &[Vec<Option<i64>>]) {
        let mut key = Vec::with_capacity(columns.len());
        for (row, trace) in traces.enumerate() {
            key.clear();
            key.extend(columns.iter().filter_map(|c| c.get(row).copied().flatten()));
            if key.len() == columns.len() {
                self.add(&key, trace..trace + 1);
            } else {
                self.n_traces_without_key += 1;
            }
        }
    }

    /// Adds a run, joining it to the one before where it follows.
    fn add(&mut self, key: &[i64], traces: Range<u64>) {
        let position = self.position_of(key);
        self.last = Some(position);
        let runs = &mut self.gathers[position].runs;
        match runs.last_mut() {
            Some(run) if run.end == traces.start => run.end = traces.end,
            _ => {
                runs.push(traces);
                self.n_runs += 1;
            }
        }
    }

    /// Memory is bounded: a key that scatters every trace of a hundred million is refused.
    fn check_size(&self) -> Result<(), BrowseError> {
        let n_pieces = self.n_runs + self.gathers.len() as u64 * PIECES_OF_A_GATHER;
        if n_pieces > MOST_PIECES {
            return Err(BrowseError::IndexTooLarge {
                n_pieces,
                limit: MOST_PIECES,
            });
        }
        Ok(())
    }

    fn position_of(&mut self, key: &[i64]) -> usize {
        let is = |position: usize| self.gathers.get(position).is_some_and(|g| g.key == key);
        if let Some(last) = self.last {
            if is(last) {
                return last;
            }
            if let Some(&next) = self.next.get(last)
                && is(next)
            {
                return next;
            }
        }
        let position = self.position_by_key.get(key).copied().unwrap_or_else(|| {
            let position = self.gathers.len();
            self.position_by_key.insert(key.to_vec(), position);
            self.gathers.push(GatherEntry {
                key: key.to_vec(),
                runs: Vec::new(),
            });
            self.next.push(usize::MAX);
            position
        });
        if let Some(next) = self.last.and_then(|last| self.next.get_mut(last)) {
            *next = position;
        }
        position
    }

    fn finish(mut self, keys: &[String]) -> GatherIndex {
        self.gathers.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        GatherIndex {
            keys: keys.to_vec(),
            gathers: self.gathers,
            n_traces_without_key: self.n_traces_without_key,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use proptest::prelude::*;

    fn names(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|&k| k.to_owned()).collect()
    }

    fn build(source: &FakeSource, keys: &[&str]) -> GatherIndex {
        GatherIndex::build(source, &names(keys), 10, &JobContext::default())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn a_computed_key_gives_bins() {
        let source = FakeSource::new(6, 1).with_header("offset", [10, 120, 230, 15, 125, -5]);
        let index = build(&source, &["bin(offset, 100)"]);
        let keys: Vec<i64> = index.gathers().iter().map(|g| g.key[0]).collect();
        assert_eq!(keys, [-100, 0, 100, 200]);
        assert_eq!(index.gathers()[1].runs, [0..1, 3..4]);
        let wrong = GatherIndex::build(&source, &names(&["bin(offset"]), 1, &JobContext::default());
        let words = wrong.unwrap_err().to_string();
        assert!(words.starts_with("\"bin(offset\" is not a key"), "{words}");
    }

    #[test]
    fn an_index_that_would_not_fit_into_memory_is_refused() {
        let grouping = Grouping {
            n_runs: MOST_PIECES + 1,
            ..Grouping::default()
        };
        let words = grouping.check_size().unwrap_err().to_string();
        assert!(words.contains("Choose a coarser key"), "{words}");
    }

    #[test]
    fn unsorted_traces_give_gathers_of_several_runs_ordered_by_key() {
        let source = FakeSource::new(8, 4).with_header("cdp", [2, 2, 1, 1, 2, 2, 3, 3]);
        let index = build(&source, &["cdp"]);
        assert_eq!(index.len(), 3);
        assert_eq!(index.get(0).unwrap().runs, vec![2..4]);
        assert_eq!(index.get(1).unwrap().runs, vec![0..2, 4..6]);
        assert_eq!(index.get(1).unwrap().n_traces(), 4);
        assert_eq!(index.named_key(2), [("cdp".to_owned(), 3)]);
        assert_eq!(index.find_trace(4), Some(1));
    }

    #[test]
    fn without_keys_there_are_panels_and_the_last_is_short() {
        let index = build(&FakeSource::new(25, 4), &[]);
        let runs: Vec<_> = index.gathers().iter().map(|g| g.runs[0].clone()).collect();
        assert_eq!(runs, [0..10, 10..20, 20..25]);
        assert_eq!(index.find(&[20]), Some(Ok(2)));
        assert_eq!(index.find(&[12]), Some(Err(1)));
    }

    #[test]
    fn stored_runs_give_the_same_index_as_headers() {
        let values = [5, 5, 4, 4, 4, 5, 9];
        let plain = FakeSource::new(7, 4).with_header("cdp", values);
        let mut stored = FakeSource::new(7, 4);
        stored.runs = Some(vec![
            (vec![5], 0..2),
            (vec![4], 2..5),
            (vec![5], 5..6),
            (vec![9], 6..7),
        ]);
        let (a, b) = (build(&plain, &["cdp"]), build(&stored, &["cdp"]));
        assert_eq!(a.gathers(), b.gathers());
    }

    #[test]
    fn traces_without_a_key_are_counted_not_shown() {
        let mut source = FakeSource::new(4, 4).with_header("cdp", [1, 1, 1, 1]);
        source.headers[0].1[2] = None;
        let index = build(&source, &["cdp"]);
        assert_eq!(index.n_traces_without_key(), 1);
        assert_eq!(index.get(0).unwrap().runs, vec![0..2, 3..4]);
    }

    #[test]
    fn find_gives_the_exact_the_first_of_a_prefix_or_the_nearest() {
        let source = FakeSource::new(6, 4)
            .with_header("inline", [10, 10, 10, 20, 20, 30])
            .with_header("crossline", [1, 5, 9, 1, 100, 7]);
        let index = build(&source, &["inline", "crossline"]);
        assert_eq!(index.find(&[10, 5]), Some(Ok(1)));
        assert_eq!(index.find(&[20]), Some(Ok(3)));
        assert_eq!(index.find(&[]), Some(Ok(0)));
        assert_eq!(index.find(&[10, 8]), Some(Err(2)));
        assert_eq!(index.find(&[10, 3]), Some(Err(0)));
        assert_eq!(index.find(&[22, 90]), Some(Err(4)));
        assert_eq!(index.find(&[-5]), Some(Err(0)));
        assert_eq!(index.find(&[i64::MAX, 0]), Some(Err(5)));
        assert_eq!(index.find(&[10, 5, 1]), Some(Err(1)));
    }

    #[test]
    fn an_empty_source_has_no_gathers_and_finds_none() {
        let index = build(&FakeSource::new(0, 4), &[]);
        assert!(index.is_empty());
        assert_eq!(index.find(&[1]), None);
    }

    #[test]
    fn a_wrong_key_is_an_error_and_cancel_gives_nothing() {
        let source = FakeSource::new(8, 4).with_header("cdp", [1; 8]);
        let context = JobContext::default();
        let wrong = GatherIndex::build(&source, &names(&["cpd"]), 1, &context);
        assert!(matches!(wrong, Err(BrowseError::NoSuchHeader { .. })));
        context.cancel.cancel();
        let cancelled = GatherIndex::build(&source, &names(&["cdp"]), 1, &context);
        assert!(cancelled.unwrap().is_none());
    }

    proptest! {
        #[test]
        fn the_gathers_partition_the_traces(values in proptest::collection::vec(0i64..6, 1..200)) {
            let n = values.len() as u64;
            let source = FakeSource::new(n, 1).with_header("cdp", values.clone());
            let index = build(&source, &["cdp"]);
            let mut seen = vec![false; values.len()];
            for gather in index.gathers() {
                for trace in gather.runs.iter().cloned().flatten() {
                    let i = usize::try_from(trace).unwrap();
                    prop_assert_eq!(values[i], gather.key[0]);
                    prop_assert!(!std::mem::replace(&mut seen[i], true));
                }
                prop_assert!(gather.runs.windows(2).all(|p| p[0].end < p[1].start));
            }
            prop_assert!(seen.into_iter().all(|s| s));
            prop_assert!(index.gathers().is_sorted_by(|a, b| a.key < b.key));
        }
    }
}
