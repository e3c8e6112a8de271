//! Real files by many makers are read as an independent reading says, and exported byte for byte.
//!
//! The corpus is not part of this repository (the files belong to others). It is looked for at
//! `SHOTPOINT_CORPUS`, then at `../shared/corpus` beside the project; without one, this test says so
//! and passes. `manifest.json` lists the files; `expected/ID.json` is the reading that ours must equal.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use serde_json::Value;
use sha2::{Digest, Sha256};
use shotpoint::dataset::{Dataset, SourceFacts};
use shotpoint::export::{export_exact, verify};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::fields_trace::TRACE_FIELDS;
use shotpoint::segy::{FieldKind, LayoutOverrides};

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("SHOTPOINT_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    named
        .into_iter()
        .chain([beside])
        .find(|folder| folder.join("manifest.json").is_file())
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The digest as the expected readings write it.
fn hex(digest: impl AsRef<[u8]>) -> String {
    SourceFacts::digest_text(digest.as_ref())
}

/// What became of one file.
enum Reading {
    Imported(PathBuf),
    Refused(String),
}

fn import(file: &Path, output: &Path) -> Reading {
    let context = JobContext::default();
    let found = match scan(
        file,
        &LayoutOverrides::default(),
        ScanDepth::Quick,
        &context,
    ) {
        Ok(found) => found,
        Err(stop) => return Reading::Refused(stop.to_string()),
    };
    let full = scan(file, &LayoutOverrides::default(), ScanDepth::Full, &context)
        .expect("what the quick scan reads, the full scan reads");
    assert_eq!(
        found.layout, full.layout,
        "quick and full scan read the file differently"
    );
    let options = ImportOptions {
        output: Some(output.to_owned()),
        ..ImportOptions::default()
    };
    // The expected words are those at the standard's places, wherever keys were found.
    let mapping = Mapping {
        ensemble_keys: found.suggested_mapping.ensemble_keys.clone(),
        ..Mapping::default()
    };
    let plan = ImportPlan::new(&found, &mapping, &options).expect("a plan");
    match run(&plan, &context) {
        Ok(report) => Reading::Imported(report.dataset),
        Err(stop) => panic!("scanned, but not imported: {stop}"),
    }
}

/// All values of the integer columns, by byte.
fn columns_by_byte(dataset: &Dataset) -> BTreeMap<u16, Vec<i64>> {
    let fields: Vec<_> = TRACE_FIELDS
        .iter()
        .filter(|field| field.kind != FieldKind::Text8)
        .collect();
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let mut columns: BTreeMap<u16, Vec<i64>> = BTreeMap::new();
    for batch in dataset.scan_headers(&names).unwrap() {
        let batch = batch.unwrap();
        for field in &fields {
            let column = cast(batch.column_by_name(field.name).unwrap(), &DataType::Int64).unwrap();
            let values = column.as_primitive::<Int64Type>();
            assert_eq!(values.null_count(), 0, "{} has nulls", field.name);
            columns
                .entry(field.byte)
                .or_default()
                .extend(values.values());
        }
    }
    columns
}

/// 115 and 117 are unsigned here and signed there.
fn folded(byte: u16, value: i64) -> i64 {
    if matches!(byte, 115 | 117) {
        value & 0xffff
    } else {
        value
    }
}

fn check_headers(expected: &Value, columns: &BTreeMap<u16, Vec<i64>>, faults: &mut Vec<String>) {
    let reliable = expected
        .get("reliable_traces")
        .and_then(Value::as_u64)
        .unwrap_or(u64::MAX);
    for trace in expected["traces"].as_array().unwrap() {
        let index = trace["index"].as_u64().unwrap();
        if index >= reliable {
            continue;
        }
        for (byte, wanted) in trace["headers"].as_object().unwrap() {
            let byte: u16 = byte.parse().unwrap();
            let Some(column) = columns.get(&byte) else {
                continue;
            };
            let (found, wanted) = (
                column[usize::try_from(index).unwrap()],
                wanted.as_i64().unwrap(),
            );
            if folded(byte, found) != folded(byte, wanted) {
                faults.push(format!(
                    "trace {index} byte {byte}: {found}, expected {wanted}"
                ));
            }
        }
    }
    let Some(all) = expected
        .get("header_columns_not_all_zero")
        .and_then(Value::as_object)
    else {
        return;
    };
    for (byte, column) in columns {
        let wanted = all.get(&byte.to_string());
        let of = |name: &str| wanted.map_or(0, |stats| stats[name].as_i64().unwrap());
        if column.is_empty()
            || matches!(byte, 115 | 117) && (of("min") < 0 || column.iter().any(|&v| v > 32767))
        {
            continue;
        }
        let found = (
            *column.iter().min().unwrap(),
            *column.iter().max().unwrap(),
            column.iter().sum::<i64>(),
        );
        if found != (of("min"), of("max"), of("sum")) {
            faults.push(format!(
                "byte {byte} over all traces: {found:?}, expected {wanted:?}"
            ));
        }
    }
}

fn check_runs(expected: &Value, columns: &BTreeMap<u16, Vec<i64>>, faults: &mut Vec<String>) {
    let Some(runs) = expected.get("runs").filter(|runs| runs.is_object()) else {
        return;
    };
    for (name, bytes) in [
        ("field_record_9_12", &[9][..]),
        ("cdp_21_24", &[21]),
        ("inline_189_192", &[189]),
        ("inline_crossline_189_196", &[189, 193]),
    ] {
        let n_traces = columns[&9].len();
        let key = |i: usize| -> Vec<i64> { bytes.iter().map(|byte| columns[byte][i]).collect() };
        let found = (0..n_traces)
            .filter(|&i| i == 0 || key(i) != key(i - 1))
            .count();
        if Some(found as u64) != runs[name].as_u64() {
            faults.push(format!("{found} runs of {name}, expected {}", runs[name]));
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| match value.as_str() {
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => f64::NAN,
    })
}

fn check_samples(expected: &Value, dataset: &Dataset, faults: &mut Vec<String>) {
    let array = &dataset.manifest().array;
    let mut digest = Sha256::new();
    for start in (0..array.n_traces).step_by(512) {
        let samples = dataset
            .read_samples(start..(start + 512).min(array.n_traces))
            .unwrap();
        digest.update(samples.as_bytes());
    }
    let wanted = &expected["samples"];
    let found = hex(digest.finalize());
    let equal = wanted["sha256_le_native"].as_str() == Some(found.as_str());
    if !equal && wanted["hash_must_match"].as_bool() != Some(false) {
        faults.push(format!(
            "samples hash to {found}, expected {}",
            wanted["sha256_le_native"]
        ));
    }
    if equal {
        return;
    }
    // Subnormal or non-finite values allow several answers: then the probes decide.
    let reliable = expected
        .get("reliable_traces")
        .and_then(Value::as_u64)
        .unwrap_or(u64::MAX);
    for trace in expected["traces"].as_array().unwrap() {
        let index = trace["index"].as_u64().unwrap();
        if index >= reliable {
            continue;
        }
        let samples = dataset.read_samples(index..index + 1).unwrap();
        for (position, wanted) in trace["probes"].as_object().into_iter().flatten() {
            let (found, wanted) = (
                samples.get_f64(position.parse().unwrap()).unwrap(),
                number(wanted),
            );
            let same = found.is_nan() && wanted.is_nan()
                || found.to_bits() == wanted.to_bits()
                || (found - wanted).abs() <= 1e-6 * wanted.abs() + 1.2e-38;
            if !same {
                faults.push(format!(
                    "trace {index} sample {position}: {found}, expected {wanted}"
                ));
            }
        }
    }
}

fn check_export(expected: &Value, dataset: &Dataset, folder: &Path, faults: &mut Vec<String>) {
    let context = JobContext::default();
    let copy = folder.join("export.sgy");
    match export_exact(dataset, &copy, false, &context) {
        Ok(report) => {
            let found = hex(Sha256::digest(fs::read(&copy).unwrap()));
            if Some(found.as_str()) != expected["sha256"].as_str() || !report.same_as_source {
                faults.push("the exported file differs from the original".to_owned());
            }
        }
        Err(stop) => faults.push(format!("not exported: {stop}")),
    }
    match verify(dataset, None, &context) {
        Ok(report) if report.is_sound() => {}
        Ok(report) => faults.push(format!("verify finds it unsound: {:?}", report.faults)),
        Err(stop) => faults.push(format!("not verified: {stop}")),
    }
}

/// The faults of one file, and what was done with it.
fn check(expected: &Value, file: &Path) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut faults = Vec::new();
    // Marked as "read or refuse", because most programs refuse them: we read them.
    let is_su = expected["container"].as_str() == Some("Seismic Un*x");
    let wish = match expected["expect"].as_str().unwrap() {
        "read_or_refuse" if is_su => "read",
        wish => wish,
    };
    let path = match import(file, &folder.path().join("out.shotpoint")) {
        Reading::Refused(sentence) => {
            if wish == "read" {
                faults.push(format!("refused, but should be read: {sentence}"));
            }
            if sentence.len() < 40 {
                faults.push(format!("the refusal says too little: {sentence}"));
            }
            return (faults, format!("refused: {sentence}"));
        }
        Reading::Imported(path) => path,
    };
    let dataset = Dataset::open(&path).unwrap();
    let manifest = dataset.manifest().clone();
    if wish == "refuse" {
        faults.push("read, but should be refused".to_owned());
    }
    let array = &manifest.array;
    for (name, found) in [
        ("n_traces", array.n_traces),
        ("samples_per_trace", u64::from(array.n_samples)),
        (
            "format_code",
            u64::try_from(manifest.segy.format_code).unwrap(),
        ),
    ] {
        let wanted = expected[name].as_u64();
        if wanted.is_some() && wanted != Some(found) {
            faults.push(format!("{name} is {found}, expected {wanted:?}"));
        }
    }
    let interval = manifest.segy.sample_interval_micros;
    // An interval of 0 is none: the reading names the word, we say that there is no interval.
    let wanted = expected["dt_us"].as_f64().filter(|&micros| micros != 0.0);
    if interval != wanted {
        faults.push(format!(
            "interval is {interval:?} µs, expected {}",
            expected["dt_us"]
        ));
    }
    if array.n_traces == expected["n_traces"].as_u64().unwrap_or(array.n_traces) && wish != "refuse"
    {
        check_samples(expected, &dataset, &mut faults);
        let columns = columns_by_byte(&dataset);
        check_headers(expected, &columns, &mut faults);
        check_runs(expected, &columns, &mut faults);
        check_export(expected, &dataset, folder.path(), &mut faults);
    }
    let warnings: Vec<&str> = manifest
        .warnings
        .iter()
        .map(|warning| warning.code.as_str())
        .collect();
    let done = format!(
        "{} x {}, format {}, {}; {}",
        array.n_traces,
        array.n_samples,
        manifest.segy.format_code,
        manifest.segy.byte_order,
        warnings.join(" ")
    );
    (faults, done)
}

#[test]
fn every_file_of_the_corpus_is_read_as_marked_and_exported_exactly() {
    let Some(corpus) = corpus() else {
        println!("No corpus at SHOTPOINT_CORPUS or ../shared/corpus: nothing was checked.");
        return;
    };
    let manifest = read_json(&corpus.join("manifest.json"));
    let files = manifest["files"].as_array().unwrap();
    assert!(
        files.len() > 50,
        "the manifest lists only {} files",
        files.len()
    );
    let mut faulty = Vec::new();
    for entry in files {
        let id = entry["id"].as_str().unwrap();
        let expected = read_json(&corpus.join("expected").join(format!("{id}.json")));
        let file = corpus.join(expected["file"].as_str().unwrap());
        let (faults, done) = catch_unwind(AssertUnwindSafe(|| check(&expected, &file)))
            .unwrap_or_else(|payload| {
                let words = payload.downcast_ref::<String>().cloned();
                (
                    vec![format!("panicked: {}", words.unwrap_or_default())],
                    "panicked".to_owned(),
                )
            });
        println!("{id:34} {:15} {done}", expected["expect"].as_str().unwrap());
        if !faults.is_empty() {
            let few: Vec<String> = faults.iter().take(6).cloned().collect();
            faulty.push(format!("{id}:\n    {}", few.join("\n    ")));
        }
    }
    assert!(
        faulty.is_empty(),
        "{} files are read wrongly:\n{}",
        faulty.len(),
        faulty.join("\n")
    );
}
