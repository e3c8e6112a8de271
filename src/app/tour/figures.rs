//! What was measured during an act: frame times, waits, memory, processor time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;

/// Times in milliseconds, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Times(Vec<f64>);

/// Of many times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) n: usize,
    pub(super) median_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

impl Times {
    pub(super) fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    pub(super) fn spread(&self) -> Spread {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |per_cent: usize| {
            let last = sorted.len().saturating_sub(1);
            let found = sorted.get((last * per_cent).div_ceil(100)).copied();
            (found.unwrap_or(0.0) * 100.0).round() / 100.0
        };
        Spread {
            n: sorted.len(),
            median_ms: at(50),
            p95_ms: at(95),
            p99_ms: at(99),
            max_ms: at(100),
        }
    }
}

/// What this process holds and has used, as the operating system says; zeros where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Process {
    /// Memory of its own, not of files.
    pub(super) own_bytes: u64,
    /// Pages of files.
    pub(super) file_bytes: u64,
    pub(super) processor_time: Duration,
}

impl Process {
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let bytes = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
            kib.unwrap_or(0) * 1024
        };
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // Behind the name in brackets: state is the first word, user and system time the 12th and 13th.
        let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
        let ticks: u64 = behind
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|word| word.parse::<u64>().ok())
            .sum();
        Self {
            own_bytes: bytes("RssAnon:"),
            file_bytes: bytes("RssFile:"),
            // Linux counts in hundredths of a second for programs, whatever it does inside.
            processor_time: Duration::from_millis(ticks * 10),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Self {
        Self::default()
    }
}

/// Looks at the process' own memory all the time, on a thread.
#[derive(Debug)]
pub(super) struct PeakWatch {
    peak_bytes: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
}

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

impl PeakWatch {
    pub(super) fn start() -> Self {
        let watch = Self {
            peak_bytes: Arc::default(),
            ended: Arc::default(),
        };
        let (peak, ended) = (Arc::clone(&watch.peak_bytes), Arc::clone(&watch.ended));
        // Without a thread the peak is 0, and the report says so.
        drop(
            std::thread::Builder::new()
                .name("tour memory".to_owned())
                .spawn(move || {
                    while !ended.load(Ordering::Relaxed) {
                        peak.fetch_max(Process::now().own_bytes, Ordering::Relaxed);
                        std::thread::sleep(LOOK);
                    }
                }),
        );
        watch
    }

    /// The peak since the last call.
    pub(super) fn take(&self) -> u64 {
        self.peak_bytes.swap(0, Ordering::Relaxed)
    }
}

impl Drop for PeakWatch {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_tells_the_middle_and_the_slow_ones() {
        let mut times = Times::default();
        for millis in (1..=100).rev() {
            times.push(Duration::from_millis(millis));
        }
        let spread = times.spread();
        assert_eq!(spread.n, 100);
        assert!((spread.median_ms - 51.0).abs() < 1e-9);
        assert!((spread.p95_ms - 96.0).abs() < 1e-9);
        assert!((spread.max_ms - 100.0).abs() < 1e-9);
        assert_eq!(Times::default().spread(), Spread::default());
    }
}
