//! How large are the amplitudes of a file that was not imported? From a few traces, evenly over it.
//!
//! Enough for a clip that does not change from gather to gather, and cheap enough for the first
//! picture of a file of any size.

use super::TraceSource;
use crate::dataset::AmplitudeStatistics;

/// Traces looked at. On a cold disk each costs a seek.
const MOST_TRACES: u64 = 32;
/// Samples looked at, whatever the length of a trace; a smaller file is read whole.
const MOST_SAMPLES: u64 = 1_000_000;

/// Statistics of some traces; `None` where there is no finite sample, or none can be read.
pub(super) fn estimated_amplitudes(source: &dyn TraceSource) -> Option<AmplitudeStatistics> {
    let facts = source.facts();
    let most = (MOST_SAMPLES / u64::from(facts.n_samples).max(1)).max(1);
    let mut samples = Vec::new();
    if facts.n_traces <= most {
        source.read_traces(0..facts.n_traces, &mut samples).ok()?;
        return statistics_of(&samples);
    }
    let n_looked = MOST_TRACES.min(most);
    for i in 0..n_looked {
        // In the middle of each of n equal parts: not the file's first trace, often a test record.
        let part = facts.n_traces / n_looked;
        let trace = i * part + part / 2;
        source.read_traces(trace..trace + 1, &mut samples).ok()?;
    }
    statistics_of(&samples)
}

fn statistics_of(samples: &[f32]) -> Option<AmplitudeStatistics> {
    let finite: Vec<f64> = samples
        .iter()
        .filter(|v| v.is_finite())
        .map(|&v| f64::from(v))
        .collect();
    let mut magnitudes: Vec<f64> = finite.iter().map(|v| v.abs()).collect();
    magnitudes.sort_unstable_by(f64::total_cmp);
    let last = magnitudes.len().checked_sub(1)?;
    let count = finite.len() as f64;
    let percentile = |fraction: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and last"
        )]
        let rank = (last as f64 * fraction).round() as usize;
        magnitudes[rank.min(last)]
    };
    Some(AmplitudeStatistics {
        count: finite.len() as u64,
        n_non_finite: (samples.len() - finite.len()) as u64,
        n_zeros: finite.iter().filter(|v| **v == 0.0).count() as u64,
        min: finite.iter().copied().fold(f64::INFINITY, f64::min),
        max: finite.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        mean: finite.iter().sum::<f64>() / count,
        rms: (finite.iter().map(|v| v * v).sum::<f64>() / count).sqrt(),
        abs_p50: percentile(0.5),
        abs_p90: percentile(0.9),
        abs_p95: percentile(0.95),
        abs_p98: percentile(0.98),
        abs_p99: percentile(0.99),
        abs_p999: percentile(0.999),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use std::sync::atomic::Ordering;

    #[test]
    fn few_traces_of_a_long_file_are_looked_at_from_all_over_it() {
        let source = FakeSource::new(1_000_000, 2);
        let found = estimated_amplitudes(&source).unwrap();
        assert_eq!(source.n_reads.load(Ordering::Relaxed), 32);
        assert_eq!(found.count, 64);
        assert!(found.min < 2e7 && found.max > 9.8e8 && found.max <= 1e9);
    }

    #[test]
    fn short_files_and_long_traces_are_bounded_too() {
        let three = estimated_amplitudes(&FakeSource::new(3, 10)).unwrap();
        assert_eq!(three.count, 30);
        assert!(estimated_amplitudes(&FakeSource::new(0, 10)).is_none());
        let long = FakeSource::new(50, 1_000_000);
        assert_eq!(estimated_amplitudes(&long).unwrap().count, 1_000_000);
    }

    #[test]
    fn statistics_leave_out_what_is_not_finite() {
        let found = statistics_of(&[f32::NAN, -3.0, 0.0, 4.0, f32::INFINITY]).unwrap();
        assert_eq!((found.count, found.n_non_finite, found.n_zeros), (3, 2, 1));
        assert!((found.min + 3.0).abs() < 1e-9 && (found.max - 4.0).abs() < 1e-9);
        assert!((found.rms - (25.0_f64 / 3.0).sqrt()).abs() < 1e-9);
        assert!((found.abs_p50 - 3.0).abs() < 1e-9 && (found.abs_p99 - 4.0).abs() < 1e-9);
        assert!(statistics_of(&[f32::NAN]).is_none());
    }
}
