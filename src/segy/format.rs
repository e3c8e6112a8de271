//! Which number does each sample's bytes stand for? The codes of the standard. (r2.0 §5, bytes 3225–3226)

use super::ByteOrder;
use crate::samples::NumberType;

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

/// What is known of a format.
struct FormatFacts {
    format: SampleFormat,
    code: i16,
    size_bytes: usize,
    number_type: NumberType,
    label: &'static str,
}

/// One row.
const fn row(
    code: i16,
    format: SampleFormat,
    size_bytes: usize,
    number_type: NumberType,
    label: &'static str,
) -> FormatFacts {
    FormatFacts {
        format,
        code,
        size_bytes,
        number_type,
        label,
    }
}

/// All codes of the standard, in the order of the enum.
#[rustfmt::skip]
const FORMATS: [FormatFacts; 14] = [
    row( 1, SampleFormat::Ibm32,  4, NumberType::Float32, "IBM float, 4 bytes"),
    row( 2, SampleFormat::Int32,  4, NumberType::Int32,   "integer, 4 bytes"),
    row( 3, SampleFormat::Int16,  2, NumberType::Int16,   "integer, 2 bytes"),
    row( 4, SampleFormat::FixedPointWithGain, 4, NumberType::Float32, "fixed point with gain, 4 bytes"),
    row( 5, SampleFormat::Ieee32, 4, NumberType::Float32, "IEEE float, 4 bytes"),
    row( 6, SampleFormat::Ieee64, 8, NumberType::Float64, "IEEE float, 8 bytes"),
    row( 7, SampleFormat::Int24,  3, NumberType::Int32,   "integer, 3 bytes"),
    row( 8, SampleFormat::Int8,   1, NumberType::Int8,    "integer, 1 byte"),
    row( 9, SampleFormat::Int64,  8, NumberType::Int64,   "integer, 8 bytes"),
    row(10, SampleFormat::Uint32, 4, NumberType::Uint32,  "unsigned integer, 4 bytes"),
    row(11, SampleFormat::Uint16, 2, NumberType::Uint16,  "unsigned integer, 2 bytes"),
    row(12, SampleFormat::Uint64, 8, NumberType::Uint64,  "unsigned integer, 8 bytes"),
    row(15, SampleFormat::Uint24, 3, NumberType::Uint32,  "unsigned integer, 3 bytes"),
    row(16, SampleFormat::Uint8,  1, NumberType::Uint8,   "unsigned integer, 1 byte"),
];

impl SampleFormat {
    /// Every format of the standard, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|facts| facts.format)
    }

    /// The format of a code; `None` where the standard has no such code.
    pub fn from_code(code: i16) -> Option<Self> {
        FORMATS
            .iter()
            .find(|facts| facts.code == code)
            .map(|facts| facts.format)
    }

    /// The code in the binary file header.
    pub fn code(self) -> i16 {
        self.facts().code
    }

    /// Bytes of one sample in the file.
    pub fn size_bytes(self) -> usize {
        self.facts().size_bytes
    }

    /// The type in which samples live outside of the file.
    pub fn number_type(self) -> NumberType {
        self.facts().number_type
    }

    /// The format's name for people: "IBM float, 4 bytes".
    pub fn label(self) -> &'static str {
        self.facts().label
    }

    /// The row of the table; rows stand in the order of the enum, which a test holds.
    fn facts(self) -> &'static FormatFacts {
        &FORMATS[self as usize]
    }
}

/// The byte order of this machine.
pub(super) const NATIVE_ORDER: ByteOrder = if cfg!(target_endian = "big") {
    ByteOrder::Big
} else {
    ByteOrder::Little
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        for (i, facts) in FORMATS.iter().enumerate() {
            assert_eq!(facts.format as usize, i);
            assert_eq!(SampleFormat::from_code(facts.code), Some(facts.format));
            assert_eq!(facts.format.code(), facts.code);
        }
        for code in [i16::MIN, -1, 0, 13, 14, 17, 256, i16::MAX] {
            assert_eq!(SampleFormat::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn only_24_bit_samples_grow_when_decoded() {
        for format in SampleFormat::all() {
            let grows = matches!(format, SampleFormat::Int24 | SampleFormat::Uint24);
            let in_memory = format.number_type().size_bytes();
            assert_eq!(in_memory, format.size_bytes() + usize::from(grows));
        }
    }
}
