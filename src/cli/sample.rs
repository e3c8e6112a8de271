//! Which sample data does `demo` make? A small marine line of shot gathers.
//!
//! Fifteen reflectors with dip and a fold, hyperbolic moveout, a 28 Hz Ricker wavelet, the direct
//! wave, spherical divergence, coloured noise and a dead channel: enough for every display to
//! show what it is for. Computed from fixed seeds, so that everyone sees the same line.

use std::f64::consts::PI;

/// Shots of the line.
pub(super) const N_SHOTS: u32 = 40;
/// Channels of each shot.
pub(super) const N_CHANNELS: u32 = 96;
/// Samples of each trace.
pub(super) const N_SAMPLES: u32 = 751;
/// Sample interval.
pub(super) const INTERVAL_MICROS: u16 = 4000;
/// The first shot's field record number.
pub(super) const FIRST_FIELD_RECORD: i32 = 1001;

const SHOT_SPACING_METRES: f64 = 25.0;
const GROUP_SPACING_METRES: f64 = 25.0;
const NEAR_OFFSET_METRES: f64 = 125.0;
const WATER_VELOCITY: f64 = 1500.0;
const WAVELET_HERTZ: f64 = 28.0;
/// This channel is dead in the second half of the line.
const DEAD_CHANNEL: u32 = 37;

/// Where a trace was shot and received, in metres along the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Geometry {
    pub(super) source_x: f64,
    pub(super) group_x: f64,
    pub(super) offset: f64,
}

impl Geometry {
    /// Of `channel` (from 1) in `shot` (from 0): an end-on spread, the streamer behind the ship.
    pub(super) fn of(shot: u32, channel: u32) -> Self {
        let source_x = 4000.0 + f64::from(shot) * SHOT_SPACING_METRES;
        let offset = NEAR_OFFSET_METRES + f64::from(channel - 1) * GROUP_SPACING_METRES;
        Self {
            source_x,
            group_x: source_x - offset,
            offset,
        }
    }

    /// Half-way between source and group.
    pub(super) fn midpoint_x(self) -> f64 {
        f64::midpoint(self.source_x, self.group_x)
    }

    /// The common-depth-point number: one every half group spacing.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few hundred points along a short line"
    )]
    pub(super) fn cdp(self) -> i32 {
        (self.midpoint_x() / (GROUP_SPACING_METRES / 2.0)).round() as i32
    }
}

/// One reflector: vertical two-way time under the line, and what it does to a wave.
struct Reflector {
    seconds: f64,
    strength: f64,
    dip_seconds_per_metre: f64,
    fold_seconds: f64,
    velocity: f64,
}

/// The earth under the line.
pub(super) struct Earth {
    reflectors: Vec<Reflector>,
}

impl Earth {
    /// The same earth every time.
    pub(super) fn new() -> Self {
        let mut random = Random(0x5eed_0001);
        let reflectors = (0..15)
            .map(|i| {
                let seconds = 0.28 + 0.165 * f64::from(i) + 0.05 * random.signed();
                let sign = if random.signed() > -0.2 { 1.0 } else { -1.0 };
                Reflector {
                    seconds,
                    strength: sign * (0.35 + 0.65 * random.signed().abs()),
                    dip_seconds_per_metre: if i < 6 { 8e-6 } else { 5.5e-5 },
                    fold_seconds: if i < 6 { 0.004 } else { 0.018 },
                    velocity: WATER_VELOCITY + 620.0 * seconds,
                }
            })
            .collect();
        Self { reflectors }
    }

    /// The trace of `channel` (from 1) in `shot` (from 0).
    pub(super) fn trace(&self, shot: u32, channel: u32) -> Vec<f32> {
        let mut trace = vec![0.0; N_SAMPLES as usize];
        if is_dead(shot, channel) {
            return vec![0.0; N_SAMPLES as usize];
        }
        let geometry = Geometry::of(shot, channel);
        let x = geometry.midpoint_x();
        for reflector in &self.reflectors {
            let fold = reflector.fold_seconds * (x / 550.0).sin();
            let vertical =
                reflector.seconds + reflector.dip_seconds_per_metre * (x - 3000.0) + fold;
            let arrival = vertical.hypot(geometry.offset / reflector.velocity);
            let amplitude = reflector.strength * vertical / arrival / (arrival + 0.25).powf(1.4);
            add_wavelet(
                &mut trace,
                arrival,
                amplitude * 900.0,
                WAVELET_HERTZ - 4.0 * vertical,
            );
        }
        let direct = geometry.offset / WATER_VELOCITY;
        add_wavelet(
            &mut trace,
            direct,
            1500.0 / (1.0 + geometry.offset / 400.0),
            36.0,
        );
        add_noise(&mut trace, shot * N_CHANNELS + channel);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "amplitudes of a few thousand become single precision"
        )]
        trace.into_iter().map(|value| value as f32).collect()
    }
}

/// Whether the trace was recorded without a signal.
pub(super) fn is_dead(shot: u32, channel: u32) -> bool {
    channel == DEAD_CHANNEL && shot >= N_SHOTS / 2
}

/// Adds a Ricker wavelet whose peak is at `arrival`.
fn add_wavelet(trace: &mut [f64], arrival: f64, amplitude: f64, hertz: f64) {
    let interval = f64::from(INTERVAL_MICROS) * 1e-6;
    for (i, value) in trace.iter_mut().enumerate() {
        let time = i as f64 * interval - arrival;
        if time.abs() < 0.08 {
            let a = (PI * hertz * time).powi(2);
            *value += amplitude * (1.0 - 2.0 * a) * (-a).exp();
        }
    }
}

/// Adds noise of low frequencies: white noise through a resonating filter of second order.
fn add_noise(trace: &mut [f64], seed: u32) {
    let mut random = Random(u64::from(seed) * 0x9e37_79b9 + 77);
    let (mut before, mut last) = (0.0, 0.0);
    for value in trace {
        let now = 1.25 * last - 0.55 * before + 9.0 * random.signed();
        (before, last) = (last, now);
        *value += now;
    }
}

/// A small generator of random numbers (xorshift*, Marsaglia 2003): the same on every machine.
struct Random(u64);

impl Random {
    /// Evenly between −1 and 1.
    fn signed(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        bits as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_the_same_every_time_and_not_empty() {
        let (one, other) = (Earth::new().trace(3, 5), Earth::new().trace(3, 5));
        assert_eq!(one, other);
        assert!(one.iter().any(|value| value.abs() > 100.0));
        assert!(one.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn the_dead_channel_is_dead_in_the_second_half_only() {
        let earth = Earth::new();
        assert!(
            earth
                .trace(N_SHOTS - 1, DEAD_CHANNEL)
                .iter()
                .all(|&value| value == 0.0)
        );
        assert!(
            earth
                .trace(0, DEAD_CHANNEL)
                .iter()
                .any(|&value| value != 0.0)
        );
    }

    #[test]
    fn random_numbers_fill_their_interval() {
        let mut random = Random(1);
        let numbers: Vec<f64> = (0..10_000).map(|_| random.signed()).collect();
        assert!(numbers.iter().all(|number| (-1.0..=1.0).contains(number)));
        let mean = numbers.iter().sum::<f64>() / 10_000.0;
        assert!(mean.abs() < 0.05, "{mean}");
    }
}
