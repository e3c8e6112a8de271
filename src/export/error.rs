//! Why a dataset could not be exported or verified.

use std::io;
use std::path::PathBuf;

use crate::dataset::DatasetError;
use crate::segy::SegyError;
use crate::wording;

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
    /// The disk became full on the way.
    #[error(
        "cannot {action}: no space is left after {} were written. Free some space, or choose an output on another disk. File: {}",
        wording::bytes(*written_bytes), path.display()
    )]
    DiskFull {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Of the file.
        written_bytes: u64,
    },
    /// The output is there already.
    #[error("the output exists already; choose another name, or allow it to be replaced (--overwrite). File: {}", path.display())]
    OutputExists {
        /// Where.
        path: PathBuf,
    },
    /// An export in another form would replace what it was made from.
    #[error("this is the imported file itself, and another form of it would replace it for good; choose another name. File: {}", path.display())]
    OutputIsSource {
        /// Where.
        path: PathBuf,
    },
    /// The form that was asked for does not fit the dataset.
    #[error("{problem}")]
    FormUnfit {
        /// What does not fit, and what would.
        problem: String,
    },
    /// The file would lie inside of the dataset that it is made from.
    #[error("the output lies inside the dataset's own folder; choose another place. File: {}", path.display())]
    OutputInsideDataset {
        /// Where.
        path: PathBuf,
    },
    /// The disk is too full.
    #[error("the file takes {}, but only {} are free; free some space, or choose another disk. File: {}", wording::bytes(*needed_bytes), wording::bytes(*free_bytes), path.display())]
    NotEnoughSpace {
        /// Of the file.
        needed_bytes: u64,
        /// On this disk.
        free_bytes: u64,
        /// Where.
        path: PathBuf,
    },
    /// A part of the dataset is not as long as its manifest says.
    #[error(
        "{what}: {found} where the manifest says {expected}, so the file cannot be written as it was. Import the source again"
    )]
    PartDiffers {
        /// Which part, with its unit.
        what: &'static str,
        /// By the manifest.
        expected: u64,
        /// There.
        found: u64,
    },
    /// The manifest speaks of something that this program cannot write.
    #[error(
        "the dataset cannot be written as SEG-Y: {problem}. Open it with the program version that made it, or import the source again"
    )]
    NotExportable {
        /// What is wrong.
        problem: String,
    },
}

impl ExportError {
    /// For use with `map_err`, where bytes are written: a full disk becomes its own variant.
    pub(super) fn writing(
        action: &'static str,
        path: &std::path::Path,
        written_bytes: u64,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| {
            let is_full = matches!(
                source.kind(),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
            );
            if is_full {
                Self::DiskFull {
                    action,
                    path,
                    written_bytes,
                }
            } else {
                Self::Io {
                    action,
                    path,
                    source,
                }
            }
        }
    }

    /// For use with `map_err`.
    pub(super) fn io(
        action: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
