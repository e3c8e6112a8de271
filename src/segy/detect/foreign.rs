//! Is it another kind of file altogether? Then it is refused by its name.

use super::FILE_HEADERS_BYTES;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::source::Source;
use crate::segy::{ByteOrder, FieldKind, SegyError};
use crate::wording;

/// First bytes of files that are taken for SEG-Y by their name, what they are, and what to do.
#[rustfmt::skip]
const FIRST_BYTES: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "a ZIP archive", "unpack it first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it first"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "export SEG-Y from the program that wrote it"),
    (b"VBS\0", "a ZGY file", "export SEG-Y from the program that wrote it"),
    (b"VDS\0", "a VDS file", "export SEG-Y from the program that wrote it"),
    (b"II*\0", "a TIFF image", "choose the SEG-Y file itself"),
    (b"MM\0*", "a TIFF image", "choose the SEG-Y file itself"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "choose the SEG-Y file itself"),
    (b"%PDF-", "a PDF document", "choose the SEG-Y file itself"),
    (b"<!DOCTYPE", "a web page", "the download failed; fetch the file again"),
    (b"<!doctype", "a web page", "the download failed; fetch the file again"),
    (b"<html", "a web page", "the download failed; fetch the file again"),
    (b"\x55\x3a\x01\x00", "a SEG-2 file", "SEG-2 is not read; convert it to SEG-Y first"),
    (b"\x3a\x55\x00\x01", "a SEG-2 file", "SEG-2 is not read; convert it to SEG-Y first"),
];

/// The format codes of SEG-D, in binary-coded decimals at bytes 3–4.
const SEGD_CODES: [u16; 9] = [
    0x8015, 0x8022, 0x8024, 0x8036, 0x8038, 0x8042, 0x8044, 0x8048, 0x8058,
];

const LFS_POINTER: &[u8] = b"version https://git-lfs";

/// Refuses what its first bytes give away, and what has no file headers.
pub(super) fn refuse_by_first_bytes(source: &Source) -> Result<(), SegyError> {
    let size_bytes = source.size_bytes();
    let first = source.read(0..size_bytes.min(TRACE_HEADER_BYTES as u64))?;
    if first.starts_with(LFS_POINTER) {
        return Err(SegyError::NotSegy {
            what: format!(
                "a Git-LFS pointer of {}",
                wording::things(size_bytes, "byte")
            ),
            remedy: "fetch the real file with `git lfs pull`",
        });
    }
    for (bytes, what, remedy) in FIRST_BYTES {
        if first.starts_with(bytes) {
            return not_segy(*what, remedy);
        }
    }
    match first.get(4..7) {
        Some([b'S', b'D', b'1'..=b'9']) => {
            return not_segy(
                "a SEG-D tape image",
                "SEG-D is not read; convert it to SEG-Y first",
            );
        }
        Some([b'S', b'Y', b'1'..=b'9']) => {
            return not_segy(
                "a tape image with a storage unit label in front",
                "remove the first 128 bytes",
            );
        }
        _ => {}
    }
    if first.len() >= 32 && SEGD_CODES.contains(&word(&first, 3, ByteOrder::Big)) {
        return not_segy(
            "a SEG-D file",
            "SEG-D is not read; convert it to SEG-Y first",
        );
    }
    refuse_passcal(&first, size_bytes)?;
    if size_bytes < FILE_HEADERS_BYTES {
        refuse_seismic_unix(source)?;
    }
    Ok(())
}

/// Refuses a file of Seismic Unix: traces without file headers. Recognised by the number of
/// samples at bytes 115–116, the same in every trace looked at, which gives a whole number of traces.
pub(super) fn refuse_seismic_unix(source: &Source) -> Result<(), SegyError> {
    let size_bytes = source.size_bytes();
    let header_bytes = TRACE_HEADER_BYTES as u64;
    if size_bytes < header_bytes {
        return Ok(());
    }
    let header = |position: u64| source.read(position..position + header_bytes);
    let first = header(0)?;
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let n_samples = word(&first, 115, order);
        let stride = header_bytes + 4 * u64::from(n_samples);
        if n_samples == 0 || !size_bytes.is_multiple_of(stride) {
            continue;
        }
        let n_traces = size_bytes / stride;
        let mut agree = true;
        for trace_index in [1, 2, n_traces / 2, n_traces - 1] {
            if trace_index < n_traces {
                let word = word(&header(trace_index * stride)?, 115, order);
                agree &= word == n_samples;
            }
        }
        if agree {
            let what = format!(
                "a Seismic Unix file of {} of {}, {}, without file headers",
                wording::things(n_traces, "trace"),
                wording::things(u64::from(n_samples), "sample"),
                order.label()
            );
            return not_segy(
                what,
                "such files are not read yet; write SEG-Y with `segywrite`",
            );
        }
    }
    Ok(())
}

/// Refuses a trace of the PASSCAL instruments: one trace, no file headers, its length at bytes 229–232.
fn refuse_passcal(first: &[u8], size_bytes: u64) -> Result<(), SegyError> {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let n_samples = FieldKind::I32.read_i64(first, 229, order).unwrap_or(0);
        let sample_bytes = match word(first, 207, order) {
            0 => 2,
            1 => 4,
            _ => continue,
        };
        let Ok(n_samples) = u64::try_from(n_samples) else {
            continue;
        };
        if n_samples > 0 && size_bytes == TRACE_HEADER_BYTES as u64 + n_samples * sample_bytes {
            return not_segy(
                format!(
                    "a PASSCAL trace of {}, {}, without file headers",
                    wording::things(n_samples, "sample"),
                    order.label()
                ),
                "such files are not read; convert it to SEG-Y first",
            );
        }
    }
    Ok(())
}

fn not_segy(what: impl Into<String>, remedy: &'static str) -> Result<(), SegyError> {
    Err(SegyError::NotSegy {
        what: what.into(),
        remedy,
    })
}

/// The 16-bit word at `byte` (from 1); 0 where there is none.
fn word(header: &[u8], byte: u16, order: ByteOrder) -> u16 {
    let word = FieldKind::U16.read_i64(header, byte, order);
    word.and_then(|word| u16::try_from(word).ok()).unwrap_or(0)
}
