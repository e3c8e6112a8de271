//! How are samples read in part? All calls of zarrs stay in this file (0.24 changes its array API).
//!
//! ```text
//! traces → chunks → shard's index: there? → bytes → zarrs' codecs (checksum, Blosc) → rows
//! ```
//! zarrs' partial decoding is not used for the samples: it reads past checksums without looking at
//! them, and a chunk or shard that is missing would read as zeros without a word.

use std::num::NonZeroU64;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};
use zarrs::array::ArrayToBytesCodecTraits;
use zarrs::array::{
    Array, ArrayMetadata, ArraySubset, CodecChain, CodecOptions, DataType, FillValue,
};
use zarrs::filesystem::FilesystemStore;
use zarrs::metadata::v3::MetadataV3;

use super::opening::read_small_file;
use super::shard_index::{ChunkState, IndexError, ShardIndexes, read_range, why_missing};
use super::{ArrayFacts, DatasetError, OverviewLevel, inside, layout, zarr_metadata};
use crate::samples::{NumberType, Samples};

/// What a chunk's frame may need beyond its samples: Blosc's header and the checksum, with room
/// for other writers' ways.
const FRAME_OVERHEAD_BYTES: u64 = 64 << 10;

/// A sharded array, opened: the amplitudes, or of an overview the smallest or largest values.
pub(super) struct ChunkReader {
    facts: ArrayFacts,
    fault: Option<String>,
    /// Of an overview's array: which, and what its rows stand for; for messages.
    overview: Option<OverviewRows>,
    shards: ShardIndexes,
    /// Of one chunk: bytes, Blosc, checksum.
    codecs: CodecChain,
    data_type: DataType,
    fill_value: FillValue,
    chunk_shape: [NonZeroU64; 2],
}

impl std::fmt::Debug for ChunkReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChunkReader")
            .field("shards", &self.shards)
            .finish_non_exhaustive()
    }
}

/// What the rows of an overview's array stand for.
#[derive(Clone)]
struct OverviewRows {
    /// "overview/1/min".
    name: String,
    traces_a_row: u64,
    /// Of the dataset.
    n_traces: u64,
}

/// The part of a read that one chunk serves.
struct Piece {
    chunk: u64,
    /// Traces within the chunk.
    rows: Range<usize>,
}

impl ChunkReader {
    /// Opens `traces.zarr/amplitude` of `dataset`, whose metadata must agree with the manifest.
    /// Where it cannot be read, or `is_as_written` says that it is not what it was, the manifest
    /// says the same; [`Self::fault`] tells of it.
    pub(super) fn open(
        dataset: &Path,
        facts: &ArrayFacts,
        is_as_written: bool,
    ) -> Result<Self, DatasetError> {
        let path = dataset.join(layout::AMPLITUDE_DOCUMENT);
        let expected = sharded_document(facts);
        let (document, fault) = match read_document(dataset, &path) {
            // What its checksum proves to be changed is not asked which of the two is right.
            Ok(document) if is_as_written || contradiction(&document, &expected).is_none() => {
                (document, None)
            }
            Ok(_) => (
                zarr_metadata::amplitude_by(facts),
                Some("it was changed since it was written".to_owned()),
            ),
            Err(detail) => (zarr_metadata::amplitude_by(facts), Some(detail)),
        };
        let mut reader = Self::by_document(dataset, "amplitude", facts, document)?;
        reader.fault =
            fault.map(|detail| metadata_damaged(dataset, "amplitude", detail).to_string());
        Ok(reader)
    }

    /// One of the overview's arrays.
    fn open_overview(
        dataset: &Path,
        rows: OverviewRows,
        facts: &ArrayFacts,
    ) -> Result<Self, DatasetError> {
        let name = rows.name.as_str();
        let path = dataset.join(layout::TRACES).join(name).join("zarr.json");
        let document = read_document(dataset, &path)
            .map_err(|detail| metadata_damaged(dataset, name, detail))?;
        let mut reader = Self::by_document(dataset, name, facts, document)?;
        reader.overview = Some(rows);
        Ok(reader)
    }

    /// Opens an array by what its document says, which must agree with `facts`.
    fn by_document(
        dataset: &Path,
        name: &str,
        facts: &ArrayFacts,
        document: Value,
    ) -> Result<Self, DatasetError> {
        let open = || -> Result<_, String> {
            if let Some(detail) = contradiction(&document, &sharded_document(facts)) {
                return Err(detail);
            }
            let codecs = inner_codecs(&document)?;
            Ok((array_of(dataset, name, document)?, codecs))
        };
        let (array, codecs) = open().map_err(|detail| metadata_damaged(dataset, name, detail))?;
        let columns = u64::from(facts.n_samples);
        let chunk_shape = [u64::from(facts.chunk_traces), columns]
            .map(|n| NonZeroU64::new(n).unwrap_or(NonZeroU64::MIN));
        let chunk_bytes =
            u64::from(facts.chunk_traces) * columns * facts.number_type.size_bytes() as u64;
        Ok(Self {
            facts: facts.clone(),
            fault: None,
            overview: None,
            shards: ShardIndexes::new(
                dataset,
                dataset.join(layout::TRACES).join(name).join("c"),
                facts.chunks_per_shard,
                chunk_bytes + FRAME_OVERHEAD_BYTES,
            ),
            codecs,
            data_type: array.data_type().clone(),
            fill_value: array.fill_value().clone(),
            chunk_shape,
        })
    }

    /// Why the array's metadata was not used.
    pub(super) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// The samples of `traces`, which lie within the array.
    pub(super) fn read(&self, traces: Range<u64>) -> Result<Samples, DatasetError> {
        let n_samples = self.facts.n_samples as usize;
        let row_bytes = n_samples * self.facts.number_type.size_bytes();
        let n_rows = usize::try_from(traces.end - traces.start).ok();
        let len = n_rows.and_then(|n| n.checked_mul(n_samples));
        let mut samples = len
            .and_then(|len| zeros(self.facts.number_type, len))
            .ok_or_else(|| DatasetError::Layout {
                problem: format!(
                    "{} traces of {n_samples} samples do not fit into memory; read fewer at once",
                    traces.end - traces.start
                ),
            })?;
        if samples.is_empty() {
            return Ok(samples);
        }
        let mut rest = samples.as_bytes_mut();
        let mut pieces = Vec::new();
        for piece in self.pieces(&traces) {
            let (out, behind) = rest.split_at_mut((piece.rows.len() * row_bytes).min(rest.len()));
            rest = behind;
            pieces.push((piece, out));
        }
        if let [(piece, out)] = pieces.as_mut_slice() {
            self.read_piece(piece, row_bytes, out)?;
        } else {
            pieces
                .into_par_iter()
                .try_for_each(|(piece, out)| self.read_piece(&piece, row_bytes, out))?;
        }
        Ok(samples)
    }

    /// Whether chunk `chunk` is where it should be.
    pub(super) fn state(&self, chunk: u64) -> Result<ChunkState, DatasetError> {
        match self.shards.find(chunk) {
            Ok((state, _)) => Ok(state),
            Err(error) => Err(self.unfound(chunk, error)),
        }
    }

    /// The traces of a chunk.
    pub(super) fn chunk_traces(&self, chunk: u64) -> Range<u64> {
        let size = u64::from(self.facts.chunk_traces);
        let start = chunk.saturating_mul(size).min(self.facts.n_traces);
        start..start.saturating_add(size).min(self.facts.n_traces)
    }

    fn pieces(&self, traces: &Range<u64>) -> impl Iterator<Item = Piece> {
        let size = u64::from(self.facts.chunk_traces);
        let traces = traces.clone();
        (traces.start / size..traces.end.div_ceil(size)).map(move |chunk| {
            let first = chunk * size;
            // Both differences are at most `size`, which is a u32.
            let start = traces.start.max(first) - first;
            let end = traces.end.min(first + size) - first;
            Piece {
                chunk,
                rows: usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0),
            }
        })
    }

    /// Decodes one chunk and copies its rows to `out`.
    fn read_piece(
        &self,
        piece: &Piece,
        row_bytes: usize,
        out: &mut [u8],
    ) -> Result<(), DatasetError> {
        let chunk = piece.chunk;
        let (state, file) = self
            .shards
            .find(chunk)
            .map_err(|error| self.unfound(chunk, error))?;
        if let Some(detail) = why_missing(state) {
            return Err(self.damaged(chunk, detail.to_owned()));
        }
        let (
            ChunkState::Present {
                offset,
                stored_bytes,
            },
            Some(file),
        ) = (state, file)
        else {
            return Err(self.damaged(chunk, "it is missing".to_owned()));
        };
        let encoded = read_range(&file, offset, stored_bytes).map_err(DatasetError::reading(
            "read a chunk",
            &self.shards.path(chunk),
        ))?;
        let decoded = self
            .decode(encoded)
            .map_err(|detail| self.damaged(chunk, detail))?;
        let wanted = piece.rows.start * row_bytes..piece.rows.end * row_bytes;
        let Some(rows) = decoded.get(wanted).filter(|rows| rows.len() == out.len()) else {
            return Err(self.damaged(chunk, format!("it holds only {} bytes", decoded.len())));
        };
        out.copy_from_slice(rows);
        Ok(())
    }

    /// Undoes the codecs; the checksum comes first.
    fn decode(&self, encoded: Vec<u8>) -> Result<Vec<u8>, String> {
        // One chunk, one thread: the chunks are what is read side by side.
        let options = CodecOptions::default().with_concurrent_target(1);
        let decoded = self
            .codecs
            .decode(
                encoded.into(),
                &self.chunk_shape,
                &self.data_type,
                &self.fill_value,
                &options,
            )
            .map_err(|error| error.to_string())?;
        let bytes = decoded.into_fixed().map_err(|error| error.to_string())?;
        Ok(bytes.into_owned())
    }

    fn unfound(&self, chunk: u64, error: IndexError) -> DatasetError {
        match error {
            IndexError::Damaged(detail) => self.damaged(chunk, detail.to_owned()),
            IndexError::Io(source) => {
                DatasetError::io("read a shard", &self.shards.path(chunk), 0, source)
            }
        }
    }

    fn damaged(&self, chunk: u64, detail: String) -> DatasetError {
        let rows = self.chunk_traces(chunk);
        let (of, traces) = match &self.overview {
            None => (String::new(), rows),
            Some(of) => {
                let trace = |row: u64| row.saturating_mul(of.traces_a_row).min(of.n_traces);
                (
                    format!(" of {}", of.name),
                    trace(rows.start)..trace(rows.end),
                )
            }
        };
        DatasetError::Damaged {
            what: format!(
                "chunk {chunk}{of} (traces {} to {})",
                traces.start,
                traces.end.saturating_sub(1)
            ),
            detail,
            path: self.shards.path(chunk),
        }
    }
}

/// Like `Samples::zeros`, but `None` where there is not that much memory.
fn zeros(number_type: NumberType, len: usize) -> Option<Samples> {
    fn vector<T: Default + Clone>(len: usize) -> Option<Vec<T>> {
        let mut vector = Vec::new();
        vector.try_reserve_exact(len).ok()?;
        vector.resize(len, T::default());
        Some(vector)
    }
    Some(match number_type {
        NumberType::Float32 => Samples::Float32(vector(len)?),
        NumberType::Float64 => Samples::Float64(vector(len)?),
        NumberType::Int8 => Samples::Int8(vector(len)?),
        NumberType::Int16 => Samples::Int16(vector(len)?),
        NumberType::Int32 => Samples::Int32(vector(len)?),
        NumberType::Int64 => Samples::Int64(vector(len)?),
        NumberType::Uint8 => Samples::Uint8(vector(len)?),
        NumberType::Uint16 => Samples::Uint16(vector(len)?),
        NumberType::Uint32 => Samples::Uint32(vector(len)?),
        NumberType::Uint64 => Samples::Uint64(vector(len)?),
    })
}

/// What a sharded array's `zarr.json` must state: nothing is allocated by shapes that were not checked.
fn sharded_document(facts: &ArrayFacts) -> Vec<(&'static str, Value)> {
    let columns = u64::from(facts.n_samples);
    let inner = [u64::from(facts.chunk_traces), columns.max(1)];
    let shard = [inner[0] * u64::from(facts.chunks_per_shard), inner[1]];
    vec![
        ("/node_type", json!("array")),
        ("/shape", json!([facts.n_traces, columns])),
        ("/data_type", json!(facts.number_type.zarr_name())),
        ("/chunk_grid/configuration/chunk_shape", json!(shard)),
        ("/chunk_key_encoding/name", json!("default")),
        ("/codecs/0/name", json!("sharding_indexed")),
        ("/codecs/0/configuration/chunk_shape", json!(inner)),
        ("/codecs/0/configuration/codecs/0/name", json!("bytes")),
        ("/codecs/0/configuration/codecs/1/name", json!("blosc")),
        ("/codecs/0/configuration/codecs/2/name", json!("crc32c")),
        (
            "/codecs/0/configuration/index_codecs/0/name",
            json!("bytes"),
        ),
        (
            "/codecs/0/configuration/index_codecs/1/name",
            json!("crc32c"),
        ),
        ("/codecs/0/configuration/index_location", json!("end")),
    ]
}

/// The codecs of one chunk within a shard.
fn inner_codecs(document: &Value) -> Result<CodecChain, String> {
    let codecs = document
        .pointer("/codecs/0/configuration/codecs")
        .cloned()
        .unwrap_or_default();
    let codecs: Vec<MetadataV3> =
        serde_json::from_value(codecs).map_err(|error| error.to_string())?;
    CodecChain::from_metadata(&codecs).map_err(|error| error.to_string())
}

/// Opens an array whose `zarr.json` states what is expected.
fn open_array(
    dataset: &Path,
    name: &str,
    expected: &[(&'static str, Value)],
) -> Result<Array<FilesystemStore>, DatasetError> {
    let path = dataset.join(layout::TRACES).join(name).join("zarr.json");
    let open = || -> Result<_, String> {
        let document = read_document(dataset, &path)?;
        match contradiction(&document, expected) {
            Some(detail) => Err(detail),
            None => array_of(dataset, name, document),
        }
    };
    open().map_err(|detail| metadata_damaged(dataset, name, detail))
}

fn metadata_damaged(dataset: &Path, name: &str, detail: String) -> DatasetError {
    DatasetError::Damaged {
        what: format!("the metadata of the array {name}"),
        detail,
        path: dataset.join(layout::TRACES).join(name).join("zarr.json"),
    }
}

/// An array by its document, which was checked.
fn array_of(dataset: &Path, name: &str, document: Value) -> Result<Array<FilesystemStore>, String> {
    let root = dataset.join(layout::TRACES);
    let store = FilesystemStore::new(&root).map_err(|error| error.to_string())?;
    let metadata: ArrayMetadata =
        serde_json::from_value(document).map_err(|error| error.to_string())?;
    Array::new_with_metadata(Arc::new(store), &format!("/{name}"), metadata)
        .map_err(|error| error.to_string())
}

fn read_document(dataset: &Path, path: &Path) -> Result<Value, String> {
    inside::check(dataset, path).map_err(|error| error.to_string())?;
    let text = read_small_file(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

/// What a document says otherwise than expected.
fn contradiction(document: &Value, expected: &[(&'static str, Value)]) -> Option<String> {
    expected.iter().find_map(|(pointer, expected)| {
        let found = document.pointer(pointer).unwrap_or(&Value::Null);
        (found != expected)
            .then(|| format!("{pointer} is {found}, and the manifest needs {expected}"))
    })
}

/// Rows of an overview array of `n_traces`, `which` being "min" or "max". Shape: `[rows.len(), columns]`.
pub(super) fn read_overview(
    dataset: &Path,
    n_traces: u64,
    level: &OverviewLevel,
    which: &str,
    rows: Range<u64>,
) -> Result<Vec<f32>, DatasetError> {
    let name = format!("overview/{}/{which}", level.level);
    let document = dataset.join(layout::TRACES).join(&name).join("zarr.json");
    let is_sharded =
        |document: &Value| document.pointer("/codecs/0/name") == Some(&json!("sharding_indexed"));
    if !read_document(dataset, &document).is_ok_and(|document| is_sharded(&document)) {
        return read_plain_overview(dataset, level, &name, rows);
    }
    let facts = level.array_facts().ok_or_else(|| DatasetError::Layout {
        problem: "an overview chunk does not fit into memory".to_owned(),
    })?;
    let of = OverviewRows {
        name,
        traces_a_row: level.trace_factor,
        n_traces,
    };
    let reader = ChunkReader::open_overview(dataset, of, &facts)?;
    if let Samples::Float32(values) = reader.read(rows)? {
        Ok(values)
    } else {
        Ok(Vec::new())
    }
}

/// What a plain overview array's `zarr.json` must state.
fn plain_document(level: &OverviewLevel) -> Vec<(&'static str, Value)> {
    let chunk = [level.chunk_rows, level.columns];
    vec![
        ("/node_type", json!("array")),
        ("/shape", json!([level.rows, level.columns])),
        ("/data_type", json!("float32")),
        ("/chunk_grid/configuration/chunk_shape", json!(chunk)),
        ("/chunk_key_encoding/name", json!("default")),
    ]
}

/// As older programs wrote it: a file for each chunk.
fn read_plain_overview(
    dataset: &Path,
    level: &OverviewLevel,
    name: &str,
    rows: Range<u64>,
) -> Result<Vec<f32>, DatasetError> {
    let array = open_array(dataset, name, &plain_document(level))?;
    if rows.start >= rows.end {
        return Ok(Vec::new());
    }
    let damaged = |path: &Path, detail: String| DatasetError::Damaged {
        what: format!("the array {name}"),
        detail,
        path: path.to_owned(),
    };
    let folder = dataset.join(layout::TRACES).join(name);
    for chunk in rows.start / level.chunk_rows..rows.end.div_ceil(level.chunk_rows) {
        let file = folder.join("c").join(chunk.to_string()).join("0");
        inside::check(dataset, &file).map_err(|error| damaged(&file, error.to_string()))?;
        if !file.is_file() {
            return Err(damaged(&file, "a chunk is missing".to_owned()));
        }
    }
    // Whole chunks: a part of one would be read past its checksum.
    let first = rows.start / level.chunk_rows * level.chunk_rows;
    let end = rows.end.div_ceil(level.chunk_rows) * level.chunk_rows;
    let whole = ArraySubset::new_with_ranges(&[first..end.min(level.rows), 0..level.columns]);
    let mut values: Vec<f32> = array
        .retrieve_array_subset(&whole)
        .map_err(|error| damaged(&folder, error.to_string()))?;
    let place = |row: u64| usize::try_from((row - first) * level.columns).unwrap_or(usize::MAX);
    values.truncate(place(rows.end));
    values.drain(..place(rows.start).min(values.len()));
    Ok(values)
}
