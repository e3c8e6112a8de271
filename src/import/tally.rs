//! What is odd about many traces? Counted while headers and samples pass by, merged block by block.
//!
//! The quick scan, the full scan and the import count with the same code, so that they say the
//! same about the same traces. Bounded: however many traces differ, a tally stays small.

use serde::{Deserialize, Serialize};

use super::scaled_words::{CoordinateScalar, StartTime};
use super::{ImportWarning, Mapping};
use crate::segy::{ByteOrder, Layout, is_legal_scalar};

/// Values that are counted one by one; the rest is counted together.
const MAX_VALUES: usize = 64;

/// How often, and where first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    pub(super) count: u64,
    pub(super) first: Option<u64>,
}

impl Counted {
    pub(super) fn add(&mut self, count: u64, trace_index: u64) {
        if count > 0 {
            self.count += count;
            self.first.get_or_insert(trace_index);
        }
    }

    /// Adds what was counted in traces behind these.
    pub(super) fn merge(&mut self, later: Self) {
        self.count += later.count;
        self.first = self.first.or(later.first);
    }
}

/// Which values a header word has, in the order of their first trace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ValueCounts {
    values: Vec<(i64, Counted)>,
    rest: Counted,
    range: Option<(i64, i64)>,
}

impl ValueCounts {
    fn add(&mut self, value: i64, trace_index: u64) {
        self.add_counted(
            value,
            Counted {
                count: 1,
                first: Some(trace_index),
            },
        );
        self.widen(value, value);
    }

    fn add_counted(&mut self, value: i64, counted: Counted) {
        if let Some((_, known)) = self.values.iter_mut().find(|(v, _)| *v == value) {
            known.merge(counted);
        } else if self.values.len() < MAX_VALUES {
            self.values.push((value, counted));
        } else {
            self.rest.merge(counted);
        }
    }

    fn widen(&mut self, min: i64, max: i64) {
        let (a, b) = self.range.unwrap_or((min, max));
        self.range = Some((a.min(min), b.max(max)));
    }

    fn merge(&mut self, later: &Self) {
        for &(value, counted) in &later.values {
            self.add_counted(value, counted);
        }
        self.rest.merge(later.rest);
        if let Some((min, max)) = later.range {
            self.widen(min, max);
        }
    }

    /// Smallest and largest.
    pub(super) fn range(&self) -> Option<(i64, i64)> {
        self.range
    }

    /// Of the first trace.
    fn first_value(&self) -> Option<i64> {
        self.values.first().map(|(value, _)| *value)
    }

    /// The values for which `test` holds, counted together, and the first of them.
    fn matching(&self, test: impl Fn(i64) -> bool) -> (Counted, Option<i64>) {
        let mut all = Counted::default();
        let mut first_value = None;
        for &(value, counted) in &self.values {
            if test(value) {
                first_value.get_or_insert(value);
                all.merge(counted);
            }
        }
        (all, first_value)
    }
}

/// How many samples traces have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LengthRange {
    /// Shortest and longest.
    range: Option<(usize, usize)>,
    /// Traces shorter than the array's rows.
    pub(super) n_padded: u64,
}

impl LengthRange {
    fn add(&mut self, length: usize, of_array: usize) {
        self.widen(length, length);
        self.n_padded += u64::from(length < of_array);
    }

    fn widen(&mut self, min: usize, max: usize) {
        let (a, b) = self.range.unwrap_or((min, max));
        self.range = Some((a.min(min), b.max(max)));
    }

    fn merge(&mut self, other: Self) {
        if let Some((min, max)) = other.range {
            self.widen(min, max);
        }
        self.n_padded += other.n_padded;
    }

    pub(super) fn shortest(self) -> u32 {
        u32::try_from(self.range.map_or(0, |(min, _)| min)).unwrap_or(u32::MAX)
    }

    pub(super) fn longest(self) -> u32 {
        u32::try_from(self.range.map_or(0, |(_, max)| max)).unwrap_or(u32::MAX)
    }
}

/// The bytes of the header words that are counted, as the mapping places them.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Places {
    start: StartTime,
    coordinate_scalar: CoordinateScalar,
    samples_per_trace: Word,
    sample_interval: Word,
    coordinates: Vec<Word>,
}

/// One header word.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Word {
    pub(super) byte: u16,
    pub(super) kind: crate::segy::FieldKind,
}

impl Word {
    /// Where the mapping, or else the standard, places the column.
    pub(super) fn of(mapping: &Mapping, name: &str) -> Self {
        mapping.column(name).map_or(
            Self {
                byte: 1,
                kind: crate::segy::FieldKind::I32,
            },
            |column| Self {
                byte: column.byte,
                kind: column.kind,
            },
        )
    }

    pub(super) fn read(self, header: &[u8], order: ByteOrder) -> i64 {
        self.kind.read_i64(header, self.byte, order).unwrap_or(0)
    }
}

/// What was odd about the traces that passed by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tally {
    order: ByteOrder,
    places: Places,
    /// In microseconds.
    start: ValueCounts,
    scalar: ValueCounts,
    scalar_zero: Counted,
    samples_per_trace: ValueCounts,
    sample_interval: ValueCounts,
    lengths: LengthRange,
    /// Traces with fewer additional headers than others of the file.
    #[serde(default)]
    n_fewer_extensions: u64,
    non_finite: Counted,
    dead: Counted,
    ibm_exceptions: Counted,
}

impl Tally {
    /// For a file of this layout, nothing counted yet.
    pub(super) fn of_file(mapping: &Mapping, layout: &Layout) -> Self {
        let scaling = &layout.scaling();
        let place = |name| Word::of(mapping, name);
        let places = Places {
            start: StartTime::of(mapping, scaling),
            coordinate_scalar: CoordinateScalar::of(mapping, scaling),
            samples_per_trace: place("samples_per_trace"),
            sample_interval: place("sample_interval"),
            coordinates: [
                "source_coord_x",
                "source_coord_y",
                "group_coord_x",
                "group_coord_y",
                "cdp_x",
                "cdp_y",
            ]
            .map(place)
            .to_vec(),
        };
        Self::of_places(layout.byte_order.value, places)
    }

    /// The same words, nothing counted yet.
    pub(super) fn empty(&self) -> Self {
        Self::of_places(self.order, self.places.clone())
    }

    fn of_places(order: ByteOrder, places: Places) -> Self {
        Self {
            order,
            places,
            start: ValueCounts::default(),
            scalar: ValueCounts::default(),
            scalar_zero: Counted::default(),
            samples_per_trace: ValueCounts::default(),
            sample_interval: ValueCounts::default(),
            lengths: LengthRange::default(),
            n_fewer_extensions: 0,
            non_finite: Counted::default(),
            dead: Counted::default(),
            ibm_exceptions: Counted::default(),
        }
    }

    /// Counts one trace header.
    pub(super) fn add_header(&mut self, header: &[u8], trace_index: u64) {
        let order = self.order;
        let read = |word: Word| word.read(header, order);
        let start_millis = self.places.start.millis(header, order);
        self.start.add(micros(start_millis), trace_index);
        let scalar = self.places.coordinate_scalar.read(header, order);
        self.scalar.add(scalar, trace_index);
        if scalar == 0 && self.places.coordinates.iter().any(|&word| read(word) != 0) {
            self.scalar_zero.add(1, trace_index);
        }
        self.samples_per_trace
            .add(read(self.places.samples_per_trace), trace_index);
        self.sample_interval
            .add(read(self.places.sample_interval), trace_index);
    }

    /// Counts the length of one trace, which the import puts into a row of `of_array` samples.
    pub(super) fn add_length(&mut self, length: usize, of_array: usize) {
        self.lengths.add(length, of_array);
    }

    /// Counts one trace that may have fewer additional headers than others of the file.
    pub(super) fn add_extensions(&mut self, has_fewer: bool) {
        self.n_fewer_extensions += u64::from(has_fewer);
    }

    /// Traces with fewer additional headers than others of the file.
    pub(super) fn n_fewer_extensions(&self) -> u64 {
        self.n_fewer_extensions
    }

    /// Counts the samples of one trace.
    pub(super) fn add_samples(&mut self, trace_index: u64, n_non_finite: u64, is_dead: bool) {
        self.non_finite.add(n_non_finite, trace_index);
        self.dead.add(u64::from(is_dead), trace_index);
    }

    /// Counts IBM words that are kept apart.
    pub(super) fn add_ibm_exceptions(&mut self, trace_index: u64, words: u64) {
        self.ibm_exceptions.add(words, trace_index);
    }

    /// Adds what was counted in traces behind these.
    pub(super) fn merge(&mut self, later: &Self) {
        self.start.merge(&later.start);
        self.scalar.merge(&later.scalar);
        self.scalar_zero.merge(later.scalar_zero);
        self.samples_per_trace.merge(&later.samples_per_trace);
        self.sample_interval.merge(&later.sample_interval);
        self.lengths.merge(later.lengths);
        self.n_fewer_extensions += later.n_fewer_extensions;
        self.non_finite.merge(later.non_finite);
        self.dead.merge(later.dead);
        self.ibm_exceptions.merge(later.ibm_exceptions);
    }

    /// When traces start, in milliseconds: the earliest and the latest.
    pub(super) fn start_millis(&self) -> (f64, f64) {
        let (earliest, latest) = self.start.range().unwrap_or((0, 0));
        (millis(earliest), millis(latest))
    }

    /// Of the traces that were given to [`Self::add_length`].
    pub(super) fn lengths(&self) -> LengthRange {
        self.lengths
    }

    pub(super) fn n_dead_traces(&self) -> u64 {
        self.dead.count
    }

    pub(super) fn n_non_finite(&self) -> u64 {
        self.non_finite.count
    }

    /// Everything odd, as sentences.
    pub(super) fn warnings(&self, layout: &Layout) -> Vec<ImportWarning> {
        [
            self.non_finite
                .first
                .map(|first_trace| ImportWarning::NonFinite {
                    samples: self.non_finite.count,
                    first_trace,
                }),
            self.dead
                .first
                .map(|first_trace| ImportWarning::DeadTraces {
                    traces: self.dead.count,
                    first_trace,
                }),
            self.delay_warning(),
            self.scalar_varies_warning(),
            self.scalar_zero
                .first
                .map(|first_trace| ImportWarning::CoordinateScalarZero {
                    traces: self.scalar_zero.count,
                    first_trace,
                }),
            self.scalar_illegal_warning(),
            self.sample_count_warning(layout),
            self.sample_interval_warning(layout.sample_interval_micros.value),
            self.ibm_exceptions
                .first
                .map(|first_trace| ImportWarning::IbmWordsKeptApart {
                    words: self.ibm_exceptions.count,
                    first_trace,
                }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn delay_warning(&self) -> Option<ImportWarning> {
        let (min_millis, max_millis) = self.start_millis();
        let (differing, _) = differing_from_first(&self.start)?;
        Some(ImportWarning::DelayVaries {
            traces: differing.count,
            first_trace: differing.first?,
            min_millis,
            max_millis,
        })
    }

    fn scalar_varies_warning(&self) -> Option<ImportWarning> {
        let (differing, other_value) = differing_from_first(&self.scalar)?;
        Some(ImportWarning::CoordinateScalarVaries {
            traces: differing.count,
            first_trace: differing.first?,
            first_value: self.scalar.first_value()?,
            other_value,
        })
    }

    fn scalar_illegal_warning(&self) -> Option<ImportWarning> {
        let (illegal, value) = self.scalar.matching(|value| !is_legal_scalar(value));
        if !self.places.coordinate_scalar.is_of_each_trace() {
            return None;
        }
        Some(ImportWarning::CoordinateScalarIllegal {
            traces: illegal.count,
            first_trace: illegal.first?,
            value: value?,
        })
    }

    /// A word of zero says nothing, so it does not differ. Where traces vary in length, it is their
    /// headers that say so.
    fn sample_count_warning(&self, layout: &Layout) -> Option<ImportWarning> {
        if layout.geometry.lengths_vary() {
            return None;
        }
        let n_samples = layout.n_samples.value;
        let (differing, word) = self
            .samples_per_trace
            .matching(|value| value != 0 && value != i64::from(n_samples));
        Some(ImportWarning::SampleCountDiffers {
            traces: differing.count,
            first_trace: differing.first?,
            word: word?,
            n_samples,
        })
    }

    /// A word of zero says nothing, so it does not differ; fractions of a microsecond do not fit in.
    fn sample_interval_warning(&self, interval_micros: Option<f64>) -> Option<ImportWarning> {
        let interval_micros = interval_micros?;
        let (differing, word) = self
            .sample_interval
            .matching(|value| value != 0 && (value as f64 - interval_micros).abs() >= 1.0);
        Some(ImportWarning::SampleIntervalDiffers {
            traces: differing.count,
            first_trace: differing.first?,
            word: word?,
            interval_micros,
        })
    }
}

/// A start time as it is counted: whole microseconds.
#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, and no trace starts so late"
)]
fn micros(millis: f64) -> i64 {
    (millis * 1000.0).round() as i64
}

fn millis(micros: i64) -> f64 {
    micros as f64 / 1000.0
}

/// Traces whose value is not that of the first, and the first such value.
fn differing_from_first(counts: &ValueCounts) -> Option<(Counted, i64)> {
    let first = counts.first_value()?;
    let (mut differing, value) = counts.matching(|value| value != first);
    differing.merge(counts.rest);
    value.map(|value| (differing, value))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn counts(values: &[i64], from: u64) -> ValueCounts {
        let mut counts = ValueCounts::default();
        for (trace, &value) in (from..).zip(values) {
            counts.add(value, trace);
        }
        counts
    }

    #[test]
    fn merged_counts_are_the_counts_of_all() {
        let all = [5, 5, 7, 5, 9, 9, 5];
        for cut in 0..=all.len() {
            let mut merged = counts(&all[..cut], 0);
            merged.merge(&counts(&all[cut..], cut as u64));
            assert_eq!(merged, counts(&all, 0), "cut at {cut}");
        }
    }

    #[test]
    fn differing_traces_are_counted_from_the_first_value() {
        let (differing, value) = differing_from_first(&counts(&[5, 5, 7, 5, 9], 0)).unwrap();
        assert_eq!((differing.count, differing.first, value), (2, Some(2), 7));
        assert!(differing_from_first(&counts(&[5, 5], 0)).is_none());
        assert!(differing_from_first(&ValueCounts::default()).is_none());
    }

    #[test]
    fn many_values_stay_small_and_are_still_counted() {
        let values: Vec<i64> = (0..10_000).collect();
        let counts = counts(&values, 0);
        assert_eq!(counts.values.len(), MAX_VALUES);
        assert_eq!(differing_from_first(&counts).unwrap().0.count, 9_999);
        assert_eq!(counts.range(), Some((0, 9_999)));
    }
}
