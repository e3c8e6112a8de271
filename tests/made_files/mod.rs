//! SEG-Y files made for the tests of import and export: every value can be computed again.

#![allow(dead_code, reason = "each test binary uses its part")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use shotpoint::dataset::Dataset;
use shotpoint::export::export_exact;
use shotpoint::import::{
    ImportOptions, ImportPlan, ImportReport, Mapping, Scan, ScanDepth, run, scan,
};
use shotpoint::job::JobContext;
use shotpoint::samples::{NumberType, Samples};
use shotpoint::segy::{
    ByteOrder, FileHeaderSpec, LayoutOverrides, SampleFormat, SegyWriter, TextEncoding,
    TextualHeader, TraceHeaderBuilder,
};

/// What a file shall be.
pub(crate) struct MadeFile {
    pub(crate) format: SampleFormat,
    pub(crate) order: ByteOrder,
    pub(crate) n_traces: u32,
    pub(crate) n_samples: u32,
    pub(crate) n_extended: usize,
    /// Header words by name, of a trace.
    pub(crate) words: fn(u32) -> Vec<(&'static str, i64)>,
    /// Behind the last trace.
    pub(crate) trailer: Vec<u8>,
}

impl Default for MadeFile {
    fn default() -> Self {
        Self {
            format: SampleFormat::Ibm32,
            order: ByteOrder::Big,
            n_traces: 100,
            n_samples: 50,
            n_extended: 0,
            words: |trace| vec![("ffid", i64::from(trace / 10) + 1)],
            trailer: Vec::new(),
        }
    }
}

/// Sample `sample` of trace `trace` in every made file: small enough for every format.
pub(crate) fn value(trace: u32, sample: u32, signed: bool) -> i8 {
    let value = (trace.wrapping_mul(31) + sample * 7 + trace * sample % 13) % 101;
    i8::try_from(value).unwrap() - if signed { 50 } else { 0 }
}

/// The samples of one trace.
pub(crate) fn trace(number_type: NumberType, trace: u32, n_samples: u32) -> Samples {
    let signed = |s| value(trace, s, true);
    let unsigned = |s| value(trace, s, false).unsigned_abs();
    let all = 0..n_samples;
    match number_type {
        NumberType::Float32 => Samples::Float32(all.map(|s| f32::from(signed(s)) / 8.0).collect()),
        NumberType::Float64 => Samples::Float64(all.map(|s| f64::from(signed(s)) / 8.0).collect()),
        NumberType::Int8 => Samples::Int8(all.map(signed).collect()),
        NumberType::Int16 => Samples::Int16(all.map(|s| i16::from(signed(s))).collect()),
        NumberType::Int32 => Samples::Int32(all.map(|s| i32::from(signed(s))).collect()),
        NumberType::Int64 => Samples::Int64(all.map(|s| i64::from(signed(s))).collect()),
        NumberType::Uint8 => Samples::Uint8(all.map(unsigned).collect()),
        NumberType::Uint16 => Samples::Uint16(all.map(|s| u16::from(unsigned(s))).collect()),
        NumberType::Uint32 => Samples::Uint32(all.map(|s| u32::from(unsigned(s))).collect()),
        NumberType::Uint64 => Samples::Uint64(all.map(|s| u64::from(unsigned(s))).collect()),
    }
}

impl MadeFile {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut spec = FileHeaderSpec::new(self.order, self.format, self.n_samples, 2000.0);
        let header = |line: &str| TextualHeader::from_lines(&[line], TextEncoding::Ebcdic);
        spec.textual_header = header("C 1 MADE FOR A TEST");
        spec.extended_textual_headers = (0..self.n_extended)
            .map(|i| header(&format!("((SEG: MADE {i} ver 1.0))")))
            .collect();
        let mut writer = SegyWriter::new(Vec::new(), &spec).unwrap();
        for trace_index in 0..self.n_traces {
            let mut header = TraceHeaderBuilder::new(self.order);
            header.set("tracl", i64::from(trace_index) + 1).unwrap();
            header.set("trid", 1).unwrap();
            header
                .set("ns", i64::from(self.n_samples.min(65_535)))
                .unwrap();
            header.set("dt", 2000).unwrap();
            for (name, value) in (self.words)(trace_index) {
                header.set(name, value).unwrap();
            }
            let samples = trace(self.format.number_type(), trace_index, self.n_samples);
            writer.write_trace(header.bytes(), &samples).unwrap();
        }
        let mut bytes = writer.finish().unwrap();
        bytes.extend_from_slice(&self.trailer);
        bytes
    }

    /// Writes the file into `folder`.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("made.sgy");
        std::fs::write(&path, self.bytes()).unwrap();
        path
    }
}

/// A folder for one test: in memory where there is room, because every import syncs its files.
pub(crate) fn folder() -> tempfile::TempDir {
    let in_memory = Path::new("/dev/shm");
    if fs4::available_space(in_memory).is_ok_and(|free| free > 1 << 30) {
        tempfile::tempdir_in(in_memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub(crate) fn scanned(path: &Path) -> Scan {
    scanned_by(path, &LayoutOverrides::default())
}

pub(crate) fn scanned_by(path: &Path, overrides: &LayoutOverrides) -> Scan {
    scan(path, overrides, ScanDepth::Quick, &JobContext::default()).unwrap()
}

pub(crate) fn planned(path: &Path, mapping: &Mapping, options: &ImportOptions) -> ImportPlan {
    ImportPlan::new(&scanned_by(path, &mapping.overrides), mapping, options).unwrap()
}

pub(crate) fn imported(path: &Path, mapping: &Mapping, options: &ImportOptions) -> ImportReport {
    run(&planned(path, mapping, options), &JobContext::default()).unwrap()
}

/// The file that an export of the dataset writes.
pub(crate) fn exported(report: &ImportReport) -> Vec<u8> {
    let dataset = Dataset::open(&report.dataset).unwrap();
    let path = report.dataset.with_extension("exported.sgy");
    let export = export_exact(&dataset, &path, false, &JobContext::default()).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(export.bytes, bytes.len() as u64);
    std::fs::remove_file(&path).unwrap();
    bytes
}

pub(crate) fn by_keys(keys: &[&str]) -> Mapping {
    Mapping {
        ensemble_keys: keys.iter().map(|&key| key.to_owned()).collect(),
        ..Mapping::default()
    }
}

/// What lies in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Every file below a folder: its bytes, and of the manifest what does not depend on the hour.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for path in files_below(folder) {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        let mut bytes = fs::read(&path).unwrap();
        if name == "manifest.json" {
            let mut manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let manifest_fields = manifest.as_object_mut().unwrap();
            manifest_fields.remove("created").unwrap();
            manifest_fields.remove("timings").unwrap();
            bytes = serde_json::to_vec(&manifest).unwrap();
        }
        files.insert(name, bytes);
    }
    files
}

pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
