#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::browse::fake::FakeSource;
use proptest::prelude::*;
use std::sync::atomic::Ordering;

/// What a tile must hold: plainly, from all samples.
fn oracle(key: TileKey, n_traces: u64, n_samples: usize, samples_a_cell: usize) -> Vec<f32> {
    let mut values = Vec::new();
    let traces = key.traces(n_traces);
    for first in traces
        .clone()
        .step_by(usize::try_from(key.traces_a_column()).unwrap())
    {
        let column = first..(first + key.traces_a_column()).min(traces.end);
        for cell in (0..n_samples).step_by(samples_a_cell) {
            let samples = cell..(cell + samples_a_cell).min(n_samples);
            let mut most = f32::NAN;
            for trace in column.clone() {
                for sample in samples.clone() {
                    let value = FakeSource::sample(trace, sample);
                    if most.is_nan() || value.abs() > most.abs() {
                        most = value;
                    }
                }
            }
            values.push(most);
        }
    }
    values
}

proptest! {
    #[test]
    fn tiles_hold_the_extremes_of_all_samples_however_they_are_made(
        n_traces in 1u64..20_000, n_samples in 1u32..40, zoom in 0u8..7, reduced: bool, pick in 0u64..100,
    ) {
        let mut source = FakeSource::new(n_traces, n_samples);
        source.reduced = reduced;
        let n_tiles = TileKey::over(0..n_traces, zoom).count() as u64;
        let key = TileKey { zoom, index: pick % n_tiles };
        for recipe in recipes(&source, key, 1.0) {
            let tile = make_tile(&source, key, &recipe, &|| false).ok().unwrap();
            let cell = usize::try_from(tile.coarseness.samples_a_cell).unwrap();
            prop_assert_eq!(&tile.values, &oracle(key, n_traces, n_samples as usize, cell));
        }
    }

    #[test]
    fn tiles_of_a_zoom_partition_the_line(n_traces in 1u64..10_000_000, zoom in 0u8..20) {
        let zoom = zoom.max(TileKey::top_zoom(n_traces).saturating_sub(3));
        let mut next = 0;
        for key in TileKey::over(0..n_traces, zoom) {
            let traces = key.traces(n_traces);
            prop_assert_eq!(traces.start, next);
            prop_assert!(!traces.is_empty());
            let above = key.parent().traces(n_traces);
            prop_assert!(above.start <= traces.start && above.end >= traces.end);
            next = traces.end;
        }
        prop_assert_eq!(next, n_traces);
    }
}

#[test]
fn ten_million_traces_are_seen_quickly_first_and_then_finely() {
    let mut source = FakeSource::new(10_000_000, 1500);
    source.reduced = true;
    let top = TileKey::top(10_000_000).collect::<Vec<_>>();
    assert_eq!((top.len(), top[0].zoom), (3, 14));
    let ways = recipes(&source, top[0], 2.0);
    let cells: Vec<u64> = ways.iter().map(|w| w.coarseness().samples_a_cell).collect();
    assert_eq!(cells, [64, 16, 4]);
    // A few hundred traces are read whole, unless there are fewer pixels than cells.
    let near = TileKey { zoom: 4, index: 9 };
    assert_eq!(recipes(&source, near, 2.0).len(), 2);
    assert_eq!(recipes(&source, near, 4.0).len(), 1);
}

#[test]
fn a_file_that_is_not_imported_is_sampled_and_the_tile_says_so() {
    let source = FakeSource::new(10_000_000, 1500);
    let key = TileKey { zoom: 14, index: 1 };
    let ways = recipes(&source, key, 1.0);
    let one_in: Vec<u64> = ways.iter().map(|w| w.coarseness().one_in).collect();
    assert_eq!(one_in, [16384, 2048]);
    let tile = make_tile(&source, key, &ways[0], &|| false).ok().unwrap();
    assert_eq!(source.n_reads.load(Ordering::Relaxed), 256);
    assert_eq!(tile.n_columns(), 256);
    // The middle trace of the first column.
    let middle = FakeSource::sample(256 * 16384 + 8192, 7);
    assert!((tile.column(0)[7] - middle).abs() < 1e-3 * middle);
}

#[test]
fn a_tile_that_nobody_wants_is_given_up() {
    let mut source = FakeSource::new(10_000_000, 1500);
    source.reduced = true;
    let key = TileKey { zoom: 14, index: 0 };
    let ways = recipes(&source, key, 1.0);
    let end = make_tile(&source, key, ways.last().unwrap(), &|| true);
    assert!(matches!(end, Err(Unloaded::Stale)));
    assert_eq!(source.n_reads.load(Ordering::Relaxed), 0);
}
