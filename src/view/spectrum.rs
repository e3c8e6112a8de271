//! How much of each frequency is in some traces? Amplitude spectra, their average and their spread.
//!
//! ```text
//! samples ─taper 5 % at both ends─► pad ×2 to a power of two ─FFT─► |X| · 2 / Σ taper ─► mean, P10, P90
//! ```
//! A sine of amplitude 1 reads between 0.9 and 1 at its frequency. Missing samples count as 0; traces that are
//! 0 throughout are left out and counted. Reads no files, knows no widgets.

use realfft::RealFftPlanner;

use crate::dataset::{VerticalAxis, VerticalDomain};

/// The spread needs all spectra at once: 1,000 of 8,193 values are 32 MiB.
pub const MOST_SPECTRUM_TRACES: usize = 1000;
/// Share of the samples that is tapered at each end.
const TAPER: f32 = 0.05;
/// No transform is shorter, so that short selections have smooth curves too.
const SHORTEST: usize = 256;

/// The spectrum of some traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// Between two values, in [`frequency_axis`]'s unit.
    pub step: f64,
    /// Mean amplitude at 0, `step`, 2 `step` … Nyquist.
    pub mean: Vec<f32>,
    /// One trace in ten has less.
    pub low: Vec<f32>,
    /// One trace in ten has more.
    pub high: Vec<f32>,
    /// Traces that count.
    pub n_traces: usize,
    /// Traces of zeros, which do not.
    pub n_dead: usize,
}

impl Spectrum {
    /// The last frequency.
    pub fn nyquist(&self) -> f64 {
        self.step * self.mean.len().saturating_sub(1) as f64
    }

    /// Where the mean is largest, and how large it is there.
    pub fn peak(&self) -> (f64, f32) {
        let largest = self
            .mean
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1));
        largest.map_or((0.0, 0.0), |(i, value)| (i as f64 * self.step, *value))
    }

    /// Mean, P10 and P90 at the value nearest to a frequency.
    pub fn at(&self, frequency: f64) -> Option<(f64, f32, f32, f32)> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked against the length below"
        )]
        let i = (frequency / self.step).round().max(0.0) as usize;
        Some((
            i as f64 * self.step,
            *self.mean.get(i)?,
            *self.low.get(i)?,
            *self.high.get(i)?,
        ))
    }
}

/// Samples in one unit of frequency, and that unit: (250, "Hz") for 4 ms.
pub fn frequency_axis(axis: &VerticalAxis) -> (f64, &'static str) {
    let interval = if axis.interval > 0.0 {
        axis.interval
    } else {
        1.0
    };
    match (axis.domain, axis.unit.as_str()) {
        (VerticalDomain::Time, "s") => (1.0 / interval, "Hz"),
        (VerticalDomain::Time, _) => (1000.0 / interval, "Hz"),
        (VerticalDomain::Depth, "ft") => (1000.0 / interval, "cycles/kft"),
        (VerticalDomain::Depth, _) => (1000.0 / interval, "cycles/km"),
        (VerticalDomain::Sample, _) => (1.0, "cycles/sample"),
    }
}

/// The spectrum of `traces` with so many samples in a unit of frequency; at most
/// [`MOST_SPECTRUM_TRACES`] of them. `None` where no trace holds anything.
pub fn spectrum<'a>(
    traces: impl IntoIterator<Item = &'a [f32]>,
    sampling_rate: f64,
) -> Option<Spectrum> {
    let mut each = Transform::default();
    let mut all: Vec<Vec<f32>> = Vec::new();
    let mut n_dead = 0;
    for trace in traces.into_iter().take(MOST_SPECTRUM_TRACES) {
        match each.of(trace) {
            Some(amplitudes) => all.push(amplitudes),
            None => n_dead += 1,
        }
    }
    let n_values = all.first()?.len();
    let n_traces = all.len();
    let mut made = Spectrum {
        step: sampling_rate / (2.0 * (n_values - 1).max(1) as f64),
        mean: Vec::with_capacity(n_values),
        low: Vec::with_capacity(n_values),
        high: Vec::with_capacity(n_values),
        n_traces,
        n_dead,
    };
    let mut column = Vec::with_capacity(n_traces);
    for i in 0..n_values {
        column.clear();
        column.extend(all.iter().filter_map(|row| row.get(i).copied()));
        made.mean.push(column.iter().sum::<f32>() / n_traces as f32);
        made.low.push(percentile(&mut column, 0.1));
        made.high.push(percentile(&mut column, 0.9));
    }
    Some(made)
}

/// The value that a share of the values does not exceed.
fn percentile(values: &mut [f32], share: f64) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below the length"
    )]
    let at = (values.len().saturating_sub(1) as f64 * share).round() as usize;
    if at >= values.len() {
        return 0.0;
    }
    *values.select_nth_unstable_by(at, f32::total_cmp).1
}

/// Transforms of one length after another: plans are kept.
#[derive(Default)]
struct Transform {
    planner: Option<RealFftPlanner<f32>>,
}

impl Transform {
    /// Amplitudes of a trace; `None` where it is 0 throughout.
    fn of(&mut self, trace: &[f32]) -> Option<Vec<f32>> {
        if trace.iter().all(|v| *v == 0.0 || !v.is_finite()) {
            return None;
        }
        let length = (2 * trace.len()).next_power_of_two().max(SHORTEST);
        let planner = self.planner.get_or_insert_with(RealFftPlanner::new);
        let plan = planner.plan_fft_forward(length);
        let mut input = plan.make_input_vec();
        for (i, (place, value)) in input.iter_mut().zip(trace).enumerate() {
            if value.is_finite() {
                *place = value * taper(i, trace.len());
            }
        }
        let mut output = plan.make_output_vec();
        plan.process(&mut input, &mut output).ok()?;
        // What the taper took away is given back.
        let weight: f32 = (0..trace.len()).map(|i| taper(i, trace.len())).sum();
        let scale = 2.0 / weight;
        Some(output.iter().map(|x| x.norm() * scale).collect())
    }
}

/// A cosine from 0 to 1 over the first samples, and back over the last ones.
fn taper(i: usize, n: usize) -> f32 {
    let edge = (n as f32 * TAPER).floor();
    let away = i.min(n - 1 - i) as f32;
    if away >= edge {
        return 1.0;
    }
    0.5 - 0.5 * (std::f32::consts::PI * (away + 0.5) / edge).cos()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn ricker(frequency: f64, interval_ms: f64, n: usize, amplitude: f32) -> Vec<f32> {
        (0..n)
            .map(|i| {
                let t = (i as f64 - n as f64 / 2.0) * interval_ms / 1000.0;
                let a = (std::f64::consts::PI * frequency * t).powi(2);
                #[expect(clippy::cast_possible_truncation, reason = "a wavelet")]
                let value = ((1.0 - 2.0 * a) * (-a).exp()) as f32;
                value * amplitude
            })
            .collect()
    }

    #[test]
    fn a_ricker_of_30_hz_peaks_at_30_hz_and_the_axis_ends_at_nyquist() {
        for interval in [1.0, 2.0, 4.0] {
            let trace = ricker(30.0, interval, 501, 1.0);
            let found = spectrum([trace.as_slice()], 1000.0 / interval).unwrap();
            assert!((found.peak().0 - 30.0).abs() <= 0.5, "{:?}", found.peak());
            assert!((found.nyquist() - 500.0 / interval).abs() < 1e-6);
        }
    }

    #[test]
    fn a_sine_reads_its_own_amplitude() {
        let n = 2000;
        let sine: Vec<f32> = (0..n)
            .map(|i| 3.0 * (2.0 * std::f32::consts::PI * 50.0 * i as f32 * 0.002).sin())
            .collect();
        let found = spectrum([sine.as_slice()], 500.0).unwrap();
        let (frequency, value) = found.peak();
        assert!((frequency - 50.0).abs() < 0.2);
        assert!((value - 3.0).abs() < 0.25, "{value}");
    }

    #[test]
    fn the_spread_holds_the_mean_and_dead_traces_do_not_count() {
        let strong = ricker(30.0, 4.0, 300, 10.0);
        let weak = ricker(30.0, 4.0, 300, 1.0);
        let dead = vec![0.0; 300];
        let traces: Vec<&[f32]> = (0..20)
            .map(|i| match i {
                0..4 => dead.as_slice(),
                4..12 => weak.as_slice(),
                _ => strong.as_slice(),
            })
            .collect();
        let found = spectrum(traces, 250.0).unwrap();
        assert_eq!((found.n_traces, found.n_dead), (16, 4));
        let (_, mean, low, high) = found.at(30.0).unwrap();
        assert!((mean / low - 5.5).abs() < 0.01 && (high / low - 10.0).abs() < 0.01);
        assert!(spectrum([dead.as_slice()], 250.0).is_none());
        assert!(spectrum([[f32::NAN; 8].as_slice()], 250.0).is_none());
    }

    #[test]
    fn one_sample_and_missing_ones_do_no_harm() {
        assert!(spectrum([[5.0].as_slice()], 250.0).is_some());
        let mut trace = ricker(30.0, 4.0, 300, 1.0);
        trace.extend([f32::NAN; 200]);
        let found = spectrum([trace.as_slice()], 250.0).unwrap();
        assert!(found.mean.iter().all(|v| v.is_finite()));
        assert!((found.peak().0 - 30.0).abs() < 1.0);
    }

    #[test]
    fn frequencies_have_the_unit_of_the_axis() {
        let axis = |domain, unit: &str, interval| VerticalAxis {
            domain,
            unit: unit.to_owned(),
            first: 0.0,
            interval,
        };
        let of = |domain, unit, interval| frequency_axis(&axis(domain, unit, interval));
        assert_eq!(of(VerticalDomain::Time, "ms", 4.0), (250.0, "Hz"));
        assert_eq!(of(VerticalDomain::Depth, "m", 5.0), (200.0, "cycles/km"));
        assert_eq!(
            of(VerticalDomain::Sample, "sample", 1.0),
            (1.0, "cycles/sample")
        );
    }
}
