//! What should the user know about a structure that was accepted?

use super::coding::Coding;
use super::evidence::{Grid, Witness};
use super::extensions;
use super::places::{AdditionalFrom, Announced, Place, SamplesFrom, StartFrom};
use super::shape::Shape;
use super::structure::Structure;
use crate::segy::measure::headers_bytes;
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind, LayoutWarning, SampleFormat, SegyError, inexact_words};
use crate::segy::{decode_f32, fields_trace::TRACE_HEADER_BYTES};

/// Where header words and file contradict each other.
pub(super) fn on_structure(
    source: &Source,
    coding: &Coding,
    announced: &Announced,
    place: &Place,
    grid: &Grid,
    shape: &Shape,
) -> Result<Vec<LayoutWarning>, SegyError> {
    let n_traces = shape.n_traces;
    let mut warnings = Vec::new();
    if let SamplesFrom::Padded { said } = place.samples_from {
        warnings.push(LayoutWarning::TracesPadded {
            said,
            used: place.n_samples,
            trace_bytes: grid.stride_bytes,
        });
    } else if !shape.geometry.lengths_vary() {
        warnings.extend(on_sample_count(announced, place));
        if shape.geometry.is_uniform() {
            warnings.extend(on_trace_sample_words(
                source, coding, place, grid, n_traces,
            )?);
        }
    }
    warnings.extend(on_text_headers(announced, place));
    let offset = announced.first_trace_offset;
    let is_there = place.data_start == offset
        || place.data_start == offset.saturating_add(announced.tape_label_bytes);
    let is_found = place.start_from == StartFrom::Found;
    if is_found {
        warnings.push(LayoutWarning::FirstTraceDisplaced {
            expected: announced.first_trace_expected,
            used: place.data_start,
        });
    }
    if offset != 0 && !is_there && !is_found {
        warnings.push(LayoutWarning::FirstTraceOffsetDisagrees {
            recorded: offset,
            used: place.data_start,
        });
    }
    // Where traces say their own number, that of the file is the most that any may have.
    let is_most = place.additional_from == AdditionalFrom::Extension
        || extensions::are_followed(&shape.geometry);
    let expected = if is_most {
        announced.most_extensions
    } else {
        place.n_additional
    };
    if announced.additional_headers != i64::from(expected) {
        warnings.push(LayoutWarning::AdditionalHeaderCountDisagrees {
            recorded: announced.additional_headers,
            used: shape.n_additional,
        });
    }
    if announced.traces != 0 && announced.traces != n_traces {
        warnings.push(LayoutWarning::TraceCountDisagrees {
            recorded: announced.traces,
            found: n_traces,
        });
    }
    warnings.extend(on_trailer(source, announced, place, grid, shape)?);
    Ok(warnings)
}

fn on_sample_count(announced: &Announced, place: &Place) -> Option<LayoutWarning> {
    // Revision 2 lets the longer word overrule the shorter one.
    let overruled = place.samples_from == SamplesFrom::BinaryExtended
        && (announced.samples == 0 || place.deviation == 0);
    let disagrees = announced.samples != place.n_samples && !overruled;
    disagrees.then_some(LayoutWarning::SampleCountDisagrees {
        recorded: announced.samples,
        used: place.n_samples,
    })
}

fn on_trace_sample_words(
    source: &Source,
    coding: &Coding,
    place: &Place,
    grid: &Grid,
    n_traces: u64,
) -> Result<Option<LayoutWarning>, SegyError> {
    for trace_index in [0, 1, n_traces / 2, n_traces - 1] {
        if trace_index >= n_traces {
            continue;
        }
        let position = grid.position_of(trace_index);
        let header = source.read(position..position + TRACE_HEADER_BYTES as u64)?;
        let word = FieldKind::U16.read_i64(&header, 115, coding.byte_order.value);
        let recorded = word.and_then(|word| u16::try_from(word).ok()).unwrap_or(0);
        // 65,535 samples or more do not fit the word: then it says anything.
        if recorded != 0 && u32::from(recorded) != place.n_samples && place.n_samples < 65_535 {
            return Ok(Some(LayoutWarning::TraceSampleWordsDiffer {
                trace_index,
                recorded,
                used: place.n_samples,
            }));
        }
    }
    Ok(None)
}

fn on_text_headers(announced: &Announced, place: &Place) -> Option<LayoutWarning> {
    let room_bytes = place.data_start.saturating_sub(announced.file_headers_end);
    let found = room_bytes / TEXTUAL_HEADER_BYTES as u64;
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    let declared = announced.text_headers;
    if announced.end_text_found == Some(false) {
        return Some(LayoutWarning::EndTextMissing { found });
    }
    match place.start_from {
        StartFrom::User
        | StartFrom::Declared
        | StartFrom::EndText
        | StartFrom::Found
        | StartFrom::FirstTraceOffset => None,
        StartFrom::TextFound if declared == 0 => {
            Some(LayoutWarning::UndeclaredExtendedHeaders { found })
        }
        StartFrom::NoTextHeaders if declared == 0 => None,
        StartFrom::TextFound | StartFrom::NoTextHeaders => {
            Some(LayoutWarning::ExtendedHeaderCountDisagrees { declared, found })
        }
    }
}

/// What lies behind the last whole trace: a cut-off one, or something else.
fn on_trailer(
    source: &Source,
    announced: &Announced,
    place: &Place,
    grid: &Grid,
    shape: &Shape,
) -> Result<Option<LayoutWarning>, SegyError> {
    let trailer_start = shape.end;
    let bytes = source.size_bytes() - trailer_start;
    let stanzas_bytes = u64::try_from(announced.trailer_stanzas).unwrap_or(0) * 3200;
    if bytes == 0 || bytes == stanzas_bytes {
        return Ok(None);
    }
    let witness = Witness::new(source, grid.data_start)?;
    let start = source.read(trailer_start..source.size_bytes().min(trailer_start + 240))?;
    if start.iter().all(|&byte| byte == 0) && !witness.is_first_blank() {
        return Ok(Some(LayoutWarning::TrailingBytes { bytes }));
    }
    let longest = longest_trace_bytes(grid, place, shape);
    let is_partial = bytes < longest && witness.may_begin_trace(trailer_start)?;
    Ok(Some(if is_partial {
        LayoutWarning::PartialLastTrace {
            trace_index: shape.n_traces,
            found_bytes: bytes,
            needed_bytes: longest,
        }
    } else {
        LayoutWarning::TrailingBytes { bytes }
    }))
}

/// Bytes of the longest trace.
fn longest_trace_bytes(grid: &Grid, place: &Place, shape: &Shape) -> u64 {
    let samples_bytes = grid.stride_bytes - headers_bytes(place.n_additional);
    let sample_bytes = samples_bytes / u64::from(place.n_samples.max(1));
    headers_bytes(shape.n_additional) + sample_bytes * u64::from(shape.n_samples)
}

/// Whether the first trace's samples are what the format code says.
///
/// IBM machines wrote normalised words; IEEE floats read as IBM words are unnormalised in one of
/// sixteen. That does not decide anything (programs have written unnormalised words), but is worth a look.
pub(super) fn on_samples(
    source: &Source,
    structure: &Structure,
) -> Result<Option<LayoutWarning>, SegyError> {
    /// Of the first trace: enough to count one in a hundred.
    const MOST_SAMPLES: u32 = 16_384;
    const ONE_IN: u64 = 50;
    /// More are a habit of the program that wrote them, not another format.
    const AT_MOST_ONE_IN: u64 = 4;
    /// Fewer say nothing.
    const FEWEST_SAMPLES: u64 = 300;

    if structure.coding.format.value != SampleFormat::Ibm32 {
        return Ok(None);
    }
    let order: ByteOrder = structure.coding.byte_order.value;
    let n_looked_at = structure.n_samples.value.min(MOST_SAMPLES);
    let start = structure.samples_of(source, 0)?;
    let bytes = source.read(start..start + 4 * u64::from(n_looked_at))?;
    let mut samples = Vec::new();
    decode_f32(SampleFormat::Ibm32, order, &bytes, &mut samples)?;
    let mut inexact = Vec::new();
    inexact_words(order, &bytes, &samples, &mut inexact);
    let n_unnormalised = inexact
        .iter()
        .filter(|(_, word)| word & 0x00ff_ffff != 0)
        .count() as u64;
    let n_seen = samples.iter().filter(|sample| **sample != 0.0).count() as u64;
    let is_unlikely = n_seen >= FEWEST_SAMPLES
        && n_unnormalised * ONE_IN > n_seen
        && n_unnormalised * AT_MOST_ONE_IN < n_seen;
    Ok(is_unlikely.then_some(LayoutWarning::SamplesUnlikeIbm {
        n_unnormalised,
        n_seen,
    }))
}
