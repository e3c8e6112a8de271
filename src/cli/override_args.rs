//! What may the user know better than the file? Options of `scan` and `import`.

use clap::{Args, ValueEnum};

use super::args::positive;
use crate::segy::{
    ByteOrder, Container, LayoutOverrides, Revision, Scalar, TextEncoding, TraceLength,
};

/// A delay of a day; a larger one is a slip.
const MOST_DELAY_MILLIS: f64 = 86_400_000.0;

/// What the user knows better than the file.
#[derive(Debug, Args)]
pub(super) struct OverrideArguments {
    /// Byte order of headers and samples.
    #[arg(long, value_name = "ORDER", default_value = "auto")]
    pub(super) byte_order: ByteOrderChoice,
    /// Data sample format code (1 IBM float, 2 int32, 3 int16, 5 IEEE float, 6 float64, 8 int8 …).
    #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
    pub(super) format: Option<i16>,
    /// Samples per trace.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) samples: Option<u32>,
    /// Sample interval in microseconds.
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true)]
    pub(super) interval_us: Option<f64>,
    /// Code of the textual headers.
    #[arg(long, value_name = "CODE", default_value = "auto")]
    pub(super) text_encoding: TextEncodingChoice,
    /// Extended textual file headers (3200 bytes each) between the binary header and the first trace.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..))]
    pub(super) extended_headers: Option<u32>,
    /// Additional 240-byte headers of each trace, behind the standard one.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..))]
    pub(super) trace_header_extensions: Option<u32>,
    /// Position of the first trace in the file, counted from 0.
    #[arg(long, value_name = "BYTE", allow_negative_numbers = true)]
    pub(super) first_trace: Option<u64>,
    /// Whether all traces are equally long, or each as long as its header says.
    #[arg(long, value_name = "LENGTH", default_value = "auto")]
    pub(super) trace_length: TraceLengthChoice,
    /// SEG-Y, or Seismic Unix: traces without file headers.
    #[arg(long, value_name = "KIND", default_value = "auto")]
    pub(super) container: ContainerChoice,
    /// Revision of the standard that the headers follow: 0, 1, 2.0 or 2.1.
    #[arg(long, value_name = "R", value_parser = Revision::parse, allow_negative_numbers = true)]
    pub(super) revision: Option<Revision>,
    /// Multiplies (positive) or divides (negative) all coordinates, as -100 does for centimetres;
    /// header takes each trace's own (bytes 71–72), as is done unless told.
    #[arg(long, value_name = "N", value_parser = Scalar::parse, allow_hyphen_values = true)]
    pub(super) coordinate_scalar: Option<Scalar>,
    /// When all traces start, in milliseconds, instead of each trace's delay recording time (bytes
    /// 109–110); ignore is 0.
    #[arg(long, value_name = "MS", value_parser = delay, allow_hyphen_values = true)]
    pub(super) delay: Option<f64>,
    /// Multiplies (positive) or divides (negative) the delay; header takes each trace's own (bytes
    /// 215–216), ignore none. Unless told, the header's counts where it can be believed.
    #[arg(long, value_name = "N", value_parser = Scalar::parse, allow_hyphen_values = true)]
    pub(super) time_scalar: Option<Scalar>,
}

/// Milliseconds, or "ignore".
fn delay(text: &str) -> Result<f64, String> {
    if text.eq_ignore_ascii_case("ignore") {
        return Ok(0.0);
    }
    match text.parse::<f64>() {
        Ok(millis) if millis.is_finite() && millis.abs() <= MOST_DELAY_MILLIS => Ok(millis),
        _ => Err(format!(
            "milliseconds are wanted, at most {MOST_DELAY_MILLIS} in size, or ignore"
        )),
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ByteOrderChoice {
    Auto,
    Big,
    Little,
    PairSwapped,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TraceLengthChoice {
    Auto,
    Fixed,
    Varying,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ContainerChoice {
    Auto,
    Segy,
    SeismicUnix,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TextEncodingChoice {
    Auto,
    Ebcdic,
    Ascii,
}

impl OverrideArguments {
    /// What was given, laid over `base` (a mapping file's own overrides).
    pub(super) fn laid_over(&self, base: &LayoutOverrides) -> LayoutOverrides {
        LayoutOverrides {
            byte_order: match self.byte_order {
                ByteOrderChoice::Auto => base.byte_order,
                ByteOrderChoice::Big => Some(ByteOrder::Big),
                ByteOrderChoice::Little => Some(ByteOrder::Little),
                ByteOrderChoice::PairSwapped => Some(ByteOrder::PairSwapped),
            },
            format_code: self.format.or(base.format_code),
            n_samples: self.samples.or(base.n_samples),
            interval_micros: self.interval_us.or(base.interval_micros),
            text_encoding: match self.text_encoding {
                TextEncodingChoice::Auto => base.text_encoding,
                TextEncodingChoice::Ebcdic => Some(TextEncoding::Ebcdic),
                TextEncodingChoice::Ascii => Some(TextEncoding::Ascii),
            },
            n_extended_text_headers: self.extended_headers.or(base.n_extended_text_headers),
            n_additional_trace_headers: self
                .trace_header_extensions
                .or(base.n_additional_trace_headers),
            first_trace_position: self.first_trace.or(base.first_trace_position),
            trace_length: match self.trace_length {
                TraceLengthChoice::Auto => base.trace_length,
                TraceLengthChoice::Fixed => Some(TraceLength::Fixed),
                TraceLengthChoice::Varying => Some(TraceLength::Varying),
            },
            container: match self.container {
                ContainerChoice::Auto => base.container,
                ContainerChoice::Segy => Some(Container::SegY),
                ContainerChoice::SeismicUnix => Some(Container::SeismicUnix),
            },
            revision: self.revision.or(base.revision),
            coordinate_scalar: self.coordinate_scalar.or(base.coordinate_scalar),
            delay_millis: self.delay.or(base.delay_millis),
            time_scalar: self.time_scalar.or(base.time_scalar),
        }
    }
}
