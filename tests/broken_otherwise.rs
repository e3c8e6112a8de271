//! Files broken in many ways: what is decided, what is said, and that import and export give the same
//! bytes back; or that the refusal names the remedy, and the remedy helps.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use shotpoint::browse::{DatasetSource, TraceSource as _};
use shotpoint::import::{ImportOptions, Mapping, Scan, ScanDepth, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::{ByteOrder, LayoutOverrides, SegyFile, TextEncoding, decode_f32};
use support::{Extended, Order, SegyBuilder, Text};

/// A file and what is to be found in it.
struct Row {
    name: &'static str,
    bytes: Vec<u8>,
    /// What made the traces: their number, samples, values, order and format.
    made: SegyBuilder,
    data_start: u64,
    /// Codes of what is said of the structure.
    says: &'static [&'static str],
    told: LayoutOverrides,
}

impl Row {
    /// Bytes whose traces are those of `made`, from byte 3600 on, and nothing to be said of them.
    fn new(name: &'static str, bytes: Vec<u8>, made: SegyBuilder) -> Self {
        Self {
            name,
            bytes,
            data_start: 3600,
            made,
            says: &[],
            told: LayoutOverrides::default(),
        }
    }

    fn says(mut self, codes: &'static [&'static str]) -> Self {
        self.says = codes;
        self
    }

    fn starts_at(mut self, position: u64) -> Self {
        self.data_start = position;
        self
    }
}

fn plain() -> SegyBuilder {
    SegyBuilder::new(20, 75)
}

/// Made-up bytes, always the same.
fn noise(n_bytes: usize) -> Vec<u8> {
    let mut state = 11_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..n_bytes).map(next).collect()
}

/// The file headers of `headers`, the traces of `traces`.
fn joined(headers: &SegyBuilder, traces: &SegyBuilder) -> Vec<u8> {
    let mut bytes = headers.file_headers();
    bytes.extend(&traces.bytes()[traces.data_start()..]);
    bytes
}

/// The file headers of `made`, and each of its traces filled up with zeros to whole blocks.
fn filled_up(made: &SegyBuilder, block: usize) -> Vec<u8> {
    let mut bytes = made.file_headers();
    for trace in 0..made.n_traces {
        let mut one = Vec::new();
        made.append_trace(trace, &mut one);
        one.resize(one.len().next_multiple_of(block), 0);
        bytes.extend(one);
    }
    bytes
}

fn with_text(text: &[u8], fill: u8) -> Vec<u8> {
    let mut bytes = plain().bytes();
    bytes[..3200].fill(fill);
    bytes[..text.len()].copy_from_slice(text);
    bytes
}

fn order_of(made: &SegyBuilder) -> ByteOrder {
    match made.order {
        Order::Big => ByteOrder::Big,
        Order::Little => ByteOrder::Little,
        Order::PairSwapped => ByteOrder::PairSwapped,
    }
}

fn codes(scan: &Scan) -> Vec<String> {
    let warnings = scan.layout.warnings.iter();
    warnings.map(|warning| warning.code().to_owned()).collect()
}

/// Reads the row's file by quick and full scan, compares every sample with what was written, and
/// takes it through a dataset and back.
fn check(row: &Row) {
    let name = row.name;
    let folder = made_files::folder();
    let path = folder.path().join("a.sgy");
    std::fs::write(&path, &row.bytes).unwrap();
    let scanned = |depth| {
        scan(&path, &row.told, depth, &JobContext::default())
            .unwrap_or_else(|stop| panic!("{name}: {stop:?}"))
    };
    let quick = scanned(ScanDepth::Quick);
    assert_eq!(quick.layout, scanned(ScanDepth::Full).layout, "{name}");
    let layout = &quick.layout;
    assert_eq!(
        (layout.n_traces, layout.data_start.value),
        (row.made.n_traces, row.data_start),
        "{name}"
    );
    assert_eq!(layout.byte_order.value, order_of(&row.made), "{name}");
    assert_eq!(layout.format.value.code(), row.made.format_code, "{name}");
    assert_eq!(codes(&quick), row.says, "{name}: {:?}", layout.warnings);
    for decided in [
        &layout.byte_order.decided_by,
        &layout.format.decided_by,
        &layout.n_samples.decided_by,
        &layout.data_start.decided_by,
    ] {
        assert!(!decided.is_empty(), "{name}");
    }
    check_samples(row, &path);
    let mapping = Mapping {
        overrides: row.told.clone(),
        ..Mapping::default()
    };
    let report = made_files::imported(&path, &mapping, &ImportOptions::default());
    assert!(made_files::exported(&report) == row.bytes, "{name}");
}

fn check_samples(row: &Row, path: &std::path::Path) {
    let file = SegyFile::open(path, &row.told).unwrap();
    let (format, order) = (file.layout().format.value, file.layout().byte_order.value);
    let window = file.window(0..row.made.n_traces).unwrap();
    for trace in 0..row.made.n_traces {
        let mut samples = Vec::new();
        let at = usize::try_from(trace).unwrap();
        decode_f32(format, order, window.sample_bytes(at), &mut samples).unwrap();
        let n_samples = row.made.length(trace);
        assert!(samples.len() >= n_samples, "{}", row.name);
        for (sample, &found) in samples.iter().enumerate() {
            // Behind a trace's own samples there is only padding.
            let expected = if sample < n_samples {
                row.made.stored_value(trace, sample)
            } else {
                0.0
            };
            let same = (f64::from(found) - expected).abs() < 1e-6;
            assert!(same, "{}: trace {trace}, sample {sample}", row.name);
        }
    }
}

#[test]
fn file_headers_of_garbage_and_of_nothing_are_read_past() {
    let garbage = |byte: usize, n_bytes: usize| plain().binary_bytes(byte, &noise(n_bytes)).bytes();
    let little = || plain().little_endian();
    for row in [
        Row::new(
            "little-endian, revision 0.1",
            little().revision(0, 1).bytes(),
            little(),
        ),
        Row::new(
            "little-endian, revision 7.99",
            little().revision(7, 99).bytes(),
            little(),
        )
        .says(&["revision_odd"]),
        Row::new("garbage at 3297–3500", garbage(3297, 204), plain()),
        Row::new("garbage at 3507–3600", garbage(3507, 94), plain()),
        Row::new("garbage from 3297 on", garbage(3297, 304), plain())
            .says(&["revision_odd", "end_text_missing"]),
        Row::new("garbage from 3227 on", garbage(3227, 374), plain())
            .says(&["revision_odd", "end_text_missing"]),
        Row::new(
            "samples and interval in trace headers only",
            plain().binary_i16(3217, 0).binary_i16(3221, 0).bytes(),
            plain(),
        )
        .says(&["sample_count_disagrees"]),
        Row::new(
            "no interval anywhere",
            plain().interval_micros(0).bytes(),
            plain(),
        )
        .says(&["interval_missing"]),
        Row::new(
            "more extended headers than the file holds",
            plain().binary_i16(3505, 5).bytes(),
            plain(),
        )
        .says(&["extended_header_count_disagrees"]),
        Row::new(
            "-1 and no extended header",
            plain().binary_i16(3505, -1).bytes(),
            plain(),
        )
        .says(&["end_text_missing"]),
        Row::new(
            "-1, an extended header, and no EndText",
            plain()
                .extended(Extended::Declared, &["((SEG: STUFF ver 1.0))"])
                .binary_i16(3505, -1)
                .bytes(),
            plain(),
        )
        .starts_at(6800)
        .says(&["end_text_missing"]),
    ] {
        check(&row);
    }
}

#[test]
fn a_first_trace_offset_that_leads_nowhere_is_not_followed() {
    let made = || plain().revision(2, 0);
    for (name, offset, says) in [
        (
            "far behind the end",
            1_i64 << 60,
            &["first_trace_offset_disagrees"][..],
        ),
        (
            "into the first trace",
            3700,
            &["first_trace_offset_disagrees"],
        ),
        ("into the text", 1000, &["first_trace_offset_disagrees"]),
        ("negative", -5, &[]),
    ] {
        let bytes = made().binary_bytes(3521, &offset.to_be_bytes()).bytes();
        check(&Row::new(name, bytes, made()).says(says));
    }
}

#[test]
fn text_headers_of_other_programs_are_read_as_ascii() {
    let crlf = "C 1 CLIENT NOBODY\r\nC 2 LINE 12\r\n".as_bytes();
    let bom = "\u{feff}C 1 CLIENT NÖBÖDY  C 2 LINE 12".as_bytes();
    for (name, bytes) in [
        ("UTF-8 with a byte order mark", with_text(bom, b' ')),
        ("carriage returns and line feeds", with_text(crlf, b' ')),
        ("zeros behind the text", with_text(b"C 1 CLIENT NOBODY", 0)),
        (
            "zeros between words",
            with_text(b"C 1 CLIENT\0NOBODY\0\0C 2", 0),
        ),
    ] {
        let folder = made_files::folder();
        let path = folder.path().join("a.sgy");
        std::fs::write(&path, &bytes).unwrap();
        let scan = made_files::scanned(&path);
        assert_eq!(
            scan.layout.text_encoding.value,
            TextEncoding::Ascii,
            "{name}"
        );
        let first = scan.textual_header.lines().remove(0);
        assert!(first.contains("C 1 CLIENT"), "{name}: {first}");
        check(&Row::new(name, bytes, plain()));
    }
}

#[test]
fn a_binary_header_and_traces_of_different_machines_are_each_read_as_written() {
    for format in [1, 3, 5, 2] {
        let big = || plain().format(format);
        let little = || big().little_endian();
        check(
            &Row::new(
                "big header, little traces",
                joined(&big(), &little()),
                little(),
            )
            .says(&["byte_order_mixed"]),
        );
        check(
            &Row::new(
                "little header, big traces",
                joined(&little(), &big()),
                big(),
            )
            .says(&["byte_order_mixed"]),
        );
        let bare = |made: SegyBuilder| made.without_trace_words();
        check(
            &Row::new(
                "little traces whose headers say no count",
                joined(&big(), &bare(little())),
                bare(little()),
            )
            .says(&["byte_order_mixed"]),
        );
    }
}

#[test]
fn the_words_of_a_turned_binary_header_are_shown_rightly_of_file_and_dataset() {
    let made = plain().little_endian();
    let headers = plain().binary_i16(3255, 2);
    let folder = made_files::folder();
    let path = folder.path().join("a.sgy");
    std::fs::write(&path, joined(&headers, &made)).unwrap();
    let file = SegyFile::open(&path, &LayoutOverrides::default()).unwrap();
    assert_eq!(file.binary_header()[54..56], 2_i16.to_le_bytes());
    let report = made_files::imported(&path, &Mapping::default(), &ImportOptions::default());
    let segy = &report.manifest.segy;
    assert_eq!(segy.byte_order, "little");
    assert_eq!(segy.file_header_byte_order.as_deref(), Some("big"));
    let source = DatasetSource::open(&report.dataset).unwrap();
    let headers = source.file_headers().unwrap();
    assert_eq!(headers.length_unit, Some("ft"));
}

#[test]
fn the_smallest_and_the_longest_traces_are_read() {
    let long = |n_samples: usize| SegyBuilder::new(3, n_samples).format(8);
    for row in [
        Row::new(
            "one trace",
            SegyBuilder::new(1, 75).bytes(),
            SegyBuilder::new(1, 75),
        ),
        Row::new(
            "one sample",
            SegyBuilder::new(20, 1).bytes(),
            SegyBuilder::new(20, 1),
        ),
        Row::new(
            "one of one",
            SegyBuilder::new(1, 1).bytes(),
            SegyBuilder::new(1, 1),
        ),
        Row::new("40,000 samples", long(40_000).bytes(), long(40_000)),
        Row::new("65,535 samples", long(65_535).bytes(), long(65_535)),
        Row::new(
            "40,000 samples that only traces say",
            long(40_000).binary_i16(3221, 0).bytes(),
            long(40_000),
        )
        .says(&["sample_count_disagrees"]),
        Row::new("3 bytes", plain().format(7).bytes(), plain().format(7)),
        Row::new(
            "3 bytes without sign, little-endian",
            plain().format(15).little_endian().bytes(),
            plain().format(15).little_endian(),
        ),
    ] {
        check(&row);
    }
}

#[test]
fn traces_filled_up_to_whole_blocks_are_read_with_their_padding() {
    for (n_samples, block) in [(75, 512), (100, 512), (75, 4096), (300, 512)] {
        let made = || SegyBuilder::new(20, n_samples);
        let row = Row::new("padded", filled_up(&made(), block), made()).says(&["traces_padded"]);
        check(&row);
    }
    // The file headers, too.
    let made = || plain();
    let mut bytes = filled_up(&made(), 512);
    bytes.splice(3600..3600, [0; 496]);
    let row = Row::new("all padded", bytes, made()).starts_at(4096);
    check(&row.says(&["traces_padded", "first_trace_displaced"]));
    // Two bytes a sample, and little-endian.
    let made = || plain().format(3).little_endian();
    check(&Row::new("padded", filled_up(&made(), 512), made()).says(&["traces_padded"]));
}

#[test]
fn zeros_behind_the_traces_are_a_trailer_unless_they_are_whole_traces() {
    let with_zeros = |n_bytes: usize| {
        let mut bytes = plain().bytes();
        bytes.resize(bytes.len() + n_bytes, 0);
        bytes
    };
    for n_bytes in [100, 448, 4096, 70_000] {
        let row = Row::new("zeros", with_zeros(n_bytes), plain());
        check(&row.says(&["trailing_bytes"]));
    }
    // Nobody can tell whole traces of zeros from traces that were never written.
    let whole = with_zeros(3 * plain().stride_bytes());
    let folder = made_files::folder();
    let path = folder.path().join("a.sgy");
    std::fs::write(&path, &whole).unwrap();
    let found = made_files::scanned(&path);
    assert_eq!((found.layout.n_traces, found.n_dead_traces), (23, 3));
}

#[test]
fn a_format_code_that_is_none_is_made_up_for_by_the_samples() {
    let check_by = |code: i16, format: i16, little: bool| {
        let made = || SegyBuilder::new(40, 75).format(format).byte_order(little);
        let bytes = made().binary_i16(3225, code).bytes();
        check(&Row::new("no format", bytes, made()).says(&["format_guessed"]));
    };
    for format in [1, 5, 2, 3, 8] {
        check_by(0, format, false);
    }
    for (code, format) in [(255, 5), (-1, 1), (99, 3)] {
        check_by(code, format, true);
    }
    // Nothing at all in the binary header: the trace headers say what is needed.
    for format in [1, 5, 3] {
        let made = || SegyBuilder::new(40, 75).format(format).revision(0, 0);
        let mut bytes = made().bytes();
        bytes[3200..3600].fill(0);
        let row = Row::new("empty binary header", bytes, made());
        check(&row.says(&["sample_count_disagrees", "format_guessed"]));
    }
}

fn refused(bytes: &[u8]) -> String {
    let folder = made_files::folder();
    let path = folder.path().join("a.sgy");
    std::fs::write(&path, bytes).unwrap();
    let refused = SegyFile::open(&path, &LayoutOverrides::default());
    refused
        .map(|file| file.layout().clone())
        .unwrap_err()
        .to_string()
}

#[test]
fn what_cannot_be_read_is_refused_with_the_remedy() {
    let of = |n_bytes: usize| plain().bytes()[..n_bytes].to_vec();
    let bare = SegyBuilder::new(2, 3).binary_i16(3225, 0);
    let text_only = plain().extended(Extended::Declared, &["((SEG: STUFF ver 1.0))"]);
    let text_only = text_only.file_headers();
    for (name, bytes, says) in [
        ("only headers", of(3600), "no whole trace"),
        (
            "only headers, one of them extended",
            text_only,
            "no whole trace",
        ),
        ("cut in the text", of(2000), "fetch it again"),
        ("cut in the binary header", of(3400), "fetch it again"),
        ("cut in the first header", of(3700), "no whole trace"),
        ("cut in the first samples", of(3900), "no whole trace"),
        ("zeros", vec![0; 100_000], "never written"),
        (
            "too few samples to tell the format",
            bare.bytes(),
            "--format CODE",
        ),
    ] {
        let sentence = refused(&bytes);
        assert!(sentence.contains(says), "{name}: {sentence}");
    }
    // A sparse file of zeros takes no room.
    let folder = made_files::folder();
    let path = folder.path().join("a.sgy");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(1 << 40).unwrap();
    let sparse = SegyFile::open(&path, &LayoutOverrides::default()).map(|_file| ());
    assert!(sparse.unwrap_err().to_string().contains("never written"));
}

#[test]
fn a_file_cut_in_a_later_header_keeps_the_piece() {
    let cut = plain().partial_last_trace(100).bytes();
    check(&Row::new("cut", cut, plain()).says(&["partial_last_trace"]));
}

#[test]
fn file_headers_that_lie_elsewhere_are_found() {
    for order in [Order::Big, Order::Little] {
        let made = || plain().order(order).text(Text::Ascii);
        let without_text = made().bytes()[3200..].to_vec();
        check(
            &Row::new("no textual header", without_text, made())
                .starts_at(400)
                .says(&["file_headers_displaced", "text_header_empty"]),
        );
        let with_mark = [&[0xef, 0xbb, 0xbf][..], &made().bytes()].concat();
        check(
            &Row::new("a byte order mark in front", with_mark, made())
                .starts_at(3603)
                .says(&["file_headers_displaced"]),
        );
    }
}
