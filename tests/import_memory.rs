//! Does an import stay within its memory budget, by the operating system's own counters?
//!
//! A test binary of its own, because the counters are the process's. Mapped pages count too.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use made_files::{MadeFile, planned};
use shotpoint::dataset::Dataset;
use shotpoint::import::{ImportOptions, Mapping, RequestedMode, run};
use shotpoint::job::JobContext;

/// A file of many traces, most of them never written: the system reads zeros.
fn sparse_file(folder: &Path, n_traces: u32, n_samples: u32) -> PathBuf {
    let made = MadeFile {
        n_traces: 64,
        n_samples,
        ..MadeFile::default()
    };
    let path = made.write(folder);
    let stride = 240 + 4 * u64::from(n_samples);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    file.set_len(3600 + u64::from(n_traces) * stride).unwrap();
    let mut header = [0; 240];
    file.read_exact_at(&mut header, 3600).unwrap();
    for trace in 64..n_traces {
        header[..4].copy_from_slice(&(trace + 1).to_be_bytes());
        header[8..12].copy_from_slice(&(trace / 24).to_be_bytes());
        write_header(&file, &header, 3600 + u64::from(trace) * stride);
    }
    path
}

fn write_header(file: &File, header: &[u8; 240], at: u64) {
    file.write_all_at(header, at).unwrap();
}

/// Resident pages of this process, kB: anonymous, and mapped from files.
fn resident_kb() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    (field("RssAnon:"), field("RssFile:"))
}

/// The largest sum while `task` runs.
fn peak_kb<T>(task: impl FnOnce() -> T) -> (u64, T) {
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut peak = (0, 0, 0);
            while !is_done.load(Ordering::Relaxed) {
                let (anonymous, mapped) = resident_kb();
                peak = peak.max((anonymous + mapped, anonymous, mapped));
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            peak
        });
        let result = task();
        is_done.store(true, Ordering::Relaxed);
        (watcher.join().unwrap().0, result)
    })
}

/// One test for both shapes: two at a time would share the counters.
#[test]
fn streaming_stays_within_64_mib() {
    for (n_traces, n_samples) in [(100_000, 60), (40_000, 1000)] {
        let folder = tempfile::tempdir().unwrap();
        let path = sparse_file(folder.path(), n_traces, n_samples);
        let options = ImportOptions {
            memory_mib: 64,
            mode: RequestedMode::Streaming,
            ..ImportOptions::default()
        };
        let plan = planned(&path, &Mapping::default(), &options);
        let (peak_kb, report) = peak_kb(|| run(&plan, &JobContext::default()).unwrap());
        let dataset = Dataset::open(&report.dataset).unwrap();
        assert_eq!(dataset.manifest().array.n_traces, u64::from(n_traces));
        let budget_kb = 64 * 1024;
        assert!(
            peak_kb <= budget_kb,
            "{n_traces} traces of {n_samples} samples: {peak_kb} kB resident, budget {budget_kb} kB"
        );
    }
}
