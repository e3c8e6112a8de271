//! Which bytes did the source have? Given back in the order of the file, a block of traces at a time.
//!
//! ```text
//! file headers │ raw header (+ extensions) + encoded samples with exceptions patched, trace by trace │ trailer
//! ```
//! Exporting writes them, verifying only hashes them. Memory is one block, however large the dataset.

use std::iter::Peekable;
use std::ops::Range;

use arrow::array::{Array, AsArray, FixedSizeBinaryArray};
use arrow::record_batch::RecordBatch;

use super::ExportError;
use crate::dataset::{Dataset, DatasetError, SampleException};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, SampleFormat, encode};

/// Decoded bytes of a block: some chunks, which are decompressed side by side.
const BLOCK_BYTES: u64 = 8 << 20;

/// Lends the source's bytes from a dataset.
pub(super) struct SegyStream<'a> {
    dataset: &'a Dataset,
    format: SampleFormat,
    order: ByteOrder,
    n_samples: usize,
    /// Of a trace: 240, and 240 for each additional header.
    headers_bytes: usize,
    exceptions: Peekable<Exceptions<'a>>,
    encoded: Vec<u8>,
    block: Vec<u8>,
}

type Exceptions<'a> = Box<dyn Iterator<Item = Result<SampleException, DatasetError>> + Send + 'a>;

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
        let exceptions: Exceptions<'a> =
            Box::new(dataset.exceptions()?.flat_map(|batch| match batch {
                Ok(batch) => batch.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }));
        Ok(Self {
            dataset,
            format,
            order,
            n_samples: dataset.manifest().array.n_samples as usize,
            headers_bytes,
            exceptions: exceptions.peekable(),
            encoded: Vec::new(),
            block: Vec::new(),
        })
    }

    /// Of the file that all parts make.
    pub(super) fn total_bytes(&self) -> u64 {
        let manifest = self.dataset.manifest();
        manifest
            .array
            .n_traces
            .saturating_mul(self.trace_bytes() as u64)
            .saturating_add(manifest.segy.file_header_bytes)
            .saturating_add(manifest.segy.trailer_bytes)
    }

    /// Of a trace in the file.
    pub(super) fn trace_bytes(&self) -> usize {
        self.headers_bytes + self.n_samples * self.format.size_bytes()
    }

    /// Everything before the first trace.
    pub(super) fn file_headers(&self) -> Result<Vec<u8>, ExportError> {
        let mut bytes = Vec::new();
        for name in [
            "tape_label.bin",
            "textual_header.bin",
            "binary_header.bin",
            "extended_textual_headers.bin",
        ] {
            bytes.append(&mut self.dataset.segy_part(name)?);
        }
        let expected = self.dataset.manifest().segy.file_header_bytes;
        expect_bytes("bytes of file headers", expected, &bytes)?;
        Ok(bytes)
    }

    /// Everything behind the last trace.
    pub(super) fn trailer(&self) -> Result<Vec<u8>, ExportError> {
        let bytes = self.dataset.segy_part("trailer.bin")?;
        let expected = self.dataset.manifest().segy.trailer_bytes;
        expect_bytes("bytes of the trailer", expected, &bytes)?;
        Ok(bytes)
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

    /// The bytes of all of `traces`; successive calls must go forward.
    pub(super) fn traces(&mut self, traces: Range<u64>) -> Result<&[u8], ExportError> {
        let samples = self.dataset.read_samples(traces.clone())?;
        let headers = RawHeaders::read(self.dataset, traces.clone(), self.headers_bytes)?;
        encode(self.format, self.order, &samples, &mut self.encoded)?;
        drop(samples);
        self.patch(&traces)?;
        let samples_bytes = self.n_samples * self.format.size_bytes();
        self.block.clear();
        for i in 0..usize::try_from(traces.end - traces.start).unwrap_or(usize::MAX) {
            headers.append(i, &mut self.block);
            let start = i * samples_bytes;
            let Some(encoded) = self.encoded.get(start..start + samples_bytes) else {
                return Err(ExportError::PartDiffers {
                    what: "bytes of samples",
                    expected: (start + samples_bytes) as u64,
                    found: self.encoded.len() as u64,
                });
            };
            self.block.extend_from_slice(encoded);
        }
        Ok(&self.block)
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

fn expect_bytes(what: &'static str, expected: u64, bytes: &[u8]) -> Result<(), ExportError> {
    let found = bytes.len() as u64;
    if found == expected {
        Ok(())
    } else {
        Err(ExportError::PartDiffers {
            what,
            expected,
            found,
        })
    }
}

/// The raw headers of a block.
struct RawHeaders {
    headers: FixedSizeBinaryArray,
    extensions: Option<FixedSizeBinaryArray>,
}

impl RawHeaders {
    fn read(
        dataset: &Dataset,
        traces: Range<u64>,
        headers_bytes: usize,
    ) -> Result<Self, ExportError> {
        let names: &[&str] = if headers_bytes > TRACE_HEADER_BYTES {
            &["raw_header", "raw_header_extensions"]
        } else {
            &["raw_header"]
        };
        let n_traces = traces.end - traces.start;
        let batch = dataset.read_headers(names, traces)?;
        let headers = fixed_bytes(&batch, "raw_header", TRACE_HEADER_BYTES, n_traces)?;
        let extensions = (names.len() > 1)
            .then(|| {
                let width = headers_bytes - TRACE_HEADER_BYTES;
                fixed_bytes(&batch, "raw_header_extensions", width, n_traces)
            })
            .transpose()?;
        Ok(Self {
            headers,
            extensions,
        })
    }

    /// Appends the headers of trace `i`, which exists.
    fn append(&self, i: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.headers.value(i));
        if let Some(extensions) = &self.extensions {
            out.extend_from_slice(extensions.value(i));
        }
    }
}

/// A column of so many values of so many bytes, none of them null.
fn fixed_bytes(
    batch: &RecordBatch,
    name: &str,
    width: usize,
    n_traces: u64,
) -> Result<FixedSizeBinaryArray, ExportError> {
    let column = batch
        .column_by_name(name)
        .and_then(|column| column.as_fixed_size_binary_opt())
        .filter(|column| usize::try_from(column.value_length()) == Ok(width))
        .ok_or_else(|| ExportError::NotExportable {
            problem: format!("headers.parquet has no column {name} of {width} bytes"),
        })?;
    let found = (column.len() - column.null_count()) as u64;
    if found == n_traces {
        Ok(column.clone())
    } else {
        Err(ExportError::PartDiffers {
            what: "rows of trace headers",
            expected: n_traces,
            found,
        })
    }
}
