//! Which bytes did the source have? Given back in the order of the file, a block of traces at a time.
//!
//! ```text
//! file headers │ (gap) raw header (+ extensions) + encoded samples with exceptions patched, trace by trace │ trailer
//! ```
//! Exporting writes them, verifying only hashes them. Memory is one block, however large the
//! dataset, its trailer or a gap.

use std::iter::Peekable;
use std::ops::Range;

use super::ExportError;
use super::raw_headers::RawHeaders;
use super::salvage::{self, Missing};
use crate::dataset::{Dataset, DatasetError, GeometryFacts, KeptGap, PartReader, SampleException};
use crate::job::Stop;
use crate::samples::Samples;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, SampleFormat, encode};

/// Decoded bytes of a block: some chunks, which are decompressed side by side.
const BLOCK_BYTES: u64 = 8 << 20;

/// The parts of the file headers, in their order.
const FILE_HEADERS: [&str; 4] = [
    "tape_label.bin",
    "textual_header.bin",
    "binary_header.bin",
    "extended_textual_headers.bin",
];

/// Takes bytes in the order of the file.
pub(super) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Stop<ExportError>>;

/// Lends the source's bytes from a dataset.
pub(super) struct SegyStream<'a> {
    dataset: &'a Dataset,
    format: SampleFormat,
    order: ByteOrder,
    n_samples: usize,
    /// Of a trace: 240, and 240 for each additional header.
    headers_bytes: usize,
    exceptions: Peekable<Rows<'a, SampleException>>,
    gaps: Peekable<Rows<'a, KeptGap>>,
    gap_bytes: PartReader,
    encoded: Vec<u8>,
    block: Vec<u8>,
    /// Takes note of what cannot be read and is filled in; `None`: that is an error.
    pub(super) missing: Option<Missing>,
    /// Zeros that may be given in the place of lost gaps.
    fillable_bytes: u64,
}

type Rows<'a, T> = Box<dyn Iterator<Item = Result<T, DatasetError>> + Send + 'a>;

impl<'a> SegyStream<'a> {
    pub(super) fn new(dataset: &'a Dataset) -> Result<Self, ExportError> {
        let segy = &dataset.manifest().segy;
        let not_exportable = |problem: String| ExportError::NotExportable { problem };
        let format = SampleFormat::from_code(segy.format_code)
            .ok_or_else(|| not_exportable(format!("there is no format {}", segy.format_code)))?;
        let order = ByteOrder::from_name(&segy.byte_order).ok_or_else(|| {
            not_exportable(format!("there is no byte order \"{}\"", segy.byte_order))
        })?;
        let headers_bytes = (segy.n_additional_trace_headers as usize)
            .checked_add(1)
            .and_then(|n| n.checked_mul(TRACE_HEADER_BYTES))
            .ok_or_else(|| not_exportable("too many additional trace headers".to_owned()))?;
        let gap_bytes = |facts: &GeometryFacts| facts.gap_bytes;
        Ok(Self {
            fillable_bytes: segy.geometry.as_ref().map_or(0, gap_bytes),
            dataset,
            format,
            order,
            n_samples: dataset.manifest().array.n_samples as usize,
            headers_bytes,
            exceptions: rows_or_error(dataset.exceptions()).peekable(),
            gaps: rows_or_error(dataset.gaps()).peekable(),
            gap_bytes: dataset.gap_bytes()?,
            encoded: Vec::new(),
            block: Vec::new(),
            missing: None,
        })
    }

    /// Of the file that all parts make.
    pub(super) fn total_bytes(&self) -> u64 {
        let manifest = self.dataset.manifest();
        let longest = self.headers_bytes + self.n_samples * self.format.size_bytes();
        let traces_bytes = manifest.segy.geometry.as_ref().map_or_else(
            || manifest.array.n_traces.saturating_mul(longest as u64),
            |geometry| geometry.traces_bytes,
        );
        traces_bytes
            .saturating_add(manifest.segy.file_header_bytes)
            .saturating_add(manifest.segy.trailer_bytes)
    }

    /// Gives everything before the first trace.
    pub(super) fn file_headers(&mut self, sink: Sink<'_>) -> Result<(), Stop<ExportError>> {
        if let Some(missing) = &mut self.missing {
            return salvage::file_headers(self.dataset, self.order, self.format, missing, sink);
        }
        let mut found = 0;
        for name in FILE_HEADERS {
            found += self.part(name, sink)?;
        }
        let expected = self.dataset.manifest().segy.file_header_bytes;
        expect_bytes("bytes of file headers", expected, found)
    }

    /// Gives everything behind the last trace.
    pub(super) fn trailer(&mut self, sink: Sink<'_>) -> Result<(), Stop<ExportError>> {
        if let Some(missing) = &mut self.missing {
            return salvage::trailer(self.dataset, missing, sink);
        }
        let found = self.part("trailer.bin", sink)?;
        let expected = self.dataset.manifest().segy.trailer_bytes;
        expect_bytes("bytes of the trailer", expected, found)
    }

    /// Gives an opaque part; returns its length.
    fn part(&self, name: &str, sink: Sink<'_>) -> Result<u64, Stop<ExportError>> {
        let mut part = self.dataset.part(name).map_err(failed)?;
        let n_bytes = part.n_bytes();
        give(&mut part, 0..n_bytes, sink)?;
        Ok(n_bytes)
    }

    /// Traces of each block, in order: whole chunks.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Range<u64>> + use<> {
        let array = &self.dataset.manifest().array;
        let decoded = self.n_samples as u64 * array.number_type.size_bytes() as u64;
        let chunk = u64::from(array.chunk_traces.max(1));
        let chunk_bytes = decoded.saturating_mul(chunk).max(1);
        let step = chunk * (BLOCK_BYTES / chunk_bytes).clamp(1, 64);
        let n_traces = array.n_traces;
        (0..n_traces.div_ceil(step)).map(move |i| i * step..((i + 1) * step).min(n_traces))
    }

    /// Gives all of `traces`, and what lies before and between them; successive calls must go
    /// forward.
    pub(super) fn traces(
        &mut self,
        traces: Range<u64>,
        sink: Sink<'_>,
    ) -> Result<(), Stop<ExportError>> {
        if self.missing.is_none() {
            let headers = self.encode(&traces).map_err(Stop::Failed)?;
            return self.give_block(traces, &headers, false, sink);
        }
        let step = u64::from(self.dataset.manifest().array.chunk_traces.max(1));
        let mut start = traces.start;
        while start < traces.end {
            let chunk = start..(start + step).min(traces.end);
            start = chunk.end;
            let (headers, is_lost) = self.encode_or_fill(&chunk).map_err(Stop::Failed)?;
            self.give_block(chunk, &headers, is_lost, sink)?;
        }
        Ok(())
    }

    /// Gives traces whose samples are encoded; as dead ones where the samples are lost.
    fn give_block(
        &mut self,
        traces: Range<u64>,
        headers: &RawHeaders,
        is_lost: bool,
        sink: Sink<'_>,
    ) -> Result<(), Stop<ExportError>> {
        let mut block = std::mem::take(&mut self.block);
        block.clear();
        for (i, row) in (0..).zip(traces) {
            while let Some(gap) = self.next_gap(row).map_err(Stop::Failed)? {
                sink(&block)?;
                block.clear();
                self.give_gap(gap, sink)?;
            }
            let header = block.len();
            headers.append(i, &mut block);
            if is_lost {
                salvage::mark_dead(block.get_mut(header..).unwrap_or_default(), self.order);
            }
            let samples = self.sample_bytes(i, headers.n_samples(i, self.n_samples));
            let from = block.len();
            block.extend_from_slice(samples.map_err(Stop::Failed)?);
            if self.swaps_by_trace() {
                let (pairs, _) = block.split_at_mut(from).1.as_chunks_mut::<2>();
                for pair in pairs {
                    pair.swap(0, 1);
                }
            }
        }
        sink(&block)?;
        self.block = block;
        Ok(())
    }

    /// Gives the bytes of a gap; where they are lost and that is allowed, zeros, so that what lies
    /// behind stays where it lay.
    fn give_gap(&mut self, gap: KeptGap, sink: Sink<'_>) -> Result<(), Stop<ExportError>> {
        let end = gap.offset_in_part.saturating_add(gap.n_bytes);
        let (mut given, mut cannot_write) = (0, false);
        let end = give(&mut self.gap_bytes, gap.offset_in_part..end, &mut |bytes| {
            sink(bytes).inspect_err(|_| cannot_write = true)?;
            given += bytes.len() as u64;
            Ok(())
        });
        match end {
            Err(Stop::Failed(error)) if !cannot_write => {
                self.note(error).map_err(Stop::Failed)?;
                // A table that lies cannot fill the disk.
                let lost = (gap.n_bytes - given).min(self.fillable_bytes);
                self.fillable_bytes -= lost;
                salvage::zeros(lost, sink)
            }
            end => end,
        }
    }

    /// Notes what is missing, where that is allowed.
    fn note(&mut self, error: ExportError) -> Result<(), ExportError> {
        let Some(missing) = &mut self.missing else {
            return Err(error);
        };
        missing.add(&error);
        Ok(())
    }

    /// [`Self::encode`] of one chunk, with zeros and blank headers in the place of what is lost;
    /// and whether the samples are.
    fn encode_or_fill(&mut self, traces: &Range<u64>) -> Result<(RawHeaders, bool), ExportError> {
        let n_traces = usize::try_from(traces.end - traces.start).unwrap_or(0);
        let (samples, is_lost) = match self.dataset.read_samples(traces.clone()) {
            Ok(samples) => (samples, false),
            Err(error) => {
                self.note_traces(traces, error.into())?;
                let zeros = Samples::zeros(self.format.number_type(), n_traces * self.n_samples);
                (zeros, true)
            }
        };
        let headers = match RawHeaders::read(self.dataset, traces.clone(), self.headers_bytes) {
            Ok(headers) => headers,
            Err(error) => {
                self.note_traces(traces, error)?;
                let interval = self.dataset.manifest().segy.sample_interval_micros;
                let blank = salvage::blank_headers(traces, self.order, self.n_samples, interval);
                RawHeaders::of_blank(&blank, self.headers_bytes, n_traces)?
            }
        };
        encode(
            self.format,
            self.encoding_order(),
            &samples,
            &mut self.encoded,
        )?;
        if let Err(error) = self.patch(traces) {
            self.note(error)?;
        }
        if is_lost {
            self.encoded.fill(0);
        }
        Ok((headers, is_lost))
    }

    fn note_traces(&mut self, traces: &Range<u64>, error: ExportError) -> Result<(), ExportError> {
        let Some(missing) = &mut self.missing else {
            return Err(error);
        };
        missing.add_traces(traces.clone(), &error);
        Ok(())
    }

    /// The byte order in which samples are encoded at first.
    fn encoding_order(&self) -> ByteOrder {
        if self.swaps_by_trace() {
            ByteOrder::Big
        } else {
            self.order
        }
    }

    /// Reads the headers of `traces`, and encodes their samples.
    fn encode(&mut self, traces: &Range<u64>) -> Result<RawHeaders, ExportError> {
        let samples = self.dataset.read_samples(traces.clone())?;
        let headers = RawHeaders::read(self.dataset, traces.clone(), self.headers_bytes)?;
        encode(
            self.format,
            self.encoding_order(),
            &samples,
            &mut self.encoded,
        )?;
        drop(samples);
        self.patch(traces)?;
        Ok(headers)
    }

    /// Whether the bytes that change places depend on where a trace begins: samples of odd sizes do
    /// not lie in pairs of their own.
    fn swaps_by_trace(&self) -> bool {
        self.order == ByteOrder::PairSwapped && self.format.size_bytes() % 2 == 1
    }

    /// The encoded samples of row `i` of the block, without its padding.
    fn sample_bytes(&self, i: usize, n_samples: usize) -> Result<&[u8], ExportError> {
        let size_bytes = self.format.size_bytes();
        let start = i * self.n_samples * size_bytes;
        let len = n_samples * size_bytes;
        let samples = self.encoded.get(start..start + len);
        samples
            .filter(|_| n_samples <= self.n_samples)
            .ok_or(ExportError::PartDiffers {
                what: "bytes of samples",
                expected: (start + len) as u64,
                found: self.encoded.len() as u64,
            })
    }

    /// The next gap, if it lies before row `row`.
    fn next_gap(&mut self, row: u64) -> Result<Option<KeptGap>, ExportError> {
        let is_due = |next: &Result<KeptGap, DatasetError>| {
            next.as_ref().map_or(true, |gap| gap.before_trace <= row)
        };
        while let Some(gap) = self.gaps.next_if(is_due) {
            let gap = match gap {
                Ok(gap) => gap,
                Err(error) => {
                    self.note(error.into())?;
                    continue;
                }
            };
            // Those of a block that could not be read are passed over.
            if gap.before_trace == row {
                return Ok(Some(gap));
            }
        }
        Ok(None)
    }

    /// Puts the words of the exceptions table into `encoded`, which holds `traces`.
    fn patch(&mut self, traces: &Range<u64>) -> Result<(), ExportError> {
        while let Some(next) = self
            .exceptions
            .next_if(|next| next.as_ref().map_or(true, |e| e.trace_index < traces.end))
        {
            let exception = next?;
            // Of a block that could not be read.
            if exception.trace_index < traces.start {
                continue;
            }
            let word = self.order.bytes_from(exception.word);
            let place = usize::try_from(exception.trace_index - traces.start)
                .ok()
                .filter(|_| (exception.sample_index as usize) < self.n_samples)
                .map(|trace| (trace * self.n_samples + exception.sample_index as usize) * 4)
                .and_then(|start| self.encoded.get_mut(start..start + 4));
            match place {
                Some(place) => place.copy_from_slice(&word),
                None => {
                    return Err(ExportError::NotExportable {
                        problem: format!(
                            "an exception is recorded at sample {} of trace {}, which does not exist",
                            exception.sample_index, exception.trace_index
                        ),
                    });
                }
            }
        }
        Ok(())
    }
}

/// The rows of all batches.
fn rows<'a, T: Send + 'a>(
    batches: impl Iterator<Item = Result<Vec<T>, DatasetError>> + Send + 'a,
) -> Rows<'a, T> {
    Box::new(batches.flat_map(|batch| match batch {
        Ok(batch) => batch.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }))
}

/// The rows of all batches; where there are none to be had, why.
fn rows_or_error<'a, T: Send + 'a>(
    batches: Result<impl Iterator<Item = Result<Vec<T>, DatasetError>> + Send + 'a, DatasetError>,
) -> Rows<'a, T> {
    match batches {
        Ok(batches) => rows(batches),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// Gives a range of a part, piece by piece.
pub(super) fn give(
    part: &mut PartReader,
    range: Range<u64>,
    sink: Sink<'_>,
) -> Result<(), Stop<ExportError>> {
    let mut next = range.start;
    while next < range.end {
        let piece = part.piece(next).map_err(failed)?;
        let left = usize::try_from(range.end - next).unwrap_or(usize::MAX);
        let wanted = piece.get(..left.min(piece.len())).unwrap_or_default();
        if wanted.is_empty() {
            return expect_bytes("bytes of gaps", range.end, next);
        }
        sink(wanted)?;
        next += wanted.len() as u64;
    }
    Ok(())
}

fn failed(error: DatasetError) -> Stop<ExportError> {
    Stop::Failed(error.into())
}

fn expect_bytes(what: &'static str, expected: u64, found: u64) -> Result<(), Stop<ExportError>> {
    if found == expected {
        Ok(())
    } else {
        Err(Stop::Failed(ExportError::PartDiffers {
            what,
            expected,
            found,
        }))
    }
}
