//! Traces of varying length, and damage in the middle of a file: every trace that is whole is found
//! where it lies, what lies between is kept apart, and all bytes are accounted for.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tests"
)]

mod opened;
mod support;

use std::ops::Range;

use opened::{codes, open_with, opened};
use proptest::prelude::*;
use shotpoint::segy::{Gap, LayoutOverrides, LayoutWarning, SegyError, SegyFile, TraceLength};
use support::SegyBuilder;

/// A file of traces with these numbers of samples; binary header and format from `like`.
fn varying(like: &SegyBuilder, lengths: &[usize]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut bytes = like.file_headers();
    let mut traces = Vec::new();
    for (trace_index, &n_samples) in lengths.iter().enumerate() {
        let mut builder = SegyBuilder::new(0, n_samples).format(like.format_code);
        builder.order = like.order;
        builder.n_additional = like.n_additional;
        let mut trace = Vec::new();
        builder.append_trace(trace_index as u64, &mut trace);
        bytes.extend(&trace);
        traces.push(trace);
    }
    (bytes, traces)
}

/// Every trace, by windows of several sizes, equals the one that was written; and all windows of
/// one size are all bytes of the traces' part of the file.
fn assert_traces(file: &SegyFile, bytes: &[u8], expected: &[&[u8]]) {
    let layout = file.layout();
    assert_eq!(layout.n_traces, expected.len() as u64);
    let n = layout.n_traces;
    for step in [1, 3, 64, 100, n.max(1)] {
        let mut position = layout.data_start.value;
        for start in (0..n).step_by(usize::try_from(step).unwrap()) {
            let traces = start..n.min(start + step);
            let window = file.window(traces.clone()).unwrap();
            let range: Range<u64> = window.range();
            assert_eq!(range.start, position);
            position = range.end;
            let whole = &bytes[range.start as usize..range.end as usize];
            assert_eq!(window.bytes(), whole);
            let mut rebuilt: Vec<u8> = Vec::new();
            for i in 0..window.n_traces() {
                let trace_index = window.trace_index(i);
                let at = usize::try_from(trace_index).unwrap();
                assert_eq!(window.trace(i), expected[at], "trace {trace_index}");
                assert_eq!(window.position(i), file.position_of(trace_index).unwrap());
                let n_bytes = window.n_samples(i) * layout.format.value.size_bytes();
                assert_eq!(window.sample_bytes(i).len(), n_bytes);
                rebuilt.extend(window.gap_before(i));
                rebuilt.extend(window.header(i));
                rebuilt.extend(window.additional_headers(i));
                rebuilt.extend(window.sample_bytes(i));
            }
            assert_eq!(rebuilt, whole);
            window.check().unwrap();
        }
        assert_eq!(position, layout.trailer_start);
    }
    file.will_need(0..n);
}

fn slices(traces: &[Vec<u8>]) -> Vec<&[u8]> {
    traces.iter().map(Vec::as_slice).collect()
}

#[test]
fn traces_of_two_lengths_are_read_as_their_headers_say() {
    for first_other in [1, 3, 30, 39] {
        let lengths: Vec<usize> = (0..40)
            .map(|i| if i < first_other { 50 } else { 83 })
            .collect();
        let (bytes, traces) = varying(&SegyBuilder::new(0, 50), &lengths);
        let file = opened(&bytes);
        assert_traces(&file, &bytes, &slices(&traces));
        assert_eq!(codes(&file), ["trace_lengths_vary"]);
        assert_eq!(file.layout().n_samples.value, 83);
        let index = file.layout().geometry.index().unwrap();
        assert_eq!(
            (index.shortest_samples(), index.longest_samples()),
            (50, 83)
        );
    }
}

#[test]
fn lengths_that_change_from_trace_to_trace_are_read() {
    let lengths: Vec<usize> = (0..300).map(|i| 20 + (i * 37) % 61).collect();
    for format in [1, 3, 5, 6, 8] {
        for little in [false, true] {
            for announced in [20, 80, 55] {
                let like = SegyBuilder::new(0, announced)
                    .format(format)
                    .byte_order(little)
                    .binary_i16(3503, 0);
                let (bytes, traces) = varying(&like, &lengths);
                let file = opened(&bytes);
                assert_traces(&file, &bytes, &slices(&traces));
                assert_eq!(file.layout().n_samples.value, 80);
            }
        }
    }
}

#[test]
fn a_single_longer_trace_among_equal_ones_is_read() {
    let lengths: Vec<usize> = (0..500).map(|i| if i == 317 { 1000 } else { 40 }).collect();
    let (bytes, traces) = varying(&SegyBuilder::new(0, 40), &lengths);
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &slices(&traces));
}

#[test]
fn the_32_bit_count_of_the_header_extension_is_used() {
    let lengths = [70_000, 120, 65_536, 40];
    let mut bytes = SegyBuilder::new(0, 120)
        .revision(2, 1)
        .additional_headers(1)
        .format(3)
        .file_headers();
    let mut traces = Vec::new();
    for (i, &n_samples) in lengths.iter().enumerate() {
        let mut builder = SegyBuilder::new(0, n_samples)
            .format(3)
            .additional_headers(1);
        builder.trace_words = true;
        let mut trace = Vec::new();
        builder.append_trace(i as u64, &mut trace);
        trace[240 + 136..240 + 140].copy_from_slice(&(n_samples as u32).to_be_bytes());
        bytes.extend(&trace);
        traces.push(trace);
    }
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &slices(&traces));
    assert_eq!(file.layout().n_samples.value, 70_000);
}

#[test]
fn fixed_and_varying_length_can_be_demanded() {
    let lengths: Vec<usize> = (0..40).map(|i| if i % 2 == 0 { 50 } else { 83 }).collect();
    let (bytes, traces) = varying(&SegyBuilder::new(0, 50), &lengths);
    let demand = |trace_length| LayoutOverrides {
        trace_length: Some(trace_length),
        ..LayoutOverrides::default()
    };
    let file = open_with(&bytes, &demand(TraceLength::Varying)).unwrap();
    assert_traces(&file, &bytes, &slices(&traces));
    let fixed = open_with(&bytes, &demand(TraceLength::Fixed));
    assert!(fixed.is_err() || fixed.unwrap().layout().geometry.is_uniform());
    let lying = SegyBuilder::new(20, 75).header_words(|_, header| {
        header.i16(115, 91);
    });
    let error = open_with(&lying.bytes(), &demand(TraceLength::Varying)).unwrap_err();
    assert!(matches!(error, SegyError::LengthsLeadNowhere), "{error}");
}

#[test]
fn a_trailer_of_text_and_a_cut_last_trace_follow_traces_of_varying_length() {
    let lengths: Vec<usize> = (0..70).map(|i| 30 + i % 7).collect();
    let (mut bytes, traces) = varying(&SegyBuilder::new(0, 30), &lengths);
    let whole = bytes.clone();
    bytes.extend([b' '; 3200]);
    let text = b"((SEG: Trailer ver 1.0)) WORDS";
    let at = bytes.len() - 3200;
    bytes[at..at + text.len()].copy_from_slice(text);
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &slices(&traces));
    assert_eq!(file.layout().trailer_bytes(), at as u64..bytes.len() as u64);

    let cut = &whole[..whole.len() - 21];
    let file = opened(cut);
    assert_traces(&file, cut, &slices(&traces[..69]));
    assert!(
        codes(&file).contains(&"partial_last_trace"),
        "{:?}",
        codes(&file)
    );
}

/// A file of equal traces, and the traces themselves.
fn equal(n_traces: u64, n_samples: usize) -> (Vec<u8>, Vec<Vec<u8>>) {
    let builder = SegyBuilder::new(n_traces, n_samples);
    let traces = (0..n_traces).map(|i| {
        let mut trace = Vec::new();
        builder.append_trace(i, &mut trace);
        trace
    });
    (builder.bytes(), traces.collect())
}

fn without(traces: &[Vec<u8>], lost: Range<usize>) -> Vec<&[u8]> {
    let kept = traces.iter().enumerate();
    kept.filter(|(i, _)| !lost.contains(i))
        .map(|(_, trace)| trace.as_slice())
        .collect()
}

#[test]
fn lost_bytes_cost_one_trace_and_no_more() {
    // 60 traces of 440 bytes.
    for (n_lost, trace) in [(37, 30), (4, 3), (1, 58), (200, 1), (300, 45), (1, 0)] {
        let (mut bytes, traces) = equal(60, 50);
        let at = 3600 + trace * 440 + 250;
        bytes.drain(at..(at + n_lost).min(3600 + (trace + 1) * 440));
        let n_lost = traces.len() * 440 + 3600 - bytes.len();
        let file = opened(&bytes);
        assert_eq!(codes(&file), ["damage_quarantined"], "{n_lost} of {trace}");
        assert_traces(&file, &bytes, &without(&traces, trace..trace + 1));
        let gap = Gap {
            position: 3600 + trace as u64 * 440,
            n_bytes: 440 - n_lost as u64,
            before_trace: trace as u64,
        };
        assert_eq!(file.layout().geometry.gaps(), [gap]);
    }
}

#[test]
fn damage_is_found_where_muted_samples_lie_in_the_headers_place() {
    const STRIDE: usize = 240 + 4 * 300;
    let builder = SegyBuilder::new(120, 300).samples(|trace, sample| {
        if sample < 200 {
            0.0
        } else {
            trace as f64 + 1.5
        }
    });
    let whole = builder.bytes();
    let mut bytes = whole.clone();
    let lost_at = 3600 + 60 * STRIDE + 500;
    bytes.drain(lost_at..lost_at + 277);
    let file = opened(&bytes);
    assert_eq!(codes(&file), ["damage_quarantined"]);
    assert_eq!(file.layout().n_traces, 119);
    let expected: Vec<&[u8]> = whole[3600..]
        .chunks(STRIDE)
        .enumerate()
        .filter(|(i, _)| *i != 60)
        .map(|(_, trace)| trace)
        .collect();
    assert_traces(&file, &bytes, &expected);
}

#[test]
fn whole_traces_lost_with_parts_of_others_are_found_out() {
    let (mut bytes, traces) = equal(60, 50);
    bytes.drain(3600 + 20 * 440 + 300..3600 + 31 * 440 + 300);
    // Eleven whole strides are missing: nothing is displaced, and nobody can know.
    assert_eq!(opened(&bytes).layout().n_traces, 49);
    let (mut bytes, _) = equal(60, 50);
    bytes.drain(3600 + 20 * 440 + 300..3600 + 31 * 440 + 301);
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &without(&traces, 20..32));
}

#[test]
fn added_bytes_at_the_edge_of_a_trace_cost_nothing() {
    for n_added in [1, 2, 8, 440, 1000, 3200] {
        let (mut bytes, traces) = equal(60, 50);
        let at = 3600 + 31 * 440;
        bytes.splice(at..at, vec![0xff; n_added]);
        if n_added == 440 {
            continue; // a whole stride: taken for a trace
        }
        let file = opened(&bytes);
        assert_traces(&file, &bytes, &slices(&traces));
        let gap = Gap {
            position: at as u64,
            n_bytes: n_added as u64,
            before_trace: 31,
        };
        assert_eq!(file.layout().geometry.gaps(), [gap]);
    }
}

#[test]
fn added_bytes_within_the_samples_cost_the_trace() {
    for n_added in [1, 3, 5, 12, 77] {
        let (mut bytes, traces) = equal(60, 50);
        let at = 3600 + 31 * 440 + 240 + 4 * 11;
        bytes.splice(at..at, vec![0xff; n_added]);
        let file = opened(&bytes);
        assert_traces(&file, &bytes, &without(&traces, 31..32));
    }
}

#[test]
fn damage_in_several_places_is_kept_apart_in_each() {
    let (mut bytes, traces) = equal(400, 50);
    let mut kept: Vec<&[u8]> = slices(&traces);
    for trace in [390_usize, 250, 249, 90, 12] {
        let at = 3600 + trace * 440 + 260;
        bytes.drain(at..at + 13);
        kept.remove(trace);
    }
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &kept);
    assert_eq!(file.layout().geometry.gaps().len(), 4);
    let LayoutWarning::DamageQuarantined {
        n_gaps,
        first_position,
        first_before_trace,
        n_bytes,
    } = file.layout().warnings[0]
    else {
        panic!("{:?}", file.layout().warnings)
    };
    assert_eq!((n_gaps, first_before_trace), (4, 12));
    assert_eq!((first_position, n_bytes), (3600 + 12 * 440, 5 * (440 - 13)));
}

#[test]
fn damage_among_traces_of_varying_length_is_kept_apart() {
    let lengths: Vec<usize> = (0..200).map(|i| 60 + (i * 13) % 31).collect();
    let (whole, traces) = varying(&SegyBuilder::new(0, 60), &lengths);
    let start_of = |trace: usize| whole.len() - traces[trace..].iter().map(Vec::len).sum::<usize>();
    let mut bytes = whole.clone();
    let at = start_of(120) + 300;
    bytes.drain(at..at + 25);
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &without(&traces, 120..121));
    // A count that was overwritten leads nowhere; the next header is found all the same.
    let mut bytes = whole.clone();
    let at = start_of(77) + 114;
    bytes[at..at + 2].copy_from_slice(&[0x7f, 0xff]);
    let file = opened(&bytes);
    assert_traces(&file, &bytes, &without(&traces, 77..78));
}

#[test]
fn overwritten_headers_displace_nothing() {
    let (mut bytes, _) = equal(60, 50);
    for trace in 30..33 {
        let at = 3600 + trace * 440;
        for (i, byte) in bytes[at..at + 240].iter_mut().enumerate() {
            *byte = (i * 89 + 7) as u8;
        }
    }
    let file = opened(&bytes);
    assert_eq!(file.layout().n_traces, 60);
    assert!(file.layout().geometry.is_uniform());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is cut out or put in behind the first header, what is read are traces that were
    /// written, in their order. (With bytes in front of it, all headers are displaced alike.)
    #[test]
    fn damage_never_makes_up_traces(
        at in 240_usize..60 * 440,
        n_lost in 0_usize..900,
        added in prop::collection::vec(any::<u8>(), 0..900),
    ) {
        let (mut bytes, traces) = equal(60, 50);
        let at = 3600 + at;
        bytes.splice(at..(at + n_lost).min(3600 + 60 * 440), added);
        let Ok(file) = open_with(&bytes, &LayoutOverrides::default()) else {
            return Ok(());
        };
        let n = file.layout().n_traces;
        let window = file.window(0..n).unwrap();
        let known = |trace: &[u8]| traces.iter().any(|written| written == trace);
        let n_known = (0..window.n_traces()).filter(|&i| known(window.trace(i))).count();
        // A changed trace may stand among them where nothing was displaced, or at the end.
        prop_assert!(n_known + 4 >= window.n_traces(), "{n_known} of {n}, {at} -{n_lost} +{}", bytes.len());
        if file.layout().warnings.is_empty() && file.layout().trailer_bytes().is_empty() {
            prop_assert_eq!((bytes.len() - 3600) % 440, 0);
        }
    }

    #[test]
    fn lengths_of_any_kind_are_read(lengths in prop::collection::vec(1_usize..90, 5..150)) {
        let (bytes, traces) = varying(&SegyBuilder::new(0, 50), &lengths);
        let file = opened(&bytes);
        assert_traces(&file, &bytes, &slices(&traces));
    }
}

#[test]
fn a_header_that_samples_hide_is_still_found_displaced() {
    let (mut bytes, traces) = equal(60, 50);
    bytes.splice(5038..5038 + 569, (0..223).map(|i| (i * 37 + 11) as u8));
    let file = opened(&bytes);
    let window = file.window(0..file.layout().n_traces).unwrap();
    let known = |trace: &[u8]| traces.iter().any(|written| written == trace);
    let n_known = (0..window.n_traces())
        .filter(|&i| known(window.trace(i)))
        .count();
    assert_eq!(n_known, 58);
}
