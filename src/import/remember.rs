//! Which mapping did the user make for the last file of this make?
//!
//! A make is what files written by one program in one project have in common: the words of the
//! textual header (numbers taken out), revision, format and layout. Remembered mappings are JSON
//! files in a folder that the shell chooses; they are offered, never applied unasked.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Mapping, Scan};

/// What files of one make have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Make {
    /// Digests of the textual header's lines that say something, without numbers; sorted, each once.
    pub lines: Vec<String>,
    /// "1.0".
    pub revision: String,
    /// Bytes 3225–3226.
    pub format_code: i16,
    /// "big" …
    pub byte_order: String,
    /// Additional trace headers.
    pub n_additional_trace_headers: u32,
}

/// A mapping that was remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// Of this file's layout.
    pub version: u32,
    /// The file that it was made for.
    pub file_name: String,
    /// Of which make that was.
    pub make: Make,
    /// The mapping, without overrides of the layout.
    pub mapping: Mapping,
}

/// A remembered mapping that fits, and how well.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recalled {
    /// What was remembered.
    pub remembered: Remembered,
    /// Lines of the textual header that are the same, as a part of all: between 0 and 1.
    pub similarity: f64,
    /// Where it lies.
    pub path: PathBuf,
}

/// Where this user's remembered mappings lie: `SHOTPOINT_DATA`, or the system's folder for a
/// program's data; `None` where there is no such folder.
pub fn default_mapping_folder() -> Option<PathBuf> {
    None
}

/// The make of a scanned file; `None` where its textual header says too little to know it again.
pub fn make_of(scan: &Scan) -> Option<Make> {
    let _ = scan;
    None
}

/// Remembers `mapping` for files of this make, replacing what was remembered for the same make.
/// Gives the path of the JSON file.
///
/// # Errors
/// I/O; `InvalidInput` where the file's make cannot be known again.
pub fn remember(folder: &Path, scan: &Scan, mapping: &Mapping) -> io::Result<PathBuf> {
    let _ = (folder, scan, mapping);
    Err(io::Error::from(io::ErrorKind::InvalidInput))
}

/// The remembered mapping that fits best; `None` where none does. Files that cannot be read are passed over.
pub fn recall(folder: &Path, scan: &Scan) -> Option<Recalled> {
    let _ = (folder, scan);
    None
}
