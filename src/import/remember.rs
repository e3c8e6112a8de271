//! Which mapping did the user make for the last file of this make?
//!
//! A make is what files written by one program in one project have in common: the words of the
//! textual header (numbers taken out), revision, format and layout. Remembered mappings are JSON
//! files in a folder that the shell chooses; they are offered, never applied unasked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Mapping, Scan};
use crate::dataset::SourceFacts;
use crate::segy::{LayoutOverrides, TextualHeader};

/// Of a remembered mapping's file.
const REMEMBERED_VERSION: u32 = 1;
/// Lines that a textual header must have, to be known again.
const MIN_LINES: usize = 3;
/// Lines that must be the same, as a part of all.
const SAME_MAKE: f64 = 0.75;
/// Files of a folder that are looked at.
const MAX_FILES: usize = 1_000;
/// Larger files are none of ours.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// What files of one make have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Make {
    /// Digests of the textual header's lines that say something, without numbers; sorted, each once.
    pub lines: Vec<String>,
    /// "1.0".
    pub revision: String,
    /// Bytes 3225–3226.
    pub format_code: i16,
    /// "big-endian" …
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
    let named = |name: &str| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        Some(PathBuf::from(value))
    };
    let home = || named("HOME");
    let data = if cfg!(windows) {
        named("APPDATA").map(|folder| folder.join("shotpoint"))
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support/shotpoint"))
    } else {
        named("XDG_DATA_HOME")
            .or_else(|| home().map(|home| home.join(".local/share")))
            .map(|folder| folder.join("shotpoint"))
    };
    named("SHOTPOINT_DATA")
        .or(data)
        .map(|data| data.join("mappings"))
}

/// The make of a scanned file; `None` where its textual header says too little to know it again.
pub fn make_of(scan: &Scan) -> Option<Make> {
    let layout = &scan.layout;
    let lines = line_digests(&scan.textual_header);
    (lines.len() >= MIN_LINES).then(|| Make {
        lines,
        revision: layout.revision.value.to_string(),
        format_code: layout.format.value.code(),
        byte_order: layout.byte_order.value.label().to_owned(),
        n_additional_trace_headers: layout.n_additional_trace_headers.value,
    })
}

/// The letters of each line, without its numbers, as short digests: sorted, each once.
fn line_digests(text: &TextualHeader) -> Vec<String> {
    let mut digests: Vec<String> = text
        .lines()
        .iter()
        .map(|line| {
            let letters: String = line.chars().filter(|c| c.is_alphabetic()).collect();
            letters.to_uppercase()
        })
        // A bare card letter, or a word alone, says nothing.
        .filter(|letters| letters.len() >= 6)
        .map(|letters| {
            let digest = SourceFacts::digest_text(&Sha256::digest(letters.as_bytes()));
            digest.chars().take(12).collect()
        })
        .collect();
    digests.sort_unstable();
    digests.dedup();
    digests
}

impl Make {
    /// Lines in common, as a part of the longer list; 0 where revision, format or layout differ.
    pub fn similarity(&self, other: &Self) -> f64 {
        let facts = |make: &Self| {
            let order = make.byte_order.clone();
            (
                make.revision.clone(),
                make.format_code,
                order,
                make.n_additional_trace_headers,
            )
        };
        let longer = self.lines.len().max(other.lines.len());
        if facts(self) != facts(other) || longer == 0 {
            return 0.0;
        }
        let common = self
            .lines
            .iter()
            .filter(|line| other.lines.binary_search(line).is_ok());
        common.count() as f64 / longer as f64
    }

    /// The name of its file: the same for the same make.
    fn file_name(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        let digest = SourceFacts::digest_text(&Sha256::digest(text.as_bytes()));
        format!("{}.json", digest.chars().take(16).collect::<String>())
    }
}

/// Remembers `mapping` for files of this make, replacing what was remembered for the same make.
/// Gives the path of the JSON file.
///
/// # Errors
/// I/O; `InvalidInput` where the file's make cannot be known again.
pub fn remember(folder: &Path, scan: &Scan, mapping: &Mapping) -> io::Result<PathBuf> {
    let make = make_of(scan).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "the textual header says too little to know files of the same make again",
        )
    })?;
    let file_name = scan.path.file_name();
    let remembered = Remembered {
        version: REMEMBERED_VERSION,
        file_name: file_name
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        make,
        mapping: Mapping {
            overrides: LayoutOverrides::default(),
            ..mapping.clone()
        },
    };
    fs::create_dir_all(folder)?;
    let path = folder.join(remembered.make.file_name());
    let text = serde_json::to_string_pretty(&remembered).map_err(io::Error::other)?;
    // Whole or not at all, also where two windows remember at once.
    let partial = path.with_extension(format!("{}.partial", std::process::id()));
    fs::write(&partial, text)?;
    fs::rename(&partial, &path)?;
    Ok(path)
}

/// The remembered mapping that fits best; `None` where none does. Files that cannot be read are passed over.
pub fn recall(folder: &Path, scan: &Scan) -> Option<Recalled> {
    let make = make_of(scan)?;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .take(MAX_FILES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .filter(|path| fs::metadata(path).is_ok_and(|facts| facts.len() <= MAX_FILE_BYTES))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let remembered: Remembered =
                serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
            let similarity = make.similarity(&remembered.make);
            let fits = similarity >= SAME_MAKE
                && remembered.version <= REMEMBERED_VERSION
                && remembered.mapping.checked().is_ok();
            fits.then_some(Recalled {
                remembered,
                similarity,
                path,
            })
        })
        .max_by(|a, b| a.similarity.total_cmp(&b.similarity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segy::TextEncoding;

    fn make(lines: &[&str]) -> Make {
        Make {
            lines: line_digests(&TextualHeader::from_lines(lines, TextEncoding::Ascii)),
            revision: "1.0".to_owned(),
            format_code: 1,
            byte_order: "big-endian".to_owned(),
            n_additional_trace_headers: 0,
        }
    }

    #[test]
    fn numbers_do_not_make_another_make() {
        let one = make(&[
            "C 1 CLIENT ACME",
            "C 2 LINE 12 DATE 2019-01-02",
            "C 3 INLINE BYTES 9-12",
        ]);
        let two = make(&[
            "C 1 CLIENT ACME",
            "C 2 LINE 913 DATE 2020-11-30",
            "C 3 INLINE BYTES 9-12",
        ]);
        assert!((one.similarity(&two) - 1.0).abs() < 1e-12);
        let other = make(&[
            "C 1 CLIENT OTHER",
            "C 2 SURVEY 12 SHOT 2019",
            "C 3 ILINE AT 9",
        ]);
        assert!(one.similarity(&other) < SAME_MAKE);
        let reordered = Make {
            format_code: 5,
            ..one.clone()
        };
        assert!(one.similarity(&reordered).abs() < 1e-12);
    }

    #[test]
    fn blank_headers_have_no_lines() {
        assert!(make(&["C 1", "C 2", "C40 END"]).lines.len() < MIN_LINES);
    }
}
