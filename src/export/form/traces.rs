//! What are the bytes of chosen traces in the new form? A block of the dataset at a time.

use std::iter::Peekable;
use std::ops::Range;

use super::FormChange;
use super::plan::FormPlan;
use super::trace_headers::TraceHeaders;
use crate::dataset::{Dataset, DatasetError, SampleException};
use crate::export::ExportError;
use crate::export::raw_headers::RawHeaders;
use crate::samples::Samples;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{Losses, SampleFormat, convert, convert_ibm_word};

/// Bytes of a block, as stored or as written, whichever are more: some chunks, which are
/// decompressed side by side.
const BLOCK_BYTES: u64 = 8 << 20;

type Exceptions<'a> = Box<dyn Iterator<Item = Result<SampleException, DatasetError>> + Send + 'a>;

/// Reads traces and turns them into the new form; counts what is lost.
pub(super) struct FormTraces<'a> {
    dataset: &'a Dataset,
    plan: &'a FormPlan,
    headers: TraceHeaders,
    exceptions: Peekable<Exceptions<'a>>,
    losses: Losses,
    n_samples: u64,
    n_filled_up: u64,
}

/// Traces in the new form, one after another.
#[derive(Default)]
pub(super) struct FormBlock {
    pub(super) bytes: Vec<u8>,
    /// Where each trace ends in them.
    pub(super) ends: Vec<usize>,
}

/// A chosen trace: its row in the block, and its number (from 0) in the new file.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) row: usize,
    pub(super) number: u64,
}

impl<'a> FormTraces<'a> {
    pub(super) fn new(dataset: &'a Dataset, plan: &'a FormPlan) -> Result<Self, ExportError> {
        let exceptions: Exceptions<'a> =
            Box::new(dataset.exceptions()?.flat_map(|batch| match batch {
                Ok(batch) => batch.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }));
        Ok(Self {
            dataset,
            plan,
            headers: TraceHeaders::new(dataset, plan),
            exceptions: exceptions.peekable(),
            losses: Losses::default(),
            n_samples: 0,
            n_filled_up: 0,
        })
    }

    /// The traces of each block, whole chunks but for the first and last.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Range<u64>> + use<> {
        let array = &self.dataset.manifest().array;
        let stored = u64::from(array.n_samples) * array.number_type.size_bytes() as u64;
        let written = self.plan.trace_bytes(self.plan.n_samples());
        let chunk = u64::from(array.chunk_traces.max(1));
        let chunk_bytes = stored.max(written).saturating_mul(chunk).max(1);
        let step = chunk * (BLOCK_BYTES / chunk_bytes).clamp(1, 64);
        self.plan.traces_in_steps(step)
    }

    /// The chosen traces of a block, in its order; successive calls must go forward.
    pub(super) fn block(
        &mut self,
        rows: Range<u64>,
        chosen: &[Chosen],
        out: &mut FormBlock,
    ) -> Result<(), ExportError> {
        out.bytes.clear();
        out.ends.clear();
        let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else {
            return Ok(());
        };
        // Chunks in which no trace was chosen are not read.
        let first_row = first.row;
        let rows = rows.start + first_row as u64..rows.start + last.row as u64 + 1;
        let samples = self.dataset.read_samples(rows.clone())?;
        let headers_bytes = TRACE_HEADER_BYTES * (1 + self.plan.from.n_additional as usize);
        let headers = RawHeaders::read(self.dataset, rows.clone(), headers_bytes)?;
        let width = self.plan.from.n_samples as usize;
        for &Chosen { row, number } in chosen {
            let i = row - first_row;
            let own = headers.n_samples(i, width).min(width);
            let n_samples = self.plan.n_samples_of(Some(own as u64));
            let start = out.bytes.len();
            headers.append(i, &mut out.bytes);
            out.bytes.truncate(start + self.plan.headers_bytes());
            if let Some(header) = out.bytes.get_mut(start..start + TRACE_HEADER_BYTES) {
                self.headers.change(header, n_samples, number);
            }
            let samples_start = out.bytes.len();
            let trace_index = rows.start + i as u64;
            let row_of_samples = i * width..(i + 1) * width;
            self.samples(trace_index, &samples, row_of_samples, own, &mut out.bytes)?;
            let samples_bytes = n_samples as usize * self.plan.format.size_bytes();
            out.bytes.resize(samples_start + samples_bytes, 0);
            out.ends.push(out.bytes.len());
        }
        Ok(())
    }

    /// All that was found while traces were written.
    pub(super) fn changes(&self) -> Vec<FormChange> {
        let (losses, n_samples) = (self.losses, self.n_samples);
        let counted = [
            FormChange::SamplesRounded {
                n: losses.rounded,
                n_samples,
            },
            FormChange::SamplesClipped {
                n: losses.clipped,
                n_samples,
            },
            FormChange::NotNumbers {
                n: losses.not_numbers,
            },
            FormChange::TracesFilledUp {
                n_traces: self.n_filled_up,
            },
        ];
        let numbers = [
            losses.rounded,
            losses.clipped,
            losses.not_numbers,
            self.n_filled_up,
        ];
        let found = counted.into_iter().zip(numbers).filter(|(_, n)| *n > 0);
        let mut changes: Vec<FormChange> = found.map(|(change, _)| change).collect();
        changes.extend(self.headers.changes());
        changes
    }

    /// Appends the samples of one trace within the window; of the `own` first ones of its row.
    fn samples(
        &mut self,
        trace_index: u64,
        samples: &Samples,
        row: Range<usize>,
        own: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let (format, order) = (self.plan.format, self.plan.byte_order);
        let window = self.plan.window.start as usize..self.plan.window.end as usize;
        self.n_filled_up += u64::from(own < window.end && !self.plan.keeps_lengths);
        let end = window.end.min(own).max(window.start);
        let first_byte = out.len();
        let range = row.start + window.start..row.start + end;
        if range.end > samples.len() {
            return Err(ExportError::PartDiffers {
                what: "samples",
                expected: range.end as u64,
                found: samples.len() as u64,
            });
        }
        self.n_samples += range.len() as u64;
        self.losses
            .add(convert(samples, range, format, order, out)?);
        // Words that the array does not hold as they were: converted from the words themselves.
        let mut words = self.words_of(trace_index)?;
        words.retain(|(sample, _)| (window.start..end).contains(sample));
        self.add_largest_words(samples, row.start, window.start..end, &mut words);
        let mut bytes = Vec::with_capacity(8);
        for (sample, word) in words {
            bytes.clear();
            let position = row.start + sample;
            let as_stored = convert(samples, position..position + 1, format, order, &mut bytes)?;
            self.losses.take_back(as_stored);
            bytes.clear();
            let losses = convert_ibm_word(word, format, order, &mut bytes)?;
            self.losses.add(losses);
            let place = first_byte + (sample - window.start) * format.size_bytes();
            if let Some(place) = out.get_mut(place..place + bytes.len()) {
                place.copy_from_slice(&bytes);
            }
        }
        Ok(())
    }

    /// The samples of a trace that stand in the exceptions table, and their words.
    fn words_of(&mut self, trace_index: u64) -> Result<Vec<(usize, u32)>, ExportError> {
        let mut words = Vec::new();
        while let Some(next) = self
            .exceptions
            .next_if(|next| next.as_ref().map_or(true, |e| e.trace_index <= trace_index))
        {
            let exception = next?;
            // Those of traces that were not chosen are passed over.
            if exception.trace_index == trace_index {
                words.push((exception.sample_index as usize, exception.word));
            }
        }
        Ok(words)
    }

    /// Adds the samples that are infinite in the array and no exceptions: these were the largest
    /// IBM word, which encoding gives back, but whose value no `f32` holds.
    fn add_largest_words(
        &self,
        samples: &Samples,
        row_start: usize,
        within: Range<usize>,
        words: &mut Vec<(usize, u32)>,
    ) {
        const LARGEST_WORD: u32 = 0x7fff_ffff;

        let Samples::Float32(floats) = samples else {
            return;
        };
        if self.plan.from.format != SampleFormat::Ibm32 {
            return;
        }
        for sample in within {
            let Some(float) = floats.get(row_start + sample) else {
                return;
            };
            if float.is_infinite() && words.iter().all(|(other, _)| *other != sample) {
                let sign = u32::from(float.is_sign_negative()) << 31;
                words.push((sample, sign | LARGEST_WORD));
            }
        }
    }
}
