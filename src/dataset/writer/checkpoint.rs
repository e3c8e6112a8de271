//! What does a checkpoint hold, so that a killed import goes on from it?
//!
//! It is made between two row groups, quickly, and put on disk by another thread, which takes as long
//! as the disk takes.

use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::DatasetWriter;
use crate::dataset::journal::{Checkpoint, CheckpointFacts};
use crate::dataset::{
    ChunkWriter, DatasetError, EnsembleWriter, ExceptionWriter, HeaderWriter, OverviewWriter,
    folder, layout,
};
use crate::job::CancelToken;

impl OrderedParts<'_> {
    /// Ends the row groups of all tables, as those of the headers were just ended.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn end_groups(&mut self) -> Result<(), DatasetError> {
        self.headers.table().end_group()?;
        self.ensembles.end_group()?;
        self.exceptions.table().end_group()
    }
}

/// The writers of what is written in file order.
#[derive(Debug)]
#[expect(missing_docs, reason = "the types say all")]
pub struct OrderedParts<'a> {
    pub headers: &'a mut HeaderWriter,
    pub ensembles: &'a mut EnsembleWriter,
    pub overview: &'a mut OverviewWriter,
    pub exceptions: &'a mut ExceptionWriter,
}

/// A checkpoint that is not on disk yet.
#[derive(Debug)]
pub struct PendingCheckpoint {
    log_number: u64,
    partial: PathBuf,
    files: Vec<PathBuf>,
    written_bytes: u64,
}

impl PendingCheckpoint {
    /// Syncs all that was written before it, and then the checkpoint itself. Takes as long as the
    /// disk takes: for a thread of its own. Does nothing more once it is cancelled.
    ///
    /// # Errors
    /// I/O.
    pub fn commit(self, cancel: &CancelToken) -> Result<(), DatasetError> {
        Checkpoint::commit(&self.partial, self.log_number, &self.files, cancel).map_err(
            |(path, source)| {
                DatasetError::io("sync the dataset", &path, self.written_bytes, source)
            },
        )
    }
}

impl DatasetWriter {
    /// Everything before trace `n_traces`, as a checkpoint that is still to be put on disk. All
    /// chunks before it are written, and all parts have been given exactly the traces before it;
    /// the headers are between two row groups.
    ///
    /// # Errors
    /// I/O.
    pub fn checkpoint(
        &self,
        n_traces: u64,
        chunks: &ChunkWriter,
        parts: &mut OrderedParts<'_>,
        import: String,
    ) -> Result<PendingCheckpoint, DatasetError> {
        let next_chunk = n_traces.div_ceil(u64::from(self.spec.chunk_traces));
        let journal = self.journal_path();
        let log_number = self
            .log
            .turn_over()
            .map_err(|source| self.failed("write the journal", &journal, source))?;
        let facts = CheckpointFacts {
            n_traces,
            log_number,
            chunks: chunks.state_before(next_chunk),
            headers: parts.headers.table().state(),
            ensembles: parts.ensembles.state(),
            exceptions: parts.exceptions.table().state(),
            overview: parts.overview.state(),
            import,
        };
        let overview = &*parts.overview;
        let n_floats = overview.floats().map(<[f32]>::len).sum();
        Checkpoint::write_new(&journal, &facts, n_floats, |put| {
            overview.floats().try_for_each(put)
        })
        .map_err(|source| self.failed("write the journal", &journal, source))?;
        let synced_chunks = self.synced_chunks.swap(next_chunk, Ordering::Relaxed);
        let mut files = chunks.shard_paths(synced_chunks..next_chunk);
        if !self.opaque_parts_are_synced.swap(true, Ordering::Relaxed) {
            files.extend(folder::files_in(&self.path_of(layout::SEGY)));
        }
        files.append(&mut self.unsynced.lock().unwrap_or_else(PoisonError::into_inner));
        files.append(&mut parts.headers.table().take_unsynced());
        files.append(&mut parts.ensembles.take_unsynced());
        files.append(&mut parts.exceptions.table().take_unsynced());
        files.append(&mut parts.overview.take_unsynced());
        Ok(PendingCheckpoint {
            log_number,
            partial: self.partial.path().to_owned(),
            files,
            written_bytes: self.written_bytes(),
        })
    }
}
