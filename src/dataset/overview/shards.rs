//! How do the chunks of one overview array lie in few files? In shards, one chunk behind the other.
//!
//! Chunks come in order from one thread, so that nothing waits and no place is reserved; the index
//! is written behind the last chunk of a shard. A dataset of a terabyte has a thousand such files
//! instead of 120,000.
//! Standard: Zarr v3 codec `sharding_indexed`, index at the end.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;

use crate::dataset::positioned::{start_write_back, write_all_at};

/// Chunks of a shard: files of at most 32 MB.
pub(in crate::dataset) const CHUNKS_PER_SHARD: u64 = 64;
/// Offset and length of a chunk that is not there.
const MISSING: u64 = u64::MAX;

/// Writes the chunks of an array of one column of chunks.
#[derive(Debug)]
pub(super) struct ShardFiles {
    /// `overview/1/min/c`.
    folder: PathBuf,
    n_chunks: u64,
    next_chunk: u64,
    /// Of the chunks in the shard that is not full yet, and the sum of them.
    lengths: Vec<u32>,
    offset: u64,
    open: Option<File>,
    /// Files that no checkpoint has synced yet.
    unsynced: Vec<PathBuf>,
}

impl ShardFiles {
    pub(super) fn new(folder: PathBuf, n_chunks: u64) -> Self {
        Self {
            folder,
            n_chunks,
            next_chunk: 0,
            lengths: Vec::new(),
            offset: 0,
            open: None,
            unsynced: Vec::new(),
        }
    }

    /// Lengths of the chunks of the shard that is not full yet.
    pub(super) fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    /// Goes on behind so many chunks; `lengths` is what [`Self::lengths`] was there.
    pub(super) fn restore(&mut self, n_chunks: u64, lengths: &[u32]) {
        self.next_chunk = n_chunks;
        self.lengths = lengths.to_vec();
        self.offset = lengths.iter().map(|&length| u64::from(length)).sum();
    }

    /// The file of the next chunk.
    pub(super) fn path(&self) -> PathBuf {
        let shard = self.next_chunk / CHUNKS_PER_SHARD;
        self.folder.join(shard.to_string()).join("0")
    }

    /// Writes the next chunk, and behind the last one of a shard its index; gives the bytes written.
    pub(super) fn push(&mut self, encoded: &[u8]) -> io::Result<u64> {
        let length = u32::try_from(encoded.len()).map_err(io::Error::other)?;
        let path = self.path();
        let file = match self.open.take() {
            Some(file) => file,
            None => open(&path)?,
        };
        write_all_at(&file, encoded, self.offset)?;
        start_write_back(&file, self.offset, u64::from(length));
        self.offset += u64::from(length);
        self.lengths.push(length);
        self.next_chunk += 1;
        if self.unsynced.last() != Some(&path) {
            self.unsynced.push(path);
        }
        let is_whole =
            self.next_chunk.is_multiple_of(CHUNKS_PER_SHARD) || self.next_chunk == self.n_chunks;
        if !is_whole {
            self.open = Some(file);
            return Ok(u64::from(length));
        }
        let index = index_bytes(&self.lengths);
        write_all_at(&file, &index, self.offset)?;
        // An earlier run of this import may have come further.
        file.set_len(self.offset + index.len() as u64)?;
        self.offset = 0;
        self.lengths.clear();
        Ok(u64::from(length) + index.len() as u64)
    }

    /// The files that were written since this was asked last.
    pub(super) fn take_unsynced(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.unsynced)
    }
}

fn open(path: &PathBuf) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).open(path)
}

/// Offset and length of every chunk that a shard has room for, and a checksum.
fn index_bytes(lengths: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut offset = 0;
    for entry in 0..usize::try_from(CHUNKS_PER_SHARD).unwrap_or(usize::MAX) {
        let (at, length) = match lengths.get(entry) {
            Some(&length) => (offset, u64::from(length)),
            None => (MISSING, MISSING),
        };
        bytes.extend_from_slice(&at.to_le_bytes());
        bytes.extend_from_slice(&length.to_le_bytes());
        offset = offset.wrapping_add(length);
    }
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn chunk(number: u64) -> Vec<u8> {
        vec![u8::try_from(number % 251).unwrap(); 10 + usize::try_from(number % 7).unwrap()]
    }

    #[test]
    fn shards_that_were_gone_on_with_are_the_same_files() {
        let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let n_chunks = 2 * CHUNKS_PER_SHARD + 5;
        let mut shards = ShardFiles::new(whole.path().to_owned(), n_chunks);
        for number in 0..n_chunks {
            shards.push(&chunk(number)).unwrap();
        }
        let n_files = shards.take_unsynced().len();
        assert_eq!(n_files, 3);

        let mut first = ShardFiles::new(cut.path().to_owned(), n_chunks);
        let (mut n_kept, mut kept) = (0, Vec::new());
        for number in 0..CHUNKS_PER_SHARD + 30 {
            if number == CHUNKS_PER_SHARD + 10 {
                (n_kept, kept) = (number, first.lengths().to_vec());
            }
            first.push(&chunk(number)).unwrap();
        }
        drop(first);
        let mut second = ShardFiles::new(cut.path().to_owned(), n_chunks);
        second.restore(n_kept, &kept);
        for number in n_kept..n_chunks {
            second.push(&chunk(number)).unwrap();
        }
        for shard in 0..3 {
            let read = |folder: &tempfile::TempDir| {
                fs::read(folder.path().join(shard.to_string()).join("0")).unwrap()
            };
            assert_eq!(read(&whole), read(&cut), "shard {shard}");
        }
    }

    #[test]
    fn the_index_says_where_each_chunk_lies_and_which_are_missing() {
        let bytes = index_bytes(&[10, 20]);
        let entry = |i: usize| {
            let number = |at: usize| u64::from_le_bytes(*bytes[at..].first_chunk().unwrap());
            (number(16 * i), number(16 * i + 8))
        };
        assert_eq!((entry(0), entry(1)), ((0, 10), (10, 20)));
        assert_eq!(
            (entry(2), entry(63)),
            ((MISSING, MISSING), (MISSING, MISSING))
        );
        assert_eq!(bytes.len(), 64 * 16 + 4);
    }
}
