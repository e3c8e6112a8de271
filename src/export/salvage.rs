//! What is written in the place of what a damaged dataset cannot give any more?
//!
//! Every part keeps its length, so that all that is left lies where it lay. What is filled in is
//! noted, and such an export never looks whole: its traces without samples are dead ones by the
//! standard's own code, and a list lies beside the file.

use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::stream::{Sink, give};
use super::{ExportError, ExportReport};
use crate::dataset::{Dataset, SegyFacts};
use crate::job::Stop;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{
    BinaryHeaderBuilder, ByteOrder, FieldKind, HeaderValue, SampleFormat, TEXTUAL_HEADER_BYTES,
    TextEncoding, TextualHeader,
};

/// Trace identification code of a dead trace. (r2.0 §7.1, bytes 29–30)
const DEAD: i64 = 2;
/// Bytes of zeros that are given at once.
const ZEROS: [u8; 4096] = [0; 4096];

/// What is missing: sentences for people, and the traces.
#[derive(Debug, Default)]
pub(super) struct Missing {
    sentences: Vec<String>,
    n_more: u64,
    pub(super) traces: Vec<Range<u64>>,
}

impl Missing {
    const MOST: usize = 1000;

    pub(super) fn add(&mut self, error: &ExportError) {
        self.say(error.to_string());
    }

    pub(super) fn add_traces(&mut self, traces: Range<u64>, error: &ExportError) {
        let sentence = error.to_string();
        // One that names no traces is said once, and the traces stand in the list.
        if self.sentences.last() != Some(&sentence) {
            self.say(sentence);
        }
        if let Some(last) = self.traces.last_mut()
            && last.end >= traces.start
        {
            last.end = traces.end.max(last.end);
        } else if self.traces.len() < Self::MOST {
            self.traces.push(traces);
        } else {
            self.n_more += 1;
        }
    }

    fn say(&mut self, sentence: String) {
        if self.sentences.len() < Self::MOST {
            self.sentences.push(sentence);
        } else {
            self.n_more += 1;
        }
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let mut sentences = self.sentences.clone();
        if self.n_more > 0 {
            sentences.push(format!("… and {} more", self.n_more));
        }
        sentences
    }
}

/// Says on a trace header that its trace is dead.
pub(super) fn mark_dead(header: &mut [u8], order: ByteOrder) {
    if let Some(header) = header.get_mut(..TRACE_HEADER_BYTES) {
        set(header, 29, FieldKind::I16, order, DEAD);
    }
}

/// The headers of traces whose own are lost: number, samples, interval; 240 bytes each.
pub(super) fn blank_headers(
    traces: &Range<u64>,
    order: ByteOrder,
    n_samples: usize,
    interval_micros: Option<f64>,
) -> Vec<u8> {
    let mut all = Vec::new();
    for trace in traces.clone() {
        let mut header = [0; TRACE_HEADER_BYTES];
        let number = i64::try_from(trace).unwrap_or(0).saturating_add(1);
        set(&mut header, 1, FieldKind::I32, order, number);
        let n_samples = i64::try_from(n_samples).unwrap_or(0);
        set(&mut header, 115, FieldKind::U16, order, n_samples);
        set(
            &mut header,
            117,
            FieldKind::U16,
            order,
            whole(interval_micros),
        );
        all.extend_from_slice(&header);
    }
    all
}

/// Sets a word; one that the value does not fit stays zero.
fn set(header: &mut [u8], byte: u16, kind: FieldKind, order: ByteOrder, value: i64) {
    let _fits = kind.write(header, byte, order, &HeaderValue::Int(value));
}

fn whole(interval_micros: Option<f64>) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small")]
    interval_micros
        .filter(|micros| (0.0..=65_535.0).contains(micros))
        .map_or(0, |micros| micros.round() as i64)
}

/// Gives everything before the first trace, each part as long as it was.
pub(super) fn file_headers(
    dataset: &Dataset,
    order: ByteOrder,
    format: SampleFormat,
    missing: &mut Missing,
    sink: Sink<'_>,
) -> Result<(), Stop<ExportError>> {
    let segy = &dataset.manifest().segy;
    let is_segy = segy.container == "segy";
    let fixed = |n: usize| if is_segy { n as u64 } else { 0 };
    let lengths = [
        segy.tape_label_bytes,
        fixed(TEXTUAL_HEADER_BYTES),
        fixed(400),
    ];
    let extended = segy.file_header_bytes.saturating_sub(lengths.iter().sum());
    let encoding = if segy.text_encoding == "ascii" {
        TextEncoding::Ascii
    } else {
        TextEncoding::Ebcdic
    };
    let text = TextualHeader::from_lines(&["C 1 THIS HEADER WAS LOST"], encoding).raw;
    let binary = binary_header(dataset, segy, order, format);
    part(dataset, "tape_label.bin", lengths[0], &[], missing, sink)?;
    part(
        dataset,
        "textual_header.bin",
        lengths[1],
        &text,
        missing,
        sink,
    )?;
    part(
        dataset,
        "binary_header.bin",
        lengths[2],
        &binary,
        missing,
        sink,
    )?;
    part(
        dataset,
        "extended_textual_headers.bin",
        extended,
        &[],
        missing,
        sink,
    )
}

/// A binary header by what the manifest knows.
fn binary_header(
    dataset: &Dataset,
    segy: &SegyFacts,
    order: ByteOrder,
    format: SampleFormat,
) -> Vec<u8> {
    let mut header = BinaryHeaderBuilder::new(order);
    let n_samples = i64::from(dataset.manifest().array.n_samples);
    let words = [
        (3217, whole(segy.sample_interval_micros)),
        (3221, n_samples),
        (3225, i64::from(format.code())),
    ];
    for (byte, value) in words {
        // What does not fit its word stays zero.
        drop(header.set_at(byte, FieldKind::U16, HeaderValue::Int(value)));
    }
    header.bytes().to_vec()
}

/// Gives everything behind the last trace, as long as it was.
pub(super) fn trailer(
    dataset: &Dataset,
    missing: &mut Missing,
    sink: Sink<'_>,
) -> Result<(), Stop<ExportError>> {
    let n_bytes = dataset.manifest().segy.trailer_bytes;
    part(dataset, "trailer.bin", n_bytes, &[], missing, sink)
}

/// Gives an opaque part as it is, or, where it has another length, `instead` and zeros.
fn part(
    dataset: &Dataset,
    name: &str,
    n_bytes: u64,
    instead: &[u8],
    missing: &mut Missing,
    sink: Sink<'_>,
) -> Result<(), Stop<ExportError>> {
    let opened = dataset.part(name).map_err(ExportError::from);
    let differs = |found: u64| ExportError::NotExportable {
        problem: format!("segy/{name} has {found} bytes, and the manifest says {n_bytes}"),
    };
    let error = match opened {
        Ok(mut part) if part.n_bytes() == n_bytes => return give(&mut part, 0..n_bytes, sink),
        Ok(part) => differs(part.n_bytes()),
        Err(error) => error,
    };
    missing.add(&error);
    let instead = instead
        .get(
            ..usize::try_from(n_bytes)
                .unwrap_or(usize::MAX)
                .min(instead.len()),
        )
        .unwrap_or_default();
    sink(instead)?;
    zeros(n_bytes - instead.len() as u64, sink)
}

/// Gives so many zeros.
pub(super) fn zeros(n_bytes: u64, sink: Sink<'_>) -> Result<(), Stop<ExportError>> {
    let mut left = n_bytes;
    while left > 0 {
        let some = usize::try_from(left).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        sink(ZEROS.get(..some).unwrap_or_default())?;
        left -= some as u64;
    }
    Ok(())
}

/// Writes down beside the file what was filled in; nothing for a whole export.
pub(super) fn write_list(report: &ExportReport) -> Result<(), ExportError> {
    if report.missing.is_empty() {
        return Ok(());
    }
    let path = list_path(&report.path);
    let name = report.path.file_name().unwrap_or_default();
    let mut lines = vec![format!(
        "{} is not whole. What follows could not be read and was filled in.",
        name.to_string_lossy()
    )];
    lines.extend(report.missing.iter().map(|fault| format!("- {fault}")));
    lines.extend(report.filled.iter().map(|traces| {
        let last = traces.end.saturating_sub(1);
        format!("filled in: traces {} to {last}", traces.start)
    }));
    let text = lines.join("\n") + "\n";
    fs::write(&path, text).map_err(ExportError::writing("write the list", &path, 0))
}

/// Removes the list of an export that another one has replaced; a file of that name that is no
/// such list stays.
pub(super) fn remove_old_list(output: &Path) {
    let path = list_path(output);
    let name = output.file_name().unwrap_or_default();
    let first_words = format!("{} is not whole.", name.to_string_lossy());
    let mut found = vec![0; first_words.len()];
    let is_ours = fs::File::open(&path)
        .and_then(|mut file| file.read_exact(&mut found))
        .is_ok_and(|()| found == first_words.as_bytes());
    if is_ours {
        // It says too much, and nothing is lost by that.
        drop(fs::remove_file(path));
    }
}

/// `line12.sgy` → `line12.sgy.missing.txt`.
fn list_path(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".missing.txt");
    output.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_header_says_what_is_known_and_a_dead_one_that_it_is_dead() {
        let mut headers = blank_headers(&(6..8), ByteOrder::Big, 501, Some(2000.0));
        assert_eq!(headers.len(), 480);
        assert_eq!(headers[240..244], 8_u32.to_be_bytes());
        assert_eq!(headers[354..358], [0x01, 0xf5, 0x07, 0xd0]);
        mark_dead(&mut headers[240..], ByteOrder::Big);
        assert_eq!(headers[268..270], [0, 2]);
        assert_eq!(headers[28..30], [0, 0]);
    }
}
