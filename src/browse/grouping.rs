//! How are runs of traces collected into gathers? In flat arrays, by a table of positions.
//!
//! Keys lie one behind the other in the order in which they were met first; a table of positions,
//! filled by a seeded hash, finds them again. Most traces need no table: they follow their
//! neighbour, or come in the order in which gathers came the time before, or are new because they
//! are greater than all before.
//!
//! Where none of that holds, and there are many gathers, [`ScatteredTraces`] takes over.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use rayon::prelude::*;

use super::GatherIndex;
use super::index::LIMIT_BYTES;
use super::key_values::KeyValues;
use super::run::Run;
use super::scattered::ScatteredTraces;

/// Nothing here, or nothing known.
const NONE: u32 = u32::MAX;
/// The table is made larger when it is fuller than this.
const MOST_FULL: (usize, usize) = (5, 8);
/// With fewer gathers their table lies in the processor's cache.
const MANY_GATHERS: usize = 1 << 15;
/// One search in the table for so many traces is too many then.
const TRACES_A_SEARCH: u64 = 4;

/// Runs being collected into gathers.
#[derive(Debug)]
pub(super) struct Grouping {
    /// Of each gather, in the order in which they were met.
    keys: KeyValues,
    /// Which gather came after each one when it was left last: in regular files it comes again.
    next: Vec<u32>,
    /// Positions of gathers, by the hash of their keys; its length is a power of two. Empty as long
    /// as every new key was greater than all before.
    table: Vec<u32>,
    /// Chosen anew each time: no file can be made so that all its keys fall together.
    seeds: [u64; 2],
    /// In file order.
    runs: Vec<Run>,
    /// The gather of each.
    gathers: Vec<u32>,
    /// Where the last run went: most traces follow their neighbour.
    last: u32,
    n_traces_without_key: u64,
    /// Times that the table was asked.
    n_searches: u64,
    /// In place of everything above, once traces were found to be scattered.
    scattered: Option<ScatteredTraces>,
}

impl Grouping {
    /// None yet, by so many keys.
    pub(super) fn new(n_keys: usize) -> Self {
        let random = RandomState::new();
        Self {
            keys: KeyValues::new(n_keys),
            next: Vec::new(),
            table: Vec::new(),
            seeds: [random.hash_one(1), random.hash_one(2)],
            runs: Vec::new(),
            gathers: Vec::new(),
            last: NONE,
            n_traces_without_key: 0,
            n_searches: 0,
            scattered: None,
        }
    }

    pub(super) fn n_gathers(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn n_runs(&self) -> usize {
        self.runs.len()
    }

    /// Bytes of the index that this will become.
    pub(super) fn index_bytes(&self) -> u64 {
        let gathers = self.n_gathers() * (self.keys.bytes_each() + size_of::<u32>());
        (gathers + self.runs.len() * size_of::<Run>()) as u64
    }

    /// Adds the next batch of header values, one column a key, of a source with so many traces.
    /// Batches begin at the first trace and leave none out.
    pub(super) fn add_batch(
        &mut self,
        traces: Range<u64>,
        columns: &[Vec<Option<i64>>],
        n_all_traces: u64,
    ) {
        if let Some(scattered) = &mut self.scattered {
            scattered.add_columns(columns);
            return;
        }
        let end = traces.end;
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
        let many = self.n_gathers() >= MANY_GATHERS;
        let each = self.keys.bytes_each() + size_of::<u32>() + size_of::<Run>();
        let fits = n_all_traces.saturating_mul(each as u64) <= LIMIT_BYTES;
        if many && self.n_searches * TRACES_A_SEARCH > end && fits {
            self.scatter(end);
        }
    }

    /// Lets all traces be sorted from here on.
    fn scatter(&mut self, n_traces: u64) {
        let mut scattered = ScatteredTraces::new(self.keys.n_keys());
        for (run, gather) in self.runs.iter().zip(&self.gathers) {
            scattered.add_without_key_until(run.start());
            let key = self.keys.row(*gather as usize).unwrap_or_default();
            (0..run.n_traces()).for_each(|_| scattered.add(&key));
        }
        scattered.add_without_key_until(n_traces);
        *self = Self {
            scattered: Some(scattered),
            ..Self::new(self.keys.n_keys())
        };
    }

    /// Adds a run, joining it to the one before where it follows. Runs come in file order.
    pub(super) fn add(&mut self, key: &[i64], traces: Range<u64>) {
        let gather = self.position_of(key);
        let is_same = gather == self.last;
        self.last = gather;
        let mut start = traces.start;
        if is_same
            && let Some(run) = self.runs.last_mut()
            && run.end() == start
        {
            start += u64::from(run.lengthen(traces.end - start));
        }
        while start < traces.end {
            let run = Run::new(start, traces.end - start);
            self.runs.push(run);
            self.gathers.push(gather);
            start = run.end();
        }
    }

    fn position_of(&mut self, key: &[i64]) -> u32 {
        if self.last != NONE {
            if self.keys.is(self.last as usize, key) {
                return self.last;
            }
            let next = self.next.get(self.last as usize).copied();
            if let Some(next) = next.filter(|next| *next != NONE)
                && self.keys.is(next as usize, key)
            {
                return next;
            }
        }
        let gather = self.found_or_added(key);
        if let Some(next) = self.next.get_mut(self.last as usize) {
            *next = gather;
        }
        gather
    }

    fn found_or_added(&mut self, key: &[i64]) -> u32 {
        if self.table.is_empty() {
            if self.keys.is_behind_last(key) {
                return self.add_gather(key);
            }
            self.fill_table();
        }
        self.n_searches += 1;
        let mut slot = self.slot_of(self.hash_of(key.iter().copied()));
        while let Some(gather) = self.table.get(slot).copied().filter(|g| *g != NONE) {
            if self.keys.is(gather as usize, key) {
                return gather;
            }
            slot = self.behind(slot);
        }
        let gather = self.add_gather(key);
        if let Some(place) = self.table.get_mut(slot) {
            *place = gather;
        }
        if self.n_gathers() * MOST_FULL.1 > self.table.len() * MOST_FULL.0 {
            self.fill_table();
        }
        gather
    }

    fn add_gather(&mut self, key: &[i64]) -> u32 {
        // The limit of the index' bytes is reached long before this.
        let gather = u32::try_from(self.n_gathers()).unwrap_or(NONE - 1);
        self.keys.push(key);
        self.next.push(NONE);
        gather
    }

    fn hash_of(&self, key: impl Iterator<Item = i64>) -> u64 {
        let [seed, factor] = self.seeds;
        key.fold(seed, |hash, value| {
            let mixed = u128::from(hash ^ value.cast_unsigned()) * u128::from(factor | 1);
            #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
            let (low, high) = (mixed as u64, (mixed >> 64) as u64);
            low ^ high
        })
    }

    fn slot_of(&self, hash: u64) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "only some bits are used")]
        let slot = hash as usize;
        slot & (self.table.len() - 1)
    }

    fn behind(&self, slot: usize) -> usize {
        (slot + 1) & (self.table.len() - 1)
    }

    /// Makes the table anew, with room for twice as many gathers as there are.
    fn fill_table(&mut self) {
        let room = self.n_gathers().max(32) * 2 * MOST_FULL.1 / MOST_FULL.0;
        self.table.clear();
        self.table.resize(room.next_power_of_two(), NONE);
        for (gather, row) in (0..NONE).zip(0..self.n_gathers()) {
            let values = (0..self.keys.n_keys()).filter_map(|level| self.keys.get(row, level));
            let mut slot = self.slot_of(self.hash_of(values));
            while self.table.get(slot).is_some_and(|there| *there != NONE) {
                slot = self.behind(slot);
            }
            if let Some(place) = self.table.get_mut(slot) {
                *place = gather;
            }
        }
    }

    /// The index, ordered by key.
    pub(super) fn finish(mut self, names: &[String]) -> GatherIndex {
        if let Some(scattered) = self.scattered {
            return scattered.finish(names);
        }
        self.table = Vec::new();
        self.next = Vec::new();
        if !self.keys.is_sorted() {
            self.order_gathers();
        }
        let mut first = vec![0_u32; self.n_gathers() + 1];
        for gather in &self.gathers {
            if let Some(n) = first.get_mut(*gather as usize + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut first {
            sum += *n;
            *n = sum;
        }
        if !self.gathers.is_sorted() {
            self.runs = grouped(&self.runs, &self.gathers, &first);
        }
        self.keys.shrink_to_fit();
        self.runs.shrink_to_fit();
        GatherIndex {
            keys: names.to_vec(),
            values: self.keys,
            first,
            runs: self.runs,
            n_traces_without_key: self.n_traces_without_key,
        }
    }

    fn order_gathers(&mut self) {
        let order = self.keys.order();
        let mut rank = vec![0_u32; order.len()];
        for (new, &old) in (0_u32..).zip(&order) {
            if let Some(rank) = rank.get_mut(old as usize) {
                *rank = new;
            }
        }
        self.keys.reorder(&order);
        (self.gathers.par_iter_mut())
            .for_each(|gather| *gather = rank.get(*gather as usize).copied().unwrap_or(0));
    }
}

/// The runs of each gather one behind the other, in the order in which they were.
fn grouped(runs: &[Run], gathers: &[u32], first: &[u32]) -> Vec<Run> {
    let mut places = first.to_vec();
    let mut grouped = vec![Run::new(0, 0); runs.len()];
    for (run, gather) in runs.iter().zip(gathers) {
        let Some(place) = places.get_mut(*gather as usize) else {
            continue;
        };
        if let Some(slot) = grouped.get_mut(*place as usize) {
            *slot = *run;
        }
        *place += 1;
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Keys = Vec<Option<Vec<i64>>>;

    fn names(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("key {i}")).collect()
    }

    fn columns(keys: &[Option<Vec<i64>>], n_keys: usize) -> Vec<Vec<Option<i64>>> {
        let level = |level: usize| {
            let values = keys.iter().map(|key| key.as_ref().map(|key| key[level]));
            values.collect()
        };
        (0..n_keys).map(level).collect()
    }

    /// By the table, and by sorting from trace `scattered_from` on; and as a plain map groups them.
    fn check(keys: &Keys, n_keys: usize, scattered_from: usize) -> Result<(), TestCaseError> {
        let mut plain: BTreeMap<Vec<i64>, Vec<Range<u64>>> = BTreeMap::new();
        for (trace, key) in (0..).zip(keys) {
            let Some(key) = key else { continue };
            let runs = plain.entry(key.clone()).or_default();
            match runs.last_mut() {
                Some(run) if run.end == trace => run.end += 1,
                _ => runs.push(trace..trace + 1),
            }
        }
        let n = keys.len() as u64;
        let mut by_table = Grouping::new(n_keys);
        by_table.add_batch(0..n, &columns(keys, n_keys), n);
        let by_table = by_table.finish(&names(n_keys));
        let found: Vec<_> = by_table.gathers().map(|g| (g.key, g.runs)).collect();
        prop_assert_eq!(&found, &plain.into_iter().collect::<Vec<_>>());

        let (before, behind) = keys.split_at(scattered_from.min(keys.len()));
        let middle = before.len() as u64;
        let mut sorted = Grouping::new(n_keys);
        sorted.add_batch(0..middle, &columns(before, n_keys), n);
        sorted.scatter(middle);
        sorted.add_batch(middle..n, &columns(behind, n_keys), n);
        prop_assert_eq!(sorted.finish(&names(n_keys)), by_table);
        Ok(())
    }

    proptest! {
        #[test]
        fn any_keys_are_grouped_as_a_plain_map_groups_them(
            keys in proptest::collection::vec(proptest::option::weighted(0.9,
                (0_i64..40, -3_i64..3).prop_map(|(a, b)| vec![a, b])), 1..400),
            from in 0_usize..400,
        ) {
            check(&keys, 2, from)?;
        }

        #[test]
        fn and_wide_ones(
            keys in proptest::collection::vec(proptest::option::weighted(0.9,
                (-2_i64..2, 0_i64..3).prop_map(|(a, b)| vec![a << 40, b << 30])), 1..200),
            from in 0_usize..200,
        ) {
            check(&keys, 2, from)?;
        }

        #[test]
        fn and_ones_in_order(
            mut keys in proptest::collection::vec(0_i64..90, 1..400),
            from in 0_usize..400,
        ) {
            keys.sort_unstable();
            check(&keys.into_iter().map(|key| Some(vec![key])).collect(), 1, from)?;
        }
    }

    #[test]
    fn many_gathers_out_of_order_are_sorted_instead() {
        let n = 33_000_i64;
        let backwards: Vec<Option<i64>> = (0..n).rev().map(Some).collect();
        let n = n.cast_unsigned();
        let mut grouping = Grouping::new(1);
        grouping.add_batch(0..n, &[backwards], n);
        assert!(grouping.scattered.is_some());
        let index = grouping.finish(&names(1));
        assert_eq!(index.find_trace(n - 1), Some(0));
        assert_eq!(index.key(0), Some(vec![0]));
        assert_eq!(index.len() as u64, n);
    }

    #[test]
    fn a_run_longer_than_a_piece_is_one_run_again() {
        let long = u64::from(u32::MAX) * 2 + 5;
        let mut grouping = Grouping::new(1);
        grouping.add(&[7], 0..long);
        grouping.add(&[7], long..long + 1);
        let index = grouping.finish(&["cdp".to_owned()]);
        let whole = 0..long + 1;
        assert_eq!(index.get(0).map(|g| g.runs), Some(vec![whole]));
        assert_eq!(index.n_traces_of(0), long + 1);
        assert_eq!(index.find_trace(long), Some(0));
    }
}
