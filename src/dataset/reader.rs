//! A finished dataset, opened for reading in part. zarrs' calls stay in this file.

use std::ops::Range;
use std::path::Path;

use arrow::record_batch::RecordBatch;

use super::{DatasetError, Ensemble, Manifest, SampleException};
use crate::samples::Samples;

/// An opened dataset. `Send + Sync`. Opening reads metadata only.
#[derive(Debug)]
pub struct Dataset {
    _private: (),
}

impl Dataset {
    /// Opens a dataset folder.
    ///
    /// # Errors
    /// `NotADataset` (says what is missing), `Unfinished` for a `.partial`, `UnknownVersion`, `Damaged`, I/O.
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let _ = path;
        todo!()
    }

    /// Whether `path` looks like a dataset: a folder with a manifest. Reads nothing.
    pub fn is_dataset(path: &Path) -> bool {
        path.join("manifest.json").is_file()
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        todo!()
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        todo!()
    }

    /// The samples of `traces`, in their own type. Shape: `[traces.len(), n_samples]`.
    ///
    /// # Errors
    /// `Damaged`, naming the chunk and its traces, when a checksum fails or a chunk is missing; I/O.
    pub fn read_samples(&self, traces: Range<u64>) -> Result<Samples, DatasetError> {
        let _ = traces;
        todo!()
    }

    /// Names of the columns of headers.parquet, in order.
    pub fn header_names(&self) -> Vec<String> {
        todo!()
    }

    /// The Arrow schema of headers.parquet, with its metadata.
    pub fn header_schema(&self) -> arrow::datatypes::SchemaRef {
        todo!()
    }

    /// Chosen columns of chosen rows as one batch; reads only the row groups and pages that hold them.
    ///
    /// # Errors
    /// `NoSuchColumn`, with the nearest names; `Parquet`; I/O.
    pub fn read_headers(
        &self,
        columns: &[&str],
        traces: Range<u64>,
    ) -> Result<RecordBatch, DatasetError> {
        let _ = (columns, traces);
        todo!()
    }

    /// Chosen columns of all rows, batch by batch, in file order.
    ///
    /// # Errors
    /// As [`Self::read_headers`].
    pub fn scan_headers(
        &self,
        columns: &[&str],
    ) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, DatasetError>> + Send>, DatasetError>
    {
        let _ = columns;
        todo!()
    }

    /// All runs, in file order, as they were found while importing.
    ///
    /// # Errors
    /// `Parquet`; I/O.
    pub fn ensembles(&self) -> Result<Vec<Ensemble>, DatasetError> {
        todo!()
    }

    /// The exceptions table, batch by batch, ordered by trace and sample; empty where there is none.
    ///
    /// # Errors
    /// `Parquet`; I/O.
    pub fn exceptions(
        &self,
    ) -> Result<
        Box<dyn Iterator<Item = Result<Vec<SampleException>, DatasetError>> + Send>,
        DatasetError,
    > {
        todo!()
    }

    /// The bytes of a small file under segy/; empty where there is none.
    ///
    /// # Errors
    /// I/O.
    pub fn segy_part(&self, file_name: &str) -> Result<Vec<u8>, DatasetError> {
        let _ = file_name;
        todo!()
    }
}
