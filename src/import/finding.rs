//! What did the doctor find? Typed, graded, counted, with the first few places.

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Data are missing, damaged or will be misread.
    Error,
    /// Likely wrong, or wants a decision.
    Warning,
    /// Worth knowing; nothing to do.
    Note,
}

impl Severity {
    /// "error", "warning", "note".
    pub fn label(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// From 0.
    pub trace_index: u64,
    /// What stands there: "sample 17 is NaN".
    pub what: String,
}

/// Something that a full scan found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// A stable name for scripts: `dead_traces`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Fact, number, remedy.
    pub message: String,
    /// How often.
    pub count: u64,
    /// What `count` counts: "trace", "sample", "gap".
    pub counted: &'static str,
    /// Where first, where that is a trace.
    pub first_trace: Option<u64>,
    /// The first few.
    pub examples: Vec<Example>,
}

/// Examples that a finding keeps.
pub(super) const MAX_EXAMPLES: usize = 5;
