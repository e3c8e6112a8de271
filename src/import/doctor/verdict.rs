//! How much does a warning matter? The import's warnings as findings, so that each thing is said
//! once, in the same words everywhere.

use crate::import::ImportWarning;
use crate::import::finding::{Finding, Severity};
use crate::segy::LayoutWarning;

/// A warning as a finding.
pub(super) fn of_warning(warning: &ImportWarning) -> Finding {
    Finding {
        code: warning.code(),
        severity: severity(warning),
        message: warning.to_string(),
        count: warning.count(),
        counted: counted(warning),
        first_trace: warning.first_trace(),
        examples: Vec::new(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most warnings count traces")]
fn counted(warning: &ImportWarning) -> &'static str {
    match warning {
        ImportWarning::Layout(_) => "file",
        ImportWarning::NonFinite { .. } | ImportWarning::ImplausibleAmplitudes { .. } => "sample",
        ImportWarning::IbmWordsKeptApart { .. }
        | ImportWarning::LooksLikeIeee { .. }
        | ImportWarning::LooksLikeIbm { .. } => "word",
        _ => "trace",
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a new warning is a note until it is judged here"
)]
fn severity(warning: &ImportWarning) -> Severity {
    match warning {
        ImportWarning::Layout(warning) => of_layout(warning),
        ImportWarning::ImplausibleAmplitudes { .. } => Severity::Error,
        ImportWarning::NonFinite { .. }
        | ImportWarning::DeadTraces { .. }
        | ImportWarning::CoordinateScalarVaries { .. }
        | ImportWarning::CoordinateScalarIllegal { .. }
        | ImportWarning::SampleIntervalDiffers { .. }
        | ImportWarning::LooksLikeIeee { .. }
        | ImportWarning::LooksLikeIbm { .. } => Severity::Warning,
        _ => Severity::Note,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a new warning is a note until it is judged here"
)]
fn of_layout(warning: &LayoutWarning) -> Severity {
    match warning {
        LayoutWarning::PartialLastTrace { .. } | LayoutWarning::TraceHeadersMisplaced { .. } => {
            Severity::Error
        }
        LayoutWarning::SampleCountDisagrees { .. }
        | LayoutWarning::FirstTraceDisplaced { .. }
        | LayoutWarning::TraceCountDisagrees { .. }
        | LayoutWarning::ByteOrderWordLies { .. }
        | LayoutWarning::UndeclaredExtendedHeaders { .. }
        | LayoutWarning::ExtendedHeaderCountDisagrees { .. }
        | LayoutWarning::AdditionalHeaderCountDisagrees { .. }
        | LayoutWarning::ByteOrderMixed { .. }
        | LayoutWarning::FileHeadersDisplaced { .. }
        | LayoutWarning::FormatGuessed { .. }
        | LayoutWarning::TracesPadded { .. }
        | LayoutWarning::SamplesUnlikeIbm { .. } => Severity::Warning,
        _ => Severity::Note,
    }
}
