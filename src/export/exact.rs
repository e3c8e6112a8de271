//! How is the original file written again from the dataset alone?

use std::path::{Path, PathBuf};

use super::ExportError;
use crate::dataset::Dataset;
use crate::job::{JobContext, Stop};

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
    let _ = (dataset, output, overwrite, context);
    todo!()
}
