//! How is a dataset written whole or not at all?
//!
//! [`DatasetWriter`] owns the `.partial` folder. Its parts are handed out once each: a
//! [`ChunkWriter`] for many workers side by side (different chunks only), and one
//! [`HeaderWriter`], [`EnsembleWriter`], [`OverviewWriter`] and [`ExceptionWriter`] for the one
//! thread that sees blocks in file order. Drop or finish them before [`DatasetWriter::finish`].

mod checkpoint;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use checkpoint::{OrderedParts, PendingCheckpoint};

use super::chunk_writer::{ChunkState, ChunksBefore};
use super::folder::{self, MANIFEST_FILE, PartialFolder};
use super::journal::{self, Checkpoint, CheckpointFacts, ChunkLog, Damaged, PlacedChunk};
use super::row_groups::TablePlace;
use super::{
    ChunkWriter, DatasetError, DatasetSpec, EnsembleWriter, ExceptionWriter, GapWriter,
    HeaderWriter, ImportNotes, Manifest, OverviewWriter, PartWriter, layout, zarr_metadata,
};
use crate::job::CancelToken;

/// The `.partial` folder of a dataset being written. Dropped without [`Self::finish`], the folder is
/// removed, unless it shall be kept.
#[derive(Debug)]
pub struct DatasetWriter {
    spec: DatasetSpec,
    partial: PartialFolder,
    log: Arc<ChunkLog>,
    /// What an earlier run of this import has left behind.
    before: Before,
    /// Small files that no checkpoint has synced yet.
    unsynced: Mutex<Vec<PathBuf>>,
    /// Chunks before this one were synced by a checkpoint.
    synced_chunks: AtomicU64,
    /// What lies under segy/ from the beginning on was synced by a checkpoint.
    opaque_parts_are_synced: AtomicBool,
    /// Bytes of all parts so far.
    written: Arc<AtomicU64>,
    cancel: CancelToken,
    finished: Finished,
}

/// What an earlier run left behind: nothing where there was none.
#[derive(Debug, Default)]
struct Before {
    checkpoint: Option<Checkpoint>,
    placed: Vec<PlacedChunk>,
}

/// What the parts say when they are finished.
#[derive(Debug, Default)]
struct Finished {
    chunks: Arc<AtomicU64>,
    header_rows: Arc<AtomicU64>,
    runs: Arc<AtomicU64>,
    overview_levels: Arc<AtomicU32>,
}

impl DatasetWriter {
    /// Makes `spec.path` + ".partial" (a stale one is removed) with its arrays' metadata, of a
    /// source that nobody needs to recognise.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn create(spec: DatasetSpec) -> Result<Self, DatasetError> {
        let notes = ImportNotes::new(String::new(), 0, spec.n_traces);
        Self::begin(spec, &notes)
    }

    /// Makes `spec.path` + ".partial" (a stale one is removed) with its arrays' metadata, and notes
    /// what is made from what.
    ///
    /// # Errors
    /// `OutputExists` when `spec.path` exists and `spec.overwrite` is not set; `OutputNotOurs` when
    /// what would be replaced is no dataset; `OutputInUse` while another import writes there;
    /// `Layout`; I/O, with the remedy.
    pub fn begin(spec: DatasetSpec, notes: &ImportNotes) -> Result<Self, DatasetError> {
        spec.check()?;
        folder::check_output(&spec.path, spec.overwrite)?;
        let partial = PartialFolder::create(&spec.path)?;
        let journal = partial.path().join(layout::JOURNAL);
        let log = fs::create_dir(&journal)
            .and_then(|()| notes.write(&journal))
            .and_then(|()| ChunkLog::begin(&journal))
            .map_err(|source| DatasetError::io("begin the journal", &journal, 0, source))?;
        let writer = Self::new(spec, partial, log, Before::default());
        writer.make_folder(layout::AMPLITUDE)?;
        writer.make_folder(layout::SEGY)?;
        writer.write_axis()?;
        Ok(writer)
    }

    /// Goes on with the ".partial" that an earlier run left behind. It stays, whatever happens,
    /// until [`Self::keep`] says otherwise.
    ///
    /// # Errors
    /// `NotResumable` when it is not there, is another version's, is damaged, or when source or
    /// plan are not those of `notes`; `OutputInUse`; as [`Self::begin`].
    pub fn go_on(spec: DatasetSpec, notes: &ImportNotes) -> Result<Self, DatasetError> {
        spec.check()?;
        folder::check_output(&spec.path, spec.overwrite)?;
        let path = folder::partial_path(&spec.path);
        let refused = |reason: String| DatasetError::NotResumable {
            reason,
            path: path.clone(),
        };
        let journal = path.join(layout::JOURNAL);
        let before = ImportNotes::read(&journal).map_err(|error| refused(error.phrase()))?;
        if let Some(difference) = before.difference(notes) {
            return Err(refused(difference));
        }
        let partial = PartialFolder::enter(&spec.path)?;
        let damaged = |Damaged| refused("its journal is damaged".to_owned());
        let before = Before {
            checkpoint: Checkpoint::read(&journal).map_err(damaged)?,
            placed: journal::placed_chunks(&journal),
        };
        let chunks = before.checkpoint.as_ref().map(|c| &c.facts.chunks);
        if let Some(lost) = chunks.and_then(|chunks| chunks.contradiction(&path, &spec)) {
            return Err(refused(lost));
        }
        let log = ChunkLog::begin(&journal)
            .map_err(|source| DatasetError::io("go on with the journal", &journal, 0, source))?;
        let writer = Self::new(spec, partial, log, before);
        writer.make_folder(layout::AMPLITUDE)?;
        writer.make_folder(layout::SEGY)?;
        writer.write_axis()?;
        Ok(writer)
    }

    fn new(spec: DatasetSpec, partial: PartialFolder, log: ChunkLog, before: Before) -> Self {
        let journal = partial.path().join(layout::JOURNAL);
        let chunks = before
            .checkpoint
            .as_ref()
            .map_or(0, |checkpoint| checkpoint.facts.chunks.next_chunk);
        Self {
            spec,
            partial,
            log: Arc::new(log),
            before,
            unsynced: Mutex::new(vec![journal.join(ImportNotes::FILE)]),
            synced_chunks: AtomicU64::new(chunks),
            opaque_parts_are_synced: AtomicBool::new(false),
            written: Arc::default(),
            cancel: CancelToken::default(),
            finished: Finished::default(),
        }
    }

    /// Lets this token stop what takes long at the end: `DatasetError::Cancelled`.
    pub fn stop_with(&mut self, cancel: &CancelToken) {
        self.cancel = cancel.clone();
    }

    /// Gives its name to a ".partial" that is whole: an earlier run was stopped right before that.
    /// `None` where there is none; its manifest says what it is.
    ///
    /// # Errors
    /// `OutputInUse`, `OutputExists`; I/O.
    pub fn name_whole(spec: &DatasetSpec) -> Result<Option<Manifest>, DatasetError> {
        let path = folder::partial_path(&spec.path).join(MANIFEST_FILE);
        let Ok(text) = fs::read(&path) else {
            return Ok(None);
        };
        let Ok(manifest) = serde_json::from_slice::<Manifest>(&text) else {
            return Ok(None);
        };
        let mut partial = PartialFolder::enter(&spec.path)?;
        let journal = partial.path().join(layout::JOURNAL);
        if journal.exists() {
            folder::remove_tree(&journal)?;
        }
        partial.unlock()?;
        partial.rename_to(&spec.path, spec.overwrite)?;
        Ok(Some(manifest))
    }

    /// Traces that an earlier run has dealt with: where to go on.
    pub fn n_traces_before(&self) -> u64 {
        let checkpoint = self.before.checkpoint.as_ref();
        checkpoint.map_or(0, |checkpoint| checkpoint.facts.n_traces)
    }

    /// What the import said at the checkpoint that is gone on from; `None` at the beginning.
    pub fn import_state(&self) -> Option<&str> {
        let checkpoint = self.before.checkpoint.as_ref();
        checkpoint.map(|checkpoint| checkpoint.facts.import.as_str())
    }

    /// Frees what was read of the checkpoint, once all parts have been handed out.
    pub fn forget_before(&mut self) {
        self.before = Before::default();
    }

    /// Whether the folder stays when this is dropped, and if so how many traces need not be
    /// compressed again: nothing is kept where there are none.
    pub fn keep(&mut self, keeps: bool) -> Option<u64> {
        let n_traces = journal::traces_done(&self.journal_path());
        let keeps = keeps && n_traces > 0;
        self.partial.keep(keeps);
        keeps.then_some(n_traces)
    }

    /// What is being written.
    pub fn spec(&self) -> &DatasetSpec {
        &self.spec
    }

    /// The folder being written.
    pub fn partial_path(&self) -> &Path {
        self.partial.path()
    }

    /// Bytes written so far by all parts.
    pub fn written_bytes(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// The writer of chunks; `Sync`, shared by reference among workers.
    ///
    /// # Errors
    /// I/O.
    pub fn chunk_writer(&self) -> Result<ChunkWriter, DatasetError> {
        let checkpoint = self.before.checkpoint.as_ref();
        let before = ChunksBefore {
            state: checkpoint.map_or_else(ChunkState::default, |checkpoint| {
                checkpoint.facts.chunks.clone()
            }),
            placed: self.before.placed.clone(),
        };
        ChunkWriter::new(
            self.path_of(layout::AMPLITUDE).join("c"),
            &self.spec,
            before,
            Arc::clone(&self.log),
            Arc::clone(&self.written),
            Arc::clone(&self.finished.chunks),
        )
    }

    /// The writer of headers.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn header_writer(&self) -> Result<HeaderWriter, DatasetError> {
        HeaderWriter::new(
            self.table_place(layout::HEADERS, "headers", "write the headers"),
            &self.spec,
            self.state(|facts| facts.headers),
            Arc::clone(&self.finished.header_rows),
        )
    }

    /// The writer of ensembles.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn ensemble_writer(&self) -> Result<EnsembleWriter, DatasetError> {
        EnsembleWriter::new(
            self.table_place(layout::ENSEMBLES, "ensembles", "write the ensembles"),
            &self.spec,
            self.state(|facts| facts.ensembles),
            Arc::clone(&self.finished.runs),
        )
    }

    /// The writer of the overview levels.
    ///
    /// # Errors
    /// I/O.
    pub fn overview_writer(&self) -> Result<OverviewWriter, DatasetError> {
        let checkpoint = self.before.checkpoint.as_ref();
        OverviewWriter::new(
            &self.path_of(layout::OVERVIEW),
            &self.spec,
            checkpoint.map(|checkpoint| (&checkpoint.facts.overview, &checkpoint.floats[..])),
            Arc::clone(&self.written),
            Arc::clone(&self.finished.overview_levels),
        )
    }

    /// The writer of segy/exceptions.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn exception_writer(&self) -> Result<ExceptionWriter, DatasetError> {
        ExceptionWriter::new(
            self.table_place(layout::EXCEPTIONS, "exceptions", "write the exceptions"),
            self.state(|facts| facts.exceptions),
        )
    }

    fn table_place(&self, path: &str, parts: &str, action: &'static str) -> TablePlace {
        TablePlace {
            path: self.path_of(path),
            parts: self.journal_path().join(parts),
            action,
            total_written: Arc::clone(&self.written),
            cancel: self.cancel.clone(),
        }
    }

    /// Where a part stood at the checkpoint that is gone on from.
    fn state<T: Default>(&self, of: impl Fn(&CheckpointFacts) -> T) -> T {
        let checkpoint = self.before.checkpoint.as_ref();
        checkpoint.map_or_else(T::default, |checkpoint| of(&checkpoint.facts))
    }

    /// The writer of segy/gaps.parquet and segy/gaps.bin.
    ///
    /// # Errors
    /// I/O.
    pub fn gap_writer(&self) -> Result<GapWriter, DatasetError> {
        let bytes = PartWriter::new(self.path_of(layout::GAP_BYTES), Arc::clone(&self.written));
        GapWriter::new(
            self.table_place(layout::GAPS, "gaps", "write the gaps"),
            bytes,
        )
    }

    /// The writer of an opaque file under segy/ that may be long.
    ///
    /// # Errors
    /// `Layout` for a name with a folder in it.
    pub fn part_writer(&self, file_name: &str) -> Result<PartWriter, DatasetError> {
        layout::check_part_name(file_name)?;
        let path = self.path_of(layout::SEGY).join(file_name);
        Ok(PartWriter::new(path, Arc::clone(&self.written)))
    }

    /// Writes one of the small opaque files under segy/.
    ///
    /// # Errors
    /// I/O; `Layout` for a name with a folder in it.
    pub fn write_segy_part(&self, file_name: &str, bytes: &[u8]) -> Result<(), DatasetError> {
        layout::check_part_name(file_name)?;
        let path = self.path_of(layout::SEGY).join(file_name);
        self.write_file(&path, "write a part of the SEG-Y file", bytes)
    }

    fn write_axis(&self) -> Result<(), DatasetError> {
        let name = self.spec.axis.domain.dimension_name();
        let path = self.path_of(layout::TRACES).join(name);
        self.make_folder(&format!("{}/{name}/c", layout::TRACES))?;
        let chunk = zarr_metadata::axis_chunk(&self.spec.axis, self.spec.n_samples);
        if self.spec.n_samples == 0 {
            return Ok(());
        }
        self.write_file(&path.join("c").join("0"), "write the vertical axis", &chunk)
    }

    fn make_folder(&self, below: &str) -> Result<(), DatasetError> {
        let path = self.path_of(below);
        fs::create_dir_all(&path).map_err(|source| self.failed("make a folder", &path, source))
    }

    fn write_file(
        &self,
        path: &Path,
        action: &'static str,
        bytes: &[u8],
    ) -> Result<(), DatasetError> {
        fs::write(path, bytes).map_err(|source| self.failed(action, path, source))?;
        let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        unsynced.push(path.to_owned());
        self.written
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn failed(&self, action: &'static str, path: &Path, source: std::io::Error) -> DatasetError {
        DatasetError::io(action, path, self.written_bytes(), source)
    }

    fn journal_path(&self) -> PathBuf {
        self.path_of(layout::JOURNAL)
    }

    fn path_of(&self, below: &str) -> PathBuf {
        self.partial.path().join(below)
    }
}
