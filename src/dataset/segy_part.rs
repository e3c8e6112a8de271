//! How are opaque bytes of any length kept, and given back? (segy/trailer.bin and its like)
//!
//! A part may be longer than memory (a data trailer of 50 GB): it is written and read in pieces.
//! Long stretches of zeros take no room where the disk knows files with holes.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::DatasetError;
use super::positioned::{read_exact_at, write_all_at};

/// Bytes that are handed on at once.
const PIECE_BYTES: usize = 1 << 20;
/// Stretches of zeros that are looked for: a multiple of every file system's block.
const HOLE_BYTES: usize = 64 << 10;

const WRITING: &str = "write a part of the SEG-Y file";
const READING: &str = "read a part of the SEG-Y file";

/// Writes one file under segy/, piece by piece. A part of no bytes leaves no file.
#[derive(Debug)]
pub struct PartWriter {
    path: PathBuf,
    file: Option<File>,
    n_bytes: u64,
    total_written: Arc<AtomicU64>,
}

impl PartWriter {
    pub(super) fn new(path: PathBuf, total_written: Arc<AtomicU64>) -> Self {
        Self {
            path,
            file: None,
            n_bytes: 0,
            total_written,
        }
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// I/O.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DatasetError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.try_append(bytes)
            .map_err(|source| self.failed(source))?;
        self.n_bytes += bytes.len() as u64;
        self.total_written
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Sets the file's length, in case it ends in a hole; gives it.
    ///
    /// # Errors
    /// I/O.
    pub fn finish(self) -> Result<u64, DatasetError> {
        if let Some(file) = &self.file {
            file.set_len(self.n_bytes)
                .map_err(|source| self.failed(source))?;
        }
        Ok(self.n_bytes)
    }

    fn try_append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::create(&self.path)?),
        };
        for (i, stretch) in bytes.chunks(HOLE_BYTES).enumerate() {
            let is_hole = stretch.len() == HOLE_BYTES && stretch.iter().all(|&byte| byte == 0);
            if !is_hole {
                write_all_at(file, stretch, self.n_bytes + (i * HOLE_BYTES) as u64)?;
            }
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> DatasetError {
        let written = self.total_written.load(Ordering::Relaxed);
        DatasetError::io(WRITING, &self.path, written, source)
    }
}

/// Reads one file under segy/, piece by piece.
#[derive(Debug)]
pub struct PartReader {
    path: PathBuf,
    /// `None` where there is no such part.
    file: Option<File>,
    n_bytes: u64,
    piece: Vec<u8>,
}

impl PartReader {
    /// Opens the part; one that is not there has no bytes.
    pub(super) fn open(path: &Path) -> Result<Self, DatasetError> {
        let failed = |source| DatasetError::io(READING, path, 0, source);
        let file = match File::open(path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(failed(source)),
        };
        let n_bytes = match &file {
            Some(file) => file.metadata().map_err(failed)?.len(),
            None => 0,
        };
        Ok(Self {
            path: path.to_owned(),
            file,
            n_bytes,
            piece: Vec::new(),
        })
    }

    /// Length of the part.
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Up to 1 MiB from `offset_bytes` on; none behind the end.
    ///
    /// # Errors
    /// I/O.
    pub fn piece(&mut self, offset_bytes: u64) -> Result<&[u8], DatasetError> {
        let left = self.n_bytes.saturating_sub(offset_bytes);
        let len = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
        self.piece.resize(len, 0);
        if let Some(file) = &self.file {
            read_exact_at(file, &mut self.piece, offset_bytes)
                .map_err(|source| DatasetError::io(READING, &self.path, 0, source))?;
        }
        Ok(&self.piece)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::fs;

    fn written(pieces: &[&[u8]]) -> (tempfile::TempDir, PathBuf, u64) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trailer.bin");
        let mut writer = PartWriter::new(path.clone(), Arc::default());
        for piece in pieces {
            writer.append(piece).unwrap();
        }
        let n_bytes = writer.finish().unwrap();
        (folder, path, n_bytes)
    }

    #[test]
    fn all_bytes_come_back_with_and_without_holes() {
        let zeros = vec![0; 3 * HOLE_BYTES + 17];
        let ones = vec![1; HOLE_BYTES + 5];
        for pieces in [
            vec![&b"abc"[..]],
            vec![&zeros[..], &ones, &zeros],
            vec![&ones[..], &zeros, &zeros[..1], &ones, &zeros[..HOLE_BYTES]],
            vec![&zeros[..]],
        ] {
            let (_folder, path, n_bytes) = written(&pieces);
            let expected = pieces.concat();
            assert_eq!(n_bytes, expected.len() as u64);
            assert!(fs::read(&path).unwrap() == expected);
            let mut reader = PartReader::open(&path).unwrap();
            assert_eq!(reader.n_bytes(), n_bytes);
            for offset in [0, 1, expected.len() / 2, expected.len()] {
                let piece = reader.piece(offset as u64).unwrap();
                let end = expected.len().min(offset + PIECE_BYTES);
                assert!(piece == &expected[offset..end]);
            }
            assert!(reader.piece(u64::MAX).unwrap().is_empty());
        }
    }

    #[test]
    fn no_bytes_leave_no_file_and_read_as_none() {
        let (_folder, path, n_bytes) = written(&[b"", b""]);
        assert_eq!(n_bytes, 0);
        assert!(!path.exists());
        let mut reader = PartReader::open(&path).unwrap();
        assert_eq!(reader.n_bytes(), 0);
        assert!(reader.piece(0).unwrap().is_empty());
    }
}
