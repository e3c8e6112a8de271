//! What becomes of files whose headers contradict themselves? Read rightly, or refused with a
//! remedy; never silently read wrongly.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use shotpoint::segy::{LayoutOverrides, LayoutWarning, SegyError, SegyFile};
use support::{Extended, SegyBuilder, Text};

fn open(bytes: &[u8], overrides: &LayoutOverrides) -> Result<SegyFile, SegyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sgy");
    std::fs::write(&path, bytes).unwrap();
    SegyFile::open(&path, overrides)
}

fn opened(builder: &SegyBuilder) -> SegyFile {
    open(&builder.bytes(), &LayoutOverrides::default()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let refused = open(bytes, &LayoutOverrides::default());
    refused
        .map(|file| file.layout().clone())
        .unwrap_err()
        .to_string()
}

/// Traces, samples, first byte of the first trace, and codes of warnings.
fn facts(file: &SegyFile) -> (u64, u32, u64, Vec<&'static str>) {
    let layout = file.layout();
    let codes = layout.warnings.iter().map(LayoutWarning::code).collect();
    (
        layout.n_traces,
        layout.n_samples.value,
        layout.data_start.value,
        codes,
    )
}

/// Trace headers that say another number of samples than there are.
fn lying_traces(n_samples: i16) -> impl Fn(u64, &mut support::Header) + 'static {
    move |_, header| {
        header.i16(115, n_samples);
    }
}

#[test]
fn the_binary_header_lies_and_the_traces_do_not() {
    let file = opened(&SegyBuilder::new(20, 75).binary_i16(3221, 91));
    assert_eq!(facts(&file), (20, 75, 3600, vec!["sample_count_disagrees"]));
}

#[test]
fn the_traces_lie_and_the_binary_header_does_not() {
    let file = opened(&SegyBuilder::new(20, 75).header_words(lying_traces(91)));
    assert_eq!(
        facts(&file),
        (20, 75, 3600, vec!["trace_sample_words_differ"])
    );
}

#[test]
fn where_both_lie_a_fitting_number_is_named_but_not_taken() {
    for wrong in [91, 40, 150, 3] {
        let builder = SegyBuilder::new(20, 75)
            .binary_i16(3221, wrong)
            .header_words(lying_traces(wrong));
        let sentence = refused(&builder.bytes());
        assert!(sentence.contains("--samples 75"), "{wrong}: {sentence}");
        let told = LayoutOverrides {
            n_samples: Some(75),
            ..LayoutOverrides::default()
        };
        let file = open(&builder.bytes(), &told).unwrap();
        assert_eq!(file.layout().n_traces, 20);
    }
}

/// 20 × (240 + 4 × 75) = 10,800 bytes, which 30 traces of 30 samples fill as well.
#[test]
fn a_size_that_fits_by_accident_is_not_believed() {
    let builder = SegyBuilder::new(20, 75)
        .binary_i16(3221, 30)
        .header_words(lying_traces(30));
    let sentence = refused(&builder.bytes());
    assert!(sentence.contains("--samples 75"), "{sentence}");
}

#[test]
fn where_nothing_says_the_number_a_fitting_one_is_named() {
    let builder = SegyBuilder::new(20, 75)
        .binary_i16(3221, 0)
        .without_trace_words();
    let sentence = refused(&builder.bytes());
    assert!(sentence.contains("--samples 75"), "{sentence}");
}

#[test]
fn the_fixed_length_flag_alone_changes_nothing() {
    let file = opened(&SegyBuilder::new(20, 75).binary_i16(3503, 0));
    assert_eq!(facts(&file), (20, 75, 3600, vec![]));
}

#[test]
fn text_headers_that_nobody_announced_are_found() {
    let builder = SegyBuilder::new(20, 75)
        .extended(Extended::EndText, &["((SEG: LOCATION DATA ver 1.0))", ""])
        .binary_i16(3505, 0);
    let (n_traces, n_samples, data_start, codes) = facts(&opened(&builder));
    assert_eq!((n_traces, n_samples, data_start), (20, 75, 10_000));
    assert_eq!(codes, ["undeclared_extended_headers"]);
}

#[test]
fn a_huge_number_of_text_headers_is_not_believed() {
    let file = opened(&SegyBuilder::new(20, 75).binary_i16(3505, 32_767));
    assert_eq!(
        facts(&file),
        (20, 75, 3600, vec!["extended_header_count_disagrees"])
    );
}

#[test]
fn numbers_and_text_may_be_of_different_machines() {
    for text in [Text::Ebcdic, Text::Ascii] {
        let file = opened(&SegyBuilder::new(20, 75).little_endian().text(text));
        assert_eq!(facts(&file), (20, 75, 3600, vec![]));
    }
}

#[test]
fn ascii_lines_may_end_with_carriage_returns() {
    let mut bytes = SegyBuilder::new(20, 75).text(Text::Ascii).bytes();
    for line in bytes[..3200].as_chunks_mut::<80>().0 {
        line[78..].copy_from_slice(b"\r\n");
    }
    let file = open(&bytes, &LayoutOverrides::default()).unwrap();
    assert_eq!(facts(&file), (20, 75, 3600, vec![]));
    let lines = file.textual_header().lines();
    assert!(lines[0].starts_with("C 1 CLIENT NOBODY"), "{lines:?}");
    assert!(lines[1].starts_with("C 2 LINE 12"), "{lines:?}");
}

#[test]
fn revision_2_may_say_where_the_first_trace_lies() {
    let with_gap = |gap: usize, says: u64| {
        let builder = SegyBuilder::new(20, 75)
            .revision(2, 0)
            .binary_bytes(3521, &says.to_be_bytes());
        let mut bytes = builder.bytes();
        bytes.splice(3600..3600, std::iter::repeat_n(0_u8, gap));
        bytes
    };
    let read = |bytes: &[u8]| facts(&open(bytes, &LayoutOverrides::default()).unwrap());
    assert_eq!(read(&with_gap(0, 3600)), (20, 75, 3600, vec![]));
    assert_eq!(read(&with_gap(400, 4000)), (20, 75, 4000, vec![]));
    let wrong = read(&with_gap(0, 3840));
    assert_eq!((wrong.0, wrong.1, wrong.2), (20, 75, 3600));
    assert!(
        wrong.3.contains(&"first_trace_offset_disagrees"),
        "{wrong:?}"
    );
}

#[test]
fn one_trace_is_a_file() {
    let file = opened(&SegyBuilder::new(1, 75));
    assert_eq!(facts(&file), (1, 75, 3600, vec![]));
    let file = opened(&SegyBuilder::new(1, 75).binary_i16(3221, 91));
    assert_eq!(facts(&file), (1, 75, 3600, vec!["sample_count_disagrees"]));
}

#[test]
fn a_part_of_a_trace_is_none() {
    for n_bytes in [1, 239, 240, 539] {
        let builder = SegyBuilder::new(0, 75).partial_last_trace(n_bytes);
        let sentence = refused(&builder.bytes());
        let says_so = sentence.contains("no whole trace") && sentence.contains("540");
        assert!(says_so || n_bytes < 240, "{n_bytes}: {sentence}");
    }
}

#[test]
fn an_interval_of_the_text_alone_is_offered_and_not_taken() {
    let lines = ["C 1 CLIENT", "C 2 SAMPLE INTERVAL: 2 MS"];
    let builder = SegyBuilder::new(20, 75)
        .interval_micros(0)
        .text_lines(&lines);
    let file = opened(&builder);
    let interval = &file.layout().sample_interval_micros;
    assert_eq!(interval.value, None);
    let offered = "2000 µs: the textual header says \"SAMPLE INTERVAL 2 MS\"";
    assert_eq!(interval.alternatives, [offered]);
}
