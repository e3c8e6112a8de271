//! Why a dataset could not be exported or verified.

use std::io;
use std::path::PathBuf;

use crate::dataset::DatasetError;
use crate::segy::SegyError;

/// Why an export or a verification failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The dataset cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The samples cannot be encoded.
    #[error(transparent)]
    Segy(#[from] SegyError),
    /// The operating system refused.
    #[error("cannot {action}: {source}. File: {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
    /// The output is there already.
    #[error("the output exists already; choose another name, or allow it to be replaced (--overwrite). File: {}", path.display())]
    OutputExists {
        /// Where.
        path: PathBuf,
    },
}
