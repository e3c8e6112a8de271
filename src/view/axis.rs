//! Where do ticks and labels stand, and what do they say?

use super::number::{decimals_of, format_fixed};
use super::{Placement, SectionWindow};
use crate::browse::HeaderRow;
use crate::dataset::{VerticalAxis, VerticalDomain};

/// No more ticks than this, whatever is asked for.
const MOST_TICKS: f64 = 2000.0;
/// Rows whose values stay the same for this many traces on average are labelled where they change.
const RUN_LIKE_TRACES: usize = 3;

/// A tick of the vertical axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Fraction 0..1 of the picture's height, from the top.
    pub position: f64,
    /// "1 200"; empty for a minor tick.
    pub label: String,
}

/// A label over a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderLabel {
    /// Trace in the gather that it stands over.
    pub trace: usize,
    /// Its value.
    pub text: String,
}

/// The axis's name with its unit: "Time (ms)".
pub fn axis_title(axis: &VerticalAxis) -> String {
    match axis.domain {
        VerticalDomain::Time => format!("Time ({})", axis.unit),
        VerticalDomain::Depth => format!("Depth ({})", axis.unit),
        VerticalDomain::Sample => "Sample".to_owned(),
    }
}

/// The same axis in seconds, where it counts milliseconds; any other axis as it is.
#[must_use]
pub fn in_seconds(axis: &VerticalAxis) -> VerticalAxis {
    if axis.domain != VerticalDomain::Time || axis.unit != "ms" {
        return axis.clone();
    }
    VerticalAxis {
        unit: "s".to_owned(),
        first: axis.first / 1000.0,
        interval: axis.interval / 1000.0,
        ..axis.clone()
    }
}

/// The axis's value at a position in samples, where sample `j` is centred on `j + 0.5`.
pub fn axis_value(axis: &VerticalAxis, sample: f64) -> f64 {
    axis.first + (sample - 0.5) * axis.interval
}

/// Ticks at round values (1, 2 or 5 times a power of ten), from the top, as many as fit `height`
/// (same unit as `spacing`, the least distance between labels). Minor ticks have no label.
pub fn vertical_ticks(
    axis: &VerticalAxis,
    window: &SectionWindow,
    height: f64,
    spacing: f64,
) -> Vec<Tick> {
    let top = axis_value(axis, window.first_sample);
    let bottom = axis_value(axis, window.first_sample + window.n_samples);
    let whole_only = axis.domain == VerticalDomain::Sample;
    ticks_between(top, bottom, height, spacing, whole_only)
}

/// Ticks at round values across the picture, where traces stand at values; positions from the left.
pub fn position_ticks(
    placement: &Placement,
    window: &SectionWindow,
    width: f64,
    spacing: f64,
) -> Vec<Tick> {
    let left = placement.value_at(window.first_trace);
    let right = placement.value_at(window.first_trace + window.n_traces);
    let (Some(left), Some(right)) = (left, right) else {
        return Vec::new();
    };
    let mut ticks = ticks_between(left.min(right), left.max(right), width, spacing, true);
    if right < left {
        for tick in &mut ticks {
            tick.position = 1.0 - tick.position;
        }
        ticks.reverse();
    }
    ticks
}

fn ticks_between(top: f64, bottom: f64, height: f64, spacing: f64, whole_only: bool) -> Vec<Tick> {
    let span = bottom - top;
    if !(span.is_finite() && span > 0.0 && height > 0.0 && spacing > 0.0) {
        return Vec::new();
    }
    let least = span * (spacing / height).min(1.0);
    let step = round_step(least, whole_only);
    let minor_step = minor_of(step, whole_only);
    let decimals = decimals_of(step);
    let per_major = (step / minor_step).round();
    let first = (top / minor_step).ceil();
    let last = (bottom / minor_step).floor().min(first + MOST_TICKS);
    std::iter::successors(Some(first), |k| Some(k + 1.0))
        .take_while(|k| *k <= last)
        .map(|k| {
            let value = k * minor_step;
            let is_major = (k / per_major).fract() == 0.0;
            Tick {
                position: (value - top) / span,
                label: if is_major {
                    format_fixed(value, decimals)
                } else {
                    String::new()
                },
            }
        })
        .collect()
}

/// The smallest of 1, 2, 5 × 10ⁿ that is at least `least`.
pub(super) fn round_step(least: f64, whole_only: bool) -> f64 {
    let least = if whole_only { least.max(1.0) } else { least };
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// A fifth of 1 and 5, a quarter of 2: round again.
fn minor_of(step: f64, whole_only: bool) -> f64 {
    let leading = step / 10_f64.powf((step.log10() + 1e-9).floor());
    let minor = if (leading - 2.0).abs() < 0.1 {
        step / 4.0
    } else {
        step / 5.0
    };
    if whole_only && minor.fract() != 0.0 {
        step
    } else {
        minor
    }
}

/// Labels of a header row, from the left, that do not overlap (`width` of the picture and
/// `label_width` of one label in the same unit, labels centred over their traces).
///
/// A row of long equal stretches (a field record number) is labelled where the value changes, and at
/// the left edge. A row in even steps (channels, offsets) is labelled at round values. Any other
/// row is labelled at every n-th trace, n being round.
pub fn header_labels(
    row: &HeaderRow,
    window: &SectionWindow,
    width: f64,
    label_width: f64,
) -> Vec<HeaderLabel> {
    let visible = visible_traces(row.values.len(), window);
    if visible.is_empty() || width <= 0.0 {
        return Vec::new();
    }
    let traces_a_label = label_width.max(1.0) * window.n_traces / width;
    let candidates: Vec<usize> = if is_run_like(&row.values) {
        let changes =
            (visible.start + 1..visible.end).filter(|&i| row.values[i] != row.values[i - 1]);
        std::iter::once(visible.start).chain(changes).collect()
    } else {
        let wanted = evenly_labelled(&row.values, traces_a_label);
        visible
            .filter(|&i| wanted.labels(i, row.values[i]))
            .collect()
    };
    thinned(&candidates, traces_a_label)
        .map(|trace| HeaderLabel {
            trace,
            text: row.values[trace].map_or_else(|| "–".to_owned(), |value| value.to_string()),
        })
        .collect()
}

/// Labels of a header row over traces that stand where `placement` says: from the left every one that
/// has room.
pub fn placed_labels(
    row: &HeaderRow,
    placement: &Placement,
    window: &SectionWindow,
    width: f64,
    label_width: f64,
) -> Vec<HeaderLabel> {
    if width <= 0.0 {
        return Vec::new();
    }
    let units_a_label = label_width.max(1.0) * window.n_traces / width;
    let last = window.first_trace + window.n_traces;
    let mut free_from = f64::NEG_INFINITY;
    let mut before = None;
    let run_like = is_run_like(&row.values);
    placement
        .ranks(window.first_trace, last)
        .filter_map(|rank| placement.trace_of_rank(rank))
        .filter_map(|trace| Some((trace, placement.centre(trace)?)))
        .filter_map(|(trace, centre)| {
            let value = *row.values.get(trace)?;
            let known = run_like && before == Some(value);
            if known || centre < free_from {
                return None;
            }
            before = Some(value);
            free_from = centre + units_a_label * (1.0 - 1e-9);
            let text = value.map_or_else(|| "–".to_owned(), |value| value.to_string());
            Some(HeaderLabel { trace, text })
        })
        .collect()
}

/// Traces whose centre is in the window.
fn visible_traces(n_traces: usize, window: &SectionWindow) -> std::ops::Range<usize> {
    let last = n_traces as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and n_traces"
    )]
    let bound = |edge: f64| (edge - 0.5).ceil().clamp(0.0, last) as usize;
    bound(window.first_trace)..bound(window.first_trace + window.n_traces)
}

fn is_run_like(values: &[Option<i64>]) -> bool {
    let n_runs = 1 + values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    values.len() >= n_runs * RUN_LIKE_TRACES || n_runs == 1
}

/// Which traces of a changing row are labelled.
enum Labelled {
    /// Those whose value is a multiple.
    MultiplesOf(u64),
    /// Every n-th, from the first.
    EveryNth(usize),
}

impl Labelled {
    fn labels(&self, trace: usize, value: Option<i64>) -> bool {
        match *self {
            Self::MultiplesOf(step) => value.is_some_and(|v| v.unsigned_abs().is_multiple_of(step)),
            Self::EveryNth(n) => trace.is_multiple_of(n),
        }
    }
}

fn evenly_labelled(values: &[Option<i64>], traces_a_label: f64) -> Labelled {
    let nth = round_count(traces_a_label);
    if let Some(increment) = even_increment(values) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the increment of whole numbers, times a count of traces; saturates"
        )]
        let step = round_step(increment as f64 * traces_a_label.max(1.0), true) as u64;
        let on_the_way = values
            .iter()
            .flatten()
            .filter(|v| v.unsigned_abs().is_multiple_of(step))
            .count();
        // Offsets such as 107, 132, 157… meet too few round values.
        if on_the_way as f64 >= 0.5 * values.len() as f64 * increment as f64 / step as f64 {
            return Labelled::MultiplesOf(step);
        }
    }
    Labelled::EveryNth(nth)
}

/// |Difference| of all neighbours, where it is the same for all and not 0.
fn even_increment(values: &[Option<i64>]) -> Option<u64> {
    let first = values.first().copied().flatten()?;
    let second = values.get(1).copied().flatten()?;
    let increment = second.checked_sub(first)?;
    let even = values.windows(2).all(|pair| match (pair[0], pair[1]) {
        (Some(a), Some(b)) => b.checked_sub(a) == Some(increment),
        _ => false,
    });
    (even && increment != 0).then(|| increment.unsigned_abs())
}

/// 1, 2, 5, 10, 20 … that is at least `least`.
fn round_count(least: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive count of traces; saturates"
    )]
    let n = round_step(least, true) as usize;
    n.max(1)
}

/// Leaves out what would touch the label before it.
fn thinned(candidates: &[usize], traces_a_label: f64) -> impl Iterator<Item = usize> + '_ {
    let mut free_from = f64::NEG_INFINITY;
    candidates.iter().copied().filter(move |&trace| {
        let free = trace as f64 >= free_from;
        if free {
            free_from = trace as f64 + traces_a_label * (1.0 - 1e-9);
        }
        free
    })
}

#[cfg(test)]
#[path = "axis_tests.rs"]
mod tests;
