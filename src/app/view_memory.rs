//! How was each dataset looked at? Display, keys, place and layout, kept for the newest of them.
//!
//! A dataset is known again by its path, its size and a digest of its headers: where one of them
//! differs it is another one, and what was kept of the old does not fit.

use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::section::Look;
use crate::browse::SortBy;
use crate::view::SectionWindow;

/// Under which eframe keeps the text.
pub(crate) const STORAGE_KEY: &str = "shotpoint_views";
/// Datasets kept, some hundred bytes each.
const KEPT: usize = 200;
/// Of a SEG-Y file: the textual and binary file headers and the first trace header.
const HEADER_BYTES: u64 = 3200 + 400 + 240;

/// How one dataset was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ViewMemory {
    pub(crate) look: Look,
    /// By which gathers were formed.
    pub(crate) keys: Vec<String>,
    /// Key and whether the largest comes first.
    pub(crate) sort: Vec<(String, bool)>,
    /// Header rows along the top.
    pub(crate) rows: Vec<String>,
    /// The first trace of the gather on the screen.
    pub(crate) trace: u64,
    /// First trace, traces, first sample, samples; `None`: all.
    pub(crate) window: Option<[f64; 4]>,
    /// The whole line was shown.
    pub(crate) line: bool,
    pub(crate) navigator_open: bool,
    pub(crate) inspector_open: bool,
}

impl ViewMemory {
    pub(crate) fn section_window(&self) -> Option<SectionWindow> {
        let [first_trace, n_traces, first_sample, n_samples] = self.window?;
        let all = [first_trace, n_traces, first_sample, n_samples];
        let usable = all.iter().all(|v| v.is_finite()) && n_traces > 0.0 && n_samples > 0.0;
        usable.then_some(SectionWindow {
            first_trace,
            n_traces,
            first_sample,
            n_samples,
            from_right: false,
        })
    }

    pub(crate) fn set_window(&mut self, window: Option<SectionWindow>) {
        self.window = window.map(|w| [w.first_trace, w.n_traces, w.first_sample, w.n_samples]);
    }

    pub(crate) fn sort_by(&self) -> Vec<SortBy> {
        let by = |(key, descending): &(String, bool)| SortBy {
            key: key.clone(),
            descending: *descending,
        };
        self.sort.iter().map(by).collect()
    }
}

/// All that are kept, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Memories(Vec<(String, ViewMemory)>);

impl Memories {
    /// From the stored text; nothing where it cannot be read, because nothing of value is lost.
    pub(crate) fn load(text: Option<&str>) -> Self {
        let mut read: Self = text
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        read.0.truncate(KEPT);
        read
    }

    /// The text to store.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn get(&self, identity: &str) -> Option<&ViewMemory> {
        let (_, memory) = self.0.iter().find(|(known, _)| known == identity)?;
        Some(memory)
    }

    /// Keeps it as the newest.
    pub(crate) fn put(&mut self, identity: &str, memory: ViewMemory) {
        if self.0.first() == Some(&(identity.to_owned(), memory.clone())) {
            return;
        }
        self.0.retain(|(known, _)| known != identity);
        self.0.insert(0, (identity.to_owned(), memory));
        self.0.truncate(KEPT);
    }
}

/// By what a file or a dataset is known again. Reads the beginning of the file, or the manifest;
/// `None` where it cannot be read.
pub(crate) fn identity(path: &Path, is_dataset: bool) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let headers = if is_dataset {
        path.join("manifest.json")
    } else {
        path.clone()
    };
    let file = std::fs::File::open(headers).ok()?;
    let size_bytes = file.metadata().ok()?.len();
    let mut digest = Sha256::new();
    digest.update(path.as_os_str().as_encoded_bytes());
    digest.update(size_bytes.to_le_bytes());
    let mut beginning = Vec::new();
    let most = if is_dataset { 1 << 20 } else { HEADER_BYTES };
    file.take(most).read_to_end(&mut beginning).ok()?;
    digest.update(&beginning);
    let found = digest.finalize();
    let first = found.iter().take(16);
    Some(first.fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::unwrap_used,
        clippy::float_cmp,
        reason = "tests; what is written is read again"
    )]

    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_the_oldest_goes() {
        let mut all = Memories::default();
        for i in 0..KEPT + 5 {
            let memory = ViewMemory {
                trace: i as u64,
                window: Some([1.0, 2.0, 3.0, 4.5]),
                sort: vec![("cdp".to_owned(), true)],
                ..ViewMemory::default()
            };
            all.put(&format!("data {i}"), memory);
        }
        let read = Memories::load(Some(&all.to_text()));
        assert_eq!(read, all);
        assert_eq!(read.get("data 4"), None);
        let kept = read.get("data 5").unwrap();
        assert_eq!(kept.trace, 5);
        assert_eq!(kept.section_window().unwrap().n_samples, 4.5);
        assert!(kept.sort_by()[0].descending);
    }

    #[test]
    fn a_broken_store_is_empty_and_a_mad_window_is_none() {
        assert_eq!(Memories::load(Some("no JSON")), Memories::default());
        assert_eq!(Memories::load(None), Memories::default());
        let memory = ViewMemory {
            window: Some([0.0, -1.0, 0.0, 1.0]),
            ..ViewMemory::default()
        };
        assert_eq!(memory.section_window(), None);
    }

    #[test]
    fn another_size_or_header_is_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sgy");
        std::fs::write(&path, [7; 5000]).unwrap();
        let first = identity(&path, false).unwrap();
        assert_eq!(identity(&path, false), Some(first.clone()));
        std::fs::write(&path, [7; 5001]).unwrap();
        let longer = identity(&path, false).unwrap();
        std::fs::write(&path, [8; 5000]).unwrap();
        let other = identity(&path, false).unwrap();
        assert!(first != longer && first != other && longer != other);
        assert_eq!(identity(&folder.path().join("none.sgy"), false), None);
    }
}
