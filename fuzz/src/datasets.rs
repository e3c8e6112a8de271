//! A small sound dataset, or an unfinished import, one file of which holds arbitrary bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use shotpoint::browse::{DatasetSource, GatherIndex, TileKey, TraceSource, load_range, load_tile};
use shotpoint::dataset::{Dataset, Partial};
use shotpoint::export::{export_exact, verify};
use shotpoint::import::{
    ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, plan_to_resume, run, run_with,
    scan,
};
use shotpoint::job::JobContext;
use shotpoint::segy::LayoutOverrides;

use super::folder;

/// The files of a dataset that an input may replace; the first byte chooses. Seeds know this order.
pub const FILES: [&str; 14] = [
    "manifest.json",
    "traces.zarr/zarr.json",
    "traces.zarr/amplitude/zarr.json",
    "traces.zarr/amplitude/c/0/0",
    "headers.parquet",
    "ensembles.parquet",
    "segy/exceptions.parquet",
    "segy/binary_header.bin",
    "segy/textual_header.bin",
    "traces.zarr/overview/1/min/zarr.json",
    "traces.zarr/overview/1/min/c/0/0",
    "segy/gaps.parquet",
    "segy/gaps.bin",
    "segy/trailer.bin",
];

/// A file of two lengths of traces, a gap, an exception and a trailer; and its mapping.
fn source() -> &'static Path {
    static SOURCE: OnceLock<PathBuf> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let mut file = vec![0x40; 3200];
        let mut binary = [0_u8; 400];
        binary[16..18].copy_from_slice(&4000_u16.to_be_bytes());
        binary[20..22].copy_from_slice(&40_u16.to_be_bytes());
        binary[24..26].copy_from_slice(&1_u16.to_be_bytes());
        file.extend(binary);
        for trace in 0..24_u32 {
            let n_samples = 30 + trace % 3 * 5;
            let mut header = [0_u8; 240];
            header[..4].copy_from_slice(&(trace + 1).to_be_bytes());
            header[8..12].copy_from_slice(&(trace / 4 + 1).to_be_bytes());
            header[28..30].copy_from_slice(&1_u16.to_be_bytes());
            header[114..116].copy_from_slice(&u16::try_from(n_samples).unwrap_or(0).to_be_bytes());
            header[116..118].copy_from_slice(&4000_u16.to_be_bytes());
            file.extend(header);
            for sample in 0..n_samples {
                let word = if sample == 3 {
                    0x4200_0123
                } else {
                    0x4210_0000 + trace * 977 + sample
                };
                file.extend(word.to_be_bytes());
            }
        }
        file.extend(b"behind the last trace");
        let path = folder().join("source.sgy");
        fs::write(&path, file).expect("room for a small file");
        path
    })
}

fn plan(output: &Path, resume: bool) -> ImportPlan {
    let context = JobContext::default();
    let overrides = LayoutOverrides::default();
    let scan = scan(source(), &overrides, ScanDepth::Quick, &context).expect("a sound file");
    let mapping = Mapping {
        ensemble_keys: vec!["orig_field_record_num".to_owned()],
        ..Mapping::default()
    };
    let options = ImportOptions {
        output: Some(output.to_owned()),
        overwrite: true,
        resume,
        mode: RequestedMode::Batch,
        threads: Some(1),
        chunk_traces: Some(4),
        chunks_per_block: Some(1),
        ..ImportOptions::default()
    };
    ImportPlan::new(&scan, &mapping, &options).expect("a sound plan")
}

/// A dataset that nobody changes.
pub(crate) fn sound_dataset() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = folder().join("sound.shotpoint");
        run(&plan(&path, false), &JobContext::default()).expect("a sound file imports");
        path
    })
}

/// A copy of the sound dataset whose files are replaced and put back.
fn changed_dataset() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = folder().join("changed.shotpoint");
        copy(sound_dataset(), &path);
        path
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("room for a copy");
        }
    }
}

/// Opens a dataset one file of which is the input, and reads all that can be read.
pub fn dataset(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else {
        return;
    };
    let name = FILES[usize::from(*choice) % FILES.len()];
    let path = changed_dataset();
    let file = path.join(name);
    fs::write(&file, content).expect("room for the input");
    read_all(path);
    let sound = sound_dataset().join(name);
    if sound.is_file() {
        fs::copy(sound, &file).expect("room for the sound file");
    } else {
        fs::remove_file(&file).expect("the input can be removed");
    }
}

fn read_all(path: &Path) {
    let context = JobContext::default();
    let Ok(dataset) = Dataset::open(path) else {
        return;
    };
    let n_traces = dataset.manifest().array.n_traces.min(100);
    let names = dataset.header_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    drop(dataset.read_headers(&names, 0..n_traces));
    drop(dataset.read_samples(0..n_traces));
    drop(dataset.ensembles());
    if let Ok(exceptions) = dataset.exceptions() {
        exceptions.for_each(drop);
    }
    drop(verify(&dataset, None, &context));
    drop(export_exact(
        &dataset,
        &folder().join("changed.sgy"),
        true,
        &context,
    ));
    let Ok(source) = DatasetSource::open(path) else {
        return;
    };
    let keys = source.facts().default_keys.clone();
    drop(GatherIndex::build(&source, &keys, 10, &context));
    drop(load_range(&source, 0..n_traces, &keys));
    for key in TileKey::top(source.facts().n_traces).take(2) {
        drop(load_tile(&source, key));
    }
}

/// The files of an unfinished import that an input may replace.
const JOURNAL_FILES: [&str; 5] = [
    "journal/import.json",
    "journal/checkpoint",
    "journal/chunks-0.log",
    "journal/headers/0.parquet",
    "traces.zarr/amplitude/c/0/0",
];

/// Goes on with an unfinished import one file of which is the input: it is refused, or what comes
/// out is the source's dataset.
pub fn journal(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else {
        return;
    };
    let output = folder().join("resumed.shotpoint");
    let partial = folder().join("resumed.shotpoint.partial");
    for path in [&output, &partial] {
        drop(fs::remove_dir_all(path));
    }
    copy(unfinished(), &partial);
    let name = JOURNAL_FILES[usize::from(*choice) % JOURNAL_FILES.len()];
    let file = partial.join(name);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).expect("a folder");
    }
    fs::write(file, content).expect("room for the input");
    let Some(found) = Partial::inspect(&output) else {
        return;
    };
    drop(found.sentence());
    let context = JobContext::default();
    let Ok(plan) = plan_to_resume(&found, source(), &context) else {
        return;
    };
    assert_eq!(
        plan.output(),
        output,
        "an import goes on where it was found"
    );
    drop(run(&plan, &context));
}

/// An import that was stopped on the way, as it lies on disk.
fn unfinished() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let output = folder().join("stopped.shotpoint");
        let plan = plan(&output, false);
        let context = JobContext::default();
        let seen = std::sync::atomic::AtomicU64::new(0);
        let end = run_with(&plan, &context, |_| {
            if seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 3 {
                context.cancel.cancel_and_keep();
            }
        });
        drop(end);
        let partial = folder().join("stopped.shotpoint.partial");
        assert!(
            context.kept().is_some(),
            "the import was stopped on its way"
        );
        partial
    })
}
