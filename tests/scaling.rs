//! Coordinates and start times: each trace's own scalars, and what the user knows better.
//! Whatever is overruled, the export gives the same bytes back.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::Float64Type;
use shotpoint::browse::{DatasetSource, MapKind, SegySource, TraceSource, load_range, places_of};
use shotpoint::dataset::{Dataset, DelayFacts, ScalingFacts};
use shotpoint::import::{
    ImportOptions, ImportReport, MappedColumn, Mapping, Scan, ScanDepth, coordinate_map,
};
use shotpoint::job::JobContext;
use shotpoint::segy::{FieldKind, LayoutOverrides, Scalar};
use support::SegyBuilder;

/// Imports by these overrides, and asserts that the export is the source.
fn imported(path: &Path, overrides: &LayoutOverrides) -> (ImportReport, Dataset) {
    let mapping = Mapping {
        overrides: overrides.clone(),
        ..Mapping::default()
    };
    let options = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };
    let report = made_files::imported(path, &mapping, &options);
    assert!(made_files::exported(&report) == std::fs::read(path).unwrap());
    let dataset = Dataset::open(&report.dataset).unwrap();
    (report, dataset)
}

fn numbers(dataset: &Dataset, column: &str) -> Vec<f64> {
    let n_traces = dataset.manifest().array.n_traces;
    let batch = dataset.read_headers(&[column], 0..n_traces).unwrap();
    let column = batch.column(0).as_primitive::<Float64Type>();
    column.values().to_vec()
}

/// The axis's first value and the offsets of the traces from it, as file and dataset show them.
fn starts(path: &Path, overrides: &LayoutOverrides, dataset: &Path) -> (f64, Vec<f32>) {
    let file = SegySource::open(path, overrides, &[], &[]).unwrap();
    let dataset = DatasetSource::open(dataset).unwrap();
    let a = load_range(&file, 0..file.facts().n_traces, &[]).unwrap();
    let b = load_range(&dataset, 0..file.facts().n_traces, &[]).unwrap();
    assert_eq!(a.axis, b.axis);
    assert_eq!(a.start_offsets, b.start_offsets);
    (a.axis.first, a.start_offsets.unwrap_or_default())
}

/// Traces that start at 1000 and 1045, in tenths of milliseconds.
fn in_tenths() -> SegyBuilder {
    SegyBuilder::new(4, 30).header_words(|trace, header| {
        header
            .i16(109, if trace < 2 { 1000 } else { 1045 })
            .i16(215, -10);
    })
}

fn warns(scan: &Scan, code: &str) -> bool {
    scan.warnings.iter().any(|warning| warning.code() == code)
}

#[test]
fn the_scalar_of_times_makes_the_delay_milliseconds_in_the_axis_and_in_each_trace() {
    let folder = made_files::folder();
    let path = in_tenths().write(folder.path(), "a.sgy");
    let found = LayoutOverrides::default();
    let (report, dataset) = imported(&path, &found);
    assert_eq!(
        numbers(&dataset, DelayFacts::SCALED_COLUMN),
        [100.0, 100.0, 104.5, 104.5]
    );
    let delays = dataset.manifest().delays.clone().unwrap();
    assert_eq!(delays.column, DelayFacts::SCALED_COLUMN);
    assert_eq!((delays.min_millis, delays.max_millis), (100, 105));
    let shown = starts(&path, &found, &report.dataset);
    assert_eq!(shown, (100.0, vec![0.0, 0.0, 4.5, 4.5]));
    let scan = made_files::scanned(&path);
    assert_eq!(scan.delay_millis, (100.0, 104.5));
    let why = &scan.to_json()["decided_by"]["time_scalar"];
    assert!(why.as_str().unwrap().contains("a delay of 1 000 is 100 ms"));
}

#[test]
fn the_scalar_of_times_can_be_ignored_or_another() {
    let folder = made_files::folder();
    let path = in_tenths().write(folder.path(), "a.sgy");
    for (scalar, first, later) in [(1, 1000.0, 45.0), (-100, 10.0, 0.45)] {
        let told = LayoutOverrides {
            time_scalar: Some(Scalar::Constant(scalar)),
            ..LayoutOverrides::default()
        };
        let (report, dataset) = imported(&path, &told);
        let shown = starts(&path, &told, &report.dataset);
        assert_eq!(shown, (first, vec![0.0, 0.0, later, later]));
        let scaling = dataset.manifest().segy.scaling.unwrap();
        assert_eq!(scaling.time_scalar, Some(scalar));
    }
}

#[test]
fn a_delay_that_the_user_knows_better_holds_for_all_traces() {
    let folder = made_files::folder();
    let path = in_tenths().write(folder.path(), "a.sgy");
    let told = LayoutOverrides {
        delay_millis: Some(-12.5),
        ..LayoutOverrides::default()
    };
    let (report, dataset) = imported(&path, &told);
    assert_eq!(starts(&path, &told, &report.dataset), (-12.5, vec![]));
    assert_eq!(dataset.manifest().delays, None);
    let kept = ScalingFacts {
        coordinate_scalar: None,
        time_scalar: None,
        delay_millis: Some(-12.5),
    };
    assert_eq!(dataset.manifest().segy.scaling, Some(kept));
    let mapping: Mapping = serde_json::from_value(dataset.manifest().mapping.clone()).unwrap();
    assert_eq!(mapping.overrides, told);
    let scan = made_files::scanned_by(&path, &told);
    assert!(!warns(&scan, "delay_varies") && warns(&made_files::scanned(&path), "delay_varies"));
}

#[test]
fn a_delay_taken_from_another_byte_moves_the_axis_with_it() {
    let folder = made_files::folder();
    let builder = SegyBuilder::new(3, 30).header_words(|_, header| {
        header.i16(105, 250);
    });
    let path = builder.write(folder.path(), "a.sgy");
    let mapping = Mapping {
        columns: vec![MappedColumn {
            name: "delay_recording_time".to_owned(),
            byte: 105,
            kind: FieldKind::I16,
        }],
        ..Mapping::default()
    };
    let report = made_files::imported(&path, &mapping, &ImportOptions::default());
    assert!((report.manifest.axis.first - 250.0).abs() < 1e-9);
}

/// Coordinates in centimetres whose scalar is 0 in half of the traces.
fn in_centimetres() -> SegyBuilder {
    SegyBuilder::new(20, 30).header_words(|trace, header| {
        header
            .i16(71, if trace < 10 { 0 } else { -10 })
            .i32(73, 50_000 + i32::try_from(trace).unwrap() * 2500)
            .i32(77, 700_000);
    })
}

#[test]
fn a_coordinate_scalar_that_the_user_knows_better_holds_everywhere() {
    let folder = made_files::folder();
    let path = in_centimetres().write(folder.path(), "a.sgy");
    let told = LayoutOverrides {
        coordinate_scalar: Some(Scalar::Constant(-100)),
        ..LayoutOverrides::default()
    };
    let (_, as_found) = imported(&path, &LayoutOverrides::default());
    let xs = numbers(&as_found, "source_x");
    assert!((xs[0] - 50_000.0).abs() < 1e-9 && (xs[10] - 7500.0).abs() < 1e-9);
    let (report, dataset) = imported(&path, &told);
    let expected: Vec<f64> = (0..20)
        .map(|trace| 500.0 + f64::from(trace) * 25.0)
        .collect();
    assert_eq!(numbers(&dataset, "source_x"), expected);
    assert_eq!(numbers(&dataset, "source_y"), [7000.0; 20]);

    // The map beside the mapping, and the viewer's, of the file and of the dataset.
    let scan = made_files::scanned_by(&path, &told);
    for code in ["coordinate_scalar_varies", "coordinate_scalar_zero"] {
        assert!(!warns(&scan, code) && warns(&made_files::scanned(&path), code));
    }
    let context = JobContext::default();
    let map = coordinate_map(&scan, &Mapping::default(), ScanDepth::Full, &context).unwrap();
    assert_eq!(map.sources.bounds, Some([500.0, 7000.0, 975.0, 7000.0]));
    let file = SegySource::open(&path, &told, &[], &[]).unwrap();
    let of_file = places_of(&file, MapKind::Sources, &[0, 19]).unwrap();
    let dataset = DatasetSource::open(&report.dataset).unwrap();
    let of_dataset = places_of(&dataset, MapKind::Sources, &[0, 19]).unwrap();
    assert_eq!(of_file, [(500.0, 7000.0), (975.0, 7000.0)]);
    assert_eq!(of_dataset, of_file);
}

#[test]
fn mapping_files_without_scalings_are_as_they_were_and_with_them_say_so() {
    let old = r#"{"version": 2, "overrides": {"byte_order": null, "n_samples": 50}}"#;
    let mapping = Mapping::from_json(old).unwrap();
    assert_eq!(mapping.overrides.coordinate_scalar, None);
    let saved = serde_json::to_string(&mapping).unwrap();
    assert!(
        !saved.contains("scalar") && !saved.contains("delay"),
        "{saved}"
    );
    let new = r#"{"overrides": {"coordinate_scalar": -100, "delay_millis": 12.5, "time_scalar": "header"}}"#;
    let overrides = Mapping::from_json(new).unwrap().overrides;
    assert_eq!(overrides.coordinate_scalar, Some(Scalar::Constant(-100)));
    assert_eq!(overrides.delay_millis, Some(12.5));
    assert_eq!(overrides.time_scalar, Some(Scalar::OfEachTrace));
    let wrong = r#"{"overrides": {"coordinate_scalar": 0}}"#;
    let refused = Mapping::from_json(wrong).unwrap_err();
    let refused = format!("{refused:?}");
    assert!(refused.contains("0 is no scalar"), "{refused}");
}
