//! How is one header word read and written, whatever its byte and type?

use serde::{Deserialize, Serialize};

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ByteOrder {
    /// Most significant byte first: what revisions 0 and 1 demand.
    Big,
    /// Least significant byte first.
    Little,
}

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
        let _ = (header, byte, order);
        todo!()
    }

    /// [`Self::read`] as an integer, for keys; floats are rounded to nearest, text gives `None`.
    pub fn read_i64(self, header: &[u8], byte: u16, order: ByteOrder) -> Option<i64> {
        let _ = (header, byte, order);
        todo!()
    }

    /// Writes the word at `byte` (from 1) of `header`; `None`, and nothing is written, where it
    /// does not fit in or the value does not fit the type.
    pub fn write(
        self,
        header: &mut [u8],
        byte: u16,
        order: ByteOrder,
        value: &HeaderValue,
    ) -> Option<()> {
        let _ = (header, byte, order, value);
        todo!()
    }
}
