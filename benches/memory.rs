//! Does memory grow with the file? Protects the budget of `--memory`, at sizes that no disk here holds.
//!
//! The source is a sparse file: as long as it claims, with real headers at its first traces and at
//! every so many after, and zeros that take no room in between. It goes through the real pipeline;
//! zeros compress to nothing, so that the dataset stays small. The process's own pages are sampled while
//! it runs: anonymous and mapped from files, as the operating system counts them.
//!
//! ```text
//! # SHOTPOINT_BENCH_SECONDS ends it early, SHOTPOINT_BENCH_DIR says where
//! SHOTPOINT_BENCH_TRACES=100000000 SHOTPOINT_BENCH_SAMPLES=2440 SHOTPOINT_BENCH_MEMORY=256 cargo bench --bench memory
//! ```
//! Prints CSV: label, traces, MB of the file, resident, anonymous and mapped MiB. `examples/python/plot_memory.py` draws it.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use shotpoint::browse::{DatasetSource, GatherIndex};
use shotpoint::dataset::{Codec, Dataset};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::samples::Samples;
use shotpoint::segy::{
    ByteOrder, FileHeaderSpec, LayoutOverrides, SampleFormat, SegyWriter, TraceHeaderBuilder,
};

/// Real headers stand at the first so many traces, …
const FIRST_TRACES: u64 = 1000;
/// … and at so many more places, evenly spread: each begins a run of its own.
const MORE_HEADERS: u64 = 20_000;

fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn main() {
    let n_traces = number("SHOTPOINT_BENCH_TRACES", 2_000_000);
    let n_samples = u32::try_from(number("SHOTPOINT_BENCH_SAMPLES", 500)).unwrap();
    let memory_mib = u32::try_from(number("SHOTPOINT_BENCH_MEMORY", 256)).unwrap();
    let folder = match std::env::var_os("SHOTPOINT_BENCH_DIR") {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let path = folder.path().join("sparse.sgy");
    make_sparse(&path, n_traces, n_samples);
    let label = format!("{n_traces} x {n_samples} --memory {memory_mib}");
    let context = JobContext::default();
    let layout = LayoutOverrides::default();
    let found = scan(&path, &layout, ScanDepth::Quick, &context).unwrap();
    assert_eq!(found.layout.n_traces, n_traces);
    let options = ImportOptions {
        mode: RequestedMode::Streaming,
        memory_mib,
        codec: Codec::Fast,
        ..ImportOptions::default()
    };
    let plan = ImportPlan::new(&found, &Mapping::default(), &options).unwrap();
    let done = AtomicBool::new(false);
    let started = Instant::now();
    println!("label,traces,file_mb,resident_mib,anonymous_mib,mapped_mib");
    std::thread::scope(|scope| {
        let sampler = scope.spawn(|| sample(&context, &label, &done));
        let report = run(&plan, &context);
        done.store(true, Ordering::Relaxed);
        let peak = sampler.join().unwrap();
        let seconds = started.elapsed().as_secs_f64();
        let Ok(report) = report else {
            let done = context.progress.snapshot().traces_done;
            println!(
                "# {label}: peak {peak:.0} MiB of {memory_mib}; ended after {done} traces and {seconds:.0} s"
            );
            std::process::exit(0);
        };
        println!(
            "# {label}: peak {peak:.0} MiB of {memory_mib}, claimed {:.0}; {:.0} s, {:.0} MB/s in, {} bytes out",
            plan.memory_bytes() as f64 / 1048576.0,
            seconds,
            report.bytes_in as f64 / 1e6 / seconds,
            report.bytes_out
        );
    });
    let before = resident()[0];
    let started = Instant::now();
    let dataset = Dataset::open(plan.output()).unwrap();
    assert_eq!(dataset.manifest().array.n_traces, n_traces);
    println!(
        "# opened again in {:.0} ms, {:.1} MiB more",
        started.elapsed().as_secs_f64() * 1e3,
        resident()[0] - before
    );
    let before = resident()[0];
    let started = Instant::now();
    let source = DatasetSource::open(plan.output()).unwrap();
    let keys = &plan.mapping().ensemble_keys;
    let index = GatherIndex::build(&source, keys, 1000, &context)
        .unwrap()
        .unwrap();
    println!(
        "# {} gathers by {keys:?} in {:.1} s, {:.1} MiB more",
        index.len(),
        started.elapsed().as_secs_f64(),
        resident()[0] - before
    );
}

/// Prints a row for every hundredth of the file or so, and wherever more is taken than ever before; gives
/// the largest sum of resident pages.
fn sample(context: &JobContext, label: &str, done: &AtomicBool) -> f64 {
    let mut peak: f64 = 0.0;
    let mut next_row = 0;
    let started = Instant::now();
    let limit = Duration::from_secs(number("SHOTPOINT_BENCH_SECONDS", u64::from(u32::MAX)));
    while !done.load(Ordering::Relaxed) {
        let progress = context.progress.snapshot();
        let [all, anonymous, mapped] = resident();
        let is_peak = all > peak + 1.0;
        peak = peak.max(all);
        if progress.traces_done >= next_row || is_peak {
            println!(
                "{label},{},{:.0},{all:.1},{anonymous:.1},{mapped:.1}",
                progress.traces_done,
                progress.bytes_done as f64 / 1e6
            );
            if progress.traces_done >= next_row {
                next_row = progress.traces_done + progress.traces_total / 100 + 1;
            }
        }
        if started.elapsed() > limit {
            context.cancel.cancel();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    peak
}

/// Resident, anonymous and file-mapped MiB of this process.
fn resident() -> [f64; 3] {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ["VmRSS:", "RssAnon:", "RssFile:"].map(|name| {
        let line = status.lines().find(|line| line.starts_with(name));
        let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kb.unwrap_or(0.0) / 1024.0
    })
}

fn make_sparse(path: &Path, n_traces: u64, n_samples: u32) {
    let spec = FileHeaderSpec::new(ByteOrder::Big, SampleFormat::Ieee32, n_samples, 4000.0);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path)
        .unwrap();
    let mut writer = SegyWriter::new(file, &spec).unwrap();
    for trace in 0..FIRST_TRACES.min(n_traces) {
        let samples = (0..n_samples).map(|i| ((i as f32) * 0.3).sin() * 100.0);
        let samples = Samples::Float32(samples.collect());
        writer.write_trace(header(trace).bytes(), &samples).unwrap();
    }
    let mut file = writer.finish().unwrap();
    let data_start = 3600;
    let stride = 240 + 4 * u64::from(n_samples);
    file.set_len(data_start + n_traces * stride).unwrap();
    let step = (n_traces / MORE_HEADERS).max(1);
    for trace in (FIRST_TRACES..n_traces).step_by(usize::try_from(step).unwrap()) {
        file.seek(SeekFrom::Start(data_start + trace * stride))
            .unwrap();
        file.write_all(header(trace).bytes()).unwrap();
    }
}

fn header(trace: u64) -> TraceHeaderBuilder {
    let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
    let trace = i64::try_from(trace).unwrap();
    header.set("tracl", trace + 1).unwrap();
    header.set("ffid", 1 + trace / 100).unwrap();
    header.set("channel", 1 + trace % 100).unwrap();
    header
}
