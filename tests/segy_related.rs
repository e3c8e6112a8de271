//! Seismic Unix, tape labels, pairwise swapped bytes, stanzas, and what the user may overrule.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tests"
)]

mod opened;
mod support;

use opened::{codes, open_with, opened};
use shotpoint::segy::fields_su::SU_FIELDS;
use shotpoint::segy::{
    ByteOrder, Container, HeaderValue, LayoutOverrides, SegyError, SegyFile, TraceLength,
    decode_f32,
};
use support::{Extended, SegyBuilder, Text};

/// All samples as the builder meant them.
fn assert_samples(file: &SegyFile, builder: &SegyBuilder) {
    let layout = file.layout();
    assert_eq!(layout.n_traces, builder.n_traces);
    let window = file.window(0..layout.n_traces).unwrap();
    let (format, order) = (layout.format.value, layout.byte_order.value);
    for i in 0..window.n_traces() {
        let mut samples = Vec::new();
        decode_f32(format, order, window.sample_bytes(i), &mut samples).unwrap();
        assert_eq!(samples.len(), builder.n_samples);
        for (j, &sample) in samples.iter().enumerate() {
            let expected = builder.stored_value(window.trace_index(i), j) as f32;
            assert_eq!(
                sample.to_bits(),
                expected.to_bits(),
                "trace {i}, sample {j}"
            );
        }
    }
}

#[test]
fn seismic_unix_is_read_in_both_byte_orders() {
    for little in [false, true] {
        for n_traces in [1, 2, 12, 200] {
            let builder = SegyBuilder::new(n_traces, 51).format(5).byte_order(little);
            let su = builder.bytes()[3600..].to_vec();
            let file = opened(&su);
            let layout = file.layout();
            assert_eq!(layout.container.value, Container::SeismicUnix);
            assert_eq!(layout.byte_order.value == ByteOrder::Little, little);
            assert_eq!((layout.data_start.value, layout.n_samples.value), (0, 51));
            assert_eq!(layout.sample_interval_micros.value, Some(4000.0));
            assert_eq!(codes(&file), [""; 0]);
            assert!(file.binary_header().is_empty());
            assert!(file.textual_header().lines().is_empty());
            assert_samples(&file, &builder);
        }
    }
}

#[test]
fn seismic_unix_of_varying_length_and_cut_off_is_read() {
    let mut su = Vec::new();
    for i in 0..20 {
        let builder = SegyBuilder::new(20, 40 + i % 3).format(5);
        builder.append_trace(i as u64, &mut su);
    }
    let file = opened(&su);
    assert_eq!(file.layout().n_traces, 20);
    assert_eq!(codes(&file), ["trace_lengths_vary"]);
    let builder = SegyBuilder::new(20, 40).format(5);
    let su = &builder.bytes()[3600..];
    let file = opened(&su[..su.len() - 17]);
    assert_eq!(file.layout().n_traces, 19);
    assert_eq!(codes(&file), ["partial_last_trace"]);
}

#[test]
fn segy_is_never_taken_for_seismic_unix_nor_the_reverse() {
    for (n_traces, n_samples) in [(1, 1), (3, 50), (40, 840), (1, 3600)] {
        for format in [1, 2, 3, 5, 8] {
            for little in [false, true] {
                let builder = SegyBuilder::new(n_traces, n_samples)
                    .format(format)
                    .byte_order(little);
                let file = opened(&builder.bytes());
                assert_eq!(file.layout().container.value, Container::SegY);
            }
        }
    }
    // Half of a SEG-Y file, text, zeros: no Seismic Unix.
    let whole = SegyBuilder::new(40, 100).binary_i16(3225, 77).bytes();
    for bytes in [&whole[..], &whole[1000..], &[0; 9000], &[0x40; 9000]] {
        let file = open_with(bytes, &LayoutOverrides::default());
        let container = file.map(|file| file.layout().container.value);
        assert!(
            !matches!(container, Ok(Container::SeismicUnix)),
            "{container:?}"
        );
    }
}

#[test]
fn the_container_can_be_demanded() {
    let demand = |container| LayoutOverrides {
        container: Some(container),
        ..LayoutOverrides::default()
    };
    let builder = SegyBuilder::new(12, 51).format(5);
    let segy = builder.bytes();
    let error = open_with(&segy, &demand(Container::SeismicUnix)).unwrap_err();
    assert!(matches!(error, SegyError::NotSeismicUnix), "{error}");
    let su = &segy[3600..];
    let file = open_with(su, &demand(Container::SeismicUnix)).unwrap();
    assert_samples(&file, &builder);
    assert!(open_with(su, &demand(Container::SegY)).is_err());
}

#[test]
fn words_of_seismic_unix_are_read() {
    let builder = SegyBuilder::new(4, 30).format(5).header_words(|_, header| {
        header.i32(181, 0x3f00_0000).i32(205, 24).i16(209, -3);
    });
    let file = opened(&builder.bytes()[3600..]);
    let window = file.window(2..3).unwrap();
    let read = |name: &str| {
        let field = SU_FIELDS.iter().find(|field| field.su == name).unwrap();
        field
            .kind
            .read(window.header(0), field.byte, ByteOrder::Big)
            .unwrap()
    };
    assert_eq!(read("d1"), HeaderValue::Float(0.5));
    assert_eq!(read("ntr"), HeaderValue::Int(24));
    assert_eq!(read("mark"), HeaderValue::Int(-3));
}

fn label() -> Vec<u8> {
    let mut label = b"   1SY2.0RECORDB2            32760SHOTPOINT 22-NOV-2026".to_vec();
    label.resize(128, b' ');
    label
}

#[test]
fn a_tape_label_is_stepped_over() {
    for builder in [
        SegyBuilder::new(20, 75),
        SegyBuilder::new(20, 75)
            .text(Text::Ascii)
            .extended(Extended::EndText, &["((SEG: A ver 1.0))", ""]),
        SegyBuilder::new(20, 75)
            .revision(2, 0)
            .extended(Extended::Declared, &["((SEG: A ver 1.0))"])
            .binary_bytes(3521, &6800_u64.to_be_bytes()),
        SegyBuilder::new(20, 75)
            .revision(2, 0)
            .binary_bytes(3521, &3728_u64.to_be_bytes()),
    ] {
        let mut bytes = label();
        bytes.extend(builder.bytes());
        let file = opened(&bytes);
        let layout = file.layout();
        assert_eq!(layout.tape_label_bytes, 128);
        assert_eq!(layout.data_start.value, 128 + builder.data_start() as u64);
        assert_eq!(codes(&file), [""; 0]);
        assert!(file.textual_header().lines()[0].starts_with("C 1 CLIENT"));
        assert_samples(&file, &builder);
        let stanzas = file.stanzas();
        assert_eq!(
            stanzas.len(),
            usize::from(!builder.extended_headers.is_empty())
        );
        assert!(stanzas.iter().all(|stanza| stanza.bytes.start == 3728));
    }
}

/// The file with all pairs of bytes behind the textual header swapped.
fn with_pairs_swapped(bytes: &[u8]) -> Vec<u8> {
    let mut swapped = bytes.to_vec();
    for pair in swapped[3200..].chunks_exact_mut(2) {
        pair.swap(0, 1);
    }
    swapped
}

#[test]
fn pairwise_swapped_files_are_read_with_and_without_their_word() {
    for format in [1, 2, 3, 5, 6, 8, 9, 11] {
        for revision in [1, 2] {
            let builder = SegyBuilder::new(30, 74)
                .format(format)
                .revision(revision, 0);
            let file = opened(&with_pairs_swapped(&builder.bytes()));
            let layout = file.layout();
            assert_eq!(layout.byte_order.value, ByteOrder::PairSwapped);
            assert_eq!(layout.revision.value.major, revision);
            assert_eq!(layout.format.value.code(), format);
            assert_samples(&file, &builder);
            assert!(codes(&file).is_empty(), "{:?}", codes(&file));
            assert!(!layout.byte_order.alternatives.is_empty());
        }
    }
    // Little-endian files stay what they are.
    let builder = SegyBuilder::new(30, 74).little_endian();
    let file = opened(&builder.bytes());
    assert_eq!(file.layout().byte_order.value, ByteOrder::Little);
}

#[test]
fn stanzas_of_headers_and_of_the_trailer_are_read() {
    let builder = SegyBuilder::new(20, 75)
        .revision(2, 0)
        .text(Text::Ascii)
        .extended(
            Extended::Declared,
            &["((SEG: Location Data ver 1.0))", "((ACME: Own ver 2))"],
        )
        .binary_i32(3529, 1);
    let mut bytes = builder.bytes();
    let mut trailer = b"((SEG: Trailer ver 1.0))".to_vec();
    trailer.resize(80, b' ');
    trailer.extend(b"END OF TAPE");
    trailer.resize(3200, b' ');
    bytes.extend(&trailer);
    let file = opened(&bytes);
    let names: Vec<String> = file
        .stanzas()
        .into_iter()
        .map(|stanza| stanza.name)
        .collect();
    assert_eq!(names, ["SEG: Location Data ver 1.0", "ACME: Own ver 2"]);
    let stanzas = file.trailer_stanzas().unwrap();
    assert_eq!(stanzas.len(), 1);
    assert_eq!(stanzas[0].body, "END OF TAPE");
    assert_eq!(stanzas[0].bytes.start, file.layout().trailer_start);
    assert!(
        opened(&SegyBuilder::new(3, 9).bytes())
            .trailer_stanzas()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn places_can_be_overruled() {
    // Two records that do not read as text, which nobody announces.
    let builder = SegyBuilder::new(20, 75);
    let mut bytes = builder.file_headers();
    bytes.extend((0..6400).map(|i| (i * 7919 % 251) as u8));
    bytes.extend(&builder.bytes()[3600..]);
    for overrides in [
        LayoutOverrides {
            n_extended_text_headers: Some(2),
            ..LayoutOverrides::default()
        },
        LayoutOverrides {
            first_trace_position: Some(10_000),
            ..LayoutOverrides::default()
        },
    ] {
        let file = open_with(&bytes, &overrides).unwrap();
        assert_eq!(file.layout().data_start.value, 10_000);
        assert_samples(&file, &builder);
        let decided = &file.layout().n_extended_text_headers;
        assert_eq!(
            (decided.value, decided.decided_by.as_str()),
            (2, "given by the user")
        );
    }
    let far = LayoutOverrides {
        first_trace_position: Some(u64::MAX),
        n_additional_trace_headers: Some(u32::MAX),
        trace_length: Some(TraceLength::Varying),
        ..LayoutOverrides::default()
    };
    assert!(open_with(&bytes, &far).is_err());
    let builder = SegyBuilder::new(20, 75)
        .additional_headers(2)
        .binary_i16(3507, 0);
    let overrides = LayoutOverrides {
        n_additional_trace_headers: Some(2),
        ..LayoutOverrides::default()
    };
    let file = open_with(&builder.bytes(), &overrides).unwrap();
    assert_samples(&file, &builder);
}

#[test]
fn what_was_thinkable_is_said() {
    let file = opened(&SegyBuilder::new(20, 75).binary_i16(3221, 91).bytes());
    let beaten = &file.layout().n_samples.alternatives;
    assert_eq!(
        beaten,
        &["91 samples (bytes 3221–3222): no trace headers lie where they would be"]
    );
}
