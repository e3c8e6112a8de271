//! Why a file could not be imported.

use crate::dataset::DatasetError;
use crate::segy::SegyError;

/// The settings do not fit this file; the user can mend them before anything is written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    // FieldOutsideHeader { name, byte, size_bytes }, NoSuchKey { name, nearest }, OutputExists { path },
    // NotEnoughSpace { needed_bytes, free_bytes, path }, NotWritable, OutputInsideSource, MemoryTooSmall, TraceRangeOutside …
}

/// Why an import failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file.
    #[error(transparent)]
    Segy(#[from] SegyError),
    /// The settings.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The output.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A bug of ours.
    #[error(
        "a worker stopped unexpectedly at block {block}: {words}. Please report this; nothing was left behind"
    )]
    WorkerPanicked {
        /// Which block.
        block: u64,
        /// The panic's words.
        words: String,
    },
    /// No threads to be had.
    #[error("cannot start worker threads: {source}")]
    Threads {
        /// The system's own words.
        source: std::io::Error,
    },
}
