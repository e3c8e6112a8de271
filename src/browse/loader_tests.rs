#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::browse::fake::FakeSource;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

fn loader(source: FakeSource, cache_bytes: usize) -> (GatherLoader, Arc<FakeSource>) {
    let source = Arc::new(source);
    let index = Arc::new(GatherIndex::of_panels(source.facts().n_traces, 10));
    let shared: Arc<dyn TraceSource> = Arc::<FakeSource>::clone(&source);
    let loader = GatherLoader::spawn(shared, index, Vec::new(), cache_bytes, || {}).unwrap();
    (loader, source)
}

fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "nothing came");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn next(loader: &GatherLoader) -> Arrival {
    until(|| loader.poll().pop())
}

#[test]
fn the_gather_that_was_asked_for_arrives() {
    let (loader, _) = loader(FakeSource::new(100, 5), 1 << 20);
    assert!(!loader.status().loading);
    loader.request(3);
    let loaded = next(&loader).unwrap();
    assert_eq!(loaded.position, 3);
    assert!((loaded.gather.trace(2)[4] - FakeSource::sample(32, 4)).abs() < 0.5);
    until(|| (!loader.status().loading).then_some(()));
}

#[test]
fn the_newest_of_many_requests_wins_and_few_are_decoded() {
    let mut source = FakeSource::new(10_000, 5);
    source.delay = Duration::from_millis(5);
    let (loader, source) = loader(source, 1 << 20);
    for position in 0..500 {
        loader.request(position);
    }
    until(|| {
        loader
            .poll()
            .into_iter()
            .flatten()
            .find(|l| l.position == 499)
    });
    assert!(source.n_reads.load(Ordering::Relaxed) < 100);
    until(|| (!loader.status().loading).then_some(()));
}

#[test]
fn neighbours_in_the_direction_of_travel_are_there_before_they_are_asked_for() {
    let (loader, source) = loader(FakeSource::new(100, 5), 1 << 20);
    loader.request(4);
    next(&loader).unwrap();
    until(|| (source.n_reads.load(Ordering::Relaxed) == 4).then_some(()));
    let read: Vec<usize> = [5, 6, 3]
        .map(|position| {
            loader.request(position);
            next(&loader).unwrap().position
        })
        .to_vec();
    assert_eq!(read, [5, 6, 3]);
    assert!(loader.status().cache_bytes > 0);
}

#[test]
fn the_cache_stays_within_its_bytes() {
    let one = 10 * 5 * 4 + 10 * 8;
    let (loader, _) = loader(FakeSource::new(1000, 5), 5 * one);
    for position in 0..40 {
        loader.request(position);
        next(&loader).unwrap();
        assert!(loader.status().cache_bytes <= 5 * one);
    }
}

#[test]
fn a_panic_and_a_wrong_position_are_errors_and_the_loader_lives_on() {
    let mut source = FakeSource::new(100, 5);
    source.panics_at = Some(55);
    let (loader, _) = loader(source, 1 << 20);
    loader.request(5);
    let (position, error) = next(&loader).unwrap_err();
    assert_eq!(position, 5);
    assert!(error.to_string().contains("by intent"), "{error}");
    loader.request(77);
    let (_, error) = next(&loader).unwrap_err();
    assert!(matches!(*error, BrowseError::NoSuchGather { .. }));
    loader.request(0);
    assert_eq!(next(&loader).unwrap().position, 0);
}

#[test]
fn a_window_that_does_not_look_blocks_nothing() {
    let (loader, _) = loader(FakeSource::new(1000, 5), 1 << 20);
    for position in 0..30 {
        loader.request(position);
        until(|| (!loader.status().loading).then_some(()));
    }
    let arrived = loader.poll();
    assert!(arrived.len() <= MOST_RESULTS);
    assert_eq!(arrived.last().unwrap().as_ref().unwrap().position, 29);
}

#[test]
fn dropping_the_loader_ends_a_long_load() {
    let mut source = FakeSource::new(1000, 1 << 20);
    source.delay = Duration::from_millis(20);
    let (loader, _) = loader(source, 1 << 20);
    loader.request(1);
    drop(loader);
}

#[test]
fn a_key_that_is_held_down_makes_no_queue() {
    let mut source = FakeSource::new(100_000, 5);
    source.delay = Duration::from_millis(3);
    let (loader, source) = loader(source, 1 << 20);
    // As a window does: a request a frame, and a look at what came.
    let mut shown = Vec::new();
    for position in 0..300 {
        loader.request(position);
        shown.extend(loader.poll().into_iter().flatten().map(|l| l.position));
        std::thread::sleep(Duration::from_micros(500));
    }
    until(|| {
        shown.extend(loader.poll().into_iter().flatten().map(|l| l.position));
        (shown.last() == Some(&299)).then_some(())
    });
    assert!(shown.is_sorted(), "never back: {shown:?}");
    let counts = loader.status().counts;
    assert_eq!(counts.asked, 300);
    assert_eq!(counts.answered, shown.len() as u64);
    // Reads for what is shown, and a few ahead: not for what was overtaken.
    let reads = source.n_reads.load(Ordering::Relaxed);
    assert!(reads <= counts.answered + counts.loaded_ahead + counts.given_up + 3);
}

#[test]
fn what_came_from_the_cache_and_from_ahead_is_counted() {
    let (loader, _) = loader(FakeSource::new(1000, 5), 1 << 20);
    loader.request(0);
    next(&loader).unwrap();
    until(|| (loader.status().counts.loaded_ahead == 2).then_some(()));
    for position in [1, 0] {
        loader.request(position);
        next(&loader).unwrap();
    }
    let counts = loader.status().counts;
    assert_eq!(
        (
            counts.asked,
            counts.answered,
            counts.from_cache,
            counts.from_ahead
        ),
        (3, 3, 2, 1)
    );
}

#[test]
fn the_cache_is_cleared_and_made_smaller_when_asked() {
    let (loader, _) = loader(FakeSource::new(1000, 5), 1 << 20);
    for position in 0..20 {
        loader.request(position);
        next(&loader).unwrap();
    }
    assert!(loader.status().cache_bytes > 4000);
    loader.clear_cache();
    until(|| (loader.status().cache_bytes == 0).then_some(()));
    loader.set_cache_bytes(600);
    for position in 20..40 {
        loader.request(position);
        next(&loader).unwrap();
        assert!(loader.status().cache_bytes <= 600);
    }
}
