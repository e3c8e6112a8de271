//! How do samples become another format, and what is lost on the way?
//!
//! ```text
//! Samples ─value─► exact number ─nearest that the format holds─► words ─encode─► bytes
//!                                └► Losses: rounded, clipped, not a number
//! ```
//! Values are compared exactly (integers as integers, floats as `f64`), so that what is counted as
//! unchanged is unchanged. Where the format is the samples' own, bits are copied.

use std::ops::Range;

use super::decode::check_supported;
use super::ibm::decode_word_exact;
use super::{ByteOrder, SampleFormat, SegyError, decode_f32, encode};
use crate::samples::{NumberType, Samples, with_vector};

/// The largest IBM word's bits.
const LARGEST_IBM_WORD: u32 = 0x7fff_ffff;

/// Samples that did not come through exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The nearest number of the format was written.
    pub rounded: u64,
    /// Beyond the format's range: its largest or smallest number was written.
    pub clipped: u64,
    /// Not a number, in a format that has no such thing: zero was written.
    pub not_numbers: u64,
}

impl Losses {
    /// Adds what another part lost.
    pub fn add(&mut self, other: Self) {
        self.rounded += other.rounded;
        self.clipped += other.clipped;
        self.not_numbers += other.not_numbers;
    }

    /// Takes back what was counted for samples that are written otherwise after all.
    pub fn take_back(&mut self, other: Self) {
        self.rounded = self.rounded.saturating_sub(other.rounded);
        self.clipped = self.clipped.saturating_sub(other.clipped);
        self.not_numbers = self.not_numbers.saturating_sub(other.not_numbers);
    }
}

/// Appends the samples of `range`, converted to `format`, to `bytes`; gives what was lost.
///
/// Rounding is to the nearest, ties to even. Infinities count as clipped where the format has none.
/// IBM words of a dataset's exceptions table: [`convert_ibm_word`].
///
/// # Errors
/// `SegyError::UnsupportedSampleFormat` for code 4.
///
/// # Panics
/// When `range` lies outside the samples.
pub fn convert(
    samples: &Samples,
    range: Range<usize>,
    format: SampleFormat,
    order: ByteOrder,
    bytes: &mut Vec<u8>,
) -> Result<Losses, SegyError> {
    check_supported(format)?;
    if let (Samples::Float32(floats), SampleFormat::Ibm32) = (samples, format) {
        return floats_to_ibm(&floats[range], order, bytes);
    }
    let (words, losses) = if is_own_format(samples.number_type(), format) {
        (slice(samples, range), Losses::default())
    } else {
        with_vector!(samples, v => to_words(&v[range], format))
    };
    // IBM words are whole numbers here: only their byte order is left to do.
    let stored_as = if format == SampleFormat::Ibm32 {
        SampleFormat::Uint32
    } else {
        format
    };
    let mut encoded = Vec::new();
    encode(stored_as, order, &words, &mut encoded)?;
    bytes.append(&mut encoded);
    Ok(losses)
}

/// Appends the value of one IBM word, converted to `format`, to `bytes`; gives what was lost.
///
/// From the word itself, which may hold more than `f32` can: a word beyond its range, say.
///
/// # Errors
/// As [`convert`].
pub fn convert_ibm_word(
    word: u32,
    format: SampleFormat,
    order: ByteOrder,
    bytes: &mut Vec<u8>,
) -> Result<Losses, SegyError> {
    if format == SampleFormat::Ibm32 {
        let words = Samples::Uint32(vec![word]);
        convert(&words, 0..1, SampleFormat::Uint32, order, bytes)
    } else {
        let values = Samples::Float64(vec![decode_word_exact(word)]);
        convert(&values, 0..1, format, order, bytes)
    }
}

/// The commonest case, by the fast loops of `ibm.rs`: encoded, decoded again, and compared.
fn floats_to_ibm(
    floats: &[f32],
    order: ByteOrder,
    bytes: &mut Vec<u8>,
) -> Result<Losses, SegyError> {
    let format = SampleFormat::Ibm32;
    let samples = Samples::Float32(floats.to_vec());
    let mut encoded = Vec::new();
    encode(format, order, &samples, &mut encoded)?;
    let mut back = Vec::with_capacity(floats.len());
    decode_f32(format, order, &encoded, &mut back)?;
    bytes.append(&mut encoded);
    let mut losses = Losses::default();
    for (float, back) in floats.iter().zip(&back) {
        let is_number = !float.is_nan();
        losses.not_numbers += u64::from(!is_number);
        losses.clipped += u64::from(float.is_infinite());
        losses.rounded += u64::from(is_number && float.to_bits() != back.to_bits());
    }
    Ok(losses)
}

/// Whether samples of this type are the format's own bits.
fn is_own_format(number_type: NumberType, format: SampleFormat) -> bool {
    let packed = matches!(
        format,
        SampleFormat::Ibm32 | SampleFormat::Int24 | SampleFormat::Uint24
    );
    !packed && format.number_type() == number_type
}

fn slice(samples: &Samples, range: Range<usize>) -> Samples {
    let mut part = Samples::zeros(samples.number_type(), range.len());
    let size_bytes = samples.number_type().size_bytes();
    let from = &samples.as_bytes()[range.start * size_bytes..range.end * size_bytes];
    part.as_bytes_mut().copy_from_slice(from);
    part
}

/// A sample's value, exactly.
#[derive(Clone, Copy)]
enum Value {
    Integer(i128),
    Float(f64),
}

/// A number type of [`Samples`].
trait Sample: Copy {
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

/// What became of one sample.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    None,
    Rounded,
    Clipped,
    NotANumber,
}

impl Losses {
    #[inline]
    fn count(&mut self, loss: Loss) {
        self.rounded += u64::from(loss == Loss::Rounded);
        self.clipped += u64::from(loss == Loss::Clipped);
        self.not_numbers += u64::from(loss == Loss::NotANumber);
    }
}

/// The nearest words of the format (IBM words as `u32`), and what they lose.
fn to_words<T: Sample>(samples: &[T], format: SampleFormat) -> (Samples, Losses) {
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

/// The nearest normalised IBM word, its sign and fraction from the exact number.
#[inline]
fn nearest_ibm(value: Value) -> (u32, Loss) {
    let (is_negative, magnitude, exponent) = match value {
        Value::Integer(integer) => {
            // At most 64 bits, as every integer type here.
            let magnitude = u64::try_from(integer.unsigned_abs()).unwrap_or(u64::MAX);
            (integer < 0, magnitude, 0)
        }
        Value::Float(float) if float.is_nan() => return (0, Loss::NotANumber),
        Value::Float(float) => {
            let bits = float.to_bits();
            let fraction = bits & 0x000f_ffff_ffff_ffff;
            let biased = i32::try_from(bits >> 52 & 0x7ff).unwrap_or_default();
            if biased == 0x7ff {
                let sign = u32::from(float.is_sign_negative()) << 31;
                return (sign | LARGEST_IBM_WORD, Loss::Clipped);
            }
            let (magnitude, exponent) = match biased {
                0 => (fraction, -1074),
                normal => (fraction | 1 << 52, normal - 1075),
            };
            (float.is_sign_negative(), magnitude, exponent)
        }
    };
    let sign = u32::from(is_negative) << 31;
    let (word, loss) = ibm_of_parts(magnitude, exponent);
    (sign | word, loss)
}

/// The word nearest to `magnitude` × 2^`exponent`.
#[inline]
fn ibm_of_parts(magnitude: u64, exponent: i32) -> (u32, Loss) {
    if magnitude == 0 {
        return (0, Loss::None);
    }
    let highest_bit = 63 - magnitude.leading_zeros().cast_signed() + exponent;
    // fraction × 2^(4 × characteristic − 280), its fraction between 2^20 and 2^24 where that can be.
    let mut characteristic = (highest_bit + 260).div_euclid(4).max(0);
    let shift = 4 * characteristic - 280 - exponent;
    let (mut fraction, is_exact) = if shift <= 0 {
        (magnitude << -shift.max(-63), true)
    } else if shift >= 64 {
        (0, false)
    } else {
        let (kept, lost) = (magnitude >> shift, magnitude & ((1 << shift) - 1));
        let half = 1 << (shift - 1);
        let up = lost > half || lost == half && kept & 1 == 1;
        (kept + u64::from(up), lost == 0)
    };
    if fraction == 1 << 24 {
        fraction >>= 4;
        characteristic += 1;
    }
    match (u32::try_from(characteristic), u32::try_from(fraction)) {
        (Ok(characteristic @ 0..=127), Ok(fraction)) => {
            let loss = if is_exact { Loss::None } else { Loss::Rounded };
            (characteristic << 24 | fraction, loss)
        }
        _ => (LARGEST_IBM_WORD, Loss::Clipped),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::segy::decode;
    use crate::segy::ibm::{LARGEST, encode_word_nearest};

    const ORDER: ByteOrder = ByteOrder::Big;

    fn supported() -> impl Iterator<Item = SampleFormat> {
        SampleFormat::all().filter(|&format| format != SampleFormat::FixedPointWithGain)
    }

    /// The converted samples, read back, and what was lost.
    fn converted(samples: &Samples, format: SampleFormat) -> (Samples, Losses) {
        let mut bytes = vec![9];
        let losses = convert(samples, 0..samples.len(), format, ORDER, &mut bytes).unwrap();
        let mut back = Samples::zeros(format.number_type(), samples.len());
        decode(format, ORDER, &bytes[1..], &mut back).unwrap();
        (back, losses)
    }

    fn losses(rounded: u64, clipped: u64, not_numbers: u64) -> Losses {
        Losses {
            rounded,
            clipped,
            not_numbers,
        }
    }

    #[test]
    fn floats_become_the_nearest_whole_numbers() {
        let floats = Samples::Float32(vec![
            0.0,
            -0.0,
            1.5,
            2.5,
            -1.5,
            127.4,
            127.6,
            -128.5,
            -129.0,
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
        ]);
        let (back, lost) = converted(&floats, SampleFormat::Int8);
        let expected = vec![0, 0, 2, 2, -2, 127, 127, -128, -128, 0, 127, -128];
        assert_eq!(back, Samples::Int8(expected));
        assert_eq!(lost, losses(5, 4, 1));
        let (back, lost) = converted(&floats, SampleFormat::Uint16);
        let expected = vec![0, 0, 2, 2, 0, 127, 128, 0, 0, 0, 65_535, 0];
        assert_eq!(back, Samples::Uint16(expected));
        assert_eq!(lost, losses(4, 5, 1));
    }

    #[test]
    fn whole_numbers_of_64_bits_are_compared_exactly() {
        let whole = Samples::Uint64(vec![u64::MAX, 1 << 53, (1 << 53) + 1, 1 << 63, 0]);
        assert_eq!(
            converted(&whole, SampleFormat::Ieee64).1,
            losses(2, 0, 0),
            "two need more than 53 bits"
        );
        assert_eq!(converted(&whole, SampleFormat::Int64).1, losses(0, 2, 0));
        let (back, lost) = converted(&whole, SampleFormat::Ibm32);
        assert_eq!(lost, losses(2, 0, 0));
        assert_eq!(back.get_f64(0), Some(18_446_744_073_709_551_616.0));
        assert_eq!(back.get_f64(3), Some(9_223_372_036_854_775_808.0));
    }

    #[test]
    fn floats_that_no_short_float_holds_are_clipped_and_counted() {
        let wide = Samples::Float64(vec![1e39, -1e300, f64::INFINITY, 1e-50, 0.1, 0.5]);
        let (back, lost) = converted(&wide, SampleFormat::Ieee32);
        assert_eq!(
            back,
            Samples::Float32(vec![f32::MAX, f32::MIN, f32::INFINITY, 0.0, 0.1, 0.5])
        );
        assert_eq!(lost, losses(2, 2, 0));
        let mut bytes = Vec::new();
        let lost = convert(&wide, 0..6, SampleFormat::Ibm32, ORDER, &mut bytes).unwrap();
        assert_eq!(lost, losses(3, 2, 0), "1e39 fits, infinity does not");
        assert_eq!(bytes[4..8], 0xffff_ffff_u32.to_be_bytes());
    }

    #[test]
    fn an_ibm_word_beyond_f32_keeps_its_value_where_the_format_holds_it() {
        let word = 0x7f12_3456;
        let mut bytes = Vec::new();
        let lost = convert_ibm_word(word, SampleFormat::Ieee64, ORDER, &mut bytes).unwrap();
        assert_eq!(lost, Losses::default());
        assert_eq!(bytes, decode_word_exact(word).to_be_bytes());
        bytes.clear();
        let lost = convert_ibm_word(word, SampleFormat::Ieee32, ORDER, &mut bytes).unwrap();
        assert_eq!(lost, losses(0, 1, 0));
        assert_eq!(bytes, f32::MAX.to_be_bytes());
        bytes.clear();
        // Not normalised: the word itself is kept where the format is its own.
        convert_ibm_word(0x4200_1234, SampleFormat::Ibm32, ORDER, &mut bytes).unwrap();
        assert_eq!(bytes, 0x4200_1234_u32.to_be_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 64 }))]

        #[test]
        fn floats_become_ibm_words_by_the_fast_way_as_by_the_plain_one(
            bits in prop::collection::vec(any::<u32>(), 1..200),
        ) {
            let floats: Vec<f32> = bits.into_iter().map(f32::from_bits).collect();
            let (words, lost) = to_words(&floats, SampleFormat::Ibm32);
            let mut expected = Vec::new();
            encode(SampleFormat::Uint32, ORDER, &words, &mut expected).unwrap();
            // Of a number that is none, only the plain way forgets the sign.
            for (word, float) in expected.as_chunks_mut::<4>().0.iter_mut().zip(&floats) {
                if float.is_nan() {
                    word[0] |= u8::from(float.is_sign_negative()) << 7;
                }
            }
            let mut bytes = Vec::new();
            let fast = floats_to_ibm(&floats, ORDER, &mut bytes).unwrap();
            prop_assert_eq!(bytes, expected);
            prop_assert_eq!(fast, lost);
        }

        #[test]
        fn ibm_words_are_the_nearest(value in any::<f64>().prefilter_numbers(), small in any::<f32>().prop_filter("a number", |v| v.is_finite())) {
            for value in [value, f64::from(small), value % 1e6] {
                let (word, loss) = nearest_ibm(Value::Float(value));
                prop_assert_eq!(word, encode_word_nearest(value), "{}", value);
                let is_exact = decode_word_exact(word).to_bits() == value.to_bits();
                prop_assert_eq!(is_exact, loss == Loss::None, "{}", value);
                prop_assert_eq!(value.abs() > LARGEST, loss == Loss::Clipped);
            }
        }

        #[test]
        fn what_is_counted_as_unchanged_is_unchanged(
            values in prop::collection::vec(prop_oneof![any::<f64>(), -1e5..1e5, (-300_i32..300).prop_map(f64::from)], 1..40),
            from in 0_usize..13,
        ) {
            let from = supported().nth(from).unwrap();
            let (source, _) = converted(&Samples::Float64(values), from);
            for format in supported() {
                let (back, lost) = converted(&source, format);
                let differing = (0..source.len()).filter(|&i| {
                    let (a, b) = (source.get_f64(i).unwrap(), back.get_f64(i).unwrap());
                    a.partial_cmp(&b) != Some(std::cmp::Ordering::Equal) && !(a.is_nan() && b.is_nan())
                });
                // Whole numbers of 64 bits do not show all of themselves as f64.
                let wide = [source.number_type(), back.number_type()]
                    .iter()
                    .any(|t| matches!(t, NumberType::Int64 | NumberType::Uint64));
                let counted = lost.rounded + lost.clipped + lost.not_numbers;
                if wide {
                    prop_assert!(differing.count() as u64 <= counted);
                } else if format == SampleFormat::Ibm32 {
                    // Read back as f32, values out of its range look different again.
                    prop_assert!(counted <= source.len() as u64);
                } else {
                    prop_assert_eq!(differing.count() as u64, counted, "{:?} to {:?}", from, format);
                }
            }
        }

        #[test]
        fn a_formats_own_samples_come_through_bit_for_bit(content in prop::collection::vec(any::<u8>(), 8..400)) {
            for format in supported().filter(|&f| f != SampleFormat::Ibm32) {
                let n = content.len() / format.size_bytes();
                let bytes = &content[..n * format.size_bytes()];
                let mut samples = Samples::zeros(format.number_type(), n);
                decode(format, ORDER, bytes, &mut samples).unwrap();
                let mut back = Vec::new();
                let lost = convert(&samples, 0..n, format, ORDER, &mut back).unwrap();
                prop_assert_eq!(lost, Losses::default());
                prop_assert_eq!(&back[..], bytes);
            }
        }
    }

    /// Finite numbers.
    trait Numbers {
        fn prefilter_numbers(self) -> impl Strategy<Value = f64>;
    }

    impl<S: Strategy<Value = f64>> Numbers for S {
        fn prefilter_numbers(self) -> impl Strategy<Value = f64> {
            self.prop_filter("a number", |value| value.is_finite())
        }
    }
}
