//! What is done with one block? Each chunk: decode → exceptions, statistics, overview → encode, all of it
//! in one buffer that stays in the processor's cache. Then header rows and runs of the block; then its
//! chunks are written.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use crossbeam_channel::{Receiver, Sender};

use super::exceptions::{BlockExceptions, Finder};
use super::header_batch::HeaderBatches;
use super::overview::{BlockOverview, Rows};
use super::reader::Block;
use super::runs::{BlockRuns, KeySource};
use super::source_state::BlockSource;
use super::{Arrived, dataset_failed};
use crate::dataset::{ChunkEncoder, ChunkWriter, EncodedChunks, StatisticsAccumulator};
use crate::import::tally::Tally;
use crate::import::{ImportError, ImportMode, ImportPlan};
use crate::job::{JobContext, Stop, panic_text};
use crate::samples::{Samples, with_vector};
use crate::segy::{SampleFormat, TraceWindow, decode_at};

/// What all workers share.
#[derive(Debug)]
pub(super) struct Shared<'a, F> {
    pub(super) plan: &'a ImportPlan,
    pub(super) context: &'a JobContext,
    pub(super) chunks: &'a ChunkWriter,
    pub(super) headers: &'a HeaderBatches<'a>,
    pub(super) keys: &'a [KeySource],
    /// Nothing counted: what a block's tally starts from.
    pub(super) tally: &'a Tally,
    /// Gets decoded blocks in batch mode, if anybody wants them.
    pub(super) arrived: Option<&'a F>,
}

/// A block whose chunks are written; the rest awaits its turn in file order.
#[derive(Debug)]
pub(super) struct DoneBlock<'a> {
    pub(super) index: u64,
    /// Row in the dataset of the first trace.
    pub(super) first_row: u64,
    pub(super) n_traces: u64,
    /// Of the source.
    pub(super) bytes_in: u64,
    /// Of its chunks.
    pub(super) bytes_written: u64,
    pub(super) headers: RecordBatch,
    pub(super) runs: BlockRuns,
    pub(super) tally: Tally,
    pub(super) overview: BlockOverview,
    pub(super) exceptions: BlockExceptions<'a>,
    pub(super) statistics: StatisticsAccumulator,
    pub(super) source: BlockSource,
}

/// How a worker hands on a block, or why there is none.
pub(super) type DoneResult<'a> = Result<DoneBlock<'a>, Stop<ImportError>>;

/// One worker: its buffers.
#[derive(Debug)]
struct Worker<'a, F> {
    shared: &'a Shared<'a, F>,
    encoder: ChunkEncoder,
    /// Of one chunk.
    samples: Samples,
    /// Samples of each trace of the chunk, without padding.
    lengths: Vec<usize>,
    /// Of a few traces, as `f32`.
    strip: Vec<f32>,
}

/// What a block's chunks have given so far.
struct Seen {
    chunks: EncodedChunks,
    exceptions: Finder,
    statistics: StatisticsAccumulator,
    overview: BlockOverview,
    tally: Tally,
    /// In batch mode, if anybody wants them.
    arrived: Option<Arriving>,
}

/// A block's traces, kept to be shown.
struct Arriving {
    first_row: u64,
    samples: Samples,
    lengths: Option<Vec<usize>>,
    /// Bytes of `samples` that are filled.
    n_bytes: usize,
}

/// Works until there are no more blocks, or nobody wants them. A panic becomes an error that the
/// writer reads.
pub(super) fn work<'a, F: Fn(Arrived) + Sync>(
    shared: &Shared<'_, F>,
    blocks: &Receiver<Block<'a>>,
    done: &Sender<DoneResult<'a>>,
) {
    let mut worker = match Worker::new(shared) {
        Ok(worker) => worker,
        Err(error) => {
            drop(done.send(Err(Stop::Failed(error))));
            return;
        }
    };
    for block in blocks {
        let index = block.index;
        let result =
            catch_unwind(AssertUnwindSafe(|| worker.process(block))).unwrap_or_else(|payload| {
                Err(Stop::Failed(ImportError::WorkerPanicked {
                    block: index,
                    words: panic_text(payload.as_ref()),
                }))
            });
        let is_end = result.is_err();
        if done.send(result).is_err() || is_end {
            break;
        }
    }
}

impl<'a, F: Fn(Arrived) + Sync> Worker<'a, F> {
    fn new(shared: &'a Shared<'a, F>) -> Result<Self, ImportError> {
        let spec = shared.plan.spec();
        Ok(Self {
            shared,
            encoder: shared.chunks.encoder()?,
            samples: Samples::zeros(spec.number_type, 0),
            lengths: Vec::new(),
            strip: Vec::new(),
        })
    }

    fn process<'b>(&mut self, block: Block<'b>) -> DoneResult<'b> {
        let Block {
            index,
            first_row,
            window,
            source,
        } = block;
        let plan = self.shared.plan;
        let n_traces = window.n_traces();
        let mut seen = self.nothing_seen(first_row, n_traces);
        let chunk_traces = (plan.spec.chunk_traces as usize).max(1);
        for start in (0..n_traces).step_by(chunk_traces) {
            self.shared.context.check_cancelled()?;
            let traces = start..(start + chunk_traces).min(n_traces);
            self.take_chunk(&window, traces, first_row, &mut seen)?;
        }
        let headers = self
            .shared
            .headers
            .batch(&window, first_row)
            .map_err(|source| Stop::Failed(ImportError::HeaderBatch { source }))?;
        let order = plan.scan.layout.byte_order.value;
        let runs = BlockRuns::find(&window, first_row, self.shared.keys, &headers, order);
        window.check().map_err(|error| Stop::Failed(error.into()))?;
        let bytes_in = window.bytes().len() as u64;
        // From here on the window is only kept where its exceptions are many.
        let exceptions = seen.exceptions.finish(window, first_row);
        let written = self.shared.chunks.place(seen.chunks);
        let bytes_written = written.map_err(dataset_failed)?;
        if let (Some(take), Some(arrived)) = (self.shared.arrived, seen.arrived) {
            take(arrived.done());
        }
        Ok(DoneBlock {
            index,
            first_row,
            n_traces: n_traces as u64,
            bytes_in,
            bytes_written,
            headers,
            runs,
            tally: seen.tally,
            overview: seen.overview,
            exceptions,
            statistics: seen.statistics,
            source,
        })
    }

    fn nothing_seen(&self, first_row: u64, n_traces: usize) -> Seen {
        let plan = self.shared.plan;
        let spec = &plan.spec;
        let n_samples = spec.n_samples as usize;
        let order = plan.scan.layout.byte_order.value;
        let first_chunk = first_row / u64::from(spec.chunk_traces.max(1));
        let first_sample = first_row * u64::from(spec.n_samples);
        let wants_blocks = self.shared.arrived.is_some();
        Seen {
            chunks: self.shared.chunks.begin(first_chunk),
            exceptions: Finder::new(order, n_traces * n_samples),
            statistics: StatisticsAccumulator::beginning_at(first_sample),
            overview: BlockOverview::beginning_at(first_row),
            tally: self.shared.tally.empty(),
            arrived: (wants_blocks && plan.mode == ImportMode::Batch).then(|| Arriving {
                first_row,
                samples: Samples::zeros(spec.number_type, n_traces * n_samples),
                lengths: plan.lengths_vary().then(Vec::new),
                n_bytes: 0,
            }),
        }
    }

    /// Decodes the window's traces of one chunk, looks at them, compresses them: one after the
    /// other while they are in the processor's cache.
    fn take_chunk(
        &mut self,
        window: &TraceWindow<'_>,
        traces: Range<usize>,
        first_row: u64,
        seen: &mut Seen,
    ) -> Result<(), Stop<ImportError>> {
        self.decode(window, traces.clone(), first_row, seen)?;
        let n_non_finite = seen.statistics.n_non_finite();
        self.add_statistics(&mut seen.statistics);
        let all_finite = seen.statistics.n_non_finite() == n_non_finite;
        self.count(window, traces, all_finite, &mut seen.tally);
        let plan = self.shared.plan;
        let rows = Rows {
            samples: &self.samples,
            n_traces: self.lengths.len(),
            n_samples: plan.spec.n_samples as usize,
            lengths: plan.lengths_vary().then_some(&self.lengths),
        };
        seen.overview.add(&rows, &mut self.strip);
        let samples = self.samples.as_bytes();
        self.shared
            .chunks
            .encode(&mut seen.chunks, samples, &mut self.encoder)
            .map_err(dataset_failed)?;
        if let Some(arrived) = &mut seen.arrived {
            arrived.add(samples, &self.lengths);
        }
        Ok(())
    }

    /// Fills `samples` with some of the window's traces, each padded up to the longest, and zeros up
    /// to the end of the chunk.
    fn decode(
        &mut self,
        window: &TraceWindow<'_>,
        traces: Range<usize>,
        first_row: u64,
        seen: &mut Seen,
    ) -> Result<(), Stop<ImportError>> {
        let layout = &self.shared.plan.scan.layout;
        let spec = &self.shared.plan.spec;
        let (format, order) = (layout.format.value, layout.byte_order.value);
        let n_samples = spec.n_samples as usize;
        let filled = traces.len() * n_samples * spec.number_type.size_bytes();
        self.samples.resize(spec.chunk_len());
        self.lengths.clear();
        for (row, i) in traces.enumerate() {
            let start = row * n_samples;
            let length = window.n_samples(i);
            self.lengths.push(length);
            let bytes = window.sample_bytes(i);
            decode_at(format, order, bytes, &mut self.samples, start)
                .map_err(|error| Stop::Failed(error.into()))?;
            if format == SampleFormat::Ibm32
                && let Samples::Float32(samples) = &self.samples
            {
                let row = first_row + i as u64;
                let samples = &samples[start..start + length];
                let n = seen.exceptions.look(bytes, samples, row);
                seen.tally.add_ibm_exceptions(window.trace_index(i), n);
            }
            self.samples.fill_padding(start + length..start + n_samples);
        }
        self.samples.as_bytes_mut()[filled..].fill(0);
        Ok(())
    }

    /// Of the chunk's samples without their padding; each chunk is a part, so that it does not matter
    /// how many of them a block has.
    fn add_statistics(&self, statistics: &mut StatisticsAccumulator) {
        let plan = self.shared.plan;
        let n_samples = plan.spec.n_samples as usize;
        if plan.lengths_vary() {
            for (row, &length) in self.lengths.iter().enumerate() {
                let start = row * n_samples;
                statistics.add_range(&self.samples, start..start + length);
            }
        } else {
            statistics.add_range(&self.samples, 0..self.lengths.len() * n_samples);
        }
        statistics.end_part();
    }

    /// Counts what is odd in some of the window's traces, which `samples` holds.
    fn count(
        &self,
        window: &TraceWindow<'_>,
        traces: Range<usize>,
        all_finite: bool,
        tally: &mut Tally,
    ) {
        let n_samples = self.shared.plan.spec.n_samples as usize;
        let most_headers_bytes = self.shared.plan.scan.layout.trace_headers_bytes();
        for (row, (i, &length)) in traces.zip(&self.lengths).enumerate() {
            let start = row * n_samples;
            let trace_index = window.trace_index(i);
            tally.add_header(window.header(i), trace_index);
            tally.add_length(length, n_samples);
            tally.add_extensions((window.headers(i).len() as u64) < most_headers_bytes);
            let range = start..start + length;
            let n_non_finite = if all_finite {
                0
            } else {
                n_non_finite(&self.samples, range.clone())
            };
            tally.add_samples(trace_index, n_non_finite, is_dead(&self.samples, range));
        }
    }
}

impl Arriving {
    /// Appends a chunk's traces; the chunk may be longer than these.
    fn add(&mut self, chunk: &[u8], lengths: &[usize]) {
        let rest = self.samples.as_bytes_mut();
        let rest = rest.get_mut(self.n_bytes..).unwrap_or_default();
        let n_bytes = rest.len().min(chunk.len());
        rest[..n_bytes].copy_from_slice(&chunk[..n_bytes]);
        self.n_bytes += n_bytes;
        if let Some(all) = &mut self.lengths {
            all.extend_from_slice(lengths);
        }
    }

    fn done(self) -> Arrived {
        Arrived {
            first_trace: self.first_row,
            samples: Arc::new(self.samples),
            lengths: self.lengths,
        }
    }
}

fn n_non_finite(samples: &Samples, range: std::ops::Range<usize>) -> u64 {
    range
        .filter(|&i| samples.get_f64(i).is_some_and(|value| !value.is_finite()))
        .count() as u64
}

/// Whether all samples of the range, of which there are some, are zero.
fn is_dead(samples: &Samples, range: std::ops::Range<usize>) -> bool {
    /// Stretch by stretch: a look at each sample alone does not become vector code, and traces begin
    /// with mutes.
    fn all_zero<T: PartialEq + Default>(samples: &[T]) -> bool {
        let zero = T::default();
        let is_zero = |stretch: &[T]| {
            let zeros = stretch.iter().map(|sample| *sample == zero);
            zeros.fold(true, |all, one| all & one)
        };
        samples.chunks(64).all(is_zero)
    }
    !range.is_empty() && with_vector!(samples, v => all_zero(&v[range]))
}
