//! Do traces differ in size, each as long as its own headers say?
//!
//! The number of samples may vary, or that of trace header extensions (r2.1 §7.1), or both.
//! A walk over all headers costs about what reading the file costs, so it is made only where
//! something speaks for it: a displaced header behind a trace whose own count leads to a header,
//! a shorter last trace that fills the file, or file headers that fit nothing while the counts of
//! the first traces do. It is believed where the counts lead to the end of the file.

use super::chain::{Chain, Damage};
use super::coding::Coding;
use super::evidence::{Grid, Witness};
use super::places::{AdditionalFrom, Announced, Place, SamplesFrom};
use super::resync::Samples;
use super::walks;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::measure::{CountWord, ExtensionRule, LengthRule, Measure};
use crate::segy::source::Source;
use crate::segy::{Revision, SegyError};

/// How traces of this place may be measured if headers say their own size: by both counts, by that
/// of samples, by that of extensions. What the user gave is no question, unless `lengths_demanded`:
/// the user also wants each trace to be as long as it says.
pub(super) fn measures(
    place: &Place,
    coding: &Coding,
    revision: Revision,
    announced: &Announced,
    lengths_demanded: bool,
) -> Vec<Measure> {
    let order = coding.byte_order.value;
    let in_header = |extension| LengthRule::InHeader {
        word: CountWord { order, extension },
        otherwise: place.n_samples,
    };
    let samples_are_asked = lengths_demanded || place.samples_from != SamplesFrom::User;
    let has_extension = place.n_additional > 0 && revision.major >= 2;
    let all_alike = LengthRule::Fixed {
        n_samples: place.n_samples,
    };
    let constant = ExtensionRule::Fixed {
        n_additional: place.n_additional,
    };
    let most = announced.most_extensions;
    let may_vary = most > 0 && place.additional_from != AdditionalFrom::User;
    let own = may_vary.then_some(ExtensionRule::InExtension { order, most });
    let both = own.filter(|_| samples_are_asked);
    let both = both.map(|rule| (in_header(true), rule));
    let only_samples = samples_are_asked.then(|| (in_header(has_extension), constant));
    let only_extensions = own.map(|rule| (all_alike, rule));
    [both, only_samples, only_extensions]
        .into_iter()
        .flatten()
        .map(|(rule, extensions)| Measure {
            rule,
            extensions,
            sample_bytes: coding.format.value.size_bytes() as u64,
        })
        .collect()
}

/// Whether the trace at `position` has another length than the grid's, and its counts lead to a
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
    let size = measure.size(&headers);
    let length = measure.bytes(size);
    if size.n_samples == 0 || length == grid.stride_bytes {
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
        let size = measure.size(&headers);
        if size.n_samples == 0 {
            return Ok(false);
        }
        position += measure.bytes(size);
    }
    Ok(position <= source.size_bytes())
}

/// The traces as their headers say, by the first of the measures that is believable: `is_trailer`
/// tells whether what begins at a position may follow the traces.
pub(super) fn follow(
    source: &Source,
    place: &Place,
    measures: &[Measure],
    samples: Samples,
    is_trailer: impl Fn(u64) -> Result<bool, SegyError>,
) -> Result<Option<(Chain, Measure)>, SegyError> {
    /// Of a hundred bytes, those that traces must account for where there is damage.
    const PERCENT: u64 = 90;
    /// Fewer traces before the damage prove no habit.
    const FEWEST_TRACES: u64 = 4;

    let mut farthest: Option<(Chain, Measure)> = None;
    for &measure in measures {
        let plain = walks::follow(source, place.data_start, measure, samples, Damage::Ends)?;
        if plain.n_traces >= 2 && (plain.end == source.size_bytes() || is_trailer(plain.end)?) {
            return Ok(Some((plain, measure)));
        }
        let is_farther = |(other, _): &(Chain, Measure)| plain.end > other.end;
        if farthest.as_ref().is_none_or(is_farther) {
            farthest = Some((plain, measure));
        }
    }
    let Some((plain, measure)) = farthest else {
        return Ok(None);
    };
    if plain.n_traces < FEWEST_TRACES {
        return Ok(None);
    }
    let mended = walks::follow(source, place.data_start, measure, samples, Damage::IsPassed)?;
    let lost: u64 = mended.gaps.iter().map(|gap| gap.n_bytes).sum();
    let traces_bytes = mended
        .end
        .saturating_sub(place.data_start)
        .saturating_sub(lost);
    let all_bytes = source.size_bytes() - place.data_start;
    let is_enough = u128::from(traces_bytes) * 100 >= u128::from(all_bytes) * u128::from(PERCENT);
    let is_believable = is_enough || mended.is_cut && mended.gaps.is_empty();
    Ok(is_believable.then_some((mended, measure)))
}
