//! At which amplitude does the colour table end?

/// The amplitudes at the two ends of the colour table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipRange {
    /// At the most negative end.
    pub low: f32,
    /// At the most positive end; above `low`.
    pub high: f32,
}

impl ClipRange {
    /// From −`clip` to `clip`.
    pub fn symmetric(clip: f32) -> Self {
        Self {
            low: -clip,
            high: clip,
        }
    }

    /// Two ends in any order; `None` where they are not numbers or leave nothing between them.
    pub fn between(a: f32, b: f32) -> Option<Self> {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let usable = low.is_finite() && high.is_finite() && (high / 2.0 - low / 2.0) > 0.0;
        usable.then_some(Self { low, high })
    }

    /// Halfway.
    pub fn middle(self) -> f32 {
        // Halves first: the sum of two large numbers may be infinite.
        self.low / 2.0 + self.high / 2.0
    }

    /// From the middle to an end.
    pub fn half(self) -> f32 {
        self.high / 2.0 - self.low / 2.0
    }

    /// Whether 0 is in the middle.
    pub fn is_symmetric(self) -> bool {
        self.middle().abs() <= self.half() * 1e-6
    }

    /// The ends times `factor`; the end that is 0 stays there.
    #[must_use]
    pub fn scaled(self, factor: f32) -> Self {
        Self {
            low: self.low * factor,
            high: self.high * factor,
        }
    }
}

/// Samples that are looked at: enough for a percentile within a fraction of a per cent, and few
/// enough for a frame.
const MOST_SAMPLES: usize = 1_000_000;

/// The `percentile` (0..=100) of |samples|, over finite ones; 0 when there is none. Looks at no
/// more than a million, evenly.
pub fn abs_percentile(samples: &[f32], percentile: f32) -> f32 {
    let mut magnitudes: Vec<f32> = samples
        .iter()
        .step_by(stride_of(samples.len()))
        .filter(|v| v.is_finite())
        .map(|v| v.abs())
        .collect();
    let Some(last) = magnitudes.len().checked_sub(1) else {
        return 0.0;
    };
    let fraction = f64::from(percentile.clamp(0.0, 100.0)) / 100.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and last"
    )]
    let rank = ((last as f64 * fraction).round() as usize).min(last);
    *magnitudes.select_nth_unstable_by(rank, f32::total_cmp).1
}

/// A clip that can be drawn with: [`abs_percentile`], and where that is 0 the largest |sample|, and where that is 0 one.
pub fn clip_of(samples: &[f32], percentile: f32) -> f32 {
    let clip = abs_percentile(samples, percentile);
    if clip > 0.0 {
        return clip;
    }
    let largest = samples
        .iter()
        .filter(|v| v.is_finite())
        .fold(0.0_f32, |most, v| most.max(v.abs()));
    if largest > 0.0 { largest } else { 1.0 }
}

/// Odd, so that it does not keep step with trace lengths, which are mostly even or round.
fn stride_of(len: usize) -> usize {
    len.div_ceil(MOST_SAMPLES).max(1) | 1
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_range_has_a_middle_and_refuses_to_be_empty() {
        let range = ClipRange::between(3.0, -1.0).unwrap();
        assert_eq!(
            range,
            ClipRange {
                low: -1.0,
                high: 3.0
            }
        );
        assert_eq!((range.middle(), range.half()), (1.0, 2.0));
        assert!(!range.is_symmetric() && ClipRange::symmetric(5.0).is_symmetric());
        assert_eq!(ClipRange::between(1.0, 1.0), None);
        assert_eq!(ClipRange::between(f32::NAN, 1.0), None);
        let widest = ClipRange::between(-f32::MAX, f32::MAX).unwrap();
        assert!(widest.half().is_finite() && widest.middle() == 0.0);
    }

    #[test]
    fn percentiles_of_a_ramp_are_its_values() {
        let ramp: Vec<f32> = (0..=1000).map(|i| -(i as f32)).collect();
        for percentile in [0.0, 50.0, 90.0, 99.0, 100.0] {
            let expected = percentile * 10.0;
            assert!((abs_percentile(&ramp, percentile) - expected).abs() < 0.5);
        }
    }

    #[test]
    fn what_is_not_finite_does_not_count() {
        let samples = [f32::NAN, f32::INFINITY, 3.0, -4.0, f32::NEG_INFINITY];
        assert!((abs_percentile(&samples, 100.0) - 4.0).abs() < 1e-6);
        assert!(abs_percentile(&[f32::NAN], 99.0).abs() < 1e-6);
    }

    #[test]
    fn a_mostly_dead_gather_is_clipped_at_its_largest_sample() {
        let mut samples = vec![0.0; 10_000];
        samples[5001] = -7.0;
        assert!((clip_of(&samples, 99.0) - 7.0).abs() < 1e-6);
        assert!((clip_of(&[0.0; 10], 99.0) - 1.0).abs() < 1e-6);
        assert!((clip_of(&[], 99.0) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn millions_of_samples_give_the_same_percentile_as_all_of_them() {
        let samples: Vec<f32> = (0..3_000_000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32)
            .collect();
        let mut sorted = samples.clone();
        sorted.sort_by(f32::total_cmp);
        let exact = sorted[2_970_000];
        let found = abs_percentile(&samples, 99.0);
        assert!((found - exact).abs() < exact * 0.002, "{found} for {exact}");
    }
}
