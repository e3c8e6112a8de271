//! What do real recordings look like to a codec? Made here, so that every bench measures the same.
//!
//! ```text
//! sparse Laplacian reflectivity, eight times oversampled * 25 Hz Ricker ─► one section
//! trace = the section, moved by structure (stack) or stretched by moveout (shots)
//!         + 15 % coloured noise, × spherical divergence, zeros above the water bottom
//! ```
//! Not white noise (which no codec shrinks) and not zeros (which all do).

#![expect(clippy::unwrap_used, reason = "a bench has nobody to report to")]
#![allow(dead_code, reason = "each bench uses a part of it")]
#![allow(unreachable_pub, reason = "a module of several benches")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::wildcard_enum_match_arm,
    reason = "made numbers are small, of few formats"
)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use shotpoint::samples::{NumberType, Samples};
use shotpoint::segy::{ByteOrder, FileHeaderSpec, SampleFormat, SegyWriter, TraceHeaderBuilder};

/// Samples of the section for each one of a trace.
const OVERSAMPLING: f32 = 8.0;
const INTERVAL_SECS: f32 = 0.004;
const CHANNELS: u32 = 120;

/// Seconds of a task, the median of so many runs: for ratios within one run.
pub fn median_secs<T>(n_runs: usize, mut task: impl FnMut() -> T) -> f64 {
    let mut seconds: Vec<f64> = (0..n_runs.max(1))
        .map(|_| {
            let started = std::time::Instant::now();
            std::hint::black_box(task());
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// What was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survey {
    /// Shot records: moveout, divergence, a direct wave, dead traces.
    Shots,
    /// A stacked volume: gentle structure, gain balanced, zeros above the water bottom.
    Stack,
}

/// A file to be made.
#[derive(Clone, Copy, Debug)]
pub struct Recording {
    /// What was recorded.
    pub survey: Survey,
    /// How samples are stored.
    pub format: SampleFormat,
    /// Of each trace.
    pub n_samples: u32,
    /// Of the file.
    pub n_traces: u32,
}

impl Recording {
    /// As many traces as make so many bytes.
    pub fn of_bytes(survey: Survey, format: SampleFormat, n_samples: u32, bytes: u64) -> Self {
        let stride = 240 + format.size_bytes() as u64 * u64::from(n_samples);
        Self {
            survey,
            format,
            n_samples,
            n_traces: u32::try_from(bytes / stride).unwrap().max(1),
        }
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) {
        let micros = f64::from(INTERVAL_SECS) * 1e6;
        let spec = FileHeaderSpec::new(ByteOrder::Big, self.format, self.n_samples, micros);
        let output = BufWriter::with_capacity(4 << 20, File::create(path).unwrap());
        let mut writer = SegyWriter::new(output, &spec).unwrap();
        let mut earth = Earth::new(self.n_samples);
        let mut trace = Vec::new();
        for index in 0..self.n_traces {
            let header = Self::header(index);
            earth.trace(self.survey, index, &mut trace);
            let samples = self.stored(&trace);
            writer.write_trace(header.bytes(), &samples).unwrap();
        }
        let mut output = writer.finish().unwrap();
        output.flush().unwrap();
    }

    /// The samples in the file's number type; integers use most of their range.
    fn stored(&self, trace: &[f32]) -> Samples {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        match self.format {
            SampleFormat::Int16 => {
                Samples::Int16(trace.iter().map(|&x| (x * 2.0) as i16).collect())
            }
            SampleFormat::Int32 => {
                Samples::Int32(trace.iter().map(|&x| (x * 1e4) as i32).collect())
            }
            SampleFormat::Int8 => Samples::Int8(trace.iter().map(|&x| (x / 100.0) as i8).collect()),
            other => {
                assert_eq!(other.number_type(), NumberType::Float32, "not made here");
                Samples::Float32(trace.to_vec())
            }
        }
    }

    /// Filled the way contractors deliver.
    fn header(index: u32) -> TraceHeaderBuilder {
        let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
        let (shot, channel) = (i64::from(index / CHANNELS), i64::from(index % CHANNELS));
        let offset = 150 + 25 * channel;
        let words = [
            ("tracl", i64::from(index) + 1),
            ("tracr", i64::from(index) + 1),
            ("ffid", 101 + shot),
            ("channel", channel + 1),
            ("ep", 1001 + shot),
            ("cdp", 2 * shot + channel),
            ("offset", offset),
            ("scalco", -100),
            ("sx", 43_500_000 + 2500 * shot),
            ("sy", 647_800_000 + 1230 * shot),
            ("gx", 43_500_000 + 2500 * shot + 100 * offset),
            ("gy", 647_800_000 + 1230 * shot + 40 * offset),
            ("year", 2021),
            ("day", 200 + shot / 2000),
            ("hour", shot / 60 % 24),
            ("minute", shot % 60),
        ];
        for (name, value) in words {
            header.set(name, value).unwrap();
        }
        header
    }
}

/// The layered earth under the survey.
#[derive(Debug)]
pub struct Earth {
    section: Vec<f32>,
    n_samples: usize,
    noise: Noise,
}

impl Earth {
    /// For traces of so many samples.
    pub fn new(n_samples: u32) -> Self {
        let mut noise = Noise::default();
        let n = (n_samples as usize + 512) * 8;
        let mut spikes = vec![0.0_f32; n];
        for spike in &mut spikes {
            if noise.uniform().abs() < 0.02 {
                let u = noise.uniform();
                *spike = -u.signum() * (1.0 - u.abs()).max(1e-6).ln();
            }
        }
        Self {
            section: with_wavelet(&spikes),
            n_samples: n_samples as usize,
            noise,
        }
    }

    /// One trace of the survey.
    pub fn trace(&mut self, survey: Survey, index: u32, out: &mut Vec<f32>) {
        out.clear();
        match survey {
            Survey::Shots => self.shot_trace(index, out),
            Survey::Stack => self.stack_trace(index, out),
        }
    }

    fn shot_trace(&mut self, index: u32, out: &mut Vec<f32>) {
        if index % 500 == 499 {
            out.resize(self.n_samples, 0.0);
            return;
        }
        let (shot, channel) = ((index / CHANNELS) as f32, (index % CHANNELS) as f32);
        let offset = 150.0 + 25.0 * channel;
        let shift = 40.0 * (shot * 0.013).sin();
        let loudness = 1.0 + 0.1 * (shot * 0.7).sin();
        let direct = 0.05 + offset / 1500.0;
        for i in 0..self.n_samples {
            let t = i as f32 * INTERVAL_SECS;
            let velocity = 1500.0 + 420.0 * t;
            let x = offset / velocity;
            let t0 = (t * t - x * x).max(0.0).sqrt();
            let mut value = self.at(t0 / INTERVAL_SECS * OVERSAMPLING + shift + 60.0);
            if t < direct {
                value = 0.0;
            }
            value += 6.0 * ricker(25.0, t - direct) + 0.15 * self.noise.coloured();
            out.push(value * loudness * 900.0 / (t + 0.15).powf(1.3));
        }
    }

    fn stack_trace(&mut self, index: u32, out: &mut Vec<f32>) {
        let (line, along) = ((index / 500) as f32, (index % 500) as f32);
        let shift = 60.0 + 30.0 * (along * 0.006 + line * 0.01).sin();
        let water_bottom = 30 + (along * 0.02) as usize;
        for i in 0..self.n_samples {
            let depth = i as f32 / self.n_samples as f32;
            let fold = 12.0 * (3.0 * depth + along * 0.004).sin();
            let signal = self.at(i as f32 * OVERSAMPLING + shift + fold);
            let value = (signal + 0.15 * self.noise.coloured()) * 2500.0 * (-0.9 * depth).exp();
            out.push(if i < water_bottom { 0.0 } else { value });
        }
    }

    /// The section between its samples.
    fn at(&self, position: f32) -> f32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positions are small and positive"
        )]
        let below = position as usize;
        let part = position - below as f32;
        match self.section.get(below..below + 2) {
            Some([a, b]) => a * (1.0 - part) + b * part,
            _ => 0.0,
        }
    }
}

fn ricker(hertz: f32, secs: f32) -> f32 {
    let x = (std::f32::consts::PI * hertz * secs).powi(2);
    if x > 20.0 {
        0.0
    } else {
        (1.0 - 2.0 * x) * (-x).exp()
    }
}

/// Of unit power.
fn with_wavelet(spikes: &[f32]) -> Vec<f32> {
    let half = 160_usize;
    let wavelet: Vec<f32> = (0..=2 * half)
        .map(|i| {
            ricker(
                25.0,
                (i as f32 - half as f32) * INTERVAL_SECS / OVERSAMPLING,
            )
        })
        .collect();
    let mut out = vec![0.0_f32; spikes.len() + 2 * half];
    for (i, &spike) in spikes
        .iter()
        .enumerate()
        .filter(|(_, spike)| **spike != 0.0)
    {
        for (sample, w) in out[i..].iter_mut().zip(&wavelet) {
            *sample += spike * w;
        }
    }
    let power = out.iter().map(|x| x * x).sum::<f32>() / out.len() as f32;
    for x in &mut out {
        *x /= power.sqrt();
    }
    out
}

/// Noise of a band like the signal's: an AR(2) process of unit power, seeded.
#[derive(Debug)]
pub struct Noise {
    state: u64,
    last: [f32; 2],
}

impl Default for Noise {
    fn default() -> Self {
        Self {
            state: 20_240_611,
            last: [0.0; 2],
        }
    }
}

impl Noise {
    /// Between −1 and 1.
    pub fn uniform(&mut self) -> f32 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn coloured(&mut self) -> f32 {
        let value = 1.2 * self.last[0] - 0.5 * self.last[1] + 0.9 * self.uniform();
        self.last = [value, self.last[0]];
        value
    }
}
