//! Does a dataset show the same gathers as the SEG-Y file that it was made from?

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use std::sync::Arc;
use std::time::{Duration, Instant};

use made_files::{MadeFile, by_keys, imported};
use shotpoint::browse::{
    DatasetSource, Gather, GatherIndex, GatherLoader, SegySource, TraceSource, load_gather,
    load_range,
};
use shotpoint::import::ImportOptions;
use shotpoint::job::JobContext;
use shotpoint::segy::{LayoutOverrides, SampleFormat};

/// Records of ten traces, each channel of them in a CDP of its own: by CDP the file is unsorted.
fn words(trace: u32) -> Vec<(&'static str, i64)> {
    let trace = i64::from(trace);
    vec![
        ("ffid", 500 + trace / 10),
        ("tracf", trace % 10 + 1),
        ("cdp", 2 * (trace / 10) + trace % 10),
        ("offset", 25 * (trace % 10) - 100),
        ("delrt", 40),
    ]
}

/// The file, the dataset, and the folder that they lie in.
fn both(format: SampleFormat) -> (SegySource, DatasetSource, tempfile::TempDir) {
    let made = MadeFile {
        format,
        n_traces: 333,
        n_samples: 41,
        words,
        ..MadeFile::default()
    };
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let options = ImportOptions {
        chunk_traces: Some(16),
        chunks_per_block: Some(4),
        ..ImportOptions::default()
    };
    let keys = by_keys(&["orig_field_record_num", "trace_num_orig_record"]);
    let report = imported(&path, &keys, &options);
    let file = SegySource::open(&path, &LayoutOverrides::default(), &[], &[]).unwrap();
    (file, DatasetSource::open(&report.dataset).unwrap(), folder)
}

fn index(source: &dyn TraceSource, keys: &[&str]) -> GatherIndex {
    let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
    GatherIndex::build(source, &keys, 100, &JobContext::default())
        .unwrap()
        .unwrap()
}

fn assert_same(a: &Gather, b: &Gather) {
    assert_eq!(a.key, b.key);
    assert_eq!(a.trace_indices, b.trace_indices);
    assert_eq!(a.headers, b.headers);
    assert_eq!(a.axis, b.axis);
    let bits = |gather: &Gather| {
        gather
            .samples
            .iter()
            .map(|v| v.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(a), bits(b));
}

#[test]
fn gathers_by_any_key_are_the_same_from_the_file_and_from_the_dataset() {
    for format in [
        SampleFormat::Ibm32,
        SampleFormat::Int16,
        SampleFormat::Ieee64,
    ] {
        let (file, dataset, _folder) = both(format);
        let names = ["offset".to_owned(), "cdp".to_owned()];
        for keys in [
            &["ffid"][..],
            &["tracf"],
            &["cdp"],
            &["cdp", "offset"],
            &["tracf", "ffid"],
            &[],
        ] {
            let (a, b) = (index(&file, keys), index(&dataset, keys));
            assert!(a.gathers().eq(b.gathers()), "{keys:?}");
            for position in [0, a.len() / 2, a.len() - 1] {
                assert_same(
                    &load_gather(&file, &a, position, &names).unwrap(),
                    &load_gather(&dataset, &b, position, &names).unwrap(),
                );
            }
        }
        assert_same(
            &load_range(&file, 13..200, &names).unwrap(),
            &load_range(&dataset, 13..200, &names).unwrap(),
        );
    }
}

#[test]
fn facts_and_headers_of_a_trace_agree() {
    let (file, dataset, _folder) = both(SampleFormat::Ieee32);
    assert_eq!(file.facts().axis, dataset.facts().axis);
    assert_eq!(
        dataset.facts().default_keys,
        ["orig_field_record_num", "trace_num_orig_record"]
    );
    let of_file = file.read_all_headers(123).unwrap();
    let of_dataset = dataset.read_all_headers(123).unwrap();
    assert!(of_file.contains(&("orig_field_record_num".to_owned(), Some(512))));
    for header in &of_file {
        assert!(of_dataset.contains(header), "{header:?}");
    }
    let exact = dataset.facts().amplitude.unwrap();
    let estimated = file.facts().amplitude.unwrap();
    assert!((estimated.abs_p99 - exact.abs_p99).abs() < 0.1 * exact.abs_p99);
}

#[test]
fn only_runs_of_the_imports_keys_are_stored() {
    let (_file, dataset, _folder) = both(SampleFormat::Ieee32);
    let stored = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
        dataset.stored_runs(&keys).unwrap().map(|runs| runs.len())
    };
    assert_eq!(stored(&["ffid", "tracf"]), Some(333));
    assert_eq!(stored(&["tracf"]), Some(333));
    assert_eq!(stored(&["cdp"]), None);
}

#[test]
fn a_loader_steps_through_a_dataset() {
    let (_file, dataset, _folder) = both(SampleFormat::Ibm32);
    let by_record = index(&dataset, &["ffid"]);
    let n_gathers = by_record.len();
    let source: Arc<dyn TraceSource> = Arc::new(dataset);
    let names = vec!["offset".to_owned()];
    let loader = GatherLoader::spawn(source, Arc::new(by_record), names, 1 << 20, || {}).unwrap();
    for position in 0..n_gathers {
        loader.request(position);
        let start = Instant::now();
        let loaded = loop {
            assert!(start.elapsed() < Duration::from_secs(20));
            if let Some(loaded) = loader.poll().pop() {
                break loaded.unwrap();
            }
            std::thread::sleep(Duration::from_micros(200));
        };
        assert_eq!(loaded.position, position);
        assert_eq!(
            loaded.gather.key[0].1,
            500 + i64::try_from(position).unwrap()
        );
        assert_eq!(loaded.gather.headers[0].values[0], Some(-100));
    }
}
