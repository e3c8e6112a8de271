//! Cut, mangled and foreign files: a clear refusal or a reading with warnings, never a panic, never
//! an allocation by a count that the file only claims.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

mod support;

use std::path::Path;

use proptest::prelude::*;
use shotpoint::segy::{LayoutOverrides, SegyError, SegyFile};
use support::{Extended, SegyBuilder, Text};

fn open_bytes(folder: &Path, bytes: &[u8]) -> Result<SegyFile, SegyError> {
    // A fresh file each time: some file systems flush one that is written over.
    let path = folder.join("a.sgy");
    if path.exists() {
        std::fs::remove_file(&path).unwrap();
    }
    std::fs::write(&path, bytes).unwrap();
    SegyFile::open(&path, &LayoutOverrides::default())
}

/// What is claimed of an opened file lies within it, and all traces can be read.
fn assert_sound(file: &SegyFile) {
    let layout = file.layout();
    assert!(layout.n_traces >= 1);
    let end = layout.trailer_start;
    if layout.geometry.is_uniform() {
        let by_stride = layout.data_start.value + layout.n_traces * layout.trace_stride_bytes;
        assert_eq!(end, by_stride);
    }
    assert!(layout.trailer_start <= layout.file_size_bytes);
    let window = file.window(0..layout.n_traces).unwrap();
    assert_eq!(window.bytes().len() as u64, end - layout.data_start.value);
    window.check().unwrap();
}

#[test]
fn every_prefix_of_a_small_file_is_refused_or_read_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    for builder in [
        SegyBuilder::new(3, 5),
        SegyBuilder::new(3, 5)
            .text(Text::Ascii)
            .little_endian()
            .extended(Extended::EndText, &["C 1 WORDS"]),
        SegyBuilder::new(3, 5)
            .revision(2, 1)
            .additional_headers(1)
            .extended(Extended::Declared, &["C 1 WORDS"]),
    ] {
        let whole = builder.bytes();
        let stride = builder.stride_bytes();
        // All lengths around the file headers and from the first trace on, some of the others.
        let data_start = builder.data_start();
        let wanted = |len: &usize| {
            let near_headers = (3590..3900).contains(len);
            *len < 4 || len.is_multiple_of(97) || near_headers || *len >= data_start
        };
        for len in (0..whole.len()).filter(wanted) {
            match open_bytes(folder.path(), &whole[..len]) {
                Ok(file) => {
                    assert_sound(&file);
                    if len < data_start + stride {
                        // A cut that makes another reading fit exactly cannot be known, only doubted.
                        assert!(!file.layout().warnings.is_empty(), "{len} bytes: {file:?}");
                        continue;
                    }
                    let n_whole = (len - data_start) / stride;
                    assert_eq!(file.layout().n_traces, n_whole as u64, "{len} bytes");
                    let is_whole = (len - data_start).is_multiple_of(stride);
                    let silent = file.layout().warnings.is_empty();
                    assert_eq!(
                        silent,
                        is_whole,
                        "{len} bytes: {:?}",
                        file.layout().warnings
                    );
                }
                Err(error) => {
                    assert!(len < data_start + stride, "{len} bytes: {error}");
                    assert!(error.is_user_fixable(), "{error}");
                }
            }
        }
    }
}

fn message(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    open_bytes(folder.path(), bytes).unwrap_err().to_string()
}

#[test]
fn other_kinds_of_files_are_named() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12\n";
    assert!(
        message(pointer).contains("a Git-LFS pointer of 67 bytes"),
        "{}",
        message(pointer)
    );
    assert!(message(b"").contains("0 bytes"));
    assert!(message(&[b'x'; 100]).contains("100 bytes, fewer than the 3 600"));
    let with_start = |start: &[u8]| {
        let mut bytes = vec![0x11; 5000];
        bytes[..start.len()].copy_from_slice(start);
        message(&bytes)
    };
    assert!(with_start(b"PK\x03\x04").contains("a ZIP archive"));
    assert!(with_start(b"\x55\x3a\x01\x00").contains("a SEG-2 file"));
    assert!(with_start(b"\x00\x01\x80\x58").contains("a SEG-D file"));
    assert!(with_start(b"   1SD1.0").contains("a SEG-D tape image"));
    assert!(with_start(b"<!DOCTYPE html>").contains("a web page"));
}

#[test]
fn passcal_files_are_named() {
    for little in [false, true] {
        let passcal = SegyBuilder::new(1, 9000)
            .format(2)
            .byte_order(little)
            .header_words(|_, header| {
                header.i16(207, 1).i32(229, 9000);
            });
        let found = message(&passcal.bytes()[3600..]);
        assert!(
            found.contains("a PASSCAL trace of 9 000 samples"),
            "{found}"
        );
    }
}

#[test]
fn tape_images_and_archives_are_named() {
    let segy = SegyBuilder::new(3, 50).bytes();
    let (text, binary) = (&segy[..3200], &segy[3200..3600]);
    let records = |mark: fn(u32) -> [u8; 4]| {
        let mut image = Vec::new();
        for record in [text, binary] {
            image.extend(mark(record.len() as u32));
            image.extend(record);
            image.extend(mark(record.len() as u32));
        }
        message(&image)
    };
    assert!(records(u32::to_le_bytes).contains("a tape image (SIMH"));
    assert!(records(u32::to_be_bytes).contains("a file of Fortran records"));
    let mut tif = vec![0; 8];
    tif.extend(3212_u32.to_le_bytes());
    tif.extend(&segy);
    assert!(message(&tif).contains("a tape image (TIF)"));
    let mut tif8 = vec![0; 12];
    tif8.extend(3220_u64.to_le_bytes());
    tif8.extend(&segy);
    assert!(message(&tif8).contains("a tape image (TIF8)"));
    let mut tar = b"line12.sgy".to_vec();
    tar.resize(257, 0);
    tar.extend(b"ustar\x0000");
    tar.resize(512, 0);
    tar.extend(&segy);
    let found = message(&tar);
    assert!(found.contains("a tar archive") && found.contains("unpack it first"));
    assert!(message(b"\x1f\x8b\x08\x00 gzip").contains("unpack it first"));
    assert!(message(b"~VERSION INFORMATION\n VERS. 2.0").contains("a LAS file"));
    assert!(message(b"   1V1.00RECORD 8192").contains("a DLIS file"));
}

#[test]
fn folders_and_missing_files_are_refused_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let overrides = LayoutOverrides::default();
    let error = SegyFile::open(folder.path(), &overrides).unwrap_err();
    assert!(matches!(error, SegyError::NotAFile { .. }), "{error}");
    let error = SegyFile::open(&folder.path().join("none.sgy"), &overrides).unwrap_err();
    assert!(matches!(error, SegyError::Io { .. }), "{error}");
    assert!(error.is_user_fixable());
}

#[test]
fn what_cannot_be_known_is_refused_with_the_option_that_would_help() {
    let refused = |builder: SegyBuilder| message(&builder.bytes());
    let found = refused(SegyBuilder::new(5, 9).binary_i16(3225, 99));
    assert!(
        found.contains("reads 99 big-endian and 25344 little-endian"),
        "{found}"
    );
    assert!(found.contains("--format"));
    let found = refused(SegyBuilder::new(5, 9).binary_i16(3225, 4));
    assert!(found.contains("fixed point with gain"), "{found}");
    let no_count = SegyBuilder::new(5, 9)
        .without_trace_words()
        .binary_i16(3221, 0);
    let found = refused(no_count);
    assert!(found.contains("--samples"), "{found}");
    let found = refused(SegyBuilder::new(0, 9));
    assert!(found.contains("0 bytes follow the file headers"), "{found}");
    // No word is right, and nothing confirms what they say.
    let lying = SegyBuilder::new(40, 75)
        .without_trace_words()
        .samples(|trace, sample| ((trace * 7919 + sample as u64 * 104_729) % 1009) as f64 + 0.37)
        .binary_i16(3221, 301);
    let found = refused(lying);
    assert!(
        found.contains("301 samples per trace") && found.contains("--samples"),
        "{found}"
    );
}

#[test]
fn user_options_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = SegyBuilder::new(5, 9).write(folder.path(), "a.sgy");
    let open = |overrides: LayoutOverrides| SegyFile::open(&path, &overrides).unwrap_err();
    let error = open(LayoutOverrides {
        format_code: Some(13),
        ..LayoutOverrides::default()
    });
    assert!(
        matches!(error, SegyError::NoSuchSampleFormat { code: 13 }),
        "{error}"
    );
    let error = open(LayoutOverrides {
        byte_order: Some(shotpoint::segy::ByteOrder::Little),
        ..LayoutOverrides::default()
    });
    assert!(
        matches!(error, SegyError::ByteOrderContradicted { .. }),
        "{error}"
    );
    for n_samples in [0, u32::MAX] {
        let error = open(LayoutOverrides {
            n_samples: Some(n_samples),
            ..LayoutOverrides::default()
        });
        assert!(error.is_user_fixable(), "{error}");
    }
}

#[test]
fn huge_counts_are_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    for builder in [
        SegyBuilder::new(5, 9)
            .revision(2, 0)
            .binary_i32(3269, i32::MAX),
        SegyBuilder::new(5, 9)
            .revision(2, 1)
            .binary_i16(3507, i16::MAX),
        SegyBuilder::new(5, 9)
            .revision(2, 0)
            .binary_i32(3507, i32::MAX),
        SegyBuilder::new(5, 9).binary_i16(3505, i16::MAX),
        SegyBuilder::new(5, 9).binary_i16(3505, i16::MIN),
        SegyBuilder::new(5, 9)
            .revision(2, 0)
            .binary_bytes(3513, &[0x7f; 8]),
        SegyBuilder::new(5, 9)
            .revision(2, 0)
            .binary_bytes(3521, &[0x7f; 8]),
        SegyBuilder::new(5, 9)
            .revision(2, 0)
            .binary_bytes(3529, &[0x7f; 4]),
        SegyBuilder::new(5, 9)
            .revision(2, 0)
            .binary_bytes(3529, &[0xff; 4]),
    ] {
        let file = open_bytes(folder.path(), &builder.bytes()).unwrap();
        assert_sound(&file);
        assert_eq!(
            (file.layout().n_traces, file.layout().n_samples.value),
            (5, 9)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(content in prop::collection::vec(any::<u8>(), 0..9000)) {
        let folder = tempfile::tempdir().unwrap();
        if let Ok(file) = open_bytes(folder.path(), &content) {
            assert_sound(&file);
        }
    }

    #[test]
    fn mangled_headers_never_panic(
        places in prop::collection::vec((3200_usize..3900, any::<u8>()), 1..12),
        revision in 0_u8..=2,
        cut in 0_usize..600,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = SegyBuilder::new(9, 33).revision(revision, 0).bytes();
        for (place, value) in places {
            bytes[place] = value;
        }
        bytes.truncate(bytes.len() - cut);
        if let Ok(file) = open_bytes(folder.path(), &bytes) {
            assert_sound(&file);
        }
    }
}
