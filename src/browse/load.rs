//! How is one gather read from its source?
//!
//! Runs that lie close together are read as one stretch, because a dataset decodes whole chunks
//! anyway; long stretches are read in pieces, so that a stale request is dropped soon.

use std::ops::Range;

use super::computed::read_key;
use super::{BrowseError, Gather, GatherIndex, HeaderRow, TraceSource};

/// A gather larger than this (as `f32`) is refused: nobody can look at it, and memory is bounded.
pub const GATHER_LIMIT_BYTES: u64 = 512 << 20;
/// Read between two looks at whether anybody still wants the gather: some milliseconds.
const PIECE_BYTES: u64 = 8 << 20;

/// Nobody wants the gather any more, or it cannot be read.
pub(super) enum Unloaded {
    Stale,
    Failed(BrowseError),
}

impl<E: Into<BrowseError>> From<E> for Unloaded {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Reads the gather at `position` of `index`, with the headers of these names. Waits for the file.
///
/// # Errors
/// `NoSuchGather`, `NoSuchHeader`, `GatherTooLarge`; when traces cannot be read.
pub fn load_gather(
    source: &dyn TraceSource,
    index: &GatherIndex,
    position: usize,
    header_names: &[String],
) -> Result<Gather, BrowseError> {
    load_unless(source, index, position, header_names, &|| false).map_err(never_stale)
}

/// Reads consecutive traces as a gather whose key is the first trace's index. Waits for the file.
///
/// # Errors
/// `NoSuchTraces`, `NoSuchHeader`, `GatherTooLarge`; when traces cannot be read.
pub fn load_range(
    source: &dyn TraceSource,
    traces: Range<u64>,
    header_names: &[String],
) -> Result<Gather, BrowseError> {
    load_range_unless(source, traces, header_names, &|| false).map_err(never_stale)
}

/// [`load_range`] that gives up between two pieces once `is_stale` says so.
pub(super) fn load_range_unless(
    source: &dyn TraceSource,
    traces: Range<u64>,
    header_names: &[String],
    is_stale: &dyn Fn() -> bool,
) -> Result<Gather, Unloaded> {
    let n_traces = source.facts().n_traces;
    if traces.end > n_traces || traces.start > traces.end {
        return Err(BrowseError::NoSuchTraces {
            first: traces.start,
            last: traces.end.saturating_sub(1),
            n_traces,
        }
        .into());
    }
    let first = i64::try_from(traces.start).unwrap_or(i64::MAX);
    let key = vec![(super::PANEL_KEY.to_owned(), first)];
    read_runs(source, key, &[traces], header_names, is_stale)
}

pub(super) fn never_stale(unloaded: Unloaded) -> BrowseError {
    match unloaded {
        Unloaded::Failed(error) => error,
        Unloaded::Stale => BrowseError::Panicked {
            message: "a gather that was wanted became stale".to_owned(),
        },
    }
}

/// [`load_gather`] that gives up between two pieces once `is_stale` says so.
pub(super) fn load_unless(
    source: &dyn TraceSource,
    index: &GatherIndex,
    position: usize,
    header_names: &[String],
    is_stale: &dyn Fn() -> bool,
) -> Result<Gather, Unloaded> {
    let entry = index.get(position).ok_or(BrowseError::NoSuchGather {
        position,
        n_gathers: index.len(),
    })?;
    let key = index.named_key(position);
    read_runs(source, key, &entry.runs, header_names, is_stale)
}

/// Bytes of a gather's samples as `f32`.
pub(super) fn needed_bytes(source: &dyn TraceSource, n_traces: u64) -> u64 {
    n_traces.saturating_mul(trace_bytes(source))
}

fn trace_bytes(source: &dyn TraceSource) -> u64 {
    u64::from(source.facts().n_samples) * 4
}

fn read_runs(
    source: &dyn TraceSource,
    key: Vec<(String, i64)>,
    runs: &[Range<u64>],
    header_names: &[String],
    is_stale: &dyn Fn() -> bool,
) -> Result<Gather, Unloaded> {
    let facts = source.facts();
    let n_traces = runs.iter().map(|run| run.end - run.start).sum::<u64>();
    let needed_bytes = n_traces.saturating_mul(trace_bytes(source));
    if needed_bytes > GATHER_LIMIT_BYTES {
        return Err(BrowseError::GatherTooLarge {
            n_traces,
            needed_bytes,
            limit_bytes: GATHER_LIMIT_BYTES,
        }
        .into());
    }
    let piece_traces = (PIECE_BYTES / trace_bytes(source).max(1)).max(1);
    let stretches = stretches_of(runs, source.worthwhile_gap_traces().min(piece_traces));
    let n_values = usize::try_from(needed_bytes / 4).unwrap_or(0);
    let mut samples = Vec::with_capacity(n_values);
    let mut read = Vec::new();
    for stretch in &stretches {
        for piece in pieces_of(&stretch.traces, piece_traces) {
            if is_stale() {
                return Err(Unloaded::Stale);
            }
            if let [_] = runs[stretch.runs.clone()] {
                source.read_traces(piece, &mut samples)?;
            } else {
                read.clear();
                source.read_traces(piece.clone(), &mut read)?;
                let wanted = &runs[stretch.runs.clone()];
                keep_wanted(&read, piece, wanted, facts.n_samples as usize, &mut samples);
            }
        }
    }
    Ok(Gather {
        key,
        trace_indices: runs.iter().cloned().flatten().collect(),
        n_samples: facts.n_samples as usize,
        samples,
        headers: read_header_rows(source, runs, &stretches, header_names, is_stale)?,
        start_offsets: read_start_offsets(source, runs, &stretches, is_stale)?,
        axis: facts.axis.clone(),
    })
}

/// How much later than the axis each trace starts, if that is not the same for all of them.
fn read_start_offsets(
    source: &dyn TraceSource,
    runs: &[Range<u64>],
    stretches: &[Stretch],
    is_stale: &dyn Fn() -> bool,
) -> Result<Option<Vec<f32>>, Unloaded> {
    let Some(name) = source.delay_header() else {
        return Ok(None);
    };
    let first = source.facts().axis.first;
    let (mut read, mut starts) = (Vec::new(), Vec::new());
    for stretch in stretches {
        if is_stale() {
            return Err(Unloaded::Stale);
        }
        read.clear();
        source.read_numbers(name, stretch.traces.clone(), &mut read)?;
        let wanted = &runs[stretch.runs.clone()];
        keep_wanted(&read, stretch.traces.clone(), wanted, 1, &mut starts);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of a 16-bit word"
    )]
    let offset = |start: f64| {
        // A start that is not known is the axis's.
        if start.is_finite() {
            (start - first) as f32
        } else {
            0.0
        }
    };
    let offsets: Vec<f32> = starts.into_iter().map(offset).collect();
    Ok(offsets
        .iter()
        .any(|&offset| offset != 0.0)
        .then_some(offsets))
}

fn read_header_rows(
    source: &dyn TraceSource,
    runs: &[Range<u64>],
    stretches: &[Stretch],
    names: &[String],
    is_stale: &dyn Fn() -> bool,
) -> Result<Vec<HeaderRow>, Unloaded> {
    let mut read = Vec::new();
    names
        .iter()
        .map(|name| {
            let mut values = Vec::new();
            for stretch in stretches {
                if is_stale() {
                    return Err(Unloaded::Stale);
                }
                read.clear();
                read_key(source, name, stretch.traces.clone(), &mut read)?;
                let wanted = &runs[stretch.runs.clone()];
                keep_wanted(&read, stretch.traces.clone(), wanted, 1, &mut values);
            }
            Ok(HeaderRow {
                name: name.clone(),
                values,
            })
        })
        .collect()
}

/// Runs that are read together.
#[derive(Debug, PartialEq)]
struct Stretch {
    /// From the first run's start to the last run's end.
    traces: Range<u64>,
    /// Positions of the runs.
    runs: Range<usize>,
}

/// Joins runs in file order whose gap is no more than `gap` traces.
fn stretches_of(runs: &[Range<u64>], gap: u64) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        match stretches.last_mut() {
            Some(last) if run.start >= last.traces.end && run.start - last.traces.end <= gap => {
                last.traces.end = run.end;
                last.runs.end = i + 1;
            }
            _ => stretches.push(Stretch {
                traces: run.clone(),
                runs: i..i + 1,
            }),
        }
    }
    stretches
}

fn pieces_of(traces: &Range<u64>, piece: u64) -> impl Iterator<Item = Range<u64>> + use<> {
    let Range { start, end } = *traces;
    (0..(end - start).div_ceil(piece)).map(move |i| {
        let first = start + i * piece;
        first..end.min(first + piece)
    })
}

/// Appends those of `read` (values of `piece`, `each` a trace) that lie in one of `wanted`.
fn keep_wanted<T: Copy>(
    read: &[T],
    piece: Range<u64>,
    wanted: &[Range<u64>],
    each: usize,
    kept: &mut Vec<T>,
) {
    for run in wanted {
        let from = run.start.clamp(piece.start, piece.end) - piece.start;
        let to = run.end.clamp(piece.start, piece.end) - piece.start;
        let at = |trace: u64| {
            usize::try_from(trace)
                .unwrap_or(usize::MAX)
                .saturating_mul(each)
        };
        kept.extend_from_slice(read.get(at(from)..at(to)).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::job::JobContext;
    use proptest::prelude::*;
    use std::sync::atomic::Ordering;

    fn names(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|&k| k.to_owned()).collect()
    }

    proptest! {
        #[test]
        fn a_gather_holds_the_traces_of_its_runs_however_they_are_joined(
            values in proptest::collection::vec(0i64..4, 1..80), gap in 0u64..6,
        ) {
            let n = values.len() as u64;
            let mut source = FakeSource::new(n, 3)
                .with_header("cdp", values.clone())
                .with_header("number", 0..n.cast_signed());
            source.gap = gap;
            let index =
                GatherIndex::build(&source, &names(&["cdp"]), 1, &JobContext::default()).unwrap().unwrap();
            for position in 0..index.len() {
                let gather = load_gather(&source, &index, position, &names(&["number"])).unwrap();
                let cdp = gather.key[0].1;
                let expected: Vec<u64> =
                    (0..n).filter(|&t| values[usize::try_from(t).unwrap()] == cdp).collect();
                prop_assert_eq!(&gather.trace_indices, &expected);
                let numbers: Vec<_> = expected.iter().map(|&t| Some(t.cast_signed())).collect();
                prop_assert_eq!(&gather.headers[0].values, &numbers);
                for (i, &trace) in expected.iter().enumerate() {
                    let samples: Vec<f32> = (0..3).map(|j| FakeSource::sample(trace, j)).collect();
                    prop_assert_eq!(gather.trace(i), &samples[..]);
                }
            }
        }
    }

    #[test]
    fn traces_that_start_later_say_so() {
        let delays = [0, 0, 8, 8, 0, 0, 12, -4];
        let mut source = FakeSource::new(8, 3).with_header("delay", delays);
        assert_eq!(load_range(&source, 0..8, &[]).unwrap().start_offsets, None);
        source.has_delays = true;
        let gather = load_range(&source, 1..8, &[]).unwrap();
        let expected = vec![0.0, 8.0, 8.0, 0.0, 0.0, 12.0, -4.0];
        assert_eq!(gather.start_offsets, Some(expected));
        assert!(gather.headers.is_empty());
        let same = load_range(&source, 4..6, &[]).unwrap();
        assert_eq!(same.start_offsets, None);
    }

    #[test]
    fn close_runs_are_one_read() {
        let mut source = FakeSource::new(40, 2).with_header("cdp", (0..40).map(|i| i % 2));
        source.gap = 1;
        let index = GatherIndex::build(&source, &names(&["cdp"]), 1, &JobContext::default())
            .unwrap()
            .unwrap();
        let gather = load_gather(&source, &index, 1, &[]).unwrap();
        assert_eq!(gather.n_traces(), 20);
        assert_eq!(source.n_reads.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn long_runs_are_read_in_pieces() {
        let source = FakeSource::new(10, 1 << 20);
        let gather = load_range(&source, 0..10, &[]).unwrap();
        assert_eq!(source.n_reads.load(Ordering::Relaxed), 5);
        assert_eq!(gather.samples.len(), 10 << 20);
        assert!((gather.trace(7)[3] - FakeSource::sample(7, 3)).abs() < 0.5);
    }

    #[test]
    fn too_large_a_gather_is_refused_before_it_is_read() {
        let source = FakeSource::new(200_000, 1000);
        let error = load_range(&source, 0..200_000, &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("has 200 000 traces, 800 MB in memory; no more than 537 MB"),
            "{error}"
        );
        assert_eq!(source.n_reads.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn traces_and_gathers_that_are_not_there_are_errors() {
        let source = FakeSource::new(10, 4);
        let index = GatherIndex::of_panels(10, 5);
        assert!(load_range(&source, 5..11, &[]).is_err());
        let error = load_gather(&source, &index, 2, &[]).unwrap_err();
        assert_eq!(error.to_string(), "there is no gather 3; the last one is 2");
        let error = load_gather(&source, &index, 0, &names(&["cdp"])).unwrap_err();
        assert!(matches!(error, BrowseError::NoSuchHeader { .. }));
    }

    #[test]
    fn a_stale_gather_is_given_up() {
        let source = FakeSource::new(10, 4);
        let index = GatherIndex::of_panels(10, 5);
        let end = load_unless(&source, &index, 0, &[], &|| true);
        assert!(matches!(end, Err(Unloaded::Stale)));
    }
}
