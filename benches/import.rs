//! Does an import reach what the machine allows? Protects the budget of 85 % (DESIGN, section 5).
//!
//! ```text
//! bounds, beside each import in the same run:   (a) compress the same chunks on as many threads, from memory
//!                                               (b) write the same bytes into as many files, with the same syncs
//!                                               (c) read the source
//! share = the slowest bound / the import
//! ```
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

mod realistic;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use realistic::{Recording, Survey};
use sha2::{Digest as _, Sha256};
use shotpoint::dataset::{ChunkEncoder, Codec, Dataset};
use shotpoint::import::{
    ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, estimate, run, scan,
};
use shotpoint::job::JobContext;
use shotpoint::samples::Samples;
use shotpoint::segy::{LayoutOverrides, SampleFormat, SegyFile, decode};

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
    compress: f64,
    compress_cpu: f64,
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
        "{:52} {:>6} {:>6} {:>6} | {:>6} {:>6} {:>6} | {:>5} {:>5} {:>6} | {:>7} {:>9} {:>9}",
        "case",
        "MB/s",
        "out",
        "ratio",
        "compr",
        "write",
        "read",
        "share",
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
    let median = |of: fn(&Round) -> f64| -> f64 {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let imports = || rounds.iter().map(|round| round.import);
    let spread = imports().fold(0.0, f64::max) / imports().fold(f64::INFINITY, f64::min) - 1.0;
    let megabytes_in = rounds[0].bytes_in as f64 / 1e6;
    let megabytes_out = rounds[0].bytes_out as f64 / 1e6;
    let share = |round: &Round| round.compress.max(round.write).max(round.read) / round.import;
    println!(
        "{:52} {:6.0} {:6.0} {:6.3} | {:6.0} {:6.0} {:6.0} | {:4.0}% {:4.0}% {:5.0}% | {:6.0}% {:9.2} {:9.2}",
        case.name(),
        megabytes_in / median(|round| round.import),
        megabytes_out / median(|round| round.import),
        megabytes_in / megabytes_out,
        megabytes_in / median(|round| round.compress),
        megabytes_in / median(|round| round.write),
        megabytes_in / median(|round| round.read),
        100.0 * median(share),
        100.0 * median(|round| round.compress_cpu / round.import_cpu),
        100.0
            * median(|round| {
                (round.compress_cpu + round.hash_cpu + round.write_cpu) / round.import_cpu
            }),
        100.0 * spread,
        median(|round| round.estimate / round.import),
        rounds[0].estimated_bytes as f64 / rounds[0].bytes_out as f64,
    );
}

fn round(case: &Case, path: &Path, folder: &Path) -> Round {
    let context = JobContext::default();
    let options = ImportOptions {
        mode: case.mode,
        threads: case.threads,
        codec: case.codec,
        output: Some(folder.join("bench.shotpoint")),
        overwrite: true,
        ..ImportOptions::default()
    };
    let layout = LayoutOverrides::default();
    let scan = scan(path, &layout, ScanDepth::Quick, &context).unwrap();
    let plan = ImportPlan::new(&scan, &Mapping::default(), &options).unwrap();
    let estimated = estimate(&plan, &context).unwrap();
    let (report, import, import_cpu) = timed(|| run(&plan, &context).unwrap());
    assert!(Dataset::open(plan.output()).is_ok());
    let (compress, compress_cpu) = encode_alone(path, &plan);
    let (files, write, write_cpu) = timed(|| write_alone(plan.output(), &folder.join("written")));
    assert!(files > 0);
    let ((), _, hash_cpu) = timed(|| hash_alone(path));
    Round {
        import,
        import_cpu,
        compress,
        compress_cpu,
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

/// What a task gave, its seconds, and the processor's seconds of all its threads.
fn timed<T>(task: impl FnOnce() -> T) -> (T, f64, f64) {
    let (started, cpu) = (Instant::now(), process_cpu_secs());
    let result = task();
    (
        result,
        started.elapsed().as_secs_f64(),
        process_cpu_secs() - cpu,
    )
}

/// User and system time of this process, in ticks of 10 ms; 0 where the system has no such file.
fn process_cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Bound (a): compresses all chunks of the file, decoded beforehand, group by group, on all threads.
fn encode_alone(path: &Path, plan: &ImportPlan) -> (f64, f64) {
    let file = SegyFile::open(path, &LayoutOverrides::default()).unwrap();
    let spec = plan.spec();
    let chunk = u64::from(spec.chunk_traces);
    let (mut seconds, mut cpu) = (0.0, 0.0);
    let mut start = 0;
    while start < spec.n_traces {
        let end = (start + 128 * chunk).min(spec.n_traces);
        let chunks: Vec<Samples> = (start..end)
            .step_by(usize::try_from(chunk).unwrap())
            .map(|first| decoded(&file, first..(first + chunk).min(end), spec.chunk_len()))
            .collect();
        let ((), some_seconds, some_cpu) = timed(|| encode_side_by_side(&chunks, plan));
        seconds += some_seconds;
        cpu += some_cpu;
        start = end;
    }
    (seconds, cpu)
}

fn encode_side_by_side(chunks: &[Samples], plan: &ImportPlan) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..plan.threads() {
            scope.spawn(|| {
                let mut encoder = ChunkEncoder::for_spec(plan.spec()).unwrap();
                while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    std::hint::black_box(encoder.encode(chunk.as_bytes()).unwrap());
                }
            });
        }
    });
}

fn decoded(file: &SegyFile, traces: std::ops::Range<u64>, chunk_len: usize) -> Samples {
    let layout = file.layout();
    let number_type = layout.format.value.number_type();
    let window = file.window(traces).unwrap();
    let mut chunk = Samples::zeros(number_type, chunk_len);
    let mut trace = Samples::zeros(number_type, layout.n_samples.value as usize);
    let row = trace.as_bytes().len();
    for i in 0..window.n_traces() {
        let (format, order) = (layout.format.value, layout.byte_order.value);
        decode(format, order, window.sample_bytes(i), &mut trace).unwrap();
        chunk.as_bytes_mut()[i * row..][..row].copy_from_slice(trace.as_bytes());
    }
    chunk
}

/// Bound (b): writes the dataset's bytes once more, into files of the same lengths, from memory, in
/// pieces of a chunk's size with write-back begun behind each, and syncs as an import does.
fn write_alone(dataset: &Path, copy: &Path) -> usize {
    let mut files = Vec::new();
    collect_files(dataset, Path::new(""), &mut files);
    let piece = vec![0x5a_u8; 512 << 10];
    std::fs::create_dir(copy).unwrap();
    let mut made = Vec::new();
    for (name, length) in &files {
        let path = copy.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = File::create(path).unwrap();
        let mut offset = 0;
        while offset < *length {
            let n = usize::try_from(length - offset).unwrap().min(piece.len());
            file.write_all(&piece[..n]).unwrap();
            start_write_back(&file, offset, n);
            offset += n as u64;
        }
        made.push(file);
    }
    for file in &made {
        file.sync_all().unwrap();
    }
    sync_folders(copy);
    std::fs::remove_dir_all(copy).unwrap();
    files.len()
}

/// Reads and hashes the source, as the manifest demands.
fn hash_alone(path: &Path) {
    let mut file = File::open(path).unwrap();
    let mut buffer = vec![0; 1 << 20];
    let mut hasher = Sha256::new();
    loop {
        let n = file.read(&mut buffer).unwrap();
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
    }
    std::hint::black_box(hasher.finalize());
}

#[cfg(target_os = "linux")]
fn start_write_back(file: &File, offset: u64, length: usize) {
    use std::os::fd::AsRawFd;
    let (offset, length) = (
        i64::try_from(offset).unwrap(),
        i64::try_from(length).unwrap(),
    );
    #[expect(unsafe_code, reason = "sync_file_range has no safe wrapper")]
    // SAFETY: the descriptor is open while `file` is borrowed; the call touches no memory of ours.
    unsafe {
        libc::sync_file_range(
            file.as_raw_fd(),
            offset,
            length,
            libc::SYNC_FILE_RANGE_WRITE,
        );
    }
}

#[cfg(not(target_os = "linux"))]
fn start_write_back(_file: &File, _offset: u64, _length: usize) {}

fn collect_files(root: &Path, below: &Path, files: &mut Vec<(std::path::PathBuf, u64)>) {
    for entry in std::fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = below.join(entry.file_name());
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            collect_files(root, &name, files);
        } else {
            files.push((name, metadata.len()));
        }
    }
}

fn sync_folders(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().is_dir() {
            sync_folders(&entry.path());
        }
    }
    File::open(folder).unwrap().sync_all().unwrap();
}

/// Bound (c): reads the source from its first byte to its last, as warm or cold as the import found it.
fn read_alone(path: &Path) -> f64 {
    let mut file = File::open(path).unwrap();
    let mut buffer = vec![0; 4 << 20];
    let started = Instant::now();
    while file.read(&mut buffer).unwrap() > 0 {
        std::hint::black_box(&buffer);
    }
    started.elapsed().as_secs_f64()
}
