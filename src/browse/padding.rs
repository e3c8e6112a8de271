//! What stands in a row behind the last sample of a trace that is shorter than others?
//!
//! A NaN of its own: numbers skip it as they skip every NaN, but a picture leaves it empty, where a
//! NaN from the file is a fault that one must see. It is told apart by its bits, so it survives
//! copying; code that calculates leaves out what is not finite.

/// No sample.
pub const PADDING: f32 = f32::from_bits(0x7fc5_4750);

/// Whether this is [`PADDING`].
#[inline]
pub fn is_padding(sample: f32) -> bool {
    sample.to_bits() == PADDING.to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_a_nan_unlike_others() {
        assert!(PADDING.is_nan() && is_padding(PADDING));
        assert!(!is_padding(f32::NAN) && !is_padding(0.0) && !is_padding(f32::INFINITY));
        let copied = [PADDING; 3].to_vec();
        assert!(copied.iter().all(|&v| is_padding(v)));
    }
}
