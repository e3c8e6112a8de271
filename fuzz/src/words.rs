//! Arbitrary bytes as samples, texts, mapping files and header expressions.

use std::path::Path;
use std::sync::OnceLock;

use shotpoint::browse::Computed;
use shotpoint::dataset::{Dataset, Expression, Formula};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, Scan, ScanDepth, scan};
use shotpoint::job::JobContext;
use shotpoint::samples::Samples;
use shotpoint::segy::{
    ByteOrder, LayoutOverrides, SampleFormat, SegyFile, TextEncoding, TextualHeader,
    decode as decode_samples, decode_f32, encode, inexact_words,
};

use super::datasets::sound_dataset;
use super::written;

/// Any samples of any format: decoded, and encoded again to the same bytes.
pub fn decode(bytes: &[u8]) {
    let [choice, order, samples @ ..] = bytes else {
        return;
    };
    let formats: Vec<SampleFormat> = SampleFormat::all().collect();
    let format = formats[usize::from(*choice) % formats.len()];
    let orders = [ByteOrder::Big, ByteOrder::Little, ByteOrder::PairSwapped];
    let order = orders[usize::from(*order) % orders.len()];
    // As it is: refused or decoded, whole or not.
    let mut shown = Vec::new();
    drop(decode_f32(format, order, samples, &mut shown));
    let whole = &samples[..samples.len() / format.size_bytes() * format.size_bytes()];
    let mut decoded = Samples::zeros(format.number_type(), whole.len() / format.size_bytes());
    if decode_samples(format, order, whole, &mut decoded).is_err() {
        return;
    }
    if order == ByteOrder::PairSwapped && format.size_bytes() % 2 == 1 {
        // Pairs are changed trace by trace there; the round trip of files looks at that.
        return;
    }
    let mut back = Vec::new();
    encode(format, order, &decoded, &mut back).expect("what was decoded can be encoded");
    if let (SampleFormat::Ibm32, Samples::Float32(floats)) = (format, &decoded) {
        let mut exceptions = Vec::new();
        inexact_words(order, whole, floats, &mut exceptions);
        for (sample, word) in exceptions {
            back[4 * sample..4 * sample + 4].copy_from_slice(&order.bytes_from(word));
        }
    }
    assert!(back == whole, "{format:?} {order:?}");
}

/// Textual headers, and the stanzas of extended ones and of a trailer.
pub fn text(bytes: &[u8]) {
    let header = TextualHeader {
        raw: bytes.to_vec(),
        encoding: TextEncoding::guess(bytes),
    };
    drop(header.lines());
    let _ = header.is_empty();
    for encoding in [TextEncoding::Ebcdic, TextEncoding::Ascii] {
        let decoded = encoding.decode(bytes);
        drop(encoding.encode(&decoded));
    }
    // The same bytes as an extended textual header and as a trailer of a small file.
    let mut file = text_file().to_vec();
    let mut record = bytes.to_vec();
    record.resize(3200, b' ');
    file.splice(3600..6800, record.iter().copied());
    file.extend_from_slice(&record);
    let path = written("text.sgy", &file);
    if let Ok(file) = SegyFile::open(&path, &LayoutOverrides::default()) {
        for stanza in file.stanzas() {
            assert!(stanza.bytes.start <= stanza.bytes.end);
        }
        drop(file.trailer_stanzas());
    }
}

/// One extended textual header, two traces of IBM floats.
fn text_file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let mut file = vec![0x40; 3200];
        let mut binary = [0_u8; 400];
        binary[16..18].copy_from_slice(&4000_u16.to_be_bytes());
        binary[20..22].copy_from_slice(&9_u16.to_be_bytes());
        binary[24..26].copy_from_slice(&1_u16.to_be_bytes());
        binary[300] = 1;
        binary[302..304].copy_from_slice(&1_u16.to_be_bytes());
        binary[304..306].copy_from_slice(&1_u16.to_be_bytes());
        file.extend(binary);
        file.extend([0x40; 3200]);
        for trace in 1..=2_u32 {
            let mut bytes = [0_u8; 240 + 36];
            bytes[..4].copy_from_slice(&trace.to_be_bytes());
            bytes[28..30].copy_from_slice(&1_u16.to_be_bytes());
            bytes[114..116].copy_from_slice(&9_u16.to_be_bytes());
            bytes[116..118].copy_from_slice(&4000_u16.to_be_bytes());
            for sample in bytes[240..].chunks_exact_mut(4) {
                sample.copy_from_slice(&(0x4210_0000 + trace * 77).to_be_bytes());
            }
            file.extend(bytes);
        }
        file
    })
}

/// A mapping file, and what a plan makes of it.
pub fn mapping(bytes: &[u8]) {
    static SCAN: OnceLock<Scan> = OnceLock::new();
    let text = String::from_utf8_lossy(bytes);
    drop(Mapping::parse_column(&text));
    drop(Mapping::parse_computed(&text));
    let Ok(mapping) = Mapping::from_json(&text) else {
        return;
    };
    drop(mapping.overlaps());
    drop(mapping.checked());
    let scan = SCAN.get_or_init(|| {
        let path = written("mapped.sgy", text_file());
        let overrides = LayoutOverrides::default();
        scan(&path, &overrides, ScanDepth::Quick, &JobContext::default()).expect("a sound file")
    });
    let options = ImportOptions {
        output: Some(Path::new("/nowhere/at/all.shotpoint").to_owned()),
        ..ImportOptions::default()
    };
    drop(ImportPlan::new(scan, &mapping, &options));
    for column in &mapping.columns {
        drop(scan.look_at(column));
    }
    drop(SegyFile::open(&scan.path, &mapping.overrides));
}

/// `--where`, `--compute` and computed keys, evaluated over real rows.
pub fn expression(bytes: &[u8]) {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let dataset = DATASET.get_or_init(|| Dataset::open(sound_dataset()).expect("a sound dataset"));
    let schema = dataset.header_schema();
    let rows = 0..dataset.manifest().array.n_traces;
    let columns_of = |names: &[String]| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        dataset
            .read_headers(&names, rows.clone())
            .expect("columns that are there")
    };
    if let Ok(condition) = Expression::parse(text, &schema) {
        drop(condition.evaluate(&columns_of(condition.columns())));
    }
    if let Ok(formula) = Formula::parse(text, &schema, &|_| None) {
        drop(formula.evaluate(&columns_of(formula.columns())));
    }
    if let Ok(key) = Computed::parse(text) {
        for value in [None, Some(0), Some(-7), Some(i64::MIN), Some(i64::MAX)] {
            let _ = key.value(&vec![value; key.columns.len()]);
        }
    }
}
