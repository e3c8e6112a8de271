//! How are samples read in part? All calls of zarrs stay in this file (0.24 changes its array API).
//!
//! Every chunk that is touched is first looked up in its shard's index: a chunk or shard that is
//! missing would read as zeros without a word. Shard indexes stay cached between reads.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};
use zarrs::array::{
    Array, ArrayBytes, ArrayError, ArrayShardedReadableExt, ArrayShardedReadableExtCache,
    ArraySubset, CodecOptions,
};
use zarrs::filesystem::FilesystemStore;
use zarrs::storage::byte_range::ByteRange;

use super::reader::read_small_file;
use super::{ArrayFacts, DatasetError, OverviewLevel, layout};
use crate::samples::{NumberType, Samples};

/// What a chunk's frame may need beyond its samples: Blosc's header and the checksum, with room
/// for other writers' ways.
const FRAME_OVERHEAD_BYTES: u64 = 64 << 10;

/// The amplitude array, opened.
pub(super) struct ChunkReader {
    folder: PathBuf,
    facts: ArrayFacts,
    array: Array<FilesystemStore>,
    cache: ArrayShardedReadableExtCache,
}

impl std::fmt::Debug for ChunkReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChunkReader")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// Whether a chunk is where it should be. Says nothing of its bytes: only reading them does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkState {
    /// In its shard's index, within the shard's file.
    Present {
        /// Compressed.
        stored_bytes: u64,
    },
    /// The shard's file is missing.
    NoShard,
    /// The shard's index has no entry for it.
    NotInIndex,
    /// The shard's index names bytes that the file does not have, or far too many.
    OutsideFile,
}

/// The part of a read that one chunk serves.
struct Piece {
    chunk: u64,
    /// Traces within the chunk.
    rows: Range<usize>,
}

impl ChunkReader {
    /// Opens `traces.zarr/amplitude` of `dataset`, whose metadata must agree with the manifest.
    pub(super) fn open(dataset: &Path, facts: &ArrayFacts) -> Result<Self, DatasetError> {
        let folder = dataset.join(layout::AMPLITUDE);
        let array = open_array(dataset, "amplitude", amplitude_document(facts))?;
        let cache = ArrayShardedReadableExtCache::new(&array);
        if !cache.array_is_exclusively_sharded() {
            return Err(DatasetError::Damaged {
                what: "the metadata of the array amplitude".to_owned(),
                detail: "the array has codecs besides its shards".to_owned(),
                path: folder.join("zarr.json"),
            });
        }
        Ok(Self {
            folder,
            facts: facts.clone(),
            array,
            cache,
        })
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
        let shard_bytes = match fs::metadata(self.shard_path(chunk)) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(ChunkState::NoShard);
            }
            Err(source) => {
                let path = self.shard_path(chunk);
                return Err(DatasetError::io("read a shard", &path, 0, source));
            }
        };
        let range = self
            .array
            .subchunk_byte_range(&self.cache, &[chunk, 0])
            .map_err(|error| self.damaged(chunk, index_detail(&error)))?;
        let (offset, length) = match range {
            None => return Ok(ChunkState::NotInIndex),
            Some(ByteRange::FromStart(offset, Some(length))) => (offset, length),
            Some(ByteRange::FromStart(_, None) | ByteRange::Suffix(_)) => {
                return Ok(ChunkState::OutsideFile);
            }
        };
        let inside = offset
            .checked_add(length)
            .is_some_and(|end| end <= shard_bytes);
        if !inside || length > self.chunk_bytes() + FRAME_OVERHEAD_BYTES {
            return Ok(ChunkState::OutsideFile);
        }
        Ok(ChunkState::Present {
            stored_bytes: length,
        })
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
        let missing = match self.state(piece.chunk)? {
            ChunkState::Present { .. } => None,
            ChunkState::NoShard => Some("its shard's file is missing"),
            ChunkState::NotInIndex => Some("it is missing in its shard's index"),
            ChunkState::OutsideFile => Some("its shard's index points outside of the file"),
        };
        if let Some(detail) = missing {
            return Err(self.damaged(piece.chunk, detail.to_owned()));
        }
        let options = CodecOptions::default().with_concurrent_target(1);
        let decoded: ArrayBytes<'static> = self
            .array
            .retrieve_subchunk_opt(&self.cache, &[piece.chunk, 0], &options)
            .map_err(|error| self.damaged(piece.chunk, error.to_string()))?;
        let decoded = decoded
            .into_fixed()
            .map_err(|error| self.damaged(piece.chunk, error.to_string()))?;
        let wanted = piece.rows.start * row_bytes..piece.rows.end * row_bytes;
        let Some(rows) = decoded.get(wanted).filter(|rows| rows.len() == out.len()) else {
            return Err(self.damaged(
                piece.chunk,
                format!(
                    "it holds {} bytes instead of {}",
                    decoded.len(),
                    self.chunk_bytes()
                ),
            ));
        };
        out.copy_from_slice(rows);
        Ok(())
    }

    fn damaged(&self, chunk: u64, detail: String) -> DatasetError {
        let traces = self.chunk_traces(chunk);
        DatasetError::Damaged {
            what: format!(
                "chunk {chunk} (traces {} to {})",
                traces.start,
                traces.end.saturating_sub(1)
            ),
            detail,
            path: self.shard_path(chunk),
        }
    }

    fn shard_path(&self, chunk: u64) -> PathBuf {
        let shard = chunk / u64::from(self.facts.chunks_per_shard);
        self.folder.join("c").join(shard.to_string()).join("0")
    }

    fn chunk_bytes(&self) -> u64 {
        u64::from(self.facts.chunk_traces)
            * u64::from(self.facts.n_samples)
            * self.facts.number_type.size_bytes() as u64
    }
}

fn index_detail(error: &ArrayError) -> String {
    format!("its shard's index: {error}")
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

/// What `amplitude/zarr.json` must state: nothing is allocated by shapes that were not checked.
fn amplitude_document(facts: &ArrayFacts) -> Vec<(&'static str, Value)> {
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
    ]
}

/// What `overview/<level>/min/zarr.json` must state.
fn overview_document(level: &OverviewLevel) -> Vec<(&'static str, Value)> {
    let chunk = [level.chunk_rows, level.columns];
    vec![
        ("/node_type", json!("array")),
        ("/shape", json!([level.rows, level.columns])),
        ("/data_type", json!("float32")),
        ("/chunk_grid/configuration/chunk_shape", json!(chunk)),
        ("/chunk_key_encoding/name", json!("default")),
    ]
}

/// Opens an array whose `zarr.json` states what is expected.
fn open_array(
    dataset: &Path,
    name: &str,
    expected: Vec<(&'static str, Value)>,
) -> Result<Array<FilesystemStore>, DatasetError> {
    let root = dataset.join(layout::TRACES);
    let document = root.join(name).join("zarr.json");
    let open = || -> Result<_, String> {
        check_document(&document, expected)?;
        let store = FilesystemStore::new(&root).map_err(|error| error.to_string())?;
        Array::open(Arc::new(store), &format!("/{name}")).map_err(|error| error.to_string())
    };
    open().map_err(|detail| DatasetError::Damaged {
        what: format!("the metadata of the array {name}"),
        detail,
        path: document.clone(),
    })
}

fn check_document(path: &Path, expected: Vec<(&'static str, Value)>) -> Result<(), String> {
    let text = read_small_file(path).map_err(|error| error.to_string())?;
    let document: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    for (pointer, expected) in expected {
        let found = document.pointer(pointer).unwrap_or(&Value::Null);
        if *found != expected {
            return Err(format!(
                "{pointer} is {found}, and the manifest needs {expected}"
            ));
        }
    }
    Ok(())
}

/// Rows of an overview array, `which` being "min" or "max". Shape: `[rows.len(), columns]`.
pub(super) fn read_overview(
    dataset: &Path,
    level: &OverviewLevel,
    which: &str,
    rows: Range<u64>,
) -> Result<Vec<f32>, DatasetError> {
    let name = format!("overview/{}/{which}", level.level);
    let array = open_array(dataset, &name, overview_document(level))?;
    if rows.start >= rows.end {
        return Ok(Vec::new());
    }
    let damaged = |chunk: Option<u64>, detail: String| {
        let folder = dataset.join(layout::TRACES).join(&name);
        DatasetError::Damaged {
            what: format!("the overview (level {}, {which})", level.level),
            detail,
            path: chunk.map_or(folder.clone(), |c| folder.join("c").join(c.to_string()).join("0")),
        }
    };
    for chunk in rows.start / level.chunk_rows..rows.end.div_ceil(level.chunk_rows) {
        let file = dataset.join(layout::TRACES).join(&name).join("c");
        if !file.join(chunk.to_string()).join("0").is_file() {
            return Err(damaged(Some(chunk), "a chunk is missing".to_owned()));
        }
    }
    let subset = ArraySubset::new_with_ranges(&[rows, 0..level.columns]);
    array
        .retrieve_array_subset(&subset)
        .map_err(|error| damaged(None, error.to_string()))
}
