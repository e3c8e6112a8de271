//! What does damage cost? Bytes cut out or put in anywhere: the traces around are read as they were,
//! at most the one that was hit is lost, and the file comes back byte for byte.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use std::path::Path;

use shotpoint::import::{ImportOptions, Mapping};
use shotpoint::segy::{LayoutOverrides, LayoutWarning, SegyError, SegyFile};
use support::{Order, SegyBuilder};

/// Made-up numbers, always the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % n
    }

    fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.next().to_be_bytes()[4]).collect()
    }
}

fn open(folder: &Path, bytes: &[u8]) -> Result<SegyFile, SegyError> {
    let path = folder.join("made.sgy");
    std::fs::write(&path, bytes).unwrap();
    SegyFile::open(&path, &LayoutOverrides::default())
}

/// Bytes of all traces that the reader finds.
fn traces(file: &SegyFile) -> Vec<Vec<u8>> {
    let n = file.layout().n_traces;
    let window = file.window(0..n).unwrap();
    (0..window.n_traces())
        .map(|i| window.trace(i).to_vec())
        .collect()
}

/// Of the builder's traces, those that the reader gives; and how many it gives that are none.
fn found_and_made_up(builder: &SegyBuilder, file: &SegyFile) -> (u64, usize) {
    let made: Vec<Vec<u8>> = (0..builder.n_traces)
        .map(|trace| {
            let mut bytes = Vec::new();
            builder.append_trace(trace, &mut bytes);
            bytes
        })
        .collect();
    let read = traces(file);
    let found = made.iter().filter(|trace| read.contains(trace)).count() as u64;
    let made_up = read.iter().filter(|trace| !made.contains(trace)).count();
    (found, made_up)
}

fn codes(file: &SegyFile) -> Vec<&'static str> {
    let warnings = &file.layout().warnings;
    warnings.iter().map(LayoutWarning::code).collect()
}

fn builders() -> Vec<(&'static str, SegyBuilder)> {
    let made = || SegyBuilder::new(40, 100);
    vec![
        ("IBM floats", made()),
        (
            "IEEE floats, little-endian",
            made().format(5).order(Order::Little),
        ),
        ("integers", made().format(3)),
        (
            "additional headers",
            made().revision(2, 1).additional_headers(1),
        ),
        (
            "an announced trailer",
            made()
                .revision(2, 0)
                .binary_i32(3529, 1)
                .trailer(&[b' '; 3200]),
        ),
        (
            "varying lengths",
            made().lengths(|trace| 60 + usize::try_from(trace * 37 % 41).unwrap()),
        ),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    Cut,
    Insert,
    Overwrite,
}

fn damaged(bytes: &[u8], kind: Damage, at: usize, n_bytes: usize, random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match kind {
        Damage::Cut => drop(bytes.drain(at..at + n_bytes)),
        Damage::Insert => drop(bytes.splice(at..at, random.bytes(n_bytes))),
        Damage::Overwrite => bytes[at..at + n_bytes].copy_from_slice(&random.bytes(n_bytes)),
    }
    bytes
}

/// Where each trace begins in the undamaged file.
fn begins(builder: &SegyBuilder) -> Vec<usize> {
    let mut position = builder.data_start();
    (0..builder.n_traces)
        .map(|trace| {
            let begin = position;
            position +=
                240 * (1 + builder.n_additional) + builder.length(trace) * builder.sample_bytes();
            begin
        })
        .collect()
}

#[test]
fn damage_anywhere_costs_the_trace_that_was_hit() {
    let folder = made_files::folder();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut failures = Vec::new();
    for (name, builder) in builders() {
        let whole = builder.bytes();
        let begins = begins(&builder);
        for kind in [Damage::Cut, Damage::Insert] {
            for n_bytes in [1, 5, 37, 277] {
                for trace in [0, 1, 7, 38, 39] {
                    for within in [0, 3, 60, 130, 240, 300] {
                        let at = begins[trace] + within;
                        if at + n_bytes > begins[39] + 400 {
                            continue;
                        }
                        let bytes = damaged(&whole, kind, at, n_bytes, &mut random);
                        let what =
                            format!("{name}, {kind:?} {n_bytes} at {within} of trace {trace}");
                        match open(folder.path(), &bytes) {
                            Err(error) => failures.push(format!("{what}: {error}")),
                            Ok(file) => {
                                let (found, made_up) = found_and_made_up(&builder, &file);
                                // A cut over a border hits two; a hit trace may be read as it is now.
                                let end = begins.get(trace + 1).map_or(whole.len(), |end| *end);
                                let over = matches!(kind, Damage::Cut) && at + n_bytes > end;
                                let number_gone = within < 4 && n_bytes >= 37;
                                // The habit of varying traces is known from the fourth on.
                                let first_of_varying =
                                    if name == "varying lengths" { 3 } else { 0 };
                                let most_lost = first_of_varying
                                    + 1
                                    + 2 * u64::from(over || n_bytes > 240)
                                    + u64::from(number_gone);
                                if found + most_lost < 40 || made_up > 1 || codes(&file).is_empty()
                                {
                                    failures.push(format!(
                                        "{what}: {found} found, {made_up} made up, {:?}",
                                        codes(&file)
                                    ));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn overwritten_bytes_displace_nothing() {
    let folder = made_files::folder();
    let mut random = Random(77);
    for (name, builder) in builders() {
        let whole = builder.bytes();
        let begins = begins(&builder);
        for trace in [0, 1, 20, 39] {
            for (within, n_bytes) in [(0, 28), (0, 240), (100, 140), (250, 90)] {
                if name == "varying lengths" && within < 240 && within + n_bytes > 114 {
                    continue; // its own length is lost: it takes a neighbour with it
                }
                let at = begins[trace] + within;
                let bytes = damaged(&whole, Damage::Overwrite, at, n_bytes, &mut random);
                let file = open(folder.path(), &bytes).unwrap();
                let (found, made_up) = found_and_made_up(&builder, &file);
                assert!(
                    found == 39 && made_up <= 1,
                    "{name}, {n_bytes} at {within} of {trace}: {found} {made_up} {:?}",
                    codes(&file)
                );
            }
        }
    }
}

#[test]
fn damaged_files_come_back_byte_for_byte() {
    let folder = made_files::folder();
    let mut random = Random(5);
    for (name, builder) in builders() {
        let whole = builder.bytes();
        let begins = begins(&builder);
        for kind in [Damage::Cut, Damage::Insert] {
            let at = begins[random.below(40)] + random.below(500);
            let n_bytes = 1 + random.below(300);
            let bytes = damaged(&whole, kind, at, n_bytes, &mut random);
            open(folder.path(), &bytes).unwrap();
            let path = folder.path().join("made.sgy");
            let options = ImportOptions {
                overwrite: true,
                ..ImportOptions::default()
            };
            let report = made_files::imported(&path, &Mapping::default(), &options);
            assert!(
                made_files::exported(&report) == bytes,
                "{name}, {kind:?} {n_bytes} at {at}"
            );
        }
    }
}
