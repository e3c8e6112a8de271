//! Where does the first trace begin, when bytes that nobody declared lie in front of it, or some of
//! the file headers are missing? And what does damage near the first trace cost?

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use std::path::Path;

use shotpoint::import::{ImportOptions, Mapping, ScanDepth, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::{Layout, LayoutOverrides, LayoutWarning, SegyFile};
use support::{Extended, SegyBuilder, Text};

/// Bytes that follow no pattern.
fn noise(n_bytes: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[3]
    };
    (0..n_bytes).map(|_| next()).collect()
}

fn write(folder: &Path, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join("made.sgy");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn layout_of(bytes: &[u8]) -> Layout {
    let folder = made_files::folder();
    let path = write(folder.path(), bytes);
    let layout = |depth| {
        let context = JobContext::default();
        scan(&path, &LayoutOverrides::default(), depth, &context)
            .unwrap()
            .layout
    };
    let quick = layout(ScanDepth::Quick);
    assert_eq!(quick, layout(ScanDepth::Full), "quick and full scan differ");
    quick
}

fn codes(layout: &Layout) -> Vec<&'static str> {
    layout.warnings.iter().map(LayoutWarning::code).collect()
}

fn with_stray(builder: &SegyBuilder, stray: &[u8]) -> Vec<u8> {
    let mut bytes = builder.bytes();
    let start = builder.data_start();
    bytes.splice(start..start, stray.iter().copied());
    bytes
}

fn builders() -> Vec<(&'static str, SegyBuilder)> {
    let made = || SegyBuilder::new(30, 75);
    vec![
        ("plain", made()),
        ("little", made().little_endian().format(5)),
        ("integers", made().format(3)),
        ("three bytes", made().format(7)),
        (
            "text headers",
            made().extended(Extended::Declared, &["((SEG: A ver 1.0))", ""]),
        ),
        ("additional", made().revision(2, 1).additional_headers(2)),
        ("revision 0", made().revision(0, 0).text(Text::Ascii)),
        (
            "varying",
            made().lengths(|trace| 60 + usize::try_from(trace * 37 % 41).unwrap()),
        ),
        ("trailer", made().trailer(&noise(700))),
        ("cut off", made().partial_last_trace(300)),
        ("numbers only", made().without_trace_words()),
        ("constant samples", made().samples(|_, _| 75.0).format(3)),
        ("one trace", SegyBuilder::new(1, 75)),
        ("counts like its interval", made().interval_micros(75)),
    ]
}

#[test]
fn stray_bytes_before_the_first_trace_are_passed_over() {
    for (name, builder) in builders() {
        for n_bytes in [1, 2, 4, 7, 100, 512, 5000] {
            for stray in [noise(n_bytes), vec![0; n_bytes]] {
                let what = format!("{name}, {n_bytes} bytes, of them {}", stray[0]);
                let layout = layout_of(&with_stray(&builder, &stray));
                let start = (builder.data_start() + n_bytes) as u64;
                assert_eq!(
                    layout.data_start.value,
                    start,
                    "{what}: {:?}",
                    codes(&layout)
                );
                assert_eq!(layout.n_traces, builder.n_traces, "{what}");
                assert!(codes(&layout).contains(&"first_trace_displaced"), "{what}");
                assert_eq!(
                    layout.n_extended_text_headers.value as usize,
                    builder.extended_headers.len(),
                    "{what}"
                );
                let evidence = &layout.data_start;
                assert!(
                    evidence.decided_by.contains("trace headers"),
                    "{evidence:?}"
                );
                assert!(!evidence.alternatives.is_empty());
            }
        }
    }
}

#[test]
fn whole_traces_of_noise_in_front_are_no_traces() {
    let builder = SegyBuilder::new(30, 75);
    for n_traces in [1, 3] {
        let n_bytes = builder.stride_bytes() * n_traces;
        let layout = layout_of(&with_stray(&builder, &noise(n_bytes)));
        assert_eq!(layout.n_traces, 30);
        assert_eq!(layout.data_start.value, (3600 + n_bytes) as u64);
    }
}

#[test]
fn headers_that_lost_their_end_are_read_as_far_as_they_go() {
    for (name, builder) in builders() {
        for n_bytes in [1, 2, 4, 7, 90, 150] {
            let is_lost_too = builder.n_additional > 0 || name == "constant samples";
            if n_bytes > 90 && is_lost_too {
                continue; // the words that say more are among what is lost
            }
            let what = format!("{name}, {n_bytes} bytes");
            let mut bytes = builder.bytes();
            let start = builder.data_start();
            bytes.drain(start - n_bytes..start);
            let layout = layout_of(&bytes);
            assert_eq!(
                layout.data_start.value,
                (start - n_bytes) as u64,
                "{what}: {:?}",
                codes(&layout)
            );
            assert_eq!(layout.n_traces, builder.n_traces, "{what}");
        }
    }
}

#[test]
fn what_is_stray_comes_back_byte_for_byte() {
    let folder = made_files::folder();
    for (name, builder) in builders() {
        let mut lost = builder.bytes();
        lost.drain(builder.data_start() - 9..builder.data_start());
        for bytes in [with_stray(&builder, &noise(777)), lost] {
            let path = write(folder.path(), &bytes);
            let options = ImportOptions {
                overwrite: true,
                ..ImportOptions::default()
            };
            let report = made_files::imported(&path, &Mapping::default(), &options);
            assert!(made_files::exported(&report) == bytes, "{name}");
        }
    }
}

#[test]
fn what_the_user_says_is_not_asked_again() {
    let folder = made_files::folder();
    let path = write(
        folder.path(),
        &with_stray(&SegyBuilder::new(30, 75), &noise(7)),
    );
    let told = LayoutOverrides {
        first_trace_position: Some(3600),
        ..LayoutOverrides::default()
    };
    let file = SegyFile::open(&path, &told).unwrap();
    assert_eq!(file.layout().data_start.value, 3600);
    assert_eq!(file.layout().data_start.decided_by, "given by the user");
}

#[test]
fn files_without_stray_bytes_are_read_as_ever() {
    for (name, builder) in builders() {
        let layout = layout_of(&builder.bytes());
        assert_eq!(
            layout.data_start.value,
            builder.data_start() as u64,
            "{name}"
        );
        assert_eq!(layout.n_traces, builder.n_traces, "{name}");
        assert!(!codes(&layout).contains(&"first_trace_displaced"), "{name}");
    }
}
