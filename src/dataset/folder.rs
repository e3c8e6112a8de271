//! How does a folder appear whole or not at all? Lock, sync, count, rename.
//!
//! ```text
//! create X.partial (locked) … write … sync files and folders … rename X.partial → X, sync the parent
//! ```
//! A `.partial` that is kept, or that a crash left behind, can be entered again. Removes nothing
//! that an import did not make: neither a stale `.partial` nor an output to be replaced goes away
//! before it was recognised.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{DatasetError, inside};
use crate::job::{CancelToken, Cancelled};

/// Held while an import writes; removed before the final rename.
const LOCK_FILE: &str = "import.lock";
/// What no finished dataset has.
const TEMPORARY: [&str; 2] = [LOCK_FILE, super::layout::JOURNAL];
/// What only a dataset has, finished or not.
const TRACES_GROUP: &str = super::layout::TRACES;
/// What only a finished dataset has.
pub(super) const MANIFEST_FILE: &str = "manifest.json";

/// The `.partial` folder; removed when dropped, unless it was renamed or shall be kept.
#[derive(Debug)]
pub(super) struct PartialFolder {
    path: PathBuf,
    lock: Option<File>,
    keeps: bool,
}

impl PartialFolder {
    /// Makes an empty `.partial` for `target`; one that a crashed import left behind is removed.
    ///
    /// # Errors
    /// `OutputInUse` while another import writes there, `OutputNotOurs` when it holds something else; I/O.
    pub(super) fn create(target: &Path) -> Result<Self, DatasetError> {
        let path = partial_path(target);
        remove_stale(&path)?;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .map_err(DatasetError::reading("make the output's folder", parent))?;
        }
        fs::create_dir(&path).map_err(DatasetError::reading("make the dataset's folder", &path))?;
        // From here on the folder goes away again when something fails.
        let mut partial = Self {
            path,
            lock: None,
            keeps: false,
        };
        partial.lock()?;
        Ok(partial)
    }

    /// Enters the `.partial` that an earlier import of `target` left behind. It stays, whatever
    /// happens, until [`Self::keep`] says otherwise.
    ///
    /// # Errors
    /// `OutputInUse` while another import writes there; I/O.
    pub(super) fn enter(target: &Path) -> Result<Self, DatasetError> {
        let mut partial = Self {
            path: partial_path(target),
            lock: None,
            keeps: true,
        };
        // Nothing outside is ever written to, wherever a link in a stranger's folder may lead.
        let link = inside::find_link(&partial.path).map_err(DatasetError::reading(
            "look at the unfinished folder",
            &partial.path,
        ))?;
        if let Some(link) = link {
            return Err(DatasetError::NotResumable {
                reason: format!(
                    "{} in it is a link, and none is written through",
                    inside::name_of(&partial.path, &link)
                ),
                path: partial.path.clone(),
            });
        }
        partial.lock()?;
        Ok(partial)
    }

    fn lock(&mut self) -> Result<(), DatasetError> {
        let lock_path = self.path.join(LOCK_FILE);
        let lock = File::create(&lock_path)
            .map_err(DatasetError::reading("make the lock file", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => self.lock = Some(lock),
            Err(TryLockError::WouldBlock) => {
                // It is somebody else's, and stays.
                self.keeps = true;
                return Err(DatasetError::OutputInUse {
                    path: self.path.clone(),
                });
            }
            // Some network drives have no locks: then nobody is kept out, and nothing else changes.
            Err(TryLockError::Error(_)) => {}
        }
        Ok(())
    }

    /// Whether the folder stays when this is dropped.
    pub(super) fn keep(&mut self, keeps: bool) {
        self.keeps = keeps;
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the lock file: the last thing before the folder gets its name.
    pub(super) fn unlock(&mut self) -> Result<(), DatasetError> {
        self.lock = None;
        let lock_path = self.path.join(LOCK_FILE);
        fs::remove_file(&lock_path)
            .map_err(DatasetError::reading("remove the lock file", &lock_path))
    }

    /// Gives the folder its final name; what stood there is put aside first and removed after.
    ///
    /// # Errors
    /// `OutputExists`, `OutputNotOurs`; I/O. What stood there stands there still.
    pub(super) fn rename_to(&mut self, target: &Path, overwrite: bool) -> Result<(), DatasetError> {
        check_output(target, overwrite)?;
        let aside = with_suffix(target, ".replaced");
        let replaces = target.exists();
        if replaces {
            if aside.exists() {
                check_replaceable(&aside)?;
                remove_tree(&aside)?;
            }
            fs::rename(target, &aside)
                .map_err(DatasetError::reading("put the old dataset aside", target))?;
        }
        if let Err(source) = fs::rename(&self.path, target) {
            if replaces {
                // The old dataset comes back; if even that fails, its new name is in the message.
                fs::rename(&aside, target)
                    .map_err(DatasetError::reading("bring the old dataset back", &aside))?;
            }
            return Err(DatasetError::io(
                "give the dataset its final name",
                target,
                0,
                source,
            ));
        }
        self.path.clear();
        if let Some(parent) = target.parent() {
            sync_folder(parent)?;
        }
        if replaces {
            remove_tree(&aside)?;
        }
        Ok(())
    }
}

impl Drop for PartialFolder {
    fn drop(&mut self) {
        self.lock = None;
        if !self.keeps && !self.path.as_os_str().is_empty() {
            // Nobody is left to tell; the next import removes what remains.
            drop(fs::remove_dir_all(&self.path));
        }
    }
}

/// `line12.shotpoint` → `line12.shotpoint.partial`.
pub(super) fn partial_path(target: &Path) -> PathBuf {
    with_suffix(target, ".partial")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// Whether the output may be written: it is not there, or it is a dataset and may be replaced.
///
/// # Errors
/// `OutputExists`, `OutputNotOurs`.
pub(super) fn check_output(target: &Path, overwrite: bool) -> Result<(), DatasetError> {
    if target.file_name().is_none() {
        return Err(DatasetError::OutputNotOurs {
            path: target.to_owned(),
        });
    }
    if target.symlink_metadata().is_err() {
        return Ok(());
    }
    if !overwrite {
        return Err(DatasetError::OutputExists {
            path: target.to_owned(),
        });
    }
    check_replaceable(target)
}

/// Only datasets and empty folders are ever replaced, whatever the user allowed.
fn check_replaceable(path: &Path) -> Result<(), DatasetError> {
    let ours = path.join(MANIFEST_FILE).is_file() && path.join(TRACES_GROUP).is_dir();
    if ours || is_empty_folder(path) {
        Ok(())
    } else {
        Err(DatasetError::OutputNotOurs {
            path: path.to_owned(),
        })
    }
}

fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Whether this is a folder that an import made.
pub(super) fn is_partial(path: &Path) -> bool {
    path.join(LOCK_FILE).is_file() || path.join(TRACES_GROUP).is_dir()
}

/// Whether an import is writing there at this moment.
pub(super) fn is_locked(partial: &Path) -> bool {
    File::open(partial.join(LOCK_FILE))
        .is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Removes what an import left behind.
pub(super) fn remove_stale(partial: &Path) -> Result<(), DatasetError> {
    if partial.symlink_metadata().is_err() {
        return Ok(());
    }
    if !is_partial(partial) && !is_empty_folder(partial) {
        return Err(DatasetError::OutputNotOurs {
            path: partial.to_owned(),
        });
    }
    if is_locked(partial) {
        return Err(DatasetError::OutputInUse {
            path: partial.to_owned(),
        });
    }
    remove_tree(partial)
}

pub(super) fn remove_tree(path: &Path) -> Result<(), DatasetError> {
    fs::remove_dir_all(path).map_err(DatasetError::reading("remove the old folder", path))
}

/// Syncs every file and folder below `path` that will stay, and gives the files' lengths together.
///
/// # Errors
/// I/O; `Cancelled`, which is looked at before each file.
pub(super) fn sync_tree(
    path: &Path,
    written_bytes: u64,
    cancel: &CancelToken,
) -> Result<u64, DatasetError> {
    let failed = |source| DatasetError::io("sync the dataset", path, written_bytes, source);
    let mut total = 0;
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let entry_path = entry.path();
        if TEMPORARY.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().map_err(failed)?.is_dir() {
            total += sync_tree(&entry_path, written_bytes, cancel)?;
        } else {
            cancel
                .check()
                .map_err(|Cancelled| DatasetError::Cancelled)?;
            let file = open_to_sync(&entry_path).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            total += file.metadata().map_err(failed)?.len();
        }
    }
    sync_folder(path)?;
    Ok(total)
}

/// Lengths of all files below a folder together; what cannot be read counts as nothing.
pub(super) fn bytes_below(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => bytes_below(&entry.path()),
            Ok(_) => entry.metadata().map_or(0, |metadata| metadata.len()),
            Err(_) => 0,
        })
        .sum()
}

/// The files right in a folder.
pub(super) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.is_file()).collect()
}

/// Windows syncs only what is open for writing.
fn open_to_sync(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new().read(true).write(true).open(path)
}

/// Makes the names in a folder durable; Windows has no such call, and needs none.
pub(super) fn sync_folder(path: &Path) -> Result<(), DatasetError> {
    sync_names(path).map_err(DatasetError::reading("sync the folder", path))
}

/// [`sync_folder`] in the system's own words.
pub(super) fn sync_names(path: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    // "line12" has the empty path as its parent.
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    File::open(path).and_then(|folder| folder.sync_all())
}
