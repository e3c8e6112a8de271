//! Every revision × byte order × sample format × text code × extended headers is read as written.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use shotpoint::samples::Samples;
use shotpoint::segy::{
    ByteOrder, FieldKind, LayoutOverrides, LayoutWarning, SegyError, SegyFile, TextEncoding, decode,
};
use support::{Extended, SegyBuilder, Text};

const FORMATS: [i16; 13] = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16];

fn open(builder: &SegyBuilder) -> (tempfile::TempDir, Result<SegyFile, SegyError>) {
    open_with(builder, &LayoutOverrides::default())
}

fn open_with(
    builder: &SegyBuilder,
    overrides: &LayoutOverrides,
) -> (tempfile::TempDir, Result<SegyFile, SegyError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = builder.write(folder.path(), "a.sgy");
    (folder, SegyFile::open(&path, overrides))
}

fn codes(file: &SegyFile) -> Vec<&'static str> {
    let warnings = &file.layout().warnings;
    warnings.iter().map(LayoutWarning::code).collect()
}

/// Everything in the file is as the builder wrote it.
fn assert_read_as_written(file: &SegyFile, builder: &SegyBuilder, what: &str) {
    let layout = file.layout();
    assert_eq!(layout.n_traces, builder.n_traces, "{what}");
    assert_eq!(layout.n_samples.value as usize, builder.n_samples, "{what}");
    assert_eq!(
        layout.data_start.value,
        builder.data_start() as u64,
        "{what}"
    );
    let stride = builder.stride_bytes() as u64;
    assert_eq!(layout.trace_stride_bytes, stride, "{what}");
    assert_eq!(layout.format.value.code(), builder.format_code, "{what}");
    let order = layout.byte_order.value;
    assert_eq!(
        order == ByteOrder::Little,
        builder.order == support::Order::Little,
        "{what}"
    );
    let interval = f64::from(builder.interval_micros);
    assert_eq!(
        layout.sample_interval_micros.value,
        Some(interval),
        "{what}"
    );
    let window = file.window(0..layout.n_traces).unwrap();
    for trace in 0..window.n_traces() {
        let number = FieldKind::I32.read_i64(window.header(trace), 1, order);
        assert_eq!(number, i64::try_from(trace + 1).ok(), "{what}");
        let n_headers = 240 * builder.n_additional;
        assert_eq!(window.additional_headers(trace).len(), n_headers, "{what}");
        let mut samples = Samples::zeros(layout.format.value.number_type(), builder.n_samples);
        let bytes = window.sample_bytes(trace);
        decode(layout.format.value, order, bytes, &mut samples).unwrap();
        for i in 0..builder.n_samples {
            let expected = builder.stored_value(trace as u64, i);
            assert_eq!(
                samples.get_f64(i),
                Some(expected),
                "{what}: trace {trace} sample {i}"
            );
        }
    }
    window.check().unwrap();
}

#[test]
fn every_combination_is_read_as_written() {
    let texts = [
        "((SEG: Data Description ver 1.0)) MADE BY A TEST",
        "MORE OF IT",
    ];
    for revision in [[0, 0], [1, 0], [2, 0], [2, 1]] {
        for little in [false, true] {
            for format in FORMATS {
                for text in [Text::Ebcdic, Text::Ascii, Text::Empty] {
                    for extended in [None, Some(Extended::Declared), Some(Extended::EndText)] {
                        let mut builder = SegyBuilder::new(7, 11)
                            .revision(revision[0], revision[1])
                            .byte_order(little)
                            .format(format)
                            .text(text);
                        if let Some(extended) = extended {
                            builder = builder.extended(extended, &texts);
                        }
                        let what = format!("{revision:?} {little} {format} {text:?} {extended:?}");
                        let (_folder, file) = open(&builder);
                        let file = file.unwrap_or_else(|e| panic!("{what}: {e}"));
                        assert_read_as_written(&file, &builder, &what);
                        let encoding = match text {
                            Text::Ebcdic => TextEncoding::Ebcdic,
                            Text::Ascii | Text::Empty => TextEncoding::Ascii,
                        };
                        assert_eq!(file.layout().text_encoding.value, encoding, "{what}");
                        let empty = text == Text::Empty;
                        let expected = if empty {
                            vec!["text_header_empty"]
                        } else {
                            vec![]
                        };
                        assert_eq!(codes(&file), expected, "{what}");
                        let n_texts = extended.map_or(0, |_| texts.len());
                        assert_eq!(file.extended_textual_headers().len(), n_texts, "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn additional_trace_headers_are_counted_in_either_word() {
    for little in [false, true] {
        for (minor, four_bytes, expected) in [
            (0, true, vec![]),
            (0, false, vec!["additional_header_count_disagrees"]),
            (1, false, vec![]),
        ] {
            for n in [1, 2, 5] {
                let mut builder = SegyBuilder::new(9, 30)
                    .revision(2, minor)
                    .byte_order(little)
                    .additional_headers(n);
                builder.additional_as_four_bytes = four_bytes;
                let (_folder, file) = open(&builder);
                let file = file.unwrap();
                let what = format!("2.{minor}, {n}, little {little}");
                assert_read_as_written(&file, &builder, &what);
                // Read little-endian, two bytes and four say the same.
                let expected = if little { vec![] } else { expected.clone() };
                assert_eq!(codes(&file), expected, "{what}");
            }
        }
    }
}

#[test]
fn undeclared_extended_headers_are_found_by_their_text() {
    let texts = [
        "((SEG: Layout)) SOMEBODY FORGOT TO ANNOUNCE THIS",
        "AND THIS TOO",
    ];
    for text in [Text::Ebcdic, Text::Ascii] {
        for n in [1, 2] {
            let builder = SegyBuilder::new(12, 40)
                .text(text)
                .extended(Extended::Undeclared, &texts[..n]);
            let (_folder, file) = open(&builder);
            let file = file.unwrap();
            assert_read_as_written(&file, &builder, "undeclared");
            assert_eq!(codes(&file), ["undeclared_extended_headers"]);
        }
    }
}

#[test]
fn a_text_header_that_is_a_whole_number_of_traces_is_not_taken_for_traces() {
    // 240 + 4 × 20 = 320 bytes a trace: ten of them are as long as a textual header.
    let text = ["C 1 SOMEBODY FORGOT TO ANNOUNCE THIS"];
    let builder = SegyBuilder::new(12, 20).extended(Extended::Undeclared, &text);
    let (_folder, file) = open(&builder);
    assert_read_as_written(&file.unwrap(), &builder, "320 bytes");
}

#[test]
fn announced_extended_headers_that_are_not_there_are_not_skipped() {
    let builder = SegyBuilder::new(30, 50).binary_i16(3505, 2);
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "announced, not there");
    assert_eq!(codes(&file), ["extended_header_count_disagrees"]);
}

#[test]
fn the_end_text_may_be_missing() {
    let texts = ["C 1 SOME WORDS", "C 1 SOME MORE WORDS"];
    let builder = SegyBuilder::new(12, 40)
        .extended(Extended::Declared, &texts)
        .binary_i16(3505, -1);
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "no end text");
    assert_eq!(codes(&file), ["end_text_missing"]);
}

#[test]
fn a_first_trace_offset_of_revision_2_is_followed() {
    let builder = SegyBuilder::new(8, 33)
        .revision(2, 0)
        .binary_bytes(3521, &6800_u64.to_be_bytes())
        .extended(Extended::Declared, &["C 1 SOME WORDS"]);
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "offset");
    assert_eq!(codes(&file), Vec::<&str>::new());

    let lying = SegyBuilder::new(8, 33)
        .revision(2, 0)
        .binary_bytes(3521, &5000_u64.to_be_bytes());
    let (_folder, file) = open(&lying);
    let file = file.unwrap();
    assert_read_as_written(&file, &lying, "lying offset");
    assert_eq!(codes(&file), ["first_trace_offset_disagrees"]);
}

#[test]
fn the_sample_count_that_fits_the_file_wins() {
    // The binary header lies; the trace headers are right.
    let builder = SegyBuilder::new(20, 75).binary_i16(3221, 462);
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "trace headers are right");
    assert_eq!(codes(&file), ["sample_count_disagrees"]);
    assert!(file.layout().n_samples.decided_by.contains("trace header"));

    // The trace headers lie; the binary header is right.
    let builder = SegyBuilder::new(20, 75).header_words(|_, header| {
        header.i16(115, 462);
    });
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "binary header is right");
    assert_eq!(codes(&file), ["trace_sample_words_differ"]);

    // Only the word of revision 2 is right, in a file that says revision 0.
    let builder = SegyBuilder::new(20, 75)
        .revision(0, 0)
        .without_trace_words()
        .binary_i16(3221, -9)
        .binary_i32(3269, 75);
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "extended word is right");
    assert_eq!(codes(&file), ["sample_count_disagrees"]);
}

#[test]
fn long_traces_are_read() {
    let builder = SegyBuilder::new(3, 60_000);
    let (_folder, file) = open(&builder);
    assert_read_as_written(&file.unwrap(), &builder, "60,000 samples");
    let builder = SegyBuilder::new(2, 70_000).revision(2, 0);
    let (_folder, file) = open(&builder);
    assert_read_as_written(&file.unwrap(), &builder, "70,000 samples");
}

#[test]
fn one_trace_and_one_sample_are_enough() {
    for (n_traces, n_samples) in [(1, 1), (1, 500), (500, 1)] {
        let builder = SegyBuilder::new(n_traces, n_samples);
        let (_folder, file) = open(&builder);
        assert_read_as_written(&file.unwrap(), &builder, "small");
    }
}

#[test]
fn what_follows_the_traces_is_kept_as_trailer() {
    for (trailer, expected) in [
        (vec![7; 100], vec!["trailing_bytes"]),
        (
            b"((SEG: USER HEADER)) SOME WORDS BEHIND ".repeat(90)[..3200].to_vec(),
            vec!["trailing_bytes"],
        ),
    ] {
        let n = trailer.len() as u64;
        let builder = SegyBuilder::new(15, 40).trailer(&trailer);
        let (_folder, file) = open(&builder);
        let file = file.unwrap();
        assert_read_as_written(&file, &builder, "trailer");
        assert_eq!(codes(&file), expected);
        let range = file.layout().trailer_bytes();
        assert_eq!(range.end - range.start, n);
        assert_eq!(file.read_bytes(range).unwrap(), trailer);
    }
}

#[test]
fn an_announced_trailer_is_not_taken_for_traces() {
    // 320 bytes a trace: the trailer is as long as ten traces.
    let trailer = b"((SEG: TRAILER)) WORDS BEHIND THE TRACES ".repeat(90);
    let builder = SegyBuilder::new(15, 20)
        .revision(2, 0)
        .binary_i32(3529, 1)
        .binary_bytes(3513, &15_u64.to_be_bytes())
        .trailer(&trailer[..3200]);
    let (_folder, file) = open(&builder);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "announced trailer");
    assert_eq!(codes(&file), Vec::<&str>::new());
}

#[test]
fn a_cut_off_last_trace_is_kept_and_reported() {
    for left_bytes in [40, 240, 300] {
        let builder = SegyBuilder::new(15, 40).partial_last_trace(left_bytes);
        let (_folder, file) = open(&builder);
        let file = file.unwrap();
        assert_read_as_written(&file, &builder, "partial");
        assert_eq!(codes(&file), ["partial_last_trace"]);
        let range = file.layout().trailer_bytes();
        assert_eq!(range.end - range.start, left_bytes as u64);
    }
}

#[test]
fn a_lying_byte_order_word_is_not_believed() {
    for little in [false, true] {
        let builder = SegyBuilder::new(5, 9)
            .byte_order(little)
            .binary_i32(3297, 0x0403_0201);
        let (_folder, file) = open(&builder);
        let file = file.unwrap();
        assert_read_as_written(&file, &builder, "byte order");
        assert_eq!(codes(&file), ["byte_order_word_lies"]);
    }
}

#[test]
fn intervals_are_believed_only_when_plausible() {
    let interval = |builder: SegyBuilder| {
        let (_folder, file) = open(&builder);
        let file = file.unwrap();
        (file.layout().sample_interval_micros.value, codes(&file))
    };
    // Only the trace headers have one.
    let builder = SegyBuilder::new(5, 9).binary_i16(3217, 0);
    assert_eq!(interval(builder), (Some(4000.0), vec![]));
    // Nobody has one.
    let builder = SegyBuilder::new(5, 9).interval_micros(0);
    assert_eq!(interval(builder), (None, vec!["interval_missing"]));
    // Negative ones that contradict each other.
    let builder = SegyBuilder::new(5, 9)
        .binary_i16(3217, -2000)
        .header_words(|trace, header| {
            header.i16(117, -25_000 - i16::try_from(trace).unwrap());
        });
    assert_eq!(interval(builder), (None, vec!["interval_missing"]));
    // A large one that both confirm.
    let builder = SegyBuilder::new(5, 9).interval_micros(40_000);
    assert_eq!(interval(builder), (Some(40_000.0), vec![]));
    // Two that differ.
    let builder = SegyBuilder::new(5, 9).binary_i16(3217, 2000);
    assert_eq!(
        interval(builder),
        (Some(2000.0), vec!["interval_disagrees"])
    );
    // Revision 2 may have a fraction.
    let builder = SegyBuilder::new(5, 9)
        .revision(2, 0)
        .interval_micros(0)
        .binary_f64(3273, 62.5);
    assert_eq!(interval(builder), (Some(62.5), vec![]));
}

#[test]
fn odd_revision_bytes_are_reported() {
    for (revision, read_as) in [
        ([0, 1], "1.0"),
        ([0, 16], "1.0"),
        ([0, 100], "1.0"),
        ([218, 217], "0.0"),
        ([0, 33], "2.1"),
    ] {
        let builder = SegyBuilder::new(5, 9).binary_bytes(3501, &revision[..1]);
        let builder = builder.binary_bytes(3502, &revision[1..]);
        let (_folder, file) = open(&builder);
        let file = file.unwrap();
        assert_eq!(file.layout().revision.value.to_string(), read_as);
        assert_eq!(codes(&file), ["revision_odd"]);
    }
}

#[test]
fn what_the_user_says_is_done() {
    let builder = SegyBuilder::new(10, 50)
        .format(5)
        .without_trace_words()
        .binary_i16(3221, 0)
        .binary_i16(3225, 0)
        .binary_i16(3217, 0);
    let overrides = LayoutOverrides {
        format_code: Some(5),
        n_samples: Some(50),
        interval_micros: Some(4000.0),
        text_encoding: Some(TextEncoding::Ascii),
        ..LayoutOverrides::default()
    };
    let (_folder, file) = open_with(&builder, &overrides);
    let file = file.unwrap();
    assert_read_as_written(&file, &builder, "overrides");
    let layout = file.layout();
    for decided_by in [
        &layout.format.decided_by,
        &layout.n_samples.decided_by,
        &layout.sample_interval_micros.decided_by,
        &layout.text_encoding.decided_by,
    ] {
        assert_eq!(decided_by, "given by the user");
    }
    let overrides = LayoutOverrides {
        byte_order: Some(ByteOrder::Big),
        ..LayoutOverrides::default()
    };
    let (_folder, file) = open_with(&SegyBuilder::new(3, 5), &overrides);
    let order = &file.unwrap().layout().byte_order.decided_by.clone();
    assert_eq!(order, "given by the user");
}

#[test]
fn the_byte_order_of_a_file_without_format_code_is_found_by_what_fits() {
    for little in [false, true] {
        let builder = SegyBuilder::new(10, 50)
            .byte_order(little)
            .format(3)
            .binary_i16(3225, 0);
        let overrides = LayoutOverrides {
            format_code: Some(3),
            ..LayoutOverrides::default()
        };
        let (_folder, file) = open_with(&builder, &overrides);
        assert_read_as_written(&file.unwrap(), &builder, "order by fit");
    }
}

#[test]
fn ieee_floats_that_claim_to_be_ibm_are_suspected() {
    let builder = SegyBuilder::new(4, 500).format(5).binary_i16(3225, 1);
    let (_folder, file) = open(&builder);
    assert_eq!(codes(&file.unwrap()), ["samples_unlike_ibm"]);
    let (_folder, file) = open(&SegyBuilder::new(4, 500));
    assert_eq!(codes(&file.unwrap()), Vec::<&str>::new());
}
