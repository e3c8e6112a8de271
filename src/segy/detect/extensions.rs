//! What do trace header extensions say of their own number? (r2.0 and r2.1 §7.1, extension 1,
//! bytes 157–158)
//!
//! The binary header says how many additional headers a trace has at most; the first of them may
//! say how many this trace has. Many files leave that word zero: then all have the most. It is
//! believed where it leads from header to header ([`varying`](super::varying)), or where one
//! number for all fits the file.

use super::coding::Coding;
use super::judging::{Attempt, Judged};
use super::places::Announced;
use super::shape::Shape;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::measure::{ExtensionRule, n_extensions_word};
use crate::segy::source::Source;
use crate::segy::{ByteOrder, LayoutWarning, SegyError, TraceGeometry};

/// How the words of the extensions compare with what was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnCounts {
    /// There are no extensions, or not of revision 2.
    NotAsked,
    /// They decided.
    Followed,
    /// Those looked at say nothing.
    Zero,
    /// Those looked at that say something say the same.
    Same,
    /// One says something else.
    Other { trace_index: u64, recorded: u32 },
}

/// What the first trace's extension says, where that is a number that a trace may have.
pub(super) fn count_of_first(
    source: &Source,
    coding: &Coding,
    announced: &Announced,
    data_start: u64,
) -> Result<Option<u32>, SegyError> {
    let most = announced.most_extensions;
    if most == 0 {
        return Ok(None);
    }
    let word = word_at(source, coding.byte_order.value, data_start)?;
    Ok(word.filter(|n| (1..=most).contains(n)))
}

/// What a few extensions of a decided shape say.
pub(super) fn own_counts(
    source: &Source,
    attempt: &Attempt,
    best: &Judged,
    shape: &Shape,
) -> Result<OwnCounts, SegyError> {
    if are_followed(&shape.geometry) {
        return Ok(OwnCounts::Followed);
    }
    let is_asked = attempt.revision.value.major >= 2 && shape.n_additional > 0;
    if !is_asked || !shape.geometry.is_uniform() {
        return Ok(OwnCounts::NotAsked);
    }
    let mut counts = OwnCounts::Zero;
    for trace_index in [0, 1, shape.n_traces / 2, shape.n_traces.saturating_sub(1)] {
        let position = best.grid.position_of(trace_index);
        let word = word_at(source, attempt.coding.byte_order.value, position)?;
        match word.unwrap_or(0) {
            0 => {}
            n if n == shape.n_additional => counts = OwnCounts::Same,
            recorded => {
                return Ok(OwnCounts::Other {
                    trace_index,
                    recorded,
                });
            }
        }
    }
    Ok(counts)
}

/// Whether the extensions' own numbers are followed from header to header, and say something.
pub(super) fn are_followed(geometry: &TraceGeometry) -> bool {
    geometry
        .index()
        .is_some_and(|index| match index.measure.extensions {
            ExtensionRule::Fixed { .. } => false,
            ExtensionRule::InExtension { most, .. } => index.sizes.least.n_additional < most,
        })
}

/// What the user should know of them.
pub(super) fn remark(counts: OwnCounts, shape: &Shape) -> Option<LayoutWarning> {
    let OwnCounts::Other {
        trace_index,
        recorded,
    } = counts
    else {
        return None;
    };
    Some(LayoutWarning::ExtensionCountDiffers {
        trace_index,
        recorded,
        used: shape.n_additional,
    })
}

/// Bytes 157–158 of extension 1 of the trace at `position`; `None` where the file ends before.
fn word_at(source: &Source, order: ByteOrder, position: u64) -> Result<Option<u32>, SegyError> {
    let end = position.saturating_add(2 * TRACE_HEADER_BYTES as u64);
    if end > source.size_bytes() {
        return Ok(None);
    }
    let headers = source.read(position..end)?;
    Ok(Some(n_extensions_word(&headers, order)))
}
