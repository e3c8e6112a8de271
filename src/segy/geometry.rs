//! Where does each trace lie, and how long is it, where one stride does not say?
//!
//! ```text
//! Uniform   trace 0 | trace 1 | trace 2 | …                every trace has the same length
//! Indexed   trace 0 | trace 1 | ── gap ── | trace 2 | …    lengths vary, or bytes were lost or added
//! ```
//! An index is made by one walk over the headers when the file is opened, and only where there is
//! evidence for it. It holds the position of every 64th trace (0.125 bytes a trace) and at most
//! [`MOST_GAPS`] gaps; what lies between is told by the headers in between, or by the stride.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::SegyError;
use super::measure::{Measure, Sizes, headers_bytes};
use super::source::Source;

/// Gaps that an index holds at most: behind the last of them everything counts as trailer. A file
/// with more is rubble; each costs 24 bytes.
pub const MOST_GAPS: usize = 4096;

/// Traces from one known position to the next.
pub(super) const CHECKPOINT_TRACES: u64 = 64;

/// Whether all traces are equally long and lie side by side.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceGeometry {
    /// They are: `data_start + trace_index × trace_stride_bytes`.
    Uniform,
    /// They are not: ask [`SegyFile::position_of`](super::SegyFile::position_of) or a window.
    Indexed(Arc<TraceIndex>),
}

/// Bytes between two traces that belong to neither: what damage left. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// In the file, from 0.
    pub position: u64,
    /// How many bytes.
    pub n_bytes: u64,
    /// Index of the trace that follows; the gap counts as belonging to it.
    pub before_trace: u64,
}

impl Gap {
    /// Position behind the gap: of the trace that follows.
    pub fn end(&self) -> u64 {
        self.position + self.n_bytes
    }
}

/// What kind of file holds the traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// Textual and binary file header, then traces.
    #[serde(rename = "segy")]
    SegY,
    /// Traces only, each with a 240-byte header; IEEE floats.
    SeismicUnix,
}

/// Whether traces are equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TraceLength {
    /// All as long as the file headers say.
    Fixed,
    /// Each as long as its own header says.
    Varying,
}

/// Where the traces lie in a file whose traces are not all alike and side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceIndex {
    pub(super) measure: Measure,
    /// Position of trace 0, 64, 128, …; empty where gaps and the stride say all.
    pub(super) checkpoints: Arc<Vec<u64>>,
    pub(super) data_start: u64,
    pub(super) n_traces: u64,
    /// Position behind the last trace.
    pub(super) end: u64,
    /// In the order of the file.
    pub(super) gaps: Vec<Gap>,
    pub(super) sizes: Sizes,
}

impl TraceIndex {
    /// Quarantined bytes, in the order of the file; at most [`MOST_GAPS`].
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Samples of the shortest trace.
    pub fn shortest_samples(&self) -> u32 {
        self.sizes.least.n_samples
    }

    /// Samples of the longest trace.
    pub fn longest_samples(&self) -> u32 {
        self.sizes.most.n_samples
    }

    /// Whether traces differ in length.
    pub fn lengths_vary(&self) -> bool {
        self.sizes.least.n_samples != self.sizes.most.n_samples
    }

    /// Additional headers of the trace that has the fewest.
    pub fn fewest_header_extensions(&self) -> u32 {
        self.sizes.least.n_additional
    }

    /// Additional headers of the trace that has the most.
    pub fn most_header_extensions(&self) -> u32 {
        self.sizes.most.n_additional
    }

    /// Whether traces differ in their number of additional headers.
    pub fn header_extensions_vary(&self) -> bool {
        self.sizes.least.n_additional != self.sizes.most.n_additional
    }

    /// Bytes of memory that the index takes: 0.125 a trace.
    pub fn memory_bytes(&self) -> u64 {
        (self.checkpoints.len() * size_of::<u64>() + self.gaps.len() * size_of::<Gap>()) as u64
    }

    /// The gap directly before a trace.
    pub fn gap_before(&self, trace_index: u64) -> Option<&Gap> {
        let i = self
            .gaps
            .binary_search_by_key(&trace_index, |gap| gap.before_trace);
        self.gaps.get(i.ok()?)
    }

    /// Where the trace's header lies.
    pub(super) fn position_of(&self, source: &Source, trace_index: u64) -> Result<u64, SegyError> {
        if trace_index >= self.n_traces {
            return Ok(self.end);
        }
        let (mut at, mut position) = self.known_before(trace_index);
        if let Some(size) = self.measure.constant() {
            return Ok(position + (trace_index - at) * self.measure.bytes(size));
        }
        let mut headers = vec![0; self.measure.needed_bytes()];
        while at < trace_index {
            source.read_exact_at(position, &mut headers)?;
            position += self.measure.bytes(self.measure.size(&headers));
            at += 1;
            if let Some(gap) = self.gap_before(at) {
                position = gap.end();
            }
            if position > self.end {
                return Err(source.changed());
            }
        }
        Ok(position)
    }

    /// Where what belongs to the trace begins: the gap before it, if there is one, or its header.
    pub(super) fn begin_of(&self, source: &Source, trace_index: u64) -> Result<u64, SegyError> {
        match self.gap_before(trace_index) {
            Some(gap) => Ok(gap.position),
            None => self.position_of(source, trace_index),
        }
    }

    /// A range of bytes that holds these traces, perhaps more, told without reading.
    pub(super) fn around(&self, traces: Range<u64>) -> Range<u64> {
        let start = self.known_before(traces.start).1;
        let end = traces.end.next_multiple_of(CHECKPOINT_TRACES);
        let end = if end >= self.n_traces {
            self.end
        } else {
            self.known_before(end).1
        };
        start..end.max(start)
    }

    /// The last trace up to `trace_index` whose position is known, and that.
    fn known_before(&self, trace_index: u64) -> (u64, u64) {
        let checkpoint = usize::try_from(trace_index / CHECKPOINT_TRACES)
            .ok()
            .and_then(|i| self.checkpoints.get(i));
        let by_checkpoint = match checkpoint {
            Some(&position) => (
                trace_index / CHECKPOINT_TRACES * CHECKPOINT_TRACES,
                position,
            ),
            None => (0, self.data_start),
        };
        let n_before = self
            .gaps
            .partition_point(|gap| gap.before_trace <= trace_index);
        let by_gap = n_before
            .checked_sub(1)
            .and_then(|i| self.gaps.get(i))
            .map(|gap| (gap.before_trace, gap.end()));
        by_gap.map_or(by_checkpoint, |by_gap| by_gap.max(by_checkpoint))
    }
}

impl TraceGeometry {
    /// The index, where there is one.
    pub fn index(&self) -> Option<&TraceIndex> {
        match self {
            Self::Uniform => None,
            Self::Indexed(index) => Some(index),
        }
    }

    /// Whether all traces are equally long and lie side by side.
    pub fn is_uniform(&self) -> bool {
        self.index().is_none()
    }

    /// Whether traces differ in length.
    pub fn lengths_vary(&self) -> bool {
        self.index().is_some_and(TraceIndex::lengths_vary)
    }

    /// Whether traces differ in their number of additional headers.
    pub fn header_extensions_vary(&self) -> bool {
        self.index().is_some_and(TraceIndex::header_extensions_vary)
    }

    /// Quarantined bytes between traces; none in most files.
    pub fn gaps(&self) -> &[Gap] {
        self.index().map_or(&[], TraceIndex::gaps)
    }
}

/// One trace of a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Of the header, in the window's bytes.
    pub(super) offset: usize,
    pub(super) n_samples: u32,
    /// Of the standard and the additional headers.
    pub(super) headers_bytes: u32,
    /// Of the whole trace.
    pub(super) n_bytes: usize,
    /// Quarantined bytes before it.
    pub(super) gap_bytes: usize,
}

impl TraceIndex {
    /// The traces within `bytes`, which begin at what belongs to the first of them; `None` where the
    /// bytes are not what the index was made of.
    pub(super) fn spans(&self, traces: Range<u64>, bytes: &[u8]) -> Option<Vec<Span>> {
        let mut spans = Vec::with_capacity(usize::try_from(traces.end - traces.start).ok()?);
        let mut offset = 0_usize;
        for trace_index in traces {
            let gap_bytes = match self.gap_before(trace_index) {
                Some(gap) => usize::try_from(gap.n_bytes).ok()?,
                None => 0,
            };
            offset = offset.checked_add(gap_bytes)?;
            let headers = bytes.get(offset..offset.checked_add(self.measure.needed_bytes())?)?;
            let size = self.measure.size(headers);
            let most = self.sizes.most;
            if size.n_samples > most.n_samples || size.n_additional > most.n_additional {
                return None;
            }
            let n_bytes = usize::try_from(self.measure.bytes(size)).ok()?;
            let end = offset
                .checked_add(n_bytes)
                .filter(|end| *end <= bytes.len());
            spans.push(Span {
                offset,
                n_samples: size.n_samples,
                headers_bytes: u32::try_from(headers_bytes(size.n_additional)).ok()?,
                n_bytes,
                gap_bytes,
            });
            offset = end?;
        }
        (offset == bytes.len()).then_some(spans)
    }
}
