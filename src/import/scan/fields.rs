//! What does each header word hold? Counted header by header; knows nothing of which word means what.

use std::collections::HashSet;

use super::FieldSeen;
use crate::import::MappedColumn;
use crate::segy::ByteOrder;

/// Distinct values are counted up to here.
const MAX_DISTINCT: usize = 4096;
/// A run that is cut by the end of a look says something of its length from so many traces on.
const LONG_RUN: u64 = 8;
/// Lengths of whole runs are remembered up to here, for the typical length.
const MAX_LENGTHS: usize = 512;

/// One word, while headers pass by.
#[derive(Clone, Debug)]
pub(super) struct FieldTally {
    pub(super) column: MappedColumn,
    pub(super) n_seen: u64,
    min: i64,
    max: i64,
    first: i64,
    previous: i64,
    /// Traces of the run that is open.
    run_length: u64,
    /// Whether the open run is the first of its stretch, so that its beginning was not seen.
    run_is_cut: bool,
    pub(super) n_runs: u64,
    n_stretches: u64,
    distinct: HashSet<i64>,
    /// Lengths of runs whose both ends were seen.
    pub(super) whole_run_lengths: Vec<u64>,
    /// The longest run, cut or not.
    pub(super) longest_run: u64,
    pub(super) ascending: bool,
    pub(super) descending: bool,
    /// Runs whose value had been seen before.
    pub(super) n_returns: u64,
    /// Values of the first few runs.
    pub(super) first_values: Vec<i64>,
    /// Runs in the whole file, for possible keys: exact if all traces were seen.
    pub(super) n_gathers: Option<u64>,
    /// Said by whoever knows the file; 0 before.
    pub(super) n_traces_in_file: u64,
}

impl FieldTally {
    pub(super) fn new(column: MappedColumn) -> Self {
        Self {
            column,
            n_seen: 0,
            min: 0,
            max: 0,
            first: 0,
            previous: 0,
            run_length: 0,
            run_is_cut: true,
            n_runs: 0,
            n_stretches: 0,
            distinct: HashSet::new(),
            whole_run_lengths: Vec::new(),
            longest_run: 0,
            ascending: true,
            descending: true,
            n_returns: 0,
            first_values: Vec::new(),
            n_gathers: None,
            n_traces_in_file: 0,
        }
    }

    /// Says that the next header does not follow the last one. `at_file_start`: its run begins there.
    pub(super) fn begin_stretch(&mut self, at_file_start: bool) {
        self.close_run(true);
        self.run_is_cut = !at_file_start;
        self.n_stretches += 1;
    }

    /// Says that nothing follows. `at_file_end`: the last run ends there.
    pub(super) fn end(&mut self, at_file_end: bool) {
        self.close_run(!at_file_end);
    }

    pub(super) fn add(&mut self, header: &[u8], order: ByteOrder) {
        let Some(value) = self.column.kind.read_i64(header, self.column.byte, order) else {
            return;
        };
        if self.run_length > 0 && value == self.previous {
            self.run_length += 1;
            self.n_seen += 1;
            return;
        }
        if self.n_seen == 0 {
            (self.min, self.max, self.first) = (value, value, value);
        } else {
            self.ascending &= value >= self.previous;
            self.descending &= value <= self.previous;
            self.min = self.min.min(value);
            self.max = self.max.max(value);
        }
        if self.run_length > 0 {
            self.close_run(false);
            self.run_is_cut = false;
        }
        self.open_run(value);
        self.n_seen += 1;
    }

    fn open_run(&mut self, value: i64) {
        let continues_over_a_gap = self.n_seen > 0 && value == self.previous;
        self.previous = value;
        self.run_length = 1;
        self.n_runs += 1;
        if self.first_values.len() < 4 && self.first_values.last() != Some(&value) {
            self.first_values.push(value);
        }
        if self.distinct.len() < MAX_DISTINCT {
            let is_new = self.distinct.insert(value);
            self.n_returns += u64::from(!is_new && !continues_over_a_gap);
        }
    }

    fn close_run(&mut self, end_is_cut: bool) {
        if self.run_length == 0 {
            return;
        }
        self.longest_run = self.longest_run.max(self.run_length);
        if !end_is_cut && !self.run_is_cut && self.whole_run_lengths.len() < MAX_LENGTHS {
            self.whole_run_lengths.push(self.run_length);
        }
        self.run_length = 0;
    }

    pub(super) fn is_constant(&self) -> bool {
        self.min == self.max
    }

    /// Traces of a typical run whose both ends were seen.
    pub(super) fn typical_run(&self) -> Option<u64> {
        let mut lengths = self.whole_run_lengths.clone();
        lengths.sort_unstable();
        lengths.get(lengths.len() / 2).copied()
    }

    /// Whether runs are longer than a look: most of those that were seen reach beyond their stretch.
    pub(super) fn runs_outlast_looks(&self) -> bool {
        let n_whole = self.whole_run_lengths.len() as u64;
        let n_cut = self.n_runs.saturating_sub(n_whole);
        self.n_stretches > 1 && n_cut > n_whole && self.n_seen >= self.n_runs * LONG_RUN
    }

    /// Whether every trace of the file was seen.
    pub(super) fn saw_all(&self) -> bool {
        self.n_seen == self.n_traces_in_file && self.n_stretches <= 1
    }

    /// Runs in the file: as many as were seen, or by how often neighbours differ.
    pub(super) fn gathers_by_changes(&self) -> Option<u64> {
        let n_traces = self.n_traces_in_file;
        if self.saw_all() {
            return Some(self.n_runs);
        }
        let n_neighbours = self.n_seen.checked_sub(self.n_stretches)?;
        let n_changes = self.n_runs.saturating_sub(self.n_stretches);
        let of_all = u128::from(n_changes) * u128::from(n_traces.saturating_sub(1));
        let of_all = of_all.checked_div(u128::from(n_neighbours))?;
        u64::try_from(of_all + 1).ok()
    }

    pub(super) fn seen(&self) -> FieldSeen {
        FieldSeen {
            name: self.column.name.clone(),
            byte: self.column.byte,
            kind: self.column.kind,
            min: self.min,
            max: self.max,
            first: self.first,
            n_runs: self.n_runs,
            n_distinct: self.distinct.len() as u64,
            ascending: self.ascending,
            descending: self.descending,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::segy::FieldKind;

    fn tally(stretches: &[&[i8]]) -> FieldTally {
        let mut tally = FieldTally::new(MappedColumn {
            name: "key".to_owned(),
            byte: 1,
            kind: FieldKind::I8,
        });
        for (i, stretch) in stretches.iter().enumerate() {
            tally.begin_stretch(i == 0);
            for value in *stretch {
                tally.add(&value.to_be_bytes(), ByteOrder::Big);
            }
        }
        tally.end(true);
        tally
    }

    #[test]
    fn runs_are_counted_in_the_order_of_traces() {
        let tally = tally(&[&[1, 1, 2, 2, 1, 1, 3, 3]]);
        let seen = tally.seen();
        assert_eq!(
            (seen.n_runs, seen.n_distinct, seen.min, seen.max),
            (4, 3, 1, 3)
        );
        assert!(!seen.ascending && !seen.descending);
        assert_eq!(tally.n_returns, 1);
        assert_eq!(tally.whole_run_lengths, [2, 2, 2, 2]);
    }

    #[test]
    fn runs_cut_by_a_stretch_have_no_known_length() {
        let tally = tally(&[&[1, 1, 2, 2, 2, 3], &[7, 8, 8, 9]]);
        assert_eq!(tally.whole_run_lengths, [2, 3, 2, 1]);
        assert!(tally.seen().ascending);
    }

    #[test]
    fn long_runs_change_only_between_stretches() {
        let tally = tally(&[&[4; 9], &[9; 10]]);
        assert!(tally.runs_outlast_looks());
        assert_eq!(tally.typical_run(), None);
        assert_eq!(tally.longest_run, 10);
    }

    #[test]
    fn long_runs_may_change_within_a_look() {
        let mut middle = [5_i8; 40];
        middle[30..].fill(6);
        let mut end = [8_i8; 40];
        end[39] = 9;
        assert!(tally(&[&[1; 40], &middle, &end]).runs_outlast_looks());
        let short: Vec<i8> = (0..40).map(|i| i / 4).collect();
        assert!(!tally(&[&short, &short]).runs_outlast_looks());
    }

    #[test]
    fn gathers_are_counted_or_estimated() {
        let all: Vec<i8> = (0..100).map(|i| i / 10).collect();
        let mut whole = tally(&[&all]);
        whole.n_traces_in_file = 100;
        assert_eq!(whole.gathers_by_changes(), Some(10));
        let mut parts = tally(&[&all[..45], &all[55..]]);
        parts.n_traces_in_file = 1000;
        let estimate = parts.gathers_by_changes().unwrap();
        assert!((80..=120).contains(&estimate), "{estimate}");
        let mut nothing = tally(&[]);
        nothing.n_traces_in_file = 10;
        assert_eq!(nothing.gathers_by_changes(), None);
    }

    #[test]
    fn a_constant_word_ascends_and_descends() {
        let seen = tally(&[&[5, 5, 5]]).seen();
        assert!(seen.ascending && seen.descending);
        assert_eq!((seen.n_runs, seen.n_distinct, seen.first), (1, 1, 5));
        assert_eq!(tally(&[&[5, 5, 5]]).typical_run().unwrap(), 3);
    }
}
