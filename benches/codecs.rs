//! Which codec, which shape of a chunk? Protects what `Codec::describe` says, the split into planes
//! (`dataset/blosc.rs`), and the chunk of 512 KiB (`import/plan/shape.rs`).
//!
//! One thread, from memory, thread time; rates in MB of samples a second, ratios of samples to bytes on disk.
//! Beside our three codecs stand what they were chosen over: one zstd stream for the whole shuffled chunk
//! (what Blosc does with `DONT_SPLIT`), each plane by itself without looking for noise, and no shuffling.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

mod realistic;

use std::time::Instant;

use realistic::{Recording, Survey};
use shotpoint::dataset::{ChunkEncoder, Codec};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, scan};
use shotpoint::job::JobContext;
use shotpoint::samples::Samples;
use shotpoint::segy::{LayoutOverrides, SampleFormat, SegyFile, decode};
use zstd::bulk::Compressor;

const BYTES: u64 = 24_000_000;

fn main() {
    for (survey, format) in [
        (Survey::Shots, SampleFormat::Ibm32),
        (Survey::Shots, SampleFormat::Ieee32),
        (Survey::Stack, SampleFormat::Ibm32),
        (Survey::Stack, SampleFormat::Ieee32),
        (Survey::Stack, SampleFormat::Int16),
    ] {
        for n_samples in [500, 1000, 6000] {
            let shaped = [None];
            compare(survey, format, n_samples, &shaped);
        }
    }
    println!("\nchunk shapes");
    let traces = [32, 64, 128, 256, 512, 1024].map(Some);
    compare(Survey::Shots, SampleFormat::Ibm32, 1000, &traces);
}

fn compare(survey: Survey, format: SampleFormat, n_samples: u32, chunk_traces: &[Option<u32>]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codecs.sgy");
    Recording::of_bytes(survey, format, n_samples, BYTES).write(&path);
    let context = JobContext::default();
    let layout = LayoutOverrides::default();
    let scan = scan(&path, &layout, ScanDepth::Quick, &context).unwrap();
    for &chunk_traces in chunk_traces {
        let plan = |codec| {
            let options = ImportOptions {
                codec,
                chunk_traces,
                ..ImportOptions::default()
            };
            ImportPlan::new(&scan, &Mapping::default(), &options).unwrap()
        };
        let balanced = plan(Codec::Balanced);
        let chunks = chunks(&path, &balanced);
        let size_bytes = balanced.spec().number_type.size_bytes();
        println!(
            "\n{survey:?} {format:?} {n_samples} samples, chunks of {} traces",
            balanced.spec().chunk_traces
        );
        for codec in [Codec::Fast, Codec::Balanced, Codec::Small] {
            let mut encoder = ChunkEncoder::for_spec(plan(codec).spec()).unwrap();
            print(&format!("{codec:?}"), &chunks, |chunk| {
                encoder.append(chunk, &mut Vec::new()).unwrap()
            });
        }
        if chunk_traces.is_some() {
            continue;
        }
        for level in [1, 3, 9] {
            let mut zstd = Zstd::new(level);
            print(&format!("one stream, level {level}"), &chunks, |chunk| {
                zstd.of(&shuffled(size_bytes, chunk))
            });
            let mut zstd = Zstd::new(level);
            print(&format!("planes, all tried, {level}"), &chunks, |chunk| {
                let planes = shuffled(size_bytes, chunk);
                let n = planes.len() / size_bytes;
                planes.chunks_exact(n).map(|plane| zstd.of(plane)).sum()
            });
        }
        let mut zstd = Zstd::new(3);
        print("not shuffled, level 3", &chunks, |chunk| zstd.of(chunk));
    }
}

struct Zstd(Compressor<'static>, Vec<u8>);

impl Zstd {
    fn new(level: i32) -> Self {
        Self(Compressor::new(level).unwrap(), Vec::new())
    }

    fn of(&mut self, bytes: &[u8]) -> usize {
        self.1
            .resize(zstd::zstd_safe::compress_bound(bytes.len()), 0);
        self.0
            .compress_to_buffer(bytes, self.1.as_mut_slice())
            .unwrap()
            .min(bytes.len())
    }
}

fn shuffled(size_bytes: usize, chunk: &[u8]) -> Vec<u8> {
    let n = chunk.len() / size_bytes;
    let mut out = vec![0; chunk.len()];
    for (j, plane) in out.chunks_exact_mut(n).enumerate() {
        for (byte, number) in plane.iter_mut().zip(chunk.chunks_exact(size_bytes)) {
            *byte = number[j];
        }
    }
    out
}

/// What this thread has computed for, so that others on the machine do not count; wall time where the
/// system does not tell.
fn thread_secs() -> f64 {
    static STARTED: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = text.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanos.map_or_else(
        || STARTED.get_or_init(Instant::now).elapsed().as_secs_f64(),
        |nanos| nanos / 1e9,
    )
}

/// The best of three rounds.
fn print(name: &str, chunks: &[Samples], mut encode: impl FnMut(&[u8]) -> usize) {
    let n_bytes: usize = chunks.iter().map(|chunk| chunk.as_bytes().len()).sum();
    let mut seconds = f64::INFINITY;
    let mut stored = 0;
    for _ in 0..3 {
        let started = thread_secs();
        stored = chunks.iter().map(|chunk| encode(chunk.as_bytes())).sum();
        seconds = (thread_secs() - started).min(seconds);
    }
    println!(
        "  {name:24} {:6.0} MB/s {:7.4}",
        n_bytes as f64 / 1e6 / seconds,
        n_bytes as f64 / stored as f64
    );
}

fn chunks(path: &std::path::Path, plan: &ImportPlan) -> Vec<Samples> {
    let file = SegyFile::open(path, &LayoutOverrides::default()).unwrap();
    let layout = file.layout();
    let spec = plan.spec();
    let chunk = u64::from(spec.chunk_traces);
    (0..spec.n_traces / chunk)
        .map(|i| {
            let window = file.window(i * chunk..(i + 1) * chunk).unwrap();
            let mut samples = Samples::zeros(spec.number_type, spec.chunk_len());
            let mut trace = Samples::zeros(spec.number_type, spec.n_samples as usize);
            let row = trace.as_bytes().len();
            for i in 0..window.n_traces() {
                let (format, order) = (layout.format.value, layout.byte_order.value);
                decode(format, order, window.sample_bytes(i), &mut trace).unwrap();
                samples.as_bytes_mut()[i * row..][..row].copy_from_slice(trace.as_bytes());
            }
            samples
        })
        .collect()
}
