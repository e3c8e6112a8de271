//! What stands in headers.parquet, and how is it written and read?
//!
//! One row a trace, in file order. Int32/Int16 columns, DELTA_BINARY_PACKED, dictionary off,
//! zstd 1, row groups of 65,536 with statistics (measured: half the time and 40 % of the size of
//! the library's defaults).

/// The type of a header column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say all")]
pub enum HeaderType {
    Int8,
    Uint8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Int64,
    Uint64,
    Float32,
    Float64,
    Text,
    /// Opaque bytes of a fixed length.
    Bytes(u32),
}

/// One column of headers.parquet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderColumn {
    /// Snake case.
    pub name: String,
    /// Of the values.
    pub kind: HeaderType,
    /// Arrow field metadata: `segy_byte`, `segy_type`, `segyio`, `su`, `unit`.
    pub metadata: Vec<(String, String)>,
}

impl HeaderColumn {
    /// The Arrow schema of these columns; every column but `trace_index` and `file_offset` may be null.
    pub fn schema(columns: &[Self]) -> arrow::datatypes::SchemaRef {
        let _ = columns;
        todo!()
    }
}
