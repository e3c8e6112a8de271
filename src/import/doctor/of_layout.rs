//! What does the layout alone tell: damage, and an interval that no recording has?

use super::noted::Noted;
use crate::import::finding::{Finding, Severity};
use crate::segy::{Layout, TraceGeometry};
use crate::wording;

/// Bytes between traces that belong to none.
pub(super) fn gaps(layout: &Layout) -> Option<Finding> {
    let TraceGeometry::Indexed(index) = &layout.geometry else {
        return None;
    };
    let mut noted = Noted::default();
    let mut n_bytes = 0;
    for gap in index.gaps() {
        n_bytes += gap.n_bytes;
        noted.add(gap.before_trace, || {
            format!(
                "{} before it, at byte {} of the file",
                wording::bytes(gap.n_bytes),
                gap.position
            )
        });
    }
    noted.finding(Severity::Error, "damaged_bytes", "gap", |n| {
        format!(
            "the file is damaged in {}: {} belong to no trace and are set apart; the traces around them are read, and an export puts them back",
            wording::things(n, "place"), wording::bytes(n_bytes)
        )
    })
}

/// An interval that no seismic recording has.
pub(super) fn odd_interval(layout: &Layout) -> Option<Finding> {
    let micros = layout.sample_interval_micros.value?;
    let why = if micros > 10_000.0 {
        "long for time: is it depth, or nanoseconds (radar)?"
    } else if micros < 10.0 {
        "short for seismic: is it another unit?"
    } else {
        return None;
    };
    Some(Finding {
        code: "interval_odd",
        severity: Severity::Note,
        message: format!(
            "the sample interval is {micros} µs, {why} Give it with --interval-us where it is wrong"
        ),
        count: 1,
        counted: "file",
        first_trace: None,
        examples: Vec::new(),
    })
}
