//! Which sample format, if the format code is none? Only where all else is beyond doubt.
//!
//! The size of a sample follows from the file's size and the distance of its trace headers. Samples
//! of four bytes are floats or integers, whichever makes plausible values; and of the two floats those
//! of IBM are normalised. Where that is not clear, the file is refused as before.

use super::coding::{self, Coding};
use super::evidence::{Headers, Witness};
use super::head::FileHead;
use super::judging::{self, Attempt};
use super::resync::Samples as Written;
use super::samples::{Evidence, looked_at};
use super::structure::{self, Structure};
use crate::segy::source::Source;
use crate::segy::{
    ByteOrder, Decided, LayoutOverrides, LayoutWarning, SampleFormat, SegyError, decode_f32,
};

/// Of which each header must follow the other.
const FEWEST_TRACES: u64 = 4;

/// The structure of a file whose format code is none; `refused` says so where it cannot be told.
pub(super) fn decide(
    source: &Source,
    head: &FileHead,
    overrides: &LayoutOverrides,
    refused: SegyError,
) -> Result<Structure, SegyError> {
    let mut sure: Vec<Attempt> = Vec::new();
    for coding in coding::guesses(head, overrides.byte_order) {
        let attempt = judging::attempt(source, head, coding, overrides)?;
        if is_sure(source, &attempt)? {
            sure.push(attempt);
        }
    }
    let [attempt] = sure.as_slice() else {
        return Err(refused);
    };
    let Some(mut structure) = structure::of_attempt(source, head, attempt, overrides)? else {
        return Err(refused);
    };
    let Some((format, why)) = format(source, &structure)? else {
        return Err(refused);
    };
    let code = coding::format_code(head, structure.coding.byte_order.value);
    let decided = Decided::new(
        format,
        format!("bytes 3225–3226 say {code}, which is no format; {why}"),
    );
    structure.coding.format = decided.instead_of("another: say which with --format CODE");
    structure.warnings.push(LayoutWarning::FormatGuessed {
        code,
        used: format.code(),
    });
    Ok(structure)
}

/// Whether the file bears it out entirely, by several headers that follow each other.
fn is_sure(source: &Source, attempt: &Attempt) -> Result<bool, SegyError> {
    let Some(best) = &attempt.best else {
        return Ok(false);
    };
    let fits = best.rank() == 0 && best.headers == Headers::Agree;
    if !fits || best.n_traces < FEWEST_TRACES {
        return Ok(false);
    }
    Witness::new(source, best.place.data_start)?.all_follow(&best.grid)
}

/// The format, with why.
fn format(
    source: &Source,
    structure: &Structure,
) -> Result<Option<(SampleFormat, String)>, SegyError> {
    let Coding {
        byte_order, format, ..
    } = &structure.coding;
    if format.value.size_bytes() != 4 {
        let why = format!(
            "the distance of the trace headers leaves {} for a sample, so they may be {}",
            crate::wording::things(format.value.size_bytes() as u64, "byte"),
            format.value.label()
        );
        return Ok(Some((format.value, why)));
    }
    let words = looked_at(source, structure)?;
    let order = byte_order.value;
    let mut plausible = Vec::new();
    for kind in [
        SampleFormat::Ibm32,
        SampleFormat::Ieee32,
        SampleFormat::Int32,
    ] {
        let mut look = Look::default();
        for bytes in &words {
            let mut samples = Vec::new();
            decode_f32(kind, order, bytes, &mut samples)?;
            look.add(bytes, &samples);
        }
        if look.is_plausible(kind) {
            plausible.push(kind);
        }
    }
    Ok(match plausible.as_slice() {
        [only] => Some((*only, format!("only {} are plausible values", only.label()))),
        [SampleFormat::Ibm32, SampleFormat::Ieee32] => float(&words, order)?,
        _ => None,
    })
}

/// Which of the two floats, where both make plausible values: IBM machines normalise their words.
fn float(words: &[Vec<u8>], order: ByteOrder) -> Result<Option<(SampleFormat, String)>, SegyError> {
    /// Of a thousand words that are IEEE floats.
    const FEWEST_UNNORMALISED: u64 = 10;

    let mut evidence = Evidence::default();
    let format = SampleFormat::Ibm32;
    for bytes in words {
        evidence.add(bytes, Written { format, order }, SampleFormat::Ieee32)?;
    }
    let (n_words, n_unnormalised) = (evidence.n_words(), evidence.n_unnormalised());
    let counted = format!("{n_unnormalised} of {n_words} words are not normalised as IBM floats");
    Ok(if !evidence.is_varied() {
        None
    } else if n_unnormalised == 0 {
        Some((SampleFormat::Ibm32, counted))
    } else if n_unnormalised * 1000 >= n_words * FEWEST_UNNORMALISED {
        Some((SampleFormat::Ieee32, counted))
    } else {
        None
    })
}

/// What samples are, read as one format.
#[derive(Debug, Default)]
struct Look {
    /// Words that are not all zeros.
    n_words: u64,
    /// Of these, values that an instrument might record.
    n_believable: u64,
    largest: f32,
}

impl Look {
    fn add(&mut self, bytes: &[u8], samples: &[f32]) {
        const BELIEVABLE: std::ops::RangeInclusive<f32> = 1e-15..=1e15;
        for (word, sample) in bytes.as_chunks::<4>().0.iter().zip(samples) {
            if *word != [0; 4] {
                self.n_words += 1;
                self.n_believable += u64::from(BELIEVABLE.contains(&sample.abs()));
                self.largest = self.largest.max(sample.abs());
            }
        }
    }

    fn is_plausible(&self, kind: SampleFormat) -> bool {
        const FEWEST_WORDS: u64 = 500;
        /// Of integers: more than instruments have bits for. Floats are huge as integers.
        const LARGEST_INTEGER: f32 = 16_777_216.0;

        let is_small = kind != SampleFormat::Int32 || self.largest < LARGEST_INTEGER;
        self.n_words >= FEWEST_WORDS && self.n_believable * 100 >= self.n_words * 99 && is_small
    }
}
