//! Which traces does a quick look read?
//!
//! A few stretches of consecutive traces, spread over the file: consecutive, because runs of equal
//! keys only show between neighbours. Bounded in bytes, so that the longest traces take no longer.

use std::ops::Range;

use crate::segy::Layout;

/// Stretches of a quick look.
const N_STRETCHES: u64 = 5;
/// Traces of one stretch …
const STRETCH_TRACES: u64 = 360;
/// … unless they span more than this (the system reads ahead whole pages between headers) …
const STRETCH_BYTES: u64 = 12 << 20;
/// … but at least these.
const MIN_STRETCH_TRACES: u64 = 16;
/// Traces of a stretch whose samples are looked at …
const SAMPLE_TRACES: u64 = 12;
/// … unless they have more samples than this; of a longer trace, the first so many.
const SAMPLE_LIMIT: usize = 400_000;

/// Samples of a file that is looked at entirely …
const SMALL_SAMPLES: u64 = 1_000_000;
/// … if it has no more traces than this.
const SMALL_TRACES: u64 = 20_000;

/// Whether all traces are looked at, and all of their samples, even by a quick look.
pub(super) fn is_small(layout: &Layout) -> bool {
    let n_samples = layout
        .n_traces
        .saturating_mul(u64::from(layout.n_samples.value));
    n_samples <= SMALL_SAMPLES && layout.n_traces <= SMALL_TRACES
}

/// Stretches of traces in file order, which do not overlap; all traces of a small file.
pub(super) fn stretches(layout: &Layout) -> Vec<Range<u64>> {
    let n_traces = layout.n_traces;
    let length = (STRETCH_BYTES / layout.trace_stride_bytes.max(1))
        .clamp(MIN_STRETCH_TRACES, STRETCH_TRACES);
    if n_traces <= N_STRETCHES * length || is_small(layout) {
        return std::iter::once(0..n_traces)
            .filter(|all| !all.is_empty())
            .collect();
    }
    let room = n_traces - length;
    (0..N_STRETCHES)
        .map(|i| {
            // Through u128: a trace count times five fits, but this costs nothing.
            let start = u128::from(room) * u128::from(i) / u128::from(N_STRETCHES - 1);
            let start = u64::try_from(start).unwrap_or(room);
            start..start + length
        })
        .collect()
}

/// Samples of a trace that are looked at.
pub(super) fn samples_of_a_trace(layout: &Layout) -> usize {
    if is_small(layout) {
        usize::MAX
    } else {
        SAMPLE_LIMIT
    }
}

/// The traces of a stretch whose samples are looked at too: its first few.
pub(super) fn sampled(stretch: &Range<u64>, layout: &Layout) -> Range<u64> {
    if is_small(layout) {
        return stretch.clone();
    }
    let by_samples = (SAMPLE_LIMIT as u64 / u64::from(layout.n_samples.value.max(1))).max(1);
    let n = SAMPLE_TRACES
        .min(by_samples)
        .min(stretch.end - stretch.start);
    // A small file is one stretch: look at as many traces as five stretches would give.
    let n = if stretch.start == 0 && stretch.end == layout.n_traces {
        (N_STRETCHES * SAMPLE_TRACES.min(by_samples)).min(layout.n_traces)
    } else {
        n
    };
    stretch.start..stretch.start + n
}
