//! How large will the dataset be, how long will it take? Measured on a few real blocks of this file,
//! and on the disk where the dataset will lie.
//!
//! ```text
//! a few chunks from the file's start to its end:  read │ hash │ decode … compress │ header rows │ write
//!                                                  each timed, sizes kept apart
//! time = the slowest of (the reader, the workers side by side, all of it over the processors,
//!                        the disk reading, the disk writing) + syncing
//! size = chunks + header rows + overview, each as measured here
//! ```

use std::ops::Range;
use std::time::{Duration, Instant};

use arrow::record_batch::RecordBatch;
use sha2::{Digest, Sha256};

use super::plan::{free_bytes, place_of};
use super::{ImportError, ImportPlan, pipeline};
use crate::dataset::{
    ChunkEncoder, DatasetError, DatasetSpec, OverviewLevel, OverviewWriter, StatisticsAccumulator,
    TableCost, WriteProbe,
};
use crate::job::{JobContext, Stop};
use crate::samples::{NumberType, Samples};
use crate::segy::{SampleFormat, SegyFile, TraceWindow, decode_at, inexact_words};

/// Chunks that are tried, spread over the file.
const N_TRIALS: u64 = 17;
/// Bytes of the source that are tried at most.
const MAX_BYTES: u64 = 32 << 20;
/// No further chunk is begun after this.
const MAX_TIME: Duration = Duration::from_millis(600);

/// The threads of an import share caches and memory that a trial has for itself, and wait for each
/// other now and then (measured by `benches/import.rs`).
const IN_COMPANY: f64 = 1.15;
/// `zarr.json` of all arrays, the manifest, the vertical axis and the file headers.
const FIXED_BYTES: f64 = 40_000.0;
/// Files that are synced however small the dataset is.
const FIXED_SYNCS: u64 = 20;
/// A row of exceptions.parquet.
const EXCEPTION_BYTES: f64 = 8.0;

/// What to expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Of the dataset.
    pub output_bytes: u64,
    /// Bytes free where it will lie; `None` where the system does not tell.
    pub free_bytes: Option<u64>,
    /// For the whole import.
    pub duration: Duration,
    /// Bytes of the source that were decoded and compressed to find out.
    pub measured_bytes: u64,
}

/// Takes a few chunks from the file's start to its end through all that an import does to them.
///
/// # Errors
/// I/O; cancelled.
pub fn estimate(plan: &ImportPlan, context: &JobContext) -> Result<Estimate, Stop<ImportError>> {
    context.check_cancelled()?;
    let file = pipeline::open_as_scanned(plan, &context.unseen())?;
    let started = Instant::now();
    let mut trials = Trials::new(plan, &file).map_err(Stop::Failed)?;
    let ranges = trial_ranges(plan);
    if let Some(first) = ranges.first() {
        // What happens once (pages of buffers, the codec's tables) is not what an import is made of.
        let few = first.start..first.end.min(first.start + 16);
        trials.take(few).map_err(Stop::Failed)?;
        trials.forget();
    }
    for range in ranges {
        context.check_cancelled()?;
        let (bytes, traces) = (trials.sums.bytes_in, trials.sums.traces);
        let too_much = bytes + bytes / traces.max(1) > MAX_BYTES || started.elapsed() > MAX_TIME;
        if traces > 0 && too_much {
            break;
        }
        trials.take(range).map_err(Stop::Failed)?;
    }
    context.check_cancelled()?;
    let rest = trials.finish().map_err(Stop::Failed)?;
    Ok(Estimate {
        output_bytes: whole(rest.output_bytes(plan)),
        free_bytes: free_bytes(&plan.spec.path),
        duration: Duration::try_from_secs_f64(rest.seconds(plan)).unwrap_or(Duration::MAX),
        measured_bytes: rest.sums.bytes_in,
    })
}

/// The chunks to try, in such an order that the first few are already spread over the file.
fn trial_ranges(plan: &ImportPlan) -> Vec<Range<u64>> {
    let chunk = u64::from(plan.spec.chunk_traces);
    let n_chunks = plan.spec.n_chunks();
    let mut indices: Vec<u64> = (0..N_TRIALS)
        .map(|i| {
            // 0, 7, 14, 4, 11, … of the seventeenths: middle and end come early.
            let part = i * 7 % N_TRIALS;
            (n_chunks - 1) * part / (N_TRIALS - 1)
        })
        .collect();
    let mut seen = std::collections::HashSet::new();
    indices.retain(|&index| seen.insert(index));
    indices
        .into_iter()
        .map(|index| {
            let start = plan.traces.start + index * chunk;
            start..(start + chunk).min(plan.traces.end)
        })
        .collect()
}

/// What the trials took and gave, in bytes and seconds.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    traces: u64,
    bytes_in: u64,
    chunk_bytes: u64,
    exceptions: u64,
    read: f64,
    hash: f64,
    work: f64,
}

/// The trials, and the workspaces that they share.
struct Trials<'a> {
    plan: &'a ImportPlan,
    file: &'a SegyFile,
    encoder: ChunkEncoder,
    probe: Option<WriteProbe>,
    chunk: Samples,
    /// The chunk's bytes for disk.
    encoded: Vec<u8>,
    floats: Vec<f32>,
    statistics: StatisticsAccumulator,
    headers: Vec<RecordBatch>,
    overview: Vec<f32>,
    sums: Sums,
}

impl<'a> Trials<'a> {
    fn new(plan: &'a ImportPlan, file: &'a SegyFile) -> Result<Self, ImportError> {
        Ok(Self {
            plan,
            file,
            encoder: ChunkEncoder::for_spec(&plan.spec)?,
            // Where nothing can be written yet, the import itself will say so.
            probe: WriteProbe::new(place_of(&plan.spec.path)).ok(),
            chunk: Samples::zeros(plan.spec.number_type, 0),
            encoded: Vec::new(),
            floats: Vec::new(),
            statistics: StatisticsAccumulator::default(),
            headers: Vec::new(),
            overview: Vec::new(),
            sums: Sums::default(),
        })
    }

    fn forget(&mut self) {
        self.headers.clear();
        self.overview.clear();
        self.sums = Sums::default();
    }

    /// Does with `traces` what an import does, and takes the time.
    fn take(&mut self, traces: Range<u64>) -> Result<(), ImportError> {
        let first_row = traces.start - self.plan.traces.start;
        let started = Instant::now();
        self.file.will_need(traces.clone());
        let window = self.file.window(traces)?;
        for page in window.bytes().iter().step_by(4096) {
            std::hint::black_box(page);
        }
        self.sums.read += started.elapsed().as_secs_f64();

        let started = Instant::now();
        std::hint::black_box(Sha256::digest(window.bytes()));
        self.sums.hash += started.elapsed().as_secs_f64();

        let started = Instant::now();
        self.decode(&window)?;
        self.reduce(window.n_traces());
        let batch = pipeline::header_rows(self.plan, self.file, &window, first_row)
            .map_err(|source| ImportError::HeaderBatch { source })?;
        self.encoded.clear();
        self.encoder
            .append(self.chunk.as_bytes(), &mut self.encoded)
            .map_err(|source| compressing(&self.plan.spec, source))?;
        self.sums.work += started.elapsed().as_secs_f64();

        if let Some(probe) = &mut self.probe {
            probe.write(&self.encoded)?;
        }
        self.sums.chunk_bytes += self.encoded.len() as u64;
        self.sums.traces += window.n_traces() as u64;
        self.sums.bytes_in += window.bytes().len() as u64;
        self.headers.push(batch);
        Ok(window.check()?)
    }

    /// Decodes the window into `chunk`, its last rows zeros where the file ends before them.
    fn decode(&mut self, window: &TraceWindow<'_>) -> Result<(), ImportError> {
        let layout = self.file.layout();
        let (format, order) = (layout.format.value, layout.byte_order.value);
        let n_samples = self.plan.spec.n_samples as usize;
        self.chunk.resize(0);
        self.chunk.resize(self.plan.spec.chunk_len());
        let mut words = Vec::new();
        for i in 0..window.n_traces() {
            let (bytes, start) = (window.sample_bytes(i), i * n_samples);
            let end = start + window.n_samples(i);
            decode_at(format, order, bytes, &mut self.chunk, start)?;
            self.chunk.fill_padding(end..start + n_samples);
            if format == SampleFormat::Ibm32
                && let Samples::Float32(samples) = &self.chunk
            {
                inexact_words(order, bytes, &samples[start..end], &mut words);
                self.sums.exceptions += words.len() as u64;
                words.clear();
            }
        }
        Ok(())
    }

    /// Statistics, and the overview's first level.
    fn reduce(&mut self, n_traces: usize) {
        let n_samples = self.plan.spec.n_samples as usize;
        let n = n_traces * n_samples;
        self.statistics.add_first(&self.chunk, n);
        let floats = if let Samples::Float32(samples) = &self.chunk {
            samples.as_slice()
        } else {
            self.floats.clear();
            self.chunk.extend_f32(0..n, &mut self.floats);
            self.floats.as_slice()
        };
        let rows = floats.get(..n).unwrap_or_default();
        let (min, max) = OverviewWriter::reduce(rows, n_samples);
        self.overview.extend(min);
        self.overview.extend(max);
    }

    /// Writes header rows and overview as an import would, syncs what was written.
    fn finish(mut self) -> Result<Measured, ImportError> {
        let headers = TableCost::of_headers(&self.plan.spec, &self.headers)?;
        let floats = DatasetSpec {
            number_type: NumberType::Float32,
            ..self.plan.spec.clone()
        };
        let started = Instant::now();
        let overview_bytes = ChunkEncoder::for_spec(&floats)?
            .append(bytemuck::cast_slice(&self.overview), &mut Vec::new())
            .map_err(|source| compressing(&self.plan.spec, source))?;
        let overview_secs = started.elapsed().as_secs_f64();
        let written = match self.probe.take() {
            Some(probe) => Some(probe.finish()?),
            None => None,
        };
        Ok(Measured {
            sums: self.sums,
            headers,
            overview_bytes: overview_bytes as f64,
            overview_secs,
            written,
        })
    }
}

fn compressing(spec: &DatasetSpec, source: std::io::Error) -> ImportError {
    let error = DatasetError::Io {
        action: "compress a chunk",
        path: spec.path.clone(),
        source,
    };
    error.into()
}

/// Everything that was measured.
#[derive(Debug)]
struct Measured {
    sums: Sums,
    headers: TableCost,
    overview_bytes: f64,
    overview_secs: f64,
    written: Option<crate::dataset::WriteCost>,
}

impl Measured {
    /// How many times the traces that were tried the whole import has.
    fn share(&self, plan: &ImportPlan) -> f64 {
        plan.spec.n_traces as f64 / (self.sums.traces.max(1) as f64)
    }

    fn output_bytes(&self, plan: &ImportPlan) -> f64 {
        let n_traces = plan.spec.n_traces;
        let file = &plan.scan.layout;
        let levels = OverviewLevel::all(n_traces, plan.spec.n_samples);
        let cells = |level: &OverviewLevel| (level.rows * level.columns) as f64;
        let finest = levels.first().map_or(1.0, cells).max(1.0);
        let overview_share = levels.iter().map(cells).sum::<f64>() / finest;
        let samples = self.sums.chunk_bytes as f64 + self.overview_bytes * overview_share;
        let exceptions = self.sums.exceptions as f64 * EXCEPTION_BYTES;
        let headers = self.headers.bytes(n_traces);
        let rest = file.data_start.value + file.file_size_bytes.saturating_sub(file.trailer_start);
        (samples + exceptions) * self.share(plan) + headers + rest as f64 + FIXED_BYTES
    }

    fn seconds(&self, plan: &ImportPlan) -> f64 {
        let share = self.share(plan);
        let written = self.written.unwrap_or_default();
        let chunk_bytes = self.sums.chunk_bytes as f64;
        let (hash, work) = (self.sums.hash * share, self.sums.work * share);
        let writing = written.call_secs_per_byte * chunk_bytes * share;
        let in_order =
            self.headers.row_secs * plan.spec.n_traces as f64 + self.overview_secs * share;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = f64::from(plan.threads.max(1));
        let working = [
            hash,
            (work + writing) / threads,
            in_order,
            (hash + work + writing + in_order) / (processors as f64),
        ]
        .into_iter()
        .fold(0.0, f64::max);
        let disk_reads = self.sums.read * share;
        let disk_writes = written.secs_per_byte * self.output_bytes(plan);
        let n_files = FIXED_SYNCS
            + plan.spec.n_chunks() / u64::from(plan.spec.chunks_per_shard.max(1))
            + OverviewLevel::all(plan.spec.n_traces, plan.spec.n_samples).len() as u64 * 2;
        let slowest = (working * IN_COMPANY).max(disk_reads).max(disk_writes);
        slowest + n_files as f64 * written.sync_secs
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive, and far below 2^64; saturates otherwise"
)]
fn whole(x: f64) -> u64 {
    x as u64
}
