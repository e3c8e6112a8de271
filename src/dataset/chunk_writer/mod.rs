//! How do many workers write chunks into shards, in file order, with a few megabytes of memory?
//!
//! ```text
//! | chunk | chunk | chunk | … | index: n × (u64 offset, u64 length) | crc32c |     little-endian
//! ```
//! Workers compress side by side; a place is given in file order, so that the same source always
//! makes the same files, and neighbours lie side by side. Whoever compressed a block that is not
//! next leaves it here and goes on; whoever compressed the next one writes it and all that waited
//! for it. So nobody ever waits, and no more blocks lie here than are in flight. Whoever writes the
//! last chunk of a shard writes the index and closes the file. zarrs' own writer would hold a whole
//! shard (125 MB) or rewrite it for every chunk (2 MB/s).
//! Standard: Zarr v3 codec `sharding_indexed`, index at the end.

mod before;
mod places;
mod shard;

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::journal::{ChunkLog, PlacedChunk};
use super::positioned::{start_write_back, write_all_at};
use super::shard_index::read_range;
use super::{ChunkEncoder, DatasetError, DatasetSpec};
pub use places::EncodedChunks;
use places::{Order, Placed};
use shard::Shard;

/// Empty buffers that are kept for the next blocks.
const MAX_SPARE: usize = 2;

/// Writes inner chunks of the amplitude array into their shards. Shared by reference among workers.
#[derive(Debug)]
pub struct ChunkWriter {
    /// `amplitude/c`.
    folder: PathBuf,
    spec: ChunkLayout,
    order: Mutex<Order>,
    log: Arc<ChunkLog>,
    /// What an earlier run of this import has placed behind its checkpoint.
    placed_before: HashMap<u64, PlacedChunk>,
    chunks_written: AtomicU64,
    bytes_written: AtomicU64,
    /// Of the whole dataset, for messages.
    total_written: Arc<AtomicU64>,
    /// Chunks that were written when the writer was finished, for the dataset's own check.
    finished_chunks: Arc<AtomicU64>,
}

#[derive(Debug)]
struct ChunkLayout {
    n_traces: u64,
    chunk_traces: u64,
    n_chunks: u64,
    chunks_per_shard: u64,
    chunk_bytes: usize,
    number_type: crate::samples::NumberType,
    codec: super::Codec,
}

/// Where the shards stand behind a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ChunkState {
    pub(super) next_chunk: u64,
    /// Lengths of the chunks of the shard that is not full yet.
    lengths: Vec<u32>,
}

/// What a chunk writer has to go on with.
#[derive(Debug, Default)]
pub(super) struct ChunksBefore {
    pub(super) state: ChunkState,
    /// Behind that state.
    pub(super) placed: Vec<PlacedChunk>,
}

impl ChunkWriter {
    pub(super) fn new(
        folder: PathBuf,
        spec: &DatasetSpec,
        before: ChunksBefore,
        log: Arc<ChunkLog>,
        total_written: Arc<AtomicU64>,
        finished_chunks: Arc<AtomicU64>,
    ) -> Result<Self, DatasetError> {
        let ChunksBefore { state, placed } = before;
        let writer = Self {
            folder,
            spec: ChunkLayout {
                n_traces: spec.n_traces,
                chunk_traces: u64::from(spec.chunk_traces),
                n_chunks: spec.n_chunks(),
                chunks_per_shard: u64::from(spec.chunks_per_shard),
                chunk_bytes: spec.chunk_len() * spec.number_type.size_bytes(),
                number_type: spec.number_type,
                codec: spec.codec,
            },
            order: Mutex::new(Order {
                next_chunk: state.next_chunk,
                shard: None,
                lengths_from: state.next_chunk - state.lengths.len() as u64,
                lengths: state.lengths.iter().copied().collect(),
                early: BTreeMap::new(),
                spare: Vec::new(),
            }),
            log,
            placed_before: placed.into_iter().map(|one| (one.chunk, one)).collect(),
            chunks_written: AtomicU64::new(state.next_chunk),
            bytes_written: AtomicU64::new(0),
            total_written,
            finished_chunks,
        };
        if !state.lengths.is_empty() {
            let shard = writer.open_shard(state.next_chunk / writer.spec.chunks_per_shard)?;
            shard.restore(&state.lengths);
            writer.order().shard = Some(Arc::new(shard));
        }
        Ok(writer)
    }

    /// Begins consecutive chunks, of which the first is `first_chunk`.
    pub fn begin(&self, first_chunk: u64) -> EncodedChunks {
        let mut bytes = self.order().spare.pop().unwrap_or_default();
        bytes.clear();
        EncodedChunks {
            first_chunk,
            lengths: Vec::new(),
            bytes,
        }
    }

    /// Compresses the next of these chunks, or takes it from its shard if an earlier run of this
    /// import has placed it there.
    ///
    /// `samples`: `chunk_len` samples in the machine's order (little-endian machines only), the last
    /// chunk padded with zeros. A dataset of zero samples a trace stores nothing.
    ///
    /// # Errors
    /// `Layout` for a chunk of the wrong length or past the end; when the codec gets no memory.
    pub fn encode(
        &self,
        chunks: &mut EncodedChunks,
        samples: &[u8],
        encoder: &mut ChunkEncoder,
    ) -> Result<(), DatasetError> {
        let chunk_index = chunks.first_chunk + chunks.lengths.len() as u64;
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
            chunks.lengths.push(0);
            return Ok(());
        }
        if let Some(bytes) = self.recall(chunk_index) {
            chunks.bytes.extend_from_slice(&bytes);
            return chunks.end_chunk(bytes.len());
        }
        let length = encoder
            .append(samples, &mut chunks.bytes)
            .map_err(DatasetError::reading("compress a chunk", &self.folder))?;
        chunks.end_chunk(length)
    }

    /// Gives these chunks their place behind those before them, and writes what has a place now;
    /// gives the bytes of these chunks. Each chunk exactly once, by whichever thread.
    ///
    /// # Errors
    /// I/O (a full disk among them), with the remedy; `Layout` for a chunk that was written before.
    pub fn place(&self, chunks: EncodedChunks) -> Result<u64, DatasetError> {
        let length = chunks.bytes.len() as u64;
        for (buffer, placed) in self.take_places(chunks)? {
            for placed in placed {
                let bytes = buffer.get(placed.bytes.clone()).unwrap_or_default();
                self.write_placed(&placed, bytes)?;
            }
            let mut order = self.order();
            if order.spare.len() < MAX_SPARE {
                order.spare.push(buffer);
            }
        }
        Ok(length)
    }

    /// [`Self::encode`] and [`Self::place`] of one chunk.
    ///
    /// # Errors
    /// As these.
    pub fn write(
        &self,
        chunk_index: u64,
        samples: &[u8],
        encoder: &mut ChunkEncoder,
    ) -> Result<u64, DatasetError> {
        let mut chunks = self.begin(chunk_index);
        self.encode(&mut chunks, samples, encoder)?;
        self.place(chunks)
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

    /// Where the shards stand behind all chunks before `next_chunk`, all of which are written and
    /// none of which is asked for again.
    pub(super) fn state_before(&self, next_chunk: u64) -> ChunkState {
        let in_shard = next_chunk % self.spec.chunks_per_shard;
        let mut order = self.order();
        while order.lengths_from < next_chunk - in_shard && order.lengths.pop_front().is_some() {
            order.lengths_from += 1;
        }
        let is_open = next_chunk < self.spec.n_chunks;
        let n = usize::try_from(if is_open { in_shard } else { 0 }).unwrap_or(usize::MAX);
        ChunkState {
            next_chunk,
            lengths: order.lengths.iter().take(n).copied().collect(),
        }
    }

    /// The shards that hold these chunks, for syncing.
    pub(super) fn shard_paths(&self, chunks: std::ops::Range<u64>) -> Vec<PathBuf> {
        if chunks.is_empty() || self.spec.chunk_bytes == 0 {
            return Vec::new();
        }
        let per_shard = self.spec.chunks_per_shard;
        let shards = chunks.start / per_shard..chunks.end.div_ceil(per_shard);
        shards.map(|number| self.shard_path(number)).collect()
    }

    /// The bytes of a chunk that an earlier run of this import has placed, if they are still right.
    fn recall(&self, chunk_index: u64) -> Option<Vec<u8>> {
        let placed = self.placed_before.get(&chunk_index)?;
        let path = self.shard_path(chunk_index / self.spec.chunks_per_shard);
        let file = File::open(path).ok()?;
        let end = placed.offset.checked_add(u64::from(placed.length))?;
        if end > file.metadata().ok()?.len() {
            return None;
        }
        let bytes = read_range(&file, placed.offset, u64::from(placed.length)).ok()?;
        let (body, checksum) = bytes.split_last_chunk::<4>()?;
        let is_right =
            *checksum == placed.checksum.to_le_bytes() && crc32c::crc32c(body) == placed.checksum;
        is_right.then_some(bytes)
    }

    fn write_placed(&self, placed: &Placed, bytes: &[u8]) -> Result<(), DatasetError> {
        let shard = &placed.shard;
        write_all_at(&shard.file, bytes, placed.offset)
            .map_err(|source| self.failed("write a chunk", shard, source))?;
        start_write_back(&shard.file, placed.offset, bytes.len() as u64);
        self.note(placed, bytes)?;
        self.count(bytes.len() as u64);
        let n_chunks = placed.lengths.len() as u64;
        self.chunks_written.fetch_add(n_chunks, Ordering::Relaxed);
        if shard.is_whole_after(n_chunks) {
            self.close(shard)?;
        }
        Ok(())
    }

    /// Notes in the journal where these chunks lie.
    fn note(&self, placed: &Placed, bytes: &[u8]) -> Result<(), DatasetError> {
        let mut end = 0;
        let records: Vec<PlacedChunk> = (placed.first_chunk..)
            .zip(&placed.lengths)
            .map(|(chunk, &length)| {
                let offset = placed.offset + end as u64;
                end += length as usize;
                let checksum = bytes.get(..end).and_then(<[u8]>::last_chunk::<4>);
                PlacedChunk {
                    chunk,
                    end_trace: ((chunk + 1) * self.spec.chunk_traces).min(self.spec.n_traces),
                    offset,
                    length,
                    checksum: checksum.map_or(0, |bytes| u32::from_le_bytes(*bytes)),
                }
            })
            .collect();
        self.log
            .append(&records)
            .map_err(|source| self.failed("write the journal", &placed.shard, source))
    }

    fn order(&self) -> std::sync::MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shard_path(&self, number: u64) -> PathBuf {
        self.folder.join(number.to_string()).join("0")
    }

    fn open_shard(&self, number: u64) -> Result<Shard, DatasetError> {
        let path = self.shard_path(number);
        let written = self.total_written.load(Ordering::Relaxed);
        let file = fs::create_dir_all(self.folder.join(number.to_string()))
            .and_then(|()| {
                // What an earlier run of this import has written is taken from it chunk by chunk.
                let mut options = OpenOptions::new();
                options.write(true).create(true).truncate(false);
                options.open(&path)
            })
            .map_err(|source| DatasetError::io("make a shard", &path, written, source))?;
        let first_chunk = number * self.spec.chunks_per_shard;
        let present = self
            .spec
            .chunks_per_shard
            .min(self.spec.n_chunks - first_chunk);
        let room = usize::try_from(self.spec.chunks_per_shard).unwrap_or(usize::MAX);
        Ok(Shard::new(number, path, file, room, present))
    }

    /// Writes the index behind the last chunk, and ends the file there.
    fn close(&self, shard: &Shard) -> Result<(), DatasetError> {
        let (offset, index) = shard.index_bytes();
        let end = offset + index.len() as u64;
        write_all_at(&shard.file, &index, offset)
            .and_then(|()| shard.file.set_len(end))
            .map_err(|source| self.failed("write a shard's index", shard, source))?;
        start_write_back(&shard.file, offset, index.len() as u64);
        self.count(index.len() as u64);
        let mut order = self.order();
        if order
            .shard
            .as_ref()
            .is_some_and(|open| open.number == shard.number)
        {
            order.shard = None;
        }
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
