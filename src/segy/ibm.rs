//! How do IBM System/360 single-precision words become `f32`, and back? (r1.0 appendix E)
//!
//! ```text
//! word = sign 1 | characteristic 7 | fraction 24        value = ± 0.fraction × 16^(characteristic − 64)
//! ```
//! Decoding is exact for every value that `f32` can hold (24 bits of fraction fit into its
//! mantissa); smaller values are rounded once, larger ones become infinite. Encoding gives the
//! normalised word; what does not come back as it was is found by [`inexact_words`].

#![expect(
    clippy::inline_always,
    reason = "loops must be recompiled within their callers"
)]

use super::ByteOrder;
use crate::simd::compiled_twice;

/// The largest magnitude that a word can hold: (1 − 2⁻²⁴) × 16⁶³.
pub(super) const LARGEST: f64 = 7.237_005_145_973_116e75;

/// 2 to a power that a normal `f64` has. `powi` may be off by a rounding, it promises nothing.
fn wide_power_of_two(power: i32) -> f64 {
    debug_assert!((-1022..=1023).contains(&power), "2^{power}");
    f64::from_bits(u64::from((1023 + power).unsigned_abs()) << 52)
}

/// The word's value as `f64`, exactly: plain, slow, and the oracle of everything here.
pub fn decode_word_exact(word: u32) -> f64 {
    let fraction = f64::from(word & 0x00ff_ffff);
    let characteristic = i32::from((word >> 24) as u8 & 0x7f);
    let magnitude = fraction * wide_power_of_two(4 * characteristic - 280);
    if word >> 31 == 1 {
        -magnitude
    } else {
        magnitude
    }
}

/// The normalised word nearest to `value` (ties to even), for header words.
///
/// Too large values become the largest word, NaN becomes zero.
pub(super) fn encode_word_nearest(value: f64) -> u32 {
    let sign = u32::from(value.is_sign_negative()) << 31;
    let magnitude = value.abs();
    if magnitude == 0.0 || magnitude.is_nan() {
        return sign;
    }
    // The least characteristic whose largest fraction still reaches the value.
    let fits = |characteristic: &i32| {
        let fraction = magnitude * wide_power_of_two(280 - 4 * characteristic);
        fraction.round_ties_even() < 16_777_216.0
    };
    let Some(characteristic) = (0..128).find(fits) else {
        return sign | 0x7fff_ffff;
    };
    let fraction = (magnitude * wide_power_of_two(280 - 4 * characteristic)).round_ties_even();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 ≤ fraction < 2^24 and 0 ≤ characteristic < 128"
    )]
    let (fraction, characteristic) = (fraction as u32, characteristic as u32);
    sign | characteristic << 24 | fraction
}

/// The word's value, rounded to `f32` at most once.
///
/// Two factors, each a power of two within the range of `f32`, so that nothing but the last
/// multiplication can round.
#[inline(always)]
fn decode_word(word: u32) -> f32 {
    let fraction = (word & 0x00ff_ffff).cast_signed() as f32;
    let exponent = (4 * ((word >> 24) & 0x7f).cast_signed() - 280).max(-252);
    let half = exponent >> 1;
    let magnitude = (fraction * power_of_two(half)) * power_of_two(exponent - half);
    f32::from_bits(magnitude.to_bits() | (word & 0x8000_0000))
}

/// 2^exponent, for exponents of normal numbers.
#[inline(always)]
fn power_of_two(exponent: i32) -> f32 {
    f32::from_bits((exponent + 127).cast_unsigned() << 23)
}

/// The normalised word of `value`: exact where there is one, else rounded (ties to even).
///
/// Infinities become the largest words, NaN becomes zero; −0.0 keeps its sign.
#[inline(always)]
fn encode_word(value: f32) -> u32 {
    let sign = value.to_bits() & 0x8000_0000;
    let magnitude = value.to_bits() & 0x7fff_ffff;
    let subnormal = magnitude < 0x0080_0000;
    // A subnormal number is made normal first: 2^24 times it is exact.
    let raised = (f32::from_bits(magnitude) * 16_777_216.0).to_bits();
    let bits = if subnormal { raised } else { magnitude };
    let exponent = (bits >> 23).cast_signed() - if subnormal { 24 } else { 0 };
    let mantissa = (bits & 0x007f_ffff) | 0x0080_0000;
    // value = mantissa × 2^(exponent − 150) = (mantissa >> shift) × 2^(4 × characteristic − 280)
    let characteristic = (exponent + 133) >> 2;
    let shift = (4 * characteristic - (exponent + 130)).cast_unsigned() & 3;
    let half = (1_u32 << shift) >> 1;
    let odd = (mantissa >> shift) & 1;
    let round = if shift == 0 { 0 } else { half - 1 + odd };
    let fraction = (mantissa + round) >> shift;
    let word = characteristic.cast_unsigned() << 24 | fraction;
    let word = if magnitude == 0 { 0 } else { word };
    let word = if magnitude == 0x7f80_0000 {
        0x7fff_ffff
    } else {
        word
    };
    let word = if magnitude > 0x7f80_0000 { 0 } else { word };
    sign | word
}

/// Bytes as a word.
#[inline(always)]
fn word_of(bytes: [u8; 4], big: bool) -> u32 {
    if big {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    }
}

#[inline(always)]
fn decode_loop<const BIG: bool>(bytes: &[u8], samples: &mut [f32]) {
    for (sample, &word) in samples.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *sample = decode_word(word_of(word, BIG));
    }
}

#[inline(always)]
fn encode_loop<const BIG: bool>(samples: &[f32], bytes: &mut [u8]) {
    for (word, &sample) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(samples) {
        let encoded = encode_word(sample);
        *word = if BIG {
            encoded.to_be_bytes()
        } else {
            encoded.to_le_bytes()
        };
    }
}

/// Whether the word is zero, or normalised and so far within the range of `f32` that every bit of
/// its fraction is kept: such words come back, and most files hold no others.
#[inline(always)]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "no branches: vectors of words"
)]
fn is_plain(word: u32) -> bool {
    let characteristic = (word >> 24) & 0x7f;
    let is_normalised = word & 0x00f0_0000 != 0;
    let is_in_range = characteristic.wrapping_sub(0x21) <= 0x5f - 0x21;
    (is_normalised & is_in_range) | (word == 0)
}

/// Words looked at together by [`inexact_words`]: enough for full vectors, few enough to look
/// through again one by one.
const WORDS_AT_ONCE: usize = 64;

#[inline(always)]
fn inexact_loop<const BIG: bool>(bytes: &[u8], samples: &[f32], out: &mut Vec<(usize, u32)>) {
    let words = bytes.as_chunks::<4>().0;
    let blocks = words
        .chunks(WORDS_AT_ONCE)
        .zip(samples.chunks(WORDS_AT_ONCE));
    for (block, (words, samples)) in blocks.enumerate() {
        let pairs = || words.iter().zip(samples);
        let any_odd = words
            .iter()
            .fold(false, |any, &word| any | !is_plain(word_of(word, BIG)));
        if any_odd {
            let first = block * WORDS_AT_ONCE;
            out.extend(pairs().enumerate().filter_map(|(i, (&word, &sample))| {
                let word = word_of(word, BIG);
                (word != encode_word(sample)).then_some((first + i, word))
            }));
        }
    }
}

compiled_twice! {
    fn decode_big(bytes: &[u8], samples: &mut [f32]) = decode_loop::<true>
}
compiled_twice! {
    fn decode_little(bytes: &[u8], samples: &mut [f32]) = decode_loop::<false>
}
compiled_twice! {
    fn encode_big(samples: &[f32], bytes: &mut [u8]) = encode_loop::<true>
}
compiled_twice! {
    fn encode_little(samples: &[f32], bytes: &mut [u8]) = encode_loop::<false>
}
compiled_twice! {
    fn inexact_big(bytes: &[u8], samples: &[f32], out: &mut Vec<(usize, u32)>) = inexact_loop::<true>
}
compiled_twice! {
    fn inexact_little(bytes: &[u8], samples: &[f32], out: &mut Vec<(usize, u32)>) = inexact_loop::<false>
}

/// Decodes as many words as both slices hold.
pub(super) fn decode_words(order: ByteOrder, bytes: &[u8], samples: &mut [f32]) {
    match order {
        ByteOrder::Big => decode_big(bytes, samples),
        ByteOrder::Little => decode_little(bytes, samples),
        ByteOrder::PairSwapped => decode_big(&ByteOrder::pairs_swapped(bytes), samples),
    }
}

/// Encodes as many words as both slices hold.
pub(super) fn encode_words(order: ByteOrder, samples: &[f32], bytes: &mut [u8]) {
    match order {
        ByteOrder::Big => encode_big(samples, bytes),
        ByteOrder::Little => encode_little(samples, bytes),
        ByteOrder::PairSwapped => {
            encode_big(samples, bytes);
            bytes.copy_from_slice(&ByteOrder::pairs_swapped(bytes));
        }
    }
}

/// Finds the IBM words of `bytes` that `encode` would not give back from `samples`, their decoded values.
///
/// Appended to `out`: the position of each sample, and its word, most significant byte first.
/// Every word either comes back or is reported: those not normalised, zeros with an exponent,
/// and values out of the range of `f32`. Looks at as many words as both slices hold.
pub fn inexact_words(order: ByteOrder, bytes: &[u8], samples: &[f32], out: &mut Vec<(usize, u32)>) {
    match order {
        ByteOrder::Big => inexact_big(bytes, samples, out),
        ByteOrder::Little => inexact_little(bytes, samples, out),
        ByteOrder::PairSwapped => inexact_big(&ByteOrder::pairs_swapped(bytes), samples, out),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The oracle's value as `f32`: one rounding, by the hardware.
    #[expect(clippy::cast_possible_truncation, reason = "the rounding meant")]
    fn oracle(word: u32) -> f32 {
        decode_word_exact(word) as f32
    }

    /// Words that tend to break decoders: every exponent with the fractions at the edges.
    fn edge_words() -> Vec<u32> {
        let fractions = [
            0, 1, 2, 3, 0x0f_ffff, 0x10_0000, 0x10_0001, 0x7f_ffff, 0x80_0000, 0x80_0001,
            0xff_fffe, 0xff_ffff, 0x12_3456, 0x00_8000, 0x55_5555,
        ];
        (0..=255_u32)
            .flat_map(|top| fractions.map(|fraction| top << 24 | fraction))
            .collect()
    }

    #[test]
    fn known_words_are_known_numbers() {
        for (word, value) in [
            (0x4110_0000, 1.0),
            (0xc276_a000, -118.625),
            (0x4019_999a, 0.100_000_024),
            (0x0000_0000, 0.0),
            (0x8000_0000, -0.0),
            (0x4310_0000, 256.0),
        ] {
            assert_eq!(decode_word(word).to_bits(), f32::to_bits(value));
            assert_eq!(encode_word(value), word);
        }
        assert_eq!(decode_word(0x7fff_ffff).to_bits(), f32::INFINITY.to_bits());
        assert_eq!(encode_word(f32::NEG_INFINITY), 0xffff_ffff);
        assert_eq!(encode_word(f32::NAN), 0);
    }

    #[test]
    fn edges_decode_as_the_oracle_does() {
        for word in edge_words() {
            let (fast, exact) = (decode_word(word), oracle(word));
            assert_eq!(fast.to_bits(), exact.to_bits(), "{word:08x}");
        }
    }

    #[test]
    fn edges_come_back_or_are_reported() {
        let words = edge_words();
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut samples = vec![0.0; words.len()];
        decode_words(ByteOrder::Big, &bytes, &mut samples);
        let mut reported = Vec::new();
        inexact_words(ByteOrder::Big, &bytes, &samples, &mut reported);
        let mut back = vec![0; bytes.len()];
        encode_words(ByteOrder::Big, &samples, &mut back);
        for (position, word) in reported {
            let place = back.as_chunks_mut::<4>().0.get_mut(position);
            *place.expect("a position of a sample") = word.to_be_bytes();
        }
        assert_eq!(back, bytes);
    }

    #[test]
    fn normalised_words_in_the_range_of_f32_are_never_reported() {
        for top in (0x21..=0x5f).chain(0xa1..=0xdf) {
            for fraction in [0x10_0000, 0x10_0001, 0x7f_ffff, 0xff_ffff, 0xab_cdef] {
                let word = top << 24 | fraction;
                assert_eq!(encode_word(decode_word(word)), word, "{word:08x}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 64 }))]

        #[test]
        fn every_path_equals_the_oracle(
            words in prop::collection::vec(any::<u32>(), 0..300),
            little: bool,
        ) {
            let order = if little { ByteOrder::Little } else { ByteOrder::Big };
            let bytes: Vec<u8> = words
                .iter()
                .flat_map(|word| if little { word.to_le_bytes() } else { word.to_be_bytes() })
                .collect();
            let mut chosen = vec![0.0; words.len()];
            decode_words(order, &bytes, &mut chosen);
            let mut plain = vec![0.0; words.len()];
            if little {
                decode_loop::<false>(&bytes, &mut plain);
            } else {
                decode_loop::<true>(&bytes, &mut plain);
            }
            let mut reported = Vec::new();
            inexact_words(order, &bytes, &chosen, &mut reported);
            for (i, &word) in words.iter().enumerate() {
                let expected = oracle(word).to_bits();
                prop_assert_eq!(chosen[i].to_bits(), expected);
                prop_assert_eq!(plain[i].to_bits(), expected);
                let comes_back = encode_word(chosen[i]) == word;
                prop_assert_eq!(comes_back, !reported.contains(&(i, word)));
            }
        }

        #[test]
        fn encoding_is_the_nearest_word(value in any::<f32>().prop_filter("a number", |v| v.is_finite())) {
            let word = encode_word(value);
            prop_assert_eq!(word, encode_word_nearest(f64::from(value)));
            // At worst three bits of the mantissa are lost.
            let error = (decode_word_exact(word) - f64::from(value)).abs();
            prop_assert!(error <= f64::from(value).abs() * 2_f64.powi(-21));
        }
    }
}
