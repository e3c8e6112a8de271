//! How many gathers does a choice of keys give? Exact when all headers are read, else a range.
//!
//! Counts runs of equal keys, as the import does: what ensembles.parquet would list.

use super::open;
use super::pipeline::KeyValues;
use super::{ImportError, Mapping, Scan, ScanDepth};
use crate::job::{JobContext, Stop};

/// Traces of a window.
const WINDOW_TRACES: u64 = 4_096;
/// Stretches of a quick look, and traces of each: pages of a slow disk are read.
const QUICK_STRETCHES: u64 = 8;
const QUICK_TRACES: u64 = 256;
/// A file of so few bytes is read whole: a look would cost as much.
const QUICK_BYTES: u64 = 64 << 20;

/// How many gathers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GatherCount {
    /// Runs of equal keys in file order: the rows of ensembles.parquet.
    pub n_runs: u64,
    /// Whether that is exact; otherwise it lies likely between `least` and `most`.
    pub is_exact: bool,
    /// Likely at least.
    pub least: u64,
    /// Likely at most.
    pub most: u64,
    /// Traces of the largest run seen.
    pub longest_run: u64,
    /// Traces that were read.
    pub n_traces_read: u64,
}

/// Counts the gathers by `keys` (column names or aliases, also of computed columns) under `mapping`.
///
/// # Errors
/// The file; a mapping or key that does not fit; cancelled.
pub fn count_gathers(
    scan: &Scan,
    mapping: &Mapping,
    keys: &[String],
    depth: ScanDepth,
    context: &JobContext,
) -> Result<GatherCount, Stop<ImportError>> {
    let failed = |error| Stop::Failed(ImportError::Segy(error));
    let wanted = Mapping {
        columns: mapping.columns.clone(),
        computed: mapping.computed.clone(),
        ensemble_keys: keys.to_vec(),
        ..Mapping::default()
    };
    let checked = wanted
        .checked()
        .map_err(|error| Stop::Failed(error.into()))?;
    let file = open::open(&scan.path, &scan.overrides, &context.unseen())?;
    let layout = file.layout();
    let keys = KeyValues::of(&checked, layout).map_err(|error| Stop::Failed(error.into()))?;
    let n_traces = layout.n_traces;
    let read_all = depth == ScanDepth::Full
        || n_traces <= QUICK_STRETCHES * QUICK_TRACES
        || layout.file_size_bytes <= QUICK_BYTES;
    let mut counter = Counter::default();
    for part in parts(n_traces, read_all) {
        context.check_cancelled()?;
        let window = file.window(part).map_err(failed)?;
        keys.for_each(&window, |trace_index, key| counter.add(trace_index, key))
            .map_err(|source| Stop::Failed(ImportError::HeaderBatch { source }))?;
        window.check().map_err(failed)?;
    }
    Ok(counter.result(n_traces, read_all))
}

fn parts(n_traces: u64, read_all: bool) -> Vec<std::ops::Range<u64>> {
    if read_all {
        let starts = (0..n_traces.div_ceil(WINDOW_TRACES)).map(|i| i * WINDOW_TRACES);
        return starts
            .map(|start| start..(start + WINDOW_TRACES).min(n_traces))
            .collect();
    }
    let room = n_traces - QUICK_TRACES;
    (0..QUICK_STRETCHES)
        .map(|i| {
            let start = u128::from(room) * u128::from(i) / u128::from(QUICK_STRETCHES - 1);
            let start = u64::try_from(start).unwrap_or(room);
            start..start + QUICK_TRACES
        })
        .collect()
}

/// Counts where neighbours differ.
#[derive(Debug, Default)]
struct Counter {
    key: Vec<i64>,
    next: Option<u64>,
    n_read: u64,
    n_neighbours: u64,
    n_changes: u64,
    run: u64,
    longest: u64,
}

impl Counter {
    fn add(&mut self, trace_index: u64, key: &[i64]) {
        self.n_read += 1;
        let follows = self.next == Some(trace_index);
        if follows {
            self.n_neighbours += 1;
            self.n_changes += u64::from(key != self.key);
        }
        self.run = if follows && key == self.key {
            self.run + 1
        } else {
            1
        };
        self.longest = self.longest.max(self.run);
        self.key.clear();
        self.key.extend_from_slice(key);
        self.next = Some(trace_index + 1);
    }

    /// Changes are rare events: twice their square root covers them nineteen times in twenty.
    fn result(&self, n_traces: u64, read_all: bool) -> GatherCount {
        let of_all = |changes: f64| {
            let share = changes / (self.n_neighbours as f64).max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and the number of traces"
            )]
            let runs = (share * n_traces.saturating_sub(1) as f64).round().max(0.0) as u64 + 1;
            runs.min(n_traces)
        };
        let changes = self.n_changes as f64;
        let (n_runs, least, most) = if read_all {
            let n_runs = (self.n_changes + 1).min(n_traces);
            (n_runs, n_runs, n_runs)
        } else {
            let spread = 2.0 * changes.max(1.0).sqrt();
            (
                of_all(changes),
                of_all(changes - spread),
                of_all(changes + spread),
            )
        };
        GatherCount {
            n_runs,
            is_exact: read_all,
            least,
            most,
            longest_run: self.longest,
            n_traces_read: self.n_read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(n: u64, read_all: bool) -> GatherCount {
        let mut counter = Counter::default();
        for part in parts(n, read_all) {
            for trace in part {
                let key = i64::try_from(trace / 20).unwrap_or(0);
                counter.add(trace, &[key]);
            }
        }
        counter.result(n, read_all)
    }

    #[test]
    fn all_headers_give_the_exact_number() {
        let count = counted(10_000, true);
        assert_eq!(
            (count.n_runs, count.is_exact, count.longest_run),
            (500, true, 20)
        );
        assert_eq!((count.least, count.most), (500, 500));
    }

    #[test]
    fn a_few_give_a_range_that_holds_the_truth() {
        let count = counted(1_000_000, false);
        assert!(!count.is_exact && count.n_traces_read == 2048);
        assert!((count.least..=count.most).contains(&50_000), "{count:?}");
        assert!(count.most < 80_000, "{count:?}");
    }
}
