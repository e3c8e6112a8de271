//! Columns computed from others, and words of additional trace headers: stored, used as keys, and
//! no harm to the exact export.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use arrow::array::AsArray;
use arrow::datatypes::{Float64Type, Int64Type};
use made_files::{MadeFile, exported, imported, planned};
use shotpoint::dataset::Dataset;
use shotpoint::import::{ComputedColumn, ImportOptions, Mapping, PlanError};

fn computed(columns: &[(&str, &str)], keys: &[&str]) -> Mapping {
    Mapping {
        computed: columns
            .iter()
            .map(|(name, expression)| ComputedColumn {
                name: (*name).to_owned(),
                expression: (*expression).to_owned(),
            })
            .collect(),
        ensemble_keys: keys.iter().map(|&key| key.to_owned()).collect(),
        ..Mapping::default()
    }
}

fn shots() -> MadeFile {
    MadeFile {
        n_traces: 300,
        words: |trace| {
            let (shot, channel) = (i64::from(trace / 30), i64::from(trace % 30));
            vec![
                ("ffid", 101 + shot),
                ("offset", 100 + channel * 25),
                ("scalco", -10),
                ("sx", 10_000 + shot * 500),
                ("gx", 11_000 + shot * 500 + channel * 250),
            ]
        },
        ..MadeFile::default()
    }
}

#[test]
fn computed_columns_are_stored_and_may_be_keys() {
    let folder = made_files::folder();
    let path = shots().write(folder.path());
    let mapping = computed(
        &[
            ("offset_bin", "floor(offset / 100) * 100"),
            ("mid_x", "(source_x + group_x) / 2"),
            ("bin", "round(mid_x / 12.5)"),
        ],
        &["ffid", "offset_bin"],
    );
    let options = ImportOptions {
        output: Some(folder.path().join("out.shotpoint")),
        chunk_traces: Some(16),
        ..ImportOptions::default()
    };
    let report = imported(&path, &mapping, &options);
    let dataset = Dataset::open(&report.dataset).unwrap();
    let mut row = 0_i64;
    for batch in dataset
        .scan_headers(&["offset_bin", "mid_x", "bin"])
        .unwrap()
    {
        let batch = batch.unwrap();
        let bins = batch.column(0).as_primitive::<Int64Type>();
        let mid = batch.column(1).as_primitive::<Float64Type>();
        for i in 0..batch.num_rows() {
            let (shot, channel) = (row / 30, row % 30);
            assert_eq!(bins.value(i), (100 + channel * 25) / 100 * 100);
            let wanted = 1050.0 + (shot * 50) as f64 + channel as f64 * 12.5;
            assert!((mid.value(i) - wanted).abs() < 1e-9);
            row += 1;
        }
    }
    assert_eq!(row, 300);
    let facts = &dataset.manifest().ensembles;
    assert_eq!(facts.keys, ["orig_field_record_num", "offset_bin"]);
    assert_eq!(
        (facts.n_ensembles, facts.min_traces, facts.max_traces),
        (80, 2, 4)
    );
    let stored = dataset.manifest().mapping["computed"][0]["expression"].clone();
    assert_eq!(stored, "floor(offset / 100) * 100");
    assert_eq!(exported(&report), std::fs::read(&path).unwrap());
}

#[test]
fn a_key_with_fractions_and_a_header_that_is_not_there_are_refused() {
    let folder = made_files::folder();
    let path = shots().write(folder.path());
    let scan = made_files::scanned(&path);
    let plan = |mapping: &Mapping| {
        let options = ImportOptions::default();
        shotpoint::import::ImportPlan::new(&scan, mapping, &options).map(|_| ())
    };
    let fraction = computed(&[("mid_x", "(source_x + group_x) / 2")], &["mid_x"]);
    assert!(matches!(
        plan(&fraction),
        Err(PlanError::KeyHasFractions { .. })
    ));
    let elsewhere = Mapping {
        columns: vec![Mapping::parse_column("easting=253:f64").unwrap()],
        ..Mapping::default()
    };
    let error = plan(&elsewhere).unwrap_err().to_string();
    assert!(error.contains("additional trace header 1"), "{error}");
}

#[test]
fn mapping_files_of_version_1_are_read_and_newer_ones_refused() {
    let old = r#"{"columns":[{"name":"inline","byte":5,"kind":"i32"}],"ensemble_keys":["inline"]}"#;
    let mapping = Mapping::from_json(old).unwrap();
    assert_eq!(mapping.column("inline").unwrap().byte, 5);
    let text = serde_json::to_string(&computed(&[("a", "cdp + 1")], &["a"])).unwrap();
    assert!(text.starts_with("{\"version\":2"), "{text}");
    assert_eq!(
        Mapping::from_json(&text).unwrap().computed[0].expression,
        "cdp + 1"
    );
    let error = Mapping::from_json(r#"{"version":99}"#)
        .unwrap_err()
        .to_string();
    assert!(error.contains("versions 1 to 2"), "{error}");
    let folder = made_files::folder();
    let path = shots().write(folder.path());
    let plan = planned(&path, &mapping, &ImportOptions::default());
    assert_eq!(plan.mapping().ensemble_keys, ["inline"]);
}
