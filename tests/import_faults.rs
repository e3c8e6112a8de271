//! Whatever goes wrong, is no thread and no file left open, and is what is left said?
//!
//! One test, because it counts the threads and files of the whole process.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use std::fs;
use std::path::Path;

use made_files::{MadeFile, imported, names, planned};
use shotpoint::dataset::{Dataset, Partial, PartialState};
use shotpoint::import::{
    ImportOptions, ImportPlan, ImportReport, Mapping, RequestedMode, plan_to_resume, run_with,
    unfinished,
};
use shotpoint::job::{JobContext, Stop};

fn count(what: &str) -> usize {
    fs::read_dir(format!("/proc/self/{what}")).unwrap().count()
}

/// Threads and open files; threads that have ended may still be on their way out.
fn settled(expected: (usize, usize)) -> (usize, usize) {
    let mut found = (0, 0);
    for _ in 0..200 {
        found = (count("task"), count("fd"));
        if found == expected {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    found
}

fn options() -> ImportOptions {
    ImportOptions {
        chunk_traces: Some(16),
        chunks_per_block: Some(1),
        threads: Some(3),
        mode: RequestedMode::Batch,
        ..ImportOptions::default()
    }
}

/// Runs the plan; `fault` happens once, when the block of trace 1008 is there.
fn disturbed(plan: &ImportPlan, context: &JobContext, fault: &(dyn Fn() + Sync)) -> String {
    let end: Result<ImportReport, _> = run_with(plan, context, |block| {
        if block.first_trace == 1008 {
            fault();
        }
    });
    match end.unwrap_err() {
        Stop::Cancelled => "cancelled".to_owned(),
        Stop::Failed(error) => error.to_string(),
    }
}

#[test]
fn no_thread_and_no_file_is_left_open_whatever_goes_wrong() {
    let folder = made_files::folder();
    let made = MadeFile {
        n_traces: 3000,
        n_samples: 50,
        ..MadeFile::default()
    };
    let source = made.write(folder.path());
    let partial = folder.path().join("made.shotpoint.partial");
    let good = fs::read(&source).unwrap();
    // Threads that live as long as the process are there after this.
    let report = imported(&source, &Mapping::default(), &options());
    let expected = Dataset::open(&report.dataset).unwrap().manifest().clone();
    fs::remove_dir_all(&report.dataset).unwrap();
    let before = (count("task"), count("fd"));
    let plan = || planned(&source, &Mapping::default(), &options());

    let context = JobContext::default();
    let said = disturbed(&plan(), &context, &|| context.cancel.cancel());
    assert_eq!(said, "cancelled");
    assert!(context.kept().is_none());
    assert_eq!(names(folder.path()), ["made.sgy"]);
    assert_eq!(settled(before), before);

    let said = disturbed(&plan(), &JobContext::default(), &|| panic!("by intent"));
    assert!(said.contains("by intent"), "{said}");
    assert_eq!(names(folder.path()), ["made.sgy"]);
    assert_eq!(settled(before), before);

    // Somebody else imports to the same place meanwhile: the second is refused, the first goes on.
    let second = plan();
    let said = std::sync::Mutex::new(String::new());
    let report = run_with(&plan(), &JobContext::default(), |block| {
        if block.first_trace == 1008 {
            let error = run_with(&second, &JobContext::default(), |_| {}).unwrap_err();
            *said.lock().unwrap() = format!("{error:?}");
        }
    });
    let report = report.unwrap();
    let said = said.into_inner().unwrap();
    assert!(said.contains("OutputInUse"), "{said}");
    assert_eq!(report.manifest.source.sha256, expected.source.sha256);
    assert_eq!(names(folder.path()), ["made.sgy", "made.shotpoint"]);
    assert_eq!(settled(before), before);
    fs::remove_dir_all(&report.dataset).unwrap();

    // The folder becomes unwritable: where shards are made there stands a file.
    let said = disturbed(&plan(), &JobContext::default(), &|| take_away(&partial));
    assert!(said.contains("made.shotpoint.partial"), "{said}");
    assert_eq!(settled(before), before);
    if partial.exists() {
        fs::remove_dir_all(&partial).unwrap();
    }

    let said = disturbed(&plan(), &JobContext::default(), &|| {
        fs::OpenOptions::new()
            .write(true)
            .open(&source)
            .unwrap()
            .set_len(9000)
            .unwrap();
    });
    assert!(said.contains("9 000 bytes are left"), "{said}");
    assert_eq!(names(folder.path()), ["made.sgy"]);
    assert_eq!(settled(before), before);
    fs::write(&source, good).unwrap();

    // What an older version left behind says what it is, and is replaced.
    fs::create_dir_all(partial.join("traces.zarr")).unwrap();
    let left = Partial::inspect(plan().output()).unwrap();
    assert_eq!(left.state, PartialState::OtherVersion);
    assert!(
        left.sentence().contains("another version of Shotpoint"),
        "{}",
        left.sentence()
    );
    let resuming = ImportOptions {
        resume: true,
        ..options()
    };
    let said = disturbed(
        &planned(&source, &Mapping::default(), &resuming),
        &JobContext::default(),
        &|| {},
    );
    assert!(said.contains("there is none that kept a journal"), "{said}");
    assert!(partial.exists());

    // Kept when asked for, found again by the source, and gone on with by the plan it was begun with.
    let context = JobContext::default();
    let said = disturbed(&plan(), &context, &|| context.cancel.cancel_and_keep());
    assert_eq!(said, "cancelled");
    let kept = context.kept().unwrap();
    assert_eq!(kept.path, partial);
    assert!((0.2..0.6).contains(&kept.share_done), "{kept:?}");
    assert_eq!(settled(before), before);
    let left = unfinished(&source, None).unwrap();
    assert_eq!(left.state, PartialState::Resumable);
    let plan = plan_to_resume(&left, &source, &JobContext::default()).unwrap();
    let report = run_with(&plan, &JobContext::default(), |_| {}).unwrap();
    assert_eq!(report.manifest.source.sha256, expected.source.sha256);
    assert_eq!(report.manifest.amplitude, expected.amplitude);
    assert_eq!(report.manifest.array, expected.array);
    assert_eq!(names(folder.path()), ["made.sgy", "made.shotpoint"]);
    assert_eq!(settled(before), before);
}

/// Puts a file where the next shards would be made.
fn take_away(partial: &Path) {
    let shards = partial.join("traces.zarr/amplitude/c");
    fs::rename(&shards, partial.join("elsewhere")).unwrap();
    fs::write(&shards, "").unwrap();
}
