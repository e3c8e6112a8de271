//! Is all of the dataset readable, and does it give back the source?

use std::path::Path;

use super::ExportError;
use crate::dataset::Dataset;
use crate::job::{JobContext, Stop};

/// What verification found.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// Traces that were read back.
    pub n_traces: u64,
    /// Chunks that are damaged or missing, and other faults, as sentences.
    pub faults: Vec<String>,
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
    let _ = (dataset, against, context);
    todo!()
}
