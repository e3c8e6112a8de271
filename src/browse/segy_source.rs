//! A SEG-Y file as something to browse, straight from mapped windows.

use std::ops::Range;
use std::path::Path;

use super::{BrowseError, SourceFactsForView, TraceSource};
use crate::segy::{FieldKind, LayoutOverrides, SegyFile};

/// A SEG-Y file as something to browse.
#[derive(Debug)]
pub struct SegySource {
    file: SegyFile,
    facts: SourceFactsForView,
}

impl SegySource {
    /// Opens the file at `path`. `moved` are columns taken from other bytes: name, byte (from 1), type.
    ///
    /// # Errors
    /// As `SegyFile::open`.
    pub fn open(
        path: &Path,
        overrides: &LayoutOverrides,
        moved: &[(String, u16, FieldKind)],
        default_keys: &[String],
    ) -> Result<Self, BrowseError> {
        let _ = (path, overrides, moved, default_keys);
        todo!()
    }

    /// The file inside.
    pub fn file(&self) -> &SegyFile {
        &self.file
    }
}

impl TraceSource for SegySource {
    fn facts(&self) -> &SourceFactsForView {
        &self.facts
    }

    fn read_traces(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError> {
        let _ = (traces, out);
        todo!()
    }

    fn read_header(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<Option<i64>>,
    ) -> Result<(), BrowseError> {
        let _ = (name, traces, out);
        todo!()
    }

    fn read_all_headers(
        &self,
        trace_index: u64,
    ) -> Result<Vec<(String, Option<i64>)>, BrowseError> {
        let _ = trace_index;
        todo!()
    }

    fn stored_runs(
        &self,
        keys: &[String],
    ) -> Result<Option<Vec<(Vec<i64>, Range<u64>)>>, BrowseError> {
        let _ = keys;
        Ok(None)
    }
}
