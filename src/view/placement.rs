//! Where do traces stand across the picture, when not evenly in their order?
//!
//! ```text
//! evenly        |0|1|2|3|4|            trace i covers i..i+1
//! by offset     |0|1|  |2|   |3|4|     centres at (offset − least) / unit + 0.5; gaps stay empty
//! from behind   |4|3|2|1|0|
//! ```
//! The unit is the usual step between neighbouring values, so that a trace is as wide as the others
//! and a [`super::SectionWindow`] counts the same things as for traces that stand evenly.

use std::ops::Range;

/// No more units than so many times the traces: one far value shall not squeeze all others.
const MOST_UNITS_A_TRACE: f64 = 50.0;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Of each trace, in units; NaN where it has no place.
    centres: Vec<f64>,
    /// Placed traces from left to right.
    order: Vec<usize>,
    n_units: f64,
    /// Value at 0 units, and the step of a unit.
    scale: Option<(f64, f64)>,
}

impl Placement {
    /// Evenly, the last trace first.
    pub fn reversed(n_traces: usize) -> Self {
        let n = n_traces as f64;
        Self {
            centres: (0..n_traces).map(|i| n - i as f64 - 0.5).collect(),
            order: (0..n_traces).rev().collect(),
            n_units: n.max(1.0),
            scale: None,
        }
    }

    /// At their values, ascending to the right or, `reversed`, to the left. A trace without a value
    /// has no place. `None` where there are not two different values.
    pub fn by_values(values: &[Option<i64>], reversed: bool) -> Option<Self> {
        let mut sorted: Vec<i64> = values.iter().copied().flatten().collect();
        sorted.sort_unstable();
        let (least, most) = (*sorted.first()? as f64, *sorted.last()? as f64);
        let mut steps: Vec<u64> = sorted
            .windows(2)
            .filter_map(|pair| Some(pair.get(1)?.abs_diff(*pair.first()?)))
            .filter(|step| *step > 0)
            .collect();
        let middle = steps.len() / 2;
        if steps.is_empty() {
            return None;
        }
        let usual = *steps.select_nth_unstable(middle).1 as f64;
        let unit = usual.max((most - least) / (MOST_UNITS_A_TRACE * sorted.len() as f64));
        let n_units = (most - least) / unit + 1.0;
        let place = |value: i64| {
            let from_least = (value as f64 - least) / unit + 0.5;
            if reversed {
                n_units - from_least
            } else {
                from_least
            }
        };
        let centres: Vec<f64> = values.iter().map(|v| v.map_or(f64::NAN, place)).collect();
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.retain(|&i| centres.get(i).is_some_and(|c| !c.is_nan()));
        let at = |i: &usize| centres.get(*i).copied().unwrap_or(f64::NAN);
        order.sort_by(|a, b| at(a).total_cmp(&at(b)));
        let scale = if reversed {
            (most + 0.5 * unit, -unit)
        } else {
            (least - 0.5 * unit, unit)
        };
        Some(Self {
            centres,
            order,
            n_units,
            scale: Some(scale),
        })
    }

    /// Units across all of it.
    pub fn n_units(&self) -> f64 {
        self.n_units
    }

    /// Traces that have no value and are not shown.
    pub fn n_without_place(&self) -> usize {
        self.centres.len() - self.order.len()
    }

    /// The middle of a trace; `None` where it has no place.
    pub fn centre(&self, trace: usize) -> Option<f64> {
        self.centres.get(trace).copied().filter(|c| !c.is_nan())
    }

    /// From where to where no trace stands, from the left.
    pub fn gaps(&self) -> Vec<(f64, f64)> {
        let mut covered_to = 0.0;
        let mut gaps = Vec::new();
        for &trace in &self.order {
            let centre = self.at(trace);
            if centre - 0.5 > covered_to + 1e-9 {
                gaps.push((covered_to, centre - 0.5));
            }
            covered_to = centre + 0.5;
        }
        gaps
    }

    /// The trace that is drawn at a position; `None` in a gap.
    pub fn trace_at(&self, position: f64) -> Option<usize> {
        let rank = self.nearest_rank(position)?;
        let trace = self.trace_of_rank(rank)?;
        ((self.centre(trace)? - position).abs() <= 0.5).then_some(trace)
    }

    /// The value at a position, where traces stand at values.
    pub fn value_at(&self, position: f64) -> Option<f64> {
        self.scale.map(|(first, unit)| first + position * unit)
    }

    /// The inverse of [`Self::value_at`].
    pub fn position_of(&self, value: f64) -> Option<f64> {
        self.scale.map(|(first, unit)| (value - first) / unit)
    }

    /// Placed traces.
    pub(super) fn n_placed(&self) -> usize {
        self.order.len()
    }

    /// The trace that is so manieth from the left.
    pub(super) fn trace_of_rank(&self, rank: usize) -> Option<usize> {
        self.order.get(rank).copied()
    }

    /// Ranks whose centres lie between two positions, the second not counted.
    pub(super) fn ranks(&self, from: f64, to: f64) -> Range<usize> {
        let before = |edge: f64| self.order.partition_point(|&i| self.at(i) < edge);
        let first = before(from);
        first..before(to).max(first)
    }

    /// Ranks that a column of pixels from one position to another shows.
    pub(super) fn ranks_of_pixel(&self, from: f64, to: f64) -> Range<usize> {
        let inside = self.ranks(from, to);
        if !inside.is_empty() {
            return inside;
        }
        let position = f64::midpoint(from, to);
        match self.nearest_rank(position) {
            Some(rank) if self.is_at(rank, position) => rank..rank + 1,
            _ => 0..0,
        }
    }

    fn at(&self, trace: usize) -> f64 {
        self.centres.get(trace).copied().unwrap_or(f64::NAN)
    }

    fn is_at(&self, rank: usize, position: f64) -> bool {
        self.trace_of_rank(rank)
            .is_some_and(|trace| (self.at(trace) - position).abs() <= 0.5)
    }

    fn nearest_rank(&self, position: f64) -> Option<usize> {
        let above = self.order.partition_point(|&i| self.at(i) < position);
        let below = above.checked_sub(1);
        let distance = |rank: usize| {
            self.trace_of_rank(rank)
                .map_or(f64::INFINITY, |trace| (self.at(trace) - position).abs())
        };
        match below {
            Some(below) if distance(below) <= distance(above) => Some(below),
            _ => (above < self.order.len()).then_some(above),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::unwrap_used,
        clippy::float_cmp,
        reason = "tests; whole and half units have exact places"
    )]

    use super::*;

    fn values(all: &[i64]) -> Vec<Option<i64>> {
        all.iter().copied().map(Some).collect()
    }

    #[test]
    fn traces_stand_at_their_values_and_gaps_stay_empty() {
        let place = Placement::by_values(&values(&[-100, 0, 100, 500, 200]), false).unwrap();
        assert_eq!(place.n_units(), 7.0);
        assert_eq!(place.centre(3), Some(6.5));
        assert_eq!(place.trace_at(3.2), Some(4));
        assert_eq!(place.trace_at(5.0), None);
        assert_eq!(place.gaps(), [(4.0, 6.0)]);
        assert_eq!(place.value_at(0.5), Some(-100.0));
        assert_eq!(place.value_at(6.5), Some(500.0));
    }

    #[test]
    fn from_right_to_left_everything_is_mirrored() {
        let place = Placement::by_values(&values(&[-100, 0, 100, 500]), true).unwrap();
        assert_eq!(place.centre(3), Some(0.5));
        assert_eq!(place.value_at(0.5), Some(500.0));
        assert_eq!(place.trace_at(6.4), Some(0));
        let even = Placement::reversed(3);
        assert_eq!([0, 1, 2].map(|i| even.centre(i).unwrap()), [2.5, 1.5, 0.5]);
        assert_eq!(even.trace_at(0.1), Some(2));
        assert_eq!(even.value_at(0.1), None);
    }

    #[test]
    fn a_trace_without_a_value_has_no_place_and_equal_values_share_one() {
        let place = Placement::by_values(&[Some(3), None, Some(4), Some(4)], false).unwrap();
        assert_eq!((place.n_without_place(), place.n_placed()), (1, 3));
        assert_eq!(place.centre(1), None);
        assert_eq!(place.ranks(1.0, 2.0), 1..3);
        assert_eq!(Placement::by_values(&values(&[7, 7]), false), None);
        assert_eq!(Placement::by_values(&[None], false), None);
        assert_eq!(Placement::by_values(&[], false), None);
    }

    #[test]
    fn one_far_value_does_not_squeeze_the_others_into_nothing() {
        let mut all: Vec<i64> = (0..100).collect();
        all.push(i64::MAX);
        let place = Placement::by_values(&values(&all), false).unwrap();
        assert!(place.n_units() <= 1.0 + 50.0 * 101.0);
    }
}
