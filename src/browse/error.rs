//! Why traces could not be shown.

use crate::dataset::DatasetError;
use crate::segy::SegyError;

/// Why traces could not be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowseError {
    /// The dataset cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The file cannot be read.
    #[error(transparent)]
    Segy(#[from] SegyError),
    /// A key that this source does not have.
    #[error("there is no header called \"{name}\"; nearest names: {}", nearest.join(", "))]
    NoSuchHeader {
        /// As asked for.
        name: String,
        /// Similar ones.
        nearest: Vec<String>,
    },
    /// A gather with more samples than may be held at once.
    #[error(
        "this gather has {n_traces} traces, {needed_bytes} bytes; choose a finer key (limit: {limit_bytes} bytes)"
    )]
    GatherTooLarge {
        /// Traces in it.
        n_traces: u64,
        /// As f32.
        needed_bytes: u64,
        /// What is allowed.
        limit_bytes: u64,
    },
}
