//! Why a file could not be imported.

use std::io;
use std::path::PathBuf;

use crate::dataset::DatasetError;
use crate::segy::SegyError;
use crate::wording;

/// The settings do not fit this file; the user can mend them before anything is written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// `--map` was not understood.
    #[error(
        "\"{text}\" is not a column: {reason}. Expected NAME=BYTE or NAME=BYTE:KIND, as in inline=189:i32"
    )]
    ColumnSyntax {
        /// What was written.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A column's name cannot be used.
    #[error("\"{name}\" cannot name a column: {reason}")]
    ColumnName {
        /// What was written.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A column does not lie within the trace header.
    #[error("{name} at byte {byte} takes {size_bytes} bytes, but a trace header has bytes 1 to 240. Choose a byte from 1 to {last}", last = 241_usize.saturating_sub(*size_bytes))]
    FieldOutsideHeader {
        /// The column.
        name: String,
        /// From 1.
        byte: u16,
        /// Of the word.
        size_bytes: usize,
    },
    /// Two columns have one name.
    #[error("the column {name} is mapped twice, to bytes {first} and {second}. Keep one of them")]
    MappedTwice {
        /// The column.
        name: String,
        /// First byte.
        first: u16,
        /// Second byte.
        second: u16,
    },
    /// A computed column that cannot be computed.
    #[error("{name} cannot be computed: {reason}")]
    ComputedSyntax {
        /// The column.
        name: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A computed ensemble key with fractions.
    #[error(
        "{name} is a fraction and cannot be an ensemble key. Make it whole: {name}=floor(…) or round(…)"
    )]
    KeyHasFractions {
        /// The column.
        name: String,
    },
    /// A column in an additional trace header that the file does not have.
    #[error("{name} at byte {byte} would lie in additional trace header {wanted}, but each trace of this file has {}", wording::things(u64::from(*n_additional), "additional header"))]
    NoSuchAdditionalHeader {
        /// The column.
        name: String,
        /// From 1.
        byte: u16,
        /// From 1.
        wanted: u16,
        /// In the file.
        n_additional: u32,
    },
    /// An ensemble key that is no column.
    #[error("there is no column \"{name}\" to group by{}", nearest_names(nearest))]
    NoSuchKey {
        /// What was written.
        name: String,
        /// Columns with similar names.
        nearest: Vec<String>,
    },
    /// An ensemble key that is given twice.
    #[error("the ensemble key {name} is given twice. Give it once")]
    KeyTwice {
        /// The column.
        name: String,
    },
    /// An ensemble key that is text.
    #[error("{name} is text and cannot be an ensemble key. Choose a column of numbers")]
    KeyIsText {
        /// The column.
        name: String,
    },
    /// A mapping file that is not a mapping.
    #[error("the mapping cannot be read: {source}")]
    MappingSyntax {
        /// Where and why.
        source: serde_json::Error,
    },
    /// The mapping overrides facts by which the file was not scanned.
    #[error(
        "the mapping overrides facts of the file that were not part of its scan. Scan it again with this mapping"
    )]
    ScannedOtherwise,
    /// Nothing to import.
    #[error("the file has no trace: it ends after its file headers at byte {data_start}")]
    NoTraces {
        /// Where the first trace would begin.
        data_start: u64,
    },
    /// `--traces` does not fit.
    #[error(
        "traces {start}..{end} were asked for, but the file has {}. Choose a range that is not empty, within 0..{n_traces}",
        wording::things(*n_traces, "trace")
    )]
    TraceRangeOutside {
        /// First.
        start: u64,
        /// One behind the last.
        end: u64,
        /// In the file.
        n_traces: u64,
    },
    /// The output is there already.
    #[error("the output exists already; choose another name, or allow it to be replaced (--overwrite). Folder: {}", path.display())]
    OutputExists {
        /// Where.
        path: PathBuf,
    },
    /// What would be replaced is not ours.
    #[error("the output exists and is not a dataset, so it is not replaced; choose another name. Path: {}", path.display())]
    OutputNotADataset {
        /// Where.
        path: PathBuf,
    },
    /// Replacing the output would delete the source.
    #[error("the source lies inside the output folder and would be deleted with it; choose another name. Folder: {}", path.display())]
    OutputHoldsSource {
        /// Where.
        path: PathBuf,
    },
    /// The folder for the output is missing.
    #[error("the folder for the output does not exist; make it, or choose another name. Folder: {}", path.display())]
    ParentMissing {
        /// Where.
        path: PathBuf,
    },
    /// The folder for the output cannot be written to.
    #[error("cannot write to the folder for the output ({source}); choose another place with -o. Folder: {}", path.display())]
    NotWritable {
        /// Where.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
    /// The disk is too full.
    #[error("the dataset needs about {}, by what some of its chunks compress to, but only {} are free; free some space, or choose another disk with -o. Folder: {}", wording::bytes(*needed_bytes), wording::bytes(*free_bytes), path.display())]
    NotEnoughSpace {
        /// As estimated.
        needed_bytes: u64,
        /// On this disk.
        free_bytes: u64,
        /// Where.
        path: PathBuf,
    },
    /// The memory budget does not even hold the smallest block.
    #[error(
        "traces of {n_samples} samples need at least {needed_mib} MiB of memory, but the budget is {memory_mib} MiB. Allow more with --memory {needed_mib}"
    )]
    MemoryTooSmall {
        /// Per trace.
        n_samples: u32,
        /// Smallest budget that works.
        needed_mib: u64,
        /// The budget.
        memory_mib: u32,
    },
    /// The vertical axis or the array would have no extent.
    #[error(
        "the traces have no samples, so there is nothing to import. If the file's headers are wrong, give the number with --samples"
    )]
    NoSamples,
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
    /// The file is not the one that was scanned.
    #[error("the file's structure is not what it was when it was scanned ({} then, {} now). Scan it again. File: {}", wording::things(*before, "trace"), wording::count(*now), path.display())]
    NotAsScanned {
        /// Traces by the scan.
        before: u64,
        /// Traces now.
        now: u64,
        /// The file.
        path: PathBuf,
    },
    /// The file is not the one that the interrupted import took in.
    #[error("the source is not what it was when its import was interrupted: {what} differs. Begin again without --resume; the unfinished folder is replaced then. File: {}", path.display())]
    SourceDiffers {
        /// What differs first.
        what: String,
        /// The file.
        path: PathBuf,
    },
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
    /// Header values and columns do not fit together: a bug of ours.
    #[error("cannot make a table of header values: {source}. Please report this")]
    HeaderBatch {
        /// Arrow's own words.
        source: arrow::error::ArrowError,
    },
}

impl ImportError {
    /// Whether the same import may succeed later, from where it failed.
    pub(super) fn may_go_away(&self) -> bool {
        match self {
            Self::Segy(error) => matches!(error, SegyError::Io { .. }),
            Self::Dataset(error) => matches!(
                error,
                DatasetError::Io { .. }
                    | DatasetError::DiskFull { .. }
                    | DatasetError::OutputExists { .. }
            ),
            // Nothing was taken in: what was there before stays.
            Self::Threads { .. } | Self::SourceDiffers { .. } => true,
            Self::Plan(_)
            | Self::NotAsScanned { .. }
            | Self::WorkerPanicked { .. }
            | Self::HeaderBatch { .. } => false,
        }
    }
}

/// `; did you mean …?` where there is something to suggest.
fn nearest_names(names: &[String]) -> String {
    match names {
        [] => ". The columns are those of the standard trace header and of the mapping".to_owned(),
        names => format!("; did you mean {}?", names.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_outside_says_the_last_byte_that_works() {
        let error = PlanError::FieldOutsideHeader {
            name: "inline".to_owned(),
            byte: 239,
            size_bytes: 4,
        };
        assert!(error.to_string().contains("from 1 to 237"), "{error}");
    }
}
