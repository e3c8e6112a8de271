//! How do samples become another format, and what is lost on the way?
//!
//! ```text
//! Samples ─value─► exact number ─nearest that the format holds─► words ─encode─► bytes
//!                                └► Losses: rounded, clipped, not a number
//! ```
//! What is counted as unchanged is unchanged. Where the format is the samples' own, bits are copied.

mod losses;
mod nearest;
mod nearest_ibm;

use std::ops::Range;

pub use losses::Losses;
use nearest::to_words;

use super::decode::check_supported;
use super::ibm::decode_word_exact;
use super::{ByteOrder, SampleFormat, SegyError, decode_f32, encode};
use crate::samples::{NumberType, Samples, with_vector};

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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::segy::decode;

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
        assert_eq!(back.get_f64(0), Some(2_f64.powi(64)));
        assert_eq!(back.get_f64(3), Some(2_f64.powi(63)));
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
}
