//! Is it a file of Seismic Unix: traces without file headers?
//!
//! Each trace has a 240-byte header and IEEE floats, as many as bytes 115–116 say. These counts
//! must lead through the whole file: the same in all traces looked at, dividing its size, or one
//! by one to its end. A file whose file headers fit it is never asked. Words behind byte 180 are
//! Seismic Unix's own ([`SU_FIELDS`](crate::segy::fields_su::SU_FIELDS)).

use std::sync::Arc;

use super::Detected;
use super::chain::Damage;
use super::resync::Samples;
use super::{scaling, walks};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::geometry::TraceIndex;
use crate::segy::measure::{CountWord, ExtensionRule, LengthRule, Measure, TraceSize};
use crate::segy::source::Source;
use crate::segy::{
    ByteOrder, Container, Decided, FieldKind, Layout, LayoutOverrides, LayoutWarning, Revision,
    SampleFormat, SegyError, TextEncoding, TextualHeader, TraceGeometry,
};

const HEADER_BYTES: u64 = TRACE_HEADER_BYTES as u64;

/// Where the traces lie.
struct Found {
    order: ByteOrder,
    n_samples: u32,
    n_traces: u64,
    end: u64,
    geometry: TraceGeometry,
}

/// The layout, if it is such a file.
pub(super) fn detect(
    source: &Source,
    overrides: &LayoutOverrides,
) -> Result<Option<Detected>, SegyError> {
    let orders = match overrides.byte_order {
        Some(order) => vec![order],
        None => vec![ByteOrder::Big, ByteOrder::Little],
    };
    let format = format(overrides)?;
    for order in orders {
        if let Some(traces) = traces(source, order, format.value, overrides)? {
            return Ok(Some(detected(source, &traces, format, overrides)?));
        }
    }
    Ok(None)
}

fn format(overrides: &LayoutOverrides) -> Result<Decided<SampleFormat>, SegyError> {
    let Some(code) = overrides.format_code else {
        let why = "Seismic Unix writes IEEE floats";
        return Ok(Decided::new(SampleFormat::Ieee32, why));
    };
    let format = SampleFormat::from_code(code).ok_or(SegyError::NoSuchSampleFormat { code })?;
    crate::segy::decode::check_supported(format)?;
    Ok(Decided::by_user(format))
}

fn traces(
    source: &Source,
    order: ByteOrder,
    format: SampleFormat,
    overrides: &LayoutOverrides,
) -> Result<Option<Found>, SegyError> {
    /// Whole traces, by which a file that is cut off is known.
    const FEWEST_TRACES: u64 = 4;

    let size_bytes = source.size_bytes();
    if size_bytes <= HEADER_BYTES {
        return Ok(None);
    }
    let first = source.read(0..HEADER_BYTES)?;
    let n_samples = overrides
        .n_samples
        .unwrap_or_else(|| u32::from(word(&first, 115, order)));
    if n_samples == 0 || !is_plausible(&first, order) {
        return Ok(None);
    }
    let sample_bytes = format.size_bytes() as u64;
    let stride = HEADER_BYTES + u64::from(n_samples) * sample_bytes;
    let n_traces = size_bytes / stride;
    let alike = |end: u64, n_traces: u64| Found {
        order,
        n_samples,
        n_traces,
        end,
        geometry: TraceGeometry::Uniform,
    };
    let counts_agree =
        overrides.n_samples.is_some() || agree(source, order, n_samples, stride, n_traces)?;
    let whole = size_bytes.is_multiple_of(stride);
    if n_traces > 0 && counts_agree && (whole || n_traces >= FEWEST_TRACES) {
        return Ok(Some(alike(n_traces * stride, n_traces)));
    }
    varying(source, order, n_samples, format)
}

/// Whether all of some traces, spread over the file, say the same number of samples.
fn agree(
    source: &Source,
    order: ByteOrder,
    n_samples: u32,
    stride: u64,
    n_traces: u64,
) -> Result<bool, SegyError> {
    const N_LOOKS: u64 = 64;
    let step = (n_traces / N_LOOKS).max(1);
    let spread = (0..n_traces).step_by(usize::try_from(step).unwrap_or(usize::MAX));
    for trace_index in spread.chain([1, n_traces.saturating_sub(1)]) {
        if trace_index >= n_traces {
            continue;
        }
        let position = trace_index * stride;
        let header = source.read(position..position + HEADER_BYTES)?;
        if u32::from(word(&header, 115, order)) != n_samples {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Traces of varying length, whose counts lead to the file's end.
fn varying(
    source: &Source,
    order: ByteOrder,
    n_samples: u32,
    format: SampleFormat,
) -> Result<Option<Found>, SegyError> {
    /// Fewer might lead there by chance.
    const FEWEST_TRACES: u64 = 3;
    let measure = Measure {
        rule: LengthRule::InHeader {
            word: CountWord {
                order,
                extension: false,
            },
            otherwise: 0,
        },
        extensions: ExtensionRule::Fixed { n_additional: 0 },
        sample_bytes: format.size_bytes() as u64,
    };
    let first = TraceSize {
        n_samples,
        n_additional: 0,
    };
    let first_end = measure.bytes(first);
    if first_end + HEADER_BYTES > source.size_bytes() {
        return Ok(None);
    }
    let samples = Samples { format, order };
    let chain = walks::follow(source, 0, measure, samples, Damage::Ends)?;
    if chain.end != source.size_bytes() || chain.n_traces < FEWEST_TRACES {
        return Ok(None);
    }
    Ok(Some(Found {
        order,
        n_samples: chain.sizes.most.n_samples,
        n_traces: chain.n_traces,
        end: chain.end,
        geometry: TraceGeometry::Indexed(Arc::new(TraceIndex {
            measure,
            checkpoints: chain.checkpoints,
            data_start: 0,
            n_traces: chain.n_traces,
            end: chain.end,
            gaps: chain.gaps,
            sizes: chain.sizes,
        })),
    }))
}

fn detected(
    source: &Source,
    traces: &Found,
    format: Decided<SampleFormat>,
    overrides: &LayoutOverrides,
) -> Result<Detected, SegyError> {
    let size_bytes = source.size_bytes();
    let stride = HEADER_BYTES + u64::from(traces.n_samples) * format.value.size_bytes() as u64;
    let mut warnings = Vec::new();
    let interval = interval(source, traces, overrides)?;
    if interval.value.is_none() {
        warnings.push(LayoutWarning::IntervalMissing);
    }
    if let Some(index) = traces.geometry.index() {
        warnings.push(LayoutWarning::TraceLengthsVary {
            shortest: index.shortest_samples(),
            longest: index.longest_samples(),
            n_traces: traces.n_traces,
        });
    }
    if traces.end < size_bytes {
        warnings.push(LayoutWarning::PartialLastTrace {
            trace_index: traces.n_traces,
            found_bytes: size_bytes - traces.end,
            needed_bytes: stride,
        });
    }
    let none = "a Seismic Unix file has no file headers";
    let revision = Revision { major: 0, minor: 0 };
    let position_of = |trace| match &traces.geometry {
        TraceGeometry::Uniform => Ok(trace * stride),
        TraceGeometry::Indexed(index) => index.position_of(source, trace),
    };
    let words = scaling::Words::read(source, traces.n_traces, traces.order, position_of)?;
    let scalings = scaling::decide(&words, revision, overrides);
    let decided_order = match overrides.byte_order {
        Some(order) => Decided::by_user(order),
        None => Decided::new(
            traces.order,
            "the numbers of samples at bytes 115–116 lead from trace to trace",
        ),
    };
    let n_samples = match overrides.n_samples {
        Some(n_samples) => Decided::by_user(n_samples),
        None => Decided::new(traces.n_samples, "bytes 115–116 of the trace headers"),
    };
    Ok(Detected {
        layout: Layout {
            file_size_bytes: size_bytes,
            container: match overrides.container {
                Some(container) => Decided::by_user(container),
                None => Decided::new(
                    Container::SeismicUnix,
                    "no file headers fit; trace headers follow each other from the first byte on",
                ),
            },
            tape_label_bytes: 0,
            file_header_byte_order: None,
            revision: Decided::new(revision, none),
            byte_order: decided_order,
            format,
            n_samples,
            sample_interval_micros: interval,
            coordinate_scalar: scalings.coordinate_scalar,
            delay_millis: scalings.delay_millis,
            time_scalar: scalings.time_scalar,
            text_encoding: Decided::new(TextEncoding::Ascii, none),
            n_extended_text_headers: Decided::new(0, none),
            n_additional_trace_headers: Decided::new(0, none),
            data_start: Decided::new(0, none),
            trace_stride_bytes: stride,
            n_traces: traces.n_traces,
            trailer_start: traces.end,
            geometry: traces.geometry.clone(),
            warnings,
        },
        textual_header: TextualHeader {
            raw: Vec::new(),
            encoding: TextEncoding::Ascii,
        },
        extended_textual_headers: Vec::new(),
        binary_header: Vec::new(),
    })
}

/// Bytes 117–118; over 32,767 only where a second trace says the same.
fn interval(
    source: &Source,
    traces: &Found,
    overrides: &LayoutOverrides,
) -> Result<Decided<Option<f64>>, SegyError> {
    if let Some(micros) = overrides.interval_micros {
        return Ok(Decided::by_user(Some(micros)));
    }
    let first = word(&source.read(0..HEADER_BYTES)?, 117, traces.order);
    let second = match traces.n_traces {
        0 | 1 => first,
        _ => {
            let bytes_of_first = match &traces.geometry {
                TraceGeometry::Uniform => traces.end / traces.n_traces,
                TraceGeometry::Indexed(index) => index.position_of(source, 1)?,
            };
            let header = source.read(bytes_of_first..bytes_of_first + HEADER_BYTES)?;
            word(&header, 117, traces.order)
        }
    };
    let usable = first != 0 && (first <= i16::MAX.unsigned_abs() || first == second);
    Ok(if usable {
        Decided::new(
            Some(f64::from(first)),
            "bytes 117–118 of the first trace header",
        )
    } else {
        Decided::new(None, "bytes 117–118 of the first trace header are 0")
    })
}

/// Whether a first header holds what Seismic Unix writes: no text, a small identification code.
fn is_plausible(header: &[u8], order: ByteOrder) -> bool {
    /// Seismic Unix has codes of its own up to about 200.
    const LARGEST_CODE: u16 = 1000;
    !super::evidence::is_written_text(header) && word(header, 29, order) <= LARGEST_CODE
}

/// The 16-bit word at `byte` (from 1); 0 where there is none.
fn word(header: &[u8], byte: u16, order: ByteOrder) -> u16 {
    let word = FieldKind::U16.read_i64(header, byte, order);
    word.and_then(|word| u16::try_from(word).ok()).unwrap_or(0)
}
