//! By how much are extremes of many samples larger than samples? So that zooming out does not
//! make a picture brighter.
//!
//! The extreme of 1,000 samples is larger than a sample. A picture whose pixels show extremes would
//! saturate when zoomed out; divided by the gain found here it keeps its brightness. The gain is
//! measured on the line itself, at a few cell sizes, and drawn straight between (over the logarithm
//! of the number of samples).

use std::ops::Range;

use super::{BrowseError, TraceSource};

/// Places that are looked at: each costs a chunk of a dataset.
const N_PLACES: u64 = 24;
/// Traces of a place.
const PLACE_TRACES: u64 = 16;
/// Cell sizes that are tried at each place: traces, samples.
const CELLS: [(usize, usize); 5] = [(1, 1), (2, 4), (16, 4), (16, 16), (16, 64)];
/// Cells of a stored level that are looked at.
const LEVEL_CELLS: u64 = 1 << 20;

/// Gain over the number of samples in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Brightness {
    /// Logarithm of the number of samples, and the gain; both ascend.
    points: Vec<(f64, f64)>,
}

impl Brightness {
    /// No gain at any size.
    pub fn even() -> Self {
        Self {
            points: vec![(0.0, 1.0)],
        }
    }

    /// Measures a source. Waits for the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn measure(source: &dyn TraceSource) -> Result<Self, BrowseError> {
        let facts = source.facts();
        let n = facts.n_samples as usize;
        let mut by_size: Vec<(f64, Vec<f32>)> = CELLS
            .iter()
            .map(|&(traces, samples)| ((traces * samples) as f64, Vec::new()))
            .collect();
        let mut read = Vec::new();
        for place in places(facts.n_traces) {
            read.clear();
            source.read_traces(place, &mut read)?;
            for ((_, found), &(traces, samples)) in by_size.iter_mut().zip(&CELLS) {
                push_extremes(&read, n, traces, samples, found);
            }
        }
        for level in source.overview_levels().into_iter().skip(1) {
            let rows = (LEVEL_CELLS / level.columns.max(1)).clamp(1, level.rows);
            let start = (level.rows - rows) / 2;
            let (min, max) = source.read_overview(&level, start..start + rows)?;
            let cells = min.iter().zip(&max);
            let extremes = cells.map(|(a, b)| if a.abs() > b.abs() { *a } else { *b });
            let size = level.trace_factor as f64 * level.sample_factor as f64;
            by_size.push((size, extremes.collect()));
        }
        Ok(Self::from_measured(&by_size))
    }

    fn from_measured(by_size: &[(f64, Vec<f32>)]) -> Self {
        let mut points: Vec<(f64, f64)> = Vec::new();
        let mut first = None;
        let mut sizes: Vec<_> = by_size.iter().collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (size, values) in sizes {
            let Some(typical) = typical(values) else {
                continue;
            };
            let unit = *first.get_or_insert(typical);
            // More samples never have a smaller extreme: what says so is chance.
            let least = points.last().map_or(1.0, |p| p.1);
            points.push((size.max(1.0).ln(), (typical / unit).max(least)));
        }
        if points.is_empty() {
            return Self::even();
        }
        Self { points }
    }

    /// What a clip is multiplied by where each pixel shows the extreme of `n_samples`.
    pub fn gain(&self, n_samples: f64) -> f32 {
        let x = n_samples.max(1.0).ln();
        let behind = self.points.partition_point(|p| p.0 <= x);
        let above = self.points.get(behind);
        let below = behind.checked_sub(1).and_then(|i| self.points.get(i));
        let gain = match (below, above) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
            (Some(only), None) | (None, Some(only)) => only.1,
            (None, None) => 1.0,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a factor of a clip")]
        {
            gain as f32
        }
    }
}

/// Evenly over the line.
fn places(n_traces: u64) -> impl Iterator<Item = Range<u64>> {
    let n = N_PLACES.min(n_traces.div_ceil(PLACE_TRACES));
    (0..n).map(move |i| {
        let first = n_traces / n * i / PLACE_TRACES * PLACE_TRACES;
        first..(first + PLACE_TRACES).min(n_traces)
    })
}

fn push_extremes(
    read: &[f32],
    n_samples: usize,
    traces: usize,
    samples: usize,
    found: &mut Vec<f32>,
) {
    for group in read.chunks_exact((n_samples * traces).max(1)) {
        for first in (0..n_samples).step_by(samples) {
            let cells = group.chunks_exact(n_samples.max(1)).flat_map(|trace| {
                trace
                    .get(first..(first + samples).min(n_samples))
                    .unwrap_or_default()
            });
            let extreme = cells.fold(0.0_f32, |most, v| most.max(v.abs()));
            found.push(extreme);
        }
    }
}

/// Between the mean of |values| and a large one, nearer to the latter: the mean alone would make
/// events pale, the large one alone the ground dark. `None` where all is dead.
fn typical(values: &[f32]) -> Option<f64> {
    let mut sizes: Vec<f64> = values
        .iter()
        .filter(|v| v.is_finite() && **v != 0.0)
        .map(|v| f64::from(v.abs()))
        .collect();
    if sizes.is_empty() {
        return None;
    }
    sizes.sort_by(f64::total_cmp);
    let mean = sizes.iter().sum::<f64>() / sizes.len() as f64;
    let large = sizes.get(sizes.len() * 99 / 100).copied()?;
    Some(mean.cbrt() * large.cbrt().powi(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gain_is_one_for_samples_grows_and_ends_flat() {
        let measured = [
            (4.0, vec![4.0, -4.0]),
            (1.0, vec![1.0, -1.0, 0.0]),
            (16.0, vec![3.0]),
        ];
        let found = Brightness::from_measured(&measured);
        assert!((found.gain(1.0) - 1.0).abs() < 1e-6);
        assert!((found.gain(2.0) - 2.5).abs() < 1e-6);
        assert!((found.gain(4.0) - 4.0).abs() < 1e-6);
        // Less than before is chance.
        assert!((found.gain(16.0) - 4.0).abs() < 1e-6);
        assert!((found.gain(1e9) - 4.0).abs() < 1e-6);
    }

    #[test]
    fn a_dead_line_has_no_gain() {
        assert_eq!(
            Brightness::from_measured(&[(1.0, vec![0.0])]),
            Brightness::even()
        );
    }
}
