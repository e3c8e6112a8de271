//! What was odd but did not stop the import: typed, counted, with a first example.

use crate::dataset::StoredWarning;
use crate::segy::{Layout, LayoutWarning};
use crate::wording;

/// A warning about the file's contents. `Display` is the sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportWarning {
    /// About the file's structure.
    #[error(transparent)]
    Layout(#[from] LayoutWarning),
    /// NaN and infinity.
    #[error("{} not finite, first in {}; kept, and left out of statistics and pictures", counted(*samples, "sample"), wording::trace(*first_trace))]
    NonFinite {
        /// How many.
        samples: u64,
        /// Where first.
        first_trace: u64,
    },
    /// Traces of zeros.
    #[error("only zeros in {}, first in {}; kept as they are", wording::things(*traces, "trace"), wording::trace(*first_trace))]
    DeadTraces {
        /// How many.
        traces: u64,
        /// Where first.
        first_trace: u64,
    },
    /// Different start times.
    #[error("the delay recording time (bytes 109–110) varies from {min_millis} to {max_millis} ms, first at {}; the time axis starts at the first trace's delay, and {} at another time", wording::trace(*first_trace), wording::things(*traces, "trace"))]
    DelayVaries {
        /// Traces with another delay than the first.
        traces: u64,
        /// Where first.
        first_trace: u64,
        /// Smallest.
        min_millis: f64,
        /// Largest.
        max_millis: f64,
    },
    /// Different coordinate scalars.
    #[error("the coordinate scalar (bytes 71–72) is {first_value} in the first trace and {other_value} in {}; it differs in {}, and each trace's own scalar is applied", wording::trace(*first_trace), wording::things(*traces, "trace"))]
    CoordinateScalarVaries {
        /// Traces with another scalar than the first.
        traces: u64,
        /// Where first.
        first_trace: u64,
        /// Of the first trace.
        first_value: i64,
        /// Of the first that differs.
        other_value: i64,
    },
    /// Coordinates with a scalar of zero.
    #[error("the coordinate scalar (bytes 71–72) is 0 in {} with coordinates, first in {}; it counts as 1", wording::things(*traces, "trace"), wording::trace(*first_trace))]
    CoordinateScalarZero {
        /// How many.
        traces: u64,
        /// Where first.
        first_trace: u64,
    },
    /// A scalar that the standard does not know.
    #[error("the coordinate scalar (bytes 71–72) is {value} in {}, which the standard does not allow; it is applied as written in {}, so check the coordinates", wording::trace(*first_trace), wording::things(*traces, "trace"))]
    CoordinateScalarIllegal {
        /// How many.
        traces: u64,
        /// Where first.
        first_trace: u64,
        /// There.
        value: i64,
    },
    /// Trace headers that claim another length.
    #[error("another number of samples than {n} is said by {}, first {} ({}, bytes 115–116); the file's size fits {n}, which is used", wording::things(*traces, "trace header"), wording::trace(*first_trace), wording::integer(*word), n = wording::count(u64::from(*n_samples)))]
    SampleCountDiffers {
        /// How many.
        traces: u64,
        /// Where first.
        first_trace: u64,
        /// There.
        word: i64,
        /// As used.
        n_samples: u32,
    },
    /// Trace headers that claim another interval.
    #[error("another sample interval than {interval_micros} µs is said by {}, first {} ({word} µs, bytes 117–118); {interval_micros} µs is used", wording::things(*traces, "trace header"), wording::trace(*first_trace))]
    SampleIntervalDiffers {
        /// How many.
        traces: u64,
        /// Where first.
        first_trace: u64,
        /// There.
        word: i64,
        /// As used.
        interval_micros: f64,
    },
    /// A key that groups nothing.
    #[error("{title} ({name}, byte {byte}) is {value} in all of {}, so all of them are one ensemble. Is the key elsewhere? Try --map {name}=BYTE or --ensemble with another key", wording::things(*traces, "trace"))]
    KeyConstant {
        /// What people call the word.
        title: &'static str,
        /// The column.
        name: String,
        /// From 1.
        byte: u16,
        /// Everywhere.
        value: i64,
        /// That were looked at.
        traces: u64,
    },
    /// IBM words that float32 cannot give back.
    #[error("float32 does not give back {} exactly (not normalised or out of range), first in {}; the words are kept beside the samples, so the export is exact", wording::things(*words, "IBM number"), wording::trace(*first_trace))]
    IbmWordsKeptApart {
        /// How many.
        words: u64,
        /// Where first.
        first_trace: u64,
    },
    /// Declared IBM, but rather IEEE.
    #[error(
        "the format code says IBM float (1), but {reason}: the samples may be IEEE float. If amplitudes look wrong, try --format 5"
    )]
    LooksLikeIeee {
        /// By which evidence.
        reason: String,
        /// Sample words looked at.
        words: u64,
    },
    /// Declared IEEE, but rather IBM.
    #[error(
        "the format code says IEEE float (5), but {reason}: the samples may be IBM float. If amplitudes look wrong, try --format 1"
    )]
    LooksLikeIbm {
        /// By which evidence.
        reason: String,
        /// Sample words looked at.
        words: u64,
    },
    /// Amplitudes that no instrument records.
    #[error("{} of {} samples looked at are beyond 1e±30: the format or the byte order may be wrong. Try --format or --byte-order", wording::count(*samples), wording::count(*seen))]
    ImplausibleAmplitudes {
        /// How many.
        samples: u64,
        /// Looked at.
        seen: u64,
    },
}

/// "1 sample is", "3 samples are".
fn counted(n: u64, singular: &str) -> String {
    let verb = if n == 1 { "is" } else { "are" };
    format!("{} {verb}", wording::things(n, singular))
}

/// Warnings about the structure and about the traces, each thing said once: what the layout's
/// detection saw in a few traces, the tally and the look at sample words have seen in more.
pub(super) fn combined(layout: &Layout, seen: Vec<ImportWarning>) -> Vec<ImportWarning> {
    let says = |test: fn(&ImportWarning) -> bool| seen.iter().any(test);
    let counts = says(|warning| matches!(warning, ImportWarning::SampleCountDiffers { .. }));
    let intervals = says(|warning| matches!(warning, ImportWarning::SampleIntervalDiffers { .. }));
    let formats = says(|warning| matches!(warning, ImportWarning::LooksLikeIeee { .. }));
    let is_said = |warning: &&LayoutWarning| {
        (counts && matches!(warning, LayoutWarning::TraceSampleWordsDiffer { .. }))
            || (intervals && matches!(warning, LayoutWarning::IntervalDisagrees { .. }))
            || (formats && matches!(warning, LayoutWarning::SamplesUnlikeIbm { .. }))
    };
    let of_layout: Vec<LayoutWarning> = layout
        .warnings
        .iter()
        .filter(|warning| !is_said(warning))
        .cloned()
        .collect();
    of_layout
        .into_iter()
        .map(ImportWarning::Layout)
        .chain(seen)
        .collect()
}

impl ImportWarning {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Layout(warning) => warning.code(),
            Self::NonFinite { .. } => "non_finite",
            Self::DeadTraces { .. } => "dead_traces",
            Self::DelayVaries { .. } => "delay_varies",
            Self::CoordinateScalarVaries { .. } => "coordinate_scalar_varies",
            Self::CoordinateScalarZero { .. } => "coordinate_scalar_zero",
            Self::CoordinateScalarIllegal { .. } => "coordinate_scalar_illegal",
            Self::SampleCountDiffers { .. } => "sample_count_differs",
            Self::SampleIntervalDiffers { .. } => "sample_interval_differs",
            Self::KeyConstant { .. } => "key_constant",
            Self::IbmWordsKeptApart { .. } => "ibm_words_kept_apart",
            Self::LooksLikeIeee { .. } => "looks_like_ieee",
            Self::LooksLikeIbm { .. } => "looks_like_ibm",
            Self::ImplausibleAmplitudes { .. } => "implausible_amplitudes",
        }
    }

    /// How often: traces, samples or words, whichever the sentence counts.
    pub fn count(&self) -> u64 {
        match self {
            Self::Layout(_) => 1,
            Self::NonFinite { samples, .. } | Self::ImplausibleAmplitudes { samples, .. } => {
                *samples
            }
            Self::DeadTraces { traces, .. }
            | Self::DelayVaries { traces, .. }
            | Self::CoordinateScalarVaries { traces, .. }
            | Self::CoordinateScalarZero { traces, .. }
            | Self::CoordinateScalarIllegal { traces, .. }
            | Self::SampleCountDiffers { traces, .. }
            | Self::SampleIntervalDiffers { traces, .. }
            | Self::KeyConstant { traces, .. } => *traces,
            Self::IbmWordsKeptApart { words, .. }
            | Self::LooksLikeIeee { words, .. }
            | Self::LooksLikeIbm { words, .. } => *words,
        }
    }

    /// Where first, where that is a trace.
    pub fn first_trace(&self) -> Option<u64> {
        match self {
            Self::Layout(warning) => warning.first_trace(),
            Self::KeyConstant { .. }
            | Self::LooksLikeIeee { .. }
            | Self::LooksLikeIbm { .. }
            | Self::ImplausibleAmplitudes { .. } => None,
            Self::NonFinite { first_trace, .. }
            | Self::DeadTraces { first_trace, .. }
            | Self::DelayVaries { first_trace, .. }
            | Self::CoordinateScalarVaries { first_trace, .. }
            | Self::CoordinateScalarZero { first_trace, .. }
            | Self::CoordinateScalarIllegal { first_trace, .. }
            | Self::SampleCountDiffers { first_trace, .. }
            | Self::SampleIntervalDiffers { first_trace, .. }
            | Self::IbmWordsKeptApart { first_trace, .. } => Some(*first_trace),
        }
    }

    /// As the manifest and `--json` keep it.
    pub fn stored(&self) -> StoredWarning {
        StoredWarning {
            code: self.code().to_owned(),
            message: self.to_string(),
            count: self.count(),
            first_trace: self.first_trace(),
        }
    }
}
