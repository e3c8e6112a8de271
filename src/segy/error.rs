//! What can be wrong with a SEG-Y file, in sentences: fact, number, remedy.

use std::io;
use std::path::PathBuf;

/// The file is not what it should be, or is not supported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SegyError {
    /// The operating system refused.
    #[error("cannot {action}: {source}. File: {}", path.display())]
    Io {
        /// What was tried, as in "cannot *open the file*".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
    // The owner of this folder adds the rest: TooShort, NotSegy { what, hint }, UnsupportedSampleFormat,
    // SampleCountUnknown, NoTraces, SourceShrank, FieldOutsideHeader, …
}
