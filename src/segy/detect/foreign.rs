//! Is it another kind of file altogether? Then it is refused by its name.

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
    (b"~V", "a LAS file of well logs", "choose the SEG-Y file itself"),
    (b"~v", "a LAS file of well logs", "choose the SEG-Y file itself"),
    (b"<?xml", "an XML document", "choose the SEG-Y file itself"),
    (b"\xff\xd8\xff", "a JPEG image", "choose the SEG-Y file itself"),
    (b"\x04\x22\x4d\x18", "an LZ4 archive", "unpack it first"),
    (b"\x1f\x9d", "an archive of compress", "unpack it first"),
    (b"SQLite format 3\0", "a database", "choose the SEG-Y file itself"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program", "choose the SEG-Y file itself"),
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
        Some([b'V', b'1', b'.']) => {
            return not_segy("a DLIS file of well logs", "choose the SEG-Y file itself");
        }
        _ => {}
    }
    refuse_tape_image(source, &first)?;
    if is_tar(source)? {
        return not_segy("a tar archive", "unpack it first");
    }
    if first.len() >= 32 && SEGD_CODES.contains(&word(&first, 3, ByteOrder::Big)) {
        return not_segy(
            "a SEG-D file",
            "SEG-D is not read; convert it to SEG-Y first",
        );
    }
    refuse_passcal(&first, size_bytes)
}

/// Refuses what a tape was copied into record by record, with lengths between the records: the
/// first of them is the textual header, so that its length and the next mark are known.
fn refuse_tape_image(source: &Source, first: &[u8]) -> Result<(), SegyError> {
    /// Bytes of the textual header.
    const RECORD: u64 = 3200;
    /// Of a TIF mark, and of one with 64-bit positions.
    const TIF: u64 = 12;
    const TIF8: u64 = 20;

    let int = |bytes: &[u8], byte, kind: FieldKind, order| kind.read_i64(bytes, byte, order);
    let at = |position: u64| -> Result<Vec<u8>, SegyError> {
        let end = position.saturating_add(TIF8);
        if end > source.size_bytes() {
            return Ok(Vec::new());
        }
        source.read(position..end)
    };
    let record = i64::try_from(RECORD).ok();
    for order in [ByteOrder::Little, ByteOrder::Big] {
        if int(first, 1, FieldKind::U32, order) == record
            && int(&at(RECORD + 4)?, 1, FieldKind::U32, order) == record
        {
            let what = match order {
                ByteOrder::Little => "a tape image (SIMH, or records of Fortran)",
                ByteOrder::Big | ByteOrder::PairSwapped => "a file of Fortran records",
            };
            return not_segy(what, "take the lengths between the records out first");
        }
    }
    let starts_with_zeros = |n: usize| first.iter().take(n).all(|&byte| byte == 0);
    let little = ByteOrder::Little;
    let next = i64::try_from(TIF + RECORD).ok();
    if starts_with_zeros(8) && int(first, 9, FieldKind::U32, little) == next {
        return not_segy(
            "a tape image (TIF)",
            "take the marks between the records out first",
        );
    }
    let next = i64::try_from(TIF8 + RECORD).ok();
    if starts_with_zeros(12) && int(first, 13, FieldKind::I64, little) == next {
        return not_segy(
            "a tape image (TIF8)",
            "take the marks between the records out first",
        );
    }
    Ok(())
}

/// Whether the first block is that of a tar archive. (POSIX ustar, byte 258)
fn is_tar(source: &Source) -> Result<bool, SegyError> {
    const MAGIC: std::ops::Range<u64> = 257..262;
    Ok(source.size_bytes() > 512 && source.read(MAGIC)? == b"ustar")
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
