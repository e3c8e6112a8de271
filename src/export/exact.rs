//! How is the original file written again from the dataset alone?

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::ExportError;
use super::output::{PartialFile, check_output};
use super::salvage::{Missing, remove_old_list, write_list};
use super::stream::SegyStream;
use crate::dataset::Dataset;
use crate::job::{JobContext, Phase, Stop};

/// How an export ended well.
#[derive(Clone, Debug)]
pub struct ExportReport {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Of the written bytes.
    pub sha256: String,
    /// Whether that is the source's SHA-256 (always, for a whole-file import of an undamaged dataset).
    pub same_as_source: bool,
    /// What was damaged and is filled in, as sentences; empty for a whole export.
    pub missing: Vec<String>,
    /// Traces with blank headers or without samples, in order, the first thousand stretches.
    pub filled: Vec<Range<u64>>,
}

/// Writes the file to `output` (through a `.partial` beside it, then a rename).
///
/// # Errors
/// When anything fails or somebody cancels: then nothing is left on disk.
pub fn export_exact(
    dataset: &Dataset,
    output: &Path,
    overwrite: bool,
    context: &JobContext,
) -> Result<ExportReport, Stop<ExportError>> {
    export(dataset, output, overwrite, None, context)
}

/// [`export_exact`] of a damaged dataset: what cannot be read is filled in, and the report names
/// it. Everything else lies where it lay. Traces without samples are zeros and say that they are
/// dead (trace identification code 2), so that no program takes them for data; lost trace headers
/// hold no more than the trace's number, its samples and their interval. The same is written down
/// beside the file, as `FILE.missing.txt`. A sound dataset is exported as it is.
///
/// # Errors
/// As [`export_exact`], when the file or its list cannot be written.
pub fn export_filled(
    dataset: &Dataset,
    output: &Path,
    overwrite: bool,
    context: &JobContext,
) -> Result<ExportReport, Stop<ExportError>> {
    let report = export(
        dataset,
        output,
        overwrite,
        Some(Missing::default()),
        context,
    )?;
    write_list(&report).map_err(Stop::Failed)?;
    Ok(report)
}

fn export(
    dataset: &Dataset,
    output: &Path,
    overwrite: bool,
    missing: Option<Missing>,
    context: &JobContext,
) -> Result<ExportReport, Stop<ExportError>> {
    context.progress.enter(Phase::Preparing);
    context.check_cancelled()?;
    let mut stream = SegyStream::new(dataset).map_err(Stop::Failed)?;
    stream.missing = missing;
    check_output(dataset, output, overwrite, stream.total_bytes()).map_err(Stop::Failed)?;
    let total = stream.total_bytes();
    context
        .progress
        .set_total(dataset.manifest().array.n_traces, total);

    context.progress.enter(Phase::Exporting);
    let mut file = PartialFile::create(output).map_err(Stop::Failed)?;
    let mut sink = |bytes: &[u8]| {
        context.check_cancelled()?;
        file.append(bytes, context).map_err(Stop::Failed)
    };
    stream.file_headers(&mut sink)?;
    for traces in stream.blocks() {
        let n_traces = traces.end - traces.start;
        stream.traces(traces, &mut sink)?;
        context.progress.add(n_traces, 0);
    }
    stream.trailer(&mut sink)?;

    context.progress.enter(Phase::Finishing);
    context.check_cancelled()?;
    let missing = stream.missing.take().unwrap_or_default();
    let (bytes, sha256) = file.finish(output, overwrite).map_err(Stop::Failed)?;
    remove_old_list(output);
    context.progress.enter(Phase::Done);
    Ok(ExportReport {
        path: output.to_owned(),
        bytes,
        same_as_source: sha256 == dataset.manifest().source.sha256,
        sha256,
        missing: missing.sentences(),
        filled: missing.traces,
    })
}
