//! A disk that is slow, for tests: every write below a folder takes its time, and is counted.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

static IS_ANY: AtomicBool = AtomicBool::new(false);
static SLOW: Mutex<Vec<Slow>> = Mutex::new(Vec::new());

#[derive(Debug)]
struct Slow {
    folder: PathBuf,
    delay: Duration,
    n_writes: u64,
}

/// Writes below `folder` take so long from now on.
pub(crate) fn slow_down(folder: &Path, delay: Duration) {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut slow = SLOW.lock().unwrap_or_else(PoisonError::into_inner);
    slow.push(Slow {
        folder,
        delay,
        n_writes: 0,
    });
    IS_ANY.store(true, Ordering::Release);
}

/// Writes below `folder` so far.
pub(crate) fn n_writes(folder: &Path) -> u64 {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let slow = SLOW.lock().unwrap_or_else(PoisonError::into_inner);
    let found = slow.iter().find(|slow| slow.folder == folder);
    found.map_or(0, |slow| slow.n_writes)
}

pub(super) fn delay(file: &File) {
    if !IS_ANY.load(Ordering::Acquire) {
        return;
    }
    let link = format!("/proc/self/fd/{}", file.as_raw_fd());
    let Ok(path) = fs::read_link(link) else {
        return;
    };
    let delay = {
        let mut slow = SLOW.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(slow) = slow.iter_mut().find(|slow| path.starts_with(&slow.folder)) else {
            return;
        };
        slow.n_writes += 1;
        slow.delay
    };
    std::thread::sleep(delay);
}
