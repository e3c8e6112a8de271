//! What does an unfinished dataset say of itself, and can it be gone on with?
//!
//! Reads the journal only, and only its small files: cheap enough to ask for every dropped file.

use std::path::{Path, PathBuf};

use super::folder::{self, MANIFEST_FILE};
use super::journal::{self, ImportNotes, NotesError, THIS_PROGRAM};
use super::{DatasetError, layout};

/// A `….partial` folder that an import left behind, or is writing.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// The `….partial` folder.
    pub path: PathBuf,
    /// The dataset that it was to become.
    pub dataset: PathBuf,
    /// Whether it can be gone on with.
    pub state: PartialState,
    /// What it says of itself, where that can be read.
    pub notes: Option<ImportNotes>,
    /// Traces whose samples need not be compressed again.
    pub n_traces_done: u64,
}

/// Whether an unfinished dataset can be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartialState {
    /// It can, with the same source and plan.
    Resumable,
    /// An import is writing it at this moment.
    InUse,
    /// A program that kept no journal, or another one, made it.
    OtherVersion,
    /// Its journal cannot be read.
    Damaged,
}

impl Partial {
    /// What lies unfinished where `dataset` would be; `None` where nothing does.
    pub fn inspect(dataset: &Path) -> Option<Self> {
        let path = folder::partial_path(dataset);
        if !folder::is_partial(&path) {
            return None;
        }
        let journal = path.join(layout::JOURNAL);
        let notes = ImportNotes::read(&journal);
        let state = match &notes {
            _ if folder::is_locked(&path) => PartialState::InUse,
            Ok(notes) if !notes.is_of_this_program() => PartialState::OtherVersion,
            Ok(_) if journal::is_readable(&journal) => PartialState::Resumable,
            Err(NotesError::None | NotesError::OtherVersion(_)) => PartialState::OtherVersion,
            Ok(_) | Err(NotesError::Damaged) => PartialState::Damaged,
        };
        let notes = notes.ok();
        let n_traces_done = match &notes {
            Some(notes) if path.join(MANIFEST_FILE).is_file() => notes.n_traces,
            Some(notes) => journal::traces_done(&journal).min(notes.n_traces),
            None => 0,
        };
        Some(Self {
            path,
            dataset: dataset.to_owned(),
            state,
            notes,
            n_traces_done,
        })
    }

    /// Between 0 and 1.
    pub fn share_done(&self) -> f64 {
        let n_traces = self.notes.as_ref().map_or(0, |notes| notes.n_traces);
        if n_traces == 0 {
            return 0.0;
        }
        self.n_traces_done as f64 / n_traces as f64
    }

    /// What it is and what can be done, as a sentence.
    pub fn sentence(&self) -> String {
        let name = self
            .notes
            .as_ref()
            .map_or("a file", |notes| notes.file_name.as_str());
        let percent = format!("{:.0} %", (100.0 * self.share_done()).floor());
        match self.state {
            PartialState::Resumable => {
                format!("An import of {name} was interrupted at {percent}; it can go on from there")
            }
            PartialState::InUse => format!("An import of {name} is being written at this moment"),
            PartialState::OtherVersion => format!(
                "An import of {name} by {} was interrupted; {THIS_PROGRAM} cannot go on with it, so that it has to begin again",
                self.notes
                    .as_ref()
                    .map_or("another version of Shotpoint", |notes| notes
                        .program
                        .as_str())
            ),
            PartialState::Damaged => format!(
                "An import of {name} was interrupted, and its journal cannot be read; it cannot go on and has to begin again"
            ),
        }
    }

    /// Bytes that it takes on disk, as far as that can be told.
    pub fn stored_bytes(&self) -> u64 {
        folder::bytes_below(&self.path)
    }

    /// Removes it.
    ///
    /// # Errors
    /// `OutputInUse` while an import writes it; I/O.
    pub fn remove(&self) -> Result<(), DatasetError> {
        folder::remove_stale(&self.path)
    }
}
