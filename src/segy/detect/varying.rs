//! Do traces differ in length, each as long as its own header says?
//!
//! A walk over all headers costs about what reading the file costs, so it is made only where
//! something speaks for it: a displaced header behind a trace whose own count leads to a header,
//! a shorter last trace that fills the file, or file headers that fit nothing while the counts of
//! the first traces do. It is believed where the counts lead to the end of the file.

use super::chain::{self, Chain};
use super::coding::Coding;
use super::evidence::{Grid, Witness};
use super::places::Place;
use super::resync::Samples;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::geometry::{CountWord, LengthRule, Measure};
use crate::segy::source::Source;
use crate::segy::{Revision, SegyError};

/// How traces of this place are measured if each header says its own length.
pub(super) fn measure(place: &Place, coding: &Coding, revision: Revision) -> Measure {
    Measure {
        rule: LengthRule::InHeader {
            word: CountWord {
                order: coding.byte_order.value,
                extension: place.n_additional > 0 && revision.major >= 2,
            },
            otherwise: place.n_samples,
        },
        headers_bytes: TRACE_HEADER_BYTES as u64 * (1 + u64::from(place.n_additional)),
        sample_bytes: coding.format.value.size_bytes() as u64,
    }
}

/// Whether the trace at `position` has another length than the grid's, and its count leads to a
/// header, or to the end of the file.
pub(super) fn own_length_leads_on(
    source: &Source,
    witness: &Witness<'_>,
    grid: &Grid,
    measure: &Measure,
    position: u64,
) -> Result<bool, SegyError> {
    let needed = measure.needed_bytes().max(TRACE_HEADER_BYTES) as u64;
    if position + needed > source.size_bytes() {
        return Ok(false);
    }
    let headers = source.read(position..position + needed)?;
    let n_samples = measure.n_samples(&headers);
    let length = measure.trace_bytes(n_samples);
    if n_samples == 0 || length == grid.stride_bytes {
        return Ok(false);
    }
    let next = position + length;
    Ok(next == source.size_bytes() || witness.resembles_first(next)? == Some(true))
}

/// Whether the counts of the first few traces lead from one header to the next.
pub(super) fn begins(
    source: &Source,
    witness: &Witness<'_>,
    measure: &Measure,
    start: u64,
) -> Result<bool, SegyError> {
    const N_STEPS: usize = 3;
    let needed = measure.needed_bytes().max(TRACE_HEADER_BYTES) as u64;
    let mut position = start;
    for _ in 0..N_STEPS {
        if position == source.size_bytes() {
            return Ok(position > start);
        }
        if position + needed > source.size_bytes()
            || position > start && witness.resembles_first(position)? != Some(true)
        {
            return Ok(false);
        }
        let headers = source.read(position..position + needed)?;
        let n_samples = measure.n_samples(&headers);
        if n_samples == 0 {
            return Ok(false);
        }
        position += measure.trace_bytes(n_samples);
    }
    Ok(position <= source.size_bytes())
}

/// The traces as their headers say, where that is believable: `is_trailer` tells whether what
/// begins at a position may follow the traces.
pub(super) fn follow(
    source: &Source,
    place: &Place,
    measure: Measure,
    samples: Samples,
    is_trailer: impl Fn(u64) -> Result<bool, SegyError>,
) -> Result<Option<Chain>, SegyError> {
    let plain = chain::follow(source, place.data_start, measure, samples, false)?;
    if plain.n_traces >= 2 && (plain.end == source.size_bytes() || is_trailer(plain.end)?) {
        return Ok(Some(plain));
    }
    /// Of a hundred bytes, those that traces must account for where there is damage.
    const PERCENT: u64 = 90;
    /// Fewer traces before the damage prove no habit.
    const FEWEST_TRACES: u64 = 4;
    if plain.n_traces < FEWEST_TRACES {
        return Ok(None);
    }
    let mended = chain::follow(source, place.data_start, measure, samples, true)?;
    let lost: u64 = mended.gaps.iter().map(|gap| gap.n_bytes).sum();
    let traces_bytes = mended
        .end
        .saturating_sub(place.data_start)
        .saturating_sub(lost);
    let all_bytes = source.size_bytes() - place.data_start;
    let is_enough = u128::from(traces_bytes) * 100 >= u128::from(all_bytes) * u128::from(PERCENT);
    Ok((is_enough || mended.is_cut && mended.gaps.is_empty()).then_some(mended))
}
