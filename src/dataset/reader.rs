//! A finished dataset, opened for reading in part.
//!
//! Opening reads metadata only: manifest, array metadata, table footers (`opening`).

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Int64Type, Schema, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;

use super::chunks::{self, ChunkReader};
use super::ensembles::{FIXED_COLUMNS, key_column};
use super::folder::MANIFEST_FILE;
use super::opening::{self, LostTable};
use super::rows::{Batches, RowReader, numbers};
use super::{
    ChunkState, DatasetError, Ensemble, KeptGap, Manifest, OverviewLevel, PartReader,
    SampleException, checksums, gaps, inside, layout,
};
use crate::job::CancelToken;
use crate::samples::Samples;

/// The exceptions table, batch by batch.
pub type ExceptionBatches =
    Box<dyn Iterator<Item = Result<Vec<SampleException>, DatasetError>> + Send>;

/// The gaps table, batch by batch.
pub type GapBatches = Box<dyn Iterator<Item = Result<Vec<KeptGap>, DatasetError>> + Send>;

/// An opened dataset. `Send + Sync`. Opening reads metadata only.
#[derive(Debug)]
pub struct Dataset {
    path: PathBuf,
    manifest: Manifest,
    chunks: ChunkReader,
    headers: Result<RowReader, LostTable>,
}

impl Dataset {
    /// Opens a dataset folder. Where only the headers are damaged, the samples can be read, and
    /// the other way round; [`Self::faults_seen`] says what is.
    ///
    /// # Errors
    /// `NotADataset` (says what is missing), `Unfinished` for a `.partial`, `UnknownVersion`, `Damaged`, I/O.
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let manifest = opening::read_manifest(path)?;
        let is_as_written = opening::is_as_written(path, &manifest, layout::AMPLITUDE_DOCUMENT);
        let chunks = ChunkReader::open(path, &manifest.array, is_as_written)?;
        let headers = opening::open_headers(path, manifest.array.n_traces);
        opening::check_shards(path, &manifest, headers.is_ok())?;
        Ok(Self {
            path: path.to_owned(),
            manifest,
            chunks,
            headers,
        })
    }

    /// Whether `path` looks like a dataset: a folder with a manifest. Reads nothing.
    pub fn is_dataset(path: &Path) -> bool {
        path.join(MANIFEST_FILE).is_file()
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The samples of `traces`, in their own type. Shape: `[traces.len(), n_samples]`.
    ///
    /// # Errors
    /// `TracesOutside`; `Damaged`, naming the chunk and its traces, when a checksum fails or a chunk
    /// is missing; I/O.
    pub fn read_samples(&self, traces: Range<u64>) -> Result<Samples, DatasetError> {
        self.check_traces(&traces)?;
        self.chunks.read(traces)
    }

    /// Inner chunks that must be there, for `verify`.
    pub fn n_chunks(&self) -> u64 {
        if self.manifest.array.n_samples == 0 {
            0
        } else {
            self.manifest.array.n_chunks
        }
    }

    /// The traces of chunk `chunk_index`.
    pub fn chunk_traces(&self, chunk_index: u64) -> Range<u64> {
        self.chunks.chunk_traces(chunk_index)
    }

    /// Whether chunk `chunk_index` is in its shard's index and file. Reads no samples: a checksum
    /// is only tried by [`Self::read_samples`].
    ///
    /// # Errors
    /// `Damaged` when the shard's index cannot be read; I/O.
    pub fn chunk_state(&self, chunk_index: u64) -> Result<ChunkState, DatasetError> {
        self.chunks.state(chunk_index)
    }

    /// The overview levels that were written, the finest first.
    pub fn overview_levels(&self) -> Vec<OverviewLevel> {
        let array = &self.manifest.array;
        let mut levels = OverviewLevel::all(array.n_traces, array.n_samples);
        levels.truncate(array.n_overview_levels as usize);
        levels
    }

    /// Smallest and largest values of the cells of chosen rows of an overview level.
    /// Shape of both: `[rows.len(), columns]`; a cell without a number is NaN.
    ///
    /// # Errors
    /// `Layout` for rows that the level does not have; `Damaged`; I/O.
    pub fn read_overview(
        &self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<(Vec<f32>, Vec<f32>), DatasetError> {
        if rows.end > level.rows || !self.overview_levels().contains(level) {
            return Err(DatasetError::Layout {
                problem: format!(
                    "rows {} to {} of overview level {} were asked for; it has {} rows",
                    rows.start,
                    rows.end.saturating_sub(1),
                    level.level,
                    level.rows
                ),
            });
        }
        let n_traces = self.manifest.array.n_traces;
        let read = |which| chunks::read_overview(&self.path, n_traces, level, which, rows.clone());
        let min = read("min")?;
        let max = read("max")?;
        Ok((min, max))
    }

    /// Names of the columns of headers.parquet, in order.
    pub fn header_names(&self) -> Vec<String> {
        let schema = self.header_schema();
        schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    /// The Arrow schema of headers.parquet, with its metadata.
    pub fn header_schema(&self) -> arrow::datatypes::SchemaRef {
        let none = || Arc::new(Schema::empty());
        self.headers
            .as_ref()
            .map_or_else(|_| none(), RowReader::schema)
    }

    fn headers(&self) -> Result<&RowReader, DatasetError> {
        self.headers.as_ref().map_err(LostTable::error)
    }

    /// What was found to be damaged when the dataset was opened, as sentences: all the rest can be
    /// read. Samples and table pages are looked at only when they are read.
    pub fn faults_seen(&self) -> Vec<String> {
        let lost = self
            .headers
            .as_ref()
            .err()
            .map(|lost| lost.error().to_string());
        let metadata = self.chunks.fault().map(str::to_owned);
        lost.into_iter().chain(metadata).collect()
    }

    /// Which files are not as the manifest says; reads all of those that hold no checksums
    /// themselves, piece by piece. Empty for a dataset of an older program, which kept none.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn changed_files(&self, cancel: &CancelToken) -> Result<Vec<String>, DatasetError> {
        checksums::faults(&self.path, &self.manifest.checksums, cancel)
    }

    /// Names of files in the folder that no import made, the first twenty; they do no harm.
    pub fn foreign_files(&self) -> Vec<String> {
        checksums::foreign(&self.path, &self.manifest.checksums)
    }

    /// Chosen columns of chosen rows as one batch; reads only the row groups and pages that hold them.
    ///
    /// # Errors
    /// `NoSuchColumn`, with the nearest names; `TracesOutside`; `Parquet`; I/O.
    pub fn read_headers(
        &self,
        columns: &[&str],
        traces: Range<u64>,
    ) -> Result<RecordBatch, DatasetError> {
        self.check_traces(&traces)?;
        self.headers()?.read(columns, traces)
    }

    /// Chosen columns of all rows, batch by batch, in file order.
    ///
    /// # Errors
    /// As [`Self::read_headers`].
    pub fn scan_headers(&self, columns: &[&str]) -> Result<Batches, DatasetError> {
        self.headers()?.scan(columns)
    }

    /// All runs, in file order, as they were found while importing.
    ///
    /// # Errors
    /// `Damaged` where they do not cover the traces; `Parquet`; I/O.
    pub fn ensembles(&self) -> Result<Vec<Ensemble>, DatasetError> {
        let keys = &self.manifest.ensembles.keys;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let key_columns: Vec<String> = keys.iter().map(|key| key_column(key)).collect();
        let mut columns = FIXED_COLUMNS.to_vec();
        columns.extend(key_columns.iter().map(String::as_str));
        let path = self.path.join(layout::ENSEMBLES);
        inside::check_part(&self.path, &path)?;
        let table = RowReader::open(&path, "read the ensembles")?;
        let mut runs: Vec<Ensemble> = Vec::new();
        for batch in table.scan(&columns)? {
            append_runs(&batch?, &key_columns, &mut runs)
                .map_err(|detail| table.damaged(detail))?;
        }
        let covered = runs.last().map_or(0, |run| run.end_trace + 1);
        if covered != self.manifest.array.n_traces {
            return Err(table.damaged(format!(
                "the runs end before trace {covered} of {}",
                self.manifest.array.n_traces
            )));
        }
        Ok(runs)
    }

    /// The exceptions table, batch by batch, ordered by trace and sample; empty where there is none.
    ///
    /// # Errors
    /// `Damaged` when the manifest counts exceptions that are not there; `Parquet`; I/O.
    pub fn exceptions(&self) -> Result<ExceptionBatches, DatasetError> {
        let path = self.path.join(layout::EXCEPTIONS);
        let expected = self.manifest.segy.n_exceptions;
        if expected == 0 && !path.exists() {
            return Ok(Box::new(std::iter::empty()));
        }
        inside::check_part(&self.path, &path)?;
        let table = RowReader::open(&path, "read the exceptions")?;
        if table.n_rows() != expected {
            return Err(table.damaged(format!(
                "it has {} rows, and the manifest counts {expected}",
                table.n_rows()
            )));
        }
        let batches = table.scan(&["trace_index", "sample_index", "word"])?;
        Ok(Box::new(batches.map(move |batch| {
            exceptions_of(&batch?).map_err(|detail| table.damaged(detail))
        })))
    }

    /// The gaps between traces, batch by batch, in the file's order; empty where there are none.
    ///
    /// # Errors
    /// `Damaged` when the manifest counts other gaps than there are; `Parquet`; I/O.
    pub fn gaps(&self) -> Result<GapBatches, DatasetError> {
        let expected = self.manifest.segy.geometry.as_ref().map_or(0, |g| g.n_gaps);
        if expected == 0 {
            return Ok(Box::new(std::iter::empty()));
        }
        let path = self.path.join(layout::GAPS);
        inside::check_part(&self.path, &path)?;
        let table = RowReader::open(&path, "read the gaps")?;
        if table.n_rows() != expected {
            return Err(table.damaged(format!(
                "it has {} rows, and the manifest counts {expected}",
                table.n_rows()
            )));
        }
        let batches = table.scan(&gaps::COLUMNS)?;
        Ok(Box::new(batches.map(move |batch| {
            gaps::gaps_of(&batch?).map_err(|detail| table.damaged(detail))
        })))
    }

    /// The bytes of all gaps, one behind the other.
    ///
    /// # Errors
    /// I/O.
    pub fn gap_bytes(&self) -> Result<PartReader, DatasetError> {
        let path = self.path.join(layout::GAP_BYTES);
        inside::check_part(&self.path, &path)?;
        PartReader::open(&path)
    }

    /// An opaque file under segy/, to be read in pieces; without bytes where there is none.
    ///
    /// # Errors
    /// `Layout` for a name with a folder in it; I/O.
    pub fn part(&self, file_name: &str) -> Result<PartReader, DatasetError> {
        layout::check_part_name(file_name)?;
        let path = self.path.join(layout::SEGY).join(file_name);
        inside::check_part(&self.path, &path)?;
        PartReader::open(&path)
    }

    /// The bytes of a small file under segy/; empty where there is none.
    ///
    /// # Errors
    /// `Layout` for a name with a folder in it; I/O.
    pub fn segy_part(&self, file_name: &str) -> Result<Vec<u8>, DatasetError> {
        layout::check_part_name(file_name)?;
        let path = self.path.join(layout::SEGY).join(file_name);
        inside::check_part(&self.path, &path)?;
        match opening::read_small_file(&path) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(source) => Err(DatasetError::io(
                "read a part of the SEG-Y file",
                &path,
                0,
                source,
            )),
        }
    }

    fn check_traces(&self, traces: &Range<u64>) -> Result<(), DatasetError> {
        let n_traces = self.manifest.array.n_traces;
        if traces.start <= traces.end && traces.end <= n_traces {
            return Ok(());
        }
        Err(DatasetError::TracesOutside {
            asked: traces.clone(),
            n_traces,
        })
    }
}

/// Appends the runs of a batch; each must begin where the one before ended.
fn append_runs(
    batch: &RecordBatch,
    key_columns: &[String],
    runs: &mut Vec<Ensemble>,
) -> Result<(), String> {
    let ids = numbers::<UInt64Type>(batch, "ensemble_id")?;
    let starts = numbers::<UInt64Type>(batch, "start_trace")?;
    let ends = numbers::<UInt64Type>(batch, "end_trace")?;
    let keys = key_columns
        .iter()
        .map(|name| numbers::<Int64Type>(batch, name))
        .collect::<Result<Vec<_>, _>>()?;
    for (row, ((&ensemble_id, &start_trace), &end_trace)) in
        ids.iter().zip(starts).zip(ends).enumerate()
    {
        let due = runs.last().map_or(0, |run| run.end_trace + 1);
        if start_trace != due || end_trace < start_trace || end_trace == u64::MAX {
            return Err(format!(
                "run {ensemble_id} has traces {start_trace} to {end_trace}, and must begin at {due}"
            ));
        }
        runs.push(Ensemble {
            ensemble_id,
            start_trace,
            end_trace,
            keys: keys
                .iter()
                .filter_map(|key| key.get(row).copied())
                .collect(),
        });
    }
    Ok(())
}

fn exceptions_of(batch: &RecordBatch) -> Result<Vec<SampleException>, String> {
    let traces = numbers::<UInt64Type>(batch, "trace_index")?;
    let samples = numbers::<UInt32Type>(batch, "sample_index")?;
    let words = numbers::<UInt32Type>(batch, "word")?;
    let rows = traces.iter().zip(samples).zip(words);
    Ok(rows
        .map(|((&trace_index, &sample_index), &word)| SampleException {
            trace_index,
            sample_index,
            word,
        })
        .collect())
}
