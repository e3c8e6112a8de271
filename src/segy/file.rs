//! A SEG-Y file that lends traces, a mapped window at a time.
//!
//! Opening reads the file headers and a few trace headers, never the traces: it takes the same
//! time for 1 MB and 1 TB. A [`TraceWindow`] is a mapping of a few traces that goes away when it
//! is dropped, so that resident memory is bounded by the windows alive.

use std::ops::Range;
use std::path::Path;

use super::{Layout, LayoutOverrides, SegyError, TextualHeader};

/// An opened SEG-Y file whose layout is known. `Send + Sync`: any thread may map windows of it.
#[derive(Debug)]
pub struct SegyFile {
    _private: (),
}

impl SegyFile {
    /// Opens the file and decides its layout.
    ///
    /// # Errors
    /// When it cannot be read, is not SEG-Y (the message says what it is instead, where that can be
    /// seen), or its layout cannot be known.
    pub fn open(path: &Path, overrides: &LayoutOverrides) -> Result<Self, SegyError> {
        let _ = (path, overrides);
        todo!()
    }

    /// The path it was opened by.
    pub fn path(&self) -> &Path {
        todo!()
    }

    /// Where everything lies.
    pub fn layout(&self) -> &Layout {
        todo!()
    }

    /// The textual file header.
    pub fn textual_header(&self) -> &TextualHeader {
        todo!()
    }

    /// The extended textual file headers, in order.
    pub fn extended_textual_headers(&self) -> &[TextualHeader] {
        todo!()
    }

    /// The 400 bytes of the binary file header.
    pub fn binary_header(&self) -> &[u8] {
        todo!()
    }

    /// Maps `traces`.
    ///
    /// # Errors
    /// `SegyError::SourceShrank` when the file has become shorter since it was opened; I/O.
    /// # Panics
    /// When `traces` lies outside of the file's traces.
    pub fn window(&self, traces: Range<u64>) -> Result<TraceWindow<'_>, SegyError> {
        let _ = traces;
        todo!()
    }

    /// Asks the system to read `traces` ahead; does nothing where it cannot.
    pub fn will_need(&self, traces: Range<u64>) {
        let _ = traces;
        todo!()
    }

    /// Copies bytes of the file, for what lies outside of traces (trailer, file headers).
    ///
    /// # Errors
    /// As [`Self::window`].
    pub fn read_bytes(&self, range: Range<u64>) -> Result<Vec<u8>, SegyError> {
        let _ = range;
        todo!()
    }

    /// Whether length and modification time are still those at opening.
    ///
    /// # Errors
    /// `SegyError::SourceChanged` or `SourceShrank` with both lengths; I/O.
    pub fn check_unchanged(&self) -> Result<(), SegyError> {
        todo!()
    }
}

/// A mapped run of whole traces.
///
/// If the file shrinks while the window is alive, its bytes read as zeros (never a crash):
/// call [`Self::check`] after use and before believing what was read.
#[derive(Debug)]
pub struct TraceWindow<'a> {
    _file: &'a SegyFile,
}

impl TraceWindow<'_> {
    /// Number of traces.
    pub fn n_traces(&self) -> usize {
        todo!()
    }

    /// Index in the file of trace `i` of this window.
    pub fn trace_index(&self, i: usize) -> u64 {
        let _ = i;
        todo!()
    }

    /// All bytes, headers and samples.
    pub fn bytes(&self) -> &[u8] {
        todo!()
    }

    /// The 240 bytes of the standard header of trace `i`.
    pub fn header(&self, i: usize) -> &[u8] {
        let _ = i;
        todo!()
    }

    /// The additional trace headers of trace `i`, one after another; empty in most files.
    pub fn additional_headers(&self, i: usize) -> &[u8] {
        let _ = i;
        todo!()
    }

    /// The sample bytes of trace `i`.
    pub fn sample_bytes(&self, i: usize) -> &[u8] {
        let _ = i;
        todo!()
    }

    /// Whether all that was read came from the file.
    ///
    /// # Errors
    /// `SegyError::SourceShrank` when pages of this window had vanished.
    pub fn check(&self) -> Result<(), SegyError> {
        todo!()
    }
}
