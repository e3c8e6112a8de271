//! How fast does a dataset open, give a gather, answer a question about headers? Protects the chunk of
//! 512 KiB (a gather should take a few milliseconds, warm or cold), the row groups of headers.parquet
//! (a question about one key should not read all of it), and the 300 ms for opening ten million traces.
//!
//! `SHOTPOINT_BENCH_LONG=10000000` makes that long dataset first, of a file with one sample a trace
//! (a minute or two); without it 200,000 traces stand in.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

mod realistic;

use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use realistic::{Recording, Survey, median_secs};
use shotpoint::browse::{DatasetSource, GatherIndex};
use shotpoint::dataset::{Dataset, Expression};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::{LayoutOverrides, SampleFormat};

const N_TRACES: u64 = 12_000;
const GATHER: u64 = 120;
/// Keys that a user may choose, from few gathers of many runs to a gather for each trace.
const ANY_KEYS: [&[&str]; 7] = [
    &["orig_field_record_num"],
    &["trace_num_orig_record"],
    &["ensemble_num"],
    &["bin(source_to_receiver_distance, 100)"],
    &["group_coord_x", "group_coord_y"],
    &["orig_field_record_num", "trace_num_orig_record"],
    &["trace_num_orig_record", "orig_field_record_num"],
];

fn imported(path: &Path, chunk_traces: Option<u32>) -> PathBuf {
    let context = JobContext::default();
    let overrides = LayoutOverrides::default();
    let found = scan(path, &overrides, ScanDepth::Quick, &context).unwrap();
    let options = ImportOptions {
        output: Some(path.with_extension(format!("{chunk_traces:?}.shotpoint"))),
        mode: RequestedMode::Streaming,
        chunk_traces,
        ..ImportOptions::default()
    };
    let plan = ImportPlan::new(&found, &Mapping::default(), &options).unwrap();
    run(&plan, &context).unwrap().dataset
}

/// A gather by itself, by chunk shape; the cold one without the system's cache of its files.
fn gathers(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gathers.sgy");
    let recording = (Survey::Shots, SampleFormat::Ibm32, 1000);
    Recording::of_bytes(recording.0, recording.1, recording.2, N_TRACES * 4240).write(&path);
    let mut group = criterion.benchmark_group("gather of 120 traces × 1000 samples");
    let mut usual = None;
    for chunk_traces in [None, Some(16), Some(512), Some(2048)] {
        let dataset = Dataset::open(&imported(&path, chunk_traces)).unwrap();
        let n = dataset.manifest().array.chunk_traces;
        let mut next = 0;
        let mut read = || {
            next = (next + 37 * GATHER) % (N_TRACES - GATHER);
            black_box(dataset.read_samples(next..next + GATHER).unwrap())
        };
        group.bench_function(format!("chunks of {n} traces, warm"), |bencher| {
            bencher.iter(&mut read);
        });
        let seconds = median_secs(31, &mut read);
        let usual = *usual.get_or_insert(seconds);
        println!(
            "a gather of {GATHER} traces, warm, chunks of {n}: {:.2} of that with the usual chunks, {:.3} of a frame of 16 ms",
            seconds / usual,
            seconds / 0.016
        );
        if cfg!(target_os = "linux") {
            group.bench_function(format!("chunks of {n} traces, cold"), |bencher| {
                bencher.iter_batched(
                    || forget_pages(dataset.path()),
                    |()| read(),
                    criterion::BatchSize::PerIteration,
                );
            });
        }
    }
}

/// Asks the system to drop its cache of every file below.
fn forget_pages(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            forget_pages(&path);
        } else {
            forget_file(&File::open(path).unwrap());
        }
    }
}

#[cfg(target_os = "linux")]
fn forget_file(file: &File) {
    use std::os::fd::AsRawFd;
    #[expect(unsafe_code, reason = "posix_fadvise has no safe wrapper")]
    // SAFETY: the descriptor is open while `file` is borrowed; the call only advises.
    unsafe {
        libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED);
    }
}

#[cfg(not(target_os = "linux"))]
fn forget_file(_file: &File) {}

/// Opening a long dataset, finding its gathers, asking for one key.
fn headers(criterion: &mut Criterion) {
    let long = std::env::var("SHOTPOINT_BENCH_LONG").ok();
    let n_traces: u64 = long.and_then(|text| text.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.sgy");
    Recording::of_bytes(Survey::Shots, SampleFormat::Ibm32, 1, n_traces * 244).write(&path);
    let path = imported(&path, None);
    let mut group = criterion.benchmark_group(format!("{n_traces} traces"));
    group.bench_function("open", |bencher| {
        bencher.iter(|| black_box(Dataset::open(&path).unwrap()));
    });
    let seconds = median_secs(9, || Dataset::open(&path).unwrap());
    println!(
        "opening {n_traces} traces takes {:.3} of its budget of 300 ms",
        seconds / 0.3
    );
    let dataset = Dataset::open(&path).unwrap();
    group.bench_function("headers of one trace, a few columns", |bencher| {
        let columns = ["orig_field_record_num", "source_coord_x"];
        bencher.iter(|| dataset.read_headers(&columns, 77_777..77_778).unwrap());
    });
    group.sample_size(10);
    group.bench_function("gathers by the stored key", |bencher| {
        let source = DatasetSource::open(&path).unwrap();
        let keys = dataset.manifest().ensembles.keys.clone();
        let context = JobContext::default();
        bencher.iter(|| GatherIndex::build(&source, &keys, 1000, &context).unwrap());
    });
    let source = DatasetSource::open(&path).unwrap();
    for keys in ANY_KEYS {
        let names: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
        let context = JobContext::default();
        let build = || GatherIndex::build(&source, &names, 1000, &context).unwrap();
        let n_gathers = build().map_or(0, |index| index.len());
        println!(
            "{n_gathers} gathers by {keys:?} take {:.3} of their budget of 1 s for 10 million traces",
            median_secs(3, build) * 1e7 / n_traces as f64
        );
    }
    group.bench_function("all rows of one key", |bencher| {
        let name = "orig_field_record_num";
        let asked = format!("{name} == 777");
        let expression = Expression::parse(&asked, &dataset.header_schema()).unwrap();
        bencher.iter(|| {
            let batches = dataset.scan_headers(&[name]).unwrap();
            let found = batches.map(|batch| expression.evaluate(&batch.unwrap()).unwrap());
            found.map(|rows| rows.true_count()).sum::<usize>()
        });
    });
    let read = |columns: &[&str]| {
        dataset
            .read_headers(columns, 0..n_traces.min(200_000))
            .unwrap()
    };
    let names: Vec<String> = dataset
        .header_schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let (one, all) = (
        median_secs(5, || read(&["orig_field_record_num"])),
        median_secs(3, || read(&all)),
    );
    println!(
        "one column of headers takes {:.4} of all of them",
        one / all
    );
}

criterion_group!(benches, gathers, headers);
criterion_main!(benches);
