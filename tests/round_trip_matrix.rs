//! A thousand kinds of files: each is scanned, imported, exported, and is the same file again, byte for byte.
//!
//! ```text
//! revision × byte order × sample format × text × extended headers × additional trace headers
//!          × length of traces × what follows the last trace
//! ```
//! Of all combinations a fixed choice is taken, in which every two values of any two columns meet.
//! The files come from the test kit, which knows nothing of the library.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests of a few traces"
)]

mod made_files;
mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use shotpoint::dataset::Dataset;
use shotpoint::export::{export_exact, verify};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::LayoutOverrides;
use support::{Extended, Order, SegyBuilder, Text};

/// Files of the matrix.
const N_FILES: usize = 1000;
const N_TRACES: u64 = 23;
const N_SAMPLES: usize = 14;

const REVISIONS: [[u8; 2]; 4] = [[0, 0], [1, 0], [2, 0], [2, 1]];
const ORDERS: [Order; 3] = [Order::Big, Order::Little, Order::PairSwapped];
const FORMATS: [i16; 13] = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16];
const TEXTS: [Text; 3] = [Text::Ebcdic, Text::Ascii, Text::Empty];
const EXTENDED: [Option<Extended>; 3] = [None, Some(Extended::Declared), Some(Extended::EndText)];
const ADDITIONAL: [usize; 3] = [0, 1, 2];
const VARYING: [bool; 2] = [false, true];
const ENDS: [End; 3] = [End::Clean, End::Trailer, End::PartialTrace];

/// What follows the last whole trace.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Clean,
    Trailer,
    PartialTrace,
}

/// One row: which value of each column.
type Row = [usize; 8];

const COLUMNS: Row = [
    REVISIONS.len(),
    ORDERS.len(),
    FORMATS.len(),
    TEXTS.len(),
    EXTENDED.len(),
    ADDITIONAL.len(),
    VARYING.len(),
    ENDS.len(),
];

/// The rows of the matrix: the same ones in every run.
fn rows() -> Vec<Row> {
    let mut state = 0x5eed_u64;
    let mut next = |n: usize| {
        // Knuth's MMIX generator; its upper bits are even enough for this.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 40).unwrap() % n
    };
    let mut rows = BTreeSet::new();
    while rows.len() < N_FILES {
        let row = COLUMNS.map(&mut next);
        if is_file(&row) {
            rows.insert(row);
        }
    }
    rows.into_iter().collect()
}

/// Whether the standard has such a file at all: additional trace headers came with revision 2.
fn is_file(row: &Row) -> bool {
    let [revision, _, _, _, _, additional, ..] = *row;
    REVISIONS[revision][0] >= 2 || ADDITIONAL[additional] == 0
}

fn builder(row: &Row) -> SegyBuilder {
    let [
        revision,
        order,
        format,
        text,
        extended,
        additional,
        varying,
        end,
    ] = *row;
    let [major, minor] = REVISIONS[revision];
    let mut builder = SegyBuilder::new(N_TRACES, N_SAMPLES)
        .revision(major, minor)
        .order(ORDERS[order])
        .format(FORMATS[format])
        .text(TEXTS[text])
        .additional_headers(ADDITIONAL[additional]);
    builder.additional_as_four_bytes = minor == 0;
    if let Some(extended) = EXTENDED[extended] {
        let texts = ["((SEG: Data Description ver 1.0)) OF A TEST", "MORE OF IT"];
        builder = builder.extended(extended, &texts);
    }
    if VARYING[varying] {
        builder = builder.lengths(|trace| N_SAMPLES - (trace as usize * 5) % 7);
    }
    match ENDS[end] {
        End::Clean => builder,
        End::Trailer => builder.trailer(&b"((SEG: USER DATA)) WORDS BEHIND THE TRACES ".repeat(3)),
        End::PartialTrace => builder.partial_last_trace(100),
    }
}

/// The kind of file in words.
fn name(row: &Row) -> String {
    let [
        revision,
        order,
        format,
        text,
        extended,
        additional,
        varying,
        end,
    ] = *row;
    format!(
        "revision {:?}, {:?}, format {}, text {:?}, extended {:?}, {} additional, varying {}, {:?}",
        REVISIONS[revision],
        ORDERS[order],
        FORMATS[format],
        TEXTS[text],
        EXTENDED[extended],
        ADDITIONAL[additional],
        VARYING[varying],
        ENDS[end]
    )
}

/// What is wrong with the way of one file through the program; nothing, as a rule.
fn fault(builder: &SegyBuilder, folder: &Path) -> Result<(), String> {
    let bytes = builder.bytes();
    let path = folder.join("file.sgy");
    std::fs::write(&path, &bytes).unwrap();
    let (context, overrides) = (JobContext::default(), LayoutOverrides::default());
    let scanned = |depth| {
        scan(&path, &overrides, depth, &context).map_err(|stop| format!("not scanned: {stop}"))
    };
    let (quick, full) = (scanned(ScanDepth::Quick)?, scanned(ScanDepth::Full)?);
    if quick.layout != full.layout {
        return Err("the quick and the full scan differ".to_owned());
    }
    let options = ImportOptions {
        output: Some(folder.join("file.shotpoint")),
        overwrite: true,
        threads: Some(1),
        chunk_traces: Some(8),
        chunks_per_block: Some(2),
        ..ImportOptions::default()
    };
    let plan = ImportPlan::new(&quick, &Mapping::default(), &options)
        .map_err(|error| format!("not planned: {error}"))?;
    let report = run(&plan, &context).map_err(|stop| format!("not imported: {stop}"))?;
    let dataset = Dataset::open(&report.dataset).map_err(|error| error.to_string())?;
    values(builder, &dataset)?;
    let copy = folder.join("copy.sgy");
    let exported = export_exact(&dataset, &copy, true, &context)
        .map_err(|stop| format!("not exported: {stop}"))?;
    if std::fs::read(&copy).unwrap() != bytes || !exported.same_as_source {
        return Err("the exported file differs".to_owned());
    }
    let verified = verify(&dataset, Some(&path), &context).map_err(|stop| stop.to_string())?;
    if !verified.is_sound() || verified.bytes != bytes.len() as u64 {
        return Err(format!("unsound: {:?}", verified.faults));
    }
    Ok(())
}

/// Whether the dataset holds what the kit wrote.
fn values(builder: &SegyBuilder, dataset: &Dataset) -> Result<(), String> {
    let manifest = dataset.manifest();
    let found = (
        manifest.array.n_traces,
        manifest.array.n_samples as usize,
        manifest.segy.format_code,
        manifest.segy.n_additional_trace_headers as usize,
    );
    let expected = (
        builder.n_traces,
        builder.n_samples,
        builder.format_code,
        builder.n_additional,
    );
    if found != expected {
        return Err(format!(
            "traces, samples, format, additional headers: {found:?}, expected {expected:?}"
        ));
    }
    let samples = dataset
        .read_samples(0..builder.n_traces)
        .map_err(|error| error.to_string())?;
    for trace in 0..builder.n_traces {
        for sample in 0..builder.length(trace) {
            let at = usize::try_from(trace).unwrap() * builder.n_samples + sample;
            let (found, expected) = (samples.get_f64(at), builder.stored_value(trace, sample));
            if found != Some(expected) {
                return Err(format!(
                    "trace {trace} sample {sample}: {found:?}, expected {expected}"
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn a_thousand_kinds_of_files_come_back_byte_for_byte() {
    let rows = rows();
    let next = AtomicUsize::new(0);
    let n_threads = std::thread::available_parallelism().map_or(2, usize::from);
    let faults: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads.min(8))
            .map(|_| {
                scope.spawn(|| {
                    let folder = made_files::folder();
                    let mut faults = Vec::new();
                    while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(fault) = fault(&builder(row), folder.path()) {
                            faults.push(format!("{}: {fault}", name(row)));
                        }
                    }
                    faults
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        faults.is_empty(),
        "{} of {} files:\n{}",
        faults.len(),
        rows.len(),
        faults[..faults.len().min(40)].join("\n")
    );
}

#[test]
fn every_two_values_of_two_columns_meet() {
    let rows = rows();
    assert_eq!(rows.len(), N_FILES);
    for a in 0..COLUMNS.len() {
        for b in a + 1..COLUMNS.len() {
            for (x, y) in (0..COLUMNS[a]).flat_map(|x| (0..COLUMNS[b]).map(move |y| (x, y))) {
                let meet = rows.iter().any(|row| row[a] == x && row[b] == y);
                // Of the newest revision, where all else is as plain as can be.
                let mut plain = [3, 0, 0, 0, 0, 0, 0, 0];
                (plain[a], plain[b]) = (x, y);
                let may_meet = is_file(&plain);
                assert_eq!(meet, may_meet, "columns {a} and {b}, values {x} and {y}");
            }
        }
    }
}
