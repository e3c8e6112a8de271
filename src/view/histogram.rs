//! How are amplitudes spread? Counts in even bins, for the picture in which the clip is dragged.

use super::abs_percentile;

/// Odd, so that 0 lies in the middle of one.
const BINS: usize = 161;
/// More samples than this are looked at evenly, one in so many.
const MOST_SAMPLES: usize = 1_000_000;
/// The bins reach so far beyond this percentile of |amplitude|: a single spike shall not squash them.
const REACH: (f32, f32) = (99.8, 1.5);

/// Counts of amplitudes in even bins.
#[derive(Clone, Debug, PartialEq)]
pub struct AmplitudeHistogram {
    /// Lower edge of the first bin.
    pub low: f32,
    /// Upper edge of the last bin.
    pub high: f32,
    /// Samples in each bin, zeros left out; those beyond the edges are in the outermost.
    pub counts: Vec<u64>,
    /// Samples that were looked at.
    pub n_samples: u64,
    /// Of these, exactly 0: mutes and dead traces.
    pub n_zeros: u64,
    /// Of these, infinite or not numbers.
    pub n_non_finite: u64,
    /// Smallest and largest; `None` where there is no number.
    pub extremes: Option<(f32, f32)>,
}

impl AmplitudeHistogram {
    /// The middle of a bin.
    pub fn amplitude_of(&self, bin: usize) -> f32 {
        let share = (bin as f32 + 0.5) / self.counts.len().max(1) as f32;
        self.low + (self.high - self.low) * share
    }

    /// How much of the numbers lies outside of a range, from 0 to 1.
    pub fn share_outside(&self, low: f32, high: f32) -> f64 {
        let finite = self.n_samples - self.n_non_finite;
        if finite == 0 {
            return 0.0;
        }
        let outside: u64 = self
            .counts
            .iter()
            .enumerate()
            .filter(|(bin, _)| !(low..=high).contains(&self.amplitude_of(*bin)))
            .map(|(_, n)| n)
            .sum();
        outside as f64 / finite as f64
    }
}

/// Counts at most a million of `samples`, evenly taken.
pub fn amplitude_histogram(samples: &[f32]) -> AmplitudeHistogram {
    // Odd, so that it does not keep step with trace lengths.
    let step = samples.len().div_ceil(MOST_SAMPLES).max(1) | 1;
    let looked_at = || samples.iter().step_by(step).copied();
    let extremes = looked_at().filter(|v| v.is_finite()).fold(None, |e, v| {
        let (least, most) = e.unwrap_or((v, v));
        Some((v.min(least), v.max(most)))
    });
    let (low, high) = edges(samples, extremes);
    let mut found = AmplitudeHistogram {
        low,
        high,
        counts: vec![0; BINS],
        n_samples: 0,
        n_zeros: 0,
        n_non_finite: 0,
        extremes,
    };
    let width = f64::from(high - low);
    for value in looked_at() {
        found.n_samples += 1;
        if !value.is_finite() {
            found.n_non_finite += 1;
        } else if value == 0.0 {
            found.n_zeros += 1;
        } else {
            let place = f64::from(value - low) / width * BINS as f64;
            let bin = super::sampling::index_of(place.floor(), BINS - 1);
            if let Some(count) = found.counts.get_mut(bin) {
                *count += 1;
            }
        }
    }
    found
}

/// From where to where the bins reach: evenly about 0, or over one side where there is only one.
fn edges(samples: &[f32], extremes: Option<(f32, f32)>) -> (f32, f32) {
    let (percentile, beyond) = REACH;
    let (least, most) = extremes.unwrap_or((0.0, 0.0));
    let largest = most.abs().max(least.abs());
    let mut reach = (abs_percentile(samples, percentile) * beyond).min(largest);
    if reach <= 0.0 {
        reach = largest;
    }
    if !(reach > 0.0 && reach.is_finite()) {
        reach = 1.0;
    }
    // Half of the largest number there is: the width shall not be infinite.
    reach = reach.clamp(f32::MIN_POSITIVE, f32::MAX / 4.0);
    if least >= 0.0 && most > 0.0 {
        (0.0, reach)
    } else if most <= 0.0 && least < 0.0 {
        (-reach, 0.0)
    } else {
        (-reach, reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_counted_once() {
        let mut samples: Vec<f32> = (-500..=500).map(|i| i as f32).collect();
        samples.extend([f32::NAN, f32::INFINITY, 0.0]);
        let found = amplitude_histogram(&samples);
        let counted: u64 = found.counts.iter().sum();
        assert_eq!(found.n_samples, 1004);
        assert_eq!((found.n_zeros, found.n_non_finite), (2, 2));
        assert_eq!(counted, 1000);
        assert_eq!(found.extremes, Some((-500.0, 500.0)));
        assert!((found.low + found.high).abs() < 1e-3);
        assert!(found.amplitude_of(BINS / 2).abs() < 1e-3);
        // A ramp is flat, but for the zero that is left out and the ends.
        assert!(found.counts[10..150].iter().all(|n| (5..=8).contains(n)));
    }

    #[test]
    fn one_spike_does_not_squash_the_bins() {
        let mut samples: Vec<f32> = (0..10_000).map(|i| (i as f32 * 0.7).sin()).collect();
        samples[77] = 1e9;
        let found = amplitude_histogram(&samples);
        assert!(found.high < 2.0, "{}", found.high);
        assert_eq!(found.counts.last(), Some(&1));
    }

    #[test]
    fn numbers_of_one_sign_fill_the_bins() {
        let found = amplitude_histogram(&[1500.0, 2000.0, 4000.0]);
        assert!(found.low.abs() < 1e-9 && (found.high - 4000.0).abs() < 1.0);
        assert!((found.share_outside(0.0, 3000.0) - 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_and_zeros_have_an_empty_histogram() {
        for samples in [&[] as &[f32], &[0.0; 7], &[f32::NAN]] {
            let found = amplitude_histogram(samples);
            assert_eq!(found.counts.iter().sum::<u64>(), 0);
            assert!(found.high > found.low);
            assert!(found.share_outside(-1.0, 1.0).abs() < 1e-9);
        }
    }
}
