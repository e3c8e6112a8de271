//! What stands in a header row of a figure, and where?

use std::sync::Arc;

use crate::browse::HeaderRow;
use crate::view::{
    HeaderLabel, Placement, SectionWindow, header_labels, placed_labels, position_ticks,
};

/// A row of labels along the top.
#[derive(Clone, Debug)]
pub enum FigureRow {
    /// The values of traces, where these stand; `None`: evenly.
    Header(HeaderRow, Option<Arc<Placement>>),
    /// Round values of what traces stand at.
    Positions(String, Arc<Placement>),
    /// Labels at positions.
    Labels(String, Vec<(f64, String)>),
}

impl FigureRow {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Header(row, _) => &row.name,
            Self::Positions(name, _) | Self::Labels(name, _) => name,
        }
    }

    /// Labels at positions of the window, in a picture of so many pixels; `room`: of digits, so many.
    pub(super) fn labels(
        &self,
        window: &SectionWindow,
        width: f64,
        room: &dyn Fn(usize) -> f64,
    ) -> Vec<(f64, String)> {
        match self {
            Self::Header(row, None) => header_labels(row, window, width, room(longest(row)))
                .into_iter()
                .map(|label| (label.trace as f64 + 0.5, label.text))
                .collect(),
            Self::Header(row, Some(placement)) => {
                let labels = placed_labels(row, placement, window, width, room(longest(row)));
                let at = |label: HeaderLabel| Some((placement.centre(label.trace)?, label.text));
                labels.into_iter().filter_map(at).collect()
            }
            Self::Positions(_, placement) => position_ticks(placement, window, width, room(7))
                .into_iter()
                .filter(|tick| !tick.label.is_empty())
                .map(|tick| {
                    (
                        window.first_trace + tick.position * window.n_traces,
                        tick.label,
                    )
                })
                .collect(),
            Self::Labels(_, labels) => labels
                .iter()
                .filter(|(at, _)| {
                    (window.first_trace..=window.first_trace + window.n_traces).contains(at)
                })
                .cloned()
                .collect(),
        }
    }
}

/// Digits of the longest value.
fn longest(row: &HeaderRow) -> usize {
    let values = row.values.iter().flatten();
    values.map(|v| v.to_string().len()).max().unwrap_or(1)
}
