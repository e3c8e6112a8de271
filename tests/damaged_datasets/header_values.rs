//! A header value that another program changed, checksums and all.

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int32Array};
use arrow::datatypes::Int32Type;
use arrow::record_batch::RecordBatch;
use shotpoint::dataset::Dataset;

use crate::checks::verified;
use crate::made_files::folder;
use crate::sound::{N_TRACES, Sound};

/// Rewrites headers.parquet with one value changed, as another program might, checksums and all.
#[test]
fn a_changed_header_value_is_named_with_its_trace() {
    let folder = folder();
    let path = Sound::plain(folder.path()).path;
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
