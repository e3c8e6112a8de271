//! What can be wrong with a dataset, in sentences: fact, number, remedy. The path stands last.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

use super::ExpressionError;
use crate::job::Cancelled;

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
    /// No space is left where the dataset is written.
    #[error(
        "cannot {action}: no space is left after {} were written. Free some space, or choose an output folder on another disk. File: {}",
        crate::wording::bytes(*written_bytes), path.display()
    )]
    DiskFull {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Bytes of this dataset that had been written before.
        written_bytes: u64,
    },
    /// The path is something else.
    #[error("this is not a Shotpoint dataset: {missing}. Choose a folder that an import made. Folder: {}", path.display())]
    NotADataset {
        /// Where.
        path: PathBuf,
        /// What is missing.
        missing: &'static str,
    },
    /// The import never came to its end.
    #[error("this import was never finished: there is no manifest.json in it. Go on with it (import --resume), or import the file again; the unfinished folder is replaced then. Folder: {}", path.display())]
    Unfinished {
        /// Where.
        path: PathBuf,
    },
    /// Made by a newer program.
    #[error("the dataset has format {found}, and this program reads up to format {supported}. Open it with a newer Shotpoint. Folder: {}", path.display())]
    UnknownVersion {
        /// The dataset's.
        found: u64,
        /// Ours.
        supported: u32,
        /// Where.
        path: PathBuf,
    },
    /// Something in it is not as it was written.
    #[error("{what} cannot be read: {detail}. {}; import the source again to mend it. File: {}", what_is_left(path), path.display())]
    Damaged {
        /// What, with its traces: "chunk 17 (traces 2176 to 2303)".
        what: String,
        /// What was found.
        detail: String,
        /// Where.
        path: PathBuf,
    },
    /// The output is there already.
    #[error("the output exists already; choose another name, or allow it to be replaced (--overwrite). Folder: {}", path.display())]
    OutputExists {
        /// Where.
        path: PathBuf,
    },
    /// What stands in the output's place may not be removed.
    #[error("what stands in the output's place is not a Shotpoint dataset, so it is not replaced; choose another name, or remove it yourself. Path: {}", path.display())]
    OutputNotOurs {
        /// Where.
        path: PathBuf,
    },
    /// Two imports with one output.
    #[error("another import is writing this dataset at this moment; wait for it, or choose another name. Folder: {}", path.display())]
    OutputInUse {
        /// Where.
        path: PathBuf,
    },
    /// What was begun cannot be gone on with.
    #[error("the unfinished import cannot go on: {reason}. Begin again without --resume; the unfinished folder is replaced then. Folder: {}", path.display())]
    NotResumable {
        /// As a phrase.
        reason: String,
        /// The `….partial` folder.
        path: PathBuf,
    },
    /// Shapes that format 1 cannot hold.
    #[error("the dataset cannot be laid out so: {problem}")]
    Layout {
        /// With numbers and a remedy.
        problem: String,
    },
    /// A bug of ours: a writer was not given everything.
    #[error(
        "{what}: {found} written, {expected} expected. Please report this; nothing was left behind"
    )]
    Incomplete {
        /// What.
        what: &'static str,
        /// How many there must be.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// A table cannot be read or written.
    #[error("cannot {action}: {source}. File: {}", path.display())]
    Parquet {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The library's own words.
        source: ParquetError,
    },
    /// A column that headers.parquet does not have.
    #[error("there is no header called \"{name}\"; nearest names: {}", nearest.join(", "))]
    NoSuchColumn {
        /// As asked for.
        name: String,
        /// Similar ones.
        nearest: Vec<String>,
    },
    /// Traces past the end.
    #[error("traces {} to {} were asked for, and the dataset has {} (0 to {})", asked.start, asked.end.saturating_sub(1), crate::wording::things(*n_traces, "trace"), n_traces.saturating_sub(1))]
    TracesOutside {
        /// What was asked for.
        asked: Range<u64>,
        /// What there is.
        n_traces: u64,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// A filter expression that says nothing.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
}

/// What else of a dataset can be read where one of its files is damaged.
fn what_is_left(damaged: &std::path::Path) -> &'static str {
    if damaged.ends_with(super::folder::MANIFEST_FILE) {
        "Without it nothing of the dataset can be understood"
    } else {
        "Everything else stays readable"
    }
}

impl DatasetError {
    /// Wraps the system's words; a full disk becomes its own variant.
    pub(super) fn io(
        action: &'static str,
        path: &Path,
        written_bytes: u64,
        source: io::Error,
    ) -> Self {
        let path = path.to_owned();
        if is_disk_full(&source) {
            return Self::DiskFull {
                action,
                path,
                written_bytes,
            };
        }
        Self::Io {
            action,
            path,
            source,
        }
    }

    /// Wraps the words of the Parquet library; I/O errors inside become [`Self::io`].
    pub(super) fn parquet(
        action: &'static str,
        path: &Path,
        written_bytes: u64,
        source: ParquetError,
    ) -> Self {
        let source = if let ParquetError::External(inner) = source {
            match inner.downcast::<io::Error>() {
                Ok(io) => return Self::io(action, path, written_bytes, *io),
                Err(other) if other.is::<Cancelled>() => return Self::Cancelled,
                Err(other) => ParquetError::External(other),
            }
        } else {
            source
        };
        Self::Parquet {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// For closures: `.map_err(DatasetError::reading("read the manifest", &path))`.
    pub(super) fn reading(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::io(action, path, 0, source)
    }
}

fn is_disk_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_how_much_was_written_and_what_to_do() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            let path = Path::new("line.shotpoint.partial/headers.parquet");
            let wrapped = ParquetError::External(Box::new(io::Error::from(kind)));
            let error = DatasetError::parquet("write the headers", path, 12_345_678, wrapped);
            assert_eq!(
                error.to_string(),
                "cannot write the headers: no space is left after 12.3 MB were written. Free some space, \
                 or choose an output folder on another disk. File: line.shotpoint.partial/headers.parquet"
            );
        }
    }
}
