//! How are amplitudes evened out for the eye? Display only: what is stored and read out stays as it is.

use serde::{Deserialize, Serialize};

use crate::browse::Gather;

/// A gain along or over the traces of a gather.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gain {
    /// As stored.
    #[default]
    None,
    /// Automatic gain control: every sample by the RMS of a window of so many milliseconds
    /// (on an axis that is not time: units of that axis).
    Agc(f64),
    /// Every trace by its own RMS.
    Balance,
    /// Times the n-th power of time (or depth).
    TimePower(f64),
}

impl Gain {
    /// Those on offer.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Agc(250.0),
        Self::Agc(500.0),
        Self::Agc(1000.0),
        Self::Balance,
        Self::TimePower(1.0),
        Self::TimePower(2.0),
    ];

    /// "AGC 500 ms".
    pub fn label(self) -> String {
        match self {
            Self::None => "No gain".to_owned(),
            Self::Agc(window) => format!("AGC {window:.0} ms"),
            Self::Balance => "Trace balance".to_owned(),
            Self::TimePower(power) => format!("Time^{power}"),
        }
    }
}

/// The gather with a gain applied; a NaN stays one and counts nowhere.
pub fn gained(gather: &Gather, gain: Gain) -> Gather {
    let mut gained = gather.clone();
    let n = gather.n_samples;
    if n == 0 {
        return gained;
    }
    let powers = match gain {
        Gain::TimePower(power) => powers_of_time(gather, power),
        Gain::None | Gain::Agc(_) | Gain::Balance => Vec::new(),
    };
    for trace in gained.samples.chunks_mut(n) {
        match gain {
            Gain::None => {}
            Gain::Agc(window) => agc(trace, half_window(gather, window)),
            Gain::Balance => balance(trace),
            Gain::TimePower(_) => {
                for (sample, factor) in trace.iter_mut().zip(&powers) {
                    if sample.is_finite() {
                        *sample *= factor;
                    }
                }
            }
        }
    }
    gained
}

/// 1 at the last sample.
fn powers_of_time(gather: &Gather, power: f64) -> Vec<f32> {
    let axis = &gather.axis;
    let time = |i: usize| (axis.first + i as f64 * axis.interval).max(0.0);
    let last = time(gather.n_samples.saturating_sub(1));
    (0..gather.n_samples)
        .map(|i| {
            let share = if last > 0.0 { time(i) / last } else { 1.0 };
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
            {
                share.powf(power) as f32
            }
        })
        .collect()
}

/// Samples on each side of the window's middle; at least one.
fn half_window(gather: &Gather, window: f64) -> usize {
    let samples = window / gather.axis.interval.abs() / 2.0;
    let most = gather.n_samples.max(1);
    if !samples.is_finite() {
        return most;
    }
    super::sampling::index_of(samples.round(), most).max(1)
}

fn square(sample: f32) -> f64 {
    if sample.is_finite() {
        f64::from(sample) * f64::from(sample)
    } else {
        0.0
    }
}

fn agc(trace: &mut [f32], half: usize) {
    let mut sums = Vec::with_capacity(trace.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    for sample in trace.iter() {
        sum += square(*sample);
        sums.push(sum);
    }
    // Silence before the first break is not blown up to noise.
    let least = (sum / trace.len() as f64).sqrt() * 1e-3;
    let last = trace.len();
    for (i, sample) in trace.iter_mut().enumerate() {
        let (from, to) = (i.saturating_sub(half), (i + half + 1).min(last));
        let (Some(before), Some(after)) = (sums.get(from), sums.get(to)) else {
            continue;
        };
        let rms = ((after - before).max(0.0) / (to - from) as f64).sqrt();
        divide(sample, rms.max(least));
    }
}

fn balance(trace: &mut [f32]) {
    let rms = (trace.iter().map(|s| square(*s)).sum::<f64>() / trace.len() as f64).sqrt();
    for sample in trace {
        divide(sample, rms);
    }
}

/// A dead trace stays dead.
fn divide(sample: &mut f32, by: f64) {
    if by > 0.0 && sample.is_finite() {
        #[expect(clippy::cast_possible_truncation, reason = "samples are f32")]
        {
            *sample = (f64::from(*sample) / by) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::load_range;

    /// Traces of 1,000 samples at 4 ms: a sine whose amplitude falls to a hundredth, one ten times as
    /// large, a dead one.
    fn falling() -> Gather {
        let mut gather = load_range(&FakeSource::new(3, 1000), 0..3, &[]).unwrap();
        for (i, sample) in gather.samples.iter_mut().enumerate() {
            let t = (i % 1000) as f32 / 1000.0;
            let size = [1.0, 10.0, 0.0][i / 1000];
            *sample = size * (t * 300.0).sin() * 0.01_f32.powf(t);
        }
        gather
    }

    fn rms(samples: &[f32]) -> f32 {
        (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
    }

    #[test]
    fn agc_evens_out_early_and_late_and_small_and_large() {
        let even = gained(&falling(), Gain::Agc(500.0));
        for trace in [0, 1] {
            for part in [200..400, 600..800] {
                let level = rms(&even.trace(trace)[part]);
                assert!((level - 1.0).abs() < 0.15, "{level}");
            }
        }
        assert!(even.trace(2).iter().all(|s| *s == 0.0));
    }

    #[test]
    fn the_fast_agc_is_the_plain_one() {
        let gather = falling();
        let fast = gained(&gather, Gain::Agc(96.0));
        let trace = gather.trace(0);
        for i in [0, 5, 300, 990, 999] {
            let window = &trace[i.max(12) - 12..(i + 13).min(1000)];
            let expected = trace[i] / rms(window);
            assert!((fast.trace(0)[i] - expected).abs() < 1e-3 * expected.abs().max(1.0));
        }
    }

    #[test]
    fn balance_makes_traces_alike_and_keeps_their_shape() {
        let even = gained(&falling(), Gain::Balance);
        assert!((rms(even.trace(0)) - 1.0).abs() < 1e-4);
        assert!((even.trace(0)[77] - even.trace(1)[77]).abs() < 1e-4);
    }

    #[test]
    fn powers_of_time_are_one_at_the_end_and_nan_stays() {
        let mut gather = falling();
        gather.samples[10] = f32::NAN;
        let end = gather.trace(0)[999];
        let powered = gained(&gather, Gain::TimePower(2.0));
        assert!((powered.trace(0)[999] - end).abs() < 1e-9);
        let middle = gather.trace(1)[500] * (500.0_f32 / 999.0).powi(2);
        assert!((powered.trace(1)[500] - middle).abs() < 1e-4);
        for gain in Gain::ALL {
            let gained = gained(&gather, gain);
            assert!(gained.samples[10].is_nan(), "{}", gain.label());
            assert!(gained.samples[11..].iter().all(|s| s.is_finite()));
        }
    }
}
