//! How do traces stream from the file into the dataset?
//!
//! ```text
//!  reader (mapped window, in order, SHA-256) ─► blocks (bounded) ─► workers: decode → statistics → encode + write chunks
//!                                                                    └► header batch, runs, overview ─► ordered writer
//!                          memory = blocks in flight, fixed by the plan; a credit comes back when the
//!                          ordered writer is done with a block
//! ```
//! The reader and the workers are threads of their own; the ordered writer is the caller's. Whatever
//! goes wrong in one of them ends its channels, and with them the others.

mod clock;
mod collect;
mod exceptions;
mod header_batch;
mod opaque;
mod overview;
mod reader;
mod report;
mod runs;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{Builder, Scope, ScopedJoinHandle};
use std::time::Instant;

use collect::{Collector, StreamEnd};
use crossbeam_channel::bounded;
use header_batch::HeaderBatches;
use sha2::{Digest as _, Sha256};
use worker::Shared;

use super::plan::{free_bytes, place_of};
use super::tally::{Tally, Word};
use super::{ImportError, ImportPlan, ImportWarning, PlanError, estimate};
use crate::dataset::{
    ChunkWriter, DatasetWriter, HeaderColumn, Manifest, SourceFacts, StatisticsAccumulator,
};
use crate::job::{JobContext, Phase, Stop, panic_text};
use crate::samples::Samples;
use crate::segy::SegyFile;

/// A decoded block, shown as it arrives in batch mode.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Trace index in the dataset of the first trace.
    pub first_trace: u64,
    /// Shape: `[n, n_samples]`.
    pub samples: Arc<Samples>,
}

/// How an import ended well.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// The dataset.
    pub dataset: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// Bytes of the source that were taken in.
    pub bytes_in: u64,
    /// Bytes of the dataset.
    pub bytes_out: u64,
    /// From the first file opened to the rename, syncing included.
    pub seconds: f64,
    /// Everything odd.
    pub warnings: Vec<ImportWarning>,
}

impl ImportReport {
    /// Bytes of the source for each byte of the dataset.
    pub fn compression_ratio(&self) -> f64 {
        self.bytes_in as f64 / (self.bytes_out.max(1) as f64)
    }

    /// Bytes of the source a second, from the first file opened to the rename.
    pub fn bytes_per_second(&self) -> f64 {
        self.bytes_in as f64 / self.seconds.max(1e-3)
    }

    /// The report as `import --json` prints it (DESIGN, section 4).
    pub fn to_json(&self) -> serde_json::Value {
        report::report_json(self)
    }
}

/// Runs the plan.
///
/// # Errors
/// When anything fails or somebody cancels: then nothing is left on disk.
pub fn run(plan: &ImportPlan, context: &JobContext) -> Result<ImportReport, Stop<ImportError>> {
    run_with(plan, context, |_| {})
}

/// [`run`], and in batch mode hands each decoded block to `arrived` (from worker threads, in any order).
///
/// # Errors
/// As [`run`].
pub fn run_with(
    plan: &ImportPlan,
    context: &JobContext,
    arrived: impl Fn(Arrived) + Send + Sync,
) -> Result<ImportReport, Stop<ImportError>> {
    let started = Instant::now();
    context.progress.enter(Phase::Preparing);
    context
        .progress
        .set_total(plan.spec.n_traces, plan.source_bytes());
    context.check_cancelled()?;
    let file = open_as_scanned(plan).map_err(Stop::Failed)?;
    check_space(plan, context)?;
    let writer = DatasetWriter::create(plan.spec.clone()).map_err(dataset_failed)?;
    let traces_bytes = opaque::traces_bytes(plan, &file).map_err(Stop::Failed)?;
    let bytes_in = opaque::source_bytes(plan, traces_bytes);
    context.progress.set_total(plan.spec.n_traces, bytes_in);
    let hasher = opaque::keep_file_headers(&file, &writer, context)?;
    let gaps = opaque::keep_gaps(plan, &file, &writer, context)?;

    context.progress.enter(Phase::WritingTraces);
    let tally = Tally::new(&plan.mapping, file.layout().byte_order.value);
    let mut collector = Collector::new(&writer, plan, tally.clone()).map_err(dataset_failed)?;
    let chunks = writer.chunk_writer().map_err(dataset_failed)?;
    let stream = Stream {
        plan,
        file: &file,
        context,
        tally: &tally,
        chunks: &chunks,
    };
    let (hasher, statistics) = stream.run(hasher, &mut collector, &arrived)?;

    context.progress.enter(Phase::Finishing);
    let (hasher, trailer_bytes) = opaque::keep_trailer(plan, &file, &writer, hasher, context)?;
    chunks.finish().map_err(dataset_failed)?;
    let collected = collector
        .finish(&plan.spec.ensemble_keys)
        .map_err(dataset_failed)?;
    file.check_unchanged()
        .map_err(|error| Stop::Failed(error.into()))?;
    let warnings = report::warnings(plan, &collected);
    let findings = report::Findings {
        collected: &collected,
        warnings: &warnings,
        statistics: statistics.finish(),
        sha256: SourceFacts::digest_text(&hasher.finalize()),
        traces_bytes,
        gaps,
        trailer_bytes,
        started,
    };
    let manifest = report::manifest(plan, &findings);
    context.check_cancelled()?;
    let amplitude = manifest.amplitude;
    let manifest = writer
        .finish(manifest, amplitude.as_ref())
        .map_err(dataset_failed)?;
    context.progress.enter(Phase::Done);
    Ok(ImportReport {
        dataset: plan.spec.path.clone(),
        bytes_in,
        bytes_out: manifest.array.stored_bytes,
        seconds: started.elapsed().as_secs_f64(),
        manifest,
        warnings,
    })
}

/// Whether the dataset will fit on its disk. Only where it would not fit uncompressed is it worth
/// finding out what some of its chunks compress to.
fn check_space(plan: &ImportPlan, context: &JobContext) -> Result<(), Stop<ImportError>> {
    let Some(free_bytes) = free_bytes(&plan.spec.path) else {
        return Ok(());
    };
    if free_bytes >= plan.most_bytes() {
        return Ok(());
    }
    let needed_bytes = estimate(plan, context)?.output_bytes;
    if free_bytes >= needed_bytes {
        return Ok(());
    }
    let error = PlanError::NotEnoughSpace {
        needed_bytes,
        free_bytes,
        path: place_of(&plan.spec.path).to_owned(),
    };
    Err(Stop::Failed(error.into()))
}

fn dataset_failed(error: crate::dataset::DatasetError) -> Stop<ImportError> {
    Stop::Failed(error.into())
}

/// Opens the source again; between scan and import it may have become another file.
pub(super) fn open_as_scanned(plan: &ImportPlan) -> Result<SegyFile, ImportError> {
    let scan = &plan.scan;
    let file = SegyFile::open(&scan.path, &scan.overrides)?;
    if *file.layout() == scan.layout {
        Ok(file)
    } else {
        Err(ImportError::NotAsScanned {
            before: scan.layout.n_traces,
            now: file.layout().n_traces,
            path: scan.path.clone(),
        })
    }
}

/// The part of an import that has threads.
struct Stream<'a> {
    plan: &'a ImportPlan,
    file: &'a SegyFile,
    context: &'a JobContext,
    tally: &'a Tally,
    chunks: &'a ChunkWriter,
}

impl Stream<'_> {
    /// Streams all blocks; gives the hash of all bytes so far, and the statistics of all samples.
    fn run(
        &self,
        hasher: Sha256,
        collector: &mut Collector,
        arrived: &(impl Fn(Arrived) + Sync),
    ) -> Result<(Sha256, StatisticsAccumulator), Stop<ImportError>> {
        let plan = self.plan;
        let keys: Vec<Word> = plan
            .mapping
            .ensemble_keys
            .iter()
            .map(|key| Word::of(&plan.mapping, key))
            .collect();
        let headers = HeaderBatches {
            schema: HeaderColumn::schema(&plan.spec.columns),
            sources: &plan.sources,
            layout: self.file.layout(),
        };
        let shared = Shared {
            plan,
            context: self.context,
            chunks: self.chunks,
            headers: &headers,
            keys: &keys,
            tally: self.tally,
            arrived,
        };
        let in_flight = plan.blocks_in_flight as usize;
        std::thread::scope(|scope| {
            let (give_credit, credits) = bounded(in_flight);
            for _ in 0..in_flight {
                // There is room for all of them.
                let _sent = give_credit.send(());
            }
            let (send_block, blocks) = bounded(in_flight);
            let (send_done, done) = bounded(in_flight);
            let reader = spawn(scope, "import reader", {
                let (file, context) = (self.file, self.context);
                move || reader::send_blocks(file, plan, hasher, context, &credits, &send_block)
            })?;
            let workers = (0..plan.threads)
                .map(|i| {
                    let (blocks, send_done) = (blocks.clone(), send_done.clone());
                    let shared = &shared;
                    spawn(scope, &format!("import worker {i}"), move || {
                        worker::work(shared, &blocks, &send_done)
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            // Only the threads hold these ends now: when they are gone, so is the channel.
            drop((blocks, send_done));

            let n_blocks = plan.n_blocks();
            let end = collector.take_all(n_blocks, &done, &give_credit, self.context)?;
            drop((done, give_credit));
            let hasher = joined(reader)??;
            let mut statistics = StatisticsAccumulator::default();
            for worker in workers {
                statistics.merge(&joined(worker)?);
            }
            match end {
                StreamEnd::Complete => Ok((hasher, statistics)),
                StreamEnd::Cut => Err(Stop::Failed(ImportError::WorkerPanicked {
                    block: n_blocks,
                    words: "the workers ended before the last block".to_owned(),
                })),
            }
        })
    }
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    task: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, Stop<ImportError>> {
    Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, task)
        .map_err(|source| Stop::Failed(ImportError::Threads { source }))
}

/// What the thread gave; its panic as an error.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> Result<T, Stop<ImportError>> {
    thread.join().map_err(|payload| {
        Stop::Failed(ImportError::WorkerPanicked {
            block: 0,
            words: panic_text(payload.as_ref()),
        })
    })
}
