//! Every way to damage a dataset that we could think of: `verify` names it, `export` gives the rest
//! and says what is missing, the window's source opens what can be opened, and nothing outside the
//! folder is read or touched. Prints the table of damages.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod made_files;
#[cfg(feature = "gui")]
mod window_kit;

use std::fs;
use std::path::{Path, PathBuf};

use made_files::{MadeFile, by_keys, folder, imported};
use shotpoint::browse::{DatasetSource, GatherIndex, TileKey, TraceSource, load_gather, load_tile};
use shotpoint::dataset::Dataset;
use shotpoint::export::{VerifyReport, export_exact, export_filled, verify};
use shotpoint::import::ImportOptions;
use shotpoint::job::JobContext;

const N_TRACES: u32 = 96;
const N_SAMPLES: u32 = 40;
const STRIDE: usize = 240 + 4 * N_SAMPLES as usize;
const FIRST_SHARD: &str = "traces.zarr/amplitude/c/0/0";

/// Two shards of four chunks of eight traces … and a trailer; ten traces an ensemble.
fn sound(folder: &Path) -> (PathBuf, Vec<u8>) {
    let made = MadeFile {
        n_traces: N_TRACES,
        n_samples: N_SAMPLES,
        trailer: b"behind the last trace".to_vec(),
        ..MadeFile::default()
    };
    let source = made.write(folder);
    let options = ImportOptions {
        chunk_traces: Some(8),
        threads: Some(1),
        output: Some(folder.join("sound.shotpoint")),
        ..ImportOptions::default()
    };
    let report = imported(&source, &by_keys(&["ffid"]), &options);
    (report.dataset, fs::read(source).unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What happens to one file.
enum Harm {
    Flip(&'static str, fn(usize) -> usize),
    Cut(&'static str, fn(usize) -> usize),
    Remove(&'static str),
    Replace(&'static str, &'static [u8]),
    /// In a text file.
    Write(&'static str, &'static str, &'static str),
    /// A link to a file outside takes the file's place.
    Link(&'static str),
}

/// What must come of it.
enum End {
    /// It cannot be opened: the sentence says this.
    Refused(&'static str),
    /// `verify` says this, and so many traces are filled in by an export.
    Named(&'static str, u64),
    /// No harm is done; `verify` may note it.
    Harmless,
}

use End::{Harmless, Named, Refused};
use Harm::{Cut, Flip, Link, Remove, Replace, Write};

const HALF: fn(usize) -> usize = |n| n / 2;
const AMPLITUDE: &str = "traces.zarr/amplitude/zarr.json";

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<(&'static str, Harm, End)> {
    vec![
        (
            "a bit in a chunk",
            Flip(FIRST_SHARD, |_| 20),
            Named("chunk 0 (traces 0 to 7)", 8),
        ),
        (
            "a bit in a shard's index",
            Flip(FIRST_SHARD, |n| n - 30),
            Named("the checksum of its shard's index is wrong", 96),
        ),
        (
            "a shard cut short",
            Cut(FIRST_SHARD, HALF),
            Named("chunk 0 (traces 0 to 7)", 96),
        ),
        (
            "an empty shard",
            Cut(FIRST_SHARD, |_| 0),
            Named("too short for an index", 96),
        ),
        (
            "a missing shard",
            Remove(FIRST_SHARD),
            Named("its shard's file is missing", 96),
        ),
        (
            "a link out in a shard's place",
            Link(FIRST_SHARD),
            Named("leads out of", 96),
        ),
        (
            "headers.parquet: a bit in the middle",
            Flip("headers.parquet", HALF),
            Named("headers.parquet was changed", u64::MAX),
        ),
        (
            "headers.parquet: a bit in the footer",
            Flip("headers.parquet", |n| n - 400),
            Named("headers.parquet was changed", u64::MAX),
        ),
        (
            "headers.parquet cut short",
            Cut("headers.parquet", HALF),
            Named("the table of trace headers cannot be read", 96),
        ),
        (
            "headers.parquet missing",
            Remove("headers.parquet"),
            Named("the table of trace headers cannot be read", 96),
        ),
        (
            "headers.parquet of another dataset",
            Replace("headers.parquet", b"PAR1nonsensePAR1"),
            Named("the table of trace headers cannot be read", 96),
        ),
        (
            "a link out in headers.parquet's place",
            Link("headers.parquet"),
            Named("leads out of", 96),
        ),
        (
            "ensembles.parquet cut",
            Cut("ensembles.parquet", HALF),
            Named("ensembles.parquet has", 0),
        ),
        (
            "ensembles.parquet missing",
            Remove("ensembles.parquet"),
            Named("ensembles.parquet cannot be read", 0),
        ),
        (
            "a bit in ensembles.parquet",
            Flip("ensembles.parquet", |_| 60),
            Named("ensembles.parquet was changed", 0),
        ),
        (
            "a bit in the textual header",
            Flip("segy/textual_header.bin", |_| 99),
            Named("segy/textual_header.bin was changed", 0),
        ),
        (
            "the binary header cut",
            Cut("segy/binary_header.bin", HALF),
            Named("segy/binary_header.bin has 200 bytes", 0),
        ),
        (
            "the binary header missing",
            Remove("segy/binary_header.bin"),
            Named("segy/binary_header.bin cannot be read", 0),
        ),
        (
            "the trailer missing",
            Remove("segy/trailer.bin"),
            Named("segy/trailer.bin", 0),
        ),
        (
            "the trailer longer",
            Replace("segy/trailer.bin", &[9; 5000]),
            Named("segy/trailer.bin has 5 000 bytes", 0),
        ),
        (
            "a link out in the trailer's place",
            Link("segy/trailer.bin"),
            Named("leads out of", 0),
        ),
        (
            "the array's metadata missing",
            Remove(AMPLITUDE),
            Named(AMPLITUDE, 0),
        ),
        (
            "the array's metadata is no JSON",
            Replace(AMPLITUDE, b"{"),
            Named(AMPLITUDE, 0),
        ),
        (
            "the array's metadata says another shape",
            Write(AMPLITUDE, "96", "95"),
            Named("it was changed since it was written", 0),
        ),
        (
            "consolidated metadata contradict",
            Write("traces.zarr/zarr.json", "96", "97"),
            Named("traces.zarr/zarr.json was changed", 0),
        ),
        (
            "the time axis changed",
            Flip("traces.zarr/time/c/0", |_| 9),
            Named("traces.zarr/time/c/0 was changed", 0),
        ),
        (
            "the manifest missing",
            Remove("manifest.json"),
            Refused("never finished"),
        ),
        (
            "the manifest cut",
            Cut("manifest.json", HALF),
            Refused("the manifest cannot be read"),
        ),
        (
            "a link out in the manifest's place",
            Link("manifest.json"),
            Refused("manifest.json"),
        ),
        (
            "the manifest says more traces",
            Write("manifest.json", "\"n_traces\": 96", "\"n_traces\": 95"),
            Refused("and the manifest needs"),
        ),
        (
            "the manifest says 2^47 traces",
            Write(
                "manifest.json",
                "\"n_traces\": 96",
                "\"n_traces\": 140737488355328",
            ),
            Refused("the manifest cannot be read"),
        ),
        (
            "the manifest says other chunks",
            Write(
                "manifest.json",
                "\"chunk_traces\": 8",
                "\"chunk_traces\": 9",
            ),
            Refused("the manifest cannot be read"),
        ),
        (
            "the manifest says another format",
            Write("manifest.json", "\"format_code\": 1", "\"format_code\": 5"),
            Named("an export would not give the imported bytes", 0),
        ),
        (
            "the manifest says a longer trailer",
            Write(
                "manifest.json",
                "\"trailer_bytes\": 21",
                "\"trailer_bytes\": 22",
            ),
            Named("21 where the manifest says 22", 0),
        ),
        (
            "the manifest counts exceptions",
            Write(
                "manifest.json",
                "\"n_exceptions\": 0",
                "\"n_exceptions\": 3",
            ),
            Named("exceptions", 0),
        ),
        (
            "the manifest sums up a file outside",
            Write("manifest.json", "\"ensembles.parquet\"", "\"../made.sgy\""),
            Named("leads out of", 0),
        ),
        (
            "the manifest names a file outside as the source",
            Write("manifest.json", "\"made.sgy\"", "\"/etc/passwd\""),
            Harmless,
        ),
        ("a foreign file", Replace(".DS_Store", b"x"), Harmless),
        (
            "a foreign file among the shards",
            Replace("traces.zarr/amplitude/c/notes", b"x"),
            Harmless,
        ),
    ]
}

/// Does it; `true` where it changed anything.
fn harm(dataset: &Path, outside: &Path, harm: &Harm) {
    match harm {
        Flip(name, place) => {
            let mut bytes = fs::read(dataset.join(name)).unwrap();
            let place = place(bytes.len());
            bytes[place] ^= 0x10;
            fs::write(dataset.join(name), bytes).unwrap();
        }
        Cut(name, length) => {
            let bytes = fs::read(dataset.join(name)).unwrap();
            fs::write(dataset.join(name), &bytes[..length(bytes.len())]).unwrap();
        }
        Remove(name) => fs::remove_file(dataset.join(name)).unwrap(),
        Replace(name, bytes) => fs::write(dataset.join(name), bytes).unwrap(),
        Write(name, from, to) => {
            let text = fs::read_to_string(dataset.join(name)).unwrap();
            assert!(text.contains(from), "{name} has no {from}");
            fs::write(dataset.join(name), text.replace(from, to)).unwrap();
        }
        Link(name) => {
            fs::rename(dataset.join(name), outside.join("secret")).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(outside.join("secret"), dataset.join(name)).unwrap();
        }
    }
}

fn verified(path: &Path) -> VerifyReport {
    let dataset = Dataset::open(path).unwrap();
    verify(&dataset, None, &JobContext::default()).unwrap()
}

/// Every gather and the picture from afar; gives what the window says is left out.
fn browsed(path: &Path) -> Option<String> {
    let source = DatasetSource::open(path).unwrap();
    let context = JobContext::default();
    let keys = source.facts().default_keys.clone();
    let index = GatherIndex::build(&source, &keys, 10, &context)
        .unwrap()
        .unwrap();
    let mut n_traces = 0;
    for position in 0..index.len() {
        let gather = load_gather(&source, &index, position, &keys).unwrap();
        n_traces += gather.trace_indices.len();
        assert_eq!(
            gather.samples.len(),
            gather.trace_indices.len() * N_SAMPLES as usize
        );
    }
    assert_eq!(n_traces, N_TRACES as usize, "every trace is somewhere");
    for key in TileKey::top(source.facts().n_traces) {
        load_tile(&source, key).unwrap();
    }
    source.damage()
}

/// Exports what is left, and compares it with the source: outside of what is filled in, nothing differs.
fn assert_rest_is_there(path: &Path, source: &[u8], n_filled: u64, about: &str) {
    let dataset = Dataset::open(path).unwrap();
    let output = path.with_extension("sgy");
    let context = JobContext::default();
    let whole = export_exact(&dataset, &output, true, &context);
    assert!(
        whole.is_err() || n_filled == 0 || n_filled == u64::MAX,
        "{about}: an export of the whole went through"
    );
    let report = export_filled(&dataset, &output, true, &context).unwrap();
    let rest = fs::read(&output).unwrap();
    if n_filled == u64::MAX {
        return;
    }
    let filled: u64 = report.filled.iter().map(|t| t.end - t.start).sum();
    assert_eq!(filled, n_filled, "{about}: {:?}", report.missing);
    let list = PathBuf::from(format!("{}.missing.txt", output.display()));
    assert_eq!(list.exists(), !report.missing.is_empty(), "{about}");
    drop(fs::remove_file(list));
    if n_filled == 0 {
        return;
    }
    assert!(
        !report.missing.is_empty() && !report.same_as_source,
        "{about}"
    );
    assert_eq!(rest.len(), source.len(), "{about}");
    let traces = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let all = &bytes[3600..3600 + STRIDE * N_TRACES as usize];
        all.chunks(STRIDE).map(<[u8]>::to_vec).collect()
    };
    for (index, (old, new)) in (0_u64..).zip(traces(source).iter().zip(traces(&rest))) {
        if !report.filled.iter().any(|filled| filled.contains(&index)) {
            assert!(*old == new, "{about}: trace {index} differs");
            continue;
        }
        let samples_are_lost = old[240..] != new[240..];
        if samples_are_lost {
            assert_eq!(
                new[28..30],
                [0, 2],
                "{about}: trace {index} is not said to be dead"
            );
            assert!(new[240..].iter().all(|&byte| byte == 0), "{about}");
        }
    }
}

#[test]
fn damage_is_named_and_the_rest_is_given() {
    let folder = folder();
    let (sound, source) = sound(folder.path());
    assert!(verified(&sound).is_sound());
    assert_eq!(browsed(&sound), None);
    for (number, (about, case, end)) in cases().into_iter().enumerate() {
        if cfg!(not(unix)) && matches!(case, Link(_)) {
            continue;
        }
        let path = folder.path().join(format!("{number}.shotpoint"));
        let outside = folder.path().join("outside");
        fs::create_dir_all(&outside).unwrap();
        copy(&sound, &path);
        harm(&path, &outside, &case);
        match end {
            Refused(sentence) => {
                let error = Dataset::open(&path).unwrap_err().to_string();
                assert!(error.contains(sentence), "{about}: {error}");
                println!("| {about} | refused: {error}");
            }
            Named(sentence, n_filled) => {
                let report = verified(&path);
                assert!(!report.is_sound(), "{about}: not seen");
                assert!(
                    report.faults.iter().any(|fault| fault.contains(sentence)),
                    "{about}: {:#?}",
                    report.faults
                );
                assert_rest_is_there(&path, &source, n_filled, about);
                let left_out = browsed(&path);
                println!(
                    "| {about} | {} | {}",
                    report.faults[0],
                    left_out.unwrap_or_default()
                );
            }
            Harmless => {
                let report = verified(&path);
                assert!(report.is_sound(), "{about}: {:?}", report.faults);
                assert_eq!(browsed(&path), None, "{about}");
                println!("| {about} | harmless: {:?} |", report.notes);
            }
        }
        fs::remove_dir_all(&path).unwrap();
        drop(fs::remove_dir_all(&outside));
    }
}

/// Rewrites headers.parquet with one value changed, as another program might, checksums and all.
#[test]
fn a_changed_header_value_is_named_with_its_trace() {
    use arrow::array::{ArrayRef, AsArray, Int32Array};
    use arrow::datatypes::Int32Type;
    use arrow::record_batch::RecordBatch;
    use std::sync::Arc;

    let folder = folder();
    let (path, _) = sound(folder.path());
    let dataset = Dataset::open(&path).unwrap();
    let names = dataset.header_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let batch = dataset
        .read_headers(&names, 0..u64::from(N_TRACES))
        .unwrap();
    let at = names.iter().position(|&n| n == "ensemble_num").unwrap();
    let old = batch
        .column(at)
        .as_primitive::<Int32Type>()
        .values()
        .clone();
    let changed: Int32Array = (0..old.len())
        .map(|row| Some(if row == 37 { 4711 } else { old[row] }))
        .collect();
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    columns[at] = Arc::new(changed);
    let changed = RecordBatch::try_new(batch.schema(), columns).unwrap();
    let file = fs::File::create(path.join("headers.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&changed).unwrap();
    writer.close().unwrap();

    let report = verified(&path);
    let faults = report.faults.join("\n");
    assert!(faults.contains("headers.parquet"), "{faults}");
    assert!(
        faults.contains("trace 37: the column ensemble_num says 4711"),
        "{faults}"
    );
    assert_eq!(report.damaged.len(), 1);
    assert_eq!(report.damaged[0], 37..38);

    // A dataset of an older program has no checksums; the comparison does not need them.
    let manifest = path.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(
        document
            .as_object_mut()
            .unwrap()
            .remove("checksums")
            .is_some()
    );
    fs::write(&manifest, document.to_string()).unwrap();
    let report = verified(&path);
    assert_eq!(report.faults.len(), 1, "{:?}", report.faults);
    assert!(report.faults[0].contains("trace 37"));
}

#[test]
#[cfg(unix)]
fn an_unfinished_import_is_never_gone_on_with_through_a_link() {
    use shotpoint::dataset::Partial;
    use shotpoint::import::{plan_to_resume, run_with};

    let folder = folder();
    let made = MadeFile {
        n_traces: 3000,
        ..MadeFile::default()
    };
    let source = made.write(folder.path());
    let output = folder.path().join("half.shotpoint");
    let options = ImportOptions {
        output: Some(output.clone()),
        mode: shotpoint::import::RequestedMode::Batch,
        chunk_traces: Some(16),
        chunks_per_block: Some(1),
        threads: Some(3),
        ..ImportOptions::default()
    };
    let plan = made_files::planned(&source, &by_keys(&["ffid"]), &options);
    let context = JobContext::default();
    drop(run_with(&plan, &context, |block| {
        if block.first_trace == 1008 {
            context.cancel.cancel_and_keep();
        }
    }));
    let partial = folder.path().join("half.shotpoint.partial");
    assert_eq!(context.kept().unwrap().path, partial);
    let secret = folder.path().join("secret");
    fs::write(&secret, b"not yours").unwrap();
    drop(fs::remove_file(partial.join("headers.parquet")));
    std::os::unix::fs::symlink(&secret, partial.join("headers.parquet")).unwrap();
    let found = Partial::inspect(&output).unwrap();
    let error = plan_to_resume(&found, &source, &JobContext::default())
        .and_then(|plan| shotpoint::import::run(&plan, &JobContext::default()))
        .unwrap_err();
    assert!(format!("{error:?}").contains("link"), "{error:?}");
    assert_eq!(fs::read(&secret).unwrap(), b"not yours");
}

#[test]
#[cfg(feature = "gui")]
fn the_window_shows_what_is_left_and_says_what_is_missing() {
    use window_kit::{wait_for, window, write_segy};

    let folder = folder();
    let source = folder.path().join("line12.sgy");
    write_segy(&source, window_kit::SHOTS);
    let options = ImportOptions {
        chunk_traces: Some(8),
        threads: Some(1),
        ..ImportOptions::default()
    };
    let path = imported(&source, &by_keys(&["ffid"]), &options).dataset;
    harm(&path, folder.path(), &Flip(FIRST_SHARD, |_| 20));
    let mut harness = window(vec![path.clone()]);
    wait_for(&mut harness, "Seismic section, FFID 101, 12 traces");
    wait_for(
        &mut harness,
        "Damaged and left out: chunk 0 (traces 0 to 7)",
    );
    drop(harness);

    harm(&path, folder.path(), &Remove("headers.parquet"));
    let mut harness = window(vec![path]);
    wait_for(&mut harness, "Seismic section");
    wait_for(&mut harness, "the table of trace headers cannot be read");
}
