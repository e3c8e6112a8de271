//! The seeds of the fuzz targets (`fuzz/README.md`): small sound inputs, made by the test kit.

use std::fs;

use crate::fuzz::DATASET_FILES;
use crate::made_files::{MadeFile, by_keys, imported};
use crate::small_files::small_files;
use shotpoint::import::{ImportOptions, Mapping};

const EXPRESSIONS: [&str; 9] = [
    "ffid = 2",
    "offset < 500 and ffid in (101, 102)",
    "cdp between 100 and 200 or not inline is null",
    "floor(source_to_receiver_distance / 100) * 100",
    "hypot(source_x - group_x, source_y - group_y) >= 1.5e3",
    "bin(offset, 100)",
    "-(abs(min(1, max(cdp, 3))) % 7)",
    "!(trace_index <> 3) || 0x10",
    "sqrt(ceil(round(1e308 * 10)))",
];

/// One input of a target.
pub(crate) struct Seed {
    pub(crate) target: &'static str,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let mut write = |target: &'static str, name: &str, bytes: &[u8]| {
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        seeds.push(Seed {
            target,
            name,
            bytes: bytes.to_vec(),
        });
    };
    for file in small_files() {
        for target in ["scan_quick", "scan_full", "seismic_unix", "round_trip"] {
            write(target, file.name, &file.bytes);
        }
        write("text", file.name, &file.bytes[..3200.min(file.bytes.len())]);
        let samples = file.bytes.len().saturating_sub(60);
        for format in 0..16 {
            let mut input = vec![format, format % 3];
            input.extend(&file.bytes[samples..]);
            write("decode", &format!("{} {format}", file.name), &input);
        }
    }
    write(
        "text",
        "stanza",
        b"((SEG: Measurement Units ver 1.0))\r\nx = 1\r\n((SEG: EndText))",
    );
    for (number, expression) in EXPRESSIONS.iter().enumerate() {
        write("expression", &number.to_string(), expression.as_bytes());
    }
    let mapping = Mapping {
        columns: vec![
            Mapping::parse_column("inline=5:i16").unwrap(),
            Mapping::parse_column("mine=233").unwrap(),
        ],
        computed: vec![Mapping::parse_computed("b=floor(offset/25)").unwrap()],
        ensemble_keys: vec!["inline".to_owned()],
        ..Mapping::default()
    };
    let text = serde_json::to_string_pretty(&mapping).unwrap();
    write("mapping", "whole", text.as_bytes());
    write("mapping", "empty", b"{}");
    write("mapping", "column", b"inline=5:i16");

    let folder = tempfile::tempdir().unwrap();
    let made = MadeFile {
        n_traces: 24,
        n_samples: 40,
        trailer: b"behind the last trace".to_vec(),
        ..MadeFile::default()
    };
    let source = made.write(folder.path());
    let options = ImportOptions {
        chunk_traces: Some(4),
        ..ImportOptions::default()
    };
    let report = imported(&source, &by_keys(&["ffid"]), &options);
    for (number, name) in (0_u8..).zip(DATASET_FILES) {
        let mut input = vec![number];
        if let Ok(bytes) = fs::read(report.dataset.join(name)) {
            input.extend(bytes);
        }
        write("dataset", name, &input);
    }
    for number in 0..5_u8 {
        write("journal", &number.to_string(), &[number, b'{', b'}']);
    }
    seeds
}
