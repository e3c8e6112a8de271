//! Which number does each sample's bytes stand for, and back? (r2.0 §5, bytes 3225–3226)

use super::{ByteOrder, SegyError};
use crate::samples::{NumberType, Samples};

/// The standard's data sample format codes. Code 4 (fixed point with gain) is named but refused:
/// its meaning is unsettled among makers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say all")]
pub enum SampleFormat {
    Ibm32,
    Int32,
    Int16,
    FixedPointWithGain,
    Ieee32,
    Ieee64,
    Int24,
    Int8,
    Int64,
    Uint32,
    Uint16,
    Uint64,
    Uint24,
    Uint8,
}

impl SampleFormat {
    /// The format of a code; `None` where the standard has no such code.
    pub fn from_code(code: i16) -> Option<Self> {
        let _ = code;
        todo!()
    }

    /// The code in the binary file header.
    pub fn code(self) -> i16 {
        todo!()
    }

    /// Bytes of one sample in the file.
    pub fn size_bytes(self) -> usize {
        todo!()
    }

    /// The type in which samples live outside of the file.
    pub fn number_type(self) -> NumberType {
        todo!()
    }

    /// The format's name for people: "IBM float, 4 bytes".
    pub fn label(self) -> &'static str {
        todo!()
    }
}

/// Decodes all of `bytes` into `samples`, whose length and type must fit
/// (`bytes.len() / format.size_bytes()`, `format.number_type()`).
///
/// # Errors
/// `SegyError::UnsupportedSampleFormat` for code 4, and where the lengths or types do not fit.
pub fn decode(
    format: SampleFormat,
    order: ByteOrder,
    bytes: &[u8],
    samples: &mut Samples,
) -> Result<(), SegyError> {
    let _ = (format, order, bytes, samples);
    todo!()
}

/// Decodes all of `bytes` for the eye: appended to `out` as `f32`, whatever the format.
///
/// # Errors
/// As [`decode`].
pub fn decode_f32(
    format: SampleFormat,
    order: ByteOrder,
    bytes: &[u8],
    out: &mut Vec<f32>,
) -> Result<(), SegyError> {
    let _ = (format, order, bytes, out);
    todo!()
}

/// Encodes `samples` into `bytes` (cleared first): the exact inverse of [`decode`], but for IBM words
/// that are not normalised or have no counterpart in `f32`; those the importer keeps apart.
///
/// # Errors
/// As [`decode`].
pub fn encode(
    format: SampleFormat,
    order: ByteOrder,
    samples: &Samples,
    bytes: &mut Vec<u8>,
) -> Result<(), SegyError> {
    let _ = (format, order, samples, bytes);
    todo!()
}
