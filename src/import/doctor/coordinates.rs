//! Are coordinates believable? Zeros among others, points far from all others, offsets that the
//! coordinates do not reproduce.

use super::noted::Noted;
use crate::import::Mapping;
use crate::import::finding::{Finding, Severity};
use crate::import::tally::Word;
use crate::segy::{ByteOrder, HeaderValue, scaled};
use crate::wording;

/// Points that are kept to know where most lie.
const MAX_KEPT: usize = 4_096;
/// Extreme points that are kept, at each end of each axis.
const MAX_EXTREMES: usize = 32;
/// Fewer points say nothing of where most lie.
const ENOUGH_POINTS: u64 = 10;
/// A point is far off if it lies so many times the span of nearly all points beyond them.
const FAR: f64 = 5.0;

/// One pair of coordinates.
#[derive(Debug)]
pub(super) struct Coordinates {
    what: &'static str,
    x: Word,
    y: Word,
    zero: Noted,
    n_points: u64,
    axes: [Axis; 2],
}

/// Where most values of an axis lie, and the most extreme ones.
#[derive(Debug, Default)]
struct Axis {
    kept: Vec<f64>,
    n_seen: u64,
    step: u64,
    lowest: Vec<(f64, u64)>,
    highest: Vec<(f64, u64)>,
}

/// A word as a number.
pub(super) fn number(header: &[u8], word: Word, order: ByteOrder) -> f64 {
    match word.kind.read(header, word.byte, order) {
        Some(HeaderValue::Int(value)) => value as f64,
        Some(HeaderValue::Uint(value)) => value as f64,
        Some(HeaderValue::Float(value)) if value.is_finite() => value,
        Some(HeaderValue::Float(_) | HeaderValue::Text(_)) | None => 0.0,
    }
}

impl Coordinates {
    pub(super) fn new(what: &'static str, mapping: &Mapping, x: &str, y: &str) -> Self {
        Self {
            what,
            x: Word::of(mapping, x),
            y: Word::of(mapping, y),
            zero: Noted::default(),
            n_points: 0,
            axes: [Axis::default(), Axis::default()],
        }
    }

    /// The scaled point, for who wants it further.
    pub(super) fn add(
        &mut self,
        header: &[u8],
        order: ByteOrder,
        scalar: i64,
        trace_index: u64,
    ) -> Option<[f64; 2]> {
        let raw = [number(header, self.x, order), number(header, self.y, order)];
        if raw == [0.0, 0.0] {
            self.zero.add(trace_index, || "both are 0".to_owned());
            return None;
        }
        self.n_points += 1;
        let point = raw.map(|value| scaled(value, scalar));
        for (axis, value) in self.axes.iter_mut().zip(point) {
            axis.add(value, trace_index);
        }
        Some(point)
    }

    pub(super) fn findings(&self, is_dead: impl Fn(u64) -> bool) -> Vec<Finding> {
        let mut found = Vec::new();
        // The origin itself may be a survey's corner; where all are zero, there are none at all.
        let some_lack_them = self.n_points >= ENOUGH_POINTS
            && self.zero.count < self.n_points
            && !self.is_around_zero();
        if some_lack_them {
            let severity = if self
                .zero
                .examples
                .iter()
                .all(|example| is_dead(example.trace_index))
            {
                Severity::Note
            } else {
                Severity::Warning
            };
            found.extend(self.zero.finding(severity, "coordinates_zero", "trace", |n| {
                format!(
                    "the {} coordinates are 0 in {} of {}; they would lie far from all others",
                    self.what,
                    wording::count(n),
                    wording::things(self.n_points + n, "trace")
                )
            }));
        }
        for (axis, name) in self.axes.iter().zip(["x", "y"]) {
            let (far, at_least) = axis.far_off();
            found.extend(far.finding(Severity::Warning, "coordinate_outliers", "trace", |n| {
                let at_least = if at_least { "at least " } else { "" };
                format!(
                    "the {} coordinate {name} lies far from all others in {at_least}{} (more than {FAR} times the span of nearly all)",
                    self.what,
                    wording::things(n, "trace")
                )
            }));
        }
        found
    }

    fn is_around_zero(&self) -> bool {
        self.axes.iter().all(|axis| {
            axis.quantiles().is_some_and(|(low, high)| {
                low <= high - low && low <= 0.0 || low.abs() <= (high - low)
            })
        })
    }
}

impl Axis {
    fn add(&mut self, value: f64, trace_index: u64) {
        if self.n_seen.is_multiple_of(self.step.max(1)) {
            self.kept.push(value);
            if self.kept.len() > MAX_KEPT {
                self.step = self.step.max(1) * 2;
                let mut keep = false;
                self.kept.retain(|_| {
                    keep = !keep;
                    keep
                });
            }
        }
        self.n_seen += 1;
        insert_extreme(&mut self.lowest, value, trace_index, |new, old| new < old);
        insert_extreme(&mut self.highest, value, trace_index, |new, old| new > old);
    }

    /// Between which nearly all values lie.
    fn quantiles(&self) -> Option<(f64, f64)> {
        let mut sorted = self.kept.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        Some((*sorted.get(last * 2 / 100)?, *sorted.get(last * 98 / 100)?))
    }

    /// Values far off, and whether there may be more than were kept.
    fn far_off(&self) -> (Noted, bool) {
        let mut far = Noted::default();
        let Some((low, high)) = self
            .quantiles()
            .filter(|(low, high)| high > low && self.kept.len() >= 50)
        else {
            return (far, false);
        };
        let span = (high - low) * FAR;
        let mut places: Vec<(u64, f64)> = self
            .lowest
            .iter()
            .filter(|(value, _)| *value < low - span)
            .chain(
                self.highest
                    .iter()
                    .filter(|(value, _)| *value > high + span),
            )
            .map(|&(value, trace)| (trace, value))
            .collect();
        places.sort_unstable_by_key(|&(trace, _)| trace);
        for (trace, value) in &places {
            far.add(*trace, || {
                format!("{value}; nearly all lie between {low} and {high}")
            });
        }
        (far, places.len() >= MAX_EXTREMES)
    }
}

fn insert_extreme(
    kept: &mut Vec<(f64, u64)>,
    value: f64,
    trace: u64,
    beats: impl Fn(f64, f64) -> bool,
) {
    if kept.len() >= MAX_EXTREMES && kept.last().is_some_and(|(last, _)| !beats(value, *last)) {
        return;
    }
    let at = kept
        .iter()
        .position(|(old, _)| beats(value, *old))
        .unwrap_or(kept.len());
    kept.insert(at, (value, trace));
    kept.truncate(MAX_EXTREMES);
}

/// Offsets compared with the distance of source and receiver.
#[derive(Debug, Default)]
pub(super) struct Offsets {
    good: u64,
    bad: Noted,
}

impl Offsets {
    pub(super) fn add(&mut self, offset: f64, source: [f64; 2], group: [f64; 2], trace_index: u64) {
        let distance = (source[0] - group[0]).hypot(source[1] - group[1]);
        if (offset.abs() - distance).abs() <= (distance * 0.05).max(2.0) {
            self.good += 1;
        } else {
            self.bad.add(trace_index, || {
                format!("offset {offset}, but source and receiver lie {distance:.1} apart")
            });
        }
    }

    pub(super) fn finding(&self) -> Option<Finding> {
        let n = self.good + self.bad.count;
        if n < ENOUGH_POINTS {
            return None;
        }
        if self.bad.count * 2 > n {
            return self.bad.finding(Severity::Note, "offset_unlike_coordinates", "trace", |bad| {
                format!("the offset is not the distance of source and receiver in {} of {}: other units, or another scalar than that of the coordinates?", wording::count(bad), wording::things(n, "trace"))
            });
        }
        self.bad.finding(Severity::Warning, "offset_unlike_coordinates", "trace", |bad| {
            format!("the offset differs from the distance of source and receiver by more than 5 % in {} of {}", wording::count(bad), wording::things(n, "trace"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_points_are_found_and_the_edges_are_not() {
        let mut axis = Axis::default();
        for i in 0..10_000_u32 {
            axis.add(5e5 + f64::from(i % 1000) * 12.5, u64::from(i));
        }
        assert_eq!(axis.far_off().0.count, 0);
        axis.add(5e7, 10_000);
        axis.add(-3.0, 10_001);
        let (far, at_least) = axis.far_off();
        assert_eq!((far.count, far.first(), at_least), (2, Some(10_000), false));
    }

    #[test]
    fn few_wrong_offsets_are_a_warning_and_many_a_note() {
        let mut offsets = Offsets::default();
        for i in 0..100_u32 {
            let wrong = if i == 7 { 500.0 } else { 0.0 };
            offsets.add(
                f64::from(i) * 25.0 + wrong,
                [0.0, 0.0],
                [f64::from(i) * 25.0, 0.0],
                u64::from(i),
            );
        }
        let finding = offsets.finding().expect("a finding");
        assert_eq!((finding.severity, finding.count), (Severity::Warning, 1));
    }
}
