//! What is in this file? Reads headers and a few samples, writes nothing.
//!
//! Quick: the first, middle and last few hundred traces, under a second at any size.
//! Full: every trace header.

use std::path::{Path, PathBuf};

use super::{ImportError, ImportWarning, Mapping};
use crate::job::{JobContext, Stop};
use crate::segy::{FieldKind, Layout, LayoutOverrides, TextualHeader};

/// How much of the file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanDepth {
    /// A sample of traces.
    Quick,
    /// Every trace header.
    Full,
}

/// What one header word was seen to hold.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FieldSeen {
    /// Column name.
    pub name: String,
    /// From 1.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
    /// In the traces that were looked at.
    pub min: i64,
    /// See above.
    pub max: i64,
    /// Of the first trace.
    pub first: i64,
    /// Runs of equal consecutive values within the looked-at stretches.
    pub n_runs: u64,
    /// Distinct values, counted up to a limit of 4096.
    pub n_distinct: u64,
    /// Never decreases, never increases, both (constant) or neither.
    pub ascending: bool,
    /// See above.
    pub descending: bool,
}

/// A word that may be a gather key, best first.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct KeyCandidate {
    /// Column name.
    pub name: String,
    /// From 1.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
    /// 0 (useless) to 1 (surely a key).
    pub score: f64,
    /// Why, for people: "6 runs of about 120 traces, ascending 101…106".
    pub evidence: String,
}

/// What a scan found.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The file.
    pub path: PathBuf,
    /// Where everything lies, and by which evidence.
    pub layout: Layout,
    /// The textual file header.
    pub textual_header: TextualHeader,
    /// Extended textual file headers.
    pub extended_textual_headers: Vec<TextualHeader>,
    /// The 400 bytes of the binary file header.
    pub binary_header: Vec<u8>,
    /// How much was looked at.
    pub depth: ScanDepth,
    /// Traces that were looked at.
    pub n_traces_seen: u64,
    /// Every standard word, in the order of bytes.
    pub fields: Vec<FieldSeen>,
    /// Possible gather keys, best first.
    pub key_candidates: Vec<KeyCandidate>,
    /// Delay recording time of the traces looked at, in ms: min and max.
    pub delay_millis: (i64, i64),
    /// Dead (all-zero) traces among those whose samples were looked at.
    pub n_dead_traces: u64,
    /// NaN or infinite samples among those looked at.
    pub n_non_finite: u64,
    /// Percentiles 50, 90, 99, 100 of |amplitude| among the samples looked at.
    pub abs_percentiles: [f32; 4],
    /// Everything odd.
    pub warnings: Vec<ImportWarning>,
    /// The overrides that it was scanned with.
    pub overrides: LayoutOverrides,
    /// What would be imported if nobody changed anything.
    pub suggested_mapping: Mapping,
}

/// Scans `path`.
///
/// # Errors
/// When it is not a readable SEG-Y file; or cancelled.
pub fn scan(
    path: &Path,
    overrides: &LayoutOverrides,
    depth: ScanDepth,
    context: &JobContext,
) -> Result<Scan, Stop<ImportError>> {
    let _ = (path, overrides, depth, context);
    todo!()
}

impl Scan {
    /// What `column` holds in the traces of a quick look, for the mapping editor: reads a few
    /// headers again, so never call it from frame code.
    ///
    /// # Errors
    /// I/O; a column outside of the header.
    pub fn look_at(&self, column: &super::MappedColumn) -> Result<FieldSeen, ImportError> {
        let _ = column;
        todo!()
    }

    /// The scan as `scan --json` prints it (DESIGN, section 4).
    pub fn to_json(&self) -> serde_json::Value {
        todo!()
    }
}
