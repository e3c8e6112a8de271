//! How do numbers become the bytes of samples again?

use super::decode::{check_supported, copy_in_order};
use super::{ByteOrder, SampleFormat, SegyError, ibm};
use crate::samples::Samples;

/// Encodes `samples` into `bytes` (cleared first): the exact inverse of [`decode`](super::decode),
/// but for IBM words that are not normalised or have no counterpart in `f32`; those the importer
/// keeps apart ([`inexact_words`](super::inexact_words)).
///
/// Numbers that 24 bits cannot hold become the nearest that they can.
///
/// # Errors
/// As [`decode`](super::decode).
pub fn encode(
    format: SampleFormat,
    order: ByteOrder,
    samples: &Samples,
    bytes: &mut Vec<u8>,
) -> Result<(), SegyError> {
    if order == ByteOrder::PairSwapped {
        encode(format, ByteOrder::Big, samples, bytes)?;
        *bytes = ByteOrder::pairs_swapped(bytes);
        return Ok(());
    }
    check_supported(format)?;
    bytes.clear();
    if samples.number_type() != format.number_type() {
        return Err(SegyError::SamplesMismatch {
            format,
            n_bytes: 0,
            n_samples: samples.len(),
            number_type: samples.number_type(),
        });
    }
    bytes.resize(samples.len() * format.size_bytes(), 0);
    match (format, samples) {
        (SampleFormat::Ibm32, Samples::Float32(floats)) => ibm::encode_words(order, floats, bytes),
        (SampleFormat::Int24, Samples::Int32(ints)) => {
            for (sample, int) in bytes.as_chunks_mut::<3>().0.iter_mut().zip(ints) {
                let word = (*int).clamp(-0x80_0000, 0x7f_ffff).cast_unsigned();
                *sample = lower_24_bits(order, word);
            }
        }
        (SampleFormat::Uint24, Samples::Uint32(ints)) => {
            for (sample, int) in bytes.as_chunks_mut::<3>().0.iter_mut().zip(ints) {
                *sample = lower_24_bits(order, (*int).min(0xff_ffff));
            }
        }
        (_, samples) => copy_in_order(format.size_bytes(), order, samples.as_bytes(), bytes),
    }
    Ok(())
}

/// The lower three bytes of a word.
fn lower_24_bits(order: ByteOrder, word: u32) -> [u8; 3] {
    let [_, a, b, c] = word.to_be_bytes();
    match order {
        ByteOrder::Big | ByteOrder::PairSwapped => [a, b, c],
        ByteOrder::Little => [c, b, a],
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::segy::{decode, decode_f32};

    const ORDERS: [ByteOrder; 3] = [ByteOrder::Big, ByteOrder::Little, ByteOrder::PairSwapped];

    /// The plainest possible reading of one sample, as an oracle.
    fn oracle(format: SampleFormat, order: ByteOrder, sample: &[u8]) -> f64 {
        let big: Vec<u8> = match order {
            ByteOrder::Big | ByteOrder::PairSwapped => sample.to_vec(),
            ByteOrder::Little => sample.iter().rev().copied().collect(),
        };
        let bits = big.iter().fold(0_u64, |bits, &b| bits << 8 | u64::from(b));
        let n_bits = 8 * sample.len();
        let signed = i128::from(bits)
            - if bits >> (n_bits - 1) == 1 {
                1_i128 << n_bits
            } else {
                0
            };
        let is_signed = [2, 3, 7, 8, 9].contains(&format.code());
        #[expect(clippy::wildcard_enum_match_arm, reason = "by code, above")]
        match format {
            SampleFormat::Ibm32 => {
                let exact = ibm::decode_word_exact(u32::try_from(bits).unwrap());
                #[expect(clippy::cast_possible_truncation, reason = "the rounding meant")]
                f64::from(exact as f32)
            }
            SampleFormat::Ieee32 => f64::from(f32::from_bits(u32::try_from(bits).unwrap())),
            SampleFormat::Ieee64 => f64::from_bits(bits),
            _ if is_signed => signed as f64,
            _ => bits as f64,
        }
    }

    fn supported() -> Vec<SampleFormat> {
        SampleFormat::all()
            .filter(|&format| format != SampleFormat::FixedPointWithGain)
            .collect()
    }

    #[test]
    fn fixed_point_with_gain_is_refused() {
        let format = SampleFormat::FixedPointWithGain;
        let mut samples = Samples::Float32(vec![0.0]);
        let order = ByteOrder::Big;
        let refused = |result: Result<(), SegyError>| {
            matches!(result, Err(SegyError::UnsupportedSampleFormat { code: 4 }))
        };
        assert!(refused(decode(format, order, &[0; 4], &mut samples)));
        assert!(refused(decode_f32(format, order, &[0; 4], &mut Vec::new())));
        assert!(refused(encode(format, order, &samples, &mut Vec::new())));
    }

    #[test]
    fn lengths_and_types_that_do_not_fit_are_refused() {
        let order = ByteOrder::Big;
        let mut two = Samples::Int16(vec![0; 2]);
        assert!(decode(SampleFormat::Int16, order, &[0; 4], &mut two).is_ok());
        assert!(decode(SampleFormat::Int16, order, &[0; 5], &mut two).is_err());
        assert!(decode(SampleFormat::Int16, order, &[0; 6], &mut two).is_err());
        assert!(decode(SampleFormat::Uint16, order, &[0; 4], &mut two).is_err());
        assert!(decode_f32(SampleFormat::Int24, order, &[0; 7], &mut Vec::new()).is_err());
        assert!(encode(SampleFormat::Ieee32, order, &two, &mut Vec::new()).is_err());
    }

    #[test]
    fn numbers_beyond_24_bits_become_the_nearest() {
        let mut bytes = Vec::new();
        let samples = Samples::Int32(vec![i32::MAX, i32::MIN, -1]);
        encode(SampleFormat::Int24, ByteOrder::Big, &samples, &mut bytes).unwrap();
        assert_eq!(bytes, [0x7f, 0xff, 0xff, 0x80, 0, 0, 0xff, 0xff, 0xff]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 32 }))]

        #[test]
        fn every_format_equals_the_oracle_and_comes_back(
            content in prop::collection::vec(any::<u8>(), 0..800),
            order in prop::sample::select(&ORDERS[..]),
        ) {
            for format in supported() {
                let size_bytes = format.size_bytes();
                let bytes = &content[..content.len() - content.len() % size_bytes];
                let mut samples = Samples::zeros(format.number_type(), bytes.len() / size_bytes);
                decode(format, order, bytes, &mut samples).unwrap();
                let mut for_the_eye = vec![7.0];
                decode_f32(format, order, bytes, &mut for_the_eye).unwrap();
                prop_assert_eq!(for_the_eye.len(), samples.len() + 1);
                let straight = match order {
                    ByteOrder::Big | ByteOrder::Little => bytes.to_vec(),
                    ByteOrder::PairSwapped => (0..bytes.len())
                        .map(|i| *bytes.get(i ^ 1).unwrap_or(&bytes[i]))
                        .collect(),
                };
                for (i, sample) in straight.chunks(size_bytes).enumerate() {
                    let expected = oracle(format, order, sample);
                    let found = samples.get_f64(i).unwrap();
                    let same_bits = found.to_bits() == expected.to_bits();
                    prop_assert!(same_bits || found.is_nan() && expected.is_nan());
                }
                let mut expected_for_the_eye = vec![7.0];
                samples.extend_f32(0..samples.len(), &mut expected_for_the_eye);
                let bits = |v: &[f32]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(bits(&for_the_eye), bits(&expected_for_the_eye));

                let mut back = Vec::new();
                encode(format, order, &samples, &mut back).unwrap();
                if let (SampleFormat::Ibm32, Samples::Float32(floats)) = (format, &samples) {
                    let mut kept_apart = Vec::new();
                    ibm::inexact_words(order, bytes, floats, &mut kept_apart);
                    for (i, word) in kept_apart {
                        back[4 * i..4 * i + 4].copy_from_slice(&order.bytes_from(word));
                    }
                }
                prop_assert_eq!(&back[..], bytes);
            }
        }
    }
}
