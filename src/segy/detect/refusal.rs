//! What is said, or refused, where the file does not bear a structure out?

use super::coding::Coding;
use super::evidence::{Grid, Headers, Witness};
use super::judging::{Attempt, Judged};
use super::places::{AdditionalFrom, Announced, Place, SamplesFrom, StartFrom};
use super::reasons::samples_byte;
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{LayoutWarning, SegyError};

/// What to say, or refuse, about a structure that the file does not bear out entirely.
pub(super) fn doubts(
    source: &Source,
    coding: &Coding,
    best: &Judged,
    displaced: Option<u64>,
) -> Result<Option<LayoutWarning>, SegyError> {
    // Headers that object are believed more than a size that happens to fit.
    let fitting = if best.headers == Headers::Disagree {
        fitting_samples(source, coding, &best.place)?
    } else {
        None
    };
    if best.rank() == 5 || fitting.is_some() {
        return Err(SegyError::TracesNotFound {
            fitting,
            n_samples: best.place.n_samples,
            byte: samples_byte(best.place.samples_from),
            next_header_at: best.grid.position_of(1),
        });
    }
    // Where the size fits, the last header may well be of another kind.
    let displaced = displaced.filter(|_| best.rank() != 0);
    Ok(displaced
        .map(|first_trace_index| LayoutWarning::TraceHeadersMisplaced { first_trace_index }))
}

/// Refuses a file that ends before its announced textual headers do.
pub(super) fn check_announced_headers(
    source: &Source,
    announced: &Announced,
) -> Result<(), SegyError> {
    let n_text = u64::try_from(announced.text_headers).unwrap_or(0);
    let needed_bytes = announced.file_headers_end + n_text * TEXTUAL_HEADER_BYTES as u64;
    let found_bytes = source.size_bytes();
    if found_bytes < needed_bytes {
        return Err(SegyError::TooShort {
            needed_bytes,
            found_bytes,
        });
    }
    Ok(())
}

/// The smallest number of samples that divides the file into traces whose headers agree: to be
/// suggested, never to be taken unasked. (Twice as long a trace has headers in its place, too.)
pub(super) fn fitting_samples(
    source: &Source,
    coding: &Coding,
    place: &Place,
) -> Result<Option<u32>, SegyError> {
    /// Of which the headers are compared; fewer say little.
    const FEWEST_TRACES: u64 = 4;

    if source.size_bytes() < place.data_start + 240 {
        return Ok(None);
    }
    let witness = Witness::new(source, place.data_start)?;
    for n_samples in 1..=u32::from(u16::MAX) {
        let place = Place {
            n_samples,
            ..*place
        };
        let grid = Grid::new(&place, coding.format.value, source.size_bytes());
        if grid.n_traces < FEWEST_TRACES {
            break;
        }
        let fits = grid.rest_bytes == 0 && witness.judge(&grid)? == Headers::Agree;
        if fits && witness.all_follow(&grid)? {
            return Ok(Some(n_samples));
        }
    }
    Ok(None)
}

/// Why there is no candidate at all.
pub(super) fn no_candidate(source: &Source, attempt: &Attempt) -> Result<SegyError, SegyError> {
    let first = attempt.places.iter().find(|place| place.n_samples > 0);
    let Some(place) = first else {
        let data_start = attempt
            .places
            .first()
            .map_or(attempt.announced.file_headers_end, |p| p.data_start);
        let place = Place {
            data_start,
            start_from: StartFrom::NoTextHeaders,
            n_samples: 0,
            samples_from: SamplesFrom::Binary,
            n_additional: 0,
            additional_from: AdditionalFrom::Nobody,
            deviation: 0,
        };
        return Ok(SegyError::SampleCountUnknown {
            data_bytes: source.size_bytes().saturating_sub(data_start),
            fitting: fitting_samples(source, &attempt.coding, &place)?,
        });
    };
    let grid = Grid::new(place, attempt.coding.format.value, source.size_bytes());
    Ok(SegyError::NoTraces {
        found_bytes: source.size_bytes().saturating_sub(place.data_start),
        needed_bytes: grid.stride_bytes,
        n_samples: place.n_samples,
    })
}
