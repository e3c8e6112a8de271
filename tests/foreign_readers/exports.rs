//! Exports in other forms are opened by other programs, and read as we read them.

use std::path::{Path, PathBuf};

use shotpoint::dataset::Dataset;
use shotpoint::export::{ExportForm, FormReport, export_form};
use shotpoint::import::{ImportOptions, Mapping};
use shotpoint::job::JobContext;
use shotpoint::segy::{ByteOrder, SampleFormat, TextEncoding};

use crate::python::python;
use crate::reading::{differences, ours};
use crate::support::{Extended, SegyBuilder};
use crate::{giga_segy, made_files, segyio};

/// A few files in quite different forms, with names.
fn exports(folder: &Path, extended: &[&str]) -> Vec<(String, PathBuf, FormReport)> {
    let source = SegyBuilder::new(120, 40)
        .extended(Extended::Declared, extended)
        .header_words(|trace, header| {
            header.i32(37, (trace as i32 * 13) % 50);
        })
        .write(folder, "source.sgy");
    let options = ImportOptions::default();
    let report = made_files::imported(&source, &Mapping::default(), &options);
    let dataset = Dataset::open(&report.dataset).unwrap();
    let form = ExportForm::default;
    let forms = [
        (
            "ieee_sorted",
            ExportForm {
                format: Some(SampleFormat::Ieee32),
                sort_by: vec!["offset".to_owned()],
                ..form()
            },
        ),
        (
            "int16_chosen_revision_0",
            ExportForm {
                format: Some(SampleFormat::Int16),
                filter: Some("offset < 25".to_owned()),
                revision: ExportForm::parse_revision("0"),
                ..form()
            },
        ),
        (
            "little_ieee_ascii",
            ExportForm {
                format: Some(SampleFormat::Ieee32),
                byte_order: Some(ByteOrder::Little),
                text_encoding: Some(TextEncoding::Ascii),
                ..form()
            },
        ),
        (
            "ibm_window_text",
            ExportForm {
                window_millis: Some(20.0..=100.0),
                text_lines: vec![(3, "C 3 CUT OUT".to_owned())],
                renumber: true,
                ..form()
            },
        ),
        (
            "int8_revision_1",
            ExportForm {
                format: Some(SampleFormat::Int8),
                revision: ExportForm::parse_revision("1"),
                ..form()
            },
        ),
    ];
    let context = JobContext::default();
    forms
        .into_iter()
        .map(|(name, form)| {
            let path = folder.join(format!("{name}.sgy"));
            let report = export_form(&dataset, &form, &path, false, &context).unwrap();
            (name.to_owned(), path, report)
        })
        .collect()
}

#[test]
fn segyio_opens_exports_in_other_forms() {
    let Some(python) = python() else {
        return;
    };
    let folder = made_files::folder();
    let exports = exports(folder.path(), &["((SEG: Layout)) WORDS"]);
    let asked: Vec<_> = exports
        .iter()
        .map(|(name, path, report)| (name.clone(), report.byte_order, path.clone()))
        .collect();
    let readings = segyio::readings(python, &asked);
    for (name, path, report) in &exports {
        let theirs = readings[name]
            .as_ref()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(theirs.samples.len() as u64, report.n_traces, "{name}");
        let found = differences(theirs, &ours(path).unwrap().0);
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

/// Without extended textual headers, whose number giga-segy looks for in the wrong bytes (3507–3510).
#[test]
fn giga_segy_opens_exports_in_other_forms() {
    let folder = made_files::folder();
    for (name, path, report) in exports(folder.path(), &[]) {
        let theirs =
            giga_segy::reading(&path, report.byte_order).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(theirs.samples.len() as u64, report.n_traces, "{name}");
        let found = differences(&theirs, &ours(&path).unwrap().0);
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}
