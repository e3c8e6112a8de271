//! Where does the next trace begin, when it is not where it should be?
//!
//! The last good headers make a template: which bytes are the same in all of them, which of those
//! are not zero. The bytes behind are tried one position after another; a position counts where
//! the constant bytes agree and more headers follow at the distance that the trace's length says.
//! One header-like place alone is never believed.

use std::ops::Range;

use super::walk::Walk;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::measure::{LengthRule, Measure};
use crate::segy::source::Source;
use crate::segy::{ByteOrder, FieldKind, SampleFormat, SegyError, decode_f32};

/// Bytes searched behind the last good trace; behind that, what follows is not ours to guess.
pub(super) const MOST_SEARCHED_BYTES: u64 = 32 << 20;
/// Headers that must follow at the right distances, if the file goes on.
const N_CONFIRMING: u32 = 3;
/// Good headers that a template is made of.
pub(super) const TEMPLATE_HEADERS: usize = 8;

/// What all good headers have in common.
#[derive(Clone, Debug)]
pub(super) struct Template {
    bytes: Vec<u8>,
    constant: Vec<bool>,
    /// Positions of constant bytes that are not zero.
    anchors: Vec<usize>,
}

/// Bytes (from 1) of words that count or say where: they are the same within a gather and differ in
/// the next, so that they prove nothing. (The number of samples too, where it varies.)
const COUNTING_WORDS: [Range<usize>; 5] = [1..29, 37..69, 73..89, 109..115, 181..201];

/// Positions of the bytes of a header that are likely the same in all headers, and are not zero.
pub(super) fn marks(header: &[u8]) -> Vec<usize> {
    let counts = |i: usize| COUNTING_WORDS.iter().any(|word| word.contains(&(i + 1)));
    let bytes = header.iter().enumerate();
    bytes
        .filter(|&(i, &byte)| byte != 0 && !counts(i))
        .map(|(i, _)| i)
        .collect()
}

impl Template {
    /// Of at least one header of 240 bytes; `None` where they have too little in common to
    /// recognise another by it.
    pub(super) fn new(headers: &[Vec<u8>], rule: LengthRule) -> Option<Self> {
        /// Fewer constant bytes that are not zero say nothing.
        const FEWEST_ANCHORS: usize = 3;

        let bytes = headers.last()?.clone();
        if bytes.len() < TRACE_HEADER_BYTES {
            return None;
        }
        let same = |i: usize| headers.iter().all(|header| header.get(i) == bytes.get(i));
        let counts = |i: usize| COUNTING_WORDS.iter().any(|word| word.contains(&(i + 1)));
        let is_length =
            |i: usize| matches!(rule, LengthRule::InHeader { .. }) && (115..117).contains(&(i + 1));
        let constant: Vec<bool> = (0..TRACE_HEADER_BYTES)
            .map(|i| same(i) && !counts(i) && !is_length(i))
            .collect();
        let anchors: Vec<usize> = bytes
            .iter()
            .zip(&constant)
            .enumerate()
            .filter(|(_, (byte, constant))| **constant && **byte != 0)
            .map(|(i, _)| i)
            .collect();
        (anchors.len() >= FEWEST_ANCHORS).then_some(Self {
            bytes,
            constant,
            anchors,
        })
    }

    /// Constant bytes in which `header` differs; `None` where it is another kind of thing.
    pub(super) fn deviations(&self, header: &[u8]) -> Option<usize> {
        /// Of a hundred constant bytes, and of as many anchors.
        const PERCENT: usize = 95;
        const ANCHOR_PERCENT: usize = 80;

        let most_differing = self.anchors.len() * (100 - ANCHOR_PERCENT) / 100;
        let mut n_left = most_differing;
        for &i in &self.anchors {
            if header.get(i) != self.bytes.get(i) {
                n_left = n_left.checked_sub(1)?; // soon decided at most places
            }
        }
        let n_constant = self.constant.iter().filter(|&&constant| constant).count();
        let n_differing = header
            .iter()
            .zip(&self.bytes)
            .zip(&self.constant)
            .filter(|((a, b), constant)| **constant && a != b)
            .count();
        (header.len() == self.bytes.len() && n_differing * 100 <= n_constant * (100 - PERCENT))
            .then_some(n_differing)
    }

    pub(super) fn matches(&self, header: &[u8]) -> bool {
        self.deviations(header).is_some()
    }
}

/// The first position from `from` on where traces go on, within the bytes that are searched; `last_end`
/// is where the last trace may end.
pub(super) fn next_trace(
    source: &Source,
    template: &Template,
    measure: &Measure,
    from: u64,
    last_end: u64,
) -> Result<Option<u64>, SegyError> {
    /// Bytes looked through at once.
    const BLOCK_BYTES: u64 = 1 << 20;

    let header_bytes = TRACE_HEADER_BYTES as u64;
    let size_bytes = source.size_bytes();
    let until = size_bytes.min(from.saturating_add(MOST_SEARCHED_BYTES));
    let mut start = from;
    while start + header_bytes <= until {
        let end = size_bytes.min(start + BLOCK_BYTES + header_bytes);
        let block = source.read(start..end)?;
        for (i, header) in block.windows(TRACE_HEADER_BYTES).enumerate() {
            let position = start + i as u64;
            if template.matches(header) && goes_on(source, template, measure, position, last_end)? {
                return Ok(Some(position));
            }
        }
        start += (block.len() as u64).saturating_sub(header_bytes - 1).max(1);
    }
    Ok(None)
}

/// Whether the header at `position` is followed by others at the distances that lengths say.
fn goes_on(
    source: &Source,
    template: &Template,
    measure: &Measure,
    position: u64,
    end: u64,
) -> Result<bool, SegyError> {
    let needed = measure.needed_bytes().max(TRACE_HEADER_BYTES);
    let mut walk = Walk::new(source);
    let mut position = position;
    for n_followed in 0..=N_CONFIRMING {
        if position == end && n_followed > 0 {
            return Ok(true);
        }
        let Some(headers) = walk.read(position, needed)? else {
            // The end of the file, perhaps within a trace: enough, if something came before it.
            return Ok(n_followed > 1);
        };
        let Some(standard) = headers.get(..TRACE_HEADER_BYTES) else {
            return Ok(false);
        };
        if !template.matches(standard) {
            return Ok(false);
        }
        let size = measure.size(headers);
        if size.n_samples == 0 {
            return Ok(false);
        }
        position = position.saturating_add(measure.bytes(size));
    }
    Ok(true)
}

/// What damage between two headers has hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hit {
    /// The samples of the trace in front of it.
    Samples,
    /// Nothing but what lies between the traces, or traces of which nothing is left.
    Between,
    /// The header behind it, whose trace is lost.
    NextHeader,
}

/// What was hit, where a header was found at the beginning of `found` and not behind `trace`, the
/// samples of the last trace; `before` are the headers up to that one.
pub(super) fn what_was_hit(
    source: &Source,
    template: &Template,
    samples: Samples,
    before: &[Vec<u8>],
    trace: Range<u64>,
    found: Range<u64>,
) -> Result<Hit, SegyError> {
    let (expected, next) = (trace.end, found.start);
    if header_was_hit(source, samples.order, before, expected, found)? {
        return Ok(Hit::NextHeader);
    }
    let is_whole = next_but_one(source, samples.order, before, expected, next)?
        || is_whole(source, template, samples, trace, next)?;
    Ok(if is_whole { Hit::Between } else { Hit::Samples })
}

/// Whether the header found at the beginning of `next`, near to where one is expected, was itself hit
/// by the damage: its trace number follows none of the `headers` before it, nor does that of the
/// header behind it follow. Then its trace is lost, not the one in front of it.
///
/// ```text
/// cut here ✗ in front of the header:   … samples ✗ [21 …      the number follows
/// cut here ✗ within the header:        … samples [2 ✗ …       it begins with bytes of something else
/// ```
fn header_was_hit(
    source: &Source,
    order: ByteOrder,
    headers: &[Vec<u8>],
    expected: u64,
    next: Range<u64>,
) -> Result<bool, SegyError> {
    let header_bytes = TRACE_HEADER_BYTES as u64;
    let Range { start: next, end } = next;
    let distance = next.abs_diff(expected);
    if distance == 0 || distance >= header_bytes {
        return Ok(false);
    }
    let header = source.read(next..next + header_bytes)?;
    let number = |header: &[u8]| FieldKind::I32.read_i64(header, 1, order).unwrap_or(0);
    let found = number(&header);
    if end + header_bytes <= source.size_bytes() {
        let following = number(&source.read(end..end + header_bytes)?);
        if following == found + 1 {
            return Ok(false); // whole traces are missing in front of it
        }
    }
    Ok(match headers {
        [.., before, last] => {
            let step = number(last) - number(before);
            (0..=1).contains(&step) && found != number(last) + step
        }
        [last] => found != number(last) && found != number(last) + 1,
        [] => false,
    })
}

/// Whether the trace expected at `expected` was hit, and `next` is the one behind it, by their
/// numbers: what is left of the header at `expected` continues those of the `headers` before it.
fn next_but_one(
    source: &Source,
    order: ByteOrder,
    headers: &[Vec<u8>],
    expected: u64,
    next: u64,
) -> Result<bool, SegyError> {
    /// Of the number.
    const NUMBER_BYTES: u64 = 4;
    let Some(last) = headers.last() else {
        return Ok(false);
    };
    if expected + NUMBER_BYTES > next {
        return Ok(false);
    }
    let number = |bytes: &[u8]| FieldKind::I32.read_i64(bytes, 1, order).unwrap_or(0);
    let at = |position: u64| Ok(number(&source.read(position..position + NUMBER_BYTES)?));
    let last = number(last);
    Ok(last != 0 && at(expected)? == last + 1 && at(next)? == last + 2)
}

/// How samples are written: needed to tell a whole trace from a damaged one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Samples {
    pub(super) format: SampleFormat,
    pub(super) order: ByteOrder,
}

/// Whether bytes were added between a trace and the next header, at `next`, and the trace is whole.
///
/// `trace` are its samples. Bytes added within the samples shift all samples behind them: floats
/// then read as rubbish, unless whole samples were added, which would read like their neighbours.
/// A header that deviates a little was itself hit. Where nothing can be told, the trace is not whole.
fn is_whole(
    source: &Source,
    template: &Template,
    Samples { format, order }: Samples,
    trace: Range<u64>,
    next: u64,
) -> Result<bool, SegyError> {
    /// The last samples, which a shift would have reached.
    const TAIL_BYTES: u64 = 4 * 64;
    const MOST_BYTES: u64 = 1 << 20;
    const FEWEST_SAMPLES: usize = 8;

    let header_bytes = TRACE_HEADER_BYTES as u64;
    if next <= trace.end {
        return Ok(false);
    }
    if source.size_bytes() >= trace.end + header_bytes {
        let expected = source.read(trace.end..trace.end + header_bytes)?;
        if template.matches(&expected) {
            return Ok(true); // it was the next trace that is damaged
        }
    }
    let header = source.read(next..next + header_bytes)?;
    if next - trace.end < header_bytes && template.deviations(&header) != Some(0) {
        return Ok(true);
    }
    let is_float = matches!(format, SampleFormat::Ibm32 | SampleFormat::Ieee32);
    if !is_float || trace.end - trace.start > MOST_BYTES {
        return Ok(false);
    }
    let magnitudes = |range: Range<u64>| -> Result<Vec<f32>, SegyError> {
        let whole = (range.end - range.start) / 4 * 4;
        let bytes = source.read(range.start..range.start + whole)?;
        let mut samples = Vec::new();
        decode_f32(format, order, &bytes, &mut samples)?;
        Ok(samples.into_iter().map(f32::abs).collect())
    };
    let n_bytes = trace.end - trace.start;
    let tail_start = trace.end - TAIL_BYTES.min(n_bytes / 8 * 4);
    let (head, tail) = (
        magnitudes(trace.start..tail_start)?,
        magnitudes(tail_start..trace.end)?,
    );
    let loudest = head.iter().copied().fold(0.0, f32::max);
    let quietest = head
        .iter()
        .copied()
        .filter(|&value| value > 0.0)
        .fold(f32::INFINITY, f32::min);
    let fits = |value: f32| value == 0.0 || (quietest * 1e-3..=loudest * 1e2).contains(&value);
    let used = tail.iter().filter(|&&value| value > 0.0).count();
    if head.len() < FEWEST_SAMPLES || used < FEWEST_SAMPLES || !loudest.is_finite() {
        return Ok(false);
    }
    if !tail.iter().copied().all(fits) {
        return Ok(false);
    }
    let n_extra = next - trace.end;
    if !n_extra.is_multiple_of(4) {
        return Ok(true);
    }
    let extra = magnitudes(trace.end..trace.end + n_extra.min(MOST_BYTES))?;
    let n_fitting = extra
        .iter()
        .filter(|&&value| value > 0.0 && fits(value))
        .count();
    Ok(n_fitting * 4 < extra.len())
}
