//! A SEG-Y file that lends traces, a mapped window at a time.
//!
//! Opening reads the file headers and a few traces' headers: it takes the same time for 1 MB and
//! 1 TB. A [`TraceWindow`] is a mapping of a few traces that goes away when it is dropped, so that
//! resident memory is bounded by the windows alive.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use super::detect::{self, Detected};
use super::mmap::read_ahead;
use super::source::{Source, WalkWatch};
use super::stanza::{self, Stanza};
use super::{
    Layout, LayoutOverrides, SegyError, TEXTUAL_HEADER_BYTES, TextualHeader, TraceGeometry,
    TraceWindow,
};

/// Bytes of the textual and the binary file header.
const FILE_HEADERS_BYTES: u64 = 3600;
/// Records of a data trailer that are read for stanzas.
const MOST_TRAILER_RECORDS: u64 = 1024;

/// An opened SEG-Y file whose layout is known. `Send + Sync`: any thread may map windows of it.
///
/// # Examples
/// ```
/// use shotpoint::segy::{LayoutOverrides, SegyError, SegyFile, decode_f32};
///
/// fn first_trace(path: &std::path::Path) -> Result<Vec<f32>, SegyError> {
///     let file = SegyFile::open(path, &LayoutOverrides::default())?;
///     let layout = file.layout();
///     let window = file.window(0..1)?;
///     let mut samples = Vec::new();
///     let (format, order) = (layout.format.value, layout.byte_order.value);
///     decode_f32(format, order, window.sample_bytes(0), &mut samples)?;
///     window.check()?;
///     Ok(samples)
/// }
/// ```
pub struct SegyFile {
    source: Source,
    layout: Layout,
    textual_header: TextualHeader,
    extended_textual_headers: Vec<TextualHeader>,
    binary_header: Vec<u8>,
}

impl fmt::Debug for SegyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SegyFile")
            .field("path", &self.path())
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

impl SegyFile {
    /// Opens the file and decides its layout.
    ///
    /// # Errors
    /// When it cannot be read, is not SEG-Y (the message says what it is instead, where that can be
    /// seen), or its layout cannot be known.
    pub fn open(path: &Path, overrides: &LayoutOverrides) -> Result<Self, SegyError> {
        Self::of_source(Source::open(path)?, overrides)
    }

    /// [`Self::open`], watched while it walks over all trace headers. Only files whose traces differ
    /// in size need that, and each such file once in a process, until it changes.
    ///
    /// # Errors
    /// As [`Self::open`]; `SegyError::Cancelled` when the watch ended the walk.
    pub fn open_watched(
        path: &Path,
        overrides: &LayoutOverrides,
        watch: WalkWatch,
    ) -> Result<Self, SegyError> {
        Self::of_source(Source::open(path)?.watched(watch), overrides)
    }

    fn of_source(mut source: Source, overrides: &LayoutOverrides) -> Result<Self, SegyError> {
        let Detected {
            layout,
            textual_header,
            extended_textual_headers,
            binary_header,
        } = detect::detect(&source, overrides)?;
        source.unwatch();
        Ok(Self {
            source,
            layout,
            textual_header,
            extended_textual_headers,
            binary_header,
        })
    }

    /// The path it was opened by.
    pub fn path(&self) -> &Path {
        self.source.path()
    }

    /// Where everything lies.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The textual file header; without bytes where the file has none.
    pub fn textual_header(&self) -> &TextualHeader {
        &self.textual_header
    }

    /// The extended textual file headers, in order.
    pub fn extended_textual_headers(&self) -> &[TextualHeader] {
        &self.extended_textual_headers
    }

    /// The stanzas of the extended textual headers.
    pub fn stanzas(&self) -> Vec<Stanza> {
        let position = self.layout.tape_label_bytes + FILE_HEADERS_BYTES;
        stanza::parse(&self.extended_textual_headers, position)
    }

    /// The stanzas of the data trailer; none where what follows the traces is not text. Reads at
    /// most 1024 records.
    ///
    /// # Errors
    /// As [`Self::window`].
    pub fn trailer_stanzas(&self) -> Result<Vec<Stanza>, SegyError> {
        let trailer = self.layout.trailer_bytes();
        let most = MOST_TRAILER_RECORDS * TEXTUAL_HEADER_BYTES as u64;
        if trailer.is_empty() || trailer.end - trailer.start > most {
            return Ok(Vec::new());
        }
        let bytes = self.read_bytes(trailer.clone())?;
        let records = stanza::records_of(&bytes, None).unwrap_or_default();
        Ok(stanza::parse(&records, trailer.start))
    }

    /// The 400 bytes of the binary file header, its words in the layout's byte order (they may lie
    /// in the other one in the file); empty where the file has none.
    pub fn binary_header(&self) -> &[u8] {
        &self.binary_header
    }

    /// Maps `traces`.
    ///
    /// # Errors
    /// `SegyError::SourceShrank` when the file has become shorter since it was opened; I/O.
    /// # Panics
    /// When `traces` lies outside of the file's traces.
    pub fn window(&self, traces: Range<u64>) -> Result<TraceWindow<'_>, SegyError> {
        assert!(
            traces.start <= traces.end && traces.end <= self.layout.n_traces,
            "traces {traces:?} of {}",
            self.layout.n_traces
        );
        TraceWindow::new(self, traces)
    }

    /// Where the header of a trace lies in the file; behind the last trace where there is none of
    /// that index. Reads up to 63 headers where lengths vary.
    ///
    /// # Errors
    /// As [`Self::window`]; `SegyError::SourceChanged` when headers are not as they were at opening.
    pub fn position_of(&self, trace_index: u64) -> Result<u64, SegyError> {
        let trace_index = trace_index.min(self.layout.n_traces);
        match &self.layout.geometry {
            TraceGeometry::Uniform => Ok(self.on_grid(trace_index)),
            TraceGeometry::Indexed(index) => index.position_of(&self.source, trace_index),
        }
    }

    /// Where `traces` lie in the file: headers, samples, and the gap before each of them. Ranges
    /// that follow each other lie side by side, so that all traces of a file are all its bytes from
    /// `data_start` to `trailer_start`.
    ///
    /// # Errors
    /// As [`Self::position_of`].
    pub fn trace_bytes(&self, traces: Range<u64>) -> Result<Range<u64>, SegyError> {
        let end = traces.end.min(self.layout.n_traces);
        let start = traces.start.min(end);
        Ok(match &self.layout.geometry {
            TraceGeometry::Uniform => self.on_grid(start)..self.on_grid(end),
            TraceGeometry::Indexed(index) => {
                let begin = |trace_index| index.begin_of(&self.source, trace_index);
                begin(start)?..begin(end)?
            }
        })
    }

    /// Position of a trace of a uniform file.
    fn on_grid(&self, trace_index: u64) -> u64 {
        self.layout.data_start.value + trace_index * self.layout.trace_stride_bytes
    }

    /// Asks the system to read `traces` ahead; does nothing where it cannot.
    pub fn will_need(&self, traces: Range<u64>) {
        let end = traces.end.min(self.layout.n_traces);
        if traces.start < end {
            let bytes = match &self.layout.geometry {
                TraceGeometry::Uniform => self.on_grid(traces.start)..self.on_grid(end),
                TraceGeometry::Indexed(index) => index.around(traces.start..end),
            };
            read_ahead(self.source.file(), bytes);
        }
    }

    /// Copies bytes of the file, for what lies outside of traces (trailer, file headers).
    ///
    /// # Errors
    /// As [`Self::window`].
    pub fn read_bytes(&self, range: Range<u64>) -> Result<Vec<u8>, SegyError> {
        self.source.read(range)
    }

    /// Whether length and modification time are still those at opening.
    ///
    /// # Errors
    /// `SegyError::SourceChanged` or `SourceShrank` with both lengths; I/O.
    pub fn check_unchanged(&self) -> Result<(), SegyError> {
        self.source.check_unchanged()
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }
}
