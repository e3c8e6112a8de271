//! How does a file reach the disk whole or not at all?
//!
//! Beside its place under a name ending in `.partial`, synced, then renamed; whatever goes wrong,
//! nothing is left.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::ExportError;
use super::hash::file_sha256;
use crate::dataset::{Dataset, SourceFacts};
use crate::job::{JobContext, Stop};

/// Whether so many bytes may be written to `output`.
pub(super) fn check_output(
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

/// Refuses to replace the file that was imported: an export in another form could not be undone.
///
/// Only a file of its length, and of its name or its time, is read to be sure.
pub(super) fn check_not_the_source(
    dataset: &Dataset,
    output: &Path,
    context: &JobContext,
) -> Result<(), Stop<ExportError>> {
    let source = &dataset.manifest().source;
    let Ok(metadata) = fs::metadata(output) else {
        return Ok(());
    };
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_secs()).ok());
    let same_name = output
        .file_name()
        .is_some_and(|name| name == source.file_name.as_str());
    let same_time = modified.is_some() && modified == source.modified_unix_secs;
    let may_be =
        metadata.is_file() && metadata.len() == source.size_bytes && (same_name || same_time);
    // Its bytes are not the export's.
    let quiet = context.unseen();
    if may_be && file_sha256(output, &quiet)? == source.sha256 {
        return Err(Stop::Failed(ExportError::OutputIsSource {
            path: output.to_owned(),
        }));
    }
    Ok(())
}

/// The folder that a file lies in.
fn parent(output: &Path) -> &Path {
    match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A file on its way; removed when it is dropped before it is finished.
pub(super) struct PartialFile {
    path: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
    is_finished: bool,
}

impl PartialFile {
    pub(super) fn create(output: &Path) -> Result<Self, ExportError> {
        let mut name = output.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let path = output.with_file_name(name);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)
            .map_err(ExportError::writing("create the file", &path, 0))?;
        Ok(Self {
            path,
            file,
            hasher: Sha256::new(),
            bytes: 0,
            is_finished: false,
        })
    }

    pub(super) fn append(&mut self, bytes: &[u8], context: &JobContext) -> Result<(), ExportError> {
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

    /// Writes somewhere in the file; the hash must be made again when all is written.
    pub(super) fn write_at(
        &mut self,
        position: u64,
        bytes: &[u8],
        context: &JobContext,
    ) -> Result<(), ExportError> {
        self.file
            .seek(SeekFrom::Start(position))
            .and_then(|_| self.file.write_all(bytes))
            .map_err(ExportError::writing(
                "write the file",
                &self.path,
                self.bytes,
            ))?;
        self.bytes += bytes.len() as u64;
        context.progress.add(0, bytes.len() as u64);
        context.progress.add_written(bytes.len() as u64);
        Ok(())
    }

    /// Hashes what was written here and there, from the beginning.
    pub(super) fn hash_again(&mut self, context: &JobContext) -> Result<(), Stop<ExportError>> {
        let failed =
            |path: &Path, error| Stop::Failed(ExportError::io("read the file", path)(error));
        self.hasher = Sha256::new();
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|error| failed(&self.path, error))?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            context.check_cancelled()?;
            let n = self
                .file
                .read(&mut buffer)
                .map_err(|error| failed(&self.path, error))?;
            match buffer.get(..n) {
                Some(bytes) if !bytes.is_empty() => self.hasher.update(bytes),
                _ => return Ok(()),
            }
        }
    }

    /// Syncs and renames; gives length and SHA-256.
    pub(super) fn finish(
        mut self,
        output: &Path,
        overwrite: bool,
    ) -> Result<(u64, String), ExportError> {
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
