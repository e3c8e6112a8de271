//! What do the two file headers hold, as bytes and as words?

use super::FILE_HEADERS_BYTES;
use crate::segy::fields_binary::FIRST_BINARY_BYTE;
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind, HeaderValue, SegyError};

/// The textual and the binary file header.
#[derive(Debug)]
pub(super) struct FileHead {
    /// 3200 bytes.
    pub(super) text: Vec<u8>,
    /// 400 bytes.
    pub(super) binary: Vec<u8>,
}

impl FileHead {
    pub(super) fn read(source: &Source) -> Result<Self, SegyError> {
        if source.size_bytes() < FILE_HEADERS_BYTES {
            return Err(SegyError::TooShort {
                needed_bytes: FILE_HEADERS_BYTES,
                found_bytes: source.size_bytes(),
            });
        }
        let text_bytes = TEXTUAL_HEADER_BYTES as u64;
        Ok(Self {
            text: source.read(0..text_bytes)?,
            binary: source.read(text_bytes..FILE_HEADERS_BYTES)?,
        })
    }

    /// The word at `byte` as printed (3201–3600), as an integer; 0 where it is none.
    pub(super) fn int(&self, kind: FieldKind, byte: u16, order: ByteOrder) -> i64 {
        kind.read_i64(&self.binary, byte - (FIRST_BINARY_BYTE - 1), order)
            .unwrap_or(0)
    }

    /// The 64-bit floating-point word at `byte` as printed.
    pub(super) fn float(&self, byte: u16, order: ByteOrder) -> f64 {
        match FieldKind::F64.read(&self.binary, byte - (FIRST_BINARY_BYTE - 1), order) {
            Some(HeaderValue::Float(value)) => value,
            _ => 0.0,
        }
    }
}
