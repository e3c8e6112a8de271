//! Where does everything lie in this file? The road from bytes to a [`Layout`].
//!
//! ```text
//! foreign   is it another kind of file?            ─► refused by name
//! tape_label, su   a label in front? traces without file headers?
//! mixed_order  file header and traces of different machines?
//! coding    byte order and sample format           from the format code, read both ways
//! guess     the sample format, where that code is none
//! places    what each header word would make of it ─► candidates: first trace, samples, additional headers
//! evidence  do trace headers lie where a candidate says, does the file's size fit?
//! judging   which candidate does the file bear out best?
//! stray     bytes in front of the first trace that no word announces, or too few
//! structure the best candidate; refusal: why there is none
//! shape     equal traces, varying ones (chain), or damage (resync)
//! extensions   what trace header extensions say of their own number
//! walks     a walk over all headers is made once for a file
//! samples   are they what the format code says?
//! interval, scaling, revision, remarks   the rest
//! ```
//! Reads the file headers, a few dozen trace headers and samples of at most 64 traces, at any size of
//! the file; all headers only where there is evidence that traces vary in length.

mod chain;
mod coding;
mod damage;
mod displaced;
mod evidence;
mod extensions;
mod foreign;
mod guess;
mod head;
mod interval;
mod judging;
mod mixed_order;
mod places;
mod reasons;
mod refusal;
mod remarks;
mod resync;
mod revision;
mod samples;
mod scaling;
mod shape;
mod stray;
mod structure;
mod su;
mod tape_label;
mod told_interval;
mod varying;
mod walk;
mod walks;

use super::source::Source;
use super::text::TEXTUAL_HEADER_BYTES;
use super::{Container, Decided, Layout, LayoutOverrides, SegyError, TextEncoding, TextualHeader};
use head::FileHead;
use structure::Structure;

/// Bytes of the textual and the binary file header.
const FILE_HEADERS_BYTES: u64 = 3600;

/// What was found.
#[derive(Debug)]
pub(super) struct Detected {
    pub(super) layout: Layout,
    pub(super) textual_header: TextualHeader,
    pub(super) extended_textual_headers: Vec<TextualHeader>,
    pub(super) binary_header: Vec<u8>,
}

/// Decides where everything lies in the file.
pub(super) fn detect(source: &Source, overrides: &LayoutOverrides) -> Result<Detected, SegyError> {
    if overrides.container == Some(Container::SeismicUnix) {
        return su::detect(source, overrides)?.ok_or(SegyError::NotSeismicUnix);
    }
    let may_be_su = overrides.container.is_none();
    foreign::refuse_by_first_bytes(source)?;
    let label_bytes = tape_label::bytes(source)?;
    if may_be_su
        && source.size_bytes() < FILE_HEADERS_BYTES
        && let Some(detected) = su::detect(source, overrides)?
    {
        return Ok(detected);
    }
    let mut head = FileHead::read(source, label_bytes)?;
    if let Some(position) = overrides.first_trace_position {
        head = head.cut_at(position);
    }
    let (mut head, mixed) = mixed_order::settle(source, head, overrides)?;
    let mut structure = match structure::decide(source, &head, overrides) {
        Ok(structure) if structure.fits_exactly => structure,
        unsure => {
            if may_be_su && let Some(detected) = su::detect(source, overrides)? {
                return Ok(detected);
            }
            match unsure {
                Ok(structure) => structure,
                Err(error) => {
                    let (found, structure) = displaced::found(source, &head, overrides, error)?;
                    head = found;
                    structure
                }
            }
        }
    };
    if let Some(mixed) = mixed {
        mixed.say(&mut structure, overrides);
    }
    let (sample_interval_micros, interval_warnings) =
        interval::decide(source, &head, &structure, overrides)?;
    let mut warnings = structure.warnings.clone();
    warnings.extend(interval_warnings);
    let textual_header = textual_header(&head, overrides);
    if textual_header.is_empty() {
        warnings.push(super::LayoutWarning::TextHeaderEmpty);
    }
    let doubt = if overrides.format_code.is_none() {
        samples::decide(source, &mut structure)?
    } else {
        None
    };
    warnings.extend(match doubt {
        Some(doubt) => Some(doubt),
        None => remarks::on_samples(source, &structure)?,
    });
    let order = structure.coding.byte_order.value;
    let position_of = |trace| structure.position_of(source, trace);
    let words = scaling::Words::read(source, structure.n_traces, order, position_of)?;
    let scalings = scaling::decide(&words, structure.revision.value, overrides);
    let binary_header = head.cut_at(structure.place.data_start).binary;
    Ok(Detected {
        extended_textual_headers: extended_textual_headers(source, &head, &structure, overrides)?,
        layout: Layout {
            file_size_bytes: source.size_bytes(),
            container: container(overrides),
            tape_label_bytes: head.tape_label_bytes,
            file_header_byte_order: mixed.map(|mixed| mixed.header),
            geometry: structure.geometry,
            text_encoding: text_encoding(&textual_header, overrides),
            sample_interval_micros,
            coordinate_scalar: scalings.coordinate_scalar,
            delay_millis: scalings.delay_millis,
            time_scalar: scalings.time_scalar,
            n_traces: structure.n_traces,
            data_start: structure.data_start,
            trace_stride_bytes: structure.stride_bytes,
            trailer_start: structure.end,
            revision: structure.revision,
            byte_order: structure.coding.byte_order,
            format: structure.coding.format,
            n_samples: structure.n_samples,
            n_extended_text_headers: structure.n_extended_text_headers,
            n_additional_trace_headers: structure.n_additional_trace_headers,
            warnings,
        },
        textual_header,
        binary_header,
    })
}

fn container(overrides: &LayoutOverrides) -> Decided<Container> {
    match overrides.container {
        Some(container) => Decided::by_user(container),
        None => Decided::new(Container::SegY, "file headers, then traces that fit them"),
    }
}

fn textual_header(head: &FileHead, overrides: &LayoutOverrides) -> TextualHeader {
    let guessed = || TextEncoding::guess(&head.text);
    TextualHeader {
        encoding: overrides.text_encoding.unwrap_or_else(guessed),
        raw: head.text.clone(),
    }
}

fn text_encoding(header: &TextualHeader, overrides: &LayoutOverrides) -> Decided<TextEncoding> {
    if let Some(encoding) = overrides.text_encoding {
        return Decided::by_user(encoding);
    }
    let why = if header.is_empty() {
        "nothing is written".to_owned()
    } else {
        format!("more characters make sense in {}", header.encoding.label())
    };
    let decided = Decided::new(header.encoding, why);
    let other = match header.encoding {
        TextEncoding::Ebcdic => TextEncoding::Ascii,
        TextEncoding::Ascii => TextEncoding::Ebcdic,
    };
    decided.instead_of(format!("{}: fewer make sense", other.label()))
}

/// The extended textual headers, each in the code that it looks like.
fn extended_textual_headers(
    source: &Source,
    head: &FileHead,
    structure: &Structure,
    overrides: &LayoutOverrides,
) -> Result<Vec<TextualHeader>, SegyError> {
    let header_bytes = TEXTUAL_HEADER_BYTES as u64;
    (0..u64::from(structure.n_extended_text_headers.value))
        .map(|i| {
            let start = head.end() + i * header_bytes;
            let raw = source.read(start..start + header_bytes)?;
            let guessed = || TextEncoding::guess(&raw);
            let encoding = overrides.text_encoding.unwrap_or_else(guessed);
            Ok(TextualHeader { raw, encoding })
        })
        .collect()
}
