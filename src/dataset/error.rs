//! What can be wrong with a dataset, in sentences.

use std::io;
use std::path::PathBuf;

/// The stored product cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// The operating system refused.
    #[error("cannot {action}: {source}. File: {}", path.display())]
    Io {
        /// What was tried, as in "cannot *write the headers*".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
    // The owner of this folder adds the rest: NotADataset, Unfinished (.partial), UnknownVersion,
    // Damaged { what, detail }, OutputExists, Parquet, Zarr, NoSuchColumn { name, nearest }, …
}
