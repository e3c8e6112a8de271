//! How is a dataset written whole or not at all?
//!
//! [`DatasetWriter`] owns the `.partial` folder. Its parts are handed out once each: a
//! [`ChunkWriter`] for many workers side by side (different chunks only), and one
//! [`HeaderWriter`], [`EnsembleWriter`], [`OverviewWriter`] and [`ExceptionWriter`] for the one
//! thread that sees blocks in file order.

use std::path::Path;

use arrow::record_batch::RecordBatch;

use super::{AmplitudeStatistics, DatasetError, DatasetSpec, Ensemble, Manifest};

/// The `.partial` folder of a dataset being written. Dropped without [`Self::finish`], the folder is removed.
#[derive(Debug)]
pub struct DatasetWriter {
    _private: (),
}

/// Writes inner chunks of the amplitude array into their shards: a streaming writer of the public
/// sharding format. An offset is reserved, the encoded chunk is written there, and whoever writes
/// the last chunk of a shard writes its index.
#[derive(Debug)]
pub struct ChunkWriter {
    _private: (),
}

/// One worker's codec workspace: shuffle buffer, zstd context, output buffer, all reused.
#[derive(Debug)]
pub struct ChunkEncoder {
    _private: (),
}

/// Writes headers.parquet in file order.
#[derive(Debug)]
pub struct HeaderWriter {
    _private: (),
}

/// Writes ensembles.parquet in file order.
#[derive(Debug)]
pub struct EnsembleWriter {
    _private: (),
}

/// Writes the overview levels from level-1 rows in file order; coarser levels are made on the way.
#[derive(Debug)]
pub struct OverviewWriter {
    _private: (),
}

/// Writes segy/exceptions.parquet.
#[derive(Debug)]
pub struct ExceptionWriter {
    _private: (),
}

/// A sample word that decoding and encoding again does not give back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleException {
    /// From 0.
    pub trace_index: u64,
    /// From 0.
    pub sample_index: u32,
    /// The word as a number, most significant byte first whatever the file's byte order.
    pub word: u32,
}

impl DatasetWriter {
    /// Makes `spec.path` + ".partial" (a stale one is removed) with its arrays' metadata.
    ///
    /// # Errors
    /// `OutputExists` when `spec.path` exists and `spec.overwrite` is not set; I/O, with the remedy.
    pub fn create(spec: DatasetSpec) -> Result<Self, DatasetError> {
        let _ = spec;
        todo!()
    }

    /// What is being written.
    pub fn spec(&self) -> &DatasetSpec {
        todo!()
    }

    /// The folder being written.
    pub fn partial_path(&self) -> &Path {
        todo!()
    }

    /// The writer of chunks; `Sync`, shared by reference among workers.
    ///
    /// # Errors
    /// I/O.
    pub fn chunk_writer(&self) -> Result<ChunkWriter, DatasetError> {
        todo!()
    }

    /// The writer of headers.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn header_writer(&self) -> Result<HeaderWriter, DatasetError> {
        todo!()
    }

    /// The writer of ensembles.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn ensemble_writer(&self) -> Result<EnsembleWriter, DatasetError> {
        todo!()
    }

    /// The writer of the overview levels.
    ///
    /// # Errors
    /// I/O.
    pub fn overview_writer(&self) -> Result<OverviewWriter, DatasetError> {
        todo!()
    }

    /// The writer of segy/exceptions.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn exception_writer(&self) -> Result<ExceptionWriter, DatasetError> {
        todo!()
    }

    /// Writes one of the small opaque files under segy/.
    ///
    /// # Errors
    /// I/O.
    pub fn write_segy_part(&self, file_name: &str, bytes: &[u8]) -> Result<(), DatasetError> {
        let _ = (file_name, bytes);
        todo!()
    }

    /// Writes array attributes (statistics) and consolidated metadata, syncs files and folders,
    /// writes the manifest last (`array.stored_bytes` and `array.n_overview_levels` are filled in
    /// here), renames, syncs the parent, and gives the manifest as written.
    ///
    /// # Errors
    /// I/O. The `.partial` folder is removed then.
    pub fn finish(
        self,
        manifest: Manifest,
        statistics: Option<&AmplitudeStatistics>,
    ) -> Result<Manifest, DatasetError> {
        let _ = (manifest, statistics);
        todo!()
    }
}

impl ChunkWriter {
    /// Encodes and writes one inner chunk and gives the bytes that it took.
    ///
    /// `samples`: `chunk_len` samples in the machine's order (little-endian machines only), the last
    /// chunk padded with zeros. Each chunk exactly once; different chunks may be written side by side.
    ///
    /// # Errors
    /// I/O (a full disk among them), with the remedy.
    pub fn write(
        &self,
        chunk_index: u64,
        samples: &[u8],
        encoder: &mut ChunkEncoder,
    ) -> Result<u64, DatasetError> {
        let _ = (chunk_index, samples, encoder);
        todo!()
    }

    /// A workspace for one worker.
    ///
    /// # Errors
    /// When the codec gets no memory.
    pub fn encoder(&self) -> Result<ChunkEncoder, DatasetError> {
        todo!()
    }

    /// After all workers are done: whether every chunk was written; syncs the shards.
    ///
    /// # Errors
    /// When a chunk is missing; I/O.
    pub fn finish(self) -> Result<u64, DatasetError> {
        todo!()
    }
}

impl HeaderWriter {
    /// Appends rows. The batch's schema is `HeaderColumn::schema(&spec.columns)`.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), DatasetError> {
        let _ = batch;
        todo!()
    }

    /// Writes the footer and syncs.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn finish(self) -> Result<u64, DatasetError> {
        todo!()
    }
}

impl EnsembleWriter {
    /// Appends a run; buffered.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn write(&mut self, ensemble: &Ensemble) -> Result<(), DatasetError> {
        let _ = ensemble;
        todo!()
    }

    /// Writes the footer and syncs; gives the number of runs.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn finish(self) -> Result<u64, DatasetError> {
        todo!()
    }
}

impl OverviewWriter {
    /// Traces that one row of level 1 stands for.
    pub const TRACE_FACTOR: usize = 16;
    /// Samples that one column of level 1 stands for.
    pub const SAMPLE_FACTOR: usize = 4;

    /// Reduces `samples` (shape `[n, n_samples]`, as `f32`) to level-1 rows, min and max interleaved
    /// by row: pure, for workers. NaN is skipped; a cell without a number is NaN.
    pub fn reduce(samples: &[f32], n_samples: usize) -> (Vec<f32>, Vec<f32>) {
        let _ = (samples, n_samples);
        todo!()
    }

    /// Appends level-1 rows in file order.
    ///
    /// # Errors
    /// I/O.
    pub fn write(&mut self, min: &[f32], max: &[f32]) -> Result<(), DatasetError> {
        let _ = (min, max);
        todo!()
    }

    /// Flushes all levels; gives their number.
    ///
    /// # Errors
    /// I/O.
    pub fn finish(self) -> Result<u32, DatasetError> {
        todo!()
    }
}

impl ExceptionWriter {
    /// Appends exceptions, ordered by trace and sample.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn write(&mut self, exceptions: &[SampleException]) -> Result<(), DatasetError> {
        let _ = exceptions;
        todo!()
    }

    /// Writes the footer and syncs; gives their number. No file is left when there was none.
    ///
    /// # Errors
    /// I/O; `Parquet`.
    pub fn finish(self) -> Result<u64, DatasetError> {
        todo!()
    }
}
