//! What is known of one shard while it is written: its file, and where its chunks lie.
//!
//! ```text
//! | chunk | chunk | chunk | … | index: n × (u64 offset, u64 length) | crc32c |     little-endian
//! ```
//! Standard: Zarr v3 codec `sharding_indexed`, index at the end.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Offset and length of a chunk that is not there.
const MISSING: u64 = u64::MAX;

/// A shard that is being written.
#[derive(Debug)]
pub(super) struct Shard {
    pub(super) number: u64,
    pub(super) path: PathBuf,
    pub(super) file: File,
    index: Mutex<ShardIndex>,
}

#[derive(Debug)]
struct ShardIndex {
    /// Where the next chunk's bytes begin.
    next_offset: u64,
    /// Offset and length of every chunk that the shard has room for.
    entries: Vec<(u64, u64)>,
    /// Chunks that still have to be written.
    remaining: u64,
}

impl Shard {
    /// An empty shard with room for so many chunks, of which `n_present` will come.
    pub(super) fn new(number: u64, path: PathBuf, file: File, room: usize, n_present: u64) -> Self {
        Self {
            number,
            path,
            file,
            index: Mutex::new(ShardIndex {
                next_offset: 0,
                entries: vec![(MISSING, MISSING); room],
                remaining: n_present,
            }),
        }
    }

    /// Gives the next chunk its place.
    pub(super) fn take_place(&self, entry: u64, length: u64) -> u64 {
        let mut index = self.index();
        let offset = index.next_offset;
        index.next_offset += length;
        let entry = usize::try_from(entry).unwrap_or(usize::MAX);
        if let Some(slot) = index.entries.get_mut(entry) {
            *slot = (offset, length);
        }
        offset
    }

    /// Counts chunks that are written; whether all are now.
    pub(super) fn is_whole_after(&self, n_chunks: u64) -> bool {
        let mut index = self.index();
        index.remaining = index.remaining.saturating_sub(n_chunks);
        index.remaining == 0
    }

    /// Takes back the chunks that the shard has from an earlier run.
    pub(super) fn restore(&self, lengths: &[u32]) {
        for (entry, &length) in (0..).zip(lengths) {
            self.take_place(entry, u64::from(length));
        }
        self.is_whole_after(lengths.len() as u64);
    }

    /// Where the index begins, and its bytes.
    pub(super) fn index_bytes(&self) -> (u64, Vec<u8>) {
        let index = self.index();
        let mut bytes = Vec::with_capacity(index.entries.len() * 16 + 4);
        for (offset, length) in &index.entries {
            bytes.extend_from_slice(&offset.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        (index.next_offset, bytes)
    }

    fn index(&self) -> MutexGuard<'_, ShardIndex> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
