//! Which candidate is the file's structure? The one that the file bears out best.
//!
//! How well each is borne out says [`judging`](super::judging).

use super::coding::{self, Coding};
use super::evidence::{Grid, Headers, Witness};
use super::extensions::{self, OwnCounts};
use super::head::FileHead;
use super::judging::{self, Attempt, Judged};
use super::places::{Place, SamplesFrom, StartFrom};
use super::shape::{self, Shape, Surroundings};
use super::{guess, reasons, refusal, remarks};
use crate::segy::geometry::TraceIndex;
use crate::segy::measure::headers_bytes;
use crate::segy::source::Source;
use crate::segy::{
    Decided, LayoutOverrides, LayoutWarning, Revision, SegyError, TraceGeometry, TraceLength,
};
use crate::wording;

/// Where the traces lie, and why.
#[derive(Debug)]
pub(super) struct Structure {
    pub(super) coding: Coding,
    pub(super) revision: Decided<Revision>,
    pub(super) place: Place,
    pub(super) geometry: TraceGeometry,
    /// No trace has more.
    pub(super) stride_bytes: u64,
    /// Whole traces; what lies behind them is the trailer.
    pub(super) n_traces: u64,
    /// Behind the last trace.
    pub(super) end: u64,
    pub(super) n_samples: Decided<u32>,
    pub(super) data_start: Decided<u64>,
    pub(super) n_extended_text_headers: Decided<u32>,
    pub(super) n_additional_trace_headers: Decided<u32>,
    /// Whether traces and an announced trailer fill the file, and the headers do not object.
    pub(super) fits_exactly: bool,
    pub(super) warnings: Vec<LayoutWarning>,
}

impl Structure {
    pub(super) fn position_of(&self, source: &Source, trace_index: u64) -> Result<u64, SegyError> {
        match &self.geometry {
            TraceGeometry::Uniform => Ok(self.place.data_start + trace_index * self.stride_bytes),
            TraceGeometry::Indexed(index) => index.position_of(source, trace_index),
        }
    }

    /// Where the samples of a trace begin.
    pub(super) fn samples_of(&self, source: &Source, trace_index: u64) -> Result<u64, SegyError> {
        let position = self.position_of(source, trace_index)?;
        let n_additional = match self.geometry.index() {
            None => self.n_additional_trace_headers.value,
            Some(TraceIndex { measure, .. }) => {
                let needed_bytes = measure.needed_bytes() as u64;
                let headers = source.read(position..position + needed_bytes)?;
                measure.size(&headers).n_additional
            }
        };
        Ok(position + headers_bytes(n_additional))
    }
}

/// The file's structure.
pub(super) fn decide(
    source: &Source,
    head: &FileHead,
    overrides: &LayoutOverrides,
) -> Result<Structure, SegyError> {
    let codings = match coding::possible(source, head, overrides) {
        Err(refused @ SegyError::UnknownSampleFormat { .. }) => {
            return guess::decide(source, head, overrides, refused);
        }
        codings => codings?,
    };
    let mut attempts = Vec::new();
    for coding in codings {
        attempts.push(judging::attempt(source, head, coding, overrides)?);
    }
    let sizes_may_vary = overrides.trace_length != Some(TraceLength::Fixed);
    let may_vary = sizes_may_vary && overrides.n_samples.is_none();
    if sizes_may_vary
        && attempts.iter().all(Attempt::is_hopeless)
        && let Some(structure) = rescued(source, head, &attempts)?
    {
        return Ok(structure);
    }
    match best_of(source, head, &attempts, overrides) {
        Err(refused @ SegyError::TracesNotFound { .. }) if may_vary => {
            let mut behind = Vec::new();
            for attempt in &attempts {
                behind.extend(judging::attempt_behind_damage(
                    source, head, attempt, overrides,
                )?);
            }
            rescued(source, head, &behind)?.ok_or(refused)
        }
        decided => decided,
    }
}

/// The structure of the best candidate.
fn best_of(
    source: &Source,
    head: &FileHead,
    attempts: &[Attempt],
    overrides: &LayoutOverrides,
) -> Result<Structure, SegyError> {
    let rank = |attempt: &&Attempt| attempt.best.as_ref().map_or(u8::MAX, Judged::rank);
    // The first of the best: `min_by_key` keeps the likelier coding where both fit alike.
    let Some(attempt) = attempts.iter().min_by_key(rank) else {
        return Err(SegyError::SampleCountUnknown {
            data_bytes: 0,
            fitting: None,
        });
    };
    let Some(best) = attempt.best.clone() else {
        refusal::check_announced_headers(source, &attempt.announced)?;
        return Err(refusal::no_candidate(source, attempt)?);
    };
    if best.headers == Headers::Text && is_file_of_headers(source, attempt) {
        return Err(refusal::no_candidate(source, attempt)?);
    }
    if best.headers != Headers::Agree && best.place.samples_from != SamplesFrom::User {
        refusal::check_announced_headers(source, &attempt.announced)?;
    }
    let shape = shape_of(source, attempt, &best, overrides)?;
    whole(source, head, attempt, &best, shape)
}

/// The structure of these traces, with all that is odd about it.
fn whole(
    source: &Source,
    head: &FileHead,
    attempt: &Attempt,
    best: &Judged,
    shape: Shape,
) -> Result<Structure, SegyError> {
    let own_counts = extensions::own_counts(source, attempt, best, &shape)?;
    let mut warnings = said(source, head, attempt, best, &shape)?;
    warnings.extend(extensions::remark(own_counts, &shape));
    if own_counts != OwnCounts::Followed {
        return Ok(finish(attempt, best, shape, own_counts, warnings));
    }
    // With their own numbers the traces fill the file.
    let confirmed = Judged {
        headers: Headers::Agree,
        size_fits: true,
        ..best.clone()
    };
    Ok(finish(attempt, &confirmed, shape, own_counts, warnings))
}

/// Whether nothing is left behind the announced headers.
fn is_file_of_headers(source: &Source, attempt: &Attempt) -> bool {
    let format = attempt.coding.format.value;
    let by_the_book = attempt.places.first();
    by_the_book.is_some_and(|place| Grid::new(place, format, source.size_bytes()).n_traces == 0)
}

/// The structure of one attempt's best candidate, if its traces are all alike.
pub(super) fn of_attempt(
    source: &Source,
    head: &FileHead,
    attempt: &Attempt,
    overrides: &LayoutOverrides,
) -> Result<Option<Structure>, SegyError> {
    let Some(best) = &attempt.best else {
        return Ok(None);
    };
    let shape = shape_of(source, attempt, best, overrides)?;
    let structure = whole(source, head, attempt, best, shape)?;
    Ok(structure.geometry.is_uniform().then_some(structure))
}

/// All that is odd about a structure.
fn said(
    source: &Source,
    head: &FileHead,
    attempt: &Attempt,
    best: &Judged,
    shape: &Shape,
) -> Result<Vec<LayoutWarning>, SegyError> {
    let mut warnings: Vec<LayoutWarning> = coding::remark(head, attempt.coding.byte_order.value)
        .into_iter()
        .chain(attempt.revision_warning.clone())
        .collect();
    warnings.extend(shape.warnings.iter().cloned());
    warnings.extend(remarks::on_structure(
        source,
        &attempt.coding,
        &attempt.announced,
        &best.place,
        &best.grid,
        shape,
    )?);
    Ok(warnings)
}

/// Structure of the traces that were found at a candidate's place.
fn finish(
    attempt: &Attempt,
    best: &Judged,
    shape: Shape,
    own_counts: OwnCounts,
    warnings: Vec<LayoutWarning>,
) -> Structure {
    let sample_bytes = attempt.coding.format.value.size_bytes() as u64;
    let reason = if shape.geometry.lengths_vary() {
        "each trace header, bytes 115–116: the counts lead from one header to the next".to_owned()
    } else {
        reasons::samples_reason(best)
    };
    Structure {
        n_samples: attempt.beaten(
            Decided::new(shape.n_samples, reason),
            best,
            |judged| judged.place.n_samples,
            reasons::samples_label,
        ),
        n_extended_text_headers: attempt.beaten(
            reasons::extended_text_headers(&best.place, &attempt.announced),
            best,
            |judged| judged.place.data_start,
            |judged| format!("the first trace at byte {} from 0", judged.place.data_start),
        ),
        data_start: attempt.beaten(
            reasons::first_trace(&best.place, &attempt.announced),
            best,
            |judged| judged.place.data_start,
            |judged| format!("byte {} from 0", judged.place.data_start),
        ),
        n_additional_trace_headers: attempt.beaten(
            reasons::additional_headers(&best.place, shape.n_additional, own_counts),
            best,
            |judged| judged.place.n_additional,
            |judged| wording::things(u64::from(judged.place.n_additional), "additional header"),
        ),
        // Seismic Unix is asked before a first trace is believed that no word announces: its samples
        // may read as file headers.
        fits_exactly: best.rank() == 0
            && shape.geometry.is_uniform()
            && best.place.start_from != StartFrom::Found,
        n_traces: shape.n_traces,
        stride_bytes: headers_bytes(shape.n_additional) + u64::from(shape.n_samples) * sample_bytes,
        end: shape.end,
        geometry: shape.geometry,
        place: best.place,
        coding: attempt.coding.clone(),
        revision: attempt.revision.clone(),
        warnings,
    }
}

/// Traces of varying length at any candidate's place, where no candidate fits with equal lengths.
fn rescued(
    source: &Source,
    head: &FileHead,
    attempts: &[Attempt],
) -> Result<Option<Structure>, SegyError> {
    for attempt in attempts {
        let mut tried = Vec::new();
        for &place in &attempt.places {
            if tried.contains(&(place.data_start, place.n_additional)) {
                continue;
            }
            tried.push((place.data_start, place.n_additional));
            let Some(shape) = attempt.surroundings(source).varying(&place)? else {
                continue;
            };
            let judged = Judged {
                place,
                grid: Grid::new(&place, attempt.coding.format.value, source.size_bytes()),
                n_traces: shape.n_traces,
                headers: Headers::Agree,
                size_fits: true,
            };
            return whole(source, head, attempt, &judged, shape).map(Some);
        }
    }
    Ok(None)
}

/// What the traces of the best candidate look like.
fn shape_of(
    source: &Source,
    attempt: &Attempt,
    best: &Judged,
    overrides: &LayoutOverrides,
) -> Result<Shape, SegyError> {
    let around = attempt.surroundings(source);
    if overrides.trace_length == Some(TraceLength::Varying) {
        let demanded = Surroundings {
            lengths_demanded: true,
            ..around
        };
        return demanded
            .varying(&best.place)?
            .ok_or(SegyError::LengthsLeadNowhere);
    }
    let given = best.place.samples_from == SamplesFrom::User;
    let fixed = overrides.trace_length == Some(TraceLength::Fixed);
    let witness = Witness::new(source, best.place.data_start)?;
    let within = Grid {
        n_traces: best.n_traces,
        ..best.grid
    };
    let displaced = witness.first_displaced(&within, 0)?;
    if !fixed && let Some(shape) = around.varying_by_evidence(best, displaced)? {
        return Ok(shape);
    }
    if displaced.is_some()
        && let Some(shape) = around.damaged(best)?
    {
        return Ok(shape);
    }
    if let Some(first) = displaced
        && !best.size_fits
        && witness.is_alien_from(&within, first)?
    {
        return Ok(shape::uniform(&Judged {
            n_traces: first,
            ..best.clone()
        }));
    }
    let mut shape = shape::uniform(best);
    if !given {
        shape
            .warnings
            .extend(refusal::doubts(source, &attempt.coding, best, displaced)?);
    }
    Ok(shape)
}
