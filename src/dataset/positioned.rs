//! Reading and writing at a position without moving a cursor, so that threads can share a file.

#[cfg(all(test, target_os = "linux"))]
#[path = "slow_disk.rs"]
pub(crate) mod slow_disk;

use std::fs::File;
use std::io;

/// Writes all of `bytes` at `offset`.
///
/// # Errors
/// I/O.
#[cfg(unix)]
pub(super) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    #[cfg(all(test, target_os = "linux"))]
    slow_disk::delay(file);
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

/// Writes all of `bytes` at `offset`.
///
/// # Errors
/// I/O.
#[cfg(windows)]
pub(super) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let n = file.seek_write(bytes, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(n..).unwrap_or_default();
        offset += n as u64;
    }
    Ok(())
}

/// Asks the system to begin writing this stretch to the disk, so that the last sync finds little
/// to do (measured: 0.02 s instead of 0.4 s for 650 MB). A hint: it may fail without a word.
#[cfg(target_os = "linux")]
pub(super) fn start_write_back(file: &File, offset: u64, length: u64) {
    use std::os::fd::AsRawFd;
    let (Ok(offset), Ok(length)) = (i64::try_from(offset), i64::try_from(length)) else {
        return;
    };
    #[expect(unsafe_code, reason = "sync_file_range has no safe wrapper")]
    // SAFETY: the descriptor is open while `file` is borrowed, and the call touches no memory of ours.
    unsafe {
        libc::sync_file_range(
            file.as_raw_fd(),
            offset,
            length,
            libc::SYNC_FILE_RANGE_WRITE,
        );
    }
}

/// Other systems begin by themselves.
#[cfg(not(target_os = "linux"))]
pub(super) fn start_write_back(_file: &File, _offset: u64, _length: u64) {}

/// Fills `bytes` from `offset`.
///
/// # Errors
/// I/O; `UnexpectedEof` where the file ends before.
#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Fills `bytes` from `offset`.
///
/// # Errors
/// I/O; `UnexpectedEof` where the file ends before.
#[cfg(windows)]
pub(super) fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let n = file.seek_read(bytes, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = bytes.get_mut(n..).unwrap_or_default();
        offset += n as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn bytes_are_written_hinted_and_read_where_they_lie() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(true);
        let file = options.open(folder.path().join("a")).unwrap();
        write_all_at(&file, b"second", 5).unwrap();
        write_all_at(&file, b"first", 0).unwrap();
        start_write_back(&file, 0, 11);
        // Beyond what a file can be: no hint, and no harm.
        start_write_back(&file, u64::MAX, u64::MAX);
        let mut all = [0; 11];
        read_exact_at(&file, &mut all, 0).unwrap();
        assert_eq!(&all, b"firstsecond");
        let end = read_exact_at(&file, &mut all, 3).unwrap_err();
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
    }
}
