#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;

/// Headers with these 32-bit words, by trace.
fn sample(n: i32, words: impl Fn(i32) -> Vec<(usize, i32)>) -> HeaderSample {
    let headers: Vec<[u8; TRACE_HEADER_BYTES]> = (0..n)
        .map(|trace| {
            let mut header = [0; TRACE_HEADER_BYTES];
            for (byte, value) in words(trace) {
                header[byte - 1..byte + 3].copy_from_slice(&value.to_be_bytes());
            }
            header
        })
        .collect();
    HeaderSample::of_headers(&headers)
}

fn suggested(sample: &HeaderSample, text: &[&str], role: Role) -> Option<(u16, FieldKind, bool)> {
    let lines: Vec<String> = text.iter().map(|&line| line.to_owned()).collect();
    let found = find_roles(sample, &lines);
    let found = found
        .roles
        .into_iter()
        .find(|found| found.role == role)
        .unwrap();
    let column = found.suggested?;
    Some((column.byte, column.kind, found.moved))
}

/// Lines of 20 crosslines at two places, coordinates of a turned grid at two more.
fn volume(inline: usize, crossline: usize, x: usize, y: usize) -> HeaderSample {
    sample(300, |i| {
        let (a, b) = (i / 20, i % 20);
        vec![
            (inline, 100 + a * 2),
            (crossline, 500 + b),
            (x, 40_000_000 + a * 1250 - b * 700),
            (y, 600_000_000 + a * 700 + b * 1250),
        ]
    })
}

#[test]
fn the_standards_places_stand() {
    let volume = volume(189, 193, 181, 185);
    // Copied text must not move what is right.
    let lying = ["C 1 INLINE BYTES 5-8  CROSSLINE BYTES 21-24"];
    for text in [&[][..], &lying] {
        assert_eq!(
            suggested(&volume, text, Role::Inline),
            Some((189, FieldKind::I32, false))
        );
        assert_eq!(
            suggested(&volume, text, Role::CdpY),
            Some((185, FieldKind::I32, false))
        );
    }
}

#[test]
fn conventions_are_found_by_the_data_alone() {
    for [inline, crossline, x, y] in [
        [5, 21, 73, 77],
        [9, 21, 73, 77],
        [181, 185, 189, 193],
        [221, 225, 181, 185],
    ] {
        let volume = volume(inline, crossline, x, y);
        let found = [Role::Inline, Role::Crossline, Role::CdpX, Role::CdpY]
            .map(|role| suggested(&volume, &[], role).map(|(byte, ..)| usize::from(byte)));
        assert_eq!(found, [inline, crossline, x, y].map(Some));
    }
}

#[test]
fn the_text_helps_where_no_convention_does() {
    let volume = volume(229, 233, 205, 209);
    let text = [
        "C 5 INLINE BYTES 229-232 XLINE BYTES 233-236",
        "C 6 CDP X 205-208 CDP Y 209-212",
    ];
    let found = [Role::Inline, Role::Crossline, Role::CdpX, Role::CdpY]
        .map(|role| suggested(&volume, &text, role).map(|(byte, ..)| byte));
    assert_eq!(found, [Some(229), Some(233), Some(205), Some(209)]);
    let lying = ["C 5 INLINE BYTES 17-20 XLINE BYTES 25-28"];
    let (byte, _, moved) =
        suggested(&volume, &lying, Role::Inline).unwrap_or((0, FieldKind::I32, false));
    assert!(byte != 17, "moved to {byte}: {moved}");
}

#[test]
fn shots_and_channels_are_no_lines() {
    let shots = sample(480, |i| {
        let (shot, channel) = (i / 120, i % 120);
        vec![
            (9, 101 + shot),
            (13, 1 + channel),
            (21, 200 + shot * 2 + channel),
            (37, 100 + channel * 25),
            (73, 1000 + shot * 50),
            (81, 1100 + shot * 50 + channel * 25),
        ]
    });
    assert_eq!(suggested(&shots, &[], Role::Inline), None);
    assert_eq!(suggested(&shots, &[], Role::Crossline), None);
    assert_eq!(
        suggested(&shots, &[], Role::FieldRecord),
        Some((9, FieldKind::I32, false))
    );
    assert_eq!(
        suggested(&shots, &[], Role::Offset),
        Some((37, FieldKind::I32, false))
    );
}

#[test]
fn an_offset_elsewhere_is_found_by_the_coordinates() {
    let shots = sample(240, |i| {
        let (shot, channel) = (i / 24, i % 24);
        vec![
            (9, 1 + shot),
            (13, 1 + channel),
            (73, 1000 + shot * 50),
            (81, 1100 + shot * 50 + channel * 25),
            (221, 100 + channel * 25),
        ]
    });
    assert_eq!(
        suggested(&shots, &[], Role::Offset),
        Some((221, FieldKind::I32, true))
    );
}

#[test]
fn coordinates_may_be_floats() {
    let volume = sample(300, |i| {
        let (a, b) = (
            f32::from(i16::try_from(i / 20).unwrap()),
            f32::from(i16::try_from(i % 20).unwrap()),
        );
        let word = |value: f32| value.to_bits().cast_signed();
        vec![
            (189, 10 + i / 20),
            (193, 1 + i % 20),
            (181, word(431_000.0 + a * 12.5 - b * 7.0)),
            (185, word(6_470_000.0 + a * 7.0 + b * 12.5)),
        ]
    });
    assert_eq!(
        suggested(&volume, &[], Role::CdpX),
        Some((181, FieldKind::F32, true))
    );
    assert_eq!(
        suggested(&volume, &[], Role::CdpY),
        Some((185, FieldKind::F32, true))
    );
}

#[test]
fn kingdoms_start_time_needs_its_words() {
    let with_lag = sample(100, |i| {
        vec![(189, i / 10), (193, i % 10), (105, 500 << 16)]
    });
    assert_eq!(suggested(&with_lag, &[], Role::Delay), None);
    let text = ["C 1 WRITTEN BY KINGDOM SUITE"];
    assert_eq!(
        suggested(&with_lag, &text, Role::Delay),
        Some((105, FieldKind::I16, true))
    );
}
