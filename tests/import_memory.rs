//! Does an import stay within its memory budget, by the operating system's own counters?
//!
//! A test binary of its own, because the counters are the process's. Mapped pages count too.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod made_files;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use made_files::{MadeFile, planned};
use shotpoint::dataset::Dataset;
use shotpoint::import::{ImportOptions, Mapping, RequestedMode, run};
use shotpoint::job::JobContext;

/// A file of many traces whose samples are noise: IBM words that no codec makes much smaller.
fn noisy_file(folder: &Path, n_traces: u32, n_samples: u32) -> PathBuf {
    let made = MadeFile {
        n_traces: 1,
        n_samples,
        ..MadeFile::default()
    };
    let mut trace = made.bytes();
    let path = folder.join(format!("noise-{n_traces}.sgy"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(&trace[..3600]).unwrap();
    trace.drain(..3600);
    let mut state = 0x9e37_79b9_u32;
    for index in 0..n_traces {
        trace[..4].copy_from_slice(&(index + 1).to_be_bytes());
        trace[8..12].copy_from_slice(&(index / 24 + 1).to_be_bytes());
        for word in trace[240..].chunks_exact_mut(4) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let fraction = 0x10_0000 + (state >> 8) % 0xf0_0000;
            let ibm = (state << 31) | 0x4200_0000 | fraction;
            word.copy_from_slice(&ibm.to_be_bytes());
        }
        file.write_all(&trace).unwrap();
    }
    file.flush().unwrap();
    path
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

/// The peak of one import while streaming with 64 MiB, and the dataset's size.
fn peak_of_import(n_traces: u32, n_samples: u32) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = noisy_file(folder.path(), n_traces, n_samples);
    let options = ImportOptions {
        memory_mib: 64,
        mode: RequestedMode::Streaming,
        ..ImportOptions::default()
    };
    let plan = planned(&path, &Mapping::default(), &options);
    let (peak_kb, report) = peak_kb(|| run(&plan, &JobContext::default()).unwrap());
    let dataset = Dataset::open(&report.dataset).unwrap();
    assert_eq!(dataset.manifest().array.n_traces, u64::from(n_traces));
    (peak_kb, report.bytes_out)
}

/// One test for all shapes: two at a time would share the counters. The small file comes first, so
/// that what the allocator keeps cannot flatter the large one.
#[test]
fn streaming_stays_within_64_mib_and_does_not_grow_with_the_file() {
    for (n_traces, n_samples) in [(100_000, 60), (16_000, 1000)] {
        let (small_kb, _) = peak_of_import(n_traces, n_samples);
        let (large_kb, bytes_out) = peak_of_import(4 * n_traces, n_samples);
        let sample_bytes = 4 * u64::from(4 * n_traces) * u64::from(n_samples);
        assert!(
            bytes_out * 2 > sample_bytes,
            "{bytes_out} bytes of {sample_bytes}: the samples should be hard to compress"
        );
        println!("{n_traces} × {n_samples}: {small_kb} kB; four times as many: {large_kb} kB");
        assert!(
            small_kb.max(large_kb) <= 64 * 1024,
            "{n_samples} samples: {small_kb} and {large_kb} kB resident, budget 64 MiB"
        );
        assert!(
            large_kb <= small_kb + 8 * 1024,
            "{n_samples} samples: {small_kb} kB grew to {large_kb} kB with four times the traces"
        );
    }
}
