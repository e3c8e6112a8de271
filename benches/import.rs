//! Does an import reach what the machine allows? Protects the budget of 85 % (DESIGN, section 5).
//!
//! ```text
//! bounds, beside each import in the same run:   (a) compress the same chunks on as many threads, from memory
//!                                               (b) write the same bytes into as many files, with the same syncs
//!                                               (c) read the source
//! share = the slowest bound / the import
//! named = the same, with (a) by C-Blosc with the very parameters that the array's metadata names
//! level = the same, with (a) by C-Blosc at zstd's level of that number (its `clevel` c is zstd's 2c − 1)
//! ```
//! (a) is our own encoder. C-Blosc is what every other writer of these chunks has to wait for at least:
//! where `named` is above 100 %, the whole import is done before their compressor alone would be; `size`
//! says how large its chunks would be, ours being 1.
//!
//! Repetitions are interleaved (import, a, b, c, import, a, …), so that a noisy machine hits all alike;
//! medians are printed, and the spread of the imports. `cpu` compares processor seconds: what of all work
//! was compressing; it hardly depends on what else the machine does. `needed` adds what no import of this
//! kind can do without: reading and hashing the source, and writing. Where the processors are all busy,
//! `cpu / needed` is the highest share that can be reached. `estimate` is what the import page would have said.
//!
//! `SHOTPOINT_BENCH_MB` (160) sets the size of each file, `SHOTPOINT_BENCH_ROUNDS` (3) the repetitions,
//! `SHOTPOINT_BENCH_DIR` the place, `SHOTPOINT_BENCH_ONLY` picks cases whose names contain it.
//! Ratios in one run count; megabytes per second depend on what else the machine does.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

mod bounds;
mod realistic;

use std::fs::File;
use std::path::Path;

use bounds::{
    Encoded, encode_alone, encode_as_named, encode_at_level, encode_ours, hash_alone, read_alone,
    timed, write_alone,
};
use realistic::{Recording, Survey};
use shotpoint::dataset::{Codec, Dataset};
use shotpoint::import::{
    ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, estimate, run, scan,
};
use shotpoint::job::JobContext;
use shotpoint::segy::{LayoutOverrides, SampleFormat};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
struct Case {
    recording: (Survey, SampleFormat, u32),
    mode: RequestedMode,
    threads: Option<u32>,
    codec: Codec,
}

/// The goal's cases, and then one axis after the other of what most imports are.
fn cases() -> Vec<Case> {
    let usual = Case {
        recording: (Survey::Shots, SampleFormat::Ibm32, 1000),
        mode: RequestedMode::Streaming,
        threads: None,
        codec: Codec::Balanced,
    };
    let mut cases = Vec::new();
    // Where all are two, two are not asked for once more.
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads: &[Option<u32>] = if processors == 2 {
        &[None]
    } else {
        &[Some(2), None]
    };
    for format in [SampleFormat::Ibm32, SampleFormat::Ieee32] {
        for n_samples in [500, 1000, 6000] {
            for mode in [RequestedMode::Streaming, RequestedMode::Batch] {
                for &threads in threads {
                    cases.push(Case {
                        recording: (Survey::Shots, format, n_samples),
                        mode,
                        threads,
                        ..usual
                    });
                }
            }
        }
    }
    let recording = (Survey::Stack, SampleFormat::Ibm32, 1500);
    cases.push(Case { recording, ..usual });
    let recording = (Survey::Stack, SampleFormat::Int16, 1500);
    cases.push(Case { recording, ..usual });
    for codec in [Codec::Fast, Codec::Small] {
        cases.push(Case { codec, ..usual });
    }
    let threads = Some(1);
    cases.push(Case { threads, ..usual });
    cases
}

impl Case {
    fn name(&self) -> String {
        let (survey, format, n_samples) = self.recording;
        let threads = self
            .threads
            .map_or_else(|| "all".to_owned(), |n| n.to_string());
        format!(
            "{survey:?} {format:?} {n_samples} {:?} {:?} threads {threads}",
            self.mode, self.codec
        )
    }
}

/// Seconds of one round.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    import: f64,
    import_cpu: f64,
    compress: Encoded,
    named: Encoded,
    level: Encoded,
    write: f64,
    write_cpu: f64,
    hash_cpu: f64,
    read: f64,
    estimate: f64,
    bytes_in: u64,
    bytes_out: u64,
    estimated_bytes: u64,
}

fn main() {
    let megabytes = u64::from(number("SHOTPOINT_BENCH_MB", 160));
    let n_rounds = number("SHOTPOINT_BENCH_ROUNDS", 3);
    let only = std::env::var("SHOTPOINT_BENCH_ONLY").unwrap_or_default();
    let folder = match std::env::var_os("SHOTPOINT_BENCH_DIR") {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    println!(
        "{:52} {:>6} {:>6} {:>6} | {:>6} {:>6} {:>6} {:>6} {:>6} | {:>5} {:>5} {:>5} {:>5} | {:>5} {:>6} | {:>7} {:>9} {:>9}",
        "case",
        "MB/s",
        "out",
        "ratio",
        "compr",
        "named",
        "level",
        "write",
        "read",
        "share",
        "named",
        "level",
        "size",
        "cpu",
        "needed",
        "spread",
        "est. time",
        "est. size"
    );
    for case in cases() {
        if !case.name().contains(&only) {
            continue;
        }
        let (survey, format, n_samples) = case.recording;
        let path = folder.path().join("bench.sgy");
        Recording::of_bytes(survey, format, n_samples, megabytes * 1_000_000).write(&path);
        File::open(&path).unwrap().sync_all().unwrap();
        let rounds: Vec<Round> = (0..n_rounds.max(1))
            .map(|_| round(&case, &path, folder.path()))
            .collect();
        print_row(&case, &rounds);
    }
}

fn number(name: &str, otherwise: u32) -> u32 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Megabytes a second of the source everywhere, so that the columns compare.
fn print_row(case: &Case, rounds: &[Round]) {
    let median = |of: fn(&Round) -> f64| middle(rounds.iter().map(of).collect());
    let imports = || rounds.iter().map(|round| round.import);
    let spread = imports().fold(0.0, f64::max) / imports().fold(f64::INFINITY, f64::min) - 1.0;
    let megabytes_in = rounds[0].bytes_in as f64 / 1e6;
    let megabytes_out = rounds[0].bytes_out as f64 / 1e6;
    let share_of = |encoded: fn(&Round) -> Encoded| {
        let shares = rounds.iter().map(|round| {
            let bound = encoded(round).secs.max(round.write).max(round.read);
            bound / round.import
        });
        100.0 * middle(shares.collect())
    };
    println!(
        "{:52} {:6.0} {:6.0} {:6.3} | {:6.0} {:6.0} {:6.0} {:6.0} {:6.0} | {:4.0}% {:4.0}% {:4.0}% {:5.2} | {:4.0}% {:5.0}% | {:6.0}% {:9.2} {:9.2}",
        case.name(),
        megabytes_in / median(|round| round.import),
        megabytes_out / median(|round| round.import),
        megabytes_in / megabytes_out,
        megabytes_in / median(|round| round.compress.secs),
        megabytes_in / median(|round| round.named.secs),
        megabytes_in / median(|round| round.level.secs),
        megabytes_in / median(|round| round.write),
        megabytes_in / median(|round| round.read),
        share_of(|round| round.compress),
        share_of(|round| round.named),
        share_of(|round| round.level),
        rounds[0].named.bytes / rounds[0].compress.bytes,
        100.0 * median(|round| round.compress.cpu_secs / round.import_cpu),
        100.0
            * median(|round| {
                (round.compress.cpu_secs + round.hash_cpu + round.write_cpu) / round.import_cpu
            }),
        100.0 * spread,
        median(|round| round.estimate / round.import),
        rounds[0].estimated_bytes as f64 / rounds[0].bytes_out as f64,
    );
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn round(case: &Case, path: &Path, folder: &Path) -> Round {
    let context = JobContext::default();
    let options = ImportOptions {
        mode: case.mode,
        threads: case.threads,
        codec: case.codec,
        output: Some(folder.join("bench.shotpoint")),
        ..ImportOptions::default()
    };
    let layout = LayoutOverrides::default();
    let scan = scan(path, &layout, ScanDepth::Quick, &context).unwrap();
    let plan = ImportPlan::new(&scan, &Mapping::default(), &options).unwrap();
    let estimated = estimate(&plan, &context).unwrap();
    let (report, import, import_cpu) = timed(|| run(&plan, &context).unwrap());
    assert!(Dataset::open(plan.output()).is_ok());
    let written = folder.join("written");
    let (files, write, write_cpu) = timed(|| write_alone(plan.output(), &written));
    assert!(files > 0);
    // Removing is part of neither.
    for made in [plan.output(), &written] {
        std::fs::remove_dir_all(made).unwrap();
    }
    let ((), _, hash_cpu) = timed(|| hash_alone(path));
    Round {
        import,
        import_cpu,
        compress: encode_alone(path, &plan, &encode_ours),
        named: encode_alone(path, &plan, &encode_as_named),
        level: encode_alone(path, &plan, &encode_at_level),
        write,
        write_cpu,
        hash_cpu,
        read: read_alone(path),
        estimate: estimated.duration.as_secs_f64(),
        bytes_in: report.bytes_in,
        bytes_out: report.bytes_out,
        estimated_bytes: estimated.output_bytes,
    }
}
