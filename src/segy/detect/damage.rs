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
use super::resync::{self, Samples, TEMPLATE_HEADERS, Template};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::geometry::{LengthRule, Measure};
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
}

/// Follows the grid over all damage. `whole_traces` tells how many traces of a grid are none of a
/// trailer.
pub(super) fn mend(
    source: &Source,
    witness: &Witness<'_>,
    grid: &Grid,
    measure: Measure,
    samples: Samples,
    whole_traces: impl Fn(&Grid) -> Result<u64, SegyError>,
) -> Result<Mended, SegyError> {
    let mut gaps: Vec<Gap> = Vec::new();
    let mut lost_from = None;
    let mut segment = Segment {
        grid: *grid,
        first_index: 0,
        checked: 0,
    };
    /// Runs of overwritten headers that are stepped over.
    const MOST_OVERWRITTEN: usize = 64;
    let mut n_overwritten = 0;
    loop {
        segment.grid.n_traces = whole_traces(&segment.grid)?;
        let displaced = witness.first_displaced(&segment.grid, segment.checked)?;
        let Some(displaced) = displaced else {
            break;
        };
        let next = if gaps.len() < MOST_GAPS {
            next_segment(source, &segment, displaced, measure, samples, &mut gaps)?
        } else {
            None
        };
        match next {
            Some(next) => {
                n_overwritten += usize::from(next.first_index == segment.first_index);
                if n_overwritten > MOST_OVERWRITTEN {
                    break;
                }
                segment = next;
            }
            None => {
                lost_from = Some(segment.first_index + displaced);
                break;
            }
        }
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
    gaps: &mut Vec<Gap>,
) -> Result<Option<Segment>, SegyError> {
    let grid = &segment.grid;
    let broken = displaced - 1;
    let Some(template) = template(source, grid, broken, measure.rule)? else {
        return Ok(None);
    };
    let header_bytes = TRACE_HEADER_BYTES as u64;
    let broken_at = grid.position_of(broken);
    let found = resync::next_trace(source, &template, &measure, broken_at + header_bytes)?;
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
    let samples_start = broken_at + measure.headers_bytes;
    let whole = resync::is_whole(
        source,
        &template,
        samples,
        samples_start..expected,
        position,
    )?;
    let (start, n_kept) = if whole {
        (expected, displaced)
    } else {
        (broken_at, broken)
    };
    let first_index = segment.first_index + n_kept;
    quarantine(gaps, start, position, first_index);
    let left_bytes = source.size_bytes() - position;
    Ok(Some(Segment {
        grid: Grid {
            data_start: position,
            stride_bytes: grid.stride_bytes,
            n_traces: left_bytes / grid.stride_bytes,
            rest_bytes: left_bytes % grid.stride_bytes,
        },
        first_index,
        checked: 0,
    }))
}

/// What the last headers up to trace `last` of the grid have in common.
fn template(
    source: &Source,
    grid: &Grid,
    last: u64,
    rule: LengthRule,
) -> Result<Option<Template>, SegyError> {
    let header_bytes = TRACE_HEADER_BYTES as u64;
    let first = (last + 1).saturating_sub(TEMPLATE_HEADERS as u64);
    let headers: Vec<Vec<u8>> = (first..=last)
        .map(|trace_index| {
            let position = grid.position_of(trace_index);
            source.read(position..position + header_bytes)
        })
        .collect::<Result<_, _>>()?;
    Ok(Template::new(&headers, rule))
}
