//! Is this folder a dataset, and can what it says of itself be believed?
//!
//! Nothing that manifest, array metadata and footers state is believed before they were compared with
//! each other.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::folder::MANIFEST_FILE;
use super::rows::RowReader;
use super::{Checksums, DatasetError, Manifest, checksums, inside, layout, spec};
use crate::job::CancelToken;

/// No metadata file of ours is larger; a larger one is not read.
const MAX_METADATA_BYTES: u64 = 64 << 20;

/// Why a table cannot be read at all.
#[derive(Debug)]
pub(super) struct LostTable {
    path: PathBuf,
    detail: String,
}

impl LostTable {
    pub(super) fn error(&self) -> DatasetError {
        DatasetError::Damaged {
            what: "the table of trace headers".to_owned(),
            detail: self.detail.clone(),
            path: self.path.clone(),
        }
    }
}

/// Reads and checks manifest.json.
pub(super) fn read_manifest(folder: &Path) -> Result<Manifest, DatasetError> {
    let path = folder.join(MANIFEST_FILE);
    if !path.is_file() {
        return Err(why_not_a_dataset(folder));
    }
    let damaged = |detail: String| DatasetError::Damaged {
        what: "the manifest".to_owned(),
        detail,
        path: path.clone(),
    };
    inside::check_part(folder, &path)?;
    let text = read_small_file(&path).map_err(DatasetError::reading("read the manifest", &path))?;
    let document: Value =
        serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
    // The version first: a newer format may be of any shape.
    let version = document.get("format_version").and_then(Value::as_u64);
    match version {
        None => return Err(damaged("it has no format_version".to_owned())),
        Some(found) if found > u64::from(super::FORMAT_VERSION) => {
            return Err(DatasetError::UnknownVersion {
                found,
                supported: super::FORMAT_VERSION,
                path: folder.to_owned(),
            });
        }
        Some(0) => return Err(damaged("format_version 0 never was".to_owned())),
        Some(_) => {}
    }
    let manifest: Manifest =
        serde_json::from_value(document).map_err(|error| damaged(error.to_string()))?;
    check_manifest(&manifest).map_err(damaged)?;
    Ok(manifest)
}

/// Whether a file has the checksum that was written down; yes where none was.
pub(super) fn is_as_written(dataset: &Path, manifest: &Manifest, name: &str) -> bool {
    let sum = manifest.checksums.get_key_value(name);
    let only: Checksums = sum
        .map(|(name, sum)| (name.clone(), sum.clone()))
        .into_iter()
        .collect();
    checksums::faults(dataset, &only, &CancelToken::default()).is_ok_and(|faults| faults.is_empty())
}

pub(super) fn open_headers(dataset: &Path, n_traces: u64) -> Result<RowReader, LostTable> {
    let path = dataset.join(layout::HEADERS);
    let open = || -> Result<RowReader, String> {
        inside::check(dataset, &path).map_err(|error| error.to_string())?;
        let table = RowReader::open(&path, "read the headers").map_err(|error| {
            // The path is said once, behind what follows from it.
            if let DatasetError::Parquet { source, .. } = error {
                source.to_string()
            } else {
                error.to_string()
            }
        })?;
        if table.n_rows() == n_traces {
            Ok(table)
        } else {
            let n_rows = table.n_rows();
            Err(format!("it has {n_rows} rows for {n_traces} traces"))
        }
    };
    open().map_err(|detail| LostTable { path, detail })
}

/// Nothing is made ready for traces of which there is no sign: a manifest and a footer may both
/// claim more than any disk holds.
pub(super) fn check_shards(
    dataset: &Path,
    manifest: &Manifest,
    has_headers: bool,
) -> Result<(), DatasetError> {
    /// So many are believed, if headers are there for them.
    const BELIEVED_CHUNKS: u64 = 1 << 16;
    let array = &manifest.array;
    if array.n_samples == 0 || (has_headers && array.n_chunks <= BELIEVED_CHUNKS) {
        return Ok(());
    }
    let folder = dataset.join(layout::AMPLITUDE).join("c");
    let n_found = std::fs::read_dir(&folder).map_or(0, |entries| entries.count() as u64);
    let n_shards = array
        .n_chunks
        .div_ceil(u64::from(array.chunks_per_shard.max(1)));
    if n_shards <= n_found.saturating_mul(2).saturating_add(1) {
        return Ok(());
    }
    Err(DatasetError::Damaged {
        what: "the array amplitude".to_owned(),
        detail: format!("{n_found} of its {n_shards} shards are there"),
        path: folder,
    })
}

fn check_manifest(manifest: &Manifest) -> Result<(), String> {
    let array = &manifest.array;
    if manifest.state != "complete" {
        return Err(format!("its state is \"{}\"", manifest.state));
    }
    spec::check_shape(
        array.n_samples,
        array.number_type,
        array.chunk_traces,
        array.chunks_per_shard,
    )?;
    let n_chunks = array.n_traces.div_ceil(u64::from(array.chunk_traces));
    if array.n_chunks != n_chunks {
        return Err(format!(
            "{} chunks for {} traces; {n_chunks} are needed",
            array.n_chunks, array.n_traces
        ));
    }
    // Rows are counted in i64 and memory in bytes: beyond this nothing adds up any more.
    if array.n_traces > 1 << 48 {
        return Err(format!("{} traces are too many", array.n_traces));
    }
    if !(manifest.axis.first.is_finite() && manifest.axis.interval.is_finite()) {
        return Err("its vertical axis is not finite".to_owned());
    }
    Ok(())
}

fn why_not_a_dataset(folder: &Path) -> DatasetError {
    let path = folder.to_owned();
    let partial = folder.extension().is_some_and(|e| e == "partial");
    if partial || folder.join(layout::TRACES).is_dir() {
        return DatasetError::Unfinished { path };
    }
    let missing = if !folder.exists() {
        "there is nothing at this path"
    } else if folder.is_dir() {
        "the folder has no manifest.json"
    } else {
        "it is a file, not a folder"
    };
    DatasetError::NotADataset { path, missing }
}

/// The bytes of a metadata file, unless it is far too large to be one.
pub(super) fn read_small_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_METADATA_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_METADATA_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("more than {MAX_METADATA_BYTES} bytes"),
        ));
    }
    Ok(bytes)
}
