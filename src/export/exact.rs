//! How is the original file written again from the dataset alone?

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ExportError;
use super::stream::SegyStream;
use crate::dataset::{Dataset, SourceFacts};
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

fn check_output(
    dataset: &Dataset,
    output: &Path,
    overwrite: bool,
    needed_bytes: u64,
) -> Result<(), ExportError> {
    let path = || output.to_owned();
    if output.is_dir() || (!overwrite && output.symlink_metadata().is_ok()) {
        return Err(ExportError::OutputExists { path: path() });
    }
    let parent = parent(output);
    let inside = match (parent.canonicalize(), dataset.path().canonicalize()) {
        (Ok(parent), Ok(dataset)) => parent.starts_with(dataset),
        _ => false,
    };
    if inside {
        return Err(ExportError::OutputInsideDataset { path: path() });
    }
    match fs4::available_space(parent) {
        Ok(free_bytes) if free_bytes < needed_bytes => Err(ExportError::NotEnoughSpace {
            needed_bytes,
            free_bytes,
            path: path(),
        }),
        _ => Ok(()),
    }
}

/// The folder that a file lies in.
fn parent(output: &Path) -> &Path {
    match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A file on its way; removed when it is dropped before it is finished.
struct PartialFile {
    path: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
    is_finished: bool,
}

impl PartialFile {
    fn create(output: &Path) -> Result<Self, ExportError> {
        let mut name = output.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let path = output.with_file_name(name);
        let file =
            File::create(&path).map_err(ExportError::writing("create the file", &path, 0))?;
        Ok(Self {
            path,
            file,
            hasher: Sha256::new(),
            bytes: 0,
            is_finished: false,
        })
    }

    fn append(&mut self, bytes: &[u8], context: &JobContext) -> Result<(), ExportError> {
        self.file.write_all(bytes).map_err(ExportError::writing(
            "write the file",
            &self.path,
            self.bytes,
        ))?;
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        context.progress.add(0, bytes.len() as u64);
        context.progress.add_written(bytes.len() as u64);
        Ok(())
    }

    /// Syncs and renames; gives length and SHA-256.
    fn finish(mut self, output: &Path, overwrite: bool) -> Result<(u64, String), ExportError> {
        self.file.sync_all().map_err(ExportError::writing(
            "sync the file",
            &self.path,
            self.bytes,
        ))?;
        // Somebody may have made the file meanwhile.
        if !overwrite && output.symlink_metadata().is_ok() {
            return Err(ExportError::OutputExists {
                path: output.to_owned(),
            });
        }
        fs::rename(&self.path, output).map_err(ExportError::io("rename the file", output))?;
        self.is_finished = true;
        sync_folder(parent(output))?;
        let sha256 = SourceFacts::digest_text(&std::mem::take(&mut self.hasher).finalize());
        Ok((self.bytes, sha256))
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // The error that brought us here is the one to report.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// So that the rename survives a power cut. Only Unix opens folders.
fn sync_folder(folder: &Path) -> Result<(), ExportError> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(ExportError::io("sync the folder", folder))?;
    }
    Ok(())
}
