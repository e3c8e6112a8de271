//! How far is a task, and how fast?
//!
//! Written by workers through atomics, read by a shell a few times a second. Nothing here blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a task is doing, in the words that the user reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Phase {
    Waiting,
    Scanning,
    Preparing,
    WritingTraces,
    Finishing,
    Exporting,
    Verifying,
    Done,
}

impl Phase {
    const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Scanning,
        Self::Preparing,
        Self::WritingTraces,
        Self::Finishing,
        Self::Exporting,
        Self::Verifying,
        Self::Done,
    ];

    /// The phase as a short sentence-case label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Scanning => "Scanning headers",
            Self::Preparing => "Preparing",
            Self::WritingTraces => "Writing traces",
            Self::Finishing => "Finishing files",
            Self::Exporting => "Exporting",
            Self::Verifying => "Verifying",
            Self::Done => "Done",
        }
    }
}

/// The numbers of one running task. Clones share the numbers.
#[derive(Clone, Debug)]
pub struct Progress {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    started: Instant,
    phase: AtomicUsize,
    bytes_done: AtomicU64,
    bytes_total: AtomicU64,
    traces_done: AtomicU64,
    traces_total: AtomicU64,
    bytes_written: AtomicU64,
}

/// The numbers at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProgressSnapshot {
    /// What the task is doing.
    pub phase: Phase,
    /// Bytes of the source that are dealt with, and all of them; 0 of 0 until known.
    pub bytes_done: u64,
    /// All bytes of the source that will be dealt with.
    pub bytes_total: u64,
    /// Traces that are dealt with.
    pub traces_done: u64,
    /// All traces that will be dealt with.
    pub traces_total: u64,
    /// Bytes written so far.
    pub bytes_written: u64,
    /// Since the task began.
    pub elapsed: Duration,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            shared: Arc::new(Shared {
                started: Instant::now(),
                phase: AtomicUsize::new(0),
                bytes_done: AtomicU64::new(0),
                bytes_total: AtomicU64::new(0),
                traces_done: AtomicU64::new(0),
                traces_total: AtomicU64::new(0),
                bytes_written: AtomicU64::new(0),
            }),
        }
    }
}

impl Progress {
    /// Says what comes, before the first block.
    pub fn set_total(&self, traces: u64, bytes: u64) {
        self.shared.traces_total.store(traces, Ordering::Relaxed);
        self.shared.bytes_total.store(bytes, Ordering::Relaxed);
    }

    /// Enters a phase.
    pub fn enter(&self, phase: Phase) {
        let index = Phase::ALL.iter().position(|&p| p == phase).unwrap_or(0);
        self.shared.phase.store(index, Ordering::Relaxed);
    }

    /// Adds a finished block.
    pub fn add(&self, traces: u64, bytes: u64) {
        self.shared.traces_done.fetch_add(traces, Ordering::Relaxed);
        self.shared.bytes_done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Says how far a step is that counts nothing but bytes: all of them at once, not one more block.
    pub fn set_place(&self, position: u64, end: u64) {
        self.shared.bytes_done.store(position, Ordering::Relaxed);
        self.shared.bytes_total.store(end, Ordering::Relaxed);
    }

    /// Adds bytes that were written.
    pub fn add_written(&self, bytes: u64) {
        self.shared
            .bytes_written
            .fetch_add(bytes, Ordering::Relaxed);
    }

    /// The numbers now.
    pub fn snapshot(&self) -> ProgressSnapshot {
        let s = &self.shared;
        ProgressSnapshot {
            phase: Phase::ALL
                .get(s.phase.load(Ordering::Relaxed))
                .copied()
                .unwrap_or(Phase::Waiting),
            bytes_done: s.bytes_done.load(Ordering::Relaxed),
            bytes_total: s.bytes_total.load(Ordering::Relaxed),
            traces_done: s.traces_done.load(Ordering::Relaxed),
            traces_total: s.traces_total.load(Ordering::Relaxed),
            bytes_written: s.bytes_written.load(Ordering::Relaxed),
            elapsed: s.started.elapsed(),
        }
    }
}

impl ProgressSnapshot {
    /// Between 0 and 1; `None` while the total is unknown.
    pub fn fraction(&self) -> Option<f64> {
        let (done, total) = if self.bytes_total > 0 {
            (self.bytes_done, self.bytes_total)
        } else {
            (self.traces_done, self.traces_total)
        };
        (total > 0).then(|| (done as f64 / total as f64).min(1.0))
    }

    /// Bytes of the source per second so far; `None` before there is anything to divide.
    pub fn bytes_per_second(&self) -> Option<f64> {
        let seconds = self.elapsed.as_secs_f64();
        (seconds > 0.05 && self.bytes_done > 0).then(|| self.bytes_done as f64 / seconds)
    }

    /// The time left at the mean rate so far. `None`, to be shown as "estimating…", until three
    /// seconds and one per cent have passed, because earlier guesses are wrong.
    pub fn time_left(&self) -> Option<Duration> {
        let fraction = self.fraction()?;
        let seconds = self.elapsed.as_secs_f64();
        if seconds < 3.0 || fraction < 0.01 {
            return None;
        }
        Duration::try_from_secs_f64(seconds * (1.0 - fraction) / fraction).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fraction_is_unknown_until_the_total_is_known() {
        let progress = Progress::default();
        assert_eq!(progress.snapshot().fraction(), None);
        progress.set_total(100, 4000);
        progress.add(25, 1000);
        assert_eq!(progress.snapshot().fraction(), Some(0.25));
        progress.add(100, 4000);
        assert_eq!(progress.snapshot().fraction(), Some(1.0));
    }

    #[test]
    fn a_step_that_knows_its_place_is_followed_by_the_tasks_own_numbers() {
        let progress = Progress::default();
        progress.set_place(900, 1000);
        assert_eq!(progress.snapshot().fraction(), Some(0.9));
        progress.set_place(0, 0);
        progress.set_total(100, 4000);
        progress.add(25, 1000);
        assert_eq!(progress.snapshot().fraction(), Some(0.25));
    }

    #[test]
    fn time_left_waits_for_three_seconds_and_one_per_cent() {
        let mut snapshot = Progress::default().snapshot();
        snapshot.bytes_total = 1000;
        snapshot.bytes_done = 500;
        snapshot.elapsed = Duration::from_secs(2);
        assert_eq!(snapshot.time_left(), None);
        snapshot.elapsed = Duration::from_secs(4);
        assert_eq!(snapshot.time_left(), Some(Duration::from_secs(4)));
        snapshot.bytes_done = 1;
        assert_eq!(snapshot.time_left(), None);
    }

    #[test]
    fn every_phase_survives_the_atomic() {
        let progress = Progress::default();
        for phase in Phase::ALL {
            progress.enter(phase);
            assert_eq!(progress.snapshot().phase, phase);
        }
    }
}
