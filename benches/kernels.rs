//! What does each step over samples cost, against copying them? Protects that importing is bound by the
//! codec: decoding, statistics and overview together should stay under a fifth of its time.
//!
//! Everything here stays in the second-level cache, as it does in a worker that decodes a trace.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

mod realistic;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use realistic::{Earth, Recording, Survey, median_secs};
use sha2::{Digest, Sha256};
use shotpoint::dataset::{ChunkEncoder, OverviewWriter, StatisticsAccumulator};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, scan};
use shotpoint::job::JobContext;
use shotpoint::samples::Samples;
use shotpoint::segy::{
    ByteOrder, LayoutOverrides, SampleFormat, SegyFile, decode, encode, inexact_words,
};

const N_SAMPLES: usize = 1000;
/// One chunk.
const N_TRACES: usize = 128;

/// Decoding each format in each order beside `memcpy`, and encoding it again.
fn decoding(criterion: &mut Criterion) {
    let n = N_SAMPLES * 16;
    let mut group = criterion.benchmark_group("decode");
    let from = vec![7_u8; n * 4];
    let mut to = from.clone();
    group.throughput(Throughput::Bytes(4 * n as u64));
    group.bench_function("memcpy, 4 bytes", |bencher| {
        bencher.iter(|| to.copy_from_slice(black_box(&from)));
    });
    for format in [
        SampleFormat::Ibm32,
        SampleFormat::Ieee32,
        SampleFormat::Ieee64,
        SampleFormat::Int32,
        SampleFormat::Int24,
        SampleFormat::Int16,
        SampleFormat::Int8,
    ] {
        group.throughput(Throughput::Bytes((n * format.size_bytes()) as u64));
        for order in [ByteOrder::Big, ByteOrder::Little] {
            let mut samples = Samples::zeros(format.number_type(), n);
            let mut bytes = Vec::new();
            encode(format, order, &samples, &mut bytes).unwrap();
            group.bench_function(format!("{format:?} {order:?}"), |bencher| {
                bencher.iter(|| decode(format, order, black_box(&bytes), &mut samples).unwrap());
            });
            group.bench_function(format!("encode {format:?} {order:?}"), |bencher| {
                bencher.iter(|| {
                    bytes.clear();
                    encode(format, order, black_box(&samples), &mut bytes).unwrap();
                });
            });
        }
    }
}

/// What else looks at every sample of a chunk.
fn passes(criterion: &mut Criterion) {
    let mut floats = Vec::new();
    let mut earth = Earth::new(1000);
    let mut trace = Vec::new();
    for index in 0..N_TRACES {
        earth.trace(Survey::Shots, u32::try_from(index).unwrap(), &mut trace);
        floats.extend_from_slice(&trace);
    }
    let samples = Samples::Float32(floats.clone());
    let mut words = Vec::new();
    encode(SampleFormat::Ibm32, ByteOrder::Big, &samples, &mut words).unwrap();
    let mut group = criterion.benchmark_group("a chunk of floats");
    group.throughput(Throughput::Bytes(4 * floats.len() as u64));
    let mut statistics = StatisticsAccumulator::default();
    group.bench_function("statistics", |bencher| {
        bencher.iter(|| statistics.add(black_box(&samples)));
    });
    group.bench_function("overview, level 1", |bencher| {
        bencher.iter(|| OverviewWriter::reduce(black_box(&floats), N_SAMPLES));
    });
    let mut exceptions = Vec::new();
    group.bench_function("IBM words that would not come back", |bencher| {
        bencher.iter(|| inexact_words(ByteOrder::Big, black_box(&words), &floats, &mut exceptions));
    });
    group.bench_function("SHA-256", |bencher| {
        bencher.iter(|| Sha256::digest(black_box(&words)));
    });
}

/// What a chunk of 128 × 1000 IBM words costs in each step, of what compressing it costs: the decision
/// that this bench protects, in numbers that do not depend on the machine's load.
fn ratios() {
    const RUNS: usize = 31;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chunk.sgy");
    let bytes = (N_TRACES * (240 + 4 * N_SAMPLES)) as u64;
    Recording::of_bytes(Survey::Shots, SampleFormat::Ibm32, 1000, bytes).write(&path);
    let file = SegyFile::open(&path, &LayoutOverrides::default()).unwrap();
    let found = scan(
        &path,
        &LayoutOverrides::default(),
        ScanDepth::Quick,
        &JobContext::default(),
    );
    let options = ImportOptions::default();
    let plan = ImportPlan::new(&found.unwrap(), &Mapping::default(), &options).unwrap();
    let window = file.window(0..file.layout().n_traces).unwrap();
    let words: Vec<u8> = (0..window.n_traces())
        .flat_map(|i| window.sample_bytes(i).to_vec())
        .collect();
    let (format, order) = (SampleFormat::Ibm32, ByteOrder::Big);
    let mut samples = Samples::zeros(format.number_type(), words.len() / 4);
    decode(format, order, &words, &mut samples).unwrap();
    let Samples::Float32(floats) = samples.clone() else {
        unreachable!("IBM words become f32")
    };
    let mut encoder = ChunkEncoder::for_spec(plan.spec()).unwrap();
    let mut encoded = Vec::new();
    let compress = median_secs(RUNS, || {
        encoded.clear();
        encoder.append(samples.as_bytes(), &mut encoded).unwrap()
    });
    let (mut copy, mut out) = (words.clone(), samples.clone());
    let mut statistics = StatisticsAccumulator::default();
    let mut inexact = Vec::new();
    let steps = [
        ("copy", median_secs(RUNS, || copy.copy_from_slice(&words))),
        (
            "decode IBM words",
            median_secs(RUNS, || {
                decode(format, order, &words, &mut out).unwrap();
            }),
        ),
        (
            "find words that would not come back",
            median_secs(RUNS, || {
                inexact_words(order, &words, &floats, &mut inexact);
            }),
        ),
        ("statistics", median_secs(RUNS, || statistics.add(&samples))),
        (
            "overview",
            median_secs(RUNS, || OverviewWriter::reduce(&floats, N_SAMPLES)),
        ),
        ("SHA-256", median_secs(RUNS, || Sha256::digest(&words))),
    ];
    println!("\nof compressing the chunk (balanced), each step takes");
    for (name, seconds) in steps {
        println!("{:6.1} %  {name}", 100.0 * seconds / compress);
    }
}

criterion_group!(benches, decoding, passes);

fn main() {
    benches();
    ratios();
}
