//! Which number of a format is nearest to a sample, and what is lost by taking it?
//!
//! Values are compared exactly: integers as integers, floats as `f64`.

use super::losses::{Loss, Losses};
use super::nearest_ibm::nearest_ibm;
use crate::samples::Samples;
use crate::segy::SampleFormat;

/// A sample's value, exactly.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Integer(i128),
    Float(f64),
}

/// A number type of [`Samples`].
pub(super) trait Sample: Copy {
    fn value(self) -> Value;
}

macro_rules! samples {
    ($variant:ident: $($kind:ty),*) => {
        $(impl Sample for $kind {
            #[inline]
            fn value(self) -> Value {
                Value::$variant(self.into())
            }
        })*
    };
}
samples!(Integer: i8, i16, i32, i64, u8, u16, u32, u64);
samples!(Float: f32, f64);

/// The nearest words of the format (IBM words as `u32`), and what they lose.
pub(super) fn to_words<T: Sample>(samples: &[T], format: SampleFormat) -> (Samples, Losses) {
    let mut losses = Losses::default();
    /// All samples through one function.
    macro_rules! all {
        ($variant:ident, $convert:expr) => {
            Samples::$variant(
                samples
                    .iter()
                    .map(|sample| {
                        let (word, loss) = $convert(sample.value());
                        losses.count(loss);
                        word
                    })
                    .collect(),
            )
        };
    }
    /// All samples as whole numbers between two limits.
    macro_rules! whole {
        ($variant:ident, $kind:ty, $least:expr, $most:expr) => {
            all!($variant, |value| {
                let (whole, loss) = nearest_whole(value, i128::from($least), i128::from($most));
                // Within the limits, which are the type's or narrower.
                (<$kind>::try_from(whole).unwrap_or_default(), loss)
            })
        };
    }
    let words = match format {
        SampleFormat::Ibm32 | SampleFormat::FixedPointWithGain => all!(Uint32, nearest_ibm),
        SampleFormat::Ieee32 => all!(Float32, nearest_f32),
        SampleFormat::Ieee64 => all!(Float64, nearest_f64),
        SampleFormat::Int8 => whole!(Int8, i8, i8::MIN, i8::MAX),
        SampleFormat::Int16 => whole!(Int16, i16, i16::MIN, i16::MAX),
        SampleFormat::Int24 => whole!(Int32, i32, -0x80_0000_i32, 0x7f_ffff_i32),
        SampleFormat::Int32 => whole!(Int32, i32, i32::MIN, i32::MAX),
        SampleFormat::Int64 => whole!(Int64, i64, i64::MIN, i64::MAX),
        SampleFormat::Uint8 => whole!(Uint8, u8, u8::MIN, u8::MAX),
        SampleFormat::Uint16 => whole!(Uint16, u16, u16::MIN, u16::MAX),
        SampleFormat::Uint24 => whole!(Uint32, u32, u32::MIN, 0xff_ffff_u32),
        SampleFormat::Uint32 => whole!(Uint32, u32, u32::MIN, u32::MAX),
        SampleFormat::Uint64 => whole!(Uint64, u64, u64::MIN, u64::MAX),
    };
    (words, losses)
}

/// The nearest whole number between two limits.
#[inline]
fn nearest_whole(value: Value, least: i128, most: i128) -> (i128, Loss) {
    let (whole, is_whole) = match value {
        Value::Integer(integer) => (integer, true),
        Value::Float(float) if float.is_nan() => return (0, Loss::NotANumber),
        Value::Float(float) => {
            let rounded = float.round_ties_even();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole; what i128 cannot hold becomes its limit, and is clipped below"
            )]
            #[expect(clippy::float_cmp, reason = "whether rounding changed it at all")]
            (rounded as i128, rounded == float)
        }
    };
    let within = whole.clamp(least, most);
    let loss = if within != whole {
        Loss::Clipped
    } else if is_whole {
        Loss::None
    } else {
        Loss::Rounded
    };
    (within, loss)
}

#[inline]
fn nearest_f32(value: Value) -> (f32, Loss) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the rounding meant; a whole f32 of 64 bits' size is an i128"
    )]
    let (nearest, is_exact) = match value {
        Value::Integer(integer) => {
            let nearest = integer as f32;
            (nearest, nearest as i128 == integer)
        }
        Value::Float(float) => {
            let nearest = float as f32;
            let is_exact = f64::from(nearest).to_bits() == float.to_bits() || float.is_nan();
            (nearest, is_exact)
        }
    };
    match (nearest.is_infinite(), is_exact) {
        (_, true) => (nearest, Loss::None),
        (true, false) => (f32::MAX.copysign(nearest), Loss::Clipped),
        (false, false) => (nearest, Loss::Rounded),
    }
}

#[inline]
fn nearest_f64(value: Value) -> (f64, Loss) {
    match value {
        Value::Float(float) => (float, Loss::None),
        Value::Integer(integer) => {
            let nearest = integer as f64;
            #[expect(clippy::cast_possible_truncation, reason = "whole, of 64 bits' size")]
            let is_exact = nearest as i128 == integer;
            let loss = if is_exact { Loss::None } else { Loss::Rounded };
            (nearest, loss)
        }
    }
}
