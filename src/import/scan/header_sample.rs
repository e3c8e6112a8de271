//! Whole headers of some traces, held in memory to compare words with each other.
//!
//! The same traces in a quick and in a full scan, so that both suggest the same. Bounded: at most
//! [`MAX_TRACES`] headers, a megabyte or so.

use std::ops::Range;

use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind, HeaderValue, Scalar, SegyError, SegyFile};

/// Headers that are kept.
const MAX_TRACES: u64 = 4_000;
/// Additional headers that are looked into, each of 240 bytes.
const MAX_ADDITIONAL: usize = 3;

/// Headers of a few stretches of consecutive traces.
#[derive(Debug)]
pub(super) struct HeaderSample {
    bytes: Vec<u8>,
    /// Standard and additional headers of one trace.
    pub(super) stride: usize,
    order: ByteOrder,
    /// Who says by which scalar coordinates are taken.
    pub(super) coordinate_scalar: Scalar,
    /// Positions in the sample: within a stretch, neighbours are neighbours in the file.
    pub(super) stretches: Vec<Range<usize>>,
    pub(super) is_whole_file: bool,
}

impl HeaderSample {
    /// Reads the headers of `looks`, or of parts of them where they are too many.
    pub(super) fn read(file: &SegyFile, looks: &[Range<u64>]) -> Result<Self, SegyError> {
        let layout = file.layout();
        let additional = usize::try_from(layout.n_additional_trace_headers.value)
            .unwrap_or(0)
            .min(MAX_ADDITIONAL)
            * TRACE_HEADER_BYTES;
        let stride = TRACE_HEADER_BYTES + additional;
        let mut sample = Self {
            bytes: Vec::new(),
            stride,
            order: layout.byte_order.value,
            coordinate_scalar: layout.coordinate_scalar.value,
            stretches: Vec::new(),
            is_whole_file: false,
        };
        let mut n_read = 0;
        for look in shortened(looks) {
            n_read += look.end - look.start;
            let start = sample.len();
            let window = file.window(look)?;
            for i in 0..window.n_traces() {
                let headers = window.headers(i);
                let kept = headers.get(..stride).unwrap_or(headers);
                sample.bytes.extend_from_slice(kept);
                sample.bytes.resize((start + i + 1) * stride, 0);
            }
            window.check()?;
            sample.stretches.push(start..sample.len());
        }
        sample.is_whole_file = n_read == layout.n_traces;
        Ok(sample)
    }

    /// Traces.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() / self.stride
    }

    /// One word of all traces; a word that is no number reads as 0.
    pub(super) fn column(&self, byte: u16, kind: FieldKind) -> Vec<f64> {
        self.bytes
            .chunks_exact(self.stride)
            .map(|header| match kind.read(header, byte, self.order) {
                Some(HeaderValue::Int(value)) => value as f64,
                Some(HeaderValue::Uint(value)) => value as f64,
                Some(HeaderValue::Float(value)) if value.is_finite() => value,
                Some(HeaderValue::Float(_) | HeaderValue::Text(_)) | None => 0.0,
            })
            .collect()
    }

    #[cfg(test)]
    pub(super) fn of_headers(headers: &[[u8; TRACE_HEADER_BYTES]]) -> Self {
        Self {
            bytes: headers.concat(),
            stride: TRACE_HEADER_BYTES,
            order: ByteOrder::Big,
            coordinate_scalar: Scalar::OfEachTrace,
            stretches: std::iter::once(0..headers.len()).collect(),
            is_whole_file: true,
        }
    }
}

/// At most [`MAX_TRACES`] of the looks: all, or five parts spread over them.
fn shortened(looks: &[Range<u64>]) -> Vec<Range<u64>> {
    let total: u64 = looks.iter().map(|look| look.end - look.start).sum();
    if total <= MAX_TRACES {
        return looks.to_vec();
    }
    let parts_of_each = (5 / looks.len().max(1) as u64).max(1);
    let length = MAX_TRACES / (parts_of_each * looks.len() as u64).max(1);
    let mut parts = Vec::new();
    for look in looks {
        let room = (look.end - look.start).saturating_sub(length);
        for i in 0..parts_of_each {
            let start = look.start + room * i / (parts_of_each - 1).max(1);
            parts.push(start..(start + length).min(look.end));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_looks_are_shortened_to_parts_that_do_not_overlap() {
        let parts = shortened(std::slice::from_ref(&(0..20_000)));
        assert_eq!(parts.len(), 5);
        assert!(parts.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert_eq!(parts.last().map(|part| part.end), Some(20_000));
        let few = [0..360, 500..860];
        assert_eq!(shortened(&few), few);
    }
}
