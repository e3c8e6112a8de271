//! What was odd about a file's structure, but did not stop us?

use super::{ByteOrder, Revision};
use crate::wording;

/// Something odd about the file's structure that did not stop us. `Display` is the sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutWarning {
    /// Bytes behind the last whole trace.
    #[error("behind the last whole trace there is more: {}, kept and exported again", bytes_exactly(*bytes))]
    TrailingBytes {
        /// How many.
        bytes: u64,
    },

    /// The file ends within a trace.
    #[error(
        "the file ends within {}: {} of its {} bytes are there; is the file complete? \
         They are kept and will be exported again",
        wording::trace(*trace_index), wording::count(*found_bytes), wording::count(*needed_bytes)
    )]
    PartialLastTrace {
        /// From 0.
        trace_index: u64,
        /// Of this trace.
        found_bytes: u64,
        /// Of a whole one.
        needed_bytes: u64,
    },

    /// Another number of samples than the header word that should say it.
    #[error("bytes 3221–3222 say {} per trace, but {} fit the file", wording::things(u64::from(*recorded), "sample"), wording::count(u64::from(*used)))]
    SampleCountDisagrees {
        /// What they say.
        recorded: u32,
        /// What was taken.
        used: u32,
    },

    /// Trace headers say another number of samples.
    #[error(
        "the header of {} says {} (bytes 115–116), but traces of {} fit the file",
        wording::trace(*trace_index), wording::things(u64::from(*recorded), "sample"),
        wording::things(u64::from(*used), "sample")
    )]
    TraceSampleWordsDiffer {
        /// The first one seen, from 0.
        trace_index: u64,
        /// What it says.
        recorded: u16,
        /// What was taken.
        used: u32,
    },

    /// From some trace on there are no headers where they should be.
    #[error(
        "from {} on, trace headers do not look like the first one: bytes may be missing or too many there, \
         and what follows may be misread",
        wording::trace(*first_trace_index)
    )]
    TraceHeadersMisplaced {
        /// From 0.
        first_trace_index: u64,
    },

    /// Each trace is as long as its own header says.
    #[error(
        "traces differ in length: {} of {} to {}, each as its own header says (bytes 115–116); \
         shorter ones are filled up",
        wording::things(*n_traces, "trace"), wording::count(u64::from(*shortest)),
        wording::things(u64::from(*longest), "sample")
    )]
    TraceLengthsVary {
        /// Samples of the shortest trace.
        shortest: u32,
        /// Samples of the longest trace.
        longest: u32,
        /// In the file.
        n_traces: u64,
    },

    /// Each trace has as many additional headers as its own extension 1 says.
    #[error(
        "traces differ in their number of trace header extensions: {} of {} to {}, each as bytes 157–158 of its \
         extension 1 say; the column {} holds them",
        wording::things(*n_traces, "trace"), wording::count(u64::from(*fewest)),
        wording::count(u64::from(*most)), "n_header_extensions_in_file"
    )]
    HeaderExtensionsVary {
        /// Of the trace with the fewest.
        fewest: u32,
        /// Of the trace with the most.
        most: u32,
        /// In the file.
        n_traces: u64,
    },

    /// Trace header extension 1 says another number of extensions than there are.
    #[error(
        "the header extension of {} says {} (bytes 157–158), but traces with {} fit the file",
        wording::trace(*trace_index), wording::things(u64::from(*recorded), "extension"),
        wording::count(u64::from(*used))
    )]
    ExtensionCountDiffers {
        /// The first one seen, from 0.
        trace_index: u64,
        /// What it says.
        recorded: u32,
        /// What was taken.
        used: u32,
    },

    /// Bytes between traces that belong to none.
    #[error(
        "the file is damaged in {}: {} do not read as traces, the first of them at byte {} of the \
         file (from 0), before {}; they are kept apart and exported again, the traces around them are read",
        wording::things(*n_gaps, "place"), bytes_exactly(*n_bytes), wording::count(*first_position),
        wording::trace(*first_before_trace)
    )]
    DamageQuarantined {
        /// Places of damage.
        n_gaps: u64,
        /// In all of them.
        n_bytes: u64,
        /// Of the first gap, from 0.
        first_position: u64,
        /// The trace behind the first gap, from 0.
        first_before_trace: u64,
    },

    /// Revision 2 records the number of traces.
    #[error("bytes 3513–3520 say {}, but the file holds {}", wording::things(*recorded, "trace"), wording::count(*found))]
    TraceCountDisagrees {
        /// What they say.
        recorded: u64,
        /// Whole traces in the file.
        found: u64,
    },

    /// The revision bytes are none that the standard knows.
    #[error(
        "the revision bytes 3501–3502 are {major} and {minor}, which is no revision; read as {read_as}"
    )]
    RevisionOdd {
        /// Byte 3501.
        major: u8,
        /// Byte 3502.
        minor: u8,
        /// How they were taken.
        read_as: Revision,
    },

    /// Text behind the binary header that no word announces.
    #[error("behind the binary header lies text, though bytes 3505–3506 announce none; it was taken for {}", wording::things(u64::from(*found), "extended textual header"))]
    UndeclaredExtendedHeaders {
        /// How many.
        found: u32,
    },

    /// Another number of extended textual headers than announced.
    #[error(
        "bytes 3505–3506 announce {} extended textual headers, but {} fit the file",
        wording::integer(*declared), wording::count(u64::from(*found))
    )]
    ExtendedHeaderCountDisagrees {
        /// What they say.
        declared: i64,
        /// What was taken.
        found: u32,
    },

    /// The announced end of the extended textual headers is missing.
    #[error(
        "the extended textual headers should end with ((SEG: EndText)), which is missing; {} taken for text",
        match found { 0 => "none was".to_owned(), 1 => "1 was".to_owned(), n => format!("{} were", wording::count(u64::from(*n))) }
    )]
    EndTextMissing {
        /// How many.
        found: u32,
    },

    /// The first trace starts elsewhere than bytes 3521–3528 say.
    #[error(
        "bytes 3521–3528 say that the first trace starts at byte {} of the file, counted from 0, but it fits the file at {}",
        wording::count(*recorded), wording::count(*used)
    )]
    FirstTraceOffsetDisagrees {
        /// What they say.
        recorded: u64,
        /// What was taken.
        used: u64,
    },

    /// The first trace begins neither behind the file headers nor where a word says.
    #[error("{}", displaced_sentence(*expected, *used))]
    FirstTraceDisplaced {
        /// Where the words would have it, from 0.
        expected: u64,
        /// Where it is.
        used: u64,
    },

    /// Another number of additional trace headers than announced.
    #[error(
        "{} per trace fit the file, not the number at bytes 3507–3510 ({})",
        wording::things(u64::from(*used), "additional header"), wording::integer(*recorded)
    )]
    AdditionalHeaderCountDisagrees {
        /// What they say, by the book of the file's revision.
        recorded: i64,
        /// What was taken.
        used: u32,
    },

    /// The byte-order word of revision 2 says the opposite.
    #[error("the byte-order word at bytes 3297–3300 says {}, but the file is {}", says.label(), used.label())]
    ByteOrderWordLies {
        /// What it says.
        says: ByteOrder,
        /// What was taken.
        used: ByteOrder,
    },

    /// No usable sample interval anywhere.
    #[error(
        "no usable sample interval is recorded: the vertical axis counts samples; give it with --interval-us"
    )]
    IntervalMissing,

    /// Two words disagree about the sample interval.
    #[error(
        "the binary header says a sample interval of {binary} µs, the header of the first trace says {trace} µs; the former was taken"
    )]
    IntervalDisagrees {
        /// Bytes 3217–3218, or 3273–3280 of revision 2.
        binary: f64,
        /// Bytes 117–118.
        trace: f64,
    },

    /// The textual header says nothing.
    #[error("the textual header is empty")]
    TextHeaderEmpty,

    /// The samples are surely of the other floating-point format.
    #[error(
        "bytes 3225–3226 say format {code}, but the samples are floats of format {used}, as which they are read; \
         --format {code} reads them as they are labelled"
    )]
    FormatCodeOverruled {
        /// What the header says.
        code: i16,
        /// What was taken.
        used: i16,
    },

    /// The format code is none, and the samples decided.
    #[error(
        "bytes 3225–3226 say format {code}, which is none; the samples are read as format {used}, which \
         they look like: if amplitudes are wrong, say another with --format CODE"
    )]
    FormatGuessed {
        /// What the header says.
        code: i16,
        /// What was taken.
        used: i16,
    },

    /// The file headers lie elsewhere than the standard has them.
    #[error("the binary file header begins at byte {} of the file, counted from 0, not at 3 200: {reason}", wording::count(*at))]
    FileHeadersDisplaced {
        /// From 0.
        at: u64,
        /// What happened.
        reason: &'static str,
    },

    /// Each trace is filled up to whole blocks.
    #[error(
        "each trace takes {}, room for {}, though the headers say {}: the rest is shown as samples of the \
         trace's end",
        bytes_exactly(*trace_bytes), wording::things(u64::from(*used), "sample"), wording::count(u64::from(*said))
    )]
    TracesPadded {
        /// What the headers say.
        said: u32,
        /// What was taken.
        used: u32,
        /// From one header to the next.
        trace_bytes: u64,
    },

    /// The binary file header and the traces are of different machines.
    #[error(
        "the binary file header is {}, and the traces are {}: each is read as it is written",
        header.label(), traces.label()
    )]
    ByteOrderMixed {
        /// Of the binary file header.
        header: ByteOrder,
        /// Of trace headers and samples.
        traces: ByteOrder,
    },

    /// Words that are all normalised IBM floats.
    #[error(
        "all of {} samples look like IBM floats, though the format is 5 (IEEE): compare with --format 1",
        wording::count(*n_seen)
    )]
    SamplesUnlikeIeee {
        /// Samples looked at that are not zero.
        n_seen: u64,
    },

    /// The interval is right in another unit than the standard's.
    #[error(
        "the sample interval of {micros} µs is unlikely: {alternative_micros} µs if it was written in {unit}; \
         say which with --interval-us"
    )]
    IntervalUnitUnlikely {
        /// As it was taken.
        micros: f64,
        /// As it may be meant.
        alternative_micros: f64,
        /// "milliseconds".
        unit: &'static str,
    },

    /// IBM words that IBM machines do not write.
    #[error(
        "{} of the first {} samples are unusual for IBM floats (format 1): \
         they may be IEEE floats; compare with --format 5",
        wording::count(*n_unnormalised), wording::count(*n_seen)
    )]
    SamplesUnlikeIbm {
        /// How many.
        n_unnormalised: u64,
        /// Of how many that are not zero.
        n_seen: u64,
    },
}

fn displaced_sentence(expected: u64, used: u64) -> String {
    let at = wording::count(used);
    let n_bytes = bytes_exactly(used.abs_diff(expected));
    if used > expected {
        format!(
            "the first trace begins at byte {at} of the file, counted from 0: in front of it there is more \
             than headers, {n_bytes}, kept and exported again; compare with --first-trace {expected}"
        )
    } else {
        format!(
            "the first trace begins at byte {at} of the file, counted from 0: of the headers in front of it \
             {n_bytes} are missing; compare with --first-trace {expected}"
        )
    }
}

/// "1 byte", "3 200 bytes": not rounded, for who compares lengths.
fn bytes_exactly(n: u64) -> String {
    wording::things(n, "byte")
}

impl LayoutWarning {
    /// The first trace that it is about; `None` where it is about the file.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most are about the file")]
    pub fn first_trace(&self) -> Option<u64> {
        match self {
            Self::PartialLastTrace { trace_index, .. }
            | Self::TraceSampleWordsDiffer { trace_index, .. }
            | Self::ExtensionCountDiffers { trace_index, .. } => Some(*trace_index),
            Self::TraceHeadersMisplaced { first_trace_index } => Some(*first_trace_index),
            Self::DamageQuarantined {
                first_before_trace, ..
            } => Some(*first_before_trace),
            _ => None,
        }
    }

    /// A stable name for scripts: `trailing_bytes`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TrailingBytes { .. } => "trailing_bytes",
            Self::PartialLastTrace { .. } => "partial_last_trace",
            Self::SampleCountDisagrees { .. } => "sample_count_disagrees",
            Self::TraceSampleWordsDiffer { .. } => "trace_sample_words_differ",
            Self::TraceHeadersMisplaced { .. } => "trace_headers_misplaced",
            Self::TraceLengthsVary { .. } => "trace_lengths_vary",
            Self::HeaderExtensionsVary { .. } => "header_extensions_vary",
            Self::ExtensionCountDiffers { .. } => "extension_count_differs",
            Self::DamageQuarantined { .. } => "damage_quarantined",
            Self::TraceCountDisagrees { .. } => "trace_count_disagrees",
            Self::RevisionOdd { .. } => "revision_odd",
            Self::UndeclaredExtendedHeaders { .. } => "undeclared_extended_headers",
            Self::ExtendedHeaderCountDisagrees { .. } => "extended_header_count_disagrees",
            Self::EndTextMissing { .. } => "end_text_missing",
            Self::FirstTraceOffsetDisagrees { .. } => "first_trace_offset_disagrees",
            Self::FirstTraceDisplaced { .. } => "first_trace_displaced",
            Self::AdditionalHeaderCountDisagrees { .. } => "additional_header_count_disagrees",
            Self::ByteOrderWordLies { .. } => "byte_order_word_lies",
            Self::IntervalMissing => "interval_missing",
            Self::IntervalDisagrees { .. } => "interval_disagrees",
            Self::TextHeaderEmpty => "text_header_empty",
            Self::FormatCodeOverruled { .. } => "format_code_overruled",
            Self::FileHeadersDisplaced { .. } => "file_headers_displaced",
            Self::FormatGuessed { .. } => "format_guessed",
            Self::TracesPadded { .. } => "traces_padded",
            Self::ByteOrderMixed { .. } => "byte_order_mixed",
            Self::SamplesUnlikeIeee { .. } => "samples_unlike_ieee",
            Self::IntervalUnitUnlikely { .. } => "interval_unit_unlikely",
            Self::SamplesUnlikeIbm { .. } => "samples_unlike_ibm",
        }
    }
}
