//! Is all of the dataset readable, and does it give back the source?

use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::ExportError;
use super::hash::file_sha256;
use super::stream::{SegyStream, Sink};
use super::verify_headers::HeaderCheck;
use crate::dataset::{Dataset, DatasetError, SourceFacts};
use crate::job::{JobContext, Phase, Stop};

/// What verification found.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// Traces that were read back.
    pub n_traces: u64,
    /// Of the file that an export would write, as far as they could be read and were hashed.
    pub bytes: u64,
    /// From start to end.
    pub seconds: f64,
    /// Chunks that are damaged or missing, and other faults, as sentences.
    pub faults: Vec<String>,
    /// What is odd and does no harm: files in the folder that no import made.
    pub notes: Vec<String>,
    /// The traces of what is damaged, the first thousand chunks of them, in order.
    pub damaged: Vec<Range<u64>>,
    /// SHA-256 of the file that an export would write; `None` when a fault prevents it.
    pub export_sha256: Option<String>,
    /// Recorded while importing.
    pub source_sha256: String,
    /// SHA-256 of the file given for comparison.
    pub against_sha256: Option<String>,
}

impl VerifyReport {
    /// Whether everything is readable and the same as the source.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
            && self.export_sha256.as_deref() == Some(self.source_sha256.as_str())
            && self
                .against_sha256
                .as_deref()
                .is_none_or(|sha256| sha256 == self.source_sha256)
    }
}

/// Reads everything back and hashes what an export would write, without writing it.
///
/// # Errors
/// When the dataset cannot be read at all; cancelled. Damage of parts is reported, not an error.
pub fn verify(
    dataset: &Dataset,
    against: Option<&Path>,
    context: &JobContext,
) -> Result<VerifyReport, Stop<ExportError>> {
    let started = Instant::now();
    context.progress.enter(Phase::Verifying);
    let mut stream = SegyStream::new(dataset).map_err(Stop::Failed)?;
    let against_bytes = against
        .map(|path| std::fs::metadata(path).map_err(ExportError::io("read the file", path)))
        .transpose()
        .map_err(Stop::Failed)?
        .map_or(0, |metadata| metadata.len());
    let n_traces = dataset.manifest().array.n_traces;
    context
        .progress
        .set_total(n_traces, stream.total_bytes().saturating_add(against_bytes));

    let mut check = Check::default();
    check.files(dataset, context)?;
    check.part(context, |sink| stream.file_headers(sink))?;
    check.traces(dataset, &mut stream, context)?;
    check.part(context, |sink| stream.trailer(sink))?;
    check.ensembles(dataset);
    check.header_columns(dataset, context)?;
    check.overview(dataset, context)?;
    let against_sha256 = against.map(|path| file_sha256(path, context)).transpose()?;
    let source_sha256 = dataset.manifest().source.sha256.clone();
    let export_sha256 = check
        .is_whole
        .then(|| SourceFacts::digest_text(&check.hasher.finalize()));
    if export_sha256
        .as_ref()
        .is_some_and(|sha256| *sha256 != source_sha256)
    {
        check.faults.add(
            "everything reads back, but an export would not give the imported bytes: some part of \
             the dataset was changed since. Import the source again"
                .to_owned(),
        );
    }
    context.progress.enter(Phase::Done);
    Ok(VerifyReport {
        n_traces: check.n_traces,
        bytes: check.bytes,
        seconds: started.elapsed().as_secs_f64(),
        export_sha256,
        faults: check.faults.into_sentences(),
        notes: check.notes,
        damaged: check.damaged,
        source_sha256,
        against_sha256,
    })
}

/// What was found so far.
struct Check {
    hasher: Sha256,
    n_traces: u64,
    /// Whether every byte of the source was hashed.
    is_whole: bool,
    /// That were hashed.
    bytes: u64,
    faults: Faults,
    notes: Vec<String>,
    damaged: Vec<Range<u64>>,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            hasher: Sha256::new(),
            n_traces: 0,
            is_whole: true,
            bytes: 0,
            faults: Faults::default(),
            notes: Vec::new(),
            damaged: Vec::new(),
        }
    }
}

impl Check {
    /// What opening found, what the checksums say, and what does not belong here.
    fn files(&mut self, dataset: &Dataset, context: &JobContext) -> Result<(), Stop<ExportError>> {
        for fault in dataset.faults_seen() {
            self.faults.add(fault);
        }
        let changed = dataset.changed_files(&context.cancel).map_err(stopped)?;
        for fault in changed {
            self.faults.add(fault);
        }
        let foreign = dataset.foreign_files();
        self.notes.extend(
            foreign
                .iter()
                .map(|name| format!("{name} is no part of the dataset")),
        );
        Ok(())
    }

    /// Are the columns what the raw headers say?
    fn header_columns(
        &mut self,
        dataset: &Dataset,
        context: &JobContext,
    ) -> Result<(), Stop<ExportError>> {
        /// Rows that are compared at once: a page of the table.
        const ROWS: u64 = 8192;
        let Some(columns) = HeaderCheck::new(dataset) else {
            return Ok(());
        };
        let n_traces = dataset.manifest().array.n_traces;
        for first in (0..n_traces.div_ceil(ROWS)).map(|block| block * ROWS) {
            context.check_cancelled()?;
            let traces = first..(first + ROWS).min(n_traces);
            match columns.differences(dataset, traces) {
                Ok(differences) => {
                    for (trace, sentence) in differences {
                        self.faults.add(sentence);
                        self.damage(trace..trace + 1);
                    }
                }
                Err(error) => {
                    // The same page fails for the next rows, too.
                    self.faults.add(error.to_string());
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Pictures from afar are drawn from these.
    fn overview(
        &mut self,
        dataset: &Dataset,
        context: &JobContext,
    ) -> Result<(), Stop<ExportError>> {
        for level in dataset.overview_levels() {
            let mut first = 0;
            let mut last = None;
            while first < level.rows {
                context.check_cancelled()?;
                let end = first
                    .saturating_add(level.chunk_rows.max(1))
                    .min(level.rows);
                if let Err(error) = dataset.read_overview(&level, first..end) {
                    let sentence = error.to_string();
                    if last.as_ref() == Some(&sentence) {
                        // Not this chunk: nothing of the level can be read.
                        break;
                    }
                    self.faults.add(sentence.clone());
                    last = Some(sentence);
                }
                first = end;
            }
        }
        Ok(())
    }

    /// Hashes what `give` gives.
    fn hash(
        &mut self,
        context: &JobContext,
        give: impl FnOnce(Sink<'_>) -> Result<(), Stop<ExportError>>,
    ) -> Result<(), Stop<ExportError>> {
        give(&mut |bytes| {
            context.check_cancelled()?;
            self.hasher.update(bytes);
            self.bytes += bytes.len() as u64;
            context.progress.add(0, bytes.len() as u64);
            Ok(())
        })
    }

    fn part(
        &mut self,
        context: &JobContext,
        give: impl FnOnce(Sink<'_>) -> Result<(), Stop<ExportError>>,
    ) -> Result<(), Stop<ExportError>> {
        match self.hash(context, give) {
            Err(Stop::Failed(error)) => {
                self.fault(error.to_string());
                Ok(())
            }
            end => end,
        }
    }

    fn fault(&mut self, sentence: String) {
        self.is_whole = false;
        self.faults.add(sentence);
    }

    fn traces(
        &mut self,
        dataset: &Dataset,
        stream: &mut SegyStream<'_>,
        context: &JobContext,
    ) -> Result<(), Stop<ExportError>> {
        for traces in stream.blocks() {
            let n_traces = traces.end - traces.start;
            match self.hash(context, |sink| stream.traces(traces.clone(), sink)) {
                Ok(()) => self.n_traces += n_traces,
                Err(Stop::Failed(error)) => {
                    self.look_closer(dataset, traces, &error, context)?;
                }
                Err(cancelled) => return Err(cancelled),
            }
            context.progress.add(n_traces, 0);
        }
        Ok(())
    }

    /// Which chunks of a block are at fault? `error` is what the block as a whole gave.
    fn look_closer(
        &mut self,
        dataset: &Dataset,
        traces: Range<u64>,
        error: &ExportError,
        context: &JobContext,
    ) -> Result<(), Stop<ExportError>> {
        let step = u64::from(dataset.manifest().array.chunk_traces.max(1));
        let mut found_any = false;
        let mut start = traces.start;
        while start < traces.end {
            context.check_cancelled()?;
            let end = (start + step).min(traces.end);
            match dataset.read_samples(start..end) {
                Ok(_) => self.n_traces += end - start,
                Err(error) => {
                    self.fault(error.to_string());
                    self.damage(start..end);
                    found_any = true;
                }
            }
            start = end;
        }
        if !found_any {
            // The samples are sound: it is the headers or the exceptions.
            self.is_whole = false;
            self.faults.add_of_traces(&traces, &error.to_string());
            self.damage(traces);
        }
        Ok(())
    }

    fn damage(&mut self, traces: Range<u64>) {
        if self.damaged.contains(&traces) {
            return;
        }
        if self.damaged.len() < Faults::MOST {
            self.damaged.push(traces);
        }
    }

    /// The runs are no part of the export, but of the dataset.
    fn ensembles(&mut self, dataset: &Dataset) {
        if let Err(error) = dataset.ensembles() {
            self.faults.add(error.to_string());
        }
    }
}

fn stopped(error: DatasetError) -> Stop<ExportError> {
    if matches!(error, DatasetError::Cancelled) {
        Stop::Cancelled
    } else {
        Stop::Failed(error.into())
    }
}

/// Sentences, so many that a person may read them.
#[derive(Default)]
struct Faults {
    sentences: Vec<String>,
    n_more: u64,
    /// The fault of the last stretch, and its traces: the next may have the same.
    last: Option<(Range<u64>, String)>,
}

impl Faults {
    const MOST: usize = 1000;

    fn add(&mut self, sentence: String) {
        if self.sentences.len() < Self::MOST {
            self.sentences.push(sentence);
        } else {
            self.n_more += 1;
        }
    }

    /// A fault of traces, which grows while the traces behind them have the same.
    fn add_of_traces(&mut self, traces: &Range<u64>, error: &str) {
        let sentence =
            |traces: &Range<u64>| format!("traces {} to {}: {error}", traces.start, traces.end - 1);
        if let Some((before, same)) = &self.last
            && before.end == traces.start
            && same == error
            && self.sentences.last() == Some(&sentence(before))
        {
            let all = before.start..traces.end;
            self.sentences.pop();
            self.add(sentence(&all));
            self.last = Some((all, error.to_owned()));
            return;
        }
        self.add(sentence(traces));
        self.last = Some((traces.clone(), error.to_owned()));
    }

    fn into_sentences(mut self) -> Vec<String> {
        if self.n_more > 0 {
            self.sentences.push(format!("… and {} more", self.n_more));
        }
        self.sentences
    }
}
