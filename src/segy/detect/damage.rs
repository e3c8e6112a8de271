//! Where were bytes lost or added in a file whose traces are all equally long?
//!
//! ```text
//! header  header  header  ✗ displaced …  ✗ displaced       found by a few looks and halving
//!                 └─ damaged ─┐ header  header  header     found by trying every byte behind
//!                   quarantine┘ └ a new grid begins here
//! ```
//! Reads a few headers for each place of damage, however long the file.

use super::chain::quarantine;
use super::evidence::{Grid, Witness};
use super::resync::{self, Hit, Samples, TEMPLATE_HEADERS, Template};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::measure::{Measure, headers_bytes};
use crate::segy::source::Source;
use crate::segy::{Gap, MOST_GAPS, SegyError};

/// The traces of a damaged file.
#[derive(Clone, Debug)]
pub(super) struct Mended {
    pub(super) gaps: Vec<Gap>,
    pub(super) n_traces: u64,
    /// Behind the last trace.
    pub(super) end: u64,
    /// From here on headers are displaced, and no trace was found behind.
    pub(super) lost_from: Option<u64>,
}

/// A run of traces without damage.
#[derive(Clone, Copy, Debug)]
struct Segment {
    grid: Grid,
    /// Index in the file of its first trace.
    first_index: u64,
    /// Headers up to here are known to be in place, or not to matter.
    checked: u64,
    /// Traces, where what follows them is damaged to the end.
    at_most: u64,
}

/// Follows the grid over all damage, up to `until`. `whole_traces` tells how many traces of a grid
/// are none of a trailer.
pub(super) fn mend(
    source: &Source,
    witness: &Witness<'_>,
    grid: &Grid,
    measure: Measure,
    samples: Samples,
    until: u64,
    whole_traces: impl Fn(&Grid) -> Result<u64, SegyError>,
) -> Result<Mended, SegyError> {
    /// Runs of overwritten headers that are stepped over.
    const MOST_OVERWRITTEN: usize = 64;

    let mut gaps: Vec<Gap> = Vec::new();
    let mut lost_from = None;
    let mut segment = Segment {
        grid: grid_from(grid.data_start, grid.stride_bytes, until),
        first_index: 0,
        checked: 0,
        at_most: u64::MAX,
    };
    let mut n_overwritten = 0;
    loop {
        segment.grid.n_traces = whole_traces(&segment.grid)?.min(segment.at_most);
        if segment.checked >= segment.at_most {
            break;
        }
        let displaced = witness.first_displaced(&segment.grid, segment.checked)?;
        let Some(displaced) = displaced else {
            break;
        };
        let next = if gaps.len() < MOST_GAPS {
            next_segment(
                source, &segment, displaced, measure, samples, until, &mut gaps,
            )?
        } else {
            None
        };
        let Some(next) = next else {
            if until < source.size_bytes() {
                segment.grid.n_traces = displaced; // a trailer follows: what is left is damaged
            } else {
                lost_from = Some(segment.first_index + displaced);
            }
            break;
        };
        n_overwritten += usize::from(next.first_index == segment.first_index);
        if n_overwritten > MOST_OVERWRITTEN {
            break;
        }
        segment = next;
    }
    Ok(Mended {
        gaps,
        n_traces: segment.first_index + segment.grid.n_traces,
        end: segment.grid.position_of(segment.grid.n_traces),
        lost_from,
    })
}

/// The traces behind the damage in front of trace `displaced` of the segment.
fn next_segment(
    source: &Source,
    segment: &Segment,
    displaced: u64,
    measure: Measure,
    samples: Samples,
    until: u64,
    gaps: &mut Vec<Gap>,
) -> Result<Option<Segment>, SegyError> {
    let grid = &segment.grid;
    let broken = displaced - 1;
    let Some(template) = Template::new(&last_headers(source, grid, broken)?, measure.rule) else {
        return Ok(None);
    };
    let header_bytes = TRACE_HEADER_BYTES as u64;
    let broken_at = grid.position_of(broken);
    let found = resync::next_trace(source, &template, &measure, broken_at + header_bytes, until)?;
    let Some(position) = found else {
        return Ok(None);
    };
    let distance = position - broken_at;
    if distance.is_multiple_of(grid.stride_bytes) {
        // Headers were overwritten, but nothing was displaced.
        return Ok(Some(Segment {
            checked: broken + distance / grid.stride_bytes,
            ..*segment
        }));
    }
    let expected = grid.position_of(displaced);
    let before = last_headers(source, grid, broken)?;
    let found_trace = position..position + grid.stride_bytes;
    let headers = source.read(broken_at..broken_at + measure.needed_bytes() as u64)?;
    let samples_start = broken_at + headers_bytes(measure.size(&headers).n_additional);
    let trace = samples_start..expected;
    let hit = resync::what_was_hit(source, &template, samples, &before, trace, found_trace)?;
    let (start, n_kept) = match hit {
        Hit::NextHeader => {
            return Ok(Some(behind_hit(segment, displaced, position, until, gaps)));
        }
        Hit::Between => (expected, displaced),
        Hit::Samples => (broken_at, broken),
    };
    let first_index = segment.first_index + n_kept;
    quarantine(gaps, start, position, first_index);
    Ok(Some(Segment {
        grid: grid_from(position, grid.stride_bytes, until),
        first_index,
        checked: 0,
        at_most: u64::MAX,
    }))
}

/// The traces behind the one whose header, found at `hit`, is damaged; the one in front of it is whole.
fn behind_hit(
    segment: &Segment,
    displaced: u64,
    hit: u64,
    until: u64,
    gaps: &mut Vec<Gap>,
) -> Segment {
    let stride_bytes = segment.grid.stride_bytes;
    let behind = hit + stride_bytes;
    if behind >= until {
        return Segment {
            checked: displaced,
            at_most: displaced,
            ..*segment
        };
    }
    let first_index = segment.first_index + displaced;
    let expected = segment.grid.position_of(displaced);
    quarantine(gaps, expected, behind, first_index);
    Segment {
        grid: grid_from(behind, stride_bytes, until),
        first_index,
        checked: 0,
        at_most: u64::MAX,
    }
}

/// The traces from a position up to where they may lie.
fn grid_from(data_start: u64, stride_bytes: u64, until: u64) -> Grid {
    let left_bytes = until.saturating_sub(data_start);
    Grid {
        data_start,
        stride_bytes,
        n_traces: left_bytes / stride_bytes,
        rest_bytes: left_bytes % stride_bytes,
    }
}

/// The last headers up to trace `last` of the grid.
fn last_headers(source: &Source, grid: &Grid, last: u64) -> Result<Vec<Vec<u8>>, SegyError> {
    let header_bytes = TRACE_HEADER_BYTES as u64;
    let first = (last + 1).saturating_sub(TEMPLATE_HEADERS as u64);
    (first..=last)
        .map(|trace_index| {
            let position = grid.position_of(trace_index);
            source.read(position..position + header_bytes)
        })
        .collect()
}
