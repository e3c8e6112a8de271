//! Every prefix and every changed byte of a small file of each kind: refused with a sentence or
//! read, never a panic, a hang, or memory by a count that the file only claims; and whatever
//! imports comes back byte for byte.
//!
//! An allocator counts what this program asks for, so the tests here run one after another.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    unsafe_code,
    reason = "tests, and an allocator that counts"
)]

mod small_files;
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use shotpoint::dataset::Dataset;
use shotpoint::export::export_exact;
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, Scan, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::LayoutOverrides;
use small_files::{SmallFile, small_files};

/// The largest block that scanning and planning a file of a few kilobytes may ask for.
const MOST_AT_ONCE_BYTES: usize = 4 << 20;
/// All that they may hold at one time.
const MOST_IN_ALL_BYTES: usize = 32 << 20;
/// Longer than any of them takes, a busy machine allowed for.
const HANG: Duration = Duration::from_secs(20);

/// Asks the system for memory, and remembers how much.
struct Counting;

static LARGEST: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST_HELD: AtomicUsize = AtomicUsize::new(0);

impl Counting {
    fn more(bytes: usize) {
        LARGEST.fetch_max(bytes, Ordering::Relaxed);
        let held = HELD.fetch_add(bytes, Ordering::Relaxed) + bytes;
        MOST_HELD.fetch_max(held, Ordering::Relaxed);
    }
}

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::more(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::more(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        Self::more(new_size);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(block, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test at a time.
static TURN: Mutex<()> = Mutex::new(());

/// A folder in memory, because thousands of files are written one after another.
fn folder() -> tempfile::TempDir {
    let in_memory = Path::new("/dev/shm");
    if in_memory.is_dir() {
        tempfile::tempdir_in(in_memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// What happened to all variants of a kind.
#[derive(Default)]
struct Tally {
    tried: usize,
    read: usize,
    planned: usize,
    imported: usize,
    largest: usize,
    most_held: usize,
    slowest: Duration,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.tried += other.tried;
        self.read += other.read;
        self.planned += other.planned;
        self.imported += other.imported;
        self.largest = self.largest.max(other.largest);
        self.most_held = self.most_held.max(other.most_held);
        self.slowest = self.slowest.max(other.slowest);
    }

    fn say(&self, what: &str) {
        println!(
            "{what}: {} tried, {} read, {} planned, {} imported and exported; largest block {} kB, \
             at most {} kB held, slowest {:?}",
            self.tried,
            self.read,
            self.planned,
            self.imported,
            self.largest >> 10,
            self.most_held >> 10,
            self.slowest
        );
    }
}

struct Bench {
    _folder: tempfile::TempDir,
    file: PathBuf,
    output: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let folder = folder();
        Self {
            file: folder.path().join("a.sgy"),
            output: folder.path().join("a.shotpoint"),
            _folder: folder,
        }
    }

    /// Scans and plans `bytes`; imports and exports them, too, where that is asked for.
    fn try_bytes(&self, bytes: &[u8], depth: ScanDepth, imports: bool, about: &str) -> Tally {
        std::fs::write(&self.file, bytes).unwrap();
        // Of both threads together: what one asks for, the other is blamed for, too.
        let held = HELD.load(Ordering::Relaxed);
        LARGEST.store(0, Ordering::Relaxed);
        MOST_HELD.store(held, Ordering::Relaxed);
        let started = Instant::now();
        let plan = self.planned(bytes, depth, about);
        let mut tally = Tally {
            tried: 1,
            read: usize::from(plan.is_some()),
            planned: usize::from(plan.as_ref().is_some_and(Option::is_some)),
            imported: 0,
            largest: LARGEST.load(Ordering::Relaxed),
            most_held: MOST_HELD.load(Ordering::Relaxed).saturating_sub(held),
            slowest: started.elapsed(),
        };
        assert!(
            tally.largest <= MOST_AT_ONCE_BYTES,
            "{about}: {} bytes at once",
            tally.largest
        );
        assert!(
            tally.most_held <= MOST_IN_ALL_BYTES,
            "{about}: {} bytes held",
            tally.most_held
        );
        assert!(tally.slowest < HANG, "{about}: {:?}", tally.slowest);
        if let Some(Some(plan)) = plan.filter(|_| imports) {
            tally.imported = usize::from(self.comes_back(&plan, bytes, about));
        }
        tally
    }

    /// `None` where the file is refused, `Some(None)` where it is read and cannot be planned.
    #[expect(clippy::option_option, reason = "three ends")]
    fn planned(&self, bytes: &[u8], depth: ScanDepth, about: &str) -> Option<Option<ImportPlan>> {
        let overrides = LayoutOverrides::default();
        let scan = match scan(&self.file, &overrides, depth, &JobContext::default()) {
            Ok(scan) => scan,
            Err(stop) => {
                let sentence = format!("{stop:?}");
                assert!(!sentence.contains("Panicked"), "{about}: {sentence}");
                return None;
            }
        };
        assert_sound(&scan, bytes.len(), about);
        let options = ImportOptions {
            output: Some(self.output.clone()),
            threads: Some(1),
            ..ImportOptions::default()
        };
        Some(ImportPlan::new(&scan, &Mapping::default(), &options).ok())
    }

    fn comes_back(&self, plan: &ImportPlan, bytes: &[u8], about: &str) -> bool {
        let context = JobContext::default();
        let Ok(report) = run(plan, &context) else {
            return false;
        };
        let dataset = Dataset::open(&report.dataset).unwrap();
        let output = self.file.with_extension("back.sgy");
        let export = export_exact(&dataset, &output, true, &context)
            .unwrap_or_else(|stop| panic!("{about}: {stop:?}"));
        assert!(
            std::fs::read(&output).unwrap() == bytes,
            "{about}: other bytes came back"
        );
        assert!(export.same_as_source, "{about}");
        std::fs::remove_dir_all(&report.dataset).unwrap();
        true
    }
}

/// What a scan claims lies within the file.
fn assert_sound(scan: &Scan, n_bytes: usize, about: &str) {
    let layout = &scan.layout;
    assert_eq!(layout.file_size_bytes, n_bytes as u64, "{about}");
    assert!(layout.n_traces >= 1, "{about}");
    assert!(layout.data_start.value <= layout.trailer_start, "{about}");
    assert!(layout.trailer_start <= layout.file_size_bytes, "{about}");
    assert!(scan.n_traces_seen <= layout.n_traces, "{about}");
}

/// Every length of the traces, and some within the file headers.
fn lengths(file: &SmallFile) -> Vec<usize> {
    let from = file.interesting_from;
    let near = |n: usize, place: usize| n.abs_diff(place) < 3;
    (0..=file.bytes.len())
        .filter(|&n| {
            let is_edge = n < 4 || near(n, from) || near(n, from + 400);
            let in_binary_header = (from..from + 400).contains(&n) && from > 0;
            is_edge
                || n.is_multiple_of(331)
                || (in_binary_header && n.is_multiple_of(13))
                || (!file.is_text(n) && !in_binary_header && n.is_multiple_of(3))
                || n + 40 > file.bytes.len()
        })
        .collect()
}

/// Tries every kind of file, on two threads: what they ask for is counted together.
fn all_kinds(try_kind: impl Fn(usize, &SmallFile, &Bench) -> Tally + Sync) -> Tally {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let files = small_files();
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let bench = Bench::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(number) else {
                        break;
                    };
                    let tally = try_kind(number, file, &bench);
                    tally.say(file.name);
                    all.lock().unwrap().add(&tally);
                }
            });
        }
    });
    let all = all.into_inner().unwrap();
    all.say("all kinds");
    all
}

#[test]
fn every_prefix_of_a_small_file_is_refused_or_read() {
    let all = all_kinds(|_, file, bench| {
        let mut tally = Tally::default();
        for (number, n) in lengths(file).into_iter().enumerate() {
            let about = format!("{}, {n} of {} bytes", file.name, file.bytes.len());
            let depth = [ScanDepth::Quick, ScanDepth::Full][number % 2];
            let imports = number % 97 == 90;
            tally.add(&bench.try_bytes(&file.bytes[..n], depth, imports, &about));
        }
        tally
    });
    assert!(all.imported > 20);
}

/// The values that a byte is changed to: none and all bits, its lowest and its highest turned.
fn changed(byte: u8) -> [u8; 4] {
    [0x00, 0xff, byte ^ 0x01, byte ^ 0x80]
}

/// Changes every byte to those of its four values that `wants` wants, by kind and place.
fn every_byte(wants: impl Fn(usize, usize, usize) -> bool + Sync) -> Tally {
    all_kinds(|kind, file, bench| {
        let mut tally = Tally::default();
        let mut number = kind;
        let mut bytes = file.bytes.clone();
        for at in 0..bytes.len() {
            // Of a textual header, one byte is like another.
            if file.is_text(at) && !at.is_multiple_of(97) {
                continue;
            }
            let sound = bytes[at];
            for (which, value) in changed(sound).into_iter().enumerate() {
                if value == sound || !wants(kind, at, which) {
                    continue;
                }
                number += 1;
                bytes[at] = value;
                let about = format!("{}, byte {at} is 0x{value:02x}", file.name);
                let depth = if number.is_multiple_of(6) {
                    ScanDepth::Full
                } else {
                    ScanDepth::Quick
                };
                let imports = number.is_multiple_of(199);
                tally.add(&bench.try_bytes(&bytes, depth, imports, &about));
            }
            bytes[at] = sound;
        }
        tally
    })
}

/// Each byte of each kind to one of its values; over the kinds, all of them.
#[test]
fn every_changed_byte_of_a_small_file_is_refused_or_read() {
    let all = every_byte(|kind, at, which| (kind + at) % 4 == which);
    assert!(all.imported > 20);
}

#[test]
#[ignore = "minutes: every byte to each of its four values"]
fn every_byte_to_every_value_is_refused_or_read() {
    let all = every_byte(|_, _, _| true);
    assert!(all.imported > 50);
}
