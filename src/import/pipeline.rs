//! How do traces stream from the file into the dataset?
//!
//! ```text
//!  reader (mapped window, in order, SHA-256) ─► blocks (bounded) ─► workers: decode → statistics → encode + write chunks
//!                                                                    └► header batch, runs, overview ─► ordered writer
//!                          memory = blocks in flight, fixed by the plan; a credit comes back when the
//!                          ordered writer is done with a block
//! ```

use std::path::PathBuf;
use std::sync::Arc;

use super::{ImportError, ImportPlan, ImportWarning};
use crate::dataset::Manifest;
use crate::job::{JobContext, Stop};
use crate::samples::Samples;

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
    /// Everything odd.
    pub warnings: Vec<ImportWarning>,
}

impl ImportReport {
    /// The report as `import --json` prints it (DESIGN, section 4).
    pub fn to_json(&self) -> serde_json::Value {
        todo!()
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
    let _ = (plan, context, &arrived);
    todo!()
}
