//! How does an import stop, fail and complain? Whatever happens, no half dataset is left.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use made_files::{MadeFile, contents, imported, names, planned, scanned};
use shotpoint::dataset::Dataset;
use shotpoint::import::{
    ImportError, ImportOptions, ImportPlan, Mapping, PlanError, RequestedMode, ScanDepth, estimate,
    run, run_with, scan,
};
use shotpoint::job::{Job, JobContext, Outcome, Phase, Stop};
use shotpoint::segy::{LayoutOverrides, SegyError};

fn many_blocks(mode: RequestedMode) -> ImportOptions {
    ImportOptions {
        chunk_traces: Some(16),
        chunks_per_block: Some(1),
        mode,
        ..ImportOptions::default()
    }
}

fn made(folder: &Path) -> std::path::PathBuf {
    let made = MadeFile {
        n_traces: 2000,
        n_samples: 100,
        ..MadeFile::default()
    };
    made.write(folder)
}

#[test]
fn cancelled_before_it_begins_it_leaves_nothing() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let plan = planned(&path, &Mapping::default(), &ImportOptions::default());
    let context = JobContext::default();
    context.cancel.cancel();
    assert!(matches!(run(&plan, &context), Err(Stop::Cancelled)));
    assert_eq!(names(folder.path()), ["made.sgy"]);
}

#[test]
fn cancelled_while_writing_it_leaves_nothing() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let plan = planned(
        &path,
        &Mapping::default(),
        &many_blocks(RequestedMode::Batch),
    );
    for after_trace in [0, 700, 1990] {
        let context = JobContext::default();
        let end = run_with(&plan, &context, |block| {
            if block.first_trace + 16 > after_trace {
                context.cancel.cancel();
            }
        });
        assert!(
            matches!(end, Err(Stop::Cancelled)),
            "after trace {after_trace}"
        );
        assert_eq!(names(folder.path()), ["made.sgy"]);
    }
}

/// One block only: when it arrives, nothing is left but to finish.
#[test]
fn cancelled_behind_the_last_block_it_leaves_nothing() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let options = ImportOptions {
        chunk_traces: Some(2000),
        chunks_per_block: Some(1),
        mode: RequestedMode::Batch,
        ..ImportOptions::default()
    };
    let plan = planned(&path, &Mapping::default(), &options);
    let context = JobContext::default();
    let end = run_with(&plan, &context, |_| context.cancel.cancel());
    assert!(matches!(end, Err(Stop::Cancelled)), "{end:?}");
    assert_eq!(names(folder.path()), ["made.sgy"]);
}

/// Whichever moment it is: a whole dataset, or nothing.
#[test]
fn cancelled_in_any_phase_there_is_all_or_nothing() {
    let folder = made_files::folder();
    let path = made(folder.path());
    for phase in [
        Phase::Preparing,
        Phase::WritingTraces,
        Phase::Finishing,
        Phase::Done,
    ] {
        let plan = planned(
            &path,
            &Mapping::default(),
            &many_blocks(RequestedMode::Streaming),
        );
        let output = plan.output().to_owned();
        let job = Job::spawn("import", || {}, move |context| run(&plan, context)).unwrap();
        let phases = [
            Phase::Waiting,
            Phase::Preparing,
            Phase::WritingTraces,
            Phase::Finishing,
            Phase::Done,
        ];
        let place = |phase| phases.iter().position(|&p| p == phase).unwrap();
        while place(job.progress().snapshot().phase) < place(phase) {
            std::thread::sleep(Duration::from_micros(50));
        }
        job.cancel();
        match job.wait() {
            Outcome::Cancelled => assert_eq!(names(folder.path()), ["made.sgy"]),
            Outcome::Finished(_) => {
                Dataset::open(&output).unwrap();
                std::fs::remove_dir_all(&output).unwrap();
                assert_eq!(names(folder.path()), ["made.sgy"]);
            }
            outcome @ (Outcome::Failed(_) | Outcome::Panicked(_)) => {
                panic!("{phase:?}: {outcome:?}")
            }
        }
    }
}

/// No clock: what counts is how much is still done once it was asked to stop.
#[test]
fn after_a_cancel_at_most_the_blocks_in_flight_arrive() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let options = ImportOptions {
        threads: Some(2),
        ..many_blocks(RequestedMode::Batch)
    };
    let plan = planned(&path, &Mapping::default(), &options);
    let n_blocks = plan.n_blocks();
    let context = JobContext::default();
    let (before, after) = (AtomicU64::new(0), AtomicU64::new(0));
    let end = run_with(&plan, &context, |_| {
        if context.cancel.is_cancelled() {
            after.fetch_add(1, Ordering::Relaxed);
        } else if before.fetch_add(1, Ordering::Relaxed) == 20 {
            context.cancel.cancel();
        }
    });
    assert!(matches!(end, Err(Stop::Cancelled)), "{end:?}");
    // One in the hands of each worker.
    let after = after.load(Ordering::Relaxed);
    assert!(
        after <= 4 && n_blocks > 100,
        "{after} of {n_blocks} after the cancel"
    );
    assert_eq!(names(folder.path()), ["made.sgy"]);
}

/// A scan looks at cancel window by window: of a large file next to nothing is read any more.
#[test]
fn a_cancelled_scan_reads_next_to_nothing_more() {
    let folder = made_files::folder();
    let path = made(folder.path());
    for depth in [ScanDepth::Quick, ScanDepth::Full] {
        let context = JobContext::default();
        context.cancel.cancel();
        let end = scan(&path, &LayoutOverrides::default(), depth, &context);
        assert!(matches!(end, Err(Stop::Cancelled)), "{depth:?}");
        assert_eq!(context.progress.snapshot().traces_done, 0, "{depth:?}");
    }
}

#[test]
fn however_many_threads_every_file_of_the_dataset_is_the_same() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let mut by_one = None;
    for threads in [1, 4] {
        let options = ImportOptions {
            threads: Some(threads),
            output: Some(folder.path().join(format!("{threads}.shotpoint"))),
            ..many_blocks(RequestedMode::Streaming)
        };
        let plan = planned(&path, &Mapping::default(), &options);
        let report = run(&plan, &JobContext::default()).unwrap();
        let files = contents(&report.dataset);
        assert!(files.len() > 8, "{:?}", files.keys());
        let by_one = by_one.get_or_insert_with(|| files.clone());
        assert!(files.keys().eq(by_one.keys()));
        for (name, bytes) in &files {
            assert!(
                by_one.get(name) == Some(bytes),
                "{name} by {threads} threads"
            );
        }
    }
}

#[test]
fn a_panicking_worker_ends_the_import_with_its_words() {
    let folder = made_files::folder();
    let path = made(folder.path());
    for threads in [1, 4] {
        let options = ImportOptions {
            threads: Some(threads),
            ..many_blocks(RequestedMode::Batch)
        };
        let plan = planned(&path, &Mapping::default(), &options);
        let end = run_with(&plan, &JobContext::default(), |block| {
            assert!(block.first_trace < 500, "by intent");
        });
        match end {
            Err(Stop::Failed(ImportError::WorkerPanicked { block, words })) => {
                assert!(block >= 500 / 16, "{block}");
                assert_eq!(words, "by intent");
            }
            end => panic!("{end:?}"),
        }
        assert_eq!(names(folder.path()), ["made.sgy"]);
    }
}

/// What happens to a source while it is imported.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    /// Cut behind this many bytes.
    Cut(u64),
    /// Other bytes in the same place, as a program that writes the file again does it.
    Rewritten,
}

impl Change {
    fn happen(self, path: &Path) {
        let mut file = OpenOptions::new().write(true).open(path).unwrap();
        match self {
            Self::Cut(bytes) => file.set_len(bytes).unwrap(),
            Self::Rewritten => {
                let mut other = std::fs::read(path).unwrap();
                other[3600..].reverse();
                file.write_all(&other).unwrap();
                // Clocks of file systems are coarse: say the later time, do not wait for it.
                let later = std::time::SystemTime::now() + Duration::from_mins(1);
                file.set_modified(later).unwrap();
            }
        }
    }

    /// The import's end says so, and the folder holds only the source.
    fn is_said(self, end: Stop<ImportError>, folder: &Path) {
        let Stop::Failed(ImportError::Segy(error)) = end else {
            panic!("{self:?}: {end:?}");
        };
        let sentence = error.to_string();
        match self {
            Self::Cut(_) => {
                assert!(matches!(error, SegyError::SourceShrank { .. }), "{error:?}");
                assert!(sentence.contains("10 000 bytes are left"), "{sentence}");
            }
            Self::Rewritten => {
                assert!(
                    matches!(error, SegyError::SourceChanged { .. }),
                    "{error:?}"
                );
                assert!(sentence.contains("changed while it was read"), "{sentence}");
            }
        }
        assert_eq!(names(folder), ["made.sgy"]);
    }
}

#[test]
fn a_source_that_changes_in_batch_mode_ends_the_import_with_a_sentence() {
    for change in [Change::Cut(10_000), Change::Rewritten] {
        for at_trace in [0, 1008, 1984] {
            let folder = made_files::folder();
            let path = made(folder.path());
            let options = many_blocks(RequestedMode::Batch);
            let plan = planned(&path, &Mapping::default(), &options);
            let end = run_with(&plan, &JobContext::default(), |block| {
                if block.first_trace == at_trace {
                    change.happen(&path);
                }
            });
            change.is_said(end.unwrap_err(), folder.path());
        }
    }
}

/// Streaming shows no blocks, so the change happens as soon as the first traces are reported done,
/// of many more.
#[test]
fn a_source_that_changes_in_streaming_mode_ends_the_import_with_a_sentence() {
    for change in [Change::Cut(10_000), Change::Rewritten] {
        let folder = made_files::folder();
        let file = MadeFile {
            n_traces: 10_000,
            n_samples: 20,
            ..MadeFile::default()
        };
        let path = file.write(folder.path());
        let options = many_blocks(RequestedMode::Streaming);
        let plan = planned(&path, &Mapping::default(), &options);
        let job = Job::spawn("import", || {}, move |context| run(&plan, context)).unwrap();
        while job.progress().snapshot().traces_done == 0 {
            std::thread::yield_now();
        }
        change.happen(&path);
        match job.wait() {
            Outcome::Failed(error) => change.is_said(Stop::Failed(error), folder.path()),
            outcome @ (Outcome::Finished(_) | Outcome::Cancelled | Outcome::Panicked(_)) => {
                panic!("{change:?}: {outcome:?}")
            }
        }
    }
}

#[test]
fn a_source_that_is_another_file_since_its_scan_is_not_imported() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let plan = planned(&path, &Mapping::default(), &ImportOptions::default());
    MadeFile::default().write(folder.path());
    let end = run(&plan, &JobContext::default());
    let Err(Stop::Failed(error @ ImportError::NotAsScanned { .. })) = end else {
        panic!("{end:?}");
    };
    assert!(
        error.to_string().contains("2 000 traces then, 100 now"),
        "{error}"
    );
    assert_eq!(names(folder.path()), ["made.sgy"]);
}

#[test]
fn an_existing_output_is_kept_unless_it_may_be_replaced() {
    let folder = made_files::folder();
    let path = MadeFile::default().write(folder.path());
    imported(&path, &Mapping::default(), &ImportOptions::default());
    let scan = scanned(&path);
    let plan = |options: &ImportOptions| ImportPlan::new(&scan, &Mapping::default(), options);
    let refused = plan(&ImportOptions::default());
    assert!(
        matches!(refused, Err(PlanError::OutputExists { .. })),
        "{refused:?}"
    );
    let options = ImportOptions {
        overwrite: true,
        traces: Some(0..10),
        ..ImportOptions::default()
    };
    run(&plan(&options).unwrap(), &JobContext::default()).unwrap();
    let dataset = Dataset::open(&folder.path().join("made.shotpoint")).unwrap();
    assert_eq!(dataset.manifest().array.n_traces, 10);
    assert_eq!(names(folder.path()), ["made.sgy", "made.shotpoint"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_found_before_the_import() {
    let folder = made_files::folder();
    let path = MadeFile::default().write(folder.path());
    let options = ImportOptions {
        output: Some("/proc/made.shotpoint".into()),
        ..ImportOptions::default()
    };
    let refused = ImportPlan::new(&scanned(&path), &Mapping::default(), &options);
    assert!(
        matches!(refused, Err(PlanError::NotWritable { .. })),
        "{refused:?}"
    );
}

#[test]
fn settings_that_do_not_fit_are_sentences() {
    let folder = made_files::folder();
    let path = MadeFile::default().write(folder.path());
    let scan = scanned(&path);
    let plan = |mapping: &Mapping, options: &ImportOptions| {
        ImportPlan::new(&scan, mapping, options)
            .unwrap_err()
            .to_string()
    };
    let outside = Mapping::from_json(r#"{"columns":[{"name":"inline","byte":238,"kind":"i32"}]}"#);
    let sentence = outside.unwrap_err().to_string();
    assert!(
        sentence.contains("byte 238") && sentence.contains("1 to 237"),
        "{sentence}"
    );
    let sentence = plan(&made_files::by_keys(&["inlin"]), &ImportOptions::default());
    assert!(sentence.contains("did you mean inline"), "{sentence}");
    let range = ImportOptions {
        traces: Some(90..101),
        ..ImportOptions::default()
    };
    let sentence = plan(&Mapping::default(), &range);
    assert!(sentence.contains("has 100 traces"), "{sentence}");
    let memory = ImportOptions {
        memory_mib: 8,
        mode: RequestedMode::Streaming,
        ..ImportOptions::default()
    };
    let sentence = plan(&Mapping::default(), &memory);
    assert!(sentence.contains("but the budget is 8 MiB"), "{sentence}");
}

#[test]
fn an_estimate_measures_real_chunks() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let plan = planned(&path, &Mapping::default(), &ImportOptions::default());
    let estimate = estimate(&plan, &JobContext::default()).unwrap();
    assert!(estimate.measured_bytes > 0);
    let report = run(&plan, &JobContext::default()).unwrap();
    let ratio = estimate.output_bytes as f64 / report.bytes_out as f64;
    assert!(
        (0.7..1.3).contains(&ratio),
        "{estimate:?} against {}",
        report.bytes_out
    );
    assert!(estimate.free_bytes.is_some_and(|free| free > 0));
}
