//! Do files whose traces vary in length, or have other bytes between them, come back byte for byte?

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use std::ops::Range;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::{UInt32Type, UInt64Type};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use shotpoint::browse::{DatasetSource, SegySource, TraceSource, load_range};
use shotpoint::dataset::{Dataset, GeometryFacts, SourceFacts};
use shotpoint::export::verify;
use shotpoint::import::{ImportOptions, ImportReport, Mapping, RequestedMode};
use shotpoint::job::JobContext;
use shotpoint::segy::LayoutOverrides;
use support::{Order, SegyBuilder};

const FORMATS: [i16; 12] = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 16];

fn small_blocks() -> ImportOptions {
    ImportOptions {
        chunk_traces: Some(8),
        chunks_per_block: Some(2),
        mode: RequestedMode::Streaming,
        ..ImportOptions::default()
    }
}

/// Imports the file, and asserts that export and verification give it back.
fn comes_back(path: &Path, options: &ImportOptions) -> (ImportReport, Dataset) {
    let bytes = std::fs::read(path).unwrap();
    let report = made_files::imported(path, &Mapping::default(), options);
    assert_eq!(report.bytes_in, bytes.len() as u64);
    assert!(
        made_files::exported(&report) == bytes,
        "the export differs from the source"
    );
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, Some(path), &JobContext::default()).unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert!(verified.is_sound(), "{verified:?}");
    (report, dataset)
}

fn geometry(dataset: &Dataset) -> GeometryFacts {
    dataset.manifest().segy.geometry.unwrap()
}

fn lengths_in_table(dataset: &Dataset) -> Vec<u32> {
    let n_traces = dataset.manifest().array.n_traces;
    let batch = dataset
        .read_headers(&[GeometryFacts::LENGTH_COLUMN], 0..n_traces)
        .unwrap();
    batch
        .column(0)
        .as_primitive::<UInt32Type>()
        .values()
        .to_vec()
}

/// 60 to 100 samples.
fn some_length(trace: u64) -> usize {
    60 + usize::try_from(trace * 37 % 41).unwrap()
}

fn varying(n_traces: u64) -> SegyBuilder {
    SegyBuilder::new(n_traces, 100).lengths(some_length)
}

fn longest(builder: &SegyBuilder) -> usize {
    (0..builder.n_traces)
        .map(|trace| builder.length(trace))
        .max()
        .unwrap()
}

/// Whether a row of the array holds the trace's samples, and padding behind them.
fn assert_row(dataset: &Dataset, builder: &SegyBuilder, trace: u64) {
    let samples = dataset.read_samples(trace..trace + 1).unwrap();
    assert_eq!(samples.len(), longest(builder));
    for i in 0..samples.len() {
        let value = samples.get_f64(i).unwrap();
        if i < builder.length(trace) {
            let expected = builder.stored_value(trace, i);
            assert!((value - expected).abs() < 1e-9, "trace {trace} sample {i}");
        } else if samples.number_type().is_float() {
            assert!(value.is_nan(), "trace {trace} sample {i}: {value}");
        } else {
            assert!(value == 0.0, "trace {trace} sample {i}: {value}");
        }
    }
}

#[test]
fn every_format_and_order_comes_back_with_short_traces_padded() {
    let folder = made_files::folder();
    for format in FORMATS {
        for order in [Order::Big, Order::Little] {
            let builder = varying(53).format(format).order(order);
            let path = builder.write(folder.path(), &format!("{format}-{order:?}.sgy"));
            let (_, dataset) = comes_back(&path, &small_blocks());
            let array = &dataset.manifest().array;
            assert_eq!(array.n_traces, 53, "{format} {order:?}");
            assert_eq!(array.n_samples as usize, longest(&builder));
            for trace in [0, 7, 8, 15, 16, 33, 52] {
                assert_row(&dataset, &builder, trace);
            }
            let lengths = lengths_in_table(&dataset);
            assert!(
                (0_u64..)
                    .zip(lengths)
                    .all(|(trace, n)| n as usize == builder.length(trace))
            );
        }
    }
}

#[test]
fn padding_is_marked_and_is_no_sample() {
    let folder = made_files::folder();
    for format in [5, 3] {
        // Positive everywhere, but for one trace of zeros: padding is the only other zero.
        let builder = varying(40).format(format).samples(|trace, sample| {
            if trace == 11 {
                0.0
            } else {
                2.0 + (sample % 5) as f64
            }
        });
        let path = builder.write(folder.path(), &format!("{format}.sgy"));
        let (report, dataset) = comes_back(&path, &small_blocks());
        let n_samples: usize = (0..40).map(some_length).sum();
        let statistics = report.manifest.amplitude.unwrap();
        assert_eq!(statistics.count, n_samples as u64);
        assert_eq!(statistics.n_non_finite, 0);
        assert_eq!(statistics.n_zeros, some_length(11) as u64);
        let dead = report
            .manifest
            .warnings
            .iter()
            .find(|w| w.code == "dead_traces");
        assert_eq!(dead.map(|w| (w.count, w.first_trace)), Some((1, Some(11))));
        let codes: Vec<&str> = report
            .manifest
            .warnings
            .iter()
            .map(|w| w.code.as_str())
            .collect();
        assert!(!codes.contains(&"non_finite"), "{codes:?}");
        assert!(!codes.contains(&"sample_count_differs"), "{codes:?}");

        let facts = geometry(&dataset);
        let all: Vec<usize> = (0..40).map(some_length).collect();
        let longest = *all.iter().max().unwrap();
        assert_eq!(
            facts.shortest_n_samples as usize,
            *all.iter().min().unwrap()
        );
        assert_eq!(facts.longest_n_samples as usize, longest);
        let n_padded = all.iter().filter(|&&n| n < longest).count();
        assert_eq!(facts.n_padded_traces, n_padded as u64);

        let level = &dataset.overview_levels()[0];
        let (min, _) = dataset.read_overview(level, 1..2).unwrap();
        assert!(min.iter().all(|&x| x.is_nan() || x > 1.0), "{min:?}");

        let path = report.dataset.join("traces.zarr/amplitude/zarr.json");
        let document: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let padding = if format == 5 { "NaN" } else { "0" };
        assert_eq!(document["attributes"]["padding"], padding);
        let range = serde_json::json!([facts.shortest_n_samples, facts.longest_n_samples]);
        assert_eq!(document["attributes"]["n_samples_range"], range);
    }
}

/// Bytes that look like nothing.
fn junk(n_bytes: usize) -> Vec<u8> {
    (0..n_bytes)
        .map(|i| u8::try_from((i * 131 + i / 7 * 17) % 251).unwrap() | 1)
        .collect()
}

#[test]
fn gaps_come_back_and_are_told() {
    let folder = made_files::folder();
    // The longer one is not looked at through the mapping.
    for (n_samples, n_bytes) in [(100, 1000), (2000, 400_000)] {
        let stride = 240 + 4 * n_samples as u64;
        let builder = SegyBuilder::new(300, n_samples)
            .format(5)
            .gap(123, &junk(n_bytes));
        let path = builder.write(folder.path(), &format!("gap-{n_bytes}.sgy"));
        let (report, dataset) = comes_back(&path, &small_blocks());
        let facts = geometry(&dataset);
        assert_eq!((facts.n_gaps, facts.gap_bytes), (1, n_bytes as u64));
        assert_eq!(facts.n_padded_traces, 0);
        assert_eq!(report.manifest.array.n_traces, 300);
        let gaps: Vec<_> = dataset
            .gaps()
            .unwrap()
            .collect::<Result<Vec<_>, _>>()
            .unwrap()
            .concat();
        assert_eq!(gaps.len(), 1);
        assert_eq!(gaps[0].before_trace, 123);
        assert_eq!(gaps[0].position, 3600 + 123 * stride);
        assert_eq!(dataset.gap_bytes().unwrap().n_bytes(), n_bytes as u64);
        assert_row(&dataset, &builder, 122);
        assert_row(&dataset, &builder, 123);
        let offsets = dataset.read_headers(&["file_offset"], 122..124).unwrap();
        let offsets = offsets.column(0).as_primitive::<UInt64Type>();
        let after = 3600 + 123 * stride + n_bytes as u64;
        assert_eq!(offsets.values(), &[3600 + 122 * stride, after]);
        assert!(!report.dataset.join("traces.zarr/gaps.parquet").exists());
    }
}

#[test]
fn no_gap_leaves_no_table() {
    let folder = made_files::folder();
    let path = varying(20).write(folder.path(), "a.sgy");
    let (report, dataset) = comes_back(&path, &small_blocks());
    assert_eq!(dataset.gaps().unwrap().count(), 0);
    let names = made_files::names(&report.dataset.join("segy"));
    assert_eq!(names, ["binary_header.bin", "textual_header.bin"]);
}

#[test]
fn seismic_unix_comes_back_in_both_orders() {
    let folder = made_files::folder();
    for order in [Order::Big, Order::Little] {
        let builder = SegyBuilder::new(60, 75).seismic_unix().order(order);
        let path = builder.write(folder.path(), &format!("{order:?}.su"));
        let (report, dataset) = comes_back(&path, &small_blocks());
        let segy = &report.manifest.segy;
        assert_eq!(segy.container, "su");
        assert_eq!(segy.file_header_bytes, 0);
        assert_row(&dataset, &builder, 59);
        assert_eq!(
            made_files::names(&report.dataset.join("segy")),
            Vec::<String>::new()
        );
    }
}

#[test]
fn a_tape_label_comes_back() {
    let folder = made_files::folder();
    for builder in [
        SegyBuilder::new(60, 75).tape_label(),
        varying(60).tape_label(),
    ] {
        let path = builder.write(folder.path(), "labelled.sgy");
        let (report, dataset) = comes_back(&path, &small_blocks());
        let segy = &report.manifest.segy;
        assert_eq!(segy.tape_label_bytes, 128);
        assert_eq!(segy.file_header_bytes, 128 + 3600);
        assert_eq!(dataset.segy_part("tape_label.bin").unwrap().len(), 128);
        assert_eq!(dataset.segy_part("textual_header.bin").unwrap().len(), 3200);
        std::fs::remove_dir_all(&report.dataset).unwrap();
    }
}

#[test]
fn swapped_pairs_come_back() {
    let folder = made_files::folder();
    for format in [1, 3, 5] {
        let builder = SegyBuilder::new(60, 76)
            .revision(2, 0)
            .format(format)
            .order(Order::PairSwapped);
        let path = builder.write(folder.path(), &format!("{format}.sgy"));
        let (report, dataset) = comes_back(&path, &small_blocks());
        assert_eq!(report.manifest.segy.byte_order, "pair-swapped");
        assert_row(&dataset, &builder, 0);
        assert_row(&dataset, &builder, 59);
    }
}

#[test]
fn a_partial_last_trace_of_varying_traces_comes_back() {
    let folder = made_files::folder();
    for n_bytes in [1, 239, 240, 300] {
        let builder = varying(33).partial_last_trace(n_bytes);
        let path = builder.write(folder.path(), &format!("{n_bytes}.sgy"));
        let (report, _) = comes_back(&path, &small_blocks());
        assert_eq!(report.manifest.array.n_traces, 33);
        assert_eq!(report.manifest.segy.trailer_bytes, n_bytes as u64);
    }
}

#[test]
fn additional_headers_of_varying_traces_come_back() {
    let folder = made_files::folder();
    let builder = varying(50).revision(2, 1).additional_headers(2);
    let path = builder.write(folder.path(), "a.sgy");
    let (_, dataset) = comes_back(&path, &small_blocks());
    assert_eq!(dataset.manifest().segy.n_additional_trace_headers, 2);
    assert_row(&dataset, &builder, 49);
}

/// The file headers and some traces, with the gap before each, as the file holds them.
fn bytes_of_range(builder: &SegyBuilder, traces: Range<u64>) -> Vec<u8> {
    let mut bytes = builder.file_headers();
    for trace in traces {
        for (_, gap) in builder.gaps.iter().filter(|(before, _)| *before == trace) {
            bytes.extend(gap);
        }
        builder.append_trace(trace, &mut bytes);
    }
    bytes
}

#[test]
fn a_part_of_the_traces_gives_the_bytes_of_that_part() {
    let folder = made_files::folder();
    let builders = [varying(90), SegyBuilder::new(90, 100).gap(40, &junk(700))];
    for (number, builder) in builders.iter().enumerate() {
        let path = builder.write(folder.path(), &format!("{number}.sgy"));
        for traces in [10..70, 0..33, 40..90, 41..42] {
            let options = ImportOptions {
                traces: Some(traces.clone()),
                output: Some(folder.path().join(format!("{number}-{traces:?}.shotpoint"))),
                ..small_blocks()
            };
            let report = made_files::imported(&path, &Mapping::default(), &options);
            let expected = bytes_of_range(builder, traces.clone());
            assert_eq!(report.bytes_in, expected.len() as u64, "{traces:?}");
            let sha256 = SourceFacts::digest_text(&Sha256::digest(&expected));
            assert_eq!(report.manifest.source.sha256, sha256, "{traces:?}");
            assert!(made_files::exported(&report) == expected, "{traces:?}");
        }
    }
}

#[test]
fn file_and_dataset_show_the_same_gathers_and_nothing_where_a_trace_has_ended() {
    let folder = made_files::folder();
    for format in [1, 3] {
        let builder = varying(64).format(format).header_words(|trace, header| {
            header.i16(109, if trace < 20 { 40 } else { 48 });
        });
        let path = builder.write(folder.path(), &format!("{format}.sgy"));
        let (report, dataset) = comes_back(&path, &small_blocks());
        let delays = dataset.manifest().delays.clone().unwrap();
        assert_eq!((delays.min_millis, delays.max_millis), (40, 48));
        let file = SegySource::open(&path, &LayoutOverrides::default(), &[], &[]).unwrap();
        let dataset = DatasetSource::open(&report.dataset).unwrap();
        for traces in [0..8, 17..23, 0..64, 63..64] {
            let a = load_range(&file, traces.clone(), &[]).unwrap();
            let b = load_range(&dataset, traces.clone(), &[]).unwrap();
            let bits = |samples: &[f32]| -> Vec<Option<f32>> {
                samples
                    .iter()
                    .map(|&x| (!x.is_nan()).then_some(x))
                    .collect()
            };
            assert_eq!(bits(&a.samples), bits(&b.samples), "{traces:?}");
            assert!((a.axis.first - 40.0).abs() < 1e-9);
            for (i, trace) in traces.clone().enumerate() {
                let n = b.trace(i).iter().filter(|x| !x.is_nan()).count();
                assert_eq!(n, builder.length(trace), "trace {trace}");
            }
            let late = |trace| if trace < 20 { 0.0 } else { 8.0 };
            let offsets: Vec<f32> = traces.clone().map(late).collect();
            let expected = (traces.end > 20).then_some(offsets);
            assert_eq!(a.start_offsets, expected, "{traces:?}");
            assert_eq!(b.start_offsets, expected, "{traces:?}");
        }
        assert_eq!(file.facts().n_samples, dataset.facts().n_samples);
    }
}

#[test]
fn equal_delays_shift_nothing() {
    let folder = made_files::folder();
    let path = SegyBuilder::new(20, 50)
        .delay_millis(12)
        .write(folder.path(), "a.sgy");
    let (report, dataset) = comes_back(&path, &small_blocks());
    assert_eq!(dataset.manifest().delays, None);
    let source = DatasetSource::open(&report.dataset).unwrap();
    assert_eq!(source.delay_header(), None);
    let file = SegySource::open(&path, &LayoutOverrides::default(), &[], &[]).unwrap();
    assert_eq!(load_range(&file, 0..20, &[]).unwrap().start_offsets, None);
}

/// Datasets of older programs say nothing of containers, geometry and delays.
#[test]
fn a_dataset_without_the_newer_keys_still_exports_exactly() {
    let folder = made_files::folder();
    let builder = SegyBuilder::new(30, 50).header_words(|trace, header| {
        header.i16(109, i16::try_from(trace % 3).unwrap() * 10);
    });
    let path = builder.write(folder.path(), "a.sgy");
    let (report, _) = comes_back(&path, &small_blocks());
    let manifest_path = report.dataset.join("manifest.json");
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&manifest_path).unwrap()).unwrap();
    let segy = manifest["segy"].as_object_mut().unwrap();
    for key in ["container", "tape_label_bytes", "geometry"] {
        segy.remove(key);
    }
    let delays = manifest.as_object_mut().unwrap().remove("delays");
    assert!(delays.is_some());
    std::fs::write(&manifest_path, manifest.to_string()).unwrap();

    assert!(made_files::exported(&report) == builder.bytes());
    let source = DatasetSource::open(&report.dataset).unwrap();
    // The warning of then says that delays vary.
    let gather = load_range(&source, 0..4, &[]).unwrap();
    assert_eq!(gather.start_offsets, Some(vec![0.0, 10.0, 20.0, 0.0]));
}

#[test]
fn a_damaged_length_is_named_and_nothing_panics() {
    let folder = made_files::folder();
    let path = varying(30).write(folder.path(), "a.sgy");
    let (report, _) = comes_back(&path, &small_blocks());
    let manifest_path = report.dataset.join("manifest.json");
    let text = std::fs::read_to_string(&manifest_path).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    manifest["segy"]["geometry"]["n_gaps"] = 3.into();
    std::fs::write(&manifest_path, manifest.to_string()).unwrap();
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, None, &JobContext::default()).unwrap();
    assert!(!verified.is_sound());

    // Without the column's mark every trace would come out as long as the longest.
    manifest["segy"]["geometry"]["n_gaps"] = 0.into();
    manifest["segy"]["geometry"]["n_padded_traces"] = 0.into();
    std::fs::write(&manifest_path, manifest.to_string()).unwrap();
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, None, &JobContext::default()).unwrap();
    assert!(!verified.is_sound());
}

/// (What memory that takes is measured in `import_memory`.)
#[test]
fn a_long_trailer_goes_into_the_dataset_and_out_of_it_in_pieces() {
    const TRAILER_BYTES: u64 = 160_000_000;
    let folder = tempfile::tempdir().unwrap();
    // Revision 2 says how many stanzas follow the traces, else zeros could be traces too.
    let builder = SegyBuilder::new(60, 50)
        .revision(2, 0)
        .binary_bytes(3513, &60_u64.to_be_bytes())
        .binary_i32(3529, i32::try_from(TRAILER_BYTES / 3200).unwrap());
    let path = builder.write_with_sparse_trailer(folder.path(), "long.sgy", TRAILER_BYTES);
    let report = made_files::imported(&path, &Mapping::default(), &small_blocks());
    let segy = &report.manifest.segy;
    assert_eq!(report.manifest.array.n_traces, 60);
    assert_eq!(segy.trailer_bytes, TRAILER_BYTES);
    assert_eq!(report.bytes_in, std::fs::metadata(&path).unwrap().len());
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, None, &JobContext::default()).unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let trailer = report.dataset.join("segy/trailer.bin");
        let on_disk = std::fs::metadata(trailer).unwrap().blocks() * 512;
        assert!(on_disk < 1 << 20, "{on_disk} bytes of zeros on the disk");
    }
}

/// What a random file is made of.
#[derive(Clone, Debug)]
struct Random {
    lengths: Vec<usize>,
    format: i16,
    little: bool,
    gap: Option<(u64, usize)>,
    trailer: usize,
    n_additional: usize,
    chunk_traces: u32,
    chunks_per_block: u32,
}

fn random() -> impl Strategy<Value = Random> {
    (
        proptest::collection::vec(20_usize..90, 6..60),
        proptest::sample::select(FORMATS.to_vec()),
        any::<bool>(),
        proptest::option::of((2_u64..5, 1_usize..3000)),
        0_usize..500,
        0_usize..3,
        1_u32..20,
        1_u32..5,
    )
        .prop_map(
            |(
                lengths,
                format,
                little,
                gap,
                trailer,
                n_additional,
                chunk_traces,
                chunks_per_block,
            )| {
                Random {
                    lengths,
                    format,
                    little,
                    gap,
                    trailer,
                    n_additional,
                    chunk_traces,
                    chunks_per_block,
                }
            },
        )
}

impl Random {
    fn builder(&self) -> SegyBuilder {
        let lengths = self.lengths.clone();
        let mut builder = SegyBuilder::new(lengths.len() as u64, 90)
            .format(self.format)
            .byte_order(self.little)
            .additional_headers(self.n_additional)
            .trailer(&junk(self.trailer))
            .lengths(move |trace| lengths[usize::try_from(trace).unwrap()]);
        if self.n_additional > 0 {
            builder = builder.revision(2, 1);
        }
        if let Some((before, n_bytes)) = self.gap {
            builder = builder.gap(before, &junk(n_bytes));
        }
        builder
    }

    fn write(&self, folder: &Path) -> PathBuf {
        self.builder().write(folder, "random.sgy")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// However the file is understood: what is imported comes back.
    #[test]
    fn whatever_is_imported_comes_back(random in random()) {
        let folder = made_files::folder();
        let path = random.write(folder.path());
        let overrides = LayoutOverrides::default();
        let depth = shotpoint::import::ScanDepth::Quick;
        let scan = shotpoint::import::scan(&path, &overrides, depth, &JobContext::default());
        prop_assume!(scan.is_ok());
        let options = ImportOptions {
            chunk_traces: Some(random.chunk_traces),
            chunks_per_block: Some(random.chunks_per_block),
            threads: Some(2),
            mode: RequestedMode::Streaming,
            ..ImportOptions::default()
        };
        let (_, dataset) = comes_back(&path, &options);
        if random.gap.is_none() && random.trailer == 0 {
            let builder = random.builder();
            prop_assert_eq!(dataset.manifest().array.n_traces, builder.n_traces);
            for trace in 0..builder.n_traces {
                assert_row(&dataset, &builder, trace);
            }
        }
    }
}
