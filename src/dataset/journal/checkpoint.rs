//! What is known of everything at one row? Written beside the last checkpoint, synced, renamed.
//!
//! ```text
//! | "shotpoint checkpoint 1\n" | length u64 | facts, as JSON | length u64 | floats | crc32c u32 |
//! ```
//! The facts are small; what fills a part of a file (rows of the overview) lies behind them as it is.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::chunk_log;
use crate::dataset::chunk_writer::ChunkState;
use crate::dataset::ensembles::EnsembleState;
use crate::dataset::folder::sync_names;
use crate::dataset::layout;
use crate::dataset::overview::OverviewState;
use crate::dataset::row_groups::TableState;
use crate::job::CancelToken;

const MAGIC: &[u8] = b"shotpoint checkpoint 1\n";
const FILE: &str = "checkpoint";
const NEW_FILE: &str = "checkpoint.new";
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
    /// What the import itself has to know, as JSON; opaque here.
    pub(in crate::dataset) import: String,
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

    /// Writes a checkpoint beside the last one: from where its parts lie, because copies of them
    /// would take megabytes. `put_floats` gives the values that the facts count.
    pub(in crate::dataset) fn write_new(
        journal: &Path,
        facts: &CheckpointFacts,
        n_floats: usize,
        put_floats: impl FnOnce(&mut dyn FnMut(&[f32]) -> io::Result<()>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut file = Checked {
            file: BufWriter::new(File::create(journal.join(NEW_FILE))?),
            checksum: 0,
        };
        let facts = serde_json::to_vec(facts)?;
        file.put(MAGIC)?;
        file.put(&(facts.len() as u64).to_le_bytes())?;
        file.put(&facts)?;
        file.put(&(4 * n_floats as u64).to_le_bytes())?;
        put_floats(&mut |values| {
            values
                .iter()
                .try_for_each(|value| file.put(&value.to_le_bytes()))
        })?;
        let checksum = file.checksum;
        file.put(&checksum.to_le_bytes())?;
        file.file.flush()
    }

    /// Syncs `files` and their folders up to that of `partial`, then puts the new checkpoint in the
    /// place of the last; logs of chunks before `log_number` go away with it. After that nothing before it can be lost. Leaves the last one where it is
    /// once it is cancelled.
    pub(in crate::dataset) fn commit(
        partial: &Path,
        log_number: u64,
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
        let new = journal.join(NEW_FILE);
        sync_file(&new)
            .and_then(|()| fs::rename(&new, journal.join(FILE)))
            .and_then(|()| sync_names(journal))
            .map_err(|source| (new.clone(), source))?;
        chunk_log::remove_before(journal, log_number);
        Ok(())
    }
}

/// A file, and the checksum of what was put into it.
struct Checked {
    file: BufWriter<File>,
    checksum: u32,
}

impl Checked {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.checksum = crc32c::crc32c_append(self.checksum, bytes);
        self.file.write_all(bytes)
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
