//! What happens to an unfinished import whose files are damaged.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use shotpoint::dataset::Partial;
use shotpoint::import::{ImportOptions, RequestedMode, plan_to_resume, run, run_with};
use shotpoint::job::JobContext;

use crate::checks::verified;
use crate::harm::copy;
use crate::made_files::{MadeFile, by_keys, files_below, folder, planned};

/// An import of a file beside it that was stopped half way: the file, the dataset that it is to
/// become, and the unfinished folder.
fn stopped(folder: &Path) -> (PathBuf, PathBuf, PathBuf) {
    // A checkpoint is made where a group of 65,536 rows ends.
    let made = MadeFile {
        n_traces: 80_000,
        n_samples: 1,
        ..MadeFile::default()
    };
    let source = made.write(folder);
    let output = folder.join("half.shotpoint");
    let partial = folder.join("half.shotpoint.partial");
    let options = ImportOptions {
        output: Some(output.clone()),
        mode: RequestedMode::Batch,
        chunk_traces: Some(4096),
        chunks_per_block: Some(1),
        threads: Some(3),
        ..ImportOptions::default()
    };
    let plan = planned(&source, &by_keys(&["ffid"]), &options);
    let context = JobContext::default();
    let checkpoint = partial.join("journal/checkpoint");
    drop(run_with(&plan, &context, |block| {
        if block.first_trace == 18 * 4096 {
            // It is put on disk by a thread of its own.
            let begun = Instant::now();
            while !checkpoint.is_file() && begun.elapsed() < Duration::from_mins(1) {
                std::thread::sleep(Duration::from_millis(1));
            }
            context.cancel.cancel_and_keep();
        }
    }));
    assert_eq!(context.kept().unwrap().path, partial);
    (source, output, partial)
}

/// Goes on with it; why not, where that is not possible.
fn gone_on(source: &Path, output: &Path) -> Result<PathBuf, String> {
    let found = Partial::inspect(output).ok_or("nothing to go on with")?;
    let context = JobContext::default();
    let plan = plan_to_resume(&found, source, &context).map_err(|stop| format!("{stop:?}"))?;
    let report = run(&plan, &context).map_err(|stop| format!("{stop:?}"))?;
    Ok(report.dataset)
}

/// Whatever happened to the unfinished folder: it is refused, or it becomes the source's dataset,
/// or `verify` names what was damaged before.
#[test]
fn damage_of_an_unfinished_import_is_refused_mended_or_named() {
    let folder = folder();
    let (source, output, partial) = stopped(folder.path());
    let kept = folder.path().join("kept");
    copy(&partial, &kept);
    let mut names: Vec<String> = files_below(&kept)
        .iter()
        .map(|file| file.strip_prefix(&kept).unwrap())
        .map(|name| name.to_str().unwrap().to_owned())
        .collect();
    // What is written anew at the end is not asked, and other tables are like this one.
    names.retain(|name| {
        [
            "import.json",
            "checkpoint",
            "chunks-0.log",
            "headers/0.parquet",
        ]
        .iter()
        .any(|kept| *name == format!("journal/{kept}"))
            || name == "traces.zarr/amplitude/c/0/0"
    });
    names.sort();
    assert!(names.iter().any(|name| name == "journal/checkpoint"));
    let mut ends = [0; 3];
    for name in &names {
        let sound = fs::read(kept.join(name)).unwrap();
        let flipped = |place: usize| {
            let mut bytes = sound.clone();
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 0x10;
            }
            Some(bytes)
        };
        let harms = [
            ("a bit at its begin", flipped(9)),
            ("a bit in its middle", flipped(sound.len() / 2)),
            ("a bit at its end", flipped(sound.len().saturating_sub(3))),
            ("cut", Some(sound[..sound.len() / 2].to_vec())),
            ("emptied", Some(Vec::new())),
            ("missing", None),
        ];
        for (what, content) in harms {
            drop(fs::remove_dir_all(&partial));
            drop(fs::remove_dir_all(&output));
            copy(&kept, &partial);
            match content {
                Some(bytes) => fs::write(partial.join(name), bytes).unwrap(),
                None => fs::remove_file(partial.join(name)).unwrap(),
            }
            let end = gone_on(&source, &output).map(|dataset| verified(&dataset));
            let (which, words) = match &end {
                Err(why) => {
                    assert!(!why.contains("Panicked"), "{name}, {what}: {why}");
                    assert!(!output.exists(), "{name}, {what}: half a dataset");
                    (0, why.as_str())
                }
                Ok(report) if report.is_sound() => (1, "the source's dataset"),
                Ok(report) => (2, report.faults[0].as_str()),
            };
            ends[which] += 1;
            println!("| {name} | {what} | {words}");
        }
    }
    println!("refused, whole, named: {ends:?}");
    assert!(ends[0] > 5 && ends[1] > 5, "{ends:?}");
}

#[test]
#[cfg(unix)]
fn an_unfinished_import_is_never_gone_on_with_through_a_link() {
    let folder = folder();
    let (source, output, partial) = stopped(folder.path());
    let secret = folder.path().join("secret");
    fs::write(&secret, b"not yours").unwrap();
    drop(fs::remove_file(partial.join("headers.parquet")));
    std::os::unix::fs::symlink(&secret, partial.join("headers.parquet")).unwrap();
    let error = gone_on(&source, &output).unwrap_err();
    assert!(error.contains("link"), "{error}");
    assert_eq!(fs::read(&secret).unwrap(), b"not yours");
}
