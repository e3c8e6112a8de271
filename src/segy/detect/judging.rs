//! How well does the file bear out each candidate, and which is the best of one coding?
//!
//! ```text
//! rank  size fits  headers     taken when
//! 0     yes        agree       (or silent, for the book's own reading)
//! 1     no         agree       trailing bytes, or a file cut off
//! 2     yes        silent      one trace, or empty headers
//! 3     yes        disagree    headers filled with anything; the book's own reading only
//! 4     no         silent      one trace and something behind it
//! 5     whatever   else        never: refused, unless the user gave the number of samples
//! ```
//! Within a rank the reading nearest to the standard wins.

use super::coding::Coding;
use super::evidence::{Grid, Headers, Witness, is_written_text};
use super::head::FileHead;
use super::places::{self, Announced, Place, SamplesFrom};
use super::reasons::objection;
use super::shape::Surroundings;
use super::{revision, stray};
use crate::segy::source::Source;
use crate::segy::text::{TEXTUAL_HEADER_BYTES, looks_like_text};
use crate::segy::{Decided, LayoutOverrides, LayoutWarning, Revision, SegyError};

/// A candidate with what speaks for it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) place: Place,
    pub(super) grid: Grid,
    pub(super) n_traces: u64,
    pub(super) headers: Headers,
    pub(super) size_fits: bool,
}

impl Judged {
    pub(super) fn rank(&self) -> u8 {
        match (self.size_fits, self.headers) {
            (true, Headers::Agree) => 0,
            (true, Headers::Silent) if self.place.deviation == 0 => 0,
            (false, Headers::Agree) => 1,
            (true, Headers::Silent) => 2,
            (true, Headers::Disagree) if self.place.deviation == 0 => 3,
            (false, Headers::Silent) => 4,
            (_, Headers::Disagree | Headers::Text) => 5,
        }
    }
}

/// One coding with its candidates.
pub(super) struct Attempt {
    pub(super) coding: Coding,
    pub(super) revision: Decided<Revision>,
    pub(super) revision_warning: Option<LayoutWarning>,
    pub(super) announced: Announced,
    pub(super) places: Vec<Place>,
    pub(super) judged: Vec<Judged>,
    pub(super) best: Option<Judged>,
}

impl Attempt {
    /// A decision with the candidates that it beat: those that differ from the best one in `what`.
    pub(super) fn beaten<T, K: PartialEq>(
        &self,
        decided: Decided<T>,
        best: &Judged,
        what: impl Fn(&Judged) -> K,
        label: impl Fn(&Judged) -> String,
    ) -> Decided<T> {
        /// More would not be read.
        const MOST: usize = 4;
        let mut seen = vec![what(best)];
        let mut decided = decided;
        for judged in &self.judged {
            let key = what(judged);
            if !seen.contains(&key) && decided.alternatives.len() < MOST {
                seen.push(key);
                decided = decided.instead_of(format!("{}: {}", label(judged), objection(judged)));
            }
        }
        decided
    }

    /// Whether no candidate would be taken.
    pub(super) fn is_hopeless(&self) -> bool {
        self.best.as_ref().is_none_or(|best| best.rank() == 5)
    }

    pub(super) fn surroundings<'a>(&'a self, source: &'a Source) -> Surroundings<'a> {
        Surroundings {
            source,
            coding: &self.coding,
            revision: self.revision.value,
            announced: &self.announced,
            lengths_demanded: false,
        }
    }
}

/// Judges all candidates of one coding; where none is surely right, one more: where trace headers
/// begin in truth, if bytes in front of them were added or lost.
pub(super) fn attempt(
    source: &Source,
    head: &FileHead,
    coding: Coding,
    overrides: &LayoutOverrides,
) -> Result<Attempt, SegyError> {
    let attempt = attempt_at(source, head, coding, overrides, None)?;
    let is_sure = attempt.best.as_ref().is_some_and(|best| best.rank() == 0);
    let start_is_given =
        overrides.first_trace_position.is_some() || overrides.n_extended_text_headers.is_some();
    if is_sure || start_is_given {
        return Ok(attempt);
    }
    let around = attempt.surroundings(source);
    for place in &attempt.places {
        if around.begins_by_extension_counts(place)? {
            return Ok(attempt);
        }
    }
    let Some(start) = stray::first_trace(source, head, &attempt.coding, &attempt.places)? else {
        return Ok(attempt);
    };
    let mut found = attempt_at(
        source,
        &head.cut_at(start),
        attempt.coding,
        overrides,
        Some(start),
    )?;
    found.judged.extend(attempt.judged);
    Ok(found)
}

/// The same with the first trace behind damage, where all else would be refused: the first traces
/// are lost, but those from there on follow each other.
pub(super) fn attempt_behind_damage(
    source: &Source,
    head: &FileHead,
    refused: &Attempt,
    overrides: &LayoutOverrides,
) -> Result<Option<Attempt>, SegyError> {
    if overrides.first_trace_position.is_some() {
        return Ok(None);
    }
    stray::first_behind_damage(source, head, &refused.coding, &refused.places)?
        .map(|start| attempt_at(source, head, refused.coding.clone(), overrides, Some(start)))
        .transpose()
}

/// Judges all candidates, or those whose first trace lies at `start`.
fn attempt_at(
    source: &Source,
    head: &FileHead,
    coding: Coding,
    overrides: &LayoutOverrides,
    start: Option<u64>,
) -> Result<Attempt, SegyError> {
    let (revision, revision_warning) = revision::decide(head, coding.byte_order.value, overrides);
    let (places, announced) =
        places::candidates(source, head, &coding, revision.value, overrides, start)?;
    let mut best: Option<Judged> = None;
    let mut all: Vec<Judged> = Vec::new();
    for &place in &places {
        let grid = Grid::new(&place, coding.format.value, source.size_bytes());
        if place.n_samples == 0 || grid.n_traces == 0 {
            continue;
        }
        let is_padded = matches!(place.samples_from, SamplesFrom::Padded { .. });
        let follow = |grid: &Grid| Witness::new(source, place.data_start)?.all_follow(grid);
        // Every other one of plain traces is no trace with padding.
        let is_several = |other: &Judged| {
            let strides = (grid.stride_bytes, other.grid.stride_bytes);
            other.place.data_start == place.data_start && strides.0.is_multiple_of(strides.1)
        };
        if is_padded && (all.iter().any(is_several) || !follow(&grid)?) {
            continue;
        }
        let judged = judge(source, place, grid, &announced)?;
        // Padding in the place of a header is no header of a dead trace.
        if is_padded
            && judged.rank() == 0
            && let Some(other) = &best
            && other.place.data_start == place.data_start
            && !follow(&other.grid)?
        {
            best = None;
        }
        // Traces k times as long have headers in their places, too, if those of the short ones agree.
        let is_finer = |best: &Judged| {
            judged.rank() == 0
                && judged.headers == Headers::Agree
                && judged.place.data_start == best.place.data_start
                && judged.grid.stride_bytes < best.grid.stride_bytes
                && best
                    .grid
                    .stride_bytes
                    .is_multiple_of(judged.grid.stride_bytes)
        };
        let is_better = |best: &Judged| judged.rank() < best.rank() || is_finer(best);
        if best.as_ref().is_none_or(is_better) {
            best = Some(judged.clone());
        }
        all.push(judged);
    }
    Ok(Attempt {
        coding,
        revision,
        revision_warning,
        announced,
        places,
        judged: all,
        best,
    })
}

fn judge(
    source: &Source,
    place: Place,
    grid: Grid,
    announced: &Announced,
) -> Result<Judged, SegyError> {
    let witness = Witness::new(source, place.data_start)?;
    let mut n_traces = traces_before_trailer(source, &witness, &grid, announced)?;
    let headers = witness.judge(&Grid { n_traces, ..grid })?;
    // Zeros at the end prove nothing where headers do not: samples end in zeros, too.
    if n_traces == grid.n_traces && grid.rest_bytes != 0 && headers == Headers::Agree {
        n_traces = witness.traces_before_zeros(&grid)?;
    }
    Ok(Judged {
        place,
        grid,
        n_traces,
        headers,
        size_fits: n_traces < grid.n_traces || grid.rest_bytes == 0,
    })
}

/// Whole traces, less those that an announced or visible trailer would be misread as.
pub(super) fn traces_before_trailer(
    source: &Source,
    witness: &Witness<'_>,
    grid: &Grid,
    announced: &Announced,
) -> Result<u64, SegyError> {
    /// Blocks of text behind the traces that are looked for where nothing announces them.
    const MOST_BLOCKS: u64 = 16;
    let block_bytes = TEXTUAL_HEADER_BYTES as u64;
    let data_bytes = grid.n_traces * grid.stride_bytes + grid.rest_bytes;
    let fits = |trailer_bytes: u64| {
        let traces_bytes = data_bytes.checked_sub(trailer_bytes)?;
        let whole = traces_bytes % grid.stride_bytes == 0 && traces_bytes > 0;
        whole.then_some(traces_bytes / grid.stride_bytes)
    };
    if let Ok(n_stanzas @ 1..) = u64::try_from(announced.trailer_stanzas)
        && let Some(n_traces) = fits(n_stanzas * block_bytes)
    {
        return Ok(n_traces);
    }
    if (1..grid.n_traces).contains(&announced.traces) {
        let position = grid.position_of(announced.traces);
        if witness.resembles_first(position)? == Some(false) {
            return Ok(announced.traces);
        }
    }
    for n_blocks in 1..=MOST_BLOCKS {
        let trailer_bytes = n_blocks * block_bytes;
        if trailer_bytes >= data_bytes {
            break;
        }
        let start = source.size_bytes() - trailer_bytes;
        let block = source.read(start..start + block_bytes)?;
        if !looks_like_text(&block) {
            break;
        }
        // Samples may happen to read as text, a trace header in front of them does not.
        let begins_with_text = block.get(..240).is_some_and(is_written_text);
        if let Some(n_traces) = fits(trailer_bytes).filter(|_| begins_with_text) {
            return Ok(n_traces);
        }
    }
    Ok(grid.n_traces)
}
