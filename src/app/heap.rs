//! How does memory that the window gives back leave the process?
//!
//! Glibc serves large blocks by mappings of their own, which go back to the system at once; but with
//! every one that is given back it raises the size from which it does so, up to 32 MiB. Gathers of some
//! megabytes then come from the heaps of a dozen threads, between smaller blocks, and what is given
//! back stays there: a walk through a line kept 270 MiB that nobody used. A fixed size ends that.

/// Blocks from this size on are mapped by themselves: gathers, tiles, pictures.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAPPED_FROM_BYTES: libc::c_int = 64 << 10;
/// Heaps that threads share: they hold small things only.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAPS: libc::c_int = 4;

/// To be called before threads are started.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_memory_back() {
    #[expect(unsafe_code, reason = "mallopt has no safe wrapper")]
    // SAFETY: mallopt takes two numbers and touches no memory of ours; where it refuses, all stays as it was.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
    }
}

/// To be called after much was dropped, off the window's thread: takes milliseconds.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn trim() {
    #[expect(unsafe_code, reason = "malloc_trim has no safe wrapper")]
    // SAFETY: malloc_trim takes the allocator's own locks and touches free memory only.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other systems do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_memory_back() {}

/// Other systems do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn trim() {}
