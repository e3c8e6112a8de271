//! Is one trace sound? Looks at its samples only.
//!
//! Thresholds are robust, so that loud data are no alarm: a spike stands alone among quiet
//! neighbours, a clipped trace has plateaus at its largest magnitude and nowhere else.

/// A spike is so many times the trace's median magnitude …
pub(super) const SPIKE_OVER_MEDIAN: f32 = 30.0;
/// … and so many times its neighbours two and three samples away on both sides, and twice those
/// beside it.
pub(super) const SPIKE_OVER_NEIGHBOURS: f32 = 8.0;
/// A trace with more such samples is spiky by nature (reflectivity, say), and none is counted.
const MOST_SPIKES: u64 = 3;
/// Shorter traces cannot be judged.
const ENOUGH_SAMPLES: usize = 32;
/// Equal samples in a row that make a plateau.
pub(super) const PLATEAU: usize = 3;

/// What was found in one trace.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::import) struct TraceCheck {
    pub(super) n_samples: u32,
    pub(in crate::import) is_dead: bool,
    /// One value, not zero, from end to end.
    pub(super) is_flat: bool,
    pub(in crate::import) n_non_finite: u32,
    pub(super) first_non_finite: Option<u32>,
    pub(super) n_spikes: u32,
    /// Sample and value.
    pub(super) first_spike: Option<(u32, f32)>,
    /// Plateaus at the largest magnitude, if the trace has no others.
    pub(super) n_clipped_runs: u32,
    pub(super) clip_level: f32,
}

impl TraceCheck {
    /// `has_sign`: whether zero is the level at rest; spikes and clipping are looked for only then.
    /// `work` is a buffer, reused from trace to trace.
    pub(super) fn of(samples: &[f32], has_sign: bool, work: &mut Vec<f32>) -> Self {
        let mut check = Self {
            n_samples: u32::try_from(samples.len()).unwrap_or(u32::MAX),
            ..Self::default()
        };
        check.look_for_non_finite(samples);
        let Some(&first) = samples.first() else {
            return check;
        };
        let all_same = samples
            .iter()
            .all(|sample| sample.to_bits() == first.to_bits());
        check.is_dead = samples.iter().all(|&sample| sample == 0.0);
        check.is_flat = all_same && !check.is_dead && samples.len() >= PLATEAU && first.is_finite();
        if has_sign && !all_same && samples.len() >= ENOUGH_SAMPLES && check.n_non_finite == 0 {
            check.look_for_spikes(samples, work);
            check.look_for_clipping(samples);
        }
        check
    }

    fn look_for_non_finite(&mut self, samples: &[f32]) {
        for (i, sample) in samples.iter().enumerate() {
            if !sample.is_finite() {
                self.n_non_finite = self.n_non_finite.saturating_add(1);
                self.first_non_finite.get_or_insert_with(|| position(i));
            }
        }
    }

    fn look_for_spikes(&mut self, samples: &[f32], work: &mut Vec<f32>) {
        let mut threshold = None;
        let mut n_found = 0_u64;
        for (i, around) in samples.windows(7).enumerate() {
            let peak = around[3].abs();
            let neighbours = [0, 1, 5, 6].map(|at: usize| around[at].abs());
            let loudest = neighbours.into_iter().fold(0.0, f32::max);
            let beside = around[2].abs().max(around[4].abs());
            // A band-limited peak takes its neighbours with it; a spike does not.
            let alone = peak > SPIKE_OVER_NEIGHBOURS * loudest && peak > 2.0 * beside;
            if !alone || peak == 0.0 {
                continue;
            }
            let limit = *threshold.get_or_insert_with(|| spike_limit(samples, work));
            if peak > limit {
                n_found += 1;
                self.first_spike
                    .get_or_insert_with(|| (position(i + 3), around[3]));
            }
        }
        if n_found > MOST_SPIKES {
            self.first_spike = None;
        } else {
            self.n_spikes = u32::try_from(n_found).unwrap_or(0);
        }
    }

    fn look_for_clipping(&mut self, samples: &[f32]) {
        let largest = samples
            .iter()
            .map(|sample| sample.abs())
            .fold(0.0, f32::max);
        let n_loud = samples.iter().filter(|sample| **sample != 0.0).count();
        if n_loud < ENOUGH_SAMPLES / 2 {
            return;
        }
        let (mut at_limit, mut elsewhere) = (0_u32, 0_u32);
        for run in samples.chunk_by(|a, b| a.to_bits() == b.to_bits()) {
            let value = run.first().map_or(0.0, |value| value.abs());
            if run.len() < PLATEAU || value == 0.0 {
                continue;
            }
            if value.total_cmp(&largest).is_eq() {
                at_limit += 1;
            } else {
                elsewhere += 1;
            }
        }
        // Plateaus elsewhere: blocky by nature (velocities, few bits), not clipped.
        if elsewhere == 0 && largest >= f32::MIN_POSITIVE {
            self.n_clipped_runs = at_limit;
            self.clip_level = largest;
        }
    }
}

/// Magnitude from which on a lonely sample is a spike; infinite where too little is not zero.
fn spike_limit(samples: &[f32], work: &mut Vec<f32>) -> f32 {
    work.clear();
    work.extend(
        samples
            .iter()
            .map(|sample| sample.abs())
            .filter(|magnitude| *magnitude > 0.0),
    );
    if work.len() < ENOUGH_SAMPLES / 2 {
        return f32::INFINITY;
    }
    let middle = work.len() / 2;
    let (_, median, _) = work.select_nth_unstable_by(middle, f32::total_cmp);
    *median * SPIKE_OVER_MEDIAN
}

fn position(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: u16) -> Vec<f32> {
        (0..n)
            .map(|i| (f32::from(i) * 0.31).sin() * 100.0 / (1.0 + f32::from(i) * 0.01))
            .collect()
    }

    fn checked(samples: &[f32]) -> TraceCheck {
        TraceCheck::of(samples, true, &mut Vec::new())
    }

    #[test]
    fn a_sound_trace_is_sound() {
        let check = checked(&wave(500));
        assert_eq!((check.n_spikes, check.n_clipped_runs), (0, 0));
        assert!(!check.is_dead && !check.is_flat);
    }

    #[test]
    fn a_loud_first_arrival_is_no_spike() {
        let mut samples = vec![0.01_f32; 300];
        for (i, sample) in samples.iter_mut().enumerate() {
            *sample *= if i % 2 == 0 { 1.0 } else { -1.3 };
        }
        for (i, value) in [40.0, 900.0, -700.0, 400.0, -150.0, 60.0]
            .into_iter()
            .enumerate()
        {
            samples[100 + i] = value;
        }
        assert_eq!(checked(&samples).n_spikes, 0);
    }

    #[test]
    fn a_lonely_sample_is_a_spike_and_many_are_the_datas_nature() {
        let mut samples = wave(500);
        samples[200] = 1e6;
        let check = checked(&samples);
        assert_eq!((check.n_spikes, check.first_spike), (1, Some((200, 1e6))));
        for i in [50, 100, 150, 300, 400] {
            samples[i] = -1e6;
        }
        assert_eq!(checked(&samples).n_spikes, 0);
    }

    #[test]
    fn plateaus_at_the_limit_are_clipping_and_blocks_are_not() {
        let clipped: Vec<f32> = wave(500).iter().map(|x| x.clamp(-40.0, 40.0)).collect();
        let check = checked(&clipped);
        assert!(check.n_clipped_runs > 3, "{check:?}");
        assert!((check.clip_level - 40.0).abs() < 1e-6);
        let blocky: Vec<f32> = (0..400_u16)
            .map(|i| 1500.0 + f32::from(i / 40) * 100.0)
            .collect();
        assert_eq!(checked(&blocky).n_clipped_runs, 0);
    }

    #[test]
    fn dead_flat_and_broken_traces_are_told_apart() {
        assert!(checked(&[0.0; 50]).is_dead);
        assert!(checked(&[7.0; 50]).is_flat);
        let check = checked(&[1.0, f32::NAN, f32::INFINITY, 2.0]);
        assert_eq!((check.n_non_finite, check.first_non_finite), (2, Some(1)));
        assert_eq!(checked(&[]), TraceCheck::default());
    }
}
