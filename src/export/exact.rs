//! How is the original file written again from the dataset alone?

use std::path::{Path, PathBuf};

use super::ExportError;
use super::output::{PartialFile, check_output};
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
    context.progress.enter(Phase::Preparing);
    context.check_cancelled()?;
    let mut stream = SegyStream::new(dataset).map_err(Stop::Failed)?;
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
    let (bytes, sha256) = file.finish(output, overwrite).map_err(Stop::Failed)?;
    context.progress.enter(Phase::Done);
    Ok(ExportReport {
        path: output.to_owned(),
        bytes,
        same_as_source: sha256 == dataset.manifest().source.sha256,
        sha256,
    })
}
