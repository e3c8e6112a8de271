//! How is a part of a file mapped so that a shrinking file cannot kill the process?
//!
//! Touching a mapped page that the file no longer has raises SIGBUS on Unix, whose default is the
//! end of the process. So every mapping stands in a table, and a signal handler, installed once,
//! puts zero pages in place of the rest of the mapping that was touched and remembers it:
//!
//! ```text
//! touch ─► SIGBUS ─► address in a registered mapping? ─yes─► zero pages up to its end, `faulted` = true, go on
//!                                                      └no─► whoever handled SIGBUS before us
//! ```
//! The handler takes no lock and allocates nothing: it reads atomics of a table of fixed size.
//! When the table is full, or mapping is impossible (some network drives), the caller reads
//! instead. Windows refuses to shorten a mapped file, so that nothing is needed there.
//!
//! All that is unsafe about files is in here.

#![expect(
    unsafe_code,
    reason = "mapping a file and handling its signal cannot be said in safe Rust"
)]

use std::fs::File;
use std::ops::Range;

use memmap2::{Mmap, MmapOptions};

/// A mapped part of a file, guarded against the file's shrinking.
#[derive(Debug)]
pub(super) struct GuardedMap {
    // Declared before the mapping, hence given back before the mapping goes away.
    guard: guard::Registration,
    map: Mmap,
}

impl GuardedMap {
    /// Maps `len` bytes from `start` on; `None` where that cannot be done or guarded.
    ///
    /// The caller has compared the range with the file's length.
    pub(super) fn new(file: &File, start: u64, len: usize) -> Option<Self> {
        if len == 0 {
            return None;
        }
        // SAFETY: the mapping is private to us and read-only. Others may write to the file while
        // it is mapped: then bytes change under us, which no code here relies on not to happen
        // (samples are plain numbers, and every length is checked against the file's first
        // reading). If the file shrinks, `guard` keeps the pages readable.
        let map = unsafe { MmapOptions::new().offset(start).len(len).map(file) }.ok()?;
        let guard = guard::Registration::new(&map)?;
        Some(Self { guard, map })
    }

    /// The bytes; zeros where the file has lost them.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Whether pages were missing when they were touched.
    pub(super) fn faulted(&self) -> bool {
        self.guard.faulted()
    }
}

/// Asks the system to read a range of the file soon; does nothing where it cannot.
pub(super) fn read_ahead(file: &File, range: Range<u64>) {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    {
        use std::os::fd::AsRawFd;
        let (Ok(start), Ok(len)) = (
            libc::off_t::try_from(range.start),
            libc::off_t::try_from(range.end.saturating_sub(range.start)),
        ) else {
            return;
        };
        // SAFETY: the descriptor is open as long as `file` is borrowed; the call only advises.
        let _advice =
            unsafe { libc::posix_fadvise(file.as_raw_fd(), start, len, libc::POSIX_FADV_WILLNEED) };
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    let _ = (file, range);
}

#[cfg(unix)]
mod guard {
    use std::ffi::{c_int, c_void};
    use std::ptr;
    use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
    use std::sync::{Once, OnceLock};

    /// Mappings that can be guarded at once; further ones are read instead. The importer needs a
    /// few dozen, the viewer fewer.
    const N_SLOTS: usize = 512;

    /// One registered mapping, or none. Written by whoever claimed it, read by the signal handler.
    struct Slot {
        /// Raised by one before and after each change: odd while it changes.
        version: AtomicU64,
        claimed: AtomicBool,
        /// First page of the mapping; 0 where there is none.
        start: AtomicUsize,
        /// Behind its last page.
        end: AtomicUsize,
        faulted: AtomicBool,
    }

    static SLOTS: [Slot; N_SLOTS] = [const { Slot::new() }; N_SLOTS];

    /// Bytes of a page; set before the handler is installed.
    static PAGE_BYTES: AtomicUsize = AtomicUsize::new(4096);

    /// What handled SIGBUS before us.
    static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

    /// A slot of the table, given back when dropped.
    #[derive(Debug)]
    pub(super) struct Registration {
        slot: &'static Slot,
    }

    impl std::fmt::Debug for Slot {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "Slot({:#x})", self.start.load(Ordering::Relaxed))
        }
    }

    impl Slot {
        const fn new() -> Self {
            Self {
                version: AtomicU64::new(0),
                claimed: AtomicBool::new(false),
                start: AtomicUsize::new(0),
                end: AtomicUsize::new(0),
                faulted: AtomicBool::new(false),
            }
        }

        fn set(&self, start: usize, end: usize) {
            self.version.fetch_add(1, Ordering::SeqCst);
            self.start.store(start, Ordering::SeqCst);
            self.end.store(end, Ordering::SeqCst);
            self.version.fetch_add(1, Ordering::SeqCst);
        }

        /// The mapping's end, if `address` lies in it; a slot that is being changed belongs to
        /// another mapping than the one being touched.
        fn end_if_holding(&self, address: usize) -> Option<usize> {
            let version = self.version.load(Ordering::SeqCst);
            let start = self.start.load(Ordering::SeqCst);
            let end = self.end.load(Ordering::SeqCst);
            let stable =
                version.is_multiple_of(2) && version == self.version.load(Ordering::SeqCst);
            (stable && start != 0 && (start..end).contains(&address)).then_some(end)
        }
    }

    impl Registration {
        /// Guards the pages that hold `bytes`; `None` when the table is full.
        pub(super) fn new(bytes: &[u8]) -> Option<Self> {
            install_handler();
            let slot = SLOTS.iter().find(|slot| {
                let claim =
                    slot.claimed
                        .compare_exchange(false, true, Ordering::AcqRel, Ordering::Relaxed);
                claim.is_ok()
            })?;
            let page_bytes = PAGE_BYTES.load(Ordering::Relaxed);
            let address = bytes.as_ptr().addr();
            let start = address - address % page_bytes;
            let end = (address + bytes.len()).next_multiple_of(page_bytes);
            slot.faulted.store(false, Ordering::SeqCst);
            slot.set(start, end);
            Some(Self { slot })
        }

        pub(super) fn faulted(&self) -> bool {
            self.slot.faulted.load(Ordering::SeqCst)
        }
    }

    impl Drop for Registration {
        fn drop(&mut self) {
            self.slot.set(0, 0);
            self.slot.claimed.store(false, Ordering::Release);
        }
    }

    fn install_handler() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // SAFETY: asks a constant of the system.
            let page_bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
            if let Ok(page_bytes) = usize::try_from(page_bytes) {
                PAGE_BYTES.store(page_bytes, Ordering::Relaxed);
            }
            let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_bus_error;
            // SAFETY: an all-zero `sigaction` is valid: no flags, the empty mask.
            let (mut action, mut previous) = unsafe {
                (
                    std::mem::zeroed::<libc::sigaction>(),
                    std::mem::zeroed::<libc::sigaction>(),
                )
            };
            action.sa_sigaction = handler as libc::sighandler_t;
            // On the alternative stack, as the standard library's own handler, which we may call.
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            // SAFETY: both structures live during the call; the handler has the signature that
            // SA_SIGINFO demands and does only what a signal handler may.
            let result =
                unsafe { libc::sigaction(libc::SIGBUS, &raw const action, &raw mut previous) };
            if result == 0 {
                let _was_empty = PREVIOUS.set(previous);
            }
        });
    }

    extern "C" fn on_bus_error(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
        // SAFETY: the system passes a valid `siginfo_t` to a handler with SA_SIGINFO.
        let address = unsafe { (*info).si_addr() }.addr();
        if !put_zero_pages(address) {
            call_previous(signal, info, context);
        }
    }

    /// Replaces the page of `address` and the rest of its mapping by zeros; false where it is not ours.
    fn put_zero_pages(address: usize) -> bool {
        let Some((slot, end)) = SLOTS
            .iter()
            .find_map(|slot| Some((slot, slot.end_if_holding(address)?)))
        else {
            return false;
        };
        let page = address - address % PAGE_BYTES.load(Ordering::Relaxed);
        slot.faulted.store(true, Ordering::SeqCst);
        // SAFETY: the pages lie in a mapping that is alive: the faulting code borrows it, and the
        // slot is cleared before it is unmapped. They are replaced by pages of the same
        // protection, and unmapped with it. `mmap` is a bare system call, and a successful one
        // leaves `errno` alone.
        let mapped = unsafe {
            libc::mmap(
                ptr::with_exposed_provenance_mut(page),
                end - page,
                libc::PROT_READ,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
                -1,
                0,
            )
        };
        mapped != libc::MAP_FAILED
    }

    /// Hands the signal to whoever had it before us.
    fn call_previous(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
        let previous = PREVIOUS.get();
        let handler = previous.map_or(libc::SIG_DFL, |previous| previous.sa_sigaction);
        if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
            // Back to the default: the instruction is repeated and ends the process as it should.
            // SAFETY: allowed in a signal handler.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
            return;
        }
        let with_info = previous.is_some_and(|p| p.sa_flags & libc::SA_SIGINFO != 0);
        if with_info {
            // SAFETY: the flag says that the handler has this signature.
            let handler = unsafe {
                std::mem::transmute::<
                    libc::sighandler_t,
                    extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void),
                >(handler)
            };
            handler(signal, info, context);
        } else {
            // SAFETY: without the flag it has this signature.
            let handler =
                unsafe { std::mem::transmute::<libc::sighandler_t, extern "C" fn(c_int)>(handler) };
            handler(signal);
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// What the signal handler relies on, for it takes no lock.
        #[test]
        fn an_address_is_found_in_a_whole_mapping_or_in_none() {
            const MAPPING: usize = 0x1000;
            const BYTES: usize = 0x800;
            let n_changes = if cfg!(miri) { 60 } else { 20_000 };
            let slot = Slot::new();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    for number in 1..=n_changes {
                        slot.set(number * MAPPING, number * MAPPING + BYTES);
                        slot.set(0, 0);
                    }
                    slot.set(MAPPING, MAPPING + BYTES);
                });
                for number in (1..=n_changes).chain(1..=n_changes) {
                    let end = slot.end_if_holding(number * MAPPING + 7);
                    assert!(end.is_none_or(|end| end == number * MAPPING + BYTES));
                }
            });
            assert_eq!(slot.end_if_holding(MAPPING), Some(MAPPING + BYTES));
            assert_eq!(slot.end_if_holding(MAPPING + BYTES), None);
            assert_eq!(slot.end_if_holding(0), None);
        }
    }
}

#[cfg(not(unix))]
mod guard {
    /// Windows does not let anybody shorten a mapped file: nothing to guard.
    #[derive(Debug)]
    pub(super) struct Registration;

    impl Registration {
        #[expect(clippy::unnecessary_wraps, reason = "the table of Unix may be full")]
        pub(super) fn new(_bytes: &[u8]) -> Option<Self> {
            Some(Self)
        }

        #[expect(clippy::unused_self, reason = "the flag of Unix is per mapping")]
        pub(super) fn faulted(&self) -> bool {
            false
        }
    }
}
