//! What is not as it was in the imported file? One fact each, with its number, for people and for scripts.

use std::fmt;

use serde_json::{Value, json};

use crate::segy::{ByteOrder, Revision, SampleFormat, TextEncoding};
use crate::wording;

/// Something in an export in another form that differs from the imported file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FormChange {
    /// Traces that were not chosen.
    TracesLeftOut {
        /// Of these.
        n_left_out: u64,
        /// In the dataset.
        n_traces: u64,
    },
    /// Traces stand in another order.
    Sorted {
        /// Header columns.
        keys: Vec<String>,
    },
    /// Samples before or behind the chosen times.
    SamplesLeftOut {
        /// Before the window, of each trace.
        n_before: u32,
        /// Behind the window, of the longest trace.
        n_behind: u32,
    },
    /// Every sample has another format.
    SampleFormat {
        /// As imported.
        from: SampleFormat,
        /// As written.
        to: SampleFormat,
    },
    /// Samples whose value the format cannot hold exactly: the nearest that it can was written.
    SamplesRounded {
        /// How many.
        n: u64,
        /// Of all.
        n_samples: u64,
    },
    /// Samples beyond the format's range: its largest or smallest number was written.
    SamplesClipped {
        /// How many.
        n: u64,
        /// Of all.
        n_samples: u64,
    },
    /// Samples that are not a number, in a format that has no such thing: zero was written.
    NotNumbers {
        /// How many.
        n: u64,
    },
    /// Headers and samples have another byte order.
    ByteOrder {
        /// As imported.
        from: ByteOrder,
        /// As written.
        to: ByteOrder,
    },
    /// Another revision of the standard.
    Revision {
        /// As imported.
        from: Revision,
        /// As written.
        to: Revision,
        /// Why, where nobody asked for it.
        because: Option<String>,
    },
    /// Seismic Unix has no file headers.
    FileHeadersLeftOut {
        /// Textual, binary and extended textual headers.
        bytes: u64,
    },
    /// The imported file had no file headers: new ones were made.
    FileHeadersMade,
    /// Lines of the textual file header.
    TextLines {
        /// Their numbers, from 1.
        lines: Vec<u8>,
    },
    /// The textual headers are in another code.
    TextEncoding {
        /// As imported.
        from: TextEncoding,
        /// As written.
        to: TextEncoding,
    },
    /// A word of the binary file header has another value.
    BinaryWord {
        /// First byte, as printed.
        byte: u16,
        /// As the table names it.
        name: &'static str,
        /// As imported.
        from: String,
        /// As written.
        to: String,
    },
    /// Bytes of headers that stand in no word of the standard or the mapping: left as they were
    /// although the byte order changed.
    BytesNotReordered {
        /// "the binary header".
        place: &'static str,
        /// That are not zero.
        bytes: u64,
    },
    /// Extended textual headers that the revision does not have.
    ExtendedTextHeadersLeftOut {
        /// Of 3200 bytes.
        n: u64,
    },
    /// Additional trace headers were left out of every trace.
    AdditionalTraceHeadersLeftOut {
        /// Of each trace.
        n: u32,
        /// "revision 1 has none".
        because: &'static str,
    },
    /// A word of trace headers has another value.
    TraceWord {
        /// First byte, from 1.
        byte: u16,
        /// As the table names it.
        name: &'static str,
        /// In so many traces.
        n_traces: u64,
    },
    /// The delay of traces could not follow the window exactly, since the word counts whole units.
    DelayRounded {
        /// In so many traces.
        n_traces: u64,
    },
    /// Bytes 181–240 of trace headers, which Seismic Unix uses otherwise, were set to zero.
    SeismicUnixWordsCleared {
        /// In which any of them was not zero.
        n_traces: u64,
    },
    /// Short traces were filled up with zeros, because this kind of file has traces of one length.
    TracesFilledUp {
        /// So many traces.
        n_traces: u64,
    },
    /// Bytes of the imported file that belong to no trace.
    BytesLeftOut {
        /// "behind the last trace".
        place: &'static str,
        /// How many.
        bytes: u64,
    },
    /// The new file breaks a rule of its revision, as asked for.
    AgainstTheStandard {
        /// As a clause: "revision 1 knows only big-endian files".
        rule: String,
    },
}

impl FormChange {
    /// A name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TracesLeftOut { .. } => "traces_left_out",
            Self::Sorted { .. } => "sorted",
            Self::SamplesLeftOut { .. } => "samples_left_out",
            Self::SampleFormat { .. } => "sample_format",
            Self::SamplesRounded { .. } => "samples_rounded",
            Self::SamplesClipped { .. } => "samples_clipped",
            Self::NotNumbers { .. } => "not_numbers",
            Self::ByteOrder { .. } => "byte_order",
            Self::Revision { .. } => "revision",
            Self::FileHeadersLeftOut { .. } => "file_headers_left_out",
            Self::FileHeadersMade => "file_headers_made",
            Self::TextLines { .. } => "text_lines",
            Self::TextEncoding { .. } => "text_encoding",
            Self::BinaryWord { .. } => "binary_word",
            Self::BytesNotReordered { .. } => "bytes_not_reordered",
            Self::ExtendedTextHeadersLeftOut { .. } => "extended_text_headers_left_out",
            Self::AdditionalTraceHeadersLeftOut { .. } => "additional_trace_headers_left_out",
            Self::TraceWord { .. } => "trace_word",
            Self::DelayRounded { .. } => "delay_rounded",
            Self::SeismicUnixWordsCleared { .. } => "seismic_unix_words_cleared",
            Self::TracesFilledUp { .. } => "traces_filled_up",
            Self::BytesLeftOut { .. } => "bytes_left_out",
            Self::AgainstTheStandard { .. } => "against_the_standard",
        }
    }

    /// Whether something of the imported file is not in the new one, or not exactly: worth a second look.
    pub fn loses_something(&self) -> bool {
        match self {
            Self::SamplesRounded { .. }
            | Self::SamplesClipped { .. }
            | Self::NotNumbers { .. }
            | Self::BytesNotReordered { .. }
            | Self::FileHeadersLeftOut { .. }
            | Self::ExtendedTextHeadersLeftOut { .. }
            | Self::AdditionalTraceHeadersLeftOut { .. }
            | Self::DelayRounded { .. }
            | Self::SeismicUnixWordsCleared { .. }
            | Self::TracesFilledUp { .. }
            | Self::BytesLeftOut { .. }
            | Self::AgainstTheStandard { .. } => true,
            Self::TracesLeftOut { .. }
            | Self::Sorted { .. }
            | Self::SamplesLeftOut { .. }
            | Self::SampleFormat { .. }
            | Self::ByteOrder { .. }
            | Self::Revision { .. }
            | Self::FileHeadersMade
            | Self::TextLines { .. }
            | Self::TextEncoding { .. }
            | Self::BinaryWord { .. }
            | Self::TraceWord { .. } => false,
        }
    }

    /// Code and sentence.
    pub fn to_json(&self) -> Value {
        json!({ "code": self.code(), "message": self.to_string(), "loses_something": self.loses_something() })
    }
}

impl fmt::Display for FormChange {
    #[expect(clippy::too_many_lines, reason = "one sentence for each variant")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |n: u64, of: u64| {
            let verb = if n == 1 { "was" } else { "were" };
            format!(
                "{} of {} {verb}",
                wording::things(n, "sample"),
                wording::count(of)
            )
        };
        match self {
            Self::TracesLeftOut {
                n_left_out,
                n_traces,
            } => write!(
                f,
                "{} of {} left out",
                wording::things(*n_left_out, "trace"),
                wording::count(*n_traces)
            ),
            Self::Sorted { keys } => write!(f, "traces sorted by {}", keys.join(", ")),
            Self::SamplesLeftOut { n_before, n_behind } => write!(
                f,
                "{} before and {} behind the chosen times left out of each trace",
                wording::things(u64::from(*n_before), "sample"),
                wording::count(u64::from(*n_behind))
            ),
            Self::SampleFormat { from, to } => {
                write!(
                    f,
                    "samples converted from {} to {}",
                    from.label(),
                    to.label()
                )
            }
            Self::SamplesRounded { n, n_samples } => {
                write!(
                    f,
                    "{} rounded to the nearest number of the format",
                    share(*n, *n_samples)
                )
            }
            Self::SamplesClipped { n, n_samples } => {
                write!(
                    f,
                    "{} clipped to the range of the format",
                    share(*n, *n_samples)
                )
            }
            Self::NotNumbers { n } => write!(
                f,
                "{} not a number, which the format cannot say: zero was written",
                wording::things(*n, "sample")
            ),
            Self::ByteOrder { from, to } => {
                write!(f, "{} instead of {}", to.label(), from.label())
            }
            Self::Revision { from, to, because } => {
                write!(f, "SEG-Y revision {to} instead of {from}")?;
                because
                    .as_ref()
                    .map_or(Ok(()), |why| write!(f, ", because {why}"))
            }
            Self::FileHeadersLeftOut { bytes } => write!(
                f,
                "{} of file headers left out: Seismic Unix has none",
                wording::bytes(*bytes)
            ),
            Self::FileHeadersMade => write!(
                f,
                "textual and binary file header made anew: the imported file had none"
            ),
            Self::TextLines { lines } => {
                let numbers: Vec<String> = lines.iter().map(u8::to_string).collect();
                let noun = if lines.len() == 1 { "line" } else { "lines" };
                write!(
                    f,
                    "{noun} {} of the textual header changed",
                    numbers.join(", ")
                )
            }
            Self::TextEncoding { from, to } => {
                write!(
                    f,
                    "textual headers in {} instead of {}",
                    to.label(),
                    from.label()
                )
            }
            Self::BinaryWord {
                byte,
                name,
                from,
                to,
            } => write!(
                f,
                "binary header, byte {byte}, {name}: {to} instead of {from}"
            ),
            Self::BytesNotReordered { place, bytes } => write!(
                f,
                "{} of {place} stand in no known word and were copied in their old order",
                wording::things(*bytes, "byte")
            ),
            Self::ExtendedTextHeadersLeftOut { n } => write!(
                f,
                "{} left out: revision 0 has none",
                wording::things(*n, "extended textual header")
            ),
            Self::AdditionalTraceHeadersLeftOut { n, because } => write!(
                f,
                "{} of each trace left out: {because}",
                wording::things(u64::from(*n), "additional header")
            ),
            Self::TraceWord {
                byte,
                name,
                n_traces,
            } => write!(
                f,
                "trace header, byte {byte}, {name}: changed in {}",
                wording::things(*n_traces, "trace")
            ),
            Self::DelayRounded { n_traces } => write!(
                f,
                "the delay of {} was rounded to the word's whole units",
                wording::things(*n_traces, "trace")
            ),
            Self::SeismicUnixWordsCleared { n_traces } => write!(
                f,
                "bytes 181–240 of {} set to zero (CDP coordinates, inline, crossline …): Seismic Unix reads other words there",
                wording::things(*n_traces, "trace header")
            ),
            Self::TracesFilledUp { n_traces } => write!(
                f,
                "{} shorter than the longest filled up with zeros",
                wording::things(*n_traces, "trace")
            ),
            Self::BytesLeftOut { place, bytes } => {
                write!(f, "{} {place} left out", wording::things(*bytes, "byte"))
            }
            Self::AgainstTheStandard { rule } => write!(
                f,
                "as asked for, but against the standard: {rule}; other programs may need to be told"
            ),
        }
    }
}
