//! What amplitudes are there? Counts, extremes, mean, rms and percentiles, found while streaming.
//!
//! Each chunk gets a [`StatisticsAccumulator`] of its own, and they are merged in file order: the
//! result depends on the samples and on nothing else, to the last bit. Percentiles come from a
//! histogram of |amplitude| in logarithmic bins: 64 for each power of two, so that a bin's middle
//! is within 1 % of all in it, and no sample is kept. The histogram would cost a tenth of the
//! compression, so past the first million samples of the array every fourth one is looked at only;
//! all else is counted in full.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AmplitudeStatistics;
use crate::samples::{Samples, with_vector};
use crate::simd::compiled_twice;

/// Bits of an `f32` that a bin's number drops: it keeps the exponent and 6 bits of the fraction.
const DROPPED_BITS: u32 = 17;
/// 256 exponents × 64; the last 64 hold infinities and NaN.
const N_BINS: usize = 256 * 64;
/// Where infinities and NaN begin.
const NON_FINITE_BIN: usize = 255 * 64;
/// Samples that are looked at together: they stay in the first-level cache between the passes.
const STRETCH: usize = 1024;
/// Independent sums: so many that compilers make loops over them, and of these vector code.
const LANES: usize = 64;
/// So many samples go into the histogram, all of them …
const FULL_HISTOGRAM_SAMPLES: u64 = 1 << 20;
/// … and every fourth one after.
const HISTOGRAM_STEP: u8 = 4;

/// Partial statistics of some samples.
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsAccumulator {
    /// Where in the array the first sample lies; it decides what the histogram looks at.
    first_sample: u64,
    n_seen: u64,
    /// Of the parts that are ended, in order: sums depend on the order.
    ended: Vec<Sums>,
    totals: Sums,
    histogram: Vec<u64>,
}

impl Default for StatisticsAccumulator {
    fn default() -> Self {
        Self::beginning_at(0)
    }
}

impl StatisticsAccumulator {
    /// Of samples of which the first has this place in the array.
    pub fn beginning_at(first_sample: u64) -> Self {
        Self {
            first_sample,
            n_seen: 0,
            ended: Vec::new(),
            totals: Sums::default(),
            histogram: vec![0; N_BINS],
        }
    }

    /// Ends a part: what is merged part by part is the same however many parts come at once.
    pub fn end_part(&mut self) {
        self.ended.push(std::mem::take(&mut self.totals));
    }

    /// Takes in all of `samples`.
    pub fn add(&mut self, samples: &Samples) {
        self.add_first(samples, usize::MAX);
    }

    /// Takes in the first `n` of `samples`: the rest may be padding.
    pub fn add_first(&mut self, samples: &Samples, n: usize) {
        with_vector!(samples, v => self.add_numbers(v.get(..n).unwrap_or(v)));
    }

    /// Takes in a range of `samples`; what lies outside of them is not there.
    pub fn add_range(&mut self, samples: &Samples, range: std::ops::Range<usize>) {
        with_vector!(samples, v => self.add_numbers(v.get(range).unwrap_or_default()));
    }

    /// Takes in the samples behind these.
    pub fn merge(&mut self, other: &Self) {
        self.n_seen += other.n_seen;
        for part in &other.ended {
            self.totals.add(part);
        }
        self.totals.add(&other.totals);
        for (bin, more) in self.histogram.iter_mut().zip(&other.histogram) {
            *bin += more;
        }
    }

    /// Finite samples so far.
    pub fn count(&self) -> u64 {
        let ended: u64 = self.ended.iter().map(|part| part.n_finite).sum();
        ended + self.totals.n_finite
    }

    /// NaN and infinite samples so far.
    pub fn n_non_finite(&self) -> u64 {
        self.n_seen - self.count()
    }

    /// The statistics; `None` when there was no finite sample. Sums beyond the range of `f64`
    /// stay at its end.
    pub fn finish(&self) -> Option<AmplitudeStatistics> {
        let mut totals = Sums::default();
        for part in &self.ended {
            totals.add(part);
        }
        totals.add(&self.totals);
        if totals.n_finite == 0 {
            return None;
        }
        let n = totals.n_finite as f64;
        Some(AmplitudeStatistics {
            count: totals.n_finite,
            n_non_finite: self.n_seen - totals.n_finite,
            n_zeros: totals.n_zeros,
            min: totals.min,
            max: totals.max,
            mean: in_range(totals.sum / n),
            rms: in_range((totals.sum_of_squares / n).sqrt()),
            abs_p50: self.abs_percentile(&totals, 0.5),
            abs_p90: self.abs_percentile(&totals, 0.9),
            abs_p95: self.abs_percentile(&totals, 0.95),
            abs_p98: self.abs_percentile(&totals, 0.98),
            abs_p99: self.abs_percentile(&totals, 0.99),
            abs_p999: self.abs_percentile(&totals, 0.999),
        })
    }

    fn add_numbers<T: Amplitude>(&mut self, numbers: &[T]) {
        for stretch in numbers.chunks(STRETCH) {
            self.totals.add(&T::sums(stretch));
            self.add_histogram(stretch);
            self.n_seen += stretch.len() as u64;
        }
    }

    fn add_histogram<T: Amplitude>(&mut self, numbers: &[T]) {
        let step = if self.first_sample + self.n_seen < FULL_HISTOGRAM_SAMPLES {
            1
        } else {
            HISTOGRAM_STEP
        };
        for number in numbers.iter().step_by(usize::from(step)) {
            // The sign drops out at the top, the lower fraction bits at the bottom.
            let bin = (number.to_f32().to_bits() << 1) >> (DROPPED_BITS + 1);
            if let Some(count) = self.histogram.get_mut(bin as usize) {
                *count += u64::from(step);
            }
        }
    }

    /// The value that `share` of all finite |amplitudes| do not exceed.
    fn abs_percentile(&self, totals: &Sums, share: f64) -> f64 {
        let finite = || self.histogram.iter().take(NON_FINITE_BIN);
        let count: u64 = finite().sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and count"
        )]
        let rank = ((count as f64 * share).ceil() as u64).clamp(1, count.max(1));
        let largest = totals.max.abs().max(totals.min.abs());
        let mut seen = 0;
        for (bin, n) in (0u32..).zip(finite()) {
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

/// All but the histogram, over finite samples.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sums {
    n_finite: u64,
    n_zeros: u64,
    min: f64,
    max: f64,
    sum: f64,
    sum_of_squares: f64,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            n_finite: 0,
            n_zeros: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: 0.0,
            sum_of_squares: 0.0,
        }
    }
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.n_finite += other.n_finite;
        self.n_zeros += other.n_zeros;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        self.sum_of_squares += other.sum_of_squares;
    }

    /// One number after the other, in `f64`: right for all numbers, and the oracle of [`Self::narrow`].
    fn wide<T: Amplitude>(numbers: &[T]) -> Self {
        let mut sums = Self::default();
        for x in numbers.iter().map(|number| number.to_f64()) {
            if x.is_finite() {
                sums.n_finite += 1;
                sums.n_zeros += u64::from(x == 0.0);
                sums.min = sums.min.min(x);
                sums.max = sums.max.max(x);
                sums.sum += x;
                sums.sum_of_squares += x * x;
            }
        }
        sums
    }

    /// The same in `f32`, side by side, eight products to a sum before it goes on in `f64` (six digits
    /// of the mean square stay).
    ///
    /// `None` where a number is not finite (its square is not, and so neither is their sum), and
    /// where squares would leave the range of `f32`: there [`Self::wide`] is right.
    fn narrow(numbers: &[f32]) -> Option<Self> {
        let (groups, rest) = numbers.as_chunks::<LANES>();
        let mut narrow = Narrow::default();
        look_at_groups(groups, &mut narrow);
        let largest = narrow.max.abs().max(narrow.min.abs());
        let is_in_range = largest == 0.0 || (1e-15..1e15).contains(&largest);
        if groups.is_empty() || !is_in_range || !narrow.sum_of_squares.is_finite() {
            return None;
        }
        let mut sums = Self {
            n_finite: (numbers.len() - rest.len()) as u64,
            n_zeros: u64::from(narrow.n_zeros),
            min: f64::from(narrow.min),
            max: f64::from(narrow.max),
            sum: narrow.sum,
            sum_of_squares: narrow.sum_of_squares,
        };
        if !rest.is_empty() {
            sums.add(&Self::wide(rest));
        }
        Some(sums)
    }
}

/// What whole groups gave.
#[derive(Default)]
struct Narrow {
    n_zeros: u32,
    min: f32,
    max: f32,
    sum: f64,
    sum_of_squares: f64,
}

compiled_twice! {
    /// A pass for each question: one loop that asks all of them at once does not become vector code,
    /// and takes ten times as long. The order of the sums is the same for every processor.
    fn look_at_groups(groups: &[[f32; LANES]], narrow: &mut Narrow) =
        |groups: &[[f32; LANES]], narrow: &mut Narrow| {
            let zeros = groups.as_flattened().iter().map(|&x| u32::from(x == 0.0));
            narrow.n_zeros = zeros.sum();
            (narrow.min, narrow.max) = extremes(groups);
            (narrow.sum, narrow.sum_of_squares) = sums(groups);
        }
}

#[expect(clippy::inline_always, reason = "recompiled within its caller")]
#[inline(always)]
fn extremes(groups: &[[f32; LANES]]) -> (f32, f32) {
    let mut min = [f32::INFINITY; LANES];
    let mut max = [f32::NEG_INFINITY; LANES];
    for group in groups {
        for (lane, &x) in min.iter_mut().zip(group) {
            *lane = if x < *lane { x } else { *lane };
        }
        for (lane, &x) in max.iter_mut().zip(group) {
            *lane = if x > *lane { x } else { *lane };
        }
    }
    (
        min.into_iter().fold(f32::INFINITY, f32::min),
        max.into_iter().fold(f32::NEG_INFINITY, f32::max),
    )
}

#[expect(clippy::inline_always, reason = "recompiled within its caller")]
#[inline(always)]
fn sums(groups: &[[f32; LANES]]) -> (f64, f64) {
    let (mut sum, mut sum_of_squares) = (0.0, 0.0);
    for eight in groups.chunks(8) {
        let mut some = [0.0f32; LANES];
        let mut squares = [0.0f32; LANES];
        for group in eight {
            for (lane, &x) in some.iter_mut().zip(group) {
                *lane += x;
            }
            for (lane, &x) in squares.iter_mut().zip(group) {
                *lane += x * x;
            }
        }
        sum += some.into_iter().map(f64::from).sum::<f64>();
        sum_of_squares += squares.into_iter().map(f64::from).sum::<f64>();
    }
    (sum, sum_of_squares)
}

/// A number as the statistics see it.
trait Amplitude: Copy {
    /// Exact but for 64-bit integers.
    fn to_f64(self) -> f64;
    /// For the histogram: rounded, and too large values at the largest that fits.
    fn to_f32(self) -> f32;
    /// Over a stretch.
    fn sums(stretch: &[Self]) -> Sums {
        Sums::wide(stretch)
    }
}

/// Types that `f32` holds exactly are summed as such.
fn sums_as_f32<T: Amplitude>(stretch: &[T]) -> Sums {
    let mut numbers = [0.0f32; STRETCH];
    for (out, number) in numbers.iter_mut().zip(stretch) {
        *out = number.to_f32();
    }
    numbers
        .get(..stretch.len())
        .and_then(Sums::narrow)
        .unwrap_or_else(|| Sums::wide(stretch))
}

macro_rules! small_integers {
    ($($number:ty),*) => {$(
        impl Amplitude for $number {
            #[inline]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline]
            fn to_f32(self) -> f32 {
                f32::from(self)
            }
            fn sums(stretch: &[Self]) -> Sums {
                sums_as_f32(stretch)
            }
        }
    )*};
}
small_integers!(i8, u8, i16, u16);

macro_rules! large_integers {
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
large_integers!(i32, u32, i64, u64);

impl Amplitude for f32 {
    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn to_f32(self) -> f32 {
        self
    }
    fn sums(stretch: &[Self]) -> Sums {
        Sums::narrow(stretch).unwrap_or_else(|| Sums::wide(stretch))
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

/// What a checkpoint keeps: bins that hold something, and floats bit by bit.
#[derive(Serialize, Deserialize)]
struct Stored {
    n_seen: u64,
    n_finite: u64,
    n_zeros: u64,
    /// Least, greatest, sum, sum of squares.
    bits: [u64; 4],
    bins: Vec<(usize, u64)>,
}

impl Serialize for StatisticsAccumulator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut totals = Sums::default();
        for part in self.ended.iter().chain([&self.totals]) {
            totals.add(part);
        }
        let bins = self.histogram.iter().copied().enumerate();
        let stored = Stored {
            n_seen: self.n_seen,
            n_finite: totals.n_finite,
            n_zeros: totals.n_zeros,
            bits: [totals.min, totals.max, totals.sum, totals.sum_of_squares].map(f64::to_bits),
            bins: bins.filter(|(_, n)| *n > 0).collect(),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StatisticsAccumulator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let [min, max, sum, sum_of_squares] = stored.bits.map(f64::from_bits);
        let mut statistics = Self {
            n_seen: stored.n_seen,
            totals: Sums {
                n_finite: stored.n_finite,
                n_zeros: stored.n_zeros,
                min,
                max,
                sum,
                sum_of_squares,
            },
            ..Self::default()
        };
        for (bin, n) in stored.bins {
            if let Some(count) = statistics.histogram.get_mut(bin) {
                *count = n;
            }
        }
        Ok(statistics)
    }
}

#[cfg(test)]
mod tests;
