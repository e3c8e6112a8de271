//! A shot gather as it might come from a field: hyperbolic reflections, a direct wave, noise and a
//! dead trace. The same numbers on every run.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "small numbers made here"
)]

use shotpoint::browse::{Gather, HeaderRow};
use shotpoint::dataset::{VerticalAxis, VerticalDomain};

/// Peak frequency of the wavelet, in Hz.
const FREQUENCY: f64 = 25.0;
/// Samples on each side of a wavelet's middle.
const HALF_WAVELET: usize = 30;

/// `n_traces` traces over offsets −3000…3000 m; trace `2/5 n_traces` is dead.
pub(crate) fn shot_gather(n_traces: usize, n_samples: usize, interval_millis: f64) -> Gather {
    let offsets: Vec<i64> = (0..n_traces as i64)
        .map(|i| -3000 + i * 6000 / n_traces as i64)
        .collect();
    let mut noise = Noise(12345);
    let mut samples = vec![0.0; n_traces * n_samples];
    for (i, trace) in samples.chunks_exact_mut(n_samples).enumerate() {
        for sample in &mut *trace {
            *sample = 45.0 * noise.next();
        }
        draw_events(trace, offsets[i] as f64, interval_millis / 1000.0);
        if i == n_traces * 2 / 5 {
            trace.fill(0.0);
        }
    }
    Gather {
        key: vec![("orig_field_record_num".to_owned(), 1042)],
        trace_indices: (0..n_traces as u64).collect(),
        n_samples,
        samples,
        headers: vec![
            row("orig_field_record_num", vec![1042; n_traces]),
            row("source_to_receiver_distance", offsets),
        ],
        start_offsets: None,
        axis: VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: 0.0,
            interval: interval_millis,
        },
    }
}

fn row(name: &str, values: Vec<i64>) -> HeaderRow {
    HeaderRow {
        name: name.to_owned(),
        values: values.into_iter().map(Some).collect(),
    }
}

fn draw_events(trace: &mut [f32], offset: f64, interval: f64) {
    let direct = offset.abs() / 1500.0 + 0.02;
    add_wavelet(trace, direct / interval, 1600.0, interval);
    for i in 0..22 {
        let zero_offset = 0.25 + 0.13 * f64::from(i) + 0.05 * f64::from(i * 37 % 11) / 11.0;
        let velocity = 1600.0 + 700.0 * zero_offset;
        let time = zero_offset.hypot(offset / velocity);
        let reflectivity = if i * 7 % 3 == 0 { -900.0 } else { 630.0 };
        if time > direct {
            add_wavelet(
                trace,
                time / interval,
                reflectivity / (0.4 + zero_offset),
                interval,
            );
        }
    }
}

/// A Ricker wavelet whose middle is at `middle`, in samples.
fn add_wavelet(trace: &mut [f32], middle: f64, amplitude: f64, interval: f64) {
    let from = (middle.round() as usize).saturating_sub(HALF_WAVELET);
    for (i, sample) in trace
        .iter_mut()
        .enumerate()
        .skip(from)
        .take(2 * HALF_WAVELET)
    {
        let a = (std::f64::consts::PI * FREQUENCY * (i as f64 - middle) * interval).powi(2);
        *sample += (amplitude * (1.0 - 2.0 * a) * (-a).exp()) as f32;
    }
}

/// Numbers between −1 and 1, bell-shaped.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        let mut sum = 0.0;
        for _ in 0..4 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sum += (self.0 >> 40) as f32 / (1_u64 << 24) as f32 - 0.5;
        }
        sum / 2.0
    }
}
