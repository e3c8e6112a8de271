//! Which bytes of a file are looked at now? A run of whole traces, mapped or read.

use std::ops::Range;

use super::fields_trace::TRACE_HEADER_BYTES;
use super::geometry::Span;
use super::mmap::GuardedMap;
use super::source::Source;
use super::{SegyError, SegyFile, TraceGeometry};

/// Bytes of a file, mapped where that is possible.
#[derive(Debug)]
enum Bytes {
    Mapped(GuardedMap),
    Read(Vec<u8>),
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map.bytes(),
            Self::Read(bytes) => bytes,
        }
    }
}

/// A mapped run of whole traces.
///
/// If the file shrinks while the window is alive, its bytes read as zeros (never a crash):
/// call [`Self::check`] after use and before believing what was read.
#[derive(Debug)]
pub struct TraceWindow<'a> {
    file: &'a SegyFile,
    traces: Range<u64>,
    stride_bytes: usize,
    /// Standard and additional headers of one trace, in a uniform file.
    headers_bytes: usize,
    /// Bytes of one sample.
    sample_bytes: usize,
    range: Range<u64>,
    /// Where each trace lies, in a file that is not uniform.
    spans: Option<Vec<Span>>,
    bytes: Bytes,
}

impl<'a> TraceWindow<'a> {
    /// Maps `traces`, which lie within the file.
    pub(super) fn new(file: &'a SegyFile, traces: Range<u64>) -> Result<Self, SegyError> {
        let layout = file.layout();
        let range = file.trace_bytes(traces.clone())?;
        let headers_bytes = layout.trace_headers_bytes();
        let to_usize = |n: u64| {
            usize::try_from(n).map_err(|e| {
                let cause = std::io::Error::other(e);
                file.source().io_error("map so many traces", cause)
            })
        };
        let bytes = map_or_read(file.source(), range.clone())?;
        let spans = match &layout.geometry {
            TraceGeometry::Uniform => None,
            TraceGeometry::Indexed(index) => {
                let spans = index.spans(traces.clone(), bytes.all());
                Some(spans.ok_or_else(|| file.source().changed())?)
            }
        };
        Ok(Self {
            file,
            traces,
            stride_bytes: to_usize(layout.trace_stride_bytes)?,
            headers_bytes: to_usize(headers_bytes)?,
            sample_bytes: layout.format.value.size_bytes(),
            range,
            spans,
            bytes,
        })
    }

    /// Number of traces.
    pub fn n_traces(&self) -> usize {
        usize::try_from(self.traces.end - self.traces.start).unwrap_or(usize::MAX)
    }

    /// Index in the file of trace `i` of this window.
    pub fn trace_index(&self, i: usize) -> u64 {
        self.traces.start + i as u64
    }

    /// Indices in the file of all traces of this window.
    pub fn traces(&self) -> Range<u64> {
        self.traces.clone()
    }

    /// All bytes: headers, samples, and the gaps before traces. Windows of ranges that follow each
    /// other hold bytes that follow each other.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.all()
    }

    /// Where the bytes lie in the file.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// Where the header of trace `i` lies in the file.
    pub fn position(&self, i: usize) -> u64 {
        let offset = match &self.spans {
            None => i * self.stride_bytes,
            Some(spans) => spans[i].offset,
        };
        self.range.start + offset as u64
    }

    /// Samples of trace `i`.
    pub fn n_samples(&self, i: usize) -> usize {
        match &self.spans {
            None => (self.stride_bytes - self.headers_bytes) / self.sample_bytes,
            Some(spans) => spans[i].n_samples as usize,
        }
    }

    /// Quarantined bytes directly before trace `i`; empty in most files.
    pub fn gap_before(&self, i: usize) -> &[u8] {
        match &self.spans {
            None => &[],
            Some(spans) => {
                let Span {
                    offset, gap_bytes, ..
                } = spans[i];
                &self.bytes()[offset - gap_bytes..offset]
            }
        }
    }

    /// The 240 bytes of the standard header of trace `i`.
    ///
    /// # Panics
    /// Here and below: when the window has no trace `i`.
    pub fn header(&self, i: usize) -> &[u8] {
        &self.trace(i)[..TRACE_HEADER_BYTES]
    }

    /// The standard and the additional headers of trace `i`, one after another.
    pub fn headers(&self, i: usize) -> &[u8] {
        &self.trace(i)[..self.headers_bytes(i)]
    }

    /// The additional trace headers of trace `i`, one after another; empty in most files.
    pub fn additional_headers(&self, i: usize) -> &[u8] {
        &self.headers(i)[TRACE_HEADER_BYTES..]
    }

    /// The sample bytes of trace `i`.
    pub fn sample_bytes(&self, i: usize) -> &[u8] {
        &self.trace(i)[self.headers_bytes(i)..]
    }

    fn headers_bytes(&self, i: usize) -> usize {
        match &self.spans {
            None => self.headers_bytes,
            Some(spans) => spans[i].headers_bytes as usize,
        }
    }

    /// All bytes of trace `i`, headers and samples.
    pub fn trace(&self, i: usize) -> &[u8] {
        match &self.spans {
            None => &self.bytes()[i * self.stride_bytes..][..self.stride_bytes],
            Some(spans) => {
                let Span {
                    offset, n_bytes, ..
                } = spans[i];
                &self.bytes()[offset..][..n_bytes]
            }
        }
    }

    /// Whether all that was read came from the file.
    ///
    /// # Errors
    /// `SegyError::SourceShrank` when pages of this window had vanished; I/O.
    pub fn check(&self) -> Result<(), SegyError> {
        let Bytes::Mapped(map) = &self.bytes else {
            return Ok(()); // checked when it was read
        };
        let source = self.file.source();
        // A cut within the last page raises no signal: its end reads as zeros.
        if source.size_bytes_now()? < self.range.end {
            return Err(source.shrank()?);
        }
        if map.faulted() {
            let cause = std::io::Error::other("the drive did not deliver a mapped page");
            return Err(source.io_error("read the file", cause));
        }
        Ok(())
    }
}

/// Maps the range; reads it where that is impossible.
fn map_or_read(source: &Source, range: Range<u64>) -> Result<Bytes, SegyError> {
    if source.size_bytes_now()? < range.end {
        return Err(source.shrank()?);
    }
    let mapped = usize::try_from(range.end - range.start)
        .ok()
        .and_then(|len| GuardedMap::new(source.file(), range.start, len));
    match mapped {
        Some(map) => Ok(Bytes::Mapped(map)),
        None => Ok(Bytes::Read(source.read(range)?)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::fs::OpenOptions;
    use std::sync::{Mutex, PoisonError};

    use super::*;
    use crate::segy::LayoutOverrides;
    use crate::segy::write::tests::small_file;

    const N_TRACES: u64 = 400;
    const N_SAMPLES: usize = 100; // 640 bytes a trace, 256,000 in all

    /// The table of guarded mappings is one for the process: tests that fill it, or need it, take turns.
    static TABLE: Mutex<()> = Mutex::new(());

    fn opened() -> (tempfile::TempDir, SegyFile) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sgy");
        std::fs::write(&path, small_file(N_TRACES, N_SAMPLES)).unwrap();
        let file = SegyFile::open(&path, &LayoutOverrides::default()).unwrap();
        (folder, file)
    }

    fn sum(bytes: &[u8]) -> u64 {
        bytes.iter().map(|&b| u64::from(b)).sum()
    }

    #[test]
    fn a_window_lends_the_same_bytes_as_reading() {
        let (_folder, file) = opened();
        for traces in [0..1, 0..N_TRACES, 17..90, N_TRACES - 1..N_TRACES, 5..5] {
            let window = file.window(traces.clone()).unwrap();
            let range = file.trace_bytes(traces.clone()).unwrap();
            assert_eq!(window.bytes(), file.read_bytes(range).unwrap());
            assert_eq!(window.n_traces() as u64, traces.end - traces.start);
            window.check().unwrap();
        }
        let window = file.window(3..7).unwrap();
        assert_eq!(window.trace_index(2), 5);
        assert_eq!(window.header(0).len(), 240);
        assert_eq!(window.additional_headers(0).len(), 0);
        assert_eq!(window.sample_bytes(3).len(), 4 * N_SAMPLES);
        file.will_need(0..N_TRACES);
        file.check_unchanged().unwrap();
    }

    #[test]
    fn a_file_that_shrinks_under_a_window_is_reported_and_kills_nobody() {
        let _turn = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        for left_bytes in [0, 3600, 100_000, 255_000] {
            let (_folder, file) = opened();
            let window = file.window(0..N_TRACES).unwrap();
            let other = file.window(0..2).unwrap();
            let writer = OpenOptions::new().write(true).open(file.path()).unwrap();
            if writer.set_len(left_bytes).is_err() {
                return; // Windows refuses, which is as good
            }
            sum(window.bytes());
            sum(other.bytes());
            let expected_bytes = file.layout().file_size_bytes;
            for result in [
                window.check(),
                file.check_unchanged(),
                file.window(0..N_TRACES).map(drop),
            ] {
                let error = result.unwrap_err();
                let SegyError::SourceShrank {
                    expected_bytes: at_opening,
                    found_bytes,
                } = error
                else {
                    panic!("{error}")
                };
                assert_eq!((at_opening, found_bytes), (expected_bytes, left_bytes));
            }
            assert_eq!(other.check().is_err(), left_bytes < 3600 + 2 * 640);
        }
    }

    #[test]
    fn many_windows_at_once_fall_back_to_reading() {
        let _turn = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        let (_folder, file) = opened();
        let windows: Vec<_> = (0..1200)
            .map(|i| file.window(i % N_TRACES..i % N_TRACES + 1).unwrap())
            .collect();
        let read = windows
            .iter()
            .filter(|w| matches!(w.bytes, Bytes::Read(_)))
            .count();
        assert!(read > 0 || cfg!(not(unix)), "the table has fewer slots");
        for (i, window) in windows.iter().enumerate() {
            let number = u32::from_be_bytes(window.header(0)[..4].try_into().unwrap());
            assert_eq!(u64::from(number), i as u64 % N_TRACES + 1);
        }
    }
}
