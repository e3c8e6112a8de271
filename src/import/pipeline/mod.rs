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

mod checkpoints;
mod clock;
mod collect;
mod exceptions;
mod header_batch;
mod key_values;
mod opaque;
mod overview;
mod reader;
mod report;
mod runs;
mod source_state;
mod stream;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use collect::Collector;
use header_batch::HeaderBatches;
pub(super) use key_values::KeyValues;
use reader::Begin;
use sha2::{Digest as _, Sha256};
use stream::Stream;

use super::plan::{free_bytes, place_of};
use super::tally::Tally;
use super::{ImportError, ImportPlan, ImportWarning, PlanError, estimate, open, resume};
use crate::dataset::{DatasetError, DatasetWriter, HeaderColumn, Manifest, SourceFacts};
use crate::job::{JobContext, Phase, Stop};
use crate::samples::Samples;
use crate::segy::{SegyFile, TraceWindow};

/// A decoded block, shown as it arrives in batch mode.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Trace index in the dataset of the first trace.
    pub first_trace: u64,
    /// Shape: `[n, n_samples]`.
    pub samples: Arc<Samples>,
    /// Where traces vary in length: the samples of each, behind which its row is padding.
    pub lengths: Option<Vec<usize>>,
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
    /// How many of these, and how many of the traces, an earlier run had taken in that this one
    /// went on with.
    pub before: TakenIn,
    /// Bytes of the dataset.
    pub bytes_out: u64,
    /// From the first file opened to the rename, syncing included.
    pub seconds: f64,
    /// Everything odd.
    pub warnings: Vec<ImportWarning>,
}

/// How much of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Traces.
    pub n_traces: u64,
    /// Bytes.
    pub bytes: u64,
}

impl ImportReport {
    /// Bytes of the source for each byte of the dataset.
    pub fn compression_ratio(&self) -> f64 {
        self.bytes_in as f64 / (self.bytes_out.max(1) as f64)
    }

    /// Bytes of the source that this run took in, a second, from the first file opened to the rename.
    pub fn bytes_per_second(&self) -> f64 {
        self.bytes_in.saturating_sub(self.before.bytes) as f64 / self.seconds.max(1e-3)
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
    run_for(plan, context, None::<&fn(Arrived)>)
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
    run_for(plan, context, Some(&arrived))
}

/// Runs the plan; where nobody wants decoded blocks, none is kept for him.
fn run_for(
    plan: &ImportPlan,
    context: &JobContext,
    arrived: Option<&(impl Fn(Arrived) + Sync)>,
) -> Result<ImportReport, Stop<ImportError>> {
    let started = Instant::now();
    context.progress.enter(Phase::Preparing);
    context
        .progress
        .set_total(plan.spec.n_traces, plan.source_bytes());
    context.check_cancelled()?;
    if let Some(manifest) = resume::name_whole(plan).map_err(Stop::Failed)? {
        context.progress.enter(Phase::Done);
        let all = TakenIn {
            n_traces: plan.spec.n_traces,
            bytes: plan.source_bytes(),
        };
        return Ok(report::finished(plan, manifest, all.bytes, all, started));
    }
    let file = open_as_scanned(plan, context)?;
    check_space(plan, context)?;
    let mut writer = resume::dataset_writer(plan).map_err(dataset_failed)?;
    writer.stop_with(&context.cancel);
    let run = Run {
        plan,
        file: &file,
        context,
        started,
    };
    let end = run.write(&mut writer, arrived);
    if let Err(stop) = &end {
        resume::keep_or_remove(plan, &mut writer, stop, context);
    }
    end
}

/// One import, from the opened file on.
struct Run<'a> {
    plan: &'a ImportPlan,
    file: &'a SegyFile,
    context: &'a JobContext,
    started: Instant,
}

impl Run<'_> {
    /// Writes all parts of the dataset, from its beginning or from a checkpoint on.
    fn write(
        &self,
        writer: &mut DatasetWriter,
        arrived: Option<&(impl Fn(Arrived) + Sync)>,
    ) -> Result<ImportReport, Stop<ImportError>> {
        let (plan, file, context) = (self.plan, self.file, self.context);
        let traces_bytes = opaque::traces_bytes(plan, file).map_err(Stop::Failed)?;
        let bytes_in = opaque::source_bytes(plan, traces_bytes);
        context.progress.set_total(plan.spec.n_traces, bytes_in);
        let file_headers = opaque::keep_file_headers(file, writer, context)?;
        let gaps = opaque::keep_gaps(plan, file, writer, context)?;

        context.progress.enter(Phase::WritingTraces);
        let tally = Tally::of_file(&plan.mapping, file.layout());
        let mut collector =
            Collector::new(writer, plan, tally.clone(), &file_headers).map_err(dataset_failed)?;
        let (begin, before) = self.beginning(writer, &collector, &file_headers)?;
        let chunks = writer.chunk_writer().map_err(dataset_failed)?;
        writer.forget_before();
        let stream = Stream {
            plan,
            file,
            context,
            tally: &tally,
            chunks: &chunks,
            writer,
        };
        let hasher = stream.run(begin, &mut collector, arrived)?;

        context.progress.enter(Phase::Finishing);
        let (hasher, trailer_bytes) = opaque::keep_trailer(plan, file, writer, hasher, context)?;
        chunks.finish().map_err(dataset_failed)?;
        let collected = collector
            .finish(&plan.spec.ensemble_keys)
            .map_err(dataset_failed)?;
        file.check_unchanged()
            .map_err(|error| Stop::Failed(error.into()))?;
        let findings = report::Findings {
            warnings: &report::warnings(plan, &collected),
            collected: &collected,
            sha256: SourceFacts::digest_text(&hasher.finalize()),
            traces_bytes,
            gaps,
            trailer_bytes,
            started: self.started,
        };
        let manifest = report::manifest(plan, &findings);
        context.check_cancelled()?;
        let amplitude = manifest.amplitude;
        let manifest = writer
            .complete(manifest, amplitude.as_ref())
            .map_err(dataset_failed)?;
        context.progress.enter(Phase::Done);
        let mut report = report::finished(plan, manifest, bytes_in, before, self.started);
        report.warnings = findings.warnings.to_vec();
        Ok(report)
    }

    /// Where the stream begins: at the first block, or behind a checkpoint, if the source is still
    /// the same; and what lies before.
    fn beginning(
        &self,
        writer: &DatasetWriter,
        collector: &Collector,
        file_headers: &Sha256,
    ) -> Result<(Begin, TakenIn), Stop<ImportError>> {
        let n_traces = writer.n_traces_before();
        if n_traces == 0 {
            let begin = Begin {
                hasher: file_headers.clone(),
                first_block: 0,
            };
            return Ok((begin, TakenIn::default()));
        }
        let source = collector.source();
        source
            .check(self.plan, self.file, file_headers)
            .map_err(Stop::Failed)?;
        let traces = self.plan.traces.start..self.plan.traces.start + n_traces;
        let bytes = self.file.trace_bytes(traces);
        let bytes = bytes.map_err(|error| Stop::Failed(error.into()))?;
        let bytes = bytes.end - bytes.start;
        self.context.progress.add(n_traces, bytes);
        let begin = Begin {
            hasher: source.hasher().unwrap_or_else(|| file_headers.clone()),
            first_block: n_traces.div_ceil(self.plan.block_traces()),
        };
        Ok((begin, TakenIn { n_traces, bytes }))
    }
}

/// Whether the dataset will fit on its disk. Only where it would not fit uncompressed is it worth
/// finding out what some of its chunks compress to.
fn check_space(plan: &ImportPlan, context: &JobContext) -> Result<(), Stop<ImportError>> {
    let Some(free_bytes) = free_bytes(&plan.spec.path) else {
        return Ok(());
    };
    let free_bytes = free_bytes + resume::bytes_there(plan);
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

fn dataset_failed(error: DatasetError) -> Stop<ImportError> {
    if matches!(error, DatasetError::Cancelled) {
        Stop::Cancelled
    } else {
        Stop::Failed(error.into())
    }
}

/// The header rows of some traces, as an import makes them.
pub(super) fn header_rows(
    plan: &ImportPlan,
    file: &SegyFile,
    window: &TraceWindow<'_>,
    first_row: u64,
) -> Result<RecordBatch, ArrowError> {
    let batches = HeaderBatches {
        schema: HeaderColumn::schema(&plan.spec.columns),
        sources: &plan.sources,
        computed: &plan.computed,
        layout: file.layout(),
    };
    batches.batch(window, first_row)
}

/// Opens the source again; between scan and import it may have become another file.
pub(super) fn open_as_scanned(
    plan: &ImportPlan,
    context: &JobContext,
) -> Result<SegyFile, Stop<ImportError>> {
    let scan = &plan.scan;
    let file = open::open(&scan.path, &scan.overrides, context)?;
    if *file.layout() == scan.layout {
        Ok(file)
    } else {
        Err(Stop::Failed(ImportError::NotAsScanned {
            before: scan.layout.n_traces,
            now: file.layout().n_traces,
            path: scan.path.clone(),
        }))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod slow_disk_tests;
