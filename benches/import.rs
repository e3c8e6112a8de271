//! Does an import reach what the machine allows? Protects the budget of 85 % (DESIGN, section 5).
//!
//! ```text
//! bound = the slower of (compressing the same chunks on all threads, nothing else)
//!                   and (writing the same bytes and syncing them)
//! ```
//! The data is made here: layered reflectivity, a wavelet, moveout, coloured noise; not white noise,
//! not zeros. `SHOTPOINT_BENCH_MB` sets the size (256), `SHOTPOINT_BENCH_DIR` the place.
//! Ratios in one run count; megabytes per second depend on what else the machine does.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use shotpoint::dataset::ChunkEncoder;
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::samples::Samples;
use shotpoint::segy::{
    ByteOrder, FileHeaderSpec, LayoutOverrides, SampleFormat, SegyFile, SegyWriter,
    TraceHeaderBuilder, decode,
};

const N_SAMPLES: u32 = 1000;
const TRACES_PER_SHOT: u32 = 120;

fn main() {
    let megabytes: u32 = std::env::var("SHOTPOINT_BENCH_MB")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(256);
    let folder = match std::env::var_os("SHOTPOINT_BENCH_DIR") {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let path = folder.path().join("bench.sgy");
    let n_traces = megabytes * 1_000_000 / (240 + 4 * N_SAMPLES);
    make_file(&path, n_traces);

    let options = ImportOptions {
        mode: RequestedMode::Streaming,
        ..ImportOptions::default()
    };
    let context = JobContext::default();
    let scan = scan(
        &path,
        &LayoutOverrides::default(),
        ScanDepth::Quick,
        &context,
    )
    .unwrap();
    let plan = ImportPlan::new(&scan, &Mapping::default(), &options).unwrap();
    let encoding = encode_alone(&path, &plan);

    let started = Instant::now();
    let report = run(&plan, &context).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let writing = write_alone(&folder.path().join("written"), report.bytes_out);

    let (mb_in, mb_out) = (report.bytes_in as f64 / 1e6, report.bytes_out as f64 / 1e6);
    let bound = encoding.max(writing);
    println!(
        "{n_traces} traces × {N_SAMPLES} samples, {} threads",
        plan.threads()
    );
    println!(
        "import           {seconds:7.2} s   {:6.0} MB/s in, {:6.0} MB/s out",
        mb_in / seconds,
        mb_out / seconds
    );
    println!("compress alone   {encoding:7.2} s");
    println!("write and sync   {writing:7.2} s   ({mb_out:.0} MB)");
    println!(
        "of the bound     {:7.0} %   (budget 85 %)",
        100.0 * bound / seconds
    );
}

/// Compresses all chunks of the file, decoded beforehand group by group, on all threads; seconds.
fn encode_alone(path: &Path, plan: &ImportPlan) -> f64 {
    let file = SegyFile::open(path, &LayoutOverrides::default()).unwrap();
    let spec = plan.spec();
    let chunk = u64::from(spec.chunk_traces);
    let mut seconds = 0.0;
    let mut start = 0;
    while start < spec.n_traces {
        let end = (start + 64 * chunk).min(spec.n_traces);
        let chunks: Vec<Samples> = (start..end)
            .step_by(usize::try_from(chunk).unwrap())
            .map(|first| decoded(&file, first..(first + chunk).min(end), spec.chunk_len()))
            .collect();
        seconds += encode_side_by_side(&chunks, plan);
        start = end;
    }
    seconds
}

fn encode_side_by_side(chunks: &[Samples], plan: &ImportPlan) -> f64 {
    let next = AtomicU64::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..plan.threads() {
            scope.spawn(|| {
                let mut encoder = ChunkEncoder::for_spec(plan.spec()).unwrap();
                while let Some(chunk) = usize::try_from(next.fetch_add(1, Ordering::Relaxed))
                    .ok()
                    .and_then(|i| chunks.get(i))
                {
                    std::hint::black_box(encoder.encode(chunk.as_bytes()).unwrap());
                }
            });
        }
    });
    started.elapsed().as_secs_f64()
}

fn decoded(file: &SegyFile, traces: std::ops::Range<u64>, chunk_len: usize) -> Samples {
    let layout = file.layout();
    let window = file.window(traces).unwrap();
    let mut chunk = Samples::zeros(layout.format.value.number_type(), chunk_len);
    let mut trace = Samples::zeros(layout.format.value.number_type(), N_SAMPLES as usize);
    let row = trace.as_bytes().len();
    for i in 0..window.n_traces() {
        let bytes = window.sample_bytes(i);
        decode(
            layout.format.value,
            layout.byte_order.value,
            bytes,
            &mut trace,
        )
        .unwrap();
        chunk.as_bytes_mut()[i * row..][..row].copy_from_slice(trace.as_bytes());
    }
    chunk
}

/// Writes and syncs so many bytes; seconds.
fn write_alone(path: &Path, n_bytes: u64) -> f64 {
    let block = vec![0x5a; 4 << 20];
    let mut file = File::create(path).unwrap();
    let started = Instant::now();
    let mut left = n_bytes;
    while left > 0 {
        let n = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(n).unwrap()])
            .unwrap();
        left -= n;
    }
    file.sync_all().unwrap();
    started.elapsed().as_secs_f64()
}

/// Shot records over a layered earth, IBM floats.
fn make_file(path: &Path, n_traces: u32) {
    let spec = FileHeaderSpec::new(ByteOrder::Big, SampleFormat::Ibm32, N_SAMPLES, 4000.0);
    let output = BufWriter::new(File::create(path).unwrap());
    let mut writer = SegyWriter::new(output, &spec).unwrap();
    let mut noise = Noise::default();
    for trace in 0..n_traces {
        let (shot, channel) = (trace / TRACES_PER_SHOT, trace % TRACES_PER_SHOT);
        let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
        let offset = 150 + 25 * i64::from(channel);
        header.set("tracl", i64::from(trace) + 1).unwrap();
        header.set("ffid", 101 + i64::from(shot)).unwrap();
        header.set("channel", i64::from(channel) + 1).unwrap();
        header.set("offset", offset).unwrap();
        header.set("sx", 500_000 + 25 * i64::from(shot)).unwrap();
        header
            .set("gx", 500_000 + 25 * i64::from(shot) + offset)
            .unwrap();
        let samples = shot_trace(offset as f32, &mut noise);
        writer
            .write_trace(header.bytes(), &Samples::Float32(samples))
            .unwrap();
    }
    writer.finish().unwrap();
}

fn shot_trace(offset: f32, noise: &mut Noise) -> Vec<f32> {
    let mut samples = vec![0.0_f32; N_SAMPLES as usize];
    for layer in 0..60_u16 {
        let layer = f32::from(layer);
        let zero_offset_secs = 0.15 + 0.06 * layer + 0.01 * (layer * 1.7).sin();
        let velocity = 1500.0 + 35.0 * layer;
        let secs = (zero_offset_secs.powi(2) + (offset / velocity).powi(2)).sqrt();
        let reflectivity = (layer * 12.9898).sin() * (1.0 - 0.3 * offset / 3000.0);
        add_wavelet(&mut samples, secs, reflectivity);
    }
    for (i, sample) in samples.iter_mut().enumerate() {
        let spreading = 1000.0 / (0.4 + i as f32 * 0.004);
        *sample = (*sample + noise.next() * 0.05) * spreading;
    }
    samples
}

/// A 25 Hz Ricker wavelet at `secs`.
fn add_wavelet(samples: &mut [f32], secs: f32, amplitude: f32) {
    for (i, sample) in samples.iter_mut().enumerate() {
        let t = i as f32 * 0.004 - secs;
        if t.abs() < 0.08 {
            let x = (std::f32::consts::PI * 25.0 * t).powi(2);
            *sample += amplitude * (1.0 - 2.0 * x) * (-x).exp();
        }
    }
}

/// Noise of a band like the signal's: an AR(2) process.
#[derive(Default)]
struct Noise {
    state: u64,
    last: [f32; 2],
}

impl Noise {
    fn next(&mut self) -> f32 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let white = (self.state >> 40) as f32 / 8_388_608.0 - 1.0;
        let value = 1.2 * self.last[0] - 0.5 * self.last[1] + white;
        self.last = [value, self.last[0]];
        value
    }
}
