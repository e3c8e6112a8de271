//! Which gathers are kept, and for how many bytes? Least recently used out first.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Gather;

/// Gathers by their position in the index, never more bytes than the capacity.
#[derive(Debug)]
pub(super) struct GatherCache {
    capacity_bytes: usize,
    size_bytes: usize,
    /// Least recently used first. A search through all of them: there are hundreds at most that
    /// are worth keeping.
    kept: VecDeque<(usize, Arc<Gather>)>,
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

    /// The gather at `position`, now the most recently used.
    pub(super) fn get(&mut self, position: usize) -> Option<Arc<Gather>> {
        let at = self.kept.iter().position(|(kept, _)| *kept == position)?;
        let entry = self.kept.remove(at)?;
        let gather = Arc::clone(&entry.1);
        self.kept.push_back(entry);
        Some(gather)
    }

    /// Whether the gather at `position` is kept; its turn stays as it is.
    pub(super) fn holds(&self, position: usize) -> bool {
        self.kept.iter().any(|(kept, _)| *kept == position)
    }

    /// Keeps a gather. One that is larger than the whole cache is not kept.
    pub(super) fn put(&mut self, position: usize, gather: Arc<Gather>) {
        if let Some(at) = self.kept.iter().position(|(kept, _)| *kept == position) {
            self.forget(at);
        }
        let size = gather.size_bytes();
        if size > self.capacity_bytes {
            return;
        }
        while self.size_bytes + size > self.capacity_bytes && !self.kept.is_empty() {
            self.forget(0);
        }
        self.size_bytes += size;
        self.kept.push_back((position, gather));
    }

    fn forget(&mut self, at: usize) {
        if let Some((_, gather)) = self.kept.remove(at) {
            self.size_bytes -= gather.size_bytes();
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
            cache.put(position, gather(5));
        }
        assert!(cache.get(0).is_some());
        cache.put(3, gather(5));
        assert!(cache.holds(0) && !cache.holds(1) && cache.holds(2) && cache.holds(3));
        assert_eq!(cache.size_bytes(), 3 * size);
    }

    #[test]
    fn what_does_not_fit_is_not_kept_and_drives_nothing_out() {
        let mut cache = GatherCache::new(gather(5).size_bytes());
        cache.put(0, gather(5));
        cache.put(1, gather(50));
        assert!(cache.holds(0) && !cache.holds(1));
    }

    #[test]
    fn the_same_position_is_kept_once() {
        let mut cache = GatherCache::new(1 << 20);
        cache.put(7, gather(5));
        cache.put(7, gather(6));
        assert_eq!(cache.size_bytes(), gather(6).size_bytes());
        assert_eq!(cache.get(7).expect("kept").n_traces(), 6);
    }
}
