//! How are bytes read at a position, from a file that may change under us?
//!
//! Positioned reads need no lock and no cursor, so that any number of threads may read at once.
//! A read that meets the end of the file early is [`SegyError::SourceShrank`].
//! While a file's layout is being decided, the source also knows who watches ([`WalkWatch`]).

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::SegyError;

/// Is told how far a walk over all trace headers is, every few milliseconds: its position, and where
/// the file ends. (Opening needs such a walk where traces differ in size.) It may end the walk: then
/// opening fails with [`SegyError::Cancelled`].
pub type WalkWatch = Arc<dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync>;

/// An opened file and what it was like when it was opened.
pub(super) struct Source {
    path: PathBuf,
    file: File,
    size_bytes: u64,
    modified: Option<SystemTime>,
    identity: Identity,
    watch: Option<WalkWatch>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("path", &self.path)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// By what a file is known again that nobody has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    path: PathBuf,
    size_bytes: u64,
    modified: Option<SystemTime>,
    /// Device, number, and when its content or its name last changed, which no program can set.
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl Identity {
    fn of(path: &Path, metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            size_bytes: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            inode: (
                metadata.dev(),
                metadata.ino(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            ),
        }
    }

    /// Whether the file was left alone for a while: else another change might not show in its times.
    pub(super) fn is_settled(&self) -> bool {
        /// Longer than the steps in which file systems count time.
        const A_WHILE: Duration = Duration::from_secs(2);
        let age = self.modified.and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > A_WHILE)
    }
}

impl Source {
    /// Opens a regular file; a folder, a device or a pipe is refused (opening a pipe would wait for ever).
    pub(super) fn open(path: &Path) -> Result<Self, SegyError> {
        let io_error = |action, source| SegyError::Io {
            action,
            path: path.to_owned(),
            source,
        };
        let metadata = fs::metadata(path).map_err(|e| io_error("open the file", e))?;
        check_regular(&metadata)?;
        let file = File::open(path).map_err(|e| io_error("open the file", e))?;
        let metadata = file
            .metadata()
            .map_err(|e| io_error("ask for the file's size", e))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            size_bytes: metadata.len(),
            modified: metadata.modified().ok(),
            identity: Identity::of(path, &metadata),
            watch: None,
        })
    }

    /// The same, watched while all headers are walked over.
    pub(super) fn watched(self, watch: WalkWatch) -> Self {
        Self {
            watch: Some(watch),
            ..self
        }
    }

    /// Nobody watches any more.
    pub(super) fn unwatch(&mut self) {
        self.watch = None;
    }

    /// Says how far a walk is.
    pub(super) fn walked(&self, position: u64) -> Result<(), SegyError> {
        let end = self.size_bytes;
        let watch = self.watch.as_ref();
        match watch.map(|watch| watch(position, end)) {
            Some(ControlFlow::Break(())) => Err(SegyError::Cancelled),
            Some(ControlFlow::Continue(())) | None => Ok(()),
        }
    }

    /// By what the file is known again.
    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// The file's length when it was opened.
    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The file's length now.
    pub(super) fn size_bytes_now(&self) -> Result<u64, SegyError> {
        Ok(self.metadata()?.len())
    }

    /// Fills `buffer` with the bytes from `start` on.
    pub(super) fn read_exact_at(&self, start: u64, buffer: &mut [u8]) -> Result<(), SegyError> {
        match read_exact_at(&self.file, start, buffer) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Err(self.shrank()?),
            Err(e) => Err(self.io_error("read the file", e)),
        }
    }

    /// Copies the bytes of `range`. Nothing is allocated before the range was compared with the file's length.
    pub(super) fn read(&self, range: Range<u64>) -> Result<Vec<u8>, SegyError> {
        if range.end > self.size_bytes || range.start > range.end {
            return Err(self.shrank()?);
        }
        let too_large = |e: &str| self.io_error("hold the bytes in memory", io::Error::other(e));
        let len = usize::try_from(range.end - range.start)
            .map_err(|e| too_large(&format!("too many bytes: {e}")))?;
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(len)
            .map_err(|e| too_large(&e.to_string()))?;
        bytes.resize(len, 0);
        self.read_exact_at(range.start, &mut bytes)?;
        Ok(bytes)
    }

    /// Whether length and modification time are still those at opening.
    pub(super) fn check_unchanged(&self) -> Result<(), SegyError> {
        let metadata = self.metadata()?;
        let found_bytes = metadata.len();
        let expected_bytes = self.size_bytes;
        if found_bytes < expected_bytes {
            return Err(self.shrank()?);
        }
        if found_bytes > expected_bytes || metadata.modified().ok() != self.modified {
            return Err(SegyError::SourceChanged {
                expected_bytes,
                found_bytes,
            });
        }
        Ok(())
    }

    /// The error for bytes that are no longer there, with both lengths.
    pub(super) fn shrank(&self) -> Result<SegyError, SegyError> {
        Ok(SegyError::SourceShrank {
            expected_bytes: self.size_bytes,
            found_bytes: self.size_bytes_now()?,
        })
    }

    /// The error for a file that is not what it was at opening, though as long.
    pub(super) fn changed(&self) -> SegyError {
        SegyError::SourceChanged {
            expected_bytes: self.size_bytes,
            found_bytes: self.size_bytes_now().unwrap_or(self.size_bytes),
        }
    }

    pub(super) fn io_error(&self, action: &'static str, source: io::Error) -> SegyError {
        SegyError::Io {
            action,
            path: self.path.clone(),
            source,
        }
    }

    fn metadata(&self) -> Result<Metadata, SegyError> {
        self.file
            .metadata()
            .map_err(|e| self.io_error("ask for the file's size", e))
    }
}

fn check_regular(metadata: &Metadata) -> Result<(), SegyError> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(SegyError::NotAFile { what: "a folder" })
    } else {
        Err(SegyError::NotAFile {
            what: "a device or a pipe",
        })
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, start: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, start)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut start: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        match file.seek_read(buffer, start) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                buffer = buffer.split_at_mut(n).1;
                start += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
