//! How are gathers found where nearly every trace belongs to another one than its neighbour? By
//! sorting all traces.
//!
//! The table of [`super::grouping`] misses the processor's caches at each such trace. Sorting takes
//! the same time whatever the keys are, and reads memory in order:
//! ```text
//! keys of every trace ─► sorted by key, then by trace ─► equal keys: a gather; consecutive traces: a run
//! ```

use super::index::GatherIndex;
use super::key_values::KeyValues;
use super::run::Run;

/// The keys of all traces so far.
#[derive(Debug)]
pub(super) struct ScatteredTraces {
    /// A row a trace, of zeros where one is missing.
    keys: KeyValues,
    /// A bit a trace.
    lacks_key: Vec<u64>,
    n_traces_without_key: u64,
}

impl ScatteredTraces {
    /// No trace yet, by so many keys.
    pub(super) fn new(n_keys: usize) -> Self {
        Self {
            keys: KeyValues::new(n_keys),
            lacks_key: Vec::new(),
            n_traces_without_key: 0,
        }
    }

    /// Traces so far.
    pub(super) fn n_traces(&self) -> usize {
        self.keys.len()
    }

    /// Adds the next trace.
    pub(super) fn add(&mut self, key: &[i64]) {
        self.keys.push(key);
    }

    /// Adds the next traces, a column a key.
    pub(super) fn add_columns(&mut self, columns: &[Vec<Option<i64>>]) {
        let first = self.n_traces();
        let n_traces = columns.first().map_or(0, Vec::len);
        let lack = |row: &usize| {
            columns
                .iter()
                .any(|c| !matches!(c.get(*row), Some(Some(_))))
        };
        for row in (0..n_traces).filter(lack) {
            self.mark(first + row);
        }
        self.keys.extend(columns);
    }

    /// Marks a trace that lacks a key.
    fn mark(&mut self, trace: usize) {
        let (word, bit) = (trace / 64, trace % 64);
        if self.lacks_key.len() <= word {
            self.lacks_key.resize(word + 1, 0);
        }
        if let Some(word) = self.lacks_key.get_mut(word) {
            *word |= 1 << bit;
        }
        self.n_traces_without_key += 1;
    }

    /// Adds traces that lack a key up to this one.
    pub(super) fn add_without_key_until(&mut self, trace: u64) {
        let none = vec![0; self.keys.n_keys()];
        while (self.n_traces() as u64) < trace {
            self.mark(self.n_traces());
            self.keys.push(&none);
        }
    }

    fn has_key(&self, trace: u32) -> bool {
        let word = self.lacks_key.get(trace as usize / 64).unwrap_or(&0);
        word >> (trace % 64) & 1 == 0
    }

    /// The index, ordered by key.
    pub(super) fn finish(mut self, names: &[String]) -> GatherIndex {
        let mut order = self.keys.order();
        if self.n_traces_without_key > 0 {
            order.retain(|trace| self.has_key(*trace));
        }
        self.keys.reorder(&order);
        let mut first: Vec<u32> = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        // There are fewer than 2³² traces: they would not fit into the limit of an index.
        for (row, trace) in order.into_iter().enumerate() {
            let trace = u64::from(trace);
            let begins = row == 0 || !self.keys.is_same(row - 1, row);
            if begins {
                first.push(u32::try_from(runs.len()).unwrap_or(u32::MAX));
            }
            match runs.last_mut() {
                Some(run) if !begins && run.end() == trace => {
                    run.lengthen(1);
                }
                _ => runs.push(Run::new(trace, 1)),
            }
        }
        first.push(u32::try_from(runs.len()).unwrap_or(u32::MAX));
        self.keys.remove_repeated();
        first.shrink_to_fit();
        runs.shrink_to_fit();
        GatherIndex {
            keys: names.to_vec(),
            values: self.keys,
            first,
            runs,
            n_traces_without_key: self.n_traces_without_key,
        }
    }
}
