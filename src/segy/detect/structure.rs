//! Which candidate is the file's structure? The one that the file bears out best.
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

use super::coding::{self, Coding};
use super::evidence::{Grid, Headers, Witness, is_written_text};
use super::head::FileHead;
use super::places::{self, AdditionalFrom, Announced, Place, SamplesFrom, StartFrom};
use super::shape::{self, Shape, Surroundings};
use super::{remarks, revision};
use crate::segy::source::Source;
use crate::segy::text::{TEXTUAL_HEADER_BYTES, looks_like_text};
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
    /// Of the longest trace.
    pub(super) stride_bytes: u64,
    /// Whole traces; what lies behind them is the trailer.
    pub(super) n_traces: u64,
    /// Behind the last trace.
    pub(super) end: u64,
    pub(super) n_samples: Decided<u32>,
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
}

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
struct Attempt {
    coding: Coding,
    revision: Decided<Revision>,
    revision_warning: Option<LayoutWarning>,
    announced: Announced,
    places: Vec<Place>,
    judged: Vec<Judged>,
    best: Option<Judged>,
}

/// The file's structure.
pub(super) fn decide(
    source: &Source,
    head: &FileHead,
    overrides: &LayoutOverrides,
) -> Result<Structure, SegyError> {
    let mut attempts = Vec::new();
    for coding in coding::possible(source, head, overrides)? {
        attempts.push(attempt(source, head, coding, overrides)?);
    }
    if overrides.trace_length != Some(TraceLength::Fixed)
        && overrides.n_samples.is_none()
        && attempts.iter().all(Attempt::is_hopeless)
        && let Some(structure) = rescued(source, head, &attempts)?
    {
        return Ok(structure);
    }
    let rank = |attempt: &Attempt| attempt.best.as_ref().map_or(u8::MAX, Judged::rank);
    // The first of the best: `min_by_key` keeps the likelier coding where both fit alike.
    let Some(attempt) = attempts.into_iter().min_by_key(rank) else {
        return Err(SegyError::SampleCountUnknown {
            data_bytes: 0,
            fitting: None,
        });
    };
    let Some(best) = attempt.best.clone() else {
        check_announced_headers(source, &attempt.announced)?;
        return Err(no_candidate(source, &attempt)?);
    };
    if best.headers != Headers::Agree && best.place.samples_from != SamplesFrom::User {
        check_announced_headers(source, &attempt.announced)?;
    }
    let shape = shape_of(source, &attempt, &best, overrides)?;
    let warnings = said(source, head, &attempt, &best, &shape)?;
    Ok(finish(&attempt, &best, shape, warnings))
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
    warnings: Vec<LayoutWarning>,
) -> Structure {
    let sample_bytes = attempt.coding.format.value.size_bytes() as u64;
    let headers_bytes = 240 * (1 + u64::from(best.place.n_additional));
    let reason = if shape.geometry.lengths_vary() {
        "each trace header, bytes 115–116: the counts lead from one header to the next".to_owned()
    } else {
        samples_reason(best)
    };
    Structure {
        n_samples: attempt.beaten(
            Decided::new(shape.n_samples, reason),
            best,
            |judged| judged.place.n_samples,
            |judged| samples_label(judged),
        ),
        n_extended_text_headers: attempt.beaten(
            extended_text_headers(&best.place, &attempt.announced),
            best,
            |judged| judged.place.data_start,
            |judged| format!("the first trace at byte {} from 0", judged.place.data_start),
        ),
        n_additional_trace_headers: attempt.beaten(
            additional_headers(&best.place),
            best,
            |judged| judged.place.n_additional,
            |judged| wording::things(u64::from(judged.place.n_additional), "additional header"),
        ),
        fits_exactly: best.rank() == 0 && shape.geometry.is_uniform(),
        n_traces: shape.n_traces,
        stride_bytes: headers_bytes + u64::from(shape.n_samples) * sample_bytes,
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
            let warnings = said(source, head, attempt, &judged, &shape)?;
            return Ok(Some(finish(attempt, &judged, shape, warnings)));
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
        return around
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
    if !given && !fixed {
        if let Some(shape) = around.varying_by_evidence(best, displaced)? {
            return Ok(shape);
        }
    }
    if displaced.is_some()
        && let Some(shape) = around.damaged(best)?
    {
        return Ok(shape);
    }
    let mut shape = shape::uniform(best);
    if !given {
        shape
            .warnings
            .extend(doubts(source, &attempt.coding, best, displaced)?);
    }
    Ok(shape)
}

impl Attempt {
    /// A decision with the candidates that it beat: those that differ from the best one in `what`.
    fn beaten<T, K: PartialEq>(
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
    fn is_hopeless(&self) -> bool {
        self.best.as_ref().is_none_or(|best| best.rank() == 5)
    }

    fn surroundings<'a>(&'a self, source: &'a Source) -> Surroundings<'a> {
        Surroundings {
            source,
            coding: &self.coding,
            revision: self.revision.value,
            announced: &self.announced,
        }
    }
}

/// Judges all candidates of one coding.
fn attempt(
    source: &Source,
    head: &FileHead,
    coding: Coding,
    overrides: &LayoutOverrides,
) -> Result<Attempt, SegyError> {
    let (revision, revision_warning) = revision::decide(head, coding.byte_order.value);
    let (places, announced) = places::candidates(source, head, &coding, revision.value, overrides)?;
    let mut best: Option<Judged> = None;
    let mut all: Vec<Judged> = Vec::new();
    for &place in &places {
        let grid = Grid::new(&place, coding.format.value, source.size_bytes());
        if place.n_samples == 0 || grid.n_traces == 0 {
            continue;
        }
        let judged = judge(source, place, grid, &announced)?;
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
    let n_traces = traces_before_trailer(source, &witness, &grid, announced)?;
    let within = Grid { n_traces, ..grid };
    Ok(Judged {
        place,
        grid,
        n_traces,
        headers: witness.judge(&within)?,
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

/// What to say, or refuse, about a structure that the file does not bear out entirely.
fn doubts(
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
fn check_announced_headers(source: &Source, announced: &Announced) -> Result<(), SegyError> {
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
fn fitting_samples(
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
        if grid.rest_bytes == 0 && witness.judge(&grid)? == Headers::Agree {
            return Ok(Some(n_samples));
        }
    }
    Ok(None)
}

/// Why there is no candidate at all.
fn no_candidate(source: &Source, attempt: &Attempt) -> Result<SegyError, SegyError> {
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

fn samples_byte(from: SamplesFrom) -> u16 {
    match from {
        SamplesFrom::User | SamplesFrom::Binary => 3221,
        SamplesFrom::BinaryExtended => 3269,
        SamplesFrom::TraceHeader => 115,
    }
}

/// "91 samples (bytes 3221–3222)".
fn samples_label(judged: &Judged) -> String {
    let byte = samples_byte(judged.place.samples_from);
    let last = if byte == 3269 { byte + 3 } else { byte + 1 };
    let n_samples = u64::from(judged.place.n_samples);
    format!(
        "{} (bytes {byte}–{last})",
        wording::things(n_samples, "sample")
    )
}

/// What speaks against a candidate.
fn objection(judged: &Judged) -> &'static str {
    match (judged.size_fits, judged.headers) {
        (true, Headers::Agree) => "fits too, but is further from the standard or skips headers",
        (true, Headers::Silent) => "only the file's size fits",
        (false, Headers::Agree | Headers::Silent) => "the file's size does not fit",
        (_, Headers::Disagree) => "no trace headers lie where they would be",
        (_, Headers::Text) => "there is text, not a trace",
    }
}

fn samples_reason(best: &Judged) -> String {
    let by = match best.place.samples_from {
        SamplesFrom::User => return "given by the user".to_owned(),
        SamplesFrom::Binary => "bytes 3221–3222",
        SamplesFrom::BinaryExtended => "bytes 3269–3272",
        SamplesFrom::TraceHeader => "the first trace header",
    };
    match (best.size_fits, best.headers) {
        (true, Headers::Agree) => format!("{by}; the file's size and its trace headers fit"),
        (true, _) => format!("{by}; the file's size fits"),
        (false, Headers::Agree) => format!("{by}; the trace headers fit, the file's size does not"),
        (false, _) => format!("{by}; nothing confirms it"),
    }
}

fn extended_text_headers(place: &Place, announced: &Announced) -> Decided<u32> {
    let room_bytes = place.data_start.saturating_sub(announced.file_headers_end);
    let room = room_bytes / TEXTUAL_HEADER_BYTES as u64;
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    match place.start_from {
        StartFrom::User => Decided::by_user(room),
        StartFrom::NoTextHeaders => Decided::new(0, "the first trace follows the binary header"),
        StartFrom::Declared => Decided::new(room, "bytes 3505–3506"),
        StartFrom::EndText => Decided::new(room, "the stanza ((SEG: EndText))"),
        StartFrom::TextFound => Decided::new(room, "what follows the binary header reads as text"),
        StartFrom::FirstTraceOffset => {
            let declared = u32::try_from(announced.text_headers).unwrap_or(room);
            Decided::new(declared.min(room), "bytes 3505–3506 and 3521–3528")
        }
    }
}

fn additional_headers(place: &Place) -> Decided<u32> {
    let why = match place.additional_from {
        AdditionalFrom::User => return Decided::by_user(place.n_additional),
        AdditionalFrom::Nobody => "none are announced, or none fit",
        AdditionalFrom::TwoBytes => "bytes 3507–3508",
        AdditionalFrom::FourBytes => "bytes 3507–3510",
    };
    Decided::new(place.n_additional, why)
}
