//! How do gathers come to the window without the window ever waiting?
//!
//! A worker thread owns the source. A request names a position in the index; the newest wins and
//! stale ones are dropped before they decode. Neighbours in the direction of travel are prefetched.
//! Loaded gathers stay in a cache bounded by bytes.

use std::sync::Arc;

use super::{BrowseError, Gather, GatherIndex, TraceSource};

/// A gather that was asked for.
#[derive(Clone, Debug)]
pub struct LoadedGather {
    /// Position in the index.
    pub position: usize,
    /// The gather.
    pub gather: Arc<Gather>,
}

/// What the loader is doing, for the status bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoaderStatus {
    /// Whether an asked-for gather is still on its way.
    pub loading: bool,
    /// Bytes in the cache.
    pub cache_bytes: usize,
}

/// Loads gathers on a thread of its own. Dropping it ends the thread.
#[derive(Debug)]
pub struct GatherLoader {
    _private: (),
}

impl GatherLoader {
    /// Starts the thread. `header_names` are read along with every gather; `wake` is called whenever
    /// something arrived.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn spawn(
        source: Arc<dyn TraceSource>,
        index: Arc<GatherIndex>,
        header_names: Vec<String>,
        cache_bytes: usize,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let _ = (source, index, header_names, cache_bytes, wake);
        todo!()
    }

    /// Asks for the gather at `position`; replaces an earlier request that is not done. Never waits.
    pub fn request(&self, position: usize) {
        let _ = position;
        todo!()
    }

    /// What arrived since the last call, newest last, without waiting. Errors belong to asked-for gathers.
    pub fn poll(&self) -> Vec<Result<LoadedGather, (usize, Arc<BrowseError>)>> {
        todo!()
    }

    /// What the loader is doing.
    pub fn status(&self) -> LoaderStatus {
        todo!()
    }
}
