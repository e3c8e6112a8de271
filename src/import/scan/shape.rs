//! What shape has a column of header words? Constant, counting, in runs; a grid with another;
//! linear in two others.

use std::collections::HashSet;
use std::ops::Range;

/// Distinct values are counted up to here.
const MAX_DISTINCT: usize = 4096;
/// Distances of a lattice are whole multiples of its step within this part of a step.
const LATTICE_TOLERANCE: f64 = 0.02;

/// A column, described.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Profile {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) first: f64,
    pub(super) n_distinct: u64,
    pub(super) n_runs: u64,
    pub(super) ascending: bool,
    pub(super) descending: bool,
    /// Traces of a typical run.
    pub(super) typical_run: usize,
}

impl Profile {
    pub(super) fn of(values: &[f64], stretches: &[Range<usize>]) -> Self {
        let first = values.first().copied().unwrap_or(0.0);
        let mut profile = Self {
            min: first,
            max: first,
            first,
            ascending: true,
            descending: true,
            ..Self::default()
        };
        let mut distinct = HashSet::new();
        let mut lengths = Vec::new();
        let mut last_of_stretch = None;
        for stretch in stretches {
            let part = values.get(stretch.clone()).unwrap_or_default();
            let mut length = 0;
            let mut previous: Option<f64> = last_of_stretch;
            for (i, &value) in part.iter().enumerate() {
                profile.min = profile.min.min(value);
                profile.max = profile.max.max(value);
                if let Some(before) = previous {
                    profile.ascending &= value >= before;
                    profile.descending &= value <= before;
                }
                let same = i > 0 && previous.is_some_and(|before| before.total_cmp(&value).is_eq());
                if same {
                    length += 1;
                } else {
                    profile.n_runs += 1;
                    if length > 0 {
                        lengths.push(length);
                    }
                    length = 1;
                    if distinct.len() < MAX_DISTINCT {
                        distinct.insert(value.to_bits());
                    }
                }
                previous = Some(value);
            }
            lengths.push(length);
            last_of_stretch = previous;
        }
        lengths.sort_unstable();
        profile.typical_run = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
        profile.n_distinct = distinct.len() as u64;
        profile
    }

    pub(super) fn is_constant(&self) -> bool {
        self.min.total_cmp(&self.max).is_eq()
    }

    /// Whether nothing but zeros stands there.
    pub(super) fn is_zero(&self) -> bool {
        self.min == 0.0 && self.max == 0.0
    }
}

/// How two columns go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GridFit {
    /// Step of the column that changes less often; 0 where it does not change.
    pub(super) slow_step: f64,
    /// Step of the other.
    pub(super) fast_step: f64,
    /// Whether the first column is the slow one.
    pub(super) first_is_slow: bool,
    /// Traces of one pair of values: 1 after stack.
    pub(super) fold: f64,
}

/// Whether two columns count the lines of a grid: one stays while the other takes equal steps (or
/// whole multiples: gaps), begins anew when the first one steps, and no pair comes twice.
///
/// Gathers of a moving spread, which begin one step further each time, are no grid.
pub(super) fn grid(a: &[f64], b: &[f64], stretches: &[Range<usize>]) -> Option<GridFit> {
    one_way(a, b, stretches, true).or_else(|| one_way(b, a, stretches, false))
}

fn one_way(
    slow: &[f64],
    fast: &[f64],
    stretches: &[Range<usize>],
    first_is_slow: bool,
) -> Option<GridFit> {
    let (mut fast_steps, mut slow_steps) = (Vec::new(), Vec::new());
    let mut starts: Vec<Vec<f64>> = Vec::new();
    let mut pairs = HashSet::new();
    let (mut n_pair_runs, mut n_traces) = (0_u64, 0_u64);
    for stretch in stretches {
        let (s, f) = (slow.get(stretch.clone())?, fast.get(stretch.clone())?);
        let mut of_stretch = Vec::new();
        n_traces += s.len() as u64;
        for (i, (&sv, &fv)) in s.iter().zip(f).enumerate() {
            let (ds, df) = match i.checked_sub(1) {
                Some(before) => (sv - s[before], fv - f[before]),
                None => (0.0, 0.0),
            };
            if ds != 0.0 {
                slow_steps.push(ds.abs());
                of_stretch.push(fv);
            } else if df != 0.0 {
                fast_steps.push(df.abs());
            }
            if i == 0 || ds != 0.0 || df != 0.0 {
                n_pair_runs += 1;
                pairs.insert((sv.to_bits(), fv.to_bits()));
            }
        }
        starts.push(of_stretch);
    }
    let changes = fast_steps.len() + slow_steps.len();
    let enough = fast_steps.len() >= 3 && fast_steps.len() * 10 >= changes * 6;
    let unique = pairs.len() as u64 * 100 >= n_pair_runs * 95;
    if !enough || !unique || is_moving(&starts) {
        return None;
    }
    Some(GridFit {
        slow_step: lattice_step(&slow_steps)?,
        fast_step: lattice_step(&fast_steps).filter(|&step| step > 0.0)?,
        first_is_slow,
        fold: n_traces as f64 / (n_pair_runs as f64).max(1.0),
    })
}

/// The step of which nine of ten steps are whole multiples; 0 where there are none.
fn lattice_step(steps: &[f64]) -> Option<f64> {
    let Some(step) = steps.iter().copied().min_by(f64::total_cmp) else {
        return Some(0.0);
    };
    let fits = |value: &&f64| {
        let ratio = **value / step;
        (ratio - ratio.round()).abs() < LATTICE_TOLERANCE && ratio < 10_000.0
    };
    let same = steps.iter().filter(|value| (**value / step) < 1.5).count();
    let good = steps.iter().filter(fits).count();
    (good * 10 >= steps.len() * 9 && same * 2 >= steps.len()).then_some(step)
}

/// Whether each gather begins the same step further than the one before.
fn is_moving(starts: &[Vec<f64>]) -> bool {
    let shifts: Vec<f64> = starts
        .iter()
        .flat_map(|of_stretch| of_stretch.windows(2).map(|pair| pair[1] - pair[0]))
        .collect();
    let Some(&usual) = shifts.get(shifts.len() / 2) else {
        return false;
    };
    let same = shifts
        .iter()
        .filter(|shift| (**shift - usual).abs() <= usual.abs() * LATTICE_TOLERANCE)
        .count();
    usual != 0.0 && shifts.len() >= 2 && same * 10 >= shifts.len() * 8
}

/// How far `x` lies from the best plane over `a` and `b` (root mean square), as a part of its
/// range; `None` where `x` does not vary or there is too little to fit.
pub(super) fn distance_from_plane(x: &[f64], a: &[f64], b: &[f64]) -> Option<f64> {
    let range = range_of(x);
    let varying: Vec<&[f64]> = [a, b].into_iter().filter(|v| range_of(v) > 0.0).collect();
    if range <= 0.0 || varying.is_empty() || x.len() < 8 {
        return None;
    }
    let centred = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| value - mean).collect::<Vec<_>>()
    };
    let y = centred(x);
    let columns: Vec<Vec<f64>> = varying.iter().map(|values| centred(values)).collect();
    let dot = |p: &[f64], q: &[f64]| p.iter().zip(q).map(|(p, q)| p * q).sum::<f64>();
    let first = &columns[0];
    let slope = dot(first, &y) / dot(first, first);
    let mut rest: Vec<f64> = y.iter().zip(first).map(|(y, p)| y - slope * p).collect();
    if let Some(second) = columns.get(1) {
        // Gram-Schmidt: the part of the second that the first does not tell.
        let shared = dot(second, first) / dot(first, first);
        let own: Vec<f64> = second
            .iter()
            .zip(first)
            .map(|(q, p)| q - shared * p)
            .collect();
        let size = dot(&own, &own);
        if size > 1e-9 * dot(second, second) {
            let slope = dot(&own, &rest) / size;
            rest.iter_mut().zip(&own).for_each(|(r, o)| *r -= slope * o);
        }
    }
    Some((dot(&rest, &rest) / x.len() as f64).sqrt() / range)
}

fn range_of(values: &[f64]) -> f64 {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if max >= min { max - min } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(values: &[f64]) -> Vec<Range<usize>> {
        std::iter::once(0..values.len()).collect()
    }

    fn numbers(n: i32, value: impl Fn(i32) -> i32) -> Vec<f64> {
        (0..n).map(|i| f64::from(value(i))).collect()
    }

    #[test]
    fn a_profile_tells_range_runs_and_distinct_values() {
        let values = [1.0, 1.0, 2.0, 2.0, 2.0, 1.0];
        let profile = Profile::of(&values, &whole(&values));
        assert_eq!((profile.n_runs, profile.n_distinct), (3, 2));
        assert!(!profile.ascending && !profile.is_constant());
        assert!(Profile::of(&[0.0; 4], &whole(&[0.0; 4])).is_zero());
    }

    #[test]
    fn lines_of_a_volume_are_a_grid_in_either_order() {
        let (slow, fast) = (
            numbers(200, |i| 10 + i / 20 * 4),
            numbers(200, |i| 300 + i % 20),
        );
        let fit = grid(&slow, &fast, &whole(&slow)).expect("a grid");
        assert!(fit.first_is_slow && (fit.slow_step, fit.fast_step) == (4.0, 1.0));
        let fit = grid(&fast, &slow, &whole(&slow)).expect("a grid");
        assert!(!fit.first_is_slow);
    }

    #[test]
    fn gaps_and_gathers_leave_a_grid_a_grid() {
        let keep: Vec<i32> = (0..400).filter(|i| i % 13 != 5).collect();
        let slow: Vec<f64> = keep.iter().map(|i| f64::from(i / 40)).collect();
        let fast: Vec<f64> = keep.iter().map(|i| f64::from(i % 40)).collect();
        assert!(grid(&slow, &fast, &whole(&slow)).is_some());
        let (slow, fast) = (numbers(300, |i| i / 60), numbers(300, |i| i % 60 / 6));
        let fit = grid(&slow, &fast, &whole(&slow)).expect("a grid of gathers");
        assert!((fit.fold - 6.0).abs() < 0.5, "{fit:?}");
    }

    #[test]
    fn a_moving_spread_and_a_counter_are_no_grid() {
        let (shot, cdp) = (
            numbers(480, |i| i / 120),
            numbers(480, |i| i / 120 * 2 + i % 120),
        );
        assert_eq!(grid(&shot, &cdp, &whole(&shot)), None);
        let counter = numbers(100, |i| i);
        assert_eq!(grid(&counter, &counter, &whole(&counter)), None);
        let nothing = numbers(100, |_| 0);
        assert_eq!(grid(&nothing, &nothing, &whole(&nothing)), None);
    }

    #[test]
    fn coordinates_of_a_turned_grid_lie_on_a_plane() {
        let (a, b) = (numbers(200, |i| i / 20), numbers(200, |i| i % 20));
        let x: Vec<f64> = a
            .iter()
            .zip(&b)
            .map(|(a, b)| 5e5 + 12.5 * a - 20.0 * b)
            .collect();
        assert!(distance_from_plane(&x, &a, &b).expect("a fit") < 1e-6);
        let other: Vec<f64> = numbers(200, |i| i * i % 97);
        assert!(distance_from_plane(&other, &a, &b).expect("a fit") > 0.1);
        assert_eq!(distance_from_plane(&[3.0; 200], &a, &b), None);
    }
}
