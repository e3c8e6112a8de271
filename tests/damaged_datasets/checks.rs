//! What is left of a damaged dataset, seen by `verify`, an export, and the window's source.

use std::fs;
use std::path::{Path, PathBuf};

use shotpoint::browse::{DatasetSource, GatherIndex, TileKey, TraceSource, load_gather, load_tile};
use shotpoint::dataset::Dataset;
use shotpoint::export::{VerifyReport, export_exact, export_filled, verify};
use shotpoint::job::JobContext;

use crate::sound::{N_SAMPLES, N_TRACES, Sound};

pub(crate) fn verified(path: &Path) -> VerifyReport {
    let dataset = Dataset::open(path).unwrap();
    verify(&dataset, None, &JobContext::default()).unwrap()
}

/// Smallest and largest values of all levels, as the window's pictures from afar use them.
pub(crate) fn overviews(source: &DatasetSource) -> Vec<Vec<u32>> {
    let levels = source.overview_levels();
    let values = levels.iter().flat_map(|level| {
        let (low, high) = source.read_overview(level, 0..level.rows).unwrap();
        [low, high]
    });
    values
        .map(|values| values.into_iter().map(f32::to_bits).collect())
        .collect()
}

/// Every gather and the picture from afar; gives what the window says is left out.
pub(crate) fn browsed(path: &Path) -> Option<String> {
    let source = DatasetSource::open(path).unwrap();
    let context = JobContext::default();
    let keys = source.facts().default_keys.clone();
    let index = GatherIndex::build(&source, &keys, 10, &context)
        .unwrap()
        .unwrap();
    let mut n_traces = 0;
    for position in 0..index.len() {
        let gather = load_gather(&source, &index, position, &keys).unwrap();
        n_traces += gather.trace_indices.len();
        assert_eq!(
            gather.samples.len(),
            gather.trace_indices.len() * N_SAMPLES as usize
        );
    }
    assert_eq!(n_traces, N_TRACES as usize, "every trace is somewhere");
    for key in TileKey::top(source.facts().n_traces) {
        load_tile(&source, key).unwrap();
    }
    source.damage()
}

/// Exports what is left, and compares it with the source: outside of what is filled in, nothing differs.
pub(crate) fn assert_rest_is_there(path: &Path, sound: &Sound, n_filled: u64, about: &str) {
    let dataset = Dataset::open(path).unwrap();
    let output = path.with_extension("sgy");
    let context = JobContext::default();
    let whole = export_exact(&dataset, &output, true, &context);
    assert!(
        whole.is_err() || n_filled == 0 || n_filled == u64::MAX,
        "{about}: an export of the whole went through"
    );
    let report = match export_filled(&dataset, &output, true, &context) {
        // What nobody can fill in is not begun.
        Err(error) if n_filled == u64::MAX => {
            println!("{about}: {error:?}");
            return;
        }
        report => report.unwrap(),
    };
    let rest = fs::read(&output).unwrap();
    if n_filled == u64::MAX {
        return;
    }
    let filled: u64 = report.filled.iter().map(|t| t.end - t.start).sum();
    assert_eq!(filled, n_filled, "{about}: {:?}", report.missing);
    let list = PathBuf::from(format!("{}.missing.txt", output.display()));
    assert_eq!(list.exists(), !report.missing.is_empty(), "{about}");
    if n_filled == 0 {
        return;
    }
    assert!(
        !report.missing.is_empty() && !report.same_as_source,
        "{about}"
    );
    assert_eq!(rest.len(), sound.source.len(), "{about}");
    let traces = sound.traces(&sound.source);
    for (index, (old, new)) in (0_u64..).zip(traces.iter().zip(sound.traces(&rest))) {
        if !report.filled.iter().any(|filled| filled.contains(&index)) {
            assert!(*old == new, "{about}: trace {index} differs");
            continue;
        }
        let samples_are_lost = old[240..] != new[240..];
        if samples_are_lost {
            assert_eq!(
                new[28..30],
                [0, 2],
                "{about}: trace {index} is not said to be dead"
            );
            assert!(new[240..].iter().all(|&byte| byte == 0), "{about}");
        }
    }
}

/// Exports what is left: of each trace, at most the words of exceptions differ from the source.
pub(crate) fn assert_all_lies_where_it_lay(path: &Path, sound: &Sound, about: &str) {
    let dataset = Dataset::open(path).unwrap();
    let output = path.with_extension("sgy");
    let context = JobContext::default();
    let report = export_filled(&dataset, &output, true, &context).unwrap();
    assert!(
        !report.same_as_source && report.filled.is_empty(),
        "{about}"
    );
    let rest = fs::read(&output).unwrap();
    assert_eq!(rest.len(), sound.source.len(), "{about}");
    let traces = sound.traces(&sound.source);
    for (index, (old, new)) in traces.iter().zip(sound.traces(&rest)).enumerate() {
        let n_words = (old.chunks(4).zip(new.chunks(4)))
            .filter(|(old, new)| old != new)
            .count();
        assert!(n_words <= 1, "{about}: {n_words} words of trace {index}");
    }
}

/// Only pictures from afar are at fault, and they are as they were.
pub(crate) fn assert_only_the_overview(path: &Path, sound: &Sound, about: &str) {
    let dataset = Dataset::open(path).unwrap();
    let output = path.with_extension("sgy");
    let report = export_exact(&dataset, &output, true, &JobContext::default()).unwrap();
    assert!(report.same_as_source, "{about}");
    let source = DatasetSource::open(path).unwrap();
    let whole = DatasetSource::open(&sound.path).unwrap();
    assert!(overviews(&source) == overviews(&whole), "{about}");
    let damage = source.damage().unwrap();
    assert!(
        damage.starts_with("The stored overview is damaged"),
        "{about}: {damage}"
    );
}
