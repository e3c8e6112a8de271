//! How do many workers write chunks into shards at once, with a few megabytes of memory?
//!
//! ```text
//! | chunk | chunk | chunk | … | index: n × (u64 offset, u64 length) | crc32c |     little-endian
//! ```
//! Chunks lie in the order in which they were ready: a worker reserves an offset and writes there;
//! whoever writes the last chunk of a shard writes the index and closes the file. zarrs' own
//! writer would hold a whole shard (125 MB) or rewrite it for every chunk (2 MB/s).
//! Standard: Zarr v3 codec `sharding_indexed`, index at the end.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::positioned::{start_write_back, write_all_at};
use super::{ChunkEncoder, DatasetError, DatasetSpec};

/// Offset and length of a chunk that is not there.
const MISSING: u64 = u64::MAX;

/// Writes inner chunks of the amplitude array into their shards. Shared by reference among workers.
#[derive(Debug)]
pub struct ChunkWriter {
    /// `amplitude/c`.
    folder: PathBuf,
    spec: ChunkLayout,
    open: Mutex<HashMap<u64, Arc<Shard>>>,
    chunks_written: AtomicU64,
    bytes_written: AtomicU64,
    /// Of the whole dataset, for messages.
    total_written: Arc<AtomicU64>,
    /// Chunks that were written when the writer was finished, for the dataset's own check.
    finished_chunks: Arc<AtomicU64>,
}

#[derive(Debug)]
struct ChunkLayout {
    n_chunks: u64,
    chunks_per_shard: u64,
    chunk_bytes: usize,
    number_type: crate::samples::NumberType,
    codec: super::Codec,
}

/// A shard that is being written.
#[derive(Debug)]
struct Shard {
    path: PathBuf,
    file: File,
    next_offset: AtomicU64,
    index: Mutex<ShardIndex>,
}

#[derive(Debug)]
struct ShardIndex {
    /// Offset and length of every chunk that the shard has room for.
    entries: Vec<(u64, u64)>,
    /// Chunks still to come.
    remaining: u64,
}

impl ChunkWriter {
    pub(super) fn new(
        folder: PathBuf,
        spec: &DatasetSpec,
        total_written: Arc<AtomicU64>,
        finished_chunks: Arc<AtomicU64>,
    ) -> Self {
        Self {
            folder,
            spec: ChunkLayout {
                n_chunks: spec.n_chunks(),
                chunks_per_shard: u64::from(spec.chunks_per_shard),
                chunk_bytes: spec.chunk_len() * spec.number_type.size_bytes(),
                number_type: spec.number_type,
                codec: spec.codec,
            },
            open: Mutex::new(HashMap::new()),
            chunks_written: AtomicU64::new(0),
            bytes_written: AtomicU64::new(0),
            total_written,
            finished_chunks,
        }
    }

    /// Encodes and writes one inner chunk and gives the bytes that it took.
    ///
    /// `samples`: `chunk_len` samples in the machine's order (little-endian machines only), the last
    /// chunk padded with zeros. Each chunk exactly once; different chunks may be written side by side.
    /// A dataset of zero samples a trace stores nothing.
    ///
    /// # Errors
    /// I/O (a full disk among them), with the remedy; `Layout` for a chunk of the wrong length or
    /// one that was written before.
    pub fn write(
        &self,
        chunk_index: u64,
        samples: &[u8],
        encoder: &mut ChunkEncoder,
    ) -> Result<u64, DatasetError> {
        if chunk_index >= self.spec.n_chunks || samples.len() != self.spec.chunk_bytes {
            return Err(DatasetError::Layout {
                problem: format!(
                    "chunk {chunk_index} of {} was given {} bytes instead of {}",
                    self.spec.n_chunks,
                    samples.len(),
                    self.spec.chunk_bytes
                ),
            });
        }
        if samples.is_empty() {
            self.chunks_written.fetch_add(1, Ordering::Relaxed);
            return Ok(0);
        }
        let shard_number = chunk_index / self.spec.chunks_per_shard;
        let shard = self.shard(shard_number)?;
        let encoded = encoder
            .encode(samples)
            .map_err(|source| self.failed("compress a chunk", &shard, source))?;
        let length = encoded.len() as u64;
        let offset = shard.next_offset.fetch_add(length, Ordering::Relaxed);
        write_all_at(&shard.file, encoded, offset)
            .map_err(|source| self.failed("write a chunk", &shard, source))?;
        start_write_back(&shard.file, offset, length);
        self.count(length);
        self.chunks_written.fetch_add(1, Ordering::Relaxed);
        let entry = chunk_index % self.spec.chunks_per_shard;
        if shard.note(entry, offset, length)? {
            self.close(shard_number, &shard)?;
        }
        Ok(length)
    }

    /// A workspace for one worker.
    ///
    /// # Errors
    /// When the codec gets no memory.
    pub fn encoder(&self) -> Result<ChunkEncoder, DatasetError> {
        ChunkEncoder::new(self.spec.number_type, self.spec.codec)
            .map_err(DatasetError::reading("start the codec", &self.folder))
    }

    /// After all workers are done: whether every chunk was written. Gives the bytes of the shards.
    /// They are synced when the dataset is finished.
    ///
    /// # Errors
    /// `Incomplete` when a chunk is missing.
    pub fn finish(self) -> Result<u64, DatasetError> {
        let found = self.chunks_written.into_inner();
        if found != self.spec.n_chunks {
            return Err(DatasetError::Incomplete {
                what: "chunks of samples",
                expected: self.spec.n_chunks,
                found,
            });
        }
        self.finished_chunks.store(found, Ordering::Release);
        Ok(self.bytes_written.into_inner())
    }

    /// The open shard of this number; opened when it is used first.
    fn shard(&self, number: u64) -> Result<Arc<Shard>, DatasetError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shard) = open.get(&number) {
            return Ok(Arc::clone(shard));
        }
        let shard = Arc::new(self.open_shard(number)?);
        open.insert(number, Arc::clone(&shard));
        Ok(shard)
    }

    fn open_shard(&self, number: u64) -> Result<Shard, DatasetError> {
        let folder = self.folder.join(number.to_string());
        let path = folder.join("0");
        let written = self.total_written.load(Ordering::Relaxed);
        let file = fs::create_dir_all(&folder)
            .and_then(|()| {
                // A shard that is there already was closed: one of its chunks comes a second time.
                OpenOptions::new().write(true).create_new(true).open(&path)
            })
            .map_err(|source| DatasetError::io("make a shard", &path, written, source))?;
        let first_chunk = number * self.spec.chunks_per_shard;
        let present = self
            .spec
            .chunks_per_shard
            .min(self.spec.n_chunks - first_chunk);
        let room = usize::try_from(self.spec.chunks_per_shard).unwrap_or(usize::MAX);
        Ok(Shard {
            path,
            file,
            next_offset: AtomicU64::new(0),
            index: Mutex::new(ShardIndex {
                entries: vec![(MISSING, MISSING); room],
                remaining: present,
            }),
        })
    }

    /// Writes the index behind the last chunk, and forgets the shard.
    fn close(&self, number: u64, shard: &Shard) -> Result<(), DatasetError> {
        let index = shard.index_bytes();
        let offset = shard.next_offset.load(Ordering::Relaxed);
        write_all_at(&shard.file, &index, offset)
            .map_err(|source| self.failed("write a shard's index", shard, source))?;
        start_write_back(&shard.file, offset, index.len() as u64);
        self.count(index.len() as u64);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&number);
        Ok(())
    }

    fn count(&self, bytes: u64) {
        self.bytes_written.fetch_add(bytes, Ordering::Relaxed);
        self.total_written.fetch_add(bytes, Ordering::Relaxed);
    }

    fn failed(&self, action: &'static str, shard: &Shard, source: io::Error) -> DatasetError {
        let written = self.total_written.load(Ordering::Relaxed);
        DatasetError::io(action, &shard.path, written, source)
    }
}

impl Shard {
    /// Notes where a chunk lies; whether it was the last one.
    fn note(&self, entry: u64, offset: u64, length: u64) -> Result<bool, DatasetError> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = usize::try_from(entry)
            .ok()
            .and_then(|entry| index.entries.get_mut(entry))
            .filter(|slot| slot.0 == MISSING);
        let Some(slot) = slot else {
            return Err(DatasetError::Layout {
                problem: format!("chunk {entry} of a shard was written twice"),
            });
        };
        *slot = (offset, length);
        index.remaining -= 1;
        Ok(index.remaining == 0)
    }

    fn index_bytes(&self) -> Vec<u8> {
        let index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::with_capacity(index.entries.len() * 16 + 4);
        for (offset, length) in &index.entries {
            bytes.extend_from_slice(&offset.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }
}
