//! Files whose traces have different numbers of trace header extensions (r2.1 §7.1, extension 1,
//! bytes 157–158): is every trace found, does every byte come back, is no padding taken for a value?

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

mod made_files;
mod opened;
mod support;

use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int32Type, UInt32Type};
use opened::{codes, open_with, opened};
use proptest::prelude::*;
use shotpoint::browse::{SegySource, TraceSource};
use shotpoint::dataset::{Dataset, GeometryFacts};
use shotpoint::export::{ExportForm, export_form, verify};
use shotpoint::import::{
    ImportOptions, ImportReport, MappedColumn, Mapping, RequestedMode, ScanDepth, scan,
};
use shotpoint::job::JobContext;
use shotpoint::segy::{FieldKind, LayoutOverrides, SegyFile, TraceLength};
use support::{Order, SegyBuilder};

const N_TRACES: u64 = 61;
const MOST: usize = 3;

/// How many extensions a trace has, by its index.
type Pattern = (&'static str, fn(u64) -> usize);

const PATTERNS: [Pattern; 5] = [
    ("changing", |trace| [3, 1, 2, 2, 1][trace as usize % 5]),
    ("the same on average", |trace| [2, 1, 3][trace as usize % 3]),
    ("one with fewer", |trace| if trace == 37 { 1 } else { 3 }),
    ("fewer at the end", |trace| if trace < 60 { 2 } else { 1 }),
    ("none with the most", |trace| 1 + trace as usize % 2),
];

fn options() -> ImportOptions {
    ImportOptions {
        chunk_traces: Some(8),
        chunks_per_block: Some(2),
        threads: Some(1),
        mode: RequestedMode::Streaming,
        ..ImportOptions::default()
    }
}

fn made(numbers: fn(u64) -> usize) -> SegyBuilder {
    SegyBuilder::new(N_TRACES, 30)
        .revision(2, 1)
        .format(5)
        .header_extensions(MOST, numbers)
}

fn with_varying_lengths(builder: SegyBuilder) -> SegyBuilder {
    builder.lengths(|trace| 30 - trace as usize * 7 % 11)
}

/// Every trace, by windows of several sizes, is the one that was written.
fn assert_traces(file: &SegyFile, builder: &SegyBuilder) {
    let n = file.layout().n_traces;
    assert_eq!(n, builder.n_traces);
    for step in [1, 7, 64, n] {
        for start in (0..n).step_by(step as usize) {
            let window = file.window(start..n.min(start + step)).unwrap();
            for i in 0..window.n_traces() {
                let trace = window.trace_index(i);
                let mut expected = Vec::new();
                builder.append_trace(trace, &mut expected);
                assert_eq!(window.trace(i), expected, "trace {trace}");
                let n_extensions = builder.n_extensions(trace);
                assert_eq!(window.additional_headers(i).len(), 240 * n_extensions);
                assert_eq!(window.n_samples(i), builder.length(trace));
                let samples_start = 240 * (1 + n_extensions);
                assert_eq!(window.sample_bytes(i), &expected[samples_start..]);
                assert_eq!(window.headers(i), &expected[..samples_start]);
            }
            window.check().unwrap();
        }
    }
}

/// Imports the file, and asserts that quick and full scan agree, and that export and verification
/// give it back.
fn comes_back(path: &Path, mapping: &Mapping) -> (ImportReport, Dataset) {
    let overrides = LayoutOverrides::default();
    let scanned = |depth| scan(path, &overrides, depth, &JobContext::default()).unwrap();
    let (quick, full) = (scanned(ScanDepth::Quick), scanned(ScanDepth::Full));
    assert_eq!(quick.layout, full.layout);
    let bytes = std::fs::read(path).unwrap();
    let report = made_files::imported(path, mapping, &options());
    assert_eq!(report.bytes_in, bytes.len() as u64);
    assert!(made_files::exported(&report) == bytes, "another file");
    let dataset = Dataset::open(&report.dataset).unwrap();
    let verified = verify(&dataset, Some(path), &JobContext::default()).unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    (report, dataset)
}

fn counts_in_table(dataset: &Dataset) -> Vec<u32> {
    let n_traces = dataset.manifest().array.n_traces;
    let columns = [GeometryFacts::EXTENSIONS_COLUMN];
    let batch = dataset.read_headers(&columns, 0..n_traces).unwrap();
    let column = batch.column(0).as_primitive::<UInt32Type>();
    column.values().to_vec()
}

#[test]
fn every_kind_of_file_comes_back_byte_for_byte() {
    let folder = made_files::folder();
    for (name, numbers) in PATTERNS {
        for order in [Order::Big, Order::Little, Order::PairSwapped] {
            for (format, minor, varies) in
                [(1, 1, true), (3, 0, false), (5, 1, false), (6, 0, true)]
            {
                let what = format!("{name}, {order:?}, format {format}, lengths vary: {varies}");
                let mut builder = made(numbers).revision(2, minor).format(format).order(order);
                builder.additional_as_four_bytes = minor == 0;
                if varies {
                    builder = with_varying_lengths(builder);
                }
                let path = builder.write(folder.path(), "a.sgy");
                let file = SegyFile::open(&path, &LayoutOverrides::default()).unwrap();
                assert_traces(&file, &builder);
                let mut expected = vec!["header_extensions_vary"];
                if varies {
                    expected.insert(0, "trace_lengths_vary");
                }
                assert_eq!(codes(&file), expected, "{what}");
                let (report, dataset) = comes_back(&path, &Mapping::default());
                let of_traces = (0..N_TRACES).map(|trace| builder.n_extensions(trace) as u32);
                let of_traces: Vec<u32> = of_traces.collect();
                assert_eq!(counts_in_table(&dataset), of_traces, "{what}");
                let most = of_traces.iter().copied().max().unwrap();
                let facts = &report.manifest.segy;
                assert_eq!(facts.n_additional_trace_headers, most, "{what}");
                let n_fewer = of_traces.iter().filter(|&&n| n < most).count() as u64;
                let geometry = facts.geometry.unwrap();
                assert_eq!(geometry.n_traces_with_fewer_extensions, n_fewer, "{what}");
                std::fs::remove_dir_all(&report.dataset).unwrap();
            }
        }
    }
}

#[test]
fn a_trailer_a_cut_off_trace_and_damage_come_back() {
    let folder = made_files::folder();
    let junk: Vec<u8> = (0..777_u32).map(|i| (i * 131 % 251) as u8 | 1).collect();
    for (number, builder) in [
        made(PATTERNS[0].1).trailer(&b"((SEG: USER DATA)) WORDS ".repeat(128)),
        made(PATTERNS[0].1).partial_last_trace(100),
        with_varying_lengths(made(PATTERNS[4].1)).partial_last_trace(700),
        made(PATTERNS[0].1).gap(40, &junk),
        made(PATTERNS[0].1).tape_label(),
    ]
    .into_iter()
    .enumerate()
    {
        let path = builder.write(folder.path(), &format!("{number}.sgy"));
        let (_, dataset) = comes_back(&path, &Mapping::default());
        assert_eq!(dataset.manifest().array.n_traces, N_TRACES, "{number}");
        let expected: Vec<u32> = (0..N_TRACES)
            .map(|trace| builder.n_extensions(trace) as u32)
            .collect();
        assert_eq!(counts_in_table(&dataset), expected, "{number}");
    }
}

#[test]
fn words_of_zero_and_nonsense_leave_the_constant_number() {
    let zero = SegyBuilder::new(20, 30)
        .revision(2, 1)
        .additional_headers(2);
    let file = opened(&zero.bytes());
    assert!(file.layout().geometry.is_uniform());
    assert!(codes(&file).is_empty());
    let decided = &file.layout().n_additional_trace_headers;
    assert_eq!(decided.value, 2);
    assert_eq!(
        decided.decided_by,
        "bytes 3507–3508; bytes 157–158 of the extensions say nothing"
    );

    let stride = zero.stride_bytes();
    let with_words = |word: fn(usize) -> u16| {
        let mut bytes = zero.bytes();
        for trace in 0..20 {
            let at = 3600 + trace * stride + 240 + 156;
            bytes[at..at + 2].copy_from_slice(&word(trace).to_be_bytes());
        }
        opened(&bytes)
    };
    let same = with_words(|_| 2);
    assert!(same.layout().geometry.is_uniform() && codes(&same).is_empty());
    let decided = &same.layout().n_additional_trace_headers;
    assert!(decided.decided_by.ends_with("say the same"), "{decided:?}");
    for nonsense in [|_| 1, |_| 700, |trace: usize| trace as u16, |_| u16::MAX] {
        let file = with_words(nonsense);
        assert!(file.layout().geometry.is_uniform());
        assert_eq!(codes(&file), ["extension_count_differs"]);
        assert_eq!(file.layout().n_additional_trace_headers.value, 2);
    }
}

#[test]
fn all_traces_may_have_fewer_than_the_file_allows() {
    for n_traces in [1, 2, 40] {
        let builder = SegyBuilder::new(n_traces, 30)
            .revision(2, 1)
            .header_extensions(4, |_| 2);
        let file = opened(&builder.bytes());
        assert_traces(&file, &builder);
        assert_eq!(file.layout().n_additional_trace_headers.value, 2);
        assert!(file.layout().geometry.is_uniform(), "{n_traces}");
        assert_eq!(codes(&file), Vec::<&str>::new(), "{n_traces}");
    }
}

#[test]
fn zeros_among_the_words_mean_the_most() {
    let builder = made(PATTERNS[0].1);
    let mut bytes = builder.file_headers();
    for trace in 0..N_TRACES {
        let start = bytes.len();
        builder.append_trace(trace, &mut bytes);
        if builder.n_extensions(trace) == MOST {
            bytes[start + 240 + 156..][..2].fill(0);
        }
    }
    let file = opened(&bytes);
    assert_eq!(file.layout().n_traces, N_TRACES);
    let window = file.window(0..N_TRACES).unwrap();
    for trace in 0..N_TRACES {
        let n = window.additional_headers(trace as usize).len() / 240;
        assert_eq!(n, builder.n_extensions(trace));
    }
}

#[test]
fn a_number_given_by_the_user_is_the_number_of_all() {
    let builder = SegyBuilder::new(20, 30)
        .revision(2, 1)
        .header_extensions(3, |_| 1);
    let overrides = LayoutOverrides {
        n_additional_trace_headers: Some(1),
        ..LayoutOverrides::default()
    };
    let file = open_with(&builder.bytes(), &overrides).unwrap();
    assert!(file.layout().geometry.is_uniform());
    let decided = &file.layout().n_additional_trace_headers;
    assert_eq!(
        (decided.value, decided.decided_by.as_str()),
        (1, "given by the user")
    );
}

#[test]
fn other_things_that_the_user_gives_leave_the_extensions_to_the_file() {
    for (name, numbers) in PATTERNS {
        let builder = made(numbers);
        for overrides in [
            LayoutOverrides {
                n_samples: Some(30),
                ..LayoutOverrides::default()
            },
            LayoutOverrides {
                trace_length: Some(TraceLength::Varying),
                ..LayoutOverrides::default()
            },
        ] {
            let file = open_with(&builder.bytes(), &overrides);
            assert_traces(&file.unwrap_or_else(|e| panic!("{name}: {e}")), &builder);
        }
    }
    // Headers that say no length have the one that the user gives.
    let builder = made(PATTERNS[0].1).without_trace_words();
    let overrides = LayoutOverrides {
        n_samples: Some(30),
        trace_length: Some(TraceLength::Varying),
        ..LayoutOverrides::default()
    };
    assert_traces(&open_with(&builder.bytes(), &overrides).unwrap(), &builder);
}

#[test]
fn trace_headers_without_words_are_followed_too() {
    for (name, numbers) in PATTERNS {
        let builder = made(numbers).without_trace_words();
        let file = opened(&builder.bytes());
        assert_traces(&file, &builder);
        assert_eq!(codes(&file), ["header_extensions_vary"], "{name}");
    }
}

/// Bytes 1–4 of extension 2, which traces with one extension do not have.
fn second_number() -> MappedColumn {
    MappedColumn {
        name: "second_number".to_owned(),
        byte: 480 + 1,
        kind: FieldKind::I32,
    }
}

#[test]
fn a_trace_without_the_extension_has_no_value_there() {
    let folder = made_files::folder();
    let builder = made(PATTERNS[0].1);
    let path = builder.write(folder.path(), "a.sgy");
    let mapping = Mapping {
        columns: vec![second_number()],
        ..Mapping::default()
    };
    let (_, dataset) = comes_back(&path, &mapping);
    let batch = dataset
        .read_headers(&["second_number"], 0..N_TRACES)
        .unwrap();
    let column = batch.column(0).as_primitive::<Int32Type>();
    let moved = [("second_number".to_owned(), 481, FieldKind::I32)];
    let source = SegySource::open(&path, &LayoutOverrides::default(), &moved, &[]).unwrap();
    let mut in_file = Vec::new();
    source
        .read_header("second_number", 0..N_TRACES, &mut in_file)
        .unwrap();
    for trace in 0..N_TRACES {
        let row = trace as usize;
        let is_there = builder.n_extensions(trace) >= 2;
        let expected = is_there.then(|| trace as i32 + 1);
        let found = column.is_valid(row).then(|| column.value(row));
        assert_eq!(found, expected, "trace {trace}");
        assert_eq!(in_file[row], expected.map(i64::from), "trace {trace}");
    }
}

#[test]
fn another_form_keeps_each_traces_own_extensions() {
    let folder = made_files::folder();
    let builder = with_varying_lengths(made(PATTERNS[0].1));
    let path = builder.write(folder.path(), "a.sgy");
    let (_, dataset) = comes_back(&path, &Mapping::default());
    for (name, sort_by, filter) in [
        ("chosen", vec![], Some("trace_seq_num_line > 7")),
        ("sorted", vec!["trace_num_orig_record".to_owned()], None),
    ] {
        let form = ExportForm {
            filter: filter.map(str::to_owned),
            sort_by,
            ..ExportForm::default()
        };
        let output = folder.path().join(format!("{name}.sgy"));
        export_form(&dataset, &form, &output, false, &JobContext::default()).unwrap();
        let file = SegyFile::open(&output, &LayoutOverrides::default()).unwrap();
        let n_traces = file.layout().n_traces;
        assert_eq!(
            n_traces,
            if name == "chosen" {
                N_TRACES - 7
            } else {
                N_TRACES
            }
        );
        let window = file.window(0..n_traces).unwrap();
        for i in 0..window.n_traces() {
            let ensemble = u32::from_be_bytes(window.header(i)[20..24].try_into().unwrap());
            let trace = u64::from(ensemble) - 1000;
            let n_extensions = window.additional_headers(i).len() / 240;
            assert_eq!(n_extensions, builder.n_extensions(trace), "{name} {trace}");
            assert_eq!(window.n_samples(i), builder.length(trace), "{name} {trace}");
            assert_eq!(window.sample_bytes(i).len(), 4 * builder.length(trace));
        }
    }
}

#[test]
fn a_damaged_count_is_named_and_nothing_panics() {
    let folder = made_files::folder();
    let path = made(PATTERNS[0].1).write(folder.path(), "a.sgy");
    let (report, _) = comes_back(&path, &Mapping::default());
    let manifest_path = report.dataset.join("manifest.json");
    let text = std::fs::read_to_string(&manifest_path).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (pointer, value) in [
        // Without the mark every trace would come out with the most extensions.
        ("/segy/geometry/n_traces_with_fewer_extensions", 0),
        ("/segy/n_additional_trace_headers", 2),
    ] {
        let mut manifest = manifest.clone();
        *manifest.pointer_mut(pointer).unwrap() = value.into();
        std::fs::write(&manifest_path, manifest.to_string()).unwrap();
        let dataset = Dataset::open(&report.dataset).unwrap();
        let verified = verify(&dataset, None, &JobContext::default());
        assert!(
            verified.map_or(true, |report| !report.is_sound()),
            "{pointer}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// However many extensions and samples: all of it is read, and comes back.
    #[test]
    fn whatever_the_numbers_the_file_comes_back(
        sizes in proptest::collection::vec((1_usize..5, 20_usize..60), 6..70),
        lengths_vary in any::<bool>(),
        little in any::<bool>(),
        format in proptest::sample::select(vec![1_i16, 2, 3, 5, 6, 8, 16]),
    ) {
        let folder = made_files::folder();
        let n_traces = sizes.len() as u64;
        let numbers: Vec<usize> = sizes.iter().map(|(n, _)| *n).collect();
        let mut builder = SegyBuilder::new(n_traces, 40)
            .revision(2, 1)
            .format(format)
            .byte_order(little)
            .header_extensions(4, move |trace| numbers[trace as usize]);
        if lengths_vary {
            builder = builder.lengths(move |trace| sizes[trace as usize].1);
        }
        let path = builder.write(folder.path(), "random.sgy");
        let file = SegyFile::open(&path, &LayoutOverrides::default()).unwrap();
        assert_traces(&file, &builder);
        comes_back(&path, &Mapping::default());
    }
}
