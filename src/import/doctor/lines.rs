//! Which crossings of a volume's lines have no trace?

use std::collections::HashSet;

use crate::import::finding::{Finding, Severity};
use crate::wording;

/// Which lines a volume has.
#[derive(Debug, Default)]
pub(super) struct Lines {
    inlines: HashSet<i64>,
    crosslines: HashSet<i64>,
}

impl Lines {
    /// More lines than this no survey has.
    const MOST: usize = 1 << 17;

    pub(super) fn add(&mut self, inline: i64, crossline: i64) {
        if self.inlines.len() < Self::MOST && self.crosslines.len() < Self::MOST {
            self.inlines.insert(inline);
            self.crosslines.insert(crossline);
        }
    }

    /// Crossings without a trace: the outline of a survey, or traces that are missing.
    pub(super) fn holes(&self, n_positions: u64) -> Option<Finding> {
        let (a, b) = (self.inlines.len() as u64, self.crosslines.len() as u64);
        let crossings = a.checked_mul(b)?;
        let holes = crossings
            .checked_sub(n_positions)
            .filter(|holes| *holes > 0)?;
        let complete = self.inlines.len() < Self::MOST && self.crosslines.len() < Self::MOST;
        complete.then(|| Finding {
            code: "positions_without_trace",
            severity: Severity::Note,
            message: format!(
                "{} of the {} crossings of {} and {} have no trace",
                wording::count(holes),
                wording::count(crossings),
                wording::things(a, "inline"),
                wording::things(b, "crossline")
            ),
            count: holes,
            counted: "position",
            first_trace: None,
            examples: Vec::new(),
        })
    }
}
