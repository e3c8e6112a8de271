//! Is the dataset equal to the source, and the export equal to it byte for byte?

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::{Float64Type, Int16Type, Int32Type, UInt64Type};
use made_files::{MadeFile, by_keys, exported, imported, planned, scanned, trace};
use shotpoint::dataset::{Dataset, Ensemble};
use shotpoint::export::verify;
use shotpoint::import::{ImportMode, ImportOptions, MappedColumn, Mapping, RequestedMode};
use shotpoint::job::{JobContext, Phase};
use shotpoint::segy::{ByteOrder, FieldKind, SampleFormat};

fn small_blocks() -> ImportOptions {
    ImportOptions {
        chunk_traces: Some(16),
        chunks_per_block: Some(2),
        ..ImportOptions::default()
    }
}

/// Imports and exports `bytes`, and asserts that they come back.
fn comes_back(bytes: &[u8], options: &ImportOptions) -> Dataset {
    let folder = made_files::folder();
    let path = folder.path().join("made.sgy");
    std::fs::write(&path, bytes).unwrap();
    let report = imported(&path, &Mapping::default(), options);
    assert_eq!(report.bytes_in, bytes.len() as u64);
    assert!(
        exported(&report) == bytes,
        "the export differs from the source"
    );
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, Some(&path), &JobContext::default()).unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.n_traces, dataset.manifest().array.n_traces);
    dataset
}

#[test]
fn every_format_in_both_byte_orders_comes_back() {
    for format in SampleFormat::all().filter(|&f| f != SampleFormat::FixedPointWithGain) {
        for order in [ByteOrder::Big, ByteOrder::Little] {
            let made = MadeFile {
                format,
                order,
                n_traces: 75,
                n_samples: 30,
                ..MadeFile::default()
            };
            let folder = made_files::folder();
            let path = made.write(folder.path());
            let report = imported(&path, &Mapping::default(), &small_blocks());
            assert_eq!(report.manifest.segy.n_exceptions, 0, "{format:?}");
            let dataset = Dataset::open(&report.dataset).unwrap();
            for index in [0, 15, 16, 31, 32, 63, 64, 74] {
                let expected = trace(format.number_type(), index, 30);
                let found = dataset.read_samples(u64::from(index)..u64::from(index) + 1);
                assert_eq!(
                    found.unwrap(),
                    expected,
                    "{format:?} {order:?} trace {index}"
                );
            }
            assert!(exported(&report) == made.bytes(), "{format:?} {order:?}");
        }
    }
}

#[test]
fn ten_blocks_report_every_trace_and_equal_the_source() {
    let made = MadeFile {
        n_traces: 10_000,
        n_samples: 500,
        format: SampleFormat::Ieee32,
        words: |trace| vec![("ffid", i64::from(trace / 120))],
        ..MadeFile::default()
    };
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let options = ImportOptions {
        chunk_traces: Some(250),
        chunks_per_block: Some(4),
        mode: RequestedMode::Streaming,
        ..ImportOptions::default()
    };
    let plan = planned(&path, &Mapping::default(), &options);
    assert_eq!(plan.blocks().count(), 10);

    let context = JobContext::default();
    let seen = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = Vec::new();
            while seen
                .last()
                .is_none_or(|&(phase, _, _)| phase != Phase::Done)
            {
                let now = context.progress.snapshot();
                seen.push((now.phase, now.traces_done, now.bytes_done));
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            seen
        });
        shotpoint::import::run(&plan, &context).unwrap();
        watcher.join().unwrap()
    });
    assert!(seen.is_sorted_by_key(|&(_, traces, _)| traces));
    assert!(seen.is_sorted_by_key(|&(_, _, bytes)| bytes));
    let end = context.progress.snapshot();
    assert_eq!((end.traces_done, end.traces_total), (10_000, 10_000));
    assert_eq!(end.bytes_done, end.bytes_total);
    assert_eq!(end.bytes_total, std::fs::metadata(&path).unwrap().len());

    let dataset = Dataset::open(plan.output()).unwrap();
    let boundaries = (1..10).flat_map(|block| [block * 1000 - 1, block * 1000]);
    for index in boundaries.chain([0, 4_711, 5_000, 9_999]) {
        let expected = trace(dataset.manifest().array.number_type, index, 500);
        let found = dataset.read_samples(u64::from(index)..u64::from(index) + 1);
        assert_eq!(found.unwrap(), expected, "trace {index}");
    }
    let statistics = dataset.manifest().amplitude.unwrap();
    assert_eq!(statistics.count, 5_000_000);
    assert!((statistics.min + 6.25).abs() < 1e-9 && (statistics.max - 6.25).abs() < 1e-9);
}

#[test]
fn a_thousand_traces_make_blocks_of_300_and_a_last_one_of_100() {
    let made = MadeFile {
        n_traces: 1000,
        n_samples: 10,
        ..MadeFile::default()
    };
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let options = ImportOptions {
        chunk_traces: Some(300),
        chunks_per_block: Some(1),
        ..ImportOptions::default()
    };
    let plan = planned(&path, &Mapping::default(), &options);
    let lengths: Vec<u64> = plan.blocks().map(|block| block.end - block.start).collect();
    assert_eq!(lengths, [300, 300, 300, 100]);
    comes_back(&made.bytes(), &options);
}

fn ensembles(made: &MadeFile, keys: &[&str], options: &ImportOptions) -> Vec<Ensemble> {
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let report = imported(&path, &by_keys(keys), options);
    let dataset = Dataset::open(&report.dataset).unwrap();
    let found = dataset.ensembles().unwrap();
    assert_eq!(report.manifest.ensembles.n_ensembles, found.len() as u64);
    found
}

fn spans(ensembles: &[Ensemble]) -> Vec<(u64, u64, Vec<i64>)> {
    ensembles
        .iter()
        .map(|e| (e.start_trace, e.end_trace, e.keys.clone()))
        .collect()
}

#[test]
fn unsorted_traces_make_a_run_each_time_a_key_comes() {
    let made = MadeFile {
        n_traces: 8,
        words: |trace| vec![("ffid", [1, 1, 2, 2, 1, 1, 3, 3][trace as usize])],
        ..MadeFile::default()
    };
    let single_traces = ImportOptions {
        chunk_traces: Some(1),
        chunks_per_block: Some(1),
        ..ImportOptions::default()
    };
    for options in [ImportOptions::default(), single_traces] {
        let found = ensembles(&made, &["FieldRecord"], &options);
        let expected = [
            (0, 1, vec![1]),
            (2, 3, vec![2]),
            (4, 5, vec![1]),
            (6, 7, vec![3]),
        ];
        assert_eq!(spans(&found), expected);
    }
}

#[test]
fn two_keys_and_ensembles_of_varying_size_are_found_across_blocks() {
    let made = MadeFile {
        n_traces: 120,
        words: |trace| {
            vec![
                ("inline", i64::from(trace / 50)),
                ("crossline", i64::from(trace / 7)),
            ]
        },
        ..MadeFile::default()
    };
    let found = ensembles(&made, &["inline", "crossline"], &small_blocks());
    // Runs of seven, and new ones where the inline changes at 50 and 100.
    let mut starts: Vec<u64> = (0..120).step_by(7).chain([50, 100]).collect();
    starts.sort_unstable();
    starts.dedup();
    let found_starts: Vec<u64> = found.iter().map(|e| e.start_trace).collect();
    assert_eq!(found_starts, starts);
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0].end_trace + 1 == pair[1].start_trace)
    );
    assert_eq!(found.last().unwrap().end_trace, 119);
}

#[test]
fn a_trailer_and_a_partial_trace_come_back() {
    for trailer in [vec![7; 3], vec![9; 240 + 100]] {
        let made = MadeFile {
            trailer: trailer.clone(),
            ..MadeFile::default()
        };
        let dataset = comes_back(&made.bytes(), &small_blocks());
        assert_eq!(dataset.manifest().segy.trailer_bytes, trailer.len() as u64);
        assert!(!dataset.manifest().warnings.is_empty());
    }
}

#[test]
fn extended_textual_headers_come_back() {
    let made = MadeFile {
        n_extended: 3,
        ..MadeFile::default()
    };
    let dataset = comes_back(&made.bytes(), &small_blocks());
    assert_eq!(dataset.manifest().segy.file_header_bytes, 3600 + 3 * 3200);
}

/// Revision 2.1 with two additional headers behind each standard one.
#[test]
fn additional_trace_headers_come_back() {
    let plain = MadeFile {
        n_traces: 40,
        ..MadeFile::default()
    };
    let plain = plain.bytes();
    let (file_headers, traces) = plain.split_at(3600);
    let mut bytes = file_headers.to_vec();
    bytes[3500..3502].copy_from_slice(&[2, 1]);
    bytes[3506..3508].copy_from_slice(&2_i16.to_be_bytes());
    for (i, trace) in (0_u8..).zip(traces.chunks_exact(240 + 50 * 4)) {
        bytes.extend_from_slice(&trace[..240]);
        let mut first = [i; 240];
        first[232..].copy_from_slice(b"SEG00001");
        bytes.extend_from_slice(&first);
        let mut second = [i.wrapping_mul(3); 240];
        second[232..].copy_from_slice(b"MINE    ");
        bytes.extend_from_slice(&second);
        bytes.extend_from_slice(&trace[240..]);
    }
    let dataset = comes_back(&bytes, &small_blocks());
    assert_eq!(dataset.manifest().segy.n_additional_trace_headers, 2);
    assert!(
        dataset
            .header_names()
            .contains(&"raw_header_extensions".to_owned())
    );
}

/// A few words in one trace, then so many that no block keeps them.
#[test]
fn ibm_words_that_float32_does_not_give_back_come_back() {
    const TRACE_BYTES: usize = 240 + 50 * 4;
    // Not normalised, zero with an exponent, negative zero, too small and too large for float32.
    let odd = [
        0x4301_0000_u32,
        0x4200_0000,
        0x8000_0000,
        0x0110_0000,
        0x7f10_0000,
    ];
    for (n_traces, n_odd) in [(1, 5), (60, 50)] {
        let mut bytes = MadeFile::default().bytes();
        for trace in 20..20 + n_traces {
            for sample in 0..n_odd {
                let at = 3600 + trace * TRACE_BYTES + 240 + sample * 4;
                bytes[at..at + 4].copy_from_slice(&odd[sample % odd.len()].to_be_bytes());
            }
        }
        let dataset = comes_back(&bytes, &small_blocks());
        let found = dataset.manifest().segy.n_exceptions;
        // Whether -0 is one is the codec's choice.
        let most = (n_traces * n_odd) as u64;
        assert!(found <= most && found >= most * 4 / 5, "{found} of {most}");
        let codes: Vec<&str> = dataset
            .manifest()
            .warnings
            .iter()
            .map(|warning| warning.code.as_str())
            .collect();
        assert!(codes.contains(&"ibm_words_kept_apart"), "{codes:?}");
    }
}

#[test]
fn one_trace_and_one_sample_come_back() {
    let made = MadeFile {
        n_traces: 1,
        n_samples: 1,
        ..MadeFile::default()
    };
    comes_back(&made.bytes(), &ImportOptions::default());
}

#[test]
fn not_finite_and_dead_traces_are_kept_and_counted() {
    let made = MadeFile {
        format: SampleFormat::Ieee32,
        ..MadeFile::default()
    };
    let mut bytes = made.bytes();
    let sample = |trace: usize, sample: usize| 3600 + trace * 440 + 240 + sample * 4;
    for (trace, value) in [(3, f32::NAN), (3, f32::INFINITY), (70, f32::NEG_INFINITY)] {
        let at = sample(trace, usize::from(!value.is_nan()));
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    bytes[sample(41, 0)..sample(41, 50)].fill(0);
    let dataset = comes_back(&bytes, &small_blocks());
    let warning = |code: &str| {
        let found = dataset
            .manifest()
            .warnings
            .iter()
            .find(|warning| warning.code == code);
        let found = found.unwrap_or_else(|| panic!("no {code}: {:?}", dataset.manifest().warnings));
        (found.count, found.first_trace)
    };
    assert_eq!(warning("non_finite"), (3, Some(3)));
    assert_eq!(warning("dead_traces"), (1, Some(41)));
    assert_eq!(dataset.manifest().amplitude.unwrap().n_non_finite, 3);
}

#[test]
fn header_columns_equal_the_words_and_coordinates_are_scaled_trace_by_trace() {
    let made = MadeFile {
        words: |trace| {
            vec![
                ("ffid", i64::from(trace / 10)),
                ("sx", 1_000 + i64::from(trace)),
                ("scalco", if trace < 50 { -100 } else { 10 }),
                ("delrt", if trace == 7 { 12 } else { 8 }),
            ]
        },
        ..MadeFile::default()
    };
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let mapping = Mapping {
        columns: vec![
            MappedColumn {
                name: "inline".to_owned(),
                byte: 1,
                kind: FieldKind::I32,
            },
            MappedColumn {
                name: "low_half".to_owned(),
                byte: 3,
                kind: FieldKind::I16,
            },
        ],
        ..Mapping::default()
    };
    let report = imported(&path, &mapping, &small_blocks());
    assert!((report.manifest.axis.first - 8.0).abs() < 1e-12);
    let codes: Vec<&str> = report
        .warnings
        .iter()
        .map(shotpoint::import::ImportWarning::code)
        .collect();
    assert!(codes.contains(&"coordinate_scalar_varies"), "{codes:?}");
    assert!(codes.contains(&"delay_varies"), "{codes:?}");

    let dataset = Dataset::open(&report.dataset).unwrap();
    let columns = [
        "trace_index",
        "file_offset",
        "inline",
        "low_half",
        "source_x",
        "source_coord_x",
    ];
    let batch = dataset.read_headers(&columns, 40..60).unwrap();
    let index = batch.column(0).as_primitive::<UInt64Type>().value(9);
    let offset = batch.column(1).as_primitive::<UInt64Type>().value(9);
    assert_eq!((index, offset), (49, 3600 + 49 * 440));
    assert_eq!(batch.column(2).as_primitive::<Int32Type>().value(9), 50);
    assert_eq!(batch.column(3).as_primitive::<Int16Type>().value(9), 50);
    let x = batch.column(4).as_primitive::<Float64Type>();
    assert!((x.value(9) - 10.49).abs() < 1e-9, "{}", x.value(9));
    assert!((x.value(10) - 10_500.0).abs() < 1e-9, "{}", x.value(10));
    assert_eq!(batch.column(5).as_primitive::<Int32Type>().value(9), 1049);
}

#[test]
fn a_range_of_traces_exports_a_file_of_these_traces() {
    let made = MadeFile {
        trailer: vec![1; 50],
        ..MadeFile::default()
    };
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let options = ImportOptions {
        traces: Some(23..77),
        ..small_blocks()
    };
    let report = imported(&path, &Mapping::default(), &options);
    let whole = made.bytes();
    let mut expected = whole[..3600].to_vec();
    expected.extend_from_slice(&whole[3600 + 23 * 440..3600 + 77 * 440]);
    assert!(exported(&report) == expected);
    let dataset = Dataset::open(&report.dataset).unwrap();
    assert_eq!(dataset.manifest().array.n_traces, 54);
    let verified = verify(&dataset, None, &JobContext::default()).unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    assert!(
        dataset.manifest().segy.decided_by["traces"]
            .as_str()
            .unwrap()
            .contains("23..77")
    );
}

#[test]
fn batch_mode_shows_every_trace_once() {
    let made = MadeFile::default();
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let plan = planned(&path, &Mapping::default(), &small_blocks());
    assert_eq!(plan.mode(), ImportMode::Batch);
    let arrived = std::sync::Mutex::new(Vec::new());
    shotpoint::import::run_with(&plan, &JobContext::default(), |block| {
        arrived.lock().unwrap().push(block);
    })
    .unwrap();
    let mut arrived = arrived.into_inner().unwrap();
    arrived.sort_by_key(|block| block.first_trace);
    let mut next = 0;
    for block in &arrived {
        assert_eq!(u64::from(next), block.first_trace);
        let n_traces = u32::try_from(block.samples.len() / 50).unwrap();
        let row = |i: u32| block.samples.as_bytes()[i as usize * 200..][..200].to_vec();
        for i in 0..n_traces {
            let expected = trace(block.samples.number_type(), next + i, 50);
            assert_eq!(row(i), expected.as_bytes());
        }
        next += n_traces;
    }
    assert_eq!(next, 100);
}

#[test]
fn damage_is_named_by_chunk_and_the_rest_is_still_checked() {
    let made = MadeFile {
        n_traces: 200,
        format: SampleFormat::Int16,
        ..MadeFile::default()
    };
    let folder = made_files::folder();
    let path = made.write(folder.path());
    let report = imported(&path, &Mapping::default(), &small_blocks());
    let shard = find_shard(&report.dataset.join("traces.zarr/amplitude/c")).unwrap();
    let mut bytes = std::fs::read(&shard).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x10;
    std::fs::write(&shard, &bytes).unwrap();
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, None, &JobContext::default()).unwrap();
    assert_eq!(verified.faults.len(), 1, "{:?}", verified.faults);
    assert!(
        verified.faults[0].contains("traces"),
        "{:?}",
        verified.faults
    );
    assert_eq!(verified.export_sha256, None);
    assert!(!verified.is_sound());
    assert!(verified.n_traces >= 184, "{}", verified.n_traces);
}

/// The largest file under `folder`.
fn find_shard(folder: &Path) -> Option<std::path::PathBuf> {
    let mut largest = None;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = if path.is_dir() {
            find_shard(&path)
        } else {
            Some(path)
        };
        let length = |path: &std::path::PathBuf| std::fs::metadata(path).map_or(0, |m| m.len());
        largest = largest.into_iter().chain(found).max_by_key(length);
    }
    largest
}

#[test]
fn a_scan_suggests_what_the_import_takes() {
    let folder = made_files::folder();
    let made = MadeFile {
        n_traces: 600,
        words: |trace| {
            vec![
                ("ffid", 101 + i64::from(trace / 120)),
                ("offset", i64::from(trace % 120) * 25),
            ]
        },
        ..MadeFile::default()
    };
    let path = made.write(folder.path());
    let scan = scanned(&path);
    assert_eq!(
        scan.suggested_mapping.ensemble_keys,
        ["orig_field_record_num"]
    );
    assert!(
        scan.key_candidates[0]
            .evidence
            .starts_with("5 runs of 120 traces, ascending, 101…105")
    );
    let json = scan.to_json();
    assert_eq!(json["n_traces"], 600);
    assert_eq!(json["format_code"], 1);
    assert_eq!(json["interval_us"], 2000.0);
    assert!(json["decided_by"]["byte_order"].is_string());
    let report = imported(&path, &Mapping::default(), &ImportOptions::default());
    assert_eq!(report.manifest.ensembles.n_ensembles, 5);
    let json = report.to_json();
    for key in [
        "dataset",
        "mode",
        "n_traces",
        "n_samples",
        "sample_format",
        "n_ensembles",
        "seconds",
    ] {
        assert!(!json[key].is_null(), "{key}");
    }
    for key in [
        "traces_per_second",
        "bytes_in",
        "bytes_out",
        "compression_ratio",
        "warnings",
    ] {
        assert!(!json[key].is_null(), "{key}");
    }
}
