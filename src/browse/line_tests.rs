#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::browse::TileSet;
use crate::browse::fake::FakeSource;
use std::time::{Duration, Instant};

fn loader(source: FakeSource) -> LineLoader {
    LineLoader::spawn(Arc::new(source), || {}).unwrap()
}

/// Polls until nothing is being read any more.
fn all_parts(loader: &LineLoader) -> Vec<(u64, LinePart)> {
    let start = Instant::now();
    let mut parts = Vec::new();
    while loader.is_busy() {
        assert!(start.elapsed() < Duration::from_secs(30), "never done");
        parts.extend(loader.poll());
        std::thread::sleep(Duration::from_millis(1));
    }
    parts.extend(loader.poll());
    parts
}

fn request_for(set: &TileSet, traces: Range<u64>, zoom: u8, taken: u64) -> LineRequest {
    LineRequest {
        tiles: set.wanted(&traces, zoom),
        samples_a_pixel: 1.0,
        taken,
        ..LineRequest::default()
    }
}

#[test]
fn coarse_tiles_and_brightness_come_before_fine_tiles_and_nothing_comes_twice() {
    let mut source = FakeSource::new(400_000, 64);
    source.reduced = true;
    let loader = loader(source);
    let set = TileSet::new(400_000, 1 << 30);
    let request = request_for(&set, 0..20_000, 6, 0);
    loader.request(request.clone());
    let parts = all_parts(&loader);
    let tiles: Vec<(u8, u64)> = parts
        .iter()
        .filter_map(|(_, part)| match part {
            LinePart::Tile(tile) => Some((tile.key.zoom, tile.coarseness.samples_a_cell)),
            LinePart::Traces(..) | LinePart::Brightness(_) | LinePart::Failed(_) => None,
        })
        .collect();
    // Four tiles of the whole line and three near the window, and all again, finer.
    assert_eq!(tiles.iter().filter(|t| t.0 == 9).count(), 8);
    assert_eq!(tiles.iter().filter(|t| **t == (6, 4)).count(), 3);
    assert_eq!(tiles.iter().filter(|t| **t == (6, 1)).count(), 3);
    let first_fine = tiles.iter().position(|t| t.1 == 1).unwrap();
    assert_eq!(first_fine, 7, "{tiles:?}");
    // How bright they shall be is known before anything is seen.
    assert!(matches!(parts[0].1, LinePart::Brightness(_)));
    // Asked again by a window that has taken nothing yet: it is all under way.
    loader.request(request);
    assert!(all_parts(&loader).is_empty());
}

#[test]
fn a_file_is_seen_before_its_brightness_is_measured_and_refined_after() {
    let loader = loader(FakeSource::new(400_000, 64));
    let set = TileSet::new(400_000, 1 << 30);
    loader.request(request_for(&set, 0..400_000, 9, 0));
    let parts = all_parts(&loader);
    let tiles_before = parts
        .iter()
        .take_while(|(_, part)| matches!(part, LinePart::Tile(_)))
        .count();
    assert_eq!(tiles_before, 4);
    assert!(matches!(parts[4].1, LinePart::Brightness(_)));
    assert!(parts.len() > 5, "refined");
}

#[test]
fn traces_come_with_their_headers_and_errors_are_said() {
    let source = FakeSource::new(1000, 8).with_header("cdp", 0..1000);
    let loader = loader(source);
    let mut request = LineRequest {
        traces: Some(10..15),
        header_names: vec!["cdp".to_owned()],
        ..LineRequest::default()
    };
    loader.request(request.clone());
    let parts = all_parts(&loader);
    let LinePart::Traces(range, gather) = &parts[0].1 else {
        panic!("{parts:?}");
    };
    assert_eq!(*range, 10..15);
    assert_eq!(gather.headers[0].values[2], Some(12));
    request.traces = Some(990..1010);
    loader.request(request);
    assert!(matches!(all_parts(&loader)[0].1, LinePart::Failed(_)));
}

#[test]
fn a_panic_while_reading_is_an_error_that_is_said_once() {
    let mut source = FakeSource::new(1000, 8);
    source.panics_at = Some(5);
    let loader = loader(source);
    let set = TileSet::new(1000, 1 << 20);
    for _ in 0..2 {
        loader.request(request_for(&set, 0..100, 0, 0));
    }
    let parts = all_parts(&loader);
    let failed = parts
        .iter()
        .filter(|(_, p)| matches!(p, LinePart::Failed(_)));
    assert_eq!(failed.count(), 1);
}
