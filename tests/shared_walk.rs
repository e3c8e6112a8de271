//! Files whose traces differ in size are walked header by header when they are opened: once in a
//! process while the file stays the same, with news of how far it is, and as long as somebody wants it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use shotpoint::browse::SegySource;
use shotpoint::import::{ScanDepth, scan};
use shotpoint::job::{JobContext, Stop};
use shotpoint::segy::{LayoutOverrides, SegyError, SegyFile};
use support::SegyBuilder;

const N_TRACES: u64 = 5000;

fn varying(number: usize) -> SegyBuilder {
    SegyBuilder::new(N_TRACES, 40 + number)
        .format(3)
        .lengths(|trace| 20 + usize::try_from(trace * 7 % 19).unwrap())
}

/// Written an hour ago, as far as the file's time tells.
fn written(builder: &SegyBuilder, folder: &Path, name: &str) -> PathBuf {
    let path = builder.write(folder, name);
    set_modified(&path, SystemTime::now() - Duration::from_hours(1));
    path
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

/// Opens the file; with it all positions that were reported.
fn watched(path: &Path, overrides: &LayoutOverrides) -> (SegyFile, Vec<(u64, u64)>) {
    let reported = Arc::new(Mutex::new(Vec::new()));
    let watch = {
        let reported = Arc::clone(&reported);
        move |position, end| {
            reported.lock().unwrap().push((position, end));
            ControlFlow::Continue(())
        }
    };
    let file = SegyFile::open_watched(path, overrides, Arc::new(watch)).unwrap();
    let reported = reported.lock().unwrap().clone();
    (file, reported)
}

#[test]
fn a_file_is_walked_once_while_it_stays_the_same() {
    let folder = made_files::folder();
    let path = written(&varying(1), folder.path(), "a.sgy");
    let plain = LayoutOverrides::default();
    let (first, reported) = watched(&path, &plain);
    let size_bytes = first.layout().file_size_bytes;
    assert!(reported.len() >= 4, "{reported:?}");
    assert!(reported.is_sorted_by(|a, b| a.0 < b.0));
    assert!(reported.iter().all(|&(_, end)| end == size_bytes));

    let (again, reported) = watched(&path, &plain);
    assert_eq!((again.layout(), reported), (first.layout(), Vec::new()));
    // Overrides that say nothing of lengths share the walk.
    let other_interval = LayoutOverrides {
        interval_micros: Some(2000.0),
        ..LayoutOverrides::default()
    };
    let (_, reported) = watched(&path, &other_interval);
    assert_eq!(reported, []);
    // Those that do, do not.
    let all_alike = LayoutOverrides {
        n_samples: Some(20),
        ..LayoutOverrides::default()
    };
    let other = SegyFile::open(&path, &all_alike);
    assert!(other.map_or(true, |file| file.layout() != first.layout()));
}

#[test]
fn a_file_that_was_changed_is_walked_again() {
    let folder = made_files::folder();
    let path = written(&varying(2), folder.path(), "a.sgy");
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    let plain = LayoutOverrides::default();
    let (before, reported) = watched(&path, &plain);
    assert!(!reported.is_empty());

    // As long as before, and one trace has other samples.
    let changed = varying(2).samples(|trace, i| if trace == 77 { 9.0 } else { i as f64 });
    changed.write(folder.path(), "a.sgy");
    set_modified(&path, modified + Duration::from_mins(1));
    let (_, reported) = watched(&path, &plain);
    assert!(!reported.is_empty(), "its time is another");

    // Two traces change places: even a program that sets the time back does not hide it.
    #[cfg(unix)]
    {
        std::thread::sleep(Duration::from_millis(30));
        let lengths = |trace| match trace {
            0 => 27,
            1 => 20,
            other => 20 + usize::try_from(other * 7 % 19).unwrap(),
        };
        varying(2).lengths(lengths).write(folder.path(), "a.sgy");
        set_modified(&path, modified + Duration::from_mins(1));
        let (after, reported) = watched(&path, &plain);
        assert!(!reported.is_empty());
        assert_eq!(
            after.layout().file_size_bytes,
            before.layout().file_size_bytes
        );
        let window = after.window(0..2).unwrap();
        assert_eq!((window.n_samples(0), window.n_samples(1)), (27, 20));
    }
}

#[test]
fn a_file_written_a_moment_ago_is_walked_each_time() {
    let folder = made_files::folder();
    let path = varying(3).write(folder.path(), "a.sgy");
    for _ in 0..2 {
        let (_, reported) = watched(&path, &LayoutOverrides::default());
        assert!(!reported.is_empty());
    }
}

#[test]
fn a_walk_that_nobody_wants_ends_and_another_begins() {
    let folder = made_files::folder();
    let path = written(&varying(4), folder.path(), "a.sgy");
    let plain = LayoutOverrides::default();
    let n_looks = Arc::new(AtomicU64::new(0));
    let watch = {
        let n_looks = Arc::clone(&n_looks);
        move |_, _| {
            if n_looks.fetch_add(1, Ordering::Relaxed) == 1 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }
    };
    let ended = SegyFile::open_watched(&path, &plain, Arc::new(watch));
    assert!(matches!(ended, Err(SegyError::Cancelled)), "{ended:?}");
    assert_eq!(n_looks.load(Ordering::Relaxed), 2);
    let (file, reported) = watched(&path, &plain);
    assert!(!reported.is_empty());
    assert_eq!(file.layout().n_traces, N_TRACES);
}

#[test]
fn many_who_open_it_at_once_share_one_walk() {
    let folder = made_files::folder();
    let path = written(&varying(5), folder.path(), "a.sgy");
    let opened: Vec<SegyFile> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| SegyFile::open(&path, &LayoutOverrides::default()).unwrap()))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    for file in &opened {
        assert_eq!(file.layout(), opened[0].layout());
        assert_eq!(file.layout().n_traces, N_TRACES);
    }
    let (_, reported) = watched(&path, &LayoutOverrides::default());
    assert_eq!(reported, []);
}

#[test]
fn a_task_that_opens_a_file_shows_how_far_it_is_and_can_be_cancelled() {
    let folder = made_files::folder();
    let path = written(&varying(6), folder.path(), "a.sgy");
    let plain = LayoutOverrides::default();
    let cancelled = JobContext::default();
    cancelled.cancel.cancel();
    let ended = scan(&path, &plain, ScanDepth::Quick, &cancelled);
    assert!(matches!(ended, Err(Stop::Cancelled)));
    let ended = SegySource::open_watched(&path, &plain, &[], &[], &cancelled);
    assert!(ended.is_err());

    let context = JobContext::default();
    let source = SegySource::open_watched(&path, &plain, &[], &[], &context).unwrap();
    let seen = context.progress.snapshot();
    let size_bytes = source.file().layout().file_size_bytes;
    assert_eq!(seen.bytes_total, size_bytes);
    assert!(seen.bytes_done > size_bytes / 2 && seen.bytes_done <= size_bytes);
    // The walk's numbers make room for the task's own.
    let context = JobContext::default();
    scan(&path, &plain, ScanDepth::Full, &context).unwrap();
    assert!(context.progress.snapshot().fraction() <= Some(1.0));
}
