//! Which gathers are kept, and for how many bytes? Least recently used out first.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Gather;

/// Gathers by their position in the index, never more bytes than the capacity.
#[derive(Debug)]
pub(super) struct GatherCache {
    capacity_bytes: usize,
    size_bytes: usize,
    /// Least recently used first. A search through all of them: some thousands at most, on the
    /// loader's thread.
    kept: VecDeque<Kept>,
}

#[derive(Debug)]
struct Kept {
    position: usize,
    gather: Arc<Gather>,
    /// Loaded ahead, and not asked for since.
    is_ahead: bool,
}

impl GatherCache {
    pub(super) fn new(capacity_bytes: usize) -> Self {
        Self {
            capacity_bytes,
            size_bytes: 0,
            kept: VecDeque::new(),
        }
    }

    /// Bytes that may be kept.
    pub(super) fn capacity_bytes(&self) -> usize {
        self.capacity_bytes
    }

    /// Bytes of all that is kept.
    pub(super) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// The gather at `position`, now the most recently used, and whether it had been loaded ahead
    /// and is asked for the first time.
    pub(super) fn get(&mut self, position: usize) -> Option<(Arc<Gather>, bool)> {
        let at = self.place_of(position)?;
        let mut entry = self.kept.remove(at)?;
        let gather = Arc::clone(&entry.gather);
        let was_ahead = std::mem::replace(&mut entry.is_ahead, false);
        self.kept.push_back(entry);
        Some((gather, was_ahead))
    }

    fn place_of(&self, position: usize) -> Option<usize> {
        // The newest are asked for most.
        self.kept.iter().rposition(|kept| kept.position == position)
    }

    /// Whether the gather at `position` is kept; its turn stays as it is.
    pub(super) fn holds(&self, position: usize) -> bool {
        self.place_of(position).is_some()
    }

    /// Takes another capacity; what does not fit any more goes.
    pub(super) fn set_capacity(&mut self, capacity_bytes: usize) {
        self.capacity_bytes = capacity_bytes;
        self.shrink_to(capacity_bytes);
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.shrink_to(0);
    }

    /// Keeps a gather, which was loaded ahead or asked for. One that is larger than the whole cache
    /// is not kept.
    pub(super) fn put(&mut self, position: usize, gather: Arc<Gather>, is_ahead: bool) {
        if let Some(at) = self.place_of(position) {
            self.forget(at);
        }
        let size = gather.size_bytes();
        if size > self.capacity_bytes {
            return;
        }
        self.shrink_to(self.capacity_bytes - size);
        self.size_bytes += size;
        self.kept.push_back(Kept {
            position,
            gather,
            is_ahead,
        });
    }

    fn shrink_to(&mut self, most_bytes: usize) {
        while self.size_bytes > most_bytes && !self.kept.is_empty() {
            self.forget(0);
        }
    }

    fn forget(&mut self, at: usize) {
        if let Some(kept) = self.kept.remove(at) {
            self.size_bytes -= kept.gather.size_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::load_range;

    fn gather(n_traces: u64) -> Arc<Gather> {
        let source = FakeSource::new(n_traces, 10);
        Arc::new(load_range(&source, 0..n_traces, &[]).expect("a gather"))
    }

    #[test]
    fn the_least_recently_used_goes_first_and_the_capacity_holds() {
        let size = gather(5).size_bytes();
        let mut cache = GatherCache::new(3 * size);
        for position in 0..3 {
            cache.put(position, gather(5), false);
        }
        assert!(cache.get(0).is_some());
        cache.put(3, gather(5), false);
        assert!(cache.holds(0) && !cache.holds(1) && cache.holds(2) && cache.holds(3));
        assert_eq!(cache.size_bytes(), 3 * size);
    }

    #[test]
    fn what_does_not_fit_is_not_kept_and_drives_nothing_out() {
        let mut cache = GatherCache::new(gather(5).size_bytes());
        cache.put(0, gather(5), false);
        cache.put(1, gather(50), false);
        assert!(cache.holds(0) && !cache.holds(1));
    }

    #[test]
    fn the_same_position_is_kept_once() {
        let mut cache = GatherCache::new(1 << 20);
        cache.put(7, gather(5), false);
        cache.put(7, gather(6), false);
        assert_eq!(cache.size_bytes(), gather(6).size_bytes());
        assert_eq!(cache.get(7).expect("kept").0.n_traces(), 6);
    }

    #[test]
    fn what_was_loaded_ahead_is_found_so_once() {
        let mut cache = GatherCache::new(1 << 20);
        cache.put(3, gather(5), true);
        assert!(cache.get(3).expect("kept").1);
        assert!(!cache.get(3).expect("kept").1);
    }

    #[test]
    fn a_smaller_capacity_holds_at_once() {
        let size = gather(5).size_bytes();
        let mut cache = GatherCache::new(4 * size);
        for position in 0..4 {
            cache.put(position, gather(5), false);
        }
        cache.set_capacity(2 * size);
        assert!(!cache.holds(1) && cache.holds(2) && cache.holds(3));
        cache.clear();
        assert_eq!((cache.size_bytes(), cache.holds(3)), (0, false));
    }
}
