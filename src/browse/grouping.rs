//! How are runs of traces collected into gathers? In flat arrays, by a table of positions.
//!
//! Keys lie one behind the other in the order in which they were met first; a table of positions,
//! filled by a seeded hash, finds them again. Most traces need no table: they follow their
//! neighbour, or come in the order in which gathers came the time before.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use super::GatherIndex;
use super::index::Run;

/// Nothing here, or nothing known.
const NONE: u32 = u32::MAX;
/// The table is made larger when it is fuller than this.
const MOST_FULL: (usize, usize) = (5, 8);

/// Runs being collected into gathers.
#[derive(Debug)]
pub(super) struct Grouping {
    n_keys: usize,
    /// In the order in which they were met.
    values: Vec<i64>,
    /// Which gather came after each one when it was left last: in regular files it comes again.
    next: Vec<u32>,
    /// Positions of gathers, by the hash of their keys; its length is a power of two.
    table: Vec<u32>,
    /// Chosen anew each time: no file can be made so that all its keys fall together.
    seeds: [u64; 2],
    /// In file order.
    runs: Vec<Run>,
    /// Where the last run went: most traces follow their neighbour.
    last: u32,
    n_traces_without_key: u64,
    #[cfg(test)]
    pretended: u64,
}

impl Grouping {
    /// None yet, by so many keys.
    pub(super) fn new(n_keys: usize) -> Self {
        let random = RandomState::new();
        Self {
            n_keys,
            values: Vec::new(),
            next: Vec::new(),
            table: vec![NONE; 64],
            seeds: [random.hash_one(1), random.hash_one(2)],
            runs: Vec::new(),
            last: NONE,
            n_traces_without_key: 0,
            #[cfg(test)]
            pretended: 0,
        }
    }

    pub(super) fn n_gathers(&self) -> usize {
        self.next.len()
    }

    pub(super) fn n_runs(&self) -> usize {
        self.runs.len()
    }

    /// Bytes of the index that this will become.
    pub(super) fn index_bytes(&self) -> u64 {
        #[cfg(test)]
        if self.pretended > 0 {
            return self.pretended;
        }
        let gathers = self.n_gathers() * (self.n_keys * size_of::<i64>() + size_of::<u32>());
        (gathers + self.runs.len() * size_of::<Run>()) as u64
    }

    /// As if there were so many.
    #[cfg(test)]
    pub(super) fn pretend(&mut self, n_gathers: u64, n_runs: u64) {
        self.pretended = n_gathers * 12 + n_runs * 16;
    }

    /// Adds one batch of header values, one column a key.
    pub(super) fn add_batch(&mut self, traces: Range<u64>, columns: &[Vec<Option<i64>>]) {
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

    /// Adds a run, joining it to the one before where it follows. Runs come in file order.
    pub(super) fn add(&mut self, key: &[i64], traces: Range<u64>) {
        let gather = self.position_of(key);
        self.last = gather;
        let mut start = traces.start;
        if let Some(run) = self.runs.last_mut()
            && run.gather == gather
            && run.start + u64::from(run.len) == start
        {
            let more = (traces.end - start).min(u64::from(u32::MAX - run.len));
            run.len += u32::try_from(more).unwrap_or(0);
            start += more;
        }
        while start < traces.end {
            let len = (traces.end - start).min(u64::from(u32::MAX));
            let len = u32::try_from(len).unwrap_or(u32::MAX);
            self.runs.push(Run { start, len, gather });
            start += u64::from(len);
        }
    }

    fn key(&self, gather: u32) -> Option<&[i64]> {
        let start = (gather as usize).checked_mul(self.n_keys)?;
        self.values.get(start..start.checked_add(self.n_keys)?)
    }

    fn position_of(&mut self, key: &[i64]) -> u32 {
        if self.last != NONE {
            if self.key(self.last) == Some(key) {
                return self.last;
            }
            let next = self.next.get(self.last as usize).copied();
            if let Some(next) = next.filter(|next| *next != NONE)
                && self.key(next) == Some(key)
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
        let mut slot = self.slot_of(key);
        loop {
            match self.table.get(slot).copied() {
                Some(gather) if gather != NONE => {
                    if self.key(gather) == Some(key) {
                        return gather;
                    }
                    slot = (slot + 1) & (self.table.len() - 1);
                }
                _ => break,
            }
        }
        // The limit of the index' bytes is reached long before this.
        let gather = u32::try_from(self.next.len()).unwrap_or(NONE - 1);
        self.values.extend_from_slice(key);
        self.next.push(NONE);
        if let Some(place) = self.table.get_mut(slot) {
            *place = gather;
        }
        if self.next.len() * MOST_FULL.1 > self.table.len() * MOST_FULL.0 {
            self.grow();
        }
        gather
    }

    fn slot_of(&self, key: &[i64]) -> usize {
        let [mut hash, factor] = self.seeds;
        for value in key {
            let mixed = u128::from(hash ^ value.cast_unsigned()) * u128::from(factor | 1);
            #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
            let (low, high) = (mixed as u64, (mixed >> 64) as u64);
            hash = low ^ high;
        }
        #[expect(clippy::cast_possible_truncation, reason = "only some bits are used")]
        let slot = hash as usize;
        slot & (self.table.len() - 1)
    }

    fn grow(&mut self) {
        let len = self.table.len() * 2;
        self.table.clear();
        self.table.resize(len, NONE);
        for gather in (0..NONE).take(self.next.len()) {
            let Some(key) = self.key(gather) else {
                return;
            };
            let mut slot = self.slot_of(key);
            while self.table.get(slot).is_some_and(|there| *there != NONE) {
                slot = (slot + 1) & (len - 1);
            }
            if let Some(place) = self.table.get_mut(slot) {
                *place = gather;
            }
        }
    }

    /// The index, ordered by key.
    pub(super) fn finish(mut self, keys: &[String]) -> GatherIndex {
        self.table = Vec::new();
        self.next = Vec::new();
        let n_keys = self.n_keys.max(1);
        let n_gathers = self.values.len() / n_keys;
        let is_ordered = self.values.chunks_exact(n_keys).is_sorted();
        if !is_ordered {
            self.order_gathers(n_keys, n_gathers);
        }
        let mut first = vec![0_u32; n_gathers + 1];
        for run in &self.runs {
            if let Some(n) = first.get_mut(run.gather as usize + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut first {
            sum += *n;
            *n = sum;
        }
        if !self.runs.is_sorted_by_key(|run| run.gather) {
            self.runs = grouped(&self.runs, &first);
        }
        self.values.shrink_to_fit();
        self.runs.shrink_to_fit();
        GatherIndex {
            keys: keys.to_vec(),
            n_values: n_keys,
            values: self.values,
            first,
            runs: self.runs,
            n_traces_without_key: self.n_traces_without_key,
        }
    }

    fn order_gathers(&mut self, n_keys: usize, n_gathers: usize) {
        let mut order: Vec<u32> = (0..NONE).take(n_gathers).collect();
        order.sort_unstable_by(|&a, &b| self.key(a).cmp(&self.key(b)));
        let mut rank = vec![0_u32; n_gathers];
        let mut values = Vec::with_capacity(n_gathers * n_keys);
        for (new, &old) in (0_u32..).zip(&order) {
            if let Some(rank) = rank.get_mut(old as usize) {
                *rank = new;
            }
            values.extend_from_slice(self.key(old).unwrap_or_default());
        }
        self.values = values;
        for run in &mut self.runs {
            run.gather = rank.get(run.gather as usize).copied().unwrap_or(0);
        }
    }
}

/// The runs of each gather one behind the other, in the order in which they were.
fn grouped(runs: &[Run], first: &[u32]) -> Vec<Run> {
    let mut places = first.to_vec();
    let nothing = Run {
        start: 0,
        len: 0,
        gather: 0,
    };
    let mut grouped = vec![nothing; runs.len()];
    for run in runs {
        let Some(place) = places.get_mut(run.gather as usize) else {
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

    proptest! {
        #[test]
        fn any_runs_are_grouped_as_a_plain_map_groups_them(
            keys in proptest::collection::vec((0_i64..40, -3_i64..3), 1..400),
        ) {
            let mut grouping = Grouping::new(2);
            let mut plain: BTreeMap<Vec<i64>, Vec<Range<u64>>> = BTreeMap::new();
            for (trace, (a, b)) in (0..).zip(&keys) {
                grouping.add(&[*a, *b], trace..trace + 1);
                let runs = plain.entry(vec![*a, *b]).or_default();
                match runs.last_mut() {
                    Some(run) if run.end == trace => run.end += 1,
                    _ => runs.push(trace..trace + 1),
                }
            }
            let index = grouping.finish(&["a".to_owned(), "b".to_owned()]);
            let found: Vec<_> = index.gathers().map(|g| (g.key, g.runs)).collect();
            prop_assert_eq!(found, plain.into_iter().collect::<Vec<_>>());
        }
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
