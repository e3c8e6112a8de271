//! What lies at a path, and what will happen when it is opened? Read on a thread.

use std::fs;
use std::path::{Path, PathBuf};

use super::messages::{Message, Severity};
use super::settings::{Kind, Recent};
use crate::dataset::Dataset;

/// Files of a folder that are looked through for SEG-Y.
const FOLDER_LIMIT: usize = 2000;

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Will be scanned.
    Segy { size_bytes: u64 },
    /// Will be shown.
    Dataset,
    /// SEG-Y files directly in a folder.
    Folder { files: Vec<PathBuf> },
    /// Cannot be opened; why.
    Refused(String),
}

/// A path and what lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) verdict: Verdict,
}

/// Looks at each path. Reads folders and sizes, no contents.
pub(crate) fn look(paths: Vec<PathBuf>) -> Vec<Found> {
    paths
        .into_iter()
        .map(|path| Found {
            verdict: verdict(&path),
            path,
        })
        .collect()
}

fn verdict(path: &Path) -> Verdict {
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) => return Verdict::Refused(refusal(path, &error)),
    };
    if facts.is_dir() {
        return folder_verdict(path);
    }
    if path.file_name().is_some_and(|n| n == "manifest.json")
        && path.parent().is_some_and(Dataset::is_dataset)
    {
        return Verdict::Dataset;
    }
    if facts.len() == 0 {
        return Verdict::Refused("the file is empty (0 bytes)".to_owned());
    }
    if is_surely_something_else(path) {
        return Verdict::Refused("not SEG-Y by its name; ignored".to_owned());
    }
    Verdict::Segy {
        size_bytes: facts.len(),
    }
}

fn folder_verdict(path: &Path) -> Verdict {
    if Dataset::is_dataset(path) {
        return Verdict::Dataset;
    }
    if path.extension().is_some_and(|e| e == "partial") {
        return Verdict::Refused(
            "an unfinished import: open its SEG-Y file to go on with it, or to start over"
                .to_owned(),
        );
    }
    let Ok(entries) = fs::read_dir(path) else {
        return Verdict::Refused("the folder cannot be read".to_owned());
    };
    let mut files: Vec<PathBuf> = entries
        .take(FOLDER_LIMIT)
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| has_segy_name(p))
        .collect();
    files.sort();
    if files.is_empty() {
        return Verdict::Refused(
            "neither a Shotpoint dataset (no manifest.json) nor a folder with SEG-Y files"
                .to_owned(),
        );
    }
    Verdict::Folder { files }
}

fn refusal(path: &Path, error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
        return match parent {
            Some(parent) if !parent.exists() => {
                format!("there is no folder {}", parent.display())
            }
            _ => "there is no such file; check the spelling".to_owned(),
        };
    }
    error.to_string()
}

/// Whether the name ends as SEG-Y files do.
fn has_segy_name(path: &Path) -> bool {
    extension(path).is_some_and(|e| ["sgy", "segy", "seg-y", "sgy2"].contains(&e.as_str()))
}

/// Endings that no SEG-Y file has. Anything else is tried: SEG-Y comes under many names.
fn is_surely_something_else(path: &Path) -> bool {
    const OTHERS: &[&str] = &[
        "doc", "docx", "pdf", "txt", "csv", "json", "png", "jpg", "jpeg", "zip", "gz", "xlsx",
        "md", "html", "py", "parquet",
    ];
    extension(path).is_some_and(|e| OTHERS.contains(&e.as_str()))
}

fn extension(path: &Path) -> Option<String> {
    path.extension().map(|e| e.to_string_lossy().to_lowercase())
}

/// Shows a folder in the desktop's file manager; gives what to say where there is none.
pub(crate) fn show_in_files(path: &Path) -> Option<Message> {
    let program = if cfg!(target_os = "windows") {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = std::process::Command::new(program)
        .arg(path)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    match started {
        // The Windows explorer says 1 although it has opened the folder.
        Ok(status) if status.success() || cfg!(target_os = "windows") => None,
        Ok(_) | Err(_) => Some(Message::new(
            Severity::Info,
            "No file manager was found",
            format!("The folder is {}", path.display()),
        )),
    }
}

/// Whether a recent file is still there, and its size now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecentState {
    pub(crate) path: PathBuf,
    pub(crate) size_bytes: Option<u64>,
}

/// Looks for recent files; a dataset's size is not summed up again.
pub(crate) fn check_recent(recent: &[Recent]) -> Vec<RecentState> {
    recent
        .iter()
        .map(|entry| RecentState {
            path: entry.path.clone(),
            size_bytes: match entry.kind {
                Kind::Segy => fs::metadata(&entry.path).ok().map(|m| m.len()),
                Kind::Dataset => Dataset::is_dataset(&entry.path).then_some(entry.size_bytes),
            },
        })
        .collect()
}

/// A typed or pasted path: quotes, `file://` and `~` understood.
pub(crate) fn path_from_text(text: &str) -> Option<PathBuf> {
    let text = text.trim().trim_matches(['"', '\'']);
    if text.is_empty() {
        return None;
    }
    let text = text.strip_prefix("file://").unwrap_or(text);
    if let Some(rest) = text.strip_prefix("~/")
        && let Some(home) = std::env::var_os("HOME")
    {
        return Some(PathBuf::from(home).join(rest));
    }
    Some(PathBuf::from(text))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn each_kind_of_path_gets_its_verdict() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.sgy"), [0; 4000]).unwrap();
        fs::write(at("noname"), [0; 10]).unwrap();
        fs::write(at("empty.sgy"), []).unwrap();
        fs::write(at("notes.docx"), [1]).unwrap();
        fs::create_dir(at("set.shotpoint")).unwrap();
        fs::write(at("set.shotpoint/manifest.json"), b"{}").unwrap();
        fs::create_dir(at("void")).unwrap();
        let verdict_of = |name: &str| verdict(&at(name));
        assert_eq!(verdict_of("a.sgy"), Verdict::Segy { size_bytes: 4000 });
        assert_eq!(verdict_of("noname"), Verdict::Segy { size_bytes: 10 });
        assert_eq!(verdict_of("set.shotpoint"), Verdict::Dataset);
        assert_eq!(verdict_of("set.shotpoint/manifest.json"), Verdict::Dataset);
        for name in ["empty.sgy", "notes.docx", "void", "missing.sgy"] {
            assert!(matches!(verdict_of(name), Verdict::Refused(_)), "{name}");
        }
        let Verdict::Folder { files } = verdict(folder.path()) else {
            panic!("a folder with SEG-Y files");
        };
        assert_eq!(files, [at("a.sgy"), at("empty.sgy")]);
    }

    #[test]
    fn pasted_paths_lose_quotes_and_schemes() {
        assert_eq!(path_from_text(" '/a b.sgy' "), Some("/a b.sgy".into()));
        assert_eq!(path_from_text("file:///x.sgy"), Some("/x.sgy".into()));
        assert_eq!(path_from_text("  "), None);
    }
}
