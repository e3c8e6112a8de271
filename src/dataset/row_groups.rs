//! How is a long table written in constant memory, and so that a killed import can go on?
//!
//! ```text
//! batches ─► journal/headers/0.parquet, 1.parquet, … (a row group each) ─► headers.parquet
//!                                                        joined: pages are copied as they are
//! ```
//! A group's pages wait in a file, not in memory; what a finished group needs in the footer is held
//! by its part, not by us. Only [`TableWriter::finish`] holds the whole footer: at most
//! [`MAX_GROUPS`](super::table::MAX_GROUPS) groups, when everything else is done.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::arrow_writer::{
    ArrowWriterOptions, PageKey, PageStore, PageStoreArgs, PageStoreFactory,
};
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter, add_encoded_arrow_schema_to_metadata};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use serde::{Deserialize, Serialize};

use super::DatasetError;
use super::positioned::{read_exact_at, write_all_at};
use super::table::TableShape;
use crate::job::CancelToken;

/// Where a table stands between two groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TableState {
    n_rows: u64,
    n_parts: u64,
}

/// A table being written.
pub(super) struct TableWriter {
    /// The table's own file.
    path: PathBuf,
    /// The folder of its parts.
    parts: PathBuf,
    action: &'static str,
    schema: SchemaRef,
    properties: WriterProperties,
    group_rows: u64,
    /// Rows and parts that are closed.
    closed: TableState,
    open: Option<OpenPart>,
    /// Parts that no checkpoint has synced yet.
    unsynced: Vec<PathBuf>,
    total_written: Arc<AtomicU64>,
    cancel: CancelToken,
}

struct OpenPart {
    writer: ArrowWriter<BufWriter<File>>,
    path: PathBuf,
    n_rows: u64,
}

impl std::fmt::Debug for TableWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableWriter")
            .field("path", &self.path)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

/// Where a table and its parts lie, and what is being done, for messages.
#[derive(Clone, Debug)]
pub(super) struct TablePlace {
    pub(super) path: PathBuf,
    pub(super) parts: PathBuf,
    pub(super) action: &'static str,
    pub(super) total_written: Arc<AtomicU64>,
    pub(super) cancel: CancelToken,
}

impl TableWriter {
    /// Begins a table, or goes on where `state` says.
    pub(super) fn new(
        place: TablePlace,
        schema: SchemaRef,
        shape: TableShape,
        state: TableState,
    ) -> Result<Self, DatasetError> {
        let TablePlace {
            path,
            parts,
            action,
            total_written,
            cancel,
        } = place;
        let written = total_written.load(Ordering::Relaxed);
        let properties = shape
            .properties(&schema)
            .map_err(|source| DatasetError::parquet(action, &path, written, source))?;
        fs::create_dir_all(&parts)
            .map_err(|source| DatasetError::io(action, &parts, written, source))?;
        Ok(Self {
            path,
            parts,
            action,
            schema,
            properties,
            group_rows: shape.group_rows,
            closed: state,
            open: None,
            unsynced: Vec::new(),
            total_written,
            cancel,
        })
    }

    /// Rows so far.
    pub(super) fn n_rows(&self) -> u64 {
        self.closed.n_rows + self.open.as_ref().map_or(0, |open| open.n_rows)
    }

    /// Appends rows; ends the group once it is full.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), DatasetError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin_part().map_err(|source| self.failed(source))?,
        };
        open.writer
            .write(batch)
            .map_err(|source| self.failed(source))?;
        open.n_rows += batch.num_rows() as u64;
        let is_full = open.n_rows >= self.group_rows;
        self.open = Some(open);
        if is_full { self.end_group() } else { Ok(()) }
    }

    /// Whether the last group is ended: only there a table can be gone on with.
    pub(super) fn is_between_groups(&self) -> bool {
        self.open.is_none()
    }

    /// Ends the group that is being written, if there is one.
    pub(super) fn end_group(&mut self) -> Result<(), DatasetError> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let OpenPart {
            writer,
            path,
            n_rows,
        } = open;
        let bytes = writer
            .into_inner()
            .and_then(|mut file| {
                file.flush()?;
                Ok(file.get_ref().metadata()?.len())
            })
            .map_err(|source| self.failed(source))?;
        self.total_written.fetch_add(bytes, Ordering::Relaxed);
        self.closed.n_rows += n_rows;
        self.closed.n_parts += 1;
        self.unsynced.push(path);
        Ok(())
    }

    /// Where the table stands; right between groups only.
    pub(super) fn state(&self) -> TableState {
        self.closed
    }

    /// The parts that were closed since this was asked last.
    pub(super) fn take_unsynced(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.unsynced)
    }

    /// Joins the parts; gives the table's bytes. The parts stay where they are.
    pub(super) fn finish(mut self) -> Result<u64, DatasetError> {
        self.end_group()?;
        self.join().map_err(|source| self.failed(source))
    }

    fn begin_part(&self) -> Result<OpenPart, ParquetError> {
        let path = self.part_path(self.closed.n_parts);
        let file = BufWriter::new(File::create(&path)?);
        let store = SpilledPages::new(&self.parts.join("pages"))?;
        let options = ArrowWriterOptions::new()
            .with_properties(self.properties.clone())
            .with_skip_arrow_metadata(true)
            .with_page_store_factory(Arc::new(store));
        let writer = ArrowWriter::try_new_with_options(file, Arc::clone(&self.schema), options)?;
        Ok(OpenPart {
            writer,
            path,
            n_rows: 0,
        })
    }

    fn join(&self) -> Result<u64, ParquetError> {
        let mut properties = self.properties.clone();
        add_encoded_arrow_schema_to_metadata(&self.schema, &mut properties);
        let schema = ArrowSchemaConverter::new().convert(&self.schema)?;
        let file = BufWriter::new(File::create(&self.path)?);
        let mut writer =
            SerializedFileWriter::new(file, schema.root_schema_ptr(), Arc::new(properties))?;
        for part in 0..self.closed.n_parts {
            let cancelled = |cancelled| ParquetError::External(Box::new(cancelled));
            self.cancel.check().map_err(cancelled)?;
            append_part(&mut writer, &File::open(self.part_path(part))?)?;
        }
        let mut file = writer.into_inner()?;
        file.flush()?;
        Ok(file.get_ref().metadata()?.len())
    }

    fn part_path(&self, number: u64) -> PathBuf {
        self.parts.join(format!("{number}.parquet"))
    }

    fn failed(&self, source: ParquetError) -> DatasetError {
        let written = self.total_written.load(Ordering::Relaxed);
        DatasetError::parquet(self.action, &self.path, written, source)
    }
}

/// Copies the pages of a part behind those that are there.
fn append_part<W: Write + Send>(
    writer: &mut SerializedFileWriter<W>,
    part: &File,
) -> Result<(), ParquetError> {
    let metadata = ParquetMetaDataReader::new()
        .with_offset_index_policy(PageIndexPolicy::Optional)
        .parse_and_finish(part)?;
    for (number, rows) in metadata.row_groups().iter().enumerate() {
        let mut group = writer.next_row_group()?;
        let pages = metadata.page_index_for_row_group(number);
        for (column_number, column) in rows.columns().iter().enumerate() {
            let close = ColumnCloseResult {
                bytes_written: column.compressed_size().unsigned_abs(),
                rows_written: rows.num_rows().unsigned_abs(),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: None,
                offset_index: pages.offset_index(column_number).cloned(),
            };
            group.append_column(part, close)?;
        }
        group.close()?;
    }
    Ok(())
}

/// The pages of the group that is being written: in a file that all columns share.
#[derive(Clone, Debug)]
struct SpilledPages {
    file: Arc<Mutex<Spill>>,
}

#[derive(Debug)]
struct Spill {
    file: File,
    end: u64,
}

impl SpilledPages {
    /// An empty file, which has no name as soon as the system allows that.
    fn new(path: &Path) -> io::Result<Self> {
        let file = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        Ok(Self {
            file: Arc::new(Mutex::new(Spill { file, end: 0 })),
        })
    }
}

impl PageStoreFactory for SpilledPages {
    fn create(&self, _args: &PageStoreArgs<'_>) -> Result<Box<dyn PageStore>, ParquetError> {
        Ok(Box::new(ColumnPages {
            shared: self.clone(),
            places: Vec::new(),
        }))
    }
}

/// The pages of one column.
struct ColumnPages {
    shared: SpilledPages,
    /// Offset and length of each.
    places: Vec<(u64, usize)>,
}

impl PageStore for ColumnPages {
    fn put(&mut self, value: Bytes) -> Result<PageKey, ParquetError> {
        let mut spill = self
            .shared
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let offset = spill.end;
        write_all_at(&spill.file, &value, offset)?;
        spill.end += value.len() as u64;
        self.places.push((offset, value.len()));
        Ok(PageKey::new(self.places.len() as u64 - 1))
    }

    fn take(&mut self, key: PageKey) -> Result<Bytes, ParquetError> {
        let place = usize::try_from(key.get())
            .ok()
            .and_then(|key| self.places.get(key))
            .ok_or_else(|| ParquetError::General("a page was asked for twice".to_owned()))?;
        let mut bytes = vec![0; place.1];
        let spill = self
            .shared
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        read_exact_at(&spill.file, &mut bytes, place.0)?;
        Ok(bytes.into())
    }
}
