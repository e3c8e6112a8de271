//! How long does a task go on once somebody cancels it? Protects the promise of a second (README), and
//! the places where tasks look at their switch: each block, each row group, each megabyte, each sync.
//!
//! For each task and phase, the switch is thrown when the task has come so far; what is printed is the
//! time from there until the task has returned, with its files removed or kept. `ended` counts runs that
//! were done before anybody threw the switch.
//!
//! `SHOTPOINT_BENCH_MB` (600) sets the size of the file, `SHOTPOINT_BENCH_DIR` the place.

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its result")]

mod realistic;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use realistic::{Recording, Survey};
use shotpoint::dataset::{Codec, Dataset};
use shotpoint::export::{export_exact, verify};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, estimate, run, scan};
use shotpoint::job::{JobContext, Phase, Stop};
use shotpoint::segy::{LayoutOverrides, SampleFormat};

/// Where the switch is thrown: in this phase, at this part of all bytes.
type Moment = (Phase, f64);

/// What became of one run.
#[derive(Clone, Copy, Debug)]
enum End {
    Cancelled(Duration),
    EndedBefore,
}

fn main() {
    let text = std::env::var("SHOTPOINT_BENCH_MB").ok();
    let megabytes: u64 = text.and_then(|text| text.parse().ok()).unwrap_or(600);
    let folder = match std::env::var_os("SHOTPOINT_BENCH_DIR") {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let bench = Bench::new(folder.path(), megabytes);
    println!(
        "{:44} {:>4} {:>5} {:>10} {:>10}",
        "task", "runs", "ended", "median ms", "worst ms"
    );
    let along = [0.0, 0.1, 0.35, 0.6, 0.85, 0.99];
    let during = |phase| along.map(|part| (phase, part));
    row(
        "quick scan",
        &[(Phase::Scanning, 0.0); 6],
        false,
        |context| bench.scan(ScanDepth::Quick, context),
    );
    row("full scan", &during(Phase::Scanning), false, |context| {
        bench.scan(ScanDepth::Full, context)
    });
    row("estimate", &[(Phase::Waiting, 0.0); 6], false, |context| {
        ended(estimate(&bench.plan, context))
    });
    for (keeps, codec) in [
        (false, Codec::Balanced),
        (true, Codec::Balanced),
        (false, Codec::Small),
    ] {
        let plan = bench.plan_with(codec);
        let name = format!(
            "import, {codec:?}, {}",
            if keeps { "kept" } else { "removed" }
        );
        let import = |context: &JobContext| {
            let end = ended(run(&plan, context));
            bench.clean(&plan);
            end
        };
        row(
            &format!("{name}: preparing"),
            &[(Phase::Preparing, 0.0); 6],
            keeps,
            import,
        );
        row(
            &format!("{name}: writing traces"),
            &during(Phase::WritingTraces),
            keeps,
            import,
        );
        row(
            &format!("{name}: finishing"),
            &[(Phase::Finishing, 0.0); 6],
            keeps,
            import,
        );
    }
    assert!(ended(run(&bench.plan, &JobContext::default())));
    let dataset = Dataset::open(bench.plan.output()).unwrap();
    row("verify", &during(Phase::Verifying), false, |context| {
        ended(verify(&dataset, None, context))
    });
    row("export", &during(Phase::Exporting), false, |context| {
        ended(export_exact(
            &dataset,
            &bench.folder.join("back.sgy"),
            true,
            context,
        ))
    });
}

/// The file, and how it is imported.
struct Bench {
    folder: PathBuf,
    file: PathBuf,
    plan: ImportPlan,
}

impl Bench {
    fn new(folder: &Path, megabytes: u64) -> Self {
        let file = folder.join("bench.sgy");
        Recording::of_bytes(
            Survey::Shots,
            SampleFormat::Ibm32,
            1000,
            megabytes * 1_000_000,
        )
        .write(&file);
        std::fs::File::open(&file).unwrap().sync_all().unwrap();
        let plan = plan(&file, folder, Codec::Balanced);
        let folder = folder.to_owned();
        Self { folder, file, plan }
    }

    fn plan_with(&self, codec: Codec) -> ImportPlan {
        plan(&self.file, &self.folder, codec)
    }

    fn scan(&self, depth: ScanDepth, context: &JobContext) -> bool {
        ended(scan(
            &self.file,
            &LayoutOverrides::default(),
            depth,
            context,
        ))
    }

    /// Removes what a run left: everything, or what it was asked to keep.
    fn clean(&self, plan: &ImportPlan) {
        let name = plan.output().file_name().unwrap().to_owned();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            let is_ours = path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(&*name.to_string_lossy());
            if is_ours && path.is_dir() {
                std::fs::remove_dir_all(path).unwrap();
            }
        }
    }
}

/// Runs the task once for each moment.
fn row(name: &str, moments: &[Moment], keeps: bool, task: impl Fn(&JobContext) -> bool) {
    let mut millis = Vec::new();
    let mut n_ended = 0;
    for &moment in moments {
        match cancelled_at(moment, keeps, &task) {
            End::Cancelled(after) => millis.push(after.as_secs_f64() * 1e3),
            End::EndedBefore => n_ended += 1,
        }
    }
    millis.sort_by(f64::total_cmp);
    let of = |index: Option<usize>| {
        index
            .and_then(|i| millis.get(i))
            .map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1}"))
    };
    let (median, worst) = (of(Some(millis.len() / 2)), of(millis.len().checked_sub(1)));
    println!(
        "{name:44} {:4} {n_ended:5} {median:>10} {worst:>10}",
        moments.len()
    );
}

fn plan(file: &Path, folder: &Path, codec: Codec) -> ImportPlan {
    let context = JobContext::default();
    let found = scan(
        file,
        &LayoutOverrides::default(),
        ScanDepth::Quick,
        &context,
    );
    let Ok(found) = found else {
        panic!("the file is not read")
    };
    let options = ImportOptions {
        output: Some(folder.join("bench.shotpoint")),
        overwrite: true,
        codec,
        ..ImportOptions::default()
    };
    ImportPlan::new(&found, &Mapping::default(), &options).unwrap()
}

/// Whether the task came to its end.
fn ended<T, E: std::fmt::Debug>(result: Result<T, Stop<E>>) -> bool {
    match result {
        Ok(_) => true,
        Err(Stop::Cancelled) => false,
        Err(Stop::Failed(error)) => panic!("{error:?}"),
    }
}

fn cancelled_at((phase, part): Moment, keeps: bool, task: impl Fn(&JobContext) -> bool) -> End {
    let context = JobContext::default();
    let is_over = AtomicBool::new(false);
    let (is_complete, returned, thrown) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !is_over.load(Ordering::Acquire) {
                let now = context.progress.snapshot();
                let done = now.bytes_done as f64 / now.bytes_total.max(1) as f64;
                if now.phase == phase && done >= part {
                    let thrown = Instant::now();
                    if keeps {
                        context.cancel.cancel_and_keep();
                    } else {
                        context.cancel.cancel();
                    }
                    return Some(thrown);
                }
                std::thread::sleep(Duration::from_micros(100));
            }
            None
        });
        let is_complete = task(&context);
        let returned = Instant::now();
        is_over.store(true, Ordering::Release);
        (is_complete, returned, watcher.join().unwrap())
    });
    match thrown {
        Some(thrown) if !is_complete => End::Cancelled(returned - thrown),
        _ => End::EndedBefore,
    }
}
