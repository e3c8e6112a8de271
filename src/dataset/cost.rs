//! What will parts of a dataset take, in bytes and seconds? Measured with the real writers, for estimates.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;

use super::positioned::{start_write_back, write_all_at};
use super::table::TableShape;
use super::{DatasetError, DatasetSpec, HeaderColumn};

/// What rows of headers.parquet take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableCost {
    /// A row's share of its pages.
    pub row_bytes: f64,
    /// What a row group takes besides its rows.
    pub group_bytes: f64,
    /// To encode and compress one row.
    pub row_secs: f64,
    rows_of_a_group: u64,
}

impl TableCost {
    /// Of these rows, written to nowhere: once half of them, once all, so that what each row adds is
    /// told from what every table has.
    ///
    /// # Errors
    /// `Parquet`.
    pub fn of_headers(spec: &DatasetSpec, batches: &[RecordBatch]) -> Result<Self, DatasetError> {
        let n_rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let half = n_rows / 2;
        let failed = |source| DatasetError::parquet("measure the headers", &spec.path, 0, source);
        let less = written_bytes(spec, batches, half).map_err(failed)?;
        let started = Instant::now();
        let more = written_bytes(spec, batches, n_rows).map_err(failed)?;
        let seconds = started.elapsed().as_secs_f64();
        let row_bytes = (more - less).max(0.0) / ((n_rows - half).max(1) as f64);
        Ok(Self {
            row_bytes,
            group_bytes: (more - row_bytes * n_rows as f64).max(0.0),
            row_secs: seconds / (n_rows.max(1) as f64),
            rows_of_a_group: shape(spec).group_rows,
        })
    }

    /// Of so many rows.
    pub fn bytes(&self, n_rows: u64) -> f64 {
        let n_groups = n_rows.div_ceil(self.rows_of_a_group.max(1));
        self.row_bytes * n_rows as f64 + self.group_bytes * n_groups as f64
    }
}

fn shape(spec: &DatasetSpec) -> TableShape {
    TableShape::of_traces(spec.n_traces, spec.trace_bytes())
}

/// The length of a table of the first `n_rows` rows.
fn written_bytes(
    spec: &DatasetSpec,
    batches: &[RecordBatch],
    n_rows: usize,
) -> Result<f64, ParquetError> {
    let schema = HeaderColumn::schema(&spec.columns);
    let properties = shape(spec).properties(&schema)?;
    let mut writer = ArrowWriter::try_new(io::sink(), schema, Some(properties))?;
    let mut left = n_rows;
    for batch in batches {
        let n = batch.num_rows().min(left);
        writer.write(&batch.slice(0, n))?;
        left -= n;
    }
    writer.finish()?;
    Ok(writer.bytes_written() as f64)
}

/// What writing took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WriteCost {
    /// In the calls that hand bytes to the system.
    pub call_secs_per_byte: f64,
    /// Until they lay on the disk.
    pub secs_per_byte: f64,
    /// To sync a file with next to nothing in it.
    pub sync_secs: f64,
}

/// A nameless file beside the dataset-to-be, to which chunks are written as an import writes them.
#[derive(Debug)]
pub struct WriteProbe {
    file: File,
    path: PathBuf,
    offset: u64,
    call_secs: f64,
    sync_secs: f64,
    started: Instant,
}

impl WriteProbe {
    /// Makes the file and takes its name away at once, where that can be done: nothing is left behind,
    /// whatever happens.
    ///
    /// # Errors
    /// I/O.
    pub fn new(folder: &Path) -> Result<Self, DatasetError> {
        let path = folder.join(format!(".shotpoint-{}.probe", std::process::id()));
        let failed = DatasetError::reading("try the disk", &path);
        let open = || -> io::Result<(File, f64)> {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)?;
            if cfg!(unix) {
                fs::remove_file(&path)?;
            }
            write_all_at(&file, &[0; 4096], 0)?;
            let started = Instant::now();
            file.sync_all()?;
            Ok((file, started.elapsed().as_secs_f64()))
        };
        let (file, sync_secs) = open().map_err(failed)?;
        Ok(Self {
            file,
            path,
            offset: 4096,
            call_secs: 0.0,
            sync_secs,
            started: Instant::now(),
        })
    }

    /// Writes behind what was written.
    ///
    /// # Errors
    /// I/O.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), DatasetError> {
        let started = Instant::now();
        write_all_at(&self.file, bytes, self.offset)
            .map_err(DatasetError::reading("try the disk", &self.path))?;
        start_write_back(&self.file, self.offset, bytes.len() as u64);
        self.offset += bytes.len() as u64;
        self.call_secs += started.elapsed().as_secs_f64();
        Ok(())
    }

    /// Syncs.
    ///
    /// # Errors
    /// I/O.
    pub fn finish(self) -> Result<WriteCost, DatasetError> {
        let started = Instant::now();
        self.file
            .sync_all()
            .map_err(DatasetError::reading("try the disk", &self.path))?;
        let waited = (started.elapsed().as_secs_f64() - self.sync_secs).max(0.0);
        let n_bytes = self.offset as f64;
        // The disk was at work since the first write, but perhaps not all the time.
        let busy = self
            .started
            .elapsed()
            .as_secs_f64()
            .min(self.call_secs + waited);
        Ok(WriteCost {
            call_secs_per_byte: self.call_secs / n_bytes,
            secs_per_byte: busy / n_bytes,
            sync_secs: self.sync_secs,
        })
    }
}

impl Drop for WriteProbe {
    fn drop(&mut self) {
        if !cfg!(unix) {
            // Nobody is left to tell; the file is small, and the next probe overwrites it.
            drop(fs::remove_file(&self.path));
        }
    }
}
