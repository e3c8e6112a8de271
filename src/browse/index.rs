//! Which traces belong to which gather? All traces that share a key, wherever they lie in the file.
//!
//! Flat arrays, because there may be millions of gathers: a gather with one key and one run of traces
//! costs 20 bytes, 4 or 8 more for each further key.
//!
//! ```text
//! values  [keys × gather]  ordered by key
//! first   [gather + 1]     its first run
//! runs    [run]            of one gather one behind the other, in file order
//! ```

use std::ops::Range;

use rayon::prelude::*;

use super::computed::read_key;
use super::grouping::Grouping;
use super::key_values::KeyValues;
use super::run::Run;
use super::{BrowseError, TraceSource};
use crate::job::{JobContext, Phase};

/// Header values read at once while building: the importer's row group, some megabytes.
const BATCH_TRACES: u64 = 65_536;
/// Read side by side, and as many while these are grouped: some megabytes a key.
const BATCHES: u64 = 4;
/// Bytes of an index at most; up to twice that while it is built.
/// Ten million gathers of one trace by three keys fit into it.
pub(super) const LIMIT_BYTES: u64 = 320 << 20;
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatherIndex {
    /// Column names; empty: fixed numbers of traces in file order.
    pub keys: Vec<String>,
    pub(super) values: KeyValues,
    pub(super) first: Vec<u32>,
    pub(super) runs: Vec<Run>,
    pub(super) n_traces_without_key: u64,
}

impl GatherIndex {
    /// Builds the index by `keys`. With no keys: consecutive panels of `panel_traces` traces, whose
    /// key is the first trace's index. Traces that lack a key belong to no gather.
    ///
    /// # Errors
    /// `NoSuchHeader`; `IndexTooLarge`; when headers cannot be read. `Ok(None)` when cancelled.
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
        let mut grouping = Grouping::new(keys.len());
        if let Some(runs) = source.stored_runs(keys)? {
            for (key, traces) in runs {
                grouping.add(&key, traces);
                check_size(&grouping, LIMIT_BYTES)?;
            }
            return Ok(Some(grouping.finish(keys)));
        }
        let mut read = read_batches(source, keys, 0, n_traces)?;
        while let Some(end) = read.last().map(|batch| batch.traces.end) {
            if context.check_cancelled().is_err() {
                return Ok(None);
            }
            // The next are read while these are grouped.
            let group = || read.iter().try_for_each(|b| grouping.take(b, n_traces));
            let (next, grouped) = rayon::join(|| read_batches(source, keys, end, n_traces), group);
            grouped?;
            let grouped: u64 = read.iter().map(|b| b.traces.end - b.traces.start).sum();
            context.progress.add(grouped, 0);
            read = next?;
        }
        Ok(Some(grouping.finish(keys)))
    }

    /// Panels of `panel_traces` traces (at least one) in file order.
    pub fn of_panels(n_traces: u64, panel_traces: u64) -> Self {
        let size = panel_traces.clamp(1, u64::from(u32::MAX));
        let mut index = Self {
            values: KeyValues::new(1),
            first: vec![0],
            ..Self::default()
        };
        for (gather, i) in (0..u32::MAX).zip(0..n_traces.div_ceil(size)) {
            let start = i * size;
            index
                .values
                .push(&[i64::try_from(start).unwrap_or(i64::MAX)]);
            index
                .runs
                .push(Run::new(start, (n_traces - start).min(size)));
            index.first.push(gather + 1);
        }
        index
    }

    /// Number of gathers.
    pub fn len(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The gather at `position`.
    pub fn get(&self, position: usize) -> Option<GatherEntry> {
        let key = self.key(position)?;
        let mut runs: Vec<Range<u64>> = Vec::new();
        for run in self.runs_of(position) {
            match runs.last_mut() {
                // One that was too long for a piece.
                Some(last) if last.end == run.start() => last.end = run.end(),
                _ => runs.push(run.start()..run.end()),
            }
        }
        Some(GatherEntry { key, runs })
    }

    /// The key of the gather at `position`.
    pub fn key(&self, position: usize) -> Option<Vec<i64>> {
        self.values.row(position)
    }

    /// Traces of the gather at `position`; 0 where there is none.
    pub fn n_traces_of(&self, position: usize) -> u64 {
        let runs = self.runs_of(position).iter();
        runs.map(|run| u64::from(run.n_traces())).sum()
    }

    fn runs_of(&self, position: usize) -> &[Run] {
        let at = |i: usize| self.first.get(i).map(|first| *first as usize);
        match (at(position), at(position + 1)) {
            (Some(from), Some(to)) => self.runs.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// All gathers, by key.
    pub fn gathers(&self) -> impl Iterator<Item = GatherEntry> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// Bytes in memory.
    pub fn size_bytes(&self) -> usize {
        self.values.len() * self.values.bytes_each()
            + size_of_val(self.first.as_slice())
            + size_of_val(self.runs.as_slice())
    }

    /// Traces that no gather shows, because a key is missing in their headers.
    pub fn n_traces_without_key(&self) -> u64 {
        self.n_traces_without_key
    }

    /// Names and values of the key at `position`, for titles.
    pub fn named_key(&self, position: usize) -> Vec<(String, i64)> {
        let Some(key) = self.key(position) else {
            return Vec::new();
        };
        let values = key.into_iter();
        if self.keys.is_empty() {
            return values.map(|v| (PANEL_KEY.to_owned(), v)).collect();
        }
        self.keys.iter().cloned().zip(values).collect()
    }

    /// The position of the gather that holds the trace; looks through all.
    pub fn find_trace(&self, trace_index: u64) -> Option<usize> {
        let holds = |run: &Run| (run.start()..run.end()).contains(&trace_index);
        let run = self.runs.iter().position(holds)?;
        let begun = (self.first).partition_point(|first| *first as usize <= run);
        begun.checked_sub(1)
    }

    /// The position of the gather whose key is `key`, or the nearest: `Ok` exact, `Err` nearest.
    /// With fewer values than keys, the first of those that begin so. `None` when empty.
    ///
    /// Nearest is nearest in the first key, then among those in the second, and so on; of two
    /// equally near the lower.
    pub fn find(&self, key: &[i64]) -> Option<Result<usize, usize>> {
        if self.is_empty() {
            return None;
        }
        let mut found = 0..self.len();
        let mut exact = true;
        for (level, &wanted) in key.iter().take(self.values.n_keys()).enumerate() {
            let value = self.nearest_value(found.clone(), level, wanted);
            exact &= value == wanted;
            let start = self.first_where(found.clone(), level, |v| v >= value);
            let end = self.first_where(found.clone(), level, |v| v > value);
            found = start..end;
        }
        Some(if exact && key.len() <= self.values.n_keys() {
            Ok(found.start)
        } else {
            Err(found.start)
        })
    }

    fn value(&self, position: usize, level: usize) -> Option<i64> {
        self.values.get(position, level)
    }

    /// The first of `among`, which are ordered by the key `level`, whose value is so; the end where none is.
    fn first_where(&self, among: Range<usize>, level: usize, is: impl Fn(i64) -> bool) -> usize {
        let Range { mut start, mut end } = among;
        while start < end {
            let middle = start + (end - start) / 2;
            if self.value(middle, level).is_some_and(&is) {
                end = middle;
            } else {
                start = middle + 1;
            }
        }
        start
    }

    /// The value of key `level` nearest to `wanted`. `among` is not empty and ordered by that key.
    fn nearest_value(&self, among: Range<usize>, level: usize, wanted: i64) -> i64 {
        let behind = self.first_where(among.clone(), level, |v| v >= wanted);
        let above = self.value(behind, level).filter(|_| behind < among.end);
        let below = (behind > among.start).then(|| self.value(behind - 1, level));
        match (below.flatten(), above) {
            (Some(below), Some(above)) if wanted.abs_diff(below) <= above.abs_diff(wanted) => below,
            (_, Some(above)) => above,
            (Some(below), None) => below,
            (None, None) => wanted,
        }
    }
}

/// Header values of consecutive traces, one column a key.
struct Batch {
    traces: Range<u64>,
    columns: Vec<Vec<Option<i64>>>,
}

impl Grouping {
    fn take(&mut self, batch: &Batch, n_traces: u64) -> Result<(), BrowseError> {
        self.add_batch(batch.traces.clone(), &batch.columns, n_traces);
        check_size(self, LIMIT_BYTES)
    }
}

/// Reads the next batches from trace `first` on, side by side; none at the end.
fn read_batches(
    source: &dyn TraceSource,
    keys: &[String],
    first: u64,
    n_traces: u64,
) -> Result<Vec<Batch>, BrowseError> {
    let starts = (0..BATCHES).map(|i| first.saturating_add(i * BATCH_TRACES));
    let starts: Vec<u64> = starts.take_while(|start| *start < n_traces).collect();
    let read = |start: &u64| {
        let traces = *start..n_traces.min(start.saturating_add(BATCH_TRACES));
        let column = |name: &String| {
            let mut column = Vec::new();
            read_key(source, name, traces.clone(), &mut column)?;
            Ok(column)
        };
        let columns: Result<_, BrowseError> = keys.iter().map(column).collect();
        Ok(Batch {
            columns: columns?,
            traces,
        })
    };
    starts.par_iter().map(read).collect()
}

/// Memory is bounded: a key that scatters every trace of a hundred million is refused.
fn check_size(grouping: &Grouping, limit_bytes: u64) -> Result<(), BrowseError> {
    let needed_bytes = grouping.index_bytes();
    if needed_bytes > limit_bytes {
        return Err(BrowseError::IndexTooLarge {
            n_gathers: grouping.n_gathers() as u64,
            n_runs: grouping.n_runs() as u64,
            needed_bytes,
            limit_bytes,
        });
    }
    Ok(())
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
        let keys: Vec<i64> = index.gathers().map(|g| g.key[0]).collect();
        assert_eq!(keys, [-100, 0, 100, 200]);
        assert_eq!(index.get(1).unwrap().runs, [0..1, 3..4]);
        let wrong = GatherIndex::build(&source, &names(&["bin(offset"]), 1, &JobContext::default());
        let words = wrong.unwrap_err().to_string();
        assert!(words.starts_with("\"bin(offset\" is not a key"), "{words}");
    }

    #[test]
    fn ten_million_gathers_fit_and_a_hundred_million_scattered_traces_are_refused() {
        let index = GatherIndex::of_panels(1_000_000, 1);
        assert_eq!(index.len(), 1_000_000);
        assert!(index.size_bytes() <= 20 * 1_000_000 + 4);
        const { assert!(10_000_000 * (20 + 2 * 4) < LIMIT_BYTES) };
        let mut grouping = Grouping::new(1);
        for trace in 0..6 {
            grouping.add(
                &[trace % 2],
                trace.cast_unsigned()..trace.cast_unsigned() + 1,
            );
        }
        assert!(check_size(&grouping, 6 * 12 + 2 * 8).is_ok());
        let words = check_size(&grouping, 87).unwrap_err().to_string();
        assert!(words.contains("2 gathers and 6 runs"), "{words}");
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
        let runs: Vec<_> = index.gathers().map(|g| g.runs[0].clone()).collect();
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
        assert_eq!(a, b);
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
            for trace in 0..n {
                let found = index.get(index.find_trace(trace).unwrap()).unwrap();
                prop_assert!(found.runs.iter().any(|run| run.contains(&trace)));
            }
        }
    }
}
