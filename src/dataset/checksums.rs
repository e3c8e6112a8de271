//! Is each file of a dataset as it was written? Lengths and checksums in the manifest.
//!
//! Shards and overviews hold checksums of their own, chunk by chunk; tables, opaque parts and
//! metadata do not, and a changed bit of theirs would read as another value without a word. So the
//! manifest keeps theirs. Files are read piece by piece: memory does not grow with them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::MANIFEST_FILE;
use super::{DatasetError, inside, layout};
use crate::job::{CancelToken, Cancelled};

/// Bytes that are summed between two looks at the cancel token.
const PIECE_BYTES: usize = 256 << 10;
/// Files that nobody made and nobody needs are named up to this many.
const MOST_NAMED: usize = 20;

/// Of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChecksum {
    /// Its length.
    pub bytes: u64,
    /// CRC-32C of all bytes, eight hexadecimal digits.
    pub crc32c: String,
}

/// By name from the dataset's folder on: "segy/trailer.bin".
pub type Checksums = BTreeMap<String, FileChecksum>;

/// Sums all files below `dataset` that have no checksums of their own.
pub(super) fn of_dataset(dataset: &Path, cancel: &CancelToken) -> Result<Checksums, DatasetError> {
    let mut sums = Checksums::new();
    let failed = DatasetError::reading("sum up the dataset", dataset);
    let files = files_below(dataset).map_err(failed)?;
    for file in files {
        let name = inside::name_of(dataset, &file);
        if !has_its_own(&name) {
            let sum = of_file(&file, cancel).map_err(|stop| match stop {
                Some(source) => DatasetError::io("sum up the dataset", &file, 0, source),
                None => DatasetError::Cancelled,
            })?;
            sums.insert(name, sum);
        }
    }
    Ok(sums)
}

/// Which files are not as the manifest says, one sentence each.
pub(super) fn faults(
    dataset: &Path,
    expected: &Checksums,
    cancel: &CancelToken,
) -> Result<Vec<String>, DatasetError> {
    let mut faults = Vec::new();
    for (name, expected) in expected {
        let file = dataset.join(name);
        let found = inside::check(dataset, &file)
            .map_err(Some)
            .and_then(|()| of_file(&file, cancel));
        match found {
            Ok(found) if found == *expected => {}
            Ok(found) if found.bytes != expected.bytes => faults.push(format!(
                "{name} has {} where {} were written",
                crate::wording::things(found.bytes, "byte"),
                crate::wording::count(expected.bytes)
            )),
            Ok(_) => faults.push(format!(
                "{name} was changed since it was written: its checksum is wrong"
            )),
            Err(Some(error)) => faults.push(format!("{name} cannot be read: {error}")),
            Err(None) => return Err(DatasetError::Cancelled),
        }
    }
    Ok(faults)
}

/// Files and links in the folder that no import made, as the manifest knows them.
pub(super) fn foreign(dataset: &Path, expected: &Checksums) -> Vec<String> {
    if expected.is_empty() {
        return Vec::new();
    }
    let files = files_below(dataset).unwrap_or_default();
    let names = files.iter().map(|file| inside::name_of(dataset, file));
    names
        .filter(|name| !expected.contains_key(name) && !has_its_own(name))
        .take(MOST_NAMED)
        .collect()
}

/// Whether a file is the manifest, or has checksums within, or is gone when the dataset is finished.
fn has_its_own(name: &str) -> bool {
    let is_chunk = |array: &str| {
        let below = name.strip_prefix(array);
        below.is_some_and(|below| below.starts_with("/c/") || below.contains("/c/"))
    };
    name == MANIFEST_FILE
        || name == "manifest.json.new"
        || name == "import.lock"
        || name.starts_with(&format!("{}/", layout::JOURNAL))
        || is_chunk(layout::AMPLITUDE)
        || is_chunk(layout::OVERVIEW)
}

/// Sorted; links are named and not followed.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// `Err(None)`: cancelled.
fn of_file(path: &Path, cancel: &CancelToken) -> Result<FileChecksum, Option<io::Error>> {
    let mut file = File::open(path).map_err(Some)?;
    let mut piece = vec![0; PIECE_BYTES];
    let (mut bytes, mut sum) = (0, 0);
    loop {
        cancel.check().map_err(|Cancelled| None)?;
        let read = match file.read(&mut piece) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Some(error)),
        };
        let Some(some) = piece.get(..read).filter(|some| !some.is_empty()) else {
            break;
        };
        sum = crc32c::crc32c_append(sum, some);
        bytes += read as u64;
    }
    Ok(FileChecksum {
        bytes,
        crc32c: format!("{sum:08x}"),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_was_changed_cut_or_removed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("segy")).unwrap();
        fs::create_dir_all(root.join("traces.zarr/amplitude/c/0")).unwrap();
        for name in [
            "a",
            "b",
            "segy/c",
            "manifest.json",
            "traces.zarr/amplitude/c/0/0",
        ] {
            fs::write(root.join(name), name).unwrap();
        }
        let cancel = CancelToken::default();
        let sums = of_dataset(root, &cancel).unwrap();
        assert_eq!(sums.keys().collect::<Vec<_>>(), ["a", "b", "segy/c"]);
        assert!(faults(root, &sums, &cancel).unwrap().is_empty());
        fs::write(root.join("a"), "A").unwrap();
        fs::write(root.join("b"), "").unwrap();
        fs::remove_file(root.join("segy/c")).unwrap();
        fs::write(root.join(".DS_Store"), "").unwrap();
        let found = faults(root, &sums, &cancel).unwrap();
        assert_eq!(found.len(), 3);
        assert!(found[0].starts_with("a was changed"), "{found:?}");
        assert!(found[1].starts_with("b has 0 bytes"), "{found:?}");
        assert!(found[2].starts_with("segy/c cannot be read"), "{found:?}");
        assert_eq!(foreign(root, &sums), [".DS_Store"]);
    }
}
