//! Which place does a chunk get? The next one in file order; what is early waits here for its turn.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::ChunkWriter;
use super::shard::Shard;
use crate::dataset::DatasetError;

/// Which chunk is next, and what waits for it.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) next_chunk: u64,
    /// The shard that the last chunk was given a place in, until it is full and closed.
    pub(super) shard: Option<Arc<Shard>>,
    /// Lengths of the chunks from this one on that have a place: from the shard on that the next
    /// checkpoint may begin in.
    pub(super) lengths_from: u64,
    pub(super) lengths: VecDeque<u32>,
    pub(super) early: BTreeMap<u64, EncodedChunks>,
    /// Empty buffers for the next blocks.
    pub(super) spare: Vec<Vec<u8>>,
}

/// Consecutive chunks, compressed, on their way into a shard.
#[derive(Debug, Default)]
pub struct EncodedChunks {
    pub(super) first_chunk: u64,
    /// Of each chunk.
    pub(super) lengths: Vec<u32>,
    pub(super) bytes: Vec<u8>,
}

/// Chunks that have their place, and are to be written there.
pub(super) struct Placed {
    pub(super) shard: Arc<Shard>,
    pub(super) offset: u64,
    pub(super) first_chunk: u64,
    pub(super) lengths: Vec<u32>,
    pub(super) bytes: Range<usize>,
}

/// A block's compressed chunks, and where they go.
pub(super) type Ready = (Vec<u8>, Vec<Placed>);

impl EncodedChunks {
    /// Counts the chunk whose bytes were appended last.
    pub(super) fn end_chunk(&mut self, n_bytes: usize) -> Result<(), DatasetError> {
        let length = u32::try_from(n_bytes).map_err(|error| DatasetError::Layout {
            problem: format!("a compressed chunk has {n_bytes} bytes: {error}"),
        })?;
        self.lengths.push(length);
        Ok(())
    }
}

impl ChunkWriter {
    /// Gives places to these chunks and to all that waited for them, if they are next.
    pub(super) fn take_places(&self, chunks: EncodedChunks) -> Result<Vec<Ready>, DatasetError> {
        let mut order = self.order();
        let first = chunks.first_chunk;
        if first < order.next_chunk || order.early.contains_key(&first) {
            return Err(DatasetError::Layout {
                problem: format!("chunk {first} was written twice"),
            });
        }
        order.early.insert(first, chunks);
        let mut ready = Vec::new();
        loop {
            let next = order.next_chunk;
            let Some(chunks) = order.early.remove(&next) else {
                break;
            };
            let placed = self.places_of(&mut order, &chunks)?;
            ready.push((chunks.bytes, placed));
        }
        Ok(ready)
    }

    /// Consecutive chunks lie in one shard, or in several.
    fn places_of(
        &self,
        order: &mut Order,
        chunks: &EncodedChunks,
    ) -> Result<Vec<Placed>, DatasetError> {
        let per_shard = self.spec.chunks_per_shard;
        let mut placed: Vec<Placed> = Vec::new();
        let mut start = 0;
        for &length in &chunks.lengths {
            let chunk = order.next_chunk;
            order.next_chunk += 1;
            order.lengths.push_back(length);
            if self.spec.chunk_bytes == 0 {
                self.chunks_written.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let number = chunk / per_shard;
            let shard = match &order.shard {
                Some(shard) if shard.number == number => Arc::clone(shard),
                _ => {
                    let shard = Arc::new(self.open_shard(number)?);
                    order.shard = Some(Arc::clone(&shard));
                    shard
                }
            };
            let offset = shard.take_place(chunk % per_shard, u64::from(length));
            let end = start + length as usize;
            match placed.last_mut() {
                Some(last) if last.shard.number == number => {
                    last.lengths.push(length);
                    last.bytes.end = end;
                }
                _ => placed.push(Placed {
                    shard,
                    offset,
                    first_chunk: chunk,
                    lengths: vec![length],
                    bytes: start..end,
                }),
            }
            start = end;
        }
        Ok(placed)
    }
}
