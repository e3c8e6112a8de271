//! A SEG-Y file as something to browse, straight from mapped windows.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::error::no_such_header;
use super::estimate::estimated_amplitudes;
use super::source::numbers_of_header;
use super::{BrowseError, SourceFactsForView, TraceSource};
use crate::dataset::{DelayFacts, VerticalAxis, VerticalDomain};
use crate::job::JobContext;
use crate::segy::fields_trace::{TRACE_FIELDS, find_trace_field};
use crate::segy::{FieldKind, LayoutOverrides, SegyFile, decode_f32};

/// A window maps no more than this, so that resident memory stays small.
const WINDOW_BYTES: u64 = 32 << 20;
/// Words that stand in the unassigned bytes of older revisions are offered only from revision 2 on.
const REVISION_1: u16 = 100;

/// When a trace starts, in milliseconds, once the scalar of times is applied.
const DELAY: &str = "delay_recording_time";
const TIME_SCALAR: &str = "times_scalar";

/// Where a header stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Word {
    byte: u16,
    kind: FieldKind,
}

/// A SEG-Y file as something to browse.
#[derive(Debug)]
pub struct SegySource {
    file: SegyFile,
    facts: SourceFactsForView,
    moved: Vec<(String, Word)>,
}

impl SegySource {
    /// Opens the file at `path`. `moved` are columns taken from other bytes: name, byte (from 1), type.
    ///
    /// # Errors
    /// As `SegyFile::open`.
    pub fn open(
        path: &Path,
        overrides: &LayoutOverrides,
        moved: &[(String, u16, FieldKind)],
        default_keys: &[String],
    ) -> Result<Self, BrowseError> {
        let file = SegyFile::open(path, overrides)?;
        Ok(Self::of_file(path, file, moved, default_keys))
    }

    /// [`Self::open`] within a task, which may be stopped, and which shows how far it is: where
    /// traces differ in size, all headers are walked over.
    ///
    /// # Errors
    /// As [`Self::open`]; `SegyError::Cancelled`.
    pub fn open_watched(
        path: &Path,
        overrides: &LayoutOverrides,
        moved: &[(String, u16, FieldKind)],
        default_keys: &[String],
        context: &JobContext,
    ) -> Result<Self, BrowseError> {
        let watch = Arc::new(context.place_in_file());
        let file = SegyFile::open_watched(path, overrides, watch)?;
        Ok(Self::of_file(path, file, moved, default_keys))
    }

    fn of_file(
        path: &Path,
        file: SegyFile,
        moved: &[(String, u16, FieldKind)],
        default_keys: &[String],
    ) -> Self {
        let moved: Vec<(String, Word)> = moved
            .iter()
            .map(|(name, byte, kind)| {
                (
                    name.clone(),
                    Word {
                        byte: *byte,
                        kind: *kind,
                    },
                )
            })
            .collect();
        let layout = file.layout();
        let facts = SourceFactsForView {
            name: path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            n_traces: layout.n_traces,
            n_samples: layout.n_samples.value,
            axis: VerticalAxis {
                domain: VerticalDomain::Sample,
                unit: "sample".to_owned(),
                first: 0.0,
                interval: 1.0,
            },
            amplitude: None,
            header_names: header_names(&file, &moved),
            default_keys: default_keys.to_vec(),
        };
        let mut source = Self { file, facts, moved };
        if let Some(axis) = source.time_axis() {
            source.facts.axis = axis;
        }
        source.facts.amplitude = estimated_amplitudes(&source);
        source
    }

    /// The file inside.
    pub fn file(&self) -> &SegyFile {
        &self.file
    }

    /// Milliseconds from the first trace's start; `None` where no interval is known.
    fn time_axis(&self) -> Option<VerticalAxis> {
        let micros = self.file.layout().sample_interval_micros.value?;
        let mut starts = Vec::new();
        if self.facts.n_traces > 0 {
            // A start that cannot be read is 0.
            drop(self.read_starts(0..1, &mut starts));
        }
        Some(VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: starts.first().copied().unwrap_or(0.0),
            interval: micros / 1000.0,
        })
    }

    /// When each trace starts, in milliseconds.
    fn read_starts(&self, traces: Range<u64>, out: &mut Vec<f64>) -> Result<(), BrowseError> {
        let scaling = self.file.layout().scaling();
        let (mut delays, mut scalars) = (Vec::new(), Vec::new());
        self.read_header(DELAY, traces.clone(), &mut delays)?;
        self.read_header(TIME_SCALAR, traces, &mut scalars)?;
        let pairs = delays.into_iter().zip(scalars);
        out.extend(
            pairs.map(|(delay, scalar)| {
                scaling.start_millis(delay.unwrap_or(0), scalar.unwrap_or(0))
            }),
        );
        Ok(())
    }

    /// Where the header that the user means by `name` stands.
    fn word_of(&self, name: &str) -> Result<Word, BrowseError> {
        let moved = |wanted: &str| self.moved.iter().find(|(n, _)| n == wanted).map(|m| m.1);
        if let Some(word) = moved(name) {
            return Ok(word);
        }
        let field =
            find_trace_field(name).ok_or_else(|| no_such_header(name, &self.facts.header_names))?;
        Ok(moved(field.name).unwrap_or(Word {
            byte: field.byte,
            kind: field.kind,
        }))
    }

    /// `traces` in parts that are mapped one after another.
    fn windows(
        &self,
        traces: Range<u64>,
    ) -> Result<impl Iterator<Item = Range<u64>> + use<>, BrowseError> {
        if traces.start > traces.end || traces.end > self.facts.n_traces {
            return Err(BrowseError::NoSuchTraces {
                first: traces.start,
                last: traces.end.saturating_sub(1),
                n_traces: self.facts.n_traces,
            });
        }
        let stride = self.file.layout().trace_stride_bytes.max(1);
        let part = (WINDOW_BYTES / stride).max(1);
        let Range { start, end } = traces;
        Ok((0..(end - start).div_ceil(part)).map(move |i| {
            let first = start + i * part;
            first..end.min(first + part)
        }))
    }
}

impl TraceSource for SegySource {
    fn facts(&self) -> &SourceFactsForView {
        &self.facts
    }

    fn read_traces(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError> {
        let layout = self.file.layout();
        let (format, order) = (layout.format.value, layout.byte_order.value);
        let n_samples = self.facts.n_samples as usize;
        for part in self.windows(traces)? {
            let window = self.file.window(part)?;
            for i in 0..window.n_traces() {
                decode_f32(format, order, window.sample_bytes(i), out)?;
                let missing = n_samples.saturating_sub(window.n_samples(i));
                out.resize(out.len() + missing, super::PADDING);
            }
            window.check()?;
        }
        Ok(())
    }

    fn read_header(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<Option<i64>>,
    ) -> Result<(), BrowseError> {
        let Word { byte, kind } = self.word_of(name)?;
        let order = self.file.layout().byte_order.value;
        for part in self.windows(traces)? {
            let window = self.file.window(part)?;
            let traces = 0..window.n_traces();
            out.extend(traces.map(|i| kind.read_i64(window.headers(i), byte, order)));
            window.check()?;
        }
        Ok(())
    }

    fn read_all_headers(
        &self,
        trace_index: u64,
    ) -> Result<Vec<(String, Option<i64>)>, BrowseError> {
        let one = trace_index..trace_index.saturating_add(1);
        // One window for all names; the range is checked there.
        drop(self.windows(one.clone())?);
        let window = self.file.window(one)?;
        let order = self.file.layout().byte_order.value;
        let values = self
            .facts
            .header_names
            .iter()
            .map(|name| {
                let Word { byte, kind } = self.word_of(name)?;
                Ok((name.clone(), kind.read_i64(window.headers(0), byte, order)))
            })
            .collect();
        window.check()?;
        values
    }

    fn file_headers(&self) -> Result<super::FileHeaders, BrowseError> {
        Ok(super::FileHeaders::of_file(&self.file)?)
    }

    /// Whether delays vary is not known without looking at all traces.
    fn delay_header(&self) -> Option<&str> {
        let is_time = self.facts.axis.domain == VerticalDomain::Time;
        let scaling = self.file.layout().scaling();
        let column = if scaling.delay_is_as_written() {
            DELAY
        } else {
            DelayFacts::SCALED_COLUMN
        };
        (is_time && scaling.delay_millis.is_none()).then_some(column)
    }

    fn coordinate_scalar(&self) -> Option<i32> {
        self.file.layout().scaling().coordinate_scalar.constant()
    }

    fn read_numbers(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<f64>,
    ) -> Result<(), BrowseError> {
        if name == DelayFacts::SCALED_COLUMN {
            return self.read_starts(traces, out);
        }
        numbers_of_header(self, name, traces, out)
    }

    fn stored_runs(&self, _keys: &[String]) -> Result<Option<Vec<super::KeyRun>>, BrowseError> {
        Ok(None)
    }

    /// Mapped traces that are skipped cost nothing; a window of its own costs as much as decoding a few.
    fn worthwhile_gap_traces(&self) -> u64 {
        4
    }
}

/// The integer words of the standard that this revision has, then what was moved under a new name.
fn header_names(file: &SegyFile, moved: &[(String, Word)]) -> Vec<String> {
    let revision = file.layout().revision.value;
    let newest = REVISION_1.max(u16::from(revision.major) * 100 + u16::from(revision.minor) * 10);
    let standard = TRACE_FIELDS
        .iter()
        .filter(|field| field.since_revision <= newest && is_integer(field.kind))
        .map(|field| field.name.to_owned());
    let mut names: Vec<String> = standard.collect();
    for (name, _) in moved {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn is_integer(kind: FieldKind) -> bool {
    match kind {
        FieldKind::I8
        | FieldKind::U8
        | FieldKind::I16
        | FieldKind::U16
        | FieldKind::I24
        | FieldKind::U24
        | FieldKind::I32
        | FieldKind::U32
        | FieldKind::I64
        | FieldKind::U64 => true,
        FieldKind::F32 | FieldKind::F64 | FieldKind::Ibm32 | FieldKind::Text8 => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::{GatherIndex, load_gather};
    use crate::samples::Samples;
    use crate::segy::{ByteOrder, FileHeaderSpec, SampleFormat, SegyWriter, TraceHeaderBuilder};
    use tempfile::NamedTempFile;

    const N_TRACES: u32 = 50;
    const N_SAMPLES: u32 = 20;

    fn sample(trace: u32, i: u32) -> f32 {
        trace as f32 - 0.25 * i as f32
    }

    /// Records 7, 8, 9, 7, 8 of ten traces each; a key of its own at bytes 233–236.
    fn file(format: SampleFormat, order: ByteOrder) -> NamedTempFile {
        let file = NamedTempFile::new().unwrap();
        let spec = FileHeaderSpec::new(order, format, N_SAMPLES, 2000.0);
        let mut writer = SegyWriter::new(file.reopen().unwrap(), &spec).unwrap();
        for trace in 0..N_TRACES {
            let mut header = TraceHeaderBuilder::new(order);
            header.set("fldr", 7 + i64::from(trace / 10 % 3)).unwrap();
            header.set("tracf", i64::from(trace)).unwrap();
            header.set("delrt", 120_i64).unwrap();
            header
                .set_at(233, FieldKind::I32, i64::from(trace) * 3)
                .unwrap();
            let samples = (0..N_SAMPLES).map(|i| sample(trace, i)).collect();
            writer
                .write_trace(header.bytes(), &Samples::Float32(samples))
                .unwrap();
        }
        writer.finish().unwrap();
        file
    }

    fn open(file: &NamedTempFile) -> SegySource {
        let moved = [("my_key".to_owned(), 233, FieldKind::I32)];
        SegySource::open(file.path(), &LayoutOverrides::default(), &moved, &[]).unwrap()
    }

    #[test]
    fn traces_headers_and_axis_are_those_of_the_file() {
        for (format, order) in [
            (SampleFormat::Ibm32, ByteOrder::Big),
            (SampleFormat::Ieee32, ByteOrder::Little),
        ] {
            let file = file(format, order);
            let source = open(&file);
            let facts = source.facts();
            assert_eq!((facts.n_traces, facts.n_samples), (50, 20));
            assert_eq!(facts.axis.unit, "ms");
            assert!((facts.axis.first - 120.0).abs() < 1e-9);
            assert!((facts.axis.interval - 2.0).abs() < 1e-9);
            let mut samples = Vec::new();
            source.read_traces(13..15, &mut samples).unwrap();
            let expected: Vec<f32> = (13..15)
                .flat_map(|trace| (0..N_SAMPLES).map(move |i| sample(trace, i)))
                .collect();
            assert_eq!(samples, expected);
            let mut values = Vec::new();
            source.read_header("my_key", 4..6, &mut values).unwrap();
            source.read_header("FFID", 29..31, &mut values).unwrap();
            assert_eq!(values, [Some(12), Some(15), Some(9), Some(7)]);
            let all = source.read_all_headers(31).unwrap();
            assert_eq!(all.len(), facts.header_names.len());
            assert!(all.contains(&("my_key".to_owned(), Some(93))));
            let amplitude = facts.amplitude.unwrap();
            assert!(amplitude.abs_p99 > 40.0 && amplitude.max <= 49.0);
        }
    }

    #[test]
    fn an_unsorted_file_gives_gathers_of_all_their_traces() {
        let file = file(SampleFormat::Ieee32, ByteOrder::Big);
        let source = open(&file);
        let keys = ["ffid".to_owned()];
        let index = GatherIndex::build(&source, &keys, 1, &JobContext::default())
            .unwrap()
            .unwrap();
        assert_eq!(index.len(), 3);
        let names = ["tracf".to_owned()];
        let gather = load_gather(&source, &index, 0, &names).unwrap();
        let expected: Vec<u64> = (0..10).chain(30..40).collect();
        assert_eq!(gather.trace_indices, expected);
        assert_eq!(gather.headers[0].values[10], Some(30));
        assert!((gather.trace(10)[4] - sample(30, 4)).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let file = file(SampleFormat::Ieee32, ByteOrder::Big);
        let source = open(&file);
        let mut out = Vec::new();
        assert!(matches!(
            source.read_traces(40..51, &mut out),
            Err(BrowseError::NoSuchTraces { n_traces: 50, .. })
        ));
        let unknown = source.read_header("no_such_word", 0..1, &mut Vec::new());
        assert!(matches!(unknown, Err(BrowseError::NoSuchHeader { .. })));
        assert!(source.read_all_headers(u64::MAX).is_err());
    }
}
