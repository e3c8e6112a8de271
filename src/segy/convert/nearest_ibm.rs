//! Which IBM word is nearest to a number?

use super::losses::Loss;
use super::nearest::Value;

/// The largest IBM word's bits.
const LARGEST_IBM_WORD: u32 = 0x7fff_ffff;

/// The nearest normalised IBM word, its sign and fraction from the exact number.
#[inline]
pub(super) fn nearest_ibm(value: Value) -> (u32, Loss) {
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
    use proptest::prelude::*;

    use super::*;
    use crate::segy::ibm::{LARGEST, decode_word_exact, encode_word_nearest};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn ibm_words_are_the_nearest(value in any::<f64>().prop_filter("a number", |v| v.is_finite()), small in any::<f32>().prop_filter("a number", |v| v.is_finite())) {
            for value in [value, f64::from(small), value % 1e6] {
                let (word, loss) = nearest_ibm(Value::Float(value));
                prop_assert_eq!(word, encode_word_nearest(value), "{}", value);
                let is_exact = decode_word_exact(word).to_bits() == value.to_bits();
                prop_assert_eq!(is_exact, loss == Loss::None, "{}", value);
                prop_assert_eq!(value.abs() > LARGEST, loss == Loss::Clipped);
            }
        }
    }
}
