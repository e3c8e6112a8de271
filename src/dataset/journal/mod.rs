//! What is noted while a dataset is written, so that a killed import can go on?
//!
//! ```text
//! X.partial/journal/
//!   import.json        what is made, from what            written first, never changed
//!   checkpoint         everything known at one row        replaced whole, after all before it is synced
//!   chunks-<n>.log     where each chunk was placed        appended; chunks behind the checkpoint count
//!   headers/ …         finished row groups of the tables  joined at the end (`row_groups`)
//! ```
//! Before the checkpoint everything is on disk for certain. Behind it, a chunk that was placed is
//! taken from its shard again if its checksum is right: it need not be compressed again, whatever
//! a power cut did to the file. The journal goes away before the manifest is written.

mod checkpoint;
mod chunk_log;
mod notes;

use std::path::Path;

pub(super) use checkpoint::{Checkpoint, CheckpointFacts, Damaged};
pub(super) use chunk_log::{ChunkLog, PlacedChunk};
pub use notes::ImportNotes;
pub(super) use notes::{NotesError, THIS_PROGRAM};

/// Whether the journal's checkpoint, if there is one, can be read.
pub(super) fn is_readable(journal: &Path) -> bool {
    Checkpoint::read(journal).is_ok()
}

/// Traces whose samples need not be compressed again, as far as the journal tells.
pub(super) fn traces_done(journal: &Path) -> u64 {
    let n_traces = Checkpoint::read(journal)
        .ok()
        .flatten()
        .map_or(0, |checkpoint| checkpoint.facts.n_traces);
    let placed = chunk_log::read(journal);
    let last = placed.iter().map(|chunk| chunk.end_trace).max();
    n_traces.max(last.unwrap_or(0))
}

/// All chunks that the journal's logs know.
pub(super) fn placed_chunks(journal: &Path) -> Vec<PlacedChunk> {
    chunk_log::read(journal)
}
