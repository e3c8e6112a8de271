//! How large will the dataset be, how long will it take? Measured on a few real blocks of this file.

use std::ops::Range;
use std::time::{Duration, Instant};

use super::plan::free_bytes;
use super::{ImportError, ImportPlan, pipeline};
use crate::dataset::{ChunkEncoder, DatasetError};
use crate::job::{JobContext, Stop};
use crate::samples::Samples;
use crate::segy::{SegyFile, decode};

/// Chunks that are tried, spread over the file.
const N_TRIALS: u64 = 9;
/// Bytes of the source that are tried at most.
const MAX_BYTES: u64 = 32 << 20;
/// No further chunk is begun after this.
const MAX_TIME: Duration = Duration::from_millis(700);

/// What one trace takes on disk besides its samples: a row of headers.parquet, compressed. Header
/// words repeat; this is on the safe side of what real files give.
const HEADER_BYTES: f64 = 60.0;
/// How much longer an import takes than its workers: hashing, Parquet and waiting.
const OVERHEAD: f64 = 1.3;

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

/// What the trials took and gave.
#[derive(Debug, Default)]
struct Measured {
    traces: u64,
    bytes_in: u64,
    bytes_out: u64,
    time: Duration,
}

/// Decodes and compresses a few chunks from the file's start to its end.
///
/// # Errors
/// I/O; cancelled.
pub fn estimate(plan: &ImportPlan, context: &JobContext) -> Result<Estimate, Stop<ImportError>> {
    context.check_cancelled()?;
    let file = pipeline::open_as_scanned(plan).map_err(Stop::Failed)?;
    let mut measured = Measured::default();
    let started = Instant::now();
    let mut encoder = ChunkEncoder::for_spec(&plan.spec).map_err(|e| Stop::Failed(e.into()))?;
    for trial in trials(plan) {
        context.check_cancelled()?;
        let too_much = measured.bytes_in + measured.bytes_in / measured.traces.max(1) > MAX_BYTES
            || started.elapsed() > MAX_TIME;
        if measured.traces > 0 && too_much {
            break;
        }
        measured
            .try_chunk(plan, &file, trial, &mut encoder)
            .map_err(Stop::Failed)?;
    }
    Ok(measured.extrapolate(plan))
}

/// The chunks to try, in such an order that the first few are already spread over the file.
fn trials(plan: &ImportPlan) -> Vec<Range<u64>> {
    let chunk = u64::from(plan.spec.chunk_traces);
    let n_chunks = plan.spec.n_chunks();
    let mut indices: Vec<u64> = (0..N_TRIALS)
        .map(|i| {
            // 0, 4, 8, 3, 7, … of the ninths: middle and end come early.
            let ninth = i * 4 % N_TRIALS;
            (n_chunks - 1) * ninth / (N_TRIALS - 1)
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

impl Measured {
    fn try_chunk(
        &mut self,
        plan: &ImportPlan,
        file: &SegyFile,
        traces: Range<u64>,
        encoder: &mut ChunkEncoder,
    ) -> Result<(), ImportError> {
        let layout = file.layout();
        let window = file.window(traces)?;
        let mut chunk = Vec::with_capacity(plan.spec.chunk_len());
        let n_samples = plan.spec.n_samples as usize;
        let mut trace = Samples::zeros(plan.spec.number_type, n_samples);
        // The time to read is the disk's, not ours: touch the pages before the clock starts.
        window.bytes().iter().step_by(4096).for_each(|byte| {
            std::hint::black_box(byte);
        });
        let started = Instant::now();
        for i in 0..window.n_traces() {
            let bytes = window.sample_bytes(i);
            trace.resize(window.n_samples(i));
            decode(
                layout.format.value,
                layout.byte_order.value,
                bytes,
                &mut trace,
            )?;
            trace.resize(n_samples);
            trace.fill_padding(window.n_samples(i)..n_samples);
            chunk.extend_from_slice(trace.as_bytes());
        }
        let encoded = encoder
            .encode(&chunk)
            .map_err(|source| DatasetError::Io {
                action: "compress a chunk",
                path: plan.spec.path.clone(),
                source,
            })?
            .len();
        self.time += started.elapsed();
        self.bytes_out += encoded as u64;
        self.traces += window.n_traces() as u64;
        self.bytes_in += window.bytes().len() as u64;
        Ok(window.check()?)
    }

    fn extrapolate(&self, plan: &ImportPlan) -> Estimate {
        let n_traces = plan.spec.n_traces as f64;
        let share = n_traces / (self.traces.max(1) as f64);
        let overview = n_traces * f64::from(plan.spec.n_samples) / 8.0;
        let per_trace = self.bytes_out as f64 / self.traces.max(1) as f64 + HEADER_BYTES;
        // The overview is noise like the samples, so it shrinks as they do.
        let decoded = f64::from(plan.spec.n_samples) * plan.spec.number_type.size_bytes() as f64;
        let ratio = (per_trace / decoded.max(1.0)).min(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and far below 2^64; saturates otherwise"
        )]
        let output_bytes = (n_traces * per_trace + overview * ratio) as u64;
        let seconds = self.time.as_secs_f64() * share * OVERHEAD / f64::from(plan.threads.max(1));
        Estimate {
            output_bytes,
            free_bytes: free_bytes(&plan.spec.path),
            duration: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
            measured_bytes: self.bytes_in,
        }
    }
}
