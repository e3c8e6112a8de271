//! Why do file headers make no sense: are they empty, or do they lie elsewhere?
//!
//! ```text
//! | textual 3200 | binary 400 | traces      as it should be
//! | binary 400 | traces                     the textual header was cut off
//! | 3 | textual 3200 | binary 400 | traces  a text editor put its byte order mark in front
//! ```
//! Asked only where the file would be refused.

use super::head::FileHead;
use super::structure::{self, Structure};
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind, LayoutOverrides, LayoutWarning, SampleFormat, SegyError};

/// Bytes in front of the textual header, bytes of that, and what happened.
const PLACES: [(u64, usize, &str); 2] = [
    (0, 0, "the textual file header of 3 200 bytes is missing"),
    (
        3,
        TEXTUAL_HEADER_BYTES,
        "3 bytes stand in front of the file, as a byte order mark of UTF-8 does",
    ),
];

/// The file headers where they lie, and the structure, if the file bears that out entirely; else the
/// error, or a better one.
pub(super) fn found(
    source: &Source,
    usual: &FileHead,
    overrides: &LayoutOverrides,
    error: SegyError,
) -> Result<(FileHead, Structure), SegyError> {
    if matches!(error, SegyError::Io { .. }) {
        return Err(error);
    }
    let is_unknown = matches!(error, SegyError::UnknownSampleFormat { .. });
    let is_zero = |bytes: &[u8]| bytes.iter().all(|&byte| byte == 0);
    if is_unknown && is_zero(&usual.text) && is_zero(&usual.binary) {
        return Err(SegyError::OnlyZeros {
            n_bytes: usual.end(),
        });
    }
    for (before, text_bytes, reason) in PLACES {
        let Ok(head) = FileHead::read_with(source, before, text_bytes) else {
            continue;
        };
        if !is_one(source, &head)? {
            continue;
        }
        if let Ok(mut structure) = structure::decide(source, &head, overrides)
            && structure.fits_exactly
        {
            let warning = LayoutWarning::FileHeadersDisplaced {
                at: head.end() - 400,
                reason,
            };
            structure.warnings.insert(0, warning);
            return Ok((head, structure));
        }
    }
    Err(error)
}

/// Whether format code, number of samples and interval are ones, and the first trace says the same
/// number.
fn is_one(source: &Source, head: &FileHead) -> Result<bool, SegyError> {
    if head.end() + 240 > source.size_bytes() {
        return Ok(false);
    }
    let trace = source.read(head.end()..head.end() + 240)?;
    Ok([ByteOrder::Big, ByteOrder::Little]
        .into_iter()
        .any(|order| {
            let word = |byte| head.int(FieldKind::U16, byte, order);
            let code = i16::try_from(word(3225)).unwrap_or(0);
            let n_samples = word(3221);
            SampleFormat::from_code(code).is_some()
                && n_samples > 0
                && word(3217) > 0
                && FieldKind::U16.read_i64(&trace, 115, order) == Some(n_samples)
        }))
}
