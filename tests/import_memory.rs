//! Does an import stay within its memory budget, by the operating system's own counters?
//!
//! The built program is measured, as a user runs it. Mapped pages count too.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod made_files;
mod support;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use made_files::MadeFile;
use shotpoint::dataset::Dataset;

/// What a file shall be.
#[derive(Clone, Copy, Debug)]
struct Shape {
    n_traces: u32,
    /// Of the longest trace.
    n_samples: u32,
    /// Whether traces have from a twentieth of that up to all of it.
    varying: bool,
}

impl Shape {
    fn length(&self, trace: u32) -> u32 {
        let shortest = self.n_samples / 20;
        if self.varying && trace > 0 {
            shortest + trace.wrapping_mul(2_654_435_761) % (self.n_samples - shortest)
        } else {
            self.n_samples
        }
    }

    fn sample_bytes(&self) -> u64 {
        (0..self.n_traces)
            .map(|trace| 4 * u64::from(self.length(trace)))
            .sum()
    }
}

/// A file of many traces whose samples are noise: IBM words that no codec makes much smaller.
fn noisy_file(folder: &Path, shape: Shape) -> PathBuf {
    let made = MadeFile {
        n_traces: 1,
        n_samples: shape.n_samples,
        ..MadeFile::default()
    };
    let mut trace = made.bytes();
    let path = folder.join(format!("noise-{}.sgy", shape.n_traces));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    trace[3502..3504].copy_from_slice(&u16::from(!shape.varying).to_be_bytes());
    file.write_all(&trace[..3600]).unwrap();
    trace.drain(..3600);
    let mut state = 0x9e37_79b9_u32;
    for index in 0..shape.n_traces {
        let length = shape.length(index);
        let end = 240 + 4 * usize::try_from(length).unwrap();
        trace[..4].copy_from_slice(&(index + 1).to_be_bytes());
        trace[8..12].copy_from_slice(&(index / 24 + 1).to_be_bytes());
        trace[114..116].copy_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        for word in trace[240..end].chunks_exact_mut(4) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let fraction = 0x10_0000 + (state >> 8) % 0xf0_0000;
            let ibm = (state << 31) | 0x4200_0000 | fraction;
            word.copy_from_slice(&ibm.to_be_bytes());
        }
        file.write_all(&trace[..end]).unwrap();
    }
    file.flush().unwrap();
    path
}

/// The largest sum of resident pages, kB, that a process had: anonymous ones, and those mapped from
/// files. `None` when it has ended.
fn high_water_kb(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The peak of one import, in a process of its own, so that what an allocator keeps from one import
/// does not count in the next.
fn peak_of_importing(source: &Path, output: &Path) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .arg("import")
        .arg(source)
        .arg("-o")
        .arg(output)
        .args(["--mode", "streaming", "--memory", "64", "--json"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak_kb = 0;
    let status = loop {
        peak_kb = peak_kb.max(high_water_kb(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(status.success());
    peak_kb
}

/// The peak of one import, and the dataset's size.
fn peak_of_import(shape: Shape) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let source = noisy_file(folder.path(), shape);
    let output = folder.path().join("noise.shotpoint");
    let peak_kb = peak_of_importing(&source, &output);
    let dataset = Dataset::open(&output).unwrap();
    let array = &dataset.manifest().array;
    assert_eq!(array.n_traces, u64::from(shape.n_traces));
    assert_eq!(array.n_samples, shape.n_samples);
    assert_eq!(dataset.manifest().segy.geometry.is_some(), shape.varying);
    (peak_kb, array.stored_bytes)
}

/// One test for all shapes: two at a time would share the processors and the disk.
#[test]
fn streaming_stays_within_64_mib_and_does_not_grow_with_the_file() {
    for (n_traces, n_samples, varying) in [
        (70_000, 60, false),
        (16_000, 1000, false),
        (16_000, 1500, true),
    ] {
        let shape = Shape {
            n_traces,
            n_samples,
            varying,
        };
        let four_times = Shape {
            n_traces: 4 * n_traces,
            ..shape
        };
        let (small_kb, _) = peak_of_import(shape);
        let (large_kb, bytes_out) = peak_of_import(four_times);
        let sample_bytes = four_times.sample_bytes();
        assert!(
            bytes_out * 2 > sample_bytes,
            "{bytes_out} bytes of {sample_bytes}: the samples should be hard to compress"
        );
        println!("{shape:?}: {small_kb} kB; four times as many: {large_kb} kB");
        assert!(
            small_kb.max(large_kb) <= 64 * 1024,
            "{shape:?}: {small_kb} and {large_kb} kB resident, budget 64 MiB"
        );
        assert!(
            large_kb <= small_kb + 12 * 1024,
            "{shape:?}: {small_kb} kB grew to {large_kb} kB with four times the traces"
        );
    }
    let kb = peak_of_a_long_trailer();
    println!("a trailer of {LONG_TRAILER_BYTES} bytes: {kb} kB");
    assert!(kb <= 64 * 1024, "{kb} kB resident, budget 64 MiB");
}

/// Longer than anybody would want to hold in memory.
const LONG_TRAILER_BYTES: u64 = 1_600_000_000;

/// The peak of importing a few traces and a trailer of zeros, which takes no room on disk.
fn peak_of_a_long_trailer() -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let n_stanzas = i32::try_from(LONG_TRAILER_BYTES / 3200).unwrap();
    let source = support::SegyBuilder::new(60, 50)
        .revision(2, 0)
        .binary_i32(3529, n_stanzas)
        .write_with_sparse_trailer(folder.path(), "trailer.sgy", LONG_TRAILER_BYTES);
    let output = folder.path().join("trailer.shotpoint");
    let peak_kb = peak_of_importing(&source, &output);
    let dataset = Dataset::open(&output).unwrap();
    let segy = &dataset.manifest().segy;
    assert_eq!(segy.trailer_bytes, LONG_TRAILER_BYTES);
    peak_kb
}
