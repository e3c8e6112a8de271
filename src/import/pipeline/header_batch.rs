//! How do the trace headers of a block become rows of headers.parquet?

use std::sync::Arc;

use arrow::array::{
    ArrayRef, FixedSizeBinaryArray, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array,
    Int64Array, StringArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array, make_array,
    new_null_array,
};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use crate::dataset::Formula;
use crate::import::columns::ColumnSource;
use crate::import::computed;
use crate::import::scaled_words::{CoordinateScalar, StartTime};
use crate::import::tally::Word;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind, HeaderValue, Layout, TraceWindow, scaled as scale};

/// Makes record batches of one schema.
#[derive(Debug)]
pub(super) struct HeaderBatches<'a> {
    pub(super) schema: SchemaRef,
    pub(super) sources: &'a [ColumnSource],
    /// Computed columns: position, and how.
    pub(super) computed: &'a [(usize, Formula)],
    pub(super) layout: &'a Layout,
}

/// The standard headers of a block, one behind the other, so that reading a word of all of them
/// touches little memory.
struct Headers<'a> {
    bytes: &'a [u8],
    /// Of one trace: 240, or with its additional headers, where a column lies in these.
    stride: usize,
    n_traces: usize,
    order: ByteOrder,
    /// Bytes that each trace has in truth; `None` where that is the stride.
    own_bytes: Option<Vec<usize>>,
}

impl HeaderBatches<'_> {
    /// The rows of all traces of `window`; `first_row` is the dataset's row of its first.
    pub(super) fn batch(
        &self,
        window: &TraceWindow<'_>,
        first_row: u64,
    ) -> Result<RecordBatch, ArrowError> {
        let n_traces = window.n_traces();
        let mut raw = Vec::with_capacity(n_traces * TRACE_HEADER_BYTES);
        for i in 0..n_traces {
            raw.extend_from_slice(window.header(i));
        }
        let raw = Buffer::from_vec(raw);
        let with_additional = self.with_additional(window);
        let headers = Headers {
            bytes: with_additional.as_deref().unwrap_or(raw.as_slice()),
            stride: if with_additional.is_some() {
                self.most_headers_bytes()
            } else {
                TRACE_HEADER_BYTES
            },
            n_traces,
            order: self.layout.byte_order.value,
            own_bytes: (with_additional.is_some() && self.layout.geometry.header_extensions_vary())
                .then(|| (0..n_traces).map(|i| window.headers(i).len()).collect()),
        };
        let columns = self
            .sources
            .iter()
            .zip(self.schema.fields())
            .map(|(source, field)| {
                Ok(match *source {
                    ColumnSource::TraceIndex => counting(first_row, n_traces),
                    ColumnSource::FileOffset => {
                        let positions = (0..n_traces).map(|i| window.position(i));
                        Arc::new(UInt64Array::from_iter_values(positions))
                    }
                    ColumnSource::SamplesInFile => {
                        let lengths = (0..n_traces)
                            .map(|i| u32::try_from(window.n_samples(i)).unwrap_or(u32::MAX));
                        Arc::new(UInt32Array::from_iter_values(lengths))
                    }
                    ColumnSource::ExtensionsInFile => {
                        let counts = (0..n_traces).map(|i| {
                            let n = window.additional_headers(i).len() / TRACE_HEADER_BYTES;
                            u32::try_from(n).unwrap_or(u32::MAX)
                        });
                        Arc::new(UInt32Array::from_iter_values(counts))
                    }
                    ColumnSource::Word(word) => {
                        headers.null_where_absent(headers.column(word), &[word])?
                    }
                    ColumnSource::Scaled { coordinate, scalar } => {
                        let scaled = headers.scaled(coordinate, scalar);
                        let words: Vec<Word> =
                            scalar.word().into_iter().chain([coordinate]).collect();
                        headers.null_where_absent(scaled, &words)?
                    }
                    ColumnSource::Start(start) => {
                        headers.null_where_absent(headers.start_times(start), &start.words())?
                    }
                    ColumnSource::Absent | ColumnSource::Computed => {
                        new_null_array(field.data_type(), n_traces)
                    }
                    ColumnSource::RawHeader => {
                        Arc::new(FixedSizeBinaryArray::try_new(240, raw.clone(), None)?)
                    }
                    ColumnSource::RawExtensions => self.extensions(window)?,
                })
            })
            .collect::<Result<Vec<ArrayRef>, ArrowError>>()?;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        computed::fill(batch, self.computed)
    }

    /// Standard and additional headers of all traces, where a column lies in additional ones.
    fn with_additional(&self, window: &TraceWindow<'_>) -> Option<Vec<u8>> {
        let reaches_further = |word: &Word| usize::from(word.byte) > TRACE_HEADER_BYTES;
        let is_needed = self.sources.iter().any(|source| match source {
            ColumnSource::Word(word) => reaches_further(word),
            ColumnSource::Scaled { coordinate, scalar } => {
                reaches_further(coordinate) || scalar.reaches_further()
            }
            ColumnSource::Start(start) => start.reaches_further(),
            ColumnSource::TraceIndex
            | ColumnSource::FileOffset
            | ColumnSource::SamplesInFile
            | ColumnSource::ExtensionsInFile
            | ColumnSource::Computed
            | ColumnSource::Absent
            | ColumnSource::RawHeader
            | ColumnSource::RawExtensions => false,
        });
        is_needed.then(|| {
            let stride = self.most_headers_bytes();
            let mut bytes = Vec::with_capacity(stride * window.n_traces());
            for i in 0..window.n_traces() {
                bytes.extend_from_slice(window.headers(i));
                bytes.resize((i + 1) * stride, 0);
            }
            bytes
        })
    }

    /// Standard and additional headers of the trace that has the most.
    fn most_headers_bytes(&self) -> usize {
        usize::try_from(self.layout.trace_headers_bytes()).unwrap_or(TRACE_HEADER_BYTES)
    }

    /// The additional headers of each trace, filled up with zeros where it has fewer than another.
    fn extensions(&self, window: &TraceWindow<'_>) -> Result<ArrayRef, ArrowError> {
        let size = self.most_headers_bytes() - TRACE_HEADER_BYTES;
        let mut bytes = Vec::with_capacity(size * window.n_traces());
        for i in 0..window.n_traces() {
            bytes.extend_from_slice(window.additional_headers(i));
            bytes.resize((i + 1) * size, 0);
        }
        let size = i32::try_from(size)
            .map_err(|error| ArrowError::InvalidArgumentError(error.to_string()))?;
        let array = FixedSizeBinaryArray::try_new(size, Buffer::from_vec(bytes), None)?;
        Ok(Arc::new(array))
    }
}

fn counting(first: u64, n: usize) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values((first..).take(n)))
}

impl Headers<'_> {
    fn each(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.stride)
    }

    /// The column with null for each trace whose headers end before one of the words does.
    fn null_where_absent(&self, column: ArrayRef, words: &[Word]) -> Result<ArrayRef, ArrowError> {
        let end = |word: &Word| usize::from(word.byte).saturating_sub(1) + word.kind.size_bytes();
        let end = words.iter().map(end).max().unwrap_or(0);
        let Some(own_bytes) = self.own_bytes.as_ref().filter(|_| end > TRACE_HEADER_BYTES) else {
            return Ok(column);
        };
        let there: NullBuffer = own_bytes.iter().map(|&own| own >= end).collect();
        let nulls = NullBuffer::union(column.nulls(), Some(&there));
        let data = column.to_data().into_builder().nulls(nulls).build()?;
        Ok(make_array(data))
    }

    /// One word of all headers. The oracle of the fast paths is [`FieldKind::read`].
    fn column(&self, word: Word) -> ArrayRef {
        let byte = word.byte;
        match word.kind {
            FieldKind::I8 => Arc::new(Int8Array::from(self.numbers(
                byte,
                i8::from_be_bytes,
                i8::from_le_bytes,
            ))),
            FieldKind::U8 => Arc::new(UInt8Array::from(self.numbers(
                byte,
                u8::from_be_bytes,
                u8::from_le_bytes,
            ))),
            FieldKind::I16 => Arc::new(Int16Array::from(self.numbers(
                byte,
                i16::from_be_bytes,
                i16::from_le_bytes,
            ))),
            FieldKind::U16 => Arc::new(UInt16Array::from(self.numbers(
                byte,
                u16::from_be_bytes,
                u16::from_le_bytes,
            ))),
            FieldKind::I32 => Arc::new(Int32Array::from(self.numbers(
                byte,
                i32::from_be_bytes,
                i32::from_le_bytes,
            ))),
            FieldKind::U32 => Arc::new(UInt32Array::from(self.numbers(
                byte,
                u32::from_be_bytes,
                u32::from_le_bytes,
            ))),
            FieldKind::I64 => Arc::new(Int64Array::from(self.numbers(
                byte,
                i64::from_be_bytes,
                i64::from_le_bytes,
            ))),
            FieldKind::U64 => Arc::new(UInt64Array::from(self.numbers(
                byte,
                u64::from_be_bytes,
                u64::from_le_bytes,
            ))),
            FieldKind::F32 => Arc::new(Float32Array::from(self.numbers(
                byte,
                f32::from_be_bytes,
                f32::from_le_bytes,
            ))),
            FieldKind::F64 => Arc::new(Float64Array::from(self.numbers(
                byte,
                f64::from_be_bytes,
                f64::from_le_bytes,
            ))),
            FieldKind::I24 => Arc::new(
                self.integers(word)
                    .map(|value| value.and_then(|value| i32::try_from(value).ok()))
                    .collect::<Int32Array>(),
            ),
            FieldKind::U24 => Arc::new(
                self.integers(word)
                    .map(|value| value.and_then(|value| u32::try_from(value).ok()))
                    .collect::<UInt32Array>(),
            ),
            FieldKind::Ibm32 => Arc::new(
                self.each()
                    .map(|header| number(header, word, self.order))
                    .collect::<Float64Array>(),
            ),
            FieldKind::Text8 => Arc::new(
                self.each()
                    .map(|header| text(header, word, self.order))
                    .collect::<StringArray>(),
            ),
        }
    }

    /// Numbers of `N` bytes from `byte` (from 1), which the plan has found to lie within.
    fn numbers<T, const N: usize>(
        &self,
        byte: u16,
        from_be: fn([u8; N]) -> T,
        from_le: fn([u8; N]) -> T,
    ) -> Vec<T> {
        let start = usize::from(byte.saturating_sub(1));
        let words = self.each().map(|header| {
            header[start..]
                .first_chunk::<N>()
                .copied()
                .unwrap_or([0; N])
        });
        let swapped = |header: &[u8]| {
            from_be(std::array::from_fn(|i| {
                header.get((start + i) ^ 1).copied().unwrap_or(0)
            }))
        };
        match self.order {
            ByteOrder::Big => words.map(from_be).collect(),
            ByteOrder::Little => words.map(from_le).collect(),
            ByteOrder::PairSwapped => self.each().map(swapped).collect(),
        }
    }

    fn integers(&self, word: Word) -> impl Iterator<Item = Option<i64>> {
        self.each()
            .map(move |header| word.kind.read_i64(header, word.byte, self.order))
    }

    /// Each trace's coordinate times its own scalar. (r2.0 §7.1, bytes 71–72)
    fn scaled(&self, coordinate: Word, scalar: CoordinateScalar) -> ArrayRef {
        let values: Float64Array = self
            .each()
            .map(|header| {
                let value = number(header, coordinate, self.order)?;
                Some(scale(value, scalar.read(header, self.order)))
            })
            .collect();
        debug_assert_eq!(arrow::array::Array::len(&values), self.n_traces);
        Arc::new(values)
    }

    /// When each trace starts, in milliseconds. (r2.0 §7.1, bytes 109–110 and 215–216)
    fn start_times(&self, start: StartTime) -> ArrayRef {
        let times = self.each().map(|header| start.millis(header, self.order));
        Arc::new(Float64Array::from_iter_values(times))
    }
}

fn number(header: &[u8], word: Word, order: ByteOrder) -> Option<f64> {
    if word.kind.fits_i64() {
        let value = word.kind.read_i64(header, word.byte, order)?;
        return Some(value as f64);
    }
    match word.kind.read(header, word.byte, order)? {
        HeaderValue::Int(value) => Some(value as f64),
        HeaderValue::Uint(value) => Some(value as f64),
        HeaderValue::Float(value) => Some(value),
        HeaderValue::Text(_) => None,
    }
}

/// Text where there is any: blanks and zeros are none.
fn text(header: &[u8], word: Word, order: ByteOrder) -> Option<String> {
    // Most files have none: nothing is decoded to find that out.
    let start = usize::from(word.byte.saturating_sub(1));
    let bytes = header.get(start..start + word.kind.size_bytes())?;
    if order != ByteOrder::PairSwapped && bytes.iter().all(|&byte| byte == 0) {
        return None;
    }
    match word.kind.read(header, word.byte, order)? {
        HeaderValue::Text(text) => {
            let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
            (!text.is_empty()).then(|| text.to_owned())
        }
        HeaderValue::Int(_) | HeaderValue::Uint(_) | HeaderValue::Float(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::import::Mapping;
    use crate::segy::Scaling;
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{Float64Type, Int32Type};
    use proptest::prelude::*;

    const KINDS: [FieldKind; 13] = [
        FieldKind::I8,
        FieldKind::U8,
        FieldKind::I16,
        FieldKind::U16,
        FieldKind::I24,
        FieldKind::U24,
        FieldKind::I32,
        FieldKind::U32,
        FieldKind::I64,
        FieldKind::U64,
        FieldKind::F32,
        FieldKind::F64,
        FieldKind::Ibm32,
    ];

    /// The value at `row`, whatever the column's type, as plain reading gives it.
    fn value_at(array: &ArrayRef, row: usize) -> String {
        use arrow::array::ArrayAccessor;
        macro_rules! as_text {
            ($($kind:ty),*) => {
                $(if let Some(array) = array.as_any().downcast_ref::<$kind>() {
                    return format!("{:?}", array.value(row));
                })*
            };
        }
        as_text!(
            Int8Array,
            UInt8Array,
            Int16Array,
            UInt16Array,
            Int32Array,
            UInt32Array,
            Int64Array,
            UInt64Array,
            Float64Array
        );
        let floats = array.as_any().downcast_ref::<Float32Array>().unwrap();
        format!("{:?}", f64::from(ArrayAccessor::value(&floats, row)))
    }

    proptest! {
        #[test]
        fn columns_equal_the_plain_reading(
            bytes in proptest::collection::vec(any::<u8>(), 3 * TRACE_HEADER_BYTES),
            byte in 1_u16..=233,
            little in any::<bool>(),
        ) {
            let order = if little { ByteOrder::Little } else { ByteOrder::Big };
            let headers = Headers { bytes: &bytes, stride: TRACE_HEADER_BYTES, n_traces: 3, order, own_bytes: None };
            for kind in KINDS {
                let column = headers.column(Word { byte, kind });
                prop_assert_eq!(column.len(), 3);
                for (row, header) in bytes.chunks_exact(TRACE_HEADER_BYTES).enumerate() {
                    let plain = match kind.read(header, byte, order).unwrap() {
                        HeaderValue::Int(value) => format!("{value:?}"),
                        HeaderValue::Uint(value) => format!("{value:?}"),
                        HeaderValue::Float(value) => format!("{value:?}"),
                        HeaderValue::Text(value) => value,
                    };
                    prop_assert_eq!(value_at(&column, row), plain, "{:?}", kind);
                }
            }
        }
    }

    #[test]
    fn each_trace_has_its_own_scalar() {
        let mut bytes = vec![0; 2 * TRACE_HEADER_BYTES];
        for (trace, scalar) in [(0, -10_i16), (1, 10)] {
            let header = &mut bytes[trace * TRACE_HEADER_BYTES..][..TRACE_HEADER_BYTES];
            header[70..72].copy_from_slice(&scalar.to_be_bytes());
            header[72..76].copy_from_slice(&1234_i32.to_be_bytes());
        }
        let headers = Headers {
            bytes: &bytes,
            stride: TRACE_HEADER_BYTES,
            n_traces: 2,
            order: ByteOrder::Big,
            own_bytes: None,
        };
        let word = |byte, kind| Word { byte, kind };
        let scalar = CoordinateScalar::of(&Mapping::default(), &Scaling::default());
        let scaled = headers.scaled(word(73, FieldKind::I32), scalar);
        assert_eq!(
            scaled.as_primitive::<Float64Type>().values()[..],
            [123.4, 12340.0]
        );
        let plain = headers.column(word(73, FieldKind::I32));
        assert_eq!(plain.as_primitive::<Int32Type>().values()[..], [1234, 1234]);
    }

    #[test]
    fn a_word_of_an_extension_that_a_trace_does_not_have_is_null() {
        let headers = Headers {
            bytes: &[b'A'; 2 * 480],
            stride: 480,
            n_traces: 2,
            order: ByteOrder::Big,
            own_bytes: Some(vec![480, 240]),
        };
        for kind in KINDS.into_iter().chain([FieldKind::Text8]) {
            for (byte, expected) in [(1, false), (225, false), (241, true), (465, true)] {
                let word = Word { byte, kind };
                let column = headers.null_where_absent(headers.column(word), &[word]);
                let column = column.unwrap();
                assert!(column.is_valid(0), "{kind:?} at {byte}");
                assert_eq!(column.is_null(1), expected, "{kind:?} at {byte}");
            }
        }
    }

    #[test]
    fn blank_text_is_null() {
        let mut bytes = vec![0; 2 * TRACE_HEADER_BYTES];
        bytes[232..240].copy_from_slice(b"SEG00000");
        let headers = Headers {
            bytes: &bytes,
            stride: TRACE_HEADER_BYTES,
            n_traces: 2,
            order: ByteOrder::Big,
            own_bytes: None,
        };
        let column = headers.column(Word {
            byte: 233,
            kind: FieldKind::Text8,
        });
        let column = column.as_string::<i32>();
        assert_eq!((column.value(0), column.is_null(1)), ("SEG00000", true));
    }
}
