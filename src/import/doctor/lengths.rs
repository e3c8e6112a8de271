//! Which traces are shorter than the longest?

use super::noted::Noted;
use crate::import::finding::{Finding, Severity};
use crate::segy::{Layout, TraceGeometry};
use crate::wording;

/// Traces by how their length compares with that of the first.
#[derive(Debug, Default)]
pub(super) struct Lengths {
    first: Option<u32>,
    /// Other than the first trace.
    others: Noted,
}

impl Lengths {
    pub(super) fn add(&mut self, n_samples: u32, trace_index: u64) {
        let first = *self.first.get_or_insert(n_samples);
        if n_samples != first {
            let what = || wording::things(u64::from(n_samples), "sample");
            self.others.add(trace_index, what);
        }
    }

    pub(super) fn finding(&self, layout: &Layout) -> Option<Finding> {
        let TraceGeometry::Indexed(index) = &layout.geometry else {
            return None;
        };
        if !index.lengths_vary() {
            return None;
        }
        self.others.finding(Severity::Note, "lengths_vary", "trace", |n| {
            format!(
                "traces have from {} to {}, {} another number than the first; the array is as wide as the longest, and each trace's own length is kept",
                wording::count(u64::from(index.shortest_samples())),
                wording::things(u64::from(index.longest_samples()), "sample"),
                wording::count(n),
            )
        })
    }
}
