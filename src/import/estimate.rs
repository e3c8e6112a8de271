//! How large will the dataset be, how long will it take? Measured on a few real blocks of this file.

use std::time::Duration;

use super::{ImportError, ImportPlan};
use crate::job::{JobContext, Stop};

/// What to expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Of the dataset.
    pub output_bytes: u64,
    /// Bytes free where it will lie; `None` where the system does not tell.
    pub free_bytes: Option<u64>,
    /// For the whole import.
    pub duration: Duration,
    /// Bytes of the source that were decoded and compressed to find out.
    pub measured_bytes: u64,
}

/// Decodes and compresses a few blocks from the file's start, middle and end.
///
/// # Errors
/// I/O; cancelled.
pub fn estimate(plan: &ImportPlan, context: &JobContext) -> Result<Estimate, Stop<ImportError>> {
    let _ = (plan, context);
    todo!()
}
