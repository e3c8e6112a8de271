//! How does an import stop, fail and complain? Whatever happens, no half dataset is left.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use made_files::{MadeFile, imported, names, planned, scanned};
use shotpoint::dataset::Dataset;
use shotpoint::import::{
    ImportError, ImportOptions, ImportPlan, Mapping, PlanError, RequestedMode, estimate, run,
    run_with,
};
use shotpoint::job::{Job, JobContext, Outcome, Phase, Stop};
use shotpoint::segy::SegyError;

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

#[test]
fn a_source_that_shrinks_ends_the_import_with_a_sentence() {
    let folder = made_files::folder();
    let path = made(folder.path());
    let plan = planned(
        &path,
        &Mapping::default(),
        &many_blocks(RequestedMode::Batch),
    );
    let end = run_with(&plan, &JobContext::default(), |block| {
        if block.first_trace == 0 {
            OpenOptions::new()
                .write(true)
                .open(&path)
                .unwrap()
                .set_len(10_000)
                .unwrap();
        }
    });
    match end {
        Err(Stop::Failed(ImportError::Segy(error @ SegyError::SourceShrank { .. }))) => {
            assert!(
                error.to_string().contains("10000 bytes are left"),
                "{error}"
            );
        }
        end => panic!("{end:?}"),
    }
    assert_eq!(names(folder.path()), ["made.sgy"]);
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
        error.to_string().contains("2000 traces then, 100 now"),
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
        (0.3..3.0).contains(&ratio),
        "{estimate:?} against {}",
        report.bytes_out
    );
    assert!(estimate.free_bytes.is_some_and(|free| free > 0));
}
