//! Where was each chunk placed? One record of fixed length a chunk, appended by whoever placed it.
//!
//! ```text
//! | chunk u64 | end trace u64 | offset u64 | length u32 | checksum of the chunk u32 | checksum of the record u32 |
//! ```
//! A record that a crash cut or mangled has a wrong checksum and is skipped; so is one of a chunk
//! whose bytes are not what it says. So nothing here needs to be synced.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const RECORD_BYTES: usize = 36;
/// So many logs are read at most: there are never more than three.
const MAX_LOGS: usize = 16;

/// A chunk that lies in its shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dataset) struct PlacedChunk {
    /// Its number.
    pub(in crate::dataset) chunk: u64,
    /// One behind its last trace.
    pub(in crate::dataset) end_trace: u64,
    /// In the shard's file.
    pub(in crate::dataset) offset: u64,
    /// Compressed.
    pub(in crate::dataset) length: u32,
    /// crc32c of its bytes, as they end with it.
    pub(in crate::dataset) checksum: u32,
}

impl PlacedChunk {
    fn record(&self) -> [u8; RECORD_BYTES] {
        let mut record = [0; RECORD_BYTES];
        let fields = self
            .chunk
            .to_le_bytes()
            .into_iter()
            .chain(self.end_trace.to_le_bytes())
            .chain(self.offset.to_le_bytes())
            .chain(self.length.to_le_bytes())
            .chain(self.checksum.to_le_bytes());
        for (byte, value) in record.iter_mut().zip(fields) {
            *byte = value;
        }
        if let Some((fields, checksum)) = record.split_last_chunk_mut::<4>() {
            *checksum = crc32c::crc32c(fields).to_le_bytes();
        }
        record
    }

    fn from_record(record: &[u8; RECORD_BYTES]) -> Option<Self> {
        let (fields, checksum) = record.split_last_chunk::<4>()?;
        if crc32c::crc32c(fields) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let (chunk, rest) = fields.split_first_chunk::<8>()?;
        let (end_trace, rest) = rest.split_first_chunk::<8>()?;
        let (offset, rest) = rest.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (checksum, _) = rest.split_first_chunk::<4>()?;
        Some(Self {
            chunk: u64::from_le_bytes(*chunk),
            end_trace: u64::from_le_bytes(*end_trace),
            offset: u64::from_le_bytes(*offset),
            length: u32::from_le_bytes(*length),
            checksum: u32::from_le_bytes(*checksum),
        })
    }
}

/// The log being written.
#[derive(Debug)]
pub(in crate::dataset) struct ChunkLog {
    folder: PathBuf,
    open: Mutex<OpenLog>,
}

#[derive(Debug)]
struct OpenLog {
    number: u64,
    file: File,
}

impl ChunkLog {
    /// Begins a log behind those that are there.
    pub(in crate::dataset) fn begin(folder: &Path) -> io::Result<Self> {
        let number = numbers(folder).last().map_or(0, |last| last + 1);
        Ok(Self {
            folder: folder.to_owned(),
            open: Mutex::new(OpenLog {
                number,
                file: create(folder, number)?,
            }),
        })
    }

    /// Appends records with one write.
    pub(in crate::dataset) fn append(&self, placed: &[PlacedChunk]) -> io::Result<()> {
        let bytes: Vec<u8> = placed.iter().flat_map(PlacedChunk::record).collect();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.file.write_all(&bytes)
    }

    /// Begins the next log. Records of chunks behind the checkpoint that is made now may stand in
    /// the log before: gives its number, behind which nothing is needed once the checkpoint holds.
    pub(in crate::dataset) fn turn_over(&self) -> io::Result<u64> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let before = open.number;
        *open = OpenLog {
            number: before + 1,
            file: create(&self.folder, before + 1)?,
        };
        Ok(before)
    }
}

/// Removes the logs before `number`.
pub(in crate::dataset) fn remove_before(folder: &Path, number: u64) {
    for old in numbers(folder).range(..number) {
        // One that stays does no harm: its chunks lie before the checkpoint.
        drop(fs::remove_file(path_of(folder, *old)));
    }
}

/// All whole records of all logs, in the order of writing.
pub(in crate::dataset) fn read(folder: &Path) -> Vec<PlacedChunk> {
    let mut placed = Vec::new();
    for number in numbers(folder).into_iter().take(MAX_LOGS) {
        // A log that cannot be read holds nothing that could not be made again.
        let bytes = fs::read(path_of(folder, number)).unwrap_or_default();
        let (records, _) = bytes.as_chunks::<RECORD_BYTES>();
        placed.extend(records.iter().filter_map(PlacedChunk::from_record));
    }
    placed
}

fn create(folder: &Path, number: u64) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path_of(folder, number))
}

fn path_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("chunks-{number}.log"))
}

fn numbers(folder: &Path) -> BTreeSet<u64> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeSet::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let number = name
                .to_str()?
                .strip_prefix("chunks-")?
                .strip_suffix(".log")?;
            number.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn placed(chunk: u64) -> PlacedChunk {
        PlacedChunk {
            chunk,
            end_trace: (chunk + 1) * 128,
            offset: chunk * 1000,
            length: 1000,
            checksum: 0x1234_5678,
        }
    }

    #[test]
    fn records_come_back_but_for_torn_and_mangled_ones() {
        let folder = tempfile::tempdir().unwrap();
        let log = ChunkLog::begin(folder.path()).unwrap();
        log.append(&[placed(0), placed(1)]).unwrap();
        assert_eq!(log.turn_over().unwrap(), 0);
        log.append(&[placed(2), placed(3)]).unwrap();
        let all: Vec<PlacedChunk> = (0..4).map(placed).collect();
        assert_eq!(read(folder.path()), all);

        let second = folder.path().join("chunks-1.log");
        let bytes = fs::read(&second).unwrap();
        for cut in 0..=bytes.len() {
            let mut torn = bytes[..cut].to_vec();
            torn.extend([0xa5; 50]);
            fs::write(&second, &torn).unwrap();
            assert_eq!(read(folder.path()), all[..2 + cut / RECORD_BYTES]);
        }
        for at in 0..RECORD_BYTES {
            let mut mangled = bytes.clone();
            mangled[at] ^= 0x10;
            fs::write(&second, &mangled).unwrap();
            assert_eq!(read(folder.path()), [placed(0), placed(1), placed(3)]);
        }
    }

    #[test]
    fn logs_before_a_checkpoint_go_away() {
        let folder = tempfile::tempdir().unwrap();
        let log = ChunkLog::begin(folder.path()).unwrap();
        for chunk in 0..3 {
            log.append(&[placed(chunk)]).unwrap();
            log.turn_over().unwrap();
        }
        remove_before(folder.path(), 2);
        assert_eq!(read(folder.path()), [placed(2)]);
        // Going on begins a log of its own.
        let log = ChunkLog::begin(folder.path()).unwrap();
        log.append(&[placed(7)]).unwrap();
        assert_eq!(read(folder.path()), [placed(2), placed(7)]);
    }
}
