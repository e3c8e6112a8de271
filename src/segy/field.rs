//! How is one header word read and written, whatever its byte and type?

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{ByteOrder, TextEncoding, ibm};

/// The type of a header word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say all")]
pub enum FieldKind {
    I8,
    U8,
    I16,
    U16,
    I24,
    U24,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
    /// IBM System/360 single precision.
    Ibm32,
    /// Eight characters, EBCDIC or ASCII.
    Text8,
}

impl FieldKind {
    /// Bytes of one word.
    pub fn size_bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I24 | Self::U24 => 3,
            Self::I32 | Self::U32 | Self::F32 | Self::Ibm32 => 4,
            Self::I64 | Self::U64 | Self::F64 | Self::Text8 => 8,
        }
    }
}

/// One word of the standard's trace header or binary file header: a row of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldSpec {
    /// The column's name in headers.parquet: snake case, MDIO's spelling.
    pub name: &'static str,
    /// First byte as printed in the standard: from 1 in a trace header, from 3201 in the binary file header.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
    /// The first revision that defines it, as major × 100 + minor × 10: 0, 100, 200, 210.
    pub since_revision: u16,
    /// segyio's name; empty where it has none.
    pub segyio: &'static str,
    /// Seismic Unix's name; empty where it has none.
    pub su: &'static str,
}

/// What stands in a header word.
#[derive(Clone, Debug, PartialEq)]
pub enum HeaderValue {
    /// Any integer type but `u64`.
    Int(i64),
    /// `u64`.
    Uint(u64),
    /// Any floating-point type.
    Float(f64),
    /// Text, decoded and trimmed.
    Text(String),
}

impl FieldKind {
    /// The word that starts at `byte` (from 1) of `header`; `None` where it does not fit in.
    pub fn read(self, header: &[u8], byte: u16, order: ByteOrder) -> Option<HeaderValue> {
        if self == Self::Text8 {
            let range = self.range(byte)?;
            return Some(HeaderValue::Text(match order {
                ByteOrder::Big | ByteOrder::Little => text_of(header.get(range)?),
                ByteOrder::PairSwapped => {
                    let word: Option<Vec<u8>> = range.map(|i| header.get(i ^ 1).copied()).collect();
                    text_of(&word?)
                }
            }));
        }
        let bits = self.read_bits(header, byte, order)?;
        Some(match self {
            Self::U64 => HeaderValue::Uint(bits),
            Self::F32 => HeaderValue::Float(f64::from(f32::from_bits(low_32(bits)))),
            Self::F64 => HeaderValue::Float(f64::from_bits(bits)),
            Self::Ibm32 => HeaderValue::Float(ibm::decode_word_exact(low_32(bits))),
            Self::Text8 => return None,
            integer @ (Self::I8
            | Self::U8
            | Self::I16
            | Self::U16
            | Self::I24
            | Self::U24
            | Self::I32
            | Self::U32
            | Self::I64) => HeaderValue::Int(integer.int_from_bits(bits)),
        })
    }

    /// [`Self::read`] as an integer, for keys; floats are rounded to nearest, text gives `None`,
    /// as does a number that no `i64` holds.
    pub fn read_i64(self, header: &[u8], byte: u16, order: ByteOrder) -> Option<i64> {
        if self.fits_i64() {
            return Some(self.int_from_bits(self.read_bits(header, byte, order)?));
        }
        match self.read(header, byte, order)? {
            HeaderValue::Int(value) => Some(value),
            HeaderValue::Uint(value) => i64::try_from(value).ok(),
            HeaderValue::Float(value) => i64_from_f64(value.round()),
            HeaderValue::Text(_) => None,
        }
    }

    /// Whether every word of this type is an integer that an `i64` holds.
    pub fn fits_i64(self) -> bool {
        !matches!(
            self,
            Self::U64 | Self::F32 | Self::F64 | Self::Ibm32 | Self::Text8
        )
    }

    /// Writes the word at `byte` (from 1) of `header`; `None`, and nothing is written, where it
    /// does not fit in or the value does not fit the type. A floating-point word takes the nearest
    /// number it can hold.
    pub fn write(
        self,
        header: &mut [u8],
        byte: u16,
        order: ByteOrder,
        value: &HeaderValue,
    ) -> Option<()> {
        if order == ByteOrder::PairSwapped {
            let mut straight = ByteOrder::pairs_swapped(header);
            self.write(&mut straight, byte, ByteOrder::Big, value)?;
            header.copy_from_slice(&ByteOrder::pairs_swapped(&straight));
            return Some(());
        }
        let word = header.get_mut(self.range(byte)?)?;
        if self == Self::Text8 {
            word.copy_from_slice(&eight_characters(value)?);
            return Some(());
        }
        let bits = self.bits_of(value)?;
        let n_bytes = word.len();
        match order {
            ByteOrder::Big | ByteOrder::PairSwapped => {
                word.copy_from_slice(bits.to_be_bytes().get(8 - n_bytes..)?);
            }
            ByteOrder::Little => word.copy_from_slice(bits.to_le_bytes().get(..n_bytes)?),
        }
        Some(())
    }

    /// Whether the word holds characters instead of a number.
    pub fn is_text(self) -> bool {
        self == Self::Text8
    }

    /// Positions of the word's bytes in the header.
    fn range(self, byte: u16) -> Option<Range<usize>> {
        let start = usize::from(byte.checked_sub(1)?);
        Some(start..start + self.size_bytes())
    }

    /// The word's bits, right-aligned.
    fn read_bits(self, header: &[u8], byte: u16, order: ByteOrder) -> Option<u64> {
        let range = self.range(byte)?;
        let word = header.get(range.clone())?;
        let join = |bits: u64, &byte: &u8| bits << 8 | u64::from(byte);
        // Nearly all words are of these two lengths, and every import reads many.
        Some(match (order, word) {
            (ByteOrder::Big, &[a, b]) => u64::from(u16::from_be_bytes([a, b])),
            (ByteOrder::Big, &[a, b, c, d]) => u64::from(u32::from_be_bytes([a, b, c, d])),
            (ByteOrder::Little, &[a, b]) => u64::from(u16::from_le_bytes([a, b])),
            (ByteOrder::Little, &[a, b, c, d]) => u64::from(u32::from_le_bytes([a, b, c, d])),
            (ByteOrder::Big, _) => word.iter().fold(0, join),
            (ByteOrder::Little, _) => word.iter().rev().fold(0, join),
            (ByteOrder::PairSwapped, _) => {
                let mut bytes = range.map(|i| header.get(i ^ 1));
                bytes.try_fold(0, |bits, byte| Some(join(bits, byte?)))?
            }
        })
    }

    /// The integer that right-aligned bits stand for, its sign extended.
    fn int_from_bits(self, bits: u64) -> i64 {
        let unused_bits = 64 - 8 * self.size_bytes();
        let is_unsigned = matches!(self, Self::U8 | Self::U16 | Self::U24 | Self::U32);
        if is_unsigned {
            bits.cast_signed()
        } else {
            (bits << unused_bits).cast_signed() >> unused_bits
        }
    }

    /// The bits of `value` as this type; `None` where it does not fit.
    fn bits_of(self, value: &HeaderValue) -> Option<u64> {
        match self {
            Self::F32 => Some(u64::from(nearest_f32(f64_of(value)?).to_bits())),
            Self::F64 => Some(f64_of(value)?.to_bits()),
            Self::Ibm32 => {
                let float = f64_of(value)?;
                let fits = float.is_finite() && float.abs() <= ibm::LARGEST;
                fits.then(|| u64::from(ibm::encode_word_nearest(float)))
            }
            Self::U64 => match value {
                HeaderValue::Uint(uint) => Some(*uint),
                HeaderValue::Int(_) | HeaderValue::Float(_) | HeaderValue::Text(_) => {
                    u64::try_from(i64_of(value)?).ok()
                }
            },
            Self::Text8 => None,
            Self::I8
            | Self::U8
            | Self::I16
            | Self::U16
            | Self::I24
            | Self::U24
            | Self::I32
            | Self::U32
            | Self::I64 => {
                let int = i64_of(value)?;
                let bits = int.cast_unsigned() & (u64::MAX >> (64 - 8 * self.size_bytes()));
                (self.int_from_bits(bits) == int).then_some(bits)
            }
        }
    }
}

impl fmt::Display for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Uint(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<i64> for HeaderValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for HeaderValue {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<f64> for HeaderValue {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for HeaderValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The lower half.
fn low_32(bits: u64) -> u32 {
    u32::try_from(bits & u64::from(u32::MAX)).unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounding to nearest is what a shorter floating-point word does"
)]
fn nearest_f32(value: f64) -> f32 {
    value as f32
}

/// `value` where it is whole and an `i64`.
fn i64_from_f64(value: f64) -> Option<i64> {
    /// 2^63: the first that does not fit.
    const LIMIT: f64 = (1_u64 << 63) as f64;
    #[expect(clippy::cast_possible_truncation, reason = "within the range of i64")]
    (value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value)).then_some(value as i64)
}

fn i64_of(value: &HeaderValue) -> Option<i64> {
    match value {
        HeaderValue::Int(int) => Some(*int),
        HeaderValue::Uint(uint) => i64::try_from(*uint).ok(),
        HeaderValue::Float(float) => i64_from_f64(*float),
        HeaderValue::Text(_) => None,
    }
}

fn f64_of(value: &HeaderValue) -> Option<f64> {
    match value {
        HeaderValue::Int(int) => Some(*int as f64),
        HeaderValue::Uint(uint) => Some(*uint as f64),
        HeaderValue::Float(float) => Some(*float),
        HeaderValue::Text(_) => None,
    }
}

/// A word of characters, decoded and trimmed; zero bytes count as blanks.
fn text_of(word: &[u8]) -> String {
    let text = TextEncoding::guess(word).decode(word);
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .to_owned()
}

/// At most eight ASCII characters, padded with blanks.
fn eight_characters(value: &HeaderValue) -> Option<[u8; 8]> {
    let HeaderValue::Text(text) = value else {
        return None;
    };
    let mut word = [b' '; 8];
    if !text.is_ascii() {
        return None;
    }
    word.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(word)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    const INTEGERS: [FieldKind; 9] = [
        FieldKind::I8,
        FieldKind::U8,
        FieldKind::I16,
        FieldKind::U16,
        FieldKind::I24,
        FieldKind::U24,
        FieldKind::I32,
        FieldKind::U32,
        FieldKind::I64,
    ];
    const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

    #[test]
    fn known_bytes_are_known_numbers() {
        let header = [0xff, 0xfe, 0xfd, 0xfc, 0x41, 0x10, 0x00, 0x00];
        let big = |kind: FieldKind, byte| kind.read_i64(&header, byte, ByteOrder::Big);
        let little = |kind: FieldKind, byte| kind.read_i64(&header, byte, ByteOrder::Little);
        assert_eq!(big(FieldKind::I8, 1), Some(-1));
        assert_eq!(big(FieldKind::U8, 1), Some(255));
        assert_eq!(big(FieldKind::I16, 1), Some(-2));
        assert_eq!(little(FieldKind::U16, 1), Some(0xfeff));
        assert_eq!(big(FieldKind::I24, 1), Some(-0x0103));
        assert_eq!(little(FieldKind::U24, 1), Some(0xfd_feff));
        assert_eq!(big(FieldKind::U32, 1), Some(0xfffe_fdfc));
        assert_eq!(big(FieldKind::Ibm32, 5), Some(1));
        assert_eq!(little(FieldKind::I32, 5), Some(0x1041));
        assert_eq!(big(FieldKind::U64, 1), None, "no i64 holds it");
    }

    #[test]
    fn a_word_outside_of_the_header_is_none() {
        let mut header = [0_u8; 240];
        for (byte, fits) in [(0, false), (1, true), (237, true), (238, false)] {
            let read = FieldKind::I32.read(&header, byte, ByteOrder::Big);
            assert_eq!(read.is_some(), fits, "byte {byte}");
            let write = FieldKind::I32.write(&mut header, byte, ByteOrder::Big, &7.into());
            assert_eq!(write.is_some(), fits, "byte {byte}");
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_not_written() {
        let mut header = [0_u8; 8];
        let mut write = |kind: FieldKind, value: HeaderValue| {
            kind.write(&mut header, 1, ByteOrder::Big, &value).is_some()
        };
        assert!(!write(FieldKind::I16, 32768.into()));
        assert!(!write(FieldKind::U16, (-1).into()));
        assert!(!write(FieldKind::I32, 1.5.into()));
        assert!(!write(FieldKind::U64, (-1).into()));
        assert!(!write(FieldKind::Ibm32, f64::NAN.into()));
        assert!(!write(FieldKind::Ibm32, 1e300.into()));
        assert!(!write(FieldKind::Text8, "nine char".into()));
        assert!(!write(FieldKind::I16, "7".into()));
        assert_eq!(header, [0; 8]);
    }

    #[test]
    fn text_is_read_in_either_code_and_trimmed() {
        let mut header = [0_u8; 8];
        let order = ByteOrder::Big;
        FieldKind::Text8.write(&mut header, 1, order, &"SEG0001".into());
        let read = FieldKind::Text8.read(&header, 1, order);
        assert_eq!(read, Some("SEG0001".into()));
        let ebcdic = TextEncoding::Ebcdic.encode("SEG00000");
        let read = FieldKind::Text8.read(&ebcdic, 1, order);
        assert_eq!(read, Some("SEG00000".into()));
        assert_eq!(FieldKind::Text8.read(&[0; 8], 1, order), Some("".into()));
    }

    proptest! {
        #[test]
        fn integers_come_back(value: i64, byte in 1_u16..=8, kind in 0..INTEGERS.len(), little: bool) {
            let (kind, order) = (INTEGERS[kind], ORDERS[usize::from(little)]);
            let unused = 64 - 8 * kind.size_bytes();
            let value = kind.int_from_bits((value.cast_unsigned() << unused) >> unused);
            let mut header = [0xa5_u8; 16];
            kind.write(&mut header, byte, order, &HeaderValue::Int(value)).unwrap();
            prop_assert_eq!(kind.read_i64(&header, byte, order), Some(value));
            prop_assert_eq!(kind.read(&header, byte, order), Some(HeaderValue::Int(value)));
            let touched = usize::from(byte) - 1..usize::from(byte) - 1 + kind.size_bytes();
            for (i, &byte) in header.iter().enumerate() {
                prop_assert!(touched.contains(&i) || byte == 0xa5);
            }
        }

        #[test]
        fn floats_come_back(value: f32, wide: f64, uint: u64, little: bool) {
            let order = ORDERS[usize::from(little)];
            let mut header = [0_u8; 8];
            for (kind, value) in [
                (FieldKind::F32, HeaderValue::Float(f64::from(value))),
                (FieldKind::F64, HeaderValue::Float(wide)),
                (FieldKind::U64, HeaderValue::Uint(uint)),
            ] {
                kind.write(&mut header, 1, order, &value).unwrap();
                prop_assert_eq!(kind.read(&header, 1, order), Some(value));
            }
        }

        #[test]
        fn ibm_words_come_back(word: u32, little: bool) {
            let order = ORDERS[usize::from(little)];
            let value = HeaderValue::Float(ibm::decode_word_exact(word));
            let mut header = [0_u8; 4];
            FieldKind::Ibm32.write(&mut header, 1, order, &value).unwrap();
            prop_assert_eq!(FieldKind::Ibm32.read(&header, 1, order), Some(value));
        }
    }
}
