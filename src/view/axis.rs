//! Where do ticks and labels stand, and what do they say?

use super::SectionWindow;
use crate::browse::HeaderRow;
use crate::dataset::VerticalAxis;

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

/// Ticks at round values, as many as fit `height` (same unit as `spacing`, the least distance between labels).
pub fn vertical_ticks(
    axis: &VerticalAxis,
    window: &SectionWindow,
    height: f64,
    spacing: f64,
) -> Vec<Tick> {
    let _ = (axis, window, height, spacing);
    todo!()
}

/// Labels of a header row that do not overlap: where the value changes for constant stretches, else every n-th.
pub fn header_labels(
    row: &HeaderRow,
    window: &SectionWindow,
    width: f64,
    label_width: f64,
) -> Vec<HeaderLabel> {
    let _ = (row, window, width, label_width);
    todo!()
}
