//! Headers, runs, exceptions, overview, manifest: what lies beside the samples.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use shotpoint::dataset::{Dataset, DatasetError, SampleException};
use shotpoint::samples::{NumberType, Samples};

use crate::support::{
    EXCEPTIONS, Shape, expected_runs, header_batch, read_by_zarrs, sample_dataset, write,
};

fn floats(path: &Path, array: &str) -> Vec<f32> {
    let bytes = read_by_zarrs(path, array);
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

#[test]
fn the_overview_keeps_every_extreme() {
    let folder = tempfile::tempdir().unwrap();
    let (path, shape, samples) = sample_dataset(folder.path());
    let Samples::Float32(samples) = samples else {
        unreachable!("made as f32")
    };
    let n_samples = shape.n_samples as usize;
    let columns = n_samples.div_ceil(4);
    let (found_min, found_max) = (
        floats(&path, "/overview/1/min"),
        floats(&path, "/overview/1/max"),
    );
    assert_eq!(found_min.len(), 13 * columns);
    for (row, column) in [(0, 0), (3, 7), (12, 12)] {
        let values = (row * 16..(row * 16 + 16).min(203)).flat_map(|trace| {
            let start = trace * n_samples;
            samples[start + column * 4..start + (column * 4 + 4).min(n_samples)].iter()
        });
        let min = values.clone().copied().fold(f32::INFINITY, f32::min);
        let max = values.copied().fold(f32::NEG_INFINITY, f32::max);
        let at = row * columns + column;
        assert_eq!(
            [found_min[at].to_bits(), found_max[at].to_bits()],
            [min.to_bits(), max.to_bits()]
        );
    }
}

#[test]
fn coarse_levels_are_made_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.shotpoint");
    // 40,000 traces: 2,500 rows on level 1, 157 on level 2. Trace t holds t and -t.
    let shape = Shape::new(40_000, 2, 256, 64);
    let values = (0..40_000u16).flat_map(|t| [f32::from(t), -f32::from(t)]);
    let manifest = write(&path, &shape, &Samples::Float32(values.collect()));
    assert_eq!(manifest.array.n_overview_levels, 2);
    let level_1: Vec<f32> = (0..2500u16).map(|row| f32::from(row * 16 + 15)).collect();
    assert_eq!(floats(&path, "/overview/1/max"), level_1);
    let level_2: Vec<f32> = (0..157u32)
        .map(|row| (row * 256 + 255).min(39_999) as f32)
        .collect();
    assert_eq!(floats(&path, "/overview/2/max"), level_2);
    let lowest: Vec<f32> = level_2.iter().map(|x| -x).collect();
    assert_eq!(floats(&path, "/overview/2/min"), lowest);

    let dataset = Dataset::open(&path).unwrap();
    let levels = dataset.overview_levels();
    assert_eq!(levels.len(), 2);
    let (min, max) = dataset.read_overview(&levels[0], 700..1900).unwrap();
    assert_eq!(max, level_1[700..1900]);
    let lowest: Vec<f32> = max.iter().map(|x| -x).collect();
    assert_eq!(min, lowest);
    fs::remove_file(path.join("traces.zarr/overview/2/min/c/0/0")).unwrap();
    let error = dataset.read_overview(&levels[1], 0..10).unwrap_err();
    assert!(matches!(error, DatasetError::Damaged { .. }), "{error}");
}

/// Rewrites a sharded overview array as older programs wrote it: a file for each chunk.
fn unshard(array: &Path) {
    let document = array.join("zarr.json");
    let mut text: serde_json::Value =
        serde_json::from_slice(&fs::read(&document).unwrap()).unwrap();
    let inner = text.pointer("/codecs/0/configuration").unwrap().clone();
    text["chunk_grid"]["configuration"]["chunk_shape"] = inner["chunk_shape"].clone();
    text["codecs"] = inner["codecs"].clone();
    fs::write(&document, text.to_string()).unwrap();
    let shard = fs::read(array.join("c/0/0")).unwrap();
    let index = &shard[shard.len() - 64 * 16 - 4..];
    for (chunk, entry) in index.chunks_exact(16).enumerate() {
        let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
        let (Ok(offset), Ok(length)) = (
            usize::try_from(number(&entry[..8])),
            usize::try_from(number(&entry[8..])),
        ) else {
            break;
        };
        if offset == usize::MAX {
            break;
        }
        let folder = array.join("c").join(chunk.to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("0"), &shard[offset..offset + length]).unwrap();
    }
}

#[test]
fn an_overview_of_one_file_a_chunk_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.shotpoint");
    let shape = Shape::new(40_000, 1, 256, 128);
    let samples = Samples::Float32((0..40_000u16).map(f32::from).collect());
    write(&path, &shape, &samples);
    let dataset = Dataset::open(&path).unwrap();
    let level = &dataset.overview_levels()[0];
    let now = dataset.read_overview(level, 3..2_400).unwrap();
    for which in ["min", "max"] {
        unshard(&path.join("traces.zarr/overview/1").join(which));
    }
    let dataset = Dataset::open(&path).unwrap();
    assert_eq!(dataset.read_overview(level, 3..2_400).unwrap(), now);
}

/// 70,000 traces: over two row groups, so that ranges cross them.
fn many_headers(folder: &Path) -> Dataset {
    let path = folder.join("line12.shotpoint");
    let shape = Shape::new(70_000, 1, 4096, 4);
    let samples = Samples::zeros(NumberType::Float32, shape.len());
    write(&path, &shape, &samples);
    Dataset::open(&path).unwrap()
}

#[test]
fn any_columns_of_any_rows_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = many_headers(folder.path());
    for (start, n) in [
        (0, 70_000),
        (0, 1),
        (65_530, 12),
        (65_536, 1),
        (69_999, 1),
        (8_000, 500),
    ] {
        let whole = header_batch(start, n);
        let names = ["crossline", "trace_index", "raw_header", "crossline"];
        let read = dataset.read_headers(&names, start..start + n).unwrap();
        for (column, name) in names.iter().enumerate() {
            let expected = whole.column_by_name(name).unwrap();
            assert_eq!(read.column(column), expected, "{name}");
        }
    }
    let empty = dataset.read_headers(&["cdp"], 5..5).unwrap();
    assert_eq!((empty.num_rows(), empty.num_columns()), (0, 1));

    let mut next = 0;
    for batch in dataset.scan_headers(&["cdp", "trace_index"]).unwrap() {
        let batch = batch.unwrap();
        let n = batch.num_rows() as u64;
        let expected = header_batch(next, n);
        assert_eq!(batch.column(0), expected.column(2));
        assert_eq!(batch.column(1), expected.column(0));
        next += n;
    }
    assert_eq!(next, 70_000);
}

#[test]
fn columns_keep_their_names_and_metadata() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    let dataset = Dataset::open(&path).unwrap();
    assert_eq!(
        dataset.header_names(),
        [
            "trace_index",
            "file_offset",
            "cdp",
            "crossline",
            "raw_header"
        ]
    );
    let schema = dataset.header_schema();
    let expected = HashMap::from([("segy_byte", "21"), ("su", "cdp")]);
    let metadata = schema.field_with_name("cdp").unwrap().metadata();
    assert!(expected.iter().all(|(k, v)| metadata.get(k).unwrap() == v));
    assert!(!schema.field(0).is_nullable() && schema.field(2).is_nullable());

    let error = dataset.read_headers(&["crosline"], 0..1).unwrap_err();
    let DatasetError::NoSuchColumn { nearest, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(nearest[0], "crossline");
}

#[test]
fn runs_exceptions_and_parts_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = many_headers(folder.path());
    assert_eq!(dataset.ensembles().unwrap(), expected_runs(70_000));
    let exceptions: Vec<SampleException> = dataset
        .exceptions()
        .unwrap()
        .flat_map(Result::unwrap)
        .collect();
    assert_eq!(exceptions, EXCEPTIONS);
    assert_eq!(dataset.segy_part("textual_header.bin").unwrap(), b"C 1");
    assert_eq!(dataset.segy_part("trailer.bin").unwrap(), b"");
    assert!(dataset.segy_part("../manifest.json").is_err());
}

#[test]
fn the_manifest_counts_the_bytes_of_the_folder() {
    fn bytes_below(path: &Path) -> u64 {
        let entries = fs::read_dir(path).unwrap().map(Result::unwrap);
        entries
            .map(|entry| {
                if entry.file_type().unwrap().is_dir() {
                    bytes_below(&entry.path())
                } else {
                    entry.metadata().unwrap().len()
                }
            })
            .sum()
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    let manifest_bytes = fs::metadata(path.join("manifest.json")).unwrap().len();
    let manifest = Dataset::open(&path).unwrap().manifest().clone();
    assert_eq!(
        manifest.array.stored_bytes,
        bytes_below(&path) - manifest_bytes
    );
}
