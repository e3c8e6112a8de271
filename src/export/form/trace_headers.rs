//! Which trace headers have the new file's traces? The imported ones, with the words that must follow.
//!
//! Every word is put into the new byte order by the standard's table; where the mapping took words
//! from other places, or of other types, by these.

use std::ops::Range;

use super::FormChange;
use super::plan::FormPlan;
use crate::dataset::Dataset;
use crate::segy::fields_trace::{TRACE_FIELDS, TRACE_HEADER_BYTES, find_trace_field};
use crate::segy::{ByteOrder, FieldKind, FieldSpec, HeaderValue, Scalar, Scaling};

/// Bytes that Seismic Unix gives words of its own (its manual, "segy.h").
const SU_WORDS: Range<usize> = 180..TRACE_HEADER_BYTES;

/// Changes trace headers, one after another, and counts what it changed.
#[derive(Clone, Debug)]
pub(super) struct TraceHeaders {
    from: ByteOrder,
    to: ByteOrder,
    /// Words whose bytes are put into the other order; empty where the order stays.
    words: Vec<Range<usize>>,
    /// Samples before the window, in milliseconds.
    shift_millis: f64,
    /// By which the import scaled delays.
    time_scalar: Scalar,
    interval: Option<u16>,
    renumber: bool,
    is_su: bool,
    counts: Counts,
}

/// By which the import took delays; older datasets do not say, and the standard's way is right then.
fn time_scalar(dataset: &Dataset) -> Scalar {
    let scaling = dataset.manifest().segy.scaling;
    let told = scaling.and_then(|scaling| scaling.time_scalar);
    told.map_or(Scalar::OfEachTrace, Scalar::Constant)
}

/// Traces in which a word was changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    samples: u64,
    interval: u64,
    delay: u64,
    delay_rounded: u64,
    number_in_line: u64,
    number_in_file: u64,
    su_words: u64,
}

impl TraceHeaders {
    pub(super) fn new(dataset: &Dataset, plan: &FormPlan) -> Self {
        let axis = &dataset.manifest().axis;
        let words = if plan.reorders() {
            words_to_reorder(dataset)
        } else {
            Vec::new()
        };
        let micros = plan.from.interval_micros.filter(|m| m.fract() == 0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within the range, and whole"
        )]
        let interval = micros
            .filter(|micros| (1.0..=f64::from(u16::MAX)).contains(micros))
            .map(|micros| micros as u16);
        Self {
            from: plan.from.byte_order,
            to: plan.byte_order,
            words,
            shift_millis: f64::from(plan.window.start) * axis.interval,
            time_scalar: time_scalar(dataset),
            interval,
            renumber: plan.form.renumber,
            is_su: plan.is_su(),
            counts: Counts::default(),
        }
    }

    /// Changes the header of a trace of `n_samples`, the `number`-th (from 0) of the new file.
    pub(super) fn change(&mut self, header: &mut [u8], n_samples: u32, number: u64) {
        if !self.words.is_empty() {
            let changed = reordered(header, &self.words, self.from, self.to);
            header.copy_from_slice(&changed);
        }
        let samples = u16::try_from(n_samples).unwrap_or(0);
        self.counts.samples += self.set(header, "samples_per_trace", i64::from(samples));
        if let Some(interval) = self.interval {
            self.counts.interval += self.set(header, "sample_interval", i64::from(interval));
        }
        if self.shift_millis != 0.0 {
            self.shift_delay(header);
        }
        if self.renumber {
            let number = i64::try_from(number).unwrap_or(i64::MAX).saturating_add(1);
            self.counts.number_in_line += self.set(header, "trace_seq_num_line", number);
            self.counts.number_in_file += self.set(header, "trace_seq_num_reel", number);
        }
        if self.is_su
            && let Some(words) = header.get_mut(SU_WORDS)
        {
            self.counts.su_words += u64::from(words.iter().any(|&byte| byte != 0));
            words.fill(0);
        }
    }

    /// All that was changed.
    pub(super) fn changes(&self) -> Vec<FormChange> {
        let counts = &self.counts;
        let word = |name: &'static str, n_traces: u64| {
            let byte = find_trace_field(name).map_or(0, |field| field.byte);
            (n_traces > 0).then_some(FormChange::TraceWord {
                byte,
                name,
                n_traces,
            })
        };
        [
            word("trace_seq_num_line", counts.number_in_line),
            word("trace_seq_num_reel", counts.number_in_file),
            word("delay_recording_time", counts.delay),
            word("samples_per_trace", counts.samples),
            word("sample_interval", counts.interval),
            (counts.delay_rounded > 0).then_some(FormChange::DelayRounded {
                n_traces: counts.delay_rounded,
            }),
            (counts.su_words > 0).then_some(FormChange::SeismicUnixWordsCleared {
                n_traces: counts.su_words,
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The delay of the window's first sample, in the units in which the import took the word.
    fn shift_delay(&mut self, header: &mut [u8]) {
        let read = |name: &str| {
            let field = find_trace_field(name)?;
            field.kind.read_i64(header, field.byte, self.to)
        };
        let delay = read("delay_recording_time").unwrap_or(0) as f64;
        let scaling = Scaling {
            time_scalar: self.time_scalar,
            ..Scaling::default()
        };
        let millis_of_one = scaling.start_millis(1, read("times_scalar").unwrap_or(0));
        let wanted = delay + self.shift_millis / millis_of_one;
        let word = wanted
            .round()
            .clamp(f64::from(i16::MIN), f64::from(i16::MAX));
        self.counts.delay_rounded += u64::from((word - wanted).abs() > 1e-6);
        #[expect(clippy::cast_possible_truncation, reason = "clamped, and whole")]
        let word = word as i64;
        self.counts.delay += self.set(header, "delay_recording_time", word);
    }

    /// Sets a word; 1 where it said something else before, for counting.
    fn set(&self, header: &mut [u8], name: &str, value: i64) -> u64 {
        let Some(FieldSpec { byte, kind, .. }) = find_trace_field(name) else {
            return 0;
        };
        if kind.read_i64(header, *byte, self.to) == Some(value) {
            return 0;
        }
        let written = kind.write(header, *byte, self.to, &HeaderValue::Int(value));
        u64::from(written.is_some())
    }
}

/// The standard's words, but for those that overlap words which the mapping took otherwise.
fn words_to_reorder(dataset: &Dataset) -> Vec<Range<usize>> {
    let schema = dataset.header_schema();
    let own = schema.fields().iter().filter_map(|field| {
        let byte: u16 = field.metadata().get("segy_byte")?.parse().ok()?;
        let kind = field.metadata().get("segy_type")?.as_str();
        let kind = serde_json::from_value::<FieldKind>(kind.into()).ok()?;
        let is_standard = TRACE_FIELDS
            .iter()
            .any(|field| field.byte == byte && field.kind.size_bytes() == kind.size_bytes());
        (!is_standard).then_some((byte, kind))
    });
    let standard = TRACE_FIELDS.iter().map(|field| (field.byte, field.kind));
    let mut words: Vec<Range<usize>> = Vec::new();
    for (byte, kind) in own.chain(standard) {
        let start = usize::from(byte.saturating_sub(1));
        let word = start..start + kind.size_bytes();
        let is_free = |other: &Range<usize>| word.end <= other.start || other.end <= word.start;
        let fits = word.end <= TRACE_HEADER_BYTES && words.iter().all(is_free);
        if fits && kind != FieldKind::Text8 {
            words.push(word);
        }
    }
    words.retain(|word| word.len() > 1);
    words
}

/// The bytes with each word put from one order into another; what is no word stays.
pub(super) fn reordered(
    bytes: &[u8],
    words: &[Range<usize>],
    from: ByteOrder,
    to: ByteOrder,
) -> Vec<u8> {
    let big_first = |word: &Range<usize>| -> Option<Vec<u8>> {
        let start = word.start;
        let at = |i: usize| bytes.get(i).copied();
        match from {
            ByteOrder::Big => word.clone().map(at).collect(),
            ByteOrder::Little => word.clone().rev().map(at).collect(),
            ByteOrder::PairSwapped => (start..word.end).map(|i| at(i ^ 1)).collect(),
        }
    };
    let mut out = bytes.to_vec();
    if from == ByteOrder::PairSwapped {
        // Pairs were swapped over the whole header, words or not.
        out.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    }
    for word in words {
        if let (Some(mut value), Some(place)) = (big_first(word), out.get_mut(word.clone())) {
            if to == ByteOrder::Little {
                value.reverse();
            }
            place.copy_from_slice(&value);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_reordered_and_the_rest_stays() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        let words = [0..4, 4..6];
        let swap = |from, to| reordered(&bytes, &words, from, to);
        assert_eq!(
            swap(ByteOrder::Big, ByteOrder::Little),
            [4, 3, 2, 1, 6, 5, 7, 8]
        );
        assert_eq!(
            swap(ByteOrder::Little, ByteOrder::Big),
            [4, 3, 2, 1, 6, 5, 7, 8]
        );
        assert_eq!(
            swap(ByteOrder::PairSwapped, ByteOrder::Big),
            [2, 1, 4, 3, 6, 5, 8, 7]
        );
        assert_eq!(
            swap(ByteOrder::PairSwapped, ByteOrder::Little),
            [3, 4, 1, 2, 5, 6, 8, 7]
        );
    }
}
