//! Which IBM words would not come back? Kept by the block where they are few; found again by the
//! writer where they are many, so that memory stays bounded whatever the file holds.

use crate::dataset::{DatasetError, ExceptionWriter, SampleException};
use crate::import::ImportError;
use crate::samples::Samples;
use crate::segy::{ByteOrder, Layout, TraceWindow, decode, inexact_words};

/// A block keeps one exception for so many samples; the plan accounts for them.
pub(super) const SAMPLES_PER_EXCEPTION: usize = 16;

/// The exceptions of one block.
#[derive(Debug)]
pub(super) enum BlockExceptions<'a> {
    /// All of them.
    Few(Vec<SampleException>),
    /// Too many to keep: where to find them again.
    Many {
        /// The block's traces.
        window: TraceWindow<'a>,
        /// Row in the dataset of its first.
        first_row: u64,
    },
}

/// Exceptions while a block's traces are decoded.
#[derive(Debug)]
pub(super) struct Finder {
    words: Vec<(usize, u32)>,
    found: Vec<SampleException>,
    order: ByteOrder,
    limit: usize,
    overflowed: bool,
}

impl Finder {
    pub(super) fn new(order: ByteOrder, block_samples: usize) -> Self {
        Self {
            order,
            words: Vec::new(),
            found: Vec::new(),
            limit: block_samples / SAMPLES_PER_EXCEPTION,
            overflowed: false,
        }
    }

    /// Looks at one decoded trace; gives the number of its exceptions.
    pub(super) fn look(&mut self, bytes: &[u8], samples: &[f32], row: u64) -> u64 {
        find_words(self.order, bytes, samples, &mut self.words);
        let n = self.words.len();
        if self.found.len() + n > self.limit {
            self.overflowed = true;
            self.found = Vec::new();
        }
        if !self.overflowed {
            self.found
                .extend(self.words.iter().map(|&word| exception(row, word)));
        }
        n as u64
    }

    pub(super) fn finish(self, window: TraceWindow<'_>, first_row: u64) -> BlockExceptions<'_> {
        if self.overflowed {
            BlockExceptions::Many { window, first_row }
        } else {
            BlockExceptions::Few(self.found)
        }
    }
}

/// The words of `bytes` that encoding `samples`, their decoded values, does not give back.
fn find_words(order: ByteOrder, bytes: &[u8], samples: &[f32], words: &mut Vec<(usize, u32)>) {
    words.clear();
    inexact_words(order, bytes, samples, words);
}

fn exception(row: u64, (sample, word): (usize, u32)) -> SampleException {
    SampleException {
        trace_index: row,
        sample_index: u32::try_from(sample).unwrap_or(u32::MAX),
        word,
    }
}

impl BlockExceptions<'_> {
    /// Writes them all, a trace at a time where they are many.
    pub(super) fn write(
        &self,
        writer: &mut ExceptionWriter,
        layout: &Layout,
    ) -> Result<(), ImportError> {
        match self {
            Self::Few(exceptions) if exceptions.is_empty() => Ok(()),
            Self::Few(exceptions) => Ok(writer.write(exceptions)?),
            Self::Many { window, first_row } => {
                write_again(window, layout, *first_row, |exceptions| {
                    writer.write(exceptions)
                })
            }
        }
    }
}

fn write_again(
    window: &TraceWindow<'_>,
    layout: &Layout,
    first_row: u64,
    mut write: impl FnMut(&[SampleException]) -> Result<(), DatasetError>,
) -> Result<(), ImportError> {
    /// Exceptions handed over at once, so that a long trace takes no more memory than a short one.
    const AT_ONCE: usize = 16_384;
    let (format, order) = (layout.format.value, layout.byte_order.value);
    let mut samples = Samples::zeros(format.number_type(), 0);
    let mut words = Vec::new();
    let mut exceptions = Vec::new();
    for i in 0..window.n_traces() {
        samples.resize(window.n_samples(i));
        decode(format, order, window.sample_bytes(i), &mut samples)?;
        if let Samples::Float32(samples) = &samples {
            find_words(order, window.sample_bytes(i), samples, &mut words);
        }
        for words in words.chunks(AT_ONCE) {
            exceptions.clear();
            exceptions.extend(
                words
                    .iter()
                    .map(|&word| exception(first_row + i as u64, word)),
            );
            write(&exceptions)?;
        }
    }
    Ok(window.check()?)
}
