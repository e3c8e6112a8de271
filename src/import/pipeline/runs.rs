//! Which ensembles are there? Runs of equal keys, found block by block and joined in file order.

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};

use crate::dataset::{DatasetError, Ensemble, EnsembleFacts, EnsembleWriter, Formula};
use crate::import::ImportPlan;
use crate::import::tally::Word;
use crate::segy::{ByteOrder, TraceWindow};

/// Where a key's values come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeySource {
    /// A word of the trace headers.
    Word(Word),
    /// A computed column of whole numbers, by its position.
    Column(usize),
}

impl KeySource {
    /// Of a checked mapping's key.
    pub(super) fn of(plan: &ImportPlan, key: &str) -> Self {
        let is_it = |(position, _): &&(usize, Formula)| {
            let column = plan.spec.columns.get(*position);
            column.is_some_and(|column| column.name == key)
        };
        let computed = plan.computed.iter().find(is_it);
        computed.map_or_else(
            || Self::Word(Word::of(&plan.mapping, key)),
            |(position, _)| Self::Column(*position),
        )
    }
}

/// The runs of one block. Flat, because in the worst case every trace is a run.
#[derive(Debug, Default)]
pub(super) struct BlockRuns {
    /// Row in the dataset of each run's first trace.
    starts: Vec<u64>,
    /// `n_keys` values a run.
    keys: Vec<i64>,
    /// One behind the last trace.
    end: u64,
}

impl BlockRuns {
    /// The runs of `window`, whose first trace is the dataset's row `first_row`.
    pub(super) fn find(
        window: &TraceWindow<'_>,
        first_row: u64,
        sources: &[KeySource],
        headers: &RecordBatch,
        order: ByteOrder,
    ) -> Self {
        let mut runs = Self::default();
        let mut keys = Vec::with_capacity(sources.len());
        for i in 0..window.n_traces() {
            key_of(sources, window, i, headers, order, &mut keys);
            runs.add(first_row + i as u64, &keys);
        }
        runs
    }

    fn add(&mut self, row: u64, keys: &[i64]) {
        self.end = row + 1;
        let last = self.keys.len().saturating_sub(keys.len());
        if self.starts.is_empty() || self.keys.get(last..) != Some(keys) {
            self.starts.push(row);
            self.keys.extend_from_slice(keys);
        }
    }
}

/// The key of the window's trace `i`, put into `key`.
pub(super) fn key_of(
    sources: &[KeySource],
    window: &TraceWindow<'_>,
    i: usize,
    headers: &RecordBatch,
    order: ByteOrder,
    key: &mut Vec<i64>,
) {
    key.clear();
    key.extend(sources.iter().map(|source| match source {
        // Behind the standard header stand the additional ones.
        KeySource::Word(word) => word.read(window.headers(i), order),
        KeySource::Column(position) => computed_key(headers, *position, i),
    }));
}

/// A computed key; a trace without a value has key 0, as a word that is no number.
fn computed_key(headers: &RecordBatch, position: usize, row: usize) -> i64 {
    headers
        .columns()
        .get(position)
        .and_then(|column| column.as_primitive_opt::<Int64Type>())
        .filter(|values| values.is_valid(row))
        .map_or(0, |values| values.value(row))
}

/// Where finished runs go.
pub(super) trait RunSink {
    fn write(&mut self, ensemble: &Ensemble) -> Result<(), DatasetError>;
}

impl RunSink for EnsembleWriter {
    fn write(&mut self, ensemble: &Ensemble) -> Result<(), DatasetError> {
        Self::write(self, ensemble)
    }
}

/// What a joiner knows between two blocks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RunsState {
    open: Option<Ensemble>,
    n_ensembles: u64,
    min_traces: u64,
    max_traces: u64,
    ranges: Vec<(i64, i64)>,
}

/// Joins the runs of successive blocks. Holds one run, however long the file.
#[derive(Debug)]
pub(super) struct RunJoiner<S> {
    sink: S,
    n_keys: usize,
    open: Option<Ensemble>,
    n_ensembles: u64,
    min_traces: u64,
    max_traces: u64,
    /// Smallest and largest value of each key.
    ranges: Vec<(i64, i64)>,
}

impl<S: RunSink> RunJoiner<S> {
    pub(super) fn new(sink: S, n_keys: usize) -> Self {
        Self {
            sink,
            n_keys,
            open: None,
            n_ensembles: 0,
            min_traces: u64::MAX,
            max_traces: 0,
            ranges: Vec::new(),
        }
    }

    /// Goes on where another joiner stood.
    pub(super) fn restore(&mut self, state: RunsState) {
        self.open = state.open;
        self.n_ensembles = state.n_ensembles;
        self.min_traces = state.min_traces;
        self.max_traces = state.max_traces;
        self.ranges = state.ranges;
    }

    pub(super) fn state(&self) -> RunsState {
        RunsState {
            open: self.open.clone(),
            n_ensembles: self.n_ensembles,
            min_traces: self.min_traces,
            max_traces: self.max_traces,
            ranges: self.ranges.clone(),
        }
    }

    pub(super) fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// Takes in the next block's runs.
    pub(super) fn add(&mut self, runs: &BlockRuns) -> Result<(), DatasetError> {
        let ends = runs.starts.iter().skip(1).copied().chain([runs.end]);
        let keys = runs.keys.chunks_exact(self.n_keys.max(1));
        for ((&start, end), keys) in runs.starts.iter().zip(ends).zip(keys) {
            match &mut self.open {
                Some(open) if open.keys == keys => open.end_trace = end - 1,
                _ => {
                    self.close()?;
                    self.widen(keys);
                    self.open = Some(Ensemble {
                        ensemble_id: self.n_ensembles,
                        start_trace: start,
                        end_trace: end - 1,
                        keys: keys.to_vec(),
                    });
                }
            }
        }
        Ok(())
    }

    fn widen(&mut self, keys: &[i64]) {
        if self.ranges.is_empty() {
            self.ranges = keys.iter().map(|&key| (key, key)).collect();
        }
        for ((min, max), &key) in self.ranges.iter_mut().zip(keys) {
            *min = key.min(*min);
            *max = key.max(*max);
        }
    }

    fn close(&mut self) -> Result<(), DatasetError> {
        if let Some(ensemble) = self.open.take() {
            self.n_ensembles += 1;
            self.min_traces = self.min_traces.min(ensemble.n_traces());
            self.max_traces = self.max_traces.max(ensemble.n_traces());
            self.sink.write(&ensemble)?;
        }
        Ok(())
    }

    /// Writes the last run, and gives the sink back with what was found.
    pub(super) fn finish(mut self, keys: &[String]) -> Result<(S, FoundRuns), DatasetError> {
        self.close()?;
        let facts = EnsembleFacts {
            keys: keys.to_vec(),
            n_ensembles: self.n_ensembles,
            min_traces: if self.n_ensembles == 0 {
                0
            } else {
                self.min_traces
            },
            max_traces: self.max_traces,
        };
        let found = FoundRuns {
            facts,
            ranges: self.ranges,
        };
        Ok((self.sink, found))
    }
}

/// What was found in all traces.
#[derive(Debug)]
pub(super) struct FoundRuns {
    pub(super) facts: EnsembleFacts,
    /// Smallest and largest value of each key.
    pub(super) ranges: Vec<(i64, i64)>,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    impl RunSink for Vec<Ensemble> {
        fn write(&mut self, ensemble: &Ensemble) -> Result<(), DatasetError> {
            self.push(ensemble.clone());
            Ok(())
        }
    }

    /// Runs of `keys` (rows of `n_keys`), cut into blocks of so many traces.
    fn joined(keys: &[i64], n_keys: usize, block: usize) -> (Vec<Ensemble>, FoundRuns) {
        let mut joiner = RunJoiner::new(Vec::new(), n_keys);
        let rows: Vec<&[i64]> = keys.chunks_exact(n_keys).collect();
        for (i, rows) in rows.chunks(block).enumerate() {
            let mut runs = BlockRuns::default();
            for (j, keys) in rows.iter().enumerate() {
                runs.add((i * block + j) as u64, keys);
            }
            joiner.add(&runs).unwrap();
        }
        joiner.finish(&[]).unwrap()
    }

    fn spans(ensembles: &[Ensemble]) -> Vec<(u64, u64, i64)> {
        ensembles
            .iter()
            .map(|e| (e.start_trace, e.end_trace, e.keys[0]))
            .collect()
    }

    #[test]
    fn unsorted_keys_make_a_run_each_time_they_come() {
        for block in 1..=9 {
            let (ensembles, found) = joined(&[1, 1, 2, 2, 1, 1, 3, 3], 1, block);
            assert_eq!(
                spans(&ensembles),
                [(0, 1, 1), (2, 3, 2), (4, 5, 1), (6, 7, 3)]
            );
            assert_eq!(ensembles[3].ensemble_id, 3);
            assert_eq!(found.facts.n_ensembles, 4);
            assert_eq!((found.facts.min_traces, found.facts.max_traces), (2, 2));
            assert_eq!(found.ranges, [(1, 3)]);
        }
    }

    #[test]
    fn two_keys_change_when_either_does() {
        let (ensembles, _) = joined(&[1, 1, 1, 1, 1, 2, 2, 2, 2, 2], 2, 3);
        let keys: Vec<&[i64]> = ensembles.iter().map(|e| &e.keys[..]).collect();
        assert_eq!(keys, [[1, 1], [1, 2], [2, 2]]);
    }

    #[test]
    fn ensembles_may_vary_in_size() {
        let keys: Vec<i64> = (1..=20)
            .flat_map(|n| std::iter::repeat_n(n, usize::try_from(n).unwrap()))
            .collect();
        let (ensembles, found) = joined(&keys, 1, 16);
        assert_eq!(ensembles.len(), 20);
        assert!(
            ensembles
                .iter()
                .all(|e| e.n_traces() == e.keys[0].unsigned_abs())
        );
        assert_eq!((found.facts.min_traces, found.facts.max_traces), (1, 20));
    }

    proptest! {
        #[test]
        fn blocks_do_not_matter(keys in proptest::collection::vec(0_i64..3, 1..60), block in 1_usize..20) {
            let (in_blocks, _) = joined(&keys, 1, block);
            let (at_once, _) = joined(&keys, 1, keys.len());
            prop_assert_eq!(&in_blocks, &at_once);
            let total: u64 = at_once.iter().map(Ensemble::n_traces).sum();
            prop_assert_eq!(total, keys.len() as u64);
        }
    }
}
