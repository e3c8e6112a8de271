//! What is known of everything at one row? Written beside the last checkpoint, synced, renamed.
//!
//! ```text
//! | "shotpoint checkpoint 1\n" | length u64 | facts, as JSON | length u64 | floats | crc32c u32 |
//! ```
//! The facts are small; what fills a part of a file (rows of the overview) lies behind them as it is.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::chunk_log;
use crate::dataset::ensembles::EnsembleState;
use crate::dataset::folder::sync_names;
use crate::dataset::layout;
use crate::dataset::overview::OverviewState;
use crate::dataset::row_groups::TableState;
use crate::dataset::shard::ChunkState;
use crate::job::CancelToken;

const MAGIC: &[u8] = b"shotpoint checkpoint 1\n";
const FILE: &str = "checkpoint";
/// A longer file is not ours.
const MAX_BYTES: u64 = 1 << 30;

/// The checkpoint cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dataset) struct Damaged;

/// The state of all that is written in file order, at one row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dataset) struct Checkpoint {
    pub(in crate::dataset) facts: CheckpointFacts,
    /// Values that `facts.overview` counts.
    pub(in crate::dataset) floats: Vec<f32>,
}

/// The small part of a checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::dataset) struct CheckpointFacts {
    /// Traces that are dealt with.
    pub(in crate::dataset) n_traces: u64,
    /// Logs of chunks before this one are not needed any more.
    pub(in crate::dataset) log_number: u64,
    pub(in crate::dataset) chunks: ChunkState,
    pub(in crate::dataset) headers: TableState,
    pub(in crate::dataset) ensembles: EnsembleState,
    pub(in crate::dataset) exceptions: TableState,
    pub(in crate::dataset) overview: OverviewState,
    /// What the import itself has to know; opaque here.
    pub(in crate::dataset) import: Value,
}

impl Checkpoint {
    /// `None` where none was made yet.
    pub(in crate::dataset) fn read(journal: &Path) -> Result<Option<Self>, Damaged> {
        let path = journal.join(FILE);
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(metadata) if metadata.len() <= MAX_BYTES => {}
            Ok(_) | Err(_) => return Err(Damaged),
        }
        let bytes = fs::read(&path).ok().ok_or(Damaged)?;
        Self::from_bytes(&bytes).ok_or(Damaged).map(Some)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (content, checksum) = bytes.split_last_chunk::<4>()?;
        if crc32c::crc32c(content) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let content = content.strip_prefix(MAGIC)?;
        let (facts, rest) = take_part(content)?;
        let (floats, _) = take_part(rest)?;
        let (words, _) = floats.as_chunks::<4>();
        Some(Self {
            facts: serde_json::from_slice(facts).ok()?,
            floats: words.iter().map(|word| f32::from_le_bytes(*word)).collect(),
        })
    }

    fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let facts = serde_json::to_vec(&self.facts)?;
        let mut bytes = Vec::with_capacity(MAGIC.len() + facts.len() + 4 * self.floats.len() + 20);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(facts.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&facts);
        bytes.extend_from_slice(&(4 * self.floats.len() as u64).to_le_bytes());
        for value in &self.floats {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        Ok(bytes)
    }

    /// Syncs `files` and their folders up to that of `partial`, then puts this checkpoint in the
    /// place of the last. After that nothing before it can be lost. Leaves the last one where it is
    /// once it is cancelled.
    pub(in crate::dataset) fn commit(
        &self,
        partial: &Path,
        files: &[PathBuf],
        cancel: &CancelToken,
    ) -> Result<(), (PathBuf, io::Error)> {
        let mut folders: Vec<&Path> = partial.parent().into_iter().collect();
        for path in files {
            if cancel.is_cancelled() {
                return Ok(());
            }
            sync_file(path).map_err(|source| (path.clone(), source))?;
            let above = path.ancestors().skip(1);
            folders.extend(above.take_while(|folder| folder.starts_with(partial)));
        }
        folders.sort_unstable();
        folders.dedup();
        for folder in folders {
            sync_names(folder).map_err(|source| (folder.to_owned(), source))?;
        }
        let journal = &partial.join(layout::JOURNAL);
        let new = journal.join("checkpoint.new");
        let write = || -> io::Result<()> {
            let mut file = File::create(&new)?;
            file.write_all(&self.to_bytes()?)?;
            file.sync_all()?;
            fs::rename(&new, journal.join(FILE))?;
            sync_names(journal)
        };
        write().map_err(|source| (new.clone(), source))?;
        chunk_log::remove_before(journal, self.facts.log_number);
        Ok(())
    }
}

fn sync_file(path: &Path) -> io::Result<()> {
    // Windows syncs only what is open for writing.
    fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)?
        .sync_all()
}

/// A length and so many bytes; and what is behind them.
fn take_part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}
