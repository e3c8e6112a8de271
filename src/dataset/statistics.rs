//! What amplitudes are there? Counts, extremes, mean, rms and percentiles, found while streaming.
//!
//! Every worker keeps one [`StatisticsAccumulator`] and merges it at the end: the result does not
//! depend on who saw which samples (but for rounding in the sums). Percentiles come from a
//! histogram of |amplitude| in logarithmic bins: 64 for each power of two, under 1 % wide at
//! their middle, so no sample is kept.

use super::AmplitudeStatistics;
use crate::samples::{Samples, with_vector};

/// Bits of an `f32` that a bin's number drops: it keeps the exponent and 6 bits of the fraction.
const DROPPED_BITS: u32 = 17;
/// 256 exponents × 64; the last 64 hold infinities and NaN.
const N_BINS: usize = 256 * 64;
/// Where infinities and NaN begin.
const NON_FINITE_BIN: usize = 255 * 64;
/// Samples that are looked at together: they stay in the first-level cache between the passes.
const STRETCH: usize = 1024;
/// Independent sums: vector code needs them, and they round less than one long sum.
const LANES: usize = 8;

/// Partial statistics of some samples.
#[derive(Clone, Debug)]
pub struct StatisticsAccumulator {
    n_zeros: u64,
    min: f64,
    max: f64,
    sum: f64,
    sum_of_squares: f64,
    histogram: Vec<u64>,
}

impl Default for StatisticsAccumulator {
    fn default() -> Self {
        Self {
            n_zeros: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: 0.0,
            sum_of_squares: 0.0,
            histogram: vec![0; N_BINS],
        }
    }
}

/// A number as the statistics see it.
trait Amplitude: Copy {
    /// Exact but for 64-bit integers.
    fn to_f64(self) -> f64;
    /// For the histogram: rounded, and too large values at the largest that fits.
    fn to_f32(self) -> f32;
}

macro_rules! amplitude {
    ($($number:ty),*) => {$(
        impl Amplitude for $number {
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn to_f32(self) -> f32 {
                self as f32
            }
        }
    )*};
}
amplitude!(i8, u8, i16, u16, i32, u32, i64, u64);

impl Amplitude for f32 {
    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn to_f32(self) -> f32 {
        self
    }
}

impl Amplitude for f64 {
    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a bin's number needs no more"
    )]
    fn to_f32(self) -> f32 {
        let rounded = self as f32;
        if self.is_finite() {
            rounded.clamp(f32::MIN, f32::MAX)
        } else {
            rounded
        }
    }
}

impl StatisticsAccumulator {
    /// Takes in all of `samples`.
    pub fn add(&mut self, samples: &Samples) {
        self.add_first(samples, usize::MAX);
    }

    /// Takes in the first `n` of `samples`: the rest may be padding.
    pub fn add_first(&mut self, samples: &Samples, n: usize) {
        with_vector!(samples, v => self.add_numbers(v.get(..n).unwrap_or(v)));
    }

    /// Takes in what another worker saw.
    pub fn merge(&mut self, other: &Self) {
        self.n_zeros += other.n_zeros;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        self.sum_of_squares += other.sum_of_squares;
        for (bin, more) in self.histogram.iter_mut().zip(&other.histogram) {
            *bin += more;
        }
    }

    /// NaN and infinite samples so far.
    pub fn n_non_finite(&self) -> u64 {
        self.histogram.iter().skip(NON_FINITE_BIN).sum()
    }

    /// Finite samples so far.
    pub fn count(&self) -> u64 {
        self.histogram.iter().take(NON_FINITE_BIN).sum()
    }

    /// The statistics; `None` when there was no finite sample. Sums beyond the range of `f64`
    /// stay at its end.
    pub fn finish(&self) -> Option<AmplitudeStatistics> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let n = count as f64;
        let percentile = |share: f64| self.abs_percentile(share, count);
        Some(AmplitudeStatistics {
            count,
            n_non_finite: self.n_non_finite(),
            n_zeros: self.n_zeros,
            min: self.min,
            max: self.max,
            mean: in_range(self.sum / n),
            rms: in_range((self.sum_of_squares / n).sqrt()),
            abs_p50: percentile(0.5),
            abs_p90: percentile(0.9),
            abs_p95: percentile(0.95),
            abs_p98: percentile(0.98),
            abs_p99: percentile(0.99),
            abs_p999: percentile(0.999),
        })
    }

    fn add_numbers<T: Amplitude>(&mut self, numbers: &[T]) {
        for stretch in numbers.chunks(STRETCH) {
            self.add_sums(stretch);
            self.add_histogram(stretch);
        }
    }

    fn add_sums<T: Amplitude>(&mut self, numbers: &[T]) {
        let mut lanes = Lanes::default();
        let (whole, rest) = numbers.as_chunks::<LANES>();
        for numbers in whole {
            for (lane, number) in numbers.iter().enumerate() {
                lanes.add(lane, number.to_f64());
            }
        }
        for (lane, number) in rest.iter().enumerate() {
            lanes.add(lane, number.to_f64());
        }
        self.n_zeros += lanes.n_zeros.iter().sum::<u64>();
        self.min = lanes.min.iter().copied().fold(self.min, f64::min);
        self.max = lanes.max.iter().copied().fold(self.max, f64::max);
        self.sum += lanes.sum.iter().sum::<f64>();
        self.sum_of_squares += lanes.sum_of_squares.iter().sum::<f64>();
    }

    fn add_histogram<T: Amplitude>(&mut self, numbers: &[T]) {
        for number in numbers {
            let bin = (number.to_f32().to_bits() << 1) >> (DROPPED_BITS + 1);
            if let Some(count) = self.histogram.get_mut(bin as usize) {
                *count += 1;
            }
        }
    }

    /// The value that `share` of all |amplitudes| do not exceed.
    fn abs_percentile(&self, share: f64, count: u64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and count"
        )]
        let rank = ((count as f64 * share).ceil() as u64).clamp(1, count);
        let largest = self.max.abs().max(self.min.abs());
        let mut seen = 0;
        for (bin, n) in (0u32..).zip(self.histogram.iter().take(NON_FINITE_BIN)) {
            seen += n;
            if seen >= rank {
                return middle_of_bin(bin).min(largest);
            }
        }
        largest
    }
}

/// The first bin holds zeros (and what nobody can tell from them).
fn middle_of_bin(bin: u32) -> f64 {
    if bin == 0 {
        return 0.0;
    }
    let low = f64::from(f32::from_bits(bin << DROPPED_BITS));
    let high = f64::from(f32::from_bits(
        ((bin + 1) << DROPPED_BITS).min(f32::MAX.to_bits()),
    ));
    f64::midpoint(low, high)
}

/// JSON knows no infinities.
fn in_range(x: f64) -> f64 {
    if x.is_nan() {
        0.0
    } else {
        x.clamp(f64::MIN, f64::MAX)
    }
}

/// Sums side by side.
struct Lanes {
    n_zeros: [u64; LANES],
    min: [f64; LANES],
    max: [f64; LANES],
    sum: [f64; LANES],
    sum_of_squares: [f64; LANES],
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            n_zeros: [0; LANES],
            min: [f64::INFINITY; LANES],
            max: [f64::NEG_INFINITY; LANES],
            sum: [0.0; LANES],
            sum_of_squares: [0.0; LANES],
        }
    }
}

impl Lanes {
    /// Without a branch: what is not finite counts as nothing.
    #[inline]
    fn add(&mut self, lane: usize, x: f64) {
        let finite = x.abs() < f64::INFINITY;
        let low = if finite { x } else { f64::INFINITY };
        let high = if finite { x } else { f64::NEG_INFINITY };
        let value = if finite { x } else { 0.0 };
        self.n_zeros[lane] += u64::from(x == 0.0);
        self.min[lane] = if low < self.min[lane] {
            low
        } else {
            self.min[lane]
        };
        self.max[lane] = if high > self.max[lane] {
            high
        } else {
            self.max[lane]
        };
        self.sum[lane] += value;
        self.sum_of_squares[lane] += value * value;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::float_cmp, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn of(samples: &Samples) -> StatisticsAccumulator {
        let mut statistics = StatisticsAccumulator::default();
        statistics.add(samples);
        statistics
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-30)
    }

    #[test]
    fn known_numbers_have_known_statistics() {
        let mut values: Vec<f32> = (1..=1000u16).map(f32::from).collect();
        values.extend([f32::NAN, f32::INFINITY, 0.0, -0.0]);
        let found = of(&Samples::Float32(values)).finish().unwrap();
        assert_eq!(
            (found.count, found.n_non_finite, found.n_zeros),
            (1002, 2, 2)
        );
        assert_eq!((found.min, found.max), (0.0, 1000.0));
        assert!(close(found.mean, 500_500.0 / 1002.0));
        assert!(close(found.rms, (333_833_500.0_f64 / 1002.0).sqrt()));
        for (percentile, exact) in [
            (found.abs_p50, 499.0),
            (found.abs_p90, 900.0),
            (found.abs_p99, 990.0),
            (found.abs_p999, 999.0),
        ] {
            assert!(
                (percentile / exact - 1.0).abs() < 0.01,
                "{percentile} {exact}"
            );
        }
    }

    #[test]
    fn nothing_finite_has_no_statistics() {
        assert_eq!(of(&Samples::Float64(vec![f64::NAN; 3])).finish(), None);
        assert_eq!(of(&Samples::Int8(Vec::new())).finish(), None);
    }

    #[test]
    fn numbers_at_the_ends_of_their_types_stay_finite() {
        let huge = of(&Samples::Float64(vec![f64::MAX, f64::MAX, f64::MIN]))
            .finish()
            .unwrap();
        assert_eq!((huge.count, huge.n_non_finite), (3, 0));
        assert!(huge.mean.is_finite() && huge.rms.is_finite() && huge.abs_p50.is_finite());
        let integers = of(&Samples::Uint64(vec![u64::MAX; 5])).finish().unwrap();
        assert_eq!(integers.abs_p999, u64::MAX as f64);
        let constant = of(&Samples::Int16(vec![-5; 5])).finish().unwrap();
        assert_eq!((constant.abs_p50, constant.rms), (5.0, 5.0));
    }

    #[test]
    fn padding_is_left_out() {
        let mut statistics = StatisticsAccumulator::default();
        statistics.add_first(&Samples::Int32(vec![7, 7, 0, 0]), 2);
        assert_eq!(statistics.finish().unwrap().n_zeros, 0);
    }

    proptest! {
        #[test]
        fn merged_partials_are_the_statistics_of_all(
            values in proptest::collection::vec(any::<f32>(), 1..3000),
            cut in any::<prop::sample::Index>(),
        ) {
            let cut = cut.index(values.len());
            let whole = of(&Samples::Float32(values.clone()));
            let mut merged = of(&Samples::Float32(values[..cut].to_vec()));
            merged.merge(&of(&Samples::Float32(values[cut..].to_vec())));
            prop_assert_eq!(&whole.histogram, &merged.histogram);
            prop_assert_eq!(whole.count() + whole.n_non_finite(), values.len() as u64);
            match (whole.finish(), merged.finish()) {
                (Some(whole), Some(merged)) => {
                    // Sums of huge numbers of both signs cancel: compare with what was summed.
                    prop_assert!((whole.mean - merged.mean).abs() <= 1e-12 * whole.rms);
                    prop_assert!(close(whole.rms, merged.rms));
                    let alike = AmplitudeStatistics { mean: whole.mean, rms: whole.rms, ..merged };
                    prop_assert_eq!(whole, alike);
                }
                (whole, merged) => prop_assert_eq!(whole, merged),
            }
        }

        #[test]
        fn a_percentile_is_within_one_per_cent(mut values in proptest::collection::vec(1e-30f32..1e30, 1..500)) {
            let found = of(&Samples::Float32(values.clone())).finish().unwrap();
            values.sort_by(f32::total_cmp);
            let exact = f64::from(values[(values.len() * 9).div_ceil(10) - 1]);
            prop_assert!((found.abs_p90 / exact - 1.0).abs() < 0.01);
        }
    }
}
