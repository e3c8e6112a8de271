//! What each fuzz target does with its input. `README.md` says how to run them.
//!
//! The targets in `fuzz_targets/` are one line each: all that they do stands here, so that one
//! build serves them all. Nothing may panic, hang, or allocate by a count that the input only
//! claims; libFuzzer's `-timeout`, `-rss_limit_mb` and `-malloc_limit_mb` see to the last two.

mod datasets;
mod files;
mod words;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use datasets::{FILES as DATASET_FILES, dataset, journal};
pub use files::{round_trip, scan_full, scan_quick, seismic_unix};
pub use words::{decode, expression, mapping, text};

/// A folder of this process, in memory where the system has such a place.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let in_memory = Path::new("/dev/shm");
        let parent = if in_memory.is_dir() {
            in_memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let path = parent.join(format!("shotpoint-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the fuzzer");
        path
    })
}

/// Removes that folder: for programs that end.
pub fn clean_up() {
    drop(std::fs::remove_dir_all(folder()));
}

/// The input as a file.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    std::fs::write(&path, bytes).expect("room for the input");
    path
}
