//! In which number type do samples live in memory and on disk?
//!
//! A leaf under `segy` and `dataset`, which may not know each other: both speak of samples in
//! these types. Numbers keep the type of their source; only what is drawn becomes `f32`.

use serde::{Deserialize, Serialize};

/// The number type of decoded samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say all")]
pub enum NumberType {
    Float32,
    Float64,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
}

impl NumberType {
    /// Bytes of one number.
    pub fn size_bytes(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 => 1,
            Self::Int16 | Self::Uint16 => 2,
            Self::Float32 | Self::Int32 | Self::Uint32 => 4,
            Self::Float64 | Self::Int64 | Self::Uint64 => 8,
        }
    }

    /// The name by which Zarr v3 and numpy know the type.
    pub fn zarr_name(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
        }
    }

    /// Whether values may be fractional, infinite or not a number.
    pub fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64)
    }
}

/// Samples of whole traces, trace after trace, in one of the [`NumberType`]s.
///
/// Shape: `[n_traces, n_samples]`, row-major; the shape itself is known by the owner.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Samples {
    Float32(Vec<f32>),
    Float64(Vec<f64>),
    Int8(Vec<i8>),
    Int16(Vec<i16>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Uint8(Vec<u8>),
    Uint16(Vec<u16>),
    Uint32(Vec<u32>),
    Uint64(Vec<u64>),
}

/// Runs the same expression over the vector inside, whatever its type.
macro_rules! with_vector {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            $crate::samples::Samples::Float32($v) => $body,
            $crate::samples::Samples::Float64($v) => $body,
            $crate::samples::Samples::Int8($v) => $body,
            $crate::samples::Samples::Int16($v) => $body,
            $crate::samples::Samples::Int32($v) => $body,
            $crate::samples::Samples::Int64($v) => $body,
            $crate::samples::Samples::Uint8($v) => $body,
            $crate::samples::Samples::Uint16($v) => $body,
            $crate::samples::Samples::Uint32($v) => $body,
            $crate::samples::Samples::Uint64($v) => $body,
        }
    };
}
pub(crate) use with_vector;

impl Samples {
    /// `len` zeros of the given type.
    pub fn zeros(number_type: NumberType, len: usize) -> Self {
        match number_type {
            NumberType::Float32 => Self::Float32(vec![0.0; len]),
            NumberType::Float64 => Self::Float64(vec![0.0; len]),
            NumberType::Int8 => Self::Int8(vec![0; len]),
            NumberType::Int16 => Self::Int16(vec![0; len]),
            NumberType::Int32 => Self::Int32(vec![0; len]),
            NumberType::Int64 => Self::Int64(vec![0; len]),
            NumberType::Uint8 => Self::Uint8(vec![0; len]),
            NumberType::Uint16 => Self::Uint16(vec![0; len]),
            NumberType::Uint32 => Self::Uint32(vec![0; len]),
            NumberType::Uint64 => Self::Uint64(vec![0; len]),
        }
    }

    /// The type of every sample.
    pub fn number_type(&self) -> NumberType {
        match self {
            Self::Float32(_) => NumberType::Float32,
            Self::Float64(_) => NumberType::Float64,
            Self::Int8(_) => NumberType::Int8,
            Self::Int16(_) => NumberType::Int16,
            Self::Int32(_) => NumberType::Int32,
            Self::Int64(_) => NumberType::Int64,
            Self::Uint8(_) => NumberType::Uint8,
            Self::Uint16(_) => NumberType::Uint16,
            Self::Uint32(_) => NumberType::Uint32,
            Self::Uint64(_) => NumberType::Uint64,
        }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        with_vector!(self, v => v.len())
    }

    /// Whether there is no sample at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sets the length; new samples are zero.
    pub fn resize(&mut self, len: usize) {
        with_vector!(self, v => v.resize(len, Default::default()));
    }

    /// Fills a range where there are no samples: NaN where the type has it, else 0.
    ///
    /// # Panics
    /// When `range` lies outside the samples.
    pub fn fill_padding(&mut self, range: std::ops::Range<usize>) {
        match self {
            Self::Float32(v) => v[range].fill(f32::NAN),
            Self::Float64(v) => v[range].fill(f64::NAN),
            Self::Int8(_)
            | Self::Int16(_)
            | Self::Int32(_)
            | Self::Int64(_)
            | Self::Uint8(_)
            | Self::Uint16(_)
            | Self::Uint32(_)
            | Self::Uint64(_) => {
                let size_bytes = self.number_type().size_bytes();
                self.as_bytes_mut()[range.start * size_bytes..range.end * size_bytes].fill(0);
            }
        }
    }

    /// The samples as bytes in the machine's own order.
    pub fn as_bytes(&self) -> &[u8] {
        with_vector!(self, v => bytemuck::cast_slice(v))
    }

    /// The samples as bytes in the machine's own order, to be filled in.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        with_vector!(self, v => bytemuck::cast_slice_mut(v))
    }

    /// Appends the samples of `range` to `out` as `f32`, rounded to nearest where they do not fit.
    ///
    /// # Panics
    /// When `range` lies outside the samples.
    pub fn extend_f32(&self, range: std::ops::Range<usize>, out: &mut Vec<f32>) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is drawn is f32 by design"
        )]
        match self {
            Self::Float32(v) => out.extend_from_slice(&v[range]),
            Self::Float64(v) => out.extend(v[range].iter().map(|&x| x as f32)),
            Self::Int8(v) => out.extend(v[range].iter().map(|&x| f32::from(x))),
            Self::Int16(v) => out.extend(v[range].iter().map(|&x| f32::from(x))),
            Self::Int32(v) => out.extend(v[range].iter().map(|&x| x as f32)),
            Self::Int64(v) => out.extend(v[range].iter().map(|&x| x as f32)),
            Self::Uint8(v) => out.extend(v[range].iter().map(|&x| f32::from(x))),
            Self::Uint16(v) => out.extend(v[range].iter().map(|&x| f32::from(x))),
            Self::Uint32(v) => out.extend(v[range].iter().map(|&x| x as f32)),
            Self::Uint64(v) => out.extend(v[range].iter().map(|&x| x as f32)),
        }
    }

    /// The sample at `index` as `f64`, for statistics and readouts; `None` past the end.
    pub fn get_f64(&self, index: usize) -> Option<f64> {
        match self {
            Self::Float32(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Float64(v) => v.get(index).copied(),
            Self::Int8(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Int16(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Int32(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Int64(v) => v.get(index).map(|&x| x as f64),
            Self::Uint8(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Uint16(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Uint32(v) => v.get(index).map(|&x| f64::from(x)),
            Self::Uint64(v) => v.get(index).map(|&x| x as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [NumberType; 10] = [
        NumberType::Float32,
        NumberType::Float64,
        NumberType::Int8,
        NumberType::Int16,
        NumberType::Int32,
        NumberType::Int64,
        NumberType::Uint8,
        NumberType::Uint16,
        NumberType::Uint32,
        NumberType::Uint64,
    ];

    #[test]
    fn every_type_has_as_many_bytes_as_it_says() {
        for number_type in ALL {
            let samples = Samples::zeros(number_type, 3);
            assert_eq!(samples.number_type(), number_type);
            assert_eq!(samples.as_bytes().len(), 3 * number_type.size_bytes());
        }
    }

    #[test]
    fn padding_is_nan_where_there_is_nan() {
        for number_type in ALL {
            let mut samples = Samples::zeros(number_type, 4);
            samples.as_bytes_mut().fill(1);
            let one = samples.get_f64(0);
            samples.fill_padding(1..3);
            for (i, is_padding) in [false, true, true, false].into_iter().enumerate() {
                let value = samples.get_f64(i);
                if !is_padding {
                    assert_eq!(value, one);
                } else if number_type.is_float() {
                    assert!(value.is_some_and(f64::is_nan));
                } else {
                    assert_eq!(value, Some(0.0));
                }
            }
        }
    }

    #[test]
    fn values_become_f32_in_order() {
        let samples = Samples::Int16(vec![-3, 0, 7, 32767]);
        let mut out = vec![1.0];
        samples.extend_f32(1..4, &mut out);
        assert_eq!(out, [1.0, 0.0, 7.0, 32767.0]);
        assert_eq!(samples.get_f64(0), Some(-3.0));
        assert_eq!(samples.get_f64(4), None);
    }
}
