//! Where does each chunk lie in its shard? The index is read once a shard, checked, and kept.
//!
//! zarrs' own lookup is not used: it takes a missing chunk's entry for a place (and overflows),
//! where we have to know that the chunk is missing.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::inside;
use super::positioned::read_exact_at;

/// Whether a chunk is where it should be. Says nothing of its bytes: only reading them does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkState {
    /// In its shard's index, within the shard's file.
    Present {
        /// In the shard's file.
        offset: u64,
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

/// Why a shard's index cannot be used.
#[derive(Debug)]
pub(super) enum IndexError {
    /// The operating system refused.
    Io(io::Error),
    /// As a phrase.
    Damaged(&'static str),
}

impl From<io::Error> for IndexError {
    fn from(source: io::Error) -> Self {
        Self::Io(source)
    }
}

/// The shards of the amplitude array.
#[derive(Debug)]
pub(super) struct ShardIndexes {
    /// The dataset's folder, out of which no shard may lie.
    dataset: PathBuf,
    /// `amplitude/c`.
    folder: PathBuf,
    chunks_per_shard: u64,
    /// No chunk's frame is longer.
    max_stored_bytes: u64,
    known: Mutex<HashMap<u64, Arc<[Entry]>>>,
}

/// Offset and length of a chunk; both all ones where it is missing.
type Entry = (u64, u64);

impl ShardIndexes {
    pub(super) fn new(
        dataset: &Path,
        folder: PathBuf,
        chunks_per_shard: u32,
        max_stored_bytes: u64,
    ) -> Self {
        Self {
            dataset: dataset.to_owned(),
            folder,
            chunks_per_shard: u64::from(chunks_per_shard),
            max_stored_bytes,
            known: Mutex::default(),
        }
    }

    /// The file of a chunk's shard.
    pub(super) fn path(&self, chunk: u64) -> PathBuf {
        let shard = chunk / self.chunks_per_shard;
        self.folder.join(shard.to_string()).join("0")
    }

    /// Where a chunk lies, and the open file.
    pub(super) fn find(&self, chunk: u64) -> Result<(ChunkState, Option<File>), IndexError> {
        let path = self.path(chunk);
        inside::check(&self.dataset, &path)?;
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok((ChunkState::NoShard, None));
            }
            Err(error) => return Err(error.into()),
        };
        let file_bytes = file.metadata()?.len();
        let index = self.index(chunk / self.chunks_per_shard, &file, file_bytes)?;
        let entry = usize::try_from(chunk % self.chunks_per_shard)
            .ok()
            .and_then(|entry| index.get(entry))
            .copied()
            .unwrap_or((u64::MAX, u64::MAX));
        Ok((self.state(entry, file_bytes), Some(file)))
    }

    fn state(&self, (offset, length): Entry, file_bytes: u64) -> ChunkState {
        if (offset, length) == (u64::MAX, u64::MAX) {
            return ChunkState::NotInIndex;
        }
        let end = offset.checked_add(length);
        if length > self.max_stored_bytes || end.is_none_or(|end| end > file_bytes) {
            return ChunkState::OutsideFile;
        }
        ChunkState::Present {
            offset,
            stored_bytes: length,
        }
    }

    fn index(&self, shard: u64, file: &File, file_bytes: u64) -> Result<Arc<[Entry]>, IndexError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known().get(&shard) {
            return Ok(Arc::clone(index));
        }
        let index: Arc<[Entry]> = read_index(file, file_bytes, self.chunks_per_shard)?.into();
        known().insert(shard, Arc::clone(&index));
        Ok(index)
    }
}

/// The last `16 n + 4` bytes of a shard, once their checksum is right.
fn read_index(file: &File, file_bytes: u64, n_chunks: u64) -> Result<Vec<Entry>, IndexError> {
    let index_bytes = n_chunks * 16;
    let start = file_bytes
        .checked_sub(index_bytes + 4)
        .ok_or(IndexError::Damaged("its shard is too short for an index"))?;
    // The file is at least this long, so nothing is allocated that is not there.
    let mut bytes = vec![0; usize::try_from(index_bytes + 4).unwrap_or(usize::MAX)];
    read_exact_at(file, &mut bytes, start)?;
    let (entries, checksum) = bytes
        .split_last_chunk::<4>()
        .ok_or(IndexError::Damaged("its shard is too short for an index"))?;
    if crc32c::crc32c(entries) != u32::from_le_bytes(*checksum) {
        return Err(IndexError::Damaged(
            "the checksum of its shard's index is wrong",
        ));
    }
    let (numbers, _) = entries.as_chunks::<8>();
    let (pairs, _) = numbers.as_chunks::<2>();
    Ok(pairs
        .iter()
        .map(|[offset, length]| (u64::from_le_bytes(*offset), u64::from_le_bytes(*length)))
        .collect())
}

/// The bytes of a file from `offset`.
pub(super) fn read_range(file: &File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    read_exact_at(file, &mut bytes, offset)?;
    Ok(bytes)
}

/// Why a chunk cannot be read; `None` where it can.
pub(super) fn why_missing(state: ChunkState) -> Option<&'static str> {
    match state {
        ChunkState::Present { .. } => None,
        ChunkState::NoShard => Some("its shard's file is missing"),
        ChunkState::NotInIndex => Some("it is missing in its shard's index"),
        ChunkState::OutsideFile => Some("its shard's index points outside of the file"),
    }
}
