//! Arbitrary bytes as a SEG-Y or Seismic Unix file: scan, plan, import, export.

use std::path::Path;

use shotpoint::browse::{SegySource, TraceSource};
use shotpoint::dataset::Dataset;
use shotpoint::export::{export_exact, verify};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, Scan, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::{Container, LayoutOverrides};

use super::{folder, written};

/// More traces than this are not read one by one: the fuzzer learns nothing from them.
const MOST_TRACES: u64 = 64;

/// Scan and plan of arbitrary bytes, a few traces looked at.
pub fn scan_quick(bytes: &[u8]) {
    scan_and_plan(bytes, &LayoutOverrides::default(), ScanDepth::Quick);
}

/// The same, with the doctor's look at every trace.
pub fn scan_full(bytes: &[u8]) {
    scan_and_plan(bytes, &LayoutOverrides::default(), ScanDepth::Full);
}

/// The same, where the user says that the file has no file headers.
pub fn seismic_unix(bytes: &[u8]) {
    let overrides = LayoutOverrides {
        container: Some(Container::SeismicUnix),
        ..LayoutOverrides::default()
    };
    scan_and_plan(bytes, &overrides, ScanDepth::Full);
}

fn scan_and_plan(bytes: &[u8], overrides: &LayoutOverrides, depth: ScanDepth) {
    let path = written("input.sgy", bytes);
    let Ok(scan) = scan(&path, overrides, depth, &JobContext::default()) else {
        return;
    };
    check(&scan, bytes.len() as u64);
    drop(scan.to_json().to_string());
    drop(planned(&scan));
    if let Ok(source) = SegySource::open(&path, overrides, &[], &[]) {
        let traces = 0..source.facts().n_traces.min(MOST_TRACES);
        let mut samples = Vec::new();
        drop(source.read_traces(traces, &mut samples));
        drop(source.read_all_headers(0));
    }
    drop(scan.extended_textual_headers);
}

/// What a scan claims lies within the file.
fn check(scan: &Scan, file_bytes: u64) {
    let layout = &scan.layout;
    assert_eq!(layout.file_size_bytes, file_bytes);
    assert!(layout.n_traces >= 1);
    assert!(layout.data_start.value <= layout.trailer_start);
    assert!(layout.trailer_start <= file_bytes);
    assert!(scan.n_traces_seen <= layout.n_traces);
}

fn planned(scan: &Scan) -> Option<ImportPlan> {
    let options = ImportOptions {
        output: Some(folder().join("output.shotpoint")),
        overwrite: true,
        threads: Some(1),
        ..ImportOptions::default()
    };
    ImportPlan::new(scan, &Mapping::default(), &options).ok()
}

/// Whatever imports must export byte for byte, and verify must say so.
pub fn round_trip(bytes: &[u8]) {
    let path = written("input.sgy", bytes);
    let context = JobContext::default();
    let overrides = LayoutOverrides::default();
    let Ok(scan) = scan(&path, &overrides, ScanDepth::Quick, &context) else {
        return;
    };
    check(&scan, bytes.len() as u64);
    let Some(plan) = planned(&scan) else {
        return;
    };
    let Ok(report) = run(&plan, &context) else {
        return;
    };
    let dataset = Dataset::open(&report.dataset).expect("an import can be opened");
    let output = folder().join("output.sgy");
    let export =
        export_exact(&dataset, &output, true, &context).expect("an import can be exported");
    let exported = std::fs::read(&output).expect("the export is there");
    assert!(
        exported == bytes,
        "{} bytes came back as {}",
        bytes.len(),
        exported.len()
    );
    assert!(export.same_as_source);
    let verified = verify(&dataset, None, &context).expect("an import can be verified");
    assert!(verified.is_sound(), "{:?}", verified.faults);
    remove(&report.dataset);
}

fn remove(dataset: &Path) {
    std::fs::remove_dir_all(dataset).expect("the dataset can be removed");
}
